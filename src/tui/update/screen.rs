//! Opening and closing speeches, and laying out the screens.

use crate::tui::effect::Effect;
use crate::tui::message::Size;
use crate::tui::state::{ReaderScreen, ScreenKind, State};
use pizhu_text::layout::LayoutStyle;
use std::path::Path;

impl State {
    /// Lays everything out again; to be called when sizes or panes may have changed.
    pub(crate) fn arrange(&mut self) {
        self.fit_overlay();
        for screen in ScreenKind::ALL {
            (screen.functions().arrange)(self);
        }
    }

    /// Lays the open speech out.
    pub(in crate::tui) fn arrange_reader(&mut self) {
        let panes = self.panes();
        if let Some(reader) = &mut self.reader {
            let style = LayoutStyle { width: panes.column.width, ..self.display_options.style };
            reader.arrange(style, self.display_options.spacing, panes.column.height, panes.outline.height);
        }
    }

    /// Sets the terminal's size.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        self.arrange();
    }

    /// Opens a speech; it arrives as an event.
    pub(crate) fn open_speech(&mut self, path: &Path, effects: &mut Vec<Effect>) {
        self.save_position(effects);
        self.last_opening += 1;
        self.status = None;
        effects.push(Effect::Open { opening: self.last_opening, path: path.to_owned() });
    }

    /// Shows a speech that was opened.
    pub fn show_reader(&mut self, mut reader: ReaderScreen) {
        reader.outline_shown = self.settings.outline_width > 0;
        self.reader = Some(reader);
        self.moving_annotation = None;
        self.found_drafts.retain(|draft| draft.screen() != ScreenKind::Reader);
        self.screen = ScreenKind::Reader;
        self.close_all_overlays();
        self.arrange();
    }

    /// Closes the open speech and shows the screen it was opened from.
    pub(crate) fn close_reader(&mut self, effects: &mut Vec<Effect>) {
        self.save_position(effects);
        if let Some(reader) = self.reader.take() {
            // Its tags and notes may have changed.
            self.preview.forget(&reader.origin.path);
        }
        self.found_drafts.retain(|draft| draft.screen() != ScreenKind::Reader);
        self.overlays_below.clear();
        self.screen = match (&self.compare, &self.results, &self.counts) {
            // A speech opened from the basket.
            _ if self.basket.is_some() => ScreenKind::Basket,
            (Some(_), ..) => ScreenKind::Compare,
            (None, Some(_), _) => ScreenKind::Results,
            (None, None, Some(_)) => ScreenKind::Counts,
            (None, None, None) if self.memos.is_some() => ScreenKind::Memos,
            (None, None, None) if self.tags.is_some() => ScreenKind::Tags,
            (None, None, None) => ScreenKind::Library,
        };
        if self.screen == ScreenKind::Basket {
            self.reload_basket(effects);
        }
        effects.push(Effect::Close);
        effects.push(self.library.rescan());
    }

    /// Saves the position in the open speech.
    pub(crate) fn save_position(&mut self, effects: &mut Vec<Effect>) {
        if let Some(reader) = &self.reader {
            effects.push(Effect::SavePosition(reader.position()));
        }
    }
}
