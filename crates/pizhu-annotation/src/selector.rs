//! Selectors: how the place of an annotation is written down, so that it is found again when the
//! text has changed.

use super::anchor::distinct;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use serde::{Deserialize, Serialize};

/// Chars of context kept before and after the quote; white space does not count.
pub const CONTEXT_CHARS: usize = 32;

/// Whether a context is as long as it can be: a shorter one ends where the text did.
pub(super) fn is_whole_context(context: &str) -> bool {
    context.chars().filter(|c| !c.is_whitespace()).count() >= CONTEXT_CHARS
}

/// The last char of the context among `chars`, which lead away from the quote.
fn far(chars: impl Iterator<Item = (usize, char)>) -> Option<usize> {
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

/// The place of an annotation as it was when it was marked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Selector {
    /// The source text that was marked; of a section, its heading. Empty only for imported
    /// entries that bring no quote.
    pub quote: String,
    /// The quote without page marks and glosses, where it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The source before the quote, up to [`CONTEXT_CHARS`] chars besides white space.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// Likewise behind it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Char offset of the quote's first char in the source.
    pub start: usize,
    /// Char offset behind the quote's last char.
    pub end: usize,
    /// How many letters before the quote make it the only one of its kind in the text (0 where it
    /// is so by itself), and how many behind it. `None` where all the context does not, or it is
    /// not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<u8>,
    /// See `lead`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<u8>,
    /// The path of the innermost section that held the quote's start; of a section, its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub section: Vec<String>,
    /// Whether the user said that it is gone from the text: it is looked for no more, unless all
    /// is as it was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub orphaned: bool,
}

impl Selector {
    /// Describes `span`, cut to the text. `None` where that leaves nothing.
    #[must_use]
    pub fn passage(document: &Document, span: Span) -> Option<Self> {
        let span = document.source.span().intersection(span)?;
        let section = document.outline.at(span.start).map(|id| document.outline.path(id)).unwrap_or_default();
        let mut selector = Self::around(document, span, section);
        (selector.lead, selector.trail) = distinct(document, &selector);
        Some(selector)
    }

    /// Describes a section by its heading. `None` where the document has no such section.
    #[must_use]
    pub fn section(document: &Document, id: SectionId) -> Option<Self> {
        let heading = document.outline.get(id)?.heading;
        let mut selector = Self::around(document, heading, document.outline.path(id));
        (selector.lead, selector.trail) = distinct(document, &selector);
        Some(selector)
    }

    fn around(document: &Document, span: Span, section: Vec<String>) -> Self {
        let source = &document.source;
        let quote = document.quote(span);
        let text = document.text(span);
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        Self {
            text: (letters(&text) != letters(&quote)).then_some(text),
            before: document.quote(Span::new(far(source.chars_before(span.start)).unwrap_or(span.start), span.start)),
            after: document.quote(Span::new(span.end, far(source.chars_from(span.end)).map_or(span.end, |last| last + 1))),
            quote,
            start: span.start,
            end: span.end,
            lead: None,
            trail: None,
            section,
            orphaned: false,
        }
    }

    /// Where the quote stood.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    /// The quote as it is looked for: without page marks and glosses.
    #[must_use]
    pub fn matched(&self) -> &str {
        self.text.as_deref().unwrap_or(&self.quote)
    }
}
