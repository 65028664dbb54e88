//! What mending works on.

use crate::document::metadata::Metadata;
use crate::document::outline::Outline;
use crate::document::paragraph::Paragraph;
use crate::text::Span;
use std::sync::Arc;

/// What mending changes in a document.
#[derive(Debug, Clone, Default)]
pub(in crate::document) struct OutlineParts {
    pub(in crate::document) outline: Outline,
    pub(in crate::document) paragraphs: Arc<Vec<Paragraph>>,
    pub(in crate::document) metadata: Metadata,
}

/// A section of the parsed outline whose heading the user took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemovedSection {
    /// Its heading.
    pub heading: Span,
    /// The whole section as it was then.
    pub span: Span,
}
