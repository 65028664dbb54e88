//! The state of the basket screen.
//!
//! Invariant: `list` is a position among the entries shown.

use crate::tui::message::{EditDirection, StatusMessage, StoreBaskets};
use crate::tui::widget::ListState;
use pizhu_annotation::{Action, BasketItem, BasketList, RecordId};
use pizhu_library::basket::ResolvedEntry;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// An edit that can be undone, and the message that told it.
#[derive(Debug, Clone)]
pub(crate) struct UndoableEdit {
    /// The edit.
    pub(crate) action: Arc<Action>,
    /// What was done.
    pub(crate) told: StatusMessage,
}

/// The edits of baskets in this run, and the basket that passages go to.
#[derive(Debug, Default)]
pub(crate) struct BasketHistory {
    /// The basket used last; `None` for the one that was changed last.
    pub(crate) current: Option<RecordId>,
    /// Edits that can be undone, the last one last.
    pub(crate) done: Vec<UndoableEdit>,
    /// Undone edits that can be redone.
    pub(crate) undone: Vec<UndoableEdit>,
}

impl BasketHistory {
    /// Keeps an edit that was made.
    pub(crate) fn keep(&mut self, edit: UndoableEdit, direction: EditDirection) {
        match direction {
            EditDirection::Forward => {
                self.undone.clear();
                self.done.push(edit);
            }
            EditDirection::Undo => self.undone.push(edit),
            EditDirection::Redo => self.done.push(edit),
        }
    }
}

/// The basket screen.
#[derive(Debug)]
pub(crate) struct BasketScreen {
    /// The speech or folder whose store is shown.
    pub near: Option<PathBuf>,
    /// Whether the baskets have arrived.
    pub loaded: bool,
    /// The entry to select when they arrive.
    pub(crate) next_selected: Option<RecordId>,
    baskets: StoreBaskets,
    list: ListState,
    height: u16,
}

impl BasketScreen {
    /// A screen without entries, until they arrive.
    #[must_use]
    pub(crate) fn new(near: Option<PathBuf>) -> Self {
        Self { near, loaded: false, next_selected: None, baskets: StoreBaskets::default(), list: ListState::default(), height: 1 }
    }

    /// The baskets of the store.
    #[must_use]
    pub(crate) fn all(&self) -> &BasketList {
        &self.baskets.list
    }

    /// The store's folder.
    #[must_use]
    pub(crate) fn store(&self) -> &Path {
        &self.baskets.store
    }

    /// The basket shown.
    #[must_use]
    pub(crate) fn shown(&self) -> Option<RecordId> {
        self.baskets.shown.as_ref().map(|basket| basket.id)
    }

    /// Its name.
    #[must_use]
    pub(crate) fn label(&self) -> &str {
        self.baskets.shown.as_ref().map_or("", |basket| &basket.label)
    }

    /// The entries shown.
    #[must_use]
    pub(crate) fn entries(&self) -> &[ResolvedEntry] {
        self.baskets.shown.as_ref().map(|basket| basket.entries.as_slice()).unwrap_or_default()
    }

    /// The position among the entries.
    #[must_use]
    pub(crate) fn list(&self) -> &ListState {
        &self.list
    }

    /// The selected entry.
    #[must_use]
    pub(crate) fn selected(&self) -> Option<&ResolvedEntry> {
        self.entries().get(self.list.selected())
    }

    /// The level of the headings above an entry, by which it is indented.
    #[must_use]
    pub(crate) fn depth(&self, index: usize) -> u8 {
        let above = self.entries().get(..index).unwrap_or_default();
        let level = above.iter().rev().find_map(|entry| match entry.item {
            BasketItem::Heading { level, .. } => Some(level),
            _ => None,
        });
        match self.entries().get(index).map(|entry| &entry.item) {
            Some(BasketItem::Heading { level, .. }) => level.saturating_sub(1),
            _ => level.unwrap_or(0),
        }
    }

    /// Takes the baskets; the same entry stays selected, unless another one is to be.
    pub(crate) fn set_baskets(&mut self, baskets: StoreBaskets) {
        let before = self.selected().map(|entry| entry.id);
        let is_other = self.shown() != baskets.shown.as_ref().map(|basket| basket.id);
        self.baskets = baskets;
        self.loaded = true;
        let find = |id: RecordId| self.entries().iter().position(|entry| entry.id == id);
        let wanted = self.next_selected.and_then(find);
        let kept = if is_other { Some(0) } else { before.and_then(find) };
        if wanted.is_some() {
            self.next_selected = None;
        }
        let at = wanted.or(kept).unwrap_or(self.list.selected());
        self.select(at);
    }

    /// Sets the number of rows of the list.
    pub(crate) fn resize(&mut self, height: u16) {
        self.height = height.max(1);
        self.select(self.list.selected());
    }

    /// Selects an entry.
    pub(crate) fn select(&mut self, index: usize) {
        self.list.select(index, self.baskets.shown.as_ref().map_or(0, |basket| basket.entries.len()), self.height);
    }

    /// Moves the selection; returns whether it changed.
    pub(crate) fn step(&mut self, steps: isize) -> bool {
        let before = self.list.selected();
        self.list.step(steps, self.entries().len(), self.height);
        self.list.selected() != before
    }

    /// Moves the selection by pages.
    pub(crate) fn page(&mut self, pages: isize) {
        self.step(pages.saturating_mul(isize::from(self.height.max(2).cast_signed()) - 1));
    }
}
