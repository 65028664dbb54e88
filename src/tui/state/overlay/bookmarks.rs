//! Going to a bookmark or a mark, and dropping it.

use super::Overlay;
use crate::tui::state::Notice;
use crate::tui::state::State;
use crate::tui::widget::Choice;
use crate::tui::widget::Picker;
use crate::tui::widget::PickerItem;

/// Chars shown of the text at a bookmark.
const SNIPPET: usize = 24;

/// Choosing a bookmark.
#[derive(Debug)]
pub struct Bookmarks {
    /// The bookmarks, in the order of their places.
    pub picker: Picker,
}

impl State {
    /// Lets a bookmark be chosen to go to.
    pub fn open_bookmarks(&mut self) {
        let Some(reader) = &self.reader else { return };
        if reader.marks.is_empty() {
            self.notice = Some(Notice::hint("no-bookmarks"));
            return;
        }
        let source = &reader.document().source;
        let mut marks: Vec<_> = reader.marks.iter().collect();
        marks.sort_by_key(|(_, place)| **place);
        let items = marks.into_iter().map(|(name, place)| {
            let snippet: String = source.chars_from(*place).map(|(_, c)| c).take_while(|c| *c != '\n').take(SNIPPET).collect();
            let percent = place * 100 / source.len().max(1);
            PickerItem {
                name: name.clone(),
                aliases: vec![snippet.clone()],
                detail: format!("{snippet} {percent:>3}%"),
                ..PickerItem::default()
            }
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::Bookmarks(Bookmarks { picker }));
        self.fit_overlay();
    }

    pub(super) fn accept_bookmark(&mut self, bookmarks: &Bookmarks) {
        let name = chosen(&bookmarks.picker);
        let place = name.and_then(|name| self.reader.as_ref()?.marks.get(&name).copied());
        match (place, &mut self.reader) {
            (Some(place), Some(reader)) => drop(reader.jump_to(place)),
            _ => self.notice = Some(Notice::hint("nothing-to-choose")),
        }
    }

    /// Drops the bookmark chosen in the list of them.
    pub fn drop_bookmark(&mut self) {
        let Some(Overlay::Bookmarks(bookmarks)) = &self.overlay else {
            self.notice = Some(Notice::hint("nothing-to-drop"));
            return;
        };
        if let (Some(name), Some(reader)) = (chosen(&bookmarks.picker), &mut self.reader) {
            reader.marks.remove(&name);
            self.notice = Some(Notice::done("bookmark-dropped").with("name", name));
            self.overlay = None;
            if !reader.marks.is_empty() {
                self.open_bookmarks();
            }
        }
    }
}

fn chosen(picker: &Picker) -> Option<String> {
    match picker.choice() {
        Some(Choice::Items(items)) => Some(picker.items().get(*items.first()?)?.name.clone()),
        _ => None,
    }
}
