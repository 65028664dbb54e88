//! Three-way merge of the annotations of a speech.
//!
//! Laws (property tests in `tests/store/merge_laws.rs`): `merge(B,O,T) == merge(B,T,O)`;
//! `merge(B,M,M) == M`; an unchanged side gives way; tags merge as sets against the base; two
//! different notes are both kept; an edit beats a deletion. The same merge serves two processes on
//! one store, a replayed journal, an external edit of the file, a sync program's conflict copy and
//! `pizhu merge`.

use super::model::{Annotation, AnnotationId};
use super::tag_set::TagSet;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Separator between two notes that were both kept.
pub(crate) const NOTE_DIVIDER: &str = "\n\n※\n\n";

/// The record of a deleted annotation, so that a copy that still has it is not taken for new.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tombstone {
    /// Id of the deleted annotation.
    pub id: AnnotationId,
    /// `modified` of the deleted version: a version edited later is alive.
    #[serde(rename = "of")]
    pub deleted_version: Timestamp,
    /// Time of the deletion.
    pub deleted: Timestamp,
    /// Who deleted it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
}

/// An annotation of the store, or its tombstone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly all entries are annotations")]
pub enum AnnotationEntry {
    /// An existing annotation.
    Present(Annotation),
    /// A deleted annotation.
    Tombstone(Tombstone),
}

impl AnnotationEntry {
    /// The annotation's id.
    #[must_use]
    pub fn id(&self) -> AnnotationId {
        match self {
            Self::Present(annotation) => annotation.id,
            Self::Tombstone(tombstone) => tombstone.id,
        }
    }

    /// The annotation, if it exists.
    #[must_use]
    pub fn annotation(&self) -> Option<&Annotation> {
        match self {
            Self::Present(annotation) => Some(annotation),
            Self::Tombstone(_) => None,
        }
    }
}

/// The entries of one speech by id.
pub type EntryMap = BTreeMap<AnnotationId, AnnotationEntry>;

/// Merges all entries of two sides against their common base; see the laws above.
///
/// ```
/// use pizhu_annotation::{Annotation, Scope, Selector, TagRef, merge};
/// use pizhu_annotation::merge::{AnnotationEntry, EntryMap};
///
/// let base = Annotation::new(Scope::Passage, Selector::default(), "甲");
/// let with_tag = |tag: &str| {
///     let mut annotation = base.clone();
///     annotation.tags.insert(TagRef::derived(tag));
///     annotation.touch();
///     EntryMap::from([(base.id, AnnotationEntry::Present(annotation))])
/// };
/// let (ours, theirs) = (with_tag("干部"), with_tag("人才"));
/// let base_map = EntryMap::from([(base.id, AnnotationEntry::Present(base.clone()))]);
///
/// let merged = merge::merge(&base_map, &ours, &theirs);
/// assert_eq!(merged, merge::merge(&base_map, &theirs, &ours));
/// let tags = &merged[&base.id].annotation().unwrap().tags;
/// assert_eq!(tags.names(), ["人才", "干部"]);
/// ```
#[must_use]
pub fn merge(base: &EntryMap, ours: &EntryMap, theirs: &EntryMap) -> EntryMap {
    let ids: BTreeSet<AnnotationId> = ours.keys().chain(theirs.keys()).copied().collect();
    ids.into_iter().filter_map(|id| Some((id, merge_entry(base.get(&id), ours.get(&id), theirs.get(&id))?))).collect()
}

/// Merges two versions of one entry against their base (`None` if it had no such entry).
#[must_use]
pub fn merge_entry(
    base: Option<&AnnotationEntry>,
    ours: Option<&AnnotationEntry>,
    theirs: Option<&AnnotationEntry>,
) -> Option<AnnotationEntry> {
    let merged = merge_versions(base, ours, theirs)?;
    // Versions may be equal but for the names beside the ids.
    Some(match (merged, ours, theirs) {
        (AnnotationEntry::Present(merged), Some(AnnotationEntry::Present(ours)), Some(AnnotationEntry::Present(theirs))) => {
            let tags = merged.tags.with_names_of(&ours.tags, &theirs.tags);
            AnnotationEntry::Present(Annotation { tags, ..merged })
        }
        (merged, ..) => merged,
    })
}

fn merge_versions(
    base: Option<&AnnotationEntry>,
    ours: Option<&AnnotationEntry>,
    theirs: Option<&AnnotationEntry>,
) -> Option<AnnotationEntry> {
    if ours == theirs || theirs == base {
        return ours.cloned();
    }
    if ours == base {
        return theirs.cloned();
    }
    match (ours, theirs) {
        (Some(AnnotationEntry::Present(ours)), Some(AnnotationEntry::Present(theirs))) => {
            Some(AnnotationEntry::Present(merge_annotation(base.and_then(AnnotationEntry::annotation), ours, theirs)))
        }
        // Both differ from the base, so the annotation was edited or restored on that side. Without
        // a base, its time tells whether it is the deleted version.
        (Some(AnnotationEntry::Present(present)), Some(AnnotationEntry::Tombstone(tombstone)))
        | (Some(AnnotationEntry::Tombstone(tombstone)), Some(AnnotationEntry::Present(present))) => {
            let alive = base.is_some() || present.modified > tombstone.deleted_version;
            Some(if alive { AnnotationEntry::Present(present.clone()) } else { AnnotationEntry::Tombstone(tombstone.clone()) })
        }
        (Some(AnnotationEntry::Tombstone(ours)), Some(AnnotationEntry::Tombstone(theirs))) => {
            Some(AnnotationEntry::Tombstone(ours.max(theirs).clone()))
        }
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

/// Merges two versions that differ from the base and from each other.
fn merge_annotation(base: Option<&Annotation>, ours: &Annotation, theirs: &Annotation) -> Annotation {
    // The later version (of two of the same time, the greater) provides what cannot be combined.
    let sort_key = |version: &Annotation| (version.modified, version.scope, version.selector.clone(), version.author.clone());
    let last = if sort_key(ours) >= sort_key(theirs) { ours } else { theirs };
    let location = match base.map(|base| (base.scope, &base.selector)) {
        Some(location) if location == (ours.scope, &ours.selector) => theirs,
        Some(location) if location == (theirs.scope, &theirs.selector) => ours,
        _ => last,
    };
    let none = TagSet::default();
    Annotation {
        id: ours.id,
        scope: location.scope,
        selector: location.selector.clone(),
        tags: TagSet::merge(base.map_or(&none, |base| &base.tags), &ours.tags, &theirs.tags),
        note: merge_note(base.map_or("", |base| &base.note), &ours.note, &theirs.note),
        author: last.author.clone(),
        created: ours.created.min(theirs.created),
        modified: ours.modified.max(theirs.modified),
    }
}

/// Merges sets: what both have, and what one added; what one removed is gone.
pub(super) fn merge_set<T: Ord + Clone>(base: &BTreeSet<T>, ours: &BTreeSet<T>, theirs: &BTreeSet<T>) -> BTreeSet<T> {
    ours.union(theirs).filter(|item| (ours.contains(*item) && theirs.contains(*item)) || !base.contains(*item)).cloned().collect()
}

/// Merges texts: the changed one; if both changed, both.
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
    // A side that already has all parts keeps its own order.
    match (merged == our_parts, merged == their_parts) {
        (true, false) => ours.to_owned(),
        (false, true) => theirs.to_owned(),
        _ => merged.into_iter().collect::<Vec<_>>().join(NOTE_DIVIDER),
    }
}
