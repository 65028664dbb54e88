//! The program: arguments → run.

use pizhu::cli::{self, Arguments, Preferences, Status};
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::complete();
    let preferences = Preferences::load();
    let words = preferences.words();
    match cli::run(Arguments::read(words), preferences) {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) => {
            eprintln!("pizhu: {}", error.message(words));
            ExitCode::from(Status::Wrong.code())
        }
    }
}
