//! Minimal texts of the kinds that the open web has, with the outline that is right.

use super::{HeadingHint, Hints, parse};
use crate::text::{SourceText, Span};

/// The sections of a text, each as its path and its title.
fn sections(text: &str) -> Vec<String> {
    let outline = parse(SourceText::from(text), &Hints::default()).outline;
    let titles = outline.sections();
    outline.iter().zip(titles.iter()).map(|((id, _), section)| format!("{} {}", outline.path_text(id), section.title_text)).collect()
}

fn title(text: &str) -> Option<String> {
    parse(SourceText::from(text), &Hints::default()).metadata.title.as_deref().map(str::to_owned)
}

#[test]
fn articles_are_counted_through_headings_of_another_kind() {
    let text = "关于审理水利纠纷的解释\n为正确审理水利纠纷，制定本解释。\n一、一般规定\n第一条 水利纠纷由所在地法院审理。\n\
                第二条 标的不大的，可以先行调解。\n二、用水的纠纷\n第三条 上下游争水的，按习惯分水。\n三、附则\n第四条 本解释自2031年5月1日起施行。\n";
    let paths: Vec<String> = sections(text).iter().filter_map(|section| section.split(' ').next().map(str::to_owned)).collect();
    assert_eq!(paths, ["一、", "一、/第一条", "一、/第二条", "二、", "二、/第三条", "三、", "三、/第四条"]);
    // A list inside an article is the other way round.
    let list = "青石县塘坝条例\n第一条 有下列情形的，由乡里管护：\n一、跨村的\n二、库容大的\n第二条 本条例公布之日起施行。\n";
    assert_eq!(sections(list).len(), 4);
    assert!(sections(list)[1].starts_with("第一条/一、"));
}

#[test]
fn signs_of_notes_are_no_ordinals() {
    let text = "关于古井的保护\n青石县有古井二百口①，多数还能用②。\n一、查清底数\n每口井①都要编号③。\n二、落实保护\n每口井要有人管④。\n\
                ①据2030年普查。\n②据水利局资料。\n③编号办法另定。\n④见《青石志》。\n";
    assert_eq!(sections(text), ["一、 查清底数", "二、 落实保护"]);
    let list = "关于古井的保护\n各村要做到：①查清底数；②落实保护；③按时上报。\n①查底数的，月底报。\n②落实保护的，年底报。\n";
    assert_eq!(sections(list).len(), 5, "a list told in running text");
}

#[test]
fn opening_and_closing_formulas_are_no_list() {
    let text = "司長：主席，我回應幾位議員。\n首先，我要多謝各位支持撥款。有議員問到碼頭的事。\n最後，我懇請議員支持議案。多謝主席。\n";
    assert!(sections(text).is_empty());
    let list = "在动员会上的讲话\n同志们：\n首先，要统一思想。其次，要分清责任。最后，要注意质量。\n";
    assert_eq!(sections(list).len(), 3);
    let inside = "局長：主席，至於水管，首先，我們會更換舊管。其次，我們會加裝感應器。最後，我們會公布進度。\n";
    assert_eq!(sections(inside).len(), 3);
}

#[test]
fn numbers_of_pages_before_articles_are_taken_out() {
    let text = "青石县塘坝管理条例\n第一章　总则\n第一条　为了管好塘坝，制定本条例。8第二条　塘坝归集体所有。\n\
                第二章　管护9第一节　人员第三条　管护人由村里选定。\n第四条　管护费由受益户分摊，依照本条例第三条办理。\n";
    let expected = [
        "第一章 总则",
        "第一章/第一条 为了管好塘坝，制定本条例",
        "第一章/第二条 塘坝归集体所有",
        "第二章 管护",
        "第二章/第一节 人员",
        "第二章/第一节/第三条 管护人由村里选定",
        "第二章/第一节/第四条 管护费由受益户分摊，依照本条例第三条办理",
    ];
    assert_eq!(sections(text), expected);
}

#[test]
fn lines_broken_at_links_are_joined() {
    let text = "在会议上的报告\n\n各位代表：\n\n现在我作报告。\n\n一、回顾\n\n今年预期目标设定\n\u{200B}\n为百分之六，考虑了恢复情况。\n\n\
                路修通了，粮食增产，新增\n移动电话\n用户三亿。\n\n（一）修路\n\n修了三条。\n\n二、关于《\n青石规划\n》的说明\n\n规划写得很细。\n";
    assert_eq!(sections(text), ["一、 回顾", "一、/（一） 修路", "二、 关于《青石规划》的说明"]);
}

#[test]
fn a_wrapped_list_of_numbers_begins_no_section() {
    let text =
        "局長：主席，海上救援由第\n二、三支隊負責，陸上由第四支隊負責。\n(一) 海上救援去年出動十次。\n(二) 陸上救援去年出動二十次。\n";
    assert_eq!(sections(text), ["(一) 海上救援去年出動十次", "(二) 陸上救援去年出動二十次"]);
}

#[test]
fn a_counted_note_is_no_list() {
    let text = "关于粮食收购的报告\n一、收购进度\n收购三百万斤。\n注：1. 不含议价粮。\n2. 数据截至十月底。\n二、存在问题\n仓容不足。\n";
    assert_eq!(sections(text), ["一、 收购进度", "二、 存在问题"]);
}

#[test]
fn points_go_on_after_a_short_line_between_them() {
    let text = "政府工作报告\n\n各位代表：\n\n现在我作报告。\n\n一、转变\n\n转变很大，收成比去年多两成。\n\n二、任务\n\n\
                第一、坚持以农业为基础，粮食要再增产。\n\n农村人民公社工作条例\n\n在经过试行以后，将在明年提请本届代表大会正式审议通过并公布施行。\n\n\
                第二、加快轻纺工业的发展，市场要更丰富。\n";
    let paths: Vec<String> = sections(text).iter().filter_map(|section| section.split(' ').next().map(str::to_owned)).collect();
    assert_eq!(paths, ["一、", "二、", "二、/第一、", "二、/第二、"]);
}

#[test]
fn titles_longer_than_a_line_of_text_are_found() {
    let long = "高举合作的旗帜，团结全县各族人民，把建设富裕文明和谐新青石的事业全面推向一个新的世纪（第十五次大会）";
    let body = "同志们：\n\n现在我作报告。\n\n一、过去的工作\n\n修了路。\n\n二、今后的任务\n\n再修桥。\n";
    assert_eq!(title(&format!("{long}\n\n{body}")).as_deref(), Some(long));
}

#[test]
fn running_heads_with_english_dates_are_taken_out() {
    let head = "立 法 會 ─ 2031 年 12 月 12 日\nLEGISLATIVE COUNCIL ─ 12 December 2031\n";
    let text = format!(
        "第一，防波堤會先建北面，讓漁船可以\n{head}在風季前入港。\n第二，冷庫會在明年加建，費用由基金\n{head}支付，需時十個月。\n第三，補助按月發放。\n"
    );
    assert_eq!(
        sections(&text)[..2],
        ["第一， 防波堤會先建北面，讓漁船可以在風季前入港", "第二， 冷庫會在明年加建，費用由基金支付，需時十個月"]
    );
}

#[test]
fn decimals_stand_below_bare_numbers() {
    let text = "青石水库项目建议书\n1 概述\n1.1 项目背景\n水不够用。\n1.2 项目目标\n修一座水库。\n2 方案\n2.1 坝址\n选在石门。\n3 投资\n三千万元。\n";
    assert_eq!(sections(text), ["1 概述", "1/1.1 项目背景", "1/1.2 项目目标", "2 方案", "2/2.1 坝址", "3 投资"]);
}

#[test]
fn points_are_counted_in_words_to_keep() {
    let text = "在毕业典礼上的致辞\n同学们：\n临别送大家三句话。\n第一句话，要吃得苦。\n苦是底色。\n第二句话，要记得家。\n家永远在。\n";
    assert_eq!(sections(text), ["第一句话 要吃得苦", "第二句话 要记得家"]);
}

#[test]
fn conjunction_before_the_last_item_is_cut_from_the_title() {
    let text = "局長：主席，工作包括：\n(i)巡查水管；\n(ii)更換水掣；及\n(iii)清洗水缸。\n";
    assert_eq!(sections(text), ["(i) 巡查水管", "(ii) 更換水掣", "(iii) 清洗水缸"]);
    let asked = "問題：\n（一）過去三年的總額為何；\n（二）有否計劃增加；若有，詳情為何；及\n（三）會否簡化手續？\n";
    assert_eq!(sections(asked)[1], "（二） 有否計劃增加");
}

#[test]
fn headings_that_begin_with_a_quantity_have_no_ordinal() {
    let text = "# 防疫会上的讲话\n\n同志们：\n\n### 3间学校停课\n\n要查清楚。\n\n### 六宗罪\n\n要改正。\n\n### 一地两检\n\n要办好。\n";
    let outline = parse(SourceText::from(text), &Hints::markdown()).outline;
    let sections: Vec<(&str, &str)> = outline.sections().iter().map(|section| (section.marker_text, section.title_text)).collect();
    assert_eq!(sections, [("", "3间学校停课"), ("", "六宗罪"), ("", "一地两检")]);
}

#[test]
fn labels_below_an_unusual_ordinal_are_no_page_lines() {
    let text = "行动公告\n\n护林队将在下周举行会议，并且发起以下行动，请各村的队员按时参加，不要迟到，也不要早退，更不要无故缺席，地点如有变动另行通知：\n\n\
                一. 通宵留守\n\n日期：2031年5月13日\n时间：晚上11时\n地点：东山\n\n二. 巡山\n\n日期：2031年5月14日\n时间：早上8时\n地点：西山\n";
    assert_eq!(sections(text), ["一. 通宵留守", "二. 巡山"]);
}

#[test]
fn ordinals_in_the_text_of_a_link_are_none() {
    let text = "# 在会上的讲话\n\n同志们：\n\n请看[大选前瞻（一）：民望](https://a.example/1)、[大选前瞻（二）：制度](https://a.example/2)。\n\n**1. [水利站](https://a.example/3)**\n\n修塘。\n\n**2. [农技站](https://a.example/4)**\n\n育种。\n";
    let outline = parse(SourceText::from(text), &Hints::markdown()).outline;
    let markers: Vec<&str> = outline.sections().iter().map(|section| section.marker_text).collect();
    assert_eq!(markers, ["1.", "2."]);
}

#[test]
fn stems_and_references_in_brackets() {
    assert_eq!(sections("关于秋后工作的指示\n甲）清点存粮\n每村造册。\n乙）修补仓房\n漏雨的先修。\n"), ["甲） 清点存粮", "乙） 修补仓房"]);
    let text = "在会上的讲话\n同志们：\n（一）修路。要快。\n（二）架桥。要稳。\n综上所述，（一）与（二）都要紧。\n";
    assert_eq!(sections(text), ["（一） 修路", "（二） 架桥"]);
}

#[test]
fn a_count_that_runs_through_parts_may_have_one_member_in_each() {
    let text = "井台十问\n(e) 水井\n18. 我说的水井就是命。它让人安家。\n(f) 淘井与修井\n19. 关于淘井和修井，要分清。不可混淆。\n20. 另一方面，也要分清。\n";
    let paths: Vec<String> = sections(text).iter().filter_map(|section| section.split(' ').next().map(str::to_owned)).collect();
    assert_eq!(paths, ["(e)", "(e)/18.", "(f)", "(f)/19.", "(f)/20."]);
    let parts: Vec<String> = ["b", "c", "d", "e", "f", "g"]
        .iter()
        .zip(10..)
        .map(|(part, number)| format!("({part}) 水井\n{number}. 我说的就是命。它让人安家。\n"))
        .collect();
    let paths = sections(&format!("井台十问\n{}", parts.concat()));
    assert_eq!(paths.iter().filter(|path| path.contains(")/1")).count(), 6, "{paths:?}");
}

#[test]
fn a_speech_may_be_told_by_labels_alone() {
    let text = "发言人：林大山（青石乡乡长）\n发言题目：怎样办好夜校\n发言时间：2031年9月10日\n发言地点：县党校\n\n同志们：\n一、课要讲得浅\n少念文件。\n二、时间要巧\n农忙停课。\n";
    let metadata = parse(SourceText::from(text), &Hints::default()).metadata;
    assert_eq!(metadata.title.as_deref(), Some("怎样办好夜校"));
    assert_eq!(metadata.date.as_deref(), Some("2031-09-10"));
    assert_eq!(metadata.front.place.as_ref().map(|place| place.text.to_string()).as_deref(), Some("县党校"));
}

#[test]
fn a_heading_above_a_line_that_leads_in_closes_the_list_before() {
    let text = "关于纠正错误思想\n存在着各种错误思想，指出如下：\n关于单纯军事观点\n纠正的方法：\n（一）提高政治水平。这是最要紧的。\n（二）发动批评。各级都要参加。\n\
                关于极端民主化\n纠正的方法：\n（1）铲除极端民主化的根苗。要讲清道理。\n（2）厉行集中。要有正确的路线。\n";
    let paths: Vec<String> = sections(text).iter().filter_map(|section| section.split(' ').next().map(str::to_owned)).collect();
    assert_eq!(paths, ["（一）", "（二）", "（1）", "（2）"]);
}

#[test]
fn a_sentence_set_as_a_heading_heads_nothing() {
    let said = "林某在会上说，各村要把责任落到人头，把账目算清楚，把进度按月公布出来，让群众看得见，也让群众管得着";
    let paths = |heading: &str| -> Vec<String> {
        let text = format!("# 在会上的讲话\n\n同志们：\n\n今年任务重。\n\n### {heading}\n\n一、修路\n\n要快。\n\n二、架桥\n\n要稳。\n");
        let outline = parse(SourceText::from(text.as_str()), &Hints::markdown()).outline;
        outline.iter().map(|(id, _)| outline.path_text(id)).collect()
    };
    assert_eq!(paths(said)[1..], ["一、", "二、"]);
    assert!(paths("两件大事")[1..].iter().all(|path| path.contains('/')));
}

/// The paths of the sections of a text.
fn paths(text: &str, hints: &Hints) -> Vec<String> {
    let outline = parse(SourceText::from(text), hints).outline;
    outline.iter().map(|(id, _)| outline.path_text(id)).collect()
}

#[test]
fn decimals_without_a_blank_are_counted() {
    let text = "青石水库说明书\n1．引言\n1.1编写目的\n给管水的人看。\n1.2背景\n[说明：]\na. 水库的来历；\nb. 谁来修、谁来管。\n1.3定义\n见附录。\n\
                2．设计\n2.1平台\n坝顶。\n2.2时间要求\n年底。\n2.3人工\n三百人。\n2.3.1时段\n白天。\n";
    let expected =
        ["1．", "1．/1.1", "1．/1.2", "1．/1.2/a.", "1．/1.2/b.", "1．/1.3", "2．", "2．/2.1", "2．/2.2", "2．/2.3", "2．/2.3/2.3.1"];
    assert_eq!(paths(text, &Hints::default()), expected);
}

#[test]
fn decimals_tell_more_than_the_levels_of_their_format() {
    let lines = [
        ("青石水库说明书", 1),
        ("1 概述", 1),
        ("1.1 背景", 2),
        ("1.1.1 缘起", 2),
        ("1.1.2 经过", 3),
        ("1.2 目标", 3),
        ("2 方案", 1),
        ("2.1 坝址", 0),
    ];
    let text = lines.map(|(line, _)| format!("{line}\n水库要修好，渠道要修通。\n")).concat();
    let mut hints = Hints { soft_breaks: Some(Vec::new()), ..Hints::default() };
    for (line, level) in lines.iter().filter(|(_, level)| *level > 0) {
        let at = text.find(line).map_or(0, |at| text[..at].chars().count());
        hints.headings.push(HeadingHint { span: Span::new(at, at + line.chars().count()), level: *level });
    }
    assert_eq!(paths(&text, &hints), ["1", "1/1.1", "1/1.1/1.1.1", "1/1.1/1.1.2", "1/1.2", "2", "2/2.1"]);
}

#[test]
fn slips_in_decimals_change_no_depth() {
    let text = "青石水库计划\n3. 管理\n3.1 估计\n三千工。\n3.2 计划\n4.2.1 阶段\n分三段。\n4.2.2 目标\n通水。\n3.3 监督\n按月。\n4.4 验收\n按年。\n4. 技术\n5.1 石料\n花岗石。\n5.2 工具\n钢钎。\n";
    let expected = ["3.", "3./3.1", "3./3.2", "3./3.2/4.2.1", "3./3.2/4.2.2", "3./3.3", "3./4.4", "4.", "4./5.1", "4./5.2"];
    assert_eq!(paths(text, &Hints::default()), expected);
}

#[test]
fn articles_stand_below_numbered_headings() {
    let text = "# 用水协会章程\n\n### 1. 总则\n\n第一条　本会管水。\n\n第二条\n\n本会设在青石。\n\n### 2. 会员\n\n第三条，会员要交水费。\n\n（一）按亩交；\n\n（二）按季交。\n\n第四条　会员可以退会。\n";
    let expected = ["1.", "1./第一条", "1./第二条", "2.", "2./第三条", "2./第三条/（一）", "2./第三条/（二）", "2./第四条"];
    assert_eq!(paths(text, &Hints::markdown()), expected);
}

#[test]
fn a_number_that_ends_a_heading_counts_nothing() {
    let text = "# 青石水利讲义\n\n## 第一篇　引水（一）\n\n引水要早。\n\n## 第二篇　引水（二）\n\n引水要稳。\n\n### 开渠\n\n先开。\n\n## 第三篇　排水\n\n排水要快。\n";
    assert_eq!(paths(text, &Hints::markdown()), ["第一篇", "第二篇", "第二篇/开渠", "第三篇"]);
}

#[test]
fn unusual_headings_are_counted_through_headings_between_them() {
    let said = "渠道淤了三年，各村都派人来挖，挖了一个冬天，到开春才通水，以后年年要清。";
    let text = format!(
        "青石水利史\n一.【水渠的来历】\n开工之前\n{said}\n开工以后\n{said}\n二【塘坝的来历】\n{said}\n三 .闸门的来历\n修闸之前\n{said}\n四【泵站的来历】\n{said}\n"
    );
    assert_eq!(paths(&text, &Hints::default()), ["一.", "二", "三.", "四"]);
}

#[test]
fn several_headings_inside_a_section_close_nothing_that_goes_on() {
    let said = "雨水都从山上来，夏天多，冬天少，要靠塘坝存住，存住了才够春耕用，各村都知道。";
    let text = format!(
        "青石水利讲义\n壹、来源\nA. 雨水\n夏天的雨\n{said}\n冬天的雨\n{said}\nB. 河水\n{said}\n贰、去处\nA. 田里\n{said}\nB. 家里\n{said}\n"
    );
    assert_eq!(paths(&text, &Hints::default()), ["壹、", "壹、/A.", "壹、/B.", "贰、", "贰、/A.", "贰、/B."]);
    let manual = format!("1. 安装\n1.1 准备\n先看图\n{said}\n1.1.1 工具\n钢钎。\n再看料\n{said}\n1.2 动工\n{said}\n");
    assert_eq!(paths(&format!("青石水车手册\n{manual}"), &Hints::default()), ["1.", "1./1.1", "1./1.1/1.1.1", "1./1.2"]);
}

#[test]
fn lists_of_markdown_may_bear_one_number() {
    let text =
        "# 青石用水公约\n\n各户都要守约：\n\n1. 先远后近。轮到才放。\n1. 先田后园。浇完就关。\n1. 不许偷水。偷了要罚。\n\n大家同意。\n";
    let outline = parse(SourceText::from(text), &Hints::markdown()).outline;
    assert!(outline.sections().iter().all(|section| section.marker_text == "1." && section.depth == 0));
    assert_eq!(outline.sections().iter().map(|section| section.number).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn tables_of_contents_name_pages_with_a_letter() {
    let body = "壹、背景\n一、書名\n水經青石篇。\n二、著者\n林某。\n貳、大綱\n分三段。\n";
    let text = format!("水經青石篇概覽\n目錄\n壹、背景\tP.1\n一、書名\n二、著者\tP.2\n貳、大綱---------P.3\n{body}");
    assert_eq!(paths(&text, &Hints::default()), ["壹、", "壹、/一、", "壹、/二、", "貳、"]);
}

#[test]
fn a_count_goes_over_to_other_words_once() {
    let said = "塘坝修了三年，渠道清了五年，各村都出了工，账目也都公布了，大家看得见，管得着，以后年年如此。";
    let points: String =
        ["首先", "第二", "第三", "第四", "第五", "第六", "第七", "第八"].map(|word| format!("{word}，{said}\n\n{said}\n\n")).concat();
    let text = format!("# 评论\n\n### 全文\n\n{points}");
    let outline = parse(SourceText::from(text.as_str()), &Hints::markdown()).outline;
    assert_eq!(outline.sections().iter().map(|section| section.depth).collect::<Vec<_>>(), [0, 1, 1, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn a_kind_stands_where_it_stood_before() {
    let said = "各村都派人来，挖了一个冬天，到开春才通水，以后年年要清，账目也要公布。";
    let text = format!(
        "# 青石水利手记\n\n①先清渠道\n\n{said}\n\n②再修塘坝\n\n{said}\n\ni) 大塘先修。{said}\n\nii) 小塘后修。{said}\n\n③最后管水\n\n{said}\n\ni) 轮着放水。{said}\n\nii) 按亩收费。{said}\n"
    );
    assert_eq!(paths(&text, &Hints::markdown()), ["①", "②", "②/i)", "②/ii)", "③", "③/i)", "③/ii)"]);
}

#[test]
fn a_circular_is_signed_by_the_organ_that_its_title_names() {
    let sent = "一、管好塘坝\n塘坝要有人管，每月看一次，发现渗漏当天报告，不许拖到汛期再修补。\n".repeat(12);
    let text = format!(
        "青石县人民政府办公室转发县水利局关于塘坝管理意见的通知\n青政办发〔2031〕8号\n县教育局，水利局、各乡镇：\n现将意见转发给你们，请认真执行。\n\
         青石县人民政府办公室\n二〇三一年二月五日\n（本文有删减）\n关于塘坝管理的意见\n县人民政府：\n{sent}以上意见如无不妥，请转发各地执行。\n\
         青石县水利局\n二〇三一年一月八日\n"
    );
    let metadata = parse(SourceText::from(text.as_str()), &Hints::default()).metadata;
    assert_eq!(metadata.date.as_deref(), Some("2031-02-05"));
    assert_eq!(metadata.front.signature.as_ref().map(|field| field.text.to_string()).as_deref(), Some("青石县人民政府办公室"));
}

#[test]
fn a_title_may_end_like_a_person() {
    let text = "---\ntitle: \"河水上涨惹县长关注\"\ndate: \"2031-02-10\"\n---\n\n# 河水上涨惹县长关注\n\n河水这几天涨得很快，沿岸的人要早做准备，老人孩子先走。\n";
    let metadata = parse(SourceText::from(text), &Hints { markdown: true, ..Hints::default() }).metadata;
    assert_eq!(metadata.title.as_deref(), Some("河水上涨惹县长关注"));
    assert!(metadata.front.speaker.is_none() && metadata.front.office.is_none());
}

#[test]
fn a_file_of_two_languages_has_the_title_in_chinese() {
    let text = "---\ntitle_en: \"On Wells\"\ntitle_zh: \"谈谈水井\"\npublishedAt: \"2031-07-16\"\n---\n\n**Village letter**\n\nWe dug the well together last year, and it has never run dry since then.\n\n谈谈水井\n\n去年我们一起打了一口井，到今天没有干过，全村人都用它的水。\n";
    let metadata = parse(SourceText::from(text), &Hints { markdown: true, ..Hints::default() }).metadata;
    assert_eq!(metadata.title.as_deref(), Some("谈谈水井"));
}

#[test]
fn marks_of_big5_texts_make_ordinals() {
    let body = "今年要把水利、道路和學校三件大事辦好﹐每件事都要有人管、有帳目、有檢查。\n";
    for marks in [
        ["一﹑", "二﹑"],
        ["一﹒", "二﹒"],
        ["一︰", "二︰"],
        ["1‧", "2‧"],
        ["﹙一﹚", "﹙二﹚"],
        ["︵一︶", "︵二︶"],
        ["〈一〉", "〈二〉"],
        ["第一︰", "第二︰"],
    ] {
        let sections = marks.map(|mark| format!("{mark}抓好生產建設\n{body}")).concat();
        let text = format!("在青石縣會議上的講話\n各位︰\n{sections}");
        let found = paths(&text, &Hints::default());
        assert_eq!(found.len(), 2, "{marks:?} {found:?}");
    }
    assert!(paths(&format!("談九·一八\n{body}\n九·一八以來\n{body}\n十·一節前\n{body}"), &Hints::default()).is_empty());
}

#[test]
fn a_signature_stands_below_annexes_listed_in_a_line() {
    let text = "关于清淤的通知\n各村：\n一、时间\n九月开工，十月完工，不得拖延，也不得草率。\n二、经费\n由县里出一半，乡里出一半，账目按月公布。\n\
                附件：1.河道名单 2.责任分工一览表 3.水利工程验收记录一览表\n\n青石县水利局\n2031年9月6日\n";
    let metadata = parse(SourceText::from(text), &Hints::default()).metadata;
    assert_eq!(metadata.date.as_deref(), Some("2031-09-06"));
    assert_eq!(metadata.front.signature.as_ref().map(|field| field.text.to_string()).as_deref(), Some("青石县水利局"));
}

#[test]
fn sentences_that_point_to_a_picture_head_nothing() {
    let said = "井水从石缝里来，一年四季都有，旱年也不干，够三个村子用，用的时候要轮流。";
    let text = format!(
        "青石水车手册\n一. 安装\n{said}\n二. 使用\n1. 开车\n拉开闸门以后水车就转动起来（如图）\n(1) 先松闸。\n(2) 再推杆。\n2. 停车\n{said}\n"
    );
    assert_eq!(paths(&text, &Hints::default()), ["一.", "二.", "二./1.", "二./1./(1)", "二./1./(2)", "二./2."]);
    let diary = "青石水车日记\n\n6.30\n\n上了油，换了板，修了闸，夜里下雨。\n\n7.1\n\n上了油，换了板，修了闸。\n\n7.2\n\n换了板。\n\n7.3\n\n歇一天。\n";
    assert!(paths(diary, &Hints::default()).is_empty());
}

#[test]
fn a_count_may_begin_before_the_headings_it_runs_through() {
    let text = "井台十问\n7. 水井不是用银钱可以换来的。它要的是人工。\n(b) 漏\n8. 漏不单是外面的裂缝。它也是里面的一切松动。\n(c) 井水\n\
                9. 井水与雨水有别。井水是地里的水。\n(d) 淘井\n10. 淘井不是人的空想。它是大家在井下做的工。\n11. 有些人以为看了就够了。这是错的。\n";
    assert_eq!(paths(text, &Hints::default()), ["7.", "(b)", "(b)/8.", "(c)", "(c)/9.", "(d)", "(d)/10.", "(d)/11."]);
    // Headings inside the members of a list begin anew in each.
    let list = "青石水利问答\n1. 塘坝归谁管？归乡管。村里也要派人。\n(a) 大塘\n三座。\n(b) 小塘\n五座。\n2. 渠道归谁管？归村管。乡里派人看。\n(a) 干渠\n一条。\n(b) 支渠\n六条。\n\
                3. 闸门归谁管？归站里管。\n";
    assert_eq!(paths(list, &Hints::default()), ["1.", "1./(a)", "1./(b)", "2.", "2./(a)", "2./(b)", "3."]);
}
