//! Frames to the terminal: what differs is sent, in one write a frame.
//!
//! The screen keeps a model of what the terminal shows, cell by cell, and compares each new
//! frame with it; so nothing depends on a toolkit's idea of what changed. Invariants:
//!
//! - A cell is one or two cells wide; overwriting half of a wide one makes the other half
//!   unknown, and what is unknown is drawn. So no half stays behind, under popups or highlights.
//! - A character whose width terminals disagree on is drawn in a way that is right in all: its
//!   cells are blanked, the cursor put back, the character drawn, and the next cell addressed
//!   explicitly. Only where the terminal is known to be narrow are ambiguous ones plain text.
//! - What reaches the terminal is text without control characters, and these sequences: SGR,
//!   CUP, CHA, EL, ED, SU, SD, DECSTBM, cursor shown or hidden, synchronised output.
//! - A frame equal to the last sends nothing.

use super::{
    Colors, Kept, Moved, Widths,
    code::{Code, Legend},
    pen::{Changes, Pen, push_number},
    probe,
    runs::{self, Frame, Run},
    scroll,
};
use pizhu_text::text::width::Ambiguous;
use ratatui::{
    backend::{Backend, ClearType, WindowSize},
    buffer::{Buffer, Cell, CellWidth as _},
    layout::{Position, Rect, Size},
};
use std::{
    fmt::Write as _,
    io::{self, Write},
};

/// Bytes of a cursor move.
const MOVE_COST: usize = 8;

/// Cells up to which writing them again is shorter than moving over them.
const WALK: u16 = 4;

/// The column of a cursor of which only the row is known.
const NOWHERE: u16 = u16::MAX;

/// The terminal as something to draw on.
#[derive(Debug)]
pub struct Screen<W: Write> {
    out: W,
    /// What this frame sends.
    bytes: String,
    area: Rect,
    /// What the terminal shows, cell by cell.
    shown: Vec<Code>,
    /// What it is to show.
    next_codes: Vec<Code>,
    legend: Legend,
    changes: Changes,
    /// What was drawn last, kept for its memory.
    runs: Vec<Run>,
    /// The buffer that views draw into.
    next: Buffer,
    /// Whether it and its codes are the frame before.
    holds: bool,
    colors: Colors,
    widths: Widths,
    /// Whether the terminal erases in the colour in hand.
    erases_in_colour: bool,
    pen: Pen,
    /// Where the terminal's cursor is, if known.
    cursor: Option<Position>,
    /// Whether it is visible; `None` before the first frame.
    cursor_shown: Option<bool>,
    /// Where ratatui's `Terminal` wants it.
    wanted: Option<Position>,
}

impl<W: Write> Screen<W> {
    /// A screen of `size` whose contents are not known.
    pub fn new(out: W, size: Size, colors: Colors, widths: Widths) -> Self {
        let area = Rect::new(0, 0, size.width, size.height);
        Self {
            out,
            bytes: String::new(),
            area,
            shown: vec![Code::UNKNOWN; area.area() as usize],
            next_codes: vec![Code::UNKNOWN; area.area() as usize],
            legend: Legend::new(colors),
            changes: Changes::default(),
            runs: Vec::new(),
            next: Buffer::empty(area),
            holds: false,
            colors,
            widths,
            erases_in_colour: false,
            pen: Pen::default(),
            cursor: None,
            cursor_shown: None,
            wanted: None,
        }
    }

    /// What frames are written to.
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    /// The cells that can be drawn on.
    #[must_use]
    pub fn area(&self) -> Rect {
        self.area
    }

    /// What is known of the terminal's widths.
    #[must_use]
    pub fn widths(&self) -> Widths {
        self.widths
    }

    /// How texts must be laid out and painted for this terminal.
    #[must_use]
    pub fn ambiguous(&self) -> Ambiguous {
        self.widths.ambiguous()
    }

    /// Takes other widths, and forgets what is shown where that may be wrong now. What was drawn
    /// while they were not known is right in every terminal.
    pub fn set_widths(&mut self, widths: Widths) {
        let holds = self.widths == Widths::Unknown && self.ambiguous() == widths.ambiguous();
        if self.widths != widths && !holds {
            self.invalidate();
        }
        self.widths = widths;
    }

    /// Says whether the terminal erases in the colour in hand (see [`super::color::erases_in_colour`]):
    /// rows that are mostly a ground of some colour take fewer bytes then.
    pub fn set_erases_in_colour(&mut self, erases: bool) {
        self.erases_in_colour = erases;
    }

    /// Takes another size; the next frame draws everything.
    pub fn resize(&mut self, size: Size) {
        self.area = Rect::new(0, 0, size.width, size.height);
        self.next = Buffer::empty(self.area);
        self.invalidate();
    }

    /// Forgets what the terminal shows: the next frame draws everything.
    pub fn invalidate(&mut self) {
        for codes in [&mut self.shown, &mut self.next_codes] {
            codes.clear();
            codes.resize(self.area.area() as usize, Code::UNKNOWN);
        }
        self.legend = Legend::new(self.colors);
        self.holds = false;
        self.cursor = None;
        self.cursor_shown = None;
    }

    /// Draws a frame: `view` fills a buffer, and returns where the cursor stands (`None` hides
    /// it). What differs from the terminal is sent in one write.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn draw(&mut self, view: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        self.redraw(|buffer, _| (view(buffer), Kept::default()))
    }

    /// [`Self::draw`] for a view that leaves alone what need not be drawn again. It is told
    /// whether the buffer still holds the frame before, and returns what it left as it was then.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn redraw(&mut self, view: impl FnOnce(&mut Buffer, bool) -> (Option<Position>, Kept)) -> io::Result<()> {
        if self.legend.is_full() {
            self.invalidate();
        }
        let mut next = std::mem::replace(&mut self.next, Buffer::empty(Rect::ZERO));
        let (cursor, kept) = view(&mut next, self.holds);
        let done = self.present(&next, &kept, cursor);
        self.next = next;
        done
    }

    /// Asks the terminal for the widths it gives to samples of each class: one round trip, whose
    /// answer comes as [`super::Event::Measured`]. What the samples overwrote is drawn again.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn probe(&mut self) -> io::Result<()> {
        let Some(row) = self.area.height.checked_sub(1).filter(|row| *row > 0 && self.area.width > 4) else { return Ok(()) };
        self.begin();
        self.change_pen(Pen::default());
        probe::ask(row, &mut self.bytes);
        self.cursor = None;
        for x in 0..4 {
            self.forget(x, row);
        }
        self.draw_rows();
        self.finish(self.wanted)
    }

    /// Asks the terminal for the colour of its ground; the answer, where one comes, is
    /// [`super::Event::Ground`].
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn ask_ground(&mut self) -> io::Result<()> {
        self.out.write_all(b"\x1b]11;?\x1b\\")?;
        self.out.flush()
    }

    /// Sends what differs between `next` and what is shown.
    fn present(&mut self, next: &Buffer, kept: &Kept, cursor: Option<Position>) -> io::Result<()> {
        self.wanted = cursor.filter(|at| self.area.contains(*at));
        if let Some(moved) = kept.moved {
            moved.apply(&mut self.next_codes, self.area.width);
        }
        self.legend.encode(next, self.area.width, &kept.areas, &mut self.next_codes);
        self.begin();
        if std::mem::replace(&mut self.holds, true) {
            self.scroll(kept.moved);
        }
        self.draw_rows();
        self.finish(self.wanted)
    }

    fn begin(&mut self) {
        self.bytes.clear();
        self.bytes.push_str("\x1b[?2026h");
        if self.cursor_shown != Some(false) {
            self.bytes.push_str("\x1b[?25l");
        }
    }

    /// Puts the cursor where it belongs and sends the frame, or nothing where nothing changed.
    fn finish(&mut self, cursor: Option<Position>) -> io::Result<()> {
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

    fn index(&self, x: u16, y: u16) -> usize {
        usize::from(y) * usize::from(self.area.width) + usize::from(x)
    }

    /// Scrolls the terminal where most of what is to be shown is what it shows, moved.
    fn scroll(&mut self, moved: Option<Moved>) {
        let Some(shift) = scroll::find(&self.shown, &self.next_codes, self.area.width, moved) else { return };
        self.change_pen(Pen::default());
        let code = if shift.up { 'S' } else { 'T' };
        // Writing to a string does not fail.
        let _ = write!(self.bytes, "\x1b[{};{}r\x1b[{}{code}\x1b[r", shift.top + 1, shift.bottom, shift.lines);
        self.cursor = None;
        let width = usize::from(self.area.width);
        let region = &mut self.shown[usize::from(shift.top) * width..usize::from(shift.bottom) * width];
        let cells = usize::from(shift.lines) * width;
        let (at, len) = (region.len() - cells, region.len());
        if shift.up {
            region.rotate_left(cells);
            region[at..len].fill(Code::BLANK);
        } else {
            region.rotate_right(cells);
            region[..cells].fill(Code::BLANK);
        }
    }

    /// Draws what differs. Where that is less, all of one look first, then all of the next.
    fn draw_rows(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        runs.clear();
        let Self { legend, shown, next_codes: next, area: Rect { width, .. }, widths, erases_in_colour, .. } = &*self;
        let frame = Frame { legend, shown, next, width: *width, widths: *widths, erases_in_colour: *erases_in_colour };
        frame.find_runs(&mut runs);
        if runs.iter().all(|run| run.movable) && !runs.is_empty() {
            let in_place = self.cost(&runs);
            let mut by_look = runs.clone();
            let mut looks: Vec<Pen> = Vec::new();
            for run in &mut by_look {
                run.group = looks.iter().position(|look| *look == run.pen).unwrap_or_else(|| {
                    looks.push(run.pen);
                    looks.len() - 1
                });
            }
            // What is erased is drawn on afterwards.
            by_look.sort_by_key(|run| (!run.erases, run.group));
            if self.cost(&by_look) < in_place {
                runs = by_look;
            }
        }
        for run in &runs {
            if run.erases {
                self.erase_from(run);
            } else if run.movable {
                self.put_plain(run);
            } else {
                let mut x = run.x;
                while x < run.end {
                    let code = self.next_codes[self.index(x, run.y)];
                    self.put(x, run.y, code);
                    x += u16::from(code.width().max(1));
                }
            }
        }
        self.runs = runs;
    }

    /// Bytes of looks and moves that drawing `runs` in this order takes.
    fn cost(&mut self, runs: &[Run]) -> usize {
        let (mut pen, mut at) = (self.pen, (u16::MAX, 0));
        let mut cost = 0;
        for run in runs {
            cost += if pen == run.pen { 0 } else { self.changes.sequence(pen, run.pen).len() };
            cost += if at == (run.x, run.y) { 0 } else { MOVE_COST };
            pen = run.pen;
            at = (run.end, run.y);
        }
        cost
    }

    /// Draws a run all of whose widths are certain.
    fn put_plain(&mut self, run: &Run) {
        self.move_to(run.x, run.y);
        let (from, to) = (self.index(run.x, run.y), self.index(0, run.y) + usize::from(run.end));
        self.bytes.reserve(3 * (to - from));
        let mut is_ready = false;
        for at in from..to {
            let code = self.next_codes[at];
            if code == Code::TAIL {
                continue;
            }
            // Blanks inside a run are of its look, as far as that shows on them.
            if !code.is_blank() {
                if !is_ready {
                    self.change_pen(run.pen);
                    is_ready = true;
                }
            } else if at == from {
                self.change_pen(self.pen.for_blank(run.pen));
            }
            self.legend.push(code, &mut self.bytes);
        }
        // In the last column terminals wait before they wrap: the column is not known then.
        self.cursor = Some(Position::new(if run.end < self.area.width { run.end } else { NOWHERE }, run.y));
        // What sticks out on either side was cut.
        if self.shown[from] == Code::TAIL && run.x > 0 {
            self.shown[from - 1] = Code::UNKNOWN;
        }
        if self.shown[to - 1].width() == 2 && run.end < self.area.width {
            self.shown[to] = Code::UNKNOWN;
        }
        self.shown[from..to].copy_from_slice(&self.next_codes[from..to]);
    }

    fn put(&mut self, x: u16, y: u16, code: Code) {
        self.move_to(x, y);
        let pen = self.legend.pen(code);
        self.change_pen(if code.is_blank() { self.pen.for_blank(pen) } else { pen });
        let width = code.width();
        if self.is_plain(code) {
            self.legend.push(code, &mut self.bytes);
            // In the last column terminals wait before they wrap: the column is not known then.
            let after = x + u16::from(width);
            self.cursor = Some(Position::new(if after < self.area.width { after } else { NOWHERE }, y));
        } else {
            // Right whichever width the terminal gives it.
            self.bytes.extend(std::iter::repeat_n(' ', usize::from(width)));
            let _ = write!(self.bytes, "\x1b[{}G", x + 1);
            self.legend.push(code, &mut self.bytes);
            self.cursor = Some(Position::new(NOWHERE, y));
        }
        for n in 0..u16::from(width) {
            self.forget(x + n, y);
        }
        let at = self.index(x, y);
        self.shown[at] = code;
        if width == 2 {
            self.shown[at + 1] = Code::TAIL;
        }
    }

    /// See [`runs::is_plain`].
    fn is_plain(&self, code: Code) -> bool {
        runs::is_plain(code, &self.legend, self.widths)
    }

    /// Makes a cell unknown, and with it the other half of a wide character that it cut.
    fn forget(&mut self, x: u16, y: u16) {
        let at = self.index(x, y);
        match self.shown[at] {
            Code::TAIL if x > 0 => self.shown[at - 1] = Code::UNKNOWN,
            code if code.width() == 2 && x + 1 < self.area.width => self.shown[at + 1] = Code::UNKNOWN,
            _ => {}
        }
        self.shown[at] = Code::UNKNOWN;
    }

    /// Erases a row from the run's start on, to the blank that ends the row.
    fn erase_from(&mut self, run: &Run) {
        self.move_to(run.x, run.y);
        self.change_pen(self.pen.for_blank(run.pen));
        self.bytes.push_str("\x1b[K");
        self.forget(run.x, run.y);
        let (from, to) = (self.index(run.x, run.y), self.index(0, run.y) + usize::from(self.area.width));
        self.shown[from..to].fill(self.next_codes[to - 1]);
    }

    fn move_to(&mut self, x: u16, y: u16) {
        if self.cursor == Some(Position::new(x, y)) || self.walk_to(x, y) {
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

    /// Reaches a place a few cells on by writing once more what stands between, where that is
    /// ASCII of the pen in hand: shorter than a move.
    fn walk_to(&mut self, x: u16, y: u16) -> bool {
        let Some(cursor) = self.cursor.filter(|cursor| cursor.y == y && cursor.x < x && x - cursor.x <= WALK) else { return false };
        let between = &self.shown[self.index(cursor.x, y)..self.index(x, y)];
        let same = |code: &Code| {
            let pen = self.legend.pen(*code);
            if code.is_blank() { self.pen.for_blank(pen) == self.pen } else { code.is_ascii() && pen == self.pen }
        };
        if !between.iter().all(same) {
            return false;
        }
        for code in between {
            self.legend.push(*code, &mut self.bytes);
        }
        self.cursor = Some(Position::new(x, y));
        true
    }

    fn change_pen(&mut self, pen: Pen) {
        if self.pen != pen {
            self.bytes.push_str(self.changes.sequence(self.pen, pen));
            self.pen = pen;
        }
    }
}

/// For ratatui's own `Terminal`, in case a view wants its `Frame`: its differences are taken as a
/// new state of the buffer, and the frame is sent on `flush`. [`Screen::draw`] does not need it.
impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            for tail in 1..cell.cell_width().min(self.area.width.saturating_sub(x)) {
                if let Some(covered) = self.next.cell_mut((x + tail, y)) {
                    covered.reset();
                }
            }
            if let Some(place) = self.next.cell_mut((x, y)) {
                *place = cell.clone();
            }
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.wanted = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.wanted = self.wanted.or(Some(Position::ORIGIN));
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.wanted.unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.wanted = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.next.reset();
        self.invalidate();
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        Backend::clear(self)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.area.as_size())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.area.as_size(), pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        let next = std::mem::replace(&mut self.next, Buffer::empty(Rect::ZERO));
        let done = self.present(&next, &Kept::default(), self.wanted);
        self.next = next;
        done
    }
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
