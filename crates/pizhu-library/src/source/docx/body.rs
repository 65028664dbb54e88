//! Reads the paragraphs of a part.

use super::{
    note_key::NoteKey,
    numbering::{Counters, Numbering, with_separator},
    properties::ParagraphProperties,
    styles::DocxStyles,
    symbol_font::symbol,
    table::TableFlattener,
};
use crate::source::extract::ExtractError;
use crate::source::extract::ExtractedTextBuilder;
use crate::source::extract::LineHint;
use crate::source::extract::Revisions;
use crate::source::xml::StartTag;
use crate::source::xml::XmlEvent;
use crate::source::xml::XmlReader;
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::Span;
use std::io::BufRead;

/// Maximum nesting of paragraphs, by text boxes.
const MAX_NESTED: usize = 32;
/// Maximum references to notes; a book has some thousands.
const MAX_NOTES: usize = 50_000;

/// Kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    /// Main document.
    Text,
    /// Footnotes or endnotes, each in an element with an id.
    Notes,
}

/// A paragraph being read.
#[derive(Debug, Default)]
struct DocxParagraph {
    text: String,
    properties: ParagraphProperties,
    /// Byte offset in `text` where the open ruby text begins.
    ruby_start: Option<usize>,
    /// Ruby text of the open `ruby` element.
    ruby: String,
}

/// Reader of a part.
pub(super) struct PartReader<'a> {
    styles: &'a DocxStyles,
    numbering: &'a Numbering,
    revisions: Revisions,
    lines: &'a mut ExtractedTextBuilder,
    /// Bytes of text that may still be read.
    remaining: usize,
    counters: Counters,
    paragraphs: Vec<DocxParagraph>,
    tables: TableFlattener,
    /// Unfinished paragraph, continued by the next: its paragraph mark is deleted on this side.
    unfinished: Option<DocxParagraph>,
    notes: Vec<NoteKey>,
    /// Whether each of the open content controls holds the table of contents.
    content_controls: Vec<bool>,
    /// Whether running text has begun.
    has_begun: bool,
    /// Whether the content control whose properties were read last does.
    is_contents: bool,
    /// Depth of open elements inside a skipped one.
    skipped: usize,
    /// Depth of open paragraph properties; former ones (`pPrChange`) are nested.
    in_properties: usize,
    in_row_properties: bool,
    /// The current row or cell does not exist on this side of the changes.
    is_removed: bool,
    in_text: bool,
    hidden: bool,
}

impl<'a> PartReader<'a> {
    pub(super) fn new(styles: &'a DocxStyles, numbering: &'a Numbering, revisions: Revisions, lines: &'a mut ExtractedTextBuilder) -> Self {
        Self {
            styles,
            numbering,
            revisions,
            remaining: lines.remaining_bytes(),
            lines,
            counters: Counters::default(),
            paragraphs: Vec::new(),
            tables: TableFlattener::default(),
            unfinished: None,
            notes: Vec::new(),
            content_controls: Vec::new(),
            has_begun: false,
            is_contents: false,
            skipped: 0,
            in_properties: 0,
            in_row_properties: false,
            is_removed: false,
            in_text: false,
            hidden: false,
        }
    }

    /// The referenced notes, in the order of their references.
    pub(super) fn into_notes(self) -> Vec<NoteKey> {
        self.notes
    }

    /// Reads a part. Returns, for a part of notes, the id and the lines of each note.
    pub(super) fn read(&mut self, input: impl BufRead, kind: PartKind) -> Result<Vec<(String, Span)>, ExtractError> {
        let mut xml = XmlReader::new(input);
        let mut notes = Vec::new();
        let mut open_note = None;
        let mut any = false;
        loop {
            match xml.next()? {
                XmlEvent::Start(tag) => {
                    any |= matches!(tag.name(), "document" | "footnotes" | "endnotes");
                    if kind == PartKind::Notes && matches!(tag.name(), "footnote" | "endnote") {
                        open_note = tag.attribute("id").map(|id| (id, self.lines.len_chars()));
                    }
                    self.open(&tag)?;
                }
                XmlEvent::End(name) => {
                    self.close(&name)?;
                    if kind == PartKind::Notes && matches!(name.as_str(), "footnote" | "endnote") {
                        notes.extend(open_note.take().map(|(id, from)| (id, Span::new(from, self.lines.len_chars()))));
                    }
                }
                XmlEvent::Text(text) => self.text(&text)?,
                XmlEvent::Eof if any => return Ok(notes),
                XmlEvent::Eof => return Err(ExtractError::Damaged("it holds no text document".into())),
            }
        }
    }

    fn open(&mut self, tag: &StartTag) -> Result<(), ExtractError> {
        if self.skipped > 0 || self.is_skipped(tag) {
            self.skipped += 1;
            self.is_contents |=
                tag.name() == "docPartGallery" && tag.attribute("val").is_some_and(|name| name.eq_ignore_ascii_case("table of contents"));
            return Ok(());
        }
        match tag.name() {
            "sdtContent" => self.content_controls.push(std::mem::take(&mut self.is_contents)),
            "gridBefore" if self.in_row_properties => self.tables.skip_columns(tag.number("val").unwrap_or(0)),
            "gridSpan" => self.tables.skip_columns(tag.number("val").map_or(0, |columns: usize| columns.saturating_sub(1))),
            "p" => {
                if self.paragraphs.len() == MAX_NESTED {
                    return Err(ExtractError::TooDeep);
                }
                let text = self.unfinished.take().map(|carried| carried.text).unwrap_or_default();
                self.paragraphs.push(DocxParagraph { text, ..DocxParagraph::default() });
                self.in_properties = 0;
            }
            "tbl" => {
                self.end_unfinished()?;
                self.tables.begin()?;
            }
            "tc" => self.tables.begin_cell(),
            "trPr" => self.in_row_properties = true,
            "pPr" => self.in_properties += 1,
            // `rPrChange` holds all former properties of the run.
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

    /// Whether an element is skipped with its content: the other side of a tracked change, former
    /// properties, the fallback for old programs.
    fn is_skipped(&self, tag: &StartTag) -> bool {
        let accepted = self.revisions == Revisions::Accepted;
        // Inside properties `ins` and `del` mark the paragraph or row; they hold no content.
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

    fn content(&mut self, tag: &StartTag) -> Result<(), ExtractError> {
        let name = tag.name();
        self.is_removed |= match name {
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
            // After a page break in mid-paragraph, too, the sentence may go on.
            "cr" | "br" => self.write("\n")?,
            "noBreakHyphen" => self.write("-")?,
            "sym" => {
                let code = tag.attribute("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
                if let Some(sign) = code.and_then(|code| symbol(&tag.attribute("font").unwrap_or_default(), code)) {
                    self.write(sign.encode_utf8(&mut [0; 4]))?;
                }
            }
            "rt" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.ruby_start = Some(paragraph.text.len());
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
            "sdtContent" => _ = self.content_controls.pop(),
            "r" => self.hidden = false,
            "pPr" => self.in_properties = self.in_properties.saturating_sub(1),
            "trPr" => {
                self.in_row_properties = false;
                self.skip_if_removed();
            }
            "tcPr" => {
                if self.is_removed {
                    self.tables.drop_cell();
                }
                self.skip_if_removed();
            }
            _ if self.in_properties > 0 => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.properties.close(name);
                }
            }
            "rt" => {
                if let Some(paragraph) = self.paragraphs.last_mut()
                    && let Some(from) = paragraph.ruby_start.take()
                {
                    paragraph.ruby = paragraph.text.split_off(from);
                }
            }
            "ruby" => {
                if let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| !paragraph.ruby.is_empty()) {
                    let ruby = std::mem::take(&mut paragraph.ruby);
                    paragraph.text.extend(["(", ruby.trim(), ")"]);
                }
            }
            "p" => return self.end_paragraph(),
            "tc" | "body" | "footnote" | "endnote" | "txbxContent" => return self.end_unfinished(),
            "tr" => return self.tables.end_row(self.lines),
            "tbl" => return self.tables.end(self.lines),
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<(), ExtractError> {
        let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
        if paragraph.properties.continues {
            self.unfinished = Some(paragraph);
            return Ok(());
        }
        let DocxParagraph { text, properties, .. } = paragraph;
        let style = self.styles.resolve(properties.style.as_deref());
        let hint = match properties.outline.map_or(style.heading, |level| (level < 9).then_some(level + 1)) {
            _ if style.contents || self.content_controls.contains(&true) => LineHint::Kind(ParagraphKind::Metadata),
            _ if style.title => LineHint::Kind(ParagraphKind::Title),
            // Further down the style is one of headings.
            _ if style.subtitle && !self.has_begun => LineHint::Kind(ParagraphKind::Metadata),
            Some(level) => LineHint::Heading(level),
            None => LineHint::Plain,
        };
        let mut number = String::new();
        if let Some(list) = properties.list.or(style.list).filter(|list| *list != 0) {
            let by_style = || properties.style.as_deref().and_then(|style| self.numbering.level_of_style(list, style));
            let level = properties.level.or(style.level).or_else(by_style).unwrap_or(0);
            number = self.counters.count(self.numbering, list, level);
        }
        if let Some(former) = properties.number {
            number = with_separator(former);
        }
        if text.trim().is_empty() && (number.is_empty() || !self.tables.is_open()) {
            return if self.tables.is_open() || !self.paragraphs.is_empty() { Ok(()) } else { self.lines.push_blank_line() };
        }
        let text = number + text.trim_start();
        self.has_begun |= hint == LineHint::Plain && text.trim_end().ends_with(['。', '：', '；']);
        if self.tables.is_open() { self.tables.push(text, hint, self.lines) } else { self.lines.push(&text, hint) }
    }

    /// Ends a continued paragraph at a table or at the end of the enclosing element.
    fn end_unfinished(&mut self) -> Result<(), ExtractError> {
        let Some(mut paragraph) = self.unfinished.take().filter(|carried| !carried.text.is_empty()) else { return Ok(()) };
        paragraph.properties.continues = false;
        self.paragraphs.push(paragraph);
        self.end_paragraph()
    }

    /// After the properties of a row or cell: skips the rest of it if it does not exist on this side
    /// of the changes.
    fn skip_if_removed(&mut self) {
        if std::mem::take(&mut self.is_removed) {
            // The end tag of the row or cell resets this.
            self.skipped = 1;
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ExtractError> {
        if self.in_text && self.skipped == 0 { self.write(text) } else { Ok(()) }
    }

    fn write(&mut self, text: &str) -> Result<(), ExtractError> {
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| !self.hidden) {
            // Checked before appending: one paragraph may exceed the whole allowance.
            self.remaining = self.remaining.checked_sub(text.len()).ok_or(ExtractError::TooLarge)?;
            paragraph.text.push_str(text);
        }
        Ok(())
    }
}
