//! Errors of conditions.

use pizhu_annotation::CodebookError;

/// Why a condition is malformed, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {column}: {problem}")]
pub struct ConditionError {
    /// The char of the condition, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: ConditionProblem,
}

/// What is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionProblem {
    /// A tag, a term or an opening bracket should stand here.
    #[error("a term is missing")]
    NoTerm,
    /// `and` or `or` should stand before this.
    #[error("`and` or `or` is missing before {0:?}")]
    NoOperator(String),
    /// A bracket is not closed.
    #[error("the bracket is not closed")]
    OpenBracket,
    /// A bracket closes nothing.
    #[error("the bracket closes nothing")]
    StrayBracket,
    /// A quotation mark is not closed.
    #[error("the quotation mark is not closed")]
    OpenQuote,
    /// There is no such term; a tag with a colon is quoted.
    #[error("no such term: {0:?}")]
    NoSuchField(String),
    /// No value follows the colon.
    #[error("no value after {0:?}")]
    NoValue(String),
    /// Not a number.
    #[error("not a number: {0:?}")]
    BadNumber(String),
    /// Not a day, month or year.
    #[error("not a date: {0:?}")]
    BadDate(String),
    /// Too many brackets and `not` inside each other.
    #[error("too deep")]
    TooDeep,
    /// A tag is not known, or fits several.
    #[error("{0}")]
    Tag(CodebookError),
}
