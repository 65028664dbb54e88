//! The files of a store: which belongs to a speech, reading it, and writing it whole.

use super::{
    Place, Store, StoreError,
    codebook_file::CODEBOOK,
    sheet::{Reading, Sheet, SpeechRecord, parse},
};
use crate::codebook::Codebook;
use crate::edit::Action;
use crate::identity::SpeechHash;
use crate::merge::Entries;
use crate::merge::Entry;
use crate::merge::merge;
use crate::merge::merge_entry;
use crate::model::Annotation;
use crate::storage::Stamp;
use pizhu_text::document::Document;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    mem,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    thread,
    time::Duration,
};

/// Bytes of a file in which its speech's line is expected.
const HEAD_BYTES: usize = 4096;
/// How often reading is tried while files are merged away.
const ATTEMPTS: usize = 5;
/// How long somebody else may take to write a file.
pub(super) const SETTLE: Duration = Duration::from_millis(150);
/// Former identities and paths kept of a speech.
const FORMER_KEPT: usize = 8;

/// What a speech is found by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechKey {
    /// The identity of its text.
    pub hash: SpeechHash,
    /// Its path as the store names it.
    pub name: String,
    /// Its title, or its file's name.
    pub title: String,
}

impl SpeechKey {
    /// The key of a document read from `path`. Hashes the text: see [`SpeechHash::of`].
    #[must_use]
    pub fn of(place: &Place, document: &Document, path: &Path) -> Self {
        let title = document.metadata.title.as_deref().map(str::to_owned);
        let title = title.unwrap_or_else(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
        Self { hash: SpeechHash::of(&document.source), name: place.document_name(path), title }
    }
}

/// Something the user should know about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The file could not be read whole. What could be is used; this many lines were lost.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Lines nothing could be made of.
        lost: usize,
    },
    /// The damaged file was put aside before it was written anew.
    PutAside {
        /// What the file is.
        path: PathBuf,
        /// Where its old content is now.
        aside: PathBuf,
    },
    /// A conflict copy that a sync program left was merged.
    ConflictMerged(PathBuf),
    /// A newer program wrote the file: it is not changed.
    Newer(PathBuf),
    /// The file was of an older version; a backup of it was kept.
    Migrated {
        /// The file.
        path: PathBuf,
        /// Its old content.
        backup: PathBuf,
    },
    /// Tags were added to the codebook.
    TagsCreated(Vec<String>),
    /// The speech, seen for the first time, is a copy of another and shares its annotations.
    Shared {
        /// The speech.
        path: PathBuf,
        /// The other copy.
        with: PathBuf,
    },
}

/// The annotations of one speech as they are in the store.
#[derive(Debug, Clone, Default)]
pub struct Speech {
    /// Its entries, with the tags' present names.
    pub entries: Entries,
    /// The files they came from, the main one first; none where nothing is saved yet.
    pub files: Vec<(PathBuf, Stamp)>,
    /// What was met in reading.
    pub notices: Vec<Notice>,
    record: Option<SpeechRecord>,
    /// The main file's content.
    bytes: Vec<u8>,
    /// How the files were read.
    pub(super) readings: Vec<Reading>,
}

impl Speech {
    /// The annotations there are.
    pub fn annotations(&self) -> impl Iterator<Item = Arc<Annotation>> {
        self.entries.values().filter_map(Entry::live).cloned().map(Arc::new)
    }

    /// Whose annotations they are; `None` where nothing is saved yet.
    #[must_use]
    pub fn record(&self) -> Option<&SpeechRecord> {
        self.record.as_ref()
    }
}

/// What saving has made of the store.
#[derive(Debug, Clone, Default)]
pub struct Committed {
    /// The entries as they are now on the disk, others' edits among them.
    pub entries: Entries,
    /// What the user should know.
    pub notices: Vec<Notice>,
}

/// A file and whose annotations it says it holds; `None` where it does not say.
pub(super) type Head = (PathBuf, Option<Arc<SpeechRecord>>);

/// The speech's line of each file, as long as the file has not changed.
#[derive(Debug, Default)]
pub(super) struct Index {
    heads: HashMap<PathBuf, (Stamp, Option<Arc<SpeechRecord>>)>,
    /// Copies of the codebook that a sync program left beside it.
    codebooks: Vec<PathBuf>,
}

/// Told the file's path and its new content before a fold replaces it.
pub(in crate) type AboutTo<'a> = &'a mut dyn FnMut(&Path, &[u8]) -> Result<(), StoreError>;

/// How well a file's record fits a key; the best comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The same text at the same path, which the user set apart.
    Own,
    /// The same text at the same path.
    Both,
    /// The same text elsewhere: moved, or another copy.
    Text,
    /// A text this speech had formerly, elsewhere.
    Former,
    /// Another text at the same path: edited.
    Path,
}

/// `hash` is `None` for a speech whose text was not read: of the files that name its path, the one
/// last seen there comes first.
fn fit(record: &SpeechRecord, hash: Option<SpeechHash>, name: &str) -> Option<Fit> {
    let path = record.paths.iter().any(|path| path == name);
    let text = match hash {
        Some(hash) => record.hash == hash,
        None => record.paths.last().is_some_and(|path| path == name),
    };
    match (text, path) {
        (true, true) => Some(if record.apart { Fit::Own } else { Fit::Both }),
        (false, true) => Some(Fit::Path),
        _ if record.apart => None,
        (true, false) => Some(Fit::Text),
        (false, false) => hash.is_some_and(|hash| record.formerly.contains(&hash)).then_some(Fit::Former),
    }
}

/// Those of `heads` that belong to the speech of this hash and name, the main one first.
pub(super) fn fitting<'a>(heads: impl IntoIterator<Item = &'a Head>, hash: Option<SpeechHash>, name: &str) -> Vec<PathBuf> {
    let mut fits: Vec<(Fit, usize, &PathBuf)> = Vec::new();
    let own_name = hash.map(|hash| base_name(name, hash));
    for (path, record) in heads {
        let fit = match record {
            Some(record) => fit(record, hash, name),
            // Damaged so that only its name tells whose it is.
            None => path.file_stem().is_some_and(|stem| Some(&*stem.to_string_lossy()) == own_name.as_deref()).then_some(Fit::Path),
        };
        if let Some(fit) = fit {
            fits.push((fit, path.as_os_str().len(), path));
        }
    }
    // A conflict copy has the longer name.
    fits.sort();
    let Some(best) = fits.first().map(|(fit, ..)| *fit) else { return Vec::new() };
    fits.into_iter().filter(|(fit, ..)| *fit == best).map(|(.., path)| path.clone()).collect()
}

impl Store {
    /// The files of speeches, each with the speech's line. Reads only what has changed since it
    /// was last asked.
    pub(super) fn heads(&self) -> Result<Vec<Head>, StoreError> {
        let dir = &self.place.dir;
        let paths = self.storage.list(dir).map_err(StoreError::io(dir))?;
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let mut heads = HashMap::with_capacity(paths.len());
        let mut found = Vec::new();
        let mut codebooks = Vec::new();
        for path in paths {
            if !is_ron(&path) || path.ends_with(CODEBOOK) {
                continue;
            }
            // A file that goes while we look is not there.
            let Ok(stamp) = self.storage.stamp(&path) else { continue };
            let head = match index.heads.remove(&path) {
                Some((old, head)) if old == stamp => head,
                _ => match self.read_record(&path) {
                    Ok(record) => record.map(Arc::new),
                    Err(error) if error.is_not_found() => continue,
                    // Whoever needs this one is told by reading it; the other speeches have
                    // nothing to do with it.
                    Err(_) => {
                        found.push((path, None));
                        continue;
                    }
                },
            };
            // A speech's file may be called so, too.
            if head.is_none() && is_codebook(&path) {
                codebooks.push(path.clone());
            } else {
                found.push((path.clone(), head.clone()));
            }
            heads.insert(path, (stamp, head));
        }
        index.heads = heads;
        index.codebooks = codebooks;
        Ok(found)
    }

    /// Looks for copies of the codebook; [`Self::heads`] sees them by the way.
    pub(super) fn find_codebooks(&self) -> Result<(), StoreError> {
        let dir = &self.place.dir;
        let mut paths = self.storage.list(dir).map_err(StoreError::io(dir))?;
        paths.retain(|path| is_ron(path) && !path.ends_with(CODEBOOK) && is_codebook(path));
        paths.retain(|path| matches!(self.read_record(path), Ok(None)));
        self.index.lock().unwrap_or_else(PoisonError::into_inner).codebooks = paths;
        Ok(())
    }

    /// The copies of the codebook that were last found.
    pub(super) fn codebook_copies(&self) -> Vec<PathBuf> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner).codebooks.clone()
    }

    fn read_record(&self, path: &Path) -> Result<Option<SpeechRecord>, StoreError> {
        let head = self.storage.read_head(path, HEAD_BYTES).map_err(StoreError::io(path))?;
        let text = String::from_utf8_lossy(&head);
        let line = text.lines().find_map(|line| line.trim().strip_prefix("speech:"));
        if let Some(Ok(record)) = line.map(|line| parse(line.trim_end().trim_end_matches(','), &mut Vec::new())) {
            return Ok(Some(record));
        }
        let whole = self.storage.read(path).map_err(StoreError::io(path))?;
        Ok(Sheet::from_ron(&whole).speech)
    }

    /// The records of all speeches with annotations, with their files.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn speeches(&self) -> Result<Vec<(PathBuf, Arc<SpeechRecord>)>, StoreError> {
        self.recover_once();
        Ok(self.heads()?.into_iter().filter_map(|(path, record)| Some((path, record?))).collect())
    }

    /// The files that belong to a speech, the main one first.
    fn files_of(&self, key: &SpeechKey) -> Result<Vec<PathBuf>, StoreError> {
        Ok(fitting(&self.heads()?, Some(key.hash), &key.name))
    }

    /// The files of a speech, and what tells that one has changed.
    pub(in crate) fn files_now(&self, key: &SpeechKey) -> Result<Vec<(PathBuf, Stamp)>, StoreError> {
        let with_stamp = |path: PathBuf| {
            let stamp = self.storage.stamp(&path).map_err(StoreError::io(&path))?;
            Ok((path, stamp))
        };
        self.files_of(key)?.into_iter().map(with_stamp).collect()
    }

    /// The annotations of a speech.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn load(&self, key: &SpeechKey) -> Result<Speech, StoreError> {
        self.recover_once();
        let mut speech = self.load_listed(|| self.files_of(key))?;
        let shared = speech.record.as_ref().and_then(|record| self.shared_with(key, record));
        speech.notices.extend(shared);
        Ok(speech)
    }

    /// What is in the files that `list` names, which may be merged away while they are read.
    fn load_listed(&self, list: impl Fn() -> Result<Vec<PathBuf>, StoreError>) -> Result<Speech, StoreError> {
        for _ in 1..ATTEMPTS {
            let files = list()?;
            match self.load_files(&files, &self.read_codebook()?.book) {
                Err(error) if error.is_not_found() => {}
                other => return other,
            }
        }
        self.load_files(&list()?, &self.read_codebook()?.book)
    }

    /// The annotations in one of the files that [`Self::speeches`] names.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn load_file(&self, path: &Path) -> Result<Speech, StoreError> {
        self.recover_once();
        self.load_files(&[path.to_owned()], &self.read_codebook()?.book)
    }

    pub(super) fn load_files(&self, files: &[PathBuf], book: &Codebook) -> Result<Speech, StoreError> {
        let mut speech = Speech::default();
        for path in files {
            let stamp = self.storage.stamp(path).map_err(StoreError::io(path))?;
            let bytes = self.storage.read(path).map_err(StoreError::io(path))?;
            let mut reading = self.recent.read(&bytes);
            if reading.is_newer() {
                speech.notices.push(Notice::Newer(path.clone()));
            } else if !reading.is_whole() {
                speech.notices.push(Notice::Damaged { path: path.clone(), lost: reading.lost.len() });
            }
            let entries: Entries =
                mem::take(&mut reading.entries).into_iter().map(|(id, entry)| (id, with_present_tags(entry, book))).collect();
            if speech.files.is_empty() {
                speech.bytes = bytes;
                speech.entries = entries;
            } else {
                speech.entries = merge(&Entries::new(), &speech.entries, &entries);
            }
            speech.record = match (speech.record.take(), reading.speech.clone()) {
                (Some(main), Some(copy)) => Some(copy.joined(main)),
                (main, copy) => main.or(copy),
            };
            speech.files.push((path.clone(), stamp));
            speech.readings.push(reading);
        }
        Ok(speech)
    }

    /// Merges actions into the store and writes it: when this returns, they are on the disk.
    ///
    /// # Errors
    /// When the store cannot be read or written; then it is as it was.
    pub fn commit(&self, key: &SpeechKey, actions: &[Action]) -> Result<Committed, StoreError> {
        self.commit_with(key, actions, &mut |_, _| Ok(()))
    }

    /// [`Self::commit`], telling what is about to be written where.
    pub(in crate) fn commit_with(
        &self,
        key: &SpeechKey,
        actions: &[Action],
        about_to: AboutTo<'_>,
    ) -> Result<Committed, StoreError> {
        let _lock = self.lock()?;
        // Whoever writes next sees to it that a dead process's half-done writing is told apart.
        self.recover_before(key)?;
        self.sweep_drafts();
        self.fold(key, actions, about_to)
    }

    /// [`Self::commit`] under the store's lock. Editors and sync programs know nothing of the
    /// lock: where a file was changed while it was being read and merged, it is done again.
    pub(super) fn fold(&self, key: &SpeechKey, actions: &[Action], about_to: AboutTo<'_>) -> Result<Committed, StoreError> {
        self.persist(|| self.try_fold(key, actions, about_to))
    }

    /// Puts aside a file that was merged into another; `false` where somebody has changed it since,
    /// or taken it away, so that it is left for the next time.
    pub(super) fn retire(&self, file: &(PathBuf, Stamp)) -> Result<bool, StoreError> {
        if !self.is_unchanged(std::slice::from_ref(file)) {
            return Ok(false);
        }
        self.put_aside(&file.0)?;
        if !self.is_unchanged(std::slice::from_ref(file)) {
            return Ok(false);
        }
        self.storage.remove(&file.0).map_err(StoreError::io(&file.0))?;
        Ok(true)
    }

    /// Whether a file is as it was when `files` were listed.
    pub(super) fn is_unchanged(&self, files: &[(PathBuf, Stamp)]) -> bool {
        files.iter().all(|(path, stamp)| self.storage.stamp(path).is_ok_and(|now| now == *stamp))
    }

    /// [`Self::fold`], `None` where somebody changed a file meanwhile.
    fn try_fold(&self, key: &SpeechKey, actions: &[Action], about_to: AboutTo<'_>) -> Result<Option<Committed>, StoreError> {
        let files = self.files_of(key)?;
        let mut there = self.read_codebook()?;
        let mut speech = match self.load_files(&files, &there.book) {
            Err(error) if error.is_not_found() => return Ok(None),
            other => other?,
        };
        if let Some(newer) = speech.readings.iter().position(Reading::is_newer) {
            return Err(StoreError::Newer(speech.files[newer].0.clone()));
        }
        if !speech.readings.iter().all(Reading::is_whole) {
            // It may be half written by somebody who is still at it.
            thread::sleep(SETTLE);
            if !self.is_unchanged(&speech.files) {
                return Ok(None);
            }
        }
        let before = speech.entries.clone();
        for action in actions {
            apply(&mut speech.entries, action, &there.book);
        }
        let record = updated(speech.record.clone(), key);
        let mut notices = Vec::new();
        let changed =
            speech.entries != before || speech.record.as_ref() != Some(&record) || speech.readings.iter().any(|reading| reading.repaired);
        if changed || speech.files.len() > 1 {
            let created = add_unknown_tags(&mut there.book, &speech.entries);
            if !created.is_empty() {
                notices.extend(self.write_codebook(there)?.into_iter().map(Notice::ConflictMerged));
                notices.push(Notice::TagsCreated(created));
            }
            let path = speech.files.first().map_or_else(|| self.new_path(key), |(path, _)| path.clone());
            for ((path, _), reading) in speech.files.iter().zip(&speech.readings) {
                if !reading.is_whole() {
                    let aside = self.put_aside(path)?;
                    notices.push(Notice::PutAside { path: path.clone(), aside });
                }
            }
            if !speech.bytes.is_empty() {
                let older = speech.readings.first().is_some_and(|reading| reading.version < super::sheet::VERSION);
                if let Some(backup) = self.back_up(&path, &speech.bytes, older)?
                    && older
                {
                    notices.push(Notice::Migrated { path: path.clone(), backup });
                }
            }
            let sheet = Sheet { speech: record, entries: speech.entries };
            let text = self.checked_text(&sheet, &path)?;
            about_to(&path, text.as_bytes())?;
            // A new file does not take the place of one that has just come, either.
            let still = || self.is_unchanged(&speech.files) && (!speech.files.is_empty() || self.storage.stamp(&path).is_err());
            if !self.replace_if(&path, text.as_bytes(), still)? {
                return Ok(None);
            }
            // The annotations are safe; a history that cannot be written takes nothing from them.
            let _ = self.record_history(&path, &actions.iter().collect::<Vec<_>>());
            for copy in speech.files.iter().skip(1) {
                // What it held is in the main file now.
                if self.retire(copy)? {
                    notices.push(Notice::ConflictMerged(copy.0.clone()));
                }
            }
            return Ok(Some(Committed { entries: sheet.entries, notices }));
        }
        Ok(Some(Committed { entries: speech.entries, notices }))
    }

    /// A path for a new file.
    pub(super) fn new_path(&self, key: &SpeechKey) -> PathBuf {
        let base = base_name(&key.name, key.hash);
        let mut path = self.place.dir.join(format!("{base}.ron"));
        let mut n = 2;
        while self.storage.stamp(&path).is_ok() {
            path = self.place.dir.join(format!("{base}-{n}.ron"));
            n += 1;
        }
        path
    }
}

/// The name of a speech's file without `.ron`: the speech's own, so that people find it, and its
/// hash.
fn base_name(name: &str, hash: SpeechHash) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    let clean: String = stem.chars().filter(|c| c.is_alphanumeric() || "-_（）()、《》".contains(*c)).collect();
    // File names are limited to 255 bytes in most places, 143 in some.
    let short = &clean[..clean.floor_char_boundary(96)];
    let hash = hash.to_string();
    if short.is_empty() { hash } else { format!("{short}-{}", &hash[..8]) }
}

/// Whether a path is that of a file of the store.
fn is_ron(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.extension().is_some_and(|extension| extension == "ron") && !name.starts_with('.')
}

/// Whether a file that is no speech's is a copy of the codebook.
fn is_codebook(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("codebook"))
}

fn with_present_tags(entry: Entry, book: &Codebook) -> Entry {
    match entry {
        Entry::Live(annotation) => Entry::Live(Annotation { tags: book.current(&annotation.tags), ..annotation }),
        dead @ Entry::Dead(_) => dead,
    }
}

/// Merges what an action did into the entries.
pub(in crate) fn apply(entries: &mut Entries, action: &Action, book: &Codebook) {
    for change in &action.changes {
        let Some(id) = change.id() else { continue };
        let base = change.base().map(|entry| with_present_tags(entry, book));
        let result = change.result(&action.author, action.at).map(|entry| with_present_tags(entry, book));
        let there = entries.remove(&id);
        // What is not there although the action started from it was removed by hand.
        if let Some(merged) = merge_entry(base.as_ref(), there.as_ref(), result.as_ref()) {
            entries.insert(id, merged);
        }
    }
}

/// The record after the speech was seen as `key` says.
fn updated(record: Option<SpeechRecord>, key: &SpeechKey) -> SpeechRecord {
    let Some(mut record) = record else {
        return SpeechRecord {
            hash: key.hash,
            paths: vec![key.name.clone()],
            title: key.title.clone(),
            formerly: Vec::new(),
            apart: false,
        };
    };
    record.see(key);
    record
}

impl SpeechRecord {
    /// Notes that the speech was seen as `key` says.
    pub(super) fn see(&mut self, key: &SpeechKey) {
        if !self.paths.contains(&key.name) {
            self.paths.push(key.name.clone());
            let surplus = self.paths.len().saturating_sub(FORMER_KEPT);
            self.paths.drain(..surplus);
        }
        if self.hash != key.hash && !self.formerly.contains(&key.hash) {
            self.formerly.push(self.hash);
            self.hash = key.hash;
            let surplus = self.formerly.len().saturating_sub(FORMER_KEPT);
            self.formerly.drain(..surplus);
        }
        self.title.clone_from(&key.title);
    }
}

/// Adds the tags that annotations have and the codebook has not.
fn add_unknown_tags(book: &mut Codebook, entries: &Entries) -> Vec<String> {
    let used: BTreeSet<&String> = entries.values().filter_map(Entry::live).flat_map(|annotation| &annotation.tags).collect();
    used.into_iter().filter(|name| book.add_unknown(name)).cloned().collect()
}
