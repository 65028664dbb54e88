//! Asking for the preview of the selected speech, and taking it.

use crate::tui::effect::Effect;
use crate::tui::message::{Size, SpeechPreview};
use crate::tui::state::{MIN_HEADS_WIDTH, ScreenKind, State};
use ratatui::layout::Rect;

/// Minimum width of the terminal for the preview.
const MIN_WIDTH: u16 = 110;
/// Minimum height of the list, in rows, for heads above its columns.
const MIN_HEADS_HEIGHT: u16 = 12;
/// Maximum width of the preview.
const MAX_PREVIEW_WIDTH: u16 = 84;

impl State {
    /// Asks for the preview of the selected speech, if it is shown and not there.
    pub(in crate::tui) fn request_preview(&mut self, effects: &mut Vec<Effect>) {
        if self.screen != ScreenKind::Library || self.size.library_areas().1.is_empty() {
            return;
        }
        if let Some(entry) = self.library.selected_entry().filter(|entry| entry.error.is_empty())
            && self.preview.ask(entry)
        {
            effects.push(Effect::Preview(entry.path.clone()));
        }
    }

    /// Takes a preview.
    pub(in crate::tui) fn set_preview(&mut self, preview: SpeechPreview) {
        self.preview.set(preview);
    }
}

impl Size {
    /// The areas of the library below its title: the list without the heads of its columns, and the
    /// preview beside it, which is empty in a narrow terminal.
    #[must_use]
    pub(crate) fn library_areas(self) -> (Rect, Rect) {
        let area = self.list_area();
        let heads = self.library_heads().height;
        let list = Rect { y: area.y + heads, height: area.height - heads, width: self.library_width(), ..area };
        if list.width == area.width {
            return (list, Rect::default());
        }
        (list, Rect { x: list.right() + 2, width: area.width - list.width - 2, ..area })
    }

    /// The row of the heads above the list's columns; empty in a small terminal.
    #[must_use]
    pub(crate) fn library_heads(self) -> Rect {
        let area = self.list_area();
        let width = self.library_width();
        let is_roomy = width >= MIN_HEADS_WIDTH && area.height >= MIN_HEADS_HEIGHT;
        Rect { width, height: u16::from(is_roomy), ..area }
    }

    fn library_width(self) -> u16 {
        if self.width < MIN_WIDTH {
            return self.width;
        }
        self.width - (self.width * 9 / 20).min(MAX_PREVIEW_WIDTH) - 2
    }
}
