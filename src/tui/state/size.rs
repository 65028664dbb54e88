//! Sizes, and where the panes are.

use super::{Focus, Reader, Setting};
use crate::tui::widget::place;
use ratatui::layout::Rect;

/// The least size there is a screen for.
pub const LEAST: Size = Size { width: 20, height: 5 };
/// From this width on the outline has room beside the text.
const SIDE_PANE_FROM: u16 = 72;
/// The narrowest outline beside the text.
const OUTLINE_FROM: u16 = 22;
/// Cells beside the text for the signs of annotations, with one blank.
const GUTTER: u16 = 2;

/// The terminal's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Cells in a row.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Size {
    /// Whether there is room for a screen at all.
    #[must_use]
    pub fn is_enough(self) -> bool {
        self.width >= LEAST.width && self.height >= LEAST.height
    }

    /// The whole screen.
    #[must_use]
    pub fn area(self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    /// The screen above the status line.
    #[must_use]
    pub fn full(self) -> Rect {
        Rect { height: self.height.saturating_sub(1), ..self.area() }
    }

    /// The rows of the library's list.
    #[must_use]
    pub fn library(self) -> Rect {
        let full = self.full();
        Rect { y: 2.min(full.height), height: full.height.saturating_sub(2), ..full }
    }

    /// Where pickers lie, their frames included.
    #[must_use]
    pub fn picker(self) -> Rect {
        place(self.area(), 64, 18)
    }

    /// Where the settings lie, the frame included.
    #[must_use]
    pub fn settings(self) -> Rect {
        place(self.full(), 56, 16)
    }

    /// Where the first steps lie, the frame included.
    #[must_use]
    pub fn steps(self) -> Rect {
        place(self.full(), 80, 10)
    }

    /// Where the note editor lies, its frame included.
    #[must_use]
    pub fn editor(self) -> Rect {
        place(self.area(), 72, 14)
    }

    /// Whether the outline fits beside the text.
    #[must_use]
    pub fn fits_side_pane(self) -> bool {
        self.width >= SIDE_PANE_FROM
    }
}

/// Where things are on the reader's screen. A pane that is not shown is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panes {
    /// The outline, without the line that parts it from the text.
    pub outline: Rect,
    /// Everything to the right of it, above the status line.
    pub text: Rect,
    /// The signs beside the text.
    pub gutter: Rect,
    /// The text's column.
    pub column: Rect,
    /// Room for notes to the right of the column; empty where there is too little.
    pub margin: Rect,
    /// The status line.
    pub status: Rect,
}

/// The narrowest margin that notes are set in.
const MARGIN_FROM: u16 = 20;
/// The widest.
const MARGIN_MOST: u16 = 40;

impl Panes {
    /// Divides the screen: the text column stands in the middle
    /// of what the outline leaves.
    #[must_use]
    pub fn of(size: Size, setting: &Setting, reader: Option<&Reader>) -> Self {
        let column = setting.style.width;
        let height = size.height.saturating_sub(1);
        let status = Rect::new(0, height, size.width, size.height.min(1));
        let has_outline = reader.is_some_and(|reader| !reader.document().outline.sections().is_empty());
        let focused = has_outline && reader.is_some_and(|reader| reader.focus == Focus::Outline);
        let beside = setting.beside && size.fits_side_pane() && has_outline && reader.is_some_and(|reader| reader.outline_shown || focused);
        let outline = match (beside, focused) {
            (true, _) => {
                // The text keeps its full column where that leaves the outline its least width.
                let spare = size.width.saturating_sub(column + GUTTER + 3);
                Rect::new(0, 0, setting.outline.min(spare.max(OUTLINE_FROM).max(size.width * 3 / 10)), height)
            }
            (false, true) => Rect::new(0, 0, size.width, height),
            (false, false) => Rect::default(),
        };
        let left = if beside { outline.width + 1 } else { 0 };
        let text = Rect::new(left, 0, size.width.saturating_sub(left), height);
        let inner = text.width.saturating_sub(GUTTER + 1).max(4);
        let width = inner.min(column.max(4));
        let spare = inner - width;
        // Notes get the room to the right where it is enough; the column stays in the middle else.
        let before =
            if setting.notes && (MARGIN_FROM + 4..2 * MARGIN_FROM + 4).contains(&spare) { spare - MARGIN_FROM - 2 } else { spare / 2 };
        let start = text.x + before + GUTTER;
        let behind = (text.right()).saturating_sub(start + width + 2);
        let margin = if setting.notes && behind >= MARGIN_FROM {
            Rect::new(start + width + 2, 0, behind.min(MARGIN_MOST), height)
        } else {
            Rect::default()
        };
        Self {
            outline,
            text,
            gutter: Rect::new(start - GUTTER, 0, GUTTER, height),
            column: Rect::new(start, 0, width.min(size.width.saturating_sub(start)).max(4), height),
            margin,
            status,
        }
    }
}
