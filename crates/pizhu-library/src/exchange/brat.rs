//! brat standoff: an archive with the text (`.txt`) and the annotations (`.ann`) of each speech.
//!
//! Each passage and tag gives a text-bound annotation, whose span is split at line ends as brat
//! requires. Types have no spaces: characters other than letters, digits and `-` become `_`. Notes
//! become annotator notes without line breaks, authors the attribute `Author`; `documents.tsv` says
//! which speech each pair of files is of.

use super::{
    collection::Collection,
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    markup::{anchored_entries, title},
};
use pizhu_annotation::{Codebook, Tag, TagId, TagRef};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Cursor, Write},
};
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

/// brat archive.
pub(super) const FORMAT: Format = Format {
    name: "brat",
    extension: "brat.zip",
    media: "application/zip",
    doc: "brat standoff files in an archive, for corpus tools",
    write,
    read: None,
};

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let mut types = BratTypes::default();
    let mut documents = String::from("file\tdocument\thash\ttitle\tdate\n");
    for (index, speech) in collection.speeches().iter().enumerate() {
        let base = file_name(index, &speech.name);
        let cells = [speech.name.as_str(), &speech.hash.to_string(), &title(speech), speech.attributes.date().unwrap_or_default()];
        let cells = cells.map(|cell| cell.replace(['\t', '\n', '\r'], " ")).join("\t");
        let _ = writeln!(documents, "{base}\t{cells}");
        zip.start_file(format!("{base}.txt"), options).map_err(io::Error::other)?;
        for chunk in speech.document.source.chunks() {
            zip.write_all(chunk.text().as_bytes())?;
        }
        zip.start_file(format!("{base}.ann"), options).map_err(io::Error::other)?;
        zip.write_all(
            standoff(&speech.document, &anchored_entries(collection, index), &|tag| collection.codebook().label_of(tag), &mut types)
                .as_bytes(),
        )?;
    }
    zip.start_file("documents.tsv", options).map_err(io::Error::other)?;
    zip.write_all(documents.as_bytes())?;
    zip.start_file("annotation.conf", options).map_err(io::Error::other)?;
    let (kinds, authors) = (type_tree(collection.codebook(), types.kinds), types.authors.into_iter().collect::<Vec<_>>());
    let authors = if authors.is_empty() { String::new() } else { format!("Author\tArg:<ENTITY>, Value:{}\n", authors.join("|")) };
    zip.write_all(format!("[entities]\n{}\n[relations]\n[events]\n[attributes]\n{authors}", kinds.join("\n")).as_bytes())?;
    out.write_all(&zip.finish().map_err(io::Error::other)?.into_inner())
}

/// The types and attribute values that the files use.
#[derive(Default)]
struct BratTypes {
    kinds: BTreeSet<String>,
    authors: BTreeSet<String>,
}

/// The types as brat's configuration has a hierarchy: a line each, one below another with a tab more. Types of tags
/// that only stand above others are there too.
fn type_tree(book: &Codebook, mut kinds: BTreeSet<String>) -> Vec<String> {
    let kind = |tag: &Tag| type_name(&book.label_of(&TagRef::from(tag)));
    let tree = book.tree();
    let above: BTreeSet<TagId> = tree
        .iter()
        .filter(|(_, tag)| kinds.contains(&kind(tag)))
        .flat_map(|(_, tag)| book.ancestors(tag.id).map(|above| above.id))
        .collect();
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    for (depth, tag) in tree {
        let name = kind(tag);
        if (kinds.remove(&name) || above.contains(&tag.id)) && seen.insert(name.clone()) {
            lines.push(format!("{}{name}", "\t".repeat(depth)));
        }
    }
    lines.extend(kinds.into_iter().filter(|name| !seen.contains(name)));
    lines
}

/// A unique file name without a path: the first speech `../a/讲话 稿.txt` gives `001-讲话稿`.
fn file_name(index: usize, name: &str) -> String {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let stem: String = stem.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
    format!("{:03}-{stem}", index + 1)
}

/// Contents of the `.ann` file of a speech; adds the types and authors to `types`.
fn standoff(document: &Document, entries: &[&ExportEntry], names: &dyn Fn(&TagRef) -> String, types: &mut BratTypes) -> String {
    let mut text = String::new();
    let mut number = 0;
    let mut note = 0;
    for entry in entries {
        let Some(span) = entry.span() else { continue };
        let parts = split_lines(document, span);
        if parts.is_empty() {
            continue;
        }
        let offsets: Vec<String> = parts.iter().map(|part| format!("{} {}", part.start, part.end)).collect();
        let words: Vec<String> = parts.iter().map(|part| document.quote(*part)).collect();
        let kinds: Vec<String> =
            if entry.tags.is_empty() { vec!["Note".into()] } else { entry.tag_refs.iter().map(|tag| type_name(&names(tag))).collect() };
        for kind in kinds {
            number += 1;
            let _ = writeln!(text, "T{number}\t{kind} {}\t{}", offsets.join(";"), words.join(" "));
            let author = type_name(&entry.author);
            if !author.is_empty() {
                let _ = writeln!(text, "A{number}\tAuthor T{number} {author}");
                types.authors.insert(author);
            }
            if !entry.note.is_empty() {
                note += 1;
                let _ =
                    writeln!(text, "#{note}\tAnnotatorNotes T{number}\t{}", entry.note.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            types.kinds.insert(kind);
        }
    }
    text
}

/// Splits a span into its nonempty lines, without line ends.
fn split_lines(document: &Document, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = span.start;
    for (at, c) in document.source.chars_from(span.start).take(span.len()) {
        if c == '\n' {
            found.push(Span::new(start, at));
            start = at + 1;
        }
    }
    found.push(Span::new(start, span.end));
    found.retain(|part| !part.is_empty());
    found
}

fn type_name(tag: &str) -> String {
    tag.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::SourceText;

    #[test]
    fn authors_and_documents_are_kept() {
        let archive = crate::exchange::fixture::export_bytes(FORMAT, crate::exchange::ExportOrder::Position);
        let file = |name: &str| crate::exchange::fixture::zip_entry(&archive, name);
        assert!(file("001-讲话.ann").contains("A1\tAuthor T1 甲_1_\n"), "{}", file("001-讲话.ann"));
        assert!(file("annotation.conf").starts_with("[entities]\n人才\n\t引才\nNote\n_散\n"), "{}", file("annotation.conf"));
        assert!(file("annotation.conf").contains("Author\tArg:<ENTITY>, Value:甲_1_\n"));
        assert!(file("documents.tsv").lines().nth(1).unwrap().starts_with("001-讲话\t讲 话.txt\t"));
    }

    #[test]
    fn spans_are_split_at_line_ends() {
        let document = Document::from(SourceText::from("甲乙\n\n丙丁𠀀戊\n"));
        assert_eq!(split_lines(&document, Span::new(1, 6)), [Span::new(1, 2), Span::new(4, 6)]);
        assert_eq!(type_name("人才 工作/1"), "人才_工作_1");
        assert_eq!(file_name(0, "../a b/讲话 稿.txt"), "001-讲话稿");
    }
}
