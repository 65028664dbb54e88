//! Other places that may be what an annotation's words have become.
//!
//! A place is the home of a mark only if no other one has as good a claim: words may have been pasted
//! elsewhere while those around the original were edited. What a place has of the words and of those
//! around them, in order, is its evidence.

use super::pairs::pairs;
use std::collections::BTreeMap;
use std::ops::Range;

/// Length of the strings by which places are found.
const STRING: usize = 4;
/// Maximum difference of the distances of strings that are one place.
const SLACK: usize = 16;
/// Maximum number of places compared.
const MAX_PLACES: usize = 12;
/// Maximum number of occurrences of one string.
const MAX_OCCURRENCES: usize = 64;

/// The strings of [`STRING`] letters of a text, sorted by hash, each with its place.
#[derive(Debug, Clone, Default)]
pub(super) struct StringIndex(Vec<(u32, u32)>);

fn hash(string: &[char]) -> u32 {
    string.iter().fold(0x811C_9DC5, |hash: u32, c| (hash.rotate_left(5) ^ u32::from(*c)).wrapping_mul(0x9E37_79B1))
}

impl StringIndex {
    /// The strings all of whose letters are indexed.
    pub(super) fn new(letters: &[char], is_indexed: impl Fn(usize) -> bool) -> Self {
        let mut strings = Vec::new();
        let mut run = 0;
        for at in 0..letters.len() {
            run = if is_indexed(at) { run + 1 } else { 0 };
            if run >= STRING
                && let Ok(start) = u32::try_from(at + 1 - STRING)
            {
                strings.push((hash(&letters[at + 1 - STRING..=at]), start));
            }
        }
        strings.sort_unstable();
        Self(strings)
    }

    pub(super) fn places(&self, string: &[char]) -> impl Iterator<Item = usize> {
        let hash = hash(string);
        let first = self.0.partition_point(|(other, _)| *other < hash);
        self.0[first..].iter().take_while(move |(other, _)| *other == hash).take(MAX_OCCURRENCES).map(|(_, at)| *at as usize)
    }

    /// The stretches of `letters` that have strings of `wanted` at about the same distances from one another: those with most
    /// strings first. Strings within `except` are left out.
    pub(super) fn similar_stretches(&self, wanted: &[char], letters: &[char], except: &Range<usize>) -> Vec<Range<usize>> {
        // The place where `wanted` would begin, moved so that it is not negative.
        let mut starts: BTreeMap<usize, usize> = BTreeMap::new();
        for (from, string) in wanted.windows(STRING).enumerate() {
            for at in self.places(string) {
                if letters.get(at..at + STRING) == Some(string) && (at + STRING <= except.start || except.end <= at) {
                    *starts.entry(at + wanted.len() - from).or_default() += 1;
                }
            }
        }
        let mut groups: Vec<(usize, Range<usize>)> = Vec::new();
        for (start, count) in starts {
            match groups.last_mut() {
                Some((strings, range)) if start < range.end + SLACK => (*strings, range.end) = (*strings + count, start + 1),
                _ => groups.push((count, start..start + 1)),
            }
        }
        groups.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.start.cmp(&other.1.start)));
        groups.truncate(MAX_PLACES);
        let stretch = |starts: &Range<usize>| starts.start.saturating_sub(wanted.len() + SLACK)..(starts.end + SLACK).min(letters.len());
        groups.iter().map(|(_, starts)| stretch(starts)).collect()
    }
}

/// How many letters a place has of a passage and of what is on both its sides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) before: usize,
    pub(super) inside: usize,
    pub(super) after: usize,
}

/// The pairs of letters of two stretches that are more than one together. Single letters are chance.
pub(super) fn pairs_together(wanted: &[char], stretch: &[char]) -> Vec<(usize, usize)> {
    let pairs = pairs(wanted, stretch);
    let follows = |one: &(usize, usize), other: &(usize, usize)| one.0 + 1 == other.0 && one.1 + 1 == other.1;
    pairs.chunk_by(follows).filter(|run| run.len() > 1).flatten().copied().collect()
}

impl Evidence {
    /// What `stretch` has of `wanted`, in which the passage is at `own`.
    #[cfg(test)]
    pub(super) fn of(wanted: &[char], own: &Range<usize>, stretch: &[char]) -> Self {
        Self::of_pairs(&pairs_together(wanted, stretch), own)
    }

    /// What these pairs are evidence of.
    pub(super) fn of_pairs(pairs: &[(usize, usize)], own: &Range<usize>) -> Self {
        let count = |is_there: &dyn Fn(usize) -> bool| pairs.iter().filter(|(letter, _)| is_there(*letter)).count();
        Self {
            before: count(&|letter| letter < own.start),
            inside: count(&|letter| own.contains(&letter)),
            after: count(&|letter| letter >= own.end),
        }
    }

    pub(super) fn all(self) -> usize {
        self.before + self.inside + self.after
    }

    /// What is on both sides.
    pub(super) fn around(self) -> usize {
        self.before + self.after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn similar_stretches_find_an_edited_copy_with_its_evidence() {
        let text = letters("各位同志今年要抓好人才工作把短板补起来散会后再说今年都要抓人才工作把长板补起来");
        let wanted = letters("今年要抓好人才工作把短板补起来");
        let index = StringIndex::new(&text, |_| true);
        let first = 4..4 + wanted.len();
        let found = index.similar_stretches(&wanted, &text, &first);
        assert_eq!(found.len(), 1, "{found:?}");
        let evidence = Evidence::of(&wanted, &(5..9), &text[found[0].clone()]);
        assert_eq!((evidence.before, evidence.inside, evidence.after), (4, 4, 5), "今年, 要抓, 人才工作, 把, 板补起来");
        assert!(index.similar_stretches(&wanted, &text, &(0..text.len())).is_empty());
    }
}
