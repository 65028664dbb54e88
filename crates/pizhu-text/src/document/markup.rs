//! The signs of Markdown that are no part of what is said: those of headings and of emphasis.
//!
//! They are taken out as page marks are, and the source stays as it is (CommonMark 0.31.2, 4.2 and
//! 6.2; but emphasis may stand beside Chinese punctuation, `**“粗”**字`, which CommonMark denies).

use super::{lines::Logical, roles::Role};
use crate::text::Cursor;
use crate::text::RemovedKind;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::clean::scan::Line;
use crate::text::cursor::is_blank;

/// The longest run of `*` that emphasises.
const LONGEST_RUN: usize = 3;

/// The pairs of `*`, `**` and `***` within a line, in order.
pub(super) fn emphasis(source: &SourceText, lines: &[Line]) -> Vec<(Span, RemovedKind)> {
    let mut signs = Vec::new();
    for line in lines {
        let mut opening: Option<Span> = None;
        let mut cursor = Cursor::raw(source, line.span);
        let mut before = None;
        while let Some((start, c)) = cursor.next() {
            if c != '*' {
                before = Some(c);
                continue;
            }
            while cursor.peek().is_some_and(|(_, c)| c == '*') {
                cursor.next();
            }
            let run = Span::new(start, cursor.offset());
            let after = cursor.peek().map(|(_, c)| c);
            // A star alone is more often a mark of its own: it has to stand at a word's end.
            let stands = |beside: Option<char>| run.len() > 1 || !beside.is_some_and(char::is_alphanumeric);
            let touches = |beside: Option<char>| beside.is_some_and(|c| !is_blank(c) && c != '\\');
            if let Some(open) = opening.take_if(|open| open.len() == run.len() && touches(before) && stands(after)) {
                signs.extend([(open, RemovedKind::Markup), (run, RemovedKind::Markup)]);
            } else if run.len() <= LONGEST_RUN && touches(after) && before != Some('\\') && stands(before) {
                opening = Some(run);
            }
            before = Some('*');
        }
    }
    signs
}

/// The `#` before headings, and the `#` that close some. The lines are left without them.
pub(super) fn heading_signs(source: &SourceText, lines: &mut [Logical], roles: &[Role]) -> Vec<(Span, RemovedKind)> {
    let mut signs = Vec::new();
    for (line, role) in lines.iter_mut().zip(roles) {
        if line.first != '#' || !matches!(role, Role::Markdown(_) | Role::Title | Role::Boilerplate) {
            continue;
        }
        let whole = line.span;
        let mut hashes = Cursor::raw(source, whole).skip_while(|(_, c)| *c == '#').skip_while(|(_, c)| is_blank(*c));
        let Some((start, first)) = hashes.next() else { continue };
        let mut ends = source.chars_before(whole.end).take_while(|(at, _)| *at > start).skip_while(|(_, c)| *c == '#');
        let end = match ends.next() {
            Some((_, c)) if line.last == '#' && is_blank(c) => ends.find(|(_, c)| !is_blank(*c)).map_or(start, |(at, _)| at) + 1,
            _ => whole.end,
        };
        for sign in [Span::new(whole.start, start), Span::new(end, whole.end)] {
            if !sign.is_empty() {
                signs.push((sign, RemovedKind::Markup));
            }
        }
        let last = source.chars_before(end).next().map_or(line.last, |(_, c)| c);
        *line = Logical { span: Span::new(start, end), first, last, ..*line };
    }
    signs
}

#[cfg(test)]
mod tests {
    use crate::document::Hints;
    use crate::document::parse;
    use crate::text::SourceText;

    /// The paragraphs of a Markdown text as they are read.
    fn read(text: &str) -> Vec<String> {
        let document = parse(SourceText::from(text), &Hints::markdown());
        document.paragraphs.iter().map(|paragraph| document.cleaning.text(&document.source, paragraph.span)).collect()
    }

    #[test]
    fn signs_of_headings_and_emphasis_are_not_read() {
        let text = "# 在青禾县会议上的讲话\n\n同志们：\n\n## 一、总体要求 ##\n\n上午看了**五个点**，**“粗”**字也算，*（录音整理）*。\n\n### C#\n\n好。\n";
        assert_eq!(
            read(text),
            ["在青禾县会议上的讲话", "同志们：", "一、总体要求", "上午看了五个点，“粗”字也算，（录音整理）。", "C#", "好。"]
        );
    }

    #[test]
    fn stars_that_emphasise_nothing_stay() {
        for line in ["面积3*5*2米。", "* 一项 * 两项。", "带*的是重点*项目。", r"\**不是\**。", "** 空 **。", "*注：见后。"]
        {
            assert_eq!(read(&format!("# 在青禾县会议上的讲话\n\n{line}\n")).last().unwrap(), line);
        }
    }

    #[test]
    fn headings_in_bold_are_headings() {
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
