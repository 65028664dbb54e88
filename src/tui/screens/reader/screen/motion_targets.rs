//! Targets of motions: words, clauses, sentences, paragraphs, sections, annotations, chars.

use super::{Focus, ReaderScreen};
use crate::tui::state::TextUnit;
use crate::tui::screens::reader::text_unit::unit_at;
use pizhu_text::document::Section;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;

/// Maximum distance of a char search, in chars: more than a screenful.
const MAX_FIND_DISTANCE: usize = 20_000;

impl ReaderScreen {
    fn cursor(&self) -> usize {
        self.viewport.cursor()
    }

    /// Start of the next unit after the cursor's.
    fn next_unit(&self, unit: TextUnit) -> Option<usize> {
        let document = self.document();
        let mut at = unit_at(document, unit, self.cursor()).map_or(self.cursor() + 1, |span| span.end);
        at = at.max(self.cursor() + 1);
        let (at, _) = document.source.chars_from(at).find(|(_, c)| !c.is_whitespace())?;
        Some(unit_at(document, unit, at).map_or(at, |span| span.start.max(at)))
    }

    /// Start of the cursor's unit; if the cursor is there already, of the previous one.
    fn previous_unit(&self, unit: TextUnit) -> Option<usize> {
        let document = self.document();
        let here = unit_at(document, unit, self.cursor()).map(|span| span.start).filter(|start| *start < self.cursor());
        here.or_else(|| {
            let (at, _) = document.source.chars_before(self.cursor()).find(|(_, c)| !c.is_whitespace())?;
            Some(unit_at(document, unit, at).map_or(at, |span| span.start))
        })
    }

    /// Start of the next word.
    #[must_use]
    pub(crate) fn next_word(&self) -> Option<usize> {
        self.next_unit(TextUnit::Word)
    }

    /// Start of this or the previous word.
    #[must_use]
    pub(crate) fn previous_word(&self) -> Option<usize> {
        self.previous_unit(TextUnit::Word)
    }

    /// Last char of this or the next word.
    #[must_use]
    pub(crate) fn word_end(&self) -> Option<usize> {
        let document = self.document();
        let end = |offset| unit_at(document, TextUnit::Word, offset).map(|span| span.end.saturating_sub(1));
        end(self.cursor()).filter(|end| *end > self.cursor()).or_else(|| end(self.next_word()?))
    }

    /// Start of the next clause.
    #[must_use]
    pub(crate) fn next_clause(&self) -> Option<usize> {
        self.next_unit(TextUnit::Clause)
    }

    /// Start of this or the previous clause.
    #[must_use]
    pub(crate) fn previous_clause(&self) -> Option<usize> {
        self.previous_unit(TextUnit::Clause)
    }

    /// Start of the next sentence.
    #[must_use]
    pub(crate) fn next_sentence(&self) -> Option<usize> {
        self.next_unit(TextUnit::Sentence)
    }

    /// Start of this or the previous sentence.
    #[must_use]
    pub(crate) fn previous_sentence(&self) -> Option<usize> {
        self.previous_unit(TextUnit::Sentence)
    }

    /// Start of the next visible paragraph.
    #[must_use]
    pub(crate) fn next_paragraph(&self) -> Option<usize> {
        let paragraphs = &self.document().paragraphs;
        let here = self.document().paragraph_at(self.cursor())?;
        (here + 1..paragraphs.len()).find(|index| self.viewport.flow().is_shown(*index)).map(|index| paragraphs[index].span.start)
    }

    /// Start of this or the previous visible paragraph.
    #[must_use]
    pub(crate) fn previous_paragraph(&self) -> Option<usize> {
        let paragraphs = &self.document().paragraphs;
        let here = self.document().paragraph_at(self.cursor())?;
        let start = |index: usize| paragraphs[index].span.start;
        if start(here) < self.cursor() {
            return Some(start(here));
        }
        (0..here).rev().find(|index| self.viewport.flow().is_shown(*index)).map(start)
    }

    /// Start of the next section that `fits`, or of the previous one if `back`.
    #[must_use]
    pub(crate) fn next_section(&self, back: bool, fits: impl Fn(&Section) -> bool) -> Option<usize> {
        let from = self.section_motion_start();
        let starts = self.document().outline.sections().iter().filter(|section| fits(section)).map(|section| section.span.start);
        if back { starts.take_while(|start| *start < from).last() } else { starts.into_iter().find(|start| *start > from) }
    }

    /// Origin of section motions: the cursor; with the outline focused, its selected section.
    fn section_motion_start(&self) -> usize {
        match (self.focus, self.outline.selected()) {
            (Focus::Outline, Some(id)) => self.document().outline.get(id).map_or(self.cursor(), |section| section.span.start),
            _ => self.cursor(),
        }
    }

    fn section_here(&self) -> Option<SectionId> {
        match self.focus {
            Focus::Outline => self.outline.selected(),
            Focus::Text => self.document().outline.section_at(self.cursor()),
        }
    }

    /// Start of the next or previous section with the same parent.
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

    /// Start of the enclosing section; inside a section, of this one.
    #[must_use]
    pub fn parent(&self) -> Option<usize> {
        let outline = &self.document().outline;
        let from = self.section_motion_start();
        let above = outline.ancestors(self.section_here()?).filter_map(|id| outline.get(id)).map(|section| section.span.start);
        above.into_iter().find(|start| *start < from)
    }

    /// Start of the next or previous annotation.
    #[must_use]
    pub(crate) fn next_annotation(&self, back: bool) -> Option<usize> {
        let from = self.section_motion_start();
        let starts = self.annotations.spans().map(|span| span.start);
        if back { starts.filter(|start| *start < from).max() } else { starts.filter(|start| *start > from).min() }
    }

    /// Start of the next or previous section without tags.
    #[must_use]
    pub(crate) fn next_untagged(&self, back: bool) -> Option<usize> {
        let outline = &self.document().outline;
        let from = self.section_motion_start();
        let tagged = self.annotations.tagged_sections();
        let mut untagged = outline.iter().filter(|(id, _)| !tagged.contains(id)).map(|(_, section)| section.span.start);
        if back { untagged.take_while(|start| *start < from).last() } else { untagged.find(|start| *start > from) }
    }

    /// Offset of the `times`-th occurrence of a char after or before the cursor, ignoring script and
    /// width (`组` finds `組`) and removed text.
    #[must_use]
    pub(crate) fn find_char(&self, wanted: char, back: bool, times: usize) -> Option<usize> {
        let source = &self.document().source;
        let folded = pizhu_text::text::fold::fold(wanted);
        let same = |c: char| c == wanted || pizhu_text::text::fold::fold(c) == folded;
        let cleaning = &self.document().cleaning;
        let kept = |at: usize| cleaning.removed_in(Span::new(at, at + 1)).is_empty();
        let nth = times.saturating_sub(1);
        if back {
            source.chars_before(self.cursor()).take(MAX_FIND_DISTANCE).filter(|(at, c)| same(*c) && kept(*at)).nth(nth).map(|(at, _)| at)
        } else {
            source.chars_from(self.cursor() + 1).take(MAX_FIND_DISTANCE).filter(|(at, c)| same(*c) && kept(*at)).nth(nth).map(|(at, _)| at)
        }
    }
}
