//! What JSON and RON hold beside annotations and codebook: the records of the project (memos, types of
//! attributes, baskets) and of the speeches (attributes that were set, mended headings, …).

use super::{
    collection::{Collection, SpeechRecords},
    import_entry::{ImportBatch, ImportSpeech},
};
use pizhu_annotation::{ExportedRecord, SpeechHash};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The records of the project.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ProjectPart {
    records: Vec<ExportedRecord>,
    /// Lines of kinds that the writing program did not know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_records: Vec<String>,
}

/// The records of a speech.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SpeechPart {
    document: String,
    document_hash: SpeechHash,
    document_title: Option<String>,
    document_date: Option<String>,
    /// All attributes that have a value, also those that were found in the text. Not read.
    #[serde(default, skip_deserializing)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    records: Vec<ExportedRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    other_records: Vec<String>,
}

/// The records of a collection's project.
pub(super) fn project_part(collection: &Collection) -> ProjectPart {
    let author = collection.filter().author.as_deref();
    let project = collection.project();
    let other_records = if author.is_none() { project.unknown_lines().map(str::to_owned).collect() } else { Vec::new() };
    ProjectPart { records: project.exported(author), other_records }
}

/// The records of a collection's speeches.
pub(super) fn speech_parts(collection: &Collection) -> Vec<SpeechPart> {
    let author = collection.filter().author.as_deref();
    let part = |speech: &SpeechRecords| SpeechPart {
        document: speech.name.clone(),
        document_hash: speech.hash,
        document_title: speech.title.clone(),
        document_date: speech.attributes.date().map(str::to_owned),
        attributes: speech.attributes.iter().map(|(key, attribute)| (key.to_owned(), attribute.value.clone())).collect(),
        records: speech.records.exported(author),
        other_records: if author.is_none() { speech.records.unknown_lines().map(str::to_owned).collect() } else { Vec::new() },
    };
    collection.speech_records().iter().map(part).collect()
}

/// Adds what was read to a batch.
pub(super) fn add_parts(batch: &mut ImportBatch, project: ProjectPart, speeches: Vec<SpeechPart>) {
    batch.project.records = project.records;
    batch.project.unknown_lines = project.other_records;
    batch.speeches = speeches
        .into_iter()
        .map(|part| ImportSpeech {
            document: part.document,
            document_hash: Some(part.document_hash),
            document_title: part.document_title,
            records: part.records,
            unknown_lines: part.other_records,
            ..ImportSpeech::default()
        })
        .collect();
}
