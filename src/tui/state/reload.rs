//! The text changed under the reader: where each place has gone.
//!
//! What stands before and behind everything that changed keeps its place to the char. A place in
//! between is found by the words round it, near to where it was; else it is the same part of the
//! way through what changed.

use super::Reader;
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use std::sync::Arc;

/// Chars by which a place in changed text is found again.
const WORDS: usize = 12;
/// How far from where it was a place is looked for, in chars.
const NEAR: usize = 20_000;

/// From the offsets of one text to those of another.
#[derive(Debug)]
struct Moves<'a> {
    old: &'a SourceText,
    new: &'a SourceText,
    /// Chars alike at the start.
    before: usize,
    /// Chars alike at the end.
    behind: usize,
}

impl<'a> Moves<'a> {
    fn between(old: &'a SourceText, new: &'a SourceText) -> Self {
        let same = |(one, other): &((usize, char), (usize, char))| one.1 == other.1;
        let before = old.chars_from(0).zip(new.chars_from(0)).take_while(same).count();
        let most = old.len().min(new.len()) - before;
        let behind = old.chars_before(old.len()).zip(new.chars_before(new.len())).take(most).take_while(same).count();
        Self { old, new, before, behind }
    }

    fn of(&self, place: usize) -> usize {
        if place < self.before {
            return place;
        }
        let from_end = self.old.len() - place.min(self.old.len());
        if from_end <= self.behind {
            return self.new.len() - from_end;
        }
        self.by_words(place).unwrap_or_else(|| {
            let (old, new) = (self.old.len() - self.behind - self.before, self.new.len() - self.behind - self.before);
            self.before + ((place - self.before) as u128 * new as u128 / old.max(1) as u128) as usize
        })
    }

    /// The place of the same words that is nearest to where they were.
    fn by_words(&self, place: usize) -> Option<usize> {
        let words: Vec<char> = self.old.chars_from(place).take(WORDS).map(|(_, c)| c).collect();
        if words.len() < WORDS {
            return None;
        }
        let start = place.saturating_sub(NEAR);
        let text: Vec<char> = self.new.chars_from(start).take(2 * NEAR).map(|(_, c)| c).collect();
        let found = text.windows(WORDS).enumerate().filter(|(_, window)| *window == words.as_slice());
        found.map(|(at, _)| start + at).min_by_key(|at| at.abs_diff(place))
    }
}

impl Reader {
    /// Takes the text as it is now; place, marks, folds and jumps go with the words they were at.
    pub fn reload(&mut self, document: Arc<Document>) {
        let old = Arc::clone(self.document());
        let moves = Moves::between(&old.source, &document.source);
        let of = |place: usize| moves.of(place);
        self.selection = None;
        self.search.outdate();
        self.marks.values_mut().for_each(|place| *place = of(*place));
        self.jumps.change(of);
        self.change_folds(of);
        self.viewport.change_places(of);
        self.set_document(document);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moved(old: &str, new: &str, place: usize) -> usize {
        Moves::between(&old.into(), &new.into()).of(place)
    }

    #[test]
    fn places_go_with_their_words() {
        let old = "青禾县一二三四五六七八九十，临江市甲乙丙丁戊己庚辛壬癸。";
        assert_eq!(moved(old, &format!("题目{old}"), 3), 5);
        assert_eq!(moved(old, &format!("{old}完"), 3), 3);
        let new = "开头青禾县，又一段。临江市甲乙丙丁戊己庚辛壬癸，结尾";
        assert_eq!(moved(old, new, 14), 10, "by the words at it");
        assert_eq!(moved("", "一二", 0), 2);
        assert_eq!(moved("一二", "", 1), 0);
    }

    proptest! {
        #[test]
        fn a_place_is_always_in_the_new_text(old in "[一二三\n]{0,40}", new in "[一二三\n]{0,40}", place in 0..41_usize) {
            let place = place.min(old.chars().count());
            prop_assert!(moved(&old, &new, place) <= new.chars().count());
        }

        #[test]
        fn what_was_put_in_moves_what_is_behind(text in "[一二三四五]{1,30}", word in "[六七]{1,6}", at in 0..30_usize, place in 0..30_usize) {
            let chars: Vec<char> = text.chars().collect();
            let (at, place) = (at.min(chars.len()), place.min(chars.len()));
            let new: String = chars[..at].iter().collect::<String>() + &word + &chars[at..].iter().collect::<String>();
            let expected = if place < at { place } else { place + word.chars().count() };
            prop_assert_eq!(moved(&text, &new, place), expected);
        }
    }
}
