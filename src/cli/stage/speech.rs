//! A speech on its way through a stage.

use crate::app::stores::StoreFinder;
use crate::cli::CliError;
use crate::locale::Locale;
use pizhu_annotation::StoreError;
use pizhu_text::document::{Document, Hints, parse};
use pizhu_text::text::{Encoding, decode::decode};
use serde_json::Value;
use std::{path::PathBuf, sync::Arc};

/// A speech that a stage works on.
pub(in crate::cli) struct StageSpeech {
    /// The file as named; `None` for a record of JSON lines.
    pub(in crate::cli) name: Option<String>,
    /// Where it was read from; `None` for a record.
    pub(in crate::cli) path: Option<PathBuf>,
    /// The id that came with the text of a record.
    pub(in crate::cli) id: Option<Value>,
    /// Warnings about the file, a line each.
    pub(in crate::cli) warnings: Vec<String>,
    /// Why its store, which may hold a mended outline, cannot be read.
    pub(in crate::cli) unread_store: Option<StoreError>,
    /// Text and section tree.
    pub(in crate::cli) document: Arc<Document>,
}

impl StageSpeech {
    /// The speech of a file.
    pub(in crate::cli) fn from_file(path: PathBuf, document: Arc<Document>) -> Self {
        Self { name: Some(path.display().to_string()), path: Some(path), id: None, warnings: Vec::new(), unread_store: None, document }
    }

    /// The speech of a record. Line ends and a byte order mark are taken as in a file.
    pub(in crate::cli) fn from_record(id: Value, text: &str) -> Self {
        let source = decode(text.as_bytes(), Some(Encoding::UTF8)).source;
        let document = Arc::new(parse(source, &Hints::default()));
        Self { name: None, path: None, id: Some(id), warnings: Vec::new(), unread_store: None, document }
    }

    /// The speech with its outline as it is mended in its store.
    pub(in crate::cli) fn mended(self, stores: &StoreFinder) -> Self {
        let Some(path) = &self.path else { return self };
        match stores.mended(&self.document, path) {
            Ok(document) => Self { document, ..self },
            Err(error) => Self { unread_store: Some(error), ..self },
        }
    }

    /// Adds the warning that the store, which may hold a mended outline, cannot be read. Of a file that is
    /// passed over the end of the run tells.
    pub(in crate::cli) fn tell_unread_store(&mut self, stores: &StoreFinder, locale: Locale) {
        let error = self.unread_store.take().filter(|error| !stores.passes_over(error));
        self.warnings.extend(error.map(|error| CliError::from(error).message(locale)));
    }

    /// The file's name, or the record's id.
    pub(in crate::cli) fn label(&self) -> String {
        match (&self.name, &self.id) {
            (Some(name), _) => name.clone(),
            (None, Some(Value::String(id))) => id.clone(),
            (None, id) => id.as_ref().map(Value::to_string).unwrap_or_default(),
        }
    }
}
