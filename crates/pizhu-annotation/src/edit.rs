//! Edits worked out: which annotations an edit changes, from what to what.
//!
//! A change keeps both versions whole. It is what the journal and the history hold, it is undone
//! by its inverse, and it is folded into the store by merging it with what is there.

use super::{
    anchor::Anchorer,
    codebook::check_name,
    merge::{Entry, Tombstone},
    model::{Annotation, AnnotationId, Edit, Scope, Target, later_than, now},
    placements::Placements,
    selector::Selector,
};
use pizhu_text::document::Document;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One annotation before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// As it was; `None` where it was not there.
    pub before: Option<Annotation>,
    /// As it is then; `None` where it is deleted.
    pub after: Option<Annotation>,
}

/// Why something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// The user edited.
    Edit,
    /// The user undid this action.
    Undo(Uuid),
    /// The user took back this undoing.
    Redo(Uuid),
    /// The user brought back the state behind this action.
    Restore(Uuid),
    /// Annotations were imported.
    Import,
}

/// What a user did at one stroke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Its name for good, growing with time.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: String,
    /// Why.
    pub kind: ActionKind,
    /// What came of it.
    pub changes: Vec<Change>,
}

/// Why an edit cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no such annotation (any more).
    #[error("no annotation {0}")]
    Missing(AnnotationId),
    /// The place is empty or outside of the text.
    #[error("there is no text at that place")]
    NoText,
    /// The outline has no such section.
    #[error("there is no such section")]
    NoSection,
    /// Sections can be annotated when the whole text has been read.
    #[error("the text is still being read")]
    Provisional,
    /// Neither tags nor a note were given.
    #[error("neither a tag nor a note")]
    Nothing,
    /// This cannot be a tag's name.
    #[error("not a tag name: {0:?}")]
    BadTag(String),
}

impl Change {
    /// The annotation it is about.
    #[must_use]
    pub fn id(&self) -> Option<AnnotationId> {
        self.after.as_ref().or(self.before.as_ref()).map(|annotation| annotation.id)
    }

    /// The entry it starts from.
    pub(super) fn base(&self) -> Option<Entry> {
        self.before.clone().map(Entry::Live)
    }

    /// The entry it leaves, done by `author` at `at`.
    pub(super) fn result(&self, author: &str, at: Timestamp) -> Option<Entry> {
        match (&self.after, &self.before) {
            (Some(after), _) => Some(Entry::Live(after.clone())),
            (None, Some(before)) => {
                Some(Entry::Dead(Tombstone { id: before.id, of: before.modified, deleted: at, author: author.to_owned() }))
            }
            (None, None) => None,
        }
    }
}

impl Action {
    /// An action done now.
    #[must_use]
    pub fn new(kind: ActionKind, author: &str, changes: Vec<Change>) -> Self {
        Self { id: Uuid::now_v7(), at: now(), author: author.to_owned(), kind, changes }
    }

    /// What undoes this action, given what the annotations are now: its own doing is taken back,
    /// what others have done to the same annotations since stays. Empty where nothing is left to
    /// undo.
    #[must_use]
    pub fn inverse(&self, now: &Placements) -> Vec<Change> {
        self.changes.iter().rev().filter_map(|change| invert(change, now)).collect()
    }
}

/// What brings the annotations back as they were before the first of `later`, given what they are
/// now.
pub(super) fn restoring<A: std::borrow::Borrow<Action>>(later: &[A], now: impl Fn(AnnotationId) -> Option<Annotation>) -> Vec<Change> {
    // What each annotation was before the first action that changed it.
    let mut then: BTreeMap<AnnotationId, Option<&Annotation>> = BTreeMap::new();
    for change in later.iter().flat_map(|action| &action.borrow().changes) {
        if let Some(id) = change.id() {
            then.entry(id).or_insert(change.before.as_ref());
        }
    }
    let restore = |(id, after): (AnnotationId, Option<&Annotation>)| {
        let before = now(id);
        let content = |one: &Annotation| (one.scope, one.selector.clone(), one.tags.clone(), one.note.clone());
        if after.map(content) == before.as_ref().map(content) {
            return None;
        }
        let after = after.cloned().map(|mut after| {
            let last = before.as_ref().map_or(after.modified, |before| before.modified);
            after.modified = later_than(last.max(after.modified));
            after
        });
        Some(Change { before, after })
    };
    then.into_iter().filter_map(restore).collect()
}

fn invert(change: &Change, now: &Placements) -> Option<Change> {
    let current = now.get(change.id()?).map(|placed| (*placed.annotation).clone());
    let after = match (&change.before, &change.after, &current) {
        // It was deleted, and comes back later than its tombstone.
        (Some(before), None, None) => {
            let mut back = before.clone();
            back.modified = later_than(back.modified);
            Some(back)
        }
        // It was made, and goes; with what others wrote on it since it stays.
        (None, Some(after), Some(current)) => {
            let rest = take_back(&Annotation { tags: BTreeSet::new(), note: String::new(), ..after.clone() }, after, current);
            (!(rest.tags.is_empty() && rest.note.is_empty())).then_some(rest)
        }
        (Some(before), Some(after), Some(current)) => Some(take_back(before, after, current)),
        _ => return None,
    };
    (after != current).then_some(Change { before: current, after })
}

/// `current` without what changed from `before` to `after`.
fn take_back(before: &Annotation, after: &Annotation, current: &Annotation) -> Annotation {
    let mut rest = current.clone();
    for tag in after.tags.difference(&before.tags) {
        rest.tags.remove(tag);
    }
    rest.tags.extend(before.tags.difference(&after.tags).cloned());
    if current.note == after.note {
        rest.note.clone_from(&before.note);
    }
    if (current.scope, &current.selector) == (after.scope, &after.selector) {
        rest.scope = before.scope;
        rest.selector = before.selector.clone();
    }
    if rest != *current {
        rest.touch();
    }
    rest
}

/// Works out what `edit` by `author` changes. The result is empty where it changes nothing; the
/// id is that of the annotation the edit was about.
///
/// # Errors
/// When the edit cannot be done; see [`EditError`].
pub fn plan(edit: Edit, author: &str, document: &Document, now: &Placements) -> Result<(AnnotationId, Vec<Change>), EditError> {
    match edit {
        Edit::Tag { target, tags } => {
            let tags = check_tags(tags)?;
            if tags.is_empty() {
                return Err(EditError::Nothing);
            }
            let own = now.at(target).find(|placed| placed.annotation.author == author);
            match own {
                Some(placed) => Ok(amend(&placed.annotation, |annotation| annotation.tags.extend(tags))),
                None => Ok(added(Annotation { tags, ..describe(target, author, document)? })),
            }
        }
        Edit::Note { target, note } => {
            if note.trim().is_empty() {
                return Err(EditError::Nothing);
            }
            let own = now.at(target).find(|placed| placed.annotation.author == author && placed.annotation.note.is_empty());
            match own {
                Some(placed) => Ok(amend(&placed.annotation, |annotation| annotation.note = note)),
                None => Ok(added(Annotation { note, ..describe(target, author, document)? })),
            }
        }
        Edit::Insert(annotation) => match now.get(annotation.id) {
            Some(there) if *there.annotation == *annotation => Ok((annotation.id, Vec::new())),
            there => {
                let before = there.map(|placed| (*placed.annotation).clone());
                Ok((annotation.id, vec![Change { before, after: Some(*annotation) }]))
            }
        },
        Edit::AddTags { id, tags } => {
            let tags = check_tags(tags)?;
            Ok(amend(find(now, id)?, |annotation| annotation.tags.extend(tags)))
        }
        Edit::RemoveTags { id, tags } => Ok(amend(find(now, id)?, |annotation| {
            annotation.tags.retain(|tag| !tags.is_empty() && !tags.contains(tag));
        })),
        Edit::SetNote { id, note } => {
            let note = if note.trim().is_empty() { String::new() } else { note };
            Ok(amend(find(now, id)?, |annotation| annotation.note = note))
        }
        Edit::Delete { id } => {
            let before = find(now, id)?.clone();
            Ok((id, vec![Change { before: Some(before), after: None }]))
        }
        Edit::Attach { id, target } => {
            let there = find(now, id)?;
            let new = describe(target, author, document)?;
            Ok(amend(there, |annotation| (annotation.scope, annotation.selector) = (new.scope, new.selector)))
        }
        Edit::Orphan { id } => Ok(amend(find(now, id)?, |annotation| annotation.selector.orphaned = true)),
    }
}

fn find(now: &Placements, id: AnnotationId) -> Result<&Annotation, EditError> {
    now.get(id).map(|placed| &*placed.annotation).ok_or(EditError::Missing(id))
}

fn added(annotation: Annotation) -> (AnnotationId, Vec<Change>) {
    (annotation.id, vec![Change { before: None, after: Some(annotation) }])
}

/// The change that `how` makes; deletion where neither tag nor note is left.
fn amend(there: &Annotation, how: impl FnOnce(&mut Annotation)) -> (AnnotationId, Vec<Change>) {
    let mut after = there.clone();
    how(&mut after);
    if after == *there {
        return (there.id, Vec::new());
    }
    after.touch();
    let after = (!(after.tags.is_empty() && after.note.is_empty())).then_some(after);
    (there.id, vec![Change { before: Some(there.clone()), after }])
}

/// A new annotation of that place, without tags and note.
fn describe(target: Target, author: &str, document: &Document) -> Result<Annotation, EditError> {
    let (scope, selector) = match target {
        Target::Passage(span) => (Scope::Passage, Selector::passage(document, span).ok_or(EditError::NoText)?),
        Target::Section(_) if !document.is_final => return Err(EditError::Provisional),
        Target::Section(id) => (Scope::Section, Selector::section(document, id).ok_or(EditError::NoSection)?),
    };
    Ok(Annotation::new(scope, selector, author))
}

/// Where places of one state of a text are in another, found as those of annotations are; `None`
/// where that is not certain of one of them.
#[must_use]
pub fn carry(places: &[Target], from: &Document, to: &Document) -> Option<Vec<Target>> {
    let anchorer = Anchorer::new(to);
    let carried = |place: &Target| {
        let found = anchorer.find(&describe(*place, "", from).ok()?);
        match place {
            Target::Section(_) => found.section.map(Target::Section),
            Target::Passage(_) => found.span.map(Target::Passage),
        }
    };
    places.iter().map(carried).collect()
}

fn check_tags(tags: Vec<String>) -> Result<BTreeSet<String>, EditError> {
    for tag in &tags {
        check_name(tag).map_err(|_| EditError::BadTag(tag.clone()))?;
    }
    Ok(tags.into_iter().collect())
}
