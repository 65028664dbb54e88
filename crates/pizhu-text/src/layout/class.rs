//! What is known beforehand of the chars that Chinese text is made of.
//!
//! A table, made once out of the general rules ([`visible`], [`width`], [`Mark`], UAX #14), so
//! that hanzi and their punctuation cost one look-up a char and not one a rule. A char that is
//! not in it is *rare* and goes through the rules themselves.

use super::kinsoku::Mark;
use crate::text::visible;
use crate::text::visible::UnitKind;
use crate::text::width;
use crate::text::width::Ambiguous;
use std::sync::LazyLock;
use unicode_linebreak::{BreakClass, break_property, linebreaks};

/// The class of hanzi: between two of them a row may end.
pub const HANZI: u8 = BreakClass::Ideographic as u8;
/// The class of the marks that UAX #14 takes for hanzi.
const LIKE_HANZI: u8 = 62;
/// The class of what cannot be judged by the two chars at a place alone.
pub const RARE: u8 = 63;

/// One char by the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info {
    /// What it is to a layout.
    pub kind: UnitKind,
    /// What it is to kinsoku.
    pub mark: Mark,
    /// Its class in UAX #14, or [`RARE`].
    pub class: u8,
    /// The char as the Chinese pass sees it.
    pub shade: char,
    /// The char as UAX #14 is to see it.
    pub seen: char,
    /// Cells where ambiguous characters take one, and where they take two.
    pub widths: [u8; 2],
    /// Whether the chars beside it decide what it is: quotes without direction, half-width marks.
    pub by_context: bool,
}

/// The table.
#[derive(Debug)]
pub struct Table {
    /// Any hanzi.
    pub hanzi: Info,
    /// U+0000 to U+007F, U+2010 to U+203F, U+3000 to U+30FF, U+FF00 to U+FF5F; `None` for rare
    /// chars.
    blocks: [Vec<Option<Info>>; 4],
    /// For each class a bit for each class that a row may begin with behind it.
    free: [u64; 64],
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// Makes the table, where it has not been made.
pub fn prepare() {
    LazyLock::force(&TABLE);
}

/// The table; made when first asked for, in some microseconds.
pub fn table() -> &'static Table {
    &TABLE
}

impl Table {
    fn new() -> Self {
        let block = |first: u32, last: u32| (first..=last).map(|code| char::from_u32(code).and_then(known)).collect();
        let mut table = Self {
            hanzi: Info { class: HANZI, ..rules('一') },
            blocks: [block(0, 0x7F), block(0x2010, 0x203F), block(0x3000, 0x30FF), block(0xFF00, 0xFF5F)],
            free: [0; 64],
        };
        let mut samples: Vec<(u8, char)> = vec![(HANZI, '一')];
        for info in table.blocks.iter().flatten().flatten() {
            if info.class != RARE && !samples.iter().any(|(known, _)| *known == info.class) {
                samples.push((info.class, info.seen));
            }
        }
        for (before, first) in &samples {
            for (after, second) in &samples {
                let may = linebreaks(&String::from_iter([*first, *second])).any(|(at, _)| at == first.len_utf8());
                table.free[usize::from(*before)] |= u64::from(may) << after;
            }
        }
        table
    }

    /// What is known of `c`; `None` for a rare char. Of a hanzi `shade` and `seen` are those of
    /// another: it stands for itself.
    pub fn get(&self, c: char) -> Option<&Info> {
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

    /// Whether UAX #14 lets a row end between two chars of these classes, neither of them rare.
    pub fn is_free(&self, before: u8, after: u8) -> bool {
        self.free[usize::from(before & 63)] >> (after & 63) & 1 == 1
    }
}

/// Whether `c` is a hanzi of the table.
pub fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

/// The class of a char as UAX #14 is to see it, if a place beside it can be judged by the two
/// chars alone.
pub fn class_of(seen: char) -> u8 {
    match table().get(seen) {
        Some(info) => info.class,
        None => RARE,
    }
}

fn known(c: char) -> Option<Info> {
    visible::stands_alone(c).then(|| rules(c))
}

fn rules(c: char) -> Info {
    let kind = visible::kind_of(c);
    let shade = match c {
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let seen = seen(shade);
    let cells = |ambiguous| match kind {
        UnitKind::Plain | UnitKind::Sign => width::char_width(c, ambiguous),
        UnitKind::Space if c == '\u{3000}' => 2,
        UnitKind::Space => 1,
        UnitKind::Tab | UnitKind::LineFeed => 0,
    };
    let mark = Mark::of(shade);
    Info {
        kind,
        mark,
        class: match break_property(u32::from(seen)) as u8 {
            _ if kind != UnitKind::Plain => RARE,
            HANZI if mark != Mark::Letter => LIKE_HANZI,
            class => class,
        },
        shade: if shade.len_utf8() == seen.len_utf8() { shade } else { seen },
        seen,
        widths: [cells(Ambiguous::Narrow), cells(Ambiguous::Wide)],
        by_context: matches!(c, '"' | '\'' | '’' | '＂' | '＇' | '．' | ',' | '.' | ':' | ';' | '!' | '?' | '\n'),
    }
}

/// The quotes of UAX #14 bind on both sides; brackets bind inwards. A drawn line stands for a dash.
pub fn seen(c: char) -> char {
    match c {
        '“' | '‘' | '〝' | '«' | '‹' | '„' | '‚' => '〈',
        '”' | '’' | '〞' | '〟' | '»' | '›' => '〉',
        '─' => '—',
        _ => c,
    }
}

/// The char as the Chinese pass sees it and as UAX #14 is to see it, by the chars beside it.
/// `open` says for each kind of quote whether the next one without direction closes one.
pub fn in_context(c: char, before: char, next: char, open: &mut [bool; 2]) -> (char, char) {
    let shade = match c {
        '\n' => {
            *open = [false; 2];
            c
        }
        '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '．' if is_digit(before) && is_digit(next) => '.',
        '"' | '＂' => directed(&mut open[0], before, next),
        '\'' | '＇' | '’' if before.is_alphanumeric() && next.is_alphanumeric() && next < '\u{2E80}' && before < '\u{2E80}' => '\'',
        '\'' | '＇' => directed(&mut open[1], before, next),
        _ => c,
    };
    let seen = match shade {
        // Behind a hanzi the half-width marks are those of Chinese: "，2024" may part.
        ',' | '.' | ':' | ';' | '!' | '?' if before >= '\u{2E80}' => '，',
        _ => seen(shade),
    };
    (shade, seen)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('\u{FF10}'..='\u{FF19}').contains(&c)
}

/// A quote without direction as the one its surroundings make it.
fn directed(open: &mut bool, before: char, next: char) -> char {
    let closes = if next.is_whitespace() || matches!(Mark::of(next), Mark::Closing | Mark::Stop) {
        true
    } else if before.is_whitespace() || Mark::of(before) == Mark::Opening {
        false
    } else {
        *open
    };
    *open = !closes;
    if closes { '”' } else { '“' }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two chars decide a place between chars of the table, whatever stands before them.
    #[test]
    fn places_are_decided_by_the_two_chars_beside_them() {
        let table = table();
        let mut chars: Vec<char> = Vec::new();
        let mut classes: Vec<u8> = Vec::new();
        for code in (0..0x80u32).chain(0x2010..0x2040).chain(0x3000..0x3100).chain(0xFF00..0xFF60).chain([0x4E00, 0x3400]) {
            let Some(c) = char::from_u32(code) else { continue };
            let Some(info) = table.get(c) else { continue };
            if info.class != RARE && !classes.contains(&info.class) {
                chars.push(info.seen);
                classes.push(info.class);
            }
        }
        assert!(classes.len() > 8, "{classes:?}");
        for (i, first) in chars.iter().enumerate() {
            for (j, second) in chars.iter().enumerate() {
                for (k, third) in chars.iter().enumerate() {
                    let text = String::from_iter([*first, *second, *third]);
                    let at = |byte: usize| linebreaks(&text).any(|(at, _)| at == byte);
                    let (one, two) = (first.len_utf8(), first.len_utf8() + second.len_utf8());
                    assert_eq!(at(one), table.is_free(classes[i], classes[j]), "{text}");
                    assert_eq!(at(two), table.is_free(classes[j], classes[k]), "{text}");
                }
            }
        }
    }
}
