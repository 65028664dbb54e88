//! Building the index: speeches that are not in it are read, and written a segment at a time.

use super::{
    Index, OVERLAP_CHARS, Pair, WINDOW_CHARS,
    codes::{put_number, take_number},
    counts, segment, segment_files,
};
use pizhu_text::document::Document;
use crate::digest;
use crate::digest::Digests;
use crate::digest::Stamp;
use pizhu_text::text::Cursor;
use pizhu_text::text::fold::fold;
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
    /// One behind the last window of each speech.
    ends: Vec<u32>,
    bytes: usize,
    pairs: HashMap<Pair, List, BuildHasherDefault<PairHasher>>,
}

/// The windows that hold a pair: the distance of each to the one before, packed.
#[derive(Default)]
struct List {
    count: u32,
    /// One behind the last.
    next: u32,
    packed: Vec<u8>,
}

impl Gathered {
    fn add(&mut self, stamp: Stamp, document: &Document) {
        self.stamps.push(stamp);
        self.bytes += document.source.len_bytes();
        let first = self.ends.last().copied().unwrap_or(0);
        // The window of the char at hand, which ends a pair, and how many chars of it come before that.
        let (mut window, mut at) = (first, 0);
        let mut before = '\0';
        let mut add = |before, c, window, at| {
            if before != '\0' {
                let list = self.pairs.entry(Pair::new(before, c)).or_default();
                if at < OVERLAP_CHARS && window > first {
                    list.add(window - 1);
                }
                list.add(window);
            }
        };
        for (_, c) in Cursor::new(&document.source, &document.cleaning, document.source.span()) {
            let c = fold(c);
            let c = if counts(c) { c } else { '\0' };
            add(before, c, window, at);
            before = c;
            at += 1;
            if at == WINDOW_CHARS {
                (window, at) = (window + 1, 0);
            }
        }
        add(before, '\0', window, at);
        self.ends.push(window + 1);
    }

    fn write(self, folder: &Path, number: u32) -> io::Result<()> {
        let mut pairs: Vec<(Pair, List)> = self.pairs.into_iter().collect();
        pairs.sort_unstable_by_key(|(pair, _)| *pair);
        let mut lists = pairs.into_iter().map(|(pair, list)| (pair, list.windows()));
        segment::write(&folder.join(format!("{number:06}.seg")), &self.stamps, &self.ends, &mut lists)
    }
}

impl List {
    /// Adds a window that comes behind those that are there; one that is there is not added again.
    fn add(&mut self, window: u32) {
        if window >= self.next {
            put_number(&mut self.packed, u64::from(window - self.next));
            self.next = window + 1;
            self.count += 1;
        }
    }

    fn windows(&self) -> Vec<u32> {
        let mut windows = Vec::with_capacity(self.count as usize);
        let mut rest = self.packed.as_slice();
        let mut next = 0;
        while let Some(gap) = take_number(&mut rest) {
            next += gap as u32;
            windows.push(next);
            next += 1;
        }
        windows
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
    use pizhu_text::search::Mode;
    use proptest::prelude::*;

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

    #[test]
    fn a_speech_with_the_pairs_far_apart_does_not_count() {
        let library = Library { folder: tempfile::tempdir().unwrap() };
        let apart = format!("{}甲乙。{}乙丙。\n", "上".repeat(500), "下".repeat(WINDOW_CHARS));
        let files = [library.write("a.txt", &apart), library.write("b.txt", "甲乙丙。\n")];
        let index = library.build(&files);
        let candidates = index.candidates("甲乙丙", Mode::Folded);
        assert_eq!(files.map(|(_, stamp)| candidates.may_hold(stamp)), [false, true]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn nothing_that_stands_in_a_speech_is_missed(
            texts in prop::collection::vec("[\\u{4e00}-\\u{9fff}a，。]{1,3000}", 1..4),
            cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1usize..120), 100),
        ) {
            let library = Library { folder: tempfile::tempdir().unwrap() };
            let files: Vec<_> = texts.iter().enumerate().map(|(n, text)| library.write(&format!("{n}.txt"), text)).collect();
            let index = library.build(&files);
            for (which, at, length) in cuts {
                let number = which.index(files.len());
                let chars: Vec<char> = texts[number].chars().collect();
                let words: String = chars.iter().skip(at.index(chars.len())).take(length).collect();
                for mode in [Mode::Literal, Mode::Folded, Mode::Pinyin] {
                    prop_assert!(index.candidates(&words, mode).may_hold(files[number].1), "{words}");
                }
            }
        }
    }
}
