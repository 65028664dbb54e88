//! A tree that folds, as a list of rows.
//!
//! The tree knows only how deep each node lies, in reading order (a parent before its children);
//! what a node is called is the caller's affair.

use super::list::{List, draw_list};
use super::paint::{Label, Look};
use ratatui::{buffer::Buffer, layout::Rect};

/// One row of the tree as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeRow {
    /// The node.
    pub node: usize,
    /// How deep it lies, 0 at the top.
    pub depth: u16,
    /// Whether its children are hidden; `None` without children.
    pub folded: Option<bool>,
}

/// The nodes of a tree by depth, which of them are folded, and where one is.
///
/// Invariants: `rows` are the nodes no ancestor of which is folded, in order; the selected node
/// is one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    depths: Vec<u16>,
    folded: Vec<bool>,
    rows: Vec<usize>,
    list: List,
}

impl Tree {
    /// A tree of nodes at these depths, all unfolded.
    #[must_use]
    pub fn new(depths: Vec<u16>) -> Self {
        let mut tree = Self { folded: vec![false; depths.len()], depths, ..Self::default() };
        tree.refresh();
        tree
    }

    /// Takes another state of the tree: `old` gives for each new node the one it was, if it was
    /// there. Folds and the selected node are kept.
    pub fn replace(&mut self, depths: Vec<u16>, old: impl Fn(usize) -> Option<usize>, height: u16) {
        let selected = self.selected();
        let mut next = Self::new(depths);
        let mut at = None;
        for node in 0..next.depths.len() {
            let was = old(node);
            next.folded[node] = was.is_some_and(|was| self.folded.get(was).copied().unwrap_or(false));
            if was.is_some() && was == selected {
                at = Some(node);
            }
        }
        next.list = self.list;
        next.refresh();
        *self = next;
        if let Some(node) = at {
            self.reveal(node, height);
        }
        self.list.step(0, self.rows.len(), height);
    }

    /// The number of nodes, hidden ones too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.depths.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.depths.is_empty()
    }

    /// The number of rows that are not folded away.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Row `index` of those not folded away.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<TreeRow> {
        let node = *self.rows.get(index)?;
        Some(TreeRow { node, depth: self.depths[node], folded: self.has_children(node).then(|| self.folded[node]) })
    }

    /// The node one is at.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.rows.get(self.list.selected()).copied()
    }

    /// The position in the list of rows, for the mouse and for drawing.
    #[must_use]
    pub fn list(&self) -> &List {
        &self.list
    }

    /// Moves by `steps` rows; `height` is the number of rows shown, here and below.
    pub fn step(&mut self, steps: isize, height: u16) {
        self.list.step(steps, self.rows.len(), height);
    }

    /// Moves by pages of `height` rows.
    pub fn page(&mut self, pages: isize, height: u16) {
        self.list.page(pages, self.rows.len(), height);
    }

    /// Selects row `index`.
    pub fn select_row(&mut self, index: usize, height: u16) {
        self.list.select(index, self.rows.len(), height);
    }

    /// Selects `node`, or where it is folded away the ancestor that hides it.
    pub fn follow(&mut self, node: usize, height: u16) {
        let row = self.rows.partition_point(|row| *row <= node).saturating_sub(1);
        self.list.select(row, self.rows.len(), height);
    }

    /// Selects `node` and unfolds all above it.
    pub fn reveal(&mut self, node: usize, height: u16) {
        let mut above = self.parent(node);
        while let Some(parent) = above {
            self.folded[parent] = false;
            above = self.parent(parent);
        }
        self.refresh();
        self.follow(node, height);
    }

    /// Whether the children of `node` are hidden.
    #[must_use]
    pub fn is_folded(&self, node: usize) -> bool {
        self.folded.get(node).copied().unwrap_or(false)
    }

    /// Folds or unfolds `node`.
    pub fn set_folded(&mut self, node: usize, folded: bool, height: u16) {
        if node < self.folded.len() {
            self.fold_where(height, |tree, other| if other == node { folded && tree.has_children(node) } else { tree.folded[other] });
        }
    }

    /// Folds every node at `depth` and below, and unfolds those above it; depth 0 shows the top
    /// nodes alone, a depth below all others shows everything.
    pub fn fold_to(&mut self, depth: u16, height: u16) {
        self.fold_where(height, |tree, node| tree.depths[node] >= depth && tree.has_children(node));
    }

    /// The node one level up.
    #[must_use]
    pub fn parent(&self, node: usize) -> Option<usize> {
        let depth = *self.depths.get(node)?;
        (0..node).rev().find(|other| self.depths[*other] < depth)
    }

    /// Whether `node` has children.
    #[must_use]
    pub fn has_children(&self, node: usize) -> bool {
        matches!((self.depths.get(node), self.depths.get(node + 1)), (Some(own), Some(next)) if next > own)
    }

    /// Left: folds the selected node, or goes to its parent where it is folded or a leaf.
    pub fn collapse(&mut self, height: u16) {
        let Some(node) = self.selected() else { return };
        if self.has_children(node) && !self.folded[node] {
            self.set_folded(node, true, height);
        } else if let Some(parent) = self.parent(node) {
            self.follow(parent, height);
        }
    }

    /// Right: unfolds the selected node, or goes to its first child.
    pub fn expand(&mut self, height: u16) {
        let Some(node) = self.selected() else { return };
        if self.folded[node] {
            self.set_folded(node, false, height);
        } else if self.has_children(node) {
            self.follow(node + 1, height);
        }
    }

    fn fold_where(&mut self, height: u16, folded: impl Fn(&Self, usize) -> bool) {
        let selected = self.selected();
        self.folded = (0..self.depths.len()).map(|node| folded(self, node)).collect();
        self.refresh();
        if let Some(node) = selected {
            self.follow(node, height);
        }
    }

    fn refresh(&mut self) {
        self.rows.clear();
        let mut hidden_below = None;
        for (node, depth) in self.depths.iter().enumerate() {
            if hidden_below.is_some_and(|limit| *depth > limit) {
                continue;
            }
            hidden_below = self.folded[node].then_some(*depth);
            self.rows.push(node);
        }
    }
}

/// Draws the rows of a tree that show; `label` words a row (indent and folding sign included).
pub fn draw_tree<'a>(tree: &Tree, area: Rect, buffer: &mut Buffer, look: Look<'_>, label: impl Fn(TreeRow) -> Label<'a>) {
    draw_list(&tree.list, tree.rows.len(), area, buffer, look, |index| tree.row(index).map(&label).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 0 > (1 > 2, 3), 4 > 5
    fn sample() -> Tree {
        Tree::new(vec![0, 1, 2, 1, 0, 1])
    }

    fn shown(tree: &Tree) -> Vec<usize> {
        (0..tree.row_count()).filter_map(|index| tree.row(index)).map(|row| row.node).collect()
    }

    #[test]
    fn folding_hides_what_lies_below() {
        let mut tree = sample();
        tree.set_folded(1, true, 10);
        assert_eq!(shown(&tree), [0, 1, 3, 4, 5]);
        tree.fold_to(0, 10);
        assert_eq!(shown(&tree), [0, 4]);
        tree.fold_to(1, 10);
        assert_eq!(shown(&tree), [0, 1, 3, 4, 5]);
        tree.fold_to(9, 10);
        assert_eq!(shown(&tree), [0, 1, 2, 3, 4, 5]);
        assert_eq!(tree.row(1), Some(TreeRow { node: 1, depth: 1, folded: Some(false) }));
        assert_eq!(tree.row(2), Some(TreeRow { node: 2, depth: 2, folded: None }));
    }

    #[test]
    fn a_hidden_node_gives_its_ancestor_and_can_be_revealed() {
        let mut tree = sample();
        tree.reveal(2, 10);
        tree.fold_to(0, 10);
        assert_eq!(tree.selected(), Some(0));
        tree.follow(2, 10);
        assert_eq!(tree.selected(), Some(0));
        tree.reveal(2, 10);
        assert_eq!(tree.selected(), Some(2));
        tree.collapse(10);
        assert_eq!(tree.selected(), Some(1));
        tree.collapse(10);
        assert!(tree.is_folded(1));
        tree.expand(10);
        tree.expand(10);
        assert_eq!(tree.selected(), Some(2));
    }

    #[test]
    fn another_state_of_the_tree_keeps_folds_and_place() {
        let mut tree = sample();
        tree.set_folded(1, true, 10);
        tree.follow(4, 10);
        // A new first node: all others move on by one.
        tree.replace(vec![0, 0, 1, 2, 1, 0, 1], |node| node.checked_sub(1), 10);
        assert_eq!(shown(&tree), [0, 1, 2, 4, 5, 6]);
        assert_eq!(tree.selected(), Some(5));
    }

    proptest! {
        #[test]
        fn rows_are_what_no_ancestor_hides(steps in prop::collection::vec(0..3_u16, 0..40), folds in prop::collection::vec((0..40_usize, any::<bool>()), 0..20)) {
            let mut depth = 0_u16;
            let depths: Vec<u16> = steps.iter().enumerate().map(|(index, step)| {
                depth = if index == 0 { 0 } else { (depth + 1).saturating_sub(*step) };
                depth
            }).collect();
            let mut tree = Tree::new(depths);
            for (node, folded) in folds {
                tree.set_folded(node, folded, 7);
            }
            for node in 0..tree.len() {
                let mut above = tree.parent(node);
                let mut hidden = false;
                while let Some(parent) = above {
                    hidden |= tree.is_folded(parent);
                    above = tree.parent(parent);
                }
                prop_assert_eq!(shown(&tree).contains(&node), !hidden);
            }
            prop_assert_eq!(tree.selected().is_some(), !tree.is_empty());
        }
    }
}
