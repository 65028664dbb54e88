//! `pizhu reuse`: passages that speeches share.

use super::{
    CliContext, CliError, Status,
    args::common::OutputArgs,
    output::OutputStyle,
    stage::{StageItem, StageReader},
};
use crate::app::{
    job::CancelToken,
    reuse::{SharedPair, SharedTexts, find_shared},
    speeches::Batch,
};
use crate::locale::id;
use clap::Args;
use pizhu_library::reuse::SharedPassage;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use serde::Serialize;
use std::{collections::HashSet, convert::Infallible, io::Write as _, ops::ControlFlow, path::PathBuf, sync::Arc, thread};

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
    let reader = StageReader::new(context);
    let (cancel, mut seen) = (CancelToken::default(), HashSet::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let batch = Batch { items: files.into_iter().map(StageItem::File), threads, cancel: &cancel, seen: &mut seen };
    let shared = find_shared(&reader, batch, |read| {
        if let Err(failure) = read {
            context.leave_out(&failure.into_error());
        }
        ControlFlow::<Infallible>::Continue(())
    });
    let shared = shared.unwrap_or_default();
    let pairs: Vec<SpeechPair> = shared.pairs.iter().map(|found| pair(found, &shared)).collect();
    let none = pairs.is_empty();
    if context.is_json() {
        let passages = shared.pairs.iter().flat_map(|pair| &pair.passages).map(|found| passage(found, &shared.speeches)).collect();
        context.out.json(&ReuseReport { version: 1, pairs, passages })?;
    } else {
        for (pair, found) in pairs.iter().zip(&shared.pairs) {
            print_pair(context, pair)?;
            for found in &found.passages {
                print_passage(context, &passage(found, &shared.speeches))?;
            }
        }
    }
    Ok(if none { Status::NoMatch } else { context.done() })
}

fn pair(found: &SharedPair, shared: &SharedTexts) -> SpeechPair {
    let [a, b] = [0, 1].map(|side: usize| {
        let (path, document) = &shared.speeches[found.speeches[side]];
        let date = document.metadata.date.as_deref().map(str::to_owned);
        PairSide { document: path.display().to_string(), date, share: (found.shares[side] * 1000.0).round() / 1000.0 }
    });
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
        let older = if pair.older.as_ref() == Some(&side.document) { context.locale.text(id::REUSE_OLDER) } else { "".into() };
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
