//! Splits a page into blocks of text, each with its container, table cell and role.
//!
//! No tree is built, so memory is proportional to the text. Nesting beyond [`MAX_DEPTH`] is
//! flattened.

use super::column_grid::ColumnGrid;
use super::element::{ElementRole, is_ended_by, is_scope, lookup, names_boilerplate, names_content};
use super::remnant::{remove_directives, resolve_twice_escaped};
use crate::source::extract::trim_invisible;
use crate::source::number_format::format_number;
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

/// Maximum open elements that are tracked.
const MAX_DEPTH: usize = 400;
/// Attributes of a tag after which the tokenizer is restarted: it recurses for every quoted attribute
/// and would overflow the stack.
const MAX_ATTRIBUTES: usize = 50;
/// Maximum bytes of an attribute name or value that are read.
const MAX_ATTRIBUTE_BYTES: usize = 512;

/// Reason why a block is boilerplate, from weak to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum BoilerplateReason {
    /// It is not boilerplate.
    #[default]
    None,
    /// By a class or id, which may mislead.
    ByName,
    /// By an element or attribute: navigation, a footer, hidden text.
    ByElement,
}

/// Kind of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum BlockKind {
    /// A line of text.
    #[default]
    Text,
    /// A heading of this level.
    Heading(u8),
    /// A footnote or endnote.
    Note,
    /// A line of preformatted text.
    Preformatted,
}

/// A line of text in the page.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HtmlBlock {
    /// End in bytes of the page's text; the block begins at the end of the previous one.
    pub end: u32,
    /// Index of its container.
    pub container: u32,
    /// Number of its table cell; 0 for none.
    pub cell: u32,
    /// Number of its table row; 0 for none.
    pub row: u32,
    /// Index of the first column of its cell.
    pub column: u16,
    /// Whether only one `<br>` stands before it, so that it may continue a paragraph.
    pub after_soft_break: bool,
    /// Chars inside links.
    pub linked: u32,
    pub kind: BlockKind,
    pub boilerplate: BoilerplateReason,
}

/// An element that holds blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Container {
    pub parent: u32,
    /// Whether its tag, role, class or id names it as the content.
    pub is_content: bool,
}

/// A page split into blocks.
#[derive(Debug, Default)]
pub(super) struct HtmlPage {
    pub text: String,
    pub blocks: Vec<HtmlBlock>,
    /// Parents come before their children; the first is the page itself.
    pub containers: Vec<Container>,
    pub title: String,
}

impl HtmlPage {
    /// Tokenizes a page and splits it into blocks.
    pub(super) fn read(input: impl Read) -> io::Result<Self> {
        let attributes = Rc::new(Cell::new(0));
        let input = InterruptingReader { inner: IoReader::new(input), attributes: Rc::clone(&attributes), last: 0 };
        let count = Rc::clone(&attributes);
        let mut builder = PageBuilder::default();
        builder.page.containers.push(Container { parent: 0, is_content: false });
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: HtmlSpan<()>| -> Option<Infallible> {
            match event {
                CallbackEvent::OpenStartTag { .. } | CallbackEvent::CloseStartTag { .. } | CallbackEvent::EndTag { .. } => count.set(0),
                CallbackEvent::AttributeName { .. } => count.set(count.get() + 1),
                _ => {}
            }
            builder.event(&event);
            None
        });
        emitter.naively_switch_states(true);
        for outcome in Tokenizer::new_with_emitter(input, emitter) {
            match outcome {
                // The recursion has unwound; continue in the same tag.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => attributes.set(0),
                Err(error) => return Err(error),
                Ok(never) => match never {},
            }
        }
        builder.end_block();
        Ok(builder.page)
    }
}

/// A byte stream that fails with `Interrupted` after a quote in a tag with many attributes. There
/// the tokenizer can be resumed without loss, and its recursion stays shallow.
struct InterruptingReader<R: Read> {
    inner: IoReader<R>,
    /// Attributes of the current tag since the last interruption.
    attributes: Rc<Cell<usize>>,
    /// The byte read last.
    last: u8,
}

impl<R: Read> InterruptingReader<R> {
    fn check_interrupt(&self) -> io::Result<()> {
        let stops = self.last == b'"' && self.attributes.get() > MAX_ATTRIBUTES;
        if stops { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    }
}

impl<R: Read> Reader for InterruptingReader<R> {
    type Error = io::Error;

    fn read_byte(&mut self) -> io::Result<Option<u8>> {
        self.check_interrupt()?;
        let byte = self.inner.read_byte()?;
        self.last = byte.unwrap_or_default();
        Ok(byte)
    }

    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> io::Result<bool> {
        self.inner.try_read_string(text, case_sensitive)
    }

    fn read_until<'b>(&'b mut self, needle: &[u8], spare: &'b mut [u8; 4]) -> io::Result<Option<&'b [u8]>> {
        self.check_interrupt()?;
        let bytes = self.inner.read_until(needle, spare)?;
        self.last = bytes.and_then(<[u8]>::last).copied().unwrap_or_default();
        Ok(bytes)
    }
}

/// An open element.
#[derive(Debug)]
struct OpenElement {
    name: &'static str,
    role: ElementRole,
    /// Its index among the containers, assigned when it gets its first block.
    container: Option<u32>,
    is_content: bool,
    boilerplate: BoilerplateReason,
    is_notes: bool,
    /// Whether it is a reference to a note.
    is_note_reference: bool,
    /// Number of the next item of a list.
    count: i64,
    /// Number format of a list.
    format: &'static str,
    /// Difference between the numbers of two items; -1 in a reversed list.
    step: i64,
}

/// The attributes of a start tag that are used.
#[derive(Debug, Default)]
struct Attributes {
    names: String,
    role: String,
    style: String,
    hidden: bool,
    columns: u16,
    rows: u16,
    start: Option<i64>,
    value: Option<i64>,
    kind: String,
    reversed: bool,
    name: String,
    content: String,
}

/// State of splitting a page into blocks.
#[derive(Debug, Default)]
struct PageBuilder {
    page: HtmlPage,
    open: Vec<OpenElement>,
    /// Open elements beyond [`MAX_DEPTH`].
    flattened: usize,
    tag: Option<(&'static str, ElementRole)>,
    attribute: Vec<u8>,
    attributes: Attributes,
    block: HtmlBlock,
    /// White space before the next char; dropped if the block ends.
    space: PendingSpace,
    /// List number before the next text.
    marker: String,
    cells: u32,
    row: u32,
    cell: u32,
    /// Index of the first column of the current cell.
    column: u16,
    /// The grids of the open tables, innermost last.
    grids: Vec<ColumnGrid>,
    /// Whether only one `<br>` stands after the last block.
    after_soft_break: bool,
    /// Whether the generator of the page breaks lines only at spaces.
    breaks_at_spaces: bool,
}

/// Pending white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum PendingSpace {
    #[default]
    None,
    Blank,
    LineEnd,
}

impl PageBuilder {
    fn event(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = lookup(name);
                self.attributes = Attributes::default();
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute.clear();
                self.attribute.extend_from_slice(&name[..name.len().min(MAX_ATTRIBUTE_BYTES)]);
                self.attributes.hidden |= *name == b"hidden";
                self.attributes.reversed |= *name == b"reversed";
            }
            CallbackEvent::AttributeValue { value } if self.tag.is_some() => {
                let value = String::from_utf8_lossy(&value[..value.len().min(MAX_ATTRIBUTE_BYTES)]);
                self.attributes.set(&self.attribute, &value);
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some((name, role)) = self.tag.take() {
                    self.start(name, role);
                    // An empty element of XHTML; HTML does not write it so.
                    if *self_closing && !matches!(role, ElementRole::LineBreak | ElementRole::Meta) {
                        self.end(name);
                    }
                }
            }
            CallbackEvent::EndTag { name } => {
                if let Some((name, _)) = lookup(name) {
                    self.end(name);
                }
            }
            CallbackEvent::String { value } => self.text(&String::from_utf8_lossy(value)),
            _ => {}
        }
    }

    fn start(&mut self, name: &'static str, role: ElementRole) {
        if role.ends_line() {
            let has_text = self.end_block();
            self.after_soft_break = has_text && name == "br";
        }
        if role == ElementRole::LineBreak {
            return;
        }
        if role == ElementRole::Meta {
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
            self.flattened += 1;
            return;
        }
        let attributes = std::mem::take(&mut self.attributes);
        // Back links of notes and page number fields are not text.
        let is_page = role == ElementRole::Field && attributes.kind.eq_ignore_ascii_case("page");
        let role = if attributes.role == "doc-backlink" || is_page { ElementRole::Ignored } else { role };
        match role {
            ElementRole::Row => {
                self.cells += 1;
                self.row = self.cells;
                self.cell = 0;
                self.grids.last_mut().into_iter().for_each(ColumnGrid::begin_row);
            }
            ElementRole::Cell => {
                self.cells += 1;
                self.cell = self.cells;
                self.column = self.grids.last_mut().map_or(0, |grid| grid.place(attributes.columns, attributes.rows));
            }
            _ if name == "table" => {
                let outside = (self.row, self.cell, self.column);
                self.grids.push(ColumnGrid::within(outside));
                (self.row, self.cell) = (0, 0);
            }
            _ => {}
        }
        if name == "li" {
            self.marker = self.item_marker(attributes.value);
        }
        let inherited = self.open.last().map_or(BoilerplateReason::None, |open| open.boilerplate);
        let open = OpenElement {
            name,
            role,
            container: None,
            is_content: matches!(name, "article" | "main") || attributes.role == "main" || names_content(&attributes.names),
            boilerplate: inherited.max(attributes.boilerplate_reason(role)),
            is_notes: self.open.last().is_some_and(|open| open.is_notes)
                || matches!(attributes.role.as_str(), "doc-endnotes" | "doc-footnote" | "footnotes" | "footnote" | "endnotes"),
            is_note_reference: matches!(attributes.role.as_str(), "doc-noteref" | "noteref"),
            count: attributes.start.unwrap_or(1),
            format: attributes.list_format(),
            step: if attributes.reversed { -1 } else { 1 },
        };
        if open.is_note_reference {
            self.write("[");
        } else if role == ElementRole::RubyText {
            self.write("(");
        }
        self.open.push(open);
    }

    /// Closes the innermost open element of that name and all elements in it.
    fn end(&mut self, name: &'static str) {
        if self.flattened > 0 {
            self.flattened -= 1;
        } else if let Some(index) = self.open.iter().rposition(|open| open.name == name) {
            self.close_from(index);
        }
    }

    fn close_from(&mut self, index: usize) {
        while self.open.len() > index {
            if self.open.last().is_some_and(|open| open.role.ends_line()) {
                self.end_block();
                self.after_soft_break = false;
            }
            let Some(open) = self.open.pop() else { break };
            match open.role {
                _ if open.is_note_reference => self.write("]"),
                ElementRole::RubyText => self.write(")"),
                ElementRole::Row => (self.row, self.cell) = (0, 0),
                ElementRole::Cell => self.cell = 0,
                _ if open.name == "table" => {
                    (self.row, self.cell, self.column) = self.grids.pop().map_or((0, 0, 0), |grid| grid.outside);
                }
                _ if open.name == "li" => self.marker.clear(),
                _ => {}
            }
        }
    }

    /// Number before a list item with its separator, as in `1. ` or `三、`; empty in an unordered list.
    fn item_marker(&mut self, value: Option<i64>) -> String {
        let list = self.open.iter_mut().rfind(|open| open.role == ElementRole::OrderedList || matches!(open.name, "ul" | "menu" | "dir"));
        let Some(list) = list.filter(|list| list.role == ElementRole::OrderedList) else { return String::new() };
        let count = value.unwrap_or(list.count);
        list.count = count.saturating_add(list.step);
        let shown = u32::try_from(count).map_or_else(|_| count.to_string(), |count| format_number(count, list.format));
        match list.format {
            "none" => String::new(),
            _ if list.is_notes => format!("[{shown}] "),
            format if format.starts_with("chinese") => format!("{shown}、"),
            _ => format!("{shown}. "),
        }
    }

    fn text(&mut self, text: &str) {
        let Some(open) = self.open.last() else { return self.flow(text) };
        if self.open.iter().rev().take(2).any(|open| open.role == ElementRole::PageTitle) {
            if self.page.title.len() < MAX_ATTRIBUTE_BYTES {
                self.page.title.push_str(text);
            }
        } else if open.role == ElementRole::Ignored {
        } else if self.open.iter().any(|open| open.role == ElementRole::Preformatted) {
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

    /// Appends running text: white space collapses to one space, a line end between two Chinese
    /// characters to nothing.
    fn flow(&mut self, text: &str) {
        for word in text.split_inclusive([' ', '\t', '\n', '\r', '\u{C}']) {
            let bare = word.trim_end_matches([' ', '\t', '\n', '\r', '\u{C}']);
            if !bare.is_empty() {
                self.write_spaced(bare);
            }
            if let Some(last) = word[bare.len()..].chars().last() {
                self.space = if last == '\n' || self.space == PendingSpace::LineEnd { PendingSpace::LineEnd } else { PendingSpace::Blank };
            }
        }
    }

    fn write_spaced(&mut self, text: &str) {
        let space = std::mem::take(&mut self.space);
        if space != PendingSpace::None && !self.is_at_start() {
            let joins = |c: Option<char>| c.is_some_and(|c| ('\u{2E80}'..='\u{FFEF}').contains(&c) || c >= '\u{20000}');
            if space == PendingSpace::Blank
                || self.breaks_at_spaces
                || !joins(self.page.text.chars().next_back())
                || !joins(text.chars().next())
            {
                self.write(" ");
            }
        }
        self.write(text);
    }

    fn is_at_start(&self) -> bool {
        self.page.text.len() == self.page.blocks.last().map_or(0, |block| block.end as usize)
    }

    fn write(&mut self, text: &str) {
        if self.is_at_start() && !self.marker.is_empty() && !trim_invisible(text).is_empty() {
            self.page.text.push_str(&std::mem::take(&mut self.marker));
        }
        self.page.text.push_str(text);
        if self.open.iter().rev().take(4).any(|open| open.role == ElementRole::Link) {
            self.block.linked = self.block.linked.saturating_add(text.chars().count() as u32);
        }
    }

    /// Ends the current block; drops it if it is blank. Returns whether it had text.
    fn end_block(&mut self) -> bool {
        self.space = PendingSpace::None;
        let after_soft_break = std::mem::take(&mut self.after_soft_break);
        let from = self.page.blocks.last().map_or(0, |block| block.end as usize);
        let mut block = std::mem::take(&mut self.block);
        if let Some(kept) = self.page.text.get(from..).and_then(remove_directives) {
            self.page.text.truncate(from);
            self.page.text.push_str(&kept);
        }
        if trim_invisible(&self.page.text[from..]).is_empty() {
            self.page.text.truncate(from);
            return false;
        }
        if let Some(resolved) = self.page.text.get(from..).and_then(resolve_twice_escaped) {
            self.page.text.truncate(from);
            self.page.text.push_str(&resolved);
        }
        // Offsets have 32 bits; text beyond 4 GiB is dropped.
        let Ok(end) = u32::try_from(self.page.text.len()) else {
            self.page.text.truncate(from);
            return false;
        };
        block.end = end;
        (block.row, block.cell, block.column) = (self.row, self.cell, self.column);
        block.after_soft_break = after_soft_break;
        for open in self.open.iter().rev() {
            match open.role {
                ElementRole::Heading(level) => block.kind = BlockKind::Heading(level),
                ElementRole::Preformatted => block.kind = BlockKind::Preformatted,
                ElementRole::Container | ElementRole::Boilerplate | ElementRole::Cell => break,
                _ => {}
            }
        }
        if let Some(open) = self.open.last() {
            block.boilerplate = open.boilerplate;
            if open.is_notes {
                block.kind = BlockKind::Note;
            }
        }
        let mut parent = 0;
        for open in self.open.iter_mut().filter(|open| {
            matches!(open.role, ElementRole::Container | ElementRole::Boilerplate | ElementRole::Cell | ElementRole::OrderedList)
        }) {
            parent = *open.container.get_or_insert_with(|| {
                self.page.containers.push(Container { parent, is_content: open.is_content });
                self.page.containers.len() as u32 - 1
            });
        }
        block.container = parent;
        self.page.blocks.push(block);
        true
    }
}

impl Attributes {
    fn set(&mut self, name: &[u8], value: &str) {
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
            b"colspan" => self.columns = value.trim().parse().unwrap_or(0),
            b"rowspan" => self.rows = value.trim().parse().unwrap_or(0),
            b"value" => self.value = value.trim().parse().ok(),
            b"name" => value.trim().to_lowercase().clone_into(&mut self.name),
            b"content" => value.trim().clone_into(&mut self.content),
            b"type" => value.trim().clone_into(&mut self.kind),
            _ => {}
        }
    }

    fn boilerplate_reason(&self, role: ElementRole) -> BoilerplateReason {
        let by_role = matches!(
            self.role.as_str(),
            "navigation" | "banner" | "contentinfo" | "complementary" | "search" | "menu" | "toolbar" | "dialog"
        ) || matches!(self.role.as_str(), "doc-toc" | "toc" | "landmarks");
        let hidden = self.hidden || self.style.contains("display:none") || self.style.contains("visibility:hidden");
        if role == ElementRole::Boilerplate || by_role || hidden {
            BoilerplateReason::ByElement
        } else if names_boilerplate(&self.names) {
            BoilerplateReason::ByName
        } else {
            BoilerplateReason::None
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
        let list_style = self.style.split("list-style").nth(1).unwrap_or_default();
        let has = |word: &str| list_style.contains(word);
        if has("none") {
            "none"
        } else if has("cjk-ideographic") || has("chinese-informal") || has("cjk-decimal") {
            "chineseCounting"
        } else if has("chinese-formal") {
            "chineseLegalSimplified"
        } else if has("lower-alpha") || has("lower-latin") {
            "lowerLetter"
        } else {
            "decimal"
        }
    }
}
