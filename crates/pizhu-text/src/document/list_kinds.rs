//! Minimal texts of articles, letters and sermons of the open web: how their lists are told, with the outline that is
//! right.

use super::{Hints, parse};
use crate::text::SourceText;

/// The paths of the sections of a text.
fn paths(text: &str, hints: &Hints) -> Vec<String> {
    let outline = parse(SourceText::from(text), hints).outline;
    outline.iter().map(|(id, _)| outline.path_text(id)).collect()
}

/// The paths of the sections of an article in Markdown.
fn article(body: &str) -> Vec<String> {
    paths(&format!("# 青石水利手记\n\n{SAID}\n\n{body}\n"), &Hints::markdown())
}

const SAID: &str = "各村都派人来，挖了一个冬天，到开春才通水，以后年年要清，账目也要公布。";

#[test]
fn han_numbers_before_a_full_stop_are_usual() {
    for body in [
        "我们要求：一．修好塘坝；二．清好渠道；三．换好闸门。",
        "我們要求：一.修好塘壩；二.清好渠道；三.換好閘門。",
        "我们要求：\n\n一．修好塘坝，不得拖延。\n\n二．清好渠道，不得拖延。\n\n三．换好闸门，不得拖延。",
    ] {
        let marker = |number: &str| format!("{number}{}", if body.contains('．') { '．' } else { '.' });
        assert_eq!(article(body), ["一", "二", "三"].map(marker), "{body}");
    }
    assert!(article("去年增长三．五成。今年增长四．一成。").is_empty());
    assert!(paths("如上\n如下\n汝\n上来\n上去\n一.\n一一\n一下\n一个\n一些\n", &Hints::default()).is_empty(), "a list of words");
}

#[test]
fn numbers_may_be_padded_with_a_zero() {
    let body = |signs: [&str; 3]| signs.map(|sign| format!("**{sign}青石塘加固**\n\n{SAID}\n\n")).concat();
    assert_eq!(article(&body(["01.", "02.", "10."])), ["01.", "02.", "10."]);
    assert_eq!(article(&body(["08、", "09、", "10、"])), ["08、", "09、", "10、"]);
    assert!(article("05.12 开工，天晴。\n\n06.13 完工，天阴。\n\n08:30 验收。").is_empty());
}

#[test]
fn a_list_may_stand_right_behind_the_word_that_announces_it() {
    let body = "修塘坝要看几个因素（1）水源；（2）地势；（3）劳力。";
    assert_eq!(article(body), ["（1）", "（2）", "（3）"]);
    assert!(article("大塘的位置见附图（1），小塘的位置另见。").is_empty());
}

#[test]
fn a_last_wish_is_no_point() {
    let body = format!("首先，各村要把塘坝修好。{SAID}\n\n最后，愿大家来年都有水用。");
    assert!(article(&body).is_empty());
    let told = format!("首先，各村要把塘坝修好。{SAID}\n\n其次，渠道要清。{SAID}\n\n最后，账目要公布。{SAID}");
    assert_eq!(article(&told), ["首先，", "其次，", "最后，"]);
}

#[test]
fn the_text_of_a_link_holds_no_ordinal_but_at_the_start_of_a_line() {
    let series = "[修塘坝的来历（一）](https://example.org/1)\n\n[修塘坝的来历（二）](https://example.org/2)";
    assert!(article(&format!("{SAID}\n\n{series}")).is_empty());
    let links = "（一） [青石塘](https://example.org/1)\n\n（二） [黄岭塘](https://example.org/2)";
    assert_eq!(article(links), ["（一）", "（二）"]);
}

#[test]
fn points_are_counted_through_headings() {
    let body =
        format!("### 水从哪里来\n\n{SAID}\n\n第一，山上有雨。{SAID}\n\n### 水到哪里去\n\n第二，田里要水。{SAID}\n\n第三，家里要水。{SAID}");
    let paths = article(&body);
    assert_eq!(paths.iter().filter(|path| path.contains('第')).count(), 3, "{paths:?}");
}

/// The first of a count was lost below a line that heads nothing, and every kind that begins anew stood elsewhere.
#[test]
fn a_count_goes_on_after_a_line_that_heads_nothing() {
    let body = format!("（一）大塘\n\n今年修好，明年用水\n\n{SAID}\n\n（二）小塘\n\n{SAID}\n\n（三）水渠\n\n{SAID}");
    assert_eq!(article(&body), ["（一）", "（二）", "（三）"]);
    let spoken = format!("一、「大塘归谁管？」\n「归乡里管，村里也要派人」\n{SAID}\n\n二、「小塘归谁管？」\n{SAID}");
    assert_eq!(article(&spoken), ["一、", "二、"]);
    let names = format!("1、新修的塘坝：\n\n青石塘、黄岭塘、\n\n2、新清的渠道：\n\n上湾渠、下湾渠\n\n3、新换的闸门：\n\n{SAID}");
    assert_eq!(article(&names), ["1、", "2、", "3、"]);
    let labelled = format!("1. 青石塘管理处\n\n成立：2031年4月\n\n主任：林某\n\n{SAID}\n\n2. 黄岭塘管理处\n\n主任：陈某\n\n{SAID}");
    assert_eq!(article(&labelled), ["1.", "2."]);
}

#[test]
fn a_kind_stands_again_below_what_it_stood_below() {
    for (one, two, three) in [("I.", "II.", "III."), ("A.", "B.", "C."), ("一、", "二、", "三、")] {
        let body = format!(
            "1. 水利是大事。{SAID}\n\n2. 现在的问题有：\n\n{one} 塘坝失修。\n\n{two} 渠道淤塞。\n\n{three} 闸门破损。\n\n3. 我们要求：\n\n{one} 修塘坝。\n\n{two} 清渠道。"
        );
        let below = |parent: &str, marker: &str| format!("{parent}/{marker}");
        let expected = ["1.".to_owned(), "2.".to_owned(), below("2.", one), below("2.", two), below("2.", three), "3.".to_owned()];
        assert_eq!(article(&body), [&expected[..], &[below("3.", one), below("3.", two)]].concat());
    }
}

#[test]
fn a_letter_heads_a_line_alone_only_if_it_is_the_first() {
    assert!(article(&format!("（P）塘坝归集体\n\n{SAID}\n\n{SAID}")).is_empty());
    let mixed = format!(
        "10. 律法要的是内心。{SAID}\n\n(b) 罪\n\n11. 罪不单是外面的行为。{SAID}\n\n12. 罪也是内心的动作。{SAID}\n\n(c) 恩典\n\n13. 恩典是好意。{SAID}"
    );
    assert_eq!(article(&mixed), ["10.", "(b)", "(b)/11.", "(b)/12.", "(c)", "(c)/13."]);
}

#[test]
fn a_single_blank_sets_no_list_in() {
    let songs = "1. 大塘\n2. 小塘\n\n再说渠道：\n\n 1. 干渠\n2. 支渠\n3. 毛渠";
    assert_eq!(article(songs), ["1.#1", "2.#1", "1.#2", "2.#2", "3."]);
}

#[test]
fn numbers_told_together_are_names() {
    let body = format!("{SAID}\n\n第一、三村各修一段渠道。\n\n第二、四被告不服。\n\n第三、四被告上诉。");
    assert!(article(&body).is_empty());
    let stages =
        format!("首先，各村要把塘坝修好。{SAID}\n\n其次，渠道要清。{SAID}\n\n第三阶段从2031年起。{SAID}\n\n第四版方案已经公布。{SAID}");
    assert_eq!(article(&stages), ["首先，", "其次，"]);
}

#[test]
fn a_sign_may_differ_within_a_count() {
    let body = format!("第一，修塘坝。{SAID}\n\n第二．清渠道。{SAID}\n\n第三，换闸门。{SAID}");
    assert_eq!(article(&body), ["第一，", "第二．", "第三，"]);
    let quantity = format!("1、先修大塘，再修小塘。{SAID}\n\n2、67 年大旱，塘坝干了。{SAID}\n\n3、以后年年修。{SAID}");
    assert_eq!(article(&quantity), ["1、", "2、", "3、"]);
    let law = format!("法例要点：\n\n第二十条. 塘坝归乡管。{SAID}\n\n第二十一条. 渠道归村管。{SAID}");
    assert_eq!(article(&law), ["第二十条", "第二十一条"]);
}

/// `一、` inside the last `【二】`, `I.` inside the last `3.` closed it and stood at the top.
#[test]
fn kinds_without_a_place_of_their_own_may_hold_any_other() {
    for (upper, lower) in [
        (["【一】", "【二】"], ["一、", "二、"]),
        (["[一]", "[二]"], ["壹、", "贰、"]),
        (["1.", "2."], ["I.", "II."]),
        (["1)", "2)"], ["A.", "B."]),
        (["（一）", "（二）"], ["[一]", "[二]"]),
    ] {
        for heading in ["要修的塘坝", "要修的塘坝有两座，去年没有修。今年一定要修。"] {
            let body = format!(
                "{}{heading}\n\n{SAID}\n\n{}{heading}\n\n{SAID}\n\n{}大塘要修。{SAID}\n\n{}小塘要修。{SAID}",
                upper[0], upper[1], lower[0], lower[1]
            );
            let below = lower.map(|marker| format!("{}/{marker}", upper[1]));
            assert_eq!(article(&body), [upper[0], upper[1], &below[0], &below[1]], "{body}");
        }
    }
    // Headings stand above paragraphs.
    let body = format!("1. 大塘要修。{SAID}\n\n2. 小塘要修。{SAID}\n\nI. 怎么修\n\n{SAID}\n\nII. 谁来修\n\n{SAID}");
    assert_eq!(article(&body), ["1.", "2.", "I.", "II."]);
}

#[test]
fn first_of_points_may_be_told_after_a_comma() {
    let body = "要修的地方有三处，首先是大塘，库容最大；其次是小塘，离村最近；再次是水渠，年年淤塞。";
    assert_eq!(article(body), ["首先", "其次", "再次"]);
    assert!(article("最高的是县里的规定，其次是乡里的规定，越往下管得越细。").is_empty());
}

#[test]
fn the_last_point_may_begin_the_next_paragraph() {
    let body = format!("修塘坝有三个用处。首先，能蓄水。{SAID}其次，能养鱼。{SAID}再次，能防火。{SAID}\n\n最后，能防洪。{SAID}");
    assert_eq!(article(&body), ["首先，", "其次，", "再次，", "最后，"]);
}

/// All behind the first line with a label was taken for the host's.
#[test]
fn a_page_does_not_end_before_a_count_that_goes_on() {
    let steps = ["摸底", "设计", "施工", "验收"];
    let marked: Vec<String> =
        steps.iter().zip(1..).map(|(step, n)| format!("## {n}. {step}\n\n- **时间**：第{n}周\n- **目标**：完成{step}。\n\n")).collect();
    assert_eq!(paths(&format!("# 清淤计划\n\n{}", marked.concat()), &Hints::markdown()), ["1.", "2.", "3.", "4."]);
    let plain: Vec<String> = steps.iter().zip(1..).map(|(step, n)| format!("{n}. {step}\n时间：第{n}周\n目标：完成{step}。\n")).collect();
    assert_eq!(paths(&format!("清淤计划\n\n{}", plain.concat()), &Hints::default()), ["1.", "2.", "3.", "4."]);
    let host = format!("清淤意见\n\n1. 摸底\n{SAID}\n2. 施工\n{SAID}\n相关阅读：\n1. 清淤通知\n2. 清淤总结\n");
    assert_eq!(paths(&host, &Hints::default()), ["1.", "2."]);
}

#[test]
fn short_items_at_the_end_bear_no_page_numbers() {
    let rest = SAID.repeat(4);
    let text = format!("{rest}\n\n{rest}\n\n今年的计划：\n1. 读完水经\n2. 修完大塘\n3. {rest}\n4. {rest}\n5. {rest}\n");
    assert_eq!(paths(&text, &Hints::default()), ["1.", "2.", "3.", "4.", "5."]);
}

#[test]
fn a_list_in_the_only_paragraph_may_have_blanks_behind_its_markers() {
    for markers in [["1. ", "2. ", "3. "], ["（一） ", "（二） ", "（三） "], ["一. ", "二. ", "三. "], ["01. ", "02. ", "03. "]]
    {
        let list: Vec<String> = markers.iter().map(|marker| format!("{marker}塘坝要修。{SAID}")).collect();
        let text = format!("青石水利手记\n\n{SAID}修水利有三件事。{}\n", list.concat());
        assert_eq!(paths(&text, &Hints::default()), markers.map(str::trim_end), "{text}");
    }
}

#[test]
fn letters_may_stand_before_a_quantity() {
    assert_eq!(article("A.120亩水田通了水\n\nB.93户人家用上水\n\nC.渠道淤塞"), ["A.", "B.", "C."]);
    assert!(article("A.1 水车\n\nA.2 水渠\n\nB.1 闸门").is_empty());
}

/// Paragraphs stood at the top below the last heading, where their kind usually stands above that of the headings.
#[test]
fn paragraphs_may_stand_below_the_last_heading_of_any_kind() {
    for upper in [["1.", "2."], ["（1）", "（2）"], ["①", "②"], ["第一，", "第二，"]] {
        for lower in [["一、", "二、"], ["（一）", "（二）"]] {
            let body = format!(
                "{}大塘\n\n{SAID}\n\n{}小塘\n\n{SAID}\n\n{}先清淤。{SAID}\n\n{}再加固。{SAID}",
                upper[0], upper[1], lower[0], lower[1]
            );
            let below = lower.map(|marker| format!("{}/{marker}", upper[1]));
            assert_eq!(article(&body), [upper[0], upper[1], &below[0], &below[1]], "{body}");
            // Nothing stands between the items of a list.
            let list =
                format!("{}大塘\n\n{}小塘\n\n{SAID}\n\n{}先清淤。{SAID}\n\n{}再加固。{SAID}", upper[0], upper[1], lower[0], lower[1]);
            assert_eq!(article(&list), [upper[0], upper[1], lower[0], lower[1]], "{list}");
        }
    }
}

#[test]
fn steps_need_no_mark_once_they_are_counted() {
    let body = format!("第一步是查清底数。{SAID}第二步应分清轻重。{SAID}第三步是开工。{SAID}");
    assert_eq!(article(&body), ["第一步", "第二步", "第三步"]);
    assert!(article(&format!("这只是第一步。{SAID}第二步棋还没有走。{SAID}")).is_empty());
}
