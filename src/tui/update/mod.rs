//! The update function: what each event does to the state. The other files hold what commands and
//! events do to its parts.

mod command_line;
mod display_options;
mod match_extent;
mod mouse;
mod screen;
mod session;

use super::{
    command::{
        self,
        keymap::{KeyOutcome, Keymap},
    },
    effect::{AppEvent, Effect},
    message::{LibraryUpdate, StatusMessage},
    overlay::{Overlay, PromptKind},
    state::{Origin, ReaderScreen, State},
};
use crate::app::find::FoundSpans;
use crate::locale::notice;
use crate::tui::key::Key;
use pizhu_annotation::anchor::TextComparison;
use pizhu_library::source::Speech;
use pizhu_text::document::Document;
use std::{collections::BTreeMap, sync::Arc};

/// Applies an event to the state and collects the requested effects. `keymap` holds the bindings in
/// force; it changes only between events.
pub fn update(state: &mut State, keymap: &Keymap, event: AppEvent, effects: &mut Vec<Effect>) {
    match event {
        AppEvent::Key(key) => on_key(state, keymap, key, effects),
        AppEvent::Mouse(mouse) => mouse::update(state, keymap, mouse, effects),
        AppEvent::Paste(text) => {
            state.status = None;
            if state.context().takes_text() {
                state.type_text(&text, keymap, effects);
            } else {
                state.status = Some(StatusMessage::hint(notice::PASTE_NOWHERE));
            }
        }
        AppEvent::Resize(size) => state.resize(size),
        AppEvent::AmbiguousWidth(width) => {
            state.display_options.style.ambiguous = width;
            state.arrange();
        }
        AppEvent::Appearance { locale, theme } => (state.locale, state.theme_name) = (locale, theme),
        AppEvent::Themes(names) => state.theme_names = names,
        AppEvent::SettingsReloaded(settings) => state.apply_settings(*settings),
        AppEvent::Opened { opening, speech, resume } if opening == state.last_opening => {
            on_opened(state, opening, *speech, resume, effects);
        }
        AppEvent::PlaceRestored { marks, offset } => on_place_restored(state, marks, offset),
        AppEvent::PlaceCorrected { marks, shown, exact } => on_place_corrected(state, marks, shown, exact),
        AppEvent::Completed { opening, speech } => on_completed(state, opening, *speech, effects),
        AppEvent::OpenFailed { opening, path, error } if opening == state.last_opening => {
            state.status = Some(StatusMessage::error(notice::CANNOT_OPEN).with("path", path.display()).with("reason", error));
        }
        AppEvent::Previewed(preview) => state.set_preview(*preview),
        AppEvent::FavouriteSet { path, is_favourite } => state.favourite_set(&path, is_favourite),
        AppEvent::LibraryUpdated(library_update) => on_library_updated(state, library_update, effects),
        AppEvent::Found { generation, found, more } => state.add_found(generation, *found, more),
        AppEvent::Compared { generation, content } => state.set_compared(generation, &content),
        AppEvent::Counted { generation, tally, more } => state.set_tally(generation, *tally, more),
        AppEvent::LibraryChanged => effects.extend(state.library.on_change()),
        AppEvent::FoundSpans { generation, found } => on_found_spans(state, generation, found),
        AppEvent::Annotations { opening, document, annotations: placements, unsaved, outline_edits, records } => {
            show_mended(state, opening, &document);
            if let Some(reader) = state.reader.as_mut().filter(|reader| reader.opening == opening) {
                reader.annotations.set(placements, unsaved, outline_edits);
                reader.annotations.set_records(records);
                // The annotation picked up may have been deleted, here or by another program.
                let is_there = |id: &_| reader.annotations.get(*id).is_some() || reader.annotations.outline_edit(*id).is_some();
                state.moving_annotation = state.moving_annotation.filter(is_there);
                let filter = reader.outline.filter().to_owned();
                if !filter.is_empty() {
                    reader.filter_outline(&filter);
                }
                state.follow_annotations();
            }
        }
        AppEvent::EditedExternally(text) => take_edited_text(state, &text),
        AppEvent::DraftsFound { opening, drafts } => {
            if opening.is_none_or(|opening| state.reader.as_ref().is_some_and(|reader| reader.opening == opening)) {
                state.found_drafts.extend(drafts);
            }
        }
        AppEvent::CannotQuit(reason) => state.ask_quit_unsaved(&reason),
        AppEvent::Reloaded { opening, speech } => on_reloaded(state, opening, *speech, effects),
        AppEvent::TextsCompared { opening, speech, comparison } => on_compared(state, opening, &speech, comparison.as_deref(), effects),
        AppEvent::SpeechGone { opening } => {
            if state.reader.as_ref().is_some_and(|reader| reader.opening == opening) {
                state.status = Some(StatusMessage::error(notice::SPEECH_GONE));
            }
        }
        AppEvent::ExportFileExists { kind, path } => state.ask_to_replace(PromptKind::from(kind), &path),
        AppEvent::StoreInspected { dir, inspection } => state.pick_trust(&dir, &inspection),
        AppEvent::Session(event) => state.session_told(*event),
        AppEvent::History(history) => state.pick_history(&history),
        AppEvent::LeftToOthers { action, count } => state.ask_about_others(action, count),
        AppEvent::AttributeTypes(types) => state.attribute_types = types,
        AppEvent::Codebook(codebook) => {
            if let Some(reader) = &mut state.reader {
                reader.annotations.set_codebook(codebook);
            }
        }
        AppEvent::Memos(report) => state.set_memos(*report),
        AppEvent::MemoEdited { edit, change } => state.memo_edited(&edit, change),
        AppEvent::MemoRefused { edit, message } => state.memo_refused(&edit, message),
        AppEvent::MemoFound { path, span } => state.go_to_memo(&path, span, effects),
        AppEvent::Tags(report) => state.set_tags(*report),
        AppEvent::Baskets(baskets) => state.set_baskets(*baskets),
        AppEvent::BasketEdited(edited) => state.basket_edited(*edited),
        AppEvent::BasketUndoFailed { action, told, direction } => state.basket_undo_failed(action, told, direction),
        AppEvent::TagsEdited { edit, change } => state.tags_edited(&edit, change),
        AppEvent::TagsRefused { edit, message } => state.tags_refused(&edit, message),
        AppEvent::Status(message) => state.status = Some(message),
        // Events of an earlier speech; the others are handled by the event loop.
        AppEvent::Opened { .. }
        | AppEvent::FirstBlockRead { .. }
        | AppEvent::OpenFailed { .. }
        | AppEvent::ConfigChanged
        | AppEvent::NoteFileChanged
        | AppEvent::PlaceFound { .. } => {}
    }
    command::run_queued(state, keymap, effects);
    state.offer_next_draft();
    state.request_preview(effects);
}

/// Runs the command that the key completes, or types its character.
fn on_key(state: &mut State, keymap: &Keymap, key: Key, effects: &mut Vec<Effect>) {
    state.status = None;
    let context = state.context();
    let mut unsaved = std::mem::take(&mut state.pending_keys);
    let mut sequence = unsaved.clone();
    let outcome = keymap.feed(context, &mut unsaved, key);
    state.pending_keys = unsaved;
    match outcome {
        KeyOutcome::Pending => {}
        KeyOutcome::Run(command, count, character) => command::run(state, keymap, command.name, count, character, effects),
        KeyOutcome::Type(c) => state.type_text(c.encode_utf8(&mut [0; 4]), keymap, effects),
        KeyOutcome::Unbound => {
            sequence.push(key);
            state.status = Some(StatusMessage::hint(notice::KEY_UNBOUND).with("key", sequence.text()));
        }
    }
}

/// Takes the text that an external editor wrote.
fn take_edited_text(state: &mut State, text: &str) {
    if let Some(Overlay::Editor(editor)) = &mut state.overlay {
        editor.area.replace(text.trim_end_matches('\n'));
    }
}

/// Takes in what the scan of the library found; at its end, asks the screens that show it again.
fn on_library_updated(state: &mut State, library_update: LibraryUpdate, effects: &mut Vec<Effect>) {
    let was_scanning = state.library.is_scanning();
    state.library.apply_update(library_update);
    effects.extend(state.library.take_pending_rescan());
    if was_scanning && !state.library.is_scanning() {
        (state.screen.functions().library_changed)(state, effects);
    }
}

pub(super) fn speech_origin(speech: &Speech) -> Origin {
    Origin {
        path: speech.path.clone(),
        encoding: speech.encoding.name(),
        bom: speech.bom,
        replaced: speech.replaced,
        missing_parts: speech.missing_parts.len(),
    }
}

fn on_opened(state: &mut State, opening: u64, speech: Speech, resume: Option<usize>, effects: &mut Vec<Effect>) {
    let origin = speech_origin(&speech);
    let reader = ReaderScreen::new(opening, origin, speech.document, state.display_options.style, state.display_options.spacing);
    state.show_reader(reader);
    if state.finish_pending_jump(resume, effects) {
        return;
    }
    if let (Some(reader), Some(offset)) = (&mut state.reader, resume) {
        reader.resume_at(offset);
    }
}

fn on_completed(state: &mut State, opening: u64, speech: Speech, effects: &mut Vec<Effect>) {
    let Some(reader) = state.reader.as_mut().filter(|reader| reader.opening == opening) else { return };
    reader.origin = speech_origin(&speech);
    let old = reader.viewport.document().clone();
    reader.set_document(speech.document);
    let document = reader.viewport.document().clone();
    effects.extend(reader.search.rerun(&document, true));
    state.reanchor_overlays(&old);
    state.arrange();
}

/// Shows the outline as it is mended, if it is that of the text shown.
fn show_mended(state: &mut State, opening: u64, document: &Arc<Document>) {
    let Some(reader) = state.reader.as_mut().filter(|reader| reader.opening == opening) else { return };
    let old = reader.viewport.document().clone();
    if Arc::ptr_eq(&old, document) || old.is_final != document.is_final || old.source != document.source {
        return;
    }
    reader.set_document(Arc::clone(document));
    state.reanchor_overlays(&old);
    state.arrange();
}

/// Handles a change of the file. The old text stays on the screen until it has been compared with the new one.
fn on_reloaded(state: &mut State, opening: u64, speech: Speech, effects: &mut Vec<Effect>) {
    let Some(reader) = state.reader.as_mut().filter(|reader| reader.opening == opening) else { return };
    // What is being compared is out of date.
    reader.awaited_text = None;
    if speech.document.source == reader.document().source {
        reader.origin = speech_origin(&speech);
        return;
    }
    if speech.document.source.is_empty() {
        // Many programs empty a file before they fill it: the place and the marks wait for its text.
        state.status = Some(StatusMessage::error(notice::SPEECH_EMPTIED));
        return;
    }
    if let Some(old) = reader.text_to_compare(&speech.document) {
        reader.awaited_text = Some(Arc::clone(&speech.document));
        effects.push(Effect::CompareTexts { opening, old, speech: Box::new(speech) });
        return;
    }
    show_changed(state, &speech, None, effects);
}

/// Shows a changed text that was compared with the one on the screen, if it is the latest.
fn on_compared(state: &mut State, opening: u64, speech: &Speech, comparison: Option<&TextComparison>, effects: &mut Vec<Effect>) {
    let awaited = state.reader.as_ref().filter(|reader| reader.opening == opening).and_then(|reader| reader.awaited_text.as_ref());
    if awaited.is_some_and(|awaited| Arc::ptr_eq(awaited, &speech.document)) {
        show_changed(state, speech, comparison, effects);
    }
}

/// Shows a changed text: offsets are mapped to it.
fn show_changed(state: &mut State, speech: &Speech, comparison: Option<&TextComparison>, effects: &mut Vec<Effect>) {
    let Some(reader) = &mut state.reader else { return };
    reader.origin = speech_origin(speech);
    let old = reader.viewport.document().clone();
    reader.reload(Arc::clone(&speech.document), comparison);
    let document = reader.viewport.document().clone();
    effects.extend(reader.search.rerun(&document, false));
    state.status = Some(StatusMessage::done(notice::RELOADED));
    state.reanchor_overlays(&old);
    state.arrange();
}

/// Takes the marks and the place that were saved.
fn on_place_restored(state: &mut State, marks: BTreeMap<String, usize>, offset: Option<usize>) {
    let Some(reader) = &mut state.reader else { return };
    reader.marks = marks;
    if let Some(offset) = offset {
        reader.resume_at(offset);
        state.arrange();
    }
}

/// Takes the exact place, unless the user has gone on meanwhile.
fn on_place_corrected(state: &mut State, marks: BTreeMap<String, usize>, (shown, cursor): (usize, usize), exact: usize) {
    let Some(reader) = &mut state.reader else { return };
    reader.marks.extend(marks);
    match &mut reader.visited_from {
        Some(from) if *from == shown => *from = exact,
        None if reader.viewport.cursor() == cursor && shown > 0 => reader.resume_at(exact),
        _ => {}
    }
    state.arrange();
}

fn on_found_spans(state: &mut State, generation: u64, FoundSpans { hits, complete, error }: FoundSpans) {
    let Some(reader) = &mut state.reader else { return };
    let was_awaited = reader.search.waits_for(generation);
    let is_empty = hits.is_empty();
    if let Some(offset) = reader.search.set_hits(generation, hits, complete) {
        // While typing only the view moves; the jump is recorded when the search is accepted.
        reader.reveal(offset);
    }
    if was_awaited && is_empty {
        let query = reader.search.query().to_owned();
        state.status = Some(match error {
            Some(error) => StatusMessage::error(notice::BAD_QUERY).with("problem", error),
            None => StatusMessage::hint(notice::NOT_FOUND).with("query", query),
        });
    }
}

#[cfg(test)]
mod convenience_tests;
#[cfg(test)]
mod field_tests;
#[cfg(test)]
mod library_tests;
#[cfg(test)]
mod outline_width_tests;
#[cfg(test)]
mod tags_tests;
#[cfg(test)]
mod tests;
