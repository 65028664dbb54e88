//! One line being typed: a search, a tag's name, a path.
//!
//! Invariants: `cursor` is at a grapheme boundary; the text holds no line break and no control
//! character (pasted ones become spaces).

use super::edit::{self, Edit};
use super::paint::{self, Look};
use pizhu_text::text::width::Ambiguous;
use crate::tui::theme::Role;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// The most entries a history keeps.
const HISTORY: usize = 100;

/// A line of text with a cursor, and the lines entered before it.
#[derive(Debug, Clone, Default)]
pub struct LineInput {
    text: String,
    cursor: usize,
    history: Vec<String>,
    /// Which entry of the history is shown, and what was being typed before it.
    recalled: Option<(usize, String)>,
}

impl LineInput {
    /// A line that holds `text`, the cursor behind it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.insert(text);
        line
    }

    /// What has been typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing has been typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The cursor as a byte offset into [`Self::text`].
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Puts `text`, typed or pasted, at the cursor as one piece.
    pub fn insert(&mut self, text: &str) {
        self.recalled = None;
        let clean: String = text.trim_end_matches(['\n', '\r']).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.text.insert_str(self.cursor, &clean);
        self.cursor = edit::settle(&self.text, self.cursor + clean.len());
    }

    /// Replaces the whole text, the cursor behind it.
    pub fn set(&mut self, text: &str) {
        self.text.clear();
        self.cursor = 0;
        self.insert(text);
    }

    /// Does one edit. Returns whether the text changed.
    pub fn apply(&mut self, edit: Edit) -> bool {
        match edit {
            Edit::Left => self.cursor = edit::previous(&self.text, self.cursor),
            Edit::Right => self.cursor = edit::next(&self.text, self.cursor),
            Edit::WordLeft => self.cursor = edit::word_left(&self.text, self.cursor),
            Edit::WordRight => self.cursor = edit::word_right(&self.text, self.cursor),
            Edit::Home | Edit::Start => self.cursor = 0,
            Edit::End | Edit::Finish => self.cursor = self.text.len(),
            Edit::Backspace => return self.remove(edit::previous(&self.text, self.cursor), self.cursor),
            Edit::Delete => return self.remove(self.cursor, edit::next(&self.text, self.cursor)),
            Edit::DeleteWord => return self.remove(edit::word_left(&self.text, self.cursor), self.cursor),
            Edit::DeleteToStart => return self.remove(0, self.cursor),
            Edit::DeleteToEnd => return self.remove(self.cursor, self.text.len()),
            Edit::Up => return self.recall_earlier(),
            Edit::Down => return self.recall_later(),
            Edit::Newline | Edit::Undo | Edit::Redo => {}
        }
        false
    }

    /// Takes the line as entered: it goes into the history, the input is empty again.
    pub fn submit(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        self.cursor = 0;
        self.recalled = None;
        if !text.is_empty() {
            self.history.retain(|entry| *entry != text);
            self.history.push(text.clone());
            let surplus = self.history.len().saturating_sub(HISTORY);
            self.history.drain(..surplus);
        }
        text
    }

    /// Drops the line without entering it.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
        self.recalled = None;
    }

    /// The lines entered so far, the oldest first.
    #[must_use]
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// Draws the part of the line round the cursor into the first row of `area` and returns
    /// where the hardware cursor belongs (an input method draws there).
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look<'_>) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        let view = self.window(area.width, look.ambiguous);
        let row = Rect { height: 1, ..area };
        let style = look.style(Role::Input);
        paint::fill(buffer, row, style);
        paint::put(buffer, area.x, area.y, area.right(), &self.text[view.start..], style, look.ambiguous);
        Some(Position::new(area.x + view.cursor, area.y))
    }

    /// Which part of the line shows in `width` cells: it moves on by half a width, so that it
    /// follows from text and cursor alone.
    fn window(&self, width: u16, ambiguous: Ambiguous) -> Window {
        let width = usize::from(width.max(1));
        let before = paint::width(&self.text[..self.cursor], ambiguous);
        if before < width {
            return Window { start: 0, cursor: before as u16 };
        }
        let step = (width / 2).max(1);
        let least = before + 1 - width;
        let target = least.div_ceil(step) * step;
        // The first grapheme that begins at or behind the target column.
        let mut column = 0;
        for (index, grapheme) in paint::graphemes(&self.text) {
            if column >= target.min(before) {
                return Window { start: index, cursor: (before - column) as u16 };
            }
            column += paint::width(grapheme, ambiguous);
        }
        Window { start: self.cursor, cursor: 0 }
    }

    fn remove(&mut self, start: usize, end: usize) -> bool {
        if start >= end {
            return false;
        }
        self.recalled = None;
        self.text.replace_range(start..end, "");
        self.cursor = edit::settle(&self.text, start);
        true
    }

    fn recall_earlier(&mut self) -> bool {
        let index = self.recalled.as_ref().map_or(self.history.len(), |(index, _)| *index);
        let Some(entry) = index.checked_sub(1).and_then(|index| self.history.get(index)).cloned() else {
            return false;
        };
        let draft = self.recalled.take().map_or_else(|| self.text.clone(), |(_, draft)| draft);
        self.show(entry);
        self.recalled = Some((index - 1, draft));
        true
    }

    fn recall_later(&mut self) -> bool {
        let Some((index, draft)) = self.recalled.take() else {
            return false;
        };
        if let Some(entry) = self.history.get(index + 1).cloned() {
            self.show(entry);
            self.recalled = Some((index + 1, draft));
        } else {
            self.show(draft);
        }
        true
    }

    fn show(&mut self, text: String) {
        self.cursor = text.len();
        self.text = text;
    }
}

/// What of a line is drawn.
#[derive(Debug, PartialEq, Eq)]
struct Window {
    /// The first byte shown.
    start: usize,
    /// The cursor's column, in cells from the left edge.
    cursor: u16,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wide_characters_are_edited_whole_and_the_cursor_counts_cells() {
        let mut line = LineInput::new("人才gz");
        line.apply(Edit::Left);
        line.apply(Edit::Left);
        assert_eq!(line.window(20, Ambiguous::Narrow).cursor, 4);
        line.apply(Edit::Backspace);
        assert_eq!(line.text(), "人gz");
        assert_eq!(line.window(20, Ambiguous::Narrow).cursor, 2);
        line.insert("“");
        assert_eq!(line.window(20, Ambiguous::Narrow).cursor, 3);
        assert_eq!(line.window(20, Ambiguous::Wide).cursor, 4);
        line.apply(Edit::DeleteToStart);
        assert_eq!((line.text(), line.cursor()), ("gz", 0));
    }

    #[test]
    fn a_paste_is_one_piece_without_line_breaks() {
        let mut line = LineInput::new("开头");
        line.apply(Edit::Home);
        line.insert(&"青禾\n".repeat(5_000));
        assert_eq!(line.text().chars().count(), 15_000 - 1 + 2);
        assert!(!line.text().contains('\n'));
        assert_eq!(&line.text()[line.cursor()..], "开头");
        let view = line.window(40, Ambiguous::Narrow);
        assert!(view.cursor < 40);
    }

    #[test]
    fn the_history_gives_back_what_was_being_typed() {
        let mut line = LineInput::new("第一");
        assert_eq!(line.submit(), "第一");
        line.set("第二");
        line.submit();
        line.insert("草");
        assert!(line.apply(Edit::Up));
        assert_eq!(line.text(), "第二");
        assert!(line.apply(Edit::Up));
        assert_eq!(line.text(), "第一");
        assert!(!line.apply(Edit::Up));
        assert!(line.apply(Edit::Down));
        assert!(line.apply(Edit::Down));
        assert_eq!(line.text(), "草");
        assert!(!line.apply(Edit::Down));
        line.set("第一");
        line.submit();
        assert_eq!(line.history(), ["第二", "第一"]);
    }

    proptest! {
        #[test]
        fn the_cursor_stays_in_the_window_and_on_a_boundary(text in "[人才“—a-c \u{301}👍]{0,60}", moves in prop::collection::vec(0..9_usize, 0..30), width in 1..30_u16) {
            let mut line = LineInput::new(&text);
            let edits = [Edit::Left, Edit::Right, Edit::WordLeft, Edit::WordRight, Edit::Home, Edit::Backspace, Edit::Delete, Edit::DeleteWord, Edit::End];
            for step in moves {
                line.apply(edits[step]);
                let view = line.window(width, Ambiguous::Wide);
                prop_assert!(view.cursor < width.max(1), "{view:?}");
                prop_assert!(line.text().is_char_boundary(view.start));
                let boundary = edit::next(line.text(), edit::previous(line.text(), line.cursor()));
                prop_assert!(line.cursor() == 0 || boundary == line.cursor());
            }
        }
    }
}
