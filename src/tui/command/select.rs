//! Selecting and copying text.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::Context;
use crate::tui::message::StatusMessage;
use crate::tui::state::ReaderScreen;
use crate::tui::state::TextUnit;
use pizhu_text::document::DamagedHeading;

const TEXT: &[Context] = &[Context::Reader];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("select-chars", TEXT, &["v"], select_chars),
    Command::new("select-word", TEXT, &["W"], |cx| select(cx, TextUnit::Word)),
    Command::new("select-clause", TEXT, &["c"], |cx| select(cx, TextUnit::Clause)),
    Command::new("select-sentence", TEXT, &["s"], |cx| select(cx, TextUnit::Sentence)),
    Command::new("select-paragraph", TEXT, &["V"], |cx| select(cx, TextUnit::Paragraph)),
    Command::new("select-section", TEXT, &["S"], |cx| select(cx, TextUnit::Section)),
    Command::new("grow-selection", TEXT, &["+", "="], |cx| cx.with_reader(notice::SELECTION_LARGEST, ReaderScreen::grow_selection)),
    Command::new("shrink-selection", TEXT, &["-"], |cx| cx.with_reader(notice::SELECTION_SMALLEST, ReaderScreen::shrink_selection)),
    Command::new("swap-ends", TEXT, &["r"], |cx| cx.with_reader(notice::NO_SELECTION, ReaderScreen::swap_ends)),
    Command::new("drop-selection", TEXT, &["<Esc>"], drop_selection),
    Command::new("copy", TEXT, &["y"], |cx| copy(cx, false)),
    Command::new("copy-cited", TEXT, &["Y"], |cx| copy(cx, true)),
];

fn select_chars(cx: &mut Invocation<'_>) {
    if let Some(reader) = &mut cx.state.reader {
        reader.toggle_char_selection();
    }
}

/// Selects the unit at the cursor; repeated, extends the selection by the next one.
fn select(cx: &mut Invocation<'_>, unit: TextUnit) {
    let times = cx.times();
    cx.with_reader(notice::NOTHING_TO_SELECT, |reader| {
        let mut done = false;
        for _ in 0..times {
            if !reader.select_unit(unit) {
                break;
            }
            done = true;
        }
        done
    });
}

fn drop_selection(cx: &mut Invocation<'_>) {
    let held = cx.state.moving_annotation.take().is_some();
    cx.with_reader(notice::NOTHING_TO_DROP, |reader| held || reader.selection.take().is_some() || reader.search.hide());
}

fn copy(cx: &mut Invocation<'_>, cited: bool) {
    let Some(reader) = &cx.state.reader else { return };
    let Some(span) = reader.selected() else {
        return cx.set_status(StatusMessage::hint(notice::NO_SELECTION));
    };
    let text = if cited { reader.citation(span) } else { reader.document().quotation(span, DamagedHeading::Restored) };
    let chars = text.chars().count();
    cx.effects.push(Effect::Copy(text));
    if let Some(reader) = &mut cx.state.reader {
        reader.selection = None;
    }
    cx.set_status(StatusMessage::done(notice::COPIED).with("count", chars));
}
