//! Similarity of two stretches of normalized text.

use super::{normalized_text::SignificantChars, work_budget::ComparisonBudget};
use std::collections::HashMap;

/// Maximum product of two lengths that is compared char by char.
const MAX_EXACT_PRODUCT: usize = 4_000_000;
/// Work of counting a bigram, in comparisons of two chars.
const BIGRAM_WORK: usize = 50;

/// Similarity from 0 (nothing in common) to 1 (equal): one minus the Levenshtein distance over the
/// longer length. Very long texts are compared by their bigrams instead.
pub(super) fn similarity(a: &SignificantChars, b: &SignificantChars) -> f64 {
    similarity_if(a, b, |_| true).unwrap_or(0.0)
}

/// [`similarity`] within a budget; `None` if the comparison would exceed it.
pub(super) fn similarity_within(a: &SignificantChars, b: &SignificantChars, budget: &ComparisonBudget<'_>) -> Option<f64> {
    similarity_if(a, b, |work| budget.spend(work))
}

/// [`similarity`] if `may` says so of the number of chars, or pairs of chars, to be compared.
fn similarity_if(a: &SignificantChars, b: &SignificantChars, may: impl Fn(usize) -> bool) -> Option<f64> {
    let longer = a.len().max(b.len());
    if longer == 0 {
        return Some(1.0);
    }
    // A common prefix and suffix need not be compared again.
    let head = a.iter().zip(b.iter()).take_while(|(a, b)| a == b).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = tail.min(a.len().min(b.len()) - head);
    let (a, b) = (a.slice(head..a.len() - tail), b.slice(head..b.len() - tail));
    let product = a.len().saturating_mul(b.len());
    let is_exact = product <= MAX_EXACT_PRODUCT;
    if !may(longer + if is_exact { product } else { BIGRAM_WORK * (a.len() + b.len()) }) {
        return None;
    }
    let different = if is_exact { edit_distance(&a, &b) } else { approximate_distance(&a, &b) };
    Some(1.0 - different as f64 / longer as f64)
}

/// The Levenshtein distance: insertions, deletions and substitutions from `a` to `b`.
fn edit_distance(a: &SignificantChars, b: &SignificantChars) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Approximates the edit distance by bigrams: chars of the longer text without a counterpart.
fn approximate_distance(a: &SignificantChars, b: &SignificantChars) -> usize {
    let pairs = |text: &SignificantChars| {
        let all: Vec<Vec<u8>> = text.iter().map(<[u8]>::to_vec).collect();
        all.windows(2).map(<[Vec<u8>]>::concat).fold(HashMap::<Vec<u8>, usize>::new(), |mut counts, pair| {
            *counts.entry(pair).or_default() += 1;
            counts
        })
    };
    let (ours, theirs) = (pairs(a), pairs(b));
    let common: usize = ours.iter().map(|(pair, count)| theirs.get(pair).map_or(0, |other| *count.min(other))).sum();
    a.len().max(b.len()).saturating_sub(common)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_edit_in_ten_is_similarity_nine_tenths() {
        let alike = |a: &str, b: &str| similarity(&SignificantChars::from_text(a), &SignificantChars::from_text(b));
        assert!((alike("一二三四五六七八九十", "一二三四五改七八九十") - 0.9).abs() < 1e-9);
        assert!((alike("一二三四五六七八九十", "一二三四五七八九十") - 0.9).abs() < 1e-9);
        assert!(alike("一二三", "四五六") < 1e-9);
        assert!((alike("", "") - 1.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn similarity_matches_its_recursive_definition(a in "[甲乙丙]{0,7}", b in "[甲乙丙]{0,7}") {
            fn slow(a: &[char], b: &[char]) -> usize {
                match (a, b) {
                    ([], rest) | (rest, []) => rest.len(),
                    ([x, a_rest @ ..], [y, b_rest @ ..]) => {
                        let same = slow(a_rest, b_rest) + usize::from(x != y);
                        same.min(slow(a_rest, b) + 1).min(slow(a, b_rest) + 1)
                    }
                }
            }
            let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let expected = 1.0 - slow(&x, &y) as f64 / x.len().max(y.len()).max(1) as f64;
            prop_assert!((similarity(&SignificantChars::from_text(&a), &SignificantChars::from_text(&b)) - expected).abs() < 1e-9 || (x.is_empty() && y.is_empty()));
        }
    }
}
