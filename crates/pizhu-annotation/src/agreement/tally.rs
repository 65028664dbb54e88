//! Sums over units from which the coefficients follow, for ratings that are present or absent.

use super::measures::Measures;
use std::ops::AddAssign;

/// Number of sums from which the coefficients follow.
pub(super) const DRAWN_SUMS: usize = 5;
/// The sums that are added up for each draw: of two coders the crossed ratings, from which all others
/// follow, else equal pairs, pairs, disagreement, and ratings by value.
pub(super) type DrawnSums = [f64; DRAWN_SUMS];

/// Sums over units; those of parts add up to those of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct AgreementTally {
    /// Units with at least two ratings.
    pub(super) units: f64,
    /// Equal pairs of ratings of a unit.
    same: f64,
    /// All pairs of ratings of a unit.
    pub(super) pairs: f64,
    /// Observed disagreement in the sense of α: ordered unequal pairs over the number of ratings less one.
    disagreement: f64,
    /// Ratings of units with at least two, by value.
    ratings: [f64; 2],
    /// For two coders: units by the ratings of the first and the second.
    crossed: [[f64; 2]; 2],
}

impl AgreementTally {
    /// The sums of a unit with the ratings of its coders, which counts `weight` times.
    pub(super) fn of_unit(ratings: &[bool], weight: f64) -> Self {
        let all = ratings.len() as f64;
        if ratings.len() < 2 {
            return Self::default();
        }
        let with = ratings.iter().filter(|rating| **rating).count() as f64;
        let without = all - with;
        let pairs = all * (all - 1.0) / 2.0;
        let mut tally = Self {
            units: weight,
            same: weight * (pairs - with * without),
            pairs: weight * pairs,
            disagreement: weight * 2.0 * with * without / (all - 1.0),
            ratings: [weight * without, weight * with],
            crossed: [[0.0; 2]; 2],
        };
        if let [one, other] = ratings {
            tally.crossed[usize::from(*one)][usize::from(*other)] = weight;
        }
        tally
    }

    /// What is added up for each draw.
    pub(super) fn drawn(&self, coders: usize) -> DrawnSums {
        let [[none, second], [first, both]] = self.crossed;
        let [without, with] = self.ratings;
        if coders == 2 { [none, second, first, both, 0.0] } else { [self.same, self.pairs, self.disagreement, without, with] }
    }

    /// The sums of a draw; for more than two coders without the number of units.
    pub(super) fn of_drawn(sums: DrawnSums, coders: usize) -> Self {
        if coders != 2 {
            let [same, pairs, disagreement, without, with] = sums;
            return Self { same, pairs, disagreement, ratings: [without, with], ..Self::default() };
        }
        let [none, second, first, both, _] = sums;
        let (units, unequal) = (none + second + first + both, second + first);
        Self {
            units,
            same: none + both,
            pairs: units,
            disagreement: 2.0 * unequal,
            ratings: [2.0 * none + unequal, 2.0 * both + unequal],
            crossed: [[none, second], [first, both]],
        }
    }

    /// The coefficients; κ only for two coders.
    pub(super) fn measures(&self, coders: usize) -> Measures {
        Measures {
            units: self.units.round() as usize,
            percent: (self.pairs > 0.0).then(|| self.same / self.pairs),
            kappa: if coders == 2 { self.kappa() } else { None },
            alpha: self.alpha(),
        }
    }

    fn alpha(&self) -> Option<f64> {
        let [without, with] = self.ratings;
        let all = without + with;
        let expected = 2.0 * without * with / (all - 1.0);
        (without > 0.0 && with > 0.0).then(|| 1.0 - self.disagreement / expected)
    }

    fn kappa(&self) -> Option<f64> {
        let [[none, second], [first, both]] = self.crossed;
        let all = none + second + first + both;
        if all <= 0.0 || none >= all || both >= all {
            return None;
        }
        let observed = (none + both) / all;
        let expected = ((first + both) * (second + both) + (none + second) * (none + first)) / (all * all);
        Some((observed - expected) / (1.0 - expected))
    }
}

impl AddAssign for AgreementTally {
    fn add_assign(&mut self, other: Self) {
        self.units += other.units;
        self.same += other.same;
        self.pairs += other.pairs;
        self.disagreement += other.disagreement;
        for value in 0..2 {
            self.ratings[value] += other.ratings[value];
            for second in 0..2 {
                self.crossed[value][second] += other.crossed[value][second];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::{Rating, measure};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The sums give the coefficients of the matrix in which a unit stands as often as its weight.
        #[test]
        fn sums_give_the_coefficients_of_the_matrix(coders in 2_usize..5, units in prop::collection::vec((prop::collection::vec(prop::option::weighted(0.8, any::<bool>()), 4), 1_usize..4), 1..25)) {
            let mut tally = AgreementTally::default();
            let mut rows: Vec<Vec<Rating>> = vec![Vec::new(); coders];
            for (ratings, weight) in &units {
                let given: Vec<bool> = ratings.iter().take(coders).flatten().copied().collect();
                // κ is of two coders who rated a unit both.
                tally += AgreementTally::of_unit(&given, *weight as f64);
                for _ in 0..*weight {
                    for (row, rating) in rows.iter_mut().zip(ratings) {
                        row.push(rating.map(u32::from));
                    }
                }
            }
            let (ours, theirs) = (tally.measures(coders), measure(&rows));
            let drawn = AgreementTally::of_drawn(tally.drawn(coders), coders).measures(coders);
            prop_assert_eq!((drawn.percent, drawn.kappa, drawn.alpha), (ours.percent, ours.kappa, ours.alpha));
            let close = |one: Option<f64>, other: Option<f64>| match (one, other) {
                (Some(one), Some(other)) => (one - other).abs() < 1e-9,
                (None, None) => true,
                _ => false,
            };
            prop_assert_eq!(ours.units, theirs.units);
            prop_assert!(close(ours.percent, theirs.percent) && close(ours.kappa, theirs.kappa) && close(ours.alpha, theirs.alpha), "{:?} {:?}", ours, theirs);
        }
    }
}
