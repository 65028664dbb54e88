//! Numbers in digits keep to the unit behind them: 2025年, 100多万亿元, 3.5个百分点.

/// Units of one character. A number is never parted from one of these.
const UNITS: &str = "年月日号时分秒刻点岁周天季度旬夜晚\
    个名人位员户口家间所座栋幢处套项条件款届期次批轮场回遍趟番种类样级层支队组班股章节篇页卷册本份张片块台架辆艘只头匹棵株根门面把枚颗粒滴堆起宗桩例幅副对双届大\
    元角分块钱万亿兆亩吨米斤两克升里丈尺寸顷倍成折碗瓶袋箱桶车趟线路楼室栋县乡镇村市省国州区校院厂师团连营排字词句行";

/// Units of several characters.
const LONG_UNITS: &[&str] = &[
    "公里",
    "公斤",
    "公顷",
    "公分",
    "公升",
    "公尺",
    "平方米",
    "平方公里",
    "平方厘米",
    "平方千米",
    "立方米",
    "千米",
    "千克",
    "千瓦",
    "千瓦时",
    "兆瓦",
    "兆瓦时",
    "毫米",
    "毫升",
    "毫克",
    "厘米",
    "分米",
    "微米",
    "纳米",
    "海里",
    "英里",
    "英寸",
    "英亩",
    "市斤",
    "市亩",
    "小时",
    "分钟",
    "秒钟",
    "人次",
    "人民币",
    "美元",
    "欧元",
    "日元",
    "港元",
    "港币",
    "英镑",
    "卢布",
    "百分点",
    "个百分点",
    "个月",
    "个多月",
    "周年",
    "周岁",
    "年代",
    "年度",
    "年级",
    "世纪",
    "季度",
    "月份",
    "日元",
    "摄氏度",
    "度电",
    "吨位",
    "吨级",
    "标准煤",
    "层楼",
    "码头",
    "兆字节",
];

/// Words between a number and its unit: 100多个, 50余名.
const ABOUT: &str = "多余来几";
/// Multipliers between a number and its unit: 3万亿元.
const MULTIPLIERS: &str = "十百千万亿兆";

/// Calls `glue(i)` for each place, before char `i`, at which a number would be parted from what
/// belongs to it: its unit, or the 第 before it. `chars` are the text's, full-width digits as
/// ASCII.
pub fn keep_units(chars: &[char], mut glue: impl FnMut(usize)) {
    let mut i = 0;
    while i < chars.len() {
        if !chars[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        if i > 0 && chars[i - 1] == '第' {
            glue(i);
        }
        while i < chars.len() && chars[i].is_ascii_digit() {
            i += 1;
        }
        let end = unit_end(chars, i);
        (i..end).for_each(&mut glue);
        i = end;
    }
}

/// Where the unit of a number that ends before `from` ends; `from` where it has none.
fn unit_end(chars: &[char], from: usize) -> usize {
    let is = |index: usize, set: &str| chars.get(index).is_some_and(|c| set.contains(*c));
    let mut at = from;
    let mut end = from;
    if is(at, ABOUT) {
        at += 1;
    }
    while is(at, MULTIPLIERS) {
        at += 1;
        end = at;
    }
    if is(at, ABOUT) && end == at {
        at += 1;
    }
    let rest = &chars[at.min(chars.len())..];
    let long = LONG_UNITS.iter().filter(|unit| starts_with(rest, unit)).map(|unit| unit.chars().count()).max();
    let unit = long.unwrap_or_else(|| usize::from(rest.first().is_some_and(|c| UNITS.contains(*c))));
    if unit > 0 { at + unit } else { end }
}

fn starts_with(chars: &[char], word: &str) -> bool {
    let mut at = chars.iter();
    word.chars().all(|c| at.next() == Some(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with `+` where it must hold together.
    fn glued(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut at = vec![false; chars.len() + 1];
        keep_units(&chars, |i| at[i] = true);
        chars.iter().enumerate().flat_map(|(i, c)| at[i].then_some('+').into_iter().chain([*c])).collect()
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
