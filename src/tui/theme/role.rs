//! The roles that views name and themes give their looks.

use serde::Deserialize;

/// What something on screen is. The names in a theme's file are these in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The speech's text, and the ground of the whole screen.
    Text,
    /// What stands back: hints, counts, line numbers.
    Dim,
    /// What stands out within text.
    Strong,
    /// The speech's title.
    Title,
    /// Headings 一、
    Heading1,
    /// Headings （一）
    Heading2,
    /// Headings 1.
    Heading3,
    /// Headings and points below.
    Heading4,
    /// A restored reading of a damaged heading.
    Restored,
    /// Source, date stamp and navigation set apart from the speech.
    Boilerplate,
    /// Page numbers and glosses where they are shown.
    PageMark,
    /// The selected text.
    Selection,
    /// The row or place the cursor is on.
    Cursor,
    /// A hit of the search.
    Match,
    /// The hit one is at.
    CurrentMatch,
    /// Annotated text whose tag has no colour.
    Annotated,
    /// A note beside the text.
    Note,
    /// An annotation shown but not yet saved.
    Pending,
    /// The status line.
    Status,
    /// What stands out in the status line: the mode.
    StatusMode,
    /// What stands back in the status line.
    StatusDim,
    /// The outline's entries.
    Outline,
    /// The outline's entry one is at.
    OutlineCurrent,
    /// Counts and progress beside entries.
    Badge,
    /// Something worth knowing.
    Notice,
    /// Something amiss.
    Warning,
    /// Something that failed.
    Error,
    /// The inside of a popup.
    Popup,
    /// A popup's title.
    PopupTitle,
    /// A popup's frame.
    PopupFrame,
    /// The selected entry of a list.
    Selected,
    /// The letters a filter has found.
    Found,
    /// A key in help and hints.
    Key,
    /// A line or area being typed in.
    Input,
    /// What an empty input says.
    Placeholder,
    /// Signs at the edge of the text, scroll bars, separators.
    Gutter,
}

impl Role {
    /// Every role, in the order of declaration.
    pub const ALL: [Self; 36] = [
        Self::Text,
        Self::Dim,
        Self::Strong,
        Self::Title,
        Self::Heading1,
        Self::Heading2,
        Self::Heading3,
        Self::Heading4,
        Self::Restored,
        Self::Boilerplate,
        Self::PageMark,
        Self::Selection,
        Self::Cursor,
        Self::Match,
        Self::CurrentMatch,
        Self::Annotated,
        Self::Note,
        Self::Pending,
        Self::Status,
        Self::StatusMode,
        Self::StatusDim,
        Self::Outline,
        Self::OutlineCurrent,
        Self::Badge,
        Self::Notice,
        Self::Warning,
        Self::Error,
        Self::Popup,
        Self::PopupTitle,
        Self::PopupFrame,
        Self::Selected,
        Self::Found,
        Self::Key,
        Self::Input,
        Self::Placeholder,
        Self::Gutter,
    ];

    /// The role that this one looks like where a theme does not name it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        Some(match self {
            Self::Text => return None,
            Self::Dim | Self::Strong | Self::Selection | Self::Outline | Self::Status | Self::Popup | Self::Input => Self::Text,
            Self::Title | Self::Heading1 | Self::Key | Self::Restored | Self::Notice | Self::Annotated | Self::Found | Self::PopupTitle => {
                Self::Strong
            }
            Self::Heading2 => Self::Heading1,
            Self::Heading3 => Self::Heading2,
            Self::Heading4 => Self::Heading3,
            Self::Boilerplate | Self::PageMark | Self::Badge | Self::Gutter | Self::Placeholder | Self::Note => Self::Dim,
            Self::Cursor | Self::Match | Self::Selected | Self::OutlineCurrent => Self::Selection,
            Self::CurrentMatch => Self::Match,
            Self::Pending | Self::Error => Self::Warning,
            Self::Warning => Self::Notice,
            Self::StatusMode | Self::StatusDim => Self::Status,
            Self::PopupFrame => Self::Gutter,
        })
    }
}
