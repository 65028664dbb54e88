//! Kinds of section ordinals, named as in the JSON outline format.

use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrdinalKind {
    /// `一、` (U+3001, the enumeration comma)
    #[serde(rename = "pause")]
    HanEnumComma,
    /// `（一）`
    Paren,
    /// `1.` `1、` `1．`
    Arabic,
    /// `（1）` `1)`
    ArabicParen,
    /// `①`
    Circled,
    /// `第一，`
    Di,
    /// `一是`
    Shi,
    /// `一要`
    Yao,
    /// `首先` `其次` `再次` `最后`
    Sequence,
    /// An unnumbered heading of Markdown or of a rich format.
    Heading,
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
            Self::HanEnumComma => "pause",
            Self::Paren => "paren",
            Self::Arabic => "arabic",
            Self::ArabicParen => "arabic_paren",
            Self::Circled => "circled",
            Self::Di => "di",
            Self::Shi => "shi",
            Self::Yao => "yao",
            Self::Sequence => "sequence",
            Self::Heading => "heading",
        }
    }
}
