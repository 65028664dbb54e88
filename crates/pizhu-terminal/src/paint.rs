//! Text into a ratatui `Buffer`, measured as the terminal will draw it.
//!
//! ratatui's own `set_string`, `Line` and `Paragraph` take every ambiguous character as narrow
//! and let control characters pass in places; everything that may hold a text's or a user's
//! characters is drawn by these functions. Each cell they write is one or two cells wide and says
//! so ([`CellDiffOption::ForcedWidth`]).

use pizhu_text::layout::Glyph;
use pizhu_text::layout::Row;
use pizhu_text::text::visible;
use pizhu_text::text::visible::UnitKind;
use pizhu_text::text::width::Ambiguous;
use pizhu_text::text::width::grapheme_width;
use ratatui::{
    buffer::{Buffer, CellDiffOption},
    layout::{Position, Rect},
    style::Style,
};
use std::num::NonZeroU16;

/// Draws one grapheme of `width` cells (1 or 2) at `at`. Outside the buffer nothing is drawn; a
/// wide grapheme that would stick out on the right becomes blanks.
pub fn grapheme(buffer: &mut Buffer, at: Position, text: &str, width: u8, style: Style) {
    if !buffer.area.contains(at) {
        return;
    }
    let width = u16::from(width.max(1));
    let fits = width <= buffer.area.right() - at.x;
    if let Some(cell) = buffer.cell_mut(at) {
        cell.set_symbol(if fits { text } else { " " }).set_style(style);
        let forced = if fits && !text.is_ascii() { NonZeroU16::new(width) } else { None };
        cell.set_diff_option(forced.map_or(CellDiffOption::None, CellDiffOption::ForcedWidth));
    }
    for x in at.x + 1..(at.x + width).min(buffer.area.right()) {
        if let Some(cell) = buffer.cell_mut((x, at.y)) {
            cell.set_symbol(" ").set_style(style).set_diff_option(CellDiffOption::None);
        }
    }
}

/// Draws `text` on one line from `at` on, in no more than `limit` cells, with control characters
/// as signs. Returns the cells used. What does not fit is left out.
pub fn text(buffer: &mut Buffer, at: Position, limit: u16, text: &str, style: Style, ambiguous: Ambiguous) -> u16 {
    let mut used = 0;
    for unit in visible::units(text) {
        let shown = if unit.kind == UnitKind::Tab { "␉".into() } else { unit.shown() };
        let width = u16::from(grapheme_width(&shown, ambiguous));
        if used + width > limit {
            break;
        }
        put(buffer, Position::new(at.x + used, at.y), &shown, width as u8, style);
        used += width;
    }
    used
}

/// The same, with a final `…` (two cells kept for it where it may be wide) if not all fits.
pub fn text_cut(buffer: &mut Buffer, at: Position, limit: u16, what: &str, style: Style, ambiguous: Ambiguous) -> u16 {
    if cells(what, ambiguous) <= usize::from(limit) {
        return text(buffer, at, limit, what, style, ambiguous);
    }
    let mark = u16::from(grapheme_width("…", ambiguous));
    let used = text(buffer, at, limit.saturating_sub(mark), what, style, ambiguous);
    used + text(buffer, Position::new(at.x + used, at.y), limit - used, "…", style, ambiguous)
}

/// Cells that [`text`] takes for `what` where there is room.
#[must_use]
pub fn cells(what: &str, ambiguous: Ambiguous) -> usize {
    visible::units(what)
        .map(|unit| if unit.kind == UnitKind::Tab { 1 } else { usize::from(grapheme_width(&unit.shown(), ambiguous)) })
        .sum()
}

/// Draws a laid-out row with its column's left edge at `area.x`, inside `area`; `style` gives the
/// look of each glyph. Gaps (indent, justification) are left as they are.
pub fn row(buffer: &mut Buffer, area: Rect, row: &Row, mut style: impl FnMut(&Glyph<'_>) -> Style) {
    for glyph in row.glyphs() {
        if glyph.end_column() > area.width {
            break;
        }
        put(buffer, Position::new(area.x + glyph.column, area.y), &glyph.text(), glyph.width, style(&glyph));
    }
}

/// Draws what one glyph shows: a grapheme, or several chars of one cell each (signs, tabs).
fn put(buffer: &mut Buffer, at: Position, shown: &str, width: u8, style: Style) {
    let ascii = shown.is_ascii() && shown.len() == usize::from(width);
    if width <= 2 && !(ascii && width > 1) {
        grapheme(buffer, at, shown, width, style);
        return;
    }
    if ascii || shown.chars().count() == usize::from(width) {
        for (x, c) in (at.x..).zip(shown.chars()) {
            grapheme(buffer, Position::new(x, at.y), c.encode_utf8(&mut [0; 4]), 1, style);
        }
        return;
    }
    // A cluster of more than two cells, which no terminal draws like another.
    for x in 0..u16::from(width) {
        grapheme(buffer, Position::new(at.x + x, at.y), "?", 1, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(what: &str, limit: u16, ambiguous: Ambiguous) -> (u16, String) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        let used = text_cut(&mut buffer, Position::new(0, 0), limit, what, Style::new(), ambiguous);
        (used, buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned())
    }

    #[test]
    fn text_is_measured_cut_and_made_visible() {
        assert_eq!(drawn("青禾a", 20, Ambiguous::Narrow), (5, "青 禾 a".into()));
        assert_eq!(drawn("“青”", 20, Ambiguous::Wide), (6, "“ 青 ”".into()));
        assert_eq!(drawn("青禾县会议", 6, Ambiguous::Narrow), (5, "青 禾 …".into()));
        assert_eq!(drawn("a\u{1b}[2J\u{202e}", 20, Ambiguous::Narrow), (11, "a␛[2J<202E>".into()));
        assert_eq!(drawn("一\n二\t", 20, Ambiguous::Narrow), (6, "一 ␊二 ␉".into()));
    }

    #[test]
    fn nothing_sticks_out_of_the_buffer() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        grapheme(&mut buffer, Position::new(2, 0), "青", 2, Style::new());
        assert_eq!(buffer.content[2].symbol(), " ");
        grapheme(&mut buffer, Position::new(5, 5), "青", 2, Style::new());
    }
}
