//! `pizhu compare`: what two speeches share, and what is new, dropped, moved and reworded.

mod report;
mod text;

use super::{CliContext, CliError, Status, args::common::RecordOutputArgs, output::OutputFormat};
use crate::app::compare::ComparedSpeeches;
use clap::Args;
use std::{io::Write as _, path::PathBuf};

/// `pizhu compare`
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The one speech, as a rule the older one.
    #[arg(value_name = "A")]
    pub one: PathBuf,
    /// The other speech.
    #[arg(value_name = "B")]
    pub other: PathBuf,
    /// List the sections only, without what differs inside them.
    #[arg(long)]
    pub summary: bool,
    /// Output options.
    #[command(flatten)]
    pub output: RecordOutputArgs,
}

pub(super) fn run(context: &mut CliContext, args: &CompareArgs) -> Result<Status, CliError> {
    let [one, other] = [context.open(&args.one)?, context.open(&args.other)?];
    let compared = ComparedSpeeches::new([(args.one.clone(), one.document), (args.other.clone(), other.document)]);
    match context.format {
        OutputFormat::Json => context.out.json(&report::report(&compared))?,
        OutputFormat::Jsonl => {
            for record in report::records(&compared) {
                let line = serde_json::to_string(&record).map_err(std::io::Error::from)?;
                let line = context.out.target().json_text(line);
                writeln!(context.out, "{line}")?;
            }
        }
        OutputFormat::Text => text::print(context, &compared, args.summary)?,
    }
    Ok(context.done())
}
