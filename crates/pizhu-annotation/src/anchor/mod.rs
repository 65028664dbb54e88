//! Anchoring: finds the place of an annotation again in a text that may have changed.
//!
//! [`Resolver::resolve`] is the entry point. It compares a stored [`Selector`](crate::Selector)
//! (quote, context and offsets, after the `TextQuoteSelector` and `TextPositionSelector` of the W3C
//! Web Annotation Data Model) with a document and answers with a [`Resolution`]. Where the text that
//! an annotation was placed in is known ([`PastTexts`]), it is compared with the present one, and the
//! annotation goes where its chars went.

mod ambiguity;
mod boundaries;
mod claims;
mod compared;
mod comparison;
mod describe;
mod line_around;
mod normalized_text;
mod pairs;
mod passage;
mod past_text;
mod resolution;
mod resolver;
mod rivals;
mod section;
mod similarity;
#[cfg(test)]
mod test_help;
mod work_budget;

pub use comparison::{EqualRun, TextComparison, common_blocks, equal_runs, in_order};
pub use past_text::PastTexts;
pub(crate) use past_text::is_made_from;
pub use resolution::{AnchorStatus, Resolution};
pub use resolver::Resolver;
