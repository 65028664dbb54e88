//! Entry point: parses the arguments and runs the command.

use pizhu::{Arguments, Status};
use std::{
    io::{self, Write as _},
    process::ExitCode,
};

fn main() -> ExitCode {
    if pizhu::complete() {
        return ExitCode::SUCCESS;
    }
    let (arguments, preferences) = Arguments::parse_with_preferences().unwrap_or_else(|error| error.exit());
    let locale = preferences.locale();
    match pizhu::run(arguments, preferences) {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) => {
            // Standard error may be a terminal that is gone; `eprintln!` would panic then.
            let _ = writeln!(io::stderr(), "pizhu: {}", error.message(locale));
            ExitCode::from(Status::Failure.code())
        }
    }
}
