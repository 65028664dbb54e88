//! A query compiled for searching many speeches.
//!
//! Most files hold no hit and are rejected by the prefilter on their raw text. For the rest, the
//! parse cache gives what searching needs; only a speech that is not in it is parsed. The prefilter
//! has no false negatives, so no hit is missed.

use super::{
    find::{AnnotationFilter, Field, Hits, Query},
    parse_cache::{MetadataFingerprint, ParseCache, ParseRecord},
};
use crate::source;
use crate::source::FileContents;
use crate::source::ReadOptions;
use crate::source::SourceError;
use pizhu_annotation::{Memo, MemoSubject, Store, StoreError};
use pizhu_text::document::Document;
use pizhu_text::search::Matcher;
use pizhu_text::search::Prefilter;
use pizhu_text::search::QueryError;
use pizhu_text::text::{CleanText, SourceText};
use std::{path::Path, sync::Arc};

/// A query with its matcher and prefilter, usable for any number of speeches from any thread.
///
/// ```
/// use pizhu_library::compiled_query::CompiledQuery;
/// use pizhu_library::find::Query;
///
/// let query = CompiledQuery::new(Query { text: "组织".to_owned(), ..Query::default() }).unwrap();
/// // The default mode folds traditional characters.
/// assert!(query.may_match("抓好組織工作"));
/// assert!(!query.may_match("抓好人才工作"));
/// ```
#[derive(Debug)]
pub struct CompiledQuery {
    /// The query.
    pub query: Query,
    matcher: Matcher,
    prefilter: Prefilter,
}

impl CompiledQuery {
    /// Compiles a query.
    ///
    /// # Errors
    /// The query text is empty or not a valid regular expression.
    pub fn new(query: Query) -> Result<Self, QueryError> {
        let matcher = Matcher::new(&query.text, query.mode)?;
        let prefilter = Prefilter::new(&query.text, query.mode);
        Ok(Self { query, matcher, prefilter })
    }

    /// Whether a text, raw from its file or decoded, may hold a hit. Always true for notes, which
    /// are not in the text.
    #[must_use]
    pub fn may_match(&self, text: &str) -> bool {
        self.query.field == Field::Note || self.prefilter.may_match(text)
    }

    /// Whether speeches must be parsed in full: annotations are resolved against paragraphs.
    #[must_use]
    pub(crate) fn needs_full_parse(&self) -> bool {
        self.query.needs_annotations()
    }

    /// Reads the speech of a file as far as searching needs it; `None` if it cannot hold a hit.
    ///
    /// # Errors
    /// The file cannot be read as a speech.
    pub fn load_candidate(&self, path: &Path, options: ReadOptions, cache: &ParseCache) -> Result<Option<Arc<Document>>, SourceError> {
        let Some(contents) = source::read_if(path, options, |text| self.may_match(text))? else { return Ok(None) };
        let text = match contents {
            FileContents::Speech(speech) => return Ok(Some(speech.document)),
            FileContents::Text(text) => text,
        };
        // A text that was not UTF-8 was decoded without passing the prefilter.
        let source = text.source();
        if !text.passed_filter && !self.may_match(&source.slice(source.span())) {
            return Ok(None);
        }
        if self.needs_full_parse() || options != ReadOptions::default() {
            return Ok(Some(text.parse().document));
        }
        let fingerprint = MetadataFingerprint::new(path, &text.metadata);
        let cached = cache.get(fingerprint).and_then(|record| record.unpack(text.source().clone()));
        Ok(Some(cached.map_or_else(
            || {
                let document = text.parse().document;
                cache.add(fingerprint, ParseRecord::pack(&document));
                document
            },
            Arc::new,
        )))
    }

    /// The memos of tags and of the project that the query finds, none unless notes are searched. A tag of
    /// the query means those below it too; a level, a date or a condition holds for no such memo, an author
    /// only for the author's own.
    ///
    /// # Errors
    /// The store cannot be read, or the query's tag may be several of its codebook.
    pub fn memos(&self, store: &Store) -> Result<Vec<Memo>, StoreError> {
        let query = &self.query;
        let bounds = [query.since.is_some(), query.until.is_some(), query.level.is_some(), query.condition.is_some()];
        if query.field != Field::Note || bounds.contains(&true) {
            return Ok(Vec::new());
        }
        let book = store.codebook()?;
        let above = query.tag.as_ref().map(|tag| book.wanted(tag)).transpose()?;
        let mut memos = store.memos()?;
        memos.retain(|memo| {
            let is_meant = match &memo.subject {
                MemoSubject::Annotation(_) => false,
                MemoSubject::Project(_) => above.is_none(),
                MemoSubject::Tag(tag) => above.is_none_or(|above| book.is_within(tag.id, above)),
            };
            let text = || CleanText::from(SourceText::from(memo.text.as_str()));
            let is_found = |text: CleanText| self.matcher.first_hit(&text, text.source.span()).is_some();
            is_meant && query.author.as_ref().is_none_or(|author| memo.author.as_ref() == Some(author)) && is_found(text())
        });
        Ok(memos)
    }

    /// The hits in a speech, in text order. `annotations` as for [`Hits::new`].
    #[must_use]
    pub fn hits<'a>(&self, document: &'a Document, annotations: Option<&'a AnnotationFilter>) -> Hits<'a> {
        Hits::new(document, &self.matcher, &self.query, annotations)
    }
}
