//! The review: annotations and mended headings whose position is uncertain or lost, decided one by one.

mod component;
mod update;
mod view;

use crate::app::review::{ReviewScope, UndecidedCase};
use crate::tui::state::ReaderScreen;
use crate::tui::widget::ListState;

/// State of the review.
#[derive(Debug, Clone, Copy, Default)]
pub struct Review {
    /// The selected position.
    pub list: ListState,
}

impl Review {
    /// Rows of `height` for the list of `count` cases; the rest shows the selected one.
    #[must_use]
    pub(crate) fn list_rows(height: u16, count: usize) -> u16 {
        u16::try_from(count).unwrap_or(u16::MAX).clamp(1, (height / 3).max(1))
    }
}

impl ReaderScreen {
    /// What is to be decided on: annotations in text order, then mended headings.
    #[must_use]
    pub fn cases(&self) -> Vec<UndecidedCase<'_>> {
        ReviewScope::default().cases(self.annotations.all(), self.annotations.outline_edits())
    }

    /// The selected one.
    #[must_use]
    pub fn case(&self, review: &Review) -> Option<UndecidedCase<'_>> {
        let cases = self.cases();
        let last = cases.len().checked_sub(1)?;
        cases.get(review.list.selected().min(last)).copied()
    }
}
