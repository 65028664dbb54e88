//! The walk through a part's paragraphs.

use super::{
    NoteKey,
    numbering::{Counters, Numbering, parted},
    properties::Properties,
    styles::Styles,
    table::Tables,
};
use pizhu_text::document::ParagraphKind;
use crate::source::extract::ExtractError;
use crate::source::extract::Lines;
use crate::source::extract::Mark;
use crate::source::extract::Revisions;
use crate::source::xml::Node;
use crate::source::xml::Tag;
use crate::source::xml::Xml;
use pizhu_text::text::Span;
use std::io::BufRead;

/// Paragraphs that may lie in one another, in text boxes.
const MAX_NESTED: usize = 32;
/// References to notes that are followed; a book has some thousands.
const MAX_NOTES: usize = 50_000;

/// What part of the file is walked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The main text.
    Text,
    /// Footnotes or endnotes, each in an element with an id.
    Notes,
}

/// A paragraph being read.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    properties: Properties,
    /// Where a gloss over characters began, and the gloss itself.
    gloss_from: Option<usize>,
    gloss: String,
}

/// The walk's state.
pub(super) struct Body<'a> {
    styles: &'a Styles,
    numbering: &'a Numbering,
    revisions: Revisions,
    lines: &'a mut Lines,
    /// Bytes of text that may still be read.
    left: usize,
    counters: Counters,
    paragraphs: Vec<Paragraph>,
    tables: Tables,
    /// A paragraph without an end, with all those before it: the next one goes on in it.
    carried: Option<Paragraph>,
    notes: Vec<NoteKey>,
    /// Elements open inside one that is passed over.
    skipped: usize,
    /// Properties of a paragraph that are open, former ones in them.
    in_properties: usize,
    in_row_properties: bool,
    /// The row or cell whose properties are read is not there on this side of the changes.
    is_gone: bool,
    in_text: bool,
    hidden: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(styles: &'a Styles, numbering: &'a Numbering, revisions: Revisions, lines: &'a mut Lines) -> Self {
        Self {
            styles,
            numbering,
            revisions,
            left: lines.left(),
            lines,
            counters: Counters::default(),
            paragraphs: Vec::new(),
            tables: Tables::default(),
            carried: None,
            notes: Vec::new(),
            skipped: 0,
            in_properties: 0,
            in_row_properties: false,
            is_gone: false,
            in_text: false,
            hidden: false,
        }
    }

    /// The notes that the text refers to, in the order of their marks.
    pub(super) fn into_notes(self) -> Vec<NoteKey> {
        self.notes
    }

    /// Walks through a part. Of a part of notes, the lines of each by its id.
    pub(super) fn read(&mut self, input: impl BufRead, place: Place) -> Result<Vec<(String, Span)>, ExtractError> {
        let mut xml = Xml::new(input);
        let mut notes = Vec::new();
        let mut open_note = None;
        let mut any = false;
        loop {
            match xml.next()? {
                Node::Open(tag) => {
                    any |= matches!(tag.name(), "document" | "footnotes" | "endnotes");
                    if place == Place::Notes && matches!(tag.name(), "footnote" | "endnote") {
                        open_note = tag.attribute("id").map(|id| (id, self.lines.len()));
                    }
                    self.open(&tag)?;
                }
                Node::Close(name) => {
                    self.close(&name)?;
                    if place == Place::Notes && matches!(name.as_str(), "footnote" | "endnote") {
                        notes.extend(open_note.take().map(|(id, from)| (id, Span::new(from, self.lines.len()))));
                    }
                }
                Node::Text(text) => self.text(&text)?,
                Node::End if any => return Ok(notes),
                Node::End => return Err(ExtractError::Damaged("it holds no text document".into())),
            }
        }
    }

    fn open(&mut self, tag: &Tag) -> Result<(), ExtractError> {
        if self.skipped > 0 || self.is_passed_over(tag) {
            self.skipped += 1;
            return Ok(());
        }
        match tag.name() {
            "p" => {
                if self.paragraphs.len() == MAX_NESTED {
                    return Err(ExtractError::TooDeep);
                }
                let text = self.carried.take().map(|carried| carried.text).unwrap_or_default();
                self.paragraphs.push(Paragraph { text, ..Paragraph::default() });
                self.in_properties = 0;
            }
            "tbl" => {
                self.end_carried()?;
                self.tables.begin()?;
            }
            "tc" => self.tables.begin_cell(),
            "trPr" => self.in_row_properties = true,
            "pPr" => self.in_properties += 1,
            // What the run was before says all of what it was.
            "r" | "rPrChange" => self.hidden = false,
            "vanish" | "webHidden" if self.in_properties == 0 => self.hidden = tag.is_on(),
            "t" => self.in_text = true,
            "delText" => self.in_text = self.revisions == Revisions::Original,
            _ if self.in_properties > 0 => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.properties.open(tag, self.revisions);
                }
            }
            _ => self.content(tag)?,
        }
        Ok(())
    }

    /// Whether an element and all in it is not read: the other side of a tracked change, former
    /// properties, the fallback for old programs.
    fn is_passed_over(&self, tag: &Tag) -> bool {
        let accepted = self.revisions == Revisions::Accepted;
        // Inside properties these are marks on the paragraph or row, not content.
        let content = self.in_properties == 0 && !self.in_row_properties;
        match tag.name() {
            "del" | "moveFrom" => accepted && content,
            "ins" | "moveTo" => !accepted && content,
            "pPrChange" => accepted || content,
            "rPrChange" => accepted || !content,
            "tblPrChange" | "tblGridChange" | "trPrChange" | "tcPrChange" | "sectPrChange" | "sectPr" | "Fallback" | "sdtPr" => true,
            _ => false,
        }
    }

    fn content(&mut self, tag: &Tag) -> Result<(), ExtractError> {
        let name = tag.name();
        self.is_gone |= match name {
            "del" if self.in_row_properties => self.revisions == Revisions::Accepted,
            "ins" if self.in_row_properties => self.revisions == Revisions::Original,
            "cellDel" => self.revisions == Revisions::Accepted,
            "cellIns" => self.revisions == Revisions::Original,
            _ => false,
        };
        if let "footnoteReference" | "endnoteReference" = name
            && let Some(id) = tag.attribute("id")
            && !self.hidden
        {
            if self.notes.len() == MAX_NOTES {
                return Err(ExtractError::TooLarge);
            }
            self.notes.push(NoteKey { is_endnote: name == "endnoteReference", id });
            let mark = format!("[{}]", self.notes.len());
            return self.write(&mark);
        }
        match name {
            "tab" | "ptab" => self.write("\t")?,
            "cr" => self.write("\n")?,
            "br" if tag.attribute("type").is_none_or(|kind| kind == "textWrapping") => self.write("\n")?,
            "noBreakHyphen" => self.write("-")?,
            "sym" => {
                // Signs of symbol fonts lie in the private area and mean nothing without the font.
                let sign = tag.attribute("char").and_then(|code| char::from_u32(u32::from_str_radix(&code, 16).ok()?));
                if let Some(sign) = sign.filter(|sign| !matches!(sign, '\u{E000}'..='\u{F8FF}')) {
                    self.write(sign.encode_utf8(&mut [0; 4]))?;
                }
            }
            "rt" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.gloss_from = Some(paragraph.text.len());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), ExtractError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        match name {
            "t" | "delText" => self.in_text = false,
            "r" => self.hidden = false,
            "pPr" => self.in_properties = self.in_properties.saturating_sub(1),
            "trPr" => {
                self.in_row_properties = false;
                self.pass_over_if_gone();
            }
            "tcPr" => {
                if self.is_gone {
                    self.tables.drop_cell();
                }
                self.pass_over_if_gone();
            }
            _ if self.in_properties > 0 => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.properties.close(name);
                }
            }
            "rt" => {
                if let Some(paragraph) = self.paragraphs.last_mut()
                    && let Some(from) = paragraph.gloss_from.take()
                {
                    paragraph.gloss = paragraph.text.split_off(from);
                }
            }
            "ruby" => {
                if let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| !paragraph.gloss.is_empty()) {
                    let gloss = std::mem::take(&mut paragraph.gloss);
                    paragraph.text.extend(["(", gloss.trim(), ")"]);
                }
            }
            "p" => return self.end_paragraph(),
            "tc" | "body" | "footnote" | "endnote" | "txbxContent" => return self.end_carried(),
            "tr" => return self.tables.end_row(self.lines),
            "tbl" => return self.tables.end(self.lines),
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<(), ExtractError> {
        let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
        if paragraph.properties.runs_on {
            self.carried = Some(paragraph);
            return Ok(());
        }
        let Paragraph { text, properties, .. } = paragraph;
        let meaning = self.styles.meaning(properties.style.as_deref());
        let mark = match properties.outline.map_or(meaning.heading, |level| (level < 9).then_some(level + 1)) {
            _ if meaning.contents => Mark::Kind(ParagraphKind::Boilerplate),
            _ if meaning.title => Mark::Kind(ParagraphKind::Title),
            Some(level) => Mark::Heading(level),
            None => Mark::Plain,
        };
        let mut number = String::new();
        if let Some(list) = properties.list.or(meaning.list).filter(|list| *list != 0) {
            let by_style = || properties.style.as_deref().and_then(|style| self.numbering.level_of_style(list, style));
            let level = properties.level.or(meaning.level).or_else(by_style).unwrap_or(0);
            number = self.counters.count(self.numbering, list, level);
        }
        if let Some(former) = properties.number {
            number = parted(former);
        }
        if text.trim().is_empty() {
            return if self.tables.is_open() || !self.paragraphs.is_empty() { Ok(()) } else { self.lines.gap() };
        }
        let text = number + text.trim_start();
        if self.tables.is_open() { self.tables.push(text, mark, self.lines) } else { self.lines.push(&text, mark) }
    }

    /// What was to go on in a next paragraph goes no further than a table, or than the element that
    /// holds it.
    fn end_carried(&mut self) -> Result<(), ExtractError> {
        let Some(mut paragraph) = self.carried.take().filter(|carried| !carried.text.is_empty()) else { return Ok(()) };
        paragraph.properties.runs_on = false;
        self.paragraphs.push(paragraph);
        self.end_paragraph()
    }

    /// Behind the properties of a row or cell: where they say that it is not there, nothing more of
    /// it is read.
    fn pass_over_if_gone(&mut self) {
        if std::mem::take(&mut self.is_gone) {
            // The element that the properties stand in is open, and its end ends this.
            self.skipped = 1;
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ExtractError> {
        if self.in_text && self.skipped == 0 { self.write(text) } else { Ok(()) }
    }

    fn write(&mut self, text: &str) -> Result<(), ExtractError> {
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| !self.hidden) {
            // Before it is kept: a paragraph may be larger than all that the file may give.
            self.left = self.left.checked_sub(text.len()).ok_or(ExtractError::TooLarge)?;
            paragraph.text.push_str(text);
        }
        Ok(())
    }
}
