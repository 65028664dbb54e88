//! IRaMuTeQ: annotated passages as texts of a corpus, each below a line of variables.
//!
//! `**** *speech_001 *author_甲 *tag_人才工作 *speaker_张三`, then the passage. A variable and its value have no
//! blanks and signs; a passage with several tags has several variables `tag`. The texts are not cut into words,
//! which IRaMuTeQ needs for Chinese: it is done on the file.

use super::{
    collection::Collection,
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
};
use std::{
    fmt::Write as _,
    io::{self, Write},
};

/// IRaMuTeQ corpus.
pub(super) const FORMAT: Format = Format {
    name: "iramuteq",
    extension: "iramuteq.txt",
    media: "text/plain",
    doc: "the annotated passages as a corpus for IRaMuTeQ, with tags, authors and attributes as variables",
    write,
    read: None,
};

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = std::collections::HashSet::new();
    for (_, entry) in collection.ordered() {
        if seen.insert((entry.id, &entry.document)) {
            out.write_all(passage(collection, entry).as_bytes())?;
        }
    }
    Ok(())
}

fn passage(collection: &Collection, entry: &ExportEntry) -> String {
    let mut text = format!("**** *speech_{:03}", entry.speech + 1);
    let mut push = |key: &str, value: &str| {
        let (key, value) = (word(key), word(value));
        if !key.is_empty() && !value.is_empty() {
            let _ = write!(text, " *{key}_{value}");
        }
    };
    push("author", &entry.author);
    for tag in &entry.tag_refs {
        push("tag", &collection.codebook().label_of(tag));
    }
    for (key, value) in &entry.attributes {
        push(key, value);
    }
    text.push('\n');
    for line in entry.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        // A line that begins with stars would begin another text.
        let _ = writeln!(text, "{}", line.trim_start_matches(['*', '-']));
    }
    text.push('\n');
    text
}

/// The letters and digits of a name, `组织工作/人才` as `组织工作-人才`.
fn word(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars() {
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() && !word.ends_with('-') {
            word.push('-');
        }
    }
    word.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{ExportOrder, fixture};

    #[test]
    fn every_passage_has_its_variables() {
        let text = fixture::export_text(FORMAT, ExportOrder::Position);
        let heads: Vec<&str> = text.lines().filter(|line| line.starts_with("**** ")).collect();
        assert_eq!(heads.len(), 4);
        assert!(heads.iter().any(|head| head.starts_with("**** *speech_001 *author_甲-1 *tag_散 *tag_引才")), "{heads:?}");
        assert!(text.contains("\n要抓实&抓细，\n") || text.contains("抓实&抓细"), "{text}");
        assert_eq!((word(" 组织工作/人才 "), word("A b"), word("=*")), ("组织工作-人才".into(), "a-b".into(), String::new()));
    }
}
