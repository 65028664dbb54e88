//! The colours of the pictures, light and dark.

/// The number of shades of a heat map, zero not counted.
pub(super) const SHADES: usize = 6;

/// The style sheet. Classes with colours of their own instead of variables: programs that know
/// neither variables nor schemes (Inkscape, LibreOffice) show the light ones.
pub(crate) const STYLE: &str = include_str!("picture.css");

/// Class of the cell of a value, and of the text on it; shade 0 is for zero.
pub(super) fn shade(value: f64, most: f64) -> usize {
    if value <= 0.0 || most <= 0.0 { 0 } else { ((value / most * SHADES as f64).ceil() as usize).clamp(1, SHADES) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// The fill of each class, in the light scheme or in the dark one.
    fn fills(css: &str) -> BTreeMap<&str, &str> {
        css.lines()
            .filter_map(|line| line.trim().strip_prefix('.')?.split_once(" { fill: "))
            .filter_map(|(class, rest)| Some((class, rest.split([';', ' ']).next()?)))
            .collect()
    }

    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(color.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// WCAG 2.2, 1.4.3: 4.5 for text; 1.4.11: 3 for what must be told from the ground.
    #[test]
    fn every_text_colour_contrasts_with_its_background() {
        let (light, rest) = STYLE.split_once("@media screen").unwrap();
        let (dark, print) = rest.split_once("@media print").unwrap();
        for (scheme, css) in [("light", ""), ("dark", dark), ("print", print)] {
            let mut fills = fills(light);
            fills.extend(self::fills(css));
            for text in ["pz-title", "pz-note", "pz-name", "pz-figure", "pz-faint"] {
                let ratio = contrast(fills[text], fills["pz-ground"]);
                assert!(ratio >= 4.5, "{scheme} {text}: {ratio:.2}");
            }
            for step in 0..=SHADES {
                let (cell, text) = (format!("pz-h{step}"), format!("pz-t{step}"));
                let ratio = contrast(fills[&*cell], fills[&*text]);
                assert!(ratio >= 4.5, "{scheme} {cell}: {ratio:.2}");
                if step > 1 {
                    let before = contrast(fills[&*format!("pz-h{}", step - 1)], fills["pz-ground"]);
                    assert!(contrast(fills[&*cell], fills["pz-ground"]) > before, "{scheme} {cell} is no stronger than the one before");
                }
            }
            assert!(contrast(fills["pz-bar"], fills["pz-ground"]) >= 3.0, "{scheme}");
        }
    }

    #[test]
    fn shades_are_proportional_and_never_empty() {
        assert_eq!([0.0, 0.1, 16.6, 16.7, 50.0, 99.0, 100.0].map(|value| shade(value, 100.0)), [0, 1, 1, 2, 3, 6, 6]);
        assert_eq!(shade(0.0, 0.0), 0);
    }
}
