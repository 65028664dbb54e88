//! The coefficients of agreement.

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
