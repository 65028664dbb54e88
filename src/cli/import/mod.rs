//! `pizhu import`: annotations and codebooks from other programs.

mod known;
mod resolver;
mod texts;

use super::{CliContext, CliError, Status, error::codebook_line, input::read_to_import, progress::Progress};
use crate::locale::{Language, Locale};
use clap::Args;
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Store;
use pizhu_annotation::store::StoredSpeech;
use pizhu_library::exchange::import;
use pizhu_library::exchange::import::ImportBatch;
use pizhu_library::exchange::import::ImportEntry;
use pizhu_library::exchange::import_resolver::ImportTarget;
use pizhu_library::exchange::import_resolver::Imported;
use pizhu_library::exchange::import_resolver::ResolveError;
use pizhu_library::exchange::import_resolver::{ImportedTags, add_tags};
use pizhu_library::source::Speech;
use resolver::{DocumentName, SpeechResolver};
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

/// `pizhu import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file to import; `-` is standard input.
    pub file: PathBuf,
    /// Speeches, or folders of speeches, that the annotations may belong to [default: the speeches
    /// that the store knows and those beside the file].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder for the texts of a project that none of the speeches has; existing files are never
    /// replaced [default: a folder beside the project, with its name].
    #[arg(long, value_name = "DIR")]
    pub texts: Option<PathBuf>,
    /// Output options.
    #[command(flatten)]
    pub output: super::args::common::OutputArgs,
}

/// The report of an import, in JSON.
#[derive(Debug, Default, Serialize)]
struct ImportReport {
    version: u32,
    created: usize,
    merged: usize,
    review: usize,
    /// Names of the new tags.
    tags: Vec<String>,
    to_review: Vec<ReviewEntry>,
    failed: Vec<FailedEntry>,
    /// The files that texts of the project were written to.
    texts: Vec<String>,
    /// Number of attributes and other records of speeches that were set or added.
    records: usize,
    /// Number of memos, types and other records of the project that were added.
    project: usize,
    /// What the file holds and was not kept, by kind.
    lost: BTreeMap<&'static str, usize>,
}

/// An imported entry that needs review.
#[derive(Debug, Serialize)]
struct ReviewEntry {
    /// Number of the entry in the file, from 1.
    entry: usize,
    id: AnnotationId,
    document: String,
    quote: String,
}

/// An entry that could not be imported.
#[derive(Debug, Serialize)]
struct FailedEntry {
    /// Number of the entry in the file, from 1.
    entry: usize,
    document: String,
    reason: FailureReason,
}

/// Why an entry could not be imported.
#[derive(Debug, Clone, thiserror::Error)]
enum FailureReason {
    #[error("no such speech")]
    NoSpeech,
    #[error(transparent)]
    Placing(#[from] ResolveError),
    /// The speech cannot be read, or its annotations not be written.
    #[error("{}", .0.message(Locale::new(Language::English)))]
    Speech(Arc<CliError>),
}

impl Serialize for FailureReason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FailureReason {
    fn localize(&self, locale: Locale) -> String {
        let id = match self {
            Self::NoSpeech => "import-no-speech",
            Self::Placing(ResolveError::NoTarget) => "import-no-place",
            Self::Placing(ResolveError::Empty) => "import-empty",
            Self::Placing(ResolveError::OutOfBounds) => "import-out-of-text",
            Self::Placing(ResolveError::Tag(error)) => return codebook_line(error, locale),
            Self::Placing(ResolveError::NoSection(section)) => {
                return locale.format("import-no-section", &[("section", section.as_str().into())]);
            }
            Self::Speech(error) => return error.message(locale),
        };
        locale.text(id).into_owned()
    }
}

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
    let mut report = importer.report;
    known::set_records(context, &store, &mut resolver, &batch.speeches, &mut report)?;
    print(context, &report)?;
    Ok(if report.failed.is_empty() { Status::Done } else { Status::NoMatch })
}

/// Parses a file to import, or standard input.
pub(super) fn read_import(file: &Path) -> Result<ImportBatch, CliError> {
    import::read(file, &read_to_import(file)?).map_err(|error| CliError::Import(file.to_owned(), error))
}

impl ImportReport {
    /// Notes that a speech cannot be read or written.
    fn fail_all(&mut self, entries: &[NumberedEntry<'_>], error: CliError) {
        let error = Arc::new(error);
        for (index, entry) in entries {
            self.fail(*index, entry, FailureReason::Speech(Arc::clone(&error)));
        }
    }

    fn fail(&mut self, index: usize, entry: &ImportEntry, reason: FailureReason) {
        self.failed.push(FailedEntry { entry: index + 1, document: entry.document.clone(), reason });
    }
}

/// An entry with its number in the file, from 0.
type NumberedEntry<'a> = (usize, &'a ImportEntry);

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

/// Chars shown of a quote.
const QUOTE_CHARS: usize = 40;

/// The report as lines of text: counts, new tags, entries to review, failed entries.
fn report_lines(report: &ImportReport, locale: Locale) -> Vec<String> {
    let counts = [("created", report.created), ("merged", report.merged), ("review", report.review), ("failed", report.failed.len())];
    let mut lines = vec![locale.format("import-report", &counts.map(|(name, count)| (name, count.into())))];
    if !report.tags.is_empty() {
        lines.push(locale.format("warning-tags-created", &[("tags", report.tags.join(", ").into())]));
    }
    for text in &report.texts {
        lines.push(locale.format("import-text", &[("path", text.as_str().into())]));
    }
    if report.records + report.project > 0 {
        lines.push(locale.format("import-records", &[("records", report.records.into()), ("project", report.project.into())]));
    }
    if !report.lost.is_empty() {
        let lost = |(kind, count): (&&'static str, &usize)| locale.format(&format!("import-lost-{kind}"), &[("count", (*count).into())]);
        let lost: Vec<String> = report.lost.iter().map(lost).collect();
        lines.push(locale.format("import-lost", &[("what", lost.join(", ").into())]));
    }
    for uncertain in &report.to_review {
        let quote: String = uncertain.quote.chars().take(QUOTE_CHARS).map(|c| if c == '\n' { ' ' } else { c }).collect();
        let facts = [("entry", uncertain.entry.into()), ("document", uncertain.document.as_str().into()), ("quote", quote.into())];
        lines.push(locale.format("import-review", &facts));
    }
    for failure in &report.failed {
        let reason = failure.reason.localize(locale);
        let facts = [("entry", failure.entry.into()), ("document", failure.document.as_str().into()), ("reason", reason.into())];
        lines.push(locale.format("import-failed", &facts));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_is_localized_in_every_language() {
        let reasons = [
            FailureReason::NoSpeech,
            ResolveError::NoTarget.into(),
            ResolveError::Empty.into(),
            ResolveError::OutOfBounds.into(),
            ResolveError::NoSection("九、".into()).into(),
        ];
        let failed = (1..).zip(reasons).map(|(entry, reason)| FailedEntry { entry, document: "讲话.txt".into(), reason }).collect();
        let uncertain = ReviewEntry { entry: 9, id: AnnotationId::new(), document: "讲话.txt".into(), quote: "甲\n乙".repeat(40) };
        let report = ImportReport {
            created: 3,
            merged: 2,
            review: 1,
            tags: vec!["引才".into()],
            to_review: vec![uncertain],
            failed,
            ..ImportReport::default()
        };
        let reports = Language::ALL.map(|language| report_lines(&report, Locale::new(language)));
        for lines in &reports {
            assert_eq!(lines.len(), 1 + 1 + 1 + 5);
            assert!(lines.iter().all(|line| !line.contains("import-") && !line.contains(['\n', '{'])), "{lines:?}");
            assert!(lines[2].chars().count() < 100 && lines[7].contains("九、") && lines[1].contains("引才"));
        }
        assert!(reports[0] != reports[1] && reports[1] != reports[2] && reports[0] != reports[2]);
    }
}
