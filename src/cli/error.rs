//! What goes wrong on the command line, each in one line that names the file and says what to do.

use crate::{
    document::PathError,
    search::QueryError,
    source::{Foreign, SourceError},
};
use std::{fmt, io, path::PathBuf};

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
    /// Standard output fails.
    Output(io::Error),
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
            Self::Output(error) => format!("cannot write the output: {error}"),
        };
        f.write_str(&line)
    }
}

fn source_message(error: &SourceError) -> String {
    let path = error.path().display();
    match error {
        SourceError::Missing(_) => format!("{path}: there is no such file"),
        SourceError::Folder(_) => format!("{path}: this is a folder, name a file in it"),
        SourceError::Unreadable { error, .. } => format!("{path}: cannot be read: {error}"),
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
