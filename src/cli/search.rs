//! `pizhu search`: words in one or many speeches.

use super::{
    CliContext, CliError, Status,
    args::common::{RecordOutputArgs, parse_date},
    memo_record::{MemoRecord, memo_place},
    output::{OutputFormat, OutputStyle, OutputTarget},
    stage::{
        ListArgs, Membership, RecordArgs, RecordHead, StageFailure, StageInput, StageOptions, StageOutput, StageReader, StageSource,
        StageSpeech, StageWork, json_lines, write_outputs,
    },
    wanted_annotations::parse_condition,
};
use crate::app::search::{SearchRequest, search_library};
use crate::locale::family;
use crate::settings::Folders;
use clap::{Args, ValueEnum};
use pizhu_annotation::{Memo, Store};
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::find;
use pizhu_library::find::Hits;
use pizhu_library::find::Query;
use pizhu_library::parse_cache::ParseCache;
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use serde::Serialize;
use std::{borrow::Cow, io::Write as _, path::PathBuf};

/// Typical bytes of a hit as a line.
const LINE_BYTES: usize = 256;

/// `pizhu search`
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// What to search for.
    pub query: String,
    /// Files or folders to search [default: this folder].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Names from a list.
    #[command(flatten)]
    pub list: ListArgs,
    /// Records in place of files.
    #[command(flatten)]
    pub records: RecordArgs,
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
    /// Only hits for which this condition holds.
    #[arg(long = "where", id = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Output options.
    #[command(flatten)]
    pub output: RecordOutputArgs,
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
    /// The file, or the record's id.
    document: &'a str,
    section: &'a [String],
    #[serde(flatten)]
    place: HitFields<'a>,
    /// The note that matched; only with `--in note`.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

/// A hit as a record of JSON lines: flat, so that every line has the same fields.
#[derive(Serialize)]
struct HitLine<'a> {
    #[serde(flatten)]
    head: &'a RecordHead<'a>,
    /// Path of the section; null before the first.
    section: Option<String>,
    #[serde(flatten)]
    place: HitFields<'a>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct HitFields<'a> {
    line: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    quote: Cow<'a, str>,
    before: Cow<'a, str>,
    after: Cow<'a, str>,
}

pub(super) fn run(context: &mut CliContext, args: &SearchArgs) -> Result<Status, CliError> {
    let condition = parse_condition(args.condition.as_deref(), args.since.as_deref(), args.until.as_deref())?;
    let query = CompiledQuery::new(Query {
        text: args.query.clone(),
        mode: args.mode.into(),
        field: args.part.into(),
        tag: args.tag.clone(),
        level: args.level,
        author: context.author.clone(),
        condition,
        // The condition has the dates: a user may have corrected that of a speech.
        ..Query::default()
    })?;
    let source = StageSource::with_records(&args.paths, &args.list, &args.records);
    if source.reads_records && query.query.needs_annotations() {
        return Err(CliError::RecordsWithoutAnnotations);
    }
    let source = source.or_paths(|| Ok::<_, CliError>(vec![PathBuf::from(".")]))?;
    if query.query.needs_annotations() {
        context.check_tags(&source, args.tag.as_slice(), query.query.condition.as_ref())?;
    }
    let mut options = StageOptions::new(context, &source, "hits");
    let writer = HitWriter { options, target: context.out.target() };
    let (reader, locale) = (StageReader::new(context).with_cache(parse_cache(context, &source)), context.locale);
    let request = SearchRequest { query, finds_tag: false };
    let input = StageInput::open(&source, locale)?;
    let is_for_notes = args.part == SearchField::Note;
    let stores = if is_for_notes { context.stores_of_source(&source)? } else { Vec::new() };
    let memos = request.memos(&stores)?;
    let mut rest = Vec::new();
    if is_for_notes {
        options.frame = options.frame.with_second("memos");
        if context.is_json() {
            rest = memos.iter().map(|(store, memo)| options.frame.entry(&MemoRecord::new(memo, store))).collect::<Result<_, _>>()?;
        }
    }
    // Hits are rendered in the worker threads.
    let describe = |speech: &StageSpeech, hits: &Hits<'_>| {
        let bytes = writer.render(speech, hits).map_err(|error| StageFailure::of(speech, error, locale))?;
        let output = StageOutput { entries: hits.len(), bytes, ..StageOutput::default() };
        Ok(StageWork { value: output, warnings: speech.warnings.clone() })
    };
    let count = write_outputs(context, options, input, rest, |batch, sink| {
        search_library(&request, &reader, batch, describe, |result| sink(result.map(|found| found.map(Option::unwrap_or_default))))
    })?;
    // Without saved records the next search is slower; nothing is lost.
    let _ = reader.parse_cache.save(None);
    write_memos(context, &memos)?;
    Ok(if count + memos.len() > 0 { context.done() } else { Status::NoMatch })
}

/// Writes memos as lines of text or records; in JSON they stand in a list of their own.
fn write_memos(context: &mut CliContext, memos: &[(&Store, Memo)]) -> Result<(), CliError> {
    match context.format {
        OutputFormat::Json => {}
        OutputFormat::Jsonl => {
            let lines = json_lines(memos.iter().map(|(store, memo)| MemoRecord::new(memo, store)))?;
            context.out.write_all(&lines)?;
        }
        OutputFormat::Text => {
            for (_, memo) in memos {
                let kind = context.locale.text(family::MEMO_KIND.id(memo.kind())).into_owned();
                let head = format!("{kind} {}", memo_place(memo));
                let head = context.out.styled(OutputStyle::Marker, head.trim_end()).into_owned();
                let text = context.out.sanitized(&memo.text.replace('\n', " ")).into_owned();
                writeln!(context.out, "{head}: {text}")?;
            }
        }
    }
    Ok(())
}

/// What earlier runs have kept of the folders that are searched: kept for folders as they are named,
/// not for lists or records.
fn parse_cache(context: &CliContext, source: &StageSource<'_>) -> ParseCache {
    let has_cache = context.uses_state && source.may_be_many() && !source.reads_records && source.list.files_from.is_none();
    let folders = Folders::find(|name| std::env::var(name).ok()).filter(|_| has_cache);
    folders.map_or_else(ParseCache::default, |folders| ParseCache::open(&folders.cache, &source.paths))
}

/// How hits are written.
#[derive(Clone, Copy)]
struct HitWriter {
    options: StageOptions,
    target: OutputTarget,
}

impl HitWriter {
    /// Renders the hits of one speech.
    fn render(self, speech: &StageSpeech, hits: &Hits<'_>) -> Result<Vec<u8>, CliError> {
        if hits.is_empty() {
            return Ok(Vec::new());
        }
        let document = &speech.document;
        let name = speech.label();
        match self.options.format {
            OutputFormat::Text => {
                let mut text = String::with_capacity(hits.len() * LINE_BYTES);
                hits.with_snippets().for_each(|hit| self.render_line(&hit, &name, &mut text));
                Ok(text.into_bytes())
            }
            OutputFormat::Json => {
                let hits: Vec<find::Hit> = hits.with_snippets().collect();
                self.options.frame.entries(hits.iter().map(|hit| HitJson {
                    document: &name,
                    section: &hit.section,
                    place: hit_fields(document, hit),
                    note: hit.note.as_deref(),
                }))
            }
            OutputFormat::Jsonl => {
                let head = &RecordHead::new(speech);
                let hits: Vec<find::Hit> = hits.with_snippets().collect();
                json_lines(hits.iter().map(|hit| HitLine {
                    head,
                    section: (!hit.section.is_empty()).then(|| hit.section.join("/")),
                    place: hit_fields(document, hit),
                    note: hit.note.as_deref(),
                }))
            }
        }
    }

    /// Renders a hit as a line: file (if there are several), line, section, snippet.
    fn render_line(self, hit: &find::Hit, name: &str, text: &mut String) {
        let [before, quote, after] = hit.snippet.parts();
        let (name, colon) = if self.options.membership == Membership::Member { (name, ":") } else { ("", "") };
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

/// The place of a hit, with quotes from the source.
fn hit_fields<'a>(document: &'a Document, hit: &'a find::Hit) -> HitFields<'a> {
    let words = hit.span.map(|span| {
        let (before, after) = find::context_spans(document, span);
        [span, before, after].map(|span| document.source.slice(span))
    });
    let orphan = || [hit.orphan_quote.as_deref().unwrap_or_default(), "", ""].map(Cow::Borrowed);
    let [quote, before, after] = words.unwrap_or_else(orphan);
    HitFields {
        line: hit.line.map(|line| line + 1),
        start: hit.span.map(|span| span.start),
        end: hit.span.map(|span| span.end),
        quote,
        before,
        after,
    }
}
