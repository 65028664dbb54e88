//! `pizhu review`: lists annotations with an uncertain or lost anchor, and applies the user's
//! decisions about them.

use super::{
    CliContext, CliError, Status, address::Address, args::common::OutputArgs, output::OutputStyle, proposed_speeches,
    proposed_speeches::ProposedSpeech,
};
use clap::Args;
use pizhu_annotation::AnchorStatus;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::EditError;
use pizhu_annotation::Scope;
use pizhu_annotation::StoreError;
use pizhu_annotation::review;
use pizhu_annotation::review::DiffOp;
use pizhu_annotation::review::DiffRun;
use pizhu_annotation::review::QuoteInContext;
use pizhu_annotation::store::FoundAnnotations;
use pizhu_library::source::{STDIN, Speech};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
};

/// `pizhu review`
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// Speeches, or folders of speeches [default: all speeches annotated in the store].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
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
    #[arg(long, requires = "paths", conflicts_with_all = ["accept", "orphan", "ids", "refuse"])]
    pub take: bool,
    /// The speech whose annotations are taken, if several are proposed.
    #[arg(long, value_name = "FILE", requires = "take")]
    pub from: Option<PathBuf>,
    /// Refuse for good the annotations of nearly equal speeches that are proposed for these speeches.
    #[arg(long, requires = "paths", conflicts_with_all = ["accept", "orphan", "ids"])]
    pub refuse: bool,
    /// Where to attach one annotation.
    #[command(flatten)]
    pub address: Address,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Serialize)]
struct ReviewReport<'a> {
    version: u32,
    annotations: &'a [ReviewCase],
    /// Speeches whose annotations may belong to one that has none.
    speeches: &'a [ProposedSpeech],
}

/// An annotation to review, in JSON.
#[derive(Serialize)]
struct ReviewCase {
    id: AnnotationId,
    document: String,
    scope: Scope,
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

pub(super) fn run(context: &mut CliContext, args: &ReviewArgs) -> Result<Status, CliError> {
    let mut files = context.named_or_annotated(&args.paths)?;
    if args.take || args.refuse {
        return proposed_speeches::decide(context, &files, args.take, args.from.as_deref());
    }
    let by_hand = args.address.is_named();
    if by_hand && (args.ids.len() != 1 || args.accept || args.orphan) {
        return Err(CliError::OnePlaceOneId);
    }
    let is_decision = args.accept || args.orphan || by_hand;
    let named = files.len();
    if args.paths.is_empty() && !is_decision {
        let candidates = context.candidates_for_missing(&files)?;
        files.extend(candidates);
    }
    let (mut cases, mut decided, mut similar) = (Vec::new(), Vec::new(), Vec::new());
    let mut missing: BTreeSet<AnnotationId> = args.ids.iter().copied().collect();
    for (index, file) in files.iter().enumerate() {
        // Nobody has asked for the files that were only looked at.
        if index >= named && context.open(file).is_err() {
            continue;
        }
        if file == Path::new(STDIN) {
            return Err(CliError::StdinIsNoSpeech);
        }
        let Some((speech, FoundAnnotations { anchors: annotations, proposals, .. })) = context.open_with_proposals(file, &files)? else {
            continue;
        };
        let chosen: Vec<&AnchoredAnnotation> = if args.ids.is_empty() {
            let more = |anchored: &AnchoredAnnotation| {
                args.all && (anchored.status == AnchorStatus::Changed || anchored.annotation.selector.orphaned)
            };
            annotations.iter().filter(|anchored| review::is_unresolved(anchored) || more(anchored)).collect()
        } else {
            args.ids.iter().filter_map(|id| annotations.get(*id)).collect()
        };
        for anchored in &chosen {
            missing.remove(&anchored.id());
        }
        if !is_decision {
            let name = context.store_of(file)?.location().document_name(file);
            let described: Vec<ReviewCase> = chosen.iter().map(|anchored| review_case(&speech, &name, anchored)).collect();
            if !context.is_json() && !described.is_empty() {
                print(context, file, &described)?;
            }
            cases.extend(described);
            if args.ids.is_empty() && !proposals.is_empty() {
                similar.extend(proposals.iter().map(|proposal| ProposedSpeech::new(&name, proposal)));
                if !context.is_json() {
                    proposed_speeches::print(context, file, &proposals)?;
                }
            }
        } else if !chosen.is_empty() {
            let edits = edits(args, &speech, &chosen)?;
            let store = context.store_of(file)?;
            decided.extend(store.apply(&speech.document, &speech.path, &context.annotator(), edits)?);
        }
    }
    if let Some(id) = missing.first() {
        return Err(CliError::Store(StoreError::Edit(EditError::Missing(*id))));
    }
    // They have just been listed.
    context.notices.forget_proposals();
    if is_decision {
        context.print_ids(decided)?;
    } else if context.is_json() {
        context.out.json(&ReviewReport { version: 1, annotations: &cases, speeches: &similar })?;
    }
    Ok(context.done())
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

fn review_case(speech: &Speech, name: &str, anchored: &AnchoredAnnotation) -> ReviewCase {
    let annotation = &anchored.annotation;
    let (old, proposed) = (review::original_quote(anchored), review::current_quote(&speech.document, anchored));
    ReviewCase {
        id: annotation.id,
        document: name.to_owned(),
        scope: annotation.scope,
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

fn print(context: &mut CliContext, file: &Path, cases: &[ReviewCase]) -> Result<(), CliError> {
    let file = context.out.styled(OutputStyle::Title, &file.display().to_string()).into_owned();
    writeln!(context.out, "{file}")?;
    let locale = context.locale;
    for case in cases {
        let state = locale.text(if case.kept { "review-kept" } else { anchor_message(case.anchor) });
        let tags: String = case.tags.iter().flat_map(|tag| ["〔", tag, "〕"]).collect();
        let tags = context.out.styled(OutputStyle::Tag, &tags).into_owned();
        let about = context.out.sanitized(&format!("{} {}", case.author, case.note.replace('\n', " "))).into_owned();
        let id = context.out.styled(OutputStyle::Faint, &case.id.to_string()).into_owned();
        writeln!(context.out, "{id}  {state}  {tags} {}", about.trim())?;
        print_side(context, "review-was", Some(&case.old))?;
        print_side(context, "review-now", case.proposed.as_ref())?;
        if case.difference.iter().any(|piece| piece.op != DiffOp::Same) {
            let shown: String = case.difference.iter().map(wdiff).collect();
            let (label, shown) = (locale.text("review-difference"), context.out.sanitized(&one_line(&shown)).into_owned());
            writeln!(context.out, "  {label}  {shown}")?;
        }
    }
    Ok(())
}

fn anchor_message(anchor: &str) -> &'static str {
    match anchor {
        "review" => "anchor-review",
        "orphaned" => "anchor-orphaned",
        "moved" => "anchor-moved",
        "changed" => "anchor-changed",
        _ => "anchor-exact",
    }
}

/// Prints the old or the proposed side: section, and quote with context.
fn print_side(context: &mut CliContext, label: &str, side: Option<&QuoteInContext>) -> Result<(), CliError> {
    let label = context.locale.text(label);
    let Some(side) = side else {
        let nothing = context.locale.text("review-nowhere");
        return Ok(writeln!(context.out, "  {label}  {nothing}")?);
    };
    let section = context.out.styled(OutputStyle::Marker, &side.section.join("/")).into_owned();
    let [before, quote, after] = [&side.before, &side.quote, &side.after].map(|text| one_line(text));
    let quote = context.out.styled(OutputStyle::Match, &quote).into_owned();
    let (before, after) = (context.out.sanitized(&before).into_owned(), context.out.sanitized(&after).into_owned());
    writeln!(context.out, "  {label}  {section}  …{before}【{quote}】{after}…")?;
    Ok(())
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
