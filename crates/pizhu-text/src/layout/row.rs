//! Rows of placed glyphs, stored as runs.
//!
//! Chinese text is uniform: each hanzi or full-width mark is three bytes, two cells and one char.
//! A sequence of equal glyphs is one [`GlyphRun`], from which their positions are computed; nothing
//! is stored for each glyph, and the text is not copied.

use crate::text::Span;
use crate::text::visible::ClusterKind;
use crate::text::visible::VisibleCluster;
use std::{borrow::Cow, fmt, ops::Range, sync::Arc};

/// A cluster with its position in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// Source offset of its first char.
    pub offset: usize,
    /// Length in chars of the source, removed chars inside it included.
    pub len: u16,
    /// First cell, counted from the left edge of the column.
    pub column: u16,
    /// Width in cells.
    pub width: u8,
    /// Whether it is drawn as a sign (see [`crate::text::visible`]).
    pub sign: bool,
    cluster: VisibleCluster<'a>,
}

impl<'a> Glyph<'a> {
    /// Its span in the source.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.offset, self.offset + usize::from(self.len))
    }

    /// The cell after it.
    #[must_use]
    pub fn end_column(&self) -> u16 {
        self.column + u16::from(self.width)
    }

    /// The text to draw, without control characters.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        match self.cluster.kind {
            ClusterKind::Plain if self.len == 1 => Cow::Borrowed(self.cluster.source),
            ClusterKind::Tab => Cow::Owned(" ".repeat(usize::from(self.width))),
            _ => self.cluster.visible_text(),
        }
    }
}

/// Contiguous glyphs of one char each with the same kind, width and bytes; or one glyph of any sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GlyphRun {
    /// Start of the first in [`SegmentLayout::text`], in bytes.
    pub byte: u32,
    /// End of the last in it, in bytes.
    pub end_byte: u32,
    /// Source offset of the first, from [`SegmentLayout::start`].
    pub offset: u32,
    /// First cell of the first.
    pub column: u16,
    /// Number of glyphs; not 0.
    pub count: u16,
    /// Length of each in chars of the source.
    pub len: u16,
    /// Length of each in bytes, if there are several.
    pub bytes: u8,
    /// Width of each in cells.
    pub cells: u8,
    /// Kind of each.
    pub kind: ClusterKind,
}

impl GlyphRun {
    fn end_column(&self) -> u16 {
        self.column + self.count * u16::from(self.cells)
    }

    /// Offset after the last char, from [`SegmentLayout::start`].
    fn end_offset(&self) -> usize {
        self.offset as usize + usize::from(self.count) * usize::from(self.len)
    }
}

/// The glyph runs of a segment, shared by its rows.
#[derive(Debug, Default)]
pub(super) struct SegmentLayout {
    /// The cleaned text of the segment, or a longer text that holds it.
    pub text: Arc<str>,
    /// Source offset of the segment.
    pub start: usize,
    /// The runs of all rows in order.
    pub runs: Vec<GlyphRun>,
}

impl SegmentLayout {
    /// Glyph `n` of a run.
    fn glyph(&self, run: &GlyphRun, n: u16) -> Glyph<'_> {
        let (from, to) = if run.count == 1 {
            (run.byte as usize, run.end_byte as usize)
        } else {
            let from = run.byte as usize + usize::from(n) * usize::from(run.bytes);
            (from, from + usize::from(run.bytes))
        };
        Glyph {
            offset: self.start + run.offset as usize + usize::from(n),
            len: run.len,
            column: run.column + n * u16::from(run.cells),
            width: run.cells,
            sign: run.kind == ClusterKind::Sign,
            cluster: VisibleCluster { source: self.text.get(from..to).unwrap_or_default(), kind: run.kind },
        }
    }
}

/// One laid-out row.
///
/// ```
/// use pizhu_text::{
///     document::{Document, ParagraphKind},
///     layout::{LayoutStyle, lay_out},
///     text::{SourceText, Span},
/// };
///
/// let document = Document::from(SourceText::from("青禾县GDP增长"));
/// let style = LayoutStyle { first_indent: 2, ..LayoutStyle::default() };
/// let rows = lay_out(&document, document.source.span(), ParagraphKind::Body, true, &style);
/// let row = &rows[0];
/// assert_eq!(row.span, Span::new(0, 8)); // chars
/// assert_eq!(row.text(), "  青禾县GDP增长");
/// assert_eq!(row.width(), 2 + 6 + 3 + 4); // cells
/// assert_eq!(row.offset_at(4), 1); // 禾 is at cells 4 and 5
/// assert_eq!(row.glyphs().map(|glyph| glyph.column).nth(3), Some(8)); // G
/// ```
#[derive(Clone, Default)]
pub struct Row {
    /// Its span in the source, removed and not drawn chars included.
    pub span: Span,
    layout: Arc<SegmentLayout>,
    /// Its runs, as indexes of [`SegmentLayout::runs`].
    runs: Range<u32>,
}

impl Row {
    /// A row without glyphs.
    #[must_use]
    pub fn blank(span: Span) -> Self {
        Self { span, ..Self::default() }
    }

    /// The row of the runs `runs` of `layout`.
    pub(super) fn new(span: Span, layout: Arc<SegmentLayout>, runs: Range<u32>) -> Self {
        Self { span, layout, runs }
    }

    fn runs(&self) -> &[GlyphRun] {
        self.layout.runs.get(self.runs.start as usize..self.runs.end as usize).unwrap_or_default()
    }

    /// Its glyphs from left to right.
    #[must_use]
    pub fn glyphs(&self) -> impl DoubleEndedIterator<Item = Glyph<'_>> {
        self.runs().iter().flat_map(|run| (0..run.count).map(|n| self.layout.glyph(run, n)))
    }

    /// Whether it has no glyphs.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.runs.is_empty()
    }

    /// Width in cells from the left edge of the column to the end of the last glyph.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.runs().last().map_or(0, GlyphRun::end_column)
    }

    /// The first cell of the glyph of the char at source offset `offset`; of the next glyph if that
    /// char has none; the width of the row if there is no such glyph.
    #[must_use]
    pub fn column_of(&self, offset: usize) -> u16 {
        self.glyph_at_or_after(offset).map_or(self.width(), |glyph| glyph.column)
    }

    /// The glyph at cell `column`; in the indent or in a gap the next one; right of the last glyph the
    /// last; `None` in a row without glyphs.
    #[must_use]
    pub fn glyph_at(&self, column: u16) -> Option<Glyph<'_>> {
        let runs = self.runs();
        let Some(run) = runs.get(runs.partition_point(|run| run.end_column() <= column)) else { return self.glyphs().next_back() };
        Some(self.layout.glyph(run, column.saturating_sub(run.column) / u16::from(run.cells.max(1))))
    }

    /// Source offset of the glyph at cell `column` (see [`Self::glyph_at`]); the start of the row if
    /// it has none.
    #[must_use]
    pub fn offset_at(&self, column: u16) -> usize {
        self.glyph_at(column).map_or(self.span.start, |glyph| glyph.offset)
    }

    /// The glyph of the char at source offset `offset`, or the next glyph.
    #[must_use]
    pub fn glyph_at_or_after(&self, offset: usize) -> Option<Glyph<'_>> {
        let runs = self.runs();
        let here = offset.saturating_sub(self.layout.start);
        let run = runs.get(runs.partition_point(|run| run.end_offset() <= here))?;
        let n = here.saturating_sub(run.offset as usize) / usize::from(run.len.max(1));
        Some(self.layout.glyph(run, n as u16))
    }

    /// The row as text, with spaces for indent and gaps.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes: usize = self.runs().iter().map(|run| (run.end_byte - run.byte) as usize).sum();
        let mut out = String::with_capacity(bytes + 8);
        let mut column = 0;
        for run in self.runs() {
            out.extend(std::iter::repeat_n(' ', usize::from(run.column.saturating_sub(column))));
            if run.kind == ClusterKind::Plain && run.len == 1 {
                out.push_str(self.layout.text.get(run.byte as usize..run.end_byte as usize).unwrap_or_default());
            } else {
                (0..run.count).for_each(|n| out.push_str(&self.layout.glyph(run, n).text()));
            }
            column = run.end_column();
        }
        out
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("span", &self.span).field("text", &self.text()).finish_non_exhaustive()
    }
}
