//! Merging two codebooks against the one both came from.

use super::{Codebook, Resolved, Tag};
use crate::merge::merge_note;
use crate::merge::merge_set;
use std::collections::{BTreeMap, BTreeSet};

impl Codebook {
    /// Merges two codebooks of which nobody knows what they came from: both additions are kept,
    /// what one of them says it deleted is gone.
    #[must_use]
    pub fn merge_two(ours: &Self, theirs: &Self) -> Self {
        let mut base = Self::default();
        for tag in &ours.tags {
            if let Some(other) = theirs.get(&tag.name) {
                base.tags.push(common(tag, other));
            } else if theirs.deleted.contains(&tag.name) {
                base.tags.push(tag.clone());
            }
        }
        base.tags.extend(theirs.tags.iter().filter(|tag| ours.deleted.contains(&tag.name)).cloned());
        let mut merged = Self::merge_three(&base, ours, theirs);
        let gone = ours.deleted.union(&theirs.deleted).filter(|name| merged.resolve(name) == Resolved::Unknown).cloned();
        let gone: Vec<String> = gone.collect();
        merged.deleted.extend(gone);
        merged
    }

    /// Merges two codebooks that came from `base`: the same whichever of the two is `ours`. A tag
    /// renamed on one side and changed on the other is both; a tag changed on one side and deleted
    /// on the other stays; two different texts are both kept.
    #[must_use]
    pub fn merge_three(base: &Self, ours: &Self, theirs: &Self) -> Self {
        if ours == theirs || theirs == base {
            return ours.clone();
        }
        if ours == base {
            return theirs.clone();
        }
        let renamed = renames(ours, theirs);
        let [base, ours, theirs] = [base, ours, theirs].map(|book| with_names(book, &renamed));
        // The base's order, and then what is new by name, so that neither side decides.
        let mut order: Vec<&String> = base.iter().map(|tag| &tag.name).collect();
        let added: BTreeSet<&String> = ours.iter().chain(&theirs).map(|tag| &tag.name).filter(|name| !order.contains(name)).collect();
        order.extend(added);
        let find = |book: &[Tag], name: &str| book.iter().find(|tag| tag.name == name).cloned();
        let tags: Vec<Tag> = order
            .into_iter()
            .filter_map(|name| merge_tag(find(&base, name).as_ref(), find(&ours, name).as_ref(), find(&theirs, name).as_ref()))
            .collect();
        let names: BTreeSet<String> = tags.iter().map(|tag| tag.name.clone()).collect();
        let gone = base.iter().map(|tag| tag.name.clone()).filter(|name| !names.contains(name));
        let was: BTreeSet<&String> = tags.iter().flat_map(|tag| &tag.was).collect();
        let gone: BTreeSet<String> = gone.filter(|name| !was.contains(name)).collect();
        Self::from_parts(tags, gone)
    }
}

/// What two versions of a tag agree in.
fn common(ours: &Tag, theirs: &Tag) -> Tag {
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
        was: ours.was.intersection(&theirs.was).cloned().collect(),
    }
}

/// Every former name with the name it has after the merge.
fn renames(ours: &Codebook, theirs: &Codebook) -> BTreeMap<String, String> {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for tag in ours.tags().iter().chain(theirs.tags()) {
        for was in &tag.was {
            // Renamed differently on the two sides: the first name of the two.
            let name = renamed.entry(was.clone()).or_insert_with(|| tag.name.clone());
            if tag.name < *name {
                name.clone_from(&tag.name);
            }
        }
    }
    // The name not taken leads to the one that was.
    for tag in ours.tags().iter().chain(theirs.tags()) {
        for was in &tag.was {
            if let Some(name) = renamed.get(was).filter(|name| **name != tag.name).cloned() {
                renamed.insert(tag.name.clone(), name);
            }
        }
    }
    renamed
}

/// The tags under their names after the merge.
fn with_names(book: &Codebook, renamed: &BTreeMap<String, String>) -> Vec<Tag> {
    let last = |name: &String| {
        let mut name = name;
        // A chain of names ends; a circle is left after as many steps as there are names.
        for _ in 0..renamed.len() {
            match renamed.get(name) {
                Some(next) if next != name => name = next,
                _ => break,
            }
        }
        name.clone()
    };
    let mut tags: Vec<Tag> = Vec::new();
    for tag in book.tags() {
        let name = last(&tag.name);
        let mut was: BTreeSet<String> = tag.was.clone();
        if name != tag.name {
            was.insert(tag.name.clone());
        }
        was.remove(&name);
        let tag = Tag { parent: tag.parent.as_ref().map(last), name, was, ..tag.clone() };
        match tags.iter_mut().find(|other| other.name == tag.name) {
            Some(other) => other.was.extend(tag.was),
            None => tags.push(tag),
        }
    }
    tags
}

fn merge_tag(base: Option<&Tag>, ours: Option<&Tag>, theirs: Option<&Tag>) -> Option<Tag> {
    let (ours, theirs) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours, theirs),
        // Deleted on one side: it stays only where the other changed it.
        (Some(one), None) | (None, Some(one)) => return (base != Some(one)).then(|| one.clone()),
        (None, None) => return None,
    };
    let none = Tag::default();
    let base = base.unwrap_or(&none);
    let set = |words: &[String]| -> BTreeSet<String> { words.iter().cloned().collect() };
    let kept = merge_set(&set(&base.keywords), &set(&ours.keywords), &set(&theirs.keywords));
    // Keywords keep the order of the base; new ones follow by name.
    let mut keywords: Vec<String> = base.keywords.iter().filter(|word| kept.contains(*word)).cloned().collect();
    keywords.extend(kept.into_iter().filter(|word| !base.keywords.contains(word)));
    Some(Tag {
        name: ours.name.clone(),
        parent: one_of(&base.parent, &ours.parent, &theirs.parent),
        colour: one_of(&base.colour, &ours.colour, &theirs.colour),
        sign: one_of(&base.sign, &ours.sign, &theirs.sign),
        definition: merge_note(&base.definition, &ours.definition, &theirs.definition),
        keywords,
        english: one_of(&base.english, &ours.english, &theirs.english),
        memo: merge_note(&base.memo, &ours.memo, &theirs.memo),
        was: ours.was.union(&theirs.was).cloned().collect(),
    })
}

/// The side that changed; the greater where both did.
fn one_of<T: Ord + Clone>(base: &T, ours: &T, theirs: &T) -> T {
    if ours == base {
        theirs.clone()
    } else if theirs == base {
        ours.clone()
    } else {
        ours.max(theirs).clone()
    }
}
