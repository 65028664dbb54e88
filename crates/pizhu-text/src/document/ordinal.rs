//! Kinds of section ordinals, named as in the JSON outline format.

/// The kind of ordinal that opens a section. Half-width and full-width, simplified and traditional
/// forms are one kind: `1.` and `１．` are both [`Arabic`](Self::Arabic).
///
/// ```
/// use pizhu_text::document::{Hints, OrdinalKind, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n\n一、总体要求\n\n（一）把方向\n\n要稳。\n\n（二）抓落实\n\n要实。\n\n二、保障措施\n\n要严。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let kinds: Vec<&str> = document.outline.sections().iter().map(|section| section.kind.name()).collect();
/// assert_eq!(kinds, ["pause", "paren", "paren", "pause"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrdinalKind {
    /// `一、` (U+3001, the enumeration comma)
    HanEnumComma,
    /// `壹、`, which stands over `一、`
    Accounting,
    /// `（一）` `㈠` `一）`
    Paren,
    /// `【一】` `[一]` `〔一〕`
    SquareParen,
    /// `1.` `1、` `1．` `⒈`
    Arabic,
    /// `（1）` `1)` `⑴`
    ArabicParen,
    /// `①` `❶`
    Circled,
    /// `第一，` `第一是` `第一点`
    Di,
    /// `一是`
    Shi,
    /// `一要`
    Yao,
    /// `首先` `其次` `再次` `最后`
    Sequence,
    /// `其一，`
    Qi,
    /// `一来`
    Lai,
    /// One verb told through: `一靠` `二靠` `三靠`
    Verb,
    /// `第一章`, each word a kind of its own
    Part(PartWord),
    /// `甲、`
    Stem,
    /// `（甲）`
    StemParen,
    /// `A.` `A、` `A)`
    Letter,
    /// `(A)`
    LetterParen,
    /// `a.` `a)`
    SmallLetter,
    /// `(a)`
    SmallLetterParen,
    /// `I.` `Ⅰ、`
    Roman,
    /// `i.` `i)` `(i)` `ⅰ`
    SmallRoman,
    /// `1.1` `1.1.1`
    Decimal,
    /// An unnumbered heading of Markdown or of a rich format.
    Heading,
}

/// The word of a part: what `第一` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartWord {
    /// 编
    Book,
    /// 篇
    Volume,
    /// 部分
    Portion,
    /// 章
    Chapter,
    /// 节
    Division,
    /// 条
    Article,
}

impl PartWord {
    /// Number of words.
    pub(super) const COUNT: usize = 6;
}

impl OrdinalKind {
    /// The name of the kind in JSON output.
    ///
    /// ```
    /// use pizhu_text::document::OrdinalKind;
    ///
    /// assert_eq!(OrdinalKind::ArabicParen.name(), "arabic_paren");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HanEnumComma | Self::Accounting => "pause",
            Self::Paren | Self::SquareParen => "paren",
            Self::Arabic => "arabic",
            Self::ArabicParen => "arabic_paren",
            Self::Circled => "circled",
            Self::Di => "di",
            Self::Shi => "shi",
            Self::Yao => "yao",
            Self::Sequence => "sequence",
            Self::Qi => "qi",
            Self::Lai => "lai",
            Self::Verb => "verb",
            Self::Part(_) => "part",
            Self::Stem | Self::StemParen => "stem",
            Self::Letter | Self::LetterParen | Self::SmallLetter | Self::SmallLetterParen => "letter",
            Self::Roman | Self::SmallRoman => "roman",
            Self::Decimal => "decimal",
            Self::Heading => "heading",
        }
    }

    /// Whether the ordinal is a word of the running text, which mostly opens a point inside a
    /// paragraph: 一是, 首先, 其一.
    #[must_use]
    pub fn is_word(self) -> bool {
        matches!(self, Self::Di | Self::Shi | Self::Yao | Self::Sequence | Self::Qi | Self::Lai | Self::Verb)
    }

    /// The rank of a kind: the lower, the further up it usually stands. 第一章 over 一、 over （一）
    /// over 1. over （1） over ①; words can be at any depth and come last.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Part(PartWord::Book) => 0,
            Self::Part(PartWord::Volume) => 1,
            Self::Part(PartWord::Portion) => 2,
            Self::Part(PartWord::Chapter) => 3,
            Self::Part(PartWord::Division) => 4,
            Self::Part(PartWord::Article) => 5,
            Self::Heading | Self::HanEnumComma | Self::Accounting | Self::Roman | Self::Stem => TOP_RANK,
            Self::Letter => 12,
            Self::Paren | Self::SquareParen => 20,
            Self::StemParen | Self::LetterParen => 25,
            Self::Arabic | Self::Decimal => 30,
            Self::ArabicParen => 40,
            Self::SmallLetter | Self::SmallLetterParen | Self::SmallRoman => 45,
            Self::Circled => 50,
            Self::Di | Self::Shi | Self::Yao | Self::Sequence | Self::Qi | Self::Lai | Self::Verb => WORD_RANK,
        }
    }

    /// A small number for each kind, under [`Self::COUNT`].
    pub(super) fn index(self) -> usize {
        match self {
            Self::Part(word) => word as usize,
            Self::HanEnumComma => 6,
            Self::Paren => 7,
            Self::Arabic => 8,
            Self::ArabicParen => 9,
            Self::Circled => 10,
            Self::Di | Self::Shi | Self::Yao | Self::Sequence | Self::Qi | Self::Lai | Self::Verb => 11,
            Self::Stem => 12,
            Self::StemParen => 13,
            Self::Letter => 14,
            Self::LetterParen => 15,
            Self::SmallLetter => 16,
            Self::SmallLetterParen => 17,
            Self::Roman => 18,
            Self::SmallRoman => 19,
            Self::Decimal => 20,
            Self::Heading => 21,
            Self::Accounting => 22,
            Self::SquareParen => 23,
        }
    }

    /// Number of values of [`Self::index`].
    pub(super) const COUNT: usize = 24;
}

/// Rank of the kinds that usually stand at the top of a speech.
pub(super) const TOP_RANK: u8 = 10;
/// Rank of words, which come last.
pub(super) const WORD_RANK: u8 = 60;
