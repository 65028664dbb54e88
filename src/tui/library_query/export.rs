//! Exports to files: of the open speech, of passages under a tag, and of counts.

use super::{
    QueryJob, QuerySources,
    source::{LibrarySpeech, OpenSpeechReader},
    wanted_passages,
};
use crate::app::{
    export::{ExportPart, ExportSelection, destination, export_speeches},
    job::CancelToken,
    speeches::{Batch, Stopped},
    stores::StoreFinder,
};
use crate::locale::{Locale, counts::count_label, notice};
use crate::tui::effect::{AppEvent, ExportRequest};
use crate::tui::message::{ExportKind, ExportTarget, PassageGroup, QuerySubject, StatusMessage};
use pizhu_annotation::StoreError;
use pizhu_library::count::CountTable;
use pizhu_library::exchange::{Collection, DestinationError, ExportOptions, FORMATS, Format, counts};
use std::{
    collections::HashSet,
    convert::Infallible,
    io::{self, Write},
    ops::ControlFlow,
    path::PathBuf,
    sync::Arc,
};

/// Writes an export to its file; returns the event that tells how it went.
fn write(
    stores: &StoreFinder,
    to: &ExportTarget,
    files: &[PathBuf],
    count: usize,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> AppEvent {
    let destination = match destination(stores, &to.path, to.overwrite, files) {
        Ok(destination) => destination,
        Err(error) => return cannot_save(&error),
    };
    match destination.fill(write) {
        Ok(()) => AppEvent::Status(StatusMessage::done(notice::EXPORTED).with("count", count).with("path", to.path.display())),
        Err(DestinationError::Exists(path)) => AppEvent::ExportFileExists { kind: to.kind, path },
        Err(error) => AppEvent::Status(StatusMessage::not_exported(&error)),
    }
}

fn write_collection(stores: &StoreFinder, to: &ExportTarget, files: &[PathBuf], collection: &Collection, format: &Format) -> AppEvent {
    write(stores, to, files, collection.entries().len(), |out| (format.write)(collection, ExportOptions::default(), out))
}

fn cannot_save(error: &StoreError) -> AppEvent {
    AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error))
}

/// Writes the annotations of the open speech, those that are not saved, too.
pub(in crate::tui) fn export_speech(export: ExportRequest, sources: &QuerySources) -> AppEvent {
    let ExportRequest { format: index, path, overwrite, speech, document, annotations, codebook } = export;
    let target = ExportTarget { kind: ExportKind::Annotations(index), path, overwrite };
    let Some(format) = FORMATS.get(index) else {
        return AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", ""));
    };
    let (reader, files, book) = (OpenSpeechReader { stores: sources.stores() }, [speech.clone()], Arc::new(codebook));
    let stores = match reader.stores.of_files(&files) {
        Ok(stores) => stores,
        Err(error) => return cannot_save(&error),
    };
    let selection = ExportSelection { book: Some(Arc::clone(&book)), ..ExportSelection::default() };
    // Without the store, the text says what is known.
    let collection = selection.collection(&book, &stores).or_else(|_| selection.collection(&book, &[]));
    let mut collection = match collection {
        Ok(collection) => collection,
        Err(error) => return cannot_save(&error),
    };
    let speech = LibrarySpeech { path: speech, document, annotations: Some(annotations) };
    let (cancel, mut seen) = (CancelToken::default(), HashSet::new());
    let batch = Batch { items: [speech], threads: 1, cancel: &cancel, seen: &mut seen };
    let exported = export_speeches(&selection, &reader, batch, Ok, |result| match result {
        Ok(result) => {
            result.value.1.add_to(&mut collection, &selection);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    });
    match exported {
        Err(Stopped::Sink(error)) => AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error)),
        _ => write_collection(&reader.stores, &target, &files, &collection, format),
    }
}

/// Writes a table of counts of speeches.
pub(in crate::tui) fn export_counts(
    table: &CountTable,
    locale: Locale,
    to: &ExportTarget,
    files: &[PathBuf],
    sources: &QuerySources,
) -> AppEvent {
    write(&sources.stores(), to, files, table.rows.len(), |out| {
        counts::write(table, ExportOptions::default(), &|head| count_label(head, locale), out)
    })
}

impl QueryJob {
    /// Writes the passages that the query finds under a tag.
    pub(super) fn export_passages(&self, to: &ExportTarget) -> AppEvent {
        let QuerySubject::Tagged { tag, cell, group } = &self.query.subject else {
            return AppEvent::Status(StatusMessage::hint(notice::NOTHING_TO_EXPORT));
        };
        let Some(format) = Format::from_path(&to.path) else {
            return AppEvent::Status(StatusMessage::error(notice::NO_SUCH_FORMAT).with("path", to.path.display()));
        };
        self.sources.flush_writer();
        let (stores, files) = (&self.reader.stores, &self.query.files);
        let book = match stores.codebook_of(files) {
            Ok(book) => Arc::new(book),
            Err(error) => return cannot_save(&error),
        };
        let wanted = wanted_passages(tag, cell.as_deref());
        let selection = ExportSelection { wanted, book: Some(Arc::clone(&book)), ..ExportSelection::default() };
        let mut collection = match selection.collection(&book, &stores.of_files(files).unwrap_or_default()) {
            Ok(collection) => collection,
            Err(error) => return cannot_save(&error),
        };
        let mut parts: Vec<ExportPart> = Vec::new();
        let exported = export_speeches(&selection, &self.reader, self.batch(&mut HashSet::new()), Ok, |result| {
            parts.extend(result.ok().filter(|result| !result.is_copy).map(|result| result.value.1));
            ControlFlow::<Infallible>::Continue(())
        });
        // Nobody cancels an export.
        debug_assert!(exported.is_ok());
        if *group != PassageGroup::Speech {
            parts.sort_by(|one, other| one.date().cmp(&other.date()));
        }
        for part in parts {
            part.add_to(&mut collection, &selection);
        }
        write_collection(stores, to, files, &collection, format)
    }
}
