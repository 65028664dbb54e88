//! Commands of the tags screen.

use super::definition::{Command, Invocation};
use crate::locale::{MessageId, notice};
use crate::tui::message::{Context, StatusMessage, TagField};
use crate::tui::overlay::{Overlay, Prompt, PromptKind, TagQuestion};
use crate::tui::state::TagsScreen;

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const TAGS: &[Context] = &[Context::Tags];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("manage-tags", SCREENS, &["gM"], |cx| cx.state.open_tags(cx.effects)),
    Command::new("tags-read", TAGS, &["<Enter>"], |cx| cx.state.read_selected_tag(cx.effects)),
    Command::new("tags-rename", TAGS, &["r"], |cx| cx.state.ask_tag(TagQuestion::Rename)),
    Command::new("tags-merge", TAGS, &["m"], |cx| cx.state.pick_other_tag(true)),
    Command::new("tags-move", TAGS, &["M"], |cx| cx.state.pick_other_tag(false)),
    Command::new("tags-delete", TAGS, &["D", "x", "<Del>"], |cx| cx.state.ask_delete_tag()),
    Command::new("tags-add", TAGS, &["a", "o"], |cx| cx.state.ask_tag(TagQuestion::Add)),
    Command::new("tags-add-below", TAGS, &["A", "O"], |cx| cx.state.ask_tag(TagQuestion::AddBelow)),
    Command::new("tags-key", TAGS, &["t"], |cx| cx.state.ask_tag(TagQuestion::Key)),
    Command::new("tags-colour", TAGS, &["c"], |cx| recolour(cx, false)),
    Command::new("tags-colour-back", TAGS, &["C"], |cx| recolour(cx, true)),
    Command::new("tags-sign", TAGS, &["s"], |cx| cx.state.ask_tag(TagQuestion::Sign)),
    Command::new("tags-define", TAGS, &["d", "e"], |cx| cx.state.edit_tag_text(TagField::Definition)),
    Command::new("tags-keywords", TAGS, &["w"], |cx| cx.state.ask_tag(TagQuestion::Keywords)),
    Command::new("tags-memo", TAGS, &["n"], |cx| cx.state.edit_tag_text(TagField::Memo)),
    Command::new("tags-split", TAGS, &["S"], |cx| cx.state.split_tag(cx.effects)),
    Command::new("tags-restore", TAGS, &["R"], |cx| cx.state.pick_deleted_tag()),
    Command::new("tags-undo", TAGS, &["u"], |cx| cx.state.undo_tag_edit(false, cx.effects)),
    Command::new("tags-redo", TAGS, &["U", "<C-r>"], |cx| cx.state.undo_tag_edit(true, cx.effects)),
    Command::new("tags-filter", TAGS, &["/", "f"], filter),
    Command::new("tags-down", TAGS, &["j", "<Down>"], |cx| step(cx, false)),
    Command::new("tags-up", TAGS, &["k", "<Up>"], |cx| step(cx, true)),
    Command::new("tags-page-down", TAGS, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |cx| with_tags(cx, |tags| tags.page(1))),
    Command::new("tags-page-up", TAGS, &["<PageUp>", "<C-b>", "<C-u>"], |cx| with_tags(cx, |tags| tags.page(-1))),
    Command::new("tags-first", TAGS, &["gg", "<Home>"], |cx| with_tags(cx, |tags| tags.select_row(0))),
    Command::new("tags-last", TAGS, &["G", "<End>"], |cx| with_tags(cx, |tags| tags.select_row(usize::MAX))),
    Command::new("tags-open", TAGS, &["l", "<Right>"], |cx| fold(cx, notice::NO_TAGS_BELOW, TagsScreen::expand)),
    Command::new("tags-close", TAGS, &["h", "<Left>"], |cx| fold(cx, notice::AT_TOP_LEVEL, TagsScreen::collapse)),
    Command::new("tags-leave", TAGS, &["<Esc>"], leave),
];

fn with_tags(cx: &mut Invocation<'_>, change: impl FnOnce(&mut TagsScreen)) {
    if let Some(tags) = &mut cx.state.tags {
        change(tags);
    }
}

fn step(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    if !cx.state.tags.as_mut().is_some_and(|tags| tags.step(steps)) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}

fn fold(cx: &mut Invocation<'_>, otherwise: MessageId, change: impl FnOnce(&mut TagsScreen) -> bool) {
    if !cx.state.tags.as_mut().is_some_and(change) {
        cx.set_status(StatusMessage::hint(otherwise));
    }
}

fn recolour(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    cx.state.recolour_tag(steps, cx.effects);
}

fn filter(cx: &mut Invocation<'_>) {
    let mut prompt = Prompt::new(PromptKind::TagsFilter, 0);
    if let Some(tags) = &cx.state.tags {
        prompt.input.set(tags.filter());
    }
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

/// Lifts the filter if there is one, else leaves.
fn leave(cx: &mut Invocation<'_>) {
    match &mut cx.state.tags {
        Some(tags) if !tags.filter().is_empty() => tags.set_filter(""),
        _ => cx.state.leave_tags(cx.effects),
    }
}
