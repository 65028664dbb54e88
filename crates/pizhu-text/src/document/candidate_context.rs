//! What only the neighbours of a candidate can tell: whether `I.` is a letter or a Roman number, and
//! whether a verb is told through.

use super::{
    OrdinalKind,
    candidate::{DecimalPrefix, FormDetail, OrdinalCandidate, OrdinalPosition},
    candidate_scanner::OutlineToken,
    interleaved::find_interleaved_counts,
    punctuation::is_stop,
};
use std::collections::HashMap;

/// Fewest members of a list that all bear the same number.
const MIN_EQUAL_NUMBERS: usize = 2;
/// Fewest headings of an unusual form that are counted through.
const MIN_UNUSUAL_MEMBERS: usize = 2;

/// Most numbers of a decimal, and one more.
const MAX_DECIMAL_LENGTH: usize = 6;

/// Fewest notes at the end of a text.
const MIN_NOTES: usize = 2;

/// Least members of a verb told through: 一靠, 二靠, 三靠.
const MIN_VERB_MEMBERS: usize = 3;
/// Most lines from one member of a verb told through to the next, where it begins a line.
const MAX_VERB_LINES: u32 = 12;

/// Most tokens after an unnumbered heading in which a count from before it is looked for.
const MAX_TOKENS_TO_COUNT: usize = 64;

/// Settles the candidates whose form alone is not enough.
pub(super) fn settle(tokens: &mut Vec<OutlineToken>) {
    drop_note_signs(tokens);
    settle_bare_numbers(tokens);
    settle_bare_decimals(tokens);
    settle_unusual_counts(tokens);
    count_equal_numbers(tokens);
    settle_letters(tokens);
    keep_verbs_told_through(tokens);
    keep_open_lower_counts(tokens);
    find_counts_through_parts(tokens);
    find_interleaved_counts(tokens);
}

/// Marks the ordinals at line starts whose count goes on below the next heading of another kind, so that each
/// part may hold a single member of it.
fn find_counts_through_parts(tokens: &mut [OutlineToken]) {
    // Where each kind comes next, and its number there; where the next heading stands, and its kind.
    let mut next: [Option<(usize, u32)>; OrdinalKind::COUNT] = [None; OrdinalKind::COUNT];
    let mut heading: Option<(usize, OrdinalKind)> = None;
    for (index, token) in tokens.iter_mut().enumerate().rev() {
        match token {
            // A line that heads nothing may part a count, too.
            OutlineToken::Close | OutlineToken::Heading { .. } => heading = Some((index, OrdinalKind::Heading)),
            OutlineToken::Candidate(candidate) if candidate.position == OrdinalPosition::LineStart => {
                let (kind, number) = (candidate.ordinal.kind, candidate.ordinal.number);
                let counted = !kind.is_word() || kind == OrdinalKind::Di;
                if counted && kind != OrdinalKind::Decimal && candidate.ordinal.well_formed {
                    let parted = |at: usize| heading.is_some_and(|(heading, other)| heading < at && other != kind);
                    candidate.goes_on = next[kind.index()].is_some_and(|(at, later)| later == number + 1 && parted(at));
                    next[kind.index()] = Some((index, number));
                }
                if candidate.whole_line {
                    heading = Some((index, kind));
                }
            }
            OutlineToken::Candidate(_) => {}
        }
    }
}

/// Takes a bare number before a blank for an ordinal if decimals of it come next: `1 概述` before `1.1 项目背景`.
fn settle_bare_numbers(tokens: &mut [OutlineToken]) {
    for index in 1..tokens.len() {
        let OutlineToken::Candidate(decimal) = tokens[index] else { continue };
        if decimal.ordinal.kind == OrdinalKind::Decimal
            && decimal.ordinal.number == 1
            && decimal.ordinal.prefix().len() == 1
            && decimal.position == OrdinalPosition::LineStart
            && let OutlineToken::Candidate(above) = &mut tokens[index - 1]
            && above.ordinal.kind == OrdinalKind::Arabic
            && above.ordinal.number == decimal.ordinal.prefix().last()
            && above.ordinal.marker_end < above.ordinal.title_start
            && above.whole_line
        {
            above.ordinal.well_formed = true;
        }
    }
}

/// Takes decimals without a blank for ordinals where they are counted: `1.1塘坝` below `1.摸底`, `1.2渠道` after it;
/// drops the others, such as dates (`7.14：沙洲`).
fn settle_bare_decimals(tokens: &mut Vec<OutlineToken>) {
    let is_bare = |candidate: &OrdinalCandidate| candidate.ordinal.kind == OrdinalKind::Decimal && !candidate.ordinal.well_formed;
    if !tokens.iter().any(|token| matches!(token, OutlineToken::Candidate(candidate) if is_bare(candidate))) {
        return;
    }
    let decimals: Vec<usize> = (0..tokens.len())
        .filter(|index| matches!(&tokens[*index], OutlineToken::Candidate(candidate) if candidate.ordinal.kind == OrdinalKind::Decimal))
        .collect();
    for pair in decimals.windows(2) {
        if let (OutlineToken::Candidate(next), OutlineToken::Candidate(candidate)) = (tokens[pair[1]], &mut tokens[pair[0]]) {
            let ordinal = &mut candidate.ordinal;
            let (here, next) = ((ordinal.prefix(), ordinal.number), (next.ordinal.prefix(), next.ordinal.number));
            if here.1 == 1 && (next == (here.0, 2) || (next.1 == 1 && here.0.then(1) == Some(next.0))) {
                ordinal.well_formed = true;
            }
        }
    }
    // The number of the last heading that is no decimal, and the last decimal of each length.
    let mut above = 0;
    let mut last: [Option<(DecimalPrefix, u32)>; MAX_DECIMAL_LENGTH] = [None; MAX_DECIMAL_LENGTH];
    for token in tokens.iter_mut() {
        let OutlineToken::Candidate(candidate) = token else { continue };
        let ordinal = &mut candidate.ordinal;
        if candidate.position != OrdinalPosition::LineStart || ordinal.kind.is_word() {
            continue;
        }
        if ordinal.kind != OrdinalKind::Decimal {
            above = ordinal.number;
            continue;
        }
        let (prefix, number) = (ordinal.prefix(), ordinal.number);
        let length = usize::from(prefix.len()).min(MAX_DECIMAL_LENGTH - 1);
        let first = number == 1
            && match last.get(length.wrapping_sub(1)).copied().flatten() {
                Some((parent, number)) => parent.then(number) == Some(prefix),
                None => length == 1 && above == prefix.last(),
            };
        let first = first || (number == 1 && length == 1 && above == prefix.last());
        if first || last[length].is_some_and(|(before, last)| before == prefix && last + 1 == number) {
            ordinal.well_formed = true;
        }
        if ordinal.well_formed {
            last[length] = Some((prefix, number));
        }
    }
    tokens.retain(|token| !matches!(token, OutlineToken::Candidate(candidate) if is_bare(candidate)));
}

/// Counts the members of a list of Markdown that all bear the same number, as its rules allow: `1.` `1.` `1.`
fn count_equal_numbers(tokens: &mut [OutlineToken]) {
    let is_first = |token: &OutlineToken| match token {
        OutlineToken::Candidate(candidate)
            if candidate.ordinal.kind == OrdinalKind::Arabic
                && candidate.ordinal.number == 1
                && candidate.ordinal.well_formed
                && candidate.level == 0
                && candidate.position == OrdinalPosition::LineStart =>
        {
            Some((candidate.line, candidate.indent))
        }
        _ => None,
    };
    let mut from = 0;
    while from < tokens.len() {
        let Some((line, indent)) = is_first(&tokens[from]) else {
            from += 1;
            continue;
        };
        // Nothing stands between them.
        let members = tokens[from..].iter().zip(line..).take_while(|(token, line)| is_first(token) == Some((*line, indent))).count();
        if members >= MIN_EQUAL_NUMBERS {
            for (token, number) in tokens[from..from + members].iter_mut().zip(1..) {
                if let OutlineToken::Candidate(candidate) = token {
                    candidate.ordinal.number = number;
                }
            }
        }
        from += members.max(1);
    }
}

/// Takes ordinals of an unusual form that head lines for usual ones where they are counted through:
/// `一.【水渠】` `二【塘坝】` `三.【闸门】`.
fn settle_unusual_counts(tokens: &mut [OutlineToken]) {
    let number = |token: &OutlineToken| match token {
        OutlineToken::Candidate(candidate)
            if candidate.ordinal.kind == OrdinalKind::HanEnumComma
                && candidate.position == OrdinalPosition::LineStart
                && candidate.whole_line =>
        {
            Some(candidate.ordinal.number)
        }
        _ => None,
    };
    let mut run: Vec<usize> = Vec::new();
    for index in 0..=tokens.len() {
        let next = tokens.get(index).map(number);
        let carries_on = next.flatten().is_some_and(|next| next as usize == run.len() + 1);
        if carries_on {
            run.push(index);
        } else if next.is_none_or(|next| next == Some(1)) {
            if run.len() >= MIN_UNUSUAL_MEMBERS {
                for at in &run {
                    if let OutlineToken::Candidate(candidate) = &mut tokens[*at] {
                        candidate.ordinal.well_formed = true;
                    }
                }
            }
            run.clear();
            run.extend(next.flatten().map(|_| index));
        }
    }
}

/// Drops the signs of notes and the notes: the text ends in a list of circled numbers, half of which stand in
/// mid-sentence before (`二百口①水井` … `①据2030年普查。`).
fn drop_note_signs(tokens: &mut Vec<OutlineToken>) {
    let circled = |token: &OutlineToken| match token {
        OutlineToken::Candidate(candidate) if candidate.ordinal.kind == OrdinalKind::Circled => {
            Some((candidate.ordinal.number, candidate.position))
        }
        _ => None,
    };
    let is_note = |token: &&OutlineToken| circled(token).is_some_and(|(_, position)| position == OrdinalPosition::LineStart);
    let notes = tokens.iter().rev().take_while(is_note).count();
    let from = tokens.len() - notes;
    let counted = notes >= MIN_NOTES && tokens.get(from).and_then(circled).is_some_and(|(number, _)| number == 1);
    let mut told: Vec<u32> = tokens[..from]
        .iter()
        .filter_map(circled)
        .filter(|(_, position)| *position == OrdinalPosition::MidText)
        .map(|(number, _)| number)
        .collect();
    told.sort_unstable();
    told.dedup();
    if told.is_empty() {
        return;
    }
    if counted && told.len() * 2 >= notes {
        tokens.truncate(from);
        tokens.retain(|token| circled(token).is_none());
    } else {
        // `二百口①，`
        let stands_behind = |candidate: &OrdinalCandidate| {
            candidate.ordinal.kind == OrdinalKind::Circled
                && candidate.position != OrdinalPosition::LineStart
                && candidate.ordinal.next.is_none_or(ends_clause)
        };
        tokens.retain(|token| !matches!(token, OutlineToken::Candidate(candidate) if stands_behind(candidate)));
    }
}

/// Whether `c` ends a clause or closes a quotation.
fn ends_clause(c: char) -> bool {
    is_stop(c) || matches!(c, '，' | ',' | '、' | '”' | '」' | '』' | '）' | ')' | '》')
}

/// Drops the unnumbered headings inside a section: after them a count goes on that stands below another
/// one, as （二） under 一、 after a heading under （一）. What carries on the topmost count is told by the
/// decoder. Decimals tell what they stand below: `2.3.1` after a heading under `2.3`.
fn keep_open_lower_counts(tokens: &mut Vec<OutlineToken>) {
    // The counts open before the token, topmost first.
    let mut open: Vec<LineCount> = Vec::new();
    let mut dropped: Vec<usize> = Vec::new();
    for index in 0..tokens.len() {
        match LineCount::of(&tokens[index]) {
            Some(count) => {
                let at = open.iter().position(|other| other.is_like(&count)).unwrap_or(open.len());
                open.truncate(at);
                open.push(count);
            }
            None if tokens[index] == OutlineToken::Close && !open.is_empty() => {
                let after = tokens[index + 1..].iter().take(MAX_TOKENS_TO_COUNT).filter_map(LineCount::of);
                // The counts that begin anew after the heading are its own.
                let mut anew: Vec<LineCount> = Vec::new();
                let mut goes_on_below = false;
                for count in after {
                    let known = !anew.iter().any(|other| other.is_like(&count)) && open.iter().any(|other| other.is_like(&count));
                    let child = open.iter().any(|parent| count.is_first_below(parent));
                    if child || (known && count.number > 1) {
                        goes_on_below = child || open.iter().position(|other| other.is_before(&count)).is_some_and(|at| at > 0);
                        break;
                    }
                    anew.push(count);
                }
                if goes_on_below {
                    dropped.push(index);
                } else {
                    open.clear();
                }
            }
            None => {}
        }
    }
    if !dropped.is_empty() {
        let mut index = 0;
        let mut next = dropped.into_iter().peekable();
        tokens.retain(|_| {
            index += 1;
            next.next_if_eq(&(index - 1)).is_none()
        });
    }
}

/// A well-formed ordinal at the start of a line; of words only `第一、` and `其一，`.
#[derive(Debug, Clone, Copy)]
struct LineCount {
    kind: OrdinalKind,
    prefix: DecimalPrefix,
    number: u32,
}

impl LineCount {
    fn of(token: &OutlineToken) -> Option<Self> {
        let OutlineToken::Candidate(candidate) = token else { return None };
        let ordinal = &candidate.ordinal;
        (candidate.position == OrdinalPosition::LineStart
            && ordinal.well_formed
            && (!ordinal.kind.is_word() || matches!(ordinal.kind, OrdinalKind::Di | OrdinalKind::Qi)))
        .then_some(Self { kind: ordinal.kind, prefix: ordinal.prefix(), number: ordinal.number })
    }

    /// Whether both are of one kind, decimals of as many numbers.
    fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.prefix.len() == other.prefix.len()
    }

    /// Whether `next` carries it on.
    fn is_before(&self, next: &Self) -> bool {
        self.is_like(next) && self.prefix == next.prefix && self.number + 1 == next.number
    }

    /// Whether it is the first decimal below `parent`: 2.3.1 below 2.3.
    fn is_first_below(&self, parent: &Self) -> bool {
        self.kind == OrdinalKind::Decimal
            && parent.kind == OrdinalKind::Decimal
            && self.number == 1
            && parent.prefix.then(parent.number) == Some(self.prefix)
    }
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

#[cfg(test)]
mod tests {
    use crate::document::{Hints, parse};
    use crate::text::SourceText;

    #[test]
    fn inner_heading_closes_only_sequences_that_do_not_continue() {
        let paths = |body: &str| -> Vec<String> {
            let text = format!("青石县水利局工作总结\n\n{body}");
            let outline = parse(SourceText::from(text.as_str()), &Hints::default()).outline;
            outline.iter().map(|(id, _)| outline.path_text(id)).collect()
        };
        let said = "各村要把责任落到人头，把账目算清楚，把进度按月公布出来，让群众看得见。";
        let inside = format!(
            "一、概述\n\n{said}\n\n二、实施\n\n（一）启动阶段\n\n{said}\n\n主要任务\n\n1、成立小组。\n2、前期调研。\n\n（二）收尾阶段\n\n{said}\n"
        );
        assert_eq!(paths(&inside), ["一、", "二、", "二、/（一）", "二、/（一）/1、", "二、/（一）/2、", "二、/（二）"]);
        let between = format!("一、概述\n\n（一）启动\n\n{said}\n\n主要任务\n\n1、成立小组。\n2、前期调研。\n\n二、实施\n\n{said}\n");
        assert_eq!(paths(&between), ["一、", "一、/（一）", "1、", "2、", "二、"]);
    }
}
