//! Where in a speech: `--section PATH`, `--quote '…' [--nth N]`, `--span START:END`.

use super::CliError;
use pizhu_annotation::Target;
use pizhu_text::document::Document;
use pizhu_text::search::Matcher;
use pizhu_text::search::Mode;
use pizhu_library::source::Speech;
use pizhu_text::text::Span;
use clap::Args;

/// Chars shown around each place where a quote stands.
const AROUND: usize = 8;

/// A place as the command line names it: by exactly one of the first three.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Place {
    /// A section by its path: its markers from the top joined by `/`, as in 二、/（三）/一是#2.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["quote", "span"])]
    pub section: Option<String>,
    /// A passage by its words.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "span")]
    pub quote: Option<String>,
    /// Which of several places where the quote stands, from 1.
    #[arg(long, value_name = "N", requires = "quote", value_parser = clap::value_parser!(u32).range(1..))]
    pub nth: Option<u32>,
    /// A passage by its characters, counted from 0, the end excluded.
    #[arg(long, value_name = "START:END")]
    pub span: Option<String>,
}

impl Place {
    /// Whether a place was named at all.
    pub(super) fn is_named(&self) -> bool {
        self.section.is_some() || self.quote.is_some() || self.span.is_some()
    }

    /// The one place that is meant.
    pub(super) fn resolve(&self, speech: &Speech) -> Result<Target, CliError> {
        let document = &speech.document;
        if let Some(path) = &self.section {
            let id = document.outline.resolve(path).map_err(|error| CliError::Section(speech.path.clone(), error))?;
            return Ok(Target::Section(id));
        }
        if let Some(quote) = &self.quote {
            return Ok(Target::Passage(one_of(speech, quote, self.nth)?));
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
        Err(CliError::NoPlace)
    }
}

fn one_of(speech: &Speech, quote: &str, nth: Option<u32>) -> Result<Span, CliError> {
    let found = places(&speech.document, quote)?;
    let (path, quote) = (speech.path.clone(), quote.to_owned());
    match (found.as_slice(), nth) {
        ([one], None) => Ok(*one),
        ([], _) => Err(CliError::NoQuote { path, quote, found: 0 }),
        (several, None) => {
            let places = several.iter().map(|span| describe(&speech.document, *span)).collect();
            Err(CliError::SeveralQuotes { path, quote, places })
        }
        (several, Some(n)) => {
            let index = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
            index.and_then(|index| several.get(index)).copied().ok_or(CliError::NoQuote { path, quote, found: several.len() })
        }
    }
}

/// Where `quote` stands: as it is, in the source or in the cleaned text; else folded; else
/// folded and without its white space, as it comes from a copied screen.
fn places(document: &Document, quote: &str) -> Result<Vec<Span>, CliError> {
    let all = document.source.span();
    let literal = Matcher::new(quote, Mode::Literal)?;
    let raw = Document { source: document.source.clone(), ..Document::default() };
    let mut found = literal.hits(document, all);
    found.extend(literal.hits(&raw, all));
    found.sort();
    found.dedup();
    if found.is_empty() {
        found = Matcher::new(quote, Mode::Folded)?.hits(document, all);
    }
    let solid: String = quote.split_whitespace().collect();
    if found.is_empty() && !solid.is_empty() && solid != quote {
        found = Matcher::new(&solid, Mode::Folded)?.hits(document, all);
    }
    Ok(found)
}

/// The line, from 1, and the words around.
fn describe(document: &Document, span: Span) -> (usize, String) {
    let before = document.text(Span::new(span.start.saturating_sub(AROUND), span.start));
    let after = document.text(Span::new(span.end, (span.end + AROUND).min(document.source.len())));
    let solid = |text: String| text.replace('\n', " ");
    (document.source.line_of(span.start) + 1, format!("…{}[…]{}…", solid(before), solid(after)))
}
