//! Conventions of the genre, each as a short text with its expected outline; and texts without
//! sections.

use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::SourceText;

fn parsed(text: &str) -> Document {
    document::parse(SourceText::from(text), &Hints::default())
}

/// The outline, one line per section: two spaces per level, marker, `|`, title.
fn outline(text: &str) -> Vec<String> {
    let sections = parsed(text);
    let line = |section: document::Section<'_>| {
        format!("{}{}|{}", "  ".repeat(usize::from(section.depth)), section.marker_text, section.title_text)
    };
    sections.outline.sections().iter().map(line).collect()
}

#[test]
fn table_of_contents_is_not_parsed_as_sections() {
    let text = "在全市民政工作会议上的讲话\n2021年3月12日\n目  录\n一、回顾五年来的工作………1\n二、看清今后的形势………3\n（一）把握机遇\n（二）认清挑战\n\
        同志们：\n今天开会，讲两件事。\n一、回顾五年来的工作\n五年来，各项工作取得了成效。\n二、看清今后的形势\n形势逼人。\n（一）把握机遇\n机遇难得。\n（二）认清挑战\n挑战不小。\n";
    let expected = ["一、|回顾五年来的工作", "二、|看清今后的形势", "  （一）|把握机遇", "  （二）|认清挑战"];
    assert_eq!(outline(text), expected);
    let document = parsed(text);
    assert_eq!(document.metadata.title.as_deref(), Some("在全市民政工作会议上的讲话"));
    let metadata_count = document.paragraphs.iter().filter(|paragraph| paragraph.kind == ParagraphKind::Metadata).count();
    assert_eq!(metadata_count, 6);
}

#[test]
fn consecutive_headings_are_not_a_table_of_contents() {
    let text = "在青禾县农村工作会议上的讲话\n同志们：\n一、总体要求\n（一）目标任务\n1.稳住面积\n面积不能减。\n2.提高产量\n产量还要增。\n（二）基本原则\n稳字当头。\n二、保障措施\n责任要落实。\n";
    let expected = ["一、|总体要求", "  （一）|目标任务", "    1.|稳住面积", "    2.|提高产量", "  （二）|基本原则", "二、|保障措施"];
    assert_eq!(outline(text), expected);
}

#[test]
fn points_may_start_with_a_number_and_idioms_are_not_points() {
    let text = "二、抓住“四个一”\n重点是：一是一个总要求，要坚持；二是一条主线，要贯穿；三是三项制度，要落实。做人做事，要一是一、二是二，不能含糊。\n三、抓好落实\n说到做到。\n";
    let expected =
        ["二、|抓住“四个一”", "  一是|一个总要求，要坚持", "  二是|一条主线，要贯穿", "  三是|三项制度，要落实", "三、|抓好落实"];
    assert_eq!(outline(text), expected);
}

#[test]
fn word_ordinals_do_not_nest_under_points_of_the_preface() {
    let text = "在全市组织部长会议上的总结讲话\n同志们：\n会议开得很好，有两个特点：一是站位高；二是内容实。下面，我再强调两点。\n第一，要在学深悟透上下功夫。学习是永恒的课题。\n第二，要在真抓实干上下功夫。干部干部，干是当头的。\n";
    let expected = ["一是|站位高", "二是|内容实", "第一，|要在学深悟透上下功夫", "第二，|要在真抓实干上下功夫"];
    assert_eq!(outline(text), expected);
}

#[test]
fn titles_may_start_with_a_date() {
    let text = "三、活动怎么搞\n1.5月为学习动员。每个人列出不足。\n2.6月至10月为集中实践。全程包村。\n3.2023年底前总结。评头论足。\n";
    assert_eq!(outline(text), ["三、|活动怎么搞", "  1.|5月为学习动员", "  2.|6月至10月为集中实践", "  3.|2023年底前总结"]);
}

#[test]
fn unusual_ordinal_forms_open_sections() {
    let text = "在全县经济工作会议上的讲话\n同志们：\n一．关于去年的工作\n一、二、三产业都有增长。第一季度最好。\n二．关于今年的任务\n（1）、抓项目。\n（2）、抓招商。\n";
    assert_eq!(outline(text), ["一．|关于去年的工作", "二．|关于今年的任务", "  （1）|抓项目", "  （2）|抓招商"]);
    let text = "在全市换届工作会议上的讲话\n同志们：\n壹、提高站位\n意义重大。\n贰、严肃纪律\n贰拾条禁令要记牢。\n";
    assert_eq!(outline(text), ["壹、|提高站位", "贰、|严肃纪律"]);
}

#[test]
fn short_opening_sentences_are_not_titles() {
    let text = "在青年座谈会上的发言\n赵晓峰\n大家好。\n我是来学习的。\n我谈三点体会。\n一、要立志\n志不立，事不成。\n二、要勤学\n学而后知不足。\n";
    let document = parsed(text);
    assert_eq!(document.metadata.title.as_deref(), Some("在青年座谈会上的发言"));
    let kind =
        |line: &str| document.paragraphs.iter().find(|paragraph| document.quote(paragraph.span) == line).map(|paragraph| paragraph.kind);
    assert_eq!(kind("我是来学习的。"), Some(ParagraphKind::Body));
    assert_eq!(kind("赵晓峰"), Some(ParagraphKind::Metadata));
    let plain = parsed("河水涨了。\n船靠了岸。\n人都走了。\n天黑下来了。\n");
    assert_eq!(plain.metadata.title, None);
    assert!(plain.paragraphs.iter().all(|paragraph| paragraph.kind == ParagraphKind::Body), "{:?}", plain.paragraphs);
}

#[test]
fn false_ordinals_are_body_text() {
    let text = "同志们：\n第一书记要到岗，第一时间报告，“第一责任人”要尽责。按照《条例》第三条、第五条，2023年投入1.5万元，3个村受益。这是原因之一是可以肯定的，万一要下雨，也统一要求。首先是政治部，其次才是别的部门？\n上午9:30开会，3、4月份检查。\n";
    assert_eq!(outline(text), Vec::<String>::new());
}

#[test]
fn novel_has_its_chapters_and_english_text_and_prose_have_no_sections() {
    let novel = "第一章 渡口\n河水涨了三尺。老陈把船拴在柳树下，说：“二是不敢走，一是走不了。”\n他等了一天，又等了一天。\n第二章 集市\n第二天是集日，街上来了一百多人。\n";
    let english = "On Reading\n\nThere are 3 reasons to read. Reading takes 2.5 hours a day, and I. am not sure why.\n\nIn 2019 we read more than in 2018; e.g. letters.\n";
    let prose =
        "春天来了，山坡上一片新绿。\n村里的老人说，十年前这里还是荒地。三五个人，七八棵树，慢慢成了林。\n风从南边吹来，带着泥土的气息。\n";
    assert_eq!(outline(novel), ["第一章|渡口", "第二章|集市"]);
    for text in [english, prose] {
        let document = parsed(text);
        assert!(document.outline.sections().is_empty(), "{:?}", outline(text));
        assert!(document.paragraphs.iter().all(|paragraph| paragraph.kind != ParagraphKind::Boilerplate));
    }
}

#[test]
fn half_width_full_stops_end_titles() {
    let text = "在青禾县农村工作会议上的讲话\n同志们:\n下面,讲两点意见.\n一､稳住面积.今年只有3.5万亩,一亩不能少.一是保住水田.二是管好旱地.三是用好坡地.\n        1.提高产量.产量还要增.\n2.改进品种(新的).品种要更新.\n二､责任要落实.责任在肩.\n";
    let expected =
        ["一､|稳住面积", "  一是|保住水田", "  二是|管好旱地", "  三是|用好坡地", "  1.|提高产量", "  2.|改进品种(新的)", "二､|责任要落实"];
    assert_eq!(outline(text), expected);
    // In full-width text a `.` separates parts of a name.
    let named = "一、买买提.艾力同志的事迹值得学习。要学。\n二、王五.赵六两位同志也一样。都学。\n三、再说艾力.买买提，学他。学。\n四、阿布.都拉也好。\n";
    assert_eq!(outline(named)[0], "一、|买买提.艾力同志的事迹值得学习");
}

#[test]
fn ideographic_full_stop_after_a_digit_is_an_ordinal() {
    let text = "一、总体要求\n1。提高产量\n产量还要增。\n2。改进品种\n品种要更新。\n二、措施\n人数达到5。各村都要有。\n";
    assert_eq!(outline(text), ["一、|总体要求", "  1。|提高产量", "  2。|改进品种", "二、|措施"]);
}

/// A list inside a point may count as the parts of the speech do; the counts around it go on behind it.
#[test]
fn restarted_count_nests_below_the_innermost_other_kind() {
    let text = "在工作会议上的报告\n\n一、总任务\n\n要抓好总任务。\n\n二、计划的问题\n\n（一）建设问题\n\n第一，规模的大小问题。\n\n我们作过反复的考虑，已经有了条件。\n\n\
        一、推翻了旧的，提供了一个条件。\n\n二、有了新的，提供了又一个条件。\n\n三、有了人，提供了第三个条件。\n\n第二，比重的问题。\n\n这个问题也要说。\n\n\
        （二）生产问题\n\n第一，原料的问题。\n\n这里说原料。\n\n第二，水平的问题。\n\n这里说水平。\n\n三、结束\n\n完了。\n";
    let expected = [
        "一、|总任务",
        "二、|计划的问题",
        "  （一）|建设问题",
        "    第一，|规模的大小问题",
        "      一、|推翻了旧的，提供了一个条件",
        "      二、|有了新的，提供了又一个条件",
        "      三、|有了人，提供了第三个条件",
        "    第二，|比重的问题",
        "  （二）|生产问题",
        "    第一，|原料的问题",
        "    第二，|水平的问题",
        "三、|结束",
    ];
    assert_eq!(outline(text), expected);
}
