//! Sections in columns, as Arrow lays them out, so that pandas and Arrow take them without a copy.

use pizhu_text::document::Document;
use pyo3::{
    exceptions::PyOverflowError,
    prelude::*,
    types::{PyBytes, PyDict, PyList},
};

/// A column of strings as Arrow's `large_utf8`: where each string ends, in bytes, and the bytes of all.
#[derive(Default)]
struct TextColumn {
    ends: Vec<usize>,
    bytes: Vec<u8>,
    /// Whether each string is there; a column without `None` has none of these.
    is_present: Option<Vec<bool>>,
}

impl TextColumn {
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
    }

    fn push_option(&mut self, text: Option<&str>) {
        self.is_present.get_or_insert_default().push(text.is_some());
        self.push(text.unwrap_or_default());
    }

    /// The strings in order.
    fn strings(&self) -> impl Iterator<Item = Option<&str>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).enumerate().map(|(row, (start, end))| {
            let is_present = self.is_present.as_ref().is_none_or(|present| present[row]);
            is_present.then(|| std::str::from_utf8(&self.bytes[start..*end]).unwrap_or_default())
        })
    }

    /// Arrow's buffers: validity (a bit a row, or `None`), offsets, bytes.
    fn buffers<'py>(&self, py: Python<'py>) -> (Option<Bound<'py, PyBytes>>, Bound<'py, PyBytes>, Bound<'py, PyBytes>) {
        let validity = self.is_present.as_ref().map(|present| {
            let mut bits = vec![0_u8; present.len().div_ceil(8)];
            for (row, _) in present.iter().enumerate().filter(|(_, present)| **present) {
                bits[row / 8] |= 1 << (row % 8);
            }
            PyBytes::new(py, &bits)
        });
        let offsets: Vec<u8> = std::iter::once(&0).chain(&self.ends).flat_map(|end| (*end as u64).to_le_bytes()).collect();
        (validity, PyBytes::new(py, &offsets), PyBytes::new(py, &self.bytes))
    }
}

/// The names of the columns of whole numbers, in order.
const NUMBERS: [&str; 6] = ["level", "number", "start", "end", "heading_start", "heading_end"];
/// The names of the columns of text, in order.
const TEXTS: [&str; 7] = ["document", "path", "parent", "kind", "marker", "title", "restored"];

/// The name of the column of chances, the last.
const CHANCES: &str = "confidence";

/// The sections of one or many speeches, a section a row, in reading order.
#[pyclass(name = "SectionTable", module = "pizhu")]
#[derive(Default)]
pub(crate) struct PySectionTable {
    numbers: [Vec<u64>; NUMBERS.len()],
    texts: [TextColumn; TEXTS.len()],
    /// The column `confidence`.
    chances: Vec<f64>,
}

impl PySectionTable {
    /// Appends the sections of a speech.
    pub(crate) fn push(&mut self, id: &str, document: &Document) {
        let outline = &document.outline;
        let mut paths: Vec<String> = Vec::with_capacity(outline.sections().len());
        for (section_id, section) in outline.iter() {
            let parent = section.parent.map(|parent| paths[parent.index()].clone());
            let step = outline.step(section_id).unwrap_or_default();
            let path = parent.as_ref().map_or_else(|| step.to_owned(), |parent| format!("{parent}/{step}"));
            let numbers = [
                u64::from(section.depth) + 1,
                u64::from(section.number),
                section.span.start as u64,
                section.span.end as u64,
                section.heading.start as u64,
                section.heading.end as u64,
            ];
            for (column, number) in self.numbers.iter_mut().zip(numbers) {
                column.push(number);
            }
            self.chances.push(section.confidence.chance());
            let [document, path_column, parent_column, kind, marker, title, restored] = &mut self.texts;
            document.push(id);
            path_column.push(&path);
            parent_column.push_option(parent.as_deref());
            kind.push(section.kind.name());
            marker.push(section.marker_text);
            title.push(section.title_text);
            restored.push_option(section.repaired_title);
            paths.push(path);
        }
    }
}

#[pymethods]
impl PySectionTable {
    /// The columns as lists, by name.
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        for (name, column) in TEXTS.iter().zip(&self.texts) {
            columns.set_item(name, PyList::new(py, column.strings().collect::<Vec<_>>())?)?;
        }
        for (name, column) in NUMBERS.iter().zip(&self.numbers) {
            columns.set_item(name, PyList::new(py, column)?)?;
        }
        columns.set_item(CHANCES, PyList::new(py, &self.chances)?)?;
        Ok(columns)
    }

    /// The buffers of each column in Arrow's layout, for `to_arrow`: of text three, of numbers the type
    /// and one. Whole numbers are below 2^63, so that they
    /// are the same signed.
    fn _buffers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        for (name, column) in TEXTS.iter().zip(&self.texts) {
            columns.set_item(name, column.buffers(py))?;
        }
        for (name, column) in NUMBERS.iter().zip(&self.numbers) {
            let bytes: Vec<u8> = column.iter().flat_map(|number| number.to_le_bytes()).collect();
            columns.set_item(name, ("int64", PyBytes::new(py, &bytes)))?;
        }
        let bytes: Vec<u8> = self.chances.iter().flat_map(|chance| chance.to_le_bytes()).collect();
        columns.set_item(CHANCES, ("float64", PyBytes::new(py, &bytes)))?;
        Ok(columns)
    }

    fn __len__(&self) -> PyResult<usize> {
        self.numbers.first().map(Vec::len).ok_or_else(|| PyOverflowError::new_err("no columns"))
    }
}
