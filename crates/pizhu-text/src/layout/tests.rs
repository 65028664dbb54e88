//! Tests of layout at small widths, by example and by property.

use super::*;
use crate::document::Document;
use crate::document::Paragraph;
use crate::text::Cleaning;
use crate::text::RemovedKind;
use crate::text::SourceText;
use crate::text::width::AmbiguousWidth;
use proptest::prelude::*;
use std::sync::Arc;

fn document(text: &str) -> Document {
    let source = SourceText::from(text);
    let span = source.span();
    Document { clean_text: source.into(), paragraphs: Arc::new(vec![Paragraph { span, kind: ParagraphKind::Body }]), ..Document::default() }
}

fn rows(text: &str, style: LayoutStyle) -> Vec<String> {
    rows_of_kind(text, ParagraphKind::Body, style)
}

fn rows_of_kind(text: &str, kind: ParagraphKind, style: LayoutStyle) -> Vec<String> {
    let document = document(text);
    lay_out(&document, document.source.span(), kind, true, &style).iter().map(Row::text).collect()
}

fn style(width: u16) -> LayoutStyle {
    LayoutStyle { width, first_indent: 0, ..LayoutStyle::default() }
}

#[test]
fn no_row_begins_with_a_stop_or_ends_with_an_opening_mark() {
    assert_eq!(rows("全县上下一心，共同奋斗。", style(12)), ["全县上下一", "心，共同", "奋斗。"].map(String::from));
    assert_eq!(rows("认真学习贯彻《规划》精神", style(14)), ["认真学习贯彻", "《规划》精神"].map(String::from));
}

#[test]
fn a_last_row_of_one_letter_is_avoided() {
    assert_eq!(rows("青禾县抓发展促", style(12)), ["青禾县抓发", "展促"].map(String::from));
    assert_eq!(rows("青禾县抓发展促。", style(14)), ["青禾县抓发", "展促。"].map(String::from));
}

#[test]
fn the_first_row_is_indented_by_kind() {
    let style = LayoutStyle { width: 12, ..LayoutStyle::default() };
    assert_eq!(rows("青禾县抓发展促改革", style), ["    青禾县抓", "发展促改革"].map(String::from));
    assert_eq!(rows_of_kind("同志们：", ParagraphKind::Salutation, style), ["同志们："]);
    assert_eq!(rows_of_kind("讲话", ParagraphKind::Title, style), ["    讲话"]);
}

#[test]
fn hanging_and_justification() {
    let hang = LayoutStyle { hanging: true, ..style(10) };
    assert_eq!(rows("全县上下心，共同奋斗啊", hang), ["全县上下心，", "共同奋斗啊"].map(String::from));
    let full = LayoutStyle { justify: true, ..style(11) };
    assert_eq!(rows("全县上，共同奋斗努力", full), ["全县上， 共", "同奋斗努力"].map(String::from));
}

#[test]
fn forbidden_breaks_by_penalty() {
    // A URL breaks at the end of the row.
    assert_eq!(rows("https://example.cn/abc", style(10)), ["https://ex", "ample.cn/a", "bc"].map(String::from));
    // A pair breaks last.
    assert_eq!(rows("（（（（——））））", style(8)), ["（（（", "（——））", "））"].map(String::from));
}

#[test]
fn verbatim_lines_are_kept() {
    assert_eq!(rows_of_kind("  项目  金额\n  甲\t1", ParagraphKind::Verbatim, style(20)), ["  项目  金额", "  甲    1"].map(String::from));
}

#[test]
fn removed_text_has_no_glyphs_and_signs_do() {
    let mut document = document("干部(gàn bù)队\u{1b}伍");
    document.clean_text.cleaning = Cleaning::new(vec![(Span::new(2, 10), RemovedKind::Gloss)]);
    let rows = lay_out(&document, document.source.span(), ParagraphKind::Body, true, &style(20));
    assert_eq!(rows.iter().map(Row::text).collect::<Vec<_>>(), ["干部队␛伍"]);
    assert_eq!(rows[0].column_of(5), 4);
    assert_eq!(rows[0].offset_at(4), 10);
    assert!(rows[0].glyphs().nth(3).is_some_and(|glyph| glyph.sign));
}

#[test]
fn ambiguous_marks_are_as_wide_as_the_style_says() {
    let wide = LayoutStyle { ambiguous: AmbiguousWidth::Wide, ..style(10) };
    assert_eq!(rows("抓“三农”好", style(10)), ["抓“三农”好"]);
    assert_eq!(rows("抓“三农”好", wide).len(), 2);
}

/// Random texts with everything that the break rules distinguish.
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
    fn rows_cover_the_text_and_columns_and_offsets_are_inverse(
        text in texts(), width in 8u16..60, wide in any::<bool>(), hanging in any::<bool>(), justify in any::<bool>(), loose in any::<bool>(),
        removed in prop::collection::vec((0usize..80, 1usize..4), 0..6), verbatim in any::<bool>(),
    ) {
        let mut document = document(&text);
        let len = document.source.len();
        document.clean_text.cleaning = Cleaning::new(removed.into_iter().map(|(at, n)| (Span::new(at.min(len), (at + n).min(len)), RemovedKind::Gloss)).collect());
        let style = LayoutStyle {
            width,
            ambiguous: if wide { AmbiguousWidth::Wide } else { AmbiguousWidth::Narrow },
            first_indent: 4,
            kinsoku: if loose { KinsokuStrictness::Loose } else { KinsokuStrictness::Strict },
            hanging,
            justify,
        };
        let kind = if verbatim { ParagraphKind::Verbatim } else { ParagraphKind::Body };
        let rows = lay_out(&document, document.source.span(), kind, true, &style);
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
            let removed = document.cleaning.removed_in(Span::new(offset, offset + 1)).len() == 1;
            prop_assert!(drawn[offset] || removed || c.is_whitespace(), "{} {:?}", offset, c);
        }
    }
}
