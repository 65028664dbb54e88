//! `pizhu untag`: takes tags off a section or a passage.

use super::{CliError, Context, Status, address::Place, args::ShapeArg};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::Placed;
use clap::Args;
use std::path::PathBuf;

/// `pizhu untag`
#[derive(Debug, Args)]
pub struct UntagArgs {
    /// The speech.
    pub file: PathBuf,
    /// Where in it: all annotations of exactly this place that have one of the tags.
    #[command(flatten)]
    pub place: Place,
    /// An annotation by its id, instead of a place.
    #[arg(long, value_name = "ID", conflicts_with_all = ["section", "quote", "span"])]
    pub id: Option<AnnotationId>,
    /// Names of tags; none takes off all.
    #[arg(value_name = "TAG")]
    pub tags: Vec<String>,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

pub(super) fn run(context: &mut Context, args: UntagArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let target = args.id.is_none().then(|| args.place.resolve(&speech)).transpose()?;
    let placed = context.annotations(&speech)?;
    let is_tagged = |placed: &&Placed| {
        let tags = &placed.annotation.tags;
        if args.tags.is_empty() { !tags.is_empty() } else { args.tags.iter().any(|tag| tags.contains(tag)) }
    };
    let found: Vec<AnnotationId> = match (target, args.id) {
        (Some(target), _) => placed.at(target).filter(is_tagged).map(Placed::id).collect(),
        (None, id) => id.and_then(|id| placed.get(id)).filter(is_tagged).map(Placed::id).into_iter().collect(),
    };
    if found.is_empty() {
        return Err(CliError::NothingThere(args.file));
    }
    let edits = found.into_iter().map(|id| Edit::RemoveTags { id, tags: args.tags.clone() }).collect();
    context.edit_all(&speech, edits)
}
