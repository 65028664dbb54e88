//! States of a speech's annotations, reconstructed from its history.

use crate::edit::{Action, AnnotationChange};
use crate::model::{Annotation, AnnotationId, later_than};
use std::{borrow::Borrow, collections::BTreeMap};

/// The annotations that the first `count` actions left, by id; `None` for one that they deleted.
pub(crate) fn state_after<A: Borrow<Action>>(history: &[A], count: usize) -> BTreeMap<AnnotationId, Option<&Annotation>> {
    let mut state = BTreeMap::new();
    for change in history.iter().take(count).flat_map(|action| &action.borrow().changes) {
        if let Some(id) = change.id() {
            state.insert(id, change.after.as_ref());
        }
    }
    state
}

/// The changes that lead from the current annotations to the state after the first `count` actions.
/// An annotation that only later actions know is as it was before the first of them; one that none
/// knows stays.
pub(crate) fn changes_to_state<A: Borrow<Action>>(
    history: &[A],
    count: usize,
    current: impl Fn(AnnotationId) -> Option<Annotation>,
) -> Vec<AnnotationChange> {
    let mut state = state_after(history, count);
    for change in history.iter().skip(count).flat_map(|action| &action.borrow().changes) {
        if let Some(id) = change.id() {
            state.entry(id).or_insert(change.before.as_ref());
        }
    }
    // Later than every version, so that neither a version nor a deletion of it prevails.
    let mut latest = BTreeMap::new();
    for version in history.iter().flat_map(|action| &action.borrow().changes).flat_map(|change| change.before.iter().chain(&change.after)) {
        let time = latest.entry(version.id).or_insert(version.modified);
        *time = version.modified.max(*time);
    }
    let restore = |(id, after): (AnnotationId, Option<&Annotation>)| {
        let before = current(id);
        let content = |one: &Annotation| (one.scope, one.selector.clone(), one.tags.clone(), one.note.clone());
        if after.map(content) == before.as_ref().map(content) {
            return None;
        }
        let after = after.cloned().map(|mut after| {
            let known = before.as_ref().map_or(after.modified, |before| before.modified);
            after.modified = later_than(latest.get(&id).copied().unwrap_or(known).max(known));
            after
        });
        Some(AnnotationChange { before, after })
    };
    state.into_iter().filter_map(restore).collect()
}
