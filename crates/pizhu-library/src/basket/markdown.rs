//! Markdown: quotations with the sources as footnotes, as Pandoc and GitHub read them.

use super::{
    footnote::{SourceWords, footnote},
    resolve::ResolvedBasket,
};
use crate::exchange::escape_markdown as escape;
use pizhu_annotation::BasketItem;
use std::{
    fmt::Write as _,
    io::{self, Write},
};

pub(super) fn write(basket: &ResolvedBasket, words: &SourceWords, out: &mut dyn Write) -> io::Result<()> {
    // Writing to a string cannot fail.
    let (mut text, mut notes, mut number) = (format!("# {}\n", escape(&basket.label)), String::new(), 0);
    for entry in &basket.entries {
        text.push('\n');
        match (&entry.item, &entry.passage) {
            (BasketItem::Heading { level, text: words }, _) => {
                let _ = writeln!(text, "{} {}", "#".repeat(usize::from(*level).min(5) + 1), escape(words));
            }
            (BasketItem::Words { text: words }, _) => {
                let blocks = words.split("\n\n").map(|block| {
                    // Line breaks of the user's are hard breaks.
                    block.lines().map(|line| escape(line.trim_end())).collect::<Vec<_>>().join("  \n")
                });
                let _ = writeln!(text, "{}", blocks.collect::<Vec<_>>().join("\n\n"));
            }
            (BasketItem::Passage(_), Some(passage)) => {
                number += 1;
                let lines: Vec<&str> = passage.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                let quoted: Vec<String> = lines.iter().map(|line| format!("> {}", escape(line))).collect();
                let _ = writeln!(text, "{}[^{number}]", quoted.join("\n>\n"));
                let _ = writeln!(notes, "[^{number}]: {}", escape(&footnote(passage, words)));
            }
            (BasketItem::Passage(_), None) => {}
        }
    }
    if !notes.is_empty() {
        text.push('\n');
    }
    out.write_all(text.as_bytes())?;
    out.write_all(notes.as_bytes())
}
