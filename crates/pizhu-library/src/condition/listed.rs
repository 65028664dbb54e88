//! Evaluation of a condition for a speech of which only the tags and attributes are known, as in a list
//! of speeches.

use super::{Condition, node::Node};
use crate::{attributes::Attributes, date_range};

impl Condition {
    /// Whether it holds for a speech: a tag holds if `has_tag` says so of its words. `None` if it asks for
    /// what only the annotations themselves tell: levels, authors, notes, nearness.
    ///
    /// ```
    /// use pizhu_library::{attributes::Attributes, condition::Condition};
    /// use std::collections::BTreeMap;
    ///
    /// let attributes = Attributes::of_values([("place", "如皋"), ("date", "2024-03-01")], &BTreeMap::new());
    /// let holds = |text: &str| Condition::parse(text).ok()?.holds_for_listed(&attributes, &|tag| tag == "人才");
    /// assert_eq!(holds("attr.place:如皋 and (人才 or 作风) and not since:2025"), Some(true));
    /// assert_eq!(holds("attr.place:南通"), Some(false));
    /// assert_eq!(holds("人才 within level:1"), None);
    /// ```
    #[must_use]
    pub fn holds_for_listed(&self, attributes: &Attributes, has_tag: &dyn Fn(&str) -> bool) -> Option<bool> {
        self.holds_for_node(&self.root, attributes, has_tag)
    }

    fn holds_for_node(&self, node: &Node, attributes: &Attributes, has_tag: &dyn Fn(&str) -> bool) -> Option<bool> {
        let all = |parts: &[Node]| parts.iter().map(|part| self.holds_for_node(part, attributes, has_tag)).collect::<Option<Vec<bool>>>();
        match node {
            Node::Or(parts) => Some(all(parts)?.contains(&true)),
            Node::And(parts) => Some(!all(parts)?.contains(&false)),
            Node::Not(part) => Some(!self.holds_for_node(part, attributes, has_tag)?),
            Node::Tag(number) => Some(self.tags.get(*number).is_some_and(|tag| has_tag(&tag.words))),
            Node::Attribute(test) => Some(test.holds(attributes)),
            Node::Since(date) => Some(date_range::contains(Some(date), None, attributes.date())),
            Node::Until(date) => Some(date_range::contains(None, Some(date), attributes.date())),
            Node::Level(_) | Node::Author(_) | Node::Note(_) | Node::Near(..) | Node::Within(..) => None,
        }
    }
}
