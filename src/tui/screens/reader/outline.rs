//! The outline pane: which entries are visible, and which is selected.
//!
//! Invariant: `nodes` are the sections that pass the filter and their ancestors, in text order; node
//! n of the tree is section `nodes[n]`.

use crate::tui::widget::TreeRow;
use crate::tui::widget::TreeState;
use pizhu_text::document::Document;
use pizhu_text::document::Outline;
use pizhu_text::document::SectionId;
use pizhu_text::search::NameQuery;
use pizhu_text::text::fold::fold_text;
use std::collections::BTreeSet;

/// Parses a filter: the folded text, and whether it matches only tags (`#` prefix).
pub(in crate::tui) fn parse_filter(filter: &str) -> (String, bool) {
    let folded = fold_text(filter.trim());
    match folded.strip_prefix('#') {
        Some(tag) => (tag.trim().to_owned(), true),
        None => (folded, false),
    }
}

/// State of the outline pane.
#[derive(Debug, Clone)]
pub struct OutlinePane {
    outline: Outline,
    nodes: Vec<SectionId>,
    tree: TreeState,
    filter: String,
    /// Sections with a tag that matches the filter.
    tagged: BTreeSet<SectionId>,
    height: u16,
}

impl OutlinePane {
    /// The outline of a document, fully expanded.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        let mut pane = Self {
            outline: document.outline.clone(),
            nodes: Vec::new(),
            tree: TreeState::default(),
            filter: String::new(),
            tagged: BTreeSet::new(),
            height: 24,
        };
        pane.rebuild(&BTreeSet::new(), None);
        pane
    }

    /// The tree of visible entries.
    #[must_use]
    pub fn tree(&self) -> &TreeState {
        &self.tree
    }

    /// The section of a row of the tree.
    #[must_use]
    pub fn section(&self, row: TreeRow) -> Option<SectionId> {
        self.nodes.get(row.node).copied()
    }

    /// Indent of an entry of that depth, in cells, in a pane of `width` cells.
    #[must_use]
    pub fn indent(depth: u16, width: u16) -> u16 {
        depth * if width < 30 { 1 } else { 2 }
    }

    /// The filter text.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The selected section.
    #[must_use]
    pub fn selected(&self) -> Option<SectionId> {
        self.nodes.get(self.tree.selected()?).copied()
    }

    /// Sets the height in rows.
    pub(crate) fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.tree.step(0, self.height);
    }

    /// Takes another outline of the text. Folds and selection are kept by their start offsets.
    pub(crate) fn set_document(&mut self, document: &Document) {
        let folded = self.folded_starts();
        let selected = self.selected().and_then(|id| self.outline.get(id)).map(|section| section.span.start);
        self.outline = document.outline.clone();
        self.rebuild(&folded, selected);
    }

    fn folded_starts(&self) -> BTreeSet<usize> {
        let folded = (0..self.nodes.len()).filter(|node| self.tree.is_folded(*node));
        folded.filter_map(|node| self.outline.get(self.nodes[node])).map(|section| section.span.start).collect()
    }

    fn rebuild(&mut self, folded: &BTreeSet<usize>, selected: Option<usize>) {
        let (needle, tags_only) = parse_filter(&self.filter);
        let sections = self.outline.sections();
        let all = needle.is_empty() && !tags_only;
        let mut keep = vec![all; sections.len()];
        let query = NameQuery::new(&needle);
        if !all {
            for (id, section) in self.outline.iter() {
                let titled = || !tags_only && query.matches(&format!("{}{}", section.marker_text, section.display_title()));
                if self.tagged.contains(&id) || titled() {
                    self.outline.ancestors(id).for_each(|above| keep[above.index()] = true);
                }
            }
        }
        self.nodes = self.outline.iter().map(|(id, _)| id).filter(|id| keep[id.index()]).collect();
        let section = |node: usize| sections.section(self.nodes[node].index());
        self.tree = TreeState::new((0..self.nodes.len()).map(|node| section(node).depth).collect());
        if all {
            let folds: Vec<usize> = (0..self.nodes.len()).filter(|node| folded.contains(&section(*node).span.start)).collect();
            for node in folds {
                self.tree.set_folded(node, true, self.height);
            }
        }
        if let Some(start) = selected {
            let at = self.nodes.partition_point(|id| sections.section(id.index()).span.start <= start);
            self.tree.follow(at.saturating_sub(1), self.height);
        }
    }

    /// Selects the entry of a section, or the folded one that hides it.
    pub(crate) fn select_section(&mut self, section: Option<SectionId>) {
        let Some(id) = section else {
            self.tree.select_row(0, self.height);
            return;
        };
        let node = self.nodes.partition_point(|node| *node <= id).saturating_sub(1);
        if self.tree.selected() != Some(node) {
            self.tree.follow(node, self.height);
        }
    }

    /// Moves the selection; returns whether it changed.
    pub fn step(&mut self, steps: isize) -> bool {
        let before = self.selected();
        self.tree.step(steps, self.height);
        self.selected() != before
    }

    /// Expands the selected entry, or goes to its first child; returns whether anything changed.
    pub(crate) fn expand(&mut self) -> bool {
        self.change_tree(TreeState::expand)
    }

    /// Collapses the selected entry, or goes to its parent; returns whether anything changed.
    pub(crate) fn collapse(&mut self) -> bool {
        self.change_tree(TreeState::collapse)
    }

    /// Toggles the fold of the selected entry; returns whether anything changed.
    pub(crate) fn toggle_fold(&mut self) -> bool {
        let folded = self.tree.selected().is_some_and(|node| self.tree.is_folded(node));
        self.set_fold(!folded)
    }

    /// Folds or unfolds the selected entry; returns whether anything changed.
    pub(crate) fn set_fold(&mut self, fold: bool) -> bool {
        self.change_tree(|tree, height| {
            if let Some(node) = tree.selected() {
                tree.set_folded(node, fold, height);
            }
        })
    }

    /// Folds or unfolds all entries; returns whether anything changed.
    pub(crate) fn fold_all(&mut self, fold: bool) -> bool {
        self.change_tree(|tree, height| tree.fold_to(if fold { 0 } else { u16::MAX }, height))
    }

    /// Changes the tree, given the pane's height; returns whether it is another.
    fn change_tree(&mut self, change: impl FnOnce(&mut TreeState, u16)) -> bool {
        let before = self.tree.clone();
        change(&mut self.tree, self.height);
        self.tree != before
    }

    /// Selects the entry in a row of the pane; on its fold sign, at `column` in cells, toggles its fold.
    /// Returns whether the entry itself was clicked.
    pub fn click(&mut self, row: u16, column: u16, width: u16) -> bool {
        let Some(index) = self.tree.list().entry_at(row, self.tree.row_count(), self.height) else { return false };
        let Some(entry) = self.tree.row(index) else { return false };
        self.tree.select_row(index, self.height);
        match entry.folded {
            Some(folded) if column == Self::indent(entry.depth, width) => {
                self.tree.set_folded(entry.node, !folded, self.height);
                false
            }
            _ => true,
        }
    }

    /// Shows only entries whose titles contain `filter`, or that are among `tagged`, and their ancestors.
    pub(in crate::tui) fn set_filter(&mut self, filter: &str, tagged: BTreeSet<SectionId>) {
        self.tagged = tagged;
        let selected = self.selected().and_then(|id| self.outline.get(id)).map(|section| section.span.start);
        let folded = self.folded_starts();
        filter.clone_into(&mut self.filter);
        self.rebuild(&folded, selected);
    }
}
