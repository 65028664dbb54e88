//! Drawing, one file a screen or overlay. Views read the state and never change it.

pub(super) mod context;
mod frame_cache;
mod hints;
mod reading_cursor;
mod status;
pub(super) mod tag_sign;

use crate::locale::id;
pub use context::RenderContext;
pub use frame_cache::FrameCache;

use super::{
    message::Size,
    state::{State, size::MIN_SIZE},
    theme::StyleRole,
};
use pizhu_terminal::{FrameDamage, paint};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// Draws the whole screen; returns the position of the hardware cursor (an input method draws there).
pub fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
    draw_incremental(state, ctx, buffer, &mut FrameCache::default()).0
}

/// Draws the screen into a buffer that holds the previous frame, described by `cache`. Returns the
/// cursor and what is unchanged. Unchanged rows of text that only scrolled are not drawn at all: their
/// cells in the buffer are stale.
pub fn draw_incremental(
    state: &State,
    ctx: RenderContext<'_>,
    buffer: &mut Buffer,
    cache: &mut FrameCache,
) -> (Option<Position>, FrameDamage) {
    let size = Size { width: buffer.area.width, height: buffer.area.height };
    let mut before = cache.begin_frame(ctx);
    let covered = overlay_area(state);
    if covered.is_some() || !state.pending_keys.prefix().is_empty() {
        // The text beside an overlay may be drawn over with it.
        before.rows = None;
    }
    if !size.is_large_enough() {
        paint::fill(buffer, buffer.area, ctx.styles.style(StyleRole::Text));
        let words = ctx.format(id::TOO_SMALL, &[("width", MIN_SIZE.width.into()), ("height", MIN_SIZE.height.into())]);
        ctx.draw_text(buffer, buffer.area, &words, StyleRole::Warning);
        return (None, FrameDamage::default());
    }
    let (input_cursor, mut damage) = (state.screen.functions().draw)(state, ctx, buffer, &before, cache);
    let cursor = status::draw(state, ctx, buffer).or(input_cursor);
    if let Some(area) = covered {
        paint::clear_cut_wide_chars(buffer, area, ctx.styles.ambiguous);
    }
    let hinted = hints::draw(state, ctx, buffer);
    let cursor = state.overlay.as_ref().and_then(|overlay| overlay.component().draw(state, ctx, buffer)).or(cursor);
    if covered.is_some() || hinted {
        (cache.outline, cache.rows) = (None, None);
        damage.unchanged.clear();
    }
    let area = buffer.area;
    (cursor.or_else(|| reading_cursor::reading_cursor(state)).filter(|at| area.contains(*at)), damage)
}

/// The area of the current overlay.
fn overlay_area(state: &State) -> Option<Rect> {
    let area = state.overlay.as_ref()?.component().area(state.size);
    (!area.is_empty()).then_some(area)
}

#[cfg(test)]
mod across_tests;
#[cfg(test)]
mod library_tests;
#[cfg(test)]
mod sign_tests;
#[cfg(test)]
pub(super) mod tests;
