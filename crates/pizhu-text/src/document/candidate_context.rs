//! What only the neighbours of a candidate can tell: whether `I.` is a letter or a Roman number, and
//! whether a verb is told through.

use super::{
    OrdinalKind,
    candidate::{FormDetail, OrdinalCandidate, OrdinalPosition},
    candidate_scanner::OutlineToken,
};
use std::collections::HashMap;

/// Least members of a verb told through: 一靠, 二靠, 三靠.
const MIN_VERB_MEMBERS: usize = 3;
/// Most lines from one member of a verb told through to the next, where it begins a line.
const MAX_VERB_LINES: u32 = 12;

/// Settles the candidates whose form alone is not enough.
pub(super) fn settle(tokens: &mut Vec<OutlineToken>) {
    settle_letters(tokens);
    keep_verbs_told_through(tokens);
}

/// Reads `I.` after `H.` as a letter; otherwise it stays a Roman number. A lone `V.` or `X.` that
/// carries on neither is a letter.
fn settle_letters(tokens: &mut [OutlineToken]) {
    let mut last = [0; OrdinalKind::COUNT];
    for token in tokens {
        let OutlineToken::Candidate(candidate) = token else { continue };
        let ordinal = &mut candidate.ordinal;
        if let FormDetail::LetterOrRoman { kind, number } = ordinal.detail
            && (last[kind.index()] + 1 == number || (ordinal.number > 1 && last[ordinal.kind.index()] + 1 != ordinal.number))
        {
            (ordinal.kind, ordinal.number) = (kind, number);
        }
        last[ordinal.kind.index()] = ordinal.number;
    }
}

/// Drops the candidates of `一靠` whose verb is not told through three times.
fn keep_verbs_told_through(tokens: &mut Vec<OutlineToken>) {
    let mut told: Vec<usize> = Vec::new();
    // For each verb, the members so far.
    let mut open: HashMap<char, Vec<usize>> = HashMap::new();
    let mut has_verbs = false;
    for index in 0..tokens.len() {
        let Some((verb, candidate)) = verb_at(&tokens[index]) else { continue };
        has_verbs = true;
        let members = open.entry(verb).or_default();
        let carries_on = members.last().and_then(|last| verb_at(&tokens[*last])).is_some_and(|(_, last)| {
            let lines = candidate.line - last.line;
            last.ordinal.number + 1 == candidate.ordinal.number
                && (lines == 0 || (lines <= MAX_VERB_LINES && candidate.position == OrdinalPosition::LineStart))
        });
        if !carries_on {
            members.clear();
            if candidate.ordinal.number != 1 {
                continue;
            }
        }
        members.push(index);
        match members.len() {
            MIN_VERB_MEMBERS => told.extend(members.iter()),
            len if len > MIN_VERB_MEMBERS => told.push(index),
            _ => {}
        }
    }
    if !has_verbs {
        return;
    }
    for index in &told {
        if let OutlineToken::Candidate(candidate) = &mut tokens[*index] {
            candidate.ordinal.well_formed = true;
        }
    }
    tokens.retain(|token| verb_at(token).is_none_or(|(_, candidate)| candidate.ordinal.well_formed));
}

/// The verb and the candidate of a token of kind [`OrdinalKind::Verb`].
fn verb_at(token: &OutlineToken) -> Option<(char, &OrdinalCandidate)> {
    match token {
        OutlineToken::Candidate(candidate) => match candidate.ordinal.detail {
            FormDetail::Verb(verb) => Some((verb, candidate)),
            _ => None,
        },
        _ => None,
    }
}
