//! Asking for the preview of the selected speech, and taking it.

use crate::tui::effect::Effect;
use crate::tui::message::{Size, SpeechPreview};
use crate::tui::state::{ScreenKind, State};
use ratatui::layout::Rect;

/// Minimum width of the terminal for the preview.
const MIN_WIDTH: u16 = 110;
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
    /// The areas of the library below its head: the list, and the preview beside it, which is empty in a
    /// narrow terminal.
    #[must_use]
    pub(crate) fn library_areas(self) -> (Rect, Rect) {
        let area = self.list_area();
        if area.width < MIN_WIDTH {
            return (area, Rect::default());
        }
        let width = (area.width * 9 / 20).min(MAX_PREVIEW_WIDTH);
        let list = Rect { width: area.width - width - 2, ..area };
        (list, Rect { x: list.right() + 2, width, ..area })
    }
}
