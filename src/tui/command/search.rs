//! Finding words in the text.

use super::{Command, Context, Invocation};
use crate::tui::state::Notice;
use crate::tui::state::Overlay;
use crate::tui::state::Prompt;
use crate::tui::state::PromptKind;

const BOTH: &[Context] = &[Context::Reader, Context::Outline];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("search-forward", BOTH, &["/"], |on| ask(on, PromptKind::Search { back: false })),
    Command::new("search-backward", BOTH, &["?"], |on| ask(on, PromptKind::Search { back: true })),
    Command::new("next-match", BOTH, &["n"], |on| next(on, false)),
    Command::new("previous-match", BOTH, &["N"], |on| next(on, true)),
    Command::new("search-selection", &[Context::Reader], &["*"], search_selection),
    Command::new("search-mode", &[Context::Prompt], &["<C-t>"], next_mode),
    Command::new("tag-matches", BOTH, &["gt"], tag_matches),
];

fn ask(on: &mut Invocation<'_>, kind: PromptKind) {
    let place = on.state.reader.as_ref().map_or(0, |reader| reader.viewport.cursor());
    let mut prompt = Prompt::new(kind, place);
    prompt.input = on.state.history.line(kind, "");
    on.state.overlay = Some(Overlay::Prompt(prompt));
}

fn next(on: &mut Invocation<'_>, turned: bool) {
    let times = on.times();
    let Some(reader) = &mut on.state.reader else { return };
    if reader.search.query().is_empty() {
        return on.say(Notice::hint("no-search-yet"));
    }
    let back = reader.search.back() != turned;
    let from = reader.viewport.cursor();
    let Some((place, wrapped)) = reader.search.step(from, back, times) else {
        if !reader.search.is_complete() {
            return; // it goes there when all hits are known
        }
        let query = reader.search.query().to_owned();
        return on.say(Notice::hint("not-found").with("query", query));
    };
    reader.jump_to(place);
    if wrapped {
        on.say(Notice::hint(if back { "search-wrapped-back" } else { "search-wrapped" }));
    }
}

fn search_selection(on: &mut Invocation<'_>) {
    let Some(reader) = &mut on.state.reader else { return };
    let Some(span) = reader.selected().or_else(|| reader.word_under_cursor()) else {
        return on.say(Notice::hint("nothing-to-select"));
    };
    let query = reader.document().text(span);
    reader.selection = None;
    let effect = reader.search.begin_words(&query, span.start, reader.viewport.document());
    on.effects.extend(effect);
}

/// Compares what is being typed in the next way.
fn next_mode(on: &mut Invocation<'_>) {
    let searching = matches!(&on.state.overlay, Some(Overlay::Prompt(prompt)) if matches!(prompt.kind, PromptKind::Search { .. }));
    let Some(reader) = on.state.reader.as_mut().filter(|_| searching) else {
        return on.say(Notice::hint("no-search-yet"));
    };
    let document = reader.viewport.document().clone();
    let effect = reader.search.next_mode(&document);
    on.effects.extend(effect);
}

fn tag_matches(on: &mut Invocation<'_>) {
    let hits = on.state.reader.as_ref().map(|reader| reader.search.hits().to_vec()).unwrap_or_default();
    if hits.is_empty() {
        return on.say(Notice::hint("no-search-yet"));
    }
    on.state.open_tag_picker(hits.into_iter().map(pizhu_annotation::Target::Passage).collect());
}
