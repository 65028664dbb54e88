//! Two-way and three-way merge of codebooks.

use super::{
    book::{Codebook, TagLookup},
    tag::Tag,
};
use crate::merge::merge_note;
use crate::merge::merge_set;
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl Codebook {
    /// Merges two codebooks without a known base: additions of both are kept, deletions of either
    /// applied.
    #[must_use]
    pub(crate) fn two_way_merge(ours: &Self, theirs: &Self) -> Self {
        let mut base = Vec::new();
        for tag in ours.tags() {
            if let Some(other) = theirs.get(&tag.name) {
                base.push(common_base(tag, other));
            } else if theirs.deleted().contains(&tag.name) {
                base.push(tag.clone());
            }
        }
        base.extend(theirs.tags().iter().filter(|tag| ours.deleted().contains(&tag.name)).cloned());
        let is_base = |book: &Self| book.tags() == base && book.deleted().is_empty();
        let mut merged = match (is_base(theirs), is_base(ours)) {
            (true, _) => ours.clone(),
            (false, true) => theirs.clone(),
            (false, false) => Self::three_way_merge_from(&base, ours, theirs),
        };
        let deleted = ours.deleted().union(theirs.deleted()).filter(|name| merged.resolve(name) == TagLookup::Unknown).cloned();
        let deleted: Vec<String> = deleted.collect();
        merged.add_deleted(deleted);
        merged
    }

    /// Merges two codebooks derived from `base`; symmetric in `ours` and `theirs`. A tag renamed on
    /// one side and changed on the other gets both; a tag changed on one side and deleted on the
    /// other stays; of two different texts both are kept.
    #[must_use]
    pub fn three_way_merge(base: &Self, ours: &Self, theirs: &Self) -> Self {
        if theirs == base {
            return ours.clone();
        }
        if ours == base {
            return theirs.clone();
        }
        Self::three_way_merge_from(base.tags(), ours, theirs)
    }

    /// [`Self::three_way_merge`] from the tags of a base, which need not be a codebook.
    fn three_way_merge_from(base: &[Tag], ours: &Self, theirs: &Self) -> Self {
        if ours == theirs {
            return ours.clone();
        }
        let renamed = rename_map(ours, theirs);
        let [base, ours, theirs] = [base, ours.tags(), theirs.tags()].map(|tags| apply_renames(tags, &renamed));
        // In the order of the base, new tags after it by name, so that the result is symmetric.
        let mut order: Vec<&String> = base.iter().map(|tag| &tag.name).collect();
        let [old, own, other] = [&base, &ours, &theirs].map(|tags| by_name(tags));
        let added: BTreeSet<&String> =
            ours.iter().chain(&theirs).map(|tag| &tag.name).filter(|name| !old.contains_key(name.as_str())).collect();
        order.extend(added);
        let find = |tags: &HashMap<&str, &Tag>, name: &str| tags.get(name).copied().cloned();
        let tags: Vec<Tag> = order
            .into_iter()
            .filter_map(|name| merge_tag(find(&old, name).as_ref(), find(&own, name).as_ref(), find(&other, name).as_ref()))
            .collect();
        let names: BTreeSet<String> = tags.iter().map(|tag| tag.name.clone()).collect();
        let deleted = base.iter().map(|tag| tag.name.clone()).filter(|name| !names.contains(name));
        let was: BTreeSet<&String> = tags.iter().flat_map(|tag| &tag.former_names).collect();
        let deleted: BTreeSet<String> = deleted.filter(|name| !was.contains(name)).collect();
        Self::from_parts(tags, deleted)
    }
}

/// The tags by name.
fn by_name(tags: &[Tag]) -> HashMap<&str, &Tag> {
    tags.iter().map(|tag| (tag.name.as_str(), tag)).collect()
}

/// The fields in which two versions of a tag agree, as their common base.
fn common_base(ours: &Tag, theirs: &Tag) -> Tag {
    fn same<T: PartialEq + Clone + Default>(ours: &T, theirs: &T) -> T {
        if ours == theirs { ours.clone() } else { T::default() }
    }
    Tag {
        name: ours.name.clone(),
        parent: same(&ours.parent, &theirs.parent),
        colour: same(&ours.colour, &theirs.colour),
        sign: same(&ours.sign, &theirs.sign),
        definition: same(&ours.definition, &theirs.definition),
        keywords: ours.keywords.iter().filter(|word| theirs.keywords.contains(word)).cloned().collect(),
        english: same(&ours.english, &theirs.english),
        memo: same(&ours.memo, &theirs.memo),
        former_names: ours.former_names.intersection(&theirs.former_names).cloned().collect(),
    }
}

/// Maps every former name to the name after the merge.
fn rename_map(ours: &Codebook, theirs: &Codebook) -> BTreeMap<String, String> {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for tag in ours.tags().iter().chain(theirs.tags()) {
        for was in &tag.former_names {
            // Renamed differently on both sides: the lesser name wins.
            let name = renamed.entry(was.clone()).or_insert_with(|| tag.name.clone());
            if tag.name < *name {
                name.clone_from(&tag.name);
            }
        }
    }
    // The losing name maps to the winning one.
    for tag in ours.tags().iter().chain(theirs.tags()) {
        for was in &tag.former_names {
            if let Some(name) = renamed.get(was).filter(|name| **name != tag.name).cloned() {
                renamed.insert(tag.name.clone(), name);
            }
        }
    }
    renamed
}

/// The tags under their names after the merge.
fn apply_renames(all: &[Tag], renamed: &BTreeMap<String, String>) -> Vec<Tag> {
    let final_name = |name: &String| {
        let mut name = name;
        // Follows the chain of renames; the number of steps is bounded in case of a cycle.
        for _ in 0..renamed.len() {
            match renamed.get(name) {
                Some(next) if next != name => name = next,
                _ => break,
            }
        }
        name.clone()
    };
    let mut tags: Vec<Tag> = Vec::with_capacity(all.len());
    let mut positions: HashMap<String, usize> = HashMap::with_capacity(all.len());
    for tag in all {
        let name = final_name(&tag.name);
        let mut was: BTreeSet<String> = tag.former_names.clone();
        if name != tag.name {
            was.insert(tag.name.clone());
        }
        was.remove(&name);
        let tag = Tag { parent: tag.parent.as_ref().map(final_name), name, former_names: was, ..tag.clone() };
        if let Some(position) = positions.get(&tag.name) {
            tags[*position].former_names.extend(tag.former_names);
        } else {
            positions.insert(tag.name.clone(), tags.len());
            tags.push(tag);
        }
    }
    tags
}

fn merge_tag(base: Option<&Tag>, ours: Option<&Tag>, theirs: Option<&Tag>) -> Option<Tag> {
    let (ours, theirs) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours, theirs),
        // Deleted on one side: kept only if the other side changed it.
        (Some(one), None) | (None, Some(one)) => return (base != Some(one)).then(|| one.clone()),
        (None, None) => return None,
    };
    let none = Tag::default();
    let base = base.unwrap_or(&none);
    let set = |words: &[String]| -> BTreeSet<String> { words.iter().cloned().collect() };
    let merged_keywords = merge_set(&set(&base.keywords), &set(&ours.keywords), &set(&theirs.keywords));
    // Keywords in the order of the base, new ones after it by name.
    let mut keywords: Vec<String> = base.keywords.iter().filter(|word| merged_keywords.contains(*word)).cloned().collect();
    keywords.extend(merged_keywords.into_iter().filter(|word| !base.keywords.contains(word)));
    Some(Tag {
        name: ours.name.clone(),
        parent: merge_value(&base.parent, &ours.parent, &theirs.parent),
        colour: merge_value(&base.colour, &ours.colour, &theirs.colour),
        sign: merge_value(&base.sign, &ours.sign, &theirs.sign),
        definition: merge_note(&base.definition, &ours.definition, &theirs.definition),
        keywords,
        english: merge_value(&base.english, &ours.english, &theirs.english),
        memo: merge_note(&base.memo, &ours.memo, &theirs.memo),
        former_names: ours.former_names.union(&theirs.former_names).cloned().collect(),
    })
}

/// The changed value; the greater if both sides changed it.
fn merge_value<T: Ord + Clone>(base: &T, ours: &T, theirs: &T) -> T {
    if ours == base {
        theirs.clone()
    } else if theirs == base {
        ours.clone()
    } else {
        ours.max(theirs).clone()
    }
}
