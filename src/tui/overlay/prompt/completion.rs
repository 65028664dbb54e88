//! The candidates offered for the end of a prompt's line.

use pizhu_library::condition::Completion;

/// Candidates for the end of a line, of which one after the other is put in.
///
/// Invariant: there are candidates, and `selected` is one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PromptCompletion {
    /// What was typed before the cursor when they were asked for.
    typed: String,
    candidates: Vec<Completion>,
    selected: usize,
}

impl PromptCompletion {
    /// The candidates for a line, with the first selected, or the last; `None` if there are none.
    #[must_use]
    pub(crate) fn new(typed: &str, candidates: Vec<Completion>, last: bool) -> Option<Self> {
        let end = candidates.len().checked_sub(1)?;
        Some(Self { typed: typed.to_owned(), candidates, selected: if last { end } else { 0 } })
    }

    /// The candidates.
    #[must_use]
    pub(crate) fn candidates(&self) -> &[Completion] {
        &self.candidates
    }

    /// Index of the selected one.
    #[must_use]
    pub(crate) fn selected(&self) -> usize {
        self.selected
    }

    /// Selects the next candidate, or the one before; the first follows the last.
    pub(crate) fn step(&mut self, back: bool) {
        let count = self.candidates.len();
        self.selected = (self.selected + if back { count - 1 } else { 1 }) % count;
    }

    /// The line with the selected candidate.
    #[must_use]
    pub(crate) fn line(&self) -> String {
        self.candidates.get(self.selected).map_or_else(|| self.typed.clone(), |one| one.line(&self.typed))
    }
}
