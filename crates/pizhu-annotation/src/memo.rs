//! Memos: texts on a tag, on a speech or a part of it, and on the project.
//!
//! The memo of a tag is a field of the tag, that of the project a record, one for each author; what
//! is written on a speech, a section or a passage is the note of an annotation.

use super::{
    codebook::TagRef,
    identity::SpeechHash,
    model::{AnnotationId, Scope},
    record::{Record, RecordEntry, RecordId, RecordSet},
};
use jiff::Timestamp;
use std::path::PathBuf;

/// What a memo is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemoSubject {
    /// The whole project.
    Project(RecordId),
    /// A tag; the name is its path, the names above it joined by `/`.
    Tag(TagRef),
    /// A speech, a section or a passage.
    Annotation(Box<NotedPlace>),
}

/// The place of an annotation that has a note, as it was stored last: the text is not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedPlace {
    /// The annotation.
    pub id: AnnotationId,
    /// What it is on.
    pub scope: Scope,
    /// The identity of the speech.
    pub hash: SpeechHash,
    /// The name of the speech in the store.
    pub document: String,
    /// The title of the speech.
    pub title: String,
    /// The places where the speech was seen, the last one last.
    pub paths: Vec<PathBuf>,
    /// The path of the section; empty outside sections.
    pub section: Vec<String>,
    /// The marked text; of a section its heading.
    pub quote: String,
    /// Char offset of its start when it was placed last.
    pub start: usize,
}

/// A memo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo {
    /// What it is on.
    pub subject: MemoSubject,
    /// Who wrote it; `None` for that of a tag, of which the codebook does not say it.
    pub author: Option<String>,
    /// When it was last changed; `None` for that of a tag.
    pub modified: Option<Timestamp>,
    /// The text.
    pub text: String,
}

impl Memo {
    /// The kind of its subject, as programs name it: `project`, `tag`, `speech`, `section` or `passage`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.subject {
            MemoSubject::Project(_) => "project",
            MemoSubject::Tag(_) => "tag",
            MemoSubject::Annotation(place) => place.scope.name(),
        }
    }
}

/// Kinds of subjects, in the order of a list of memos.
pub const MEMO_KINDS: [&str; 5] = ["project", "tag", "speech", "section", "passage"];

/// The id of the record that has an author's memo of the project.
fn memo_id(author: &str) -> RecordId {
    RecordId::from_content(format!("memo {author}").as_bytes())
}

impl RecordSet {
    /// The memos of the project: id, author, time of the last change and text; by author.
    #[must_use]
    pub fn memos(&self) -> Vec<(RecordId, &str, Timestamp, &str)> {
        let mut found: Vec<_> = self
            .records()
            .iter()
            .filter_map(|(id, entry)| match &entry.record {
                Record::Memo { text } => Some((*id, entry.author.as_str(), entry.modified, text.as_str())),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(id, author, ..)| (*author, *id));
        found
    }

    /// Writes an author's memo of the project; the first that the author has is replaced.
    ///
    /// ```
    /// use pizhu_annotation::RecordSet;
    ///
    /// let mut records = RecordSet::default();
    /// records.set_memo("甲", "先看人才部分");
    /// records.set_memo("甲", "先看作风部分");
    /// records.set_memo("乙", "已核对");
    /// let texts: Vec<&str> = records.memos().into_iter().map(|(.., text)| text).collect();
    /// assert_eq!(texts, ["已核对", "先看作风部分"]);
    /// ```
    pub fn set_memo(&mut self, author: &str, text: &str) {
        let own = self.memos().into_iter().find(|(_, other, ..)| *other == author).map(|(id, ..)| id);
        self.put_memo(own.unwrap_or_else(|| memo_id(author)), author, text);
    }

    /// Sets the text of a memo of the project, or adds it.
    pub fn put_memo(&mut self, id: RecordId, author: &str, text: &str) {
        self.put(id, author, Record::Memo { text: text.to_owned() });
    }

    /// Adds a memo of the project beside those that are there; returns `false` if the author has one with
    /// this text.
    pub fn add_memo(&mut self, author: &str, text: &str) -> bool {
        if text.trim().is_empty() || self.memos().iter().any(|(_, other, _, there)| *other == author && *there == text) {
            return false;
        }
        let id = RecordId::from_content(format!("memo {author}\0{text}").as_bytes());
        self.put(id, author, Record::Memo { text: text.to_owned() });
        true
    }

    /// Takes a memo of the project that another file holds, unless a later version of it is here; returns
    /// whether anything has changed.
    pub fn bring_memo(&mut self, id: RecordId, author: &str, modified: Timestamp, text: &str) -> bool {
        let before = self.records().get(&id).cloned();
        let entry = RecordEntry { modified, author: author.to_owned(), record: Record::Memo { text: text.to_owned() } };
        self.insert(id, entry);
        self.records().get(&id) != before.as_ref()
    }

    /// Sets the text of a memo of the project, or removes it for an empty text; returns whether there is
    /// such a memo. Its author stays.
    pub fn change_memo(&mut self, id: RecordId, text: &str) -> bool {
        let Some(author) = self.memos().into_iter().find(|(own, ..)| *own == id).map(|(_, author, ..)| author.to_owned()) else {
            return false;
        };
        if text.trim().is_empty() { self.remove(id) } else { self.set(id, &author, Record::Memo { text: text.to_owned() }) }
    }
}
