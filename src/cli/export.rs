//! `pizhu export`: annotations in other programs' formats.

use super::{
    CliContext, CliError, Status,
    args::common::parse_date,
    named_speeches::NamedSpeeches,
    output::{OutputFormat, is_standard_output},
    stage::{JsonFrame, ListArgs, RecordArgs, StageFailure, StageInput, StageOptions, StageOutput, StageSource, read_item, run_items},
    wanted_annotations::{WantedAnnotations, parse_condition},
};
use clap::{Args, ValueEnum};
use pizhu_annotation::Codebook;
use pizhu_annotation::StoreError;
use pizhu_annotation::TagId;
use pizhu_library::attributes::Attributes;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::ExportFilter;
use pizhu_library::exchange::ExportOptions;
use pizhu_library::exchange::ExportOrder;
use pizhu_library::exchange::FORMATS;
use pizhu_library::exchange::Format;
use pizhu_library::source::STDIN;
use pizhu_text::text::visible::visible_lines;
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

/// `pizhu export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Speeches, or folders of speeches [default: all speeches annotated in the store].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Names from a list.
    #[command(flatten)]
    pub list: ListArgs,
    /// Records in place of files.
    #[command(flatten)]
    pub records: RecordArgs,
    /// The format [default: from the file extension, else markdown].
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<String>,
    /// The file to write; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = STDIN)]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub force: bool,
    /// Only annotations with this tag or one below it; can be given several times.
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Only speeches of this day (YYYY-MM-DD, or a month or year) or later.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub since: Option<String>,
    /// Only speeches of this day or earlier.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub until: Option<String>,
    /// Only annotations for which this condition holds.
    #[arg(long = "where", id = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Order of the annotations.
    #[arg(long, value_name = "ORDER", default_value = "place")]
    pub order: ExportOrderArg,
    /// CSV in the form that Excel expects.
    #[arg(long)]
    pub excel: bool,
}

/// What the export is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportOrderArg {
    /// Speech by speech, by place in each.
    Place,
    /// Tag by tag, each annotation under all of its tags.
    Tag,
}

/// The formats, as values of `--format` with their help.
fn formats() -> clap::builder::PossibleValuesParser {
    FORMATS.iter().map(|format| clap::builder::PossibleValue::new(format.name).alias(format.extension).help(format.doc)).into()
}

pub(super) fn run(context: &mut CliContext, args: ExportArgs) -> Result<Status, CliError> {
    let by_name = args.format.as_deref().map(Format::find);
    let format = by_name.unwrap_or_else(|| Format::from_path(&args.output).or(FORMATS.first()));
    let Some(format) = format else { return Err(CliError::NoFormat(args.format.unwrap_or_default())) };
    let order = match args.order {
        ExportOrderArg::Place => ExportOrder::Position,
        ExportOrderArg::Tag => ExportOrder::Tag,
    };
    let condition = parse_condition(args.condition.as_deref(), args.since.as_deref(), args.until.as_deref())?;
    let wanted = WantedAnnotations { author: context.author.clone(), condition };
    let source = StageSource::with_records(&args.paths, &args.list, &args.records).or_files(|| context.annotated_speeches())?;
    if format.is_records() && order == ExportOrder::Position && is_standard_output(&args.output) {
        context.check_tags(&source, &args.tag, wanted.condition.as_ref())?;
        return stream(context, &source, format, &wanted, &args.tag);
    }
    if source.reads_records {
        return Err(CliError::RecordsAsRecordsOnly);
    }
    let files = context.list_source(&source, true)?;
    let stores = context.stores_for(&files)?;
    if !files.is_empty() {
        context.check_tags_in(&stores, &args.tag, wanted.condition.as_ref())?;
    }
    let codebook = Arc::new(context.codebook_of(&files)?);
    let filter = ExportFilter { tags: wanted_tags(&codebook, &args.tag)?, ..ExportFilter::default() };
    // Speeches without an annotation are only told of if nothing is selected.
    let is_whole = args.tag.is_empty() && wanted.author.is_none() && wanted.condition.is_none();
    let filter = ExportFilter { author: wanted.author.clone(), ..filter };
    let mut collection = Collection::new(Arc::clone(&codebook), filter, order);
    for store in &stores {
        collection.add_project(&store.project()?);
    }
    for file in &files {
        let Some((speech, found)) = context.open_with_records(file, &files)? else { continue };
        let name = context.store_of(file)?.location().document_name(file);
        let attributes = Attributes::new(&speech.document, &found.records);
        let anchored = wanted.of_speech(&speech.document, &attributes, &found.anchors, &codebook)?;
        let count = collection.entries().len();
        collection.add_described(&name, &speech.document, attributes.clone(), &anchored);
        if is_whole || collection.entries().len() > count {
            collection.add_records(&name, &speech.document, attributes, found.records);
        }
    }
    let options = ExportOptions { excel: args.excel };
    let write = |out: &mut dyn Write| (format.write)(&collection, options, out);
    if is_standard_output(&args.output) {
        context.out.export(format, write)?;
    } else {
        context.destination(&args.output, args.force, &files)?.fill(write)?;
    }
    Ok(context.done())
}

/// The tags that the user's words stand for.
fn wanted_tags(codebook: &Codebook, tags: &[String]) -> Result<Vec<TagId>, StoreError> {
    Ok(tags.iter().map(|words| codebook.wanted(words)).collect::<Result<_, _>>()?)
}

/// Writes a format of records speech by speech, so that memory does not grow with their number.
fn stream(
    context: &mut CliContext,
    source: &StageSource<'_>,
    format: &Format,
    wanted: &WantedAnnotations,
    tags: &[String],
) -> Result<Status, CliError> {
    let mut options = StageOptions::new(context, source, "annotations");
    (options.format, options.needs_one) = (OutputFormat::Jsonl, false);
    options.frame = JsonFrame::none(context.out.target());
    let (stores, read_options, locale) = (Arc::clone(&context.stores), context.read_options, context.locale);
    let is_terminal = context.out.target().is_terminal;
    let input = StageInput::open(source, locale)?.only_inside(NamedSpeeches::load(context.uses_state));
    run_items(context, options, input, |item| {
        let speech = read_item(item, read_options, &stores, locale)?;
        let exported = || -> Result<StageOutput, CliError> {
            // A record's annotations are those of the text, as with standard input.
            let path = speech.path.as_deref().unwrap_or(Path::new(STDIN));
            let store = stores.of_file(path)?;
            let found = store.speech_annotations(&speech.document, path)?;
            let codebook = stores.codebook(&store)?;
            let filter = ExportFilter { tags: wanted_tags(&codebook, tags)?, ..ExportFilter::default() };
            let attributes = Attributes::new(&speech.document, &found.records);
            let anchored = wanted.of_speech(&speech.document, &attributes, &found.anchors, &codebook)?;
            let mut collection = Collection::new(codebook, filter, ExportOrder::Position);
            let name = if speech.path.is_some() { store.location().document_name(path) } else { speech.label() };
            collection.add_described(&name, &speech.document, attributes, &anchored);
            let mut bytes = Vec::new();
            (format.write)(&collection, ExportOptions::default(), &mut bytes)?;
            if is_terminal {
                bytes = visible_lines(&String::from_utf8_lossy(&bytes)).into_owned().into_bytes();
            }
            Ok(StageOutput {
                bytes,
                entries: collection.entries().len(),
                warnings: speech.warnings.clone(),
                store_warnings: found.warnings,
                identity: Some(found.identity),
                ..StageOutput::default()
            })
        };
        exported().map_err(|error| StageFailure::of(&speech, error, locale))
    })?;
    Ok(context.done())
}
