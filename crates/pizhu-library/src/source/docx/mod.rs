//! DOCX extraction: the text as printed, with automatic numbers, tables, notes and tracked changes;
//! headings as hints.
//!
//! The parts are streamed (ECMA-376 part 1). Headers, footers, comments and hidden text are left
//! out. A note reference becomes `[1]`, and the note a line after the text. A table row becomes a
//! line with tabs between the columns; a row of running text, or with only one filled cell, gives
//! paragraphs.

mod body;
mod note_key;
mod numbering;
mod properties;
mod styles;
mod symbol_font;
mod table;

use super::{
    archive::{Archive, ArchiveInput},
    extract::{ExtractError, ExtractedText, ExtractedTextBuilder, LineHint, Revisions},
    xml::{XmlEvent, XmlReader},
};
use body::{PartKind, PartReader};
use note_key::NoteKey;
use numbering::Numbering;
use pizhu_text::document::ParagraphKind;
use std::{collections::HashMap, io::BufRead};
use styles::DocxStyles;

/// Extracts the text of a DOCX file of `file_len` bytes.
///
/// # Errors
/// When the file is not a DOCX, damaged, locked, or unpacks to too much.
pub(super) fn extract(input: impl ArchiveInput, file_len: u64, revisions: Revisions) -> Result<ExtractedText, ExtractError> {
    let mut archive = Archive::open(input)?;
    let main = main_part(&mut archive)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let part = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let styles = archive.entry(&part("styles.xml"))?.map(|input| DocxStyles::read(input, revisions)).transpose()?.unwrap_or_default();
    let numbering = archive.entry(&part("numbering.xml"))?.map(Numbering::read).transpose()?.unwrap_or_default();
    let mut lines = ExtractedTextBuilder::new(file_len);
    let document = archive.entry(&main)?.ok_or_else(|| ExtractError::Damaged(format!("it has no {main}")))?;
    let mut body = PartReader::new(&styles, &numbering, revisions, &mut lines);
    body.read(document, PartKind::Text)?;
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
        lines.push_blank_line()?;
    }
    for (index, note) in notes.iter().enumerate() {
        let text = texts.get(note).map_or("", String::as_str);
        lines.push(&format!("[{}] {text}", index + 1), LineHint::Kind(ParagraphKind::EndMatter))?;
    }
    if let Some(input) = archive.entry("docProps/core.xml")?
        && let Some(title) = title(input)?
    {
        lines.set_title(&title);
    }
    Ok(lines.finish())
}

/// Name of the main document part, from the package relationships.
fn main_part<R: ArchiveInput>(archive: &mut Archive<R>) -> Result<String, ExtractError> {
    let usual = || "word/document.xml".to_owned();
    let Some(input) = archive.entry("_rels/.rels")? else { return Ok(usual()) };
    let mut xml = XmlReader::new(input);
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) if tag.name() == "Relationship" => {
                let is_main = tag.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
                if let Some(target) = tag.attribute("Target").filter(|_| is_main) {
                    return Ok(target.trim_start_matches('/').to_owned());
                }
            }
            XmlEvent::Eof => return Ok(usual()),
            _ => {}
        }
    }
}

/// Reads each note of a part into one line of text.
fn read_notes(
    input: impl BufRead,
    is_endnote: bool,
    file_len: u64,
    (styles, numbering, revisions): (&DocxStyles, &Numbering, Revisions),
    texts: &mut HashMap<NoteKey, String>,
) -> Result<(), ExtractError> {
    let mut lines = ExtractedTextBuilder::new(file_len);
    let mut body = PartReader::new(styles, numbering, revisions, &mut lines);
    let spans = body.read(input, PartKind::Notes)?;
    let text = lines.finish().text;
    for (id, span) in spans {
        texts.insert(NoteKey { is_endnote, id }, text.slice(span).trim().replace('\n', " "));
    }
    Ok(())
}

/// Title in the core properties. Word often puts the first words or the file name there, so it is
/// only a fallback for a title found in the text.
fn title(input: impl BufRead) -> Result<Option<String>, ExtractError> {
    let mut xml = XmlReader::new(input);
    let mut inside = false;
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) => inside = tag.name() == "title",
            XmlEvent::Text(text) if inside => return Ok(Some(text)),
            XmlEvent::Text(_) => {}
            XmlEvent::End(_) => inside = false,
            XmlEvent::Eof => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod changes_tests;

#[cfg(test)]
mod layout_tests;
