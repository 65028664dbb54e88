//! `pizhu reuse`: passages that speeches share.

use super::{
    CliError, Context, Status,
    args::ShapeArg,
    context::{speeches, warn},
    output::Ink,
};
use pizhu_text::document::Document;
use pizhu_library::gather;
use pizhu_library::reuse::Reduced;
use pizhu_library::reuse::Shared;
use pizhu_library::reuse::shared;
use pizhu_library::source;
use pizhu_text::text::Span;
use clap::Args;
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
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

/// Chars shown of a passage.
const SHOWN: usize = 40;

#[derive(Serialize)]
struct Report {
    version: u32,
    /// The speeches that share something.
    pairs: Vec<Pair>,
    passages: Vec<Passage>,
}

/// Two speeches: `a` the older where both have a date.
#[derive(Serialize)]
struct Pair {
    a: Side,
    b: Side,
    /// The file of the older; `None` where a date is missing or both are the same.
    older: Option<String>,
}

/// One of two speeches with how much of it the other has too.
#[derive(Serialize)]
struct Side {
    document: String,
    date: Option<String>,
    /// From 0 to 1, by letters, digits and hanzi.
    share: f64,
}

/// A passage in two speeches: `a` the older where both have a date.
#[derive(Serialize)]
struct Passage {
    a: Place,
    b: Place,
    similarity: f64,
}

#[derive(Serialize)]
struct Place {
    document: String,
    start: usize,
    end: usize,
    #[serde(skip)]
    line: usize,
    #[serde(skip)]
    text: String,
}

pub(super) fn run(context: &mut Context, args: &ReuseArgs) -> Result<Status, CliError> {
    let here = [PathBuf::from(".")];
    let files = speeches(if args.paths.is_empty() { &here } else { &args.paths })?;
    let manner = context.manner;
    let mut read: Vec<(PathBuf, Arc<Document>)> = Vec::new();
    let open = |path: &Path| source::open(path, manner).map(|speech| speech.document);
    let ended: ControlFlow<Infallible> = gather::in_order(&files, open, |path, outcome| {
        match outcome {
            Ok(document) => read.push((path.to_owned(), document)),
            Err(error) => warn(&CliError::from(error).message(context.words)),
        }
        ControlFlow::Continue(())
    });
    debug_assert!(ended.is_continue());
    // The older first; those without a date behind, as they were named.
    read.sort_by_key(|(_, document)| (document.metadata.date.is_none(), document.metadata.date.clone()));
    let texts: Vec<(&Document, Reduced)> = read.iter().map(|(_, document)| (document.as_ref(), Reduced::of(document))).collect();
    let found = shared(&texts);
    let of_pairs = || found.chunk_by(|one, other| (one.a.0, one.b.0) == (other.a.0, other.b.0));
    let pairs: Vec<Pair> = of_pairs().map(|found| pair(found, &read, &texts)).collect();
    let none = found.is_empty();
    if context.is_json() {
        let passages = found.iter().map(|found| passage(found, &read)).collect();
        context.out.json(&Report { version: 1, pairs, passages })?;
    } else {
        for (pair, found) in pairs.iter().zip(of_pairs()) {
            print_pair(context, pair)?;
            for found in found {
                print(context, &passage(found, &read))?;
            }
        }
    }
    Ok(if none { Status::Nothing } else { Status::Done })
}

fn pair(found: &[Shared], read: &[(PathBuf, Arc<Document>)], texts: &[(&Document, Reduced)]) -> Pair {
    let side = |number: usize, spans: Vec<Span>| {
        let share = texts[number].1.share(texts[number].0, spans);
        let date = texts[number].0.metadata.date.as_deref().map(str::to_owned);
        Side { document: read[number].0.display().to_string(), date, share: (share * 1000.0).round() / 1000.0 }
    };
    let a = side(found[0].a.0, found.iter().map(|one| one.a.1).collect());
    let b = side(found[0].b.0, found.iter().map(|one| one.b.1).collect());
    let older = match (&a.date, &b.date) {
        (Some(one), Some(other)) if one < other => Some(a.document.clone()),
        (Some(one), Some(other)) if one > other => Some(b.document.clone()),
        _ => None,
    };
    Pair { a, b, older }
}

/// A line that names two speeches, with how much of each they share and which is the older.
fn print_pair(context: &mut Context, pair: &Pair) -> Result<(), CliError> {
    let words = |side: &Side| {
        let date = side.date.as_deref().map(|date| format!("{date}, ")).unwrap_or_default();
        let older = if pair.older.as_ref() == Some(&side.document) { context.words.text("reuse-older") } else { "".into() };
        format!("{} ({date}{:.1}%{older})", side.document, side.share * 100.0)
    };
    let line = format!("{} | {}", words(&pair.a), words(&pair.b));
    let line = context.out.inked(Ink::Title, &line).into_owned();
    writeln!(context.out, "{line}")?;
    Ok(())
}

fn passage(found: &Shared, read: &[(PathBuf, Arc<Document>)]) -> Passage {
    let place = |(number, span): (usize, Span)| {
        let (path, document) = &read[number];
        Place {
            document: path.display().to_string(),
            start: span.start,
            end: span.end,
            line: document.source.line_of(span.start) + 1,
            text: document.text(span).replace('\n', " "),
        }
    };
    Passage { a: place(found.a), b: place(found.b), similarity: (found.similarity * 1000.0).round() / 1000.0 }
}

/// A line for each side, the likeness before the first.
fn print(context: &mut Context, passage: &Passage) -> Result<(), CliError> {
    let out = &mut context.out;
    for (place, head) in [(&passage.a, format!("{:>3.0}% ", passage.similarity * 100.0)), (&passage.b, "     ".to_owned())] {
        let name = out.inked(Ink::Faint, &format!("{}:{}:", place.document, place.line)).into_owned();
        let mut text: String = place.text.chars().take(SHOWN).collect();
        if place.text.chars().nth(SHOWN).is_some() {
            text.push('…');
        }
        let text = out.shown(&text).into_owned();
        writeln!(out, "{head}{name} {text}")?;
    }
    Ok(())
}
