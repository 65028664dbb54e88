//! Layout of paragraphs in rows of terminal cells. Pure.
//!
//! [`segments`] cuts a paragraph into segments of bounded size, [`lay_out`] lays out one segment.
//! Removed text takes no cells; control characters are drawn as signs.
//!
//! Invariants: the rows of a segment are contiguous and cover it; the glyphs of a row are in order,
//! do not overlap, and are within the column, except one hanging mark; each cluster that is not
//! removed, not a line end and not white space at the start or end of a row has exactly one glyph;
//! [`Row::column_of`] and [`Row::offset_at`] are inverse on the glyphs.
//!
//! Each boundary between two clusters has a [`breaks::BreakPenalty`], by UAX #14 and the CJK rules:
//! kinsoku, pairs, quotes by direction, numbers with units, run-in markers, Latin words, URLs. Rows
//! end at allowed breaks; text wider than the column without one breaks at its lowest penalty.

pub mod breaks;
mod char_props;
mod cluster;
mod fill;
mod justify;
mod kinsoku;
mod number;
#[cfg(test)]
mod oracle;
mod row;
mod segment;
mod style;
mod table;

pub use kinsoku::KinsokuStrictness;
pub use row::{Glyph, Row};
pub use segment::{segment_at, segments};
pub use style::{LayoutStyle, MIN_WIDTH};
pub use table::{DocumentTables, TableColumns, lay_out_row};

use crate::document::ParagraphKind;
use crate::text::{CleanText, SourceText, Span, width::AmbiguousWidth};
use breaks::BreakPenalty;
use style::SegmentShape;

/// Builds the tables ahead of the first layout.
pub fn prepare() {
    char_props::prepare();
}

/// Lays out a segment, from [`segments`] or [`segment_at`], of a paragraph of `kind`.
///
/// The first segment of a heading or body paragraph is indented; titles are centred.
///
/// ```
/// use pizhu_text::{
///     document::{Document, ParagraphKind},
///     layout::{LayoutStyle, lay_out},
///     text::SourceText,
/// };
///
/// let document = Document::from(SourceText::from("全县上下一心，共同奋斗。"));
/// let style = LayoutStyle { width: 12, first_indent: 0, ..LayoutStyle::default() };
/// let rows = lay_out(&document, document.source.span(), ParagraphKind::Body, true, &style);
/// let rows: Vec<String> = rows.iter().map(|row| row.text()).collect();
/// // Kinsoku: no row begins with a comma.
/// assert_eq!(rows, ["全县上下一", "心，共同", "奋斗。"]);
/// ```
#[must_use]
pub fn lay_out(text: &CleanText, segment: Span, kind: ParagraphKind, begins_paragraph: bool, style: &LayoutStyle) -> Vec<Row> {
    let style = LayoutStyle { width: style.width.max(MIN_WIDTH), ..*style };
    let shape = segment_shape(kind, begins_paragraph, style);
    let clusters = cluster::SegmentClusters::new(text, segment, style.ambiguous);
    let penalties = breaks::break_penalties(&clusters, style.kinsoku);
    fill::rows(&clusters, &penalties, style, shape, None)
}

/// The byte offsets in a line of text, without line breaks, at which a row may end, the last one the
/// end. Text between two of them that is wider than a row must be broken elsewhere.
///
/// ```
/// use pizhu_text::{layout::break_offsets, text::width::AmbiguousWidth};
///
/// let line = "共“奋斗”100亿";
/// let pieces: Vec<usize> = break_offsets(line, AmbiguousWidth::Narrow);
/// let starts = std::iter::once(0).chain(pieces.iter().copied());
/// let pieces: Vec<&str> = starts.zip(&pieces).map(|(start, end)| &line[start..*end]).collect();
/// assert_eq!(pieces, ["共", "“奋", "斗”", "100亿"]);
/// ```
#[must_use]
pub fn break_offsets(line: &str, ambiguous: AmbiguousWidth) -> Vec<usize> {
    let text = CleanText::from(SourceText::from(line));
    let clusters = cluster::SegmentClusters::new(&text, text.source.span(), ambiguous);
    let penalties = breaks::break_penalties(&clusters, KinsokuStrictness::default());
    let allowed = (1..penalties.len()).filter(|index| penalties[*index] == BreakPenalty::Allowed);
    let offset = |index: usize| (clusters.byte_at(index) - clusters.byte_at(0)) as usize;
    allowed.map(offset).chain([line.len()]).collect()
}

/// The shape of a segment of a paragraph of `kind`.
fn segment_shape(kind: ParagraphKind, begins_paragraph: bool, style: LayoutStyle) -> SegmentShape {
    let flat = SegmentShape { first_indent: 0, centred: false, verbatim: false };
    match kind {
        ParagraphKind::Title => SegmentShape { centred: true, ..flat },
        ParagraphKind::Verbatim => SegmentShape { verbatim: true, ..flat },
        ParagraphKind::Metadata | ParagraphKind::Boilerplate | ParagraphKind::Salutation => flat,
        ParagraphKind::Heading(_) | ParagraphKind::Subheading | ParagraphKind::Body | ParagraphKind::Closing | ParagraphKind::EndMatter => {
            SegmentShape { first_indent: if begins_paragraph { style.first_indent } else { 0 }, ..flat }
        }
    }
}

#[cfg(test)]
mod tests;
