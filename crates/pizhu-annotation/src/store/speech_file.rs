//! The file of one speech: RON, one line per annotation, sorted by place.
//!
//! A file that does not parse as a whole is read line by line: annotations duplicated by git's
//! `merge=union` or a conflict are merged by id; conflict markers and repeated headers are skipped;
//! only lines that are none of these are lost, and reported.

use super::constants::{SCHEMA_VERSION, TAG_ID_VERSION};
use crate::identity::SpeechHash;
use crate::merge::AnnotationEntry;
use crate::merge::EntryMap;
use crate::merge::Tombstone;
use crate::merge::merge_entry;
use crate::model::Annotation;
use crate::record::{RecordLineKind, RecordSet};
use crate::sketch::TextSketch;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::borrow::Cow;

/// Which speech a file belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechRecord {
    /// Identity of the text when its annotations were last saved.
    pub hash: SpeechHash,
    /// Paths where it was seen: relative to the store's root with `/` if below it, else absolute.
    /// The latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// The title, for people who read the file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Identities of former versions of the text.
    #[serde(rename = "formerly", default, skip_serializing_if = "Vec::is_empty")]
    pub former_hashes: Vec<SpeechHash>,
    /// Whether the user detached this copy from others of the same text.
    #[serde(rename = "apart", default, skip_serializing_if = "std::ops::Not::not")]
    pub detached: bool,
    /// The sketch of the text, by which it is recognized when it was moved and edited.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::sketch::optional")]
    pub sketch: Option<TextSketch>,
    /// Texts of speeches that are nearly this one, so that their annotations may belong here: not yet
    /// decided by the user.
    #[serde(rename = "similar", default, skip_serializing_if = "Vec::is_empty")]
    pub similar_texts: Vec<SpeechHash>,
    /// Texts of speeches that the user has decided not to be this one.
    #[serde(rename = "refused", default, skip_serializing_if = "Vec::is_empty")]
    pub refused_texts: Vec<SpeechHash>,
}

/// The content of one speech's file.
///
/// ```
/// use pizhu_annotation::SpeechHash;
/// use pizhu_annotation::store::speech_file::{SpeechFile, SpeechRecord};
/// use pizhu_text::text::SourceText;
///
/// let hash = SpeechHash::from_text(&SourceText::from("同志们："));
/// let record = SpeechRecord::new(hash, "讲话.txt", "讲话");
/// let file = SpeechFile::new(record);
/// let outcome = SpeechFile::from_ron(file.to_ron()?.as_bytes());
/// assert!(outcome.is_complete());
/// assert_eq!(outcome.speech, Some(file.speech));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechFile {
    /// The record of the speech.
    pub speech: SpeechRecord,
    /// Annotations and tombstones.
    pub entries: EntryMap,
    /// What else is known of the speech.
    pub records: RecordSet,
}

/// The result of reading a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOutcome {
    /// The record of the speech; `None` if its line is unreadable.
    pub speech: Option<SpeechRecord>,
    /// Annotations and tombstones.
    pub entries: EntryMap,
    /// What else is known of the speech.
    pub records: RecordSet,
    /// Schema version named by the file; 0 for none.
    pub version: u32,
    /// Fields unknown to this program, which then must not write the file.
    pub unknown_fields: Vec<String>,
    /// Unreadable lines.
    pub lost_lines: Vec<String>,
    /// Whether duplicate entries or conflict markers were repaired.
    pub repaired: bool,
    /// Whether the end of the file is missing.
    pub truncated: bool,
}

impl ReadOutcome {
    /// Whether nothing was lost.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.lost_lines.is_empty() && !self.truncated && self.speech.is_some()
    }

    /// Whether its tags are names only.
    #[must_use]
    pub(crate) fn has_tag_names_only(&self) -> bool {
        self.version < TAG_ID_VERSION
    }

    /// Whether a newer program wrote the file.
    #[must_use]
    pub(crate) fn is_newer(&self) -> bool {
        self.version > SCHEMA_VERSION || !self.unknown_fields.is_empty()
    }
}

/// Schema of the whole file.
#[derive(Deserialize)]
struct SpeechFileSchema {
    version: u32,
    speech: SpeechRecord,
    #[serde(default)]
    annotations: Vec<Annotation>,
    #[serde(default)]
    deleted: Vec<Tombstone>,
}

impl SpeechFile {
    /// Creates a file without annotations.
    #[must_use]
    pub fn new(speech: SpeechRecord) -> Self {
        Self { speech, entries: EntryMap::new(), records: RecordSet::default() }
    }

    /// The existing annotations.
    pub fn annotations(&self) -> impl Iterator<Item = &Annotation> {
        self.entries.values().filter_map(AnnotationEntry::annotation)
    }

    /// Serializes the file.
    ///
    /// # Errors
    /// Fails if RON cannot represent a value.
    pub fn to_ron(&self) -> Result<String, ron::Error> {
        let mut annotations: Vec<&Annotation> = self.annotations().collect();
        annotations.sort_by_key(|annotation| (annotation.selector.start, annotation.selector.end, annotation.id));
        let mut text = String::with_capacity(256 + annotations.len() * 400);
        text.push_str("(\nversion: ");
        text.push_str(&SCHEMA_VERSION.to_string());
        text.push_str(",\nspeech: ");
        text.push_str(&ron::to_string(&self.speech)?);
        text.push_str(",\nannotations: [\n");
        for annotation in annotations {
            text.push_str(&ron::to_string(annotation)?);
            text.push_str(",\n");
        }
        text.push_str("],\n");
        push_tombstones_and_records(&mut text, &self.entries, &self.records)?;
        Ok(text)
    }

    /// Reads a file's bytes, keeping whatever is readable.
    #[must_use]
    pub fn from_ron(bytes: &[u8]) -> ReadOutcome {
        let text = String::from_utf8_lossy(bytes);
        let mut outcome = ReadOutcome::default();
        // Records are read by lines: a kind unknown here must not make the rest unreadable.
        if let Some((rest, records)) = split_records(&text, &mut outcome.unknown_fields)
            && let Ok(whole) = parse::<SpeechFileSchema>(&rest, &mut outcome.unknown_fields)
        {
            outcome.version = whole.version;
            outcome.records = records;
            let mut collected = EntryCollector::default();
            whole
                .annotations
                .into_iter()
                .map(AnnotationEntry::Present)
                .chain(whole.deleted.into_iter().map(AnnotationEntry::Tombstone))
                .for_each(|entry| collected.add(entry));
            outcome.repaired = collected.has_duplicates;
            outcome.speech = Some(whole.speech);
            outcome.entries = collected.entries;
            outcome.records.settle(&mut outcome.entries);
            return outcome;
        }
        outcome.unknown_fields.clear();
        read_by_lines(&text, outcome)
    }
}

/// Takes the section of records out of a file's text; `None` if it has another layout than this
/// program writes.
pub(super) fn split_records<'a>(text: &'a str, unknown_fields: &mut Vec<String>) -> Option<(Cow<'a, str>, RecordSet)> {
    let mut records = RecordSet::default();
    let Some((before, section)) = text.split_once(RECORDS_START) else { return Some((Cow::Borrowed(text), records)) };
    let mut rest = section;
    loop {
        let (line, after) = rest.split_once('\n')?;
        rest = after;
        let line = line.trim();
        if line == "]," {
            break;
        }
        if records.take_line(line.strip_suffix(',').unwrap_or(line), unknown_fields) == RecordLineKind::Other {
            return None;
        }
    }
    Some((Cow::Owned(format!("{before}\n{rest}")), records))
}

/// Start of the section of records.
const RECORDS_START: &str = "\nrecords: [\n";

/// Collects the entries of a file, merging duplicates by id.
#[derive(Default)]
struct EntryCollector {
    entries: EntryMap,
    has_duplicates: bool,
}

impl EntryCollector {
    fn add(&mut self, entry: AnnotationEntry) {
        let id = entry.id();
        let existing = self.entries.remove(&id);
        self.has_duplicates |= existing.is_some();
        let merged = match existing {
            Some(existing) => merge_entry(None, Some(&existing), Some(&entry)).unwrap_or(entry),
            None => entry,
        };
        self.entries.insert(id, merged);
    }
}

/// Parses RON, noting fields that `T` does not have.
pub(super) fn parse<T: DeserializeOwned>(text: &str, unknown_fields: &mut Vec<String>) -> Result<T, ron::Error> {
    let mut deserializer = ron::Deserializer::from_str(text).map_err(|error| error.code)?;
    let mut found = Vec::new();
    let value = serde_ignored::deserialize(&mut deserializer, |path| found.push(path.to_string()))?;
    deserializer.end()?;
    unknown_fields.append(&mut found);
    Ok(value)
}

/// Reads a file line by line.
fn read_by_lines(text: &str, mut outcome: ReadOutcome) -> ReadOutcome {
    let mut collected = EntryCollector::default();
    let mut closed = false;
    for line in text.lines() {
        let line = line.trim();
        let item = line.strip_suffix(',').unwrap_or(line);
        closed = line == ")" || (closed && is_conflict_marker(line));
        if is_conflict_marker(line) || matches!(item, "" | "(" | ")" | "annotations: [" | "deleted: [" | "records: [" | "]") {
            continue;
        }
        if let Some(version) = item.strip_prefix("version:").and_then(|version| version.trim().parse().ok()) {
            outcome.version = outcome.version.max(version);
        } else if let Some(Ok(record)) =
            item.strip_prefix("speech:").map(|record| parse::<SpeechRecord>(record, &mut outcome.unknown_fields))
        {
            outcome.speech = Some(match outcome.speech.take() {
                Some(existing) => existing.joined(record),
                None => record,
            });
        } else if let Ok(annotation) = parse::<Annotation>(item, &mut outcome.unknown_fields) {
            collected.add(AnnotationEntry::Present(annotation));
        } else if let Ok(tombstone) = parse::<Tombstone>(item, &mut outcome.unknown_fields) {
            collected.add(AnnotationEntry::Tombstone(tombstone));
        } else if outcome.records.take_line(item, &mut outcome.unknown_fields) == RecordLineKind::Other {
            outcome.lost_lines.push(line.to_owned());
        }
    }
    outcome.repaired = true;
    outcome.truncated = !closed;
    outcome.entries = collected.entries;
    outcome.records.settle(&mut outcome.entries);
    outcome
}

/// Whether the line is a conflict marker of git, or a comment.
pub(super) fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>", "//"].iter().any(|mark| line.starts_with(mark))
}

impl SpeechRecord {
    /// Joins two records of the same file: symmetric, except that `other` provides the present
    /// hash.
    pub(super) fn joined(self, other: Self) -> Self {
        let mut joined = other;
        for hash in self.former_hashes.into_iter().chain([self.hash]) {
            if hash != joined.hash && !joined.former_hashes.contains(&hash) {
                joined.former_hashes.push(hash);
            }
        }
        for path in self.paths.into_iter().rev() {
            if !joined.paths.contains(&path) {
                joined.paths.insert(0, path);
            }
        }
        joined.detached |= self.detached;
        joined.sketch = joined.sketch.or(self.sketch);
        for hash in self.refused_texts {
            joined.refuse(hash);
        }
        for hash in self.similar_texts {
            joined.consider(hash);
        }
        joined
    }
}

/// Appends what the files of speeches and of the project end with: the tombstones among `entries`, and
/// the records.
pub(super) fn push_tombstones_and_records(text: &mut String, entries: &EntryMap, records: &RecordSet) -> Result<(), ron::Error> {
    text.push_str("deleted: [\n");
    for entry in entries.values() {
        if let AnnotationEntry::Tombstone(tombstone) = entry {
            text.push_str(&ron::to_string(tombstone)?);
            text.push_str(",\n");
        }
    }
    text.push_str("],\nrecords: [\n");
    for line in records.lines()? {
        text.push_str(&line);
        text.push_str(",\n");
    }
    text.push_str("],\n)\n");
    Ok(())
}
