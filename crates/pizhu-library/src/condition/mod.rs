//! Conditions on annotations, sections and hits: `--where EXPR`.
//!
//! ```text
//! condition = and { "or" and }          and = not { "and" not }          not = { "not" } passage
//! passage   = term { ("near:" N | "within") term }
//! term      = "(" condition ")" | tag | "level:" N | "author:" NAME | "note:" TEXT
//!           | "attr." KEY [":" ["<" | "<=" | ">" | ">=" | "~"] VALUE] | "since:" DATE | "until:" DATE
//! ```
//!
//! A condition stands for a set of passages of a speech, its annotations: those under the tag or one
//! below it, those of the author, those of a set that lie `near:200` (at most 200 chars between them) or
//! `within` those of another. It holds for a hit, a section or an annotation that one of these
//! passages overlaps; `author:`, `note:` and `level:` hold for an annotation of its own. `not`, `and`,
//! `or` then combine what holds; inside the brackets beside `near:` and `within`, they combine sets.

mod attribute_test;
mod completion;
mod error;
mod evaluate;
mod lexer;
mod listed;
mod node;
mod parser;
#[cfg(test)]
mod tests;

pub use completion::{Completion, ConditionNames, begun_or_named};
pub use error::{ConditionError, ConditionProblem};
pub use evaluate::ConditionMatcher;

use node::{Node, TagWords};
use pizhu_annotation::{Codebook, CodebookError, TagId};
use std::{fmt, sync::Arc};

/// A condition as it was written, its tags not yet looked up.
///
/// ```
/// use pizhu_library::condition::Condition;
///
/// assert!(Condition::parse("人才 and not (level:1 or author:甲)").is_ok());
/// let error = Condition::parse("人才 an level:1").unwrap_err();
/// assert_eq!(error.column, 4);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    text: String,
    root: Arc<Node>,
    tags: Vec<TagWords>,
}

/// A condition with the tags of a codebook.
#[derive(Clone)]
pub struct ResolvedCondition {
    root: Arc<Node>,
    /// The tag of each tag term.
    tags: Vec<TagId>,
    book: Arc<Codebook>,
}

impl fmt::Debug for ResolvedCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResolvedCondition").field("root", &self.root).field("tags", &self.tags).finish_non_exhaustive()
    }
}

impl Condition {
    /// Parses a condition.
    ///
    /// # Errors
    /// It is malformed; the error names the column.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let (root, tags) = parser::parse(text)?;
        Ok(Self { text: text.to_owned(), root: Arc::new(root), tags })
    }

    /// The condition as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// This condition for speeches between two dates.
    #[must_use]
    pub fn between(self, since: Option<&str>, until: Option<&str>) -> Self {
        let dates = [since.map(|date| Node::Since(date.to_owned())), until.map(|date| Node::Until(date.to_owned()))];
        let parts: Vec<Node> = std::iter::once((*self.root).clone()).chain(dates.into_iter().flatten()).collect();
        Self { root: Arc::new(Node::And(parts)), ..self }
    }

    /// The condition that always holds.
    #[must_use]
    pub fn always() -> Self {
        Self { text: String::new(), root: Arc::new(Node::And(Vec::new())), tags: Vec::new() }
    }

    /// Looks up its tags with `find`.
    ///
    /// # Errors
    /// A tag is not known, or its name fits several.
    pub fn resolve(
        &self,
        book: &Arc<Codebook>,
        find: impl Fn(&str) -> Result<TagId, CodebookError>,
    ) -> Result<ResolvedCondition, ConditionError> {
        let resolved =
            |tag: &TagWords| find(&tag.words).map_err(|error| ConditionError { column: tag.column, problem: ConditionProblem::Tag(error) });
        let tags = self.tags.iter().map(resolved).collect::<Result<_, _>>()?;
        Ok(ResolvedCondition { root: Arc::clone(&self.root), tags, book: Arc::clone(book) })
    }
}
