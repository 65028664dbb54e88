//! The review as a component.

use super::{Review, view};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, Size};
use crate::tui::overlay::component::{Component, Press, full_inside, row_position};
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Component for Review {
    fn context(&self) -> Context {
        Context::Review
    }

    fn area(&self, size: Size) -> Rect {
        size.above_status_line()
    }

    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, self, ctx, buffer);
        None
    }

    fn reading_cursor(&self, state: &State) -> Option<Position> {
        let (inside, count) = (full_inside(state.size), state.reader.as_ref()?.cases().len());
        let rows = Self::list_rows(inside.height, count).min(inside.height);
        let mut list = self.list;
        list.select(list.selected(), count, rows);
        row_position(&list, count, Rect { height: rows, ..inside })
    }

    fn press(_: &mut State, _: &Keymap, _: Press, _: &mut Vec<Effect>) {
        
    }

    fn wheel(state: &mut State, rows: isize) {
        state.select_case_by(rows.signum());
    }
}
