//! `pizhu search`: words in one or many speeches.

use super::{
    CliError, Context, Status,
    args::{ShapeArg, date},
    context::{speeches, warn},
    output::{Ink, Surface},
};
use pizhu_annotation::Store;
use pizhu_text::document::Document;
use pizhu_library::digest::Digests;
use pizhu_library::digest::Stamp;
use pizhu_library::find;
use pizhu_library::find::Hits;
use pizhu_library::find::Marked;
use pizhu_library::find::Question;
use pizhu_library::gather;
use pizhu_library::index;
use pizhu_library::index::Index;
use pizhu_library::seek::Seeker;
use pizhu_text::search::Mode;
use crate::settings::Folders;
use pizhu_library::source::Manner;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::{
    borrow::Cow,
    collections::HashMap,
    fs,
    io::{self, Write as _},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// Bytes that a line, and a hit as JSON, mostly take.
const LINE_BYTES: usize = 256;
const ENTRY_BYTES: usize = 512;

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

/// One hit. `quote` is the source's, as are `before` and `after`. The place is null for the note
/// of an annotation that has lost its own.
#[derive(Serialize)]
struct Hit<'a> {
    document: &'a str,
    section: &'a [String],
    line: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    quote: Cow<'a, str>,
    before: Cow<'a, str>,
    after: Cow<'a, str>,
    /// The note that was found; only of notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
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
    let list = List { is_json: context.is_json(), with_names, surface: context.out.surface() };
    let mut stores: HashMap<&Path, Store> = HashMap::new();
    if question.needs_annotations() {
        for file in &files {
            stores.insert(file.as_path(), context.store_of(Some(file))?);
        }
    }
    let (mut count, mut failed) = (0, None);
    // What is printed is made ready where it is found, on all cores.
    let find = |path: &Path| -> Result<(usize, Vec<u8>), CliError> {
        if let Some(candidates) = &candidates
            && let Ok(metadata) = fs::metadata(path)
            && !candidates.may_hold(Stamp::of(path, &metadata))
        {
            return Ok(Default::default());
        }
        let Some(document) = seeker.read(path, manner, &digests)? else { return Ok(Default::default()) };
        let marked = match stores.get(path) {
            Some(store) => Some(Marked::new(store.annotations(&document, path)?.0, &store.codebook()?, question)),
            None => None,
        };
        let hits = seeker.hits(&document, marked.as_ref());
        Ok((hits.len(), list.entries(&document, path, &hits)?))
    };
    let mut take = |path: &Path, outcome: Result<(usize, Vec<u8>), CliError>| -> Result<(), CliError> {
        match outcome {
            Ok((here, entries)) => {
                if here > 0 {
                    context.out.write_all(list.between(count > 0).as_bytes())?;
                    context.out.write_all(&entries)?;
                }
                count += here;
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
    context.out.write_all(list.end(count > 0).as_bytes())?;
    Ok(failed.unwrap_or(if count > 0 { Status::Done } else { Status::Nothing }))
}

/// How hits are listed. As JSON they are written as they come, that many take no memory.
#[derive(Clone, Copy)]
struct List {
    is_json: bool,
    with_names: bool,
    surface: Surface,
}

impl List {
    /// What stands before the hits of a speech: the beginning, or between them and others.
    fn between(self, begun: bool) -> &'static str {
        match (self.is_json, begun, self.surface.is_terminal) {
            (false, ..) => "",
            (true, true, false) => ",",
            (true, true, true) => ",\n",
            (true, false, false) => "{\"version\":1,\"hits\":[",
            (true, false, true) => "{\n  \"version\": 1,\n  \"hits\": [\n",
        }
    }

    /// What stands behind the last.
    fn end(self, begun: bool) -> &'static str {
        match (self.is_json, begun, self.surface.is_terminal) {
            (false, ..) => "",
            (true, true, false) => "]}\n",
            (true, true, true) => "\n  ]\n}\n",
            (true, false, false) => "{\"version\":1,\"hits\":[]}\n",
            (true, false, true) => "{\n  \"version\": 1,\n  \"hits\": []\n}\n",
        }
    }

    /// The hits of one speech.
    fn entries(self, document: &Document, path: &Path, hits: &Hits<'_>) -> Result<Vec<u8>, CliError> {
        let name = path.display().to_string();
        if !self.is_json {
            let mut text = String::with_capacity(hits.len() * LINE_BYTES);
            hits.described().for_each(|hit| self.line(&hit, &name, &mut text));
            return Ok(text.into_bytes());
        }
        let mut text = Vec::with_capacity(hits.len() * ENTRY_BYTES);
        for (index, hit) in hits.described().enumerate() {
            if index > 0 {
                text.extend_from_slice(self.between(true).as_bytes());
            }
            let hit = quoted(document, &name, &hit);
            if self.surface.is_terminal {
                let shown = serde_json::to_string_pretty(&hit).map_err(io::Error::from)?;
                text.extend_from_slice(format!("    {}", shown.replace('\n', "\n    ")).as_bytes());
            } else {
                serde_json::to_writer(&mut text, &hit).map_err(io::Error::from)?;
            }
        }
        Ok(text)
    }

    /// One line a hit: the file where there are several, the line, the section, the words around.
    fn line(self, hit: &find::Hit, name: &str, text: &mut String) {
        let [before, quote, after] = hit.shown.parts();
        let (name, colon) = if self.with_names { (name, ":") } else { ("", "") };
        let place = format!("{name}{colon}{}:", hit.line.map_or(0, |line| line + 1));
        text.push_str(&self.surface.inked(Ink::Faint, &place));
        if !hit.section.is_empty() {
            text.push(' ');
            text.push_str(&self.surface.inked(Ink::Marker, &hit.section.join("/")));
        }
        text.push(' ');
        for part in [self.surface.shown(before), self.surface.inked(Ink::Match, quote), self.surface.shown(after)] {
            text.push_str(&part);
        }
        text.push('\n');
    }
}

/// A hit with the source's own words.
fn quoted<'a>(document: &'a Document, name: &'a str, hit: &'a find::Hit) -> Hit<'a> {
    let words = hit.span.map(|span| {
        let (before, after) = find::around(document, span);
        [span, before, after].map(|span| document.source.slice(span))
    });
    let lost = || [hit.lost.as_deref().unwrap_or_default(), "", ""].map(Cow::Borrowed);
    let [quote, before, after] = words.unwrap_or_else(lost);
    Hit {
        document: name,
        section: &hit.section,
        line: hit.line.map(|line| line + 1),
        start: hit.span.map(|span| span.start),
        end: hit.span.map(|span| span.end),
        quote,
        before,
        after,
        note: hit.note.as_deref(),
    }
}
