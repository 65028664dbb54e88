//! Costs of the outline decoder's actions, by the features of a candidate and of the sequences that
//! are open. The unit is arbitrary; only sums are compared.

use super::{
    OrdinalKind,
    candidate::{FINAL_NUMBER, OrdinalCandidate, OrdinalPosition},
};

/// An open sequence of sections: ordinals that count on from each other, as 一是, 二是.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OpenSequence {
    pub kind: OrdinalKind,
    /// Number of its last member.
    pub last_number: u32,
    /// Whether its last member begins a line.
    pub at_line_start: bool,
    /// The cost of closing the sequence now: positive while it has one member, since a single
    /// ordinal makes no sequence.
    pub singleton_cost: f32,
    /// Level of the heading it consists of; 0 for none.
    pub level: u8,
}

/// A placeholder for no sequence.
pub(super) const NO_SEQUENCE: OpenSequence =
    OpenSequence { kind: OrdinalKind::Heading, last_number: 0, at_line_start: false, singleton_cost: 0.0, level: 0 };

/// Whether the candidate is a section even without a sibling.
pub(super) fn needs_no_sibling(candidate: &OrdinalCandidate) -> bool {
    use OrdinalKind::{Sequence, Shi, Yao};
    candidate.level > 0
        || (candidate.whole_line && candidate.ordinal.well_formed && !matches!(candidate.ordinal.kind, Shi | Yao | Sequence))
}

/// The cost of treating the candidate as text. `（一）` costs 6.0 or more at the start of a line, but
/// 1.1 in mid-sentence.
pub(super) fn text_cost(candidate: &OrdinalCandidate) -> f32 {
    use OrdinalKind::{Arabic, ArabicParen, Circled, Di, HanEnumComma, Heading, Paren, Sequence, Shi, Yao};
    use OrdinalPosition::{AfterComma, AfterSpace, AfterStop, LineStart, MidText};
    let ordinal = &candidate.ordinal;
    if candidate.level > 0 {
        return 12.0;
    }
    match (ordinal.kind, candidate.position) {
        (Arabic, LineStart) if !ordinal.well_formed => {
            if ordinal.maybe_shifted {
                2.5
            } else {
                1.5
            }
        }
        (HanEnumComma | Di, LineStart) if !ordinal.well_formed => 3.0,
        (Sequence, LineStart) if ordinal.well_formed && ordinal.number != FINAL_NUMBER => 2.0,
        (Sequence, LineStart) => 1.0,
        (Shi | Yao, LineStart) => 3.0,
        (_, LineStart) => {
            if candidate.whole_line {
                8.0
            } else {
                6.0
            }
        }
        (Paren, AfterStop) => 4.0,
        (ArabicParen | Circled | Shi, AfterStop) | (Circled, _) => 3.0,
        (HanEnumComma | Di | Yao, AfterStop) => 2.5,
        (Arabic, AfterStop) | (Paren | ArabicParen, AfterComma | AfterSpace) => 2.0,
        (Sequence, AfterStop) => match (ordinal.well_formed, ordinal.number) {
            (_, FINAL_NUMBER) => 0.7,
            (true, _) => 1.5,
            (false, _) => 0.6,
        },
        (Shi, AfterComma | AfterSpace) => 1.6,
        (Yao | HanEnumComma, AfterComma | AfterSpace) | (Paren, MidText) => 1.1,
        (Arabic | Di, AfterComma | AfterSpace) => 0.8,
        (Sequence, AfterComma | AfterSpace) | (_, MidText) => 0.5,
        (Heading, _) => 12.0,
    }
}

/// The depth at which a kind is usual: 一、 over （一） over 1. over （1） over ①; ordinal words can be at
/// any depth and come last.
fn usual_depth(kind: OrdinalKind) -> u8 {
    match kind {
        OrdinalKind::HanEnumComma | OrdinalKind::Heading => 0,
        OrdinalKind::Paren => 1,
        OrdinalKind::Arabic => 2,
        OrdinalKind::ArabicParen => 3,
        OrdinalKind::Circled => 4,
        OrdinalKind::Di | OrdinalKind::Shi | OrdinalKind::Yao | OrdinalKind::Sequence => 5,
    }
}

/// Penalty for mixing two numbering styles in a sequence; `None` if they cannot be mixed. 首先, 第二
/// costs 0.7.
fn mixing_cost(open: OrdinalKind, next: OrdinalKind) -> Option<f32> {
    use OrdinalKind::{Di, Sequence, Shi, Yao};
    match (open, next) {
        (a, b) if a == b => Some(0.0),
        (Shi, Yao) | (Yao, Shi) | (Sequence, Di) | (Di, Sequence) => Some(0.7),
        (Sequence | Di, Shi | Yao) | (Shi | Yao, Sequence | Di) => Some(1.6),
        _ => None,
    }
}

/// The cost of continuing `sequence` with the candidate; `None` if it cannot continue it.
pub(super) fn continuation_cost(sequence: &OpenSequence, candidate: &OrdinalCandidate) -> Option<f32> {
    let ordinal = &candidate.ordinal;
    let at_line_start = candidate.position == OrdinalPosition::LineStart;
    let mut cost = mixing_cost(sequence.kind, ordinal.kind)?;
    if sequence.last_number == FINAL_NUMBER || sequence.level != candidate.level {
        return None;
    }
    cost += match ordinal.number {
        FINAL_NUMBER if sequence.kind == OrdinalKind::Sequence => 0.3,
        FINAL_NUMBER => 0.9,
        number if number == sequence.last_number + 1 => 0.0,
        // 其次 may come twice, and 再次 after 第三.
        2 | 3 if ordinal.kind == OrdinalKind::Sequence && sequence.last_number >= ordinal.number => 0.7,
        1 => return None,
        number if number > sequence.last_number => {
            let gap = number - sequence.last_number - 1;
            if gap > if at_line_start { 10 } else { 2 } {
                return None;
            }
            2.0 + 0.5 * gap as f32
        }
        number if at_line_start => {
            if number == sequence.last_number {
                3.5
            } else {
                5.0
            }
        }
        _ => return None,
    };
    cost += match (sequence.at_line_start, at_line_start) {
        (true, false) => 1.2,
        (false, true) => 0.6,
        _ => 0.0,
    };
    cost += match candidate.position {
        OrdinalPosition::MidText => 0.3,
        _ => 0.0,
    };
    Some(cost)
}

/// The costs of opening a sequence with the candidate: at the top level, and nested. `None` if the
/// candidate cannot open one: 最后, or 其次 (only 首先 opens a sequence of sequence words).
pub(super) fn opening_cost(candidate: &OrdinalCandidate) -> Option<(f32, f32)> {
    let ordinal = &candidate.ordinal;
    if ordinal.number == FINAL_NUMBER {
        return None;
    }
    let (mut top, mut nested) = if ordinal.number == 1 {
        (1.0, 1.0)
    } else if ordinal.kind == OrdinalKind::Sequence {
        return None;
    } else {
        (if candidate.position == OrdinalPosition::LineStart { 2.0 } else { 2.4 }, 4.5)
    };
    let mut add = |cost: f32| {
        top += cost;
        nested += cost;
    };
    if !ordinal.well_formed {
        add(if ordinal.kind == OrdinalKind::Arabic && !ordinal.maybe_shifted { 2.0 } else { 0.6 });
    }
    add(match candidate.position {
        OrdinalPosition::LineStart | OrdinalPosition::AfterStop => 0.0,
        OrdinalPosition::AfterComma | OrdinalPosition::AfterSpace => 0.2,
        OrdinalPosition::MidText => 0.4,
    });
    Some((top, nested))
}

/// Additional cost of opening a sequence anywhere below `sequence`.
pub(super) fn nesting_cost(sequence: &OpenSequence, candidate: &OrdinalCandidate) -> f32 {
    let (kind, at_line_start) = (candidate.ordinal.kind, candidate.position == OrdinalPosition::LineStart);
    let depth = usual_depth(kind);
    if sequence.level > 0 {
        0.0
    } else if sequence.kind == kind {
        1.0
    } else if at_line_start && usual_depth(sequence.kind) > depth && candidate.level == 0 {
        // A heading on its own line does not nest under a point in mid-paragraph.
        if !sequence.at_line_start && depth < 5 {
            2.5
        } else if depth == 0 || (candidate.whole_line && usual_depth(sequence.kind) == 5) {
            2.0
        } else {
            0.6
        }
    } else if at_line_start && depth == 5 && !sequence.at_line_start && usual_depth(sequence.kind) == 5 {
        // Nor does a paragraph that begins with an ordinal word.
        1.0
    } else {
        0.0
    }
}

/// Additional cost of opening a sequence in place of `sequence`, which closes.
pub(super) fn replacement_cost(sequence: &OpenSequence, candidate: &OrdinalCandidate) -> f32 {
    let (kind, at_line_start) = (candidate.ordinal.kind, candidate.position == OrdinalPosition::LineStart);
    let depth = usual_depth(kind);
    // A restart at 1 belongs to the parent of the sequence it restarts.
    if sequence.kind == kind {
        if sequence.at_line_start && !at_line_start { 1.0 } else { 0.0 }
    } else if at_line_start
        && (usual_depth(sequence.kind) > depth || (depth == 5 && usual_depth(sequence.kind) == 5 && !sequence.at_line_start))
    {
        0.4
    } else {
        1.5
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::document::candidate::ordinal_at;
    use crate::text::Cursor;
    use crate::text::SourceText;
    use OrdinalKind::Di;

    /// A candidate with this text at this position.
    pub(in crate::document) fn candidate(text: &str, position: OrdinalPosition) -> OrdinalCandidate {
        let source = SourceText::from(text);
        let mut cursor = Cursor::raw(&source, source.span());
        let (_, c) = cursor.next().unwrap();
        OrdinalCandidate { ordinal: ordinal_at(c, &cursor).unwrap(), start: 0, position, whole_line: false, line: 0, level: 0 }
    }

    #[test]
    fn skip_cost_is_monotonic_in_position() {
        for text in ["一、甲", "（一）甲", "一是甲", "第一，甲", "1.甲"] {
            let cost = |position| text_cost(&candidate(text, position));
            assert!(
                cost(OrdinalPosition::LineStart) >= cost(OrdinalPosition::AfterStop)
                    && cost(OrdinalPosition::AfterStop) > cost(OrdinalPosition::AfterComma),
                "{text}"
            );
        }
    }

    #[test]
    fn continuation_cost_grows_with_the_gap() {
        let sequence = OpenSequence { kind: Di, last_number: 2, at_line_start: true, singleton_cost: 0.0, level: 0 };
        let cost = |text: &str| continuation_cost(&sequence, &candidate(text, OrdinalPosition::LineStart));
        assert_eq!(cost("第三，甲"), Some(0.0));
        assert!(cost("第五，甲").is_some_and(|cost| cost > 2.0));
        assert_eq!(cost("第一，甲"), None);
        assert_eq!(cost("三、甲"), None);
    }
}
