//! The walk through a part's paragraphs.

use super::{
    NoteKey,
    numbering::{Counters, Numbering},
    styles::Styles,
    table::Table,
};
use crate::{
    document::ParagraphKind,
    source::{
        extract::{ExtractError, Lines, Mark, Revisions},
        xml::{Node, Tag, Xml},
    },
    text::Span,
};
use std::io::BufRead;

/// Tables and text boxes that may lie in one another.
const MAX_NESTED: usize = 32;

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
    style: Option<String>,
    outline: Option<u8>,
    list: Option<u32>,
    level: Option<usize>,
    /// Its end was deleted (or not yet there): the next paragraph goes on in it.
    runs_on: bool,
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
    counters: Counters,
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    /// Text of paragraphs whose end was deleted.
    carried: String,
    notes: Vec<NoteKey>,
    /// Elements open inside one that is passed over.
    skipped: usize,
    in_properties: bool,
    in_row_properties: bool,
    in_text: bool,
    hidden: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(styles: &'a Styles, numbering: &'a Numbering, revisions: Revisions, lines: &'a mut Lines) -> Self {
        Self {
            styles,
            numbering,
            revisions,
            lines,
            counters: Counters::default(),
            paragraphs: Vec::new(),
            tables: Vec::new(),
            carried: String::new(),
            notes: Vec::new(),
            skipped: 0,
            in_properties: false,
            in_row_properties: false,
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
                Node::Text(text) => self.text(&text),
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
                nested(self.paragraphs.len())?;
                self.paragraphs.push(Paragraph::default());
                self.in_properties = false;
            }
            "tbl" => {
                nested(self.tables.len())?;
                self.tables.push(Table::default());
            }
            "tr" => self.table(Table::row),
            "tc" => self.table(Table::cell),
            "trPr" => self.in_row_properties = true,
            "pPr" => self.in_properties = true,
            "r" => self.hidden = false,
            "vanish" | "webHidden" if !self.in_properties => self.hidden = tag.is_on(),
            "t" => self.in_text = true,
            "delText" => self.in_text = self.revisions == Revisions::Original,
            _ if self.in_properties => self.property(tag),
            _ => self.content(tag),
        }
        Ok(())
    }

    /// Whether an element and all in it is not read: the other side of a tracked change, former
    /// properties, the fallback for old programs.
    fn is_passed_over(&self, tag: &Tag) -> bool {
        let accepted = self.revisions == Revisions::Accepted;
        // Inside properties these are marks on the paragraph or row, not content.
        let content = !self.in_properties && !self.in_row_properties;
        match tag.name() {
            "del" | "moveFrom" => accepted && content,
            "ins" | "moveTo" => !accepted && content,
            "pPrChange" | "rPrChange" | "tblPrChange" | "tblGridChange" | "trPrChange" | "tcPrChange" | "sectPrChange"
            | "numberingChange" | "sectPr" | "Fallback" | "sdtPr" => true,
            _ => false,
        }
    }

    fn property(&mut self, tag: &Tag) {
        let accepted = self.revisions == Revisions::Accepted;
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        match tag.name() {
            "pStyle" => paragraph.style = tag.attribute("val"),
            "outlineLvl" => paragraph.outline = tag.number("val"),
            "ilvl" => paragraph.level = tag.number("val"),
            "numId" => paragraph.list = tag.number("val"),
            "del" | "moveFrom" => paragraph.runs_on |= accepted,
            "ins" | "moveTo" => paragraph.runs_on |= !accepted,
            _ => {}
        }
    }

    fn content(&mut self, tag: &Tag) {
        if self.in_row_properties {
            let gone = match tag.name() {
                "del" => self.revisions == Revisions::Accepted,
                "ins" => self.revisions == Revisions::Original,
                _ => false,
            };
            if gone {
                self.table(Table::drop_row);
            }
            return;
        }
        let name = tag.name();
        if let "footnoteReference" | "endnoteReference" = name
            && let Some(id) = tag.attribute("id")
            && !self.hidden
        {
            self.notes.push(NoteKey { is_endnote: name == "endnoteReference", id });
            let mark = format!("[{}]", self.notes.len());
            self.write(&mark);
            return;
        }
        match name {
            "tab" | "ptab" => self.write("\t"),
            "cr" => self.write("\n"),
            "br" if tag.attribute("type").is_none_or(|kind| kind == "textWrapping") => self.write("\n"),
            "noBreakHyphen" => self.write("-"),
            "sym" => {
                // Signs of symbol fonts lie in the private area and mean nothing without the font.
                let sign = tag.attribute("char").and_then(|code| char::from_u32(u32::from_str_radix(&code, 16).ok()?));
                if let Some(sign) = sign.filter(|sign| !matches!(sign, '\u{E000}'..='\u{F8FF}')) {
                    self.write(sign.encode_utf8(&mut [0; 4]));
                }
            }
            "rt" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.gloss_from = Some(paragraph.text.len());
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) -> Result<(), ExtractError> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        match name {
            "t" | "delText" => self.in_text = false,
            "r" => self.hidden = false,
            "pPr" => self.in_properties = false,
            "trPr" => self.in_row_properties = false,
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
            // What was to go on in a next paragraph goes no further than the element that holds it.
            "tc" | "body" | "footnote" | "endnote" | "txbxContent" if !self.carried.is_empty() => {
                self.paragraphs.push(Paragraph::default());
                return self.end_paragraph();
            }
            "tbl" => {
                if let Some(table) = self.tables.pop() {
                    match self.tables.last_mut() {
                        Some(outer) => outer.take_in(table),
                        None => table.write(self.lines)?,
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<(), ExtractError> {
        let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
        if paragraph.runs_on {
            self.carried.push_str(&paragraph.text);
            return Ok(());
        }
        let text = std::mem::take(&mut self.carried) + &paragraph.text;
        let meaning = self.styles.meaning(paragraph.style.as_deref());
        let mark = match paragraph.outline.map_or(meaning.heading, |level| (level < 9).then_some(level + 1)) {
            _ if meaning.contents => Mark::Kind(ParagraphKind::Boilerplate),
            _ if meaning.title => Mark::Kind(ParagraphKind::Title),
            Some(level) => Mark::Heading(level),
            None => Mark::Plain,
        };
        let mut number = String::new();
        if let Some(list) = paragraph.list.or(meaning.list).filter(|list| *list != 0) {
            let by_style = || paragraph.style.as_deref().and_then(|style| self.numbering.level_of_style(list, style));
            let level = paragraph.level.or(meaning.level).or_else(by_style).unwrap_or(0);
            number = self.counters.count(self.numbering, list, level);
        }
        if text.trim().is_empty() {
            return if self.tables.is_empty() && self.paragraphs.is_empty() { self.lines.gap() } else { Ok(()) };
        }
        let text = number + text.trim_start();
        match self.tables.last_mut() {
            Some(table) => table.push(text, mark),
            None => self.lines.push(&text, mark)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.skipped == 0 {
            self.write(text);
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| !self.hidden) {
            paragraph.text.push_str(text);
        }
    }

    fn table(&mut self, act: impl FnOnce(&mut Table)) {
        if let Some(table) = self.tables.last_mut() {
            act(table);
        }
    }
}

fn nested(depth: usize) -> Result<(), ExtractError> {
    if depth < MAX_NESTED { Ok(()) } else { Err(ExtractError::TooDeep) }
}
