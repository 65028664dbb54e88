//! HTML extraction: separates the main content of a page, the speech, from boilerplate.
//!
//! All text of the page is extracted; menus, share buttons, recommended links and footers are
//! marked as boilerplate. The main content is the innermost element that holds nearly all of the
//! page's prose: sentences outside of links, menus and footers.

mod element;
mod page;

use super::extract::{ExtractError, ExtractedText, ExtractedTextBuilder, LineHint, trim_invisible};
use page::{BlockKind, BoilerplateReason, HtmlBlock, HtmlPage};
use pizhu_text::document::ParagraphKind;
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
/// Maximum chars of a table cell that is an entry; longer cells are running text.
const MAX_ENTRY_CHARS: usize = 300;
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
    let forced = forced.or_else(|| declared_encoding(bytes));
    let decoded = decode::decode(bytes, forced);
    let page = HtmlPage::read(Utf8Reader { source: &decoded.source, chunk: 0, at: 0 })
        .map_err(|error| ExtractError::Damaged(error.to_string()))?;
    let mut lines = ExtractedTextBuilder::new(bytes.len() as u64);
    write(&page, PageKind::Site, &mut lines)?;
    Ok((ExtractedText { replaced: decoded.replaced, ..lines.finish() }, decoded.encoding))
}

/// Extracts a page of a book (UTF-8) into `lines`. `label` is the label of the chapter in the table
/// of contents, `book` the title of the book.
pub(super) fn extract_chapter(
    input: impl Read,
    page_kind: PageKind,
    book: &str,
    label: Option<&str>,
    lines: &mut ExtractedTextBuilder,
) -> Result<(), ExtractError> {
    let fails = |error: io::Error| {
        if error.kind() == io::ErrorKind::FileTooLarge { ExtractError::TooLarge } else { ExtractError::Damaged(error.to_string()) }
    };
    let mut page = HtmlPage::read(input).map_err(fails)?;
    book.clone_into(&mut page.title);
    let has_text = page_kind == PageKind::Chapter && page.blocks.iter().any(|block| block.boilerplate != BoilerplateReason::ByElement);
    if let Some(label) = label.filter(|label| has_text && !page.has_heading(label)) {
        lines.push(label, LineHint::Heading(1))?;
    }
    write(&page, page_kind, lines)
}

/// The declared encoding of a page, unless its bytes show another: `charset=gb2312` gives GB18030.
fn declared_encoding(bytes: &[u8]) -> Option<Encoding> {
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

    /// Index of the heading on a title page that repeats the title of the book.
    fn book_title_heading(&self) -> Option<usize> {
        (0..self.blocks.len().min(3)).find(|index| {
            matches!(self.blocks[*index].kind, BlockKind::Heading(_)) && alphanumeric(self.block_text(*index)) == alphanumeric(&self.title)
        })
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
    /// Index of the block with the title.
    title: Option<usize>,
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

    /// Index of the title: a block whose words begin the `<title>` of the page, or the first `<h1>`
    /// that is not boilerplate.
    fn find_title(&self, page: &HtmlPage) -> Option<usize> {
        let page_title = alphanumeric(&page.title);
        let names_page = |index: usize| {
            let text = alphanumeric(page.block_text(index));
            text.chars().count() >= 4 && page_title.starts_with(&text)
        };
        let is_heading = |index: &usize| matches!(page.blocks[*index].kind, BlockKind::Heading(_));
        let mut headings = (0..page.blocks.len()).filter(is_heading);
        headings
            .clone()
            .find(|index| names_page(*index))
            .or_else(|| (0..page.blocks.len()).find(|index| page.blocks[*index].linked == 0 && names_page(*index)))
            .or_else(|| {
                headings.find(|index| page.blocks[*index].kind == BlockKind::Heading(1) && page.blocks[*index].boilerplate < self.threshold)
            })
    }
}

/// Writes the lines of a page with their hints.
fn write(page: &HtmlPage, page_kind: PageKind, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
    let content = match page_kind {
        PageKind::Site => MainContent::find(page),
        PageKind::Chapter => MainContent { container: 0, threshold: BoilerplateReason::ByElement, title: page.book_title_heading() },
        PageKind::Contents => MainContent { container: 0, threshold: BoilerplateReason::None, title: None },
    };
    let is_boilerplate = |index: usize| {
        let block = &page.blocks[index];
        block.boilerplate >= content.threshold || !content.is_inside(page, block)
    };
    // Blocks of links before and after the prose are navigation.
    let is_prose = |index: &usize| !is_boilerplate(*index) && page.prose(*index) >= 20;
    let speech = (0..page.blocks.len()).find(is_prose).unwrap_or(0)
        ..(0..page.blocks.len()).rfind(is_prose).map_or(page.blocks.len(), |last| last + 1);
    let mut index = 0;
    // End of the table row that was found to hold paragraphs.
    let mut plain_until = 0;
    while index < page.blocks.len() {
        let block = page.blocks[index];
        let text = page.block_text(index);
        let leads_away = page_kind == PageKind::Site && !speech.contains(&index) && block.linked as usize * 2 > text.chars().count();
        let hint = if content.title == Some(index) {
            LineHint::Kind(ParagraphKind::Title)
        } else if is_boilerplate(index) || leads_away {
            LineHint::Kind(ParagraphKind::Boilerplate)
        } else {
            match block.kind {
                BlockKind::Text => LineHint::Plain,
                BlockKind::Heading(level) => LineHint::Heading(level),
                BlockKind::Note => LineHint::Kind(ParagraphKind::EndMatter),
                BlockKind::Preformatted => LineHint::Kind(ParagraphKind::Verbatim),
            }
        };
        if hint == LineHint::Plain && block.row > 0 && index >= plain_until {
            let row = row_at(page, index);
            if is_tabular(page, &row) {
                index = row.end;
                lines.push(&row_text(page, row), LineHint::Kind(ParagraphKind::Verbatim))?;
                continue;
            }
            plain_until = row.end;
        }
        lines.push(text, hint)?;
        index += 1;
    }
    if page_kind == PageKind::Site {
        // The title shown on the page is better than the one in the browser tab.
        if let Some(index) = content.title {
            lines.set_title(page.block_text(index));
        }
        lines.set_title(page.title.split(['_', '|']).next().unwrap_or_default());
    }
    Ok(())
}

/// Blocks of a table row from `index` on.
fn row_at(page: &HtmlPage, index: usize) -> Range<usize> {
    let block = page.blocks[index];
    let length = page.blocks[index..].iter().take_while(|other| other.row == block.row && other.boilerplate == block.boilerplate).count();
    index..index + length
}

/// Whether a row is tabular: several cells with short entries.
fn is_tabular(page: &HtmlPage, row: &Range<usize>) -> bool {
    let cell = page.blocks[row.start].cell;
    let is_short = |index: usize| page.block_text(index).chars().count() <= MAX_ENTRY_CHARS && page.blocks[index].kind == BlockKind::Text;
    row.clone().any(|index| page.blocks[index].cell != cell) && row.clone().all(is_short)
}

/// The entries of a row, separated by tabs.
fn row_text(page: &HtmlPage, row: Range<usize>) -> String {
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
