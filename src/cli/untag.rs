//! `pizhu untag`: takes tags off a section, a passage or the whole speech.

use super::{CliContext, CliError, Status, address::Address, args::common::OutputArgs};
use clap::Args;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::{Edit, StoreError, TagId};
use std::path::PathBuf;

/// `pizhu untag`
#[derive(Debug, Args)]
pub struct UntagArgs {
    /// The speech.
    pub file: PathBuf,
    /// The section, passage or speech; all annotations of exactly this text with one of the tags.
    #[command(flatten)]
    pub address: Address,
    /// An annotation by its id, instead of a position.
    #[arg(long, value_name = "ID", conflicts_with_all = ["section", "quote", "span", "whole"])]
    pub id: Option<AnnotationId>,
    /// Names or paths of tags [default: all].
    #[arg(value_name = "TAG")]
    pub tags: Vec<String>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

pub(super) fn run(context: &mut CliContext, args: UntagArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let target = args.id.is_none().then(|| args.address.resolve(&speech)).transpose()?;
    let anchored = context.annotations(&speech)?;
    let codebook = context.store_for(Some(&args.file))?.codebook()?;
    let wanted: Vec<TagId> = args.tags.iter().map(|words| codebook.wanted(words)).collect::<Result<_, _>>().map_err(StoreError::from)?;
    let is_tagged = |anchored: &&AnchoredAnnotation| {
        let tags = &anchored.annotation.tags;
        if wanted.is_empty() { !tags.is_empty() } else { wanted.iter().any(|tag| tags.contains(*tag)) }
    };
    let found: Vec<AnnotationId> = match (target, args.id) {
        (Some(target), _) => anchored.at_target(target).filter(is_tagged).map(AnchoredAnnotation::id).collect(),
        (None, id) => id.and_then(|id| anchored.get(id)).filter(is_tagged).map(AnchoredAnnotation::id).into_iter().collect(),
    };
    if found.is_empty() {
        return Err(CliError::NothingThere(args.file));
    }
    let edits = found.into_iter().map(|id| Edit::RemoveTags { id, tags: wanted.clone() }).collect();
    context.edit_all(&speech, edits)
}
