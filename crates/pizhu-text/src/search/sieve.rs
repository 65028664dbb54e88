//! Which texts can hold a hit, told without cleaning them.
//!
//! A search over many speeches would spend its time on cleaning and parsing those without a hit.
//! The sieve looks at a text as it stands in its file. Whatever cleaning takes out between two
//! chars is made of few kinds of chars (see [`GAP`]), so an expression that lets these stand
//! anywhere between the query's chars matches wherever the cleaned text has a hit, and hardly
//! anywhere else.

use super::{Mode, pinyin::Pinyin};
use crate::text::fold;
use regex::Regex;
use std::fmt::Write as _;

/// The chars that removed ranges are made of beside white space: invisible ones; digits and
/// letters of both widths, letters with tones, bopomofo and brackets, of glosses and page marks;
/// the signs around page numbers and between them, and those of Markdown.
const GAP: &[(char, char)] = &[
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

/// A query made ready to be asked of any number of texts.
#[derive(Debug, Clone)]
pub struct Sieve(Kind);

#[derive(Debug, Clone)]
enum Kind {
    /// Nothing can be told.
    All,
    Pattern(Regex),
    Pinyin(Box<Pinyin>),
}

impl Sieve {
    /// Compiles what `query`, compared in this mode, says of a text.
    #[must_use]
    pub fn new(query: &str, mode: Mode) -> Self {
        Self::compiled(query, mode).unwrap_or(Self(Kind::All))
    }

    fn compiled(query: &str, mode: Mode) -> Option<Self> {
        // What cannot be decoded stands otherwise in the file than in the text.
        if mode == Mode::Regex || query.contains('\u{FFFD}') {
            return None;
        }
        if mode == Mode::Pinyin
            && let Some(pinyin) = Pinyin::new(query)
        {
            return Some(Self(Kind::Pinyin(Box::new(pinyin))));
        }
        let mut gap = r"[\s".to_owned();
        for (from, to) in GAP {
            // Writing to a string does not fail.
            let _ = write!(gap, r"\u{{{:X}}}-\u{{{:X}}}", u32::from(*from), u32::from(*to));
        }
        gap.push_str("]*");
        let mut pattern = String::new();
        for (index, c) in query.chars().enumerate() {
            if index > 0 {
                pattern.push_str(&gap);
            }
            let variants = if mode == Mode::Literal { vec![c] } else { fold::variants(fold::fold(c)) };
            pattern.push('[');
            for variant in variants {
                // Line ends are as the file has them.
                match variant {
                    '\n' => pattern.push_str(r"\r\n"),
                    _ => {
                        let _ = write!(pattern, "\\u{{{:X}}}", u32::from(variant));
                    }
                }
            }
            pattern.push(']');
        }
        Regex::new(&pattern).ok().map(|pattern| Self(Kind::Pattern(pattern)))
    }

    /// Whether a text may hold a hit, whatever cleaning takes out of it; `text` may still have
    /// CR or CRLF for LF.
    #[must_use]
    pub fn passes(&self, text: &str) -> bool {
        match &self.0 {
            Kind::All => true,
            Kind::Pattern(pattern) => pattern.is_match(text),
            Kind::Pinyin(pinyin) => pinyin.may_match(text, is_gap),
        }
    }
}

/// Whether `c` may be part of what is removed.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || GAP.iter().any(|(from, to)| (*from..=*to).contains(&c))
}
