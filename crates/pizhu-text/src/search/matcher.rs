//! Queries compiled, and run over a text.

use super::{
    blocks::{Blocks, Carry},
    pinyin::Pinyin,
    stretches::Stretches,
};
use crate::document::Document;
use crate::text::Span;
use crate::text::fold;
use crate::text::parts::in_parts;
use memchr::memmem;
use regex::{Regex, RegexBuilder};
use std::{fmt::Write as _, ops::ControlFlow, str::FromStr};

/// Compiled size in bytes that a regular expression may have.
const REGEX_BYTES: usize = 16 * 1024 * 1024;

/// Chunks (of 64 KB) that a thread has at least.
const LEAST_CHUNKS: usize = 16;

/// How a query is compared with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Char by char.
    Literal,
    /// Char by char after folding script (traditional = simplified), width and case.
    #[default]
    Folded,
    /// By readings: letters stand for syllables or their initials, the rest is folded; without
    /// letters the same as folded.
    Pinyin,
    /// As a regular expression (the syntax of the crate `regex`), line by line of the cleaned
    /// text, which is paragraph by paragraph.
    Regex,
}

impl Mode {
    /// All modes, the default first.
    pub const ALL: [Self; 4] = [Self::Folded, Self::Pinyin, Self::Literal, Self::Regex];

    /// The mode after this one, going round.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|mode| *mode == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    /// The mode's name on the command line.
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

impl FromStr for Mode {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|mode| mode.name() == name).ok_or(())
    }
}

/// Why a query cannot be searched for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// There is nothing to search for.
    #[error("the query is empty")]
    Empty,
    /// It is no regular expression; what the parser said.
    #[error("{0}")]
    Regex(String),
}

/// A query made ready to run over any number of texts.
#[derive(Debug, Clone)]
pub struct Matcher {
    engine: Engine,
    carry: Carry,
    /// Whether a hit may go on from one paragraph into the next.
    crosses: bool,
}

#[derive(Debug, Clone)]
enum Engine {
    Literal(Box<memmem::Finder<'static>>),
    /// A folded query is an expression too: each char the class of all chars that fold alike, so
    /// that the text need not be folded, and the expression's own search for literals is used.
    Pattern(Regex),
    Pinyin(Box<Pinyin>),
}

impl Matcher {
    /// Compiles `query`.
    ///
    /// # Errors
    /// When the query is empty, or no regular expression.
    pub fn new(query: &str, mode: Mode) -> Result<Self, QueryError> {
        if query.is_empty() {
            return Err(QueryError::Empty);
        }
        let carry = Carry::Chars(query.chars().count() - 1);
        // Folding makes nothing else a line end.
        let crosses = query.contains('\n');
        if mode == Mode::Pinyin
            && let Some(pinyin) = Pinyin::new(query)
        {
            let carry = Carry::Chars(pinyin.longest() - 1);
            return Ok(Self { engine: Engine::Pinyin(Box::new(pinyin)), carry, crosses });
        }
        Ok(match mode {
            Mode::Literal => Self { engine: Engine::Literal(Box::new(memmem::Finder::new(query).into_owned())), carry, crosses },
            Mode::Folded | Mode::Pinyin => Self { engine: Engine::Pattern(compile(&folded_pattern(query))?), carry, crosses },
            Mode::Regex => Self { engine: Engine::Pattern(compile(query)?), carry: Carry::Line, crosses: false },
        })
    }

    /// All hits within `span` of the document, in order. A long span is searched by several threads.
    #[must_use]
    pub fn hits(&self, document: &Document, span: Span) -> Vec<Span> {
        if self.crosses {
            return self.hits_here(document, span);
        }
        let stretches = Stretches::new(document, span);
        let mut parts = in_parts(stretches.len(), LEAST_CHUNKS, |part| self.hits_here(document, stretches.span(part)));
        match parts.as_mut_slice() {
            [only] => std::mem::take(only),
            _ => parts.concat(),
        }
    }

    /// Searches the whole document from about `from` on (towards the start where `back`) and round
    /// to it, so that what is nearest is found first. The hits come stretch by stretch, those of
    /// each in order, and with them whether more may come; `found` may break the search off, and is
    /// called for stretches without hits too.
    pub fn hits_from(&self, document: &Document, from: usize, back: bool, mut found: impl FnMut(Vec<Span>, bool) -> ControlFlow<()>) {
        let all = document.source.span();
        let stretches = Stretches::new(document, all);
        let ranges = if self.crosses { Vec::new() } else { stretches.from(from, back) };
        if ranges.is_empty() {
            let _ = found(self.hits(document, all), false);
            return;
        }
        let last = ranges.len() - 1;
        for (index, range) in ranges.into_iter().enumerate() {
            if found(self.hits(document, stretches.span(range)), index < last).is_break() {
                return;
            }
        }
    }

    fn hits_here(&self, document: &Document, span: Span) -> Vec<Span> {
        let mut hits = Vec::new();
        self.scan(document, span, |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        });
        hits
    }

    /// The first hit within `span`.
    #[must_use]
    pub fn first(&self, document: &Document, span: Span) -> Option<Span> {
        let mut first = None;
        self.scan(document, span, |hit| {
            first = Some(hit);
            ControlFlow::Break(())
        });
        first
    }

    /// Hands each hit within `span` to `found`, in order, until that breaks.
    pub fn scan(&self, document: &Document, span: Span, mut found: impl FnMut(Span) -> ControlFlow<()>) {
        let mut blocks = Blocks::new(document, span, self.carry);
        let mut keep_from = 0;
        while blocks.advance(keep_from) {
            let text = blocks.text();
            let mut places = blocks.places();
            let mut searched = 0;
            let mut hit = |start: usize, end: usize| {
                searched = end;
                if start < end { found(places.span(start, end)) } else { ControlFlow::Continue(()) }
            };
            let broken = match (&self.engine, self.carry) {
                (Engine::Literal(finder), _) => {
                    finder.find_iter(text.as_bytes()).try_for_each(|start| hit(start, start + finder.needle().len()))
                }
                (Engine::Pinyin(pinyin), _) => pinyin.scan(text, !blocks.is_last(), hit),
                (Engine::Pattern(pattern), Carry::Chars(_)) => {
                    pattern.find_iter(text).try_for_each(|found| hit(found.start(), found.end()))
                }
                (Engine::Pattern(pattern), Carry::Line) => lines(text, blocks.is_last()).try_for_each(|(from, line)| {
                    pattern.find_iter(line).try_for_each(|found| hit(from + found.start(), from + found.end()))
                }),
            };
            if broken.is_break() {
                return;
            }
            keep_from = blocks.keep_from(searched);
        }
    }
}

/// The lines of `text`, each with the byte it begins at; the one that no LF ends only where
/// `with_open`.
fn lines(text: &str, with_open: bool) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
        let (line, next) = match memchr::memchr(b'\n', rest.as_bytes()) {
            Some(lf) => (&rest[..lf], from + lf + 1),
            None if with_open => (rest, text.len()),
            None => return None,
        };
        let begin = std::mem::replace(&mut from, next);
        Some((begin, line))
    })
}

fn compile(pattern: &str) -> Result<Regex, QueryError> {
    RegexBuilder::new(pattern).size_limit(REGEX_BYTES).build().map_err(|error| {
        // The parser's message shows the place under the pattern; its last line says what.
        let message = error.to_string();
        let last = message.lines().last().unwrap_or_default();
        QueryError::Regex(last.strip_prefix("error: ").unwrap_or(last).to_owned())
    })
}

/// An expression that matches what folds to the same as `query`.
fn folded_pattern(query: &str) -> String {
    let mut pattern = String::new();
    for c in query.chars() {
        pattern.push('[');
        for variant in fold::variants(fold::fold(c)) {
            // Writing to a string does not fail.
            let _ = write!(pattern, "\\u{{{:X}}}", u32::from(variant));
        }
        pattern.push(']');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Cleaning;
    use crate::text::RemovedKind;
    use crate::text::SourceText;
    use proptest::prelude::*;

    fn document(text: &str, removed: &[(usize, usize)]) -> Document {
        let cleaning = Cleaning::new(removed.iter().map(|(start, end)| (Span::new(*start, *end), RemovedKind::PageMark)).collect());
        Document { source: SourceText::from(text), cleaning, ..Document::default() }
    }

    fn quotes(document: &Document, query: &str, mode: Mode) -> Vec<String> {
        Matcher::new(query, mode).unwrap().hits(document, document.source.span()).iter().map(|hit| document.quote(*hit)).collect()
    }

    #[test]
    fn each_mode_finds_what_it_should() {
        let doc = document("组织工作，組織工作，ＡＢ ab。\n(一)（一）a.b", &[]);
        assert_eq!(quotes(&doc, "组织", Mode::Literal), ["组织"]);
        assert_eq!(quotes(&doc, "組织", Mode::Folded), ["组织", "組織"]);
        assert_eq!(quotes(&doc, "aB", Mode::Folded), ["ＡＢ", "ab"]);
        assert_eq!(quotes(&doc, "（一)", Mode::Folded), ["(一)", "（一）"]);
        assert_eq!(quotes(&doc, "a.b", Mode::Folded), ["a.b"]);
        assert_eq!(quotes(&doc, "zuzhig", Mode::Pinyin), ["组织工", "組織工"]);
        assert_eq!(quotes(&doc, "組织", Mode::Pinyin), ["组织", "組織"]);
        assert_eq!(quotes(&doc, "[织織]工.", Mode::Regex), ["织工作", "織工作"]);
        assert_eq!(quotes(&doc, r"\s+", Mode::Regex), [" "]);
        assert_eq!(quotes(&doc, "^.", Mode::Regex), ["组", "("]);
        assert_eq!(quotes(&doc, "x*", Mode::Regex), [""; 0]);
    }

    #[test]
    fn a_hit_crosses_page_marks_and_keeps_its_source_span() {
        let doc = document("贯彻落实十\n2、七大精神", &[(5, 8)]);
        assert_eq!(quotes(&doc, "十七大", Mode::Folded), ["十\n2、七大"]);
        assert_eq!(quotes(&doc, "shiqida", Mode::Pinyin), ["十\n2、七大"]);
        assert_eq!(Matcher::new("实十", Mode::Literal).unwrap().first(&doc, doc.source.span()), Some(Span::new(3, 5)));
        assert_eq!(Matcher::new("七大", Mode::Literal).unwrap().first(&doc, Span::new(0, 9)), None, "only what lies wholly inside");
    }

    #[test]
    fn wrong_queries_say_why() {
        assert_eq!(Matcher::new("", Mode::Folded).unwrap_err(), QueryError::Empty);
        assert!(matches!(Matcher::new("(组织", Mode::Regex), Err(QueryError::Regex(message)) if !message.contains('\n')));
    }

    #[test]
    fn lines_longer_than_a_block_are_searched_whole() {
        let text = "字".repeat(200_000) + "甲乙" + &"字".repeat(200_000) + "\n甲丙";
        let doc = document(&text, &[]);
        assert_eq!(quotes(&doc, "甲.", Mode::Regex), ["甲乙", "甲丙"]);
        assert_eq!(quotes(&doc, "甲乙", Mode::Literal), ["甲乙"]);
        assert_eq!(quotes(&doc, "jy", Mode::Pinyin), ["甲乙"]);
        assert_eq!(quotes(&doc, "字\n甲", Mode::Folded), ["字\n甲"]);
    }

    /// Long lines and short, some joined by cleaning, over many chunks.
    fn long() -> Document {
        let lines: Vec<String> = (0..120_000).map(|n| format!("第{n}句甲乙丙{}", ["\n", "，", "\n", "。"][n % 4])).collect();
        let text = lines.concat();
        let ends = text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(at, _)| at);
        let removed: Vec<_> = ends.step_by(2).map(|at| (at, at + 1)).collect();
        document(&text, &removed)
    }

    #[test]
    fn a_long_text_is_searched_in_stretches_as_in_one() {
        let doc = long();
        assert!(doc.source.chunks().len() > 2 * LEAST_CHUNKS);
        for (query, mode) in [
            ("甲乙丙", Mode::Folded),
            ("丙第", Mode::Literal),
            ("jyb", Mode::Pinyin),
            ("丙.?第.*句", Mode::Regex),
            ("丙\n第", Mode::Folded),
        ] {
            let matcher = Matcher::new(query, mode).unwrap();
            let all = matcher.hits_here(&doc, doc.source.span());
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
                    let behind = hits.partition_point(|hit| hit.start < from);
                    if back { hits[..behind].last().copied() } else { hits.get(behind).copied() }
                };
                assert_eq!(nearest(&first), nearest(&all), "{query} from {from}");
            }
        }
    }

    /// What a scan of the whole cleaned, folded text finds.
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
        /// Random substrings of 2 to 12 chars: every occurrence, and none invented, wherever
        /// blocks, chunks and removed ranges are cut.
        #[test]
        fn nothing_is_missed_and_nothing_invented(
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
            for (mode, folded) in [(Mode::Literal, false), (Mode::Folded, true)] {
                let hits = Matcher::new(&query, mode).unwrap().hits(&doc, doc.source.span());
                prop_assert_eq!(&hits, &naive(&doc, &query, folded));
            }
        }
    }
}
