//! Addresses of text in a speech: `--section PATH`, `--quote '…' [--nth N]`, `--span START:END`,
//! `--whole`.

use super::CliError;
use clap::Args;
use pizhu_annotation::Target;
use pizhu_library::source::Speech;
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use pizhu_text::search::Matcher;
use pizhu_text::text::CleanText;
use pizhu_text::text::Span;

/// Chars of context around each match of an ambiguous quote.
const CONTEXT_CHARS: usize = 8;

/// A section, a passage or the whole speech as the command line addresses it: by exactly one of
/// `section`, `quote`, `span` and `whole`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Address {
    /// A section by its path: the markers from the top, joined by `/`, as in 二、/（三）/一是#2.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["quote", "span"])]
    pub section: Option<String>,
    /// A passage by its words.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "span")]
    pub quote: Option<String>,
    /// Which occurrence of the quote, from 1.
    #[arg(long, value_name = "N", requires = "quote", value_parser = clap::value_parser!(u32).range(1..))]
    pub nth: Option<u32>,
    /// A passage by its characters, counted from 0, the end excluded.
    #[arg(long, value_name = "START:END")]
    pub span: Option<String>,
    /// The whole speech.
    #[arg(long, conflicts_with_all = ["section", "quote", "span"])]
    pub whole: bool,
}

impl Address {
    /// Whether an address was given.
    pub(super) fn is_named(&self) -> bool {
        self.section.is_some() || self.quote.is_some() || self.span.is_some() || self.whole
    }

    /// Resolves the address to a section, a passage or the whole speech.
    pub(super) fn resolve(&self, speech: &Speech) -> Result<Target, CliError> {
        let document = &speech.document;
        if let Some(path) = &self.section {
            let id = document.outline.resolve(path).map_err(|error| CliError::Section(speech.path.clone(), error))?;
            return Ok(Target::Section(id));
        }
        if let Some(quote) = &self.quote {
            return Ok(Target::Passage(resolve_quote(speech, quote, self.nth)?));
        }
        if let Some(text) = &self.span {
            let fails = || CliError::Span(speech.path.clone(), text.clone(), document.source.len());
            let (start, end) = text.split_once(':').ok_or_else(fails)?;
            let (start, end) = (start.trim().parse().map_err(|_| fails())?, end.trim().parse().map_err(|_| fails())?);
            if start >= end || end > document.source.len() {
                return Err(fails());
            }
            return Ok(Target::Passage(Span::new(start, end)));
        }
        if self.whole { Ok(Target::Speech) } else { Err(CliError::NoPlace) }
    }
}

fn resolve_quote(speech: &Speech, quote: &str, nth: Option<u32>) -> Result<Span, CliError> {
    let found = find_quote(&speech.document, quote)?;
    let (path, quote) = (speech.path.clone(), quote.to_owned());
    match (found.as_slice(), nth) {
        ([one], None) => Ok(*one),
        ([], _) => Err(CliError::NoQuote { path, quote, found: 0 }),
        (several, None) => {
            let matches = several.iter().map(|span| describe_match(&speech.document, *span)).collect();
            Err(CliError::SeveralQuotes { path, quote, matches })
        }
        (several, Some(n)) => {
            let index = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
            index.and_then(|index| several.get(index)).copied().ok_or(CliError::NoQuote { path, quote, found: several.len() })
        }
    }
}

/// Finds the matches of `quote`: verbatim in the source or in the cleaned text; else folded; else
/// folded and without white space, as when copied from a screen.
fn find_quote(document: &Document, quote: &str) -> Result<Vec<Span>, CliError> {
    let all = document.source.span();
    let literal = Matcher::new(quote, MatchMode::Literal)?;
    let raw = CleanText::from(document.source.clone());
    let mut found = literal.hits(document, all);
    found.extend(literal.hits(&raw, all));
    found.sort();
    found.dedup();
    if found.is_empty() {
        found = Matcher::new(quote, MatchMode::Folded)?.hits(document, all);
    }
    let solid: String = quote.split_whitespace().collect();
    if found.is_empty() && !solid.is_empty() && solid != quote {
        found = Matcher::new(&solid, MatchMode::Folded)?.hits(document, all);
    }
    Ok(found)
}

/// Line (from 1) and context of a match: `…要把[…]的工作…`.
fn describe_match(document: &Document, span: Span) -> (usize, String) {
    let before = document.text(Span::new(span.start.saturating_sub(CONTEXT_CHARS), span.start));
    let after = document.text(Span::new(span.end, (span.end + CONTEXT_CHARS).min(document.source.len())));
    let solid = |text: String| text.replace('\n', " ");
    (document.source.char_to_line(span.start) + 1, format!("…{}[…]{}…", solid(before), solid(after)))
}
