//! The speeches of the library as a use case reads them: by way of the caches in memory.

use super::caches::LibraryCaches;
use crate::app::{
    error::UseCaseError,
    speeches::{SourceSpeech, SpeechSource},
    stores::StoreFinder,
};
use pizhu_annotation::AnchorIndex;
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::document_cache::DocumentCache;
use pizhu_library::parse_cache::{MetadataFingerprint, ParseCache};
use pizhu_library::source::{ReadOptions, SourceError};
use pizhu_text::document::Document;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// A file of the library.
#[derive(Debug, Clone)]
pub(super) struct LibraryFile {
    pub(super) path: PathBuf,
    /// Its fingerprint, if it is known.
    pub(super) fingerprint: Option<MetadataFingerprint>,
}

/// A speech of the library.
pub(in crate::tui) struct LibrarySpeech {
    pub(in crate::tui) path: PathBuf,
    pub(in crate::tui) document: Arc<Document>,
    /// Its annotations, if it is open: those that are not saved, too.
    pub(in crate::tui) annotations: Option<Arc<AnchorIndex>>,
}

impl SourceSpeech for LibrarySpeech {
    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn document(&self) -> &Arc<Document> {
        &self.document
    }

    fn known_annotations(&self) -> Option<&AnchorIndex> {
        self.annotations.as_deref()
    }
}

/// Reads the speeches of the library. What cannot be read is passed over: its row in the library tells why.
pub(super) struct LibraryReader {
    pub(super) stores: Arc<StoreFinder>,
    documents: Arc<DocumentCache>,
    caches: Arc<LibraryCaches>,
    read_options: ReadOptions,
    parse_cache: OnceLock<Arc<ParseCache>>,
}

/// A speech of the library that is passed over.
#[derive(Debug)]
pub(in crate::tui) struct PassedOver;

impl LibraryReader {
    pub(super) fn new(
        stores: Arc<StoreFinder>,
        documents: Arc<DocumentCache>,
        caches: Arc<LibraryCaches>,
        read_options: ReadOptions,
    ) -> Self {
        Self { stores, documents, caches, read_options, parse_cache: OnceLock::new() }
    }

    /// The parse cache of the library; blocks while it is being loaded.
    pub(super) fn parse_cache(&self) -> &ParseCache {
        self.parse_cache.get_or_init(|| self.caches.get())
    }

    /// A speech with its outline as it is mended in its store.
    pub(super) fn document(&self, path: &Path) -> Result<Arc<Document>, SourceError> {
        Ok(self.mended(self.documents.document(path, self.read_options)?, path))
    }

    /// A document with its outline as it is mended; as it was parsed if the store cannot be read.
    fn mended(&self, document: Arc<Document>, path: &Path) -> Arc<Document> {
        self.stores.mended(&document, path).unwrap_or(document)
    }
}

impl SpeechSource for LibraryReader {
    type Item = LibraryFile;
    type Speech = LibrarySpeech;
    type Failure = PassedOver;

    fn stores(&self) -> &StoreFinder {
        &self.stores
    }

    fn read(&self, file: LibraryFile) -> Result<LibrarySpeech, PassedOver> {
        let document = self.document(&file.path).map_err(|_| PassedOver)?;
        Ok(LibrarySpeech { path: file.path, document, annotations: None })
    }

    fn read_candidate(&self, file: LibraryFile, query: &CompiledQuery) -> Result<Option<LibrarySpeech>, PassedOver> {
        let LibraryFile { path, fingerprint } = file;
        let document = self.documents.load_candidate(&path, fingerprint, self.read_options, query, self.parse_cache());
        let document = document.map_err(|_| PassedOver)?;
        Ok(document.map(|document| LibrarySpeech { document: self.mended(document, &path), path, annotations: None }))
    }

    fn failure(&self, _: &LibrarySpeech, _: UseCaseError) -> PassedOver {
        PassedOver
    }
}

/// The open speech as a use case reads it: as it is in memory.
pub(super) struct OpenSpeechReader {
    pub(super) stores: Arc<StoreFinder>,
}

impl SpeechSource for OpenSpeechReader {
    type Item = LibrarySpeech;
    type Speech = LibrarySpeech;
    type Failure = UseCaseError;

    fn stores(&self) -> &StoreFinder {
        &self.stores
    }

    fn read(&self, speech: LibrarySpeech) -> Result<LibrarySpeech, UseCaseError> {
        Ok(speech)
    }

    fn read_candidate(&self, speech: LibrarySpeech, _: &CompiledQuery) -> Result<Option<LibrarySpeech>, UseCaseError> {
        Ok(Some(speech))
    }

    fn failure(&self, _: &LibrarySpeech, error: UseCaseError) -> UseCaseError {
        error
    }
}
