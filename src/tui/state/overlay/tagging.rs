//! Choosing the tags that places or an annotation get.

use super::Overlay;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit as Change;
use pizhu_annotation::Target;
use crate::tui::effect::Effect;
use crate::tui::state::Notice;
use crate::tui::state::State;
use crate::tui::widget::Choice;
use crate::tui::widget::Picker;
use crate::tui::widget::PickerItem;

/// Choosing tags.
#[derive(Debug)]
pub struct Picking {
    /// The tags.
    pub picker: Picker,
    /// What they are put on.
    pub(super) on: TagTarget,
}

/// What tags are put on.
#[derive(Debug)]
pub(super) enum TagTarget {
    /// Places, which get the chosen tags.
    Places(Vec<Target>),
    /// An annotation, which gets the chosen tags in place of those it has.
    Annotation(AnnotationId),
}

impl State {
    /// Lets tags be chosen for places.
    pub fn open_tag_picker(&mut self, places: Vec<Target>) {
        let Some(reader) = &self.reader else { return };
        let there = match places.as_slice() {
            [one] => reader
                .notes
                .all()
                .iter()
                .filter(|mark| mark.target() == Some(*one))
                .flat_map(|mark| reader.notes.tags(&mark.annotation))
                .collect(),
            _ => Vec::new(),
        };
        self.open_tags(TagTarget::Places(places), &there, false);
    }

    pub(super) fn open_tags(&mut self, on: TagTarget, there: &[String], marked: bool) {
        let Some(reader) = &self.reader else { return };
        let counts = reader.notes.tag_counts();
        let mut tags: Vec<_> = reader.notes.codebook().tree();
        // The most used first, so that the digits are for them; the codebook's order among equals.
        tags.sort_by_key(|(_, tag)| std::cmp::Reverse(counts.get(&tag.name).copied().unwrap_or(0)));
        let items = tags.iter().map(|(_, tag)| {
            let count = counts.get(&tag.name).map(|count| format!("×{count}")).unwrap_or_default();
            let already = if there.contains(&tag.name) { "＋" } else { "" };
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
                tags.iter().enumerate().filter(|(_, (_, tag))| there.contains(&tag.name)).map(|(index, _)| index).collect();
            for index in names {
                picker.mark(index, true);
            }
        }
        self.open_over(Overlay::Picking(Picking { picker, on }));
    }

    pub(super) fn accept_tags(&mut self, picking: Picking, effects: &mut Vec<Effect>) {
        let tags: Vec<String> = match picking.picker.choice() {
            Some(Choice::Create(name)) => {
                if pizhu_annotation::codebook::check_name(&name).is_err() {
                    self.notice = Some(Notice::error("bad-tag-name").with("name", name));
                    self.overlay = Some(Overlay::Picking(picking));
                    return;
                }
                let marked = picking.picker.marks().into_iter().map(|item| picking.picker.items()[item].name.clone());
                marked.chain([name.clone()]).collect()
            }
            Some(Choice::Items(items)) => items.into_iter().map(|item| picking.picker.items()[item].name.clone()).collect(),
            None => Vec::new(),
        };
        match picking.on {
            TagTarget::Places(_) if tags.is_empty() => self.notice = Some(Notice::hint("nothing-to-choose")),
            TagTarget::Places(places) => {
                let count = places.len();
                effects.push(Effect::Annotate(places.into_iter().map(|target| Change::Tag { target, tags: tags.clone() }).collect()));
                let notice = Notice::done(if count > 1 { "tagged-many" } else { "tagged" });
                self.notice = Some(notice.with("tags", tags.join("、")).with("count", count));
                self.last_tags = tags;
                self.drop_selection();
            }
            TagTarget::Annotation(id) => {
                let chosen = picking.picker.marks();
                let tags = if chosen.is_empty() && picking.picker.input().is_empty() { Vec::new() } else { tags };
                let Some(reader) = &self.reader else { return };
                let Some(mark) = reader.notes.get(id) else { return };
                let gone: Vec<String> = mark.annotation.tags.iter().filter(|tag| !tags.contains(tag)).cloned().collect();
                let mut edits = Vec::new();
                // Added first: an annotation goes with its last tag.
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
