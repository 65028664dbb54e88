//! Bootstrap intervals: clusters of units are drawn anew with replacement, and the coefficients
//! computed from each draw.
//!
//! Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), the percentile method.
//! Draws come from a fixed seed, so that the same data give the same interval.

use super::{measures::Measures, tally::AgreementTally};

/// Share of the draws outside the interval, on both sides together.
const OUTSIDE: f64 = 0.05;
/// Seed of the draws.
const SEED: u64 = 0x5EED_A1FA;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The intervals of the coefficients; `None` where a coefficient is undefined in most draws.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Intervals {
    /// Of the percent agreement, from 0 to 1.
    pub percent: Option<Interval>,
    /// Of Cohen's κ.
    pub kappa: Option<Interval>,
    /// Of Krippendorff's α.
    pub alpha: Option<Interval>,
}

/// The intervals over `draws` draws of the clusters.
pub(super) fn intervals(clusters: &[AgreementTally], coders: usize, draws: usize) -> Intervals {
    // One cluster is the same in every draw.
    if clusters.len() < 2 || draws == 0 {
        return Intervals::default();
    }
    let mut random = SplitMix(SEED);
    let found: Vec<Measures> = (0..draws)
        .map(|_| {
            let mut sum = AgreementTally::default();
            for _ in 0..clusters.len() {
                sum += clusters[random.below(clusters.len())];
            }
            sum.measures(coders)
        })
        .collect();
    let of = |value: fn(&Measures) -> Option<f64>| interval(found.iter().filter_map(value).collect(), draws);
    Intervals { percent: of(|one| one.percent), kappa: of(|one| one.kappa), alpha: of(|one| one.alpha) }
}

/// The interval between the quantiles of values that more than half of the draws gave.
fn interval(mut values: Vec<f64>, draws: usize) -> Option<Interval> {
    if values.len() * 2 <= draws {
        return None;
    }
    values.sort_by(f64::total_cmp);
    Some(Interval { low: quantile(&values, OUTSIDE / 2.0), high: quantile(&values, 1.0 - OUTSIDE / 2.0) })
}

/// A quantile of sorted values, linear between two of them.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len().saturating_sub(1)) as f64;
    let (low, part) = (place.floor() as usize, place.fract());
    let at = |index: usize| sorted.get(index).or(sorted.last()).copied().unwrap_or_default();
    at(low) + part * (at(low + 1) - at(low))
}

/// The generator SplitMix64 (G. Steele, D. Lea, C. Flood, 2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> u64::BITS) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_coefficient_and_shrink_with_more_units() {
        let units = |count: usize| -> Vec<AgreementTally> {
            (0..count).map(|n| AgreementTally::of_unit(&[n % 3 == 0, n % 3 == 0 || n % 7 == 0], 1.0)).collect()
        };
        let width = |count: usize| {
            let clusters = units(count);
            let mut sum = AgreementTally::default();
            for one in &clusters {
                sum += *one;
            }
            let alpha = sum.measures(2).alpha.unwrap();
            let found = intervals(&clusters, 2, 1000).alpha.unwrap();
            assert!(found.low < alpha && alpha < found.high, "{found:?} {alpha}");
            found.high - found.low
        };
        assert!(width(400) < 0.6 * width(100), "the width goes with the root of the number");
        assert_eq!(intervals(&units(1), 2, 1000), Intervals::default());
        assert!((quantile(&[0.0, 1.0, 2.0, 3.0], 0.5) - 1.5).abs() < 1e-12);
    }
}
