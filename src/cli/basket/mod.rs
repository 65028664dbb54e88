//! `pizhu basket`: passages from any speeches with their sources, in the user's order.

mod action;
mod change;
mod choice;
mod export;
mod problem;
mod report;

pub(super) use problem::{BasketProblem, basket_line};

use super::{CliContext, CliError, Status, args::common::OutputArgs, output::OutputFormat};
use action::BasketAction;
use choice::BasketChoice;
use clap::Args;

/// `pizhu basket`
#[derive(Debug, Args)]
pub struct BasketArgs {
    /// What to do; none lists the baskets.
    #[command(subcommand)]
    pub action: Option<BasketAction>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

impl BasketArgs {
    /// The output format of the command or subcommand.
    pub(super) fn output_format(&self) -> Option<OutputFormat> {
        let own = match &self.action {
            Some(BasketAction::List { output, .. }) => output.format,
            _ => None,
        };
        own.or(self.output.format)
    }

    /// Whether the user's own folders are written.
    pub(super) fn needs_state(&self) -> bool {
        !matches!(self.action, None | Some(BasketAction::List { .. } | BasketAction::Export { .. }))
    }
}

pub(super) fn run(context: &mut CliContext, args: BasketArgs) -> Result<Status, CliError> {
    match args.action {
        None => report::list(context, &BasketChoice::default()),
        Some(BasketAction::List { choice, .. }) => report::list(context, &choice),
        Some(BasketAction::Export { format, output, force, choice }) => export::export(context, &choice, format.as_deref(), &output, force),
        Some(action) => change::run(context, action),
    }
}
