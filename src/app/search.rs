//! Searching the speeches of a library.

use super::{
    error::UseCaseError,
    speeches::{Batch, SourceSpeech as _, SpeechResult, SpeechSource, Stopped, each_speech},
    stores::StoreFinder,
};
use pizhu_annotation::{Codebook, CodebookError, Memo, Store, StoreError};
use pizhu_library::{
    attributes::Attributes,
    compiled_query::CompiledQuery,
    find::{AnnotationFilter, Hit, Hits, Query},
};
use pizhu_text::{
    document::Document,
    search::NameQuery,
    text::{Span, segmentation::ParagraphText},
};
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A search of a library.
pub(crate) struct SearchRequest {
    /// The query.
    pub(crate) query: CompiledQuery,
    /// Whether the query's tag is meant by part of its name or its pinyin, too (see [`tag_meant`]).
    pub(crate) finds_tag: bool,
}

/// Searches each speech of a batch, in parallel. `describe` is called by the threads with the hits of
/// each speech that may hold one; what it returns is passed to `sink` in order, `None` for the others.
///
/// # Errors
/// It was stopped.
pub(crate) fn search_library<S: SpeechSource, T: Send, B>(
    request: &SearchRequest,
    source: &S,
    batch: Batch<'_, impl IntoIterator<Item = S::Item, IntoIter: Send>>,
    describe: impl Fn(&S::Speech, &Hits<'_>) -> Result<T, S::Failure> + Sync,
    sink: impl FnMut(Result<SpeechResult<Option<T>>, S::Failure>) -> ControlFlow<B>,
) -> Result<(), Stopped<B>> {
    let search = |item| {
        let Some(speech) = source.read_candidate(item, &request.query)? else { return Ok(SpeechResult::new(None)) };
        let filter = match speech.path().filter(|_| request.query.query.needs_annotations()) {
            Some(path) => match request.annotation_filter(source.stores(), speech.document(), path) {
                Ok(filter) => Some(filter),
                Err(error) => return Err(source.failure(&speech, error)),
            },
            None => None,
        };
        let hits = request.query.hits(speech.document(), filter.as_ref());
        Ok(SpeechResult::new(Some(describe(&speech, &hits)?)))
    };
    each_speech(batch, search, sink)
}

impl SearchRequest {
    /// What the query asks of a speech's annotations.
    fn annotation_filter(&self, stores: &StoreFinder, document: &Document, path: &Path) -> Result<AnnotationFilter, UseCaseError> {
        let store = stores.of_file(path)?;
        let codebook = stores.codebook(&store)?;
        let found = store.speech_annotations(document, path)?;
        let attributes = Attributes::new(document, &found.records);
        let query = self.meant(&codebook);
        let filter = AnnotationFilter::new(found.anchors, &codebook, &query).map_err(StoreError::from)?;
        Ok(filter.with_condition(&query, document, &attributes, &codebook)?)
    }

    /// The query with the tag that its words mean in a codebook.
    fn meant(&self, book: &Codebook) -> Query {
        let query = &self.query.query;
        match query.tag.as_deref().filter(|_| self.finds_tag) {
            Some(words) => Query { tag: Some(tag_meant(book, words)), ..query.clone() },
            None => query.clone(),
        }
    }

    /// The memos of tags and projects that the query finds, with their stores.
    ///
    /// # Errors
    /// A store cannot be read, or the query's tag may be several of its codebook.
    pub(crate) fn memos<'a>(&self, stores: &'a [Store]) -> Result<Vec<(&'a Store, Memo)>, StoreError> {
        let mut memos = Vec::new();
        for store in stores {
            memos.extend(self.query.memos(store)?.into_iter().map(|memo| (store, memo)));
        }
        Ok(memos)
    }
}

/// A speech with hits.
#[derive(Debug, Clone)]
pub struct FoundSpeech {
    /// Its file.
    pub path: PathBuf,
    /// Text and sections.
    pub document: Arc<Document>,
    /// The number of hits.
    pub count: usize,
    /// The hits; empty if they are only counted.
    pub groups: Vec<HitGroup>,
}

/// The hits of a sentence, or one hit in a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitGroup {
    /// The sentence; `None` for a note.
    pub sentence: Option<Span>,
    /// The hits.
    pub hits: Vec<Hit>,
}

impl FoundSpeech {
    /// The hits of a speech by sentence; `is_full`: they are only counted. `None` without a hit.
    ///
    /// Example: those of 人才 in `抓人才，引人才。留住本土人才。` are in two groups, of two and of one.
    pub(crate) fn new(path: &Path, document: &Arc<Document>, hits: &Hits<'_>, is_full: bool) -> Option<Self> {
        let groups = if is_full { Vec::new() } else { by_sentence(document, hits.with_snippets()) };
        let found = || Self { path: path.to_owned(), document: Arc::clone(document), count: hits.len(), groups };
        (!hits.is_empty()).then(found)
    }
}

fn by_sentence(document: &Document, hits: impl Iterator<Item = Hit>) -> Vec<HitGroup> {
    let mut groups: Vec<HitGroup> = Vec::new();
    for hit in hits {
        let sentence = hit.span.filter(|_| hit.note.is_none()).and_then(|span| Some(sentence_at(document, span.start)?.hull(span)));
        match groups.last_mut() {
            Some(HitGroup { sentence: Some(last), hits }) if sentence.is_some_and(|sentence| sentence.start <= last.start) => {
                *last = last.hull(sentence.unwrap_or(*last));
                hits.push(hit);
            }
            _ => groups.push(HitGroup { sentence, hits: vec![hit] }),
        }
    }
    groups
}

/// The sentence at an offset.
fn sentence_at(document: &Document, offset: usize) -> Option<Span> {
    let paragraph = document.paragraph_at(offset).and_then(|index| document.paragraphs.get(index));
    let span = paragraph.map_or_else(|| document.source.span(), |paragraph| paragraph.span);
    ParagraphText { source: &document.source, cleaning: &document.cleaning, span }.sentence_at(offset)
}

/// The tag that is meant by words typed in a query: one of this name, else the first of the tree whose name
/// has the words, as they are or by pinyin (`tag:rencai`); else the words themselves, which no tag has.
fn tag_meant(book: &Codebook, words: &str) -> String {
    if !matches!(book.find(words), Err(CodebookError::Missing(_))) || words.contains('/') {
        return words.to_owned();
    }
    let query = NameQuery::new(words);
    let found = book.tree().into_iter().find(|(_, tag)| query.matches(&tag.name));
    found.map_or_else(|| words.to_owned(), |(_, tag)| book.label(tag.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_meant_by_its_name_or_its_pinyin() {
        let book = Codebook::starter();
        for (typed, meant) in [
            ("人才工作", "人才工作"),
            ("rencai", "人才工作"),
            ("rc", "人才工作"),
            ("作风", "作风建设"),
            ("没有", "没有"),
            ("一/二", "一/二"),
        ] {
            assert_eq!(tag_meant(&book, typed), meant, "{typed}");
        }
    }
}
