//! Opening a speech: a part to be shown at once, then the whole; with the outline as it is mended in its
//! store, and with its annotations.

use super::{error::UseCaseError, job::CancelToken, stores::StoreFinder};
use pizhu_annotation::store::FoundAnnotations;
use pizhu_annotation::{Store, StoreError};
use pizhu_library::source::{self, Loader, ReadOptions, SourceError, Speech};
use std::path::Path;

/// How much of a speech is read before the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstPart {
    /// Its first block.
    Block,
    /// What fills the first screen.
    Screenful,
}

/// A speech that is being opened: its first part was read.
pub(crate) struct SpeechOpening(Loader);

impl SpeechOpening {
    /// Reads the first part. A short speech is whole then, and so is one whose text is extracted.
    ///
    /// # Errors
    /// The file is missing, unreadable, or not text.
    pub(crate) fn begin(path: &Path, options: ReadOptions, part: FirstPart) -> Result<Self, SourceError> {
        let loader = match part {
            FirstPart::Block => Loader::begin(path, options),
            FirstPart::Screenful => Loader::begin_screenful(path, options),
        };
        Ok(Self(loader?))
    }

    /// The speech as far as it was read.
    pub(crate) fn first_part(&self) -> &Speech {
        self.0.first_part()
    }

    /// Reads the rest and returns the whole speech; `None` if the first part was all, or if nobody wants the
    /// whole any more.
    ///
    /// # Errors
    /// The rest cannot be read.
    pub(crate) fn finish(self, cancel: &CancelToken) -> Result<Option<Speech>, SourceError> {
        if self.first_part().document.is_final || cancel.is_cancelled() {
            return Ok(None);
        }
        let whole = self.0.finish()?;
        Ok(Some(whole).filter(|_| !cancel.is_cancelled()))
    }
}

/// A speech with its outline as it is mended in its store.
pub(crate) struct OpenedSpeech {
    /// The speech.
    pub(crate) speech: Speech,
    /// Why its store, which may hold a mended outline, cannot be read.
    pub(crate) unread_store: Option<StoreError>,
}

/// Opens the whole of a speech. What needs the store fails of it later; without it the outline is the one that
/// was found in the text.
///
/// # Errors
/// The file is missing, unreadable, or not text.
pub(crate) fn open_speech(path: &Path, options: ReadOptions, stores: &StoreFinder) -> Result<OpenedSpeech, SourceError> {
    let speech = source::open(path, options)?;
    Ok(match stores.mended(&speech.document, path) {
        Ok(document) => OpenedSpeech { speech: Speech { document, ..speech }, unread_store: None },
        Err(error) => OpenedSpeech { speech, unread_store: Some(error) },
    })
}

/// Opens the whole of a speech with what a store knows of it.
///
/// # Errors
/// The file or the store cannot be read.
pub(crate) fn open_annotated(path: &Path, options: ReadOptions, store: &Store) -> Result<(Speech, FoundAnnotations), UseCaseError> {
    let speech = source::open(path, options)?;
    let found = store.speech_annotations(&speech.document, path)?;
    let document = found.outline.document.clone();
    Ok((Speech { document, ..speech }, found))
}
