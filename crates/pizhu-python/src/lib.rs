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
use pizhu_text::text::{SourceBuilder, SourceText};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyList, PySlice, PyString},
};
use section::PySection;
use table::PySectionTable;

/// Chars that are converted to UTF-8 at once.
const PIECE_CHARS: isize = 16 * 1024;

/// Parses a speech given as text.
///
/// `markdown` says that its headings are Markdown's; otherwise a line that begins with `#` is text.
#[pyfunction]
#[pyo3(name = "outline", signature = (text, *, markdown = false))]
fn parse_outline(text: Bound<'_, PyString>, markdown: bool) -> PyResult<PyOutline> {
    let (text, document) = parse_text(text, markdown)?;
    Ok(PyOutline::new(text.unbind(), document, markdown))
}

/// The speech as it is read: a paragraph a line, without page marks, glosses, the line breaks inside
/// paragraphs and the lines about the page.
#[pyfunction]
#[pyo3(signature = (text, *, markdown = false))]
fn clean(text: Bound<'_, PyString>, markdown: bool) -> PyResult<String> {
    let (_, document) = parse_text(text, markdown)?;
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
        let text = text?.cast_into::<PyString>().map_err(|error| {
            let kind = error.into_inner().get_type();
            PyTypeError::new_err(format!("texts[{position}] must be str, not {kind}"))
        })?;
        let id = match &mut ids {
            Some(ids) => ids.next().ok_or_else(|| PyValueError::new_err("fewer ids than texts"))??.str()?.to_string(),
            None => position.to_string(),
        };
        let (_, document) = parse_text(text, markdown)?;
        py.detach(|| table.push(&id, &document));
    }
    if let Some(mut ids) = ids
        && ids.next().is_some()
    {
        return Err(PyValueError::new_err("more ids than texts"));
    }
    Ok(table)
}

/// What a text must not contain.
enum Unfit {
    /// CR in its line ends.
    LineEnds,
    /// A lone surrogate, which no text file holds.
    Surrogate,
}

/// The source text of a text without byte order mark.
///
/// It is converted piece by piece: the interpreter keeps the UTF-8 of a string as long as the string,
/// and a buffer of the whole text is slower than small ones that are used again.
fn source_text(text: &Bound<'_, PyString>) -> PyResult<Result<SourceText, Unfit>> {
    let (py, len) = (text.py(), isize::try_from(text.len()?)?);
    let mut builder = SourceBuilder::default();
    let mut start = 0;
    while start < len {
        let end = len.min(start + PIECE_CHARS);
        let piece = text.get_item(PySlice::new(py, start, end, 1))?.cast_into::<PyString>()?;
        let Ok(piece) = piece.to_str() else { return Ok(Err(Unfit::Surrogate)) };
        if piece.contains('\r') {
            return Ok(Err(Unfit::LineEnds));
        }
        builder.push_str(piece);
        start = end;
    }
    Ok(Ok(builder.finish()))
}

/// The text that offsets count in, and its source text: LF line ends, no byte order mark, U+FFFD for a
/// lone surrogate. A text that is so already is returned as it is.
fn normalized(mut text: Bound<'_, PyString>) -> PyResult<(Bound<'_, PyString>, SourceText)> {
    let py = text.py();
    if text.call_method1("startswith", ("\u{FEFF}",))?.is_truthy()? {
        text = text.get_item(PySlice::new(py, 1, isize::MAX, 1))?.cast_into()?;
    }
    loop {
        text = match source_text(&text)? {
            Ok(source) => return Ok((text, source)),
            Err(Unfit::LineEnds) => text.call_method1("replace", ("\r\n", "\n"))?.call_method1("replace", ("\r", "\n"))?.cast_into()?,
            Err(Unfit::Surrogate) => {
                { text.call_method1("encode", ("utf-16-le", "surrogatepass"))?.call_method1("decode", ("utf-16-le", "replace"))? }
                    .cast_into()?
            }
        };
    }
}

/// Parses a text without the interpreter's lock. Returns the text that offsets count in.
fn parse_text(text: Bound<'_, PyString>, markdown: bool) -> PyResult<(Bound<'_, PyString>, Document)> {
    let hints = Hints { markdown, ..Hints::default() };
    let (text, source) = normalized(text)?;
    let document = text.py().detach(|| parse(source, &hints));
    Ok((text, document))
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
