//! Importing what a file knows of the project and of speeches beside their annotations.

use super::{
    report::{FailedEntry, ImportFailure, ImportReport},
    request::{ImportRequest, ImportStep, SpeechReader},
    resolver::SpeechResolver,
};
use crate::app::{attributes::checked, error::UseCaseError, open::open_annotated};
use pizhu_annotation::store::SpeechKey;
use pizhu_annotation::{RecordSet, StoreError, attribute::is_attribute_key};
use pizhu_library::attributes::Attributes;
use pizhu_library::exchange::import::{ImportMemo, ImportSpeech};
use std::{cell::Cell, path::Path};

/// Adds the memos, types of attributes and other records of the project; returns how many.
pub(super) fn set_project(request: &ImportRequest<'_>) -> Result<usize, StoreError> {
    let (project, author) = (&request.batch.project, request.author);
    let is_empty = project.records.is_empty() && project.unknown_lines.is_empty();
    if is_empty && project.memos.is_empty() && project.attribute_types.is_empty() {
        return Ok(0);
    }
    let count = Cell::new(0);
    request.store.edit_project(author, |records| {
        let mut added = records.bring(project.records.clone(), &project.unknown_lines);
        for ImportMemo { id, author: by, modified, text } in &project.memos {
            let by = by.as_deref().unwrap_or(author);
            added += usize::from(match (id, modified) {
                (Some(id), Some(modified)) => records.bring_memo(*id, by, *modified, text),
                _ => records.add_memo(by, text),
            });
        }
        for (key, values) in &project.attribute_types {
            if is_attribute_key(key) && !records.attribute_types().any(|(known, _)| known == key) {
                records.set_attribute_type(key, author, *values);
                added += 1;
            }
        }
        count.set(added);
    })?;
    Ok(count.get())
}

/// Sets the attributes of speeches, and adds their other records.
pub(super) fn set_records(
    request: &ImportRequest<'_>,
    resolver: &mut SpeechResolver<'_>,
    reader: &mut SpeechReader<'_>,
    report: &mut ImportReport,
) -> Result<(), StoreError> {
    let types = request.store.project()?;
    for speech in &request.batch.speeches {
        if speech.attributes.is_empty() && speech.records.is_empty() && speech.unknown_lines.is_empty() {
            continue;
        }
        let set = match resolver.find(reader, &speech.into()) {
            None => Err(ImportFailure::NoSpeech),
            Some(path) => match set_of_speech(request, reader, &types, speech, &path) {
                Ok(count) => {
                    resolver.forget(&path);
                    Ok(count)
                }
                Err(error) => Err(report.speech_failure(error)),
            },
        };
        match set {
            Ok(count) => report.records += count,
            Err(reason) => report.failed.push(FailedEntry { entry: 0, document: speech.document.clone(), reason }),
        }
    }
    Ok(())
}

/// Sets the attributes of the speech at `path`, and adds its other records; returns how many are new.
fn set_of_speech(
    request: &ImportRequest<'_>,
    reader: &mut SpeechReader<'_>,
    types: &RecordSet,
    speech: &ImportSpeech,
    path: &Path,
) -> Result<usize, UseCaseError> {
    let (store, author) = (request.store, request.author);
    let (opened, found) = open_annotated(path, reader.options, store)?;
    (reader.sink)(ImportStep::Opened(&opened));
    let key = SpeechKey::from_document(store.location(), &opened.document, path);
    let present = Attributes::new(&opened.document, &found.records);
    let is_new = |(key, value): &(&String, &String)| present.get(key) != Some(value.as_str());
    let new: Vec<(&String, &String)> = speech.attributes.iter().filter(is_new).collect();
    new.iter().try_for_each(|(key, value)| checked(types, key, value).map(drop))?;
    let mut trial = found.records.clone();
    if new.is_empty() && trial.bring(speech.records.clone(), &speech.unknown_lines) == 0 {
        return Ok(0);
    }
    let count = Cell::new(0);
    store.edit_records(&key, author, |records| {
        count.set(records.bring(speech.records.clone(), &speech.unknown_lines) + new.len());
        for (key, value) in &new {
            records.set_attribute(key, author, value);
        }
    })?;
    Ok(count.get())
}
