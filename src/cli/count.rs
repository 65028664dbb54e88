//! `pizhu count`: tables of tag counts.

use super::{
    CliContext, CliError, Status,
    output::{OutputFormat, OutputStyle},
    progress::Progress,
    stage::{ListArgs, StageFailure, StageItem, StageOptions, StageSource, StageWork, fold_items, read_item},
};
use crate::locale::counts::count_label;
use clap::{Args, ValueEnum};
use pizhu_annotation::{AnchoredAnnotation, Codebook, StoreError, TagId};
use pizhu_library::count::CountBy;
use pizhu_library::count::CountHeader;
use pizhu_library::count::CountKey;
use pizhu_library::count::CountTable;
use pizhu_library::count::CountedSpeech;
use pizhu_library::count::Tally;
use pizhu_library::count::sort_by_total;
use pizhu_library::exchange::ExportOptions;
use pizhu_library::exchange::counts;
use pizhu_library::exchange::counts::SHADE_TEXTS;
use pizhu_library::exchange::counts::bar;
use pizhu_library::exchange::counts::shade;
use pizhu_text::text::width::AmbiguousWidth;
use pizhu_text::text::width::text_width;
use serde::Serialize;
use std::{io::Write as _, path::PathBuf, sync::Arc};

/// `pizhu count`
#[derive(Debug, Args)]
pub struct CountArgs {
    /// Speeches, or folders of speeches [default: all speeches annotated in the store].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Names from a list.
    #[command(flatten)]
    pub list: ListArgs,
    /// What the tags are counted by.
    #[arg(long, value_name = "WHAT", default_value = "speech")]
    pub by: ByArg,
    /// Only this tag and the tags below it.
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Transpose rows and columns.
    #[arg(long)]
    pub turned: bool,
    /// Sort rows by their totals, largest first.
    #[arg(long)]
    pub most_first: bool,
    /// Output format.
    #[arg(long, value_name = "SHAPE", default_value = "table")]
    pub format: CountFormat,
    /// CSV in the form that Excel expects.
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
pub enum CountFormat {
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
struct CountReport<'a> {
    version: u32,
    by: &'static str,
    columns: Vec<ColumnJson<'a>>,
    rows: Vec<CountRow<'a>>,
}

/// Key of a row or column in JSON: exactly one of the variants' names; null for a missing date or
/// section.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum KeyJson<'a> {
    Tag(&'a str),
    Document(String),
    Year(Option<&'a str>),
    Level(Option<usize>),
}

#[derive(Serialize)]
struct ColumnJson<'a> {
    #[serde(flatten)]
    name: KeyJson<'a>,
    total: usize,
}

#[derive(Serialize)]
struct CountRow<'a> {
    #[serde(flatten)]
    name: KeyJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    total: usize,
    counts: &'a [Option<usize>],
}

fn key_json(header: &CountHeader) -> KeyJson<'_> {
    match &header.key {
        CountKey::Tag(tag) => KeyJson::Tag(&tag.name),
        CountKey::Speech(path) => KeyJson::Document(path.display().to_string()),
        CountKey::Year(year) => KeyJson::Year(year.as_deref()),
        CountKey::Level(level) => KeyJson::Level(*level),
    }
}

pub(super) fn run(context: &mut CliContext, args: &CountArgs) -> Result<Status, CliError> {
    let source = StageSource::new(&args.paths, &args.list, None).or_files(|| context.annotated_speeches())?;
    let files = context.list_source(&source, false)?;
    let book = context.codebook_of(&files)?;
    let above = args.tag.as_deref().map(|words| book.wanted(words)).transpose().map_err(StoreError::from)?;
    let counted = counted_speeches(context, &source, files, &book, above)?;
    let tally = Tally::new(counted, &book);
    let by = match args.by {
        ByArg::Speech => CountBy::Speech,
        ByArg::Year => CountBy::Year,
        ByArg::Level => CountBy::Level,
        ByArg::Together => CountBy::Cooccurrence,
    };
    let mut table = tally.table(by);
    if args.turned {
        table = table.transposed();
    }
    if args.most_first {
        sort_by_total(&mut table);
    }
    match args.format {
        _ if args.format == CountFormat::Json || context.is_json() => {
            let title = |header: &'_ CountHeader| matches!(header.key, CountKey::Speech(_)).then(|| header.name.clone());
            let titles: Vec<Option<String>> = table.rows.iter().map(title).collect();
            let rows = table.rows.iter().zip(&table.cells).zip(&titles);
            let rows = rows.map(|((row, cells), title)| CountRow {
                name: key_json(row),
                title: title.as_deref(),
                total: row.total,
                counts: cells,
            });
            let columns = table.columns.iter().map(|header| ColumnJson { name: key_json(header), total: header.total });
            let counts = CountReport { version: 1, by: by.name(), columns: columns.collect(), rows: rows.collect() };
            context.out.json(&counts)?;
        }
        CountFormat::Csv => {
            let mut bytes = Vec::new();
            counts::write(&table, ExportOptions { excel: args.excel }, &|header| count_label(header, context.locale), &mut bytes)?;
            context.out.write_all(&bytes)?;
        }
        CountFormat::Bars => print_bars(context, &table)?,
        CountFormat::Table | CountFormat::Heat | CountFormat::Json => print_table(context, &table, args.format == CountFormat::Heat)?,
    }
    Ok(if tally.count() == 0 { Status::NoMatch } else { context.done() })
}

/// Reads the speeches and their annotations, only those under the tag `above` if there is one.
fn counted_speeches(
    context: &mut CliContext,
    source: &StageSource<'_>,
    files: Vec<PathBuf>,
    book: &Codebook,
    above: Option<TagId>,
) -> Result<Vec<CountedSpeech>, CliError> {
    let options = StageOptions { format: OutputFormat::Text, ..StageOptions::new(context, source, "speeches") };
    let options = StageOptions { needs_one: !source.is_stream() && files.len() == 1, ..options };
    let (stores, read_options, locale) = (Arc::clone(&context.stores), context.read_options, context.locale);
    let progress = Progress::before_output(context, files.len());
    let count = |item| {
        let speech = read_item(item, read_options, &stores, locale)?;
        let counted = || -> Result<StageWork<Option<CountedSpeech>>, CliError> {
            let warnings = speech.warnings.clone();
            let Some(path) = &speech.path else {
                return Ok(StageWork { value: None, warnings, store_warnings: Vec::new(), identity: None });
            };
            let found = stores.of_file(path)?.speech_annotations(&speech.document, path)?;
            let is_wanted = |anchored: &AnchoredAnnotation| {
                above.is_none_or(|above| book.current_tags(&anchored.annotation.tags).iter().any(|tag| book.is_within(tag.id, above)))
            };
            let wanted: Vec<AnchoredAnnotation> = found.anchors.iter().filter(|anchored| is_wanted(anchored)).cloned().collect();
            let value = Some(CountedSpeech::new(path, &speech.document, &wanted, book));
            Ok(StageWork { value, warnings, store_warnings: found.warnings, identity: Some(found.identity) })
        };
        counted().map_err(|error| StageFailure::of(&speech, error, locale))
    };
    let mut speeches = Vec::new();
    fold_items(context, options, files.into_iter().map(StageItem::File), progress, count, |_, counted| {
        speeches.extend(counted);
        Ok(())
    })?;
    Ok(speeches)
}

/// Pads text with spaces to `width` cells, aligned left or right.
fn pad(text: &str, width: usize, right: bool) -> String {
    let gap = " ".repeat(width.saturating_sub(text_width(text, AmbiguousWidth::Narrow)));
    if right { format!("{gap}{text}") } else { format!("{text}{gap}") }
}

/// Row labels, indented by depth.
fn row_labels(context: &CliContext, table: &CountTable) -> Vec<String> {
    let name =
        |row: &CountHeader| context.out.sanitized(&format!("{}{}", "  ".repeat(row.depth), count_label(row, context.locale))).into_owned();
    table.rows.iter().map(name).collect()
}

fn max_width<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| text_width(text, AmbiguousWidth::Narrow)).max().unwrap_or(0)
}

fn print_table(context: &mut CliContext, table: &CountTable, shaded: bool) -> Result<(), CliError> {
    let names = row_labels(context, table);
    let total = context.locale.text("count-total").into_owned();
    let headers: Vec<String> =
        table.columns.iter().map(|header| context.out.sanitized(&count_label(header, context.locale)).into_owned()).collect();
    let max = table.max_cell();
    let cell = |figure: Option<usize>| match figure {
        None => "-".to_owned(),
        Some(figure) if shaded => format!("{}{figure:>3}", SHADE_TEXTS[shade(figure, max)]),
        Some(figure) => figure.to_string(),
    };
    let cells: Vec<Vec<String>> = table.cells.iter().map(|row| row.iter().map(|figure| cell(*figure)).collect()).collect();
    let label_width = max_width(names.iter());
    let widths: Vec<usize> = (0..headers.len()).map(|at| max_width(cells.iter().map(|row| &row[at]).chain([&headers[at]]))).collect();
    let total_width = text_width(&total, AmbiguousWidth::Narrow).max(5);
    let mut header = pad("", label_width, false);
    for (label, width) in headers.iter().zip(&widths) {
        header = format!("{header}  {}", pad(label, *width, true));
    }
    let header = context.out.styled(OutputStyle::Faint, &format!("{header}  {}", pad(&total, total_width, true))).into_owned();
    writeln!(context.out, "{header}")?;
    for ((name, row), cells) in names.iter().zip(&table.rows).zip(&cells) {
        let name = context
            .out
            .styled(if matches!(row.key, CountKey::Tag(_)) { OutputStyle::Tag } else { OutputStyle::Title }, &pad(name, label_width, false))
            .into_owned();
        write!(context.out, "{name}")?;
        for (cell, width) in cells.iter().zip(&widths) {
            write!(context.out, "  {}", pad(cell, *width, true))?;
        }
        writeln!(context.out, "  {}", pad(&row.total.to_string(), total_width, true))?;
    }
    Ok(())
}

/// Cells of the longest bar.
const MAX_BAR_CELLS: usize = 40;

fn print_bars(context: &mut CliContext, table: &CountTable) -> Result<(), CliError> {
    let names = row_labels(context, table);
    let (label_width, max) = (max_width(names.iter()), table.rows.iter().map(|row| row.total).max().unwrap_or(0));
    for (name, row) in names.iter().zip(&table.rows) {
        writeln!(context.out, "{}  {:>5} {}", pad(name, label_width, false), row.total, bar(row.total, max, MAX_BAR_CELLS))?;
    }
    Ok(())
}
