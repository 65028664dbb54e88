//! Literals of a regular expression, one of which every match contains.
//!
//! Example: 组织.{1,6}(建设|工作) gives 组织; (建设|工作) gives both; \d+ gives none.

use regex_syntax::hir::{Class, Hir, HirKind};
use std::cmp::Reverse;

/// Maximum number of literals: with more, looking for them is hardly faster than for the expression.
const MAX_LITERALS: usize = 16;

/// The literals; `None` if a match may contain none of them, or if `pattern` is no expression.
pub(super) fn required_literals(pattern: &str) -> Option<Vec<String>> {
    literals_of(&regex_syntax::parse(pattern).ok()?)
}

fn literals_of(expression: &Hir) -> Option<Vec<String>> {
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Literal(literal) => checked(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()]),
        HirKind::Class(Class::Unicode(class)) => {
            let count: usize = class.iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
            let chars = class.iter().flat_map(|range| range.start()..=range.end());
            (count <= MAX_LITERALS).then(|| checked(chars.map(String::from).collect()))?
        }
        HirKind::Repetition(repetition) => (repetition.min > 0).then(|| literals_of(&repetition.sub))?,
        HirKind::Capture(capture) => literals_of(&capture.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(literals_of).max_by_key(|literals| (shortest(literals), Reverse(literals.len()))),
        HirKind::Alternation(parts) => checked(parts.iter().map(literals_of).collect::<Option<Vec<_>>>()?.concat()),
    }
}

/// The literals, if they can be looked for: they are few, none is empty, and none contains U+FFFD,
/// which undecodable bytes become.
fn checked(literals: Vec<String>) -> Option<Vec<String>> {
    let is_usable = |literal: &String| !literal.is_empty() && !literal.contains('\u{FFFD}');
    (!literals.is_empty() && literals.len() <= MAX_LITERALS && literals.iter().all(is_usable)).then_some(literals)
}

/// Bytes of the shortest literal.
fn shortest(literals: &[String]) -> usize {
    literals.iter().map(String::len).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn literals_by_pattern() {
        let literals = |pattern: &str| required_literals(pattern).unwrap_or_default();
        assert_eq!(literals("组织.{1,6}建设年"), ["建设年"]);
        assert_eq!(literals("(?:人才|组织工作)会?"), ["人才", "组织工作"]);
        assert_eq!(literals("(第[一二三]次)+"), ["次"]);
        assert_eq!(literals("[组組]"), ["組", "组"]);
        for pattern in ["", "^", r"\d+", "(人才)*", "人才|", "人才|.", "[^人]", "(", "x{0}", "\u{FFFD}"] {
            assert_eq!(literals(pattern), [""; 0], "{pattern}");
        }
    }

    proptest! {
        /// Every match contains one of the literals.
        #[test]
        fn matches_contain_a_literal(pattern in "[组织工作人才.*+?|()\\[\\]^1{},]{1,12}", text in "[组织工作人才1，]{0,30}") {
            if let (Ok(expression), Some(literals)) = (regex::Regex::new(&pattern), required_literals(&pattern)) {
                for found in expression.find_iter(&text) {
                    prop_assert!(literals.iter().any(|literal| found.as_str().contains(literal)), "{} in {}", pattern, text);
                }
            }
        }
    }
}
