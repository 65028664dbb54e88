//! Commands for text input: the prompt, the pickers and the note editor.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, StatusMessage};
use crate::tui::overlay::Overlay;
use crate::tui::widget::TextEdit;

const TEXTS: &[Context] = &[Context::Prompt, Context::Picker, Context::Editor, Context::Query];
const LINES: &[Context] = &[Context::Prompt, Context::Picker];
const PROMPT: &[Context] = &[Context::Prompt];
const EDITOR: &[Context] = &[Context::Editor];
const PICKER: &[Context] = &[Context::Picker];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("accept", LINES, &["<Enter>"], |cx| cx.state.accept(cx.keymap, cx.effects)),
    Command::new("cancel", LINES, &["<Esc>", "<C-c>"], |cx| cx.state.cancel(cx.keymap, cx.effects)),
    Command::new("picker-down", PICKER, &["<Down>", "<C-n>"], |cx| move_picker(cx, false)),
    Command::new("picker-up", PICKER, &["<Up>", "<C-p>"], |cx| move_picker(cx, true)),
    Command::new("picker-page-down", PICKER, &["<PageDown>"], |cx| page_picker(cx, false)),
    Command::new("picker-page-up", PICKER, &["<PageUp>"], |cx| page_picker(cx, true)),
    Command::new("picker-toggle", PICKER, &["<Tab>", "<C-Space>"], |cx| cx.state.toggle_picker_mark()),
    Command::new("picker-drop", PICKER, &["<C-x>"], |cx| cx.state.delete_bookmark()),
    Command::new("save-note", EDITOR, &["<C-s>", "<A-Enter>"], |cx| cx.state.accept(cx.keymap, cx.effects)),
    Command::new("leave-note", EDITOR, &["<Esc>", "<C-c>"], |cx| cx.state.cancel(cx.keymap, cx.effects)),
    Command::new("note-outside", EDITOR, &["<C-x>"], edit_externally),
    Command::new("note-newline", EDITOR, &["<Enter>"], |cx| edit(cx, TextEdit::Newline)),
    Command::new("note-undo", EDITOR, &["<C-z>"], |cx| edit(cx, TextEdit::Undo)),
    Command::new("note-redo", EDITOR, &["<C-y>"], |cx| edit(cx, TextEdit::Redo)),
    Command::new("entry-left", TEXTS, &["<Left>"], |cx| edit(cx, TextEdit::Left)),
    Command::new("entry-right", TEXTS, &["<Right>"], |cx| edit(cx, TextEdit::Right)),
    Command::new("entry-word-left", TEXTS, &["<C-Left>", "<A-b>"], |cx| edit(cx, TextEdit::WordLeft)),
    Command::new("entry-word-right", TEXTS, &["<C-Right>", "<A-f>"], |cx| edit(cx, TextEdit::WordRight)),
    Command::new("entry-home", TEXTS, &["<Home>", "<C-a>"], |cx| edit(cx, TextEdit::Home)),
    Command::new("entry-end", TEXTS, &["<End>", "<C-e>"], |cx| edit(cx, TextEdit::End)),
    Command::new("entry-earlier", &[Context::Prompt, Context::Editor], &["<Up>"], |cx| edit(cx, TextEdit::Up)),
    Command::new("entry-later", &[Context::Prompt, Context::Editor], &["<Down>"], |cx| edit(cx, TextEdit::Down)),
    Command::new("entry-complete", PROMPT, &["<Tab>"], |cx| cx.state.complete_prompt(false, cx.keymap, cx.effects)),
    Command::new("entry-complete-back", PROMPT, &["<S-Tab>"], |cx| cx.state.complete_prompt(true, cx.keymap, cx.effects)),
    Command::new("entry-backspace", TEXTS, &["<BS>", "<C-h>"], backspace),
    Command::new("entry-delete", TEXTS, &["<Del>", "<C-d>"], |cx| edit(cx, TextEdit::Delete)),
    Command::new("entry-delete-word", TEXTS, &["<C-w>", "<A-BS>"], |cx| edit(cx, TextEdit::DeleteWord)),
    Command::new("entry-delete-to-start", TEXTS, &["<C-u>"], |cx| edit(cx, TextEdit::DeleteToStart)),
    Command::new("entry-delete-to-end", TEXTS, &["<C-k>"], |cx| edit(cx, TextEdit::DeleteToEnd)),
];

fn edit(cx: &mut Invocation<'_>, edit: TextEdit) {
    cx.state.edit_text(edit, cx.keymap, cx.effects);
}

/// Backspace in an empty prompt cancels it, as in vim.
fn backspace(cx: &mut Invocation<'_>) {
    match &cx.state.overlay {
        Some(Overlay::Prompt(prompt)) if prompt.input.is_empty() => cx.state.cancel(cx.keymap, cx.effects),
        _ => edit(cx, TextEdit::Backspace),
    }
}

/// Edits the note in the external editor.
fn edit_externally(cx: &mut Invocation<'_>) {
    if let Some(Overlay::Editor(editor)) = &cx.state.overlay {
        cx.effects.push(Effect::EditExternally(editor.area.text().to_owned()));
    }
}

fn move_picker(cx: &mut Invocation<'_>, back: bool) {
    if !cx.state.move_picker(if back { -1 } else { 1 }) {
        cx.set_status(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
    }
}

fn page_picker(cx: &mut Invocation<'_>, back: bool) {
    cx.state.move_picker(if back { -8 } else { 8 });
}
