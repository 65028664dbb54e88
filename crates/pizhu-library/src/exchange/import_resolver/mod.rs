//! Resolves imported annotations to targets in their speeches.
//!
//! Invariant: an entry is never attached to text that differs from its quote. If the quote is not at
//! the given position it is searched for; an ambiguous or missing quote is kept for review.

mod tags;

pub use tags::{ImportedTags, add_tags, valid_tags};

use super::import_entry::ImportEntry;
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::CodebookError;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::anchor::Resolver;
use pizhu_annotation::merge::AnnotationEntry;
use pizhu_annotation::merge::merge_entry;
use pizhu_annotation::model::now;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use std::collections::BTreeSet;

/// A speech that annotations are imported into.
///
/// ```
/// use pizhu_library::exchange::import::ImportEntry;
/// use pizhu_library::exchange::import_resolver::{ImportTarget, add_tags};
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::SourceText;
///
/// let document = parse(SourceText::from("一、提高认识\n要抓好落实。\n"), &Hints::default());
/// let target = ImportTarget::new(&document);
/// let entry = ImportEntry { quote: Some("抓好落实".into()), tags: vec!["作风".into()], ..ImportEntry::default() };
/// let mut book = pizhu_annotation::Codebook::default();
/// let tags = add_tags(&mut book, &[], std::slice::from_ref(&entry))?;
/// let imported = target.resolve(&entry, &tags, "甲", |_| None)?;
/// assert!(!imported.needs_review);
/// assert_eq!(imported.annotation.selector.quote, "抓好落实");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ImportTarget<'a> {
    document: &'a Document,
    hash: SpeechHash,
    /// The text without white space.
    significant_chars: String,
    /// Char offset in the source of each char of that text.
    offsets: Vec<usize>,
    resolver: Resolver<'a>,
}

/// An imported annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The annotation, merged with an existing one of the same id.
    pub annotation: Annotation,
    /// Whether its target was not found for certain.
    pub needs_review: bool,
}

/// Error of resolving an imported annotation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The entry has neither a quote nor a position nor a section.
    #[error("it names neither a quote nor a position nor a section")]
    NoTarget,
    /// The entry has neither tags nor a note.
    #[error("it has neither tags nor a note")]
    Empty,
    /// The entry has only a position, which is outside the text.
    #[error("its position does not lie in the text")]
    OutOfBounds,
    /// The entry has only a section, which the speech lacks.
    #[error("the speech has no section {0}")]
    NoSection(String),
    /// One of its tags may be several of the codebook.
    #[error(transparent)]
    Tag(#[from] CodebookError),
}

impl<'a> ImportTarget<'a> {
    /// Prepares a document for imports.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        let solid = document.source.chars_from(0).filter(|(_, c)| !c.is_whitespace());
        let (offsets, significant_chars) = solid.unzip();
        Self { document, hash: SpeechHash::from_text(&document.source), significant_chars, offsets, resolver: Resolver::new(document) }
    }

    /// Hash that identifies the text of the speech.
    #[must_use]
    pub fn hash(&self) -> SpeechHash {
        self.hash
    }

    /// Resolves an entry to an annotation. `imported` has the tags of the file, `author` is the author of entries without one; `existing`
    /// looks up the annotation with the same id, with which the entry is merged.
    ///
    /// # Errors
    /// When the entry has no target in this speech, or no content.
    pub fn resolve(
        &self,
        entry: &ImportEntry,
        imported: &ImportedTags,
        author: &str,
        existing: impl Fn(AnnotationId) -> Option<Annotation>,
    ) -> Result<Imported, ResolveError> {
        let tags = imported.tags_of(entry)?;
        if tags.is_empty() && entry.note.trim().is_empty() {
            return Err(ResolveError::Empty);
        }
        let id = entry.id.unwrap_or_else(|| self.derived_id(entry));
        let (scope, selector, needs_review) = self.locate(entry)?;
        let there = existing(id);
        let time = now();
        let created = entry.created.or(there.as_ref().map(|there| there.created)).unwrap_or(time);
        let modified = entry.modified.or(there.as_ref().map(|there| there.modified)).unwrap_or(created);
        let made = Annotation {
            id,
            scope,
            selector,
            tags,
            note: entry.note.clone(),
            author: entry.author.clone().unwrap_or_else(|| author.to_owned()),
            created,
            modified,
        };
        let merged = merge_entry(None, there.clone().map(AnnotationEntry::Present).as_ref(), Some(&AnnotationEntry::Present(made.clone())));
        let annotation = merged.and_then(|entry| entry.annotation().cloned()).unwrap_or(made);
        Ok(Imported { annotation, needs_review })
    }

    /// Derives an id from the target and content of an entry, so that a second import gives the same.
    fn derived_id(&self, entry: &ImportEntry) -> AnnotationId {
        let content = (
            self.hash,
            entry.scope,
            (&entry.section, entry.start, entry.end),
            &entry.quoted(),
            entry.tags.iter().collect::<BTreeSet<_>>(),
            &entry.note,
            &entry.author,
        );
        AnnotationId::from_content(format!("{content:?}").as_bytes())
    }

    fn locate(&self, entry: &ImportEntry) -> Result<(Scope, Selector, bool), ResolveError> {
        let quoted = entry.quoted();
        let quote = quoted.as_deref().filter(|quote| !quote.is_empty());
        if let Some(kept) = self.original_selector(entry) {
            return Ok(kept);
        }
        if entry.scope == Some(Scope::Speech) {
            return Ok((Scope::Speech, Selector::for_speech(self.document), false));
        }
        let names_words = quote.is_some() || entry.start.is_some();
        if entry.scope == Some(Scope::Section) || (!names_words && entry.section.is_some()) {
            if let Some(selector) = self.section(entry, quoted.as_deref()).and_then(|id| Selector::for_section(self.document, id)) {
                return Ok((Scope::Section, selector, false));
            }
            // The words are there, but a heading that was mended elsewhere is not: they are kept as a passage.
            let given = entry.start.zip(entry.end).map(|(start, end)| Span::new(start, end));
            let in_place = given.filter(|span| !span.is_empty() && span.end <= self.document.source.len());
            let in_place = in_place.filter(|span| quote.is_some_and(|quote| self.document.source.slice(*span) == quote));
            if let Some(selector) = in_place.and_then(|span| Selector::for_passage(self.document, span)) {
                return Ok((Scope::Passage, selector, false));
            }
            let path = entry.section.clone().unwrap_or_default();
            let Some(quote) = quote else { return Err(ResolveError::NoSection(path.join("/"))) };
            let heading = quote.lines().next().unwrap_or_default().to_owned();
            return Ok((Scope::Section, Selector { quote: heading, section: path, ..Selector::default() }, true));
        }
        let given = entry.start.zip(entry.end).map(|(start, end)| Span::new(start, end)).filter(|span| !span.is_empty());
        let inside = given.filter(|span| span.end <= self.document.source.len());
        let Some(quote) = quote else {
            let span = inside.ok_or(if given.is_some() { ResolveError::OutOfBounds } else { ResolveError::NoTarget })?;
            let selector = Selector::for_passage(self.document, span).ok_or(ResolveError::OutOfBounds)?;
            return Ok((Scope::Passage, selector, false));
        };
        let in_place = inside.filter(|span| self.document.source.slice(*span) == quote);
        let raw = Selector {
            quote: quote.to_owned(),
            before: entry.before.clone(),
            after: entry.after.clone(),
            start: given.map_or(0, |span| span.start),
            end: given.map_or(0, |span| span.end),
            section: entry.section.clone().unwrap_or_default(),
            ..Selector::default()
        };
        let found = in_place.or_else(|| self.unique_occurrence(&raw)).or_else(|| self.find_by_context(raw.clone()));
        Ok(match found.and_then(|span| Selector::for_passage(self.document, span)) {
            Some(selector) => (Scope::Passage, selector, false),
            None => (Scope::Passage, raw, true),
        })
    }

    /// The original selector, if it resolves here to the position of the entry, or if the entry has
    /// no position.
    fn original_selector(&self, entry: &ImportEntry) -> Option<(Scope, Selector, bool)> {
        let marked = entry.marked.clone()?;
        let scope = entry.scope.unwrap_or(Scope::Passage);
        let found = self.resolver.resolve(&Annotation::new(scope, marked.clone(), "")).span;
        let given = entry.start.zip(entry.end);
        let agrees = given.is_none() || found.map(|span| (span.start, span.end)) == given;
        agrees.then_some((scope, marked, found.is_none()))
    }

    /// The section of an entry: by its path if the quote agrees, by its span, or by its quote.
    fn section(&self, entry: &ImportEntry, quote: Option<&str>) -> Option<SectionId> {
        let outline = &self.document.outline;
        let by_path = entry.section.as_ref().and_then(|path| outline.resolve(&path.join("/")).ok());
        // Of equal length first: long sections are not compared without need.
        let chars = quote.map(|quote| quote.chars().count());
        let is_quoted = |span: Span| chars == Some(span.len()) && quote.is_some_and(|quote| self.document.source.slice(span) == quote);
        let agrees = |id: &SectionId| {
            outline.get(*id).is_some_and(|section| quote.is_none() || is_quoted(section.span) || is_quoted(section.heading))
        };
        let given = entry.start.zip(entry.end);
        by_path
            .filter(agrees)
            .or_else(|| {
                outline.iter().map(|(id, _)| id).find(|id| {
                    given.is_some_and(|given| outline.get(*id).is_some_and(|s| (s.span.start, s.span.end) == given)) && agrees(id)
                })
            })
            .or_else(|| {
                let mut same = outline.iter().map(|(id, _)| id).filter(|id| quote.is_some() && agrees(id));
                same.next().filter(|_| same.next().is_none())
            })
    }

    /// The only occurrence of the quote, ignoring white space; if there are several, the only one
    /// with the given context.
    fn unique_occurrence(&self, selector: &Selector) -> Option<Span> {
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let quote = solid(&selector.quote);
        self.unique_match(&quote, 0, 0).or_else(|| {
            let (before, after) = (solid(&selector.before), solid(&selector.after));
            let around = format!("{before}{quote}{after}");
            (around != quote).then(|| self.unique_match(&around, before.chars().count(), after.chars().count())).flatten()
        })
    }

    /// The only occurrence of `words`, without its first `before` and last `after` chars.
    fn unique_match(&self, words: &str, before: usize, after: usize) -> Option<Span> {
        if words.is_empty() {
            return None;
        }
        let mut found = memchr::memmem::find_iter(self.significant_chars.as_bytes(), words.as_bytes());
        let at = found.next().filter(|_| found.next().is_none())?;
        // A match of valid UTF-8 starts at a char boundary.
        let first = self.significant_chars.get(..at)?.chars().count();
        let start = self.offsets.get(first + before)?;
        let end = self.offsets.get((first + words.chars().count()).checked_sub(after + 1)?)?;
        Some(Span::new(*start, end + 1))
    }

    fn find_by_context(&self, selector: Selector) -> Option<Span> {
        self.resolver.resolve(&Annotation::new(Scope::Passage, selector, "")).span
    }
}

#[cfg(test)]
mod tests;
