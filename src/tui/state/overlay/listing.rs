//! The list of the annotations of a speech: all, those with notes, or those that hold some words.

use super::Overlay;
use pizhu_annotation::AnnotationId;
use pizhu_text::text::fold::fold_text;
use crate::tui::state::Mark;
use crate::tui::state::Notice;
use crate::tui::state::Reader;
use crate::tui::state::State;
use crate::tui::widget::List;
use crate::tui::widget::inside;

/// The list.
///
/// Invariant: `list` is a place among what [`Listing::marks`] gives.
#[derive(Debug, Default)]
pub struct Listing {
    /// The position in the list.
    pub list: List,
    /// Whether only annotations with notes are listed, the notes first.
    pub notes_only: bool,
    filter: String,
}

impl Listing {
    /// What tags, notes or quotes must hold.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The annotations listed, in order.
    #[must_use]
    pub fn marks<'a>(&self, reader: &'a Reader) -> Vec<&'a Mark> {
        let wanted = fold_text(self.filter.trim());
        let holds = |mark: &&Mark| {
            let annotation = &mark.annotation;
            wanted.is_empty()
                || fold_text(&annotation.note).contains(&wanted)
                || fold_text(&annotation.selector.quote).contains(&wanted)
                || reader.notes.tags(annotation).iter().any(|tag| fold_text(tag).contains(&wanted))
        };
        reader.notes.all().iter().filter(|mark| !self.notes_only || !mark.annotation.note.is_empty()).filter(holds).collect()
    }

    /// Lists only what holds `filter`.
    pub fn set_filter(&mut self, filter: &str, reader: &Reader) {
        filter.clone_into(&mut self.filter);
        self.list.select(0, self.marks(reader).len(), 1);
    }
}

impl State {
    /// Shows all annotations of the speech, the one nearest before the cursor selected.
    pub fn open_annotations(&mut self, notes_only: bool) {
        if matches!(self.overlay, Some(Overlay::Annotations(_))) {
            self.leave_overlay();
            return;
        }
        let Some(reader) = &self.reader else { return };
        let mut listing = Listing { notes_only, ..Listing::default() };
        let marks = listing.marks(reader);
        if marks.is_empty() {
            let id = match (reader.notes.is_loaded(), notes_only) {
                (false, _) => "annotations-not-loaded",
                (true, true) => "no-notes",
                (true, false) => "no-annotations",
            };
            self.notice = Some(Notice::hint(id));
            return;
        }
        let cursor = reader.viewport.cursor();
        let here = marks.iter().rposition(|mark| mark.span.is_some_and(|span| span.start <= cursor)).unwrap_or(0);
        listing.list.select(here, marks.len(), self.listing_height());
        self.overlay = Some(Overlay::Annotations(listing));
    }

    /// Lists only annotations with notes, or all again.
    pub fn toggle_notes_only(&mut self) {
        let height = self.listing_height();
        let Some(Overlay::Annotations(listing)) = &mut self.overlay else { return };
        let Some(reader) = &self.reader else { return };
        let selected = listing.marks(reader).get(listing.list.selected()).map(|mark| mark.annotation.id);
        listing.notes_only = !listing.notes_only;
        let marks = listing.marks(reader);
        let at = marks.iter().position(|mark| Some(mark.annotation.id) == selected).unwrap_or(0);
        listing.list.select(at, marks.len(), height);
        let id = if listing.notes_only { "notes-only" } else { "all-annotations" };
        self.notice = Some(Notice::done(id).with("count", marks.len()));
    }

    /// Keeps the place in the list among what is there, after annotations have come or gone.
    pub fn settle_listing(&mut self) {
        for overlay in [&mut self.overlay, &mut self.beneath] {
            if let (Some(Overlay::Annotations(listing)), Some(reader)) = (overlay, &self.reader) {
                let count = listing.marks(reader).len();
                listing.list.select(listing.list.selected(), count, inside(self.size.full()).height);
            }
        }
    }

    /// How many annotations the list holds.
    #[must_use]
    pub fn listed_count(&self) -> usize {
        match (&self.overlay, &self.reader) {
            (Some(Overlay::Annotations(listing)), Some(reader)) => listing.marks(reader).len(),
            _ => 0,
        }
    }

    /// Moves in the list of annotations; whether the selected one is another.
    pub fn select_annotation_by(&mut self, steps: isize) -> bool {
        let (count, height) = (self.listed_count(), self.listing_height());
        let Some(Overlay::Annotations(listing)) = &mut self.overlay else { return false };
        let before = listing.list.selected();
        listing.list.step(steps, count, height);
        listing.list.selected() != before
    }

    fn listing_height(&self) -> u16 {
        inside(self.size.full()).height
    }

    /// Goes to the selected annotation of the list, which is left.
    pub fn go_to_listed(&mut self) {
        let Some(id) = self.listed_annotation() else {
            self.notice = Some(Notice::hint("no-annotations"));
            return;
        };
        let place = self.reader.as_ref().and_then(|reader| reader.notes.place(id));
        match place {
            Some(span) => {
                self.overlay = None;
                if let Some(reader) = &mut self.reader {
                    reader.jump_to(span.start);
                }
                self.arrange();
            }
            None => self.notice = Some(Notice::hint("annotation-has-no-place")),
        }
    }

    /// The selected annotation of the list.
    #[must_use]
    pub fn listed_annotation(&self) -> Option<AnnotationId> {
        let Some(Overlay::Annotations(listing)) = &self.overlay else { return None };
        let marks = listing.marks(self.reader.as_ref()?);
        marks.get(listing.list.selected()).map(|mark| mark.annotation.id)
    }
}
