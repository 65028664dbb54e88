//! What views share besides the state.

use crate::locale::{Locale, MessageId, Value};
use crate::tui::command::keymap::Keymap;
use crate::tui::theme::StyleRole;
use crate::tui::widget::StyleContext;
use pizhu_terminal::paint;
use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};

/// What views need besides the state: styles, character widths and language.
#[derive(Debug, Clone, Copy)]
pub struct RenderContext<'a> {
    /// The theme and the width of ambiguous characters.
    pub styles: StyleContext<'a>,
    /// The language of messages.
    pub locale: Locale,
    /// Whether overlays have frames.
    pub frames: bool,
    /// The key bindings in force, for hints and help.
    pub keymap: &'a Keymap,
}

impl RenderContext<'_> {
    /// Formats the message `id` with arguments.
    pub(in crate::tui) fn format(&self, id: MessageId, arguments: &[(&str, Value)]) -> String {
        self.locale.format(id, arguments)
    }

    /// Draws `text` at the left of the first row of `area`, cut at its right edge, in the style of
    /// `role` over that of the cell there; returns the column after it.
    pub(in crate::tui) fn draw_text(&self, buffer: &mut Buffer, area: Rect, text: &str, role: StyleRole) -> u16 {
        let style = buffer.cell((area.x, area.y)).map(Cell::style).unwrap_or_default();
        paint::draw_text(buffer, area.x, area.y, area.right(), text, style.patch(self.styles.style(role)), self.styles.ambiguous)
    }
}
