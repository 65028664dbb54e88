//! Markdown signs that are not read: those of headings and of emphasis.
//!
//! They are removed as page marks are; the source stays unchanged. Follows CommonMark 0.31.2,
//! sections 4.2 and 6.2, except that emphasis may touch Chinese punctuation: `**“粗”**字` is emphasis
//! here, but not in CommonMark.

use super::{lines::LogicalLine, roles::LineRole};
use crate::text::Cursor;
use crate::text::RemovedKind;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::clean::PhysicalLine;
use crate::text::cursor::is_blank;

/// Longest run of `*` that marks emphasis.
const MAX_RUN: usize = 3;
/// Longest tag that says how words look, in chars.
const MAX_INLINE_TAG_CHARS: usize = 160;
/// Lowest level of a heading.
const MAX_HEADING_LEVEL: usize = 6;
/// Longest tag of a line break, in chars, without its last.
const MAX_TAG_CHARS: usize = 6;

/// The delimiter runs of emphasis (`*`, `**`, `***`) that pair up within a line, in order. A run twice as
/// long as the one it closes opens another one: `**1****、****合同性质**`.
pub(super) fn emphasis(source: &SourceText, lines: &[PhysicalLine]) -> Vec<(Span, RemovedKind)> {
    let mut signs = Vec::new();
    for line in lines {
        let mut opening: Option<Span> = None;
        let mut cursor = Cursor::raw(source, line.span);
        let mut before = None;
        while let Some((start, c)) = cursor.next() {
            if c != '*' {
                if c == '<'
                    && let Some(tag) = inline_tag(source, Span::new(start, line.span.end))
                {
                    signs.push((tag, RemovedKind::Markup));
                    while cursor.offset() < tag.end {
                        cursor.next();
                    }
                    continue;
                }
                if c == '<'
                    && line.first == '#'
                    && let Some((tag, blank)) = break_tag(source, Span::new(start, line.span.end))
                {
                    let parts = blank.map_or([tag, Span::empty(tag.end)], |at| [Span::new(tag.start, at), Span::new(at + 1, tag.end)]);
                    signs.extend(parts.into_iter().filter(|part| !part.is_empty()).map(|part| (part, RemovedKind::Markup)));
                    while cursor.offset() < tag.end {
                        cursor.next();
                    }
                    continue;
                }
                before = Some(c);
                continue;
            }
            while cursor.peek().is_some_and(|(_, c)| c == '*') {
                cursor.next();
            }
            let run = Span::new(start, cursor.offset());
            let after = cursor.peek().map(|(_, c)| c);
            // A single star is often a footnote mark or a times sign: it must be at the edge of a
            // word.
            let at_word_edge = |beside: Option<char>| run.len() > 1 || !beside.is_some_and(char::is_alphanumeric);
            let touches = |beside: Option<char>| beside.is_some_and(|c| !is_blank(c) && c != '\\');
            if let Some(open) = opening.take_if(|open| open.len() == run.len() && touches(before) && at_word_edge(after)) {
                signs.extend([(open, RemovedKind::Markup), (run, RemovedKind::Markup)]);
            } else if let Some(open) =
                opening.take_if(|open| open.len() > 1 && 2 * open.len() == run.len() && touches(before) && touches(after))
            {
                let middle = start + open.len();
                signs.extend([(open, RemovedKind::Markup), (Span::new(start, middle), RemovedKind::Markup)]);
                opening = Some(Span::new(middle, run.end));
            } else if run.len() <= MAX_RUN && touches(after) && before != Some('\\') && at_word_edge(before) {
                opening = Some(run);
            }
            before = Some('*');
        }
        signs.extend(final_break(source, line.span).map(|sign| (sign, RemovedKind::Markup)));
    }
    signs
}

/// The bullets before headings that stand in items of a list, in order: `- ## 一、总则`.
pub(super) fn bullets_of_headings(source: &SourceText, lines: &[PhysicalLine]) -> Vec<(Span, RemovedKind)> {
    let bulleted = lines.iter().filter(|line| matches!(line.first, '-' | '*' | '+'));
    let heading = |line: &PhysicalLine| {
        let mut after = Cursor::raw(source, Span::new(line.span.start + 1, line.span.end)).skip_while(|(_, c)| is_blank(*c)).peekable();
        let start = after.peek().map(|(at, _)| *at).filter(|at| *at > line.span.start + 1)?;
        let mut level = 0;
        while after.next_if(|(_, c)| *c == '#').is_some() {
            level += 1;
        }
        let is_heading =
            (1..=MAX_HEADING_LEVEL).contains(&level) && after.next().is_some_and(|(_, c)| is_blank(c)) && after.next().is_some();
        is_heading.then(|| (Span::new(line.span.start, start), RemovedKind::Markup))
    };
    bulleted.filter_map(heading).collect()
}

/// The tag of HTML that begins `line` and says only how words look: `<strong>`, `<font color="red">`, `</u>`.
fn inline_tag(source: &SourceText, line: Span) -> Option<Span> {
    const NAMES: [&str; 19] =
        ["strong", "b", "u", "em", "i", "font", "span", "center", "small", "big", "mark", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6"];
    let mut chars = Cursor::raw(source, Span::new(line.start + 1, line.end.min(line.start + MAX_INLINE_TAG_CHARS))).peekable();
    chars.next_if(|(_, c)| *c == '/');
    let mut name = String::new();
    while let Some((_, c)) = chars.next_if(|(_, c)| c.is_ascii_alphanumeric() && name.len() <= MAX_TAG_CHARS) {
        name.push(c.to_ascii_lowercase());
    }
    NAMES.contains(&name.as_str()).then_some(())?;
    // Attributes follow a blank.
    let (at, c) = chars.next()?;
    let end =
        if c == '>' { at } else { is_blank(c).then(|| chars.find(|(_, c)| matches!(c, '>' | '<' | '\n')))?.filter(|(_, c)| *c == '>')?.0 };
    Some(Span::new(line.start, end + 1))
}

/// The tag of a line break that begins `line` and stands inside a heading of two lines, with its blank, which
/// stays between them: `# 青石县人民政府<br />关于清淤的通知`.
fn break_tag(source: &SourceText, line: Span) -> Option<(Span, Option<usize>)> {
    let end = line.end.min(line.start + MAX_TAG_CHARS + 1);
    let (at, _) = Cursor::raw(source, Span::new(line.start, end)).find(|(_, c)| *c == '>')?;
    let tag = Span::new(line.start, at + 1);
    let name: String = Cursor::raw(source, tag).map(|(_, c)| c.to_ascii_lowercase()).filter(|c| !is_blank(*c)).collect();
    let blank = Cursor::raw(source, tag).find(|(_, c)| is_blank(*c)).map(|(at, _)| at);
    (matches!(name.as_str(), "<br>" | "<br/>") && at + 1 < line.end).then_some((tag, blank))
}

/// The tag of a line break at the end of a line, with the blanks before it: `塘坝 <br/>`.
fn final_break(source: &SourceText, line: Span) -> Option<Span> {
    let mut before = source.chars_before(line.end).take_while(|(at, _)| *at >= line.start).peekable();
    before.next_if(|(_, c)| *c == '>')?;
    let mut name = String::new();
    let mut start = loop {
        match before.next()? {
            (at, '<') => break at,
            (_, c) if name.len() < MAX_TAG_CHARS => name.push(c),
            _ => return None,
        }
    };
    while let Some((at, _)) = before.next_if(|(_, c)| is_blank(*c)) {
        start = at;
    }
    let is_break = matches!(name.trim_matches(['/', ' ']), "rb" | "RB");
    (is_break && before.peek().is_some()).then(|| Span::new(start, line.end))
}

/// The `#` that open and close headings. Removes them from `lines` as well.
pub(super) fn heading_signs(source: &SourceText, lines: &mut [LogicalLine], roles: &[LineRole]) -> Vec<(Span, RemovedKind)> {
    let mut signs = Vec::new();
    for (line, role) in lines.iter_mut().zip(roles) {
        if line.first != '#' || !matches!(role, LineRole::Heading(_) | LineRole::Title | LineRole::Boilerplate) {
            continue;
        }
        let full = line.span;
        let mut hashes = Cursor::raw(source, full).skip_while(|(_, c)| *c == '#').skip_while(|(_, c)| is_blank(*c));
        let Some((start, first)) = hashes.next() else { continue };
        let mut ends = source.chars_before(full.end).take_while(|(at, _)| *at > start).skip_while(|(_, c)| *c == '#');
        let end = match ends.next() {
            Some((_, c)) if line.last == '#' && is_blank(c) => ends.find(|(_, c)| !is_blank(*c)).map_or(start, |(at, _)| at) + 1,
            _ => full.end,
        };
        for sign in [Span::new(full.start, start), Span::new(end, full.end)] {
            if !sign.is_empty() {
                signs.push((sign, RemovedKind::Markup));
            }
        }
        let last = source.chars_before(end).next().map_or(line.last, |(_, c)| c);
        *line = LogicalLine { span: Span::new(start, end), first, last, ..*line };
    }
    signs
}

#[cfg(test)]
mod tests {
    use crate::document::Hints;
    use crate::document::parse;
    use crate::text::SourceText;

    /// The cleaned paragraphs of a Markdown text.
    fn read(text: &str) -> Vec<String> {
        let document = parse(SourceText::from(text), &Hints::markdown());
        document.paragraphs.iter().map(|paragraph| document.cleaning.text(&document.source, paragraph.span)).collect()
    }

    #[test]
    fn heading_and_emphasis_signs_are_removed() {
        let text = "# 在青禾县会议上的讲话\n\n同志们：\n\n## 一、总体要求 ##\n\n上午看了**五个点**，**“粗”**字也算，*（录音整理）*。\n\n### C#\n\n好。\n";
        assert_eq!(
            read(text),
            ["在青禾县会议上的讲话", "同志们：", "一、总体要求", "上午看了五个点，“粗”字也算，（录音整理）。", "C#", "好。"]
        );
    }

    #[test]
    fn emphasis_may_begin_where_another_ends() {
        let text = "# 在青禾县会议上的讲话\n\n**1****、****水价的认定**。按合同办。\n\n**（****2****）水量**\n\n**两****半\n";
        assert_eq!(read(text)[1..], ["1、水价的认定。按合同办。", "（2）水量", "两**半"].map(str::to_owned));
    }

    #[test]
    fn presentational_html_tags_are_removed() {
        let text = "# 在青禾县会议上的讲话\n\n<strong>一、总体要求</strong>\n\n<u>要稳</u>，<font color=\"red\">要实</font>。水深<3米，a<b。\n\n<strong>二、保障措施</strong>\n";
        assert_eq!(read(text)[1..], ["一、总体要求", "要稳，要实。水深<3米，a<b。", "二、保障措施"].map(str::to_owned));
    }

    #[test]
    fn headings_stand_in_items_of_a_list() {
        let text = "# 在青禾县会议上的讲话\n\n- #### 一、总体要求\n\n  （一）要稳。\n\n  （二）要实。\n- #### 二、保障措施\n\n- #话题\n";
        let document = parse(SourceText::from(text), &Hints::markdown());
        let paths: Vec<String> = document.outline.iter().map(|(id, _)| document.outline.path_text(id)).collect();
        assert_eq!(paths, ["一、", "一、/（一）", "一、/（二）", "二、"]);
        assert_eq!(read(text)[1], "一、总体要求");
    }

    #[test]
    fn breaks_at_line_ends_are_removed() {
        assert_eq!(read("# 在青禾县会议上的讲话\n\n一、塘坝 <br/>\n二、渠道<br>\n")[1..], ["一、塘坝", "二、渠道"].map(str::to_owned));
    }

    #[test]
    fn breaks_inside_headings_are_blanks() {
        let text = "# 青石县人民政府<br />关于清淤的通知\n\n各村：\n\n## 一、时间<br>和人员\n\n九月<br>开工。\n";
        let document = parse(SourceText::from(text), &Hints::markdown());
        assert_eq!(document.metadata.title.as_deref(), Some("青石县人民政府 关于清淤的通知"));
        assert_eq!(document.outline.sections().first().map(|section| section.title_text), Some("时间和人员"));
        assert_eq!(read(text).last().map(String::as_str), Some("九月<br>开工。"));
    }

    #[test]
    fn stars_without_emphasis_are_kept() {
        for line in ["面积3*5*2米。", "* 一项 * 两项。", "带*的是重点*项目。", r"\**不是\**。", "** 空 **。", "*注：见后。"]
        {
            assert_eq!(read(&format!("# 在青禾县会议上的讲话\n\n{line}\n")).last().unwrap(), line);
        }
    }

    #[test]
    fn bold_headings_open_sections() {
        let text = "# 在青禾县会议上的讲话\n\n同志们：\n\n**一、总体要求**\n\n要稳。\n\n**二、保障措施**\n\n要实。\n";
        let document = parse(SourceText::from(text), &Hints::markdown());
        let steps: Vec<_> =
            document.outline.iter().map(|(id, section)| (document.outline.step(id).unwrap_or_default(), section.heading.start)).collect();
        let at = |words| text.chars().count() - text.split(words).nth(1).unwrap().chars().count() - 2;
        assert_eq!(steps, [("一、", at("一、")), ("二、", at("二、"))]);
    }

    #[test]
    fn plain_text_keeps_its_stars() {
        let document = parse(SourceText::from("在青禾县会议上的讲话\n\n上午看了**五个点**。\n"), &Hints::default());
        assert!(document.cleaning.removed().is_empty());
    }
}
