//! Going to a bookmark, or deleting it.

use crate::locale::notice;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{BookmarkPicker, Overlay};
use crate::tui::state::State;
use crate::tui::widget::{Picker, PickerChoice, PickerItem};

/// Chars of text shown at a bookmark.
const SNIPPET_CHARS: usize = 24;

impl State {
    /// Opens the picker of bookmarks.
    pub(crate) fn open_bookmarks(&mut self) {
        let Some(reader) = &self.reader else { return };
        if reader.marks.is_empty() {
            self.status = Some(StatusMessage::hint(notice::NO_BOOKMARKS));
            return;
        }
        let source = &reader.document().source;
        let mut marks: Vec<_> = reader.marks.iter().collect();
        marks.sort_by_key(|(_, offset)| **offset);
        let items = marks.into_iter().map(|(name, offset)| {
            let snippet: String = source.chars_from(*offset).map(|(_, c)| c).take_while(|c| *c != '\n').take(SNIPPET_CHARS).collect();
            let percent = offset * 100 / source.len().max(1);
            PickerItem {
                name: name.clone(),
                aliases: vec![snippet.clone()],
                detail: format!("{snippet} {percent:>3}%"),
                ..PickerItem::default()
            }
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::BookmarkPicker(BookmarkPicker { picker }));
        self.fit_overlay();
    }

    pub(in crate::tui) fn accept_bookmark(&mut self, bookmarks: &BookmarkPicker) {
        let name = chosen_name(&bookmarks.picker);
        let offset = name.and_then(|name| self.reader.as_ref()?.marks.get(&name).copied());
        match (offset, &mut self.reader) {
            (Some(offset), Some(reader)) => drop(reader.jump_to(offset)),
            _ => self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE)),
        }
    }

    /// Deletes the selected bookmark.
    pub(crate) fn delete_bookmark(&mut self) {
        let Some(Overlay::BookmarkPicker(bookmarks)) = &self.overlay else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_DROP));
            return;
        };
        if let (Some(name), Some(reader)) = (chosen_name(&bookmarks.picker), &mut self.reader) {
            reader.marks.remove(&name);
            self.status = Some(StatusMessage::done(notice::BOOKMARK_DROPPED).with("name", name));
            self.overlay = None;
            if !reader.marks.is_empty() {
                self.open_bookmarks();
            }
        }
    }
}

fn chosen_name(picker: &Picker) -> Option<String> {
    match picker.choice() {
        Some(PickerChoice::Items(items)) => Some(picker.items().get(*items.first()?)?.name.clone()),
        _ => None,
    }
}
