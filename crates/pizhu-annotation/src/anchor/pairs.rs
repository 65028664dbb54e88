//! Pairs of equal chars of two short texts, in order: as many as possible, and as many as possible next
//! to one another.
//!
//! The library's diff leaves out chars that are frequent, to be fast; between two blocks that are the
//! same, every char counts.

use pizhu_text::text::diff::diff_chars;

/// Maximum product of the lengths of two texts that are compared exactly.
const MAX_PRODUCT: usize = 500_000;

/// The indices of the pairs. What both texts begin and end with is paired with one another; of several
/// ways to pair the chars between, the one with the earliest pairs.
pub(super) fn pairs(old: &[char], new: &[char]) -> Vec<(usize, usize)> {
    let prefix = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let suffix = old[prefix..].iter().rev().zip(new[prefix..].iter().rev()).take_while(|(one, other)| one == other).count();
    let (old_middle, new_middle) = (&old[prefix..old.len() - suffix], &new[prefix..new.len() - suffix]);
    let mut found: Vec<(usize, usize)> = (0..prefix).map(|at| (at, at)).collect();
    let between = if old_middle.is_empty() || new_middle.is_empty() {
        Vec::new()
    } else if old_middle.len().saturating_mul(new_middle.len()) <= MAX_PRODUCT {
        exact_pairs(old_middle, new_middle)
    } else {
        let equal = diff_chars(old_middle, new_middle).into_iter().filter(|segment| segment.equal);
        equal.flat_map(|segment| segment.old.zip(segment.new)).collect()
    };
    found.extend(between.into_iter().map(|(one, other)| (prefix + one, prefix + other)));
    found.extend((0..suffix).map(|at| (old.len() - suffix + at, new.len() - suffix + at)));
    found
}

/// The pairs that are all as early as possible in short texts, also where a later one would end them.
pub(super) fn earliest_pairs(old: &[char], new: &[char]) -> Vec<(usize, usize)> {
    if old.len().saturating_mul(new.len()) <= MAX_PRODUCT { exact_pairs(old, new) } else { pairs(old, new) }
}

/// Scores of the best ways to pair the rest of two texts.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    best: u32,
    /// If the first chars are paired; 0 if they differ.
    paired: u32,
}

/// Score of a pair, and of its following another directly.
const PAIR: u32 = 3;
const FOLLOWS: u32 = 1;

fn exact_pairs(old: &[char], new: &[char]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut scores = vec![Score::default(); (old.len() + 1) * width];
    for one in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            let (next, diagonal) = (scores[(one + 1) * width + other], scores[(one + 1) * width + other + 1]);
            let following = if diagonal.paired > 0 { diagonal.paired + FOLLOWS } else { 0 };
            let paired = if old[one] == new[other] { PAIR + diagonal.best.max(following) } else { 0 };
            let best = paired.max(next.best).max(scores[one * width + other + 1].best);
            scores[one * width + other] = Score { best, paired };
        }
    }
    let mut found = Vec::new();
    let (mut one, mut other, mut must_pair) = (0, 0, false);
    while one < old.len() && other < new.len() {
        let here = scores[one * width + other];
        if here.paired > 0 && (must_pair || here.paired == here.best) {
            found.push((one, other));
            let next = scores[(one + 1) * width + other + 1];
            must_pair = next.paired > 0 && here.paired == PAIR + FOLLOWS + next.paired;
            (one, other) = (one + 1, other + 1);
        } else if scores[(one + 1) * width + other].best == here.best {
            one += 1;
        } else {
            other += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paired(old: &str, new: &str) -> String {
        let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        pairs(&old, &new).into_iter().map(|(one, _)| old[one]).collect()
    }

    #[test]
    fn pairing_counts_frequent_chars_and_keeps_neighbours_together() {
        assert_eq!(paired("，“", "，，，"), "，");
        assert_eq!(earliest_pairs(&['“', '，'], &['，', '，']), [(1, 0)]);
        assert_eq!(paired("办得怎么样", "办得了怎等么在的"), "办得怎么");
        let (old, new): (Vec<char>, Vec<char>) = ("工作".chars().collect(), "工的工作的作".chars().collect());
        assert_eq!(earliest_pairs(&old, &new), [(0, 2), (1, 3)]);
        assert_eq!(pairs(&old, &new), [(0, 0), (1, 5)], "unless both begin or end with them");
    }

    proptest! {
        #[test]
        fn pairs_are_a_longest_common_subsequence(old in "[甲乙丙]{0,9}", new in "[甲乙丙]{0,9}") {
            fn longest(a: &[char], b: &[char]) -> usize {
                match (a, b) {
                    ([], _) | (_, []) => 0,
                    ([x, rest @ ..], [y, other @ ..]) if x == y => 1 + longest(rest, other),
                    ([_, rest @ ..], [_, other @ ..]) => longest(rest, b).max(longest(a, other)),
                }
            }
            let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
            let found = pairs(&old, &new);
            prop_assert!(found.iter().all(|(one, other)| old[*one] == new[*other]));
            prop_assert!(found.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
            // Keeping neighbours together may cost a pair, but no more.
            prop_assert!(found.len() + found.len() / 3 + 1 >= longest(&old, &new));
        }
    }
}
