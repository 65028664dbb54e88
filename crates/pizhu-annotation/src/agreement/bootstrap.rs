//! Bootstrap intervals: clusters of units are drawn anew with replacement, and the coefficients
//! computed from each draw.
//!
//! Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), the percentile method.
//! Draws come from a fixed seed, so that the same data give the same interval.

use super::{
    measures::Measures,
    tally::{AgreementTally, DRAWN_SUMS, DrawnSums},
};
use rand_core::TryRng;
use rand_distr::{Binomial, Distribution as _};
use std::{collections::HashMap, convert::Infallible, num::NonZero, thread};

/// Draws that are enough: the end of an interval then differs by some 0.3 % of its width (standard error)
/// from that over all possible draws; of 2000 draws by 1.5 %.
pub const BOOTSTRAP_DRAWS: usize = 40_000;
/// Draws with one seed.
const BATCH: usize = 500;
/// Clusters that are drawn one by one in the time that one kind takes as a whole.
const CLUSTERS_PER_BINOMIAL: usize = 64;
/// Clusters times draws that are not worth a thread.
const WORK_PER_THREAD: usize = 2_000_000;

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

/// The clusters of units that are drawn. Many have the same sums (in most sections no coder used the tag), so
/// a draw tells how often each kind came and adds up each kind once.
struct Clusters {
    /// The sums of each kind of cluster.
    distinct: Vec<DrawnSums>,
    /// Number of clusters of each kind.
    sizes: Vec<u64>,
    /// The kind of each cluster, as an index of `distinct`.
    kinds: Vec<usize>,
}

impl Clusters {
    fn new(tallies: &[AgreementTally], coders: usize) -> Self {
        let mut clusters = Self { distinct: Vec::new(), sizes: Vec::new(), kinds: Vec::with_capacity(tallies.len()) };
        let mut known: HashMap<[u64; DRAWN_SUMS], usize> = HashMap::new();
        for tally in tallies {
            let sums = tally.drawn(coders);
            let kind = *known.entry(sums.map(f64::to_bits)).or_insert_with(|| {
                clusters.distinct.push(sums);
                clusters.sizes.push(0);
                clusters.distinct.len() - 1
            });
            clusters.sizes[kind] += 1;
            clusters.kinds.push(kind);
        }
        clusters
    }

    /// How often each kind comes in a draw of as many clusters as there are, with replacement.
    fn draw(&self, counts: &mut [u64], random: &mut SplitMix) {
        if self.distinct.len() * CLUSTERS_PER_BINOMIAL < self.kinds.len() {
            return self.draw_by_kinds(counts, random);
        }
        counts.fill(0);
        for _ in 0..self.kinds.len() {
            counts[self.kinds[random.below(self.kinds.len())]] += 1;
        }
    }

    /// The same where there are few kinds: of what is left to draw, as many are of a kind as a binomial
    /// distribution gives.
    fn draw_by_kinds(&self, counts: &mut [u64], random: &mut SplitMix) {
        let (mut left, mut others) = (self.kinds.len() as u64, self.kinds.len() as u64);
        for (count, size) in counts.iter_mut().zip(&self.sizes) {
            // The last kind has the share 1.
            let share = *size as f64 / others as f64;
            *count = Binomial::new(left, share.min(1.0)).map_or(left, |binomial| binomial.sample(random));
            left -= *count;
            others -= size;
        }
    }
}

/// The coefficients of draws; of one that is undefined in a draw there is no value.
#[derive(Debug, Default)]
struct DrawnMeasures {
    percent: Vec<f64>,
    kappa: Vec<f64>,
    alpha: Vec<f64>,
}

impl DrawnMeasures {
    /// Draws the clusters `draws` times with replacement.
    fn draw(clusters: &Clusters, coders: usize, draws: usize, random: &mut SplitMix) -> Self {
        let mut found = Self::default();
        let mut counts = vec![0_u64; clusters.distinct.len()];
        for _ in 0..draws {
            clusters.draw(&mut counts, random);
            let mut sums = [0.0; DRAWN_SUMS];
            for (count, cluster) in counts.iter().zip(&clusters.distinct) {
                for (sum, part) in sums.iter_mut().zip(cluster) {
                    *sum += *count as f64 * part;
                }
            }
            let Measures { percent, kappa, alpha, .. } = AgreementTally::of_drawn(sums, coders).measures(coders);
            found.percent.extend(percent);
            found.kappa.extend(kappa);
            found.alpha.extend(alpha);
        }
        found
    }

    fn append(mut self, other: Self) -> Self {
        self.percent.extend(other.percent);
        self.kappa.extend(other.kappa);
        self.alpha.extend(other.alpha);
        self
    }
}

/// The intervals over `draws` draws of the clusters.
pub(super) fn intervals(clusters: &[AgreementTally], coders: usize, draws: usize) -> Intervals {
    // One cluster is the same in every draw.
    if clusters.len() < 2 || draws == 0 {
        return Intervals::default();
    }
    let clusters = Clusters::new(clusters, coders);
    // Each batch has a seed of its own, so that the draws are the same on any number of threads; their
    // order means nothing.
    let mut seeds = SplitMix(SEED);
    let batches: Vec<(u64, usize)> = (0..draws).step_by(BATCH).map(|first| (seeds.next(), BATCH.min(draws - first))).collect();
    let draw = |batches: &[(u64, usize)]| {
        let each = batches.iter().map(|(seed, draws)| DrawnMeasures::draw(&clusters, coders, *draws, &mut SplitMix(*seed)));
        each.fold(DrawnMeasures::default(), DrawnMeasures::append)
    };
    let is_much = clusters.kinds.len() * draws > WORK_PER_THREAD;
    let threads = if is_much { thread::available_parallelism().map_or(1, NonZero::get) } else { 1 };
    let found = thread::scope(|scope| {
        let mut parts = batches.chunks(batches.len().div_ceil(threads));
        let own = parts.next().unwrap_or_default();
        let others: Vec<_> = parts.map(|part| (part, scope.spawn(|| draw(part)))).collect();
        // A thread fails only if its work would fail here too.
        others.into_iter().fold(draw(own), |found, (part, other)| found.append(other.join().unwrap_or_else(|_| draw(part))))
    });
    Intervals { percent: interval(found.percent, draws), kappa: interval(found.kappa, draws), alpha: interval(found.alpha, draws) }
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

impl TryRng for SplitMix {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.next().to_le_bytes();
            for (byte, from) in chunk.iter_mut().zip(drawn) {
                *byte = from;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of six units there are 46656 draws; α has few values, and the ends are two of them.
    #[test]
    fn intervals_are_those_of_all_possible_draws() {
        let units: Vec<AgreementTally> = [[true, true], [false, true], [false, false], [true, true], [false, false], [true, false]]
            .iter()
            .map(|ratings| AgreementTally::of_unit(ratings, 1.0))
            .collect();
        let mut all: Vec<f64> = Vec::new();
        for number in 0..6_usize.pow(6) {
            let mut sum = AgreementTally::default();
            for place in 0..6 {
                sum += units[number / 6_usize.pow(place) % 6];
            }
            all.extend(sum.measures(2).alpha);
        }
        all.sort_by(f64::total_cmp);
        let found = intervals(&units, 2, BOOTSTRAP_DRAWS).alpha.unwrap();
        assert!((found.low - quantile(&all, 0.025)).abs() < 1e-9 && (found.high - quantile(&all, 0.975)).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn draws_do_not_depend_on_the_number_of_threads() {
        let units: Vec<AgreementTally> = (0..300).map(|n| AgreementTally::of_unit(&[n % 3 == 0, n % 5 == 0, n % 7 == 0], 1.0)).collect();
        let draws = WORK_PER_THREAD / 300 + 1234;
        let one = {
            let clusters = Clusters::new(&units, 3);
            let mut seeds = SplitMix(SEED);
            let batch = |first: usize| DrawnMeasures::draw(&clusters, 3, BATCH.min(draws - first), &mut SplitMix(seeds.next()));
            let all = (0..draws).step_by(BATCH).map(batch).fold(DrawnMeasures::default(), DrawnMeasures::append);
            interval(all.alpha, draws)
        };
        assert_eq!(intervals(&units, 3, draws).alpha, one);
    }

    #[test]
    fn kinds_are_drawn_as_their_clusters_would_be() {
        let units: Vec<AgreementTally> = (0..3000).map(|n| AgreementTally::of_unit(&[n % 11 == 0, n % 13 == 0], 1.0)).collect();
        let clusters = Clusters::new(&units, 2);
        assert!(clusters.distinct.len() == 4 && clusters.sizes.iter().sum::<u64>() == 3000);
        let mut random = SplitMix(SEED);
        let mut means = [vec![0.0; 4], vec![0.0; 4]];
        let mut squares = means.clone();
        let draws = 4000;
        for _ in 0..draws {
            for (way, (mean, square)) in means.iter_mut().zip(&mut squares).enumerate() {
                let mut counts = vec![0; 4];
                if way == 0 {
                    clusters.draw_by_kinds(&mut counts, &mut random);
                } else {
                    (0..3000).for_each(|_| counts[clusters.kinds[random.below(3000)]] += 1);
                }
                assert_eq!(counts.iter().sum::<u64>(), 3000);
                for (kind, count) in counts.iter().enumerate() {
                    mean[kind] += *count as f64 / f64::from(draws);
                    square[kind] += (*count as f64).powi(2) / f64::from(draws);
                }
            }
        }
        for kind in 0..4 {
            let [one, other] = [0, 1].map(|way| (squares[way][kind] - means[way][kind].powi(2)).sqrt());
            assert!(
                (means[0][kind] - means[1][kind]).abs() < 0.1 * other && (one / other - 1.0).abs() < 0.1,
                "{kind}: {means:?} {one} {other}"
            );
        }
    }

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
