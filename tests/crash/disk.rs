//! A disk in memory that can lose its power between any two operations, and then keeps of what
//! was not synced whatever it likes: none, all, or parts in any order.
//!
//! Stricter than most file systems: a file's name is safe only after its folder was synced, a
//! folder only after the one above it, and of unsynced bytes any prefix may be there, or zeros.

use pizhu_annotation::storage::Lock;
use pizhu_annotation::storage::Stamp;
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

/// A small generator of numbers, the same everywhere (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}

/// What is left of unsynced work when the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Nothing,
    Everything,
    /// Any part, chosen by this seed.
    Some(u64),
}

#[derive(Debug, Clone, Default)]
struct File {
    now: Vec<u8>,
    durable: Vec<u8>,
    /// The states since the last sync.
    between: Vec<Vec<u8>>,
    changed: u64,
}

#[derive(Debug, Clone)]
enum Naming {
    Dir(PathBuf),
    File(PathBuf, u64),
    Rename(PathBuf, PathBuf, u64),
    Remove(PathBuf),
}

impl Naming {
    /// The folder whose sync makes it safe.
    fn folder(&self) -> &Path {
        let (Self::Dir(path) | Self::File(path, _) | Self::Rename(_, path, _) | Self::Remove(path)) = self;
        path.parent().unwrap()
    }
}

#[derive(Debug, Default)]
struct World {
    files: HashMap<u64, File>,
    names: BTreeMap<PathBuf, u64>,
    dirs: BTreeSet<PathBuf>,
    safe_names: BTreeMap<PathBuf, u64>,
    safe_dirs: BTreeSet<PathBuf>,
    namings: Vec<Naming>,
    locks: HashMap<PathBuf, u64>,
    next: u64,
    clock: u64,
    /// Operations until the power goes.
    left: Option<usize>,
    done: usize,
}

/// One process's view of the disk.
#[derive(Clone)]
pub struct Disk {
    world: Arc<Mutex<World>>,
    process: u64,
    alive: Arc<AtomicBool>,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Disk")
    }
}

struct Held {
    world: Arc<Mutex<World>>,
    path: PathBuf,
    process: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut world = self.world.lock().unwrap();
        if world.locks.get(&self.path) == Some(&self.process) {
            world.locks.remove(&self.path);
        }
    }
}

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl Disk {
    /// An empty disk, seen by one process.
    pub fn new() -> Self {
        let mut world = World::default();
        world.dirs.insert(PathBuf::from("/"));
        world.safe_dirs.insert(PathBuf::from("/"));
        Self { world: Arc::new(Mutex::new(world)), process: 0, alive: Arc::new(AtomicBool::new(true)) }
    }

    /// The same disk seen by another process.
    pub fn process(&self) -> Self {
        let mut world = self.world.lock().unwrap();
        world.next += 1;
        Self { world: Arc::clone(&self.world), process: world.next, alive: Arc::new(AtomicBool::new(true)) }
    }

    /// Ends this process where it stands; the disk keeps all that was written.
    pub fn kill(&self) {
        self.alive.store(false, Ordering::SeqCst);
        self.world.lock().unwrap().locks.retain(|_, process| *process != self.process);
    }

    /// Lets the power go after `operations` more that change something.
    pub fn fail_after(&self, operations: usize) {
        self.world.lock().unwrap().left = Some(operations);
    }

    /// How many operations have changed something.
    pub fn operations(&self) -> usize {
        self.world.lock().unwrap().done
    }

    /// The disk as it is found when the power is back.
    pub fn reboot(&self, left: Left) -> Self {
        let old = self.world.lock().unwrap();
        let mut random = Random(if let Left::Some(seed) = left { seed } else { 0 });
        let (mut names, mut dirs) = (old.safe_names.clone(), old.safe_dirs.clone());
        let mut namings = old.namings.clone();
        if let Left::Some(_) = left {
            // Renames and removals of one folder may reach the disk in another order.
            for at in (1..namings.len()).rev() {
                namings.swap(at, random.below(at + 1));
            }
        }
        for naming in namings {
            let takes = match left {
                Left::Nothing => false,
                Left::Everything => true,
                Left::Some(_) => random.below(2) == 0,
            };
            if takes {
                apply(naming, &mut names, &mut dirs);
            }
        }
        let there = |path: &Path, dirs: &BTreeSet<PathBuf>| path.ancestors().skip(1).all(|dir| dirs.contains(dir));
        let reached: BTreeSet<PathBuf> = dirs.iter().filter(|dir| there(dir, &dirs)).cloned().collect();
        names.retain(|path, _| there(path, &reached));
        let mut files = HashMap::new();
        for inode in names.values() {
            let Some(file) = old.files.get(inode) else { continue };
            let content = match left {
                Left::Nothing => file.durable.clone(),
                Left::Everything => file.now.clone(),
                Left::Some(_) => some_of(file, &mut random),
            };
            files.insert(*inode, File { now: content.clone(), durable: content, between: Vec::new(), changed: file.changed });
        }
        let world = World {
            files,
            names: names.clone(),
            dirs: reached.clone(),
            safe_names: names,
            safe_dirs: reached,
            next: old.next + 1000,
            clock: old.clock + 1,
            ..World::default()
        };
        Self { world: Arc::new(Mutex::new(world)), process: 0, alive: Arc::new(AtomicBool::new(true)) }
    }

    /// All files with their contents.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let world = self.world.lock().unwrap();
        world.names.iter().map(|(path, inode)| (path.clone(), world.files[inode].now.clone())).collect()
    }

    fn look<T>(&self, read: impl FnOnce(&World) -> io::Result<T>) -> io::Result<T> {
        let world = self.world.lock().unwrap();
        if !self.alive.load(Ordering::SeqCst) || world.left == Some(0) {
            return Err(io::Error::other("the power is gone"));
        }
        read(&world)
    }

    fn change<T>(&self, change: impl FnOnce(&mut World) -> io::Result<T>) -> io::Result<T> {
        let mut world = self.world.lock().unwrap();
        if !self.alive.load(Ordering::SeqCst) || world.left == Some(0) {
            return Err(io::Error::other("the power is gone"));
        }
        world.left = world.left.map(|left| left - 1);
        world.done += 1;
        world.clock += 1;
        change(&mut world)
    }
}

fn apply(naming: Naming, names: &mut BTreeMap<PathBuf, u64>, dirs: &mut BTreeSet<PathBuf>) {
    match naming {
        Naming::Dir(path) => drop(dirs.insert(path)),
        Naming::File(path, inode) => drop(names.insert(path, inode)),
        Naming::Rename(from, to, inode) => {
            if names.get(&from) == Some(&inode) {
                names.remove(&from);
            }
            names.insert(to, inode);
        }
        Naming::Remove(path) => drop(names.remove(&path)),
    }
}

/// One of the states a file may be found in.
fn some_of(file: &File, random: &mut Random) -> Vec<u8> {
    let states: Vec<&Vec<u8>> = std::iter::once(&file.durable).chain(&file.between).collect();
    let mut content = states[random.below(states.len())].clone();
    let safe = content.iter().zip(&file.durable).take_while(|(a, b)| a == b).count();
    if content.len() > safe {
        let cut = safe + random.below(content.len() - safe + 1);
        match random.below(3) {
            0 => content.truncate(cut),
            // The length reached the disk, the bytes did not.
            1 => content[cut..].fill(0),
            _ => {}
        }
    }
    content
}

impl World {
    fn file(&self, path: &Path) -> io::Result<&File> {
        self.names.get(path).and_then(|inode| self.files.get(inode)).ok_or_else(not_found)
    }

    fn put(&mut self, path: &Path, content: impl FnOnce(&[u8]) -> Vec<Vec<u8>>) -> io::Result<()> {
        if !path.parent().is_some_and(|dir| self.dirs.contains(dir)) {
            return Err(not_found());
        }
        let inode = self.names.get(path).copied().unwrap_or_else(|| {
            self.next += 1;
            self.names.insert(path.to_owned(), self.next);
            self.namings.push(Naming::File(path.to_owned(), self.next));
            self.files.insert(self.next, File::default());
            self.next
        });
        let clock = self.clock;
        let file = self.files.get_mut(&inode).unwrap();
        for state in content(&file.now) {
            file.now.clone_from(&state);
            file.between.push(state);
        }
        file.changed = clock;
        Ok(())
    }
}

impl Storage for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.look(|world| Ok(world.file(path)?.now.clone()))
    }

    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        self.look(|world| Ok(world.file(path)?.now.iter().take(len).copied().collect()))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        self.look(|world| Ok(world.names.keys().filter(|path| path.parent() == Some(dir)).cloned().collect()))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.look(|world| {
            if world.dirs.contains(path) {
                return Ok(Stamp { len: 0, modified: None, inode: 0 });
            }
            let file = world.file(path)?;
            let modified = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(file.changed));
            Ok(Stamp { len: file.now.len() as u64, modified, inode: world.names[path] })
        })
    }

    fn create_dir(&self, dir: &Path, _private: bool) -> io::Result<()> {
        let above: Vec<&Path> = dir.ancestors().collect();
        for dir in above.into_iter().rev() {
            if !self.look(|world| Ok(world.dirs.contains(dir)))? {
                self.change(|world| {
                    world.dirs.insert(dir.to_owned());
                    world.namings.push(Naming::Dir(dir.to_owned()));
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8], _private: bool) -> io::Result<()> {
        // Opening empties the file; then the bytes come.
        self.change(|world| world.put(path, |_| vec![Vec::new()]))?;
        self.change(|world| world.put(path, |_| vec![bytes.to_vec()]))
    }

    fn append(&self, path: &Path, bytes: &[u8], _private: bool) -> io::Result<()> {
        self.change(|world| world.put(path, |now| vec![[now, bytes].concat()]))
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.change(|world| {
            let inode = *world.names.get(path).ok_or_else(not_found)?;
            let file = world.files.get_mut(&inode).unwrap();
            file.durable.clone_from(&file.now);
            file.between.clear();
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|world| {
            let inode = world.names.remove(from).ok_or_else(not_found)?;
            world.names.insert(to.to_owned(), inode);
            world.namings.push(Naming::Rename(from.to_owned(), to.to_owned(), inode));
            Ok(())
        })
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.change(|world| {
            let (own, others) = std::mem::take(&mut world.namings).into_iter().partition(|naming: &Naming| naming.folder() == dir);
            world.namings = others;
            let own: Vec<Naming> = own;
            let (mut names, mut dirs) = (std::mem::take(&mut world.safe_names), std::mem::take(&mut world.safe_dirs));
            for naming in own {
                apply(naming, &mut names, &mut dirs);
            }
            (world.safe_names, world.safe_dirs) = (names, dirs);
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change(|world| {
            world.names.remove(path).ok_or_else(not_found)?;
            world.namings.push(Naming::Remove(path.to_owned()));
            Ok(())
        })
    }

    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
        if self.look(|world| Ok(!world.names.contains_key(path)))? {
            self.append(path, b"", private)?;
        }
        let end = Instant::now() + wait;
        loop {
            let taken = self.look(|world| Ok(world.locks.contains_key(path)))?;
            if !taken {
                let mut world = self.world.lock().unwrap();
                if !world.locks.contains_key(path) {
                    world.locks.insert(path.to_owned(), self.process);
                    let held = Held { world: Arc::clone(&self.world), path: path.to_owned(), process: self.process };
                    return Ok(Lock::new(Box::new(held)));
                }
            }
            if Instant::now() >= end {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}
