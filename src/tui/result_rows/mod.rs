//! The rows in which the results of queries are shown.
//!
//! They are made when the results have arrived: those who find them know nothing of rows.

mod compared;
mod hits;
mod passages;
mod shared;
mod suggestions;

pub(super) use passages::{passage_rows, rows_by_tag};

use super::message::{
    ComparedContent, ComparedSide, ComparedTexts, PassageGroup, QueryFound, QueryResults, QuerySubject, ResultRow, SearchResults,
};
use crate::app::tagged::TaggedSpeech;
use hits::{found_rows, memo_rows, speech_rows};

impl QueryResults {
    /// Adds what a query has found.
    pub(super) fn add(&mut self, found: QueryFound, subject: &QuerySubject) {
        match found {
            QueryFound::Search(SearchResults { speeches, only_counted, memos }) => {
                self.count += speeches.iter().map(|speech| speech.count).sum::<usize>() + only_counted.0 + memos.len();
                self.speeches += speeches.len() + only_counted.1;
                self.rows.extend(speeches.iter().flat_map(found_rows));
                self.rows.extend(memo_rows(&memos));
            }
            QueryFound::BadQuery(error) => self.error = Some(error),
            QueryFound::Tagged(speeches) => {
                self.count = speeches.iter().map(|speech| speech.placed.len()).sum();
                self.speeches = speeches.len();
                self.rows = match subject {
                    QuerySubject::Tagged { tag, cell, group: PassageGroup::Tag } => rows_by_tag(&speeches, tag, cell.is_some()),
                    _ => tagged_rows(&speeches),
                };
            }
            QueryFound::Shared(shared) => {
                self.count = shared.pairs.iter().map(|pair| pair.passages.len()).sum();
                self.speeches = (2 * shared.pairs.len()).min(shared.speeches.len());
                self.rows = shared::shared_rows(&shared);
            }
            QueryFound::Suggestions { path, sections } => {
                self.count = sections.len();
                self.speeches = 1;
                self.rows = sections.iter().flat_map(|section| suggestions::section_rows(&path, section)).collect();
            }
        }
    }
}

/// The passages of all speeches, speech by speech.
fn tagged_rows(speeches: &[TaggedSpeech]) -> Vec<ResultRow> {
    speeches.iter().flat_map(|speech| passage_rows(&speech.path, &speech.document, &speech.placed)).collect()
}

impl ComparedTexts {
    /// The rows of two texts.
    #[must_use]
    pub(super) fn new(content: &ComparedContent) -> Self {
        let side = |side: &ComparedSide| match side {
            ComparedSide::Speech { path, document } => {
                let title = document.metadata.title.as_deref().unwrap_or_default().replace('\n', " ");
                (title, speech_rows(path, document))
            }
            ComparedSide::Passages { tag, speeches } => (tag.clone(), tagged_rows(speeches)),
            ComparedSide::Unread => Default::default(),
        };
        match content {
            ComparedContent::Speeches(compared) => compared::compared_rows(compared),
            ComparedContent::Sides([one, other]) => Self { sides: [side(one), side(other)], outline: None },
        }
    }
}
