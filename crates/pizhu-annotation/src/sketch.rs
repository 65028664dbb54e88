//! Sketches of texts, by which near-equal texts are recognized without reading them again.
//!
//! A text is taken as the set of the 8-grams of its letters and digits, folded. Its sketch holds the
//! `SKETCH_GRAMS` smallest of their hashes: a random sample of the set (bottom-k sketch, Broder
//! 1997), from which the share that another text holds is estimated. Invariant: the hash of a gram
//! never changes from one release to the next.

use pizhu_text::text::SourceText;
use pizhu_text::text::fold::fold;
use serde::{Deserialize, Serialize};
use std::{fmt::Write as _, str::FromStr};

/// Letters and digits in a gram.
const GRAM_LETTERS: usize = 8;
/// Maximum number of hashes in a sketch: the share is then estimated to ±0.04.
const SKETCH_GRAMS: usize = 96;
/// Letters and digits below which a text has no sketch: short texts are too alike.
const MIN_LETTERS: usize = 50;
/// Hexadecimal digits of a hash.
const HASH_DIGITS: usize = 8;
/// Multiplier of the rolling hash.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// The hashes of a text's 8-grams, ascending, each once; none for a text of fewer than 50 letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextGrams(Vec<u32>);

/// The smallest hashes of a text's 8-grams: a line of at most 768 characters in the store.
///
/// ```
/// use pizhu_annotation::sketch::{TextGrams, TextSketch};
/// use pizhu_text::text::SourceText;
///
/// let text: String = (0..60).map(|n| format!("第{n}条，抓好落实。")).collect();
/// let grams = TextGrams::new(&SourceText::from(text.as_str()));
/// let sketch = TextSketch::new(&grams).unwrap();
/// assert_eq!(grams.overlap(&sketch), 1.0);
/// assert_eq!(sketch.to_string().parse(), Ok(sketch));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSketch(Vec<u32>);

/// A text that is not a sketch: hexadecimal numbers of eight digits, ascending.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a text's sketch")]
pub struct SketchError;

impl TextGrams {
    /// Hashes the grams of a text. Takes time proportional to its length.
    #[must_use]
    pub fn new(source: &SourceText) -> Self {
        // The weight of the letter that leaves the window.
        let oldest = (0..GRAM_LETTERS).fold(1_u64, |weight, _| weight.wrapping_mul(BASE));
        let mut window = [0_u64; GRAM_LETTERS];
        let (mut hash, mut count) = (0_u64, 0_usize);
        let mut grams = Vec::new();
        for chunk in source.chunks() {
            for letter in chunk.text().chars().map(fold).filter(|c| c.is_alphanumeric()) {
                let letter = u64::from(u32::from(letter));
                let slot = &mut window[count % GRAM_LETTERS];
                hash = hash.wrapping_mul(BASE).wrapping_add(letter).wrapping_sub(slot.wrapping_mul(oldest));
                *slot = letter;
                count += 1;
                if count >= GRAM_LETTERS {
                    grams.push(scramble(hash));
                }
            }
        }
        if count < MIN_LETTERS {
            return Self::default();
        }
        grams.sort_unstable();
        grams.dedup();
        Self(grams)
    }

    /// Whether the text is too short to be compared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The hashes, ascending.
    pub(crate) fn hashes(&self) -> &[u32] {
        &self.0
    }

    /// The share of the smaller text's grams that the other holds, estimated: from 0 to 1.
    #[must_use]
    pub fn overlap(&self, sketch: &TextSketch) -> f64 {
        let found = sketch.0.iter().filter(|hash| self.0.binary_search(hash).is_ok()).count();
        self.overlap_of(found, sketch)
    }

    /// [`Self::overlap`] where `found` hashes of the sketch are among these grams.
    #[expect(clippy::cast_precision_loss, reason = "counts of grams are far below 2^52")]
    pub(crate) fn overlap_of(&self, found: usize, sketch: &TextSketch) -> f64 {
        if self.0.is_empty() || sketch.0.is_empty() {
            return 0.0;
        }
        let (own, theirs) = (self.0.len() as f64, sketch.gram_count());
        (found as f64 / sketch.0.len() as f64 * theirs / own.min(theirs)).min(1.0)
    }
}

impl TextSketch {
    /// The sketch of a text; `None` if it is too short.
    #[must_use]
    pub fn new(grams: &TextGrams) -> Option<Self> {
        let smallest: Vec<u32> = grams.0.iter().take(SKETCH_GRAMS).copied().collect();
        (!smallest.is_empty()).then_some(Self(smallest))
    }

    /// The hashes, ascending.
    pub(crate) fn hashes(&self) -> &[u32] {
        &self.0
    }

    /// The number of the text's grams: counted if the sketch has them all, else estimated from how
    /// densely the hashes lie.
    #[expect(clippy::cast_precision_loss, reason = "a sketch has at most 96 hashes")]
    fn gram_count(&self) -> f64 {
        let len = self.0.len() as f64;
        match self.0.last() {
            Some(last) if self.0.len() >= SKETCH_GRAMS => (len - 1.0) * (f64::from(u32::MAX) + 1.0) / (f64::from(*last) + 1.0),
            _ => len,
        }
        .max(len)
    }
}

/// Mixes the bits of a rolling hash (the finalizer of SplitMix64), and takes the upper half.
fn scramble(hash: u64) -> u32 {
    let mut mixed = hash ^ (hash >> 30);
    mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^= mixed >> 27;
    mixed = mixed.wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    u32::try_from(mixed >> 32).unwrap_or_default()
}

impl std::fmt::Display for TextSketch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|hash| write!(f, "{hash:08x}"))
    }
}

impl FromStr for TextSketch {
    type Err = SketchError;

    fn from_str(text: &str) -> Result<Self, SketchError> {
        let number = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.len() == HASH_DIGITS && !digits.starts_with('+'))?;
            u32::from_str_radix(digits, 16).ok()
        };
        let hashes: Option<Vec<u32>> = text.as_bytes().chunks(HASH_DIGITS).map(number).collect();
        let is_sketch = |hashes: &Vec<u32>| {
            (1..=SKETCH_GRAMS).contains(&hashes.len()) && hashes.iter().zip(hashes.iter().skip(1)).all(|(one, next)| one < next)
        };
        hashes.filter(is_sketch).map(Self).ok_or(SketchError)
    }
}

impl Serialize for TextSketch {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(self.0.len() * HASH_DIGITS);
        write!(text, "{self}").map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for TextSketch {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Writes a sketch in the store as a bare text, without RON's `Some`.
pub(crate) mod optional {
    use super::TextSketch;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "the signature that serde calls")]
    pub(crate) fn serialize<S: Serializer>(sketch: &Option<TextSketch>, serializer: S) -> Result<S::Ok, S::Error> {
        match sketch {
            Some(sketch) => sketch.serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TextSketch>, D::Error> {
        // One that this program cannot read is made anew.
        Ok(String::deserialize(deserializer)?.parse().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(text: &str) -> TextGrams {
        TextGrams::new(&SourceText::from(text))
    }

    /// A text without repetitions: `count` sentences drawn from a generator with this `seed`.
    fn text(seed: u64, count: usize) -> String {
        let mut state = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
        let mut letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from_u32(0x4E00 + u32::try_from(state >> 33).unwrap() % 3000).unwrap()
        };
        (0..count).map(|_| (0..19).map(|_| letter()).collect::<String>() + "。\n").collect()
    }

    fn overlap(one: &str, other: &str) -> f64 {
        grams(one).overlap(&TextSketch::new(&grams(other)).unwrap())
    }

    #[test]
    fn overlap_is_the_share_of_the_smaller_text() {
        let speech = text(1, 200);
        assert!((overlap(&speech, &speech) - 1.0).abs() < 1e-9);
        assert!(overlap(&speech, &text(2, 200)) < 0.05, "another speech");
        // The smaller text lies in the larger one, whichever is known by its sketch.
        let longer = speech.clone() + &text(3, 200);
        assert!(overlap(&longer, &speech) > 0.95);
        assert!(overlap(&speech, &longer) > 0.8, "{}", overlap(&speech, &longer));
        // Half of it is new.
        let half: String = speech.lines().take(100).map(|line| line.to_owned() + "\n").collect::<String>() + &text(4, 100);
        assert!((0.35..0.65).contains(&overlap(&half, &speech)), "{}", overlap(&half, &speech));
    }

    #[test]
    fn script_width_and_layout_do_not_matter() {
        let simplified = "组织工作要抓好落实Ａ１。".to_owned() + &text(5, 8);
        let traditional = "組織工作要抓好落實a1，\n\n".to_owned() + &text(5, 8).replace('\n', "");
        assert!((overlap(&simplified, &traditional) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn short_texts_have_no_sketch() {
        assert_eq!(TextSketch::new(&grams(&"一、二".repeat(24))), None);
        assert!(TextSketch::new(&grams(&text(6, 3))).is_some());
        assert!(grams("").is_empty());
    }

    #[test]
    fn malformed_sketches_are_rejected() {
        let sketch = TextSketch::new(&grams(&text(7, 50))).unwrap();
        let written = sketch.to_string();
        assert_eq!((written.len(), written.parse()), (768, Ok(sketch)));
        for wrong in ["", "123", "0000000200000001", "0000000z", "+0000001", &written.repeat(2)] {
            assert_eq!(wrong.parse::<TextSketch>(), Err(SketchError), "{wrong}");
        }
    }

    /// Sketches lie in stores: what a gram hashes to must never change.
    #[test]
    fn hashes_are_those_of_every_release() {
        let sketch = TextSketch::new(&grams(&"天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏".repeat(3))).unwrap();
        assert_eq!(sketch.to_string(), HASHES);
    }

    /// The 24 grams of that text.
    const HASHES: &str = "08547bdd0b0b1bc50cab93cd191ac91d19d9b0291bb4bfda25f54d4d3a5f00f54b2f034b4f091a8d57827ce868de93e1758d948e798b0e998ab09474a27b7d97b0823d21ba197844bf1d254cc4c17a86cf129c93e61d6faaf0766ea5ff523e4e";
}
