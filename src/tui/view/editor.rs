//! The note editor.

use super::{context::RenderContext, title::title_with_target};
use crate::tui::message::TagField;
use crate::tui::state::NoteEditor;
use crate::tui::state::NoteTarget;
use crate::tui::state::State;
use crate::tui::widget::Popup;
use ratatui::{buffer::Buffer, layout::Position};

pub(super) fn draw(editor: &NoteEditor, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
    let (title, placeholder) = match editor.target {
        NoteTarget::Tag(_, TagField::Definition) => ("tags-definition", "tags-definition-placeholder"),
        NoteTarget::Tag(..) => ("tags-memo", "tags-memo-placeholder"),
        NoteTarget::Memo => ("memos-editor", "memos-placeholder"),
        NoteTarget::BasketWords { .. } => ("basket-words", "basket-words-placeholder"),
        _ => ("note-title", "note-placeholder"),
    };
    let (title, hint) = (title_with_target(&ctx.locale.text(title), state, ctx), ctx.locale.text("note-hint"));
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(state.size.editor(), buffer, ctx.styles);
    editor.area.draw(inside, buffer, ctx.styles, &ctx.locale.text(placeholder))
}
