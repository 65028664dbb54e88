//! The name picker as a component.

use super::{NamePicker, NamePurpose};
use crate::locale::{MessageId, id};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::overlay::component::Component;
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use crate::tui::widget::Picker;
use std::borrow::Cow;

impl Component for NamePicker {
    fn picker(&self) -> Option<&Picker> {
        Some(&self.picker)
    }

    fn picker_mut(&mut self) -> Option<&mut Picker> {
        Some(&mut self.picker)
    }

    fn title<'a>(&'a self, ctx: RenderContext<'a>) -> Cow<'a, str> {
        match &self.purpose {
            NamePurpose::ReadTag => ctx.locale.text(id::PROMPT_READ_TAG),
            NamePurpose::Compare(None) => ctx.locale.text(id::PROMPT_BESIDE),
            NamePurpose::Compare(Some((_, title))) => {
                ctx.format(id::PROMPT_BESIDE_WITH, &[("title", title.clone().into())]).into()
            }
        }
    }

    fn hint(&self) -> MessageId {
        if self.purpose == NamePurpose::ReadTag { id::CHOOSE_HINT } else { id::BESIDE_PICK_HINT }
    }

    fn toggle_mark(&mut self) -> bool {
        let has_marks = self.purpose != NamePurpose::ReadTag;
        if has_marks {
            self.picker.toggle();
        }
        has_marks
    }

    fn accept(self, state: &mut State, _: &Keymap, effects: &mut Vec<Effect>) {
        state.accept_name(self, effects);
    }
}
