//! The list of speeches.
//!
//! Invariant: `shown` are the indices of the entries that pass the filter, in the chosen order;
//! the list's selection is one of them.

use super::Notice;
use crate::{
    annotation::store::TagCounts,
    text::fold::fold_text,
    tui::{effect::Effect, widget::List},
};
use std::{collections::HashMap, path::PathBuf};

/// One speech of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its file.
    pub path: PathBuf,
    /// Its title, else its file's name.
    pub title: String,
    /// Its date as YYYY-MM-DD; empty where it gives none.
    pub date: String,
    /// Its tags with how often each, the most used first.
    pub tags: TagCounts,
    /// How far it was read, in percent; `None` where it was not opened yet.
    pub percent: Option<u8>,
    /// Why it cannot be opened; empty where it can.
    pub problem: String,
}

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By file name.
    #[default]
    Name,
    /// By date, the latest first.
    Date,
    /// By title.
    Title,
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
            Self::Progress => "sort-read",
        }
    }
}

/// The library screen's state.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// What was named on the command line: folders and files.
    pub roots: Vec<PathBuf>,
    /// Whether these are the built-in samples.
    pub samples: bool,
    entries: Vec<Entry>,
    /// The tags last told, for entries that are listed anew.
    tags: HashMap<PathBuf, TagCounts>,
    shown: Vec<usize>,
    list: List,
    filter: String,
    order: Order,
    scanning: bool,
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
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that pass the filter, in order.
    #[must_use]
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.shown.iter().map(|index| &self.entries[*index])
    }

    /// The entry in row `row` of the list.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&Entry> {
        self.entries.get(*self.shown.get(row)?)
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

    /// What reads the list anew.
    pub fn rescan(&mut self) -> Effect {
        self.scanning = true;
        Effect::Scan { roots: self.roots.clone() }
    }

    /// Takes the entries, which keep the tags last told of them; the selected one stays selected.
    /// `more` says that others will come.
    pub fn take(&mut self, entries: Vec<Entry>, more: bool) {
        self.entries = entries;
        self.scanning = more;
        self.put_tags();
        self.refresh();
    }

    /// Takes the tags of all speeches that have any.
    pub fn take_tags(&mut self, tags: HashMap<PathBuf, TagCounts>) {
        self.tags = tags;
        self.put_tags();
        self.refresh();
    }

    fn put_tags(&mut self) {
        for entry in &mut self.entries {
            entry.tags = self.tags.get(&entry.path).cloned().unwrap_or_default();
        }
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

    /// Shows only the entries that hold `filter`.
    pub fn set_filter(&mut self, filter: &str) {
        filter.clone_into(&mut self.filter);
        self.refresh();
    }

    /// Takes the next order; what to say of it.
    pub fn sort_next(&mut self) -> Notice {
        self.order = match self.order {
            Order::Name => Order::Date,
            Order::Date => Order::Title,
            Order::Title => Order::Progress,
            Order::Progress => Order::Name,
        };
        self.refresh();
        Notice::done(self.order.message())
    }

    fn refresh(&mut self) {
        let selected = self.selected().map(|entry| entry.path.clone());
        let wanted = fold_text(self.filter.trim());
        let holds = |entry: &Entry| {
            wanted.is_empty()
                || [&entry.title, &entry.date]
                    .into_iter()
                    .chain(entry.tags.iter().map(|(tag, _)| tag))
                    .any(|text| fold_text(text).contains(&wanted))
                || fold_text(&entry.path.to_string_lossy()).contains(&wanted)
        };
        self.shown = (0..self.entries.len()).filter(|index| holds(&self.entries[*index])).collect();
        let entries = &self.entries;
        match self.order {
            Order::Name => self.shown.sort_by(|a, b| entries[*a].path.cmp(&entries[*b].path)),
            Order::Date => self.shown.sort_by(|a, b| entries[*b].date.cmp(&entries[*a].date)),
            Order::Title => self.shown.sort_by(|a, b| entries[*a].title.cmp(&entries[*b].title)),
            // Begun and not finished, then not begun, then finished.
            Order::Progress => self.shown.sort_by_key(|index| match entries[*index].percent {
                Some(100) => (2, 0),
                Some(percent) => (0, 100 - percent),
                None => (1, 0),
            }),
        }
        let row = selected.and_then(|target| self.shown.iter().position(|index| self.entries[*index].path == target));
        let row = row.unwrap_or_else(|| self.list.selected());
        self.list.select(row, self.shown.len(), self.height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, date: &str, percent: Option<u8>) -> Entry {
        Entry {
            path: PathBuf::from(name),
            title: format!("{name}的讲话"),
            date: date.to_owned(),
            tags: TagCounts::new(),
            percent,
            problem: String::new(),
        }
    }

    #[test]
    fn orders_and_filters_keep_the_selected_entry() {
        let mut library = Library::of(vec![PathBuf::from("a")]);
        library
            .take(vec![entry("甲", "2021-01-01", Some(100)), entry("乙", "2023-01-01", None), entry("丙", "2022-01-01", Some(40))], false);
        library.select(1);
        let name = library.selected().unwrap().title.clone();
        library.sort_next();
        assert_eq!(library.row(0).unwrap().date, "2023-01-01");
        assert_eq!(library.selected().unwrap().title, name);
        library.sort_next();
        library.sort_next();
        assert_eq!(library.shown().map(|entry| entry.percent).collect::<Vec<_>>(), [Some(40), None, Some(100)]);
        library.set_filter("2023");
        assert_eq!(library.shown().len(), 1);
        library.set_filter("人才");
        assert_eq!(library.shown().len(), 0);
        library.set_filter("没有");
        assert!(library.selected().is_none());
    }

    #[test]
    fn tags_told_last_stay_while_the_list_is_read_anew() {
        let tags = |names: &[&str]| names.iter().map(|name| (PathBuf::from(name), vec![("人才工作".to_owned(), 2)])).collect();
        let mut library = Library::of(vec![PathBuf::from("a")]);
        let listed = || vec![entry("甲", "", None), entry("乙", "", None)];
        library.take(listed(), false);
        library.set_filter("人才");
        assert_eq!(library.shown().len(), 0);
        library.take_tags(tags(&["乙"]));
        assert_eq!(library.shown().map(|entry| entry.path.clone()).collect::<Vec<_>>(), [PathBuf::from("乙")]);
        library.take(listed(), true);
        assert_eq!(library.selected().unwrap().tags, [("人才工作".to_owned(), 2)]);
        library.take_tags(tags(&["甲", "乙"]));
        assert_eq!(library.shown().len(), 2);
        library.take_tags(HashMap::new());
        assert_eq!(library.shown().len(), 0);
    }
}
