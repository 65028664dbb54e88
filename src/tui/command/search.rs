//! Search commands in the text.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::message::{Context, StatusMessage};
use crate::tui::overlay::{Overlay, Prompt, PromptKind};

const BOTH: &[Context] = &[Context::Reader, Context::Outline];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("search-forward", BOTH, &["/"], |cx| open_search(cx, PromptKind::Search { back: false })),
    Command::new("search-backward", BOTH, &["?"], |cx| open_search(cx, PromptKind::Search { back: true })),
    Command::new("next-match", BOTH, &["n"], |cx| go_to_next_hit(cx, false)),
    Command::new("previous-match", BOTH, &["N"], |cx| go_to_next_hit(cx, true)),
    Command::new("search-selection", &[Context::Reader], &["*"], search_selection),
    Command::new("search-mode", &[Context::Prompt], &["<C-t>"], next_mode),
    Command::new("tag-matches", BOTH, &["gt"], tag_matches),
];

fn open_search(cx: &mut Invocation<'_>, kind: PromptKind) {
    let offset = cx.state.reader.as_ref().map_or(0, |reader| reader.viewport.cursor());
    let mut prompt = Prompt::new(kind, offset);
    prompt.input = cx.state.prompt_history.new_input(kind, "");
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

fn go_to_next_hit(cx: &mut Invocation<'_>, reversed: bool) {
    let times = cx.times();
    let Some(reader) = &mut cx.state.reader else { return };
    if reader.search.query().is_empty() {
        return cx.set_status(StatusMessage::hint(notice::NO_SEARCH_YET));
    }
    let back = reader.search.is_backward() != reversed;
    let from = reader.viewport.cursor();
    let Some((offset, wrapped)) = reader.search.step(from, back, times) else {
        if !reader.search.is_complete() {
            return; // it goes there when all hits are known
        }
        let query = reader.search.query().to_owned();
        return cx.set_status(StatusMessage::hint(notice::NOT_FOUND).with("query", query));
    };
    reader.jump_to(offset);
    if wrapped {
        cx.set_status(StatusMessage::hint(if back { notice::SEARCH_WRAPPED_BACK } else { notice::SEARCH_WRAPPED }));
    }
}

fn search_selection(cx: &mut Invocation<'_>) {
    let Some(reader) = &mut cx.state.reader else { return };
    let Some(span) = reader.selected().or_else(|| reader.word_under_cursor()) else {
        return cx.set_status(StatusMessage::hint(notice::NOTHING_TO_SELECT));
    };
    let query = reader.document().text(span);
    reader.selection = None;
    let effect = reader.search.start_words(&query, span.start, reader.viewport.document());
    cx.effects.extend(effect);
}

/// Switches the search being typed to the next mode.
fn next_mode(cx: &mut Invocation<'_>) {
    let searching = matches!(&cx.state.overlay, Some(Overlay::Prompt(prompt)) if matches!(prompt.kind, PromptKind::Search { .. }));
    let Some(reader) = cx.state.reader.as_mut().filter(|_| searching) else {
        return cx.set_status(StatusMessage::hint(notice::NO_SEARCH_YET));
    };
    let document = reader.viewport.document().clone();
    let effect = reader.search.next_mode(&document);
    cx.effects.extend(effect);
}

/// Asks whether the sentences, the sections or the matches themselves are tagged.
fn tag_matches(cx: &mut Invocation<'_>) {
    cx.state.pick_match_extent();
}
