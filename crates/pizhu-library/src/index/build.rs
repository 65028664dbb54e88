//! Building the index: speeches that are not in it are read and written in segments.

use super::{
    bigram::{Bigram, is_indexed},
    bigram_index::BigramIndex,
    segment::{self, OVERLAP_CHARS, WINDOW_CHARS, segment_files},
};
use crate::parse_cache;
use crate::parse_cache::MetadataFingerprint;
use crate::parse_cache::ParseCache;
use crate::varint::{read_varint, write_varint};
use pizhu_files::private_file;
use pizhu_text::document::Document;
use pizhu_text::text::Cursor;
use pizhu_text::text::fold::fold;
use std::{
    collections::{HashMap, HashSet},
    fs,
    hash::{BuildHasherDefault, Hasher},
    io,
    path::{Path, PathBuf},
};

/// Bytes of text per segment.
const SEGMENT_BYTES: usize = 64 * 1024 * 1024;
/// Maximum number of small segments before they are merged.
const MAX_SMALL_SEGMENTS: usize = 6;

/// Brings the index in `folder` up to date with `files`. Missing speeches are added; segments whose
/// speeches are mostly gone, and small ones if there are many, are rebuilt. `progress` is called
/// with the number of indexed speeches after each that is read; if it returns false, building stops
/// and written segments stay. Speeches that cannot be read are skipped.
///
/// # Errors
/// The index cannot be written.
pub fn build(
    folder: &Path,
    files: &[(PathBuf, MetadataFingerprint)],
    parse_cache: &ParseCache,
    mut progress: impl FnMut(usize) -> bool,
) -> io::Result<()> {
    private_file::create_folder(folder)?;
    let needed: HashSet<MetadataFingerprint> = files.iter().map(|(_, fingerprint)| *fingerprint).collect();
    remove_stale_segments(folder, &needed)?;
    let index = BigramIndex::open(folder);
    let mut done = index.len();
    let mut builder = SegmentBuilder::default();
    let mut number = segment_files(folder).last().and_then(|last| last.file_stem()?.to_str()?.parse().ok()).unwrap_or(0);
    for (path, fingerprint) in files.iter().filter(|(_, fingerprint)| !index.has(*fingerprint)) {
        let Some(document) = parse_cache::load_document(path, *fingerprint, parse_cache) else { continue };
        builder.add(*fingerprint, &document);
        done += 1;
        if !progress(done) {
            return Ok(());
        }
        if builder.bytes >= SEGMENT_BYTES {
            number += 1;
            std::mem::take(&mut builder).write(folder, number)?;
            let _ = parse_cache.save(None);
        }
    }
    if !builder.fingerprints.is_empty() {
        builder.write(folder, number + 1)?;
    }
    Ok(())
}

/// Deletes the segments that are to be rebuilt.
fn remove_stale_segments(folder: &Path, needed: &HashSet<MetadataFingerprint>) -> io::Result<()> {
    let mut small = Vec::new();
    for path in segment_files(folder) {
        let live = segment::IndexSegment::open(&path)
            .map(|(_, fingerprints)| (fingerprints.iter().filter(|fingerprint| needed.contains(fingerprint)).count(), fingerprints.len()));
        match live {
            Some((live, all)) if live * 2 > all => {
                if fs::metadata(&path)?.len() < (SEGMENT_BYTES / 16) as u64 {
                    small.push(path);
                }
            }
            _ => fs::remove_file(&path)?,
        }
    }
    if small.len() > MAX_SMALL_SEGMENTS {
        small.iter().try_for_each(fs::remove_file)?;
    }
    Ok(())
}

/// Collects the postings of one segment.
#[derive(Default)]
struct SegmentBuilder {
    fingerprints: Vec<MetadataFingerprint>,
    /// For each speech one past its last window.
    window_ends: Vec<u32>,
    bytes: usize,
    postings: HashMap<Bigram, PostingList, BuildHasherDefault<BigramHasher>>,
}

/// The windows that contain a bigram, ascending, as varints of the gaps.
#[derive(Default)]
struct PostingList {
    count: u32,
    /// One past the last window.
    end: u32,
    packed: Vec<u8>,
}

impl SegmentBuilder {
    fn add(&mut self, fingerprint: MetadataFingerprint, document: &Document) {
        self.fingerprints.push(fingerprint);
        self.bytes += document.source.len_bytes();
        let first = self.window_ends.last().copied().unwrap_or(0);
        // Window of the current char, and the char's offset in it. A bigram counts for the window
        // of its second char.
        let (mut window, mut at) = (first, 0);
        let mut before = '\0';
        let mut add = |before, c, window, at| {
            if before != '\0' {
                let list = self.postings.entry(Bigram::new(before, c)).or_default();
                if at < OVERLAP_CHARS && window > first {
                    list.add(window - 1);
                }
                list.add(window);
            }
        };
        for (_, c) in Cursor::new(&document.source, &document.cleaning, document.source.span()) {
            let c = fold(c);
            let c = if is_indexed(c) { c } else { '\0' };
            add(before, c, window, at);
            before = c;
            at += 1;
            if at == WINDOW_CHARS {
                (window, at) = (window + 1, 0);
            }
        }
        add(before, '\0', window, at);
        self.window_ends.push(window + 1);
    }

    fn write(self, folder: &Path, number: u32) -> io::Result<()> {
        let mut bigrams: Vec<(Bigram, PostingList)> = self.postings.into_iter().collect();
        bigrams.sort_unstable_by_key(|(bigram, _)| *bigram);
        let mut lists = bigrams.into_iter().map(|(bigram, list)| (bigram, list.windows()));
        segment::write(&folder.join(format!("{number:06}.seg")), &self.fingerprints, &self.window_ends, &mut lists)
    }
}

impl PostingList {
    /// Adds a window at or after the last; duplicates are ignored.
    fn add(&mut self, window: u32) {
        if window >= self.end {
            write_varint(&mut self.packed, u64::from(window - self.end));
            self.end = window + 1;
            self.count += 1;
        }
    }

    fn windows(&self) -> Vec<u32> {
        let mut windows = Vec::with_capacity(self.count as usize);
        let mut rest = self.packed.as_slice();
        let mut next = 0;
        while let Some(gap) = read_varint(&mut rest) {
            next += gap as u32;
            windows.push(next);
            next += 1;
        }
        windows
    }
}

/// Multiplicative hasher: bigrams are numbers already.
#[derive(Default)]
struct BigramHasher(u64);

impl Hasher for BigramHasher {
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
    use pizhu_text::search::MatchMode;
    use proptest::prelude::*;

    struct Library {
        folder: tempfile::TempDir,
    }

    impl Library {
        fn write(&self, name: &str, text: &str) -> (PathBuf, MetadataFingerprint) {
            let path = self.folder.path().join(name);
            fs::write(&path, text).unwrap();
            let fingerprint = MetadataFingerprint::new(&path, &fs::metadata(&path).unwrap());
            (path, fingerprint)
        }

        fn index(&self) -> PathBuf {
            self.folder.path().join("index")
        }

        fn build(&self, files: &[(PathBuf, MetadataFingerprint)]) -> BigramIndex {
            build(&self.index(), files, &ParseCache::default(), |_| true).unwrap();
            BigramIndex::open(&self.index())
        }
    }

    #[test]
    fn changed_speeches_are_added_and_damaged_segments_rebuilt() {
        let library = Library { folder: tempfile::tempdir().unwrap() };
        let mut files = vec![library.write("a.txt", "抓組織工作，ＡＢ。\n"), library.write("b.txt", "抓人才工作。\n")];
        let index = library.build(&files);
        let held = |index: &BigramIndex, words: &str, mode, files: &[(PathBuf, MetadataFingerprint)]| -> Vec<bool> {
            let candidates = index.candidates(words, mode);
            files.iter().map(|(_, fingerprint)| candidates.may_contain(*fingerprint)).collect()
        };
        for (words, mode, expected) in [
            ("组织", MatchMode::Folded, [true, false]),
            ("組織", MatchMode::Literal, [true, false]),
            ("织工", MatchMode::Folded, [true, false]),
            ("工作", MatchMode::Folded, [true, true]),
            ("才", MatchMode::Folded, [false, true]),
            ("作", MatchMode::Folded, [true, true]),
            ("ab", MatchMode::Folded, [true, false]),
            ("火星", MatchMode::Folded, [false, false]),
            ("，", MatchMode::Folded, [true, true]),
            ("zuzhi", MatchMode::Pinyin, [true, false]),
            ("rcgz", MatchMode::Pinyin, [false, true]),
            ("cai", MatchMode::Pinyin, [false, true]),
            ("人才", MatchMode::Regex, [true, true]),
        ] {
            assert_eq!(held(&index, words, mode, &files), expected, "{words}");
        }
        // A changed file is not indexed, and so a candidate, until it is added.
        files[1] = library.write("b.txt", "抓作风建设，再抓落实。\n");
        assert_eq!(held(&index, "组织", MatchMode::Folded, &files), [true, true]);
        let index = library.build(&files);
        assert_eq!(held(&index, "组织", MatchMode::Folded, &files), [true, false]);
        assert_eq!(held(&index, "作风", MatchMode::Folded, &files), [false, true]);
        // A damaged segment causes no misses, and building replaces it.
        for path in segment_files(&library.index()) {
            let bytes = fs::read(&path).unwrap();
            fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        }
        assert_eq!(held(&BigramIndex::open(&library.index()), "作风", MatchMode::Folded, &files), [true, true]);
        let index = library.build(&files);
        assert_eq!((held(&index, "作风", MatchMode::Folded, &files), index.len()), (vec![false, true], 2));
        fs::remove_dir_all(library.index()).unwrap();
        assert_eq!(library.build(&files).len(), 2);
    }

    #[test]
    fn building_resumes_and_small_segments_are_merged() {
        let library = Library { folder: tempfile::tempdir().unwrap() };
        let files: Vec<(PathBuf, MetadataFingerprint)> =
            (0..12).map(|n| library.write(&format!("{n}.txt"), &format!("第{n}次讲话\n"))).collect();
        build(&library.index(), &files, &ParseCache::default(), |count| count < 3).unwrap();
        assert_eq!(BigramIndex::open(&library.index()).len(), 0, "segments are written atomically");
        for count in 1..=files.len() {
            library.build(&files[..count]);
        }
        assert!(segment_files(&library.index()).len() <= MAX_SMALL_SEGMENTS + 2);
        assert_eq!(BigramIndex::open(&library.index()).len(), files.len());
    }

    #[test]
    fn bigrams_far_apart_are_no_candidate() {
        let library = Library { folder: tempfile::tempdir().unwrap() };
        let apart = format!("{}甲乙。{}乙丙。\n", "上".repeat(500), "下".repeat(WINDOW_CHARS));
        let files = [library.write("a.txt", &apart), library.write("b.txt", "甲乙丙。\n")];
        let index = library.build(&files);
        let candidates = index.candidates("甲乙丙", MatchMode::Folded);
        assert_eq!(files.map(|(_, fingerprint)| candidates.may_contain(fingerprint)), [false, true]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn candidates_have_no_false_negatives(
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
                for mode in [MatchMode::Literal, MatchMode::Folded, MatchMode::Pinyin] {
                    prop_assert!(index.candidates(&words, mode).may_contain(files[number].1), "{words}");
                }
            }
        }
    }
}
