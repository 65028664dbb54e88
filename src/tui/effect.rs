//! What commands hand on to be done, and what then has happened.
//!
//! Effects read and write; they are done off the drawing thread, by `worker`, or by the
//! event loop where they touch the terminal. Their answers are events.

use super::{
    command::key::Key,
    state::{Answer, Entries, Inquiry, Notice, Row, Size},
};
use crate::{
    annotation::{Action, AnnotationId, Codebook, Edit, Placements, Sharing, store::Copies},
    document::Document,
    library::count::{Table, Tally},
    locale::Locale,
    search::Mode,
    settings::Settings,
    source::Speech,
    text::Span,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

/// Where a reader is in a speech, to be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingPlace {
    /// The speech's file; empty for a sample.
    pub path: PathBuf,
    /// The cursor, in chars of the source.
    pub offset: usize,
    /// The end of what is on the screen, in chars of the source.
    pub seen: usize,
    /// Length of the source in chars.
    pub length: usize,
    /// Marks and bookmarks by name, in chars of the source.
    pub marks: BTreeMap<String, usize>,
}

/// What is exported, how and where to.
#[derive(Debug, Clone)]
pub struct Export {
    /// The format, by its place in the table of formats.
    pub format: usize,
    /// The file to write.
    pub path: PathBuf,
    /// Whether a file that is there is replaced.
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

/// Something to be done.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Read a speech; number `number` of those opened.
    Open {
        /// Which opening it is.
        number: u64,
        /// Its file; `-` is standard input.
        path: PathBuf,
    },
    /// The speech is closed.
    Close,
    /// Remember where the reader is.
    KeepPlace(ReadingPlace),
    /// Read the list of speeches.
    Scan {
        /// Folders and files.
        roots: Vec<PathBuf>,
    },
    /// Find words.
    Find {
        /// The words.
        query: String,
        /// How they are compared with the text.
        mode: Mode,
        /// Which query it is.
        generation: u64,
        /// Where.
        document: Arc<Document>,
        /// Where the nearest is wanted from, as soon as it is found, and whether towards the start.
        nearest: Option<(usize, bool)>,
    },
    /// Ask something of many speeches.
    Inquire(Box<Inquiry>),
    /// Write the passages under a tag to a file.
    ExportAcross {
        /// The tag and the speeches.
        inquiry: Box<Inquiry>,
        /// The file; its name says the format.
        path: PathBuf,
        /// Whether a file that is there is replaced.
        replaces: bool,
    },
    /// Write a table of counts to a file, as CSV.
    ExportCounts {
        /// The table.
        table: Box<Table>,
        /// The words of its heads.
        locale: Locale,
        /// The file.
        path: PathBuf,
        /// Whether a file that is there is replaced.
        replaces: bool,
    },
    /// Change annotations, as one action.
    Annotate(Vec<Edit>),
    /// Write the annotations of a speech to a file.
    Export(Box<Export>),
    /// Take the last action back.
    Undo,
    /// Do the action taken back again.
    Redo,
    /// Tell what was done to the speech's annotations.
    AskHistory,
    /// Bring the annotations back as they were after this action, or before the first.
    Restore(Option<Uuid>),
    /// Tell how it is with the speech's copies, part it from them or join it to them.
    Share(Sharing),
    /// Put a text on the clipboard.
    Copy(String),
    /// Have a note written in the program that `$EDITOR` names.
    EditOutside(String),
    /// Stop until the shell continues the program.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Look and act by the settings as they now are, and keep them in their file.
    KeepSettings(Box<Settings>),
    /// Leave.
    Quit,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Press,
    /// It moved with the left button down.
    Drag,
    /// The left button came up.
    Release,
    /// The wheel turned towards the start.
    WheelUp,
    /// The wheel turned towards the end.
    WheelDown,
}

/// Something the mouse did, and where and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub kind: MouseKind,
    /// The cell's column, from 0.
    pub column: u16,
    /// The cell's row, from 0.
    pub row: u16,
    /// When, since a moment that stays the same.
    pub at: Duration,
}

/// Something that has happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// The mouse did something.
    Mouse(Mouse),
    /// A text was pasted.
    Paste(String),
    /// The terminal has another size.
    Resize(Size),
    /// A speech was read, as far as its first block.
    Opened {
        /// Which opening it is.
        number: u64,
        /// The speech.
        speech: Box<Speech>,
        /// Where it was left, in chars.
        resume: Option<usize>,
    },
    /// The whole of a speech was read.
    Completed {
        /// Which opening it is.
        number: u64,
        /// The speech.
        speech: Box<Speech>,
    },
    /// A speech could not be read.
    NotOpened {
        /// Which opening it is.
        number: u64,
        /// Which.
        path: PathBuf,
        /// Why, for people.
        problem: String,
    },
    /// Speeches were found, read, or tagged.
    Listed(Entries),
    /// So many speeches are in the index that is being made; `None` when it is done.
    Indexed(Option<usize>),
    /// Something in the library's folders has changed.
    LibraryChanged,
    /// Words were found.
    Found {
        /// Which query it is.
        generation: u64,
        /// Where, in order.
        hits: Vec<Span>,
        /// Whether these are all. Those that came before hold the nearest.
        complete: bool,
        /// What is wrong with the query.
        problem: Option<String>,
    },
    /// The annotations of a speech are these.
    Annotations {
        /// Of which opening.
        number: u64,
        /// All, with their places.
        placements: Arc<Placements>,
        /// Those not yet on the disk.
        pending: Arc<BTreeSet<AnnotationId>>,
    },
    /// What came of a question across speeches.
    Answered {
        /// Which question it was.
        generation: u64,
        /// The answer.
        answer: Box<Answer>,
    },
    /// The two texts that are set side by side, each with its name.
    Beside {
        /// Which question it was.
        generation: u64,
        /// Their names and rows.
        sides: Box<[(String, Vec<Row>); 2]>,
    },
    /// What was counted.
    Tallied {
        /// Which question it was.
        generation: u64,
        /// All of it.
        tally: Box<Tally>,
        /// Whether more speeches are being read.
        more: bool,
    },
    /// A note was written in another program.
    EditedOutside(String),
    /// The open speech's file has changed, and was read again.
    Reloaded {
        /// Which opening it is.
        number: u64,
        /// The speech as it is now.
        speech: Box<Speech>,
    },
    /// The file to export to is there already.
    ExportExists {
        /// The format, by its place in the table of formats.
        format: usize,
        /// The file.
        path: PathBuf,
    },
    /// This was done to the annotations of the open speech, the oldest first.
    History(Arc<Vec<Arc<Action>>>),
    /// The open speech has these copies.
    Copies(Copies),
    /// The file that passages are to be exported to is there already.
    AcrossExists(PathBuf),
    /// The file that a table of counts is to be exported to is there already.
    CountsExist(PathBuf),
    /// The codebook is this.
    Codebook(Arc<Codebook>),
    /// Something in the folder of the settings and themes has changed.
    Configured,
    /// Something to be said.
    Said(Notice),
}
