//! Planning edits: which annotations an edit changes, and from what to what.
//!
//! A change keeps both versions whole. Changes are what the journal and the history store; they are
//! undone by their inverse and applied to the store by a three-way merge.

use super::{
    anchor::Resolver,
    anchor_index::AnchorIndex,
    codebook::{TagRef, check_name},
    merge::{AnnotationEntry, Tombstone},
    model::{Annotation, AnnotationId, Edit, Scope, Target, later_than, now},
    record::RecordSet,
    record_change::{RecordChange, changes_between},
    selector::Selector,
    tag_set::TagSet,
};
use jiff::Timestamp;
use pizhu_text::document::Document;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One annotation before and after an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationChange {
    /// The old version; `None` if it is new.
    pub before: Option<Annotation>,
    /// The new version; `None` if it is deleted.
    pub after: Option<Annotation>,
}

/// What led to an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// An edit by the user.
    Edit,
    /// Undoing this action.
    Undo(Uuid),
    /// Reverting this undo.
    Redo(Uuid),
    /// Restoring the state right after this action.
    Restore(Uuid),
    /// An import.
    Import,
}

/// Changes made together, undone together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The permanent id (a UUID of version 7, sortable by time).
    pub id: Uuid,
    /// The time.
    pub at: Timestamp,
    /// The author.
    pub author: String,
    /// What led to it.
    pub kind: ActionKind,
    /// The changes.
    pub changes: Vec<AnnotationChange>,
    /// The changes of records: attributes, mended headings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordChange>,
}

/// Why an edit cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no such annotation (any more).
    #[error("no annotation {0}")]
    Missing(AnnotationId),
    /// What is to be taken back was changed since.
    #[error("annotation {0} was changed since")]
    ChangedSince(AnnotationId),
    /// The place is empty or outside the text.
    #[error("there is no text at that place")]
    NoText,
    /// The outline has no such section.
    #[error("there is no such section")]
    NoSection,
    /// Sections can only be annotated once the whole text has been read.
    #[error("the text is still being read")]
    Provisional,
    /// Neither tags nor a note were given.
    #[error("neither a tag nor a note")]
    Empty,
    /// The section is at the top already, or as deep as the one above it allows.
    #[error("the section cannot be moved further")]
    CannotMove,
    /// There is neither a section nor a title at that place.
    #[error("there is no heading at that place")]
    NoHeading,
    /// Not a valid tag name.
    #[error("not a tag name: {0:?}")]
    BadTag(String),
}

impl AnnotationChange {
    /// The id of the annotation changed.
    #[must_use]
    pub fn id(&self) -> Option<AnnotationId> {
        self.after.as_ref().or(self.before.as_ref()).map(|annotation| annotation.id)
    }

    /// The entry before the change.
    pub(super) fn base_entry(&self) -> Option<AnnotationEntry> {
        self.before.clone().map(AnnotationEntry::Present)
    }

    /// The entry after the change, made by `author` at `at`.
    pub(super) fn result_entry(&self, author: &str, at: Timestamp) -> Option<AnnotationEntry> {
        match (&self.after, &self.before) {
            (Some(after), _) => Some(AnnotationEntry::Present(after.clone())),
            (None, Some(before)) => Some(AnnotationEntry::Tombstone(Tombstone {
                id: before.id,
                deleted_version: before.modified,
                deleted: at,
                author: author.to_owned(),
            })),
            (None, None) => None,
        }
    }
}

impl Action {
    /// Creates an action with the current time.
    #[must_use]
    pub fn new(kind: ActionKind, author: &str, changes: Vec<AnnotationChange>) -> Self {
        Self { id: Uuid::now_v7(), at: now(), author: author.to_owned(), kind, changes, records: Vec::new() }
    }

    /// Adds changes of records to the action.
    #[must_use]
    pub fn with_records(self, records: Vec<RecordChange>) -> Self {
        Self { records, ..self }
    }

    /// The action that leads from one set of records to another.
    #[must_use]
    pub fn between(before: &RecordSet, after: &RecordSet, author: &str) -> Self {
        Self::new(ActionKind::Edit, author, Vec::new()).with_records(changes_between(before, after))
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.records.is_empty()
    }

    /// The changes that undo this action, given the current annotations: later changes by others to
    /// the same annotations stay. Empty if nothing is left to undo.
    #[must_use]
    pub fn inverse(&self, index: &AnchorIndex) -> Vec<AnnotationChange> {
        self.changes.iter().rev().filter_map(|change| invert_change(change, index)).collect()
    }
}

fn invert_change(change: &AnnotationChange, index: &AnchorIndex) -> Option<AnnotationChange> {
    let current = index.get(change.id()?).map(|anchored| (*anchored.annotation).clone());
    let after = match (&change.before, &change.after, &current) {
        // It was deleted, and is restored with a time after its tombstone's.
        (Some(before), None, None) => {
            let mut back = before.clone();
            back.modified = later_than(back.modified);
            Some(back)
        }
        // It was created, and is deleted, unless others have added to it since.
        (None, Some(after), Some(current)) => {
            let result = revert(&Annotation { tags: TagSet::default(), note: String::new(), ..after.clone() }, after, current);
            (!result.is_blank()).then_some(result)
        }
        (Some(before), Some(after), Some(current)) => Some(revert(before, after, current)),
        _ => return None,
    };
    (after != current).then_some(AnnotationChange { before: current, after })
}

/// `current` without the change from `before` to `after`.
fn revert(before: &Annotation, after: &Annotation, current: &Annotation) -> Annotation {
    let mut result = current.clone();
    result.tags = current.tags.reverted(&before.tags, &after.tags);
    if current.note == after.note {
        result.note.clone_from(&before.note);
    }
    if (current.scope, &current.selector) == (after.scope, &after.selector) {
        result.scope = before.scope;
        result.selector = before.selector.clone();
    }
    if result != *current {
        result.touch();
    }
    result
}

/// Plans an `edit` by `author`. Returns the id of the annotation edited and the changes; none if the
/// edit changes nothing.
///
/// ```
/// use pizhu_annotation::{AnchorIndex, Edit, TagRef, Target, edit::plan};
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::{SourceText, Span};
///
/// let document = parse(SourceText::from("今年要抓好人才工作，把短板补起来。"), &Hints::default());
/// let edit = Edit::Tag { target: Target::Passage(Span::new(3, 9)), tags: vec![TagRef::new("人才工作")] };
/// let (id, changes) = plan(edit, "甲", &document, &AnchorIndex::default())?;
/// assert_eq!(changes.len(), 1);
/// let annotation = changes[0].after.as_ref().unwrap();
/// assert_eq!((annotation.id, annotation.selector.quote.as_str()), (id, "抓好人才工作"));
/// # Ok::<(), pizhu_annotation::EditError>(())
/// ```
///
/// # Errors
/// Fails if the edit cannot be done; see [`EditError`].
pub fn plan(
    edit: Edit,
    author: &str,
    document: &Document,
    index: &AnchorIndex,
) -> Result<(AnnotationId, Vec<AnnotationChange>), EditError> {
    match edit {
        Edit::Tag { target, tags } => {
            let tags = check_tags(tags)?;
            if tags.is_empty() {
                return Err(EditError::Empty);
            }
            let own = index.at_target(target).find(|anchored| anchored.annotation.author == author);
            match own {
                Some(anchored) => Ok(amend(&anchored.annotation, |annotation| annotation.tags.extend(tags.iter().cloned()))),
                None => Ok(insertion(Annotation { tags, ..new_annotation(target, author, document)? })),
            }
        }
        Edit::Note { target, note } => {
            if note.trim().is_empty() {
                return Err(EditError::Empty);
            }
            let own = index.at_target(target).find(|anchored| anchored.annotation.author == author && anchored.annotation.note.is_empty());
            match own {
                Some(anchored) => Ok(amend(&anchored.annotation, |annotation| annotation.note = note)),
                None => Ok(insertion(Annotation { note, ..new_annotation(target, author, document)? })),
            }
        }
        Edit::Insert(annotation) => match index.get(annotation.id) {
            Some(existing) if *existing.annotation == *annotation => Ok((annotation.id, Vec::new())),
            existing => {
                let before = existing.map(|anchored| (*anchored.annotation).clone());
                Ok((annotation.id, vec![AnnotationChange { before, after: Some(*annotation) }]))
            }
        },
        Edit::AddTags { id, tags } => {
            let tags = check_tags(tags)?;
            Ok(amend(find_annotation(index, id)?, |annotation| annotation.tags.extend(tags.iter().cloned())))
        }
        Edit::RemoveTags { id, tags } => Ok(amend(find_annotation(index, id)?, |annotation| {
            annotation.tags.retain(|tag| !tags.is_empty() && !tags.contains(&tag.id));
        })),
        Edit::SetNote { id, note } => {
            let note = if note.trim().is_empty() { String::new() } else { note };
            Ok(amend(find_annotation(index, id)?, |annotation| annotation.note = note))
        }
        Edit::Delete { id } => {
            let before = find_annotation(index, id)?.clone();
            Ok((id, vec![AnnotationChange { before: Some(before), after: None }]))
        }
        Edit::Attach { id, target } => {
            let existing = find_annotation(index, id)?;
            let new = new_annotation(target, author, document)?;
            Ok(amend(existing, |annotation| (annotation.scope, annotation.selector) = (new.scope, new.selector)))
        }
        Edit::Orphan { id } => Ok(amend(find_annotation(index, id)?, |annotation| annotation.selector.orphaned = true)),
    }
}

fn find_annotation(index: &AnchorIndex, id: AnnotationId) -> Result<&Annotation, EditError> {
    index.get(id).map(|anchored| &*anchored.annotation).ok_or(EditError::Missing(id))
}

fn insertion(annotation: Annotation) -> (AnnotationId, Vec<AnnotationChange>) {
    (annotation.id, vec![AnnotationChange { before: None, after: Some(annotation) }])
}

/// The change made by `how`; a deletion if neither tag nor note is left.
fn amend(existing: &Annotation, apply: impl FnOnce(&mut Annotation)) -> (AnnotationId, Vec<AnnotationChange>) {
    let mut after = existing.clone();
    apply(&mut after);
    if after == *existing {
        return (existing.id, Vec::new());
    }
    after.touch();
    let after = (!after.is_blank()).then_some(after);
    (existing.id, vec![AnnotationChange { before: Some(existing.clone()), after }])
}

/// Creates an annotation of the target, without tags and note.
pub(crate) fn new_annotation(target: Target, author: &str, document: &Document) -> Result<Annotation, EditError> {
    let (scope, selector) = match target {
        Target::Passage(span) => (Scope::Passage, Selector::for_passage(document, span).ok_or(EditError::NoText)?),
        Target::Section(_) | Target::Speech if !document.is_final => return Err(EditError::Provisional),
        Target::Section(id) => (Scope::Section, Selector::for_section(document, id).ok_or(EditError::NoSection)?),
        Target::Speech if document.source.is_empty() => return Err(EditError::NoText),
        Target::Speech => (Scope::Speech, Selector::for_speech(document)),
    };
    Ok(Annotation::new(scope, selector, author))
}

/// Maps targets from one version of a text to another, by brief anchoring. `None` if one of them is
/// uncertain.
#[must_use]
pub fn transfer_anchors(places: &[Target], from: &Document, to: &Document) -> Option<Vec<Target>> {
    let anchorer = Resolver::brief(to);
    let transferred = |place: &Target| {
        let found = anchorer.resolve(&new_annotation(*place, "", from).ok()?);
        match place {
            Target::Speech => Some(Target::Speech),
            Target::Section(_) => found.section.map(Target::Section),
            Target::Passage(_) => found.span.map(Target::Passage),
        }
    };
    places.iter().map(transferred).collect()
}

fn check_tags(tags: Vec<TagRef>) -> Result<TagSet, EditError> {
    for tag in &tags {
        check_name(&tag.name).map_err(|_| EditError::BadTag(tag.name.clone()))?;
    }
    Ok(tags.into_iter().collect())
}
