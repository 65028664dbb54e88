//! Numerals of ordinals: 十二, 12, １２, ⑫.

use super::OrdinalKind;
use crate::text::Cursor;

/// Largest Arabic ordinal; larger numbers are years and quantities.
const MAX_ORDINAL: u32 = 199;

/// The value of a Chinese digit, 1 to 10; the same in both scripts.
#[must_use]
pub(super) fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
    })
}

/// The value of an accounting (大写) digit, 1 to 10; cf. Unihan `kAccountingNumeric`.
#[must_use]
pub(super) fn accounting_digit(c: char) -> Option<u32> {
    Some(match c {
        '壹' => 1,
        '贰' | '貳' | '貮' | '弍' => 2,
        '叁' | '叄' | '參' | '参' => 3,
        '肆' => 4,
        '伍' => 5,
        '陆' | '陸' => 6,
        '柒' => 7,
        '捌' => 8,
        '玖' => 9,
        '拾' => 10,
        _ => return None,
    })
}

/// The value of an ASCII or full-width digit.
#[must_use]
pub(super) fn arabic_digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

/// Parses the Chinese number that begins with `first` and continues at `cursor`, which moves past
/// it. `None` unless the digits form a number up to 999: `二十三` is 23, `一百零八` 108, `一二` is none.
pub(super) fn parse_chinese(first: char, cursor: &mut Cursor<'_>) -> Option<u32> {
    let mut value = 0;
    // The last digit, not multiplied yet.
    let mut pending = Some(chinese_digit(first)?);
    // The last multiplier; the next must be smaller.
    let mut unit = 1000;
    if pending == Some(10) {
        (value, pending, unit) = (10, None, 10);
    }
    while let Some(next) = cursor.peek().and_then(|(_, c)| numeral_char(c)) {
        match (pending, next) {
            (Some(digit), 10 | 100) if next < unit => {
                (value, pending, unit) = (value + digit * next, None, next);
            }
            (None, 0) if unit == 100 => {
                // 一百零八: the digit after 零 is the last.
                unit = 10;
            }
            // 一百十二: 一 before 十 is left out.
            (None, 10) if unit == 100 => (value, unit) = (value + 10, 10),
            (None, 1..=9) if unit > 1 => pending = Some(next),
            _ => return None,
        }
        cursor.next();
    }
    Some(value + pending.unwrap_or(0))
}

/// The value of a char inside a Chinese number: a digit, 零 or 百.
fn numeral_char(c: char) -> Option<u32> {
    match c {
        '零' | '〇' => Some(0),
        '百' => Some(100),
        _ => chinese_digit(c),
    }
}

/// The number of a heavenly stem, 1 to 10.
#[must_use]
pub(super) fn stem_number(c: char) -> Option<u32> {
    const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
    STEMS.iter().position(|stem| *stem == c).map(|at| at as u32 + 1)
}

/// The number of a Latin letter, 1 to 26, half-width or full-width.
#[must_use]
pub(super) fn letter_number(c: char) -> Option<u32> {
    let base = match c {
        'A'..='Z' => 'A',
        'a'..='z' => 'a',
        'Ａ'..='Ｚ' => 'Ａ',
        'ａ'..='ｚ' => 'ａ',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(base) + 1)
}

/// The value of a Roman number up to 39, in letters of one case: `XIV` is 14, `IIII` is none.
#[must_use]
pub(super) fn roman_number(letters: &str) -> Option<u32> {
    const UNITS: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let upper = letters.to_ascii_uppercase();
    let units = upper.trim_start_matches('X');
    let tens = (upper.len() - units.len()) as u32;
    // The X of IX is no ten.
    let value = UNITS.iter().position(|word| *word == units)? as u32;
    (tens <= 3 && tens * 10 + value > 0 && !upper.is_empty()).then_some(tens * 10 + value)
}

/// The value of a Roman number of one character (`Ⅳ`, `ⅳ`), and whether it is a small one.
#[must_use]
pub(super) fn roman_char(c: char) -> Option<(u32, bool)> {
    match c {
        'Ⅰ'..='Ⅻ' => Some((u32::from(c) - u32::from('Ⅰ') + 1, false)),
        'ⅰ'..='ⅻ' => Some((u32::from(c) - u32::from('ⅰ') + 1, true)),
        _ => None,
    }
}

/// Parses the Arabic number that begins with `first` and continues at `cursor`, which moves past
/// it. `None` for 0, a leading 0 and numbers above [`MAX_ORDINAL`].
pub(super) fn parse_arabic(first: char, cursor: &mut Cursor<'_>) -> Option<u32> {
    let mut value = arabic_digit(first)?;
    if value == 0 {
        return None;
    }
    while let Some(next) = cursor.peek().and_then(|(_, c)| arabic_digit(c)) {
        value = value * 10 + next;
        if value > MAX_ORDINAL {
            return None;
        }
        cursor.next();
    }
    Some(value)
}

/// The kind and number of an ordinal of one character: ① ⑴ ⒈ ㈠ ❶.
#[must_use]
pub(super) fn enclosed_ordinal(c: char) -> Option<(OrdinalKind, u32)> {
    let from = |base: char| u32::from(c) - u32::from(base) + 1;
    Some(match c {
        '①'..='⑳' => (OrdinalKind::Circled, from('①')),
        '⑴'..='⒇' => (OrdinalKind::ArabicParen, from('⑴')),
        '⒈'..='⒛' => (OrdinalKind::Arabic, from('⒈')),
        '㈠'..='㈩' => (OrdinalKind::Paren, from('㈠')),
        '㊀'..='㊉' => (OrdinalKind::Circled, from('㊀')),
        '❶'..='❿' => (OrdinalKind::Circled, from('❶')),
        '➀'..='➉' => (OrdinalKind::Circled, from('➀')),
        '➊'..='➓' => (OrdinalKind::Circled, from('➊')),
        '㉑'..='㉟' => (OrdinalKind::Circled, from('㉑') + 20),
        '㊱'..='㊿' => (OrdinalKind::Circled, from('㊱') + 35),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceText;

    fn number(text: &str) -> Option<u32> {
        let source = SourceText::from(text);
        let mut cursor = Cursor::raw(&source, source.span());
        let (_, first) = cursor.next()?;
        let value = parse_chinese(first, &mut cursor.clone()).or_else(|| parse_arabic(first, &mut cursor.clone()));
        value.filter(|_| !text.is_empty())
    }

    #[test]
    fn numerals_are_parsed_up_to_their_limits() {
        let cases = [
            ("一、", 1),
            ("十", 10),
            ("十二是", 12),
            ("二十", 20),
            ("三十五、", 35),
            ("一百零八条", 108),
            ("一百三十八条", 138),
            ("一百条", 100),
            ("二百一十", 210),
            ("１２．", 12),
            ("7", 7),
            ("100", 100),
        ];
        for (text, value) in cases {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["一二、", "十十", "二十三四", "一百十十", "2024", "007", "0", "甲"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn roman_numbers_are_read_in_their_usual_form() {
        for (text, value) in [("I", 1), ("iv", 4), ("IX", 9), ("xii", 12), ("XIX", 19)] {
            assert_eq!(roman_number(text), Some(value), "{text}");
        }
        for text in ["IIII", "VX", "", "MIX"] {
            assert_eq!(roman_number(text), None, "{text}");
        }
    }

    #[test]
    fn enclosed_ordinals_have_kind_and_number() {
        assert_eq!(enclosed_ordinal('⑫'), Some((OrdinalKind::Circled, 12)));
        assert_eq!(enclosed_ordinal('㈡'), Some((OrdinalKind::Paren, 2)));
        assert_eq!(enclosed_ordinal('⒊'), Some((OrdinalKind::Arabic, 3)));
        assert_eq!(enclosed_ordinal('㊿'), Some((OrdinalKind::Circled, 50)));
        assert_eq!(enclosed_ordinal('一'), None);
    }
}
