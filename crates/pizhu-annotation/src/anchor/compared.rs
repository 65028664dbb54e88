//! Anchors annotations by a comparison of the text they were placed in with the present one.

use super::{
    boundaries::classify,
    comparison::Placement,
    normalized_text::SignificantChars,
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
        Placement::Gone => Resolution::orphaned(),
        Placement::Undecided(proposed) => {
            let found = by_selector();
            match found.span {
                Some(span) if has_same_surroundings(document, selector, span) => found,
                Some(span) => Resolution::review(proposed.unwrap_or(span)),
                None => proposed.map_or(found, Resolution::review),
            }
        }
    }
}

/// Whether the letters and digits at `span` and around it are those of the selector.
fn has_same_surroundings(document: &Document, selector: &Selector, span: Span) -> bool {
    let Some(there) = Selector::for_passage(document, span) else { return false };
    let same = |one: &str, other: &str| SignificantChars::from_text(one) == SignificantChars::from_text(other);
    same(&there.quote, &selector.quote) && same(&there.before, &selector.before) && same(&there.after, &selector.after)
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
    match comparison.place(selector.span()) {
        Placement::Gone => Resolution::orphaned(),
        Placement::Found(heading) => match section_with(document, &comparison.letters_left(selector.span())) {
            Some((id, section)) => found(document, selector, id, section),
            None => Resolution::found(AnchorStatus::Changed, Span::new(heading.start, end_of_words(document, selector, heading, compared))),
        },
        Placement::Undecided(proposed) => {
            let found = by_selector();
            let section = found.section.and_then(|id| document.outline.get(id));
            let is_same = section.is_some_and(|section| has_same_surroundings(document, selector, section.heading));
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

/// The section whose heading has most of the letters at these offsets, and little else.
fn section_with<'a>(document: &'a Document, letters: &[usize]) -> Option<(SectionId, Section<'a>)> {
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
    let own = document.quote(section.heading).chars().filter(|c| c.is_alphanumeric()).count();
    (2 * count > letters.len() && 3 * count >= own).then_some((SectionId(u32::try_from(index).ok()?), section))
}

fn found(document: &Document, selector: &Selector, id: SectionId, section: Section<'_>) -> Resolution {
    let status = match classify(document, selector, section.heading) {
        AnchorStatus::Exact if section.heading != selector.span() => AnchorStatus::Moved,
        status => status,
    };
    Resolution { section: Some(id), ..Resolution::found(status, section.span) }
}
