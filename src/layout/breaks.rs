//! Where a row may end: each place between two units gets a [`Rank`].
//!
//! UAX #14 (`unicode-linebreak`) is asked about a shadow of the text, in which quotes stand as
//! brackets of their direction, full-width letters and digits as ASCII, and signs as letters; a
//! Chinese pass then forbids what it leaves open.

use super::{
    kinsoku::{Kinsoku, Mark},
    number,
    unit::Line,
};
use crate::text::visible::UnitKind;
use unicode_linebreak::linebreaks;

/// How willingly a row ends at a place, best first. All but the first only inside a run that is
/// wider than the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Freely.
    Allowed,
    /// Inside a Latin word or a URL.
    Latin,
    /// Between a number and its unit.
    Unit,
    /// Inside a number.
    Number,
    /// Before an opening mark, where what stands before forbids it.
    BeforeOpening,
    /// Behind a closing mark or stop, where what follows forbids it.
    AfterClosing,
    /// Anywhere else that the rules forbid.
    Forbidden,
    /// Inside —— or ……
    Pair,
}

impl Rank {
    /// All ranks, best first.
    pub const ALL: [Self; 8] =
        [Self::Allowed, Self::Latin, Self::Unit, Self::Number, Self::BeforeOpening, Self::AfterClosing, Self::Forbidden, Self::Pair];
}

/// The ranks of the places before each item of `line`; the first is `Allowed`.
pub(super) fn ranks(line: &Line, kinsoku: Kinsoku) -> Vec<Rank> {
    let shadow = Shadow::new(line);
    let count = shadow.chars.len();
    let mut free = vec![false; count + 1];
    let mut index = 0;
    let mut byte = 0;
    for (at, _) in linebreaks(&shadow.text) {
        while byte < at {
            byte += shadow.chars[index].len_utf8();
            index += 1;
        }
        free[index] = true;
    }
    let mut ranks: Vec<Rank> = Vec::with_capacity(count);
    let mut last = Mark::Letter; // of the last unit that is no space
    let mut pair = 0; // signs alike before this one
    for (index, item) in line.items.iter().enumerate() {
        let mark = shadow.marks[index];
        let paired = matches!(mark, Mark::Dash | Mark::Ellipsis) && index > 0 && shadow.chars[index - 1] == shadow.chars[index];
        pair = if paired { pair + 1 } else { 0 };
        let rank = if index == 0 {
            Rank::Allowed
        } else if paired {
            if pair % 2 == 1 { Rank::Pair } else { Rank::Forbidden }
        } else if item.kind == UnitKind::Space || item.kind == UnitKind::Tab {
            Rank::Forbidden
        } else {
            place(last, mark, free[index], kinsoku, (shadow.chars[index - 1], shadow.chars[index]))
        };
        ranks.push(rank);
        match item.kind {
            UnitKind::LineFeed => last = Mark::Letter,
            UnitKind::Space | UnitKind::Tab => {}
            UnitKind::Plain | UnitKind::Sign => last = mark,
        }
    }
    if shadow.has_digits {
        number::keep_units(&shadow.chars, |index| {
            if ranks[index] == Rank::Allowed {
                ranks[index] = Rank::Unit;
            }
        });
    }
    if shadow.has_urls {
        keep_urls(&shadow, &mut ranks);
    }
    ranks
}

/// The rank of one place by the marks on both sides (spaces between them left out).
fn place(before: Mark, after: Mark, free: bool, kinsoku: Kinsoku, chars: (char, char)) -> Rank {
    let latin = |c: char| c < '\u{2E80}' && !c.is_whitespace();
    if after.begins_no_row(kinsoku) || before.ends_no_row() {
        return match (before, after) {
            (_, Mark::Opening) => Rank::BeforeOpening,
            (Mark::Closing | Mark::Stop | Mark::Ellipsis, _) => Rank::AfterClosing,
            _ => Rank::Forbidden,
        };
    }
    if free {
        return Rank::Allowed;
    }
    // Behind a Chinese stop a row may end whatever follows (a hyphen that opens an item, a unit sign).
    if matches!(before, Mark::Stop | Mark::Closing) && chars.0 >= '\u{2E80}' {
        return Rank::Allowed;
    }
    // A looser rule than that of UAX #14, which forbids these signs at a row's beginning.
    if after == Mark::Middle && kinsoku == Kinsoku::Loose {
        return Rank::Allowed;
    }
    match (before, after) {
        _ if latin(chars.0) && latin(chars.1) => {
            let figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '-' | '/');
            if figure(chars.0) && figure(chars.1) { Rank::Number } else { Rank::Latin }
        }
        (_, Mark::Opening) => Rank::BeforeOpening,
        (Mark::Closing | Mark::Stop, _) => Rank::AfterClosing,
        _ => Rank::Forbidden,
    }
}

/// Forbids every break inside a URL.
fn keep_urls(shadow: &Shadow, ranks: &mut [Rank]) {
    let chars = &shadow.chars;
    let mut i = 0;
    while i < chars.len() {
        let scheme = chars[i..].starts_with(&[':', '/', '/']);
        let www = chars[i..].starts_with(&['w', 'w', 'w', '.']);
        if !scheme && !www {
            i += 1;
            continue;
        }
        let mut start = i;
        while scheme && start > 0 && matches!(chars[start - 1], 'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.') {
            start -= 1;
        }
        let mut end = i;
        while end < chars.len() && chars[end].is_ascii_graphic() && !matches!(chars[end], '"' | '<' | '>') {
            end += 1;
        }
        while end > i && matches!(chars[end - 1], '.' | ',' | ';' | ':' | '!' | '?' | ')' | '\'') {
            end -= 1;
        }
        for rank in ranks.get_mut(start + 1..end).unwrap_or_default() {
            if *rank == Rank::Allowed {
                *rank = Rank::Latin;
            }
        }
        i = end.max(i + 1);
    }
}

/// The text as the line breaking algorithm is to see it: one char a unit.
struct Shadow {
    text: String,
    chars: Vec<char>,
    marks: Vec<Mark>,
    has_digits: bool,
    has_urls: bool,
}

impl Shadow {
    fn new(line: &Line) -> Self {
        let count = line.items.len();
        let mut shadow = Self {
            text: String::with_capacity(line.text.len()),
            chars: Vec::with_capacity(count),
            marks: Vec::with_capacity(count),
            has_digits: false,
            has_urls: line.text.contains("://") || line.text.contains("www."),
        };
        // Whether the next quote without direction closes one.
        let mut open = [false; 2];
        for (index, item) in line.items.iter().enumerate() {
            if ('\u{3400}'..='\u{9FFF}').contains(&item.char) && item.kind == UnitKind::Plain {
                shadow.push(item.char, item.char, Mark::Letter);
                continue;
            }
            let next = line.items.get(index + 1).map_or(' ', |next| next.char);
            let before = index.checked_sub(1).map_or(' ', |before| line.items[before].char);
            let c = match item.kind {
                UnitKind::Sign => 'X',
                UnitKind::Plain | UnitKind::Space | UnitKind::Tab | UnitKind::LineFeed => item.char,
            };
            if c == '\n' {
                open = [false; 2];
            }
            let c = match c {
                '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => {
                    char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
                }
                '．' if is_digit(before) && is_digit(next) => '.',
                '"' | '＂' => directed(&mut open[0], before, next),
                '\'' | '＇' | '’' if before.is_alphanumeric() && next.is_alphanumeric() && next < '\u{2E80}' && before < '\u{2E80}' => {
                    '\''
                }
                '\'' | '＇' => directed(&mut open[1], before, next),
                _ => c,
            };
            shadow.has_digits |= c.is_ascii_digit();
            let mark = Mark::of(c);
            // The quotes of UAX #14 bind on both sides; brackets bind inwards.
            let seen = match c {
                '“' | '‘' | '〝' | '«' | '‹' | '„' | '‚' => '〈',
                '”' | '’' | '〞' | '〟' | '»' | '›' => '〉',
                '─' => '—',
                // Behind a hanzi the half-width marks are those of Chinese: "，2024" may part.
                ',' | '.' | ':' | ';' | '!' | '?' if before >= '\u{2E80}' => '，',
                _ => c,
            };
            shadow.push(c, seen, mark);
        }
        shadow
    }

    fn push(&mut self, c: char, seen: char, mark: Mark) {
        self.text.push(seen);
        // `chars` is walked beside `text`, so the two must be of one length.
        self.chars.push(if c.len_utf8() == seen.len_utf8() { c } else { seen });
        self.marks.push(mark);
    }
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
    use crate::{
        document::Document,
        text::{SourceText, Span, width::Ambiguous},
    };

    /// The text with `|` where a row may end.
    fn pieces(text: &str) -> String {
        let document = Document { source: SourceText::from(text), ..Document::default() };
        let line = Line::new(&document, Span::new(0, document.source.len()), Ambiguous::Narrow);
        let ranks = ranks(&line, Kinsoku::Strict);
        let mut out = String::new();
        for (index, rank) in ranks.iter().enumerate() {
            if index > 0 && *rank == Rank::Allowed {
                out.push('|');
            }
            out.push_str(&line.shown(index, 1));
        }
        out
    }

    #[test]
    fn marks_keep_to_their_words() {
        assert_eq!(pieces("会议指出，要抓好。"), "会|议|指|出，|要|抓|好。");
        assert_eq!(pieces("见《规划》（试行）"), "见|《规|划》|（试|行）");
        assert_eq!(pieces("他说:你好,再见."), "他|说:|你|好,|再|见.");
        assert_eq!(pieces("全市(含县)共"), "全|市|(含|县)|共");
        assert_eq!(pieces("字 ，字"), "字 ，|字");
    }

    #[test]
    fn quotes_bind_by_their_direction() {
        assert_eq!(pieces("抓“三农”工作"), "抓|“三|农”|工|作");
        assert_eq!(pieces("抓\"三农\"工作"), "抓|\"三|农\"|工|作");
        assert_eq!(pieces("“‘甲’乙”"), "“‘甲’|乙”");
        assert_eq!(pieces("don’t go"), "don’t |go");
    }

    #[test]
    fn pairs_stay_whole() {
        assert_eq!(pieces("目标——实现"), "目|标|——|实|现");
        assert_eq!(pieces("等等……还有"), "等|等……|还|有");
        assert_eq!(pieces("阿里·木"), "阿|里·|木");
        assert_eq!(pieces("甲～乙"), "甲～|乙");
    }

    #[test]
    fn numbers_keep_their_units_and_words_stay_whole() {
        assert_eq!(pieces("到2025年增长5.5%左右"), "到|2025年|增|长|5.5%|左|右");
        assert_eq!(pieces("投资１００亿元"), "投|资|１００亿元");
        assert_eq!(pieces("推进GDP增长"), "推|进|GDP|增|长");
        assert_eq!(pieces("见https://a.cn/b-c?d=e。"), "见|https://a.cn/b-c?d=e。");
        assert_eq!(pieces("零下3℃时"), "零|下|3℃|时");
    }

    #[test]
    fn a_sign_is_a_letter() {
        assert_eq!(pieces("甲\u{202e}乙"), "甲|<202E>|乙");
    }
}
