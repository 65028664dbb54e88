//! Reloading: maps offsets of the old text to the new one.
//!
//! The common prefix and suffix are mapped exactly. Between them, an offset goes where its char went,
//! which a comparison off the drawing thread tells; without one, to the nearest occurrence of the chars
//! after it, else proportionally.

use super::ReaderScreen;
use pizhu_annotation::anchor::TextComparison;
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use std::sync::Arc;

/// Chars after an offset by which it is found again.
const CONTEXT_CHARS: usize = 12;
/// Search radius around the old offset, in chars.
const SEARCH_RADIUS: usize = 20_000;

/// Mapping from char offsets of one text to those of another. If `题目` is inserted before `青禾县…`,
/// offset 3 maps to 5.
#[derive(Debug)]
struct OffsetMap<'a> {
    old: &'a SourceText,
    new: &'a SourceText,
    /// Length of the common prefix in chars.
    prefix: usize,
    /// Length of the common suffix in chars.
    suffix: usize,
}

impl<'a> OffsetMap<'a> {
    fn new(old: &'a SourceText, new: &'a SourceText) -> Self {
        let same = |(one, other): &((usize, char), (usize, char))| one.1 == other.1;
        let prefix = old.chars_from(0).zip(new.chars_from(0)).take_while(same).count();
        let max_suffix = old.len().min(new.len()) - prefix;
        let suffix = old.chars_before(old.len()).zip(new.chars_before(new.len())).take(max_suffix).take_while(same).count();
        Self { old, new, prefix, suffix }
    }

    fn map(&self, offset: usize) -> usize {
        if offset < self.prefix {
            return offset;
        }
        let from_end = self.old.len() - offset.min(self.old.len());
        if from_end <= self.suffix {
            return self.new.len() - from_end;
        }
        self.by_context(offset).unwrap_or_else(|| {
            let (old, new) = (self.old.len() - self.suffix - self.prefix, self.new.len() - self.suffix - self.prefix);
            self.prefix + ((offset - self.prefix) as u128 * new as u128 / old.max(1) as u128) as usize
        })
    }

    /// Nearest occurrence of the chars after `offset`.
    fn by_context(&self, offset: usize) -> Option<usize> {
        let words: Vec<char> = self.old.chars_from(offset).take(CONTEXT_CHARS).map(|(_, c)| c).collect();
        if words.len() < CONTEXT_CHARS {
            return None;
        }
        let start = offset.saturating_sub(SEARCH_RADIUS);
        let text: Vec<char> = self.new.chars_from(start).take(2 * SEARCH_RADIUS).map(|(_, c)| c).collect();
        let found = text.windows(CONTEXT_CHARS).enumerate().filter(|(_, window)| *window == words.as_slice());
        found.map(|(at, _)| start + at).min_by_key(|at| at.abs_diff(offset))
    }
}

/// Maps offsets of one text to those of another.
#[derive(Debug)]
enum TextMap<'a> {
    /// Each offset goes where its char went.
    Compared(&'a TextComparison, OffsetMap<'a>),
    /// The texts were not compared.
    Approximate(OffsetMap<'a>),
}

impl<'a> TextMap<'a> {
    fn new(old: &'a SourceText, new: &'a SourceText, comparison: Option<&'a TextComparison>) -> Self {
        let offsets = OffsetMap::new(old, new);
        match comparison {
            Some(comparison) => Self::Compared(comparison, offsets),
            None => Self::Approximate(offsets),
        }
    }

    fn map(&self, offset: usize) -> usize {
        match self {
            Self::Compared(comparison, offsets)
                if offset >= offsets.prefix && offsets.old.len() - offset.min(offsets.old.len()) > offsets.suffix =>
            {
                comparison.nearest(offset).unwrap_or_else(|| offsets.map(offset))
            }
            Self::Compared(_, offsets) | Self::Approximate(offsets) => offsets.map(offset),
        }
    }
}

fn is_blank(text: &SourceText) -> bool {
    text.chars_from(0).all(|(_, c)| c.is_whitespace())
}

impl ReaderScreen {
    /// The text to compare a changed one with before it is shown, so that cursor and marks go where their chars went.
    /// `None` if no comparison is needed: what was typed or deleted at one place has moved the rest by so much.
    pub(crate) fn text_to_compare(&self, document: &Document) -> Option<Arc<Document>> {
        if is_blank(&document.source) {
            return None;
        }
        let old = self.emptied.as_ref().map_or_else(|| self.document(), |emptied| &emptied.text.0);
        let offsets = OffsetMap::new(&old.source, &document.source);
        let shared = offsets.prefix + offsets.suffix;
        let changed = old.source.len().max(document.source.len()) - shared;
        (changed > CONTEXT_CHARS && !is_blank(&old.source)).then(|| Arc::clone(old))
    }

    /// Takes the changed text; cursor, marks, folds and jumps are mapped to it, by its comparison with the one of
    /// [`Self::text_to_compare`] if there is one. While the file is empty, cursor and marks are remembered.
    pub(crate) fn reload(&mut self, document: Arc<Document>, comparison: Option<&TextComparison>) {
        self.awaited_text = None;
        let old = Arc::clone(self.document());
        let (is_blank_now, was_blank) = (is_blank(&document.source), is_blank(&old.source));
        if is_blank_now && !was_blank {
            self.emptied = Some(Box::new(self.position()));
        }
        if !is_blank_now && let Some(emptied) = self.emptied.take() {
            let position = *emptied;
            let text_map = TextMap::new(&position.text.0.source, &document.source, comparison);
            self.marks = position.marks.into_iter().map(|(name, offset)| (name, text_map.map(offset))).collect();
            let cursor = text_map.map(position.offset);
            self.set_document(document);
            self.resume_at(cursor);
            return;
        }
        let text_map = TextMap::new(&old.source, &document.source, comparison);
        let map = |offset: usize| text_map.map(offset);
        self.selection = None;
        self.search.invalidate();
        self.marks.values_mut().for_each(|offset| *offset = map(*offset));
        self.jumps.map_offsets(map);
        self.visited_from = self.visited_from.map(map);
        self.map_folds(map);
        self.viewport.map_offsets(map);
        self.set_document(document);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mapped(old: &str, new: &str, offset: usize) -> usize {
        OffsetMap::new(&old.into(), &new.into()).map(offset)
    }

    #[test]
    fn offsets_follow_their_text() {
        let old = "青禾县一二三四五六七八九十，临江市甲乙丙丁戊己庚辛壬癸。";
        assert_eq!(mapped(old, &format!("题目{old}"), 3), 5);
        assert_eq!(mapped(old, &format!("{old}完"), 3), 3);
        let new = "开头青禾县，又一段。临江市甲乙丙丁戊己庚辛壬癸，结尾";
        assert_eq!(mapped(old, new, 14), 10, "by the words at it");
        assert_eq!(mapped("", "一二", 0), 2);
        assert_eq!(mapped("一二", "", 1), 0);
    }

    proptest! {
        #[test]
        fn mapped_offset_is_in_bounds(old in "[一二三\n]{0,40}", new in "[一二三\n]{0,40}", offset in 0..41_usize) {
            let offset = offset.min(old.chars().count());
            prop_assert!(mapped(&old, &new, offset) <= new.chars().count());
        }

        #[test]
        fn insertion_shifts_later_offsets(text in "[一二三四五]{1,30}", word in "[六七]{1,6}", at in 0..30_usize, offset in 0..30_usize) {
            let chars: Vec<char> = text.chars().collect();
            let (at, offset) = (at.min(chars.len()), offset.min(chars.len()));
            let new: String = chars[..at].iter().collect::<String>() + &word + &chars[at..].iter().collect::<String>();
            let expected = if offset < at { offset } else { offset + word.chars().count() };
            prop_assert_eq!(mapped(&text, &new, offset), expected);
        }
    }
}
