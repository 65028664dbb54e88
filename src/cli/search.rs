//! `pizhu search`: words in one or many speeches.

use super::{
    CliError, Context, Status,
    args::{ShapeArg, date},
    context::{speeches, warn},
    output::Ink,
};
use crate::{
    annotation::{Placed, Placements, Store},
    document::Document,
    search::{Matcher, Mode},
    source::{self, Speech},
    text::{SourceText, Span},
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::{
    collections::HashMap,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
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

/// Chars shown before and after a hit.
const CONTEXT_CHARS: usize = 24;

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
    let matcher = Matcher::new(&args.query, Mode::from(args.mode))?;
    let here = [PathBuf::from(".")];
    let named: &[PathBuf] = if args.paths.is_empty() { &here } else { &args.paths };
    let files = speeches(named)?;
    let with_names = files.len() > 1 || named.iter().any(|path| path.is_dir());
    let manner = context.manner;
    let is_json = context.is_json();
    let marks = Marks::new(context, args, &files)?;
    let mut all = Vec::new();
    let (mut count, mut failed) = (0, None);
    in_order(
        &files,
        |path| {
            let speech = source::open(path, manner)?;
            let marks = marks.of(path, &speech)?;
            Ok(find(&speech, &matcher, args, marks.as_ref()))
        },
        |path, outcome| {
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
        },
    )?;
    if is_json {
        context.out.json(&Hits { version: 1, hits: &all })?;
    }
    Ok(failed.unwrap_or(if count > 0 { Status::Done } else { Status::Nothing }))
}

/// What is needed of annotations: nothing, unless tags or notes matter.
struct Marks<'a> {
    stores: HashMap<&'a Path, Store>,
    within: Option<&'a str>,
}

/// The annotations of one speech, and the places that have the tag asked for.
struct Marked {
    placed: Placements,
    within: Option<Vec<Span>>,
}

impl<'a> Marks<'a> {
    fn new(context: &mut Context, args: &'a SearchArgs, files: &'a [PathBuf]) -> Result<Self, CliError> {
        let mut stores = HashMap::new();
        if args.tag.is_some() || args.part == Part::Note {
            for file in files {
                stores.insert(file.as_path(), context.store_of(Some(file))?);
            }
        }
        Ok(Self { stores, within: args.tag.as_deref() })
    }

    fn of(&self, path: &Path, speech: &Speech) -> Result<Option<Marked>, CliError> {
        let Some(store) = self.stores.get(path) else { return Ok(None) };
        let (placed, _) = store.annotations(&speech.document, path)?;
        let within = match self.within {
            Some(above) => {
                let book = store.codebook()?;
                let has_tag = |placed: &&Placed| placed.annotation.tags.iter().any(|tag| book.is_within(tag, above));
                Some(placed.list().iter().filter(has_tag).filter_map(|placed| placed.span).collect())
            }
            None => None,
        };
        Ok(Some(Marked { placed, within }))
    }
}

/// The hits of one speech, in order.
fn find(speech: &Speech, matcher: &Matcher, args: &SearchArgs, marks: Option<&Marked>) -> Vec<Hit> {
    let document = &speech.document;
    if !in_period(document, args) {
        return Vec::new();
    }
    let within = marks.and_then(|marks| marks.within.as_ref());
    let fits = |hit: &Span| within.is_none_or(|spans| spans.iter().any(|span| span.overlaps(*hit))) && fits_level(document, *hit, args);
    let places: Vec<Span> = match args.part {
        Part::Text => vec![document.source.span()],
        Part::Title => document.metadata.title_span.into_iter().collect(),
        Part::Heading => document.outline.sections().iter().map(|section| section.heading).collect(),
        Part::Note => {
            let noted = marks.map(|marks| marks.placed.list()).unwrap_or_default().iter();
            return noted
                .filter(|placed| placed.span.map_or(within.is_none() && args.level.is_none(), |span| fits(&span)))
                .filter_map(|placed| describe_note(speech, placed, matcher))
                .collect();
        }
    };
    let hits = places.into_iter().flat_map(|place| matcher.hits(document, place));
    hits.filter(fits).map(|hit| describe(speech, hit)).collect()
}

/// The hit in a note: the place it is on, and the note. `None` where the note does not match.
fn describe_note(speech: &Speech, placed: &Placed, matcher: &Matcher) -> Option<Hit> {
    let note = &placed.annotation.note;
    let text = Document { source: SourceText::from(note.as_str()), ..Document::default() };
    matcher.first(&text, text.source.span())?;
    let hit = match placed.span {
        Some(span) => describe(speech, span),
        None => Hit {
            document: speech.path.display().to_string(),
            section: Vec::new(),
            line: None,
            start: None,
            end: None,
            quote: placed.annotation.selector.quote.clone(),
            before: String::new(),
            after: String::new(),
            note: None,
            shown: [String::new(), placed.annotation.selector.quote.clone(), String::new()],
        },
    };
    let quote: String = hit.shown[1].chars().take(CONTEXT_CHARS).collect();
    Some(Hit { shown: [format!("{quote} — "), note.replace('\n', " "), String::new()], note: Some(note.clone()), ..hit })
}

fn in_period(document: &Document, args: &SearchArgs) -> bool {
    let Some(date) = document.metadata.date.as_deref() else { return args.since.is_none() && args.until.is_none() };
    // A month or a year stands for all its days.
    args.since.as_deref().is_none_or(|since| date >= since)
        && args.until.as_deref().is_none_or(|until| date <= until || date.starts_with(until))
}

fn fits_level(document: &Document, hit: Span, args: &SearchArgs) -> bool {
    let Some(level) = args.level else { return true };
    let section = document.outline.at(hit.start).and_then(|id| document.outline.get(id));
    section.is_some_and(|section| section.depth + 1 == level)
}

fn describe(speech: &Speech, hit: Span) -> Hit {
    let document = &speech.document;
    let before = Span::new(hit.start.saturating_sub(CONTEXT_CHARS), hit.start);
    let after = Span::new(hit.end, (hit.end + CONTEXT_CHARS).min(document.source.len()));
    // What is shown stays within the line of the cleaned text.
    let (head, quote, tail) = (document.text(before), document.text(hit), document.text(after));
    let head = head.rsplit('\n').next().unwrap_or_default().to_owned();
    let tail = tail.split('\n').next().unwrap_or_default().to_owned();
    Hit {
        document: speech.path.display().to_string(),
        section: document.outline.at(hit.start).map(|id| document.outline.path(id)).unwrap_or_default(),
        line: Some(document.source.line_of(hit.start) + 1),
        start: Some(hit.start),
        end: Some(hit.end),
        quote: document.quote(hit),
        before: document.quote(before),
        after: document.quote(after),
        note: None,
        shown: [head, quote.replace('\n', " "), tail],
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

/// Does `work` on every file, on as many threads as there are cores, and hands the outcomes to
/// `consume` in the files' order.
fn in_order<T: Send>(
    files: &[PathBuf],
    work: impl Fn(&Path) -> Result<T, CliError> + Sync,
    mut consume: impl FnMut(&Path, Result<T, CliError>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(workers * 16);
        for _ in 0..workers {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let Some((index, path)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|index| Some((index, files.get(index)?)))
                {
                    if sender.send((index, work(path))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = std::collections::BTreeMap::new();
        let mut due = 0;
        for (index, outcome) in receiver {
            waiting.insert(index, outcome);
            while let Some(outcome) = waiting.remove(&due) {
                consume(&files[due], outcome)?;
                due += 1;
            }
        }
        Ok(())
    })
}
