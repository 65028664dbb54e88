//! Rows of placed glyphs, kept as runs.
//!
//! Chinese text is uniform: a row of forty hanzi with their full-width marks is forty times three
//! bytes, two cells and one char. Such a stretch is one [`Run`], and what is asked about a glyph
//! in it is reckoned; nothing is stored for each glyph, and their text stays where it is.

use crate::text::Span;
use crate::text::visible::Unit;
use crate::text::visible::UnitKind;
use std::{borrow::Cow, fmt, ops::Range, sync::Arc};

/// One unit of text in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// Offset of its first char in the source.
    pub offset: usize,
    /// Chars of the source it stands for (removed ones between them included).
    pub len: u16,
    /// The cell it begins at, counted from the column's left edge.
    pub column: u16,
    /// Cells it takes.
    pub width: u8,
    /// Whether it is a sign for something that must not be sent to a terminal.
    pub sign: bool,
    unit: Unit<'a>,
}

impl<'a> Glyph<'a> {
    /// The chars of the source it stands for.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.offset, self.offset + usize::from(self.len))
    }

    /// The cell behind it.
    #[must_use]
    pub fn end_column(&self) -> u16 {
        self.column + u16::from(self.width)
    }

    /// What is drawn.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        match self.unit.kind {
            UnitKind::Plain if self.len == 1 => Cow::Borrowed(self.unit.source),
            UnitKind::Tab => Cow::Owned(" ".repeat(usize::from(self.width))),
            _ => self.unit.shown(),
        }
    }
}

/// Glyphs that follow one another without a gap and are alike: one char each, of the same kind,
/// width and size; or a single glyph of any sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// Where the first begins in [`Set::text`], in bytes.
    pub at: u32,
    /// Where the last ends.
    pub end: u32,
    /// Chars of the source from [`Set::start`] to the first.
    pub offset: u32,
    /// The cell the first begins at.
    pub column: u16,
    /// How many glyphs there are; not 0.
    pub count: u16,
    /// Chars of the source each stands for.
    pub len: u16,
    /// Bytes of each, where there are several.
    pub bytes: u8,
    /// Cells of each.
    pub cells: u8,
    /// What each is.
    pub kind: UnitKind,
}

impl Run {
    fn end_column(&self) -> u16 {
        self.column + self.count * u16::from(self.cells)
    }

    /// Behind the last char, counted from [`Set::start`].
    fn end_offset(&self) -> usize {
        self.offset as usize + usize::from(self.count) * usize::from(self.len)
    }
}

/// What the rows of a segment share.
#[derive(Debug, Default)]
pub(super) struct Set {
    /// The text that is set, or a longer one that holds it.
    pub text: Arc<str>,
    /// The segment's first char in the source.
    pub start: usize,
    /// The runs of all rows in order.
    pub runs: Vec<Run>,
}

impl Set {
    fn glyph(&self, run: &Run, n: u16) -> Glyph<'_> {
        let (from, to) = if run.count == 1 {
            (run.at as usize, run.end as usize)
        } else {
            let from = run.at as usize + usize::from(n) * usize::from(run.bytes);
            (from, from + usize::from(run.bytes))
        };
        Glyph {
            offset: self.start + run.offset as usize + usize::from(n),
            len: run.len,
            column: run.column + n * u16::from(run.cells),
            width: run.cells,
            sign: run.kind == UnitKind::Sign,
            unit: Unit { source: self.text.get(from..to).unwrap_or_default(), kind: run.kind },
        }
    }
}

/// One row of text on the screen.
#[derive(Clone, Default)]
pub struct Row {
    /// The chars it stands for, what is removed or not drawn included.
    pub span: Span,
    set: Arc<Set>,
    runs: Range<u32>,
}

impl Row {
    /// A row without a glyph.
    #[must_use]
    pub fn blank(span: Span) -> Self {
        Self { span, ..Self::default() }
    }

    /// The row of the runs `runs` of `set`.
    pub(super) fn new(span: Span, set: Arc<Set>, runs: Range<u32>) -> Self {
        Self { span, set, runs }
    }

    fn runs(&self) -> &[Run] {
        self.set.runs.get(self.runs.start as usize..self.runs.end as usize).unwrap_or_default()
    }

    /// Its glyphs from left to right.
    #[must_use]
    pub fn glyphs(&self) -> impl DoubleEndedIterator<Item = Glyph<'_>> {
        self.runs().iter().flat_map(|run| (0..run.count).map(|n| self.set.glyph(run, n)))
    }

    /// Whether it has no glyph.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.runs.is_empty()
    }

    /// Cells from the column's left edge to the end of the last glyph.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.runs().last().map_or(0, Run::end_column)
    }

    /// The column of the glyph that stands for the char at `offset`; for a char without one that
    /// of the next glyph, and behind the last glyph the row's width.
    #[must_use]
    pub fn column_of(&self, offset: usize) -> u16 {
        self.glyph_at_or_after(offset).map_or(self.width(), |glyph| glyph.column)
    }

    /// The glyph that covers `column`; left of the first glyph and in a gap the next one, right
    /// of the last that; `None` where there is none.
    #[must_use]
    pub fn glyph_at(&self, column: u16) -> Option<Glyph<'_>> {
        let runs = self.runs();
        let Some(run) = runs.get(runs.partition_point(|run| run.end_column() <= column)) else { return self.glyphs().next_back() };
        Some(self.set.glyph(run, column.saturating_sub(run.column) / u16::from(run.cells.max(1))))
    }

    /// The offset of the glyph that [`Self::glyph_at`] finds at `column`; the row's start where
    /// there is none.
    #[must_use]
    pub fn offset_at(&self, column: u16) -> usize {
        self.glyph_at(column).map_or(self.span.start, |glyph| glyph.offset)
    }

    /// The glyph that stands for the char at `offset`, or else the next.
    #[must_use]
    pub fn glyph_at_or_after(&self, offset: usize) -> Option<Glyph<'_>> {
        let runs = self.runs();
        let here = offset.saturating_sub(self.set.start);
        let run = runs.get(runs.partition_point(|run| run.end_offset() <= here))?;
        let n = here.saturating_sub(run.offset as usize) / usize::from(run.len.max(1));
        Some(self.set.glyph(run, n as u16))
    }

    /// The row as text, with spaces for indent and gaps.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes: usize = self.runs().iter().map(|run| (run.end - run.at) as usize).sum();
        let mut out = String::with_capacity(bytes + 8);
        let mut column = 0;
        for run in self.runs() {
            out.extend(std::iter::repeat_n(' ', usize::from(run.column.saturating_sub(column))));
            if run.kind == UnitKind::Plain && run.len == 1 {
                out.push_str(self.set.text.get(run.at as usize..run.end as usize).unwrap_or_default());
            } else {
                (0..run.count).for_each(|n| out.push_str(&self.set.glyph(run, n).text()));
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
