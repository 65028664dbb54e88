//! Which section of one speech has become which of the other.
//!
//! First sections that are the same to the letter, then by what they have in common: text, title and
//! enclosing section; at last, under the same section, those of the same title.

use super::grams::{GramSimilarity, TitleSimilarity};
use super::text::SpeechLetters;
use std::collections::HashMap;

/// Weight of the titles beside that of the texts.
const TITLE_WEIGHT: f64 = 0.35;
/// Weight of the enclosing sections.
const PARENT_WEIGHT: f64 = 0.15;
/// How alike the enclosing sections of the topmost ones are: the speeches.
const TOPMOST: f64 = 1.0 / 3.0;
/// What a difference in level costs.
const LEVEL_COST: f64 = 0.05;
/// Minimum score of a pair.
const MIN_SCORE: f64 = 0.145;
/// Minimum similarity of the texts of a pair, unless the titles are alike.
const MIN_SIMILARITY: f64 = 0.045;
/// Similarity from which titles are alike.
const ALIKE_TITLES: f64 = 0.5;

/// The pairs of sections of two speeches, each in one pair at most.
#[derive(Debug)]
pub(super) struct SectionPairs {
    /// For each section of the one, that of the other.
    pub(super) to_b: Vec<Option<usize>>,
    /// For each section of the other, that of the one.
    pub(super) to_a: Vec<Option<usize>>,
}

impl SectionPairs {
    pub(super) fn new(texts: [&SpeechLetters; 2]) -> Self {
        let [a, b] = texts;
        let mut pairs = Self { to_b: vec![None; a.sections.len()], to_a: vec![None; b.sections.len()] };
        // What stands before the first section is in the same place.
        pairs.pair(0, 0);
        pairs.pair_equal_subtrees(texts);
        pairs.pair_similar(texts);
        pairs.pair_under_same(texts);
        pairs.pair_equal_rest(texts);
        pairs
    }

    fn pair(&mut self, a: usize, b: usize) {
        if self.to_b[a].is_none() && self.to_a[b].is_none() {
            (self.to_b[a], self.to_a[b]) = (Some(b), Some(a));
        }
    }

    /// Sections of which both speeches have the same number of copies, with all below them.
    fn pair_equal_subtrees(&mut self, texts: [&SpeechLetters; 2]) {
        let keys = texts.map(|text| {
            let hashes = PrefixHashes::new(&text.letters);
            (1..text.sections.len()).map(|section| hashes.of(text.whole(section))).collect::<Vec<_>>()
        });
        for (ours, theirs) in groups(keys) {
            if ours.len() == theirs.len() {
                for (a, b) in ours.into_iter().zip(theirs) {
                    self.pair(a + 1, b + 1);
                }
            }
        }
    }

    /// The most similar sections first.
    fn pair_similar(&mut self, texts: [&SpeechLetters; 2]) {
        let grams = GramSimilarity::new(texts);
        let titles = TitleSimilarity::new(texts);
        let [a, b] = texts;
        let similarity = |one: usize, other: usize| (grams.similarity(one, other), titles.similarity(one, other));
        let mut scored: Vec<(f64, usize, usize)> = Vec::new();
        for (one, other) in grams.pairs().filter(|(one, other)| *one > 0 && *other > 0) {
            if self.to_b[one].is_some() || self.to_a[other].is_some() {
                continue;
            }
            let (text, title) = similarity(one, other);
            let (ours, theirs) = (&a.sections[one], &b.sections[other]);
            let above = match (ours.parent, theirs.parent) {
                (None, None) => TOPMOST,
                (Some(one), Some(other)) if self.to_b[one] == Some(other) => 1.0,
                (Some(one), Some(other)) => {
                    let (text, title) = similarity(one, other);
                    (2.0 * text + title).min(1.0)
                }
                _ => 0.0,
            };
            let level = if ours.depth == theirs.depth { 0.0 } else { LEVEL_COST };
            let score = TITLE_WEIGHT.mul_add(title, text) + PARENT_WEIGHT * above - level;
            if score >= MIN_SCORE && (text >= MIN_SIMILARITY || title >= ALIKE_TITLES) {
                scored.push((score, one, other));
            }
        }
        // Of equal scores, neither speech comes first: two pairs that exclude one another differ in the sum.
        scored.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then((one.1 + one.2, one.1).cmp(&(other.1 + other.2, other.1))));
        for (_, one, other) in scored {
            self.pair(one, other);
        }
    }

    /// The sections under a pair that have the same text, or at least the same title, in order.
    fn pair_under_same(&mut self, texts: [&SpeechLetters; 2]) {
        let [a, b] = texts;
        self.pair_siblings(texts, None, None);
        for one in 1..a.sections.len() {
            if let Some(other) = self.to_b[one]
                && a.sections[one].subtree_end > one + 1
                && b.sections[other].subtree_end > other + 1
            {
                self.pair_siblings(texts, Some(one), Some(other));
            }
        }
    }

    fn pair_siblings(&mut self, texts: [&SpeechLetters; 2], a: Option<usize>, b: Option<usize>) {
        let ours: Vec<usize> = texts[0].children(a).filter(|section| self.to_b[*section].is_none()).collect();
        let theirs: Vec<usize> = texts[1].children(b).filter(|section| self.to_a[*section].is_none()).collect();
        if ours.is_empty() || theirs.is_empty() {
            return;
        }
        for part in [SpeechLetters::own, SpeechLetters::title] {
            let keys = [
                ours.iter().map(|section| part(texts[0], *section)).collect(),
                theirs.iter().map(|section| part(texts[1], *section)).collect(),
            ];
            for (one, other) in groups(keys).into_iter().flat_map(|(one, other)| one.into_iter().zip(other)) {
                if !part(texts[0], ours[one]).is_empty() {
                    self.pair(ours[one], theirs[other]);
                }
            }
        }
    }

    /// What is left and the same to the letter, in order.
    fn pair_equal_rest(&mut self, texts: [&SpeechLetters; 2]) {
        let keys = texts.map(|text| (1..text.sections.len()).map(|section| text.own(section)).collect::<Vec<_>>());
        for (ours, theirs) in groups(keys) {
            let ours = ours.into_iter().map(|a| a + 1).filter(|a| self.to_b[*a].is_none() && !texts[0].own(*a).is_empty());
            let theirs = theirs.into_iter().map(|b| b + 1).filter(|b| self.to_a[*b].is_none());
            let both: Vec<(usize, usize)> = ours.zip(theirs).collect();
            for (a, b) in both {
                self.pair(a, b);
            }
        }
    }
}

/// The indices of equal keys in both lists, in order of the first.
fn groups<K: std::hash::Hash + Eq + Copy>(keys: [Vec<K>; 2]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut number: HashMap<K, usize> = HashMap::new();
    let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
    for (side, keys) in keys.into_iter().enumerate() {
        for (index, key) in keys.into_iter().enumerate() {
            let group = *number.entry(key).or_insert_with(|| {
                groups.push((Vec::new(), Vec::new()));
                groups.len() - 1
            });
            let lists = &mut groups[group];
            if side == 0 { lists.0.push(index) } else { lists.1.push(index) }
        }
    }
    groups
}

/// Polynomial hashes of all prefixes, from which that of any range follows (Karp and Rabin): sections
/// contain one another, and hashing each anew would take the depth times as long.
struct PrefixHashes {
    hashes: Vec<u64>,
    powers: Vec<u64>,
}

/// The Mersenne prime 2^61 − 1.
const PRIME: u64 = (1 << 61) - 1;
const BASE: u64 = 0x0005_DEEC_E66D_1235;

impl PrefixHashes {
    fn new(letters: &[char]) -> Self {
        let (mut hashes, mut powers) = (vec![0], vec![1]);
        let (mut hash, mut power) = (0, 1);
        for letter in letters {
            hash = (multiply(hash, BASE) + u64::from(u32::from(*letter)) + 1) % PRIME;
            power = multiply(power, BASE);
            hashes.push(hash);
            powers.push(power);
        }
        Self { hashes, powers }
    }

    /// The hash of a range, with its length.
    fn of(&self, range: std::ops::Range<usize>) -> (u64, usize) {
        let before = multiply(self.hashes[range.start], self.powers[range.len()]);
        ((self.hashes[range.end] + PRIME - before) % PRIME, range.len())
    }
}

fn multiply(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}
