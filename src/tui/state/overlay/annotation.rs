//! The picker of one of several annotations, and the note editor.

use crate::tui::message::AnnotationOp;
use crate::tui::widget::Picker;
use crate::tui::widget::TextArea;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Target;
use pizhu_text::text::width::AmbiguousWidth;

/// A picker of one of several annotations.
#[derive(Debug)]
pub struct AnnotationPicker {
    /// The annotations.
    pub picker: Picker,
    /// Their ids, by picker item.
    pub(in crate::tui) ids: Vec<AnnotationId>,
    /// What is done to the one chosen.
    pub(in crate::tui) op: AnnotationOp,
}

/// The target of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteTarget {
    /// A new annotation at this target.
    New(Target),
    /// An existing annotation.
    Existing(AnnotationId),
    /// The target was deleted from the text; the note goes to the current position.
    Lost,
}

/// The note editor.
#[derive(Debug)]
pub struct NoteEditor {
    /// The note's target.
    pub target: NoteTarget,
    /// The text area.
    pub area: TextArea,
    /// Whether the user was warned that leaving discards the note; leaving again does.
    pub(in crate::tui) discard_warned: bool,
}

impl NoteEditor {
    /// An editor with the initial `text`.
    #[must_use]
    pub fn new(target: NoteTarget, text: &str) -> Self {
        Self { target, area: TextArea::new(text, 40, 8, AmbiguousWidth::default()), discard_warned: false }
    }
}
