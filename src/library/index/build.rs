//! Building the index: speeches that are not in it are read, and written a segment at a time.

use super::{
    Index, Pair,
    codes::{put_number, take_number},
    counts, segment, segment_files,
};
use crate::{
    document::Document,
    library::digest::{self, Digests, Stamp},
    text::{Cursor, fold::fold},
};
use std::{
    collections::{HashMap, HashSet},
    fs,
    hash::{BuildHasherDefault, Hasher},
    io,
    path::{Path, PathBuf},
};

/// Bytes of text that a segment is made of.
const SEGMENT_BYTES: usize = 64 * 1024 * 1024;
/// Segments of less than half of that which may lie about.
const SMALL_SEGMENTS: usize = 6;

/// Brings the index in `folder` up to date with `files`: speeches that are not in it are added;
/// segments of which most speeches are gone, and small ones where there are many, are written anew.
/// `told` is called with the number of speeches that are in the index after each that is read, and
/// says whether to go on; when it is stopped, what has been written stays. Speeches that cannot be read
/// are passed over.
///
/// # Errors
/// The index cannot be written.
pub fn build(folder: &Path, files: &[(PathBuf, Stamp)], digests: &Digests, mut told: impl FnMut(usize) -> bool) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let needed: HashSet<Stamp> = files.iter().map(|(_, stamp)| *stamp).collect();
    tidy(folder, &needed)?;
    let index = Index::open(folder);
    let mut done = index.len();
    let mut gathered = Gathered::default();
    let mut number = segment_files(folder).last().and_then(|last| last.file_stem()?.to_str()?.parse().ok()).unwrap_or(0);
    for (path, stamp) in files.iter().filter(|(_, stamp)| !index.has(*stamp)) {
        let Some(document) = digest::read(path, *stamp, digests) else { continue };
        gathered.add(*stamp, &document);
        done += 1;
        if !told(done) {
            return Ok(());
        }
        if gathered.bytes >= SEGMENT_BYTES {
            number += 1;
            std::mem::take(&mut gathered).write(folder, number)?;
            let _ = digests.save(None);
        }
    }
    if !gathered.stamps.is_empty() {
        gathered.write(folder, number + 1)?;
    }
    Ok(())
}

/// Deletes what is to be written anew.
fn tidy(folder: &Path, needed: &HashSet<Stamp>) -> io::Result<()> {
    let mut small = Vec::new();
    for path in segment_files(folder) {
        let live =
            segment::Segment::open(&path).map(|(_, stamps)| (stamps.iter().filter(|stamp| needed.contains(stamp)).count(), stamps.len()));
        match live {
            Some((live, all)) if live * 2 > all => {
                if fs::metadata(&path)?.len() < (SEGMENT_BYTES / 16) as u64 {
                    small.push(path);
                }
            }
            _ => fs::remove_file(&path)?,
        }
    }
    if small.len() > SMALL_SEGMENTS {
        small.iter().try_for_each(fs::remove_file)?;
    }
    Ok(())
}

/// What goes into one segment.
#[derive(Default)]
struct Gathered {
    stamps: Vec<Stamp>,
    bytes: usize,
    pairs: HashMap<Pair, List, BuildHasherDefault<PairHasher>>,
}

/// The speeches that hold a pair: the distance of each to the one before, packed.
#[derive(Default)]
struct List {
    count: u32,
    /// One behind the last.
    next: u32,
    packed: Vec<u8>,
}

impl Gathered {
    fn add(&mut self, stamp: Stamp, document: &Document) {
        let doc = self.stamps.len() as u32;
        self.stamps.push(stamp);
        self.bytes += document.source.len_bytes();
        let mut before = '\0';
        for (_, c) in Cursor::new(&document.source, &document.cleaning, document.source.span()) {
            let c = fold(c);
            let c = if counts(c) { c } else { '\0' };
            if before != '\0' {
                self.pairs.entry(Pair::new(before, c)).or_default().add(doc);
            }
            before = c;
        }
        if before != '\0' {
            self.pairs.entry(Pair::new(before, '\0')).or_default().add(doc);
        }
    }

    fn write(self, folder: &Path, number: u32) -> io::Result<()> {
        let mut pairs: Vec<(Pair, List)> = self.pairs.into_iter().collect();
        pairs.sort_unstable_by_key(|(pair, _)| *pair);
        let mut lists = pairs.into_iter().map(|(pair, list)| (pair, list.docs()));
        segment::write(&folder.join(format!("{number:06}.seg")), &self.stamps, &mut lists)
    }
}

impl List {
    fn add(&mut self, doc: u32) {
        if doc >= self.next {
            put_number(&mut self.packed, u64::from(doc - self.next));
            self.next = doc + 1;
            self.count += 1;
        }
    }

    fn docs(&self) -> Vec<u32> {
        let mut docs = Vec::with_capacity(self.count as usize);
        let mut rest = self.packed.as_slice();
        let mut next = 0;
        while let Some(gap) = take_number(&mut rest) {
            next += gap as u32;
            docs.push(next);
            next += 1;
        }
        docs
    }
}

/// Pairs are numbers already; these are mixed.
#[derive(Default)]
struct PairHasher(u64);

impl Hasher for PairHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Mode;

    struct Library {
        folder: tempfile::TempDir,
    }

    impl Library {
        fn write(&self, name: &str, text: &str) -> (PathBuf, Stamp) {
            let path = self.folder.path().join(name);
            fs::write(&path, text).unwrap();
            let stamp = Stamp::of(&path, &fs::metadata(&path).unwrap());
            (path, stamp)
        }

        fn index(&self) -> PathBuf {
            self.folder.path().join("index")
        }

        fn build(&self, files: &[(PathBuf, Stamp)]) -> Index {
            build(&self.index(), files, &Digests::default(), |_| true).unwrap();
            Index::open(&self.index())
        }
    }

    #[test]
    fn what_changes_is_added_and_what_is_deleted_is_made_again() {
        let library = Library { folder: tempfile::tempdir().unwrap() };
        let mut files = vec![library.write("a.txt", "抓組織工作，ＡＢ。\n"), library.write("b.txt", "抓人才工作。\n")];
        let index = library.build(&files);
        let held = |index: &Index, words: &str, mode, files: &[(PathBuf, Stamp)]| -> Vec<bool> {
            let candidates = index.candidates(words, mode);
            files.iter().map(|(_, stamp)| candidates.may_hold(*stamp)).collect()
        };
        for (words, mode, expected) in [
            ("组织", Mode::Folded, [true, false]),
            ("組織", Mode::Literal, [true, false]),
            ("织工", Mode::Folded, [true, false]),
            ("工作", Mode::Folded, [true, true]),
            ("才", Mode::Folded, [false, true]),
            ("作", Mode::Folded, [true, true]),
            ("ab", Mode::Folded, [true, false]),
            ("火星", Mode::Folded, [false, false]),
            ("，", Mode::Folded, [true, true]),
            ("zuzhi", Mode::Pinyin, [true, false]),
            ("rcgz", Mode::Pinyin, [false, true]),
            ("cai", Mode::Pinyin, [false, true]),
            ("人才", Mode::Regex, [true, true]),
        ] {
            assert_eq!(held(&index, words, mode, &files), expected, "{words}");
        }
        // A changed file is unknown, and so may hold anything, until it is added.
        files[1] = library.write("b.txt", "抓作风建设，再抓落实。\n");
        assert_eq!(held(&index, "组织", Mode::Folded, &files), [true, true]);
        let index = library.build(&files);
        assert_eq!(held(&index, "组织", Mode::Folded, &files), [true, false]);
        assert_eq!(held(&index, "作风", Mode::Folded, &files), [false, true]);
        // Whatever becomes of a segment, nothing is missed, and building mends it.
        for path in segment_files(&library.index()) {
            let bytes = fs::read(&path).unwrap();
            fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        }
        assert_eq!(held(&Index::open(&library.index()), "作风", Mode::Folded, &files), [true, true]);
        let index = library.build(&files);
        assert_eq!((held(&index, "作风", Mode::Folded, &files), index.len()), (vec![false, true], 2));
        fs::remove_dir_all(library.index()).unwrap();
        assert_eq!(library.build(&files).len(), 2);
    }

    #[test]
    fn what_is_stopped_goes_on_and_small_segments_are_put_together() {
        let library = Library { folder: tempfile::tempdir().unwrap() };
        let files: Vec<(PathBuf, Stamp)> = (0..12).map(|n| library.write(&format!("{n}.txt"), &format!("第{n}次讲话\n"))).collect();
        build(&library.index(), &files, &Digests::default(), |count| count < 3).unwrap();
        assert_eq!(Index::open(&library.index()).len(), 0, "a segment is whole or not there");
        for count in 1..=files.len() {
            library.build(&files[..count]);
        }
        assert!(segment_files(&library.index()).len() <= SMALL_SEGMENTS + 2);
        assert_eq!(Index::open(&library.index()).len(), files.len());
    }
}
