//! The list of speeches.
//!
//! Invariant: `shown` are the indices of the entries that pass the filter, in the chosen order;
//! the list's selection is one of them.

mod entry;
mod filter;

pub use entry::{Entries, Entry};

use super::Notice;
use pizhu_library::digest::Stamp;
use crate::tui::effect::Effect;
use crate::tui::widget::List;
use filter::Filter;
use std::{path::PathBuf, sync::Arc};

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By folder and file name, as they are found.
    #[default]
    Name,
    /// By date, the latest first.
    Date,
    /// By title.
    Title,
    /// By length, the longest first.
    Length,
    /// By number of tags, the most first.
    Tags,
    /// By how far read, the unfinished first.
    Progress,
}

impl Order {
    /// The message that names it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Name => "sort-path",
            Self::Date => "sort-date",
            Self::Title => "sort-title",
            Self::Length => "sort-length",
            Self::Tags => "sort-tags",
            Self::Progress => "sort-read",
        }
    }
}

/// Files, and their stamps in the same order.
pub type Files = (Arc<[PathBuf]>, Arc<[Option<Stamp>]>);

/// The library screen's state.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// What was named on the command line: folders and files.
    pub roots: Vec<PathBuf>,
    /// Whether these are the built-in samples.
    pub samples: bool,
    entries: Vec<Arc<Entry>>,
    shown: Vec<usize>,
    list: List,
    filter: String,
    order: Order,
    scanning: bool,
    /// Something changed while the folders were being read.
    stale: bool,
    /// Files read of those found so far, while folders are read.
    read: Option<usize>,
    /// The files of `shown` with their stamps, once they were asked for.
    files: Option<Files>,
    /// Speeches in the index, while that is being made.
    indexed: Option<usize>,
    height: u16,
}

impl Library {
    /// A library over folders and files.
    #[must_use]
    pub fn of(roots: Vec<PathBuf>) -> Self {
        Self { roots, ..Self::default() }
    }

    /// The built-in samples, which lie in `folder`.
    #[must_use]
    pub fn samples(folder: PathBuf) -> Self {
        Self { roots: vec![folder], samples: true, ..Self::default() }
    }

    /// Whether there is a list to come back to from a speech.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !self.roots.is_empty()
    }

    /// All entries.
    #[must_use]
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// The entries that pass the filter, in order.
    #[must_use]
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.shown.iter().map(|index| &*self.entries[*index])
    }

    /// The entry in row `row` of the list.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&Entry> {
        self.entries.get(*self.shown.get(row)?).map(|entry| &**entry)
    }

    /// The position in the list.
    #[must_use]
    pub fn list(&self) -> &List {
        &self.list
    }

    /// What titles, dates or tags must hold.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The order of the list.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// Whether the folders are being read.
    #[must_use]
    pub fn is_scanning(&self) -> bool {
        self.scanning
    }

    /// The selected entry.
    #[must_use]
    pub fn selected(&self) -> Option<&Entry> {
        self.row(self.list.selected())
    }

    /// Takes the number of rows there are for the list.
    pub fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.list.step(0, self.shown.len(), self.height);
    }

    /// What reads the list anew because something has changed; `None` where that must wait for
    /// the reading under way.
    pub fn changed(&mut self) -> Option<Effect> {
        self.stale = self.scanning;
        (!self.scanning).then(|| self.rescan())
    }

    /// What reads the list anew.
    pub fn rescan(&mut self) -> Effect {
        self.scanning = true;
        Effect::Scan { roots: self.roots.clone() }
    }

    /// What is still to be done when all has been told: see [`Self::changed`].
    pub fn settle(&mut self) -> Option<Effect> {
        (!self.scanning && std::mem::take(&mut self.stale)).then(|| self.rescan())
    }

    /// Takes what is told of the speeches; the selected one stays selected.
    pub fn take(&mut self, listing: Entries) {
        let Entries { anew, entries, read } = listing;
        let selected = self.shown.get(self.list.selected()).copied();
        let mut target = selected;
        if anew {
            let path = selected.map(|index| self.entries[index].path.clone());
            self.entries.clear();
            target = path.and_then(|path| {
                let same = |(_, entry): &&(usize, Arc<Entry>)| entry.path.as_os_str() == path.as_os_str();
                entries.iter().find(same).map(|(index, _)| *index)
            });
        }
        for (index, entry) in entries {
            match self.entries.get_mut(index) {
                Some(old) => *old = entry,
                None => self.entries.push(entry),
            }
        }
        self.read = read;
        self.scanning = read.is_some();
        self.refresh(target);
    }

    /// How many files have been read, while folders are.
    #[must_use]
    pub fn read(&self) -> Option<usize> {
        self.read
    }

    /// The files of the entries that pass the filter and can be opened, in order, and their
    /// stamps.
    pub fn files(&mut self) -> Files {
        let Self { files, shown, entries, .. } = self;
        let all = || shown.iter().map(|index| &entries[*index]).filter(|entry| entry.problem.is_empty());
        let files =
            files.get_or_insert_with(|| (all().map(|entry| entry.path.clone()).collect(), all().map(|entry| entry.stamp).collect()));
        files.clone()
    }

    /// How many speeches are in the index, while that is being made.
    #[must_use]
    pub fn indexed(&self) -> Option<usize> {
        self.indexed
    }

    /// Takes how many are in the index; `None` when it is done.
    pub fn take_indexed(&mut self, indexed: Option<usize>) {
        self.indexed = indexed;
    }

    /// Moves the selection; whether it is another.
    pub fn select_by(&mut self, steps: isize) -> bool {
        let before = self.list.selected();
        self.list.step(steps, self.shown.len(), self.height);
        self.list.selected() != before
    }

    /// Selects a row.
    pub fn select(&mut self, row: usize) {
        self.list.select(row, self.shown.len(), self.height);
    }

    /// Shows only the entries that pass `filter` (see `Filter::typed`).
    pub fn set_filter(&mut self, filter: &str) {
        filter.clone_into(&mut self.filter);
        self.refresh(self.selected_index());
    }

    /// Takes the next order; what to say of it.
    pub fn sort_next(&mut self) -> Notice {
        self.order = match self.order {
            Order::Name => Order::Date,
            Order::Date => Order::Title,
            Order::Title => Order::Length,
            Order::Length => Order::Tags,
            Order::Tags => Order::Progress,
            Order::Progress => Order::Name,
        };
        self.refresh(self.selected_index());
        Notice::done(self.order.message())
    }

    fn selected_index(&self) -> Option<usize> {
        self.shown.get(self.list.selected()).copied()
    }

    /// Works out what is shown, and selects the entry `target` where it is.
    fn refresh(&mut self, target: Option<usize>) {
        let entries = &self.entries;
        self.files = None;
        self.shown.clear();
        if self.filter.trim().is_empty() {
            self.shown.extend(0..entries.len());
        } else {
            let filter = Filter::typed(&self.filter);
            self.shown.extend((0..entries.len()).filter(|index| filter.takes(&entries[*index])));
        }
        match self.order {
            Order::Name => {}
            // What is equal stays in the order of names.
            Order::Date => self.shown.sort_by_cached_key(|index| u32::MAX - day(&entries[*index].date)),
            Order::Title => self.shown.sort_by(|a, b| entries[*a].title.cmp(&entries[*b].title)),
            Order::Length => self.shown.sort_by_cached_key(|index| usize::MAX - entries[*index].chars),
            Order::Tags => {
                self.shown.sort_by_cached_key(|index| u32::MAX - entries[*index].tags.iter().map(|(_, count)| *count as u32).sum::<u32>());
            }
            // Begun and not finished, then not begun, then finished.
            Order::Progress => self.shown.sort_by_cached_key(|index| match entries[*index].percent {
                Some(100) => (2, 0),
                Some(percent) => (0, 100 - percent),
                None => (1, 0),
            }),
        }
        let row = target.and_then(|target| match self.order {
            Order::Name => self.shown.binary_search(&target).ok(),
            _ => self.shown.iter().position(|index| *index == target),
        });
        let row = row.unwrap_or_else(|| self.list.selected());
        self.list.select(row, self.shown.len(), self.height);
    }
}

/// The digits of a date as a number; 0 for none.
fn day(date: &str) -> u32 {
    date.bytes().filter(u8::is_ascii_digit).take(8).fold(0, |day, digit| day * 10 + u32::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, date: &str, percent: Option<u8>) -> Entry {
        let title = format!("{name}的讲话");
        Entry { path: PathBuf::from(name), title, date: date.to_owned(), percent, ..Entry::default() }
    }

    #[test]
    fn orders_and_filters_keep_the_selected_entry() {
        let mut library = Library::of(vec![PathBuf::from("a")]);
        library.take(Entries::whole(vec![
            entry("甲", "2021-01-01", Some(100)),
            Entry { tags: vec![("人才工作".to_owned(), 2)], ..entry("乙", "2023-01-01", None) },
            Entry { chars: 9, ..entry("丙", "2022-01-01", Some(40)) },
        ]));
        library.select(1);
        let name = library.selected().unwrap().title.clone();
        let mut first = || {
            library.sort_next();
            assert_eq!(library.selected().unwrap().title, name, "{:?}", library.order());
            library.row(0).unwrap().path.display().to_string()
        };
        assert_eq!([first(), first(), first(), first(), first(), first()], ["乙", "丙", "丙", "乙", "丙", "甲"]);
        library.set_filter("2023");
        assert_eq!(library.shown().len(), 1);
        assert_eq!(library.files().0.len(), 1);
        library.set_filter("tag:人才");
        assert_eq!(library.selected().unwrap().title, name);
        library.set_filter("没有");
        assert!(library.selected().is_none());
        assert!(library.files().0.is_empty());
    }

    #[test]
    fn what_is_told_later_adds_and_replaces() {
        let mut library = Library::of(vec![PathBuf::from("a")]);
        library.take(Entries { read: Some(0), ..Entries::whole(vec![entry("甲", "", None), entry("乙", "", None)]) });
        library.select(1);
        assert!(library.is_scanning());
        let told = |index, entry: Entry| (index, Arc::new(entry.keyed()));
        library.take(Entries {
            anew: false,
            entries: vec![told(2, entry("丙", "", None)), told(0, entry("甲", "2020-01-01", None))],
            read: Some(1),
        });
        assert_eq!((library.shown().len(), library.read(), library.row(0).unwrap().date.as_str()), (3, Some(1), "2020-01-01"));
        assert_eq!(library.selected().unwrap().path, PathBuf::from("乙"));
        library.take(Entries::whole(vec![entry("丁", "", None), entry("戊", "", None), entry("乙", "", None)]));
        assert!(!library.is_scanning());
        assert_eq!(library.selected().unwrap().path, PathBuf::from("乙"));
    }
}
