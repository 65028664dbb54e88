//! What the user's acceptances and refusals of suggested tags have taught: kept in the user's own
//! state folder, never in a store that others share.
//!
//! A refused tag is not suggested for its section again, known by the speech's text or its file and
//! by the section's path and title. Of each word that spoke for a tag it is counted how often the
//! tag was then accepted and refused; [`Lessons::trust`] says what the word weighs from then on.

use pizhu_annotation::SpeechHash;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::fold::fold_text;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The file's name in the state folder.
const FILE: &str = "suggestions.json";
/// Held while the file is read and written.
const LOCK: &str = "suggestions.lock";
/// What the file says of its form.
const VERSION: u32 = 1;
/// Acceptances and refusals that a word nothing is known of is taken to have seen, one half each.
const PRIOR: f64 = 4.0;

/// What cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum LessonsError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It was written by a later version, and is left as it is.
    #[error("{}: made by a newer pizhu", .0.display())]
    Newer(PathBuf),
}

/// A section, as it is known again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    hash: SpeechHash,
    file: PathBuf,
    section: String,
    title: String,
}

impl Place {
    /// The section `id` of the speech in `file`.
    #[must_use]
    pub fn of(document: &Document, file: &Path, id: SectionId) -> Self {
        Self::with(SpeechHash::of(&document.source), document, file, id)
    }

    /// [`Self::of`], where the speech's hash is known.
    #[must_use]
    pub fn with(hash: SpeechHash, document: &Document, file: &Path, id: SectionId) -> Self {
        let title = document.outline.get(id).map(|section| fold_text(section.shown_title())).unwrap_or_default();
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        Self { hash, file, section: document.outline.path_text(id), title }
    }

    fn is(&self, other: &Self) -> bool {
        (self.hash == other.hash || self.file == other.file) && (&self.section, &self.title) == (&other.section, &other.title)
    }
}

/// What the user said to a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The section.
    pub place: Place,
    /// The tag.
    pub tag: String,
    /// The words that had decided.
    pub words: Vec<String>,
    /// Whether the tag was put on the section.
    pub accepted: bool,
}

/// How often what a word spoke for was accepted and refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Record {
    accepted: u32,
    refused: u32,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    #[serde(default)]
    refused: BTreeMap<String, BTreeSet<Place>>,
    #[serde(default)]
    words: BTreeMap<String, BTreeMap<String, Record>>,
}

/// All that was taught.
#[derive(Debug, Clone, Default)]
pub struct Lessons {
    kept: Kept,
}

impl Lessons {
    /// What is in the state folder; nothing where there is no file. A file that cannot be parsed
    /// is put aside beside it.
    ///
    /// # Errors
    /// When the file cannot be read, or is of a newer version.
    pub fn load(folder: &Path) -> Result<Self, LessonsError> {
        let path = folder.join(FILE);
        let failed = |source| LessonsError::Io { path: path.clone(), source };
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            read => read.map_err(failed)?,
        };
        match serde_json::from_slice::<Kept>(&bytes) {
            Ok(kept) if kept.version > VERSION => Err(LessonsError::Newer(path)),
            Ok(kept) => Ok(Self { kept }),
            Err(_) => {
                let aside = path.with_extension(format!("json.unreadable-{}", jiff::Timestamp::now().as_second()));
                fs::rename(&path, aside).map_err(failed)?;
                Ok(Self::default())
            }
        }
    }

    /// Adds what the user said to what is in the state folder.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is of a newer version.
    pub fn learn(folder: &Path, verdicts: &[Verdict]) -> Result<Self, LessonsError> {
        let guard = folder.join(LOCK);
        let locked = |source| LessonsError::Io { path: guard.clone(), source };
        fs::create_dir_all(folder).map_err(locked)?;
        // Two that learn at once, in this program or another, learn one after the other.
        let lock = fs::File::options().create(true).truncate(false).write(true).open(&guard).map_err(locked)?;
        lock.lock().map_err(locked)?;
        let mut lessons = Self::load(folder)?;
        for verdict in verdicts {
            lessons.take(verdict);
        }
        lessons.kept.version = VERSION;
        let path = folder.join(FILE);
        let failed = |source| LessonsError::Io { path: path.clone(), source };
        let text = serde_json::to_vec(&lessons.kept).map_err(|error| failed(error.into()))?;
        let mut out = atomic_write_file::AtomicWriteFile::open(&path).map_err(failed)?;
        out.write_all(&text).and_then(|()| out.commit()).map_err(failed)?;
        Ok(lessons)
    }

    fn take(&mut self, verdict: &Verdict) {
        let places = self.kept.refused.entry(verdict.tag.clone()).or_default();
        places.retain(|place| !place.is(&verdict.place));
        if !verdict.accepted {
            places.insert(verdict.place.clone());
        }
        let words = self.kept.words.entry(verdict.tag.clone()).or_default();
        for word in &verdict.words {
            let record = words.entry(word.clone()).or_default();
            let count = if verdict.accepted { &mut record.accepted } else { &mut record.refused };
            *count = count.saturating_add(1);
        }
    }

    /// Whether nothing was ever said to a suggestion.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.words.is_empty() && self.kept.refused.is_empty()
    }

    /// The tags that were refused for a section.
    #[must_use]
    pub fn refused(&self, place: &Place) -> BTreeSet<String> {
        self.kept.refused.iter().filter(|(_, places)| places.iter().any(|known| known.is(place))).map(|(tag, _)| tag.clone()).collect()
    }

    /// What a word that speaks for a tag weighs: 1 where nothing was said, towards 2 where it was
    /// right and towards 0 where it was wrong.
    #[must_use]
    pub fn trust(&self, tag: &str, word: &str) -> f64 {
        let Record { accepted, refused } = self.kept.words.get(tag).and_then(|words| words.get(word)).copied().unwrap_or_default();
        2.0 * (f64::from(accepted) + PRIOR / 2.0) / (f64::from(accepted) + f64::from(refused) + PRIOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;

    fn verdict(text: &str, file: &str, tag: &str, accepted: bool) -> Verdict {
        let document = parse(SourceText::from(text), &Hints::default());
        Verdict {
            place: Place::of(&document, Path::new(file), SectionId(0)),
            tag: tag.to_owned(),
            words: vec!["支部".to_owned()],
            accepted,
        }
    }

    const TEXT: &str = "在青禾县会议上的讲话\n一、支部要强\n支部要强起来。\n二、作风要实\n";

    #[test]
    fn a_refusal_is_known_by_text_or_file_and_taken_back_by_an_acceptance() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        Lessons::learn(&state, &[verdict(TEXT, "甲.txt", "基层党建", false)]).unwrap();
        let lessons = Lessons::load(&state).unwrap();
        let there = |text: &str, file: &str| lessons.refused(&verdict(text, file, "", false).place).len();
        let edited = TEXT.replace("强起来", "硬起来");
        assert_eq!([there(TEXT, "甲.txt"), there(TEXT, "乙.txt"), there(&edited, "甲.txt"), there(&edited, "乙.txt")], [1, 1, 1, 0]);
        assert_eq!(there(&TEXT.replace("一、支部要强", "一、党员要强"), "甲.txt"), 0, "another section");
        let lessons = Lessons::learn(&state, &[verdict(TEXT, "甲.txt", "基层党建", true)]).unwrap();
        assert!(lessons.refused(&verdict(TEXT, "甲.txt", "", false).place).is_empty());
    }

    #[test]
    fn those_who_learn_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let state = folder.path();
                scope.spawn(move || {
                    Lessons::learn(state, &[verdict(TEXT, &format!("{number}.txt"), &format!("标签{number}"), false)]).unwrap()
                });
            }
        });
        let lessons = Lessons::load(folder.path()).unwrap();
        assert_eq!(lessons.refused(&verdict(TEXT, "0.txt", "", false).place).len(), 8);
    }

    #[test]
    fn words_gain_and_lose_trust() {
        let folder = tempfile::tempdir().unwrap();
        assert!((Lessons::default().trust("基层党建", "支部") - 1.0).abs() < 1e-9);
        let mut last = 1.0;
        for _ in 0..3 {
            let lessons = Lessons::learn(folder.path(), &[verdict(TEXT, "甲.txt", "基层党建", false)]).unwrap();
            assert!(lessons.trust("基层党建", "支部") < last);
            last = lessons.trust("基层党建", "支部");
        }
        let lessons = Lessons::learn(folder.path(), &[verdict(TEXT, "乙.txt", "基层党建", true)]).unwrap();
        assert!(lessons.trust("基层党建", "支部") > last && lessons.trust("基层党建", "支部") < 1.0);
        assert!((lessons.trust("作风建设", "支部") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_broken_file_is_put_aside_and_a_newer_one_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{half").unwrap();
        Lessons::load(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(!folder.path().join(FILE).exists());
        fs::write(folder.path().join(FILE), "{\"version\": 9}").unwrap();
        assert!(matches!(Lessons::learn(folder.path(), &[]), Err(LessonsError::Newer(_))));
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), "{\"version\": 9}");
    }
}
