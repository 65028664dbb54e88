//! The outline decoder: decides which candidates are sections, and how they nest.
//!
//! For every candidate it chooses one of three actions: treat it as text, continue an open
//! sequence, or open a new one. Each action has a cost ([`super::cost`]); the decoder finds the
//! cheapest sequence of actions over the whole document by beam search. A fixed number of
//! hypotheses (stacks of open sequences) is kept, so the work is linear in the number of
//! candidates.

use super::{
    OrdinalKind,
    back_pointers::BackPointers,
    candidate::{FINAL_NUMBER, OrdinalCandidate, OrdinalPosition},
    candidate_scanner::OutlineToken,
    cost::{self, CountState, NO_SEQUENCE, OpenSequence, needs_no_sibling},
    parse_action::ParseAction,
    weights::{Feature, WEIGHTS, Weights},
};
use crate::text::parallel::par_chunks;

/// Hypotheses kept per token.
const BEAM_WIDTH: usize = 12;
/// Hypotheses costlier than the best by more than this are pruned.
const PRUNE_MARGIN: f32 = 9.0;
/// Deepest nesting of sections.
const MAX_DEPTH: usize = 10;

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
    carries_on: bool,
}

/// The index that means no node.
pub(super) const NO_NODE: u32 = u32::MAX;

/// A hypothesis of the beam search: a stack of open sequences, with its cost.
#[derive(Debug, Clone, Copy)]
struct Hypothesis {
    cost: f32,
    sequences: [OpenSequence; MAX_DEPTH],
    depth: usize,
    /// The topmost sequence that an unnumbered heading closed.
    closed: ClosedSequence,
    /// The last number of each kind since then, by [`OrdinalKind::index`].
    counts: [u16; OrdinalKind::COUNT],
}

/// A closed sequence that may still resume: its kind and last number. For example 三、 after a
/// subheading may resume 一、二、.
type ClosedSequence = Option<(OrdinalKind, u32)>;

const EMPTY_HYPOTHESIS: Hypothesis =
    Hypothesis { cost: 0.0, sequences: [NO_SEQUENCE; MAX_DEPTH], depth: 0, closed: None, counts: [0; OrdinalKind::COUNT] };

impl Hypothesis {
    fn open_sequences(&self) -> &[OpenSequence] {
        &self.sequences[..self.depth]
    }

    /// The cost of closing all sequences below `depth`.
    fn closing_cost(&self, depth: usize) -> f32 {
        self.sequences[depth..self.depth].iter().map(|sequence| sequence.singleton_cost).sum()
    }

    /// Closes all sequences below `depth`.
    fn close_to(&mut self, depth: usize) {
        self.cost += self.closing_cost(depth);
        self.depth = depth;
    }

    fn push(&mut self, sequence: OpenSequence) {
        self.sequences[self.depth] = sequence;
        self.depth += 1;
    }

    /// The number of open headings above heading level `level`, at the bottom of the stack.
    fn headings_above(&self, level: u8) -> usize {
        self.open_sequences().iter().take_while(|sequence| sequence.level > 0 && sequence.level < level).count()
    }

    /// The depths at which the candidate may open or carry on a sequence. A heading with a level nests
    /// under the open headings above its level; other ordinals stay inside the innermost open heading.
    fn depths(&self, candidate: &OrdinalCandidate) -> (usize, usize) {
        if candidate.level > 0 {
            let depth = self.headings_above(candidate.level);
            (depth, depth)
        } else {
            let open = self.open_sequences();
            (open.iter().rposition(|sequence| sequence.level > 0).map_or(0, |at| at + 1), open.len())
        }
    }

    /// The number of open sequences that an action keeps.
    fn kept_depth(&self, action: ParseAction) -> usize {
        match action {
            ParseAction::Text => self.depth,
            ParseAction::Continue(depth) => usize::from(depth) + 1,
            ParseAction::Open(depth) => usize::from(depth),
        }
    }

    /// How a sequence opened at `depth` with this candidate stands to the counts before it.
    fn count_state(&self, depth: usize, candidate: &OrdinalCandidate) -> CountState {
        let ordinal = &candidate.ordinal;
        let above = &self.open_sequences()[..depth];
        let resumes = |(kind, number): (OrdinalKind, u32)| kind == ordinal.kind && number.checked_add(1) == Some(ordinal.number);
        if above.iter().all(|sequence| sequence.level > 0) && self.closed.is_some_and(resumes) {
            return CountState::Resumes;
        }
        let carries_on = depth > 0
            && ordinal.number > 1
            && u32::from(self.counts[ordinal.kind.index()]) + 1 == ordinal.number
            && ordinal.kind != OrdinalKind::Decimal
            && above.iter().all(|sequence| sequence.kind != ordinal.kind);
        if carries_on { CountState::CarriesOn } else { CountState::New }
    }

    /// Applies an action to the stack; the caller accounts for its cost.
    fn apply(&mut self, action: ParseAction, candidate: &OrdinalCandidate, weights: &Weights) {
        let ordinal = &candidate.ordinal;
        let at_line_start = candidate.position == OrdinalPosition::LineStart;
        match action {
            ParseAction::Text => return,
            ParseAction::Continue(depth) => {
                let depth = usize::from(depth);
                self.depth = depth + 1;
                let sequence = &mut self.sequences[depth];
                *sequence = OpenSequence {
                    last_number: number_after(sequence.last_number, candidate),
                    prefix: ordinal.prefix(),
                    line: candidate.line,
                    at_line_start,
                    singleton_cost: 0.0,
                    ..*sequence
                };
            }
            ParseAction::Open(depth) => {
                let alone = self.count_state(usize::from(depth), candidate) != CountState::New || needs_no_sibling(candidate);
                self.depth = usize::from(depth);
                self.push(OpenSequence {
                    kind: ordinal.kind,
                    last_number: ordinal.number,
                    prefix: ordinal.prefix(),
                    line: candidate.line,
                    at_line_start,
                    singleton_cost: if alone { 0.0 } else { singleton_cost(candidate, weights) },
                    level: candidate.level,
                });
            }
        }
        self.counts[ordinal.kind.index()] = u16::try_from(ordinal.number).unwrap_or(0);
    }
}

/// The features of a sequence that closes with this one member.
fn singleton(candidate: &OrdinalCandidate, add: &mut impl FnMut(Feature, f32)) {
    cost::text(candidate, add);
    add(Feature::Singleton, 1.0);
}

/// The cost of [`singleton`].
fn singleton_cost(candidate: &OrdinalCandidate, weights: &Weights) -> f32 {
    let mut cost = 0.0;
    singleton(candidate, &mut |feature, value| cost += weights.of(feature) * value);
    cost
}

/// The last number of a sequence after `candidate` continued it. 其次 may come twice, so sequence
/// words count at least one further.
fn number_after(last: u32, candidate: &OrdinalCandidate) -> u32 {
    match candidate.ordinal.number {
        FINAL_NUMBER => FINAL_NUMBER,
        number if candidate.ordinal.kind == OrdinalKind::Sequence => number.max(last.saturating_add(1)),
        number => number,
    }
}

/// Number of transitions that usually suffice to fill the beam: only these are sorted at first.
const SORTED_PREFIX: usize = 2 * BEAM_WIDTH;

/// A candidate transition: an action taken from one hypothesis of the beam.
#[derive(Debug, Clone, Copy)]
struct Transition {
    cost: f32,
    slot: u8,
    action: ParseAction,
    /// Order of generation, which breaks ties.
    order: u16,
}

/// The transitions out of the current hypotheses, from which the next ones are chosen.
#[derive(Debug, Default)]
struct Beam {
    transitions: Vec<Transition>,
    /// Least cost so far.
    best_cost: f32,
    /// Number of transitions pushed, pruned ones included.
    pushed: u16,
    /// Length of the sorted prefix of `transitions`.
    sorted: usize,
}

impl Beam {
    fn clear(&mut self) {
        self.transitions.clear();
        self.best_cost = f32::INFINITY;
        self.pushed = 0;
    }

    /// Whether a transition of at least this cost is pruned, whatever comes later.
    fn is_pruned(&self, cost: f32) -> bool {
        cost > self.best_cost + PRUNE_MARGIN
    }

    fn push(&mut self, cost: f32, slot: u8, action: ParseAction) {
        self.pushed += 1;
        if !self.is_pruned(cost) {
            self.best_cost = self.best_cost.min(cost);
            self.transitions.push(Transition { cost, slot, action, order: self.pushed });
        }
    }

    /// Sorts the transitions by cost, then by order of generation; only a prefix of
    /// [`SORTED_PREFIX`] if there are many.
    fn sort(&mut self) {
        let limit = self.best_cost + PRUNE_MARGIN;
        self.transitions.retain(|transition| transition.cost <= limit);
        // Costs are not negative, so they compare as their bits do.
        let key = |transition: &Transition| (transition.cost.to_bits(), transition.order);
        let rest = if self.transitions.len() > 2 * SORTED_PREFIX {
            self.transitions.select_nth_unstable_by_key(SORTED_PREFIX, key).2.len()
        } else {
            0
        };
        let first = self.transitions.len() - rest;
        self.transitions[..first].sort_unstable_by_key(key);
        self.sorted = first;
    }

    /// The transition of that rank; sorts the rest when it is first needed.
    fn nth(&mut self, rank: usize) -> Option<Transition> {
        if rank == self.sorted && rank < self.transitions.len() {
            self.transitions[rank..].sort_unstable_by_key(|transition| (transition.cost.to_bits(), transition.order));
            self.sorted = self.transitions.len();
        }
        self.transitions.get(rank).copied()
    }
}

/// Minimum tokens per thread.
const MIN_TOKENS_PER_THREAD: usize = 2000;

/// Decodes the tokens into the nodes of the outline, in reading order.
pub(super) fn decode_outline(tokens: &[OutlineToken]) -> Vec<OutlineNode> {
    let mut nodes = replay(tokens, &best_actions(tokens, &WEIGHTS));
    prune_singletons(tokens, &mut nodes);
    nodes
}

/// The cheapest sequence of actions found.
///
/// When a [`Close`](OutlineToken::Close) token closes all sequences, one hypothesis survives, empty
/// but for its [`ClosedSequence`]. So segments between such tokens are decoded in parallel, as if
/// there were no closed sequence; if there is one, the segment is decoded again up to the first
/// seam at which both decodings agree.
fn best_actions(tokens: &[OutlineToken], weights: &Weights) -> Vec<ParseAction> {
    let has_levels = tokens.iter().any(|token| match token {
        OutlineToken::Candidate(candidate) => candidate.level > 0,
        OutlineToken::Heading { .. } => true,
        OutlineToken::Close => false,
    });
    if has_levels {
        return Decode::run(tokens, weights, None, &[]).actions;
    }
    let after_close = |from: usize| {
        let close = tokens[from..].iter().position(|token| *token == OutlineToken::Close);
        close.map_or(tokens.len(), |close| from + close + 1)
    };
    let parts = par_chunks(tokens.len(), MIN_TOKENS_PER_THREAD, |part| {
        let from = if part.start == 0 { 0 } else { after_close(part.start) };
        let part = &tokens[from..after_close(part.end).max(from)];
        (part, Decode::run(part, weights, None, &[]))
    });
    let mut actions: Vec<ParseAction> = Vec::with_capacity(tokens.len());
    let mut closed = None;
    for (part, decode) in parts {
        if closed.is_none() {
            closed = decode.closed;
            actions.extend(decode.actions);
            continue;
        }
        let redecoded = Decode::run(part, weights, closed, &decode.seams);
        let agreed = redecoded.actions.len();
        closed = if agreed < part.len() { decode.closed } else { redecoded.closed };
        actions.extend(redecoded.actions);
        actions.extend(decode.actions.into_iter().skip(agreed));
    }
    actions
}

/// The result of decoding a segment of tokens, which starts with nothing open.
struct Decode {
    actions: Vec<ParseAction>,
    /// Seams: the indices of the tokens that closed all sequences, with the closed sequence each
    /// left.
    seams: Vec<(usize, ClosedSequence)>,
    /// The closed sequence after the last token.
    closed: ClosedSequence,
}

impl Decode {
    /// Runs the beam search over `tokens` after the sequence `closed`. Stops at the first seam that
    /// is in `other` too, from where both decodings are the same.
    fn run(tokens: &[OutlineToken], weights: &Weights, closed: ClosedSequence, other: &[(usize, ClosedSequence)]) -> Self {
        let mut current = vec![Hypothesis { closed, ..EMPTY_HYPOTHESIS }];
        let mut back_pointers = BackPointers::with_capacity(tokens.len());
        let mut beam = Beam::default();
        let mut next: Vec<Hypothesis> = Vec::with_capacity(BEAM_WIDTH);
        let mut seams = Vec::new();
        let mut other_seams = other.iter();
        for (index, token) in tokens.iter().enumerate() {
            beam.clear();
            next.clear();
            if !matches!(token, OutlineToken::Candidate(_)) {
                for hypothesis in &mut current {
                    apply_heading(hypothesis, token);
                }
            }
            for (slot, hypothesis) in current.iter().enumerate() {
                expand(hypothesis, slot as u8, token, weights, &mut beam);
            }
            beam.sort();
            let mut rank = 0;
            while next.len() < BEAM_WIDTH
                && let Some(transition) = beam.nth(rank)
            {
                rank += 1;
                // Only the hypotheses that are kept are built.
                let mut hypothesis = current[usize::from(transition.slot)];
                if let OutlineToken::Candidate(candidate) = token {
                    hypothesis.apply(transition.action, candidate, weights);
                }
                // Costs are relative to the best, so they stay small over a long document.
                hypothesis.cost = transition.cost - beam.best_cost;
                if next.iter().all(|other| other.depth != hypothesis.depth || other.open_sequences() != hypothesis.open_sequences()) {
                    next.push(hypothesis);
                    back_pointers.push(transition.slot, transition.action);
                }
            }
            back_pointers.next_token(next.len());
            std::mem::swap(&mut current, &mut next);
            if let (OutlineToken::Close, [hypothesis]) = (token, current.as_slice())
                && hypothesis.depth == 0
            {
                seams.push((index, hypothesis.closed));
                if other_seams.next() == Some(&(index, hypothesis.closed)) {
                    break;
                }
            }
        }
        for hypothesis in &mut current {
            hypothesis.close_to(0);
        }
        let (slot, hypothesis) = current.iter().enumerate().min_by(|a, b| a.1.cost.total_cmp(&b.1.cost)).unwrap_or((0, &EMPTY_HYPOTHESIS));
        Self { actions: back_pointers.into_actions(slot as u8), seams, closed: hypothesis.closed }
    }
}

/// Generates the transitions of a token from one hypothesis, which a heading has been applied to
/// already.
fn expand(hypothesis: &Hypothesis, slot: u8, token: &OutlineToken, weights: &Weights, beam: &mut Beam) {
    let OutlineToken::Candidate(candidate) = token else {
        beam.push(hypothesis.cost, slot, ParseAction::Text);
        return;
    };
    for_each_action(hypothesis, candidate, weights, &mut |action, cost| {
        let cost = hypothesis.cost + cost;
        if !beam.is_pruned(cost) {
            beam.push(cost + hypothesis.closing_cost(hypothesis.kept_depth(action)), slot, action);
        }
    });
}

/// Passes each action possible for the candidate to `each`, with its cost; that of closing sequences
/// is not in it.
fn for_each_action(hypothesis: &Hypothesis, candidate: &OrdinalCandidate, weights: &Weights, each: &mut impl FnMut(ParseAction, f32)) {
    let open = hypothesis.open_sequences();
    let (lowest, highest) = hypothesis.depths(candidate);
    let mut cost = 0.0;
    cost::text(candidate, &mut |feature, value| cost += weights.of(feature) * value);
    each(ParseAction::Text, cost);
    let mut above = 0.0;
    for depth in 0..=highest {
        let sequence = open.get(depth);
        if depth >= lowest {
            if let Some(sequence) = sequence {
                let mut cost = 0.0;
                if cost::continuation(sequence, candidate, &mut |feature, value| cost += weights.of(feature) * value).is_some() {
                    each(ParseAction::Continue(depth as u8), cost);
                }
            }
            if depth < MAX_DEPTH {
                let mut cost = above;
                let opens = opening(hypothesis, candidate, depth, &mut |feature, value| cost += weights.of(feature) * value);
                if opens.is_some() {
                    each(ParseAction::Open(depth as u8), cost);
                }
            }
        }
        if let Some(sequence) = sequence {
            cost::nesting(sequence, candidate, &mut |feature, value| above += weights.of(feature) * value);
        }
    }
}

/// The features of opening a sequence at `depth`, but for those of nesting below others.
fn opening(hypothesis: &Hypothesis, candidate: &OrdinalCandidate, depth: usize, add: &mut impl FnMut(Feature, f32)) -> Option<()> {
    let open = hypothesis.open_sequences();
    let count = hypothesis.count_state(depth, candidate);
    let parent = depth.checked_sub(1).and_then(|above| open.get(above));
    cost::opening(candidate, parent, count, add)?;
    if let Some(sequence) = open.get(depth).filter(|_| count != CountState::Resumes) {
        cost::replacement(sequence, candidate, add);
    }
    Some(())
}

/// Applies an unnumbered heading or a [`Close`](OutlineToken::Close) token to a hypothesis.
fn apply_heading(hypothesis: &mut Hypothesis, token: &OutlineToken) {
    match token {
        OutlineToken::Heading { level, .. } => {
            let depth = hypothesis.headings_above(*level);
            hypothesis.close_to(depth);
            if depth < MAX_DEPTH {
                hypothesis.push(OpenSequence { kind: OrdinalKind::Heading, level: *level, ..NO_SEQUENCE });
            }
        }
        OutlineToken::Close => {
            let depth = hypothesis.headings_above(u8::MAX);
            if let Some(sequence) = hypothesis.open_sequences().get(depth) {
                hypothesis.closed = Some((sequence.kind, sequence.last_number));
            }
            hypothesis.counts = [0; OrdinalKind::COUNT];
            hypothesis.close_to(depth);
        }
        OutlineToken::Candidate(_) => {}
    }
}

/// Replays the actions and collects the nodes that they open.
fn replay(tokens: &[OutlineToken], actions: &[ParseAction]) -> Vec<OutlineNode> {
    let opens = |token: &OutlineToken, action: ParseAction| matches!(token, OutlineToken::Heading { .. }) || action != ParseAction::Text;
    let count = tokens.iter().zip(actions).filter(|(token, action)| opens(token, **action)).count();
    let mut hypothesis = EMPTY_HYPOTHESIS;
    let mut nodes: Vec<OutlineNode> = Vec::with_capacity(count);
    // The open node of each open sequence.
    let mut open: Vec<u32> = Vec::new();
    for (index, (token, action)) in tokens.iter().zip(actions).enumerate() {
        let carries_on = match (token, action) {
            (OutlineToken::Candidate(candidate), ParseAction::Open(depth)) => {
                hypothesis.count_state(usize::from(*depth), candidate) == CountState::CarriesOn
            }
            _ => false,
        };
        let last = match action {
            ParseAction::Continue(depth) => open.get(usize::from(*depth)).map(|node| nodes[*node as usize]),
            _ => None,
        };
        match token {
            OutlineToken::Candidate(candidate) => hypothesis.apply(*action, candidate, &WEIGHTS),
            other => apply_heading(&mut hypothesis, other),
        }
        let opens = opens(token, *action);
        open.truncate(if opens { hypothesis.depth.saturating_sub(1) } else { hypothesis.depth });
        if opens && hypothesis.depth > 0 {
            let number = hypothesis.sequences[hypothesis.depth - 1].last_number;
            let parent = open.last().copied().unwrap_or(NO_NODE);
            // 最后 has no number of its own.
            let number = if number == FINAL_NUMBER { last.map_or(1, |last| last.number + 1) } else { number };
            let sequence = last.map_or(nodes.len() as u32, |last| last.sequence);
            open.push(nodes.len() as u32);
            nodes.push(OutlineNode { token: index as u32, parent, depth: open.len() as u16 - 1, number, sequence, carries_on });
        }
    }
    nodes
}

/// Removes nodes whose sequence has no other member, unless they need no sibling (see
/// [`needs_no_sibling`]); children move up to the parent.
fn prune_singletons(tokens: &[OutlineToken], nodes: &mut Vec<OutlineNode>) {
    let mut members = vec![0u32; nodes.len()];
    for node in nodes.iter() {
        members[node.sequence as usize] += 1;
    }
    // The last top-level node of each kind: a heading between them may split one count into two
    // sequences.
    let mut topmost: Vec<(OrdinalKind, u32)> = Vec::new();
    // The new index of each node; for a removed node, that of its parent.
    let mut new_index: Vec<u32> = Vec::with_capacity(nodes.len());
    let mut kept = 0;
    for index in 0..nodes.len() {
        let node = nodes[index];
        let parent = new_index.get(node.parent as usize).copied().unwrap_or(NO_NODE);
        let token = &tokens[node.token as usize];
        let stays = members[node.sequence as usize] > 1
            || node.carries_on
            || match token {
                OutlineToken::Candidate(candidate) => {
                    let before = (candidate.ordinal.kind, node.number.wrapping_sub(1));
                    needs_no_sibling(candidate) || (node.parent == NO_NODE && topmost.contains(&before))
                }
                _ => true,
            };
        if let OutlineToken::Candidate(candidate) = token
            && node.parent == NO_NODE
        {
            topmost.retain(|(kind, _)| *kind != candidate.ordinal.kind);
            topmost.push((candidate.ordinal.kind, node.number));
        }
        if stays {
            new_index.push(kept as u32);
            let depth = nodes.get(parent as usize).map_or(0, |parent| parent.depth + 1);
            nodes[kept] = OutlineNode { parent, depth, ..node };
            kept += 1;
        } else {
            new_index.push(parent);
        }
    }
    nodes.truncate(kept);
    nodes.shrink_to_fit();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::cost::tests::candidate;
    use OrdinalKind::{Arabic, HanEnumComma, Paren, Sequence, Shi};

    /// Depth, kind and number of the sections decoded from these ordinals.
    fn tree(ordinals: &[(&str, OrdinalPosition)]) -> Vec<(u16, OrdinalKind, u32)> {
        let tokens: Vec<OutlineToken> =
            ordinals.iter().map(|(text, position)| OutlineToken::Candidate(candidate(text, *position))).collect();
        let kind = |node: &OutlineNode| match &tokens[node.token as usize] {
            OutlineToken::Candidate(candidate) => candidate.ordinal.kind,
            _ => OrdinalKind::Heading,
        };
        decode_outline(&tokens).iter().map(|node| (node.depth, kind(node), node.number)).collect()
    }

    #[test]
    fn kinds_nest_in_order_of_appearance() {
        use OrdinalPosition::{AfterStop, LineStart};
        let ordinals = [
            ("一、甲", LineStart),
            ("（一）甲", LineStart),
            ("一是甲", AfterStop),
            ("二是乙", AfterStop),
            ("（二）乙", LineStart),
            ("二、乙", LineStart),
        ];
        let expected = [(0, HanEnumComma, 1), (1, Paren, 1), (2, Shi, 1), (2, Shi, 2), (1, Paren, 2), (0, HanEnumComma, 2)];
        assert_eq!(tree(&ordinals), expected);
        let reversed = [("（一）甲", LineStart), ("1.甲", LineStart), ("2.乙", LineStart), ("（二）乙", LineStart)];
        assert_eq!(tree(&reversed), [(0, Paren, 1), (1, Arabic, 1), (1, Arabic, 2), (0, Paren, 2)]);
    }

    #[test]
    fn singletons_are_text_and_the_final_ordinal_is_numbered() {
        use OrdinalPosition::{AfterStop, LineStart};
        assert_eq!(
            tree(&[("一、甲", LineStart), ("一是甲", AfterStop), ("二、乙", LineStart)]),
            [(0, HanEnumComma, 1), (0, HanEnumComma, 2)]
        );
        let ordinals = [("首先，甲", LineStart), ("其次，乙", LineStart), ("最后，丙", LineStart)];
        assert_eq!(tree(&ordinals), [(0, Sequence, 1), (0, Sequence, 2), (0, Sequence, 3)]);
    }
}
