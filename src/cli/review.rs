//! `pizhu review`: annotations whose place is not certain or gone, and what the user is_decision.

use super::{CliError, Context, Status, address::Place, args::ShapeArg, context::speeches, output::Ink};
use pizhu_annotation::Anchor;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::EditError;
use pizhu_annotation::Placed;
use pizhu_annotation::Scope;
use pizhu_annotation::StoreError;
use pizhu_annotation::review;
use pizhu_annotation::review::Op;
use pizhu_annotation::review::Piece;
use pizhu_annotation::review::Words;
use pizhu_library::source::Speech;
use clap::Args;
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
};

/// `pizhu review`
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// Speeches, or folders of speeches [default: all that the store has annotations of].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Also what was found although its text has changed, and what is kept as orphaned.
    #[arg(long)]
    pub all: bool,
    /// Only these annotations.
    #[arg(long = "id", value_name = "ID")]
    pub ids: Vec<AnnotationId>,
    /// Attach them where they are proposed; without --id, all that have a proposal.
    #[arg(long, conflicts_with = "orphan")]
    pub accept: bool,
    /// Keep them as orphaned: their words are gone.
    #[arg(long, requires = "ids")]
    pub orphan: bool,
    /// Attach one annotation here.
    #[command(flatten)]
    pub place: Place,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

#[derive(Serialize)]
struct Cases<'a> {
    version: u32,
    annotations: &'a [Case],
}

/// An annotation to decide about.
#[derive(Serialize)]
struct Case {
    id: AnnotationId,
    document: String,
    scope: Scope,
    anchor: &'static str,
    /// Whether the user keeps it as orphaned.
    kept: bool,
    tags: BTreeSet<String>,
    note: String,
    author: String,
    old: Words,
    proposed: Option<Words>,
    difference: Vec<Piece>,
}

pub(super) fn run(context: &mut Context, args: &ReviewArgs) -> Result<Status, CliError> {
    let files = if args.paths.is_empty() { context.annotated_speeches()? } else { speeches(&args.paths)? };
    let by_hand = args.place.is_named();
    if by_hand && (args.ids.len() != 1 || args.accept || args.orphan) {
        return Err(CliError::OnePlaceOneId);
    }
    let is_decision = args.accept || args.orphan || by_hand;
    let (mut cases, mut decided) = (Vec::new(), Vec::new());
    let mut missing: BTreeSet<AnnotationId> = args.ids.iter().copied().collect();
    for file in &files {
        let speech = context.open_to_annotate(file)?;
        let placements = context.annotations(&speech)?;
        let chosen: Vec<&Placed> = if args.ids.is_empty() {
            let more = |placed: &Placed| args.all && (placed.anchor == Anchor::Changed || placed.annotation.selector.orphaned);
            placements.iter().filter(|placed| review::is_open(placed) || more(placed)).collect()
        } else {
            args.ids.iter().filter_map(|id| placements.get(*id)).collect()
        };
        for placed in &chosen {
            missing.remove(&placed.id());
        }
        if !is_decision {
            let name = context.store_of(Some(file))?.place().document_name(file);
            let described: Vec<Case> = chosen.iter().map(|placed| describe(&speech, &name, placed)).collect();
            if !context.is_json() && !described.is_empty() {
                print(context, file, &described)?;
            }
            cases.extend(described);
        } else if !chosen.is_empty() {
            let edits = edits(args, &speech, &chosen)?;
            let store = context.store_of(Some(file))?;
            decided.extend(store.apply(&speech.document, &speech.path, &context.annotator(), edits)?);
        }
    }
    if let Some(id) = missing.first() {
        return Err(CliError::Store(StoreError::Edit(EditError::Missing(*id))));
    }
    if is_decision {
        context.print_ids(decided)?;
    } else if context.is_json() {
        context.out.json(&Cases { version: 1, annotations: &cases })?;
    }
    Ok(Status::Done)
}

/// What the user has decided about the annotations chosen.
fn edits(args: &ReviewArgs, speech: &Speech, chosen: &[&Placed]) -> Result<Vec<Edit>, CliError> {
    if args.place.is_named() {
        let target = args.place.resolve(speech)?;
        return Ok(chosen.iter().map(|placed| Edit::Attach { id: placed.id(), target }).collect());
    }
    if args.orphan {
        return Ok(chosen.iter().map(|placed| Edit::Orphan { id: placed.id() }).collect());
    }
    let accepted = chosen.iter().map(|placed| {
        let accepted = review::accept(&speech.document, placed);
        // Of all, those without a proposal wait; one that was named has to have one.
        if accepted.is_none() && !args.ids.is_empty() {
            return Err(CliError::NothingProposed(speech.path.clone(), placed.id()));
        }
        Ok(accepted)
    });
    Ok(accepted.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn describe(speech: &Speech, name: &str, placed: &Placed) -> Case {
    let annotation = &placed.annotation;
    let (old, proposed) = (review::was(placed), review::now(&speech.document, placed));
    Case {
        id: annotation.id,
        document: name.to_owned(),
        scope: annotation.scope,
        anchor: placed.anchor.name(),
        kept: annotation.selector.orphaned,
        tags: annotation.tags.clone(),
        note: annotation.note.clone(),
        author: annotation.author.clone(),
        difference: proposed.as_ref().map(|new| review::difference(&old.quote, &new.quote)).unwrap_or_default(),
        old,
        proposed,
    }
}

fn print(context: &mut Context, file: &Path, cases: &[Case]) -> Result<(), CliError> {
    let file = context.out.inked(Ink::Title, &file.display().to_string()).into_owned();
    writeln!(context.out, "{file}")?;
    let words = context.words;
    for case in cases {
        let state = words.text(if case.kept { "review-kept" } else { anchor_message(case.anchor) });
        let tags: String = case.tags.iter().flat_map(|tag| ["〔", tag, "〕"]).collect();
        let tags = context.out.inked(Ink::Tag, &tags).into_owned();
        let about = context.out.shown(&format!("{} {}", case.author, case.note.replace('\n', " "))).into_owned();
        let id = context.out.inked(Ink::Faint, &case.id.to_string()).into_owned();
        writeln!(context.out, "{id}  {state}  {tags} {}", about.trim())?;
        line(context, "review-was", Some(&case.old))?;
        line(context, "review-now", case.proposed.as_ref())?;
        if case.difference.iter().any(|piece| piece.op != Op::Same) {
            let shown: String = case.difference.iter().map(piece).collect();
            let (label, shown) = (words.text("review-difference"), context.out.shown(&one_line(&shown)).into_owned());
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

/// One side of a case: the section, and the words within their context.
fn line(context: &mut Context, label: &str, side: Option<&Words>) -> Result<(), CliError> {
    let label = context.words.text(label);
    let Some(side) = side else {
        let nothing = context.words.text("review-nowhere");
        return Ok(writeln!(context.out, "  {label}  {nothing}")?);
    };
    let section = context.out.inked(Ink::Marker, &side.section.join("/")).into_owned();
    let [before, quote, after] = [&side.before, &side.quote, &side.after].map(|text| one_line(text));
    let quote = context.out.inked(Ink::Match, &quote).into_owned();
    let (before, after) = (context.out.shown(&before).into_owned(), context.out.shown(&after).into_owned());
    writeln!(context.out, "  {label}  {section}  …{before}【{quote}】{after}…")?;
    Ok(())
}

/// As `wdiff` writes it.
fn piece(piece: &Piece) -> String {
    match piece.op {
        Op::Same => piece.text.clone(),
        Op::Delete => format!("[-{}-]", piece.text),
        Op::Insert => format!("{{+{}+}}", piece.text),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
