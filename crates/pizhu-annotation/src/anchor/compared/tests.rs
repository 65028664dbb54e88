//! Tests of anchoring by the comparison of two texts.

use super::super::{
    AnchorStatus, PastTexts, Resolver,
    test_help::{AFTER, BEFORE, OTHER, document, found},
};
use crate::{Annotation, Scope, Selector};
use pizhu_text::document::{Hints, parse};
use pizhu_text::text::{SourceText, Span};

const QUOTE: &str = "抓好人才工作把短板补起来把长板做得更长";

#[test]
fn an_edited_passage_is_not_found_at_its_unedited_copy() {
    let old = format!("{BEFORE}，{QUOTE}，{AFTER}。");
    let copy = format!("要接着办而且要办得更活，{QUOTE}，各乡镇要拿出具体办法");
    let edited = old.replace("办得更活", "办得活").replace("人才工作", "人才队伍工作").replace("具体办法", "办法");
    for new in [format!("{edited}\n散会以后另行通知。{copy}"), format!("{copy}\n散会以后另行通知。{edited}")] {
        let original = new[..new.find(BEFORE.get(..30).unwrap()).unwrap()].chars().count();
        let is_there = |at: usize| (original..original + edited.chars().count()).contains(&at);
        let (status, place) = found(&old, QUOTE, &new, true);
        assert_eq!(place.map(|(at, _)| is_there(at)), Some(true), "{status:?}");
        let (status, place) = found(&old, QUOTE, &new, false);
        assert!(place.is_none_or(|(at, _)| is_there(at)), "{status:?}");
    }
}

#[test]
fn a_passage_keeps_its_closing_mark_when_a_letter_was_put_in_before_it() {
    let old = format!("{BEFORE}。祝培训班圆满成功！");
    let quote = "祝培训班圆满成功！";
    let (status, place) = found(&old, quote, &old.replace("成功！", "成功厊！"), true);
    assert_eq!((status, place.map(|(_, text)| text).as_deref()), (AnchorStatus::Changed, Some("祝培训班圆满成功厊！")));
}

#[test]
fn a_passage_keeps_the_last_letter_of_a_line_when_words_were_put_in_around_it() {
    let old = format!("{BEFORE}生态\n留人要留心。{AFTER}");
    let new = format!("{BEFORE}生组织态\n组织留人要留心。{AFTER}");
    let (_, place) = found(&old, "态\n留人要", &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| text == "态\n组织留人要"), "{place:?}");
}

#[test]
fn a_passage_keeps_its_last_mark_when_its_line_was_edited_and_moved() {
    let quote = "让群众满意。\n祝这期培训班圆满成功！";
    let old = format!("在培训班上的讲话\n{BEFORE}。\n{AFTER}，{quote}\n");
    let edited = quote.replace("培训班圆满", "巢训母樰旄");
    let new = format!("{AFTER}，{edited}\n在培训班上的讲话\n{BEFORE}。\n");
    let (_, place) = found(&old, quote, &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| *text == edited), "{place:?}");
}

#[test]
fn a_passage_on_the_first_line_takes_nothing_of_the_line_that_was_moved_before_it() {
    let old = format!("1、在白鹭县组工干部会上{BEFORE}。\n{AFTER}。\n");
    let new = format!("{AFTER}。还要坐得住笑得出。\n、在白鹭县组工干部会上{BEFORE}。\n");
    let (_, place) = found(&old, "1、在白鹭县组工干部", &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| !text.contains('出')), "{place:?}");
}

#[test]
fn a_passage_does_not_begin_at_a_copy_of_its_context_put_into_it() {
    let old = format!("{BEFORE}以后不写心得体会，写一事一得，每篇不超过八百字，写清楚一件事{AFTER}");
    let new = old.replace("写一事一得，每篇不超过", "写一事一得，每篇一事一得，每不超过");
    let (_, place) = found(&old, "每篇不超过八百字，写清楚一件", &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| text.starts_with("每不超过")), "{place:?}");
}

#[test]
fn a_passage_of_two_lines_is_not_found_when_the_second_was_moved_away() {
    let quote = "一是在帮助种果新手\n练剪、快快学会嫁接窍门要领上出力气";
    let old = format!("{BEFORE}。\n{quote}。要切实办好讲习所\n{AFTER}。\n散会以后另行通知。\n");
    let (head, tail) = quote.split_once('\n').unwrap();
    let new = format!("{BEFORE}。\n{head}\n{AFTER}。\n散会以后另行通知。{tail}。要切实办好讲习所\n");
    let (_, place) = found(&old, quote, &new, true);
    assert!(place.is_none(), "{place:?}");
}

#[test]
fn a_passage_is_not_found_at_its_copy_put_in_before_it() {
    let old = format!("{BEFORE}当天办结，党员组织关系转接一次办好，任何窗口不得要求{AFTER}");
    let new = old.replace("关系", "系").replace("办结", "结，党员组织关系转接一次办好办结");
    let (status, place) = found(&old, "结，党员组织关", &new, true);
    let original = BEFORE.chars().count() + 20;
    assert!(place.as_ref().is_none_or(|(at, _)| *at > original - 10), "{status:?} {place:?}");
}

const LINES: [&str; 4] = [
    "各位同志，去年全县新办夜校三十所，培训村组干部两千多人次，群众反映很热烈。",
    "第一，要办实事。把群众最急的三件事列成单子，一件一件地办，年底要办好。",
    "第二，要讲实话。成绩不夸大，问题不缩小，账本摊在桌面上，让大家都看得见。",
    "最后，各乡镇要拿出具体办法，每个季度报一次进展，由组织部逐项验收。",
];

#[test]
fn a_passage_of_two_lines_is_found_on_the_one_that_was_not_deleted() {
    let old = LINES.join("\n");
    let without = |line: usize| [&LINES[..line], &LINES[line + 1..]].concat().join("\n");
    for (quote, line, rest) in [
        ("一件一件地办，年底要办好。\n第二，要讲实话。成绩不夸大", 1, "第二，要讲实话。成绩不夸大"),
        ("让大家都看得见。\n最后，各乡镇要拿出具体办法", 3, "让大家都看得见。"),
    ] {
        let (status, place) = found(&old, quote, &without(line), true);
        assert_eq!((status, place.map(|(_, text)| text).as_deref()), (AnchorStatus::Changed, Some(rest)));
    }
    // However little it is, and only with the text: these words may be anywhere.
    let (_, place) = found(&old, "年底要办好。\n第二", &without(1), true);
    assert_eq!(place.map(|(_, text)| text).as_deref(), Some("第二"));
}

#[test]
fn a_passage_around_a_title_is_asked_about_when_one_of_two_equal_titles_is_gone() {
    let title = "在玉带市人才工作推进会上的讲话";
    let old = format!("首页　讲话稿\n{title}\n发布日期二〇二四年七月八日上午\n{title}\n同志们：{BEFORE}{AFTER}");
    let quote = format!("七月八日上午\n{title}\n同志们：各位同志去年");
    let new = format!("首页　讲话稿\n{title}\n同志们：{BEFORE}{AFTER}");
    let (_, place) = found(&old, &quote, &new, false);
    assert!(place.is_none(), "{place:?}");
}

#[test]
fn a_passage_takes_nothing_of_the_line_that_came_in_place_of_its_last_one() {
    let old = format!("{BEFORE}继续养好果园果树；\n要坚持挂牌式看护，贴好名单和电话；\n要坚持打分式比赛，每十天互帮互学，{AFTER}");
    let new = old.replace("要坚持挂牌式看护，贴好名单和电话；\n", "");
    for with_past in [true, false] {
        let (_, place) = found(&old, "果园果树；\n要", &new, with_past);
        assert!(place.as_ref().is_none_or(|(_, text)| text == "果园果树；"), "{with_past} {place:?}");
    }
}

#[test]
fn a_passage_at_an_end_of_a_line_is_found_when_the_line_was_moved() {
    let old = LINES.join("\n");
    let new = [LINES[2], LINES[0], LINES[1], LINES[3]].join("\n");
    for quote in ["第二", "都看得见。"] {
        let (status, place) = found(&old, quote, &new, true);
        assert_eq!((status, place.map(|(_, text)| text).as_deref()), (AnchorStatus::Moved, Some(quote)));
    }
}

#[test]
fn a_passage_keeps_its_closing_marks_when_a_letter_was_put_in_among_them() {
    let old = format!("{BEFORE}青年的比例不低于45%；\n新设立的基金{AFTER}");
    let new = format!("{BEFORE}青年的比不低于45新%；\n设立的基金{AFTER}");
    let (_, place) = found(&old, "低于45%；", &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| text.ends_with("%；")), "{place:?}");
}

#[test]
fn a_quote_is_found_when_a_letter_put_in_before_its_whole_end_equals_the_next_one() {
    let old = format!("{BEFORE}，{QUOTE}，{AFTER}");
    let new = old.replace("把长板做得更长", "把长板各做得更长");
    let (status, place) = found(&old, QUOTE, &new, false);
    assert_eq!((status, place.map(|(_, text)| text)), (AnchorStatus::Changed, Some(QUOTE.replace("把长板做得更长", "把长板各做得更长"))));
    let (_, place) = found(&old, QUOTE, &old.replace("做得更长", "做得更长各长"), false);
    assert!(place.is_none(), "either 各 may be the one that stood after the passage: {place:?}");
}

#[test]
fn a_passage_keeps_or_asks_about_the_mark_left_of_its_deleted_line() {
    let old = LINES.join("\n");
    let quote = "。\n第一，要办实事。把群众最急的三件事列成单子，一件一件地办，年底要办好。\n第二，要讲实话";
    let without = [LINES[0], LINES[2], LINES[3]].join("\n");
    let (_, place) = found(&old, quote, &without, true);
    assert_eq!(place.map(|(_, text)| text).as_deref(), Some("。\n第二，要讲实话"));
    let left = [LINES[0], "。", LINES[2], LINES[3]].join("\n");
    let (_, place) = found(&old, &quote[3..], &left, true);
    assert!(place.is_none(), "the mark alone on its line may be that of the line that is gone: {place:?}");
    // Its own mark, wrapped to a line of its own.
    let wrapped = without.replace("很热烈。", "很热烈\n。");
    let (_, place) = found(&old, "很热烈。\n第一，要办", &wrapped, true);
    assert!(place.as_ref().is_none_or(|(_, text)| text == "很热烈\n。"), "{place:?}");
    // Part of a line, with the words before its mark.
    let cut = old.replace("地办，年底要办好。", "。");
    let (_, place) = found(&old, "好。\n第二，要讲实话", &cut, true);
    assert!(place.as_ref().is_none_or(|(_, text)| text.starts_with('。')), "{place:?}");
}

#[test]
fn a_passage_on_a_deleted_line_is_not_found_on_the_next_one_like_it() {
    let third = "3.第三道题，怎样让队伍强起来。从全区挑选一百名社工，在街道跟班学习六十天，考取资格的发津贴八百元。";
    let fourth = "4.第四道题，怎样让阵地热起来。所有服务中心一律错时开放，中午不休息，晚上开到九点，周末也不关门。";
    let old = format!("{BEFORE}。\n{third}\n{fourth}\n{AFTER}。");
    let changed = fourth.replace("，怎样让", "在这方面，青禾县的做法值得学习，");
    let new = format!("{BEFORE}。\n{changed}\n{AFTER}。");
    let (_, place) = found(&old, "第三道题，", &new, true);
    assert!(place.is_none(), "{place:?}");
}

#[test]
fn a_passage_between_equal_marks_is_asked_about_when_one_of_them_is_gone() {
    let old = format!("{BEFORE}“开会的领导比干活的人多。”一句是：“年轻人不是留不住。”{AFTER}");
    let new = old.replace("干活的人多。”一句是：", "和干活的人多。一句是");
    let (_, place) = found(&old, "比干活的人多。”一句是：", &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| !text.ends_with('“')), "{place:?}");
    let old = format!("{BEFORE}修好《**村二十亩果园灌溉水渠施工图样》，{AFTER}");
    let (_, place) = found(&old, "修好《*", &old.replace("**", "*"), true);
    assert!(place.is_none(), "{place:?}");
}

#[test]
fn a_passage_takes_or_asks_about_words_put_in_that_repeat_its_end() {
    let old = format!("{BEFORE}看见有水塘的村子就有水的引流管道，有修剪施肥日子{AFTER}");
    let (_, place) = found(&old, "管道，有修剪", &old.replace("引流管道", "引，切实管道管道"), true);
    assert!(place.as_ref().is_none_or(|(_, text)| text == "管道管道，有修剪"), "{place:?}");
    let old = format!("{BEFORE}果农们举手推选法，进一步扩大塘坝水面{AFTER}");
    let (_, place) = found(&old, "推选法，进一", &old.replace("进一步扩大", "进一步一，切实扩大"), true);
    assert!(place.is_none(), "either 步 may be the one that was put in: {place:?}");
    let old = format!("{BEFORE}把看护排满全年；切实做到老园改造与新树栽种相结合{AFTER}");
    let (_, place) = found(&old, "实做到老园改造与新树栽种", &old.replace("切实做到", "，切实切实和到"), true);
    assert!(place.is_none(), "either 切实 may be the one that was put in: {place:?}");
}

#[test]
fn a_passage_does_not_take_words_left_of_its_context_with_the_mark_before_them() {
    let old = format!("{OTHER}。开放了还要有人气。各街道要把场地交给居民自己来管，{BEFORE}");
    let new = old.replace("了还要有人气。各", "据统计，全年共举办培训班三十六期，各");
    let (_, place) = found(&old, "。各街道要把场", &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| !text.contains("开放")), "{place:?}");
}

#[test]
fn a_passage_that_begins_on_a_title_is_asked_about_when_one_of_two_equal_titles_is_gone() {
    let title = "在玉带市人才工作推进会上的讲话";
    let old = format!("发布时间二〇二四年七月\n{title}\n导语：{OTHER}\n{title}\n同志们：\n{BEFORE}{AFTER}");
    let new = format!("{title}\n同志们：\n{BEFORE}{AFTER}");
    let quote = "推进会上的讲话\n同志们：\n各位同志去年";
    let (_, place) = found(&old, quote, &new, true);
    assert!(place.is_none(), "{place:?}");
}

#[test]
fn a_quote_is_asked_about_when_its_end_stands_at_its_context_too() {
    let old = format!("{BEFORE}年年都有新样子，为按时实现三村通渠的引水计划多做贡献，{AFTER}");
    for new in [old.replace("按时实现", "按时实，切实现"), old.replace("贡献", "贡新贡献")] {
        let (_, place) = found(&old, "实现三村通渠的引水计划多做贡", &new, false);
        assert!(place.is_none(), "{place:?}");
    }
}

#[test]
fn a_passage_that_lost_a_mark_does_not_take_the_equal_one_beyond_it() {
    let old = format!("{BEFORE}，经常剪一剪、捆一捆、收一收“藤条”，随手浇水施肥，{AFTER}");
    let new = old.replace("捆一捆", "捆捆").replace("收“藤条”，", "收的藤条”，，切实");
    let (_, place) = found(&old, "收一收“藤条", &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| text == "收一收的藤条"), "{place:?}");
    let old = format!("{BEFORE}，学什么？学理论，学法律，也学种养技术，{AFTER}");
    let (_, place) = found(&old, "学什么？学理论，学法律", &old.replace("论，学法律，", "论的学法律，，切实"), true);
    assert!(place.as_ref().is_none_or(|(_, text)| text.ends_with('律')), "{place:?}");
}

#[test]
fn a_passage_is_asked_about_when_a_word_came_between_it_and_its_closing_mark() {
    let old = format!("{BEFORE}也是县委提出的“作风能力提升年”。组织工作千头万绪{AFTER}");
    let new = old.replace("提升年”。组织工作", "提升年组织。新织工作");
    let (_, place) = found(&old, "作风能力提升年”。", &new, true);
    assert!(place.as_ref().is_none_or(|(_, text)| text.ends_with("组织。")), "{place:?}");
}

#[test]
fn a_passage_that_lost_its_first_letters_does_not_take_the_mark_of_words_that_stayed() {
    let intro = "下面，我讲四个方面。\n\n";
    let title = "一、把位置摆正，树牢人才引领发展的理念\n\n";
    let heading = "第一，要算大账。没有人才的支撑，厂房再大也只是外壳，";
    let rest = "订单再多也只是过客。玉带的传感器产业，去年产值只有三十六亿元，今年上半年就达到四十一亿元";
    let old = format!("{BEFORE}{intro}{title}{heading}{rest}{AFTER}");
    let new = format!("{BEFORE}{intro}第一，要算{rest}{AFTER}");
    for quote in ["只是外壳，订单再多也只是过客", "壳，订单再多也只是过客。玉带的传感器产"] {
        let (_, place) = found(&old, quote, &new, true);
        assert!(place.as_ref().is_none_or(|(_, text)| text.starts_with("订单")), "{place:?}");
    }
}

#[test]
fn a_passage_parted_from_its_context_is_not_found_at_a_copy_with_more_of_it() {
    let (title, head) = ("在石溪县新任", "文书座谈会上的讲话\n201");
    let body = "9年7月2日\n同志们：\n今天不开大会，也不念稿子，就是想同大家坐在一起说说话。你们六十位，都是这次";
    let rest = format!("换届新上来的文书，有退伍军人，有返乡青年，有种了半辈子地的老把式，{AFTER}。{OTHER}\n{}", LINES.join("\n"));
    // Text was put into the date, and a copy of what was around it after the next sentence.
    let new = format!("{title}{head}另行通知{body}{head}{body}{rest}");
    let quote = "大会，也不念稿子，就";
    let original = new[..new.find(quote).unwrap()].chars().count();
    let (status, place) = found(&format!("{title}{head}{body}{rest}"), quote, &new, true);
    assert!(place.as_ref().is_none_or(|(at, _)| *at == original), "{status:?} {place:?}");
}

#[test]
fn a_passage_is_found_when_the_text_around_it_keeps_its_order() {
    let lines = LINES.join("\n");
    let old = format!("{BEFORE}，{QUOTE}，{AFTER}。\n{lines}");
    let edited = old.replace("更活，", &format!("更活{OTHER}，")).replace("，各乡镇要拿出具体", &format!("，各乡镇{OTHER}要拿出具体"));
    let copy = format!("{BEFORE}，{QUOTE}，各乡镇要拿出");
    let new = format!("{edited}{copy}");
    let (_, place) = found(&old, QUOTE, &new, true);
    let original = BEFORE.chars().count() + OTHER.chars().count() + 1;
    assert_eq!(place.map(|(at, _)| at), Some(original));
}

#[test]
fn a_passage_is_found_when_one_stretch_with_its_first_letters_was_deleted() {
    let old = format!("{BEFORE}在灌溉型田块里结出了喜人的瓜果，养成了勤剪枝、早打药、细套袋的习惯，{AFTER}");
    let new = old.replace("喜人的瓜果，养成了勤剪枝、早", "");
    let (_, place) = found(&old, "瓜果，养成了勤剪枝、早打药、细套袋的习惯", &new, true);
    assert_eq!(place.map(|(_, text)| text).as_deref(), Some("打药、细套袋的习惯"));
    // Little of it is left, and that in one piece with the text around.
    let old = format!("{BEFORE}要继续打理苗圃，按月印发栽培图册，邀请各村看样板，{AFTER}");
    let new = old.replace("打理苗圃，按月印发栽培", "");
    let (_, place) = found(&old, "印发栽培图册", &new, true);
    assert_eq!(place.map(|(_, text)| text).as_deref(), Some("图册"));
}

#[test]
fn a_passage_is_asked_about_when_words_put_in_before_it_end_with_its_first_letter() {
    let old = format!("{BEFORE}果园浇地的办法进一步变好。年年春天开挖引流新渠，{AFTER}");
    let new = old.replace("进一步", "进和一步进一步");
    let (_, place) = found(&old, "步变好。年年春天开挖", &new, true);
    assert!(place.is_none(), "either 步 may be the one that was put in: {place:?}");
}

#[test]
fn a_passage_is_found_when_its_own_words_were_put_into_its_middle() {
    let quote = format!("对基层干部重点讲群众工作{QUOTE}每期至少完成一份可以直接转化的课题报告，对中层干部重点讲统筹协调把事情办好");
    let old = format!("{BEFORE}，{quote}，{AFTER}");
    let new = old.replace("每期至少完成", "特别是基层干部队伍建设每期至少完成");
    let (status, place) = found(&old, &quote, &new, true);
    assert_eq!((status, place.is_some()), (AnchorStatus::Changed, true));
}

#[test]
fn a_passage_with_an_unclear_end_is_proposed_where_most_of_it_is_left() {
    let old = format!("{BEFORE}，{QUOTE}，{AFTER}");
    let new = old.replace("，抓好人才工作", "另外好工作的，人才");
    let (old, new) = (document(&old), document(&new));
    let start = BEFORE.chars().count() + 1;
    let selector = Selector::for_passage(&old, Span::new(start, start + QUOTE.chars().count())).unwrap();
    let found =
        Resolver::with_past(&new, PastTexts::from_iter([old.source.clone()])).resolve(&Annotation::new(Scope::Passage, selector, "甲"));
    assert!(found.span.or(found.proposed).is_some_and(|span| new.quote(span).contains("把短板补起来")), "{found:?}");
}

/// How the section with this heading of the speech is found in `new`: the heading, or the words taken for it.
fn found_section(heading: &str, edit: impl Fn(&str) -> String) -> (AnchorStatus, Option<String>) {
    let speech = format!(
        "在青禾县组织工作会议上的讲话\n同志们：\n{BEFORE}。\n1.第一道题，怎样让责任落到人头\n{AFTER}。\n\
         2.第二道题，怎样让队伍强起来\n实施百名社工领跑计划，从全区挑选优秀社区工作者，到街道跟班学习。\n\
         3.第三道题，怎样让群众来评判\n{OTHER}。\n"
    );
    let read = |text: &str| parse(SourceText::from(text), &Hints::default());
    let (old, new) = (read(&speech), read(&edit(&speech)));
    let (id, _) = old.outline.iter().find(|(_, section)| old.quote(section.heading).starts_with(heading)).unwrap();
    let selector = Selector::for_section(&old, id).unwrap();
    let resolver = Resolver::with_past(&new, PastTexts::from_iter([old.source.clone()]));
    let found = resolver.resolve(&Annotation::new(Scope::Section, selector, "甲"));
    let section = found.section.and_then(|id| new.outline.get(id)).map(|section| new.quote(section.heading));
    (found.status, section.or_else(|| found.span.map(|span| new.quote(span))))
}

#[test]
fn a_heading_is_found_where_a_copy_of_it_was_pasted_elsewhere() {
    let copy = "学得更好。\n2.第二道题，怎样让队伍强起来\n实施百名社工领跑计划，从全区挑选优秀社区工作者，到街道跟班学习。";
    let (status, heading) = found_section("2.第二", |speech| {
        let parted =
            speech.replace("通报大家互相比一比。\n2", &format!("通报大家互相比一比。{OTHER}\n2")).replace("实施百名", "实施会务组百名");
        parted.replace("同志们：\n", &format!("同志们：\n{copy}\n"))
    });
    assert_eq!(heading.as_deref(), Some("2.第二道题，怎样让队伍强起来"), "{status:?}");
}

#[test]
fn a_heading_without_its_number_is_found_by_its_words_between_its_neighbours() {
    let (status, words) = found_section("2.第二", |speech| speech.replace("2.第二道题，", "在这方面，青禾县的做法值得学习，"));
    assert_eq!(status, AnchorStatus::Changed);
    assert!(words.as_ref().is_some_and(|words| words.starts_with("怎样让队伍强起来")), "{words:?}");
}

#[test]
fn a_heading_that_was_joined_to_what_follows_is_the_beginning_of_its_section() {
    let (_, heading) = found_section("2.第二", |speech| speech.replace("强起来\n实施百名社工领跑计划，从全区", "强起来全区"));
    assert!(heading.as_ref().is_some_and(|heading| heading.starts_with("2.第二道题，怎样让队伍强起来")), "{heading:?}");
}

#[test]
fn a_heading_that_was_deleted_is_not_the_next_one_that_is_half_like_it() {
    let (_, heading) = found_section("2.第二", |speech| {
        speech.replace("2.第二道题，怎样让队伍强起来\n", "").replace("到街道跟班学习。\n3", "到街道跟班学习，3")
    });
    assert_eq!(heading, None);
}

#[test]
fn a_heading_broken_in_two_is_the_section_of_its_second_line_only_with_most_of_all_of_it() {
    let document = parse(
        SourceText::from(
            format!("在培训班上的讲话\n{BEFORE}。\n1、认真开展评比活动，是办好今年夜校\n2、工作和各村合作社的迫切要求\n{AFTER}。\n")
                .as_str(),
        ),
        &Hints::default(),
    );
    let (_, section) = document.outline.iter().find(|(_, section)| document.quote(section.heading).starts_with("2、")).unwrap();
    let Span { start, end } = section.heading;
    let is_it = |before: usize, all: usize| {
        super::section_with(&document, &(start - before..end).collect::<Vec<usize>>(), all).map(|titled| titled.is_it)
    };
    let len = end - start;
    assert_eq!(
        (is_it(len - 1, 2 * len + 5), is_it(len - 1, 2 * len - 1)),
        (Some(false), Some(true)),
        "some of its letters are gone, or none"
    );
}

#[test]
fn a_passage_that_ends_among_equal_letters_is_asked_about_when_one_of_them_is_gone() {
    let old = format!("{BEFORE}湘IC备00000000号");
    let (_, place) = found(&old, "备000000", &format!("{BEFORE}湘IC备0000000"), true);
    assert!(place.is_none(), "{place:?}");
}

#[test]
fn a_quote_at_the_start_of_a_text_is_found_without_context_before_it() {
    let old = format!("在白鹭县组工干部会上的讲话，{BEFORE}");
    let new = old.replace("组工干部", "组工干");
    let (status, place) = found(&old, "在白鹭县组工干部会上", &new, false);
    assert_eq!((status, place), (AnchorStatus::Changed, Some((0, "在白鹭县组工干会上".to_owned()))));
    let old = format!("1、{old}");
    let new = old.replace("1、在", "、和");
    let (_, place) = found(&old, "1、在白鹭县组工干部会上", &new, false);
    assert!(place.as_ref().is_none_or(|(at, _)| *at == 0), "{place:?}");
}

#[test]
fn a_quote_keeps_its_last_mark_when_a_letter_was_put_in_before_it() {
    let old = format!("{BEFORE}为老同志办好五件实事。第一，建一所新的老年大学，投资四千六百万元{AFTER}");
    let new = old.replace("第一，", "第一要，");
    let (status, place) = found(&old, "办好五件实事。第一，", &new, false);
    assert_eq!((status, place.map(|(_, text)| text).as_deref()), (AnchorStatus::Changed, Some("办好五件实事。第一要，")));
}

#[test]
fn a_passage_on_a_deleted_title_is_not_found_on_an_equal_one_that_stayed() {
    let title = "市委常委、农办主任在全市果园工作会议上讲话";
    let next = "下面，我照着今年春天各村开会的情形，谈几点意见，同大家商量。";
    let intro = format!("以下是本站替各位搜集的{title}，供大家参考。");
    let old = format!("{title}\n发布时间二〇二三年十一月\n{intro}\n{title}\n{next}\n{BEFORE}");
    let new = format!("{title}\n{intro}\n{next}\n{BEFORE}");
    let (old, new) = (document(&old), document(&new));
    let start = title.chars().count() + 13 + intro.chars().count() + 2;
    let span = Span::new(start + 11, start + 15);
    let selector = Selector::for_passage(&old, span).unwrap();
    let past = PastTexts::from_iter([old.source.clone()]);
    let found = Resolver::with_past(&new, past).resolve(&Annotation::new(Scope::Passage, selector, "甲"));
    assert_eq!((old.quote(span).as_str(), found.span), ("市果园工", None), "{found:?}");
}
