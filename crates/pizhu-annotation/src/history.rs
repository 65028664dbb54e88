//! States of a speech's annotations and records, reconstructed from its history.

use crate::edit::{Action, AnnotationChange};
use crate::model::{Annotation, AnnotationId, later_than};
use crate::record::{RecordEntry, RecordId};
use crate::record_change::RecordChange;
use jiff::Timestamp;
use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet},
};

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

/// Whose work a restoration takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreScope<'a> {
    /// What this author has done since, and what was lost. Annotations and records that only others have added or
    /// changed since stay as they are.
    Own(&'a str),
    /// Whatever was done since.
    All,
}

/// The changes that restore an earlier state.
#[derive(Debug, Default)]
pub(crate) struct Restoration {
    pub(crate) changes: Vec<AnnotationChange>,
    pub(crate) records: Vec<RecordChange>,
    /// Number of annotations and records that would have changed, too, but for the scope.
    pub(crate) kept: usize,
}

impl Restoration {
    /// What restores the state after the first `count` actions, given the present annotations and records.
    pub(crate) fn new<A: Borrow<Action>>(
        history: &[A],
        count: usize,
        scope: RestoreScope<'_>,
        annotation: impl Fn(AnnotationId) -> Option<Annotation>,
        record: impl Fn(RecordId) -> Option<RecordEntry>,
    ) -> Self {
        let modified = |id| annotation(id).map(|found| found.modified).or_else(|| record(id).map(|found| found.modified));
        let others = match scope {
            RestoreScope::Own(author) => changed_by_others(history, count, author, modified),
            RestoreScope::All => BTreeSet::new(),
        };
        let (kept, changes): (Vec<_>, Vec<_>) = changes_to_state(history, count, &annotation)
            .into_iter()
            .partition(|change| change.id().is_some_and(|id| others.contains(&id)));
        let (kept_records, records): (Vec<_>, Vec<_>) =
            record_changes_to_state(history, count, &record).into_iter().partition(|change| others.contains(&change.id));
        Self { changes, records, kept: kept.len() + kept_records.len() }
    }
}

/// The annotations and records that only others have added or changed after the first `count` actions: in this
/// history, or elsewhere since its last action on them.
fn changed_by_others<A: Borrow<Action>>(
    history: &[A],
    count: usize,
    author: &str,
    modified: impl Fn(AnnotationId) -> Option<Timestamp>,
) -> BTreeSet<AnnotationId> {
    let (mut own, mut others, mut latest) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    for (number, action) in history.iter().map(Borrow::borrow).enumerate() {
        let annotations =
            action.changes.iter().filter_map(|change| Some((change.id()?, change.after.as_ref().map(|after| after.modified))));
        let records = action.records.iter().map(|change| (change.id, change.after.as_ref().map(|after| after.modified)));
        for (id, after) in annotations.chain(records) {
            if number >= count {
                if action.author == author {
                    own.insert(id)
                } else {
                    others.insert(id)
                };
            }
            latest.insert(id, after);
        }
    }
    // Later than all that this history knows of it: it came from elsewhere. What is older or missing was
    // lost.
    let is_later = |id: &AnnotationId, known: Timestamp| modified(*id).is_some_and(|now| now > known);
    others.extend(latest.iter().filter(|(id, after)| after.is_some_and(|known| is_later(id, known))).map(|(id, _)| *id));
    // What others changed and was lost is brought back as they left it: it is not touched here either.
    others.retain(|id| !own.contains(id));
    others
}

/// The changes that lead from the current annotations to the state after the first `count` actions.
/// An annotation that only later actions know is as it was before the first of them; one that none
/// knows stays.
fn changes_to_state<A: Borrow<Action>>(
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

/// The records that the first `count` actions left, by id; `None` for one that they deleted.
pub(crate) fn records_after<A: Borrow<Action>>(history: &[A], count: usize) -> BTreeMap<RecordId, Option<&RecordEntry>> {
    let changes = history.iter().take(count).flat_map(|action| &action.borrow().records);
    changes.map(|change| (change.id, change.after.as_ref())).collect()
}

/// [`changes_to_state`] of the records.
fn record_changes_to_state<A: Borrow<Action>>(
    history: &[A],
    count: usize,
    current: impl Fn(RecordId) -> Option<RecordEntry>,
) -> Vec<RecordChange> {
    let mut state = records_after(history, count);
    let mut latest = BTreeMap::new();
    for (at, change) in history.iter().enumerate().flat_map(|(at, action)| action.borrow().records.iter().map(move |change| (at, change))) {
        if at >= count {
            state.entry(change.id).or_insert(change.before.as_ref());
        }
        for version in change.before.iter().chain(&change.after) {
            let time = latest.entry(change.id).or_insert(version.modified);
            *time = version.modified.max(*time);
        }
    }
    let restore = |(id, after): (RecordId, Option<&RecordEntry>)| {
        let before = current(id);
        if after.map(|entry| &entry.record) == before.as_ref().map(|entry| &entry.record) {
            return None;
        }
        let after = after.cloned().map(|mut after| {
            let known = before.as_ref().map_or(after.modified, |before| before.modified);
            after.modified = later_than(latest.get(&id).copied().unwrap_or(known).max(known));
            after
        });
        Some(RecordChange { id, before, after })
    };
    state.into_iter().filter_map(restore).collect()
}
