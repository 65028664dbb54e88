//! The program: arguments → run.

use pizhu::cli::{self, Arguments, Status};
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::complete();
    match cli::run(Arguments::read(cli::words())) {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) => {
            eprintln!("pizhu: {}", error.message(cli::words()));
            ExitCode::from(Status::Wrong.code())
        }
    }
}
