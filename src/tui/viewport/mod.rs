//! The viewport: which rows of a document are on the screen, and the cursor among them.
//!
//! It knows no terminal. Invariants, after [`Viewport::settle`]: the rows on the screen follow one
//! another in the flow from the anchor on and fill the height where the document is long enough;
//! the cursor stands on a grapheme of a row on the screen. The anchor is a source offset, so that
//! another width, style or tree keeps the place.

pub mod flow;

use pizhu_text::document::Document;
use pizhu_text::layout::Row;
use pizhu_text::layout::Style;
use flow::{Block, Flow, Hidden, Lead, RowId, Spacing};
use std::sync::Arc;

/// Rows kept between the cursor and the edge of the screen while it moves.
const SCROLL_MARGIN: u16 = 3;

/// Rows laid out at most for finding a page: some thousand pages.
const MOST_ROWS: usize = 200_000;

/// One row on the screen.
#[derive(Debug, Clone)]
pub struct ScreenRow {
    /// Which row of the flow.
    pub id: RowId,
    block: Arc<Block>,
}

/// The same row of the very same block.
impl PartialEq for ScreenRow {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && Arc::ptr_eq(&self.block, &other.block)
    }
}

impl ScreenRow {
    /// The source text on the row; `None` for a lead.
    #[must_use]
    pub fn text(&self) -> Option<&Row> {
        self.block.text(self.id.row)
    }

    /// What a row without source text shows.
    #[must_use]
    pub fn lead(&self) -> Option<&Lead> {
        self.block.leads.get(self.id.row)
    }

    /// The kind of the paragraph the row is of.
    #[must_use]
    pub fn kind(&self) -> pizhu_text::document::ParagraphKind {
        self.block.kind
    }

    /// Chars folded away behind the row; 0 where none are.
    #[must_use]
    pub fn folded(&self) -> usize {
        let last = self.id.row + 1 == self.block.height();
        if last { self.block.folded } else { 0 }
    }
}

/// Where on the screen a row is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the top.
    Top,
    /// In the middle.
    Middle,
    /// At the bottom.
    Bottom,
}

/// The viewport. See the module's head.
#[derive(Debug, Clone)]
pub struct Viewport {
    flow: Flow,
    height: u16,
    top: RowId,
    /// Source offset that the top row shows; for a lead, the start of the text below it.
    anchor: usize,
    cursor: usize,
    /// The column the cursor wants to be in while it moves over rows.
    goal: Option<u16>,
    rows: Vec<ScreenRow>,
    /// Whether the last row is on the screen.
    at_end: bool,
}

impl Viewport {
    /// A viewport of `height` rows at the document's start.
    #[must_use]
    pub fn new(document: Arc<Document>, style: Style, spacing: Spacing, height: u16) -> Self {
        let flow = Flow::new(document, style, spacing);
        let mut viewport =
            Self { flow, height: height.max(1), top: RowId::default(), anchor: 0, cursor: 0, goal: None, rows: Vec::new(), at_end: false };
        viewport.top = viewport.flow.first().unwrap_or_default();
        viewport.take_anchor();
        viewport.cursor = viewport.anchor;
        viewport.settle();
        viewport
    }

    /// The flow of rows.
    #[must_use]
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    /// The document shown.
    #[must_use]
    pub fn document(&self) -> &Arc<Document> {
        self.flow.document()
    }

    /// The rows on the screen from the top.
    #[must_use]
    pub fn rows(&self) -> &[ScreenRow] {
        &self.rows
    }

    /// Rows the screen holds.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The source offset at the top of the screen.
    #[must_use]
    pub fn anchor(&self) -> usize {
        self.anchor
    }

    /// The source offset of the grapheme under the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The end of what is on the screen, in chars of the source; the whole length at the end.
    #[must_use]
    pub fn seen(&self) -> usize {
        if self.at_end {
            return self.document().source.len();
        }
        self.rows.iter().rev().find_map(ScreenRow::text).map_or(0, |row| row.span.end)
    }

    /// How much of the text lies above the screen's last row, in percent.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let all = self.document().source.len();
        let last = self.rows.iter().rev().find_map(ScreenRow::text).map_or(0, |row| row.span.end);
        if self.at_end || all == 0 { 100 } else { (last as u128 * 100 / all as u128).min(99) as u8 }
    }

    /// Takes another document or another tree of the same text; the place stays.
    pub fn set_document(&mut self, document: Arc<Document>) {
        self.flow.set_document(document);
        self.relocate();
    }

    /// Changes where the top of the screen and the cursor are; for another text, taken next.
    pub fn change_places(&mut self, of: impl Fn(usize) -> usize) {
        self.anchor = of(self.anchor);
        self.cursor = of(self.cursor);
    }

    /// Lays out in another style from now on; the place stays.
    pub fn set_style(&mut self, style: Style, spacing: Spacing) {
        self.flow.set_style(style, spacing);
        self.relocate();
    }

    /// Shows `height` rows from now on; the place stays.
    pub fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.relocate();
    }

    /// Hides other paragraphs from now on.
    pub fn set_hidden(&mut self, hidden: Hidden) {
        self.flow.set_hidden(hidden);
        self.relocate();
    }

    fn relocate(&mut self) {
        let had_lead = self.rows.first().is_some_and(|row| row.lead().is_some());
        self.top = self.flow.locate(self.anchor).unwrap_or_default();
        if had_lead {
            // The space above the text stays above it.
            self.top.row = 0;
        }
        self.fill();
        if self.is_short() {
            self.top = self.top.min(self.last_top());
            self.fill();
        }
        // The cursor keeps its place in the text, and the screen goes with it; the anchor stays, so
        // that a larger screen comes back to it.
        if let Some(id) = self.flow.locate(self.cursor)
            && self.rows.iter().all(|row| row.id != id)
        {
            self.top = if id < self.top { id } else { self.flow.advance(id, 1 - isize::from(self.height.cast_signed())).0 };
            self.fill();
        }
        self.pull_cursor();
    }

    /// Scrolls by rows (up where negative), the cursor staying on the screen; how many rows it
    /// went.
    pub fn scroll(&mut self, by: isize) -> usize {
        let before = self.top;
        let (top, mut gone) = self.flow.advance(before, by);
        self.top = top;
        self.fill();
        if by > 0 && self.is_short() {
            self.top = self.last_top().max(before);
            self.fill();
        }
        if self.top == before {
            gone = 0;
        }
        self.take_anchor();
        self.pull_cursor();
        gone
    }

    /// Moves the cursor by rows of text and brings it to the screen; how many rows it went.
    pub fn move_rows(&mut self, by: isize) -> usize {
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
        self.put_cursor(at, goal);
        self.reveal();
        gone
    }

    /// Turns by `rows` (up where negative): screen and cursor go together; how many rows the
    /// screen or else the cursor went.
    pub fn turn(&mut self, rows: isize) -> usize {
        let goal = self.goal_column();
        let row = self.rows.iter().position(|row| Some(row.id) == self.rows_of_cursor()).unwrap_or(0);
        let gone = self.scroll(rows);
        if gone == 0 {
            return self.move_rows(rows);
        }
        let id = self.text_row_near(row);
        if let Some(id) = id {
            self.put_cursor(id, goal);
        }
        gone
    }

    /// Where the n-th page begins, from 1, a page being as many rows as the screen has.
    pub fn page_start(&mut self, page: usize) -> Option<usize> {
        let rows = (page - 1).checked_mul(usize::from(self.height)).filter(|rows| *rows < MOST_ROWS)?;
        let (mut at, gone) = self.flow.advance(self.flow.first()?, rows.cast_signed());
        if gone < rows {
            return None;
        }
        while self.flow.row(at).is_none() {
            at = self.flow.next(at)?;
        }
        self.flow.row(at).map(|row| row.span.start)
    }

    fn rows_of_cursor(&self) -> Option<RowId> {
        let holds = |row: &&ScreenRow| row.text().is_some_and(|text| text.span.start <= self.cursor);
        self.rows.iter().rev().find(holds).map(|row| row.id)
    }

    /// The row of text on the screen nearest to screen row `row`.
    fn text_row_near(&self, row: usize) -> Option<RowId> {
        let texts = self.rows.iter().enumerate().filter(|(_, row)| row.text().is_some());
        texts.min_by_key(|(index, _)| index.abs_diff(row)).map(|(_, row)| row.id)
    }

    /// Puts the cursor on the grapheme at `offset` and brings it to the screen, in the middle
    /// where it is not near.
    pub fn go(&mut self, offset: usize) {
        let Some(id) = self.flow.locate(offset) else { return };
        self.cursor = self.flow.row(id).map_or(offset, |row| snap(&row, offset));
        self.goal = None;
        self.reveal();
    }

    /// Puts the cursor on the grapheme at `offset`, which is on the screen, without scrolling.
    pub fn put(&mut self, offset: usize) {
        if self.place_of(offset).is_some() {
            self.cursor = offset;
            self.goal = None;
        }
    }

    /// The first row on the screen.
    #[must_use]
    pub fn top(&self) -> RowId {
        self.top
    }

    /// Scrolls back to where `top` was the first row, if the cursor is on the screen there.
    pub fn return_to(&mut self, top: RowId) {
        let moved = std::mem::replace(&mut self.top, top);
        self.fill();
        if self.place_of(self.cursor).is_none() {
            self.top = moved;
            self.fill();
        }
        self.take_anchor();
    }

    /// Puts the row of the cursor at a place of the screen.
    pub fn align(&mut self, align: Align) {
        let Some(id) = self.flow.locate(self.cursor) else { return };
        let back = match align {
            Align::Top => 0,
            Align::Middle => self.height / 2,
            Align::Bottom => self.height - 1,
        };
        self.top = self.flow.advance(id, -isize::from(back.cast_signed())).0;
        self.fill();
        if align != Align::Top && self.is_short() {
            self.top = self.top.min(self.last_top());
            self.fill();
        }
        self.take_anchor();
        self.pull_cursor();
    }

    /// Puts the cursor on the row of text nearest to a place of the screen.
    pub fn cursor_to(&mut self, align: Align) {
        let row = match align {
            Align::Top => 0,
            Align::Middle => self.rows.len() / 2,
            Align::Bottom => self.rows.len(),
        };
        let goal = self.goal_column();
        if let Some(id) = self.text_row_near(row) {
            self.put_cursor(id, goal);
        }
    }

    /// Moves the cursor by graphemes, over the ends of rows; whether it went at all.
    pub fn move_graphemes(&mut self, by: isize) -> bool {
        let from = self.cursor;
        for _ in 0..by.unsigned_abs() {
            let next = if by < 0 { self.grapheme_before() } else { self.grapheme_behind() };
            let Some(next) = next else { break };
            self.cursor = next;
        }
        self.goal = None;
        self.reveal();
        self.cursor != from
    }

    fn grapheme_behind(&mut self) -> Option<usize> {
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

    /// Puts the cursor on the first or last grapheme of its row.
    pub fn to_row_end(&mut self, last: bool) {
        let row = self.flow.locate(self.cursor).and_then(|id| self.flow.row(id));
        if let Some(row) = row
            && let Some(glyph) = if last { row.glyphs().next_back() } else { row.glyphs().next() }
        {
            self.cursor = glyph.offset;
        }
        // A cursor sent to the row's end stays at the ends while it moves over rows.
        self.goal = last.then_some(u16::MAX);
    }

    /// The offset behind the grapheme at `offset`, which is on a row that can be shown.
    pub fn grapheme_end(&mut self, offset: usize) -> usize {
        let row = self.flow.locate(offset).and_then(|id| self.flow.row(id));
        let glyph = row.and_then(|row| row.glyphs().find(|glyph| glyph.offset == offset).map(|g| g.offset + usize::from(g.len)));
        glyph.unwrap_or(offset + 1).min(self.document().source.len())
    }

    /// The screen row and column of the cursor.
    #[must_use]
    pub fn cursor_place(&self) -> Option<(u16, u16)> {
        self.place_of(self.cursor)
    }

    /// The screen row and column of the grapheme at `offset`, where it is on the screen.
    #[must_use]
    pub fn place_of(&self, offset: usize) -> Option<(u16, u16)> {
        self.rows.iter().enumerate().find_map(|(index, row)| {
            let glyph = row.text()?.glyphs().find(|glyph| glyph.offset == offset)?;
            Some((index as u16, glyph.column))
        })
    }

    /// The grapheme at a place of the screen, or the nearest on that row.
    #[must_use]
    pub fn offset_at(&self, row: u16, column: u16) -> Option<usize> {
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

    fn put_cursor(&mut self, id: RowId, goal: u16) {
        if let Some(row) = self.flow.row(id) {
            let glyph = row.glyphs().rev().find(|glyph| glyph.column <= goal).or_else(|| row.glyphs().next());
            self.cursor = glyph.map_or(row.span.start, |glyph| glyph.offset);
            self.goal = Some(goal);
        }
    }

    /// Brings the cursor's row to the screen with a margin, scrolling as little as does it.
    fn reveal(&mut self) {
        let Some(id) = self.flow.locate(self.cursor) else { return self.settle() };
        let margin = isize::from(SCROLL_MARGIN.min((self.height - 1) / 2).cast_signed());
        let height = isize::from(self.height.cast_signed());
        let low = self.flow.advance(id, -margin).0;
        let (high, _) = self.flow.advance(id, margin);
        if self.top > low {
            let near = self.flow.advance(self.top, -height).0 <= low;
            self.top = if near { low } else { self.flow.advance(id, -height / 2).0 };
            self.take_anchor();
        } else {
            // The top from which `high` is the last row on the screen.
            let least = self.flow.advance(high, 1 - height).0;
            if self.top < least {
                let near = self.flow.advance(self.top, height).0 >= least;
                self.top = if near { least } else { self.flow.advance(id, -height / 2).0 };
                self.take_anchor();
            }
        }
        self.settle();
    }

    /// The top row from which the last page is full.
    fn last_top(&mut self) -> RowId {
        let height = isize::from(self.height.cast_signed());
        self.flow.last().map_or_else(RowId::default, |last| self.flow.advance(last, 1 - height).0)
    }

    /// Brings everything in order: the last page full, the rows at hand, the cursor on one.
    pub fn settle(&mut self) {
        self.fill();
        if self.is_short() {
            // The anchor stays where it was: a lower screen comes back to it.
            self.top = self.top.min(self.last_top());
            self.fill();
        }
        self.pull_cursor();
    }

    /// Whether the rows end before the screen does. Only then the text's end is laid out.
    fn is_short(&self) -> bool {
        self.rows.len() < usize::from(self.height)
    }

    fn take_anchor(&mut self) {
        if let Some(block) = self.flow.block(self.top) {
            self.anchor = block.text_from(self.top.row).map_or(self.anchor, |row| row.span.start);
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

    /// Puts the cursor on a row of the screen where it is on none.
    fn pull_cursor(&mut self) {
        let on_screen = self.flow.locate(self.cursor).filter(|id| self.rows.iter().any(|row| row.id == *id));
        if let Some(id) = on_screen {
            // Another layout may have other graphemes: a page mark that now is cleaned away.
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
            self.put_cursor(id, goal);
        }
    }
}

/// The grapheme of `row` at `offset`, or the nearest before it, or the first.
fn snap(row: &Row, offset: usize) -> usize {
    row.glyphs().rev().find(|glyph| glyph.offset <= offset).or_else(|| row.glyphs().next()).map_or(row.span.start, |glyph| glyph.offset)
}
