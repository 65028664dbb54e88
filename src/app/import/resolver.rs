//! Finding the speeches that a file to import is about.

use super::request::{ImportRequest, SpeechReader};
use crate::app::existing_files::ExistingFiles;
use pizhu_annotation::{SpeechHash, Store, StoreError};
use pizhu_library::exchange::import::{ImportEntry, ImportSpeech, ImportText};
use pizhu_library::source::{SourceError, Speech};
use std::{
    collections::{BTreeMap, HashMap},
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// What a file calls a speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct DocumentName<'a> {
    /// Path or file name.
    pub(super) name: &'a str,
    /// Hash that identifies its text.
    pub(super) hash: Option<SpeechHash>,
    /// Its title.
    pub(super) title: Option<&'a str>,
}

/// Finds the speech that an imported entry belongs to.
pub(super) struct SpeechResolver<'a> {
    store: &'a Store,
    import_folder: &'a Path,
    existing: ExistingFiles,
    /// Paths of the speeches in the store by their present and former hashes.
    store_index: HashMap<SpeechHash, PathBuf>,
    /// Candidate files for entries whose path does not resolve.
    files: &'a [PathBuf],
    /// The candidate files by their names and by the stems of their names; `None` for several.
    by_file_name: HashMap<OsString, Option<usize>>,
    by_stem: HashMap<OsString, Option<usize>>,
    opened: BTreeMap<PathBuf, (SpeechHash, Speech)>,
    /// The opened speeches by hash (the first path) and by title (`None` for several), once all are
    /// open.
    by_text: HashMap<SpeechHash, PathBuf>,
    by_title: HashMap<String, Option<PathBuf>>,
    all_opened: bool,
}

impl<'a> From<&'a ImportEntry> for DocumentName<'a> {
    fn from(entry: &'a ImportEntry) -> Self {
        Self { name: &entry.document, hash: entry.document_hash, title: entry.document_title.as_deref() }
    }
}

impl<'a> From<&'a ImportSpeech> for DocumentName<'a> {
    fn from(speech: &'a ImportSpeech) -> Self {
        Self { name: &speech.document, hash: speech.document_hash, title: speech.document_title.as_deref() }
    }
}

impl<'a> From<&'a ImportText> for DocumentName<'a> {
    fn from(text: &'a ImportText) -> Self {
        Self { name: &text.document, hash: Some(text.hash), title: None }
    }
}

impl<'a> SpeechResolver<'a> {
    pub(super) fn new(request: &ImportRequest<'a>) -> Result<Self, StoreError> {
        let store = request.store;
        let mut store_index = HashMap::new();
        let mut existing = ExistingFiles::default();
        for (file, record) in store.speeches()? {
            let hashes = std::iter::once(record.hash).chain(record.former_hashes.iter().copied());
            let Some(path) = existing.find(store, &file, &record) else { continue };
            for hash in hashes {
                store_index.entry(hash).or_insert_with(|| path.clone());
            }
        }
        let files = request.candidates;
        let (by_file_name, by_stem) = (unique_names(files, Path::file_name), unique_names(files, Path::file_stem));
        Ok(Self {
            store,
            import_folder: request.file.parent().unwrap_or(Path::new(".")),
            existing,
            store_index,
            files,
            by_file_name,
            by_stem,
            opened: BTreeMap::new(),
            by_text: HashMap::new(),
            by_title: HashMap::new(),
            all_opened: false,
        })
    }

    /// Opens a speech, once.
    fn open(&mut self, reader: &mut SpeechReader<'_>, path: &Path) -> Result<(), SourceError> {
        if !self.opened.contains_key(path) {
            let speech = reader.open(path)?;
            self.opened.insert(path.to_owned(), (SpeechHash::from_text(&speech.document.source), speech));
        }
        Ok(())
    }

    /// The speech at a path, which is not asked for again.
    pub(super) fn take(&mut self, reader: &mut SpeechReader<'_>, path: &Path) -> Result<Speech, SourceError> {
        self.opened.remove(path).map_or_else(|| reader.open(path), |(_, speech)| Ok(speech))
    }

    /// Has the speech at a path opened again when it is next asked for: its outline may be mended now.
    pub(super) fn forget(&mut self, path: &Path) {
        self.opened.remove(path);
    }

    /// The file of an entry's speech: by its path if the hash agrees or is unknown, else by hash,
    /// else by file name, else by title.
    pub(super) fn find(&mut self, reader: &mut SpeechReader<'_>, entry: &DocumentName<'_>) -> Option<PathBuf> {
        let name = entry.name.strip_prefix("file://").unwrap_or(entry.name);
        let by_path = (!name.is_empty())
            .then(|| {
                let paths = [self.store.location().document_path(name), self.import_folder.join(name)];
                paths.into_iter().find(|path| self.existing.is_file(path))
            })
            .flatten();
        let Some(hash) = entry.hash else { return by_path.or_else(|| self.by_name(reader, entry, name)) };
        if let Some(path) = &by_path
            && self.open(reader, path).is_ok()
            && self.opened.get(path).is_some_and(|(found, _)| *found == hash)
        {
            return by_path;
        }
        let known = self.store_index.get(&hash).cloned();
        known.or_else(|| self.by_hash(reader, hash)).or(by_path).or_else(|| self.by_name(reader, entry, name))
    }

    /// The file of a speech with exactly this text.
    pub(super) fn find_text(&mut self, reader: &mut SpeechReader<'_>, hash: SpeechHash) -> Option<PathBuf> {
        let known = self.store_index.get(&hash).cloned();
        known
            .filter(|path| self.open(reader, path).is_ok() && self.opened.get(path).is_some_and(|(found, _)| *found == hash))
            .or_else(|| self.by_hash(reader, hash))
    }

    /// Makes a file known that was just written with this text.
    pub(super) fn add(&mut self, hash: SpeechHash, path: &Path) {
        self.store_index.insert(hash, path.to_owned());
    }

    fn open_all(&mut self, reader: &mut SpeechReader<'_>) {
        if !std::mem::replace(&mut self.all_opened, true) {
            for path in self.files {
                // An unreadable file is no candidate.
                let _ = self.open(reader, path);
            }
            for (path, (hash, speech)) in &self.opened {
                self.by_text.entry(*hash).or_insert_with(|| path.clone());
                if let Some(title) = &speech.document.metadata.title {
                    self.by_title.entry((**title).to_owned()).and_modify(|known| *known = None).or_insert_with(|| Some(path.clone()));
                }
            }
        }
    }

    fn by_hash(&mut self, reader: &mut SpeechReader<'_>, hash: SpeechHash) -> Option<PathBuf> {
        self.open_all(reader);
        self.by_text.get(&hash).cloned()
    }

    fn by_name(&mut self, reader: &mut SpeechReader<'_>, entry: &DocumentName<'_>, name: &str) -> Option<PathBuf> {
        let (whole, stem) = (Path::new(name).file_name()?, Path::new(name).file_stem()?);
        let unique = |names: &HashMap<OsString, Option<usize>>, name: &OsStr| names.get(name).copied().flatten();
        if let Some(index) = unique(&self.by_file_name, whole).or_else(|| unique(&self.by_stem, stem)) {
            return Some(self.files[index].clone());
        }
        self.open_all(reader);
        // A speech with either title, if there is only one.
        let titled = |title: &str| self.by_title.get(title);
        match (entry.title.and_then(titled), titled(name)) {
            (Some(path), None) | (None, Some(path)) => path.clone(),
            (Some(path), Some(other)) if path == other => path.clone(),
            _ => None,
        }
    }
}

/// Positions of the files by one of their names; `None` where several have it.
fn unique_names<'a>(files: &'a [PathBuf], name: impl Fn(&'a Path) -> Option<&'a OsStr>) -> HashMap<OsString, Option<usize>> {
    let mut positions = HashMap::new();
    for (index, path) in files.iter().enumerate() {
        if let Some(name) = name(path) {
            positions.entry(name.to_owned()).and_modify(|known| *known = None).or_insert(Some(index));
        }
    }
    positions
}
