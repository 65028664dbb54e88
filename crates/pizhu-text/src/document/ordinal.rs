//! The kinds of ordinal that open a section (`OrdinalKind`), as OUTLINE-FORMAT names them.

use serde::{Deserialize, Serialize};

/// What kind of ordinal opens a section. Half and full width, simplified and traditional forms
/// are the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrdinalKind {
    /// `一、`
    Pause,
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
    /// An unnumbered Markdown heading.
    Heading,
}

impl OrdinalKind {
    /// The kind's name in JSON output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pause => "pause",
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
