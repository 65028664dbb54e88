//! Unbreakable sequences: a number in digits and its unit (2025年, 100多万亿元, 3.5个百分点), and the
//! run-in markers of a list in running text (一是, 第二).

use super::{char_props::RARE, cluster::Cluster, kinsoku::PunctClass};
use std::ops::Range;

/// Maximum numerals of a run-in marker.
const MAX_MARKER_NUMERALS: usize = 4;

/// Units of one character.
const UNITS: &str = "年月日号时分秒刻点岁周天季度旬夜晚\
    个名人位员户口家间所座栋幢处套项条件款届期次批轮场回遍趟番种类样级层支队组班股章节篇页卷册本份张片块台架辆艘只头匹棵株根门面把枚颗粒滴堆起宗桩例幅副对双届大\
    元角分块钱万亿兆亩吨米斤两克升里丈尺寸顷倍成折碗瓶袋箱桶车趟线路楼室栋县乡镇村市省国州区校院厂师团连营排字词句行";

/// Units of several characters that begin with `first`, longer ones before their prefixes.
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

/// Whether `c` is a word of approximation between a number and its unit: 100多个, 50余名.
fn is_about(c: char) -> bool {
    matches!(c, '多' | '余' | '来' | '几')
}

/// Whether `c` is a multiplier between a number and its unit: 3万亿元.
fn is_multiplier(c: char) -> bool {
    matches!(c, '十' | '百' | '千' | '万' | '亿' | '兆')
}

/// Whether `c` is a Chinese numeral, as in run-in markers.
fn is_numeral(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百')
}

/// Calls `glue(i)` for each boundary, before cluster `i`, between a number and its unit or the 第
/// before it, or inside the unit: 第3届 gives 1 and 2.
pub(super) fn glue_units(clusters: &[Cluster], mut glue: impl FnMut(usize)) {
    let digit = |i: usize| clusters.get(i).is_some_and(|cluster| cluster.normalized.is_ascii_digit());
    let mut i = 0;
    while i < clusters.len() {
        if !digit(i) {
            i += 1;
            continue;
        }
        if i > 0 && clusters[i - 1].normalized == '第' {
            glue(i);
        }
        while digit(i) {
            i += 1;
        }
        let end = unit_end(clusters, i);
        (i..end).for_each(&mut glue);
        i = end;
    }
}

/// Index after the unit of a number that ends before cluster `from`; `from` if it has no unit.
fn unit_end(clusters: &[Cluster], from: usize) -> usize {
    let is = |index: usize, set: fn(char) -> bool| clusters.get(index).is_some_and(|cluster| set(cluster.normalized));
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
    let Some(first) = clusters.get(at) else { return end };
    let long = long_units(first.normalized).iter().find(|unit| starts_with(&clusters[at..], unit));
    let unit = long.map_or(usize::from(UNITS.contains(first.normalized)), |unit| unit.chars().count());
    if unit > 0 { at + unit } else { end }
}

fn starts_with(clusters: &[Cluster], word: &str) -> bool {
    let mut at = clusters.iter();
    word.chars().all(|c| at.next().is_some_and(|cluster| cluster.normalized == c))
}

/// Whether a run-in marker can begin with `c`.
pub(super) fn can_begin_marker(c: char) -> bool {
    is_numeral(c) || matches!(c, '第' | '其')
}

/// The run-in marker that begins with cluster `start` at the start of a clause: 一是, 十二要, 第三,
/// 其一. `None` if there is none.
pub(super) fn run_in_marker(clusters: &[Cluster], start: usize) -> Option<Range<usize>> {
    let begins_clause =
        start.checked_sub(1).is_none_or(|before| clusters[before].punct != PunctClass::Letter || clusters[before].break_class == RARE);
    let ordinal = matches!(clusters.get(start)?.normalized, '第' | '其');
    let from = start + usize::from(ordinal);
    let numerals = clusters.get(from..)?.iter().take(MAX_MARKER_NUMERALS).take_while(|cluster| is_numeral(cluster.normalized)).count();
    let end = from + numerals;
    let closed = ordinal || clusters.get(end).is_some_and(|cluster| matches!(cluster.normalized, '是' | '要'));
    (begins_clause && numerals > 0 && closed).then_some(start..if ordinal { end } else { end + 1 })
}

#[cfg(test)]
mod tests {
    use super::{super::cluster::SegmentClusters, *};
    use crate::document::Document;
    use crate::text::SourceText;
    use crate::text::width::AmbiguousWidth;

    /// The text with `+` at the glued boundaries.
    fn glued(text: &str) -> String {
        let document = Document::from(SourceText::from(text));
        let segment = SegmentClusters::new(&document, document.source.span(), AmbiguousWidth::Narrow);
        let mut at = vec![false; segment.clusters.len() + 1];
        glue_units(&segment.clusters, |i| at[i] = true);
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
