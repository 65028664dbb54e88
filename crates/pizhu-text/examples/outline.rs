//! Prints the section tree of a UTF-8 text file, or of a sample:
//! `cargo run -p pizhu-text --example outline [FILE]`.

use pizhu_text::document::{Hints, parse};
use pizhu_text::text::SourceText;
use std::{env, error::Error, fs};

const SAMPLE: &str =
    "在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳字当头。一是抓早，二是抓实。\n\n二、保障措施\n\n大家要抓紧。\n";

fn main() -> Result<(), Box<dyn Error>> {
    let text = match env::args().nth(1) {
        Some(path) => fs::read_to_string(path)?,
        None => SAMPLE.to_owned(),
    };
    let document = parse(SourceText::from(text.as_str()), &Hints::default());
    println!("{}", document.metadata.title.as_deref().unwrap_or("(untitled)"));
    for section in document.outline.sections() {
        let indent = usize::from(section.depth) * 2 + 2;
        println!("{:indent$}{} {}", "", section.marker_text, section.display_title());
    }
    Ok(())
}
