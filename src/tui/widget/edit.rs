//! What both editors, the line and the area, understand; and where a cursor may stand.
//!
//! A cursor is a byte offset and always at a grapheme boundary, so that nothing halves a
//! character on screen.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// One thing to do to a text being edited. Keys are mapped to these by the keymap, never here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edit {
    /// One grapheme back.
    Left,
    /// One grapheme on.
    Right,
    /// To the start of the word before.
    WordLeft,
    /// Behind the end of the next word.
    WordRight,
    /// To the start of the row.
    Home,
    /// To the end of the row.
    End,
    /// One row up; in a line, the entry before in the history.
    Up,
    /// One row down; in a line, the next entry of the history.
    Down,
    /// To the start of the text.
    Start,
    /// To the end of the text.
    Finish,
    /// Deletes the grapheme before the cursor.
    Backspace,
    /// Deletes the grapheme behind the cursor.
    Delete,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes from the start of the line to the cursor.
    DeleteToStart,
    /// Deletes from the cursor to the end of the line.
    DeleteToEnd,
    /// A line break; in a line, nothing.
    Newline,
    /// Takes the last change back; in a line, nothing.
    Undo,
    /// Makes the change taken back again; in a line, nothing.
    Redo,
}

/// The grapheme boundary before `at`, or 0.
pub(super) fn previous(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// The grapheme boundary behind `at`, or the end.
pub(super) fn next(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// `at`, or the end of the grapheme it lies in: an inserted combining mark may have joined what
/// stands on either side.
pub(super) fn settle(text: &str, at: usize) -> usize {
    if at == 0 || at >= text.len() { at.min(text.len()) } else { next(text, previous(text, at)).max(at) }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Class {
    Space,
    Mark,
    Letter,
    Ideograph,
}

fn class(grapheme: &str) -> Class {
    match grapheme.chars().next() {
        None => Class::Space,
        Some(c) if c.is_whitespace() => Class::Space,
        Some('\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}') => Class::Ideograph,
        Some(c) if c.is_alphanumeric() || c == '_' => Class::Letter,
        Some(_) => Class::Mark,
    }
}

/// The start of the word before `at`: white space, then a run of graphemes of one kind
/// (ideographs, letters and digits, or marks).
pub(super) fn word_left(text: &str, at: usize) -> usize {
    let mut kind = None;
    let mut start = at;
    for (index, grapheme) in text[..at].grapheme_indices(true).rev() {
        match (class(grapheme), kind) {
            (Class::Space, None) => {}
            (found, None) => kind = Some(found),
            (found, Some(kind)) if found != kind => break,
            _ => {}
        }
        start = index;
    }
    start
}

/// The end of the next word behind `at`, as [`word_left`] sees words.
pub(super) fn word_right(text: &str, at: usize) -> usize {
    let mut kind = None;
    let mut end = at;
    for (index, grapheme) in text[at..].grapheme_indices(true) {
        match (class(grapheme), kind) {
            (Class::Space, None) => {}
            (found, None) => kind = Some(found),
            (found, Some(kind)) if found != kind => break,
            _ => {}
        }
        end = at + index + grapheme.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_keep_graphemes_whole() {
        let text = "人e\u{301}👨‍👩‍👧x";
        let mut at = 0;
        let mut stops = vec![0];
        while at < text.len() {
            at = next(text, at);
            stops.push(at);
        }
        assert_eq!(stops, [0, 3, 6, 24, 25]);
        for pair in stops.windows(2) {
            assert_eq!(previous(text, pair[1]), pair[0]);
        }
        assert_eq!(previous(text, 0), 0);
    }

    #[test]
    fn words_are_runs_of_one_kind() {
        let text = "人才工作，gzip 2025";
        assert_eq!(word_left(text, text.len()), text.find("2025").unwrap());
        assert_eq!(word_left(text, text.find(" 2").unwrap()), text.find("gzip").unwrap());
        assert_eq!(word_left(text, "人才工作，".len()), "人才工作".len());
        assert_eq!(word_left(text, "人才工作".len()), 0);
        assert_eq!(word_right(text, 0), "人才工作".len());
        assert_eq!(word_right(text, text.find(" 2").unwrap()), text.len());
        assert_eq!(word_right(text, text.len()), text.len());
    }
}
