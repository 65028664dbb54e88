//! The flow: the sequence of rows of a document at a width, laid out on demand.
//!
//! A row is identified by (paragraph, segment, row). The first rows of a segment may be lead rows,
//! which hold no source text: blank rows, and the restored title of a damaged heading. No operation
//! walks the whole document: each step lays out one segment at most, and laid-out segments are kept in
//! a cache of bounded size.

use foldhash::fast::RandomState;
use pizhu_text::document::Document;
use pizhu_text::document::OrdinalKind;
use pizhu_text::document::ParagraphKind;
use pizhu_text::layout;
use pizhu_text::layout::Row;
use pizhu_text::layout::{DocumentTables, LayoutStyle};
use pizhu_text::text::Span;
use std::{collections::HashMap, sync::Arc};

/// Maximum laid-out segments cached; several screens of short paragraphs.
const CACHE_SEGMENTS: usize = 512;

/// Identifies a row of the flow; ordered as the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RowId {
    /// Index of the paragraph.
    pub paragraph: usize,
    /// Index of the segment in the paragraph.
    pub segment: usize,
    /// Index of the row in the segment's block, lead rows first.
    pub row: usize,
}

/// Blank rows added by the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spacing {
    /// Between paragraphs of running text.
    pub paragraph: u16,
    /// Between the rows of a paragraph.
    pub line: u16,
}

/// A row above a segment's text that holds no source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LeadRow {
    /// A blank row.
    Blank,
    /// The restored title of the damaged heading below.
    Restored(Arc<str>),
}

/// A laid-out segment with its lead rows.
#[derive(Debug, Clone)]
pub(crate) struct FlowBlock {
    /// The kind of its paragraph.
    pub kind: ParagraphKind,
    /// The lead rows.
    pub leads: Vec<LeadRow>,
    /// The rows of text, at least one.
    pub rows: Vec<Row>,
    /// Blank rows after each row of text except the last.
    pub gap: usize,
    /// Chars of folded sections hidden after it.
    pub folded: usize,
}

impl FlowBlock {
    /// The number of rows: lead rows, rows of text, and gaps.
    #[must_use]
    pub(crate) fn height(&self) -> usize {
        self.leads.len() + self.rows.len() * (1 + self.gap) - self.gap
    }

    /// The text in row `row`; `None` for a lead row and a blank row.
    #[must_use]
    pub(crate) fn text(&self, row: usize) -> Option<&Row> {
        let row = row.checked_sub(self.leads.len())?;
        if row % (1 + self.gap) == 0 { self.rows.get(row / (1 + self.gap)) } else { None }
    }

    /// The first row of text at or below row `row`.
    #[must_use]
    pub(crate) fn first_text_from(&self, row: usize) -> Option<&Row> {
        self.rows.get(row.saturating_sub(self.leads.len()).div_ceil(1 + self.gap))
    }

    /// The index of the n-th row of text.
    #[must_use]
    pub(crate) fn row_index(&self, text: usize) -> usize {
        self.leads.len() + text * (1 + self.gap)
    }
}

/// The paragraphs that are hidden.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct HiddenText {
    /// Whether boilerplate (source, navigation) is shown.
    pub boilerplate_shown: bool,
    /// The bodies of folded sections, disjoint and in order: each from the end of the heading's paragraph
    /// to the end of the section.
    pub folds: Vec<Span>,
}

impl HiddenText {
    /// The fold that hides the char at `offset`.
    #[must_use]
    pub(crate) fn fold_at(&self, offset: usize) -> Option<Span> {
        let before = self.folds.partition_point(|fold| fold.start <= offset);
        self.folds[..before].last().copied().filter(|fold| fold.contains(offset))
    }
}

/// Whether sections of this kind are points in running text (一是, 第一，) rather than sections with a
/// heading line.
#[must_use]
pub(crate) fn is_point(kind: OrdinalKind) -> bool {
    matches!(kind, OrdinalKind::Di | OrdinalKind::Shi | OrdinalKind::Yao | OrdinalKind::Sequence | OrdinalKind::Circled)
}

/// The flow of rows; see the module documentation.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    document: Arc<Document>,
    style: LayoutStyle,
    spacing: Spacing,
    hidden: HiddenText,
    /// The tables of the document; `None` until a block is laid out.
    tables: Option<Arc<DocumentTables>>,
    blocks: HashMap<(usize, usize), Arc<FlowBlock>, RandomState>,
    segments: HashMap<usize, Arc<Vec<Span>>, RandomState>,
}

impl Flow {
    /// The flow of `document` in `style`.
    #[must_use]
    pub(crate) fn new(document: Arc<Document>, style: LayoutStyle, spacing: Spacing) -> Self {
        Self {
            document,
            style,
            spacing,
            hidden: HiddenText::default(),
            tables: None,
            blocks: HashMap::default(),
            segments: HashMap::default(),
        }
    }

    /// The document.
    #[must_use]
    pub(crate) fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The paragraphs that are hidden.
    #[must_use]
    pub(crate) fn hidden(&self) -> &HiddenText {
        &self.hidden
    }

    /// Replaces the document, or its section tree.
    pub(crate) fn set_document(&mut self, document: Arc<Document>) {
        self.document = document;
        self.clear_caches();
    }

    /// Changes the layout style.
    pub(crate) fn set_style(&mut self, style: LayoutStyle, spacing: Spacing) {
        if self.style != style || self.spacing != spacing {
            self.style = style;
            self.spacing = spacing;
            self.clear_caches();
        }
    }

    /// Changes which paragraphs are hidden.
    pub(crate) fn set_hidden(&mut self, hidden: HiddenText) {
        if self.hidden != hidden {
            self.hidden = hidden;
            self.blocks.clear();
        }
    }

    fn clear_caches(&mut self) {
        self.tables = None;
        self.blocks.clear();
        self.segments.clear();
    }

    /// Whether a paragraph is visible.
    #[must_use]
    pub(crate) fn is_shown(&self, paragraph: usize) -> bool {
        let Some(found) = self.document.paragraphs.get(paragraph) else { return false };
        (self.hidden.boilerplate_shown || found.kind != ParagraphKind::Boilerplate) && self.hidden.fold_at(found.span.start).is_none()
    }

    /// The first visible paragraph from `paragraph` on.
    fn shown_from(&self, mut paragraph: usize) -> Option<usize> {
        while let Some(found) = self.document.paragraphs.get(paragraph) {
            if self.is_shown(paragraph) {
                return Some(paragraph);
            }
            paragraph = match self.hidden.fold_at(found.span.start) {
                Some(fold) => self.document.paragraphs.partition_point(|p| p.span.start < fold.end).max(paragraph + 1),
                None => paragraph + 1,
            };
        }
        None
    }

    /// The last visible paragraph up to `paragraph`.
    fn shown_up_to(&self, mut paragraph: usize) -> Option<usize> {
        loop {
            let found = self.document.paragraphs.get(paragraph)?;
            if self.is_shown(paragraph) {
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

    /// The block that contains a row, laid out; `None` if there is no such segment.
    pub(crate) fn block(&mut self, id: RowId) -> Option<Arc<FlowBlock>> {
        let key = (id.paragraph, id.segment);
        if let Some(found) = self.blocks.get(&key) {
            return Some(Arc::clone(found));
        }
        let paragraph = *self.document.paragraphs.get(id.paragraph)?;
        let segments = self.segments(id.paragraph);
        let span = *segments.get(id.segment)?;
        let tables = self.tables.get_or_insert_with(|| Arc::new(DocumentTables::find(&self.document, &self.style)));
        let mut rows = match tables.at(span.start) {
            Some(table) => layout::lay_out_row(&self.document, span, table, &self.style),
            None => layout::lay_out(&self.document, span, paragraph.kind, self.document.begins_paragraph(span.start), &self.style),
        };
        if rows.is_empty() {
            rows.push(Row::blank(Span::empty(span.start)));
        }
        let last = id.segment + 1 == segments.len();
        let folded = if last { self.folded_chars_after(id.paragraph) } else { 0 };
        let gap = usize::from(self.spacing.line);
        let leads = if id.segment == 0 { self.leads(id.paragraph) } else { vec![LeadRow::Blank; gap] };
        let block = Arc::new(FlowBlock { kind: paragraph.kind, leads, rows, gap, folded });
        if self.blocks.len() >= CACHE_SEGMENTS {
            // Blocks nearby are still needed.
            self.blocks.retain(|(paragraph, _), _| paragraph.abs_diff(id.paragraph) < CACHE_SEGMENTS / 4);
            if self.blocks.len() >= CACHE_SEGMENTS {
                self.blocks.clear();
            }
        }
        self.blocks.insert(key, Arc::clone(&block));
        Some(block)
    }

    /// Chars of the fold that begins right after a paragraph.
    fn folded_chars_after(&self, paragraph: usize) -> usize {
        let next = self.document.paragraphs.get(paragraph + 1);
        next.and_then(|next| self.hidden.fold_at(next.span.start)).map_or(0, Span::len)
    }

    fn leads(&self, paragraph: usize) -> Vec<LeadRow> {
        let mut leads = Vec::new();
        let Some(here) = self.document.paragraphs.get(paragraph) else { return leads };
        if let Some(before) = paragraph.checked_sub(1).and_then(|before| self.shown_up_to(before)) {
            let above = self.document.paragraphs[before].kind;
            let least = self.spacing.paragraph.max(self.spacing.line);
            let table = |index: usize| self.tables.as_ref()?.at(self.document.paragraphs[index].span.start).map(|row| row.table);
            let apart = self.needs_space(above, here.kind) || (here.kind == ParagraphKind::Verbatim && table(before) != table(paragraph));
            let spacing = usize::from(least).max(usize::from(apart));
            leads.resize(spacing, LeadRow::Blank);
        }
        if let ParagraphKind::Heading(id) = here.kind
            && let Some(restored) = self.document.outline.get(id).and_then(|section| section.repaired_title)
        {
            leads.push(LeadRow::Restored(Arc::from(restored)));
        }
        leads
    }

    /// Whether a blank row separates two paragraphs of these kinds whatever the spacing: around titles,
    /// larger sections, and anything but running text.
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
    pub(crate) fn first(&self) -> Option<RowId> {
        self.shown_from(0).map(|paragraph| RowId { paragraph, segment: 0, row: 0 })
    }

    /// The last row.
    pub(crate) fn last(&mut self) -> Option<RowId> {
        let last = self.document.paragraphs.len().checked_sub(1)?;
        let paragraph = self.shown_up_to(last)?;
        self.last_row_in(paragraph)
    }

    fn last_row_in(&mut self, paragraph: usize) -> Option<RowId> {
        let segment = self.segments(paragraph).len().checked_sub(1)?;
        let row = self.block(RowId { paragraph, segment, row: 0 })?.height() - 1;
        Some(RowId { paragraph, segment, row })
    }

    /// The row after `id`.
    pub(crate) fn next(&mut self, id: RowId) -> Option<RowId> {
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
    pub(crate) fn previous(&mut self, id: RowId) -> Option<RowId> {
        if id.row > 0 {
            return Some(RowId { row: id.row - 1, ..id });
        }
        if let Some(segment) = id.segment.checked_sub(1) {
            let row = self.block(RowId { segment, ..id })?.height() - 1;
            return Some(RowId { segment, row, ..id });
        }
        let paragraph = self.shown_up_to(id.paragraph.checked_sub(1)?)?;
        self.last_row_in(paragraph)
    }

    /// The row `by` rows after `id` (before it if negative), or the last one reached; and the number of
    /// rows advanced.
    pub(crate) fn advance(&mut self, id: RowId, by: isize) -> (RowId, usize) {
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

    /// The text of a row; `None` for lead rows and unknown ids.
    pub(crate) fn row(&mut self, id: RowId) -> Option<Row> {
        self.block(id)?.text(id.row).cloned()
    }

    /// The row that shows the char at `offset`; if that is hidden, the row before it, or the first row.
    /// `None` only if nothing is visible.
    pub(crate) fn locate(&mut self, offset: usize) -> Option<RowId> {
        let wanted = self.document.paragraph_at(offset).unwrap_or(0);
        let Some(paragraph) = self.shown_up_to(wanted) else { return self.first() };
        if paragraph != wanted {
            return self.last_row_in(paragraph);
        }
        let segments = self.segments(paragraph);
        let segment = segments.partition_point(|span| span.start <= offset).saturating_sub(1);
        let id = RowId { paragraph, segment, row: 0 };
        let block = self.block(id)?;
        let row = block.rows.partition_point(|row| row.span.start <= offset).saturating_sub(1);
        Some(RowId { row: block.row_index(row), ..id })
    }
}
