//! Keeps drafts and the reading place on the disk while the user types and reads.
//!
//! Nothing ticks: a time limit on waiting exists only while there is something unsaved. Writing is
//! done by a thread of its own, since it waits for the disk.

use super::program::Program;
use super::unsaved::OpenDraft;
use crate::locale::notice;
use crate::tui::draft::{DraftFolder, DraftPlace, DraftSpeech};
use crate::tui::effect::AppEvent;
use crate::tui::external;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{DraftTarget, FoundDraft, NoteTarget};
use pizhu_annotation::anchor::Resolver;
use pizhu_library::source::STDIN;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Time from the first unsaved key of a note to the writing of its draft.
const DRAFT_DELAY: Duration = Duration::from_millis(400);
/// Time from the first unsaved movement to the saving of the reading place.
const PLACE_DELAY: Duration = Duration::from_secs(3);

impl Program {
    /// The user's state folder; `None`: nothing is saved.
    fn state_folder(&self) -> Option<std::path::PathBuf> {
        self.options.folders.as_ref().map(|folders| folders.state.clone())
    }

    /// Notices what has changed since the last call, and when it is to be saved.
    pub(super) fn notice_unsaved(&mut self) {
        let Some(state) = self.state_folder() else { return };
        self.notice_draft(&state, false);
        self.notice_place();
    }

    /// `always`: also for a note without changes, which another program is about to make.
    fn notice_draft(&mut self, state: &Path, always: bool) {
        let typed = self.state.typed_text();
        let id = typed.as_ref().map(|typed| typed.draft);
        let just_sent = self.autosave.just_sent.take();
        let ended = self.autosave.draft.take_if(|open| id != Some(open.id));
        if let Some(open) = ended {
            self.draft_ended(state, open, just_sent);
        }
        if self.state.reader.as_ref().is_none_or(|reader| reader.annotations.unsaved_count() == 0) {
            for id in std::mem::take(&mut self.autosave.finished) {
                self.autosave.remove_draft(state, id);
            }
        }
        if self.state.store_on_screen().is_none() {
            self.autosave.offered_screen = None;
        }
        let Some(typed) = self.state.typed_text() else { return };
        if self.autosave.draft.is_none() {
            if !typed.is_changed && !always {
                return;
            }
            let (speech, opening) = match typed.target {
                DraftTarget::Note(_) => (self.draft_speech(), self.state.reader.as_ref().map(|reader| reader.opening)),
                DraftTarget::Screen(_) => (self.state.store_on_screen().map(DraftSpeech::of_store), None),
            };
            let Some(speech) = speech else { return };
            let (text, written, sent) = (String::new(), String::new(), Arc::default());
            let target = DraftTarget::Note(NoteTarget::Lost);
            self.autosave.draft =
                Some(OpenDraft { id: typed.draft, opening, target, place: None, speech, text, written, sent, edited_file: None });
        }
        let Some(open) = &mut self.autosave.draft else { return };
        if open.target != typed.target {
            open.target = typed.target;
            let reader = self.state.reader.as_ref();
            open.place = match (&open.target, reader) {
                (DraftTarget::Note(NoteTarget::New(target)), Some(reader)) => DraftPlace::of_target(reader.document(), *target),
                (DraftTarget::Note(NoteTarget::Existing(id)), Some(reader)) => {
                    reader.annotations.get(*id).map(|anchored| DraftPlace::of_annotation(&anchored.annotation)).or(open.place.take())
                }
                // The place is kept: the text may come back.
                _ => open.place.take(),
            };
        }
        if open.text != typed.text {
            typed.text.clone_into(&mut open.text);
        }
        if open.text != open.written && self.autosave.draft_due.is_none() {
            self.autosave.draft_due = Some(Instant::now() + DRAFT_DELAY);
        }
    }

    /// Handles that a text is no longer typed: it was saved or discarded, or something else came in its
    /// place.
    fn draft_ended(&mut self, state: &Path, open: OpenDraft, just_sent: Option<String>) {
        if let DraftTarget::Screen(target) = open.target {
            self.autosave.draft_due = None;
            // The last keys may have come together with the one that saved it.
            match just_sent.filter(|text| !text.trim().is_empty()) {
                Some(text) => self.autosave.sent.push((open.id, target, text)),
                None => self.autosave.remove_draft(state, open.id),
            }
            return self.close_note_file();
        }
        let refused = std::mem::take(&mut self.autosave.note_refused);
        let replaced = self.state.reader.as_ref().map(|reader| reader.opening) != open.opening;
        if refused || replaced {
            self.autosave.draft = Some(open);
            self.autosave.submit_draft(state);
            self.autosave.draft = None;
            self.dispatch(AppEvent::Status(StatusMessage::error(notice::DRAFT_KEPT)));
        } else {
            self.autosave.draft_due = None;
            self.autosave.finished.push(open.id);
        }
        self.close_note_file();
    }

    /// Removes the drafts of texts that have arrived in the store of the open screen, and looks for those
    /// that an earlier run left there.
    pub(super) fn find_screen_drafts(&mut self) -> Option<AppEvent> {
        let state = self.state_folder()?;
        let store = self.state.store_on_screen()?.to_owned();
        let (written, sent) = std::mem::take(&mut self.autosave.sent)
            .into_iter()
            .partition::<Vec<_>, _>(|(_, target, text)| self.state.is_written(target, text));
        self.autosave.sent = sent;
        for (id, ..) in written {
            self.autosave.remove_draft(&state, id);
        }
        let here = (self.state.screen, store);
        if self.autosave.offered_screen.as_ref() == Some(&here) {
            return None;
        }
        let mut drafts = Vec::new();
        for draft in DraftFolder::new(&state).abandoned(&DraftSpeech::of_store(&here.1)) {
            let Some(target) = draft.screen_text.filter(|target| target.screen() == here.0) else { continue };
            let text = draft.text.trim_end().to_owned();
            if text.is_empty() || self.state.is_written(&target, &text) {
                self.autosave.remove_draft(&state, draft.id);
                continue;
            }
            drafts.push(FoundDraft { id: draft.id, target: DraftTarget::Screen(target), text, modified: draft.modified });
        }
        self.autosave.offered_screen = Some(here);
        (!drafts.is_empty()).then_some(AppEvent::DraftsFound { opening: None, drafts })
    }

    fn draft_speech(&self) -> Option<DraftSpeech> {
        let reader = self.state.reader.as_ref()?;
        let path = std::path::absolute(&reader.origin.path).ok()?.to_string_lossy().into_owned();
        let store = self.annotation_controller.store_folder()?.to_string_lossy().into_owned();
        Some(DraftSpeech { store, path, hash: self.annotation_controller.hash() })
    }

    /// Says in the draft that an external editor has the note in a file, or no longer.
    pub(super) fn set_edited_file(&mut self, file: Option<&Path>) {
        let Some(state) = self.state_folder() else { return };
        self.notice_draft(&state, true);
        if let Some(open) = &mut self.autosave.draft {
            open.edited_file = file.map(Path::to_owned);
            self.autosave.submit_draft(&state);
        }
    }

    fn notice_place(&mut self) {
        let place = self.state.reader.as_ref().map(crate::tui::state::ReaderScreen::position);
        let Some(place) = place.filter(|place| place.path != Path::new(STDIN)) else {
            self.autosave.place_due = None;
            self.autosave.place = None;
            return;
        };
        match &self.autosave.place {
            Some(saved) if *saved == place => self.autosave.place_due = None,
            Some(saved) if saved.path == place.path => {
                self.autosave.place_due.get_or_insert_with(|| Instant::now() + PLACE_DELAY);
            }
            // Just opened: nothing has moved yet.
            _ => {
                self.autosave.place_due = None;
                self.autosave.place = Some(place);
            }
        }
    }

    /// Saves what is due.
    pub(super) fn save_due(&mut self) {
        let Some(state) = self.state_folder() else { return };
        let now = Instant::now();
        if self.autosave.draft_due.is_some_and(|due| due <= now) {
            self.autosave.submit_draft(&state);
        }
        if self.autosave.place_due.is_some_and(|due| due <= now) {
            self.autosave.place_due = None;
            let Some(reader) = &self.state.reader else { return };
            let place = reader.position();
            let change = self.position_change(&place);
            self.autosave.place = Some(place);
            let folder = state.clone();
            // A failure is told when the speech is closed, which saves it again.
            self.autosave.submit(&state, Box::new(move |_| drop(pizhu_library::reading_state::ReadingState::update(&folder, change))));
        }
    }

    /// Puts the note being typed on the disk, and waits for all that is being written.
    pub(super) fn keep_everything(&mut self) {
        self.notice_unsaved();
        if let Some(state) = self.state_folder()
            && self.autosave.draft.as_ref().is_some_and(|open| open.text != open.written)
        {
            self.autosave.submit_draft(&state);
        }
        self.autosave.flush();
    }

    /// Looks for drafts of the open speech, once its text and annotations have been read.
    pub(super) fn find_drafts(&mut self) -> Option<AppEvent> {
        let state = self.state_folder()?;
        let reader = self.state.reader.as_ref()?;
        if self.autosave.offered == reader.opening || !reader.document().is_final || self.annotation_controller.hash().is_none() {
            return None;
        }
        self.autosave.offered = reader.opening;
        let mut drafts = Vec::new();
        let resolver = Resolver::brief(reader.document());
        for draft in DraftFolder::new(&state).abandoned(&self.draft_speech()?) {
            let text = draft.text.trim_end().to_owned();
            // Saved just before the program was killed, before the draft could be removed.
            let is_saved = reader.annotations.all().iter().any(|anchored| anchored.annotation.note == text);
            if is_saved || text.is_empty() {
                self.autosave.finished.push(draft.id);
                continue;
            }
            let place = draft.place.as_ref();
            let existing = place.and_then(|place| place.annotation).filter(|id| reader.annotations.get(*id).is_some());
            let target = match (existing, place.and_then(|place| place.resolve(&resolver))) {
                (Some(id), _) => NoteTarget::Existing(id),
                (None, Some(target)) => NoteTarget::New(target),
                (None, None) => NoteTarget::Lost,
            };
            drafts.push(FoundDraft { id: draft.id, target: DraftTarget::Note(target), text, modified: draft.modified });
        }
        (!drafts.is_empty()).then_some(AppEvent::DraftsFound { opening: Some(reader.opening), drafts })
    }

    /// Removes a draft that was offered, and the file that an editor had of it.
    pub(super) fn discard_draft(&mut self, id: Uuid) {
        let Some(state) = self.state_folder() else { return };
        let places = [self.draft_speech(), self.state.store_on_screen().map(DraftSpeech::of_store)];
        let folder = DraftFolder::new(&state);
        let drafts: Vec<_> = places.iter().flatten().flat_map(|place| folder.abandoned(place)).collect();
        if let Some(file) = drafts.iter().find(|draft| draft.id == id).and_then(|draft| draft.edited_file.as_deref()) {
            external::remove_note(file);
        }
        self.autosave.remove_draft(&state, id);
    }
}
