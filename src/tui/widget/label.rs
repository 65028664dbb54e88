//! One-row labels of styled pieces, and the styles they are drawn in.

use crate::tui::theme::StyleRole;
use crate::tui::theme::Theme;
use crate::tui::theme::legible_over;
use pizhu_terminal::paint::{draw_text, fill, truncate, width_up_to};
use pizhu_text::text::width::AmbiguousWidth;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use std::borrow::Cow;

/// What widgets are drawn with: the theme, and the width of ambiguous characters.
#[derive(Debug, Clone, Copy)]
pub struct StyleContext<'a> {
    /// The current theme.
    pub theme: &'a Theme,
    /// The width of ambiguous characters such as “ ” — … · in this terminal.
    pub ambiguous: AmbiguousWidth,
}

impl StyleContext<'_> {
    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: StyleRole) -> Style {
        self.theme.style(role)
    }
}

/// A row of text in pieces of different styles, some of them aligned to the right edge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Label<'a> {
    /// The pieces from the left, truncated with `…` if they do not fit.
    pub left: Vec<(Cow<'a, str>, Style)>,
    /// The pieces at the right edge; all are dropped if they would leave the left side less than half
    /// of the width.
    pub right: Vec<(Cow<'a, str>, Style)>,
}

impl<'a> Label<'a> {
    /// A label of one piece.
    #[must_use]
    pub(crate) fn new(text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        Self { left: vec![(text.into(), style)], right: Vec::new() }
    }

    /// Appends a piece on the left side.
    #[must_use]
    pub(crate) fn and(mut self, text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        self.left.push((text.into(), style));
        self
    }

    /// Appends a piece at the right edge.
    #[must_use]
    pub(crate) fn right(mut self, text: impl Into<Cow<'a, str>>, style: Style) -> Self {
        self.right.push((text.into(), style));
        self
    }

    /// The label for a row in a style of its own, such as the selected one: a piece keeps its colour only
    /// where it can be read there.
    #[must_use]
    pub(crate) fn over(mut self, base: Style) -> Self {
        for (_, style) in self.left.iter_mut().chain(&mut self.right) {
            *style = legible_over(*style, base);
        }
        self
    }

    /// Draws the label in one row of `area`'s width, the styles of its pieces over `base`.
    pub(crate) fn draw(&self, area: Rect, buffer: &mut Buffer, base: Style, ambiguous: AmbiguousWidth) {
        let area = Rect { height: area.height.min(1), ..area }.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        fill(buffer, area, base);
        let room = usize::from(area.width);
        let right: usize = self.right.iter().map(|(text, _)| width_up_to(text, room, ambiguous)).sum();
        let left: Vec<usize> = self.left.iter().map(|(text, _)| width_up_to(text, room, ambiguous)).collect();
        let mut rest: usize = left.iter().sum();
        let right = if right > 0 && right + 1 + rest.min(room / 2) <= room { right as u16 } else { 0 };
        let edge = if right > 0 { area.right() - right - 1 } else { area.right() };
        let mut x = area.x;
        for ((text, style), own) in self.left.iter().zip(left) {
            let here = usize::from(edge - x);
            let style = base.patch(*style);
            if rest > here {
                let cut = truncate(text, if own < rest { own.min(here) } else { here }, ambiguous);
                x = draw_text(buffer, x, area.y, edge, &cut, style, ambiguous);
                if own >= here {
                    break;
                }
            } else {
                x = draw_text(buffer, x, area.y, edge, text, style, ambiguous);
            }
            rest -= own;
        }
        if right > 0 {
            let mut x = area.right() - right;
            for (text, style) in &self.right {
                x = draw_text(buffer, x, area.y, area.right(), text, base.patch(*style), ambiguous);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::CellWidth as _;

    fn row(label: &Label<'_>, cells: u16, ambiguous: AmbiguousWidth) -> String {
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
    fn the_right_part_stays_at_the_edge_or_is_dropped() {
        let label = Label::new("青禾县的讲话", Style::new()).and("（全文）", Style::new()).right("35%", Style::new());
        assert_eq!(row(&label, 26, AmbiguousWidth::Narrow), "青禾县的讲话（全文）   35%");
        assert_eq!(row(&label, 18, AmbiguousWidth::Narrow), "青禾县的讲话…  35%");
        assert_eq!(row(&label, 6, AmbiguousWidth::Narrow), "青禾… ");
    }
}
