//! One file of the index: some speeches, and for each pair of chars the windows of them that hold it.
//!
//! Behind the first line stand the packed lists, one behind the other in the order of their pairs;
//! then the dictionary: the pairs in blocks, each pair as its distance to the one before, the
//! number of its windows and the length of its list; then the table: of each block its first
//! pair, where it begins and where the first of its lists does; then of each speech its stamp and
//! one behind its last window; and at the end the lengths of these parts and a checksum of table
//! and speeches. Only table and speeches are read on opening; a look-up reads a block or two and the
//! lists it wants.

use super::{
    Pair,
    codes::{pack, put_number, take_number, unpack},
};
use crate::digest::Stamp;
use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

/// Pairs in a block of the dictionary.
const BLOCK: usize = 64;
/// Bytes of a table's entry: the first pair, where the block begins, where its lists do.
const ENTRY_BYTES: usize = 24;
/// Bytes of a speech: its stamp, one behind its last window.
const SPEECH_BYTES: usize = 12;
/// Bytes at the end: lengths of lists, dictionary, table, speeches; the checksum.
const TAIL_BYTES: usize = 40;

const FIRST_LINE: &str = concat!("pizhu index 2 ", env!("CARGO_PKG_VERSION"), "\n");

/// A segment on the disk, with what is kept of it in memory.
#[derive(Debug)]
pub(super) struct Segment {
    path: PathBuf,
    /// One behind the last window of each speech; ascending.
    ends: Vec<u32>,
    table: Vec<Block>,
    /// Where the dictionary ends.
    end: u64,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    first: Pair,
    /// Where it begins in the file.
    start: u64,
    /// Where the first of its lists begins in the file.
    lists: u64,
}

impl Segment {
    /// Opens a segment, and gives the stamps of its speeches in order; `None` where it is none.
    pub(super) fn open(path: &Path) -> Option<(Self, Vec<Stamp>)> {
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
        let mut kept = vec![0; usize::try_from(table + speeches).ok()?];
        file.read_exact(&mut kept).ok()?;
        if sum(&kept) != number(4)? {
            return None;
        }
        let word = |bytes: &[u8]| bytes.first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
        let (table, speeches) = kept.split_at_checked(usize::try_from(table).ok()?)?;
        let block = |entry: &[u8]| Block { first: Pair(word(entry)), start: word(&entry[8..]), lists: word(&entry[16..]) };
        let table = table.chunks_exact(ENTRY_BYTES).map(block).collect();
        let half = |bytes: &[u8]| bytes.first_chunk().map_or(0, |half| u32::from_le_bytes(*half));
        let speeches = speeches.chunks_exact(SPEECH_BYTES);
        let (stamps, ends) = speeches.map(|speech| (Stamp(word(speech)), half(&speech[8..]))).unzip();
        Some((Self { path: path.to_owned(), ends, table, end }, stamps))
    }

    /// How many windows its speeches have.
    fn count(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// A flag for each window, none set.
    pub(super) fn none(&self) -> Vec<bool> {
        vec![false; self.count() as usize]
    }

    /// A flag for each speech, set where one of its windows is.
    pub(super) fn speeches(&self, windows: &[bool]) -> Vec<bool> {
        let mut start = 0;
        let has = |end: &u32| {
            let range = std::mem::replace(&mut start, *end) as usize..*end as usize;
            windows.get(range).is_some_and(|windows| windows.contains(&true))
        };
        self.ends.iter().map(has).collect()
    }

    /// A flag for each window, set where it holds one of the pairs from `from` to `to` that fit.
    /// `None` where the file cannot be read.
    pub(super) fn with_any(&self, from: Pair, to: Pair, fits: impl Fn(Pair) -> bool) -> Option<Vec<bool>> {
        let mut found = self.none();
        let first = self.table.partition_point(|block| block.first <= from).saturating_sub(1);
        let behind = self.table.partition_point(|block| block.first <= to);
        let Some(blocks) = self.table.get(first..behind).filter(|blocks| !blocks.is_empty()) else { return Some(found) };
        let mut file = File::open(&self.path).ok()?;
        let end = self.table.get(behind).map_or(self.end, |block| block.start);
        let bytes = read(&mut file, blocks[0].start, end)?;
        for (index, block) in blocks.iter().enumerate() {
            let next = blocks.get(index + 1).map_or(end, |next| next.start);
            let mut rest =
                bytes.get(usize::try_from(block.start - blocks[0].start).ok()?..usize::try_from(next - blocks[0].start).ok()?)?;
            let (mut pair, mut list) = (block.first, block.lists);
            while !rest.is_empty() {
                pair = Pair(pair.0.checked_add(take_number(&mut rest)?)?);
                let count = u32::try_from(take_number(&mut rest)?).ok()?;
                let length = take_number(&mut rest)?;
                if pair > to {
                    break;
                }
                if pair >= from && fits(pair) {
                    let bytes = read(&mut file, list, list.checked_add(length)?)?;
                    unpack(&bytes, count, self.count(), |window| {
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

fn sum(bytes: &[u8]) -> u64 {
    blake3::hash(bytes).as_bytes().first_chunk().map_or(0, |sum| u64::from_le_bytes(*sum))
}

/// Writes a segment: the speeches' stamps, one behind the last window of each, and the ascending
/// numbers of the windows that hold each pair, in the order of the pairs.
pub(super) fn write(path: &Path, stamps: &[Stamp], ends: &[u32], pairs: &mut dyn Iterator<Item = (Pair, Vec<u32>)>) -> io::Result<()> {
    let (mut lists, mut dictionary, mut table) = (Vec::new(), Vec::new(), Vec::new());
    let mut before = Pair(0);
    let mut blocks: Vec<(Pair, u64, u64)> = Vec::new();
    let count = ends.last().copied().unwrap_or(0);
    for (index, (pair, windows)) in pairs.enumerate() {
        if index % BLOCK == 0 {
            blocks.push((pair, dictionary.len() as u64, lists.len() as u64));
            before = pair;
        }
        let from = lists.len();
        put_number(&mut dictionary, pair.0 - before.0);
        put_number(&mut dictionary, windows.len() as u64);
        pack(windows.into_iter(), count, &mut lists);
        put_number(&mut dictionary, (lists.len() - from) as u64);
        before = pair;
    }
    let begin = FIRST_LINE.len() as u64;
    for (first, start, list) in blocks {
        for word in [first.0, begin + lists.len() as u64 + start, begin + list] {
            table.extend_from_slice(&word.to_le_bytes());
        }
    }
    let lengths = [lists.len(), dictionary.len(), table.len(), stamps.len() * SPEECH_BYTES].map(|length| length as u64);
    for (stamp, end) in stamps.iter().zip(ends) {
        table.extend_from_slice(&stamp.0.to_le_bytes());
        table.extend_from_slice(&end.to_le_bytes());
    }
    let checksum = sum(&table);
    let mut out = atomic_write_file::AtomicWriteFile::open(path)?;
    out.write_all(FIRST_LINE.as_bytes())?;
    for part in [&lists, &dictionary, &table] {
        out.write_all(part)?;
    }
    for word in lengths.into_iter().chain([checksum]) {
        out.write_all(&word.to_le_bytes())?;
    }
    out.commit()
}
