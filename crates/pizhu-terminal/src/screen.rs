//! Draws frames: sends the terminal what differs from what it shows, in one write a frame.
//!
//! The screen keeps a model of what the terminal shows, cell by cell, and compares each new frame
//! with it, so nothing depends on a toolkit's idea of what changed. Invariants:
//!
//! - A grapheme is one or two cells wide. Overwriting half of a wide one makes the other half
//!   unknown, and unknown cells are redrawn; so no half remains under popups or highlights.
//! - A character whose width terminals disagree on is drawn in a way that is correct for both: its
//!   cells are blanked, the cursor put back, the character written, and the next cell addressed
//!   explicitly. Only on a terminal known to be narrow are ambiguous characters written as plain text.
//! - What reaches the terminal is text without control characters, and these sequences: SGR,
//!   CUP, CHA, EL, ED, SU, SD, DECSTBM, cursor shown or hidden, synchronized output.
//! - A frame equal to the last sends nothing.

use super::{
    AreaScroll, Colors, FrameDamage, Widths,
    packed_cell::{CellInterner, PackedCell},
    pen::{Pen, PenChangeCache, push_number},
    probe,
    runs::{self, CellRun, FrameDiff},
    scroll,
};
use pizhu_text::text::width::AmbiguousWidth;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect, Size},
};
use std::{
    fmt::Write as _,
    io::{self, Write},
};

/// Bytes of a cursor move.
const MOVE_COST: usize = 8;

/// Maximum cells that are rewritten to get over them: shorter than a cursor move.
const MAX_REWRITTEN_GAP: u16 = 4;

/// The column of a cursor of which only the row is known.
const UNKNOWN_COLUMN: u16 = u16::MAX;

/// A terminal screen that frames are drawn on.
///
/// Any writer does, so no real terminal is needed:
///
/// ```
/// use pizhu_terminal::{Colors, Screen, Widths};
/// use ratatui::{layout::{Position, Size}, style::Style};
///
/// let mut screen = Screen::new(Vec::<u8>::new(), Size::new(20, 2), Colors::None, Widths::Narrow);
/// screen.draw(|buffer| {
///     buffer.set_string(0, 0, "青禾县", Style::new());
///     Some(Position::new(6, 0))
/// })?;
/// let sent = String::from_utf8_lossy(screen.get_ref()).into_owned();
/// assert!(sent.contains("青禾县"));
/// // The same frame again sends nothing.
/// screen.draw(|buffer| {
///     buffer.set_string(0, 0, "青禾县", Style::new());
///     Some(Position::new(6, 0))
/// })?;
/// assert_eq!(screen.get_ref().len(), sent.len());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    /// The bytes of the current frame.
    bytes: String,
    area: Rect,
    /// What the terminal shows, cell by cell.
    shown: Vec<PackedCell>,
    /// What the next frame shows.
    next_cells: Vec<PackedCell>,
    interner: CellInterner,
    pen_changes: PenChangeCache,
    /// The runs of the last frame, kept to reuse their memory.
    runs: Vec<CellRun>,
    /// The buffer that views draw into.
    buffer: Buffer,
    /// Whether the buffer and `next_cells` hold the previous frame.
    holds_previous_frame: bool,
    colors: Colors,
    widths: Widths,
    /// Whether erasing fills with the current background colour.
    bce: bool,
    pen: Pen,
    /// The terminal's cursor, if known.
    cursor: Option<Position>,
    /// Whether the cursor is visible; `None` before the first frame.
    cursor_shown: Option<bool>,
    /// The cursor of the last frame; `None` if hidden.
    frame_cursor: Option<Position>,
}

impl<W: Write> Screen<W> {
    /// A screen of `size` whose contents are unknown.
    pub fn new(out: W, size: Size, colors: Colors, widths: Widths) -> Self {
        let area = Rect::new(0, 0, size.width, size.height);
        Self {
            out,
            bytes: String::new(),
            area,
            shown: vec![PackedCell::UNKNOWN; area.area() as usize],
            next_cells: vec![PackedCell::UNKNOWN; area.area() as usize],
            interner: CellInterner::new(colors),
            pen_changes: PenChangeCache::default(),
            runs: Vec::new(),
            buffer: Buffer::empty(area),
            holds_previous_frame: false,
            colors,
            widths,
            bce: false,
            pen: Pen::default(),
            cursor: None,
            cursor_shown: None,
            frame_cursor: None,
        }
    }

    /// The writer that frames go to.
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    /// The area that can be drawn on.
    #[must_use]
    pub fn area(&self) -> Rect {
        self.area
    }

    /// The terminal's character widths, as far as known.
    #[must_use]
    pub fn widths(&self) -> Widths {
        self.widths
    }

    /// The width of ambiguous characters for layout and painting.
    #[must_use]
    pub fn ambiguous(&self) -> AmbiguousWidth {
        self.widths.ambiguous()
    }

    /// Sets the terminal's widths; redraws everything if the current contents may be wrong then. What
    /// was drawn while the widths were unknown is correct on every terminal.
    pub fn set_widths(&mut self, widths: Widths) {
        let stays_valid = self.widths == Widths::Unknown && self.ambiguous() == widths.ambiguous();
        if self.widths != widths && !stays_valid {
            self.invalidate();
        }
        self.widths = widths;
    }

    /// Sets whether erasing fills with the current background colour (see
    /// [`super::color::supports_bce`]): rows that are mostly background then take fewer bytes.
    pub fn set_bce(&mut self, erases: bool) {
        self.bce = erases;
    }

    /// Resizes the screen; the next frame draws everything.
    pub fn resize(&mut self, size: Size) {
        self.area = Rect::new(0, 0, size.width, size.height);
        self.buffer = Buffer::empty(self.area);
        self.invalidate();
    }

    /// Forgets what the terminal shows: the next frame draws everything.
    pub fn invalidate(&mut self) {
        for cells in [&mut self.shown, &mut self.next_cells] {
            cells.clear();
            cells.resize(self.area.area() as usize, PackedCell::UNKNOWN);
        }
        self.interner = CellInterner::new(self.colors);
        self.holds_previous_frame = false;
        self.cursor = None;
        self.cursor_shown = None;
    }

    /// Draws a frame: `view` fills a buffer and returns the cursor's position (`None` hides it). The
    /// difference to what the terminal shows is sent in one write.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn draw(&mut self, view: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        self.draw_incremental(|buffer, _| (view(buffer), FrameDamage::default()))
    }

    /// Like [`Self::draw`], for a view that skips what has not changed. `view` is passed whether the
    /// buffer still holds the previous frame, and returns what it left unchanged.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn draw_incremental(&mut self, view: impl FnOnce(&mut Buffer, bool) -> (Option<Position>, FrameDamage)) -> io::Result<()> {
        if self.interner.is_full() {
            self.invalidate();
        }
        let mut next = std::mem::replace(&mut self.buffer, Buffer::empty(Rect::ZERO));
        let (cursor, damage) = view(&mut next, self.holds_previous_frame);
        let done = self.present(&next, &damage, cursor);
        self.buffer = next;
        done
    }

    /// Queries the terminal for the widths of the samples: one round trip, answered by
    /// [`super::TermEvent::Measured`]. The cells that the samples overwrote are redrawn.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn probe_widths(&mut self) -> io::Result<()> {
        let Some(row) = self.area.height.checked_sub(1).filter(|row| *row > 0 && self.area.width > 4) else { return Ok(()) };
        self.begin_frame();
        self.change_pen(Pen::default());
        probe::push_query(row, &mut self.bytes);
        self.cursor = None;
        for x in 0..4 {
            self.mark_unknown(x, row);
        }
        self.draw_runs();
        self.finish_frame(self.frame_cursor)
    }

    /// Queries the terminal's background colour; the answer, if one comes, is
    /// [`super::TermEvent::Background`].
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn query_background(&mut self) -> io::Result<()> {
        self.out.write_all(b"\x1b]11;?\x1b\\")?;
        self.out.flush()
    }

    /// Sends the difference between the buffer `next` and what is shown.
    fn present(&mut self, next: &Buffer, damage: &FrameDamage, cursor: Option<Position>) -> io::Result<()> {
        self.frame_cursor = cursor.filter(|at| self.area.contains(*at));
        if let Some(scroll) = damage.scrolled {
            scroll.apply(&mut self.next_cells, self.area.width);
        }
        self.interner.encode(next, self.area.width, &damage.unchanged, &mut self.next_cells);
        self.begin_frame();
        if std::mem::replace(&mut self.holds_previous_frame, true) {
            self.scroll(damage.scrolled);
        }
        self.draw_runs();
        self.finish_frame(self.frame_cursor)
    }

    fn begin_frame(&mut self) {
        self.bytes.clear();
        self.bytes.push_str("\x1b[?2026h");
        if self.cursor_shown != Some(false) {
            self.bytes.push_str("\x1b[?25l");
        }
    }

    /// Places the cursor and sends the frame; sends nothing if nothing changed.
    fn finish_frame(&mut self, cursor: Option<Position>) -> io::Result<()> {
        let head = "\x1b[?2026h".len() + if self.cursor_shown == Some(false) { 0 } else { "\x1b[?25l".len() };
        let same_cursor = self.cursor_shown == Some(cursor.is_some()) && (cursor.is_none() || cursor == self.cursor);
        if self.bytes.len() == head && same_cursor {
            return Ok(());
        }
        self.cursor_shown = Some(cursor.is_some());
        if let Some(at) = cursor {
            self.move_to(at.x, at.y);
            self.bytes.push_str("\x1b[?25h");
        }
        self.bytes.push_str("\x1b[?2026l");
        self.out.write_all(self.bytes.as_bytes())?;
        self.out.flush()
    }

    fn cell_index(&self, x: u16, y: u16) -> usize {
        usize::from(y) * usize::from(self.area.width) + usize::from(x)
    }

    /// Scrolls the terminal if most of the next frame is the shown one, moved.
    fn scroll(&mut self, scroll: Option<AreaScroll>) {
        let Some(scroll) = scroll::find_scroll(&self.shown, &self.next_cells, self.area.width, scroll) else { return };
        self.change_pen(Pen::default());
        let function = if scroll.up { 'S' } else { 'T' };
        // Writing to a string cannot fail.
        let _ = write!(self.bytes, "\x1b[{};{}r\x1b[{}{function}\x1b[r", scroll.top + 1, scroll.bottom, scroll.lines);
        self.cursor = None;
        let width = usize::from(self.area.width);
        let region = &mut self.shown[usize::from(scroll.top) * width..usize::from(scroll.bottom) * width];
        let cells = usize::from(scroll.lines) * width;
        let (at, len) = (region.len() - cells, region.len());
        if scroll.up {
            region.rotate_left(cells);
            region[at..len].fill(PackedCell::BLANK);
        } else {
            region.rotate_right(cells);
            region[..cells].fill(PackedCell::BLANK);
        }
    }

    /// Draws the runs that differ: in reading order, or pen by pen if that takes fewer bytes.
    fn draw_runs(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        runs.clear();
        let Self { interner, shown, next_cells: next, area: Rect { width, .. }, widths, bce, .. } = &*self;
        let frame = FrameDiff { interner, shown, next, width: *width, widths: *widths, bce: *bce };
        frame.find_runs(&mut runs);
        if runs.iter().all(|run| run.reorderable) && !runs.is_empty() {
            let in_place = self.run_cost(&runs);
            let mut by_pen = runs.clone();
            let mut pens: Vec<Pen> = Vec::new();
            for run in &mut by_pen {
                run.pen_rank = pens.iter().position(|pen| *pen == run.pen).unwrap_or_else(|| {
                    pens.push(run.pen);
                    pens.len() - 1
                });
            }
            // Erases come first, since text is drawn over them.
            by_pen.sort_by_key(|run| (!run.erases, run.pen_rank));
            if self.run_cost(&by_pen) < in_place {
                runs = by_pen;
            }
        }
        for run in &runs {
            if run.erases {
                self.erase_to_row_end(run);
            } else if run.reorderable {
                self.draw_certain_run(run);
            } else {
                let mut x = run.x;
                while x < run.end {
                    let cell = self.next_cells[self.cell_index(x, run.y)];
                    self.draw_cell(x, run.y, cell);
                    x += u16::from(cell.width().max(1));
                }
            }
        }
        self.runs = runs;
    }

    /// Bytes of pen changes and cursor moves for drawing `runs` in this order.
    fn run_cost(&mut self, runs: &[CellRun]) -> usize {
        let (mut pen, mut at) = (self.pen, (u16::MAX, 0));
        let mut cost = 0;
        for run in runs {
            cost += if pen == run.pen { 0 } else { self.pen_changes.sequence(pen, run.pen).len() };
            cost += if at == (run.x, run.y) { 0 } else { MOVE_COST };
            pen = run.pen;
            at = (run.end, run.y);
        }
        cost
    }

    /// Draws a run in which every width is certain.
    fn draw_certain_run(&mut self, run: &CellRun) {
        self.move_to(run.x, run.y);
        let (from, to) = (self.cell_index(run.x, run.y), self.cell_index(0, run.y) + usize::from(run.end));
        self.bytes.reserve(3 * (to - from));
        let mut pen_is_set = false;
        for at in from..to {
            let cell = self.next_cells[at];
            if cell == PackedCell::TAIL {
                continue;
            }
            // Blanks inside a run look the same in its pen.
            if !cell.is_blank() {
                if !pen_is_set {
                    self.change_pen(run.pen);
                    pen_is_set = true;
                }
            } else if at == from {
                self.change_pen(self.pen.for_blank(run.pen));
            }
            self.interner.push_text(cell, &mut self.bytes);
        }
        // After the last column terminals delay the wrap: the column is unknown then.
        self.cursor = Some(Position::new(if run.end < self.area.width { run.end } else { UNKNOWN_COLUMN }, run.y));
        // Wide characters that cross either end were cut in half.
        if self.shown[from] == PackedCell::TAIL && run.x > 0 {
            self.shown[from - 1] = PackedCell::UNKNOWN;
        }
        if self.shown[to - 1].width() == 2 && run.end < self.area.width {
            self.shown[to] = PackedCell::UNKNOWN;
        }
        self.shown[from..to].copy_from_slice(&self.next_cells[from..to]);
    }

    fn draw_cell(&mut self, x: u16, y: u16, cell: PackedCell) {
        self.move_to(x, y);
        let pen = self.interner.pen(cell);
        self.change_pen(if cell.is_blank() { self.pen.for_blank(pen) } else { pen });
        let width = cell.width();
        if self.has_certain_width(cell) {
            self.interner.push_text(cell, &mut self.bytes);
            // After the last column terminals delay the wrap: the column is unknown then.
            let after = x + u16::from(width);
            self.cursor = Some(Position::new(if after < self.area.width { after } else { UNKNOWN_COLUMN }, y));
        } else {
            // Correct for either width.
            self.bytes.extend(std::iter::repeat_n(' ', usize::from(width)));
            let _ = write!(self.bytes, "\x1b[{}G", x + 1);
            self.interner.push_text(cell, &mut self.bytes);
            self.cursor = Some(Position::new(UNKNOWN_COLUMN, y));
        }
        for n in 0..u16::from(width) {
            self.mark_unknown(x + n, y);
        }
        let at = self.cell_index(x, y);
        self.shown[at] = cell;
        if width == 2 {
            self.shown[at + 1] = PackedCell::TAIL;
        }
    }

    /// See [`runs::has_certain_width`].
    fn has_certain_width(&self, cell: PackedCell) -> bool {
        runs::has_certain_width(cell, &self.interner, self.widths)
    }

    /// Marks a cell as unknown, and the other half of a wide character with it.
    fn mark_unknown(&mut self, x: u16, y: u16) {
        let at = self.cell_index(x, y);
        match self.shown[at] {
            PackedCell::TAIL if x > 0 => self.shown[at - 1] = PackedCell::UNKNOWN,
            cell if cell.width() == 2 && x + 1 < self.area.width => self.shown[at + 1] = PackedCell::UNKNOWN,
            _ => {}
        }
        self.shown[at] = PackedCell::UNKNOWN;
    }

    /// Erases a row from the run's start on, to the blank that ends the row.
    fn erase_to_row_end(&mut self, run: &CellRun) {
        self.move_to(run.x, run.y);
        self.change_pen(self.pen.for_blank(run.pen));
        self.bytes.push_str("\x1b[K");
        self.mark_unknown(run.x, run.y);
        let (from, to) = (self.cell_index(run.x, run.y), self.cell_index(0, run.y) + usize::from(self.area.width));
        self.shown[from..to].fill(self.next_cells[to - 1]);
    }

    fn move_to(&mut self, x: u16, y: u16) {
        if self.cursor == Some(Position::new(x, y)) || self.rewrite_gap(x, y) {
            return;
        }
        self.bytes.push_str("\x1b[");
        let same_row = self.cursor.is_some_and(|cursor| cursor.y == y);
        let parameters: &[u16] = match (x, y) {
            (0, 0) => &[],
            (0, _) => &[y + 1],
            _ if same_row => &[x + 1],
            _ => &[y + 1, x + 1],
        };
        for (index, parameter) in parameters.iter().enumerate() {
            if index > 0 {
                self.bytes.push(';');
            }
            push_number(*parameter, &mut self.bytes);
        }
        self.bytes.push(if x > 0 && same_row { 'G' } else { 'H' });
        self.cursor = Some(Position::new(x, y));
    }

    /// Moves the cursor a few cells to the right by rewriting the cells in between, if they are ASCII in
    /// the current pen: shorter than a cursor move. Returns whether it did.
    fn rewrite_gap(&mut self, x: u16, y: u16) -> bool {
        let Some(cursor) = self.cursor.filter(|cursor| cursor.y == y && cursor.x < x && x - cursor.x <= MAX_REWRITTEN_GAP) else {
            return false;
        };
        let between = &self.shown[self.cell_index(cursor.x, y)..self.cell_index(x, y)];
        let same = |cell: &PackedCell| {
            let pen = self.interner.pen(*cell);
            if cell.is_blank() { self.pen.for_blank(pen) == self.pen } else { cell.is_ascii() && pen == self.pen }
        };
        if !between.iter().all(same) {
            return false;
        }
        for cell in between {
            self.interner.push_text(*cell, &mut self.bytes);
        }
        self.cursor = Some(Position::new(x, y));
        true
    }

    fn change_pen(&mut self, pen: Pen) {
        if self.pen != pen {
            self.bytes.push_str(self.pen_changes.sequence(self.pen, pen));
            self.pen = pen;
        }
    }
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
