//! The digests of a library, in one file that grows at its end.
//!
//! The first line names the form and the program's version (another may parse otherwise). Behind
//! it stand records: stamp, length, checksum, digest. A later record of the same stamp counts.
//! What is spoiled is as good as missing: it costs a speech's being parsed again.

use super::{Digest, Stamp, StampMap};
use crate::catalogue::name_of_roots;
use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read as _, Seek as _, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Bytes before each digest: stamp, length, checksum.
const HEAD_BYTES: usize = 16;
/// Records that are kept beside those that are needed before the file is written anew.
const SPARE: usize = 1000;
/// Bytes of the file that are looked through at a time.
const BUFFER_BYTES: usize = 64 * 1024;

const FIRST_LINE: &str = concat!("pizhu digests 2 ", env!("CARGO_PKG_VERSION"), "\n");

/// The digests of a library. They stay on the disk, and in memory only where each of them lies
/// and what has not been saved. Used from any thread.
#[derive(Debug, Default)]
pub struct Digests {
    path: Option<PathBuf>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The file, and behind it those that came in its place while it was open.
    files: Vec<Arc<File>>,
    known: StampMap<Place>,
    /// Those not in a file yet.
    unsaved: StampMap<Digest>,
    /// The file is to be written anew, not added to.
    is_spoiled: bool,
}

/// Where a record lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The number of its file.
    file: u32,
    /// Bytes of its digest.
    length: u32,
    /// The byte it begins at.
    start: u64,
}

impl Place {
    /// The digest of a stamp as its file has it; none where what lies there is another's or
    /// spoiled.
    fn read(self, stamp: Stamp, file: &File) -> Option<Digest> {
        let mut record = vec![0; HEAD_BYTES + self.length as usize];
        read_at(file, &mut record, self.start).ok()?;
        let (head, digest) = record.split_first_chunk::<HEAD_BYTES>()?;
        (*head == head_for(stamp, digest)).then(|| Digest(Arc::from(digest)))
    }
}

/// Fills `bytes` from byte `start` of a file on, whoever else reads it.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt as _;
    file.read_exact_at(bytes, start)
}

/// Fills `bytes` from byte `start` of a file on, whoever else reads it.
#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt as _;
    while !bytes.is_empty() {
        match file.seek_read(bytes, start)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                bytes = &mut bytes[count..];
                start += count as u64;
            }
        }
    }
    Ok(())
}

impl Digests {
    /// The digests of the library under `roots`, kept in `folder`; none where there is no file or
    /// it is not this program's.
    #[must_use]
    pub fn load(folder: &Path, roots: &[PathBuf]) -> Self {
        let path = folder.join(format!("digests-{}.bin", name_of_roots(roots)));
        let kept = Kept::of(&path).unwrap_or_else(|| Kept { is_spoiled: true, ..Kept::default() });
        Self { path: Some(path), kept: Mutex::new(kept) }
    }

    /// The digest of a file in the state of `stamp`.
    #[must_use]
    pub fn get(&self, stamp: Stamp) -> Option<Digest> {
        let kept = self.kept();
        if let Some(digest) = kept.unsaved.get(&stamp) {
            return Some(digest.clone());
        }
        let place = *kept.known.get(&stamp)?;
        let file = Arc::clone(kept.files.get(place.file as usize)?);
        // Others need not wait while this one is read.
        drop(kept);
        place.read(stamp, &file)
    }

    /// Whether there is one.
    #[must_use]
    pub fn has(&self, stamp: Stamp) -> bool {
        let kept = self.kept();
        kept.known.contains_key(&stamp) || kept.unsaved.contains_key(&stamp)
    }

    /// Takes a digest, to be saved by [`Self::save`].
    pub fn add(&self, stamp: Stamp, digest: Digest) {
        self.kept().unsaved.insert(stamp, digest);
    }

    /// How many wait to be saved; they take memory.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        self.kept().unsaved.len()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is new. Where `needed` tells all stamps of the library and many others are in
    /// the file, or where that is spoiled, it is written anew.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, needed: Option<&HashSet<Stamp>>) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut kept = self.kept();
        let crowded = needed.is_some_and(|needed| kept.known.len() > needed.len() * 2 + SPARE);
        if kept.unsaved.is_empty() && !crowded {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        if crowded || kept.is_spoiled { kept.rewrite(path, needed) } else { kept.append(path) }
    }
}

impl Kept {
    /// What the file at `path` holds; `None` where it is none of this program.
    fn of(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, &file);
        let mut line = [0; FIRST_LINE.len()];
        reader.read_exact(&mut line).ok()?;
        if line != FIRST_LINE.as_bytes() {
            return None;
        }
        let mut kept = Self::default();
        let mut start = FIRST_LINE.len() as u64;
        while start < length {
            let mut head = [0; HEAD_BYTES];
            let whole = reader.read_exact(&mut head).is_ok();
            let (stamp, bytes) = head_of(head);
            let end = start + (HEAD_BYTES as u64) + u64::from(bytes);
            if !whole || end > length || reader.seek_relative(i64::from(bytes)).is_err() {
                kept.is_spoiled = true;
                break;
            }
            kept.known.insert(stamp, Place { file: 0, length: bytes, start });
            start = end;
        }
        kept.files.push(Arc::new(file));
        Some(kept)
    }

    fn read(&self, stamp: Stamp) -> Option<Digest> {
        let place = self.known.get(&stamp)?;
        place.read(stamp, self.files.get(place.file as usize)?)
    }

    fn append(&mut self, path: &Path) -> io::Result<()> {
        let mut records = Vec::new();
        let mut places = Vec::with_capacity(self.unsaved.len());
        for (stamp, digest) in &self.unsaved {
            places.push((*stamp, digest.bytes().len() as u32, records.len() as u64));
            push(&mut records, *stamp, digest.bytes())?;
        }
        // One write to the end: what another process adds stands before it or behind it.
        let mut file = OpenOptions::new().read(true).append(true).open(path)?;
        file.write_all(&records)?;
        let end = file.stream_position()?;
        let is_last = self.files.last().is_some_and(|last| last.metadata().is_ok_and(|metadata| metadata.len() == end));
        if !is_last {
            self.files.push(Arc::new(file));
        }
        self.take_places(places, end - records.len() as u64);
        Ok(())
    }

    fn rewrite(&mut self, path: &Path, needed: Option<&HashSet<Stamp>>) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, atomic_write_file::AtomicWriteFile::open(path)?);
        out.write_all(FIRST_LINE.as_bytes())?;
        let mut places = Vec::new();
        let mut start = 0;
        let stamps = self.known.keys().filter(|stamp| needed.is_none_or(|needed| needed.contains(stamp)));
        for stamp in stamps.chain(self.unsaved.keys()) {
            let Some(digest) = self.unsaved.get(stamp).cloned().or_else(|| self.read(*stamp)) else { continue };
            places.push((*stamp, digest.bytes().len() as u32, start));
            push(&mut out, *stamp, digest.bytes())?;
            start += (HEAD_BYTES + digest.bytes().len()) as u64;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.commit()?;
        self.files = vec![Arc::new(File::open(path)?)];
        self.known.clear();
        self.take_places(places, FIRST_LINE.len() as u64);
        self.is_spoiled = false;
        Ok(())
    }

    /// What was not saved lies in the last file now: of each its stamp, its length and where it
    /// begins behind byte `from`.
    fn take_places(&mut self, places: Vec<(Stamp, u32, u64)>, from: u64) {
        let file = self.files.len().saturating_sub(1) as u32;
        self.known.extend(places.into_iter().map(|(stamp, length, start)| (stamp, Place { file, length, start: from + start })));
        self.unsaved = StampMap::default();
    }
}

/// What stands before a digest.
fn head_for(stamp: Stamp, digest: &[u8]) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..8].copy_from_slice(&stamp.0.to_le_bytes());
    head[8..12].copy_from_slice(&(digest.len() as u32).to_le_bytes());
    head[12..].copy_from_slice(&blake3::hash(digest).as_bytes()[..4]);
    head
}

/// The stamp and the length of what stands behind this.
fn head_of(head: [u8; HEAD_BYTES]) -> (Stamp, u32) {
    let head = u128::from_le_bytes(head);
    (Stamp(head as u64), (head >> 64) as u32)
}

fn push(to: &mut impl Write, stamp: Stamp, digest: &[u8]) -> io::Result<()> {
    to.write_all(&head_for(stamp, digest))?;
    to.write_all(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> Digest {
        Digest(Arc::from(text.as_bytes()))
    }

    #[test]
    fn what_is_saved_is_there_again_and_a_torn_end_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let load = || Digests::load(folder.path(), &[]);
        for (stamp, text) in [(1, "甲"), (2, "乙"), (1, "丙")] {
            let digests = load();
            digests.add(Stamp(stamp), digest(text));
            digests.save(None).unwrap();
        }
        assert_eq!((load().get(Stamp(1)), load().get(Stamp(2)), load().get(Stamp(3))), (Some(digest("丙")), Some(digest("乙")), None));
        let file = load().path.unwrap();
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        let torn = load();
        assert_eq!((torn.get(Stamp(1)), torn.get(Stamp(2)), torn.kept().is_spoiled), (Some(digest("甲")), Some(digest("乙")), true));
        torn.add(Stamp(3), digest("丁"));
        torn.save(None).unwrap();
        assert_eq!((load().kept().known.len(), load().kept().is_spoiled), (3, false));
    }

    #[test]
    fn what_is_saved_stays_known_and_is_not_lost_by_saving_more() {
        let folder = tempfile::tempdir().unwrap();
        let digests = Digests::load(folder.path(), &[]);
        for stamp in 0..3 {
            digests.add(Stamp(stamp), digest("甲"));
            digests.save(None).unwrap();
            assert!((0..=stamp).all(|stamp| digests.get(Stamp(stamp)).is_some()), "{stamp}");
        }
        let again = Digests::load(folder.path(), &[]);
        assert_eq!(
            (again.kept().known.len(), fs::read(again.path.as_ref().unwrap()).unwrap().len()),
            (3, FIRST_LINE.len() + 3 * (HEAD_BYTES + 3))
        );
    }

    #[test]
    fn what_another_process_does_to_the_file_costs_no_digest() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Digests::load(folder.path(), &[]);
        let digests = open();
        digests.add(Stamp(1), digest("甲"));
        digests.save(None).unwrap();
        // It adds at the end; it puts another in its place; it deletes it.
        let other = open();
        other.add(Stamp(2), digest("乙"));
        other.save(None).unwrap();
        digests.add(Stamp(3), digest("丙"));
        digests.save(None).unwrap();
        other.kept().is_spoiled = true;
        other.add(Stamp(4), digest("丁"));
        other.save(None).unwrap();
        digests.add(Stamp(5), digest("戊"));
        digests.save(None).unwrap();
        fs::remove_file(open().path.unwrap()).unwrap();
        digests.add(Stamp(6), digest("己"));
        assert!(digests.save(None).is_err());
        for (stamp, text) in [(1, "甲"), (3, "丙"), (5, "戊"), (6, "己")] {
            assert_eq!(digests.get(Stamp(stamp)), Some(digest(text)), "{stamp}");
        }
        assert_eq!((digests.unsaved(), other.get(Stamp(1)), other.get(Stamp(4))), (1, Some(digest("甲")), Some(digest("丁"))));
    }

    #[test]
    fn a_spoiled_byte_gives_no_wrong_digest() {
        let folder = tempfile::tempdir().unwrap();
        let load = || Digests::load(folder.path(), &[]);
        load().save(None).unwrap();
        let digests = load();
        digests.add(Stamp(1), digest("甲"));
        digests.save(None).unwrap();
        let file = load().path.unwrap();
        let whole = fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut spoiled = whole.clone();
            spoiled[at] ^= 1;
            fs::write(&file, &spoiled).unwrap();
            assert!(load().get(Stamp(1)).is_none_or(|found| found == digest("甲")), "{at}");
        }
    }

    #[test]
    fn what_is_no_longer_needed_goes_when_it_is_much() {
        let folder = tempfile::tempdir().unwrap();
        let digests = Digests::load(folder.path(), &[]);
        (0..SPARE as u64 + 10).for_each(|stamp| digests.add(Stamp(stamp), digest("甲")));
        digests.save(None).unwrap();
        let needed = HashSet::from([Stamp(3)]);
        Digests::load(folder.path(), &[]).save(Some(&needed)).unwrap();
        let digests = Digests::load(folder.path(), &[]);
        assert!(digests.has(Stamp(3)) && digests.kept().known.len() == 1);
    }
}
