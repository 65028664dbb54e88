//! The contrast of colours, so that a piece of text keeps its colour on another background only where it
//! can be read.

use ratatui::style::{Color, Modifier, Style};

/// Least contrast of text (WCAG 2, level AA).
const LEAST_CONTRAST: f64 = 4.5;

/// The style of a piece over that of its row: without its colour if that cannot be read there, or if
/// nobody knows, as with the sixteen colours of the terminal. A piece with a background of its own keeps
/// both.
///
/// Example: a yellow title on a pale selected row has the row's own colour.
#[must_use]
pub(crate) fn legible_over(style: Style, base: Style) -> Style {
    let keeps = match (style.fg, style.bg, base.bg) {
        (None, ..) | (_, Some(_), _) => true,
        (Some(fg), None, Some(bg)) => is_legible(fg, bg),
        (Some(_), None, None) => !base.add_modifier.contains(Modifier::REVERSED),
    };
    if keeps { style } else { Style { fg: None, ..style } }
}

/// Whether text can be read; no for colours that the terminal decides about.
fn is_legible(fg: Color, bg: Color) -> bool {
    match (luminance(fg), luminance(bg)) {
        (Some(a), Some(b)) => (a.max(b) + 0.05) / (a.min(b) + 0.05) >= LEAST_CONTRAST,
        _ => false,
    }
}

/// Relative luminance (WCAG 2); `None` for colours that the terminal decides about.
fn luminance(color: Color) -> Option<f64> {
    let code = match color {
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Indexed(index @ 16..=231) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let index = index - 16;
            [level(index / 36), level(index / 6 % 6), level(index % 6)]
        }
        Color::Indexed(index @ 232..) => [8 + 10 * (index - 232); 3],
        _ => return None,
    };
    let [r, g, b] = code.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    Some(0.2126 * r + 0.7152 * g + 0.0722 * b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_kept_where_it_can_be_read() {
        let (pale, dark) = (Color::Rgb(0xd0, 0xd0, 0xd0), Color::Rgb(0x10, 0x14, 0x18));
        let yellow = Style::new().fg(Color::Rgb(0xff, 0xd7, 0x00));
        assert_eq!(legible_over(yellow, Style::new().bg(dark)), yellow);
        assert_eq!(legible_over(yellow, Style::new().bg(pale)).fg, None);
        assert_eq!(legible_over(yellow.bg(dark), Style::new().bg(pale)), yellow.bg(dark));
        let named = Style::new().fg(Color::Yellow);
        assert_eq!(legible_over(named, Style::new()), named);
        assert_eq!(legible_over(named, Style::new().add_modifier(Modifier::REVERSED)).fg, None);
    }
}
