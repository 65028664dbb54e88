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
    beam::{BEAM_WIDTH, Beam},
    candidate::FINAL_NUMBER,
    candidate_scanner::OutlineToken,
    certainty::{OutlineReading, Signs, for_each_signs, set_confidence},
    confidence::Confidence,
    cost::{CountState, needs_no_sibling},
    hypothesis::{EMPTY_HYPOTHESIS, Hypothesis, apply_heading, for_each_action, for_each_heading_action},
    outline_node::{NO_NODE, OutlineNode},
    parse_action::ParseAction,
    weights::{WEIGHTS, Weights},
};

/// Decodes the tokens of a text of so many chars into the nodes of the outline, in reading order.
pub(super) fn decode_outline(tokens: &[OutlineToken], chars: usize) -> Vec<OutlineNode> {
    let weights = &WEIGHTS;
    let (actions, mut nodes) = read(tokens, weights);
    let greedy = read_greedily(tokens, weights, &actions, &nodes);
    set_confidence(&OutlineReading { tokens, actions: &actions, greedy: &greedy, chars, weights }, &mut nodes);
    nodes
}

/// Reads the tokens: the actions and the nodes they lead to.
fn read(tokens: &[OutlineToken], weights: &Weights) -> (Vec<ParseAction>, Vec<OutlineNode>) {
    let actions = best_actions(tokens, weights);
    let mut nodes = replay(tokens, &actions);
    prune_singletons(tokens, &mut nodes);
    (actions, nodes)
}

/// The nodes of a greedy reading. Mostly these are the actions that the beam search found, too, which led to `nodes`.
fn read_greedily(tokens: &[OutlineToken], weights: &Weights, actions: &[ParseAction], nodes: &[OutlineNode]) -> Vec<OutlineNode> {
    let greedy = greedy_actions(tokens, weights);
    if greedy == actions {
        return nodes.to_vec();
    }
    let mut nodes = replay(tokens, &greedy);
    prune_singletons(tokens, &mut nodes);
    nodes
}

/// The actions that are cheapest at each token, whatever comes later: the search with a beam of one.
fn greedy_actions(tokens: &[OutlineToken], weights: &Weights) -> Vec<ParseAction> {
    let mut hypothesis = EMPTY_HYPOTHESIS;
    let mut actions = Vec::with_capacity(tokens.len());
    for token in tokens {
        let mut best = (ParseAction::Text, f32::INFINITY);
        let mut take = |action, cost: f32| {
            if cost < best.1 {
                best = (action, cost);
            }
        };
        match token {
            OutlineToken::Candidate(candidate) => {
                for_each_action(&hypothesis, candidate, weights, &mut |action, cost| {
                    take(action, cost + hypothesis.closing_cost(hypothesis.kept_depth(action)));
                });
                hypothesis.apply(best.0, candidate, weights);
            }
            OutlineToken::Heading { level, .. } => {
                let closing = hypothesis.headings_above(*level);
                for_each_heading_action(&hypothesis, *level, weights, &mut |action, cost| {
                    let kept = if let ParseAction::Open(depth) = action { usize::from(depth) } else { closing };
                    take(action, cost + hypothesis.closing_cost(kept));
                });
                apply_heading(&mut hypothesis, token, best.0);
            }
            OutlineToken::Close => apply_heading(&mut hypothesis, token, ParseAction::Text),
        }
        actions.push(best.0);
    }
    actions
}

/// The signs by which the confidence of each section is told, with the token that opens it
/// and its depth, as `weights` let the decoder read; for fitting.
pub(super) fn section_signs(tokens: &[OutlineToken], chars: usize, weights: &Weights) -> Vec<(u32, u16, Signs)> {
    let (actions, nodes) = read(tokens, weights);
    let greedy = read_greedily(tokens, weights, &actions, &nodes);
    let mut all = Vec::with_capacity(nodes.len());
    let mut next = nodes.iter();
    for_each_signs(&OutlineReading { tokens, actions: &actions, greedy: &greedy, chars, weights }, &nodes, |signs| {
        all.extend(next.next().map(|node| (node.token, node.depth, *signs)));
    });
    all
}

/// The cheapest sequence of actions that the beam search finds.
pub(super) fn best_actions(tokens: &[OutlineToken], weights: &Weights) -> Vec<ParseAction> {
    let mut current = vec![EMPTY_HYPOTHESIS];
    let mut next: Vec<Hypothesis> = Vec::with_capacity(BEAM_WIDTH);
    let mut back_pointers = BackPointers::with_capacity(tokens.len());
    let mut beam = Beam::default();
    for token in tokens {
        beam.clear();
        next.clear();
        if *token == OutlineToken::Close {
            for hypothesis in &mut current {
                apply_heading(hypothesis, token, ParseAction::Text);
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
            match token {
                OutlineToken::Candidate(candidate) => hypothesis.apply(transition.action, candidate, weights),
                OutlineToken::Heading { .. } => apply_heading(&mut hypothesis, token, transition.action),
                OutlineToken::Close => {}
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
    }
    for hypothesis in &mut current {
        hypothesis.close_to(0);
    }
    let best = current.iter().enumerate().min_by(|a, b| a.1.cost.total_cmp(&b.1.cost)).map_or(0, |(slot, _)| slot);
    back_pointers.into_actions(best as u8)
}

/// Generates the transitions of a token from one hypothesis, which a heading has been applied to
/// already.
fn expand(hypothesis: &Hypothesis, slot: u8, token: &OutlineToken, weights: &Weights, beam: &mut Beam) {
    let mut push = |action, cost, kept: usize| {
        let cost = hypothesis.cost + cost;
        if !beam.is_pruned(cost) {
            beam.push(cost + hypothesis.closing_cost(kept), slot, action);
        }
    };
    match token {
        OutlineToken::Candidate(candidate) => {
            for_each_action(hypothesis, candidate, weights, &mut |action, cost| push(action, cost, hypothesis.kept_depth(action)));
        }
        OutlineToken::Heading { level, .. } => {
            let closing = hypothesis.headings_above(*level);
            for_each_heading_action(hypothesis, *level, weights, &mut |action, cost| {
                push(action, cost, if let ParseAction::Open(depth) = action { usize::from(depth) } else { closing });
            });
        }
        OutlineToken::Close => push(ParseAction::Text, 0.0, hypothesis.depth),
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
            other => apply_heading(&mut hypothesis, other, *action),
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
            nodes.push(OutlineNode {
                token: index as u32,
                parent,
                depth: open.len() as u16 - 1,
                number,
                sequence,
                carries_on,
                confidence: Confidence::default(),
            });
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
    use crate::document::{candidate::OrdinalPosition, cost::tests::candidate};
    use OrdinalKind::{Arabic, HanEnumComma, Paren, Sequence, Shi};

    /// Depth, kind and number of the sections decoded from these ordinals.
    fn tree(ordinals: &[(&str, OrdinalPosition)]) -> Vec<(u16, OrdinalKind, u32)> {
        let tokens: Vec<OutlineToken> =
            ordinals.iter().map(|(text, position)| OutlineToken::Candidate(candidate(text, *position))).collect();
        let kind = |node: &OutlineNode| match &tokens[node.token as usize] {
            OutlineToken::Candidate(candidate) => candidate.ordinal.kind,
            _ => OrdinalKind::Heading,
        };
        decode_outline(&tokens, 0).iter().map(|node| (node.depth, kind(node), node.number)).collect()
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
