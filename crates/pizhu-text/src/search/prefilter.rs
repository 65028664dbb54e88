//! Prefilter: rejects texts that cannot have a hit, without cleaning them.
//!
//! A search over many speeches would spend its time on cleaning and parsing those without a hit.
//! The prefilter reads the uncleaned text of the file. Removed ranges consist of few kinds of chars
//! ([`REMOVABLE_CHARS`]), so a pattern that allows these between the chars of the query matches
//! every text whose cleaned form has a hit, and few others.

use super::{MatchMode, pinyin::PinyinQuery};
use crate::text::fold;
use regex::Regex;
use std::fmt::Write as _;

/// Ranges of the chars in removed ranges, except white space: invisible chars; digits and letters
/// of both widths, letters with tone marks, bopomofo and brackets, of glosses and page marks; the
/// punctuation of page numbers and of Markdown.
const REMOVABLE_CHARS: &[(char, char)] = &[
    ('\u{AD}', '\u{AD}'),
    ('\u{200B}', '\u{200D}'),
    ('\u{2060}', '\u{2060}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('0', '9'),
    ('A', 'Z'),
    ('a', 'z'),
    ('０', '９'),
    ('Ａ', 'Ｚ'),
    ('ａ', 'ｚ'),
    ('\u{C0}', '\u{36F}'),
    ('ㄅ', 'ㄯ'),
    ('#', '#'),
    ('\'', '*'),
    (',', '/'),
    ('[', ']'),
    ('|', '|'),
    ('·', '·'),
    ('\u{2010}', '\u{2015}'),
    ('、', '、'),
    ('〔', '〕'),
    ('第', '第'),
    ('共', '共'),
    ('页', '页'),
    ('頁', '頁'),
    ('（', '）'),
    ('，', '／'),
    ('［', '］'),
    ('､', '､'),
];

/// A compiled query that rejects texts without a hit. It may accept texts without one.
///
/// ```
/// use pizhu_text::search::{MatchMode, Prefilter};
///
/// let prefilter = Prefilter::new("组织", MatchMode::Folded);
/// assert!(prefilter.may_match("組\r\n織工作"));
/// assert!(!prefilter.may_match("干部队伍"));
/// ```
#[derive(Debug, Clone)]
pub struct Prefilter(PrefilterKind);

#[derive(Debug, Clone)]
enum PrefilterKind {
    /// Accepts every text.
    All,
    /// Accepts texts that match a regular expression.
    Pattern(Regex),
    /// Accepts texts that match by pinyin.
    Pinyin(Box<PinyinQuery>),
}

impl Prefilter {
    /// Compiles `query`, compared in this mode.
    #[must_use]
    pub fn new(query: &str, mode: MatchMode) -> Self {
        Self::compiled(query, mode).unwrap_or(Self(PrefilterKind::All))
    }

    /// The prefilter of `query`; `None` if every text must be accepted.
    fn compiled(query: &str, mode: MatchMode) -> Option<Self> {
        // Undecodable sequences become U+FFFD only in the decoded text.
        if mode == MatchMode::Regex || query.contains('\u{FFFD}') {
            return None;
        }
        if mode == MatchMode::Pinyin
            && let Some(pinyin) = PinyinQuery::new(query)
        {
            return Some(Self(PrefilterKind::Pinyin(Box::new(pinyin))));
        }
        let mut gap = r"[\s".to_owned();
        for (from, to) in REMOVABLE_CHARS {
            // Writing to a `String` does not fail.
            let _ = write!(gap, r"\u{{{:X}}}-\u{{{:X}}}", u32::from(*from), u32::from(*to));
        }
        gap.push_str("]*");
        let mut pattern = String::new();
        for (index, c) in query.chars().enumerate() {
            if index > 0 {
                pattern.push_str(&gap);
            }
            let variants = if mode == MatchMode::Literal { vec![c] } else { fold::variants(fold::fold(c)) };
            pattern.push('[');
            for variant in variants {
                // Line ends may still be CR or CRLF.
                match variant {
                    '\n' => pattern.push_str(r"\r\n"),
                    _ => {
                        let _ = write!(pattern, "\\u{{{:X}}}", u32::from(variant));
                    }
                }
            }
            pattern.push(']');
        }
        Regex::new(&pattern).ok().map(|pattern| Self(PrefilterKind::Pattern(pattern)))
    }

    /// Whether the cleaned form of `text` may have a hit; `text` may have CR or CRLF line ends.
    #[must_use]
    pub fn may_match(&self, text: &str) -> bool {
        match &self.0 {
            PrefilterKind::All => true,
            PrefilterKind::Pattern(pattern) => pattern.is_match(text),
            PrefilterKind::Pinyin(pinyin) => pinyin.may_match(text, is_removable),
        }
    }
}

/// Whether `c` can be in a removed range.
fn is_removable(c: char) -> bool {
    c.is_whitespace() || REMOVABLE_CHARS.iter().any(|(from, to)| (*from..=*to).contains(&c))
}
