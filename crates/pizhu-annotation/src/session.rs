//! A speech open for reading, with its annotations.
//!
//! The session belongs to the drawing thread and never blocks: edits show at once, are sent to the
//! [`StoreWriter`], and are tracked as pending, saved (in the journal) and stored. The writer's
//! replies are passed to [`Session::handle`]. Anchoring is brief here; the writer searches for what it
//! has not found.

mod records;

use super::{
    anchor::Resolver,
    anchor_index::AnchorIndex,
    anchored::AnchoredAnnotation,
    edit::{Action, ActionKind, AnnotationChange, EditError, plan},
    history::{Restoration, RestoreScope},
    identity::SpeechHash,
    merge::{AnnotationEntry, merge_entry},
    model::{Annotation, AnnotationId, Edit},
    outline_edit::OutlineEdits,
    outline_plan::{OutlineRequest, OutlineState, in_new_outline},
    protocol::{CopyLink, SessionId, SessionOutline, WriterCommand, WriterEvent, WriterReply},
    record::RecordMap,
    record_change::{RecordChange, change_records, invert_records},
    store::{CopyStatus, StoreError, StoreWarning},
    writer::StoreWriter,
};
use pizhu_text::document::Document;
use std::{
    collections::{BTreeSet, HashSet},
    path::PathBuf,
    sync::Arc,
};
use uuid::Uuid;

/// Maximum number of actions that can be undone.
const MAX_UNDO: usize = 1000;

/// How safely an edit is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SaveState {
    /// On its way to the disk.
    Pending,
    /// On the disk, in the journal or the store.
    Saved,
    /// In the journal only: the store's folder is not there, or not the one that was opened. It is
    /// written there when the folder is back.
    Waiting,
    /// Not saved: it is retried, and lost if the program ends before.
    Failed,
}

/// What the user should know after a writer event.
#[derive(Debug, Clone)]
pub enum SessionEvent {
    /// The annotations have been loaded.
    Loaded,
    /// The store cannot be read; reading is retried, and edits made meanwhile are kept.
    Unreadable(Arc<StoreError>),
    /// All edits are saved.
    Saved,
    /// An edit could not be saved; it is retried.
    SaveFailed(Arc<StoreError>),
    /// Edits saved in the journal could not be checkpointed into the store; it is retried.
    CheckpointFailed(Arc<StoreError>),
    /// Someone else changed the annotations.
    Changed,
    /// A warning about the files.
    Warning(StoreWarning),
    /// The reply to [`Session::copy_link`].
    Copies {
        /// The request.
        request: CopyLink,
        /// Whether the request had nothing to change.
        unchanged: bool,
        /// The present state of the copies.
        copies: Result<CopyStatus, Arc<StoreError>>,
    },
}

/// What a restoration has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestoredState {
    /// The annotations concerned.
    pub changed: Vec<AnnotationId>,
    /// Number of annotations and records changed.
    pub count: usize,
    /// Number of those left as they are, because only others have added or changed them since.
    pub kept: usize,
}

#[derive(Debug)]
struct PendingAction {
    action: Arc<Action>,
    saving: SaveState,
}

/// A speech open for reading, with its annotations.
#[derive(Debug)]
pub struct Session {
    id: SessionId,
    writer: StoreWriter,
    /// The document that the writer knows.
    base: Arc<Document>,
    /// The document as it is mended.
    document: Arc<Document>,
    records: RecordMap,
    outline_edits: OutlineEdits,
    author: String,
    /// Whether the marks of others are hidden until the author is done.
    blind: bool,
    anchors: AnchorIndex,
    /// Actions made here that the writer has not yet reported as stored.
    pending: Vec<PendingAction>,
    /// All actions on the speech on this machine, oldest first.
    history: Vec<Arc<Action>>,
    /// The author's actions that can be undone, and undos that can be redone.
    done: Vec<Arc<Action>>,
    undone: Vec<Arc<Action>>,
    loaded: bool,
    /// The hash of `document`, once known.
    hash: Option<SpeechHash>,
    known_texts: Vec<SpeechHash>,
}

impl Session {
    /// Opens a speech read from `path` for `author`. The annotations arrive with an event.
    #[must_use]
    pub fn open(writer: &StoreWriter, document: Arc<Document>, path: PathBuf, author: String) -> Self {
        let id = SessionId::next();
        writer.send(WriterCommand::Open { session: id, document: Arc::clone(&document), path });
        let writer = writer.clone();
        Self {
            id,
            writer,
            base: Arc::clone(&document),
            document,
            records: RecordMap::new(),
            outline_edits: OutlineEdits::default(),
            author,
            blind: false,
            anchors: AnchorIndex::default(),
            pending: Vec::new(),
            history: Vec::new(),
            done: Vec::new(),
            undone: Vec::new(),
            loaded: false,
            hash: None,
            known_texts: Vec::new(),
        }
    }

    /// The id under which the writer's events arrive.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Whether the annotations have been loaded.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// The identity of the speech; `None` until the whole text has been read and hashed.
    #[must_use]
    pub fn hash(&self) -> Option<SpeechHash> {
        self.hash
    }

    /// The texts that the speech has had, the present one first; empty until its text has been read.
    #[must_use]
    pub fn known_texts(&self) -> &[SpeechHash] {
        &self.known_texts
    }

    /// The annotations with their places, in order.
    #[must_use]
    pub fn annotations(&self) -> &AnchorIndex {
        &self.anchors
    }

    /// Queries, detaches or attaches the copies of the speech. The reply arrives as an event, as do
    /// the annotations if they change.
    pub fn copy_link(&self, request: CopyLink) {
        self.writer.send(WriterCommand::CopyLink { session: self.id, request });
    }

    /// Sets the document after more text has been read, or the file has changed. All annotations
    /// are anchored again and arrive with an event.
    pub fn set_document(&mut self, document: Arc<Document>) {
        self.base = Arc::clone(&document);
        self.document = Arc::clone(&document);
        self.outline_edits = OutlineEdits::default();
        self.hash = None;
        self.writer.send(WriterCommand::Document { session: self.id, document });
    }

    /// Applies an edit; the result shows at once, pending. Returns the id of the annotation edited.
    ///
    /// # Errors
    /// Fails if the edit cannot be done.
    pub fn apply(&mut self, edit: Edit) -> Result<AnnotationId, EditError> {
        Ok(self.apply_all(vec![edit])?.first().copied().unwrap_or_default())
    }

    /// Applies edits as one action, which is undone as one.
    ///
    /// # Errors
    /// Fails if one of them cannot be done; then none is applied.
    pub fn apply_all(&mut self, edits: Vec<Edit>) -> Result<Vec<AnnotationId>, EditError> {
        let mut changes: Vec<AnnotationChange> = Vec::new();
        let mut ids = Vec::with_capacity(edits.len());
        let document = Arc::clone(&self.document);
        let resolver = Resolver::brief(&document);
        for edit in edits {
            match plan(edit, &self.author, &self.document, &self.anchors) {
                Ok((id, planned)) => {
                    for change in &planned {
                        apply_change(&mut self.anchors, change, &resolver);
                    }
                    changes.extend(planned);
                    ids.push(id);
                }
                Err(error) => {
                    for AnnotationChange { before, after } in changes.into_iter().rev() {
                        apply_change(&mut self.anchors, &AnnotationChange { before: after, after: before }, &resolver);
                    }
                    return Err(error);
                }
            }
        }
        if !changes.is_empty() {
            let action = Arc::new(Action::new(ActionKind::Edit, &self.author, changes));
            self.done.push(Arc::clone(&action));
            self.undone.clear();
            self.queue(action);
        }
        Ok(ids)
    }

    fn queue(&mut self, action: Arc<Action>) {
        self.writer.send(WriterCommand::Save { session: self.id, action: Arc::clone(&action) });
        self.history.push(Arc::clone(&action));
        self.pending.push(PendingAction { action, saving: SaveState::Pending });
    }

    /// Undoes the author's last action not yet undone. Returns the annotations concerned; `None` if
    /// there is nothing to undo.
    pub fn undo(&mut self) -> Option<Vec<AnnotationId>> {
        loop {
            let action = self.done.pop()?;
            let inverse = self.inverse(&action, ActionKind::Undo(action.id));
            if !inverse.is_empty() {
                let undoing = Arc::new(inverse);
                self.undone.push(Arc::clone(&undoing));
                return Some(self.perform(undoing));
            }
        }
    }

    /// Redoes the last undone action. Returns the annotations concerned; `None` if there is none.
    pub fn redo(&mut self) -> Option<Vec<AnnotationId>> {
        loop {
            let undoing = self.undone.pop()?;
            let inverse = self.inverse(&undoing, ActionKind::Redo(undoing.id));
            if !inverse.is_empty() {
                let action = Arc::new(inverse);
                self.done.push(Arc::clone(&action));
                return Some(self.perform(action));
            }
        }
    }

    /// All actions on the speech on this machine, oldest first.
    #[must_use]
    pub fn history(&self) -> &[Arc<Action>] {
        &self.history
    }

    /// Restores the annotations as they were right after an action of the history (before the first
    /// one for `None`), as one more action. What only others have added or changed since stays, unless
    /// `takes_all`. Nothing changes if the history has no such action.
    pub fn restore(&mut self, action: Option<Uuid>, takes_all: bool) -> RestoredState {
        let count = match action {
            Some(id) => match self.history.iter().position(|other| other.id == id) {
                Some(position) => position + 1,
                None => return RestoredState::default(),
            },
            None => 0,
        };
        let scope = if takes_all { RestoreScope::All } else { RestoreScope::Own(&self.author) };
        let current = |id| self.anchors.get(id).map(|anchored| (*anchored.annotation).clone());
        let Restoration { changes, records, kept } =
            Restoration::new(&self.history, count, scope, current, |id| self.records.get(&id).cloned());
        let changes = self.visible_changes(changes);
        let restoring = self.action(ActionKind::Restore(action.unwrap_or_default()), changes, records);
        if restoring.is_empty() {
            return RestoredState { kept, ..RestoredState::default() };
        }
        let count = restoring.changes.len() + restoring.records.len();
        let action = Arc::new(restoring);
        self.done.push(Arc::clone(&action));
        self.undone.clear();
        RestoredState { changed: self.perform(action), count, kept }
    }

    /// The action that undoes another.
    fn inverse(&self, action: &Action, kind: ActionKind) -> Action {
        self.action(kind, action.inverse(&self.anchors), invert_records(&action.records, &self.records))
    }

    /// An action with these changes, and those of the annotations that they leave without a section.
    fn action(&self, kind: ActionKind, changes: Vec<AnnotationChange>, records: Vec<RecordChange>) -> Action {
        let changes = if records.is_empty() { changes } else { self.outline_state().plan_records(records.clone(), changes).changes };
        Action::new(kind, &self.author, changes).with_records(records)
    }

    fn outline_state(&self) -> OutlineState<'_> {
        OutlineState { document: &self.document, records: &self.records, edits: &self.outline_edits, anchors: &self.anchors }
    }

    /// The document, its outline as it is mended.
    #[must_use]
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// The outline edits with their places.
    #[must_use]
    pub fn outline_edits(&self) -> &OutlineEdits {
        &self.outline_edits
    }

    /// Mends the outline, as one action; the result shows at once, pending. Returns whether anything
    /// has changed.
    ///
    /// # Errors
    /// Fails if it cannot be done.
    pub fn mend_outline(&mut self, request: OutlineRequest) -> Result<bool, EditError> {
        if !self.loaded {
            return Err(EditError::Provisional);
        }
        let plan = self.outline_state().plan(request, &self.author)?;
        let action = Action::new(ActionKind::Edit, &self.author, plan.changes).with_records(plan.records);
        if action.is_empty() {
            return Ok(false);
        }
        let action = Arc::new(action);
        self.done.push(Arc::clone(&action));
        self.undone.clear();
        self.perform(action);
        Ok(true)
    }

    /// Mends the document by the present records, and places the annotations in its new outline.
    fn remend(&mut self) {
        self.outline_edits = OutlineEdits::brief(&self.document, &self.records, &self.outline_edits);
        let mended = Arc::new(self.outline_edits.mend(&self.document));
        let resolver = Resolver::brief(&mended);
        let resolve = |annotation: Arc<Annotation>| AnchoredAnnotation::resolved(&resolver, annotation);
        self.anchors = in_new_outline(&self.anchors, &self.document, &mended, resolve);
        self.document = Arc::clone(&mended);
    }

    fn perform(&mut self, action: Arc<Action>) -> Vec<AnnotationId> {
        if !action.records.is_empty() {
            change_records(&mut self.records, &action.records);
            self.remend();
        }
        let document = Arc::clone(&self.document);
        let resolver = Resolver::brief(&document);
        for change in &action.changes {
            apply_change(&mut self.anchors, change, &resolver);
        }
        let ids = changed_ids(&action).collect();
        self.queue(action);
        ids
    }

    /// The annotations whose last edits are not yet on the disk, or wait for the store's folder.
    #[must_use]
    pub fn unsaved(&self) -> BTreeSet<AnnotationId> {
        let unsaved = self.pending.iter().filter(|pending| pending.saving != SaveState::Saved);
        unsaved.flat_map(|pending| changed_ids(&pending.action)).collect()
    }

    /// The annotations edited here that may differ from the store.
    fn pending_ids(&self) -> impl Iterator<Item = AnnotationId> {
        self.pending.iter().flat_map(|pending| changed_ids(&pending.action))
    }

    /// How safely all edits together are stored.
    #[must_use]
    pub fn overall_save_state(&self) -> SaveState {
        worst_state(self.pending.iter())
    }

    /// Applies a writer event. Ignores events of other sessions.
    pub fn handle(&mut self, event: WriterEvent) -> Vec<SessionEvent> {
        if event.session != Some(self.id) {
            return Vec::new();
        }
        match event.reply {
            WriterReply::Loaded { hash, known_texts, anchors, outline, history, warnings } => {
                self.known_texts = known_texts;
                self.loaded = true;
                self.hash = hash.or(self.hash);
                self.take_stored(anchors, outline);
                self.adopt_history(history);
                std::iter::once(SessionEvent::Loaded).chain(warnings.into_iter().map(SessionEvent::Warning)).collect()
            }
            WriterReply::Unreadable { error } => vec![SessionEvent::Unreadable(error)],
            WriterReply::Saved { action } => {
                if let Some(pending) = self.pending.iter_mut().find(|pending| pending.action.id == action) {
                    pending.saving = SaveState::Saved;
                }
                if self.overall_save_state() == SaveState::Saved { vec![SessionEvent::Saved] } else { Vec::new() }
            }
            WriterReply::SaveFailed { error } => {
                self.pending
                    .iter_mut()
                    .filter(|pending| pending.saving == SaveState::Pending)
                    .for_each(|pending| pending.saving = SaveState::Failed);
                vec![SessionEvent::SaveFailed(error)]
            }
            WriterReply::CheckpointFailed { error } => {
                if error.is_folder_away() {
                    let saved = self.pending.iter_mut().filter(|pending| pending.saving == SaveState::Saved);
                    saved.for_each(|pending| pending.saving = SaveState::Waiting);
                }
                vec![SessionEvent::CheckpointFailed(error)]
            }
            WriterReply::Stored { stored, anchors, outline, changed, warnings } => {
                // All annotations that may differ from those shown.
                let mut ids: BTreeSet<AnnotationId> = changed.into_iter().collect();
                ids.extend(self.pending_ids());
                let stored: HashSet<Uuid> = stored.into_iter().collect();
                self.pending.retain(|pending| !stored.contains(&pending.action.id));
                let before = self.anchors.clone();
                let had = (self.document.outline.clone(), self.document.metadata.title.clone());
                self.take_stored(anchors, outline);
                let is_mended = had != (self.document.outline.clone(), self.document.metadata.title.clone());
                let changed = is_mended || ids.iter().any(|id| before.get(*id) != self.anchors.get(*id));
                let changed = changed.then_some(SessionEvent::Changed);
                changed.into_iter().chain(warnings.into_iter().map(SessionEvent::Warning)).collect()
            }
            WriterReply::Copies { request, unchanged, copies } => vec![SessionEvent::Copies { request, unchanged, copies }],
            WriterReply::Warnings(warnings) => warnings.into_iter().map(SessionEvent::Warning).collect(),
            WriterReply::Codebook(_) => Vec::new(),
        }
    }

    /// Takes what the store has, with the edits that are not in it yet.
    fn take_stored(&mut self, anchors: AnchorIndex, outline: SessionOutline) {
        self.records = outline.records;
        // Of a text that was replaced meanwhile; what is in the present one follows.
        if Arc::ptr_eq(&outline.base, &self.base) {
            self.anchors = anchors;
            self.document = outline.mended.document;
            self.outline_edits = outline.mended.edits;
        }
        self.reapply_pending();
    }

    fn reapply_pending(&mut self) {
        let mut is_mended = false;
        for change in self.pending.iter().flat_map(|pending| &pending.action.records) {
            let existing = self.records.get(&change.id).map(|entry| entry.modified);
            let applies = match (&change.after, &change.before) {
                (Some(after), _) => existing.is_none_or(|existing| existing < after.modified),
                (None, Some(before)) => existing.is_some_and(|existing| existing <= before.modified),
                (None, None) => false,
            };
            if applies {
                change_records(&mut self.records, std::slice::from_ref(change));
                is_mended = true;
            }
        }
        if is_mended {
            self.remend();
        }
        let document = Arc::clone(&self.document);
        let resolver = Resolver::brief(&document);
        for pending in &self.pending {
            for change in &pending.action.changes {
                let Some(id) = change.id() else { continue };
                let existing = self.anchors.get(id).map(|anchored| AnnotationEntry::Present((*anchored.annotation).clone()));
                let after = change.result_entry(&pending.action.author, pending.action.at);
                match merge_entry(change.base_entry().as_ref(), existing.as_ref(), after.as_ref()) {
                    Some(AnnotationEntry::Present(annotation)) => self.anchors.insert_resolved(&resolver, Arc::new(annotation)),
                    Some(AnnotationEntry::Tombstone(_)) | None => drop(self.anchors.remove(id)),
                }
            }
        }
    }

    /// Adopts the loaded history, followed by the actions made since it was requested.
    fn adopt_history(&mut self, mut history: Vec<Arc<Action>>) {
        if !self.history.is_empty() {
            let known_ids: HashSet<Uuid> = history.iter().map(|action| action.id).collect();
            history.extend(self.history.drain(..).filter(|action| !known_ids.contains(&action.id)));
        }
        self.history = history;
        (self.done, self.undone) = undo_redo_stacks(self.history.iter().filter(|action| action.author == self.author));
        let surplus = self.done.len().saturating_sub(MAX_UNDO);
        self.done.drain(..surplus);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.writer.send(WriterCommand::Close { session: self.id });
    }
}

/// Replays a history into its undo and redo stacks.
fn undo_redo_stacks<'a>(history: impl Iterator<Item = &'a Arc<Action>>) -> (Vec<Arc<Action>>, Vec<Arc<Action>>) {
    let (mut done, mut undone): (Vec<Arc<Action>>, Vec<Arc<Action>>) = (Vec::new(), Vec::new());
    for action in history.map(Arc::clone) {
        match action.kind {
            ActionKind::Undo(id) => {
                remove_action(&mut done, id);
                undone.push(action);
            }
            ActionKind::Redo(id) => {
                remove_action(&mut undone, id);
                done.push(action);
            }
            ActionKind::Edit | ActionKind::Import | ActionKind::Restore(_) => {
                undone.clear();
                done.push(action);
            }
        }
    }
    (done, undone)
}

/// Removes an action from a stack, usually from its top.
fn remove_action(stack: &mut Vec<Arc<Action>>, id: Uuid) {
    if let Some(at) = stack.iter().rposition(|other| other.id == id) {
        stack.remove(at);
    }
}

fn worst_state<'a>(pending: impl Iterator<Item = &'a PendingAction>) -> SaveState {
    pending.fold(SaveState::Saved, |worst, pending| match (worst, pending.saving) {
        (SaveState::Failed, _) | (_, SaveState::Failed) => SaveState::Failed,
        (SaveState::Pending, _) | (_, SaveState::Pending) => SaveState::Pending,
        (SaveState::Waiting, _) | (_, SaveState::Waiting) => SaveState::Waiting,
        _ => SaveState::Saved,
    })
}

/// The ids of the annotations and records that an action changes.
fn changed_ids(action: &Action) -> impl Iterator<Item = AnnotationId> {
    action.changes.iter().filter_map(AnnotationChange::id).chain(action.records.iter().map(|change| change.id))
}

fn apply_change(anchors: &mut AnchorIndex, change: &AnnotationChange, resolver: &Resolver<'_>) {
    match (&change.after, &change.before) {
        (Some(after), _) => anchors.insert_resolved(resolver, Arc::new(after.clone())),
        (None, Some(before)) => drop(anchors.remove(before.id)),
        (None, None) => {}
    }
}
