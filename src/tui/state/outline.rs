//! The outline beside the text: which entries show, which is selected.
//!
//! Invariant: `nodes` are the sections that pass the filter, with all above them, in reading
//! order; the tree's node n is section `nodes[n]`.

use super::{Focus, Reader};
use pizhu_text::document::Document;
use pizhu_text::document::Outline;
use pizhu_text::document::SectionId;
use pizhu_text::text::fold::fold_text;
use crate::tui::widget::Tree;
use crate::tui::widget::TreeRow;
use std::collections::BTreeSet;

/// What a filter asks for, folded, and whether of tags only.
fn wanted(filter: &str) -> (String, bool) {
    let folded = fold_text(filter.trim());
    match folded.strip_prefix('#') {
        Some(tag) => (tag.trim().to_owned(), true),
        None => (folded, false),
    }
}

/// The outline's state.
#[derive(Debug, Clone)]
pub struct OutlinePane {
    outline: Outline,
    nodes: Vec<SectionId>,
    tree: Tree,
    filter: String,
    /// The sections that hold a tag the filter names.
    tagged: BTreeSet<SectionId>,
    height: u16,
}

impl OutlinePane {
    /// The outline of a document, unfolded.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        let mut pane = Self {
            outline: document.outline.clone(),
            nodes: Vec::new(),
            tree: Tree::default(),
            filter: String::new(),
            tagged: BTreeSet::new(),
            height: 24,
        };
        pane.rebuild(&BTreeSet::new(), None);
        pane
    }

    /// The tree, for drawing.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The section that a row of the tree stands for.
    #[must_use]
    pub fn section(&self, row: TreeRow) -> Option<SectionId> {
        self.nodes.get(row.node).copied()
    }

    /// Cells before an entry of that depth in an outline of that width.
    #[must_use]
    pub fn indent(depth: u16, width: u16) -> u16 {
        depth * if width < 30 { 1 } else { 2 }
    }

    /// What entries must hold to show.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The selected section.
    #[must_use]
    pub fn selected(&self) -> Option<SectionId> {
        self.nodes.get(self.tree.selected()?).copied()
    }

    /// Takes the number of rows there are.
    pub fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.tree.step(0, self.height);
    }

    /// Takes another tree of the text; folds and the selected entry are kept by where they begin.
    pub fn replace(&mut self, document: &Document) {
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
        let (wanted, tags_only) = wanted(&self.filter);
        let sections = self.outline.sections();
        let all = wanted.is_empty() && !tags_only;
        let mut keep = vec![all; sections.len()];
        if !all {
            for (id, section) in self.outline.iter() {
                let titled = || !tags_only && fold_text(&format!("{}{}", section.marker_text, section.shown_title())).contains(&wanted);
                if self.tagged.contains(&id) || titled() {
                    self.outline.ancestors(id).for_each(|above| keep[above.index()] = true);
                }
            }
        }
        self.nodes = self.outline.iter().map(|(id, _)| id).filter(|id| keep[id.index()]).collect();
        let section = |node: usize| sections.at(self.nodes[node].index());
        self.tree = Tree::new((0..self.nodes.len()).map(|node| section(node).depth).collect());
        if all {
            let folds: Vec<usize> = (0..self.nodes.len()).filter(|node| folded.contains(&section(*node).span.start)).collect();
            for node in folds {
                self.tree.set_folded(node, true, self.height);
            }
        }
        if let Some(start) = selected {
            let at = self.nodes.partition_point(|id| sections.at(id.index()).span.start <= start);
            self.tree.follow(at.saturating_sub(1), self.height);
        }
    }

    /// Selects the entry of a section, or the one that hides it.
    pub fn follow(&mut self, section: Option<SectionId>) {
        let Some(id) = section else {
            self.tree.select_row(0, self.height);
            return;
        };
        let node = self.nodes.partition_point(|node| *node <= id).saturating_sub(1);
        if self.tree.selected() != Some(node) {
            self.tree.follow(node, self.height);
        }
    }

    fn set_filter(&mut self, filter: &str, tagged: BTreeSet<SectionId>) {
        self.tagged = tagged;
        let selected = self.selected().and_then(|id| self.outline.get(id)).map(|section| section.span.start);
        let folded = self.folded_starts();
        filter.clone_into(&mut self.filter);
        self.rebuild(&folded, selected);
    }
}

impl Reader {
    /// Moves in the outline; whether the selected entry is another.
    pub fn outline_select_by(&mut self, steps: isize) -> bool {
        let before = self.outline.selected();
        self.outline.tree.step(steps, self.outline.height);
        self.outline.selected() != before
    }

    /// Opens the selected entry, or goes to its first child.
    pub fn outline_enter(&mut self) -> bool {
        let before = self.outline.tree.clone();
        self.outline.tree.expand(self.outline.height);
        self.outline.tree != before
    }

    /// Closes the selected entry, or goes to the one above it.
    pub fn outline_leave(&mut self) -> bool {
        let before = self.outline.tree.clone();
        self.outline.tree.collapse(self.outline.height);
        self.outline.tree != before
    }

    /// A press on a row of the outline, `column` cells from its left: on the sign of a fold it
    /// turns the fold round, else it goes to the section.
    pub fn outline_press(&mut self, row: u16, column: u16, width: u16) {
        let tree = &self.outline.tree;
        let Some(index) = tree.list().entry_at(row, tree.row_count(), self.outline.height) else { return };
        let Some(entry) = tree.row(index) else { return };
        self.outline.tree.select_row(index, self.outline.height);
        match entry.folded {
            Some(folded) if column == OutlinePane::indent(entry.depth, width) => {
                self.outline.tree.set_folded(entry.node, !folded, self.outline.height);
            }
            _ => drop(self.outline_go()),
        }
    }

    /// Goes to the selected entry's section in the text, which gets the keys.
    pub fn outline_go(&mut self) -> bool {
        let Some(start) = self.outline.selected().and_then(|id| self.document().outline.get(id)).map(|section| section.span.start) else {
            return false;
        };
        self.focus = Focus::Text;
        self.jump_to(start);
        self.viewport.align(crate::tui::viewport::Align::Top);
        self.settle();
        true
    }

    /// Shows only the entries that hold `filter` in their titles or the tags in them, with those
    /// above them; with `#` before it, only the tags count, and `#` alone is any tag.
    pub fn filter_outline(&mut self, filter: &str) {
        let (wanted, tags_only) = wanted(filter);
        let mut tagged = BTreeSet::new();
        if !wanted.is_empty() || tags_only {
            for mark in self.notes.all() {
                if let Some(id) = mark.home
                    && self.notes.tags(&mark.annotation).iter().any(|tag| fold_text(tag).contains(&wanted))
                {
                    tagged.insert(id);
                }
            }
        }
        self.outline.set_filter(filter, tagged);
    }

    /// Folds or unfolds the section one is at, in the pane that has the keys.
    pub fn toggle_fold(&mut self) -> bool {
        match self.focus {
            Focus::Text => self.fold_text(None),
            Focus::Outline => {
                let folded = self.outline.tree.selected().is_some_and(|node| self.outline.tree.is_folded(node));
                self.set_fold(!folded)
            }
        }
    }

    /// Folds or unfolds the section one is at, in the pane that has the keys; whether it changed.
    pub fn set_fold(&mut self, fold: bool) -> bool {
        match self.focus {
            Focus::Text => self.fold_text(Some(fold)),
            Focus::Outline => {
                let before = self.outline.tree.clone();
                if let Some(node) = self.outline.tree.selected() {
                    self.outline.tree.set_folded(node, fold, self.outline.height);
                }
                self.outline.tree != before
            }
        }
    }

    /// Folds or unfolds everything in the pane that has the keys; whether it changed.
    pub fn fold_all(&mut self, fold: bool) -> bool {
        match self.focus {
            Focus::Text => self.fold_all_text(fold),
            Focus::Outline => {
                let before = self.outline.tree.clone();
                self.outline.tree.fold_to(if fold { 0 } else { u16::MAX }, self.outline.height);
                self.outline.tree != before
            }
        }
    }
}
