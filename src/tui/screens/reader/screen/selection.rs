//! Selecting text by chars and by units.

use super::ReaderScreen;
use crate::tui::screens::reader::text_unit::unit_at;
use crate::tui::state::{Selection, TextUnit};
use pizhu_text::text::Span;

impl ReaderScreen {
    /// The selected span.
    #[must_use]
    pub fn selected(&self) -> Option<Span> {
        self.selection.as_ref().map(|selection| selection.span).filter(|span| !span.is_empty())
    }

    /// The selected span, unless it only stays from being tagged.
    #[must_use]
    pub(crate) fn new_selection(&self) -> Option<Span> {
        self.selected().filter(|_| self.selection.as_ref().is_some_and(|selection| selection.tagged_at.is_none()))
    }

    /// Starts a selection at the cursor, or clears it.
    pub(crate) fn toggle_char_selection(&mut self) {
        if self.selection.take().is_none() {
            self.select_from(self.viewport.cursor());
        }
    }

    /// Selects from `anchor` to the cursor.
    pub(crate) fn select_from(&mut self, anchor: usize) {
        self.selection = Some(Selection { anchor, span: Span::empty(anchor), tagged_at: None, unit: None, shrink_stack: Vec::new() });
        self.sync_to_cursor();
    }

    /// Selects the unit at the cursor; if one of this kind is selected, extends it by the next. Returns
    /// whether anything changed.
    pub(crate) fn select_unit(&mut self, unit: TextUnit) -> bool {
        let before = self.selected();
        let extended =
            self.selection.as_ref().filter(|selection| selection.unit == Some(unit) && unit != TextUnit::Section).and_then(|selection| {
                let next = unit_at(self.document(), unit, skip_gap(self, selection.span.end))?;
                (next.end > selection.span.end).then(|| selection.span.hull(next))
            });
        let span = match extended {
            Some(span) => span,
            None if before.is_some() && self.selection.as_ref().is_some_and(|selection| selection.unit == Some(unit)) => return false,
            None => match unit_at(self.document(), unit, self.viewport.cursor()) {
                Some(span) => span,
                None => return false,
            },
        };
        self.select_span(span, Some(unit), Vec::new());
        self.selected() != before
    }

    /// Grows the selection to the next larger unit; returns whether there is one.
    pub(crate) fn grow_selection(&mut self) -> bool {
        let cursor = self.viewport.cursor();
        let now = self.selected().unwrap_or(Span::empty(cursor));
        let document = self.document();
        let larger = |span: &Span| span.covers(now) && span.len() > now.len();
        let unit = TextUnit::ALL.into_iter().find_map(|unit| unit_at(document, unit, now.start).filter(larger).map(|span| (unit, span)));
        let section = || {
            let id = document.outline.section_at(now.start)?;
            let mut above = document.outline.ancestors(id).filter_map(|id| document.outline.get(id));
            above.find_map(|section| Some((TextUnit::Section, trim_end(self, section.span))).filter(|(_, span)| larger(span)))
        };
        let Some((unit, span)) = unit.or_else(section) else { return false };
        let mut smaller = self.selection.take().map(|selection| selection.shrink_stack).unwrap_or_default();
        if !now.is_empty() {
            smaller.push(now);
        }
        self.select_span(span, Some(unit), smaller);
        true
    }

    /// Shrinks the selection to what it was before growing, else to the largest smaller unit with the
    /// same start; returns whether there is one.
    pub(crate) fn shrink_selection(&mut self) -> bool {
        let Some(now) = self.selected() else { return false };
        let mut smaller = self.selection.as_ref().map(|selection| selection.shrink_stack.clone()).unwrap_or_default();
        let inside = smaller.pop().or_else(|| {
            let units = TextUnit::ALL.into_iter().rev().filter_map(|unit| unit_at(self.document(), unit, now.start));
            units.filter(|span| now.covers(*span) && span.len() < now.len()).max_by_key(|span| span.len())
        });
        let Some(span) = inside else { return false };
        self.select_span(span, None, smaller);
        true
    }

    /// Swaps anchor and head; returns whether there is a selection.
    pub(crate) fn swap_ends(&mut self) -> bool {
        let Some(selection) = &mut self.selection else { return false };
        let cursor = self.viewport.cursor();
        let to = std::mem::replace(&mut selection.anchor, cursor);
        self.reveal(to);
        true
    }

    /// Selects a span. The cursor goes to its last grapheme, or to its first if the span is higher than
    /// the screen.
    pub(crate) fn select_span(&mut self, span: Span, unit: Option<TextUnit>, smaller: Vec<Span>) {
        if span.is_empty() {
            return;
        }
        self.viewport.go_to(span.end - 1);
        let last = self.viewport.cursor();
        self.viewport.go_to(span.start);
        let first = self.viewport.cursor();
        let fits = self.viewport.cell_at(last).is_some();
        let anchor = if fits { first } else { last };
        if fits {
            self.viewport.go_to(last);
        }
        self.selection = Some(Selection { anchor, span, tagged_at: None, unit, shrink_stack: smaller });
        self.sync_to_cursor();
    }

    /// The sentence that a span begins in, with all of the span.
    #[must_use]
    pub(crate) fn sentence_around(&self, span: Span) -> Span {
        unit_at(self.document(), TextUnit::Sentence, span.start).map_or(span, |sentence| sentence.hull(span))
    }

    /// The word at the cursor.
    #[must_use]
    pub(crate) fn word_under_cursor(&self) -> Option<Span> {
        unit_at(self.document(), TextUnit::Word, self.viewport.cursor())
    }
}

/// The next char at or after `offset` that is not white space, since units are separated by it.
fn skip_gap(reader: &ReaderScreen, offset: usize) -> usize {
    reader.document().source.chars_from(offset).find(|(_, c)| !c.is_whitespace()).map_or(offset, |(at, _)| at)
}

/// A span without trailing white space.
fn trim_end(reader: &ReaderScreen, span: Span) -> Span {
    let last = reader.document().source.chars_before(span.end).find(|(at, c)| *at < span.start || !c.is_whitespace());
    last.map_or(span, |(at, _)| Span::new(span.start, (at + 1).max(span.start)))
}
