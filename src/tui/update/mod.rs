//! What each event does to the state.

mod mouse;

use super::{
    command::{self, keymap::Outcome},
    effect::{Effect, Event},
    state::{Notice, Origin, Overlay, Reader, Screen, State},
};
use pizhu_library::source::Speech;

/// Takes one event.
pub fn update(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match event {
        Event::Key(key) => {
            state.notice = None;
            let context = state.context();
            let mut pending = std::mem::take(&mut state.pending);
            let mut tried = pending.clone();
            let outcome = state.keymap.feed(context, &mut pending, key);
            state.pending = pending;
            match outcome {
                Outcome::Pending => {}
                Outcome::Run(command, count, character) => command::run(state, command, count, character, effects),
                Outcome::Type(c) => state.type_text(c.encode_utf8(&mut [0; 4]), effects),
                Outcome::Unbound => {
                    tried.push(key);
                    state.notice = Some(Notice::hint("key-unbound").with("key", tried.shown()));
                }
            }
        }
        Event::Mouse(mouse) => mouse::update(state, mouse, effects),
        Event::Paste(text) => {
            state.notice = None;
            if state.context().takes_text() {
                state.type_text(&text, effects);
            } else {
                state.notice = Some(Notice::hint("paste-nowhere"));
            }
        }
        Event::Resize(size) => state.resize(size),
        Event::Opened { number, speech, resume } if number == state.opened => opened(state, number, *speech, resume, effects),
        Event::Completed { number, speech } => completed(state, number, *speech, effects),
        Event::NotOpened { number, path, problem } if number == state.opened => {
            state.notice = Some(Notice::error("cannot-open").with("path", path.display()).with("reason", problem));
        }
        Event::Listed(listing) => {
            let was = state.library.is_scanning();
            state.library.take(listing);
            effects.extend(state.library.settle());
            if was && !state.library.is_scanning() {
                match state.screen {
                    Screen::Across => state.ask(effects),
                    Screen::Counts => state.count(effects),
                    Screen::Library | Screen::Reader | Screen::Beside => {}
                }
            }
        }
        Event::Answered { generation, answer } => state.take_answer(generation, *answer),
        Event::Beside { generation, sides } => state.take_beside(generation, *sides),
        Event::Tallied { generation, tally, more } => state.take_tally(generation, *tally, more),
        Event::Indexed(indexed) => state.library.take_indexed(indexed),
        Event::LibraryChanged => effects.extend(state.library.changed()),
        Event::Found { generation, hits, complete, problem } => found(state, generation, hits, complete, problem),
        Event::Annotations { number, placements, pending } => {
            if let Some(reader) = state.reader.as_mut().filter(|reader| reader.number == number) {
                reader.notes.take(placements, pending);
                // What was taken up to be put elsewhere may have been deleted, here or by another program.
                state.moving = state.moving.filter(|id| reader.notes.get(*id).is_some());
                let filter = reader.outline.filter().to_owned();
                if !filter.is_empty() {
                    reader.filter_outline(&filter);
                }
                state.settle_listing();
            }
        }
        Event::EditedOutside(text) => {
            if let Some(Overlay::Editor(editor)) = &mut state.overlay {
                editor.area.replace(text.trim_end_matches('\n'));
            }
        }
        Event::Reloaded { number, speech } => reloaded(state, number, *speech, effects),
        Event::ExportExists { format, path } => {
            state.notice = Some(Notice::error("export-exists").with("path", path.display()));
            state.ask_export(format, &path, true);
        }
        Event::Copies(copies) => state.offer_copies(&copies),
        Event::History(history) => state.offer_history(&history),
        Event::AcrossExists(path) => {
            state.notice = Some(Notice::error("export-exists").with("path", path.display()));
            state.ask_export_across(Some(&path.to_string_lossy()), true);
        }
        Event::CountsExist(path) => {
            state.notice = Some(Notice::error("export-exists").with("path", path.display()));
            state.ask_export_counts(Some(&path.to_string_lossy()), true);
        }
        Event::Codebook(codebook) => {
            if let Some(reader) = &mut state.reader {
                reader.notes.take_codebook(codebook);
            }
        }
        Event::Said(notice) => state.notice = Some(notice),
        // An answer about a speech that is no longer the one; and what the event loop has read.
        Event::Opened { .. } | Event::NotOpened { .. } | Event::Configured => {}
    }
}

pub(super) fn origin(speech: &Speech) -> Origin {
    Origin { path: speech.path.clone(), encoding: speech.encoding.name(), bom: speech.bom, replaced: speech.replaced }
}

fn opened(state: &mut State, number: u64, speech: Speech, resume: Option<usize>, effects: &mut Vec<Effect>) {
    let origin = origin(&speech);
    let reader = Reader::new(number, origin, speech.document, state.setting.style, state.setting.spacing);
    state.show(reader);
    if state.arrived(effects) {
        return;
    }
    if let (Some(reader), Some(place)) = (&mut state.reader, resume) {
        reader.resume_at(place);
    }
}

fn completed(state: &mut State, number: u64, speech: Speech, effects: &mut Vec<Effect>) {
    let Some(reader) = state.reader.as_mut().filter(|reader| reader.number == number) else { return };
    reader.origin = origin(&speech);
    let old = reader.viewport.document().clone();
    reader.set_document(speech.document);
    let document = reader.viewport.document().clone();
    effects.extend(reader.search.again(&document, true));
    state.carry_places(&old);
    state.arrange();
}

/// The file has changed: what is kept by place goes to where its text is now.
fn reloaded(state: &mut State, number: u64, speech: Speech, effects: &mut Vec<Effect>) {
    let Some(reader) = state.reader.as_mut().filter(|reader| reader.number == number) else { return };
    reader.origin = origin(&speech);
    if speech.document.source == reader.document().source {
        return;
    }
    let old = reader.viewport.document().clone();
    reader.reload(speech.document);
    let document = reader.viewport.document().clone();
    effects.extend(reader.search.again(&document, false));
    state.notice = Some(Notice::done("reloaded"));
    state.carry_places(&old);
    state.arrange();
}

fn found(state: &mut State, generation: u64, hits: Vec<pizhu_text::text::Span>, complete: bool, problem: Option<String>) {
    let Some(reader) = &mut state.reader else { return };
    let asked = reader.search.waits_for(generation);
    let none = hits.is_empty();
    if let Some(place) = reader.search.take(generation, hits, complete) {
        // Still typing: only the view goes there; the jump is remembered when the line is entered.
        reader.reveal(place);
    }
    if asked && none {
        let query = reader.search.query().to_owned();
        state.notice = Some(match problem {
            Some(problem) => Notice::error("bad-query").with("problem", problem),
            None => Notice::hint("not-found").with("query", query),
        });
    }
}

#[cfg(test)]
mod convenience_tests;
#[cfg(test)]
mod tests;
