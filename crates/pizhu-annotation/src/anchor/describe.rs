//! Describes places: builds the selector of a passage or a section from a document.

use super::{normalized_text::NormalizedText, passage::min_unique_context};
use crate::selector::{CONTEXT_CHARS, Selector};
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;

impl Selector {
    /// Describes `span`, clipped to the text. `None` if nothing is left.
    #[must_use]
    pub fn for_passage(document: &Document, span: Span) -> Option<Self> {
        let span = document.source.span().intersection(span)?;
        let section = document.outline.section_at(span.start).map(|id| document.outline.path(id)).unwrap_or_default();
        Some(describe(document, span, section))
    }

    /// Describes the whole speech, by its title for those who read the file.
    #[must_use]
    pub fn for_speech(document: &Document) -> Self {
        Self { quote: document.metadata.title.as_deref().unwrap_or_default().to_owned(), end: document.source.len(), ..Self::default() }
    }

    /// Describes a section by its heading. `None` if the document has no such section.
    #[must_use]
    pub fn for_section(document: &Document, id: SectionId) -> Option<Self> {
        let heading = document.outline.get(id)?.heading;
        Some(describe(document, heading, document.outline.path(id)))
    }
}

/// The selector of `span`, which lies in the section of this path.
fn describe(document: &Document, span: Span, section: Vec<String>) -> Selector {
    let source = &document.source;
    let quote = document.quote(span);
    let text = document.text(span);
    let solid_len = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let mut selector = Selector {
        text: (solid_len(&text) != solid_len(&quote)).then_some(text),
        before: document.quote(Span::new(last_of_context(source.chars_before(span.start)).unwrap_or(span.start), span.start)),
        after: document.quote(Span::new(span.end, last_of_context(source.chars_from(span.end)).map_or(span.end, |last| last + 1))),
        quote,
        start: span.start,
        end: span.end,
        unique_before: None,
        unique_after: None,
        section,
        orphaned: false,
    };
    (selector.unique_before, selector.unique_after) = unique_context(document, &selector);
    selector
}

/// Offset of the outermost context char among `chars`, which lead away from the quote.
fn last_of_context(chars: impl Iterator<Item = (usize, char)>) -> Option<usize> {
    let mut solid = 0;
    let mut last = None;
    for (at, c) in chars.take(4 * CONTEXT_CHARS) {
        solid += usize::from(!c.is_whitespace());
        last = Some(at);
        if solid == CONTEXT_CHARS {
            break;
        }
    }
    last
}

/// The minimum context (significant chars before, chars after) that makes the quote unique in the
/// document; `None` if the whole context does not, or the document is too long to search at once.
fn unique_context(document: &Document, selector: &Selector) -> (Option<u8>, Option<u8>) {
    const MAX_TEXT_CHARS: usize = 400_000;
    const MAX_OCCURRENCES: usize = 4096;
    if document.source.len() > MAX_TEXT_CHARS {
        return (None, None);
    }
    min_unique_context(&NormalizedText::from_source(document), selector, MAX_OCCURRENCES)
}
