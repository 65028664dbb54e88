//! Whether another place of a text has as good a claim to a selector's words as the one found.
//!
//! Without the text that an annotation was placed in, only the quote and its context tell the original from a copy.
//! The place found must have clearly more of both than any other, also where these were edited.

use super::{
    normalized_text::{NormalizedText, SignificantChars},
    rivals::{Evidence, pairs_together},
    work_budget::ComparisonBudget,
};
use std::ops::Range;

/// Letters of evidence by which the place found must lead.
const MIN_LEAD: usize = 8;
/// Letters of a quote so short that an edit or two leave nothing of it.
const MAX_SHORT: usize = 6;
/// Letters of one side that a place must have more than another to have this side rather than it.
const MIN_MORE: usize = 4;
/// Letters at each end of a long quote that are compared.
const END: usize = 64;
/// Letters that may have been put in between the quote and its context.
const GAP: usize = 8;
/// Letters of context on one side that are not somewhere else by chance.
const MIN_SIDE: usize = 10;

/// The words of a selector: quote and context.
pub(super) struct Wanted<'a> {
    pub(super) before: &'a SignificantChars,
    pub(super) quote: &'a SignificantChars,
    pub(super) after: &'a SignificantChars,
}

impl Wanted<'_> {
    /// Whether another place than `found` may be that of the quote, or there is not enough left of the budget to
    /// know it.
    pub(super) fn has_rival(&self, text: &NormalizedText, found: Range<usize>, budget: &ComparisonBudget<'_>) -> bool {
        let (before, quote, after) = (self.before.to_chars(), self.quote.to_chars(), self.after.to_chars());
        let all: Vec<char> = [before.as_slice(), &quote, &after].concat();
        let own = before.len()..before.len() + quote.len();
        if quote.len() <= 2 * END {
            return is_claimed(&all, &own, text, found, budget);
        }
        let (head, tail) = (own.start..own.start + END, own.end - END..own.end);
        let within = |part: Range<usize>| {
            let wanted = part.start.saturating_sub(END)..(part.end + END).min(all.len());
            (all[wanted.clone()].to_vec(), part.start - wanted.start..part.end - wanted.start)
        };
        let ((head, head_own), (tail, tail_own)) = (within(head), within(tail));
        is_claimed(&head, &head_own, text, found.start..(found.start + END).min(found.end), budget)
            || is_claimed(&tail, &tail_own, text, found.end.saturating_sub(END).max(found.start)..found.end, budget)
    }
}

fn is_claimed(wanted: &[char], own: &Range<usize>, text: &NormalizedText, found: Range<usize>, budget: &ComparisonBudget<'_>) -> bool {
    if !budget.spend(text.index_work()) {
        return true;
    }
    let (letters, index) = text.indexed();
    let pairs = pairs_at(wanted, own, letters, &found);
    let here = Evidence::of_pairs(&pairs, own);
    let taken: Vec<usize> = pairs.iter().map(|(_, at)| *at).collect();
    index.similar_stretches(wanted, letters, &found).into_iter().any(|stretch| {
        if !budget.spend(wanted.len() * stretch.len()) {
            return true;
        }
        let free: Vec<char> = stretch.map(|at| if taken.binary_search(&at).is_ok() { '\0' } else { letters[at] }).collect();
        let pairs = pairs_together(wanted, &free);
        let there = Evidence::of_pairs(&pairs, own);
        let is_side = |there: usize, side: usize| side >= MIN_SIDE && 4 * there >= 3 * side;
        // As much of the quote, with one side of it: that side may have been left there.
        let is_as_good = there.inside >= here.inside
            && 2 * there.inside >= own.len()
            && (is_side(there.before, own.start) || is_side(there.after, wanted.len() - own.end));
        // Each place has a side that the other has not.
        let is_parted = 3 * there.inside >= 2 * own.len()
            && ((is_side(there.before, own.start) && here.before + MIN_MORE <= there.before)
                || (is_side(there.after, wanted.len() - own.end) && here.after + MIN_MORE <= there.after));
        // A short quote may have been edited until nothing was left.
        let is_like = there.inside > 0 || own.len() <= MAX_SHORT;
        // Its context alone stays behind where the quote was moved.
        is_as_good
            || is_parted
            || (is_like && encloses(&pairs, own) && there.around() >= here.around() + MIN_LEAD)
            || (3 * there.inside >= own.len() && there.all() + MIN_LEAD > here.all())
    })
}

/// Whether a place has the context on both sides, and between them about as many letters as the quote: it was
/// edited beyond recognition, not moved.
fn encloses(pairs: &[(usize, usize)], own: &Range<usize>) -> bool {
    let before = pairs.iter().rev().find(|(letter, _)| *letter < own.start);
    let after = pairs.iter().find(|(letter, _)| *letter >= own.end);
    before.zip(after).is_some_and(|((letter, at), (next, next_at))| {
        let (gone, there) = (next - letter - 1, next_at - at - 1);
        (3 * there >= own.len() || own.len() <= MAX_SHORT) && there <= 2 * gone + GAP
    })
}

/// The pairs of the place at `found`. What is on one of its sides is near it.
fn pairs_at(wanted: &[char], own: &Range<usize>, letters: &[char], found: &Range<usize>) -> Vec<(usize, usize)> {
    let side = |wanted_side: Range<usize>, side: Range<usize>| -> Vec<(usize, usize)> {
        let pairs = pairs_together(&wanted[wanted_side.clone()], &letters[side.clone()]);
        pairs.into_iter().map(|(letter, at)| (wanted_side.start + letter, side.start + at)).collect()
    };
    let before = side(0..own.start, found.start.saturating_sub(own.start + GAP)..found.start);
    let after_len = wanted.len() - own.end;
    let after = side(own.end..wanted.len(), found.end..(found.end + after_len + GAP).min(letters.len()));
    let is_near = |distance: usize, own_distance: usize| distance.abs_diff(own_distance) <= GAP;
    let mut pairs: Vec<(usize, usize)> = before.into_iter().filter(|(letter, at)| is_near(found.start - at, own.start - letter)).collect();
    pairs.extend(side(own.clone(), found.clone()));
    pairs.extend(after.into_iter().filter(|(letter, at)| is_near(at - found.end, letter - own.end)));
    pairs
}
