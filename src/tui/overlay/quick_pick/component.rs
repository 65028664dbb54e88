//! The quick pick as a component.

use super::QuickPick;
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::overlay::component::Component;
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use crate::tui::widget::Picker;
use std::borrow::Cow;

impl Component for QuickPick {
    fn picker(&self) -> Option<&Picker> {
        Some(&self.picker)
    }

    fn picker_mut(&mut self) -> Option<&mut Picker> {
        Some(&mut self.picker)
    }

    fn title<'a>(&'a self, ctx: RenderContext<'a>) -> Cow<'a, str> {
        let arguments: Vec<_> = self.arguments.iter().map(|(name, value)| (*name, value.clone().into())).collect();
        ctx.format(self.title, &arguments).into()
    }

    fn accept(self, state: &mut State, _: &Keymap, effects: &mut Vec<Effect>) {
        state.accept_quick_pick(&self, effects);
    }
}
