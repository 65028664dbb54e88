//! The frame of an overlay.
//!
//! Its signs (╌ ╎ ▗ ▖ ▝ ▘) are neutral in East Asian Width (UAX #11) and take one cell in every
//! terminal; ─ │ ┌ are ambiguous and would break the frame in a terminal that draws them wide.

use super::label::{Label, StyleContext};
use crate::tui::theme::StyleRole;
use pizhu_terminal::paint;
use ratatui::{buffer::Buffer, layout::Rect};

/// The rectangle of `width` × `height` cells centred in `area`, or as much of it as fits.
#[must_use]
pub(crate) fn centered(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// The area inside a frame around `area`; an area too small for a frame (under 5 × 3 cells) itself.
#[must_use]
pub(crate) fn inner_area(area: Rect) -> Rect {
    if area.width < 5 || area.height < 3 {
        return area;
    }
    Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
}

/// A frame with a title at the top and a hint at the bottom.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Popup<'a> {
    /// The title.
    pub title: &'a str,
    /// The keys of the overlay, separated by ` · `.
    pub hint: &'a str,
    /// Whether to draw only background and title, without a frame (for screen readers).
    pub bare: bool,
}

impl Popup<'_> {
    /// Clears `area`, draws the frame at its edge and returns the area inside (see [`inner_area`]).
    pub(crate) fn draw(&self, area: Rect, buffer: &mut Buffer, styles: StyleContext<'_>) -> Rect {
        let area = area.intersection(buffer.area);
        let background = styles.style(StyleRole::Popup);
        paint::fill(buffer, area, styles.style(StyleRole::Text).patch(background));
        let frame = background.patch(styles.style(StyleRole::PopupFrame));
        let title = background.patch(styles.style(StyleRole::PopupTitle));
        if area.width < 5 || area.height < 3 {
            return area;
        }
        let inside = inner_area(area);
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        if !self.bare {
            for x in area.x + 1..right {
                paint::draw_grapheme(buffer, x, area.y, "╌", 1, frame);
                paint::draw_grapheme(buffer, x, bottom, "╌", 1, frame);
            }
            for y in area.y + 1..bottom {
                paint::draw_grapheme(buffer, area.x, y, "╎", 1, frame);
                paint::draw_grapheme(buffer, right, y, "╎", 1, frame);
            }
            for (x, y, sign) in [(area.x, area.y, "▗"), (right, area.y, "▖"), (area.x, bottom, "▝"), (right, bottom, "▘")] {
                paint::draw_grapheme(buffer, x, y, sign, 1, frame);
            }
        }
        let room = usize::from(inside.width).saturating_sub(2);
        let hint = fit_hint(self.hint, room, styles);
        for (text, y, style) in [(self.title, area.y, title), (hint, bottom, frame.patch(styles.style(StyleRole::Dim)))] {
            if text.is_empty() || room == 0 {
                continue;
            }
            let shown = paint::truncate(text, room, styles.ambiguous);
            let width = paint::width(&shown, styles.ambiguous) as u16 + 2;
            let label = Label::new(format!(" {shown} "), style);
            label.draw(Rect { x: inside.x, y, width, height: 1 }, buffer, style, styles.ambiguous);
        }
        inside
    }
}

/// The first items of a hint, separated by ` · `, that fit `room` cells; always at least one.
#[must_use]
pub(crate) fn fit_hint<'a>(hint: &'a str, room: usize, styles: StyleContext<'_>) -> &'a str {
    let mut shown = hint;
    while paint::width(shown, styles.ambiguous) > room
        && let Some((fewer, _)) = shown.rsplit_once(" · ")
    {
        shown = fewer;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;
    use pizhu_text::text::width::AmbiguousWidth;
    use pizhu_text::text::width::grapheme_width;

    #[test]
    fn the_frame_is_unbroken_in_a_wide_terminal() {
        let theme = Theme::plain();
        for ambiguous in [AmbiguousWidth::Narrow, AmbiguousWidth::Wide] {
            let styles = StyleContext { theme: &theme, ambiguous };
            let area = Rect::new(0, 0, 24, 5);
            let mut buffer = Buffer::empty(area);
            let inside = Popup { title: "选择标签", hint: "“Esc”", bare: false }.draw(area, &mut buffer, styles);
            assert_eq!(inside, Rect::new(2, 1, 20, 3));
            for (x, y, sign) in [(0, 0, "▗"), (23, 0, "▖"), (0, 4, "▝"), (23, 4, "▘"), (0, 2, "╎"), (23, 2, "╎"), (22, 0, "╌")]
            {
                assert_eq!(buffer[(x, y)].symbol(), sign);
                assert_eq!(grapheme_width(sign, ambiguous), 1, "{sign}");
            }
            assert_eq!(buffer[(3, 0)].symbol(), "选");
        }
    }

    #[test]
    fn a_hint_drops_whole_items() {
        let styles = StyleContext { theme: &Theme::plain(), ambiguous: AmbiguousWidth::Narrow };
        let hint = "Enter 确定 · Tab 多选 · Esc 取消";
        assert_eq!(fit_hint(hint, 32, styles), hint);
        assert_eq!(fit_hint(hint, 31, styles), "Enter 确定 · Tab 多选");
        assert_eq!(fit_hint(hint, 12, styles), "Enter 确定");
        assert_eq!(fit_hint(hint, 3, styles), "Enter 确定", "cut when drawn");
    }

    #[test]
    fn a_popup_is_cut_to_its_area() {
        let styles = StyleContext { theme: &Theme::plain(), ambiguous: AmbiguousWidth::Wide };
        for width in 0..20 {
            for height in 0..6 {
                let area = Rect::new(0, 0, width, height);
                let mut buffer = Buffer::empty(area);
                let inside = Popup { title: "一个很长的题目", hint: "“一个很长的提示”", bare: false }.draw(
                    centered(area, 60, 20),
                    &mut buffer,
                    styles,
                );
                assert!(inside.width <= width && inside.height <= height);
            }
        }
        assert_eq!(centered(Rect::new(10, 10, 40, 20), 20, 10), Rect::new(20, 15, 20, 10));
    }
}
