//! The index of a large library: which speeches hold which pairs of chars.
//!
//! Searching by words would miss what crosses them, so the terms are pairs of chars that follow
//! one another in the cleaned and folded text. Speeches on one matter hold the same pairs all of
//! them, so a speech is cut into windows, and it is these that are told to hold a pair: a query's
//! pairs stand close together. They give the speeches that may hold it; whether one does is seen
//! in its text. Each window reaches into the next, so that what is no longer than that lies whole
//! in one; of a longer query each piece of that length does. Only pairs of letters, digits
//! and ideographs are terms; one of these that something else follows is a term with nothing
//! behind it, so that every such char begins a term.
//!
//! The index lies in a folder of its own in segments: files that are written once, each about some
//! tens of megabytes of text, and that hold on their own. Building can be stopped anywhere and goes
//! on with the next segment; the folder can be deleted at any time. A speech is known by its
//! stamp: one that has changed is not in the index, and is searched as it stands.

mod build;
mod codes;
mod segment;

pub use build::build;

use super::{
    catalogue::name_of_roots,
    digest::{Stamp, StampMap},
};
use pizhu_text::search::Mode;
use pizhu_text::search::PinyinPairs;
use pizhu_text::text::fold::fold;
use pizhu_text::text::parts::in_parts;
use segment::Segment;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Chars of a speech's cleaned text from the beginning of one window to that of the next.
const WINDOW_CHARS: usize = 1024;
/// Chars that a window has in common with the next: what is as long, and one longer, lies whole in one of them.
const OVERLAP_CHARS: usize = 32;

/// Segments that a thread looks up at least.
const LEAST_SEGMENTS: usize = 4;

/// Two chars that follow one another, folded; the second is NUL where no letter follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Pair(u64);

impl Pair {
    fn new(first: char, second: char) -> Self {
        Self(u64::from(u32::from(first)) << 21 | u64::from(u32::from(second)))
    }

    fn chars(self) -> Option<(char, char)> {
        Some((char::from_u32((self.0 >> 21) as u32)?, char::from_u32((self.0 & 0x1F_FFFF) as u32)?))
    }
}

/// Whether `c` stands in pairs.
fn counts(c: char) -> bool {
    c.is_alphanumeric()
}

/// The folder of the index of the library under `roots`, in the folder `cache`.
#[must_use]
pub fn folder(cache: &Path, roots: &[PathBuf]) -> PathBuf {
    cache.join(format!("index-{}", name_of_roots(roots)))
}

/// An index as it lies on the disk. Used from any thread.
#[derive(Debug, Default)]
pub struct Index {
    segments: Vec<Segment>,
    /// The segment and the number in it of each speech.
    places: StampMap<(u32, u32)>,
}

/// What an index says to a query.
#[derive(Debug)]
pub struct Candidates<'a> {
    index: &'a Index,
    /// For each segment a flag for each of its speeches; `None` where all may.
    found: Option<Vec<Vec<bool>>>,
}

impl Index {
    /// Opens the index in `folder`; an empty one where there is none. What is spoiled of it is
    /// left out.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        let mut index = Self::default();
        for path in segment_files(folder) {
            let Some((segment, stamps)) = Segment::open(&path) else { continue };
            let number = index.segments.len() as u32;
            index.places.extend(stamps.into_iter().zip(0..).map(|(stamp, doc)| (stamp, (number, doc))));
            index.segments.push(segment);
        }
        index
    }

    /// How many speeches it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether it knows the speech of this stamp.
    #[must_use]
    pub fn has(&self, stamp: Stamp) -> bool {
        self.places.contains_key(&stamp)
    }

    /// The speeches that may hold `words`, compared in this mode.
    #[must_use]
    pub fn candidates(&self, words: &str, mode: Mode) -> Candidates<'_> {
        let look_up: Option<LookUp> = match mode {
            Mode::Regex => None,
            Mode::Pinyin => match PinyinPairs::new(words) {
                // What begins with another char than those of pairs is not told by them.
                Some(pairs) if pairs.first().iter().any(|first| !counts(first.c)) => None,
                Some(pairs) => Some(Box::new(move |segment| read_as(segment, &pairs))),
                None => literal(words),
            },
            Mode::Literal | Mode::Folded => literal(words),
        };
        let found = look_up.and_then(|look_up| {
            let some = |range| self.segments.get(range).into_iter().flatten().map(&look_up).collect();
            let parts: Option<Vec<Vec<_>>> = in_parts(self.segments.len(), LEAST_SEGMENTS, some).into_iter().collect();
            Some(parts?.concat())
        });
        Candidates { index: self, found }
    }
}

impl Candidates<'_> {
    /// Whether the speech of this stamp may hold the words. One that the index does not know may.
    #[must_use]
    pub fn may_hold(&self, stamp: Stamp) -> bool {
        let (Some(found), Some((segment, doc))) = (&self.found, self.index.places.get(&stamp)) else { return true };
        found.get(*segment as usize).and_then(|found| found.get(*doc as usize)).copied().unwrap_or(true)
    }
}

/// Gives a flag for each speech of a segment.
type LookUp = Box<dyn Fn(&Segment) -> Option<Vec<bool>> + Sync>;

/// Looks up all pairs of `words`; `None` where these have none, and nothing can be told.
fn literal(words: &str) -> Option<LookUp> {
    let chars: Vec<char> = words.chars().map(fold).collect();
    let mut pieces: Vec<Vec<Pair>> = Vec::new();
    // Each begins with the char the one before ends with: every pair is in one of them.
    for start in (0..chars.len().max(1) - 1).step_by(OVERLAP_CHARS - 1) {
        let piece = &chars[start..chars.len().min(start + OVERLAP_CHARS)];
        let paired = piece.windows(2).filter(|two| counts(two[0]) && counts(two[1]));
        let mut pairs: Vec<Pair> = paired.map(|two| Pair::new(two[0], two[1])).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pieces.push(pairs);
    }
    pieces.retain(|pairs| !pairs.is_empty());
    if pieces.is_empty() {
        let c = chars.into_iter().find(|c| counts(*c))?;
        let any = move |segment: &Segment| segment.with_any(Pair::new(c, '\0'), Pair::new(c, char::MAX), |_| true);
        return Some(Box::new(move |segment| Some(segment.speeches(&any(segment)?))));
    }
    Some(Box::new(move |segment| {
        let mut speeches: Option<Vec<bool>> = None;
        for pairs in &pieces {
            let mut windows: Option<Vec<bool>> = None;
            for pair in pairs {
                both(&mut windows, segment.with_any(*pair, *pair, |_| true)?);
                if windows.as_ref().is_some_and(|windows| !windows.contains(&true)) {
                    break;
                }
            }
            both(&mut speeches, segment.speeches(&windows?));
        }
        speeches
    }))
}

/// Clears the flags that are not set in `here` too.
fn both(flags: &mut Option<Vec<bool>>, here: Vec<bool>) {
    match flags {
        Some(flags) => flags.iter_mut().zip(here).for_each(|(flag, here)| *flag &= here),
        None => *flags = Some(here),
    }
}

/// The speeches in which some two chars begin a reading.
fn read_as(segment: &Segment, pairs: &PinyinPairs) -> Option<Vec<bool>> {
    let mut all = segment.none();
    for first in pairs.first() {
        let fits = |pair: Pair| pair.chars().is_some_and(|(_, second)| pairs.fits(first, second));
        let here = segment.with_any(Pair::new(first.c, '\0'), Pair::new(first.c, char::MAX), fits)?;
        all.iter_mut().zip(here).for_each(|(all, here)| *all |= here);
    }
    Some(segment.speeches(&all))
}

/// The segments in a folder, in the order they were written.
fn segment_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "seg"));
    files.sort();
    files
}
