//! What ordinals are made of: the signs in and behind them, and what follows them that tells a look-alike.

use super::{
    OrdinalKind,
    candidate::{FormDetail, Ordinal},
    numeral::{arabic_digit, chinese_digit, parse_chinese, stem_number},
};
use crate::text::{CjkSet, Cursor, cursor::is_blank};

/// The mark that `c` stands for: small and vertical forms of Big5 texts, and the points of Taiwan for a full stop
/// (`一‧`, `首先︰`, `︵一︶`). Any other char stands for itself.
pub(super) fn plain_mark(c: char) -> char {
    match c {
        '﹐' => '，',
        '﹒' | '‧' | '·' => '．',
        '﹕' | '︰' => '：',
        '﹙' | '︵' | '﹝' | '〈' => '（',
        '﹚' | '︶' | '﹞' | '〉' => '）',
        '︻' => '【',
        '︼' => '】',
        _ => c,
    }
}

/// `、` and what stands for it.
pub(super) fn is_pause(c: char) -> bool {
    matches!(c, '、' | '､' | '丶' | '﹑')
}

/// Whether `c` opens the bracket of an ordinal: `（一）` `[一]` `【一】` `〔1〕`.
pub(super) fn opens_bracket(c: char) -> bool {
    matches!(plain_mark(c), '（' | '(' | '〔' | '【' | '[' | '［')
}

/// Whether `c` closes the bracket of an ordinal.
pub(super) fn closes_bracket(c: char) -> bool {
    matches!(plain_mark(c), '）' | ')' | '〕' | '】' | ']' | '］')
}

/// Chars that count or measure.
static MEASURES: CjkSet = CjkSet::of(
    "个個些样樣种種次年月日天号號时時点點分秒周期位名人口家户戶层層级級等类類项項条條件章节節回届屆处處座栋棟间間辆輛台份本册冊篇段句字词詞张張片块塊批支只隻头頭棵株所村镇鎮乡鄉县縣市省区區国國度成倍半带帶路线線边邊面方生切直定般起体體致律向再旦代百千万萬亿億元角斤吨噸里米亩畝套组組班队隊军軍师師团團连連排营營大中小下上步岁歲世手心把眼身经經旁共同贯貫如则則的和与與及至到多几幾余餘",
);

/// Whether `c` counts or measures, so that 一 before it is a quantity and not an ordinal: 一个, 三年.
pub(super) fn is_measure(c: char) -> bool {
    MEASURES.contains(c)
}

/// Whether `c` follows a figure: 1.5亿元, 3.2公里.
pub(super) fn is_quantity_unit(c: char) -> bool {
    static UNITS: CjkSet = CjkSet::of("亿億万萬千百个個元倍吨噸公米亩畝平方斤里度年月日号號时時秒点點版分人次");
    UNITS.contains(c)
}

/// Whether a word begins with the chars, whose first may also be a unit: 人工, 时间, 版本, but not 人次, 时许.
pub(super) fn begins_word(unit: char, next: Option<char>) -> bool {
    static WORDS: [(char, &str); 14] = [
        ('人', "工员員才机機事物民力口"),
        ('时', "间期序代效钟"),
        ('時', "間期序代效"),
        ('分', "析工类類布层層级級组組发發支配包析公"),
        ('公', "司告共文式开開众眾示"),
        ('方', "案法式向针針面"),
        ('元', "数數素"),
        ('年', "度报報级級"),
        ('月', "度报報"),
        ('日', "志誌常程"),
        ('版', "本权權式面"),
        ('平', "台臺面均衡"),
        ('个', "人性体"),
        ('度', "量"),
    ];
    WORDS.iter().any(|(first, seconds)| *first == unit && next.is_some_and(|next| seconds.contains(next)))
}

/// Whether a single char and another 、 follow, as in 陆、空、海 or 甲、乙、丙三方: a list.
pub(super) fn lists_on(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.next();
    matches!(ahead.next(), Some((_, c)) if is_pause(c)) || matches!(cursor.peek(), Some((_, c)) if stem_number(c).is_some() || c == '空')
}

/// Skips up to two spaces and a line break inside an ordinal, as in badly converted texts; returns
/// whether there were spaces.
pub(super) fn skip_blanks(cursor: &mut Cursor<'_>) -> bool {
    let before = cursor.offset();
    cursor.skip_blanks(2);
    let spaced = cursor.offset() > before;
    // A line was wrapped inside the ordinal: 二 / 是.
    if !spaced && cursor.peek().is_some_and(|(_, c)| c == '\n') {
        let mut ahead = cursor.clone();
        ahead.next();
        ahead.skip_blanks(2);
        if ahead.peek().is_some_and(|(_, c)| c == '是' || c == '要' || c == '，' || is_pause(c)) {
            *cursor = ahead;
        }
    }
    spaced
}

/// Whether `c` comes next without a counted noun, as in 一是一; but 一是一项工作 is an ordinal.
pub(super) fn is_tautology(c: char, cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.next().is_some_and(|(_, next)| next == c)
        && ahead.next().is_none_or(|(_, next)| !matches!(next, '\u{3400}'..='\u{9FFF}') || chinese_digit(next).is_some())
}

/// Whether the next number and 、 follow, as in 一、二、三产业.
pub(super) fn enumerates(number: u32, cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    let next = ahead.next().and_then(|(_, c)| parse_chinese(c, &mut ahead));
    next == Some(number + 1) && matches!(ahead.next(), Some((_, c)) if is_pause(c))
}

/// Whether a later number and a noun or another number follow, as in 第一、三被告 and 第二、四及五条.
pub(super) fn skips_on(number: u32, cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    let next = ahead.next().and_then(|(_, c)| parse_chinese(c, &mut ahead));
    next.is_some_and(|next| next > number)
        && matches!(ahead.next(), Some((_, c)) if is_pause(c) || "和及与與被名位项項条條章节節级級类類号號组組期批村队隊人县縣".contains(c))
}

/// Whether a year or month follows, which may begin a title: `1.2023年工作回顾`.
pub(super) fn date_follows(cursor: &Cursor<'_>) -> bool {
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
pub(super) fn build_ordinal(
    kind: OrdinalKind,
    number: u32,
    marker_end: usize,
    mut after: Cursor<'_>,
    well_formed: bool,
) -> Option<Ordinal> {
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
    Some(Ordinal {
        kind,
        number,
        marker_end,
        title_start,
        well_formed,
        maybe_shifted: false,
        next: next.map(|(_, c)| c),
        detail: FormDetail::None,
    })
}

/// Whether `c` may separate a marker from its title.
pub(super) fn is_separator(c: char) -> bool {
    is_pause(c) || matches!(plain_mark(c), '，' | ',' | '.' | '．' | ':' | '：')
}
