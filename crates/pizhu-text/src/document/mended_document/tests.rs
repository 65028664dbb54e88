use super::*;
use crate::document::{Hints, OrdinalKind, Outline, OutlineChange, ParagraphKind, parse};
use crate::text::SourceText;
use crate::text::cursor::is_blank;
use proptest::prelude::*;

const TEXT: &str = "在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n（一）把方向\n\n看准。\n\n（二）抓落实\n\n要快。\n\n二、保障措施\n\n要实。\n\n（一）人\n\n选好。\n\n（二）钱\n\n管好。\n";

fn document(text: &str) -> Document {
    parse(SourceText::from(text), &Hints::default())
}

/// The span of `words` in the text.
fn span(document: &Document, words: &str) -> Span {
    let text = document.quote(document.source.span());
    let start = text.split_once(words).unwrap().0.chars().count();
    Span::new(start, start + words.chars().count())
}

/// The tree as `marker title` lines, indented by depth.
fn tree(document: &Document) -> Vec<String> {
    let line = |section: crate::document::Section<'_>| {
        format!("{}{}{}", " ".repeat(usize::from(section.depth)), section.marker_text, section.title_text)
    };
    document.outline.sections().iter().map(line).collect()
}

fn edited(document: &Document, edits: &[(&str, OutlineChange)]) -> Document {
    document.mended(&edits.iter().map(|(words, change)| OutlineEdit::new(span(document, words), *change)).collect::<Vec<_>>())
}

#[test]
fn words_of_a_heading_may_reach_into_the_next_paragraph() {
    let document = document(TEXT);
    for words in ["要实。\n\n（一）人", "管好。", "要快。\n\n二、保"] {
        check(&edited(&document, &[(words, OutlineChange::Heading(0))]));
    }
}

#[test]
fn a_heading_moves_with_the_sections_below_it() {
    let document = document(TEXT);
    let demoted = edited(&document, &[("二、保障措施", OutlineChange::Demote)]);
    assert_eq!(tree(&demoted), ["一、总体要求", " （一）把方向", " （二）抓落实", " 二、保障措施", "  （一）人", "  （二）钱"]);
    let promoted = edited(&document, &[("（二）抓落实", OutlineChange::Promote)]);
    assert_eq!(tree(&promoted)[2], "（二）抓落实");
    let moved = promoted.outline.resolve("（二）").unwrap();
    assert!(promoted.is_mended(moved) && !promoted.is_mended(SectionId(0)));
    assert!(promoted.outline.get(moved).unwrap().confidence.chance() >= 1.0);
    for (words, change) in
        [("一、总体要求", OutlineChange::Promote), ("（一）把方向", OutlineChange::Demote), ("要稳", OutlineChange::Promote)]
    {
        assert_eq!(tree(&edited(&document, &[(words, change)])), tree(&document), "{words} cannot be moved so");
    }
}

#[test]
fn rejected_heading_becomes_body_and_its_sections_move_up() {
    let document = document(TEXT);
    let removed = edited(&document, &[("二、保障措施", OutlineChange::NoHeading)]);
    assert_eq!(tree(&removed), ["一、总体要求", " （一）把方向", " （二）抓落实", " （一）人", " （二）钱"]);
    let paragraph = removed.paragraphs[removed.paragraph_at(span(&document, "二、保障措施").start).unwrap()];
    assert_eq!(paragraph.kind, ParagraphKind::Body);
    assert_eq!(removed.outline.section_at(paragraph.span.start), removed.outline.resolve("一/（二）#1").ok(), "of the section before");
    assert_eq!(removed.mending.as_ref().unwrap().removed().len(), 1);
    // Without a section of its level before it, those below it take its place.
    let first = edited(&document, &[("一、总体要求", OutlineChange::NoHeading)]);
    assert_eq!(tree(&first), ["（一）把方向", "（二）抓落实", "二、保障措施", " （一）人", " （二）钱"]);
    let ids: Vec<_> = first
        .paragraphs
        .iter()
        .filter_map(|paragraph| if let ParagraphKind::Heading(id) = paragraph.kind { Some(id.0) } else { None })
        .collect();
    assert_eq!(ids, [0, 1, 2, 3, 4], "paragraphs name the new sections");
    // It comes back as it was.
    let again = edited(&document, &[("二、保障措施", OutlineChange::NoHeading), ("二、保障措施", OutlineChange::Heading(1))]);
    assert_eq!(tree(&again), tree(&document));
    assert!(again.mending.as_ref().unwrap().removed().is_empty());
}

#[test]
fn words_become_a_heading_with_their_ordinal() {
    let text = "在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n各项工作都要往前赶\n三、补短板\n一步一步来。\n";
    let document = document(text);
    let words = document.heading_words(Span::empty(span(&document, "补短板").start)).unwrap();
    assert_eq!(document.quote(words), "三、补短板");
    assert_eq!(document.likely_level(words), 1);
    let made = document.mended(&[OutlineEdit::new(words, OutlineChange::Heading(1))]);
    let section = made.outline.get(made.outline.resolve("三").unwrap()).unwrap();
    assert_eq!((section.kind, section.number, section.title_text), (OrdinalKind::HanEnumComma, 3, "补短板"));
    assert_eq!(made.quote(section.heading), "三、补短板");
    let kinds: Vec<(String, ParagraphKind)> =
        made.paragraphs.iter().rev().take(3).map(|paragraph| (made.text(paragraph.span), paragraph.kind)).collect();
    assert_eq!(kinds[0], ("一步一步来。".to_owned(), ParagraphKind::Body));
    assert_eq!(kinds[1], ("三、补短板".to_owned(), ParagraphKind::Heading(SectionId(1))));
    assert_eq!(kinds[2], ("各项工作都要往前赶".to_owned(), ParagraphKind::Subheading));
    // A line of a paragraph becomes one of its own.
    let document = parse(SourceText::from("在青禾县会议上的讲话\n\n同志们：\n\n去年很忙，\n再说今年\n大家都要抓紧。\n"), &Hints::default());
    let words = document.heading_words(Span::empty(span(&document, "说今年").start)).unwrap();
    let line = document.mended(&[OutlineEdit::new(words, OutlineChange::Heading(1))]);
    let texts: Vec<String> = line.paragraphs.iter().rev().take(3).map(|paragraph| line.text(paragraph.span)).collect();
    assert_eq!(texts, ["大家都要抓紧。", "再说今年", "去年很忙，"]);
    // A point inside a paragraph cuts none.
    let document =
        parse(SourceText::from("在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳，五、补短板也要抓。\n"), &Hints::default());
    assert_eq!(tree(&document), ["一、总体要求"]);
    let point = document.mended(&[OutlineEdit::new(span(&document, "五、补短板"), OutlineChange::Heading(2))]);
    assert_eq!(tree(&point), ["一、总体要求", " 五、补短板"]);
    let section = point.outline.get(SectionId(1)).unwrap();
    assert_eq!((section.kind, section.number, section.title_text), (OrdinalKind::HanEnumComma, 5, "补短板"));
    assert_eq!(point.paragraphs, document.paragraphs);
}

#[test]
fn the_title_is_what_the_user_says() {
    let document = document("青禾县政府网\n\n在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n二、保障措施\n\n要实。\n");
    let words = |words: &str| document.title_words(Span::empty(span(&document, words).start)).unwrap();
    let titled = document.mended(&[OutlineEdit::new(words("青禾县政府网"), OutlineChange::Title)]);
    assert_eq!(titled.metadata.title.as_deref(), Some("青禾县政府网"));
    assert_eq!(titled.paragraphs[0].kind, ParagraphKind::Title);
    let section = document.mended(&[OutlineEdit::new(words("二、保障"), OutlineChange::Title)]);
    assert_eq!((section.metadata.title.as_deref(), section.outline.sections().len()), (Some("二、保障措施"), 1), "a title is no section");
    let back = titled.mended(&[
        OutlineEdit::new(words("青禾县政府网"), OutlineChange::Title),
        OutlineEdit::new(words("青禾县政府网"), OutlineChange::NoHeading),
    ]);
    assert_eq!(back.metadata, document.metadata);
    let at = document.metadata.title_span.unwrap();
    assert_eq!(document.mended(&[OutlineEdit::new(at, OutlineChange::NoHeading)]).metadata.title, None);
}

#[test]
fn equal_heading_edits_of_two_authors_count_once() {
    let document = document(TEXT);
    let at = span(&document, "（二）钱");
    let promote = OutlineEdit { at, change: OutlineChange::Promote, level: Some(2), stretch: None };
    assert_eq!(tree(&document.mended(&[promote, promote])), tree(&document.mended(&[promote])));
    let demote = OutlineEdit { at, change: OutlineChange::Demote, level: Some(2), stretch: None };
    assert_eq!(tree(&document.mended(&[demote, demote])), tree(&document.mended(&[demote])));
    let again = OutlineEdit { level: Some(3), ..demote };
    assert_eq!(tree(&document.mended(&[demote, again]))[5], "  （二）钱", "nothing above it is as deep");
}

#[test]
fn paths_are_numbered_anew_without_the_texts() {
    let parsed = document(TEXT);
    let steps = parsed.outline.iter().map(|(id, section)| (section.depth, section.heading, parsed.outline.step(id).unwrap().to_owned()));
    let cached =
        Document { outline: Outline::from_steps(steps.collect(), parsed.source.len()), paragraphs: Arc::default(), ..parsed.clone() };
    let edits = [
        OutlineEdit::new(span(&parsed, "二、保障措施"), OutlineChange::NoHeading),
        OutlineEdit::new(span(&parsed, "要快"), OutlineChange::Heading(1)),
    ];
    let paths = |document: &Document| document.outline.iter().map(|(id, _)| document.outline.path_text(id)).collect::<Vec<_>>();
    let expected = paths(&parsed.mended(&edits));
    assert_eq!(expected, ["一、", "一、/（一）", "一、/（二）", "要快", "要快/（一）", "要快/（二）"]);
    assert_eq!(paths(&cached.mended(&edits)), expected);
}

/// Checks that the sections nest and the paragraphs cover every char once.
fn check(document: &Document) {
    let sections = document.outline.sections();
    for (id, section) in document.outline.iter() {
        assert!(section.span.covers(section.heading) && section.heading.start == section.span.start, "{section:?}");
        assert!(section.heading.covers(section.marker) && section.marker.end <= section.title.start, "{section:?}");
        assert!(!section.heading.is_empty() && section.span.end <= document.source.len());
        match section.parent {
            None => assert_eq!(section.depth, 0),
            Some(parent) => {
                let above = sections.section(parent.index());
                assert!(parent < id && above.depth + 1 == section.depth && above.span.covers(section.span), "{above:?} {section:?}");
            }
        }
        assert_eq!(document.outline.resolve(&document.outline.path_text(id)), Ok(id));
    }
    assert!(sections.iter().zip(sections.iter().skip(1)).all(|(one, next)| one.span.start < next.span.start));
    let mut coverage = vec![0u8; document.source.len()];
    let mut last = 0;
    for paragraph in document.paragraphs.iter() {
        assert!(paragraph.span.start >= last && !paragraph.span.is_empty());
        last = paragraph.span.end;
        coverage[paragraph.span.start..paragraph.span.end].iter_mut().for_each(|count| *count += 1);
        if let ParagraphKind::Heading(id) = paragraph.kind {
            let start = sections.section(id.index()).heading.start;
            assert!(paragraph.span.contains(start), "{paragraph:?} {start}");
        }
    }
    let before = document.parsed();
    let outside = |offset: usize| !before.paragraphs.iter().any(|paragraph| paragraph.span.contains(offset));
    for (at, c) in document.source.chars_from(0) {
        assert!(coverage[at] == 1 || (coverage[at] == 0 && (is_blank(c) || outside(at))), "{at} {c:?} is covered {} times", coverage[at]);
    }
}

fn change() -> impl Strategy<Value = OutlineChange> {
    prop_oneof![
        Just(OutlineChange::Promote),
        Just(OutlineChange::Demote),
        Just(OutlineChange::NoHeading),
        Just(OutlineChange::Title),
        (0_u8..9).prop_map(OutlineChange::Heading),
    ]
}

/// A text of headings, lines and sentences.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "一、总体要求",
        "二、保障",
        "三、落实",
        "（一）人",
        "(二)钱",
        "1.地",
        "①山",
        "第一，水",
        "一是快。",
        "二是稳。",
        "首先，办",
        "最后，好",
        "\n",
        "\n\n",
        "  ",
        "。",
        "：",
        "# ",
        "## 小结",
        "同志们：",
        "在青禾县会议上的讲话",
        "要把基层组织建设好，把队伍带好。",
        "- 2 -",
        "2024年3月1日",
        "干部(gàn)队伍",
    ]);
    prop::collection::vec(piece, 1..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_edits_give_a_well_formed_tree_over_the_same_text(
        text in text(),
        markdown in any::<bool>(),
        edits in prop::collection::vec((0.0..1.0_f64, 0..12_usize, change(), any::<bool>(), prop::option::of(1_u16..5)), 0..16),
    ) {
        let parsed = parse(SourceText::from(text.as_str()), &if markdown { Hints::markdown() } else { Hints::default() });
        let mut document = parsed.clone();
        let mut made: Vec<OutlineEdit> = Vec::new();
        for (place, length, change, on_heading, level) in edits {
            let start = (place * document.source.len() as f64) as usize;
            let sections = document.outline.sections();
            let heading = sections.get((place * sections.len() as f64) as usize).map(|section| section.heading);
            let at = heading.filter(|_| on_heading).or_else(|| document.heading_words(Span::new(start, start + length)));
            let at = at.unwrap_or(Span::new(start, (start + length).min(document.source.len())));
            made.push(OutlineEdit { at, change, level, stretch: None });
            document = document.mended(&made);
            check(&document);
            prop_assert_eq!(&document.source, &parsed.source);
        }
        // Undone, everything is as it was.
        let undone = document.mended(&[]);
        prop_assert_eq!(&undone.outline, &parsed.outline);
        prop_assert_eq!(&undone.paragraphs, &parsed.paragraphs);
        prop_assert_eq!(&undone.metadata, &parsed.metadata);
        // An edit more and less.
        let fewer = document.mended(&made[..made.len().saturating_sub(1)]);
        prop_assert_eq!(tree(&fewer.mended(&made)), tree(&document));
    }

    #[test]
    fn a_move_and_its_opposite_change_nothing(text in text(), which in 0.0..1.0_f64, first_up in any::<bool>()) {
        let document = parse(SourceText::from(text.as_str()), &Hints::default());
        let sections = document.outline.sections();
        if let Some(section) = sections.get((which * sections.len() as f64) as usize) {
            let (one, other) = if first_up { (OutlineChange::Promote, OutlineChange::Demote) } else { (OutlineChange::Demote, OutlineChange::Promote) };
            let there = document.mended(&[OutlineEdit::new(section.heading, one)]);
            if tree(&there) != tree(&document) {
                let back = document.mended(&[OutlineEdit::new(section.heading, one), OutlineEdit::new(section.heading, other)]);
                prop_assert_eq!(&back.outline, &document.outline);
                prop_assert!(back.mending.is_none());
            }
        }
    }
}
