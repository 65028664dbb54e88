//! Inter-coder agreement: percent agreement, Cohen's κ and Krippendorff's α (nominal) by the
//! presence of a tag in each section.
//!
//! Sources: J. Cohen, "A coefficient of agreement for nominal scales" (1960); K. Krippendorff,
//! "Computing Krippendorff's Alpha-Reliability" (2011). Without any variation the chance-corrected
//! coefficients are undefined and given as `None`.

use super::{anchor_index::AnchorIndex, codebook::TagRef, model::Scope};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A coder's rating of one unit; `None` if the coder did not code it.
pub type Rating = Option<u32>;

/// The coefficients of one tag, or of all tags.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measures {
    /// Number of units coded by at least two coders.
    pub units: usize,
    /// Percent agreement: the share of equal pairs of ratings of a unit, from 0 to 1.
    pub percent: Option<f64>,
    /// Cohen's κ, for two coders.
    pub kappa: Option<f64>,
    /// Krippendorff's α for nominal values.
    pub alpha: Option<f64>,
}

/// The coefficients of a matrix with a row for each coder and a column for each unit.
#[must_use]
pub fn measure(rows: &[Vec<Rating>]) -> Measures {
    let units = ratings_by_unit(rows).filter(|ratings| ratings.len() > 1).count();
    let kappa = match rows {
        [a, b] => cohen_kappa(a, b),
        _ => None,
    };
    Measures { units, percent: percent_agreement(rows), kappa, alpha: krippendorff_alpha(rows) }
}

/// The ratings of each unit.
fn ratings_by_unit(rows: &[Vec<Rating>]) -> impl Iterator<Item = Vec<u32>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    (0..width).map(move |unit| rows.iter().filter_map(|row| *row.get(unit)?).collect())
}

/// Percent agreement: the share of equal pairs of ratings of a unit, from 0 to 1; `None` without
/// any pair.
#[must_use]
pub(crate) fn percent_agreement(rows: &[Vec<Rating>]) -> Option<f64> {
    let (mut same, mut all) = (0_usize, 0_usize);
    for ratings in ratings_by_unit(rows) {
        for (index, a) in ratings.iter().enumerate() {
            same += ratings[index + 1..].iter().filter(|b| *b == a).count();
            all += ratings.len() - index - 1;
        }
    }
    (all > 0).then(|| same as f64 / all as f64)
}

/// Cohen's κ of two coders over the units that both coded. `None` if there are none, or if both
/// gave the same single value throughout.
///
/// ```
/// use pizhu_annotation::agreement::cohen_kappa;
///
/// let a = [1, 1, 0, 0, 1, 0, 1, 1, 0, 0].map(Some);
/// let b = [1, 0, 0, 0, 1, 0, 1, 1, 1, 0].map(Some);
/// let kappa = cohen_kappa(&a, &b).unwrap();
/// assert!((kappa - 0.6).abs() < 1e-9);
/// ```
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

/// Krippendorff's α for nominal values, any number of coders and missing ratings. `None` if no unit
/// has two ratings, or if all ratings are equal.
///
/// ```
/// use pizhu_annotation::agreement::krippendorff_alpha;
///
/// let rows = [vec![Some(1), Some(0), Some(1)], vec![Some(1), Some(0), None]];
/// assert_eq!(krippendorff_alpha(&rows), Some(1.0));
/// ```
#[must_use]
pub fn krippendorff_alpha(rows: &[Vec<Rating>]) -> Option<f64> {
    // A unit with one rating has nothing to compare.
    let units: Vec<Vec<u32>> = ratings_by_unit(rows).filter(|ratings| ratings.len() > 1).collect();
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

/// A unit of coding: a section's own text, or the text before the first section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodingUnit {
    /// Name of the speech in the store.
    pub document: String,
    /// Path of the section; empty for the text before the first one.
    pub section: Vec<String>,
    /// Its span.
    pub span: Span,
}

/// A unit to which some coders gave a tag and others did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoderDisagreement<'a> {
    /// The tag.
    pub tag: &'a TagRef,
    /// The unit.
    pub unit: &'a CodingUnit,
    /// Coders who gave the tag.
    pub with: Vec<&'a str>,
    /// Coders who coded the speech without giving the tag.
    pub without: Vec<&'a str>,
}

/// Which coder gave which tag in which section, over several speeches.
#[derive(Debug, Clone, Default)]
pub struct Coding {
    coders: Vec<String>,
    units: Vec<CodingUnit>,
    /// Which coders coded each unit.
    coded: Vec<Vec<bool>>,
    /// The pairs of unit and coder that have each tag.
    found: BTreeMap<TagRef, BTreeSet<(usize, usize)>>,
}

impl Coding {
    /// Creates an empty comparison of these coders.
    #[must_use]
    pub fn new(coders: Vec<String>) -> Self {
        Self { coders, ..Self::default() }
    }

    /// The coders, in the order of the rows.
    #[must_use]
    pub fn coders(&self) -> &[String] {
        &self.coders
    }

    /// Adds a speech with the annotations of each coder, in their order; `None` for a coder who did
    /// not code it. Tags of the whole speech do not count. A tag is present in a section annotated with it, or in whose own text (not that
    /// of its subsections) a passage with it begins.
    pub fn add(&mut self, name: &str, document: &Document, codings: &[Option<&AnchorIndex>]) {
        let first = self.units.len();
        let outline = &document.outline;
        let front = Span::new(0, outline.sections().first().map_or(document.source.len(), |section| section.span.start));
        self.units.push(CodingUnit { document: name.to_owned(), section: Vec::new(), span: front });
        self.units.extend(outline.iter().map(|(id, section)| CodingUnit {
            document: name.to_owned(),
            section: outline.path(id),
            span: section.span,
        }));
        let coded: Vec<bool> = (0..self.coders.len()).map(|coder| codings.get(coder).is_some_and(Option::is_some)).collect();
        self.coded.resize(self.units.len(), coded);
        for (coder, anchors) in codings.iter().enumerate().take(self.coders.len()) {
            for anchored in anchors.iter().flat_map(|anchors| anchors.iter()) {
                let Some(span) = anchored.span else { continue };
                let section = match anchored.annotation.scope {
                    Scope::Section => anchored.section,
                    Scope::Passage => outline.section_at(span.start),
                    Scope::Speech => continue,
                };
                let unit = first + section.map_or(0, |id| id.index() + 1);
                for tag in &anchored.annotation.tags {
                    self.found.entry(tag.clone()).or_default().insert((unit, coder));
                }
            }
        }
    }

    /// The ratings of all units by all coders for one tag.
    fn rows(&self, found: &BTreeSet<(usize, usize)>) -> Vec<Vec<Rating>> {
        let rating = |unit: usize, coder: usize| self.coded[unit][coder].then(|| u32::from(found.contains(&(unit, coder))));
        (0..self.coders.len()).map(|coder| (0..self.units.len()).map(|unit| rating(unit, coder)).collect()).collect()
    }

    /// The coefficients of each tag in use.
    pub fn by_tag(&self) -> impl Iterator<Item = (&TagRef, Measures)> {
        self.sorted().into_iter().map(|(tag, found)| (tag, measure(&self.rows(found))))
    }

    /// The tags by name, with the units and coders that have each.
    fn sorted(&self) -> Vec<(&TagRef, &BTreeSet<(usize, usize)>)> {
        let mut found: Vec<_> = self.found.iter().collect();
        found.sort_by(|(one, _), (other, _)| (&one.name, one.id).cmp(&(&other.name, other.id)));
        found
    }

    /// The coefficients over all tags: each pair of tag and section is a unit.
    #[must_use]
    pub fn overall(&self) -> Measures {
        let mut all = vec![Vec::new(); self.coders.len()];
        for (_, found) in self.sorted() {
            for (row, ratings) in all.iter_mut().zip(self.rows(found)) {
                row.extend(ratings);
            }
        }
        measure(&all)
    }

    /// Counts tags of several stores as one where `current` says that they are.
    pub fn unite_tags(&mut self, current: impl Fn(&TagRef) -> TagRef) {
        for (tag, found) in std::mem::take(&mut self.found) {
            self.found.entry(current(&tag)).or_default().extend(found);
        }
    }

    /// Keeps only the tags that satisfy `keep`.
    pub fn retain_tags(&mut self, keep: impl Fn(&TagRef) -> bool) {
        self.found.retain(|tag, _| keep(tag));
    }

    /// The disagreements, by tag and unit.
    pub fn disagreements(&self) -> impl Iterator<Item = CoderDisagreement<'_>> {
        self.sorted().into_iter().flat_map(move |(tag, found)| {
            self.units.iter().enumerate().filter_map(move |(index, unit)| {
                let coders = |has_it: bool| -> Vec<&str> {
                    let coded = (0..self.coders.len()).filter(|coder| self.coded[index][*coder]);
                    coded.filter(|coder| found.contains(&(index, *coder)) == has_it).map(|coder| self.coders[coder].as_str()).collect()
                };
                let (with, without) = (coders(true), coders(false));
                (!with.is_empty() && !without.is_empty()).then_some(CoderDisagreement { tag, unit, with, without })
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

    /// Parses ratings; `.` is a missing one.
    fn row(text: &str) -> Vec<Rating> {
        text.chars().map(|c| c.to_digit(10)).collect()
    }

    fn near(value: Option<f64>, expected: f64) {
        assert!(value.is_some_and(|value| (value - expected).abs() < 5e-4), "{value:?} is not {expected}");
    }

    #[test]
    fn published_examples_are_reproduced() {
        // Krippendorff 2011, section C: four observers, twelve units.
        let published = [row("123321412..."), row("1233224125.3"), row(".3332342251."), row("12332441251.")];
        near(krippendorff_alpha(&published), 0.743);
        near(cohen_kappa(&row("1100101100"), &row("1000101110")), 0.6);
        near(percent_agreement(&[row("1100101100"), row("1000101110")]), 0.8);
    }

    #[test]
    fn without_variation_coefficients_are_undefined() {
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
            let mut anchors = AnchorIndex::default();
            for section in sections {
                let target = Target::Section(pizhu_text::document::SectionId(*section));
                let (_, changes) =
                    plan(Edit::Tag { target, tags: vec![TagRef::derived("人才工作")] }, author, &document, &anchors).unwrap();
                anchors.resolve_and_insert(&document, Arc::new(changes[0].after.clone().unwrap()));
            }
            anchors
        };
        let (a, b) = (coding("甲", &[0]), coding("乙", &[0, 1]));
        let mut both = Coding::new(vec!["甲".to_owned(), "乙".to_owned()]);
        both.add("讲话.txt", &document, &[Some(&a), Some(&b)]);
        both.add("别的.txt", &document, &[Some(&a), None]);
        let measures = both.overall();
        assert_eq!(measures.units, 3, "the other speech has only one coder");
        near(measures.percent, 2.0 / 3.0);
        let differing: Vec<_> = both.disagreements().map(|found| (found.tag, found.unit.section.join("/"), found.with)).collect();
        assert_eq!(differing, [(&TagRef::derived("人才工作"), "二、".to_owned(), vec!["乙"])]);
    }

    proptest! {
        /// α for two coders without missing ratings, by its definition over all pairs of values.
        #[test]
        fn alpha_matches_its_definition(pairs in prop::collection::vec((0u32..3, 0u32..3), 1..30)) {
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
