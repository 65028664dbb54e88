//! Dates in the notations of speeches and web pages.

use crate::text::fold::narrow;
use crate::text::fold::simplify;

/// The first complete date in `text`, as YYYY-MM-DD: `2007年8月3日`, `2022-10-14`, `2024.3.1`,
/// `二〇二五年三月一日`.
pub(super) fn date_in(text: &str) -> Option<String> {
    let chars = unspaced(text);
    (0..chars.len()).find_map(|at| {
        let fresh = at.checked_sub(1).is_none_or(|before| digit_value(chars[before]).is_none());
        if fresh && digit_value(chars[at]).is_some() { date_at(&chars[at..]) } else { None }
    })
}

/// The date that is all of `text`, in eight digits: `20310126`. Only where a label says that it is a date.
pub(super) fn compact_date(text: &str) -> Option<String> {
    let digits: Vec<char> = text.chars().map(narrow).collect();
    let [y1, y2, y3, y4, m1, m2, d1, d2] = digits.as_slice() else { return None };
    digits.iter().all(char::is_ascii_digit).then_some(())?;
    date_in(&format!("{y1}{y2}{y3}{y4}-{m1}{m2}-{d1}{d2}"))
}

/// The chars of `text`, simplified and narrow, without white space but for that between a date in
/// figures and the time: `2031-5-6 12:00`.
fn unspaced(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = Vec::with_capacity(text.len() / 2);
    let mut gap = false;
    for c in text.chars().map(|c| simplify(narrow(c))) {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let digits = chars.iter().rev().take_while(|c| c.is_ascii_digit()).count();
        let ends_date = gap && c.is_ascii_digit() && (1..=2).contains(&digits);
        if ends_date && matches!(chars.iter().rev().nth(digits), Some('-' | '/' | '.')) {
            chars.push(' ');
        }
        chars.push(c);
        gap = false;
    }
    chars
}

/// Whether `text` holds nothing but a date, with brackets, a weekday or a time: `（2007年8月3日）`.
pub(super) fn is_date(text: &str) -> bool {
    // A year has four digits.
    if text.chars().filter(|c| may_be_digit(*c)).take(4).count() < 4 {
        return false;
    }
    let rest: String = text.chars().map(narrow).filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation()).collect();
    rest.chars().count() <= 20 && date_in(&rest.replace(['〔', '〕', '【', '】'], "")).or_else(|| date_in(text)).is_some() && {
        let words = rest.chars().filter(|c| digit_value(*c).is_none() && !"年月日号时分秒上下午星期周根据录音整理".contains(*c)).count();
        words <= 2
    }
}

/// Whether `c` may be a digit after narrowing: cheaper than [`digit_value`].
fn may_be_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９' | 'Ｏ' | '〇' | '零' | '○') || super::numeral::chinese_digit(c).is_some()
}

/// The value of an Arabic or Chinese digit; 十 is 10.
fn digit_value(c: char) -> Option<u32> {
    match c {
        '〇' | '零' | '○' | 'Ｏ' => Some(0),
        _ => c.to_digit(10).or_else(|| super::numeral::chinese_digit(c)),
    }
}

fn date_at(chars: &[char]) -> Option<String> {
    let (year, rest) = year(chars).or_else(|| minguo_year(chars))?;
    let (&sign, rest) = rest.split_first()?;
    let (month, rest) = month_or_day(rest)?;
    let (&second, rest) = rest.split_first()?;
    let padded = rest.get(..2).is_some_and(|digits| digits.iter().all(char::is_ascii_digit));
    let (day, rest) = month_or_day(rest)?;
    let signs = match sign {
        // A page's stamp may leave out 日: `2011年09月26 来源：`.
        '年' => {
            second == '月'
                && rest.first().map_or(padded, |c| matches!(c, '日' | '号') || (padded && matches!(c, '来' | '作' | '点' | '浏' | '阅')))
        }
        '-' | '/' | '.' => second == sign,
        _ => false,
    };
    (signs && (1..=12).contains(&month) && (1..=31).contains(&day) && (1900..2200).contains(&year))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Parses a year of four digits; also returns the rest.
fn year(chars: &[char]) -> Option<(u32, &[char])> {
    let (digits, rest) = chars.split_at_checked(4)?;
    let year = digits.iter().try_fold(0, |year, c| digit_value(*c).filter(|value| *value < 10).map(|value| year * 10 + value))?;
    Some((year, rest))
}

/// Parses a year of the Republic of China in Arabic digits, `107年` for 2018, or one after 民国; also
/// returns the rest.
fn minguo_year(chars: &[char]) -> Option<(u32, &[char])> {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    let (digits, rest) = chars.split_at_checked(digits).filter(|(digits, _)| digits.len() == 3)?;
    let year = digits.iter().try_fold(0, |year, c| c.to_digit(10).map(|digit| year * 10 + digit))?;
    ((90..=200).contains(&year) && rest.first() == Some(&'年')).then_some((year + 1911, rest))
}

/// Parses a month or day: one or two digits, or Chinese up to 三十一; also returns the rest.
fn month_or_day(chars: &[char]) -> Option<(u32, &[char])> {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    let count = if digits > 0 { digits.min(2) } else { chars.iter().take(3).take_while(|c| digit_value(**c).is_some()).count() };
    let (digits, rest) = chars.split_at(count);
    let mut number = 0;
    for (index, c) in digits.iter().enumerate() {
        match digit_value(*c)? {
            10 => number = if index == 0 { 10 } else { number * 10 },
            digit if index > 0 && digits[index - 1] == '十' => number += digit,
            digit => number = number * 10 + digit,
        }
    }
    (count > 0).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_in_every_notation() {
        let cases = [
            ("(2007年8月3日)", "2007-08-03"),
            ("时间:2022-10-14 03:00:00", "2022-10-14"),
            ("２０２４．３．１", "2024-03-01"),
            ("二〇二五年三月一日", "2025-03-01"),
            ("二○一九年十二月三十一日", "2019-12-31"),
            ("二零二零年十月二十日", "2020-10-20"),
            ("發布時間：2021/06/07", "2021-06-07"),
            ("发表于 2031-5-6 12:00", "2031-05-06"),
            ("2031.5.1　08:30", "2031-05-01"),
            ("2 0 3 1 年 5 月 1 2 日", "2031-05-12"),
            ("2024 年 3 月 1 日", "2024-03-01"),
            ("2011年09月26 来源：", "2011-09-26"),
            ("會議時間：107年09月06日 (星期四)", "2018-09-06"),
        ];
        for (text, date) in cases {
            assert_eq!(date_in(text).as_deref(), Some(date), "{text}");
        }
        for text in ["2007年8月", "版权所有 2005-2024", "2024-13-01", "12024-01-01", "第5期", "共107年", "95年3月1日"] {
            assert_eq!(date_in(text), None, "{text}");
        }
    }

    #[test]
    fn compact_dates_are_eight_digits() {
        assert_eq!(compact_date("20310126").as_deref(), Some("2031-01-26"));
        assert_eq!((compact_date("20311326"), compact_date("2031012"), compact_date("第20310126号")), (None, None, None));
    }

    #[test]
    fn date_lines_hold_nothing_but_a_date() {
        assert!(is_date("（2007年8月3日）") && is_date("二〇二五年三月一日上午"));
        assert!(!is_date("2007年8月3日市委召开组织工作会议"));
    }
}
