//! Prompts in the bottom line: their kinds, labels and histories.

mod component;
mod complete;
pub(in crate::tui) mod completion;
mod update;
mod view;

use crate::locale::{MessageId, id};
use crate::tui::message::ExportKind;
use crate::tui::widget::LineInput;
use completion::PromptCompletion;
use std::collections::HashMap;
use uuid::Uuid;

/// What is asked about the selected tag of the tags screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::tui) enum TagQuestion {
    /// Its new name.
    Rename,
    /// The name of a new tag beside it.
    Add,
    /// The name of a new tag below it.
    AddBelow,
    /// Words that suggest it.
    Keywords,
    /// Its sign.
    Sign,
    /// Its key.
    Key,
}

/// What is asked on the basket screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::tui) enum BasketQuestion {
    /// A heading to be put above the selected entry.
    Heading,
    /// New words of the selected heading.
    EditHeading,
    /// The name of a new basket.
    New,
    /// The new name of the basket.
    Rename,
    /// The name of a new basket that the selected entry is moved into.
    MoveToNew,
}

/// Kind of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::tui) enum PromptKind {
    /// A search in the text.
    Search {
        /// Whether it searches backwards.
        back: bool,
    },
    /// A command line.
    Command,
    /// The outline's filter.
    OutlineFilter,
    /// The library's filter.
    LibraryFilter,
    /// The help screen's filter.
    HelpFilter,
    /// The filter of the list of annotations.
    ListFilter,
    /// The file to export passages to.
    ExportPassages,
    /// The file to export counts to.
    ExportCounts,
    /// The file to export a basket to.
    ExportBasket,
    /// File to import.
    Import,
    /// A text on the basket screen.
    Basket(BasketQuestion),
    /// The tags screen's filter.
    TagsFilter,
    /// The memos screen's filter.
    MemosFilter,
    /// A text of the selected tag, or the name of a new one.
    Tag(TagQuestion),
    /// The value of the selected attribute.
    Attribute,
    /// The name of another attribute.
    AttributeKey,
    /// The attributes that have a column in the library.
    LibraryColumns,
    /// The name of a new bookmark.
    Bookmark,
    /// The file to export annotations to, in the format with this index.
    Export(usize),
}

/// Label before a prompt's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PromptLabel {
    /// A sign, as `/`.
    Sign(&'static str),
    /// Id of a message.
    Message(MessageId),
}

impl From<ExportKind> for PromptKind {
    fn from(kind: ExportKind) -> Self {
        match kind {
            ExportKind::Annotations(format) => Self::Export(format),
            ExportKind::Passages => Self::ExportPassages,
            ExportKind::Counts => Self::ExportCounts,
            ExportKind::Basket => Self::ExportBasket,
        }
    }
}

impl PromptKind {
    /// The label before the input.
    #[must_use]
    pub(crate) fn label(self) -> PromptLabel {
        PromptLabel::Message(match self {
            Self::Search { back: false } => return PromptLabel::Sign("/"),
            Self::Search { back: true } => return PromptLabel::Sign("?"),
            Self::Command => return PromptLabel::Sign(":"),
            Self::OutlineFilter | Self::LibraryFilter | Self::ListFilter | Self::TagsFilter | Self::MemosFilter => id::PROMPT_FILTER,
            Self::Tag(question) => match question {
                TagQuestion::Rename => id::PROMPT_TAG_RENAME,
                TagQuestion::Add | TagQuestion::AddBelow => id::PROMPT_TAG_ADD,
                TagQuestion::Keywords => id::PROMPT_TAG_KEYWORDS,
                TagQuestion::Sign => id::PROMPT_TAG_SIGN,
                TagQuestion::Key => id::PROMPT_TAG_KEY,
            },
            Self::HelpFilter => id::PROMPT_HELP_FILTER,
            Self::Attribute => id::PROMPT_ATTRIBUTE,
            Self::AttributeKey => id::PROMPT_ATTRIBUTE_KEY,
            Self::LibraryColumns => id::PROMPT_LIBRARY_COLUMNS,
            Self::Bookmark => id::PROMPT_BOOKMARK_NAME,
            Self::Import => id::PROMPT_IMPORT,
            Self::ExportPassages | Self::ExportCounts | Self::ExportBasket | Self::Export(_) => id::PROMPT_EXPORT_TO,
            Self::Basket(question) => match question {
                BasketQuestion::Heading | BasketQuestion::EditHeading => id::PROMPT_BASKET_HEADING,
                BasketQuestion::New | BasketQuestion::MoveToNew => id::PROMPT_BASKET_NEW,
                BasketQuestion::Rename => id::PROMPT_BASKET_RENAME,
            },
        })
    }

    /// Id of the placeholder shown while the input is empty.
    #[must_use]
    pub(in crate::tui) fn hint(self) -> Option<MessageId> {
        match self {
            Self::Search { .. } => Some(id::PROMPT_HINT_SEARCH),
            Self::Command => Some(id::PROMPT_HINT_COMMAND),
            Self::Import => Some(id::PROMPT_HINT_IMPORT),
            Self::OutlineFilter => Some(id::PROMPT_HINT_OUTLINE),
            Self::LibraryFilter => Some(id::PROMPT_HINT_LIBRARY),
            Self::ListFilter => Some(id::PROMPT_HINT_LIST),
            Self::HelpFilter => Some(id::PROMPT_HINT_HELP),
            Self::TagsFilter => Some(id::PROMPT_HINT_TAGS),
            Self::MemosFilter => Some(id::PROMPT_HINT_MEMOS),
            Self::Tag(TagQuestion::Key) => Some(id::PROMPT_HINT_TAG_KEY),
            Self::Tag(TagQuestion::Keywords) => Some(id::PROMPT_HINT_TAG_KEYWORDS),
            Self::Tag(TagQuestion::Sign) => Some(id::PROMPT_HINT_TAG_SIGN),
            Self::Attribute => Some(id::PROMPT_HINT_ATTRIBUTE),
            Self::AttributeKey => Some(id::PROMPT_HINT_ATTRIBUTE_KEY),
            Self::LibraryColumns => Some(id::PROMPT_HINT_LIBRARY_COLUMNS),
            Self::Tag(_)
            | Self::Basket(_)
            | Self::Bookmark
            | Self::ExportPassages
            | Self::ExportCounts
            | Self::ExportBasket
            | Self::Export(_) => None,
        }
    }

    /// Key of the history: prompts of a family share one.
    fn history_key(self) -> Self {
        match self {
            Self::Search { .. } => Self::Search { back: false },
            other => other,
        }
    }
}

/// Histories of prompts, by kind.
#[derive(Debug, Default)]
pub(in crate::tui) struct PromptHistory {
    inputs: HashMap<PromptKind, LineInput>,
}

impl PromptHistory {
    /// A new input line with the kind's history, holding `text`.
    #[must_use]
    pub(crate) fn new_input(&self, kind: PromptKind, text: &str) -> LineInput {
        let mut input = self.inputs.get(&kind.history_key()).cloned().unwrap_or_default();
        input.set(text);
        input
    }

    /// Adds a line to its kind's history and returns its text.
    pub(crate) fn submit(&mut self, kind: PromptKind, mut input: LineInput) -> String {
        let text = input.submit();
        self.inputs.insert(kind.history_key(), input);
        text
    }

    /// The last line of a kind.
    #[must_use]
    pub(in crate::tui) fn last(&self, kind: PromptKind) -> Option<String> {
        self.inputs.get(&kind.history_key())?.history().last().cloned()
    }
}

/// An open prompt.
#[derive(Debug)]
pub(in crate::tui) struct Prompt {
    /// Id of the draft that is kept of some kinds while they are typed.
    pub(in crate::tui) draft: Uuid,
    /// Its kind.
    pub kind: PromptKind,
    /// The input line.
    pub input: LineInput,
    /// The text cursor when the prompt was opened, restored on cancel.
    pub origin: usize,
    /// Whether it belongs to the overlay below, which remains visible.
    pub is_above: bool,
    /// The candidates offered for the end of the line.
    pub(crate) completion: Option<PromptCompletion>,
}

impl Prompt {
    /// An empty prompt.
    #[must_use]
    pub(in crate::tui) fn new(kind: PromptKind, origin: usize) -> Self {
        Self { draft: Uuid::now_v7(), kind, input: LineInput::default(), origin, is_above: false, completion: None }
    }
}
