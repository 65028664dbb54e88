//! Anchors annotations by a comparison of the text they were placed in with the present one.

use super::{
    boundaries::classify,
    comparison::Placement,
    normalized_text::SignificantChars,
    past_text::ComparedText,
    resolution::{AnchorStatus, Resolution},
};
use crate::selector::Selector;
use pizhu_text::document::{Document, Section, SectionId};
use pizhu_text::text::{SourceText, Span};
use std::collections::BTreeMap;

/// Where the passage went. Where the comparison cannot decide, its quote with the whole context on
/// both sides does (`by_selector`).
pub(super) fn passage(
    document: &Document,
    selector: &Selector,
    compared: ComparedText<'_>,
    by_selector: impl FnOnce() -> Resolution,
) -> Resolution {
    match compared.comparison.place(selector.span()) {
        Placement::Found(span) => {
            let span = with_white_space(&document.source, selector, span);
            Resolution::found(classify(document, selector, span), span)
        }
        Placement::Gone => {
            // With all that was around it, it was copied, and the original is what was taken apart.
            let found = by_selector();
            let is_whole = found.span.is_some_and(|span| has_same_surroundings(document, selector, span));
            if is_whole { found } else { Resolution::orphaned() }
        }
        Placement::Undecided(proposed) => {
            let found = by_selector();
            match found.span {
                Some(span) if has_same_surroundings(document, selector, span) => found,
                Some(span) => Resolution::review(proposed.unwrap_or(span)),
                None => proposed.map_or(found, Resolution::review),
            }
        }
    }
}

/// Whether the letters and digits at `span` and around it are those of the selector.
fn has_same_surroundings(document: &Document, selector: &Selector, span: Span) -> bool {
    let Some(there) = Selector::for_passage(document, span) else { return false };
    let same = |one: &str, other: &str| SignificantChars::from_text(one) == SignificantChars::from_text(other);
    same(&there.quote, &selector.quote) && same(&there.before, &selector.before) && same(&there.after, &selector.after)
}

/// `span` with the white space at its ends that the quote has there, too.
fn with_white_space(source: &SourceText, selector: &Selector, span: Span) -> Span {
    let lead: Vec<char> = selector.quote.chars().take_while(|c| c.is_whitespace()).collect();
    let trail = selector.quote.chars().rev().take_while(|c| c.is_whitespace()).count();
    let trail = selector.quote.chars().rev().take(trail).collect::<Vec<char>>();
    let start = source.chars_before(span.start).zip(lead.iter().rev()).take_while(|((_, c), own)| c == *own).count();
    let end = source.chars_from(span.end).zip(trail.iter().rev()).take_while(|((_, c), own)| c == *own).count();
    Span::new(span.start - start, span.end + end)
}

/// Where the section went: to the one whose heading has the letters of its heading. If the outline has
/// none, its heading and the words below it are still there, without being a section.
pub(super) fn section(
    document: &Document,
    selector: &Selector,
    compared: ComparedText<'_>,
    by_selector: impl FnOnce() -> Resolution,
) -> Resolution {
    let comparison = compared.comparison;
    match comparison.place(selector.span()) {
        Placement::Gone => Resolution::orphaned(),
        Placement::Found(heading) => match section_with(document, &comparison.letters_left(selector.span())) {
            Some((id, section)) => found(document, selector, id, section),
            None => Resolution::found(AnchorStatus::Changed, Span::new(heading.start, end_of_words(document, selector, heading, compared))),
        },
        Placement::Undecided(proposed) => {
            let heading = comparison.heading_letters(selector.span());
            if let Some((id, section)) = heading.and_then(|letters| section_with(document, &letters)) {
                return found(document, selector, id, section);
            }
            let found = by_selector();
            let section = found.section.and_then(|id| document.outline.get(id));
            let is_same = section.is_some_and(|section| has_same_surroundings(document, selector, section.heading));
            match found.span.or(found.proposed).or(proposed) {
                Some(_) if is_same => found,
                Some(span) => Resolution::review(span),
                None => Resolution::orphaned(),
            }
        }
    }
}

/// Where the words below a heading end that is at `heading` and no longer one of the outline: where the
/// section's last words went, but before the next heading if they are not below it any more.
fn end_of_words(document: &Document, selector: &Selector, heading: Span, compared: ComparedText<'_>) -> usize {
    let sections = document.outline.sections();
    let next = sections.partition_point(|section| section.heading.start < heading.end);
    let next = sections.get(next).map_or(document.source.len(), |section| section.heading.start);
    let last =
        compared.end_of_section(selector.span()).and_then(|end| end.checked_sub(1)).and_then(|last| compared.comparison.nearest(last));
    match last {
        Some(last) if last >= heading.end => last + 1,
        _ => next.max(heading.end),
    }
}

/// The section whose heading has most of the letters at these offsets, and little else.
fn section_with<'a>(document: &'a Document, letters: &[usize]) -> Option<(SectionId, Section<'a>)> {
    let sections = document.outline.sections();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for at in letters {
        let next = sections.partition_point(|section| section.heading.start <= *at);
        if let Some(index) = next.checked_sub(1)
            && sections.get(index).is_some_and(|section| section.heading.contains(*at))
        {
            *counts.entry(index).or_default() += 1;
        }
    }
    let (index, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let section = sections.get(index)?;
    let own = document.quote(section.heading).chars().filter(|c| c.is_alphanumeric()).count();
    (2 * count > letters.len() && 5 * count >= 2 * own).then_some((SectionId(u32::try_from(index).ok()?), section))
}

fn found(document: &Document, selector: &Selector, id: SectionId, section: Section<'_>) -> Resolution {
    let status = match classify(document, selector, section.heading) {
        AnchorStatus::Exact if section.heading != selector.span() => AnchorStatus::Moved,
        status => status,
    };
    Resolution { section: Some(id), ..Resolution::found(status, section.span) }
}

#[cfg(test)]
mod tests {
    use super::super::{AnchorStatus, PastTexts, Resolver};
    use crate::{Annotation, Scope, Selector};
    use pizhu_text::document::Document;
    use pizhu_text::text::{SourceText, Span};

    fn document(text: &str) -> Document {
        Document { is_final: true, ..Document::from(SourceText::from(text)) }
    }

    /// How the first `quote` of `old` is found in `new`, and the place with what follows it.
    fn found(old: &str, quote: &str, new: &str, with_past: bool) -> (AnchorStatus, Option<(usize, String)>) {
        let (old, new) = (document(old), document(new));
        let text = old.quote(old.source.span());
        let start = text[..text.find(quote).unwrap()].chars().count();
        let selector = Selector::for_passage(&old, Span::new(start, start + quote.chars().count())).unwrap();
        let past = PastTexts::from_iter(with_past.then(|| old.source.clone()));
        let found = Resolver::with_past(&new, past).resolve(&Annotation::new(Scope::Passage, selector, "甲"));
        (found.status, found.span.map(|span| (span.start, new.quote(span))))
    }

    const BEFORE: &str = "各位同志去年全县新办夜校三十所培训村组干部两千多人次群众反映很好今年要接着办而且要办得更活";
    const QUOTE: &str = "抓好人才工作把短板补起来把长板做得更长";
    const AFTER: &str = "各乡镇要拿出具体办法每个季度报一次进展年底由组织部逐项验收并把结果在全县通报大家互相比一比";

    #[test]
    fn words_pasted_elsewhere_are_never_the_passage_that_was_edited() {
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
    fn the_closing_mark_stays_with_the_passage_beyond_what_was_put_in() {
        let old = format!("{BEFORE}。祝培训班圆满成功！");
        let quote = "祝培训班圆满成功！";
        let (status, place) = found(&old, quote, &old.replace("成功！", "成功厊！"), true);
        assert_eq!((status, place.map(|(_, text)| text).as_deref()), (AnchorStatus::Changed, Some("祝培训班圆满成功厊！")));
    }

    #[test]
    fn letters_left_on_a_line_of_others_belong_to_the_passage() {
        let old = format!("{BEFORE}生态\n留人要留心。{AFTER}");
        let new = format!("{BEFORE}生组织态\n组织留人要留心。{AFTER}");
        let (_, place) = found(&old, "态\n留人要", &new, true);
        assert!(place.as_ref().is_none_or(|(_, text)| text == "态\n组织留人要"), "{place:?}");
    }

    #[test]
    fn the_last_mark_stays_with_the_passage_whatever_line_follows_it() {
        let quote = "让群众满意。\n祝这期培训班圆满成功！";
        let old = format!("在培训班上的讲话\n{BEFORE}。\n{AFTER}，{quote}\n");
        let edited = quote.replace("培训班圆满", "巢训母樰旄");
        let new = format!("{AFTER}，{edited}\n在培训班上的讲话\n{BEFORE}。\n");
        let (_, place) = found(&old, quote, &new, true);
        assert!(place.as_ref().is_none_or(|(_, text)| *text == edited), "{place:?}");
    }

    #[test]
    fn what_stands_before_the_first_line_when_it_was_moved_is_not_part_of_it() {
        let old = format!("1、在白鹭县组工干部会上{BEFORE}。\n{AFTER}。\n");
        let new = format!("{AFTER}。还要坐得住笑得出。\n、在白鹭县组工干部会上{BEFORE}。\n");
        let (_, place) = found(&old, "1、在白鹭县组工干部", &new, true);
        assert!(place.as_ref().is_none_or(|(_, text)| !text.contains('出')), "{place:?}");
    }

    #[test]
    fn a_copy_of_the_words_before_put_into_the_passage_is_not_its_beginning() {
        let old = format!("{BEFORE}以后不写心得体会，写一事一得，每篇不超过八百字，写清楚一件事{AFTER}");
        let new = old.replace("写一事一得，每篇不超过", "写一事一得，每篇一事一得，每不超过");
        let (_, place) = found(&old, "每篇不超过八百字，写清楚一件", &new, true);
        assert!(place.as_ref().is_none_or(|(_, text)| text.starts_with("每不超过")), "{place:?}");
    }

    #[test]
    fn a_heading_whose_second_line_was_moved_away_is_not_found_by_its_first() {
        let quote = "一是在推动深入系统\n学习、全面准确领会精神实质上下功夫";
        let old = format!("{BEFORE}。\n{quote}。要切实办好讲习所\n{AFTER}。\n散会以后另行通知。\n");
        let (head, tail) = quote.split_once('\n').unwrap();
        let new = format!("{BEFORE}。\n{head}\n{AFTER}。\n散会以后另行通知。{tail}。要切实办好讲习所\n");
        let (_, place) = found(&old, quote, &new, true);
        assert!(place.is_none(), "{place:?}");
    }

    #[test]
    fn a_copy_before_the_original_is_not_the_passage() {
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
    fn the_rest_of_a_passage_is_found_where_its_other_line_was_deleted() {
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
    fn a_line_that_stands_twice_is_not_the_rest_of_a_passage() {
        let title = "在玉带市人才工作推进会上的讲话";
        let old = format!("首页　讲话稿\n{title}\n发布日期二〇二四年七月八日上午\n{title}\n同志们：{BEFORE}{AFTER}");
        let quote = format!("七月八日上午\n{title}\n同志们：各位同志去年");
        let new = format!("首页　讲话稿\n{title}\n同志们：{BEFORE}{AFTER}");
        let (_, place) = found(&old, &quote, &new, false);
        assert!(place.is_none(), "{place:?}");
    }

    #[test]
    fn the_beginning_of_a_line_that_another_has_come_in_place_of_is_not_taken() {
        let old = format!("{BEFORE}不断夯实基层基础；\n要坚持痕迹化管理，建立清单和台账；\n要坚持数据化考核，每季度互查互评，{AFTER}");
        let new = old.replace("要坚持痕迹化管理，建立清单和台账；\n", "");
        for with_past in [true, false] {
            let (_, place) = found(&old, "基层基础；\n要", &new, with_past);
            assert!(place.as_ref().is_none_or(|(_, text)| text == "基层基础；"), "{with_past} {place:?}");
        }
    }

    #[test]
    fn a_passage_that_begins_a_line_is_clear_wherever_the_line_was_moved() {
        let old = LINES.join("\n");
        let new = [LINES[2], LINES[0], LINES[1], LINES[3]].join("\n");
        for quote in ["第二", "都看得见。"] {
            let (status, place) = found(&old, quote, &new, true);
            assert_eq!((status, place.map(|(_, text)| text).as_deref()), (AnchorStatus::Moved, Some(quote)));
        }
    }

    #[test]
    fn closing_marks_do_not_stay_beyond_a_letter_put_in_before_them() {
        let old = format!("{BEFORE}青年的比例不低于45%；\n新设立的基金{AFTER}");
        let new = format!("{BEFORE}青年的比不低于45新%；\n设立的基金{AFTER}");
        let (_, place) = found(&old, "低于45%；", &new, true);
        assert!(place.as_ref().is_none_or(|(_, text)| text.ends_with("%；")), "{place:?}");
    }

    #[test]
    fn a_letter_put_in_that_is_also_the_next_one_does_not_blur_an_end_that_is_whole() {
        let old = format!("{BEFORE}，{QUOTE}，{AFTER}");
        let new = old.replace("把长板做得更长", "把长板各做得更长");
        let (status, place) = found(&old, QUOTE, &new, false);
        assert_eq!(
            (status, place.map(|(_, text)| text)),
            (AnchorStatus::Changed, Some(QUOTE.replace("把长板做得更长", "把长板各做得更长")))
        );
        let (_, place) = found(&old, QUOTE, &old.replace("做得更长", "做得更长各长"), false);
        assert!(place.is_none(), "either 各 may be the one that stood after the passage: {place:?}");
    }

    #[test]
    fn a_line_that_was_deleted_is_not_another_one_like_it_that_stayed() {
        let title = "市委常委、组织部长在全市组织工作会议上讲话";
        let next = "下面，我结合学习贯彻全国全省会议精神，谈几点意见，同大家商量。";
        let intro = format!("下面是小编为大家整理的{title}，供大家参考。");
        let old = format!("{title}\n发布时间二〇二三年十一月\n{intro}\n{title}\n{next}\n{BEFORE}");
        let new = format!("{title}\n{intro}\n{next}\n{BEFORE}");
        let (old, new) = (document(&old), document(&new));
        let start = title.chars().count() + 13 + intro.chars().count() + 2;
        let span = Span::new(start + 11, start + 15);
        let selector = Selector::for_passage(&old, span).unwrap();
        let past = PastTexts::from_iter([old.source.clone()]);
        let found = Resolver::with_past(&new, past).resolve(&Annotation::new(Scope::Passage, selector, "甲"));
        assert_eq!((old.quote(span).as_str(), found.span), ("市组织工", None), "{found:?}");
    }
}
