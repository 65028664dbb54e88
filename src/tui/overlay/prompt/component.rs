//! The prompt as a component.

use super::{Prompt, view};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, Size};
use crate::tui::overlay::component::{Component, Press};
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use crate::tui::widget::TextEdit;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Component for Prompt {
    fn context(&self) -> Context {
        Context::Prompt
    }

    fn area(&self, size: Size) -> Rect {
        let is_covered = self.is_above || self.completion.is_some();
        if is_covered { size.above_status_line() } else { Rect::default() }
    }

    /// The line itself is drawn with the status line.
    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        if let Some(below) = state.overlay_below_prompts().filter(|_| self.is_above) {
            below.component().draw(state, ctx, buffer);
        }
        if let Some(offered) = &self.completion {
            view::draw(offered, state, ctx, buffer);
        }
        None
    }

    fn type_text(&mut self, text: &str) {
        self.completion = None;
        self.input.insert(text);
    }

    fn edit_text(&mut self, edit: TextEdit) -> bool {
        self.completion = None;
        self.input.apply(edit)
    }

    fn typed(state: &mut State, keymap: &Keymap, effects: &mut Vec<Effect>) {
        state.prompt_changed(keymap, effects);
    }

    fn press(_: &mut State, _: &Keymap, _: Press, _: &mut Vec<Effect>) {}

    fn wheel(_: &mut State, _: isize) {}

    fn accept(self, state: &mut State, keymap: &Keymap, effects: &mut Vec<Effect>) {
        state.accept_prompt(self, keymap, effects);
    }

    fn cancel(self, state: &mut State, keymap: &Keymap, effects: &mut Vec<Effect>) {
        state.cancel_prompt(&self, keymap, effects);
    }
}
