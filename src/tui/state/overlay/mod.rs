//! What lies over the screen: pickers, the note editor, lists. What typing, accepting and leaving
//! do there; each kind has a file.

mod about;
mod annotation;
mod bookmarks;
mod carrying;
mod exporting;
mod listing;
mod offering;
mod palette;
mod tagging;

pub use about::About;
pub use annotation::{Choosing, Draft, Editor};
pub use bookmarks::Bookmarks;
pub use exporting::Exporting;
pub use listing::Listing;
pub use offering::Offering;
pub use palette::Palette;
pub use tagging::Picking;

use super::{Help, Notice, Prompt, Review, State};
use crate::tui::command::Context;
use crate::tui::effect::Effect;
use crate::tui::widget::Edit;
use crate::tui::widget::List;
use crate::tui::widget::Picker;
use crate::tui::widget::inside;

/// What lies over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// The help screen.
    Help(Help),
    /// Tags are being chosen.
    Picking(Picking),
    /// One of several annotations is being chosen.
    Choosing(Choosing),
    /// A command is being chosen.
    Palette(Palette),
    /// A note is being written.
    Editor(Editor),
    /// All annotations of the speech.
    Annotations(Listing),
    /// What is to be decided about annotations.
    Review(Review),
    /// An entry that leads somewhere is being chosen.
    Offering(Offering),
    /// A format to export in is being chosen.
    Exporting(Exporting),
    /// The settings, with the place in their list.
    Settings(List),
    /// A bookmark is being chosen.
    Bookmarks(Bookmarks),
    /// How to read, tag and export, in a few lines.
    Steps,
    /// The line at the bottom.
    Prompt(Prompt),
}

impl Overlay {
    /// The keys that hold while it is shown.
    #[must_use]
    pub fn context(&self) -> Context {
        match self {
            Self::Help(_) => Context::Help,
            Self::Steps => Context::Steps,
            Self::Settings(_) => Context::Settings,
            Self::Picking(_) | Self::Choosing(_) | Self::Palette(_) | Self::Exporting(_) | Self::Bookmarks(_) | Self::Offering(_) => {
                Context::Picker
            }
            Self::Editor(_) => Context::Editor,
            Self::Annotations(_) => Context::Annotations,
            Self::Review(_) => Context::Review,
            Self::Prompt(_) => Context::Prompt,
        }
    }
}

impl State {
    /// Leaves what lies over the screen for what it was opened from; whether anything did.
    pub fn leave_overlay(&mut self) -> bool {
        let left = self.overlay.take().is_some();
        self.overlay = self.beneath.take();
        self.fit_overlay();
        left
    }

    /// Opens an overlay over the one there is, to come back to that.
    pub(super) fn open_over(&mut self, overlay: Overlay) {
        self.beneath = self.overlay.take();
        self.overlay = Some(overlay);
        self.fit_overlay();
    }

    /// Shows the help of the place one is in.
    pub fn open_help(&mut self) {
        self.open_over(Overlay::Help(Help::new(self.context())));
    }

    /// Shows the first steps.
    pub fn open_steps(&mut self) {
        self.open_over(Overlay::Steps);
    }

    /// Fits an overlay that has a size of its own to the screen.
    pub fn fit_overlay(&mut self) {
        let size = self.size;
        match &mut self.overlay {
            Some(
                Overlay::Picking(Picking { picker, .. })
                | Overlay::Choosing(Choosing { picker, .. })
                | Overlay::Palette(Palette { picker, .. })
                | Overlay::Exporting(Exporting { picker, .. })
                | Overlay::Bookmarks(Bookmarks { picker })
                | Overlay::Offering(Offering { picker, .. }),
            ) => {
                picker.resize(size.picker().height.saturating_sub(3));
            }
            Some(Overlay::Editor(editor)) => {
                let area = size.editor();
                editor.area.resize(area.width.saturating_sub(4), area.height.saturating_sub(2), self.setting.style.ambiguous);
            }
            Some(Overlay::Help(help)) => help.set_height(inside(size.full()).height),
            _ => {}
        }
    }

    /// The picker that is open.
    pub fn picker(&mut self) -> Option<&mut Picker> {
        match &mut self.overlay {
            Some(
                Overlay::Picking(Picking { picker, .. })
                | Overlay::Choosing(Choosing { picker, .. })
                | Overlay::Palette(Palette { picker, .. })
                | Overlay::Exporting(Exporting { picker, .. })
                | Overlay::Bookmarks(Bookmarks { picker })
                | Overlay::Offering(Offering { picker, .. }),
            ) => Some(picker),
            _ => None,
        }
    }

    /// Moves in a picker; whether it holds anything to move to.
    pub fn move_pick(&mut self, steps: isize) -> bool {
        let Some(picker) = self.picker() else { return false };
        picker.step(steps);
        picker.choice().is_some()
    }

    /// Marks the selected entry of the tag picker, or takes the mark away.
    pub fn toggle_pick(&mut self) {
        if let Some(Overlay::Picking(picking)) = &mut self.overlay {
            picking.picker.toggle();
        } else {
            self.notice = Some(Notice::hint("one-only"));
        }
    }

    /// Types or pastes into what takes text.
    pub fn type_text(&mut self, text: &str, effects: &mut Vec<Effect>) {
        if let Some(Overlay::Picking(picking)) = &mut self.overlay {
            let digit = text.chars().next().filter(|_| text.len() == 1).and_then(|c| c.to_digit(10));
            if let Some(item) = digit.and_then(|digit| picking.picker.digit(digit)) {
                let marked = picking.picker.marks().contains(&item);
                picking.picker.select_item(item);
                picking.picker.mark(item, !marked);
                return;
            }
        }
        if let Some(picker) = self.picker() {
            picker.insert(text);
            return;
        }
        match &mut self.overlay {
            Some(Overlay::Editor(editor)) => {
                editor.leaving = false;
                editor.area.insert(text);
            }
            Some(Overlay::Prompt(prompt)) => {
                prompt.input.insert(text);
                self.prompt_changed(effects);
            }
            None => self.type_across(
                |input| {
                    input.insert(text);
                    true
                },
                effects,
            ),
            _ => {}
        }
    }

    /// Edits what takes text.
    pub fn edit_text(&mut self, edit: Edit, effects: &mut Vec<Effect>) {
        if let Some(picker) = self.picker() {
            picker.apply(edit);
            return;
        }
        match &mut self.overlay {
            Some(Overlay::Editor(editor)) => {
                editor.leaving = false;
                editor.area.apply(edit);
            }
            Some(Overlay::Prompt(prompt)) => {
                let changed = prompt.input.apply(edit);
                if changed {
                    self.prompt_changed(effects);
                }
            }
            None => self.edit_across(edit, effects),
            _ => {}
        }
    }

    /// Takes what was chosen, written or typed.
    pub fn accept(&mut self, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            Some(Overlay::Picking(picking)) => self.accept_tags(picking, effects),
            Some(Overlay::Choosing(choosing)) => self.accept_annotation(&choosing, effects),
            Some(Overlay::Palette(palette)) => self.accept_command(&palette, effects),
            Some(Overlay::Exporting(exporting)) => self.accept_format(&exporting),
            Some(Overlay::Bookmarks(bookmarks)) => self.accept_bookmark(&bookmarks),
            Some(Overlay::Offering(offering)) => self.accept_offer(&offering, effects),
            Some(Overlay::Editor(editor)) => self.accept_note(&editor, effects),
            Some(Overlay::Prompt(prompt)) => self.accept_prompt(prompt, effects),
            other => self.overlay = other,
        }
        self.uncover();
    }

    /// Shows again what the overlay just left was opened from.
    fn uncover(&mut self) {
        if self.overlay.is_none() {
            self.overlay = self.beneath.take();
            self.fit_overlay();
        }
    }

    /// Leaves what lies over the screen without doing anything; a changed note only when asked
    /// twice.
    pub fn cancel(&mut self, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            Some(Overlay::Editor(mut editor)) if editor.area.is_changed() && !editor.area.text().trim().is_empty() && !editor.leaving => {
                editor.leaving = true;
                self.notice = Some(Notice::error("note-not-saved"));
                self.overlay = Some(Overlay::Editor(editor));
            }
            Some(Overlay::Prompt(prompt)) => self.cancel_prompt(prompt, effects),
            _ => {}
        }
        self.uncover();
    }
}
