//! The frame round what lies over the screen.
//!
//! Its signs (╌ ╎ ▗ ▖ ▝ ▘) are neutral, not ambiguous, in Unicode's East Asian Width and take one
//! cell in every terminal; ─ │ ┌ would tear the frame in one that draws ambiguous signs wide.

use super::paint::{self, Label, Look};
use crate::tui::theme::Role;
use ratatui::{buffer::Buffer, layout::Rect};

/// The rectangle of `width` × `height` cells in the middle of `area`, or as much of it as fits.
#[must_use]
pub fn place(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// The room inside a frame round `area`; an area too small for a frame (under 5 × 3 cells) is all
/// inside.
#[must_use]
pub fn inside(area: Rect) -> Rect {
    if area.width < 5 || area.height < 3 {
        return area;
    }
    Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
}

/// A frame with a title above and a hint below.
#[derive(Debug, Clone, Copy, Default)]
pub struct Popup<'a> {
    /// What it is about.
    pub title: &'a str,
    /// Which keys do what.
    pub hint: &'a str,
    /// Whether to draw no frame, only ground and title (for screen readers).
    pub bare: bool,
}

impl Popup<'_> {
    /// Blanks `area`, draws the frame at its edge and returns the room inside. An area too small
    /// for a frame (under 5 × 3 cells) is all inside.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look<'_>) -> Rect {
        let area = area.intersection(buffer.area);
        let ground = look.style(Role::Popup);
        paint::fill(buffer, area, look.style(Role::Text).patch(ground));
        let frame = ground.patch(look.style(Role::PopupFrame));
        let title = ground.patch(look.style(Role::PopupTitle));
        if area.width < 5 || area.height < 3 {
            return area;
        }
        let inside = inside(area);
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        if !self.bare {
            for x in area.x + 1..right {
                paint::put_grapheme(buffer, x, area.y, "╌", 1, frame);
                paint::put_grapheme(buffer, x, bottom, "╌", 1, frame);
            }
            for y in area.y + 1..bottom {
                paint::put_grapheme(buffer, area.x, y, "╎", 1, frame);
                paint::put_grapheme(buffer, right, y, "╎", 1, frame);
            }
            for (x, y, sign) in [(area.x, area.y, "▗"), (right, area.y, "▖"), (area.x, bottom, "▝"), (right, bottom, "▘")] {
                paint::put_grapheme(buffer, x, y, sign, 1, frame);
            }
        }
        let room = usize::from(inside.width).saturating_sub(2);
        let hint = fitting(self.hint, room, look);
        for (text, y, style) in [(self.title, area.y, title), (hint, bottom, frame.patch(look.style(Role::Dim)))] {
            if text.is_empty() || room == 0 {
                continue;
            }
            let shown = paint::truncate(text, room, look.ambiguous);
            let width = paint::width(&shown, look.ambiguous) as u16 + 2;
            let label = Label::new(format!(" {shown} "), style);
            label.draw(Rect { x: inside.x, y, width, height: 1 }, buffer, style, look.ambiguous);
        }
        inside
    }
}

/// As many of a hint's items, which ` · ` parts, as fit into `room` cells; the first in any case.
#[must_use]
pub fn fitting<'a>(hint: &'a str, room: usize, look: Look<'_>) -> &'a str {
    let mut shown = hint;
    while paint::width(shown, look.ambiguous) > room
        && let Some((fewer, _)) = shown.rsplit_once(" · ")
    {
        shown = fewer;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::width::Ambiguous;
    use pizhu_text::text::width::grapheme_width;
    use crate::tui::theme::Theme;

    #[test]
    fn the_frame_is_whole_in_a_wide_terminal_too() {
        let theme = Theme::plain();
        for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
            let look = Look { theme: &theme, ambiguous };
            let area = Rect::new(0, 0, 24, 5);
            let mut buffer = Buffer::empty(area);
            let inside = Popup { title: "选择标签", hint: "“Esc”", bare: false }.draw(area, &mut buffer, look);
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
    fn a_hint_gives_up_whole_items() {
        let look = Look { theme: &Theme::plain(), ambiguous: Ambiguous::Narrow };
        let hint = "Enter 确定 · Tab 多选 · Esc 取消";
        assert_eq!(fitting(hint, 32, look), hint);
        assert_eq!(fitting(hint, 31, look), "Enter 确定 · Tab 多选");
        assert_eq!(fitting(hint, 12, look), "Enter 确定");
        assert_eq!(fitting(hint, 3, look), "Enter 确定", "cut when drawn");
    }

    #[test]
    fn what_does_not_fit_is_cut() {
        let look = Look { theme: &Theme::plain(), ambiguous: Ambiguous::Wide };
        for width in 0..20 {
            for height in 0..6 {
                let area = Rect::new(0, 0, width, height);
                let mut buffer = Buffer::empty(area);
                let inside =
                    Popup { title: "一个很长的题目", hint: "“一个很长的提示”", bare: false }.draw(place(area, 60, 20), &mut buffer, look);
                assert!(inside.width <= width && inside.height <= height);
            }
        }
        assert_eq!(place(Rect::new(10, 10, 40, 20), 20, 10), Rect::new(20, 15, 20, 10));
    }
}
