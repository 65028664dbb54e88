//! `pizhu import`: annotations and codebooks from other programs.

mod args;
mod known;
mod report;
mod resolver;
mod texts;

pub(super) use args::ImportArgs;

use super::{CliContext, CliError, Status, input::read_to_import, progress::Progress};
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Store;
use pizhu_annotation::store::StoredSpeech;
use pizhu_library::exchange::import;
use pizhu_library::exchange::import::ImportBatch;
use pizhu_library::exchange::import::ImportEntry;
use pizhu_library::exchange::import_resolver::ImportTarget;
use pizhu_library::exchange::import_resolver::Imported;
use pizhu_library::exchange::import_resolver::{ImportedTags, add_tags};
use pizhu_library::source::Speech;
use report::{FailureReason, ImportReport, NumberedEntry, ReviewEntry, report_lines};
use resolver::{DocumentName, SpeechResolver};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::Write as _,
    path::{Path, PathBuf},
};

pub(super) fn run(context: &mut CliContext, args: &ImportArgs) -> Result<Status, CliError> {
    let batch = read_import(&args.file)?;
    let beside = args.texts.as_deref().or(args.file.parent()).filter(|dir| dir.is_dir());
    let store = context.store_for(args.paths.first().map(PathBuf::as_path).or(beside))?;
    let mut report = ImportReport { version: 1, ..ImportReport::default() };
    report.lost = batch.losses.iter().map(|(loss, count)| (loss.name(), *count)).collect();
    let tags = store.edit_codebook(|book| add_tags(book, &batch.tags, &batch.entries))?;
    report.tags.clone_from(&tags.created);
    let mut resolver = SpeechResolver::new(context, &store, args)?;
    report.texts = texts::write_missing(context, &mut resolver, args, &batch.texts)?;
    known::set_project(context, &store, &batch.project, &mut report)?;
    // Annotations are of sections as the outline is when it is mended.
    known::set_records(context, &store, &mut resolver, &batch.speeches, &mut report)?;
    let by_speech = entries_by_speech(context, &mut resolver, &batch.entries, &mut report);
    let mut importer = Importer { store: &store, tags: &tags, author: context.annotator(), report, waiting: Vec::new() };
    let mut progress = Progress::before_output(context, by_speech.len());
    for (path, entries) in by_speech {
        match resolver.take(context, &path) {
            Ok(speech) => importer.add(&speech, entries)?,
            Err(error) => importer.report.fail_all(&entries, error),
        }
        progress.advance();
    }
    importer.write()?;
    progress.clear();
    let report = importer.report;
    print(context, &report)?;
    Ok(if report.failed.is_empty() { Status::Done } else { Status::NoMatch })
}

/// Parses a file to import, or standard input.
pub(super) fn read_import(file: &Path) -> Result<ImportBatch, CliError> {
    import::read(file, &read_to_import(file)?).map_err(|error| CliError::Import(file.to_owned(), error))
}

/// The entries of each speech.
fn entries_by_speech<'a>(
    context: &CliContext,
    resolver: &mut SpeechResolver,
    entries: &'a [ImportEntry],
    report: &mut ImportReport,
) -> BTreeMap<PathBuf, Vec<NumberedEntry<'a>>> {
    let mut by_speech: BTreeMap<PathBuf, Vec<NumberedEntry<'a>>> = BTreeMap::new();
    // Most entries are on the same speech as the one before.
    let mut found: HashMap<DocumentName<'_>, Option<PathBuf>> = HashMap::new();
    let documents: HashSet<DocumentName<'_>> = entries.iter().map(DocumentName::from).collect();
    let mut progress = Progress::before_output(context, documents.len());
    for (index, entry) in entries.iter().enumerate() {
        let path = found.entry(entry.into()).or_insert_with(|| {
            progress.advance();
            resolver.find(context, &entry.into())
        });
        match path {
            Some(path) => by_speech.entry(path.clone()).or_default().push((index, entry)),
            None => report.fail(index, entry, FailureReason::NoSpeech),
        }
    }
    by_speech
}

/// Speeches whose annotations are written at once, while other processes wait.
const SPEECHES_AT_ONCE: usize = 100;

/// Imports the entries of speech after speech.
struct Importer<'a> {
    store: &'a Store,
    tags: &'a ImportedTags,
    author: String,
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
    fn add(&mut self, speech: &Speech, entries: Vec<NumberedEntry<'a>>) -> Result<(), CliError> {
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
            match target.resolve(entry, self.tags, &self.author, known) {
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
    fn write(&mut self) -> Result<(), CliError> {
        let (mut speeches, mut rest) = (Vec::new(), Vec::new());
        for ImportedSpeech { stored, annotations, entries, created, merged, to_review } in self.waiting.drain(..) {
            speeches.push((stored, annotations));
            rest.push((entries, created, merged, to_review));
        }
        let results = self.store.insert_all(&self.author, speeches)?;
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

fn print(context: &mut CliContext, report: &ImportReport) -> Result<(), CliError> {
    if context.is_json() {
        return context.out.json(report);
    }
    for line in report_lines(report, context.locale) {
        let line = context.out.sanitized(&line).into_owned();
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}
