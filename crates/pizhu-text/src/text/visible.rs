//! Text made fit for a terminal: what would be obeyed or not be seen is shown as a sign.
//!
//! Control characters (C0, C1, and so every escape sequence), bidirectional and other format
//! controls, zero-width characters, lone combining marks, private use and noncharacters become
//! signs: C0 the control pictures `␀`…`␟`, the rest their code in angle brackets, `<202E>`.
//! Every char of a sign is one cell wide in every terminal. What only modifies the character
//! before it (variation selectors, the joiners inside emoji sequences) is left out; emoji
//! sequences fall into their parts, which every terminal draws alike.
//!
//! Invariants: the units of a text follow one another without a gap and hold all its chars; a
//! shown text never holds a control character; the work is linear in the text's length.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

/// Combining marks that stay with their base; more are shown as signs.
const MARKS: usize = 8;

/// Cells that letters joined to one unit take at most.
const CELLS: usize = 2;

/// What a unit is to a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// Text that shows as it stands.
    Plain,
    /// White space other than a line feed.
    Space,
    /// A tab; it is shown as one space, wider where the layout has tab stops.
    Tab,
    /// A line feed; shown as a sign where the text must stay on one line.
    LineFeed,
    /// Something that shows as a sign.
    Sign,
}

/// The smallest piece of text that is shown, selected and moved over as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit<'a> {
    /// The piece of the text.
    pub source: &'a str,
    /// What it is.
    pub kind: UnitKind,
}

impl<'a> Unit<'a> {
    /// What is drawn for it: never a control character, never empty.
    #[must_use]
    pub fn shown(&self) -> Cow<'a, str> {
        match self.kind {
            UnitKind::Plain if self.source.chars().any(is_dropped) => Cow::Owned(self.source.chars().filter(|c| !is_dropped(*c)).collect()),
            UnitKind::Plain => Cow::Borrowed(self.source),
            UnitKind::Space if self.source == "\u{3000}" => Cow::Borrowed(self.source),
            UnitKind::Space | UnitKind::Tab => Cow::Borrowed(" "),
            UnitKind::LineFeed | UnitKind::Sign => Cow::Owned(self.source.chars().map(sign).collect()),
        }
    }
}

/// The units of `text`, in order.
#[must_use]
pub fn units(text: &str) -> Units<'_> {
    units_from(text, 0)
}

/// The units of `text` from byte `at` on, at which a unit must begin.
#[must_use]
pub fn units_from(text: &str, at: usize) -> Units<'_> {
    Units { text, at, cluster_end: 0 }
}

/// Whether `c` never joins with another such char to a larger cluster: between two of them units
/// part.
#[must_use]
pub fn stands_alone(c: char) -> bool {
    is_simple(c) || matches!(c, ' ' | '\n' | '\u{3000}')
}

/// Iterator over the units of a text.
#[derive(Debug, Clone)]
pub struct Units<'a> {
    text: &'a str,
    at: usize,
    /// Up to here the text belongs to a cluster that is being taken apart.
    cluster_end: usize,
}

impl<'a> Iterator for Units<'a> {
    type Item = Unit<'a>;

    fn next(&mut self) -> Option<Unit<'a>> {
        let rest = &self.text[self.at..];
        let mut chars = rest.chars();
        let first = chars.next()?;
        if self.at >= self.cluster_end {
            // The common case: neither this char nor the next can be part of a larger cluster.
            if stands_alone(first) && chars.next().is_none_or(stands_alone) {
                return Some(self.take(first.len_utf8(), kind_of(first)));
            }
            let cluster = rest.graphemes(true).next().unwrap_or(rest);
            if cluster.len() == first.len_utf8() {
                return Some(self.take(cluster.len(), kind_of(first)));
            }
            if let Some(len) = whole(cluster) {
                return Some(self.take(len, UnitKind::Plain));
            }
            self.cluster_end = self.at + cluster.len();
        }
        // A part of a cluster: a char, and what behind it is not shown.
        let part = &self.text[self.at..self.cluster_end.max(self.at + first.len_utf8())];
        let kind = kind_of(first);
        let more = match kind {
            UnitKind::Plain if !is_zero_width(first) => {
                part[first.len_utf8()..].chars().take_while(|c| is_dropped(*c) || *c == '\u{200D}').take(MARKS).map(char::len_utf8).sum()
            }
            _ => 0,
        };
        Some(self.take(first.len_utf8() + more, kind))
    }
}

impl<'a> Units<'a> {
    /// Whether the next unit is a further part of a cluster that is being taken apart.
    #[must_use]
    pub fn is_within_cluster(&self) -> bool {
        self.at < self.cluster_end
    }

    fn take(&mut self, len: usize, kind: UnitKind) -> Unit<'a> {
        let source = &self.text[self.at..self.at + len];
        self.at += len;
        // A joiner inside an emoji sequence is dropped with the part before it.
        Unit { source, kind }
    }
}

/// How many bytes of a cluster of several chars make one unit; `None` where it must be taken
/// apart: emoji sequences, and clusters that hold a char that needs a sign.
fn whole(cluster: &str) -> Option<usize> {
    let mut chars = cluster.chars();
    let base = chars.next()?;
    if kind_of(base) != UnitKind::Plain {
        return None;
    }
    let joins = |c: char| c == '\u{200D}' || matches!(c, '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}');
    let mut len = base.len_utf8();
    let mut marks = 0;
    let mut cells = base.width().unwrap_or(0);
    for c in chars {
        if joins(c) || (sign_needed(c) && !is_zero_width(c)) {
            return None;
        }
        marks += usize::from(!is_dropped(c));
        let own = c.width().unwrap_or(0);
        cells += own;
        // Letters that join without end (Korean initials, Indic conjuncts) are parted where they
        // take more cells than a terminal gives to one character.
        if marks > MARKS || (own > 0 && cells > CELLS) {
            break;
        }
        len += c.len_utf8();
    }
    Some(len)
}

/// Chars that never join with one another to a larger cluster and show as they stand.
fn is_simple(c: char) -> bool {
    matches!(c,
        '!'..='~' | '\u{3400}'..='\u{9FFF}' | '\u{3001}'..='\u{3029}' | '\u{FF01}'..='\u{FF5E}' | '\u{2010}'..='\u{2027}' | '\u{3041}'..='\u{3096}'
        | '\u{30A0}'..='\u{30FF}')
}

/// What a char is when it stands alone.
#[must_use]
pub fn kind_of(c: char) -> UnitKind {
    match c {
        '\n' => UnitKind::LineFeed,
        '\t' => UnitKind::Tab,
        ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => UnitKind::Space,
        _ if is_simple(c) => UnitKind::Plain,
        _ if sign_needed(c) => UnitKind::Sign,
        _ => UnitKind::Plain,
    }
}

/// Whether the char, alone, must be shown as a sign.
fn sign_needed(c: char) -> bool {
    c.is_control() || is_format(c) || is_private(c) || is_zero_width(c)
}

/// Format controls (Unicode category Cf), the line and paragraph separators, and letters made to
/// be invisible.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}' | '\u{115F}' | '\u{1160}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Private use, and the code points that are no characters.
fn is_private(c: char) -> bool {
    let code = u32::from(c);
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..) || code & 0xFFFE == 0xFFFE
}

fn is_zero_width(c: char) -> bool {
    c.width().is_none_or(|width| width == 0)
}

/// Selectors, which only choose how the char before them looks; left out of what is drawn.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200D}')
}

/// The sign of one char.
fn sign(c: char) -> Cow<'static, str> {
    match c {
        '\0'..='\u{1F}' => Cow::Owned(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?').to_string()),
        '\u{7F}' => Cow::Borrowed("␡"),
        _ => Cow::Owned(format!("<{:02X}>", u32::from(c))),
    }
}

/// The text fit for one line of a terminal: every control character, line feed and tab included,
/// as a sign. Borrowed where nothing had to be changed.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    shown(text, false)
}

/// The same for several lines: line feeds stay.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    shown(text, true)
}

/// Whether the text can be sent to a terminal as it stands: [`visible`] would change nothing of
/// it but selectors.
#[must_use]
pub fn is_fit(text: &str) -> bool {
    text.chars().all(is_simple) || units(text).all(|unit| matches!(unit.kind, UnitKind::Plain | UnitKind::Space))
}

fn shown(text: &str, lines: bool) -> Cow<'_, str> {
    if text.chars().all(|c| is_simple(c) || matches!(c, ' ' | '\u{3000}') || (lines && c == '\n')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for unit in units(text) {
        match unit.kind {
            UnitKind::LineFeed if lines => out.push('\n'),
            UnitKind::Tab if !lines => out.push_str(&sign('\t')),
            _ => out.push_str(&unit.shown()),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width::Ambiguous;
    use crate::text::width::grapheme_width;
    use proptest::prelude::*;

    #[test]
    fn what_would_be_obeyed_becomes_signs() {
        assert_eq!(visible("青禾县\u{1b}[31m红\u{7}"), "青禾县␛[31m红␇");
        assert_eq!(visible("a\u{9b}2Jb\u{7f}"), "a<9B>2Jb␡");
        assert_eq!(visible("x\u{202e}y\u{200b}z\u{feff}"), "x<202E>y<200B>z<FEFF>");
        assert_eq!(visible("\u{301}字\u{e000}"), "<301>字<E000>");
        assert_eq!(visible("一\n二\t三"), "一␊二␉三");
        assert_eq!(visible_lines("一\n二\r"), "一\n二␍");
    }

    #[test]
    fn what_is_text_stays() {
        assert_eq!(visible("“青禾”——α é e\u{301} ①"), "“青禾”——α é e\u{301} ①");
        assert!(matches!(visible("青禾县 2024 年"), Cow::Borrowed(_)));
        assert_eq!(visible("❤\u{fe0f}"), "❤");
        assert_eq!(visible("葛\u{e0100}"), "葛");
        assert_eq!(visible("\u{a0}"), " ");
    }

    #[test]
    fn emoji_sequences_fall_into_their_parts() {
        let parts: Vec<_> = units("👨\u{200d}👩\u{200d}👧").map(|unit| unit.shown().into_owned()).collect();
        assert_eq!(parts, ["👨", "👩", "👧"]);
        assert_eq!(units("👍🏽").count(), 2);
        assert_eq!(units("🇨🇳").count(), 2);
        assert_eq!(units("e\u{301}").count(), 1);
    }

    #[test]
    fn a_pile_of_marks_is_cut() {
        let text = format!("e{}", "\u{301}".repeat(100_000));
        let all: Vec<_> = units(&text).collect();
        assert_eq!(all[0].source.chars().count(), 1 + MARKS);
        assert_eq!(all.len(), 1 + 100_000 - MARKS);
    }

    #[test]
    fn letters_that_join_without_end_are_parted() {
        let shown = |text: &str| units(text).map(|unit| unit.source.to_owned()).collect::<Vec<_>>();
        assert_eq!(shown(&"\u{1100}".repeat(9)).len(), 9);
        assert_eq!(shown("\u{1100}\u{1161}\u{11a8}").len(), 1);
        assert_eq!(shown("\u{1100}\u{1100}\u{1161}"), ["\u{1100}", "\u{1100}\u{1161}"]);
    }

    fn dirty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            Just("青".to_owned()),
            Just("\u{200d}".to_owned()),
            Just("\u{301}".to_owned()),
            Just("👩".to_owned()),
            Just("\u{1f3fd}".to_owned()),
            Just("\u{1f1e8}".to_owned()),
            Just("\u{fe0f}".to_owned()),
            Just("\r\n".to_owned()),
            Just("각".to_owned()),
            Just("\u{1100}\u{1161}".to_owned()),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn units_hold_all_chars_and_show_no_control(text in dirty()) {
            let all: Vec<_> = units(&text).collect();
            prop_assert_eq!(all.iter().map(|unit| unit.source).collect::<String>(), text.clone());
            for unit in &all {
                let shown = unit.shown();
                prop_assert!(!shown.is_empty());
                prop_assert!(!shown.chars().any(|c| c.is_control() || is_format(c) || is_private(c)), "{:?}", shown);
                if unit.kind != UnitKind::LineFeed {
                    prop_assert!(grapheme_width(&shown, Ambiguous::Narrow) > 0, "{:?}", unit);
                }
            }
            prop_assert!(!visible(&text).chars().any(char::is_control));
        }
    }
}
