//! The other ways in which a text may have become another.
//!
//! From `人要要求` one 要 was deleted: no diff can tell which. A letter put in next to its like, or
//! deleted between two, can be shifted along; only what all these ways agree on is certain.

use super::{
    letter_map::{LetterMap, Run},
    support::change_between,
};

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
pub(super) fn variants(bases: [LetterMap; 2], old: &[char], new: &[char]) -> Option<Vec<LetterMap>> {
    let mut left = MAX_SHIFTS;
    let mut maps: Vec<LetterMap> = Vec::new();
    for base in bases {
        for shift in [Shift::Front, Shift::Back] {
            for part in [ChangePart::PutIn, ChangePart::Deleted] {
                let shifted = shifted(&base, old, new, (shift, part), &mut left)?;
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

fn shifted(base: &LetterMap, old: &[char], new: &[char], how: (Shift, ChangePart), left: &mut usize) -> Option<LetterMap> {
    let mut map = base.clone();
    for pair in base.runs().windows(2) {
        let Some((deleted, put_in)) = change_between(base, pair[0], pair[1]) else { continue };
        let shifts_new = if how.1 == ChangePart::PutIn { put_in > 0 } else { deleted == 0 };
        let mut shift = ShiftedChange { map: &mut map, pair: [pair[0], pair[1]], left };
        match (how.0, shifts_new) {
            (Shift::Front, true) => shift.put_in_to_front(new),
            (Shift::Front, false) => shift.deleted_to_front(old),
            (Shift::Back, true) => shift.put_in_to_back(new),
            (Shift::Back, false) => shift.deleted_to_back(old),
        }?;
    }
    Some(map)
}

/// The change between two runs, being shifted.
struct ShiftedChange<'a> {
    map: &'a mut LetterMap,
    pair: [Run; 2],
    left: &'a mut usize,
}

impl ShiftedChange<'_> {
    fn count(&mut self) -> Option<()> {
        *self.left = self.left.checked_sub(1)?;
        Some(())
    }

    fn put_in_to_front(&mut self, new: &[char]) -> Option<()> {
        let [before, after] = self.pair;
        for step in 1..=before.len {
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
        for step in 0..after.len {
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
        for step in 1..=before.len {
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
        for step in 0..after.len {
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
    fn a_doubled_letter_may_be_either() {
        let (old, new): (Vec<char>, Vec<char>) = ("人要要求".chars().collect(), "人要求".chars().collect());
        let mut base = LetterMap::new(4, 3);
        base.pair_run(Run { old: 0, new: 0, len: 2 });
        base.pair_run(Run { old: 3, new: 2, len: 1 });
        let ways = variants([base.clone(), base], &old, &new).unwrap();
        let of_second: Vec<Option<usize>> = ways.iter().map(|map| map.old_of(1)).collect();
        assert!(of_second.contains(&Some(1)) && of_second.contains(&Some(2)), "{of_second:?}");
        assert!(ways.iter().all(|map| map.new_of(0) == Some(0) && map.new_of(3) == Some(2)));
    }
}
