//! Compiled queries, and their search in a text.

use super::{
    blocks::{Blocks, Overlap},
    partitions::Partitions,
    pinyin::{MAX_PINYIN_CHARS, PinyinQuery},
};
use crate::text::CleanText;
use crate::text::Span;
use crate::text::fold;
use crate::text::parallel::par_chunks;
use memchr::memmem;
use regex::{Regex, RegexBuilder};
use std::{fmt::Write as _, ops::ControlFlow, str::FromStr};

/// Maximum compiled size of a user's regular expression in bytes. Matching takes time in the size of
/// the text times that of the expression: a class of hanzi takes 1 to 2 KB.
pub const MAX_REGEX_BYTES: usize = 256 * 1024;
/// Maximum compiled size of the pattern of a folded query.
const MAX_PATTERN_BYTES: usize = 16 * 1024 * 1024;

/// Minimum chunks (of 64 KB) per thread.
const MIN_CHUNKS: usize = 16;

/// Comparison of a query with the text.
///
/// ```
/// use pizhu_text::search::MatchMode;
///
/// assert_eq!("pinyin".parse::<MatchMode>(), Ok(MatchMode::Pinyin));
/// assert_eq!(MatchMode::default().name(), "folded");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MatchMode {
    /// Char by char.
    Literal,
    /// Char by char after folding of script, width and case: 组织 finds 組織.
    #[default]
    Folded,
    /// By pinyin: letters match the readings of hanzi, in full or by initials, and other chars are
    /// folded: zuzhi and zz find 组织. A query without letters is the same as folded.
    Pinyin,
    /// As a regular expression (syntax of the crate `regex`), in each line of the cleaned text,
    /// that is, in each paragraph.
    Regex,
}

impl MatchMode {
    /// All modes, the default first.
    pub const ALL: [Self; 4] = [Self::Folded, Self::Pinyin, Self::Literal, Self::Regex];

    /// The mode after this one in [`Self::ALL`], cyclically.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|mode| *mode == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    /// Name of the mode on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Literal => "literal",
            Self::Folded => "folded",
            Self::Pinyin => "pinyin",
            Self::Regex => "regex",
        }
    }
}

impl FromStr for MatchMode {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|mode| mode.name() == name).ok_or(())
    }
}

/// Error of compiling a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The query is empty.
    #[error("the query is empty")]
    Empty,
    /// The query is longer than [`MAX_PINYIN_CHARS`].
    #[error("more than {MAX_PINYIN_CHARS} characters: too long for pinyin")]
    PinyinTooLong,
    /// The regular expression would take more than [`MAX_REGEX_BYTES`].
    #[error("the expression takes more than {} KB", MAX_REGEX_BYTES / 1024)]
    RegexTooLarge,
    /// The query is not a regular expression; the message of the parser.
    #[error("{0}")]
    Regex(String),
}

/// A compiled query.
///
/// ```
/// use pizhu_text::{
///     document::Document,
///     search::{MatchMode, Matcher},
///     text::{SourceText, Span},
/// };
///
/// let document = Document::from(SourceText::from("组织工作，組織建设"));
/// let all = document.source.span();
///
/// let folded = Matcher::new("组织", MatchMode::Folded).unwrap();
/// assert_eq!(folded.hits(&document, all), [Span::new(0, 2), Span::new(5, 7)]);
///
/// let pinyin = Matcher::new("zzgz", MatchMode::Pinyin).unwrap();
/// assert_eq!(pinyin.first_hit(&document, all), Some(Span::new(0, 4)));
/// ```
#[derive(Debug, Clone)]
pub struct Matcher {
    engine: Engine,
    overlap: Overlap,
    /// Whether a hit may cross from one paragraph into the next.
    crosses_lines: bool,
}

#[derive(Debug, Clone)]
enum Engine {
    Literal(Box<memmem::Finder<'static>>),
    /// A regular expression or a folded query. In the latter each char becomes the class of all
    /// chars with the same folding, so the text need not be folded.
    Pattern(Regex),
    Pinyin(Box<PinyinQuery>),
}

impl Matcher {
    /// Compiles `query`.
    ///
    /// # Errors
    /// If the query is empty, too long for pinyin or, in that mode, not a regular expression or too
    /// large a one.
    pub fn new(query: &str, mode: MatchMode) -> Result<Self, QueryError> {
        if query.is_empty() {
            return Err(QueryError::Empty);
        }
        if mode == MatchMode::Pinyin && PinyinQuery::is_too_long(query) {
            return Err(QueryError::PinyinTooLong);
        }
        let carry = Overlap::Chars(query.chars().count() - 1);
        // No other char folds to a line feed.
        let crosses = query.contains('\n');
        if mode == MatchMode::Pinyin
            && let Some(pinyin) = PinyinQuery::new(query)
        {
            let carry = Overlap::Chars(pinyin.max_chars() - 1);
            return Ok(Self { engine: Engine::Pinyin(Box::new(pinyin)), overlap: carry, crosses_lines: crosses });
        }
        Ok(match mode {
            MatchMode::Literal => {
                Self { engine: Engine::Literal(Box::new(memmem::Finder::new(query).into_owned())), overlap: carry, crosses_lines: crosses }
            }
            MatchMode::Folded | MatchMode::Pinyin => Self {
                engine: Engine::Pattern(compile(&folded_pattern(query), MAX_PATTERN_BYTES)?),
                overlap: carry,
                crosses_lines: crosses,
            },
            MatchMode::Regex => {
                Self { engine: Engine::Pattern(compile(query, MAX_REGEX_BYTES)?), overlap: Overlap::Line, crosses_lines: false }
            }
        })
    }

    /// All hits within `span` of the document, in order. A long span is searched in parallel.
    #[must_use]
    pub fn hits(&self, clean_text: &CleanText, span: Span) -> Vec<Span> {
        if self.crosses_lines {
            return self.hits_sequential(clean_text, span);
        }
        let partitions = Partitions::new(clean_text, span);
        let mut parts = par_chunks(partitions.len(), MIN_CHUNKS, |range| self.hits_sequential(clean_text, partitions.span(range)));
        match parts.as_mut_slice() {
            [only] => std::mem::take(only),
            _ => parts.concat(),
        }
    }

    /// Searches the whole document from about source offset `from`, nearest first: to the end and
    /// then from the start, or backwards if `back`.
    ///
    /// Calls `found` for each range of paragraphs, even without hits, with its hits in order and
    /// whether more ranges follow. `found` can stop the search.
    pub fn hits_from(&self, clean_text: &CleanText, from: usize, back: bool, mut found: impl FnMut(Vec<Span>, bool) -> ControlFlow<()>) {
        let all = clean_text.source.span();
        let partitions = Partitions::new(clean_text, all);
        let ranges = if self.crosses_lines { Vec::new() } else { partitions.nearest_first(from, back) };
        if ranges.is_empty() {
            let _ = found(self.hits(clean_text, all), false);
            return;
        }
        let last = ranges.len() - 1;
        for (index, range) in ranges.into_iter().enumerate() {
            if found(self.hits(clean_text, partitions.span(range)), index < last).is_break() {
                return;
            }
        }
    }

    /// [`Self::hits`] on the calling thread.
    fn hits_sequential(&self, clean_text: &CleanText, span: Span) -> Vec<Span> {
        let mut hits = Vec::new();
        self.for_each_hit(clean_text, span, |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        });
        hits
    }

    /// The first hit within `span`, if any.
    #[must_use]
    pub fn first_hit(&self, clean_text: &CleanText, span: Span) -> Option<Span> {
        let mut first = None;
        self.for_each_hit(clean_text, span, |hit| {
            first = Some(hit);
            ControlFlow::Break(())
        });
        first
    }

    /// Calls `found` with each hit within `span`, in order, until it breaks.
    pub fn for_each_hit(&self, clean_text: &CleanText, span: Span, mut found: impl FnMut(Span) -> ControlFlow<()>) {
        let mut blocks = Blocks::new(clean_text, span, self.overlap);
        let mut keep_from = 0;
        while blocks.advance(keep_from) {
            let text = blocks.text();
            let mut spans = blocks.spans();
            let mut searched = 0;
            let mut hit = |start: usize, end: usize| {
                searched = end;
                if start < end { found(spans.span(start, end)) } else { ControlFlow::Continue(()) }
            };
            let flow = match (&self.engine, self.overlap) {
                (Engine::Literal(finder), _) => {
                    finder.find_iter(text.as_bytes()).try_for_each(|start| hit(start, start + finder.needle().len()))
                }
                (Engine::Pinyin(pinyin), _) => pinyin.for_each_match(text, !blocks.is_last(), hit),
                (Engine::Pattern(pattern), Overlap::Chars(_)) => {
                    pattern.find_iter(text).try_for_each(|found| hit(found.start(), found.end()))
                }
                (Engine::Pattern(pattern), Overlap::Line) => lines(text, blocks.is_last()).try_for_each(|(from, line)| {
                    pattern.find_iter(line).try_for_each(|found| hit(from + found.start(), from + found.end()))
                }),
            };
            if flow.is_break() {
                return;
            }
            keep_from = blocks.overlap_start(searched);
        }
    }
}

/// The lines of `text`, each with its byte offset; a last line without LF only if `with_incomplete`.
fn lines(text: &str, with_incomplete: bool) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
        let (line, next) = match memchr::memchr(b'\n', rest.as_bytes()) {
            Some(lf) => (&rest[..lf], from + lf + 1),
            None if with_incomplete => (rest, text.len()),
            None => return None,
        };
        let begin = std::mem::replace(&mut from, next);
        Some((begin, line))
    })
}

fn compile(pattern: &str, max_bytes: usize) -> Result<Regex, QueryError> {
    RegexBuilder::new(pattern).size_limit(max_bytes).build().map_err(|error| {
        if matches!(error, regex::Error::CompiledTooBig(_)) {
            return QueryError::RegexTooLarge;
        }
        // The message shows the position under the pattern; its last line has the reason.
        let message = error.to_string();
        let last = message.lines().last().unwrap_or_default();
        QueryError::Regex(last.strip_prefix("error: ").unwrap_or(last).to_owned())
    })
}

/// A regular expression for the texts with the same folding as `query`: 组 gives `[组組]`.
fn folded_pattern(query: &str) -> String {
    let mut pattern = String::new();
    for c in query.chars() {
        pattern.push('[');
        for variant in fold::variants(fold::fold(c)) {
            // Writing to a `String` does not fail.
            let _ = write!(pattern, "\\u{{{:X}}}", u32::from(variant));
        }
        pattern.push(']');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::text::Cleaning;
    use crate::text::RemovedKind;
    use crate::text::SourceText;
    use proptest::prelude::*;

    fn document(text: &str, removed: &[(usize, usize)]) -> Document {
        let cleaning = Cleaning::new(removed.iter().map(|(start, end)| (Span::new(*start, *end), RemovedKind::PageMark)).collect());
        Document { clean_text: CleanText { source: SourceText::from(text), cleaning }, ..Document::default() }
    }

    fn quotes(document: &Document, query: &str, mode: MatchMode) -> Vec<String> {
        Matcher::new(query, mode).unwrap().hits(document, document.source.span()).iter().map(|hit| document.quote(*hit)).collect()
    }

    #[test]
    fn hits_by_mode() {
        let doc = document("组织工作，組織工作，ＡＢ ab。\n(一)（一）a.b", &[]);
        assert_eq!(quotes(&doc, "组织", MatchMode::Literal), ["组织"]);
        assert_eq!(quotes(&doc, "組织", MatchMode::Folded), ["组织", "組織"]);
        assert_eq!(quotes(&doc, "aB", MatchMode::Folded), ["ＡＢ", "ab"]);
        assert_eq!(quotes(&doc, "（一)", MatchMode::Folded), ["(一)", "（一）"]);
        assert_eq!(quotes(&doc, "a.b", MatchMode::Folded), ["a.b"]);
        assert_eq!(quotes(&doc, "zuzhig", MatchMode::Pinyin), ["组织工", "組織工"]);
        assert_eq!(quotes(&doc, "組织", MatchMode::Pinyin), ["组织", "組織"]);
        assert_eq!(quotes(&doc, "[织織]工.", MatchMode::Regex), ["织工作", "織工作"]);
        assert_eq!(quotes(&doc, r"\s+", MatchMode::Regex), [" "]);
        assert_eq!(quotes(&doc, "^.", MatchMode::Regex), ["组", "("]);
        assert_eq!(quotes(&doc, "x*", MatchMode::Regex), [""; 0]);
    }

    #[test]
    fn hits_cross_page_marks() {
        let doc = document("贯彻落实十\n2、七大精神", &[(5, 8)]);
        assert_eq!(quotes(&doc, "十七大", MatchMode::Folded), ["十\n2、七大"]);
        assert_eq!(quotes(&doc, "shiqida", MatchMode::Pinyin), ["十\n2、七大"]);
        assert_eq!(Matcher::new("实十", MatchMode::Literal).unwrap().first_hit(&doc, doc.source.span()), Some(Span::new(3, 5)));
        assert_eq!(Matcher::new("七大", MatchMode::Literal).unwrap().first_hit(&doc, Span::new(0, 9)), None, "only hits inside the span");
    }

    #[test]
    fn invalid_queries_give_errors() {
        assert_eq!(Matcher::new("", MatchMode::Folded).unwrap_err(), QueryError::Empty);
        assert!(matches!(Matcher::new("(组织", MatchMode::Regex), Err(QueryError::Regex(message)) if !message.contains('\n')));
    }

    /// A pinyin query of 2,001 letters took 34 seconds, a regular expression of 2,000 dots over 60.
    #[test]
    fn queries_that_would_take_too_long_are_refused() {
        let error = |query: &str, mode| Matcher::new(query, mode).unwrap_err();
        assert_eq!(error(&"z".repeat(2001), MatchMode::Pinyin), QueryError::PinyinTooLong);
        assert_eq!(error(&".".repeat(2000), MatchMode::Regex), QueryError::RegexTooLarge);
        assert_eq!(error(r"(\w{100}){100}", MatchMode::Regex), QueryError::RegexTooLarge);
        for pattern in [r"\d{4}年.{0,100}人才", r"[\p{Han}，]{1,40}。", "(人才|干部|作风).*(工作|建设)", &"组织".repeat(200)]
        {
            assert!(Matcher::new(pattern, MatchMode::Regex).is_ok(), "{pattern}");
        }
        assert!(Matcher::new(&"组织".repeat(1000), MatchMode::Folded).is_ok());
    }

    #[test]
    fn lines_longer_than_a_block_are_searched() {
        let text = "字".repeat(200_000) + "甲乙" + &"字".repeat(200_000) + "\n甲丙";
        let doc = document(&text, &[]);
        assert_eq!(quotes(&doc, "甲.", MatchMode::Regex), ["甲乙", "甲丙"]);
        assert_eq!(quotes(&doc, "甲乙", MatchMode::Literal), ["甲乙"]);
        assert_eq!(quotes(&doc, "jy", MatchMode::Pinyin), ["甲乙"]);
        assert_eq!(quotes(&doc, "字\n甲", MatchMode::Folded), ["字\n甲"]);
    }

    /// A document of many chunks, with long and short lines, some joined by cleaning.
    fn long() -> Document {
        let lines: Vec<String> = (0..120_000).map(|n| format!("第{n}句甲乙丙{}", ["\n", "，", "\n", "。"][n % 4])).collect();
        let text = lines.concat();
        let ends = text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(at, _)| at);
        let removed: Vec<_> = ends.step_by(2).map(|at| (at, at + 1)).collect();
        document(&text, &removed)
    }

    #[test]
    fn parallel_and_sequential_searches_agree() {
        let doc = long();
        assert!(doc.source.chunks().len() > 2 * MIN_CHUNKS);
        for (query, mode) in [
            ("甲乙丙", MatchMode::Folded),
            ("丙第", MatchMode::Literal),
            ("jyb", MatchMode::Pinyin),
            ("丙.?第.*句", MatchMode::Regex),
            ("丙\n第", MatchMode::Folded),
        ] {
            let matcher = Matcher::new(query, mode).unwrap();
            let all = matcher.hits_sequential(&doc, doc.source.span());
            assert!(all.len() > 10_000);
            assert_eq!(matcher.hits(&doc, doc.source.span()), all, "{query}");
            for (from, back) in [(0, false), (0, true), (300_000, false), (300_000, true), (doc.source.len(), true)] {
                let mut first = Vec::new();
                let mut found = Vec::new();
                matcher.hits_from(&doc, from, back, |hits, _| {
                    if first.is_empty() {
                        first.clone_from(&hits);
                    }
                    found.extend(hits);
                    ControlFlow::Continue(())
                });
                found.sort_by_key(|hit| hit.start);
                assert_eq!(found, all, "{query}");
                let nearest = |hits: &[Span]| {
                    let index = hits.partition_point(|hit| hit.start < from);
                    if back { hits[..index].last().copied() } else { hits.get(index).copied() }
                };
                assert_eq!(nearest(&first), nearest(&all), "{query} from {from}");
            }
        }
    }

    /// The hits by a scan of the whole cleaned and folded text.
    fn naive(doc: &Document, query: &str, folded: bool) -> Vec<Span> {
        let shape = |text: &str| -> Vec<char> { if folded { fold::fold_text(text).chars().collect() } else { text.chars().collect() } };
        let (text, query) = (shape(&doc.text(doc.source.span())), shape(query));
        let mut at = 0;
        let mut hits = Vec::new();
        while at + query.len() <= text.len() {
            if text[at..].starts_with(&query) {
                hits.push(doc.cleaning.span_to_source(Span::new(at, at + query.len())));
                at += query.len();
            } else {
                at += 1;
            }
        }
        hits
    }

    proptest! {
        /// Random substrings of 2 to 12 chars have exactly the hits of the naive search, wherever
        /// blocks, chunks and removed ranges end.
        #[test]
        fn hits_equal_those_of_a_naive_search(
            pieces in prop::collection::vec("[组組织織工作Ａaα\n，。1]{1,9}", 1..40),
            padding in prop::sample::select(vec![0usize, 43_600, 65_530, 131_000]),
            removed in prop::collection::vec((0usize..200, 1usize..5), 0..12),
            from in 0usize..150, length in 2usize..13,
        ) {
            let text = "字".repeat(padding) + &pieces.concat();
            let removed: Vec<(usize, usize)> = removed.iter().map(|(start, length)| {
                let start = padding.saturating_sub(20) + start;
                (start.min(text.chars().count()), (start + length).min(text.chars().count()))
            }).collect();
            let doc = document(&text, &removed);
            let clean: Vec<char> = doc.text(doc.source.span()).chars().collect();
            let from = (padding.saturating_sub(20) + from).min(clean.len().saturating_sub(length));
            let query: String = clean[from..].iter().take(length).collect();
            prop_assume!(!query.is_empty());
            for (mode, folded) in [(MatchMode::Literal, false), (MatchMode::Folded, true)] {
                let hits = Matcher::new(&query, mode).unwrap().hits(&doc, doc.source.span());
                prop_assert_eq!(&hits, &naive(&doc, &query, folded));
            }
        }
    }
}
