//! Counting tags: by speech, year, level and together, as heat map, table and bars.

use super::{Command, Context, Invocation};
use crate::tui::state::Notice;

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const COUNTS: &[Context] = &[Context::Counts];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("count-tags", SCREENS, &["g#"], |on| on.state.open_counts(on.effects)),
    Command::new("counts-by", COUNTS, &["<Tab>"], |on| on.state.count_by_next(false)),
    Command::new("counts-by-back", COUNTS, &["<S-Tab>"], |on| on.state.count_by_next(true)),
    Command::new("counts-form", COUNTS, &["v"], |on| on.state.next_form()),
    Command::new("counts-turn", COUNTS, &["t"], |on| on.state.turn_counts()),
    Command::new("counts-sort", COUNTS, &["s"], sort),
    Command::new("counts-down", COUNTS, &["j", "<Down>"], |on| by(on, 1)),
    Command::new("counts-up", COUNTS, &["k", "<Up>"], |on| by(on, -1)),
    Command::new("counts-right", COUNTS, &["l", "<Right>"], |on| across(on, 1)),
    Command::new("counts-left", COUNTS, &["h", "<Left>"], |on| across(on, -1)),
    Command::new("counts-page-down", COUNTS, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |on| page(on, 1)),
    Command::new("counts-page-up", COUNTS, &["<PageUp>", "<C-b>", "<C-u>"], |on| page(on, -1)),
    Command::new("counts-first", COUNTS, &["gg"], |on| to(on, 0)),
    Command::new("counts-last", COUNTS, &["G"], |on| to(on, usize::MAX)),
    Command::new("counts-first-column", COUNTS, &["^", "<Home>"], |on| across(on, isize::MIN / 2)),
    Command::new("counts-last-column", COUNTS, &["$", "<End>"], |on| across(on, isize::MAX / 2)),
    Command::new("counts-open", COUNTS, &["<Enter>"], |on| on.state.open_figure(on.effects)),
    Command::new("counts-export", COUNTS, &["X"], |on| on.state.ask_export_counts(None, false)),
    Command::new("counts-leave", COUNTS, &["<Esc>"], |on| on.state.leave_counts()),
];

fn by(on: &mut Invocation<'_>, direction: isize) {
    let steps = on.steps(direction < 0);
    if !on.state.counts.as_mut().is_some_and(|counts| counts.step(steps)) {
        on.say(Notice::hint(if direction < 0 { "at-start" } else { "at-end" }));
    }
}

fn across(on: &mut Invocation<'_>, direction: isize) {
    let steps = if direction.unsigned_abs() > 1 { direction } else { on.steps(direction < 0) };
    if !on.state.step_column(steps) {
        on.say(Notice::hint(if direction < 0 { "at-start" } else { "at-end" }));
    }
}

fn page(on: &mut Invocation<'_>, direction: isize) {
    if let Some(counts) = &mut on.state.counts {
        let rows = isize::from(counts.height().max(2).cast_signed()) - 1;
        counts.step(direction.saturating_mul(rows));
    }
}

fn to(on: &mut Invocation<'_>, row: usize) {
    if let Some(counts) = &mut on.state.counts {
        counts.select(row);
    }
}

fn sort(on: &mut Invocation<'_>) {
    let most_first = on.state.sort_counts();
    on.say(Notice::done(if most_first { "counts-most-first" } else { "counts-in-order" }));
}
