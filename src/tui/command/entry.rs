//! Typing: what the line at the bottom, the pickers and the note editor understand.

use super::{Command, Context, Invocation};
use crate::tui::effect::Effect;
use crate::tui::state::Notice;
use crate::tui::state::Overlay;
use crate::tui::widget::Edit;

const TEXTS: &[Context] = &[Context::Prompt, Context::Picker, Context::Editor, Context::Query];
const LINES: &[Context] = &[Context::Prompt, Context::Picker];
const EDITOR: &[Context] = &[Context::Editor];
const PICKER: &[Context] = &[Context::Picker];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("accept", LINES, &["<Enter>"], |on| on.state.accept(on.effects)),
    Command::new("cancel", LINES, &["<Esc>", "<C-c>"], |on| on.state.cancel(on.effects)),
    Command::new("picker-down", PICKER, &["<Down>", "<C-n>"], |on| move_picker(on, false)),
    Command::new("picker-up", PICKER, &["<Up>", "<C-p>"], |on| move_picker(on, true)),
    Command::new("picker-page-down", PICKER, &["<PageDown>"], |on| page_picker(on, false)),
    Command::new("picker-page-up", PICKER, &["<PageUp>"], |on| page_picker(on, true)),
    Command::new("picker-toggle", PICKER, &["<Tab>", "<C-Space>"], |on| on.state.toggle_pick()),
    Command::new("picker-drop", PICKER, &["<C-x>"], |on| on.state.drop_bookmark()),
    Command::new("save-note", EDITOR, &["<C-s>", "<A-Enter>"], |on| on.state.accept(on.effects)),
    Command::new("leave-note", EDITOR, &["<Esc>", "<C-c>"], |on| on.state.cancel(on.effects)),
    Command::new("note-outside", EDITOR, &["<C-x>"], outside),
    Command::new("note-newline", EDITOR, &["<Enter>"], |on| edit(on, Edit::Newline)),
    Command::new("note-undo", EDITOR, &["<C-z>"], |on| edit(on, Edit::Undo)),
    Command::new("note-redo", EDITOR, &["<C-y>"], |on| edit(on, Edit::Redo)),
    Command::new("entry-left", TEXTS, &["<Left>"], |on| edit(on, Edit::Left)),
    Command::new("entry-right", TEXTS, &["<Right>"], |on| edit(on, Edit::Right)),
    Command::new("entry-word-left", TEXTS, &["<C-Left>", "<A-b>"], |on| edit(on, Edit::WordLeft)),
    Command::new("entry-word-right", TEXTS, &["<C-Right>", "<A-f>"], |on| edit(on, Edit::WordRight)),
    Command::new("entry-home", TEXTS, &["<Home>", "<C-a>"], |on| edit(on, Edit::Home)),
    Command::new("entry-end", TEXTS, &["<End>", "<C-e>"], |on| edit(on, Edit::End)),
    Command::new("entry-earlier", &[Context::Prompt, Context::Editor], &["<Up>"], |on| edit(on, Edit::Up)),
    Command::new("entry-later", &[Context::Prompt, Context::Editor], &["<Down>"], |on| edit(on, Edit::Down)),
    Command::new("entry-backspace", TEXTS, &["<BS>", "<C-h>"], backspace),
    Command::new("entry-delete", TEXTS, &["<Del>", "<C-d>"], |on| edit(on, Edit::Delete)),
    Command::new("entry-delete-word", TEXTS, &["<C-w>", "<A-BS>"], |on| edit(on, Edit::DeleteWord)),
    Command::new("entry-delete-to-start", TEXTS, &["<C-u>"], |on| edit(on, Edit::DeleteToStart)),
    Command::new("entry-delete-to-end", TEXTS, &["<C-k>"], |on| edit(on, Edit::DeleteToEnd)),
];

fn edit(on: &mut Invocation<'_>, edit: Edit) {
    on.state.edit_text(edit, on.effects);
}

/// Backspace in an empty prompt leaves it, as in vim.
fn backspace(on: &mut Invocation<'_>) {
    match &on.state.overlay {
        Some(Overlay::Prompt(prompt)) if prompt.input.is_empty() => on.state.cancel(on.effects),
        _ => edit(on, Edit::Backspace),
    }
}

/// Hands the note to the program that `$EDITOR` names.
fn outside(on: &mut Invocation<'_>) {
    if let Some(Overlay::Editor(editor)) = &on.state.overlay {
        on.effects.push(Effect::EditOutside(editor.area.text().to_owned()));
    }
}

fn move_picker(on: &mut Invocation<'_>, back: bool) {
    if !on.state.move_pick(if back { -1 } else { 1 }) {
        on.say(Notice::hint("nothing-to-choose"));
    }
}

fn page_picker(on: &mut Invocation<'_>, back: bool) {
    on.state.move_pick(if back { -8 } else { 8 });
}
