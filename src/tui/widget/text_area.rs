//! A multi-line text area for notes.
//!
//! Invariants: `cursor` is on a grapheme boundary; line breaks are LF, and the only other control
//! character is the tab; `undone` is empty after any change that is not an undo.
//! Lines are soft-wrapped into rows by cells at the break opportunities of the reader's text. A row is one
//! cell narrower than the area, so that the cursor fits after a full one.

use super::edit::{self, TextEdit};
use super::label::StyleContext;
use super::list::draw_scroll_bar;
use crate::tui::theme::StyleRole;
use pizhu_terminal::paint;
use pizhu_text::layout::break_offsets;
use pizhu_text::text::width::AmbiguousWidth;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use std::ops::Range;

/// Maximum changes that can be undone.
const MAX_UNDO: usize = 1_000;

/// A replacement of `removed` by `inserted` at byte `at`.
#[derive(Debug, Clone)]
struct TextChange {
    at: usize,
    removed: String,
    inserted: String,
    /// The cursor before the change.
    cursor: usize,
}

/// A multi-line text with a cursor and an undo history.
#[derive(Debug, Clone)]
pub(in crate::tui) struct TextArea {
    text: String,
    cursor: usize,
    done: Vec<TextChange>,
    undone: Vec<TextChange>,
    /// The column in cells that vertical movement tries to keep.
    goal: Option<usize>,
    /// The first visible row.
    top: usize,
    width: u16,
    height: u16,
    ambiguous: AmbiguousWidth,
}

impl TextArea {
    /// A text area of `width` × `height` cells, the cursor after the text.
    #[must_use]
    pub(in crate::tui) fn new(text: &str, width: u16, height: u16, ambiguous: AmbiguousWidth) -> Self {
        let text = normalize(text);
        let cursor = text.len();
        let mut area = Self { text, cursor, done: Vec::new(), undone: Vec::new(), goal: None, top: 0, width, height, ambiguous };
        area.scroll();
        area
    }

    /// Changes the size and the width of ambiguous characters.
    pub(in crate::tui) fn resize(&mut self, width: u16, height: u16, ambiguous: AmbiguousWidth) {
        (self.width, self.height, self.ambiguous) = (width, height, ambiguous);
        self.goal = None;
        self.scroll();
    }

    /// The text.
    #[must_use]
    pub(in crate::tui) fn text(&self) -> &str {
        &self.text
    }

    /// The cursor as a byte offset into [`Self::text`].
    #[cfg(test)]
    #[must_use]
    pub(in crate::tui) fn cursor(&self) -> usize {
        self.cursor
    }

    /// Whether the undo history is not empty.
    #[must_use]
    pub(crate) fn is_changed(&self) -> bool {
        !self.done.is_empty()
    }

    /// Inserts `text`, typed or pasted, at the cursor; a paste is undone at once.
    pub(in crate::tui) fn insert(&mut self, text: &str) {
        let text = normalize(text);
        if !text.is_empty() {
            self.change(self.cursor, String::new(), text);
        }
    }

    /// Replaces the whole text as one change, with the result of an external editor.
    pub(in crate::tui) fn replace(&mut self, text: &str) {
        let text = normalize(text);
        if text != self.text {
            let removed = self.text.clone();
            self.change(0, removed, text);
        }
    }

    /// Applies an edit operation. Returns whether the text changed.
    pub(in crate::tui) fn apply(&mut self, edit: TextEdit) -> bool {
        if !matches!(edit, TextEdit::Up | TextEdit::Down) {
            self.goal = None;
        }
        let (line_start, line_end) = self.line_bounds();
        match edit {
            TextEdit::Left => self.cursor = edit::previous_boundary(&self.text, self.cursor),
            TextEdit::Right => self.cursor = edit::next_boundary(&self.text, self.cursor),
            TextEdit::WordLeft => self.cursor = edit::word_left(&self.text, self.cursor),
            TextEdit::WordRight => self.cursor = edit::word_right(&self.text, self.cursor),
            TextEdit::Home => self.cursor = line_start,
            TextEdit::End => self.cursor = line_end,
            TextEdit::Start => self.cursor = 0,
            TextEdit::Finish => self.cursor = self.text.len(),
            TextEdit::Up => self.step_rows(-1),
            TextEdit::Down => self.step_rows(1),
            TextEdit::Backspace => return self.remove(edit::previous_boundary(&self.text, self.cursor)..self.cursor),
            TextEdit::Delete => return self.remove(self.cursor..edit::next_boundary(&self.text, self.cursor)),
            TextEdit::DeleteWord => return self.remove(edit::word_left(&self.text, self.cursor)..self.cursor),
            TextEdit::DeleteToStart => return self.remove(line_start..self.cursor),
            // At the end of a line this deletes the line break, so that repeating it continues.
            TextEdit::DeleteToEnd => {
                return self.remove(self.cursor..line_end.max(edit::next_boundary(&self.text, self.cursor).min(line_end + 1)));
            }
            TextEdit::Newline => self.change(self.cursor, String::new(), "\n".to_owned()),
            TextEdit::Undo => return self.undo(),
            TextEdit::Redo => return self.redo(),
        }
        self.scroll();
        edit == TextEdit::Newline
    }

    /// Moves the cursor to `column`, `row` of the area as drawn, for the mouse.
    pub(in crate::tui) fn click(&mut self, column: u16, row: u16) {
        let rows = self.rows();
        let index = (self.top + usize::from(row)).min(rows.len() - 1);
        self.cursor = self.offset_at_column(&rows[index], usize::from(column));
        self.goal = None;
        self.scroll();
    }

    /// Draws the rows around the cursor and returns the position of the hardware cursor. An empty text
    /// shows `placeholder`.
    pub(in crate::tui) fn draw(&self, area: Rect, buffer: &mut Buffer, styles: StyleContext<'_>, placeholder: &str) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        let style = styles.style(StyleRole::Input);
        paint::fill(buffer, area, style);
        if self.text.is_empty() {
            let hint = paint::truncate(placeholder, usize::from(area.width), self.ambiguous);
            paint::draw_text(
                buffer,
                area.x,
                area.y,
                area.right(),
                &hint,
                style.patch(styles.style(StyleRole::Placeholder)),
                self.ambiguous,
            );
        }
        let rows = self.rows();
        for (row, range) in area.rows().zip(rows.iter().skip(self.top)) {
            paint::draw_text(buffer, row.x, row.y, row.right(), &self.text[range.clone()], style, self.ambiguous);
        }
        draw_scroll_bar(Rect { x: area.right() - 1, width: 1, ..area }, self.top, rows.len(), buffer, styles);
        let (row, column) = self.cursor_cell(&rows);
        let (row, column) = ((row - self.top.min(row)) as u16, column.min(usize::from(area.width - 1)) as u16);
        (row < area.height).then(|| Position::new(area.x + column, area.y + row))
    }

    /// The byte ranges of the rows, without line breaks; at least one.
    fn rows(&self) -> Vec<Range<usize>> {
        let room = usize::from(self.width.max(2) - 1);
        let mut rows = Vec::new();
        let mut start = 0;
        for line in self.text.split('\n') {
            wrap(line, start, room, self.ambiguous, &mut rows);
            start += line.len() + 1;
        }
        rows
    }

    /// The cursor's row, and its column in cells.
    fn cursor_cell(&self, rows: &[Range<usize>]) -> (usize, usize) {
        let row = rows.partition_point(|row| row.start <= self.cursor).saturating_sub(1);
        let start = rows.get(row).map_or(0, |row| row.start);
        (row, paint::width(&self.text[start..self.cursor], self.ambiguous))
    }

    /// The offset of the grapheme in `row` that covers `column`, or the row's end. A wrapped row's end is
    /// the start of the next, so there the last grapheme is the limit.
    fn offset_at_column(&self, row: &Range<usize>, column: usize) -> usize {
        let mut x = 0;
        let mut last = row.start;
        for (index, grapheme) in paint::graphemes(&self.text[row.clone()]) {
            last = row.start + index;
            x += paint::width(grapheme, self.ambiguous);
            if x > column {
                return last;
            }
        }
        let wrapped = row.end < self.text.len() && !self.text[row.end..].starts_with('\n');
        if wrapped { last } else { row.end }
    }

    fn step_rows(&mut self, steps: isize) {
        let rows = self.rows();
        let (row, column) = self.cursor_cell(&rows);
        let goal = *self.goal.get_or_insert(column);
        let Some(target) = row.checked_add_signed(steps).filter(|target| *target < rows.len()) else {
            self.cursor = if steps < 0 { 0 } else { self.text.len() };
            return;
        };
        self.cursor = self.offset_at_column(&rows[target], goal);
    }

    /// The bounds of the line (not row) of the cursor, in bytes.
    fn line_bounds(&self) -> (usize, usize) {
        let start = self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[self.cursor..].find('\n').map_or(self.text.len(), |at| self.cursor + at);
        (start, end)
    }

    fn remove(&mut self, range: Range<usize>) -> bool {
        if range.is_empty() {
            return false;
        }
        let removed = self.text[range.clone()].to_owned();
        self.change(range.start, removed, String::new());
        true
    }

    fn change(&mut self, at: usize, removed: String, inserted: String) {
        self.text.replace_range(at..at + removed.len(), &inserted);
        let cursor = self.cursor;
        self.undone.clear();
        self.goal = None;
        self.cursor = edit::snap_to_boundary(&self.text, at + inserted.len());
        // Letters typed one after another are undone together, up to a punctuation mark.
        let joins = self.done.last().is_some_and(|last| {
            let typed = |text: &str| text.chars().count() == 1 && text.chars().all(char::is_alphanumeric);
            removed.is_empty()
                && last.removed.is_empty()
                && last.at + last.inserted.len() == at
                && typed(&inserted)
                && last.inserted.chars().all(char::is_alphanumeric)
        });
        match self.done.last_mut() {
            Some(last) if joins => last.inserted.push_str(&inserted),
            _ => self.done.push(TextChange { at, removed, inserted, cursor }),
        }
        let surplus = self.done.len().saturating_sub(MAX_UNDO);
        self.done.drain(..surplus);
        self.scroll();
    }

    fn undo(&mut self) -> bool {
        let Some(change) = self.done.pop() else { return false };
        self.text.replace_range(change.at..change.at + change.inserted.len(), &change.removed);
        self.cursor = change.cursor;
        self.undone.push(change);
        self.scroll();
        true
    }

    fn redo(&mut self) -> bool {
        let Some(change) = self.undone.pop() else { return false };
        self.text.replace_range(change.at..change.at + change.removed.len(), &change.inserted);
        self.cursor = edit::snap_to_boundary(&self.text, change.at + change.inserted.len());
        self.done.push(change);
        self.scroll();
        true
    }

    fn scroll(&mut self) {
        let rows = self.rows();
        let (row, _) = self.cursor_cell(&rows);
        let height = usize::from(self.height.max(1));
        self.top = self.top.clamp((row + 1).saturating_sub(height), row).min(rows.len().saturating_sub(height));
    }
}

/// Wraps a line that begins at byte `start` of the text into rows of at most `room` cells. White
/// space at a row's end may extend beyond; the cursor is then drawn at the edge.
fn wrap(line: &str, start: usize, room: usize, ambiguous: AmbiguousWidth, rows: &mut Vec<Range<usize>>) {
    let mut row_start = 0;
    let mut row_width = 0;
    let mut piece_start = 0;
    let is_boundary = |at: &usize| edit::snap_to_boundary(line, *at) == *at;
    for piece_end in break_offsets(line, ambiguous).into_iter().filter(is_boundary) {
        let piece = &line[piece_start..piece_end];
        let ink = paint::width(piece.trim_end(), ambiguous);
        if row_width > 0 && row_width + ink > room {
            rows.push(start + row_start..start + piece_start);
            (row_start, row_width) = (piece_start, 0);
        }
        if ink > room {
            for (index, grapheme) in paint::graphemes(piece) {
                let cells = paint::width(grapheme, ambiguous);
                if row_width > 0 && row_width + cells > room {
                    rows.push(start + row_start..start + piece_start + index);
                    (row_start, row_width) = (piece_start + index, 0);
                }
                row_width += cells;
            }
        } else {
            row_width += paint::width(piece, ambiguous);
        }
        piece_start = piece_end;
    }
    rows.push(start + row_start..start + line.len());
}

/// Normalizes line breaks to LF and removes other control characters except the tab.
fn normalize(text: &str) -> String {
    let lf = text.replace("\r\n", "\n").replace('\r', "\n");
    lf.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;
    use proptest::prelude::*;

    fn lines(area: &TextArea) -> Vec<&str> {
        area.rows().into_iter().map(|row| &area.text[row]).collect()
    }

    fn cursor_at(area: &TextArea) -> Position {
        let rect = Rect::new(0, 0, area.width, area.height);
        let mut buffer = Buffer::empty(rect);
        area.draw(rect, &mut buffer, StyleContext { theme: &Theme::plain(), ambiguous: area.ambiguous }, "").unwrap()
    }

    #[test]
    fn rows_wrap_by_cells() {
        let area = TextArea::new("青禾县人才工作 talent\n第二行", 11, 5, AmbiguousWidth::Narrow);
        assert_eq!(lines(&area), ["青禾县人才", "工作 ", "talent", "第二行"]);
        assert_eq!(cursor_at(&area), Position::new(6, 3));
        let area = TextArea::new("“人才”工作", 7, 5, AmbiguousWidth::Wide);
        assert_eq!(lines(&area)[0], "“人");
    }

    #[test]
    fn rows_break_by_the_rules_of_the_readers_text() {
        for (text, rows) in [("青禾县“人才”", ["青禾县", "“人才”"]), ("投资2031亿元", ["投资", "2031亿元"])] {
            assert_eq!(lines(&TextArea::new(text, 9, 5, AmbiguousWidth::Narrow)), rows);
        }
    }

    #[test]
    fn no_row_begins_with_a_closing_mark() {
        let area = TextArea::new("青禾县人才，工作", 11, 5, AmbiguousWidth::Narrow);
        assert_eq!(lines(&area), ["青禾县人", "才，工作"]);
    }

    #[test]
    fn up_and_down_keep_their_column() {
        let mut area = TextArea::new("青禾县\n短\n临江市人", 20, 5, AmbiguousWidth::Narrow);
        assert_eq!(cursor_at(&area), Position::new(8, 2));
        area.apply(TextEdit::Up);
        assert_eq!(cursor_at(&area), Position::new(2, 1));
        area.apply(TextEdit::Up);
        assert_eq!(cursor_at(&area), Position::new(6, 0));
        area.apply(TextEdit::Down);
        area.apply(TextEdit::Down);
        assert_eq!(cursor_at(&area), Position::new(8, 2));
        area.click(3, 0);
        assert_eq!(area.cursor(), "青".len());
    }

    #[test]
    fn a_paste_is_undone_at_once_and_typing_word_by_word() {
        let mut area = TextArea::new("", 30, 4, AmbiguousWidth::Narrow);
        for letter in ["人", "才", "，", "好"] {
            area.insert(letter);
        }
        let paste = "临江市\r\n".repeat(2_500);
        area.insert(&paste);
        assert_eq!(area.text().chars().count(), 4 + 10_000);
        assert_eq!(area.text().matches('\n').count(), 2_500);
        assert!(area.apply(TextEdit::Undo));
        assert_eq!(area.text(), "人才，好");
        area.apply(TextEdit::Undo);
        area.apply(TextEdit::Undo);
        assert_eq!(area.text(), "人才");
        assert!(area.apply(TextEdit::Redo));
        assert_eq!(area.text(), "人才，");
        area.insert("X");
        assert!(!area.apply(TextEdit::Redo));
        area.apply(TextEdit::Backspace);
        assert_eq!(area.text(), "人才，");
    }

    #[test]
    fn the_view_scrolls_with_the_cursor() {
        let mut area = TextArea::new(&"行\n".repeat(20), 10, 4, AmbiguousWidth::Narrow);
        assert_eq!(cursor_at(&area), Position::new(0, 3));
        area.apply(TextEdit::Start);
        assert_eq!(cursor_at(&area), Position::new(0, 0));
        area.resize(1, 1, AmbiguousWidth::Wide);
        assert_eq!(cursor_at(&area), Position::new(0, 0));
    }

    #[test]
    fn deleting_to_the_end_continues_over_line_breaks() {
        let mut area = TextArea::new("一\n二", 10, 4, AmbiguousWidth::Narrow);
        area.apply(TextEdit::Start);
        for rest in ["\n二", "二", ""] {
            area.apply(TextEdit::DeleteToEnd);
            assert_eq!(area.text(), rest);
        }
        assert!(!area.apply(TextEdit::DeleteToEnd));
    }

    proptest! {
        #[test]
        fn undoing_everything_restores_the_text(text in "[人“—a-c \n\u{301}]{0,40}", steps in prop::collection::vec((0..10_usize, "[才，x\n]{1,3}"), 0..30), width in 1..20_u16) {
            let mut area = TextArea::new(&text, width, 3, AmbiguousWidth::Wide);
            let edits = [TextEdit::Left, TextEdit::Right, TextEdit::Up, TextEdit::Down, TextEdit::Home, TextEdit::Backspace, TextEdit::Delete, TextEdit::DeleteWord, TextEdit::Newline];
            for (step, insert) in steps {
                match edits.get(step) {
                    Some(edit) => { area.apply(*edit); }
                    None => area.insert(&insert),
                }
                let at = cursor_at(&area);
                prop_assert!(at.x < width && at.y < 3);
                let mut covered = 0;
                for row in area.rows() {
                    prop_assert!(row.start == covered || row.start == covered + 1);
                    covered = row.end;
                }
                prop_assert_eq!(covered, area.text().len());
            }
            let last = area.text().to_owned();
            let mut count = 0;
            while area.apply(TextEdit::Undo) { count += 1; }
            prop_assert_eq!(area.text(), normalize(&text));
            for _ in 0..count { prop_assert!(area.apply(TextEdit::Redo)); }
            prop_assert_eq!(area.text(), last);
        }
    }
}
