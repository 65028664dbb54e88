//! The lines of the running text: the physical lines that hold more than white space.

use crate::text::{Cursor, SourceText, Span, cursor::is_blank};

/// One physical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Its chars without the white space around them; never empty.
    pub span: Span,
    /// Its last char.
    pub last: char,
    /// Whether an empty line (or the text's start) stands before it.
    pub after_gap: bool,
}

/// All lines of the source that hold more than white space.
pub(super) fn lines(source: &SourceText) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let mut open: Option<Line> = None;
    let mut breaks = 2;
    for (at, c) in Cursor::raw(source, source.span()) {
        if c == '\n' {
            found.extend(open.take());
            breaks += 1;
        } else if !is_blank(c) {
            let line = open.get_or_insert_with(|| Line { span: Span::empty(at), last: c, after_gap: breaks > 1 });
            line.span.end = at + 1;
            line.last = c;
            breaks = 0;
        }
    }
    found.extend(open);
    found
}

/// Whether `c` closes a sentence or announces what follows, so that a line may end behind it.
pub(super) fn is_closing(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '.' | '：' | ':' | '”' | '』' | '」' | '"' | '’' | '）' | ')' | '｡' | '》' | '】')
}
