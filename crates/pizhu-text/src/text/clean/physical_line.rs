//! Physical lines of a source text.

use crate::text::Span;

/// A physical line that is not only white space and page marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhysicalLine {
    /// Its chars without surrounding white space; never empty.
    pub span: Span,
    /// Its first char.
    pub first: char,
    /// Its last char.
    pub last: char,
    /// Whether a blank line, or the start of the text, precedes it.
    pub after_blank_line: bool,
    /// Whether it certainly begins a paragraph: the format says that one ends before it.
    pub begins_paragraph: bool,
    /// Whether white space indents it.
    pub indented: bool,
    /// Number of runs of white space inside it, and of trailing white space.
    pub space_runs: u32,
    /// Whether nothing but a running head or chars that are not seen stand between it and the line before.
    pub goes_on: bool,
    /// Whether it is a page line whose sentence may continue on the next: its end is the end of a
    /// page, not of a paragraph.
    pub is_page_line: bool,
}
