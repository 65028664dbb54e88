//! An open index, and the lookup of a query in its segments.

use super::{
    bigram::{Bigram, is_indexed},
    segment::{IndexSegment, OVERLAP_CHARS, segment_files},
};
use crate::parse_cache::{FingerprintMap, MetadataFingerprint};
use pizhu_text::search::MatchMode;
use pizhu_text::search::PinyinBigrams;
use pizhu_text::text::fold::fold;
use pizhu_text::text::parallel::par_chunks;
use std::path::Path;

/// Minimum segments per thread.
const MIN_SEGMENTS_PER_THREAD: usize = 4;

/// An index on the disk. Usable from any thread.
#[derive(Debug, Default)]
pub struct BigramIndex {
    segments: Vec<IndexSegment>,
    /// Segment number of each speech, and its number in the segment.
    locations: FingerprintMap<(u32, u32)>,
}

/// The candidates for a query.
#[derive(Debug)]
pub struct Candidates<'a> {
    index: &'a BigramIndex,
    /// A flag for each speech of each segment; `None` if all are candidates.
    found: Option<Vec<Vec<bool>>>,
}

impl BigramIndex {
    /// Opens the index in `folder`; empty if there is none. Damaged segments are skipped.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let mut index = Self::default();
        for path in segment_files(folder) {
            let Some((segment, fingerprints)) = IndexSegment::open(&path) else { continue };
            let number = index.segments.len() as u32;
            index.locations.extend(fingerprints.into_iter().zip(0..).map(|(fingerprint, doc)| (fingerprint, (number, doc))));
            index.segments.push(segment);
        }
        index
    }

    /// Number of indexed speeches.
    #[must_use]
    pub fn len(&self) -> usize {
        self.locations.len()
    }

    /// Whether no speech is indexed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.locations.is_empty()
    }

    /// Whether the speech of this fingerprint is indexed.
    #[must_use]
    pub fn has(&self, fingerprint: MetadataFingerprint) -> bool {
        self.locations.contains_key(&fingerprint)
    }

    /// Finds the speeches that may contain `words` in this mode.
    #[must_use]
    pub fn candidates(&self, words: &str, mode: MatchMode) -> Candidates<'_> {
        let look_up: Option<SegmentLookup> = match mode {
            MatchMode::Regex => None,
            MatchMode::Pinyin => match PinyinBigrams::new(words) {
                // Chars outside the index could match.
                Some(bigrams) if bigrams.first_chars().iter().any(|first| !is_indexed(first.c)) => None,
                Some(bigrams) => Some(Box::new(move |segment| pinyin_lookup(segment, &bigrams))),
                None => literal_lookup(words),
            },
            MatchMode::Literal | MatchMode::Folded => literal_lookup(words),
        };
        let found = look_up.and_then(|look_up| {
            let some = |range| self.segments.get(range).into_iter().flatten().map(&look_up).collect();
            let parts: Option<Vec<Vec<_>>> = par_chunks(self.segments.len(), MIN_SEGMENTS_PER_THREAD, some).into_iter().collect();
            Some(parts?.concat())
        });
        Candidates { index: self, found }
    }
}

impl Candidates<'_> {
    /// Whether the speech of this fingerprint may contain the query; true if it is not indexed.
    #[must_use]
    pub fn may_contain(&self, fingerprint: MetadataFingerprint) -> bool {
        let (Some(found), Some((segment, doc))) = (&self.found, self.index.locations.get(&fingerprint)) else { return true };
        found.get(*segment as usize).and_then(|found| found.get(*doc as usize)).copied().unwrap_or(true)
    }
}

/// Computes a flag for each speech of a segment; `None` on a read error.
type SegmentLookup = Box<dyn Fn(&IndexSegment) -> Option<Vec<bool>> + Sync>;

/// Lookup of all bigrams of `words`; `None` if there are none, so every speech is a candidate.
fn literal_lookup(words: &str) -> Option<SegmentLookup> {
    let chars: Vec<char> = words.chars().map(fold).collect();
    let mut pieces: Vec<Vec<Bigram>> = Vec::new();
    // Pieces overlap by one char, so every bigram is in a piece.
    for start in (0..chars.len().max(1) - 1).step_by(OVERLAP_CHARS - 1) {
        let piece = &chars[start..chars.len().min(start + OVERLAP_CHARS)];
        let paired = piece.windows(2).filter(|two| is_indexed(two[0]) && is_indexed(two[1]));
        let mut bigrams: Vec<Bigram> = paired.map(|two| Bigram::new(two[0], two[1])).collect();
        bigrams.sort_unstable();
        bigrams.dedup();
        pieces.push(bigrams);
    }
    pieces.retain(|bigrams| !bigrams.is_empty());
    if pieces.is_empty() {
        let c = chars.into_iter().find(|c| is_indexed(*c))?;
        let any = move |segment: &IndexSegment| segment.windows_with(Bigram::new(c, '\0'), Bigram::new(c, char::MAX), |_| true);
        return Some(Box::new(move |segment| Some(segment.speech_flags(&any(segment)?))));
    }
    Some(Box::new(move |segment| {
        let mut speeches: Option<Vec<bool>> = None;
        for bigrams in &pieces {
            let mut windows: Option<Vec<bool>> = None;
            for bigram in bigrams {
                intersect(&mut windows, segment.windows_with(*bigram, *bigram, |_| true)?);
                if windows.as_ref().is_some_and(|windows| !windows.contains(&true)) {
                    break;
                }
            }
            intersect(&mut speeches, segment.speech_flags(&windows?));
        }
        speeches
    }))
}

/// Intersects `flags` with `other`.
fn intersect(flags: &mut Option<Vec<bool>>, here: Vec<bool>) {
    match flags {
        Some(flags) => flags.iter_mut().zip(here).for_each(|(flag, here)| *flag &= here),
        None => *flags = Some(here),
    }
}

/// Speeches with two adjacent chars that begin a pinyin reading of the query.
fn pinyin_lookup(segment: &IndexSegment, bigrams: &PinyinBigrams) -> Option<Vec<bool>> {
    let mut all = segment.empty_flags();
    for first in bigrams.first_chars() {
        let fits = |bigram: Bigram| bigram.chars().is_some_and(|(_, second)| bigrams.may_begin(first, second));
        let here = segment.windows_with(Bigram::new(first.c, '\0'), Bigram::new(first.c, char::MAX), fits)?;
        all.iter_mut().zip(here).for_each(|(all, here)| *all |= here);
    }
    Some(segment.speech_flags(&all))
}
