//! Layout: a segment of a paragraph and a width give the rows on the screen. Pure.
//!
//! [`segments`] cuts a paragraph into pieces of bounded size, [`lay_out`] sets one piece. What
//! cleaning removed takes no place; what the terminal must not obey is set as its sign.
//!
//! Invariants: the rows of a segment follow one another without a gap and together span it; the
//! glyphs of a row are in order, do not overlap, and lie within the column (one mark more where
//! hanging punctuation is on); each grapheme that is not removed, not a line end and not white
//! space at a row's end or start has exactly one glyph, and [`Row::column_of`] and
//! [`Row::offset_at`] are inverse on the glyphs.
//!
//! Breaking, in [`breaks`]: UAX #14 and a Chinese pass (kinsoku, pairs, quotes by direction,
//! numbers with their units, markers of points, Latin words and URLs whole). Each place between two units has a
//! [`breaks::Rank`]; `fill` breaks rows at `Allowed` places, and only inside a run that is
//! wider than the column at the lowest rank there is.

pub mod breaks;
mod class;
mod fill;
mod justify;
mod kinsoku;
mod number;
#[cfg(test)]
mod oracle;
mod row;
mod segment;
mod unit;

pub use kinsoku::Kinsoku;
pub use row::{Glyph, Row};
pub use segment::{segment_at, segments};

use crate::document::Document;
use crate::document::ParagraphKind;
use crate::text::Span;
use crate::text::width::Ambiguous;

/// The narrowest column that is set; the widest sign still fits.
pub const MIN_WIDTH: u16 = 8;

/// Makes the tables that the first layout would otherwise wait for.
pub fn prepare() {
    class::prepare();
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Style {
    /// The column's width in cells; less than [`MIN_WIDTH`] counts as that.
    pub width: u16,
    /// Cells of ambiguous characters.
    pub ambiguous: Ambiguous,
    /// Indent of a paragraph's first row, in cells; less where the first run would not fit.
    pub first_indent: u16,
    /// Which marks may not begin a row.
    pub kinsoku: Kinsoku,
    /// Whether a mark that ends a row may stand outside the column.
    pub hanging: bool,
    /// Whether rows are filled to the column's full width.
    pub justify: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 80, ambiguous: Ambiguous::Narrow, first_indent: 4, kinsoku: Kinsoku::Strict, hanging: false, justify: false }
    }
}

/// Sets `segment`, which [`segments`] or [`segment_at`] gave for a paragraph of `kind`. The first
/// segment of a paragraph is indented as its kind wants; titles are centred.
#[must_use]
pub fn lay_out(document: &Document, segment: Span, kind: ParagraphKind, style: &Style) -> Vec<Row> {
    let style = Style { width: style.width.max(MIN_WIDTH), ..*style };
    let shape = shape(document, segment, kind, style);
    let line = unit::Line::new(document, segment, style.ambiguous);
    let ranks = breaks::ranks(&line, style.kinsoku);
    fill::rows(&line, &ranks, style, shape)
}

/// How the rows of a segment stand in the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    /// Indent of the first row, in cells.
    first_indent: u16,
    /// Whether each row stands in the middle.
    centred: bool,
    /// Whether lines are set as they stand: no justification, no pulling down of single
    /// characters.
    verbatim: bool,
}

fn shape(document: &Document, segment: Span, kind: ParagraphKind, style: Style) -> Shape {
    let flat = Shape { first_indent: 0, centred: false, verbatim: false };
    match kind {
        ParagraphKind::Title => Shape { centred: true, ..flat },
        ParagraphKind::Verbatim => Shape { verbatim: true, ..flat },
        ParagraphKind::Metadata | ParagraphKind::Boilerplate | ParagraphKind::Salutation => flat,
        ParagraphKind::Heading(_) | ParagraphKind::Subheading | ParagraphKind::Body | ParagraphKind::Closing | ParagraphKind::EndMatter => {
            let opens = document
                .paragraph_at(segment.start)
                .and_then(|index| document.paragraphs.get(index))
                .is_none_or(|paragraph| paragraph.span.start >= segment.start);
            Shape { first_indent: if opens { style.first_indent } else { 0 }, ..flat }
        }
    }
}

#[cfg(test)]
mod tests;
