//! What another place has of a passage and of what is around it, and when that is as good a claim as the one of the
//! place where it is.

use super::{
    super::rivals::{Evidence, pairs_together},
    displaced::{OtherPlace, other_place},
    free_text::{BLANK, FreeText},
    place::{AROUND, GAP, MAX_PUT_IN, Place},
};
use std::{cell::OnceCell, ops::Range};

/// Letters of a passage with what is around it that are not in a text by chance.
const MIN_CLAIM: usize = 10;
/// The same, next to where the passage is.
const MIN_CLAIM_BESIDE: usize = 6;
/// Letters around a passage, without it, that are not in a text by chance.
const MIN_CLAIM_AROUND: usize = 20;
/// Letters of evidence by which a place must lead.
const MIN_LEAD: usize = 8;
/// Letters gone from a passage that are not somewhere else by chance.
const MIN_TORN: usize = 6;
/// Letters gone from around a passage that are not with it elsewhere by chance; of those so near to it, two together.
const MIN_MISSING: usize = 6;
/// Letters put in within a passage of which some may be those of the passage.
const MAX_STRETCH: usize = 24;

/// What the letters are that another place may claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Passage,
    Heading,
    /// One end of a passage or heading.
    End,
}

/// The place of a passage, with what it has for itself.
pub(super) struct Holder<'a> {
    place: Place<'a>,
    part: Part,
    free: &'a FreeText,
    /// Number of letters of the passage that are left.
    kept: usize,
    /// The letters of each side, and those that are near the passage.
    sides: [Range<usize>; 2],
    near: [Vec<usize>; 2],
    in_order: OnceCell<[usize; 2]>,
    is_doubled: OnceCell<bool>,
    /// Whether much was put in within the passage.
    is_stretched: bool,
    keeps_order: bool,
}

impl<'a> Holder<'a> {
    pub(super) fn new(place: Place<'a>, kept: usize, part: Part, free: &'a FreeText) -> Self {
        let (before, after) = place.sides();
        Self {
            near: [place.near(before.clone()), place.near(after.clone())],
            in_order: OnceCell::new(),
            is_doubled: OnceCell::new(),
            is_stretched: place.new_range().len() > place.own.len() + MAX_STRETCH,
            keeps_order: place.keeps_order(),
            sides: [before, after],
            place,
            part,
            free,
            kept,
        }
    }

    fn gone(&self) -> usize {
        self.place.own.len() - self.kept
    }

    /// The letters of the passage and on both sides.
    fn wanted(&self) -> Range<usize> {
        self.sides[0].start..self.sides[1].end
    }

    /// Where the passage is among them.
    fn inside(&self) -> Range<usize> {
        self.place.own.start - self.sides[0].start..self.place.own.end - self.sides[0].start
    }

    fn is_most(&self, counts: [usize; 2]) -> bool {
        (0..2).all(|side| 4 * counts[side] >= 3 * self.sides[side].len())
    }

    /// Whether most of both sides is near the passage, and nothing much was put in within it.
    fn is_firm(&self) -> bool {
        self.is_most([self.near[0].len(), self.near[1].len()]) && !self.is_stretched
    }

    /// How many of each side follow one another from the passage on.
    fn in_order(&self) -> [usize; 2] {
        *self.in_order.get_or_init(|| [0, 1].map(|side| self.place.count_in_order(self.sides[side].clone())))
    }

    fn is_in_order(&self) -> bool {
        self.is_most(self.in_order())
    }

    /// Whether text of the passage or around it was put in next to the passage.
    fn is_doubled(&self) -> bool {
        *self.is_doubled.get_or_init(|| self.place.has_doubled_side(self.free))
    }

    /// Letters of evidence for the place, and by how many another one must lead or be led.
    fn strength(&self) -> (usize, usize) {
        let here = self.kept + self.near[0].len() + self.near[1].len();
        (here, MIN_LEAD.min(here / 4))
    }

    /// Whether no other place need be looked for: an end that is firm at its place.
    pub(super) fn is_certain(&self) -> bool {
        self.is_firm() && self.part == Part::End && self.gone() < MIN_TORN
    }

    /// Whether another place has as good a claim.
    pub(super) fn has_rival(&self) -> bool {
        let claims = self.claims();
        claims.iter().any(RivalClaim::is_rival) || (self.part != Part::End && self.is_torn(&claims))
    }

    /// Whether the text around the passage keeps its order here, and could not if the passage were anywhere else.
    pub(super) fn is_settled(&self) -> bool {
        self.keeps_order && !self.claims().iter().any(RivalClaim::is_passage)
    }

    /// What was put in that is like the passage or what is around it.
    fn claims(&self) -> Vec<RivalClaim<'_>> {
        let wanted = &self.place.pairing.old.letters[self.wanted()];
        // With so much put in, one of its ends may be that of a copy.
        let except = if self.is_stretched { 0..0 } else { self.place.new_range() };
        let stretches = self.free.index.similar_stretches(wanted, &self.free.letters, &except);
        stretches.into_iter().filter_map(|stretch| RivalClaim::new(self, stretch)).collect()
    }

    /// A letter of the new text if it may be that of another place: it is free, or what is around the passage has gone there.
    fn letter_beyond(&self, letter: usize) -> char {
        let is_around = |old: &usize| {
            let is_side = self.sides.iter().any(|side| side.contains(old));
            is_side && self.near.iter().all(|side| side.binary_search(old).is_err())
        };
        match self.place.pairing.origin(letter) {
            Some(old) if is_around(&old) => self.place.pairing.new.letters[letter],
            _ => self.free.letters[letter],
        }
    }

    /// Whether one place has the beginning of the passage with what was before it, and another the end with what was after
    /// it: it may have been torn apart there, and this be a copy.
    fn is_torn(&self, claims: &[RivalClaim<'_>]) -> bool {
        let inside = self.inside();
        let beginnings = claims.iter().filter(|claim| {
            let has = (claim.has(inside.start), claim.has(inside.end - 1));
            has == (true, false) && claim.all.before >= self.near[0].len().max(MIN_CLAIM)
        });
        let is_end = |claim: &&RivalClaim<'_>| {
            let has = (claim.has(inside.start), claim.has(inside.end - 1));
            has == (false, true) && claim.all.after >= self.near[1].len().max(MIN_CLAIM)
        };
        let ends: Vec<&Range<usize>> = claims.iter().filter(is_end).map(|claim| &claim.range).collect();
        beginnings.map(|claim| &claim.range).any(|one| ends.iter().any(|other| one.end <= other.start || other.end <= one.start))
    }
}

/// What a stretch of the new text has of a passage and of what is around it.
struct RivalClaim<'a> {
    holder: &'a Holder<'a>,
    /// The letters, counted from the first one wanted, and where they are.
    pairs: Vec<(usize, usize)>,
    all: Evidence,
    /// What of it was put in.
    put_in: Evidence,
    /// From the first letter to the last.
    range: Range<usize>,
    /// Whether text of the old one is between it and the passage.
    is_apart: bool,
    /// Whether the text around the passage would keep its order if it were there.
    is_in_order: bool,
}

impl<'a> RivalClaim<'a> {
    /// `None` if there is nothing to claim, or the order of the text shows that the passage is not there.
    fn new(holder: &'a Holder<'a>, stretch: Range<usize>) -> Option<Self> {
        let (wanted, inside) = (holder.wanted(), holder.inside());
        let there: Vec<char> = stretch.clone().map(|letter| holder.letter_beyond(letter)).collect();
        let letters = &holder.place.pairing.old.letters[wanted.clone()];
        let mut pairs = pairs_together(letters, &there);
        // What is around the passage may be there in another order: then what matters is the passage.
        if holder.keeps_order && 2 * Evidence::of_pairs(&pairs, &inside).inside < inside.len() {
            pairs = pairs_around(letters, &inside, &there).unwrap_or(pairs);
        }
        let pairs: Vec<(usize, usize)> = pairs.into_iter().map(|(letter, at)| (letter, stretch.start + at)).collect();
        let range = pairs.first()?.1..pairs.last()?.1 + 1;
        let mut is_in_order = false;
        if holder.keeps_order {
            let own: Vec<usize> = pairs.iter().filter(|(letter, _)| inside.contains(letter)).map(|(_, at)| *at).collect();
            match other_place(&holder.place, holder.free, &(*own.first()?..*own.last()? + 1)) {
                OtherPlace::Possible => is_in_order = true,
                OtherPlace::OutOfOrder => return None,
                OtherPlace::Near => {}
            }
        }
        let put_in: Vec<(usize, usize)> = pairs.iter().copied().filter(|(_, at)| holder.free.letters[*at] != BLANK).collect();
        Some(Self {
            all: Evidence::of_pairs(&pairs, &inside),
            put_in: Evidence::of_pairs(&put_in, &inside),
            is_apart: holder.place.is_apart(&range, &wanted),
            holder,
            pairs,
            range,
            is_in_order,
        })
    }

    fn has(&self, letter: usize) -> bool {
        self.pairs.iter().any(|(one, _)| *one == letter)
    }

    /// Whether the claim is as good as that of the place where the passage is.
    fn is_rival(&self) -> bool {
        let is_all = self.holder.part != Part::End;
        let is_firm = self.holder.is_firm();
        (self.is_in_order && self.is_passage())
            || self.has_gone_letters()
            || (is_all
                && (self.has_missing_context()
                    || self.is_as_good()
                    || self.is_unbroken()
                    || self.is_original_of_doubled()
                    || self.is_beside()
                    || (!is_firm && self.is_edited_original())))
            || (!is_firm && self.outweighs())
    }

    /// Whether the claim has much of the passage itself.
    fn is_passage(&self) -> bool {
        let len = self.holder.place.own.len();
        len > 0 && 2 * self.all.inside >= len
    }

    /// What is gone from the passage here is there: the passage was torn.
    ///
    /// Example: the passage `把短板补起来，把长板做长` is here `把短板补起来`, and `把长板做长` there.
    fn has_gone_letters(&self) -> bool {
        let (holder, inside) = (self.holder, self.holder.inside());
        let first = holder.sides[0].start;
        let is_gone = |letter: usize| inside.contains(&letter) && holder.place.pairing.place(first + letter).is_none();
        let found = self.pairs.iter().filter(|(letter, _)| is_gone(*letter)).count();
        found >= MIN_TORN && 2 * found >= holder.gone()
    }

    /// The passage is there with what is gone from around it here.
    ///
    /// Example: of `各乡镇要【补短板】，年底验收`, here is `各乡镇要补短板`, and there `补短板，年底验收`.
    fn has_missing_context(&self) -> bool {
        let (holder, inside) = (self.holder, self.holder.inside());
        let first = holder.sides[0].start;
        let is_missing = |letter: &usize| !inside.contains(letter) && holder.place.pairing.map.new_of(first + letter).is_none();
        let missing: Vec<usize> = self.pairs.iter().map(|(letter, _)| *letter).filter(is_missing).collect();
        let is_beside = |two: &[usize]| two[1] == two[0] + 1 && two[0] + MIN_MISSING >= inside.start && two[0] < inside.end + MIN_MISSING;
        let is_whole = self.all.inside >= holder.kept && missing.len() >= MIN_MISSING;
        self.is_passage() && (is_whole || missing.windows(2).any(is_beside))
    }

    /// As much of the passage as here, with one side of it: a copy of much of the text. Where the order is kept here, the
    /// passage is not there, unless what is around it is.
    fn is_as_good(&self) -> bool {
        let holder = self.holder;
        let (claim, [before, after]) = (self.all, &holder.near);
        let is_side = |there: usize| 4 * there >= 3 * AROUND;
        if !self.is_passage() || claim.inside < holder.kept || !(is_side(claim.before) || is_side(claim.after)) {
            return false;
        }
        // With as many letters on each side, one may be a copy of the other, unless only here it goes on as before.
        let is_alike = claim.before == before.len() && claim.after == after.len();
        let lens = [holder.sides[0].len(), holder.sides[1].len()];
        let goes_on = holder.in_order() == lens && (claim.before < lens[0] || claim.after < lens[1]);
        // With a side that is not here: each may be half of the original. A heading's section tells which.
        let (_, lead) = holder.strength();
        let is_parted = holder.part == Part::Passage && (claim.before > before.len() + lead || claim.after > after.len() + lead);
        let is_far = self.is_apart && !holder.place.is_within(MAX_PUT_IN, &self.range);
        is_parted || (is_alike && !goes_on) || !(is_far && holder.is_in_order() && self.put_in.all() == claim.all())
    }

    /// Much was put into the passage here, and there it is as it was.
    fn is_unbroken(&self) -> bool {
        let holder = self.holder;
        let is_broken = holder.place.new_range().len() >= holder.kept + MIN_TORN;
        is_broken && self.all.inside == holder.place.own.len() && self.put_in.all() >= MIN_CLAIM
    }

    /// A copy began or ended next to the passage, and may be what is taken for it.
    fn is_original_of_doubled(&self) -> bool {
        let holder = self.holder;
        self.all.inside >= holder.kept && self.is_passage() && self.put_in.all() >= MIN_CLAIM && holder.is_doubled()
    }

    /// A copy next to the passage, edited.
    fn is_beside(&self) -> bool {
        self.is_passage() && self.holder.place.is_within(GAP, &self.range) && self.put_in.all() >= MIN_CLAIM_BESIDE
    }

    /// What is whole here and edited there may be a copy.
    fn is_edited_original(&self) -> bool {
        let is_edited = self.all.inside < self.holder.kept && self.all.before > 0 && self.all.after > 0;
        self.is_passage() && is_edited && self.put_in.all() >= MIN_CLAIM
    }

    /// There is enough evidence there. Beyond text that keeps its order, the order decides.
    fn outweighs(&self) -> bool {
        let (here, lead) = self.holder.strength();
        // Where all is as it was, what is around the passage was copied without it.
        let is_around = self.put_in.around() >= MIN_CLAIM_AROUND && !self.holder.keeps_order;
        let is_claim = (self.is_passage() && self.put_in.all() >= MIN_CLAIM) || is_around;
        if self.is_apart { (is_claim || self.is_passage()) && self.all.all() + lead > here && !self.holder.is_in_order() } else { is_claim }
    }
}

/// The pairs of the letters of `wanted` with those `there`, those of the passage at `inside` first, and then what is on its
/// sides. `None` if less than half of the passage is there.
fn pairs_around(wanted: &[char], inside: &Range<usize>, there: &[char]) -> Option<Vec<(usize, usize)>> {
    let own = pairs_together(&wanted[inside.clone()], there);
    let (start, end) = (own.first()?.1, own.last()?.1 + 1);
    if 2 * own.len() < inside.len() {
        return None;
    }
    let own = own.into_iter().map(|(letter, at)| (inside.start + letter, at));
    let after = pairs_together(&wanted[inside.end..], &there[end..]).into_iter().map(|(letter, at)| (inside.end + letter, end + at));
    Some(pairs_together(&wanted[..inside.start], &there[..start]).into_iter().chain(own).chain(after).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_around_weigh_the_passage_when_its_context_is_in_another_order() {
        let letters = |text: &str| text.chars().collect::<Vec<char>>();
        let (wanted, there) =
            (letters("三要管好网上建网格编进群里有人求助十分钟内应答"), letters("有人求助十分钟内应答到好网上建网格编进群里"));
        let inside = 6..11;
        let count = |pairs: &[(usize, usize)]| pairs.iter().filter(|(letter, _)| inside.contains(letter)).count();
        assert_eq!(count(&pairs_together(&wanted, &there)), 0, "what follows it is more");
        let pairs = pairs_around(&wanted, &inside, &there).unwrap();
        assert_eq!((count(&pairs), Evidence::of_pairs(&pairs, &inside)), (5, Evidence { before: 3, inside: 5, after: 2 }));
        assert_eq!(pairs_around(&wanted, &inside, &there[..10]), None);
    }
}
