//! The reader's outline pane: going to sections, filtering and folding.

use super::{Focus, ReaderScreen};
use crate::tui::screens::reader::outline::parse_filter;
use crate::tui::viewport::Align;
use pizhu_text::search::NameQuery;
use std::collections::BTreeSet;

impl ReaderScreen {
    /// Moves the selection in the outline; returns whether it changed.
    pub(crate) fn outline_select_by(&mut self, steps: isize) -> bool {
        self.outline.step(steps)
    }

    /// Expands the selected entry, or goes to its first child; returns whether anything changed.
    pub(crate) fn outline_expand(&mut self) -> bool {
        self.outline.expand()
    }

    /// Collapses the selected entry, or goes to its parent; returns whether anything changed.
    pub(crate) fn outline_collapse(&mut self) -> bool {
        self.outline.collapse()
    }

    /// Handles a click on a row of the outline, at `column` in cells: on the fold sign it toggles the
    /// fold, else it goes to the section.
    pub(crate) fn outline_click(&mut self, row: u16, column: u16, width: u16) {
        if self.outline.click(row, column, width) {
            self.go_to_outline_section();
        }
    }

    /// Goes to the selected section in the text and focuses the text; returns whether there is one.
    pub(crate) fn go_to_outline_section(&mut self) -> bool {
        let Some(start) = self.outline.selected().and_then(|id| self.document().outline.get(id)).map(|section| section.span.start) else {
            return false;
        };
        self.focus = Focus::Text;
        self.jump_to(start);
        self.viewport.align(Align::Top);
        self.sync_to_cursor();
        true
    }

    /// Shows only entries whose titles or tags contain `filter`, in either script or by
    /// pinyin, and their ancestors. With a leading `#`
    /// only tags count; `#` alone matches any tag.
    pub(crate) fn filter_outline(&mut self, filter: &str) {
        let (needle, tags_only) = parse_filter(filter);
        let mut tagged = BTreeSet::new();
        let query = NameQuery::new(&needle);
        if !needle.is_empty() || tags_only {
            for anchored in self.annotations.all() {
                if let Some(id) = anchored.home_section
                    && self.annotations.tags(&anchored.annotation).iter().any(|tag| query.matches(&tag.name))
                {
                    tagged.insert(id);
                }
            }
        }
        self.outline.set_filter(filter, tagged);
    }

    /// Toggles the fold of the current section, in the focused pane.
    pub(crate) fn toggle_fold(&mut self) -> bool {
        match self.focus {
            Focus::Text => self.fold_text(None),
            Focus::Outline => self.outline.toggle_fold(),
        }
    }

    /// Folds or unfolds the current section, in the focused pane; returns whether anything changed.
    pub(crate) fn set_fold(&mut self, fold: bool) -> bool {
        match self.focus {
            Focus::Text => self.fold_text(Some(fold)),
            Focus::Outline => self.outline.set_fold(fold),
        }
    }

    /// Folds or unfolds everything in the focused pane; returns whether anything changed.
    pub(crate) fn fold_all(&mut self, fold: bool) -> bool {
        match self.focus {
            Focus::Text => self.fold_all_text(fold),
            Focus::Outline => self.outline.fold_all(fold),
        }
    }
}
