//! Edit operations shared by the line input and the text area, and cursor movement.
//!
//! A cursor is a byte offset, always on a grapheme boundary, so that no character on screen is split.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// An edit operation on a text being typed. The keymap maps keys to these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextEdit {
    /// One grapheme to the left.
    Left,
    /// One grapheme to the right.
    Right,
    /// To the start of the previous word.
    WordLeft,
    /// To the end of the next word.
    WordRight,
    /// To the start of the line.
    Home,
    /// To the end of the line.
    End,
    /// One row up; in a line input, the previous history entry.
    Up,
    /// One row down; in a line input, the next history entry.
    Down,
    /// To the start of the text.
    Start,
    /// To the end of the text.
    Finish,
    /// Deletes the grapheme before the cursor.
    Backspace,
    /// Deletes the grapheme at the cursor.
    Delete,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes from the start of the line to the cursor.
    DeleteToStart,
    /// Deletes from the cursor to the end of the line.
    DeleteToEnd,
    /// Inserts a line break; nothing in a line input.
    Newline,
    /// Undoes the last change; nothing in a line input.
    Undo,
    /// Redoes the last change undone; nothing in a line input.
    Redo,
}

/// The grapheme boundary before `at`, or 0.
pub(super) fn previous_boundary(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// The grapheme boundary after `at`, or the end.
pub(super) fn next_boundary(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// `at` if it is a grapheme boundary, else the next one: an inserted combining mark may have joined
/// its neighbours.
pub(super) fn snap_to_boundary(text: &str, at: usize) -> usize {
    if at == 0 || at >= text.len() { at.min(text.len()) } else { next_boundary(text, previous_boundary(text, at)).max(at) }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum WordClass {
    Space,
    Punctuation,
    Letter,
    Ideograph,
}

fn word_class(grapheme: &str) -> WordClass {
    match grapheme.chars().next() {
        None => WordClass::Space,
        Some(c) if c.is_whitespace() => WordClass::Space,
        Some('\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}') => WordClass::Ideograph,
        Some(c) if c.is_alphanumeric() || c == '_' => WordClass::Letter,
        Some(_) => WordClass::Punctuation,
    }
}

/// The start of the word before `at`. White space is skipped first; a word is a run of graphemes of
/// one class (ideographs; letters and digits; punctuation).
pub(super) fn word_left(text: &str, at: usize) -> usize {
    let mut kind = None;
    let mut start = at;
    for (index, grapheme) in text[..at].grapheme_indices(true).rev() {
        match (word_class(grapheme), kind) {
            (WordClass::Space, None) => {}
            (found, None) => kind = Some(found),
            (found, Some(kind)) if found != kind => break,
            _ => {}
        }
        start = index;
    }
    start
}

/// The end of the next word after `at`, with words as in [`word_left`].
pub(super) fn word_right(text: &str, at: usize) -> usize {
    let mut kind = None;
    let mut end = at;
    for (index, grapheme) in text[at..].grapheme_indices(true) {
        match (word_class(grapheme), kind) {
            (WordClass::Space, None) => {}
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
            at = next_boundary(text, at);
            stops.push(at);
        }
        assert_eq!(stops, [0, 3, 6, 24, 25]);
        for pair in stops.windows(2) {
            assert_eq!(previous_boundary(text, pair[1]), pair[0]);
        }
        assert_eq!(previous_boundary(text, 0), 0);
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
