//! Reading position in each speech, and the paths that were open last; kept between runs.
//!
//! The state is one JSON file in the state folder. Several processes may write it: saving takes a lock,
//! reads the file again and keeps the later position of each speech. A file that cannot be parsed is
//! renamed, never overwritten.

use jiff::Timestamp;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::path_name::{canonical_path, comparable_name, named_path, path_name};
use pizhu_files::private_file;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// Maximum number of remembered speeches; those not opened for the longest time are dropped first.
const MAX_SPEECHES: usize = 20_000;
/// File name in the state folder.
const FILE: &str = "reading.json";
/// File name of the lock, which is held while the file is read and written.
const LOCK_FILE: &str = "reading.lock";
/// Maximum time to wait for the lock; another process holds it for milliseconds, unless it was stopped.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// The reading position in a speech.
///
/// ```
/// use pizhu_library::reading_state::ReadingPosition;
///
/// let position = ReadingPosition {
///     offset: 400,
///     furthest: 500,
///     length: 1000,
///     opened: jiff::Timestamp::UNIX_EPOCH,
///     hash: None,
///     text: None,
///     marks: Default::default(),
/// };
/// assert_eq!(position.percent(), 50);
/// // The text has become twice as long.
/// assert_eq!(position.resume_offset(2000), 800);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingPosition {
    /// Cursor, in chars of the source.
    pub offset: usize,
    /// End of the furthest text that was on screen, in chars of the source.
    pub furthest: usize,
    /// Length of the source in chars.
    pub length: usize,
    /// When the speech was last open.
    pub opened: Timestamp,
    /// Hash of the speech, which finds it under another path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<SpeechHash>,
    /// Name of the exact text that the offsets belong to, by which it may have been kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Marks by name, in chars of the source.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, usize>,
}

impl ReadingPosition {
    /// How much of the speech was read, in percent, rounded down.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let percent = self.furthest.min(self.length) * 100 / self.length.max(1);
        u8::try_from(percent).unwrap_or(100)
    }

    /// The position in another text of `length` chars: cursor and marks are where `place` puts them.
    #[must_use]
    pub fn placed(&self, length: usize, place: impl Fn(usize) -> usize) -> Self {
        Self {
            offset: place(self.offset).min(length),
            furthest: place(self.furthest).min(length),
            length,
            marks: self.marks.iter().map(|(name, offset)| (name.clone(), place(*offset).min(length))).collect(),
            ..self.clone()
        }
    }

    /// The marks in a source of `length` chars: unchanged if the length is, else scaled to it.
    #[must_use]
    pub fn scaled_marks(&self, length: usize) -> BTreeMap<String, usize> {
        self.marks.iter().map(|(name, offset)| (name.clone(), scale(*offset, self.length, length))).collect()
    }

    /// The end of what was read in a source of `length` chars, scaled like the cursor.
    #[must_use]
    pub fn scaled_furthest(&self, length: usize) -> usize {
        scale(self.furthest, self.length, length)
    }

    /// The cursor in a source of `length` chars: unchanged if the length is, else scaled to it.
    #[must_use]
    pub fn resume_offset(&self, length: usize) -> usize {
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

/// Content of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ReadingStateFile {
    version: u32,
    /// Folders and files that were open last.
    #[serde(default)]
    library: Vec<PathBuf>,
    /// By the name of the canonical path.
    #[serde(default)]
    speeches: BTreeMap<String, ReadingPosition>,
}

/// The reading positions of all speeches, and the paths that were open last.
#[derive(Debug, Clone, Default)]
pub struct ReadingState {
    path: Option<PathBuf>,
    contents: ReadingStateFile,
    library_changed: bool,
}

/// Why the reading state cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReadingStateError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A newer version of the program wrote the file; it is left alone.
    #[error("{}: written by a newer program", .0.display())]
    Newer(PathBuf),
}

impl ReadingState {
    /// Reads the state file in `folder`; without a folder nothing is ever saved. The second value
    /// is the path that an unparsable file was renamed to.
    ///
    /// # Errors
    /// The file cannot be read, or a newer version wrote it.
    pub fn load(folder: Option<&Path>) -> Result<(Self, Option<PathBuf>), ReadingStateError> {
        let Some(folder) = folder else { return Ok((Self::default(), None)) };
        let file = folder.join(FILE);
        let (contents, renamed) = read(&file)?;
        Ok((Self { path: Some(file), contents, library_changed: false }, renamed))
    }

    /// The position in the speech at `path`, however the path is written, else the latest one in a
    /// speech with this hash. If the speech read at the path had another text, one read elsewhere with
    /// this text goes first: the files were exchanged.
    #[must_use]
    pub fn position(&self, path: &Path, hash: Option<SpeechHash>) -> Option<&ReadingPosition> {
        let at_path = self.at_path(path);
        let hash = hash.filter(|hash| !hash.is_of_no_letters());
        if hash.is_none() || at_path.is_some_and(|position| position.hash == hash) {
            return at_path;
        }
        let same_text = self.contents.speeches.values().filter(|position| position.hash == hash);
        same_text.max_by_key(|position| position.opened).or(at_path)
    }

    fn at_path(&self, path: &Path) -> Option<&ReadingPosition> {
        let key = key(path);
        self.contents.speeches.get(&key).or_else(|| {
            // The file has come back with its name in the other Unicode form.
            let form = comparable_name(&key);
            let same = |name: &String| comparable_name(name) == form && !named_path(name).exists();
            (form != key || !key.is_ascii())
                .then(|| self.contents.speeches.iter().find(|(name, _)| same(name)))
                .flatten()
                .map(|(_, found)| found)
        })
    }

    /// Sets the position in the speech at `path`. `furthest` never decreases.
    pub fn set_position(&mut self, path: &Path, mut position: ReadingPosition) {
        let before = self.position(path, position.hash);
        if let Some(before) = before {
            position.furthest = position.furthest.max(scale(before.furthest, before.length, position.length));
            position.hash = position.hash.or(before.hash);
        }
        self.contents.speeches.insert(key(path), position);
    }

    /// Folders and files that were open last.
    #[must_use]
    pub fn library(&self) -> &[PathBuf] {
        &self.contents.library
    }

    /// Sets the folders and files that are open.
    pub fn set_library(&mut self, paths: Vec<PathBuf>) {
        self.library_changed |= paths != self.contents.library;
        self.contents.library = paths;
    }

    /// Reads the state file in `folder`, applies `change`, and writes the file, as one step that no
    /// other process comes between.
    ///
    /// # Errors
    /// The file cannot be read or written, or a newer version wrote it.
    pub fn update(folder: &Path, change: impl FnOnce(&mut Self)) -> Result<Self, ReadingStateError> {
        let _lock = lock(folder);
        let (mut state, _) = Self::load(Some(folder))?;
        change(&mut state);
        state.save_locked(&folder.join(FILE))?;
        Ok(state)
    }

    /// Merges the state with the file on the disk and writes it.
    ///
    /// # Errors
    /// The file cannot be read or written, or a newer version wrote it.
    pub fn save(&mut self) -> Result<(), ReadingStateError> {
        let Some(file) = self.path.clone() else { return Ok(()) };
        let _lock = file.parent().and_then(lock);
        self.save_locked(&file)
    }

    fn save_locked(&mut self, file: &Path) -> Result<(), ReadingStateError> {
        let (theirs, _) = read(file)?;
        for (path, position) in &theirs.speeches {
            match self.contents.speeches.get_mut(path) {
                Some(own) if own.opened >= position.opened => {
                    own.furthest = own.furthest.max(scale(position.furthest, position.length, own.length));
                }
                _ => {
                    self.contents.speeches.insert(path.clone(), position.clone());
                }
            }
        }
        if !self.library_changed {
            self.contents.library.clone_from(&theirs.library);
        }
        self.contents.version = VERSION;
        self.evict_oldest();
        if self.contents == theirs {
            return Ok(());
        }
        write(file, &self.contents)?;
        self.library_changed = false;
        Ok(())
    }

    fn evict_oldest(&mut self) {
        let surplus = self.contents.speeches.len().saturating_sub(MAX_SPEECHES);
        if surplus > 0 {
            let mut opened: Vec<(Timestamp, String)> =
                self.contents.speeches.iter().map(|(path, position)| (position.opened, path.clone())).collect();
            opened.sort();
            for (_, path) in opened.into_iter().take(surplus) {
                self.contents.speeches.remove(&path);
            }
        }
    }
}

/// The marks of two readers of one speech: what this reader has set, moved and deleted since `base`
/// is done to the other's marks.
///
/// ```
/// use pizhu_library::reading_state::merged_marks;
/// use std::collections::BTreeMap;
///
/// let marks = |marks: &[(&str, usize)]| marks.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect::<BTreeMap<_, _>>();
/// let base = marks(&[("a", 1), ("b", 2)]);
/// let own = marks(&[("a", 7), ("c", 3)]);
/// let theirs = marks(&[("a", 1), ("b", 2), ("d", 4)]);
/// assert_eq!(merged_marks(&base, &own, theirs), marks(&[("a", 7), ("c", 3), ("d", 4)]));
/// ```
#[must_use]
pub fn merged_marks(
    base: &BTreeMap<String, usize>,
    own: &BTreeMap<String, usize>,
    mut theirs: BTreeMap<String, usize>,
) -> BTreeMap<String, usize> {
    theirs.retain(|name, _| own.contains_key(name) || !base.contains_key(name));
    let changed = own.iter().filter(|(name, offset)| base.get(*name) != Some(*offset));
    theirs.extend(changed.map(|(name, offset)| (name.clone(), *offset)));
    theirs
}

/// Takes the lock of the state file; `None` if there is none to be had (a file system without locks,
/// a process that was stopped while it held it): saving then goes on without.
fn lock(folder: &Path) -> Option<File> {
    private_file::create_folder(folder).ok()?;
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(folder.join(LOCK_FILE)).ok()?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() < LOCK_TIMEOUT => thread::sleep(Duration::from_millis(2)),
            Err(_) => return None,
        }
    }
}

/// Format version of the file.
const VERSION: u32 = 1;

fn key(path: &Path) -> String {
    path_name(&canonical_path(path))
}

fn read(file: &Path) -> Result<(ReadingStateFile, Option<PathBuf>), ReadingStateError> {
    let failed = |source| ReadingStateError::Io { path: file.to_owned(), source };
    let bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((ReadingStateFile::default(), None)),
        read => read.map_err(failed)?,
    };
    match serde_json::from_slice::<ReadingStateFile>(&bytes) {
        Ok(record) if record.version > VERSION => Err(ReadingStateError::Newer(file.to_owned())),
        Ok(record) => Ok((record, None)),
        Err(_) => {
            let renamed = file.with_extension(format!("json.unreadable-{}", Timestamp::now().as_second()));
            fs::rename(file, &renamed).map_err(failed)?;
            Ok((ReadingStateFile::default(), Some(renamed)))
        }
    }
}

fn write(file: &Path, record: &ReadingStateFile) -> Result<(), ReadingStateError> {
    let failed = |source| ReadingStateError::Io { path: file.to_owned(), source };
    if let Some(folder) = file.parent() {
        private_file::create_folder(folder).map_err(failed)?;
    }
    let text = serde_json::to_vec(record).map_err(|error| failed(error.into()))?;
    private_file::write(file, &text).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::SourceText;
    use proptest::prelude::*;

    fn position(offset: usize, furthest: usize, second: i64) -> ReadingPosition {
        ReadingPosition {
            offset,
            furthest,
            length: 1000,
            opened: Timestamp::from_second(second).unwrap(),
            hash: None,
            text: None,
            marks: BTreeMap::new(),
        }
    }

    #[test]
    fn positions_survive_save_and_load() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("state");
        let (mut state, _) = ReadingState::load(Some(&deep)).unwrap();
        assert!(state.position(Path::new("a.txt"), None).is_none());
        state.set_position(Path::new("a.txt"), position(400, 500, 1));
        state.set_position(Path::new("a.txt"), position(100, 200, 2));
        state.set_library(vec![PathBuf::from("讲话")]);
        state.save().unwrap();
        let (again, renamed) = ReadingState::load(Some(&deep)).unwrap();
        assert!(renamed.is_none());
        let found = again.position(Path::new("a.txt"), None).unwrap();
        assert_eq!((found.offset, found.furthest, found.percent()), (100, 500, 50));
        assert_eq!((found.resume_offset(1000), found.resume_offset(2000), found.resume_offset(0)), (100, 200, 0));
        assert_eq!(again.library(), [PathBuf::from("讲话")]);
    }

    #[test]
    fn moved_speech_is_found_by_hash() {
        let mut builder = pizhu_text::text::SourceBuilder::default();
        builder.push_str("青禾县的讲话");
        let source: SourceText = builder.finish();
        let hash = Some(SpeechHash::from_text(&source));
        let mut state = ReadingState::default();
        state.set_position(Path::new("old.txt"), ReadingPosition { hash, ..position(7, 9, 1) });
        assert_eq!(state.position(Path::new("new.txt"), hash).map(|position| position.offset), Some(7));
        assert!(state.position(Path::new("new.txt"), None).is_none());
        state.save().unwrap();
    }

    /// Two files of one name in two folders shared their places; `./讲话.txt` and a link had another.
    #[cfg(unix)]
    #[test]
    fn reading_positions_do_not_depend_on_path_spelling() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["甲", "乙"] {
            fs::create_dir(path(name)).unwrap();
            fs::write(path(name).join("讲话.txt"), name).unwrap();
        }
        std::os::unix::fs::symlink(path("甲"), path("链")).unwrap();
        let mut state = ReadingState::default();
        state.set_position(&path("甲/讲话.txt"), position(7, 9, 1));
        for same in ["甲/./讲话.txt", "乙/../甲/讲话.txt", "链/讲话.txt"] {
            assert_eq!(state.position(&path(same), None).map(|position| position.offset), Some(7), "{same}");
        }
        assert!(state.position(&path("乙/讲话.txt"), None).is_none());
    }

    #[test]
    fn reading_positions_follow_texts_that_swap_names() {
        let hash = |text: &str| Some(SpeechHash::from_text(&SourceText::from(text)));
        let mut state = ReadingState::default();
        state.set_position(Path::new("a"), ReadingPosition { hash: hash("甲"), ..position(1, 9, 1) });
        state.set_position(Path::new("b"), ReadingPosition { hash: hash("乙"), ..position(2, 9, 1) });
        let offset = |path: &str, text: &str| state.position(Path::new(path), hash(text)).map(|position| position.offset);
        assert_eq!((offset("a", "乙"), offset("b", "甲")), (Some(2), Some(1)));
        assert_eq!(offset("a", "甲改"), Some(1), "edited");
        assert_eq!(offset("c", ""), None);
        state.set_position(Path::new("d"), ReadingPosition { hash: hash(""), ..position(3, 9, 1) });
        assert!(state.position(Path::new("c"), hash("")).is_none(), "empty files are not copies");
    }

    #[test]
    fn concurrent_saves_are_merged() {
        let folder = tempfile::tempdir().unwrap();
        let load = || ReadingState::load(Some(folder.path())).unwrap().0;
        let (mut one, mut other) = (load(), load());
        one.set_position(Path::new("a"), position(1, 900, 5));
        one.set_library(vec![PathBuf::from("x")]);
        other.set_position(Path::new("a"), position(2, 2, 9));
        other.set_position(Path::new("b"), position(3, 3, 1));
        one.save().unwrap();
        other.save().unwrap();
        one.save().unwrap();
        let both = load();
        let a = both.position(Path::new("a"), None).unwrap();
        assert_eq!((a.offset, a.furthest), (2, 900));
        assert_eq!(both.position(Path::new("b"), None).unwrap().offset, 3);
        assert_eq!(both.library(), [PathBuf::from("x")]);
    }

    /// Before, a reader that had read the file before another wrote it dropped the other's place.
    #[test]
    fn simultaneous_updates_lose_no_speech() {
        let folder = tempfile::tempdir().unwrap();
        thread::scope(|scope| {
            for reader in 0..4 {
                let folder = folder.path();
                scope.spawn(move || {
                    for speech in 0..25 {
                        let path = PathBuf::from(format!("{reader}-{speech}"));
                        ReadingState::update(folder, |state| state.set_position(&path, position(speech, speech, 5))).unwrap();
                    }
                });
            }
        });
        let all = ReadingState::load(Some(folder.path())).unwrap().0;
        assert_eq!(all.contents.speeches.len(), 100);
    }

    /// Before, the file was readable by everyone (0644).
    #[cfg(unix)]
    #[test]
    fn file_is_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        ReadingState::update(&state, |state| state.set_position(Path::new("a"), position(1, 1, 1))).unwrap();
        assert_eq!((mode(&state), mode(&state.join(FILE)), mode(&state.join(LOCK_FILE))), (0o700, 0o600, 0o600));
        // The file of an older version.
        fs::set_permissions(state.join(FILE), fs::Permissions::from_mode(0o644)).unwrap();
        ReadingState::update(&state, |state| state.set_position(Path::new("b"), position(1, 1, 1))).unwrap();
        assert_eq!(mode(&state.join(FILE)), 0o600);
    }

    #[test]
    fn unparsable_file_is_renamed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{half").unwrap();
        let (_, renamed) = ReadingState::load(Some(folder.path())).unwrap();
        assert_eq!(fs::read_to_string(renamed.unwrap()).unwrap(), "{half");
        fs::write(folder.path().join(FILE), "{\"version\": 99}").unwrap();
        assert!(matches!(ReadingState::load(Some(folder.path())), Err(ReadingStateError::Newer(_))));
    }

    proptest! {
        #[test]
        fn read_inverts_write(speeches in prop::collection::btree_map("[a-z/青 \"\\\\\n]{0,8}", (0..99_usize, 0..99_usize, 0..99_usize, 0..1_000_000_i64), 0..8),
                                           library in prop::collection::vec("[a-z青]{1,4}", 0..3)) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(FILE);
            let speeches = speeches.into_iter().map(|(path, (offset, furthest, length, second))| {
                (path, ReadingPosition { offset, furthest, length, opened: Timestamp::from_second(second).unwrap(), hash: None, text: None, marks: BTreeMap::new() })
            }).collect();
            let record = ReadingStateFile { version: VERSION, library: library.into_iter().map(PathBuf::from).collect(), speeches };
            write(&file, &record).unwrap();
            prop_assert_eq!(read(&file).unwrap(), (record, None));
        }
    }
}
