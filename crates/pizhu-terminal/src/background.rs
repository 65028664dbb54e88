//! The terminal's background colour: the answer to OSC 11.

/// The background colour: red, green and blue, of 16 bits each.
///
/// ```
/// use pizhu_terminal::BackgroundColor;
///
/// assert!(!BackgroundColor([0xffff, 0xffff, 0xfafa]).is_dark());
/// assert!(BackgroundColor([0x1e1e, 0x1e1e, 0x2e2e]).is_dark());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackgroundColor(pub [u16; 3]);

impl BackgroundColor {
    /// Parses the text of the answer, `11;rgb:R/G/B` or `11;rgba:R/G/B/A`, with one to four
    /// hexadecimal digits a channel (XParseColor): `11;rgb:ff/ff/fa` is `[0xffff, 0xffff, 0xfafa]`.
    pub(crate) fn parse(osc: &str) -> Option<Self> {
        let channels = osc.strip_prefix("11;rgb:").or_else(|| osc.strip_prefix("11;rgba:"))?;
        let mut levels = channels.split('/').map(|digits| {
            let max = (1_u32 << (4 * digits.len().clamp(1, 4))) - 1;
            let level = u32::from_str_radix(digits, 16).ok().filter(|level| *level <= max)?;
            u16::try_from(level * u32::from(u16::MAX) / max).ok()
        });
        Some(Self([levels.next()??, levels.next()??, levels.next()??]))
    }

    /// Whether the luminance is below one half.
    #[must_use]
    pub fn is_dark(self) -> bool {
        // Weights of Rec. 709.
        let [red, green, blue] = self.0.map(|level| f64::from(level) / f64::from(u16::MAX));
        0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_of_any_length_are_scaled() {
        let parse = |osc| BackgroundColor::parse(osc).map(|color| color.0);
        assert_eq!(parse("11;rgb:f/80/fff"), Some([0xffff, 0x8080, 0xffff]));
        assert_eq!(parse("11;rgba:0000/1234/ffff/8000"), Some([0, 0x1234, 0xffff]));
        for wrong in ["", "11;?", "10;rgb:ff/ff/ff", "11;rgb:ff/ff", "11;rgb:ff//ff", "11;rgb:gg/ff/ff", "11;rgb:fffff/ff/ff"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn luminance_is_weighted_by_rec_709() {
        // Pure green is light, red and blue are dark.
        let dark = [[0xffff, 0, 0], [0, 0xffff, 0], [0, 0, 0xffff], [0x7fff; 3], [0x8000; 3]].map(|rgb| BackgroundColor(rgb).is_dark());
        assert_eq!(dark, [true, false, true, true, false]);
    }
}
