//! The welcome as a component.

use super::{Welcome, view};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, Size};
use crate::tui::overlay::component::{Component, Press};
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use crate::tui::widget::inner_area;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Component for Welcome {
    fn context(&self) -> Context {
        Context::Welcome
    }

    fn area(&self, size: Size) -> Rect {
        size.welcome()
    }

    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state.size.welcome(), ctx, buffer);
        None
    }

    fn reading_cursor(&self, state: &State) -> Option<Position> {
        Some(inner_area(state.size.welcome()).as_position())
    }

    fn press(state: &mut State, _: &Keymap, _: Press, _: &mut Vec<Effect>) {
        state.close_overlay();
    }

    fn wheel(_: &mut State, _: isize) {}
}
