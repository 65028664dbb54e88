//! `pizhu agree`: intercoder agreement, and the disagreements.

use super::{CliContext, CliError, Status, args::common::OutputArgs, context::warn, existing_files::ExistingFiles, output::OutputStyle};
use clap::Args;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::agreement::Coding;
use pizhu_annotation::agreement::Measures;
use pizhu_annotation::{Codebook, Store, StoreError, TagLookup, TagSet};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
};

/// `pizhu agree`
#[derive(Debug, Args)]
pub struct AgreeArgs {
    /// Speeches, or folders of speeches [default: all speeches annotated in the store].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The authors to compare, separated by commas [default: all].
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "with")]
    pub between: Vec<String>,
    /// Another store to compare with, whoever its authors are; can be given several times.
    #[arg(long, value_name = "DIR")]
    pub with: Vec<PathBuf>,
    /// Only this tag and the tags below it.
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Count a speech as coded also by those who marked nothing in it.
    #[arg(long)]
    pub complete: bool,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Coefficients in JSON; null if undefined.
#[derive(Serialize)]
struct AgreementFigures {
    units: usize,
    /// From 0 to 100.
    percent: Option<f64>,
    kappa: Option<f64>,
    alpha: Option<f64>,
}

#[derive(Serialize)]
struct TagFigures {
    tag: String,
    #[serde(flatten)]
    figures: AgreementFigures,
}

#[derive(Serialize)]
struct AgreementReport<'a> {
    version: u32,
    coders: &'a [String],
    overall: AgreementFigures,
    tags: Vec<TagFigures>,
    disagreements: Vec<DisagreementEntry<'a>>,
}

/// A section that some coders gave a tag and others did not.
#[derive(Serialize)]
struct DisagreementEntry<'a> {
    tag: String,
    document: &'a str,
    section: &'a [String],
    start: usize,
    end: usize,
    /// Coders who gave the tag.
    with: Vec<&'a str>,
    /// Coders of the speech who did not.
    without: Vec<&'a str>,
}

impl From<Measures> for AgreementFigures {
    fn from(measures: Measures) -> Self {
        let Measures { units, percent, kappa, alpha } = measures;
        Self { units, percent: percent.map(|share| 100.0 * share), kappa, alpha }
    }
}

pub(super) fn run(context: &mut CliContext, args: &AgreeArgs) -> Result<Status, CliError> {
    let store = context.store_for(args.paths.first().map(PathBuf::as_path))?;
    let mut others = Vec::new();
    for dir in &args.with {
        if !dir.is_dir() {
            return Err(CliError::Source(pizhu_library::source::SourceError::Missing(dir.clone())));
        }
        others.push(context.stores.foreign(dir)?);
    }
    let files = if args.paths.is_empty() { annotated_files(context, &others)? } else { context.list_speeches(&args.paths)? };
    let mut read = Vec::new();
    for file in &files {
        let Some((speech, annotations)) = context.open_among_to_annotate(file, &files)? else { continue };
        let foreign = others.iter().map(|store| Ok(store.annotations(&speech.document, file)?.0)).collect::<Result<Vec<_>, CliError>>();
        let Some(foreign) = context.unless_among(foreign, &files)? else { continue };
        read.push((speech, std::iter::once(annotations).chain(foreign).collect::<Vec<_>>()));
    }
    let coders = if others.is_empty() {
        authors(args, read.iter().flat_map(|(_, annotations)| annotations))?
    } else {
        let dirs = std::iter::once(store.location().dir.as_path()).chain(args.with.iter().map(PathBuf::as_path));
        dirs.map(|dir| dir.display().to_string()).collect()
    };
    let mut book = store.codebook()?;
    for other in &others {
        book = Codebook::two_way_merge(&book, &other.codebook()?);
    }
    let above = args.tag.as_deref().map(|words| book.wanted(words)).transpose().map_err(StoreError::from)?;
    let mut coding = Coding::new(coders.clone());
    let mut orphaned = 0;
    for (speech, annotations) in &read {
        let wanted = |tags: &TagSet| above.is_none_or(|above| tags.iter().any(|tag| book.is_within(tag.id, above)));
        let rows: Vec<AnchorIndex> = if others.is_empty() {
            coders.iter().map(|coder| annotations[0].filtered(|anchored| anchored.annotation.author == *coder)).collect()
        } else {
            annotations.clone()
        };
        orphaned +=
            rows.iter().flat_map(AnchorIndex::iter).filter(|anchored| anchored.span.is_none() && wanted(&anchored.annotation.tags)).count();
        let has_coded = |row: &AnchorIndex| args.complete || row.iter().any(|anchored| !anchored.annotation.tags.is_empty());
        let rows: Vec<Option<&AnchorIndex>> = rows.iter().map(|row| has_coded(row).then_some(row)).collect();
        coding.add(&store.location().document_name(&speech.path), &speech.document, &rows);
    }
    coding.unite_tags(|tag| match book.resolve(tag.id) {
        TagLookup::Found(there) => book.reference(there),
        TagLookup::Deleted | TagLookup::Unknown => tag.clone(),
    });
    if let Some(above) = above {
        coding.retain_tags(|tag| book.is_within(tag.id, above));
    }
    if orphaned > 0 {
        warn(&context.locale.format("agree-unplaced", &[("count", orphaned.into())]));
    }
    print(context, &coding, &book)?;
    Ok(context.done())
}

/// The speeches with annotations in any of the stores.
fn annotated_files(context: &mut CliContext, others: &[Store]) -> Result<Vec<PathBuf>, CliError> {
    let mut files: BTreeSet<PathBuf> = context.annotated_speeches()?.into_iter().collect();
    let mut existing = ExistingFiles::default();
    for store in others {
        for (file, record) in store.speeches()? {
            // A copied store may name files that do not exist here.
            files.extend(existing.find(store, &file, &record));
        }
    }
    Ok(files.into_iter().collect())
}

/// The coders to compare.
fn authors<'a>(args: &AgreeArgs, all: impl Iterator<Item = &'a AnchorIndex>) -> Result<Vec<String>, CliError> {
    let tagged = all.flat_map(AnchorIndex::iter).filter(|anchored| !anchored.annotation.tags.is_empty());
    let known: BTreeSet<String> = tagged.map(|anchored| anchored.annotation.author.clone()).collect();
    if let Some(unknown) = args.between.iter().find(|name| !known.contains(*name)) {
        return Err(CliError::NoSuchAuthor(unknown.clone(), known.into_iter().collect()));
    }
    let coders: Vec<String> = if args.between.is_empty() { known.into_iter().collect() } else { args.between.clone() };
    if coders.len() < 2 { Err(CliError::OneCoder(coders)) } else { Ok(coders) }
}

fn print(context: &mut CliContext, coding: &Coding, book: &Codebook) -> Result<(), CliError> {
    let disagreements: Vec<DisagreementEntry> = coding
        .disagreements()
        .map(|found| DisagreementEntry {
            tag: book.label_of(found.tag),
            document: &found.unit.document,
            section: &found.unit.section,
            start: found.unit.span.start,
            end: found.unit.span.end,
            with: found.with,
            without: found.without,
        })
        .collect();
    if context.is_json() {
        let tags = coding.by_tag().map(|(tag, measures)| TagFigures { tag: book.label_of(tag), figures: measures.into() }).collect();
        return context.out.json(&AgreementReport {
            version: 1,
            coders: coding.coders(),
            overall: coding.overall().into(),
            tags,
            disagreements,
        });
    }
    let coders = context.out.sanitized(&coding.coders().join(" · ")).into_owned();
    let head = context.locale.text("agree-columns").into_owned();
    writeln!(context.out, "{coders}\n{head}")?;
    let all = context.locale.text("agree-overall").into_owned();
    let two = coding.coders().len() == 2;
    print_row(context, &all, OutputStyle::Title, coding.overall(), two)?;
    for (tag, measures) in coding.by_tag() {
        print_row(context, &book.label_of(tag), OutputStyle::Tag, measures, two)?;
    }
    if !disagreements.is_empty() {
        let line = context.locale.format("agree-disagreements", &[("count", disagreements.len().into())]);
        writeln!(context.out, "\n{line}")?;
    }
    for found in disagreements {
        let tag = context.out.styled(OutputStyle::Tag, &format!("〔{}〕", found.tag)).into_owned();
        let section = context.out.styled(OutputStyle::Marker, &found.section.join("/")).into_owned();
        let who = format!("+ {}  − {}", found.with.join(" "), found.without.join(" "));
        let document = format!("{}:{}", Path::new(found.document).display(), found.start);
        let (who, document) = (context.out.sanitized(&who).into_owned(), context.out.sanitized(&document).into_owned());
        writeln!(context.out, "{document}  {section}  {tag}  {who}")?;
    }
    Ok(())
}

/// A line of the table. Cohen's κ is only defined for two coders.
fn print_row(context: &mut CliContext, name: &str, ink: OutputStyle, measures: Measures, two: bool) -> Result<(), CliError> {
    let undefined = context.locale.text("agree-undefined").into_owned();
    let percent = measures.percent.map_or_else(|| undefined.clone(), |share| format!("{:.1}%", 100.0 * share));
    let figure = |value: Option<f64>| value.map_or_else(|| undefined.clone(), |value| format!("{value:.3}"));
    let kappa = if two { figure(measures.kappa) } else { "–".to_owned() };
    let name = context.out.styled(ink, name).into_owned();
    writeln!(context.out, "{name}\t{}\t{percent}\t{kappa}\t{}", measures.units, figure(measures.alpha))?;
    Ok(())
}
