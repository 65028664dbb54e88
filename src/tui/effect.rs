//! Side effects requested by commands, and the events that report back.
//!
//! Effects do input and output. They run off the drawing thread (`worker`), or in the event loop
//! if they touch the terminal. Their results arrive as events.

use super::{
    command::key::Key,
    state::{Answer, Entries, Inquiry, Notice, Row, Size},
};
use pizhu_annotation::Action;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Edit;
use pizhu_annotation::Placements;
use pizhu_annotation::Sharing;
use pizhu_annotation::store::Copies;
use pizhu_text::document::Document;
use pizhu_library::count::Table;
use pizhu_library::count::Tally;
use crate::locale::Locale;
use pizhu_text::search::Mode;
use crate::settings::Settings;
use pizhu_library::source::Speech;
use pizhu_text::text::Span;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

/// A reader's position in a speech, to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingPlace {
    /// The speech's file; empty for a sample.
    pub path: PathBuf,
    /// The cursor, in chars of the source.
    pub offset: usize,
    /// End of the text on the screen, in chars of the source.
    pub seen: usize,
    /// Length of the source in chars.
    pub length: usize,
    /// Marks and bookmarks by name, in chars of the source.
    pub marks: BTreeMap<String, usize>,
}

/// A request to write the annotations of one speech to a file.
#[derive(Debug, Clone)]
pub struct Export {
    /// Index into the table of formats (`FORMATS`).
    pub format: usize,
    /// The file to write.
    pub path: PathBuf,
    /// Whether to overwrite an existing file.
    pub replaces: bool,
    /// The speech's file.
    pub speech: PathBuf,
    /// The speech.
    pub document: Arc<Document>,
    /// Its annotations.
    pub placements: Arc<Placements>,
    /// The tags.
    pub codebook: Codebook,
}

/// A side effect requested by the state.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Reads a speech.
    Open {
        /// Number of this opening, to tell its events from those of earlier ones.
        number: u64,
        /// Its file; `-` is standard input.
        path: PathBuf,
    },
    /// Closes the speech.
    Close,
    /// Saves the reader's position.
    KeepPlace(ReadingPlace),
    /// Scans the library.
    Scan {
        /// Folders and files.
        roots: Vec<PathBuf>,
    },
    /// Searches the open speech.
    Find {
        /// The query as typed.
        query: String,
        /// How the query is matched against the text.
        mode: Mode,
        /// Number of the query; hits of older queries are dropped.
        generation: u64,
        /// The text to search.
        document: Arc<Document>,
        /// If set, the hit nearest to this char offset is reported first; `true` searches backwards.
        nearest: Option<(usize, bool)>,
    },
    /// Runs a query over many speeches.
    Inquire(Box<Inquiry>),
    /// Writes the passages under a tag to a file.
    ExportAcross {
        /// The tag and the speeches.
        inquiry: Box<Inquiry>,
        /// The file; its extension selects the format.
        path: PathBuf,
        /// Whether to overwrite an existing file.
        replaces: bool,
    },
    /// Writes a table of counts to a CSV file.
    ExportCounts {
        /// The table.
        table: Box<Table>,
        /// Language of the header cells.
        locale: Locale,
        /// The file.
        path: PathBuf,
        /// Whether to overwrite an existing file.
        replaces: bool,
    },
    /// Applies edits to the annotations, as one undoable action.
    Annotate(Vec<Edit>),
    /// Writes the annotations of one speech to a file.
    Export(Box<Export>),
    /// Undoes the last action.
    Undo,
    /// Redoes the action undone last.
    Redo,
    /// Loads the history of the speech's annotations.
    AskHistory,
    /// Restores the annotations to their state after this action; `None` before the first.
    Restore(Option<Uuid>),
    /// Queries, detaches or attaches the copies of the speech.
    Share(Sharing),
    /// Copies a text to the clipboard.
    Copy(String),
    /// Edits a note in the program named by `$VISUAL` or `$EDITOR`.
    EditOutside(String),
    /// Suspends the program until the shell resumes it.
    Suspend,
    /// Repaints the whole screen.
    Redraw,
    /// Applies the settings and saves them to their file.
    KeepSettings(Box<Settings>),
    /// Quits.
    Quit,
}

/// Kind of a mouse event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    /// Left button pressed.
    Press,
    /// Mouse moved with the left button held.
    Drag,
    /// Left button released.
    Release,
    /// Wheel turned towards the start.
    WheelUp,
    /// Wheel turned towards the end.
    WheelDown,
}

/// A mouse event, with its cell and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// The kind.
    pub kind: MouseKind,
    /// The cell's column, from 0.
    pub column: u16,
    /// The cell's row, from 0.
    pub row: u16,
    /// Time since the program started.
    pub at: Duration,
}

/// Input, or the result of an effect.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key press.
    Key(Key),
    /// A mouse event.
    Mouse(Mouse),
    /// Pasted text.
    Paste(String),
    /// The terminal was resized.
    Resize(Size),
    /// The first block of a speech was read.
    Opened {
        /// Number of the opening.
        number: u64,
        /// The speech.
        speech: Box<Speech>,
        /// Saved cursor, in chars.
        resume: Option<usize>,
    },
    /// A speech was read to its end.
    Completed {
        /// Number of the opening.
        number: u64,
        /// The speech.
        speech: Box<Speech>,
    },
    /// A speech could not be read.
    NotOpened {
        /// Number of the opening.
        number: u64,
        /// Its file.
        path: PathBuf,
        /// The error, as text.
        problem: String,
    },
    /// Speeches of the library were found, read or tagged.
    Listed(Entries),
    /// Number of speeches indexed so far; `None` when the index is complete.
    Indexed(Option<usize>),
    /// A file in the library's folders has changed.
    LibraryChanged,
    /// Hits of a search in the open speech.
    Found {
        /// Number of the query.
        generation: u64,
        /// The hits, in text order.
        hits: Vec<Span>,
        /// Whether these are all hits; if not, they include the nearest one.
        complete: bool,
        /// Error in the query.
        problem: Option<String>,
    },
    /// The annotations of a speech.
    Annotations {
        /// Number of the opening.
        number: u64,
        /// All annotations, with their positions.
        placements: Arc<Placements>,
        /// Those not yet written to disk.
        pending: Arc<BTreeSet<AnnotationId>>,
    },
    /// Results of a query over many speeches.
    Answered {
        /// Number of the query.
        generation: u64,
        /// The results so far.
        answer: Box<Answer>,
    },
    /// The two texts to compare.
    Beside {
        /// Number of the query.
        generation: u64,
        /// Titles and rows of the two texts.
        sides: Box<[(String, Vec<Row>); 2]>,
    },
    /// Counts of tags over many speeches.
    Tallied {
        /// Number of the query.
        generation: u64,
        /// The counts so far.
        tally: Box<Tally>,
        /// Whether more speeches are being read.
        more: bool,
    },
    /// A note was edited in the external editor.
    EditedOutside(String),
    /// The open speech's file has changed and was read again.
    Reloaded {
        /// Number of the opening.
        number: u64,
        /// The speech with its new text.
        speech: Box<Speech>,
    },
    /// The target file of an export of annotations exists.
    ExportExists {
        /// Index into the table of formats.
        format: usize,
        /// The file.
        path: PathBuf,
    },
    /// Actions on the open speech's annotations, oldest first.
    History(Arc<Vec<Arc<Action>>>),
    /// The copies of the open speech.
    Copies(Copies),
    /// The target file of an export of passages exists.
    AcrossExists(PathBuf),
    /// The target file of an export of counts exists.
    CountsExist(PathBuf),
    /// The codebook was loaded or changed.
    Codebook(Arc<Codebook>),
    /// A settings or theme file has changed.
    Configured,
    /// A message for the status line.
    Said(Notice),
}
