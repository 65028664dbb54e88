//! Errors of the command line. Each message is one line in the user's language that names the file
//! and says what to do.

use super::attribute_problem::AttributeProblem;
use super::basket::{BasketProblem, basket_line};
use crate::locale::Value;
use crate::locale::condition::condition_line;
use crate::locale::{Locale, MessageId, family, id, notice};
use crate::tui;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::CodebookError;
use pizhu_annotation::EditError;
use pizhu_annotation::MAX_TAG_LEVELS;
use pizhu_annotation::RecordId;
use pizhu_annotation::StoreError;
use pizhu_annotation::StoreWarning;
use pizhu_annotation::store::Distrust;
use pizhu_annotation::store::MergeError;
use pizhu_files::regular_file::IrregularFile;
use pizhu_library::condition::ConditionError;
use pizhu_library::exchange::DestinationError;
use pizhu_library::exchange::import::ImportError;
use pizhu_library::feedback::FeedbackError;
use pizhu_library::source::ExtractError;
use pizhu_library::source::FileKind;
use pizhu_library::source::SourceError;
use pizhu_terminal::TerminalError;
use pizhu_text::document::PathError;
use pizhu_text::search::QueryError;
use pizhu_text::text::visible::visible;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a command failed.
#[derive(Debug)]
pub enum CliError {
    /// A file cannot be read as a speech.
    Source(SourceError),
    /// A folder contains no speeches.
    NoSpeeches(PathBuf),
    /// A section path of this file that does not resolve to one section.
    Section(PathBuf, PathError),
    /// The file contains the quote not at all, or fewer than `--nth` times.
    NoQuote {
        /// The file.
        path: PathBuf,
        /// The quote.
        quote: String,
        /// Number of matches.
        found: usize,
    },
    /// The quote matches several times.
    SeveralQuotes {
        /// The file.
        path: PathBuf,
        /// The quote.
        quote: String,
        /// The matches: line (from 1) and context.
        matches: Vec<(usize, String)>,
    },
    /// A malformed or out-of-range span, and the text's length in chars.
    Span(PathBuf, String, usize),
    /// An invalid query.
    Query(QueryError),
    /// The outline of this file cannot be mended so.
    Heading(PathBuf, EditError),
    /// A section was named, but no change.
    NoOutlineChange,
    /// No address was given.
    NoPlace,
    /// Standard input cannot be annotated.
    StdinIsNoSpeech,
    /// Records of JSON lines are exported as JSON lines, to standard output.
    RecordsAsRecordsOnly,
    /// No annotation at the address in this file to take tags or a note from.
    NothingThere(PathBuf),
    /// Several annotations at the address in this file.
    SeveralThere(PathBuf, Vec<AnnotationId>),
    /// The note is empty.
    EmptyNote,
    /// There is no memo to delete, of this tag or by this author.
    NoMemo(String),
    /// Several memos of one author.
    SeveralMemos(Vec<RecordId>),
    /// No such export format.
    NoFormat(String),
    /// A binary format cannot be written to a terminal.
    BinaryToTerminal,
    /// The store failed.
    Store(StoreError),
    /// A file cannot be written.
    Destination(DestinationError),
    /// A folder cannot be written to.
    Folder(PathBuf, io::Error),
    /// The reader failed.
    Reader(tui::TuiError),
    /// A file cannot be imported.
    Import(PathBuf, ImportError),
    /// A file, or standard input, holds more than this number of bytes, the most that is read.
    OverLimit(PathBuf, u64),
    /// `tags edit` without anything to change.
    NothingToEdit(String),
    /// A file contains no codebook.
    NoTags(PathBuf),
    /// A version of a store's file cannot be merged.
    Merge(PathBuf, MergeError),
    /// An annotation without a proposed position cannot be accepted.
    NothingProposed(PathBuf, AnnotationId),
    /// Several speeches are nearly equal to this one.
    SeveralSimilar(PathBuf, Vec<PathBuf>),
    /// An address was given, but not exactly one annotation id.
    OnePlaceOneId,
    /// The history has no such entry.
    NoEntry(String),
    /// No tags by this author; the authors there are.
    NoSuchAuthor(String, Vec<String>),
    /// Fewer than two coders to compare.
    OneCoder(Vec<String>),
    /// No annotations that this speech could be joined to.
    NothingToJoin(PathBuf),
    /// Standard input failed.
    Input(io::Error),
    /// Standard output failed.
    Output(io::Error),
    /// The feedback on suggestions cannot be read or written.
    Feedback(FeedbackError),
    /// A command that changes annotations, or the reader, was told to leave the user's folders alone.
    NeedsState,
    /// Tags or notes of speeches given as records, which have none.
    RecordsWithoutAnnotations,
    /// A suggestion refused for other than one file.
    OneSpeechToRefuse,
    /// No schema of this name; the names there are.
    NoSchema(String, String),
    /// Characters of tags that are together in a section, or near each other.
    CharsNotTogether,
    /// A picture in a format that is none.
    NoPicture(String),
    /// A table for a terminal, into a file.
    TableToFile(String),
    /// A picture of years without years.
    YearsNeedYears,
    /// A condition is malformed.
    Condition(ConditionError),
    /// An attribute cannot be set.
    Attribute(AttributeProblem),
    /// A basket cannot be shown or changed.
    Basket(BasketProblem),
    /// The only input was left out; says why.
    LeftOut(String),
}

macro_rules! error_from {
    ($($error:ty => $variant:ident),+) => {$(
        impl From<$error> for CliError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )+};
}

error_from!(ConditionError => Condition, SourceError => Source, QueryError => Query, FeedbackError => Feedback);
error_from!(StoreError => Store, DestinationError => Destination, io::Error => Output);

impl From<tui::TuiError> for CliError {
    fn from(error: tui::TuiError) -> Self {
        match error {
            tui::TuiError::Source(error) => Self::Source(error),
            tui::TuiError::NoSpeeches(path) => Self::NoSpeeches(path),
            other => Self::Reader(other),
        }
    }
}

impl CliError {
    /// The message: one line, safe for a terminal.
    #[must_use]
    pub fn message(&self, locale: Locale) -> String {
        visible(&self.line(locale)).into_owned()
    }

    fn line(&self, locale: Locale) -> String {
        match self {
            Self::Source(error) => source_line(error, locale),
            Self::Reader(error) => reader_line(error, locale),
            Self::NoSpeeches(path) => locale.format(id::ERROR_NO_SPEECHES, &[path_arg(path)]),
            Self::Section(path, PathError::Missing(section)) => {
                locale.format(id::ERROR_NO_SECTION, &[path_arg(path), ("section", section.as_str().into())])
            }
            Self::Section(path, PathError::Ambiguous(paths)) => {
                locale.format(id::ERROR_SEVERAL_SECTIONS, &[path_arg(path), ("sections", paths.join("  ").into())])
            }
            Self::NoQuote { path, quote, found: 0 } => {
                locale.format(id::ERROR_NO_QUOTE, &[path_arg(path), ("quote", quote.as_str().into())])
            }
            Self::NoQuote { path, quote, found } => {
                locale.format(id::ERROR_FEW_QUOTES, &[path_arg(path), ("quote", quote.as_str().into()), ("count", (*found).into())])
            }
            Self::SeveralQuotes { path, quote, matches } => several_quotes(path, quote, matches, locale),
            Self::Span(path, span, length) => {
                locale.format(id::ERROR_SPAN, &[path_arg(path), ("span", span.as_str().into()), ("length", (*length).into())])
            }
            Self::Query(QueryError::Empty) => locale.text(id::ERROR_EMPTY_QUERY).into_owned(),
            Self::Query(QueryError::PinyinTooLong) => {
                locale.format(id::ERROR_PINYIN_TOO_LONG, &[("letters", pizhu_text::search::MAX_PINYIN_CHARS.into())])
            }
            Self::Query(QueryError::RegexTooLarge) => {
                locale.format(id::ERROR_REGEX_TOO_LARGE, &[("size", (pizhu_text::search::MAX_REGEX_BYTES / 1024).into())])
            }
            Self::Query(QueryError::Regex(reason)) => locale.format(id::ERROR_REGEX, &[("reason", reason.as_str().into())]),
            Self::Heading(path, EditError::CannotMove) => locale.format(id::ERROR_CANNOT_MOVE, &[path_arg(path)]),
            Self::Heading(path, EditError::NoHeading) => locale.format(id::ERROR_NO_HEADING, &[path_arg(path)]),
            Self::Heading(path, EditError::NoText) => locale.format(id::ERROR_NO_WORDS, &[path_arg(path)]),
            Self::Heading(_, error) => edit_line(error, locale),
            Self::NoOutlineChange => locale.text(id::ERROR_NO_OUTLINE_CHANGE).into_owned(),
            Self::NoPlace => locale.text(id::ERROR_NO_PLACE).into_owned(),
            Self::StdinIsNoSpeech => locale.text(id::ERROR_STDIN).into_owned(),
            Self::RecordsAsRecordsOnly => locale.text(id::ERROR_RECORDS_AS_RECORDS).into_owned(),
            Self::NothingThere(path) => locale.format(id::ERROR_NOTHING_THERE, &[path_arg(path)]),
            Self::SeveralThere(path, ids) => {
                let ids: Vec<String> = ids.iter().map(AnnotationId::to_string).collect();
                locale.format(id::ERROR_SEVERAL_THERE, &[path_arg(path), ("ids", ids.join("  ").into())])
            }
            Self::EmptyNote => locale.text(id::ERROR_EMPTY_NOTE).into_owned(),
            Self::SeveralMemos(ids) => {
                let ids: Vec<String> = ids.iter().map(RecordId::to_string).collect();
                locale.format(id::ERROR_SEVERAL_MEMOS, &[("ids", ids.join("  ").into())])
            }
            Self::NoMemo(name) => locale.format(id::ERROR_NO_MEMO, &[("name", name.as_str().into())]),
            Self::NoFormat(name) => locale.format(id::ERROR_NO_FORMAT, &[("name", name.as_str().into())]),
            Self::BinaryToTerminal => locale.text(id::ERROR_NOT_FOR_TERMINAL).into_owned(),
            Self::Store(error) => store_line(error, locale),
            Self::Destination(DestinationError::Exists(path)) => locale.format(id::ERROR_EXISTS, &[path_arg(path)]),
            Self::Destination(DestinationError::Speech(path)) => locale.format(id::ERROR_ONTO_SPEECH, &[path_arg(path)]),
            Self::Destination(DestinationError::Store(path)) => locale.format(id::ERROR_ONTO_STORE, &[path_arg(path)]),
            Self::Destination(DestinationError::Folder(path)) => locale.format(id::ERROR_TARGET_FOLDER, &[path_arg(path)]),
            Self::Destination(DestinationError::Io { path, error }) | Self::Folder(path, error) => {
                locale.format(id::ERROR_UNWRITABLE, &[path_arg(path), reason_arg(error, locale)])
            }
            Self::Import(path, ImportError::Unknown) => locale.format(id::ERROR_IMPORT_UNKNOWN, &[path_arg(path)]),
            Self::Import(path, ImportError::Broken(what)) => {
                locale.format(id::ERROR_IMPORT_BROKEN, &[path_arg(path), ("reason", what.as_str().into())])
            }
            Self::OverLimit(path, bytes) => locale.format(id::ERROR_OVER_LIMIT, &[path_arg(path), ("size", megabytes(*bytes))]),
            Self::NoTags(path) => locale.format(id::ERROR_NO_TAGS, &[path_arg(path)]),
            Self::NothingToEdit(name) => locale.format(id::ERROR_TAG_NOTHING_TO_EDIT, &[("name", name.as_str().into())]),
            Self::Merge(path, MergeError::NotAStoreFile(_)) => locale.format(id::ERROR_MERGE_FOREIGN, &[path_arg(path)]),
            Self::Merge(path, MergeError::Newer(_)) => locale.format(id::ERROR_STORE_NEWER, &[path_arg(path)]),
            Self::Merge(path, MergeError::Damaged(_)) => locale.format(id::ERROR_MERGE_DAMAGED, &[path_arg(path)]),
            Self::NothingProposed(path, id) => locale.format(id::ERROR_NOTHING_PROPOSED, &[path_arg(path), ("id", id.to_string().into())]),
            Self::SeveralSimilar(path, similar) => {
                let names: Vec<String> = similar.iter().map(|path| path.display().to_string()).collect();
                locale.format(id::ERROR_SEVERAL_SIMILAR, &[path_arg(path), ("names", names.join(", ").into())])
            }
            Self::OnePlaceOneId => locale.text(id::ERROR_ONE_PLACE_ONE_ID).into_owned(),
            Self::NoEntry(entry) => locale.format(id::ERROR_NO_ACTION, &[("id", entry.as_str().into())]),
            Self::NoSuchAuthor(name, authors) => {
                locale.format(id::ERROR_NO_AUTHOR, &[("name", name.as_str().into()), ("names", authors.join(", ").into())])
            }
            Self::OneCoder(authors) => locale.format(id::ERROR_ONE_CODER, &[("names", authors.join(", ").into())]),
            Self::NothingToJoin(path) => locale.format(id::ERROR_NOTHING_TO_JOIN, &[path_arg(path)]),
            Self::Input(error) => locale.format(id::ERROR_INPUT, &[reason_arg(error, locale)]),
            Self::Feedback(FeedbackError::Io { path, source }) => {
                locale.format(id::ERROR_UNWRITABLE, &[path_arg(path), reason_arg(source, locale)])
            }
            Self::Feedback(FeedbackError::Newer(path)) => locale.format(id::ERROR_NEWER_FILE, &[path_arg(path)]),
            Self::Output(error) => locale.format(id::ERROR_OUTPUT, &[reason_arg(error, locale)]),
            Self::NeedsState => locale.text(id::ERROR_NEEDS_STATE).into_owned(),
            Self::RecordsWithoutAnnotations => locale.text(id::ERROR_RECORDS_WITHOUT_ANNOTATIONS).into_owned(),
            Self::OneSpeechToRefuse => locale.text(id::ERROR_ONE_SPEECH_TO_REFUSE).into_owned(),
            Self::NoSchema(name, names) => {
                locale.format(id::ERROR_NO_SCHEMA, &[("name", name.as_str().into()), ("names", names.as_str().into())])
            }
            Self::Condition(error) => condition_line(error, |error| codebook_line(error, locale), locale),
            Self::NoPicture(format) => locale.format(id::ERROR_NO_PICTURE, &[("format", format.as_str().into())]),
            Self::TableToFile(format) => locale.format(id::ERROR_TABLE_TO_FILE, &[("format", format.as_str().into())]),
            Self::YearsNeedYears => locale.text(id::ERROR_YEARS_NEED_YEARS).into_owned(),
            Self::CharsNotTogether => locale.text(id::ERROR_CHARS_NOT_TOGETHER).into_owned(),
            Self::Attribute(problem) => problem.line(locale),
            Self::Basket(problem) => problem.line(locale),
            Self::LeftOut(message) => message.clone(),
        }
    }

    /// Names the kind of error in records for programs; the same in every language and release.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Source(SourceError::Missing(_)) => "missing",
            Self::Source(SourceError::Folder(_)) => "folder",
            Self::Source(SourceError::Unreadable { .. }) | Self::Input(_) => "unreadable",
            Self::Source(SourceError::NotText { .. }) => "not_text",
            Self::Source(SourceError::Extract { error: ExtractError::TooLarge | ExtractError::TooDeep, .. }) => "too_large",
            Self::Source(SourceError::Extract { error: ExtractError::Locked, .. }) => "locked",
            Self::Source(SourceError::Extract { .. }) => "damaged",
            Self::NoSpeeches(_) => "no_speeches",
            Self::Store(_) => "store",
            _ => "failed",
        }
    }
}

fn source_line(error: &SourceError, locale: Locale) -> String {
    match error {
        SourceError::Missing(path) => locale.format(id::ERROR_MISSING_FILE, &[path_arg(path)]),
        SourceError::Folder(path) => locale.format(id::ERROR_IS_FOLDER, &[path_arg(path)]),
        SourceError::Unreadable { path, error } => locale.format(id::ERROR_UNREADABLE, &[path_arg(path), reason_arg(error, locale)]),
        SourceError::Extract { path, error: ExtractError::Damaged(what) } => {
            locale.format(id::ERROR_DAMAGED, &[path_arg(path), ("reason", what.as_str().into())])
        }
        SourceError::Extract { path, error: ExtractError::Locked } => locale.format(id::ERROR_LOCKED, &[path_arg(path)]),
        SourceError::Extract { path, error: ExtractError::TooLarge | ExtractError::TooDeep } => {
            locale.format(id::ERROR_TOO_LARGE, &[path_arg(path)])
        }
        SourceError::NotText { path, what: FileKind::Binary } => locale.format(id::ERROR_BINARY, &[path_arg(path)]),
        SourceError::NotText { path, what } => {
            let kind = ("kind", locale.text(family::KIND.id(what.name())).as_ref().into());
            match what.converter() {
                Some(command) => {
                    let command = command.replace("{}", &shell_quoted(path));
                    locale.format(id::ERROR_NOT_TEXT_CONVERT, &[path_arg(path), kind, ("command", command.into())])
                }
                None => locale.format(id::ERROR_NOT_TEXT, &[path_arg(path), kind]),
            }
        }
    }
}

fn several_quotes(path: &Path, quote: &str, matches: &[(usize, String)], locale: Locale) -> String {
    let listed: Vec<String> = matches
        .iter()
        .enumerate()
        .map(|(index, (line, around))| {
            locale
                .format(id::ERROR_QUOTE_PLACE, &[("nth", (index + 1).into()), ("line", (*line).into()), ("words", around.as_str().into())])
        })
        .collect();
    let facts = [path_arg(path), ("quote", quote.into()), ("count", matches.len().into()), ("places", listed.join("  ").into())];
    locale.format(id::ERROR_SEVERAL_QUOTES, &facts)
}

fn store_line(error: &StoreError, locale: Locale) -> String {
    match error {
        StoreError::NoHome => locale.text(id::ERROR_STORE_HOME).into_owned(),
        StoreError::Io { path, source } => {
            let message = match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => id::ERROR_STORE_FULL,
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => id::ERROR_STORE_FORBIDDEN,
                _ => id::ERROR_STORE_IO,
            };
            locale.format(message, &[path_arg(path), reason_arg(source, locale)])
        }
        StoreError::Untrusted { dir, distrust } => untrusted_line(id::ERROR_STORE_UNTRUSTED, dir, distrust, locale),
        StoreError::FolderGone(path) => locale.format(id::ERROR_STORE_GONE, &[path_arg(path)]),
        StoreError::FolderReplaced(path) => locale.format(id::ERROR_STORE_REPLACED, &[path_arg(path)]),
        StoreError::Locked(path) => locale.format(id::ERROR_STORE_LOCKED, &[path_arg(path)]),
        StoreError::Newer(path) => locale.format(id::ERROR_STORE_NEWER, &[path_arg(path)]),
        StoreError::ReadBackMismatch(path) => locale.format(id::ERROR_STORE_NOT_SAME, &[path_arg(path)]),
        StoreError::Timeout => locale.text(id::ERROR_STORE_SLOW).into_owned(),
        StoreError::NoSuchAction(id) => locale.format(id::ERROR_NO_ACTION, &[("id", id.to_string().into())]),
        StoreError::Codebook(error) => codebook_line(error, locale),
        StoreError::Basket(error) => basket_line(error, locale),
        StoreError::Edit(error) => edit_line(error, locale),
    }
}

fn reader_line(error: &tui::TuiError, locale: Locale) -> String {
    match error {
        tui::TuiError::Source(error) => source_line(error, locale),
        tui::TuiError::NoSpeeches(path) => locale.format(id::ERROR_NO_SPEECHES, &[path_arg(path)]),
        tui::TuiError::TooSmall => {
            let min = tui::state::size::MIN_SIZE;
            locale.format(id::ERROR_TOO_SMALL, &[("width", min.width.into()), ("height", min.height.into())])
        }
        tui::TuiError::Terminal(TerminalError::Dumb) => locale.text(id::ERROR_DUMB_TERMINAL).into_owned(),
        tui::TuiError::Terminal(TerminalError::OutputRedirected | TerminalError::NoInput) => {
            locale.text(id::ERROR_NO_TERMINAL).into_owned()
        }
        tui::TuiError::Terminal(TerminalError::Io(error)) | tui::TuiError::Io(error) => {
            locale.format(id::ERROR_TERMINAL, &[reason_arg(error, locale)])
        }
        tui::TuiError::Keys(error) => error.to_string(),
        tui::TuiError::NotSaved(reason) => locale.format(id::ERROR_NOT_SAVED, &[("reason", reason.as_str().into())]),
    }
}

pub(super) fn codebook_line(error: &CodebookError, locale: Locale) -> String {
    match error {
        CodebookError::BadName(name) => locale.format(id::ERROR_TAG_NAME, &[("name", name.as_str().into())]),
        CodebookError::Exists(name) => locale.format(id::ERROR_TAG_EXISTS, &[("name", name.as_str().into())]),
        CodebookError::Missing(name) => locale.format(id::ERROR_TAG_MISSING, &[("name", name.as_str().into())]),
        CodebookError::Ambiguous { name, paths } => {
            locale.format(id::ERROR_TAG_AMBIGUOUS, &[("name", name.as_str().into()), ("paths", paths.join(", ").into())])
        }
        CodebookError::InUse(paths) => locale.format(id::ERROR_TAGS_IN_USE, &[("tags", paths.join(", ").into())]),
        CodebookError::BadKey(key) => locale.format(id::ERROR_TAG_KEY, &[("key", key.to_string().into())]),
        CodebookError::NothingMerged(name) => locale.format(id::ERROR_TAG_NOTHING_MERGED, &[("name", name.as_str().into())]),
        CodebookError::TooDeep(name) => {
            locale.format(id::ERROR_TAG_TOO_DEEP, &[("name", name.as_str().into()), ("levels", MAX_TAG_LEVELS.into())])
        }
        CodebookError::Cycle { name, parent } => {
            locale.format(id::ERROR_TAG_CYCLE, &[("name", name.as_str().into()), ("parent", parent.as_str().into())])
        }
    }
}

fn edit_line(error: &EditError, locale: Locale) -> String {
    match error {
        EditError::Missing(id) => locale.format(id::ERROR_EDIT_MISSING, &[("id", id.to_string().into())]),
        EditError::ChangedSince(_) => locale.text(notice::CHANGED_SINCE).into_owned(),
        EditError::NoText => locale.text(id::ERROR_EDIT_NO_TEXT).into_owned(),
        EditError::NoSection => locale.text(id::ERROR_EDIT_NO_SECTION).into_owned(),
        EditError::Provisional => locale.text(notice::STILL_READING).into_owned(),
        EditError::CannotMove => locale.text(notice::CANNOT_MOVE).into_owned(),
        EditError::NoHeading => locale.text(notice::NO_HEADING_HERE).into_owned(),
        EditError::Empty => locale.text(id::ERROR_EDIT_NOTHING).into_owned(),
        EditError::BadTag(name) => locale.format(id::ERROR_TAG_NAME, &[("name", name.as_str().into())]),
    }
}

/// The message of a store's warning.
pub(super) fn store_warning(notice: &StoreWarning, locale: Locale) -> String {
    let line = match notice {
        StoreWarning::Damaged { path, lost } => locale.format(id::WARNING_DAMAGED, &[path_arg(path), ("count", (*lost).into())]),
        StoreWarning::Unrecognized(path) => locale.format(id::WARNING_UNRECOGNIZED, &[path_arg(path)]),
        StoreWarning::NoFolder(path) => locale.format(id::WARNING_NO_FOLDER, &[path_arg(path)]),
        StoreWarning::PutAside { path, aside } => locale.format(id::WARNING_PUT_ASIDE, &[path_arg(path), ("aside", path_value(aside))]),
        StoreWarning::ConflictMerged(path) => locale.format(id::WARNING_CONFLICT_MERGED, &[path_arg(path)]),
        StoreWarning::Newer(path) => locale.format(id::WARNING_NEWER, &[path_arg(path)]),
        StoreWarning::Migrated { path, backup } => locale.format(id::WARNING_MIGRATED, &[path_arg(path), ("backup", path_value(backup))]),
        StoreWarning::Shared { path, with } => locale.format(id::WARNING_SHARED, &[path_arg(path), ("with", path_value(with))]),
        StoreWarning::CopyParted { path, count, .. } => {
            locale.format(id::WARNING_COPY_PARTED, &[path_arg(path), ("count", (*count).into())])
        }
        StoreWarning::Proposed { path, similar, count } => {
            locale.format(id::WARNING_PROPOSED, &[path_arg(path), ("similar", path_value(similar)), ("count", (*count).into())])
        }
        StoreWarning::Lacking { path, count } => locale.format(id::WARNING_LACKING, &[path_arg(path), ("count", (*count).into())]),
        StoreWarning::BroughtBack { path, count } => locale.format(id::WARNING_BROUGHT_BACK, &[path_arg(path), ("count", (*count).into())]),
        StoreWarning::StateUnwritable { state, instead: Some(instead) } => {
            locale.format(id::WARNING_STATE_UNWRITABLE, &[path_arg(state), ("instead", path_value(instead))])
        }
        StoreWarning::StateUnwritable { state, instead: None } => locale.format(id::WARNING_NO_JOURNAL, &[path_arg(state)]),
        StoreWarning::EditsWaiting { path, count } => {
            locale.format(id::WARNING_EDITS_WAITING, &[path_arg(path), ("count", (*count).into())])
        }
        StoreWarning::TagsUnited(united) => {
            let ids = [("kept", united.tag.id.to_string().into()), ("other", united.other.id.to_string().into())];
            locale.format(id::WARNING_TAGS_UNITED, &[("name", united.tag.name.as_str().into()), ids[0].clone(), ids[1].clone()])
        }
        StoreWarning::TagsCreated(tags) => locale.format(id::WARNING_TAGS_CREATED, &[("tags", tags.join(", ").into())]),
    };
    visible(&line).into_owned()
}

/// The message for a warning that concerns several speeches, of which one is named.
pub(super) fn several_speeches(message: MessageId, first: &StoreWarning, count: usize, locale: Locale) -> String {
    let path = match first {
        StoreWarning::Shared { path, .. } | StoreWarning::Proposed { path, .. } | StoreWarning::Lacking { path, .. } => path.as_path(),
        _ => Path::new(""),
    };
    visible(&locale.format(message, &[path_arg(path), ("count", count.into())])).into_owned()
}

/// The message for a link to a folder, which is not followed.
pub(super) fn linked_folder(path: &Path, locale: Locale) -> String {
    visible(&locale.format(id::WARNING_LINKED_FOLDER, &[path_arg(path)])).into_owned()
}

/// The message for a file of ignore rules that is not used.
pub(super) fn unused_rules(path: &Path, error: &io::Error, locale: Locale) -> String {
    let size = ("size", megabytes(pizhu_library::source::MAX_RULES_BYTES));
    visible(&locale.format(id::WARNING_RULES_PASSED_OVER, &[path_arg(path), reason_arg(error, locale), size])).into_owned()
}

fn untrusted_line(message: MessageId, dir: &Path, distrust: &Distrust, locale: Locale) -> String {
    let reason = locale.format(family::DISTRUST.id(distrust.name()), &[("place", path_value(distrust.path()))]);
    let folder = dir.parent().unwrap_or(dir);
    locale.format(message, &[path_arg(dir), ("reason", reason.into()), ("folder", shell_quoted(folder).into())])
}

/// The message for a store that is only read because it is not trusted.
pub(super) fn untrusted_store(dir: &Path, distrust: &Distrust, locale: Locale) -> String {
    visible(&untrusted_line(id::WARNING_STORE_UNTRUSTED, dir, distrust, locale)).into_owned()
}

/// The message for a file of a store that is passed over.
pub(super) fn passed_over(path: &Path, kind: IrregularFile, locale: Locale) -> String {
    let reason = ("reason", irregular_reason(kind, locale));
    visible(&locale.format(id::WARNING_PASSED_OVER, &[path_arg(path), reason])).into_owned()
}

/// The message for the number of further files of a store that are passed over.
pub(super) fn more_passed_over(dir: &Path, count: usize, locale: Locale) -> String {
    visible(&locale.format(id::WARNING_MORE_PASSED_OVER, &[path_arg(dir), ("count", count.into())])).into_owned()
}

/// The message for speeches that are not read because only the store, or a link, names them.
pub(super) fn outside_speech(path: &Path, more: usize, locale: Locale) -> String {
    visible(&locale.format(id::WARNING_SPEECH_OUTSIDE, &[path_arg(path), ("count", more.into())])).into_owned()
}

/// The message for the chapters that a book names but lacks; names the first few.
pub(super) fn missing_parts(path: &Path, parts: &[String], locale: Locale) -> String {
    let named = parts.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    visible(&locale.format(id::WARNING_MISSING_PARTS, &[path_arg(path), ("count", parts.len().into()), ("parts", named.as_str().into())]))
        .into_owned()
}

fn irregular_reason(kind: IrregularFile, locale: Locale) -> Value {
    locale.text(family::IRREGULAR.id(kind.name())).as_ref().into()
}

/// The message for an annotated speech whose file is missing.
pub(super) fn missing_speech(path: &Path, title: &str, locale: Locale) -> String {
    visible(&locale.format(id::WARNING_SPEECH_GONE, &[path_arg(path), ("title", title.into())])).into_owned()
}

fn megabytes(bytes: u64) -> Value {
    (bytes >> 20).to_string().into()
}

fn path_value(path: &Path) -> Value {
    path.display().to_string().into()
}

fn path_arg(path: &Path) -> (&'static str, Value) {
    ("path", path_value(path))
}

/// The message argument `reason`: the system's error, localized if it is a common one.
pub(super) fn reason_arg(error: &io::Error, locale: Locale) -> (&'static str, Value) {
    if let Some(kind) = IrregularFile::from_error(error) {
        return ("reason", irregular_reason(kind, locale));
    }
    let id = match error.kind() {
        io::ErrorKind::PermissionDenied => id::REASON_PERMISSION,
        io::ErrorKind::NotFound => id::REASON_NOT_FOUND,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => id::REASON_FULL,
        io::ErrorKind::ReadOnlyFilesystem => id::REASON_READ_ONLY,
        _ => return ("reason", error.to_string().into()),
    };
    ("reason", locale.text(id).as_ref().into())
}

/// Quotes a path for a POSIX shell if necessary.
fn shell_quoted(path: &Path) -> String {
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
    use crate::locale::Language;

    #[test]
    fn file_kinds_and_formats_are_named_in_every_language() {
        let kinds = [
            FileKind::Pdf,
            FileKind::OldOffice,
            FileKind::Docx,
            FileKind::Odt,
            FileKind::Epub,
            FileKind::Rtf,
            FileKind::Html,
            FileKind::Image,
            FileKind::Media,
            FileKind::Archive,
            FileKind::Program,
            FileKind::Database,
            FileKind::Utf32,
            FileKind::Binary,
        ];
        for locale in Language::ALL.map(Locale::new) {
            assert!(kinds.iter().all(|kind| !locale.text(family::KIND.id(kind.name())).is_empty()));
        }
    }

    #[test]
    fn messages_are_one_line_and_safe_for_a_terminal() {
        let path = PathBuf::from("a\n\u{1B}[31m'b.pdf");
        let error = CliError::Source(SourceError::NotText { path, what: FileKind::Pdf });
        for locale in Language::ALL.map(Locale::new) {
            let line = error.message(locale);
            assert!(!line.contains(char::is_control), "{line}");
            assert!(line.contains("pdftotext") && line.contains("'\\''"), "{line}");
        }
    }
}
