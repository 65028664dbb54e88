//! Anchors annotations by a comparison of the text they were placed in with the present one.

use super::{
    boundaries::{classify, stands_as_before},
    comparison::Placement,
    past_text::ComparedText,
    resolution::{AnchorStatus, Resolution},
};
use crate::selector::Selector;
use pizhu_text::document::{Document, Section, SectionId};
use pizhu_text::text::{SourceText, Span};
use std::collections::BTreeMap;

/// Where the passage went. Where the comparison cannot decide, its quote with the whole context on
/// both sides does (`by_selector`).
pub(super) fn passage(
    document: &Document,
    selector: &Selector,
    compared: ComparedText<'_>,
    by_selector: impl FnOnce() -> Resolution,
) -> Resolution {
    match compared.comparison.place(selector.span()) {
        Placement::Found(span) => {
            let span = with_white_space(&document.source, selector, span);
            Resolution::found(classify(document, selector, span), span)
        }
        Placement::Gone => {
            // With all that was around it, it was copied, and the original is what was taken apart.
            let found = by_selector();
            let is_whole = found.span.is_some_and(|span| stands_as_before(document, selector, span));
            if is_whole { found } else { Resolution::orphaned() }
        }
        Placement::Undecided(proposed) => {
            let found = by_selector();
            match found.span {
                Some(span) if stands_as_before(document, selector, span) => found,
                Some(span) => Resolution::review(proposed.unwrap_or(span)),
                None => proposed.map_or(found, Resolution::review),
            }
        }
    }
}

/// `span` with the white space at its ends that the quote has there, too.
fn with_white_space(source: &SourceText, selector: &Selector, span: Span) -> Span {
    let lead: Vec<char> = selector.quote.chars().take_while(|c| c.is_whitespace()).collect();
    let trail = selector.quote.chars().rev().take_while(|c| c.is_whitespace()).count();
    let trail = selector.quote.chars().rev().take(trail).collect::<Vec<char>>();
    let start = source.chars_before(span.start).zip(lead.iter().rev()).take_while(|((_, c), own)| c == *own).count();
    let end = source.chars_from(span.end).zip(trail.iter().rev()).take_while(|((_, c), own)| c == *own).count();
    Span::new(span.start - start, span.end + end)
}

/// Where the section went: to the one whose heading has the letters of its heading. If the outline has
/// none, its heading and the words below it are still there, without being a section.
pub(super) fn section(
    document: &Document,
    selector: &Selector,
    compared: ComparedText<'_>,
    by_selector: impl FnOnce() -> Resolution,
) -> Resolution {
    let comparison = compared.comparison;
    let span = selector.span();
    let all = selector.quote.chars().filter(|c| c.is_alphanumeric()).count();
    // Without a section to show it, words that are there twice, or without their beginning, are nobody's.
    let is_nobodys = || (comparison.is_repeated(span) && !comparison.is_settled(span)) || comparison.is_parted_from_start(span);
    let words_at = |heading: Span| {
        Resolution::found(AnchorStatus::Changed, Span::new(heading.start, end_of_words(document, selector, heading, compared)))
    };
    match comparison.place(span) {
        Placement::Gone => Resolution::orphaned(),
        Placement::Found(heading) => match section_with(document, &comparison.letters_left(span), all) {
            Some(Titled { id, section, is_it: true }) => found(document, selector, id, section),
            None if !is_nobodys() => words_at(heading),
            _ => Resolution::review(heading),
        },
        Placement::Undecided(proposed) => {
            let is_same = |section: Section<'_>| stands_as_before(document, selector, section.heading);
            // With all that was around it, it is as good as any other.
            let whole = comparison.whole_heading(span).and_then(|letters| section_with(document, &letters, all));
            if let Some(Titled { id, section, .. }) = whole.filter(|titled| is_same(titled.section)) {
                return found(document, selector, id, section);
            }
            let letters = comparison.heading_letters(span);
            if let Some([first, .., last]) = letters.as_deref() {
                match section_with(document, letters.as_deref().unwrap_or_default(), all) {
                    Some(Titled { id, section, is_it: true }) => return found(document, selector, id, section),
                    None if comparison.has_clear_start(span) && !is_nobodys() => return words_at(Span::new(*first, last + 1)),
                    _ => {}
                }
            }
            let found = by_selector();
            let section = found.section.and_then(|id| document.outline.get(id));
            let is_same = section.is_some_and(is_same);
            match found.span.or(found.proposed).or(proposed) {
                Some(_) if is_same => found,
                Some(span) => Resolution::review(span),
                None => Resolution::orphaned(),
            }
        }
    }
}

/// Where the words below a heading end that is at `heading` and no longer one of the outline: where the
/// section's last words went, but before the next heading if they are not below it any more.
fn end_of_words(document: &Document, selector: &Selector, heading: Span, compared: ComparedText<'_>) -> usize {
    let sections = document.outline.sections();
    let next = sections.partition_point(|section| section.heading.start < heading.end);
    let next = sections.get(next).map_or(document.source.len(), |section| section.heading.start);
    let last =
        compared.end_of_section(selector.span()).and_then(|end| end.checked_sub(1)).and_then(|last| compared.comparison.nearest(last));
    match last {
        Some(last) if last >= heading.end => last + 1,
        _ => next.max(heading.end),
    }
}

/// Chars that a heading's first ones may be before those that are taken for the heading now.
const MAX_BROKEN: usize = 64;

/// A section whose heading has most of some letters.
#[derive(Debug, Clone, Copy)]
struct Titled<'a> {
    id: SectionId,
    section: Section<'a>,
    /// Whether they are half of it, or a third and its beginning, and it has the first of them, or most of all where that is
    /// just before it: it is the beginning of a heading that makes it one, not some words of it.
    is_it: bool,
}

/// The section whose heading has most of the letters at these offsets, and little else. `all` is how many they were.
fn section_with<'a>(document: &'a Document, letters: &[usize], all: usize) -> Option<Titled<'a>> {
    let sections = document.outline.sections();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for at in letters {
        let next = sections.partition_point(|section| section.heading.start <= *at);
        if let Some(index) = next.checked_sub(1)
            && sections.get(index).is_some_and(|section| section.heading.contains(*at))
        {
            *counts.entry(index).or_default() += 1;
        }
    }
    let (index, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let section = sections.get(index)?;
    let own = document.source.chars_from(section.heading.start).take_while(|(at, _)| *at < section.heading.end);
    let own: Vec<usize> = own.filter(|(_, c)| c.is_alphanumeric()).map(|(at, _)| at).collect();
    // What came after it has joined it.
    let begins = own.first() == letters.first();
    let own = own.len();
    let id = SectionId(u32::try_from(index).ok()?);
    let has_first = letters.first().is_some_and(|first| {
        let is_before = *first < section.heading.start && section.heading.start - first <= MAX_BROKEN;
        section.heading.contains(*first) || (is_before && 2 * count > all)
    });
    (2 * count > letters.len() && 5 * count >= 2 * own).then_some(Titled {
        id,
        section,
        is_it: has_first && (2 * count >= own || (begins && 3 * count >= own)),
    })
}

fn found(document: &Document, selector: &Selector, id: SectionId, section: Section<'_>) -> Resolution {
    let status = match classify(document, selector, section.heading) {
        AnchorStatus::Exact if section.heading != selector.span() => AnchorStatus::Moved,
        status => status,
    };
    Resolution { section: Some(id), ..Resolution::found(status, section.span) }
}

#[cfg(test)]
mod tests;
