//! The tags screen: the tree of the codebook with the use of each tag.
//!
//! Invariant: `nodes` are the tags that pass the filter and their ancestors, in the order of the tree;
//! node n of the tree is tag `nodes[n]`.

use crate::tui::message::{Size, StatusMessage, StoreTags};
use crate::tui::widget::{TreeRow, TreeState};
use pizhu_annotation::{Codebook, CodebookChange, Tag, TagId};
use pizhu_text::search::NameQuery;
use ratatui::layout::Rect;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Minimum width of the screen for details beside the tree.
const MIN_SIDE_WIDTH: u16 = 90;
/// Minimum height of the list for details below the tree.
const MIN_STACKED_HEIGHT: u16 = 12;
/// Rows of the details below the tree, with the line between.
const DETAIL_ROWS: u16 = 6;

/// A change that can be undone, and the message that told it.
#[derive(Debug, Clone)]
pub(crate) struct DoneEdit {
    /// The change.
    pub(crate) change: Arc<CodebookChange>,
    /// What was done.
    pub(crate) told: StatusMessage,
}

/// The tags screen.
#[derive(Debug)]
pub struct TagsScreen {
    /// The speech or folder whose store is shown.
    pub near: Option<PathBuf>,
    /// Whether it was opened from the reader; else from the library.
    pub opened_from_reader: bool,
    /// Whether the codebook has arrived.
    pub loaded: bool,
    /// Whether tags were changed here.
    pub edited: bool,
    /// The tag to select when the codebook arrives.
    pub(crate) next_selected: Option<TagId>,
    /// Changes that can be undone, the last one last.
    pub(crate) done: Vec<DoneEdit>,
    /// Undone changes that can be redone.
    pub(crate) undone: Vec<DoneEdit>,
    /// The message of the change on its way to be undone or redone.
    pub(crate) undoing: Vec<StatusMessage>,
    report: StoreTags,
    nodes: Vec<TagId>,
    tree: TreeState,
    filter: String,
    height: u16,
}

impl TagsScreen {
    /// A screen without tags, until they arrive.
    #[must_use]
    pub fn new(near: Option<PathBuf>, opened_from_reader: bool) -> Self {
        Self {
            near,
            opened_from_reader,
            loaded: false,
            edited: false,
            next_selected: None,
            done: Vec::new(),
            undone: Vec::new(),
            undoing: Vec::new(),
            report: StoreTags::default(),
            nodes: Vec::new(),
            tree: TreeState::default(),
            filter: String::new(),
            height: 1,
        }
    }

    /// The codebook and the use of its tags.
    #[must_use]
    pub fn report(&self) -> &StoreTags {
        &self.report
    }

    /// The codebook.
    #[must_use]
    pub fn book(&self) -> &Codebook {
        &self.report.book
    }

    /// The store's folder.
    #[must_use]
    pub(crate) fn store(&self) -> &Path {
        &self.report.store
    }

    /// The visible tags as a tree.
    #[must_use]
    pub fn tree(&self) -> &TreeState {
        &self.tree
    }

    /// The tag of a row of the tree.
    #[must_use]
    pub(crate) fn tag(&self, row: TreeRow) -> Option<&Tag> {
        self.book().get(*self.nodes.get(row.node)?)
    }

    /// The selected tag.
    #[must_use]
    pub fn selected(&self) -> Option<&Tag> {
        self.book().get(*self.nodes.get(self.tree.selected()?)?)
    }

    /// The filter text.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Takes the codebook; the same tag stays selected, unless another one is to be.
    pub(crate) fn set_report(&mut self, report: StoreTags) {
        let before: HashMap<TagId, usize> = self.nodes.iter().enumerate().map(|(node, id)| (*id, node)).collect();
        self.report = report;
        if !std::mem::replace(&mut self.loaded, true) && !self.filter.is_empty() {
            // What was typed while the tags were on their way selects what it fits best.
            let filter = self.filter.clone();
            return self.set_filter(&filter);
        }
        self.list_nodes();
        let (depths, nodes) = (self.depths(), &self.nodes);
        self.tree.replace(depths, |node| before.get(&nodes[node]).copied(), self.height);
        if let Some(id) = self.next_selected.take() {
            // What another was merged into, or a new name, may not fit the filter.
            if !self.nodes.contains(&id) && self.book().get(id).is_some() {
                self.set_filter("");
            }
            self.select_tag(id);
        }
    }

    /// Selects a tag, if it is listed.
    pub(crate) fn select_tag(&mut self, id: TagId) {
        if let Some(node) = self.nodes.iter().position(|other| *other == id) {
            self.tree.reveal(node, self.height);
        }
    }

    /// Shows only tags whose names or keywords contain `filter`, in either script or by pinyin, and the
    /// tags above them.
    pub(crate) fn set_filter(&mut self, filter: &str) {
        let selected = self.selected().map(|tag| tag.id);
        filter.clone_into(&mut self.filter);
        self.list_nodes();
        self.tree = TreeState::new(self.depths());
        let query = NameQuery::new(filter);
        // A name that was typed is meant rather than a keyword of another tag.
        let rank = |id: TagId| self.book().get(id).and_then(|tag| rank(tag, &query));
        let ranked = self.nodes.iter().enumerate().filter_map(|(node, id)| Some((rank(*id)?, Some(*id) != selected, node)));
        if let Some((.., node)) = ranked.min() {
            self.tree.reveal(node, self.height);
        }
    }

    fn list_nodes(&mut self) {
        let query = NameQuery::new(&self.filter);
        let book = Arc::clone(&self.report.book);
        let tree = book.tree();
        let mut kept: HashSet<TagId> = HashSet::new();
        for (_, tag) in tree.iter().filter(|(_, tag)| matches(tag, &query)) {
            kept.insert(tag.id);
            kept.extend(book.ancestors(tag.id).map(|above| above.id));
        }
        self.nodes = tree.iter().map(|(_, tag)| tag.id).filter(|id| kept.contains(id)).collect();
    }

    fn depths(&self) -> Vec<u16> {
        let depth = |id: &TagId| u16::try_from(self.book().ancestors(*id).count()).unwrap_or(u16::MAX);
        self.nodes.iter().map(depth).collect()
    }

    /// Sets the number of rows of the tree.
    pub(crate) fn resize(&mut self, height: u16) {
        self.height = height.max(1);
        self.tree.step(0, self.height);
    }

    /// Moves the selection by rows; returns whether it changed.
    pub(crate) fn step(&mut self, steps: isize) -> bool {
        let before = self.tree.selected();
        self.tree.step(steps, self.height);
        self.tree.selected() != before
    }

    /// Moves the selection by pages.
    pub(crate) fn page(&mut self, pages: isize) {
        self.tree.page(pages, self.height);
    }

    /// Selects a visible row.
    pub(crate) fn select_row(&mut self, row: usize) {
        self.tree.select_row(row, self.height);
    }

    /// Unfolds the selected tag, or goes to the first one below it; returns whether anything changed.
    pub(crate) fn expand(&mut self) -> bool {
        let before = self.tree.clone();
        self.tree.expand(self.height);
        self.tree != before
    }

    /// Folds the selected tag, or goes to the one above it; returns whether anything changed.
    pub(crate) fn collapse(&mut self) -> bool {
        let before = self.tree.clone();
        self.tree.collapse(self.height);
        self.tree != before
    }
}

/// How well a tag fits what was typed, 0 for its whole name; `None` if it does not.
fn rank(tag: &Tag, query: &NameQuery) -> Option<u8> {
    let chars = tag.name.chars().count();
    match query.find(&tag.name) {
        Some(found) if found == (0..chars) => Some(0),
        Some(found) if found.start == 0 => Some(1),
        Some(_) => Some(2),
        None => matches(tag, query).then_some(3),
    }
}

fn matches(tag: &Tag, query: &NameQuery) -> bool {
    query.is_empty() || query.matches(&tag.name) || query.matches(&tag.english) || tag.keywords.iter().any(|word| query.matches(word))
}

impl Size {
    /// The areas of the tags screen below its head: the tree, and the details of the selected tag beside
    /// or below it; the latter is empty if there is no room.
    #[must_use]
    pub(crate) fn tags_areas(self) -> (Rect, Rect) {
        let area = self.list_area();
        if area.width >= MIN_SIDE_WIDTH {
            let width = (area.width * 2 / 5).min(60);
            let tree = Rect { width: area.width - width - 2, ..area };
            return (tree, Rect { x: tree.right() + 2, width, ..area });
        }
        if area.height >= MIN_STACKED_HEIGHT {
            let tree = Rect { height: area.height - DETAIL_ROWS, ..area };
            return (tree, Rect { y: tree.bottom() + 1, height: DETAIL_ROWS - 1, ..area });
        }
        (area, Rect::default())
    }
}
