//! The time to parse a file, in milliseconds, for comparing with the Python package:
//! `cargo run --profile dist -p pizhu-text --example time_parse FILE`.
//!
//! Parses once for each line on standard input, so that the two can take turns.

use pizhu_text::document::{Hints, parse};
use pizhu_text::text::SourceText;
use std::{env, fs, hint::black_box, io, time::Instant};

fn main() -> io::Result<()> {
    let path = env::args().nth(1).ok_or(io::ErrorKind::InvalidInput)?;
    let text = fs::read_to_string(path)?;
    for line in io::stdin().lines() {
        line?;
        let start = Instant::now();
        let document = black_box(parse(SourceText::from(text.as_str()), &Hints::default()));
        println!("{}", start.elapsed().as_secs_f64() * 1000.0);
        // Not timed, as in Python.
        drop(document);
    }
    Ok(())
}
