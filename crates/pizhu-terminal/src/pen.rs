//! Terminal styles (SGR state), and the sequences that change one into another.

use super::Colors;
use compact_str::CompactString;
use foldhash::fast::RandomState;
use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};
use std::collections::HashMap;

/// Attributes that are visible on a blank cell.
const VISIBLE_ON_BLANK: Modifier =
    Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT).union(Modifier::SLOW_BLINK).union(Modifier::RAPID_BLINK);

/// The attributes, with their SGR codes.
const SGR_SET: [(Modifier, u8); 9] = [
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

/// The SGR codes that reset attributes; some reset two at once.
const SGR_RESET: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

/// The terminal's current style: colours (degraded to its colour depth) and attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    /// The style of `cell` on a terminal of these colours. For a blank, what is invisible on it is left
    /// out, so that blanks that look the same are equal.
    pub(crate) fn from_cell(cell: &Cell, blank: bool, colors: Colors) -> Self {
        let mut pen = Self { fg: colors.degrade(cell.fg), bg: colors.degrade(cell.bg), modifier: cell.modifier };
        if blank && !pen.modifier.intersects(VISIBLE_ON_BLANK) {
            pen.fg = Color::Reset;
            pen.modifier = Modifier::empty();
        }
        pen
    }

    /// The pen for drawing a blank of style `blank` while `self` is active: what is invisible on a
    /// blank stays unchanged.
    pub(crate) fn for_blank(self, blank: Self) -> Self {
        let shows = blank.modifier.intersects(VISIBLE_ON_BLANK) || self.modifier.intersects(VISIBLE_ON_BLANK);
        if shows { blank } else { Self { bg: blank.bg, ..self } }
    }

    /// Whether it sets nothing but a background colour.
    pub(crate) fn is_background_only(self) -> bool {
        self == Self { bg: self.bg, ..Self::default() }
    }

    /// Appends the SGR sequence that changes `self` into `next`; nothing if they are equal.
    pub(crate) fn write_change(self, next: Self, out: &mut String) {
        if self == next {
            return;
        }
        let start = out.len();
        self.write_delta(next, out);
        if self != Self::default() {
            // A reset followed by all of `next` may be shorter.
            let middle = out.len();
            out.push_str("\x1b[0");
            Self::default().write_parameters(next, false, out);
            out.push('m');
            if out.len() - middle < middle - start {
                out.drain(start..middle);
            } else {
                out.truncate(middle);
            }
        }
    }

    fn write_delta(self, next: Self, out: &mut String) {
        out.push_str("\x1b[");
        self.write_parameters(next, true, out);
        out.push('m');
    }

    /// Appends the parameters that change `self` into `next`, separated by semicolons; `first` is false
    /// if a parameter precedes them.
    fn write_parameters(self, next: Self, first: bool, out: &mut String) {
        let mut codes = SgrParameters { out, is_empty: first };
        let mut kept = self.modifier;
        if self.modifier != next.modifier {
            for (group, off) in SGR_RESET {
                if kept.intersects(group) && !next.modifier.contains(kept.intersection(group)) {
                    kept.remove(group);
                    codes.push(off);
                }
            }
            for (modifier, number) in SGR_SET {
                if next.modifier.contains(modifier) && !kept.contains(modifier) {
                    codes.push(number);
                }
            }
        }
        if next.fg != self.fg {
            codes.push_color(next.fg, 0);
        }
        if next.bg != self.bg {
            codes.push_color(next.bg, 10);
        }
    }
}

/// Caches the sequences from one pen to another.
#[derive(Debug, Default)]
pub(crate) struct PenChangeCache(HashMap<(Pen, Pen), CompactString, RandomState>);

impl PenChangeCache {
    /// The sequence that [`Pen::write_change`] appends.
    pub(crate) fn sequence(&mut self, from: Pen, to: Pen) -> &str {
        if self.0.len() >= MAX_CACHED_CHANGES {
            self.0.clear();
        }
        self.0.entry((from, to)).or_insert_with(|| {
            let mut sequence = String::new();
            from.write_change(to, &mut sequence);
            sequence.into()
        })
    }
}

/// Maximum cached sequences.
const MAX_CACHED_CHANGES: usize = 4096;

/// Writes SGR parameters, separated by semicolons.
struct SgrParameters<'a> {
    out: &'a mut String,
    /// Whether no parameter has been written.
    is_empty: bool,
}

/// Appends a number in decimal; faster than formatting.
pub(crate) fn push_number(number: u16, out: &mut String) {
    for (least, unit) in [(10_000, 10_000), (1000, 1000), (100, 100), (10, 10), (0, 1)] {
        if number >= least {
            out.push(char::from(b'0' + (number / unit % 10) as u8));
        }
    }
}

impl SgrParameters<'_> {
    fn push(&mut self, number: u8) {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(';');
        }
        push_number(number.into(), self.out);
    }

    /// Appends the parameters that set a colour; `plus` is 0 for the foreground, 10 for the background.
    fn push_color(&mut self, color: Color, plus: u8) {
        let mut named = |index: u8| self.push(if index < 8 { 30 + index } else { 82 + index } + plus);
        match color {
            Color::Reset => self.push(39 + plus),
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
            Color::Indexed(index) => [38 + plus, 5, index].into_iter().for_each(|number| self.push(number)),
            Color::Rgb(r, g, b) => [38 + plus, 2, r, g, b].into_iter().for_each(|number| self.push(number)),
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
        Pen::from_cell(&cell, false, Colors::True)
    }

    fn change(from: Pen, to: Pen) -> String {
        let mut out = String::new();
        from.write_change(to, &mut out);
        out
    }

    #[test]
    fn only_differing_attributes_are_sent() {
        let plain = Pen::default();
        let red = pen(Style::new().fg(Color::Red));
        let bold_red = pen(Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        let deep = pen(Style::new().bg(Color::Rgb(1, 2, 3)).fg(Color::Indexed(200)));
        assert_eq!(change(plain, plain), "");
        assert_eq!(change(plain, red), "\x1b[31m");
        assert_eq!(change(red, bold_red), "\x1b[1m");
        assert_eq!(change(bold_red, red), "\x1b[22m");
        let bold_dim = pen(Style::new().add_modifier(Modifier::BOLD | Modifier::DIM).fg(Color::Rgb(1, 2, 3)));
        let dim = pen(Style::new().add_modifier(Modifier::DIM).fg(Color::Rgb(1, 2, 3)));
        assert_eq!(change(bold_dim, dim), "\x1b[22;2m");
        assert_eq!(plain.for_blank(red), plain);
        assert_eq!(bold_dim.for_blank(plain), bold_dim);
        assert_eq!(change(red, plain), "\x1b[0m");
        assert_eq!(change(deep, red), "\x1b[0;31m");
        assert_eq!(change(plain, deep), "\x1b[38;5;200;48;2;1;2;3m");
        assert_eq!(change(plain, pen(Style::new().bg(Color::White).fg(Color::LightRed))), "\x1b[91;107m");
    }

    #[test]
    fn numbers_are_written_in_decimal() {
        for number in [0, 1, 9, 10, 42, 99, 100, 105, 1000, 9999, 10_000, u16::MAX] {
            let mut out = String::new();
            push_number(number, &mut out);
            assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn blanks_ignore_invisible_attributes() {
        let mut a = Cell::new(" ");
        let b = Cell::new(" ");
        a.set_style(Style::new().fg(Color::Red).add_modifier(Modifier::BOLD));
        assert_eq!(Pen::from_cell(&a, true, Colors::True), Pen::from_cell(&b, true, Colors::True));
        a.set_style(Style::new().add_modifier(Modifier::UNDERLINED));
        assert_ne!(Pen::from_cell(&a, true, Colors::True), Pen::from_cell(&b, true, Colors::True));
    }
}
