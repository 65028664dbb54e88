//! Importing annotations, codebooks and projects of other programs.
//!
//! Importing a file twice changes nothing; so an import that was cancelled is simply made again.

mod records;
mod report;
mod request;
mod resolver;
mod texts;

pub(crate) use report::{FailedEntry, ImportFailure, ImportReport, ReviewEntry};
pub(crate) use request::{ImportRequest, ImportStep};

use super::{error::UseCaseError, job::CancelToken, stores::StoreFinder};
use pizhu_annotation::{Annotation, AnnotationId, Store, StoreError, store::StoredSpeech};
use pizhu_library::exchange::import::ImportEntry;
use pizhu_library::exchange::import_resolver::{ImportTarget, Imported, ImportedTags, add_tags};
use pizhu_library::source::{ReadOptions, Speech};
use report::NumberedEntry;
use request::SpeechReader;
use resolver::{DocumentName, SpeechResolver};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Path, PathBuf},
};

/// Maximum size in bytes of an archive to import, which may hold recordings beside the texts.
pub(crate) const MAX_ARCHIVE_BYTES: u64 = 256 << 20;
/// Speeches whose annotations are written at once, while other processes wait.
const SPEECHES_AT_ONCE: usize = 100;

/// The folder whose speeches the annotations of a file may belong to: that of a shared store, else that of
/// the file, as the user's own store belongs to no folder.
pub(crate) fn candidates_folder(store: &Store, file: &Path) -> PathBuf {
    let location = store.location();
    let folder = location.root.as_deref().filter(|_| location.shared).or_else(|| file.parent());
    folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Imports a file: its codebook, its texts, what it knows of the project and of speeches, then its annotations.
/// What belongs to no speech or cannot be read or written is told in the report, and the rest is imported.
/// `None` if it was cancelled; what was written until then stays.
///
/// # Errors
/// The store cannot be read or written, or a text cannot be written.
pub(crate) fn import_annotations(
    request: &ImportRequest<'_>,
    (stores, options): (&StoreFinder, ReadOptions),
    cancel: &CancelToken,
    sink: &mut dyn FnMut(ImportStep<'_>),
) -> Result<Option<ImportReport>, UseCaseError> {
    let ImportRequest { batch, store, .. } = request;
    let mut report = ImportReport::default();
    report.lost.extend(batch.losses.iter().map(|(loss, count)| (loss.name(), *count)));
    let tags = store.edit_codebook(|book| add_tags(book, &batch.tags, &batch.entries))?;
    report.tags.clone_from(&tags.created);
    let mut resolver = SpeechResolver::new(request)?;
    let mut reader = SpeechReader { stores, options, sink };
    report.texts = texts::write_missing(request, &mut resolver, &mut reader)?;
    report.project = records::set_project(request)?;
    // Annotations are of sections as the outline is when it is mended.
    records::set_records(request, &mut resolver, &mut reader, &mut report)?;
    let Some(by_speech) = entries_by_speech(&batch.entries, cancel, &mut resolver, &mut reader, &mut report) else { return Ok(None) };
    let mut importer = Importer { store, tags: &tags, author: request.author, report, waiting: Vec::new() };
    (reader.sink)(ImportStep::Begun(by_speech.len()));
    for (path, entries) in by_speech {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        match resolver.take(&mut reader, &path) {
            Ok(speech) => importer.add(&speech, entries)?,
            Err(error) => importer.report.fail_all(&entries, error.into()),
        }
        (reader.sink)(ImportStep::Advanced);
    }
    importer.write()?;
    Ok(Some(importer.report))
}

/// The entries of each speech; `None` if the import was cancelled.
fn entries_by_speech<'a>(
    entries: &'a [ImportEntry],
    cancel: &CancelToken,
    resolver: &mut SpeechResolver<'_>,
    reader: &mut SpeechReader<'_>,
    report: &mut ImportReport,
) -> Option<BTreeMap<PathBuf, Vec<NumberedEntry<'a>>>> {
    let mut by_speech: BTreeMap<PathBuf, Vec<NumberedEntry<'a>>> = BTreeMap::new();
    // Most entries are on the same speech as the one before.
    let mut found: HashMap<DocumentName<'_>, Option<PathBuf>> = HashMap::new();
    let documents: HashSet<DocumentName<'_>> = entries.iter().map(DocumentName::from).collect();
    (reader.sink)(ImportStep::Begun(documents.len()));
    for (index, entry) in entries.iter().enumerate() {
        if cancel.is_cancelled() {
            return None;
        }
        let path = found.entry(entry.into()).or_insert_with(|| {
            (reader.sink)(ImportStep::Advanced);
            resolver.find(reader, &entry.into())
        });
        match path {
            Some(path) => by_speech.entry(path.clone()).or_default().push((index, entry)),
            None => report.fail(index, entry, ImportFailure::NoSpeech),
        }
    }
    Some(by_speech)
}

/// Imports the entries of speech after speech.
struct Importer<'a> {
    store: &'a Store,
    tags: &'a ImportedTags,
    author: &'a str,
    report: ImportReport,
    /// What is not written yet.
    waiting: Vec<ImportedSpeech<'a>>,
}

/// What is imported into one speech.
struct ImportedSpeech<'a> {
    stored: StoredSpeech,
    annotations: Vec<Annotation>,
    entries: Vec<NumberedEntry<'a>>,
    /// What the report says of it once it is written.
    created: usize,
    merged: usize,
    to_review: Vec<ReviewEntry>,
}

impl<'a> Importer<'a> {
    /// Imports the entries of a speech.
    fn add(&mut self, speech: &Speech, entries: Vec<NumberedEntry<'a>>) -> Result<(), StoreError> {
        let stored = match self.store.stored(&speech.document, &speech.path) {
            Ok(stored) => stored,
            Err(error) => {
                self.report.fail_all(&entries, error.into());
                return Ok(());
            }
        };
        let target = ImportTarget::new(&speech.document);
        let (mut created, mut merged, mut to_review, mut placed) = (0, 0, Vec::new(), Vec::new());
        let mut imported: BTreeMap<AnnotationId, Annotation> = BTreeMap::new();
        for (index, entry) in entries {
            let known = |id| imported.get(&id).or_else(|| stored.get(id)).cloned();
            match target.resolve(entry, self.tags, self.author, known) {
                Ok(Imported { annotation, needs_review }) => {
                    let is_known = stored.get(annotation.id).is_some() || imported.contains_key(&annotation.id);
                    merged += usize::from(is_known);
                    created += usize::from(!is_known);
                    if needs_review {
                        let (document, quote) = (entry.document.clone(), annotation.selector.quote.clone());
                        to_review.push(ReviewEntry { entry: index + 1, id: annotation.id, document, quote });
                    }
                    imported.insert(annotation.id, annotation);
                    placed.push((index, entry));
                }
                Err(error) => self.report.fail(index, entry, error.into()),
            }
        }
        drop(target);
        self.waiting.push(ImportedSpeech {
            stored,
            annotations: imported.into_values().collect(),
            entries: placed,
            created,
            merged,
            to_review,
        });
        if self.waiting.len() >= SPEECHES_AT_ONCE { self.write() } else { Ok(()) }
    }

    /// Writes what waits.
    fn write(&mut self) -> Result<(), StoreError> {
        let (mut speeches, mut rest) = (Vec::new(), Vec::new());
        for ImportedSpeech { stored, annotations, entries, created, merged, to_review } in self.waiting.drain(..) {
            speeches.push((stored, annotations));
            rest.push((entries, created, merged, to_review));
        }
        let results = self.store.insert_all(self.author, speeches)?;
        for (result, (entries, created, merged, to_review)) in results.into_iter().zip(rest) {
            match result {
                Ok(()) => {
                    self.report.created += created;
                    self.report.merged += merged;
                    self.report.review += to_review.len();
                    self.report.to_review.extend(to_review);
                }
                Err(error) => self.report.fail_all(&entries, error.into()),
            }
        }
        Ok(())
    }
}
