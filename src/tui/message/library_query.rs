//! Queries over many speeches and their results, as exchanged with the background jobs.

use crate::app::{compare::ComparedSpeeches, reuse::SharedTexts, search::FoundSpeech, suggest::SuggestedSection, tagged::TaggedSpeech};
use crate::locale::{MessageId, family, id, notice};
use pizhu_annotation::Memo;
use pizhu_library::compare::ComparedSection;
use pizhu_library::count::CountKey;
use pizhu_library::parse_cache::MetadataFingerprint;
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use pizhu_text::text::Span;
use std::{path::PathBuf, sync::Arc};

/// Style of a piece of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceStyle {
    /// Text of a speech.
    Plain,
    /// De-emphasized.
    Dim,
    /// A speech's title.
    Title,
    /// A hit, or a difference between two texts.
    Match,
    /// A note.
    Note,
    /// A tag or a figure.
    Badge,
    /// Text that only the first of two compared speeches has.
    Removed,
    /// Text that only the second of two compared speeches has.
    Added,
    /// Text that the other of two compared speeches has in another section.
    Moved,
}

/// Text as styled pieces.
pub(crate) type StyledPieces = Vec<(String, PieceStyle)>;

/// A span of a speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechSpan {
    /// The speech's file.
    pub path: PathBuf,
    /// The span, in chars.
    pub span: Span,
}

/// A tag suggested for a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedTag {
    /// The tag.
    pub tag: String,
    /// The words the suggestion is based on.
    pub words: Vec<String>,
}

/// The user's reply to a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestionFeedback {
    /// The section.
    pub source: SpeechSpan,
    /// The suggestion.
    pub suggestion: SuggestedTag,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// A row of a result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultRow {
    /// Its text, without line breaks.
    pub pieces: StyledPieces,
    /// Text of the right column, if the rows have two.
    pub right_column: Option<StyledPieces>,
    /// Text at the right edge.
    pub right_label: String,
    /// Source of the text.
    pub source: Option<SpeechSpan>,
    /// Source of the right column.
    pub right_source: Option<SpeechSpan>,
    /// The tag suggested for the section at its source.
    pub suggestion: Option<SuggestedTag>,
    /// Whether it is wrapped to several rows; else it is cut.
    pub wraps: bool,
    /// Whether it is set as a paragraph of the reader, with its indent.
    pub is_paragraph: bool,
    /// Notes on the passage that begins here, for the margin or below it.
    pub notes: Vec<String>,
    /// Text in the margin beside it.
    pub margin: String,
    /// Name by which the rows of two compared texts are aligned: a heading's folded section path.
    pub align_key: String,
    /// Sign before it in a comparison: what became of its section or its text.
    pub sign: &'static str,
    /// Whether it is the head of an item, as a speech or a passage.
    pub is_head: bool,
}

impl ResultRow {
    /// A row that is not wrapped.
    #[must_use]
    pub fn line(pieces: StyledPieces, source: Option<SpeechSpan>) -> Self {
        Self { pieces, source, ..Self::default() }
    }
}

/// How the passages of a tag are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PassageGroup {
    /// By speech, the oldest first.
    #[default]
    Date,
    /// By speech, in the order of the library.
    Speech,
    /// By tag, in the order of the tree, and by date under each.
    Tag,
}

impl PassageGroup {
    /// The next one.
    #[must_use]
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Date => Self::Speech,
            Self::Speech => Self::Tag,
            Self::Tag => Self::Date,
        }
    }

    /// Id of the message that says it.
    #[must_use]
    pub(crate) fn message(self) -> MessageId {
        match self {
            Self::Date => notice::SORT_DATE,
            Self::Speech => notice::SORT_PATH,
            Self::Tag => notice::SORT_TAG,
        }
    }
}

/// Kind of a query over many speeches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuerySubject {
    /// Full-text search.
    Search,
    /// Passages with a tag or a tag below it.
    Tagged {
        /// The tag; for a cell of the counts, its label.
        tag: String,
        /// If set, instead the passages counted in this row and column of the table of counts.
        cell: Option<Box<(CountKey, Option<CountKey>)>>,
        /// How they are grouped.
        group: PassageGroup,
    },
    /// Passages that speeches share, in two columns.
    Shared,
    /// Tags suggested for the untagged sections of a speech.
    Suggestions {
        /// The speech's file.
        path: PathBuf,
    },
    /// Counts of tags.
    Counts,
    /// Two speeches or tags side by side.
    Compare {
        /// The two sides.
        sides: Box<[CompareSide; 2]>,
    },
}

impl QuerySubject {
    /// Message ids of the key hints, and of the text shown for an empty result.
    #[must_use]
    pub fn hints(&self) -> (MessageId, MessageId) {
        match self {
            Self::Search => (id::ACROSS_SEARCH_HINT, id::ACROSS_SEARCH_EMPTY),
            Self::Tagged { .. } => (id::ACROSS_TAGGED_HINT, id::ACROSS_TAGGED_EMPTY),
            Self::Shared => (id::ACROSS_SHARED_HINT, id::ACROSS_SHARED_EMPTY),
            Self::Suggestions { .. } => (id::ACROSS_SUGGESTIONS_HINT, id::ACROSS_SUGGESTIONS_EMPTY),
            Self::Counts => (id::COUNTS_HINT, id::COUNTS_EMPTY),
            Self::Compare { .. } => (id::BESIDE_HINT, id::ACROSS_TAGGED_EMPTY),
        }
    }

    /// Message id of the screen's title.
    #[must_use]
    pub fn message(&self) -> MessageId {
        match self {
            Self::Search => id::ACROSS_SEARCH,
            Self::Tagged { .. } => id::ACROSS_TAGGED,
            Self::Shared => id::ACROSS_SHARED,
            Self::Suggestions { .. } => id::ACROSS_SUGGESTIONS,
            Self::Counts => family::TOPIC.id("counts"),
            Self::Compare { .. } => family::TOPIC.id("beside"),
        }
    }
}

/// A query over many speeches.
#[derive(Debug, Clone)]
pub struct LibraryQuery {
    /// Its number; only the newest query counts.
    pub generation: u64,
    /// Its kind.
    pub subject: QuerySubject,
    /// The search as typed.
    pub input: String,
    /// How words are matched.
    pub mode: MatchMode,
    /// The speeches, in order.
    pub files: Arc<[PathBuf]>,
    /// Their files' fingerprints, in the same order; `None` if unknown.
    pub fingerprints: Arc<[Option<MetadataFingerprint>]>,
    /// Feedback on suggestions, to be recorded before the query runs.
    pub feedback: Vec<SuggestionFeedback>,
}

/// What a query has found.
#[derive(Debug, Clone)]
pub enum QueryFound {
    /// Hits in further speeches.
    Search(SearchResults),
    /// The query is malformed for this reason.
    BadQuery(String),
    /// Passages under a tag.
    Tagged(Vec<TaggedSpeech>),
    /// Passages that speeches share.
    Shared(SharedTexts),
    /// Tags for the untagged sections of a speech.
    Suggestions {
        /// The speech's file.
        path: PathBuf,
        /// The sections.
        sections: Vec<SuggestedSection>,
    },
}

impl Default for QueryFound {
    fn default() -> Self {
        Self::Search(SearchResults::default())
    }
}

/// Further results of a search.
#[derive(Debug, Clone, Default)]
pub struct SearchResults {
    /// The speeches with their hits.
    pub speeches: Vec<FoundSpeech>,
    /// The number of hits that are only counted, and of their speeches.
    pub only_counted: (usize, usize),
    /// Memos of tags and of the project.
    pub memos: Vec<Memo>,
}

/// The results of a query as they are shown, possibly partial.
#[derive(Debug, Clone, Default)]
pub struct QueryResults {
    /// The rows.
    pub rows: Vec<ResultRow>,
    /// Number of hits, including those not in the rows.
    pub count: usize,
    /// Number of speeches with hits.
    pub speeches: usize,
    /// Error in the query.
    pub error: Option<String>,
    /// Whether more results follow.
    pub more: bool,
}

/// Content of a pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompareSide {
    /// A whole speech.
    Speech(PathBuf),
    /// Passages with a tag or one below it, by date.
    Tag(String),
}

/// What is shown side by side.
#[derive(Debug, Clone)]
pub enum ComparedContent {
    /// Two speeches with what became of their sections.
    Speeches(ComparedSpeeches),
    /// Two texts, of which at least one is no speech or cannot be read.
    Sides([ComparedSide; 2]),
}

/// One of two texts side by side.
#[derive(Debug, Clone)]
pub enum ComparedSide {
    /// A speech.
    Speech {
        /// Its file.
        path: PathBuf,
        /// Text and sections.
        document: Arc<Document>,
    },
    /// Passages under a tag.
    Passages {
        /// The tag.
        tag: String,
        /// The speeches with them.
        speeches: Vec<TaggedSpeech>,
    },
    /// A speech that cannot be read.
    Unread,
}

/// What became of the sections of two compared speeches.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComparedOutline {
    /// The share of each speech that the other has, from 0 to 1.
    pub kept: [f64; 2],
    /// The sections, in the order of the second speech. The key of their heads is their index.
    pub entries: Vec<ComparedEntry>,
}

/// A section of two compared speeches.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedEntry {
    /// What became of it.
    pub section: ComparedSection,
    /// Marker and title; empty for what stands before the first section.
    pub name: String,
    /// Number of sections above it.
    pub depth: usize,
    /// Its path in either speech; empty if it is not there.
    pub paths: [String; 2],
}

/// The texts of two panes.
#[derive(Debug, Clone, Default)]
pub(crate) struct ComparedTexts {
    /// Titles and rows.
    pub sides: [(String, Vec<ResultRow>); 2],
    /// What became of the sections, if both are speeches.
    pub outline: Option<ComparedOutline>,
}
