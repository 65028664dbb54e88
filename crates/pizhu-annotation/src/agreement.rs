//! How far coders agree: percent, Cohen's κ and Krippendorff's α (nominal) by the presence of a tag
//! in each section.
//!
//! Sources: J. Cohen, "A coefficient of agreement for nominal scales" (1960); K. Krippendorff,
//! "Computing Krippendorff's Alpha-Reliability" (2011). Where nothing varies a coefficient that
//! corrects for chance is undefined, and is given as `None`.

use super::{model::Scope, placements::Placements};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What one coder said of one unit; `None` where she did not code it.
pub type Rating = Option<u32>;

/// The coefficients of one tag, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measures {
    /// Units that at least two coders coded.
    pub units: usize,
    /// The share of pairs of ratings of the same unit that are the same, from 0 to 1.
    pub percent: Option<f64>,
    /// Cohen's κ, for two coders.
    pub kappa: Option<f64>,
    /// Krippendorff's α for nominal values.
    pub alpha: Option<f64>,
}

/// The coefficients of a matrix: one row a coder, one column a unit.
#[must_use]
pub fn measure(rows: &[Vec<Rating>]) -> Measures {
    let units = columns(rows).filter(|ratings| ratings.len() > 1).count();
    let kappa = match rows {
        [a, b] => cohen_kappa(a, b),
        _ => None,
    };
    Measures { units, percent: percent(rows), kappa, alpha: krippendorff_alpha(rows) }
}

/// The ratings that each unit has.
fn columns(rows: &[Vec<Rating>]) -> impl Iterator<Item = Vec<u32>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..width).map(move |unit| rows.iter().filter_map(|row| *row.get(unit)?).collect())
}

/// The share of pairs of ratings of the same unit that are the same; `None` where there is no pair.
#[must_use]
pub fn percent(rows: &[Vec<Rating>]) -> Option<f64> {
    let (mut same, mut all) = (0_usize, 0_usize);
    for ratings in columns(rows) {
        for (index, a) in ratings.iter().enumerate() {
            same += ratings[index + 1..].iter().filter(|b| *b == a).count();
            all += ratings.len() - index - 1;
        }
    }
    (all > 0).then(|| same as f64 / all as f64)
}

/// Cohen's κ of two coders over the units that both coded; `None` where they coded none, or both
/// gave one and the same value throughout.
#[must_use]
pub fn cohen_kappa(a: &[Rating], b: &[Rating]) -> Option<f64> {
    let pairs: Vec<(u32, u32)> = a.iter().zip(b).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
    let total = pairs.len() as f64;
    let mut values: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (a, b) in &pairs {
        values.entry(*a).or_default().0 += 1;
        values.entry(*b).or_default().1 += 1;
    }
    if pairs.is_empty() || values.len() == 1 {
        return None;
    }
    let observed = pairs.iter().filter(|(a, b)| a == b).count() as f64 / total;
    let expected: f64 = values.values().map(|(a, b)| (*a as f64 / total) * (*b as f64 / total)).sum();
    Some((observed - expected) / (1.0 - expected))
}

/// Krippendorff's α for nominal values and any number of coders, ratings missing or not; `None`
/// where no unit has two ratings, or all ratings are the same.
#[must_use]
pub fn krippendorff_alpha(rows: &[Vec<Rating>]) -> Option<f64> {
    // Of units with one rating nothing can be compared.
    let units: Vec<Vec<u32>> = columns(rows).filter(|ratings| ratings.len() > 1).collect();
    let mut totals: BTreeMap<u32, f64> = BTreeMap::new();
    let mut observed = 0.0;
    for ratings in &units {
        let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
        for rating in ratings {
            *counts.entry(*rating).or_default() += 1.0;
            *totals.entry(*rating).or_default() += 1.0;
        }
        let all = ratings.len() as f64;
        let differing: f64 = counts.values().map(|count| count * (all - count)).sum();
        observed += differing / (all - 1.0);
    }
    let all: f64 = totals.values().sum();
    let expected: f64 = totals.values().map(|count| count * (all - count)).sum::<f64>() / (all - 1.0);
    (totals.len() > 1).then(|| 1.0 - observed / expected)
}

/// What is coded: a section's own text, or the text before the first section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The speech, as the store names it.
    pub document: String,
    /// The section's path; empty for the text before the first.
    pub section: Vec<String>,
    /// Where it is.
    pub span: Span,
}

/// A unit that some of its coders gave a tag, and others not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement<'a> {
    /// The tag.
    pub tag: &'a str,
    /// Where.
    pub unit: &'a Unit,
    /// Who gave it.
    pub with: Vec<&'a str>,
    /// Who coded the speech and did not.
    pub without: Vec<&'a str>,
}

/// Who found which tag in which section.
#[derive(Debug, Clone, Default)]
pub struct Coding {
    coders: Vec<String>,
    units: Vec<Unit>,
    /// Of each unit, which coders coded it.
    coded: Vec<Vec<bool>>,
    /// Of each tag, the units and coders that have it.
    found: BTreeMap<String, BTreeSet<(usize, usize)>>,
}

impl Coding {
    /// A comparison of these coders.
    #[must_use]
    pub fn new(coders: Vec<String>) -> Self {
        Self { coders, ..Self::default() }
    }

    /// The coders, in the order of the rows.
    #[must_use]
    pub fn coders(&self) -> &[String] {
        &self.coders
    }

    /// Adds a speech with what each coder made of it, in their order; `None` for a coder who did
    /// not code it. A tag is present in a section that has it itself, or in whose own text (not
    /// that of a section in it) a passage with it begins.
    pub fn add(&mut self, name: &str, document: &Document, codings: &[Option<&Placements>]) {
        let first = self.units.len();
        let outline = &document.outline;
        let front = Span::new(0, outline.sections().first().map_or(document.source.len(), |section| section.span.start));
        self.units.push(Unit { document: name.to_owned(), section: Vec::new(), span: front });
        self.units.extend(outline.iter().map(|(id, section)| Unit {
            document: name.to_owned(),
            section: outline.path(id),
            span: section.span,
        }));
        let coded: Vec<bool> = (0..self.coders.len()).map(|coder| codings.get(coder).is_some_and(Option::is_some)).collect();
        self.coded.resize(self.units.len(), coded);
        for (coder, placements) in codings.iter().enumerate().take(self.coders.len()) {
            for placed in placements.iter().flat_map(|placements| placements.iter()) {
                let Some(span) = placed.span else { continue };
                let section = match placed.annotation.scope {
                    Scope::Section => placed.section,
                    Scope::Passage => outline.at(span.start),
                };
                let unit = first + section.map_or(0, |id| id.index() + 1);
                for tag in &placed.annotation.tags {
                    self.found.entry(tag.clone()).or_default().insert((unit, coder));
                }
            }
        }
    }

    /// What each coder said of each unit about a tag.
    fn rows(&self, found: &BTreeSet<(usize, usize)>) -> Vec<Vec<Rating>> {
        let rating = |unit: usize, coder: usize| self.coded[unit][coder].then(|| u32::from(found.contains(&(unit, coder))));
        (0..self.coders.len()).map(|coder| (0..self.units.len()).map(|unit| rating(unit, coder)).collect()).collect()
    }

    /// The coefficients of each tag that somebody used.
    pub fn by_tag(&self) -> impl Iterator<Item = (&str, Measures)> {
        self.found.iter().map(|(tag, found)| (tag.as_str(), measure(&self.rows(found))))
    }

    /// The coefficients over all tags: every tag in every section is a unit.
    #[must_use]
    pub fn overall(&self) -> Measures {
        let mut all = vec![Vec::new(); self.coders.len()];
        for found in self.found.values() {
            for (row, ratings) in all.iter_mut().zip(self.rows(found)) {
                row.extend(ratings);
            }
        }
        measure(&all)
    }

    /// Looks only at the tags that `keep` wants.
    pub fn keep(&mut self, keep: impl Fn(&str) -> bool) {
        self.found.retain(|tag, _| keep(tag));
    }

    /// Where the coders differ, by tag and place.
    pub fn disagreements(&self) -> impl Iterator<Item = Disagreement<'_>> {
        self.found.iter().flat_map(move |(tag, found)| {
            self.units.iter().enumerate().filter_map(move |(index, unit)| {
                let coders = |has_it: bool| -> Vec<&str> {
                    let coded = (0..self.coders.len()).filter(|coder| self.coded[index][*coder]);
                    coded.filter(|coder| found.contains(&(index, *coder)) == has_it).map(|coder| self.coders[coder].as_str()).collect()
                };
                let (with, without) = (coders(true), coders(false));
                (!with.is_empty() && !without.is_empty()).then_some(Disagreement { tag, unit, with, without })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;
    use crate::Target;
    use crate::edit::plan;
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// A row of ratings, `.` for a missing one.
    fn row(text: &str) -> Vec<Rating> {
        text.chars().map(|c| c.to_digit(10)).collect()
    }

    fn near(value: Option<f64>, expected: f64) {
        assert!(value.is_some_and(|value| (value - expected).abs() < 5e-4), "{value:?} is not {expected}");
    }

    #[test]
    fn the_published_examples_come_out() {
        // Krippendorff 2011, section C: four observers, twelve units.
        let published = [row("123321412..."), row("1233224125.3"), row(".3332342251."), row("12332441251.")];
        near(krippendorff_alpha(&published), 0.743);
        near(cohen_kappa(&row("1100101100"), &row("1000101110")), 0.6);
        near(percent(&[row("1100101100"), row("1000101110")]), 0.8);
    }

    #[test]
    fn where_nothing_varies_it_is_undefined() {
        let rows = [row("0000"), row("0000")];
        assert_eq!(measure(&rows), Measures { units: 4, percent: Some(1.0), kappa: None, alpha: None });
        assert_eq!(measure(&[row("01.."), row("..01")]), Measures::default());
        near(cohen_kappa(&row("1111"), &row("0000")), 0.0);
    }

    #[test]
    fn tags_are_compared_by_section() {
        let document = parse(SourceText::from("讲话\n同志们：\n一、抓人才\n要引进人才。\n二、抓党建\n要建强支部。\n"), &Hints::default());
        assert_eq!(document.outline.sections().len(), 2);
        let coding = |author: &str, sections: &[u32]| {
            let mut placements = Placements::default();
            for section in sections {
                let target = Target::Section(pizhu_text::document::SectionId(*section));
                let (_, changes) = plan(Edit::Tag { target, tags: vec!["人才工作".to_owned()] }, author, &document, &placements).unwrap();
                placements.place(&document, Arc::new(changes[0].after.clone().unwrap()));
            }
            placements
        };
        let (a, b) = (coding("甲", &[0]), coding("乙", &[0, 1]));
        let mut both = Coding::new(vec!["甲".to_owned(), "乙".to_owned()]);
        both.add("讲话.txt", &document, &[Some(&a), Some(&b)]);
        both.add("别的.txt", &document, &[Some(&a), None]);
        let measures = both.overall();
        assert_eq!(measures.units, 3, "the other speech was coded by one alone");
        near(measures.percent, 2.0 / 3.0);
        let differing: Vec<_> = both.disagreements().map(|found| (found.tag, found.unit.section.join("/"), found.with)).collect();
        assert_eq!(differing, [("人才工作", "二、".to_owned(), vec!["乙"])]);
    }

    proptest! {
        /// α for two coders without missing ratings, by its definition over all pairs of values.
        #[test]
        fn alpha_is_that_of_the_definition(pairs in prop::collection::vec((0u32..3, 0u32..3), 1..30)) {
            let rows = [pairs.iter().map(|(a, _)| Some(*a)).collect::<Vec<_>>(), pairs.iter().map(|(_, b)| Some(*b)).collect()];
            let values: Vec<u32> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
            let observed = pairs.iter().filter(|(a, b)| a != b).count() as f64 / pairs.len() as f64;
            let n = values.len();
            let differing = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).filter(|(i, j)| i != j && values[*i] != values[*j]).count();
            let expected = differing as f64 / (n * (n - 1)) as f64;
            match krippendorff_alpha(&rows) {
                None => prop_assert!(expected < 1e-12),
                Some(alpha) => prop_assert!((alpha - (1.0 - observed / expected)).abs() < 1e-9),
            }
        }
    }
}
