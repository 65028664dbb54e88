//! Which files of a store belong to a speech.

use super::{
    seen::{SeenSpeeches, file_stem},
    speech_file::SpeechRecord,
};
use crate::identity::SpeechHash;
use crate::path_name::comparable_name;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file with its speech record; `None` if the record is unreadable or absent.
pub(super) type FileHeader = (PathBuf, Option<Arc<SpeechRecord>>);

/// How well a file's record matches a key, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RecordMatch {
    /// Same text at the same path, detached by the user.
    DetachedTextAndPath,
    /// Same text at the same path.
    TextAndPath,
    /// Same text at another path: moved, or another copy.
    Text,
    /// Another text at the path where this machine saw the speech last: edited.
    SeenPath,
    /// Another text at the speech's latest path: edited.
    LatestPath,
    /// Another text at a path of the speech: edited.
    Path,
    /// Another text at a path of the speech in another Unicode form: renamed and edited.
    PathForm,
    /// A former text of the speech, at another path.
    FormerText,
}

impl RecordMatch {
    /// Whether the text is the one that the record has, as far as is known.
    pub(super) fn is_same_text(self) -> bool {
        self <= Self::Text
    }
}

/// A speech to be looked for.
#[derive(Clone, Copy)]
pub(super) struct SpeechQuery<'a> {
    /// Its text; `None` if it was not read.
    pub(super) hash: Option<SpeechHash>,
    /// Its path as the store names it.
    pub(super) name: &'a str,
    /// What this machine has seen.
    pub(super) seen: &'a SeenSpeeches,
}

impl SpeechQuery<'_> {
    /// Ranks a record. Without a hash, of the files that name the path the one seen there last ranks
    /// first.
    fn rank(&self, file: &Path, record: &SpeechRecord) -> Option<RecordMatch> {
        let seen_at = self.seen.file_at(self.name).filter(|_| !self.name.is_empty());
        let stem = file_stem(file);
        let is_recorded = record.paths.iter().any(|path| path == self.name);
        // A conflict copy's name begins with that of its file.
        let is_seen_here = seen_at.is_some_and(|seen| stem == seen || (is_recorded && stem.starts_with(seen)));
        let is_latest = record.paths.last().is_some_and(|path| path == self.name);
        let is_path = is_recorded || is_seen_here;
        // All texts without a letter have one hash.
        let hash = self.hash.filter(|hash| !hash.is_of_no_letters());
        let is_text = match self.hash {
            Some(_) => hash == Some(record.hash),
            None => is_latest,
        };
        let is_form = || record.paths.iter().any(|path| comparable_name(path) == comparable_name(self.name));
        let is_former =
            || hash.is_some_and(|hash| record.former_hashes.contains(&hash) || self.seen.files_of_text(hash).any(|seen| seen == stem));
        match (is_text, is_path) {
            (true, true) => Some(if record.detached { RecordMatch::DetachedTextAndPath } else { RecordMatch::TextAndPath }),
            (false, true) if is_seen_here => Some(RecordMatch::SeenPath),
            (false, true) => Some(if is_latest { RecordMatch::LatestPath } else { RecordMatch::Path }),
            _ if record.detached => is_form().then_some(RecordMatch::PathForm),
            (true, false) => Some(RecordMatch::Text),
            (false, false) if !self.name.is_empty() && is_form() => Some(RecordMatch::PathForm),
            (false, false) => is_former().then_some(RecordMatch::FormerText),
        }
    }

    /// The files among `headers` that belong to the speech, the main one first, and how they match.
    pub(super) fn matching_files<'a>(&self, headers: impl IntoIterator<Item = &'a FileHeader>) -> (Vec<PathBuf>, Option<RecordMatch>) {
        let mut matches: Vec<(RecordMatch, usize, &PathBuf)> = Vec::new();
        let own_name = self.hash.map(|hash| base_name(self.name, hash));
        for (path, record) in headers {
            let record_match = if let Some(record) = record {
                self.rank(path, record)
            } else {
                // The record is damaged; only the file's name identifies the speech.
                let stem = file_stem(path);
                (Some(&stem) == own_name.as_ref() || self.seen.file_at(self.name) == Some(&stem)).then_some(RecordMatch::LatestPath)
            };
            if let Some(record_match) = record_match {
                matches.push((record_match, path.as_os_str().len(), path));
            }
        }
        // A conflict copy has the longer name.
        matches.sort();
        let best = matches.first().map(|(record_match, ..)| *record_match);
        (matches.into_iter().filter(|(record_match, ..)| Some(*record_match) == best).map(|(.., path)| path.clone()).collect(), best)
    }
}

/// Base name of a speech's file: the speech's own name, for people, and its hash.
/// Example: `年/讲话 1.txt` gives `讲话1-0f3a9b2c`.
pub(super) fn base_name(name: &str, hash: SpeechHash) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    let clean: String = stem.chars().filter(|c| c.is_alphanumeric() || "-_（）()、《》".contains(*c)).collect();
    // File names are limited to 255 bytes on most systems, 143 on some.
    let short = &clean[..clean.floor_char_boundary(96)];
    let hash = hash.to_string();
    if short.is_empty() { hash } else { format!("{short}-{}", &hash[..8]) }
}
