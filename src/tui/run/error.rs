//! Why the reader could not start, or ended badly.

use crate::tui::command::keymap::Conflict;
use crate::tui::state::size::MIN_SIZE;
use pizhu_library::source::SourceError;
use pizhu_terminal::TerminalError;
use std::{io, path::PathBuf};

/// Error codes of a terminal that is gone: EIO, ENXIO, ENODEV.
const GONE: [i32; 3] = [5, 6, 19];

/// Why the reader could not start, or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// A speech cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There is no terminal to use.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// The terminal is too small.
    #[error("the terminal is too small: {} columns and {} rows at least", MIN_SIZE.width, MIN_SIZE.height)]
    TooSmall,
    /// A folder holds no speeches.
    #[error("{}: no speeches in this folder", .0.display())]
    NoSpeeches(PathBuf),
    /// The keys of the command table conflict.
    #[error(transparent)]
    Keys(#[from] Conflict),
    /// Annotations could not be saved on exit.
    #[error("annotations not saved: {0}")]
    NotSaved(String),
    /// Input or output failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl TuiError {
    /// Whether the terminal is gone, if there was one.
    #[must_use]
    pub(super) fn is_hangup(&self) -> bool {
        let (Self::Io(error) | Self::Terminal(TerminalError::Io(error))) = self else { return false };
        error.raw_os_error().is_some_and(|code| GONE.contains(&code))
    }
}
