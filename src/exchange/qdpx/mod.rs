//! REFI-QDA: projects (`.qdpx`) and codebooks (`.qdc`) for NVivo, ATLAS.ti, MAXQDA, QualCoder.
//!
//! What their readers accept decides the form: sources as files with LF and no BOM, positions in
//! code points with the end excluded, a tag on a section as a selection over it (codings on
//! sources are dropped by QualCoder), notes as descriptions of selections, empty containers left
//! out. An annotation without a place cannot be carried. The scope and section of an annotation
//! stand in its selection's name, the speech's path in its source's.

mod read;

pub(super) use read::{read, read_codebook};

use super::{
    Collection, Entry, Format, Options,
    markup::{entries_of, escaped, title},
};
use crate::annotation::{AnnotationId, Codebook, Scope, Tag};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Cursor, Write},
};
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

/// A project.
pub(super) const PROJECT: Format = Format {
    name: "qdpx",
    extension: "qdpx",
    media: "application/zip",
    doc: "a REFI-QDA project with the speeches, for NVivo, ATLAS.ti, MAXQDA, QualCoder",
    write: write_project,
    reads: true,
};

/// A codebook.
pub(super) const CODEBOOK: Format = Format {
    name: "qdc",
    extension: "qdc",
    media: "application/xml",
    doc: "the codebook alone, for REFI-QDA programs",
    write: write_codebook,
    reads: true,
};

/// A codebook for Taguette.
pub(super) const TAGUETTE: Format = Format {
    name: "taguette",
    extension: "codebook.csv",
    media: "text/csv",
    doc: "the codebook alone, as a table of tags and descriptions for Taguette",
    write: write_taguette,
    reads: true,
};

/// The tags that are exported: the codebook's, and those of annotations that it does not have.
fn codebook(collection: &Collection) -> Codebook {
    let mut book = collection.codebook().clone();
    let used: BTreeSet<&str> = collection.entries().iter().flat_map(|entry| &entry.tags).map(String::as_str).collect();
    for name in used {
        // A tag that is there already stays as it is.
        let _ = book.add(Tag::new(name));
    }
    book
}

/// The GUID of a thing that has a name of its own: the same in every export.
fn guid(kind: &str, name: &str) -> String {
    AnnotationId::from_content(format!("{kind}\0{name}").as_bytes()).to_string()
}

fn write_project(collection: &Collection, _: Options, out: &mut dyn Write) -> io::Result<()> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    zip.start_file("project.qde", options).map_err(io::Error::other)?;
    zip.write_all(project(collection).as_bytes())?;
    for speech in collection.speeches() {
        zip.start_file(format!("sources/{}.txt", guid("source", &speech.name)), options).map_err(io::Error::other)?;
        for chunk in speech.document.source.chunks() {
            zip.write_all(chunk.text().as_bytes())?;
        }
    }
    out.write_all(&zip.finish().map_err(io::Error::other)?.into_inner())
}

fn project(collection: &Collection) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"pizhu\" origin=\"pizhu\">\n",
    );
    let authors: BTreeSet<&str> = collection.entries().iter().map(|entry| entry.author.as_str()).collect();
    if !authors.is_empty() {
        xml.push_str("<Users>\n");
        for author in authors {
            let _ = writeln!(xml, "<User guid=\"{}\" name=\"{}\"/>", guid("user", author), escaped(author));
        }
        xml.push_str("</Users>\n");
    }
    let book = codebook(collection);
    if !book.tags().is_empty() {
        xml.push_str("<CodeBook>\n");
        push_codes(&book, &mut xml);
        xml.push_str("</CodeBook>\n");
    }
    if !collection.speeches().is_empty() {
        xml.push_str("<Sources>\n");
        for (index, speech) in collection.speeches().iter().enumerate() {
            let id = guid("source", &speech.name);
            let _ = writeln!(xml, "<TextSource guid=\"{id}\" name=\"{}\" plainTextPath=\"internal://{id}.txt\">", escaped(&speech.name));
            let _ = writeln!(xml, "<Description>{}</Description>", escaped(&title(speech)));
            for entry in entries_of(collection, index) {
                push_selection(entry, &mut xml);
            }
            xml.push_str("</TextSource>\n");
        }
        xml.push_str("</Sources>\n");
    }
    xml.push_str("</Project>\n");
    xml
}

fn push_selection(entry: &Entry, xml: &mut String) {
    let Some(span) = entry.span() else { return };
    let user = guid("user", &entry.author);
    let path = entry.section.as_deref().unwrap_or_default().join("/");
    let sign = if entry.scope == Scope::Section { "§ " } else { "" };
    let _ = writeln!(
        xml,
        "<PlainTextSelection guid=\"{}\" name=\"{sign}{}\" startPosition=\"{}\" endPosition=\"{}\" creatingUser=\"{user}\" creationDateTime=\"{}\" modifyingUser=\"{user}\" modifiedDateTime=\"{}\">",
        entry.id,
        escaped(&path),
        span.start,
        span.end,
        entry.created,
        entry.modified
    );
    if !entry.note.is_empty() {
        let _ = writeln!(xml, "<Description>{}</Description>", escaped(&entry.note));
    }
    for tag in &entry.tags {
        let id = guid("coding", &format!("{}\0{tag}", entry.id));
        let code = guid("code", tag);
        let _ = writeln!(
            xml,
            "<Coding guid=\"{id}\" creatingUser=\"{user}\" creationDateTime=\"{}\"><CodeRef targetGUID=\"{code}\"/></Coding>",
            entry.created
        );
    }
    xml.push_str("</PlainTextSelection>\n");
}

fn push_codes(book: &Codebook, xml: &mut String) {
    xml.push_str("<Codes>\n");
    let mut open = 0;
    for (depth, tag) in book.tree() {
        xml.push_str(&"</Code>\n".repeat(open - depth));
        open = depth + 1;
        let colour = if tag.colour.starts_with('#') { format!(" color=\"{}\"", escaped(&tag.colour)) } else { String::new() };
        let _ = writeln!(xml, "<Code guid=\"{}\" name=\"{}\" isCodable=\"true\"{colour}>", guid("code", &tag.name), escaped(&tag.name));
        if !tag.definition.is_empty() {
            let _ = writeln!(xml, "<Description>{}</Description>", escaped(&tag.definition));
        }
    }
    xml.push_str(&"</Code>\n".repeat(open));
    xml.push_str("</Codes>\n");
}

fn write_codebook(collection: &Collection, _: Options, out: &mut dyn Write) -> io::Result<()> {
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\" origin=\"pizhu\">\n");
    push_codes(&codebook(collection), &mut xml);
    xml.push_str("</CodeBook>\n");
    out.write_all(xml.as_bytes())
}

fn write_taguette(collection: &Collection, _: Options, out: &mut dyn Write) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(["tag", "description"])?;
    for (_, tag) in codebook(collection).tree() {
        table.write_record([super::csv::neutral(&tag.name), super::csv::neutral(&tag.definition)].map(std::borrow::Cow::into_owned))?;
    }
    table.flush()
}
