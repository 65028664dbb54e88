//! `pizhu reuse`: passages that speeches share.

use super::{CliContext, CliError, Status, args::common::OutputArgs, output::OutputStyle};
use clap::Args;
use pizhu_library::parallel;
use pizhu_library::reuse::ComparableText;
use pizhu_library::reuse::SharedPassage;
use pizhu_library::reuse::shared_passages;
use pizhu_library::source;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use serde::Serialize;
use std::{
    convert::Infallible,
    io::Write as _,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

/// `pizhu reuse`
#[derive(Debug, Args)]
pub struct ReuseArgs {
    /// Files or folders to compare [default: this folder].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Chars shown of a passage.
const PASSAGE_CHARS: usize = 40;

#[derive(Serialize)]
struct ReuseReport {
    version: u32,
    /// Pairs of speeches with common passages.
    pairs: Vec<SpeechPair>,
    passages: Vec<PassagePair>,
}

/// Two speeches; `a` is the older if both are dated.
#[derive(Serialize)]
struct SpeechPair {
    a: PairSide,
    b: PairSide,
    /// File of the older speech; `None` if a date is missing or both are equal.
    older: Option<String>,
}

/// A speech of a pair, and how much of it the other contains.
#[derive(Serialize)]
struct PairSide {
    document: String,
    date: Option<String>,
    /// From 0 to 1, by letters, digits and hanzi.
    share: f64,
}

/// A passage in two speeches; `a` is the older if both are dated.
#[derive(Serialize)]
struct PassagePair {
    a: PassageLocation,
    b: PassageLocation,
    similarity: f64,
}

#[derive(Serialize)]
struct PassageLocation {
    document: String,
    start: usize,
    end: usize,
    #[serde(skip)]
    line: usize,
    #[serde(skip)]
    text: String,
}

pub(super) fn run(context: &mut CliContext, args: &ReuseArgs) -> Result<Status, CliError> {
    let current_folder = [PathBuf::from(".")];
    let files = context.list_speeches(if args.paths.is_empty() { &current_folder } else { &args.paths })?;
    let options = context.read_options;
    let mut read: Vec<(PathBuf, Arc<Document>)> = Vec::new();
    let open = |path: &Path| source::open(path, options).map(|speech| speech.document);
    let ended: ControlFlow<Infallible> = parallel::par_map_files(&files, open, |path, outcome| {
        match outcome {
            Ok(document) => read.push((path.to_owned(), document)),
            Err(error) => context.leave_out(&error.into()),
        }
        ControlFlow::Continue(())
    });
    debug_assert!(ended.is_continue());
    // Oldest first; undated speeches last, in the given order.
    read.sort_by_key(|(_, document)| (document.metadata.date.is_none(), document.metadata.date.clone()));
    let texts: Vec<(&Document, ComparableText)> =
        read.iter().map(|(_, document)| (document.as_ref(), ComparableText::new(document))).collect();
    let found = shared_passages(&texts);
    let by_pair = || found.chunk_by(|one, other| (one.a.0, one.b.0) == (other.a.0, other.b.0));
    let pairs: Vec<SpeechPair> = by_pair().map(|found| pair(found, &read, &texts)).collect();
    let none = found.is_empty();
    if context.is_json() {
        let passages = found.iter().map(|found| passage(found, &read)).collect();
        context.out.json(&ReuseReport { version: 1, pairs, passages })?;
    } else {
        for (pair, found) in pairs.iter().zip(by_pair()) {
            print_pair(context, pair)?;
            for found in found {
                print_passage(context, &passage(found, &read))?;
            }
        }
    }
    Ok(if none { Status::NoMatch } else { context.done() })
}

fn pair(passages: &[SharedPassage], read: &[(PathBuf, Arc<Document>)], texts: &[(&Document, ComparableText)]) -> SpeechPair {
    let side = |number: usize, spans: Vec<Span>| {
        let share = texts[number].1.coverage(texts[number].0, spans);
        let date = texts[number].0.metadata.date.as_deref().map(str::to_owned);
        PairSide { document: read[number].0.display().to_string(), date, share: (share * 1000.0).round() / 1000.0 }
    };
    let a = side(passages[0].a.0, passages.iter().map(|passage| passage.a.1).collect());
    let b = side(passages[0].b.0, passages.iter().map(|passage| passage.b.1).collect());
    let older = match (&a.date, &b.date) {
        (Some(one), Some(other)) if one < other => Some(a.document.clone()),
        (Some(one), Some(other)) if one > other => Some(b.document.clone()),
        _ => None,
    };
    SpeechPair { a, b, older }
}

/// Prints the heading of a pair: both speeches, their shares, and which is older.
fn print_pair(context: &mut CliContext, pair: &SpeechPair) -> Result<(), CliError> {
    let words = |side: &PairSide| {
        let date = side.date.as_deref().map(|date| format!("{date}, ")).unwrap_or_default();
        let older = if pair.older.as_ref() == Some(&side.document) { context.locale.text("reuse-older") } else { "".into() };
        format!("{} ({date}{:.1}%{older})", side.document, side.share * 100.0)
    };
    let line = format!("{} | {}", words(&pair.a), words(&pair.b));
    let line = context.out.styled(OutputStyle::Title, &line).into_owned();
    writeln!(context.out, "{line}")?;
    Ok(())
}

fn passage(found: &SharedPassage, read: &[(PathBuf, Arc<Document>)]) -> PassagePair {
    let location = |(number, span): (usize, Span)| {
        let (path, document) = &read[number];
        PassageLocation {
            document: path.display().to_string(),
            start: span.start,
            end: span.end,
            line: document.source.char_to_line(span.start) + 1,
            text: document.text(span).replace('\n', " "),
        }
    };
    PassagePair { a: location(found.a), b: location(found.b), similarity: (found.similarity * 1000.0).round() / 1000.0 }
}

/// Prints a line per speech; the first starts with the similarity.
fn print_passage(context: &mut CliContext, passage: &PassagePair) -> Result<(), CliError> {
    let out = &mut context.out;
    for (location, head) in [(&passage.a, format!("{:>3.0}% ", passage.similarity * 100.0)), (&passage.b, "     ".to_owned())] {
        let name = out.styled(OutputStyle::Faint, &format!("{}:{}:", location.document, location.line)).into_owned();
        let mut text: String = location.text.chars().take(PASSAGE_CHARS).collect();
        if location.text.chars().nth(PASSAGE_CHARS).is_some() {
            text.push('…');
        }
        let text = out.sanitized(&text).into_owned();
        writeln!(out, "{head}{name} {text}")?;
    }
    Ok(())
}
