//! The arguments of commands over many speeches.

use clap::{Args, ValueEnum};
use std::{
    borrow::Cow,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
};

/// What a command over many speeches reads.
#[derive(Debug, Args)]
pub struct StageArgs {
    /// Files or folders; `-` is standard input.
    #[arg(value_name = "PATH", required_unless_present_any = ["files_from", "input"])]
    pub paths: Vec<PathBuf>,
    /// Names from a list.
    #[command(flatten)]
    pub list: ListArgs,
    /// Records in place of files.
    #[command(flatten)]
    pub records: RecordArgs,
}

/// Speeches given as records.
#[derive(Debug, Args)]
pub struct RecordArgs {
    /// What the input is: files that are speeches, or JSON lines, one record `{"id", "text"}` a
    /// speech, in the files named or on standard input [default: files].
    #[arg(long, value_name = "KIND")]
    pub input: Option<InputKind>,
    /// The field of a record that holds the text [default: text].
    #[arg(long, value_name = "NAME", requires = "input")]
    pub text_field: Option<String>,
    /// The field of a record that says what it is called [default: id].
    #[arg(long, value_name = "NAME", requires = "input")]
    pub id_field: Option<String>,
}

/// The names of a record's fields.
#[derive(Debug, Clone)]
pub(in crate::cli) struct RecordFields {
    /// The field with the speech's name or number.
    pub(super) id: String,
    /// The field with its text.
    pub(super) text: String,
}

impl Default for RecordFields {
    fn default() -> Self {
        Self { id: "id".to_owned(), text: "text".to_owned() }
    }
}

impl RecordArgs {
    fn fields(&self) -> RecordFields {
        let default = RecordFields::default();
        RecordFields { id: self.id_field.clone().unwrap_or(default.id), text: self.text_field.clone().unwrap_or(default.text) }
    }
}

/// Names of speeches from a list, and how many are worked on at once.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Also read the files and folders named in this file, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// The names of `--files-from` end with NUL, as `find -print0` writes them.
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,
    /// How many speeches are worked on at once [default: the number of cores].
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// What the files of a stage hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputKind {
    /// A speech each.
    Files,
    /// Many speeches each, one JSON record a line.
    Jsonl,
}

/// Where the speeches of a stage come from.
pub(in crate::cli) struct StageSource<'a> {
    /// Files and folders.
    pub(in crate::cli) paths: Cow<'a, [PathBuf]>,
    /// More of them.
    pub(in crate::cli) list: &'a ListArgs,
    /// Whether the files hold records instead of a speech each.
    pub(in crate::cli) reads_records: bool,
    /// The fields of a record.
    pub(in crate::cli) record_fields: RecordFields,
    /// Whether all paths are known to be files.
    pub(in crate::cli) are_files: bool,
}

impl StageArgs {
    /// The source that the arguments name.
    pub(in crate::cli) fn source(&self) -> StageSource<'_> {
        StageSource::with_records(&self.paths, &self.list, &self.records)
    }
}

impl ListArgs {
    /// The number of threads.
    pub(super) fn threads(&self) -> usize {
        self.jobs.map_or_else(|| thread::available_parallelism().map_or(1, NonZeroUsize::get), NonZeroUsize::get)
    }
}

impl<'a> StageSource<'a> {
    /// Files and folders.
    pub(in crate::cli) fn new(paths: &'a [PathBuf], list: &'a ListArgs) -> Self {
        Self { paths: Cow::Borrowed(paths), list, reads_records: false, record_fields: RecordFields::default(), are_files: false }
    }

    /// Files and folders, or files of records.
    pub(in crate::cli) fn with_records(paths: &'a [PathBuf], list: &'a ListArgs, records: &RecordArgs) -> Self {
        Self { reads_records: records.input == Some(InputKind::Jsonl), record_fields: records.fields(), ..Self::new(paths, list) }
    }

    /// Whether neither a path nor a list is named, nor records are read.
    pub(in crate::cli) fn is_unnamed(&self) -> bool {
        self.paths.is_empty() && !self.is_stream()
    }

    /// Whether the speeches come from a list or as records.
    pub(in crate::cli) fn is_stream(&self) -> bool {
        self.list.files_from.is_some() || self.reads_records
    }

    /// Uses other paths if none are named.
    ///
    /// # Errors
    /// Those of `paths`.
    pub(in crate::cli) fn or_paths<E>(mut self, paths: impl FnOnce() -> Result<Vec<PathBuf>, E>) -> Result<Self, E> {
        if self.is_unnamed() {
            self.paths = Cow::Owned(paths()?);
        }
        Ok(self)
    }

    /// Uses these files if no paths are named: those of the annotated speeches.
    ///
    /// # Errors
    /// Those of `files`.
    pub(in crate::cli) fn or_files<E>(self, files: impl FnOnce() -> Result<Vec<PathBuf>, E>) -> Result<Self, E> {
        let are_files = self.is_unnamed();
        Ok(Self { are_files, ..self.or_paths(files)? })
    }

    /// The path, if it is a single one that is read as a file.
    pub(in crate::cli) fn single_file(&self) -> Option<&Path> {
        if self.may_be_many() { None } else { self.paths.first().map(PathBuf::as_path) }
    }

    /// Whether more than one speech may come, so that each must be named in the output.
    pub(in crate::cli) fn may_be_many(&self) -> bool {
        self.is_stream() || self.paths.len() > 1 || (!self.are_files && self.paths.iter().any(|path| path.is_dir()))
    }
}
