//! Where the reader is in each speech, and what was open last; kept between runs.
//!
//! One JSON file in the state folder. Several programs may write it: saving reads it again and
//! keeps of each speech whatever is later. What cannot be parsed is put aside beside it, never
//! overwritten.

use pizhu_annotation::SpeechHash;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The most speeches that are remembered; the longest unopened are forgotten first.
const MOST: usize = 20_000;
/// The file's name in the state folder.
const FILE: &str = "reading.json";

/// Where the reader is in a speech.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The cursor, in chars of the source.
    pub offset: usize,
    /// The furthest that was on screen, in chars of the source.
    pub furthest: usize,
    /// The source's length in chars.
    pub length: usize,
    /// When it was last open.
    pub opened: Timestamp,
    /// The speech's hash, by which it is known again under another path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<SpeechHash>,
    /// Marks and bookmarks by name, in chars of the source.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, usize>,
}

impl Place {
    /// How far the speech was read, in percent; 100 only for the whole.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let percent = self.furthest.min(self.length) * 100 / self.length.max(1);
        u8::try_from(percent).unwrap_or(100)
    }

    /// The marks in a source of `length` chars: at the same offsets, or where the text has become
    /// another the same part of the way.
    #[must_use]
    pub fn marks(&self, length: usize) -> BTreeMap<String, usize> {
        self.marks.iter().map(|(name, offset)| (name.clone(), scale(*offset, self.length, length))).collect()
    }

    /// Where to go on in a source of `length` chars: the same offset, or where the text has
    /// become another the same part of the way.
    #[must_use]
    pub fn resume(&self, length: usize) -> usize {
        scale(self.offset, self.length, length)
    }
}

fn scale(offset: usize, from: usize, to: usize) -> usize {
    if from == to || from == 0 {
        return offset.min(to);
    }
    let scaled = offset as u128 * to as u128 / from as u128;
    usize::try_from(scaled).unwrap_or(to).min(to)
}

/// The file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    version: u32,
    /// What was open last: folders and files.
    #[serde(default)]
    library: Vec<PathBuf>,
    /// By path.
    #[serde(default)]
    speeches: BTreeMap<String, Place>,
}

/// Where the reader is in each speech.
#[derive(Debug, Clone, Default)]
pub struct ReadingState {
    file: Option<PathBuf>,
    record: Record,
    library_changed: bool,
}

/// Why reading states could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum ReadingStateError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A newer program wrote it; it is not written to.
    #[error("{}: written by a newer program", .0.display())]
    Newer(PathBuf),
}

impl ReadingState {
    /// What is known in `folder`; without one, nothing is kept. A second value names the file
    /// that what could not be parsed was moved to.
    ///
    /// # Errors
    /// The file cannot be read, or is of a newer program.
    pub fn load(folder: Option<&Path>) -> Result<(Self, Option<PathBuf>), ReadingStateError> {
        let Some(folder) = folder else { return Ok((Self::default(), None)) };
        let file = folder.join(FILE);
        let (record, aside) = read(&file)?;
        Ok((Self { file: Some(file), record, library_changed: false }, aside))
    }

    /// Where the reader is in the speech at `path`, or, unknown by its path, in the one with
    /// this hash.
    #[must_use]
    pub fn place(&self, path: &Path, hash: Option<SpeechHash>) -> Option<&Place> {
        let by_hash = || {
            let hash = hash?;
            self.record.speeches.values().filter(|place| place.hash == Some(hash)).max_by_key(|place| place.opened)
        };
        self.record.speeches.get(&key(path)).or_else(by_hash)
    }

    /// Remembers the place in the speech at `path`. `place.furthest` never falls back below what
    /// it was.
    pub fn record(&mut self, path: &Path, mut place: Place) {
        let before = self.place(path, place.hash);
        if let Some(before) = before {
            place.furthest = place.furthest.max(scale(before.furthest, before.length, place.length));
            place.hash = place.hash.or(before.hash);
        }
        self.record.speeches.insert(key(path), place);
    }

    /// What was open last: folders and files.
    #[must_use]
    pub fn library(&self) -> &[PathBuf] {
        &self.record.library
    }

    /// Remembers what is open now.
    pub fn set_library(&mut self, paths: Vec<PathBuf>) {
        self.library_changed |= paths != self.record.library;
        self.record.library = paths;
    }

    /// Writes what is known, with what others have written in the meantime.
    ///
    /// # Errors
    /// The file cannot be written, or is of a newer program.
    pub fn save(&mut self) -> Result<(), ReadingStateError> {
        let Some(file) = self.file.clone() else { return Ok(()) };
        let (theirs, _) = read(&file)?;
        for (path, place) in &theirs.speeches {
            match self.record.speeches.get_mut(path) {
                Some(own) if own.opened >= place.opened => own.furthest = own.furthest.max(scale(place.furthest, place.length, own.length)),
                _ => {
                    self.record.speeches.insert(path.clone(), place.clone());
                }
            }
        }
        if !self.library_changed {
            self.record.library.clone_from(&theirs.library);
        }
        self.record.version = VERSION;
        self.forget();
        if self.record == theirs {
            return Ok(());
        }
        write(&file, &self.record)?;
        self.library_changed = false;
        Ok(())
    }

    fn forget(&mut self) {
        let surplus = self.record.speeches.len().saturating_sub(MOST);
        if surplus > 0 {
            let mut opened: Vec<(Timestamp, String)> =
                self.record.speeches.iter().map(|(path, place)| (place.opened, path.clone())).collect();
            opened.sort();
            for (_, path) in opened.into_iter().take(surplus) {
                self.record.speeches.remove(&path);
            }
        }
    }
}

/// The version of the file's form.
const VERSION: u32 = 1;

fn key(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn read(file: &Path) -> Result<(Record, Option<PathBuf>), ReadingStateError> {
    let failed = |source| ReadingStateError::Io { path: file.to_owned(), source };
    let bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Record::default(), None)),
        read => read.map_err(failed)?,
    };
    match serde_json::from_slice::<Record>(&bytes) {
        Ok(record) if record.version > VERSION => Err(ReadingStateError::Newer(file.to_owned())),
        Ok(record) => Ok((record, None)),
        Err(_) => {
            let aside = file.with_extension(format!("json.unreadable-{}", Timestamp::now().as_second()));
            fs::rename(file, &aside).map_err(failed)?;
            Ok((Record::default(), Some(aside)))
        }
    }
}

fn write(file: &Path, record: &Record) -> Result<(), ReadingStateError> {
    let failed = |source| ReadingStateError::Io { path: file.to_owned(), source };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let text = serde_json::to_vec(record).map_err(|error| failed(error.into()))?;
    let mut out = atomic_write_file::AtomicWriteFile::open(file).map_err(failed)?;
    out.write_all(&text).and_then(|()| out.commit()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::SourceText;
    use proptest::prelude::*;

    fn place(offset: usize, furthest: usize, second: i64) -> Place {
        Place { offset, furthest, length: 1000, opened: Timestamp::from_second(second).unwrap(), hash: None, marks: BTreeMap::new() }
    }

    #[test]
    fn what_was_read_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("state");
        let (mut state, _) = ReadingState::load(Some(&deep)).unwrap();
        assert!(state.place(Path::new("a.txt"), None).is_none());
        state.record(Path::new("a.txt"), place(400, 500, 1));
        state.record(Path::new("a.txt"), place(100, 200, 2));
        state.set_library(vec![PathBuf::from("讲话")]);
        state.save().unwrap();
        let (again, aside) = ReadingState::load(Some(&deep)).unwrap();
        assert!(aside.is_none());
        let found = again.place(Path::new("a.txt"), None).unwrap();
        assert_eq!((found.offset, found.furthest, found.percent()), (100, 500, 50));
        assert_eq!((found.resume(1000), found.resume(2000), found.resume(0)), (100, 200, 0));
        assert_eq!(again.library(), [PathBuf::from("讲话")]);
    }

    #[test]
    fn a_moved_speech_is_known_by_its_hash() {
        let mut builder = pizhu_text::text::SourceBuilder::default();
        builder.push_str("青禾县的讲话");
        let source: SourceText = builder.finish();
        let hash = Some(SpeechHash::of(&source));
        let mut state = ReadingState::default();
        state.record(Path::new("old.txt"), Place { hash, ..place(7, 9, 1) });
        assert_eq!(state.place(Path::new("new.txt"), hash).map(|place| place.offset), Some(7));
        assert!(state.place(Path::new("new.txt"), None).is_none());
        state.save().unwrap();
    }

    #[test]
    fn two_programs_keep_each_others_places() {
        let folder = tempfile::tempdir().unwrap();
        let load = || ReadingState::load(Some(folder.path())).unwrap().0;
        let (mut one, mut other) = (load(), load());
        one.record(Path::new("a"), place(1, 900, 5));
        one.set_library(vec![PathBuf::from("x")]);
        other.record(Path::new("a"), place(2, 2, 9));
        other.record(Path::new("b"), place(3, 3, 1));
        one.save().unwrap();
        other.save().unwrap();
        one.save().unwrap();
        let both = load();
        let a = both.place(Path::new("a"), None).unwrap();
        assert_eq!((a.offset, a.furthest), (2, 900));
        assert_eq!(both.place(Path::new("b"), None).unwrap().offset, 3);
        assert_eq!(both.library(), [PathBuf::from("x")]);
    }

    #[test]
    fn what_cannot_be_parsed_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{half").unwrap();
        let (_, aside) = ReadingState::load(Some(folder.path())).unwrap();
        assert_eq!(fs::read_to_string(aside.unwrap()).unwrap(), "{half");
        fs::write(folder.path().join(FILE), "{\"version\": 99}").unwrap();
        assert!(matches!(ReadingState::load(Some(folder.path())), Err(ReadingStateError::Newer(_))));
    }

    proptest! {
        #[test]
        fn writing_and_reading_are_inverse(speeches in prop::collection::btree_map("[a-z/青 \"\\\\\n]{0,8}", (0..99_usize, 0..99_usize, 0..99_usize, 0..1_000_000_i64), 0..8),
                                           library in prop::collection::vec("[a-z青]{1,4}", 0..3)) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(FILE);
            let speeches = speeches.into_iter().map(|(path, (offset, furthest, length, second))| {
                (path, Place { offset, furthest, length, opened: Timestamp::from_second(second).unwrap(), hash: None, marks: BTreeMap::new() })
            }).collect();
            let record = Record { version: VERSION, library: library.into_iter().map(PathBuf::from).collect(), speeches };
            write(&file, &record).unwrap();
            prop_assert_eq!(read(&file).unwrap(), (record, None));
        }
    }
}
