//! Counts the tags of speeches without opening the speeches.

use super::{
    error::StoreError,
    handle::Store,
    header_cache::HeaderIndex,
    record_match::{RecordMatch, SpeechQuery},
    tag_scanner::{self, TagSets},
};
use crate::codebook::{Codebook, TagId, TagRef};
use crate::identity::SpeechHash;
use crate::record::Record;
use pizhu_text::document::OutlineChange;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
};

/// Tags with the number of annotations: most used first, ties in the codebook's order.
pub type TagCounts = Vec<(TagRef, usize)>;

/// What a list of speeches shows of one from the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpeechSummary {
    /// Its tags.
    pub tags: TagCounts,
    /// The title that the user gave it.
    pub title: Option<String>,
    /// The attributes that users have set, by key; an empty value says that there is none.
    pub attributes: BTreeMap<String, String>,
    /// The authors who want it at hand, sorted.
    pub favourite_of: Vec<String>,
}

/// What is read of the files of one speech.
#[derive(Default)]
struct ReadSummary {
    sets: TagSets,
    title: Option<String>,
    attributes: BTreeMap<String, String>,
    favourite_of: Vec<String>,
}

impl SpeechSummary {
    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty() && self.title.is_none() && self.attributes.is_empty() && self.favourite_of.is_empty()
    }
}

impl Store {
    /// The tag counts, titles and attributes of each of `speeches`, in their order, as opening it would give them. A
    /// speech is given by its path and text hash; without the hash it is matched by path alone.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn summaries(&self, speeches: &[(PathBuf, Option<SpeechHash>)]) -> Result<Vec<SpeechSummary>, StoreError> {
        self.recover_once();
        let index = HeaderIndex::new(self.headers()?);
        if index.is_empty() {
            return Ok(vec![SpeechSummary::default(); speeches.len()]);
        }
        let book = self.codebook()?;
        let known = self.seen();
        let (mut all, mut seen) = (Vec::with_capacity(speeches.len()), Vec::new());
        for (path, hash) in speeches {
            let name = self.location().document_name(path);
            let (files, found) = index.find(SpeechQuery { hash: *hash, name: &name, seen: &known });
            let ReadSummary { sets, title, attributes, favourite_of } = self.read_summary(&files, &book)?;
            all.push(SpeechSummary { tags: counts(sets, &book), title, attributes, favourite_of });
            // A copy that was only listed is known from now on.
            if let (Some(RecordMatch::Text), Some(hash), Some(file)) = (found, *hash, files.into_iter().next()) {
                seen.push((name, hash, file));
            }
        }
        self.note_all_seen(seen.iter().map(|(name, hash, file)| (name.clone(), *hash, file.as_path())));
        Ok(all)
    }

    /// The values that users have set, by attribute, with the number of files that have each. Nothing is
    /// recovered or written: what only journals hold is missing.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn set_attribute_values(&self) -> Result<BTreeMap<String, BTreeMap<String, usize>>, StoreError> {
        let (mut values, book) = (BTreeMap::<String, BTreeMap<String, usize>>::new(), Codebook::default());
        for (path, record) in self.headers()? {
            if record.is_none() {
                continue;
            }
            for (key, value) in self.read_summary(&[path], &book)?.attributes {
                let known = values.entry(key).or_default();
                if !value.is_empty() {
                    *known.entry(value).or_default() += 1;
                }
            }
        }
        Ok(values)
    }

    /// The ids of the tags that annotations of the store have, whatever became of their speeches.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn used_tags(&self) -> Result<BTreeSet<TagId>, StoreError> {
        let (mut used, book) = (BTreeSet::new(), self.codebook()?);
        for (file, _) in self.speeches()? {
            for (tags, _) in self.tag_sets(&[file], &book)? {
                used.extend(tags.iter().map(|tag| tag.id));
            }
        }
        Ok(used)
    }

    /// The tag sets of the annotations in the files of one speech.
    pub(super) fn tag_sets(&self, files: &[PathBuf], book: &Codebook) -> Result<TagSets, StoreError> {
        Ok(self.read_summary(files, book)?.sets)
    }

    /// The tag sets of the annotations in the files of one speech, the title by hand and the attributes.
    fn read_summary(&self, files: &[PathBuf], book: &Codebook) -> Result<ReadSummary, StoreError> {
        // Whose annotations count is only known of a file that is read whole.
        if let ([path], None) = (files, &self.blind) {
            let bytes = self.storage.read(path).map_err(StoreError::io(path))?;
            // Only if there is a title or an attribute by hand, or a favourite, is the file parsed whole.
            let has = |words: &[u8]| memchr::memmem::find(&bytes, words).is_some();
            if !has(b"change:title")
                && !has(b"attribute(")
                && !has(b"\nfavourite(")
                && let Some(sets) = tag_scanner::tag_sets(&bytes)
            {
                let sets = sets.into_iter().map(|(tags, count)| (book.current_tags(&tags), count)).collect();
                return Ok(ReadSummary { sets, ..ReadSummary::default() });
            }
        }
        let speech = self.load_files(files, book)?;
        let mut titles = speech.records().records().values().filter_map(|entry| match &entry.record {
            Record::OutlineEdit { at, change: OutlineChange::Title, .. } if !at.orphaned => Some(at.cleaned_quote()),
            _ => None,
        });
        let title = titles.next_back().map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
        let annotations = speech.visible_annotations(self.blind.as_deref());
        let sets = annotations.map(|annotation| (annotation.tags.clone(), 1)).collect();
        let attributes = speech.records().attributes().map(|(key, value, _)| (key.to_owned(), value.to_owned())).collect();
        let favourite_of = speech.records().favourite_of().map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect();
        Ok(ReadSummary { sets, title, attributes, favourite_of })
    }
}

fn counts(sets: TagSets, book: &Codebook) -> TagCounts {
    let mut counts: HashMap<TagRef, usize> = HashMap::new();
    for (tags, count) in sets {
        for tag in &tags {
            *counts.entry(tag.clone()).or_default() += count;
        }
    }
    let mut counts: TagCounts = counts.into_iter().collect();
    counts.sort_by_cached_key(|(tag, count)| (Reverse(*count), book.position(tag.id).unwrap_or(usize::MAX), tag.name.clone()));
    counts
}

#[cfg(test)]
mod tests {
    use super::super::speech_key::SpeechKey;
    use super::*;
    use crate::Edit;
    use crate::StoreLocation;
    use crate::Target;
    use pizhu_text::document::Document;
    use pizhu_text::text::SourceText;
    use pizhu_text::text::Span;

    const TEXT: &str = "一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n";

    fn document(text: &str) -> Document {
        Document::from(SourceText::from(text))
    }

    fn tag(start: usize, tags: &[&str]) -> Edit {
        Edit::Tag { target: Target::Passage(Span::new(start, start + 4)), tags: tags.iter().map(|tag| TagRef::derived(tag)).collect() }
    }

    #[test]
    fn tags_are_counted_by_text_or_path_under_their_present_names() {
        let dir = tempfile::tempdir().unwrap();
        let store = || Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
        let at = |name: &str| dir.path().join(name);
        let hash = |text: &str| Some(SpeechHash::from_text(&SourceText::from(text)));
        assert_eq!(store().summaries(&[(at("甲.txt"), hash(TEXT))]).unwrap(), [SpeechSummary::default()]);

        let edits = vec![tag(2, &["基层党建", "旧题目"]), tag(9, &["人才工作", "旧题目", "废题目"]), tag(20, &["人才工作", "旧题目"])];
        let ids = store().apply(&document(TEXT), &at("甲.txt"), "甲", edits).unwrap();
        store().apply(&document("丙的讲话，另一篇。"), &at("丙.txt"), "甲", vec![tag(0, &["制度建设"])]).unwrap();
        let [old, gone] = ["旧题目", "废题目"].map(TagId::from_name);
        store().edit_codebook(|book| book.rename(old, "新题目").and_then(|()| book.delete(gone))).unwrap();

        let with_place = SpeechKey::from_document(store().location(), &document("丙的讲话，另一篇。"), &at("丙.txt"));
        store().edit_records(&with_place, "甲", |records| records.set_attribute("place", "甲", "如皋")).unwrap();
        let of_place = store().summaries(&[(at("丙.txt"), None)]).unwrap();
        assert_eq!((of_place[0].attributes.get("place").map(String::as_str), of_place[0].tags.len()), (Some("如皋"), 1));
        let counted = |list: &[(&str, usize)]| list.iter().map(|(tag, count)| ((*tag).to_owned(), *count)).collect::<Vec<_>>();
        let there = counted(&[("新题目", 3), ("人才工作", 2), ("基层党建", 1)]);
        let asked = [
            (at("甲.txt"), hash(TEXT)),
            (at("甲.txt"), None),
            (at("搬走了.txt"), hash(TEXT)),
            (at("甲.txt"), hash("改过的文字")),
            (at("丙.txt"), None),
            (at("没有.txt"), hash("没有批注")),
        ];
        let named = |found: Vec<SpeechSummary>| -> Vec<Vec<(String, usize)>> {
            found.into_iter().map(|summary| summary.tags.into_iter().map(|(tag, count)| (tag.name, count)).collect()).collect()
        };
        let found = named(store().summaries(&asked).unwrap());
        assert_eq!(found[..4], [there.clone(), there.clone(), there.clone(), there], "same, by path, moved, edited");
        assert_eq!(found[4..], [counted(&[("制度建设", 1)]), Vec::new()]);

        store().apply(&document(TEXT), &at("甲.txt"), "甲", vec![Edit::Delete { id: ids[0] }]).unwrap();
        assert_eq!(named(store().summaries(&asked[..1]).unwrap()), [counted(&[("人才工作", 2), ("新题目", 2)])]);
    }

    #[test]
    fn favourites_are_listed_by_author() {
        let dir = tempfile::tempdir().unwrap();
        let store = || Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
        let path = dir.path().join("甲.txt");
        store().apply(&document(TEXT), &path, "甲", vec![tag(2, &["人才工作"])]).unwrap();
        let key = crate::store::SpeechKey::from_document(store().location(), &document(TEXT), &path);
        let favourites = || store().summaries(&[(path.clone(), None)]).unwrap().remove(0);
        for author in ["乙", "甲", "乙"] {
            store().edit_records(&key, author, |records| records.set_favourite(author, true)).unwrap();
        }
        let summary = favourites();
        assert_eq!((summary.favourite_of, summary.tags.len()), (vec!["乙".to_owned(), "甲".to_owned()], 1));
        store().edit_records(&key, "乙", |records| records.set_favourite("乙", false)).unwrap();
        assert_eq!(favourites().favourite_of, ["甲"]);
        store().edit_records(&key, "乙", |records| records.set_favourite("乙", true)).unwrap();
        assert_eq!(favourites().favourite_of, ["乙", "甲"], "again, after its tombstone");
    }
}
