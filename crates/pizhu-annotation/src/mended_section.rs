//! Sections of documents whose outline is mended.

use super::anchor::Resolution;
use pizhu_text::document::{Document, SectionId};
use pizhu_text::text::Span;

/// The words of a section, without the white space after them.
pub(crate) fn passage_of(document: &Document, section: Span) -> Span {
    let last = document.source.chars_before(section.end).take(section.len()).find(|(_, c)| !c.is_whitespace());
    Span::new(section.start, last.map_or(section.end, |(at, _)| at + 1))
}

/// The section whose heading begins in `at`, or that `at` begins in.
pub(crate) fn section_at(document: &Document, at: Span) -> Option<SectionId> {
    let sections = document.outline.sections();
    let next = sections.lower_bound(at.start);
    let id = |index: usize| u32::try_from(index).ok().map(SectionId);
    if sections.get(next).is_some_and(|section| section.heading.start < at.end) {
        return id(next);
    }
    next.checked_sub(1).filter(|above| sections.get(*above).is_some_and(|section| section.heading.overlaps(at))).and_then(id)
}

/// The section whose heading begins at `start`.
pub(crate) fn section_starting_at(document: &Document, start: usize) -> Option<SectionId> {
    let index = document.outline.sections().lower_bound(start);
    document.outline.sections().get(index).filter(|section| section.heading.start == start)?;
    u32::try_from(index).ok().map(SectionId)
}

/// The annotation of a section in a document whose outline is mended: `found` as the mended outline
/// shows it, or else on the section that the parsed one shows, wherever that has gone.
pub(crate) fn place_section(document: &Document, found: Resolution, in_parsed: impl FnOnce(&Document) -> Resolution) -> Resolution {
    let Some(mending) = document.mending.as_ref().filter(|_| found.section.is_none()) else { return found };
    let parsed = document.parsed();
    let there = in_parsed(&parsed);
    let Some(heading) = there.section.and_then(|id| parsed.outline.get(id)).map(|section| section.heading) else { return found };
    if let Some(id) = section_starting_at(document, heading.start) {
        let span = document.outline.get(id).map(|section| section.span);
        return Resolution { section: Some(id), span, ..there };
    }
    let removed = mending.removed().iter().find(|removed| removed.heading == heading);
    match removed {
        Some(removed) => Resolution { section: None, span: Some(passage_of(document, removed.span)), proposed: None, status: there.status },
        None => found,
    }
}
