//! Merging two states of the same annotations against the state both came from.
//!
//! Laws (property tests in `tests/merge_laws.rs`): `merge(B,O,T) == merge(B,T,O)`;
//! `merge(B,M,M) == M`; a side that changed nothing gives way; tags merge as sets against the
//! base; two different notes are both kept; an edit beats a deletion. The same merge serves two
//! instances on one store, a journal replayed, an editor's change to the file, a sync program's
//! conflict copy and `pizhu merge`.

use super::model::{Annotation, AnnotationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What parts two notes that were both kept.
pub const NOTE_DIVIDER: &str = "\n\n※\n\n";

/// What stays of a deleted annotation, so that a copy which still has it is not taken for new.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tombstone {
    /// The annotation.
    pub id: AnnotationId,
    /// `modified` of the version that was deleted: what was edited later is alive.
    pub of: Timestamp,
    /// When it was deleted.
    pub deleted: Timestamp,
    /// Who deleted it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
}

/// An annotation in the store, or what stays of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// It is there.
    Live(Annotation),
    /// It was deleted.
    Dead(Tombstone),
}

impl Entry {
    /// The annotation's id.
    #[must_use]
    pub fn id(&self) -> AnnotationId {
        match self {
            Self::Live(annotation) => annotation.id,
            Self::Dead(tombstone) => tombstone.id,
        }
    }

    /// The annotation, if it is there.
    #[must_use]
    pub fn live(&self) -> Option<&Annotation> {
        match self {
            Self::Live(annotation) => Some(annotation),
            Self::Dead(_) => None,
        }
    }
}

/// The entries of one speech.
pub type Entries = BTreeMap<AnnotationId, Entry>;

/// Merges all entries of two sides; see the module's laws.
#[must_use]
pub fn merge(base: &Entries, ours: &Entries, theirs: &Entries) -> Entries {
    let ids: BTreeSet<AnnotationId> = ours.keys().chain(theirs.keys()).copied().collect();
    ids.into_iter().filter_map(|id| Some((id, merge_entry(base.get(&id), ours.get(&id), theirs.get(&id))?))).collect()
}

/// Merges two versions of one entry against their base (`None` where it was not there).
#[must_use]
pub fn merge_entry(base: Option<&Entry>, ours: Option<&Entry>, theirs: Option<&Entry>) -> Option<Entry> {
    if ours == theirs || theirs == base {
        return ours.cloned();
    }
    if ours == base {
        return theirs.cloned();
    }
    match (ours, theirs) {
        (Some(Entry::Live(ours)), Some(Entry::Live(theirs))) => {
            Some(Entry::Live(merge_annotation(base.and_then(Entry::live), ours, theirs)))
        }
        // Both differ from the base: the living one was edited (or brought back) there. With no
        // base known, its time tells whether it is the version that was deleted.
        (Some(Entry::Live(live)), Some(Entry::Dead(dead))) | (Some(Entry::Dead(dead)), Some(Entry::Live(live))) => {
            let alive = base.is_some() || live.modified > dead.of;
            Some(if alive { Entry::Live(live.clone()) } else { Entry::Dead(dead.clone()) })
        }
        (Some(Entry::Dead(ours)), Some(Entry::Dead(theirs))) => Some(Entry::Dead(ours.max(theirs).clone())),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

/// Merges two versions of an annotation that both differ from the base and from each other.
fn merge_annotation(base: Option<&Annotation>, ours: &Annotation, theirs: &Annotation) -> Annotation {
    // The later version, or of two of the same time the greater, gives what cannot be both.
    let key = |version: &Annotation| (version.modified, version.scope, version.selector.clone(), version.author.clone());
    let last = if key(ours) >= key(theirs) { ours } else { theirs };
    let place = match base.map(|base| (base.scope, &base.selector)) {
        Some(place) if place == (ours.scope, &ours.selector) => theirs,
        Some(place) if place == (theirs.scope, &theirs.selector) => ours,
        _ => last,
    };
    let none = BTreeSet::new();
    Annotation {
        id: ours.id,
        scope: place.scope,
        selector: place.selector.clone(),
        tags: merge_set(base.map_or(&none, |base| &base.tags), &ours.tags, &theirs.tags),
        note: merge_note(base.map_or("", |base| &base.note), &ours.note, &theirs.note),
        author: last.author.clone(),
        created: ours.created.min(theirs.created),
        modified: ours.modified.max(theirs.modified),
    }
}

/// What both sides have, and what one added; what one took away is gone.
pub(super) fn merge_set(base: &BTreeSet<String>, ours: &BTreeSet<String>, theirs: &BTreeSet<String>) -> BTreeSet<String> {
    ours.union(theirs).filter(|item| (ours.contains(*item) && theirs.contains(*item)) || !base.contains(*item)).cloned().collect()
}

/// One side's text where the other has not changed it; where both have, both.
pub(super) fn merge_note(base: &str, ours: &str, theirs: &str) -> String {
    if ours == theirs || theirs == base {
        return ours.to_owned();
    }
    if ours == base {
        return theirs.to_owned();
    }
    let parts =
        |note: &str| -> BTreeSet<String> { note.split(NOTE_DIVIDER).filter(|part| !part.trim().is_empty()).map(str::to_owned).collect() };
    let (our_parts, their_parts) = (parts(ours), parts(theirs));
    let merged = merge_set(&parts(base), &our_parts, &their_parts);
    // A side that has all of it already keeps its own order.
    match (merged == our_parts, merged == their_parts) {
        (true, false) => ours.to_owned(),
        (false, true) => theirs.to_owned(),
        _ => merged.into_iter().collect::<Vec<_>>().join(NOTE_DIVIDER),
    }
}
