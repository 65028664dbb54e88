//! The parts of a condition.

use super::attribute_test::AttributeTest;

/// A tag as it was written, and its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TagWords {
    pub(super) words: String,
    pub(super) column: usize,
}

/// A part of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    /// At most this number of chars between a passage of the one and one of the other.
    Near(Box<Node>, usize, Box<Node>),
    /// A passage of the other covers one of the first.
    Within(Box<Node>, Box<Node>),
    /// The tag of this number in the list of tags.
    Tag(usize),
    Level(usize),
    Author(String),
    /// Words in the note, folded.
    Note(String),
    Attribute(AttributeTest),
    Since(String),
    Until(String),
}
