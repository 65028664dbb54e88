//! Where each letter of the old text is in the new one.

use std::ops::Range;

/// Marks a letter without a counterpart.
const GONE: u32 = u32::MAX;

/// For each letter of the old text, the letter of the new one that it has become, or none. No two
/// have become the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LetterMap {
    forward: Vec<u32>,
    backward: Vec<u32>,
}

/// Letters that stand next to one another in both texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) old: usize,
    pub(super) new: usize,
    pub(super) len: usize,
}

impl Run {
    pub(super) fn old_range(&self) -> Range<usize> {
        self.old..self.old + self.len
    }
}

impl LetterMap {
    /// The map of texts of these lengths in which nothing has a counterpart.
    pub(super) fn new(old: usize, new: usize) -> Self {
        Self { forward: vec![GONE; old], backward: vec![GONE; new] }
    }

    /// Number of letters of the old text.
    pub(super) fn old_len(&self) -> usize {
        self.forward.len()
    }

    /// Number of letters of the new text.
    pub(super) fn new_len(&self) -> usize {
        self.backward.len()
    }

    /// The new letter that an old one has become.
    pub(super) fn new_of(&self, old: usize) -> Option<usize> {
        self.forward.get(old).copied().filter(|new| *new != GONE).map(|new| new as usize)
    }

    /// The old letter that a new one comes from.
    pub(super) fn old_of(&self, new: usize) -> Option<usize> {
        self.backward.get(new).copied().filter(|old| *old != GONE).map(|old| old as usize)
    }

    /// Pairs two letters, unless one of them has a counterpart.
    pub(super) fn pair(&mut self, old: usize, new: usize) {
        if let (Some(to @ &mut GONE), Some(from @ &mut GONE)) = (self.forward.get_mut(old), self.backward.get_mut(new))
            && let (Ok(old), Ok(new)) = (u32::try_from(old), u32::try_from(new))
        {
            (*to, *from) = (new, old);
        }
    }

    /// Pairs all letters of a run.
    pub(super) fn pair_run(&mut self, run: Run) {
        for at in 0..run.len {
            self.pair(run.old + at, run.new + at);
        }
    }

    /// Takes the counterpart of an old letter away.
    pub(super) fn part(&mut self, old: usize) {
        if let Some(new) = self.new_of(old) {
            self.forward[old] = GONE;
            self.backward[new] = GONE;
        }
    }

    /// The runs, in the order of the old text.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for old in 0..self.forward.len() {
            let Some(new) = self.new_of(old) else { continue };
            match runs.last_mut() {
                Some(run) if run.old + run.len == old && run.new + run.len == new => run.len += 1,
                _ => runs.push(Run { old, new, len: 1 }),
            }
        }
        runs
    }
}
