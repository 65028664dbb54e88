//! What goes wrong on the command line, each in one line that names the file and says what to do,
//! in the user's language.

use pizhu_annotation::AnnotationId;
use pizhu_annotation::CodebookError;
use pizhu_annotation::EditError;
use pizhu_annotation::Notice;
use pizhu_annotation::StoreError;
use pizhu_annotation::store::MergeError;
use pizhu_text::document::PathError;
use pizhu_library::exchange::DestinationError;
use pizhu_library::exchange::incoming::ImportError;
use pizhu_library::lessons::LessonsError;
use crate::locale::Locale;
use crate::locale::Value;
use pizhu_text::search::QueryError;
use pizhu_library::source::ExtractError;
use pizhu_library::source::Foreign;
use pizhu_library::source::SourceError;
use pizhu_text::text::visible::visible;
use crate::tui;
use pizhu_terminal::TerminalError;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum CliError {
    /// A file gives no speech.
    Source(SourceError),
    /// A folder holds no speech.
    NoSpeeches(PathBuf),
    /// A section path that means no one section of this file.
    Section(PathBuf, PathError),
    /// A quote that this file does not hold, or not so often.
    NoQuote {
        /// The file.
        path: PathBuf,
        /// The quote.
        quote: String,
        /// How often it was found.
        found: usize,
    },
    /// A quote that stands in several places.
    SeveralQuotes {
        /// The file.
        path: PathBuf,
        /// The quote.
        quote: String,
        /// The places: the line, from 1, and the words around.
        places: Vec<(usize, String)>,
    },
    /// A span that does not lie in the text, and the text's length in chars.
    Span(PathBuf, String, usize),
    /// A query that cannot be searched for.
    Query(QueryError),
    /// No place in the speech was named.
    NoPlace,
    /// Standard input was to be annotated.
    StdinIsNoSpeech,
    /// At the place in this file, nothing is annotated that could be taken off.
    NothingThere(PathBuf),
    /// At the place in this file there are several annotations.
    SeveralThere(PathBuf, Vec<AnnotationId>),
    /// The note has no words.
    EmptyNote,
    /// There is no such format to write.
    NoFormat(String),
    /// The format is no text, and the output is a terminal.
    BinaryToTerminal,
    /// The store cannot do it.
    Store(StoreError),
    /// A file cannot be written.
    Destination(DestinationError),
    /// A folder cannot be written into.
    Folder(PathBuf, io::Error),
    /// The reader cannot be started, or ended badly.
    Reader(tui::Error),
    /// A file to import brings nothing.
    Import(PathBuf, ImportError),
    /// A file holds no codebook.
    NoTags(PathBuf),
    /// A version of a store's file cannot be merged.
    Merge(PathBuf, MergeError),
    /// An annotation for which no place is proposed was to be accepted.
    NothingProposed(PathBuf, AnnotationId),
    /// A place was named, but not exactly one annotation to attach there.
    OnePlaceOneId,
    /// The history has no such entry.
    NoEntry(String),
    /// Nobody of this name, but only these, has tagged.
    NoSuchAuthor(String, Vec<String>),
    /// There are not two coders to compare.
    OneCoder(Vec<String>),
    /// There are no annotations that this speech could be joined to.
    NothingToJoin(PathBuf),
    /// Standard input fails.
    Input(io::Error),
    /// Standard output fails.
    Output(io::Error),
    /// What was learned from suggestions cannot be read or kept.
    Lessons(LessonsError),
}

impl From<tui::Error> for CliError {
    fn from(error: tui::Error) -> Self {
        match error {
            tui::Error::Source(error) => Self::Source(error),
            tui::Error::NoSpeeches(path) => Self::NoSpeeches(path),
            other => Self::Reader(other),
        }
    }
}

impl From<SourceError> for CliError {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

impl From<QueryError> for CliError {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<LessonsError> for CliError {
    fn from(error: LessonsError) -> Self {
        Self::Lessons(error)
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<DestinationError> for CliError {
    fn from(error: DestinationError) -> Self {
        Self::Destination(error)
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl CliError {
    /// What is said about it: one line, safe for a terminal.
    #[must_use]
    pub fn message(&self, words: Locale) -> String {
        visible(&self.line(words)).into_owned()
    }

    fn line(&self, words: Locale) -> String {
        match self {
            Self::Source(error) => source_line(error, words),
            Self::Reader(error) => reader_line(error, words),
            Self::NoSpeeches(path) => words.format("error-no-speeches", &[at(path)]),
            Self::Section(path, PathError::Missing(section)) => {
                words.format("error-no-section", &[at(path), ("section", section.as_str().into())])
            }
            Self::Section(path, PathError::Ambiguous(paths)) => {
                words.format("error-several-sections", &[at(path), ("sections", paths.join("  ").into())])
            }
            Self::NoQuote { path, quote, found: 0 } => words.format("error-no-quote", &[at(path), ("quote", quote.as_str().into())]),
            Self::NoQuote { path, quote, found } => {
                words.format("error-few-quotes", &[at(path), ("quote", quote.as_str().into()), ("count", (*found).into())])
            }
            Self::SeveralQuotes { path, quote, places } => several_quotes(path, quote, places, words),
            Self::Span(path, span, length) => {
                words.format("error-span", &[at(path), ("span", span.as_str().into()), ("length", (*length).into())])
            }
            Self::Query(QueryError::Empty) => words.text("error-empty-query").into_owned(),
            Self::Query(QueryError::Regex(reason)) => words.format("error-regex", &[("reason", reason.as_str().into())]),
            Self::NoPlace => words.text("error-no-place").into_owned(),
            Self::StdinIsNoSpeech => words.text("error-stdin").into_owned(),
            Self::NothingThere(path) => words.format("error-nothing-there", &[at(path)]),
            Self::SeveralThere(path, ids) => {
                let ids: Vec<String> = ids.iter().map(AnnotationId::to_string).collect();
                words.format("error-several-there", &[at(path), ("ids", ids.join("  ").into())])
            }
            Self::EmptyNote => words.text("error-empty-note").into_owned(),
            Self::NoFormat(name) => words.format("error-no-format", &[("name", name.as_str().into())]),
            Self::BinaryToTerminal => words.text("error-not-for-terminal").into_owned(),
            Self::Store(error) => store_line(error, words),
            Self::Destination(DestinationError::Exists(path)) => words.format("error-exists", &[at(path)]),
            Self::Destination(DestinationError::Io { path, error }) | Self::Folder(path, error) => {
                words.format("error-unwritable", &[at(path), because(error, words)])
            }
            Self::Import(path, ImportError::Unknown) => words.format("error-import-unknown", &[at(path)]),
            Self::Import(path, ImportError::Broken(what)) => {
                words.format("error-import-broken", &[at(path), ("reason", what.as_str().into())])
            }
            Self::NoTags(path) => words.format("error-no-tags", &[at(path)]),
            Self::Merge(path, MergeError::Foreign(_)) => words.format("error-merge-foreign", &[at(path)]),
            Self::Merge(path, MergeError::Newer(_)) => words.format("error-store-newer", &[at(path)]),
            Self::Merge(path, MergeError::Damaged(_)) => words.format("error-merge-damaged", &[at(path)]),
            Self::NothingProposed(path, id) => words.format("error-nothing-proposed", &[at(path), ("id", id.to_string().into())]),
            Self::OnePlaceOneId => words.text("error-one-place-one-id").into_owned(),
            Self::NoEntry(entry) => words.format("error-no-action", &[("id", entry.as_str().into())]),
            Self::NoSuchAuthor(name, there) => {
                words.format("error-no-author", &[("name", name.as_str().into()), ("names", there.join(", ").into())])
            }
            Self::OneCoder(there) => words.format("error-one-coder", &[("names", there.join(", ").into())]),
            Self::NothingToJoin(path) => words.format("error-nothing-to-join", &[at(path)]),
            Self::Input(error) => words.format("error-input", &[because(error, words)]),
            Self::Lessons(LessonsError::Io { path, source }) => words.format("error-unwritable", &[at(path), because(source, words)]),
            Self::Lessons(LessonsError::Newer(path)) => words.format("error-newer-file", &[at(path)]),
            Self::Output(error) => words.format("error-output", &[because(error, words)]),
        }
    }
}

fn source_line(error: &SourceError, words: Locale) -> String {
    match error {
        SourceError::Missing(path) => words.format("error-missing-file", &[at(path)]),
        SourceError::Folder(path) => words.format("error-is-folder", &[at(path)]),
        SourceError::Unreadable { path, error } => words.format("error-unreadable", &[at(path), because(error, words)]),
        SourceError::Extract { path, error: ExtractError::Damaged(what) } => {
            words.format("error-damaged", &[at(path), ("reason", what.as_str().into())])
        }
        SourceError::Extract { path, error: ExtractError::Locked } => words.format("error-locked", &[at(path)]),
        SourceError::Extract { path, error: ExtractError::TooLarge | ExtractError::TooDeep } => {
            words.format("error-too-large", &[at(path)])
        }
        SourceError::NotText { path, what: Foreign::Binary } => words.format("error-binary", &[at(path)]),
        SourceError::NotText { path, what } => {
            let kind = ("kind", words.text(&format!("kind-{}", what.name())).as_ref().into());
            match what.converter() {
                Some(command) => {
                    let command = command.replace("{}", &quoted(path));
                    words.format("error-not-text-convert", &[at(path), kind, ("command", command.into())])
                }
                None => words.format("error-not-text", &[at(path), kind]),
            }
        }
    }
}

fn several_quotes(path: &Path, quote: &str, places: &[(usize, String)], words: Locale) -> String {
    let listed: Vec<String> = places
        .iter()
        .enumerate()
        .map(|(index, (line, around))| {
            words.format("error-quote-place", &[("nth", (index + 1).into()), ("line", (*line).into()), ("words", around.as_str().into())])
        })
        .collect();
    let facts = [at(path), ("quote", quote.into()), ("count", places.len().into()), ("places", listed.join("  ").into())];
    words.format("error-several-quotes", &facts)
}

fn store_line(error: &StoreError, words: Locale) -> String {
    match error {
        StoreError::NoHome => words.text("error-store-home").into_owned(),
        StoreError::Io { path, source } => {
            let message = match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => "error-store-full",
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "error-store-forbidden",
                _ => "error-store-io",
            };
            words.format(message, &[at(path), because(source, words)])
        }
        StoreError::Gone(path) => words.format("error-store-gone", &[at(path)]),
        StoreError::Locked(path) => words.format("error-store-locked", &[at(path)]),
        StoreError::Newer(path) => words.format("error-store-newer", &[at(path)]),
        StoreError::NotTheSame(path) => words.format("error-store-not-same", &[at(path)]),
        StoreError::TooSlow => words.text("error-store-slow").into_owned(),
        StoreError::NoSuchAction(id) => words.format("error-no-action", &[("id", id.to_string().into())]),
        StoreError::Codebook(error) => codebook_line(error, words),
        StoreError::Edit(error) => edit_line(error, words),
    }
}

fn reader_line(error: &tui::Error, words: Locale) -> String {
    match error {
        tui::Error::Source(error) => source_line(error, words),
        tui::Error::NoSpeeches(path) => words.format("error-no-speeches", &[at(path)]),
        tui::Error::TooSmall => {
            let least = tui::state::size::LEAST;
            words.format("error-too-small", &[("width", least.width.into()), ("height", least.height.into())])
        }
        tui::Error::Terminal(TerminalError::OutputRedirected | TerminalError::NoInput) => words.text("error-no-terminal").into_owned(),
        tui::Error::Terminal(TerminalError::Io(error)) | tui::Error::Io(error) => words.format("error-terminal", &[because(error, words)]),
        tui::Error::Keys(error) => error.to_string(),
        tui::Error::NotSaved(reason) => words.format("error-not-saved", &[("reason", reason.as_str().into())]),
    }
}

fn codebook_line(error: &CodebookError, words: Locale) -> String {
    match error {
        CodebookError::BadName(name) => words.format("error-tag-name", &[("name", name.as_str().into())]),
        CodebookError::Exists(name) => words.format("error-tag-exists", &[("name", name.as_str().into())]),
        CodebookError::Missing(name) => words.format("error-tag-missing", &[("name", name.as_str().into())]),
        CodebookError::Cycle { name, parent } => {
            words.format("error-tag-cycle", &[("name", name.as_str().into()), ("parent", parent.as_str().into())])
        }
    }
}

fn edit_line(error: &EditError, words: Locale) -> String {
    match error {
        EditError::Missing(id) => words.format("error-edit-missing", &[("id", id.to_string().into())]),
        EditError::NoText => words.text("error-edit-no-text").into_owned(),
        EditError::NoSection => words.text("error-edit-no-section").into_owned(),
        EditError::Provisional => words.text("notice-still-reading").into_owned(),
        EditError::Nothing => words.text("error-edit-nothing").into_owned(),
        EditError::BadTag(name) => words.format("error-tag-name", &[("name", name.as_str().into())]),
    }
}

/// What the user should know about a file of the store.
pub(super) fn notice(notice: &Notice, words: Locale) -> String {
    let line = match notice {
        Notice::Damaged { path, lost } => words.format("warning-damaged", &[at(path), ("count", (*lost).into())]),
        Notice::PutAside { path, aside } => words.format("warning-put-aside", &[at(path), ("aside", name(aside))]),
        Notice::ConflictMerged(path) => words.format("warning-conflict-merged", &[at(path)]),
        Notice::Newer(path) => words.format("warning-newer", &[at(path)]),
        Notice::Migrated { path, backup } => words.format("warning-migrated", &[at(path), ("backup", name(backup))]),
        Notice::Shared { path, with } => words.format("warning-shared", &[at(path), ("with", name(with))]),
        Notice::TagsCreated(tags) => words.format("warning-tags-created", &[("tags", tags.join(", ").into())]),
    };
    visible(&line).into_owned()
}

/// A speech with annotations whose file is gone.
pub(super) fn gone(path: &Path, title: &str, words: Locale) -> String {
    visible(&words.format("warning-speech-gone", &[at(path), ("title", title.into())])).into_owned()
}

fn name(path: &Path) -> Value {
    path.display().to_string().into()
}

fn at(path: &Path) -> (&'static str, Value) {
    ("path", name(path))
}

/// The system's reason, in the user's words where it is a common one.
pub(super) fn because(error: &io::Error, words: Locale) -> (&'static str, Value) {
    let id = match error.kind() {
        io::ErrorKind::PermissionDenied => "reason-permission",
        io::ErrorKind::NotFound => "reason-not-found",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "reason-full",
        io::ErrorKind::ReadOnlyFilesystem => "reason-read-only",
        _ => return ("reason", error.to_string().into()),
    };
    ("reason", words.text(id).as_ref().into())
}

/// The file's name as a shell takes it for one word.
fn quoted(path: &Path) -> String {
    let name = path.display().to_string();
    if name.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-')) {
        name
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_library::exchange::FORMATS;
    use crate::locale::Language;

    #[test]
    fn every_kind_of_file_and_every_format_is_named_in_every_language() {
        let kinds = [
            Foreign::Pdf,
            Foreign::OldOffice,
            Foreign::Docx,
            Foreign::Odt,
            Foreign::Epub,
            Foreign::Rtf,
            Foreign::Html,
            Foreign::Image,
            Foreign::Media,
            Foreign::Archive,
            Foreign::Program,
            Foreign::Database,
            Foreign::Utf32,
            Foreign::Binary,
        ];
        for words in Language::ALL.map(Locale::new) {
            assert!(kinds.iter().all(|kind| words.has(&format!("kind-{}", kind.name()))));
            assert!(FORMATS.iter().all(|format| words.has(&format!("format-{}", format.name))));
        }
    }

    #[test]
    fn a_message_is_one_line_and_safe_for_a_terminal() {
        let path = PathBuf::from("a\n\u{1B}[31m'b.pdf");
        let error = CliError::Source(SourceError::NotText { path, what: Foreign::Pdf });
        for words in Language::ALL.map(Locale::new) {
            let line = error.message(words);
            assert!(!line.contains(char::is_control), "{line}");
            assert!(line.contains("pdftotext") && line.contains("'\\''"), "{line}");
        }
    }
}
