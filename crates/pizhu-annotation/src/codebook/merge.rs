//! Two-way and three-way merge of codebooks, tag by tag.

use super::{
    book::{Codebook, TagLookup},
    order::merged_order,
    tag::{Tag, TagTombstone},
    tag_id::TagId,
};
use crate::merge::{merge_note, merge_set};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

/// What a codebook knows of an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TagState {
    /// There is a tag.
    Alive(Tag),
    /// It was deleted or merged.
    Gone(TagTombstone),
}

impl TagState {
    /// The tag as it is, or was when it went.
    pub(super) fn tag(&self) -> &Tag {
        match self {
            Self::Alive(tag) => tag,
            Self::Gone(record) => &record.tag,
        }
    }
}

impl Codebook {
    /// Merges two codebooks without a known base: additions of both are kept, deletions and merges of
    /// either applied. Symmetric. Tags of one parent and name become one.
    #[must_use]
    pub fn two_way_merge(ours: &Self, theirs: &Self) -> Self {
        let mut merged = Self::merge_versions(None, ours, theirs);
        merged.unite_twins();
        merged
    }

    /// Merges two codebooks derived from `base`; symmetric in `ours` and `theirs`. A tag changed on
    /// both sides gets both changes; one changed on one side and deleted on the other stays; one
    /// merged on one side is merged, unless the other side deleted what it was merged into and added or
    /// changed the tag; of two different texts both are kept. Tags of one parent and name become one.
    #[must_use]
    pub fn three_way_merge(base: &Self, ours: &Self, theirs: &Self) -> Self {
        let mut merged = Self::merge_versions(Some(base), ours, theirs);
        merged.unite_twins();
        merged
    }

    /// The merge without uniting tags, so that whoever opens the result does it and says so.
    pub(crate) fn merge_versions(base: Option<&Self>, ours: &Self, theirs: &Self) -> Self {
        if ours == theirs || base == Some(theirs) {
            return ours.clone();
        }
        if base == Some(ours) {
            return theirs.clone();
        }
        let none = Self::default();
        let base_book = base.unwrap_or(&none);
        let [old, own, other] = [base_book, ours, theirs].map(Self::states);
        let mut order = merged_order(&base_book.tags, &ours.tags, &theirs.tags);
        let placed: BTreeSet<TagId> = order.iter().copied().collect();
        let gone: BTreeSet<TagId> = [base_book, ours, theirs].into_iter().flat_map(|book| book.gone.keys().copied()).collect();
        order.extend(gone.difference(&placed));
        let mut states: Vec<TagState> = order
            .into_iter()
            .filter_map(|id| {
                let old = old.get(&id);
                let merged = merge_state(old, own.get(&id), other.get(&id));
                // A tag that a side removed by hand was deleted.
                merged.or_else(|| match old? {
                    TagState::Alive(tag) => Some(TagState::Gone(TagTombstone { tag: tag.clone(), into: None })),
                    TagState::Gone(record) => Some(TagState::Gone(record.clone())),
                })
            })
            .collect();
        let merged = Self::from_states(states.iter().cloned());
        let Some(base) = base else { return merged };
        // One side merged a tag into another that the other side deleted. If that side added or changed
        // the tag itself, it is not what was deleted there.
        let is_kept = |tag: &&Tag| base.get(tag.id) != Some(*tag) && merged.resolve(tag.id) == TagLookup::Deleted;
        let kept: HashMap<TagId, &Tag> = [ours, theirs]
            .into_iter()
            .flat_map(|side| side.tags.iter().filter(is_kept))
            .filter(|tag| merged.tombstone(tag.id).is_some_and(|record| record.into.is_some()))
            .map(|tag| (tag.id, tag))
            .collect();
        if kept.is_empty() {
            return merged;
        }
        for state in &mut states {
            if let Some(tag) = kept.get(&state.tag().id) {
                *state = TagState::Alive(Tag { restored: state.tag().restored + 1, ..(*tag).clone() });
            }
        }
        Self::from_states(states.into_iter())
    }

    fn states(&self) -> HashMap<TagId, TagState> {
        let alive = self.tags.iter().map(|tag| (tag.id, TagState::Alive(tag.clone())));
        alive.chain(self.gone.iter().map(|(id, record)| (*id, TagState::Gone(record.clone())))).collect()
    }
}

/// Merges what two sides know of one id against their base.
pub(super) fn merge_state(base: Option<&TagState>, ours: Option<&TagState>, theirs: Option<&TagState>) -> Option<TagState> {
    if ours == theirs || theirs == base {
        return ours.cloned();
    }
    if ours == base {
        return theirs.cloned();
    }
    let (ours, theirs) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours, theirs),
        (one, other) => return one.or(other).cloned(),
    };
    let merged = match (ours, theirs) {
        (TagState::Alive(ours), TagState::Alive(theirs)) => {
            let base = match base {
                Some(TagState::Alive(base)) => base.clone(),
                _ => common_base(ours, theirs),
            };
            TagState::Alive(merge_tag(&base, ours, theirs))
        }
        (TagState::Gone(ours), TagState::Gone(theirs)) => {
            // Merged rather than deleted: that keeps the passages. Of two targets, the smaller id.
            let rank =
                |record: &TagTombstone| (record.tag.restored, record.into.is_some(), Reverse(record.into.clone()), record.tag.clone());
            TagState::Gone(if rank(ours) >= rank(theirs) { ours.clone() } else { theirs.clone() })
        }
        (TagState::Alive(tag), TagState::Gone(record)) | (TagState::Gone(record), TagState::Alive(tag)) => {
            // Both differ from the base, so that a tag which was in it was edited on that side.
            let is_edited = record.into.is_none() && matches!(base, Some(TagState::Alive(base)) if base.restored == record.tag.restored);
            if tag.restored > record.tag.restored {
                TagState::Alive(tag.clone())
            } else if is_edited {
                TagState::Alive(Tag { restored: record.tag.restored + 1, ..tag.clone() })
            } else {
                TagState::Gone(record.clone())
            }
        }
    };
    Some(merged)
}

/// The fields in which two versions of a tag agree, as their common base.
fn common_base(ours: &Tag, theirs: &Tag) -> Tag {
    fn same<T: PartialEq + Clone>(ours: &T, theirs: &T, none: T) -> T {
        if ours == theirs { ours.clone() } else { none }
    }
    let text = |ours: &String, theirs: &String| same(ours, theirs, String::new());
    Tag {
        id: ours.id,
        // The name that one of them had before is the older one.
        name: if ours.former_names.contains(&theirs.name) && !theirs.former_names.contains(&ours.name) {
            theirs.name.clone()
        } else if theirs.former_names.contains(&ours.name) && !ours.former_names.contains(&theirs.name) {
            ours.name.clone()
        } else {
            text(&ours.name, &theirs.name)
        },
        parent: same(&ours.parent, &theirs.parent, None),
        colour: text(&ours.colour, &theirs.colour),
        sign: text(&ours.sign, &theirs.sign),
        definition: text(&ours.definition, &theirs.definition),
        // In the lesser of the two orders: which side is ours must not matter.
        keywords: shared_words(&ours.keywords, &theirs.keywords).min(shared_words(&theirs.keywords, &ours.keywords)),
        english: text(&ours.english, &theirs.english),
        memo: text(&ours.memo, &theirs.memo),
        key: text(&ours.key, &theirs.key),
        former_names: ours.former_names.intersection(&theirs.former_names).cloned().collect(),
        apart: ours.apart.intersection(&theirs.apart).copied().collect(),
        restored: ours.restored.min(theirs.restored),
    }
}

fn shared_words(words: &[String], others: &[String]) -> Vec<String> {
    words.iter().filter(|word| others.contains(word)).cloned().collect()
}

fn merge_tag(base: &Tag, ours: &Tag, theirs: &Tag) -> Tag {
    let set = |words: &[String]| -> BTreeSet<String> { words.iter().cloned().collect() };
    let merged_keywords = merge_set(&set(&base.keywords), &set(&ours.keywords), &set(&theirs.keywords));
    // Keywords in the order of the base, new ones after it by name.
    let mut keywords: Vec<String> = base.keywords.iter().filter(|word| merged_keywords.contains(*word)).cloned().collect();
    keywords.extend(merged_keywords.into_iter().filter(|word| !base.keywords.contains(word)));
    // Renamed differently on both sides: the lesser name wins.
    let name = merge_value(&base.name, &ours.name, &theirs.name, |ours, theirs| ours < theirs);
    let mut former_names: BTreeSet<String> = ours.former_names.union(&theirs.former_names).cloned().collect();
    former_names.extend([&ours.name, &theirs.name].into_iter().cloned());
    former_names.remove(&name);
    let greater = |ours: &String, theirs: &String| ours > theirs;
    Tag {
        id: ours.id,
        name,
        parent: merge_value(&base.parent, &ours.parent, &theirs.parent, |ours, theirs| ours > theirs),
        colour: merge_value(&base.colour, &ours.colour, &theirs.colour, greater),
        sign: merge_value(&base.sign, &ours.sign, &theirs.sign, greater),
        definition: merge_note(&base.definition, &ours.definition, &theirs.definition),
        keywords,
        english: merge_value(&base.english, &ours.english, &theirs.english, greater),
        memo: merge_note(&base.memo, &ours.memo, &theirs.memo),
        key: merge_value(&base.key, &ours.key, &theirs.key, greater),
        former_names,
        apart: merge_set(&base.apart, &ours.apart, &theirs.apart),
        restored: ours.restored.max(theirs.restored),
    }
}

impl Tag {
    /// Adds what another tag, that has become one with this one, has and this one lacks.
    pub(super) fn take_details(&mut self, other: &Self) {
        let texts = [
            (&mut self.colour, &other.colour),
            (&mut self.sign, &other.sign),
            (&mut self.english, &other.english),
            (&mut self.key, &other.key),
        ];
        for (own, theirs) in texts {
            if own.is_empty() {
                own.clone_from(theirs);
            }
        }
        self.definition = merge_note("", &self.definition, &other.definition);
        self.memo = merge_note("", &self.memo, &other.memo);
        for word in &other.keywords {
            if !self.keywords.contains(word) {
                self.keywords.push(word.clone());
            }
        }
    }
}

/// The changed value; if both sides changed it, the one that `wins` over the other.
fn merge_value<T: PartialEq + Clone>(base: &T, ours: &T, theirs: &T, wins: impl Fn(&T, &T) -> bool) -> T {
    if ours == base || (theirs != base && wins(theirs, ours)) { theirs.clone() } else { ours.clone() }
}
