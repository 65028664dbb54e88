//! A segment file: some speeches, and for each bigram the windows of them that contain it.
//!
//! Layout: a first line with the format version; the posting lists in bigram order (Rice codes);
//! the dictionary in blocks of bigrams (each as gap to the previous, number of windows, bytes of
//! its list); the table (for each block its first bigram, its offset and that of its first list);
//! the speeches (fingerprint, one past the last window); and a tail with the lengths of these parts
//! and a checksum of table and speeches. Opening reads only table and speeches; a lookup reads one
//! or two blocks and the lists it needs.

use super::{
    bigram::Bigram,
    rice::{pack, unpack},
};
use crate::parse_cache::MetadataFingerprint;
use crate::varint::{read_varint, write_varint};
use pizhu_files::private_file;
use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

/// Chars of the cleaned text from the start of one window to the start of the next.
pub(super) const WINDOW_CHARS: usize = 1024;
/// Chars that a window shares with the next; text of up to one char more lies within one window.
pub(super) const OVERLAP_CHARS: usize = 32;

/// Bigrams in a dictionary block.
const BLOCK_BIGRAMS: usize = 64;
/// Bytes of a table entry: first bigram, offset of the block, offset of its first list.
const ENTRY_BYTES: usize = 24;
/// Bytes of a speech: fingerprint, one past the last window.
const SPEECH_BYTES: usize = 12;
/// Bytes of the tail: lengths of lists, dictionary, table and speeches; checksum.
const TAIL_BYTES: usize = 40;

const FIRST_LINE: &str = concat!("pizhu index 2 ", env!("CARGO_PKG_VERSION"), "\n");

/// An open segment with what is held in memory.
#[derive(Debug)]
pub(super) struct IndexSegment {
    path: PathBuf,
    /// For each speech one past its last window; ascending.
    window_ends: Vec<u32>,
    table: Vec<DictionaryBlock>,
    /// Offset of the end of the dictionary.
    end: u64,
}

#[derive(Debug, Clone, Copy)]
struct DictionaryBlock {
    first: Bigram,
    /// Offset of the block in the file.
    start: u64,
    /// Offset of its first posting list in the file.
    lists: u64,
}

impl IndexSegment {
    /// Opens a segment and returns the fingerprints of its speeches in order; `None` if it is
    /// damaged or of another version.
    pub(super) fn open(path: &Path) -> Option<(Self, Vec<MetadataFingerprint>)> {
        let mut file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut line = vec![0; FIRST_LINE.len()];
        file.read_exact(&mut line).ok()?;
        let mut tail = [0; TAIL_BYTES];
        file.seek(SeekFrom::Start(length.checked_sub(TAIL_BYTES as u64)?)).ok()?;
        file.read_exact(&mut tail).ok()?;
        let number = |index: usize| Some(u64::from_le_bytes(*tail.get(index * 8..)?.first_chunk()?));
        let (lists, dictionary, table, speeches) = (number(0)?, number(1)?, number(2)?, number(3)?);
        let end = (FIRST_LINE.len() as u64).checked_add(lists)?.checked_add(dictionary)?;
        let whole = end.checked_add(table)?.checked_add(speeches)?.checked_add(TAIL_BYTES as u64)?;
        if line != FIRST_LINE.as_bytes() || whole != length {
            return None;
        }
        file.seek(SeekFrom::Start(end)).ok()?;
        let mut held = vec![0; usize::try_from(table + speeches).ok()?];
        file.read_exact(&mut held).ok()?;
        if checksum(&held) != number(4)? {
            return None;
        }
        let word = |bytes: &[u8]| bytes.first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
        let (table, speeches) = held.split_at_checked(usize::try_from(table).ok()?)?;
        let block = |entry: &[u8]| DictionaryBlock { first: Bigram(word(entry)), start: word(&entry[8..]), lists: word(&entry[16..]) };
        let table = table.chunks_exact(ENTRY_BYTES).map(block).collect();
        let half = |bytes: &[u8]| bytes.first_chunk().map_or(0, |half| u32::from_le_bytes(*half));
        let speeches = speeches.chunks_exact(SPEECH_BYTES);
        let (fingerprints, ends) = speeches.map(|speech| (MetadataFingerprint(word(speech)), half(&speech[8..]))).unzip();
        Some((Self { path: path.to_owned(), window_ends: ends, table, end }, fingerprints))
    }

    /// Number of windows.
    fn window_count(&self) -> u32 {
        self.window_ends.last().copied().unwrap_or(0)
    }

    /// A cleared flag for each window.
    pub(super) fn empty_flags(&self) -> Vec<bool> {
        vec![false; self.window_count() as usize]
    }

    /// A flag for each speech, set if one of its windows is.
    pub(super) fn speech_flags(&self, windows: &[bool]) -> Vec<bool> {
        let mut start = 0;
        let has = |end: &u32| {
            let range = std::mem::replace(&mut start, *end) as usize..*end as usize;
            windows.get(range).is_some_and(|windows| windows.contains(&true))
        };
        self.window_ends.iter().map(has).collect()
    }

    /// A flag for each window, set if it contains one of the bigrams `from..=to` that `fits`
    /// accepts. `None` on a read error.
    pub(super) fn windows_with(&self, from: Bigram, to: Bigram, fits: impl Fn(Bigram) -> bool) -> Option<Vec<bool>> {
        let mut found = self.empty_flags();
        let first = self.table.partition_point(|block| block.first <= from).saturating_sub(1);
        let end_block = self.table.partition_point(|block| block.first <= to);
        let Some(blocks) = self.table.get(first..end_block).filter(|blocks| !blocks.is_empty()) else { return Some(found) };
        let mut file = File::open(&self.path).ok()?;
        let end = self.table.get(end_block).map_or(self.end, |block| block.start);
        let bytes = read(&mut file, blocks[0].start, end)?;
        for (index, block) in blocks.iter().enumerate() {
            let next = blocks.get(index + 1).map_or(end, |next| next.start);
            let mut rest =
                bytes.get(usize::try_from(block.start - blocks[0].start).ok()?..usize::try_from(next - blocks[0].start).ok()?)?;
            let (mut bigram, mut list) = (block.first, block.lists);
            while !rest.is_empty() {
                bigram = Bigram(bigram.0.checked_add(read_varint(&mut rest)?)?);
                let count = u32::try_from(read_varint(&mut rest)?).ok()?;
                let length = read_varint(&mut rest)?;
                if bigram > to {
                    break;
                }
                if bigram >= from && fits(bigram) {
                    let bytes = read(&mut file, list, list.checked_add(length)?)?;
                    unpack(&bytes, count, self.window_count(), |window| {
                        if let Some(flag) = found.get_mut(window as usize) {
                            *flag = true;
                        }
                    })?;
                }
                list = list.checked_add(length)?;
            }
        }
        Some(found)
    }
}

fn read(file: &mut File, from: u64, to: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(from)).ok()?;
    let mut bytes = vec![0; usize::try_from(to.checked_sub(from)?).ok()?];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn checksum(bytes: &[u8]) -> u64 {
    blake3::hash(bytes).as_bytes().first_chunk().map_or(0, |sum| u64::from_le_bytes(*sum))
}

/// Writes a segment: the speeches' fingerprints, one past the last window of each, and the
/// ascending windows of each bigram, in bigram order.
pub(super) fn write(
    path: &Path,
    fingerprints: &[MetadataFingerprint],
    ends: &[u32],
    bigrams: &mut dyn Iterator<Item = (Bigram, Vec<u32>)>,
) -> io::Result<()> {
    let (mut lists, mut dictionary, mut table) = (Vec::new(), Vec::new(), Vec::new());
    let mut before = Bigram(0);
    let mut blocks: Vec<(Bigram, u64, u64)> = Vec::new();
    let count = ends.last().copied().unwrap_or(0);
    for (index, (bigram, windows)) in bigrams.enumerate() {
        if index % BLOCK_BIGRAMS == 0 {
            blocks.push((bigram, dictionary.len() as u64, lists.len() as u64));
            before = bigram;
        }
        let from = lists.len();
        write_varint(&mut dictionary, bigram.0 - before.0);
        write_varint(&mut dictionary, windows.len() as u64);
        pack(windows.into_iter(), count, &mut lists);
        write_varint(&mut dictionary, (lists.len() - from) as u64);
        before = bigram;
    }
    let begin = FIRST_LINE.len() as u64;
    for (first, start, list) in blocks {
        for word in [first.0, begin + lists.len() as u64 + start, begin + list] {
            table.extend_from_slice(&word.to_le_bytes());
        }
    }
    let lengths = [lists.len(), dictionary.len(), table.len(), fingerprints.len() * SPEECH_BYTES].map(|length| length as u64);
    for (fingerprint, end) in fingerprints.iter().zip(ends) {
        table.extend_from_slice(&fingerprint.0.to_le_bytes());
        table.extend_from_slice(&end.to_le_bytes());
    }
    let checksum = checksum(&table);
    let mut out = private_file::replace(path)?;
    out.write_all(FIRST_LINE.as_bytes())?;
    for part in [&lists, &dictionary, &table] {
        out.write_all(part)?;
    }
    for word in lengths.into_iter().chain([checksum]) {
        out.write_all(&word.to_le_bytes())?;
    }
    out.commit()
}

/// Segment files in a folder, in the order they were written.
pub(super) fn segment_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "seg"));
    files.sort();
    files
}
