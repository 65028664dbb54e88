//! The attributes card as a component.

use super::{AttributesCard, view};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, Size};
use crate::tui::overlay::Overlay;
use crate::tui::overlay::component::{Component, Press, row_position};
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use crate::tui::widget::inner_area;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Component for AttributesCard {
    fn context(&self) -> Context {
        Context::Attributes
    }

    fn area(&self, size: Size) -> Rect {
        size.settings()
    }

    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(self, state, ctx, buffer);
        None
    }

    fn reading_cursor(&self, state: &State) -> Option<Position> {
        row_position(&self.list, state.attribute_rows(self).len(), inner_area(state.size.settings()))
    }

    fn follow(&mut self, state: &State) -> bool {
        let count = state.attribute_rows(self).len();
        self.list.select(self.list.selected(), count, inner_area(state.size.settings()).height);
        true
    }

    fn press(state: &mut State, _: &Keymap, press: Press, _: &mut Vec<Effect>) {
        let frame = state.size.settings();
        let Some(Overlay::Attributes(card)) = &state.overlay else { return };
        let count = state.attribute_rows(card).len();
        let Some(Overlay::Attributes(card)) = &mut state.overlay else { return };
        if press.select(&mut card.list, count, inner_area(frame)) {
            if press.clicks >= 2 {
                state.edit_attribute();
            }
        } else if !frame.contains(press.at) {
            state.close_overlay();
        }
    }

    fn wheel(state: &mut State, rows: isize) {
        state.select_attribute_by(rows.signum());
    }
}
