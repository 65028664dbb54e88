//! Detects the terminal's colour depth, and maps colours to the nearest one it has.

use ratatui::style::Color;
use std::env;

/// The colour depth of a terminal.
///
/// ```
/// use pizhu_terminal::Colors;
/// use ratatui::style::Color;
///
/// // The values of NO_COLOR, COLORTERM and TERM.
/// assert_eq!(Colors::from_env("", "truecolor", "xterm"), Colors::True);
/// let colors = Colors::from_env("", "", "xterm-256color");
/// assert_eq!(colors, Colors::Indexed);
/// // Number 196 of xterm's 256 colours is pure red.
/// assert_eq!(colors.degrade(Color::Rgb(255, 0, 0)), Color::Indexed(196));
/// // https://no-color.org: any non-empty value turns colours off.
/// assert_eq!(Colors::from_env("1", "truecolor", "xterm").degrade(Color::Red), Color::Reset);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Colors {
    /// No colours, only attributes (bold, reversed, underlined).
    None,
    /// The 16 ANSI colours, which the user's terminal defines.
    Sixteen,
    /// xterm's 256 colours.
    Indexed,
    /// 24-bit RGB.
    #[default]
    True,
}

/// The levels of each channel in xterm's 6×6×6 colour cube.
const CUBE_LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// RGB values of xterm's 16 default colours, for finding the nearest one.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// Whether the terminal named `term` (`TERM`) erases with the current background colour (terminfo's
/// `bce`). Multiplexers and unknown terminals count as not supporting it.
#[must_use]
pub fn supports_bce(term: &str) -> bool {
    const BCE_TERMS: [&str; 12] =
        ["xterm", "vte", "gnome", "konsole", "kitty", "alacritty", "foot", "wezterm", "ghostty", "rxvt", "linux", "contour"];
    BCE_TERMS.iter().any(|name| term.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '+'])))
}

impl Colors {
    /// Detects the depth from the environment variables `NO_COLOR`, `COLORTERM` and `TERM`.
    #[must_use]
    pub fn detect() -> Self {
        let read = |name: &str| env::var(name).unwrap_or_default();
        Self::from_env(&read("NO_COLOR"), &read("COLORTERM"), &read("TERM"))
    }

    /// Detects the depth from the values of those variables; an empty value counts as unset.
    #[must_use]
    pub fn from_env(no_color: &str, colorterm: &str, term: &str) -> Self {
        if !no_color.is_empty() || term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2") {
            Self::None
        } else if matches!(colorterm, "truecolor" | "24bit")
            || term.ends_with("-direct")
            || term.contains("kitty")
            || term.contains("ghostty")
        {
            Self::True
        } else if term.contains("256color") {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }

    /// Maps `color` to the nearest colour of this depth.
    #[must_use]
    #[inline]
    pub fn degrade(self, color: Color) -> Color {
        match (self, color) {
            (_, Color::Reset) | (Self::True, _) => color,
            (Self::None, _) => Color::Reset,
            (Self::Indexed, Color::Rgb(r, g, b)) => Color::Indexed(nearest_indexed(r, g, b)),
            (Self::Sixteen, Color::Rgb(r, g, b)) => nearest_named(r, g, b),
            (Self::Sixteen, Color::Indexed(index)) if index >= 16 => {
                let (r, g, b) = indexed_rgb(index);
                nearest_named(r, g, b)
            }
            _ => color,
        }
    }
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    // Weighted by the eye's sensitivity: green most, blue least.
    3 * square(a.0, b.0) + 6 * square(a.1, b.1) + square(a.2, b.2)
}

fn indexed_rgb(index: u8) -> (u8, u8, u8) {
    match index {
        0..16 => SIXTEEN[usize::from(index)],
        16..232 => {
            let n = index - 16;
            (CUBE_LEVELS[usize::from(n / 36)], CUBE_LEVELS[usize::from(n / 6 % 6)], CUBE_LEVELS[usize::from(n % 6)])
        }
        232.. => {
            let level = 8 + 10 * (index - 232);
            (level, level, level)
        }
    }
}

fn nearest_indexed(r: u8, g: u8, b: u8) -> u8 {
    // The channels of the cube are independent, so its nearest corner is found channel by channel.
    let level = |value: u8| (0..6u8).min_by_key(|n| CUBE_LEVELS[usize::from(*n)].abs_diff(value)).unwrap_or(0);
    let corner = 16 + 36 * level(r) + 6 * level(g) + level(b);
    std::iter::once(corner).chain(232..=255).min_by_key(|index| distance(indexed_rgb(*index), (r, g, b))).unwrap_or(corner)
}

fn nearest_named(r: u8, g: u8, b: u8) -> Color {
    let index = (0..16u8).min_by_key(|index| distance(SIXTEEN[usize::from(*index)], (r, g, b))).unwrap_or(15);
    Color::Indexed(index)
}

/// A distinct non-zero number for each colour, cheaper to compare and hash than the enum.
#[must_use]
pub fn color_key(color: Color) -> u32 {
    match color {
        Color::Reset => 1,
        Color::Black => 2,
        Color::Red => 3,
        Color::Green => 4,
        Color::Yellow => 5,
        Color::Blue => 6,
        Color::Magenta => 7,
        Color::Cyan => 8,
        Color::Gray => 9,
        Color::DarkGray => 10,
        Color::LightRed => 11,
        Color::LightGreen => 12,
        Color::LightYellow => 13,
        Color::LightBlue => 14,
        Color::LightMagenta => 15,
        Color::LightCyan => 16,
        Color::White => 17,
        Color::Indexed(index) => 0x100 + u32::from(index),
        Color::Rgb(r, g, b) => u32::from_be_bytes([1, r, g, b]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_depth_is_detected_from_the_environment() {
        assert_eq!(Colors::from_env("1", "truecolor", "xterm-256color"), Colors::None);
        assert_eq!(Colors::from_env("", "truecolor", "xterm"), Colors::True);
        assert_eq!(Colors::from_env("", "", "xterm-256color"), Colors::Indexed);
        assert_eq!(Colors::from_env("", "", "xterm"), Colors::Sixteen);
        assert_eq!(Colors::from_env("", "", "dumb"), Colors::None);
    }

    #[test]
    fn colours_degrade_to_the_nearest_available() {
        assert_eq!(Colors::Indexed.degrade(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(Colors::Indexed.degrade(Color::Rgb(128, 128, 128)), Color::Indexed(244));
        for (r, g, b) in [(0, 0, 0), (94, 97, 140), (13, 200, 77), (250, 250, 249), (115, 115, 116)] {
            let of_all = (16..=255).min_by_key(|index| distance(indexed_rgb(*index), (r, g, b))).unwrap();
            assert_eq!(nearest_indexed(r, g, b), of_all);
        }
        assert_eq!(Colors::Sixteen.degrade(Color::Rgb(250, 5, 5)), Color::Indexed(9));
        assert_eq!(Colors::Sixteen.degrade(Color::Indexed(21)), Color::Indexed(4));
        assert_eq!(Colors::None.degrade(Color::Red), Color::Reset);
        assert_eq!(Colors::True.degrade(Color::Rgb(1, 2, 3)), Color::Rgb(1, 2, 3));
    }
}
