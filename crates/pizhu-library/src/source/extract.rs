//! What the readers of rich formats give: the extracted text line by line, with the hints that
//! the format has about each line.
//!
//! Invariants: hints stand in the order of the text, their spans are lines of it without the LF;
//! the text never outgrows its allowance, so that a small file cannot fill the memory.

use pizhu_text::document::HeadingHint;
use pizhu_text::document::Hints;
use pizhu_text::document::KindHint;
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::SourceBuilder;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;

/// The extracted text of a file, and what its format tells about it.
#[derive(Debug, Clone, Default)]
pub struct Extracted {
    /// The text, its lines ended by LF.
    pub text: SourceText,
    /// Headings, lines set apart, the title.
    pub hints: Hints,
    /// Undecodable sequences that became U+FFFD.
    pub replaced: usize,
}

/// Why a rich file gives no text.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// The file is not what it says it is, or broken.
    #[error("damaged: {0}")]
    Damaged(String),
    /// It unpacks to more than any speech needs: a bomb, or not a speech.
    #[error("it unpacks to far more than its size allows")]
    TooLarge,
    /// Its elements are nested deeper than any word processor does.
    #[error("its elements are nested too deeply")]
    TooDeep,
    /// It is locked by a password or by rights management.
    #[error("it is locked by a password")]
    Locked,
}

/// Which side of tracked changes is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Revisions {
    /// As if every change had been accepted.
    #[default]
    Accepted,
    /// As if every change had been rejected.
    Original,
}

/// What a line is, as far as its format tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing in particular.
    Plain,
    /// A heading of this level, 1 for the topmost.
    Heading(u8),
    /// A line of this kind.
    Kind(ParagraphKind),
}

/// Longest line, in chars, that a format's heading style is believed on.
const HEADING_CHARS: usize = 80;
/// Bytes of text that any file may give.
const LEAST_ALLOWANCE: usize = 8 * 1024 * 1024;
/// Bytes of text that a file may give for each of its own.
const GROWTH: usize = 10;

/// Collects lines and their hints.
pub(super) struct Lines {
    builder: SourceBuilder,
    hints: Hints,
    chars: usize,
    left: usize,
    blank: bool,
    count: usize,
}

impl Lines {
    /// Takes the lines of a file of `file_len` bytes.
    pub(super) fn new(file_len: u64) -> Self {
        let allowance = usize::try_from(file_len).unwrap_or(usize::MAX).saturating_mul(GROWTH).max(LEAST_ALLOWANCE);
        Self { builder: SourceBuilder::default(), hints: Hints::default(), chars: 0, left: allowance, blank: true, count: 0 }
    }

    /// Adds `text`, each of its lines as one; white space around a line falls away, and so do
    /// empty lines.
    pub(super) fn push(&mut self, text: &str, mark: Mark) -> Result<(), ExtractError> {
        let text = text.replace("\r\n", "\n");
        for line in text.split(['\n', '\r', '\u{2028}', '\u{2029}']).map(trimmed).filter(|line| !line.is_empty()) {
            self.line(line, mark)?;
        }
        Ok(())
    }

    /// Adds an empty line, unless the last one was empty.
    pub(super) fn gap(&mut self) -> Result<(), ExtractError> {
        if !self.blank {
            self.write("\n")?;
            self.blank = true;
        }
        Ok(())
    }

    fn line(&mut self, line: &str, mark: Mark) -> Result<(), ExtractError> {
        let start = self.chars;
        self.write(line)?;
        let span = Span::new(start, self.chars);
        self.write("\n")?;
        self.blank = false;
        self.count += 1;
        match mark {
            // A paragraph that runs on in a heading's style is a paragraph.
            Mark::Heading(level) if span.len() <= HEADING_CHARS && !line.ends_with(['。', '；', '，']) => {
                self.hints.headings.push(HeadingHint { span, level });
            }
            // Lines of a kind that follow one another share a hint, which keeps hints few.
            Mark::Kind(kind) => match self.hints.kinds.last_mut().filter(|last| last.kind == kind && last.span.end + 1 == start) {
                Some(last) => last.span.end = span.end,
                None => self.hints.kinds.push(KindHint { span, kind }),
            },
            Mark::Plain | Mark::Heading(_) => {}
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), ExtractError> {
        self.left = self.left.checked_sub(text.len()).ok_or(ExtractError::TooLarge)?;
        self.chars += text.chars().count();
        self.builder.push_str(text);
        Ok(())
    }

    /// Bytes of text that may still come.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Chars so far.
    pub(super) fn len(&self) -> usize {
        self.chars
    }

    /// Names the document's title.
    pub(super) fn set_title(&mut self, title: &str) {
        let title = trimmed(title);
        if !title.is_empty() && !is_placeholder(title) && self.hints.title.is_none() {
            self.hints.title = Some(title.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    /// The text and its hints. Headings that make up most of the text are a habit of its writer
    /// and tell nothing.
    pub(super) fn finish(mut self) -> Extracted {
        if self.hints.headings.len() > 4 && self.hints.headings.len() * 3 > self.count * 2 {
            self.hints.headings.clear();
        }
        Extracted { text: self.builder.finish(), hints: self.hints, replaced: 0 }
    }
}

/// Whether a title or a chapter's name is what a program puts where nobody has given one.
pub(super) fn is_placeholder(title: &str) -> bool {
    const NONE: [&str; 9] =
        ["unknown title", "unknown", "untitled", "untitled document", "new document", "无标题", "无标题文档", "未命名", "無標題"];
    let title = trimmed(title).to_lowercase();
    let counted = ["section ", "chapter ", "part ", "page "].iter().find_map(|word| title.strip_prefix(word));
    NONE.contains(&title.as_str()) || counted.is_some_and(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `text` without the white space and invisible signs around it.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{2060}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_carry_their_hints() {
        let mut lines = Lines::new(100);
        lines.push("  青禾县讲话\r\n\r\n", Mark::Heading(1)).unwrap();
        lines.gap().unwrap();
        lines.gap().unwrap();
        lines.push("首页\n登录", Mark::Kind(ParagraphKind::Boilerplate)).unwrap();
        lines.push("这一段用了标题样式，其实是正文。", Mark::Heading(2)).unwrap();
        let Extracted { text, hints, .. } = lines.finish();
        assert_eq!(text.slice(text.span()), "青禾县讲话\n\n首页\n登录\n这一段用了标题样式，其实是正文。\n");
        assert_eq!(hints.kinds.len(), 1);
        assert_eq!(text.slice(hints.kinds[0].span), "首页\n登录");
        assert_eq!(hints.headings, [HeadingHint { span: Span::new(0, 5), level: 1 }]);
    }

    #[test]
    fn placeholders_are_no_titles() {
        assert!(["Unknown Title", " Untitled", "Section 12", "无标题文档"].into_iter().all(is_placeholder));
        assert!(["讲话", "Section One", "Chapter 3 讲话"].into_iter().all(|title| !is_placeholder(title)));
        let mut lines = Lines::new(10);
        lines.set_title("Unknown Title");
        lines.set_title("讲话");
        assert_eq!(lines.finish().hints.title.as_deref(), Some("讲话"));
    }

    #[test]
    fn the_text_stops_growing() {
        let mut lines = Lines::new(10);
        let line = "字".repeat(1 << 20);
        assert!((0..3).any(|_| matches!(lines.push(&line, Mark::Plain), Err(ExtractError::TooLarge))));
    }
}
