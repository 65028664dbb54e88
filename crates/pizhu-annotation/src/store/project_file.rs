//! The file of the project's records: memos and baskets that belong to no single speech. RON, one
//! line a record, in the form that speeches' files have.

use super::{
    constants::{PROJECT_FILE, SCHEMA_VERSION, WRITE_SETTLE_DELAY},
    error::StoreError,
    files::is_ron,
    handle::Store,
    speech_file::{is_conflict_marker, parse, push_tombstones_and_records, split_records},
    warning::StoreWarning,
};
use crate::basket::BasketEdit;
use crate::edit::Action;
use crate::merge::{AnnotationEntry, EntryMap, Tombstone, merge, merge_entry};
use crate::record::{RecordLineKind, RecordSet};
use crate::record_change::{RecordChange, changes_between};
use crate::record_merge::apply_record_changes;
use crate::storage::FileFingerprint;
use pizhu_files::regular_file::IrregularFile;
use serde::Deserialize;
use std::{
    io,
    path::{Path, PathBuf},
    thread,
};

/// The content of the project's file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ProjectFile {
    /// The records.
    pub(super) records: RecordSet,
    /// Tombstones of removed ones.
    pub(super) deleted: EntryMap,
}

/// The result of reading the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ProjectOutcome {
    pub(super) file: ProjectFile,
    /// Whether a newer program wrote it.
    pub(super) newer: bool,
    /// Number of unreadable lines, one more if the end is missing.
    pub(super) lost: usize,
}

/// The project's file as it was read, and with its copies.
struct ReadProject {
    outcome: ProjectOutcome,
    /// The content merged with that of the copies.
    united: ProjectFile,
    /// The file's bytes; `None` if there is none.
    bytes: Option<Vec<u8>>,
    copies: Vec<(PathBuf, FileFingerprint)>,
}

#[derive(Deserialize)]
struct ProjectSchema {
    version: u32,
    #[serde(default)]
    deleted: Vec<Tombstone>,
}

impl ProjectFile {
    /// Merges two versions against their base; symmetric.
    pub(super) fn merge(base: &Self, ours: &Self, theirs: &Self) -> Self {
        let mut records = RecordSet::merge(&base.records, &ours.records, &theirs.records);
        let mut deleted = merge(&base.deleted, &ours.deleted, &theirs.deleted);
        records.settle(&mut deleted);
        Self { records, deleted }
    }

    /// The text of the file.
    pub(super) fn to_ron(&self) -> Result<String, ron::Error> {
        let mut text = format!("(\nversion: {SCHEMA_VERSION},\n");
        push_tombstones_and_records(&mut text, &self.deleted, &self.records)?;
        Ok(text)
    }

    /// Reads the file, keeping whatever is readable.
    pub(super) fn from_ron(bytes: &[u8]) -> ProjectOutcome {
        let text = String::from_utf8_lossy(bytes);
        let mut unknown = Vec::new();
        let mut file = Self::default();
        if let Some((rest, records)) = split_records(&text, &mut unknown)
            && let Ok(whole) = parse::<ProjectSchema>(&rest, &mut unknown)
        {
            file.records = records;
            whole.deleted.into_iter().for_each(|tombstone| file.add_tombstone(tombstone));
            file.records.settle(&mut file.deleted);
            return ProjectOutcome { file, newer: whole.version > SCHEMA_VERSION || !unknown.is_empty(), lost: 0 };
        }
        unknown.clear();
        let (mut version, mut lost, mut closed) = (0, 0, false);
        for line in text.lines().map(str::trim) {
            closed = line == ")" || (closed && is_conflict_marker(line));
            let item = line.strip_suffix(',').unwrap_or(line);
            if is_conflict_marker(line) || matches!(item, "" | "(" | ")" | "deleted: [" | "records: [" | "]") {
                continue;
            }
            if let Some(number) = item.strip_prefix("version:").and_then(|number| number.trim().parse::<u32>().ok()) {
                version = version.max(number);
            } else if let Ok(tombstone) = parse::<Tombstone>(item, &mut unknown) {
                file.add_tombstone(tombstone);
            } else if file.records.take_line(item, &mut unknown) == RecordLineKind::Other {
                lost += 1;
            }
        }
        file.records.settle(&mut file.deleted);
        ProjectOutcome { file, newer: version > SCHEMA_VERSION || !unknown.is_empty(), lost: lost + usize::from(!closed) }
    }

    fn add_tombstone(&mut self, tombstone: Tombstone) {
        let (id, entry) = (tombstone.id, AnnotationEntry::Tombstone(tombstone));
        let merged = merge_entry(None, self.deleted.get(&id), Some(&entry)).unwrap_or(entry);
        self.deleted.insert(id, merged);
    }
}

fn is_named_as_project(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("project"))
}

/// Whether the text is the project's file: it has records, but neither a speech nor tags.
pub(super) fn is_project(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let has = |start: &str| text.lines().any(|line| line.trim().starts_with(start));
    has("records: [") && !has("speech:") && !has("tags: [")
}

impl Store {
    fn project_path(&self) -> PathBuf {
        self.location.dir.join(PROJECT_FILE)
    }

    fn read_project(&self) -> Result<ReadProject, StoreError> {
        let path = self.project_path();
        let (outcome, bytes) = match self.storage.read(&path) {
            Ok(bytes) => (ProjectFile::from_ron(&bytes), Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound || IrregularFile::is_passed_over(&error) => {
                (ProjectOutcome::default(), None)
            }
            Err(error) => return Err(StoreError::io(&path)(error)),
        };
        let (mut united, mut copies) = (outcome.file.clone(), Vec::new());
        for path in self.storage.list(&self.location.dir).unwrap_or_default() {
            if path.ends_with(PROJECT_FILE) || !is_ron(&path) || !is_named_as_project(&path) {
                continue;
            }
            let (Ok(fingerprint), Ok(bytes)) = (self.storage.fingerprint(&path), self.storage.read(&path)) else { continue };
            let copy = ProjectFile::from_ron(&bytes);
            // A copy that cannot be read completely is left alone.
            if is_project(&bytes) && !copy.newer && copy.lost == 0 {
                united = ProjectFile::merge(&ProjectFile::default(), &united, &copy.file);
                copies.push((path, fingerprint));
            }
        }
        Ok(ReadProject { outcome, united, bytes, copies })
    }

    /// Whether a file without a speech record is a copy of the project's file, as file syncs leave them.
    pub(super) fn is_project_copy(&self, path: &Path) -> bool {
        is_named_as_project(path) && self.storage.read(path).is_ok_and(|bytes| is_project(&bytes))
    }

    /// The records of the project: memos and baskets.
    ///
    /// # Errors
    /// Fails if they cannot be read.
    pub fn project(&self) -> Result<RecordSet, StoreError> {
        self.recover_once();
        let ReadProject { outcome, united, .. } = self.read_project()?;
        if outcome.lost > 0 && !outcome.newer {
            self.warn(StoreWarning::Damaged { path: self.project_path(), lost: outcome.lost });
        }
        Ok(united.records)
    }

    /// Changes the records of the project and saves them; removed ones leave a tombstone.
    ///
    /// # Errors
    /// Fails if they cannot be read or saved; then nothing has changed.
    pub fn edit_project(&self, author: &str, change: impl Fn(&mut RecordSet)) -> Result<(), StoreError> {
        self.try_edit_project(author, |records| {
            change(records);
            Ok(())
        })
        .map(drop)
    }

    /// Changes the baskets, and saves them; returns what has changed.
    ///
    /// # Errors
    /// Fails if the change is refused, or cannot be saved; then nothing has changed.
    pub fn edit_baskets(&self, author: &str, edits: &[BasketEdit]) -> Result<Vec<RecordChange>, StoreError> {
        self.try_edit_project(author, |records| edits.iter().try_for_each(|edit| edit.apply(records, author)).map_err(StoreError::from))
    }

    fn try_edit_project(
        &self,
        author: &str,
        change: impl Fn(&mut RecordSet) -> Result<(), StoreError>,
    ) -> Result<Vec<RecordChange>, StoreError> {
        let _lock = self.lock()?;
        // What dead processes did came first; if it cannot be saved, it is tried again later.
        let _ = self.recover_locked();
        self.rewrite_project(|project| {
            let before = project.records.clone();
            change(&mut project.records)?;
            project.records.leave_tombstones(&before, author, &mut project.deleted);
            project.records.outlive(&project.deleted);
            project.records.settle(&mut project.deleted);
            Ok(changes_between(&before, &project.records))
        })
    }

    /// Merges actions on the records of the project into its file. Merging one twice changes nothing.
    ///
    /// # Errors
    /// Fails if the file cannot be read or saved; then nothing has changed.
    pub(crate) fn commit_project(&self, actions: &[Action]) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.commit_project_locked(actions)
    }

    /// [`Self::commit_project`] under the store's lock.
    pub(super) fn commit_project_locked(&self, actions: &[Action]) -> Result<(), StoreError> {
        self.rewrite_project(|project| {
            for action in actions {
                apply_record_changes(&mut project.records, &mut project.deleted, action);
            }
            Ok(())
        })
    }

    /// Changes the project's file under the store's lock.
    fn rewrite_project<T>(&self, change: impl Fn(&mut ProjectFile) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let path = self.project_path();
        self.retry_until_unchanged(|| {
            let fingerprint = self.storage.fingerprint(&path).ok();
            let is_unchanged = || self.storage.fingerprint(&path).ok() == fingerprint;
            let ReadProject { outcome, united: mut project, bytes, copies } = self.read_project()?;
            let ProjectOutcome { file: before, newer, lost } = outcome;
            if newer {
                return Err(StoreError::Newer(path.clone()));
            }
            if lost > 0 {
                // Another program may still be writing it.
                thread::sleep(WRITE_SETTLE_DELAY);
                if !is_unchanged() {
                    return Ok(None);
                }
            }
            let done = change(&mut project)?;
            if project == before {
                return Ok(Some(done));
            }
            if lost > 0 {
                let aside = self.put_aside(&path)?;
                self.warn(StoreWarning::PutAside { path: path.clone(), aside });
            }
            if let Some(bytes) = bytes {
                self.back_up(&path, &bytes, false)?;
            }
            let text = project.to_ron().map_err(|_| StoreError::ReadBackMismatch(path.clone()))?;
            if ProjectFile::from_ron(text.as_bytes()) != (ProjectOutcome { file: project, newer: false, lost: 0 }) {
                return Err(StoreError::ReadBackMismatch(path.clone()));
            }
            if !self.replace_if(&path, text.as_bytes(), is_unchanged)? {
                return Ok(None);
            }
            for copy in &copies {
                self.retire(copy)?;
            }
            Ok(Some(done))
        })
    }

    /// Names of files by which this folder is known when it comes back, for edits that wait for it.
    pub(crate) fn project_landmarks(&self) -> Vec<String> {
        let mut names = self.landmark_files();
        names.push(PROJECT_FILE.to_owned());
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::store::location::StoreLocation;
    use std::fs;

    fn memo(text: &str) -> Record {
        Record::Memo { text: text.to_owned() }
    }

    #[test]
    fn records_are_kept_with_those_of_unknown_kinds() {
        let dir = tempfile::tempdir().unwrap();
        let store = || Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
        store().edit_project("甲", |records| _ = records.add("甲", memo("一"))).unwrap();
        let path = dir.path().join("store/project.ron");
        let text = fs::read_to_string(&path).unwrap();
        let strange = "glossary(id:\"x\",terms:[\"甲\"])";
        fs::write(&path, text.replace("records: [\n", &format!("records: [\n{strange},\n"))).unwrap();
        let first = *store().project().unwrap().records().keys().next().unwrap();
        store()
            .edit_project("甲", |records| {
                records.remove(first);
                records.add("甲", memo("二"));
            })
            .unwrap();
        let records = store().project().unwrap();
        assert_eq!((records.records().len(), records.unknown_lines().collect::<Vec<_>>()), (1, vec![strange]));
        assert!(fs::read_to_string(&path).unwrap().contains(&format!("(id:\"{first}\",of:")), "a tombstone");
        assert!(store().take_warnings().is_empty());
        assert!(store().speeches().unwrap().is_empty(), "it is no speech");
        fs::write(&path, text.replace("version: 2", "version: 9")).unwrap();
        assert!(matches!(store().edit_project("甲", |records| _ = records.add("甲", memo("三"))), Err(StoreError::Newer(_))));
    }

    /// The tombstone stayed beside the record, and the file was not what was read back.
    #[test]
    fn a_removed_record_comes_back_with_its_id() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
        store.edit_project("甲", |records| records.set_memo("甲", "一")).unwrap();
        let id = store.project().unwrap().memos()[0].0;
        store.edit_project("甲", |records| _ = records.remove(id)).unwrap();
        store.edit_project("甲", |records| records.put_memo(id, "甲", "一")).unwrap();
        assert_eq!(store.project().unwrap().memos().len(), 1);
    }

    /// As Syncthing and its kin leave them.
    #[test]
    fn a_conflict_copy_is_read_and_merged_at_the_next_write() {
        let dir = tempfile::tempdir().unwrap();
        let store = || Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
        let file = |name: &str| dir.path().join("store").join(name);
        store().edit_project("甲", |records| _ = records.add("甲", memo("一"))).unwrap();
        let copy = "project.sync-conflict-20260102-030405.ron";
        fs::copy(file("project.ron"), file(copy)).unwrap();
        store().edit_project("甲", |records| _ = records.add("甲", memo("二"))).unwrap();
        // The copy, which was edited elsewhere, is there again.
        let mut other = ProjectFile::from_ron(&fs::read(file("project.ron")).unwrap()).file;
        let last = *other.records.records().keys().next_back().unwrap();
        other.records.remove(last);
        other.records.add("乙", memo("三"));
        fs::write(file(copy), other.to_ron().unwrap()).unwrap();
        assert_eq!(store().project().unwrap().records().len(), 3);
        assert!(store().speeches().unwrap().is_empty());
        let writing = store();
        assert!(writing.take_warnings().is_empty());
        writing.edit_project("甲", |records| _ = records.add("甲", memo("四"))).unwrap();
        assert!(!file(copy).exists(), "copied aside");
        assert_eq!(store().project().unwrap().records().len(), 4);
    }

    #[test]
    fn lines_united_by_git_are_read() {
        let mut base = ProjectFile::default();
        let id = base.records.add("甲", memo("一"));
        let mut ours = base.clone();
        ours.records.remove(id);
        ours.records.leave_tombstones(&base.records, "甲", &mut ours.deleted);
        let mut theirs = base.clone();
        theirs.records.add("乙", Record::Favourite);
        let lines = |file: &ProjectFile| file.to_ron().unwrap();
        let united = lines(&ours).replace(")\n", "").replace("],\nrecords: [", &lines(&theirs)) + ")\n";
        let outcome = ProjectFile::from_ron(united.as_bytes());
        let merged = ProjectFile::merge(&base, &ours, &theirs);
        assert_eq!((outcome.file, outcome.newer, outcome.lost), (merged.clone(), false, 0));
        assert_eq!(merged, ProjectFile::merge(&base, &theirs, &ours));
        assert_eq!((merged.records.records().len(), merged.deleted.len()), (1, 1));
    }
}
