//! Building a codebook from what a file holds: the invariants are restored, whatever the lines say.

use super::{
    book::{Codebook, UnitedLog, UnitedTags},
    merge::{TagState, merge_state},
    tag::{Tag, TagTombstone, check_name},
    tag_id::TagId,
    tag_index::TagIndex,
    tag_ref::TagRef,
};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

impl Codebook {
    /// Builds a codebook from tags and records of tags that are gone, repaired to satisfy the
    /// invariants: bad names are dropped, several versions of a tag merged, unknown parents and cycles
    /// removed, tags of one parent and name that were made independently united.
    #[must_use]
    pub fn from_parts(tags: Vec<Tag>, gone: Vec<TagTombstone>) -> Self {
        let mut book = Self::from_versions(tags, gone);
        book.unite_twins();
        book
    }

    /// [`Self::from_parts`] without uniting tags, so that whoever opens the file does it and says so.
    pub(crate) fn from_versions(tags: Vec<Tag>, gone: Vec<TagTombstone>) -> Self {
        let mut order: Vec<TagId> = Vec::with_capacity(tags.len());
        let mut states: HashMap<TagId, TagState> = HashMap::with_capacity(tags.len());
        let states_read = tags.into_iter().map(TagState::Alive).chain(gone.into_iter().map(TagState::Gone));
        for state in states_read {
            let Some(state) = trimmed(state) else { continue };
            let id = state.tag().id;
            let merged = if let Some(existing) = states.remove(&id) {
                merge_state(None, Some(&existing), Some(&state)).unwrap_or(state)
            } else {
                order.push(id);
                state
            };
            states.insert(id, merged);
        }
        Self::from_states(order.into_iter().filter_map(|id| states.remove(&id)))
    }

    /// Builds a codebook from one state for each id.
    pub(super) fn from_states(states: impl Iterator<Item = TagState>) -> Self {
        let (mut tags, mut gone) = (Vec::new(), BTreeMap::new());
        for state in states {
            match state {
                TagState::Alive(tag) => tags.push(tag),
                TagState::Gone(record) => drop(gone.insert(record.tag.id, record)),
            }
        }
        let mut book = Self { tags, gone, index: TagIndex::default(), united: UnitedLog::default() };
        book.break_merge_circles();
        book.repair_parents();
        book
    }

    /// Brings back one tag of each circle of tags that were merged into each other on different sides.
    fn break_merge_circles(&mut self) {
        let mut seen: HashSet<TagId> = HashSet::new();
        let mut revived = Vec::new();
        for start in self.gone.keys() {
            let (mut walk, mut at) = (Vec::new(), *start);
            while seen.insert(at) {
                walk.push(at);
                match self.gone.get(&at).and_then(|record| record.into.as_ref()) {
                    Some(into) => at = into.id,
                    None => break,
                }
            }
            // A walk that ends in itself has gone around a circle.
            if let Some(entry) = walk.iter().position(|id| *id == at)
                && self.gone.get(&at).is_some_and(|record| record.into.is_some())
            {
                let into_itself = walk.last().and_then(|id| self.gone.get(id)).and_then(|record| record.into.as_ref());
                if into_itself.is_some_and(|into| into.id == at) {
                    revived.extend(walk[entry..].iter().min().copied());
                }
            }
        }
        for id in revived {
            if let Some(record) = self.gone.remove(&id) {
                self.tags.push(Tag { restored: record.tag.restored + 1, ..record.tag });
                self.index.clear();
            }
        }
    }

    /// Puts back, with nothing but its name, each tag that others were merged into and that is not there:
    /// a merge of lines, or an editor, has dropped its line. Without it the passages of those tags would
    /// be under none.
    pub(crate) fn revive_lost(&mut self) {
        let is_known = |id: TagId| self.gone.contains_key(&id) || self.get(id).is_some();
        let targets = self.gone.values().filter_map(|record| record.into.as_ref());
        let lost: BTreeMap<TagId, &TagRef> = targets.filter(|into| !is_known(into.id)).map(|into| (into.id, into)).collect();
        let named = lost.into_values().filter(|into| check_name(&into.name).is_ok());
        // As one that was renamed: it does not become one with a tag that has the name now.
        let revived = named.map(|into| Tag { former_names: [into.name.clone()].into(), ..Tag::with_id(into.id, &into.name) });
        let revived: Vec<Tag> = revived.collect();
        if !revived.is_empty() {
            self.tags.extend(revived);
            self.index.clear();
        }
    }

    /// The tag that is the parent now, where it was merged or deleted since.
    pub(super) fn living_parent(&self, parent: Option<TagRef>) -> Option<TagRef> {
        let mut at = parent?.id;
        // Deleted tags hand their children up, merged ones hand them over.
        for _ in 0..=self.gone.len() {
            if let Some(tag) = self.get(at) {
                return Some(TagRef::from(tag));
            }
            let record = self.gone.get(&at)?;
            at = record.into.as_ref().or(record.tag.parent.as_ref())?.id;
        }
        None
    }

    pub(super) fn repair_parents(&mut self) {
        let living: Vec<Option<TagRef>> = self.tags.iter().map(|tag| self.living_parent(tag.parent.clone())).collect();
        let positions: Vec<Option<usize>> =
            living.iter().map(|parent| parent.as_ref().and_then(|parent| self.position(parent.id))).collect();
        let positions = without_cycles(positions);
        for ((tag, parent), position) in self.tags.iter_mut().zip(living).zip(positions) {
            tag.parent = position.and(parent);
        }
    }

    /// Makes one of each two tags of one parent and name that were made independently, from the top
    /// down, so that the tags below them meet too. Renamed tags, and those that the user keeps apart,
    /// stay as they are.
    pub(crate) fn unite_twins(&mut self) {
        let mut children: HashMap<Option<TagId>, Vec<usize>> = HashMap::new();
        for (index, tag) in self.tags.iter().enumerate() {
            children.entry(tag.parent_id()).or_default().push(index);
        }
        // Each tag united with the position of the one that is left.
        let mut united: Vec<(usize, usize)> = Vec::new();
        let mut waiting: VecDeque<Vec<usize>> = children.remove(&None).into_iter().collect();
        while let Some(siblings) = waiting.pop_front() {
            let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
            for index in &siblings {
                by_name.entry(self.tags[*index].name.as_str()).or_default().push(*index);
            }
            for index in &siblings {
                let Some(mut twins) = by_name.remove(self.tags[*index].name.as_str()) else { continue };
                twins.sort_by_key(|index| self.tags[*index].id);
                let mut left: Vec<(usize, Vec<usize>)> = Vec::new();
                for twin in twins {
                    let below = children.remove(&Some(self.tags[twin].id)).unwrap_or_default();
                    match left.iter_mut().find(|(kept, _)| Self::are_one(&self.tags[*kept], &self.tags[twin])) {
                        Some((kept, theirs)) => {
                            united.push((twin, *kept));
                            theirs.extend(below);
                        }
                        None => left.push((twin, below)),
                    }
                }
                waiting.extend(left.into_iter().map(|(_, below)| below).filter(|below| !below.is_empty()));
            }
        }
        if united.is_empty() {
            return;
        }
        united.sort_by_key(|(other, _)| self.tags[*other].id);
        let references: Vec<(TagRef, TagRef)> =
            united.iter().map(|(other, kept)| (TagRef::from(&self.tags[*other]), TagRef::from(&self.tags[*kept]))).collect();
        let into: HashMap<TagId, TagRef> = references.iter().map(|(other, kept)| (other.id, kept.clone())).collect();
        let mut tags = Vec::with_capacity(self.tags.len());
        for mut tag in std::mem::take(&mut self.tags) {
            if let Some(kept) = into.get(&tag.id) {
                self.gone.insert(tag.id, TagTombstone { tag, into: Some(kept.clone()) });
            } else {
                if let Some(parent) = tag.parent.as_ref().and_then(|parent| into.get(&parent.id)) {
                    tag.parent = Some(parent.clone());
                }
                tags.push(tag);
            }
        }
        self.tags = tags;
        self.index.clear();
        for (other, kept) in references {
            let Some(position) = self.position(kept.id) else { continue };
            if let Some(record) = self.gone.get(&other.id) {
                self.tags[position].take_details(&record.tag);
            }
            self.united.0.push(UnitedTags { tag: kept, other });
        }
    }

    /// Whether two tags of one parent and name were made independently and are meant to be one.
    fn are_one(one: &Tag, other: &Tag) -> bool {
        let is_renamed = |tag: &Tag| !tag.former_names.is_empty();
        !(is_renamed(one) || is_renamed(other) || one.apart.contains(&other.id) || other.apart.contains(&one.id))
    }
}

/// The state with a trimmed name; `None` if a tag cannot have it.
fn trimmed(mut state: TagState) -> Option<TagState> {
    let tag = match &mut state {
        TagState::Alive(tag) => tag,
        TagState::Gone(record) => &mut record.tag,
    };
    tag.name = tag.name.trim().to_owned();
    check_name(&tag.name).is_ok().then_some(state)
}

/// Removes the parent of one tag of each cycle, the first in order; tags are given by position.
/// Looks at each tag once.
fn without_cycles(mut parents: Vec<Option<usize>>) -> Vec<Option<usize>> {
    // The walk in which a tag was first reached.
    let mut reached: Vec<Option<usize>> = vec![None; parents.len()];
    for walk in 0..parents.len() {
        let mut at = Some(walk);
        while let Some(tag) = at.filter(|tag| reached[*tag].is_none()) {
            reached[tag] = Some(walk);
            at = parents[tag];
        }
        // A walk that ends in itself has gone around a cycle.
        let Some(entry) = at.filter(|tag| reached[*tag] == Some(walk)) else { continue };
        let around = std::iter::successors(parents[entry], |tag| parents[*tag].filter(|_| *tag != entry));
        if let Some(first) = around.min() {
            parents[first] = None;
        }
    }
    parents
}
