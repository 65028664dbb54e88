//! The digests of a library, in one file that grows at its end.
//!
//! The first line names the form and the program's version (another may parse otherwise). Behind
//! it stand records: stamp, length, checksum, digest. A later record of the same stamp counts.
//! What is spoiled is as good as missing: it costs a speech's being parsed again.

use super::{Digest, Stamp};
use crate::library::catalogue::name_of_roots;
use std::{
    collections::{HashMap, HashSet},
    fs::{self, OpenOptions},
    io::{self, Write as _},
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Bytes before each digest: stamp, length, checksum.
const HEAD_BYTES: usize = 16;
/// Records that are kept beside those that are needed before the file is written anew.
const SPARE: usize = 1000;

const FIRST_LINE: &str = concat!("pizhu digests 2 ", env!("CARGO_PKG_VERSION"), "\n");

/// The digests of a library. Used from any thread.
#[derive(Debug, Default)]
pub struct Digests {
    file: Option<PathBuf>,
    bytes: Vec<u8>,
    known: HashMap<Stamp, Range<usize>>,
    fresh: Mutex<Fresh>,
}

/// What has come since the file was read.
#[derive(Debug, Default)]
struct Fresh {
    digests: HashMap<Stamp, Digest>,
    /// Those not in the file yet.
    unsaved: Vec<Stamp>,
    /// The file is to be written anew, not added to.
    is_spoiled: bool,
}

impl Digests {
    /// The digests of the library under `roots`, kept in `folder`; none where there is no file or
    /// it is not this program's.
    #[must_use]
    pub fn load(folder: &Path, roots: &[PathBuf]) -> Self {
        let file = folder.join(format!("digests-{}.bin", name_of_roots(roots)));
        let bytes = fs::read(&file).unwrap_or_default();
        let mut digests = Self { file: Some(file), known: HashMap::with_capacity(bytes.len() / 512), ..Self::default() };
        let mut at = FIRST_LINE.len();
        if !bytes.starts_with(FIRST_LINE.as_bytes()) {
            digests.fresh().is_spoiled = true;
            return digests;
        }
        while at < bytes.len() {
            let Some((stamp, range)) = record(&bytes, at) else {
                digests.fresh().is_spoiled = true;
                break;
            };
            at = range.end;
            digests.known.insert(stamp, range);
        }
        digests.bytes = bytes;
        digests
    }

    /// The digest of a file in the state of `stamp`.
    #[must_use]
    pub fn get(&self, stamp: Stamp) -> Option<Digest> {
        if let Some(range) = self.known.get(&stamp) {
            let digest = self.bytes.get(range.clone())?;
            let sum = self.bytes.get(range.start - 4..range.start)?;
            return (sum == checksum(digest)).then(|| Digest(Arc::from(digest)));
        }
        self.fresh().digests.get(&stamp).cloned()
    }

    /// Whether there is one.
    #[must_use]
    pub fn has(&self, stamp: Stamp) -> bool {
        self.known.contains_key(&stamp) || self.fresh().digests.contains_key(&stamp)
    }

    /// Takes a digest, to be saved by [`Self::save`].
    pub fn add(&self, stamp: Stamp, digest: Digest) {
        let mut fresh = self.fresh();
        fresh.digests.insert(stamp, digest);
        fresh.unsaved.push(stamp);
    }

    fn fresh(&self) -> MutexGuard<'_, Fresh> {
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is new. Where `needed` tells all stamps of the library and many others are in
    /// the file, or where that is spoiled, it is written anew.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, needed: Option<&HashSet<Stamp>>) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut fresh = self.fresh();
        let crowded = needed.is_some_and(|needed| self.known.len() > needed.len() * 2 + SPARE);
        if fresh.unsaved.is_empty() && !crowded {
            return Ok(());
        }
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut records = Vec::new();
        if !crowded && !fresh.is_spoiled {
            for stamp in &fresh.unsaved {
                if let Some(digest) = fresh.digests.get(stamp) {
                    push(&mut records, *stamp, digest.bytes());
                }
            }
            // One write to the end: what another process adds stands before it or behind it.
            OpenOptions::new().append(true).open(file)?.write_all(&records)?;
            fresh.unsaved.clear();
            return Ok(());
        }
        for (stamp, range) in self.known.iter().filter(|(stamp, _)| needed.is_none_or(|needed| needed.contains(stamp))) {
            if let Some(digest) = self.bytes.get(range.clone()) {
                push(&mut records, *stamp, digest);
            }
        }
        for (stamp, digest) in &fresh.digests {
            push(&mut records, *stamp, digest.bytes());
        }
        let mut out = atomic_write_file::AtomicWriteFile::open(file)?;
        out.write_all(FIRST_LINE.as_bytes())?;
        out.write_all(&records)?;
        out.commit()?;
        fresh.unsaved.clear();
        fresh.is_spoiled = false;
        Ok(())
    }
}

fn checksum(digest: &[u8]) -> [u8; 4] {
    *blake3::hash(digest).as_bytes().first_chunk().unwrap_or(&[0; 4])
}

fn push(records: &mut Vec<u8>, stamp: Stamp, digest: &[u8]) {
    records.extend_from_slice(&stamp.0.to_le_bytes());
    records.extend_from_slice(&(digest.len() as u32).to_le_bytes());
    records.extend_from_slice(&checksum(digest));
    records.extend_from_slice(digest);
}

/// The record at byte `at`: its stamp, and where its digest stands.
fn record(bytes: &[u8], at: usize) -> Option<(Stamp, Range<usize>)> {
    let stamp = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    let length = u32::from_le_bytes(*bytes.get(at + 8..)?.first_chunk()?);
    let start = at + HEAD_BYTES;
    let end = start.checked_add(length as usize)?;
    (end <= bytes.len()).then_some((Stamp(stamp), start..end))
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
        let file = load().file.unwrap();
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        let torn = load();
        assert_eq!((torn.get(Stamp(1)), torn.get(Stamp(2)), torn.fresh().is_spoiled), (Some(digest("甲")), Some(digest("乙")), true));
        torn.add(Stamp(3), digest("丁"));
        torn.save(None).unwrap();
        assert_eq!((load().known.len(), load().fresh().is_spoiled), (3, false));
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
            (again.known.len(), fs::read(again.file.as_ref().unwrap()).unwrap().len()),
            (3, FIRST_LINE.len() + 3 * (HEAD_BYTES + 3))
        );
    }

    #[test]
    fn a_spoiled_byte_gives_no_wrong_digest() {
        let folder = tempfile::tempdir().unwrap();
        let load = || Digests::load(folder.path(), &[]);
        load().save(None).unwrap();
        let digests = load();
        digests.add(Stamp(1), digest("甲"));
        digests.save(None).unwrap();
        let file = load().file.unwrap();
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
        assert!(digests.has(Stamp(3)) && digests.known.len() == 1);
    }
}
