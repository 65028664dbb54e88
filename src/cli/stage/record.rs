//! Records of JSON lines: what each says of its speech, and errors.

use super::{input::FailedItem, speech::StageSpeech};
use crate::cli::CliError;
use pizhu_annotation::SpeechHash;
use serde::Serialize;
use serde_json::Value;
use std::io;

/// What every record says of its speech.
#[derive(Serialize)]
pub(in crate::cli) struct RecordHead<'a> {
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'a str>,
    /// The id that came with the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    document_hash: SpeechHash,
    document_title: Option<&'a str>,
    document_date: Option<&'a str>,
}

impl<'a> RecordHead<'a> {
    /// The head of a speech's records. Hashes the text.
    pub(in crate::cli) fn new(speech: &'a StageSpeech) -> Self {
        let metadata = &speech.document.metadata;
        Self {
            document: speech.name.as_deref(),
            id: speech.id.as_ref(),
            document_hash: SpeechHash::from_text(&speech.document.source),
            document_title: metadata.title.as_deref(),
            document_date: metadata.date.as_deref(),
        }
    }

    /// The head with the name that a store knows the speech by.
    pub(in crate::cli) fn named(self, document: &'a str) -> Self {
        Self { document: Some(document), ..self }
    }
}

/// A record a line.
pub(in crate::cli) fn json_lines<T: Serialize>(records: impl IntoIterator<Item = T>) -> Result<Vec<u8>, CliError> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, &record).map_err(io::Error::from)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// A record in place of a speech that cannot be read.
#[derive(Serialize)]
pub(super) struct ErrorRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    error: ErrorReport<'a>,
}

#[derive(Serialize)]
struct ErrorReport<'a> {
    code: &'a str,
    message: &'a str,
}

impl<'a> From<&'a FailedItem> for ErrorRecord<'a> {
    fn from(failed: &'a FailedItem) -> Self {
        Self {
            document: failed.document.as_ref().map(|path| path.display().to_string()),
            id: failed.id.as_ref(),
            line: failed.line,
            error: ErrorReport { code: failed.code, message: &failed.message },
        }
    }
}
