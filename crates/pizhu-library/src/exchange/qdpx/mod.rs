//! REFI-QDA 1.5: projects (`.qdpx`) and codebooks (`.qdc`) for NVivo, ATLAS.ti, MAXQDA, QualCoder.
//!
//! The form follows what these programs accept: sources as files with LF and no BOM, with names that can be
//! file names; positions in code points, the end exclusive; a tag on a section as a selection over it, since
//! QualCoder drops codings on sources; notes as descriptions of selections; memos of tags and of the project
//! as notes, those of the project as files, which QualCoder takes for its journal; no empty containers.
//! Annotations that are not anchored are omitted. The name of a selection holds scope and section.

mod colour;
mod guid;
mod project_reader;
mod read;
mod resolve;
mod source_name;
mod source_text;
#[cfg(test)]
mod tests;
mod variables;

use colour::rgb;
use guid::guid;
use read::{read, read_codebook};
use resolve::ORIGIN;
use source_name::source_names;
use variables::Variables;

use super::{
    codebook,
    collection::Collection,
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    markup::{anchored_entries, escape_xml, title},
    spreadsheet::neutralize,
};
use jiff::Timestamp;
use pizhu_annotation::Scope;
use pizhu_annotation::{Codebook, RecordId};
use pizhu_annotation::{Tag, TagRef};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Cursor, Write},
};
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

/// REFI-QDA project.
pub(super) const PROJECT: Format = Format {
    name: "qdpx",
    extension: "qdpx",
    media: "application/zip",
    doc: "a REFI-QDA project with the speeches, for NVivo, ATLAS.ti, MAXQDA, QualCoder",
    write: write_project,
    read: Some(read),
};

/// REFI-QDA codebook.
pub(super) const CODEBOOK: Format = Format {
    name: "qdc",
    extension: "qdc",
    media: "application/xml",
    doc: "the codebook alone, for REFI-QDA programs",
    write: write_codebook,
    read: Some(read_codebook),
};

/// CSV codebook for Taguette.
pub(super) const TAGUETTE: Format = Format {
    name: "taguette",
    extension: "codebook.csv",
    media: "text/csv",
    doc: "the codebook alone, as a table of tags and descriptions for Taguette",
    write: write_taguette,
    read: Some(codebook::read),
};

/// The codebook with the tags of annotations that it lacks.
fn complete_codebook(collection: &Collection) -> Codebook {
    let mut book = collection.codebook().clone();
    let used: BTreeSet<&TagRef> = collection.entries().iter().flat_map(|entry| &entry.tag_refs).collect();
    for tag in used.into_iter().filter(|tag| collection.codebook().get(tag.id).is_none()) {
        // Fails if there is one of this name at the top level already.
        let _ = book.add(Tag::with_id(tag.id, &tag.name));
    }
    book
}

fn write_project(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    zip.start_file("project.qde", options).map_err(io::Error::other)?;
    zip.write_all(project(collection).as_bytes())?;
    for (id, .., text) in memos(collection) {
        zip.start_file(format!("sources/{id}.txt"), options).map_err(io::Error::other)?;
        zip.write_all(text.as_bytes())?;
    }
    for speech in collection.sources() {
        zip.start_file(format!("sources/{}.txt", guid("source", &speech.name)), options).map_err(io::Error::other)?;
        for chunk in speech.document.source.chunks() {
            zip.write_all(chunk.text().as_bytes())?;
        }
    }
    out.write_all(&zip.finish().map_err(io::Error::other)?.into_inner())
}

fn project(collection: &Collection) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project xmlns=\"urn:QDA-XML:project:1.0\" name=\"pizhu\" origin=\"{ORIGIN}\">\n"
    );
    let memos = memos(collection);
    let mut authors: BTreeSet<&str> = collection.entries().iter().map(|entry| entry.author.as_str()).collect();
    authors.extend(memos.iter().map(|(_, author, ..)| *author));
    if !authors.is_empty() {
        xml.push_str("<Users>\n");
        for author in authors {
            let _ = writeln!(xml, "<User guid=\"{}\" name=\"{}\"/>", guid("user", author), escape_xml(author));
        }
        xml.push_str("</Users>\n");
    }
    let book = complete_codebook(collection);
    if !book.tags().is_empty() {
        xml.push_str("<CodeBook>\n");
        push_codes(&book, true, &mut xml);
        xml.push_str("</CodeBook>\n");
    }
    let names = source_names(collection);
    let variables = Variables::new(collection);
    variables.push(collection, &mut xml);
    if collection.sources().next().is_some() {
        xml.push_str("<Sources>\n");
        for (index, speech) in collection.sources().enumerate() {
            let id = guid("source", &speech.name);
            let _ =
                writeln!(xml, "<TextSource guid=\"{id}\" name=\"{}\" plainTextPath=\"internal://{id}.txt\">", escape_xml(&names[index]));
            let _ = writeln!(xml, "<Description>{}</Description>", escape_xml(&title(speech)));
            for entry in anchored_entries(collection, index) {
                push_selection(entry, &mut xml);
            }
            variables.push_values(speech, &mut xml);
            xml.push_str("</TextSource>\n");
        }
        xml.push_str("</Sources>\n");
    }
    push_notes(&book, &memos, &mut xml);
    if !memos.is_empty() {
        let texts: Vec<&str> = memos.iter().map(|(.., text)| *text).collect();
        let _ = writeln!(xml, "<Description>{}</Description>", escape_xml(&texts.join("\n\n")));
        for (id, ..) in &memos {
            let _ = writeln!(xml, "<NoteRef targetGUID=\"{id}\"/>");
        }
    }
    xml.push_str("</Project>\n");
    xml
}

/// The memos of the project that are selected: id, author, time of the last change and text.
fn memos(collection: &Collection) -> Vec<(RecordId, &str, Timestamp, &str)> {
    let is_wanted = |author: &str| collection.filter().author.as_deref().is_none_or(|wanted| wanted == author);
    collection.project().memos().into_iter().filter(|(_, author, ..)| is_wanted(author)).collect()
}

/// Guid of the note that a tag's memo is.
fn memo_guid(tag: &Tag) -> String {
    guid("memo", &tag.id.to_string())
}

/// Writes the memos of tags and of the project.
fn push_notes(book: &Codebook, memos: &[(RecordId, &str, Timestamp, &str)], xml: &mut String) {
    let noted: Vec<&Tag> = book.tree().into_iter().map(|(_, tag)| tag).filter(|tag| !tag.memo.is_empty()).collect();
    if noted.is_empty() && memos.is_empty() {
        return;
    }
    xml.push_str("<Notes>\n");
    for tag in noted {
        let (id, name, text) = (memo_guid(tag), escape_xml(&tag.name), escape_xml(&tag.memo));
        // QualCoder asks every note for its time.
        let _ = writeln!(
            xml,
            "<Note guid=\"{id}\" name=\"{name}\" creationDateTime=\"1970-01-01T00:00:00Z\"><PlainTextContent>{text}</PlainTextContent></Note>"
        );
    }
    for (number, (id, author, modified, _)) in (1..).zip(memos) {
        let user = guid("user", author);
        let _ = writeln!(
            xml,
            "<Note guid=\"{id}\" name=\"memo {number} {}\" plainTextPath=\"internal://{id}.txt\" creatingUser=\"{user}\" creationDateTime=\"{modified}\" modifyingUser=\"{user}\" modifiedDateTime=\"{modified}\"/>",
            escape_xml(author)
        );
    }
    xml.push_str("</Notes>\n");
}

fn push_selection(entry: &ExportEntry, xml: &mut String) {
    let Some(span) = entry.span() else { return };
    let user = guid("user", &entry.author);
    let path = entry.section.as_deref().unwrap_or_default().join("/");
    let sign = match entry.scope {
        Scope::Passage => "",
        Scope::Section => "§ ",
        Scope::Speech => "§§ ",
    };
    let _ = writeln!(
        xml,
        "<PlainTextSelection guid=\"{}\" name=\"{sign}{}\" startPosition=\"{}\" endPosition=\"{}\" creatingUser=\"{user}\" creationDateTime=\"{}\" modifyingUser=\"{user}\" modifiedDateTime=\"{}\">",
        entry.id,
        escape_xml(&path),
        span.start,
        span.end,
        entry.created,
        entry.modified
    );
    if !entry.note.is_empty() {
        let _ = writeln!(xml, "<Description>{}</Description>", escape_xml(&entry.note));
    }
    for tag in &entry.tag_refs {
        let id = guid("coding", &format!("{}\0{}", entry.id, tag.id));
        let code = tag.id.uuid();
        let _ = writeln!(
            xml,
            "<Coding guid=\"{id}\" creatingUser=\"{user}\" creationDateTime=\"{}\"><CodeRef targetGUID=\"{code}\"/></Coding>",
            entry.created
        );
    }
    xml.push_str("</PlainTextSelection>\n");
}

/// Writes the codes, with references to the notes on them if `has_notes`.
fn push_codes(book: &Codebook, has_notes: bool, xml: &mut String) {
    xml.push_str("<Codes>\n");
    let mut open = 0;
    for (depth, tag) in book.tree() {
        xml.push_str(&"</Code>\n".repeat(open - depth));
        open = depth + 1;
        let colour = rgb(&tag.colour).map(|colour| format!(" color=\"{colour}\"")).unwrap_or_default();
        let _ = writeln!(xml, "<Code guid=\"{}\" name=\"{}\" isCodable=\"true\"{colour}>", tag.id.uuid(), escape_xml(&tag.name));
        if !tag.definition.is_empty() {
            let _ = writeln!(xml, "<Description>{}</Description>", escape_xml(&tag.definition));
        }
        if has_notes && !tag.memo.is_empty() {
            let _ = writeln!(xml, "<NoteRef targetGUID=\"{}\"/>", memo_guid(tag));
        }
    }
    xml.push_str(&"</Code>\n".repeat(open));
    xml.push_str("</Codes>\n");
}

fn write_codebook(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\" origin=\"pizhu\">\n");
    push_codes(&complete_codebook(collection), false, &mut xml);
    xml.push_str("</CodeBook>\n");
    out.write_all(xml.as_bytes())
}

fn write_taguette(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(["tag", "description"])?;
    let book = complete_codebook(collection);
    for (_, tag) in book.tree() {
        // Taguette has no tree; its users write the tags above a tag before it, and list them by name.
        let path = book.path(tag.id).unwrap_or_else(|| tag.name.clone());
        table.write_record([neutralize(&path), neutralize(&tag.definition)].map(std::borrow::Cow::into_owned))?;
    }
    table.flush()
}

#[cfg(test)]
mod bounds {
    use super::*;
    use crate::exchange::fixture;
    use crate::exchange::import::ImportError;

    #[test]
    fn a_project_holds_sources_selections_and_nested_codes() {
        let bytes = fixture::export_bytes(PROJECT, crate::exchange::ExportOrder::Position);
        let project = fixture::zip_entry(&bytes, "project.qde");
        assert_eq!(project.matches("<PlainTextSelection ").count(), 3, "orphans are omitted");
        assert!(project.contains("startPosition=\"19\" endPosition=\"31\"") && project.contains("name=\"甲&lt;1&gt;\""));
        assert!(project.contains("name=\"§ 二、\"") && project.contains("color=\"#aa3300\""));
        assert!(project.contains("name=\"kind\" typeOfVariable=\"Text\"") && project.matches("<TextValue>讲话</TextValue>").count() == 2);
        assert!(project.contains(&format!("<SourceRef targetGUID=\"{}\"/>\n</Case>", guid("source", "讲 话.txt"))));
        let source = format!("sources/{}.txt", guid("source", "讲 话.txt"));
        assert_eq!(fixture::zip_entry(&bytes, &source), fixture::TEXT);
        let found = read(&bytes).unwrap();
        let above =
            |name: &str| found.tags.iter().find(|tag| tag.name == name).and_then(|tag| tag.parent.clone()).map(|parent| parent.name);
        assert_eq!((above("引才").as_deref(), above("人才"), above("=散")), (Some("人才"), None, None));
        let inner = found.entries.iter().find(|entry| entry.start == Some(20)).unwrap();
        assert_eq!((inner.quoted().as_deref(), inner.note.as_str(), inner.author.as_deref()), (Some("抓实"), "里层", Some("甲<1>")));
    }

    /// A project of `xml` over a source of `repeats` lines.
    fn archive(xml: &str, repeats: usize) -> (Vec<u8>, String) {
        let text = "要把青禾县的基层组织建设抓实抓细。\n".repeat(repeats);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [("project.qde", xml), ("sources/a.txt", text.as_str())] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        (zip.finish().unwrap().into_inner(), text)
    }

    fn selections(count: usize, span: impl Fn(usize) -> (usize, usize)) -> String {
        let one = |index: usize| {
            let (start, end) = span(index);
            format!("<PlainTextSelection startPosition='{start}' endPosition='{end}'><Description>x</Description></PlainTextSelection>")
        };
        (0..count).map(one).collect()
    }

    /// Such a project of 10 KB took 6 GB: each selection held a copy of its text.
    #[test]
    fn selections_are_ranges_of_a_source_held_once() {
        let source = |inside: &str| {
            format!("<Project><Sources><TextSource name='a' plainTextPath='internal://a.txt'>{inside}</TextSource></Sources></Project>")
        };
        // 3.9 MB: 18 chars a line.
        let (bytes, text) = archive(&source(&selections(2000, |index| (index * 500, index * 500 + 18_000))), 75_000);
        assert!(bytes.len() < 100_000 && text.len() >= 3_900_000);
        let found = read(&bytes).unwrap();
        assert_eq!(found.entries.len(), 2000);
        assert!(found.entries.iter().all(|entry| entry.quote.is_none()));
        assert_eq!(found.entries[1].quoted().unwrap(), text.chars().skip(500).take(18_000).collect::<String>());
        let of = |entry: &crate::exchange::import::ImportEntry| entry.excerpt.as_ref().unwrap().text.chunks().as_ptr();
        assert!(found.entries.iter().all(|entry| of(entry) == of(&found.entries[0])), "one text for all");
        // Past the end a selection is cut; a reversed one is empty.
        let (bytes, _) = archive(
            &source(
                "<PlainTextSelection startPosition='10' endPosition='99999999'><Description>x</Description></PlainTextSelection><PlainTextSelection startPosition='9' endPosition='3'><Description>x</Description></PlainTextSelection>",
            ),
            1,
        );
        let quotes: Vec<String> = read(&bytes).unwrap().entries.iter().map(|entry| entry.quoted().unwrap().into_owned()).collect();
        assert_eq!(quotes, ["建设抓实抓细。\n", ""]);
        // Each would become a quotation of 1,350,000 chars; the bound is said.
        let (bytes, _) = archive(&source(&selections(2000, |_| (0, 1_350_000))), 75_000);
        assert!(matches!(read(&bytes), Err(ImportError::Broken(reason)) if reason.contains("67108864")));
    }

    /// This took over a minute: the source was unpacked, decoded and hashed each time.
    #[test]
    fn a_source_named_many_times_is_read_once() {
        let named = "<TextSource name='a' plainTextPath='internal://a.txt'><PlainTextSelection startPosition='0' endPosition='3'><Description>x</Description></PlainTextSelection></TextSource>";
        let (bytes, _) = archive(&format!("<Project><Sources>{}</Sources></Project>", named.repeat(20_000)), 75_000);
        let found = read(&bytes).unwrap();
        assert_eq!((found.entries.len(), found.entries[19_999].quoted().as_deref()), (20_000, Some("要把青")));
        assert!(found.entries.iter().all(|entry| entry.document_hash == found.entries[0].document_hash && entry.document_hash.is_some()));
    }

    /// Each selection repeats the names of its source and its user.
    #[test]
    fn long_names_are_cut() {
        let name = "长".repeat(500_000);
        let xml = format!(
            "<Project><Users><User guid='u' name='{name}'/></Users><Sources><TextSource name='{name}' plainTextPath='internal://a.txt'>{}</TextSource></Sources></Project>",
            "<PlainTextSelection startPosition='0' endPosition='3' creatingUser='u'><Description>x</Description></PlainTextSelection>"
                .repeat(5000)
        );
        let found = read(&archive(&xml, 1).0).unwrap();
        let chars = |text: &str| text.chars().count();
        assert_eq!((chars(&found.entries[0].document), chars(found.entries[0].author.as_deref().unwrap())), (1024, 1024));
    }

    #[test]
    fn hostile_projects_are_refused() {
        let broken = |xml: &str| matches!(read_codebook(xml.as_bytes()), Err(ImportError::Broken(_)));
        assert!(broken("<!DOCTYPE a [<!ENTITY b \"c\">]><CodeBook/>"), "entities");
        assert!(broken(&format!("<CodeBook>{}", "<Code name='a'>".repeat(300))), "nesting");
        assert!(matches!(read_codebook(b"<CodeBook></CodeBook>"), Err(ImportError::Unknown)));
        let bomb = |content: &[u8]| {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            zip.start_file("project.qde", SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
            zip.finish().unwrap().into_inner()
        };
        assert!(matches!(read(&bomb(&vec![b' '; 40 << 20])), Err(ImportError::Broken(_))), "it unpacks to too much");
        let outside = "<Project><Sources><TextSource name='a' plainTextPath='internal://../../etc/passwd'><PlainTextSelection startPosition='0' endPosition='3'><Description>x</Description></PlainTextSelection></TextSource></Sources></Project>";
        assert_eq!(read(&bomb(outside.as_bytes())).unwrap().entries[0].quoted(), None, "paths stay inside the archive");
    }
}
