//! The annotation card as a component.

use super::{AnnotationCard, view};
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

impl Component for AnnotationCard {
    fn context(&self) -> Context {
        Context::Card
    }

    fn area(&self, size: Size) -> Rect {
        size.editor()
    }

    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, self, ctx, buffer);
        None
    }

    fn reading_cursor(&self, state: &State) -> Option<Position> {
        Some(inner_area(state.size.editor()).as_position())
    }

    fn follow(&mut self, state: &State) -> bool {
        state.reader.as_ref().is_none_or(|reader| self.retain(|id| reader.annotations.get(id).is_some()))
    }

    fn press(_: &mut State, _: &Keymap, _: Press, _: &mut Vec<Effect>) {
        
    }

    fn wheel(_: &mut State, _: isize) {}
}
