//! The command line, one module per subcommand.
//!
//! Arguments and settings are resolved once into a [`CliContext`]; a command reads it, writes to
//! its output and returns a [`Status`]. Errors become one-line messages here.

mod address;
mod agree;
mod args;
mod attr;
mod attribute_problem;
mod bash_line;
mod basket;
mod codebook;
mod compare;
mod completions;
mod context;
mod count;
mod count_args;
mod count_picture;
mod doctor;
mod done;
mod edited_records;
mod error;
mod export;
mod help;
mod history;
mod import;
mod input;
mod man;
mod memo;
mod memo_record;
mod merge;
mod named_speeches;
mod note;
mod outline;
mod output;
mod preferences;
mod progress;
mod proposed_speeches;
mod read;
mod reader;
mod report;
mod reuse;
mod review;
mod schema;
mod search;
mod section;
mod speech_list;
mod speech_notices;
mod stage;
mod status;
mod store;
mod store_warnings;
mod suggest;
mod tag;
mod tags;
mod text;
mod untag;
mod use_case_error;
mod wanted_annotations;
mod written_file;

pub(crate) use args::CliCommand;
pub use args::{Arguments, command, localized_command};
pub(crate) use context::CliContext;
pub use error::CliError;
pub use preferences::Preferences;
pub use status::Status;

use crate::settings::Folders;
use std::io::Write as _;

/// Prints completions if a shell asks for them; false otherwise.
#[must_use]
pub fn complete() -> bool {
    completions::complete(|| localized_command(Preferences::load().locale()))
}

/// Runs the command of `arguments`.
///
/// # Errors
/// The command failed; the caller prints the message and exits with status 2.
pub fn run(arguments: Arguments, preferences: Preferences) -> Result<Status, CliError> {
    pizhu_terminal::survive_file_size_limit();
    if !arguments.global.uses_state() {
        if arguments.command.as_ref().is_none_or(CliCommand::needs_state) {
            return Err(CliError::NeedsState);
        }
    } else if let Some(folders) = Folders::find(|name| std::env::var(name).ok()) {
        folders.close_to_others();
    }
    let format = arguments.command.as_ref().and_then(CliCommand::output_format).or(arguments.output.format);
    let context = &mut CliContext::new(&arguments.global, format, preferences);
    let status = match arguments.command {
        Some(CliCommand::Outline(args)) => outline::run(context, &args),
        Some(CliCommand::Text(args)) => text::run(context, &args),
        Some(CliCommand::Read(args)) => read::run(context, &args),
        Some(CliCommand::Tag(args)) => tag::run(context, &args),
        Some(CliCommand::Note(args)) => note::run(context, args),
        Some(CliCommand::Untag(args)) => untag::run(context, args),
        Some(CliCommand::Tags(args)) => tags::run(context, args),
        Some(CliCommand::Memo(args)) => memo::run(context, args),
        Some(CliCommand::Attr(args)) => attr::run(context, args),
        Some(CliCommand::Basket(args)) => basket::run(context, args),
        Some(CliCommand::Section(args)) => section::run(context, &args),
        Some(CliCommand::Suggest(args)) => suggest::run(context, &args),
        Some(CliCommand::Compare(args)) => compare::run(context, &args),
        Some(CliCommand::Reuse(args)) => reuse::run(context, &args),
        Some(CliCommand::Count(args)) => count::run(context, &args),
        Some(CliCommand::Search(args)) => search::run(context, &args),
        Some(CliCommand::Export(args)) => export::run(context, args),
        Some(CliCommand::Report(args)) => report::run(context, &args),
        Some(CliCommand::Import(args)) => import::run(context, &args),
        Some(CliCommand::Review(args)) => review::run(context, &args),
        Some(CliCommand::History(args)) => history::run(context, &args),
        Some(CliCommand::Agree(args)) => agree::run(context, &args),
        Some(CliCommand::Done(args)) => done::run(context, &args),
        Some(CliCommand::Merge(args)) => merge::run(context, &args),
        Some(CliCommand::Store(args)) => store::run(context, args),
        Some(CliCommand::Completions(args)) => completions::run(context, &args),
        Some(CliCommand::Doctor(args)) => doctor::run(context, &args),
        Some(CliCommand::Schema(args)) => schema::run(context, &args),
        Some(CliCommand::Man(args)) => man::run(context, &args, command()),
        None => reader::run(context, arguments.paths, arguments.ambiguous.as_deref()),
    };
    context.warn_about_stores(status.as_ref().err());
    match status.and_then(|status| context.out.flush().map(|()| status).map_err(CliError::from)) {
        // The reader of a pipe closed it early, as `head` does.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Status::Done),
        other => other,
    }
}
