//! The walk through a page: markup into blocks of text, each with where it stood.
//!
//! Nothing is built but the blocks: elements that are only opened cost nothing for long, so that
//! memory stays in proportion to the text. Nesting beyond [`MAX_DEPTH`] is flattened.

use super::element::{Role, is_ended_by, is_scope, known, says_apart, says_content};
use crate::source::extract::trimmed;
use crate::source::number_format::number;
use html5gum::{
    IoReader, Reader, Span as HtmlSpan, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};
use std::{
    cell::Cell,
    convert::Infallible,
    io::{self, Read},
    rc::Rc,
};

/// Open elements that are told apart.
const MAX_DEPTH: usize = 400;
/// Attributes of a tag after which the tokenizer is called anew: it goes a call deeper with each that
/// is quoted, and would end the program where the stack ends.
const MAX_ATTRIBUTES: usize = 50;
/// Bytes of class, id and style that are looked at.
const MAX_ATTRIBUTE: usize = 512;

/// Why a block is set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Apart {
    /// It is not.
    #[default]
    No,
    /// A class or id says so, which may be wrong.
    ByName,
    /// An element says so: navigation, a footer, what is hidden.
    ByElement,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// A line of text.
    #[default]
    Text,
    /// A heading.
    Heading(u8),
    /// A note at the end.
    Note,
    /// A line of preformatted text.
    Kept,
}

/// One line of the page's text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Block {
    /// Where it ends in [`Page::text`]; it begins where the one before ends.
    pub end: u32,
    /// Its container.
    pub container: u32,
    /// The table cell it stands in, 0 for none; and the row's first cell.
    pub cell: u32,
    pub row: u32,
    /// Chars of links in it.
    pub linked: u32,
    pub kind: Kind,
    pub apart: Apart,
}

/// An element that holds blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Container {
    pub parent: u32,
    /// Whether its element or name says that it holds the text.
    pub is_content: bool,
}

/// A page taken to pieces.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub text: String,
    pub blocks: Vec<Block>,
    /// The first is the page itself.
    pub containers: Vec<Container>,
    pub title: String,
}

impl Page {
    /// Takes a page to pieces.
    pub(super) fn read(input: impl Read) -> io::Result<Self> {
        let attributes = Rc::new(Cell::new(0));
        let input = Interrupted { inner: IoReader::new(input), attributes: Rc::clone(&attributes), last: 0 };
        let count = Rc::clone(&attributes);
        let mut walk = Walk::default();
        walk.page.containers.push(Container { parent: 0, is_content: false });
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: HtmlSpan<()>| -> Option<Infallible> {
            match event {
                CallbackEvent::OpenStartTag { .. } | CallbackEvent::CloseStartTag { .. } | CallbackEvent::EndTag { .. } => count.set(0),
                CallbackEvent::AttributeName { .. } => count.set(count.get() + 1),
                _ => {}
            }
            walk.event(&event);
            None
        });
        emitter.naively_switch_states(true);
        for outcome in Tokenizer::new_with_emitter(input, emitter) {
            match outcome {
                // It has come back from the depth, and reads on in the same tag.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => attributes.set(0),
                Err(error) => return Err(error),
                Ok(never) => match never {},
            }
        }
        walk.end_block();
        Ok(walk.page)
    }
}

/// A page's bytes, with a stop at a quote of a tag that has many attributes: there the tokenizer
/// knows its state, and goes on as if nothing had been.
struct Interrupted<R: Read> {
    inner: IoReader<R>,
    /// The attributes of that tag, since the last stop.
    attributes: Rc<Cell<usize>>,
    /// The byte that was taken last.
    last: u8,
}

impl<R: Read> Interrupted<R> {
    fn stop(&self) -> io::Result<()> {
        let stops = self.last == b'"' && self.attributes.get() > MAX_ATTRIBUTES;
        if stops { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    }
}

impl<R: Read> Reader for Interrupted<R> {
    type Error = io::Error;

    fn read_byte(&mut self) -> io::Result<Option<u8>> {
        self.stop()?;
        let byte = self.inner.read_byte()?;
        self.last = byte.unwrap_or_default();
        Ok(byte)
    }

    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> io::Result<bool> {
        self.inner.try_read_string(text, case_sensitive)
    }

    fn read_until<'b>(&'b mut self, needle: &[u8], spare: &'b mut [u8; 4]) -> io::Result<Option<&'b [u8]>> {
        self.stop()?;
        let bytes = self.inner.read_until(needle, spare)?;
        self.last = bytes.and_then(<[u8]>::last).copied().unwrap_or_default();
        Ok(bytes)
    }
}

/// An open element.
#[derive(Debug)]
struct Open {
    name: &'static str,
    role: Role,
    /// Its number among the containers, given when a block comes up in it.
    container: Option<u32>,
    is_content: bool,
    apart: Apart,
    is_notes: bool,
    /// A sign that refers to a note.
    is_note_sign: bool,
    /// Of a list, the count of its next item, its format, and the step to the next.
    count: i64,
    format: &'static str,
    step: i64,
}

/// Attributes of a start tag that matter.
#[derive(Debug, Default)]
struct Attributes {
    names: String,
    role: String,
    style: String,
    hidden: bool,
    start: Option<i64>,
    value: Option<i64>,
    kind: String,
    reversed: bool,
    name: String,
    content: String,
}

/// The walk's state.
#[derive(Debug, Default)]
struct Walk {
    page: Page,
    open: Vec<Open>,
    /// Start tags beyond [`MAX_DEPTH`] whose end tags are still to come.
    beyond: usize,
    tag: Option<(&'static str, Role)>,
    attribute: Vec<u8>,
    attributes: Attributes,
    block: Block,
    /// White space that is written before the next char, unless the block ends.
    space: Space,
    /// The number that stands before the next text.
    marker: String,
    cells: u32,
    row: u32,
    cell: u32,
    /// Whether the program that wrote the page breaks its lines at spaces alone.
    breaks_at_spaces: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Space {
    #[default]
    None,
    Blank,
    LineEnd,
}

impl Walk {
    fn event(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = known(name);
                self.attributes = Attributes::default();
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute.clear();
                self.attribute.extend_from_slice(&name[..name.len().min(MAX_ATTRIBUTE)]);
                self.attributes.hidden |= *name == b"hidden";
                self.attributes.reversed |= *name == b"reversed";
            }
            CallbackEvent::AttributeValue { value } if self.tag.is_some() => {
                let value = String::from_utf8_lossy(&value[..value.len().min(MAX_ATTRIBUTE)]);
                self.attributes.take(&self.attribute, &value);
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some((name, role)) = self.tag.take() {
                    self.start(name, role);
                    // In XHTML an empty element ends at once; in HTML nobody writes it so.
                    if *self_closing && !matches!(role, Role::Break | Role::Meta) {
                        self.end(name);
                    }
                }
            }
            CallbackEvent::EndTag { name } => {
                if let Some((name, _)) = known(name) {
                    self.end(name);
                }
            }
            CallbackEvent::String { value } => self.text(&String::from_utf8_lossy(value)),
            _ => {}
        }
    }

    fn start(&mut self, name: &'static str, role: Role) {
        if role.ends_line() {
            self.end_block();
        }
        if role == Role::Break {
            return;
        }
        if role == Role::Meta {
            let Attributes { name, content, .. } = std::mem::take(&mut self.attributes);
            self.breaks_at_spaces |= name == "generator" && (content.starts_with("LibreOffice") || content.starts_with("OpenOffice"));
            return;
        }
        while let Some(index) = self.open.iter().rposition(|open| is_ended_by(open.name, name, role) || is_scope(open.name, name)) {
            if !is_ended_by(self.open[index].name, name, role) {
                break;
            }
            self.close_from(index);
        }
        if self.open.len() >= MAX_DEPTH {
            self.beyond += 1;
            return;
        }
        let attributes = std::mem::take(&mut self.attributes);
        // The way back from a note is a sign of the medium, and so is the number of a printed page.
        let is_page = role == Role::Field && attributes.kind.eq_ignore_ascii_case("page");
        let role = if attributes.role == "doc-backlink" || is_page { Role::Mute } else { role };
        match role {
            Role::Row => {
                self.cells += 1;
                self.row = self.cells;
                self.cell = 0;
            }
            Role::Cell => {
                self.cells += 1;
                self.cell = self.cells;
            }
            _ if name == "table" => (self.row, self.cell) = (0, 0),
            _ => {}
        }
        if name == "li" {
            self.marker = self.item_marker(attributes.value);
        }
        let inherited = self.open.last().map_or(Apart::No, |open| open.apart);
        let open = Open {
            name,
            role,
            container: None,
            is_content: matches!(name, "article" | "main") || attributes.role == "main" || says_content(&attributes.names),
            apart: inherited.max(attributes.apart(role)),
            is_notes: self.open.last().is_some_and(|open| open.is_notes)
                || matches!(attributes.role.as_str(), "doc-endnotes" | "doc-footnote" | "footnotes" | "footnote" | "endnotes"),
            is_note_sign: matches!(attributes.role.as_str(), "doc-noteref" | "noteref"),
            count: attributes.start.unwrap_or(1),
            format: attributes.list_format(),
            step: if attributes.reversed { -1 } else { 1 },
        };
        if open.is_note_sign {
            self.write("[");
        } else if role == Role::Gloss {
            self.write("(");
        }
        self.open.push(open);
    }

    /// Closes the innermost open element of that name, and what was left open in it.
    fn end(&mut self, name: &'static str) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(index) = self.open.iter().rposition(|open| open.name == name) {
            self.close_from(index);
        }
    }

    fn close_from(&mut self, index: usize) {
        while self.open.len() > index {
            if self.open.last().is_some_and(|open| open.role.ends_line()) {
                self.end_block();
            }
            let Some(open) = self.open.pop() else { break };
            match open.role {
                _ if open.is_note_sign => self.write("]"),
                Role::Gloss => self.write(")"),
                Role::Row => (self.row, self.cell) = (0, 0),
                Role::Cell => self.cell = 0,
                _ if open.name == "table" => (self.row, self.cell) = (0, 0),
                _ if open.name == "li" => self.marker.clear(),
                _ => {}
            }
        }
    }

    /// The number of a list item, where its list is a counted one.
    fn item_marker(&mut self, value: Option<i64>) -> String {
        let list = self.open.iter_mut().rfind(|open| open.role == Role::Counted || matches!(open.name, "ul" | "menu" | "dir"));
        let Some(list) = list.filter(|list| list.role == Role::Counted) else { return String::new() };
        let count = value.unwrap_or(list.count);
        list.count = count.saturating_add(list.step);
        let shown = u32::try_from(count).map_or_else(|_| count.to_string(), |count| number(count, list.format));
        match list.format {
            "none" => String::new(),
            _ if list.is_notes => format!("[{shown}] "),
            format if format.starts_with("chinese") => format!("{shown}、"),
            _ => format!("{shown}. "),
        }
    }

    fn text(&mut self, text: &str) {
        let Some(open) = self.open.last() else { return self.flow(text) };
        if self.open.iter().rev().take(2).any(|open| open.role == Role::PageTitle) {
            if self.page.title.len() < MAX_ATTRIBUTE {
                self.page.title.push_str(text);
            }
        } else if open.role == Role::Mute {
        } else if self.open.iter().any(|open| open.role == Role::Kept) {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    self.end_block();
                }
                self.write(line);
            }
        } else {
            self.flow(text);
        }
    }

    /// Running text: white space folds to one space, a line end between two Chinese characters
    /// to nothing.
    fn flow(&mut self, text: &str) {
        for word in text.split_inclusive([' ', '\t', '\n', '\r', '\u{C}']) {
            let bare = word.trim_end_matches([' ', '\t', '\n', '\r', '\u{C}']);
            if !bare.is_empty() {
                self.write_spaced(bare);
            }
            if let Some(last) = word[bare.len()..].chars().last() {
                self.space = if last == '\n' || self.space == Space::LineEnd { Space::LineEnd } else { Space::Blank };
            }
        }
    }

    fn write_spaced(&mut self, text: &str) {
        let space = std::mem::take(&mut self.space);
        if space != Space::None && !self.is_at_start() {
            let joins = |c: Option<char>| c.is_some_and(|c| ('\u{2E80}'..='\u{FFEF}').contains(&c) || c >= '\u{20000}');
            if space == Space::Blank || self.breaks_at_spaces || !joins(self.page.text.chars().next_back()) || !joins(text.chars().next()) {
                self.write(" ");
            }
        }
        self.write(text);
    }

    fn is_at_start(&self) -> bool {
        self.page.text.len() == self.page.blocks.last().map_or(0, |block| block.end as usize)
    }

    fn write(&mut self, text: &str) {
        if self.is_at_start() && !self.marker.is_empty() && !trimmed(text).is_empty() {
            self.page.text.push_str(&std::mem::take(&mut self.marker));
        }
        self.page.text.push_str(text);
        if self.open.iter().rev().take(4).any(|open| open.role == Role::Link) {
            self.block.linked = self.block.linked.saturating_add(text.chars().count() as u32);
        }
    }

    /// Ends the block that is being read, where it holds anything.
    fn end_block(&mut self) {
        self.space = Space::None;
        let from = self.page.blocks.last().map_or(0, |block| block.end as usize);
        let mut block = std::mem::take(&mut self.block);
        if trimmed(&self.page.text[from..]).is_empty() {
            self.page.text.truncate(from);
            return;
        }
        // Offsets are kept in 32 bits; what a page has beyond them is not a speech.
        let Ok(end) = u32::try_from(self.page.text.len()) else {
            self.page.text.truncate(from);
            return;
        };
        block.end = end;
        (block.row, block.cell) = (self.row, self.cell);
        for open in self.open.iter().rev() {
            match open.role {
                Role::Heading(level) => block.kind = Kind::Heading(level),
                Role::Kept => block.kind = Kind::Kept,
                Role::Container | Role::Apart | Role::Cell => break,
                _ => {}
            }
        }
        if let Some(open) = self.open.last() {
            block.apart = open.apart;
            if open.is_notes {
                block.kind = Kind::Note;
            }
        }
        let mut parent = 0;
        for open in self.open.iter_mut().filter(|open| matches!(open.role, Role::Container | Role::Apart | Role::Cell | Role::Counted)) {
            parent = *open.container.get_or_insert_with(|| {
                self.page.containers.push(Container { parent, is_content: open.is_content });
                self.page.containers.len() as u32 - 1
            });
        }
        block.container = parent;
        self.page.blocks.push(block);
    }
}

impl Attributes {
    fn take(&mut self, name: &[u8], value: &str) {
        match name {
            b"class" | b"id" => {
                self.names.push(' ');
                self.names.push_str(value);
                if self.role.is_empty() && value.split_whitespace().any(|class| class == "footnotes") {
                    "footnotes".clone_into(&mut self.role);
                }
            }
            b"role" | b"epub:type" => value.trim().to_lowercase().clone_into(&mut self.role),
            b"style" => self.style = value.to_lowercase().replace(' ', ""),
            b"aria-hidden" => self.hidden |= value == "true",
            b"start" => self.start = value.trim().parse().ok(),
            b"value" => self.value = value.trim().parse().ok(),
            b"name" => value.trim().to_lowercase().clone_into(&mut self.name),
            b"content" => value.trim().clone_into(&mut self.content),
            b"type" => value.trim().clone_into(&mut self.kind),
            _ => {}
        }
    }

    fn apart(&self, role: Role) -> Apart {
        let said = matches!(
            self.role.as_str(),
            "navigation" | "banner" | "contentinfo" | "complementary" | "search" | "menu" | "toolbar" | "dialog"
        ) || matches!(self.role.as_str(), "doc-toc" | "toc" | "landmarks");
        let hidden = self.hidden || self.style.contains("display:none") || self.style.contains("visibility:hidden");
        if role == Role::Apart || said || hidden {
            Apart::ByElement
        } else if says_apart(&self.names) {
            Apart::ByName
        } else {
            Apart::No
        }
    }

    fn list_format(&self) -> &'static str {
        match self.kind.as_str() {
            "a" => return "lowerLetter",
            "A" => return "upperLetter",
            "i" => return "lowerRoman",
            "I" => return "upperRoman",
            _ => {}
        }
        let said = self.style.split("list-style").nth(1).unwrap_or_default();
        let of = |word: &str| said.contains(word);
        if of("none") {
            "none"
        } else if of("cjk-ideographic") || of("chinese-informal") || of("cjk-decimal") {
            "chineseCounting"
        } else if of("chinese-formal") {
            "chineseLegalSimplified"
        } else if of("lower-alpha") || of("lower-latin") {
            "lowerLetter"
        } else {
            "decimal"
        }
    }
}
