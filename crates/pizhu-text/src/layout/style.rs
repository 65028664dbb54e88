//! Layout options, and the shape they give a segment.

use super::kinsoku::KinsokuStrictness;
use crate::text::width::AmbiguousWidth;

/// Minimum width of a column in cells; the widest sign fits.
pub const MIN_WIDTH: u16 = 8;

/// Layout options.
///
/// ```
/// use pizhu_text::layout::LayoutStyle;
///
/// let style = LayoutStyle { width: 40, hanging: true, ..LayoutStyle::default() };
/// assert_eq!(style.first_indent, 4); // cells: two hanzi
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LayoutStyle {
    /// Width of the column in cells, at least [`MIN_WIDTH`].
    pub width: u16,
    /// Width of ambiguous characters.
    pub ambiguous: AmbiguousWidth,
    /// Indent of the first row of a paragraph, in cells; reduced if its first word would not fit.
    pub first_indent: u16,
    /// Strictness of the rule for marks at the start of a row.
    pub kinsoku: KinsokuStrictness,
    /// Hanging punctuation: whether a stop at the end of a row may be outside the column.
    pub hanging: bool,
    /// Whether rows are justified to the full width of the column.
    pub justify: bool,
}

impl Default for LayoutStyle {
    fn default() -> Self {
        Self {
            width: 80,
            ambiguous: AmbiguousWidth::Narrow,
            first_indent: 4,
            kinsoku: KinsokuStrictness::Strict,
            hanging: false,
            justify: false,
        }
    }
}

/// Position of the rows of a segment in the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SegmentShape {
    /// Indent of the first row, in cells.
    pub(super) first_indent: u16,
    /// Whether each row is centred.
    pub(super) centred: bool,
    /// Whether lines are kept verbatim: not justified, and a short last row is not avoided.
    pub(super) verbatim: bool,
}
