//! Opening the tag picker, and applying the chosen tags.

use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{Overlay, TagPicker, TagTarget};
use crate::tui::state::State;
use crate::tui::theme::SIGN_WITHOUT_COLOR;
use crate::tui::widget::{Picker, PickerChoice, PickerItem};
use pizhu_annotation::Edit as Change;
use pizhu_annotation::{Codebook, Tag, TagId, TagRef, Target};
use pizhu_terminal::paint;
use pizhu_text::text::width::AmbiguousWidth;
use std::collections::HashMap;

impl State {
    /// Opens the tag picker for new annotations.
    pub(crate) fn open_tag_picker(&mut self, targets: Vec<Target>) {
        let Some(reader) = &self.reader else { return };
        let existing = match targets.as_slice() {
            [one] => reader
                .annotations
                .all()
                .iter()
                .filter(|anchored| anchored.target() == Some(*one))
                .flat_map(|anchored| reader.annotations.tags(&anchored.annotation))
                .collect(),
            _ => Vec::new(),
        };
        self.open_tag_picker_for(TagTarget::New(targets), &existing, false);
    }

    pub(in crate::tui) fn open_tag_picker_for(&mut self, target: TagTarget, existing: &[TagRef], marked: bool) {
        let Some(reader) = &self.reader else { return };
        let counts = reader.annotations.tag_counts();
        let book = reader.annotations.codebook();
        let has = |id: TagId| existing.iter().any(|tag| tag.id == id);
        let tags: Vec<_> = book.tree();
        // A key that several have, as after a merge, is the first one's.
        let keyed: HashMap<char, TagId> = tags.iter().rev().filter_map(|(_, tag)| Some((tag.key()?, tag.id))).collect();
        let items = tags.iter().map(|(depth, tag)| {
            let count = counts.get(&tag.id).map(|count| format!("×{count}")).unwrap_or_default();
            let already = if has(tag.id) { "＋" } else { "" };
            let key = tag.key().filter(|key| keyed.get(key) == Some(&tag.id));
            PickerItem { key, ..tag_item(book, *depth, tag, format!("{already}{count}")) }
        });
        let mut picker = Picker::new(items.collect(), true);
        let references: Vec<TagRef> = tags.iter().map(|(_, tag)| book.reference(tag)).collect();
        if marked {
            let names: Vec<usize> = tags.iter().enumerate().filter(|(_, (_, tag))| has(tag.id)).map(|(index, _)| index).collect();
            if let Some(first) = names.first() {
                picker.select_item(*first);
            }
            for index in names {
                picker.mark(index, true);
            }
        }
        self.push_overlay(Overlay::TagPicker(TagPicker { picker, tags: references, target }));
    }

    pub(in crate::tui) fn accept_tags(&mut self, tag_picker: TagPicker, effects: &mut Vec<Effect>) {
        let tag = |item: usize| tag_picker.tags.get(item).cloned();
        let tags: Vec<TagRef> = match tag_picker.picker.choice() {
            Some(PickerChoice::Create(name)) => {
                if pizhu_annotation::codebook::check_name(&name).is_err() {
                    self.status = Some(StatusMessage::error(notice::BAD_TAG_NAME).with("name", name));
                    self.overlay = Some(Overlay::TagPicker(tag_picker));
                    return;
                }
                // One that was made just now may not be in the codebook yet.
                let just_made = self.last_tags.iter().find(|tag| tag.name == name && tag_picker.tags.iter().all(|known| known != *tag));
                let new = just_made.cloned().filter(|tag| self.is_unknown_tag(tag)).unwrap_or_else(|| TagRef::new(&name));
                tag_picker.picker.marks().into_iter().filter_map(tag).chain([new]).collect()
            }
            Some(PickerChoice::Items(items)) => items.into_iter().filter_map(tag).collect(),
            None => Vec::new(),
        };
        match tag_picker.target {
            TagTarget::New(_) if tags.is_empty() => self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE)),
            TagTarget::New(targets) => {
                let count = targets.len();
                effects.push(Effect::Annotate(targets.into_iter().map(|target| Change::Tag { target, tags: tags.clone() }).collect()));
                let message = StatusMessage::done(if count > 1 { notice::TAGGED_MANY } else { notice::TAGGED });
                self.status = Some(message.with("tags", tag_names(&tags)).with("count", count));
                self.last_tags = tags;
                self.spend_selection();
            }
            TagTarget::Existing(id) => {
                let chosen = tag_picker.picker.marks();
                let tags = if chosen.is_empty() && tag_picker.picker.input().is_empty() { Vec::new() } else { tags };
                let Some(reader) = &self.reader else { return };
                let Some(anchored) = reader.annotations.get(id) else { return };
                let gone: Vec<TagId> =
                    reader.annotations.tags(&anchored.annotation).iter().filter(|tag| !tags.contains(tag)).map(|tag| tag.id).collect();
                let mut edits = Vec::new();
                // Add first: an annotation is deleted with its last tag.
                if !tags.is_empty() {
                    edits.push(Change::AddTags { id, tags });
                }
                if !gone.is_empty() {
                    edits.push(Change::RemoveTags { id, tags: gone });
                }
                effects.push(Effect::Annotate(edits));
            }
        }
    }

    /// Whether the codebook knows nothing of a tag, not even that it was deleted.
    fn is_unknown_tag(&self, tag: &TagRef) -> bool {
        let book = self.reader.as_ref().map(|reader| reader.annotations.codebook());
        book.is_some_and(|book| book.resolve(tag.id) == pizhu_annotation::TagLookup::Unknown)
    }
}

/// The names of tags, for a message.
pub(crate) fn tag_names(tags: &[TagRef]) -> String {
    tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join("、")
}

/// The entry of a tag in a list, at its place in the tree.
pub(in crate::tui) fn tag_item(book: &Codebook, depth: usize, tag: &Tag, detail: String) -> PickerItem {
    let color = book.color_number(tag.id);
    let has_sign = color.is_some() || paint::width(&tag.sign, AmbiguousWidth::Narrow) == 1;
    PickerItem {
        // Of several tags of one name the path tells which.
        name: book.label(tag.id),
        aliases: [&tag.english, &tag.definition].into_iter().chain(&tag.keywords).filter(|alias| !alias.is_empty()).cloned().collect(),
        detail,
        place: tag.parent_id().and_then(|parent| book.path(parent)).unwrap_or_default(),
        indent: depth,
        key: tag.key(),
        sign: if has_sign { tag.sign.clone() } else { SIGN_WITHOUT_COLOR.to_owned() },
        color,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_without_a_colour_has_its_sign_in_lists() {
        let (book, tag) = (Codebook::default(), Tag::new("对外合作"));
        assert_eq!(tag_item(&book, 0, &tag, String::new()).sign, SIGN_WITHOUT_COLOR);
        let own = Tag { sign: "w".to_owned(), ..Tag::new("对外合作") };
        assert_eq!(tag_item(&book, 0, &own, String::new()).sign, "w");
    }
}
