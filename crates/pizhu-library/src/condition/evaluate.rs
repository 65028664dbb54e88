//! Evaluation of a condition in one speech.
//!
//! The passages of every leaf are computed once: a list of disjoint spans, in which a hit is looked up
//! by binary search, and the annotations themselves, which may have no span.

use super::{ResolvedCondition, node::Node};
use crate::attributes::Attributes;
use crate::date_range;
use crate::section_level::annotation_level;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold_text;

/// A condition made ready for the annotations and spans of one speech.
///
/// ```
/// use pizhu_annotation::{AnchorIndex, Codebook, RecordSet, TagId};
/// use pizhu_library::{attributes::Attributes, condition::{Condition, ConditionMatcher}};
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::{SourceText, Span};
/// use std::sync::Arc;
///
/// let document = parse(SourceText::from("同志们：\n一、总体要求\n要稳。\n二、保障措施\n要实。\n"), &Hints::default());
/// let attributes = Attributes::new(&document, &RecordSet::default());
/// let book = Arc::new(Codebook::default());
/// let condition = Condition::parse("level:1 and not since:2020")?.resolve(&book, |words| book.wanted(words))?;
/// let matcher = ConditionMatcher::new(&condition, &document, &attributes, &[]);
/// assert!(matcher.holds_for_span(Span::new(6, 8)) && !matcher.holds_for_span(Span::new(0, 2)));
/// # Ok::<(), pizhu_library::condition::ConditionError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ConditionMatcher {
    document: Document,
    items: Vec<ConditionItem>,
    root: Matched,
}

/// What is asked of an annotation.
#[derive(Debug, Clone, Copy)]
struct ConditionItem {
    span: Option<Span>,
    level: Option<usize>,
}

/// What holds for an item of the speech.
#[derive(Debug, Clone)]
enum Matched {
    Always(bool),
    All(Vec<Matched>),
    Any(Vec<Matched>),
    Not(Box<Matched>),
    Level(usize),
    /// One of these passages overlaps it, or is it.
    Passages {
        members: Vec<bool>,
        spans: Vec<Span>,
        /// Whether an annotation must be a member itself.
        own: bool,
    },
}

impl ConditionMatcher {
    /// Prepares a condition for a speech; `annotations` are all of it.
    #[must_use]
    pub fn new(condition: &ResolvedCondition, document: &Document, attributes: &Attributes, annotations: &[AnchoredAnnotation]) -> Self {
        let speech = SpeechContext { condition, document, attributes, annotations };
        let root = speech.matched(&condition.root);
        let item = |anchored: &AnchoredAnnotation| ConditionItem { span: anchored.span, level: annotation_level(document, anchored) };
        Self { document: document.clone(), items: annotations.iter().map(item).collect(), root }
    }

    /// Whether it holds for the annotation of this index.
    #[must_use]
    pub fn holds_for(&self, index: usize) -> bool {
        self.items.get(index).is_some_and(|item| self.root.holds(item.span, item.level, Some(index)))
    }

    /// Whether it holds for a span that is no annotation: a hit or a section.
    #[must_use]
    pub fn holds_for_span(&self, span: Span) -> bool {
        let section = self.document.outline.section_at(span.start).and_then(|id| self.document.outline.get(id));
        let level = section.map_or(0, |section| usize::from(section.depth) + 1);
        self.root.holds(Some(span), Some(level), None)
    }
}

impl Matched {
    fn holds(&self, span: Option<Span>, level: Option<usize>, index: Option<usize>) -> bool {
        match self {
            Self::Always(holds) => *holds,
            Self::All(parts) => parts.iter().all(|part| part.holds(span, level, index)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(span, level, index)),
            Self::Not(part) => !part.holds(span, level, index),
            Self::Level(wanted) => level == Some(*wanted),
            Self::Passages { members, spans, own } => {
                let is_member = index.is_some_and(|index| members.get(index).is_some_and(|member| *member));
                is_member || (!(*own && index.is_some()) && span.is_some_and(|span| overlaps_any(spans, span)))
            }
        }
    }
}

/// Whether a span overlaps one of disjoint spans in order.
fn overlaps_any(spans: &[Span], span: Span) -> bool {
    let first = spans.partition_point(|other| other.end <= span.start);
    spans.get(first).is_some_and(|other| other.overlaps(span))
}

/// The union of spans, as disjoint spans in order.
fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

struct SpeechContext<'a> {
    condition: &'a ResolvedCondition,
    document: &'a Document,
    attributes: &'a Attributes,
    annotations: &'a [AnchoredAnnotation],
}

impl SpeechContext<'_> {
    fn matched(&self, node: &Node) -> Matched {
        let all = |parts: &[Node]| parts.iter().map(|part| self.matched(part)).collect();
        match node {
            Node::Or(parts) => Matched::Any(all(parts)),
            Node::And(parts) => Matched::All(all(parts)),
            Node::Not(part) => Matched::Not(Box::new(self.matched(part))),
            Node::Level(level) => Matched::Level(*level),
            Node::Attribute(_) | Node::Since(_) | Node::Until(_) => Matched::Always(self.holds_for_speech(node)),
            Node::Tag(_) | Node::Near(..) | Node::Within(..) | Node::Author(_) | Node::Note(_) => {
                let members = self.members(node);
                let spans = self.spans_of(&members);
                Matched::Passages { spans: union(spans), members, own: matches!(node, Node::Author(_) | Node::Note(_)) }
            }
        }
    }

    fn holds_for_speech(&self, node: &Node) -> bool {
        match node {
            Node::Attribute(test) => test.holds(self.attributes),
            Node::Since(date) => date_range::contains(Some(date), None, self.attributes.date()),
            Node::Until(date) => date_range::contains(None, Some(date), self.attributes.date()),
            _ => false,
        }
    }

    /// Which annotations are passages of a condition.
    fn members(&self, node: &Node) -> Vec<bool> {
        let each = |holds: &dyn Fn(&AnchoredAnnotation) -> bool| self.annotations.iter().map(holds).collect();
        let book = &self.condition.book;
        match node {
            Node::Or(parts) => self.combined(parts, false, |one, other| one || other),
            Node::And(parts) => self.combined(parts, true, |one, other| one && other),
            Node::Not(part) => self.members(part).into_iter().map(|member| !member).collect(),
            Node::Tag(number) => {
                let Some(above) = self.condition.tags.get(*number) else { return vec![false; self.annotations.len()] };
                each(&|anchored| {
                    let tags = book.current_tags(&anchored.annotation.tags);
                    tags.iter().any(|tag| book.is_within(tag.id, *above))
                })
            }
            Node::Author(author) => each(&|anchored| anchored.annotation.author == *author),
            Node::Note(words) => each(&|anchored| fold_text(&anchored.annotation.note).contains(words)),
            Node::Level(level) => each(&|anchored| annotation_level(self.document, anchored) == Some(*level)),
            Node::Attribute(_) | Node::Since(_) | Node::Until(_) => vec![self.holds_for_speech(node); self.annotations.len()],
            Node::Near(one, chars, other) => {
                let (members, others) = (self.members(one), union(self.spans_of(&self.members(other))));
                self.filtered(members, |span| is_near(&others, span, *chars))
            }
            Node::Within(one, other) => {
                let (members, covers) = (self.members(one), Covers::new(self.spans_of(&self.members(other))));
                self.filtered(members, |span| covers.covers(span))
            }
        }
    }

    fn combined(&self, parts: &[Node], neutral: bool, join: impl Fn(bool, bool) -> bool) -> Vec<bool> {
        parts.iter().fold(vec![neutral; self.annotations.len()], |joined, part| {
            joined.into_iter().zip(self.members(part)).map(|(one, other)| join(one, other)).collect()
        })
    }

    fn filtered(&self, members: Vec<bool>, holds: impl Fn(Span) -> bool) -> Vec<bool> {
        let spans = self.annotations.iter().map(|anchored| anchored.span);
        members.into_iter().zip(spans).map(|(member, span)| member && span.is_some_and(&holds)).collect()
    }

    fn spans_of(&self, members: &[bool]) -> Vec<Span> {
        self.annotations.iter().zip(members).filter(|(_, member)| **member).filter_map(|(anchored, _)| anchored.span).collect()
    }
}

/// Whether at most `chars` lie between a span and one of disjoint spans in order.
fn is_near(spans: &[Span], span: Span, chars: usize) -> bool {
    let after = spans.partition_point(|other| other.end <= span.start);
    let before = after.checked_sub(1).and_then(|at| spans.get(at));
    spans.get(after).is_some_and(|other| other.start.saturating_sub(span.end) <= chars)
        || before.is_some_and(|other| span.start.saturating_sub(other.end) <= chars)
}

/// Spans by start, with the greatest end up to each.
struct Covers(Vec<(usize, usize)>);

impl Covers {
    fn new(mut spans: Vec<Span>) -> Self {
        spans.sort();
        let mut farthest = 0;
        Self(
            spans
                .into_iter()
                .map(|span| {
                    farthest = span.end.max(farthest);
                    (span.start, farthest)
                })
                .collect(),
        )
    }

    fn covers(&self, span: Span) -> bool {
        let count = self.0.partition_point(|(start, _)| *start <= span.start);
        count.checked_sub(1).is_some_and(|last| self.0[last].1 >= span.end)
    }
}
