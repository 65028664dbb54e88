//! `pizhu note`: a note on a section or a passage.

use super::{CliError, Context, Status, address::Place, args::ShapeArg};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use clap::Args;
use std::{
    io::{self, Read as _},
    path::PathBuf,
};

/// `pizhu note`
#[derive(Debug, Args)]
pub struct NoteArgs {
    /// The speech.
    pub file: PathBuf,
    /// Where in it.
    #[command(flatten)]
    pub place: Place,
    /// An annotation by its id, instead of a place: its note is replaced.
    #[arg(long, value_name = "ID", conflicts_with_all = ["section", "quote", "span"])]
    pub id: Option<AnnotationId>,
    /// The note; `-` reads it from standard input.
    #[arg(value_name = "TEXT", allow_hyphen_values = true, required_unless_present = "delete")]
    pub text: Option<String>,
    /// Delete the note instead.
    #[arg(long, conflicts_with = "text")]
    pub delete: bool,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

pub(super) fn run(context: &mut Context, args: NoteArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let note = match args.text.as_deref() {
        _ if args.delete => None,
        Some("-") => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map_err(CliError::Input)?;
            Some(text.trim_end().to_owned())
        }
        text => text.map(str::to_owned),
    };
    if note.as_deref().is_some_and(|note| note.trim().is_empty()) {
        return Err(CliError::EmptyNote);
    }
    let edit = match (args.id, note) {
        (Some(id), note) => Edit::SetNote { id, note: note.unwrap_or_default() },
        (None, Some(note)) => Edit::Note { target: args.place.resolve(&speech)?, note },
        (None, None) => {
            let target = args.place.resolve(&speech)?;
            let placed = context.annotations(&speech)?;
            let noted: Vec<AnnotationId> =
                placed.at(target).filter(|placed| !placed.annotation.note.is_empty()).map(pizhu_annotation::Placed::id).collect();
            match noted.as_slice() {
                [id] => Edit::SetNote { id: *id, note: String::new() },
                [] => return Err(CliError::NothingThere(args.file)),
                several => return Err(CliError::SeveralThere(args.file, several.to_vec())),
            }
        }
    };
    context.edit(&speech, edit)
}
