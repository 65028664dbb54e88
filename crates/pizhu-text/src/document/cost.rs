//! What the choices of a reading cost, by what was seen of a candidate and of the sequences that
//! are open where it stands.

use super::{
    OrdinalKind,
    candidate::{Candidate, LAST, Place},
};

/// An open sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub kind: OrdinalKind,
    /// The last member's number.
    pub number: u32,
    /// The members begin lines.
    pub line: bool,
    /// What it costs to close the sequence as it is: one member alone makes none.
    pub lone: f32,
    /// Level of the Markdown heading it is; 0 for none.
    pub level: u8,
}

/// No sequence.
pub(super) const NO_FRAME: Frame = Frame { kind: OrdinalKind::Heading, number: 0, line: false, lone: 0.0, level: 0 };

/// Whether the candidate is a section even without a sibling.
pub(super) fn stands_alone(candidate: &Candidate) -> bool {
    use OrdinalKind::{Sequence, Shi, Yao};
    candidate.level > 0 || (candidate.alone && candidate.ordinal.sound && !matches!(candidate.ordinal.kind, Shi | Yao | Sequence))
}

/// What it costs to take the candidate for text.
pub(super) fn text_cost(candidate: &Candidate) -> f32 {
    use OrdinalKind::{Arabic, ArabicParen, Circled, Di, Heading, Paren, Pause, Sequence, Shi, Yao};
    let ordinal = &candidate.ordinal;
    if candidate.level > 0 {
        return 12.0;
    }
    match (ordinal.kind, candidate.place) {
        (Arabic, Place::Line) if !ordinal.sound => {
            if ordinal.shifted {
                2.5
            } else {
                1.5
            }
        }
        (Pause | Di, Place::Line) if !ordinal.sound => 3.0,
        (Sequence, Place::Line) if ordinal.sound && ordinal.number != LAST => 2.0,
        (Sequence, Place::Line) => 1.0,
        (Shi | Yao, Place::Line) => 3.0,
        (_, Place::Line) => {
            if candidate.alone {
                8.0
            } else {
                6.0
            }
        }
        (Paren, Place::Stop) => 4.0,
        (ArabicParen | Circled | Shi, Place::Stop) | (Circled, _) => 3.0,
        (Pause | Di | Yao, Place::Stop) => 2.5,
        (Arabic, Place::Stop) | (Paren | ArabicParen, Place::Comma | Place::Space) => 2.0,
        (Sequence, Place::Stop) => match (ordinal.sound, ordinal.number) {
            (_, LAST) => 0.7,
            (true, _) => 1.5,
            (false, _) => 0.6,
        },
        (Shi, Place::Comma | Place::Space) => 1.6,
        (Yao | Pause, Place::Comma | Place::Space) | (Paren, Place::Mid) => 1.1,
        (Arabic | Di, Place::Comma | Place::Space) => 0.8,
        (Sequence, Place::Comma | Place::Space) | (_, Place::Mid) => 0.5,
        (Heading, _) => 12.0,
    }
}

/// How far down in a document a kind usually stands; words may stand anywhere.
fn rank(kind: OrdinalKind) -> u8 {
    match kind {
        OrdinalKind::Pause | OrdinalKind::Heading => 0,
        OrdinalKind::Paren => 1,
        OrdinalKind::Arabic => 2,
        OrdinalKind::ArabicParen => 3,
        OrdinalKind::Circled => 4,
        OrdinalKind::Di | OrdinalKind::Shi | OrdinalKind::Yao | OrdinalKind::Sequence => 5,
    }
}

/// What it costs that one count is told in these two kinds of word; `None` where it cannot be.
fn mixture(open: OrdinalKind, next: OrdinalKind) -> Option<f32> {
    use OrdinalKind::{Di, Sequence, Shi, Yao};
    match (open, next) {
        (a, b) if a == b => Some(0.0),
        (Shi, Yao) | (Yao, Shi) | (Sequence, Di) | (Di, Sequence) => Some(0.7),
        (Sequence | Di, Shi | Yao) | (Shi | Yao, Sequence | Di) => Some(1.6),
        _ => None,
    }
}

/// What it costs to carry on `frame` with the candidate; `None` where it does not.
pub(super) fn next_cost(frame: &Frame, candidate: &Candidate) -> Option<f32> {
    let ordinal = &candidate.ordinal;
    let line = candidate.place == Place::Line;
    let mut cost = mixture(frame.kind, ordinal.kind)?;
    if frame.number == LAST || frame.level != candidate.level {
        return None;
    }
    cost += match ordinal.number {
        LAST if frame.kind == OrdinalKind::Sequence => 0.3,
        LAST => 0.9,
        number if number == frame.number + 1 => 0.0,
        // 其次 may come twice, 再次 behind 第三.
        2 | 3 if ordinal.kind == OrdinalKind::Sequence && frame.number >= ordinal.number => 0.7,
        1 => return None,
        number if number > frame.number => {
            let gap = number - frame.number - 1;
            if gap > if line { 10 } else { 2 } {
                return None;
            }
            2.0 + 0.5 * gap as f32
        }
        number if line => {
            if number == frame.number {
                3.5
            } else {
                5.0
            }
        }
        _ => return None,
    };
    cost += match (frame.line, line) {
        (true, false) => 1.2,
        (false, true) => 0.6,
        _ => 0.0,
    };
    cost += match candidate.place {
        Place::Mid => 0.3,
        _ => 0.0,
    };
    Some(cost)
}

/// What it costs to open a sequence with the candidate wherever it is: at the top, and deeper.
/// `None` where it opens none.
pub(super) fn opening_cost(candidate: &Candidate) -> Option<(f32, f32)> {
    let ordinal = &candidate.ordinal;
    if ordinal.number == LAST {
        return None;
    }
    let (mut top, mut deeper) = if ordinal.number == 1 {
        (1.0, 1.0)
    } else if ordinal.kind == OrdinalKind::Sequence {
        return None;
    } else {
        (if candidate.place == Place::Line { 2.0 } else { 2.4 }, 4.5)
    };
    let mut add = |cost: f32| {
        top += cost;
        deeper += cost;
    };
    if !ordinal.sound {
        add(if ordinal.kind == OrdinalKind::Arabic && !ordinal.shifted { 2.0 } else { 0.6 });
    }
    add(match candidate.place {
        Place::Line | Place::Stop => 0.0,
        Place::Comma | Place::Space => 0.2,
        Place::Mid => 0.4,
    });
    Some((top, deeper))
}

/// What it costs more to open a sequence somewhere under `frame`.
pub(super) fn under_cost(frame: &Frame, candidate: &Candidate) -> f32 {
    let (kind, line) = (candidate.ordinal.kind, candidate.place == Place::Line);
    let own = rank(kind);
    if frame.level > 0 {
        0.0
    } else if frame.kind == kind {
        1.0
    } else if line && rank(frame.kind) > own && candidate.level == 0 {
        // A heading of its own does not stand under a point in mid-paragraph.
        if !frame.line && own < 5 {
            2.5
        } else if own == 0 || (candidate.alone && rank(frame.kind) == 5) {
            2.0
        } else {
            0.6
        }
    } else if line && own == 5 && !frame.line && rank(frame.kind) == 5 {
        // Nor does a paragraph that a word opens.
        1.0
    } else {
        0.0
    }
}

/// What it costs more to open a sequence in place of the one of which `frame` is.
pub(super) fn instead_cost(frame: &Frame, candidate: &Candidate) -> f32 {
    let (kind, line) = (candidate.ordinal.kind, candidate.place == Place::Line);
    let own = rank(kind);
    // A restart belongs to what is around the sequence it restarts.
    if frame.kind == kind {
        if frame.line && !line { 1.0 } else { 0.0 }
    } else if line && (rank(frame.kind) > own || (own == 5 && rank(frame.kind) == 5 && !frame.line)) {
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

    /// A candidate that is written so, at a place.
    pub(in crate::document) fn candidate(text: &str, place: Place) -> Candidate {
        let source = SourceText::from(text);
        let mut cursor = Cursor::raw(&source, source.span());
        let (_, c) = cursor.next().unwrap();
        Candidate { ordinal: ordinal_at(c, &cursor).unwrap(), start: 0, place, alone: false, line: 0, level: 0 }
    }

    #[test]
    fn it_costs_no_less_to_pass_over_what_stands_at_a_line_and_least_in_mid_sentence() {
        for text in ["一、甲", "（一）甲", "一是甲", "第一，甲", "1.甲"] {
            let cost = |place| text_cost(&candidate(text, place));
            assert!(cost(Place::Line) >= cost(Place::Stop) && cost(Place::Stop) > cost(Place::Comma), "{text}");
        }
    }

    #[test]
    fn a_count_is_carried_on_by_the_next_number_and_dearer_over_a_gap() {
        let frame = Frame { kind: Di, number: 2, line: true, lone: 0.0, level: 0 };
        let cost = |text: &str| next_cost(&frame, &candidate(text, Place::Line));
        assert_eq!(cost("第三，甲"), Some(0.0));
        assert!(cost("第五，甲").is_some_and(|cost| cost > 2.0));
        assert_eq!(cost("第一，甲"), None);
        assert_eq!(cost("三、甲"), None);
    }
}
