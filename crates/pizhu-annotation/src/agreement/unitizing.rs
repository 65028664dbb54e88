//! Krippendorff's uα: agreement on where passages begin and end, over a continuum of chars.
//!
//! Source: K. Krippendorff, Y. Mathet, S. Bouvry, A. Widlöcher, "On the reliability of unitizing textual
//! continua: Further developments", Quality & Quantity 50 (2016), for one value against gaps. Observed
//! coincidences are lengths of intersections of segments of two coders; in those expected by chance, a
//! unit does not coincide with itself, so that the squares of the units' lengths are taken away, and of
//! gaps, which are no units, their lengths. Where all units are of length 1 this is the nominal α.

use pizhu_text::text::Span;
use std::ops::AddAssign;

/// Sums over continua; those of parts add up to those of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct UnitizingTally {
    /// Observed coincidences: of gaps, of units with gaps, of units.
    gaps: f64,
    mixed: f64,
    units: f64,
    /// Sum of the squared lengths of units, and of the lengths of gaps.
    squared_units: f64,
    gap_lengths: f64,
}

/// The union of passages, touching ones kept apart only if they do not overlap.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans.into_iter().filter(|span| !span.is_empty()) {
        match joined.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

fn shared(one: &[Span], other: &[Span]) -> usize {
    let (mut i, mut j, mut total) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        total += a.end.min(b.end).saturating_sub(a.start.max(b.start));
        if a.end <= b.end { i += 1 } else { j += 1 }
    }
    total
}

impl UnitizingTally {
    /// The sums of one continuum of `length` chars with the passages of each coder. Overlapping passages
    /// of one coder are one unit.
    pub(super) fn of_continuum(length: usize, passages: Vec<Vec<Span>>) -> Self {
        let coders = passages.len();
        if coders < 2 {
            return Self::default();
        }
        let rows: Vec<Vec<Span>> = passages.into_iter().map(merged).collect();
        let covered: Vec<usize> = rows.iter().map(|row| row.iter().map(|span| span.len()).sum()).collect();
        let mut tally = Self::default();
        let share = 1.0 / (coders - 1) as f64;
        for (i, one) in rows.iter().enumerate() {
            for (j, other) in rows.iter().enumerate().filter(|(j, _)| *j != i) {
                let both = shared(one, other);
                let (only_one, only_other) = (covered[i] - both, covered[j] - both);
                tally.units += share * both as f64;
                // Each unequal pair is seen from both sides.
                tally.mixed += share * (only_one + only_other) as f64 / 2.0;
                tally.gaps += share * (length - both - only_one - only_other) as f64;
            }
            tally.squared_units += one.iter().map(|span| (span.len() as f64).powi(2)).sum::<f64>();
            tally.gap_lengths += (length - covered[i]) as f64;
        }
        tally
    }

    /// uα; `None` if nobody has marked anything, or everybody everything.
    pub(super) fn alpha(&self) -> Option<f64> {
        let (gaps, units) = (self.gaps + self.mixed, self.units + self.mixed);
        let all = gaps + units;
        if gaps <= 0.0 || units <= 0.0 {
            return None;
        }
        let denominator = all * all - self.squared_units - self.gap_lengths;
        let expected_same = all * (units * units - self.squared_units + gaps * gaps - self.gap_lengths) / denominator;
        let (observed, expected) = (2.0 * self.mixed, all - expected_same);
        (expected > 0.0).then(|| 1.0 - observed / expected)
    }
}

impl AddAssign for UnitizingTally {
    fn add_assign(&mut self, other: Self) {
        self.gaps += other.gaps;
        self.mixed += other.mixed;
        self.units += other.units;
        self.squared_units += other.squared_units;
        self.gap_lengths += other.gap_lengths;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::krippendorff_alpha;
    use proptest::prelude::*;

    fn alpha(length: usize, rows: &[&[(usize, usize)]]) -> Option<f64> {
        let spans = rows.iter().map(|row| row.iter().map(|(start, end)| Span::new(*start, *end)).collect()).collect();
        UnitizingTally::of_continuum(length, spans).alpha()
    }

    #[test]
    fn extents_count() {
        assert_eq!(alpha(100, &[&[(10, 30)], &[(10, 30)]]), Some(1.0));
        assert_eq!(alpha(100, &[&[], &[]]), None);
        let near = alpha(200, &[&[(10, 120)], &[(14, 120)]]).unwrap();
        let far = alpha(200, &[&[(10, 120)], &[(10, 14)]]).unwrap();
        assert!(near > 0.9 && far < 0.1, "{near} {far}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// With units of one char, none touching another, uα is the nominal α of the chars.
        #[test]
        fn units_of_one_char_give_the_nominal_alpha(rows in prop::collection::vec(prop::collection::btree_set(0_usize..20, 0..9), 2..5)) {
            let spans = rows.iter().map(|row| row.iter().map(|at| Span::new(2 * at, 2 * at + 1)).collect()).collect();
            let ours = UnitizingTally::of_continuum(41, spans).alpha();
            let ratings: Vec<Vec<Option<u32>>> =
                rows.iter().map(|row| (0..41).map(|x| Some(u32::from(x % 2 == 0 && row.contains(&(x / 2))))).collect()).collect();
            match (ours, krippendorff_alpha(&ratings)) {
                (Some(ours), Some(theirs)) => prop_assert!((ours - theirs).abs() < 1e-9, "{} {}", ours, theirs),
                (ours, theirs) => prop_assert_eq!(ours, theirs),
            }
        }

        /// Against the published formula written out over all pairs of segments.
        #[test]
        fn sums_equal_the_formula(rows in prop::collection::vec(prop::collection::vec((0_usize..60, 1_usize..9), 0..5), 2..5)) {
            let length = 70;
            let rows: Vec<Vec<Span>> =
                rows.iter().map(|row| merged(row.iter().map(|(start, long)| Span::new(*start, start + long)).collect())).collect();
            let ours = UnitizingTally::of_continuum(length, rows.clone()).alpha();
            // Segments (is a unit, span) of each coder, gaps between.
            let segments: Vec<Vec<(usize, Span)>> = rows.iter().map(|row| {
                let (mut all, mut at) = (Vec::new(), 0);
                for span in row {
                    if at < span.start { all.push((0, Span::new(at, span.start))); }
                    all.push((1, *span));
                    at = span.end;
                }
                if at < length { all.push((0, Span::new(at, length))); }
                all
            }).collect();
            let mut observed = [[0.0; 2]; 2];
            for (i, one) in segments.iter().enumerate() {
                for (j, other) in segments.iter().enumerate() {
                    for (c, a) in one {
                        for (k, b) in other.iter().filter(|_| i != j) {
                            let common = a.end.min(b.end).saturating_sub(a.start.max(b.start)) as f64;
                            observed[*c][*k] += common / (segments.len() - 1) as f64;
                        }
                    }
                }
            }
            let own = |value: usize| -> f64 {
                let of = segments.iter().flatten().filter(|(c, _)| *c == value).map(|(_, span)| span.len() as f64);
                if value == 1 { of.map(|length| length * length).sum() } else { of.sum() }
            };
            let marginal = |c: usize| observed[c][0] + observed[c][1];
            let all = marginal(0) + marginal(1);
            let expected = |c: usize, k: usize| all * (marginal(c) * marginal(k) - if c == k { own(c) } else { 0.0 }) / (all * all - own(0) - own(1));
            let (seen, chance) = (all - observed[0][0] - observed[1][1], all - expected(0, 0) - expected(1, 1));
            match ours {
                Some(ours) => prop_assert!((ours - (1.0 - seen / chance)).abs() < 1e-9, "{} {} {}", ours, seen, chance),
                None => prop_assert!(marginal(0) == 0.0 || marginal(1) == 0.0 || chance <= 0.0),
            }
        }
    }
}
