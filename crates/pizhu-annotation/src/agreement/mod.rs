//! Inter-coder agreement: percent agreement, Cohen's κ and Krippendorff's α (nominal) by the
//! presence of a tag in each section, paragraph, sentence or char, and uα by the passages themselves.
//!
//! Sources: J. Cohen, "A coefficient of agreement for nominal scales" (1960); K. Krippendorff,
//! "Computing Krippendorff's Alpha-Reliability" (2011). Without any variation the chance-corrected
//! coefficients are undefined and given as `None`.

mod bootstrap;
mod consensus;
mod measures;
mod tally;
mod unit;
mod unitizing;

pub use bootstrap::{BOOTSTRAP_DRAWS, Interval, Intervals};
pub use consensus::{CONSENSUS_NAMES, Consensus, ConsensusChoice, UnitCoding, is_consensus};
pub use measures::Measures;
pub use unit::UnitKind;

use super::{anchor_index::AnchorIndex, codebook::TagRef, model::Scope};
use bootstrap::intervals;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::collections::{BTreeMap, BTreeSet};
use tally::AgreementTally;
use unit::{overlapped, unit_spans};
use unitizing::UnitizingTally;

/// A coder's rating of one unit; `None` if the coder did not code it.
pub type Rating = Option<u32>;

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

/// A unit of coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodingUnit {
    /// Name of the speech in the store.
    pub document: String,
    /// Path of the section; empty for the text before the first one.
    pub section: Vec<String>,
    /// Its span; of a section, with those below it.
    pub span: Span,
}

/// A unit to which some coders gave a tag and others did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoderDisagreement<'a> {
    /// The tag.
    pub tag: &'a TagRef,
    /// The unit; of chars, all that stand together.
    pub unit: CodingUnit,
    /// Coders who gave the tag.
    pub with: Vec<&'a str>,
    /// Coders who coded the speech without giving the tag.
    pub without: Vec<&'a str>,
}

/// The agreement of some coders about a tag, or about all.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Agreement {
    /// The coefficients.
    pub measures: Measures,
    /// Their 95 % intervals.
    pub intervals: Intervals,
    /// Number of pairs of ratings that the percent agreement is over.
    pub pairs: f64,
    /// uα of the passages; only if chars are compared.
    pub unitizing: Option<f64>,
}

/// A speech as a continuum of chars.
#[derive(Debug, Clone)]
struct Continuum {
    length: usize,
    coded: Vec<bool>,
    /// The passages of each coder by tag.
    passages: BTreeMap<TagRef, Vec<Vec<Span>>>,
}

/// Which coder gave which tag in which unit, over several speeches.
#[derive(Debug, Clone, Default)]
pub struct Coding {
    coders: Vec<String>,
    kind: UnitKind,
    /// Whether units without any of the tags are left out.
    only_coded: bool,
    units: Vec<CodingUnit>,
    /// How often each unit counts, and what it is drawn anew with.
    weights: Vec<(usize, usize)>,
    /// Which coders coded each unit.
    coded: Vec<Vec<bool>>,
    /// The pairs of unit and coder that have each tag.
    found: BTreeMap<TagRef, BTreeSet<(usize, usize)>>,
    continua: Vec<Continuum>,
}

impl Coding {
    /// Creates an empty comparison of these coders, by section.
    #[must_use]
    pub fn new(coders: Vec<String>) -> Self {
        Self { coders, ..Self::default() }
    }

    /// The comparison by units of this kind; `only_coded` leaves out units to which none of the coders
    /// compared gave any of the tags.
    #[must_use]
    pub fn by(self, kind: UnitKind, only_coded: bool) -> Self {
        Self { kind, only_coded, ..self }
    }

    /// The coders, in the order of the rows.
    #[must_use]
    pub fn coders(&self) -> &[String] {
        &self.coders
    }

    /// Adds a speech with the annotations of each coder, in their order; `None` for a coder who did
    /// not code it. Tags of the whole speech do not count. A tag is present in every unit that a passage
    /// with it overlaps. A tag of a section is present in all units inside it, but where the units are
    /// sections, in that section only, not in those below it.
    pub fn add(&mut self, name: &str, document: &Document, codings: &[Option<&AnchorIndex>]) {
        let first = self.units.len();
        let outline = &document.outline;
        let codings = codings.iter().take(self.coders.len());
        let marks: Vec<(usize, Span, &TagRef, Option<usize>)> = codings
            .clone()
            .enumerate()
            .flat_map(|(coder, anchors)| anchors.iter().flat_map(|anchors| anchors.iter()).map(move |anchored| (coder, anchored)))
            .filter(|(_, anchored)| anchored.annotation.scope != Scope::Speech)
            .flat_map(|(coder, anchored)| {
                let section = anchored.section.filter(|_| anchored.annotation.scope == Scope::Section).map(|id| id.index() + 1);
                let tags = anchored.annotation.tags.iter();
                tags.filter_map(move |tag| Some((coder, anchored.span?, tag, section)))
            })
            .collect();
        let spans = unit_spans(document, self.kind, &marks.iter().map(|(_, span, ..)| *span).collect::<Vec<_>>());
        let sections: Vec<_> = std::iter::once(None).chain(outline.iter().map(|(_, section)| Some(section.span))).collect();
        let last_cluster = self.weights.iter().map(|(_, cluster)| cluster + 1).max().unwrap_or(0);
        for (index, unit) in spans.iter().enumerate() {
            let section = outline.section_at(unit.own.start).filter(|_| self.kind != UnitKind::Section || index > 0);
            self.units.push(CodingUnit {
                document: name.to_owned(),
                section: section.map(|id| outline.path(id)).unwrap_or_default(),
                span: if self.kind == UnitKind::Section { sections.get(index).copied().flatten().unwrap_or(unit.own) } else { unit.own },
            });
            let weight = if self.kind == UnitKind::Char { unit.own.len() } else { 1 };
            self.weights.push((weight, last_cluster + unit.cluster));
        }
        let coded: Vec<bool> = (0..self.coders.len()).map(|coder| codings.clone().nth(coder).is_some_and(Option::is_some)).collect();
        self.coded.resize(self.units.len(), coded.clone());
        for (coder, span, tag, section) in &marks {
            let touched = match section {
                Some(section) if self.kind == UnitKind::Section => *section..section + 1,
                _ => overlapped(&spans, *span),
            };
            self.found.entry((*tag).clone()).or_default().extend(touched.map(|unit| (first + unit, *coder)));
        }
        if self.kind == UnitKind::Char {
            let mut passages: BTreeMap<TagRef, Vec<Vec<Span>>> = BTreeMap::new();
            for (coder, span, tag, _) in &marks {
                passages.entry((*tag).clone()).or_insert_with(|| vec![Vec::new(); self.coders.len()])[*coder].push(*span);
            }
            self.continua.push(Continuum { length: document.source.len(), coded, passages });
        }
    }

    /// The tags in use, by name.
    #[must_use]
    pub fn tags(&self) -> Vec<&TagRef> {
        self.sorted().into_iter().map(|(tag, _)| tag).collect()
    }

    /// The tags by name, with the units and coders that have each.
    fn sorted(&self) -> Vec<(&TagRef, &BTreeSet<(usize, usize)>)> {
        let mut found: Vec<_> = self.found.iter().collect();
        found.sort_by(|(one, _), (other, _)| (&one.name, one.id).cmp(&(&other.name, other.id)));
        found
    }

    /// The sums over the units of each cluster, for one tag or all, of the coders of these numbers.
    fn tallies(&self, tag: Option<&TagRef>, coders: &[usize]) -> Vec<AgreementTally> {
        let found: Vec<&BTreeSet<(usize, usize)>> =
            self.found.iter().filter(|(one, _)| tag.is_none_or(|tag| tag == *one)).map(|(_, found)| found).collect();
        let mut clusters = vec![AgreementTally::default(); self.weights.iter().map(|(_, cluster)| cluster + 1).max().unwrap_or(0)];
        for (unit, (weight, cluster)) in self.weights.iter().enumerate() {
            let rating: Vec<usize> = coders.iter().copied().filter(|coder| self.coded[unit][*coder]).collect();
            let has_any = || self.found.values().any(|found| rating.iter().any(|coder| found.contains(&(unit, *coder))));
            if rating.len() < 2 || (self.only_coded && !has_any()) {
                continue;
            }
            for found in &found {
                let ratings: Vec<bool> = rating.iter().map(|coder| found.contains(&(unit, *coder))).collect();
                clusters[*cluster] += AgreementTally::of_unit(&ratings, *weight as f64);
            }
        }
        // A cluster without ratings has nothing to draw.
        clusters.retain(|tally| tally.units > 0.0);
        clusters
    }

    /// The agreement about one tag, or over all (each pair of tag and unit is then a unit), of the coders
    /// of these numbers, with intervals from so many draws.
    #[must_use]
    pub fn agreement(&self, tag: Option<&TagRef>, coders: &[usize], draws: usize) -> Agreement {
        let clusters = self.tallies(tag, coders);
        let mut sum = AgreementTally::default();
        for tally in &clusters {
            sum += *tally;
        }
        Agreement {
            measures: sum.measures(coders.len()),
            intervals: intervals(&clusters, coders.len(), draws),
            pairs: sum.pairs,
            unitizing: self.unitizing(tag, coders),
        }
    }

    fn unitizing(&self, tag: Option<&TagRef>, coders: &[usize]) -> Option<f64> {
        let mut sum = UnitizingTally::default();
        for continuum in &self.continua {
            let coders: Vec<usize> = coders.iter().copied().filter(|coder| continuum.coded[*coder]).collect();
            let tags = self.found.keys().filter(|one| tag.is_none_or(|tag| tag == *one));
            for tag in tags {
                let of = |coder: &usize| continuum.passages.get(tag).map(|rows| rows[*coder].clone()).unwrap_or_default();
                sum += UnitizingTally::of_continuum(continuum.length, coders.iter().map(of).collect());
            }
        }
        sum.alpha()
    }

    /// The coefficients over all tags: each pair of tag and unit is a unit.
    #[must_use]
    pub fn overall(&self) -> Measures {
        self.agreement(None, &(0..self.coders.len()).collect::<Vec<_>>(), 0).measures
    }

    /// Counts tags of several stores as one where `current` says that they are.
    pub fn unite_tags(&mut self, current: impl Fn(&TagRef) -> TagRef) {
        for (tag, found) in std::mem::take(&mut self.found) {
            self.found.entry(current(&tag)).or_default().extend(found);
        }
        for continuum in &mut self.continua {
            for (tag, rows) in std::mem::take(&mut continuum.passages) {
                let united = continuum.passages.entry(current(&tag)).or_insert_with(|| vec![Vec::new(); rows.len()]);
                united.iter_mut().zip(rows).for_each(|(united, row)| united.extend(row));
            }
        }
    }

    /// Keeps only the tags that satisfy `keep`.
    pub fn retain_tags(&mut self, keep: impl Fn(&TagRef) -> bool) {
        self.found.retain(|tag, _| keep(tag));
    }

    /// The disagreements, by tag and unit; chars that stand together are one.
    #[must_use]
    pub fn disagreements(&self) -> Vec<CoderDisagreement<'_>> {
        let mut all: Vec<CoderDisagreement<'_>> = Vec::new();
        for (tag, found) in self.sorted() {
            for (index, unit) in self.units.iter().enumerate() {
                let coders = |has_it: bool| -> Vec<&str> {
                    let coded = (0..self.coders.len()).filter(|coder| self.coded[index][*coder]);
                    coded.filter(|coder| found.contains(&(index, *coder)) == has_it).map(|coder| self.coders[coder].as_str()).collect()
                };
                let (with, without) = (coders(true), coders(false));
                if with.is_empty() || without.is_empty() {
                    continue;
                }
                let goes_on = |last: &&mut CoderDisagreement<'_>| {
                    self.kind == UnitKind::Char
                        && last.tag == tag
                        && (last.unit.span.end, &last.unit.document) == (unit.span.start, &unit.document)
                        && (&last.with, &last.without) == (&with, &without)
                };
                match all.last_mut().filter(goes_on) {
                    Some(last) => last.unit.span.end = unit.span.end,
                    None => all.push(CoderDisagreement { tag, unit: unit.clone(), with, without }),
                }
            }
        }
        all
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
        let differing: Vec<_> =
            both.disagreements().into_iter().map(|found| (found.tag, found.unit.section.join("/"), found.with)).collect();
        assert_eq!(differing, [(&TagRef::derived("人才工作"), "二、".to_owned(), vec!["乙"])]);
    }

    /// Two marks of 4 and 110 chars had κ 1.000; a passage over three sections counted in its first only.
    #[test]
    fn extents_of_passages_count() {
        let text = "讲话\n同志们：\n一、抓人才\n要引进人才，要用好人才。要留住人才。\n二、抓党建\n要建强支部。\n三、抓作风\n要改作风。\n";
        let document = parse(SourceText::from(text), &Hints::default());
        let place = |words: &str| text[..text.find(words).unwrap()].chars().count();
        let coding = |author: &str, span: Span| {
            let mut anchors = AnchorIndex::default();
            let edit = Edit::Tag { target: Target::Passage(span), tags: vec![TagRef::derived("人才工作")] };
            let (_, changes) = plan(edit, author, &document, &anchors).unwrap();
            anchors.resolve_and_insert(&document, Arc::new(changes[0].after.clone().unwrap()));
            anchors
        };
        let long = coding("甲", Span::new(place("要引进"), place("要改") + 2));
        let short = coding("乙", Span::new(place("要引进"), place("要引进") + 4));
        let compared = |kind, only_coded| {
            let mut both = Coding::new(vec!["甲".to_owned(), "乙".to_owned()]).by(kind, only_coded);
            both.add("讲话.txt", &document, &[Some(&long), Some(&short)]);
            both
        };
        let sections = compared(UnitKind::Section, false);
        let differing: Vec<String> = sections.disagreements().iter().map(|found| found.unit.section.join("/")).collect();
        assert_eq!(differing, ["二、", "三、"]);
        let of = |kind, only_coded| compared(kind, only_coded).agreement(None, &[0, 1], 0);
        assert_eq!((of(UnitKind::Section, false).measures.units, of(UnitKind::Section, true).measures.units), (4, 3));
        near(of(UnitKind::Section, true).measures.percent, 1.0 / 3.0);
        let chars = of(UnitKind::Char, false);
        let by_hand: Vec<Vec<Rating>> = [&long, &short]
            .map(|anchors| {
                let span = anchors.iter().next().unwrap().span.unwrap();
                let all = document.paragraphs.iter().flat_map(|paragraph| paragraph.span.start..paragraph.span.end);
                all.map(|x| Some(u32::from(span.contains(x)))).collect()
            })
            .to_vec();
        let expected = measure(&by_hand);
        assert_eq!(chars.measures.units, expected.units);
        near(chars.measures.kappa, expected.kappa.unwrap());
        near(chars.measures.alpha, expected.alpha.unwrap());
        assert!(chars.unitizing.is_some_and(|alpha| alpha < 0.2), "{chars:?}");
        let spans: Vec<Span> = compared(UnitKind::Char, false).disagreements().iter().map(|found| found.unit.span).collect();
        assert_eq!(spans.iter().map(|span| span.start).min(), Some(place("要引进") + 4), "{spans:?}");
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
