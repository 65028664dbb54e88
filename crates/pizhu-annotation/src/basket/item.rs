//! Entries of a basket: passages with their sources, headings, and words of the user's own.

use crate::identity::SpeechHash;
use crate::model::{AnnotationId, Scope};
use crate::selector::Selector;
use serde::{Deserialize, Serialize};

/// The deepest level of a heading.
pub const MAX_HEADING_LEVEL: u8 = 6;

/// A passage in a basket, with what a reader needs of its source even if the file is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BasketPassage {
    /// The speech.
    pub speech: SpeechHash,
    /// Its name in the store.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// Its title when the passage was put in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its date then, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub date: String,
    /// A passage, or a whole section.
    #[serde(default = "passage", skip_serializing_if = "is_passage")]
    pub scope: Scope,
    /// The passage, followed through changes of the text as an annotation is; of a section, its heading.
    pub at: Selector,
    /// The words as one quotes them, if they are not the quote of `at`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The annotation that it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotation: Option<AnnotationId>,
}

fn passage() -> Scope {
    Scope::Passage
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_passage(scope: &Scope) -> bool {
    *scope == Scope::Passage
}

impl BasketPassage {
    /// The words as they were when the passage was put in.
    #[must_use]
    pub fn kept_text(&self) -> &str {
        if self.text.is_empty() { self.at.cleaned_quote() } else { &self.text }
    }
}

/// An entry of a basket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasketItem {
    /// A passage of a speech.
    Passage(Box<BasketPassage>),
    /// A heading.
    Heading {
        /// The level, 1 for the topmost.
        level: u8,
        /// The words.
        text: String,
    },
    /// Words of the user's own.
    Words {
        /// The text; may have several lines.
        text: String,
    },
}

impl BasketItem {
    /// A heading of a level between 1 and [`MAX_HEADING_LEVEL`], on one line.
    #[must_use]
    pub fn heading(level: u8, text: &str) -> Self {
        Self::Heading { level: level.clamp(1, MAX_HEADING_LEVEL), text: text.split_whitespace().collect::<Vec<_>>().join(" ") }
    }

    /// Words of the user's own.
    #[must_use]
    pub fn words(text: &str) -> Self {
        Self::Words { text: text.trim().to_owned() }
    }

    /// The passage, if it is one.
    #[must_use]
    pub fn as_passage(&self) -> Option<&BasketPassage> {
        match self {
            Self::Passage(passage) => Some(passage),
            Self::Heading { .. } | Self::Words { .. } => None,
        }
    }

    /// The words of the entry, of a passage as they were when it was put in.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Passage(passage) => passage.kept_text(),
            Self::Heading { text, .. } | Self::Words { text } => text,
        }
    }
}
