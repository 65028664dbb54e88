//! Labelled lines of the head: `地点：…`, `主讲人：…`.

use super::LineText;
use crate::text::Cursor;
use crate::text::cursor::is_blank;
use std::ops::Range;

/// The field that a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum LabelKind {
    Title,
    Speaker,
    /// The speaker's office.
    Office,
    /// Who wrote the page's text: the speaker if no other is named.
    Author,
    Place,
    Occasion,
    Number,
    /// When it was given.
    Date,
    /// Another line about the speech (`参加人员：`).
    Other,
}

/// The labels, folded and without white space, by the field that they announce.
const LABELS: [(LabelKind, &[&str]); 9] = [
    (
        LabelKind::Title,
        &[
            "标题",
            "题目",
            "名称",
            "题名",
            "文章标题",
            "法规名称",
            "法律名称",
            "文件名称",
            "规章名称",
            "讲话题目",
            "发言题目",
            "演讲题目",
            "报告题目",
            "党课题目",
            "发言主题",
            "演讲主题",
            "讲话主题",
        ],
    ),
    (
        LabelKind::Speaker,
        &[
            "主讲人",
            "主讲",
            "演讲人",
            "演讲者",
            "讲话人",
            "发言人",
            "报告人",
            "致辞人",
            "撰文",
            "文",
            "宣讲人",
            "主讲者",
            "讲者",
            "讲课人",
            "授课人",
            "讲课",
            "授课",
            "发言者",
            "讲话者",
            "致词人",
            "述职人",
            "宣讲者",
            "演说者",
            "主讲嘉宾",
            "演讲嘉宾",
            "主讲老师",
            "主讲教师",
        ],
    ),
    (LabelKind::Office, &["职务", "职位", "现任职务", "单位及职务", "单位职务"]),
    (LabelKind::Author, &["作者", "文章作者", "供稿"]),
    (
        LabelKind::Place,
        &[
            "地点",
            "会议地点",
            "活动地点",
            "讲话地点",
            "演讲地点",
            "开会地点",
            "举行地点",
            "授课地点",
            "宣讲地点",
            "上课地点",
            "报告地点",
            "发言地点",
            "致辞地点",
        ],
    ),
    (LabelKind::Occasion, &["会议名称", "会议", "活动", "场合", "活动名称"]),
    (LabelKind::Number, &["发文字号", "文号", "公文字号", "发文号", "文件编号"]),
    (
        LabelKind::Date,
        &[
            "会议时间",
            "讲话时间",
            "演讲时间",
            "活动时间",
            "开会时间",
            "会议日期",
            "讲话日期",
            "成文日期",
            "发文日期",
            "授课时间",
            "宣讲时间",
            "上课时间",
            "报告时间",
            "发言时间",
            "致辞时间",
            "举行时间",
            "修正日期",
            "公布日期",
            "制定日期",
            "修订日期",
            "通过日期",
        ],
    ),
    (
        LabelKind::Other,
        &[
            "会议主持人",
            "主持人",
            "主持",
            "主席",
            "出席人员",
            "出席者",
            "出席",
            "列席人员",
            "列席",
            "参加人员",
            "参会人员",
            "与会人员",
            "缺席人员",
            "缺席",
            "未到人员",
            "请假人员",
            "记录人",
            "记录",
            "纪录",
            "记录人员",
            "会议记录",
            "应到",
            "实到",
            "发文机关",
            "发文日期",
            "印发日期",
            "整理人",
            "录音整理",
            "整理",
            "翻译",
            "译者",
            "受文者",
            "速别",
            "密等",
            "密级",
        ],
    ),
];

/// A labelled line: the label's kind and the range of its value, which may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) struct Label {
    pub kind: LabelKind,
    pub value: Range<usize>,
}

/// Reads a line that begins with a label and a colon, a tab or two spaces: `會議地點：學生會辦公室`,
/// `標　　題：…`, `【撰文：李鉞】`.
pub(in crate::document) fn parse_label(line: &LineText) -> Option<Label> {
    let mut range = line.trim(0..line.len(), &['-', '*', '•', '·', '●', '○', '+']);
    let folded = line.folded();
    // The whole line in brackets: `【撰文：李鉞】`.
    if folded.get(range.start).is_some_and(|c| matches!(c, '【' | '[' | '(')) {
        range = line.trim(range, &['【', '】', '[', ']', '(', ')']);
    }
    let end = range.clone().take(14).find(|at| folded.get(*at).is_some_and(|c| matches!(c, ':' | '\t')));
    let end = end.or_else(|| {
        let gap = range.clone().take(10).find(|at| folded.get(*at..*at + 2).is_some_and(|pair| pair.iter().all(|c| *c == ' ')))?;
        // A space inside the label itself.
        (gap >= range.start + 2).then_some(gap)
    })?;
    let label: String = folded.get(range.start..end)?.iter().filter(|c| !c.is_whitespace()).collect();
    let label = label.trim_matches(|c: char| !c.is_alphanumeric());
    let listed = LABELS.iter().find(|(_, labels)| labels.contains(&label)).map(|(kind, _)| *kind);
    // Two spaces alone separate a label from its value only where the label can be nothing else.
    let certain = folded.get(end) != Some(&' ') || label.chars().count() >= 4;
    let value = line.trim(end + 1..range.end, &[':', ';']);
    // In a row of a table the next cell begins another label.
    let cell_end = value.clone().find(|at| folded.get(*at) == Some(&'\t')).unwrap_or(value.end);
    let value = line.trim(value.start..cell_end, &[':', ';']);
    // `签发人：李四`, `联系人：王五` name somebody else.
    let names_other = || {
        let role = (3..=5).contains(&label.chars().count()) && label.ends_with('人') && !label.starts_with(['各', '每', '尊']);
        (role && folded.get(end) == Some(&':') && (2..=MAX_OTHER_CHARS).contains(&value.len())).then_some(LabelKind::Other)
    };
    let kind = listed.or_else(names_other)?;
    certain.then_some(Label { kind, value })
}

/// Longest value, in chars, of a label that is not listed.
const MAX_OTHER_CHARS: usize = 12;
/// Number of chars in which [`parse_label`] looks for the end of a label, and of marks before it.
const LABEL_CHARS: usize = 24;

/// Whether a line may begin with a label: a colon, a tab or two spaces stand near its start.
pub(in crate::document) fn may_begin_label(chars: Cursor<'_>) -> bool {
    let mut blank = false;
    for (_, c) in chars.take(LABEL_CHARS) {
        match c {
            ':' | '：' | '\t' => return true,
            '\u{4E00}'..='\u{9FFF}' => blank = false,
            _ if is_blank(c) && c != '\n' => {
                if blank {
                    return true;
                }
                blank = true;
            }
            _ => blank = false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labelled_lines_are_read() {
        let cases = [
            ("會議地點：LINE(線上會議)", LabelKind::Place, "LINE(線上會議)"),
            ("会议地点\t学生会办公室", LabelKind::Place, "学生会办公室"),
            ("標　　題：關於檢修提灌站的函", LabelKind::Title, "關於檢修提灌站的函"),
            ("【撰文：李鉞】", LabelKind::Speaker, "李鉞"),
            ("- 地点：县礼堂", LabelKind::Place, "县礼堂"),
            ("主讲人:张三", LabelKind::Speaker, "张三"),
            ("法規名稱：塘壩管理條例", LabelKind::Title, "塘壩管理條例"),
            ("修正日期：20310126", LabelKind::Date, "20310126"),
            ("发文字号： 青政办〔2031〕5号", LabelKind::Number, "青政办〔2031〕5号"),
            ("发文字号：\t青政办〔2031〕5号\t发布日期：\t2031年1月26日", LabelKind::Number, "青政办〔2031〕5号"),
            ("成文日期：", LabelKind::Date, ""),
            ("讲课人：李四", LabelKind::Speaker, "李四"),
            ("授课地点：县委党校", LabelKind::Place, "县委党校"),
            ("授课时间：2031年11月3日", LabelKind::Date, "2031年11月3日"),
            ("职务：县长", LabelKind::Office, "县长"),
            ("签发人：王大山", LabelKind::Other, "王大山"),
            ("出席人员  张三 李四", LabelKind::Other, "张三 李四"),
        ];
        for (text, kind, value) in cases {
            let line = LineText::from_text(text);
            let label = parse_label(&line).unwrap();
            assert_eq!((label.kind, line.text(label.value).as_str()), (kind, value), "{text}");
        }
        for text in
            ["会议  要开好", "关于地点：再定", "主席：各位议员", "同志们：", "各位负责人：大家好", "带头人：要把群众的事当成自己的事来办"]
        {
            let line = LineText::from_text(text);
            assert!(parse_label(&line).is_none_or(|label| label.kind == LabelKind::Other), "{text}");
        }
    }
}
