//! Terminal size, and the areas of panes and windows.

use super::{DisplayOptions, Focus, ReaderScreen};
use crate::tui::message::Size;
use crate::tui::widget::centered;
use ratatui::layout::Rect;

/// Minimum terminal size.
pub(crate) const MIN_SIZE: Size = Size { width: 20, height: 5 };
/// Minimum terminal width for the outline beside the text.
const MIN_SIDE_PANE_WIDTH: u16 = 72;
/// Minimum width of the text beside an outline whose width was chosen.
const MIN_TEXT_WIDTH: u16 = 30;
/// Minimum width of the outline beside the text.
const MIN_OUTLINE_WIDTH: u16 = 22;
/// Maximum width that the outline takes by itself on a wide screen.
const MAX_OUTLINE_WIDTH: u16 = 64;
/// Cells beside the text for the signs of annotations, including one blank.
const GUTTER_WIDTH: u16 = 2;

impl Size {
    /// Whether the terminal is large enough for the program.
    #[must_use]
    pub(crate) fn is_large_enough(self) -> bool {
        self.width >= MIN_SIZE.width && self.height >= MIN_SIZE.height
    }

    /// The whole screen.
    #[must_use]
    pub fn area(self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    /// The screen without the status line.
    #[must_use]
    pub(crate) fn above_status_line(self) -> Rect {
        Rect { height: self.height.saturating_sub(1), ..self.area() }
    }

    /// The rows of a list below a two-row header.
    #[must_use]
    pub(crate) fn list_area(self) -> Rect {
        let full = self.above_status_line();
        Rect { y: 2.min(full.height), height: full.height.saturating_sub(2), ..full }
    }

    /// Area of pickers, including the frame.
    #[must_use]
    pub(crate) fn picker(self) -> Rect {
        centered(self.area(), 64, 18)
    }

    /// Area of the settings, including the frame.
    #[must_use]
    pub fn settings(self) -> Rect {
        centered(self.above_status_line(), 56, 16)
    }

    /// Area of the introduction, including the frame.
    #[must_use]
    pub(crate) fn welcome(self) -> Rect {
        centered(self.above_status_line(), 80, 10)
    }

    /// Area of the note editor, including the frame.
    #[must_use]
    pub fn editor(self) -> Rect {
        centered(self.area(), 72, 14)
    }

    /// Whether the outline fits beside the text.
    #[must_use]
    pub(crate) fn fits_side_pane(self) -> bool {
        self.width >= MIN_SIDE_PANE_WIDTH
    }
}

/// Areas of the reader screen. Hidden panes are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panes {
    /// The outline, without the separator.
    pub outline: Rect,
    /// Everything right of the outline, above the status line.
    pub text: Rect,
    /// The gutter: signs of annotations beside the text.
    pub gutter: Rect,
    /// The text column.
    pub column: Rect,
    /// The margin for notes, right of the column; empty if too narrow.
    pub margin: Rect,
    /// The status line.
    pub status: Rect,
}

/// Minimum width of the margin.
const MIN_MARGIN_WIDTH: u16 = 20;
/// Maximum width of the margin.
const MAX_MARGIN_WIDTH: u16 = 40;

impl Panes {
    /// Divides the screen; the text column is centred in what the outline leaves.
    #[must_use]
    pub fn new(size: Size, options: &DisplayOptions, reader: Option<&ReaderScreen>) -> Self {
        let column = options.style.width;
        let height = size.height.saturating_sub(1);
        let status = Rect::new(0, height, size.width, size.height.min(1));
        let has_outline = reader.is_some_and(|reader| !reader.document().outline.sections().is_empty());
        let focused = has_outline && reader.is_some_and(|reader| reader.focus == Focus::Outline);
        let side_by_side =
            options.side_panes && size.fits_side_pane() && has_outline && reader.is_some_and(|reader| reader.outline_shown || focused);
        let outline = match (side_by_side, focused) {
            (true, _) => {
                // The text keeps its full width as long as the outline has its minimum.
                let spare = size.width.saturating_sub(column + GUTTER_WIDTH + 3);
                // Two thirds of what neither the text nor a margin needs make it wider.
                let roomy = (spare.saturating_sub(MAX_MARGIN_WIDTH) * 2 / 3).min(MAX_OUTLINE_WIDTH);
                let width = if options.outline_grows {
                    options.outline_width.max(roomy).min(spare.max(MIN_OUTLINE_WIDTH).max(size.width * 3 / 10))
                } else {
                    // As the user has chosen, as long as the text stays readable.
                    options.outline_width.min(size.width.saturating_sub(MIN_TEXT_WIDTH))
                };
                Rect::new(0, 0, width, height)
            }
            (false, true) => Rect::new(0, 0, size.width, height),
            (false, false) => Rect::default(),
        };
        let left = if side_by_side { outline.width + 1 } else { 0 };
        let text = Rect::new(left, 0, size.width.saturating_sub(left), height);
        let inner = text.width.saturating_sub(GUTTER_WIDTH + 1).max(4);
        let width = inner.min(column.max(4));
        let spare = inner - width;
        // If the space suffices for a margin on one side only, the column moves left to make room for it.
        let left_space = if options.margin_notes && (MIN_MARGIN_WIDTH + 4..2 * MIN_MARGIN_WIDTH + 4).contains(&spare) {
            spare - MIN_MARGIN_WIDTH - 2
        } else {
            spare / 2
        };
        let start = text.x + left_space + GUTTER_WIDTH;
        let right_space = (text.right()).saturating_sub(start + width + 2);
        let margin = if options.margin_notes && right_space >= MIN_MARGIN_WIDTH {
            Rect::new(start + width + 2, 0, right_space.min(MAX_MARGIN_WIDTH), height)
        } else {
            Rect::default()
        };
        Self {
            outline,
            text,
            gutter: Rect::new(start - GUTTER_WIDTH, 0, GUTTER_WIDTH, height),
            column: Rect::new(start, 0, width.min(size.width.saturating_sub(start)).max(4), height),
            margin,
            status,
        }
    }
}
