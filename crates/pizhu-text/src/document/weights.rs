//! The features by which the outline decoder weighs its actions, and their weights.
//!
//! A weight is a cost; the unit is arbitrary, only sums are compared. The table was fitted to real
//! texts by `tests/corpus/fit.py`, which begins with the number after `from`, set by hand, and rewrites
//! the one before it.

/// Declares the features, their names and their weights.
macro_rules! features {
    ($($(#[doc = $doc:literal])+ $name:ident = $weight:literal from $start:literal,)+) => {
        /// What the cost of an action depends on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Feature { $($(#[doc = $doc])+ $name,)+ }

        impl Feature {
            /// The names of the features, in order.
            pub(super) const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];
        }

        /// The weights that fitting begins with, set by hand.
        pub(super) static HAND_SET: Weights = Weights([$($start,)+]);

        /// The weights the decoder uses.
        pub(super) static WEIGHTS: Weights = Weights([$($weight,)+]);
    };
}

/// A weight for each feature.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights(pub [f32; Feature::NAMES.len()]);

impl Weights {
    /// The weight of a feature.
    pub(super) fn of(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }
}

features! {
    // An ordinal is treated as text although it …
    /// … begins a line that its format marks as a heading.
    TextHeading = 12.0 from 12.0,
    /// … fills a line with its title: `一、总体要求`.
    TextWholeLine = 7.71 from 8.0,
    /// … begins a line: `（一）要稳。要实。`
    TextLineStart = 6.0 from 6.0,
    /// … is a word that begins a line: `一是要稳。`
    TextLineWord = 3.0 from 3.0,
    /// … is `首先，` at the start of a line.
    TextLineSequence = 2.0 from 2.0,
    /// … is `首先` without a comma, or `最后`, at the start of a line.
    TextLineBareSequence = 1.0 from 1.0,
    /// … is a mere digit at the start of a line: `1 概述`.
    TextLineDigit = 1.5 from 1.5,
    /// … is a digit before what may be a damaged title.
    TextLineShifted = 2.5 from 2.5,
    /// … begins a line in an unusual form: `一，总体要求`, `第一章总则`.
    TextLineUnusual = 3.0 from 3.0,
    /// … is `第一章` with a space behind it, at the start of a line.
    TextPart = 7.0 from 7.0,
    /// … is a letter, a Roman or a decimal number at the start of a line.
    TextLatin = 5.0 from 5.0,
    /// … is `（一）` after the end of a sentence.
    TextStopParen = 4.0 from 4.0,
    /// … is `（1）` or `一是` after the end of a sentence.
    TextStopPoint = 3.0 from 3.0,
    /// … is `第一，` or `一要` after the end of a sentence.
    TextStopDi = 2.23 from 2.5,
    /// … is `1.` after the end of a sentence.
    TextStopArabic = 2.0 from 2.0,
    /// … is `首先，` after the end of a sentence.
    TextStopSequence = 1.25 from 1.5,
    /// … is `首先` without a comma after the end of a sentence.
    TextStopBareSequence = 0.6 from 0.6,
    /// … is `最后` after the end of a sentence.
    TextStopFinal = 0.7 from 0.7,
    /// … is `（一）` after a comma.
    TextCommaParen = 2.0 from 2.0,
    /// … is `一是` after a comma.
    TextCommaShi = 1.6 from 1.6,
    /// … is `一要` after a comma.
    TextCommaYao = 1.1 from 1.1,
    /// … is `1.`, `第一，` or `首先，` after a comma.
    TextCommaDi = 0.8 from 0.8,
    /// … is `（一）` inside a sentence: `任务有（一）查塘坝`.
    TextMidParen = 1.1 from 1.1,
    /// … is another ordinal inside a sentence or `首先` after a comma.
    TextMid = 0.5 from 0.5,

    // An ordinal carries on a sequence …
    /// … of similar words: `一是` … `二要`; `首先` … `第二`.
    ContinueMixed = 0.83 from 0.7,
    /// … of other words: `第一` … `二是`.
    ContinueMixedFar = 1.6 from 1.6,
    /// … of sequence words, as its last: `最后`.
    ContinueFinal = 0.3 from 0.3,
    /// … of sequence words, as its last, right after `首先` in another paragraph.
    ContinueFinalOnly = 3.0 from 3.0,
    /// … of other ordinals, as its last: `第一` … `最后`.
    ContinueFinalFar = 0.9 from 0.9,
    /// … in which `其次` came before.
    ContinueWordAgain = 0.7 from 0.7,
    /// … with a gap: `第三` … `第五`.
    ContinueGap = 1.99 from 2.0,
    /// … with a gap of so many numbers.
    ContinueGapStep = 0.49 from 0.5,
    /// … with the same number again.
    ContinueSame = 3.5 from 3.5,
    /// … with a smaller number.
    ContinueBack = 5.0 from 5.0,
    /// … of line starts, but stands in mid-paragraph.
    ContinueToRunIn = 1.2 from 1.2,
    /// … of a paragraph, but begins a line.
    ContinueToLine = 0.74 from 0.6,
    /// … but stands inside a sentence.
    ContinueMidText = 0.3 from 0.3,
    /// … of a paragraph that ended more than a paragraph ago.
    ContinueLate = 1.0 from 1.0,
    /// … of decimals with another prefix: `1.3` … `2.1`.
    ContinueDecimalTurn = 1.0 from 1.0,
    /// … of decimals with the next number, but another prefix by a slip: `3.4` … `4.5`.
    ContinueDecimalSlip = 1.0 from 1.0,

    /// … of a list of Markdown that is indented otherwise.
    ContinueIndent = 0.5 from 0.5,
    /// … of which some are marked as headings and others are not.
    ContinueLevel = 0.5 from 0.5,

    // An ordinal opens a sequence …
    /// … with the number 1.
    OpenFirst = 0.84 from 1.0,
    /// … at the top with another number, at the start of a line.
    OpenTopLater = 2.71 from 2.4,
    /// … at the top with another number, in mid-paragraph.
    OpenTopLaterRunIn = 2.8 from 2.8,
    /// … below another with a number that is not 1.
    OpenNestedLater = 4.63 from 4.5,
    /// … that carries on a count of the parts above: （六） under 二、 after （五） under 一、.
    OpenCarriesOn = 1.0 from 1.0,
    /// … of mere digits.
    OpenDigit = 2.0 from 2.0,
    /// … of an unusual form.
    OpenUnusual = 0.6 from 0.6,
    /// … after a comma or a space.
    OpenAfterComma = 0.2 from 0.2,
    /// … inside a sentence.
    OpenMidText = 0.4 from 0.4,
    /// … that resumes the one an unnumbered heading closed.
    OpenResumes = 0.12 from 0.5,
    /// … of decimals at the top.
    OpenDecimalTop = 1.0 from 1.0,
    /// … of decimals under a number that is not their prefix.
    OpenDecimalMisplaced = 4.0 from 4.0,
    /// … of decimals under one with a number less, that is not their prefix: `4.2.1` below `3.2`.
    OpenDecimalSlip = 1.0 from 1.0,
    /// … at another depth than its kind was counted at before: `a)` below `②`, then at the top.
    OpenElsewhere = 0.4 from 0.4,
    /// … and stays its only member.
    Singleton = 0.05 from 0.2,

    // The sequence opens somewhere below another …
    /// … of the same kind.
    NestSameKind = 1.5 from 1.5,
    /// … of the same kind that is no word, with another kind between them: `一、` below `第一，` below `二、`.
    NestSameKindFarther = 0.1 from 0.1,
    /// … that is a point in mid-paragraph, and begins a line.
    NestUnderRunIn = 2.5 from 2.5,
    /// … that no format marks, while this one is marked as a heading.
    NestLevelUnderPlain = 1.0 from 1.0,
    /// … that usually stands far lower: `一、` below `（1）`.
    NestTop = 2.0 from 2.0,
    /// … that usually stands lower: `（一）` below `1.`.
    NestHigher = 0.6 from 0.6,
    /// … that usually stands lower, with another between them.
    NestFarther = 1.0 from 1.0,
    /// … of words that ended with its paragraph, and begins a line with a word.
    NestWord = 1.0 from 1.0,
    /// … and is of parts, which stand below parts: `第一章` below `一、`.
    NestPart = 4.0 from 4.0,
    /// … that fills its line, and is of articles: `第一条` below `一、一般规定`.
    NestArticle = 1.0 from 1.0,
    /// … that is a sentence set as a heading.
    NestBelowSentence = 1.5 from 1.5,
    /// … that ended with its paragraph.
    NestAfterRunIn = 3.0 from 3.0,

    // An unnumbered heading …
    /// … stands below ordinals that no format marks, and closes none of them.
    HeadingBelowOrdinal = 2.0 from 2.0,

    // The sequence opens in place of another …
    /// … of the same kind at the start of lines, in mid-paragraph.
    ReplaceSameRunIn = 0.94 from 0.8,
    /// … of the same kind, whose list is indented less.
    ReplaceOuter = 1.5 from 1.5,
    /// … that usually stands lower.
    ReplaceLower = 0.4 from 0.4,
    /// … that usually stands higher.
    ReplaceOther = 1.25 from 1.5,
}
