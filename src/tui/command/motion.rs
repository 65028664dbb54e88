//! Moving in the text.

use super::{Command, Context, Invocation};
use crate::tui::command::Context::Reader as R;
use crate::tui::state::Notice;
use crate::tui::state::Overlay;
use crate::tui::state::Prompt;
use crate::tui::state::PromptKind;
use crate::tui::state::Reader;
use crate::tui::viewport::Align;
use crate::tui::viewport::flow::is_point;

const TEXT: &[Context] = &[R];
const BOTH: &[Context] = &[R, Context::Outline];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("move-down", TEXT, &["j", "<Down>"], |on| rows(on, false)),
    Command::new("move-up", TEXT, &["k", "<Up>"], |on| rows(on, true)),
    Command::new("move-left", TEXT, &["h", "<Left>"], |on| graphemes(on, true)),
    Command::new("move-right", TEXT, &["l", "<Right>"], |on| graphemes(on, false)),
    Command::new("row-start", TEXT, &["0", "^", "<Home>"], |on| row_end(on, false)),
    Command::new("row-end", TEXT, &["$", "<End>"], |on| row_end(on, true)),
    Command::new("page-down", TEXT, &["<Space>", "<PageDown>", "<C-f>"], |on| turn(on, Page::Whole, false)),
    Command::new("page-up", TEXT, &["<PageUp>", "<C-b>"], |on| turn(on, Page::Whole, true)),
    Command::new("half-page-down", TEXT, &["<C-d>"], |on| turn(on, Page::Half, false)),
    Command::new("half-page-up", TEXT, &["<C-u>"], |on| turn(on, Page::Half, true)),
    Command::new("scroll-down", TEXT, &["<C-e>"], |on| scroll(on, false)),
    Command::new("scroll-up", TEXT, &["<C-y>"], |on| scroll(on, true)),
    Command::new("go-start", TEXT, &["gg", "<C-Home>"], go_start),
    Command::new("go-end", TEXT, &["G", "<C-End>"], go_end),
    Command::new("go-percent", TEXT, &["%"], go_percent),
    Command::new("screen-top", TEXT, &["H"], |on| on_screen(on, Align::Top)),
    Command::new("screen-middle", TEXT, &["M"], |on| on_screen(on, Align::Middle)),
    Command::new("screen-bottom", TEXT, &["L"], |on| on_screen(on, Align::Bottom)),
    Command::new("align-top", TEXT, &["zt"], |on| align(on, Align::Top)),
    Command::new("align-middle", TEXT, &["zz"], |on| align(on, Align::Middle)),
    Command::new("align-bottom", TEXT, &["zb"], |on| align(on, Align::Bottom)),
    Command::new("next-word", TEXT, &["w"], |on| step(on, "no-more", Reader::next_word)),
    Command::new("previous-word", TEXT, &["b"], |on| step(on, "no-more", Reader::previous_word)),
    Command::new("word-end", TEXT, &["e"], |on| step(on, "no-more", Reader::word_end)),
    Command::new("next-clause", TEXT, &["]c"], |on| step(on, "no-more", Reader::next_clause)),
    Command::new("previous-clause", TEXT, &["[c"], |on| step(on, "no-more", Reader::previous_clause)),
    Command::new("next-sentence", TEXT, &[")"], |on| step(on, "no-more", Reader::next_sentence)),
    Command::new("previous-sentence", TEXT, &["("], |on| step(on, "no-more", Reader::previous_sentence)),
    Command::new("next-paragraph", TEXT, &["}"], |on| step(on, "no-more", Reader::next_paragraph)),
    Command::new("previous-paragraph", TEXT, &["{"], |on| step(on, "no-more", Reader::previous_paragraph)),
    Command::new("next-section", BOTH, &["]s", "]]"], |on| jump(on, "no-next-section", |r| r.next_section(false, |s| !is_point(s.kind)))),
    Command::new("previous-section", BOTH, &["[s", "[["], |on| {
        jump(on, "no-previous-section", |r| r.next_section(true, |s| !is_point(s.kind)));
    }),
    Command::new("next-point", BOTH, &["]p"], |on| jump(on, "no-next-point", |r| r.next_section(false, |s| is_point(s.kind)))),
    Command::new("previous-point", BOTH, &["[p"], |on| jump(on, "no-previous-point", |r| r.next_section(true, |s| is_point(s.kind)))),
    Command::new("next-sibling", BOTH, &["J"], |on| jump(on, "no-next-section", |r| r.sibling(false))),
    Command::new("previous-sibling", BOTH, &["K"], |on| jump(on, "no-previous-section", |r| r.sibling(true))),
    Command::new("parent-section", BOTH, &["gu"], |on| jump(on, "no-parent-section", Reader::parent)),
    Command::new("next-annotation", BOTH, &["]a"], |on| jump(on, "no-next-annotation", |r| r.next_annotation(false))),
    Command::new("previous-annotation", BOTH, &["[a"], |on| jump(on, "no-previous-annotation", |r| r.next_annotation(true))),
    Command::new("next-untagged", BOTH, &["]u"], |on| jump(on, "no-untagged-section", |r| r.next_untagged(false))),
    Command::new("previous-untagged", BOTH, &["[u"], |on| jump(on, "no-untagged-section", |r| r.next_untagged(true))),
    Command::with_char("find-char", TEXT, &["f"], |on| find_char(on, false)),
    Command::with_char("find-char-back", TEXT, &["F"], |on| find_char(on, true)),
    Command::new("repeat-find", TEXT, &[";"], |on| repeat_find(on, false)),
    Command::new("repeat-find-back", TEXT, &[","], |on| repeat_find(on, true)),
    Command::new("jump-back", BOTH, &["<C-o>", "<A-Left>", "<BS>"], |on| on.reader_or("no-jump-back", |r| r.jump_back(false))),
    Command::new("jump-forward", BOTH, &["<A-Right>", "gi"], |on| on.reader_or("no-jump-forward", |r| r.jump_back(true))),
    Command::new("bookmark", BOTH, &["gb"], bookmark),
    Command::new("bookmarks", BOTH, &["gB"], |on| on.state.open_bookmarks()),
    Command::with_char("set-mark", TEXT, &["m"], set_mark),
    Command::with_char("go-mark", TEXT, &["'", "`"], go_mark),
];

fn rows(on: &mut Invocation<'_>, back: bool) {
    let steps = on.steps(back);
    let edge = if back { "at-start" } else { "at-end" };
    on.reader_or(edge, |reader| reader.viewport.move_rows(steps) > 0);
}

fn graphemes(on: &mut Invocation<'_>, back: bool) {
    let steps = on.steps(back);
    let edge = if back { "at-start" } else { "at-end" };
    on.reader_or(edge, |reader| reader.viewport.move_graphemes(steps));
}

fn row_end(on: &mut Invocation<'_>, last: bool) {
    if let Some(reader) = &mut on.state.reader {
        reader.viewport.to_row_end(last);
    }
}

#[derive(Clone, Copy)]
enum Page {
    Whole,
    Half,
}

fn turn(on: &mut Invocation<'_>, page: Page, back: bool) {
    let steps = on.steps(back);
    let edge = if back { "at-start" } else { "at-end" };
    on.reader_or(edge, |reader| {
        let height = isize::from(reader.viewport.height().cast_signed());
        // Two rows are seen again, so that the eye finds its place.
        let rows = match page {
            Page::Whole => (height - 2).max(1),
            Page::Half => (height / 2).max(1),
        };
        reader.viewport.turn(steps.saturating_mul(rows)) > 0
    });
}

fn scroll(on: &mut Invocation<'_>, back: bool) {
    let steps = on.steps(back);
    let edge = if back { "at-start" } else { "at-end" };
    on.reader_or(edge, |reader| reader.viewport.scroll(steps) > 0);
}

fn go_start(on: &mut Invocation<'_>) {
    match on.count {
        Some(line) => go_line(on, line),
        None => on.reader_or("at-start", |reader| reader.jump_to(0)),
    }
}

fn go_end(on: &mut Invocation<'_>) {
    match on.count {
        Some(line) => go_line(on, line),
        None => on.reader_or("at-end", |reader| reader.jump_to(reader.document().source.len())),
    }
}

/// To a line of the file, from 1.
fn go_line(on: &mut Invocation<'_>, line: usize) {
    on.reader_or("at-end", |reader| {
        let start = reader.document().source.line_span(line.saturating_sub(1)).start;
        reader.jump_to(start)
    });
}

fn go_percent(on: &mut Invocation<'_>) {
    let Some(percent) = on.count else {
        return on.say(Notice::hint("percent-wants-count"));
    };
    on.reader_or("at-end", |reader| reader.jump_to_percent(percent));
}

fn on_screen(on: &mut Invocation<'_>, place: Align) {
    if let Some(reader) = &mut on.state.reader {
        reader.viewport.cursor_to(place);
    }
}

fn align(on: &mut Invocation<'_>, place: Align) {
    if let Some(reader) = &mut on.state.reader {
        reader.viewport.align(place);
    }
}

/// Repeats a motion that gives the next place, without an entry in the jump list.
fn step(on: &mut Invocation<'_>, edge: &'static str, next: impl Fn(&Reader) -> Option<usize>) {
    let times = on.times();
    on.reader_or(edge, |reader| {
        let from = reader.viewport.cursor();
        for _ in 0..times {
            let Some(to) = next(reader).filter(|to| *to != reader.viewport.cursor()) else { break };
            reader.reveal(to);
        }
        reader.viewport.cursor() != from
    });
}

/// Repeats a motion that gives the next place, with one entry in the jump list.
fn jump(on: &mut Invocation<'_>, edge: &'static str, next: impl Fn(&Reader) -> Option<usize>) {
    let times = on.times();
    on.reader_or(edge, |reader| {
        let from = reader.viewport.cursor();
        for _ in 0..times {
            let Some(to) = next(reader) else { break };
            reader.reveal(to);
        }
        let to = reader.viewport.cursor();
        if to != from {
            reader.jumps.leave(from);
        }
        to != from
    });
}

fn find_char(on: &mut Invocation<'_>, back: bool) {
    let Some(wanted) = on.character else { return };
    if let Some(reader) = &mut on.state.reader {
        reader.last_find = Some((wanted, back));
    }
    run_find(on, wanted, back);
}

fn repeat_find(on: &mut Invocation<'_>, turned: bool) {
    match on.state.reader.as_ref().and_then(|reader| reader.last_find) {
        Some((wanted, back)) => run_find(on, wanted, back != turned),
        None => on.say(Notice::hint("no-find-yet")),
    }
}

fn run_find(on: &mut Invocation<'_>, wanted: char, back: bool) {
    let times = on.times();
    let found = on.state.reader.as_mut().is_some_and(|reader| {
        let place = reader.find_char(wanted, back, times);
        place.is_some_and(|place| {
            reader.reveal(place);
            true
        })
    });
    if !found {
        on.say(Notice::hint("char-not-found").with("char", wanted));
    }
}

/// Asks for the name of a bookmark; the section's is offered.
fn bookmark(on: &mut Invocation<'_>) {
    let Some(reader) = &on.state.reader else { return };
    let place = reader.viewport.cursor();
    let section = reader.document().outline.at(place).and_then(|id| reader.document().outline.get(id));
    let name = section.map(|section| format!("{}{}", section.marker_text, section.shown_title())).unwrap_or_default();
    let mut prompt = Prompt::new(PromptKind::Bookmark, place);
    prompt.input.set(name.trim());
    on.state.overlay = Some(Overlay::Prompt(prompt));
}

fn set_mark(on: &mut Invocation<'_>) {
    let Some(name) = on.character else { return };
    if let Some(reader) = &mut on.state.reader {
        let place = reader.viewport.cursor();
        reader.marks.insert(name.to_string(), place);
        on.say(Notice::done("mark-set").with("mark", name));
    }
}

fn go_mark(on: &mut Invocation<'_>) {
    let Some(name) = on.character else { return };
    let place = on.state.reader.as_ref().and_then(|reader| reader.mark(name));
    match place {
        Some(place) => on.reader_or("already-there", |reader| reader.jump_to(place)),
        None => on.say(Notice::hint("no-mark").with("mark", name)),
    }
}
