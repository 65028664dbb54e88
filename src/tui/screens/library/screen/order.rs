//! Sort orders of the library's list.

use crate::locale::{MessageId, notice};
/// Sort order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SortOrder {
    /// By folder and file name.
    #[default]
    Name,
    /// By date, latest first.
    Date,
    /// By title.
    Title,
    /// By length, longest first.
    Length,
    /// By number of tags, most first.
    Tags,
    /// By reading progress, unfinished first.
    Progress,
    /// By the attribute of the column of this number; speeches without a value come last.
    Attribute(usize),
}

impl SortOrder {
    /// The orders that every library has, as they follow one another.
    pub(super) const ALL: [Self; 6] = [Self::Name, Self::Date, Self::Title, Self::Length, Self::Tags, Self::Progress];

    /// Its name in the settings.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Date => "date",
            Self::Title => "title",
            Self::Length => "length",
            Self::Tags => "tags",
            Self::Progress => "progress",
            Self::Attribute(_) => "attr",
        }
    }

    /// Whether the largest comes first, as long as the order is not reversed.
    pub(super) fn is_descending(self) -> bool {
        matches!(self, Self::Date | Self::Length | Self::Tags | Self::Progress)
    }

    /// Id of its message.
    #[must_use]
    pub(crate) fn message(self) -> MessageId {
        match self {
            Self::Name => notice::SORT_PATH,
            Self::Date => notice::SORT_DATE,
            Self::Title => notice::SORT_TITLE,
            Self::Length => notice::SORT_LENGTH,
            Self::Tags => notice::SORT_TAGS,
            Self::Progress => notice::SORT_READ,
            Self::Attribute(_) => notice::SORT_ATTRIBUTE,
        }
    }
}
