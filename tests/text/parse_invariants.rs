//! Invariants of parsing arbitrary text: sections nest, and paragraphs cover every char exactly once.

use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::document::parse_provisional;
use pizhu_text::text::RemovedKind;
use pizhu_text::text::SourceText;
use pizhu_text::text::cursor::is_blank;
use proptest::prelude::*;

fn check(document: &Document) {
    let sections = document.outline.sections();
    for (id, section) in document.outline.iter() {
        assert!(section.span.covers(section.heading) && section.heading.start == section.span.start, "{section:?}");
        assert!(section.heading.covers(section.marker) && section.marker.end <= section.title.start, "{section:?}");
        assert!(section.span.end <= document.source.len());
        match section.parent {
            None => assert_eq!(section.depth, 0),
            Some(parent) => {
                let parent_section = sections.section(parent.index());
                assert!(
                    parent < id && parent_section.depth + 1 == section.depth && parent_section.span.covers(section.span),
                    "{parent_section:?} {section:?}"
                );
            }
        }
        let mut end = section.heading.start;
        for (_, child) in document.outline.children(Some(id)) {
            assert!(child.span.start >= end && child.parent == Some(id));
            end = child.span.end;
        }
    }
    assert!(sections.iter().zip(sections.iter().skip(1)).all(|(one, next)| one.span.start < next.span.start));
    // Every char is in one paragraph, in a page mark or Markdown markup, or blank.
    let mut coverage = vec![0u8; document.source.len()];
    for paragraph in document.paragraphs.iter() {
        coverage[paragraph.span.start..paragraph.span.end].iter_mut().for_each(|count| *count += 1);
    }
    let is_outside_paragraphs = |kind| matches!(kind, RemovedKind::PageMark | RemovedKind::Markup);
    for removed in document.cleaning.removed().iter().filter(|removed| is_outside_paragraphs(removed.kind)) {
        coverage[removed.span.start..removed.span.end].iter_mut().for_each(|count| *count = (*count).max(1));
    }
    for (at, c) in document.source.chars_from(0) {
        assert!(coverage[at] == 1 || (coverage[at] == 0 && is_blank(c)), "{at} {c:?} is covered {} times", coverage[at]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn sections_nest_and_paragraphs_cover_every_char(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "一、", "二、", "三、", "（一）", "(二)", "1.", "2、", "3 ", "①", "②", "第一，", "第三、", "一是", "二是", "三要", "首先，", "其次", "最后，",
                "\n", "\n\n", "  ", "　　", "。", "；", "：", "“", "”", "（", ")", "发展", "干部(gàn)队伍", "第 3 页 共 9 页", "- 2 -", "1狈务", "# ", "## ", " #", "**", "*", "- ",
                "同志们：", "在全市会议上的讲话", "首页 > 正文", "附件：", "2024年3月1日", "word and word", "要把基层组织建设好，把队伍带好，把作风转好",
            ]),
            0..80,
        ),
        markdown in any::<bool>(),
    ) {
        let text: String = pieces.concat();
        let hints = if markdown { Hints::markdown() } else { Hints::default() };
        check(&parse(SourceText::from(text.as_str()), &hints));
        check(&parse_provisional(SourceText::from(text.as_str()), &hints));
    }
}
