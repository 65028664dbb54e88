//! `pizhu count`: how often tags are used.

use super::{CliError, Context, Status, context::speeches, export::codebook, output::Ink};
use pizhu_library::exchange::Options;
use pizhu_library::exchange::counts;
use pizhu_library::exchange::counts::SHADES;
use pizhu_library::exchange::counts::bar;
use crate::locale::counts::head_words;
use pizhu_library::exchange::counts::shade;
use pizhu_library::count::By;
use pizhu_library::count::Counted;
use pizhu_library::count::Head;
use pizhu_library::count::Key;
use pizhu_library::count::Table;
use pizhu_library::count::Tally;
use pizhu_library::count::by_total;
use pizhu_text::text::width::Ambiguous;
use pizhu_text::text::width::text_width;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::{io::Write as _, path::PathBuf};

/// `pizhu count`
#[derive(Debug, Args)]
pub struct CountArgs {
    /// Speeches, or folders of speeches [default: all that the store has annotations of].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What tags are counted by.
    #[arg(long, value_name = "WHAT", default_value = "speech")]
    pub by: ByArg,
    /// Only this tag and those below it.
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Put columns for rows.
    #[arg(long)]
    pub turned: bool,
    /// Put the rows with most in them first.
    #[arg(long)]
    pub most_first: bool,
    /// The shape of the output.
    #[arg(long, value_name = "SHAPE", default_value = "table")]
    pub format: CountShape,
    /// CSV as Excel wants it.
    #[arg(long)]
    pub excel: bool,
}

/// What tags are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ByArg {
    /// The speeches.
    Speech,
    /// The years of the speeches' dates.
    Year,
    /// How deep the sections lie.
    Level,
    /// The other tags at the same place.
    Together,
}

/// The shape of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CountShape {
    /// Figures in columns.
    #[value(alias = "text")]
    Table,
    /// Figures with their shades.
    Heat,
    /// A bar a row.
    Bars,
    /// For spreadsheets and statistics.
    Csv,
    /// For programs.
    Json,
}

#[derive(Serialize)]
struct Counts<'a> {
    version: u32,
    by: &'static str,
    columns: Vec<Column<'a>>,
    rows: Vec<Row<'a>>,
}

/// A row's or column's key: one of the names, null where there is no date or place.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Name<'a> {
    Tag(&'a str),
    Document(String),
    Year(Option<&'a str>),
    Level(Option<usize>),
}

#[derive(Serialize)]
struct Column<'a> {
    #[serde(flatten)]
    name: Name<'a>,
    total: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    name: Name<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    total: usize,
    counts: &'a [Option<usize>],
}

fn name(head: &Head) -> Name<'_> {
    match &head.key {
        Key::Tag(tag) => Name::Tag(tag),
        Key::Speech(path) => Name::Document(path.display().to_string()),
        Key::Year(year) => Name::Year(year.as_deref()),
        Key::Level(level) => Name::Level(*level),
    }
}

pub(super) fn run(context: &mut Context, args: &CountArgs) -> Result<Status, CliError> {
    let files = if args.paths.is_empty() { context.annotated_speeches()? } else { speeches(&args.paths)? };
    let book = codebook(context, &files)?;
    let mut counted = Vec::new();
    for file in &files {
        let speech = context.open(file)?;
        let placements = context.annotations(&speech)?;
        counted.push(match &args.tag {
            Some(above) => {
                let wanted = placements.only(|placed| book.current(&placed.annotation.tags).iter().any(|tag| book.is_within(tag, above)));
                Counted::new(file, &speech.document, &wanted.to_vec(), &book)
            }
            None => Counted::new(file, &speech.document, &placements.to_vec(), &book),
        });
    }
    let tally = Tally::new(counted, &book);
    let by = match args.by {
        ByArg::Speech => By::Speech,
        ByArg::Year => By::Year,
        ByArg::Level => By::Level,
        ByArg::Together => By::Together,
    };
    let mut table = tally.table(by);
    if args.turned {
        table = table.turned();
    }
    if args.most_first {
        by_total(&mut table);
    }
    match args.format {
        _ if args.format == CountShape::Json || context.is_json() => {
            let title = |head: &'_ Head| matches!(head.key, Key::Speech(_)).then(|| head.name.clone());
            let titles: Vec<Option<String>> = table.rows.iter().map(title).collect();
            let rows = table.rows.iter().zip(&table.cells).zip(&titles);
            let rows = rows.map(|((row, cells), title)| Row { name: name(row), title: title.as_deref(), total: row.total, counts: cells });
            let columns = table.columns.iter().map(|head| Column { name: name(head), total: head.total });
            let counts = Counts { version: 1, by: by.name(), columns: columns.collect(), rows: rows.collect() };
            context.out.json(&counts)?;
        }
        CountShape::Csv => {
            let mut bytes = Vec::new();
            counts::write(&table, Options { excel: args.excel }, &|head| head_words(head, context.words), &mut bytes)?;
            context.out.write_all(&bytes)?;
        }
        CountShape::Bars => bars(context, &table)?,
        CountShape::Table | CountShape::Heat | CountShape::Json => print(context, &table, args.format == CountShape::Heat)?,
    }
    Ok(if tally.count() == 0 { Status::Nothing } else { Status::Done })
}

/// Text in so many cells, on the left or the right side of them.
fn padded(text: &str, width: usize, right: bool) -> String {
    let gap = " ".repeat(width.saturating_sub(text_width(text, Ambiguous::Narrow)));
    if right { format!("{gap}{text}") } else { format!("{text}{gap}") }
}

/// The names at the left, those of tags below others set in.
fn names(context: &Context, table: &Table) -> Vec<String> {
    let name = |row: &Head| context.out.shown(&format!("{}{}", "  ".repeat(row.depth), head_words(row, context.words))).into_owned();
    table.rows.iter().map(name).collect()
}

fn widest<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| text_width(text, Ambiguous::Narrow)).max().unwrap_or(0)
}

fn print(context: &mut Context, table: &Table, shaded: bool) -> Result<(), CliError> {
    let names = names(context, table);
    let total = context.words.text("count-total").into_owned();
    let heads: Vec<String> = table.columns.iter().map(|head| context.out.shown(&head_words(head, context.words)).into_owned()).collect();
    let most = table.most();
    let cell = |figure: Option<usize>| match figure {
        None => "-".to_owned(),
        Some(figure) if shaded => format!("{}{figure:>3}", SHADES[shade(figure, most)]),
        Some(figure) => figure.to_string(),
    };
    let cells: Vec<Vec<String>> = table.cells.iter().map(|row| row.iter().map(|figure| cell(*figure)).collect()).collect();
    let left = widest(names.iter());
    let widths: Vec<usize> = (0..heads.len()).map(|at| widest(cells.iter().map(|row| &row[at]).chain([&heads[at]]))).collect();
    let last = text_width(&total, Ambiguous::Narrow).max(5);
    let mut head = padded("", left, false);
    for (head_words, width) in heads.iter().zip(&widths) {
        head = format!("{head}  {}", padded(head_words, *width, true));
    }
    let head = context.out.inked(Ink::Faint, &format!("{head}  {}", padded(&total, last, true))).into_owned();
    writeln!(context.out, "{head}")?;
    for ((name, row), cells) in names.iter().zip(&table.rows).zip(&cells) {
        let name =
            context.out.inked(if matches!(row.key, Key::Tag(_)) { Ink::Tag } else { Ink::Title }, &padded(name, left, false)).into_owned();
        write!(context.out, "{name}")?;
        for (cell, width) in cells.iter().zip(&widths) {
            write!(context.out, "  {}", padded(cell, *width, true))?;
        }
        writeln!(context.out, "  {}", padded(&row.total.to_string(), last, true))?;
    }
    Ok(())
}

/// Cells of the longest bar.
const BAR: usize = 40;

fn bars(context: &mut Context, table: &Table) -> Result<(), CliError> {
    let names = names(context, table);
    let (left, most) = (widest(names.iter()), table.rows.iter().map(|row| row.total).max().unwrap_or(0));
    for (name, row) in names.iter().zip(&table.rows) {
        writeln!(context.out, "{}  {:>5} {}", padded(name, left, false), row.total, bar(row.total, most, BAR))?;
    }
    Ok(())
}
