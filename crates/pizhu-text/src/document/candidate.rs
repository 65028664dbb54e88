//! Candidates: every place that may be an ordinal, with what can be seen there.
//!
//! Nothing is decided here; the reading of the whole document decides.

use super::{
    OrdinalKind,
    numeral::{chinese_digit, digit, enclosed, formal_digit, read_arabic, read_chinese},
    restore::may_be_shifted,
};
use crate::text::Cursor;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::simplify;

/// The number of 最后, which ends a sequence of any length.
pub(super) const LAST: u32 = u32::MAX;

/// Where in the running text a candidate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// At the start of a logical line.
    Line,
    /// Behind a sentence end or a colon.
    Stop,
    /// Behind a comma or 、.
    Comma,
    /// Behind white space in the middle of a sentence.
    Space,
    /// Behind a character of the text.
    Mid,
}

/// What the ordinal looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ordinal {
    pub kind: OrdinalKind,
    /// [`LAST`] for 最后.
    pub number: u32,
    /// The offset behind the marker.
    pub marker_end: u32,
    /// The offset where the title begins: behind separators and spaces.
    pub title_start: u32,
    /// The form is one of the listed ones; otherwise damaged or unusual (`一.`, `1狈`).
    pub sound: bool,
    /// It has no punctuation, and what follows may be what a lost byte made of it.
    pub shifted: bool,
    /// The first char of the title.
    pub next: Option<char>,
}

/// The ordinal that begins with `c`, the char before `cursor`.
pub(super) fn ordinal_at(c: char, cursor: &Cursor<'_>) -> Option<Ordinal> {
    if !may_go_on(c, cursor) {
        return None;
    }
    let mut after = cursor.clone();
    if let Some(value) = chinese_digit(c) {
        let number = if value > 0 { read_chinese(c, &mut after)? } else { return None };
        let spaced = skip(&mut after);
        let (at, sign) = after.next()?;
        return match sign {
            '、' | '､' if counts_on(number, &after) => None,
            '、' | '､' => finish(OrdinalKind::Pause, number, at + 1, after, true),
            // 一是一、二是二.
            '是' if repeats(c, &after) => None,
            '是' => finish(OrdinalKind::Shi, number, at + 1, after, true),
            '要' => finish(OrdinalKind::Yao, number, at + 1, after, true),
            '.' | '．' | '，' | ',' | '：' | ':' | '\u{FFFD}' if !spaced => finish(OrdinalKind::Pause, number, at + 1, after, false),
            _ => None,
        };
    }
    if digit(c).is_some() {
        let number = read_arabic(c, &mut after)?;
        let bare = after.clone();
        skip(&mut after);
        let (at, sign) = after.next()?;
        let followed_by_digit = after.peek().is_some_and(|(_, c)| digit(c).is_some());
        return match sign {
            // A Chinese input method makes a full stop of the point.
            '.' | '．' | '、' | '､' | '。' | '｡' if !followed_by_digit => finish(OrdinalKind::Arabic, number, at + 1, after, true),
            '.' | '．' if date_follows(&after) => finish(OrdinalKind::Arabic, number, at + 1, after, true),
            // `1、5月底前` but not `1、2、3组`.
            '、' | '､' => {
                let sound = after.clone().find(|(_, c)| digit(*c).is_none()).is_some_and(|(_, c)| matches!(c, '\u{4E00}'..='\u{9FFF}'));
                finish(OrdinalKind::Arabic, number, at + 1, after, sound)
            }
            ')' | '）' => finish(OrdinalKind::ArabicParen, number, at + 1, after, true),
            '，' | ',' | '：' | ':' if !followed_by_digit => finish(OrdinalKind::Arabic, number, at + 1, after, false),
            _ => finish(OrdinalKind::Arabic, number, bare.offset(), bare, false).map(|ordinal| Ordinal {
                shifted: ordinal.marker_end == ordinal.title_start && ordinal.next.is_some_and(may_be_shifted),
                ..ordinal
            }),
        };
    }
    if let Some((kind, number)) = enclosed(c) {
        let end = after.offset();
        return finish(kind, number, end, after, true);
    }
    if let Some(number) = formal_digit(c) {
        skip(&mut after);
        return after
            .next()
            .filter(|(_, sign)| matches!(sign, '、' | '､'))
            .and_then(|(at, _)| finish(OrdinalKind::Pause, number, at + 1, after, true));
    }
    match c {
        '（' | '(' | '〔' | '﹙' => {
            skip(&mut after);
            let (_, first) = after.next()?;
            let (kind, number) = if chinese_digit(first).is_some() {
                (OrdinalKind::Paren, read_chinese(first, &mut after)?)
            } else {
                (OrdinalKind::ArabicParen, read_arabic(first, &mut after)?)
            };
            skip(&mut after);
            match after.next()? {
                (at, '）' | ')' | '〕' | '﹚') => finish(kind, number, at + 1, after, true),
                _ => None,
            }
        }
        '第' => {
            skip(&mut after);
            let (_, first) = after.next()?;
            let number = read_chinese(first, &mut after)?;
            let bare = after.offset();
            let spaced = skip(&mut after);
            match after.peek()? {
                (at, '，' | ',' | '、' | '､') => {
                    after.next();
                    finish(OrdinalKind::Di, number, at + 1, after, true)
                }
                (_, '：' | ':') => finish(OrdinalKind::Di, number, bare, after, true),
                (_, next) if spaced && !next.is_ascii_punctuation() => finish(OrdinalKind::Di, number, bare, after, false),
                _ => None,
            }
        }
        '首' => sequence(1, &['先'], after),
        '其' => sequence(2, &['次'], after),
        '再' => sequence(3, &['次'], after),
        '最' => sequence(LAST, &['后', '後'], after).filter(|last| !closes_speech(cursor, last.title_start as usize)),
        _ => None,
    }
}

/// Whether an ordinal that begins with `c` may go on at `cursor`: the next char tells most of what
/// is none.
fn may_go_on(c: char, cursor: &Cursor<'_>) -> bool {
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
        '\u{4E00}'..='\u{9FFF}' => formal_digit(c).is_some(),
        _ => true,
    }
}

/// Whether what stands at `title` are closing words (最后，祝大家…), no last point.
fn closes_speech(cursor: &Cursor<'_>, title: usize) -> bool {
    let start: String = cursor.clone().skip_while(|(at, _)| *at < title).take(6).map(|(_, c)| simplify(c)).collect();
    ["祝", "预祝", "衷心", "谢谢", "让我们", "再次", "我代表", "我谨", "借此", "感谢", "恭祝", "真诚", "诚挚"]
        .iter()
        .any(|word| start.starts_with(word))
        || start.contains('祝')
}

fn sequence(number: u32, second: &[char], mut after: Cursor<'_>) -> Option<Ordinal> {
    let (at, c) = after.next()?;
    if !second.contains(&c) {
        return None;
    }
    let mut behind = after.clone();
    skip(&mut behind);
    match behind.next() {
        Some((comma, '，' | ',' | '、' | '､')) => finish(OrdinalKind::Sequence, number, comma + 1, behind, true),
        // 最后 and 首先 without a comma are mostly adverbs.
        _ => finish(OrdinalKind::Sequence, number, at + 1, after, false),
    }
}

/// Moves past spaces that dirty texts put inside an ordinal; whether there were any.
fn skip(cursor: &mut Cursor<'_>) -> bool {
    let before = cursor.offset();
    cursor.skip_blanks(2);
    cursor.offset() > before
}

/// Whether `c` alone comes next, and nothing that it counts.
fn repeats(c: char, cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.next().is_some_and(|(_, next)| next == c)
        && ahead.next().is_none_or(|(_, next)| !matches!(next, '\u{3400}'..='\u{9FFF}') || chinese_digit(next).is_some())
}

/// Whether the next number and another 、 come next (一、二、三产业).
fn counts_on(number: u32, cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    let next = ahead.next().and_then(|(_, c)| read_chinese(c, &mut ahead));
    next == Some(number + 1) && matches!(ahead.next(), Some((_, '、' | '､')))
}

/// Whether a year or month comes next, which may begin a title (`1.2023年工作回顾`).
fn date_follows(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    let mut digits = 0;
    let sign = ahead.find(|(_, c)| {
        digits += 1;
        digit(*c).is_none() || digits > 4
    });
    matches!((digits - 1, sign), (4, Some((_, '年'))) | (1 | 2, Some((_, '月'))))
}

#[expect(clippy::unnecessary_wraps, reason = "every caller answers with an option")]
fn finish(kind: OrdinalKind, number: u32, marker_end: usize, mut after: Cursor<'_>, sound: bool) -> Option<Ordinal> {
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
    Some(Ordinal { kind, number, marker_end, title_start, sound, shifted: false, next: next.map(|(_, c)| c) })
}

/// The separators between a marker and its title.
fn is_separator(c: char) -> bool {
    matches!(c, '、' | '，' | ',' | '､' | '.' | '．' | ':' | '：')
}

/// A place that may open a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub ordinal: Ordinal,
    /// The offset of the marker's first char.
    pub start: u32,
    pub place: Place,
    /// It begins its line, and the line is a heading with nothing behind it.
    pub alone: bool,
    /// The logical line it stands in.
    pub line: u32,
    /// The level of the Markdown heading it opens; 0 for none.
    pub level: u8,
}

impl Candidate {
    /// The marker in the source.
    pub(super) fn marker(&self) -> Span {
        Span::new(self.start as usize, self.ordinal.marker_end as usize)
    }
}
