//! `pizhu review`: lists annotations with an uncertain or lost anchor, and applies the user's
//! decisions about them.

use super::{
    CliContext, CliError, Status,
    address::Address,
    args::common::RecordOutputArgs,
    output::{OutputFormat, OutputStyle, OutputTarget},
    proposed_speeches,
    proposed_speeches::ProposedSpeech,
    stage::{
        ListArgs, RecordArgs, RecordHead, StageFailure, StageInput, StageItem, StageOptions, StageOutput, StageReader, StageSource,
        StageSpeech, StageWork, json_lines, write_outputs,
    },
};
use crate::app::{
    error::UseCaseError,
    review::{
        ComparedCase, Decision, DecisionError, ReviewScope, ReviewedSpeech, Undecidable, UndecidedCase, decide_cases, review_speeches,
    },
    speeches::{SpeechResult, SpeechSource},
    stores::StoreFinder,
};
use crate::locale::{Locale, MessageId, family, id};
use clap::{ArgGroup, Args};
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::EditError;
use pizhu_annotation::StoreError;
use pizhu_annotation::review::DiffOp;
use pizhu_annotation::review::DiffRun;
use pizhu_annotation::review::QuoteInContext;
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::source::STDIN;
use pizhu_text::document::Document;
use serde::Serialize;
use std::{
    collections::{BTreeSet, HashSet},
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// `pizhu review`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("named").args(["paths", "files_from"]).multiple(true)))]
pub struct ReviewArgs {
    /// Speeches, or folders of speeches [default: all speeches annotated in the store].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Names from a list.
    #[command(flatten)]
    pub list: ListArgs,
    /// Records in place of files.
    #[command(flatten)]
    pub records: RecordArgs,
    /// Also show annotations found although the text changed, and those kept as orphaned.
    #[arg(long)]
    pub all: bool,
    /// Only these annotations.
    #[arg(long = "id", value_name = "ID")]
    pub ids: Vec<AnnotationId>,
    /// Attach them at the proposed positions; without --id, all that have a proposal.
    #[arg(long, conflicts_with = "orphan")]
    pub accept: bool,
    /// Keep them as orphaned: their text is gone.
    #[arg(long, requires = "ids")]
    pub orphan: bool,
    /// Take the annotations of the nearly equal speech that is proposed for these speeches.
    #[arg(long, requires = "named", conflicts_with_all = ["accept", "orphan", "ids", "refuse"])]
    pub take: bool,
    /// The speech whose annotations are taken, if several are proposed.
    #[arg(long, value_name = "FILE", requires = "take")]
    pub from: Option<PathBuf>,
    /// Refuse for good the annotations of nearly equal speeches that are proposed for these speeches.
    #[arg(long, requires = "named", conflicts_with_all = ["accept", "orphan", "ids"])]
    pub refuse: bool,
    /// Where to attach one annotation.
    #[command(flatten)]
    pub address: Address,
    /// Output options.
    #[command(flatten)]
    pub output: RecordOutputArgs,
}

impl ReviewArgs {
    /// The cases that are asked for.
    fn scope(&self) -> ReviewScope {
        ReviewScope { ids: self.ids.clone(), all: self.all }
    }

    /// Whether something is decided, not only shown.
    pub(super) fn is_decision(&self) -> bool {
        self.accept || self.orphan || self.take || self.refuse || self.address.is_named()
    }
}

/// An annotation to review, in JSON.
#[derive(Serialize)]
struct ReviewCase {
    id: AnnotationId,
    document: String,
    scope: &'static str,
    /// The change of the outline, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
    anchor: &'static str,
    /// Whether the user has decided to keep it as orphaned.
    kept: bool,
    tags: Vec<String>,
    note: String,
    author: String,
    old: QuoteInContext,
    proposed: Option<QuoteInContext>,
    difference: Vec<DiffRun>,
}

/// An annotation to review as a record of JSON lines: flat, so that every line has the same fields.
#[derive(Serialize)]
struct ReviewLine<'a> {
    #[serde(flatten)]
    head: &'a RecordHead<'a>,
    id: AnnotationId,
    scope: &'static str,
    /// The change of the outline; null for an annotation.
    change: Option<&'static str>,
    anchor: &'static str,
    kept: bool,
    tags: &'a [String],
    note: &'a str,
    author: &'a str,
    old_section: Option<String>,
    old_start: usize,
    old_end: usize,
    old_quote: &'a str,
    /// The proposed place; null for none.
    proposed_section: Option<String>,
    proposed_start: Option<usize>,
    proposed_end: Option<usize>,
    proposed_quote: Option<&'a str>,
}

pub(super) fn run(context: &mut CliContext, args: &ReviewArgs) -> Result<Status, CliError> {
    let by_hand = args.address.is_named();
    if by_hand && (args.ids.len() != 1 || args.accept || args.orphan) {
        return Err(CliError::OnePlaceOneId);
    }
    let source = StageSource::with_records(&args.paths, &args.list, &args.records);
    let is_unnamed = source.is_unnamed();
    let mut source = source.or_files(|| context.annotated_speeches())?;
    if args.is_decision() && source.reads_records {
        return Err(CliError::StdinIsNoSpeech);
    }
    if args.take || args.refuse {
        let files = context.list_source(&source, false)?;
        return proposed_speeches::decide(context, &files, args.take, args.from.as_deref());
    }
    if args.is_decision() {
        return decide(context, args, &source);
    }
    let candidates = if is_unnamed { context.candidates_for_missing(&source.paths)? } else { Vec::new() };
    source.paths.to_mut().extend_from_slice(&candidates);
    let (mut options, locale) = (StageOptions::new(context, &source, "annotations"), context.locale);
    options.frame = options.frame.with_second("speeches");
    let target = context.out.target();
    let reader = ReviewReader { reader: StageReader::new(context), candidates: candidates.into_iter().collect() };
    let missing: Mutex<BTreeSet<AnnotationId>> = Mutex::new(args.ids.iter().copied().collect());
    let input = StageInput::open(&source, locale)?;
    let output = |speech: &StageSpeech, found: ReviewedSpeech<'_>| -> Result<StageOutput, CliError> {
        let name = match speech.path.as_deref() {
            Some(path) if path == Path::new(STDIN) => return Err(CliError::StdinIsNoSpeech),
            Some(path) => found.store.location().document_name(path),
            None => speech.label(),
        };
        let cases: Vec<ReviewCase> = found.cases.iter().map(|case| review_case(found.document, &name, *case)).collect();
        if !cases.is_empty() && !args.ids.is_empty() {
            let mut missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
            missing.retain(|id| cases.iter().all(|case| case.id != *id));
        }
        let (mut entries, mut second) = (cases.len(), Vec::new());
        let bytes = match options.format {
            OutputFormat::Text => {
                entries += found.proposals.len();
                render(&speech.label(), &cases, target, locale)
                    + &proposed_speeches::render(&speech.label(), &found.proposals, target, locale)
            }
            .into_bytes(),
            OutputFormat::Json => {
                let proposed = found.proposals.iter().map(|proposal| options.frame.entry(&ProposedSpeech::new(&name, proposal)));
                second = proposed.collect::<Result<_, _>>()?;
                options.frame.entries(&cases)?
            }
            OutputFormat::Jsonl if cases.is_empty() => Vec::new(),
            OutputFormat::Jsonl => {
                let head = &RecordHead::new(speech).named(&name);
                json_lines(cases.iter().map(|case| review_line(head, case)))?
            }
        };
        Ok(StageOutput { bytes, entries, second, ..StageOutput::default() })
    };
    let describe = |speech: &StageSpeech, found: ReviewedSpeech<'_>| match output(speech, found) {
        Ok(value) => Ok(StageWork { value, warnings: speech.warnings.clone() }),
        Err(error) => Err(Some(StageFailure::of(speech, error, locale))),
    };
    write_outputs(context, options, input, Vec::new(), |batch, sink| {
        review_speeches(&args.scope(), &reader, batch, describe, |result| match result {
            Err(None) => sink(Ok(SpeechResult::new(StageWork::default()))),
            Err(Some(failure)) => sink(Err(failure)),
            Ok(result) => sink(Ok(result)),
        })
    })?;
    if options.format != OutputFormat::Jsonl {
        // They have just been listed.
        context.notices.forget_proposals();
    }
    let missing = missing.into_inner().unwrap_or_else(PoisonError::into_inner);
    match missing.first() {
        Some(id) => Err(CliError::Store(StoreError::Edit(EditError::Missing(*id)))),
        None => Ok(context.done()),
    }
}

/// The speeches of a review, with files among them that nobody has asked for.
struct ReviewReader {
    reader: StageReader,
    /// Files that are only looked at: they may be annotated speeches, moved.
    candidates: HashSet<PathBuf>,
}

impl SpeechSource for ReviewReader {
    type Item = StageItem;
    type Speech = StageSpeech;
    /// `None`: a file that nobody has asked for cannot be read.
    type Failure = Option<StageFailure>;

    fn stores(&self) -> &StoreFinder {
        self.reader.stores()
    }

    fn read(&self, item: StageItem) -> Result<StageSpeech, Self::Failure> {
        let is_candidate = matches!(&item, StageItem::File(path) if self.candidates.contains(path));
        self.reader.read(item).map_err(|failure| (!is_candidate).then_some(failure))
    }

    fn read_candidate(&self, item: StageItem, _: &CompiledQuery) -> Result<Option<StageSpeech>, Self::Failure> {
        self.read(item).map(Some)
    }

    fn failure(&self, speech: &StageSpeech, error: UseCaseError) -> Self::Failure {
        Some(self.reader.failure(speech, error))
    }
}

/// Applies the user's decision and prints the ids of the annotations.
fn decide(context: &mut CliContext, args: &ReviewArgs, source: &StageSource<'_>) -> Result<Status, CliError> {
    let files = context.list_source(source, false)?;
    let (mut decided, scope) = (Vec::new(), args.scope());
    let mut missing: BTreeSet<AnnotationId> = args.ids.iter().copied().collect();
    for file in &files {
        if file == Path::new(STDIN) {
            return Err(CliError::StdinIsNoSpeech);
        }
        let Some((speech, found)) = context.open_with_records(file, &files)? else { continue };
        let cases = scope.cases(&found.anchors, &found.outline.edits);
        if cases.is_empty() {
            continue;
        }
        for case in &cases {
            missing.remove(&case.id());
        }
        let decision = match (args.address.is_named(), args.orphan) {
            (true, _) => Decision::Attach(args.address.resolve(&speech)?),
            (false, true) => Decision::Orphan,
            (false, false) => Decision::Accept,
        };
        let store = context.store_of(file)?;
        // With `--id` every annotation must have a proposal; otherwise those without one are skipped.
        let is_strict = !args.ids.is_empty();
        let saved = decide_cases(&store, (&speech.path, &speech.document), &context.annotator(), &cases, decision, is_strict);
        decided.extend(saved.map_err(|error| match error {
            DecisionError::Case(id, Undecidable::NothingProposed) => CliError::NothingProposed(speech.path.clone(), id),
            DecisionError::Case(_, Undecidable::NoHeading) => CliError::NoPlace,
            DecisionError::Store(error) => error.into(),
        })?);
    }
    if let Some(id) = missing.first() {
        return Err(CliError::Store(StoreError::Edit(EditError::Missing(*id))));
    }
    // They are for `review` to list.
    context.notices.forget_proposals();
    context.print_ids(decided)?;
    Ok(context.done())
}

fn review_case(document: &Document, name: &str, case: UndecidedCase<'_>) -> ReviewCase {
    let ComparedCase { old, proposed, difference } = case.compared(document);
    let (scope, change, tags, note, author) = match case {
        UndecidedCase::Annotation(AnchoredAnnotation { annotation, .. }) => {
            let tags = annotation.tags.names().into_iter().map(str::to_owned).collect();
            (annotation.scope.name(), None, tags, annotation.note.clone(), &annotation.author)
        }
        UndecidedCase::Heading(placed) => ("outline", Some(placed.change.name()), Vec::new(), String::new(), &placed.author),
    };
    ReviewCase {
        id: case.id(),
        document: name.to_owned(),
        scope,
        change,
        anchor: case.status().name(),
        kept: case.is_kept(),
        tags,
        note,
        author: author.clone(),
        old,
        proposed,
        difference,
    }
}

fn review_line<'a>(head: &'a RecordHead<'a>, case: &'a ReviewCase) -> ReviewLine<'a> {
    let path = |side: &QuoteInContext| (!side.section.is_empty()).then(|| side.section.join("/"));
    let (old, proposed) = (&case.old, case.proposed.as_ref());
    ReviewLine {
        head,
        id: case.id,
        scope: case.scope,
        change: case.change,
        anchor: case.anchor,
        kept: case.kept,
        tags: &case.tags,
        note: &case.note,
        author: &case.author,
        old_section: path(old),
        old_start: old.start,
        old_end: old.end,
        old_quote: &old.quote,
        proposed_section: proposed.and_then(path),
        proposed_start: proposed.map(|side| side.start),
        proposed_end: proposed.map(|side| side.end),
        proposed_quote: proposed.map(|side| side.quote.as_str()),
    }
}

/// The annotations of one speech as text, below the name of its file.
fn render(file: &str, cases: &[ReviewCase], target: OutputTarget, locale: Locale) -> String {
    let mut text = String::new();
    if cases.is_empty() {
        return text;
    }
    let _ = writeln!(text, "{}", target.styled(OutputStyle::Title, file));
    for case in cases {
        let state = locale.text(if case.kept { id::REVIEW_KEPT } else { anchor_message(case.anchor) });
        let tags: String = case.tags.iter().flat_map(|tag| ["〔", tag, "〕"]).collect();
        let tags = target.styled(OutputStyle::Tag, &tags);
        let change = case.change.map(|change| locale.text(family::OUTLINE_CHANGE.id(change)).into_owned()).unwrap_or_default();
        let about = format!("{} {}{change}", case.author, case.note.replace('\n', " "));
        let id = case.id.to_string();
        let id = target.styled(OutputStyle::Faint, &id);
        let _ = writeln!(text, "{id}  {state}  {tags} {}", target.sanitized(&about).trim());
        render_side(&mut text, id::REVIEW_WAS, Some(&case.old), target, locale);
        render_side(&mut text, id::REVIEW_NOW, case.proposed.as_ref(), target, locale);
        if case.difference.iter().any(|piece| piece.op != DiffOp::Same) {
            let shown: String = case.difference.iter().map(wdiff).collect();
            let _ = writeln!(text, "  {}  {}", locale.text(id::REVIEW_DIFFERENCE), target.sanitized(&one_line(&shown)));
        }
    }
    text
}

fn anchor_message(anchor: &str) -> MessageId {
    match anchor {
        "review" => id::ANCHOR_REVIEW,
        "orphaned" => id::ANCHOR_ORPHANED,
        "moved" => id::ANCHOR_MOVED,
        "changed" => id::ANCHOR_CHANGED,
        _ => id::ANCHOR_EXACT,
    }
}

/// The old or the proposed side: section, and quote with context.
fn render_side(text: &mut String, label: MessageId, side: Option<&QuoteInContext>, target: OutputTarget, locale: Locale) {
    let label = locale.text(label);
    let Some(side) = side else {
        let _ = writeln!(text, "  {label}  {}", locale.text(id::REVIEW_NOWHERE));
        return;
    };
    let section = side.section.join("/");
    let [before, quote, after] = [&side.before, &side.quote, &side.after].map(|text| one_line(text));
    let (section, quote) = (target.styled(OutputStyle::Marker, &section), target.styled(OutputStyle::Match, &quote));
    let (before, after) = (target.sanitized(&before), target.sanitized(&after));
    let _ = writeln!(text, "  {label}  {section}  …{before}【{quote}】{after}…");
}

/// A piece of the difference in the notation of `wdiff`.
fn wdiff(piece: &DiffRun) -> String {
    match piece.op {
        DiffOp::Same => piece.text.clone(),
        DiffOp::Delete => format!("[-{}-]", piece.text),
        DiffOp::Insert => format!("{{+{}+}}", piece.text),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
