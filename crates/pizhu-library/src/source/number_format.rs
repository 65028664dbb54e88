//! Number formats of word processors and HTML lists: 一, ①, iv, 壹.

/// Formats `count` in a number format of ECMA-376 part 1, 17.18.59 (ST_NumberFormat); rare formats
/// and counts out of range give Arabic figures.
///
/// `(11, "chineseCounting")` gives 十一, `(3, "decimalEnclosedCircle")` gives ③.
pub(super) fn format_number(count: u32, format: &str) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    const FORMAL: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    const FORMAL_OLD: [char; 10] = ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'];
    const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
    const BRANCHES: [char; 12] = ['子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'];
    let from =
        |table: &[char]| (count as usize).checked_sub(1).and_then(|n| table.get(n)).map_or_else(|| count.to_string(), char::to_string);
    let shifted = |first: u32, most: u32| {
        (1..=most).contains(&count).then(|| char::from_u32(first + count - 1)).flatten().map_or_else(|| count.to_string(), String::from)
    };
    match format {
        "none" => String::new(),
        "chineseCounting" | "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCounting" | "taiwaneseCountingThousand" => {
            chinese_numeral(count, &DIGITS, ['十', '百', '千'], '零')
        }
        "chineseLegalSimplified" => chinese_numeral(count, &FORMAL, ['拾', '佰', '仟'], '零'),
        "ideographLegalTraditional" | "japaneseLegal" => chinese_numeral(count, &FORMAL_OLD, ['拾', '佰', '仟'], '零'),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            count.to_string().chars().filter_map(|c| DIGITS.get(c.to_digit(10)? as usize)).collect()
        }
        "ideographTraditional" => from(&STEMS),
        "ideographZodiac" => from(&BRANCHES),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => shifted(0x2460, 20),
        "decimalEnclosedParen" => shifted(0x2474, 20),
        "decimalEnclosedFullstop" => shifted(0x2488, 20),
        "ideographEnclosedCircle" => shifted(0x3280, 10),
        "decimalFullWidth" | "decimalFullWidth2" => {
            count.to_string().chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0xFF10).unwrap_or(c)).collect()
        }
        "decimalZero" => format!("{count:02}"),
        "upperLetter" => alphabetic(count, b'A'),
        "lowerLetter" => alphabetic(count, b'a'),
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).to_lowercase(),
        _ => count.to_string(),
    }
}

/// Chinese numeral of 1 to 9999 with units: 十一, 二十, 一百零三.
fn chinese_numeral(count: u32, digits: &[char; 10], units: [char; 3], zero: char) -> String {
    if count == 0 || count > 9999 {
        return count.to_string();
    }
    let figures = [count / 1000, count / 100 % 10, count / 10 % 10, count % 10];
    let mut text = String::new();
    let mut gap = false;
    for (place, figure) in figures.into_iter().enumerate() {
        if figure == 0 {
            gap = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            text.push(zero);
        }
        if !(place == 2 && figure == 1 && text.is_empty() && units[0] == '十') {
            text.push(digits[figure as usize]);
        }
        text.extend(2usize.checked_sub(place).map(|unit| units[unit]));
    }
    text
}

/// Alphabetic numbering of word processors: a … z, aa, bb … zz, aaa.
fn alphabetic(count: u32, first: u8) -> String {
    let Some(index) = count.checked_sub(1) else { return String::new() };
    let letter = char::from(first + (index % 26) as u8);
    std::iter::repeat_n(letter, (index / 26 + 1).min(30) as usize).collect()
}

fn roman(count: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if count > 3999 {
        return count.to_string();
    }
    let mut rest = count;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_formats() {
        let all: Vec<String> = [1, 10, 11, 20, 103, 110, 2005].map(|n| format_number(n, "chineseCounting")).into();
        assert_eq!(all, ["一", "十", "十一", "二十", "一百零三", "一百一十", "二千零五"]);
        assert_eq!(format_number(12, "chineseLegalSimplified"), "壹拾贰");
        assert_eq!(format_number(20, "ideographDigital"), "二〇");
        assert_eq!(format_number(3, "decimalEnclosedCircleChinese"), "③");
        assert_eq!(format_number(21, "decimalEnclosedCircle"), "21");
        assert_eq!(
            (format_number(28, "lowerLetter"), format_number(14, "upperRoman"), format_number(2, "ideographTraditional")),
            ("bb".into(), "XIV".into(), "乙".into())
        );
        assert_eq!(format_number(7, "decimalFullWidth"), "７");
    }
}
