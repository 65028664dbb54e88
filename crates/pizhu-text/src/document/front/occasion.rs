//! The occasion of a speech in a line: the meeting or ceremony at which it was given.

use super::{LineText, person::parse_person};
use crate::text::cursor::is_blank;
use std::ops::Range;

/// Words for what is held.
const OCCASIONS: [&str; 15] =
    ["会", "典礼", "仪式", "论坛", "班", "活动", "集会", "峰会", "课", "座谈", "纪念日", "宴", "论证", "研讨", "讲座"];
/// Words for a speech, as they follow its occasion.
pub(super) const SPEECHES: [&str; 22] = [
    "讲话",
    "演讲",
    "致辞",
    "致词",
    "发言",
    "报告",
    "讲演",
    "贺词",
    "谈话",
    "主持",
    "总结",
    "开幕",
    "闭幕",
    "演说",
    "答辞",
    "汇报",
    "演辞",
    "演词",
    "讲稿",
    "祝酒",
    "欢迎词",
    "欢迎辞",
];
/// Ends of a title that names a speech right after its occasion: `全县水利工作会议|讲话`.
const SPOKEN: [&str; 12] = ["讲话", "讲话稿", "演讲", "演讲稿", "致辞", "致词", "发言", "发言稿", "主持词", "祝酒词", "欢迎词", "演辞"];
/// Ends of the name of what is held.
const HELD: [&str; 24] = [
    "会议",
    "大会",
    "年会",
    "座谈会",
    "推进会",
    "动员会",
    "论坛",
    "峰会",
    "典礼",
    "仪式",
    "幕式",
    "启动式",
    "研讨会",
    "宴会",
    "晚会",
    "午餐会",
    "酒会",
    "表彰会",
    "培训班",
    "发布会",
    "总结会",
    "博览会",
    "运动会",
    "全会",
];

/// The occasion that `range` tells (`在|县委全会|上的讲话`, `于|开学典礼|的演讲`), and where its
/// preposition begins.
pub(super) fn occasion_in(line: &LineText, range: Range<usize>) -> Option<(Range<usize>, usize)> {
    let chars = line.folded();
    let speech_at = |at: usize| SPEECHES.iter().any(|word| line.starts_with(word, at..range.end));
    for preposition in ["在", "于"] {
        let Some(at) = line.find(preposition, range.clone()) else { continue };
        // 关于 and the like tell a topic.
        if preposition == "于"
            && at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(|c| matches!(c, '关' | '由' | '对' | '属'))
        {
            continue;
        }
        let start = at + 1;
        let ends_here = |end: usize| match chars.get(end) {
            Some('上') => {
                chars.get(end + 1).is_none_or(|next| end + 1 >= range.end || is_blank(*next) || ")的讲发致演作所谈,。".contains(*next))
                    || speech_at(end + 1)
                    // `…会议上|县长林某`.
                    || (chars.get(end - 1).is_some_and(|c| matches!(c, '会' | '议')) && parse_person(line, end + 1..range.end).is_some())
            }
            Some('的') => speech_at(end + 1),
            Some('期') => line.starts_with("期间", end..range.end),
            _ => false,
        };
        let Some(end) = (start + 2..range.end).rev().find(|end| ends_here(*end)).or_else(|| {
            // A subtitle may break off: `在…会议`.
            let bare = line.trim(start..range.end, &[')']);
            (!bare.is_empty() && OCCASIONS.iter().any(|word| line.text(bare.clone()).ends_with(word))).then_some(bare.end)
        }) else {
            continue;
        };
        let mut occasion = line.trim(start..end, &[]);
        if chars.get(occasion.end.saturating_sub(1)) == Some(&'上') {
            occasion.end -= 1;
        }
        let text: String = chars.get(occasion.clone())?.iter().collect();
        if (3..=60).contains(&occasion.len()) && OCCASIONS.iter().any(|word| text.contains(word)) && !text.contains(['。', ';']) {
            return Some((occasion, at));
        }
    }
    None
}

/// The occasion of a title that has no preposition before it, and where what stands before it ends:
/// `县长|出席|青石商会午餐会|致辞`, `全县经济工作会议|上的讲话`, `青石茶业博览会开幕式|致辞`.
pub(super) fn occasion_without_preposition(line: &LineText, all: Range<usize>) -> Option<(Range<usize>, usize)> {
    let text = |range: Range<usize>| -> String { line.folded().get(range).unwrap_or_default().iter().collect() };
    let until = line.trim(all.clone(), &[')', '】', ']', '。']).end;
    let full = until.checked_sub(2).filter(|end| *end > all.start && line.starts_with("全文", *end..until)).unwrap_or(until);
    let end = SPOKEN.iter().filter(|word| text(all.start..full).ends_with(*word)).map(|word| full - word.chars().count()).min()?;
    let end = line.trim(all.start..end, &['的']).end;
    let attended = line.find("出席", all.start..end).or_else(|| line.find("参加", all.start..end));
    let (before, start) = match (attended, line.find("在", all.start..end)) {
        (Some(at), _) => (at, at + 2),
        // `县长在全县经济工作会议讲话`.
        (None, Some(at)) => (at, at + 1),
        _ => (all.start, all.start),
    };
    let mut occasion = line.trim(start..end, &['“', '”', '「', '」', '上', '《', '》']);
    // `县长：全县经济工作会议讲话`.
    if let Some(colon) = line.find(":", occasion.clone()) {
        occasion = line.trim(colon + 1..occasion.end, &[]);
    }
    let name = text(occasion.clone());
    let held = HELD.iter().any(|word| name.ends_with(word)) || (attended.is_some() && OCCASIONS.iter().any(|word| name.ends_with(word)));
    let plain = !name.contains(['。', ';', ',', '的', '(']) && !name.contains("关于");
    ((5..=40).contains(&occasion.len()) && held && plain).then_some((occasion, before))
}
