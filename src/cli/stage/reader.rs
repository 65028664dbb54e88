//! The speeches of a command as a use case reads them.

use super::{
    input::StageItem,
    run::{StageFailure, read},
    speech::StageSpeech,
};
use crate::app::{
    error::UseCaseError,
    speeches::{SourceSpeech, SpeechSource},
    stores::StoreFinder,
};
use crate::cli::CliContext;
use crate::locale::Locale;
use pizhu_library::{compiled_query::CompiledQuery, parse_cache::ParseCache, source::ReadOptions};
use pizhu_text::document::Document;
use std::{path::Path, sync::Arc};

impl SourceSpeech for StageSpeech {
    fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    fn document(&self) -> &Arc<Document> {
        &self.document
    }

    fn label(&self) -> String {
        Self::label(self)
    }
}

/// Reads the speeches of a command: files and records of JSON lines.
pub(in crate::cli) struct StageReader {
    stores: Arc<StoreFinder>,
    read_options: ReadOptions,
    locale: Locale,
    /// What earlier runs have kept of the files.
    pub(in crate::cli) parse_cache: ParseCache,
}

impl StageReader {
    /// A reader without a cache.
    pub(in crate::cli) fn new(context: &CliContext) -> Self {
        Self {
            stores: Arc::clone(&context.stores),
            read_options: context.read_options,
            locale: context.locale,
            parse_cache: ParseCache::default(),
        }
    }

    /// The reader with what earlier runs have kept of the files.
    pub(in crate::cli) fn with_cache(self, parse_cache: ParseCache) -> Self {
        Self { parse_cache, ..self }
    }
}

impl SpeechSource for StageReader {
    type Item = StageItem;
    type Speech = StageSpeech;
    type Failure = StageFailure;

    fn stores(&self) -> &StoreFinder {
        &self.stores
    }

    fn read(&self, item: StageItem) -> Result<StageSpeech, StageFailure> {
        read(item, self.read_options, &self.stores, self.locale)
    }

    fn read_candidate(&self, item: StageItem, query: &CompiledQuery) -> Result<Option<StageSpeech>, StageFailure> {
        let mut speech = match item {
            StageItem::File(path) => match query.load_candidate(&path, self.read_options, &self.parse_cache) {
                Ok(document) => document.map(|document| StageSpeech::from_file(path, document).mended(&self.stores)),
                Err(error) => return Err(StageFailure::of_file(path, error.into(), self.locale)),
            },
            StageItem::Record(record) if !query.may_match(&record.text) => None,
            item => Some(self.read(item)?),
        };
        // Those that read annotations fail of it.
        if let Some(speech) = speech.as_mut().filter(|_| !query.query.needs_annotations()) {
            speech.tell_unread_store(&self.stores, self.locale);
        }
        Ok(speech)
    }

    fn failure(&self, speech: &StageSpeech, error: UseCaseError) -> StageFailure {
        StageFailure::of(speech, error.into(), self.locale)
    }
}
