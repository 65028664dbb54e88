//! A foldable tree, shown as a list of rows.
//!
//! The state knows only the depth of each node, in pre-order (a parent before its children); labels
//! are the caller's.

use super::list::ListState;

/// A visible row of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeRow {
    /// The index of the node.
    pub node: usize,
    /// The node's depth, 0 at the top.
    pub depth: u16,
    /// Whether its children are hidden; `None` for a leaf.
    pub folded: Option<bool>,
}

/// The nodes of a tree by depth, which of them are folded, and the selected one.
///
/// Invariants: `rows` are the nodes without a folded ancestor, in order; the selected node is one of
/// them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TreeState {
    depths: Vec<u16>,
    folded: Vec<bool>,
    rows: Vec<usize>,
    list: ListState,
}

impl TreeState {
    /// A tree of nodes with these depths, all unfolded.
    #[must_use]
    pub fn new(depths: Vec<u16>) -> Self {
        let mut tree = Self { folded: vec![false; depths.len()], depths, ..Self::default() };
        tree.rebuild_rows();
        tree
    }

    /// Replaces the nodes; `old` maps a new node to its previous index, if it existed. Folds and selection
    /// are kept.
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
        next.rebuild_rows();
        *self = next;
        if let Some(node) = at {
            self.reveal(node, height);
        }
        self.list.step(0, self.rows.len(), height);
    }

    /// The number of nodes, hidden ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.depths.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.depths.is_empty()
    }

    /// The number of visible rows.
    #[must_use]
    pub(crate) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// The visible row `index`.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<TreeRow> {
        let node = *self.rows.get(index)?;
        Some(TreeRow { node, depth: self.depths[node], folded: self.has_children(node).then(|| self.folded[node]) })
    }

    /// The selected node.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.rows.get(self.list.selected()).copied()
    }

    /// The list of visible rows, for the mouse and for drawing.
    #[must_use]
    pub fn list(&self) -> &ListState {
        &self.list
    }

    /// Moves the selection by `steps` rows; `height` is the number of rows on screen, here and below.
    pub fn step(&mut self, steps: isize, height: u16) {
        self.list.step(steps, self.rows.len(), height);
    }

    /// Moves the selection by pages of `height` rows.
    pub fn page(&mut self, pages: isize, height: u16) {
        self.list.page(pages, self.rows.len(), height);
    }

    /// Selects the visible row `index`.
    pub(crate) fn select_row(&mut self, index: usize, height: u16) {
        self.list.select(index, self.rows.len(), height);
    }

    /// Selects `node`, or its nearest visible ancestor if it is hidden.
    pub(crate) fn follow(&mut self, node: usize, height: u16) {
        let row = self.rows.partition_point(|row| *row <= node).saturating_sub(1);
        self.list.select(row, self.rows.len(), height);
    }

    /// Selects `node` and unfolds its ancestors.
    pub(crate) fn reveal(&mut self, node: usize, height: u16) {
        let mut above = self.parent(node);
        while let Some(parent) = above {
            self.folded[parent] = false;
            above = self.parent(parent);
        }
        self.rebuild_rows();
        self.follow(node, height);
    }

    /// Whether the children of `node` are hidden.
    #[must_use]
    pub(crate) fn is_folded(&self, node: usize) -> bool {
        self.folded.get(node).copied().unwrap_or(false)
    }

    /// Folds or unfolds `node`.
    pub(crate) fn set_folded(&mut self, node: usize, folded: bool, height: u16) {
        if node < self.folded.len() {
            self.set_folds(height, |tree, other| if other == node { folded && tree.has_children(node) } else { tree.folded[other] });
        }
    }

    /// Folds every node at `depth` or deeper and unfolds the others: 0 shows only the top nodes, a large
    /// depth shows all.
    pub(crate) fn fold_to(&mut self, depth: u16, height: u16) {
        self.set_folds(height, |tree, node| tree.depths[node] >= depth && tree.has_children(node));
    }

    /// The parent of `node`.
    #[must_use]
    pub fn parent(&self, node: usize) -> Option<usize> {
        let depth = *self.depths.get(node)?;
        (0..node).rev().find(|other| self.depths[*other] < depth)
    }

    /// Whether `node` has children.
    #[must_use]
    pub(crate) fn has_children(&self, node: usize) -> bool {
        matches!((self.depths.get(node), self.depths.get(node + 1)), (Some(own), Some(next)) if next > own)
    }

    /// Folds the selected node, or selects its parent if it is folded or a leaf (the Left key).
    pub(crate) fn collapse(&mut self, height: u16) {
        let Some(node) = self.selected() else { return };
        if self.has_children(node) && !self.folded[node] {
            self.set_folded(node, true, height);
        } else if let Some(parent) = self.parent(node) {
            self.follow(parent, height);
        }
    }

    /// Unfolds the selected node, or selects its first child (the Right key).
    pub(crate) fn expand(&mut self, height: u16) {
        let Some(node) = self.selected() else { return };
        if self.folded[node] {
            self.set_folded(node, false, height);
        } else if self.has_children(node) {
            self.follow(node + 1, height);
        }
    }

    fn set_folds(&mut self, height: u16, folded: impl Fn(&Self, usize) -> bool) {
        let selected = self.selected();
        self.folded = (0..self.depths.len()).map(|node| folded(self, node)).collect();
        self.rebuild_rows();
        if let Some(node) = selected {
            self.follow(node, height);
        }
    }

    fn rebuild_rows(&mut self) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree 0 > (1 > 2, 3), 4 > 5.
    fn sample() -> TreeState {
        TreeState::new(vec![0, 1, 2, 1, 0, 1])
    }

    fn shown(tree: &TreeState) -> Vec<usize> {
        (0..tree.row_count()).filter_map(|index| tree.row(index)).map(|row| row.node).collect()
    }

    #[test]
    fn folding_hides_descendants() {
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
    fn following_a_hidden_node_selects_its_ancestor() {
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
    fn replacing_the_tree_keeps_folds_and_selection() {
        let mut tree = sample();
        tree.set_folded(1, true, 10);
        tree.follow(4, 10);
        // A new first node shifts all others by one.
        tree.replace(vec![0, 0, 1, 2, 1, 0, 1], |node| node.checked_sub(1), 10);
        assert_eq!(shown(&tree), [0, 1, 2, 4, 5, 6]);
        assert_eq!(tree.selected(), Some(5));
    }

    proptest! {
        #[test]
        fn rows_are_the_nodes_without_a_folded_ancestor(steps in prop::collection::vec(0..3_u16, 0..40), folds in prop::collection::vec((0..40_usize, any::<bool>()), 0..20)) {
            let mut depth = 0_u16;
            let depths: Vec<u16> = steps.iter().enumerate().map(|(index, step)| {
                depth = if index == 0 { 0 } else { (depth + 1).saturating_sub(*step) };
                depth
            }).collect();
            let mut tree = TreeState::new(depths);
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
