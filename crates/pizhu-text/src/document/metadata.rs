//! What is known about a speech beside its text.

use crate::text::Span;
use std::sync::Arc;

/// Title, date, and what is about the page and not part of the speech.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The document's title, cleaned.
    pub title: Option<Arc<str>>,
    /// Where the title stands.
    pub title_span: Option<Span>,
    /// The date of delivery where the text gives one, else the page's date stamp, as YYYY-MM-DD.
    pub date: Option<Arc<str>>,
    /// The lines about the page, each as its span.
    pub boilerplate: Arc<Vec<Span>>,
}
