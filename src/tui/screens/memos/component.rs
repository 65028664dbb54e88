//! The memos as a screen.

use super::screen::MemosScreen;
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
use std::path::Path;

impl Screen for MemosScreen {
    const MODE: MessageId = id::STATUS_MODE_MEMOS;

    fn context(_: &State) -> Context {
        Context::Memos
    }

    fn arrange(state: &mut State) {
        state.arrange_memos();
    }

    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, state.memos.as_ref()?, ctx, buffer);
        None
    }

    fn reading_cursor(state: &State) -> Option<Position> {
        let memos = state.memos.as_ref()?;
        row_position(memos.list(), memos.len(), state.size.tags_areas().0)
    }

    fn press(state: &mut State, press: Press, effects: &mut Vec<Effect>) {
        let Some(memos) = &mut state.memos else { return };
        let Some(row) = press.entry(memos.list(), memos.len(), state.size.tags_areas().0) else { return };
        memos.select_row(row);
        if press.clicks == 2 {
            state.open_memo(effects);
        }
    }

    fn wheel(state: &mut State, _: Position, rows: isize) {
        if let Some(memos) = &mut state.memos {
            memos.step(rows);
        }
    }

    fn leave(state: &mut State, _: &mut Vec<Effect>) {
        state.leave_memos();
    }

    fn store(state: &State) -> Option<&Path> {
        state.memos.as_ref().filter(|memos| memos.loaded).map(|memos| memos.report().store.as_path())
    }
}
