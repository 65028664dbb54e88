//! The counts as a screen.

use super::screen::CountsScreen;
use super::view;
use crate::locale::{MessageId, id};
use crate::tui::effect::Effect;
use crate::tui::message::Context;
use crate::tui::overlay::component::{Press, row_position};
use crate::tui::screens::component::Screen;
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Screen for CountsScreen {
    const MODE: MessageId = id::STATUS_MODE_COUNTS;

    fn context(_: &State) -> Context {
        Context::Counts
    }

    fn arrange(state: &mut State) {
        state.arrange_counts();
    }

    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, state.counts.as_ref()?, ctx, buffer);
        None
    }

    fn reading_cursor(state: &State) -> Option<Position> {
        let counts = state.counts.as_ref()?;
        row_position(&counts.row, counts.table().rows.len(), body_area(state.size.list_area(), counts))
    }

    fn press(state: &mut State, press: Press, effects: &mut Vec<Effect>) {
        let Some(counts) = &mut state.counts else { return };
        let body = body_area(state.size.list_area(), counts);
        let Some(row) = press.entry(&counts.row, counts.table().rows.len(), body) else { return };
        counts.select(row);
        if press.clicks == 2 {
            state.open_cell(effects);
        }
    }

    fn wheel(state: &mut State, _: Position, rows: isize) {
        if let Some(counts) = &mut state.counts {
            counts.step(rows);
        }
    }

    fn leave(state: &mut State, _: &mut Vec<Effect>) {
        state.leave_counts();
    }

    fn library_changed(state: &mut State, effects: &mut Vec<Effect>) {
        state.run_count(effects);
    }
}

/// The rows below the heads of the table.
fn body_area(area: Rect, counts: &CountsScreen) -> Rect {
    let heads = area.height.saturating_sub(counts.height());
    Rect { y: area.y + heads, height: area.height - heads, ..area }
}
