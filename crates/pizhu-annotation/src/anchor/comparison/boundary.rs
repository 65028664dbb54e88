//! Where a passage may begin and end, by all ways to pair the letters there.
//!
//! From `场上听听他们` the letters `听他` were deleted: the 听 that is left may be either. A diff shows
//! one way of several that are equally short; an end on which they differ is not clear.

use super::placement::{Outward, Pairing};
use std::ops::Range;

/// Number of letters on each side of an end that are compared.
const SIDE: usize = 24;
/// Maximum number of letters of either text that are compared.
const MAX_LETTERS: usize = 160;
/// Number of letters next to one another that are not gone one by one.
const MIN_DELETED: usize = 8;
/// Number of letters on each side of a cut that are no chance.
const MIN_CUT_RUN: usize = 4;
/// Number of letters more than are gone that one more of a passage may be away.
const FEW: usize = 2;

/// The ends that as many pairs of letters allow as any other: how many of the new letters are outside.
/// `None` if these ends are not one, apart from letters that were put in.
///
/// The first `cut` letters of `old` are outside of the passage.
fn best_ends(old: &[char], new: &[char], cut: usize) -> Option<(usize, usize)> {
    if let Some(end) = end_at_deletion(old, new, cut) {
        return Some((end, end));
    }
    // The most pairs of the letters outside with the first ones of the new text, for each number of these.
    let outside = most_pairs(old[..cut].iter(), &new.iter());
    let inside = most_pairs(old[cut..].iter().rev(), &new.iter().rev());
    let all = |end: usize| outside[end] + inside[new.len() - end];
    let most = (0..=new.len()).map(all).max()?;
    let first = (0..=new.len()).find(|end| all(*end) == most)?;
    let last = (0..=new.len()).rev().find(|end| all(*end) == most)?;
    (outside[first] == outside[last]).then_some((first, last))
}

/// How many of the new letters are outside of the passage if all that happened is that letters next to one another were
/// deleted, many enough for that to be no chance.
///
/// Example: the passage begins after `结出了喜人的` with `瓜果，养成了早起的习惯`, and `喜人的瓜果，养成了早起的` was deleted: the 了
/// of `结出了习惯` is not the second one, although there are as many pairs with that.
fn end_at_deletion(old: &[char], new: &[char], cut: usize) -> Option<usize> {
    let deleted = old.len().checked_sub(new.len()).filter(|deleted| *deleted >= MIN_DELETED)?;
    let same = |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(one, other)| one == other).count();
    let before = same(&mut old.iter().zip(new));
    let after = same(&mut old.iter().rev().zip(new.iter().rev()));
    // Where the first of them was.
    let (first, last) = (new.len().checked_sub(after)?, before);
    let outside = |at: usize| if cut <= at { cut } else { cut.saturating_sub(deleted).max(at) };
    (first <= last && outside(first) == outside(last)).then(|| outside(first))
}

/// Length of the longest common subsequence of `old` and the first letters of `new`, for each number of these.
fn most_pairs<'a>(old: impl Iterator<Item = &'a char>, new: &(impl Iterator<Item = &'a char> + Clone)) -> Vec<usize> {
    let mut row: Vec<usize> = vec![0; new.clone().count() + 1];
    for letter in old {
        let mut diagonal = 0;
        for (at, other) in new.clone().enumerate() {
            let paired = diagonal + usize::from(letter == other);
            diagonal = row[at + 1];
            row[at + 1] = paired.max(row[at]).max(diagonal);
        }
    }
    row
}

impl Pairing<'_> {
    /// `found`, the outermost new letter of the passage `own` towards one end, or a letter near it if all best
    /// ways agree that this is the outermost one. `None` if the ways differ. `kept` are the letters that are left.
    pub(super) fn clear_end(&self, own: &Range<usize>, kept: &[(usize, usize)], found: usize, outward: Outward) -> Option<usize> {
        let (innermost, deepest) = match outward {
            Outward::ToFront => (kept.first()?, kept.iter().take_while(|(letter, _)| letter - own.start < SIDE).last().or(kept.first())?),
            Outward::ToBack => (kept.last()?, kept.iter().rev().take_while(|(letter, _)| own.end - letter <= SIDE).last().or(kept.last())?),
        };
        if self.is_cut_clean(own, *innermost, outward) {
            return Some(innermost.1);
        }
        let (outside, outermost) = self.outside(own, *innermost, outward);
        // From the outside to the inside, in both texts.
        let letters_of = |outermost: usize, deepest: usize| -> Vec<usize> {
            if outward == Outward::ToFront { (outermost..=deepest).collect() } else { (deepest..=outermost).rev().collect() }
        };
        let (old, new) = (letters_of(outside, deepest.0), letters_of(outermost, deepest.1));
        if old.len() > MAX_LETTERS || new.len() > MAX_LETTERS {
            return Some(found);
        }
        let is_of_these =
            |letter: usize| self.origin(letter).is_none_or(|origin| old.contains(&origin)) && !self.is_of_other_fragment(letter, own);
        let new_letters: Vec<char> = new.iter().map(|letter| if is_of_these(*letter) { self.new.letters[*letter] } else { '\0' }).collect();
        let old_letters: Vec<char> = old.iter().map(|letter| self.old.letters[*letter]).collect();
        let cut = old.iter().position(|letter| own.contains(letter))?;
        let (least, most) = best_ends(&old_letters, &new_letters, cut)?;
        let Some(end) = new.iter().position(|letter| *letter == found) else { return Some(found) };
        let innermost_at = new.iter().position(|letter| *letter == innermost.1)?;
        let gone = if outward == Outward::ToFront { innermost.0 - own.start } else { own.end - 1 - innermost.0 };
        if least > innermost_at || end > most + gone + FEW {
            return None;
        }
        new.get(end.clamp(least, most)).copied()
    }

    /// Whether the letters of a passage beyond `innermost`, the outermost one that is left, were deleted together with some
    /// that were next to it: now what was beyond these is next to it.
    ///
    /// Example: of `按月【印发栽培图册】，邀请各村` is left `按月图册，邀请各村` or `要继续图册，邀请各村`.
    pub(super) fn is_cut_clean(&self, own: &Range<usize>, innermost: (usize, usize), outward: Outward) -> bool {
        let (letter, place) = innermost;
        let next = match outward {
            Outward::ToFront => place.checked_sub(1),
            Outward::ToBack => Some(place + 1),
        };
        let Some((next, origin)) = next.and_then(|next| Some((next, self.origin(next)?))) else { return false };
        let is_beyond = if outward == Outward::ToFront { origin < own.start } else { origin >= own.end };
        is_beyond
            && letter.abs_diff(origin) > MIN_DELETED
            && self.run_around((letter, place), (letter, place)) >= MIN_CUT_RUN
            && self.run_around((origin, next), (origin, next)) >= MIN_CUT_RUN
    }

    /// The old letter that a new one comes from, if that is no chance.
    pub(super) fn origin(&self, letter: usize) -> Option<usize> {
        self.map.old_of(letter).filter(|old| self.place(*old).is_some())
    }

    /// The outermost letters that are compared, of the old text and of the new one.
    fn outside(&self, own: &Range<usize>, innermost: (usize, usize), outward: Outward) -> (usize, usize) {
        let step = |from: usize, by: usize| match outward {
            Outward::ToFront => from.checked_sub(by),
            Outward::ToBack => Some(from + by),
        };
        let edge = if outward == Outward::ToFront { own.start } else { own.end.saturating_sub(1) };
        let is_beyond = |place: usize| if outward == Outward::ToFront { place < innermost.1 } else { place > innermost.1 };
        let in_old = |letter: &usize| *letter < self.old.letters.len();
        let letters = || (1..=SIDE).map_while(|by| step(edge, by)).take_while(in_old);
        let anchors = letters().filter_map(|letter| Some((letter, self.place(letter)?)));
        // Not beyond text that came from elsewhere.
        let is_far = |origin: usize| !own.contains(&origin) && origin.abs_diff(edge) > SIDE;
        let is_foreign = |at: &usize| self.origin(*at).is_some_and(is_far) || self.is_of_other_fragment(*at, own);
        let in_new = |at: &usize| *at < self.new.letters.len();
        let reach = (1..MAX_LETTERS).map_while(|by| step(innermost.1, by)).take_while(|at| in_new(at) && !is_foreign(at)).count();
        let near = anchors.filter(|(_, place)| is_beyond(*place) && place.abs_diff(innermost.1) <= reach);
        near.last().unwrap_or_else(|| {
            let free = (1..=2 * SIDE).map_while(|by| step(innermost.1, by)).take_while(|letter| {
                in_new(letter) && self.origin(*letter).is_none_or(|origin| own.contains(&origin)) && !is_foreign(letter)
            });
            (letters().last().unwrap_or(edge), free.last().unwrap_or(innermost.1))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(outside: &str, inside: &str, new: &str) -> Option<(usize, usize)> {
        let old: Vec<char> = outside.chars().chain(inside.chars()).collect();
        best_ends(&old, &new.chars().collect::<Vec<char>>(), outside.chars().count())
    }

    #[test]
    fn best_ends_are_given_when_all_best_ways_to_pair_agree() {
        assert_eq!(ends("场上", "听他们", "场上听们"), Some((2, 2)));
        assert_eq!(ends("场上", "听他们", "场上再听们"), Some((2, 3)), "either side of what was put in");
        assert_eq!(ends("场上听", "听他们", "场上听们"), None, "the letter that is left may be either");
        assert_eq!(ends("场上听", "听他们", "场上听听们"), Some((3, 3)));
    }
}
