//! `pizhu completions`: a shell's completions.

use super::{Context, Status, command};
use clap::Args;
use clap_complete::Shell;

/// `pizhu completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: Shell,
}

pub(super) fn run(context: &mut Context, args: &CompletionsArgs) -> Status {
    clap_complete::generate(args.shell, &mut command(), "pizhu", &mut context.out);
    Status::Done
}
