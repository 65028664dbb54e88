//! DOCX: the text as it stands on paper, with automatic numbers, tables, notes and tracked
//! changes, and its headings as hints.
//!
//! Read part by part as streams (ECMA-376 part 1); headers, footers, comments and hidden text are
//! not the speech and are left out. A note's mark stands in the text as `[1]`, the note itself in
//! a line behind the text. A table's row is a line with tabs between its cells; a row with one
//! filled cell is layout, and its paragraphs are paragraphs.

mod body;
mod numbering;
mod properties;
mod styles;
mod table;

use super::{
    archive::{Archive, Input},
    extract::{ExtractError, Extracted, Lines, Mark, Revisions},
    xml::{Node, Xml},
};
use pizhu_text::document::ParagraphKind;
use body::{Body, Place};
use numbering::Numbering;
use std::{collections::HashMap, io::BufRead};
use styles::Styles;

/// The kind of a note and its number in the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct NoteKey {
    is_endnote: bool,
    id: String,
}

/// Reads the text of a DOCX file of `file_len` bytes.
///
/// # Errors
/// When it is no such file, broken, locked, or hostile.
pub(super) fn extract(input: impl Input, file_len: u64, revisions: Revisions) -> Result<Extracted, ExtractError> {
    let mut archive = Archive::open(input)?;
    let main = main_part(&mut archive)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let part = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let styles = archive.entry(&part("styles.xml"))?.map(|input| Styles::read(input, revisions)).transpose()?.unwrap_or_default();
    let numbering = archive.entry(&part("numbering.xml"))?.map(Numbering::read).transpose()?.unwrap_or_default();
    let mut lines = Lines::new(file_len);
    let document = archive.entry(&main)?.ok_or_else(|| ExtractError::Damaged(format!("it has no {main}")))?;
    let mut body = Body::new(&styles, &numbering, revisions, &mut lines);
    body.read(document, Place::Text)?;
    let notes = body.into_notes();
    let mut texts = HashMap::new();
    for (name, is_endnote) in [("footnotes.xml", false), ("endnotes.xml", true)] {
        if notes.iter().any(|note| note.is_endnote == is_endnote)
            && let Some(input) = archive.entry(&part(name))?
        {
            read_notes(input, is_endnote, file_len, (&styles, &numbering, revisions), &mut texts)?;
        }
    }
    if !notes.is_empty() {
        lines.gap()?;
    }
    for (index, note) in notes.iter().enumerate() {
        let text = texts.get(note).map_or("", String::as_str);
        lines.push(&format!("[{}] {text}", index + 1), Mark::Kind(ParagraphKind::EndMatter))?;
    }
    if let Some(input) = archive.entry("docProps/core.xml")?
        && let Some(title) = title(input)?
    {
        lines.set_title(&title);
    }
    Ok(lines.finish())
}

/// The name of the part that holds the text.
fn main_part<R: Input>(archive: &mut Archive<R>) -> Result<String, ExtractError> {
    let usual = || "word/document.xml".to_owned();
    let Some(input) = archive.entry("_rels/.rels")? else { return Ok(usual()) };
    let mut xml = Xml::new(input);
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.name() == "Relationship" => {
                let is_main = tag.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
                if let Some(target) = tag.attribute("Target").filter(|_| is_main) {
                    return Ok(target.trim_start_matches('/').to_owned());
                }
            }
            Node::End => return Ok(usual()),
            _ => {}
        }
    }
}

/// Reads each note into one line of text.
fn read_notes(
    input: impl BufRead,
    is_endnote: bool,
    file_len: u64,
    (styles, numbering, revisions): (&Styles, &Numbering, Revisions),
    texts: &mut HashMap<NoteKey, String>,
) -> Result<(), ExtractError> {
    let mut lines = Lines::new(file_len);
    let mut body = Body::new(styles, numbering, revisions, &mut lines);
    let spans = body.read(input, Place::Notes)?;
    let text = lines.finish().text;
    for (id, span) in spans {
        texts.insert(NoteKey { is_endnote, id }, text.slice(span).trim().replace('\n', " "));
    }
    Ok(())
}

/// The title in the document's properties. Word puts the first words there, or the file's name in
/// Latin letters; only a parser that finds no title uses it.
fn title(input: impl BufRead) -> Result<Option<String>, ExtractError> {
    let mut xml = Xml::new(input);
    let mut inside = false;
    loop {
        match xml.next()? {
            Node::Open(tag) => inside = tag.name() == "title",
            Node::Text(text) if inside => return Ok(Some(text)),
            Node::Text(_) => {}
            Node::Close(_) => inside = false,
            Node::End => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod changes_tests;
