//! A node of the decoded outline.

use super::confidence::Confidence;

/// A section of the decoded outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutlineNode {
    /// Index of the token that opens it.
    pub token: u32,
    /// Index of its parent; [`NO_NODE`] at the top level.
    pub parent: u32,
    pub depth: u16,
    /// Its number in its sequence; 0 for an unnumbered heading. 最后 counts as the next number.
    pub number: u32,
    /// Identifies its sequence: siblings that count on from each other share it.
    pub sequence: u32,
    /// Whether its sequence carries on the count of the parts above, so that it needs no sibling.
    pub carries_on: bool,
    /// The chance that it is a section at this depth.
    pub confidence: Confidence,
}

/// The index that means no node.
pub(super) const NO_NODE: u32 = u32::MAX;
