//! The features of the outline decoder's actions. Each function names the features of one action to
//! `add`, with how often they hold; [`super::weights`] tells what they cost.

use super::{
    OrdinalKind, PartWord,
    candidate::{DecimalPrefix, FINAL_NUMBER, FormDetail, Ordinal, OrdinalCandidate, OrdinalPosition},
    ordinal::{TOP_RANK, WORD_RANK},
    weights::Feature,
};

/// An open sequence of sections: ordinals that count on from each other, as 一是, 二是.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OpenSequence {
    pub kind: OrdinalKind,
    /// The other kind that its count has gone over to: 第二 after 首先.
    pub mixed: Option<OrdinalKind>,
    /// Number of its last member.
    pub last_number: u32,
    /// The numbers before the last, of decimals.
    pub prefix: DecimalPrefix,
    /// Logical line of its last member.
    pub line: u32,
    /// Start of the paragraph of its last member.
    pub paragraph: u32,
    /// Whether its last member begins a line.
    pub at_line_start: bool,
    /// The cost of closing the sequence now: positive while it has one member, since a single
    /// ordinal makes no sequence.
    pub singleton_cost: f32,
    /// Level of the heading it consists of; 0 for none.
    pub level: u8,
    /// The indent of its last member, in a list of Markdown.
    pub indent: u8,
    /// Tells it from other sequences: the last bits of its start.
    pub opened: u16,
    /// Whether its last member fills its line.
    pub whole_line: bool,
    /// Whether text or other sections stand between its last two members.
    pub heads_text: bool,
    /// Whether it is a sentence set as a heading, such as a pull quote: it heads nothing.
    pub heads_nothing: bool,
}

/// A placeholder for no sequence.
pub(super) const NO_SEQUENCE: OpenSequence = OpenSequence {
    kind: OrdinalKind::Heading,
    mixed: None,
    last_number: 0,
    prefix: DecimalPrefix(0),
    line: 0,
    paragraph: 0,
    at_line_start: false,
    singleton_cost: 0.0,
    level: 0,
    indent: 0,
    opened: 0,
    whole_line: false,
    heads_text: false,
    heads_nothing: false,
};

impl OpenSequence {
    /// Whether decimals with this prefix belong below its last member: `1.1` below `一、`, `1.1.1`
    /// below `1.1`.
    pub(super) fn is_prefix(&self, prefix: DecimalPrefix) -> bool {
        if self.kind == OrdinalKind::Decimal {
            self.prefix.then(self.last_number) == Some(prefix)
        } else {
            prefix.len() == 1 && prefix.last() == self.last_number
        }
    }

    /// Whether decimals with a prefix of this length may belong below its last member, whose numbers are others by
    /// a slip: `4.2.1` below `3.2`, `5.1` below `4.`.
    fn has_one_number_less(&self, prefix: DecimalPrefix) -> bool {
        if self.kind == OrdinalKind::Decimal {
            self.prefix.len() + 1 == prefix.len()
        } else {
            prefix.len() == 1 && self.whole_line && self.kind.rank() <= OrdinalKind::Arabic.rank()
        }
    }

    /// Whether a first decimal with this prefix must stand below its last member.
    pub(super) fn holds_decimals(&self, prefix: DecimalPrefix) -> bool {
        self.is_prefix(prefix) && self.kind.rank() <= OrdinalKind::Arabic.rank()
    }
}

/// Whether the candidate is a section even without a sibling.
pub(super) fn needs_no_sibling(candidate: &OrdinalCandidate) -> bool {
    let ordinal = &candidate.ordinal;
    candidate.level > 0
        || candidate.goes_on
        || (candidate.whole_line && ordinal.well_formed && heads_line_alone(ordinal))
        || (matches!(ordinal.kind, OrdinalKind::Part(_)) && (ordinal.well_formed || candidate.whole_line))
}

/// Whether the ordinal may head a line although nothing is counted with it: not `一是`, and a letter only if it is
/// the first, since `(P)` is a name.
fn heads_line_alone(ordinal: &Ordinal) -> bool {
    use OrdinalKind::{Di, Letter, LetterParen, SmallLetter, SmallLetterParen};
    match ordinal.kind {
        Letter | LetterParen | SmallLetter | SmallLetterParen => ordinal.number == 1,
        kind => !kind.is_word() || kind == Di,
    }
}

/// Treats the candidate as text.
pub(super) fn text(candidate: &OrdinalCandidate, add: &mut impl FnMut(Feature, f32)) {
    add(text_feature(candidate), 1.0);
}

fn text_feature(candidate: &OrdinalCandidate) -> Feature {
    use OrdinalKind::{
        Accounting, Arabic, ArabicParen, Circled, Decimal, Di, HanEnumComma, Heading, Lai, Letter, LetterParen, Paren, Part, Qi, Roman,
        Sequence, Shi, SmallLetter, SmallLetterParen, SmallRoman, SquareParen, Stem, StemParen, Verb, Yao,
    };
    use OrdinalPosition::{AfterComma, AfterSpace, AfterStop, LineStart, MidText};
    let ordinal = &candidate.ordinal;
    if candidate.level > 0 {
        return Feature::TextHeading;
    }
    match (ordinal.kind, candidate.position) {
        (Arabic, LineStart) if !ordinal.well_formed => {
            if ordinal.maybe_shifted {
                Feature::TextLineShifted
            } else {
                Feature::TextLineDigit
            }
        }
        (Sequence, LineStart) if ordinal.well_formed && ordinal.number != FINAL_NUMBER => Feature::TextLineSequence,
        (Sequence, LineStart) => Feature::TextLineBareSequence,
        (Lai, LineStart) if !ordinal.well_formed => Feature::TextLineBareSequence,
        (Shi | Yao | Verb | Lai, LineStart) => Feature::TextLineWord,
        (_, LineStart) if !ordinal.well_formed => Feature::TextLineUnusual,
        (Part(_), _) => Feature::TextPart,
        (Letter | LetterParen | SmallLetter | SmallLetterParen | Roman | SmallRoman | Decimal, _) => Feature::TextLatin,
        (_, LineStart) if candidate.whole_line => Feature::TextWholeLine,
        (_, LineStart) => Feature::TextLineStart,
        (Paren | SquareParen | StemParen, AfterStop) => Feature::TextStopParen,
        (Di, AfterStop | AfterComma | AfterSpace) if !ordinal.well_formed => Feature::TextMid,
        (Lai, AfterStop | AfterComma) if ordinal.well_formed => Feature::TextCommaShi,
        (ArabicParen | Shi | Verb | Qi, AfterStop) | (Circled, _) => Feature::TextStopPoint,
        (HanEnumComma | Accounting | Di | Yao | Stem, AfterStop) => Feature::TextStopDi,
        (Arabic, AfterStop) => Feature::TextStopArabic,
        (Sequence, AfterStop) if ordinal.number == FINAL_NUMBER => Feature::TextStopFinal,
        (Sequence, AfterStop) if ordinal.well_formed => Feature::TextStopSequence,
        (Sequence | Lai, AfterStop) => Feature::TextStopBareSequence,
        (Paren | SquareParen | StemParen | ArabicParen, AfterComma | AfterSpace) => Feature::TextCommaParen,
        (Shi | Qi | Verb, AfterComma | AfterSpace) => Feature::TextCommaShi,
        (Yao | HanEnumComma | Accounting, AfterComma | AfterSpace) => Feature::TextCommaYao,
        (Arabic | Di, AfterComma | AfterSpace) => Feature::TextCommaDi,
        // `至于水管，首先，…`
        (Sequence, AfterComma | AfterSpace) if ordinal.well_formed && ordinal.number == 1 => Feature::TextCommaDi,
        (Paren | SquareParen | StemParen, MidText) => Feature::TextMidParen,
        (Sequence | Lai | Stem, AfterComma | AfterSpace) | (_, MidText) => Feature::TextMid,
        (Heading, _) => Feature::TextHeading,
    }
}

/// The feature of mixing two different numbering styles in a sequence; `None` if they cannot be mixed.
fn mixing(open: OrdinalKind, next: OrdinalKind) -> Option<Feature> {
    use OrdinalKind::{Accounting, Di, HanEnumComma, Lai, Qi, Sequence, Shi, Yao};
    match (open, next) {
        (Shi, Yao) | (Yao, Shi) | (Sequence, Di | Qi) | (Di | Qi, Sequence) => Some(Feature::ContinueMixed),
        // 二、 參、: the simplified 三 converted char by char.
        (HanEnumComma, Accounting)
        | (Accounting, HanEnumComma)
        | (Sequence | Di | Shi | Yao | Qi | Lai, Sequence | Di | Shi | Yao | Qi | Lai) => Some(Feature::ContinueMixedFar),
        _ => None,
    }
}

/// Carries on `sequence` with the candidate; `None` if it cannot.
pub(super) fn continuation(sequence: &OpenSequence, candidate: &OrdinalCandidate, add: &mut impl FnMut(Feature, f32)) -> Option<()> {
    let ordinal = &candidate.ordinal;
    let at_line_start = candidate.position == OrdinalPosition::LineStart;
    let mixed = if sequence.kind == ordinal.kind { None } else { Some(mixing(sequence.kind, ordinal.kind)?) };
    if sequence.last_number == FINAL_NUMBER {
        return None;
    }
    if sequence.level != candidate.level {
        // Some headings of a count are marked as such, others are not.
        let part = matches!(ordinal.kind, OrdinalKind::Part(_) | OrdinalKind::Decimal);
        if ordinal.number != sequence.last_number + 1 || (sequence.level > 0 && candidate.level > 0 && !part) || !at_line_start {
            return None;
        }
        add(Feature::ContinueLevel, 1.0);
    }
    // Going over to another word is told once.
    if let Some(feature) = mixed.filter(|_| sequence.mixed != Some(ordinal.kind)) {
        add(feature, 1.0);
    }
    let prefix = ordinal.prefix();
    match ordinal.number {
        1 if prefix != sequence.prefix => {
            let turns = prefix.parent() == sequence.prefix.parent() && prefix.last() == sequence.prefix.last() + 1;
            if prefix.len() != sequence.prefix.len() || !turns {
                return None;
            }
            add(Feature::ContinueDecimalTurn, 1.0);
        }
        // 3.4, 4.5: the numbers before the last are a slip.
        number if prefix != sequence.prefix && prefix.len() == sequence.prefix.len() && number == sequence.last_number + 1 => {
            add(Feature::ContinueDecimalSlip, 1.0);
        }
        _ if prefix != sequence.prefix => return None,
        // `首先，…` in the first paragraph and `最后，…` in the last tell no points.
        FINAL_NUMBER
            if sequence.kind == OrdinalKind::Sequence && sequence.last_number == 1 && sequence.paragraph != candidate.paragraph =>
        {
            add(Feature::ContinueFinalOnly, 1.0);
        }
        FINAL_NUMBER if sequence.kind == OrdinalKind::Sequence => add(Feature::ContinueFinal, 1.0),
        FINAL_NUMBER => add(Feature::ContinueFinalFar, 1.0),
        number if number == sequence.last_number + 1 => {}
        number if number == sequence.last_number && ordinal.detail == FormDetail::Inserted => {}
        // 其次 may come twice, and 再次 after 第三.
        2 | 3 if ordinal.kind == OrdinalKind::Sequence && sequence.last_number >= ordinal.number => add(Feature::ContinueWordAgain, 1.0),
        1 => return None,
        number if number > sequence.last_number => {
            let gap = number - sequence.last_number - 1;
            if gap > if at_line_start { 10 } else { 2 } {
                return None;
            }
            add(Feature::ContinueGap, 1.0);
            add(Feature::ContinueGapStep, gap as f32);
        }
        number if at_line_start => add(if number == sequence.last_number { Feature::ContinueSame } else { Feature::ContinueBack }, 1.0),
        _ => return None,
    }
    if at_line_start && candidate.indent != sequence.indent {
        add(Feature::ContinueIndent, 1.0);
    }
    match (sequence.at_line_start, at_line_start) {
        (true, false) => add(Feature::ContinueToRunIn, 1.0),
        // The last point may begin the next paragraph: `再次，…` / `最后，…`.
        (false, true) if ordinal.number == FINAL_NUMBER && ordinal.well_formed && sequence.kind == ordinal.kind => {}
        (false, true) => add(Feature::ContinueToLine, 1.0),
        _ => {}
    }
    if candidate.position == OrdinalPosition::MidText {
        add(Feature::ContinueMidText, 1.0);
    }
    if !sequence.at_line_start && candidate.line > sequence.line + 1 {
        add(Feature::ContinueLate, 1.0);
    }
    Some(())
}

/// How a count stands to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountState {
    /// It begins anew.
    New,
    /// It resumes the sequence that an unnumbered heading closed.
    Resumes,
    /// It carries on the count of the parts above.
    CarriesOn,
}

/// Opens a sequence with the candidate below `parent`; `None` if it cannot open one: 最后, or 其次
/// (only 首先 opens a sequence of sequence words).
pub(super) fn opening(
    candidate: &OrdinalCandidate,
    parent: Option<&OpenSequence>,
    count: CountState,
    add: &mut impl FnMut(Feature, f32),
) -> Option<()> {
    let ordinal = &candidate.ordinal;
    let only_carries_on = ordinal.kind == OrdinalKind::Sequence || ordinal.detail == FormDetail::BarePoint;
    if ordinal.number == FINAL_NUMBER || (ordinal.number > 1 && only_carries_on) {
        return None;
    }
    if count == CountState::Resumes {
        add(Feature::OpenResumes, 1.0);
        return Some(());
    }
    add(
        match (ordinal.number, parent) {
            (1, _) => Feature::OpenFirst,
            _ if count == CountState::CarriesOn => Feature::OpenCarriesOn,
            (_, None) if candidate.position == OrdinalPosition::LineStart => Feature::OpenTopLater,
            (_, None) => Feature::OpenTopLaterRunIn,
            (_, Some(_)) => Feature::OpenNestedLater,
        },
        1.0,
    );
    if ordinal.kind == OrdinalKind::Decimal {
        match parent {
            None => add(Feature::OpenDecimalTop, 1.0),
            Some(parent) if parent.is_prefix(ordinal.prefix()) => {}
            Some(parent) if parent.has_one_number_less(ordinal.prefix()) => add(Feature::OpenDecimalSlip, 1.0),
            Some(_) => add(Feature::OpenDecimalMisplaced, 1.0),
        }
    }
    if !ordinal.well_formed {
        let digit = ordinal.kind == OrdinalKind::Arabic && !ordinal.maybe_shifted;
        add(if digit { Feature::OpenDigit } else { Feature::OpenUnusual }, 1.0);
    }
    match candidate.position {
        OrdinalPosition::LineStart | OrdinalPosition::AfterStop => {}
        OrdinalPosition::AfterComma | OrdinalPosition::AfterSpace => add(Feature::OpenAfterComma, 1.0),
        OrdinalPosition::MidText => add(Feature::OpenMidText, 1.0),
    }
    Some(())
}

/// How far above a new sequence another stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Distance {
    /// It is the parent.
    Parent,
    /// It stands above the parent.
    Farther,
}

/// Opens a sequence below `sequence`.
pub(super) fn nesting(sequence: &OpenSequence, candidate: &OrdinalCandidate, distance: Distance, add: &mut impl FnMut(Feature, f32)) {
    let (kind, at_line_start) = (candidate.ordinal.kind, candidate.position == OrdinalPosition::LineStart);
    let (rank, above) = (kind.rank(), sequence.kind.rank());
    if rank < TOP_RANK && above > rank {
        // Articles are counted through headings of other kinds, too: `第四条` below `二、合同的订立`, below `2. 会员`.
        let article = kind == OrdinalKind::Part(PartWord::Article)
            && (sequence.level > 0 || (sequence.whole_line && (sequence.kind == OrdinalKind::Arabic || above == TOP_RANK)));
        add(if article { Feature::NestArticle } else { Feature::NestPart }, 1.0);
        return;
    }
    if sequence.heads_nothing {
        add(Feature::NestBelowSentence, 1.0);
    }
    // 1.1 tells that it stands below 1.
    if kind == OrdinalKind::Decimal && distance == Distance::Parent && sequence.is_prefix(candidate.ordinal.prefix()) {
        return;
    }
    if sequence.level > 0 {
        return;
    }
    if candidate.level > 0 && rank >= TOP_RANK && above >= TOP_RANK {
        add(Feature::NestLevelUnderPlain, 1.0);
    }
    if !sequence.at_line_start && candidate.paragraph > sequence.paragraph {
        add(Feature::NestAfterRunIn, 1.0);
    }
    if sequence.kind == kind {
        if kind != OrdinalKind::Decimal && candidate.indent <= sequence.indent {
            // A count that begins anew stands below one of another kind; words seldom count inside words.
            let farther = distance == Distance::Farther && rank != WORD_RANK;
            add(if farther { Feature::NestSameKindFarther } else { Feature::NestSameKind }, 1.0);
        }
    } else if distance == Distance::Farther {
        if at_line_start && outranks(candidate, sequence) && candidate.level == 0 {
            add(Feature::NestFarther, 1.0);
        }
    } else if at_line_start && outranks(candidate, sequence) && candidate.level == 0 {
        // A heading on its own line does not nest under a point in mid-paragraph.
        add(
            if !sequence.at_line_start && rank < WORD_RANK {
                Feature::NestUnderRunIn
            } else if rank == TOP_RANK || (candidate.whole_line && above == WORD_RANK) {
                Feature::NestTop
            } else {
                Feature::NestHigher
            },
            1.0,
        );
    } else if at_line_start && rank == WORD_RANK && !sequence.at_line_start && above == WORD_RANK {
        // Nor does a paragraph that begins with an ordinal word.
        add(Feature::NestWord, 1.0);
    }
}

/// Whether the candidate usually stands above the members of `sequence`: `一、` above `1.` Letters, Roman numbers, stems
/// and `【一】` have no place of their own; of them headings stand above paragraphs.
fn outranks(candidate: &OrdinalCandidate, sequence: &OpenSequence) -> bool {
    use OrdinalKind::{Letter, Roman, SquareParen, Stem};
    let placed = |kind: OrdinalKind| !matches!(kind, Letter | Roman | SquareParen | Stem);
    let kind = candidate.ordinal.kind;
    let below_heading = sequence.whole_line && sequence.heads_text && !candidate.whole_line;
    kind.rank() < sequence.kind.rank()
        && ((placed(kind) && placed(sequence.kind) && !below_heading) || (candidate.whole_line && !sequence.whole_line))
}

/// Opens a sequence in place of `sequence`, which closes.
pub(super) fn replacement(sequence: &OpenSequence, candidate: &OrdinalCandidate, add: &mut impl FnMut(Feature, f32)) {
    let (kind, at_line_start) = (candidate.ordinal.kind, candidate.position == OrdinalPosition::LineStart);
    let (rank, replaced) = (kind.rank(), sequence.kind.rank());
    if sequence.heads_nothing {
        return;
    }
    // A restart at 1 belongs to the parent of the sequence it restarts.
    if sequence.kind == kind {
        if sequence.at_line_start && !at_line_start {
            add(Feature::ReplaceSameRunIn, 1.0);
        } else if candidate.indent > sequence.indent {
            add(Feature::ReplaceOuter, 1.0);
        }
    } else if at_line_start && (outranks(candidate, sequence) || (rank == WORD_RANK && replaced == WORD_RANK && !sequence.at_line_start)) {
        add(Feature::ReplaceLower, 1.0);
    } else {
        add(Feature::ReplaceOther, 1.0);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::document::{ordinal_forms::ordinal_at, weights::WEIGHTS};
    use crate::text::Cursor;
    use crate::text::SourceText;
    use OrdinalKind::Di;

    /// A candidate with this text at this position.
    pub(in crate::document) fn candidate(text: &str, position: OrdinalPosition) -> OrdinalCandidate {
        let source = SourceText::from(text);
        let mut cursor = Cursor::raw(&source, source.span());
        let (_, c) = cursor.next().unwrap();
        OrdinalCandidate {
            ordinal: ordinal_at(c, &cursor).unwrap(),
            start: 0,
            position,
            whole_line: false,
            line: 0,
            paragraph: 0,
            level: 0,
            indent: 0,
            goes_on: false,
            interleaved: crate::document::candidate::Interleaved::No,
        }
    }

    #[test]
    fn skip_cost_is_monotonic_in_position() {
        for text in ["一、甲", "（一）甲", "一是甲", "第一，甲", "1.甲"] {
            let cost = |position| WEIGHTS.of(text_feature(&candidate(text, position)));
            assert!(
                cost(OrdinalPosition::LineStart) >= cost(OrdinalPosition::AfterStop)
                    && cost(OrdinalPosition::AfterStop) > cost(OrdinalPosition::AfterComma),
                "{text}"
            );
        }
    }

    #[test]
    fn continuation_cost_grows_with_the_gap() {
        let sequence = OpenSequence { kind: Di, last_number: 2, at_line_start: true, ..NO_SEQUENCE };
        let cost = |text: &str| {
            let mut sum = 0.0;
            continuation(&sequence, &candidate(text, OrdinalPosition::LineStart), &mut |feature, value| sum += WEIGHTS.of(feature) * value)
                .map(|()| sum)
        };
        assert_eq!(cost("第三，甲"), Some(0.0));
        assert!(cost("第五，甲").is_some_and(|cost| cost > 2.0));
        assert_eq!(cost("第一，甲"), None);
        assert_eq!(cost("三、甲"), None);
    }
}
