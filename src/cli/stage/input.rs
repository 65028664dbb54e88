//! The speeches of a stage, one after the other as they are asked for.

use super::{
    args::{RecordFields, StageSource},
    folder_walk::FolderWalk,
    surrogates::replace_lone_surrogates,
};
use crate::cli::{
    CliError,
    error::{linked_folder, outside_speech, unused_rules},
    named_speeches::{NamedSpeeches, lies_under},
};
use crate::locale::{Locale, id};
use pizhu_library::source::{self, LeftOut, STDIN};
use serde_json::Value;
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read as _},
    os::unix::ffi::OsStringExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    vec,
};

/// Maximum size in bytes of a record of JSON lines, a text of some 80 million characters. The rest
/// of a longer line is passed over.
const MAX_RECORD_BYTES: u64 = 256 << 20;

/// The byte order mark in UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// What a stage works on next.
pub(in crate::cli) enum StageItem {
    /// A file, to be read.
    File(PathBuf),
    /// A record of JSON lines.
    Record(InputRecord),
    /// Something that cannot be read or is left out.
    Failed(FailedItem),
}

/// A speech given as text.
pub(in crate::cli) struct InputRecord {
    /// What the sender calls it.
    pub(in crate::cli) id: Value,
    /// The text.
    pub(in crate::cli) text: String,
}

/// An item that gives no speech.
pub(in crate::cli) struct FailedItem {
    /// The file that is meant, or that the record stands in.
    pub(super) document: Option<PathBuf>,
    /// The record's id, if it could be read.
    pub(super) id: Option<Value>,
    /// The record's line, from 1.
    pub(super) line: Option<usize>,
    /// Names the kind of failure for programs.
    pub(super) code: &'static str,
    /// Says it in the user's language.
    pub(in crate::cli) message: String,
    /// Whether it is told without counting as a failure.
    pub(in crate::cli) is_notice: bool,
}

/// Iterates over the input of a stage.
pub(in crate::cli) struct StageInput {
    locale: Locale,
    /// Paths that are still to come.
    paths: Box<dyn Iterator<Item = Result<PathBuf, CliError>> + Send>,
    /// Paths of them that were given as arguments.
    named_paths: usize,
    /// Whether more names come from a list.
    has_list: bool,
    /// Items given so far.
    count: usize,
    /// The number of all items, once it is known; 0 before.
    total: Arc<AtomicUsize>,
    /// If links that lead out of the folders named are left out: the speeches that may still be read.
    inside: Option<NamedSpeeches>,
    /// The folder that is being gone through.
    folder: Option<FolderWalk>,
    /// What was left out of the last.
    left_out: vec::IntoIter<StageItem>,
    /// The JSON lines that are being read.
    records: Option<JsonLineReader>,
    reads_records: bool,
    record_fields: RecordFields,
    /// Whether all paths are known to be files.
    are_files: bool,
}

impl StageInput {
    /// The input that the arguments name.
    ///
    /// # Errors
    /// The list of names cannot be opened.
    pub(in crate::cli) fn open(source: &StageSource<'_>, locale: Locale) -> Result<Self, CliError> {
        let mut paths = source.paths.to_vec();
        if source.reads_records && paths.is_empty() && source.list.files_from.is_none() {
            paths.push(STDIN.into());
        }
        // A pattern of the shell takes in what Word leaves beside an open document.
        if paths.len() > 1 {
            paths.retain(|path| !source::is_lock_file(path));
        }
        let named = source.list.files_from.as_deref().map(|list| names_in(list, source.list.null)).transpose()?;
        let (named_paths, has_list) = (paths.len(), named.is_some());
        let paths = Box::new(paths.into_iter().map(Ok).chain(named.into_iter().flatten()));
        Ok(Self {
            locale,
            paths,
            named_paths,
            has_list,
            count: 0,
            total: Arc::default(),
            inside: None,
            folder: None,
            left_out: Vec::new().into_iter(),
            records: None,
            reads_records: source.reads_records,
            record_fields: source.record_fields.clone(),
            are_files: source.are_files,
        })
    }

    /// Leaves out links that lead out of the folders named, to files that the user has neither named
    /// nor opened.
    pub(in crate::cli) fn only_inside(mut self, named: NamedSpeeches) -> Self {
        self.inside = Some(named);
        self
    }

    /// The number of all items, once it is known; 0 before.
    pub(super) fn total(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.total)
    }

    /// Takes the next path.
    fn next_path(&mut self) -> Option<Result<PathBuf, CliError>> {
        let path = self.paths.next();
        self.named_paths = self.named_paths.saturating_sub(1);
        path
    }

    /// The items that a path stands for.
    fn enter(&mut self, path: PathBuf) -> Option<StageItem> {
        if self.reads_records {
            match open_lines(&path) {
                Ok(lines) => self.records = Some(JsonLineReader { path, fields: self.record_fields.clone(), lines, line: 0 }),
                Err(error) => return Some(self.failed(&error, Some(path))),
            }
            return None;
        }
        if self.are_files || path == Path::new(STDIN) || !fs::metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
            return Some(StageItem::File(path));
        }
        // The number of all items is known if no other path can follow.
        let total = (self.named_paths == 0 && !self.has_list).then(|| (Arc::clone(&self.total), self.count));
        let counted = move |items| {
            if let Some((total, before)) = total {
                total.store(before + items, Ordering::Relaxed);
            }
        };
        match FolderWalk::begin(path.clone(), counted) {
            Ok(walk) => {
                self.folder = Some(walk);
                None
            }
            Err(error) => Some(self.failed(&CliError::Input(error), Some(path))),
        }
    }

    /// Ends a folder: what was left out of it follows.
    fn leave(&mut self, walk: FolderWalk) {
        let (folder, found) = (walk.folder.clone(), walk.found);
        let items = match walk.finish() {
            Ok(left_out) => {
                let is_empty = found == 0 && left_out.iter().all(|left_out| matches!(left_out, LeftOut::Rules(..)));
                let none = is_empty.then(|| self.failed(&CliError::NoSpeeches(folder.clone()), Some(folder)));
                left_out.into_iter().map(|left_out| self.left_out(left_out)).chain(none).collect()
            }
            Err(error) => vec![self.failed(&error.into(), Some(folder))],
        };
        self.left_out = items.into_iter();
    }

    /// A file found in a folder.
    fn found(&self, file: PathBuf, folder: &Path) -> StageItem {
        match &self.inside {
            Some(named) if file.read_link().is_ok() && !lies_under(&file, folder) && !named.contains(&file) => {
                let message = outside_speech(&file, 0, self.locale);
                StageItem::Failed(FailedItem { document: Some(file), id: None, line: None, code: "outside", message, is_notice: false })
            }
            _ => StageItem::File(file),
        }
    }

    fn left_out(&self, left_out: LeftOut) -> StageItem {
        match left_out {
            LeftOut::LinkedFolder(path) => {
                let message = linked_folder(&path, self.locale);
                Self::notice(path, "linked_folder", message)
            }
            LeftOut::Rules(path, error) => {
                let message = unused_rules(&path, &error, self.locale);
                Self::notice(path, "unused_rules", message)
            }
            LeftOut::Unreadable(error) => {
                let path = error.path().to_owned();
                self.failed(&error.into(), Some(path))
            }
        }
    }

    /// Something that is told without being a failure.
    fn notice(path: PathBuf, code: &'static str, message: String) -> StageItem {
        StageItem::Failed(FailedItem { document: Some(path), id: None, line: None, code, message, is_notice: true })
    }

    fn failed(&self, error: &CliError, document: Option<PathBuf>) -> StageItem {
        StageItem::Failed(FailedItem {
            document,
            id: None,
            line: None,
            code: error.code(),
            message: error.message(self.locale),
            is_notice: false,
        })
    }
}

impl Iterator for StageInput {
    type Item = StageItem;

    fn next(&mut self) -> Option<StageItem> {
        let item = self.next_item();
        self.count += usize::from(item.is_some());
        item
    }
}

impl StageInput {
    fn next_item(&mut self) -> Option<StageItem> {
        loop {
            if let Some(mut walk) = self.folder.take() {
                match walk.next() {
                    Some(file) => {
                        let item = self.found(file, &walk.folder);
                        self.folder = Some(walk);
                        return Some(item);
                    }
                    None => self.leave(walk),
                }
            }
            if let Some(item) = self.left_out.next() {
                return Some(item);
            }
            if let Some(records) = &mut self.records {
                match records.next(self.locale) {
                    Some(item) => return Some(item),
                    None => self.records = None,
                }
            }
            match self.next_path()? {
                Ok(path) => {
                    if let Some(item) = self.enter(path) {
                        return Some(item);
                    }
                }
                Err(error) => return Some(self.failed(&error, None)),
            }
        }
    }
}

/// Opens a file of lines, or standard input for `-`.
fn open_lines(path: &Path) -> Result<Box<dyn BufRead + Send>, CliError> {
    if path == Path::new(STDIN) {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let unreadable = |error| CliError::Source(source::SourceError::Unreadable { path: path.to_owned(), error });
    let file = File::open(path).map_err(unreadable)?;
    Ok(Box::new(BufReader::with_capacity(256 * 1024, file)))
}

/// The names in a list, one a line or each ended by NUL; blank lines name nothing.
fn names_in(list: &Path, ends_with_nul: bool) -> Result<impl Iterator<Item = Result<PathBuf, CliError>> + Send + use<>, CliError> {
    let lines = open_lines(list)?;
    let end = if ends_with_nul { 0 } else { b'\n' };
    let names = lines.split(end).enumerate().map(move |(position, name)| {
        let mut name = name.map_err(CliError::Input)?;
        if !ends_with_nul {
            if name.last() == Some(&b'\r') {
                name.pop();
            }
            // Editors put it before the first name.
            if position == 0 && name.starts_with(BYTE_ORDER_MARK) {
                name.drain(..BYTE_ORDER_MARK.len());
            }
        }
        Ok(PathBuf::from(OsString::from_vec(name)))
    });
    Ok(names.filter(|name| name.as_ref().map_or(true, |name| !name.as_os_str().is_empty())))
}

/// Reads records from JSON lines.
struct JsonLineReader {
    path: PathBuf,
    fields: RecordFields,
    lines: Box<dyn BufRead + Send>,
    /// Lines read so far.
    line: usize,
}

impl JsonLineReader {
    fn next(&mut self, locale: Locale) -> Option<StageItem> {
        loop {
            let mut bytes = Vec::new();
            let read = self.lines.by_ref().take(MAX_RECORD_BYTES).read_until(b'\n', &mut bytes);
            self.line += 1;
            match read {
                Err(error) => {
                    // Nothing more can be read.
                    self.lines = Box::new(io::empty());
                    return Some(self.failed(None, "unreadable", CliError::Input(error).message(locale)));
                }
                Ok(0) => return None,
                Ok(_) if bytes.len() as u64 == MAX_RECORD_BYTES && !bytes.ends_with(b"\n") => {
                    if self.lines.skip_until(b'\n').is_err() {
                        self.lines = Box::new(io::empty());
                    }
                    let line = [("line", self.line.into()), ("size", ((MAX_RECORD_BYTES >> 20) as usize).into())];
                    return Some(self.failed(None, "too_large", locale.format(id::ERROR_RECORD_TOO_LARGE, &line)));
                }
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let bytes = if self.line == 1 { bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes) } else { &bytes };
                    return Some(self.parse(bytes, locale));
                }
            }
        }
    }

    fn parse(&self, bytes: &[u8], locale: Locale) -> StageItem {
        let place = ("line", self.line.into());
        let value = serde_json::from_slice::<Value>(bytes)
            .or_else(|error| serde_json::from_slice::<Value>(&replace_lone_surrogates(bytes)).map_err(|_| error));
        let mut record = match value {
            Ok(Value::Object(record)) => record,
            Ok(_) => return self.failed(None, "not_a_record", locale.format(id::ERROR_NOT_A_RECORD, &[place])),
            Err(error) => {
                let reason = ("reason", error.to_string().into());
                return self.failed(None, "not_json", locale.format(id::ERROR_NOT_JSON, &[place, reason]));
            }
        };
        let id = record.remove(&self.fields.id);
        if let Some(Value::String(text)) = record.remove(&self.fields.text) {
            return StageItem::Record(InputRecord { id: id.unwrap_or(Value::Null), text });
        }
        let fields = [place, ("id", self.fields.id.as_str().into()), ("text", self.fields.text.as_str().into())];
        self.failed(id, "not_text", locale.format(id::ERROR_RECORD_WITHOUT_TEXT, &fields))
    }

    fn failed(&self, id: Option<Value>, code: &'static str, message: String) -> StageItem {
        let document = (self.path != Path::new(STDIN)).then(|| self.path.clone());
        StageItem::Failed(FailedItem { document, id, line: Some(self.line), code, message, is_notice: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    fn read(lines: &'static [u8]) -> Vec<String> {
        let mut reader = JsonLineReader { path: STDIN.into(), fields: RecordFields::default(), lines: Box::new(lines), line: 0 };
        let locale = Locale::new(Language::English);
        std::iter::from_fn(|| reader.next(locale))
            .map(|item| match item {
                StageItem::Record(record) => format!("{} {}", record.id, record.text),
                StageItem::Failed(failed) => format!("{:?} {} {}", failed.id, failed.line.unwrap_or_default(), failed.code),
                StageItem::File(_) => unreachable!("records only"),
            })
            .collect()
    }

    #[test]
    fn malformed_json_lines_are_reported_by_kind() {
        let lines = "{\"id\":1,\"text\":\"甲\",\"year\":2031}\n\n[1]\n{\"id\":\"b\",\"text\":7}\n{\"text\":\"丙\"}\nnot json\n{\"id\":2,\"text\":\"丁\"}";
        assert_eq!(
            read(lines.as_bytes()),
            ["1 甲", "None 3 not_a_record", "Some(String(\"b\")) 4 not_text", "null 丙", "None 6 not_json", "2 丁"]
        );
        assert_eq!(read(b"\xFF\xFE{}\n{\"id\":1,\"text\":\"a\"}\n"), ["None 1 not_json", "1 a"]);
        assert_eq!(read(b"\xEF\xBB\xBF{\"id\":1,\"text\":\"a\"}\r\n{\"id\":2,\"text\":\"b\"}"), ["1 a", "2 b"]);
        // Half of a character above U+FFFF, as Python writes what it could not decode.
        assert_eq!(read(br#"{"id":1,"text":"\u7532\ud83d\n\u4e59"}"#), ["1 甲\u{FFFD}\n乙"]);
        assert_eq!(read(b"{\"id\":1,\"text\":\"\xB1\\ud83d\"}"), ["None 1 not_json"]);
    }

    #[test]
    fn fields_have_the_names_that_the_user_gives() {
        let lines: &[u8] = "{\"url\":\"x\",\"content\":\"甲\"}\n{\"text\":\"乙\"}".as_bytes();
        let fields = RecordFields { id: "url".into(), text: "content".into() };
        let mut reader = JsonLineReader { path: STDIN.into(), fields, lines: Box::new(lines), line: 0 };
        let locale = Locale::new(Language::English);
        assert!(matches!(reader.next(locale), Some(StageItem::Record(record)) if record.id == "x" && record.text == "甲"));
        let Some(StageItem::Failed(failed)) = reader.next(locale) else { panic!("no text") };
        assert!(failed.message.contains("\"content\"") && failed.message.contains("--text-field"), "{}", failed.message);
    }
}
