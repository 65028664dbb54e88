//! Text onto cells.
//!
//! ratatui's own `set_string` measures every ambiguous character as narrow; everything drawn goes
//! through [`put`] instead, which gives a grapheme the cells the terminal gives it and says so in
//! the cell ([`CellDiffOption::ForcedWidth`]) where ratatui would think otherwise.

use pizhu_text::text::visible;
use pizhu_text::text::visible::visible;
use pizhu_text::text::width::Ambiguous;
use pizhu_text::text::width::char_width;
use pizhu_text::text::width::grapheme_width;
use pizhu_text::text::width::text_width;
use crate::tui::theme::Role;
use crate::tui::theme::Theme;
use ratatui::{
    buffer::{Buffer, Cell, CellDiffOption, CellWidth as _},
    layout::Rect,
    style::Style,
};
use std::{borrow::Cow, num::NonZeroU16};
use unicode_segmentation::UnicodeSegmentation as _;

/// How things look here: the theme, and how wide this terminal draws ambiguous characters.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The theme in use.
    pub theme: &'a Theme,
    /// The width of “ ” — … · and their like.
    pub ambiguous: Ambiguous,
}

impl Look<'_> {
    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }
}

/// Text in pieces of their own styles, with a part that keeps to the right edge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Label<'a> {
    /// The pieces from the left, cut with `…` where they do not fit.
    pub left: Vec<(Cow<'a, str>, Style)>,
    /// The pieces at the right edge, dropped as a whole where they would leave the left side
    /// less than half of the width.
    pub right: Vec<(Cow<'a, str>, Style)>,
}

impl<'a> Label<'a> {
    /// A label of one piece.
    #[must_use]
    pub fn new(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self { left: vec![(text.into(), style)], right: Vec::new() }
    }

    /// The same with another piece behind.
    #[must_use]
    pub fn and(mut self, text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        self.left.push((text.into(), style));
        self
    }

    /// The same with another piece at the right edge.
    #[must_use]
    pub fn right(mut self, text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        self.right.push((text.into(), style));
        self
    }

    /// Draws the label into one row of `area`'s width, its pieces' styles over `base`.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, base: Style, ambiguous: Ambiguous) {
        let area = Rect { height: area.height.min(1), ..area }.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        fill(buffer, area, base);
        let room = usize::from(area.width);
        let right: usize = self.right.iter().map(|(text, _)| width_to(text, room, ambiguous)).sum();
        let left: Vec<usize> = self.left.iter().map(|(text, _)| width_to(text, room, ambiguous)).collect();
        let mut rest: usize = left.iter().sum();
        let right = if right > 0 && right + 1 + rest.min(room / 2) <= room { right as u16 } else { 0 };
        let edge = if right > 0 { area.right() - right - 1 } else { area.right() };
        let mut x = area.x;
        for ((text, style), own) in self.left.iter().zip(left) {
            let here = usize::from(edge - x);
            let style = base.patch(*style);
            if rest > here {
                let cut = truncate(text, if own < rest { own.min(here) } else { here }, ambiguous);
                x = put(buffer, x, area.y, edge, &cut, style, ambiguous);
                if own >= here {
                    break;
                }
            } else {
                x = put(buffer, x, area.y, edge, text, style, ambiguous);
            }
            rest -= own;
        }
        if right > 0 {
            let mut x = area.right() - right;
            for (text, style) in &self.right {
                x = put(buffer, x, area.y, area.right(), text, base.patch(*style), ambiguous);
            }
        }
    }
}

/// The graphemes of `text` with their byte offsets.
#[must_use]
pub fn graphemes(text: &str) -> impl DoubleEndedIterator<Item = (usize, &str)> {
    text.grapheme_indices(true)
}

/// Whether a char among others of this kind is a grapheme and shows as it stands: ASCII, hanzi,
/// full-width forms and Chinese punctuation.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3400}'..='\u{9FFF}' | '\u{3000}'..='\u{3029}' | '\u{FF01}'..='\u{FF60}' | '—' | '‘' | '’' | '“' | '”' | '…')
}

/// The cells `text` takes, drawn as [`put`] draws it.
#[must_use]
pub fn width(text: &str, ambiguous: Ambiguous) -> usize {
    if text.chars().all(is_simple) {
        return text_width(text, ambiguous);
    }
    visible(text).graphemes(true).map(|grapheme| usize::from(grapheme_width(grapheme, ambiguous))).sum()
}

/// [`width`] where it is at most `room`, else something larger: a long text is not measured whole.
fn width_to(text: &str, room: usize, ambiguous: Ambiguous) -> usize {
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
    for unit in visible::units(text) {
        cells += unit.shown().graphemes(true).map(|grapheme| usize::from(grapheme_width(grapheme, ambiguous))).sum::<usize>();
        if cells > room {
            break;
        }
    }
    cells
}

/// The byte behind what fits of a text that is wider than `room`, where all up to there and the
/// char behind is simple.
fn simple_end(text: &str, room: usize, ambiguous: Ambiguous) -> Option<usize> {
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

/// `text` cut to `room` cells; a cut one ends in `…` (`.` where `…` itself would not fit).
#[must_use]
pub fn truncate(text: &str, room: usize, ambiguous: Ambiguous) -> Cow<'_, str> {
    if width_to(text, room, ambiguous) <= room {
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

/// Draws `text` from column `x` of row `y` up to, not including, column `limit`, and returns the
/// column behind it. Controls, escapes and the like appear as signs; a grapheme that does not fit
/// whole is left out.
pub fn put(buffer: &mut Buffer, x: u16, y: u16, limit: u16, text: &str, style: Style, ambiguous: Ambiguous) -> u16 {
    let limit = limit.min(buffer.area.right());
    if y < buffer.area.top() || y >= buffer.area.bottom() || x < buffer.area.left() {
        return x;
    }
    let start = usize::from(y - buffer.area.top()) * usize::from(buffer.area.width);
    let row = &mut buffer.content[start..start + usize::from(limit.saturating_sub(buffer.area.left()))];
    let from = usize::from(x - buffer.area.left());
    let end = if text.chars().all(is_simple) {
        let chars = text.char_indices().map(|(at, c)| (&text[at..at + c.len_utf8()], char_width(c, ambiguous)));
        put_all(row, from, chars, style)
    } else {
        let graphemes = visible(text);
        put_all(row, from, graphemes.graphemes(true).map(|grapheme| (grapheme, grapheme_width(grapheme, ambiguous))), style)
    };
    x + (end - from) as u16
}

/// Draws graphemes with their cells from column `x` of `row` on, as far as they fit; the column
/// behind them.
fn put_all<'a>(row: &mut [Cell], mut x: usize, graphemes: impl Iterator<Item = (&'a str, u8)>, style: Style) -> usize {
    for (grapheme, cells) in graphemes {
        let end = x + usize::from(cells);
        let Some(place) = row.get_mut(x..end) else { break };
        set(place, grapheme, style);
        x = end;
    }
    x
}

/// Draws one grapheme over `cells` cells at column `x` of row `y`, which must lie in the buffer.
pub fn put_grapheme(buffer: &mut Buffer, x: u16, y: u16, grapheme: &str, cells: u16, style: Style) {
    let row = usize::from(y - buffer.area.y) * usize::from(buffer.area.width);
    let at = row + usize::from(x - buffer.area.x);
    let place = &mut buffer.content[at..at + usize::from(cells)];
    // A sign in several characters of one cell each, as `<202E>`.
    if cells > 2 && grapheme.chars().count() == place.len() {
        for (cell, c) in place.chunks_mut(1).zip(grapheme.chars()) {
            set(cell, c.encode_utf8(&mut [0; 4]), style);
        }
        return;
    }
    set(place, grapheme, style);
}

/// Puts one grapheme into all of `place`.
fn set(place: &mut [Cell], grapheme: &str, style: Style) {
    let cells = place.len() as u16;
    let [first, behind @ ..] = place else { return };
    first.set_symbol(grapheme).set_style(style);
    // ratatui knows ASCII, the hanzi of U+4000 to U+9FFF, 、。《》 and full-width ASCII as everyone does.
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

/// Blanks `area` in `style`.
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(label: &Label<'_>, cells: u16, ambiguous: Ambiguous) -> String {
        let area = Rect::new(0, 0, cells, 1);
        let mut buffer = Buffer::empty(area);
        label.draw(area, &mut buffer, Style::new(), ambiguous);
        let mut text = String::new();
        let mut x = 0;
        while x < cells {
            text.push_str(buffer[(x, 0)].symbol());
            x += buffer[(x, 0)].cell_width().max(1);
        }
        text
    }

    #[test]
    fn an_ambiguous_sign_takes_the_cells_the_terminal_gives_it() {
        for (ambiguous, cells) in [(Ambiguous::Narrow, 1), (Ambiguous::Wide, 2)] {
            let area = Rect::new(0, 0, 6, 1);
            let mut buffer = Buffer::empty(area);
            let end = put(&mut buffer, 0, 0, 6, "“人", Style::new(), ambiguous);
            assert_eq!(end, cells + 2);
            assert_eq!(buffer[(0, 0)].cell_width(), cells);
            assert_eq!(buffer[(cells, 0)].symbol(), "人");
        }
    }

    #[test]
    fn a_wide_character_is_never_halved() {
        let area = Rect::new(0, 0, 3, 1);
        let mut buffer = Buffer::empty(area);
        assert_eq!(put(&mut buffer, 0, 0, 3, "人才", Style::new(), Ambiguous::Narrow), 2);
        assert_eq!(buffer[(2, 0)].symbol(), " ");
        assert_eq!(truncate("人才工作", 7, Ambiguous::Narrow), "人才工…");
        assert_eq!(truncate("人才工作", 7, Ambiguous::Wide), "人才…");
        assert_eq!(truncate("人才", 1, Ambiguous::Wide), ".");
        assert_eq!(truncate("人才", 0, Ambiguous::Wide), "");
    }

    #[test]
    fn a_text_cannot_drive_the_terminal() {
        let area = Rect::new(0, 0, 20, 1);
        let mut buffer = Buffer::empty(area);
        put(&mut buffer, 0, 0, 20, "a\u{1b}[31mb\u{202e}\n", Style::new(), Ambiguous::Narrow);
        assert!(buffer.content.iter().all(|cell| !cell.symbol().chars().any(|c| c.is_control() || c == '\u{202e}')));
    }

    #[test]
    fn the_right_part_keeps_to_its_edge_or_goes() {
        let label = Label::new("青禾县的讲话", Style::new()).and("（全文）", Style::new()).right("35%", Style::new());
        assert_eq!(row(&label, 26, Ambiguous::Narrow), "青禾县的讲话（全文）   35%");
        assert_eq!(row(&label, 18, Ambiguous::Narrow), "青禾县的讲话…  35%");
        assert_eq!(row(&label, 6, Ambiguous::Narrow), "青禾… ");
    }

    proptest! {
        #[test]
        fn what_is_cut_fits(text in "[人“—a-z\u{7}👍]{0,40}", room in 0..50_usize) {
            for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
                let cut = truncate(&text, room, ambiguous);
                prop_assert!(width(&cut, ambiguous) <= room);
                let whole = width(&text, ambiguous);
                let measured = width_to(&text, room, ambiguous);
                prop_assert!(measured == whole || measured.min(whole) > room);
                let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 1));
                prop_assert_eq!(usize::from(put(&mut buffer, 0, 0, 200, &text, Style::new(), ambiguous)), width(&text, ambiguous));
            }
        }
    }

    #[test]
    fn a_sign_in_several_characters_is_drawn_whole() {
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 8, 1));
        put_grapheme(&mut buffer, 1, 0, "<202E>", 6, Style::new());
        let shown: String = buffer.content.iter().map(Cell::symbol).collect();
        assert_eq!(shown, " <202E> ");
    }
}
