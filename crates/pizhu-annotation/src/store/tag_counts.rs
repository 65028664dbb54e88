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
use std::{cmp::Reverse, collections::HashMap, path::PathBuf};

/// Tags with the number of annotations: most used first, ties in the codebook's order.
pub type TagCounts = Vec<(TagRef, usize)>;

impl Store {
    /// The tag counts of each of `speeches`, in their order, as opening it would give them. A
    /// speech is given by its path and text hash; without the hash it is matched by path alone.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn tag_counts(&self, speeches: &[(PathBuf, Option<SpeechHash>)]) -> Result<Vec<TagCounts>, StoreError> {
        self.recover_once();
        let index = HeaderIndex::new(self.headers()?);
        if index.is_empty() {
            return Ok(vec![TagCounts::new(); speeches.len()]);
        }
        let book = self.codebook()?;
        let known = self.seen();
        let (mut all, mut seen) = (Vec::with_capacity(speeches.len()), Vec::new());
        for (path, hash) in speeches {
            let name = self.location().document_name(path);
            let (files, found) = index.find(SpeechQuery { hash: *hash, name: &name, seen: &known });
            all.push(counts(self.tag_sets(&files, &book)?, &book));
            // A copy that was only listed is known from now on.
            if let (Some(RecordMatch::Text), Some(hash), Some(file)) = (found, *hash, files.into_iter().next()) {
                seen.push((name, hash, file));
            }
        }
        self.note_all_seen(seen.iter().map(|(name, hash, file)| (name.clone(), *hash, file.as_path())));
        Ok(all)
    }

    /// Whether an annotation of the store has this tag.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn uses_tag(&self, tag: TagId) -> Result<bool, StoreError> {
        let book = self.codebook()?;
        for (file, _) in self.headers()? {
            if self.tag_sets(&[file], &book)?.into_iter().any(|(tags, _)| tags.contains(tag)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The tag sets of the annotations in the files of one speech.
    fn tag_sets(&self, files: &[PathBuf], book: &Codebook) -> Result<TagSets, StoreError> {
        if let [path] = files
            && let Some(sets) = tag_scanner::tag_sets(&self.storage.read(path).map_err(StoreError::io(path))?)
        {
            return Ok(sets.into_iter().map(|(tags, count)| (book.current_tags(&tags), count)).collect());
        }
        let speech = self.load_files(files, book)?;
        Ok(speech.annotations().map(|annotation| (annotation.tags.clone(), 1)).collect())
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
        assert_eq!(store().tag_counts(&[(at("甲.txt"), hash(TEXT))]).unwrap(), [TagCounts::new()]);

        let edits = vec![tag(2, &["基层党建", "旧题目"]), tag(9, &["人才工作", "旧题目", "废题目"]), tag(20, &["人才工作", "旧题目"])];
        let ids = store().apply(&document(TEXT), &at("甲.txt"), "甲", edits).unwrap();
        store().apply(&document("丙的讲话，另一篇。"), &at("丙.txt"), "甲", vec![tag(0, &["制度建设"])]).unwrap();
        let [old, gone] = ["旧题目", "废题目"].map(TagId::from_name);
        store().edit_codebook(|book| book.rename(old, "新题目").and_then(|()| book.delete(gone))).unwrap();

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
        let named = |found: Vec<TagCounts>| -> Vec<Vec<(String, usize)>> {
            found.into_iter().map(|counts| counts.into_iter().map(|(tag, count)| (tag.name, count)).collect()).collect()
        };
        let found = named(store().tag_counts(&asked).unwrap());
        assert_eq!(found[..4], [there.clone(), there.clone(), there.clone(), there], "same, by path, moved, edited");
        assert_eq!(found[4..], [counted(&[("制度建设", 1)]), Vec::new()]);

        store().apply(&document(TEXT), &at("甲.txt"), "甲", vec![Edit::Delete { id: ids[0] }]).unwrap();
        assert_eq!(named(store().tag_counts(&asked[..1]).unwrap()), [counted(&[("人才工作", 2), ("新题目", 2)])]);
    }
}
