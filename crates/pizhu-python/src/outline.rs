//! The outline of one speech as a Python object.

use crate::{section::PySection, string_list, table::PySectionTable};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pyo3::{
    exceptions::PyKeyError,
    prelude::*,
    types::{PyDict, PyList, PyString},
};
use std::sync::Arc;

/// A speech's title, date, front matter, lines about the page, and sections.
#[pyclass(frozen, name = "Outline", module = "pizhu")]
pub(crate) struct PyOutline {
    text: Py<PyString>,
    document: Arc<Document>,
    /// Whether the text was parsed as Markdown.
    markdown: bool,
}

impl PyOutline {
    /// The outline of `document`, which was parsed from `text`.
    pub(crate) fn new(text: Py<PyString>, document: Document, markdown: bool) -> Self {
        Self { text, document: Arc::new(document), markdown }
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

    /// The front matter: a dictionary for each field with its text, start and end, or `None`.
    #[getter]
    fn front<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let front = PyDict::new(py);
        for (name, field) in self.document.metadata.front.fields() {
            let report = field.map(|field| {
                let report = span_dict(py, field.span)?;
                report.set_item("text", &*field.text)?;
                PyResult::Ok(report)
            });
            front.set_item(name, report.transpose()?)?;
        }
        Ok(front)
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

    /// Title, date, front matter, lines about the page and nested sections, as `pizhu outline --format json` prints
    /// them.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let report = PyDict::new(py);
        report.set_item("version", 1)?;
        report.set_item("title", self.title())?;
        report.set_item("date", self.date())?;
        report.set_item("front", self.front(py)?)?;
        report.set_item("boilerplate", self.boilerplate(py)?)?;
        let top = PyList::empty(py);
        // The lists of the sections' children; a section stands behind its parent.
        let mut lists: Vec<Bound<'py, PyList>> = Vec::with_capacity(self.__len__());
        for (id, section) in self.document.outline.iter() {
            let (node, children) = (PyDict::new(py), PyList::empty(py));
            node.set_item("path", self.document.outline.path_text(id))?;
            node.set_item("marker", section.marker_text)?;
            node.set_item("kind", section.kind.name())?;
            node.set_item("number", section.number)?;
            node.set_item("title", section.title_text)?;
            if let Some(restored) = section.repaired_title {
                node.set_item("restored", restored)?;
            }
            node.set_item("heading", span_dict(py, section.heading)?)?;
            node.set_item("span", span_dict(py, section.span)?)?;
            node.set_item("confidence", section.confidence.chance())?;
            node.set_item("children", &children)?;
            section.parent.and_then(|parent| lists.get(parent.index())).unwrap_or(&top).append(node)?;
            lists.push(children);
        }
        report.set_item("sections", top)?;
        Ok(report)
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
        self.document.text(Span::new(start, end.clamp(start, len)))
    }

    /// For `pickle` and `multiprocessing`: the text, which is parsed again.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Py<PyString>,))> {
        let parse = py.import("pizhu")?.getattr("outline")?;
        let options = PyDict::new(py);
        options.set_item("markdown", self.markdown)?;
        let parse = py.import("functools")?.getattr("partial")?.call((parse,), Some(&options))?;
        Ok((parse, (self.text.clone_ref(py),)))
    }

    fn __len__(&self) -> usize {
        self.document.outline.sections().len()
    }

    fn __repr__(&self) -> String {
        format!("<Outline {:?}, {} sections>", self.title().unwrap_or_default(), self.__len__())
    }
}

fn span_dict(py: Python<'_>, span: Span) -> PyResult<Bound<'_, PyDict>> {
    let pair = PyDict::new(py);
    pair.set_item("start", span.start)?;
    pair.set_item("end", span.end)?;
    Ok(pair)
}
