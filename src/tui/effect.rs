//! Side effects requested by commands, and the events that report back.
//!
//! Effects do input and output. They run off the drawing thread (`background_jobs`), or in the event loop
//! if they touch the terminal. Their results arrive as events.

use super::{
    key::Key,
    message::{
        BasketEdited, BasketRequest, ComparedContent, EditDirection, ExportKind, LibraryQuery, LibraryUpdate, QueryFound, RecordRequest,
        Size, SpeechPreview, SpeechRecords, StatusMessage, StoreBaskets, StoreTags, TagEdit,
    },
    overlay::FoundDraft,
    screens::memos::message::{MemoChange, MemoEdit, StoreMemos},
};
use crate::app::find::FoundSpans;
use crate::app::review::CaseChange;
use crate::locale::Locale;
use crate::settings::Settings;
use pizhu_annotation::Action;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::AttributeType;
use pizhu_annotation::Codebook;
use pizhu_annotation::CodebookChange;
use pizhu_annotation::CopyLink;
use pizhu_annotation::Edit;
use pizhu_annotation::NotedPlace;
use pizhu_annotation::OutlineEdits;
use pizhu_annotation::OutlineRequest;
use pizhu_annotation::SessionEvent;
use pizhu_annotation::anchor::TextComparison;
use pizhu_annotation::store::StoreInspection;
use pizhu_annotation::store::TrustDecision;
use pizhu_library::count::CountTable;
use pizhu_library::count::Tally;
use pizhu_library::reading_state::ReadingPosition;
use pizhu_library::source::Speech;
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use pizhu_text::text::Span;
use pizhu_text::text::width::AmbiguousWidth;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

/// A reader's position in a speech, to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechPosition {
    /// The speech's file; empty for a sample.
    pub path: PathBuf,
    /// The cursor, in chars of the source.
    pub offset: usize,
    /// End of the text on the screen, in chars of the source.
    pub visible_end: usize,
    /// Length of the source in chars.
    pub length: usize,
    /// Marks and bookmarks by name, in chars of the source.
    pub marks: BTreeMap<String, usize>,
    /// The text that these belong to.
    pub text: OpenText,
}

/// The text of an open speech; equal if it is the same one in memory.
#[derive(Debug, Clone)]
pub struct OpenText(pub Arc<Document>);

impl PartialEq for OpenText {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for OpenText {}

/// A request to write the annotations of one speech to a file.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// Index into the table of formats (`FORMATS`).
    pub format: usize,
    /// The file to write.
    pub path: PathBuf,
    /// Whether to overwrite an existing file.
    pub overwrite: bool,
    /// The speech's file.
    pub speech: PathBuf,
    /// The speech.
    pub document: Arc<Document>,
    /// Its annotations.
    pub annotations: Arc<AnchorIndex>,
    /// The tags.
    pub codebook: Codebook,
}

/// A side effect requested by the state.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Reads a speech.
    Open {
        /// Number of this opening, to tell its events from those of earlier ones.
        opening: u64,
        /// Its file; `-` is standard input.
        path: PathBuf,
    },
    /// Closes the speech.
    Close,
    /// Compares a text that was read again with the one on the screen.
    CompareTexts {
        /// Number of the opening.
        opening: u64,
        /// The text that cursor, marks and folds are in.
        old: Arc<Document>,
        /// The speech with its new text.
        speech: Box<Speech>,
    },
    /// Saves the reader's position.
    SavePosition(SpeechPosition),
    /// Scans the library.
    Scan {
        /// Folders and files.
        roots: Vec<PathBuf>,
    },
    /// Marks a speech as wanted at hand, or not.
    SetFavourite {
        /// Its file.
        path: PathBuf,
        /// Whether it is to be one.
        is_favourite: bool,
    },
    /// Makes the preview of a speech.
    Preview(PathBuf),
    /// Searches the open speech.
    Find {
        /// The query as typed.
        query: String,
        /// How the query is matched against the text.
        mode: MatchMode,
        /// Number of the query; hits of older queries are dropped.
        generation: u64,
        /// The text to search.
        document: Arc<Document>,
        /// If set, the hit nearest to this char offset is reported first; `true` searches backwards.
        nearest: Option<(usize, bool)>,
    },
    /// Runs a query over many speeches.
    QueryLibrary(Box<LibraryQuery>),
    /// Writes the passages under a tag to a file.
    ExportPassages {
        /// The tag and the speeches.
        query: Box<LibraryQuery>,
        /// The file; its extension selects the format.
        path: PathBuf,
        /// Whether to overwrite an existing file.
        overwrite: bool,
    },
    /// Writes a table of counts to a CSV file.
    ExportCounts {
        /// The table.
        table: Box<CountTable>,
        /// Language of the header cells.
        locale: Locale,
        /// The file.
        path: PathBuf,
        /// The speeches counted, which are not written to.
        speeches: Arc<[PathBuf]>,
        /// Whether to overwrite an existing file.
        overwrite: bool,
    },
    /// Applies edits to the annotations, as one undoable action.
    Annotate(Vec<Edit>),
    /// Mends the outline, as one undoable action.
    MendOutline(OutlineRequest),
    /// Changes what is known of the speech beside its annotations, as one undoable action.
    ChangeRecords(RecordRequest),
    /// Writes the annotations of one speech to a file.
    Export(Box<ExportRequest>),
    /// Undoes the last action.
    Undo,
    /// Redoes the action undone last.
    Redo,
    /// Loads the history of the speech's annotations.
    LoadHistory,
    /// Restores the annotations to their state after this action; `None` before the first.
    Restore {
        /// The action.
        action: Option<Uuid>,
        /// Whether what only others have added or changed since is taken back, too.
        takes_all: bool,
    },
    /// Queries, detaches or attaches the copies of the speech.
    LinkCopies(CopyLink),
    /// Decides how the open speech's store is used, which is not trusted.
    DecideTrust(TrustDecision),
    /// Reads the codebook of a store, and how often its tags are used.
    LoadTags {
        /// The speech or folder whose store is meant.
        near: Option<PathBuf>,
    },
    /// Changes the codebook of a store, then reads it.
    EditTags {
        /// The speech or folder whose store is meant.
        near: Option<PathBuf>,
        /// The change.
        edit: Box<TagEdit>,
    },
    /// Imports the annotations, the codebook or the project of a file.
    Import {
        /// The speech or folder whose store it is imported into.
        near: Option<PathBuf>,
        /// The file.
        file: PathBuf,
        /// The speeches that the annotations may belong to.
        candidates: Vec<PathBuf>,
    },
    /// Reads the memos of a store.
    LoadMemos {
        /// The speech or folder whose store is meant.
        near: Option<PathBuf>,
    },
    /// Changes a memo of a store, then reads all.
    EditMemo {
        /// The speech or folder whose store is meant.
        near: Option<PathBuf>,
        /// The change.
        edit: Box<MemoEdit>,
    },
    /// Finds the place of a note in the present text of its speech.
    FindMemo {
        /// The speech or folder whose store is meant.
        near: Option<PathBuf>,
        /// The place as it was stored.
        place: Box<NotedPlace>,
    },
    /// Works on the baskets of a store.
    Basket(Box<BasketRequest>),
    /// Copies a text to the clipboard.
    Copy(String),
    /// Edits a note in the program named by `$VISUAL` or `$EDITOR`.
    EditExternally(String),
    /// Suspends the program until the shell resumes it.
    Suspend,
    /// Repaints the whole screen.
    Redraw,
    /// Applies the settings and saves them to their file.
    SaveSettings(Box<Settings>),
    /// Removes a draft that was offered.
    DiscardDraft(Uuid),
    /// Quits, unless edits cannot be saved.
    Quit,
    /// Quits without the edits that cannot be saved.
    QuitUnsaved,
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

impl From<CaseChange> for Effect {
    fn from(change: CaseChange) -> Self {
        match change {
            CaseChange::Annotation(edit) => Self::Annotate(vec![edit]),
            CaseChange::Heading(request) => Self::MendOutline(request),
        }
    }
}

/// Input, or the result of an effect.
#[derive(Debug, Clone)]
pub enum AppEvent {
    /// A key press.
    Key(Key),
    /// A mouse event.
    Mouse(Mouse),
    /// Pasted text.
    Paste(String),
    /// The terminal was resized.
    Resize(Size),
    /// The width of ambiguous characters is known, or was set.
    AmbiguousWidth(AmbiguousWidth),
    /// Language and theme were chosen.
    Appearance {
        /// The interface language.
        locale: Locale,
        /// Name of the theme.
        theme: String,
    },
    /// The names of the themes that there are.
    Themes(Vec<String>),
    /// The file of settings has changed.
    SettingsReloaded(Box<Settings>),
    /// The first block of a speech was read. It is opened once its saved place is known.
    FirstBlockRead {
        /// Number of the opening.
        opening: u64,
        /// The speech.
        speech: Box<Speech>,
    },
    /// A speech is opened by its first block.
    Opened {
        /// Number of the opening.
        opening: u64,
        /// The speech.
        speech: Box<Speech>,
        /// Saved cursor, in chars.
        resume: Option<usize>,
    },
    /// The saved marks and place of the open speech are known.
    PlaceRestored {
        /// The marks, in chars.
        marks: BTreeMap<String, usize>,
        /// The place to go to, in chars; `None` to stay.
        offset: Option<usize>,
    },
    /// The exact place and marks of the open speech are known. They are taken unless the user has gone on.
    PlaceCorrected {
        /// The marks that the user has not changed, in chars.
        marks: BTreeMap<String, usize>,
        /// The place that was shown, and the cursor then, in chars.
        shown: (usize, usize),
        /// The exact place, in chars.
        exact: usize,
    },
    /// A speech was read to its end.
    Completed {
        /// Number of the opening.
        opening: u64,
        /// The speech.
        speech: Box<Speech>,
    },
    /// A speech could not be read.
    OpenFailed {
        /// Number of the opening.
        opening: u64,
        /// Its file.
        path: PathBuf,
        /// The error, as text.
        error: String,
    },
    /// Speeches of the library were found, read or tagged.
    LibraryUpdated(LibraryUpdate),
    /// A speech was marked as wanted at hand, or not.
    FavouriteSet {
        /// Its file.
        path: PathBuf,
        /// Whether it is one.
        is_favourite: bool,
    },
    /// The preview of a speech.
    Previewed(Box<SpeechPreview>),
    /// A file in the library's folders has changed.
    LibraryChanged,
    /// A search in the open speech has found something.
    FoundSpans {
        /// Number of the query.
        generation: u64,
        /// What was found.
        found: FoundSpans,
    },
    /// The annotations of a speech.
    Annotations {
        /// Number of the opening.
        opening: u64,
        /// The document in whose outline they are, as it is mended.
        document: Arc<Document>,
        /// All annotations, with their positions.
        annotations: Arc<AnchorIndex>,
        /// Those not yet written to disk.
        unsaved: Arc<BTreeSet<AnnotationId>>,
        /// The headings mended by hand.
        outline_edits: Arc<OutlineEdits>,
        /// What is known of the speech beside them.
        records: Arc<SpeechRecords>,
    },
    /// A query over many speeches has found something.
    Found {
        /// Number of the query.
        generation: u64,
        /// What is found, in a search since the last event.
        found: Box<QueryFound>,
        /// Whether more follows.
        more: bool,
    },
    /// The two texts to compare were read.
    Compared {
        /// Number of the query.
        generation: u64,
        /// The two texts.
        content: Box<ComparedContent>,
    },
    /// Counts of tags over many speeches.
    Counted {
        /// Number of the query.
        generation: u64,
        /// The counts so far.
        tally: Box<Tally>,
        /// Whether more speeches are being read.
        more: bool,
    },
    /// A note was edited in the external editor.
    EditedExternally(String),
    /// The file of a note that an external editor still has was written.
    NoteFileChanged,
    /// Drafts that an earlier run left, oldest first.
    DraftsFound {
        /// The opening of the speech; `None` for those of the screen that is open.
        opening: Option<u64>,
        /// The drafts.
        drafts: Vec<FoundDraft>,
    },
    /// The program does not quit, as edits cannot be saved for this reason.
    CannotQuit(String),
    /// The open speech's file has changed and was read again.
    Reloaded {
        /// Number of the opening.
        opening: u64,
        /// The speech with its new text.
        speech: Box<Speech>,
    },
    /// A text that was read again was compared with the one on the screen.
    TextsCompared {
        /// Number of the opening.
        opening: u64,
        /// The speech with its new text.
        speech: Box<Speech>,
        /// Where the old text went; `None` if it cannot be told.
        comparison: Option<Arc<TextComparison>>,
    },
    /// The saved place of a speech whose text has changed was found in it.
    PlaceFound {
        /// Number of the opening.
        opening: u64,
        /// The text it is in.
        text: OpenText,
        /// The place.
        place: Box<ReadingPosition>,
    },
    /// The file of an export exists.
    ExportFileExists {
        /// What is exported.
        kind: ExportKind,
        /// The file.
        path: PathBuf,
    },
    /// Actions on the open speech's annotations, oldest first.
    History(Arc<Vec<Arc<Action>>>),
    /// A restoration left what only others have added or changed since.
    LeftToOthers {
        /// The action after which the state was restored.
        action: Option<Uuid>,
        /// Number of annotations and records left.
        count: usize,
    },
    /// The folder of the open speech's store was inspected: it is not trusted, or something in it is
    /// passed over.
    StoreInspected {
        /// The store's folder.
        dir: PathBuf,
        /// What was found.
        inspection: Box<StoreInspection>,
    },
    /// The types that the project of the open speech has fixed for attributes.
    AttributeTypes(Vec<(String, AttributeType)>),
    /// What the session of the open speech tells.
    Session(Box<SessionEvent>),
    /// The file of the open speech was deleted or renamed.
    SpeechGone {
        /// The opening of the speech.
        opening: u64,
    },
    /// The codebook of the tags screen, and how often its tags are used.
    Tags(Box<StoreTags>),
    /// The codebook was changed as the tags screen asked.
    TagsEdited {
        /// What was asked for.
        edit: Box<TagEdit>,
        /// What has changed.
        change: Arc<CodebookChange>,
    },
    /// The codebook was not changed.
    TagsRefused {
        /// What was asked for.
        edit: Box<TagEdit>,
        /// The reason.
        message: StatusMessage,
    },
    /// The memos of the memos screen.
    Memos(Box<StoreMemos>),
    /// A memo was changed as the memos screen asked.
    MemoEdited {
        /// What was asked for.
        edit: Box<MemoEdit>,
        /// What has changed.
        change: Arc<MemoChange>,
    },
    /// A memo was not changed.
    MemoRefused {
        /// What was asked for.
        edit: Box<MemoEdit>,
        /// The reason.
        message: StatusMessage,
    },
    /// The speech of a note, and its place there; `None` if it is gone.
    MemoFound {
        /// The speech's file.
        path: PathBuf,
        /// The place.
        span: Option<Span>,
    },
    /// The baskets of the basket screen.
    Baskets(Box<StoreBaskets>),
    /// A basket was changed.
    BasketEdited(Box<BasketEdited>),
    /// A basket's edit was not undone or redone; it can be tried again.
    BasketUndoFailed {
        /// The edit.
        action: Arc<Action>,
        /// What was done.
        told: StatusMessage,
        /// Which way it was to go.
        direction: EditDirection,
    },
    /// The codebook was loaded or changed.
    Codebook(Arc<Codebook>),
    /// A settings or theme file has changed.
    ConfigChanged,
    /// A message for the status line.
    Status(StatusMessage),
}
