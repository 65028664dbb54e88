//! The confidence in a section.

/// The chance that a section is one at its depth, from 0 to 1.
///
/// ```
/// use pizhu_text::document::Confidence;
///
/// assert!(Confidence::new(0.5) < Confidence::default());
/// assert_eq!(Confidence::default().chance(), 1.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Confidence(u16);

impl Confidence {
    /// Steps from 0 to 1.
    const STEPS: f32 = 10_000.0;
    /// Sections under this confidence are marked as doubtful.
    pub const DOUBTFUL: Self = Self(8_000);

    /// The confidence of this chance.
    #[must_use]
    pub fn new(chance: f32) -> Self {
        Self((chance.clamp(0.0, 1.0) * Self::STEPS).round() as u16)
    }

    /// The chance, from 0 to 1.
    #[must_use]
    pub fn chance(self) -> f64 {
        f64::from(self.0) / f64::from(Self::STEPS)
    }
}

impl Default for Confidence {
    /// Certainty.
    fn default() -> Self {
        Self::new(1.0)
    }
}
