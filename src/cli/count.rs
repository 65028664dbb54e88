//! `pizhu count`: tables of tag counts.

use super::{
    CliContext, CliError, Status,
    args::common::parse_date,
    count_args::{ByArg, ByParser, PercentArg, PictureArg, UnitArg, parse_together},
    count_picture::picture,
    output::{OutputFormat, OutputStyle, is_standard_output},
    progress::Progress,
    stage::{ListArgs, StageItem, StageOptions, StageReader, StageSource, StageWork, fold_results},
    wanted_annotations::parse_condition,
};
use crate::app::{
    count::{CountRequest, count_tags},
    wanted::{WantedAnnotations, WantedTags},
};
use crate::locale::{counts::count_label, id};
use clap::{Args, ValueEnum};
use pizhu_annotation::StoreError;
use pizhu_library::count::CountBy;
use pizhu_library::count::CountHeader;
use pizhu_library::count::CountKey;
use pizhu_library::count::CountTable;
use pizhu_library::count::Tally;
use pizhu_library::count::sort_by_total;
use pizhu_library::count_options::{CountOptions, CountUnit, Togetherness};
use pizhu_library::exchange::ExportOptions;
use pizhu_library::exchange::counts;
use pizhu_library::exchange::counts::SHADE_TEXTS;
use pizhu_library::exchange::counts::bar;
use pizhu_library::exchange::counts::shade;
use pizhu_library::source::STDIN;
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
    /// What the tags are counted by: `attr.KEY` is the values of an attribute.
    #[arg(long, value_name = "WHAT", default_value = "speech", value_parser = ByParser)]
    pub by: ByArg,
    /// Only this tag and the tags below it.
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Only annotations for which this condition holds.
    #[arg(long = "where", id = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Only speeches of this day or later.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub since: Option<String>,
    /// Only speeches of this day or earlier.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub until: Option<String>,
    /// What is counted: annotations, or the characters that they cover, each once.
    #[arg(long, value_name = "UNIT", default_value = "passages")]
    pub unit: UnitArg,
    /// When tags are together, with `--by together`: overlap, section, or near:N (at most N characters
    /// between).
    #[arg(long, value_name = "HOW", value_parser = parse_together)]
    pub together: Option<Togetherness>,
    /// Passages of two authors can be together, too.
    #[arg(long)]
    pub across_authors: bool,
    /// Shares of the total of each row or column instead of figures.
    #[arg(long, value_name = "OF")]
    pub percent: Option<PercentArg>,
    /// Transpose rows and columns.
    #[arg(long)]
    pub turned: bool,
    /// Sort rows by their totals, largest first.
    #[arg(long)]
    pub most_first: bool,
    /// Output format [default: from the file extension, else table].
    #[arg(long, value_name = "SHAPE")]
    pub format: Option<CountFormat>,
    /// The form of a picture, with `--format svg` [default: years with `--by year`, else heat].
    #[arg(long, value_name = "PICTURE")]
    pub picture: Option<PictureArg>,
    /// The file to write; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = STDIN)]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub force: bool,
    /// CSV in the form that Excel expects.
    #[arg(long)]
    pub excel: bool,
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
    /// A picture.
    Svg,
}

impl CountFormat {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

impl CountArgs {
    fn options(&self) -> Result<CountOptions, CliError> {
        let together = self.together.unwrap_or_default();
        let unit = CountUnit::from(self.unit);
        if unit == CountUnit::Chars && self.by.is_together() && together != Togetherness::Overlap {
            return Err(CliError::CharsNotTogether);
        }
        Ok(CountOptions { unit, attribute: self.by.attribute.clone(), together, across_authors: self.across_authors })
    }

    /// The format: as given, that of a picture, or that of the file's extension.
    fn format(&self, is_json: bool) -> Result<CountFormat, CliError> {
        let extension = self.output.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let of_file = match extension.as_deref() {
            Some("svg") => Some(CountFormat::Svg),
            Some("csv") => Some(CountFormat::Csv),
            Some("json") => Some(CountFormat::Json),
            _ => None,
        };
        let of_picture = self.picture.map(|_| CountFormat::Svg);
        let format = self.format.or(is_json.then_some(CountFormat::Json)).or(of_picture).or(of_file).unwrap_or(CountFormat::Table);
        if self.picture.is_some() && format != CountFormat::Svg {
            return Err(CliError::NoPicture(format.name()));
        }
        let for_terminals = matches!(format, CountFormat::Table | CountFormat::Heat | CountFormat::Bars);
        if for_terminals && !is_standard_output(&self.output) {
            return Err(CliError::TableToFile(format.name()));
        }
        Ok(format)
    }

    /// The form of a picture: `years` needs years, and tags in its rows.
    fn picture(&self) -> Result<PictureArg, CliError> {
        let has_years = self.by.attribute.is_none() && self.by.by == CountBy::Year && !self.turned;
        match self.picture {
            Some(PictureArg::Years) if !has_years => Err(CliError::YearsNeedYears),
            Some(picture) => Ok(picture),
            None if has_years => Ok(PictureArg::Years),
            None => Ok(PictureArg::Heat),
        }
    }
}

#[derive(Serialize)]
struct CountReport<'a> {
    version: u32,
    by: String,
    /// `passages` or `chars`.
    unit: &'static str,
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
    Attribute(Option<&'a str>),
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
    /// Shares from 0 to 100, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<Vec<Option<f64>>>,
}

fn key_json(header: &CountHeader) -> KeyJson<'_> {
    match &header.key {
        CountKey::Tag(tag) => KeyJson::Tag(&tag.name),
        CountKey::Speech(path) => KeyJson::Document(path.display().to_string()),
        CountKey::Year(year) => KeyJson::Year(year.as_deref()),
        CountKey::Attribute(value) => KeyJson::Attribute(value.as_deref()),
        CountKey::Level(level) => KeyJson::Level(*level),
    }
}

pub(super) fn run(context: &mut CliContext, args: &CountArgs) -> Result<Status, CliError> {
    let condition = parse_condition(args.condition.as_deref(), args.since.as_deref(), args.until.as_deref())?;
    let options = args.options()?;
    let (format, form) = (args.format(context.is_json())?, args.picture()?);
    let source = StageSource::new(&args.paths, &args.list).or_files(|| context.annotated_speeches())?;
    let files = context.list_source(&source, false)?;
    let book = Arc::new(context.codebook_of(&files)?);
    let stores = context.stores_for(&files)?;
    if !stores.is_empty() {
        context.check_tags_in(&stores, args.tag.as_slice(), condition.as_ref())?;
    }
    let above = args.tag.as_deref().map(|words| book.wanted(words)).transpose().map_err(StoreError::from)?;
    let tags = above.map_or(WantedTags::Any, |above| WantedTags::Within(vec![above]));
    let wanted = WantedAnnotations { author: context.author.clone(), condition, tags };
    let tally = tally(context, &source, files.clone(), &CountRequest { wanted, book: Some(book) })?;
    let mut table = tally.table_with(args.by.by, &options);
    if args.turned {
        table = table.transposed();
    }
    if args.most_first {
        sort_by_total(&mut table);
    }
    let to = (args.output.as_path(), args.force);
    match format {
        CountFormat::Json => {
            let title = |header: &'_ CountHeader| matches!(header.key, CountKey::Speech(_)).then(|| header.name.clone());
            let titles: Vec<Option<String>> = table.rows.iter().map(title).collect();
            let rows = table.rows.iter().zip(&table.cells).zip(&titles);
            let rows = rows.map(|((row, cells), title)| CountRow {
                name: key_json(row),
                title: title.as_deref(),
                total: row.total,
                counts: cells,
                percent: args.percent.map(|of| percents(&table, row, cells, of)),
            });
            let columns = table.columns.iter().map(|header| ColumnJson { name: key_json(header), total: header.total });
            let unit = if options.unit == CountUnit::Chars { "chars" } else { "passages" };
            let counts = CountReport { version: 1, by: args.by.name(), unit, columns: columns.collect(), rows: rows.collect() };
            let bytes = context.out.target().json_bytes(&counts)?;
            context.write_made(to, &files, |out| out.write_all(&bytes))?;
        }
        CountFormat::Csv => {
            let mut bytes = Vec::new();
            let name = |header: &CountHeader| count_label(header, context.locale);
            let options = ExportOptions { excel: args.excel };
            match args.percent {
                Some(of) => {
                    let share = |row: usize| percents(&table, &table.rows[row], &table.cells[row], of);
                    counts::write_shares(&table, options, &name, share, &mut bytes)?;
                }
                None => counts::write(&table, options, &name, &mut bytes)?,
            }
            context.write_made(to, &files, |out| out.write_all(&bytes))?;
        }
        CountFormat::Svg => {
            let shares = args.percent.map(|of| {
                let rows = table.rows.iter().zip(&table.cells);
                rows.map(|(row, cells)| percents(&table, row, cells, of)).collect::<Vec<_>>()
            });
            let svg = picture(context, (&tally, &table), (&args.by.name(), &options), form, shares.as_deref());
            context.write_made(to, &files, |out| out.write_all(svg.as_bytes()))?;
        }
        CountFormat::Bars => print_bars(context, &table)?,
        CountFormat::Table | CountFormat::Heat => print_table(context, &table, format == CountFormat::Heat, args.percent)?,
    }
    Ok(if tally.count() == 0 { Status::NoMatch } else { context.done() })
}

/// The shares of a row's cells, from 0 to 100: of the row's total, or of those of the columns.
fn percents(table: &CountTable, row: &CountHeader, cells: &[Option<usize>], of: PercentArg) -> Vec<Option<f64>> {
    let share = |(cell, column): (&Option<usize>, &CountHeader)| {
        let total = if of == PercentArg::Rows { row.total } else { column.total };
        (total > 0).then(|| cell.map(|cell| 100.0 * cell as f64 / total as f64)).flatten()
    };
    cells.iter().zip(&table.columns).map(share).collect()
}

/// Counts the tags of speeches, with their progress.
fn tally(context: &mut CliContext, source: &StageSource<'_>, files: Vec<PathBuf>, request: &CountRequest) -> Result<Tally, CliError> {
    let options = StageOptions { format: OutputFormat::Text, ..StageOptions::new(context, source, "speeches") };
    let options = StageOptions { needs_one: !source.is_stream() && files.len() == 1, ..options };
    let (reader, progress) = (StageReader::new(context), Progress::before_output(context, files.len()));
    let mut tally = Tally::default();
    let items = files.into_iter().map(StageItem::File);
    fold_results(
        context,
        options,
        items,
        progress,
        |batch, sink| {
            tally = count_tags(request, &reader, batch, |_, result| {
                sink(result.map(|counted| counted.map(|speech| StageWork { value: (), warnings: speech.warnings })))
            })?;
            Ok(())
        },
        |_, ()| Ok(()),
    )?;
    Ok(tally)
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

fn print_table(context: &mut CliContext, table: &CountTable, shaded: bool, percent: Option<PercentArg>) -> Result<(), CliError> {
    let names = row_labels(context, table);
    let total = context.locale.text(id::COUNT_TOTAL).into_owned();
    let headers: Vec<String> =
        table.columns.iter().map(|header| context.out.sanitized(&count_label(header, context.locale)).into_owned()).collect();
    let max = table.max_cell();
    let cell = |figure: Option<usize>, share: Option<f64>| {
        let Some(figure) = figure else { return "-".to_owned() };
        let text = share.map_or_else(|| figure.to_string(), |share| format!("{share:.1}%"));
        if shaded { format!("{}{text:>3}", SHADE_TEXTS[shade(figure, max)]) } else { text }
    };
    let row_cells = |(row, cells): (&CountHeader, &Vec<Option<usize>>)| -> Vec<String> {
        let shares = percent.map_or_else(|| vec![None; cells.len()], |of| percents(table, row, cells, of));
        cells.iter().zip(shares).map(|(figure, share)| cell(*figure, share)).collect()
    };
    let cells: Vec<Vec<String>> = table.rows.iter().zip(&table.cells).map(row_cells).collect();
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
