//! The title of a speech: which line of its head it is, and over how many lines it goes.

use super::{HeadLineKind, LineText, head_line::is_site_name, organ::is_organ};
use crate::document::line_features::MAX_SHORT_LINE_CHARS;
use crate::document::line_recognizers::{names_document, names_speech};
use std::ops::RangeInclusive;

/// A line of the head, seen as a possible title.
#[derive(Debug, Clone)]
pub(in crate::document) struct TitleLine {
    /// Index of the line in the text.
    pub index: usize,
    /// Its chars.
    pub line: LineText,
    pub kind: HeadLineKind,
    /// Whether it can be neither the title nor a part of it: a page line, a line of the table of
    /// contents, a salutation.
    pub barred: bool,
    /// Ends without punctuation.
    pub open_ended: bool,
    /// Comes again in the head.
    pub repeated: bool,
    /// The format marks it as a heading.
    pub heading: bool,
    /// The format marks the line as the title or a part of it (Word's title style).
    pub styled: bool,
    /// The format says that this is the title (a style, `<title>`, the front block).
    pub named: bool,
    /// Is the last line before the body.
    pub last: bool,
}

/// Maximum lines of a title that the format marks.
const MAX_STYLED_LINES: usize = 4;
/// Most lines of a slogan that is a title.
const MAX_SLOGAN_LINES: usize = 3;
/// Length of such a line, in chars.
const MIN_SLOGAN_CHARS: usize = 6;
const MAX_SLOGAN_CHARS: usize = 40;
/// Within how many lines below a marked name the title stands in full.
const MAX_LINES_TO_FULL_TITLE: usize = 12;
/// Words that stand over a part of the text and are no title.
const LABEL_WORDS: [&str; 21] = [
    "基本案情",
    "案情简介",
    "简要案情",
    "案例简介",
    "裁判要旨",
    "摘要",
    "目录",
    "前言",
    "序言",
    "引言",
    "导言",
    "全文",
    "正文",
    "标题",
    "简介",
    "主题词",
    "关键词",
    "附件",
    "说明",
    "摘编",
    "原文",
];

/// Labels of the number of a tender or a file.
const NUMBER_LABELS: [&str; 6] = ["项目编号", "采购编号", "招标编号", "合同编号", "档案编号", "编号"];

/// How much a line looks like a title; 0 or less if it does not.
pub(in crate::document) fn title_score(candidate: &TitleLine) -> i32 {
    let bare = candidate.line.bare();
    let length = bare.chars().count();
    let letters = bare.chars().filter(|c| c.is_alphanumeric()).count();
    let numbered = NUMBER_LABELS.iter().any(|label| bare.split_once(':').is_some_and(|(start, _)| start == *label));
    let labelled = numbered || bare.starts_with(['[', '【']) && !candidate.heading && !names_speech(&bare) && !names_document(&bare);
    if candidate.barred
        || candidate.kind.is_no_title()
        || !(2..=100).contains(&length)
        || letters < 2
        || bare.starts_with(['(', '—'])
        || labelled
    {
        return 0;
    }
    let mut score = 0;
    score += if names_speech(&bare) { 4 } else { 0 };
    score += if names_document(&bare) { 3 } else { 0 };
    score += if (6..=60).contains(&length) { 2 } else { 0 };
    score += if candidate.open_ended { 2 } else { -3 };
    score += i32::from(candidate.last);
    score += if candidate.repeated { 2 } else { 0 };
    score += if candidate.heading { 3 } else { 0 };
    score += if candidate.named { 6 } else { 0 };
    score += i32::from(bare.contains("关于"));
    score -= if candidate.kind == HeadLineKind::Organ { 3 } else { 0 };
    score -= if !candidate.named && LABEL_WORDS.contains(&bare.trim_matches(|c: char| !c.is_alphanumeric())) { 4 } else { 0 };
    score
}

/// Picks the line that is the title, or the best part of it; the first of equals, and the full title
/// rather than a name marked in its place.
pub(in crate::document) fn pick_title(head: &[TitleLine]) -> Option<usize> {
    let mut best: Option<(i32, usize)> = None;
    for (nth, candidate) in head.iter().enumerate() {
        let score = title_score(candidate);
        if score > 0 && best.is_none_or(|(limit, _)| score > limit) {
            best = Some((score, nth));
        }
    }
    best.map(|(_, nth)| full_title(head, nth))
}

/// The line with the title in full where the format marks the file's name as the title: programs put
/// `某县会议讲话` before `在某县工作会议上的讲话`. Otherwise the line `nth` itself.
fn full_title(head: &[TitleLine], nth: usize) -> usize {
    let letters = |line: &TitleLine| -> Vec<char> { line.line.bare().chars().filter(|c| c.is_alphanumeric()).collect() };
    let marked = letters(&head[nth]);
    let has_marked = |line: &TitleLine| {
        let mut full = letters(line);
        let is_longer = full.len() > marked.len();
        let shared = marked.iter().filter(|c| full.iter().position(|other| other == *c).map(|at| full.swap_remove(at)).is_some()).count();
        is_longer && shared * 5 >= marked.len() * 4
    };
    let may_be = |line: &TitleLine| {
        !line.styled
            && !line.barred
            && line.kind == HeadLineKind::Other
            && line.index <= head[nth].index + MAX_LINES_TO_FULL_TITLE
            && line.line.len() <= MAX_SHORT_LINE_CHARS
            && names_speech(&line.line.bare())
    };
    let below = (nth + 1..head.len()).find(|at| head[nth].styled && may_be(&head[*at]) && has_marked(&head[*at]));
    below.unwrap_or(nth)
}

/// The lines around `nth` that the format marks as the title with it, without those that say it again.
fn styled_lines(head: &[TitleLine], nth: usize) -> (usize, usize) {
    let (mut from, mut to) = (nth, nth);
    let goes_on = |above: usize, below: usize, next: usize, from: usize, to: usize| {
        let (line, text) = (&head[next], head[next].line.bare());
        head[nth].styled
            && line.styled
            && !line.barred
            && to - from + 1 < MAX_STYLED_LINES
            && head[above].index + 1 == head[below].index
            && (from..=to).all(|part| head[part].line.bare() != text)
    };
    while to + 1 < head.len() && goes_on(to, to + 1, to + 1, from, to) {
        to += 1;
    }
    while from > 0 && goes_on(from - 1, from, from - 1, from, to) {
        from -= 1;
    }
    (from, to)
}

/// Whether an opening bracket or quotation mark is not closed again.
fn is_unbalanced(text: &str) -> bool {
    let count = |mark: char| text.chars().filter(|c| *c == mark).count();
    [('《', '》'), ('(', ')'), ('“', '”'), ('「', '」'), ('〈', '〉')].iter().any(|(open, close)| count(*open) > count(*close))
}

/// Whether a title cannot end here.
fn hangs(text: &str) -> bool {
    const ENDS: [&str; 14] = ["关于", "的", "和", "与", "及", "、", "在", "对", "印发", "以及", "转发", "暨", "在学习", "开展"];
    ENDS.iter().any(|end| text.ends_with(end)) || is_unbalanced(text)
}

/// Whether `below` carries on the title line `above`.
fn carries_on(above: &str, below: &str) -> bool {
    let begins_anew = below.starts_with("关于") || below.starts_with("在");
    if hangs(above) {
        return true;
    }
    if is_organ(above) && (begins_anew || below.starts_with("印发") || below.starts_with("转发")) {
        return true;
    }
    let complete = |text: &str| names_speech(text) || names_document(text);
    // `关于…考察` / `工作…情况的函`.
    (complete(below) && !begins_anew && !complete(above) && (above.contains("关于") || above.contains('对') || above.starts_with("在")))
        // `在…第四次会议上的` / `讲话`.
        || (complete(below) && below.chars().count() <= 6 && !complete(above) && above.ends_with(['上', '的']))
}

/// The lines of a title that is a slogan, two or three right above a subtitle: `坚定信心 真抓实干` /
/// `开创青石发展新局面` / `——在中共青石县第十三次代表大会上的报告`.
fn slogan_above_subtitle(head: &[TitleLine], nth: usize) -> Option<RangeInclusive<usize>> {
    let subtitle = (nth + 1..head.len().min(nth + MAX_SLOGAN_LINES + 1)).find(|at| head[*at].kind == HeadLineKind::Subtitle)?;
    let adjacent = |above: usize| head[above].index + 1 == head[above + 1].index;
    let is_part = |at: usize| {
        let (line, bare) = (&head[at], head[at].line.bare());
        !line.barred
            && line.kind == HeadLineKind::Other
            && line.open_ended
            && !line.styled
            && !line.heading
            && !line.repeated
            && adjacent(at)
            && (MIN_SLOGAN_CHARS..=MAX_SLOGAN_CHARS).contains(&bare.chars().count())
            && !names_speech(&bare)
            && !names_document(&bare)
            && !bare.starts_with(['(', '[', '【'])
    };
    let first = (0..subtitle).rev().take_while(|at| is_part(*at)).take(MAX_SLOGAN_LINES).last()?;
    let dash = head[subtitle].line.bare().starts_with(['—', '-', '–', '―', '─']);
    (dash && first <= nth && subtitle - first >= 2).then(|| first..=subtitle - 1)
}

/// The lines of the head that are the title together with the line `nth`: a title may go over two
/// or three lines, and over as many as the format marks.
pub(in crate::document) fn complete_title(head: &[TitleLine], nth: usize) -> RangeInclusive<usize> {
    let may_belong = |at: usize| {
        head.get(at).is_some_and(|line| {
            !line.barred
                && (head[nth].styled || !line.styled)
                && matches!(line.kind, HeadLineKind::Organ | HeadLineKind::Other)
                && (2..=60).contains(&line.line.len())
        })
    };
    let adjacent = |above: usize, below: usize| head[above].index + 1 == head[below].index;
    let text = |at: usize| head[at].line.bare();
    if let Some(slogan) = slogan_above_subtitle(head, nth) {
        return slogan;
    }
    let (mut from, mut to) = styled_lines(head, nth);
    if head[nth].named && !is_unbalanced(&(from..=to).map(text).collect::<String>()) {
        return from..=to;
    }
    while to - from < 2 && may_belong(to + 1) && adjacent(to, to + 1) && !head[to + 1].repeated {
        let above: String = (from..=to).map(text).collect();
        if !carries_on(&above, &text(to + 1)) {
            break;
        }
        to += 1;
    }
    while to - from < 2 && from > 0 && may_belong(from - 1) && adjacent(from - 1, from) {
        if !carries_on(&text(from - 1), &text(from)) {
            break;
        }
        from -= 1;
    }
    from..=to
}

/// A title given by the format without the name of the site behind `|`, `_` or ` - `; `None` if it is
/// nothing but the name of a site.
pub(in crate::document) fn bare_site_name(title: &str) -> Option<&str> {
    let mut title = title.trim();
    for separator in ['|', '_', '｜', '丨'] {
        if let Some((head, _)) = title.split_once(separator).filter(|(head, _)| head.trim().chars().count() >= 2) {
            title = head.trim();
        }
    }
    for separator in [" - ", "--", " – ", " — "] {
        if let Some((head, tail)) = title.rsplit_once(separator)
            && is_site_name(&crate::text::fold::fold_text(tail.trim()))
            && head.trim().chars().count() >= 2
        {
            title = head.trim();
        }
    }
    let folded = crate::text::fold::fold_text(title);
    (!title.is_empty() && !is_site_name(&folded)).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(lines: &[&str]) -> Vec<TitleLine> {
        let last = lines.len() - 1;
        lines
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let line = LineText::from_text(text);
                let kind = HeadLineKind::of(&line);
                let open_ended = !text.ends_with(['。', '：', '，']);
                TitleLine {
                    index,
                    line,
                    kind,
                    barred: false,
                    open_ended,
                    repeated: false,
                    heading: false,
                    styled: false,
                    named: false,
                    last: index == last,
                }
            })
            .collect()
    }

    /// The title of a head, its lines joined by `/`; those that begin with `*` are in the title style.
    fn title(lines: &[&str]) -> String {
        let bare: Vec<&str> = lines.iter().map(|line| line.trim_start_matches('*')).collect();
        let mut head = head(&bare);
        for (candidate, line) in head.iter_mut().zip(lines) {
            let styled = line.starts_with('*');
            (candidate.styled, candidate.heading, candidate.named) = (styled, styled, styled);
        }
        let lines = bare;
        pick_title(&head).map(|nth| complete_title(&head, nth).map(|at| lines[at]).collect::<Vec<_>>().join("/")).unwrap_or_default()
    }

    #[test]
    fn the_title_is_neither_number_nor_letterhead_nor_person() {
        assert_eq!(title(&["青石县人民政府文件", "青政发〔2031〕12号", "关于清理河道的通知"]), "关于清理河道的通知");
        assert_eq!(title(&["办好乡村夜校的几点思考", "青石乡党委书记 林某"]), "办好乡村夜校的几点思考");
        assert_eq!(title(&["欢迎来到某某文库", "在夜校开学会上的讲话"]), "在夜校开学会上的讲话");
        assert_eq!(title(&["目录", "青石县水利五年规划"]), "青石县水利五年规划");
        assert_eq!(title(&["基本案情", "林某 青石县人民检察院检察官"]), "");
        assert_eq!(title(&["-----------", "第12号"]), "第12号");
        assert_eq!(title(&["项目编号：QS-2031-02", "青石县塘坝管护采购文件"]), "青石县塘坝管护采购文件");
    }

    #[test]
    fn a_title_goes_over_several_lines() {
        let two = ["青石县人民政府关于印发《河道清理", "实施方案》的通知"];
        assert_eq!(title(&two), two.join("/"));
        let three = ["国务院办公厅", "关于青石省在普查", "水井时所记渗漏和淤塞修补情况的函"];
        assert_eq!(title(&[three[0], three[1], three[2], "国办函〔2031〕57号"]), three.join("/"));
        assert_eq!(title(&["政府工作报告", "区长 林某"]), "政府工作报告");
        assert_eq!(title(&["青石县人民政府", "关于检修提灌站的通知"]), "青石县人民政府/关于检修提灌站的通知");
    }

    #[test]
    fn a_slogan_above_a_subtitle_is_the_title() {
        let slogan = ["坚定信心 真抓实干", "奋力开创青石发展新局面"];
        let subtitle = "——在中共青石县第十三次代表大会上的报告";
        assert_eq!(title(&[slogan[0], slogan[1], subtitle]), slogan.join("/"));
        assert_eq!(
            title(&["青石县第十三次代表大会的报告", "政府工作报告", "——2031年1月8日在青石县代表大会上"]),
            "青石县第十三次代表大会的报告"
        );
    }

    #[test]
    fn the_full_title_stands_below_a_marked_name() {
        let full = "在青石县夜校培训工作推进会上的讲话";
        assert_eq!(title(&["*青石县夜校工作会议讲话", "（2031年1月26日）", full]), full);
        assert_eq!(title(&["*青石县夜校工作会议讲话", "在白水乡水利工作会议上的讲话"]), "青石县夜校工作会议讲话");
        assert_eq!(title(&["*办好乡村夜校的几点思考", "青石乡党委书记 林某"]), "办好乡村夜校的几点思考");
        assert_eq!(title(&[&format!("*{full}"), "在夜校推进会上的讲话"]), full, "a shorter one is not fuller");
    }

    #[test]
    fn marked_lines_are_one_title_without_its_repetition() {
        assert_eq!(title(&["青石乡党委书记 林某", "*在全乡夜校工作会议上", "*的讲话"]), "在全乡夜校工作会议上/的讲话");
        assert_eq!(title(&["*在夜校开学会上的讲话", "*在夜校开学会上的讲话"]), "在夜校开学会上的讲话");
        assert_eq!(title(&["*在夜校开学会上的讲话", "林某", "*青石乡夜校"]), "在夜校开学会上的讲话", "not next to it");
    }

    #[test]
    fn site_names_are_cut_off() {
        assert_eq!(bare_site_name("关于检修提灌站的通知_青石网"), Some("关于检修提灌站的通知"));
        assert_eq!(bare_site_name("关于检修提灌站的通知 - 青石县门户网站"), Some("关于检修提灌站的通知"));
        assert_eq!(bare_site_name("国立青石大学服务学习网"), None);
    }
}
