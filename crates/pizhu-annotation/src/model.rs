//! The annotation (tags and a note on a passage, a section or the whole speech) and the edits that
//! change it.
//!
//! Invariants: an id never changes and is never reused; `modified` of an annotation only grows,
//! even if the clock goes back; tags are sorted and unique.

use super::codebook::{TagId, TagRef};
use super::selector::Selector;
use super::tag_set::TagSet;
use jiff::{SignedDuration, Timestamp};
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The permanent id of an annotation: a UUID, version 7 if made by this program, version 5 if
/// derived from the content of an imported entry.
///
/// ```
/// use pizhu_annotation::AnnotationId;
///
/// let id = AnnotationId::new();
/// assert_eq!(id.to_string().parse(), Ok(id));
///
/// // Importing the same entry twice gives the same id.
/// assert_eq!(AnnotationId::from_content(b"entry"), AnnotationId::from_content(b"entry"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnnotationId(Uuid);

impl AnnotationId {
    /// Creates a new unique id.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// The id of an imported entry that has none. The same content gives the same id, so that
    /// importing twice changes nothing.
    #[must_use]
    pub fn from_content(content: &[u8]) -> Self {
        Self(Uuid::new_v5(&Uuid::from_u128(0x6b1d_7f9e_52c8_4f0b_9a57_31c6_e0b8_d2a4), content))
    }

    /// The id as a UUID.
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
    /// A span of chars.
    Passage,
    /// A whole section.
    Section,
    /// The whole speech.
    Speech,
}

impl Scope {
    /// The name in JSON and in the store, such as `"passage"`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passage => "passage",
            Self::Section => "section",
            Self::Speech => "speech",
        }
    }
}

/// Tags and/or a note on a passage, a section or the whole speech.
///
/// ```
/// use pizhu_annotation::{Annotation, Scope, Selector, TagRef};
///
/// let selector = Selector { quote: "抓好人才工作".to_owned(), start: 9, end: 15, ..Selector::default() };
/// let mut annotation = Annotation::new(Scope::Passage, selector, "甲");
/// annotation.tags.insert(TagRef::new("人才工作"));
///
/// let before = annotation.modified;
/// annotation.touch();
/// assert!(annotation.modified > before);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// The permanent id.
    pub id: AnnotationId,
    /// What it is on.
    pub scope: Scope,
    /// Describes the place, so that it is found again in a changed text.
    #[serde(rename = "at")]
    pub selector: Selector,
    /// The tags.
    #[serde(default, skip_serializing_if = "TagSet::is_nothing_stored")]
    pub tags: TagSet,
    /// The note; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The author's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// Time of creation.
    pub created: Timestamp,
    /// Time of the last change.
    pub modified: Timestamp,
}

impl Annotation {
    /// Creates an annotation of the text that `selector` describes, made now.
    #[must_use]
    pub fn new(scope: Scope, selector: Selector, author: &str) -> Self {
        let now = now();
        Self {
            id: AnnotationId::new(),
            scope,
            selector,
            tags: TagSet::default(),
            note: String::new(),
            author: author.to_owned(),
            created: now,
            modified: now,
        }
    }

    /// Whether it has neither tags nor a note: all of its tags were deleted.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.tags.is_empty() && self.note.trim().is_empty()
    }

    /// Sets `modified` to now, or 1 µs after its old value if the clock has gone back.
    pub fn touch(&mut self) {
        self.modified = later_than(self.modified);
    }
}

/// The current time, in microseconds (the precision of the RFC 3339 times in the store).
#[must_use]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// The current time, but at least 1 µs after `time`.
pub(super) fn later_than(time: Timestamp) -> Timestamp {
    let next = time.checked_add(SignedDuration::from_micros(1)).unwrap_or(time);
    now().max(next)
}

/// A place in an open document that can be annotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A span of chars, never empty.
    Passage(Span),
    /// A section of the document's final outline.
    Section(SectionId),
    /// The whole speech.
    Speech,
}

/// A user's edit of the annotations of a speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Adds tags to a place: to the author's own annotation of exactly that place, or to a new one.
    Tag {
        /// The place.
        target: Target,
        /// The tags.
        tags: Vec<TagRef>,
    },
    /// Writes a note on a place: into the author's own annotation of exactly that place if it has
    /// no note, or into a new one.
    Note {
        /// The place.
        target: Target,
        /// The note, not blank.
        note: String,
    },
    /// Inserts a complete annotation (imported or restored).
    Insert(Box<Annotation>),
    /// Adds tags to an annotation.
    AddTags {
        /// The annotation.
        id: AnnotationId,
        /// The tags.
        tags: Vec<TagRef>,
    },
    /// Removes tags from an annotation. Without any tags and note left, the annotation is deleted.
    RemoveTags {
        /// The annotation.
        id: AnnotationId,
        /// The tags; empty for all.
        tags: Vec<TagId>,
    },
    /// Sets the note of an annotation; a blank note removes it. Without any tags and note left, the
    /// annotation is deleted.
    SetNote {
        /// The annotation.
        id: AnnotationId,
        /// The note.
        note: String,
    },
    /// Deletes an annotation.
    Delete {
        /// The annotation.
        id: AnnotationId,
    },
    /// Attaches an annotation to another place, after a review or by hand.
    Attach {
        /// The annotation.
        id: AnnotationId,
        /// The new place.
        target: Target,
    },
    /// Marks an annotation as orphaned: it is kept without a place and no longer listed for review.
    Orphan {
        /// The annotation.
        id: AnnotationId,
    },
}
