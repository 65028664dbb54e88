//! Sentences, clauses and words of a paragraph.
//!
//! Sentences and clauses go by Chinese punctuation and its half-width forms. Words are cut by
//! jieba, on the text folded to simplified half-width characters, as its dictionary has them.
//! The dictionary (some 35 MB once in memory) is loaded when the first word is asked for.
//!
//! All work on the text without what cleaning removed; the spans they give are of the source, so
//! a removed range may lie inside. At most [`REACH`] chars on each side of the offset are read,
//! whatever the length of the paragraph.

use super::{Cleaning, SourceText, Span, fold};
use jieba_rs::Jieba;
use std::sync::OnceLock;

/// Chars on each side of an offset that are looked at for the ends of a sentence.
pub const REACH: usize = 4096;

/// Chars on each side of an offset that are cut into words.
const WORD_REACH: usize = 200;

static DICTIONARY: OnceLock<Jieba> = OnceLock::new();

/// A paragraph, as its source, what cleaning takes out, and its place.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    /// The source text.
    pub source: &'a SourceText,
    /// What is removed from it.
    pub cleaning: &'a Cleaning,
    /// The paragraph's chars.
    pub span: Span,
}

/// The words and marks of a folded text, one after the other.
#[must_use]
pub fn words(folded: &str) -> Vec<&str> {
    DICTIONARY.get_or_init(Jieba::new).cut(folded, true).into_iter().map(|token| token.word).collect()
}

/// The words of a folded text with the shorter ones inside them: 党支部 and 支部.
#[must_use]
pub fn inner_words(folded: &str) -> Vec<&str> {
    DICTIONARY.get_or_init(Jieba::new).cut_for_search(folded, true).into_iter().map(|token| token.word).collect()
}

impl Passage<'_> {
    /// The sentence at `offset`: with its end mark and the closing quotes behind it, without white
    /// space around. White space before a sentence counts to it; `None` where nothing follows.
    #[must_use]
    pub fn sentence_at(&self, offset: usize) -> Option<Span> {
        self.part_at(offset, ends_sentence)
    }

    /// The clause at `offset`: up to the next comma, semicolon, colon or sentence end.
    #[must_use]
    pub fn clause_at(&self, offset: usize) -> Option<Span> {
        self.part_at(offset, ends_clause)
    }

    /// The word at `offset`, or the mark that stands there; `None` in white space.
    #[must_use]
    pub fn word_at(&self, offset: usize) -> Option<Span> {
        let clause = self.clause_at(offset)?;
        let chars = self.window(offset, WORD_REACH);
        let chars: Vec<_> = chars.into_iter().filter(|(at, _)| clause.contains(*at)).collect();
        let here = chars.partition_point(|(at, _)| *at < offset);
        if chars.get(here)?.1.is_whitespace() {
            return None;
        }
        let folded: String = chars.iter().map(|(_, c)| fold::fold(*c)).collect();
        let mut start = 0;
        for token in DICTIONARY.get_or_init(Jieba::new).cut(&folded, true) {
            let end = start + token.word.chars().count();
            if here < end {
                return Some(Span::new(chars[start].0, chars[end - 1].0 + 1));
            }
            start = end;
        }
        None
    }

    /// The kept chars around `offset`, with their offsets.
    fn window(&self, offset: usize, reach: usize) -> Vec<(usize, char)> {
        let around = Span::new(offset.saturating_sub(reach).max(self.span.start), (offset + reach).min(self.span.end));
        let mut chars = Vec::new();
        for kept in self.cleaning.kept(around) {
            chars.extend(self.source.pieces(kept).flat_map(str::chars).zip(kept.start..).map(|(c, at)| (at, c)));
        }
        chars
    }

    fn part_at(&self, offset: usize, ends: fn(&[(usize, char)], usize) -> bool) -> Option<Span> {
        if !self.span.contains(offset) {
            return None;
        }
        let chars = self.window(offset, REACH);
        let here = chars.partition_point(|(at, _)| *at < offset);
        let mut start = 0;
        while start < chars.len() {
            let mut end = start;
            while end < chars.len() && !ends(&chars, end) {
                end += 1;
            }
            // The marks that end it and what closes with them.
            while end < chars.len() && (ends(&chars, end) || (end > start && is_closing(chars[end].1))) {
                end += 1;
            }
            if here < end {
                let text = &chars[start..end];
                let first = text.iter().position(|(_, c)| !c.is_whitespace());
                let last = text.iter().rposition(|(_, c)| !c.is_whitespace());
                if let (Some(first), Some(last)) = (first, last)
                    && here <= start + last
                {
                    return Some(Span::new(text[first].0, text[last].0 + 1));
                }
            }
            start = end;
        }
        None
    }
}

fn ends_sentence(chars: &[(usize, char)], at: usize) -> bool {
    let near = |n: Option<usize>| n.and_then(|n| chars.get(n)).map_or(' ', |(_, c)| *c);
    match chars[at].1 {
        '。' | '！' | '？' | '!' | '?' | '｡' | '\n' => true,
        // A full stop of Latin text, not one of a number or an abbreviation.
        '.' => near(at.checked_sub(1)).is_alphabetic() && near(Some(at + 1)).is_whitespace(),
        _ => false,
    }
}

fn ends_clause(chars: &[(usize, char)], at: usize) -> bool {
    let digit = |n: Option<usize>| n.and_then(|n| chars.get(n)).is_some_and(|(_, c)| c.is_ascii_digit());
    match chars[at].1 {
        '，' | '；' | '：' => true,
        ',' | ':' | ';' => !(digit(at.checked_sub(1)) && digit(Some(at + 1))),
        _ => ends_sentence(chars, at),
    }
}

fn is_closing(c: char) -> bool {
    matches!(c, '”' | '’' | '"' | '）' | ')' | '》' | '」' | '』' | '】' | '〉' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::RemovedKind;
    use proptest::prelude::*;

    const TEXT: &str = "会议强调：“要抓落实。”各乡镇要行动起来，做到3.5%、1,000人！ 下一步怎么办？Then go on. 完";

    fn part(text: &str, at: &str, find: impl Fn(Passage<'_>, usize) -> Option<Span>) -> String {
        let source = SourceText::from(text);
        let cleaning = Cleaning::default();
        let offset = text.find(at).map(|byte| text[..byte].chars().count()).unwrap();
        let passage = Passage { source: &source, cleaning: &cleaning, span: source.span() };
        find(passage, offset).map(|span| source.slice(span).into_owned()).unwrap_or_default()
    }

    #[test]
    fn sentences_end_with_their_quotes() {
        let sentence = |at| part(TEXT, at, |passage, offset| passage.sentence_at(offset));
        assert_eq!(sentence("要抓"), "会议强调：“要抓落实。”");
        assert_eq!(sentence("”各"), "会议强调：“要抓落实。”");
        assert_eq!(sentence("1,000"), "各乡镇要行动起来，做到3.5%、1,000人！");
        assert_eq!(sentence(" 下一"), "下一步怎么办？");
        assert_eq!(sentence("Then"), "Then go on.");
        assert_eq!(sentence("完"), "完");
    }

    #[test]
    fn clauses_end_at_commas_that_are_no_figures() {
        let clause = |at| part(TEXT, at, |passage, offset| passage.clause_at(offset));
        assert_eq!(clause("强调"), "会议强调：");
        assert_eq!(clause("抓落"), "“要抓落实。”");
        assert_eq!(clause("乡镇"), "各乡镇要行动起来，");
        assert_eq!(clause("000"), "做到3.5%、1,000人！");
    }

    #[test]
    fn words_are_cut_in_either_script() {
        let word = |text, at| part(text, at, |passage, offset| passage.word_at(offset));
        assert_eq!(word("做好组织工作和人才工作", "织工"), "组织");
        assert_eq!(word("做好組織工作和人才工作", "織工"), "組織");
        assert_eq!(word("推进ＧＤＰ增长", "Ｄ"), "ＧＤＰ");
        assert_eq!(word("会议，强调", "，"), "，");
        assert_eq!(word("a  b", "  b"), "");
        assert_eq!((words("抓党支部"), inner_words("抓党支部")), (vec!["抓", "党支部"], vec!["抓", "支部", "党支部"]));
    }

    #[test]
    fn a_word_reaches_over_what_is_removed() {
        let source = SourceText::from("干部组\n— 3 —\n织建设");
        let cleaning = Cleaning::new(vec![(Span::new(3, 10), RemovedKind::PageMark)]);
        let passage = Passage { source: &source, cleaning: &cleaning, span: source.span() };
        assert_eq!(passage.word_at(10), Some(Span::new(2, 11)));
        assert_eq!(passage.sentence_at(0), Some(source.span()));
    }

    proptest! {
        /// Each part holds its offset or lies behind the white space there, and all offsets of a
        /// part give the same part.
        #[test]
        fn parts_are_the_same_from_every_place_in_them(text in "[青禾县a，。！” \n]{1,40}") {
            let source = SourceText::from(text.as_str());
            let cleaning = Cleaning::default();
            let passage = Passage { source: &source, cleaning: &cleaning, span: source.span() };
            for offset in 0..source.len() {
                for find in [Passage::sentence_at, Passage::clause_at] {
                    if let Some(span) = find(&passage, offset) {
                        prop_assert!(offset < span.end);
                        for inside in span.start..span.end {
                            prop_assert_eq!(find(&passage, inside), Some(span));
                        }
                    }
                }
            }
        }
    }
}
