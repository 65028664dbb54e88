//! Widths of characters in terminal cells.
//!
//! `unicode-width` decides between narrow and wide. Characters of ambiguous width (UAX #11, East
//! Asian Width A: “ ” — … · ① ℃, box drawing, and the letters α Я é) take one or two cells,
//! depending on the terminal's settings. Its `width_cjk` cannot be used for them: it counts the
//! letters as narrow, while terminals set to wide draw them wide. Hence the tables here.
//!
//! Widths apply to text after [`super::visible`]; control and format characters have width 0.

use unicode_width::UnicodeWidthChar as _;

/// Cells that the terminal gives characters of ambiguous width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub enum AmbiguousWidth {
    /// One cell: most terminals outside Chinese locales.
    #[default]
    Narrow,
    /// Two cells.
    Wide,
}

/// Width class of a char.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WidthClass {
    /// No cell: combining marks, joiners, selectors, and controls, which are never sent.
    Zero,
    /// One cell in every terminal.
    Narrow,
    /// Two cells in every terminal: hanzi, kana, full-width forms.
    Wide,
    /// Punctuation and symbols of ambiguous width.
    AmbiguousMark,
    /// Letters of ambiguous width.
    AmbiguousLetter,
    /// Two cells by the standard, but older terminals disagree.
    Emoji,
}

/// The width class of a char.
#[must_use]
pub fn width_class(c: char) -> WidthClass {
    match c {
        ' '..='~' => WidthClass::Narrow,
        '\u{3400}'..='\u{9FFF}'
        | '\u{3001}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A0}'..='\u{30FF}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{3000}' => WidthClass::Wide,
        '\0'..='\u{9F}' => WidthClass::Zero,
        _ => width_class_by_table(c),
    }
}

fn width_class_by_table(c: char) -> WidthClass {
    if is_in_table(AMBIGUOUS_MARKS, c) {
        return WidthClass::AmbiguousMark;
    }
    if is_in_table(AMBIGUOUS_LETTERS, c) {
        return WidthClass::AmbiguousLetter;
    }
    match c.width() {
        None | Some(0) => WidthClass::Zero,
        Some(1) if matches!(c, '\u{1F1E6}'..='\u{1F1FF}') => WidthClass::Emoji,
        Some(1) => WidthClass::Narrow,
        Some(_) if matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{231A}'..='\u{2BFF}') => WidthClass::Emoji,
        Some(_) => WidthClass::Wide,
    }
}

fn is_in_table(table: &[(char, char)], c: char) -> bool {
    let after = table.partition_point(|range| range.0 <= c);
    after.checked_sub(1).is_some_and(|index| c <= table[index].1)
}

/// Width of one char in cells.
///
/// ```
/// use pizhu_text::text::width::{AmbiguousWidth, char_width};
///
/// assert_eq!(char_width('汉', AmbiguousWidth::Narrow), 2);
/// assert_eq!(char_width('“', AmbiguousWidth::Narrow), 1);
/// assert_eq!(char_width('“', AmbiguousWidth::Wide), 2);
/// ```
#[must_use]
pub fn char_width(c: char, ambiguous: AmbiguousWidth) -> u8 {
    match width_class(c) {
        WidthClass::Zero => 0,
        WidthClass::Narrow => 1,
        WidthClass::Wide | WidthClass::Emoji => 2,
        WidthClass::AmbiguousMark | WidthClass::AmbiguousLetter => match ambiguous {
            AmbiguousWidth::Narrow => 1,
            AmbiguousWidth::Wide => 2,
        },
    }
}

/// Width of one visible grapheme cluster in cells: the sum over its chars, as terminals without
/// cluster support count. For other terminals the screen moves the cursor explicitly after a
/// cluster whose width is not certain (see [`is_certain`]).
#[must_use]
pub fn grapheme_width(grapheme: &str, ambiguous: AmbiguousWidth) -> u8 {
    grapheme.chars().fold(0, |sum: u8, c| sum.saturating_add(char_width(c, ambiguous)))
}

/// Width of a visible text in cells.
///
/// ```
/// use pizhu_text::text::width::{AmbiguousWidth, text_width};
///
/// assert_eq!(text_width("“三农”", AmbiguousWidth::Narrow), 6);
/// assert_eq!(text_width("“三农”", AmbiguousWidth::Wide), 8);
/// ```
#[must_use]
pub fn text_width(text: &str, ambiguous: AmbiguousWidth) -> usize {
    text.chars().map(|c| usize::from(char_width(c, ambiguous))).sum()
}

/// Whether every terminal gives the grapheme cluster the same number of cells, whatever its
/// settings.
#[must_use]
pub fn is_certain(grapheme: &str) -> bool {
    let mut chars = grapheme.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => matches!(width_class(c), WidthClass::Narrow | WidthClass::Wide) && (c < '\u{500}' || !is_recent(c)),
        _ => grapheme.bytes().all(|byte| matches!(byte, b' '..=b'~')),
    }
}

/// Whether the width of the grapheme cluster depends only on the terminal's setting for ambiguous
/// width.
#[must_use]
pub fn is_ambiguous(grapheme: &str) -> bool {
    let mut chars = grapheme.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if matches!(width_class(c), WidthClass::AmbiguousMark | WidthClass::AmbiguousLetter))
}

/// Whether `c` is of a script or block whose width differs between old and new terminals.
fn is_recent(c: char) -> bool {
    !matches!(c,
        '\u{1E00}'..='\u{27FF}' | '\u{2E80}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF01}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFD}')
}

/// Letters of East Asian Width A (Unicode 14, `EastAsianWidth.txt`): Greek, Cyrillic, Latin with
/// diacritics.
const AMBIGUOUS_LETTERS: &[(char, char)] = &[
    ('\u{AA}', '\u{AA}'),
    ('\u{BA}', '\u{BA}'),
    ('\u{C6}', '\u{C6}'),
    ('\u{D0}', '\u{D0}'),
    ('\u{D8}', '\u{D8}'),
    ('\u{DE}', '\u{E1}'),
    ('\u{E6}', '\u{E6}'),
    ('\u{E8}', '\u{EA}'),
    ('\u{EC}', '\u{ED}'),
    ('\u{F0}', '\u{F0}'),
    ('\u{F2}', '\u{F3}'),
    ('\u{F8}', '\u{FA}'),
    ('\u{FC}', '\u{FC}'),
    ('\u{FE}', '\u{FE}'),
    ('\u{101}', '\u{101}'),
    ('\u{111}', '\u{111}'),
    ('\u{113}', '\u{113}'),
    ('\u{11B}', '\u{11B}'),
    ('\u{126}', '\u{127}'),
    ('\u{12B}', '\u{12B}'),
    ('\u{131}', '\u{133}'),
    ('\u{138}', '\u{138}'),
    ('\u{13F}', '\u{142}'),
    ('\u{144}', '\u{144}'),
    ('\u{148}', '\u{14B}'),
    ('\u{14D}', '\u{14D}'),
    ('\u{152}', '\u{153}'),
    ('\u{166}', '\u{167}'),
    ('\u{16B}', '\u{16B}'),
    ('\u{1CE}', '\u{1CE}'),
    ('\u{1D0}', '\u{1D0}'),
    ('\u{1D2}', '\u{1D2}'),
    ('\u{1D4}', '\u{1D4}'),
    ('\u{1D6}', '\u{1D6}'),
    ('\u{1D8}', '\u{1D8}'),
    ('\u{1DA}', '\u{1DA}'),
    ('\u{1DC}', '\u{1DC}'),
    ('\u{251}', '\u{251}'),
    ('\u{261}', '\u{261}'),
    ('\u{2C7}', '\u{2C7}'),
    ('\u{2C9}', '\u{2CB}'),
    ('\u{2CD}', '\u{2CD}'),
    ('\u{2D0}', '\u{2D0}'),
    ('\u{391}', '\u{3A1}'),
    ('\u{3A3}', '\u{3A9}'),
    ('\u{3B1}', '\u{3C1}'),
    ('\u{3C3}', '\u{3C9}'),
    ('\u{401}', '\u{401}'),
    ('\u{410}', '\u{44F}'),
    ('\u{451}', '\u{451}'),
    ('\u{207F}', '\u{207F}'),
];

/// Punctuation and symbols of East Asian Width A.
const AMBIGUOUS_MARKS: &[(char, char)] = &[
    ('\u{A1}', '\u{A1}'),
    ('\u{A4}', '\u{A4}'),
    ('\u{A7}', '\u{A8}'),
    ('\u{AE}', '\u{AE}'),
    ('\u{B0}', '\u{B4}'),
    ('\u{B6}', '\u{B9}'),
    ('\u{BC}', '\u{BF}'),
    ('\u{D7}', '\u{D7}'),
    ('\u{F7}', '\u{F7}'),
    ('\u{2C4}', '\u{2C4}'),
    ('\u{2D8}', '\u{2DB}'),
    ('\u{2DD}', '\u{2DD}'),
    ('\u{2DF}', '\u{2DF}'),
    ('\u{2010}', '\u{2010}'),
    ('\u{2013}', '\u{2016}'),
    ('\u{2018}', '\u{2019}'),
    ('\u{201C}', '\u{201D}'),
    ('\u{2020}', '\u{2022}'),
    ('\u{2024}', '\u{2027}'),
    ('\u{2030}', '\u{2030}'),
    ('\u{2032}', '\u{2033}'),
    ('\u{2035}', '\u{2035}'),
    ('\u{203B}', '\u{203B}'),
    ('\u{203E}', '\u{203E}'),
    ('\u{2074}', '\u{2074}'),
    ('\u{2081}', '\u{2084}'),
    ('\u{20AC}', '\u{20AC}'),
    ('\u{2103}', '\u{2103}'),
    ('\u{2105}', '\u{2105}'),
    ('\u{2109}', '\u{2109}'),
    ('\u{2113}', '\u{2113}'),
    ('\u{2116}', '\u{2116}'),
    ('\u{2121}', '\u{2122}'),
    ('\u{2126}', '\u{2126}'),
    ('\u{212B}', '\u{212B}'),
    ('\u{2153}', '\u{2154}'),
    ('\u{215B}', '\u{215E}'),
    ('\u{2160}', '\u{216B}'),
    ('\u{2170}', '\u{2179}'),
    ('\u{2189}', '\u{2189}'),
    ('\u{2190}', '\u{2199}'),
    ('\u{21B8}', '\u{21B9}'),
    ('\u{21D2}', '\u{21D2}'),
    ('\u{21D4}', '\u{21D4}'),
    ('\u{21E7}', '\u{21E7}'),
    ('\u{2200}', '\u{2200}'),
    ('\u{2202}', '\u{2203}'),
    ('\u{2207}', '\u{2208}'),
    ('\u{220B}', '\u{220B}'),
    ('\u{220F}', '\u{220F}'),
    ('\u{2211}', '\u{2211}'),
    ('\u{2215}', '\u{2215}'),
    ('\u{221A}', '\u{221A}'),
    ('\u{221D}', '\u{2220}'),
    ('\u{2223}', '\u{2223}'),
    ('\u{2225}', '\u{2225}'),
    ('\u{2227}', '\u{222C}'),
    ('\u{222E}', '\u{222E}'),
    ('\u{2234}', '\u{2237}'),
    ('\u{223C}', '\u{223D}'),
    ('\u{2248}', '\u{2248}'),
    ('\u{224C}', '\u{224C}'),
    ('\u{2252}', '\u{2252}'),
    ('\u{2260}', '\u{2261}'),
    ('\u{2264}', '\u{2267}'),
    ('\u{226A}', '\u{226B}'),
    ('\u{226E}', '\u{226F}'),
    ('\u{2282}', '\u{2283}'),
    ('\u{2286}', '\u{2287}'),
    ('\u{2295}', '\u{2295}'),
    ('\u{2299}', '\u{2299}'),
    ('\u{22A5}', '\u{22A5}'),
    ('\u{22BF}', '\u{22BF}'),
    ('\u{2312}', '\u{2312}'),
    ('\u{2460}', '\u{24E9}'),
    ('\u{24EB}', '\u{254B}'),
    ('\u{2550}', '\u{2573}'),
    ('\u{2580}', '\u{258F}'),
    ('\u{2592}', '\u{2595}'),
    ('\u{25A0}', '\u{25A1}'),
    ('\u{25A3}', '\u{25A9}'),
    ('\u{25B2}', '\u{25B3}'),
    ('\u{25B6}', '\u{25B7}'),
    ('\u{25BC}', '\u{25BD}'),
    ('\u{25C0}', '\u{25C1}'),
    ('\u{25C6}', '\u{25C8}'),
    ('\u{25CB}', '\u{25CB}'),
    ('\u{25CE}', '\u{25D1}'),
    ('\u{25E2}', '\u{25E5}'),
    ('\u{25EF}', '\u{25EF}'),
    ('\u{2605}', '\u{2606}'),
    ('\u{2609}', '\u{2609}'),
    ('\u{260E}', '\u{260F}'),
    ('\u{261C}', '\u{261C}'),
    ('\u{261E}', '\u{261E}'),
    ('\u{2640}', '\u{2640}'),
    ('\u{2642}', '\u{2642}'),
    ('\u{2660}', '\u{2661}'),
    ('\u{2663}', '\u{2665}'),
    ('\u{2667}', '\u{266A}'),
    ('\u{266C}', '\u{266D}'),
    ('\u{266F}', '\u{266F}'),
    ('\u{269E}', '\u{269F}'),
    ('\u{26BF}', '\u{26BF}'),
    ('\u{26C6}', '\u{26CD}'),
    ('\u{26CF}', '\u{26D3}'),
    ('\u{26D5}', '\u{26E1}'),
    ('\u{26E3}', '\u{26E3}'),
    ('\u{26E8}', '\u{26E9}'),
    ('\u{26EB}', '\u{26F1}'),
    ('\u{26F4}', '\u{26F4}'),
    ('\u{26F6}', '\u{26F9}'),
    ('\u{26FB}', '\u{26FC}'),
    ('\u{26FE}', '\u{26FF}'),
    ('\u{273D}', '\u{273D}'),
    ('\u{2776}', '\u{277F}'),
    ('\u{2B56}', '\u{2B59}'),
    ('\u{3248}', '\u{324F}'),
    ('\u{FFFD}', '\u{FFFD}'),
    ('\u{1F100}', '\u{1F10A}'),
    ('\u{1F110}', '\u{1F12D}'),
    ('\u{1F130}', '\u{1F169}'),
    ('\u{1F170}', '\u{1F18D}'),
    ('\u{1F18F}', '\u{1F190}'),
    ('\u{1F19B}', '\u{1F1AC}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_by_class() {
        let rows = [
            ("a", 1, 1),
            ("汉", 2, 2),
            ("。", 2, 2),
            ("（", 2, 2),
            ("“", 1, 2),
            ("—", 1, 2),
            ("…", 1, 2),
            ("·", 1, 2),
            ("①", 1, 2),
            ("℃", 1, 2),
            ("─", 1, 2),
            ("α", 1, 2),
            ("Я", 1, 2),
            ("é", 1, 2),
            ("e\u{301}", 1, 1),
            ("❤", 1, 1),
            ("😀", 2, 2),
            ("\u{200B}", 0, 0),
            ("𠀀", 2, 2),
            ("\u{FFFD}", 1, 2),
            ("▐", 1, 1),
            ("░", 1, 1),
            ("╎", 1, 1),
            ("␛", 1, 1),
        ];
        for (grapheme, narrow, wide) in rows {
            assert_eq!(grapheme_width(grapheme, AmbiguousWidth::Narrow), narrow, "{grapheme} narrow");
            assert_eq!(grapheme_width(grapheme, AmbiguousWidth::Wide), wide, "{grapheme} wide");
        }
    }

    #[test]
    fn certain_widths() {
        for grapheme in ["a", "汉", "。", "）", "あ", "abc"] {
            assert!(is_certain(grapheme), "{grapheme}");
        }
        for grapheme in ["“", "é", "e\u{301}", "😀", "👍🏽", "\u{1F1E8}"] {
            assert!(!is_certain(grapheme), "{grapheme}");
        }
    }

    /// Widths are those of `unicode-width`, except for ambiguous chars and regional indicators,
    /// which are two cells here.
    #[test]
    fn other_widths_are_those_of_unicode_width() {
        let excepted = |c: char| {
            matches!(width_class(c), WidthClass::AmbiguousMark | WidthClass::AmbiguousLetter) || ('\u{1F1E6}'..='\u{1F1FF}').contains(&c)
        };
        for c in ('\u{A0}'..='\u{3FFFF}').filter(|c| !excepted(*c)) {
            assert_eq!(usize::from(char_width(c, AmbiguousWidth::Narrow)), c.width().unwrap_or(0).min(2), "U+{:X}", u32::from(c));
        }
    }

    #[test]
    fn tables_are_sorted_and_disjoint() {
        for table in [AMBIGUOUS_LETTERS, AMBIGUOUS_MARKS] {
            assert!(table.iter().all(|range| range.0 <= range.1) && table.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
