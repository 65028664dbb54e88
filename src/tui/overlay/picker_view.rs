//! Overlays with a picker.

use crate::locale::{MessageId, id};
use crate::tui::state::State;
use crate::tui::widget::{Picker, Popup};
use crate::tui::{overlay::title::title_with_target, view::RenderContext};
use ratatui::{buffer::Buffer, layout::Position};

pub(in crate::tui) fn draw(
    picker: &Picker,
    title: &str,
    hint: MessageId,
    state: &State,
    ctx: RenderContext<'_>,
    buffer: &mut Buffer,
) -> Option<Position> {
    let (title, hint) = (title_with_target(title, state, ctx), ctx.locale.text(hint));
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(state.size.picker(), buffer, ctx.styles);
    picker.draw(inside, buffer, ctx.styles, &ctx.locale.text(id::PICKER_CREATE), &ctx.locale.text(id::PICKER_NONE))
}
