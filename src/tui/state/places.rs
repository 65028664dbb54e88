//! Where motions go: words, clauses, sentences, paragraphs, sections, annotations, chars.

use super::{Reader, Unit};
use pizhu_text::document::Document;
use pizhu_text::document::Section;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use pizhu_text::text::segment::Passage;

/// Chars searched for the key that finds a char; enough for a screenful of paragraphs.
const FIND_CHARS: usize = 20_000;

/// The unit of a kind that holds `offset`.
pub(super) fn unit_at(document: &Document, unit: Unit, offset: usize) -> Option<Span> {
    let passage = || {
        let span = document.paragraphs.get(document.paragraph_at(offset)?)?.span;
        Some(Passage { source: &document.source, cleaning: &document.cleaning, span })
    };
    match unit {
        Unit::Word => passage()?.word_at(offset),
        Unit::Clause => passage()?.clause_at(offset),
        Unit::Sentence => passage()?.sentence_at(offset),
        Unit::Paragraph => {
            let span = document.paragraphs.get(document.paragraph_at(offset)?)?.span;
            (!span.is_empty()).then_some(span)
        }
        Unit::Section => {
            let span = document.outline.get(document.outline.at(offset)?)?.span;
            let last = document.source.chars_before(span.end).find(|(at, c)| *at < span.start || !c.is_whitespace())?;
            Some(Span::new(span.start, (last.0 + 1).max(span.start)))
        }
    }
}

impl Reader {
    fn cursor(&self) -> usize {
        self.viewport.cursor()
    }

    /// The start of the unit of a kind behind the cursor's.
    fn next_unit(&self, unit: Unit) -> Option<usize> {
        let document = self.document();
        let mut at = unit_at(document, unit, self.cursor()).map_or(self.cursor() + 1, |span| span.end);
        at = at.max(self.cursor() + 1);
        let (at, _) = document.source.chars_from(at).find(|(_, c)| !c.is_whitespace())?;
        Some(unit_at(document, unit, at).map_or(at, |span| span.start.max(at)))
    }

    /// The start of the unit under the cursor, or of the one before where the cursor is there.
    fn previous_unit(&self, unit: Unit) -> Option<usize> {
        let document = self.document();
        let here = unit_at(document, unit, self.cursor()).map(|span| span.start).filter(|start| *start < self.cursor());
        here.or_else(|| {
            let (at, _) = document.source.chars_before(self.cursor()).find(|(_, c)| !c.is_whitespace())?;
            Some(unit_at(document, unit, at).map_or(at, |span| span.start))
        })
    }

    /// The next word's start.
    #[must_use]
    pub fn next_word(&self) -> Option<usize> {
        self.next_unit(Unit::Word)
    }

    /// This or the previous word's start.
    #[must_use]
    pub fn previous_word(&self) -> Option<usize> {
        self.previous_unit(Unit::Word)
    }

    /// This or the next word's last char.
    #[must_use]
    pub fn word_end(&self) -> Option<usize> {
        let document = self.document();
        let end = |offset| unit_at(document, Unit::Word, offset).map(|span| span.end.saturating_sub(1));
        end(self.cursor()).filter(|end| *end > self.cursor()).or_else(|| end(self.next_word()?))
    }

    /// The next clause's start.
    #[must_use]
    pub fn next_clause(&self) -> Option<usize> {
        self.next_unit(Unit::Clause)
    }

    /// This or the previous clause's start.
    #[must_use]
    pub fn previous_clause(&self) -> Option<usize> {
        self.previous_unit(Unit::Clause)
    }

    /// The next sentence's start.
    #[must_use]
    pub fn next_sentence(&self) -> Option<usize> {
        self.next_unit(Unit::Sentence)
    }

    /// This or the previous sentence's start.
    #[must_use]
    pub fn previous_sentence(&self) -> Option<usize> {
        self.previous_unit(Unit::Sentence)
    }

    /// The next paragraph's start that is shown.
    #[must_use]
    pub fn next_paragraph(&self) -> Option<usize> {
        let paragraphs = &self.document().paragraphs;
        let here = self.document().paragraph_at(self.cursor())?;
        (here + 1..paragraphs.len()).find(|index| self.viewport.flow().shows(*index)).map(|index| paragraphs[index].span.start)
    }

    /// This or the previous paragraph's start that is shown.
    #[must_use]
    pub fn previous_paragraph(&self) -> Option<usize> {
        let paragraphs = &self.document().paragraphs;
        let here = self.document().paragraph_at(self.cursor())?;
        let start = |index: usize| paragraphs[index].span.start;
        if start(here) < self.cursor() {
            return Some(start(here));
        }
        (0..here).rev().find(|index| self.viewport.flow().shows(*index)).map(start)
    }

    /// The start of the next section that `fits` behind the place one is at, or before it.
    #[must_use]
    pub fn next_section(&self, back: bool, fits: impl Fn(&Section) -> bool) -> Option<usize> {
        let from = self.standpoint();
        let starts = self.document().outline.sections().iter().filter(|section| fits(section)).map(|section| section.span.start);
        if back { starts.take_while(|start| *start < from).last() } else { starts.into_iter().find(|start| *start > from) }
    }

    /// Where motions by section start from: the outline's entry where that has the keys.
    fn standpoint(&self) -> usize {
        match (self.focus, self.outline.selected()) {
            (super::Focus::Outline, Some(id)) => self.document().outline.get(id).map_or(self.cursor(), |section| section.span.start),
            _ => self.cursor(),
        }
    }

    fn section_here(&self) -> Option<SectionId> {
        match self.focus {
            super::Focus::Outline => self.outline.selected(),
            super::Focus::Text => self.document().outline.at(self.cursor()),
        }
    }

    /// The start of the next section on the same level under the same parent, or of the previous.
    #[must_use]
    pub fn sibling(&self, back: bool) -> Option<usize> {
        let outline = &self.document().outline;
        let here = self.section_here()?;
        let starts: Vec<(SectionId, usize)> =
            outline.children(outline.get(here)?.parent).map(|(id, section)| (id, section.span.start)).collect();
        let at = starts.iter().position(|(id, _)| *id == here)?;
        let to = if back { at.checked_sub(1)? } else { at + 1 };
        starts.get(to).map(|(_, start)| *start)
    }

    /// The start of the section around the one one is in; of this one where one is inside it.
    #[must_use]
    pub fn parent(&self) -> Option<usize> {
        let outline = &self.document().outline;
        let from = self.standpoint();
        let above = outline.ancestors(self.section_here()?).filter_map(|id| outline.get(id)).map(|section| section.span.start);
        above.into_iter().find(|start| *start < from)
    }

    /// The start of the next annotation, or of the previous.
    #[must_use]
    pub fn next_annotation(&self, back: bool) -> Option<usize> {
        let from = self.standpoint();
        let starts = self.notes.spans().map(|span| span.start);
        if back { starts.filter(|start| *start < from).max() } else { starts.filter(|start| *start > from).min() }
    }

    /// The start of the next section with a heading of its own that has no tag, or of the
    /// previous.
    #[must_use]
    pub fn next_untagged(&self, back: bool) -> Option<usize> {
        let outline = &self.document().outline;
        let from = self.standpoint();
        let tagged = self.notes.tagged_sections();
        let mut untagged = outline.iter().filter(|(id, _)| !tagged.contains(id)).map(|(_, section)| section.span.start);
        if back { untagged.take_while(|start| *start < from).last() } else { untagged.find(|start| *start > from) }
    }

    /// The place of the `times`-th such char behind the cursor, or before it, not far off.
    #[must_use]
    pub fn find_char(&self, wanted: char, back: bool, times: usize) -> Option<usize> {
        let source = &self.document().source;
        let folded = pizhu_text::text::fold::fold(wanted);
        let same = |c: char| c == wanted || pizhu_text::text::fold::fold(c) == folded;
        let cleaning = &self.document().cleaning;
        let kept = |at: usize| cleaning.within(Span::new(at, at + 1)).is_empty();
        let nth = times.saturating_sub(1);
        if back {
            source.chars_before(self.cursor()).take(FIND_CHARS).filter(|(at, c)| same(*c) && kept(*at)).nth(nth).map(|(at, _)| at)
        } else {
            source.chars_from(self.cursor() + 1).take(FIND_CHARS).filter(|(at, c)| same(*c) && kept(*at)).nth(nth).map(|(at, _)| at)
        }
    }
}
