//! Selecting text, and copying it.

use super::{Command, Context, Invocation};
use crate::tui::effect::Effect;
use crate::tui::state::Notice;
use crate::tui::state::Reader;
use crate::tui::state::Unit;

const TEXT: &[Context] = &[Context::Reader];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("select-chars", TEXT, &["v"], select_chars),
    Command::new("select-word", TEXT, &["W"], |on| select(on, Unit::Word)),
    Command::new("select-clause", TEXT, &["c"], |on| select(on, Unit::Clause)),
    Command::new("select-sentence", TEXT, &["s"], |on| select(on, Unit::Sentence)),
    Command::new("select-paragraph", TEXT, &["V"], |on| select(on, Unit::Paragraph)),
    Command::new("select-section", TEXT, &["S"], |on| select(on, Unit::Section)),
    Command::new("grow-selection", TEXT, &["+", "="], |on| on.reader_or("selection-largest", Reader::grow_selection)),
    Command::new("shrink-selection", TEXT, &["-"], |on| on.reader_or("selection-smallest", Reader::shrink_selection)),
    Command::new("swap-ends", TEXT, &["r"], |on| on.reader_or("no-selection", Reader::swap_ends)),
    Command::new("drop-selection", TEXT, &["<Esc>"], drop_selection),
    Command::new("copy", TEXT, &["y"], |on| copy(on, false)),
    Command::new("copy-cited", TEXT, &["Y"], |on| copy(on, true)),
];

fn select_chars(on: &mut Invocation<'_>) {
    if let Some(reader) = &mut on.state.reader {
        reader.toggle_char_selection();
    }
}

/// Selects the unit under the cursor; given again, the next one too.
fn select(on: &mut Invocation<'_>, unit: Unit) {
    let times = on.times();
    on.reader_or("nothing-to-select", |reader| {
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

fn drop_selection(on: &mut Invocation<'_>) {
    let held = on.state.moving.take().is_some();
    on.reader_or("nothing-to-drop", |reader| held || reader.selection.take().is_some() || reader.search.hide());
}

fn copy(on: &mut Invocation<'_>, cited: bool) {
    let Some(reader) = &on.state.reader else { return };
    let Some(span) = reader.selected() else {
        return on.say(Notice::hint("no-selection"));
    };
    let text = if cited { reader.citation(span) } else { reader.document().text(span) };
    let chars = text.chars().count();
    on.effects.push(Effect::Copy(text));
    if let Some(reader) = &mut on.state.reader {
        reader.selection = None;
    }
    on.say(Notice::done("copied").with("count", chars));
}
