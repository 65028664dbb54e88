//! `pizhu agree`: intercoder agreement, and the disagreements.

use super::{CliContext, CliError, Status, args::common::OutputArgs, context::warn, output::OutputStyle, wanted_annotations::find_tag};
use crate::app::existing_files::ExistingFiles;
use crate::locale::{family, id};
use clap::{Args, ValueEnum};
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::agreement::{Agreement, BOOTSTRAP_DRAWS, Coding, Interval, Measures, UnitKind, is_consensus};
use pizhu_annotation::{Codebook, Store, StoreError, TagId, TagLookup, TagSet};
use pizhu_library::source::STDIN;
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
};

/// The most speeches named of those that a coder is not done with; JSON has all.
const MAX_NAMED: usize = 3;

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
    /// Only this tag and the tags below it; can be given several times.
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// What coders are compared by.
    #[arg(long, value_name = "UNIT", default_value = "section")]
    pub unit: AgreeUnitArg,
    /// Leave out what none of the coders compared gave any of the tags.
    #[arg(long)]
    pub coded_only: bool,
    /// Draws for the 95 % intervals; 0 computes none.
    #[arg(long, value_name = "N", default_value_t = BOOTSTRAP_DRAWS)]
    pub draws: usize,
    /// Count a speech as coded also by those who marked nothing in it.
    #[arg(long)]
    pub complete: bool,
    /// Only list the disagreements.
    #[arg(long)]
    pub disagreements: bool,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What coders are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AgreeUnitArg {
    /// Sections.
    Section,
    /// Paragraphs.
    Paragraph,
    /// Sentences.
    Sentence,
    /// Characters; the passages' extents too, by uα.
    Char,
}

impl From<AgreeUnitArg> for UnitKind {
    fn from(unit: AgreeUnitArg) -> Self {
        match unit {
            AgreeUnitArg::Section => Self::Section,
            AgreeUnitArg::Paragraph => Self::Paragraph,
            AgreeUnitArg::Sentence => Self::Sentence,
            AgreeUnitArg::Char => Self::Char,
        }
    }
}

/// Coefficients in JSON; null if undefined. Each interval is the lower and the upper end.
#[derive(Serialize)]
struct AgreementFigures {
    units: usize,
    /// From 0 to 100.
    percent: Option<f64>,
    percent_interval: Option<[f64; 2]>,
    /// Number of pairs of ratings that the percent is over.
    percent_of: f64,
    kappa: Option<f64>,
    kappa_interval: Option<[f64; 2]>,
    alpha: Option<f64>,
    alpha_interval: Option<[f64; 2]>,
    /// Only by characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    u_alpha: Option<f64>,
}

#[derive(Serialize)]
struct PairFigures<'a> {
    coders: [&'a str; 2],
    #[serde(flatten)]
    figures: AgreementFigures,
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
    /// `section`, `paragraph`, `sentence` or `char`.
    unit: &'static str,
    coded_only: bool,
    overall: AgreementFigures,
    /// Of every two coders, over all tags.
    pairs: Vec<PairFigures<'a>>,
    tags: Vec<TagFigures>,
    /// The coders who have not declared all of the speeches done; empty if nobody has declared one.
    not_done: &'a [NotDone],
    disagreements: Vec<DisagreementEntry<'a>>,
}

/// The report of `--disagreements`.
#[derive(Serialize)]
struct DisagreementReport<'a> {
    version: u32,
    coders: &'a [String],
    unit: &'static str,
    not_done: &'a [NotDone],
    disagreements: Vec<DisagreementEntry<'a>>,
}

/// A coder, and the speeches that the coder has not declared done.
#[derive(Debug, Serialize)]
struct NotDone {
    coder: String,
    documents: Vec<String>,
}

/// A section that some coders gave a tag and others did not.
#[derive(Serialize)]
struct DisagreementEntry<'a> {
    tag: String,
    document: String,
    section: Vec<String>,
    start: usize,
    end: usize,
    /// Coders who gave the tag.
    with: Vec<&'a str>,
    /// Coders of the speech who did not.
    without: Vec<&'a str>,
}

impl From<Agreement> for AgreementFigures {
    fn from(agreement: Agreement) -> Self {
        let Agreement { measures: Measures { units, percent, kappa, alpha }, intervals, pairs, unitizing } = agreement;
        let ends = |interval: Option<Interval>, scale: f64| interval.map(|Interval { low, high }| [scale * low, scale * high]);
        Self {
            units,
            percent: percent.map(|share| 100.0 * share),
            percent_interval: ends(intervals.percent, 100.0),
            percent_of: pairs,
            kappa,
            kappa_interval: ends(intervals.kappa, 1.0),
            alpha,
            alpha_interval: ends(intervals.alpha, 1.0),
            u_alpha: unitizing,
        }
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
    let mut done: Vec<(String, BTreeSet<String>)> = Vec::new();
    for file in &files {
        if file == Path::new(STDIN) {
            return Err(CliError::StdinIsNoSpeech);
        }
        let Some((speech, found)) = context.open_with_records(file, &files)? else { continue };
        done.push((store.location().document_name(file), found.records.done_authors().into_iter().map(str::to_owned).collect()));
        let annotations = found.anchors;
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
    let stores: Vec<Store> = std::iter::once(store.clone()).chain(others.iter().cloned()).collect();
    let found = args.tag.iter().map(|words| find_tag(&book, &stores, words));
    let above: Vec<TagId> = found.collect::<Result<_, _>>().map_err(StoreError::from)?;
    let is_wanted = |tag: TagId| above.is_empty() || above.iter().any(|above| book.is_within(tag, *above));
    let mut coding = Coding::new(coders.clone()).by(args.unit.into(), args.coded_only);
    let mut orphaned = 0;
    for (speech, annotations) in &read {
        let wanted = |tags: &TagSet| above.is_empty() || tags.iter().any(|tag| is_wanted(tag.id));
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
    coding.retain_tags(|tag| is_wanted(tag.id));
    if orphaned > 0 {
        warn(&context.locale.format(id::AGREE_UNPLACED, &[("count", orphaned.into())]));
    }
    let not_done = if others.is_empty() { not_done(&coders, &done) } else { Vec::new() };
    print(context, (&coding, &book), &not_done, args)?;
    Ok(context.done())
}

/// The coders who have not declared all of the speeches done; none if nobody has declared one.
fn not_done(coders: &[String], done: &[(String, BTreeSet<String>)]) -> Vec<NotDone> {
    if done.iter().all(|(_, authors)| authors.is_empty()) {
        return Vec::new();
    }
    let open = |coder: &String| -> NotDone {
        let documents = done.iter().filter(|(_, authors)| !authors.contains(coder)).map(|(document, _)| document.clone());
        NotDone { coder: coder.clone(), documents: documents.collect() }
    };
    coders.iter().map(open).filter(|open| !open.documents.is_empty()).collect()
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
    // What coders have agreed on is no coding of its own, unless it is named.
    let independent = known.iter().filter(|author| !is_consensus(author)).cloned();
    let coders: Vec<String> = if args.between.is_empty() { independent.collect() } else { args.between.clone() };
    if coders.len() < 2 { Err(CliError::OneCoder(coders)) } else { Ok(coders) }
}

/// Every two of some coders.
fn pairs(coders: usize) -> impl Iterator<Item = [usize; 2]> {
    (0..coders).flat_map(move |one| (one + 1..coders).map(move |other| [one, other]))
}

fn print(context: &mut CliContext, (coding, book): (&Coding, &Codebook), not_done: &[NotDone], args: &AgreeArgs) -> Result<(), CliError> {
    let disagreements: Vec<DisagreementEntry> = coding
        .disagreements()
        .into_iter()
        .map(|found| DisagreementEntry {
            tag: book.label_of(found.tag),
            document: found.unit.document,
            section: found.unit.section,
            start: found.unit.span.start,
            end: found.unit.span.end,
            with: found.with,
            without: found.without,
        })
        .collect();
    let unit = UnitKind::from(args.unit);
    if args.disagreements && context.is_json() {
        let (coders, unit) = (coding.coders(), unit.name());
        return context.out.json(&DisagreementReport { version: 1, coders, unit, not_done, disagreements });
    }
    if args.disagreements {
        return print_disagreements(context, disagreements, not_done);
    }
    let coders: Vec<usize> = (0..coding.coders().len()).collect();
    let name = |coder: usize| coding.coders()[coder].as_str();
    let overall = coding.agreement(None, &coders, args.draws);
    let pairs: Vec<([usize; 2], Agreement)> = if coders.len() > 2 {
        pairs(coders.len()).map(|pair| (pair, coding.agreement(None, &pair, args.draws))).collect()
    } else {
        Vec::new()
    };
    let tags: Vec<(String, Agreement)> =
        coding.tags().into_iter().map(|tag| (book.label_of(tag), coding.agreement(Some(tag), &coders, args.draws))).collect();
    if context.is_json() {
        let pairs =
            pairs.iter().map(|([one, other], figures)| PairFigures { coders: [name(*one), name(*other)], figures: (*figures).into() });
        return context.out.json(&AgreementReport {
            version: 1,
            coders: coding.coders(),
            unit: unit.name(),
            coded_only: args.coded_only,
            overall: overall.into(),
            pairs: pairs.collect(),
            tags: tags.into_iter().map(|(tag, figures)| TagFigures { tag, figures: figures.into() }).collect(),
            not_done,
            disagreements,
        });
    }
    let shown = context.out.sanitized(&coding.coders().join(" · ")).into_owned();
    let kind =
        context.locale.text(family::AGREE_UNIT.id(&format!("{}{}", unit.name(), if args.coded_only { "-coded" } else { "" }))).into_owned();
    let facts = [("pairs", (overall.pairs.round() as usize).into()), ("unit", kind.into()), ("tags", tags.len().into())];
    let over = context.locale.format(id::AGREE_OVER, &facts);
    let mut head = context.locale.text(id::AGREE_COLUMNS).into_owned();
    if args.draws > 0 {
        head = format!("{head}\t{}", context.locale.text(id::AGREE_INTERVAL));
    }
    if unit == UnitKind::Char {
        head = format!("{head}\tuα");
    }
    writeln!(context.out, "{shown}\n{over}\n{head}")?;
    let all = context.locale.text(id::AGREE_OVERALL).into_owned();
    let row = RowStyle { two: coders.len() == 2, intervals: args.draws > 0, unitizing: unit == UnitKind::Char };
    print_row(context, &all, OutputStyle::Title, overall, row)?;
    for ([one, other], figures) in pairs {
        let label = format!("{} – {}", name(one), name(other));
        print_row(context, &label, OutputStyle::Title, figures, RowStyle { two: true, ..row })?;
    }
    for (tag, figures) in &tags {
        print_row(context, tag, OutputStyle::Tag, *figures, row)?;
    }
    print_disagreements(context, disagreements, not_done)
}

/// The disagreements, a line each, and who is not done.
fn print_disagreements(context: &mut CliContext, disagreements: Vec<DisagreementEntry<'_>>, not_done: &[NotDone]) -> Result<(), CliError> {
    if !disagreements.is_empty() {
        let line = context.locale.format(id::AGREE_DISAGREEMENTS, &[("count", disagreements.len().into())]);
        writeln!(context.out, "\n{line}")?;
    }
    for found in disagreements {
        let tag = context.out.styled(OutputStyle::Tag, &format!("〔{}〕", found.tag)).into_owned();
        let section = context.out.styled(OutputStyle::Marker, &found.section.join("/")).into_owned();
        let who = format!("+ {}  − {}", found.with.join(" "), found.without.join(" "));
        let document = format!("{}:{}", Path::new(&found.document).display(), found.start);
        let (who, document) = (context.out.sanitized(&who).into_owned(), context.out.sanitized(&document).into_owned());
        writeln!(context.out, "{document}  {section}  {tag}  {who}")?;
    }
    for open in not_done {
        let mut names: Vec<&str> = open.documents.iter().take(MAX_NAMED).map(String::as_str).collect();
        if open.documents.len() > names.len() {
            names.push("…");
        }
        let facts = [("coder", open.coder.as_str().into()), ("count", open.documents.len().into()), ("speeches", names.join(", ").into())];
        let line = context.locale.format(id::AGREE_NOT_DONE, &facts);
        let line = context.out.sanitized(&line).into_owned();
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}

/// What a line of the table has.
#[derive(Clone, Copy)]
struct RowStyle {
    /// Whether two coders are compared: Cohen's κ is only defined for two.
    two: bool,
    intervals: bool,
    unitizing: bool,
}

/// A line of the table.
fn print_row(context: &mut CliContext, name: &str, ink: OutputStyle, agreement: Agreement, style: RowStyle) -> Result<(), CliError> {
    let measures = agreement.measures;
    let undefined = context.locale.text(id::AGREE_UNDEFINED).into_owned();
    let percent = measures.percent.map_or_else(|| undefined.clone(), |share| format!("{:.1}%", 100.0 * share));
    let figure = |value: Option<f64>| value.map_or_else(|| undefined.clone(), |value| format!("{value:.3}"));
    let kappa = if style.two { figure(measures.kappa) } else { "–".to_owned() };
    let name = context.out.styled(ink, name).into_owned();
    write!(context.out, "{name}\t{}\t{percent}\t{kappa}\t{}", measures.units, figure(measures.alpha))?;
    if style.intervals {
        let ends = |Interval { low, high }: Interval| format!("[{low:.3}, {high:.3}]");
        write!(context.out, "\t{}", agreement.intervals.alpha.map_or_else(|| "–".to_owned(), ends))?;
    }
    if style.unitizing {
        write!(context.out, "\t{}", figure(agreement.unitizing))?;
    }
    writeln!(context.out)?;
    Ok(())
}
