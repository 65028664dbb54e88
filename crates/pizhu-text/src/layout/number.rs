//! Numbers in digits keep to the unit behind them: 2025年, 100多万亿元, 3.5个百分点; the markers
//! of points in running text hold together: 一是, 第二.

use super::{class::RARE, kinsoku::Mark, unit::Item};
use std::ops::Range;

/// The most numerals of a marker.
const MARKER: usize = 4;

/// Units of one character. A number is never parted from one of these.
const UNITS: &str = "年月日号时分秒刻点岁周天季度旬夜晚\
    个名人位员户口家间所座栋幢处套项条件款届期次批轮场回遍趟番种类样级层支队组班股章节篇页卷册本份张片块台架辆艘只头匹棵株根门面把枚颗粒滴堆起宗桩例幅副对双届大\
    元角分块钱万亿兆亩吨米斤两克升里丈尺寸顷倍成折碗瓶袋箱桶车趟线路楼室栋县乡镇村市省国州区校院厂师团连营排字词句行";

/// Units of several characters, by the first.
fn long_units(first: char) -> &'static [&'static str] {
    match first {
        '公' => &["公里", "公斤", "公顷", "公分", "公升", "公尺"],
        '平' => &["平方公里", "平方厘米", "平方千米", "平方米"],
        '立' => &["立方米"],
        '千' => &["千瓦时", "千米", "千克", "千瓦"],
        '兆' => &["兆瓦时", "兆字节", "兆瓦"],
        '毫' => &["毫米", "毫升", "毫克"],
        '厘' => &["厘米"],
        '分' => &["分米", "分钟"],
        '微' => &["微米"],
        '纳' => &["纳米"],
        '海' => &["海里"],
        '英' => &["英里", "英寸", "英亩", "英镑"],
        '市' => &["市斤", "市亩"],
        '小' => &["小时"],
        '秒' => &["秒钟"],
        '人' => &["人民币", "人次"],
        '美' => &["美元"],
        '欧' => &["欧元"],
        '日' => &["日元"],
        '港' => &["港元", "港币"],
        '卢' => &["卢布"],
        '百' => &["百分点"],
        '个' => &["个百分点", "个多月", "个月"],
        '周' => &["周年", "周岁"],
        '年' => &["年代", "年度", "年级"],
        '世' => &["世纪"],
        '季' => &["季度"],
        '月' => &["月份"],
        '摄' => &["摄氏度"],
        '度' => &["度电"],
        '吨' => &["吨位", "吨级"],
        '标' => &["标准煤"],
        '层' => &["层楼"],
        '码' => &["码头"],
        _ => &[],
    }
}

/// Words between a number and its unit: 100多个, 50余名.
fn is_about(c: char) -> bool {
    matches!(c, '多' | '余' | '来' | '几')
}

/// Multipliers between a number and its unit: 3万亿元.
fn is_multiplier(c: char) -> bool {
    matches!(c, '十' | '百' | '千' | '万' | '亿' | '兆')
}

/// Digits in hanzi, as in the markers of points in running text.
fn is_numeral(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百')
}

/// Calls `glue(i)` for each place, before item `i`, at which a number would be parted from what
/// belongs to it: its unit, or the 第 before it.
pub fn keep_units(items: &[Item], mut glue: impl FnMut(usize)) {
    let digit = |i: usize| items.get(i).is_some_and(|item| item.shade.is_ascii_digit());
    let mut i = 0;
    while i < items.len() {
        if !digit(i) {
            i += 1;
            continue;
        }
        if i > 0 && items[i - 1].shade == '第' {
            glue(i);
        }
        while digit(i) {
            i += 1;
        }
        let end = unit_end(items, i);
        (i..end).for_each(&mut glue);
        i = end;
    }
}

/// Where the unit of a number that ends before `from` ends; `from` where it has none.
fn unit_end(items: &[Item], from: usize) -> usize {
    let is = |index: usize, set: fn(char) -> bool| items.get(index).is_some_and(|item| set(item.shade));
    let mut at = from;
    let mut end = from;
    if is(at, is_about) {
        at += 1;
    }
    while is(at, is_multiplier) {
        at += 1;
        end = at;
    }
    if is(at, is_about) && end == at {
        at += 1;
    }
    let Some(first) = items.get(at) else { return end };
    let long = long_units(first.shade).iter().find(|unit| starts_with(&items[at..], unit));
    let unit = long.map_or(usize::from(UNITS.contains(first.shade)), |unit| unit.chars().count());
    if unit > 0 { at + unit } else { end }
}

fn starts_with(items: &[Item], word: &str) -> bool {
    let mut at = items.iter();
    word.chars().all(|c| at.next().is_some_and(|item| item.shade == c))
}

/// Whether the marker of a point can begin with `c`.
pub fn opens_marker(c: char) -> bool {
    is_numeral(c) || matches!(c, '第' | '其')
}

/// The items of the marker of a point that begins with item `start`, at the head of a clause:
/// 一是, 十二要, 第三, 其一. `None` where none begins.
pub fn marker(items: &[Item], start: usize) -> Option<Range<usize>> {
    let heads = start.checked_sub(1).is_none_or(|before| items[before].mark != Mark::Letter || items[before].class == RARE);
    let ordinal = matches!(items.get(start)?.shade, '第' | '其');
    let from = start + usize::from(ordinal);
    let numerals = items.get(from..)?.iter().take(MARKER).take_while(|item| is_numeral(item.shade)).count();
    let end = from + numerals;
    let closed = ordinal || items.get(end).is_some_and(|item| matches!(item.shade, '是' | '要'));
    (heads && numerals > 0 && closed).then_some(start..if ordinal { end } else { end + 1 })
}

#[cfg(test)]
mod tests {
    use super::{super::unit::Line, *};
    use crate::document::Document;
    use crate::text::SourceText;
    use crate::text::width::Ambiguous;

    /// The text with `+` where it must hold together.
    fn glued(text: &str) -> String {
        let document = Document { source: SourceText::from(text), ..Document::default() };
        let line = Line::new(&document, document.source.span(), Ambiguous::Narrow);
        let mut at = vec![false; line.items.len() + 1];
        keep_units(&line.items, |i| at[i] = true);
        text.chars().enumerate().flat_map(|(i, c)| at[i].then_some('+').into_iter().chain([c])).collect()
    }

    #[test]
    fn a_number_keeps_its_unit() {
        assert_eq!(glued("到2025年底"), "到2025+年底");
        assert_eq!(glued("投入3万亿元资金"), "投入3+万+亿+元资金");
        assert_eq!(glued("100多个村"), "100+多+个村");
        assert_eq!(glued("50多名干部"), "50+多+名干部");
        assert_eq!(glued("提高3个百分点"), "提高3+个+百+分+点");
        assert_eq!(glued("12平方公里的"), "12+平+方+公+里的");
        assert_eq!(glued("第3届"), "第+3+届");
        assert_eq!(glued("20多万人次"), "20+多+万+人+次");
        assert_eq!(glued("6来看"), "6来看");
        assert_eq!(glued("3多"), "3多");
        assert_eq!(glued("1加2"), "1加2");
        assert_eq!(glued("三年"), "三年");
    }
}
