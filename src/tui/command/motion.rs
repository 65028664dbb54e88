//! Motion commands in the text.

use super::definition::{Command, Invocation};
use crate::locale::{MessageId, notice};
use crate::tui::message::Context::Reader as R;
use crate::tui::message::{Context, StatusMessage};
use crate::tui::overlay::{Overlay, Prompt, PromptKind};
use crate::tui::state::ReaderScreen;
use crate::tui::viewport::Align;
use crate::tui::viewport::flow::is_point;

const TEXT: &[Context] = &[R];
const BOTH: &[Context] = &[R, Context::Outline];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("move-down", TEXT, &["j", "<Down>"], |cx| move_rows(cx, false)),
    Command::new("move-up", TEXT, &["k", "<Up>"], |cx| move_rows(cx, true)),
    Command::new("move-left", TEXT, &["h", "<Left>"], |cx| move_graphemes(cx, true)),
    Command::new("move-right", TEXT, &["l", "<Right>"], |cx| move_graphemes(cx, false)),
    Command::new("row-start", TEXT, &["0", "^", "<Home>"], |cx| row_end(cx, false)),
    Command::new("row-end", TEXT, &["$", "<End>"], |cx| row_end(cx, true)),
    Command::new("page-down", TEXT, &["<Space>", "<PageDown>", "<C-f>"], |cx| turn_page(cx, PageStep::Whole, false)),
    Command::new("page-up", TEXT, &["<PageUp>", "<C-b>"], |cx| turn_page(cx, PageStep::Whole, true)),
    Command::new("half-page-down", TEXT, &["<C-d>"], |cx| turn_page(cx, PageStep::Half, false)),
    Command::new("half-page-up", TEXT, &["<C-u>"], |cx| turn_page(cx, PageStep::Half, true)),
    Command::new("scroll-down", TEXT, &["<C-e>"], |cx| scroll(cx, false)),
    Command::new("scroll-up", TEXT, &["<C-y>"], |cx| scroll(cx, true)),
    Command::new("go-start", TEXT, &["gg", "<C-Home>"], go_start),
    Command::new("go-end", TEXT, &["G", "<C-End>"], go_end),
    Command::new("go-percent", TEXT, &["%"], go_percent),
    Command::new("screen-top", TEXT, &["H"], |cx| move_to_screen_row(cx, Align::Top)),
    Command::new("screen-middle", TEXT, &["M"], |cx| move_to_screen_row(cx, Align::Middle)),
    Command::new("screen-bottom", TEXT, &["L"], |cx| move_to_screen_row(cx, Align::Bottom)),
    Command::new("align-top", TEXT, &["zt"], |cx| align(cx, Align::Top)),
    Command::new("align-middle", TEXT, &["zz"], |cx| align(cx, Align::Middle)),
    Command::new("align-bottom", TEXT, &["zb"], |cx| align(cx, Align::Bottom)),
    Command::new("next-word", TEXT, &["w"], |cx| step(cx, notice::NO_MORE, ReaderScreen::next_word)),
    Command::new("previous-word", TEXT, &["b"], |cx| step(cx, notice::NO_MORE, ReaderScreen::previous_word)),
    Command::new("word-end", TEXT, &["e"], |cx| step(cx, notice::NO_MORE, ReaderScreen::word_end)),
    Command::new("next-clause", TEXT, &["]c"], |cx| step(cx, notice::NO_MORE, ReaderScreen::next_clause)),
    Command::new("previous-clause", TEXT, &["[c"], |cx| step(cx, notice::NO_MORE, ReaderScreen::previous_clause)),
    Command::new("next-sentence", TEXT, &[")"], |cx| step(cx, notice::NO_MORE, ReaderScreen::next_sentence)),
    Command::new("previous-sentence", TEXT, &["("], |cx| step(cx, notice::NO_MORE, ReaderScreen::previous_sentence)),
    Command::new("next-paragraph", TEXT, &["}"], |cx| step(cx, notice::NO_MORE, ReaderScreen::next_paragraph)),
    Command::new("previous-paragraph", TEXT, &["{"], |cx| step(cx, notice::NO_MORE, ReaderScreen::previous_paragraph)),
    Command::new("next-section", BOTH, &["]s", "]]"], |cx| {
        jump(cx, notice::NO_NEXT_SECTION, |r| r.next_section(false, |s| !is_point(s.kind)));
    }),
    Command::new("previous-section", BOTH, &["[s", "[["], |cx| {
        jump(cx, notice::NO_PREVIOUS_SECTION, |r| r.next_section(true, |s| !is_point(s.kind)));
    }),
    Command::new("next-point", BOTH, &["]p"], |cx| jump(cx, notice::NO_NEXT_POINT, |r| r.next_section(false, |s| is_point(s.kind)))),
    Command::new("previous-point", BOTH, &["[p"], |cx| jump(cx, notice::NO_PREVIOUS_POINT, |r| r.next_section(true, |s| is_point(s.kind)))),
    Command::new("next-sibling", BOTH, &["J"], |cx| jump(cx, notice::NO_NEXT_SECTION, |r| r.sibling(false))),
    Command::new("previous-sibling", BOTH, &["K"], |cx| jump(cx, notice::NO_PREVIOUS_SECTION, |r| r.sibling(true))),
    Command::new("parent-section", BOTH, &["gu"], |cx| jump(cx, notice::NO_PARENT_SECTION, ReaderScreen::parent)),
    Command::new("next-annotation", BOTH, &["]a"], |cx| jump(cx, notice::NO_NEXT_ANNOTATION, |r| r.next_annotation(false))),
    Command::new("previous-annotation", BOTH, &["[a"], |cx| jump(cx, notice::NO_PREVIOUS_ANNOTATION, |r| r.next_annotation(true))),
    Command::new("next-untagged", BOTH, &["]u"], |cx| jump(cx, notice::NO_UNTAGGED_SECTION, |r| r.next_untagged(false))),
    Command::new("previous-untagged", BOTH, &["[u"], |cx| jump(cx, notice::NO_UNTAGGED_SECTION, |r| r.next_untagged(true))),
    Command::with_char("find-char", TEXT, &["f"], |cx| find_char(cx, false)),
    Command::with_char("find-char-back", TEXT, &["F"], |cx| find_char(cx, true)),
    Command::new("repeat-find", TEXT, &[";"], |cx| repeat_find(cx, false)),
    Command::new("repeat-find-back", TEXT, &[","], |cx| repeat_find(cx, true)),
    Command::new("jump-back", BOTH, &["<C-o>", "<A-Left>", "<BS>"], |cx| cx.with_reader(notice::NO_JUMP_BACK, |r| r.jump_in_list(false))),
    Command::new("jump-forward", BOTH, &["<A-Right>", "gi"], |cx| cx.with_reader(notice::NO_JUMP_FORWARD, |r| r.jump_in_list(true))),
    Command::new("bookmark", BOTH, &["gb"], bookmark),
    Command::new("bookmarks", BOTH, &["gB"], |cx| cx.state.open_bookmarks()),
    Command::with_char("set-mark", TEXT, &["m"], set_mark),
    Command::with_char("go-mark", TEXT, &["'", "`"], go_mark),
];

fn move_rows(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    let edge = if back { notice::AT_START } else { notice::AT_END };
    cx.with_reader(edge, |reader| read_on(reader, |reader| reader.viewport.move_rows(steps) > 0));
}

fn move_graphemes(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    let edge = if back { notice::AT_START } else { notice::AT_END };
    cx.with_reader(edge, |reader| reader.viewport.move_graphemes(steps));
}

fn row_end(cx: &mut Invocation<'_>, last: bool) {
    if let Some(reader) = &mut cx.state.reader {
        reader.viewport.go_to_row_end(last);
    }
}

#[derive(Clone, Copy)]
enum PageStep {
    Whole,
    Half,
}

fn turn_page(cx: &mut Invocation<'_>, page: PageStep, back: bool) {
    let steps = cx.steps(back);
    let edge = if back { notice::AT_START } else { notice::AT_END };
    cx.with_reader(edge, |reader| {
        let height = isize::from(reader.viewport.height().cast_signed());
        // Two rows overlap, for orientation.
        let rows = match page {
            PageStep::Whole => (height - 2).max(1),
            PageStep::Half => (height / 2).max(1),
        };
        read_on(reader, |reader| reader.viewport.scroll_with_cursor(steps.saturating_mul(rows)) > 0)
    });
}

fn scroll(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    let edge = if back { notice::AT_START } else { notice::AT_END };
    cx.with_reader(edge, |reader| read_on(reader, |reader| reader.viewport.scroll(steps) > 0));
}

/// Moves through the text; who scrolls on from a hit reads there, so that it becomes the reading place.
fn read_on(reader: &mut ReaderScreen, motion: impl FnOnce(&mut ReaderScreen) -> bool) -> bool {
    let top = reader.viewport.anchor();
    let moved = motion(reader);
    if moved && reader.viewport.anchor() != top {
        reader.visited_from = None;
    }
    moved
}

fn go_start(cx: &mut Invocation<'_>) {
    match cx.count {
        Some(line) => go_line(cx, line),
        None => cx.with_reader(notice::AT_START, |reader| reader.jump_to(0)),
    }
}

fn go_end(cx: &mut Invocation<'_>) {
    match cx.count {
        Some(line) => go_line(cx, line),
        None => cx.with_reader(notice::AT_END, |reader| reader.jump_to(reader.document().source.len())),
    }
}

/// Goes to a line of the file, counted from 1.
fn go_line(cx: &mut Invocation<'_>, line: usize) {
    cx.with_reader(notice::AT_END, |reader| {
        let start = reader.document().source.line_span(line.saturating_sub(1)).start;
        reader.jump_to(start)
    });
}

fn go_percent(cx: &mut Invocation<'_>) {
    let Some(percent) = cx.count else {
        return cx.set_status(StatusMessage::hint(notice::PERCENT_WANTS_COUNT));
    };
    cx.with_reader(notice::AT_END, |reader| reader.jump_to_percent(percent));
}

fn move_to_screen_row(cx: &mut Invocation<'_>, align: Align) {
    if let Some(reader) = &mut cx.state.reader {
        reader.viewport.cursor_to(align);
    }
}

fn align(cx: &mut Invocation<'_>, align: Align) {
    if let Some(reader) = &mut cx.state.reader {
        reader.viewport.align(align);
    }
}

/// Repeats a motion `count` times, without adding to the jump list.
fn step(cx: &mut Invocation<'_>, edge: MessageId, next: impl Fn(&ReaderScreen) -> Option<usize>) {
    let times = cx.times();
    cx.with_reader(edge, |reader| {
        let from = reader.viewport.cursor();
        for _ in 0..times {
            let Some(to) = next(reader).filter(|to| *to != reader.viewport.cursor()) else { break };
            reader.reveal(to);
        }
        reader.viewport.cursor() != from
    });
}

/// Repeats a motion `count` times, adding one entry to the jump list.
fn jump(cx: &mut Invocation<'_>, edge: MessageId, next: impl Fn(&ReaderScreen) -> Option<usize>) {
    let times = cx.times();
    cx.with_reader(edge, |reader| {
        let from = reader.viewport.cursor();
        for _ in 0..times {
            let Some(to) = next(reader) else { break };
            reader.reveal(to);
        }
        let to = reader.viewport.cursor();
        if to != from {
            reader.jumps.push(from);
        }
        to != from
    });
}

fn find_char(cx: &mut Invocation<'_>, back: bool) {
    let Some(target) = cx.character else { return };
    if let Some(reader) = &mut cx.state.reader {
        reader.last_find = Some((target, back));
    }
    run_find(cx, target, back);
}

fn repeat_find(cx: &mut Invocation<'_>, reversed: bool) {
    match cx.state.reader.as_ref().and_then(|reader| reader.last_find) {
        Some((target, back)) => run_find(cx, target, back != reversed),
        None => cx.set_status(StatusMessage::hint(notice::NO_FIND_YET)),
    }
}

fn run_find(cx: &mut Invocation<'_>, target: char, back: bool) {
    let times = cx.times();
    let found = cx.state.reader.as_mut().is_some_and(|reader| {
        let offset = reader.find_char(target, back, times);
        offset.is_some_and(|offset| {
            reader.reveal(offset);
            true
        })
    });
    if !found {
        cx.set_status(StatusMessage::hint(notice::CHAR_NOT_FOUND).with("char", target));
    }
}

/// Asks for the name of a bookmark; preset with the section's heading.
fn bookmark(cx: &mut Invocation<'_>) {
    let Some(reader) = &cx.state.reader else { return };
    let offset = reader.viewport.cursor();
    let section = reader.document().outline.section_at(offset).and_then(|id| reader.document().outline.get(id));
    let name = section.map(|section| format!("{}{}", section.marker_text, section.display_title())).unwrap_or_default();
    let mut prompt = Prompt::new(PromptKind::Bookmark, offset);
    prompt.input.set(name.trim());
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

fn set_mark(cx: &mut Invocation<'_>) {
    let Some(name) = cx.character else { return };
    if let Some(reader) = &mut cx.state.reader {
        let offset = reader.viewport.cursor();
        reader.marks.insert(name.to_string(), offset);
        cx.set_status(StatusMessage::done(notice::MARK_SET).with("mark", name));
    }
}

fn go_mark(cx: &mut Invocation<'_>) {
    let Some(name) = cx.character else { return };
    let offset = cx.state.reader.as_ref().and_then(|reader| reader.mark(name));
    match offset {
        Some(offset) => cx.with_reader(notice::ALREADY_THERE, |reader| reader.jump_to(offset)),
        None => cx.set_status(StatusMessage::hint(notice::NO_MARK).with("mark", name)),
    }
}
