//! A text that is written on the screen of the baskets, the tags or the memos, as its draft has it.

use pizhu_annotation::{MemoSubject, RecordId, TagId};
use serde::{Deserialize, Serialize};

/// A text of a store that belongs to no speech.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(in crate::tui) enum ScreenText {
    /// Words of the user's own in a basket.
    BasketWords {
        /// The entry; `None` for a new one.
        entry: Option<RecordId>,
        /// The entry that was selected.
        beside: Option<RecordId>,
        /// Whether a new one is put above that.
        above: bool,
    },
    /// A heading in a basket.
    BasketHeading {
        /// The entry; `None` for a new one.
        entry: Option<RecordId>,
        /// The entry that was selected, above which a new one is put.
        beside: Option<RecordId>,
    },
    /// The definition of a tag, or the memo on it.
    Tag {
        /// The tag's id.
        id: String,
        /// Whether it is the memo.
        is_memo: bool,
    },
    /// A memo on the memos screen.
    Memo {
        /// What it is on, see [`memo_key`]; `None` for a new memo of the project.
        subject: Option<String>,
    },
}

impl ScreenText {
    /// The text of a tag.
    #[must_use]
    pub(in crate::tui) fn of_tag(id: TagId, is_memo: bool) -> Self {
        Self::Tag { id: id.to_string(), is_memo }
    }
}

/// What a memo is on, as a draft has it: `project:`, `tag:` or `note:` and an id.
#[must_use]
pub(in crate::tui) fn memo_key(subject: &MemoSubject) -> String {
    match subject {
        MemoSubject::Project(id) => format!("project:{id}"),
        MemoSubject::Tag(tag) => format!("tag:{}", tag.id),
        MemoSubject::Annotation(place) => format!("note:{}", place.id),
    }
}
