//! The letters of a speech that are compared, section by section.

use pizhu_text::document::{Document, ParagraphKind, SectionId};
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold;
use std::ops::Range;

/// A speech reduced to its folded letters, digits and hanzi, each with its place in the source.
///
/// Markers of sections, title, date, salutation, boilerplate, page marks and glosses are left out. A
/// heading that was restored is compared as restored; all of its letters stand for the heading in the
/// source.
#[derive(Debug, Default)]
pub(super) struct SpeechLetters {
    pub(super) letters: Vec<char>,
    /// Source char offset of each letter, and of its end.
    places: Vec<(u32, u32)>,
    /// What stands before the first section, then the sections in reading order.
    pub(super) sections: Vec<SectionLetters>,
}

/// The letters of a section.
#[derive(Debug, Clone, Default)]
pub(super) struct SectionLetters {
    /// The section; `None` for what stands before the first.
    pub(super) id: Option<SectionId>,
    /// Index of the enclosing section.
    pub(super) parent: Option<usize>,
    pub(super) depth: u16,
    /// Its own text in the source: up to the next section's heading, whichever that is.
    pub(super) span: Span,
    /// The letters of its own text.
    pub(super) own: Range<usize>,
    /// The letters of its title, the first of its own text.
    pub(super) title: Range<usize>,
    /// Index after the last section below it.
    pub(super) subtree_end: usize,
}

impl SpeechLetters {
    pub(super) fn new(document: &Document) -> Self {
        let outline = &document.outline;
        let mut sections = vec![SectionLetters { subtree_end: 1, ..SectionLetters::default() }];
        for (id, section) in outline.iter() {
            let index = id.index() + 1;
            sections.push(SectionLetters {
                id: Some(id),
                parent: section.parent.map(|parent| parent.index() + 1),
                depth: section.depth,
                span: Span::empty(section.span.start),
                subtree_end: index + 1,
                ..SectionLetters::default()
            });
        }
        let end = document.source.len();
        for index in (0..sections.len()).rev() {
            sections[index].span.end = sections.get(index + 1).map_or(end, |next| next.span.start);
            if let Some(parent) = sections[index].parent {
                sections[parent].subtree_end = sections[parent].subtree_end.max(sections[index].subtree_end);
            }
        }
        let mut text = Self { letters: Vec::new(), places: Vec::new(), sections };
        text.read(document);
        text
    }

    /// Fills in the letters, in one pass over the source.
    fn read(&mut self, document: &Document) {
        let is_left_out = |kind: &ParagraphKind| {
            use ParagraphKind::{Boilerplate, Metadata, Salutation, Title};
            matches!(kind, Title | Metadata | Salutation | Boilerplate)
        };
        let paragraphs = document.paragraphs.iter().filter(|paragraph| is_left_out(&paragraph.kind)).map(|paragraph| paragraph.span);
        let removed = document.cleaning.removed().iter().map(|removed| removed.span);
        let mut left_out: Vec<Span> = paragraphs.chain(removed).collect();
        left_out.sort_unstable_by_key(|span| span.start);
        let mut left_out = left_out.into_iter().peekable();
        let mut until = 0;
        let mut index = 0;
        let mut heading = HeadingPlace::default();
        for (at, c) in document.source.chars_from(0) {
            while self.sections.get(index + 1).is_some_and(|next| next.span.start <= at) {
                self.end_section(index, heading.end);
                index += 1;
                heading = self.start_section(document, index);
            }
            while let Some(span) = left_out.next_if(|span| span.start <= at) {
                until = until.max(span.end);
            }
            if at >= until && at >= heading.first_letter && c.is_alphanumeric() {
                self.push(fold(c), at, at + 1);
            }
        }
        self.end_section(index, heading.end);
        for index in index + 1..self.sections.len() {
            let heading = self.start_section(document, index);
            self.end_section(index, heading.end);
        }
    }

    fn start_section(&mut self, document: &Document, index: usize) -> HeadingPlace {
        let start = self.letters.len();
        self.sections[index].own = start..start;
        let Some(section) = self.sections[index].id.and_then(|id| document.outline.get(id)) else { return HeadingPlace::default() };
        let end = section.heading.end;
        let Some(title) = section.repaired_title else { return HeadingPlace { first_letter: section.marker.end, end } };
        for c in title.chars().filter(|c| c.is_alphanumeric()) {
            self.push(fold(c), section.heading.start, end);
        }
        HeadingPlace { first_letter: end, end }
    }

    fn end_section(&mut self, index: usize, heading_end: usize) {
        let letters = self.letters.len();
        let section = &mut self.sections[index];
        section.own.end = letters;
        let title = self.places[section.own.clone()].partition_point(|(start, _)| (*start as usize) < heading_end);
        section.title = section.own.start..section.own.start + if index == 0 { 0 } else { title };
    }

    fn push(&mut self, letter: char, start: usize, end: usize) {
        self.letters.push(letter);
        self.places.push((u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX)));
    }

    /// The letters of a section's own text.
    pub(super) fn own(&self, section: usize) -> &[char] {
        &self.letters[self.sections[section].own.clone()]
    }

    /// The letters of a section's title.
    pub(super) fn title(&self, section: usize) -> &[char] {
        &self.letters[self.sections[section].title.clone()]
    }

    /// The letters of a section with all below it.
    pub(super) fn whole(&self, section: usize) -> Range<usize> {
        let section = &self.sections[section];
        section.own.start..self.sections[section.subtree_end - 1].own.end
    }

    /// The indices of the sections directly below one, or of the topmost ones.
    pub(super) fn children(&self, parent: Option<usize>) -> impl Iterator<Item = usize> {
        let (mut next, end) = parent.map_or((1, self.sections.len()), |parent| (parent + 1, self.sections[parent].subtree_end));
        std::iter::from_fn(move || {
            let child = Some(next).filter(|next| *next < end)?;
            next = self.sections[child].subtree_end;
            Some(child)
        })
    }

    /// The span in the source of letters of one section; of none, the empty span after the letter before
    /// them in that section.
    pub(super) fn source_span(&self, section: usize, letters: &Range<usize>) -> Span {
        let place = |letter: usize| self.places.get(letter).map(|(start, end)| (*start as usize, *end as usize));
        if let Some((start, _)) = place(letters.start).filter(|_| !letters.is_empty()) {
            return Span::new(start, place(letters.end - 1).map_or(start, |(_, end)| end.max(start)));
        }
        let section = &self.sections[section];
        let before = letters.start.checked_sub(1).filter(|before| section.own.contains(before)).and_then(place);
        Span::empty(
            before
                .map_or_else(|| section.own.clone().next().and_then(place).map_or(section.span.start, |(start, _)| start), |(_, end)| end),
        )
    }

    /// What decides which of two speeches is compared with the other, so that the result is the same
    /// either way round.
    pub(super) fn order_key(&self) -> (&[char], Vec<usize>, &[(u32, u32)]) {
        (&self.letters, self.sections.iter().map(|section| section.span.start).collect(), &self.places)
    }
}

/// Where the letters of a section begin, and where its heading ends.
#[derive(Debug, Clone, Copy, Default)]
struct HeadingPlace {
    first_letter: usize,
    end: usize,
}
