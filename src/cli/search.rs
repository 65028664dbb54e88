//! `pizhu search`: words in one or many speeches.

use super::{
    CliError, Context, Status,
    args::{ShapeArg, date},
    context::{speeches, warn},
    output::Ink,
};
use crate::{
    annotation::Store,
    document::Document,
    library::{
        digest::{Digests, Stamp},
        find::{self, Marked, Question},
        gather,
        index::{self, Index},
        seek::Seeker,
    },
    search::Mode,
    settings::Folders,
    source::Manner,
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::{
    collections::HashMap,
    fs,
    io::Write as _,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// `pizhu search`
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// What to search for.
    pub query: String,
    /// Files or folders to search [default: this folder].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to compare.
    #[arg(long, value_name = "MODE", default_value = "folded")]
    pub mode: SearchMode,
    /// What to search.
    #[arg(long = "in", value_name = "PART", default_value = "text")]
    pub part: Part,
    /// Only in what has this tag or one below it.
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Only in sections of this level (1 is the topmost).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub level: Option<u16>,
    /// Only in speeches of this day or later.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub since: Option<String>,
    /// Only in speeches of this day or earlier.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Option<String>,
    /// Look into every speech, even where an index tells which can hold the words.
    #[arg(long)]
    pub no_index: bool,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

/// The modes of search that the command line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SearchMode {
    /// Char by char.
    Literal,
    /// Traditional as simplified, full width as half, upper case as lower.
    Folded,
    /// Letters as pinyin: syllables, initials, or both (zuzhi, zzgz, 组织gz).
    Pinyin,
    /// A regular expression, paragraph by paragraph.
    Regex,
}

impl From<SearchMode> for Mode {
    fn from(mode: SearchMode) -> Self {
        match mode {
            SearchMode::Literal => Self::Literal,
            SearchMode::Folded => Self::Folded,
            SearchMode::Pinyin => Self::Pinyin,
            SearchMode::Regex => Self::Regex,
        }
    }
}

/// What of a speech is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The whole text.
    Text,
    /// The speech's title.
    Title,
    /// The sections' headings.
    Heading,
    /// The notes.
    Note,
}

impl From<Part> for find::Part {
    fn from(part: Part) -> Self {
        match part {
            Part::Text => Self::Text,
            Part::Title => Self::Title,
            Part::Heading => Self::Heading,
            Part::Note => Self::Note,
        }
    }
}

#[derive(Serialize)]
struct Hits<'a> {
    version: u32,
    hits: &'a [Hit],
}

/// One hit. `quote` is the source's, as are `before` and `after`. The place is null for the note
/// of an annotation that has lost its own.
#[derive(Serialize)]
struct Hit {
    document: String,
    section: Vec<String>,
    line: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    quote: String,
    before: String,
    after: String,
    /// The note that was found; only of notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip)]
    shown: [String; 3],
}

pub(super) fn run(context: &mut Context, args: &SearchArgs) -> Result<Status, CliError> {
    let question = Question {
        words: args.query.clone(),
        mode: args.mode.into(),
        part: args.part.into(),
        tag: args.tag.clone(),
        level: args.level,
        since: args.since.clone(),
        until: args.until.clone(),
    };
    let seeker = Seeker::new(question)?;
    let question = &seeker.question;
    let here = [PathBuf::from(".")];
    let named: &[PathBuf] = if args.paths.is_empty() { &here } else { &args.paths };
    let files = speeches(named)?;
    let with_names = files.len() > 1 || named.iter().any(|path| path.is_dir());
    let manner = context.manner;
    let cache = Folders::find(|name| std::env::var(name).ok()).map(|folders| folders.cache).filter(|_| with_names);
    let digests = cache.as_deref().map(|cache| Digests::load(cache, named)).unwrap_or_default();
    // There is one where the reader has made it, of files read in no manner of their own.
    let indexed = cache.filter(|_| !args.no_index && question.part != find::Part::Note && manner == Manner::default());
    let index = indexed.map(|cache| Index::open(&index::folder(&cache, named))).unwrap_or_default();
    let candidates = (!index.is_empty()).then(|| index.candidates(&question.words, question.mode));
    let is_json = context.is_json();
    let mut stores: HashMap<&Path, Store> = HashMap::new();
    if question.needs_annotations() {
        for file in &files {
            stores.insert(file.as_path(), context.store_of(Some(file))?);
        }
    }
    let mut all = Vec::new();
    let (mut count, mut failed) = (0, None);
    let find = |path: &Path| -> Result<Vec<Hit>, CliError> {
        if let Some(candidates) = &candidates
            && let Ok(metadata) = fs::metadata(path)
            && !candidates.may_hold(Stamp::of(path, &metadata))
        {
            return Ok(Vec::new());
        }
        let Some(document) = seeker.read(path, manner, &digests)? else { return Ok(Vec::new()) };
        let marked = match stores.get(path) {
            Some(store) => Some(Marked::new(store.annotations(&document, path)?.0, &store.codebook()?, question)),
            None => None,
        };
        let hits = seeker.hits(&document, marked.as_ref());
        Ok(hits.into_iter().map(|hit| described(&document, path, hit)).collect())
    };
    let mut take = |path: &Path, outcome: Result<Vec<Hit>, CliError>| -> Result<(), CliError> {
        match outcome {
            Ok(hits) => {
                count += hits.len();
                for hit in &hits {
                    if !is_json {
                        print(context, hit, with_names)?;
                    }
                }
                if is_json {
                    all.extend(hits);
                }
            }
            // One bad file in a folder does not keep the others from being searched.
            Err(error) => {
                if files.len() == 1 {
                    return Err(error);
                }
                warn(&error.message(context.words));
                if named.iter().any(|named| named == path) {
                    failed = Some(Status::Wrong);
                }
            }
        }
        Ok(())
    };
    let ended = gather::in_order(&files, find, |path, outcome| match take(path, outcome) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => ControlFlow::Break(error),
    });
    if let ControlFlow::Break(error) = ended {
        return Err(error);
    }
    // What cannot be kept costs the next search time and nothing else.
    let _ = digests.save(None);
    if is_json {
        context.out.json(&Hits { version: 1, hits: &all })?;
    }
    Ok(failed.unwrap_or(if count > 0 { Status::Done } else { Status::Nothing }))
}

/// A hit with the source's own words.
fn described(document: &Document, path: &Path, hit: find::Hit) -> Hit {
    let quoted = hit.span.map(|span| {
        let (before, after) = find::around(document, span);
        [document.quote(span), document.quote(before), document.quote(after)]
    });
    let [quote, before, after] = quoted.unwrap_or_else(|| [hit.lost.unwrap_or_default(), String::new(), String::new()]);
    Hit {
        document: path.display().to_string(),
        section: hit.section,
        line: hit.line.map(|line| line + 1),
        start: hit.span.map(|span| span.start),
        end: hit.span.map(|span| span.end),
        quote,
        before,
        after,
        note: hit.note,
        shown: hit.shown,
    }
}

/// One line a hit: the file where there are several, the line, the section, the words around.
fn print(context: &mut Context, hit: &Hit, with_name: bool) -> Result<(), CliError> {
    let out = &mut context.out;
    let [before, quote, after] = &hit.shown;
    let name = if with_name { format!("{}:", hit.document) } else { String::new() };
    let place = out.inked(Ink::Faint, &format!("{name}{}:", hit.line.unwrap_or_default())).into_owned();
    let section = out.inked(Ink::Marker, &hit.section.join("/")).into_owned();
    let gap = if section.is_empty() { "" } else { " " };
    let (before, quote, after) = (out.shown(before).into_owned(), out.inked(Ink::Match, quote).into_owned(), out.shown(after).into_owned());
    Ok(writeln!(out, "{place}{gap}{section} {before}{quote}{after}")?)
}
