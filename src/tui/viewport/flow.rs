//! The flow of rows that a document gives at a width, laid out piece by piece as asked for.
//!
//! A row is named by (paragraph, segment, row); the first rows of a segment may be leads, which
//! hold no source text: blank rows, and the restored reading of a damaged heading. Nothing here
//! walks the whole document: each step lays out one segment at most, and laid-out segments are
//! kept in a cache of bounded size.

use pizhu_text::document::Document;
use pizhu_text::document::OrdinalKind;
use pizhu_text::document::ParagraphKind;
use pizhu_text::layout;
use pizhu_text::layout::Row;
use pizhu_text::layout::Style;
use pizhu_text::text::Span;
use foldhash::fast::RandomState;
use std::{collections::HashMap, sync::Arc};

/// Segments kept laid out; several screens of short paragraphs.
const CACHE_SEGMENTS: usize = 512;

/// Names one row of the flow; ordered as the rows follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RowId {
    /// Index of the paragraph.
    pub paragraph: usize,
    /// Index of the segment in it.
    pub segment: usize,
    /// Index of the row in the segment's block, leads first.
    pub row: usize,
}

/// Blank rows that are not the text's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spacing {
    /// Between paragraphs of running text.
    pub paragraph: u16,
    /// Between the rows of a paragraph.
    pub line: u16,
}

/// A row that holds no source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// Nothing: space above a paragraph.
    Blank,
    /// The restored reading of the damaged heading below.
    Restored(Arc<str>),
}

/// A segment laid out: its leads, and its rows.
#[derive(Debug, Clone)]
pub struct Block {
    /// What kind of paragraph it belongs to.
    pub kind: ParagraphKind,
    /// Rows above the text.
    pub leads: Vec<Lead>,
    /// The rows of text; one at least.
    pub rows: Vec<Row>,
    /// Blank rows behind each row of text but the last.
    pub gap: usize,
    /// How many chars of folded sections follow unseen.
    pub folded: usize,
}

impl Block {
    /// Leads and rows, with what is blank between them.
    #[must_use]
    pub fn height(&self) -> usize {
        self.leads.len() + self.rows.len() * (1 + self.gap) - self.gap
    }

    /// The text in row `row`; `None` for a lead and a blank row.
    #[must_use]
    pub fn text(&self, row: usize) -> Option<&Row> {
        let row = row.checked_sub(self.leads.len())?;
        if row % (1 + self.gap) == 0 { self.rows.get(row / (1 + self.gap)) } else { None }
    }

    /// The first text at or below row `row`.
    #[must_use]
    pub fn text_from(&self, row: usize) -> Option<&Row> {
        self.rows.get(row.saturating_sub(self.leads.len()).div_ceil(1 + self.gap))
    }

    /// The row that holds the n-th row of text.
    #[must_use]
    pub fn row_of(&self, text: usize) -> usize {
        self.leads.len() + text * (1 + self.gap)
    }
}

/// Which paragraphs are not shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hidden {
    /// Whether the lines about the page are shown.
    pub boilerplate_shown: bool,
    /// Bodies of folded sections: disjoint, in order, each from behind the heading's paragraph to
    /// the end of the section.
    pub folds: Vec<Span>,
}

impl Hidden {
    /// The fold that hides the char at `offset`.
    #[must_use]
    pub fn fold_at(&self, offset: usize) -> Option<Span> {
        let before = self.folds.partition_point(|fold| fold.start <= offset);
        self.folds[..before].last().copied().filter(|fold| fold.contains(offset))
    }
}

/// Whether a section of this kind is a point in running text (一是, 第一，) rather than a section
/// with a heading to itself.
#[must_use]
pub fn is_point(kind: OrdinalKind) -> bool {
    matches!(kind, OrdinalKind::Di | OrdinalKind::Shi | OrdinalKind::Yao | OrdinalKind::Sequence | OrdinalKind::Circled)
}

/// The flow. See the module's head.
#[derive(Debug, Clone)]
pub struct Flow {
    document: Arc<Document>,
    style: Style,
    spacing: Spacing,
    hidden: Hidden,
    blocks: HashMap<(usize, usize), Arc<Block>, RandomState>,
    segments: HashMap<usize, Arc<Vec<Span>>, RandomState>,
}

impl Flow {
    /// The rows of `document` in `style`.
    #[must_use]
    pub fn new(document: Arc<Document>, style: Style, spacing: Spacing) -> Self {
        Self { document, style, spacing, hidden: Hidden::default(), blocks: HashMap::default(), segments: HashMap::default() }
    }

    /// The document whose rows these are.
    #[must_use]
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The style the rows are laid out in.
    #[must_use]
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// What is not shown.
    #[must_use]
    pub fn hidden(&self) -> &Hidden {
        &self.hidden
    }

    /// Takes another document, or another tree of the same.
    pub fn set_document(&mut self, document: Arc<Document>) {
        self.document = document;
        self.forget();
    }

    /// Lays out in another style from now on.
    pub fn set_style(&mut self, style: Style, spacing: Spacing) {
        if self.style != style || self.spacing != spacing {
            self.style = style;
            self.spacing = spacing;
            self.forget();
        }
    }

    /// Hides other paragraphs from now on.
    pub fn set_hidden(&mut self, hidden: Hidden) {
        if self.hidden != hidden {
            self.hidden = hidden;
            self.blocks.clear();
        }
    }

    fn forget(&mut self) {
        self.blocks.clear();
        self.segments.clear();
    }

    /// Whether a paragraph is shown.
    #[must_use]
    pub fn shows(&self, paragraph: usize) -> bool {
        let Some(found) = self.document.paragraphs.get(paragraph) else { return false };
        (self.hidden.boilerplate_shown || found.kind != ParagraphKind::Boilerplate) && self.hidden.fold_at(found.span.start).is_none()
    }

    /// The first shown paragraph at or behind `paragraph`.
    fn shown_from(&self, mut paragraph: usize) -> Option<usize> {
        while let Some(found) = self.document.paragraphs.get(paragraph) {
            if self.shows(paragraph) {
                return Some(paragraph);
            }
            paragraph = match self.hidden.fold_at(found.span.start) {
                Some(fold) => self.document.paragraphs.partition_point(|p| p.span.start < fold.end).max(paragraph + 1),
                None => paragraph + 1,
            };
        }
        None
    }

    /// The last shown paragraph at or before `paragraph`.
    fn shown_up_to(&self, mut paragraph: usize) -> Option<usize> {
        loop {
            let found = self.document.paragraphs.get(paragraph)?;
            if self.shows(paragraph) {
                return Some(paragraph);
            }
            let before = self.hidden.fold_at(found.span.start).map_or(paragraph, |fold| {
                // The first paragraph inside the fold.
                self.document.paragraphs.partition_point(|p| p.span.start < fold.start).min(paragraph)
            });
            paragraph = before.checked_sub(1)?;
        }
    }

    fn segments(&mut self, paragraph: usize) -> Arc<Vec<Span>> {
        if let Some(found) = self.segments.get(&paragraph) {
            return Arc::clone(found);
        }
        let mut made = layout::segments(&self.document, paragraph);
        if made.is_empty() {
            made.extend(self.document.paragraphs.get(paragraph).map(|p| p.span));
        }
        let made = Arc::new(made);
        if self.segments.len() >= CACHE_SEGMENTS {
            self.segments.clear();
        }
        self.segments.insert(paragraph, Arc::clone(&made));
        made
    }

    /// The block that holds a row, laid out; `None` where there is no such segment.
    pub fn block(&mut self, id: RowId) -> Option<Arc<Block>> {
        let key = (id.paragraph, id.segment);
        if let Some(found) = self.blocks.get(&key) {
            return Some(Arc::clone(found));
        }
        let paragraph = *self.document.paragraphs.get(id.paragraph)?;
        let segments = self.segments(id.paragraph);
        let span = *segments.get(id.segment)?;
        let mut rows = layout::lay_out(&self.document, span, paragraph.kind, &self.style);
        if rows.is_empty() {
            rows.push(Row::blank(Span::empty(span.start)));
        }
        let last = id.segment + 1 == segments.len();
        let folded = if last { self.folded_behind(id.paragraph) } else { 0 };
        let gap = usize::from(self.spacing.line);
        let leads = if id.segment == 0 { self.leads(id.paragraph) } else { vec![Lead::Blank; gap] };
        let block = Arc::new(Block { kind: paragraph.kind, leads, rows, gap, folded });
        if self.blocks.len() >= CACHE_SEGMENTS {
            // What is near goes on being shown.
            self.blocks.retain(|(paragraph, _), _| paragraph.abs_diff(id.paragraph) < CACHE_SEGMENTS / 4);
            if self.blocks.len() >= CACHE_SEGMENTS {
                self.blocks.clear();
            }
        }
        self.blocks.insert(key, Arc::clone(&block));
        Some(block)
    }

    /// Chars of the fold that begins right behind a paragraph.
    fn folded_behind(&self, paragraph: usize) -> usize {
        let next = self.document.paragraphs.get(paragraph + 1);
        next.and_then(|next| self.hidden.fold_at(next.span.start)).map_or(0, Span::len)
    }

    fn leads(&self, paragraph: usize) -> Vec<Lead> {
        let mut leads = Vec::new();
        let Some(here) = self.document.paragraphs.get(paragraph) else { return leads };
        if let Some(before) = paragraph.checked_sub(1).and_then(|before| self.shown_up_to(before)) {
            let above = self.document.paragraphs[before].kind;
            let least = self.spacing.paragraph.max(self.spacing.line);
            let spacing = usize::from(least).max(usize::from(self.needs_space(above, here.kind)));
            leads.resize(spacing, Lead::Blank);
        }
        if let ParagraphKind::Heading(id) = here.kind
            && let Some(restored) = self.document.outline.get(id).and_then(|section| section.restored)
        {
            leads.push(Lead::Restored(Arc::from(restored)));
        }
        leads
    }

    /// Whether a blank row parts two kinds of paragraph whatever the spacing: titles, the larger
    /// sections, and what is not running text.
    fn needs_space(&self, above: ParagraphKind, below: ParagraphKind) -> bool {
        match (above, below) {
            (ParagraphKind::Boilerplate | ParagraphKind::Metadata, below) if above == below => false,
            (ParagraphKind::Verbatim, ParagraphKind::Verbatim) | (ParagraphKind::Closing, ParagraphKind::Closing) => false,
            (_, ParagraphKind::Heading(id)) => self.document.outline.get(id).is_some_and(|section| !is_point(section.kind)),
            (above, below) => {
                let apart = |kind| {
                    !matches!(kind, ParagraphKind::Body | ParagraphKind::Heading(_) | ParagraphKind::Closing | ParagraphKind::Salutation)
                };
                apart(above) || apart(below)
            }
        }
    }

    /// The first row.
    #[must_use]
    pub fn first(&self) -> Option<RowId> {
        self.shown_from(0).map(|paragraph| RowId { paragraph, segment: 0, row: 0 })
    }

    /// The last row.
    pub fn last(&mut self) -> Option<RowId> {
        let last = self.document.paragraphs.len().checked_sub(1)?;
        let paragraph = self.shown_up_to(last)?;
        self.last_of(paragraph)
    }

    fn last_of(&mut self, paragraph: usize) -> Option<RowId> {
        let segment = self.segments(paragraph).len().checked_sub(1)?;
        let row = self.block(RowId { paragraph, segment, row: 0 })?.height() - 1;
        Some(RowId { paragraph, segment, row })
    }

    /// The row behind `id`.
    pub fn next(&mut self, id: RowId) -> Option<RowId> {
        let block = self.block(id)?;
        if id.row + 1 < block.height() {
            return Some(RowId { row: id.row + 1, ..id });
        }
        if id.segment + 1 < self.segments(id.paragraph).len() {
            return Some(RowId { segment: id.segment + 1, row: 0, ..id });
        }
        self.shown_from(id.paragraph + 1).map(|paragraph| RowId { paragraph, segment: 0, row: 0 })
    }

    /// The row before `id`.
    pub fn previous(&mut self, id: RowId) -> Option<RowId> {
        if id.row > 0 {
            return Some(RowId { row: id.row - 1, ..id });
        }
        if let Some(segment) = id.segment.checked_sub(1) {
            let row = self.block(RowId { segment, ..id })?.height() - 1;
            return Some(RowId { segment, row, ..id });
        }
        let paragraph = self.shown_up_to(id.paragraph.checked_sub(1)?)?;
        self.last_of(paragraph)
    }

    /// The row `by` rows behind `id` (before it where negative), or the last on the way; and how
    /// many rows were gone.
    pub fn advance(&mut self, id: RowId, by: isize) -> (RowId, usize) {
        let mut at = id;
        for gone in 0..by.unsigned_abs() {
            let next = if by < 0 { self.previous(at) } else { self.next(at) };
            match next {
                Some(next) => at = next,
                None => return (at, gone),
            }
        }
        (at, by.unsigned_abs())
    }

    /// The source text of a row; `None` for leads and rows that are not there.
    pub fn row(&mut self, id: RowId) -> Option<Row> {
        self.block(id)?.text(id.row).cloned()
    }

    /// The row that shows the char at `offset`; where that is hidden, the row before it (or the
    /// first row). `None` only where nothing is shown.
    pub fn locate(&mut self, offset: usize) -> Option<RowId> {
        let wanted = self.document.paragraph_at(offset).unwrap_or(0);
        let Some(paragraph) = self.shown_up_to(wanted) else { return self.first() };
        if paragraph != wanted {
            return self.last_of(paragraph);
        }
        let segments = self.segments(paragraph);
        let segment = segments.partition_point(|span| span.start <= offset).saturating_sub(1);
        let id = RowId { paragraph, segment, row: 0 };
        let block = self.block(id)?;
        let row = block.rows.partition_point(|row| row.span.start <= offset).saturating_sub(1);
        Some(RowId { row: block.row_of(row), ..id })
    }
}
