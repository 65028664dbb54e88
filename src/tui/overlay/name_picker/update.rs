//! Opening the list of tags and speeches, and what choosing from it does.
//!
//! The list opens at once with the tags that the open speech and the library know, so that nothing typed
//! goes elsewhere; the store's codebook takes their place when it arrives.

use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{CompareSide, PassageGroup, QuerySubject, StatusMessage, StoreTags};
use crate::tui::overlay::tag_picker::tag_item;
use crate::tui::overlay::{NamePicker, NamePurpose, Overlay};
use crate::tui::state::{ScreenKind, State};
use crate::tui::widget::{Picker, PickerChoice, PickerItem};
use pizhu_annotation::{Codebook, TagId};
use std::collections::BTreeMap;
use std::path::PathBuf;

impl State {
    /// Lists the tags, to read all under one.
    pub(crate) fn pick_tag_to_read(&mut self, effects: &mut Vec<Effect>) {
        self.open_name_picker(NamePurpose::ReadTag, effects);
    }

    /// Lists speeches and tags, to compare one with the open or selected speech.
    pub(crate) fn pick_comparison(&mut self, effects: &mut Vec<Effect>) {
        let here = match (&self.reader, self.screen) {
            (Some(reader), ScreenKind::Reader) => {
                let title = reader.document().metadata.title.as_deref().unwrap_or_default().replace('\n', " ");
                Some((CompareSide::Speech(reader.origin.path.clone()), title))
            }
            _ => self.library.selected().map(|entry| (CompareSide::Speech(entry.path.clone()), entry.title.clone())),
        };
        self.open_name_picker(NamePurpose::Compare(here), effects);
    }

    fn open_name_picker(&mut self, purpose: NamePurpose, effects: &mut Vec<Effect>) {
        let (items, names) = self.names(&purpose, None);
        let mut open = NamePicker { picker: Picker::new(items, false), names, purpose };
        select_used_tag(&mut open);
        self.overlay = Some(Overlay::NamePicker(open));
        self.fit_overlay();
        effects.push(Effect::LoadTags { near: self.store_place() });
    }

    /// The open speech, the one selected in the library, or the library: by which a store is found.
    pub(in crate::tui) fn store_place(&self) -> Option<PathBuf> {
        let open = self.reader.as_ref().filter(|_| self.screen != ScreenKind::Library).map(|reader| reader.origin.path.clone());
        let listed = || self.library.selected().map(|entry| entry.path.clone());
        open.or_else(listed).or_else(|| self.library.roots.first().cloned())
    }

    /// Puts the tags of the store into the list, if it is open. What was typed and marked stays.
    pub(in crate::tui) fn list_store_tags(&mut self, report: &StoreTags) {
        let Some(Overlay::NamePicker(open)) = &self.overlay else { return };
        let purpose = open.purpose.clone();
        let (items, names) = self.names(&purpose, Some(report));
        if let Some(Overlay::NamePicker(open)) = &mut self.overlay {
            let kept = |old: usize| names.iter().position(|name| Some(name) == open.names.get(old));
            open.picker.replace_items(items, kept);
            open.names = names;
            select_used_tag(open);
        }
    }

    /// The speeches, if they are asked for, and the tags.
    fn names(&self, purpose: &NamePurpose, report: Option<&StoreTags>) -> (Vec<PickerItem>, Vec<CompareSide>) {
        let (mut items, mut names) = (Vec::new(), Vec::new());
        if let NamePurpose::Compare(with) = purpose {
            for entry in self.library.entries() {
                let side = CompareSide::Speech(entry.path.clone());
                if with.as_ref().is_some_and(|(with, _)| *with == side) {
                    continue;
                }
                let file = entry.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let aliases = vec![file.clone(), entry.date.clone()];
                let detail = if entry.date.is_empty() { file } else { entry.date.clone() };
                items.push(PickerItem { name: entry.title.clone(), aliases, detail, ..PickerItem::default() });
                names.push(side);
            }
        }
        let mut uses: BTreeMap<TagId, usize> = BTreeMap::new();
        for (tag, count) in self.library.entries().iter().flat_map(|entry| &entry.tags) {
            *uses.entry(tag.id).or_default() += count;
        }
        let own = self.reader.as_ref().map(|reader| reader.annotations.codebook());
        let empty = Codebook::default();
        let book = report.map(|report| &*report.book).or(own).unwrap_or(&empty);
        for (depth, tag) in book.tree() {
            let count = match report {
                Some(report) => report.within(tag.id).annotations,
                None => uses.remove(&tag.id).unwrap_or(0),
            };
            uses.remove(&tag.id);
            let detail = if count > 0 { format!("×{count}") } else { String::new() };
            items.push(PickerItem { key: None, ..tag_item(book, depth, tag, detail) });
            names.push(CompareSide::Tag(book.label(tag.id)));
        }
        // Until the codebook is there, the tags in use.
        if report.is_none() {
            let listed = self.library.entries().iter().flat_map(|entry| &entry.tags).map(|(tag, _)| tag);
            for tag in listed {
                if let Some(count) = uses.remove(&tag.id) {
                    items.push(PickerItem { name: tag.name.clone(), detail: format!("×{count}"), ..PickerItem::default() });
                    names.push(CompareSide::Tag(tag.name.clone()));
                }
            }
        }
        (items, names)
    }

    pub(in crate::tui) fn accept_name(&mut self, open: NamePicker, effects: &mut Vec<Effect>) {
        let typed = open.picker.input().text().trim().to_owned();
        let chosen: Vec<CompareSide> = match open.picker.choice() {
            Some(PickerChoice::Items(chosen)) => chosen.into_iter().filter_map(|item| open.names.get(item).cloned()).collect(),
            _ => Vec::new(),
        };
        match (&open.purpose, chosen.as_slice()) {
            (NamePurpose::ReadTag, [CompareSide::Tag(tag), ..]) => self.read_passages_of(tag.clone(), effects),
            (NamePurpose::ReadTag, _) if typed.is_empty() => self.status = Some(StatusMessage::hint(notice::NO_TAG_NAME)),
            // Of a tag that only annotations have.
            (NamePurpose::ReadTag, _) => self.read_passages_of(typed, effects),
            (NamePurpose::Compare(_), [one, other, ..]) => self.compare_sides([one.clone(), other.clone()], effects),
            (NamePurpose::Compare(Some((with, _))), [other]) => {
                let sides = self.in_order_of_time([with.clone(), other.clone()]);
                self.compare_sides(sides, effects);
            }
            (NamePurpose::Compare(None), [one]) => {
                let title = self.side_title(one);
                self.open_name_picker(NamePurpose::Compare(Some((one.clone(), title))), effects);
            }
            (NamePurpose::Compare(_), []) if typed.contains(['|', '｜']) => self.open_compare(&typed, effects),
            (NamePurpose::Compare(_), []) => {
                self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
                self.overlay = Some(Overlay::NamePicker(open));
            }
        }
    }

    fn read_passages_of(&mut self, tag: String, effects: &mut Vec<Effect>) {
        self.open_results(QuerySubject::Tagged { tag, cell: None, group: PassageGroup::Date }, effects);
    }

    /// Two speeches, the earlier first if both are dated in the library.
    fn in_order_of_time(&self, sides: [CompareSide; 2]) -> [CompareSide; 2] {
        let date = |side: &CompareSide| match side {
            CompareSide::Speech(path) => self
                .library
                .entries()
                .iter()
                .find(|entry| entry.path == *path)
                .map(|entry| entry.date.clone())
                .filter(|date| !date.is_empty()),
            CompareSide::Tag(_) => None,
        };
        let is_later = date(&sides[0]).zip(date(&sides[1])).is_some_and(|(one, other)| one > other);
        let [one, other] = sides;
        if is_later { [other, one] } else { [one, other] }
    }
}

/// Selects the first tag under which there is something to read, instead of one without, as long as
/// nothing was typed.
fn select_used_tag(open: &mut NamePicker) {
    let is_used = |item: &PickerItem| !item.detail.is_empty();
    let selected = open.picker.selected().and_then(|item| open.picker.items().get(item));
    if open.purpose != NamePurpose::ReadTag || !open.picker.input().text().is_empty() || selected.is_some_and(is_used) {
        return;
    }
    if let Some(first) = open.picker.items().iter().position(is_used) {
        open.picker.select_item(first);
    }
}
