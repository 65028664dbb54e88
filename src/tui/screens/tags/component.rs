//! The tags as a screen.

use super::screen::TagsScreen;
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

impl Screen for TagsScreen {
    const MODE: MessageId = id::STATUS_MODE_TAGS;

    fn context(_: &State) -> Context {
        Context::Tags
    }

    fn arrange(state: &mut State) {
        state.arrange_tags();
    }

    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, state.tags.as_ref()?, ctx, buffer);
        None
    }

    fn reading_cursor(state: &State) -> Option<Position> {
        let tree = state.tags.as_ref()?.tree();
        row_position(tree.list(), tree.row_count(), state.size.tags_areas().0)
    }

    fn press(state: &mut State, press: Press, effects: &mut Vec<Effect>) {
        let Some(tags) = &mut state.tags else { return };
        let Some(row) = press.entry(tags.tree().list(), tags.tree().row_count(), state.size.tags_areas().0) else { return };
        tags.select_row(row);
        if press.clicks == 2 {
            state.read_selected_tag(effects);
        }
    }

    fn wheel(state: &mut State, _: Position, rows: isize) {
        if let Some(tags) = &mut state.tags {
            tags.step(rows);
        }
    }

    fn leave(state: &mut State, effects: &mut Vec<Effect>) {
        state.leave_tags(effects);
    }

    fn store(state: &State) -> Option<&Path> {
        state.tags.as_ref().filter(|tags| tags.loaded).map(TagsScreen::store)
    }
}
