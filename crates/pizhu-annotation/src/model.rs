//! The annotation: tags and a note on a passage or a section, and the edits made to it.
//!
//! Invariants: an id never changes and is never used again; `modified` of one annotation only
//! grows, whatever the clock does; the tags are sorted and no tag stands twice.

use super::selector::Selector;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};
use uuid::Uuid;

/// The name of an annotation for good: a UUID, version 7 where this program made it, version 5
/// where it was derived from an imported entry's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnnotationId(Uuid);

impl AnnotationId {
    /// An id that nobody has.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// The id of an imported entry that brings none: the same content gives the same id, so that
    /// importing twice changes nothing.
    #[must_use]
    pub fn from_content(content: &[u8]) -> Self {
        Self(Uuid::new_v5(&Uuid::from_u128(0x6b1d_7f9e_52c8_4f0b_9a57_31c6_e0b8_d2a4), content))
    }

    /// The UUID.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl Default for AnnotationId {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Uuid> for AnnotationId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for AnnotationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for AnnotationId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text.trim()).map(Self)
    }
}

/// What an annotation is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Some chars of the text.
    Passage,
    /// A section as a whole.
    Section,
}

impl Scope {
    /// The name in JSON and in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passage => "passage",
            Self::Section => "section",
        }
    }
}

/// Tags and/or a note on a passage or a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// Its name for good.
    pub id: AnnotationId,
    /// What it is on.
    pub scope: Scope,
    /// How its place is found again.
    #[serde(rename = "at")]
    pub selector: Selector,
    /// Names of tags in the codebook.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// The note; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who made it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}

impl Annotation {
    /// A new annotation at the place that `selector` describes, made now.
    #[must_use]
    pub fn new(scope: Scope, selector: Selector, author: &str) -> Self {
        let now = now();
        Self {
            id: AnnotationId::new(),
            scope,
            selector,
            tags: BTreeSet::new(),
            note: String::new(),
            author: author.to_owned(),
            created: now,
            modified: now,
        }
    }

    /// Sets `modified` to now, or a microsecond past what it was where the clock has gone back.
    pub fn touch(&mut self) {
        self.modified = later_than(self.modified);
    }
}

/// The time, to the microsecond (what RFC 3339 in the store keeps).
#[must_use]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// Now, but at least a microsecond past `time`.
pub(super) fn later_than(time: Timestamp) -> Timestamp {
    let next = time.checked_add(SignedDuration::from_micros(1)).unwrap_or(time);
    now().max(next)
}

/// A place in a document that is open, for annotating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// These chars; never empty.
    Passage(Span),
    /// This section of the document's final outline.
    Section(SectionId),
}

/// One thing a user does to the annotations of a speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts tags on a place: on the author's own annotation of exactly that place where there is
    /// one, else on a new one.
    Tag {
        /// The place.
        target: Target,
        /// Names of tags.
        tags: Vec<String>,
    },
    /// Writes a note on a place: on the author's own annotation of exactly that place where it
    /// has no note yet, else on a new one.
    Note {
        /// The place.
        target: Target,
        /// The note; not blank.
        note: String,
    },
    /// Adds an annotation as it is (an import, an annotation brought back).
    Insert(Box<Annotation>),
    /// Adds tags to an annotation.
    AddTags {
        /// Which.
        id: AnnotationId,
        /// Names of tags.
        tags: Vec<String>,
    },
    /// Takes tags off an annotation; it goes with its last tag where it has no note.
    RemoveTags {
        /// Which.
        id: AnnotationId,
        /// Names of tags; empty for all.
        tags: Vec<String>,
    },
    /// Sets the note of an annotation; blank takes it off, and the annotation with it where it
    /// has no tags.
    SetNote {
        /// Which.
        id: AnnotationId,
        /// The note.
        note: String,
    },
    /// Deletes an annotation.
    Delete {
        /// Which.
        id: AnnotationId,
    },
    /// Attaches an annotation to this place: after a review, or by hand.
    Attach {
        /// Which.
        id: AnnotationId,
        /// Where to.
        target: Target,
    },
    /// Keeps an annotation although its words are gone: it is orphaned for good, and no review
    /// asks for it any more.
    Orphan {
        /// Which.
        id: AnnotationId,
    },
}
