//! Simulated disk in memory that can lose power between any two operations. Of the unsynced changes
//! none, all, or any part in any order survives.
//!
//! Stricter than most file systems: a file name is durable only after its folder was synced, a
//! folder only after its parent was, and of unsynced content any prefix may survive, or zeros.

use pizhu_annotation::storage::FileFingerprint;
use pizhu_annotation::storage::Lock;
use pizhu_annotation::storage::Storage;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime},
};

/// Random number generator (SplitMix64): the same numbers on all platforms.
pub struct DiskRng(pub u64);

impl DiskRng {
    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}

/// Which unsynced changes survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsyncedChanges {
    Lost,
    Kept,
    /// A random part survives, chosen by this seed.
    Random(u64),
}

#[derive(Debug, Clone, Default)]
struct SimulatedFile {
    content: Vec<u8>,
    synced: Vec<u8>,
    /// Contents since the last sync, oldest first.
    unsynced: Vec<Vec<u8>>,
    /// Time of the last change, by [`DiskState::clock`].
    modified: u64,
}

/// An unsynced change of a directory entry.
#[derive(Debug, Clone)]
enum DirectoryChange {
    Dir(PathBuf),
    /// Path and inode of a new file.
    File(PathBuf, u64),
    /// Old path, new path and inode.
    Rename(PathBuf, PathBuf, u64),
    Remove(PathBuf),
}

impl DirectoryChange {
    /// The folder whose sync makes it durable.
    fn folder(&self) -> &Path {
        let (Self::Dir(path) | Self::File(path, _) | Self::Rename(_, path, _) | Self::Remove(path)) = self;
        path.parent().unwrap()
    }
}

/// State of the disk, shared by all processes.
#[derive(Debug, Default)]
struct DiskState {
    files: HashMap<u64, SimulatedFile>,
    names: BTreeMap<PathBuf, u64>,
    dirs: BTreeSet<PathBuf>,
    durable_names: BTreeMap<PathBuf, u64>,
    durable_dirs: BTreeSet<PathBuf>,
    pending_changes: Vec<DirectoryChange>,
    locks: HashMap<PathBuf, u64>,
    /// Last inode or process number given out.
    next: u64,
    clock: u64,
    /// Operations until the power cut.
    operations_left: Option<usize>,
    operations_done: usize,
}

/// The disk as one process sees it.
#[derive(Clone)]
pub struct SimulatedDisk {
    state: Arc<Mutex<DiskState>>,
    process: u64,
    alive: Arc<AtomicBool>,
}

impl fmt::Debug for SimulatedDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimulatedDisk")
    }
}

/// A lock, released on drop.
struct HeldLock {
    state: Arc<Mutex<DiskState>>,
    path: PathBuf,
    process: u64,
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap();
        if state.locks.get(&self.path) == Some(&self.process) {
            state.locks.remove(&self.path);
        }
    }
}

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl SimulatedDisk {
    /// An empty disk, with its first process.
    pub fn new() -> Self {
        let mut state = DiskState::default();
        state.dirs.insert(PathBuf::from("/"));
        state.durable_dirs.insert(PathBuf::from("/"));
        Self { state: Arc::new(Mutex::new(state)), process: 0, alive: Arc::new(AtomicBool::new(true)) }
    }

    /// The same disk for another process.
    pub fn process(&self) -> Self {
        let mut state = self.state.lock().unwrap();
        state.next += 1;
        Self { state: Arc::clone(&self.state), process: state.next, alive: Arc::new(AtomicBool::new(true)) }
    }

    /// Kills this process: its operations fail, its locks are released; all writes are kept.
    pub fn kill(&self) {
        self.alive.store(false, Ordering::SeqCst);
        self.state.lock().unwrap().locks.retain(|_, process| *process != self.process);
    }

    /// Cuts the power after `operations` more changing operations.
    pub fn fail_after(&self, operations: usize) {
        self.state.lock().unwrap().operations_left = Some(operations);
    }

    /// Number of changing operations so far.
    pub fn operations(&self) -> usize {
        self.state.lock().unwrap().operations_done
    }

    /// The disk after the power cut.
    pub fn reboot(&self, unsynced: UnsyncedChanges) -> Self {
        let old = self.state.lock().unwrap();
        let mut random = DiskRng(if let UnsyncedChanges::Random(seed) = unsynced { seed } else { 0 });
        let (mut names, mut dirs) = (old.durable_names.clone(), old.durable_dirs.clone());
        let mut pending_changes = old.pending_changes.clone();
        if let UnsyncedChanges::Random(_) = unsynced {
            // Directory changes may reach the disk in any order.
            for at in (1..pending_changes.len()).rev() {
                pending_changes.swap(at, random.below(at + 1));
            }
        }
        for change in pending_changes {
            let survives = match unsynced {
                UnsyncedChanges::Lost => false,
                UnsyncedChanges::Kept => true,
                UnsyncedChanges::Random(_) => random.below(2) == 0,
            };
            if survives {
                apply_change(change, &mut names, &mut dirs);
            }
        }
        let is_reachable = |path: &Path, dirs: &BTreeSet<PathBuf>| path.ancestors().skip(1).all(|dir| dirs.contains(dir));
        let reachable: BTreeSet<PathBuf> = dirs.iter().filter(|dir| is_reachable(dir, &dirs)).cloned().collect();
        names.retain(|path, _| is_reachable(path, &reachable));
        let mut files = HashMap::new();
        for inode in names.values() {
            let Some(file) = old.files.get(inode) else { continue };
            let content = match unsynced {
                UnsyncedChanges::Lost => file.synced.clone(),
                UnsyncedChanges::Kept => file.content.clone(),
                UnsyncedChanges::Random(_) => random_survivor(file, &mut random),
            };
            files
                .insert(*inode, SimulatedFile { content: content.clone(), synced: content, unsynced: Vec::new(), modified: file.modified });
        }
        let state = DiskState {
            files,
            names: names.clone(),
            dirs: reachable.clone(),
            durable_names: names,
            durable_dirs: reachable,
            next: old.next + 1000,
            clock: old.clock + 1,
            ..DiskState::default()
        };
        Self { state: Arc::new(Mutex::new(state)), process: 0, alive: Arc::new(AtomicBool::new(true)) }
    }

    /// All files with their content.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let state = self.state.lock().unwrap();
        state.names.iter().map(|(path, inode)| (path.clone(), state.files[inode].content.clone())).collect()
    }

    fn inspect<T>(&self, read: impl FnOnce(&DiskState) -> io::Result<T>) -> io::Result<T> {
        let state = self.state.lock().unwrap();
        if !self.alive.load(Ordering::SeqCst) || state.operations_left == Some(0) {
            return Err(io::Error::other("power cut"));
        }
        read(&state)
    }

    fn modify<T>(&self, change: impl FnOnce(&mut DiskState) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.state.lock().unwrap();
        if !self.alive.load(Ordering::SeqCst) || state.operations_left == Some(0) {
            return Err(io::Error::other("power cut"));
        }
        state.operations_left = state.operations_left.map(|left| left - 1);
        state.operations_done += 1;
        state.clock += 1;
        change(&mut state)
    }
}

fn apply_change(change: DirectoryChange, names: &mut BTreeMap<PathBuf, u64>, dirs: &mut BTreeSet<PathBuf>) {
    match change {
        DirectoryChange::Dir(path) => drop(dirs.insert(path)),
        DirectoryChange::File(path, inode) => drop(names.insert(path, inode)),
        DirectoryChange::Rename(from, to, inode) => {
            if names.get(&from) == Some(&inode) {
                names.remove(&from);
            }
            names.insert(to, inode);
        }
        DirectoryChange::Remove(path) => drop(names.remove(&path)),
    }
}

/// A random content that a file may have after a power cut.
fn random_survivor(file: &SimulatedFile, random: &mut DiskRng) -> Vec<u8> {
    let states: Vec<&Vec<u8>> = std::iter::once(&file.synced).chain(&file.unsynced).collect();
    let mut content = states[random.below(states.len())].clone();
    let synced_len = content.iter().zip(&file.synced).take_while(|(a, b)| a == b).count();
    if content.len() > synced_len {
        let cut = synced_len + random.below(content.len() - synced_len + 1);
        match random.below(3) {
            0 => content.truncate(cut),
            // The new length reached the disk, the content did not.
            1 => content[cut..].fill(0),
            _ => {}
        }
    }
    content
}

impl DiskState {
    fn file(&self, path: &Path) -> io::Result<&SimulatedFile> {
        self.names.get(path).and_then(|inode| self.files.get(inode)).ok_or_else(not_found)
    }

    fn put(&mut self, path: &Path, content: impl FnOnce(&[u8]) -> Vec<Vec<u8>>) -> io::Result<()> {
        if !path.parent().is_some_and(|dir| self.dirs.contains(dir)) {
            return Err(not_found());
        }
        let inode = self.names.get(path).copied().unwrap_or_else(|| {
            self.next += 1;
            self.names.insert(path.to_owned(), self.next);
            self.pending_changes.push(DirectoryChange::File(path.to_owned(), self.next));
            self.files.insert(self.next, SimulatedFile::default());
            self.next
        });
        let clock = self.clock;
        let file = self.files.get_mut(&inode).unwrap();
        for state in content(&file.content) {
            file.content.clone_from(&state);
            file.unsynced.push(state);
        }
        file.modified = clock;
        Ok(())
    }
}

impl Storage for SimulatedDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.inspect(|state| Ok(state.file(path)?.content.clone()))
    }

    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        self.inspect(|state| Ok(state.file(path)?.content.iter().take(len).copied().collect()))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        self.inspect(|state| Ok(state.names.keys().filter(|path| path.parent() == Some(dir)).cloned().collect()))
    }

    fn fingerprint(&self, path: &Path) -> io::Result<FileFingerprint> {
        self.inspect(|state| {
            if state.dirs.contains(path) {
                return Ok(FileFingerprint { len: 0, modified: None, inode: 0 });
            }
            let file = state.file(path)?;
            let modified = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(file.modified));
            Ok(FileFingerprint { len: file.content.len() as u64, modified, inode: state.names[path] })
        })
    }

    fn create_dir(&self, dir: &Path, _private: bool) -> io::Result<()> {
        let ancestors: Vec<&Path> = dir.ancestors().collect();
        for dir in ancestors.into_iter().rev() {
            if !self.inspect(|state| Ok(state.dirs.contains(dir)))? {
                self.modify(|state| {
                    state.dirs.insert(dir.to_owned());
                    state.pending_changes.push(DirectoryChange::Dir(dir.to_owned()));
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8], _private: bool) -> io::Result<()> {
        // Opening truncates the file; then the content is written.
        self.modify(|state| state.put(path, |_| vec![Vec::new()]))?;
        self.modify(|state| state.put(path, |_| vec![bytes.to_vec()]))
    }

    fn append(&self, path: &Path, bytes: &[u8], _private: bool) -> io::Result<()> {
        self.modify(|state| state.put(path, |content| vec![[content, bytes].concat()]))
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.modify(|state| {
            let inode = *state.names.get(path).ok_or_else(not_found)?;
            let file = state.files.get_mut(&inode).unwrap();
            file.synced.clone_from(&file.content);
            file.unsynced.clear();
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.modify(|state| {
            let inode = state.names.remove(from).ok_or_else(not_found)?;
            state.names.insert(to.to_owned(), inode);
            state.pending_changes.push(DirectoryChange::Rename(from.to_owned(), to.to_owned(), inode));
            Ok(())
        })
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.modify(|state| {
            let (synced, others) =
                std::mem::take(&mut state.pending_changes).into_iter().partition(|change: &DirectoryChange| change.folder() == dir);
            state.pending_changes = others;
            let synced: Vec<DirectoryChange> = synced;
            let (mut names, mut dirs) = (std::mem::take(&mut state.durable_names), std::mem::take(&mut state.durable_dirs));
            for change in synced {
                apply_change(change, &mut names, &mut dirs);
            }
            (state.durable_names, state.durable_dirs) = (names, dirs);
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.modify(|state| {
            state.names.remove(path).ok_or_else(not_found)?;
            state.pending_changes.push(DirectoryChange::Remove(path.to_owned()));
            Ok(())
        })
    }

    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
        if self.inspect(|state| Ok(!state.names.contains_key(path)))? {
            self.append(path, b"", private)?;
        }
        let end = Instant::now() + wait;
        loop {
            let is_locked = self.inspect(|state| Ok(state.locks.contains_key(path)))?;
            if !is_locked {
                let mut state = self.state.lock().unwrap();
                if !state.locks.contains_key(path) {
                    state.locks.insert(path.to_owned(), self.process);
                    let held_lock = HeldLock { state: Arc::clone(&self.state), path: path.to_owned(), process: self.process };
                    return Ok(Lock::new(Box::new(held_lock)));
                }
            }
            if Instant::now() >= end {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}
