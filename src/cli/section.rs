//! `pizhu section`: mends the outline that the program found, and lists what is mended.

use super::{CliContext, CliError, Status, address::Address, args::common::OutputArgs, named_speeches, output::OutputStyle};
use crate::locale::{family, id};
use clap::{ArgGroup, Args};
use pizhu_annotation::store::MendedOutline;
use pizhu_annotation::{AnnotationId, EditError, OutlineChange, OutlineRequest, PlacedOutlineEdit, StoreError, Target};
use pizhu_library::source::Speech;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use serde::Serialize;
use std::{io::Write as _, path::PathBuf};

/// Chars of a heading in the list.
const QUOTE_CHARS: usize = 24;

/// `pizhu section`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("change").args(["promote", "demote", "no_heading", "heading", "title", "reset"])))]
#[command(group(ArgGroup::new("where").args(["place", "quote", "span", "line"])))]
pub struct SectionArgs {
    /// The speech; without a change, what is mended in it is listed.
    pub file: PathBuf,
    /// A section by its path: the markers from the top, joined by `/`, as in 二、/（三）/一是#2.
    #[arg(value_name = "PATH")]
    pub place: Option<String>,
    /// Words by what they are.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub quote: Option<String>,
    /// Which occurrence of the quote, from 1.
    #[arg(long, value_name = "N", requires = "quote", value_parser = clap::value_parser!(u32).range(1..))]
    pub nth: Option<u32>,
    /// Words by their characters, counted from 0, the end excluded.
    #[arg(long, value_name = "START:END")]
    pub span: Option<String>,
    /// A line of the text, from 1.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub line: Option<u32>,
    /// Move the section one level up, with those below it.
    #[arg(long, requires = "where")]
    pub promote: bool,
    /// Move the section one level down, with those below it.
    #[arg(long, requires = "where")]
    pub demote: bool,
    /// It is no heading, or no title: its words are text.
    #[arg(long, requires = "where")]
    pub no_heading: bool,
    /// It is a heading of this level, 1 at the top [default: that of its ordinal, else of the section
    /// above].
    #[arg(long, value_name = "LEVEL", requires = "where", num_args = 0..=1, default_missing_value = "0",
          value_parser = clap::value_parser!(u8).range(0..=60))]
    pub heading: Option<u8>,
    /// It is the title.
    #[arg(long, requires = "where")]
    pub title: bool,
    /// Take back what is mended there; without a place, all of it.
    #[arg(long)]
    pub reset: bool,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What is mended in a speech, in JSON.
#[derive(Serialize)]
struct SectionReport {
    version: u32,
    edits: Vec<EditEntry>,
}

/// One edit of an outline.
#[derive(Serialize)]
struct EditEntry {
    id: AnnotationId,
    change: &'static str,
    /// The level asked for, of a heading.
    level: Option<u8>,
    /// Path of the section that it is now; null for none.
    section: Option<String>,
    start: Option<usize>,
    end: Option<usize>,
    quote: String,
    author: String,
    anchor: &'static str,
}

pub(super) fn run(context: &mut CliContext, args: &SectionArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let store = context.store_for(Some(&args.file))?;
    let Some(request) = request(args, &speech)? else {
        if args.is_placed() {
            return Err(CliError::NoOutlineChange);
        }
        return list(context, &store.outline(&speech.document, &speech.path)?);
    };
    let before = store.outline(&speech.document, &speech.path)?.edits;
    let mended = store.mend_outline(&speech.document, &speech.path, &context.annotator(), &[request]);
    let (after, is_changed) = mended.map_err(|error| match error {
        StoreError::Edit(error @ (EditError::CannotMove | EditError::NoHeading | EditError::NoText)) => {
            CliError::Heading(args.file.clone(), error)
        }
        error => error.into(),
    })?;
    if is_changed {
        named_speeches::remember(&speech.path, store.location());
    }
    let made = after.edits.all().iter().map(|placed| placed.id).filter(|id| before.get(*id).is_none()).collect();
    context.print_ids(made)?;
    Ok(Status::Done)
}

impl SectionArgs {
    fn is_placed(&self) -> bool {
        self.place.is_some() || self.quote.is_some() || self.span.is_some() || self.line.is_some()
    }
}

/// What is asked for; `None` for nothing but the list.
fn request(args: &SectionArgs, speech: &Speech) -> Result<Option<OutlineRequest>, CliError> {
    let document = &speech.document;
    if args.reset {
        return Ok(Some(OutlineRequest::Reset(if args.is_placed() { Some(place(args, speech, false)?) } else { None })));
    }
    let change = if args.promote {
        OutlineChange::Promote
    } else if args.demote {
        OutlineChange::Demote
    } else if args.no_heading {
        OutlineChange::NoHeading
    } else if args.title {
        OutlineChange::Title
    } else if let Some(level) = args.heading {
        let at = place(args, speech, true)?;
        return Ok(Some(OutlineRequest::Change {
            at,
            change: OutlineChange::Heading(if level == 0 { document.likely_level(at) } else { level }),
        }));
    } else {
        return Ok(None);
    };
    Ok(Some(OutlineRequest::Change { at: place(args, speech, false)?, change }))
}

/// The words meant; of a line that is to be a heading, its first clause if it runs on.
fn place(args: &SectionArgs, speech: &Speech, cuts_clause: bool) -> Result<Span, CliError> {
    let document: &Document = &speech.document;
    let words = |at: Span| if cuts_clause { document.heading_words(at) } else { document.title_words(at) };
    let found = if let Some(line) = args.line {
        let line = line as usize - 1;
        let span = if line < document.source.len_lines() { document.source.line_span(line) } else { Span::empty(document.source.len()) };
        let first = document.source.chars_from(span.start).take(span.len()).find(|(_, c)| !c.is_whitespace());
        first.and_then(|(at, _)| words(Span::empty(at)))
    } else {
        let (section, quote, span) = (args.place.clone(), args.quote.clone(), args.span.clone());
        match (Address { section, quote, nth: args.nth, span, whole: false }).resolve(speech)? {
            Target::Section(id) => document.outline.get(id).map(|section| section.heading),
            Target::Passage(span) => words(span),
            Target::Speech => None,
        }
    };
    found.ok_or_else(|| CliError::Heading(args.file.clone(), EditError::NoText))
}

/// Lists what is mended.
fn list(context: &mut CliContext, outline: &MendedOutline) -> Result<Status, CliError> {
    let entries: Vec<EditEntry> = outline.edits.all().iter().map(|placed| entry(&outline.document, placed)).collect();
    if context.is_json() {
        context.out.json(&SectionReport { version: 1, edits: entries })?;
        return Ok(Status::Done);
    }
    for entry in entries {
        let id = context.out.styled(OutputStyle::Faint, &entry.id.to_string()).into_owned();
        let change = context.locale.text(family::OUTLINE_CHANGE.id(entry.change)).into_owned();
        let level = entry.level.map(|level| format!(" {level}")).unwrap_or_default();
        let section = context.out.styled(OutputStyle::Marker, entry.section.as_deref().unwrap_or("")).into_owned();
        let solid: String = entry.quote.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(QUOTE_CHARS).collect();
        let quote = context.out.sanitized(&solid).into_owned();
        let state = if entry.start.is_none() { format!("  {}", context.locale.text(id::ANCHOR_ORPHANED)) } else { String::new() };
        writeln!(context.out, "{id}  {change}{level}  「{quote}」 {section}{state}")?;
    }
    Ok(Status::Done)
}

fn entry(document: &Document, placed: &PlacedOutlineEdit) -> EditEntry {
    let is_heading = |id: &pizhu_text::document::SectionId| {
        placed.span.is_some_and(|span| document.outline.get(*id).is_some_and(|section| section.heading.overlaps(span)))
    };
    let section = placed.span.and_then(|span| document.outline.section_at(span.start)).filter(is_heading);
    EditEntry {
        id: placed.id,
        change: placed.change.name(),
        level: if let OutlineChange::Heading(level) = placed.change { Some(level) } else { None },
        section: section.map(|id| document.outline.path_text(id)),
        start: placed.span.map(|span| span.start),
        end: placed.span.map(|span| span.end),
        quote: placed.span.map_or_else(|| placed.selector.quote.clone(), |span| document.quote(span)),
        author: placed.author.clone(),
        anchor: placed.status.name(),
    }
}
