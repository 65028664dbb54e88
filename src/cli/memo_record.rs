//! A memo as a record of JSON, and in words.

use pizhu_annotation::{Memo, MemoSubject, NotedPlace, Store};
use serde::Serialize;
use std::fmt::Write as _;

/// Chars shown of a passage.
const QUOTE_CHARS: usize = 24;

/// A memo in JSON; fields that it has no use for are null.
#[derive(Serialize)]
pub(super) struct MemoRecord<'a> {
    /// `project`, `tag`, `speech`, `section` or `passage`.
    kind: &'static str,
    /// Id of the annotation, of the tag, or of the record in the project's file.
    id: String,
    /// The place in words.
    #[serde(rename = "where")]
    place: String,
    /// Path of the tag, the names above it joined by `/`.
    tag: Option<&'a str>,
    document: Option<&'a str>,
    document_hash: Option<String>,
    document_title: Option<&'a str>,
    section: Option<String>,
    /// The annotated text; of a section its heading.
    quote: Option<&'a str>,
    author: Option<&'a str>,
    modified: Option<String>,
    text: &'a str,
    /// The store's folder.
    store: String,
}

impl<'a> MemoRecord<'a> {
    pub(super) fn new(memo: &'a Memo, store: &Store) -> Self {
        let (id, tag, noted) = match &memo.subject {
            MemoSubject::Project(record) => (record.to_string(), None, None),
            MemoSubject::Tag(tag) => (tag.id.to_string(), Some(tag.name.as_str()), None),
            MemoSubject::Annotation(place) => (place.id.to_string(), None, Some(&**place)),
        };
        Self {
            kind: memo.kind(),
            id,
            place: memo_place(memo),
            tag,
            document: noted.map(|place| place.document.as_str()),
            document_hash: noted.map(|place| place.hash.to_string()),
            document_title: noted.map(|place| place.title.as_str()),
            section: noted.map(|place| place.section.join("/")).filter(|section| !section.is_empty()),
            quote: noted.map(|place| place.quote.as_str()),
            author: memo.author.as_deref(),
            modified: memo.modified.map(|time| time.to_string()),
            text: &memo.text,
            store: store.location().dir.display().to_string(),
        }
    }
}

/// What a memo is on, in one line: `人才工作/引才`, or `讲话.txt 二、/（一） 抓好落实…`; empty for the project.
pub(super) fn memo_place(memo: &Memo) -> String {
    match &memo.subject {
        MemoSubject::Project(_) => String::new(),
        MemoSubject::Tag(tag) => tag.name.clone(),
        MemoSubject::Annotation(place) => noted_place(place),
    }
}

fn noted_place(place: &NotedPlace) -> String {
    let mut text = place.document.clone();
    if !place.section.is_empty() {
        let _ = write!(text, " {}", place.section.join("/"));
    }
    if place.scope == pizhu_annotation::Scope::Passage {
        let words: Vec<&str> = place.quote.split_whitespace().collect();
        let words = words.join(" ");
        let shown: String = words.chars().take(QUOTE_CHARS).collect();
        let _ = write!(text, " {shown}{}", if shown.len() < words.len() { "…" } else { "" });
    }
    text
}
