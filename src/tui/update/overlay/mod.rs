//! Opening, typing into, accepting and cancelling overlays; what accepting one does has its own file
//! for each kind.

mod annotation;
mod annotation_list;
mod attributes;
mod bookmarks;
mod card;
mod consensus;
mod drafts;
mod format_picker;
mod name_picker;
mod palette;
mod quick_pick;
mod reanchor;
mod tag_picker;

use crate::locale::notice;
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::state::{Help, NamePurpose, Overlay, State};
use crate::tui::widget::{Picker, TextEdit, inner_area};

impl State {
    /// Closes the overlay and shows the one below; returns whether one was open.
    pub(crate) fn close_overlay(&mut self) -> bool {
        let was_open = self.overlay.take().is_some();
        self.overlay = self.overlay_below.take();
        self.fit_overlay();
        was_open
    }

    /// Opens an overlay above the current one, which is shown again afterwards.
    pub(in crate::tui) fn push_overlay(&mut self, overlay: Overlay) {
        self.overlay_below = self.overlay.take();
        self.overlay = Some(overlay);
        self.fit_overlay();
    }

    /// Opens help for the current context.
    pub(crate) fn open_help(&mut self, keymap: &Keymap) {
        self.push_overlay(Overlay::Help(Help::new(self.context(), keymap)));
    }

    /// Opens the introduction.
    pub(crate) fn open_welcome(&mut self) {
        self.push_overlay(Overlay::Welcome);
    }

    /// Fits the overlay to the screen.
    pub(crate) fn fit_overlay(&mut self) {
        let size = self.size;
        match &mut self.overlay {
            Some(Overlay::Editor(editor)) => {
                let area = size.editor();
                editor.area.resize(area.width.saturating_sub(4), area.height.saturating_sub(2), self.display_options.style.ambiguous);
            }
            Some(Overlay::Help(help)) => help.set_height(inner_area(size.above_status_line()).height),
            _ => {
                if let Some(picker) = self.picker() {
                    picker.resize(size.picker().height.saturating_sub(3));
                }
            }
        }
    }

    /// The open picker.
    pub(crate) fn picker(&mut self) -> Option<&mut Picker> {
        self.overlay.as_mut()?.picker()
    }

    /// Moves a picker's selection; returns whether it has any entry.
    pub(crate) fn move_picker(&mut self, steps: isize) -> bool {
        let Some(picker) = self.picker() else { return false };
        picker.step(steps);
        picker.choice().is_some()
    }

    /// Toggles the mark of the selected entry of the tag picker.
    pub(crate) fn toggle_picker_mark(&mut self) {
        if let Some(Overlay::TagPicker(tag_picker)) = &mut self.overlay {
            tag_picker.picker.toggle();
        } else if let Some(Overlay::NamePicker(names)) = &mut self.overlay
            && names.purpose != NamePurpose::ReadTag
        {
            names.picker.toggle();
        } else {
            self.status = Some(StatusMessage::hint(notice::ONE_ONLY));
        }
    }

    /// Inserts typed or pasted text.
    pub fn type_text(&mut self, text: &str, keymap: &Keymap, effects: &mut Vec<Effect>) {
        if let Some(Overlay::TagPicker(tag_picker)) = &mut self.overlay {
            let mut typed = text.chars();
            let key = typed.next().filter(|_| typed.next().is_none());
            if let Some(item) = key.and_then(|key| tag_picker.picker.keyed(key)) {
                let marked = tag_picker.picker.marks().contains(&item);
                tag_picker.picker.select_item(item);
                tag_picker.picker.mark(item, !marked);
                return;
            }
        }
        if let Some(picker) = self.picker() {
            picker.insert(text);
            return;
        }
        match &mut self.overlay {
            Some(Overlay::Editor(editor)) => {
                editor.discard_warned = false;
                editor.area.insert(text);
            }
            Some(Overlay::Prompt(prompt)) => {
                prompt.completion = None;
                prompt.input.insert(text);
                self.prompt_changed(keymap, effects);
            }
            None => self.edit_query_with(
                |input| {
                    input.insert(text);
                    true
                },
                effects,
            ),
            _ => {}
        }
    }

    /// Applies an editing command to the text input.
    pub fn edit_text(&mut self, edit: TextEdit, keymap: &Keymap, effects: &mut Vec<Effect>) {
        if let Some(picker) = self.picker() {
            picker.apply(edit);
            return;
        }
        match &mut self.overlay {
            Some(Overlay::Editor(editor)) => {
                editor.discard_warned = false;
                editor.area.apply(edit);
            }
            Some(Overlay::Prompt(prompt)) => {
                prompt.completion = None;
                let changed = prompt.input.apply(edit);
                if changed {
                    self.prompt_changed(keymap, effects);
                }
            }
            None => self.edit_query(edit, effects),
            _ => {}
        }
    }

    /// Accepts the choice or the text.
    pub fn accept(&mut self, keymap: &Keymap, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            Some(Overlay::TagPicker(tag_picker)) => self.accept_tags(tag_picker, effects),
            Some(Overlay::AnnotationPicker(annotation_picker)) => self.accept_annotation(&annotation_picker, effects),
            Some(Overlay::Palette(palette)) => self.accept_command(&palette),
            Some(Overlay::FormatPicker(format_picker)) => self.accept_format(&format_picker),
            Some(Overlay::BookmarkPicker(bookmarks)) => self.accept_bookmark(&bookmarks),
            Some(Overlay::QuickPick(quick_pick)) => self.accept_quick_pick(&quick_pick, effects),
            Some(Overlay::NamePicker(names)) => self.accept_name(names, effects),
            Some(Overlay::Editor(editor)) => self.accept_note(&editor, effects),
            Some(Overlay::Prompt(prompt)) => self.accept_prompt(prompt, keymap, effects),
            other => self.overlay = other,
        }
        // A queued command runs first.
        if self.queued_command.is_none() {
            self.restore_overlay_below();
        }
    }

    /// Shows the overlay below, if the current one has closed.
    pub(in crate::tui) fn restore_overlay_below(&mut self) {
        if self.overlay.is_none() {
            self.overlay = self.overlay_below.take();
            self.fit_overlay();
        }
    }

    /// Cancels the overlay; a changed note is discarded only at the second attempt.
    pub(crate) fn cancel(&mut self, keymap: &Keymap, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            Some(Overlay::Editor(mut editor)) if editor.has_unsaved_text() && !editor.discard_warned => {
                editor.discard_warned = true;
                self.status = Some(StatusMessage::error(notice::NOTE_NOT_SAVED));
                self.overlay = Some(Overlay::Editor(editor));
            }
            Some(Overlay::Prompt(prompt)) => self.cancel_prompt(prompt, keymap, effects),
            _ => {}
        }
        self.restore_overlay_below();
    }
}
