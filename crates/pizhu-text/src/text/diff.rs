//! Differences between two texts, char by char.

use imara_diff::{Algorithm, Diff, InternedInput};
use std::ops::Range;

/// A stretch of a difference: equal in both texts, or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffSegment {
    /// Chars of the old text; empty for an insertion.
    pub old: Range<usize>,
    /// Chars of the new text; empty for a deletion.
    pub new: Range<usize>,
    /// Whether both are the same chars.
    pub equal: bool,
}

/// The segments of the difference between two texts, in order; together they cover both. No two
/// equal segments and no two replaced ones are adjacent.
///
/// The algorithm is Myers's with the heuristics of git's xdiff, so the time stays near linear also
/// in long texts that have little in common.
///
/// ```
/// use pizhu_text::text::diff::diff_chars;
///
/// let [old, new] = ["抓人才", "抓好人才"].map(|text| text.chars().collect::<Vec<char>>());
/// let segments = diff_chars(&old, &new);
/// let inserted = segments.iter().find(|segment| !segment.equal).unwrap();
/// assert_eq!((inserted.old.clone(), inserted.new.clone()), (1..1, 1..2));
/// ```
#[must_use]
pub fn diff_chars(old: &[char], new: &[char]) -> Vec<DiffSegment> {
    let mut input: InternedInput<char> = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let diff = Diff::compute(Algorithm::Myers, &input);
    let mut segments = Vec::new();
    let (mut old_end, mut new_end) = (0, 0);
    let push_equal = |segments: &mut Vec<DiffSegment>, old_end: usize, new_end: usize, old_start: usize| {
        if old_start > old_end {
            let len = old_start - old_end;
            segments.push(DiffSegment { old: old_end..old_start, new: new_end..new_end + len, equal: true });
        }
    };
    for hunk in diff.hunks() {
        let [old, new] = [hunk.before, hunk.after].map(|range| range.start as usize..range.end as usize);
        push_equal(&mut segments, old_end, new_end, old.start);
        (old_end, new_end) = (old.end, new.end);
        segments.push(DiffSegment { old, new, equal: false });
    }
    push_equal(&mut segments, old_end, new_end, old.len());
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn segments_cover_both_texts_and_equal_ones_are_equal(old in "[天下为公]{0,60}", new in "[天下为公]{0,60}") {
            let [old, new] = [old, new].map(|text| text.chars().collect::<Vec<char>>());
            let segments = diff_chars(&old, &new);
            let (mut at, mut new_at) = (0, 0);
            for segment in &segments {
                prop_assert_eq!((segment.old.start, segment.new.start), (at, new_at));
                prop_assert!(!segment.equal || old[segment.old.clone()] == new[segment.new.clone()]);
                (at, new_at) = (segment.old.end, segment.new.end);
            }
            prop_assert_eq!((at, new_at), (old.len(), new.len()));
            prop_assert!(segments.windows(2).all(|pair| pair[0].equal != pair[1].equal));
            prop_assert!(old != new || segments.iter().all(|segment| segment.equal));
        }
    }
}
