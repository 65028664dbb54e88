//! A line input: a search, a tag's name, a path.
//!
//! Invariants: `cursor` is on a grapheme boundary; the text contains no line break or other control
//! character (pasted ones become spaces).

use super::edit::{self, TextEdit};
use super::label::StyleContext;
use crate::tui::theme::StyleRole;
use pizhu_terminal::paint;
use pizhu_text::text::width::AmbiguousWidth;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// Maximum history entries.
const MAX_HISTORY: usize = 100;

/// A line of text with a cursor, and the history of lines entered.
#[derive(Debug, Clone, Default)]
pub struct LineInput {
    text: String,
    cursor: usize,
    history: Vec<String>,
    /// The history entry shown, and the draft that was being typed before.
    recalled: Option<(usize, String)>,
}

impl LineInput {
    /// A line with the given text, the cursor after it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.insert(text);
        line
    }

    /// The text typed.
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

    /// Inserts `text`, typed or pasted, at the cursor.
    pub fn insert(&mut self, text: &str) {
        self.recalled = None;
        let clean: String = text.trim_end_matches(['\n', '\r']).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.text.insert_str(self.cursor, &clean);
        self.cursor = edit::snap_to_boundary(&self.text, self.cursor + clean.len());
    }

    /// The text before the cursor, and that after it.
    #[must_use]
    pub(crate) fn parts(&self) -> (&str, &str) {
        self.text.split_at_checked(self.cursor).unwrap_or((&self.text, ""))
    }

    /// Replaces the whole text; the cursor goes between the parts.
    pub(crate) fn set_parts(&mut self, before: &str, after: &str) {
        self.set(after);
        self.cursor = 0;
        self.insert(before);
    }

    /// Replaces the whole text; the cursor goes after it.
    pub fn set(&mut self, text: &str) {
        self.text.clear();
        self.cursor = 0;
        self.insert(text);
    }

    /// Applies an edit operation. Returns whether the text changed.
    pub fn apply(&mut self, edit: TextEdit) -> bool {
        match edit {
            TextEdit::Left => self.cursor = edit::previous_boundary(&self.text, self.cursor),
            TextEdit::Right => self.cursor = edit::next_boundary(&self.text, self.cursor),
            TextEdit::WordLeft => self.cursor = edit::word_left(&self.text, self.cursor),
            TextEdit::WordRight => self.cursor = edit::word_right(&self.text, self.cursor),
            TextEdit::Home | TextEdit::Start => self.cursor = 0,
            TextEdit::End | TextEdit::Finish => self.cursor = self.text.len(),
            TextEdit::Backspace => return self.remove(edit::previous_boundary(&self.text, self.cursor), self.cursor),
            TextEdit::Delete => return self.remove(self.cursor, edit::next_boundary(&self.text, self.cursor)),
            TextEdit::DeleteWord => return self.remove(edit::word_left(&self.text, self.cursor), self.cursor),
            TextEdit::DeleteToStart => return self.remove(0, self.cursor),
            TextEdit::DeleteToEnd => return self.remove(self.cursor, self.text.len()),
            TextEdit::Up => return self.recall_earlier(),
            TextEdit::Down => return self.recall_later(),
            TextEdit::Newline | TextEdit::Undo | TextEdit::Redo => {}
        }
        false
    }

    /// Enters the line: adds it to the history, clears the input, and returns it.
    pub(crate) fn submit(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        self.cursor = 0;
        self.recalled = None;
        if !text.is_empty() {
            self.history.retain(|entry| *entry != text);
            self.history.push(text.clone());
            let surplus = self.history.len().saturating_sub(MAX_HISTORY);
            self.history.drain(..surplus);
        }
        text
    }

    /// Clears the input without entering it.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
        self.recalled = None;
    }

    /// The lines entered so far, oldest first.
    #[must_use]
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// Draws the part of the line around the cursor in the first row of `area`, and returns the position
    /// of the hardware cursor (an input method draws there).
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, styles: StyleContext<'_>) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        let view = self.window(area.width, styles.ambiguous);
        let row = Rect { height: 1, ..area };
        let style = styles.style(StyleRole::Input);
        paint::fill(buffer, row, style);
        paint::draw_text(buffer, area.x, area.y, area.right(), &self.text[view.start..], style, styles.ambiguous);
        Some(Position::new(area.x + view.cursor, area.y))
    }

    /// The visible part of the line in `width` cells. It scrolls by half a width, so that it depends on
    /// text and cursor alone.
    fn window(&self, width: u16, ambiguous: AmbiguousWidth) -> LineWindow {
        let width = usize::from(width.max(1));
        let before = paint::width(&self.text[..self.cursor], ambiguous);
        if before < width {
            return LineWindow { start: 0, cursor: before as u16 };
        }
        let step = (width / 2).max(1);
        let least = before + 1 - width;
        let target = least.div_ceil(step) * step;
        // The first grapheme at or after the target column.
        let mut column = 0;
        for (index, grapheme) in paint::graphemes(&self.text) {
            if column >= target.min(before) {
                return LineWindow { start: index, cursor: (before - column) as u16 };
            }
            column += paint::width(grapheme, ambiguous);
        }
        LineWindow { start: self.cursor, cursor: 0 }
    }

    fn remove(&mut self, start: usize, end: usize) -> bool {
        if start >= end {
            return false;
        }
        self.recalled = None;
        self.text.replace_range(start..end, "");
        self.cursor = edit::snap_to_boundary(&self.text, start);
        true
    }

    fn recall_earlier(&mut self) -> bool {
        let index = self.recalled.as_ref().map_or(self.history.len(), |(index, _)| *index);
        let Some(entry) = index.checked_sub(1).and_then(|index| self.history.get(index)).cloned() else {
            return false;
        };
        let draft = self.recalled.take().map_or_else(|| self.text.clone(), |(_, draft)| draft);
        self.set_recalled(entry);
        self.recalled = Some((index - 1, draft));
        true
    }

    fn recall_later(&mut self) -> bool {
        let Some((index, draft)) = self.recalled.take() else {
            return false;
        };
        if let Some(entry) = self.history.get(index + 1).cloned() {
            self.set_recalled(entry);
            self.recalled = Some((index + 1, draft));
        } else {
            self.set_recalled(draft);
        }
        true
    }

    fn set_recalled(&mut self, text: String) {
        self.cursor = text.len();
        self.text = text;
    }
}

/// The visible part of a line.
#[derive(Debug, PartialEq, Eq)]
struct LineWindow {
    /// Byte offset of the first visible grapheme.
    start: usize,
    /// The cursor's column, in cells from the left edge.
    cursor: u16,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wide_characters_are_edited_whole_and_the_cursor_column_is_in_cells() {
        let mut line = LineInput::new("人才gz");
        line.apply(TextEdit::Left);
        line.apply(TextEdit::Left);
        assert_eq!(line.window(20, AmbiguousWidth::Narrow).cursor, 4);
        line.apply(TextEdit::Backspace);
        assert_eq!(line.text(), "人gz");
        assert_eq!(line.window(20, AmbiguousWidth::Narrow).cursor, 2);
        line.insert("“");
        assert_eq!(line.window(20, AmbiguousWidth::Narrow).cursor, 3);
        assert_eq!(line.window(20, AmbiguousWidth::Wide).cursor, 4);
        line.apply(TextEdit::DeleteToStart);
        assert_eq!((line.text(), line.cursor()), ("gz", 0));
    }

    #[test]
    fn a_paste_loses_its_line_breaks() {
        let mut line = LineInput::new("开头");
        line.apply(TextEdit::Home);
        line.insert(&"青禾\n".repeat(5_000));
        assert_eq!(line.text().chars().count(), 15_000 - 1 + 2);
        assert!(!line.text().contains('\n'));
        assert_eq!(&line.text()[line.cursor()..], "开头");
        let view = line.window(40, AmbiguousWidth::Narrow);
        assert!(view.cursor < 40);
    }

    #[test]
    fn leaving_the_history_restores_the_draft() {
        let mut line = LineInput::new("第一");
        assert_eq!(line.submit(), "第一");
        line.set("第二");
        line.submit();
        line.insert("草");
        assert!(line.apply(TextEdit::Up));
        assert_eq!(line.text(), "第二");
        assert!(line.apply(TextEdit::Up));
        assert_eq!(line.text(), "第一");
        assert!(!line.apply(TextEdit::Up));
        assert!(line.apply(TextEdit::Down));
        assert!(line.apply(TextEdit::Down));
        assert_eq!(line.text(), "草");
        assert!(!line.apply(TextEdit::Down));
        line.set("第一");
        line.submit();
        assert_eq!(line.history(), ["第二", "第一"]);
    }

    proptest! {
        #[test]
        fn the_cursor_stays_in_the_window_and_on_a_boundary(text in "[人才“—a-c \u{301}👍]{0,60}", moves in prop::collection::vec(0..9_usize, 0..30), width in 1..30_u16) {
            let mut line = LineInput::new(&text);
            let edits = [TextEdit::Left, TextEdit::Right, TextEdit::WordLeft, TextEdit::WordRight, TextEdit::Home, TextEdit::Backspace, TextEdit::Delete, TextEdit::DeleteWord, TextEdit::End];
            for step in moves {
                line.apply(edits[step]);
                let view = line.window(width, AmbiguousWidth::Wide);
                prop_assert!(view.cursor < width.max(1), "{view:?}");
                prop_assert!(line.text().is_char_boundary(view.start));
                let boundary = edit::next_boundary(line.text(), edit::previous_boundary(line.text(), line.cursor()));
                prop_assert!(line.cursor() == 0 || boundary == line.cursor());
            }
        }
    }
}
