//! `pizhu search`: words in one or many speeches.

use super::{
    CliContext, CliError, Status,
    args::common::{OutputArgs, parse_date},
    output::{OutputStyle, OutputTarget},
};
use crate::settings::Folders;
use clap::{Args, ValueEnum};
use pizhu_annotation::Codebook;
use pizhu_annotation::{Store, StoreError};
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::find;
use pizhu_library::find::AnnotationFilter;
use pizhu_library::find::Hits;
use pizhu_library::find::Query;
use pizhu_library::index;
use pizhu_library::index::BigramIndex;
use pizhu_library::parallel;
use pizhu_library::parse_cache::MetadataFingerprint;
use pizhu_library::parse_cache::ParseCache;
use pizhu_library::source::ReadOptions;
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use serde::Serialize;
use std::{
    borrow::Cow,
    collections::HashMap,
    fs,
    io::{self, Write as _},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Typical bytes of a hit, as a line and in JSON.
const LINE_BYTES: usize = 256;
const JSON_BYTES: usize = 512;

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
    pub part: SearchField,
    /// Only in sections and passages with this tag or one below it.
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Only in sections of this level (1 is the topmost).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub level: Option<u16>,
    /// Only speeches of this day or later.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub since: Option<String>,
    /// Only speeches of this day or earlier.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub until: Option<String>,
    /// Search every speech, even if an index can tell which contain the words.
    #[arg(long)]
    pub no_index: bool,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The modes of search on the command line.
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

impl From<SearchMode> for MatchMode {
    fn from(mode: SearchMode) -> Self {
        match mode {
            SearchMode::Literal => Self::Literal,
            SearchMode::Folded => Self::Folded,
            SearchMode::Pinyin => Self::Pinyin,
            SearchMode::Regex => Self::Regex,
        }
    }
}

/// The part of a speech that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SearchField {
    /// The whole text.
    Text,
    /// The speech's title.
    Title,
    /// The sections' headings.
    Heading,
    /// The notes.
    Note,
}

impl From<SearchField> for find::Field {
    fn from(part: SearchField) -> Self {
        match part {
            SearchField::Text => Self::Text,
            SearchField::Title => Self::Title,
            SearchField::Heading => Self::Heading,
            SearchField::Note => Self::Note,
        }
    }
}

/// A hit in JSON. `quote`, `before` and `after` are from the source, not the cleaned text. Line and
/// offsets are null for the note of an orphaned annotation.
#[derive(Serialize)]
struct HitJson<'a> {
    document: &'a str,
    section: &'a [String],
    line: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    quote: Cow<'a, str>,
    before: Cow<'a, str>,
    after: Cow<'a, str>,
    /// The note that matched; only with `--in note`.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

pub(super) fn run(context: &mut CliContext, args: &SearchArgs) -> Result<Status, CliError> {
    let filters = Query {
        text: args.query.clone(),
        mode: args.mode.into(),
        field: args.part.into(),
        tag: args.tag.clone(),
        level: args.level,
        since: args.since.clone(),
        until: args.until.clone(),
    };
    let query = CompiledQuery::new(filters)?;
    let filters = &query.query;
    let current_folder = [PathBuf::from(".")];
    let roots: &[PathBuf] = if args.paths.is_empty() { &current_folder } else { &args.paths };
    let files = context.list_speeches(roots)?;
    let with_names = files.len() > 1 || roots.iter().any(|path| path.is_dir());
    let options = context.read_options;
    let cache = Folders::find(|name| std::env::var(name).ok()).map(|folders| folders.cache).filter(|_| with_names);
    let parse_cache = cache.as_deref().map(|cache| ParseCache::load(cache, roots)).unwrap_or_default();
    // The reader builds an index of files read with the default options.
    let indexed = cache.filter(|_| !args.no_index && filters.field != find::Field::Note && options == ReadOptions::default());
    let index = indexed.map(|cache| BigramIndex::open(&index::folder(&cache, roots))).unwrap_or_default();
    let candidates = (!index.is_empty()).then(|| index.candidates(&filters.text, filters.mode));
    let writer = HitWriter { is_json: context.is_json(), with_names, target: context.out.target() };
    // The stores with their codebooks, which are read once.
    let mut stores: HashMap<&Path, Arc<(Store, Codebook)>> = HashMap::new();
    if filters.needs_annotations() {
        let mut opened: Vec<Arc<(Store, Codebook)>> = Vec::new();
        for file in &files {
            let store = context.store_of(file)?;
            let known = if let Some(known) = opened.iter().find(|known| known.0.location() == store.location()) {
                Arc::clone(known)
            } else {
                let codebook = store.codebook()?;
                // A name that fits several tags is refused before anything is printed.
                if let Some(words) = &filters.tag {
                    codebook.wanted(words).map_err(StoreError::from)?;
                }
                let known = Arc::new((store, codebook));
                opened.push(Arc::clone(&known));
                known
            };
            stores.insert(file.as_path(), known);
        }
    }
    let mut count = 0;
    // Hits are rendered in the worker threads.
    let find = |path: &Path| -> Result<(usize, Vec<u8>), CliError> {
        if let Some(candidates) = &candidates
            && let Ok(metadata) = fs::metadata(path)
            && !candidates.may_contain(MetadataFingerprint::new(path, &metadata))
        {
            return Ok(Default::default());
        }
        let Some(document) = query.load_candidate(path, options, &parse_cache)? else { return Ok(Default::default()) };
        let annotations = match stores.get(path) {
            Some(known) => {
                let (store, codebook) = &**known;
                Some(AnnotationFilter::new(store.annotations(&document, path)?.0, codebook, filters).map_err(StoreError::from)?)
            }
            None => None,
        };
        let hits = query.hits(&document, annotations.as_ref());
        Ok((hits.len(), writer.render(&document, path, &hits)?))
    };
    let mut write = |outcome: Result<(usize, Vec<u8>), CliError>| -> Result<(), CliError> {
        match outcome {
            Ok((hits, entries)) => {
                if hits > 0 {
                    context.out.write_all(writer.separator(count > 0).as_bytes())?;
                    context.out.write_all(&entries)?;
                }
                count += hits;
            }
            Err(error) => return context.unless_among(Err(error), &files).map(|_: Option<()>| ()),
        }
        Ok(())
    };
    let ended = parallel::par_map_files(&files, find, |_, outcome| match write(outcome) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => ControlFlow::Break(error),
    });
    if let ControlFlow::Break(error) = ended {
        return Err(error);
    }
    // Without saved records the next search is slower; nothing is lost.
    let _ = parse_cache.save(None);
    context.out.write_all(writer.end(count > 0).as_bytes())?;
    Ok(if count > 0 { context.done() } else { Status::NoMatch })
}

/// How hits are written. JSON is streamed, so many hits take no memory.
#[derive(Clone, Copy)]
struct HitWriter {
    is_json: bool,
    with_names: bool,
    target: OutputTarget,
}

impl HitWriter {
    /// Text before the hits of a speech: the start of the JSON document, or a separator.
    fn separator(self, started: bool) -> &'static str {
        match (self.is_json, started, self.target.is_terminal) {
            (false, ..) => "",
            (true, true, false) => ",",
            (true, true, true) => ",\n",
            (true, false, false) => "{\"version\":1,\"hits\":[",
            (true, false, true) => "{\n  \"version\": 1,\n  \"hits\": [\n",
        }
    }

    /// Text after the last hit.
    fn end(self, started: bool) -> &'static str {
        match (self.is_json, started, self.target.is_terminal) {
            (false, ..) => "",
            (true, true, false) => "]}\n",
            (true, true, true) => "\n  ]\n}\n",
            (true, false, false) => "{\"version\":1,\"hits\":[]}\n",
            (true, false, true) => "{\n  \"version\": 1,\n  \"hits\": []\n}\n",
        }
    }

    /// Renders the hits of one speech.
    fn render(self, document: &Document, path: &Path, hits: &Hits<'_>) -> Result<Vec<u8>, CliError> {
        let name = path.display().to_string();
        if !self.is_json {
            let mut text = String::with_capacity(hits.len() * LINE_BYTES);
            hits.with_snippets().for_each(|hit| self.render_line(&hit, &name, &mut text));
            return Ok(text.into_bytes());
        }
        let mut text = Vec::with_capacity(hits.len() * JSON_BYTES);
        for (index, hit) in hits.with_snippets().enumerate() {
            if index > 0 {
                text.extend_from_slice(self.separator(true).as_bytes());
            }
            let hit = hit_json(document, &name, &hit);
            if self.target.is_terminal {
                let shown = self.target.json_text(serde_json::to_string_pretty(&hit).map_err(io::Error::from)?);
                text.extend_from_slice(format!("    {}", shown.replace('\n', "\n    ")).as_bytes());
            } else {
                serde_json::to_writer(&mut text, &hit).map_err(io::Error::from)?;
            }
        }
        Ok(text)
    }

    /// Renders a hit as a line: file (if there are several), line, section, snippet.
    fn render_line(self, hit: &find::Hit, name: &str, text: &mut String) {
        let [before, quote, after] = hit.snippet.parts();
        let (name, colon) = if self.with_names { (name, ":") } else { ("", "") };
        let location = format!("{name}{colon}{}:", hit.line.map_or(0, |line| line + 1));
        text.push_str(&self.target.styled(OutputStyle::Faint, &location));
        if !hit.section.is_empty() {
            text.push(' ');
            text.push_str(&self.target.styled(OutputStyle::Marker, &hit.section.join("/")));
        }
        text.push(' ');
        for part in [self.target.sanitized(before), self.target.styled(OutputStyle::Match, quote), self.target.sanitized(after)] {
            text.push_str(&part);
        }
        text.push('\n');
    }
}

/// A hit with quotes from the source.
fn hit_json<'a>(document: &'a Document, name: &'a str, hit: &'a find::Hit) -> HitJson<'a> {
    let words = hit.span.map(|span| {
        let (before, after) = find::context_spans(document, span);
        [span, before, after].map(|span| document.source.slice(span))
    });
    let orphan = || [hit.orphan_quote.as_deref().unwrap_or_default(), "", ""].map(Cow::Borrowed);
    let [quote, before, after] = words.unwrap_or_else(orphan);
    HitJson {
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
