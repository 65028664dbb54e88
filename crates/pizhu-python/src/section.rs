//! A section of an outline as a Python object.

use pizhu_text::document::{Document, Section, SectionId};
use pyo3::prelude::*;
use std::sync::Arc;

/// A section: its heading and the text under it, up to the next section outside it.
#[pyclass(frozen, name = "Section", module = "pizhu")]
pub(crate) struct PySection {
    document: Arc<Document>,
    id: SectionId,
}

impl PySection {
    /// The section of `id`, which must be one of the document's.
    pub(crate) fn new(document: &Arc<Document>, id: SectionId) -> Self {
        Self { document: Arc::clone(document), id }
    }

    fn section(&self) -> Section<'_> {
        self.document.outline.sections().section(self.id.index())
    }
}

#[pymethods]
impl PySection {
    /// The markers from the top down, joined by `/`.
    #[getter]
    fn path(&self) -> String {
        self.document.outline.path_text(self.id)
    }

    /// Depth in the tree: 1 at the top.
    #[getter]
    fn level(&self) -> u16 {
        self.section().depth + 1
    }

    /// Kind of the ordinal, such as `pause` for 一、.
    #[getter]
    fn kind(&self) -> &'static str {
        self.section().kind.name()
    }

    /// Number of the ordinal; 0 for a heading without one.
    #[getter]
    fn number(&self) -> u32 {
        self.section().number
    }

    /// The ordinal as it is written; empty for a heading without one.
    #[getter]
    fn marker(&self) -> &str {
        self.section().marker_text
    }

    /// The title as it is written.
    #[getter]
    fn title(&self) -> &str {
        self.section().title_text
    }

    /// The title as it was before its bytes were damaged; `None` for a sound one.
    #[getter]
    fn restored(&self) -> Option<&str> {
        self.section().repaired_title
    }

    /// Start of the section, in code points of `Outline.text`.
    #[getter]
    fn start(&self) -> usize {
        self.section().span.start
    }

    /// End of the section, excluded.
    #[getter]
    fn end(&self) -> usize {
        self.section().span.end
    }

    /// Start and end of marker and title.
    #[getter]
    fn heading(&self) -> (usize, usize) {
        let heading = self.section().heading;
        (heading.start, heading.end)
    }

    /// The chance that it is a section at its level, from 0 to 1.
    #[getter]
    fn confidence(&self) -> f64 {
        self.section().confidence.chance()
    }

    /// The cleaned text of the whole section.
    #[getter]
    fn text(&self) -> String {
        self.document.text(self.section().span)
    }

    /// The enclosing section; `None` at the top.
    #[getter]
    fn parent(&self) -> Option<Self> {
        self.section().parent.map(|id| Self::new(&self.document, id))
    }

    /// The sections directly under it.
    #[getter]
    fn children(&self) -> Vec<Self> {
        self.document.outline.children(Some(self.id)).map(|(id, _)| Self::new(&self.document, id)).collect()
    }

    fn __repr__(&self) -> String {
        let section = self.section();
        format!("<Section {} {}>", self.path(), section.display_title())
    }
}
