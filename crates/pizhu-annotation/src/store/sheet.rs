//! The file of one speech: RON, one line an annotation, sorted by place.
//!
//! Line by line is also how a file is read that does not parse as a whole: the annotations that
//! git's `merge=union` or a conflict has left twice are merged by id, conflict marks and doubled
//! headers fall away, and only lines that are none of these are lost, which the caller is told.

use crate::identity::SpeechHash;
use crate::merge::Entries;
use crate::merge::Entry;
use crate::merge::Tombstone;
use crate::merge::merge_entry;
use crate::model::Annotation;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The schema's version written by this program.
pub const VERSION: u32 = 1;

/// Which speech a file belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechRecord {
    /// Its identity when its annotations were last saved.
    pub hash: SpeechHash,
    /// Where it was seen: relative to the store's root with `/` where it lies under it, else
    /// absolute. The latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Its title, for people who read the file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Identities it had before its text was edited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<SpeechHash>,
    /// Whether the user set this copy apart from others of the same text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

/// The content of one speech's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Whose annotations they are.
    pub speech: SpeechRecord,
    /// The annotations, and what stays of deleted ones.
    pub entries: Entries,
}

/// What was read of a file, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Whose annotations they are; `None` where that line cannot be read.
    pub speech: Option<SpeechRecord>,
    /// The annotations, and what stays of deleted ones.
    pub entries: Entries,
    /// The schema's version the file names; 0 for none.
    pub version: u32,
    /// Fields this program does not know: it must not write the file.
    pub unknown: Vec<String>,
    /// Lines nothing could be made of.
    pub lost: Vec<String>,
    /// Whether entries stood twice, or conflict marks were there, and were mended.
    pub repaired: bool,
    /// Whether the end of the file is missing.
    pub cut: bool,
}

impl Reading {
    /// Whether the file is as this program writes it, or was mended without loss.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty() && !self.cut && self.speech.is_some()
    }

    /// Whether the file is of a newer program.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.version > VERSION || !self.unknown.is_empty()
    }
}

/// What a file of this kind looks like as a whole.
#[derive(Deserialize)]
struct Whole {
    version: u32,
    speech: SpeechRecord,
    #[serde(default)]
    annotations: Vec<Annotation>,
    #[serde(default)]
    deleted: Vec<Tombstone>,
}

impl Sheet {
    /// A sheet without annotations.
    #[must_use]
    pub fn new(speech: SpeechRecord) -> Self {
        Self { speech, entries: Entries::new() }
    }

    /// The annotations there are.
    pub fn annotations(&self) -> impl Iterator<Item = &Annotation> {
        self.entries.values().filter_map(Entry::live)
    }

    /// The file's text.
    ///
    /// # Errors
    /// When RON cannot write a value.
    pub fn to_ron(&self) -> Result<String, ron::Error> {
        let mut live: Vec<&Annotation> = self.annotations().collect();
        live.sort_by_key(|annotation| (annotation.selector.start, annotation.selector.end, annotation.id));
        let mut text = String::with_capacity(256 + live.len() * 400);
        text.push_str("(\nversion: ");
        text.push_str(&VERSION.to_string());
        text.push_str(",\nspeech: ");
        text.push_str(&ron::to_string(&self.speech)?);
        text.push_str(",\nannotations: [\n");
        for annotation in live {
            text.push_str(&ron::to_string(annotation)?);
            text.push_str(",\n");
        }
        text.push_str("],\ndeleted: [\n");
        for entry in self.entries.values() {
            if let Entry::Dead(tombstone) = entry {
                text.push_str(&ron::to_string(tombstone)?);
                text.push_str(",\n");
            }
        }
        text.push_str("],\n)\n");
        Ok(text)
    }

    /// Reads a file's bytes: all that can be, telling what had to be left.
    #[must_use]
    pub fn from_ron(bytes: &[u8]) -> Reading {
        let text = String::from_utf8_lossy(bytes);
        let mut reading = Reading::default();
        if let Ok(whole) = parse::<Whole>(&text, &mut reading.unknown) {
            reading.version = whole.version;
            let mut gathered = Gathered::default();
            whole
                .annotations
                .into_iter()
                .map(Entry::Live)
                .chain(whole.deleted.into_iter().map(Entry::Dead))
                .for_each(|entry| gathered.add(entry));
            reading.repaired = gathered.twice;
            reading.speech = Some(whole.speech);
            reading.entries = gathered.entries;
            return reading;
        }
        reading.unknown.clear();
        by_lines(&text, reading)
    }
}

/// Entries as they are gathered from a file, merged by id.
#[derive(Default)]
struct Gathered {
    entries: Entries,
    twice: bool,
}

impl Gathered {
    fn add(&mut self, entry: Entry) {
        let id = entry.id();
        let there = self.entries.remove(&id);
        self.twice |= there.is_some();
        let merged = match there {
            Some(there) => merge_entry(None, Some(&there), Some(&entry)).unwrap_or(entry),
            None => entry,
        };
        self.entries.insert(id, merged);
    }
}

/// Parses RON, noting the fields that `T` does not have.
pub(super) fn parse<T: DeserializeOwned>(text: &str, unknown: &mut Vec<String>) -> Result<T, ron::Error> {
    let mut deserializer = ron::Deserializer::from_str(text).map_err(|error| error.code)?;
    let mut found = Vec::new();
    let value = serde_ignored::deserialize(&mut deserializer, |path| found.push(path.to_string()))?;
    deserializer.end()?;
    unknown.append(&mut found);
    Ok(value)
}

/// Reads what can be read of a file that does not parse as a whole.
fn by_lines(text: &str, mut reading: Reading) -> Reading {
    let mut gathered = Gathered::default();
    let mut closed = false;
    for line in text.lines() {
        let line = line.trim();
        let item = line.strip_suffix(',').unwrap_or(line);
        closed = line == ")" || (closed && is_mark(line));
        if is_mark(line) || matches!(item, "" | "(" | ")" | "annotations: [" | "deleted: [" | "]") {
            continue;
        }
        if let Some(version) = item.strip_prefix("version:").and_then(|version| version.trim().parse().ok()) {
            reading.version = reading.version.max(version);
        } else if let Some(Ok(record)) = item.strip_prefix("speech:").map(|record| parse::<SpeechRecord>(record, &mut reading.unknown)) {
            reading.speech = Some(match reading.speech.take() {
                Some(there) => there.joined(record),
                None => record,
            });
        } else if let Ok(annotation) = parse::<Annotation>(item, &mut reading.unknown) {
            gathered.add(Entry::Live(annotation));
        } else if let Ok(tombstone) = parse::<Tombstone>(item, &mut reading.unknown) {
            gathered.add(Entry::Dead(tombstone));
        } else {
            reading.lost.push(line.to_owned());
        }
    }
    reading.repaired = true;
    reading.cut = !closed;
    reading.entries = gathered.entries;
    reading
}

/// Whether the line is a mark that git leaves in a conflict, or a comment.
pub(super) fn is_mark(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>", "//"].iter().any(|mark| line.starts_with(mark))
}

impl SpeechRecord {
    /// One record of two that belong to the same file; the same whichever comes first but for
    /// which hash is the present one, which is the one in the second.
    pub(super) fn joined(self, other: Self) -> Self {
        let mut joined = other;
        for hash in self.formerly.into_iter().chain([self.hash]) {
            if hash != joined.hash && !joined.formerly.contains(&hash) {
                joined.formerly.push(hash);
            }
        }
        for path in self.paths.into_iter().rev() {
            if !joined.paths.contains(&path) {
                joined.paths.insert(0, path);
            }
        }
        joined.apart |= self.apart;
        joined
    }
}
