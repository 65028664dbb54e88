//! Layout at tiny widths, by hand and by property.

use super::*;
use crate::document::Paragraph;
use crate::text::Cleaning;
use crate::text::RemovedKind;
use crate::text::SourceText;
use proptest::prelude::*;
use std::sync::Arc;

fn document(text: &str) -> Document {
    let source = SourceText::from(text);
    let span = source.span();
    Document { source, paragraphs: Arc::new(vec![Paragraph { span, kind: ParagraphKind::Body }]), ..Document::default() }
}

fn set(text: &str, style: Style) -> Vec<String> {
    set_as(text, ParagraphKind::Body, style)
}

fn set_as(text: &str, kind: ParagraphKind, style: Style) -> Vec<String> {
    let document = document(text);
    lay_out(&document, document.source.span(), kind, &style).iter().map(Row::text).collect()
}

fn style(width: u16) -> Style {
    Style { width, first_indent: 0, ..Style::default() }
}

#[test]
fn no_row_begins_with_a_stop_or_ends_with_an_opening() {
    assert_eq!(set("全县上下一心，共同奋斗。", style(12)), ["全县上下一", "心，共同", "奋斗。"].map(String::from));
    assert_eq!(set("认真学习贯彻《规划》精神", style(14)), ["认真学习贯彻", "《规划》精神"].map(String::from));
}

#[test]
fn a_last_row_of_one_character_is_helped() {
    assert_eq!(set("青禾县抓发展促", style(12)), ["青禾县抓发", "展促"].map(String::from));
    assert_eq!(set("青禾县抓发展促。", style(14)), ["青禾县抓发", "展促。"].map(String::from));
}

#[test]
fn the_first_row_is_indented_by_kind() {
    let style = Style { width: 12, ..Style::default() };
    assert_eq!(set("青禾县抓发展促改革", style), ["    青禾县抓", "发展促改革"].map(String::from));
    assert_eq!(set_as("同志们：", ParagraphKind::Salutation, style), ["同志们："]);
    assert_eq!(set_as("讲话", ParagraphKind::Title, style), ["    讲话"]);
}

#[test]
fn hanging_and_justification() {
    let hang = Style { hanging: true, ..style(10) };
    assert_eq!(set("全县上下心，共同奋斗啊", hang), ["全县上下心，", "共同奋斗啊"].map(String::from));
    let full = Style { justify: true, ..style(11) };
    assert_eq!(set("全县上，共同奋斗努力", full), ["全县上， 共", "同奋斗努力"].map(String::from));
}

#[test]
fn emergencies_come_in_order() {
    // A URL gives way first, at the row's end.
    assert_eq!(set("https://example.cn/abc", style(10)), ["https://ex", "ample.cn/a", "bc"].map(String::from));
    // The pair gives way last.
    assert_eq!(set("（（（（——））））", style(8)), ["（（（", "（——））", "））"].map(String::from));
}

#[test]
fn verbatim_lines_stand_as_they_are() {
    assert_eq!(set_as("  项目  金额\n  甲\t1", ParagraphKind::Verbatim, style(20)), ["  项目  金额", "  甲    1"].map(String::from));
}

#[test]
fn what_cleaning_removed_takes_no_place_and_signs_do() {
    let mut document = document("干部(gàn bù)队\u{1b}伍");
    document.cleaning = Cleaning::new(vec![(Span::new(2, 10), RemovedKind::Gloss)]);
    let rows = lay_out(&document, document.source.span(), ParagraphKind::Body, &style(20));
    assert_eq!(rows.iter().map(Row::text).collect::<Vec<_>>(), ["干部队␛伍"]);
    assert_eq!(rows[0].column_of(5), 4);
    assert_eq!(rows[0].offset_at(4), 10);
    assert!(rows[0].glyphs().nth(3).is_some_and(|glyph| glyph.sign));
}

#[test]
fn ambiguous_marks_take_the_cells_of_the_setting() {
    let wide = Style { ambiguous: Ambiguous::Wide, ..style(10) };
    assert_eq!(set("抓“三农”好", style(10)), ["抓“三农”好"]);
    assert_eq!(set("抓“三农”好", wide).len(), 2);
}

/// Texts in which everything that breaking knows of comes up often.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[青禾县会议工作的]{1,6}",
        2 => "[，。、；：？！]{1,2}",
        2 => "[“”‘’（）《》\"]",
        1 => "[a-zA-Z]{1,12}",
        1 => "[0-9０-９]{1,5}[年个万亿元%]?",
        1 => "—{1,4}|…{1,4}|·|～",
        1 => " {1,3}|\u{3000}|\t|\n",
        1 => any::<char>().prop_map(String::from),
        1 => "[\u{1100}\u{1161}\u{915}\u{94d}]{1,12}",
        1 => Just("e\u{301}👩\u{200d}👧🇨🇳".to_owned()),
    ];
    prop::collection::vec(piece, 1..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn rows_span_the_text_and_places_are_inverse(
        text in texts(), width in 8u16..60, wide in any::<bool>(), hanging in any::<bool>(), justify in any::<bool>(), loose in any::<bool>(),
        removed in prop::collection::vec((0usize..80, 1usize..4), 0..6), verbatim in any::<bool>(),
    ) {
        let mut document = document(&text);
        let len = document.source.len();
        document.cleaning = Cleaning::new(removed.into_iter().map(|(at, n)| (Span::new(at.min(len), (at + n).min(len)), RemovedKind::Gloss)).collect());
        let style = Style {
            width,
            ambiguous: if wide { Ambiguous::Wide } else { Ambiguous::Narrow },
            first_indent: 4,
            kinsoku: if loose { Kinsoku::Loose } else { Kinsoku::Strict },
            hanging,
            justify,
        };
        let kind = if verbatim { ParagraphKind::Verbatim } else { ParagraphKind::Body };
        let rows = lay_out(&document, document.source.span(), kind, &style);
        prop_assert_eq!(rows.first().map(|row| row.span.start), Some(0));
        prop_assert_eq!(rows.last().map(|row| row.span.end), Some(len));
        prop_assert!(rows.windows(2).all(|pair| pair[0].span.end == pair[1].span.start));
        let mut drawn = vec![false; len];
        for row in &rows {
            let limit = width + if hanging { 2 } else { 0 };
            prop_assert!(row.width() <= limit);
            let mut end = 0;
            for glyph in row.glyphs() {
                prop_assert!(glyph.column >= end && glyph.width > 0);
                end = glyph.end_column();
                prop_assert!(row.span.covers(glyph.span()));
                for (offset, drawn) in drawn.iter_mut().enumerate().take(glyph.span().end).skip(glyph.offset) {
                    prop_assert!(!std::mem::replace(drawn, true));
                    prop_assert_eq!(row.column_of(offset), glyph.column);
                }
                for column in glyph.column..glyph.end_column() {
                    prop_assert_eq!(row.offset_at(column), glyph.offset);
                }
                prop_assert!(!glyph.text().chars().any(char::is_control));
            }
        }
        for (offset, c) in document.source.chars_from(0) {
            let removed = document.cleaning.within(Span::new(offset, offset + 1)).len() == 1;
            prop_assert!(drawn[offset] || removed || c.is_whitespace(), "{} {:?}", offset, c);
        }
    }
}
