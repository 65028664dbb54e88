//! Doubts about a whole reading: what shows that a text is of a kind that the parser does not know.
//!
//! Where the markers of one level are not recognised, the sections below them stand under the wrong
//! parent: their counts begin anew side by side, or in mid-count. Where markers are recognised that are
//! none, the count they break shows it. So doubt about the text as a whole falls on each of its sections.

use super::{
    OrdinalKind,
    candidate::OrdinalPosition,
    candidate_scanner::OutlineToken,
    hypothesis::MAX_DEPTH,
    ordinal::TOP_RANK,
    outline_node::{NO_NODE, OutlineNode},
};
use std::collections::HashMap;

/// A count of sections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    /// How many sections it has.
    pub members: u32,
    /// Its least number.
    least: u32,
    /// Its greatest number.
    greatest: u32,
    /// Whether it begins with 1 beside an earlier one of the same kind.
    pub restarts: bool,
    /// How many of its sections fill their line.
    whole_lines: u32,
}

impl Count {
    const EMPTY: Self = Self { members: 0, least: u32::MAX, greatest: 0, restarts: false, whole_lines: 0 };

    /// Whether it goes from 1 on without a gap.
    pub(super) fn is_whole(&self) -> bool {
        self.least == 1 && self.greatest == self.members
    }

    /// The share of its sections that fill their line where most do not, or the other way round.
    pub(super) fn mixed_lines(&self) -> f32 {
        self.whole_lines.min(self.members - self.whole_lines) as f32 / self.members.max(1) as f32
    }
}

/// How often each kind stands at each depth.
type Depths = [[u32; MAX_DEPTH]; OrdinalKind::COUNT];

/// What speaks against the reading of a text as a whole.
#[derive(Debug)]
pub(super) struct Doubts {
    /// The counts, by the sequence of a node.
    counts: Vec<Count>,
    /// The share of counts that begin anew beside one of the same kind.
    pub restarts: f32,
    /// The share of counts that do not begin with 1 or have a gap.
    pub gaps: f32,
    /// The share of ordinals at line starts that are no sections.
    pub left_out: f32,
    /// The share of unnumbered headings that no format marks among all headings.
    pub headings: f32,
    /// How many kinds of counts stand at the top, beyond one.
    pub top_kinds: f32,
    /// Whether the topmost kind usually stands below others.
    pub low_top: bool,
    /// How often each kind stands at each depth.
    depths: Depths,
    /// The share of sections that stand below one of a kind that usually stands below theirs.
    pub inverted: f32,
}

impl Doubts {
    /// The doubts about the reading of `tokens` as `nodes`.
    pub(super) fn of(tokens: &[OutlineToken], nodes: &[OutlineNode]) -> Self {
        let mut counts = vec![Count::EMPTY; tokens.len().max(nodes.len())];
        // The sequences under each parent, by kind: the last one.
        let mut beside: HashMap<(u32, usize), u32> = HashMap::new();
        let mut kinds_at_top: Vec<usize> = Vec::new();
        let mut depths: Depths = [[0; MAX_DEPTH]; OrdinalKind::COUNT];
        let mut inverted = 0;
        let mut top_rank = u8::MAX;
        let (mut all, mut restarted) = (0u32, 0u32);
        for node in nodes {
            let count = &mut counts[node.sequence as usize];
            count.members += 1;
            count.least = count.least.min(node.number);
            count.greatest = count.greatest.max(node.number);
            let OutlineToken::Candidate(candidate) = &tokens[node.token as usize] else { continue };
            let kind = candidate.ordinal.kind;
            count.whole_lines += u32::from(candidate.whole_line);
            if let Some(depths) = depths[kind.index()].get_mut(usize::from(node.depth)) {
                *depths += 1;
            }
            inverted += usize::from(is_inverted(tokens, nodes, node));
            if count.members > 1 || kind.is_word() || candidate.position != OrdinalPosition::LineStart {
                continue;
            }
            all += 1;
            let earlier = beside.insert((node.parent, kind.index()), node.sequence);
            if node.number == 1 && earlier.is_some_and(|earlier| earlier != node.sequence) {
                count.restarts = true;
                restarted += 1;
            }
            if node.parent == NO_NODE && !kinds_at_top.contains(&kind.index()) {
                kinds_at_top.push(kind.index());
                top_rank = top_rank.min(kind.rank());
            }
        }
        let whole = |node: &&OutlineNode| node.carries_on || counts[node.sequence as usize].is_whole();
        let is_heading = |node: &OutlineNode| matches!(tokens[node.token as usize], OutlineToken::Heading { .. });
        let counted = nodes.iter().filter(|node| !is_heading(node)).count();
        let gaps = nodes.iter().filter(|node| !is_heading(node)).filter(|node| !whole(node)).count();
        let of_line = |token: &&OutlineToken| {
            matches!(token, OutlineToken::Candidate(candidate) if candidate.position == OrdinalPosition::LineStart
                && candidate.ordinal.well_formed
                && !candidate.ordinal.kind.is_word())
        };
        let found = tokens.iter().filter(of_line).count();
        let kept = nodes.iter().filter(|node| of_line(&&tokens[node.token as usize])).count();
        let unmarked = tokens.iter().filter(|token| **token == OutlineToken::Close).count();
        let share = |part: usize, whole: usize| part as f32 / whole.max(1) as f32;
        Self {
            counts,
            restarts: share(restarted as usize, all as usize),
            gaps: share(gaps, counted),
            left_out: share(found.saturating_sub(kept), found),
            headings: share(unmarked, unmarked + nodes.len()),
            top_kinds: kinds_at_top.len().saturating_sub(1) as f32,
            depths,
            inverted: share(inverted, nodes.len()),
            low_top: !kinds_at_top.is_empty() && top_rank > TOP_RANK && !nodes.iter().any(is_heading),
        }
    }

    /// The share of the sections of this kind that stand at another depth than the node.
    pub(super) fn elsewhere(&self, kind: OrdinalKind, node: &OutlineNode) -> f32 {
        let depths = &self.depths[kind.index()];
        let here = depths.get(usize::from(node.depth)).copied().unwrap_or(0);
        1.0 - here as f32 / depths.iter().sum::<u32>().max(1) as f32
    }

    /// The count that the node belongs to.
    pub(super) fn count(&self, node: &OutlineNode) -> Count {
        self.counts[node.sequence as usize]
    }
}

/// Whether the node stands below one of a kind that usually stands below its own: `一、` below `（1）`.
pub(super) fn is_inverted(tokens: &[OutlineToken], nodes: &[OutlineNode], node: &OutlineNode) -> bool {
    let rank = |node: &OutlineNode| match &tokens[node.token as usize] {
        OutlineToken::Candidate(candidate) => Some(candidate.ordinal.kind.rank()),
        _ => None,
    };
    match (rank(node), nodes.get(node.parent as usize).and_then(rank)) {
        (Some(own), Some(above)) => own < above,
        _ => false,
    }
}
