//! Data exchanged between commands, state, effects and background jobs. Depends on none of them.

use crate::locale::{MessageId, id};
mod basket;
mod export_target;
mod library_entry;
mod library_query;
mod preview;
mod record_request;
mod screen_text;
mod speech_records;
mod status_message;
mod tag_edit;

pub(crate) use basket::{BasketEdited, BasketRequest, BasketWork, EditDirection, PassageExtent, PassageRequest, StoreBaskets};
pub(crate) use export_target::{ExportKind, ExportTarget};
pub(crate) use library_entry::{LibraryEntry, LibraryUpdate};
pub(crate) use library_query::{
    CompareSide, ComparedContent, ComparedEntry, ComparedOutline, ComparedSide, ComparedTexts, LibraryQuery, PassageGroup, PieceStyle,
    QueryFound, QueryResults, QuerySubject, ResultRow, SearchResults, SpeechSpan, StyledPieces, SuggestedTag, SuggestionFeedback,
};
pub(crate) use preview::{PreviewSection, SpeechPreview};
pub(crate) use record_request::RecordRequest;
pub(in crate::tui) use screen_text::{ScreenText, memo_key};
pub(crate) use speech_records::SpeechRecords;
pub(crate) use status_message::{Severity, StatusMessage};
pub(crate) use tag_edit::{StoreTags, TagEdit, TagField, colour_after, field_text};

/// The terminal's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Keymap context: the focused screen, pane or overlay. Each has its own bindings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// The list of speeches.
    Library,
    /// Full-text search over many speeches: its input and hits.
    Query,
    /// Other results of a query over many speeches.
    Results,
    /// The table of tag counts.
    Counts,
    /// Two texts side by side.
    Compare,
    /// The tags of the codebook.
    Tags,
    /// The memos of a store.
    Memos,
    /// The entries of a basket.
    Basket,
    /// The text of a speech.
    Reader,
    /// The outline beside it.
    Outline,
    /// A picker.
    Picker,
    /// The note editor.
    Editor,
    /// The help screen.
    Help,
    /// The introduction.
    Welcome,
    /// The settings.
    Settings,
    /// The list of the annotations of a speech.
    Annotations,
    /// One annotation.
    Card,
    /// The attributes of a speech.
    Attributes,
    /// The review of annotations whose position is uncertain.
    Review,
    /// The prompt in the bottom line.
    Prompt,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 20] = [
        Self::Library,
        Self::Query,
        Self::Results,
        Self::Counts,
        Self::Compare,
        Self::Tags,
        Self::Memos,
        Self::Basket,
        Self::Reader,
        Self::Outline,
        Self::Picker,
        Self::Editor,
        Self::Help,
        Self::Welcome,
        Self::Settings,
        Self::Annotations,
        Self::Card,
        Self::Attributes,
        Self::Review,
        Self::Prompt,
    ];

    /// Whether char keys insert text.
    #[must_use]
    pub(crate) fn takes_text(self) -> bool {
        matches!(self, Self::Picker | Self::Editor | Self::Prompt | Self::Query)
    }

    /// Whether digits before a command are its count.
    #[must_use]
    pub(crate) fn takes_counts(self) -> bool {
        !self.takes_text()
    }

    /// Its name in the settings file.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.message().as_str().trim_start_matches("context-")
    }

    /// Id of the message that names it.
    #[must_use]
    pub fn message(self) -> MessageId {
        match self {
            Self::Library => id::CONTEXT_LIBRARY,
            Self::Query => id::CONTEXT_QUERY,
            Self::Results => id::CONTEXT_ACROSS,
            Self::Counts => id::CONTEXT_COUNTS,
            Self::Compare => id::CONTEXT_BESIDE,
            Self::Tags => id::CONTEXT_TAGS,
            Self::Memos => id::CONTEXT_MEMOS,
            Self::Basket => id::CONTEXT_BASKET,
            Self::Reader => id::CONTEXT_READER,
            Self::Outline => id::CONTEXT_OUTLINE,
            Self::Picker => id::CONTEXT_PICKER,
            Self::Editor => id::CONTEXT_EDITOR,
            Self::Help => id::CONTEXT_HELP,
            Self::Welcome => id::CONTEXT_STEPS,
            Self::Settings => id::CONTEXT_SETTINGS,
            Self::Annotations => id::CONTEXT_ANNOTATIONS,
            Self::Card => id::CONTEXT_CARD,
            Self::Attributes => id::CONTEXT_ATTRIBUTES,
            Self::Review => id::CONTEXT_REVIEW,
            Self::Prompt => id::CONTEXT_PROMPT,
        }
    }
}

/// An operation on one annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnnotationOp {
    /// Edit its note.
    Edit,
    /// Choose its tags again.
    Retag,
    /// Delete it.
    Delete,
    /// Attach it to the selection.
    Resize,
}
