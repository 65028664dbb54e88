//! The viewport: the rows of a document that are on the screen, and the cursor among them.
//!
//! It knows no terminal. Invariants, after [`Viewport::refresh`]: the rows on the screen follow one
//! another in the flow from the top row on, and fill the height if the document is long enough; the
//! cursor is on a grapheme of a row on the screen. The top is remembered as a char offset (the anchor),
//! so it survives another width, style or section tree.

pub(crate) mod flow;

use flow::{Flow, FlowBlock, HiddenText, LeadRow, RowId, Spacing};
use pizhu_text::document::Document;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::layout::Row;
use std::sync::Arc;

/// Minimum rows between the cursor and the screen's edge while it moves.
const SCROLL_MARGIN: u16 = 3;

/// Maximum rows laid out for finding a page: some thousand pages.
const MAX_PAGED_ROWS: usize = 200_000;

/// A row of the flow placed on the screen.
#[derive(Debug, Clone)]
pub struct ScreenRow {
    /// The row's id in the flow.
    pub id: RowId,
    block: Arc<FlowBlock>,
}

/// Equal if it is the same row of the very same laid-out block.
impl PartialEq for ScreenRow {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && Arc::ptr_eq(&self.block, &other.block)
    }
}

impl ScreenRow {
    /// The row of text; `None` for a lead row and a blank one.
    #[must_use]
    pub fn text(&self) -> Option<&Row> {
        self.block.text(self.id.row)
    }

    /// The lead row shown instead of text.
    #[must_use]
    pub(crate) fn lead(&self) -> Option<&LeadRow> {
        self.block.leads.get(self.id.row)
    }

    /// The kind of its paragraph.
    #[must_use]
    pub fn kind(&self) -> pizhu_text::document::ParagraphKind {
        self.block.kind
    }

    /// Chars folded away after the row; 0 if none.
    #[must_use]
    pub fn folded(&self) -> usize {
        let last = self.id.row + 1 == self.block.height();
        if last { self.block.folded } else { 0 }
    }
}

/// A vertical position on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// At the top.
    Top,
    /// In the middle.
    Middle,
    /// At the bottom.
    Bottom,
}

/// The viewport; see the module documentation.
#[derive(Debug, Clone)]
pub struct Viewport {
    flow: Flow,
    height: u16,
    top: RowId,
    /// Char offset shown by the top row; for a lead row, the start of the text below it.
    anchor: usize,
    cursor: usize,
    /// The column in cells that vertical movement tries to keep.
    goal: Option<u16>,
    rows: Vec<ScreenRow>,
    /// Whether the last row of the flow is on the screen.
    at_end: bool,
}

impl Viewport {
    /// A viewport of `height` rows at the document's start.
    #[must_use]
    pub fn new(document: Arc<Document>, style: LayoutStyle, spacing: Spacing, height: u16) -> Self {
        let flow = Flow::new(document, style, spacing);
        let mut viewport =
            Self { flow, height: height.max(1), top: RowId::default(), anchor: 0, cursor: 0, goal: None, rows: Vec::new(), at_end: false };
        viewport.top = viewport.flow.first().unwrap_or_default();
        viewport.update_anchor();
        viewport.cursor = viewport.anchor;
        viewport.refresh();
        viewport
    }

    /// The flow of rows.
    #[must_use]
    pub(crate) fn flow(&self) -> &Flow {
        &self.flow
    }

    /// The document shown.
    #[must_use]
    pub fn document(&self) -> &Arc<Document> {
        self.flow.document()
    }

    /// The rows on the screen, from the top.
    #[must_use]
    pub fn rows(&self) -> &[ScreenRow] {
        &self.rows
    }

    /// The height of the screen in rows.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The char offset at the top of the screen.
    #[must_use]
    pub fn anchor(&self) -> usize {
        self.anchor
    }

    /// The char offset of the grapheme under the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The end of the visible text as a char offset; the text's length if its end is visible.
    #[must_use]
    pub(crate) fn visible_end(&self) -> usize {
        if self.at_end {
            return self.document().source.len();
        }
        self.rows.iter().rev().find_map(ScreenRow::text).map_or(0, |row| row.span.end)
    }

    /// How much of the text is above the end of the screen, in percent.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let all = self.document().source.len();
        let last = self.rows.iter().rev().find_map(ScreenRow::text).map_or(0, |row| row.span.end);
        if self.at_end || all == 0 { 100 } else { (last as u128 * 100 / all as u128).min(99) as u8 }
    }

    /// Replaces the document, or its section tree; the position stays.
    pub(crate) fn set_document(&mut self, document: Arc<Document>) {
        self.flow.set_document(document);
        self.relocate();
    }

    /// Maps the offsets of the top and the cursor into another text, which [`Self::set_document`] sets
    /// next.
    pub(crate) fn map_offsets(&mut self, of: impl Fn(usize) -> usize) {
        self.anchor = of(self.anchor);
        self.cursor = of(self.cursor);
    }

    /// Changes the layout style; the position stays.
    pub(crate) fn set_style(&mut self, style: LayoutStyle, spacing: Spacing) {
        self.flow.set_style(style, spacing);
        self.relocate();
    }

    /// Changes the height; the position stays.
    pub(crate) fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.relocate();
    }

    /// Changes which paragraphs are hidden.
    pub(crate) fn set_hidden(&mut self, hidden: HiddenText) {
        self.flow.set_hidden(hidden);
        self.relocate();
    }

    fn relocate(&mut self) {
        let had_lead = self.rows.first().is_some_and(|row| row.lead().is_some());
        self.top = self.flow.locate(self.anchor).unwrap_or_default();
        if had_lead {
            // Lead rows above the text stay visible.
            self.top.row = 0;
        }
        self.fill();
        if self.is_underfull() {
            self.top = self.top.min(self.last_top());
            self.fill();
        }
        // The cursor keeps its offset, and the screen follows it; the anchor stays, so that a larger screen
        // returns to it.
        if let Some(id) = self.flow.locate(self.cursor)
            && self.rows.iter().all(|row| row.id != id)
        {
            self.top = if id < self.top { id } else { self.flow.advance(id, 1 - isize::from(self.height.cast_signed())).0 };
            self.fill();
        }
        self.clamp_cursor();
    }

    /// Scrolls by `by` rows (up if negative); the cursor stays on the screen. Returns the rows scrolled.
    pub fn scroll(&mut self, by: isize) -> usize {
        let before = self.top;
        let (top, mut gone) = self.flow.advance(before, by);
        self.top = top;
        self.fill();
        if by > 0 && self.is_underfull() {
            self.top = self.last_top().max(before);
            self.fill();
        }
        if self.top == before {
            gone = 0;
        }
        self.update_anchor();
        self.clamp_cursor();
        gone
    }

    /// Moves the cursor by rows of text and scrolls to it. Returns the rows moved.
    pub(crate) fn move_rows(&mut self, by: isize) -> usize {
        let Some(start) = self.flow.locate(self.cursor) else { return 0 };
        let goal = self.goal_column();
        let mut at = start;
        let mut gone = 0;
        let mut probe = start;
        while gone < by.unsigned_abs() {
            let next = if by < 0 { self.flow.previous(probe) } else { self.flow.next(probe) };
            let Some(next) = next else { break };
            probe = next;
            if self.flow.row(next).is_some() {
                at = next;
                gone += 1;
            }
        }
        self.move_cursor_to_row(at, goal);
        self.scroll_to_cursor();
        gone
    }

    /// Scrolls by `rows` (up if negative), and the cursor with it. Returns the rows scrolled, or moved by
    /// the cursor if nothing scrolled.
    pub(crate) fn scroll_with_cursor(&mut self, rows: isize) -> usize {
        let goal = self.goal_column();
        let row = self.rows.iter().position(|row| Some(row.id) == self.cursor_row()).unwrap_or(0);
        let gone = self.scroll(rows);
        if gone == 0 {
            return self.move_rows(rows);
        }
        let id = self.text_row_near(row);
        if let Some(id) = id {
            self.move_cursor_to_row(id, goal);
        }
        gone
    }

    /// The offset at which the n-th page begins, from 1; a page has as many rows as the screen.
    pub(crate) fn page_start(&mut self, page: usize) -> Option<usize> {
        let rows = (page - 1).checked_mul(usize::from(self.height)).filter(|rows| *rows < MAX_PAGED_ROWS)?;
        let (mut at, gone) = self.flow.advance(self.flow.first()?, rows.cast_signed());
        if gone < rows {
            return None;
        }
        while self.flow.row(at).is_none() {
            at = self.flow.next(at)?;
        }
        self.flow.row(at).map(|row| row.span.start)
    }

    fn cursor_row(&self) -> Option<RowId> {
        let holds = |row: &&ScreenRow| row.text().is_some_and(|text| text.span.start <= self.cursor);
        self.rows.iter().rev().find(holds).map(|row| row.id)
    }

    /// The row of text nearest to screen row `row`.
    fn text_row_near(&self, row: usize) -> Option<RowId> {
        let texts = self.rows.iter().enumerate().filter(|(_, row)| row.text().is_some());
        texts.min_by_key(|(index, _)| index.abs_diff(row)).map(|(_, row)| row.id)
    }

    /// Moves the cursor to the grapheme at `offset` and scrolls to it: into the middle if it is not near.
    pub(crate) fn go_to(&mut self, offset: usize) {
        let Some(id) = self.flow.locate(offset) else { return };
        self.cursor = self.flow.row(id).map_or(offset, |row| snap(&row, offset));
        self.goal = None;
        self.scroll_to_cursor();
    }

    /// Moves the cursor to the grapheme at `offset` without scrolling, if it is on the screen.
    pub(crate) fn place_cursor(&mut self, offset: usize) {
        if self.cell_at(offset).is_some() {
            self.cursor = offset;
            self.goal = None;
        }
    }

    /// The first row on the screen.
    #[must_use]
    pub fn top(&self) -> RowId {
        self.top
    }

    /// Scrolls back so that `top` is the first row, if the cursor is on the screen then.
    pub(crate) fn return_to(&mut self, top: RowId) {
        let moved = std::mem::replace(&mut self.top, top);
        self.fill();
        if self.cell_at(self.cursor).is_none() {
            self.top = moved;
            self.fill();
        }
        self.update_anchor();
    }

    /// Scrolls so that the cursor's row is at the given position of the screen.
    pub(crate) fn align(&mut self, align: Align) {
        let Some(id) = self.flow.locate(self.cursor) else { return };
        let back = match align {
            Align::Top => 0,
            Align::Middle => self.height / 2,
            Align::Bottom => self.height - 1,
        };
        self.top = self.flow.advance(id, -isize::from(back.cast_signed())).0;
        self.fill();
        if align != Align::Top && self.is_underfull() {
            self.top = self.top.min(self.last_top());
            self.fill();
        }
        self.update_anchor();
        self.clamp_cursor();
    }

    /// Moves the cursor to the row of text nearest to the given position of the screen.
    pub(crate) fn cursor_to(&mut self, align: Align) {
        let row = match align {
            Align::Top => 0,
            Align::Middle => self.rows.len() / 2,
            Align::Bottom => self.rows.len(),
        };
        let goal = self.goal_column();
        if let Some(id) = self.text_row_near(row) {
            self.move_cursor_to_row(id, goal);
        }
    }

    /// Moves the cursor by graphemes, across rows. Returns whether it moved.
    pub(crate) fn move_graphemes(&mut self, by: isize) -> bool {
        let from = self.cursor;
        for _ in 0..by.unsigned_abs() {
            let next = if by < 0 { self.grapheme_before() } else { self.grapheme_after() };
            let Some(next) = next else { break };
            self.cursor = next;
        }
        self.goal = None;
        self.scroll_to_cursor();
        self.cursor != from
    }

    fn grapheme_after(&mut self) -> Option<usize> {
        let mut id = self.flow.locate(self.cursor)?;
        let row = self.flow.row(id)?;
        if let Some(glyph) = row.glyphs().find(|glyph| glyph.offset > self.cursor) {
            return Some(glyph.offset);
        }
        loop {
            id = self.flow.next(id)?;
            if let Some(row) = self.flow.row(id) {
                return Some(row.glyphs().next().map_or(row.span.start, |glyph| glyph.offset));
            }
        }
    }

    fn grapheme_before(&mut self) -> Option<usize> {
        let mut id = self.flow.locate(self.cursor)?;
        let row = self.flow.row(id)?;
        if let Some(glyph) = row.glyphs().rev().find(|glyph| glyph.offset < self.cursor) {
            return Some(glyph.offset);
        }
        loop {
            id = self.flow.previous(id)?;
            if let Some(row) = self.flow.row(id) {
                return Some(row.glyphs().next_back().map_or(row.span.start, |glyph| glyph.offset));
            }
        }
    }

    /// Moves the cursor to the first or last grapheme of its row.
    pub(crate) fn go_to_row_end(&mut self, last: bool) {
        let row = self.flow.locate(self.cursor).and_then(|id| self.flow.row(id));
        if let Some(row) = row
            && let Some(glyph) = if last { row.glyphs().next_back() } else { row.glyphs().next() }
        {
            self.cursor = glyph.offset;
        }
        // After a move to the row's end, vertical movement stays at row ends.
        self.goal = last.then_some(u16::MAX);
    }

    /// The offset after the grapheme at `offset`.
    pub(crate) fn grapheme_end(&mut self, offset: usize) -> usize {
        let row = self.flow.locate(offset).and_then(|id| self.flow.row(id));
        let glyph = row.and_then(|row| row.glyphs().find(|glyph| glyph.offset == offset).map(|g| g.offset + usize::from(g.len)));
        glyph.unwrap_or(offset + 1).min(self.document().source.len())
    }

    /// The screen row and column of the grapheme at `offset`, if it is on the screen.
    #[must_use]
    pub(crate) fn cell_at(&self, offset: usize) -> Option<(u16, u16)> {
        self.rows.iter().enumerate().find_map(|(index, row)| {
            let glyph = row.text()?.glyphs().find(|glyph| glyph.offset == offset)?;
            Some((index as u16, glyph.column))
        })
    }

    /// The offset of the grapheme at a screen row and column, or of the one to its left.
    #[must_use]
    pub(crate) fn offset_at(&self, row: u16, column: u16) -> Option<usize> {
        self.rows.get(usize::from(row))?.text()?.glyphs().rev().find(|glyph| glyph.column <= column).map(|glyph| glyph.offset)
    }

    fn goal_column(&mut self) -> u16 {
        if let Some(goal) = self.goal {
            return goal;
        }
        let cursor = self.cursor;
        let row = self.flow.locate(cursor).and_then(|id| self.flow.row(id));
        let column = row.and_then(|row| row.glyphs().find(|glyph| glyph.offset == cursor).map(|glyph| glyph.column)).unwrap_or(0);
        self.goal = Some(column);
        column
    }

    fn move_cursor_to_row(&mut self, id: RowId, goal: u16) {
        if let Some(row) = self.flow.row(id) {
            let glyph = row.glyphs().rev().find(|glyph| glyph.column <= goal).or_else(|| row.glyphs().next());
            self.cursor = glyph.map_or(row.span.start, |glyph| glyph.offset);
            self.goal = Some(goal);
        }
    }

    /// Scrolls as little as brings the cursor's row and a margin onto the screen.
    fn scroll_to_cursor(&mut self) {
        let Some(id) = self.flow.locate(self.cursor) else { return self.refresh() };
        let margin = isize::from(SCROLL_MARGIN.min((self.height - 1) / 2).cast_signed());
        let height = isize::from(self.height.cast_signed());
        let low = self.flow.advance(id, -margin).0;
        let (high, _) = self.flow.advance(id, margin);
        if self.top > low {
            let near = self.flow.advance(self.top, -height).0 <= low;
            self.top = if near { low } else { self.flow.advance(id, -height / 2).0 };
            self.update_anchor();
        } else {
            // The top row with which `high` is the last row on the screen.
            let least = self.flow.advance(high, 1 - height).0;
            if self.top < least {
                let near = self.flow.advance(self.top, height).0 >= least;
                self.top = if near { least } else { self.flow.advance(id, -height / 2).0 };
                self.update_anchor();
            }
        }
        self.refresh();
    }

    /// The top row with which the last page is full.
    fn last_top(&mut self) -> RowId {
        let height = isize::from(self.height.cast_signed());
        self.flow.last().map_or_else(RowId::default, |last| self.flow.advance(last, 1 - height).0)
    }

    /// Restores the invariants: fills the screen, keeps the last page full, keeps the cursor on a row.
    pub(crate) fn refresh(&mut self) {
        self.fill();
        if self.is_underfull() {
            // The anchor stays, so that a lower screen returns to it.
            self.top = self.top.min(self.last_top());
            self.fill();
        }
        self.clamp_cursor();
    }

    /// Whether the rows end before the screen does; only then the text's end is laid out.
    fn is_underfull(&self) -> bool {
        self.rows.len() < usize::from(self.height)
    }

    fn update_anchor(&mut self) {
        if let Some(block) = self.flow.block(self.top) {
            self.anchor = block.first_text_from(self.top.row).map_or(self.anchor, |row| row.span.start);
        }
    }

    fn fill(&mut self) {
        self.rows.clear();
        let mut at = self.flow.block(self.top).map(|_| self.top);
        while let Some(id) = at
            && self.rows.len() < usize::from(self.height)
        {
            if let Some(block) = self.flow.block(id) {
                self.rows.push(ScreenRow { id, block });
            }
            at = self.flow.next(id);
        }
        self.at_end = at.is_none();
    }

    /// Moves the cursor to a row on the screen if it is on none.
    fn clamp_cursor(&mut self) {
        let on_screen = self.flow.locate(self.cursor).filter(|id| self.rows.iter().any(|row| row.id == *id));
        if let Some(id) = on_screen {
            // Graphemes may have changed: a page mark is now removed by the cleaning.
            if let Some(row) = self.flow.row(id) {
                self.cursor = snap(&row, self.cursor);
            }
            return;
        }
        let margin = usize::from(SCROLL_MARGIN.min((self.height - 1) / 2));
        let above = self.rows.iter().find_map(ScreenRow::text).is_some_and(|first| self.cursor < first.span.start);
        let row = if above { margin } else { self.rows.len().saturating_sub(1 + margin) };
        if let Some(id) = self.text_row_near(row) {
            let goal = self.goal.unwrap_or(0);
            self.move_cursor_to_row(id, goal);
        }
    }
}

/// The offset of the grapheme of `row` at `offset`, or of the nearest before it, or the first.
fn snap(row: &Row, offset: usize) -> usize {
    row.glyphs().rev().find(|glyph| glyph.offset <= offset).or_else(|| row.glyphs().next()).map_or(row.span.start, |glyph| glyph.offset)
}
