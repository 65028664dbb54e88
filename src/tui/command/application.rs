//! Application commands: quitting, help, the command line, settings.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, StatusMessage};
use crate::tui::overlay::{Overlay, Prompt, PromptKind};

const BOTH: &[Context] = &[Context::Reader, Context::Outline];
const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const NO_TEXT_INPUT: &[Context] = &[
    Context::Results,
    Context::Counts,
    Context::Compare,
    Context::Tags,
    Context::Memos,
    Context::Basket,
    Context::Card,
    Context::Library,
    Context::Reader,
    Context::Outline,
    Context::Annotations,
    Context::Review,
    Context::Help,
    Context::Welcome,
    Context::Settings,
    Context::Attributes,
];
const HELP: &[Context] = &[Context::Help];
const WITH_SETTINGS: &[Context] = &[Context::Library, Context::Reader, Context::Outline, Context::Settings];
const PALETTE: &[Context] = &[Context::Library, Context::Reader, Context::Outline, Context::Tags, Context::Memos, Context::Basket];
const SETTINGS: &[Context] = &[Context::Settings];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("help", NO_TEXT_INPUT, &["<F1>", "g?"], help),
    Command::new("first-steps", NO_TEXT_INPUT, &["<F2>"], welcome),
    Command::new("palette", PALETTE, &["<C-p>"], |cx| {
        cx.state.open_palette(cx.keymap);
    }),
    Command::new("command-line", BOTH, &[":"], |cx| {
        let cursor = cx.state.reader.as_ref().map_or(0, |reader| reader.viewport.cursor());
        let mut prompt = Prompt::new(PromptKind::Command, cursor);
        prompt.input = cx.state.prompt_history.new_input(PromptKind::Command, "");
        cx.state.overlay = Some(Overlay::Prompt(prompt));
    }),
    Command::new("back", NO_TEXT_INPUT, &["q"], back),
    Command::new("quit", NO_TEXT_INPUT, &["Q", "ZZ", "<C-q>"], |cx| cx.state.request_quit(cx.effects)),
    Command::new("quit-note", &[Context::Editor], &["<C-q>"], |cx| cx.state.request_quit(cx.effects)),
    Command::new("interrupt", NO_TEXT_INPUT, &["<C-c>"], |cx| cx.set_status(StatusMessage::done(notice::HOW_TO_QUIT))),
    Command::new("suspend", NO_TEXT_INPUT, &["<C-z>"], |cx| cx.effects.push(Effect::Suspend)),
    Command::new("redraw", NO_TEXT_INPUT, &["<C-l>"], |cx| cx.effects.push(Effect::Redraw)),
    Command::new("toggle-mouse", NO_TEXT_INPUT, &["gm"], toggle_mouse),
    Command::new("wider", &[Context::Reader], &[">"], |cx| widen(cx, 2)),
    Command::new("narrower", &[Context::Reader], &["<lt>"], |cx| widen(cx, -2)),
    Command::new("outline-wider", &[Context::Outline], &[">"], |cx| widen_outline(cx, 4)),
    Command::new("outline-narrower", &[Context::Outline], &["<lt>"], |cx| widen_outline(cx, -4)),
    Command::new("next-theme", SCREENS, &["gT"], |cx| cx.state.next_theme(cx.effects)),
    Command::new("next-language", SCREENS, &["gL"], |cx| cx.state.next_language(cx.effects)),
    Command::new("settings", WITH_SETTINGS, &["gs", "<F9>"], settings),
    Command::new("settings-down", SETTINGS, &["j", "<Down>"], |cx| move_in_settings(cx, false)),
    Command::new("settings-up", SETTINGS, &["k", "<Up>"], |cx| move_in_settings(cx, true)),
    Command::new("settings-more", SETTINGS, &["l", "<Right>", "+", "<Enter>", "<Space>"], |cx| change_setting(cx, false)),
    Command::new("settings-less", SETTINGS, &["h", "<Left>", "-"], |cx| change_setting(cx, true)),
    Command::new("where", BOTH, &["<C-g>"], whereabouts),
    Command::new("help-down", HELP, &["j", "<Down>"], |cx| scroll_help(cx, false, 1)),
    Command::new("help-up", HELP, &["k", "<Up>"], |cx| scroll_help(cx, true, 1)),
    Command::new("help-page-down", HELP, &["<PageDown>", "<Space>", "<C-f>", "<C-d>"], |cx| scroll_help(cx, false, 10)),
    Command::new("help-page-up", HELP, &["<PageUp>", "<C-b>", "<C-u>"], |cx| scroll_help(cx, true, 10)),
    Command::new("help-first", HELP, &["gg", "<Home>"], |cx| scroll_help(cx, true, usize::MAX / 2)),
    Command::new("help-last", HELP, &["G", "<End>"], |cx| scroll_help(cx, false, usize::MAX / 2)),
    Command::new("help-search", HELP, &["/", "f"], search_help),
    Command::new("close", &[Context::Help, Context::Annotations, Context::Review, Context::Welcome, Context::Settings], &["<Esc>"], close),
    Command::new("steps-done", &[Context::Welcome], &["<Enter>", "<Space>"], |cx| {
        cx.state.close_overlay();
    }),
];

fn help(cx: &mut Invocation<'_>) {
    if matches!(cx.state.overlay, Some(Overlay::Help(_))) {
        cx.state.close_overlay();
        return;
    }
    cx.state.open_help(cx.keymap);
}

/// Opens or closes the settings.
fn settings(cx: &mut Invocation<'_>) {
    if matches!(cx.state.overlay, Some(Overlay::Settings(_))) {
        cx.state.close_overlay();
    } else {
        cx.state.open_settings();
    }
}

/// Opens or closes the introduction.
fn welcome(cx: &mut Invocation<'_>) {
    if matches!(cx.state.overlay, Some(Overlay::Welcome(_))) {
        cx.state.close_overlay();
    } else {
        cx.state.open_welcome();
    }
}

/// Asks for the help screen's filter, above it.
fn search_help(cx: &mut Invocation<'_>) {
    let is_above = cx.state.lower_overlay();
    let mut prompt = Prompt::new(PromptKind::HelpFilter, 0);
    prompt.is_above = is_above;
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

/// Clears the filter if there is one, else closes.
fn close(cx: &mut Invocation<'_>) {
    match &mut cx.state.overlay {
        Some(Overlay::Help(help)) if !help.filter().is_empty() => help.set_filter("", cx.keymap, cx.state.locale),
        Some(Overlay::Annotations(annotation_list)) if !annotation_list.filter().is_empty() => {
            if let Some(reader) = &cx.state.reader {
                annotation_list.set_filter("", reader);
            }
        }
        _ => {
            cx.state.close_overlay();
        }
    }
}

fn scroll_help(cx: &mut Invocation<'_>, back: bool, rows: usize) {
    let rows = cx.times().saturating_mul(rows);
    if let Some(Overlay::Help(help)) = &mut cx.state.overlay {
        let moved = help.scroll(if back { -rows.cast_signed() } else { rows.cast_signed() });
        if !moved {
            cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
        }
    }
}

/// Goes back one level: closes an overlay, leaves a screen, closes the speech, or quits.
fn back(cx: &mut Invocation<'_>) {
    if cx.state.close_overlay() {
        return;
    }
    (cx.state.screen.functions().leave)(cx.state, cx.effects);
}

/// Toggles mouse reports. When off, the terminal's own selection works.
fn toggle_mouse(cx: &mut Invocation<'_>) {
    let mouse = !cx.state.pointer.enabled;
    cx.state.update_settings(|settings| settings.mouse = mouse, cx.effects);
    cx.set_status(StatusMessage::done(if mouse { notice::MOUSE_ON } else { notice::MOUSE_OFF }));
}

fn move_in_settings(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    if !cx.state.select_setting_by(steps) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}

fn change_setting(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    cx.state.change_setting(steps, cx.effects);
}

fn widen(cx: &mut Invocation<'_>, by: i16) {
    let steps = i16::try_from(cx.times()).unwrap_or(i16::MAX);
    cx.state.widen(by.saturating_mul(steps), cx.effects);
}

fn widen_outline(cx: &mut Invocation<'_>, by: i16) {
    let steps = i16::try_from(cx.times()).unwrap_or(i16::MAX);
    cx.state.widen_outline(by.saturating_mul(steps), cx.effects);
}

fn whereabouts(cx: &mut Invocation<'_>) {
    if let Some(reader) = &cx.state.reader {
        let message = reader.position_message();
        cx.set_status(message);
    }
}
