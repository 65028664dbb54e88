//! Logical lines, and the fragments of physical lines that they are made of.

use crate::text::Span;

/// A logical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LogicalLine {
    /// Its chars without surrounding white space; physical line breaks may lie inside.
    pub span: Span,
    /// Its first char.
    pub first: char,
    /// Its last char.
    pub last: char,
    /// Whether it was one line originally: a physical line, hard-wrapped lines, or a fragment
    /// between two lost breaks.
    pub single: bool,
    /// Whether it is a fragment of a physical line that was split at lost breaks.
    pub from_lost_break: bool,
}

/// The kind of break before a fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BreakKind {
    /// The end of a paragraph, as the format says.
    Paragraph,
    /// A line break that the author made.
    Hard,
    /// A line break at the full width of a hard-wrapped text.
    Wrapped,
    /// White space in place of a lost line break.
    Soft,
}

/// A piece of a physical line, with the break before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineFragment {
    pub span: Span,
    pub first: char,
    pub last: char,
    pub break_before: BreakKind,
    /// Whether its physical line was split at lost breaks.
    pub lost_breaks: bool,
    /// Whether an empty line stands before it.
    pub after_blank_line: bool,
    /// Whether a running head or the like stood before it.
    pub goes_on: bool,
}
