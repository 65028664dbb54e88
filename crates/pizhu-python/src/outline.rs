//! The outline of one speech as a Python object.

use crate::{section::PySection, string_list, table::PySectionTable};
use pizhu_text::document::Document;
use pyo3::{
    exceptions::PyKeyError,
    prelude::*,
    types::{PyList, PyString},
};

/// A speech's title, date, lines about the page, and sections.
#[pyclass(frozen, name = "Outline", module = "pizhu")]
pub(crate) struct PyOutline {
    text: Py<PyString>,
    document: Document,
}

impl PyOutline {
    /// The outline of `document`, which was parsed from `text`.
    pub(crate) fn new(text: Py<PyString>, document: Document) -> Self {
        Self { text, document }
    }
}

#[pymethods]
impl PyOutline {
    /// The text that all offsets count in: the one given, unless its line ends had to be normalized.
    #[getter]
    fn text(&self, py: Python<'_>) -> Py<PyString> {
        self.text.clone_ref(py)
    }

    /// The title; `None` if the text has none.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.document.metadata.title.as_deref()
    }

    /// The date of delivery, else the page's, as YYYY-MM-DD.
    #[getter]
    fn date(&self) -> Option<&str> {
        self.document.metadata.date.as_deref()
    }

    /// The lines that are about the page and not part of the speech.
    #[getter]
    fn boilerplate<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        string_list(py, self.document.metadata.boilerplate.iter().map(|span| self.document.quote(*span)))
    }

    /// All sections in reading order.
    #[getter]
    fn sections(&self) -> Vec<PySection> {
        self.document.outline.iter().map(|(id, _)| PySection::new(&self.document, id)).collect()
    }

    /// The sections at the top of the tree.
    #[getter]
    fn children(&self) -> Vec<PySection> {
        self.document.outline.children(None).map(|(id, _)| PySection::new(&self.document, id)).collect()
    }

    /// The sections as a table, a section a row.
    fn table(&self, py: Python<'_>) -> PySectionTable {
        let mut table = PySectionTable::default();
        py.detach(|| table.push("", &self.document));
        table
    }

    /// The section of a path such as `一、/（二）`; steps match without final punctuation.
    fn find(&self, path: &str) -> PyResult<PySection> {
        let id = self.document.outline.resolve(path).map_err(|error| PyKeyError::new_err(error.to_string()))?;
        Ok(PySection::new(&self.document, id))
    }

    /// The cleaned text of a span: without page marks, glosses and the line breaks inside
    /// paragraphs.
    #[pyo3(signature = (start, end))]
    fn clean(&self, start: usize, end: usize) -> String {
        let len = self.document.source.len();
        let start = start.min(len);
        self.document.text(pizhu_text::text::Span::new(start, end.clamp(start, len)))
    }

    fn __len__(&self) -> usize {
        self.document.outline.sections().len()
    }

    fn __repr__(&self) -> String {
        format!("<Outline {:?}, {} sections>", self.title().unwrap_or_default(), self.__len__())
    }
}
