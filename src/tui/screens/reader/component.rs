//! The reader as a screen.

use super::screen::ReaderScreen;
use super::{outline_view, view};
use crate::locale::{MessageId, id};
use crate::tui::effect::Effect;
use crate::tui::message::Context;
use crate::tui::overlay::component::{Press, row_position};
use crate::tui::screens::component::Screen;
use crate::tui::state::{Focus, State, TextUnit};
use crate::tui::theme::StyleRole;
use crate::tui::view::{FrameCache, RenderContext};
use pizhu_terminal::{FrameDamage, paint};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Screen for ReaderScreen {
    const MODE: MessageId = id::STATUS_MODE_READ;

    fn context(state: &State) -> Context {
        match &state.reader {
            Some(reader) if reader.focus == Focus::Outline => Context::Outline,
            Some(_) => Context::Reader,
            None => Context::Library,
        }
    }

    fn arrange(state: &mut State) {
        state.arrange_reader();
    }

    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        Self::draw_incremental(state, ctx, buffer, &FrameCache::default(), &mut FrameCache::default()).0
    }

    fn draw_incremental(
        state: &State,
        ctx: RenderContext<'_>,
        buffer: &mut Buffer,
        before: &FrameCache,
        cache: &mut FrameCache,
    ) -> (Option<Position>, FrameDamage) {
        let Some(reader) = &state.reader else { return (None, FrameDamage::default()) };
        (None, draw_changed(state, reader, ctx, buffer, before, cache))
    }

    fn reading_cursor(state: &State) -> Option<Position> {
        let reader = state.reader.as_ref()?;
        let panes = state.panes();
        if reader.focus == Focus::Outline {
            let tree = reader.outline.tree();
            return row_position(tree.list(), tree.row_count(), panes.outline);
        }
        let (row, column) = reader.viewport.cell_at(reader.viewport.cursor())?;
        let at = Position::new(panes.column.x + column, panes.column.y + row);
        panes.text.contains(at).then_some(at)
    }

    fn press(state: &mut State, press: Press, _: &mut Vec<Effect>) {
        let panes = state.panes();
        let Some(reader) = &mut state.reader else { return };
        if !panes.outline.is_empty() && press.at.x == panes.outline.right() && press.at.y < panes.outline.bottom() {
            state.pointer.drags_outline = true;
            return;
        }
        if panes.outline.contains(press.at) {
            reader.outline_click(press.at.y - panes.outline.y, press.at.x - panes.outline.x, panes.outline.width);
            return state.arrange();
        }
        if !panes.text.contains(press.at) {
            return;
        }
        reader.set_focus(Focus::Text);
        reader.selection = None;
        let Some(offset) = offset_at(reader, panes.column, press.at) else { return };
        reader.viewport.place_cursor(offset);
        let unit = match press.clicks {
            2 => TextUnit::Word,
            3 => TextUnit::Sentence,
            _ => {
                state.pointer.anchor = Some(offset);
                return;
            }
        };
        // Keep the rows in place, so that the next click hits the same text.
        let top = reader.viewport.top();
        reader.select_unit(unit);
        reader.viewport.return_to(top);
    }

    fn wheel(state: &mut State, at: Position, rows: isize) {
        let panes = state.panes();
        let Some(reader) = &mut state.reader else { return };
        if panes.outline.contains(at) {
            reader.outline_select_by(rows);
        } else if reader.viewport.scroll(rows) > 0 {
            reader.visited_from = None;
        }
    }

    /// Closes the speech if there is a screen to go back to, else quits.
    fn leave(state: &mut State, effects: &mut Vec<Effect>) {
        let has_screen_below = state.tags.is_some()
            || state.memos.is_some()
            || state.basket.is_some()
            || state.library.has_roots()
            || state.results.is_some()
            || state.counts.is_some()
            || state.compare.is_some();
        if has_screen_below {
            state.close_reader(effects);
        } else {
            state.request_quit(effects);
        }
    }
}

/// Draws the parts of the reader that changed since `before`, and stores the new fingerprints in
/// `cache`.
fn draw_changed(
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
    cache.outline = outline_view::OutlineFingerprint::new(reader, state.panes().outline);
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
    if let Some(rows) = view::TextRows::new(state, reader, ctx) {
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

/// Char offset at a cell; beside the text, at the nearer end of the row.
pub(in crate::tui) fn offset_at(reader: &ReaderScreen, column: Rect, at: Position) -> Option<usize> {
    reader.viewport.offset_at(at.y.checked_sub(column.y)?, at.x.saturating_sub(column.x))
}
