//! Which marks around the ends of a passage are its own.

use super::super::pairs::earliest_pairs;
use super::{
    folded_text::FoldedText,
    placement::{Fate, MAX_CHANGE, Outward, Pairing},
};
use std::ops::Range;

/// Number of letters next to a passage that may be gone without its marks there having gone with them.
const FEW_LETTERS: usize = 3;
/// Number of letters around a passage beyond which a mark of it cannot have gone.
const NEIGHBOURS: usize = 3;
/// Maximum number of marks compared at an end of a passage.
pub(super) const MAX_MARKS: usize = 200;

/// What is between two letters, in both texts.
struct MarkGap {
    old: Range<usize>,
    new: Range<usize>,
    /// The units of the passage's letters at its end: of the last one that is left, of the last one, and of the one that what
    /// is there now comes from; if the letters beyond are not those that were there.
    near: Option<[(usize, usize); 3]>,
    /// The unit of the letter of the passage that what is at its end comes from, perhaps by chance.
    origin: Option<usize>,
    /// The units of the new text beyond the gap, if it is not known where what was there went.
    beyond: Range<usize>,
}

impl MarkGap {
    /// The marks of the gap in one of the texts. A mark on another line belongs to the letters there; if
    /// these are gone, so is it.
    fn marks(&self, text: &FoldedText, range: &Range<usize>, of: impl Fn((usize, usize)) -> usize) -> Vec<usize> {
        range.clone().filter(|unit| !text.is_letter(*unit) && self.is_near(text, *unit, &of)).take(MAX_MARKS).collect()
    }

    fn is_near(&self, text: &FoldedText, unit: usize, of: impl Fn((usize, usize)) -> usize) -> bool {
        self.near.is_none_or(|near| near.into_iter().any(|letter| text.are_on_one_line(unit, of(letter))))
    }

    /// The marks of the new text that are on other lines than the passage, and may be its own: not those that stand, as
    /// before, at the end of the line that is next to it.
    fn far_marks(&self, old: &FoldedText, new: &FoldedText, is_own: impl Fn(usize) -> bool) -> Vec<usize> {
        let Some([near, ..]) = self.near else { return Vec::new() };
        let is_front = self.new.end == near.1;
        // From the neighbour inwards.
        let inwards = |range: &Range<usize>| -> Vec<usize> {
            let units = range.clone().take(MAX_MARKS);
            if is_front { units.collect() } else { units.rev().collect() }
        };
        let (ours, theirs) = (inwards(&self.old), inwards(&self.new));
        let neighbour = if is_front { self.old.start.checked_sub(1) } else { Some(self.old.end) };
        let is_beside = |unit: &usize| neighbour.is_some_and(|next| old.are_on_one_line(next, *unit));
        let beside: Vec<usize> = ours.into_iter().take_while(is_beside).collect();
        let is_rest_of_line = !is_beside(&near.0) && !beside.iter().any(|unit| old.is_letter(*unit) || is_own(*unit));
        let is_same = |(ours, theirs): (&usize, &usize)| old.units[*ours] == new.units[*theirs];
        let is_as_before = is_rest_of_line && theirs.len() >= beside.len() && beside.iter().zip(&theirs).all(is_same);
        let known = if is_as_before { beside.len() } else { 0 };
        let is_far = |unit: &usize| !new.is_letter(*unit) && !self.is_near(new, *unit, |near| near.1);
        let beyond = self.beyond.clone().filter(|unit| !new.is_letter(*unit) && new.are_on_one_line(near.1, *unit));
        theirs[known..].iter().copied().filter(is_far).chain(beyond).collect()
    }
}

impl Pairing<'_> {
    /// The outermost of the letters put in from `end` on, an end of the passage `own`: marks beyond them may be its own.
    fn last_free(&self, end: usize, own: &Range<usize>, outward: Outward) -> usize {
        let next = |letter: usize| match outward {
            Outward::ToFront => letter.checked_sub(1),
            Outward::ToBack => Some(letter + 1).filter(|letter| *letter < self.new.letters.len()),
        };
        let is_free = |letter: &usize| self.map.old_of(*letter).is_none() && !self.is_of_other_fragment(*letter, own);
        std::iter::successors(Some(end), |letter| next(*letter).filter(is_free)).take(2 * MAX_CHANGE).last().unwrap_or(end)
    }

    /// The first unit of a passage of which the letters begin at `start`. `kept` are its first letters that
    /// are left, from the first one on.
    pub(super) fn start_of_marks(
        &self,
        units: &Range<usize>,
        letters: &Range<usize>,
        kept: &[(usize, usize)],
        start: usize,
    ) -> Option<usize> {
        let first = kept.first()?;
        let is_next = |(_, place): &(usize, usize)| !(place + 1..start).any(|at| self.is_of_other_fragment(at, letters));
        let neighbour = self.neighbour(letters.start, start, Outward::ToFront).filter(is_next);
        let near = (self.old.unit_of(first.0), self.new.unit_of(first.1));
        let edge = (self.old.unit_of(letters.start), self.new.unit_of(start));
        let origin = self.origin_among(letters, start).map(|letter| self.old.unit_of(letter));
        let outer = MarkGap {
            old: self.old.gap_before(neighbour.map_or(letters.start, |(letter, _)| letter + 1))..near.0,
            new: self.new.gap_before(neighbour.map_or_else(|| self.last_free(start, letters, Outward::ToFront), |(_, place)| place + 1))
                ..near.1,
            near: neighbour.is_none_or(|pair| pair.0 + 1 + FEW_LETTERS < letters.start && !self.have_joined(pair, *first)).then_some([
                near,
                edge,
                (origin.unwrap_or(near.0), edge.1),
            ]),
            origin,
            beyond: 0..0,
        };
        let beyond = outer.new.start.saturating_sub(MAX_CHANGE)..outer.new.start;
        let outer = MarkGap { beyond: if neighbour.is_none() { beyond } else { 0..0 }, ..outer };
        if let Some((letter, place)) = neighbour
            && self.have_crossed(&outer, &self.beyond(letter, place, Outward::ToFront), |unit| unit >= units.start)
        {
            return None;
        }
        let bare = self.new.unit_of(start);
        let gaps: Vec<MarkGap> = std::iter::once(outer).chain(kept.windows(2).map(|pair| self.inner_gap(pair[0], pair[1]))).collect();
        let found = self.marks(&gaps, |unit| unit >= units.start, bare..self.new.unit_of(kept.last()?.1), Outward::ToFront)?;
        Some(found.start.min(bare))
    }

    /// The end of the units of a passage of which the letters end with `end`. `kept` are its last letters
    /// that are left, up to the last one.
    pub(super) fn end_of_marks(&self, units: &Range<usize>, letters: &Range<usize>, kept: &[(usize, usize)], end: usize) -> Option<usize> {
        let last = kept.last()?;
        let is_next = |(_, place): &(usize, usize)| !(end + 1..*place).any(|at| self.is_of_other_fragment(at, letters));
        let neighbour = self.neighbour(letters.end - 1, end, Outward::ToBack).filter(is_next);
        let near = (self.old.unit_of(last.0), self.new.unit_of(last.1));
        let edge = (self.old.unit_of(letters.end - 1), self.new.unit_of(end));
        let origin = self.origin_among(letters, end).map(|letter| self.old.unit_of(letter));
        let outer = MarkGap {
            old: near.0 + 1..self.old.unit_of(neighbour.map_or(letters.end, |(letter, _)| letter)),
            new: near.1 + 1
                ..self.new.unit_of(neighbour.map_or_else(|| self.last_free(end, letters, Outward::ToBack) + 1, |(_, place)| place)),
            near: neighbour.is_none_or(|pair| pair.0 > letters.end + FEW_LETTERS && !self.have_joined(pair, *last)).then_some([
                near,
                edge,
                (origin.unwrap_or(near.0), edge.1),
            ]),
            origin,
            beyond: 0..0,
        };
        let beyond = outer.new.end..(outer.new.end + MAX_CHANGE).min(self.new.units.len());
        let outer = MarkGap { beyond: if neighbour.is_none() { beyond } else { 0..0 }, ..outer };
        if let Some((letter, place)) = neighbour
            && self.have_crossed(&outer, &self.beyond(letter, place, Outward::ToBack), |unit| unit < units.end)
        {
            return None;
        }
        let bare = self.new.unit_of(end) + 1;
        let gaps: Vec<MarkGap> = kept.windows(2).map(|pair| self.inner_gap(pair[0], pair[1])).chain([outer]).collect();
        let found = self.marks(&gaps, |unit| unit < units.end, self.new.unit_of(kept.first()?.1) + 1..bare, Outward::ToBack)?;
        Some(found.end.max(bare))
    }

    /// The letter of a passage that a new one comes from, perhaps by chance.
    fn origin_among(&self, own: &Range<usize>, letter: usize) -> Option<usize> {
        self.map.old_of(letter).filter(|old| own.contains(old))
    }

    /// Whether two letters of different lines are on one now.
    fn have_joined(&self, one: (usize, usize), other: (usize, usize)) -> bool {
        let are_on_one_line = |text: &FoldedText, one: usize, other: usize| text.are_on_one_line(text.unit_of(one), text.unit_of(other));
        are_on_one_line(self.new, one.1, other.1) && !are_on_one_line(self.old, one.0, other.0)
    }

    /// The units beyond a neighbour, in both texts: up to a letter near it that is a pair.
    fn beyond(&self, letter: usize, place: usize, outward: Outward) -> (Range<usize>, Range<usize>) {
        let next = std::iter::successors(Some((letter, place)), |(letter, place)| self.neighbour(*letter, *place, outward));
        let (next, next_place) = next.take(NEIGHBOURS + 1).last().filter(|next| *next != (letter, place)).map_or(
            match outward {
                Outward::ToFront => (letter.checked_sub(1), place.checked_sub(1)),
                Outward::ToBack => (Some(letter + 1), Some(place + 1)),
            },
            |(letter, place)| (Some(letter), Some(place)),
        );
        let units = |text: &FoldedText, one: usize, other: Option<usize>| match outward {
            Outward::ToFront => other.map_or(0, |other| text.unit_of(other) + 1)..text.unit_of(one),
            Outward::ToBack => text.unit_of(one) + 1..other.map_or(text.units.len(), |other| text.unit_of(other)),
        };
        (units(self.old, letter, next), units(self.new, place, next_place))
    }

    /// Whether a mark at an end of a passage may have gone to the other side of its neighbour, because that letter is
    /// not the one that was there but one put in. `beyond` is the gap on the other side of the neighbour, in both texts.
    ///
    /// Example: the passage `45%;` before the line `新设`, and the text `45新%;` before the line `设`.
    fn have_crossed(&self, outer: &MarkGap, beyond: &(Range<usize>, Range<usize>), is_own: impl Fn(usize) -> bool) -> bool {
        let count = |text: &FoldedText, range: &Range<usize>, mark: char| {
            range.clone().take(MAX_MARKS).filter(|unit| text.units.get(*unit) == Some(&mark)).count()
        };
        let mut own = outer.old.clone().filter(|unit| !self.old.is_letter(*unit) && is_own(*unit)).take(MAX_MARKS);
        own.any(|unit| {
            let mark = self.old.units[unit];
            count(self.new, &outer.new, mark) < count(self.old, &outer.old, mark)
                && count(self.new, &beyond.1, mark) > count(self.old, &beyond.0, mark)
        })
    }

    /// The gap between two letters of a passage that are left.
    fn inner_gap(&self, one: (usize, usize), other: (usize, usize)) -> MarkGap {
        MarkGap {
            old: self.old.unit_of(one.0) + 1..self.old.unit_of(other.0),
            new: self.new.unit_of(one.1) + 1..self.new.unit_of(other.1),
            near: None,
            origin: None,
            beyond: 0..0,
        }
    }

    /// The marks next to the outermost letter of a passage that are there as before, where this letter may be there by chance.
    ///
    /// Example: of `只求学【员坐得住、用得上。学习是一辈子的事】`, in `只求学（略）用得上。`.
    fn marks_beside(&self, gap: &MarkGap, outward: Outward) -> Vec<(usize, usize)> {
        let Some((origin, [_, edge, _])) = gap.origin.zip(gap.near).filter(|(origin, near)| *origin != near[0].0) else {
            return Vec::new();
        };
        let beside = |text: &FoldedText, letter: usize, range: &Range<usize>| -> Vec<usize> {
            let is_mark = |unit: &usize| range.contains(unit) && !text.is_letter(*unit) && text.are_on_one_line(letter, *unit);
            match outward {
                Outward::ToFront => (0..letter).rev().take_while(is_mark).collect(),
                Outward::ToBack => (letter + 1..range.end).take_while(is_mark).collect(),
            }
        };
        let (ours, theirs) = (beside(self.old, origin, &gap.old), beside(self.new, edge.1, &gap.new));
        let is_same = |(ours, theirs): &(usize, usize)| self.old.units[*ours] == self.new.units[*theirs];
        ours.into_iter().zip(theirs).take_while(is_same).collect()
    }

    /// How many marks of a gap stand, as before, outside of the passage next to its letters: none of the passage has come there
    /// across these.
    ///
    /// Example: the passage `收一收“缰绳` and the text `收一收的缰绳”，切实`: its quotation mark is gone, and not behind it.
    fn count_same_marks(&self, old: &[usize], new: &[usize], outward: Outward) -> usize {
        let is_same = |(ours, theirs): &(&usize, &usize)| self.old.units[**ours] == self.new.units[**theirs];
        match outward {
            Outward::ToFront => old.iter().rev().zip(new.iter().rev()).take_while(is_same).count(),
            Outward::ToBack => old.iter().zip(new).take_while(is_same).count(),
        }
    }

    /// The units of the new text that the passage's own marks have become, among those of gaps, and
    /// `covered`. `None` if it is not clear which are its own.
    fn marks(&self, gaps: &[MarkGap], is_own: impl Fn(usize) -> bool, covered: Range<usize>, outward: Outward) -> Option<Range<usize>> {
        let mut certain: Vec<(usize, usize)> = Vec::new();
        let (mut ours, mut inner, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        for gap in gaps {
            let (old, new) = (gap.marks(self.old, &gap.old, |near| near.0), gap.marks(self.new, &gap.new, |near| near.1));
            if old.iter().map(|unit| self.old.units[*unit]).eq(new.iter().map(|unit| self.new.units[*unit])) {
                certain.extend(old.into_iter().zip(new));
                continue;
            }
            let beside = self.marks_beside(gap, outward);
            let is_rest = |unit: &usize| !beside.iter().any(|pair| pair.0 == *unit);
            let is_rest_there = |unit: &usize| !beside.iter().any(|pair| pair.1 == *unit);
            let (old, new): (Vec<usize>, Vec<usize>) =
                (old.into_iter().filter(is_rest).collect(), new.into_iter().filter(is_rest_there).collect());
            certain.extend(beside.iter().copied());
            let outside = if old.iter().any(|unit| is_own(*unit)) { 0 } else { self.count_same_marks(&old, &new, outward) };
            let (old, new) = if outward == Outward::ToFront {
                let (old_rest, new_rest) = (old.len() - outside, new.len() - outside);
                certain.extend(old[old_rest..].iter().copied().zip(new[new_rest..].iter().copied()));
                (old[..old_rest].to_vec(), new[..new_rest].to_vec())
            } else {
                certain.extend(old.iter().copied().zip(new.iter().copied()).take(outside));
                (old[outside..].to_vec(), new[outside..].to_vec())
            };
            // A mark between two letters that are gone has gone with them, unless there is one too many.
            let mut letters = gap.old.clone().filter(|unit| self.old.is_letter(*unit));
            let first = letters.next();
            let last = letters.next_back().or(first);
            // Not next to a letter that may still be there.
            let is_at_origin = |unit: usize| {
                let between = |origin: usize| unit.min(origin) + 1..unit.max(origin);
                gap.origin.is_some_and(|origin| gap.old.contains(&origin) && !between(origin).any(|unit| self.old.is_letter(unit)))
            };
            let is_inner =
                |unit: &usize| first.is_some_and(|first| *unit > first) && last.is_some_and(|last| *unit < last) && !is_at_origin(*unit);
            inner.extend(old.iter().copied().filter(is_inner));
            ours.extend(old.iter().copied().filter(|unit| !is_inner(unit)));
            theirs.extend(new);
        }
        let mut ways = ways_to_pair(&ours, &theirs, self.old, self.new);
        if ways[0].len() < theirs.len() && !inner.is_empty() {
            ours.extend(inner);
            ours.sort_unstable();
            ways = ways_to_pair(&ours, &theirs, self.old, self.new);
        }
        // A mark of the passage that is lost may be one on another line.
        let is_lost =
            |unit: &usize| is_own(*unit) && !certain.iter().chain(&ways[0]).any(|(ours, _)| ours == unit) && !self.old.is_letter(*unit);
        // Or a mark on its line may be one of a line of its own that is gone.
        let spare: Vec<usize> = theirs.iter().copied().filter(|unit| !ways[0].iter().any(|(_, theirs)| theirs == unit)).collect();
        let has_far = |gap: &MarkGap| {
            let far = gap.far_marks(self.old, self.new, &is_own);
            let is_among = |unit: usize, others: &[usize]| others.iter().any(|other| self.old.units[unit] == self.new.units[*other]);
            let is_on_other_line = |unit: usize| !gap.is_near(self.old, unit, |near| near.0);
            gap.old.clone().filter(is_lost).any(|unit| is_among(unit, &far) || (is_on_other_line(unit) && is_among(unit, &spare)))
        };
        if gaps.iter().any(has_far) {
            return None;
        }
        // Letters between the places that a mark may be at are of unknown origin.
        let own_units =
            |way: &[(usize, usize)]| -> Vec<usize> { way.iter().filter(|(ours, _)| is_own(*ours)).map(|(_, unit)| *unit).collect() };
        let (one, other) = (own_units(&ways[0]), own_units(&ways[1]));
        let is_parted = |one: Option<&usize>, other: Option<&usize>| {
            one.zip(other).is_some_and(|(one, other)| {
                (*one.min(other)..*one.max(other)).any(|unit| self.new.is_letter(unit) && !covered.contains(&unit))
            })
        };
        if is_parted(one.iter().min(), other.iter().min()) || is_parted(one.iter().max(), other.iter().max()) {
            return None;
        }
        let mut units = covered;
        let pairs = || ways.iter().flatten().chain(&certain);
        for (_, unit) in pairs().filter(|(ours, _)| is_own(*ours)) {
            units = units.start.min(*unit)..units.end.max(unit + 1);
        }
        let is_foreign = |pair: &&(usize, usize)| !is_own(pair.0) && units.contains(&pair.1);
        pairs().find(is_foreign).is_none().then_some(units)
    }

    /// Where a passage of marks went that stands before the letter `next`.
    pub(super) fn fate_of_marks(&self, units: &Range<usize>, next: usize) -> Fate {
        let Some(before) = next.checked_sub(1) else { return Fate::Unclear };
        let (Some(left), Some(right)) = (self.place(before), self.place(next)) else { return Fate::Unclear };
        if left + 1 != right || units.is_empty() {
            return Fate::Unclear;
        }
        let old: Vec<usize> = (self.old.gap_before(next)..self.old.unit_of(next)).collect();
        let new: Vec<usize> = (self.new.gap_before(right)..self.new.unit_of(right)).collect();
        let [one, other] = ways_to_pair(&old, &new, self.old, self.new);
        let own =
            |way: &[(usize, usize)]| -> Vec<usize> { way.iter().filter(|(ours, _)| units.contains(ours)).map(|(_, at)| *at).collect() };
        let (own, others) = (own(&one), own(&other));
        match (own.first(), own.last()) {
            (Some(first), Some(last)) if own == others && own.len() == units.len() => Fate::Kept { units: *first..last + 1, letters: 0 },
            _ if new.is_empty() => Fate::Gone,
            _ => Fate::Unclear,
        }
    }
}

/// Two ways to pair the marks of gaps: those as far to the front as possible, and to the back.
fn ways_to_pair(ours: &[usize], theirs: &[usize], old: &FoldedText, new: &FoldedText) -> [Vec<(usize, usize)>; 2] {
    let reversed = |list: &[usize]| -> Vec<usize> { list.iter().rev().copied().collect() };
    let pairs = |ours: &[usize], theirs: &[usize]| -> Vec<(usize, usize)> {
        // Parted, so that it makes no difference which marks follow one another: of two that are alike either may be gone.
        let our_marks: Vec<char> = ours.iter().flat_map(|unit| [old.units[*unit], '\0']).collect();
        let their_marks: Vec<char> = theirs.iter().map(|unit| new.units[*unit]).collect();
        earliest_pairs(&our_marks, &their_marks).into_iter().map(|(one, other)| (ours[one / 2], theirs[other])).collect()
    };
    [pairs(ours, theirs), pairs(&reversed(ours), &reversed(theirs))]
}

#[cfg(test)]
mod tests {
    use crate::anchor::test_help::{AFTER, BEFORE, OTHER, words_found};

    #[test]
    fn a_passage_keeps_the_mark_after_a_letter_that_may_be_there_by_chance() {
        let quote = "不求大、不求洋，只求学员坐得住、听得进、用得上。\n学习是一辈子的事。庄稼误（一）季，干部误一生";
        let old = format!("{BEFORE}，{quote}。{OTHER}。\n");
        let new = format!("{BEFORE}，不求大、不求洋，只求学（略）用得上。\n");
        assert_eq!(words_found(&old, quote, &new).as_deref(), Some("不求大、不求洋，只求学（略）用得上。"));
    }

    #[test]
    fn a_passage_is_asked_about_when_a_mark_of_one_of_its_deleted_lines_joined_what_is_left() {
        let quote = "可咨询值班的老师，欢迎参考。\n在果园工作会议上的讲话\n同志们：\n今天大会要办的事情";
        let old = format!("{BEFORE}，若需要原文章{quote}是总结工作，{OTHER}。\n一、{AFTER}。");
        let new = format!("{BEFORE}，若需要原文章可咨询值班的老师，欢：\n一、{AFTER}。");
        assert_eq!(words_found(&old, quote, &new), None);
    }
}
