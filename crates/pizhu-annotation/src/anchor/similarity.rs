//! How alike two stretches of text are.

use super::skeleton::Letters;
use std::collections::HashMap;

/// The longest product of two lengths that is compared char by char.
const EXACT: usize = 4_000_000;

/// From 0 (nothing in common) to 1 (the same): one minus the edit distance over the longer
/// length; for very long stretches, the share of their letter pairs.
pub(super) fn similarity(a: &Letters, b: &Letters) -> f64 {
    let longer = a.len().max(b.len());
    if longer == 0 {
        return 1.0;
    }
    // What agrees at the ends need not be compared again.
    let head = a.iter().zip(b.iter()).take_while(|(a, b)| a == b).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = tail.min(a.len().min(b.len()) - head);
    let (a, b) = (a.slice(head..a.len() - tail), b.slice(head..b.len() - tail));
    let different = if a.len().saturating_mul(b.len()) <= EXACT { distance(&a, &b) } else { unpaired(&a, &b) };
    1.0 - different as f64 / longer as f64
}

/// Edits (a char put in, left out or replaced) that lead from `a` to `b`.
fn distance(a: &Letters, b: &Letters) -> usize {
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

/// About how many letters of the longer have no counterpart, judged by pairs of letters.
fn unpaired(a: &Letters, b: &Letters) -> usize {
    let pairs = |letters: &Letters| {
        let all: Vec<Vec<u8>> = letters.iter().map(<[u8]>::to_vec).collect();
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
    fn one_edit_in_ten_is_nine_tenths() {
        let alike = |a: &str, b: &str| similarity(&Letters::of(a), &Letters::of(b));
        assert!((alike("一二三四五六七八九十", "一二三四五改七八九十") - 0.9).abs() < 1e-9);
        assert!((alike("一二三四五六七八九十", "一二三四五七八九十") - 0.9).abs() < 1e-9);
        assert!(alike("一二三", "四五六") < 1e-9);
        assert!((alike("", "") - 1.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_the_definition(a in "[甲乙丙]{0,7}", b in "[甲乙丙]{0,7}") {
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
            prop_assert!((similarity(&Letters::of(&a), &Letters::of(&b)) - expected).abs() < 1e-9 || (x.is_empty() && y.is_empty()));
        }
    }
}
