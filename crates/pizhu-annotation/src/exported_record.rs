//! Records as they are handed on in other files than those of a store.

use super::record::{RecordLine, RecordLineKind, RecordSet};
use serde::{Deserialize, Serialize};

/// A record with its id, author and time, in any notation that serde writes: in JSON
/// `{"attribute": {"id": "…", "modified": "…", "key": "speaker", "value": "张三"}}`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExportedRecord(RecordLine);

impl std::fmt::Debug for ExportedRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (id, entry) = self.0.clone().into_entry();
        f.debug_tuple("ExportedRecord").field(&id).field(&entry).finish()
    }
}

impl PartialEq for ExportedRecord {
    fn eq(&self, other: &Self) -> bool {
        self.0.clone().into_entry() == other.0.clone().into_entry()
    }
}

impl Eq for ExportedRecord {}

impl RecordSet {
    /// The records, by id; of `author` only, if one is given.
    #[must_use]
    pub fn exported(&self, author: Option<&str>) -> Vec<ExportedRecord> {
        let meant = self.records().iter().filter(|(_, entry)| author.is_none_or(|author| entry.author == author));
        meant.map(|(id, entry)| ExportedRecord(RecordLine::new(*id, entry))).collect()
    }

    /// Takes records that another file holds: of two versions of one the later stays. Returns how many
    /// have changed anything here.
    ///
    /// ```
    /// use pizhu_annotation::RecordSet;
    ///
    /// let mut records = RecordSet::default();
    /// records.set_memo("甲", "先看人才部分");
    /// let exported = records.exported(None);
    /// let mut other = RecordSet::default();
    /// assert_eq!((other.bring(exported.clone(), &[]), other.bring(exported, &[])), (1, 0));
    /// assert_eq!(other, records);
    /// ```
    pub fn bring(&mut self, records: Vec<ExportedRecord>, unknown_lines: &[String]) -> usize {
        let mut count = 0;
        for ExportedRecord(line) in records {
            let (id, entry) = line.into_entry();
            let before = self.records().get(&id).cloned();
            self.insert(id, entry);
            count += usize::from(self.records().get(&id) != before.as_ref());
        }
        for line in unknown_lines {
            let is_here = self.unknown_lines().any(|own| own == line);
            let is_one_line = !line.contains(['\n', '\r']);
            count += usize::from(!is_here && is_one_line && self.take_line(line, &mut Vec::new()) == RecordLineKind::Taken);
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AttributeType;
    use crate::record::Record;

    #[test]
    fn records_survive_json_and_ron_and_the_later_version_stays() {
        let mut records = RecordSet::default();
        records.set_memo("甲", "一\n\"二\"");
        records.set_attribute("place", "乙", "如皋");
        records.set_attribute_type("人数", "乙", AttributeType::Number);
        records.add("丙", Record::Done);
        let exported = records.exported(None);
        let json: Vec<ExportedRecord> = serde_json::from_str(&serde_json::to_string(&exported).unwrap()).unwrap();
        let ron: Vec<ExportedRecord> = ron::from_str(&ron::to_string(&exported).unwrap()).unwrap();
        assert_eq!((&json, &ron), (&exported, &exported));
        assert_eq!(records.exported(Some("乙")).len(), 2);
        let mut other = RecordSet::default();
        let unknown = ["glossary(id:\"x\",terms:[\"甲\"])".to_owned(), "x(\n)".to_owned()];
        assert_eq!(other.bring(json, &unknown), 5, "a line with a break is none");
        records.set_attribute("place", "乙", "南通");
        assert_eq!(other.bring(records.exported(None), &unknown), 1);
        assert_eq!(other.bring(exported, &[]), 0, "older");
        assert_eq!(other.attribute("place"), Some("南通"));
    }
}
