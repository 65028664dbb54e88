//! The comparison as a screen.

use super::screen::CompareScreen;
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

impl Screen for CompareScreen {
    const MODE: MessageId = id::STATUS_MODE_BESIDE;

    fn context(_: &State) -> Context {
        Context::Compare
    }

    fn arrange(state: &mut State) {
        state.arrange_compare();
    }

    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, state.compare.as_ref()?, ctx, buffer);
        None
    }

    fn reading_cursor(state: &State) -> Option<Position> {
        let compare = state.compare.as_ref()?;
        let area = compare.areas().get(compare.focus).copied()?;
        let pane = compare.panes.get(compare.focus)?;
        row_position(&pane.list, pane.wrapped_rows().len(), pane_body(area))
    }

    fn press(state: &mut State, press: Press, effects: &mut Vec<Effect>) {
        let Some(compare) = &mut state.compare else { return };
        let areas = compare.areas();
        let Some(focus) = areas.iter().position(|area| area.contains(press.at)) else { return };
        let pane = &compare.panes[focus];
        let Some(row) = press.entry(&pane.list, pane.wrapped_rows().len(), pane_body(areas[focus])) else { return };
        compare.focus = focus;
        compare.select(row);
        if press.clicks == 2 {
            state.open_compare_source(effects);
        }
    }

    fn wheel(state: &mut State, _: Position, rows: isize) {
        if let Some(compare) = &mut state.compare {
            compare.step(rows);
        }
    }

    fn leave(state: &mut State, _: &mut Vec<Effect>) {
        state.leave_compare();
    }
}

/// The rows below the head of a pane.
fn pane_body(area: Rect) -> Rect {
    Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
}
