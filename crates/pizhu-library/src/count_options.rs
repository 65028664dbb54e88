//! How tags are counted: passages or chars, and what counts as together.

use pizhu_text::text::Span;
use std::collections::BTreeSet;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountUnit {
    /// Annotations.
    #[default]
    Passages,
    /// Chars of the source that they cover, each once.
    Chars,
}

/// When two tags are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Togetherness {
    /// Their passages overlap: the distinct spans of the overlaps count.
    #[default]
    Overlap,
    /// They touch the own text of one section, which ends where the next section begins: the sections
    /// count.
    Section,
    /// At most this number of chars lies between: the pairs of distinct spans count.
    Near(usize),
}

/// How tags are counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CountOptions {
    /// What is counted.
    pub unit: CountUnit,
    /// Columns for the values of this attribute, instead of what is asked otherwise.
    pub attribute: Option<String>,
    /// When two tags are together.
    pub together: Togetherness,
    /// Whether passages of two authors can be together.
    pub across_authors: bool,
}

/// The number of chars that spans cover, each once.
pub(crate) fn covered_chars(spans: impl IntoIterator<Item = Span>) -> usize {
    let mut spans: Vec<Span> = spans.into_iter().collect();
    spans.sort();
    let (mut total, mut end) = (0, 0);
    for span in spans {
        total += span.end.saturating_sub(span.start.max(end));
        end = end.max(span.end);
    }
    total
}

/// The distinct non-empty intersections of spans of `spans` with spans of `other_spans`.
pub(crate) fn intersections(spans: &[Span], other_spans: &[Span]) -> BTreeSet<Span> {
    let common = |one: &Span, other: &Span| {
        let (start, end) = (one.start.max(other.start), one.end.min(other.end));
        (start < end).then(|| Span::new(start, end))
    };
    spans.iter().flat_map(|one| other_spans.iter().filter_map(move |other| common(one, other))).collect()
}

/// How often two tags are together, by the spans of their passages; `section_starts` are those of the
/// speech, in order.
pub(crate) fn together(options: &CountOptions, spans: &[Span], others: &[Span], section_starts: &[usize]) -> usize {
    match options.together {
        Togetherness::Overlap => {
            let overlaps = intersections(spans, others);
            if options.unit == CountUnit::Chars { covered_chars(overlaps) } else { overlaps.len() }
        }
        Togetherness::Section => {
            let touched = |spans: &[Span]| -> BTreeSet<usize> {
                // The number of the section; 0 is the text before the first.
                let from = |offset: usize| section_starts.partition_point(|start| *start <= offset);
                spans.iter().flat_map(|span| from(span.start)..=from(span.end.saturating_sub(1).max(span.start))).collect()
            };
            touched(spans).intersection(&touched(others)).count()
        }
        Togetherness::Near(chars) => {
            let distinct = |spans: &[Span]| -> BTreeSet<Span> { spans.iter().copied().collect() };
            let (spans, others) = (distinct(spans), distinct(others));
            let gap = |one: &Span, other: &Span| other.start.saturating_sub(one.end).max(one.start.saturating_sub(other.end));
            spans.iter().map(|one| others.iter().filter(|other| gap(one, other) <= chars).count()).sum()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        prop::collection::vec((0_usize..40, 1_usize..9).prop_map(|(start, length)| Span::new(start, start + length)), 0..7)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Against counting char by char and pair by pair.
        #[test]
        fn figures_equal_those_counted_char_by_char(one in spans(), other in spans(), near in 0_usize..9) {
            let has = |spans: &[Span], x: usize| spans.iter().any(|span| span.contains(x));
            let chars = (0..60).filter(|x| has(&one, *x) && has(&other, *x)).count();
            let by = |together_by, unit| together(&CountOptions { together: together_by, unit, ..CountOptions::default() }, &one, &other, &[5, 9, 30]);
            prop_assert_eq!(by(Togetherness::Overlap, CountUnit::Chars), chars);
            prop_assert_eq!(covered_chars(one.iter().copied()), (0..60).filter(|x| has(&one, *x)).count());
            let sections = [0..5, 5..9, 9..30, 30..60];
            let shared = sections.into_iter().filter(|section| section.clone().any(|x| has(&one, x)) && section.clone().any(|x| has(&other, x)));
            prop_assert_eq!(by(Togetherness::Section, CountUnit::Passages), shared.count());
            let mut pairs = BTreeSet::new();
            for a in &one {
                for b in &other {
                    let between = (0..60).filter(|x| (a.end..b.start).contains(x) || (b.end..a.start).contains(x)).count();
                    if between <= near {
                        pairs.insert((*a, *b));
                    }
                }
            }
            prop_assert_eq!(by(Togetherness::Near(near), CountUnit::Passages), pairs.len());
        }
    }
}
