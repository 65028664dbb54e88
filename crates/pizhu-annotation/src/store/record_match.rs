//! Which files of a store belong to a speech.

use super::speech_file::SpeechRecord;
use crate::identity::SpeechHash;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file with its speech record; `None` if the record is unreadable or absent.
pub(super) type FileHeader = (PathBuf, Option<Arc<SpeechRecord>>);

/// How well a file's record matches a key, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum RecordMatch {
    /// Same text at the same path, detached by the user.
    DetachedTextAndPath,
    /// Same text at the same path.
    TextAndPath,
    /// Same text at another path: moved, or another copy.
    Text,
    /// A former text of the speech, at another path.
    FormerText,
    /// Another text at the same path: edited.
    Path,
}

/// Ranks a record. Without a `hash` (the text was not read), of the files that name the path the
/// one seen there last ranks first.
fn record_match(record: &SpeechRecord, hash: Option<SpeechHash>, name: &str) -> Option<RecordMatch> {
    let path = record.paths.iter().any(|path| path == name);
    let text = match hash {
        Some(hash) => record.hash == hash,
        None => record.paths.last().is_some_and(|path| path == name),
    };
    match (text, path) {
        (true, true) => Some(if record.detached { RecordMatch::DetachedTextAndPath } else { RecordMatch::TextAndPath }),
        (false, true) => Some(RecordMatch::Path),
        _ if record.detached => None,
        (true, false) => Some(RecordMatch::Text),
        (false, false) => hash.is_some_and(|hash| record.former_hashes.contains(&hash)).then_some(RecordMatch::FormerText),
    }
}

/// The files among `headers` that belong to the speech, the main one first.
pub(super) fn matching_files<'a>(headers: impl IntoIterator<Item = &'a FileHeader>, hash: Option<SpeechHash>, name: &str) -> Vec<PathBuf> {
    let mut matches: Vec<(RecordMatch, usize, &PathBuf)> = Vec::new();
    let own_name = hash.map(|hash| base_name(name, hash));
    for (path, record) in headers {
        let record_match = match record {
            Some(record) => record_match(record, hash, name),
            // The record is damaged; only the file's name identifies the speech.
            None => path.file_stem().is_some_and(|stem| Some(&*stem.to_string_lossy()) == own_name.as_deref()).then_some(RecordMatch::Path),
        };
        if let Some(record_match) = record_match {
            matches.push((record_match, path.as_os_str().len(), path));
        }
    }
    // A conflict copy has the longer name.
    matches.sort();
    let Some(best) = matches.first().map(|(record_match, ..)| *record_match) else { return Vec::new() };
    matches.into_iter().filter(|(record_match, ..)| *record_match == best).map(|(.., path)| path.clone()).collect()
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
