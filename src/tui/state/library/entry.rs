//! One row of the list of speeches, and what the scan tells of them.

use pizhu_annotation::store::TagCounts;
use pizhu_library::digest::Stamp;
use pizhu_text::text::fold::fold_text;
use std::{path::PathBuf, sync::Arc};

/// One speech of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its file.
    pub path: PathBuf,
    /// What its file is known again by; `None` where it has not been looked at since the start.
    pub stamp: Option<Stamp>,
    /// Its title, else its file's name.
    pub title: String,
    /// Its date as YYYY-MM-DD; empty where it gives none.
    pub date: String,
    /// Its length in chars, where all of it has been read; else a third of its bytes.
    pub chars: usize,
    /// Its tags with how often each, the most used first.
    pub tags: TagCounts,
    /// How far it was read, in percent; `None` where it was not opened yet.
    pub percent: Option<u8>,
    /// Why it cannot be opened; empty where it can.
    pub problem: String,
    /// What words are looked for in: title, date and path folded, a line each. Made by
    /// [`Self::keyed`].
    pub key: String,
}

impl Entry {
    /// The entry with its key made.
    #[must_use]
    pub fn keyed(self) -> Self {
        let key = fold_text(&format!("{}\n{}\n{}", self.title, self.date, self.path.display()));
        Self { key, ..self }
    }
}

/// What is told of the speeches: what has come, or changed, since the last was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    /// The list begins anew: what was told before is gone.
    pub anew: bool,
    /// Entries with their places in the list. One just behind the last adds to the list.
    pub entries: Vec<(usize, Arc<Entry>)>,
    /// How many files have been read of those found so far; `None` when all are.
    pub read: Option<usize>,
}

impl Entries {
    /// A whole list.
    #[must_use]
    pub fn whole(entries: Vec<Entry>) -> Self {
        let entries = entries.into_iter().map(|entry| Arc::new(entry.keyed())).enumerate().collect();
        Self { anew: true, entries, read: None }
    }
}
