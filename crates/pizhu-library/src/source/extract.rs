//! Output of the format extractors: the text, built line by line, with parsing hints per line.
//!
//! Invariants: hints are in text order and their spans are lines without the LF; the text never
//! exceeds its allowance in bytes, so a small file cannot exhaust memory.

use pizhu_text::document::HeadingHint;
use pizhu_text::document::Hints;
use pizhu_text::document::KindHint;
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::SourceBuilder;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::width::{AmbiguousWidth, text_width};

/// Text extracted from a file, with hints taken from its markup.
#[derive(Debug, Clone, Default)]
pub struct ExtractedText {
    /// The text; lines end with LF.
    pub text: SourceText,
    /// Headings, line kinds and the title.
    pub hints: Hints,
    /// Number of undecodable byte sequences replaced by U+FFFD.
    pub replaced: usize,
    /// Paths of the chapters that the file names but lacks.
    pub missing_parts: Vec<String>,
}

/// Error of extracting text from a file.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The file is damaged, or not of the format it claims.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The contents unpack to more than the size of the file allows, as in a decompression bomb.
    #[error("it unpacks to far more than its size allows")]
    TooLarge,
    /// Elements are nested too deeply.
    #[error("its elements are nested too deeply")]
    TooDeep,
    /// The file is encrypted, by a password or by rights management.
    #[error("it is locked by a password")]
    Locked,
}

/// Side of tracked changes to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Revisions {
    /// The text with every change accepted.
    #[default]
    Accepted,
    /// The text with every change rejected.
    Original,
}

/// Hint about a line, taken from its markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineHint {
    /// No hint.
    Plain,
    /// A heading of this level; 1 is the topmost.
    Heading(u8),
    /// A line of this kind.
    Kind(ParagraphKind),
}

/// Maximum chars of a line to be accepted as a heading.
const MAX_HEADING_CHARS: usize = 80;
/// Minimum allowance of text in bytes, for files of any size.
const MIN_ALLOWANCE_BYTES: usize = 8 * 1024 * 1024;
/// Maximum bytes of text per byte of the file.
const MAX_EXPANSION: usize = 10;

/// Builds an extracted text line by line.
pub(super) struct ExtractedTextBuilder {
    builder: SourceBuilder,
    hints: Hints,
    /// Offsets of the line ends that may stand within a paragraph.
    soft_breaks: Vec<usize>,
    /// The lines without a hint.
    widths: LineWidths,
    chars: usize,
    remaining: usize,
    ends_blank: bool,
    line_count: usize,
}

impl ExtractedTextBuilder {
    /// An empty builder; `file_len`, in bytes, limits the text.
    pub(super) fn new(file_len: u64) -> Self {
        let allowance = usize::try_from(file_len).unwrap_or(usize::MAX).saturating_mul(MAX_EXPANSION).max(MIN_ALLOWANCE_BYTES);
        Self {
            builder: SourceBuilder::default(),
            hints: Hints::default(),
            soft_breaks: Vec::new(),
            widths: LineWidths::default(),
            chars: 0,
            remaining: allowance,
            ends_blank: true,
            line_count: 0,
        }
    }

    /// Appends a paragraph: the lines of `text`, trimmed and without blank ones, all with the same
    /// hint.
    pub(super) fn push(&mut self, text: &str, hint: LineHint) -> Result<(), ExtractError> {
        self.push_lines(text, hint, false)
    }

    /// Appends lines that may belong to the same paragraph as the last line.
    pub(super) fn push_after_soft_break(&mut self, text: &str, hint: LineHint) -> Result<(), ExtractError> {
        self.push_lines(text, hint, true)
    }

    fn push_lines(&mut self, text: &str, hint: LineHint, mut continues: bool) -> Result<(), ExtractError> {
        let text = text.replace("\r\n", "\n");
        for line in text.split(['\n', '\r', '\u{2028}', '\u{2029}']).map(trim_invisible).filter(|line| !line.is_empty()) {
            if std::mem::replace(&mut continues, true) && !self.ends_blank {
                self.soft_breaks.push(self.chars - 1);
            }
            self.push_line(line, hint)?;
        }
        Ok(())
    }

    /// Appends a table row: its cells by their columns, in order. Empty cells before a filled one are
    /// kept, so that the columns stay apart.
    pub(super) fn push_row<'a>(
        &mut self,
        cells: impl IntoIterator<Item = (usize, &'a str)>,
        kind: ParagraphKind,
    ) -> Result<(), ExtractError> {
        let mut line = String::new();
        let mut at = 0;
        for (column, cell) in cells {
            let cell = trim_invisible(cell);
            if !cell.is_empty() {
                line.extend(std::iter::repeat_n('\t', column.saturating_sub(at)));
                at = at.max(column);
                line.extend(cell.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }));
            }
        }
        if line.is_empty() { Ok(()) } else { self.push_line(&line, LineHint::Kind(kind)) }
    }

    /// Appends a blank line, unless the last line is blank.
    pub(super) fn push_blank_line(&mut self) -> Result<(), ExtractError> {
        if !self.ends_blank {
            self.write("\n")?;
            self.ends_blank = true;
        }
        Ok(())
    }

    fn push_line(&mut self, line: &str, hint: LineHint) -> Result<(), ExtractError> {
        let start = self.chars;
        self.write(line)?;
        let span = Span::new(start, self.chars);
        self.write("\n")?;
        self.ends_blank = false;
        self.line_count += 1;
        match hint {
            // Body text in a heading style is not a heading.
            LineHint::Heading(level) if span.len() <= MAX_HEADING_CHARS && !line.ends_with(['。', '；', '，']) => {
                self.hints.headings.push(HeadingHint { span, level });
            }
            // Consecutive lines of one kind share a hint.
            LineHint::Kind(kind) => match self.hints.kinds.last_mut().filter(|last| last.kind == kind && last.span.end + 1 == start) {
                Some(last) => last.span.end = span.end,
                None => self.hints.kinds.push(KindHint { span, kind }),
            },
            LineHint::Plain | LineHint::Heading(_) => self.widths.push(line),
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), ExtractError> {
        self.remaining = self.remaining.checked_sub(text.len()).ok_or(ExtractError::TooLarge)?;
        self.chars += text.chars().count();
        self.builder.push_str(text);
        Ok(())
    }

    /// Bytes of text that may still be appended.
    pub(super) fn remaining_bytes(&self) -> usize {
        self.remaining
    }

    /// Chars appended so far.
    pub(super) fn len_chars(&self) -> usize {
        self.chars
    }

    /// Sets the title, unless one is set or `title` is a placeholder.
    pub(super) fn set_title(&mut self, title: &str) {
        let title = trim_invisible(title);
        if !title.is_empty() && !is_placeholder(title) && self.hints.title.is_none() {
            self.hints.title = Some(title.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    /// Finishes the text. A text that was broken into lines by width has no paragraphs. Drops the heading hints if more than two thirds of the lines have one: the
    /// author used a heading style for body text.
    pub(super) fn finish(mut self) -> ExtractedText {
        if self.hints.headings.len() > 4 && self.hints.headings.len() * 3 > self.line_count * 2 {
            self.hints.headings.clear();
        }
        self.hints.soft_breaks = (!self.widths.are_of_a_converter()).then_some(self.soft_breaks);
        ExtractedText { text: self.builder.finish(), hints: self.hints, ..ExtractedText::default() }
    }
}

/// Widths of lines, by which a text is known that a converter took from pages: it has a paragraph for
/// every line of the page.
#[derive(Debug, Default)]
struct LineWidths {
    /// The width in cells of each line, and whether its sentence is open at the end.
    lines: Vec<(u16, bool)>,
}

impl LineWidths {
    /// Minimum lines for a judgement.
    const MIN_LINES: usize = 10;
    /// Minimum width of a page in cells.
    const MIN_CELLS: u16 = 30;
    /// Maximum difference in cells between the width of a full line and that of the page.
    const TOLERANCE: u16 = 6;

    fn push(&mut self, line: &str) {
        let width = u16::try_from(text_width(line, AmbiguousWidth::Wide)).unwrap_or(u16::MAX);
        let closed = line.ends_with(['。', '！', '？', '；', '：', '…', '”', '」', '』', '.', '!', '?', ';', ':', '）', ')', '》']);
        self.lines.push((width, !closed));
    }

    /// Whether most lines are full, most of the full ones are open, and sentences end in others.
    fn are_of_a_converter(&self) -> bool {
        let count = self.lines.len();
        if count < Self::MIN_LINES {
            return false;
        }
        let mut widths: Vec<u16> = self.lines.iter().map(|(width, _)| *width).collect();
        let page = *widths.select_nth_unstable(count * 9 / 10).1;
        let near = page.saturating_sub(Self::TOLERANCE)..=page.saturating_add(Self::TOLERANCE);
        let full = self.lines.iter().filter(|(width, _)| near.contains(width));
        let (open, full) = (full.clone().filter(|(_, open)| *open).count(), full.count());
        let ended = self.lines.iter().filter(|(width, open)| !open && *width < *near.start()).count();
        page >= Self::MIN_CELLS && full * 2 >= count && open * 10 >= full * 7 && ended >= 2
    }
}

/// Whether a title is a placeholder that a program fills in (`Untitled`, `Section 12`, `无标题文档`).
pub(super) fn is_placeholder(title: &str) -> bool {
    const NONE: [&str; 9] =
        ["unknown title", "unknown", "untitled", "untitled document", "new document", "无标题", "无标题文档", "未命名", "無標題"];
    let title = trim_invisible(title).to_lowercase();
    let counted = ["section ", "chapter ", "part ", "page "].iter().find_map(|word| title.strip_prefix(word));
    NONE.contains(&title.as_str()) || counted.is_some_and(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Trims white space and zero-width characters.
pub(super) fn trim_invisible(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{2060}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_cover_their_lines() {
        let mut lines = ExtractedTextBuilder::new(100);
        lines.push("  青禾县讲话\r\n\r\n", LineHint::Heading(1)).unwrap();
        lines.push_blank_line().unwrap();
        lines.push_blank_line().unwrap();
        lines.push("首页\n登录", LineHint::Kind(ParagraphKind::Boilerplate)).unwrap();
        lines.push("这一段用了标题样式，其实是正文。", LineHint::Heading(2)).unwrap();
        let ExtractedText { text, hints, .. } = lines.finish();
        assert_eq!(text.slice(text.span()), "青禾县讲话\n\n首页\n登录\n这一段用了标题样式，其实是正文。\n");
        assert_eq!(hints.kinds.len(), 1);
        assert_eq!(text.slice(hints.kinds[0].span), "首页\n登录");
        assert_eq!(hints.headings, [HeadingHint { span: Span::new(0, 5), level: 1 }]);
    }

    #[test]
    fn line_ends_within_paragraphs_are_soft() {
        let mut lines = ExtractedTextBuilder::new(100);
        lines.push("第一段第一行\n第二行", LineHint::Plain).unwrap();
        lines.push("第二段", LineHint::Plain).unwrap();
        lines.push_after_soft_break("接着", LineHint::Plain).unwrap();
        lines.push_row([(1, "甲"), (2, " "), (4, "乙\n丙")], ParagraphKind::Verbatim).unwrap();
        let ExtractedText { text, hints, .. } = lines.finish();
        assert_eq!(text.slice(text.span()), "第一段第一行\n第二行\n第二段\n接着\n\t甲\t\t\t乙 丙\n");
        assert_eq!(hints.soft_breaks, Some(vec![6, 14]));
        assert_eq!(hints.kinds.len(), 1);
    }

    #[test]
    fn lines_broken_by_width_are_no_paragraphs() {
        let finish = |texts: &[&str]| {
            let mut lines = ExtractedTextBuilder::new(100);
            for text in texts {
                lines.push(text, LineHint::Plain).unwrap();
            }
            lines.finish().hints.soft_breaks
        };
        let full = "今年以来全县上下齐心协力修通了几条往年想修而没能修通的水";
        let page = [full, full, full, "渠。", full, full, full, full, full, "渠。", full, "渠。"];
        assert_eq!(finish(&page), None);
        assert_eq!(finish(&[full; 12]), Some(Vec::new()), "a list of items without marks");
        let mixed =
            [full, "渠。", "要抓实", "要抓细。", full, "一二三四五六", "渠。", "好", "修通了几条往年想修而没能修通的水渠", "渠。", "好"];
        assert_eq!(finish(&mixed), Some(Vec::new()));
    }

    #[test]
    fn placeholders_are_not_titles() {
        assert!(["Unknown Title", " Untitled", "Section 12", "无标题文档"].into_iter().all(is_placeholder));
        assert!(["讲话", "Section One", "Chapter 3 讲话"].into_iter().all(|title| !is_placeholder(title)));
        let mut lines = ExtractedTextBuilder::new(10);
        lines.set_title("Unknown Title");
        lines.set_title("讲话");
        assert_eq!(lines.finish().hints.title.as_deref(), Some("讲话"));
    }

    #[test]
    fn text_size_is_bounded() {
        let mut lines = ExtractedTextBuilder::new(10);
        let line = "字".repeat(1 << 20);
        assert!((0..3).any(|_| matches!(lines.push(&line, LineHint::Plain), Err(ExtractError::TooLarge))));
    }
}
