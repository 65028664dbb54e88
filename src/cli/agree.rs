//! `pizhu agree`: how far coders agree, and where they do not.

use super::{
    CliError, Context, Status,
    args::ShapeArg,
    context::{speeches, warn},
    output::Ink,
};
use pizhu_annotation::Place;
use pizhu_annotation::Placements;
use pizhu_annotation::Store;
use pizhu_annotation::agreement::Coding;
use pizhu_annotation::agreement::Measures;
use pizhu_annotation::store::state_dir;
use clap::Args;
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
};

/// `pizhu agree`
#[derive(Debug, Args)]
pub struct AgreeArgs {
    /// Speeches, or folders of speeches [default: all that the store has annotations of].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The authors to compare, with commas between [default: all].
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "with")]
    pub between: Vec<String>,
    /// Another store to compare this one with, whoever wrote in them; can stand several times.
    #[arg(long, value_name = "DIR")]
    pub with: Vec<PathBuf>,
    /// Only this tag and those below it.
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Count a speech as coded also by those who marked nothing in it.
    #[arg(long)]
    pub complete: bool,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

/// Coefficients as JSON: null where they are undefined.
#[derive(Serialize)]
struct Figures {
    units: usize,
    /// From 0 to 100.
    percent: Option<f64>,
    kappa: Option<f64>,
    alpha: Option<f64>,
}

#[derive(Serialize)]
struct OfTag<'a> {
    tag: &'a str,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct Agreement<'a> {
    version: u32,
    coders: &'a [String],
    overall: Figures,
    tags: Vec<OfTag<'a>>,
    disagreements: Vec<Disagreement<'a>>,
}

/// A section that some found to be about a tag, and others not.
#[derive(Serialize)]
struct Disagreement<'a> {
    tag: &'a str,
    document: &'a str,
    section: &'a [String],
    start: usize,
    end: usize,
    /// Who has the tag there.
    with: Vec<&'a str>,
    /// Who coded the speech and has it not.
    without: Vec<&'a str>,
}

impl From<Measures> for Figures {
    fn from(measures: Measures) -> Self {
        let Measures { units, percent, kappa, alpha } = measures;
        Self { units, percent: percent.map(|share| 100.0 * share), kappa, alpha }
    }
}

pub(super) fn run(context: &mut Context, args: &AgreeArgs) -> Result<Status, CliError> {
    let own = context.store_of(args.paths.first().map(PathBuf::as_path))?;
    let mut others = Vec::new();
    for dir in &args.with {
        if !dir.is_dir() {
            return Err(CliError::Source(pizhu_library::source::SourceError::Missing(dir.clone())));
        }
        others.push(Store::new(Place::given(dir), state_dir()?));
    }
    let files = if args.paths.is_empty() { annotated(context, &others)? } else { speeches(&args.paths)? };
    let mut read = Vec::new();
    for file in &files {
        let speech = context.open_to_annotate(file)?;
        let mut placements = vec![context.annotations(&speech)?];
        for store in &others {
            placements.push(store.annotations(&speech.document, file)?.0);
        }
        read.push((speech, placements));
    }
    let coders = if others.is_empty() {
        authors(args, read.iter().flat_map(|(_, placements)| placements))?
    } else {
        let dirs = std::iter::once(own.place().dir.as_path()).chain(args.with.iter().map(PathBuf::as_path));
        dirs.map(|dir| dir.display().to_string()).collect()
    };
    let book = own.codebook()?;
    let mut coding = Coding::new(coders.clone());
    let mut unplaced = 0;
    for (speech, placements) in &read {
        let wanted = |tags: &BTreeSet<String>| args.tag.as_deref().is_none_or(|above| tags.iter().any(|tag| book.is_within(tag, above)));
        let rows: Vec<Placements> = if others.is_empty() {
            coders.iter().map(|coder| placements[0].only(|placed| placed.annotation.author == *coder)).collect()
        } else {
            placements.clone()
        };
        unplaced +=
            rows.iter().flat_map(Placements::iter).filter(|placed| placed.span.is_none() && wanted(&placed.annotation.tags)).count();
        let has_coded = |row: &Placements| args.complete || row.iter().any(|placed| !placed.annotation.tags.is_empty());
        let rows: Vec<Option<&Placements>> = rows.iter().map(|row| has_coded(row).then_some(row)).collect();
        coding.add(&own.place().document_name(&speech.path), &speech.document, &rows);
    }
    if let Some(above) = &args.tag {
        coding.keep(|tag| book.is_within(tag, above));
    }
    if unplaced > 0 {
        warn(&context.words.format("agree-unplaced", &[("count", unplaced.into())]));
    }
    print(context, &coding)?;
    Ok(Status::Done)
}

/// The speeches that any of the stores has annotations of.
fn annotated(context: &mut Context, others: &[Store]) -> Result<Vec<PathBuf>, CliError> {
    let mut files: BTreeSet<PathBuf> = context.annotated_speeches()?.into_iter().collect();
    for store in others {
        for (_, record) in store.speeches()? {
            let seen_at = record.paths.iter().rev().map(|name| store.place().document_path(name));
            // A store that is a copy may name files of a folder that is not here.
            files.extend(seen_at.into_iter().find(|path| path.is_file()));
        }
    }
    Ok(files.into_iter().collect())
}

/// Whose work is compared.
fn authors<'a>(args: &AgreeArgs, all: impl Iterator<Item = &'a Placements>) -> Result<Vec<String>, CliError> {
    let tagged = all.flat_map(Placements::iter).filter(|placed| !placed.annotation.tags.is_empty());
    let there: BTreeSet<String> = tagged.map(|placed| placed.annotation.author.clone()).collect();
    if let Some(unknown) = args.between.iter().find(|name| !there.contains(*name)) {
        return Err(CliError::NoSuchAuthor(unknown.clone(), there.into_iter().collect()));
    }
    let coders: Vec<String> = if args.between.is_empty() { there.into_iter().collect() } else { args.between.clone() };
    if coders.len() < 2 { Err(CliError::OneCoder(coders)) } else { Ok(coders) }
}

fn print(context: &mut Context, coding: &Coding) -> Result<(), CliError> {
    let disagreements: Vec<Disagreement> = coding
        .disagreements()
        .map(|found| Disagreement {
            tag: found.tag,
            document: &found.unit.document,
            section: &found.unit.section,
            start: found.unit.span.start,
            end: found.unit.span.end,
            with: found.with,
            without: found.without,
        })
        .collect();
    if context.is_json() {
        let tags = coding.by_tag().map(|(tag, measures)| OfTag { tag, figures: measures.into() }).collect();
        return context.out.json(&Agreement { version: 1, coders: coding.coders(), overall: coding.overall().into(), tags, disagreements });
    }
    let coders = context.out.shown(&coding.coders().join(" · ")).into_owned();
    let head = context.words.text("agree-columns").into_owned();
    writeln!(context.out, "{coders}\n{head}")?;
    let all = context.words.text("agree-overall").into_owned();
    let two = coding.coders().len() == 2;
    row(context, &all, Ink::Title, coding.overall(), two)?;
    for (tag, measures) in coding.by_tag() {
        row(context, tag, Ink::Tag, measures, two)?;
    }
    if !disagreements.is_empty() {
        let line = context.words.format("agree-disagreements", &[("count", disagreements.len().into())]);
        writeln!(context.out, "\n{line}")?;
    }
    for found in disagreements {
        let tag = context.out.inked(Ink::Tag, &format!("〔{}〕", found.tag)).into_owned();
        let section = context.out.inked(Ink::Marker, &found.section.join("/")).into_owned();
        let who = format!("+ {}  − {}", found.with.join(" "), found.without.join(" "));
        let document = format!("{}:{}", Path::new(found.document).display(), found.start);
        let (who, document) = (context.out.shown(&who).into_owned(), context.out.shown(&document).into_owned());
        writeln!(context.out, "{document}  {section}  {tag}  {who}")?;
    }
    Ok(())
}

/// One line of the table. Of more than two coders there is no κ.
fn row(context: &mut Context, name: &str, ink: Ink, measures: Measures, two: bool) -> Result<(), CliError> {
    let undefined = context.words.text("agree-undefined").into_owned();
    let percent = measures.percent.map_or_else(|| undefined.clone(), |share| format!("{:.1}%", 100.0 * share));
    let figure = |value: Option<f64>| value.map_or_else(|| undefined.clone(), |value| format!("{value:.3}"));
    let kappa = if two { figure(measures.kappa) } else { "–".to_owned() };
    let name = context.out.inked(ink, name).into_owned();
    writeln!(context.out, "{name}\t{}\t{percent}\t{kappa}\t{}", measures.units, figure(measures.alpha))?;
    Ok(())
}
