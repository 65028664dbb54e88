//! What sections of two speeches have in common, measured by n-grams weighted by how few sections have
//! them. Order plays no part, so that what was moved or reworded is found as well.

use super::text::SpeechLetters;
use std::collections::HashMap;

/// Letters of an n-gram.
const GRAM: usize = 3;
/// Maximum pairs of sections that an n-gram speaks for; one that more have in common is a set phrase.
const MAX_PAIRS: usize = 32;
/// Weight of an n-gram that all sections have.
const MIN_WEIGHT: f64 = 0.1;

/// What a pair of sections has in common, by weight.
#[derive(Debug, Clone, Copy, Default)]
struct CommonGrams {
    own: f64,
    /// With the sections below.
    whole: f64,
}

/// The similarity of sections by their n-grams.
#[derive(Debug)]
pub(super) struct GramSimilarity {
    common: HashMap<(u32, u32), CommonGrams>,
    /// The weight of all n-grams of each section of either speech: own, and with the sections below.
    totals: [Vec<(f64, f64)>; 2],
}

/// An n-gram, the section that has it, and how often.
type GramOccurrence = (u64, u32, u32);

impl GramSimilarity {
    pub(super) fn new(texts: [&SpeechLetters; 2]) -> Self {
        let grams = texts.map(occurrences);
        let sections: usize = texts.iter().map(|text| text.sections.len()).sum();
        let mut totals = texts.map(|text| vec![(0.0, 0.0); text.sections.len()]);
        let mut common: HashMap<(u32, u32), CommonGrams> = HashMap::new();
        let mut rest = grams.each_ref().map(Vec::as_slice);
        while let Some(gram) = rest.iter().filter_map(|list| Some(list.first()?.0)).min() {
            let lists = rest.map(|list| &list[..list.partition_point(|occurrence| occurrence.0 == gram)]);
            for (rest, list) in rest.iter_mut().zip(lists) {
                *rest = &rest[list.len()..];
            }
            let having = lists[0].len() + lists[1].len();
            let weight = (sections as f64 / having as f64).ln() + MIN_WEIGHT;
            for (totals, list) in totals.iter_mut().zip(lists) {
                for (_, section, count) in list {
                    totals[*section as usize].0 += weight * f64::from(*count);
                }
            }
            if lists[0].len() * lists[1].len() > MAX_PAIRS {
                continue;
            }
            for (_, a, count) in lists[0] {
                for (_, b, other) in lists[1] {
                    common.entry((*a, *b)).or_default().own += weight * f64::from(*count.min(other));
                }
            }
            let [ours, theirs] = [0, 1].map(|side: usize| with_ancestors(texts[side], lists[side]));
            for (a, count) in &ours {
                for (b, other) in &theirs {
                    let depths = (texts[0].sections[*a as usize].depth, texts[1].sections[*b as usize].depth);
                    if depths.0.abs_diff(depths.1) <= 1 {
                        common.entry((*a, *b)).or_default().whole += weight * f64::from(*count.min(other));
                    }
                }
            }
        }
        for (text, totals) in texts.iter().zip(&mut totals) {
            for index in (0..totals.len()).rev() {
                totals[index].1 += totals[index].0;
                if let Some(parent) = text.sections[index].parent {
                    totals[parent].1 += totals[index].1;
                }
            }
        }
        Self { common, totals }
    }

    /// The pairs of sections that have n-grams in common.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.common.keys().map(|(a, b)| (*a as usize, *b as usize))
    }

    /// How similar two sections are, from 0 to 1: their own texts or with all below them, whichever is
    /// more.
    pub(super) fn similarity(&self, a: usize, b: usize) -> f64 {
        let Some(common) = u32::try_from(a).ok().zip(u32::try_from(b).ok()).and_then(|pair| self.common.get(&pair)) else { return 0.0 };
        let (ours, theirs) = (self.totals[0][a], self.totals[1][b]);
        let dice = |common: f64, total: f64| if total > 0.0 { 2.0 * common / total } else { 0.0 };
        dice(common.own, ours.0 + theirs.0).max(dice(common.whole, ours.1 + theirs.1))
    }
}

/// The n-grams of all sections, sorted.
fn occurrences(text: &SpeechLetters) -> Vec<GramOccurrence> {
    let mut grams: Vec<(u64, u32)> = Vec::new();
    for section in 0..text.sections.len() {
        // A char is at most 21 bits.
        let code = |gram: &[char]| gram.iter().fold(0, |code: u64, c| (code << 21) | u64::from(u32::from(*c)));
        grams.extend(text.own(section).windows(GRAM).map(|gram| (code(gram), section as u32)));
    }
    grams.sort_unstable();
    grams.chunk_by(|one, other| one == other).map(|same| (same[0].0, same[0].1, same.len() as u32)).collect()
}

/// The sections that have an n-gram, with those above them, and how often.
fn with_ancestors(text: &SpeechLetters, list: &[GramOccurrence]) -> Vec<(u32, u32)> {
    let mut all: Vec<(u32, u32)> = Vec::new();
    for (_, section, count) in list {
        let mut next = Some(*section as usize);
        while let Some(index) = next {
            all.push((index as u32, *count));
            next = text.sections[index].parent;
        }
    }
    all.sort_unstable();
    all.chunk_by(|one, other| one.0 == other.0).map(|same| (same[0].0, same.iter().map(|(_, count)| count).sum())).collect()
}

/// The similarity of titles by their pairs of letters, weighted by how few titles have them: that two speak
/// of 人才 says little where all do.
#[derive(Debug)]
pub(super) struct TitleSimilarity {
    /// The pairs of letters of each title of either speech, sorted.
    titles: [Vec<Vec<[char; 2]>>; 2],
    weights: HashMap<[char; 2], f64>,
}

impl TitleSimilarity {
    pub(super) fn new(texts: [&SpeechLetters; 2]) -> Self {
        let pairs = |title: &[char]| {
            let mut pairs: Vec<[char; 2]> = title.windows(2).filter_map(|pair| pair.try_into().ok()).collect();
            pairs.sort_unstable();
            pairs
        };
        let titles = texts.map(|text| (0..text.sections.len()).map(|section| pairs(text.title(section))).collect::<Vec<_>>());
        let mut having: HashMap<[char; 2], u32> = HashMap::new();
        for title in titles.iter().flatten() {
            for same in title.chunk_by(|one, other| one == other) {
                *having.entry(same[0]).or_default() += 1;
            }
        }
        let count = titles.iter().map(Vec::len).sum::<usize>() as f64;
        let weights = having.into_iter().map(|(pair, having)| (pair, (count / f64::from(having)).ln() + MIN_WEIGHT)).collect();
        Self { titles, weights }
    }

    /// Dice coefficient of the weighted pairs of two titles, from 0 to 1.
    pub(super) fn similarity(&self, a: usize, b: usize) -> f64 {
        let (ours, theirs) = (&self.titles[0][a], &self.titles[1][b]);
        let weight = |pair: &[char; 2]| self.weights.get(pair).copied().unwrap_or(MIN_WEIGHT);
        let mut others = theirs.iter().peekable();
        let mut common = 0.0;
        for pair in ours {
            while others.next_if(|other| *other < pair).is_some() {}
            if others.next_if_eq(&pair).is_some() {
                common += weight(pair);
            }
        }
        let total: f64 = ours.iter().chain(theirs).map(weight).sum();
        if total > 0.0 { 2.0 * common / total } else { 0.0 }
    }
}
