//! HTML extraction: separates the main content of a page, the speech, from boilerplate.
//!
//! All text of the page is extracted; menus, share buttons, recommended links and footers are
//! marked as boilerplate. The main content is the innermost element that holds nearly all of the
//! page's prose: sentences outside of links, menus and footers.

mod column_grid;
mod element;
mod page;
mod remnant;

use super::extract::{ExtractError, ExtractedText, ExtractedTextBuilder, LineHint, trim_invisible};
use super::table_row::TableRow;
use page::{BlockKind, BoilerplateReason, HtmlBlock, HtmlPage};
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::Decoded;
use pizhu_text::text::Encoding;
use pizhu_text::text::SourceText;
use pizhu_text::text::decode;
use std::{
    io::{self, Read},
    ops::Range,
};

/// Minimum share of the page's prose, in percent, that the main element must hold.
const MIN_PROSE_PERCENT: u64 = 80;
/// The same for an element whose tag, class or id names it as the content.
const MIN_NAMED_PROSE_PERCENT: u64 = 55;
/// Minimum letters of a title that is found by its words.
const MIN_TITLE_CHARS: usize = 4;
/// Maximum blocks that a title is broken into.
const MAX_TITLE_BLOCKS: usize = 4;
/// Blocks at the start of a page that are searched for the label of a title.
const MAX_LABEL_BLOCKS: usize = 200;
/// Bytes at the start of a page that are searched for an encoding declaration.
const DECLARATION_BYTES: usize = 4096;

/// Kind of a page, which decides what of it is main content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    /// Page of a web site: the speech must be found in it.
    Site,
    /// Chapter of a book: all of it.
    Chapter,
    /// Table of contents of a book: none of it.
    Contents,
}

/// Extracts the text of a page of a web site; returns it with the encoding of the page.
///
/// # Errors
/// When the text is larger than the size of the file allows.
pub(super) fn extract(bytes: &[u8], forced: Option<Encoding>) -> Result<(ExtractedText, Encoding), ExtractError> {
    let (page, decoded) = read_page(bytes, forced)?;
    let mut lines = ExtractedTextBuilder::new(bytes.len() as u64);
    write(&page, PageKind::Site, &mut lines)?;
    Ok((ExtractedText { replaced: decoded.replaced, ..lines.finish() }, decoded.encoding))
}

/// Extracts a page of a book into `lines`. `label` is the label of the chapter in the table
/// of contents, `book` the title of the book. Returns the number of undecodable sequences.
pub(super) fn extract_chapter(
    bytes: &[u8],
    forced: Option<Encoding>,
    page_kind: PageKind,
    book: &str,
    label: Option<&str>,
    lines: &mut ExtractedTextBuilder,
) -> Result<usize, ExtractError> {
    let (mut page, decoded) = read_page(bytes, forced)?;
    book.clone_into(&mut page.title);
    let has_text = page_kind == PageKind::Chapter && page.blocks.iter().any(|block| block.boilerplate != BoilerplateReason::ByElement);
    if let Some(label) = label.filter(|label| has_text && !page.has_heading(label)) {
        lines.push(label, LineHint::Heading(1))?;
    }
    write(&page, page_kind, lines)?;
    Ok(decoded.replaced)
}

/// Decodes and splits a page.
fn read_page(bytes: &[u8], forced: Option<Encoding>) -> Result<(HtmlPage, Decoded), ExtractError> {
    let decoded = decode::decode(bytes, forced.or_else(|| declared_encoding(bytes)));
    let page = HtmlPage::read(Utf8Reader { source: &decoded.source, chunk: 0, at: 0 })
        .map_err(|error| ExtractError::Damaged(error.to_string()))?;
    Ok((page, decoded))
}

/// The declared encoding of a page, unless its bytes show another: `charset=gb2312` gives GB18030.
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<Encoding> {
    if bytes.starts_with(b"\xEF\xBB\xBF")
        || bytes.starts_with(b"\xFF\xFE")
        || bytes.starts_with(b"\xFE\xFF")
        || std::str::from_utf8(bytes).is_ok()
    {
        return None;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION_BYTES)]).to_lowercase();
    let value = head.split("charset").nth(1).or_else(|| head.split("encoding").nth(1))?;
    let value = value.trim_start().strip_prefix('=')?.trim_start_matches([' ', '"', '\'']);
    let label: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    // A page that falsely declares UTF-8 is left to detection.
    Encoding::from_label(&label).filter(|encoding| *encoding != Encoding::UTF8)
}

/// Reads a source text as a UTF-8 byte stream.
struct Utf8Reader<'a> {
    source: &'a SourceText,
    chunk: usize,
    at: usize,
}

impl Read for Utf8Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(chunk) = self.source.chunks().get(self.chunk) {
            let rest = &chunk.text().as_bytes()[self.at..];
            if rest.is_empty() {
                self.chunk += 1;
                self.at = 0;
                continue;
            }
            let length = rest.len().min(buffer.len());
            buffer[..length].copy_from_slice(&rest[..length]);
            self.at += length;
            return Ok(length);
        }
        Ok(0)
    }
}

impl HtmlPage {
    /// Trimmed text of a block.
    fn block_text(&self, index: usize) -> &str {
        let from = index.checked_sub(1).map_or(0, |before| self.blocks[before].end as usize);
        trim_invisible(&self.text[from..self.blocks[index].end as usize])
    }

    /// Whether a heading opens the page, or `label` is already one of its lines: some programs label
    /// a chapter with its first heading, wherever that is.
    fn has_heading(&self, label: &str) -> bool {
        self.blocks.iter().take(6).any(|block| matches!(block.kind, BlockKind::Heading(_)))
            || (0..self.blocks.len()).any(|index| trim_invisible(self.block_text(index)) == trim_invisible(label))
    }

    /// The heading on a title page that repeats the title of the book.
    fn book_title_heading(&self) -> Option<Range<usize>> {
        let found = (0..self.blocks.len().min(3)).find(|index| {
            matches!(self.blocks[*index].kind, BlockKind::Heading(_)) && alphanumeric(self.block_text(*index)) == alphanumeric(&self.title)
        });
        found.map(|index| index..index + 1)
    }

    /// Weight of the prose in a block: its chars outside of links; an eighth of them if they do not
    /// form sentences.
    fn prose(&self, index: usize) -> u64 {
        let text = self.block_text(index);
        let chars = (text.chars().count() as u64).saturating_sub(u64::from(self.blocks[index].linked));
        if text.contains(['。', '，', '、', '；', '！', ',', '：']) && chars >= 10 { chars } else { chars / 8 }
    }
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The main content of a page and its title.
struct MainContent {
    /// Index of the container that holds the main content.
    container: u32,
    /// The weakest reason that makes a block boilerplate.
    threshold: BoilerplateReason,
    /// The blocks with the title.
    title: Option<Range<usize>>,
}

impl MainContent {
    fn find(page: &HtmlPage) -> Self {
        let total = |threshold: BoilerplateReason| -> u64 {
            (0..page.blocks.len()).filter(|i| page.blocks[*i].boilerplate < threshold).map(|i| page.prose(i)).sum()
        };
        // Class names that would discard most of the prose are misleading.
        let threshold = if total(BoilerplateReason::ByName) * 2 >= total(BoilerplateReason::ByElement) {
            BoilerplateReason::ByName
        } else {
            BoilerplateReason::ByElement
        };
        let mut held = vec![0_u64; page.containers.len()];
        for (index, block) in page.blocks.iter().enumerate().filter(|(_, block)| block.boilerplate < threshold) {
            held[block.container as usize] += page.prose(index);
        }
        // Parents come before their children.
        for index in (1..held.len()).rev() {
            held[page.containers[index].parent as usize] += held[index];
        }
        let all = held[0];
        let holds_share = |index: &usize, part: u64| held[*index] > 0 && held[*index] * 100 >= all * part;
        let named = (1..held.len()).rfind(|index| page.containers[*index].is_content && holds_share(index, MIN_NAMED_PROSE_PERCENT));
        let container = (1..held.len()).rfind(|index| holds_share(index, MIN_PROSE_PERCENT)).max(named).map_or(0, |index| index as u32);
        let mut content = Self { container, threshold, title: None };
        content.title = content.find_title(page);
        content
    }

    fn is_inside(&self, page: &HtmlPage, block: &HtmlBlock) -> bool {
        let mut container = block.container;
        while container > self.container {
            container = page.containers[container as usize].parent;
        }
        container == self.container
    }

    /// The blocks with the title: those whose words are the page's own title, as in its `<title>` or
    /// behind the label 标题, or begin it; else the first `<h1>` that is not boilerplate.
    fn find_title(&self, page: &HtmlPage) -> Option<Range<usize>> {
        let page_title = alphanumeric(&page.title);
        let parts: Vec<String> = title_parts(&page.title).map(alphanumeric).collect();
        let labelled = labelled_title(page).map(alphanumeric);
        let known: Vec<&str> = labelled.iter().chain(parts.first()).chain([&page_title]).map(String::as_str).collect();
        let names_page = |index: usize| {
            let text = alphanumeric(page.block_text(index));
            text.chars().count() >= MIN_TITLE_CHARS && page_title.starts_with(&text)
        };
        // The name of the site, as in its logo.
        let names_site = |index: &usize| parts.iter().skip(1).any(|part| *part == alphanumeric(page.block_text(*index)));
        let is_heading = |index: &usize| matches!(page.blocks[*index].kind, BlockKind::Heading(_));
        let is_unlinked = |index: &usize| page.blocks[*index].linked == 0;
        let headings = (0..page.blocks.len()).filter(is_heading);
        let one = |index: usize| index..index + 1;
        headings
            .clone()
            .find(|index| names_page(*index))
            .map(one)
            .or_else(|| known.iter().find_map(|title| self.blocks_with(page, title)))
            .or_else(|| (0..page.blocks.len()).filter(is_unlinked).find(|index| names_page(*index)).map(one))
            .or_else(|| {
                let is_shown = |index: &usize| page.blocks[*index].boilerplate < self.threshold && !names_site(index);
                headings.filter(is_shown).find(|index| page.blocks[*index].kind == BlockKind::Heading(1)).map(one)
            })
    }

    /// The first blocks of the main content that together have the words of `title`: it may be broken
    /// into lines.
    fn blocks_with(&self, page: &HtmlPage, title: &str) -> Option<Range<usize>> {
        if title.chars().count() < MIN_TITLE_CHARS {
            return None;
        }
        let is_content = |index: usize| {
            let block = &page.blocks[index];
            block.linked == 0 && block.boilerplate < self.threshold && self.is_inside(page, block)
        };
        (0..page.blocks.len()).filter(|first| is_content(*first)).find_map(|first| {
            let mut rest = title;
            for index in first..page.blocks.len().min(first + MAX_TITLE_BLOCKS) {
                rest = rest.strip_prefix(alphanumeric(page.block_text(index)).as_str()).filter(|_| is_content(index))?;
                if rest.is_empty() {
                    return Some(first..index + 1);
                }
            }
            None
        })
    }
}

/// The title behind a label in a table about the document, as government sites have it:
/// `标　　题：` and in the next cell the title.
fn labelled_title(page: &HtmlPage) -> Option<&str> {
    let is_label = |index: &usize| matches!(alphanumeric(page.block_text(*index)).as_str(), "标题" | "標題");
    let label = (0..page.blocks.len()).take(MAX_LABEL_BLOCKS).filter(|index| page.blocks[*index].cell > 0).find(is_label)?;
    (label + 1 < page.blocks.len()).then(|| page.block_text(label + 1))
}

/// The parts of a `<title>`: the page's own title and, behind a separator, the site's name.
fn title_parts(title: &str) -> impl Iterator<Item = &str> {
    title
        .split(['_', '|', '｜', '－'])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" – "))
        .filter(|part| !part.trim().is_empty())
}

/// Whether a `<title>` names or greets for the site, not the page: `某县人民政府网`.
fn is_site_name(title: &str) -> bool {
    let title = title.trim();
    ["网", "網", "网站", "網站", "门户", "首页", "首頁", "主页"].iter().any(|end| title.ends_with(end)) || title.starts_with("欢迎")
}

/// Writes the lines of a page with their hints.
fn write(page: &HtmlPage, kind: PageKind, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
    let writer = PageWriter::new(page, kind);
    let mut rows = TableRows::default();
    let mut index = 0;
    while index < page.blocks.len() {
        if let Some(end) = writer.write_row(index, &mut rows, lines)? {
            index = end;
        } else {
            writer.write_block(index, lines)?;
            index += 1;
        }
    }
    writer.set_title(lines);
    Ok(())
}

/// Minimum chars of prose of a block that the text of the page may begin or end with.
const MIN_PROSE: u64 = 20;

/// A page whose main content is known.
struct PageWriter<'a> {
    page: &'a HtmlPage,
    kind: PageKind,
    content: MainContent,
    /// From the first block of prose to the last.
    prose: Range<usize>,
    /// Whether the page holds its whole text in a `<pre>`, as plain text.
    is_plain_text: bool,
}

/// The table rows written last.
#[derive(Default)]
struct TableRows {
    /// End of the row that was found to hold paragraphs.
    plain_until: usize,
    /// The last block of the row that was written as entries.
    last_entry: Option<usize>,
}

impl<'a> PageWriter<'a> {
    fn new(page: &'a HtmlPage, kind: PageKind) -> Self {
        let content = match kind {
            PageKind::Site => MainContent::find(page),
            PageKind::Chapter => MainContent { container: 0, threshold: BoilerplateReason::ByElement, title: page.book_title_heading() },
            PageKind::Contents => MainContent { container: 0, threshold: BoilerplateReason::None, title: None },
        };
        let blocks = 0..page.blocks.len();
        let mut writer = Self { page, kind, content, prose: blocks.clone(), is_plain_text: false };
        let is_prose = |index: &usize| !writer.is_boilerplate(*index) && page.prose(*index) >= MIN_PROSE;
        let prose = blocks.clone().find(is_prose).unwrap_or(0)..blocks.clone().rfind(is_prose).map_or(blocks.end, |last| last + 1);
        let prose_of = |is_counted: &dyn Fn(&HtmlBlock) -> bool| -> u64 {
            let counted = blocks.clone().filter(|index| is_counted(&page.blocks[*index]) && !writer.is_boilerplate(*index));
            counted.map(|index| page.prose(index)).sum()
        };
        let is_plain_text = prose_of(&|block| block.kind == BlockKind::Preformatted) * 2 >= prose_of(&|_| true);
        (writer.prose, writer.is_plain_text) = (prose, is_plain_text);
        writer
    }

    fn is_boilerplate(&self, index: usize) -> bool {
        let block = &self.page.blocks[index];
        block.boilerplate >= self.content.threshold || !self.content.is_inside(self.page, block)
    }

    /// Whether a block before or after the prose consists of links: it is navigation.
    fn leads_away(&self, index: usize) -> bool {
        let linked = self.page.blocks[index].linked as usize;
        self.kind == PageKind::Site && !self.prose.contains(&index) && linked * 2 > self.page.block_text(index).chars().count()
    }

    fn hint(&self, index: usize) -> LineHint {
        if self.content.title.as_ref().is_some_and(|title| title.contains(&index)) {
            return LineHint::Kind(ParagraphKind::Title);
        }
        if self.is_boilerplate(index) || self.leads_away(index) {
            return LineHint::Kind(ParagraphKind::Boilerplate);
        }
        match self.page.blocks[index].kind {
            BlockKind::Text => LineHint::Plain,
            BlockKind::Heading(level) => LineHint::Heading(level),
            BlockKind::Note => LineHint::Kind(ParagraphKind::EndMatter),
            BlockKind::Preformatted if self.is_plain_text => LineHint::Plain,
            BlockKind::Preformatted => LineHint::Kind(ParagraphKind::Verbatim),
        }
    }

    /// Whether the block is text in a `<pre>` that is not a table or code.
    fn is_plain_line(&self, index: usize) -> bool {
        self.is_plain_text && self.page.blocks[index].kind == BlockKind::Preformatted
    }

    /// Writes the table row at block `index` as entries, and returns its end; `None` if there is none, or if
    /// it holds paragraphs.
    fn write_row(&self, index: usize, rows: &mut TableRows, lines: &mut ExtractedTextBuilder) -> Result<Option<usize>, ExtractError> {
        if self.page.blocks[index].row == 0 || index < rows.plain_until || self.is_plain_line(index) {
            return Ok(None);
        }
        let hint = self.hint(index);
        let kind = match hint {
            LineHint::Plain => ParagraphKind::Verbatim,
            LineHint::Kind(ParagraphKind::Boilerplate) => ParagraphKind::Boilerplate,
            _ => return Ok(None),
        };
        let blocks = self.row_at(index, hint);
        let mut row = table_row(self.page, blocks.clone());
        rows.plain_until = blocks.end;
        if !row.is_tabular(index > 0 && rows.last_entry == Some(index - 1)) {
            return Ok(None);
        }
        row.write_entries(kind, lines)?;
        rows.last_entry = Some(blocks.end - 1);
        Ok(Some(blocks.end))
    }

    /// Blocks of a table row from `index` on, all with the same hint.
    fn row_at(&self, index: usize, hint: LineHint) -> Range<usize> {
        let blocks = &self.page.blocks;
        let is_in =
            |other: &usize| blocks[*other].row == blocks[index].row && blocks[*other].kind == BlockKind::Text && self.hint(*other) == hint;
        index..index + (index..blocks.len()).take_while(is_in).count().max(1)
    }

    fn write_block(&self, index: usize, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        let (text, hint) = (self.page.block_text(index), self.hint(index));
        if self.page.blocks[index].after_soft_break || self.is_plain_line(index) {
            lines.push_after_soft_break(text, hint)
        } else {
            lines.push(text, hint)
        }
    }

    fn set_title(&self, lines: &mut ExtractedTextBuilder) {
        if self.kind != PageKind::Site {
            return;
        }
        // The title shown on the page is better than the one in the browser tab.
        if let Some(title) = &self.content.title {
            lines.set_title(&title.clone().map(|index| self.page.block_text(index)).collect::<Vec<_>>().join(" "));
        }
        lines.set_title(title_parts(&self.page.title).next().filter(|title| !is_site_name(title)).unwrap_or_default());
    }
}

/// The cells of a row.
fn table_row(page: &HtmlPage, blocks: Range<usize>) -> TableRow {
    let mut row = TableRow::default();
    let mut cell = 0;
    for index in blocks {
        let block = &page.blocks[index];
        if block.cell != cell || row.len() == 0 {
            row.begin_cell(usize::from(block.column));
            cell = block.cell;
        }
        row.push(page.block_text(index).to_owned(), LineHint::Plain);
    }
    row
}

#[cfg(test)]
mod tests;
