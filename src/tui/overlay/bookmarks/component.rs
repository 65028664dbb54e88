//! The bookmark picker as a component.

use super::BookmarkPicker;
use crate::locale::{MessageId, id};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::overlay::component::Component;
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use crate::tui::widget::Picker;
use std::borrow::Cow;

impl Component for BookmarkPicker {
    fn picker(&self) -> Option<&Picker> {
        Some(&self.picker)
    }

    fn picker_mut(&mut self) -> Option<&mut Picker> {
        Some(&mut self.picker)
    }

    fn title<'a>(&'a self, ctx: RenderContext<'a>) -> Cow<'a, str> {
        ctx.locale.text(id::PROMPT_BOOKMARK)
    }

    fn hint(&self) -> MessageId {
        id::BOOKMARKS_HINT
    }

    fn accept(self, state: &mut State, _: &Keymap, _: &mut Vec<Effect>) {
        state.accept_bookmark(&self);
    }
}
