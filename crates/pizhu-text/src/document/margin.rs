//! The margin of a section: how much cheaper the reading chosen is than the next best one.
//!
//! Three margins count, and the least decides: that of its whole sequence over text, that of its own
//! depth, and that of the depth at which its sequence opened. The chance that the section is one
//! grows with its margin ([`super::certainty`]).

use super::{
    candidate_scanner::OutlineToken,
    hypothesis::{EMPTY_HYPOTHESIS, apply_heading, for_each_action},
    parse_action::ParseAction,
    weights::Weights,
};

/// The margin where there is no other reading.
pub(super) const MAX_MARGIN: f32 = 10.0;
/// The margin of an unnumbered heading, which the format vouches for.
const HEADING_MARGIN: f32 = 1.0;

/// The margin of each token that opens a section.
pub(super) fn margins(tokens: &[OutlineToken], actions: &[ParseAction], weights: &Weights) -> Vec<f32> {
    let mut hypothesis = EMPTY_HYPOTHESIS;
    let mut margins = vec![HEADING_MARGIN; tokens.len()];
    // What each sequence costs less than text, and the margin at which it opened.
    let mut sequences: Vec<(f32, f32)> = Vec::new();
    let mut sequence_of: Vec<Option<u32>> = vec![None; tokens.len()];
    let mut open: Vec<u32> = Vec::new();
    for (index, (token, action)) in tokens.iter().zip(actions).enumerate() {
        let OutlineToken::Candidate(candidate) = token else {
            apply_heading(&mut hypothesis, token, *action);
            open.resize(hypothesis.depth, u32::MAX);
            continue;
        };
        if *action != ParseAction::Text {
            let (mut text, mut chosen, mut other) = (0.0, 0.0, f32::INFINITY);
            for_each_action(&hypothesis, candidate, weights, &mut |next, cost| {
                let cost = cost + hypothesis.closing_cost(hypothesis.kept_depth(next));
                if next == ParseAction::Text {
                    text = cost;
                } else if next == *action {
                    chosen = cost;
                } else {
                    other = other.min(cost);
                }
            });
            margins[index] = (other - chosen).min(MAX_MARGIN);
            match action {
                ParseAction::Open(depth) => {
                    open.truncate(usize::from(*depth));
                    open.push(sequences.len() as u32);
                    sequences.push((0.0, margins[index]));
                }
                _ => open.truncate(hypothesis.kept_depth(*action)),
            }
            sequence_of[index] = open.last().copied();
            if let Some((gain, _)) = open.last().and_then(|sequence| sequences.get_mut(*sequence as usize)) {
                *gain += text - chosen;
            }
        }
        hypothesis.apply(*action, candidate, weights);
    }
    for (margin, sequence) in margins.iter_mut().zip(sequence_of) {
        if let Some((gain, opening)) = sequence.and_then(|sequence| sequences.get(sequence as usize)) {
            *margin = margin.min(*gain).min(*opening);
        }
    }
    margins
}
