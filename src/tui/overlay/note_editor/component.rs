//! The note editor as a component.

use super::{NoteEditor, NoteTarget, view};
use crate::locale::notice;
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::screens::memos::message::place_words;
use crate::tui::message::{Context, Size, StatusMessage};
use crate::tui::overlay::component::{Component, Press};
use crate::tui::overlay::{Overlay, TargetLabel};
use crate::tui::state::{DisplayOptions, State};
use crate::tui::view::RenderContext;
use crate::tui::widget::{TextEdit, inner_area};
use pizhu_annotation::edit::transfer_anchors;
use pizhu_text::document::Document;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Component for NoteEditor {
    fn context(&self) -> Context {
        Context::Editor
    }

    fn area(&self, size: Size) -> Rect {
        size.editor()
    }

    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(self, state, ctx, buffer)
    }

    fn fit(&mut self, size: Size, options: &DisplayOptions) {
        let area = size.editor();
        self.area.resize(area.width.saturating_sub(4), area.height.saturating_sub(2), options.style.ambiguous);
    }

    fn type_text(&mut self, text: &str) {
        self.discard_warned = false;
        self.area.insert(text);
    }

    fn edit_text(&mut self, edit: TextEdit) -> bool {
        self.discard_warned = false;
        self.area.apply(edit);
        true
    }

    fn reanchor(&mut self, old: &Document, new: &Document) -> Result<Option<StatusMessage>, StatusMessage> {
        let NoteTarget::New(target) = self.target else { return Ok(None) };
        let transferred = transfer_anchors(&[target], old, new).and_then(|transferred| transferred.first().copied());
        self.target = transferred.map_or(NoteTarget::Lost, NoteTarget::New);
        Ok((self.target == NoteTarget::Lost).then(|| StatusMessage::error(notice::NOTE_HOMELESS)))
    }

    fn target_label(&self, state: &State) -> Option<TargetLabel> {
        let reader = state.reader.as_ref();
        match self.target {
            NoteTarget::New(target) => reader?.label_of_target(target),
            NoteTarget::Existing(id) => reader?.label_of_annotation(id),
            NoteTarget::Tag(id, _) => Some(TargetLabel::Tag(state.tags.as_ref()?.book().label(id))),
            NoteTarget::Memo => {
                let memos = state.memos.as_ref()?;
                memos.editing.as_ref()?;
                memos.selected().map(place_words).filter(|words| !words.is_empty()).map(TargetLabel::Tag)
            }
            NoteTarget::Lost | NoteTarget::BasketWords { .. } => None,
        }
    }

    fn press(state: &mut State, _: &Keymap, press: Press, _: &mut Vec<Effect>) {
        let area = inner_area(state.size.editor());
        if let (Some(row), Some(Overlay::Editor(editor))) = (press.row_in(area), &mut state.overlay) {
            editor.area.click(press.at.x - area.x, row);
        }
    }

    fn wheel(_: &mut State, _: isize) {}

    fn accept(self, state: &mut State, _: &Keymap, effects: &mut Vec<Effect>) {
        state.accept_note(&self, effects);
    }

    /// A changed note is discarded only at the second attempt.
    fn cancel(mut self, state: &mut State, _: &Keymap, _: &mut Vec<Effect>) {
        if self.has_unsaved_text() && !self.discard_warned {
            self.discard_warned = true;
            state.status = Some(StatusMessage::error(notice::NOTE_NOT_SAVED));
            state.overlay = Some(self.into());
        }
    }
}
