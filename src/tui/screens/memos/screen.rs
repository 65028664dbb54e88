//! The state of the memos screen.
//!
//! Invariant: `shown` are the positions in the report of the memos that pass filter and kind, in order.

use super::message::{MemoChange, StoreMemos, is_same_subject, place_words};
use crate::tui::message::StatusMessage;
use crate::tui::widget::ListState;
use pizhu_annotation::{MEMO_KINDS, Memo, MemoSubject};
use pizhu_text::search::NameQuery;
use pizhu_text::text::fold::fold_text;
use std::{path::PathBuf, sync::Arc};

/// A change that can be undone, and the message that told it.
#[derive(Debug, Clone)]
pub(crate) struct DoneMemoEdit {
    /// The change.
    pub(crate) change: Arc<MemoChange>,
    /// What was done.
    pub(crate) told: StatusMessage,
}

/// The memos screen.
#[derive(Debug)]
pub struct MemosScreen {
    /// The speech or folder whose store is shown.
    pub near: Option<PathBuf>,
    /// Whether it was opened from the reader; else from the library.
    pub opened_from_reader: bool,
    /// Whether the memos have arrived.
    pub loaded: bool,
    /// What the open editor writes on; `None` for a new memo of the project.
    pub(crate) editing: Option<MemoSubject>,
    /// Changes that can be undone, the last one last.
    pub(crate) done: Vec<DoneMemoEdit>,
    /// Undone changes that can be redone.
    pub(crate) undone: Vec<DoneMemoEdit>,
    /// The message of the change on its way to be undone or redone.
    pub(crate) undoing: Vec<StatusMessage>,
    report: StoreMemos,
    shown: Vec<usize>,
    list: ListState,
    filter: String,
    kind: Option<&'static str>,
    height: u16,
}

impl MemosScreen {
    /// A screen without memos, until they arrive.
    #[must_use]
    pub fn new(near: Option<PathBuf>, opened_from_reader: bool) -> Self {
        Self {
            near,
            opened_from_reader,
            loaded: false,
            editing: None,
            done: Vec::new(),
            undone: Vec::new(),
            undoing: Vec::new(),
            report: StoreMemos::default(),
            shown: Vec::new(),
            list: ListState::default(),
            filter: String::new(),
            kind: None,
            height: 1,
        }
    }

    /// The memos of the store.
    #[must_use]
    pub fn report(&self) -> &StoreMemos {
        &self.report
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// The position among the rows.
    #[must_use]
    pub fn list(&self) -> &ListState {
        &self.list
    }

    /// The memo of a row.
    #[must_use]
    pub fn memo(&self, row: usize) -> Option<&Memo> {
        self.report.memos.get(*self.shown.get(row)?)
    }

    /// The selected memo.
    #[must_use]
    pub fn selected(&self) -> Option<&Memo> {
        self.memo(self.list.selected())
    }

    /// The filter text.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The kind of memos that is shown; `None` for all.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        self.kind
    }

    /// Takes the memos; the same one stays selected.
    pub(crate) fn set_report(&mut self, report: StoreMemos) {
        let selected = self.selected().map(|memo| memo.subject.clone());
        self.report = report;
        self.loaded = true;
        self.list_rows(selected.as_ref());
    }

    /// Shows only memos whose text, author or place has the words, in either script; names also by pinyin.
    pub(crate) fn set_filter(&mut self, filter: &str) {
        let selected = self.selected().map(|memo| memo.subject.clone());
        filter.clone_into(&mut self.filter);
        self.list_rows(selected.as_ref());
    }

    /// Shows the next kind of memos, and all after the last.
    pub(crate) fn next_kind(&mut self) {
        let next = self.kind.map_or(0, |kind| MEMO_KINDS.iter().position(|other| *other == kind).unwrap_or(0) + 1);
        self.set_kind(MEMO_KINDS.get(next).copied());
    }

    /// Shows memos of a kind only, or all.
    pub(crate) fn set_kind(&mut self, kind: Option<&'static str>) {
        let selected = self.selected().map(|memo| memo.subject.clone());
        self.kind = kind;
        self.list_rows(selected.as_ref());
    }

    fn list_rows(&mut self, selected: Option<&MemoSubject>) {
        let (query, words) = (NameQuery::new(&self.filter), fold_text(self.filter.trim()));
        let fits = |memo: &Memo| {
            let is_kind = self.kind.is_none_or(|kind| kind == memo.kind());
            is_kind
                && (query.is_empty()
                    || fold_text(&memo.text).contains(&words)
                    || query.matches(&place_words(memo))
                    || memo.author.as_deref().is_some_and(|author| query.matches(author)))
        };
        self.shown = self.report.memos.iter().enumerate().filter(|(_, memo)| fits(memo)).map(|(index, _)| index).collect();
        let same = |row: &usize| selected.is_some_and(|selected| is_same_subject(&self.report.memos[*row].subject, selected));
        let row = self.shown.iter().position(same).unwrap_or_else(|| self.list.selected());
        self.list.select(row, self.shown.len(), self.height);
    }

    /// Sets the number of rows of the list.
    pub(crate) fn resize(&mut self, height: u16) {
        self.height = height.max(1);
        self.select_row(self.list.selected());
    }

    /// Moves the selection by rows; returns whether it changed.
    pub(crate) fn step(&mut self, steps: isize) -> bool {
        let before = self.list.selected();
        self.list.step(steps, self.shown.len(), self.height);
        self.list.selected() != before
    }

    /// Moves the selection by pages.
    pub(crate) fn page(&mut self, pages: isize) {
        self.step(pages.saturating_mul(isize::try_from(self.height).unwrap_or(1)));
    }

    /// Selects a row.
    pub(crate) fn select_row(&mut self, row: usize) {
        self.list.select(row, self.shown.len(), self.height);
    }
}
