//! The library screen: the list of speeches.
//!
//! Invariant: the visible indices are those of the entries that pass the filter, in sort order; the
//! selection is one of them.

mod columns;
mod completion;
mod filter;
mod order;

use crate::tui::effect::Effect;
use crate::tui::message::{LibraryEntry, LibraryUpdate, StatusMessage};
use crate::tui::widget::ListState;
pub(in crate::tui) use columns::{LENGTH_WIDTH, MIN_HEADS_WIDTH, MINUTES_WIDTH};
use filter::LibraryFilter;
pub(crate) use order::SortOrder;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::attribute::is_attribute_key;
use pizhu_annotation::attribute_type::number_of;
use pizhu_library::parse_cache::MetadataFingerprint;
use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
};

/// Maximum number of speeches listed as read last.
const MAX_RECENT: usize = 10;

/// Files, and their fingerprints in the same order.
type LibraryFiles = (Arc<[PathBuf]>, Arc<[Option<MetadataFingerprint>]>);

/// The library screen.
#[derive(Debug, Clone, Default)]
pub struct LibraryScreen {
    /// The folders and files given on the command line.
    pub roots: Vec<PathBuf>,
    /// Whether they are the built-in samples.
    pub samples: bool,
    entries: Vec<Arc<LibraryEntry>>,
    visible: Vec<usize>,
    /// Number of files of each visible speech that has several, by its entry.
    copies: HashMap<usize, usize>,
    /// The entries that pass the filter and are copies of visible ones.
    hidden: Vec<usize>,
    list: ListState,
    filter: String,
    order: SortOrder,
    reversed: bool,
    /// The attributes that have a column.
    columns: Vec<String>,
    /// Those of them that a visible speech has.
    filled_columns: Vec<String>,
    /// The visible entries whose titles others have too.
    shared_titles: HashSet<usize>,
    /// Whether a visible speech has tags.
    has_tags: bool,
    scanning: bool,
    /// Whether files have changed during the scan.
    rescan_pending: bool,
    /// Number of files read so far, during a scan.
    read: Option<usize>,
    /// Cached result of [`Self::files`].
    files: Option<LibraryFiles>,
    /// Cached result of [`Self::distinct_files`].
    distinct_files: Option<LibraryFiles>,
    height: u16,
}

/// The files of entries without errors, with fingerprints.
fn files_of<'a>(entries: &[Arc<LibraryEntry>], indices: impl Iterator<Item = &'a usize>) -> LibraryFiles {
    let readable = indices.map(|index| &entries[*index]).filter(|entry| entry.error.is_empty());
    let (paths, fingerprints): (Vec<_>, Vec<_>) = readable.map(|entry| (entry.path.clone(), entry.fingerprint)).unzip();
    (paths.into(), fingerprints.into())
}

impl LibraryScreen {
    /// A library of folders and files.
    #[must_use]
    pub fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots, ..Self::default() }
    }

    /// The built-in samples in `folder`.
    #[must_use]
    pub fn samples(folder: PathBuf) -> Self {
        Self { roots: vec![folder], samples: true, ..Self::default() }
    }

    /// Whether there is a library, as opposed to a single speech.
    #[must_use]
    pub(crate) fn has_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    /// All entries.
    #[must_use]
    pub fn entries(&self) -> &[Arc<LibraryEntry>] {
        &self.entries
    }

    /// The entries that pass the filter, in sort order.
    #[must_use]
    pub(crate) fn visible_entries(&self) -> impl ExactSizeIterator<Item = &LibraryEntry> {
        self.visible.iter().map(|index| &*self.entries[*index])
    }

    /// The entry in a row of the list.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&LibraryEntry> {
        self.entries.get(*self.visible.get(row)?).map(|entry| &**entry)
    }

    /// The selected position.
    #[must_use]
    pub fn list(&self) -> &ListState {
        &self.list
    }

    /// The filter text.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The sort order.
    #[must_use]
    pub(crate) fn order(&self) -> SortOrder {
        self.order
    }

    /// Whether a scan is running.
    #[must_use]
    pub(crate) fn is_scanning(&self) -> bool {
        self.scanning
    }

    /// The selected entry.
    #[must_use]
    pub fn selected(&self) -> Option<&LibraryEntry> {
        self.row(self.list.selected())
    }

    /// The selected entry, shared.
    #[must_use]
    pub(crate) fn selected_entry(&self) -> Option<&Arc<LibraryEntry>> {
        self.entries.get(self.selected_index()?)
    }

    /// Sets the list's height in rows.
    pub(crate) fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.list.step(0, self.visible.len(), self.height);
    }

    /// Handles a change of the files: rescans, or if a scan is running, defers that to its end.
    pub(crate) fn on_change(&mut self) -> Option<Effect> {
        self.rescan_pending = self.scanning;
        (!self.scanning).then(|| self.rescan())
    }

    /// Starts a scan.
    pub(crate) fn rescan(&mut self) -> Effect {
        self.scanning = true;
        Effect::Scan { roots: self.roots.clone() }
    }

    /// The rescan that [`Self::on_change`] has deferred, once the scan is done.
    pub(crate) fn take_pending_rescan(&mut self) -> Option<Effect> {
        (!self.scanning && std::mem::take(&mut self.rescan_pending)).then(|| self.rescan())
    }

    /// Applies an update; the same entry stays selected.
    pub(crate) fn apply_update(&mut self, update: LibraryUpdate) {
        let LibraryUpdate { reset, entries, read } = update;
        let selected = self.visible.get(self.list.selected()).copied();
        let mut target = selected;
        if reset {
            let path = selected.map(|index| self.entries[index].path.clone());
            self.entries.clear();
            target = path.and_then(|path| {
                let same = |(_, entry): &&(usize, Arc<LibraryEntry>)| entry.path.as_os_str() == path.as_os_str();
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

    /// Number of files read so far, during a scan.
    #[must_use]
    pub fn read(&self) -> Option<usize> {
        self.read
    }

    /// Files of the visible entries without errors, in order, with fingerprints.
    pub fn files(&mut self) -> LibraryFiles {
        let Self { files, visible, hidden, entries, .. } = self;
        // A copy may have annotations of its own.
        files.get_or_insert_with(|| files_of(entries, visible.iter().chain(hidden.iter()))).clone()
    }

    /// Files of the visible entries without errors, each text once: without the copies that the list folds.
    pub(crate) fn distinct_files(&mut self) -> LibraryFiles {
        let Self { distinct_files, visible, entries, .. } = self;
        distinct_files.get_or_insert_with(|| files_of(entries, visible.iter())).clone()
    }

    /// Moves the selection; returns whether it changed.
    pub(crate) fn select_by(&mut self, steps: isize) -> bool {
        let before = self.list.selected();
        self.list.step(steps, self.visible.len(), self.height);
        self.list.selected() != before
    }

    /// Selects a row.
    pub fn select(&mut self, row: usize) {
        self.list.select(row, self.visible.len(), self.height);
    }

    /// Sets the filter; see [`LibraryFilter`] for its syntax.
    pub(crate) fn set_filter(&mut self, filter: &str) {
        filter.clone_into(&mut self.filter);
        self.refresh(self.selected_index());
    }

    /// Marks the speech of a file as wanted at hand, or not.
    pub(crate) fn set_favourite(&mut self, path: &std::path::Path, is_favourite: bool) {
        let selected = self.selected_index();
        for entry in self.entries.iter_mut().filter(|entry| entry.path == path) {
            *entry = Arc::new(LibraryEntry { favourite: is_favourite, ..(**entry).clone() });
        }
        self.refresh(selected);
    }

    /// Switches to the next sort order; returns a message that names it.
    pub(crate) fn sort_next(&mut self) -> StatusMessage {
        let orders: Vec<SortOrder> = SortOrder::ALL.into_iter().chain((0..self.columns.len()).map(SortOrder::Attribute)).collect();
        let at = orders.iter().position(|order| *order == self.order).unwrap_or(0);
        self.order = orders[(at + 1) % orders.len()];
        self.reversed = false;
        self.sort(self.selected_index());
        let message = StatusMessage::done(self.order.message());
        match self.order {
            SortOrder::Attribute(column) => message.with("attribute", &self.columns[column]),
            _ => message,
        }
    }

    /// Sorts by a column: the one that it is sorted by already, the other way round.
    pub(crate) fn sort_by(&mut self, order: SortOrder) {
        self.reversed = self.order == order && !self.reversed;
        self.order = order;
        self.sort(self.selected_index());
    }

    /// Whether the list runs from the largest to the smallest.
    #[must_use]
    pub(crate) fn is_descending(&self) -> bool {
        self.order.is_descending() != self.reversed
    }

    /// Reverses the order; returns whether it is reversed now.
    pub(crate) fn reverse_order(&mut self) -> bool {
        self.reversed = !self.reversed;
        self.sort(self.selected_index());
        self.reversed
    }

    /// The order as the settings have it: `date`, reversed `-date`.
    #[must_use]
    pub(crate) fn order_name(&self) -> String {
        let sign = if self.reversed { "-" } else { "" };
        match self.order {
            SortOrder::Attribute(column) => format!("{sign}attr.{}", self.columns.get(column).map_or("", String::as_str)),
            order => format!("{sign}{}", order.name()),
        }
    }

    /// Sets the order by its name in the settings; an unknown one is that of the names.
    pub(crate) fn set_order(&mut self, name: &str) {
        self.reversed = name.starts_with('-');
        let name = name.trim_start_matches('-');
        let column = name.strip_prefix("attr.").and_then(|key| self.columns.iter().position(|own| own == key));
        let order = column.map(SortOrder::Attribute).or_else(|| SortOrder::ALL.into_iter().find(|order| order.name() == name));
        self.order = order.unwrap_or_default();
        self.sort(self.selected_index());
    }

    /// Sets the attributes that have a column, from a list of keys with blanks or commas between.
    pub(crate) fn set_columns(&mut self, keys: &str) {
        let order = self.order_name();
        let keys = keys.split([' ', ',', '，', '、', '\u{3000}']).filter(|key| is_attribute_key(key));
        self.columns = keys.map(str::to_owned).fold(Vec::new(), |mut columns, key| {
            if !columns.contains(&key) {
                columns.push(key);
            }
            columns
        });
        self.set_order(&order);
    }

    /// The attributes that have a column with something in it.
    #[must_use]
    pub(crate) fn filled_columns(&self) -> &[String] {
        &self.filled_columns
    }

    /// The attributes that have a column.
    #[must_use]
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The speeches read last, the latest first.
    #[must_use]
    pub(crate) fn recently_read(&self) -> Vec<&LibraryEntry> {
        let mut read: Vec<&LibraryEntry> =
            self.entries.iter().map(|entry| &**entry).filter(|entry| entry.opened.is_some() && entry.error.is_empty()).collect();
        // A copy has the place of the speech that was read.
        read.sort_by_key(|entry| (std::cmp::Reverse(entry.opened), entry.hash));
        read.dedup_by(|one, other| one.opened == other.opened && one.hash.is_some() && one.hash == other.hash);
        read.truncate(MAX_RECENT);
        read
    }

    /// Whether a listed speech has tags.
    #[must_use]
    pub(crate) fn has_tags(&self) -> bool {
        self.has_tags
    }

    /// The order of a filled column.
    #[must_use]
    pub(crate) fn order_of_column(&self, key: &str) -> Option<SortOrder> {
        self.columns.iter().position(|own| own == key).map(SortOrder::Attribute)
    }

    /// The file name of the entry in a row, if another visible speech has the same title.
    #[must_use]
    pub(crate) fn file_in_row(&self, row: usize) -> Option<String> {
        let index = self.visible.get(row).filter(|index| self.shared_titles.contains(index))?;
        let path = &self.entries.get(*index)?.path;
        // In several folders the names may be equal too.
        let parts: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
        Some(parts.into_iter().rev().collect::<Vec<_>>().join("/"))
    }

    fn selected_index(&self) -> Option<usize> {
        self.visible.get(self.list.selected()).copied()
    }

    /// Number of files of the speech in a row.
    #[must_use]
    pub(crate) fn copies_in_row(&self, row: usize) -> usize {
        self.visible.get(row).and_then(|index| self.copies.get(index)).copied().unwrap_or(1)
    }

    /// Hides the entries that have the text and the tags of an earlier one.
    fn hide_copies(&mut self) {
        self.copies.clear();
        self.hidden.clear();
        let mut first: HashMap<SpeechHash, Vec<usize>> = HashMap::new();
        let (entries, copies, hidden) = (&self.entries, &mut self.copies, &mut self.hidden);
        self.visible.retain(|index| {
            let entry = &entries[*index];
            let Some(hash) = entry.hash.filter(|hash| entry.error.is_empty() && !hash.is_of_no_letters()) else { return true };
            let same_text = first.entry(hash).or_default();
            let Some(original) = same_text.iter().find(|first| entries[**first].tags == entry.tags) else {
                same_text.push(*index);
                return true;
            };
            *copies.entry(*original).or_insert(1) += 1;
            hidden.push(*index);
            false
        });
    }

    /// Recomputes the visible entries, and selects entry `target` if it is among them.
    fn refresh(&mut self, target: Option<usize>) {
        let entries = &self.entries;
        (self.files, self.distinct_files) = (None, None);
        self.visible.clear();
        if self.filter.trim().is_empty() {
            self.visible.extend(0..entries.len());
        } else {
            let filter = LibraryFilter::parse(&self.filter);
            self.visible.extend((0..entries.len()).filter(|index| filter.matches(&entries[*index])));
        }
        self.hide_copies();
        let entries = &self.entries;
        let mut titles: HashMap<&str, Vec<usize>> = HashMap::new();
        for index in &self.visible {
            titles.entry(entries[*index].title.as_str()).or_default().push(*index);
        }
        self.has_tags = self.visible.iter().any(|index| !entries[*index].tags.is_empty());
        self.shared_titles = titles.into_values().filter(|same| same.len() > 1).flatten().collect();
        self.sort(target);
    }

    /// Sorts the visible entries, and selects entry `target` if it is among them.
    fn sort(&mut self, target: Option<usize>) {
        (self.files, self.distinct_files) = (None, None);
        // The sorts are stable: ties stay in the order of names.
        self.visible.sort_unstable();
        let entries = &self.entries;
        match self.order {
            SortOrder::Name => {}
            SortOrder::Date => self.visible.sort_by_cached_key(|index| u32::MAX - date_number(&entries[*index].date)),
            SortOrder::Title => self.visible.sort_by(|a, b| entries[*a].title.cmp(&entries[*b].title)),
            SortOrder::Length => self.visible.sort_by_cached_key(|index| usize::MAX - entries[*index].chars),
            SortOrder::Tags => {
                self.visible
                    .sort_by_cached_key(|index| u32::MAX - entries[*index].tags.iter().map(|(_, count)| *count as u32).sum::<u32>());
            }
            // Begun, then unread, then finished.
            SortOrder::Progress => self.visible.sort_by_cached_key(|index| match entries[*index].percent {
                Some(100) => (2, 0),
                Some(percent) => (0, 100 - percent),
                None => (1, 0),
            }),
            SortOrder::Attribute(column) => {
                let key = self.columns.get(column).map_or("", String::as_str);
                let value = |index: &usize| entries[*index].attributes.get(key);
                self.visible.sort_by(|a, b| compare_values(value(a), value(b)));
            }
        }
        if self.reversed {
            self.visible.reverse();
        }
        let has_value = |key: &&String| self.visible.iter().any(|index| entries[*index].attributes.get(key).is_some());
        self.filled_columns = self.columns.iter().filter(has_value).cloned().collect();
        let row = target.and_then(|target| match (self.order, self.reversed) {
            (SortOrder::Name, false) => self.visible.binary_search(&target).ok(),
            _ => self.visible.iter().position(|index| *index == target),
        });
        let row = row.unwrap_or_else(|| self.list.selected());
        self.list.select(row, self.visible.len(), self.height);
    }
}

/// The order of two values of an attribute: numbers by their value, none last.
fn compare_values(one: Option<&str>, other: Option<&str>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => match (number_of(one), number_of(other)) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => one.cmp(other),
        },
        _ => one.is_none().cmp(&other.is_none()),
    }
}

/// The digits of a date as a number (`2021-03-04` → 20210304); 0 if there are none.
fn date_number(date: &str) -> u32 {
    date.bytes().filter(u8::is_ascii_digit).take(8).fold(0, |day, digit| day * 10 + u32::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_library::attributes::Attributes;
    use std::collections::BTreeMap;

    fn entry(name: &str, date: &str, percent: Option<u8>) -> LibraryEntry {
        let title = format!("{name}的讲话");
        LibraryEntry { path: PathBuf::from(name), title, date: date.to_owned(), percent, ..LibraryEntry::default() }
    }

    #[test]
    fn sorting_and_filtering_keep_selection() {
        let mut library = LibraryScreen::new(vec![PathBuf::from("a")]);
        library.apply_update(LibraryUpdate::full(vec![
            entry("甲", "2021-01-01", Some(100)),
            LibraryEntry { tags: vec![(pizhu_annotation::TagRef::derived("人才工作"), 2)], ..entry("乙", "2023-01-01", None) },
            LibraryEntry { chars: 9, ..entry("丙", "2022-01-01", Some(40)) },
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
        assert_eq!(library.visible_entries().len(), 1);
        assert_eq!(library.files().0.len(), 1);
        library.set_filter("tag:人才");
        assert_eq!(library.selected().unwrap().title, name);
        library.set_filter("没有");
        assert!(library.selected().is_none());
        assert!(library.files().0.is_empty());
    }

    #[test]
    fn columns_of_attributes_sort_by_their_values() {
        let with = |name: &str, people: &str| LibraryEntry {
            attributes: Attributes::of_values([("人数", people)], &BTreeMap::new()),
            ..entry(name, "", None)
        };
        let mut library = LibraryScreen::new(vec![PathBuf::from("a")]);
        library.apply_update(LibraryUpdate::full(vec![with("甲", "1000"), with("乙", ""), with("丙", "230"), with("丁", "不详")]));
        library.set_columns("place，人数 人数");
        assert_eq!((library.columns().len(), library.filled_columns()), (2, ["人数".to_owned()].as_slice()));
        let names =
            |library: &LibraryScreen| -> String { library.visible_entries().map(|entry| entry.path.display().to_string()).collect() };
        library.set_order("attr.人数");
        assert_eq!((names(&library), library.order_name()), ("丙甲丁乙".into(), "attr.人数".into()), "numbers, other texts, none");
        library.set_order("progress");
        let keys: Vec<String> = (0..2).map(|_| library.sort_next().arguments.into_iter().map(|(_, key)| key).collect()).collect();
        assert_eq!(keys, ["place", "人数"], "the columns follow the other orders");
        library.set_columns("place");
        assert_eq!(library.order_name(), "name", "of a column that is gone nothing is ordered by");
    }

    #[test]
    fn equal_titles_are_told_apart_by_file() {
        let mut library = LibraryScreen::new(vec![PathBuf::from("a")]);
        let titled = |path: &str, title: &str| LibraryEntry { title: title.to_owned(), ..entry(path, "", None) };
        library.apply_update(LibraryUpdate::full(vec![titled("a/甲.txt", "讲话"), titled("b/甲.txt", "讲话"), titled("b/乙.txt", "报告")]));
        let files: Vec<Option<String>> = (0..3).map(|row| library.file_in_row(row)).collect();
        assert_eq!(files, [Some("a/甲.txt".to_owned()), Some("b/甲.txt".to_owned()), None]);
    }

    #[test]
    fn the_order_is_reversed_and_remembered_by_name() {
        let mut library = LibraryScreen::new(vec![PathBuf::from("a")]);
        library.apply_update(LibraryUpdate::full(vec![
            entry("甲", "2021-01-01", None),
            entry("乙", "2023-01-01", None),
            entry("丙", "2022-01-01", None),
        ]));
        let names =
            |library: &LibraryScreen| -> String { library.visible_entries().map(|entry| entry.path.display().to_string()).collect() };
        assert_eq!((names(&library), library.order_name()), ("甲乙丙".into(), "name".into()));
        library.select(0);
        assert!(library.reverse_order());
        assert_eq!((names(&library), library.order_name(), library.list().selected()), ("丙乙甲".into(), "-name".into(), 2));
        library.sort_next();
        assert_eq!((names(&library), library.order_name()), ("乙丙甲".into(), "date".into()));
        library.set_order("-date");
        assert_eq!(names(&library), "甲丙乙");
        library.set_order("no such order");
        assert_eq!(library.order_name(), "name");
    }

    #[test]
    fn speeches_read_last_come_first() {
        let mut library = LibraryScreen::new(vec![PathBuf::from("a")]);
        let read =
            |name: &str, second: i64| LibraryEntry { opened: jiff::Timestamp::from_second(second).ok(), ..entry(name, "", Some(40)) };
        let mut all: Vec<LibraryEntry> = (1..=12).map(|second| read(&format!("{second}"), second)).collect();
        all.push(entry("未读", "", None));
        library.apply_update(LibraryUpdate::full(all));
        let recent: Vec<String> = library.recently_read().iter().map(|entry| entry.path.display().to_string()).collect();
        assert_eq!(recent.len(), 10);
        assert_eq!(recent[..2], ["12", "11"]);
    }

    /// 20 copies were 20 rows.
    #[test]
    fn copies_are_one_row_with_their_number() {
        let hash: SpeechHash = "1".repeat(32).parse().unwrap();
        let copy = |name: &str| LibraryEntry { hash: Some(hash), ..entry(name, "", None) };
        let apart = LibraryEntry { tags: vec![(pizhu_annotation::TagRef::derived("作风"), 1)], ..copy("丁") };
        let mut library = LibraryScreen::new(vec![PathBuf::from("a")]);
        library.apply_update(LibraryUpdate::full(vec![copy("甲"), entry("乙", "", None), copy("丙"), apart, copy("戊")]));
        let rows: Vec<(String, usize)> =
            (0..3).map(|row| (library.row(row).unwrap().path.display().to_string(), library.copies_in_row(row))).collect();
        assert_eq!(rows, [("甲".to_owned(), 3), ("乙".to_owned(), 1), ("丁".to_owned(), 1)]);
        assert_eq!(library.visible_entries().len(), 3);
        assert_eq!(library.files().0.len(), 5);
        library.set_filter("戊");
        assert_eq!(library.row(0).unwrap().path, PathBuf::from("戊"), "found by its own name");
    }

    #[test]
    fn updates_append_and_replace() {
        let mut library = LibraryScreen::new(vec![PathBuf::from("a")]);
        library.apply_update(LibraryUpdate { read: Some(0), ..LibraryUpdate::full(vec![entry("甲", "", None), entry("乙", "", None)]) });
        library.select(1);
        assert!(library.is_scanning());
        let changed = |index, entry: LibraryEntry| (index, Arc::new(entry.with_search_key()));
        library.apply_update(LibraryUpdate {
            reset: false,
            entries: vec![changed(2, entry("丙", "", None)), changed(0, entry("甲", "2020-01-01", None))],
            read: Some(1),
        });
        assert_eq!((library.visible_entries().len(), library.read(), library.row(0).unwrap().date.as_str()), (3, Some(1), "2020-01-01"));
        assert_eq!(library.selected().unwrap().path, PathBuf::from("乙"));
        library.apply_update(LibraryUpdate::full(vec![entry("丁", "", None), entry("戊", "", None), entry("乙", "", None)]));
        assert!(!library.is_scanning());
        assert_eq!(library.selected().unwrap().path, PathBuf::from("乙"));
    }
}
