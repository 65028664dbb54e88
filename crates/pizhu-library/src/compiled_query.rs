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
use pizhu_text::document::Document;
use pizhu_text::search::Matcher;
use pizhu_text::search::Prefilter;
use pizhu_text::search::QueryError;
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

    /// The hits in a speech, in text order. `annotations` as for [`Hits::new`].
    #[must_use]
    pub fn hits<'a>(&self, document: &'a Document, annotations: Option<&'a AnnotationFilter>) -> Hits<'a> {
        Hits::new(document, &self.matcher, &self.query, annotations)
    }
}
