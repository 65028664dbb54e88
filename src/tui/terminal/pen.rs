//! The look of a cell, and the sequence that changes one look into another.

use super::Colors;
use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};
use std::fmt::Write as _;

/// Attributes that show on a blank cell.
const ON_BLANK: Modifier =
    Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT).union(Modifier::SLOW_BLINK).union(Modifier::RAPID_BLINK);

/// The attributes, with the codes of Select Graphic Rendition.
const CODES: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// Colours and attributes of a cell as they are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    /// The look of `cell` in a terminal of these colours. What does not show on a blank is left
    /// out, so that blanks of one look are equal.
    pub fn of(cell: &Cell, blank: bool, colors: Colors) -> Self {
        let mut pen = Self { fg: colors.degrade(cell.fg), bg: colors.degrade(cell.bg), modifier: cell.modifier };
        if blank && !pen.modifier.intersects(ON_BLANK) {
            pen.fg = Color::Reset;
            pen.modifier = Modifier::empty();
        }
        pen
    }

    /// Appends the sequence that turns `self` into `next`; nothing where they are equal.
    pub fn change(self, next: Self, out: &mut String) {
        if self == next {
            return;
        }
        out.push_str("\x1b[");
        let mut from = self;
        let mut first = true;
        if next == Self::default() || !next.modifier.contains(self.modifier) {
            out.push('0');
            first = false;
            from = Self::default();
        }
        let mut code = |text: &str| {
            if !std::mem::take(&mut first) {
                out.push(';');
            }
            out.push_str(text);
        };
        for (modifier, number) in CODES {
            if next.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                code(&number.to_string());
            }
        }
        if next.fg != from.fg {
            code(&color_code(next.fg, 0));
        }
        if next.bg != from.bg {
            code(&color_code(next.bg, 10));
        }
        out.push('m');
    }
}

/// The parameters that set a colour; `plus` is 0 for the foreground, 10 for the background.
fn color_code(color: Color, plus: u8) -> String {
    let named = |index: u8| (if index < 8 { 30 + index } else { 82 + index } + plus).to_string();
    match color {
        Color::Reset => (39 + plus).to_string(),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        Color::Indexed(index) if index < 16 => named(index),
        Color::Indexed(index) => format!("{};5;{index}", 38 + plus),
        Color::Rgb(r, g, b) => {
            let mut code = String::new();
            // Writing to a string does not fail.
            let _ = write!(code, "{};2;{r};{g};{b}", 38 + plus);
            code
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    fn pen(style: Style) -> Pen {
        let mut cell = Cell::new("x");
        cell.set_style(style);
        Pen::of(&cell, false, Colors::True)
    }

    fn change(from: Pen, to: Pen) -> String {
        let mut out = String::new();
        from.change(to, &mut out);
        out
    }

    #[test]
    fn only_what_differs_is_sent() {
        let plain = Pen::default();
        let red = pen(Style::new().fg(Color::Red));
        let bold_red = pen(Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        let deep = pen(Style::new().bg(Color::Rgb(1, 2, 3)).fg(Color::Indexed(200)));
        assert_eq!(change(plain, plain), "");
        assert_eq!(change(plain, red), "\x1b[31m");
        assert_eq!(change(red, bold_red), "\x1b[1m");
        assert_eq!(change(bold_red, red), "\x1b[0;31m");
        assert_eq!(change(red, plain), "\x1b[0m");
        assert_eq!(change(plain, deep), "\x1b[38;5;200;48;2;1;2;3m");
        assert_eq!(change(plain, pen(Style::new().bg(Color::White).fg(Color::LightRed))), "\x1b[91;107m");
    }

    #[test]
    fn blanks_differ_only_by_what_shows() {
        let mut a = Cell::new(" ");
        let b = Cell::new(" ");
        a.set_style(Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        assert_eq!(Pen::of(&a, true, Colors::True), Pen::of(&b, true, Colors::True));
        a.set_style(Style::new().add_modifier(Modifier::UNDERLINED));
        assert_ne!(Pen::of(&a, true, Colors::True), Pen::of(&b, true, Colors::True));
    }
}
