//! A tag of the codebook as a record of JSON and RON.

use super::collection::Collection;
use pizhu_annotation::{Tag, TagId, TagRef};
use serde::{Deserialize, Serialize};

/// A tag with all there is of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TagRecord {
    id: TagId,
    name: String,
    /// Its name with those above it, joined by `/`.
    #[serde(default)]
    path: String,
    /// The id of the tag above it.
    #[serde(default)]
    parent: Option<TagId>,
    #[serde(default)]
    parent_name: Option<String>,
    #[serde(default)]
    color: String,
    #[serde(default)]
    sign: String,
    #[serde(default)]
    definition: String,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    english: String,
    #[serde(default)]
    memo: String,
    /// The key that chooses it in the list of tags; empty for none.
    #[serde(default)]
    key: String,
    #[serde(default)]
    formerly: Vec<String>,
}

/// The tags of a collection's codebook, parents first.
pub(super) fn codebook_records(collection: &Collection) -> Vec<TagRecord> {
    let book = collection.codebook();
    let record = |tag: &Tag| TagRecord {
        id: tag.id,
        name: tag.name.clone(),
        path: book.path(tag.id).unwrap_or_default(),
        parent: tag.parent.as_ref().map(|parent| parent.id),
        parent_name: tag.parent.as_ref().map(|parent| parent.name.clone()),
        color: tag.colour.clone(),
        sign: tag.sign.clone(),
        definition: tag.definition.clone(),
        keywords: tag.keywords.clone(),
        english: tag.english.clone(),
        memo: tag.memo.clone(),
        key: tag.key.clone(),
        formerly: tag.former_names.iter().cloned().collect(),
    };
    book.tree().into_iter().map(|(_, tag)| record(tag)).collect()
}

impl From<TagRecord> for Tag {
    fn from(record: TagRecord) -> Self {
        let parent = record.parent.map(|id| TagRef { id, name: record.parent_name.unwrap_or_default() });
        Self {
            parent,
            colour: record.color,
            sign: record.sign,
            definition: record.definition,
            keywords: record.keywords,
            english: record.english,
            memo: record.memo,
            key: record.key,
            former_names: record.formerly.into_iter().collect(),
            ..Self::with_id(record.id, &record.name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{ExportFilter, ExportOrder, Format, fixture};
    use pizhu_annotation::Codebook;

    #[test]
    fn the_codebook_comes_back_from_json_and_ron() {
        let collection = fixture::collection(ExportOrder::Position);
        for name in ["json", "ron"] {
            let format = Format::find(name).unwrap();
            let read = format.read.unwrap()(fixture::export_text(*format, ExportOrder::Position).as_bytes()).unwrap();
            let wanted: Vec<Tag> = collection.codebook().tree().into_iter().map(|(_, tag)| tag.clone()).collect();
            assert_eq!(read.tags, wanted, "{name}");
            assert_eq!(read.entries.len(), 4);
        }
    }

    #[test]
    fn tag_record_round_trips_with_every_field() {
        let tag = Tag {
            colour: "tag3".into(),
            sign: "人".into(),
            definition: "定义".into(),
            keywords: vec!["英才".into()],
            english: "talent".into(),
            memo: "备忘".into(),
            key: "2".into(),
            ..Tag::new("人才工作")
        };
        let book = Codebook::from_parts(vec![tag.clone()], Vec::new());
        let records = codebook_records(&Collection::new(book, ExportFilter::default(), ExportOrder::default()));
        let read: Vec<TagRecord> = serde_json::from_str(&serde_json::to_string(&records).unwrap()).unwrap();
        assert_eq!(read.into_iter().map(Tag::from).collect::<Vec<_>>(), [tag]);
    }
}
