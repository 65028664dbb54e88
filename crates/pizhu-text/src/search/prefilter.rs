//! Prefilter: rejects texts that cannot have a hit, without cleaning them.
//!
//! A search over many speeches would spend its time on cleaning and parsing those without a hit.
//! The prefilter reads the uncleaned text of the file. Removed ranges consist of few kinds of chars
//! ([`REMOVABLE_CHARS`]), so a pattern that allows these between the chars of the query matches
//! every text whose cleaned form has a hit, and few others.

use super::{MatchMode, pinyin::PinyinQuery, required_literals::required_literals};
use crate::text::fold;
use regex::Regex;
use std::fmt::Write as _;

/// Ranges of the chars in removed ranges, except white space: invisible chars; digits and letters
/// of both widths, letters with tone marks, bopomofo and brackets, of glosses and page marks; the
/// punctuation of page numbers and of Markdown. Ideographs are in [`REMOVABLE_IDEOGRAPHS`].
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
    ('（', '）'),
    ('，', '／'),
    ('［', '］'),
    ('､', '､'),
];
/// The ideographs in removed ranges: those of page numbers.
const REMOVABLE_IDEOGRAPHS: [char; 4] = ['第', '共', '页', '頁'];

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
        if query.contains('\u{FFFD}') {
            return None;
        }
        if mode == MatchMode::Pinyin
            && let Some(pinyin) = PinyinQuery::new(query)
        {
            return Some(Self(PrefilterKind::Pinyin(Box::new(pinyin))));
        }
        let pattern = if mode == MatchMode::Regex {
            let literals = required_literals(query)?;
            let patterns: Vec<String> = literals.iter().map(|literal| with_gaps(literal, false)).collect();
            patterns.join("|")
        } else {
            with_gaps(query, mode != MatchMode::Literal)
        };
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

/// A regular expression for `words` with any removable chars between them; `folded` takes each char
/// with all that fold alike.
fn with_gaps(words: &str, folded: bool) -> String {
    // Writing to a `String` does not fail.
    let mut gap = r"[\s".to_owned();
    for (from, to) in REMOVABLE_CHARS {
        let _ = write!(gap, r"\u{{{:X}}}-\u{{{:X}}}", u32::from(*from), u32::from(*to));
    }
    gap.extend(REMOVABLE_IDEOGRAPHS);
    gap.push_str("]*");
    let mut pattern = String::new();
    for (index, c) in words.chars().enumerate() {
        if index > 0 {
            pattern.push_str(&gap);
        }
        pattern.push('[');
        for variant in if folded { fold::variants(fold::fold(c)) } else { vec![c] } {
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
    pattern
}

/// Whether `c` can be in a removed range.
fn is_removable(c: char) -> bool {
    match c {
        '\u{3400}'..='\u{9FFF}' => REMOVABLE_IDEOGRAPHS.contains(&c),
        _ => c.is_whitespace() || REMOVABLE_CHARS.iter().any(|(from, to)| (*from..=*to).contains(&c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_looked_for_by_their_literals() {
        let may_match = |pattern: &str, text: &str| Prefilter::new(pattern, MatchMode::Regex).may_match(text);
        assert!(may_match("组织部.{1,6}建设", "抓组\r\n织部的建 设") && !may_match("组织部.{1,6}建设", "抓组织的建设"));
        assert!(!may_match("量子.{1,6}芯片", "组织建设") && may_match("量子|组织", "组织建设"));
        // Patterns without a literal are looked for in every text.
        assert!(may_match(r"\d+", "组织") && may_match("(组织)?", "人才") && may_match("[^组]", "人才"));
        assert!(may_match("(?i)ABC", "abc") && !may_match("ABC", "abc"));
    }

    /// The quick look at the second char must not pass over a match with a page mark inside.
    #[test]
    fn pinyin_matches_with_removable_chars_inside_are_seen() {
        let may_match = |query: &str, text: &str| Prefilter::new(query, MatchMode::Pinyin).may_match(text);
        for text in ["组织工作", "组\n织工作", "组（zǔ）织工作", "组第3页 织工作", "在組織"] {
            assert!(may_match("zuzhi", text), "{text}");
        }
        assert!(!may_match("zuzhi", "组长组") && may_match("zu", "组") && !may_match("zuzhi", "织组"));
        assert!(may_match("xi'an", "西安") && may_match("zu zhi", "组织") && may_match("组zhi", "組織"));
    }
}
