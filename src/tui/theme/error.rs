//! Why a theme cannot be loaded.

use std::io;

/// Why a theme cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// The file is no valid RON of a theme.
    #[error("{0}")]
    Syntax(#[from] ron::error::SpannedError),
    /// An invalid colour: not `#rrggbb`, not 0 to 255, not one of the 16 names.
    #[error("{role}: {color} is no colour")]
    Color {
        /// The role, or `tag` and its number.
        role: String,
        /// The invalid value.
        color: String,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is no theme of this name.
    #[error("no theme {0}")]
    Unknown(String),
}
