//! ZIP archives from untrusted files: entries are looked up by name and streamed, nothing is written
//! to disk, and the unpacked size of every entry is bounded.

use super::extract::ExtractError;
use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};
use zip::{ZipArchive, result::ZipError};

/// Maximum entries of an archive; a book with a thousand pictures has fewer.
const MAX_ENTRIES: u32 = 20_000;
/// Minimum limit of an entry's unpacked bytes, whatever its packed size.
const MIN_UNPACKED_LIMIT: u64 = 4 * 1024 * 1024;
/// Maximum unpacked bytes per packed byte; the repetitive markup of word processors stays under a
/// quarter of it.
const MAX_RATIO: u64 = 250;
/// Maximum unpacked bytes of an entry.
const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Bytes at the end of an archive that contain the end of central directory record.
const END_RECORD_BYTES: u64 = 66 * 1024;

/// Byte source of an archive.
pub(super) trait ArchiveInput: Read + Seek {}
impl<R: Read + Seek> ArchiveInput for R {}

/// A ZIP archive opened for reading.
pub(super) struct Archive<R: Read + Seek> {
    zip: ZipArchive<R>,
    /// Positions of the entries; the first of several of a name.
    names: HashMap<EntryName, usize>,
}

impl<R: ArchiveInput> Archive<R> {
    /// Reads the central directory of an archive.
    pub(super) fn open(mut reader: R) -> Result<Self, ExtractError> {
        check_directory(&mut reader)?;
        let zip = ZipArchive::new(reader).map_err(zip_error)?;
        let mut names = HashMap::with_capacity(zip.len());
        for (index, name) in zip.file_names().enumerate() {
            if let Ok(name) = name {
                names.entry(EntryName(name.replace('\\', "/").trim_start_matches('/').to_owned())).or_insert(index);
            }
        }
        Ok(Self { zip, names })
    }

    /// Opens an entry as a stream that fails when it exceeds its size limit; `None` if there is no
    /// such entry. Names are compared ignoring ASCII case and the kind of slash, as in OPC.
    pub(super) fn entry(&mut self, name: &str) -> Result<Option<impl BufRead + use<'_, R>>, ExtractError> {
        let Some(index) = self.find(name) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(zip_error)?;
        if file.encrypted() {
            return Err(ExtractError::Locked);
        }
        let allowance = file.compressed_size().saturating_mul(MAX_RATIO).clamp(MIN_UNPACKED_LIMIT, MAX_UNPACKED);
        if file.size() > allowance {
            return Err(ExtractError::TooLarge);
        }
        Ok(Some(BufReader::new(BoundedReader { inner: file, left: allowance })))
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.zip.index_for_name(name).or_else(|| self.names.get(&EntryName(name.to_owned())).copied())
    }
}

/// The name of an entry as OPC compares it: ASCII case makes no difference.
struct EntryName(String);

impl PartialEq for EntryName {
    fn eq(&self, other: &Self) -> bool {
        #[cfg(test)]
        tests::COMPARISONS.set(tests::COMPARISONS.get() + 1);
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for EntryName {}

impl Hash for EntryName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        state.write_u8(0xFF);
    }
}

/// Refuses an archive that declares too many entries, before its directory is loaded into memory.
fn check_directory(reader: &mut impl ArchiveInput) -> Result<(), ExtractError> {
    let length = reader.seek(SeekFrom::End(0)).map_err(|error| io_error(&error))?;
    reader.seek(SeekFrom::Start(length.saturating_sub(END_RECORD_BYTES))).map_err(|error| io_error(&error))?;
    let mut tail = Vec::new();
    reader.by_ref().take(END_RECORD_BYTES).read_to_end(&mut tail).map_err(|error| io_error(&error))?;
    let number =
        |at: usize, bytes: usize| tail.get(at..at + bytes).map(|field| field.iter().rev().fold(0, |sum, b| (sum << 8) | u64::from(*b)));
    let end_records = memchr::memmem::find_iter(&tail, b"PK\x05\x06").filter_map(|at| number(at + 10, 2));
    let zip64_records = memchr::memmem::find_iter(&tail, b"PK\x06\x06").filter_map(|at| number(at + 32, 8));
    let mut counts = end_records.filter(|count| *count != 0xFFFF).chain(zip64_records);
    if counts.any(|count| count > u64::from(MAX_ENTRIES)) {
        return Err(ExtractError::TooLarge);
    }
    reader.rewind().map_err(|error| io_error(&error))
}

fn io_error(error: &io::Error) -> ExtractError {
    ExtractError::Damaged(error.to_string())
}

fn zip_error(error: ZipError) -> ExtractError {
    match error {
        ZipError::InvalidPassword => ExtractError::Locked,
        ZipError::UnsupportedArchive(what) if what == ZipError::PASSWORD_REQUIRED => ExtractError::Locked,
        error => ExtractError::Damaged(error.to_string()),
    }
}

/// A stream that fails after `left` bytes.
struct BoundedReader<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for BoundedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::{
        cell::Cell,
        io::{Cursor, Write as _},
    };
    use zip::{ZipWriter, write::SimpleFileOptions};

    /// The bytes of a ZIP archive with these entries.
    pub(crate) fn zip_bytes(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn read(archive: &mut Archive<Cursor<Vec<u8>>>, name: &str) -> Result<u64, ExtractError> {
        let mut entry = archive.entry(name)?.ok_or(ExtractError::TooDeep)?;
        io::copy(&mut entry, &mut io::sink()).map_err(|error| io_error(&error))
    }

    #[test]
    fn entry_names_are_compared_as_in_opc() {
        let mut archive = Archive::open(Cursor::new(zip_bytes(&[("Word\\Document.xml", b"x"), ("b", b"")]))).unwrap();
        assert_eq!(read(&mut archive, "word/document.xml").unwrap(), 1);
        assert!(archive.entry("../word/document.xml").unwrap().is_none());
    }

    thread_local! {
        /// Names of entries compared with one another.
        pub(super) static COMPARISONS: Cell<usize> = const { Cell::new(0) };
    }

    /// A book of 20,000 entries that names 13,000 missing ones took 18 seconds: each was compared with
    /// every entry.
    #[test]
    fn missing_entries_are_looked_up_by_name() {
        const ENTRIES: usize = 15_000;
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for n in 0..ENTRIES {
            zip.start_file(format!("OPS/page{n}.xhtml"), stored).unwrap();
        }
        let mut archive = Archive::open(zip.finish().unwrap()).unwrap();
        COMPARISONS.set(0);
        assert!((0..ENTRIES).all(|n| archive.entry(&format!("OPS/missing{n}.xhtml")).unwrap().is_none()));
        // Names of the same hash are compared.
        assert!(COMPARISONS.get() < ENTRIES, "{} comparisons", COMPARISONS.get());
        assert!(archive.entry("ops/PAGE14999.xhtml").unwrap().is_some());
        assert!((1..ENTRIES).contains(&COMPARISONS.get()), "{} comparisons", COMPARISONS.get());
    }

    #[test]
    fn decompression_bombs_are_refused() {
        let bomb = zip_bytes(&[("word/document.xml", &vec![b' '; 20 << 20])]);
        assert!(bomb.len() < 40_000);
        let mut archive = Archive::open(Cursor::new(bomb.clone())).unwrap();
        assert!(matches!(read(&mut archive, "word/document.xml"), Err(ExtractError::TooLarge)));
        // With false sizes in the directory.
        let mut lying = bomb;
        let size = (20u32 << 20).to_le_bytes();
        let places: Vec<usize> = memchr::memmem::find_iter(&lying, &size).collect();
        assert!(!places.is_empty());
        for at in places {
            lying[at..at + 4].copy_from_slice(&7u32.to_le_bytes());
        }
        let mut archive = Archive::open(Cursor::new(lying)).unwrap();
        assert!(read(&mut archive, "word/document.xml").is_err());
    }

    #[test]
    fn too_many_entries_are_refused_before_loading() {
        let mut bytes = zip_bytes(&[("a", b"")]);
        let end = memchr::memmem::rfind(&bytes, b"PK\x05\x06").unwrap();
        bytes[end + 10..end + 12].copy_from_slice(&60_000u16.to_le_bytes());
        assert!(matches!(Archive::open(Cursor::new(bytes)), Err(ExtractError::TooLarge)));
        assert!(matches!(Archive::open(Cursor::new(b"PK\x03\x04 no archive".to_vec())), Err(ExtractError::Damaged(_))));
    }
}
