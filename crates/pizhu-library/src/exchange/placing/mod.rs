//! Incoming annotations onto the speeches they are of.
//!
//! An entry is never put on words that are not its own: where its quote does not stand at its
//! position it is looked for, and what is not found beyond doubt is kept for a review.

use super::incoming::Incoming;
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::CodebookError;
use pizhu_annotation::Resolved;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Tag;
use pizhu_annotation::anchor::Anchorer;
use pizhu_annotation::codebook::check_name;
use pizhu_annotation::merge::Entry;
use pizhu_annotation::merge::merge_entry;
use pizhu_annotation::model::now;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use std::collections::BTreeSet;

/// A speech on which annotations are to be placed.
#[derive(Debug)]
pub struct Ground<'a> {
    document: &'a Document,
    hash: SpeechHash,
    /// The text without white space, and where each of its chars stands in the source.
    letters: String,
    places: Vec<usize>,
    anchorer: Anchorer<'a>,
}

/// An annotation that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The annotation, merged with the one of its id that was there.
    pub annotation: Annotation,
    /// Whether its place must be reviewed.
    pub needs_review: bool,
}

/// Why an entry cannot be placed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlacingError {
    /// It names neither words nor a position nor a section.
    #[error("it names neither a quote nor a position nor a section")]
    NoPlace,
    /// It has neither tags nor a note.
    #[error("it has neither tags nor a note")]
    Empty,
    /// It has only a position, which does not lie in the text.
    #[error("its position does not lie in the text")]
    OutOfText,
    /// It has only a section, which the speech does not have.
    #[error("the speech has no section {0}")]
    NoSection(String),
}

impl<'a> Ground<'a> {
    /// The ground that a document gives.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        let solid = document.source.chars_from(0).filter(|(_, c)| !c.is_whitespace());
        let (places, letters) = solid.unzip();
        Self { document, hash: SpeechHash::of(&document.source), letters, places, anchorer: Anchorer::new(document) }
    }

    /// The speech's identity.
    #[must_use]
    pub fn hash(&self) -> SpeechHash {
        self.hash
    }

    /// Places an entry. `author` is whose it is where it does not say; `existing` gives the
    /// annotation of an id, with which the entry is merged.
    ///
    /// # Errors
    /// When the entry names no place in this speech, or has no content.
    pub fn place(
        &self,
        entry: &Incoming,
        author: &str,
        existing: impl Fn(AnnotationId) -> Option<Annotation>,
    ) -> Result<Arrived, PlacingError> {
        let tags: BTreeSet<String> = entry.tags.iter().filter_map(|tag| tag_name(tag)).collect();
        if tags.is_empty() && entry.note.trim().is_empty() {
            return Err(PlacingError::Empty);
        }
        let id = entry.id.unwrap_or_else(|| self.derived_id(entry));
        let (scope, selector, needs_review) = self.locate(entry)?;
        let there = existing(id);
        let time = now();
        let created = entry.created.or(there.as_ref().map(|there| there.created)).unwrap_or(time);
        let modified = entry.modified.or(there.as_ref().map(|there| there.modified)).unwrap_or(created);
        let arrived = Annotation {
            id,
            scope,
            selector,
            tags,
            note: entry.note.clone(),
            author: entry.author.clone().unwrap_or_else(|| author.to_owned()),
            created,
            modified,
        };
        let merged = merge_entry(None, there.clone().map(Entry::Live).as_ref(), Some(&Entry::Live(arrived.clone())));
        let annotation = merged.and_then(|entry| entry.live().cloned()).unwrap_or(arrived);
        Ok(Arrived { annotation, needs_review })
    }

    /// The id of an entry that has none: of what it is on and of what it says.
    fn derived_id(&self, entry: &Incoming) -> AnnotationId {
        let content = (
            self.hash,
            entry.scope,
            (&entry.section, entry.start, entry.end),
            &entry.quote,
            entry.tags.iter().collect::<BTreeSet<_>>(),
            &entry.note,
            &entry.author,
        );
        AnnotationId::from_content(format!("{content:?}").as_bytes())
    }

    fn locate(&self, entry: &Incoming) -> Result<(Scope, Selector, bool), PlacingError> {
        let quote = entry.quote.as_deref().filter(|quote| !quote.is_empty());
        if let Some(kept) = self.as_marked(entry) {
            return Ok(kept);
        }
        let names_words = quote.is_some() || entry.start.is_some();
        if entry.scope == Some(Scope::Section) || (!names_words && entry.section.is_some()) {
            if let Some(selector) = self.section(entry).and_then(|id| Selector::section(self.document, id)) {
                return Ok((Scope::Section, selector, false));
            }
            let path = entry.section.clone().unwrap_or_default();
            let Some(quote) = quote else { return Err(PlacingError::NoSection(path.join("/"))) };
            let heading = quote.lines().next().unwrap_or_default().to_owned();
            return Ok((Scope::Section, Selector { quote: heading, section: path, ..Selector::default() }, true));
        }
        let given = entry.start.zip(entry.end).map(|(start, end)| Span::new(start, end)).filter(|span| !span.is_empty());
        let inside = given.filter(|span| span.end <= self.document.source.len());
        let Some(quote) = quote else {
            let span = inside.ok_or(if given.is_some() { PlacingError::OutOfText } else { PlacingError::NoPlace })?;
            let selector = Selector::passage(self.document, span).ok_or(PlacingError::OutOfText)?;
            return Ok((Scope::Passage, selector, false));
        };
        let stands = inside.filter(|span| self.document.source.slice(*span) == quote);
        let raw = Selector {
            quote: quote.to_owned(),
            before: entry.before.clone(),
            after: entry.after.clone(),
            start: given.map_or(0, |span| span.start),
            end: given.map_or(0, |span| span.end),
            section: entry.section.clone().unwrap_or_default(),
            ..Selector::default()
        };
        let found = stands.or_else(|| self.only(&raw)).or_else(|| self.anchored(raw.clone()));
        Ok(match found.and_then(|span| Selector::passage(self.document, span)) {
            Some(selector) => (Scope::Passage, selector, false),
            None => (Scope::Passage, raw, true),
        })
    }

    /// The place as it was marked, where that leads to the entry's place here too, or to none.
    fn as_marked(&self, entry: &Incoming) -> Option<(Scope, Selector, bool)> {
        let marked = entry.marked.clone()?;
        let scope = entry.scope.unwrap_or(Scope::Passage);
        let found = self.anchorer.find(&Annotation::new(scope, marked.clone(), "")).span;
        let given = entry.start.zip(entry.end);
        let agrees = given.is_none() || found.map(|span| (span.start, span.end)) == given;
        agrees.then_some((scope, marked, found.is_none()))
    }

    /// The section that an entry is on: by its path where its span agrees, by its span, by its
    /// words.
    fn section(&self, entry: &Incoming) -> Option<SectionId> {
        let outline = &self.document.outline;
        let by_path = entry.section.as_ref().and_then(|path| outline.resolve(&path.join("/")).ok());
        let quote = entry.quote.as_deref();
        let agrees = |id: &SectionId| {
            outline.get(*id).is_some_and(|section| {
                let whole = quote.is_none_or(|quote| self.document.source.slice(section.span) == quote);
                whole || quote.is_some_and(|quote| self.document.source.slice(section.heading) == quote)
            })
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

    /// The one place where the words stand, white space aside; with the words around them where
    /// they alone stand in several places.
    fn only(&self, selector: &Selector) -> Option<Span> {
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let quote = solid(&selector.quote);
        self.unique(&quote, 0, 0).or_else(|| {
            let (before, after) = (solid(&selector.before), solid(&selector.after));
            let around = format!("{before}{quote}{after}");
            (around != quote).then(|| self.unique(&around, before.chars().count(), after.chars().count())).flatten()
        })
    }

    /// Where `words` stand, if they stand once, without the first `before` and last `after` chars.
    fn unique(&self, words: &str, before: usize, after: usize) -> Option<Span> {
        if words.is_empty() {
            return None;
        }
        let mut found = memchr::memmem::find_iter(self.letters.as_bytes(), words.as_bytes());
        let at = found.next().filter(|_| found.next().is_none())?;
        // A match of whole UTF-8 sequences begins at a char's first byte.
        let first = self.letters.get(..at)?.chars().count();
        let start = self.places.get(first + before)?;
        let end = self.places.get((first + words.chars().count()).checked_sub(after + 1)?)?;
        Some(Span::new(*start, end + 1))
    }

    fn anchored(&self, selector: Selector) -> Option<Span> {
        self.anchorer.find(&Annotation::new(Scope::Passage, selector, "")).span
    }
}

/// The name of an incoming tag as it may be in a codebook; of a path, its last step.
fn tag_name(tag: &str) -> Option<String> {
    let name: String = tag.rsplit('/').next().unwrap_or(tag).chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    check_name(name).is_ok().then(|| name.to_owned())
}

/// Adds the tags that come in to a codebook: those described, and those that entries name, under
/// the tags their paths say. What a tag has stays; what it lacks is filled in, and keywords are
/// joined. Gives the names of the new ones.
///
/// # Errors
/// When the codebook refuses a tag; names were checked, so this is a fault of the codebook.
pub fn add_tags(book: &mut Codebook, tags: &[Tag], entries: &[Incoming]) -> Result<Vec<String>, CodebookError> {
    let mut added = Vec::new();
    let mut ensure = |book: &mut Codebook, tag: Tag| -> Result<(), CodebookError> {
        if let Resolved::Tag(_) = book.resolve(&tag.name) {
            if book.get(&tag.name).is_some() {
                book.describe(&tag.name.clone(), |there| {
                    let texts = [
                        (&mut there.definition, &tag.definition),
                        (&mut there.colour, &tag.colour),
                        (&mut there.sign, &tag.sign),
                        (&mut there.english, &tag.english),
                        (&mut there.memo, &tag.memo),
                    ];
                    for (there, new) in texts {
                        if there.is_empty() {
                            there.clone_from(new);
                        }
                    }
                    let missing = tag.keywords.iter().filter(|word| !there.keywords.contains(word)).cloned().collect::<Vec<_>>();
                    there.keywords.extend(missing);
                })?;
            }
            return Ok(());
        }
        let parent = tag.parent.and_then(|parent| match book.resolve(&parent) {
            Resolved::Tag(above) => Some(above.name.clone()),
            Resolved::Deleted | Resolved::Unknown => None,
        });
        // A former name that means something here goes on meaning it.
        let was = tag.was.into_iter().filter(|name| book.resolve(name) == Resolved::Unknown).collect();
        added.push(tag.name.clone());
        book.add(Tag { parent, was, ..tag })
    };
    for tag in tags {
        if let Some(name) = tag_name(&tag.name) {
            ensure(book, Tag { name, ..tag.clone() })?;
        }
    }
    for path in entries.iter().flat_map(|entry| entry.tag_paths.iter().chain(&entry.tags)) {
        let mut parent = None;
        for name in path.split('/').filter_map(tag_name) {
            ensure(book, Tag { parent: parent.take(), ..Tag::new(&name) })?;
            parent = Some(name);
        }
    }
    Ok(added)
}

#[cfg(test)]
mod tests;
