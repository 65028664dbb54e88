//! The note editor.

mod component;
mod drafts;
mod typed_text;
mod update;
mod view;

use crate::tui::message::{ScreenText, TagField};
use crate::tui::widget::TextArea;
use jiff::Timestamp;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::{RecordId, TagId, Target};
use pizhu_text::text::width::AmbiguousWidth;
use uuid::Uuid;

/// The target of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum NoteTarget {
    /// A new annotation at this target.
    New(Target),
    /// An existing annotation.
    Existing(AnnotationId),
    /// A text of a tag, on the tags screen.
    Tag(TagId, TagField),
    /// What the memos screen says is being written.
    Memo,
    /// Words of the user's own in a basket: those of an entry, or new ones beside the selected one.
    BasketWords {
        /// The entry; `None` for a new one.
        entry: Option<RecordId>,
        /// Whether a new one is put above the selected entry.
        above: bool,
    },
    /// The target was deleted from the text; the note goes to the current position.
    Lost,
}

/// The note editor.
#[derive(Debug)]
pub(in crate::tui) struct NoteEditor {
    /// Id of the draft that is kept of it while it is typed.
    pub(in crate::tui) draft: Uuid,
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
    pub(in crate::tui) fn new(target: NoteTarget, text: &str) -> Self {
        let area = TextArea::new(text, 40, 8, AmbiguousWidth::default());
        Self { draft: Uuid::now_v7(), target, area, discard_warned: false }
    }

    /// An editor that goes on with a draft; `note` is the note as it was.
    #[must_use]
    pub(in crate::tui) fn resume(draft: &FoundDraft, target: NoteTarget, note: &str) -> Self {
        let mut editor = Self { draft: draft.id, ..Self::new(target, note) };
        editor.area.replace(&draft.text);
        editor
    }

    /// Whether leaving would lose text.
    #[must_use]
    pub(in crate::tui) fn has_unsaved_text(&self) -> bool {
        self.area.is_changed() && !self.area.text().trim().is_empty()
    }
}

/// What a text being typed is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum DraftTarget {
    /// The open speech.
    Note(NoteTarget),
    /// Nothing of a speech.
    Screen(ScreenText),
}

/// A text being typed, of which a draft is kept.
#[derive(Debug, Clone)]
pub(in crate::tui) struct TypedText<'a> {
    /// The draft's id.
    pub(in crate::tui) draft: Uuid,
    /// What it is on.
    pub(in crate::tui) target: DraftTarget,
    /// The text.
    pub(in crate::tui) text: &'a str,
    /// Whether it differs from the text that was there.
    pub(in crate::tui) is_changed: bool,
}

/// A draft that an earlier run of the program left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDraft {
    /// Its id.
    pub id: Uuid,
    /// What it is on.
    pub(in crate::tui) target: DraftTarget,
    /// The text typed.
    pub text: String,
    /// Time of the last key.
    pub modified: Timestamp,
}
