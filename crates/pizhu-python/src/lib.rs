//! The Python package `pizhu`: section trees and cleaned text of speeches, over `pizhu-text`.
//!
//! Offsets count as Python's `str` does, in code points: chars. A text whose lines end in CR or that
//! begins with a byte order mark is normalized first, as files are; `Outline.text` is the text that
//! the offsets count in. Parsing releases the interpreter's lock.

mod outline;
mod section;
mod table;

use outline::PyOutline;
use pizhu_text::document::{Document, Hints, ParagraphKind, parse};
use pizhu_text::text::SourceText;
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyList, PyString},
};
use section::PySection;
use table::PySectionTable;

/// Parses a speech given as text.
///
/// `markdown` says that its headings are Markdown's; otherwise a line that begins with `#` is text.
#[pyfunction]
#[pyo3(name = "outline", signature = (text, *, markdown = false))]
fn parse_outline(py: Python<'_>, text: Bound<'_, PyString>, markdown: bool) -> PyResult<PyOutline> {
    let text = normalized(text)?;
    let document = parse_text(py, &text, markdown)?;
    Ok(PyOutline::new(text.unbind(), document))
}

/// The speech as it is read: a paragraph a line, without page marks, glosses, the line breaks inside
/// paragraphs and the lines about the page.
#[pyfunction]
#[pyo3(signature = (text, *, markdown = false))]
fn clean(py: Python<'_>, text: Bound<'_, PyString>, markdown: bool) -> PyResult<String> {
    let document = parse_text(py, &normalized(text)?, markdown)?;
    let mut clean = String::new();
    for paragraph in document.paragraphs.iter().filter(|paragraph| paragraph.kind != ParagraphKind::Boilerplate) {
        clean.push_str(&document.text(paragraph.span));
        clean.push('\n');
    }
    Ok(clean)
}

/// The sections of many speeches in one table, a section a row; its column `document` holds the
/// item of `ids` that belongs to the text, or the text's position.
#[pyfunction]
#[pyo3(signature = (texts, ids = None, *, markdown = false))]
fn sections(py: Python<'_>, texts: Bound<'_, PyAny>, ids: Option<Bound<'_, PyAny>>, markdown: bool) -> PyResult<PySectionTable> {
    let mut table = PySectionTable::default();
    let mut ids = ids.map(|ids| ids.try_iter()).transpose()?;
    for (position, text) in texts.try_iter()?.enumerate() {
        let text = normalized(text?.cast_into::<PyString>()?)?;
        let id = match &mut ids {
            Some(ids) => ids.next().ok_or_else(|| PyValueError::new_err("fewer ids than texts"))??.str()?.to_string(),
            None => position.to_string(),
        };
        let document = parse_text(py, &text, markdown)?;
        py.detach(|| table.push(&id, &document));
    }
    if let Some(mut ids) = ids
        && ids.next().is_some()
    {
        return Err(PyValueError::new_err("more ids than texts"));
    }
    Ok(table)
}

/// The text that offsets count in: LF line ends, no byte order mark. A text that is so already is
/// returned as it is. A lone surrogate, which no text file holds, becomes `?`.
fn normalized(text: Bound<'_, PyString>) -> PyResult<Bound<'_, PyString>> {
    let py = text.py();
    let text = if text.to_str().is_ok() {
        text
    } else {
        let bytes = text.call_method1("encode", ("utf-8", "replace"))?;
        bytes.call_method1("decode", ("utf-8",))?.cast_into::<PyString>()?
    };
    let given = text.to_str()?;
    let without_mark = given.strip_prefix('\u{FEFF}').unwrap_or(given);
    if without_mark.len() == given.len() && !given.contains('\r') {
        return Ok(text);
    }
    Ok(PyString::new(py, &without_mark.replace("\r\n", "\n").replace('\r', "\n")))
}

/// Parses a normalized text without the interpreter's lock.
fn parse_text(py: Python<'_>, text: &Bound<'_, PyString>, markdown: bool) -> PyResult<Document> {
    let text = text.to_str()?;
    let hints = Hints { markdown, ..Hints::default() };
    Ok(py.detach(|| parse(SourceText::from(text), &hints)))
}

/// A list of Python strings.
fn string_list(py: Python<'_>, items: impl IntoIterator<Item = String>) -> PyResult<Bound<'_, PyList>> {
    PyList::new(py, items.into_iter().collect::<Vec<String>>())
}

#[pymodule]
fn _pizhu(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<PyOutline>()?;
    module.add_class::<PySection>()?;
    module.add_class::<PySectionTable>()?;
    module.add_function(wrap_pyfunction!(parse_outline, module)?)?;
    module.add_function(wrap_pyfunction!(clean, module)?)?;
    module.add_function(wrap_pyfunction!(sections, module)?)
}
