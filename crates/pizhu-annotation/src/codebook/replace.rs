//! Replacing a codebook by another one, for example by the team's new version of it.

use super::{
    book::{Codebook, MAX_TAG_LEVELS, TagLookup},
    error::CodebookError,
    starter,
    tag::{Tag, TagTombstone},
    tag_id::TagId,
    tag_ref::TagRef,
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What happened to the tags when a codebook was replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodebookReplacement {
    /// Paths of the new tags.
    pub created: Vec<String>,
    /// Paths of the tags that were there and have changed.
    pub changed: Vec<String>,
    /// Number of the tags that are as they were.
    pub left: usize,
    /// Names of the deleted tags.
    pub deleted: Vec<String>,
    /// Names of the tags that were merged into another.
    pub merged: Vec<String>,
}

impl Codebook {
    /// Replaces the tags by `imported` ones, in their order and hierarchy. A tag is known by its id, else
    /// by its path, else by its name if only one has it; it keeps its id, and what the imported one leaves
    /// empty. Tags that are not imported are deleted; of those, the ones in `used` are merged into the
    /// tag that `into` names afterwards.
    ///
    /// ```
    /// use pizhu_annotation::{Codebook, Tag};
    /// use std::collections::BTreeSet;
    ///
    /// let mut book = Codebook::default();
    /// let id = book.add(Tag::new("干部"))?;
    /// book.add(Tag::new("其他"))?;
    /// let imported = [Tag { definition: "干部队伍".to_owned(), ..Tag::new("干部") }];
    /// let report = book.replace(&imported, &BTreeSet::new(), None)?;
    /// assert_eq!((report.changed.as_slice(), report.deleted.as_slice()), (&["干部".to_owned()][..], &["其他".to_owned()][..]));
    /// assert_eq!(book.find("干部")?.id, id);
    /// # Ok::<(), pizhu_annotation::CodebookError>(())
    /// ```
    ///
    /// # Errors
    /// Fails if a tag in `used` would be deleted, `into` is none of the imported tags, or the hierarchy is
    /// deeper than [`MAX_TAG_LEVELS`]; then nothing has changed.
    pub fn replace(&mut self, imported: &[Tag], used: &BTreeSet<TagId>, into: Option<&str>) -> Result<CodebookReplacement, CodebookError> {
        let matched = self.match_tags(imported);
        let mut ids: HashMap<TagId, TagId> = HashMap::new();
        let mut new = Self { gone: self.gone.clone(), ..Self::default() };
        for tag in imported {
            let existing = matched.get(&tag.id).and_then(|id| self.get(*id));
            let made = if let Some(there) = existing {
                there.overlaid(tag)
            } else {
                let is_free = self.get(tag.id).is_none() && !self.gone.contains_key(&tag.id);
                Tag { id: if is_free { tag.id } else { TagId::new() }, apart: BTreeSet::new(), restored: 0, ..tag.clone() }
            };
            ids.insert(tag.id, made.id);
            // A file may have a tag twice.
            match new.tags.iter_mut().find(|other| other.id == made.id) {
                Some(twice) => twice.take_details(&made),
                None => new.tags.push(made),
            }
        }
        let names: HashMap<TagId, String> = new.tags.iter().map(|tag| (tag.id, tag.name.clone())).collect();
        let mut placed: HashSet<TagId> = HashSet::new();
        for tag in imported {
            let id = ids[&tag.id];
            let parent = tag.parent_id().and_then(|parent| ids.get(&parent)).filter(|parent| **parent != id);
            if placed.insert(id)
                && let Some(tag) = new.tags.iter_mut().find(|other| other.id == id)
            {
                tag.parent = parent.map(|parent| TagRef { id: *parent, name: names[parent].clone() });
            }
        }
        new.repair_parents();
        if let Some(deep) = new.tags.iter().find(|tag| new.ancestors(tag.id).take(MAX_TAG_LEVELS).count() >= MAX_TAG_LEVELS) {
            return Err(CodebookError::TooDeep(deep.name.clone()));
        }
        let target = into.map(|words| new.find(words).map(TagRef::from)).transpose()?;
        let vanished: Vec<&Tag> = self.tags.iter().filter(|tag| new.get(tag.id).is_none()).collect();
        let in_use: Vec<&Tag> = vanished.iter().filter(|tag| used.contains(&tag.id)).copied().collect();
        if target.is_none() && !in_use.is_empty() {
            return Err(CodebookError::InUse(in_use.iter().map(|tag| self.path(tag.id).unwrap_or_default()).collect()));
        }
        let mut report = CodebookReplacement::default();
        for tag in vanished {
            let into = target.clone().filter(|_| used.contains(&tag.id));
            let list = if into.is_some() { &mut report.merged } else { &mut report.deleted };
            list.push(self.path(tag.id).unwrap_or_default());
            new.gone.insert(tag.id, TagTombstone { tag: tag.clone(), into });
        }
        new.unite_twins();
        for tag in &new.tags {
            let path = new.path(tag.id).unwrap_or_default();
            match self.get(tag.id) {
                None => report.created.push(path),
                Some(before) if before != tag => report.changed.push(path),
                Some(_) => report.left += 1,
            }
        }
        *self = new;
        Ok(report)
    }

    /// The tag of the codebook that each of some imported tags is.
    fn match_tags(&self, imported: &[Tag]) -> HashMap<TagId, TagId> {
        let mut matched: HashMap<TagId, TagId> = HashMap::new();
        let mut taken: HashSet<TagId> = HashSet::new();
        for tag in imported {
            if let TagLookup::Found(there) = self.resolve(tag.id) {
                matched.insert(tag.id, there.id);
                taken.insert(there.id);
            }
        }
        // By the path from the top; a parent may come after its child.
        let by_id: HashMap<TagId, &Tag> = imported.iter().map(|tag| (tag.id, tag)).collect();
        for tag in imported {
            if matched.contains_key(&tag.id) {
                continue;
            }
            let above = std::iter::successors(Some(tag), |tag| by_id.get(&tag.parent_id()?).copied());
            let mut names: Vec<&str> = above.take(MAX_TAG_LEVELS).map(|tag| tag.name.as_str()).collect();
            names.reverse();
            let mut at: Option<&Tag> = None;
            let is_there = names.iter().all(|name| {
                at = self.child_named(at.map(|tag| tag.id), name);
                at.is_some()
            });
            if let Some(there) = at.filter(|_| is_there)
                && taken.insert(there.id)
            {
                matched.insert(tag.id, there.id);
            }
        }
        for tag in imported {
            let mut named = self.named(&tag.name);
            if let (false, Some(only), None) = (matched.contains_key(&tag.id), named.next(), named.next())
                && taken.insert(only.id)
            {
                matched.insert(tag.id, only.id);
            }
        }
        matched
    }
}

impl Tag {
    /// This tag with what an imported one says of it: all that is not empty there.
    fn overlaid(&self, imported: &Self) -> Self {
        let mut tag = self.clone();
        if tag.name != imported.name {
            tag.former_names.insert(std::mem::replace(&mut tag.name, imported.name.clone()));
            tag.former_names.remove(&tag.name);
        }
        for (there, new) in tag.texts_beside(imported) {
            if !new.is_empty() {
                there.clone_from(new);
            }
        }
        if !imported.keywords.is_empty() {
            tag.keywords.clone_from(&imported.keywords);
        }
        tag
    }

    /// Fills in what the tag lacks with what an imported one says of it. What the starter codebook says
    /// of a tag counts as lacking: nobody has chosen it.
    pub fn fill_in(&mut self, imported: &Self) {
        let starter = starter::tags().into_iter().find(|tag| tag.id == self.id).unwrap_or_else(|| Self::with_id(self.id, ""));
        for ((there, new), (_, unchosen)) in self.texts_beside(imported).into_iter().zip(starter.clone().texts_beside(&starter)) {
            if !new.is_empty() && (there.is_empty() || there == unchosen) {
                there.clone_from(new);
            }
        }
        if self.keywords == starter.keywords && !imported.keywords.is_empty() {
            self.keywords.clear();
        }
        let missing: Vec<String> = imported.keywords.iter().filter(|word| !self.keywords.contains(word)).cloned().collect();
        self.keywords.extend(missing);
    }

    /// The texts that describe the tag, each with that of another.
    fn texts_beside<'a>(&'a mut self, other: &'a Self) -> [(&'a mut String, &'a String); 5] {
        [
            (&mut self.definition, &other.definition),
            (&mut self.colour, &other.colour),
            (&mut self.sign, &other.sign),
            (&mut self.english, &other.english),
            (&mut self.memo, &other.memo),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(name: &str, parent: Option<&Tag>, definition: &str) -> Tag {
        Tag { parent: parent.map(TagRef::from), definition: definition.to_owned(), ..Tag::new(name) }
    }

    fn paths(book: &Codebook) -> Vec<String> {
        book.tags().iter().map(|tag| book.path(tag.id).unwrap()).collect()
    }

    #[test]
    fn tags_keep_their_ids_by_id_path_and_name() {
        let mut book = Codebook::default();
        let cadres = book.add(tag("干部", None, "旧")).unwrap();
        let young = book.add_below(Some(cadres), Tag::new("年轻")).unwrap();
        let conduct = book.add(Tag { colour: "tag3".into(), ..Tag::new("作风") }).unwrap();
        let lost = book.add(Tag::new("杂项")).unwrap();
        let (renamed, top) = (Tag { id: conduct, ..Tag::new("作风建设") }, tag("干部", None, "新"));
        let (below, fresh) = (tag("年轻", Some(&top), ""), tag("人才", None, ""));
        // The child comes first.
        let imported = [below, renamed, top, fresh];
        let before = book.clone();
        let refused = book.replace(&imported, &[lost, young].into(), None);
        assert_eq!(refused, Err(CodebookError::InUse(vec!["杂项".to_owned()])));
        assert!(book.replace(&imported, &[lost].into(), Some("没有")).is_err());
        assert_eq!(book, before, "nothing has changed");
        let report = book.replace(&imported, &[lost].into(), Some("人才")).unwrap();
        assert_eq!(paths(&book), ["干部/年轻", "作风建设", "干部", "人才"], "in the order of the file");
        assert_eq!((book.find("年轻").unwrap().id, book.find("干部").unwrap().id), (young, cadres));
        assert_eq!((book.get(cadres).unwrap().definition.as_str(), book.get(conduct).unwrap().colour.as_str()), ("新", "tag3"));
        assert!(matches!(book.resolve(lost), TagLookup::Found(tag) if tag.name == "人才"));
        assert_eq!(report.created, ["人才"]);
        assert_eq!(report.changed, ["作风建设", "干部"]);
        assert_eq!((report.left, report.merged, report.deleted), (1, vec!["杂项".to_owned()], Vec::new()));
        // Again nothing changes; names may be exchanged.
        let again = book.replace(&imported, &BTreeSet::new(), None).unwrap();
        assert_eq!(again, CodebookReplacement { left: 4, ..CodebookReplacement::default() });
        let swapped = [Tag { id: conduct, ..Tag::new("干部") }, Tag { id: cadres, ..Tag::new("作风建设") }];
        book.replace(&swapped, &BTreeSet::new(), None).unwrap();
        assert_eq!((book.find("干部").unwrap().id, book.find("作风建设").unwrap().id), (conduct, cadres));
        assert!(book.restore("年轻").is_ok(), "a deleted tag is brought back as ever");
    }

    /// The definitions and colours of the starter codebook stood against those of an imported one.
    #[test]
    fn an_imported_tag_wins_over_an_untouched_one_of_the_starter_codebook() {
        let mut book = Codebook::starter();
        let id = book.find("人才工作").unwrap().id;
        book.edit_details(id, |tag| tag.colour = "#123456".to_owned()).unwrap();
        let imported = Tag {
            definition: "我们的定义".into(),
            colour: "tag9".into(),
            keywords: vec!["引才".into(), "英才".into()],
            ..Tag::with_id(id, "人才工作")
        };
        book.edit_details(id, |tag| tag.fill_in(&imported)).unwrap();
        let tag = book.get(id).unwrap();
        assert_eq!((tag.definition.as_str(), tag.colour.as_str()), ("我们的定义", "#123456"), "what the user chose stays");
        assert_eq!((tag.keywords.as_slice(), tag.english.as_str()), (&["引才".to_owned(), "英才".to_owned()][..], "talent"));
        let later = Tag { definition: "另一定义".into(), keywords: vec!["专家".into()], ..imported };
        book.edit_details(id, |tag| tag.fill_in(&later)).unwrap();
        assert_eq!(book.get(id).unwrap().definition, "我们的定义");
        assert_eq!(book.get(id).unwrap().keywords.len(), 3, "keywords are united");
    }
}
