//! The help as a component.

use super::{Help, view};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, Size};
use crate::tui::overlay::Overlay;
use crate::tui::overlay::component::{Component, Press, full_inside};
use crate::tui::state::{DisplayOptions, State};
use crate::tui::view::RenderContext;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Component for Help {
    fn context(&self) -> Context {
        Context::Help
    }

    fn area(&self, size: Size) -> Rect {
        size.above_status_line()
    }

    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, self, ctx, buffer);
        None
    }

    fn reading_cursor(&self, state: &State) -> Option<Position> {
        Some(full_inside(state.size).as_position())
    }

    fn fit(&mut self, size: Size, _: &DisplayOptions) {
        self.set_height(full_inside(size).height);
    }

    fn press(_: &mut State, _: &Keymap, _: Press, _: &mut Vec<Effect>) {
        
    }

    fn wheel(state: &mut State, rows: isize) {
        if let Some(Overlay::Help(help)) = &mut state.overlay {
            help.scroll(rows);
        }
    }
}
