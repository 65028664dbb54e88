//! What a screen is: the trait that every one implements, in its own folder.

use crate::locale::MessageId;
use crate::tui::effect::Effect;
use crate::tui::message::Context;
use crate::tui::overlay::component::Press;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::view::{FrameCache, RenderContext};
use pizhu_terminal::{FrameDamage, paint};
use ratatui::{buffer::Buffer, layout::Position};
use std::path::Path;

/// A full view, with its state, its update and its view. Its state is a field of [`State`], so that
/// commands reach it; the methods take the state of all.
pub(in crate::tui) trait Screen {
    /// Its name in the status line.
    const MODE: MessageId;

    /// The keymap context.
    fn context(state: &State) -> Context;

    /// Fits it to the terminal.
    fn arrange(state: &mut State);

    /// Draws it into an empty buffer; returns the position of the text cursor.
    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position>;

    /// Draws it into a buffer that holds the frame `before`; returns the text cursor and what is
    /// unchanged. Only the reader, which scrolls, does less than drawing everything.
    fn draw_incremental(
        state: &State,
        ctx: RenderContext<'_>,
        buffer: &mut Buffer,
        _before: &FrameCache,
        _cache: &mut FrameCache,
    ) -> (Option<Position>, FrameDamage) {
        paint::fill(buffer, buffer.area, ctx.styles.style(StyleRole::Text));
        (Self::draw(state, ctx, buffer), FrameDamage::default())
    }

    /// The position of the hardware cursor while nothing is typed.
    fn reading_cursor(state: &State) -> Option<Position>;

    /// Reacts to a press of the mouse.
    fn press(state: &mut State, press: Press, effects: &mut Vec<Effect>);

    /// Reacts to the wheel of the mouse at a cell.
    fn wheel(state: &mut State, at: Position, rows: isize);

    /// Leaves it: goes back one level.
    fn leave(state: &mut State, effects: &mut Vec<Effect>);

    /// Takes notice of a change of the speeches in the library, or of its filter.
    fn library_changed(_: &mut State, _: &mut Vec<Effect>) {}

    /// The store whose texts are written on it, once it is known.
    fn store(_: &State) -> Option<&Path> {
        None
    }
}
