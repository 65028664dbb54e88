//! The style roles that views use and themes define.

use serde::Deserialize;

/// The role of something on screen, by which a theme gives it a style. Theme files name roles in snake
/// case: `heading1`, `status_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case", rename = "Role")]
pub enum StyleRole {
    /// The speech's text, and the background of the whole screen.
    Text,
    /// Secondary text: hints, counts, line numbers.
    Dim,
    /// Emphasized text.
    Strong,
    /// The speech's title.
    Title,
    /// Headings of the first level: 一、
    Heading1,
    /// Headings of the second level: （一）
    Heading2,
    /// Headings of the third level: 1.
    Heading3,
    /// Headings and points of deeper levels.
    Heading4,
    /// The restored title of a damaged heading.
    Restored,
    /// Boilerplate: source, date stamp and navigation around the speech.
    Boilerplate,
    /// Page numbers and glosses, if shown.
    PageMark,
    /// The selected text.
    Selection,
    /// The row or char of the cursor.
    Cursor,
    /// A search hit.
    Match,
    /// The current search hit.
    CurrentMatch,
    /// An annotated passage whose tag has no colour.
    Annotated,
    /// A note.
    Note,
    /// An annotation that is not saved yet.
    Pending,
    /// The status line.
    Status,
    /// The mode in the status line.
    StatusMode,
    /// Secondary text in the status line.
    StatusDim,
    /// An entry of the outline.
    Outline,
    /// The current entry of the outline.
    OutlineCurrent,
    /// Counts and progress beside entries.
    Badge,
    /// An informative message.
    Notice,
    /// A warning.
    Warning,
    /// An error message.
    Error,
    /// The background of a popup.
    Popup,
    /// A popup's title.
    PopupTitle,
    /// A popup's frame.
    PopupFrame,
    /// The selected entry of a list.
    Selected,
    /// The chars that a filter matched.
    Found,
    /// A key in help and hints.
    Key,
    /// A line or area for typing.
    Input,
    /// The placeholder of an empty input.
    Placeholder,
    /// Gutter signs, scroll bars, separators.
    Gutter,
}

impl StyleRole {
    /// All roles, in the order of declaration.
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

    /// The role whose style this one inherits if a theme omits it.
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
