//! Undoing a change of the codebook: what each tag was before and after it.

use super::{book::Codebook, error::CodebookError, merge::TagState, tag::Tag, tag_id::TagId};
use std::collections::BTreeSet;

/// A change of the codebook, tag by tag, so that it can be undone.
///
/// ```
/// use pizhu_annotation::{Codebook, CodebookChange, Tag};
///
/// let mut book = Codebook::default();
/// let tag = book.add(Tag::new("人才"))?;
/// let before = book.clone();
/// book.rename(tag, "人才工作")?;
/// let change = CodebookChange::between(&before, &book);
/// change.undo(&mut book)?;
/// assert_eq!(book.get(tag).unwrap().name, "人才");
/// # Ok::<(), pizhu_annotation::CodebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodebookChange {
    tags: Vec<TagChange>,
}

/// One tag before and after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TagChange {
    id: TagId,
    before: Option<TagState>,
    after: Option<TagState>,
    /// Where it stood in the user's order: behind this tag, or first for `None`.
    behind: Option<TagId>,
}

impl CodebookChange {
    /// The change that led from one codebook to the other.
    #[must_use]
    pub fn between(before: &Codebook, after: &Codebook) -> Self {
        let ids: BTreeSet<TagId> =
            [before, after].into_iter().flat_map(|book| book.tags.iter().map(|tag| tag.id).chain(book.gone.keys().copied())).collect();
        let changed = |id: TagId| {
            let (old, new) = (state(before, id), state(after, id));
            let behind = || before.position(id)?.checked_sub(1).map(|index| before.tags[index].id);
            (old != new).then(|| TagChange { id, behind: behind(), before: old, after: new })
        };
        Self { tags: ids.into_iter().filter_map(changed).collect() }
    }

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The tag that was added, if it was one.
    #[must_use]
    pub fn added(&self) -> Option<TagId> {
        let is_new = |change: &&TagChange| change.before.is_none() && matches!(change.after, Some(TagState::Alive(_)));
        self.tags.iter().find(is_new).map(|change| change.id)
    }

    /// Undoes the change; what others have changed in the same tags since stays. Tags that were added
    /// are deleted, tags that were deleted or merged come back with their annotations.
    ///
    /// # Errors
    /// Fails if that is no longer possible, as when the old name is another tag's now; then nothing has
    /// changed.
    pub fn undo(&self, book: &mut Codebook) -> Result<(), CodebookError> {
        let mut next = book.clone();
        for change in &self.tags {
            match (&change.before, &change.after) {
                (Some(TagState::Alive(_)), Some(TagState::Gone(_))) if next.get(change.id).is_none() => {
                    next.bring_back(change.id).ok_or_else(|| CodebookError::Missing(change.name().to_owned()))?;
                    next.put_behind(change.id, change.behind);
                }
                _ => {}
            }
        }
        for change in &self.tags {
            if let (Some(TagState::Alive(before)), Some(TagState::Alive(after))) = (&change.before, &change.after) {
                revert(&mut next, before, after)?;
            }
        }
        for change in &self.tags {
            match (&change.before, &change.after) {
                // What was brought back goes where it was.
                (Some(TagState::Gone(record)), Some(TagState::Alive(_))) if next.get(change.id).is_some() => match &record.into {
                    Some(into) => next.merge(change.id, into.id)?,
                    None => next.delete(change.id)?,
                },
                (None, Some(TagState::Alive(_))) if next.get(change.id).is_some() => next.delete(change.id)?,
                _ => {}
            }
        }
        *book = next;
        Ok(())
    }
}

impl TagChange {
    fn name(&self) -> &str {
        self.before.as_ref().or(self.after.as_ref()).map_or("", |state| &state.tag().name)
    }
}

impl Codebook {
    /// Moves a tag behind another in the user's order, to the first place for `None`.
    fn put_behind(&mut self, id: TagId, behind: Option<TagId>) {
        let Some(from) = self.position(id) else { return };
        let tag = self.tags.remove(from);
        self.index.clear();
        let to = behind.map_or(Some(0), |behind| self.tags.iter().position(|tag| tag.id == behind).map(|index| index + 1));
        self.tags.insert(to.unwrap_or(self.tags.len()), tag);
        self.index.clear();
    }
}

fn state(book: &Codebook, id: TagId) -> Option<TagState> {
    let alive = book.get(id).map(|tag| TagState::Alive(tag.clone()));
    alive.or_else(|| book.tombstone(id).map(|record| TagState::Gone(record.clone())))
}

/// Gives a tag back what it was `before`, in the fields that still are as they were `after`.
fn revert(book: &mut Codebook, before: &Tag, after: &Tag) -> Result<(), CodebookError> {
    let Some(now) = book.get(before.id).cloned() else { return Ok(()) };
    if before.parent_id() != after.parent_id() && now.parent_id() == after.parent_id() {
        let parent = before.parent_id().filter(|parent| book.get(*parent).is_some());
        book.move_to(before.id, parent)?;
    }
    if before.name != after.name && now.name == after.name {
        book.rename(before.id, &before.name)?;
    }
    if before.key != after.key && now.key == after.key {
        book.set_key(before.id, before.key())?;
    }
    book.edit_details(before.id, |tag| {
        revert_field(&mut tag.colour, &before.colour, &after.colour);
        revert_field(&mut tag.sign, &before.sign, &after.sign);
        revert_field(&mut tag.definition, &before.definition, &after.definition);
        revert_field(&mut tag.keywords, &before.keywords, &after.keywords);
        revert_field(&mut tag.english, &before.english, &after.english);
        revert_field(&mut tag.memo, &before.memo, &after.memo);
    })
}

fn revert_field<T: PartialEq + Clone>(now: &mut T, before: &T, after: &T) {
    if *now == *after {
        now.clone_from(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::TagRef;

    /// 组织 > (干部 > 培训, 人才), 作风, with keywords and a key.
    fn book() -> (Codebook, [TagId; 5]) {
        let mut book = Codebook::default();
        let above = book.add(Tag::new("组织")).unwrap();
        let cadres = book.add_below(Some(above), Tag { keywords: vec!["干部".into()], ..Tag::new("干部") }).unwrap();
        let training = book.add_below(Some(cadres), Tag::new("培训")).unwrap();
        let talent = book.add_below(Some(above), Tag { keywords: vec!["专家".into()], key: "1".into(), ..Tag::new("人才") }).unwrap();
        let conduct = book.add(Tag::new("作风")).unwrap();
        (book, [above, cadres, training, talent, conduct])
    }

    /// What people see of a codebook: names, parents, keys, keywords in the tree's order.
    fn shown(book: &Codebook) -> Vec<String> {
        let row = |(depth, tag): (usize, &Tag)| format!("{depth}{} {} {}", tag.name, tag.key, tag.keywords.join(","));
        book.tree().into_iter().map(row).collect()
    }

    #[test]
    fn each_change_is_undone_and_redone() {
        type Edit = fn(&mut Codebook, [TagId; 5]) -> Result<(), CodebookError>;
        let edits: [(&str, Edit); 7] = [
            ("rename", |book, [.., talent, _]| book.rename(talent, "人才工作")),
            ("move", |book, [_, cadres, .., conduct]| book.move_to(cadres, Some(conduct))),
            ("delete", |book, [_, cadres, ..]| book.delete(cadres)),
            ("merge", |book, [_, cadres, _, talent, _]| book.merge(cadres, talent)),
            ("key", |book, [.., conduct]| book.set_key(conduct, Some('1'))),
            ("details", |book, [.., conduct]| book.edit_details(conduct, |tag| tag.memo = "想法".into())),
            ("add", |book, [above, ..]| book.add_below(Some(above), Tag::new("制度")).map(drop)),
        ];
        for (name, edit) in edits {
            let (old, ids) = book();
            let mut now = old.clone();
            edit(&mut now, ids).unwrap();
            let changed = now.clone();
            let change = CodebookChange::between(&old, &changed);
            assert!(!change.is_empty(), "{name}");
            change.undo(&mut now).unwrap();
            assert_eq!(shown(&now), shown(&old), "{name} undone");
            assert!(ids.iter().all(|id| now.resolve(*id) == old.resolve(*id) || now.get(*id).is_some()), "{name}");
            let redo = CodebookChange::between(&changed, &now);
            redo.undo(&mut now).unwrap();
            assert_eq!(shown(&now), shown(&changed), "{name} redone");
            for id in ids {
                let (wanted, got) = (changed.resolve(id), now.resolve(id));
                assert_eq!(std::mem::discriminant(&wanted), std::mem::discriminant(&got), "{name}: {id}");
            }
        }
    }

    #[test]
    fn reversal_keeps_later_changes_of_others() {
        let (old, [.., talent, conduct]) = book();
        let mut now = old.clone();
        now.rename(talent, "人才工作").unwrap();
        now.edit_details(talent, |tag| tag.memo = "甲".into()).unwrap();
        let change = CodebookChange::between(&old, &now);
        now.edit_details(talent, |tag| tag.memo = "乙".into()).unwrap();
        now.rename(conduct, "作风建设").unwrap();
        change.undo(&mut now).unwrap();
        let tag = now.get(talent).unwrap();
        assert_eq!((tag.name.as_str(), tag.memo.as_str()), ("人才", "乙"));
        assert_eq!(now.get(conduct).unwrap().name, "作风建设");
    }

    #[test]
    fn an_undo_that_cannot_be_done_changes_nothing() {
        let (old, [above, .., talent, _]) = book();
        let mut now = old.clone();
        now.rename(talent, "人才工作").unwrap();
        let change = CodebookChange::between(&old, &now);
        now.add_below(Some(above), Tag::new("人才")).unwrap();
        let unchanged = now.clone();
        assert_eq!(change.undo(&mut now), Err(CodebookError::Exists("人才".into())));
        assert_eq!(now, unchanged);
    }

    #[test]
    fn key_belongs_to_one_tag() {
        let (mut book, [_, cadres, .., talent, _]) = book();
        assert_eq!(book.keyed('1').map(TagRef::from), book.get(talent).map(TagRef::from));
        book.set_key(cadres, Some('1')).unwrap();
        assert_eq!((book.keyed('1').unwrap().id, book.get(talent).unwrap().key()), (cadres, None));
        assert_eq!(book.set_key(cadres, Some('0')), Err(CodebookError::BadKey('0')));
        // A new tag does not take it.
        let new = book.add(Tag { key: "1".into(), ..Tag::new("制度") }).unwrap();
        assert_eq!((book.keyed('1').unwrap().id, book.get(new).unwrap().key()), (cadres, None));
        book.set_key(cadres, None).unwrap();
        assert_eq!(book.keyed('1'), None);
    }
}
