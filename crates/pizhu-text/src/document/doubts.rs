//! Doubts about a whole reading: what shows that a text is of a kind that the parser does not know.
//!
//! Where the markers of one level are not recognised, the sections below them stand under the wrong
//! parent: their counts begin anew side by side, or in mid-count. Where markers are recognised that are
//! none, the count they break shows it. Where the decoder finds its reading only by looking ahead, or sections
//! stand so thinly that one holds most of the text, others may have been missed. So doubt about the text as a whole falls on each of its sections.

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
    /// The share of sections that a greedy reading does not have at the same depth.
    pub disputed: f32,
    /// The share of the text from one section to the next where that is most.
    pub longest: f32,
    /// The share of counts that have one member; an unnumbered heading is one by itself.
    pub singles: f32,
}

impl Doubts {
    /// The doubts about the reading of `tokens`, of a text of so many chars, as `nodes`, which a greedy decoder
    /// reads as `greedy`.
    pub(super) fn of(tokens: &[OutlineToken], nodes: &[OutlineNode], greedy: &[OutlineNode], chars: usize) -> Self {
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
        let sequences = counts.iter().filter(|count| count.members > 0).count();
        let singles = counts.iter().filter(|count| count.members == 1).count();
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
            disputed: share(nodes.len() - agreed(nodes, greedy), nodes.len()),
            longest: share(longest(tokens, nodes, chars), chars),
            singles: share(singles, sequences),
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

/// How many of the nodes a greedy reading has at the same depth.
fn agreed(nodes: &[OutlineNode], greedy: &[OutlineNode]) -> usize {
    let mut rest = greedy.iter().peekable();
    let same = |node: &&OutlineNode| {
        while rest.next_if(|other| other.token < node.token).is_some() {}
        rest.peek().is_some_and(|other| other.token == node.token && other.depth == node.depth)
    };
    nodes.iter().filter(same).count()
}

/// The most chars from one section to the next or to the end.
fn longest(tokens: &[OutlineToken], nodes: &[OutlineNode], chars: usize) -> usize {
    let start = |node: &OutlineNode| match &tokens[node.token as usize] {
        OutlineToken::Candidate(candidate) => candidate.start as usize,
        OutlineToken::Heading { start, .. } => *start as usize,
        OutlineToken::Close => 0,
    };
    let ends = nodes.iter().skip(1).map(start).chain([chars]);
    nodes.iter().map(start).zip(ends).map(|(start, end)| end.saturating_sub(start)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{confidence::Confidence, cost::tests::candidate};

    #[test]
    fn sections_that_a_greedy_reading_lacks_or_moves_are_disputed() {
        let at = |token, depth| OutlineNode {
            token,
            parent: NO_NODE,
            depth,
            number: token + 1,
            sequence: 0,
            carries_on: false,
            confidence: Confidence::default(),
        };
        let tokens =
            ["一、甲", "二、乙", "三、丙", "四、丁"].map(|text| OutlineToken::Candidate(candidate(text, OrdinalPosition::LineStart)));
        let nodes = [at(0, 0), at(1, 0), at(2, 0), at(3, 0)];
        let disputed = |greedy: &[OutlineNode]| Doubts::of(&tokens, &nodes, greedy, 100).disputed;
        assert!(disputed(&nodes).abs() < 1e-6);
        assert!((disputed(&[at(0, 0), at(1, 1), at(3, 0)]) - 0.5).abs() < 1e-6);
        assert!((disputed(&[]) - 1.0).abs() < 1e-6);
    }
}
