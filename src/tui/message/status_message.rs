//! Messages of the status line.

use crate::locale::{MessageId, notice};
use pizhu_annotation::StoreError;
use pizhu_library::exchange::DestinationError;

/// Severity of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Something was done, or a question is answered.
    Done,
    /// Why a command did nothing.
    Hint,
    /// Something failed.
    Error,
}

/// A message, as its id in the locale and its arguments. It is formatted when drawn, so that it
/// follows the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusMessage {
    /// Id of the message, one of [`notice`](crate::locale::notice).
    pub id: MessageId,
    /// Its arguments, by name.
    pub arguments: Vec<(&'static str, String)>,
    /// Arguments that are messages themselves.
    pub inner: Vec<(&'static str, StatusMessage)>,
    /// Its severity.
    pub severity: Severity,
}

impl StatusMessage {
    fn new(id: MessageId, tone: Severity) -> Self {
        Self { id, arguments: Vec::new(), inner: Vec::new(), severity: tone }
    }

    /// Something was done, or a question is answered.
    #[must_use]
    pub fn done(id: MessageId) -> Self {
        Self::new(id, Severity::Done)
    }

    /// Why a command did nothing.
    #[must_use]
    pub fn hint(id: MessageId) -> Self {
        Self::new(id, Severity::Hint)
    }

    /// Something failed.
    #[must_use]
    pub fn error(id: MessageId) -> Self {
        Self::new(id, Severity::Error)
    }

    /// An export was not written.
    #[must_use]
    pub(crate) fn not_exported(error: &DestinationError) -> Self {
        match error {
            DestinationError::Speech(path) => Self::error(notice::EXPORT_ONTO_SPEECH).with("path", path.display()),
            DestinationError::Store(path) => Self::error(notice::EXPORT_ONTO_STORE).with("path", path.display()),
            DestinationError::Folder(path) => Self::error(notice::EXPORT_ONTO_FOLDER).with("path", path.display()),
            DestinationError::Exists(_) | DestinationError::Io { .. } => Self::error(notice::CANNOT_SAVE).with("reason", error),
        }
    }

    /// A save failed, and is retried; says what the user can do about it.
    #[must_use]
    pub(in crate::tui) fn not_saved(error: &StoreError) -> Self {
        use std::io::ErrorKind;
        match error {
            StoreError::Untrusted { dir, .. } => Self::error(notice::STORE_UNTRUSTED).with("path", dir.display()),
            StoreError::FolderGone(path) => Self::error(notice::STORE_GONE).with("path", path.display()),
            StoreError::FolderReplaced(path) => Self::error(notice::STORE_REPLACED).with("path", path.display()),
            StoreError::Io { path, source } => match source.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                    Self::error(notice::STORE_FULL).with("path", path.display())
                }
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    Self::error(notice::STORE_FORBIDDEN).with("path", path.display())
                }
                _ => Self::error(notice::CANNOT_SAVE).with("reason", error),
            },
            _ => Self::error(notice::CANNOT_SAVE).with("reason", error),
        }
    }

    /// Its id without the prefix `notice-`.
    #[cfg(test)]
    pub(in crate::tui) fn name(&self) -> &'static str {
        self.id.as_str().trim_start_matches("notice-")
    }

    /// Adds an argument that is a message itself.
    #[must_use]
    pub fn with_message(mut self, name: &'static str, message: Self) -> Self {
        self.inner.push((name, message));
        self
    }

    /// Adds an argument.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "accepts numbers, chars and strings by value")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }
}
