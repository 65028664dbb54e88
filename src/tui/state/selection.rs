//! What is selected in the text.
//!
//! Invariants, after [`Reader::settle`]: the selection's head is the cursor; its span runs from
//! the first to behind the last grapheme of anchor and head.

use super::{Reader, places::unit_at};
use pizhu_text::text::Span;

/// What a motion or a selection goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// A word.
    Word,
    /// To the next comma.
    Clause,
    /// To the next full stop.
    Sentence,
    /// A paragraph.
    Paragraph,
    /// A section.
    Section,
}

impl Unit {
    /// From the smallest to the largest.
    const ALL: [Self; 5] = [Self::Word, Self::Clause, Self::Sentence, Self::Paragraph, Self::Section];
}

/// A selection. See the module's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The grapheme at the end that stays.
    pub anchor: usize,
    /// The chars selected.
    pub span: Span,
    /// The unit last selected by, so that it can be extended by another.
    unit: Option<Unit>,
    /// What was selected before it was grown, to be shrunk to.
    smaller: Vec<Span>,
}

impl Reader {
    /// The chars selected.
    #[must_use]
    pub fn selected(&self) -> Option<Span> {
        self.selection.as_ref().map(|selection| selection.span).filter(|span| !span.is_empty())
    }

    /// Begins a selection at the cursor, or drops the one there is.
    pub fn toggle_char_selection(&mut self) {
        if self.selection.take().is_none() {
            self.select_from(self.viewport.cursor());
        }
    }

    /// Selects from `anchor` to the cursor.
    pub fn select_from(&mut self, anchor: usize) {
        self.selection = Some(Selection { anchor, span: Span::empty(anchor), unit: None, smaller: Vec::new() });
        self.settle();
    }

    /// Selects the unit under the cursor; where one of the kind is selected already, the next
    /// one too. Whether anything changed.
    pub fn select_unit(&mut self, unit: Unit) -> bool {
        let before = self.selected();
        let extended =
            self.selection.as_ref().filter(|selection| selection.unit == Some(unit) && unit != Unit::Section).and_then(|selection| {
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

    /// Selects the next larger unit round the selection or the cursor; whether there is one.
    pub fn grow_selection(&mut self) -> bool {
        let cursor = self.viewport.cursor();
        let now = self.selected().unwrap_or(Span::empty(cursor));
        let document = self.document();
        let larger = |span: &Span| span.covers(now) && span.len() > now.len();
        let unit = Unit::ALL.into_iter().find_map(|unit| unit_at(document, unit, now.start).filter(larger).map(|span| (unit, span)));
        let section = || {
            let id = document.outline.at(now.start)?;
            let mut above = document.outline.ancestors(id).filter_map(|id| document.outline.get(id));
            above.find_map(|section| Some((Unit::Section, trimmed(self, section.span))).filter(|(_, span)| larger(span)))
        };
        let Some((unit, span)) = unit.or_else(section) else { return false };
        let mut smaller = self.selection.take().map(|selection| selection.smaller).unwrap_or_default();
        if !now.is_empty() {
            smaller.push(now);
        }
        self.select_span(span, Some(unit), smaller);
        true
    }

    /// Selects what was selected before growing, or the largest unit inside the selection that
    /// begins where it does; whether there is one.
    pub fn shrink_selection(&mut self) -> bool {
        let Some(now) = self.selected() else { return false };
        let mut smaller = self.selection.as_ref().map(|selection| selection.smaller.clone()).unwrap_or_default();
        let inside = smaller.pop().or_else(|| {
            let units = Unit::ALL.into_iter().rev().filter_map(|unit| unit_at(self.document(), unit, now.start));
            units.filter(|span| now.covers(*span) && span.len() < now.len()).max_by_key(|span| span.len())
        });
        let Some(span) = inside else { return false };
        self.select_span(span, None, smaller);
        true
    }

    /// Puts the cursor at the other end of the selection; whether there is one.
    pub fn swap_ends(&mut self) -> bool {
        let Some(selection) = &mut self.selection else { return false };
        let cursor = self.viewport.cursor();
        let to = std::mem::replace(&mut selection.anchor, cursor);
        self.reveal(to);
        true
    }

    /// Selects a span, the cursor on its last grapheme; on its first where it is higher than the
    /// screen, so that its beginning is seen.
    pub fn select_span(&mut self, span: Span, unit: Option<Unit>, smaller: Vec<Span>) {
        if span.is_empty() {
            return;
        }
        self.viewport.go(span.end - 1);
        let last = self.viewport.cursor();
        self.viewport.go(span.start);
        let first = self.viewport.cursor();
        let fits = self.viewport.place_of(last).is_some();
        let anchor = if fits { first } else { last };
        if fits {
            self.viewport.go(last);
        }
        self.selection = Some(Selection { anchor, span, unit, smaller });
        self.settle();
    }

    /// The word under the cursor.
    #[must_use]
    pub fn word_under_cursor(&self) -> Option<Span> {
        unit_at(self.document(), Unit::Word, self.viewport.cursor())
    }
}

/// The next char of the text proper at or behind `offset`: units part by white space and line
/// ends that belong to none.
fn skip_gap(reader: &Reader, offset: usize) -> usize {
    reader.document().source.chars_from(offset).find(|(_, c)| !c.is_whitespace()).map_or(offset, |(at, _)| at)
}

/// A span without the white space at its end.
pub(super) fn trimmed(reader: &Reader, span: Span) -> Span {
    let last = reader.document().source.chars_before(span.end).find(|(at, c)| *at < span.start || !c.is_whitespace());
    last.map_or(span, |(at, _)| Span::new(span.start, (at + 1).max(span.start)))
}
