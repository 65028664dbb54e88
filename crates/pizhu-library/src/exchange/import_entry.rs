//! Import records: what a file may say about an annotation or a codebook.

use jiff::Timestamp;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::TagRef;
use pizhu_annotation::{AttributeType, ExportedRecord, RecordId, Tag};
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use serde::{Deserialize, Deserializer};
use std::{borrow::Cow, collections::BTreeMap};

/// An annotation to import. Required are a document, tags or a note, and one of quote, start and
/// end, or section.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ImportEntry {
    /// Id; derived from the content if missing.
    #[serde(deserialize_with = "lenient_id")]
    pub id: Option<AnnotationId>,
    /// Passage, section or speech.
    pub scope: Option<Scope>,
    /// Path or file name of the speech.
    pub document: String,
    /// Hash that identifies the text of the speech.
    pub document_hash: Option<SpeechHash>,
    /// Title of the speech.
    pub document_title: Option<String>,
    /// Path of the section.
    #[serde(deserialize_with = "section_path")]
    pub section: Option<Vec<String>>,
    /// Char offset of the start.
    pub start: Option<usize>,
    /// Char offset of the end, exclusive.
    pub end: Option<usize>,
    /// The annotated text, if the file spells it out; [`Self::quoted`] gives it in either case.
    pub quote: Option<String>,
    /// The annotated text as a range of a source that the file holds.
    #[serde(skip)]
    pub excerpt: Option<Excerpt>,
    /// Context before the quote.
    #[serde(skip)]
    pub before: String,
    /// Context after the quote.
    #[serde(skip)]
    pub after: String,
    /// Names of the tags.
    pub tags: Vec<String>,
    /// Each tag with its ancestors, joined by `/`.
    pub tag_paths: Vec<String>,
    /// The tags among those of the file, where it tells them apart by more than their names.
    #[serde(skip)]
    pub tag_refs: Vec<TagRef>,
    /// The note.
    pub note: String,
    /// Author of the annotation.
    pub author: Option<String>,
    /// Time of creation.
    pub created: Option<Timestamp>,
    /// Time of the last change.
    pub modified: Option<Timestamp>,
    /// The original selector, if the text had changed before the export.
    pub marked: Option<Selector>,
}

/// A range of a source text, which is shared by all excerpts of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The source.
    pub text: SourceText,
    /// The range in chars, inside the source.
    pub span: Span,
}

impl ImportEntry {
    /// The annotated text: as the file spells it out, else cut from the source in the file.
    ///
    /// ```
    /// use pizhu_library::exchange::import::ImportEntry;
    ///
    /// let entry = ImportEntry { quote: Some("抓好落实".into()), ..ImportEntry::default() };
    /// assert_eq!(entry.quoted().as_deref(), Some("抓好落实"));
    /// ```
    #[must_use]
    pub fn quoted(&self) -> Option<Cow<'_, str>> {
        let cut = || self.excerpt.as_ref().map(|excerpt| excerpt.text.slice(excerpt.span));
        self.quote.as_deref().map(Cow::Borrowed).or_else(cut)
    }
}

/// Contents of an imported file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportBatch {
    /// The annotations.
    pub entries: Vec<ImportEntry>,
    /// Tags with their descriptions, parents before children.
    pub tags: Vec<Tag>,
    /// What is known of the project.
    pub project: ImportProject,
    /// What is known of speeches beside their annotations.
    pub speeches: Vec<ImportSpeech>,
    /// The texts that the file holds.
    pub texts: Vec<ImportText>,
    /// What the file holds and an import cannot keep, by kind.
    pub losses: BTreeMap<Loss, usize>,
}

/// What a file knows of the project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportProject {
    /// The records.
    pub records: Vec<ExportedRecord>,
    /// Records of kinds unknown here.
    pub unknown_lines: Vec<String>,
    /// Memos of files that have no records.
    pub memos: Vec<ImportMemo>,
    /// Types of attributes.
    pub attribute_types: BTreeMap<String, AttributeType>,
}

/// A memo of the project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportMemo {
    /// The id of its record, if the file has it.
    pub id: Option<RecordId>,
    /// The author, if the file names one.
    pub author: Option<String>,
    /// Time of the last change.
    pub modified: Option<Timestamp>,
    /// The text.
    pub text: String,
}

/// What a file knows of a speech beside its annotations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportSpeech {
    /// Path or file name of the speech.
    pub document: String,
    /// Hash that identifies its text.
    pub document_hash: Option<SpeechHash>,
    /// Its title.
    pub document_title: Option<String>,
    /// The records.
    pub records: Vec<ExportedRecord>,
    /// Records of kinds unknown here.
    pub unknown_lines: Vec<String>,
    /// Attributes of files that have no records.
    pub attributes: BTreeMap<String, String>,
}

/// A text that a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportText {
    /// The name of the speech in the file.
    pub document: String,
    /// Hash that identifies the text.
    pub hash: SpeechHash,
    /// The text.
    pub text: SourceText,
}

/// Something that a file holds and an import cannot keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// A source that is no text: a picture, a recording, a PDF.
    Source,
    /// A selection in such a source, or one without a place in its text.
    Selection,
    /// A code whose name is empty.
    Code,
    /// A coding by a code that the file does not define.
    Coding,
    /// A case that stands for no source, or for several.
    Case,
    /// A value of a variable that no speech has: of a case without a source.
    Value,
    /// A set of sources or codes.
    Set,
    /// A link between things.
    Link,
    /// A graph or map.
    Graph,
    /// A note that belongs to nothing that is kept.
    Note,
    /// A transcript of a recording.
    Transcript,
}

impl Loss {
    /// The name in reports, such as `source`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Selection => "selection",
            Self::Code => "code",
            Self::Coding => "coding",
            Self::Case => "case",
            Self::Value => "value",
            Self::Set => "set",
            Self::Link => "link",
            Self::Graph => "graph",
            Self::Note => "note",
            Self::Transcript => "transcript",
        }
    }
}

/// Error of reading a file to import.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The format is not known or cannot be imported.
    #[error("not a format that is read")]
    Unknown,
    /// The file is malformed.
    #[error("broken: {0}")]
    Broken(String),
}

/// Deserializes an id; anything but a UUID gives `None`.
fn lenient_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AnnotationId>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|id| id.parse().ok()))
}

/// Deserializes a section path, given as a list or joined by `/`.
fn section_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Path {
        Steps(Vec<String>),
        Joined(String),
    }
    Ok(Option::<Path>::deserialize(deserializer)?.map(|path| match path {
        Path::Steps(steps) => steps,
        Path::Joined(path) => path.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect(),
    }))
}

/// Decodes the contents of a text file.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, ImportError> {
    std::str::from_utf8(bytes).map_err(|_| ImportError::Broken("it is not UTF-8".into()))
}
