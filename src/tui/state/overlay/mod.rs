//! Overlays: pickers, the note editor, lists, prompts. Each kind has its own file, but prompts, which
//! hold the overlay below them.

mod annotation;
mod annotation_list;
mod attributes;
mod bookmarks;
mod card;
mod format_picker;
mod name_picker;
mod palette;
mod quick_pick;
mod tag_picker;
mod target_label;

pub(crate) use annotation::{AnnotationPicker, FoundDraft, NoteEditor, NoteTarget};
pub(in crate::tui) use annotation::{DraftTarget, TypedText};
pub(crate) use annotation_list::AnnotationList;
pub(crate) use attributes::{AttributeRow, AttributesCard};
pub(crate) use bookmarks::BookmarkPicker;
pub(crate) use card::AnnotationCard;
pub(crate) use format_picker::FormatPicker;
pub(crate) use name_picker::NamePicker;
pub(in crate::tui) use name_picker::NamePurpose;
pub(crate) use palette::CommandPalette;
pub(crate) use quick_pick::QuickPick;
pub(in crate::tui) use quick_pick::{DisagreementList, OpenDisagreement, QuickPickAction};
pub(crate) use tag_picker::TagPicker;
pub(in crate::tui) use tag_picker::TagTarget;
pub(crate) use target_label::TargetLabel;

use super::{Help, PromptCompletion, PromptKind, Review};
use crate::tui::message::Context;
use crate::tui::widget::LineInput;
use crate::tui::widget::ListState;
use crate::tui::widget::Picker;
use uuid::Uuid;

/// An overlay.
#[derive(Debug)]
pub enum Overlay {
    /// The help screen.
    Help(Help),
    /// Picks tags.
    TagPicker(TagPicker),
    /// Picks one of several annotations.
    AnnotationPicker(AnnotationPicker),
    /// Picks a command.
    Palette(CommandPalette),
    /// Edits a note.
    Editor(NoteEditor),
    /// Shows one annotation.
    Card(AnnotationCard),
    /// Shows the attributes of the speech.
    Attributes(AttributesCard),
    /// Lists the annotations of the speech.
    Annotations(AnnotationList),
    /// Lists annotations that need a decision.
    Review(Review),
    /// Picks an entry of the history, the disagreements or the copies.
    QuickPick(QuickPick),
    /// Picks a tag or a speech by name.
    NamePicker(NamePicker),
    /// Picks an export format.
    FormatPicker(FormatPicker),
    /// The settings, with the selected position.
    Settings(ListState),
    /// Picks a bookmark.
    BookmarkPicker(BookmarkPicker),
    /// A short introduction: how to read, tag and export.
    Welcome,
    /// The prompt in the bottom line.
    Prompt(Prompt),
}

impl Overlay {
    /// Its keymap context.
    #[must_use]
    pub fn context(&self) -> Context {
        match self {
            Self::Help(_) => Context::Help,
            Self::Welcome => Context::Welcome,
            Self::Settings(_) => Context::Settings,
            Self::TagPicker(_)
            | Self::AnnotationPicker(_)
            | Self::Palette(_)
            | Self::FormatPicker(_)
            | Self::BookmarkPicker(_)
            | Self::NamePicker(_)
            | Self::QuickPick(_) => Context::Picker,
            Self::Editor(_) => Context::Editor,
            Self::Annotations(_) => Context::Annotations,
            Self::Card(_) => Context::Card,
            Self::Attributes(_) => Context::Attributes,
            Self::Review(_) => Context::Review,
            Self::Prompt(_) => Context::Prompt,
        }
    }

    /// The picker, if it is one.
    pub(crate) fn picker(&mut self) -> Option<&mut Picker> {
        match self {
            Self::TagPicker(TagPicker { picker, .. })
            | Self::AnnotationPicker(AnnotationPicker { picker, .. })
            | Self::Palette(CommandPalette { picker, .. })
            | Self::FormatPicker(FormatPicker { picker, .. })
            | Self::BookmarkPicker(BookmarkPicker { picker })
            | Self::NamePicker(NamePicker { picker, .. })
            | Self::QuickPick(QuickPick { picker, .. }) => Some(picker),
            _ => None,
        }
    }
}

/// An open prompt.
#[derive(Debug)]
pub struct Prompt {
    /// Id of the draft that is kept of some kinds while they are typed.
    pub(in crate::tui) draft: Uuid,
    /// Its kind.
    pub kind: PromptKind,
    /// The input line.
    pub input: LineInput,
    /// The text cursor when the prompt was opened, restored on cancel.
    pub origin: usize,
    /// The overlay below, which remains visible.
    pub overlay_below: Option<Box<Overlay>>,
    /// The candidates offered for the end of the line.
    pub(crate) completion: Option<PromptCompletion>,
}

impl Prompt {
    /// An empty prompt.
    #[must_use]
    pub fn new(kind: PromptKind, origin: usize) -> Self {
        Self { draft: Uuid::now_v7(), kind, input: LineInput::default(), origin, overlay_below: None, completion: None }
    }
}
