//! `pizhu note`: a note on a section, a passage or the whole speech.

use super::{CliContext, CliError, Status, address::Address, args::common::OutputArgs, input::read_note};
use clap::Args;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use std::path::PathBuf;

/// `pizhu note`
#[derive(Debug, Args)]
pub struct NoteArgs {
    /// The speech.
    pub file: PathBuf,
    /// The section, passage or speech.
    #[command(flatten)]
    pub address: Address,
    /// An annotation by its id, instead of a position: its note is replaced.
    #[arg(long, value_name = "ID", conflicts_with_all = ["section", "quote", "span", "whole"])]
    pub id: Option<AnnotationId>,
    /// The note; `-` reads it from standard input.
    #[arg(value_name = "TEXT", allow_hyphen_values = true, required_unless_present = "delete")]
    pub text: Option<String>,
    /// Delete the note.
    #[arg(long, conflicts_with = "text")]
    pub delete: bool,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

pub(super) fn run(context: &mut CliContext, args: NoteArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let note = match args.text.as_deref() {
        Some(text) if !args.delete => Some(read_note(text)?),
        _ => None,
    };
    let edit = match (args.id, note) {
        (Some(id), note) => Edit::SetNote { id, note: note.unwrap_or_default() },
        (None, Some(note)) => Edit::Note { target: args.address.resolve(&speech)?, note },
        (None, None) => {
            let target = args.address.resolve(&speech)?;
            let anchored = context.annotations(&speech)?;
            let noted: Vec<AnnotationId> = anchored
                .at_target(target)
                .filter(|anchored| !anchored.annotation.note.is_empty())
                .map(pizhu_annotation::AnchoredAnnotation::id)
                .collect();
            match noted.as_slice() {
                [id] => Edit::SetNote { id: *id, note: String::new() },
                [] => return Err(CliError::NothingThere(args.file)),
                several => return Err(CliError::SeveralThere(args.file, several.to_vec())),
            }
        }
    };
    context.edit(&speech, edit)
}
