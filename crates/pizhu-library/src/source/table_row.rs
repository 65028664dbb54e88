//! A table row as lines of text.
//!
//! A row with several filled cells of short entries becomes a line with tabs between its columns; a
//! cell of several lines continues on further lines, in its column. Any other row becomes its
//! paragraphs.

use super::extract::{ExtractError, ExtractedTextBuilder, LineHint};
use pizhu_text::document::ParagraphKind;

/// Maximum chars of a cell that is an entry; longer cells are running text.
pub(super) const MAX_ENTRY_CHARS: usize = 300;
/// Maximum chars of the paragraphs of a cell that are set on one line, with spaces between them.
const MAX_JOINED_CHARS: usize = 40;
/// Maximum chars of such a paragraph.
const MAX_WORDS_CHARS: usize = 12;
/// Minimum lines of one hanzi each that are words written downwards.
const MIN_VERTICAL_LINES: usize = 4;
/// Minimum filled cells of a row of a table one cell of which may be prose.
const MIN_CELLS_OF_TABLE: usize = 3;
/// Maximum chars of the only entry of a row.
const MAX_LONE_ENTRY_CHARS: usize = 20;

/// A cell of a row.
#[derive(Debug, Default)]
struct FlatCell {
    /// Index of its first column.
    column: usize,
    paragraphs: Vec<(String, LineHint)>,
}

impl FlatCell {
    /// Its lines: the paragraphs, or one line for a few short ones.
    fn lines(&self) -> Vec<String> {
        let lines = self.paragraphs.iter().flat_map(|(text, _)| text.split('\n')).map(str::trim).filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.map(str::to_owned).collect();
        if are_vertical(&lines) {
            return vec![lines.concat()];
        }
        let length: usize = lines.iter().map(|line| line.chars().count()).sum();
        if length <= MAX_JOINED_CHARS && lines.iter().all(|line| is_few_words(line)) { vec![lines.join(" ")] } else { lines }
    }

    /// Whether it is short enough for an entry.
    fn is_short(&self) -> bool {
        self.paragraphs.iter().map(|(text, _)| text.chars().count()).sum::<usize>() <= MAX_ENTRY_CHARS
    }

    /// Whether it is prose of several paragraphs.
    fn is_prose(&self) -> bool {
        let lines = self.lines();
        let sentences = lines.iter().filter(|line| line.ends_with('。')).count();
        lines.len() >= 2 && sentences * 2 >= lines.len()
    }

    /// Whether it may be the only entry of a row: a few words, no heading.
    fn is_lone_entry(&self) -> bool {
        let [(text, LineHint::Plain)] = self.paragraphs.as_slice() else { return false };
        text.chars().count() <= MAX_LONE_ENTRY_CHARS && !text.starts_with(begins_item) && !text.ends_with('。')
    }
}

/// Whether a heading or an item of a list may begin with `c`.
fn begins_item(c: char) -> bool {
    c.is_numeric() || "一二三四五六七八九十第（(【".contains(c)
}

/// Whether a line is a name or the like, neither a sentence nor an item of a list; a remark in brackets may
/// stand below a name.
fn is_few_words(line: &str) -> bool {
    let inner = line.strip_prefix(['（', '(']).and_then(|rest| rest.strip_suffix(['）', ')']));
    line.chars().count() <= MAX_WORDS_CHARS && !inner.unwrap_or(line).starts_with(begins_item) && !line.ends_with(['。', '；', '！', '？'])
}

/// Whether lines are words written downwards, a hanzi a line.
fn are_vertical(lines: &[String]) -> bool {
    let is_hanzi = |line: &String| line.chars().count() == 1 && !line.is_ascii();
    lines.len() >= MIN_VERTICAL_LINES && lines.iter().all(is_hanzi)
}

/// The cells of a row.
#[derive(Debug, Default)]
pub(super) struct TableRow {
    cells: Vec<FlatCell>,
}

impl TableRow {
    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Begins a cell at this column.
    pub(super) fn begin_cell(&mut self, column: usize) {
        self.cells.push(FlatCell { column, ..FlatCell::default() });
    }

    /// Drops the last cell; returns its column.
    pub(super) fn drop_cell(&mut self) -> Option<usize> {
        self.cells.pop().map(|cell| cell.column)
    }

    /// Adds a paragraph to the last cell.
    pub(super) fn push(&mut self, text: String, hint: LineHint) {
        if self.cells.is_empty() {
            self.begin_cell(0);
        }
        if let Some(cell) = self.cells.last_mut() {
            cell.paragraphs.push((text, hint));
        }
    }

    /// Whether the row is one of entries. `in_table`: the row before it was, so that a single entry
    /// belongs to the table, too.
    pub(super) fn is_tabular(&self, in_table: bool) -> bool {
        let mut cells = self.cells.iter().filter(|cell| !cell.paragraphs.is_empty());
        let (first, second) = (cells.next(), cells.next());
        // Of two cells with several lines each, none could be told which belong together.
        let are_apart = || self.cells.iter().filter(|cell| cell.lines().len() > 1).count() < 2;
        // Among rows of entries, one of several cells is a row of the table, too: a day, a place, what is done.
        let filled = self.cells.iter().filter(|cell| !cell.paragraphs.is_empty()).count();
        let of_table = in_table && filled >= MIN_CELLS_OF_TABLE;
        self.cells.iter().all(|cell| cell.is_short() && (of_table || !cell.is_prose()))
            && match (first, second) {
                (None, _) => in_table,
                (Some(cell), None) => in_table && cell.is_lone_entry(),
                (Some(_), Some(_)) => are_apart(),
            }
    }

    /// Writes the row as entries, in lines of this kind, and empties it.
    pub(super) fn write_entries(&mut self, kind: ParagraphKind, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        let entries: Vec<(usize, Vec<String>)> = self.cells.drain(..).map(|cell| (cell.column, cell.lines())).collect();
        lines.push_row(entries.iter().filter_map(|(column, lines)| Some((*column, lines.first()?.as_str()))), kind)?;
        for (column, more) in &entries {
            more.iter().skip(1).try_for_each(|line| lines.push_row([(*column, line.as_str())], kind))?;
        }
        Ok(())
    }

    /// Writes the paragraphs of all cells and empties the row.
    pub(super) fn write_paragraphs(&mut self, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        for cell in self.cells.drain(..) {
            match cell.lines().as_slice() {
                [line] if cell.paragraphs.len() >= MIN_VERTICAL_LINES && !line.contains(' ') => lines.push(line, LineHint::Plain)?,
                _ => cell.paragraphs.iter().try_for_each(|(text, hint)| lines.push(text, *hint))?,
            }
        }
        Ok(())
    }
}
