//! Sentence, clause and word segmentation of a paragraph.
//!
//! Sentences and clauses end at Chinese punctuation or its half-width forms. Words come from
//! jieba, run on folded text ([`fold`]), since its dictionary is in simplified script. The
//! dictionary (about 35 MB in memory) is loaded on first use.
//!
//! All functions read the cleaned text; the spans they return are of the source, so a removed
//! range may lie inside one. At most [`CONTEXT_CHARS`] chars on each side of the offset are read,
//! so the cost does not depend on the length of the paragraph.

use super::{Cleaning, SourceText, Span, fold};
use flate2::read::GzDecoder;
use jieba_rs::Jieba;
use std::{io::BufReader, sync::LazyLock};

/// Chars read on each side of an offset to find sentence and clause ends.
pub const CONTEXT_CHARS: usize = 4096;

/// Chars read on each side of an offset to find words.
const WORD_CONTEXT_CHARS: usize = 200;

static DICTIONARY: LazyLock<Jieba> = LazyLock::new(|| {
    let packed: &[u8] = include_bytes!("../../data/words.txt.gz");
    let mut words = BufReader::new(GzDecoder::new(packed));
    // A test checks that the dictionary loads; with an empty one each char would be a word.
    Jieba::with_dict(&mut words).unwrap_or_else(|_| Jieba::empty())
});

/// A paragraph of a cleaned text.
///
/// ```
/// use pizhu_text::text::{Cleaning, SourceText, Span, segmentation::ParagraphText};
///
/// let source = SourceText::from("青禾县开会。会议强调，要抓落实。");
/// let cleaning = Cleaning::default();
/// let paragraph = ParagraphText { source: &source, cleaning: &cleaning, span: source.span() };
/// assert_eq!(paragraph.sentence_at(7), Some(Span::new(6, 16))); // 会议强调，要抓落实。
/// assert_eq!(paragraph.clause_at(7), Some(Span::new(6, 11))); // 会议强调，
/// assert_eq!(paragraph.word_at(7), Some(Span::new(6, 8))); // 会议
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ParagraphText<'a> {
    /// The source text.
    pub source: &'a SourceText,
    /// The cleaning of the source text.
    pub cleaning: &'a Cleaning,
    /// The span of the paragraph.
    pub span: Span,
}

/// Cuts folded text into words and punctuation marks; together they are the whole text.
///
/// ```
/// use pizhu_text::text::segmentation::{inner_words, words};
///
/// assert_eq!(words("抓党支部"), ["抓", "党支部"]);
/// assert_eq!(inner_words("抓党支部"), ["抓", "支部", "党支部"]);
/// ```
#[must_use]
pub fn words(folded: &str) -> Vec<&str> {
    DICTIONARY.cut(folded, true).into_iter().map(|token| token.word).collect()
}

/// Cuts folded text into words, each preceded by the shorter words inside it (jieba's search
/// mode): 党支部 gives 支部 and 党支部.
#[must_use]
pub fn inner_words(folded: &str) -> Vec<&str> {
    DICTIONARY.cut_for_search(folded, true).into_iter().map(|token| token.word).collect()
}

impl ParagraphText<'_> {
    /// The sentence at `offset`, with its end mark and closing quotes, without surrounding white
    /// space: `他说：“行。”` is one. From white space it is the next sentence; `None` if none follows.
    #[must_use]
    pub fn sentence_at(&self, offset: usize) -> Option<Span> {
        self.span_at(offset, ends_sentence)
    }

    /// The clause at `offset`: up to and with the next comma, semicolon, colon or sentence end. A
    /// comma or colon between digits (`1,000`) ends none.
    #[must_use]
    pub fn clause_at(&self, offset: usize) -> Option<Span> {
        self.span_at(offset, ends_clause)
    }

    /// The word or punctuation mark at `offset`; `None` in white space.
    #[must_use]
    pub fn word_at(&self, offset: usize) -> Option<Span> {
        let clause = self.clause_at(offset)?;
        let chars = self.window(offset, WORD_CONTEXT_CHARS);
        let chars: Vec<_> = chars.into_iter().filter(|(at, _)| clause.contains(*at)).collect();
        let here = chars.partition_point(|(at, _)| *at < offset);
        if chars.get(here)?.1.is_whitespace() {
            return None;
        }
        let folded: String = chars.iter().map(|(_, c)| fold::fold(*c)).collect();
        let mut start = 0;
        for token in DICTIONARY.cut(&folded, true) {
            let end = start + token.word.chars().count();
            if here < end {
                return Some(Span::new(chars[start].0, chars[end - 1].0 + 1));
            }
            start = end;
        }
        None
    }

    /// The kept chars around `offset`, each with its source offset.
    fn window(&self, offset: usize, reach: usize) -> Vec<(usize, char)> {
        let around = Span::new(offset.saturating_sub(reach).max(self.span.start), (offset + reach).min(self.span.end));
        let mut chars = Vec::new();
        for kept in self.cleaning.kept_spans(around) {
            chars.extend(self.source.pieces(kept).flat_map(str::chars).zip(kept.start..).map(|(c, at)| (at, c)));
        }
        chars
    }

    /// The sentence or clause at `offset`; `ends` says whether the char at an index ends one.
    fn span_at(&self, offset: usize, ends: fn(&[(usize, char)], usize) -> bool) -> Option<Span> {
        if !self.span.contains(offset) {
            return None;
        }
        let chars = self.window(offset, CONTEXT_CHARS);
        let here = chars.partition_point(|(at, _)| *at < offset);
        let mut start = 0;
        while start < chars.len() {
            let mut end = start;
            while end < chars.len() && !ends(&chars, end) {
                end += 1;
            }
            // Further end marks and closing quotes belong to it: 。”
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
        // A full stop of Latin text (`go on. `), not of a number (`3.5`).
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

    fn segment(text: &str, at: &str, find: impl Fn(ParagraphText<'_>, usize) -> Option<Span>) -> String {
        let source = SourceText::from(text);
        let cleaning = Cleaning::default();
        let offset = text.find(at).map(|byte| text[..byte].chars().count()).unwrap();
        let passage = ParagraphText { source: &source, cleaning: &cleaning, span: source.span() };
        find(passage, offset).map(|span| source.slice(span).into_owned()).unwrap_or_default()
    }

    #[test]
    fn sentences_end_with_their_quotes() {
        let sentence = |at| segment(TEXT, at, |passage, offset| passage.sentence_at(offset));
        assert_eq!(sentence("要抓"), "会议强调：“要抓落实。”");
        assert_eq!(sentence("”各"), "会议强调：“要抓落实。”");
        assert_eq!(sentence("1,000"), "各乡镇要行动起来，做到3.5%、1,000人！");
        assert_eq!(sentence(" 下一"), "下一步怎么办？");
        assert_eq!(sentence("Then"), "Then go on.");
        assert_eq!(sentence("完"), "完");
    }

    #[test]
    fn commas_between_digits_end_no_clause() {
        let clause = |at| segment(TEXT, at, |passage, offset| passage.clause_at(offset));
        assert_eq!(clause("强调"), "会议强调：");
        assert_eq!(clause("抓落"), "“要抓落实。”");
        assert_eq!(clause("乡镇"), "各乡镇要行动起来，");
        assert_eq!(clause("000"), "做到3.5%、1,000人！");
    }

    #[test]
    fn words_are_found_in_both_scripts() {
        let word = |text, at| segment(text, at, |passage, offset| passage.word_at(offset));
        assert_eq!(word("做好组织工作和人才工作", "织工"), "组织");
        assert_eq!(word("做好組織工作和人才工作", "織工"), "組織");
        assert_eq!(word("推进ＧＤＰ增长", "Ｄ"), "ＧＤＰ");
        assert_eq!(word("会议，强调", "，"), "，");
        assert_eq!(word("a  b", "  b"), "");
        assert_eq!((words("抓党支部"), inner_words("抓党支部")), (vec!["抓", "党支部"], vec!["抓", "支部", "党支部"]));
    }

    #[test]
    fn words_and_sentences_cross_removed_ranges() {
        let source = SourceText::from("干部组\n— 3 —\n织建设");
        let cleaning = Cleaning::new(vec![(Span::new(3, 10), RemovedKind::PageMark)]);
        let passage = ParagraphText { source: &source, cleaning: &cleaning, span: source.span() };
        assert_eq!(passage.word_at(10), Some(Span::new(2, 11)));
        assert_eq!(passage.sentence_at(0), Some(source.span()));
    }

    proptest! {
        /// A sentence or clause ends after the offset, and every offset inside gives the same one.
        #[test]
        fn every_offset_of_a_sentence_or_clause_gives_the_same_span(text in "[青禾县a，。！” \n]{1,40}") {
            let source = SourceText::from(text.as_str());
            let cleaning = Cleaning::default();
            let passage = ParagraphText { source: &source, cleaning: &cleaning, span: source.span() };
            for offset in 0..source.len() {
                for find in [ParagraphText::sentence_at, ParagraphText::clause_at] {
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
