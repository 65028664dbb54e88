//! The open overlay and the one below it: opening, typing into, accepting and cancelling.

use crate::locale::notice;
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{Overlay, help::Help, welcome::Welcome};
use crate::tui::state::State;
use crate::tui::widget::{Picker, TextEdit};
use pizhu_text::document::Document;

impl State {
    /// Closes the overlay and shows the one below; returns whether one was open.
    pub(crate) fn close_overlay(&mut self) -> bool {
        let was_open = self.overlay.take().is_some();
        self.restore_overlay_below();
        was_open
    }

    /// Closes the overlay and those below it.
    pub(in crate::tui) fn close_all_overlays(&mut self) {
        self.overlay = None;
        self.overlays_below.clear();
    }

    /// Puts the overlay below the one to be opened; returns whether there is one.
    pub(in crate::tui) fn lower_overlay(&mut self) -> bool {
        let overlay = self.overlay.take();
        let is_open = overlay.is_some();
        self.overlays_below.extend(overlay);
        is_open
    }

    /// The nearest overlay below that is no prompt: of a prompt above a prompt, that below both is drawn.
    #[must_use]
    pub(in crate::tui) fn overlay_below_prompts(&self) -> Option<&Overlay> {
        self.overlays_below.iter().rev().find(|overlay| !matches!(overlay, Overlay::Prompt(_)))
    }

    /// Opens an overlay above the current one, which is shown again afterwards.
    pub(in crate::tui) fn push_overlay(&mut self, overlay: Overlay) {
        self.lower_overlay();
        self.overlay = Some(overlay);
        self.fit_overlay();
    }

    /// Opens help for the current context.
    pub(crate) fn open_help(&mut self, keymap: &Keymap) {
        self.push_overlay(Overlay::Help(Help::new(self.context(), keymap)));
    }

    /// Opens the introduction.
    pub(crate) fn open_welcome(&mut self) {
        self.push_overlay(Welcome.into());
    }

    /// Fits the overlay to the screen.
    pub(crate) fn fit_overlay(&mut self) {
        if let Some(overlay) = &mut self.overlay {
            overlay.component_mut().fit(self.size, &self.display_options);
        }
    }

    /// Lets the overlays follow a change of the speech's annotations; closes those with nothing to show.
    pub(in crate::tui) fn follow_annotations(&mut self) {
        for mut below in std::mem::take(&mut self.overlays_below) {
            if below.component_mut().follow(self) {
                self.overlays_below.push(below);
            }
        }
        if let Some(mut overlay) = self.overlay.take() {
            if overlay.component_mut().follow(self) {
                self.overlay = Some(overlay);
            } else {
                self.restore_overlay_below();
            }
        }
    }

    /// Maps the targets of the overlays from the `old` text to the current one.
    pub(crate) fn reanchor_overlays(&mut self, old: &Document) {
        let Some(document) = self.reader.as_ref().map(|reader| reader.document().clone()) else { return };
        let status = &mut self.status;
        let mut has_place = |overlay: &mut Overlay| match overlay.component_mut().reanchor(old, &document) {
            Ok(told) => {
                *status = told.or(status.take());
                true
            }
            Err(told) => {
                *status = Some(told);
                false
            }
        };
        self.overlays_below.retain_mut(&mut has_place);
        if self.overlay.as_mut().is_some_and(|overlay| !has_place(overlay)) {
            self.overlay = None;
        }
    }

    /// The open picker.
    pub(in crate::tui) fn picker(&mut self) -> Option<&mut Picker> {
        self.overlay.as_mut()?.component_mut().picker_mut()
    }

    /// Moves a picker's selection; returns whether it has any entry.
    pub(crate) fn move_picker(&mut self, steps: isize) -> bool {
        let Some(picker) = self.picker() else { return false };
        picker.step(steps);
        picker.choice().is_some()
    }

    /// Marks the selected entry of a picker, or takes the mark away.
    pub(crate) fn toggle_picker_mark(&mut self) {
        if !self.overlay.as_mut().is_some_and(|overlay| overlay.component_mut().toggle_mark()) {
            self.status = Some(StatusMessage::hint(notice::ONE_ONLY));
        }
    }

    /// Inserts typed or pasted text.
    pub fn type_text(&mut self, text: &str, keymap: &Keymap, effects: &mut Vec<Effect>) {
        let Some(overlay) = &mut self.overlay else {
            return self.edit_query_with(
                |input| {
                    input.insert(text);
                    true
                },
                effects,
            );
        };
        overlay.component_mut().type_text(text);
        (overlay.reactions().typed)(self, keymap, effects);
    }

    /// Applies an editing command to the text input.
    pub fn edit_text(&mut self, edit: TextEdit, keymap: &Keymap, effects: &mut Vec<Effect>) {
        let Some(overlay) = &mut self.overlay else { return self.edit_query(edit, effects) };
        if overlay.component_mut().edit_text(edit) {
            (overlay.reactions().typed)(self, keymap, effects);
        }
    }

    /// Accepts the choice or the text.
    pub fn accept(&mut self, keymap: &Keymap, effects: &mut Vec<Effect>) {
        if let Some(overlay) = self.overlay.take() {
            overlay.accept(self, keymap, effects);
        }
        // A queued command runs first.
        if self.queued_command.is_none() {
            self.restore_overlay_below();
        }
    }

    /// Shows the overlay below, if the current one has closed.
    pub(in crate::tui) fn restore_overlay_below(&mut self) {
        if self.overlay.is_none() {
            self.overlay = self.overlays_below.pop();
            self.fit_overlay();
        }
    }

    /// Cancels the overlay.
    pub(crate) fn cancel(&mut self, keymap: &Keymap, effects: &mut Vec<Effect>) {
        if let Some(overlay) = self.overlay.take() {
            overlay.cancel(self, keymap, effects);
        }
        self.restore_overlay_below();
    }
}
