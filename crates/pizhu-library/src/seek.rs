//! Looking through many speeches with as little work as can be.
//!
//! A file is read, and sieved as it stands: most hold no hit and are done with. Of the others the
//! text is searched by its digest, where one is known, else the speech is parsed and its digest
//! taken. Nothing is missed by it: the sieve passes every text that has a hit.

use super::{
    digest::{Digest, Digests, Stamp},
    find::{Hits, Marked, Part, Question},
};
use pizhu_text::document::Document;
use pizhu_text::search::Matcher;
use pizhu_text::search::QueryError;
use pizhu_text::search::Sieve;
use crate::source;
use crate::source::Contents;
use crate::source::Manner;
use crate::source::SourceError;
use std::{path::Path, sync::Arc};

/// A question made ready for any number of speeches.
#[derive(Debug)]
pub struct Seeker {
    /// What is asked.
    pub question: Question,
    matcher: Matcher,
    sieve: Sieve,
}

impl Seeker {
    /// Compiles a question.
    ///
    /// # Errors
    /// When its words are empty, or no regular expression.
    pub fn new(question: Question) -> Result<Self, QueryError> {
        let matcher = Matcher::new(&question.words, question.mode)?;
        let sieve = Sieve::new(&question.words, question.mode);
        Ok(Self { question, matcher, sieve })
    }

    /// Whether a text, as it stands in its file or decoded, may hold a hit. Notes are not in the
    /// text: of a question about them every text may.
    #[must_use]
    pub fn passes(&self, text: &str) -> bool {
        self.question.part == Part::Note || self.sieve.passes(text)
    }

    /// Whether speeches are to be parsed whole: annotations are placed by their paragraphs.
    #[must_use]
    pub fn needs_whole(&self) -> bool {
        self.question.needs_annotations()
    }

    /// The speech of a file, so far as searching needs it; `None` where it holds no hit.
    ///
    /// # Errors
    /// The file gives no speech.
    pub fn read(&self, path: &Path, manner: Manner, digests: &Digests) -> Result<Option<Arc<Document>>, SourceError> {
        let Some(contents) = source::read_where(path, manner, |text| self.passes(text))? else { return Ok(None) };
        let text = match contents {
            Contents::Speech(speech) => return Ok(Some(speech.document)),
            Contents::Text(text) => text,
        };
        // What was not UTF-8 has been decoded without being sieved.
        let source = text.source();
        if !text.was_wanted && !self.passes(&source.slice(source.span())) {
            return Ok(None);
        }
        if self.needs_whole() || manner != Manner::default() {
            return Ok(Some(text.parse().document));
        }
        let stamp = Stamp::of(path, &text.metadata);
        let known = digests.get(stamp).and_then(|digest| digest.unpack(text.source().clone()));
        Ok(Some(known.map_or_else(
            || {
                let document = text.parse().document;
                digests.add(stamp, Digest::of(&document));
                document
            },
            Arc::new,
        )))
    }

    /// The hits in a speech, in order; `marked` as [`Hits::of`] needs it.
    #[must_use]
    pub fn hits<'a>(&self, document: &'a Document, marked: Option<&'a Marked>) -> Hits<'a> {
        Hits::of(document, &self.matcher, &self.question, marked)
    }
}
