//! The command line: one file a subcommand.
//!
//! Arguments and settings are resolved once, into a [`Context`]; a command reads it, writes to
//! its output and answers with a [`Status`]. Errors are worded here, in one line each.

mod address;
mod agree;
mod args;
mod codebook;
mod completions;
mod context;
mod count;
mod doctor;
mod error;
mod export;
mod history;
mod import;
mod man;
mod merge;
mod note;
mod outline;
mod output;
mod preferences;
mod read;
mod reader;
mod reuse;
mod review;
mod search;
mod store;
mod suggest;
mod tag;
mod tags;
mod untag;

pub use args::{Arguments, Command, command, command_in};
pub use completions::complete;
pub use context::Context;
pub use error::CliError;
pub use preferences::Preferences;

use std::io::Write as _;

/// How a command ended, as the exit status says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done: 0.
    Done,
    /// Nothing was found, or something failed in part: 1.
    Nothing,
    /// Wrong use or bad input: 2.
    Wrong,
}

impl Status {
    /// The exit status.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Nothing => 1,
            Self::Wrong => 2,
        }
    }
}

/// Runs what the arguments ask for, by what the user has set.
///
/// # Errors
/// What went wrong, to be said in one line; the exit status is then 2.
pub fn run(arguments: Arguments, preferences: Preferences) -> Result<Status, CliError> {
    let shape = arguments.command.as_ref().and_then(Command::shape).or(arguments.shape.format);
    let context = &mut Context::new(&arguments.global, shape, preferences);
    let status = match arguments.command {
        Some(Command::Outline(args)) => outline::run(context, &args),
        Some(Command::Read(args)) => read::run(context, &args),
        Some(Command::Tag(args)) => tag::run(context, args),
        Some(Command::Note(args)) => note::run(context, args),
        Some(Command::Untag(args)) => untag::run(context, args),
        Some(Command::Tags(args)) => tags::run(context, args),
        Some(Command::Suggest(args)) => suggest::run(context, &args),
        Some(Command::Reuse(args)) => reuse::run(context, &args),
        Some(Command::Count(args)) => count::run(context, &args),
        Some(Command::Search(args)) => search::run(context, &args),
        Some(Command::Export(args)) => export::run(context, args),
        Some(Command::Import(args)) => import::run(context, &args),
        Some(Command::Review(args)) => review::run(context, &args),
        Some(Command::History(args)) => history::run(context, &args),
        Some(Command::Agree(args)) => agree::run(context, &args),
        Some(Command::Merge(args)) => merge::run(context, &args),
        Some(Command::Store(args)) => store::run(context, args),
        Some(Command::Completions(args)) => completions::run(context, &args),
        Some(Command::Doctor(args)) => doctor::run(context, &args),
        Some(Command::Man(args)) => man::run(context, &args),
        None => reader::run(context, arguments.paths, arguments.ambiguous.as_deref()),
    };
    match status.and_then(|status| context.out.flush().map(|()| status).map_err(CliError::from)) {
        // Who reads the output has seen enough.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Status::Done),
        other => other,
    }
}
