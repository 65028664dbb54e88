//! The list of speeches as a screen.

use super::screen::LibraryScreen;
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
    layout::Position,
};

impl Screen for LibraryScreen {
    const MODE: MessageId = id::STATUS_MODE_LIBRARY;

    fn context(_: &State) -> Context {
        Context::Library
    }

    fn arrange(state: &mut State) {
        state.library.set_height(state.size.library_areas().0.height);
    }

    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, ctx, buffer);
        None
    }

    fn reading_cursor(state: &State) -> Option<Position> {
        row_position(state.library.list(), state.library.visible_entries().len(), state.size.library_areas().0)
    }

    fn press(state: &mut State, press: Press, effects: &mut Vec<Effect>) {
        let heads = state.size.library_heads();
        if heads.contains(press.at) {
            let order = state.library.order_at(press.at.x, heads.width);
            state.library.sort_by(order);
            return state.remember_library_order(effects);
        }
        let (area, count) = (state.size.library_areas().0, state.library.visible_entries().len());
        let Some(index) = press.entry(state.library.list(), count, area) else { return };
        state.library.select(index);
        if press.clicks == 2
            && let Some(path) = state.library.selected().map(|entry| entry.path.clone())
        {
            state.open_speech(&path, effects);
        }
    }

    fn wheel(state: &mut State, _: Position, rows: isize) {
        state.library.select_by(rows);
    }

    fn leave(state: &mut State, effects: &mut Vec<Effect>) {
        state.request_quit(effects);
    }
}
