//! The note editor.

use crate::locale::id;
use crate::tui::message::TagField;
use crate::tui::overlay::{NoteEditor, NoteTarget};
use crate::tui::state::State;
use crate::tui::widget::Popup;
use crate::tui::{overlay::title::title_with_target, view::RenderContext};
use ratatui::{buffer::Buffer, layout::Position};

pub(in crate::tui) fn draw(editor: &NoteEditor, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
    let (title, placeholder) = match editor.target {
        NoteTarget::Tag(_, TagField::Definition) => (id::TAGS_DEFINITION, id::TAGS_DEFINITION_PLACEHOLDER),
        NoteTarget::Tag(..) => (id::TAGS_MEMO, id::TAGS_MEMO_PLACEHOLDER),
        NoteTarget::Memo => (id::MEMOS_EDITOR, id::MEMOS_PLACEHOLDER),
        NoteTarget::BasketWords { .. } => (id::BASKET_WORDS, id::BASKET_WORDS_PLACEHOLDER),
        _ => (id::NOTE_TITLE, id::NOTE_PLACEHOLDER),
    };
    let (title, hint) = (title_with_target(&ctx.locale.text(title), state, ctx), ctx.locale.text(id::NOTE_HINT));
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(state.size.editor(), buffer, ctx.styles);
    editor.area.draw(inside, buffer, ctx.styles, &ctx.locale.text(placeholder))
}
