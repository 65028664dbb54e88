//! A speech open for reading, with its annotations.
//!
//! The session belongs to the drawing thread and never waits: edits show at once, go to the
//! [`Writer`], and are told apart as pending, saved (in the journal) and stored.
//! What the writer answers is handed to [`Session::handle`].

use super::{
    edit::{Action, ActionKind, Change, EditError, plan, restoring},
    identity::SpeechHash,
    merge::{Entry, merge_entry},
    model::{AnnotationId, Edit},
    placements::Placements,
    store::{Copies, Notice, StoreError},
    writer::{Answer, Event, Order, Sharing, Writer},
};
use pizhu_text::document::Document;
use std::{
    collections::{BTreeSet, HashSet},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// Actions that can be undone.
const UNDO_KEPT: usize = 1000;

/// Which session an event is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(u64);

static NEXT: AtomicU64 = AtomicU64::new(1);

/// How safe an edit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Saving {
    /// On its way to the disk.
    Pending,
    /// On the disk, in the journal or the store.
    Saved,
    /// It could not be saved; it is tried again, and lost if the program ends before.
    Failed,
}

/// What a session's user should be told after an event.
#[derive(Debug, Clone)]
pub enum News {
    /// The annotations have been loaded.
    Loaded,
    /// The store cannot be read; it is tried again, and what is edited meanwhile is kept.
    Unreadable(Arc<StoreError>),
    /// What was edited is saved.
    Saved,
    /// What was edited could not be saved and is tried again.
    Failed(Arc<StoreError>),
    /// What was saved in the journal could not be folded into the store yet, and is tried again.
    Waiting(Arc<StoreError>),
    /// Somebody else changed the annotations.
    Changed,
    /// Something about the files.
    Notice(Notice),
    /// The answer to [`Session::share`].
    Copies {
        /// What was asked.
        asked: Sharing,
        /// Whether nothing had to be done for it.
        already: bool,
        /// How it is with the copies now.
        copies: Result<Copies, Arc<StoreError>>,
    },
}

#[derive(Debug)]
struct Pending {
    action: Arc<Action>,
    saving: Saving,
}

/// A speech open for reading, with its annotations.
#[derive(Debug)]
pub struct Session {
    id: SessionId,
    writer: Writer,
    document: Arc<Document>,
    author: String,
    placements: Placements,
    /// Done here, and not yet part of what the writer has said the store holds.
    pending: Vec<Pending>,
    /// All that was done to the speech on this machine, the oldest first.
    history: Vec<Arc<Action>>,
    /// What the author can undo, and do again.
    done: Vec<Arc<Action>>,
    undone: Vec<Arc<Action>>,
    loaded: bool,
    /// The hash of `document`, once it is known.
    hash: Option<SpeechHash>,
}

impl Session {
    /// Opens a speech read from `path` for `author`. The annotations come with an event.
    #[must_use]
    pub fn open(writer: &Writer, document: Arc<Document>, path: PathBuf, author: String) -> Self {
        let id = SessionId(NEXT.fetch_add(1, Ordering::Relaxed));
        writer.send(Order::Open { session: id, document: Arc::clone(&document), path });
        let writer = writer.clone();
        Self {
            id,
            writer,
            document,
            author,
            placements: Placements::default(),
            pending: Vec::new(),
            history: Vec::new(),
            done: Vec::new(),
            undone: Vec::new(),
            loaded: false,
            hash: None,
        }
    }

    /// Which session it is.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Whether the annotations have been loaded.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// The speech's identity; `None` until its text is read to the end and hashed.
    #[must_use]
    pub fn hash(&self) -> Option<SpeechHash> {
        self.hash
    }

    /// The annotations with their places, in order.
    #[must_use]
    pub fn placements(&self) -> &Placements {
        &self.placements
    }

    /// Asks how it is with the copies of the speech, or parts it from them, or joins it to them:
    /// the answer comes as an event, and so do the annotations where they are others then.
    pub fn share(&self, asked: Sharing) {
        self.writer.send(Order::Share { session: self.id, asked });
    }

    /// The text has been read on, or again: places are found anew, and come with an event.
    pub fn set_document(&mut self, document: Arc<Document>) {
        self.document = Arc::clone(&document);
        self.hash = None;
        self.writer.send(Order::Document { session: self.id, document });
    }

    /// Does an edit. Gives the annotation it was about; it shows at once, pending.
    ///
    /// # Errors
    /// When the edit cannot be done.
    pub fn apply(&mut self, edit: Edit) -> Result<AnnotationId, EditError> {
        Ok(self.apply_all(vec![edit])?.first().copied().unwrap_or_default())
    }

    /// Does edits as one action, which is undone as one.
    ///
    /// # Errors
    /// When one of them cannot be done; then none is.
    pub fn apply_all(&mut self, edits: Vec<Edit>) -> Result<Vec<AnnotationId>, EditError> {
        let mut changes: Vec<Change> = Vec::new();
        let mut ids = Vec::with_capacity(edits.len());
        for edit in edits {
            match plan(edit, &self.author, &self.document, &self.placements) {
                Ok((id, planned)) => {
                    for change in &planned {
                        show(&mut self.placements, change, &self.document);
                    }
                    changes.extend(planned);
                    ids.push(id);
                }
                Err(error) => {
                    for Change { before, after } in changes.into_iter().rev() {
                        show(&mut self.placements, &Change { before: after, after: before }, &self.document);
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
        self.writer.send(Order::Save { session: self.id, action: Arc::clone(&action) });
        self.history.push(Arc::clone(&action));
        self.pending.push(Pending { action, saving: Saving::Pending });
    }

    /// Undoes the author's last action that is not undone; the annotations concerned, `None`
    /// where there is nothing to undo.
    pub fn undo(&mut self) -> Option<Vec<AnnotationId>> {
        loop {
            let action = self.done.pop()?;
            let changes = action.inverse(&self.placements);
            if !changes.is_empty() {
                let undoing = Arc::new(Action::new(ActionKind::Undo(action.id), &self.author, changes));
                self.undone.push(Arc::clone(&undoing));
                return Some(self.take(undoing));
            }
        }
    }

    /// Does again what was last undone; the annotations concerned, `None` where there is nothing.
    pub fn redo(&mut self) -> Option<Vec<AnnotationId>> {
        loop {
            let undoing = self.undone.pop()?;
            let changes = undoing.inverse(&self.placements);
            if !changes.is_empty() {
                let action = Arc::new(Action::new(ActionKind::Redo(undoing.id), &self.author, changes));
                self.done.push(Arc::clone(&action));
                return Some(self.take(action));
            }
        }
    }

    /// All that was done to the speech on this machine, the oldest first.
    #[must_use]
    pub fn history(&self) -> &[Arc<Action>] {
        &self.history
    }

    /// Brings back the annotations as they were right after an action of the history (before the
    /// first for `None`), as one more action; the annotations concerned. `None` where all is so
    /// already, or the history has no such action.
    pub fn restore(&mut self, action: Option<Uuid>) -> Option<Vec<AnnotationId>> {
        let from = match action {
            Some(id) => self.history.iter().position(|other| other.id == id)? + 1,
            None => 0,
        };
        let now = |id| self.placements.get(id).map(|placed| (*placed.annotation).clone());
        let changes = restoring(&self.history[from..], now);
        if changes.is_empty() {
            return None;
        }
        let action = Arc::new(Action::new(ActionKind::Restore(action.unwrap_or_default()), &self.author, changes));
        self.done.push(Arc::clone(&action));
        self.undone.clear();
        Some(self.take(action))
    }

    fn take(&mut self, action: Arc<Action>) -> Vec<AnnotationId> {
        for change in &action.changes {
            show(&mut self.placements, change, &self.document);
        }
        let ids = action.changes.iter().filter_map(Change::id).collect();
        self.queue(action);
        ids
    }

    /// Whether there is something to undo, and to redo.
    #[must_use]
    pub fn can_undo_redo(&self) -> (bool, bool) {
        (!self.done.is_empty(), !self.undone.is_empty())
    }

    /// How safe the last edits of an annotation are.
    #[must_use]
    pub fn saving(&self, id: AnnotationId) -> Saving {
        let touches = |pending: &&Pending| pending.action.changes.iter().any(|change| change.id() == Some(id));
        worst(self.pending.iter().filter(touches))
    }

    /// The annotations whose last edits are not on the disk yet.
    #[must_use]
    pub fn unsaved(&self) -> BTreeSet<AnnotationId> {
        let unsaved = self.pending.iter().filter(|pending| pending.saving != Saving::Saved);
        unsaved.flat_map(|pending| &pending.action.changes).filter_map(Change::id).collect()
    }

    /// The annotations edited here since the store was last heard of.
    fn touched(&self) -> impl Iterator<Item = AnnotationId> {
        self.pending.iter().flat_map(|pending| &pending.action.changes).filter_map(Change::id)
    }

    /// How safe all edits together are.
    #[must_use]
    pub fn saving_all(&self) -> Saving {
        worst(self.pending.iter())
    }

    /// Takes in what the writer answered. Events for other sessions are none of its business.
    pub fn handle(&mut self, event: Event) -> Vec<News> {
        if event.session != Some(self.id) {
            return Vec::new();
        }
        match event.answer {
            Answer::Loaded { hash, placements, history, notices } => {
                self.loaded = true;
                self.hash = hash.or(self.hash);
                self.placements = placements;
                self.show_pending();
                self.remember(history);
                std::iter::once(News::Loaded).chain(notices.into_iter().map(News::Notice)).collect()
            }
            Answer::Unreadable { problem } => vec![News::Unreadable(problem)],
            Answer::Saved { action } => {
                if let Some(pending) = self.pending.iter_mut().find(|pending| pending.action.id == action) {
                    pending.saving = Saving::Saved;
                }
                if self.saving_all() == Saving::Saved { vec![News::Saved] } else { Vec::new() }
            }
            Answer::Failed { problem } => {
                self.pending
                    .iter_mut()
                    .filter(|pending| pending.saving == Saving::Pending)
                    .for_each(|pending| pending.saving = Saving::Failed);
                vec![News::Failed(problem)]
            }
            Answer::Waiting { problem } => vec![News::Waiting(problem)],
            Answer::Stored { folded, placements, changed, notices } => {
                // All that can differ from what is shown.
                let mut ids: BTreeSet<AnnotationId> = changed.into_iter().collect();
                ids.extend(self.touched());
                let folded: HashSet<Uuid> = folded.into_iter().collect();
                self.pending.retain(|pending| !folded.contains(&pending.action.id));
                let before = std::mem::replace(&mut self.placements, placements);
                self.show_pending();
                let changed = ids.iter().any(|id| before.get(*id) != self.placements.get(*id)).then_some(News::Changed);
                changed.into_iter().chain(notices.into_iter().map(News::Notice)).collect()
            }
            Answer::Copies { asked, already, copies } => vec![News::Copies { asked, already, copies }],
            Answer::Codebook(_) => Vec::new(),
        }
    }

    fn show_pending(&mut self) {
        for pending in &self.pending {
            for change in &pending.action.changes {
                let Some(id) = change.id() else { continue };
                let there = self.placements.get(id).map(|placed| Entry::Live((*placed.annotation).clone()));
                let after = change.result(&pending.action.author, pending.action.at);
                match merge_entry(change.base().as_ref(), there.as_ref(), after.as_ref()) {
                    Some(Entry::Live(annotation)) => self.placements.place(&self.document, Arc::new(annotation)),
                    Some(Entry::Dead(_)) | None => drop(self.placements.remove(id)),
                }
            }
        }
    }

    /// Takes over the history from before, under what was done since it was asked for.
    fn remember(&mut self, mut history: Vec<Arc<Action>>) {
        if !self.history.is_empty() {
            let known: HashSet<Uuid> = history.iter().map(|action| action.id).collect();
            history.extend(self.history.drain(..).filter(|action| !known.contains(&action.id)));
        }
        self.history = history;
        (self.done, self.undone) = stacks(self.history.iter().filter(|action| action.author == self.author));
        let surplus = self.done.len().saturating_sub(UNDO_KEPT);
        self.done.drain(..surplus);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.writer.send(Order::Close { session: self.id });
    }
}

/// What a history leaves to undo and to redo.
fn stacks<'a>(history: impl Iterator<Item = &'a Arc<Action>>) -> (Vec<Arc<Action>>, Vec<Arc<Action>>) {
    let (mut done, mut undone): (Vec<Arc<Action>>, Vec<Arc<Action>>) = (Vec::new(), Vec::new());
    for action in history.map(Arc::clone) {
        match action.kind {
            ActionKind::Undo(id) => {
                forget(&mut done, id);
                undone.push(action);
            }
            ActionKind::Redo(id) => {
                forget(&mut undone, id);
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

/// Takes an action off a stack; it is nearly always on top.
fn forget(stack: &mut Vec<Arc<Action>>, id: Uuid) {
    if let Some(at) = stack.iter().rposition(|other| other.id == id) {
        stack.remove(at);
    }
}

fn worst<'a>(pending: impl Iterator<Item = &'a Pending>) -> Saving {
    pending.fold(Saving::Saved, |worst, pending| match (worst, pending.saving) {
        (Saving::Failed, _) | (_, Saving::Failed) => Saving::Failed,
        (Saving::Pending, _) | (_, Saving::Pending) => Saving::Pending,
        _ => Saving::Saved,
    })
}

fn show(placements: &mut Placements, change: &Change, document: &Document) {
    match (&change.after, &change.before) {
        (Some(after), _) => placements.place(document, Arc::new(after.clone())),
        (None, Some(before)) => drop(placements.remove(before.id)),
        (None, None) => {}
    }
}
