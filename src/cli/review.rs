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
        ListArgs, RecordArgs, RecordHead, StageFailure, StageInput, StageItem, StageOptions, StageOutput, StageSource, json_lines,
        read_item, run_items,
    },
};
use crate::locale::{Locale, MessageId, family, id};
use clap::{ArgGroup, Args};
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::AnchorStatus;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::EditError;
use pizhu_annotation::StoreError;
use pizhu_annotation::review;
use pizhu_annotation::review::DiffOp;
use pizhu_annotation::review::DiffRun;
use pizhu_annotation::review::QuoteInContext;
use pizhu_annotation::store::SpeechKey;
use pizhu_annotation::{OutlineEdits, OutlineRequest, PlacedOutlineEdit, Target};
use pizhu_library::source::STDIN;
use pizhu_library::source::Speech;
use pizhu_text::document::Document;
use serde::Serialize;
use std::{
    collections::{BTreeSet, HashSet},
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
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
    // Nobody has asked for the files that are only looked at.
    let candidates: HashSet<PathBuf> = candidates.into_iter().collect();
    let is_candidate = |item: &StageItem| matches!(item, StageItem::File(path) if candidates.contains(path));
    let (mut options, locale) = (StageOptions::new(context, &source, "annotations"), context.locale);
    options.frame = options.frame.with_second("speeches");
    let (stores, read_options, target) = (Arc::clone(&context.stores), context.read_options, context.out.target());
    let missing: Mutex<BTreeSet<AnnotationId>> = Mutex::new(args.ids.iter().copied().collect());
    let input = StageInput::open(&source, locale)?;
    run_items(context, options, input, |item| {
        let is_candidate = is_candidate(&item);
        let speech = match read_item(item, read_options, &stores, locale) {
            Err(_) if is_candidate => return Ok(StageOutput::default()),
            read => read?,
        };
        let described = || -> Result<StageOutput, CliError> {
            let path = speech.path.as_deref().unwrap_or(Path::new(STDIN));
            if path == Path::new(STDIN) && speech.path.is_some() {
                return Err(CliError::StdinIsNoSpeech);
            }
            let store = stores.of_file(path)?;
            let found = store.speech_annotations(&speech.document, path)?;
            let name = if speech.path.is_some() { store.location().document_name(path) } else { speech.label() };
            let document = &found.outline.document;
            let annotations = chosen(args, &found.anchors).into_iter().map(|anchored| review_case(document, &name, anchored));
            let edits = chosen_edits(args, &found.outline.edits);
            let cases: Vec<ReviewCase> = annotations.chain(edits.iter().map(|placed| outline_case(document, &name, placed))).collect();
            if !cases.is_empty() && !args.ids.is_empty() {
                let mut missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
                missing.retain(|id| cases.iter().all(|case| case.id != *id));
            }
            let key = || SpeechKey::from_document(store.location(), &speech.document, path);
            let proposals = if args.ids.is_empty() && speech.path.is_some() { store.proposals(&key())? } else { Vec::new() };
            let (mut entries, mut second) = (cases.len(), Vec::new());
            let bytes = match options.format {
                OutputFormat::Text => {
                    entries += proposals.len();
                    render(&speech.label(), &cases, target, locale)
                        + &proposed_speeches::render(&speech.label(), &proposals, target, locale)
                }
                .into_bytes(),
                OutputFormat::Json => {
                    let proposed = proposals.iter().map(|proposal| options.frame.entry(&ProposedSpeech::new(&name, proposal)));
                    second = proposed.collect::<Result<_, _>>()?;
                    options.frame.entries(&cases)?
                }
                OutputFormat::Jsonl if cases.is_empty() => Vec::new(),
                OutputFormat::Jsonl => {
                    let head = &RecordHead::new(&speech).named(&name);
                    json_lines(cases.iter().map(|case| review_line(head, case)))?
                }
            };
            let (warnings, store_warnings, identity) = (speech.warnings.clone(), found.warnings, Some(found.identity));
            Ok(StageOutput { bytes, entries, second, warnings, store_warnings, identity })
        };
        described().map_err(|error| StageFailure::of(&speech, error, locale))
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

/// Applies the user's decision and prints the ids of the annotations.
fn decide(context: &mut CliContext, args: &ReviewArgs, source: &StageSource<'_>) -> Result<Status, CliError> {
    let files = context.list_source(source, false)?;
    let mut decided = Vec::new();
    let mut missing: BTreeSet<AnnotationId> = args.ids.iter().copied().collect();
    for file in &files {
        let Some((speech, annotations)) = context.open_among_to_annotate(file, &files)? else { continue };
        if let Some(ids) = decide_edits(context, args, &speech)? {
            for id in &ids {
                missing.remove(id);
            }
            decided.extend(ids);
        }
        let chosen = chosen(args, &annotations);
        for anchored in &chosen {
            missing.remove(&anchored.id());
        }
        if !chosen.is_empty() {
            let edits = edits(args, &speech, &chosen)?;
            let store = context.store_of(file)?;
            decided.extend(store.apply(&speech.document, &speech.path, &context.annotator(), edits)?);
        }
    }
    if let Some(id) = missing.first() {
        return Err(CliError::Store(StoreError::Edit(EditError::Missing(*id))));
    }
    // They are for `review` to list.
    context.notices.forget_proposals();
    context.print_ids(decided)?;
    Ok(context.done())
}

/// The annotations of a speech that are asked for.
fn chosen<'a>(args: &ReviewArgs, annotations: &'a AnchorIndex) -> Vec<&'a AnchoredAnnotation> {
    if !args.ids.is_empty() {
        return args.ids.iter().filter_map(|id| annotations.get(*id)).collect();
    }
    let more =
        |anchored: &AnchoredAnnotation| args.all && (anchored.status == AnchorStatus::Changed || anchored.annotation.selector.orphaned);
    annotations.iter().filter(|anchored| review::is_unresolved(anchored) || more(anchored)).collect()
}

/// The outline edits of a speech that are asked for.
fn chosen_edits<'a>(args: &ReviewArgs, edits: &'a OutlineEdits) -> Vec<&'a PlacedOutlineEdit> {
    let more = |placed: &PlacedOutlineEdit| args.all && (placed.status == AnchorStatus::Changed || placed.selector.orphaned);
    let is_chosen = |placed: &&PlacedOutlineEdit| {
        if args.ids.is_empty() { placed.is_unresolved() || more(placed) } else { args.ids.contains(&placed.id) }
    };
    edits.all().iter().filter(is_chosen).collect()
}

fn outline_case(document: &Document, name: &str, placed: &PlacedOutlineEdit) -> ReviewCase {
    let old = review::described_quote(&placed.selector);
    let proposed = review::heading_quote(document, placed);
    ReviewCase {
        id: placed.id,
        document: name.to_owned(),
        scope: "outline",
        change: Some(placed.change.name()),
        anchor: placed.status.name(),
        kept: placed.selector.orphaned,
        tags: Vec::new(),
        note: String::new(),
        author: placed.author.clone(),
        difference: proposed.as_ref().map(|new| review::difference(&old.quote, &new.quote)).unwrap_or_default(),
        old,
        proposed,
    }
}

/// Applies the user's decision to the outline edits that are asked for; returns their ids, or `None` if
/// there are none.
fn decide_edits(context: &mut CliContext, args: &ReviewArgs, speech: &Speech) -> Result<Option<Vec<AnnotationId>>, CliError> {
    let store = context.store_of(&speech.path)?;
    let outline = store.outline(&speech.document, &speech.path)?;
    let mut requests = Vec::new();
    let mut ids = Vec::new();
    for placed in chosen_edits(args, &outline.edits) {
        let request = if args.orphan {
            OutlineRequest::Orphan(placed.id)
        } else if args.address.is_named() {
            let place = match args.address.resolve(speech)? {
                Target::Section(id) => speech.document.outline.get(id).map(|section| section.heading),
                Target::Passage(span) => Some(span),
                Target::Speech => None,
            };
            OutlineRequest::Attach(placed.id, place.ok_or(CliError::NoPlace)?)
        } else {
            match placed.span.or(placed.proposed) {
                Some(span) => OutlineRequest::Attach(placed.id, span),
                None if args.ids.is_empty() => continue,
                None => return Err(CliError::NothingProposed(speech.path.clone(), placed.id)),
            }
        };
        requests.push(request);
        ids.push(placed.id);
    }
    if requests.is_empty() {
        return Ok(None);
    }
    store.mend_outline(&speech.document, &speech.path, &context.annotator(), &requests)?;
    Ok(Some(ids))
}

/// The edits for the user's decision about the chosen annotations.
fn edits(args: &ReviewArgs, speech: &Speech, chosen: &[&AnchoredAnnotation]) -> Result<Vec<Edit>, CliError> {
    if args.address.is_named() {
        let target = args.address.resolve(speech)?;
        return Ok(chosen.iter().map(|anchored| Edit::Attach { id: anchored.id(), target }).collect());
    }
    if args.orphan {
        return Ok(chosen.iter().map(|anchored| Edit::Orphan { id: anchored.id() }).collect());
    }
    let accepted = chosen.iter().map(|anchored| {
        let accepted = review::accept(&speech.document, anchored);
        // With `--id` every annotation must have a proposal; otherwise those without one are
        // skipped.
        if accepted.is_none() && !args.ids.is_empty() {
            return Err(CliError::NothingProposed(speech.path.clone(), anchored.id()));
        }
        Ok(accepted)
    });
    Ok(accepted.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn review_case(document: &Document, name: &str, anchored: &AnchoredAnnotation) -> ReviewCase {
    let annotation = &anchored.annotation;
    let (old, proposed) = (review::original_quote(anchored), review::current_quote(document, anchored));
    ReviewCase {
        id: annotation.id,
        document: name.to_owned(),
        scope: annotation.scope.name(),
        change: None,
        anchor: anchored.status.name(),
        kept: annotation.selector.orphaned,
        tags: annotation.tags.names().into_iter().map(str::to_owned).collect(),
        note: annotation.note.clone(),
        author: annotation.author.clone(),
        difference: proposed.as_ref().map(|new| review::difference(&old.quote, &new.quote)).unwrap_or_default(),
        old,
        proposed,
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
