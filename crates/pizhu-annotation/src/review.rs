//! What the user has to decide: annotations whose place is not certain or gone, with the words
//! they were on beside those they may be on now.

use super::{
    anchor::Anchor,
    model::{Edit, Scope, Target},
    placed::Placed,
    placements::Placements,
};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// Chars of context shown on each side.
const AROUND: usize = 20;

/// A place with the words there and around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The path of the section, or of the innermost that holds the first char.
    pub section: Vec<String>,
    /// Offset of the first char.
    pub start: usize,
    /// Offset behind the last.
    pub end: usize,
    /// The source text; of a section, its heading.
    pub quote: String,
    /// Some chars before it.
    pub before: String,
    /// Some chars behind it.
    pub after: String,
}

/// Whether words are in both versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// They are.
    Same,
    /// They were.
    Delete,
    /// They are now.
    Insert,
}

/// A stretch of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Whether it is in both versions.
    pub op: Op,
    /// The words.
    pub text: String,
}

/// Whether the user has to decide about an annotation: its place is not certain, or gone, and the
/// user has not said that it is.
#[must_use]
pub fn is_open(placed: &Placed) -> bool {
    matches!(placed.anchor, Anchor::Review | Anchor::Orphaned) && !placed.annotation.selector.orphaned
}

/// The annotations that the user has to decide about, in order.
pub fn open(placements: &Placements) -> impl Iterator<Item = &Placed> {
    placements.iter().filter(|placed| is_open(placed))
}

/// The words that were marked.
#[must_use]
pub fn was(placed: &Placed) -> Words {
    let selector = &placed.annotation.selector;
    let skipped = selector.before.chars().count().saturating_sub(AROUND);
    Words {
        section: selector.section.clone(),
        start: selector.start,
        end: selector.end,
        quote: selector.quote.clone(),
        before: selector.before.chars().skip(skipped).collect(),
        after: selector.after.chars().take(AROUND).collect(),
    }
}

/// The words where it is, or may be, now; `None` for what is gone.
#[must_use]
pub fn now(document: &Document, placed: &Placed) -> Option<Words> {
    let target = proposal(document, placed)?;
    let (span, section) = match target {
        Target::Section(id) => (document.outline.get(id)?.heading, Some(id)),
        Target::Passage(span) => (span, document.outline.at(span.start)),
    };
    Some(Words {
        section: section.map(|id| document.outline.path(id)).unwrap_or_default(),
        start: span.start,
        end: span.end,
        quote: document.quote(span),
        before: document.quote(Span::new(span.start.saturating_sub(AROUND), span.start)),
        after: document.quote(Span::new(span.end, (span.end + AROUND).min(document.source.len()))),
    })
}

/// Where it would be attached if the user accepts; `None` where nothing is proposed.
#[must_use]
pub fn proposal(document: &Document, placed: &Placed) -> Option<Target> {
    let span = placed.span.or(placed.proposed)?;
    match placed.annotation.scope {
        Scope::Passage => Some(Target::Passage(span)),
        Scope::Section => {
            let proposed = || document.outline.iter().find(|(_, section)| section.span == span).map(|(id, _)| id);
            placed.section.or_else(proposed).map(Target::Section)
        }
    }
}

/// The edit that attaches it where it is proposed.
#[must_use]
pub fn accept(document: &Document, placed: &Placed) -> Option<Edit> {
    proposal(document, placed).map(|target| Edit::Attach { id: placed.id(), target })
}

/// How `new` differs from `old`, char by char.
#[must_use]
pub fn difference(old: &str, new: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for change in TextDiff::from_chars(old, new).iter_all_changes() {
        let op = match change.tag() {
            ChangeTag::Equal => Op::Same,
            ChangeTag::Delete => Op::Delete,
            ChangeTag::Insert => Op::Insert,
        };
        match pieces.last_mut().filter(|last| last.op == op) {
            Some(last) => last.text.push_str(change.value()),
            None => pieces.push(Piece { op, text: change.value().to_owned() }),
        }
    }
    pieces
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
    fn a_case_shows_both_sides_and_is_closed_by_a_decision() {
        let old = document("讲话\n一、抓人才\n要到外面去请人才，请来就要用好。\n二、抓党建\n要建强支部。\n");
        let mut placements = Placements::default();
        let mut tag = |target| {
            let (_, changes) = plan(Edit::Tag { target, tags: vec!["人才".to_owned()] }, "甲", &old, &Placements::default()).unwrap();
            placements.place(&old, Arc::new(changes[0].after.clone().unwrap()));
        };
        tag(Target::Section(pizhu_text::document::SectionId(1)));
        tag(Target::Passage(Span::new(9, 18)));
        let new = document("讲话\n一、抓人才\n先把自己的人用起来。\n二、抓好基层组织\n先把支部建起来。\n");
        let there = Placements::new(&new, placements.iter().map(|placed| Arc::clone(&placed.annotation)));
        let open: Vec<&Placed> = open(&there).collect();
        assert_eq!(open.len(), 2, "{there:?}");
        for placed in open {
            assert_eq!(was(placed).quote, placed.annotation.selector.quote);
            assert_eq!(now(&new, placed).is_some(), placed.proposed.is_some());
            let (_, changes) = plan(Edit::Orphan { id: placed.id() }, "甲", &new, &there).unwrap();
            let kept = Placements::new(&new, [Arc::new(changes[0].after.clone().unwrap())]);
            assert!(!is_open(&kept[0]) && kept[0].anchor == Anchor::Orphaned);
            let back = Placements::new(&old, [Arc::clone(&kept[0].annotation)]);
            assert_eq!(back[0].anchor, Anchor::Exact, "the old text brings it back");
        }
    }

    proptest! {
        #[test]
        fn a_difference_holds_both_versions(old in "[甲乙丙丁]{0,12}", new in "[甲乙丙丁]{0,12}") {
            let pieces = difference(&old, &new);
            let side = |but: Op| pieces.iter().filter(|piece| piece.op != but).map(|piece| piece.text.as_str()).collect::<String>();
            prop_assert_eq!(side(Op::Insert), old);
            prop_assert_eq!(side(Op::Delete), new);
        }
    }
}
