//! Drawing, one file a screen or overlay. Views read the state and never change it.

mod compare;
pub(super) mod context;
mod counts;
mod frame_cache;
mod hints;
mod library;
mod library_results;
mod margin;
mod outline;
mod reader;
mod reading_cursor;
mod status;
pub(super) mod tag_sign;
pub(super) mod tags;

use crate::locale::id;
pub use context::RenderContext;
pub use frame_cache::FrameCache;

use super::{
    basket::view as basket_view,
    message::Size,
    state::{ReaderScreen, ScreenKind, State, size::MIN_SIZE},
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
    let (mut input_cursor, mut damage) = (None, FrameDamage::default());
    match (state.screen, &state.reader, &state.results) {
        (ScreenKind::Reader, Some(reader), _) => damage = draw_reader(state, reader, ctx, buffer, &before, cache),
        (ScreenKind::Results, _, Some(results)) => {
            paint::fill(buffer, buffer.area, ctx.styles.style(StyleRole::Text));
            input_cursor = library_results::draw(state, results, ctx, buffer);
        }
        _ => {
            paint::fill(buffer, buffer.area, ctx.styles.style(StyleRole::Text));
            match (state.screen, &state.memos, &state.basket) {
                (ScreenKind::Memos, Some(memos), _) => crate::tui::memos::view::draw(state, memos, ctx, buffer),
                (ScreenKind::Basket, _, Some(basket)) => basket_view::draw(state, basket, ctx, buffer),
                _ => draw_list_screen(state, ctx, buffer),
            }
        }
    }
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

/// Draws the counts, the comparison, the tags, or the library.
fn draw_list_screen(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    match (state.screen, &state.counts, &state.compare, &state.tags) {
        (ScreenKind::Tags, .., Some(tags)) => tags::draw(state, tags, ctx, buffer),
        (ScreenKind::Counts, Some(counts), ..) => counts::draw(state, counts, ctx, buffer),
        (ScreenKind::Compare, _, Some(compare), _) => compare::draw(state, compare, ctx, buffer),
        _ => library::draw(state, ctx, buffer),
    }
}

/// Draws the parts of the reader that changed since `before`, and stores the new fingerprints in
/// `cache`.
fn draw_reader(
    state: &State,
    reader: &ReaderScreen,
    ctx: RenderContext<'_>,
    buffer: &mut Buffer,
    before: &FrameCache,
    cache: &mut FrameCache,
) -> FrameDamage {
    let background = ctx.styles.style(StyleRole::Text);
    let mut damage = FrameDamage::default();
    let whole = buffer.area;
    cache.outline = outline::OutlineFingerprint::new(reader, state.panes().outline);
    if let Some(outline) = &cache.outline {
        let (area, shown) = (outline.area(whole), outline.unchanged_rows(before.outline.as_ref()));
        if shown.contains(&false) {
            for (row, shown) in area.rows().zip(&shown) {
                if *shown {
                    damage.unchanged.push(row);
                } else {
                    paint::fill(buffer, row, background);
                }
            }
            outline.draw(&shown, reader, ctx, buffer);
        } else {
            damage.unchanged.push(area);
        }
    }
    if let Some(rows) = reader::TextRows::new(state, reader, ctx) {
        let fingerprint = rows.fingerprint(before.rows.as_ref());
        let shown = match &before.rows {
            Some(before) => {
                damage.scrolled = fingerprint.scroll_since(before);
                fingerprint.unchanged_rows(before, damage.scrolled)
            }
            None => vec![false; usize::from(fingerprint.area().height)],
        };
        for (row, shown) in fingerprint.area().rows().zip(&shown) {
            if *shown {
                damage.unchanged.push(row);
            } else {
                paint::fill(buffer, row, background);
            }
        }
        // Margin notes span several rows, so rows beside them are never cached.
        if !rows.draw(&shown, buffer) {
            cache.rows = Some(fingerprint);
        }
    }
    damage
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
