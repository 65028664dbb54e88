//! The report of a project: one HTML page with its speeches, pictures of its counts, codebook,
//! quotations by tag, memos and agreement.
//!
//! The page stands alone and runs nothing: no script, nothing from elsewhere (its content security
//! policy says so too), every text escaped and its control characters drawn as signs. It is readable
//! on light and dark screens and on paper.

mod agreement;
mod codebook;
mod data;
mod page;
mod pictures;
mod quotations;
mod speeches;
mod writer;

pub use data::{Report, ReportMemo};

#[cfg(test)]
mod tests;
