//! Draws text into a ratatui `Buffer` with the widths that the terminal gives it.
//!
//! ratatui's own `set_string`, `Line` and `Paragraph` measure every ambiguous character as narrow,
//! so everything is drawn with [`draw_text`] instead, which measures as this terminal does and forces
//! the width of a cell ([`CellDiffOption::ForcedWidth`]) if ratatui would measure it differently.
//! Control characters are drawn as visible signs.

use pizhu_text::text::visible;
use pizhu_text::text::visible::visible;
use pizhu_text::text::width::AmbiguousWidth;
use pizhu_text::text::width::char_width;
use pizhu_text::text::width::grapheme_width;
use pizhu_text::text::width::text_width;
use ratatui::{
    buffer::{Buffer, Cell, CellDiffOption, CellWidth as _},
    layout::Rect,
    style::Style,
};
use std::{borrow::Cow, num::NonZeroU16};
use unicode_segmentation::UnicodeSegmentation as _;

/// The grapheme clusters of `text` with their byte offsets.
#[must_use]
pub fn graphemes(text: &str) -> impl DoubleEndedIterator<Item = (usize, &str)> {
    text.grapheme_indices(true)
}

/// Whether a char is always a cluster of its own and shown unchanged: ASCII, hanzi, full-width forms,
/// CJK punctuation.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3400}'..='\u{9FFF}' | '\u{3000}'..='\u{3029}' | '\u{FF01}'..='\u{FF60}' | '—' | '‘' | '’' | '“' | '”' | '…')
}

/// The width of `text` in cells, as [`draw_text`] draws it.
///
/// ```
/// use pizhu_terminal::paint;
/// use pizhu_text::text::width::AmbiguousWidth;
///
/// assert_eq!(paint::width("“青禾”", AmbiguousWidth::Narrow), 6);
/// assert_eq!(paint::width("“青禾”", AmbiguousWidth::Wide), 8);
/// assert_eq!(paint::truncate("青禾县会议", 7, AmbiguousWidth::Narrow), "青禾县…");
/// ```
#[must_use]
pub fn width(text: &str, ambiguous: AmbiguousWidth) -> usize {
    if text.chars().all(is_simple) {
        return text_width(text, ambiguous);
    }
    visible(text).graphemes(true).map(|grapheme| usize::from(grapheme_width(grapheme, ambiguous))).sum()
}

/// The width of `text` in cells if it is at most `room`, else some larger number: a long text is not
/// measured to its end.
#[must_use]
pub fn width_up_to(text: &str, room: usize, ambiguous: AmbiguousWidth) -> usize {
    let (mut cells, mut at) = (0, 0);
    for c in text.chars() {
        if !is_simple(c) {
            break;
        }
        cells += usize::from(char_width(c, ambiguous));
        at += c.len_utf8();
        if cells > room {
            return cells;
        }
    }
    if at == text.len() {
        return cells;
    }
    let mut cells = 0;
    for unit in visible::clusters(text) {
        cells += unit.visible_text().graphemes(true).map(|grapheme| usize::from(grapheme_width(grapheme, ambiguous))).sum::<usize>();
        if cells > room {
            break;
        }
    }
    cells
}

/// The byte length of the longest prefix that fits `room`, for a text known to be wider; `None` if a
/// char in that prefix or right after it is not simple.
fn simple_end(text: &str, room: usize, ambiguous: AmbiguousWidth) -> Option<usize> {
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        if !is_simple(c) {
            return None;
        }
        taken += usize::from(char_width(c, ambiguous));
        if taken > room {
            return Some(at);
        }
    }
    None
}

/// Truncates `text` to `room` cells; a truncated text ends in `…` (`.` if `…` itself does not fit).
#[must_use]
pub fn truncate(text: &str, room: usize, ambiguous: AmbiguousWidth) -> Cow<'_, str> {
    if width_up_to(text, room, ambiguous) <= room {
        return Cow::Borrowed(text);
    }
    let sign = if width("…", ambiguous) <= room { "…" } else { &"."[..room.min(1)] };
    let room = room - width(sign, ambiguous);
    let end = simple_end(text, room, ambiguous).unwrap_or_else(|| {
        let mut taken = 0;
        let fits = |(_, grapheme): &(usize, &str)| {
            taken += width(grapheme, ambiguous);
            taken <= room
        };
        graphemes(text).take_while(fits).last().map_or(0, |(index, grapheme)| index + grapheme.len())
    });
    Cow::Owned(format!("{}{sign}", &text[..end]))
}

/// Draws `text` in row `y` from column `x` up to column `limit` (exclusive), and returns the column
/// after it. Control characters are drawn as signs; a grapheme that does not fit whole is left out.
pub fn draw_text(buffer: &mut Buffer, x: u16, y: u16, limit: u16, text: &str, style: Style, ambiguous: AmbiguousWidth) -> u16 {
    let limit = limit.min(buffer.area.right());
    if y < buffer.area.top() || y >= buffer.area.bottom() || x < buffer.area.left() {
        return x;
    }
    let start = usize::from(y - buffer.area.top()) * usize::from(buffer.area.width);
    let row = &mut buffer.content[start..start + usize::from(limit.saturating_sub(buffer.area.left()))];
    let from = usize::from(x - buffer.area.left());
    let end = if text.chars().all(is_simple) {
        let chars = text.char_indices().map(|(at, c)| (&text[at..at + c.len_utf8()], char_width(c, ambiguous)));
        draw_graphemes(row, from, chars, style)
    } else {
        let graphemes = visible(text);
        draw_graphemes(row, from, graphemes.graphemes(true).map(|grapheme| (grapheme, grapheme_width(grapheme, ambiguous))), style)
    };
    x + (end - from) as u16
}

/// Draws graphemes with their widths in `row` from column `x` on, as far as they fit; returns the
/// column after them.
fn draw_graphemes<'a>(row: &mut [Cell], mut x: usize, graphemes: impl Iterator<Item = (&'a str, u8)>, style: Style) -> usize {
    for (grapheme, cells) in graphemes {
        let end = x + usize::from(cells);
        let Some(place) = row.get_mut(x..end) else { break };
        set_grapheme(place, grapheme, style);
        x = end;
    }
    x
}

/// Draws one grapheme over `cells` cells at column `x` of row `y`.
///
/// # Panics
/// If those cells are outside the buffer.
#[inline]
pub fn draw_grapheme(buffer: &mut Buffer, x: u16, y: u16, grapheme: &str, cells: u16, style: Style) {
    let row = usize::from(y - buffer.area.y) * usize::from(buffer.area.width);
    let at = row + usize::from(x - buffer.area.x);
    let place = &mut buffer.content[at..at + usize::from(cells)];
    // A sign of several characters of one cell each, such as `<202E>`.
    if cells > 2 && grapheme.chars().count() == place.len() {
        for (cell, c) in place.chunks_mut(1).zip(grapheme.chars()) {
            set_grapheme(cell, c.encode_utf8(&mut [0; 4]), style);
        }
        return;
    }
    set_grapheme(place, grapheme, style);
}

/// Sets one grapheme into all cells of `place`.
#[inline]
fn set_grapheme(place: &mut [Cell], grapheme: &str, style: Style) {
    let cells = place.len() as u16;
    let [first, behind @ ..] = place else { return };
    first.set_symbol(grapheme).set_style(style);
    // ratatui measures ASCII, hanzi of U+4000–U+9FFF, 、。《》 and full-width ASCII as terminals do.
    let is_known = matches!(
        (grapheme.as_bytes(), cells),
        ([b' '..=b'~'], 1) | ([0xE4..=0xE9, _, _] | [0xE3, 0x80, 0x80..=0x91] | [0xEF, 0xBC, 0x81..=0xBF], 2)
    );
    let option = match NonZeroU16::new(cells) {
        Some(forced) if !is_known && grapheme.cell_width() != cells => CellDiffOption::ForcedWidth(forced),
        _ => CellDiffOption::None,
    };
    first.set_diff_option(option);
    for cell in behind {
        cell.reset();
        cell.set_style(style);
    }
}

/// Fills `area` with blanks of `style`.
pub fn fill(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let mut blank = Cell::EMPTY;
    blank.set_style(style);
    let width = usize::from(buffer.area.width);
    let (left, right) = (usize::from(area.left() - buffer.area.x), usize::from(area.right() - buffer.area.x));
    for y in area.top()..area.bottom() {
        let row = usize::from(y - buffer.area.y) * width;
        buffer.content[row + left..row + right].fill(blank.clone());
    }
}

/// Blanks the wide characters that would extend into `area` from the left and cover its edge.
pub fn clear_cut_wide_chars(buffer: &mut Buffer, area: Rect, ambiguous: AmbiguousWidth) {
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom().min(buffer.area.bottom()) {
        let cell = &mut buffer[(x, y)];
        if width(cell.symbol(), ambiguous) > 1 {
            let style = cell.style();
            cell.reset();
            cell.set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_ambiguous_character_takes_the_terminals_width() {
        for (ambiguous, cells) in [(AmbiguousWidth::Narrow, 1), (AmbiguousWidth::Wide, 2)] {
            let area = Rect::new(0, 0, 6, 1);
            let mut buffer = Buffer::empty(area);
            let end = draw_text(&mut buffer, 0, 0, 6, "“人", Style::new(), ambiguous);
            assert_eq!(end, cells + 2);
            assert_eq!(buffer[(0, 0)].cell_width(), cells);
            assert_eq!(buffer[(cells, 0)].symbol(), "人");
        }
    }

    #[test]
    fn a_wide_character_is_never_halved() {
        let area = Rect::new(0, 0, 3, 1);
        let mut buffer = Buffer::empty(area);
        assert_eq!(draw_text(&mut buffer, 0, 0, 3, "人才", Style::new(), AmbiguousWidth::Narrow), 2);
        assert_eq!(buffer[(2, 0)].symbol(), " ");
        assert_eq!(truncate("人才工作", 7, AmbiguousWidth::Narrow), "人才工…");
        assert_eq!(truncate("人才工作", 7, AmbiguousWidth::Wide), "人才…");
        assert_eq!(truncate("人才", 1, AmbiguousWidth::Wide), ".");
        assert_eq!(truncate("人才", 0, AmbiguousWidth::Wide), "");
    }

    #[test]
    fn control_characters_are_not_drawn() {
        let area = Rect::new(0, 0, 20, 1);
        let mut buffer = Buffer::empty(area);
        draw_text(&mut buffer, 0, 0, 20, "a\u{1b}[31mb\u{202e}\n", Style::new(), AmbiguousWidth::Narrow);
        assert!(buffer.content.iter().all(|cell| !cell.symbol().chars().any(|c| c.is_control() || c == '\u{202e}')));
    }

    proptest! {
        #[test]
        fn truncated_text_fits(text in "[人“—a-z\u{7}👍]{0,40}", room in 0..50_usize) {
            for ambiguous in [AmbiguousWidth::Narrow, AmbiguousWidth::Wide] {
                let cut = truncate(&text, room, ambiguous);
                prop_assert!(width(&cut, ambiguous) <= room);
                let whole = width(&text, ambiguous);
                let measured = width_up_to(&text, room, ambiguous);
                prop_assert!(measured == whole || measured.min(whole) > room);
                let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 1));
                prop_assert_eq!(usize::from(draw_text(&mut buffer, 0, 0, 200, &text, Style::new(), ambiguous)), width(&text, ambiguous));
            }
        }
    }

    #[test]
    fn a_sign_of_several_characters_is_drawn_whole() {
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 8, 1));
        draw_grapheme(&mut buffer, 1, 0, "<202E>", 6, Style::new());
        let shown: String = buffer.content.iter().map(Cell::symbol).collect();
        assert_eq!(shown, " <202E> ");
    }
}
