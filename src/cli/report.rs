//! `pizhu report`: a project as one page.

use super::{
    CliContext, CliError, Status,
    args::common::parse_date,
    stage::{ListArgs, StageSource},
    wanted_annotations::parse_condition,
};
use crate::app::wanted::{WantedAnnotations, WantedTags};
use crate::locale::counts::{attribute_label, count_label};
use crate::locale::{MessageId, family};
use clap::Args;
use jiff::Zoned;
use pizhu_annotation::agreement::{Coding, UnitKind, is_consensus};
use pizhu_annotation::{AnchorIndex, AnchoredAnnotation, AnnotationId, Record, StoreError};
use pizhu_library::attributes::Attributes;
use pizhu_library::count::{CountHeader, CountedSpeech, Tally};
use pizhu_library::exchange::{Collection, ExportFilter, ExportOrder};
use pizhu_library::report::{Report, ReportMemo};
use pizhu_library::source::STDIN;
use pizhu_text::document::Document;
use std::{
    collections::{BTreeSet, HashSet},
    path::PathBuf,
    sync::Arc,
};

/// `pizhu report`
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Speeches, or folders of speeches [default: all speeches annotated in the store].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Names from a list.
    #[command(flatten)]
    pub list: ListArgs,
    /// The file to write; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = STDIN)]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub force: bool,
    /// Heading of the report [default: the name of the project's folder].
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
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
}

/// A speech that the agreement is measured in.
struct CodedSpeech {
    name: String,
    document: Arc<Document>,
    anchors: AnchorIndex,
}

pub(super) fn run(context: &mut CliContext, args: &ReportArgs) -> Result<Status, CliError> {
    let condition = parse_condition(args.condition.as_deref(), args.since.as_deref(), args.until.as_deref())?;
    let mut wanted = WantedAnnotations { author: context.author.clone(), condition, tags: WantedTags::Any };
    let source = StageSource::new(&args.paths, &args.list).or_files(|| context.annotated_speeches())?;
    let files = context.list_source(&source, true)?;
    let stores = context.stores_for(&files)?;
    if !files.is_empty() {
        context.check_tags_in(&stores, &args.tag, wanted.condition.as_ref())?;
    }
    let codebook = Arc::new(context.codebook_of(&files)?);
    let tags = args.tag.iter().map(|words| codebook.wanted(words)).collect::<Result<Vec<_>, _>>().map_err(StoreError::from)?;
    if !tags.is_empty() {
        wanted.tags = WantedTags::Within(tags.clone());
    }
    let filter = ExportFilter { tags, ..ExportFilter::default() };
    let mut collection = Collection::new(Arc::clone(&codebook), filter, ExportOrder::Position);
    let (mut counted, mut coded) = (Vec::new(), Vec::new());
    for file in &files {
        let Some((speech, found)) = context.open_with_records(file, &files)? else { continue };
        let name = context.store_of(file)?.location().document_name(file);
        let attributes = Attributes::new(&speech.document, &found.records);
        let annotations = wanted.of_speech(file, &speech.document, &attributes, &found.anchors, &codebook)?;
        collection.add_described(&name, &speech.document, attributes.clone(), &annotations);
        counted.push(CountedSpeech::new(file, &speech.document, &annotations, &codebook).described(attributes));
        let ids: HashSet<AnnotationId> = annotations.iter().map(|anchored| anchored.annotation.id).collect();
        let anchors = found.anchors.filtered(|anchored| ids.contains(&anchored.annotation.id));
        coded.push(CodedSpeech { name, document: Arc::clone(&speech.document), anchors });
    }
    let tally = Tally::new(counted, &codebook);
    let coding = coding(&coded);
    let mut memos = Vec::new();
    for store in &stores {
        let project = store.project()?;
        let found = project.records().values().filter_map(|entry| match &entry.record {
            Record::Memo { text } => Some(ReportMemo { author: entry.author.clone(), text: text.clone() }),
            _ => None,
        });
        memos.extend(found);
    }
    let locale = context.locale;
    let folder = stores.first().and_then(|store| store.location().root.clone());
    let folder = folder.as_deref().and_then(|root| root.file_name()).map(|name| name.to_string_lossy().into_owned());
    let title = args.title.clone().or(folder).unwrap_or_else(|| locale.text(family::REPORT.id("heading")).into_owned());
    let report = Report {
        title,
        facts: facts(context, args, &collection),
        collection: &collection,
        tally: &tally,
        coding: coding.as_ref(),
        memos,
        words: &|id| locale.text(family::REPORT.id(id.trim_start_matches("report-"))).into_owned(),
        label: &|header: &CountHeader| count_label(header, locale),
        attribute: &|key| attribute_label(key, locale),
        language: locale.language().tag(),
    };
    context.write_made((&args.output, args.force), &files, |out| report.write(out))?;
    Ok(if collection.entries().is_empty() { Status::NoMatch } else { context.done() })
}

/// The codings by section, if there are several authors.
fn coding(speeches: &[CodedSpeech]) -> Option<Coding> {
    let tagged = |anchored: &&AnchoredAnnotation| !anchored.annotation.tags.is_empty();
    let all = speeches.iter().flat_map(|speech| speech.anchors.iter());
    let authors = all.filter(tagged).map(|anchored| anchored.annotation.author.as_str());
    let authors: BTreeSet<&str> = authors.filter(|author| !is_consensus(author)).collect();
    if authors.len() < 2 {
        return None;
    }
    let mut coding = Coding::new(authors.iter().copied().map(str::to_owned).collect()).by(UnitKind::Section, false);
    for speech in speeches {
        let of_author = |author: &&str| speech.anchors.filtered(|anchored| anchored.annotation.author == **author);
        let rows: Vec<AnchorIndex> = authors.iter().map(of_author).collect();
        let rows: Vec<Option<&AnchorIndex>> =
            rows.iter().map(|row| row.iter().any(|anchored| !anchored.annotation.tags.is_empty()).then_some(row)).collect();
        coding.add(&speech.name, &speech.document, &rows);
    }
    Some(coding)
}

/// What the report says of itself.
fn facts(context: &CliContext, args: &ReportArgs, collection: &Collection) -> Vec<(String, String)> {
    let name = |id: MessageId| context.locale.text(id).into_owned();
    let authors: BTreeSet<&str> = collection.entries().iter().map(|entry| entry.author.as_str()).filter(|name| !name.is_empty()).collect();
    let mut facts = vec![
        (name(family::REPORT.id("made")), Zoned::now().strftime("%Y-%m-%d").to_string()),
        (name(family::REPORT.id("speeches")), collection.speeches().len().to_string()),
        (name(family::REPORT.id("annotations")), collection.entries().len().to_string()),
        (name(family::REPORT.id("authors")), authors.into_iter().collect::<Vec<_>>().join(" · ")),
    ];
    let mut chosen: Vec<String> = args.tag.iter().map(|tag| format!("--tag {tag}")).collect();
    let options = [("--author", &context.author), ("--since", &args.since), ("--until", &args.until), ("--where", &args.condition)];
    chosen.extend(options.into_iter().filter_map(|(option, value)| Some(format!("{option} {}", value.as_ref()?))));
    if !chosen.is_empty() {
        facts.push((name(family::REPORT.id("chosen")), chosen.join(" ")));
    }
    facts
}
