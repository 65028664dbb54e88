//! The order of the tags after a merge.

use super::{tag::Tag, tag_id::TagId};
use std::collections::{BTreeSet, HashSet};

/// The ids of three lists of tags in an order that is the same whichever of the latter two is ours:
/// that of the base, then that in which both sides have what both added, then the rest by name.
pub(super) fn merged_order(base: &[Tag], ours: &[Tag], theirs: &[Tag]) -> Vec<TagId> {
    let mut order: Vec<TagId> = base.iter().map(|tag| tag.id).collect();
    let mut placed: HashSet<TagId> = order.iter().copied().collect();
    let [own, other] = [ours, theirs].map(|tags| tags.iter().map(|tag| tag.id).collect::<HashSet<_>>());
    let shared = |tags: &[Tag], of: &HashSet<TagId>| -> Vec<TagId> {
        tags.iter().map(|tag| tag.id).filter(|id| of.contains(id) && !placed.contains(id)).collect()
    };
    let both = shared(ours, &other).min(shared(theirs, &own));
    placed.extend(&both);
    order.extend(both);
    let rest: BTreeSet<(&str, TagId)> =
        ours.iter().chain(theirs).filter(|tag| !placed.contains(&tag.id)).map(|tag| (tag.name.as_str(), tag.id)).collect();
    let mut seen = HashSet::new();
    order.extend(rest.into_iter().map(|(_, id)| id).filter(|id| seen.insert(*id)));
    order
}
