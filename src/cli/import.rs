//! `pizhu import`: annotations and codebooks from other programs.

use super::{CliError, Context, Status};
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Store;
use pizhu_library::exchange::FORMATS;
use pizhu_library::exchange::incoming;
use pizhu_library::exchange::incoming::Incoming;
use pizhu_library::exchange::incoming::Incomings;
use pizhu_library::exchange::placing::Arrived;
use pizhu_library::exchange::placing::Ground;
use pizhu_library::exchange::placing::PlacingError;
use pizhu_library::exchange::placing::add_tags;
use crate::locale::Locale;
use pizhu_library::source;
use pizhu_library::source::STDIN;
use pizhu_library::source::SourceError;
use pizhu_library::source::Speech;
use clap::Args;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

/// `pizhu import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file to import.
    #[arg(help = file_help())]
    pub file: PathBuf,
    /// Speeches, or folders of speeches, that the annotations may be of [default: what the store
    /// knows and what lies beside it].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The shape of the report.
    #[command(flatten)]
    pub shape: super::args::ShapeArg,
}

/// The formats that are read, by the table.
fn file_help() -> String {
    let names: Vec<&str> = FORMATS.iter().filter(|format| format.reads).map(|format| format.name).collect();
    format!("The file, in a format that export writes ({}) or a table with such columns; `-` is standard input", names.join(", "))
}

/// What came in.
#[derive(Debug, Default, Serialize)]
struct Report {
    version: u32,
    created: usize,
    merged: usize,
    review: usize,
    /// The names of the new tags.
    tags: Vec<String>,
    to_review: Vec<Doubt>,
    failed: Vec<Failure>,
}

/// An entry that came in without a certain place.
#[derive(Debug, Serialize)]
struct Doubt {
    /// Its number in the file, from 1.
    entry: usize,
    id: AnnotationId,
    document: String,
    quote: String,
}

/// An entry that could not be placed.
#[derive(Debug, Serialize)]
struct Failure {
    /// Its number in the file, from 1.
    entry: usize,
    document: String,
    reason: Reason,
}

/// Why an entry could not be placed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Reason {
    #[error("no such speech")]
    NoSpeech,
    #[error(transparent)]
    Placing(#[from] PlacingError),
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Reason {
    fn worded(&self, words: Locale) -> String {
        let id = match self {
            Self::NoSpeech => "import-no-speech",
            Self::Placing(PlacingError::NoPlace) => "import-no-place",
            Self::Placing(PlacingError::Empty) => "import-empty",
            Self::Placing(PlacingError::OutOfText) => "import-out-of-text",
            Self::Placing(PlacingError::NoSection(section)) => {
                return words.format("import-no-section", &[("section", section.as_str().into())]);
            }
        };
        words.text(id).into_owned()
    }
}

pub(super) fn run(context: &mut Context, args: &ImportArgs) -> Result<Status, CliError> {
    let incomings = brought_by(&args.file)?;
    let store = context.store_of(args.paths.first().map(PathBuf::as_path).or(args.file.parent().filter(|dir| dir.is_dir())))?;
    let mut report = Report { version: 1, ..Report::default() };
    report.tags = store.edit_codebook(|book| add_tags(book, &incomings.tags, &incomings.entries))?;
    let mut shelf = Shelf::new(&store, args)?;
    let mut by_speech: BTreeMap<PathBuf, Vec<(usize, &Incoming)>> = BTreeMap::new();
    for (index, entry) in incomings.entries.iter().enumerate() {
        match shelf.find(context, entry) {
            Some(path) => by_speech.entry(path).or_default().push((index, entry)),
            None => report.fail(index, entry, Reason::NoSpeech),
        }
    }
    for (path, entries) in by_speech {
        let speech = shelf.open(context, &path)?;
        import(context, &store, &speech, &entries, &mut report)?;
    }
    print(context, &report)?;
    Ok(if report.failed.is_empty() { Status::Done } else { Status::Nothing })
}

/// What a file brings, or standard input.
pub(super) fn brought_by(file: &Path) -> Result<Incomings, CliError> {
    let fails = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => CliError::Source(SourceError::Missing(file.to_owned())),
        io::ErrorKind::IsADirectory => CliError::Source(SourceError::Folder(file.to_owned())),
        _ => CliError::Source(SourceError::Unreadable { path: file.to_owned(), error }),
    };
    let mut bytes = Vec::new();
    if file == Path::new(STDIN) {
        io::stdin().read_to_end(&mut bytes).map_err(CliError::Input)?;
    } else {
        bytes = fs::read(file).map_err(fails)?;
    }
    incoming::read(file, &bytes).map_err(|error| CliError::Import(file.to_owned(), error))
}

impl Report {
    fn fail(&mut self, index: usize, entry: &Incoming, reason: Reason) {
        self.failed.push(Failure { entry: index + 1, document: entry.document.clone(), reason });
    }
}

/// Imports the entries of one speech.
fn import(context: &Context, store: &Store, speech: &Speech, entries: &[(usize, &Incoming)], report: &mut Report) -> Result<(), CliError> {
    let (placements, _) = store.annotations(&speech.document, &speech.path)?;
    let ground = Ground::new(&speech.document);
    let author = context.annotator();
    let mut coming: BTreeMap<_, Annotation> = BTreeMap::new();
    for (index, entry) in entries {
        let there = |id| placements.get(id).map(|placed| (*placed.annotation).clone());
        match ground.place(entry, &author, |id| coming.get(&id).cloned().or_else(|| there(id))) {
            Ok(Arrived { annotation, needs_review }) => {
                let is_known = there(annotation.id).is_some() || coming.contains_key(&annotation.id);
                report.merged += usize::from(is_known);
                report.created += usize::from(!is_known);
                if needs_review {
                    report.review += 1;
                    let (document, quote) = (entry.document.clone(), annotation.selector.quote.clone());
                    report.to_review.push(Doubt { entry: index + 1, id: annotation.id, document, quote });
                }
                coming.insert(annotation.id, annotation);
            }
            Err(error) => report.fail(*index, entry, error.into()),
        }
    }
    let edits = coming.into_values().map(|annotation| Edit::Insert(Box::new(annotation))).collect();
    store.apply(&speech.document, &speech.path, &author, edits)?;
    Ok(())
}

fn print(context: &mut Context, report: &Report) -> Result<(), CliError> {
    if context.is_json() {
        return context.out.json(report);
    }
    for line in lines(report, context.words) {
        let line = context.out.shown(&line).into_owned();
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}

/// Chars of a quote that are told.
const TOLD_CHARS: usize = 40;

/// The report in the user's words: the figures, the new tags, what needs a review and what failed.
fn lines(report: &Report, words: Locale) -> Vec<String> {
    let counts = [("created", report.created), ("merged", report.merged), ("review", report.review), ("failed", report.failed.len())];
    let mut lines = vec![words.format("import-report", &counts.map(|(name, count)| (name, count.into())))];
    if !report.tags.is_empty() {
        lines.push(words.format("warning-tags-created", &[("tags", report.tags.join(", ").into())]));
    }
    for doubt in &report.to_review {
        let quote: String = doubt.quote.chars().take(TOLD_CHARS).map(|c| if c == '\n' { ' ' } else { c }).collect();
        let facts = [("entry", doubt.entry.into()), ("document", doubt.document.as_str().into()), ("quote", quote.into())];
        lines.push(words.format("import-review", &facts));
    }
    for failure in &report.failed {
        let reason = failure.reason.worded(words);
        let facts = [("entry", failure.entry.into()), ("document", failure.document.as_str().into()), ("reason", reason.into())];
        lines.push(words.format("import-failed", &facts));
    }
    lines
}

/// The speeches that annotations may be of.
struct Shelf {
    root: Store,
    beside: PathBuf,
    /// Identity and path of what the store knows.
    known: Vec<(SpeechHash, PathBuf)>,
    /// Files to look through for what is not found by its path.
    files: Vec<PathBuf>,
    opened: BTreeMap<PathBuf, (SpeechHash, Speech)>,
    looked_through: bool,
}

impl Shelf {
    fn new(store: &Store, args: &ImportArgs) -> Result<Self, CliError> {
        let mut known = Vec::new();
        for (_, record) in store.speeches()? {
            let hashes = std::iter::once(record.hash).chain(record.formerly.iter().copied());
            let Some(path) = record.paths.iter().rev().map(|name| store.place().document_path(name)).find(|path| path.is_file()) else {
                continue;
            };
            known.extend(hashes.map(|hash| (hash, path.clone())));
        }
        let beside = args.file.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
        let files = if args.paths.is_empty() {
            // The user's own store stands for no folder; speeches beside the file are near.
            let folder = store.place().root.clone().filter(|_| store.place().shared).unwrap_or_else(|| beside.clone());
            source::speeches_under(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder }).unwrap_or_default()
        } else {
            super::context::speeches(&args.paths)?
        };
        Ok(Self { root: store.clone(), beside, known, files, opened: BTreeMap::new(), looked_through: false })
    }

    fn open(&mut self, context: &Context, path: &Path) -> Result<Speech, CliError> {
        if let Some((_, speech)) = self.opened.get(path) {
            return Ok(speech.clone());
        }
        let speech = context.open(path)?;
        self.opened.insert(path.to_owned(), (SpeechHash::of(&speech.document.source), speech.clone()));
        Ok(speech)
    }

    /// The file of the speech that an entry is of: by its path where the identity agrees or is
    /// not told, by its identity, by its file's name, by its title.
    fn find(&mut self, context: &Context, entry: &Incoming) -> Option<PathBuf> {
        let name = entry.document.strip_prefix("file://").unwrap_or(&entry.document);
        let by_path = (!name.is_empty())
            .then(|| [self.root.place().document_path(name), self.beside.join(name)].into_iter().find(|path| path.is_file()))
            .flatten();
        let Some(hash) = entry.document_hash else { return by_path.or_else(|| self.by_name(context, entry, name)) };
        if let Some(path) = &by_path
            && self.open(context, path).is_ok()
            && self.opened.get(path).is_some_and(|(found, _)| *found == hash)
        {
            return by_path;
        }
        let known = self.known.iter().find(|(known, _)| *known == hash).map(|(_, path)| path.clone());
        known.or_else(|| self.by_hash(context, hash)).or(by_path).or_else(|| self.by_name(context, entry, name))
    }

    fn look_through(&mut self, context: &Context) {
        if !std::mem::replace(&mut self.looked_through, true) {
            for path in self.files.clone() {
                // What cannot be read is no speech that anything could be placed on.
                let _ = self.open(context, &path);
            }
        }
    }

    fn by_hash(&mut self, context: &Context, hash: SpeechHash) -> Option<PathBuf> {
        self.look_through(context);
        self.opened.iter().find(|(_, (found, _))| *found == hash).map(|(path, _)| path.clone())
    }

    fn by_name(&mut self, context: &Context, entry: &Incoming, name: &str) -> Option<PathBuf> {
        let last = Path::new(name).file_name()?.to_owned();
        let stem = Path::new(name).file_stem()?.to_owned();
        let mut same = self.files.iter().filter(|path| path.file_name() == Some(&last));
        if let Some(path) = same.next().filter(|_| same.next().is_none()) {
            return Some(path.clone());
        }
        let mut same = self.files.iter().filter(|path| path.file_stem() == Some(&stem));
        if let Some(path) = same.next().filter(|_| same.next().is_none()) {
            return Some(path.clone());
        }
        self.look_through(context);
        let wanted = [entry.document_title.as_deref(), Some(name)];
        let titled = |speech: &Speech| speech.document.metadata.title.as_deref().is_some_and(|title| wanted.contains(&Some(title)));
        let mut same = self.opened.iter().filter(|(_, (_, speech))| titled(speech));
        same.next().filter(|_| same.next().is_none()).map(|(path, _)| path.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    #[test]
    fn the_report_is_told_in_every_language() {
        let reasons = [
            Reason::NoSpeech,
            PlacingError::NoPlace.into(),
            PlacingError::Empty.into(),
            PlacingError::OutOfText.into(),
            PlacingError::NoSection("九、".into()).into(),
        ];
        let failed = (1..).zip(reasons).map(|(entry, reason)| Failure { entry, document: "讲话.txt".into(), reason }).collect();
        let doubt = Doubt { entry: 9, id: AnnotationId::new(), document: "讲话.txt".into(), quote: "甲\n乙".repeat(40) };
        let report =
            Report { created: 3, merged: 2, review: 1, tags: vec!["引才".into()], to_review: vec![doubt], failed, ..Report::default() };
        let told = Language::ALL.map(|language| lines(&report, Locale::new(language)));
        for lines in &told {
            assert_eq!(lines.len(), 1 + 1 + 1 + 5);
            assert!(lines.iter().all(|line| !line.contains("import-") && !line.contains(['\n', '{'])), "{lines:?}");
            assert!(lines[2].chars().count() < 100 && lines[7].contains("九、") && lines[1].contains("引才"));
        }
        assert!(told[0] != told[1] && told[1] != told[2] && told[0] != told[2]);
    }
}
