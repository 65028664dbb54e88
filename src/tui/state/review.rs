//! The review: annotations whose position is uncertain or lost, decided one by one.

use super::ReaderScreen;
use crate::tui::widget::ListState;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::review;

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
    /// Annotations to decide on, in text order.
    #[must_use]
    pub fn cases(&self) -> Vec<&AnchoredAnnotation> {
        review::unresolved(self.annotations.all()).collect()
    }

    /// The selected annotation.
    #[must_use]
    pub fn case(&self, review: &Review) -> Option<&AnchoredAnnotation> {
        let cases = self.cases();
        let last = cases.len().checked_sub(1)?;
        cases.get(review.list.selected().min(last)).copied()
    }
}
