//! The texts in which annotations were placed before the present one.

use super::comparison::TextComparison;
use crate::selector::{Selector, is_full_context};
use pizhu_text::document::{Hints, Outline, parse};
use pizhu_text::text::{SourceText, Span};
use std::sync::{Arc, OnceLock};

/// Former versions of a document's text, each compared with it when first needed. Cheap to clone.
///
/// A selector belongs to the version that has its quote and context at its offsets, char by char: the
/// one it was made from. So several authors may have marked passages in different versions.
#[derive(Debug, Clone, Default)]
pub struct PastTexts(Arc<[PastText]>);

#[derive(Debug)]
struct PastText {
    source: SourceText,
    comparison: OnceLock<Option<TextComparison>>,
    outline: OnceLock<Outline>,
}

/// What became of the text that a selector was made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct ComparedText<'a> {
    pub(super) comparison: &'a TextComparison,
    past: &'a PastText,
}

impl ComparedText<'_> {
    /// Where the section with this heading ended in the old text, if its text alone shows it to be one.
    pub(super) fn end_of_section(&self, heading: Span) -> Option<usize> {
        let outline = self.past.outline.get_or_init(|| parse(self.past.source.clone(), &Hints::default()).outline);
        let sections = outline.sections();
        let index = sections.partition_point(|section| section.heading.start < heading.start);
        sections.get(index).filter(|section| section.heading == heading).map(|section| section.span.end)
    }
}

impl FromIterator<SourceText> for PastTexts {
    fn from_iter<T: IntoIterator<Item = SourceText>>(sources: T) -> Self {
        Self(sources.into_iter().map(|source| PastText { source, comparison: OnceLock::new(), outline: OnceLock::new() }).collect())
    }
}

impl PastTexts {
    /// The comparison of the version that `selector` was made from with `present`, which must be the
    /// same text at every call.
    pub(super) fn comparison(&self, selector: &Selector, present: &SourceText) -> Option<ComparedText<'_>> {
        let past = self.0.iter().find(|past| is_made_from(selector, &past.source))?;
        let comparison = past.comparison.get_or_init(|| TextComparison::new(&past.source, present)).as_ref()?;
        Some(ComparedText { comparison, past })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether quote and context of the selector are in the text, char by char, at the stored offsets.
pub(crate) fn is_made_from(selector: &Selector, source: &SourceText) -> bool {
    let (before, after) = (selector.before.chars().count(), selector.after.chars().count());
    !selector.span().is_empty()
        && (is_full_context(&selector.after) || source.len() == selector.end + after)
        && (is_full_context(&selector.before) || selector.start == before)
        && selector.start >= before
        && source.slice(selector.span()) == selector.quote
        && source.slice(Span::new(selector.start - before, selector.start)) == selector.before
        && source.slice(Span::new(selector.end, selector.end + after)) == selector.after
}
