//! What goes wrong on the command line, each in one line that names the file and says what to do.

use crate::{
    annotation::{AnnotationId, CodebookError, Notice, StoreError},
    document::PathError,
    exchange::DestinationError,
    search::QueryError,
    source::{ExtractError, Foreign, SourceError},
    text::visible::visible,
};
use std::{
    fmt, io,
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
    /// A quote that stands in several places, each described.
    SeveralQuotes {
        /// The file.
        path: PathBuf,
        /// The quote.
        quote: String,
        /// The places.
        places: Vec<String>,
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
    /// The file for the output cannot be written.
    Destination(DestinationError),
    /// A folder cannot be written into.
    Folder(PathBuf, io::Error),
    /// Standard input fails.
    Input(io::Error),
    /// Standard output fails.
    Output(io::Error),
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

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl std::error::Error for CliError {}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = match self {
            Self::Source(error) => source_message(error),
            Self::NoSpeeches(path) => {
                format!("{}: no speeches here (files ending in .txt, .text, .md or .markdown)", path.display())
            }
            Self::Section(path, PathError::Missing(section)) => {
                format!("{0}: no section {section}; `pizhu outline {0}` lists them", path.display())
            }
            Self::Section(path, PathError::Ambiguous(paths)) => {
                format!("{}: several sections fit, name one of them: {}", path.display(), paths.join("  "))
            }
            Self::NoQuote { path, quote, found: 0 } => format!("{}: “{quote}” is not in the text", path.display()),
            Self::NoQuote { path, quote, found } => format!("{}: “{quote}” is in the text only {found} times", path.display()),
            Self::SeveralQuotes { path, quote, places } => {
                format!("{}: “{quote}” stands in {} places, choose one with --nth: {}", path.display(), places.len(), places.join("  "))
            }
            Self::Span(path, span, length) => {
                format!(
                    "{}: {span} is not a span of this text: START:END in characters, START before END, END at most {length}",
                    path.display()
                )
            }
            Self::Query(QueryError::Empty) => "nothing to search for: the query is empty".to_owned(),
            Self::Query(QueryError::Regex(message)) => format!("the query is no regular expression: {message}"),
            Self::NoPlace => "say where: --section PATH, --quote TEXT, --span START:END, or --id ID where it is taken".to_owned(),
            Self::StdinIsNoSpeech => "standard input cannot be annotated: save the speech to a file first".to_owned(),
            Self::NothingThere(path) => format!("{}: nothing of that kind is annotated there", path.display()),
            Self::SeveralThere(path, ids) => {
                let ids: Vec<String> = ids.iter().map(AnnotationId::to_string).collect();
                format!("{}: several annotations are there, choose one with --id: {}", path.display(), ids.join("  "))
            }
            Self::EmptyNote => "the note is empty; `--delete` deletes one".to_owned(),
            Self::NoFormat(name) => format!("no format {name}"),
            Self::BinaryToTerminal => "this format is no text for a terminal: name a file with -o FILE".to_owned(),
            Self::Store(error) => store_message(error),
            Self::Destination(DestinationError::Exists(path)) => format!("{}: is there already; --force replaces it", path.display()),
            Self::Destination(DestinationError::Io { path, error }) => format!("{}: cannot be written: {error}", path.display()),
            Self::Folder(path, error) => format!("{}: cannot be written into: {error}", path.display()),
            Self::Input(error) => format!("cannot read standard input: {error}"),
            Self::Output(error) => format!("cannot write the output: {error}"),
        };
        f.write_str(&visible(&line))
    }
}

fn source_message(error: &SourceError) -> String {
    let path = error.path().display();
    match error {
        SourceError::Missing(_) => format!("{path}: there is no such file"),
        SourceError::Folder(_) => format!("{path}: this is a folder, name a file in it"),
        SourceError::Unreadable { error, .. } => format!("{path}: cannot be read: {error}"),
        SourceError::Extract { error: ExtractError::Damaged(what), .. } => {
            format!("{path}: the file is damaged ({}); open it in the program it comes from and save it again", visible(what))
        }
        SourceError::Extract { error: ExtractError::Locked, .. } => format!("{path}: is locked; save a copy without its password"),
        SourceError::Extract { error: ExtractError::TooLarge | ExtractError::TooDeep, .. } => {
            format!("{path}: unpacks to far more than a speech holds, and is not read; save its text as plain text")
        }
        SourceError::NotText { what, .. } => {
            let kind = foreign_name(*what);
            match what.converter() {
                Some(command) => format!("{path}: this is {kind}, not text; convert it first: {}", command.replace("{}", "FILE").as_str()),
                None if *what == Foreign::Binary => format!("{path}: this is not text; if it is, name its encoding with --encoding"),
                None => format!("{path}: this is {kind}, not text"),
            }
        }
    }
}

fn store_message(error: &StoreError) -> String {
    match error {
        StoreError::NoHome => "there is no home folder to keep annotations in: name a folder with --store or PIZHU_STORE".to_owned(),
        StoreError::Io { path, source } => format!("{}: the store cannot be used: {source}", path.display()),
        StoreError::Locked(path) => format!("{}: another process is writing to this store, try again", path.display()),
        StoreError::Newer(path) => format!("{}: was written by a newer pizhu and is not changed: update this one", path.display()),
        StoreError::NotTheSame(path) => format!("{}: what was written did not read back the same; the file is as it was", path.display()),
        StoreError::TooSlow => "saving has not come to an end; what was saved in the journal is folded into the store next time".to_owned(),
        StoreError::NoSuchAction(id) => format!("the history has no entry {id}; `pizhu history` lists them"),
        StoreError::Codebook(error) => codebook_message(error),
        StoreError::Edit(error) => error.to_string(),
    }
}

fn codebook_message(error: &CodebookError) -> String {
    match error {
        CodebookError::BadName(name) => format!("“{name}” cannot be a tag's name: it must not be blank or hold a slash"),
        CodebookError::Exists(name) => format!("there is a tag {name} already"),
        CodebookError::Missing(name) => format!("there is no tag {name}; `pizhu tags` lists them"),
        CodebookError::Cycle { name, parent } => format!("{name} cannot go below {parent}, which lies below it"),
    }
}

/// What the user should know about a file of the store.
pub(super) fn notice(notice: &Notice) -> String {
    let line = match notice {
        Notice::Damaged { path, lost } => format!("{}: damaged, {lost} lines could not be read; the rest is used", path.display()),
        Notice::PutAside { path, aside } => format!("{}: was damaged; its old content is kept in {}", path.display(), aside.display()),
        Notice::ConflictMerged(path) => format!("{}: a conflict copy, its annotations were taken in", path.display()),
        Notice::Newer(path) => format!("{}: was written by a newer pizhu, it is only read", path.display()),
        Notice::Migrated { path, backup } => format!("{}: was of an older version, kept as {}", path.display(), backup.display()),
        Notice::TagsCreated(tags) => format!("new tags: {}", tags.join(", ")),
    };
    visible(&line).into_owned()
}

/// A speech with annotations whose file is gone.
pub(super) fn gone(path: &Path, title: &str) -> String {
    visible(&format!("{}: this speech ({title}) is not there any more; its annotations are left out", path.display())).into_owned()
}

fn foreign_name(what: Foreign) -> &'static str {
    match what {
        Foreign::Pdf => "a PDF document",
        Foreign::OldOffice => "a Word, Excel or PowerPoint file of the old format",
        Foreign::Docx => "a Word document",
        Foreign::Odt => "an OpenDocument text",
        Foreign::Epub => "an EPUB book",
        Foreign::Rtf => "a Rich Text document",
        Foreign::Html => "a web page",
        Foreign::Image => "a picture",
        Foreign::Media => "sound or film",
        Foreign::Archive => "an archive",
        Foreign::Program => "a program",
        Foreign::Database => "a database",
        Foreign::Utf32 => "text in UTF-32",
        Foreign::Binary => "binary data",
    }
}
