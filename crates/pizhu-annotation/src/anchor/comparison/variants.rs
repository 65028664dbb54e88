//! The other ways in which a text may have become another.
//!
//! From `人要要求` one 要 was deleted: no diff can tell which. A letter put in next to its like, or
//! deleted between two, can be shifted along; only what all these ways agree on is certain.

use super::{
    folded_text::FoldedText,
    letter_map::{LetterMap, Run},
    support::change_between,
};
use std::ops::Range;

/// Maximum number of letters shifted in all: texts that repeat themselves let changes shift far.
const MAX_SHIFTS: usize = 4_000_000;

/// To which end changes are shifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    Front,
    Back,
}

/// Which part of a change is shifted where letters were replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangePart {
    PutIn,
    Deleted,
}

/// All maps of `bases` and those with their changes shifted; `None` if there are too many ways.
pub(super) fn variants(bases: Vec<LetterMap>, old: &FoldedText, new: &FoldedText) -> Option<Vec<LetterMap>> {
    let mut left = MAX_SHIFTS;
    let mut maps: Vec<LetterMap> = Vec::new();
    for mut base in bases {
        settle_on_lines(&mut base, old, new, &mut left)?;
        for shift in [Shift::Front, Shift::Back] {
            for part in [ChangePart::PutIn, ChangePart::Deleted] {
                let shifted = shifted(&base, (old, new), (shift, part), &mut left)?;
                if !maps.contains(&shifted) {
                    maps.push(shifted);
                }
            }
        }
        if !maps.contains(&base) {
            maps.push(base);
        }
    }
    Some(maps)
}

/// There are more ways to shift changes than are tried.
struct TooManyShifts;

/// Letters between two runs that were only put in, or only deleted.
struct LoneChange<'a> {
    /// The text that has them.
    text: &'a FoldedText,
    range: Range<usize>,
    runs: [Run; 2],
    is_deletion: bool,
}

impl<'a> LoneChange<'a> {
    fn between(map: &LetterMap, before: Run, after: Run, (old, new): (&'a FoldedText, &'a FoldedText)) -> Option<Self> {
        let (text, range, is_deletion) = match change_between(map, before, after)? {
            (1.., 0) => (old, before.old + before.len..after.old, true),
            (0, 1..) => (new, before.new + before.len..after.new, false),
            _ => return None,
        };
        Some(Self { text, range, runs: [before, after], is_deletion })
    }

    /// To where it can be shifted so that it is whole lines, if there is one way: then it was these lines, and not parts of
    /// two that begin alike.
    ///
    /// Example: of the lines `第一，要严` and `第二，要实` the first was deleted, not `一，要严第`.
    fn whole_lines(&self, left: &mut usize) -> Result<Option<(Shift, usize)>, TooManyShifts> {
        // What was put in may be a copy beside its original.
        if !self.is_deletion {
            return Ok(None);
        }
        let letters = &self.text.letters;
        let Range { start, end } = self.range;
        let front = (1..=self.runs[0].len).take_while(|step| letters[start - step] == letters[end - step]).count();
        let back = (0..self.runs[1].len).take_while(|step| letters[start + step] == letters[end + step]).count();
        *left = left.checked_sub(front + back).ok_or(TooManyShifts)?;
        let ahead = (0..=front).map(|by| (Shift::Front, by, start - by..end - by));
        let behind = (1..=back).map(|by| (Shift::Back, by, start + by..end + by));
        let mut found = ahead.chain(behind).filter(|(.., range)| self.text.is_of_whole_lines(range));
        Ok(match (found.next(), found.next()) {
            (Some((shift, by, _)), None) => Some((shift, by)),
            _ => None,
        })
    }
}

/// Shifts what was put in or deleted so that it is whole lines, if there is one way to do so.
fn settle_on_lines(map: &mut LetterMap, old: &FoldedText, new: &FoldedText, left: &mut usize) -> Option<()> {
    for pair in map.runs().windows(2) {
        let Some(change) = LoneChange::between(map, pair[0], pair[1], (old, new)) else { continue };
        let Some((shift, limit)) = change.whole_lines(left).ok()? else { continue };
        ShiftedChange { map, pair: change.runs, limit, left }.shift(shift, !change.is_deletion, (&old.letters, &new.letters))?;
    }
    Some(())
}

fn shifted(base: &LetterMap, texts: (&FoldedText, &FoldedText), how: (Shift, ChangePart), left: &mut usize) -> Option<LetterMap> {
    let mut map = base.clone();
    for pair in base.runs().windows(2) {
        let Some((deleted, put_in)) = change_between(base, pair[0], pair[1]) else { continue };
        if let Some(change) = LoneChange::between(base, pair[0], pair[1], texts)
            && change.whole_lines(left).ok()?.is_some()
        {
            continue;
        }
        let shifts_new = if how.1 == ChangePart::PutIn { put_in > 0 } else { deleted == 0 };
        let mut shift = ShiftedChange { map: &mut map, pair: [pair[0], pair[1]], limit: usize::MAX, left };
        shift.shift(how.0, shifts_new, (&texts.0.letters, &texts.1.letters))?;
    }
    Some(map)
}

/// The change between two runs, being shifted.
struct ShiftedChange<'a> {
    map: &'a mut LetterMap,
    pair: [Run; 2],
    /// Maximum number of letters.
    limit: usize,
    left: &'a mut usize,
}

impl ShiftedChange<'_> {
    fn shift(&mut self, to: Shift, shifts_new: bool, (old, new): (&[char], &[char])) -> Option<()> {
        match (to, shifts_new) {
            (Shift::Front, true) => self.put_in_to_front(new),
            (Shift::Front, false) => self.deleted_to_front(old),
            (Shift::Back, true) => self.put_in_to_back(new),
            (Shift::Back, false) => self.deleted_to_back(old),
        }
    }

    fn count(&mut self) -> Option<()> {
        *self.left = self.left.checked_sub(1)?;
        Some(())
    }

    fn put_in_to_front(&mut self, new: &[char]) -> Option<()> {
        let [before, after] = self.pair;
        for step in 1..=before.len.min(self.limit) {
            let (from, to) = (before.new + before.len - step, after.new - step);
            if new[from] != new[to] {
                break;
            }
            self.count()?;
            let old = before.old + before.len - step;
            self.map.part(old);
            self.map.pair(old, to);
        }
        Some(())
    }

    fn put_in_to_back(&mut self, new: &[char]) -> Option<()> {
        let [before, after] = self.pair;
        for step in 0..after.len.min(self.limit) {
            let (from, to) = (after.new + step, before.new + before.len + step);
            if new[from] != new[to] {
                break;
            }
            self.count()?;
            self.map.part(after.old + step);
            self.map.pair(after.old + step, to);
        }
        Some(())
    }

    fn deleted_to_front(&mut self, old: &[char]) -> Option<()> {
        let [before, after] = self.pair;
        for step in 1..=before.len.min(self.limit) {
            let (from, to) = (before.old + before.len - step, after.old - step);
            if old[from] != old[to] {
                break;
            }
            self.count()?;
            self.map.part(from);
            self.map.pair(to, before.new + before.len - step);
        }
        Some(())
    }

    fn deleted_to_back(&mut self, old: &[char]) -> Option<()> {
        let [before, after] = self.pair;
        for step in 0..after.len.min(self.limit) {
            let (from, to) = (after.old + step, before.old + before.len + step);
            if old[from] != old[to] {
                break;
            }
            self.count()?;
            self.map.part(from);
            self.map.pair(to, after.new + step);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_pair_a_letter_left_of_two_with_either() {
        let [old, new] = ["人要要求", "人要求"].map(|text| FoldedText::new(&text.into(), 10).unwrap());
        let mut base = LetterMap::new(4, 3);
        base.pair_run(Run { old: 0, new: 0, len: 2 });
        base.pair_run(Run { old: 3, new: 2, len: 1 });
        let ways = variants(vec![base.clone(), base], &old, &new).unwrap();
        let of_second: Vec<Option<usize>> = ways.iter().map(|map| map.old_of(1)).collect();
        assert!(of_second.contains(&Some(1)) && of_second.contains(&Some(2)), "{of_second:?}");
        assert!(ways.iter().all(|map| map.new_of(0) == Some(0) && map.new_of(3) == Some(2)));
    }

    #[test]
    fn variants_settle_a_deletion_on_the_whole_line_when_two_begin_alike() {
        let ways_of = |old: &str, new: &str| {
            let [old, new] = [old, new].map(|text| FoldedText::new(&text.into(), 100).unwrap());
            let mut base = LetterMap::new(old.letters.len(), new.letters.len());
            // As a diff from the front has it: what begins alike stays.
            let shared = old.letters.iter().zip(&new.letters).take_while(|(one, other)| one == other).count();
            let rest = new.letters.len() - shared;
            base.pair_run(Run { old: 0, new: 0, len: shared });
            base.pair_run(Run { old: old.letters.len() - rest, new: shared, len: rest });
            let letter = old.letters.len() - 4;
            variants(vec![base.clone(), base], &old, &new)
                .unwrap()
                .iter()
                .map(|map| (map.new_of(2), map.new_of(letter)))
                .collect::<Vec<_>>()
        };
        assert_eq!(ways_of("开头\n第一要严\n第二要实", "开头\n第二要实"), [(None, Some(2))], "the first line");
        // Of two equal lines either may be the one.
        assert_eq!(ways_of("开头\n第一要严\n第一要严\n结尾", "开头\n第一要严\n结尾").len(), 2);
    }
}
