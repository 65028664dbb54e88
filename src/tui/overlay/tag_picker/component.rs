//! The tag picker as a component.

use super::{TagPicker, TagTarget};
use crate::locale::{MessageId, id, notice};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::TargetLabel;
use crate::tui::overlay::component::Component;
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use crate::tui::widget::Picker;
use pizhu_annotation::edit::transfer_anchors;
use pizhu_text::document::Document;
use std::borrow::Cow;

impl Component for TagPicker {
    fn picker(&self) -> Option<&Picker> {
        Some(&self.picker)
    }

    fn picker_mut(&mut self) -> Option<&mut Picker> {
        Some(&mut self.picker)
    }

    fn title<'a>(&'a self, ctx: RenderContext<'a>) -> Cow<'a, str> {
        ctx.locale.text(id::PROMPT_TAG)
    }

    fn hint(&self) -> MessageId {
        id::PICKER_HINT
    }

    fn type_text(&mut self, text: &str) {
        let mut typed = text.chars();
        let key = typed.next().filter(|_| typed.next().is_none());
        if let Some(item) = key.and_then(|key| self.picker.keyed(key)) {
            let marked = self.picker.marks().contains(&item);
            self.picker.select_item(item);
            self.picker.mark(item, !marked);
        } else {
            self.picker.insert(text);
        }
    }

    fn toggle_mark(&mut self) -> bool {
        self.picker.toggle();
        true
    }

    fn reanchor(&mut self, old: &Document, new: &Document) -> Result<Option<StatusMessage>, StatusMessage> {
        if let TagTarget::New(targets) = &mut self.target {
            *targets = transfer_anchors(targets, old, new).ok_or_else(|| StatusMessage::error(notice::PLACE_GONE))?;
        }
        Ok(None)
    }

    fn target_label(&self, state: &State) -> Option<TargetLabel> {
        let reader = state.reader.as_ref()?;
        match &self.target {
            TagTarget::New(targets) if targets.len() > 1 => Some(TargetLabel::Several(targets.len())),
            TagTarget::New(targets) => targets.first().and_then(|target| reader.label_of_target(*target)),
            TagTarget::Existing(id) => reader.label_of_annotation(*id),
        }
    }

    fn accept(self, state: &mut State, _: &Keymap, effects: &mut Vec<Effect>) {
        state.accept_tags(self, effects);
    }
}
