//! The forms of ordinals: what each looks like, and the look-alikes that are none.
//!
//! [`ordinal_at`] picks the form by its first char. Each form is one function with an example; a
//! look-alike is told by what follows it. What only the neighbours can tell (whether `I.` is a
//! letter, whether a verb is told through) is decided later, in [`super::candidate_context`].

use super::{
    OrdinalKind, PartWord,
    candidate::{DecimalPrefix, FINAL_NUMBER, FormDetail, Ordinal},
    mojibake_repair::may_be_shifted,
    numeral::{
        accounting_digit, arabic_digit, chinese_digit, enclosed_ordinal, letter_number, parse_arabic, parse_chinese, roman_char,
        roman_number, stem_number,
    },
    ordinal_marks::{
        begins_word, build_ordinal, closes_bracket, date_follows, enumerates, is_measure, is_pause, is_quantity_unit, is_tautology,
        lists_on, opens_bracket, plain_mark, skip_blanks, skips_on,
    },
};
use crate::text::Cursor;
use crate::text::cursor::is_blank;
use crate::text::fold::simplify;

/// Parses the ordinal that begins with `c`, the char before `cursor`.
pub(super) fn ordinal_at(c: char, cursor: &Cursor<'_>) -> Option<Ordinal> {
    if !may_be_ordinal(c, cursor) {
        return None;
    }
    let after = cursor.clone();
    match c {
        '第' => counted_part(after.clone()).or_else(|| counted_point(after)),
        '首' => sequence_word(1, &['先'], after),
        '其' => sequence_word(2, &['次'], after.clone()).or_else(|| qi(after)),
        '再' => sequence_word(3, &['次'], after),
        '最' => sequence_word(FINAL_NUMBER, &['后', '後'], after).filter(|last| !begins_closing_words(cursor, last.title_start as usize)),
        _ if chinese_digit(c).is_some() => han_number(c, after),
        _ if arabic_digit(c) == Some(0) => zero_padded(after),
        _ if arabic_digit(c).is_some() => decimal(c, after.clone()).or_else(|| arabic_number(c, after)),
        _ if opens_bracket(c) => bracketed(c, after),
        _ => one_char(c, after.clone()).or_else(|| latin(c, after)),
    }
}

/// Whether an ordinal that begins with `c` may continue at `cursor`: the next char rules out most
/// non-ordinals cheaply.
fn may_be_ordinal(c: char, cursor: &Cursor<'_>) -> bool {
    let next = || cursor.peek().map(|(_, next)| next);
    match c {
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {
            next().is_some_and(|next| !matches!(next, '。' | '；' | '”' | '》') && !is_measure(next))
        }
        '第' => next().is_some_and(|next| chinese_digit(next).is_some() || arabic_digit(next).is_some() || is_blank(next)),
        '首' => next() == Some('先'),
        '其' => next().is_some_and(|next| next == '次' || chinese_digit(next).is_some()),
        '再' => next() == Some('次'),
        '最' => matches!(next(), Some('后' | '後')),
        '\u{4E00}'..='\u{9FFF}' => {
            (accounting_digit(c).is_some() || stem_number(c).is_some())
                && next().is_some_and(|next| {
                    is_pause(next) || is_blank(next) || accounting_digit(next).is_some() || matches!(next, '.' | '．' | ')' | '）')
                })
        }
        _ => true,
    }
}

/// `一、` `一．` `一是` `一要` `一来` `一靠` `一）`.
fn han_number(c: char, mut after: Cursor<'_>) -> Option<Ordinal> {
    let number = parse_chinese(c, &mut after)?;
    let bare = after.clone();
    let spaced = skip_blanks(&mut after);
    let (at, sign) = after.next()?;
    match plain_mark(sign) {
        _ if is_pause(sign) && enumerates(number, &after) => None,
        _ if is_pause(sign) => build_ordinal(OrdinalKind::HanEnumComma, number, at + 1, after, true),
        // 一是一、二是二.
        '是' if is_tautology(c, &after) => None,
        '是' => build_ordinal(OrdinalKind::Shi, number, at + 1, after, true),
        '要' => build_ordinal(OrdinalKind::Yao, number, at + 1, after, true),
        '来' | '來' if number <= 5 && after.peek().is_none_or(|(_, next)| chinese_digit(next).is_none()) => match after.clone().next() {
            Some((comma, '，' | ',')) => {
                after.next();
                build_ordinal(OrdinalKind::Lai, number, comma + 1, after, true)
            }
            _ => build_ordinal(OrdinalKind::Lai, number, at + 1, after, false),
        },
        // `一．总体要求`, but not `三．五`, nor `一.` alone.
        '.' | '．' => {
            let titled = after.peek().is_some_and(|(_, c)| c != '\n' && chinese_digit(c).is_none() && arabic_digit(c).is_none());
            // `九·一八`.
            (titled || !matches!(sign, '·' | '‧'))
                .then(|| build_ordinal(OrdinalKind::HanEnumComma, number, at + 1, after, titled))
                .flatten()
        }
        '，' | ',' | '：' | ':' | '\u{FFFD}' if !spaced => build_ordinal(OrdinalKind::HanEnumComma, number, at + 1, after, false),
        // `二【塘坝】` between `一.【水渠】` and `三.【闸门】`.
        '【' if !spaced => build_ordinal(OrdinalKind::HanEnumComma, number, at, bare, false),
        // The opening bracket was lost.
        '）' | ')' if !spaced => build_ordinal(OrdinalKind::Paren, number, at + 1, after, true),
        '\u{4E00}'..='\u{9FFF}' if !spaced && number <= 20 && !is_measure(sign) => {
            build_ordinal(OrdinalKind::Verb, number, at + 1, after, false)
                .map(|ordinal| Ordinal { detail: FormDetail::Verb(simplify(sign)), ..ordinal })
        }
        _ => None,
    }
}

/// `1.` `1、` `1）` `1，`, and a bare or damaged `1`.
fn arabic_number(c: char, mut after: Cursor<'_>) -> Option<Ordinal> {
    let number = parse_arabic(c, &mut after)?;
    let bare = after.clone();
    skip_blanks(&mut after);
    let Some((at, sign)) = after.next() else {
        return build_ordinal(OrdinalKind::Arabic, number, bare.offset(), bare, false);
    };
    let followed_by_digit = after.peek().is_some_and(|(_, c)| arabic_digit(c).is_some());
    match plain_mark(sign) {
        // Chinese input methods turn `.` into 。.
        '.' | '．' | '。' | '｡' if !followed_by_digit => build_ordinal(OrdinalKind::Arabic, number, at + 1, after, true),
        _ if is_pause(sign) && !followed_by_digit => build_ordinal(OrdinalKind::Arabic, number, at + 1, after, true),
        '.' | '．' if date_follows(&after) => build_ordinal(OrdinalKind::Arabic, number, at + 1, after, true),
        // `1、5月底前` but not `1、2、3组`.
        _ if is_pause(sign) => {
            let mut title = after.clone().skip_while(|(_, c)| arabic_digit(*c).is_some() || is_blank(*c));
            let well_formed = title.next().is_some_and(|(_, c)| matches!(c, '\u{4E00}'..='\u{9FFF}'));
            build_ordinal(OrdinalKind::Arabic, number, at + 1, after, well_formed)
        }
        ')' | '）' => build_ordinal(OrdinalKind::ArabicParen, number, at + 1, after, true),
        '，' | ',' | '：' | ':' if !followed_by_digit => build_ordinal(OrdinalKind::Arabic, number, at + 1, after, false),
        _ => build_ordinal(OrdinalKind::Arabic, number, bare.offset(), bare, false).map(|ordinal| Ordinal {
            maybe_shifted: ordinal.marker_end == ordinal.title_start && ordinal.next.is_some_and(may_be_shifted),
            ..ordinal
        }),
    }
}

/// `01.` `02、`: the digit and the sign after the zero; not `05.12` or `08:30`.
fn zero_padded(mut after: Cursor<'_>) -> Option<Ordinal> {
    let (_, digit) = after.next()?;
    let number = arabic_digit(digit).filter(|number| *number > 0)?;
    let (at, _) = after.next().filter(|(_, sign)| is_pause(*sign) || matches!(sign, '.' | '．'))?;
    let figure = after.peek().is_some_and(|(_, c)| arabic_digit(c).is_some());
    (!figure).then(|| build_ordinal(OrdinalKind::Arabic, number, at + 1, after, true)).flatten()
}

/// `1.1` `1.1.1`, but not `1.5亿元` or `2.5%`.
fn decimal(c: char, mut after: Cursor<'_>) -> Option<Ordinal> {
    let mut number = parse_arabic(c, &mut after)?;
    let mut prefix = DecimalPrefix::default();
    while after.peek().is_some_and(|(_, c)| matches!(c, '.' | '．')) {
        let mut ahead = after.clone();
        ahead.next();
        let Some((_, digit)) = ahead.next().filter(|(_, c)| arabic_digit(*c).is_some()) else { break };
        let next = parse_arabic(digit, &mut ahead)?;
        prefix = prefix.then(number)?;
        (number, after) = (next, ahead);
    }
    let bare = after.clone();
    let (end, sign) = bare.peek().unwrap_or((bare.offset(), ' '));
    let spaced = skip_blanks(&mut after);
    let title = after.peek().map_or(' ', |(_, c)| c);
    // 2.6人工处理 and 2.1.2时间 count, 2.6人 does not.
    let unit = || prefix.len() == 1 && is_quantity_unit(sign) && !begins_word(sign, bare.clone().nth(1).map(|(_, c)| c));
    let quantity = !spaced && (unit() || matches!(sign, '%' | '％' | ')' | '）' | '-' | '—' | '~' | '～' | '/' | ',' | '，'));
    // 2023.10.1 and 10.1 are dates where a unit or nothing but digits follows.
    (prefix.len() > 0 && !quantity && arabic_digit(title).is_none_or(|_| spaced))
        .then(|| build_ordinal(OrdinalKind::Decimal, number, end, bare, prefix.len() > 1 || spaced || is_pause(sign) || sign == '.'))
        .flatten()
        .map(|ordinal| Ordinal { detail: FormDetail::Prefix(prefix), ..ordinal })
}

/// `①` `⑴` `⒈` `㈠` `❶`, `壹、`, `甲、` and `Ⅰ、`.
fn one_char(c: char, mut after: Cursor<'_>) -> Option<Ordinal> {
    if let Some((kind, number)) = enclosed_ordinal(c) {
        let end = after.offset();
        return build_ordinal(kind, number, end, after, true);
    }
    if let Some(number) = accounting_digit(c) {
        // 拾壹 is 11.
        let ones = after.peek().and_then(|(_, next)| accounting_digit(next)).filter(|ones| number == 10 && *ones < 10);
        if ones.is_some() {
            after.next();
        }
        skip_blanks(&mut after);
        let (at, _) = after.next().filter(|(_, sign)| is_pause(*sign))?;
        // 海、陆、空 lists what is not an ordinal.
        return (!lists_on(&after))
            .then(|| build_ordinal(OrdinalKind::Accounting, number + ones.unwrap_or(0), at + 1, after, true))
            .flatten();
    }
    if let Some(number) = stem_number(c) {
        let spaced = skip_blanks(&mut after);
        let (at, sign) = after.next()?;
        return match sign {
            _ if is_pause(sign) && !lists_on(&after) => build_ordinal(OrdinalKind::Stem, number, at + 1, after, true),
            '.' | '．' if !spaced => build_ordinal(OrdinalKind::Stem, number, at + 1, after, true),
            // The opening bracket was lost.
            ')' | '）' if !spaced => build_ordinal(OrdinalKind::StemParen, number, at + 1, after, true),
            _ => None,
        };
    }
    let (number, small) = roman_char(c)?;
    let kind = if small { OrdinalKind::SmallRoman } else { OrdinalKind::Roman };
    skip_blanks(&mut after);
    let (at, _) = after.next().filter(|(_, sign)| is_pause(*sign) || matches!(plain_mark(*sign), '.' | '．' | ')' | '）' | ':' | '：'))?;
    build_ordinal(kind, number, at + 1, after, true)
}

/// `A.` `A、` `a)` `I.` `iv)`: letters and Roman numbers before a mark and a Chinese title.
fn latin(c: char, mut after: Cursor<'_>) -> Option<Ordinal> {
    letter_number(c)?;
    let mut letters = String::from(half_width(c));
    while let Some((_, next)) = after.peek().filter(|(_, next)| letter_number(*next).is_some()) {
        letters.push(half_width(next));
        after.next();
        if letters.len() > 5 {
            return None;
        }
    }
    let spaced = skip_blanks(&mut after);
    let (at, sign) = after.next()?;
    if spaced || !(is_pause(sign) || matches!(sign, '.' | '．' | ')' | '）')) {
        return None;
    }
    let bracket = matches!(sign, ')' | '）');
    let apart = bracket || after.peek().is_none_or(|(_, next)| is_blank(next));
    // A.120余亩 is one, A.1 is not.
    let quantity = letters.len() == 1 && after.peek().is_some_and(|(_, c)| arabic_digit(c).is_some()) && {
        let unit = after.clone().find(|(_, c)| arabic_digit(*c).is_none());
        unit.is_some_and(|(_, c)| matches!(c, '\u{4E00}'..='\u{9FFF}'))
    };
    let ordinal = latin_number(&letters, at + 1, after, false)?;
    // A.B or e.g. is no ordinal; A. Broken Mother is.
    (apart || quantity || ordinal.next.is_none_or(|c| !c.is_ascii_alphanumeric())).then_some(ordinal)
}

/// The full-width letter as half-width.
fn half_width(c: char) -> char {
    if c.is_ascii() { c } else { char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c) }
}

/// The ordinal of these letters: a Roman number, or a single letter.
fn latin_number(letters: &str, marker_end: usize, after: Cursor<'_>, enclosed: bool) -> Option<Ordinal> {
    let small = letters.starts_with(|c: char| c.is_ascii_lowercase());
    let roman = roman_number(letters).filter(|_| letters.chars().all(|c| c.is_ascii_lowercase() == small));
    let letter = match letters.as_bytes() {
        [_] => letters.chars().next().and_then(letter_number),
        _ => None,
    };
    let letter_kind = match (small, enclosed) {
        (false, false) => OrdinalKind::Letter,
        (false, true) => OrdinalKind::LetterParen,
        (true, false) => OrdinalKind::SmallLetter,
        (true, true) => OrdinalKind::SmallLetterParen,
    };
    let roman_kind = if small { OrdinalKind::SmallRoman } else { OrdinalKind::Roman };
    let (kind, number) = match (roman, letter) {
        (Some(number), _) => (roman_kind, number),
        (None, Some(number)) => (letter_kind, number),
        _ => return None,
    };
    let detail = match (roman, letter) {
        (Some(_), Some(number)) => FormDetail::LetterOrRoman { kind: letter_kind, number },
        _ => FormDetail::None,
    };
    build_ordinal(kind, number, marker_end, after, true).map(|ordinal| Ordinal { detail, ..ordinal })
}

/// `（一）` `(1)` `【一】` `（甲）` `(A)` `(iv)`, but not `（二）项` or `（一）至（三）`.
fn bracketed(open: char, mut after: Cursor<'_>) -> Option<Ordinal> {
    skip_blanks(&mut after);
    let (_, first) = after.next()?;
    let square = matches!(plain_mark(open), '【' | '[' | '［');
    let (kind, number) = if chinese_digit(first).is_some() {
        let kind = if square || open == '〔' { OrdinalKind::SquareParen } else { OrdinalKind::Paren };
        (kind, parse_chinese(first, &mut after)?)
    } else if let Some(number) = stem_number(first).filter(|_| !square) {
        (OrdinalKind::StemParen, number)
    } else if letter_number(first).is_some() {
        return if square { None } else { bracketed_letters(first, after) };
    } else if let Some((number, small)) = roman_char(first).filter(|_| !square) {
        (if small { OrdinalKind::SmallRoman } else { OrdinalKind::Roman }, number)
    } else if square || open == '〔' {
        // [1] and 〔1〕 are notes.
        return None;
    } else {
        (OrdinalKind::ArabicParen, parse_arabic(first, &mut after)?)
    };
    skip_blanks(&mut after);
    let (at, _) = after.next().filter(|(_, close)| closes_bracket(*close))?;
    (!refers_to_part(&after)).then(|| build_ordinal(kind, number, at + 1, after, true)).flatten()
}

/// `(A)` `(iv)`: the letters after the first, and the bracket.
fn bracketed_letters(first: char, mut after: Cursor<'_>) -> Option<Ordinal> {
    let mut letters = String::from(half_width(first));
    loop {
        match after.next()? {
            (at, close) if closes_bracket(close) => return latin_number(&letters, at + 1, after, true),
            (_, c) if letter_number(c).is_some() && letters.len() < 5 => letters.push(half_width(c)),
            _ => return None,
        }
    }
}

/// Whether the marker before `cursor` is named, not told: `（一）、（二）项`, `（一）至（三）`, `（二）项规定`.
fn refers_to_part(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    match ahead.next() {
        Some((_, '项' | '項' | '款' | '目')) => !ahead.next().is_some_and(|(_, c)| "目项項标標子录錄前的".contains(c)),
        Some((_, c)) if is_pause(c) || matches!(c, '至' | '到' | '和' | '或' | '及' | '与' | '與') => {
            ahead.next().is_some_and(|(_, c)| opens_bracket(c))
        }
        _ => false,
    }
}

/// `第一章` `第1条` `第一部分`: the parts of a document.
fn counted_part(mut after: Cursor<'_>) -> Option<Ordinal> {
    skip_blanks(&mut after);
    let (_, first) = after.next()?;
    let number = parse_chinese(first, &mut after).or_else(|| parse_arabic(first, &mut after))?;
    let mut inserted = inserted_number(&mut after, '-');
    skip_blanks(&mut after);
    let (at, word) = after.next()?;
    let (word, mut end) = match word {
        '编' | '編' => (PartWord::Book, at + 1),
        '篇' => (PartWord::Volume, at + 1),
        '章' => (PartWord::Chapter, at + 1),
        '节' | '節' => (PartWord::Division, at + 1),
        '条' | '條' => (PartWord::Article, at + 1),
        '部' => (PartWord::Portion, after.next().filter(|(_, c)| *c == '分').map(|(at, _)| at + 1)?),
        _ => return None,
    };
    if !inserted && inserted_number(&mut after, '之') {
        (inserted, end) = (true, after.offset());
    }
    let (spaced, next) = {
        let next = after.peek().map(|(_, c)| c);
        (next.is_none_or(|c| is_blank(c) || matches!(c, '：' | ':' | '.' | '．' | '【' | '（' | '(' | '\u{3000}') || is_pause(c)), next)
    };
    // 第三条规定, 第二章的规定, 第五条第二款 name a part; 第一条，要… tells a point.
    if next.is_some_and(|c| matches!(c, '，' | ','))
        || !spaced && next.is_some_and(|c| "的所第中和与與及或至到款项項内內里裡规規".contains(c))
    {
        return None;
    }
    let detail = if inserted { FormDetail::Inserted } else { FormDetail::None };
    build_ordinal(OrdinalKind::Part(word), number, end, after, spaced).map(|ordinal| Ordinal { detail, ..ordinal })
}

/// Whether `sign` and a number come next, as in `第三條 之一` and `第 3-1 條`; moves behind them if so.
fn inserted_number(cursor: &mut Cursor<'_>, sign: char) -> bool {
    let mut ahead = cursor.clone();
    skip_blanks(&mut ahead);
    let found = ahead.next().is_some_and(|(_, c)| c == sign)
        && ahead.next().is_some_and(|(_, c)| parse_chinese(c, &mut ahead).or_else(|| parse_arabic(c, &mut ahead)).is_some());
    if found {
        *cursor = ahead;
    }
    found
}

/// `第一，` `第一是` `第一要` `第一点` `第一个方面`.
fn counted_point(mut after: Cursor<'_>) -> Option<Ordinal> {
    skip_blanks(&mut after);
    let (_, first) = after.next()?;
    let number = parse_chinese(first, &mut after)?;
    let bare = after.clone();
    let end = bare.offset();
    let spaced = skip_blanks(&mut after);
    let (at, next) = after.peek()?;
    match plain_mark(next) {
        '，' | ',' => {
            after.next();
            build_ordinal(OrdinalKind::Di, number, at + 1, after, true)
        }
        // `第六．` among `第五，` and `第七，`.
        '.' | '．' => {
            after.next();
            let figure = after.peek().is_some_and(|(_, c)| arabic_digit(c).is_some());
            build_ordinal(OrdinalKind::Di, number, at + 1, after, !figure)
        }
        _ if is_pause(next) => {
            after.next();
            // 第一、二、三产业; 第一、三被告.
            (!(enumerates(number, &after) || skips_on(number, &after) || matches!(after.peek(), Some((_, '第')))))
                .then(|| build_ordinal(OrdinalKind::Di, number, at + 1, after, true))
                .flatten()
        }
        '：' | ':' => build_ordinal(OrdinalKind::Di, number, end, after, true),
        '是' => {
            after.next();
            build_ordinal(OrdinalKind::Di, number, at + 1, after, true)
        }
        // 第一要务 is a noun.
        '要' if after.clone().nth(1).is_some_and(|(_, c)| "务務义義素".contains(c)) => None,
        '要' => build_ordinal(OrdinalKind::Di, number, end, bare, true),
        _ if spaced && !next.is_ascii_punctuation() => build_ordinal(OrdinalKind::Di, number, end, bare, false),
        _ => counted_noun(number, &after).or_else(|| bare_point(number, end, next, bare)),
    }
}

/// `第三在…` after `第二要…`: a count that goes on without a mark. Not `第三季度`.
fn bare_point(number: u32, end: usize, next: char, after: Cursor<'_>) -> Option<Ordinal> {
    let noun = is_measure(next) || "产產季者轮輪期夫高流责責把颗顆书書任要阶階被控答版稿卷幕波代部式动動".contains(next);
    (number > 1 && !noun && matches!(next, '\u{4E00}'..='\u{9FFF}')).then(|| carrying_on(number, end, after)).flatten()
}

/// A point without a mark, which only carries on a count.
fn carrying_on(number: u32, end: usize, after: Cursor<'_>) -> Option<Ordinal> {
    build_ordinal(OrdinalKind::Di, number, end, after, false).map(|ordinal| Ordinal { detail: FormDetail::BarePoint, ..ordinal })
}

/// Nouns that `第一` counts points by, longest first: 第一点, 第二个方面, 第一件事.
const POINT_NOUNS: [&str; 17] =
    ["句话", "句話", "个方面", "個方面", "个问题", "個問題", "个层面", "件事情", "方面", "件事", "点", "點", "步", "个", "個", "条", "條"];

/// `第一点，` `第一步，`: the noun at `after`, with a mark or 是 behind it.
fn counted_noun(number: u32, after: &Cursor<'_>) -> Option<Ordinal> {
    POINT_NOUNS.iter().find_map(|noun| {
        let mut behind = after.clone();
        if !noun.chars().all(|c| behind.next().is_some_and(|(_, next)| next == c)) {
            return None;
        }
        let end = behind.offset();
        let (_, sign) = behind.peek()?;
        match plain_mark(sign) {
            '，' | ',' | '：' | ':' | '是' | '要' => build_ordinal(OrdinalKind::Di, number, end, behind, true),
            _ if is_blank(sign) || is_pause(sign) => build_ordinal(OrdinalKind::Di, number, end, behind, false),
            // `第二步应…` after `第一步是…`.
            '\u{4E00}'..='\u{9FFF}' if number > 1 && *noun == "步" && !"的及和与與之最棋".contains(sign) => {
                carrying_on(number, end, behind)
            }
            _ => None,
        }
    })
}

/// `其一，` `其二是`.
fn qi(mut after: Cursor<'_>) -> Option<Ordinal> {
    let (_, first) = after.next()?;
    let number = parse_chinese(first, &mut after)?;
    let bare = after.clone();
    skip_blanks(&mut after);
    match after.next().map(|(at, sign)| (at, plain_mark(sign)))? {
        (at, '，' | ',' | '、' | '：' | ':') => build_ordinal(OrdinalKind::Qi, number, at + 1, after, true),
        (_, '是' | '要') => build_ordinal(OrdinalKind::Qi, number, bare.offset(), bare, true),
        (at, _) if at > bare.offset() => build_ordinal(OrdinalKind::Qi, number, bare.offset(), bare, true),
        _ => None,
    }
}

/// How far into the text after 最后 words of closing are looked for, in chars.
const CLOSING_WINDOW: usize = 14;

/// Whether closing words begin at offset `title` (最后，祝大家…, 最后，我再次感谢…), so that 最后 is not the
/// last point.
fn begins_closing_words(cursor: &Cursor<'_>, title: usize) -> bool {
    const BEGIN: [&str; 15] =
        ["衷心", "让我们", "再次", "我代表", "我谨", "借此", "恭祝", "真诚", "诚挚", "我希望", "请允许", "愿", "但愿", "恳请", "我恳请"];
    const ANYWHERE: [&str; 5] = ["感谢", "谢谢", "多谢", "致谢", "祝"];
    let start: String = cursor.clone().skip_while(|(at, _)| *at < title).take(CLOSING_WINDOW).map(|(_, c)| simplify(c)).collect();
    let clause = start.split(['。', '；', '：']).next().unwrap_or_default();
    BEGIN.iter().any(|word| start.starts_with(word)) || ANYWHERE.iter().any(|word| clause.contains(word))
}

/// Parses a sequence word (首先, 其次, 再次, 最后) whose second char must be one of `second`.
fn sequence_word(number: u32, second: &[char], mut after: Cursor<'_>) -> Option<Ordinal> {
    let (at, c) = after.next()?;
    if !second.contains(&c) {
        return None;
    }
    let mut rest = after.clone();
    skip_blanks(&mut rest);
    match rest.next().map(|(at, sign)| (at, plain_mark(sign))) {
        Some((comma, '，' | ',' | '、' | '､')) => build_ordinal(OrdinalKind::Sequence, number, comma + 1, rest, true),
        // Without a comma, 最后 and 首先 are mostly adverbs.
        _ => build_ordinal(OrdinalKind::Sequence, number, at + 1, after, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceText;
    use OrdinalKind::{
        Accounting, Arabic, ArabicParen, Decimal, Di, HanEnumComma, Lai, Letter, Paren, Part, Qi, Roman, SmallLetter, SmallLetterParen,
        SmallRoman, SquareParen, Stem, StemParen, Verb,
    };

    fn read(text: &str) -> Option<Ordinal> {
        let source = SourceText::from(text);
        let mut cursor = Cursor::raw(&source, source.span());
        let (_, c) = cursor.next()?;
        ordinal_at(c, &cursor)
    }

    /// Each form with its kind, number, marker and title.
    #[test]
    fn forms_are_read() {
        let cases = [
            ("一、总体要求", HanEnumComma, 1, "一、", "总体要求"),
            ("壹、总体要求", Accounting, 1, "壹、", "总体要求"),
            ("【二】总体要求", SquareParen, 2, "【二】", "总体要求"),
            ("二）总体要求", Paren, 2, "二）", "总体要求"),
            ("⒈总体要求", Arabic, 1, "⒈", "总体要求"),
            ("⑴总体要求", ArabicParen, 1, "⑴", "总体要求"),
            ("第一章　总则", Part(PartWord::Chapter), 1, "第一章", "总则"),
            ("第12条 本规定", Part(PartWord::Article), 12, "第12条", "本规定"),
            ("第一百零八条 本规定", Part(PartWord::Article), 108, "第一百零八条", "本规定"),
            ("第一百十二條 本法", Part(PartWord::Article), 112, "第一百十二條", "本法"),
            ("第三條 之一 本法", Part(PartWord::Article), 3, "第三條 之一", "本法"),
            ("第 3-1 條 本法", Part(PartWord::Article), 3, "第 3-1 條", "本法"),
            ("甲、总务", Stem, 1, "甲、", "总务"),
            ("（乙）总务", StemParen, 2, "（乙）", "总务"),
            ("B.总务", Letter, 2, "B.", "总务"),
            ("b）总务", SmallLetter, 2, "b）", "总务"),
            ("(b)总务", SmallLetterParen, 2, "(b)", "总务"),
            ("IV. 总务", Roman, 4, "IV.", "总务"),
            ("(ii)总务", SmallRoman, 2, "(ii)", "总务"),
            ("1.2 总务", Decimal, 2, "1.2", "总务"),
            ("其二，忌乱许愿", Qi, 2, "其二，", "忌乱许愿"),
            ("一来，没有标准", Lai, 1, "一来，", "没有标准"),
            ("一靠政策", Verb, 1, "一靠", "政策"),
            ("第二是价钱", Di, 2, "第二是", "价钱"),
            ("第一要管住火源", Di, 1, "第一", "要管住火源"),
            ("第三个方面，补助", Di, 3, "第三个方面", "补助"),
            ("一‧總務", HanEnumComma, 1, "一‧", "總務"),
            ("2﹒總務", Arabic, 2, "2﹒", "總務"),
            ("︵三︶總務", Paren, 3, "︵三︶", "總務"),
            ("〈三〉總務", Paren, 3, "〈三〉", "總務"),
            ("其二︰總務", Qi, 2, "其二︰", "總務"),
            ("第二︰總務", Di, 2, "第二", "總務"),
        ];
        for (text, kind, number, marker, title) in cases {
            let ordinal = read(text).unwrap_or_else(|| panic!("{text}"));
            let part = |from: u32, to: usize| text.chars().take(to).skip(from as usize).collect::<String>();
            assert_eq!((ordinal.kind, ordinal.number), (kind, number), "{text}");
            assert_eq!(part(0, ordinal.marker_end as usize), marker, "{text}");
            assert_eq!(part(ordinal.title_start, usize::MAX), title, "{text}");
        }
    }

    #[test]
    fn look_alikes_are_no_ordinals() {
        for text in [
            "第一书记",
            "第一责任人",
            "第一要务",
            "第三条规定",
            "第二章的规定",
            "陆、空交通",
            "甲、乙双方",
            "（二）项规定",
            "（一）至（三）",
            "一个方面",
            "三年来",
            "[1] 见本卷",
            "〔2〕见本卷",
            "e.g. 如",
            "一、二、三产业",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(read("1.5亿元").is_none_or(|ordinal| ordinal.kind != Decimal));
    }
}
