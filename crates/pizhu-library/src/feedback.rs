//! The user's feedback on suggested tags: accepted and refused suggestions. It is kept in the
//! user's own state folder, never in a store that is shared.
//!
//! A refused tag is not suggested again for its section, which is identified by the speech's hash
//! or file and by the section's path and title. For each tag and word, the file counts how often a
//! suggestion that the word supported was accepted and refused; [`Feedback::reliability`] turns
//! the counts into a weight.

use pizhu_annotation::SpeechHash;
use pizhu_files::private_file;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::fold::fold_text;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

/// File name in the state folder.
const FILE: &str = "suggestions.json";
/// Lock file, held during read-modify-write.
const LOCK: &str = "suggestions.lock";
/// Format version of the file.
const VERSION: u32 = 1;
/// Pseudo-count of the Beta prior of a word's reliability, half of it accepted.
const PRIOR_COUNT: f64 = 4.0;

/// Why the feedback cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FeedbackError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A newer version of the program wrote the file; it is left alone.
    #[error("{}: made by a newer pizhu", .0.display())]
    Newer(PathBuf),
}

/// Identity of a section across edits and moves of its speech.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SectionKey {
    hash: SpeechHash,
    file: PathBuf,
    section: String,
    title: String,
}

impl SectionKey {
    /// The key of section `id` of the speech in `file`.
    #[must_use]
    pub fn new(document: &Document, file: &Path, id: SectionId) -> Self {
        Self::with_hash(SpeechHash::from_text(&document.source), document, file, id)
    }

    /// [`Self::new`] with a known hash of the speech.
    #[must_use]
    pub(crate) fn with_hash(hash: SpeechHash, document: &Document, file: &Path, id: SectionId) -> Self {
        let title = document.outline.get(id).map(|section| fold_text(section.display_title())).unwrap_or_default();
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        Self { hash, file, section: document.outline.path_text(id), title }
    }

    fn matches(&self, other: &Self) -> bool {
        (self.hash == other.hash || self.file == other.file) && (&self.section, &self.title) == (&other.section, &other.title)
    }
}

/// The user's decision about one suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The section.
    pub section: SectionKey,
    /// The suggested tag.
    pub tag: String,
    /// The words that supported the suggestion.
    pub words: Vec<String>,
    /// Whether the tag was accepted.
    pub accepted: bool,
}

/// How often suggestions that a word supported were accepted and refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct VerdictCounts {
    accepted: u32,
    refused: u32,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct FeedbackFile {
    version: u32,
    #[serde(default)]
    refused: BTreeMap<String, BTreeSet<SectionKey>>,
    #[serde(default)]
    words: BTreeMap<String, BTreeMap<String, VerdictCounts>>,
}

/// All feedback of the user.
///
/// ```
/// use pizhu_library::feedback::Feedback;
///
/// // A word without feedback has the neutral weight.
/// assert!((Feedback::default().reliability("基层党建", "支部") - 1.0).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Feedback {
    contents: FeedbackFile,
}

impl Feedback {
    /// Reads the feedback in the state folder; empty if there is no file. A file that cannot be
    /// parsed is renamed.
    ///
    /// # Errors
    /// The file cannot be read, or a newer version wrote it.
    pub fn load(folder: &Path) -> Result<Self, FeedbackError> {
        let path = folder.join(FILE);
        let failed = |source| FeedbackError::Io { path: path.clone(), source };
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            read => read.map_err(failed)?,
        };
        match serde_json::from_slice::<FeedbackFile>(&bytes) {
            Ok(contents) if contents.version > VERSION => Err(FeedbackError::Newer(path)),
            Ok(contents) => Ok(Self { contents }),
            Err(_) => {
                let renamed = path.with_extension(format!("json.unreadable-{}", jiff::Timestamp::now().as_second()));
                fs::rename(&path, renamed).map_err(failed)?;
                Ok(Self::default())
            }
        }
    }

    /// Adds verdicts to the feedback in the state folder and returns the result.
    ///
    /// # Errors
    /// The file cannot be read or written, or a newer version wrote it.
    pub fn record(folder: &Path, verdicts: &[Verdict]) -> Result<Self, FeedbackError> {
        let guard = folder.join(LOCK);
        let locked = |source| FeedbackError::Io { path: guard.clone(), source };
        private_file::create_folder(folder).map_err(locked)?;
        // Serializes concurrent updates, of this process and others.
        let lock = private_file::append(&guard, true).map_err(locked)?;
        lock.lock().map_err(locked)?;
        let mut feedback = Self::load(folder)?;
        for verdict in verdicts {
            feedback.apply(verdict);
        }
        feedback.contents.version = VERSION;
        let path = folder.join(FILE);
        let failed = |source| FeedbackError::Io { path: path.clone(), source };
        let text = serde_json::to_vec(&feedback.contents).map_err(|error| failed(error.into()))?;
        private_file::write(&path, &text).map_err(failed)?;
        Ok(feedback)
    }

    fn apply(&mut self, verdict: &Verdict) {
        let sections = self.contents.refused.entry(verdict.tag.clone()).or_default();
        sections.retain(|section| !section.matches(&verdict.section));
        if !verdict.accepted {
            sections.insert(verdict.section.clone());
        }
        let words = self.contents.words.entry(verdict.tag.clone()).or_default();
        for word in &verdict.words {
            let counts = words.entry(word.clone()).or_default();
            let count = if verdict.accepted { &mut counts.accepted } else { &mut counts.refused };
            *count = count.saturating_add(1);
        }
    }

    /// Whether there is no feedback at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.contents.words.is_empty() && self.contents.refused.is_empty()
    }

    /// The tags that were refused for a section.
    #[must_use]
    pub fn refused(&self, section: &SectionKey) -> BTreeSet<String> {
        self.contents
            .refused
            .iter()
            .filter(|(_, sections)| sections.iter().any(|key| key.matches(section)))
            .map(|(tag, _)| tag.clone())
            .collect()
    }

    /// Weight of a word that supports a tag: 1 without feedback, towards 2 if suggestions were
    /// accepted, towards 0 if they were refused. Twice the posterior mean of a Beta distribution.
    #[must_use]
    pub fn reliability(&self, tag: &str, word: &str) -> f64 {
        let VerdictCounts { accepted, refused } =
            self.contents.words.get(tag).and_then(|words| words.get(word)).copied().unwrap_or_default();
        2.0 * (f64::from(accepted) + PRIOR_COUNT / 2.0) / (f64::from(accepted) + f64::from(refused) + PRIOR_COUNT)
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
            section: SectionKey::new(&document, Path::new(file), SectionId(0)),
            tag: tag.to_owned(),
            words: vec!["支部".to_owned()],
            accepted,
        }
    }

    const TEXT: &str = "在青禾县会议上的讲话\n一、支部要强\n支部要强起来。\n二、作风要实\n";

    #[test]
    fn refusal_matches_by_hash_or_file_and_is_undone_by_acceptance() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        Feedback::record(&state, &[verdict(TEXT, "甲.txt", "基层党建", false)]).unwrap();
        let feedback = Feedback::load(&state).unwrap();
        let refused_count = |text: &str, file: &str| feedback.refused(&verdict(text, file, "", false).section).len();
        let edited = TEXT.replace("强起来", "硬起来");
        assert_eq!(
            [
                refused_count(TEXT, "甲.txt"),
                refused_count(TEXT, "乙.txt"),
                refused_count(&edited, "甲.txt"),
                refused_count(&edited, "乙.txt")
            ],
            [1, 1, 1, 0]
        );
        assert_eq!(refused_count(&TEXT.replace("一、支部要强", "一、党员要强"), "甲.txt"), 0, "another section");
        let feedback = Feedback::record(&state, &[verdict(TEXT, "甲.txt", "基层党建", true)]).unwrap();
        assert!(feedback.refused(&verdict(TEXT, "甲.txt", "", false).section).is_empty());
    }

    #[test]
    fn concurrent_updates_are_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let state = folder.path();
                scope.spawn(move || {
                    Feedback::record(state, &[verdict(TEXT, &format!("{number}.txt"), &format!("标签{number}"), false)]).unwrap()
                });
            }
        });
        let feedback = Feedback::load(folder.path()).unwrap();
        assert_eq!(feedback.refused(&verdict(TEXT, "0.txt", "", false).section).len(), 8);
    }

    #[test]
    fn verdicts_change_the_reliability_of_words() {
        let folder = tempfile::tempdir().unwrap();
        assert!((Feedback::default().reliability("基层党建", "支部") - 1.0).abs() < 1e-9);
        let mut last = 1.0;
        for _ in 0..3 {
            let feedback = Feedback::record(folder.path(), &[verdict(TEXT, "甲.txt", "基层党建", false)]).unwrap();
            assert!(feedback.reliability("基层党建", "支部") < last);
            last = feedback.reliability("基层党建", "支部");
        }
        let feedback = Feedback::record(folder.path(), &[verdict(TEXT, "乙.txt", "基层党建", true)]).unwrap();
        assert!(feedback.reliability("基层党建", "支部") > last && feedback.reliability("基层党建", "支部") < 1.0);
        assert!((feedback.reliability("作风建设", "支部") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn unparsable_file_is_renamed_and_newer_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{half").unwrap();
        Feedback::load(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(!folder.path().join(FILE).exists());
        fs::write(folder.path().join(FILE), "{\"version\": 9}").unwrap();
        assert!(matches!(Feedback::record(folder.path(), &[]), Err(FeedbackError::Newer(_))));
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), "{\"version\": 9}");
    }
}
