//! Opening the tag picker, and applying the chosen tags.

use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::state::{Overlay, State, TagPicker, TagTarget};
use crate::tui::widget::{Picker, PickerChoice, PickerItem};
use pizhu_annotation::Edit as Change;
use pizhu_annotation::Target;

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

    pub(super) fn open_tag_picker_for(&mut self, target: TagTarget, existing: &[String], marked: bool) {
        let Some(reader) = &self.reader else { return };
        let counts = reader.annotations.tag_counts();
        let mut tags: Vec<_> = reader.annotations.codebook().tree();
        // Most used tags first, since digits pick the first ones; ties in the codebook's order.
        tags.sort_by_key(|(_, tag)| std::cmp::Reverse(counts.get(&tag.name).copied().unwrap_or(0)));
        let items = tags.iter().map(|(_, tag)| {
            let count = counts.get(&tag.name).map(|count| format!("×{count}")).unwrap_or_default();
            let already = if existing.contains(&tag.name) { "＋" } else { "" };
            PickerItem {
                name: tag.name.clone(),
                aliases: tag.keywords.iter().cloned().chain([tag.definition.clone()]).filter(|alias| !alias.is_empty()).collect(),
                detail: format!("{already}{count}"),
                sign: tag.sign.clone(),
                ..PickerItem::default()
            }
        });
        let mut picker = Picker::new(items.collect(), true);
        if marked {
            let names: Vec<usize> =
                tags.iter().enumerate().filter(|(_, (_, tag))| existing.contains(&tag.name)).map(|(index, _)| index).collect();
            for index in names {
                picker.mark(index, true);
            }
        }
        self.push_overlay(Overlay::TagPicker(TagPicker { picker, target }));
    }

    pub(super) fn accept_tags(&mut self, tag_picker: TagPicker, effects: &mut Vec<Effect>) {
        let tags: Vec<String> = match tag_picker.picker.choice() {
            Some(PickerChoice::Create(name)) => {
                if pizhu_annotation::codebook::check_name(&name).is_err() {
                    self.status = Some(StatusMessage::error("bad-tag-name").with("name", name));
                    self.overlay = Some(Overlay::TagPicker(tag_picker));
                    return;
                }
                let marked = tag_picker.picker.marks().into_iter().map(|item| tag_picker.picker.items()[item].name.clone());
                marked.chain([name.clone()]).collect()
            }
            Some(PickerChoice::Items(items)) => items.into_iter().map(|item| tag_picker.picker.items()[item].name.clone()).collect(),
            None => Vec::new(),
        };
        match tag_picker.target {
            TagTarget::New(_) if tags.is_empty() => self.status = Some(StatusMessage::hint("nothing-to-choose")),
            TagTarget::New(targets) => {
                let count = targets.len();
                effects.push(Effect::Annotate(targets.into_iter().map(|target| Change::Tag { target, tags: tags.clone() }).collect()));
                let message = StatusMessage::done(if count > 1 { "tagged-many" } else { "tagged" });
                self.status = Some(message.with("tags", tags.join("、")).with("count", count));
                self.last_tags = tags;
                self.drop_selection();
            }
            TagTarget::Existing(id) => {
                let chosen = tag_picker.picker.marks();
                let tags = if chosen.is_empty() && tag_picker.picker.input().is_empty() { Vec::new() } else { tags };
                let Some(reader) = &self.reader else { return };
                let Some(anchored) = reader.annotations.get(id) else { return };
                let gone: Vec<String> = anchored.annotation.tags.iter().filter(|tag| !tags.contains(tag)).cloned().collect();
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
}
