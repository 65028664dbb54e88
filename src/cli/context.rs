//! What holds for the whole run: arguments, environment and settings, resolved once.

use super::{
    CliError,
    args::Global,
    output::{Output, Shape},
};
use crate::{
    source::{self, Speech},
    text::Encoding,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What holds for the whole run.
pub struct Context {
    /// The encoding that was named.
    pub(super) encoding: Option<Encoding>,
    /// The shape of the output.
    pub(super) shape: Shape,
    /// Standard output.
    pub(super) out: Output,
}

impl Context {
    pub(super) fn new(global: &Global, shape: Option<Shape>) -> Self {
        Self { encoding: global.encoding, shape: shape.unwrap_or_default(), out: Output::new(global.color) }
    }

    /// Whether the output is for programs.
    pub(super) fn is_json(&self) -> bool {
        self.shape == Shape::Json
    }

    /// The speech of a file, with its final tree.
    pub(super) fn open(&self, path: &Path) -> Result<Speech, CliError> {
        Ok(source::open(path, self.encoding)?)
    }
}

/// The speeches that `paths` mean: files as they are, folders as the speeches under them.
pub(super) fn speeches(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in paths {
        if fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
            let found = source::speeches_under(path)?;
            if found.is_empty() {
                return Err(CliError::NoSpeeches(path.clone()));
            }
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}
