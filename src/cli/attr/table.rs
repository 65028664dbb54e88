//! Tables of attributes: import and export.

use super::report::described_speeches;
use crate::app::{attributes::check_value, open::open_annotated};
use crate::cli::{CliContext, CliError, Status, attribute_problem::AttributeProblem, input::read_to_import, output::is_standard_output};
use crate::locale::id;
use clap::ValueEnum;
use pizhu_annotation::store::state_dir;
use pizhu_annotation::{RecordSet, Store};
use pizhu_library::attributes::{Attributes, ordered_keys};
use pizhu_library::exchange::{AttributeRow, AttributeTable, Destination};
use pizhu_library::source::STDIN;
use serde::Serialize;
use std::{
    collections::{BTreeSet, HashMap},
    ffi::OsString,
    io::Write,
    path::{Path, PathBuf},
};

/// A format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx,
}

/// How a table is written.
pub(super) struct ExportTableOptions<'a> {
    pub(super) keys: &'a [String],
    pub(super) format: Option<TableFormat>,
    pub(super) output: &'a Path,
    pub(super) force: bool,
    pub(super) excel: bool,
}

/// The report of an import, in JSON.
#[derive(Default, Serialize)]
struct TableReport {
    version: u32,
    /// Speeches that were changed.
    speeches: usize,
    /// Values that were set.
    set: usize,
    /// Values that the speeches had already.
    unchanged: usize,
    failed: Vec<FailedRow>,
}

/// A row that could not be taken.
#[derive(Serialize)]
struct FailedRow {
    /// Number of the row in the table, from 1, that of the header.
    row: usize,
    document: String,
    reason: String,
}

pub(super) fn import(context: &mut CliContext, file: &Path, paths: &[PathBuf]) -> Result<Status, CliError> {
    let table = AttributeTable::read(&read_to_import(file)?)
        .map_err(|error| CliError::Attribute(AttributeProblem::Table(file.to_owned(), error)))?;
    let beside = file.parent().filter(|dir| dir.is_dir() && file != Path::new(STDIN));
    let store = context.store_for(paths.first().map(PathBuf::as_path).or(beside))?;
    let types = store.project()?;
    let finder = RowFinder::new(context, &store, file, paths)?;
    let mut report = TableReport { version: 1, ..TableReport::default() };
    for row in &table.rows {
        match import_row(context, &store, &types, &finder, &table.keys, row) {
            Ok((set, unchanged)) => {
                report.speeches += usize::from(set > 0);
                report.set += set;
                report.unchanged += unchanged;
            }
            Err(error) => {
                let reason = error.message(context.locale);
                report.failed.push(FailedRow { row: row.line, document: row.document.clone(), reason });
            }
        }
    }
    if context.is_json() {
        context.out.json(&report)?;
    } else {
        let counts = [("speeches", report.speeches), ("set", report.set), ("unchanged", report.unchanged), ("failed", report.failed.len())];
        let line = context.locale.format(id::ATTR_IMPORTED, &counts.map(|(name, count)| (name, count.into())));
        writeln!(context.out, "{line}")?;
        for failed in &report.failed {
            let facts =
                [("entry", failed.row.into()), ("document", failed.document.as_str().into()), ("reason", failed.reason.as_str().into())];
            let line = context.locale.format(id::IMPORT_FAILED, &facts);
            let line = context.out.sanitized(&line).into_owned();
            writeln!(context.out, "{line}")?;
        }
    }
    Ok(if report.failed.is_empty() { Status::Done } else { Status::NoMatch })
}

/// Sets the values of a row; returns how many were set, and how many the speech had already.
fn import_row(
    context: &mut CliContext,
    store: &Store,
    types: &RecordSet,
    finder: &RowFinder,
    keys: &[String],
    row: &AttributeRow,
) -> Result<(usize, usize), CliError> {
    let path = finder.find(store, &row.document).ok_or(CliError::Attribute(AttributeProblem::NoSpeech))?;
    let values: Vec<(&str, &str)> =
        keys.iter().zip(&row.values).filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key.as_str(), value.as_str())).collect();
    values.iter().try_for_each(|(key, value)| check_value(types, key, value))?;
    let (speech, found) = open_annotated(&path, context.read_options, store)?;
    context.warn_of_missing_parts(&speech);
    let present = Attributes::new(&speech.document, &found.records);
    let new: Vec<(&str, &str)> = values.iter().copied().filter(|(key, value)| present.get(key) != Some(value)).collect();
    if !new.is_empty() {
        let author = context.annotator();
        context.edit_records(store, &speech, |records| new.iter().for_each(|(key, value)| records.set_attribute(key, &author, value)))?;
    }
    Ok((new.len(), values.len() - new.len()))
}

/// Finds the speech that a row means: by its path from the store's folder or the table's, else by its
/// file name if only one speech has it.
struct RowFinder {
    folder: PathBuf,
    by_name: HashMap<OsString, Option<PathBuf>>,
}

impl RowFinder {
    fn new(context: &mut CliContext, store: &Store, table: &Path, paths: &[PathBuf]) -> Result<Self, CliError> {
        let folder = table.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        let mut by_name = HashMap::new();
        for file in context.import_candidates(store, table, paths)? {
            for name in [file.file_name(), file.file_stem()].into_iter().flatten().map(OsString::from).collect::<BTreeSet<_>>() {
                by_name.entry(name).and_modify(|known| *known = None).or_insert_with(|| Some(file.clone()));
            }
        }
        Ok(Self { folder, by_name })
    }

    fn find(&self, store: &Store, document: &str) -> Option<PathBuf> {
        let by_path = [store.location().document_path(document), self.folder.join(document)].into_iter().find(|path| path.is_file());
        let name = Path::new(document).file_name()?;
        by_path.or_else(|| self.by_name.get(name).cloned().flatten())
    }
}

pub(super) fn export(context: &mut CliContext, paths: &[PathBuf], options: &ExportTableOptions<'_>) -> Result<Status, CliError> {
    let (files, speeches) = described_speeches(context, paths)?;
    let all = ordered_keys(speeches.iter().flat_map(|speech| speech.attributes.iter().map(|(key, _)| key)));
    let keys = if options.keys.is_empty() { all } else { options.keys.to_vec() };
    let rows = speeches.iter().map(|speech| AttributeRow {
        line: 0,
        document: speech.name.clone(),
        title: speech.speech.document.metadata.title.as_deref().unwrap_or_default().replace('\n', " "),
        values: keys.iter().map(|key| speech.attributes.get(key).unwrap_or_default().to_owned()).collect(),
    });
    let table = AttributeTable { rows: rows.collect(), keys };
    let is_workbook = options.output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"));
    let format = options.format.unwrap_or(if is_workbook { TableFormat::Xlsx } else { TableFormat::Csv });
    let write = |out: &mut dyn Write| match format {
        TableFormat::Csv => table.write_csv(options.excel, out),
        TableFormat::Xlsx => table.write_xlsx(out),
    };
    if is_standard_output(options.output) {
        if format == TableFormat::Xlsx && context.out.target().is_terminal {
            return Err(CliError::BinaryToTerminal);
        }
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        if context.out.target().is_terminal {
            bytes = pizhu_text::text::visible::visible_lines(&String::from_utf8_lossy(&bytes)).into_owned().into_bytes();
        }
        context.out.write_all(&bytes)?;
    } else {
        let destination = Destination::new(options.output, options.force).exported_from(&files);
        let stores = context.stores_for(&files)?;
        let destination = stores.iter().fold(destination, |destination, store| destination.beside_store(store.location()));
        destination.outside(&state_dir()?).fill(write)?;
    }
    Ok(context.done())
}
