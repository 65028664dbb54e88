//! The selection in the text.
//!
//! Invariants, after [`ReaderScreen::sync_to_cursor`](crate::tui::state::ReaderScreen::sync_to_cursor): the head is
//! the cursor; the span covers the graphemes of anchor and head and all between.

use crate::tui::state::TextUnit;
use pizhu_text::text::Span;

/// A selection; see the module docs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Char offset of the grapheme at the fixed end.
    pub anchor: usize,
    /// The selected span.
    pub span: Span,
    /// The cursor when the selection was tagged: a note can be added to it until the cursor moves, which
    /// then clears it instead of extending it.
    pub(in crate::tui) tagged_at: Option<usize>,
    /// Unit of the last selection, for extending it.
    pub(in crate::tui) unit: Option<TextUnit>,
    /// Earlier spans, to shrink back to.
    pub(in crate::tui) shrink_stack: Vec<Span>,
}
