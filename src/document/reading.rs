//! The reading: which candidates are sections, and how they nest.

use super::{
    OrdinalKind,
    candidate::{Candidate, Place},
};

/// One section of the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    /// Which candidate.
    pub candidate: usize,
    /// The node above it.
    pub parent: Option<usize>,
    pub depth: u16,
    /// The number it has in its sequence.
    pub number: u32,
}

/// Reads the candidates as a tree.
pub(super) fn read(candidates: &[Candidate]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let ordinal = candidate.ordinal;
        if !ordinal.sound || (candidate.place != Place::Line && !matches!(ordinal.kind, OrdinalKind::Shi | OrdinalKind::Yao)) {
            continue;
        }
        let same = open.iter().rposition(|&node| candidates[nodes[node].candidate].ordinal.kind == ordinal.kind);
        match same {
            Some(depth) if nodes[open[depth]].number + 1 == ordinal.number || candidate.place == Place::Line => open.truncate(depth),
            _ if ordinal.number != 1 => continue,
            Some(depth) => open.truncate(depth),
            None => {}
        }
        let parent = open.last().copied();
        open.push(nodes.len());
        nodes.push(Node { candidate: index, parent, depth: open.len() as u16 - 1, number: ordinal.number });
    }
    nodes
}
