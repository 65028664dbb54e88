//! Groups of texts that are copies of each other, but for small edits.
//!
//! Each text is sketched by its smallest fingerprints (A. Broder, "On the resemblance and
//! containment of documents", 1997). Texts that have one of their very smallest in common are
//! candidates; the sketches tell how alike two are. The work is linear in the number of texts.

use std::collections::HashMap;

/// Fingerprints of a sketch, and those of them by which candidates are found.
const SKETCH: usize = 128;
const KEYS: usize = 8;
/// Minimum resemblance (common fingerprints over those of both) of a copy.
const MIN_RESEMBLANCE: f64 = 0.6;
/// Minimum fingerprints of a text that can be a copy: shorter ones are alike by chance.
const MIN_FINGERPRINTS: usize = 32;
/// Maximum groups that are looked at by one key.
const MAX_CANDIDATES: usize = 24;

/// The smallest hashes of a text, sorted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sketch(Vec<u64>);

impl Sketch {
    /// Sketches a text by the hashes of its fingerprints, in any order.
    pub(crate) fn new(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        hashes.truncate(SKETCH);
        hashes.shrink_to_fit();
        Self(hashes)
    }

    /// An estimate of the resemblance, from 0 to 1.
    fn resemblance(&self, other: &Self) -> f64 {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let (mut seen, mut common) = (0, 0);
        // The smallest of the union are a random sample of it.
        while seen < SKETCH {
            match (a.peek(), b.peek()) {
                (Some(one), Some(two)) => {
                    let (one, two) = (**one, **two);
                    common += usize::from(one == two);
                    a.next_if(|hash| **hash <= two);
                    b.next_if(|hash| **hash <= one);
                }
                // A sketch of fewer hashes than it may have is all of its text.
                (None, None) => break,
                (None, _) if self.0.len() == SKETCH => break,
                (_, None) if other.0.len() == SKETCH => break,
                (None, _) => drop(b.next()),
                (_, None) => drop(a.next()),
            }
            seen += 1;
        }
        if seen == 0 { 0.0 } else { f64::from(common as u32) / f64::from(seen as u32) }
    }
}

/// The groups of copies, each with its members in order; a text without copies is a group of its own.
pub(crate) fn group_near_copies(sketches: &[Sketch]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut by_key: HashMap<u64, Vec<usize>> = HashMap::new();
    for (number, sketch) in sketches.iter().enumerate() {
        let keys = if sketch.0.len() < MIN_FINGERPRINTS { &[] } else { &sketch.0[..KEYS.min(sketch.0.len())] };
        let mut candidates: Vec<usize> = keys.iter().filter_map(|key| by_key.get(key)).flatten().copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        let alike = candidates
            .into_iter()
            .map(|group| (group, sketches[groups[group][0]].resemblance(sketch)))
            .filter(|(_, resemblance)| *resemblance >= MIN_RESEMBLANCE)
            // The most alike; of several, the first.
            .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
        if let Some((group, _)) = alike {
            groups[group].push(number);
            continue;
        }
        for key in keys {
            let list = by_key.entry(*key).or_default();
            if list.len() < MAX_CANDIDATES {
                list.push(groups.len());
            }
        }
        groups.push(vec![number]);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

    #[test]
    fn copies_with_edits_are_grouped_and_others_are_not() {
        let mut random = StdRng::seed_from_u64(7);
        for size in [80, 400, 4000] {
            let mut sketches = Vec::new();
            let originals: Vec<Vec<u64>> = (0..20).map(|_| (0..size).map(|_| random.random()).collect()).collect();
            for original in &originals {
                for _ in 0..10 {
                    // One in twenty is another.
                    let copy = original.iter().map(|hash| if random.random_range(0..20) == 0 { random.random() } else { *hash });
                    sketches.push(Sketch::new(copy.collect()));
                }
                // Half of it is in another text.
                let half = original.iter().enumerate().map(|(index, hash)| if index % 2 == 0 { random.random() } else { *hash });
                sketches.push(Sketch::new(half.collect()));
            }
            let groups = group_near_copies(&sketches);
            assert!(groups.iter().all(|group| group.iter().all(|number| number / 11 == group[0] / 11)), "{size}: no others");
            let large = groups.iter().filter(|group| group.len() >= 9).count();
            assert!(large >= 18, "{size}: {large} of 20 texts with their copies");
        }
        let short = vec![Sketch::new((0..10).collect()); 3];
        assert_eq!(group_near_copies(&short).len(), 3);
    }
}
