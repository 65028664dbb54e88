//! HTML: the speech, not the site. All of a page's text is read; what is not the speech (menus,
//! share buttons, recommended links, the footer) is marked as boilerplate, so that the reader
//! sets it apart.
//!
//! The speech is the innermost element that holds nearly all of the page's prose: sentences
//! outside of links, menus and footers.

mod element;
mod page;

use super::extract::{ExtractError, Extracted, Lines, Mark, trimmed};
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::Encoding;
use pizhu_text::text::SourceText;
use pizhu_text::text::decode;
use page::{Apart, Block, Kind, Page};
use std::{
    io::{self, Read},
    ops::Range,
};

/// Part of the page's prose that the element of the speech must hold, in percent.
const MOST: u64 = 80;
/// Part that an element which says it holds the text must hold.
const MOST_OF_NAMED: u64 = 55;
/// Chars beyond which a table's cell holds running text, not an entry.
const ENTRY_CHARS: usize = 300;
/// Bytes at a page's start in which its encoding is declared.
const DECLARATION_BYTES: usize = 4096;

/// How a page is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// As a page of a site, in which the speech must be found.
    Site,
    /// As a chapter of a book: all of it.
    Chapter,
    /// As a book's table of contents: none of it.
    Contents,
}

/// Reads the text of a page.
///
/// # Errors
/// When the text outgrows what a file of that size may hold.
pub(super) fn extract(bytes: &[u8], forced: Option<Encoding>) -> Result<(Extracted, Encoding), ExtractError> {
    let forced = forced.or_else(|| declared(bytes));
    let decoded = decode::decode(bytes, forced);
    let page = Page::read(Utf8 { source: &decoded.source, chunk: 0, at: 0 }).map_err(|error| ExtractError::Damaged(error.to_string()))?;
    let mut lines = Lines::new(bytes.len() as u64);
    write(&page, Whole::Site, &mut lines)?;
    Ok((Extracted { replaced: decoded.replaced, ..lines.finish() }, decoded.encoding))
}

/// Reads a page of a book (UTF-8) into `lines`. `label` is the chapter's name in the table of
/// contents, `book` the book's title.
pub(super) fn chapter(input: impl Read, whole: Whole, book: &str, label: Option<&str>, lines: &mut Lines) -> Result<(), ExtractError> {
    let fails = |error: io::Error| {
        if error.kind() == io::ErrorKind::FileTooLarge { ExtractError::TooLarge } else { ExtractError::Damaged(error.to_string()) }
    };
    let mut page = Page::read(input).map_err(fails)?;
    book.clone_into(&mut page.title);
    let has_text = whole == Whole::Chapter && page.blocks.iter().any(|block| block.apart != Apart::ByElement);
    if let Some(label) = label.filter(|label| has_text && !page.is_headed(label)) {
        lines.push(label, Mark::Heading(1))?;
    }
    write(&page, whole, lines)
}

/// The encoding that a page declares, where its bytes do not show another.
fn declared(bytes: &[u8]) -> Option<Encoding> {
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
    // A page that is not UTF-8 though it says so is told by its bytes.
    Encoding::from_label(&label).filter(|encoding| *encoding != Encoding::UTF8)
}

/// The source text as a stream of UTF-8.
struct Utf8<'a> {
    source: &'a SourceText,
    chunk: usize,
    at: usize,
}

impl Read for Utf8<'_> {
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

impl Page {
    fn block_text(&self, index: usize) -> &str {
        let from = index.checked_sub(1).map_or(0, |before| self.blocks[before].end as usize);
        trimmed(&self.text[from..self.blocks[index].end as usize])
    }

    /// Whether a heading opens the page, or `label` is one of its lines already: some programs
    /// name a chapter by its first heading, wherever that stands.
    fn is_headed(&self, label: &str) -> bool {
        self.blocks.iter().take(6).any(|block| matches!(block.kind, Kind::Heading(_)))
            || (0..self.blocks.len()).any(|index| trimmed(self.block_text(index)) == trimmed(label))
    }

    /// The heading on a book's title page that is the book's title.
    fn repeats_title(&self) -> Option<usize> {
        (0..self.blocks.len().min(3))
            .find(|index| matches!(self.blocks[*index].kind, Kind::Heading(_)) && letters(self.block_text(*index)) == letters(&self.title))
    }

    /// How much prose a block holds: chars outside of links, where they make sentences.
    fn prose(&self, index: usize) -> u64 {
        let text = self.block_text(index);
        let chars = (text.chars().count() as u64).saturating_sub(u64::from(self.blocks[index].linked));
        if text.contains(['。', '，', '、', '；', '！', ',', '：']) && chars >= 10 { chars } else { chars / 8 }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Which blocks are the speech, and which is its title.
struct Choice {
    main: u32,
    /// The weakest reason that sets a block apart.
    least: Apart,
    title: Option<usize>,
}

impl Choice {
    fn of(page: &Page) -> Self {
        let total = |least: Apart| -> u64 { (0..page.blocks.len()).filter(|i| page.blocks[*i].apart < least).map(|i| page.prose(i)).sum() };
        // Names that would set most of the prose apart are names that mislead.
        let least = if total(Apart::ByName) * 2 >= total(Apart::ByElement) { Apart::ByName } else { Apart::ByElement };
        let mut held = vec![0_u64; page.containers.len()];
        for (index, block) in page.blocks.iter().enumerate().filter(|(_, block)| block.apart < least) {
            held[block.container as usize] += page.prose(index);
        }
        // A container stands behind the one around it.
        for index in (1..held.len()).rev() {
            held[page.containers[index].parent as usize] += held[index];
        }
        let all = held[0];
        let enough = |index: &usize, part: u64| held[*index] > 0 && held[*index] * 100 >= all * part;
        let named = (1..held.len()).rfind(|index| page.containers[*index].is_content && enough(index, MOST_OF_NAMED));
        let main = (1..held.len()).rfind(|index| enough(index, MOST)).max(named).map_or(0, |index| index as u32);
        let mut choice = Self { main, least, title: None };
        choice.title = choice.find_title(page);
        choice
    }

    fn is_inside(&self, page: &Page, block: &Block) -> bool {
        let mut container = block.container;
        while container > self.main {
            container = page.containers[container as usize].parent;
        }
        container == self.main
    }

    /// The block that is the title: one whose words the page's title begins with, or the first
    /// topmost heading that is not set apart.
    fn find_title(&self, page: &Page) -> Option<usize> {
        let page_title = letters(&page.title);
        let names_page = |index: usize| {
            let text = letters(page.block_text(index));
            text.chars().count() >= 4 && page_title.starts_with(&text)
        };
        let is_heading = |index: &usize| matches!(page.blocks[*index].kind, Kind::Heading(_));
        let mut headings = (0..page.blocks.len()).filter(is_heading);
        headings
            .clone()
            .find(|index| names_page(*index))
            .or_else(|| (0..page.blocks.len()).find(|index| page.blocks[*index].linked == 0 && names_page(*index)))
            .or_else(|| headings.find(|index| page.blocks[*index].kind == Kind::Heading(1) && page.blocks[*index].apart < self.least))
    }
}

/// Writes a page's lines in order.
fn write(page: &Page, whole: Whole, lines: &mut Lines) -> Result<(), ExtractError> {
    let choice = match whole {
        Whole::Site => Choice::of(page),
        Whole::Chapter => Choice { main: 0, least: Apart::ByElement, title: page.repeats_title() },
        Whole::Contents => Choice { main: 0, least: Apart::No, title: None },
    };
    let is_apart = |index: usize| {
        let block = &page.blocks[index];
        block.apart >= choice.least || !choice.is_inside(page, block)
    };
    // Links in front of and behind the prose lead elsewhere.
    let is_prose = |index: &usize| !is_apart(*index) && page.prose(*index) >= 20;
    let speech = (0..page.blocks.len()).find(is_prose).unwrap_or(0)
        ..(0..page.blocks.len()).rfind(is_prose).map_or(page.blocks.len(), |last| last + 1);
    let mut index = 0;
    // Where the table row ends that was found to be paragraphs.
    let mut plain_until = 0;
    while index < page.blocks.len() {
        let block = page.blocks[index];
        let text = page.block_text(index);
        let leads_away = whole == Whole::Site && !speech.contains(&index) && block.linked as usize * 2 > text.chars().count();
        let mark = if choice.title == Some(index) {
            Mark::Kind(ParagraphKind::Title)
        } else if is_apart(index) || leads_away {
            Mark::Kind(ParagraphKind::Boilerplate)
        } else {
            match block.kind {
                Kind::Text => Mark::Plain,
                Kind::Heading(level) => Mark::Heading(level),
                Kind::Note => Mark::Kind(ParagraphKind::EndMatter),
                Kind::Kept => Mark::Kind(ParagraphKind::Verbatim),
            }
        };
        if mark == Mark::Plain && block.row > 0 && index >= plain_until {
            let row = row_at(page, index);
            if is_entries(page, &row) {
                index = row.end;
                lines.push(&row_text(page, row), Mark::Kind(ParagraphKind::Verbatim))?;
                continue;
            }
            plain_until = row.end;
        }
        lines.push(text, mark)?;
        index += 1;
    }
    if whole == Whole::Site {
        // A title that the page shows is better than what a browser's tab is called.
        if let Some(index) = choice.title {
            lines.set_title(page.block_text(index));
        }
        lines.set_title(page.title.split(['_', '|']).next().unwrap_or_default());
    }
    Ok(())
}

/// The rest of the table row that block `index` stands in.
fn row_at(page: &Page, index: usize) -> Range<usize> {
    let block = page.blocks[index];
    let length = page.blocks[index..].iter().take_while(|other| other.row == block.row && other.apart == block.apart).count();
    index..index + length
}

/// Whether a row is one of a table's: several cells of short entries.
fn is_entries(page: &Page, row: &Range<usize>) -> bool {
    let cell = page.blocks[row.start].cell;
    let is_short = |index: usize| page.block_text(index).chars().count() <= ENTRY_CHARS && page.blocks[index].kind == Kind::Text;
    row.clone().any(|index| page.blocks[index].cell != cell) && row.clone().all(is_short)
}

/// The entries of a row, a tab between two.
fn row_text(page: &Page, row: Range<usize>) -> String {
    let mut text = String::new();
    let mut cell = page.blocks[row.start].cell;
    for index in row {
        if !text.is_empty() {
            text.push(if page.blocks[index].cell == cell { ' ' } else { '\t' });
        }
        cell = page.blocks[index].cell;
        text.push_str(page.block_text(index));
    }
    text
}

#[cfg(test)]
mod tests;
