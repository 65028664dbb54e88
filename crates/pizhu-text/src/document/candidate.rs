//! Ordinal candidates: recognises ordinals, and describes each candidate by its features.
//!
//! Nothing is decided here: the outline decoder decides over the whole document.

use super::{
    OrdinalKind,
    mojibake_repair::may_be_shifted,
    numeral::{accounting_digit, arabic_digit, chinese_digit, enclosed_ordinal, parse_arabic, parse_chinese},
};
use crate::text::Cursor;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::simplify;

/// The number of 最后, which ends a sequence of any length.
pub(super) const FINAL_NUMBER: u32 = u32::MAX;

/// The position of a candidate in the running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum OrdinalPosition {
    /// At the start of a logical line.
    LineStart,
    /// After the end of a sentence or a colon.
    AfterStop,
    /// After a comma or 、.
    AfterComma,
    /// After white space within a sentence.
    AfterSpace,
    /// After any other character.
    MidText,
}

/// An ordinal in the text: kind, number and extent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ordinal {
    pub kind: OrdinalKind,
    /// [`FINAL_NUMBER`] for 最后.
    pub number: u32,
    /// Offset of the end of the marker.
    pub marker_end: u32,
    /// Offset of the start of the title, after separators and spaces.
    pub title_start: u32,
    /// Whether the form is usual; otherwise unusual (`一.`) or damaged (`1狈`).
    pub well_formed: bool,
    /// Whether it has no punctuation, and the title may be shifted mojibake (see
    /// [`super::mojibake_repair`]).
    pub maybe_shifted: bool,
    /// First char of the title.
    pub next: Option<char>,
}

/// Parses the ordinal that begins with `c`, the char before `cursor`.
pub(super) fn ordinal_at(c: char, cursor: &Cursor<'_>) -> Option<Ordinal> {
    if !may_be_ordinal(c, cursor) {
        return None;
    }
    let mut after = cursor.clone();
    if let Some(value) = chinese_digit(c) {
        let number = if value > 0 { parse_chinese(c, &mut after)? } else { return None };
        let spaced = skip_blanks(&mut after);
        let (at, sign) = after.next()?;
        return match sign {
            '、' | '､' if enumerates(number, &after) => None,
            '、' | '､' => build_ordinal(OrdinalKind::HanEnumComma, number, at + 1, after, true),
            // 一是一、二是二.
            '是' if is_tautology(c, &after) => None,
            '是' => build_ordinal(OrdinalKind::Shi, number, at + 1, after, true),
            '要' => build_ordinal(OrdinalKind::Yao, number, at + 1, after, true),
            '.' | '．' | '，' | ',' | '：' | ':' | '\u{FFFD}' if !spaced => {
                build_ordinal(OrdinalKind::HanEnumComma, number, at + 1, after, false)
            }
            _ => None,
        };
    }
    if arabic_digit(c).is_some() {
        let number = parse_arabic(c, &mut after)?;
        let bare = after.clone();
        skip_blanks(&mut after);
        let (at, sign) = after.next()?;
        let followed_by_digit = after.peek().is_some_and(|(_, c)| arabic_digit(c).is_some());
        return match sign {
            // Chinese input methods turn `.` into 。.
            '.' | '．' | '、' | '､' | '。' | '｡' if !followed_by_digit => {
                build_ordinal(OrdinalKind::Arabic, number, at + 1, after, true)
            }
            '.' | '．' if date_follows(&after) => build_ordinal(OrdinalKind::Arabic, number, at + 1, after, true),
            // `1、5月底前` but not `1、2、3组`.
            '、' | '､' => {
                let well_formed =
                    after.clone().find(|(_, c)| arabic_digit(*c).is_none()).is_some_and(|(_, c)| matches!(c, '\u{4E00}'..='\u{9FFF}'));
                build_ordinal(OrdinalKind::Arabic, number, at + 1, after, well_formed)
            }
            ')' | '）' => build_ordinal(OrdinalKind::ArabicParen, number, at + 1, after, true),
            '，' | ',' | '：' | ':' if !followed_by_digit => build_ordinal(OrdinalKind::Arabic, number, at + 1, after, false),
            _ => build_ordinal(OrdinalKind::Arabic, number, bare.offset(), bare, false).map(|ordinal| Ordinal {
                maybe_shifted: ordinal.marker_end == ordinal.title_start && ordinal.next.is_some_and(may_be_shifted),
                ..ordinal
            }),
        };
    }
    if let Some((kind, number)) = enclosed_ordinal(c) {
        let end = after.offset();
        return build_ordinal(kind, number, end, after, true);
    }
    if let Some(number) = accounting_digit(c) {
        skip_blanks(&mut after);
        return after
            .next()
            .filter(|(_, sign)| matches!(sign, '、' | '､'))
            .and_then(|(at, _)| build_ordinal(OrdinalKind::HanEnumComma, number, at + 1, after, true));
    }
    match c {
        '（' | '(' | '〔' | '﹙' => {
            skip_blanks(&mut after);
            let (_, first) = after.next()?;
            let (kind, number) = if chinese_digit(first).is_some() {
                (OrdinalKind::Paren, parse_chinese(first, &mut after)?)
            } else {
                (OrdinalKind::ArabicParen, parse_arabic(first, &mut after)?)
            };
            skip_blanks(&mut after);
            match after.next()? {
                (at, '）' | ')' | '〕' | '﹚') => build_ordinal(kind, number, at + 1, after, true),
                _ => None,
            }
        }
        '第' => {
            skip_blanks(&mut after);
            let (_, first) = after.next()?;
            let number = parse_chinese(first, &mut after)?;
            let bare = after.offset();
            let spaced = skip_blanks(&mut after);
            match after.peek()? {
                (at, '，' | ',' | '、' | '､') => {
                    after.next();
                    build_ordinal(OrdinalKind::Di, number, at + 1, after, true)
                }
                (_, '：' | ':') => build_ordinal(OrdinalKind::Di, number, bare, after, true),
                (_, next) if spaced && !next.is_ascii_punctuation() => build_ordinal(OrdinalKind::Di, number, bare, after, false),
                _ => None,
            }
        }
        '首' => sequence_word(1, &['先'], after),
        '其' => sequence_word(2, &['次'], after),
        '再' => sequence_word(3, &['次'], after),
        '最' => sequence_word(FINAL_NUMBER, &['后', '後'], after).filter(|last| !begins_closing_words(cursor, last.title_start as usize)),
        _ => None,
    }
}

/// Whether an ordinal that begins with `c` may continue at `cursor`: the next char rules out most
/// non-ordinals cheaply.
fn may_be_ordinal(c: char, cursor: &Cursor<'_>) -> bool {
    let next = || cursor.peek().map(|(_, next)| next);
    match c {
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => next().is_some_and(|next| {
            matches!(next, '、' | '､' | '是' | '要' | '.' | '．' | '，' | ',' | '：' | ':' | '\u{FFFD}')
                || chinese_digit(next).is_some()
                || is_blank(next)
        }),
        '第' => next().is_some_and(|next| chinese_digit(next).is_some() || is_blank(next)),
        '首' => next() == Some('先'),
        '其' | '再' => next() == Some('次'),
        '最' => matches!(next(), Some('后' | '後')),
        '\u{4E00}'..='\u{9FFF}' => accounting_digit(c).is_some(),
        _ => true,
    }
}

/// Whether closing words begin at offset `title` (最后，祝大家…), so that 最后 is not the last point.
fn begins_closing_words(cursor: &Cursor<'_>, title: usize) -> bool {
    let start: String = cursor.clone().skip_while(|(at, _)| *at < title).take(6).map(|(_, c)| simplify(c)).collect();
    ["祝", "预祝", "衷心", "谢谢", "让我们", "再次", "我代表", "我谨", "借此", "感谢", "恭祝", "真诚", "诚挚"]
        .iter()
        .any(|word| start.starts_with(word))
        || start.contains('祝')
}

/// Parses a sequence word (首先, 其次, 再次, 最后) whose second char must be one of `second`.
fn sequence_word(number: u32, second: &[char], mut after: Cursor<'_>) -> Option<Ordinal> {
    let (at, c) = after.next()?;
    if !second.contains(&c) {
        return None;
    }
    let mut rest = after.clone();
    skip_blanks(&mut rest);
    match rest.next() {
        Some((comma, '，' | ',' | '、' | '､')) => build_ordinal(OrdinalKind::Sequence, number, comma + 1, rest, true),
        // Without a comma, 最后 and 首先 are mostly adverbs.
        _ => build_ordinal(OrdinalKind::Sequence, number, at + 1, after, false),
    }
}

/// Skips up to two spaces inside an ordinal, as in badly converted texts; returns whether there
/// were any.
fn skip_blanks(cursor: &mut Cursor<'_>) -> bool {
    let before = cursor.offset();
    cursor.skip_blanks(2);
    cursor.offset() > before
}

/// Whether `c` comes next without a counted noun, as in 一是一; but 一是一项工作 is an ordinal.
fn is_tautology(c: char, cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.next().is_some_and(|(_, next)| next == c)
        && ahead.next().is_none_or(|(_, next)| !matches!(next, '\u{3400}'..='\u{9FFF}') || chinese_digit(next).is_some())
}

/// Whether the next number and 、 follow, as in 一、二、三产业.
fn enumerates(number: u32, cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    let next = ahead.next().and_then(|(_, c)| parse_chinese(c, &mut ahead));
    next == Some(number + 1) && matches!(ahead.next(), Some((_, '、' | '､')))
}

/// Whether a year or month follows, which may begin a title: `1.2023年工作回顾`.
fn date_follows(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    let mut digits = 0;
    let sign = ahead.find(|(_, c)| {
        digits += 1;
        arabic_digit(*c).is_none() || digits > 4
    });
    matches!((digits - 1, sign), (4, Some((_, '年'))) | (1 | 2, Some((_, '月'))))
}

/// Completes an ordinal whose marker ends at `marker_end`: skips the separators before its title.
#[expect(clippy::unnecessary_wraps, reason = "every caller returns an option")]
fn build_ordinal(kind: OrdinalKind, number: u32, marker_end: usize, mut after: Cursor<'_>, well_formed: bool) -> Option<Ordinal> {
    let mut next = after.peek();
    while let Some((_, c)) = next
        && c != '\n'
        && (is_blank(c) || is_separator(c))
    {
        after.next();
        next = after.peek();
    }
    let title_start = next.map_or(after.offset(), |(at, _)| at);
    let (marker_end, title_start) = (marker_end as u32, title_start as u32);
    Some(Ordinal { kind, number, marker_end, title_start, well_formed, maybe_shifted: false, next: next.map(|(_, c)| c) })
}

/// Whether `c` may separate a marker from its title.
fn is_separator(c: char) -> bool {
    matches!(c, '、' | '，' | ',' | '､' | '.' | '．' | ':' | '：')
}

/// An ordinal that may open a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OrdinalCandidate {
    pub ordinal: Ordinal,
    /// Offset of the first char of the marker.
    pub start: u32,
    pub position: OrdinalPosition,
    /// Whether it begins its line and the line holds nothing but the heading.
    pub whole_line: bool,
    /// Index of its logical line.
    pub line: u32,
    /// Level of the heading it begins; 0 for none.
    pub level: u8,
}

impl OrdinalCandidate {
    /// The span of the marker.
    pub(super) fn marker(&self) -> Span {
        Span::new(self.start as usize, self.ordinal.marker_end as usize)
    }
}
