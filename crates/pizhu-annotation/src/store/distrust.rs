//! The reason why a store is not trusted.

use std::path::{Path, PathBuf};

/// Why a store is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distrust {
    /// Another user owns this folder or file.
    Owner(PathBuf),
    /// Anyone may write to this folder.
    WorldWritable(PathBuf),
    /// The store's folder is a link.
    Link(PathBuf),
}

impl Distrust {
    /// The folder or file that is the reason.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Owner(path) | Self::WorldWritable(path) | Self::Link(path) => path,
        }
    }

    /// Short name, the last part of message ids: `distrust-owner`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Owner(_) => "owner",
            Self::WorldWritable(_) => "writable",
            Self::Link(_) => "link",
        }
    }
}
