//! Records of a speech or of the project beside the annotations: attributes, mended headings, a
//! coder's "done", favourites, memos, baskets. One is one line; a line of a kind that this program
//! does not know is kept as it stands.
//!
//! Merge: by id, the later `modified` wins; a deletion (a tombstone, as for annotations) loses to a
//! later edit; lines of unknown kinds merge as a set.

use super::{
    attribute_type::AttributeType,
    basket::{BasketItem, InlineBasketItem, inline_items},
    merge::{AnnotationEntry, EntryMap, Tombstone, merge_set},
    model::{AnnotationId, later_than, now},
    selector::Selector,
};
use jiff::Timestamp;
use pizhu_text::document::OutlineChange;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The permanent id of a record.
pub type RecordId = AnnotationId;

/// The content of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// A property of the speech: `speaker`, `place`, `date` or one of the user's own.
    Attribute {
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },
    /// The type of an attribute's values, for the whole project.
    AttributeType {
        /// The attribute.
        key: String,
        /// The type.
        values: AttributeType,
    },
    /// A change to the outline that was found.
    OutlineEdit {
        /// The heading, or what should be one.
        at: Selector,
        /// The change.
        change: OutlineChange,
        /// The level that the heading had before, 1 for the topmost.
        level: Option<u16>,
        /// The section that it was, if its heading is taken away: annotations of it stay on this passage.
        stretch: Option<Box<Selector>>,
    },
    /// The author has coded the whole speech.
    Done,
    /// A speech that the author wants at hand.
    Favourite,
    /// A memo of the project.
    Memo {
        /// The text.
        text: String,
    },
    /// A basket of passages.
    Basket {
        /// Its name.
        name: String,
    },
    /// An entry of a basket.
    BasketItem {
        /// The basket's id.
        basket: RecordId,
        /// Its place: entries are in the order of these texts.
        order: String,
        /// The content.
        item: BasketItem,
    },
}

/// A record with what every record has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordEntry {
    /// Time of the last change.
    pub modified: Timestamp,
    /// The author's name.
    pub author: String,
    /// The content.
    pub record: Record,
}

/// The records of a file by id.
pub type RecordMap = BTreeMap<RecordId, RecordEntry>;

/// The records of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordSet {
    records: RecordMap,
    /// Lines of kinds unknown here.
    unknown: BTreeSet<String>,
}

/// A record's line: `attribute(id:"…",modified:"…",author:"…",key:"speaker",value:"…")`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RecordLine {
    Attribute {
        id: RecordId,
        modified: Timestamp,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        author: String,
        key: String,
        value: String,
    },
    AttributeType {
        id: RecordId,
        modified: Timestamp,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        author: String,
        key: String,
        values: AttributeType,
    },
    OutlineEdit {
        id: RecordId,
        modified: Timestamp,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        author: String,
        at: Selector,
        change: OutlineChange,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<u16>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stretch: Option<Box<Selector>>,
    },
    Done {
        id: RecordId,
        modified: Timestamp,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        author: String,
    },
    Favourite {
        id: RecordId,
        modified: Timestamp,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        author: String,
    },
    Memo {
        id: RecordId,
        modified: Timestamp,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        author: String,
        text: String,
    },
    Basket {
        id: RecordId,
        modified: Timestamp,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        author: String,
        name: String,
        /// Entries in the first form of the schema.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        items: Vec<InlineBasketItem>,
    },
    BasketItem {
        id: RecordId,
        modified: Timestamp,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        author: String,
        basket: RecordId,
        order: String,
        item: BasketItem,
    },
}

impl RecordLine {
    pub(crate) fn new(id: RecordId, entry: &RecordEntry) -> Self {
        let RecordEntry { modified, author, record } = entry.clone();
        match record {
            Record::Attribute { key, value } => Self::Attribute { id, modified, author, key, value },
            Record::AttributeType { key, values } => Self::AttributeType { id, modified, author, key, values },
            Record::OutlineEdit { at, change, level, stretch } => Self::OutlineEdit { id, modified, author, at, change, level, stretch },
            Record::Done => Self::Done { id, modified, author },
            Record::Favourite => Self::Favourite { id, modified, author },
            Record::Memo { text } => Self::Memo { id, modified, author, text },
            Record::Basket { name } => Self::Basket { id, modified, author, name, items: Vec::new() },
            Record::BasketItem { basket, order, item } => Self::BasketItem { id, modified, author, basket, order, item },
        }
    }

    pub(crate) fn into_entry(self) -> (RecordId, RecordEntry) {
        let (id, modified, author, record) = match self {
            Self::Attribute { id, modified, author, key, value } => (id, modified, author, Record::Attribute { key, value }),
            Self::AttributeType { id, modified, author, key, values } => (id, modified, author, Record::AttributeType { key, values }),
            Self::OutlineEdit { id, modified, author, at, change, level, stretch } => {
                (id, modified, author, Record::OutlineEdit { at, change, level, stretch })
            }
            Self::Done { id, modified, author } => (id, modified, author, Record::Done),
            Self::Favourite { id, modified, author } => (id, modified, author, Record::Favourite),
            Self::Memo { id, modified, author, text } => (id, modified, author, Record::Memo { text }),
            Self::Basket { id, modified, author, name, .. } => (id, modified, author, Record::Basket { name }),
            Self::BasketItem { id, modified, author, basket, order, item } => {
                (id, modified, author, Record::BasketItem { basket, order, item })
            }
        };
        (id, RecordEntry { modified, author, record })
    }
}

/// The result of reading a line as a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordLineKind {
    /// A record, or a line of an unknown kind.
    Taken,
    /// No record.
    Other,
}

impl RecordSet {
    /// Whether there is none, not even of an unknown kind.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.unknown.is_empty()
    }

    /// The set of these records, without lines of unknown kinds.
    pub(crate) fn from_map(records: RecordMap) -> Self {
        Self { records, unknown: BTreeSet::new() }
    }

    /// The records by id.
    #[must_use]
    pub fn records(&self) -> &RecordMap {
        &self.records
    }

    /// The lines of kinds unknown here.
    pub fn unknown_lines(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// Adds a record by `author`; returns its id.
    pub fn add(&mut self, author: &str, record: Record) -> RecordId {
        let id = RecordId::new();
        self.records.insert(id, RecordEntry { modified: now(), author: author.to_owned(), record });
        id
    }

    /// Sets the content of a record, with a later time than it had. `false` if there is no such
    /// record.
    pub fn set(&mut self, id: RecordId, author: &str, record: Record) -> bool {
        let Some(entry) = self.records.get_mut(&id) else { return false };
        if entry.record != record {
            *entry = RecordEntry { modified: later_than(entry.modified), author: author.to_owned(), record };
        }
        true
    }

    /// Sets the content of the record with this id, or adds it.
    pub(crate) fn put(&mut self, id: RecordId, author: &str, record: Record) {
        if !self.set(id, author, record.clone()) {
            self.records.insert(id, RecordEntry { modified: now(), author: author.to_owned(), record });
        }
    }

    /// Removes a record; `false` if there is no such record.
    pub fn remove(&mut self, id: RecordId) -> bool {
        self.records.remove(&id).is_some()
    }

    /// Leaves tombstones among `entries` of the records that `before` has and this has not.
    pub(crate) fn leave_tombstones(&self, before: &Self, author: &str, entries: &mut EntryMap) {
        for (id, entry) in before.records.iter().filter(|(id, _)| !self.records.contains_key(id)) {
            let deleted = Tombstone { id: *id, deleted_version: entry.modified, deleted: now(), author: author.to_owned() };
            entries.insert(*id, AnnotationEntry::Tombstone(deleted));
        }
    }

    /// The lines of the file, without commas.
    pub(crate) fn lines(&self) -> Result<Vec<String>, ron::Error> {
        let known = self.records.iter().map(|(id, entry)| ron::to_string(&RecordLine::new(*id, entry)));
        known.chain(self.unknown.iter().map(|line| Ok(line.clone()))).collect()
    }

    /// Takes a line of the file, without its comma, if it is a record. Fields unknown here are added to
    /// `unknown_fields`.
    pub(crate) fn take_line(&mut self, line: &str, unknown_fields: &mut Vec<String>) -> RecordLineKind {
        if kind_of(line).is_none() {
            return RecordLineKind::Other;
        }
        let mut found = Vec::new();
        match parse_line(line, &mut found) {
            Ok(record) => {
                unknown_fields.append(&mut found);
                if let RecordLine::Basket { id, modified, author, items, .. } = &record {
                    for (item_id, order, item) in inline_items(*id, items.clone()) {
                        let record = Record::BasketItem { basket: *id, order, item };
                        self.insert(item_id, RecordEntry { modified: *modified, author: author.clone(), record });
                    }
                }
                let (id, entry) = record.into_entry();
                self.insert(id, entry);
                RecordLineKind::Taken
            }
            // Of a newer program, or mistyped; either way it is kept.
            Err(_) if is_balanced(line) => {
                self.unknown.insert(line.to_owned());
                RecordLineKind::Taken
            }
            Err(_) => RecordLineKind::Other,
        }
    }

    /// Adds a version of a record: the later one stays.
    pub(super) fn insert(&mut self, id: RecordId, entry: RecordEntry) {
        let is_later = |existing: &RecordEntry| (&entry.modified, &entry) > (&existing.modified, existing);
        if self.records.get(&id).is_none_or(is_later) {
            self.records.insert(id, entry);
        }
    }

    /// Makes records that were just set later than the tombstones of their ids, whatever the clock says.
    pub(crate) fn outlive(&mut self, entries: &EntryMap) {
        for (id, entry) in &mut self.records {
            if let Some(AnnotationEntry::Tombstone(tombstone)) = entries.get(id)
                && tombstone.deleted_version >= entry.modified
            {
                entry.modified = later_than(tombstone.deleted_version);
            }
        }
    }

    /// Settles records against tombstones of their ids: a later edit is alive.
    pub(crate) fn settle(&mut self, entries: &mut EntryMap) {
        self.records.retain(|id, entry| match entries.get(id) {
            Some(AnnotationEntry::Tombstone(tombstone)) if tombstone.deleted_version >= entry.modified => false,
            Some(AnnotationEntry::Tombstone(_)) => {
                entries.remove(id);
                true
            }
            _ => true,
        });
    }

    /// Merges two sides against their base; symmetric. What was removed by hand on one side, and not
    /// changed on the other, is gone.
    pub(crate) fn merge(base: &Self, ours: &Self, theirs: &Self) -> Self {
        let mut merged = Self { records: RecordMap::new(), unknown: merge_set(&base.unknown, &ours.unknown, &theirs.unknown) };
        for (id, entry) in ours.records.iter().chain(&theirs.records) {
            let sides = [ours.records.get(id), theirs.records.get(id)];
            let was_removed = sides.contains(&None) && base.records.get(id) == Some(entry);
            if !was_removed {
                merged.insert(*id, entry.clone());
            }
        }
        merged
    }
}

fn parse_line(line: &str, unknown_fields: &mut Vec<String>) -> Result<RecordLine, ron::Error> {
    let mut deserializer = ron::Deserializer::from_str(line).map_err(|error| error.code)?;
    let value = serde_ignored::deserialize(&mut deserializer, |path| unknown_fields.push(path.to_string()))?;
    deserializer.end()?;
    Ok(value)
}

/// The name before the bracket of `kind(…)`; `None` if the line has another form.
fn kind_of(line: &str) -> Option<&str> {
    let (kind, _) = line.split_once('(')?;
    let is_name = kind.starts_with(|c: char| c.is_ascii_lowercase()) && kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (is_name && line.ends_with(')')).then_some(kind)
}

/// Whether brackets outside strings match, the last closing the first.
fn is_balanced(line: &str) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    let last = line.len().saturating_sub(1);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'(' | b'[' | b'{' if !in_string => depth += 1,
            b')' | b']' | b'}' if !in_string => {
                let Some(less) = depth.checked_sub(1) else { return false };
                depth = less;
                if depth == 0 && at != last {
                    return false;
                }
            }
            _ => {}
        }
    }
    depth == 0 && !in_string
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basket::{BasketList, BasketPassage};
    use crate::identity::SpeechHash;
    use crate::model::Scope;

    /// The kinds, as the lines name them: they are in everybody's stores.
    const KINDS: [&str; 7] = ["attribute", "outline_edit", "done", "favourite", "memo", "basket", "basket_item"];

    fn set(lines: &[&str]) -> RecordSet {
        let mut set = RecordSet::default();
        for line in lines {
            assert_eq!(set.take_line(line, &mut Vec::new()), RecordLineKind::Taken, "{line}");
        }
        set
    }

    #[test]
    fn every_kind_survives_its_line() {
        let passage = BasketPassage {
            speech: SpeechHash::from_text(&pizhu_text::text::SourceText::from("讲话")),
            path: "讲话.txt".into(),
            title: "在会上的讲话".into(),
            date: "2024-02-01".into(),
            scope: Scope::Section,
            at: Selector { quote: "抓好(落实)\n".into(), end: 4, ..Selector::default() },
            text: "抓好\n落实".into(),
            annotation: Some(AnnotationId::new()),
        };
        let entry = |item| Record::BasketItem { basket: AnnotationId::new(), order: "i".into(), item };
        let records = [
            Record::Attribute { key: "speaker".into(), value: "王\"某\"".into() },
            Record::OutlineEdit { at: Selector::default(), change: OutlineChange::Heading(2), level: None, stretch: None },
            Record::OutlineEdit {
                at: Selector::default(),
                change: OutlineChange::NoHeading,
                level: Some(3),
                stretch: Some(Box::new(Selector { quote: "一、\n(完)".into(), ..Selector::default() })),
            },
            Record::Done,
            Record::Favourite,
            Record::Memo { text: "一\n二".into() },
            Record::Basket { name: "开头".into() },
            entry(BasketItem::Passage(Box::new(passage))),
            entry(BasketItem::heading(2, "一、人才")),
            entry(BasketItem::words("先说\n再说")),
        ];
        let mut made = RecordSet::default();
        for record in records {
            made.add("甲", record);
        }
        let lines = made.lines().unwrap();
        assert!(lines.iter().all(|line| !line.contains('\n') && kind_of(line).is_some_and(|kind| KINDS.contains(&kind))), "{lines:?}");
        let mut read = RecordSet::default();
        let mut unknown = Vec::new();
        for line in &lines {
            assert_eq!(read.take_line(line, &mut unknown), RecordLineKind::Taken);
        }
        assert_eq!((read, unknown), (made, Vec::<String>::new()));
    }

    #[test]
    fn entries_inside_a_baskets_record_become_records() {
        let hash = SpeechHash::from_text(&pizhu_text::text::SourceText::from("讲话"));
        let id = AnnotationId::new();
        let line = format!(
            r#"basket(id:"{id}",modified:"2026-01-02T03:04:05Z",name:"素材",items:[(speech:"{hash}",path:"讲话.txt",at:(quote:"抓好",start:3,end:5),text:"又"),(speech:"{hash}",at:(quote:"落实",start:5,end:7))])"#
        );
        let read = set(&[&line]);
        let baskets = BasketList::new(read.records());
        let texts: Vec<&str> = baskets.all()[0].entries.iter().map(|entry| entry.item.text()).collect();
        assert_eq!((texts, baskets.all()[0].name.as_str()), (vec!["抓好", "又", "落实"], "素材"));
        let lines = read.lines().unwrap();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(set(&lines), read);
        assert_eq!(set(&[&line]), read, "the same ids on every machine");
    }

    #[test]
    fn unknown_kinds_are_kept_as_they_stand_and_damage_is_not() {
        let strange = r#"glossary(id:"01",terms:{"甲":[1,(2)]},text:"a)\"(b")"#;
        let read = set(&[strange]);
        assert_eq!(read.lines().unwrap(), [strange]);
        let mut read = RecordSet::default();
        for other in ["glossary(id:\"01\"", "(id:\"01\")", "]", "", "memo(id:\"01\",text:\"x)", "a) b(", "Memo(x)"] {
            assert_eq!(read.take_line(other, &mut Vec::new()), RecordLineKind::Other, "{other}");
        }
        assert!(read.is_empty());
        // A known kind with a field that is not known here is told.
        let mut made = RecordSet::default();
        made.add("甲", Record::Done);
        let line = made.lines().unwrap().remove(0).replace("done(", "done(of:\"甲\",");
        let mut unknown = Vec::new();
        read.take_line(&line, &mut unknown);
        assert_eq!((read.records().len(), unknown.len()), (1, 1));
    }

    #[test]
    fn later_edits_win_over_earlier_ones_and_over_deletions() {
        let mut base = RecordSet::default();
        let id = base.add("甲", Record::Memo { text: "一".into() });
        let (mut ours, mut theirs) = (base.clone(), base.clone());
        ours.set(id, "甲", Record::Memo { text: "二".into() });
        // Twice, so that it is later even if both are made in the same microsecond.
        theirs.set(id, "乙", Record::Memo { text: "又".into() });
        theirs.set(id, "乙", Record::Memo { text: "三".into() });
        let other = theirs.add("乙", Record::Favourite);
        let merged = RecordSet::merge(&base, &ours, &theirs);
        assert_eq!(merged, RecordSet::merge(&base, &theirs, &ours));
        assert_eq!(merged.records()[&id], theirs.records()[&id], "made later");
        assert!(merged.records().contains_key(&other));

        let mut entries = EntryMap::new();
        let mut gone = base.clone();
        assert!(gone.remove(id));
        gone.leave_tombstones(&base, "甲", &mut entries);
        // Without a base, as after a merge of lines.
        let mut alive = RecordSet::merge(&RecordSet::default(), &gone, &ours);
        let mut settled = entries.clone();
        alive.settle(&mut settled);
        assert!(alive.records().contains_key(&id) && settled.is_empty(), "edited later");
        let mut dead = RecordSet::merge(&RecordSet::default(), &gone, &base);
        dead.settle(&mut entries);
        assert!(dead.records().is_empty() && entries.len() == 1);
        assert!(RecordSet::merge(&base, &RecordSet::default(), &base).records().is_empty(), "removed by hand");
    }
}
