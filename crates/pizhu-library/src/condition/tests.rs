//! Conditions against a naive evaluator, which looks at every annotation and every char.

use super::*;
use crate::attributes::Attributes;
use crate::section_level::annotation_level;
use pizhu_annotation::{AnchorIndex, AnchoredAnnotation, Annotation, RecordSet, Scope, Selector, Tag, TagRef};
use pizhu_text::document::{Document, Hints, parse};
use pizhu_text::text::{SourceText, Span};
use proptest::prelude::*;

const TEXT: &str = "在青禾县会议上的讲话\n（2021年3月2日）\n同志们：\n开头的话。\n一、抓人才\n引来人才，用好人才。\n（一）引才\n再说引才。\n二、抓党建\n支部要强。\n";

fn book() -> Arc<Codebook> {
    let mut book = Codebook::default();
    for (name, parent) in [("人才", None), ("引才", Some("人才")), ("党建", None), ("and", None), ("组织 工作", None)] {
        book.add(Tag { parent: parent.map(TagRef::derived), ..Tag::with_id(TagId::from_name(name), name) }).unwrap();
    }
    Arc::new(book)
}

fn resolved(text: &str) -> Result<ResolvedCondition, ConditionError> {
    let book = book();
    Condition::parse(text)?.resolve(&book, |words| book.find(words).map(|tag| tag.id))
}

fn document() -> Document {
    parse(SourceText::from(TEXT), &Hints::default())
}

/// What one annotation is made of: start, length, tag, author, whether it has a note, whether it is gone.
type Made = (usize, usize, usize, bool, bool, bool);

fn annotations(document: &Document, made: &[Made]) -> Vec<AnchoredAnnotation> {
    let names = ["人才", "引才", "党建", "and"];
    let end = document.source.len();
    let annotations = made.iter().map(|(start, length, tag, is_first, has_note, is_gone)| {
        let start = (*start).min(end - 1);
        let span = Span::new(start, (start + length).min(end).max(start + 1));
        let found = Selector::for_passage(document, span).filter(|_| !is_gone);
        let selector = found.unwrap_or_else(|| Selector { quote: "早已不在文中的一句话".into(), ..Selector::default() });
        let mut annotation = Annotation::new(Scope::Passage, selector, if *is_first { "甲" } else { "乙" });
        annotation.tags.insert(TagRef::derived(names[*tag]));
        annotation.note = if *has_note { "要讨論".into() } else { String::new() };
        Arc::new(annotation)
    });
    AnchorIndex::new(document, annotations).to_vec()
}

/// The naive evaluator.
struct Naive<'a> {
    condition: &'a ResolvedCondition,
    document: &'a Document,
    attributes: &'a Attributes,
    all: &'a [AnchoredAnnotation],
}

impl Naive<'_> {
    /// Whether an annotation belongs to the set that a part of the condition stands for.
    fn is_member(&self, node: &Node, one: &AnchoredAnnotation) -> bool {
        let pairs = |a: &Node, b: &Node, fits: &dyn Fn(Span, Span) -> bool| {
            self.is_member(a, one)
                && one
                    .span
                    .is_some_and(|span| self.all.iter().any(|other| self.is_member(b, other) && other.span.is_some_and(|b| fits(span, b))))
        };
        match node {
            Node::Or(parts) => parts.iter().any(|part| self.is_member(part, one)),
            Node::And(parts) => parts.iter().all(|part| self.is_member(part, one)),
            Node::Not(part) => !self.is_member(part, one),
            Node::Tag(number) => one.annotation.tags.iter().any(|tag| {
                let above = self.condition.tags[*number];
                tag.id == above || book().ancestors(tag.id).any(|tag| tag.id == above)
            }),
            Node::Author(author) => one.annotation.author == *author,
            Node::Note(_) => one.annotation.note.contains("讨論"),
            Node::Level(level) => annotation_level(self.document, one) == Some(*level),
            Node::Attribute(_) | Node::Since(_) | Node::Until(_) => self.holds(node, None, None),
            Node::Near(a, chars, b) => pairs(a, b, &|one, other| {
                let nearest = (one.start..one.end).flat_map(|x| (other.start..other.end).map(move |y| x.abs_diff(y))).min().unwrap();
                nearest.saturating_sub(1) <= *chars
            }),
            Node::Within(a, b) => pairs(a, b, &|one, other| (one.start..one.end).all(|x| other.contains(x))),
        }
    }

    fn holds(&self, node: &Node, span: Option<Span>, own: Option<&AnchoredAnnotation>) -> bool {
        let overlapped = || {
            let shares = |other: Span| span.is_some_and(|span| (span.start..span.end).any(|x| other.contains(x)));
            self.all
                .iter()
                .any(|one| self.is_member(node, one) && (one.span.is_some_and(shares) || own.is_some_and(|own| own.id() == one.id())))
        };
        match node {
            Node::Or(parts) => parts.iter().any(|part| self.holds(part, span, own)),
            Node::And(parts) => parts.iter().all(|part| self.holds(part, span, own)),
            Node::Not(part) => !self.holds(part, span, own),
            Node::Tag(_) | Node::Near(..) | Node::Within(..) => overlapped(),
            Node::Author(_) | Node::Note(_) => own.map_or_else(overlapped, |own| self.is_member(node, own)),
            Node::Level(level) => {
                let level_there = || {
                    let section = self.document.outline.section_at(span.unwrap().start);
                    section.map_or(0, |id| self.document.outline.ancestors(id).count())
                };
                own.map_or_else(|| Some(level_there()), |own| annotation_level(self.document, own)) == Some(*level)
            }
            Node::Attribute(test) => test.holds(self.attributes),
            Node::Since(date) => self.attributes.date().is_some_and(|own| own >= date.as_str()),
            Node::Until(date) => self.attributes.date().is_some_and(|own| own.get(..date.len()).unwrap() <= date.as_str()),
        }
    }
}

/// Conditions as text, built from the grammar.
fn condition() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        Just("人才".to_owned()),
        Just("引才".to_owned()),
        Just("\"and\"".to_owned()),
        Just("tag:党建".to_owned()),
        (0_usize..4).prop_map(|level| format!("level:{level}")),
        Just("author:甲".to_owned()),
        Just("note:讨论".to_owned()),
        Just("attr.place:如皋".to_owned()),
        Just("attr.n:>=5".to_owned()),
        Just("since:2021-04".to_owned()),
        Just("until:2021".to_owned()),
    ];
    term.prop_recursive(4, 24, 3, |inner| {
        let bracketed = inner.clone().prop_map(|inner| format!("({inner})"));
        prop_oneof![
            (bracketed.clone(), bracketed.clone()).prop_map(|(one, other)| format!("{one} and {other}")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("{one} or {other}")),
            bracketed.clone().prop_map(|inner| format!("not {inner}")),
            (bracketed.clone(), 0_usize..12, bracketed.clone()).prop_map(|(one, chars, other)| format!("{one} near:{chars} {other}")),
            (bracketed.clone(), bracketed).prop_map(|(one, other)| format!("{one} within {other}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn conditions_hold_as_the_naive_evaluator_says(
        text in condition(),
        made in prop::collection::vec((0_usize..90, 1_usize..14, 0_usize..4, any::<bool>(), any::<bool>(), prop::bool::weighted(0.1)), 0..9),
        start in 0_usize..80,
        length in 1_usize..9,
    ) {
        let document = document();
        let mut set = RecordSet::default();
        set.set_attribute("place", "甲", "如皋");
        set.set_attribute("n", "甲", "5.0");
        let attributes = Attributes::new(&document, &set);
        let all = annotations(&document, &made);
        let condition = resolved(&text).unwrap();
        let matcher = ConditionMatcher::new(&condition, &document, &attributes, &all);
        let naive = Naive { condition: &condition, document: &document, attributes: &attributes, all: &all };
        for (index, one) in all.iter().enumerate() {
            prop_assert_eq!(matcher.holds_for(index), naive.holds(&condition.root, one.span, Some(one)), "{} for {}", text, index);
        }
        let span = Span::new(start, start + length);
        prop_assert_eq!(matcher.holds_for_span(span), naive.holds(&condition.root, Some(span), None), "{} for {:?}", text, span);
    }
}

#[test]
fn precedence_is_near_and_within_then_not_then_and_then_or() {
    let tree = |text: &str| format!("{:?}", *resolved(text).unwrap().root);
    assert_eq!(tree("人才 or 引才 and not 党建 within 人才"), tree("人才 or (引才 and (not (党建 within 人才)))"));
    assert_eq!(tree("人才 near:5 引才 within 党建"), tree("(人才 near:5 引才) within 党建"));
    assert_eq!(tree("（人才　AND 党建）"), tree("人才 and 党建"));
    assert_eq!(tree("level：２"), tree("level:2"));
    assert_ne!(tree("(人才 or 引才) and 党建"), tree("人才 or 引才 and 党建"));
}

#[test]
fn quoted_words_are_tags() {
    for text in ["\"and\"", "\"组织 工作\"", "“组织 工作” and tag:\"and\"", "人才/引才"] {
        assert!(resolved(text).is_ok(), "{text}");
    }
    assert!(matches!(resolved("\"level:1\"").unwrap_err().problem, ConditionProblem::Tag(_)));
}

#[test]
fn errors_name_the_column() {
    use ConditionProblem as Problem;
    for (text, column, problem) in [
        ("", 1, Problem::NoTerm),
        ("人才 and", 7, Problem::NoTerm),
        ("and 人才", 1, Problem::NoTerm),
        ("人才 党建", 4, Problem::NoOperator("党建".into())),
        ("人才 an level:1", 4, Problem::NoOperator("an".into())),
        ("(人才 or 党建", 1, Problem::OpenBracket),
        ("人才)", 3, Problem::StrayBracket),
        ("()", 2, Problem::NoTerm),
        ("人才 or \"组织", 7, Problem::OpenQuote),
        ("place:如皋", 1, Problem::NoSuchField("place:".into())),
        ("人才 and level:", 8, Problem::NoValue("level:".into())),
        ("level:x", 1, Problem::BadNumber("x".into())),
        ("人才 near:-1 党建", 4, Problem::BadNumber("-1".into())),
        ("人才 near 党建", 4, Problem::NoValue("near:".into())),
        ("since:2020-13", 1, Problem::BadDate("2020-13".into())),
        ("attr.place:", 1, Problem::NoValue("attr.place:".into())),
        ("人才 and 没有", 8, Problem::Tag(CodebookError::Missing("没有".into()))),
    ] {
        assert_eq!(resolved(text).unwrap_err(), ConditionError { column, problem }, "{text}");
    }
    let deep = "(".repeat(100_000);
    assert_eq!(resolved(&deep).unwrap_err().problem, Problem::TooDeep);
    assert_eq!(resolved(&"not ".repeat(100_000)).unwrap_err().problem, Problem::TooDeep);
}

#[test]
fn attributes_are_compared_by_their_type() {
    let mut set = RecordSet::default();
    for (key, value) in [("place", "臨江市"), ("n", "10"), ("held", "2021-06-30")] {
        set.set_attribute(key, "甲", value);
    }
    let document = document();
    let attributes = Attributes::new(&document, &set);
    let holds = |text: &str| ConditionMatcher::new(&resolved(text).unwrap(), &document, &attributes, &[]).holds_for_span(Span::new(0, 1));
    for text in [
        "attr.place:临江市",
        "attr.place:~临江",
        "attr.n:>9",
        "attr.n:10.0",
        "attr.held:2021",
        "attr.held:<=2021-06",
        "attr.held:>2021-05",
        "attr.place",
    ] {
        assert!(holds(text), "{text}");
    }
    for text in ["attr.place:临江", "attr.n:>10", "attr.n:<9", "attr.held:>2021", "attr.held:<2021-06-30", "attr.none", "attr.none:<5"] {
        assert!(!holds(text), "{text}");
    }
}
