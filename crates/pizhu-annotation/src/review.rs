//! Reviews: annotations whose place is uncertain or gone, with the old and the present words in
//! context.

use super::{
    anchor::AnchorStatus,
    anchor_index::AnchorIndex,
    anchored::AnchoredAnnotation,
    model::{Edit, Scope, Target},
    outline_edit::PlacedOutlineEdit,
    selector::Selector,
};
use pizhu_text::document::{Document, SectionId};
use pizhu_text::text::Span;
use pizhu_text::text::diff::diff_chars;
use serde::Serialize;

/// Chars of context shown on each side.
const SHOWN_CONTEXT_CHARS: usize = 20;

/// A quote with its place and context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuoteInContext {
    /// Path of the section, or of the innermost one containing the quote's start.
    pub section: Vec<String>,
    /// Char offset of the start.
    pub start: usize,
    /// Char offset of the end (exclusive).
    pub end: usize,
    /// The source text; for a section, its heading.
    pub quote: String,
    /// Some chars before the quote.
    pub before: String,
    /// Some chars after the quote.
    pub after: String,
}

/// Which versions contain a run of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DiffOp {
    /// Both versions.
    Same,
    /// Only the old version.
    Delete,
    /// Only the new version.
    Insert,
}

/// A run of chars of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffRun {
    /// Which versions contain it.
    pub op: DiffOp,
    /// The chars.
    pub text: String,
}

/// Whether the user has to decide about an annotation: its place is uncertain or gone, and the user
/// has not marked it as orphaned.
#[must_use]
pub fn is_unresolved(anchored: &AnchoredAnnotation) -> bool {
    matches!(anchored.status, AnchorStatus::Review | AnchorStatus::Orphaned) && !anchored.annotation.selector.orphaned
}

/// The annotations the user has to decide about, in order.
pub fn unresolved(anchors: &AnchorIndex) -> impl Iterator<Item = &AnchoredAnnotation> {
    anchors.iter().filter(|anchored| is_unresolved(anchored))
}

/// The words marked originally.
#[must_use]
pub fn original_quote(anchored: &AnchoredAnnotation) -> QuoteInContext {
    described_quote(&anchored.annotation.selector)
}

/// The words that a selector describes.
#[must_use]
pub fn described_quote(selector: &Selector) -> QuoteInContext {
    let skipped = selector.before.chars().count().saturating_sub(SHOWN_CONTEXT_CHARS);
    QuoteInContext {
        section: selector.section.clone(),
        start: selector.start,
        end: selector.end,
        quote: selector.quote.clone(),
        before: selector.before.chars().skip(skipped).collect(),
        after: selector.after.chars().take(SHOWN_CONTEXT_CHARS).collect(),
    }
}

/// The words at the resolved or proposed place; `None` if there is none.
#[must_use]
pub fn current_quote(document: &Document, anchored: &AnchoredAnnotation) -> Option<QuoteInContext> {
    let target = proposal(document, anchored)?;
    let (span, section) = match target {
        Target::Section(id) => (document.outline.get(id)?.heading, Some(id)),
        Target::Passage(span) => (span, document.outline.section_at(span.start)),
        Target::Speech => (document.source.span(), None),
    };
    Some(quote_at(document, span, section))
}

/// The words at the place of a mended heading, or at the likeliest one; `None` if there is none.
#[must_use]
pub fn heading_quote(document: &Document, placed: &PlacedOutlineEdit) -> Option<QuoteInContext> {
    placed.span.or(placed.proposed).map(|span| quote_at(document, span, document.outline.section_at(span.start)))
}

/// The words at a place, in a section.
#[must_use]
pub fn quote_at(document: &Document, span: Span, section: Option<SectionId>) -> QuoteInContext {
    QuoteInContext {
        section: section.map(|id| document.outline.path(id)).unwrap_or_default(),
        start: span.start,
        end: span.end,
        quote: document.quote(span),
        before: document.quote(Span::new(span.start.saturating_sub(SHOWN_CONTEXT_CHARS), span.start)),
        after: document.quote(Span::new(span.end, (span.end + SHOWN_CONTEXT_CHARS).min(document.source.len()))),
    }
}

/// The target it is attached to if the user accepts; `None` if nothing is proposed.
#[must_use]
pub fn proposal(document: &Document, anchored: &AnchoredAnnotation) -> Option<Target> {
    let span = anchored.span.or(anchored.proposed)?;
    match anchored.annotation.scope {
        Scope::Passage => Some(Target::Passage(span)),
        Scope::Speech => Some(Target::Speech),
        Scope::Section => {
            let proposed = || document.outline.iter().find(|(_, section)| section.span == span).map(|(id, _)| id);
            anchored.section.or_else(proposed).map(Target::Section)
        }
    }
}

/// The edit that attaches it to the proposed place.
#[must_use]
pub fn accept(document: &Document, anchored: &AnchoredAnnotation) -> Option<Edit> {
    proposal(document, anchored).map(|target| Edit::Attach { id: anchored.id(), target })
}

/// Compares two texts char by char.
///
/// ```
/// use pizhu_annotation::review::{DiffOp, difference};
///
/// let runs = difference("抓人才", "抓好人才");
/// let runs: Vec<_> = runs.iter().map(|run| (run.op, run.text.as_str())).collect();
/// assert_eq!(runs, [(DiffOp::Same, "抓"), (DiffOp::Insert, "好"), (DiffOp::Same, "人才")]);
/// ```
#[must_use]
pub fn difference(old: &str, new: &str) -> Vec<DiffRun> {
    let [old, new] = [old, new].map(|text| text.chars().collect::<Vec<char>>());
    let mut runs = Vec::new();
    for segment in diff_chars(&old, &new) {
        if segment.equal {
            runs.push(DiffRun { op: DiffOp::Same, text: old[segment.old].iter().collect() });
            continue;
        }
        for (op, chars) in [(DiffOp::Delete, &old[segment.old]), (DiffOp::Insert, &new[segment.new])] {
            if !chars.is_empty() {
                runs.push(DiffRun { op, text: chars.iter().collect() });
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::plan;
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn document(text: &str) -> Document {
        parse(SourceText::from(text), &Hints::default())
    }

    #[test]
    fn a_review_shows_both_versions_until_it_is_decided() {
        let old = document("讲话\n一、抓人才\n要到外面去请人才，请来就要用好。\n二、抓党建\n要建强支部。\n");
        let mut anchors = AnchorIndex::default();
        let mut tag = |target| {
            let (_, changes) =
                plan(Edit::Tag { target, tags: vec![crate::TagRef::derived("人才")] }, "甲", &old, &AnchorIndex::default()).unwrap();
            anchors.resolve_and_insert(&old, Arc::new(changes[0].after.clone().unwrap()));
        };
        tag(Target::Section(pizhu_text::document::SectionId(1)));
        tag(Target::Passage(Span::new(9, 18)));
        let new = document("讲话\n一、抓人才\n先把自己的人用起来。\n二、抓好基层组织\n先把支部建起来。\n");
        let there = AnchorIndex::new(&new, anchors.iter().map(|anchored| Arc::clone(&anchored.annotation)));
        let open: Vec<&AnchoredAnnotation> = unresolved(&there).collect();
        assert_eq!(open.len(), 2, "{there:?}");
        for anchored in open {
            assert_eq!(original_quote(anchored).quote, anchored.annotation.selector.quote);
            assert_eq!(current_quote(&new, anchored).is_some(), anchored.proposed.is_some());
            let (_, changes) = plan(Edit::Orphan { id: anchored.id() }, "甲", &new, &there).unwrap();
            let kept = AnchorIndex::new(&new, [Arc::new(changes[0].after.clone().unwrap())]);
            assert!(!is_unresolved(&kept[0]) && kept[0].status == AnchorStatus::Orphaned);
            let back = AnchorIndex::new(&old, [Arc::clone(&kept[0].annotation)]);
            assert_eq!(back[0].status, AnchorStatus::Exact, "the old text brings it back");
        }
    }

    proptest! {
        #[test]
        fn a_difference_contains_both_versions(old in "[甲乙丙丁]{0,12}", new in "[甲乙丙丁]{0,12}") {
            let runs = difference(&old, &new);
            let side = |but: DiffOp| runs.iter().filter(|run| run.op != but).map(|run| run.text.as_str()).collect::<String>();
            prop_assert_eq!(side(DiffOp::Insert), old);
            prop_assert_eq!(side(DiffOp::Delete), new);
        }
    }
}
