//! The annotation list as a component.

use super::{AnnotationList, view};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, Size};
use crate::tui::overlay::Overlay;
use crate::tui::overlay::component::{Component, Press, full_inside, row_position};
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Component for AnnotationList {
    fn context(&self) -> Context {
        Context::Annotations
    }

    fn area(&self, size: Size) -> Rect {
        size.above_status_line()
    }

    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, self, ctx, buffer);
        None
    }

    fn reading_cursor(&self, state: &State) -> Option<Position> {
        row_position(&self.list, self.entries(state.reader.as_ref()?).len(), full_inside(state.size))
    }

    fn follow(&mut self, state: &State) -> bool {
        if let Some(reader) = &state.reader {
            let count = self.entries(reader).len();
            self.list.select(self.list.selected(), count, full_inside(state.size).height);
        }
        true
    }

    fn press(state: &mut State, _: &Keymap, press: Press, _: &mut Vec<Effect>) {
        let (area, count) = (full_inside(state.size), state.annotation_list_len());
        let Some(Overlay::Annotations(listing)) = &mut state.overlay else { return };
        if press.select(&mut listing.list, count, area) && press.clicks == 2 {
            state.go_to_listed_annotation();
        }
    }

    fn wheel(state: &mut State, rows: isize) {
        state.select_annotation_by(rows);
    }
}
