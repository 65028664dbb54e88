//! The list of a speech's annotations: all, only those with notes, or filtered.

mod component;
mod update;
pub(in crate::tui) mod view;

use crate::tui::state::ReaderScreen;
use crate::tui::widget::ListState;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_text::search::NameQuery;

/// The list of annotations.
///
/// Invariant: `list` is a position among [`AnnotationList::entries`].
#[derive(Debug)]
pub(in crate::tui) struct AnnotationList {
    /// The selected position.
    pub list: ListState,
    /// Whether only annotations with notes are listed.
    pub notes_only: bool,
    filter: String,
}

impl AnnotationList {
    /// A list without a filter.
    #[must_use]
    pub(in crate::tui) fn new(notes_only: bool) -> Self {
        Self { list: ListState::default(), notes_only, filter: String::new() }
    }

    /// Text that tags, notes or quotes must contain, in either script or by pinyin.
    #[must_use]
    pub(in crate::tui) fn filter(&self) -> &str {
        &self.filter
    }

    /// The annotations listed, in text order.
    #[must_use]
    pub(in crate::tui) fn entries<'a>(&self, reader: &'a ReaderScreen) -> Vec<&'a AnchoredAnnotation> {
        let query = NameQuery::new(&self.filter);
        let matches = |anchored: &&AnchoredAnnotation| {
            let annotation = &anchored.annotation;
            query.is_empty()
                || query.matches(&annotation.note)
                || query.matches(&annotation.selector.quote)
                || reader.annotations.tags(annotation).iter().any(|tag| query.matches(&tag.name))
        };
        reader
            .annotations
            .all()
            .iter()
            .filter(|anchored| !self.notes_only || !anchored.annotation.note.is_empty())
            .filter(matches)
            .collect()
    }

    /// Sets the filter.
    pub(crate) fn set_filter(&mut self, filter: &str, reader: &ReaderScreen) {
        filter.clone_into(&mut self.filter);
        self.list.select(0, self.entries(reader).len(), 1);
    }
}
