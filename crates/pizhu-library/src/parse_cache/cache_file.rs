//! The cache file: parse records of a library in one append-only file.
//!
//! The first line holds the format version and the program's version (another one may parse
//! differently). Records follow: fingerprint, length, checksum, packed bytes. The last record of a
//! fingerprint wins. A damaged record counts as missing; its speech is parsed again.

use super::{
    fingerprint::{FingerprintMap, MetadataFingerprint},
    record::ParseRecord,
};
use crate::library_id::library_id;
use pizhu_files::private_file;
use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufReader, BufWriter, Read as _, Seek as _, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// Bytes of a record's header: fingerprint, length, checksum.
const HEADER_BYTES: usize = 16;
/// Stale records tolerated before compaction.
const MAX_STALE_RECORDS: usize = 1000;
/// Buffer size for reading and writing the file.
const BUFFER_BYTES: usize = 64 * 1024;

const FIRST_LINE: &str = concat!("pizhu digests 4 ", env!("CARGO_PKG_VERSION"), "\n");

/// The parse records of a library. Saved records stay on the disk; memory holds only their
/// locations and the unsaved records. Usable from any thread.
#[derive(Debug, Default)]
pub struct ParseCache {
    path: Option<PathBuf>,
    /// Loaded when it is first asked for: a search that finds nothing needs no record.
    inner: OnceLock<Mutex<ParseCacheInner>>,
}

#[derive(Debug, Default)]
struct ParseCacheInner {
    /// The file that was loaded, then those that replaced it while it was open.
    files: Vec<Arc<File>>,
    locations: FingerprintMap<RecordLocation>,
    /// Records that are not in a file yet.
    unsaved: FingerprintMap<ParseRecord>,
    /// The file is missing, damaged or of another version, and is rewritten by the next save.
    needs_rewrite: bool,
}

/// Location of a record.
#[derive(Debug, Clone, Copy)]
struct RecordLocation {
    /// Index of its file in `files`.
    file: u32,
    /// Length of the packed bytes.
    length: u32,
    /// Offset of the header in the file, in bytes.
    start: u64,
}

impl RecordLocation {
    /// Reads the record; `None` if it is damaged or of another fingerprint.
    fn read(self, fingerprint: MetadataFingerprint, file: &File) -> Option<ParseRecord> {
        let mut record = vec![0; HEADER_BYTES + self.length as usize];
        read_at(file, &mut record, self.start).ok()?;
        let (header, record) = record.split_first_chunk::<HEADER_BYTES>()?;
        (*header == record_header(fingerprint, record)).then(|| ParseRecord(Arc::from(record)))
    }
}

/// Fills `bytes` from offset `start` of the file, independently of other readers.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt as _;
    file.read_exact_at(bytes, start)
}

/// Fills `bytes` from offset `start` of the file, independently of other readers.
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

impl ParseCache {
    /// The cache of the library under `roots`, in its file in `folder`; empty if there is no file or
    /// another version wrote it. The file is read when the first record is asked for.
    #[must_use]
    pub fn open(folder: &Path, roots: &[PathBuf]) -> Self {
        Self { path: Some(folder.join(format!("digests-{}.bin", library_id(roots)))), inner: OnceLock::new() }
    }

    /// [`Self::open`], with the locations of the records loaded at once.
    #[must_use]
    pub fn load(folder: &Path, roots: &[PathBuf]) -> Self {
        let cache = Self::open(folder, roots);
        drop(cache.lock());
        cache
    }

    /// The record of a fingerprint.
    #[must_use]
    pub fn get(&self, fingerprint: MetadataFingerprint) -> Option<ParseRecord> {
        let inner = self.lock();
        if let Some(record) = inner.unsaved.get(&fingerprint) {
            return Some(record.clone());
        }
        let location = *inner.locations.get(&fingerprint)?;
        let file = Arc::clone(inner.files.get(location.file as usize)?);
        // Others need not wait for this read.
        drop(inner);
        location.read(fingerprint, &file)
    }

    /// Whether there is a record of this fingerprint.
    #[must_use]
    pub fn has(&self, fingerprint: MetadataFingerprint) -> bool {
        let inner = self.lock();
        inner.locations.contains_key(&fingerprint) || inner.unsaved.contains_key(&fingerprint)
    }

    /// Adds a record; [`Self::save`] writes it.
    pub fn add(&self, fingerprint: MetadataFingerprint, record: ParseRecord) {
        self.lock().unsaved.insert(fingerprint, record);
    }

    /// Number of unsaved records.
    #[must_use]
    pub fn unsaved_count(&self) -> usize {
        self.lock().unsaved.len()
    }

    fn lock(&self) -> MutexGuard<'_, ParseCacheInner> {
        let load = || match &self.path {
            Some(path) => ParseCacheInner::load(path).unwrap_or_else(|| ParseCacheInner { needs_rewrite: true, ..Default::default() }),
            None => ParseCacheInner::default(),
        };
        self.inner.get_or_init(|| Mutex::new(load())).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends the unsaved records to the file. The file is rewritten if it is damaged, or if it
    /// has many records of fingerprints that are not in `needed` (all fingerprints of the library).
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, needed: Option<&HashSet<MetadataFingerprint>>) -> io::Result<()> {
        // What was never asked for has not changed.
        let (Some(path), Some(_)) = (&self.path, self.inner.get()) else { return Ok(()) };
        let mut inner = self.lock();
        let has_many_stale = needed.is_some_and(|needed| inner.locations.len() > needed.len() * 2 + MAX_STALE_RECORDS);
        if inner.unsaved.is_empty() && !has_many_stale {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            private_file::create_folder(folder)?;
        }
        if has_many_stale || inner.needs_rewrite { inner.rewrite(path, needed) } else { inner.append(path) }
    }
}

impl ParseCacheInner {
    /// Reads the locations of a file's records; `None` if it is not of this version.
    fn load(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, &file);
        let mut line = [0; FIRST_LINE.len()];
        reader.read_exact(&mut line).ok()?;
        if line != FIRST_LINE.as_bytes() {
            return None;
        }
        let mut inner = Self::default();
        let mut start = FIRST_LINE.len() as u64;
        while start < length {
            let mut header = [0; HEADER_BYTES];
            let intact = reader.read_exact(&mut header).is_ok();
            let (fingerprint, bytes) = parse_header(header);
            let end = start + (HEADER_BYTES as u64) + u64::from(bytes);
            if !intact || end > length || reader.seek_relative(i64::from(bytes)).is_err() {
                inner.needs_rewrite = true;
                break;
            }
            inner.locations.insert(fingerprint, RecordLocation { file: 0, length: bytes, start });
            start = end;
        }
        inner.files.push(Arc::new(file));
        Some(inner)
    }

    fn read(&self, fingerprint: MetadataFingerprint) -> Option<ParseRecord> {
        let location = self.locations.get(&fingerprint)?;
        location.read(fingerprint, self.files.get(location.file as usize)?)
    }

    fn append(&mut self, path: &Path) -> io::Result<()> {
        let mut records = Vec::new();
        let mut locations = Vec::with_capacity(self.unsaved.len());
        for (fingerprint, record) in &self.unsaved {
            locations.push((*fingerprint, record.bytes().len() as u32, records.len() as u64));
            write_record(&mut records, *fingerprint, record.bytes())?;
        }
        // A single appending write: records of another process come before or after it.
        let mut file = private_file::append(path, false)?;
        file.write_all(&records)?;
        let end = file.stream_position()?;
        let is_last = self.files.last().is_some_and(|last| last.metadata().is_ok_and(|metadata| metadata.len() == end));
        if !is_last {
            self.files.push(Arc::new(file));
        }
        self.set_locations(locations, end - records.len() as u64);
        Ok(())
    }

    fn rewrite(&mut self, path: &Path, needed: Option<&HashSet<MetadataFingerprint>>) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, private_file::replace(path)?);
        out.write_all(FIRST_LINE.as_bytes())?;
        let mut locations = Vec::new();
        let mut start = 0;
        let fingerprints = self.locations.keys().filter(|fingerprint| needed.is_none_or(|needed| needed.contains(fingerprint)));
        for fingerprint in fingerprints.chain(self.unsaved.keys()) {
            let Some(record) = self.unsaved.get(fingerprint).cloned().or_else(|| self.read(*fingerprint)) else { continue };
            locations.push((*fingerprint, record.bytes().len() as u32, start));
            write_record(&mut out, *fingerprint, record.bytes())?;
            start += (HEADER_BYTES + record.bytes().len()) as u64;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.commit()?;
        self.files = vec![Arc::new(File::open(path)?)];
        self.locations.clear();
        self.set_locations(locations, FIRST_LINE.len() as u64);
        self.needs_rewrite = false;
        Ok(())
    }

    /// The unsaved records are now in the last file: fingerprint, length and start of each,
    /// relative to byte `base`.
    fn set_locations(&mut self, locations: Vec<(MetadataFingerprint, u32, u64)>, from: u64) {
        let file = self.files.len().saturating_sub(1) as u32;
        self.locations.extend(
            locations.into_iter().map(|(fingerprint, length, start)| (fingerprint, RecordLocation { file, length, start: from + start })),
        );
        self.unsaved = FingerprintMap::default();
    }
}

/// Header of a record.
fn record_header(fingerprint: MetadataFingerprint, record: &[u8]) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(&fingerprint.0.to_le_bytes());
    header[8..12].copy_from_slice(&(record.len() as u32).to_le_bytes());
    header[12..].copy_from_slice(&blake3::hash(record).as_bytes()[..4]);
    header
}

/// Fingerprint and length from a record's header.
fn parse_header(header: [u8; HEADER_BYTES]) -> (MetadataFingerprint, u32) {
    let header = u128::from_le_bytes(header);
    (MetadataFingerprint(header as u64), (header >> 64) as u32)
}

fn write_record(to: &mut impl Write, fingerprint: MetadataFingerprint, record: &[u8]) -> io::Result<()> {
    to.write_all(&record_header(fingerprint, record))?;
    to.write_all(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn record(text: &str) -> ParseRecord {
        ParseRecord(Arc::from(text.as_bytes()))
    }

    #[test]
    fn truncated_file_loses_only_its_last_record() {
        let folder = tempfile::tempdir().unwrap();
        let load = || ParseCache::load(folder.path(), &[]);
        for (fingerprint, text) in [(1, "甲"), (2, "乙"), (1, "丙")] {
            let cache = load();
            cache.add(MetadataFingerprint(fingerprint), record(text));
            cache.save(None).unwrap();
        }
        assert_eq!(
            (load().get(MetadataFingerprint(1)), load().get(MetadataFingerprint(2)), load().get(MetadataFingerprint(3))),
            (Some(record("丙")), Some(record("乙")), None)
        );
        let file = load().path.unwrap();
        let intact = fs::read(&file).unwrap();
        fs::write(&file, &intact[..intact.len() - 1]).unwrap();
        let torn = load();
        assert_eq!(
            (torn.get(MetadataFingerprint(1)), torn.get(MetadataFingerprint(2)), torn.lock().needs_rewrite),
            (Some(record("甲")), Some(record("乙")), true)
        );
        torn.add(MetadataFingerprint(3), record("丁"));
        torn.save(None).unwrap();
        assert_eq!((load().lock().locations.len(), load().lock().needs_rewrite), (3, false));
    }

    #[test]
    fn records_stay_readable_after_each_save() {
        let folder = tempfile::tempdir().unwrap();
        let cache = ParseCache::load(folder.path(), &[]);
        for fingerprint in 0..3 {
            cache.add(MetadataFingerprint(fingerprint), record("甲"));
            cache.save(None).unwrap();
            assert!((0..=fingerprint).all(|fingerprint| cache.get(MetadataFingerprint(fingerprint)).is_some()), "{fingerprint}");
        }
        let again = ParseCache::load(folder.path(), &[]);
        assert_eq!(
            (again.lock().locations.len(), fs::read(again.path.as_ref().unwrap()).unwrap().len()),
            (3, FIRST_LINE.len() + 3 * (HEADER_BYTES + 3))
        );
    }

    #[test]
    fn changes_by_another_process_lose_no_records() {
        let folder = tempfile::tempdir().unwrap();
        let open = || ParseCache::load(folder.path(), &[]);
        let cache = open();
        cache.add(MetadataFingerprint(1), record("甲"));
        cache.save(None).unwrap();
        // The other process appends; replaces the file; deletes it.
        let other = open();
        other.add(MetadataFingerprint(2), record("乙"));
        other.save(None).unwrap();
        cache.add(MetadataFingerprint(3), record("丙"));
        cache.save(None).unwrap();
        other.lock().needs_rewrite = true;
        other.add(MetadataFingerprint(4), record("丁"));
        other.save(None).unwrap();
        cache.add(MetadataFingerprint(5), record("戊"));
        cache.save(None).unwrap();
        fs::remove_file(open().path.unwrap()).unwrap();
        cache.add(MetadataFingerprint(6), record("己"));
        assert!(cache.save(None).is_err());
        for (fingerprint, text) in [(1, "甲"), (3, "丙"), (5, "戊"), (6, "己")] {
            assert_eq!(cache.get(MetadataFingerprint(fingerprint)), Some(record(text)), "{fingerprint}");
        }
        assert_eq!(
            (cache.unsaved_count(), other.get(MetadataFingerprint(1)), other.get(MetadataFingerprint(4))),
            (1, Some(record("甲")), Some(record("丁")))
        );
    }

    #[test]
    fn damaged_byte_never_gives_a_wrong_record() {
        let folder = tempfile::tempdir().unwrap();
        let load = || ParseCache::load(folder.path(), &[]);
        load().save(None).unwrap();
        let cache = load();
        cache.add(MetadataFingerprint(1), record("甲"));
        cache.save(None).unwrap();
        let file = load().path.unwrap();
        let intact = fs::read(&file).unwrap();
        for at in 0..intact.len() {
            let mut damaged = intact.clone();
            damaged[at] ^= 1;
            fs::write(&file, &damaged).unwrap();
            assert!(load().get(MetadataFingerprint(1)).is_none_or(|found| found == record("甲")), "{at}");
        }
    }

    #[test]
    fn many_stale_records_trigger_compaction() {
        let folder = tempfile::tempdir().unwrap();
        let cache = ParseCache::load(folder.path(), &[]);
        (0..MAX_STALE_RECORDS as u64 + 10).for_each(|fingerprint| cache.add(MetadataFingerprint(fingerprint), record("甲")));
        cache.save(None).unwrap();
        let needed = HashSet::from([MetadataFingerprint(3)]);
        ParseCache::load(folder.path(), &[]).save(Some(&needed)).unwrap();
        let cache = ParseCache::load(folder.path(), &[]);
        assert!(cache.has(MetadataFingerprint(3)) && cache.lock().locations.len() == 1);
    }
}
