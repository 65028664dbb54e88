//! Importing what a file knows of the project and of speeches beside their annotations.

use super::report::{FailedEntry, FailureReason, ImportReport};
use super::resolver::SpeechResolver;
use crate::cli::{CliContext, CliError, attr::checked};
use pizhu_annotation::{Store, attribute::is_attribute_key, store::SpeechKey};
use pizhu_library::attributes::Attributes;
use pizhu_library::exchange::import::{ImportMemo, ImportProject, ImportSpeech};
use std::{cell::Cell, sync::Arc};

/// Adds the memos, types of attributes and other records of the project.
pub(super) fn set_project(context: &CliContext, store: &Store, project: &ImportProject, report: &mut ImportReport) -> Result<(), CliError> {
    let is_empty = project.records.is_empty() && project.unknown_lines.is_empty();
    if is_empty && project.memos.is_empty() && project.attribute_types.is_empty() {
        return Ok(());
    }
    let author = context.annotator();
    let count = Cell::new(0);
    store.edit_project(&author, |records| {
        let mut added = records.bring(project.records.clone(), &project.unknown_lines);
        for ImportMemo { id, author: by, modified, text } in &project.memos {
            let by = by.as_deref().unwrap_or(&author);
            added += usize::from(match (id, modified) {
                (Some(id), Some(modified)) => records.bring_memo(*id, by, *modified, text),
                _ => records.add_memo(by, text),
            });
        }
        for (key, values) in &project.attribute_types {
            if is_attribute_key(key) && !records.attribute_types().any(|(known, _)| known == key) {
                records.set_attribute_type(key, &author, *values);
                added += 1;
            }
        }
        count.set(added);
    })?;
    report.project = count.get();
    Ok(())
}

/// Sets the attributes of speeches, and adds their other records.
pub(super) fn set_records(
    context: &CliContext,
    store: &Store,
    resolver: &mut SpeechResolver,
    speeches: &[ImportSpeech],
    report: &mut ImportReport,
) -> Result<(), CliError> {
    let types = store.project()?;
    for speech in speeches {
        if speech.attributes.is_empty() && speech.records.is_empty() && speech.unknown_lines.is_empty() {
            continue;
        }
        let mut fail = |reason| report.failed.push(FailedEntry { entry: 0, document: speech.document.clone(), reason });
        let Some(path) = resolver.find(context, &speech.into()) else {
            fail(FailureReason::NoSpeech);
            continue;
        };
        let set = || -> Result<usize, CliError> {
            let opened = context.open(&path)?;
            let key = SpeechKey::from_document(store.location(), &opened.document, &opened.path);
            let found = store.speech_annotations(&opened.document, &opened.path)?;
            let present = Attributes::new(&opened.document, &found.records);
            let is_new = |(key, value): &(&String, &String)| present.get(key) != Some(value.as_str());
            let new: Vec<(&String, &String)> = speech.attributes.iter().filter(is_new).collect();
            new.iter().try_for_each(|(key, value)| checked(&types, key, value).map(drop))?;
            let mut trial = found.records.clone();
            if new.is_empty() && trial.bring(speech.records.clone(), &speech.unknown_lines) == 0 {
                return Ok(0);
            }
            let (author, count) = (context.annotator(), Cell::new(0));
            store.edit_records(&key, &author, |records| {
                count.set(records.bring(speech.records.clone(), &speech.unknown_lines) + new.len());
                for (key, value) in &new {
                    records.set_attribute(key, &author, value);
                }
            })?;
            Ok(count.get())
        };
        match set() {
            Ok(count) => {
                resolver.forget(&path);
                report.records += count;
            }
            Err(error) => fail(FailureReason::Speech(Arc::new(error))),
        }
    }
    Ok(())
}
