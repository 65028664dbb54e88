//! Precomputed properties of common Chinese characters.
//!
//! The table is built once from the rules ([`visible`], [`width`], [`PunctClass`], UAX #14), so
//! that a hanzi or its punctuation costs one lookup instead of one evaluation of each rule. A char
//! that is not in the table is *rare*; the rules are evaluated for it.

use super::kinsoku::PunctClass;
use crate::text::visible;
use crate::text::visible::ClusterKind;
use crate::text::width;
use crate::text::width::AmbiguousWidth;
use std::sync::LazyLock;
use unicode_linebreak::{BreakClass, break_property, linebreaks};

/// Break class of hanzi; a break is allowed between two of them.
pub(super) const HANZI: u8 = BreakClass::Ideographic as u8;

/// Break class of punctuation that UAX #14 classes as ideographic. Not a value of UAX #14.
const LIKE_HANZI: u8 = 62;

/// Break class of rare chars, for which the two chars at a boundary do not decide a break. Not a
/// value of UAX #14.
pub(super) const RARE: u8 = 63;

/// Properties of one char.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CharProps {
    /// Kind of the cluster that is this char.
    pub kind: ClusterKind,
    /// Punctuation class for kinsoku.
    pub punct: PunctClass,
    /// UAX #14 class, or [`RARE`].
    pub break_class: u8,
    /// The char normalized for the CJK rules: full-width letters and digits as ASCII.
    pub normalized: char,
    /// The char normalized for UAX #14: quotes as brackets.
    pub uax14_char: char,
    /// Width in cells if ambiguous characters are narrow, and if they are wide.
    pub widths: [u8; 2],
    /// Whether the adjacent chars decide its class: quotes without direction, half-width marks.
    pub depends_on_context: bool,
}

/// Table of the properties of common chars.
#[derive(Debug)]
pub(super) struct CharTable {
    /// The properties of every hanzi.
    pub hanzi: CharProps,
    /// U+0000 to U+007F, U+2010 to U+203F, U+3000 to U+30FF, U+FF00 to U+FF5F; `None` for rare
    /// chars.
    blocks: [Vec<Option<CharProps>>; 4],
    /// For each class before a boundary, a bit for each class after it with which UAX #14 allows a
    /// break.
    pair_breaks: [u64; 64],
}

static TABLE: LazyLock<CharTable> = LazyLock::new(CharTable::new);

/// Builds the table if it is not built yet.
pub(super) fn prepare() {
    LazyLock::force(&TABLE);
}

/// The table, built on first use in some microseconds.
pub(super) fn table() -> &'static CharTable {
    &TABLE
}

impl CharTable {
    fn new() -> Self {
        let block = |first: u32, last: u32| (first..=last).map(|code| char::from_u32(code).and_then(common_props)).collect();
        let mut table = Self {
            hanzi: CharProps { break_class: HANZI, ..props_by_rules('一') },
            blocks: [block(0, 0x7F), block(0x2010, 0x203F), block(0x3000, 0x30FF), block(0xFF00, 0xFF5F)],
            pair_breaks: [0; 64],
        };
        let mut samples: Vec<(u8, char)> = vec![(HANZI, '一')];
        for props in table.blocks.iter().flatten().flatten() {
            if props.break_class != RARE && !samples.iter().any(|(class, _)| *class == props.break_class) {
                samples.push((props.break_class, props.uax14_char));
            }
        }
        for (before, first) in &samples {
            for (after, second) in &samples {
                let is_allowed = linebreaks(&String::from_iter([*first, *second])).any(|(at, _)| at == first.len_utf8());
                table.pair_breaks[usize::from(*before)] |= u64::from(is_allowed) << after;
            }
        }
        table
    }

    /// The properties of `c`; `None` for a rare char. All hanzi share one entry, whose `normalized`
    /// and `uax14_char` do not apply: a hanzi is its own normalized form.
    pub(super) fn get(&self, c: char) -> Option<&CharProps> {
        if is_hanzi(c) {
            return Some(&self.hanzi);
        }
        let code = u32::from(c);
        let (block, first) = match code {
            0..=0x7F => (0, 0),
            0x3000..=0x30FF => (2, 0x3000),
            0xFF00..=0xFF5F => (3, 0xFF00),
            0x2010..=0x203F => (1, 0x2010),
            _ => return None,
        };
        self.blocks[block].get((code - first) as usize)?.as_ref()
    }

    /// Whether UAX #14 allows a break between two chars of these classes, neither of them rare.
    pub(super) fn allows_break(&self, before: u8, after: u8) -> bool {
        self.pair_breaks[usize::from(before & 63)] >> (after & 63) & 1 == 1
    }
}

/// Whether `c` is a hanzi of the table (U+3400 to U+4DBF, U+4E00 to U+9FFF).
pub(super) fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

/// Break class of a char normalized for UAX #14; [`RARE`] if it is not in the table.
pub(super) fn break_class(uax14_char: char) -> u8 {
    match table().get(uax14_char) {
        Some(props) => props.break_class,
        None => RARE,
    }
}

/// The properties of `c` if it is common: always a cluster of its own among common chars.
fn common_props(c: char) -> Option<CharProps> {
    visible::is_always_alone(c).then(|| props_by_rules(c))
}

/// The properties of `c`, evaluated by the rules.
fn props_by_rules(c: char) -> CharProps {
    let kind = visible::kind_of(c);
    let normalized = match c {
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let uax14_char = uax14_char(normalized);
    let cells = |ambiguous| match kind {
        ClusterKind::Plain | ClusterKind::Sign => width::char_width(c, ambiguous),
        ClusterKind::Space if c == '\u{3000}' => 2,
        ClusterKind::Space => 1,
        ClusterKind::Tab | ClusterKind::LineFeed => 0,
    };
    let punct = PunctClass::from_char(normalized);
    CharProps {
        kind,
        punct,
        break_class: match break_property(u32::from(uax14_char)) as u8 {
            _ if kind != ClusterKind::Plain => RARE,
            HANZI if punct != PunctClass::Letter => LIKE_HANZI,
            class => class,
        },
        normalized: if normalized.len_utf8() == uax14_char.len_utf8() { normalized } else { uax14_char },
        uax14_char,
        widths: [cells(AmbiguousWidth::Narrow), cells(AmbiguousWidth::Wide)],
        depends_on_context: matches!(c, '"' | '\'' | '’' | '＂' | '＇' | '．' | ',' | '.' | ':' | ';' | '!' | '?' | '\n'),
    }
}

/// Normalizes a char for UAX #14: quotes become brackets, because UAX #14 forbids breaks on both
/// sides of a quote but only inside brackets; `─` becomes a dash.
pub(super) fn uax14_char(c: char) -> char {
    match c {
        '“' | '‘' | '〝' | '«' | '‹' | '„' | '‚' => '〈',
        '”' | '’' | '〞' | '〟' | '»' | '›' => '〉',
        '─' => '—',
        _ => c,
    }
}

/// Normalizes a char for the CJK rules and for UAX #14, by the adjacent chars.
///
/// A quote without direction gets one: `"三农"` is normalized like `“三农”`. `open_quotes` says for
/// double and single quotes whether the next one without direction closes a pair.
pub(super) fn resolve_in_context(c: char, before: char, next: char, open_quotes: &mut [bool; 2]) -> (char, char) {
    let normalized = match c {
        '\n' => {
            *open_quotes = [false; 2];
            c
        }
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '．' if is_digit(before) && is_digit(next) => '.',
        '"' | '＂' => resolve_quote(&mut open_quotes[0], before, next),
        '\'' | '＇' | '’' if before.is_alphanumeric() && next.is_alphanumeric() && next < '\u{2E80}' && before < '\u{2E80}' => '\'',
        '\'' | '＇' => resolve_quote(&mut open_quotes[1], before, next),
        _ => c,
    };
    let uax14_char = match normalized {
        // After a hanzi a half-width mark is Chinese punctuation: 三月,2024 may break after the comma.
        ',' | '.' | ':' | ';' | '!' | '?' if before >= '\u{2E80}' => '，',
        _ => uax14_char(normalized),
    };
    (normalized, uax14_char)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('\u{FF10}'..='\u{FF19}').contains(&c)
}

/// Replaces a quote without direction by an opening or closing one, by the adjacent chars.
fn resolve_quote(is_open: &mut bool, before: char, next: char) -> char {
    let closes = if next.is_whitespace() || matches!(PunctClass::from_char(next), PunctClass::Closing | PunctClass::Stop) {
        true
    } else if before.is_whitespace() || PunctClass::from_char(before) == PunctClass::Opening {
        false
    } else {
        *is_open
    };
    *is_open = !closes;
    if closes { '”' } else { '“' }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For common chars UAX #14 decides a break by the two chars at the boundary alone.
    #[test]
    fn two_chars_decide_a_break() {
        let table = table();
        let mut chars: Vec<char> = Vec::new();
        let mut classes: Vec<u8> = Vec::new();
        for code in (0..0x80u32).chain(0x2010..0x2040).chain(0x3000..0x3100).chain(0xFF00..0xFF60).chain([0x4E00, 0x3400]) {
            let Some(c) = char::from_u32(code) else { continue };
            let Some(props) = table.get(c) else { continue };
            if props.break_class != RARE && !classes.contains(&props.break_class) {
                chars.push(props.uax14_char);
                classes.push(props.break_class);
            }
        }
        assert!(classes.len() > 8, "{classes:?}");
        for (i, first) in chars.iter().enumerate() {
            for (j, second) in chars.iter().enumerate() {
                for (k, third) in chars.iter().enumerate() {
                    let text = String::from_iter([*first, *second, *third]);
                    let at = |byte: usize| linebreaks(&text).any(|(at, _)| at == byte);
                    let (one, two) = (first.len_utf8(), first.len_utf8() + second.len_utf8());
                    assert_eq!(at(one), table.allows_break(classes[i], classes[j]), "{text}");
                    assert_eq!(at(two), table.allows_break(classes[j], classes[k]), "{text}");
                }
            }
        }
    }
}
