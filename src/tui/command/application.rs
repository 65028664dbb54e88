//! The program as a whole: leaving, help, the command line, how things look.

use super::{Command, Context, Invocation};
use crate::tui::effect::Effect;
use crate::tui::state::Notice;
use crate::tui::state::Overlay;
use crate::tui::state::Prompt;
use crate::tui::state::PromptKind;
use crate::tui::state::Screen;

const BOTH: &[Context] = &[Context::Reader, Context::Outline];
const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const CALM: &[Context] = &[
    Context::Across,
    Context::Counts,
    Context::Beside,
    Context::Library,
    Context::Reader,
    Context::Outline,
    Context::Annotations,
    Context::Review,
    Context::Help,
    Context::Steps,
    Context::Settings,
];
const HELP: &[Context] = &[Context::Help];
const WITH_SETTINGS: &[Context] = &[Context::Library, Context::Reader, Context::Outline, Context::Settings];
const SETTINGS: &[Context] = &[Context::Settings];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("help", CALM, &["<F1>", "g?"], help),
    Command::new("first-steps", CALM, &["<F2>"], first_steps),
    Command::new("palette", SCREENS, &["<C-p>"], |on| on.state.open_palette()),
    Command::new("command-line", BOTH, &[":"], |on| {
        let place = on.state.reader.as_ref().map_or(0, |reader| reader.viewport.cursor());
        let mut prompt = Prompt::new(PromptKind::Command, place);
        prompt.input = on.state.history.line(PromptKind::Command, "");
        on.state.overlay = Some(Overlay::Prompt(prompt));
    }),
    Command::new("back", CALM, &["q"], back),
    Command::new("quit", CALM, &["Q", "ZZ", "<C-q>"], |on| on.effects.push(Effect::Quit)),
    Command::new("interrupt", CALM, &["<C-c>"], |on| on.say(Notice::done("how-to-quit"))),
    Command::new("suspend", CALM, &["<C-z>"], |on| on.effects.push(Effect::Suspend)),
    Command::new("redraw", CALM, &["<C-l>"], |on| on.effects.push(Effect::Redraw)),
    Command::new("toggle-mouse", CALM, &["gm"], toggle_mouse),
    Command::new("wider", BOTH, &[">"], |on| widen(on, 2)),
    Command::new("narrower", BOTH, &["<lt>"], |on| widen(on, -2)),
    Command::new("next-theme", SCREENS, &["gT"], |on| on.state.next_theme(on.effects)),
    Command::new("next-language", SCREENS, &["gL"], |on| on.state.next_language(on.effects)),
    Command::new("settings", WITH_SETTINGS, &["gs", "<F9>"], settings),
    Command::new("settings-down", SETTINGS, &["j", "<Down>"], |on| by_settings(on, false)),
    Command::new("settings-up", SETTINGS, &["k", "<Up>"], |on| by_settings(on, true)),
    Command::new("settings-more", SETTINGS, &["l", "<Right>", "+", "<Enter>", "<Space>"], |on| change_setting(on, false)),
    Command::new("settings-less", SETTINGS, &["h", "<Left>", "-"], |on| change_setting(on, true)),
    Command::new("where", BOTH, &["<C-g>"], whereabouts),
    Command::new("help-down", HELP, &["j", "<Down>"], |on| scroll_help(on, false, 1)),
    Command::new("help-up", HELP, &["k", "<Up>"], |on| scroll_help(on, true, 1)),
    Command::new("help-page-down", HELP, &["<PageDown>", "<Space>", "<C-f>", "<C-d>"], |on| scroll_help(on, false, 10)),
    Command::new("help-page-up", HELP, &["<PageUp>", "<C-b>", "<C-u>"], |on| scroll_help(on, true, 10)),
    Command::new("help-first", HELP, &["gg", "<Home>"], |on| scroll_help(on, true, usize::MAX / 2)),
    Command::new("help-last", HELP, &["G", "<End>"], |on| scroll_help(on, false, usize::MAX / 2)),
    Command::new("help-search", HELP, &["/", "f"], search_help),
    Command::new("close", &[Context::Help, Context::Annotations, Context::Review, Context::Steps, Context::Settings], &["<Esc>"], close),
    Command::new("steps-done", &[Context::Steps], &["<Enter>", "<Space>"], |on| {
        on.state.leave_overlay();
    }),
];

fn help(on: &mut Invocation<'_>) {
    if matches!(on.state.overlay, Some(Overlay::Help(_))) {
        on.state.leave_overlay();
        return;
    }
    on.state.open_help();
}

/// Shows the settings, or leaves them.
fn settings(on: &mut Invocation<'_>) {
    if matches!(on.state.overlay, Some(Overlay::Settings(_))) {
        on.state.leave_overlay();
    } else {
        on.state.open_settings();
    }
}

/// Shows the first steps, or leaves them.
fn first_steps(on: &mut Invocation<'_>) {
    if matches!(on.state.overlay, Some(Overlay::Steps)) {
        on.state.leave_overlay();
    } else {
        on.state.open_steps();
    }
}

/// Asks for what the help screen is to show, over it.
fn search_help(on: &mut Invocation<'_>) {
    let under = on.state.overlay.take().map(Box::new);
    let mut prompt = Prompt::new(PromptKind::HelpFilter, 0);
    prompt.under = under;
    on.state.overlay = Some(Overlay::Prompt(prompt));
}

/// Drops the filter where there is one, else closes.
fn close(on: &mut Invocation<'_>) {
    match &mut on.state.overlay {
        Some(Overlay::Help(help)) if !help.filter().is_empty() => help.set_filter("", &on.state.keymap, on.state.locale),
        Some(Overlay::Annotations(listing)) if !listing.filter().is_empty() => {
            if let Some(reader) = &on.state.reader {
                listing.set_filter("", reader);
            }
        }
        _ => {
            on.state.leave_overlay();
        }
    }
}

fn scroll_help(on: &mut Invocation<'_>, back: bool, rows: usize) {
    let rows = on.times().saturating_mul(rows);
    if let Some(Overlay::Help(help)) = &mut on.state.overlay {
        let moved = help.scroll(if back { -rows.cast_signed() } else { rows.cast_signed() });
        if !moved {
            on.say(Notice::hint(if back { "at-start" } else { "at-end" }));
        }
    }
}

/// One step back: from an overlay to the screen, from a speech to the library, and out.
fn back(on: &mut Invocation<'_>) {
    if on.state.leave_overlay() {
        return;
    }
    if on.state.screen == Screen::Across {
        return on.state.leave_across();
    }
    if on.state.screen == Screen::Beside {
        return on.state.leave_beside();
    }
    if on.state.screen == Screen::Counts {
        return on.state.leave_counts();
    }
    if on.state.screen == Screen::Reader
        && (on.state.library.is_there() || on.state.across.is_some() || on.state.counts.is_some() || on.state.beside.is_some())
    {
        on.state.close(on.effects);
    } else {
        on.effects.push(Effect::Quit);
    }
}

/// Off, the terminal selects with the mouse itself.
fn toggle_mouse(on: &mut Invocation<'_>) {
    let mouse = !on.state.pointer.on;
    on.state.set(|settings| settings.mouse = mouse, on.effects);
    on.say(Notice::done(if mouse { "mouse-on" } else { "mouse-off" }));
}

fn by_settings(on: &mut Invocation<'_>, back: bool) {
    let steps = on.steps(back);
    if !on.state.select_setting_by(steps) {
        on.say(Notice::hint(if back { "at-start" } else { "at-end" }));
    }
}

fn change_setting(on: &mut Invocation<'_>, back: bool) {
    let steps = on.steps(back);
    on.state.change_setting(steps, on.effects);
}

fn widen(on: &mut Invocation<'_>, by: i16) {
    let steps = i16::try_from(on.times()).unwrap_or(i16::MAX);
    on.state.widen(by.saturating_mul(steps), on.effects);
}

fn whereabouts(on: &mut Invocation<'_>) {
    if let Some(reader) = &on.state.reader {
        let notice = reader.whereabouts();
        on.say(notice);
    }
}
