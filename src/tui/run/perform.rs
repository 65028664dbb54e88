//! Performs effects: hands them to the threads, or does them here if they touch the terminal.

use super::program::Program;
use crate::app::{find::FindRequest, job::JobRunner};
use crate::locale::notice;
use crate::tui::background_jobs::TagSources;
use crate::tui::codebook_jobs::CodebookRequest;
use crate::tui::effect::AppEvent;
use crate::tui::effect::Effect;
use crate::tui::event_sink::EventSink;
use crate::tui::import_jobs::ImportJob;
use crate::tui::library_query::QuerySources;
use crate::tui::message::{BasketWork, ExportKind, ExportTarget, StatusMessage, TagEdit};
use crate::tui::screens::memos::jobs::MemoRequest;
use crate::tui::screens::memos::message::MemoEdit;
use crate::tui::store_access::StoreAccess;
use crossterm::{clipboard::CopyToClipboard, execute};
use pizhu_annotation::{BasketEdit, BasketItem};
use std::{path::PathBuf, sync::Arc, time::Duration};

/// How long quitting waits for the saving of edits before it asks.
const QUIT_PATIENCE: Duration = Duration::from_secs(3);

impl Program {
    pub(super) fn perform(&mut self, effect: Effect) {
        let events = match effect {
            Effect::Open { opening, path } => {
                self.jobs.open(opening, path, self.options.read_options);
                Vec::new()
            }
            Effect::Close => {
                self.jobs.unwatch_speech();
                self.annotation_controller.close();
                Vec::new()
            }
            Effect::CompareTexts { opening, old, speech } => {
                self.jobs.compare_texts(opening, old, speech);
                Vec::new()
            }
            Effect::SavePosition(position) => self.save_position(&position),
            Effect::Scan { roots } => {
                self.jobs.set_memory_limit(self.state.settings.memory);
                self.load_positions();
                let cache = self.options.folders.as_ref().map(|folders| folders.cache.clone());
                let tag_sources = self.tag_sources();
                self.jobs.scan(roots, cache, self.options.read_options, self.reading_state.clone(), tag_sources);
                Vec::new()
            }
            effect @ (Effect::SetFavourite { .. }
            | Effect::Preview(_)
            | Effect::Basket(_)
            | Effect::LoadTags { .. }
            | Effect::EditTags { .. }
            | Effect::Import { .. }
            | Effect::LoadMemos { .. }
            | Effect::EditMemo { .. }
            | Effect::FindMemo { .. }) => {
                self.submit(effect);
                Vec::new()
            }
            Effect::Find { query, mode, generation, document, nearest } => {
                self.jobs.search(generation, FindRequest { query, mode, document, nearest });
                Vec::new()
            }
            Effect::QueryLibrary(query) => {
                let sources = self.query_sources();
                self.jobs.query_library(*query, sources);
                Vec::new()
            }
            Effect::ExportPassages { query, path, overwrite } => {
                let sources = self.query_sources();
                self.jobs.export_passages(*query, sources, ExportTarget { kind: ExportKind::Passages, path, overwrite });
                Vec::new()
            }
            Effect::ExportCounts { table, locale, path, speeches, overwrite } => {
                let to = ExportTarget { kind: ExportKind::Counts, path, overwrite };
                self.jobs.export_counts(*table, locale, to, speeches, self.query_sources());
                Vec::new()
            }
            Effect::Annotate(edits) => {
                let events = self.annotation_controller.annotate(edits);
                self.autosave.note_refused |= events.iter().any(|event| matches!(event, AppEvent::Status(_)));
                events
            }
            Effect::MendOutline(request) => self.annotation_controller.mend_outline(request),
            Effect::ChangeRecords(request) => self.annotation_controller.change_records(&request),
            Effect::Export(export) => {
                self.jobs.export(*export, self.query_sources());
                Vec::new()
            }
            Effect::Undo | Effect::Redo => self.annotation_controller.undo(matches!(effect, Effect::Redo)),
            Effect::LoadHistory => self.annotation_controller.history().into_iter().collect(),
            Effect::LinkCopies(request) => {
                self.annotation_controller.link_copies(request);
                Vec::new()
            }
            Effect::DecideTrust(decision) => self.annotation_controller.decide_trust(decision),
            Effect::Restore { action, takes_all } => self.annotation_controller.restore(action, takes_all),
            Effect::Copy(text) => self.copy(&text),
            Effect::EditExternally(text) => self.edit_externally(&text),
            Effect::Suspend => {
                let failed = |error| AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error));
                self.suspend().err().map(failed).into_iter().collect()
            }
            Effect::Redraw => {
                self.screen.invalidate();
                Vec::new()
            }
            Effect::SaveSettings(settings) => self.save_settings(*settings),
            Effect::DiscardDraft(id) => {
                self.discard_draft(id);
                Vec::new()
            }
            Effect::Quit => match self.unsaved_reason() {
                Some(reason) => vec![AppEvent::CannotQuit(reason)],
                None => self.end_loop(),
            },
            Effect::QuitUnsaved => {
                self.leave_unsaved = true;
                self.end_loop()
            }
        };
        for event in events {
            self.dispatch(event);
        }
    }

    /// Hands an effect to the threads of baskets, previews, tags and memos.
    fn submit(&mut self, effect: Effect) {
        if let Some(text) = written_text(&effect) {
            self.autosave.just_sent = Some(text.to_owned());
        }
        match effect {
            Effect::SetFavourite { path, is_favourite } => self.preview_jobs.set_favourite(path, is_favourite),
            Effect::Preview(path) => self.preview_jobs.request(path),
            Effect::Basket(request) => {
                let writer = self.annotation_controller.located_writer();
                self.basket_jobs.submit(*request, writer, self.state.locale);
            }
            Effect::LoadTags { near } => self.submit_codebook_request(near, None),
            Effect::EditTags { near, edit } => self.submit_codebook_request(near, Some(*edit)),
            Effect::Import { near, file, candidates } => {
                let job = ImportJob {
                    access: self.store_access(near),
                    file,
                    candidates,
                    author: self.options.author.clone(),
                    options: self.options.read_options,
                    snapshots: self.state.settings.snapshots,
                };
                self.submit_job(&self.codebook_jobs, move |events| job.perform(events));
            }
            effect => self.perform_on_memos(effect),
        }
    }

    /// Where the tags of the library's list are read.
    fn tag_sources(&self) -> TagSources {
        TagSources {
            store: self.options.store.clone(),
            author: self.options.author.clone(),
            writer: self.annotation_controller.writer(),
            blind: self.annotation_controller.blind_author(),
        }
    }

    /// What queries of the library read.
    fn query_sources(&self) -> QuerySources {
        QuerySources {
            read_options: self.options.read_options,
            store: self.options.store.clone(),
            writer: self.annotation_controller.writer(),
            snapshots: self.state.settings.snapshots,
            blind: self.annotation_controller.blind_author(),
        }
    }

    fn submit_codebook_request(&mut self, near: Option<PathBuf>, edit: Option<TagEdit>) {
        let request = CodebookRequest { access: self.store_access(near), edit, blind: self.annotation_controller.blind_author() };
        self.submit_job(&self.codebook_jobs, move |events| request.perform(events));
    }

    /// Reads or changes memos, or finds the place of one.
    fn perform_on_memos(&mut self, effect: Effect) {
        match effect {
            Effect::LoadMemos { near } => {
                let request = self.memo_request(near);
                self.submit_job(&self.memo_jobs, move |events| request.edit(None, events));
            }
            Effect::EditMemo { near, edit } => {
                let request = self.memo_request(near);
                self.submit_job(&self.memo_jobs, move |events| request.edit(Some(*edit), events));
            }
            Effect::FindMemo { near, place } => {
                let (request, options) = (self.memo_request(near), self.options.read_options);
                self.submit_job(&self.memo_jobs, move |events| request.find(&place, options, events));
            }
            _ => {}
        }
    }

    /// Hands a job to a runner; its results arrive as events.
    fn submit_job(&self, runner: &JobRunner, job: impl FnOnce(&EventSink) + Send + 'static) {
        let events = Arc::clone(&self.event_sink);
        if let Err(error) = runner.submit(move |_| job(&events)) {
            (self.event_sink)(AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error)));
        }
    }

    fn memo_request(&self, near: Option<PathBuf>) -> MemoRequest {
        MemoRequest { access: self.store_access(near), author: self.options.author.clone() }
    }

    fn store_access(&self, near: Option<PathBuf>) -> StoreAccess {
        StoreAccess { near, given: self.options.store.clone(), writer: self.annotation_controller.located_writer() }
    }

    /// Ends the event loop.
    fn end_loop(&mut self) -> Vec<AppEvent> {
        self.running = false;
        let mut effects = Vec::new();
        self.state.save_position(&mut effects);
        for effect in effects {
            self.perform(effect);
        }
        Vec::new()
    }

    /// Why an edit of the open speech cannot be saved now; `None` if all are.
    fn unsaved_reason(&mut self) -> Option<String> {
        let reader = self.state.reader.as_ref()?;
        if reader.annotations.unsaved_count() == 0 {
            return None;
        }
        self.annotation_controller.writer()?.flush(QUIT_PATIENCE).err().map(|error| error.to_string())
    }

    fn copy(&mut self, text: &str) -> Vec<AppEvent> {
        self.jobs.copy_to_clipboard(text.to_owned(), self.options.folders.as_ref().map(|folders| folders.state.clone()));
        let result = self.guard.output().and_then(|mut output| execute!(output, CopyToClipboard::to_clipboard_from(text)));
        match result {
            Ok(()) => Vec::new(),
            Err(error) => vec![AppEvent::Status(StatusMessage::error(notice::CANNOT_COPY).with("reason", error))],
        }
    }
}

/// The text that a change writes in a basket, on a tag or in a memo.
fn written_text(effect: &Effect) -> Option<&str> {
    match effect {
        Effect::Basket(request) => match &request.work {
            BasketWork::Edit { edit: BasketEdit::Add { items, .. }, .. } => items.first().map(BasketItem::text),
            BasketWork::Edit { edit: BasketEdit::Set { item, .. }, .. } => Some(item.text()),
            _ => None,
        },
        Effect::EditTags { edit, .. } => match &**edit {
            TagEdit::Detail { text, .. } => Some(text),
            _ => None,
        },
        Effect::EditMemo { edit, .. } => match &**edit {
            MemoEdit::Add { text } | MemoEdit::Write { text, .. } => Some(text),
            MemoEdit::Undo { .. } => None,
        },
        _ => None,
    }
}
