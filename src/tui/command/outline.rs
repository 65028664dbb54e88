//! The outline beside the text, and folding.

use super::{Command, Context, Invocation};
use crate::tui::state::Focus;
use crate::tui::state::Notice;
use crate::tui::state::Overlay;
use crate::tui::state::Prompt;
use crate::tui::state::PromptKind;
use crate::tui::state::Reader;

const HERE: &[Context] = &[Context::Outline];
const BOTH: &[Context] = &[Context::Reader, Context::Outline];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("switch-pane", BOTH, &["<Tab>"], switch_pane),
    Command::new("toggle-outline", BOTH, &["o"], toggle_outline),
    Command::new("outline-down", HERE, &["j", "<Down>"], |on| by(on, false, 1)),
    Command::new("outline-up", HERE, &["k", "<Up>"], |on| by(on, true, 1)),
    Command::new("outline-page-down", HERE, &["<PageDown>", "<C-f>", "<C-d>", "<Space>"], |on| by(on, false, 10)),
    Command::new("outline-page-up", HERE, &["<PageUp>", "<C-b>", "<C-u>"], |on| by(on, true, 10)),
    Command::new("outline-first", HERE, &["gg", "<Home>"], |on| edge(on, false)),
    Command::new("outline-last", HERE, &["G", "<End>"], |on| edge(on, true)),
    Command::new("outline-go", HERE, &["<Enter>"], go),
    Command::new("outline-open", HERE, &["l", "<Right>"], |on| on.reader_or("no-children", Reader::outline_enter)),
    Command::new("outline-close", HERE, &["h", "<Left>"], |on| on.reader_or("at-top-level", Reader::outline_leave)),
    Command::new("outline-filter", HERE, &["f"], filter),
    Command::new("outline-leave", HERE, &["<Esc>"], leave),
    Command::new("fold", BOTH, &["za"], |on| on.reader_or("nothing-to-fold", Reader::toggle_fold)),
    Command::new("fold-close", BOTH, &["zc"], |on| on.reader_or("nothing-to-fold", |reader| reader.set_fold(true))),
    Command::new("fold-open", BOTH, &["zo"], |on| on.reader_or("nothing-to-unfold", |reader| reader.set_fold(false))),
    Command::new("fold-all", BOTH, &["zM"], |on| on.reader_or("nothing-to-fold", |reader| reader.fold_all(true))),
    Command::new("unfold-all", BOTH, &["zR"], |on| on.reader_or("nothing-to-unfold", |reader| reader.fold_all(false))),
    Command::new("toggle-boilerplate", BOTH, &["zp"], toggle_boilerplate),
];

fn switch_pane(on: &mut Invocation<'_>) {
    let Some(reader) = &mut on.state.reader else { return };
    if reader.document().outline.sections().is_empty() {
        return on.say(Notice::hint("no-sections"));
    }
    let focus = if reader.focus == Focus::Text { Focus::Outline } else { Focus::Text };
    reader.set_focus(focus);
    on.state.arrange();
}

fn toggle_outline(on: &mut Invocation<'_>) {
    let Some(reader) = &mut on.state.reader else { return };
    if reader.document().outline.sections().is_empty() {
        return on.say(Notice::hint("no-sections"));
    }
    let narrow = !on.state.size.fits_side_pane() || !on.state.setting.beside;
    if narrow {
        // There is no room for both: the one takes the place of the other.
        let focus = if reader.focus == Focus::Text { Focus::Outline } else { Focus::Text };
        reader.set_focus(focus);
    } else {
        reader.outline_shown = !reader.outline_shown;
        reader.set_focus(Focus::Text);
    }
    on.state.arrange();
}

fn by(on: &mut Invocation<'_>, back: bool, rows: isize) {
    let steps = on.steps(back).saturating_mul(rows);
    on.reader_or(if back { "at-start" } else { "at-end" }, |reader| reader.outline_select_by(steps));
}

fn edge(on: &mut Invocation<'_>, last: bool) {
    let steps = if last { isize::MAX } else { isize::MIN + 1 };
    on.reader_or(if last { "at-end" } else { "at-start" }, |reader| reader.outline_select_by(steps));
}

fn go(on: &mut Invocation<'_>) {
    on.reader_or("no-sections", Reader::outline_go);
    on.state.arrange();
}

fn filter(on: &mut Invocation<'_>) {
    let Some(reader) = &on.state.reader else { return };
    let mut prompt = Prompt::new(PromptKind::OutlineFilter, reader.viewport.cursor());
    prompt.input.set(reader.outline.filter());
    on.state.overlay = Some(Overlay::Prompt(prompt));
}

fn leave(on: &mut Invocation<'_>) {
    if let Some(reader) = &mut on.state.reader {
        if reader.outline.filter().is_empty() {
            reader.set_focus(Focus::Text);
        } else {
            reader.filter_outline("");
        }
    }
    on.state.arrange();
}

fn toggle_boilerplate(on: &mut Invocation<'_>) {
    let Some(reader) = &mut on.state.reader else { return };
    let shown = reader.toggle_boilerplate();
    on.say(Notice::done(if shown { "boilerplate-shown" } else { "boilerplate-hidden" }));
}
