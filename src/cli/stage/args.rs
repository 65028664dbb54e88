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
    /// What the input is: files that are speeches, or JSON lines, one record `{"id", "text"}` a
    /// speech, in the files named or on standard input [default: files].
    #[arg(long, value_name = "KIND")]
    pub input: Option<InputKind>,
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
    /// Whether all paths are known to be files.
    pub(in crate::cli) are_files: bool,
}

impl StageArgs {
    /// The source that the arguments name.
    pub(in crate::cli) fn source(&self) -> StageSource<'_> {
        StageSource::new(&self.paths, &self.list, self.input)
    }
}

impl ListArgs {
    /// The number of threads.
    pub(super) fn threads(&self) -> usize {
        self.jobs.map_or_else(|| thread::available_parallelism().map_or(1, NonZeroUsize::get), NonZeroUsize::get)
    }
}

impl<'a> StageSource<'a> {
    pub(in crate::cli) fn new(paths: &'a [PathBuf], list: &'a ListArgs, input: Option<InputKind>) -> Self {
        Self { paths: Cow::Borrowed(paths), list, reads_records: input == Some(InputKind::Jsonl), are_files: false }
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
