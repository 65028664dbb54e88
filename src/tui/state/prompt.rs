//! Prompts in the bottom line: their kinds, labels and histories.

use crate::tui::message::ExportKind;
use crate::tui::widget::LineInput;
use std::collections::HashMap;

/// What is asked about the selected tag of the tags screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagQuestion {
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
pub enum BasketQuestion {
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
pub enum PromptKind {
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
    Message(&'static str),
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
            Self::OutlineFilter | Self::LibraryFilter | Self::ListFilter | Self::TagsFilter | Self::MemosFilter => "prompt-filter",
            Self::Tag(question) => match question {
                TagQuestion::Rename => "prompt-tag-rename",
                TagQuestion::Add | TagQuestion::AddBelow => "prompt-tag-add",
                TagQuestion::Keywords => "prompt-tag-keywords",
                TagQuestion::Sign => "prompt-tag-sign",
                TagQuestion::Key => "prompt-tag-key",
            },
            Self::HelpFilter => "prompt-help-filter",
            Self::Attribute => "prompt-attribute",
            Self::AttributeKey => "prompt-attribute-key",
            Self::LibraryColumns => "prompt-library-columns",
            Self::Bookmark => "prompt-bookmark-name",
            Self::ExportPassages | Self::ExportCounts | Self::ExportBasket | Self::Export(_) => "prompt-export-to",
            Self::Basket(question) => match question {
                BasketQuestion::Heading | BasketQuestion::EditHeading => "prompt-basket-heading",
                BasketQuestion::New | BasketQuestion::MoveToNew => "prompt-basket-new",
                BasketQuestion::Rename => "prompt-basket-rename",
            },
        })
    }

    /// Id of the placeholder shown while the input is empty.
    #[must_use]
    pub fn hint(self) -> Option<&'static str> {
        match self {
            Self::Search { .. } => Some("prompt-hint-search"),
            Self::Command => Some("prompt-hint-command"),
            Self::OutlineFilter => Some("prompt-hint-outline"),
            Self::LibraryFilter => Some("prompt-hint-library"),
            Self::ListFilter => Some("prompt-hint-list"),
            Self::HelpFilter => Some("prompt-hint-help"),
            Self::TagsFilter => Some("prompt-hint-tags"),
            Self::MemosFilter => Some("prompt-hint-memos"),
            Self::Tag(TagQuestion::Key) => Some("prompt-hint-tag-key"),
            Self::Tag(TagQuestion::Keywords) => Some("prompt-hint-tag-keywords"),
            Self::Tag(TagQuestion::Sign) => Some("prompt-hint-tag-sign"),
            Self::Attribute => Some("prompt-hint-attribute"),
            Self::AttributeKey => Some("prompt-hint-attribute-key"),
            Self::LibraryColumns => Some("prompt-hint-library-columns"),
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
pub struct PromptHistory {
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
    pub fn last(&self, kind: PromptKind) -> Option<String> {
        self.inputs.get(&kind.history_key())?.history().last().cloned()
    }
}
