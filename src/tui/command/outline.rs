//! Commands of the outline, and folding.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::message::{Context, StatusMessage};
use crate::tui::overlay::{Overlay, Prompt, PromptKind};
use crate::tui::state::{Focus, ReaderScreen};

const HERE: &[Context] = &[Context::Outline];
const BOTH: &[Context] = &[Context::Reader, Context::Outline];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("switch-pane", BOTH, &["<Tab>"], switch_pane),
    Command::new("toggle-outline", BOTH, &["o"], toggle_outline),
    Command::new("outline-down", HERE, &["j", "<Down>"], |cx| move_selection(cx, false, 1)),
    Command::new("outline-up", HERE, &["k", "<Up>"], |cx| move_selection(cx, true, 1)),
    Command::new("outline-page-down", HERE, &["<PageDown>", "<C-f>", "<C-d>", "<Space>"], |cx| move_selection(cx, false, 10)),
    Command::new("outline-page-up", HERE, &["<PageUp>", "<C-b>", "<C-u>"], |cx| move_selection(cx, true, 10)),
    Command::new("outline-first", HERE, &["gg", "<Home>"], |cx| move_to_edge(cx, false)),
    Command::new("outline-last", HERE, &["G", "<End>"], |cx| move_to_edge(cx, true)),
    Command::new("outline-go", HERE, &["<Enter>"], go_to_section),
    Command::new("outline-open", HERE, &["l", "<Right>"], |cx| cx.with_reader(notice::NO_CHILDREN, ReaderScreen::outline_expand)),
    Command::new("outline-close", HERE, &["h", "<Left>"], |cx| cx.with_reader(notice::AT_TOP_LEVEL, ReaderScreen::outline_collapse)),
    Command::new("outline-filter", HERE, &["f"], filter),
    Command::new("outline-leave", HERE, &["<Esc>"], leave),
    Command::new("fold", BOTH, &["za"], |cx| cx.with_reader(notice::NOTHING_TO_FOLD, ReaderScreen::toggle_fold)),
    Command::new("fold-close", BOTH, &["zc"], |cx| cx.with_reader(notice::NOTHING_TO_FOLD, |reader| reader.set_fold(true))),
    Command::new("fold-open", BOTH, &["zo"], |cx| cx.with_reader(notice::NOTHING_TO_UNFOLD, |reader| reader.set_fold(false))),
    Command::new("fold-all", BOTH, &["zM"], |cx| cx.with_reader(notice::NOTHING_TO_FOLD, |reader| reader.fold_all(true))),
    Command::new("unfold-all", BOTH, &["zR"], |cx| cx.with_reader(notice::NOTHING_TO_UNFOLD, |reader| reader.fold_all(false))),
    Command::new("toggle-boilerplate", BOTH, &["zp"], toggle_boilerplate),
];

fn switch_pane(cx: &mut Invocation<'_>) {
    let Some(reader) = &mut cx.state.reader else { return };
    if reader.document().outline.sections().is_empty() {
        return cx.set_status(StatusMessage::hint(notice::NO_SECTIONS));
    }
    let focus = if reader.focus == Focus::Text { Focus::Outline } else { Focus::Text };
    reader.set_focus(focus);
    cx.state.arrange();
}

fn toggle_outline(cx: &mut Invocation<'_>) {
    let Some(reader) = &mut cx.state.reader else { return };
    if reader.document().outline.sections().is_empty() {
        return cx.set_status(StatusMessage::hint(notice::NO_SECTIONS));
    }
    let narrow = !cx.state.size.fits_side_pane() || !cx.state.display_options.side_panes;
    if narrow {
        // There is no room for both: one replaces the other.
        let focus = if reader.focus == Focus::Text { Focus::Outline } else { Focus::Text };
        reader.set_focus(focus);
    } else {
        reader.outline_shown = !reader.outline_shown;
        reader.set_focus(Focus::Text);
    }
    cx.state.arrange();
}

fn move_selection(cx: &mut Invocation<'_>, back: bool, rows: isize) {
    let steps = cx.steps(back).saturating_mul(rows);
    cx.with_reader(if back { notice::AT_START } else { notice::AT_END }, |reader| reader.outline_select_by(steps));
}

fn move_to_edge(cx: &mut Invocation<'_>, last: bool) {
    let steps = if last { isize::MAX } else { isize::MIN + 1 };
    cx.with_reader(if last { notice::AT_END } else { notice::AT_START }, |reader| reader.outline_select_by(steps));
}

fn go_to_section(cx: &mut Invocation<'_>) {
    cx.with_reader(notice::NO_SECTIONS, ReaderScreen::go_to_outline_section);
    cx.state.arrange();
}

fn filter(cx: &mut Invocation<'_>) {
    let Some(reader) = &cx.state.reader else { return };
    let mut prompt = Prompt::new(PromptKind::OutlineFilter, reader.viewport.cursor());
    prompt.input.set(reader.outline.filter());
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

fn leave(cx: &mut Invocation<'_>) {
    if let Some(reader) = &mut cx.state.reader {
        if reader.outline.filter().is_empty() {
            reader.set_focus(Focus::Text);
        } else {
            reader.filter_outline("");
        }
    }
    cx.state.arrange();
}

fn toggle_boilerplate(cx: &mut Invocation<'_>) {
    let Some(reader) = &mut cx.state.reader else { return };
    let shown = reader.toggle_boilerplate();
    cx.set_status(StatusMessage::done(if shown { notice::BOILERPLATE_SHOWN } else { notice::BOILERPLATE_HIDDEN }));
}
