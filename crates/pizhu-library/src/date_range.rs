//! Date filters of searches and exports.

/// Whether a date (`YYYY-MM-DD`) lies between two bounds, both inclusive. A bound may be a month or
/// a year: until `2024-05` includes 2024-05-31. Without a date only an unbounded range matches.
pub(crate) fn contains(since: Option<&str>, until: Option<&str>, date: Option<&str>) -> bool {
    let Some(date) = date else { return since.is_none() && until.is_none() };
    since.is_none_or(|since| date >= since) && until.is_none_or(|until| date <= until || date.starts_with(until))
}
