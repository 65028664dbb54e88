//! Errors of use cases.

use super::attributes::AttributeError;
use pizhu_annotation::StoreError;
use pizhu_library::condition::ConditionError;
use pizhu_library::source::SourceError;
use std::{io, path::PathBuf};

/// Why a use case has no result for a speech.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UseCaseError {
    /// The store cannot be read, or a tag may be several of its codebook.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A tag of the condition may be several of the codebook.
    #[error(transparent)]
    Condition(#[from] ConditionError),
    /// A speech cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A format cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A speech cannot have an attribute.
    #[error(transparent)]
    Attribute(#[from] AttributeError),
    /// A folder cannot be written to.
    #[error("{path}: {error}", path = .0.display(), error = .1)]
    Folder(PathBuf, io::Error),
}
