//! A session's records: attributes and the author's "done"; and what an author who codes blind sees.

use super::Session;
use crate::{
    anchor_index::AnchorIndex,
    done::{is_done, visible_to},
    edit::{Action, ActionKind, AnnotationChange, EditError},
    record::RecordSet,
    record_change::changes_between,
};
use std::{borrow::Cow, sync::Arc};

impl Session {
    /// Hides the marks of others until the author has declared the speech done, or shows them.
    pub fn set_blind(&mut self, blind: bool) {
        self.blind = blind;
    }

    /// Whether marks of others are hidden.
    #[must_use]
    pub fn hides_others(&self) -> bool {
        self.blind && !self.is_done()
    }

    /// Whether the author has declared the speech done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        is_done(&self.records, &self.author)
    }

    /// The annotations that the author sees.
    #[must_use]
    pub fn visible_annotations(&self) -> Cow<'_, AnchorIndex> {
        let own = self.blind.then(|| visible_to(&self.author, &self.records, &self.anchors)).flatten();
        own.map_or(Cow::Borrowed(&self.anchors), Cow::Owned)
    }

    /// The actions of the history that the author sees, oldest first.
    #[must_use]
    pub fn visible_history(&self) -> Vec<Arc<Action>> {
        let is_visible = |action: &&Arc<Action>| !self.hides_others() || action.author == self.author;
        self.history.iter().filter(is_visible).cloned().collect()
    }

    /// Those of the changes that the author may make without having seen what they change.
    pub(super) fn visible_changes(&self, mut changes: Vec<AnnotationChange>) -> Vec<AnnotationChange> {
        if self.hides_others() {
            let is_own =
                |change: &AnnotationChange| change.before.iter().chain(&change.after).all(|annotation| annotation.author == self.author);
            changes.retain(is_own);
        }
        changes
    }

    /// What is known of the speech beside its annotations.
    #[must_use]
    pub fn records(&self) -> RecordSet {
        RecordSet::from_map(self.records.clone())
    }

    /// Changes what is known of the speech, as one action; the result shows at once, pending. Returns
    /// whether anything has changed.
    ///
    /// # Errors
    /// Fails if the records have not been read yet.
    pub fn change_records(&mut self, change: impl FnOnce(&mut RecordSet, &str)) -> Result<bool, EditError> {
        if !self.loaded {
            return Err(EditError::Provisional);
        }
        let before = self.records();
        let mut after = before.clone();
        change(&mut after, &self.author);
        let changes = changes_between(&before, &after);
        if changes.is_empty() {
            return Ok(false);
        }
        let action = Arc::new(Action::new(ActionKind::Edit, &self.author, Vec::new()).with_records(changes));
        self.done.push(Arc::clone(&action));
        self.undone.clear();
        self.perform(action);
        Ok(true)
    }
}
