//! Entry point: parses the arguments and runs the command.

use pizhu::{Arguments, Preferences, Status};
use std::process::ExitCode;

fn main() -> ExitCode {
    pizhu::complete();
    let preferences = Preferences::load();
    let locale = preferences.locale();
    match pizhu::run(Arguments::parse_localized(locale), preferences) {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) => {
            eprintln!("pizhu: {}", error.message(locale));
            ExitCode::from(Status::Failure.code())
        }
    }
}
