//! Which files exist, by one listing of each folder instead of a look at each file.

use super::recorded_file::recorded_file;
use pizhu_annotation::Store;
use pizhu_annotation::store::speech_file::SpeechRecord;
use std::{
    collections::{HashMap, HashSet},
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// Names of the regular files in the folders looked at so far.
#[derive(Debug, Default)]
pub(crate) struct ExistingFiles {
    folders: HashMap<PathBuf, HashSet<OsString>>,
}

impl ExistingFiles {
    /// The file of a store's speech: see [`recorded_file`].
    pub(crate) fn find(&mut self, store: &Store, file: &Path, record: &SpeechRecord) -> Option<PathBuf> {
        let places = store.known_places(record, file);
        let latest = places.last().filter(|path| self.is_listed(path)).cloned();
        latest.or_else(|| recorded_file(&places, record.hash))
    }

    /// The other files of a store's speech than `file`: its copies.
    pub(crate) fn copies(&mut self, places: &[PathBuf], file: &Path) -> Vec<PathBuf> {
        places.iter().filter(|place| *place != file && self.is_listed(place)).cloned().collect()
    }

    /// Whether there is a file at the path.
    pub(crate) fn is_file(&mut self, path: &Path) -> bool {
        self.is_listed(path) || path.is_file()
    }

    /// Whether its folder lists the path as a regular file. A link is not, nor a name that the file
    /// system finds in another case or Unicode form.
    fn is_listed(&mut self, path: &Path) -> bool {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
        if !self.folders.contains_key(folder) {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.file_name());
            self.folders.insert(folder.to_owned(), files.collect());
        }
        self.folders.get(folder).is_some_and(|files| files.contains(name))
    }
}
