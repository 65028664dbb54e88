//! Selectors: the stored description of an annotation's place, by which it is found again in a
//! changed text.
//!
//! Pure data, after the `TextQuoteSelector` and `TextPositionSelector` of the W3C Web Annotation
//! Data Model. The constructors are in the anchoring module.

use pizhu_text::text::Span;
use serde::{Deserialize, Serialize};

/// Maximum chars of context on each side of the quote, not counting white space.
pub const CONTEXT_CHARS: usize = 32;

/// Whether a context has its maximum length; a shorter one was cut by the start or end of the text.
pub(super) fn is_full_context(context: &str) -> bool {
    context.chars().filter(|c| !c.is_whitespace()).count() >= CONTEXT_CHARS
}

/// The place of an annotation when it was marked.
///
/// ```
/// use pizhu_annotation::Selector;
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::{SourceText, Span};
///
/// let document = parse(SourceText::from("今年要抓好人才工作，把短板补起来。"), &Hints::default());
/// let selector = Selector::for_passage(&document, Span::new(3, 9)).unwrap();
/// assert_eq!(selector.quote, "抓好人才工作");
/// assert_eq!(selector.before, "今年要");
/// assert_eq!(selector.after, "，把短板补起来。");
/// assert_eq!(selector.span(), Span::new(3, 9));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Selector {
    /// The source text marked; for a section, its heading. Empty only for imported entries without
    /// a quote.
    pub quote: String,
    /// The quote without page marks and glosses, if it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The source text before the quote, up to [`CONTEXT_CHARS`] chars besides white space.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// The source text after the quote, likewise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Char offset of the quote's start in the source.
    pub start: usize,
    /// Char offset of the quote's end (exclusive).
    pub end: usize,
    /// Minimum significant chars before the quote that make it unique in the text; 0 if it is
    /// unique by itself. `None` if not even the whole context does, or if unknown.
    #[serde(rename = "lead", default, skip_serializing_if = "Option::is_none")]
    pub unique_before: Option<u8>,
    /// The same for the chars after the quote.
    #[serde(rename = "trail", default, skip_serializing_if = "Option::is_none")]
    pub unique_after: Option<u8>,
    /// Path of the innermost section containing the quote's start; for a section, its own path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub section: Vec<String>,
    /// Whether the user marked it as gone. It is then not searched for, unless the text is as it
    /// was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub orphaned: bool,
}

impl Selector {
    /// The quote's span when it was marked.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }

    /// The quote as it is searched for: without page marks and glosses.
    #[must_use]
    pub fn cleaned_quote(&self) -> &str {
        self.text.as_deref().unwrap_or(&self.quote)
    }
}
