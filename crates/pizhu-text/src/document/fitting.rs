//! What `tests/corpus/fit.py` needs to fit the weights: the features of the reading that the decoder
//! chooses, and of the right one. Not part of the interface.

use super::{
    Hints,
    candidate_scanner::OutlineToken,
    certainty, cost,
    cost::Distance,
    hypothesis::{EMPTY_HYPOTHESIS, Hypothesis, apply_heading, opening, singleton},
    outline_decoder::{self, best_actions},
    parse::outline_tokens,
    parse_action::ParseAction,
    weights::{Feature, HAND_SET, WEIGHTS, Weights},
};
use crate::text::SourceText;
use std::collections::HashMap;

/// The names of the features, in order.
#[must_use]
pub fn feature_names() -> &'static [&'static str] {
    Feature::NAMES
}

/// The weights that fitting begins with, in the order of [`feature_names`].
#[must_use]
pub fn hand_set_weights() -> Vec<f32> {
    HAND_SET.0.to_vec()
}

/// How often each feature holds in two readings of a text, in the order of [`feature_names`].
#[derive(Debug, Clone)]
pub struct Comparison {
    /// In the reading that the decoder chooses.
    pub chosen: Vec<f32>,
    /// In the right reading.
    pub right: Vec<f32>,
    /// How many sections of the right reading the decoder can choose at all.
    pub reachable: usize,
    /// How many headings of the format are no sections in the right reading.
    pub stray_headings: usize,
}

/// The names of the signs by which the confidence of a section is told, in the order of [`section_signs`].
#[must_use]
pub fn sign_names() -> &'static [&'static str] {
    certainty::SIGNS
}

/// The signs of each section that the decoder chooses with these weights, with the offset at which it begins
/// and its depth. `weights` are in the order of [`feature_names`]; those of the decoder if they are empty.
#[must_use]
pub fn section_signs(source: &SourceText, hints: &Hints, weights: &[f32]) -> Vec<(usize, usize, Vec<f32>)> {
    let tokens = outline_tokens(source, hints);
    let mut table = WEIGHTS.clone();
    for (to, from) in table.0.iter_mut().zip(weights) {
        *to = *from;
    }
    let start = |token: u32| match &tokens[token as usize] {
        OutlineToken::Candidate(candidate) => candidate.start as usize,
        OutlineToken::Heading { start, .. } => *start as usize,
        OutlineToken::Close => 0,
    };
    let sections = outline_decoder::section_signs(&tokens, source.len(), &table).into_iter();
    sections.map(|(token, depth, signs)| (start(token), usize::from(depth), signs.to_vec())).collect()
}

/// Compares the reading that the decoder chooses with the right one, given by offset and depth of
/// each section. `weights` are in the order of [`feature_names`].
#[must_use]
pub fn compare(source: &SourceText, hints: &Hints, right: &[(usize, usize)], weights: &[f32]) -> Comparison {
    let tokens = outline_tokens(source, hints);
    let mut table = WEIGHTS.clone();
    for (to, from) in table.0.iter_mut().zip(weights) {
        *to = *from;
    }
    let depths: HashMap<usize, usize> = right.iter().copied().collect();
    let mut reachable = 0;
    let mut stray_headings = 0;
    for token in &tokens {
        if let OutlineToken::Heading { start, .. } = token {
            if depths.contains_key(&(*start as usize)) { reachable += 1 } else { stray_headings += 1 }
        }
    }
    let mut chosen_actions = best_actions(&tokens, &table).into_iter();
    let chosen = features(&tokens, &table, |_, _| chosen_actions.next().unwrap_or(ParseAction::Text));
    let right = features(&tokens, &table, |hypothesis, token| {
        if let OutlineToken::Heading { start, level, .. } = token {
            let possible = hypothesis.headings_above(*level) + 1..=hypothesis.headings_not_below(*level);
            let depth = depths.get(&(*start as usize)).filter(|depth| possible.contains(depth));
            return depth.map_or(ParseAction::Text, |depth| ParseAction::Open(*depth as u8));
        }
        let OutlineToken::Candidate(candidate) = token else { return ParseAction::Text };
        let Some(depth) = depths.get(&(candidate.start as usize)) else { return ParseAction::Text };
        let depth = (*depth).min(hypothesis.depth);
        let continues =
            hypothesis.open_sequences().get(depth).is_some_and(|open| cost::continuation(open, candidate, &mut |_, _| {}).is_some());
        let action = if continues {
            ParseAction::Continue(depth as u8)
        } else if opening(hypothesis, candidate, depth, &mut |_, _| {}).is_some() {
            ParseAction::Open(depth as u8)
        } else {
            return ParseAction::Text;
        };
        reachable += 1;
        action
    });
    Comparison { chosen, right, reachable, stray_headings }
}

/// The features of the reading that takes these actions.
fn features(tokens: &[OutlineToken], weights: &Weights, mut action_of: impl FnMut(&Hypothesis, &OutlineToken) -> ParseAction) -> Vec<f32> {
    let mut counts = vec![0.0; Feature::NAMES.len()];
    let mut add = |feature: Feature, value: f32| counts[feature as usize] += value;
    let mut hypothesis = EMPTY_HYPOTHESIS;
    // The first member of each open sequence.
    let mut first: Vec<&OutlineToken> = Vec::new();
    for token in tokens {
        let action = action_of(&hypothesis, token);
        let before = hypothesis;
        let kept = match token {
            OutlineToken::Candidate(candidate) => {
                match action {
                    ParseAction::Text => cost::text(candidate, &mut add),
                    ParseAction::Continue(depth) => {
                        let _ = cost::continuation(&hypothesis.sequences[usize::from(depth)], candidate, &mut add);
                    }
                    ParseAction::Open(depth) => {
                        let depth = usize::from(depth);
                        for (above, sequence) in hypothesis.open_sequences()[..depth].iter().enumerate() {
                            let distance = if above + 1 == depth { Distance::Parent } else { Distance::Farther };
                            cost::nesting(sequence, candidate, distance, &mut add);
                        }
                        let _ = opening(&hypothesis, candidate, depth, &mut add);
                    }
                }
                let kept = hypothesis.kept_depth(action);
                hypothesis.apply(action, candidate, weights);
                kept
            }
            heading => {
                if let ParseAction::Open(_) = action {
                    add(Feature::HeadingBelowOrdinal, 1.0);
                }
                apply_heading(&mut hypothesis, heading, action);
                let opens = usize::from(matches!(heading, OutlineToken::Heading { .. }));
                hypothesis.depth.saturating_sub(opens)
            }
        };
        close(&before, kept, &first, &mut add);
        first.truncate(kept);
        first.resize(hypothesis.depth, token);
    }
    close(&hypothesis, 0, &first, &mut add);
    counts
}

/// The features of closing the sequences of `hypothesis` below `depth`, whose first members are given.
fn close(hypothesis: &Hypothesis, depth: usize, first: &[&OutlineToken], add: &mut impl FnMut(Feature, f32)) {
    let open = hypothesis.open_sequences().iter().zip(first).skip(depth);
    for (_, token) in open.filter(|(sequence, _)| sequence.singleton_cost > 0.0) {
        if let OutlineToken::Candidate(candidate) = token {
            singleton(candidate, add);
        }
    }
}
