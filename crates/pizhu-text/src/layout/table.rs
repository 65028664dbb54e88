//! Tables: contiguous verbatim paragraphs, a row each, whose cells are separated by tabs.
//!
//! A table is set in columns as wide as their widest cells where these fit the measure; its last
//! column may wrap. Else each cell stands on a row of its own, all but the first indented.

use super::{
    breaks, cluster,
    fill::{self, CellGrid},
    row::Row,
    style::{LayoutStyle, MIN_WIDTH, SegmentShape},
};
use crate::document::{Document, ParagraphKind};
use crate::text::width::{AmbiguousWidth, text_width};
use crate::text::{CleanText, Span};

/// Cells between two columns.
const GAP_CELLS: u16 = 2;
/// Maximum columns of a table that is set; word processors write at most 63.
const MAX_COLUMNS: usize = 64;
/// Width in cells up to which a cell is measured.
const MAX_CELL_WIDTH: u16 = 10_000;
/// Minimum width in cells of a last cell that wraps.
const MIN_WRAPPED_CELLS: u16 = 16;

/// The widths of the columns of a table, in cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumns {
    /// The chars of its rows.
    pub span: Span,
    widths: Vec<u16>,
    /// The same if the last cell of each row may wrap.
    wrapped: Vec<u16>,
}

/// The tables of a document.
///
/// ```
/// use pizhu_text::{
///     document::{Hints, KindHint, ParagraphKind, parse},
///     layout::{DocumentTables, LayoutStyle, lay_out_row},
///     text::{SourceText, Span},
/// };
///
/// let kinds = vec![KindHint { span: Span::new(0, 17), kind: ParagraphKind::Verbatim }];
/// let hints = Hints { kinds, soft_breaks: Some(Vec::new()), ..Hints::default() };
/// let document = parse(SourceText::from("事项\t责任部门\n清淤\t水利站检修\n"), &hints);
/// let style = LayoutStyle::default();
/// let tables = DocumentTables::find(&document, style.ambiguous);
/// let rows: Vec<String> = document
///     .paragraphs
///     .iter()
///     .flat_map(|row| lay_out_row(&document, row.span, tables.at(row.span.start).unwrap(), &style))
///     .map(|row| row.text())
///     .collect();
/// assert_eq!(rows, ["事项  责任部门", "清淤  水利站检修"]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct DocumentTables(Vec<TableColumns>);

impl DocumentTables {
    /// Finds the tables of a document and measures their columns.
    #[must_use]
    pub fn find(document: &Document, ambiguous: AmbiguousWidth) -> Self {
        let mut tables = Vec::new();
        let mut rows: Vec<Span> = Vec::new();
        let all = &document.paragraphs;
        for (index, paragraph) in all.iter().enumerate() {
            if paragraph.kind != ParagraphKind::Verbatim {
                continue;
            }
            rows.push(paragraph.span);
            let continues = all.get(index + 1).is_some_and(|next| {
                next.kind == ParagraphKind::Verbatim
                    && document
                        .source
                        .chars_from(paragraph.span.end)
                        .take_while(|(at, _)| *at < next.span.start)
                        .filter(|(_, c)| *c == '\n')
                        .count()
                        < 2
            });
            if !continues {
                tables.extend(TableColumns::measure(document, &rows, ambiguous));
                rows.clear();
            }
        }
        Self(tables)
    }

    /// The table with a row at `offset`.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<&TableColumns> {
        let next = self.0.partition_point(|table| table.span.end <= offset);
        self.0.get(next).filter(|table| table.span.contains(offset))
    }
}

impl TableColumns {
    /// Measures the columns of a table with these rows; `None` if no row has two cells, or one too many.
    fn measure(document: &Document, rows: &[Span], ambiguous: AmbiguousWidth) -> Option<Self> {
        let span = rows.first()?.hull(*rows.last()?);
        let rows: Vec<(usize, Vec<u16>)> = rows.iter().map(|row| cells_of(document, *row, ambiguous)).collect();
        let count = rows.iter().map(|(skipped, cells)| skipped + cells.len()).max()?;
        if !(2..=MAX_COLUMNS).contains(&count) {
            return None;
        }
        let (widths, wrapped) = (column_widths(&rows, count, u16::MAX), column_widths(&rows, count, MIN_WRAPPED_CELLS));
        Some(Self { span, widths, wrapped })
    }

    /// Where each column begins in text of this width, in cells; `None` if the table does not fit.
    fn starts(&self, width: u16) -> Option<Vec<u16>> {
        [&self.widths, &self.wrapped].into_iter().find_map(|widths| {
            let mut column = 0u16;
            let mut start_of = |cells: &u16| {
                let start = column;
                column = column.saturating_add(*cells).saturating_add(GAP_CELLS);
                start
            };
            let starts: Vec<u16> = widths.iter().map(&mut start_of).collect();
            (column - GAP_CELLS <= width).then_some(starts)
        })
    }
}

/// The widths of `count` columns. The last cell of a row takes at most `last`: it may wrap.
fn column_widths(rows: &[(usize, Vec<u16>)], count: usize, last: u16) -> Vec<u16> {
    let mut widths = vec![0; count];
    // Cells that empty ones follow, which they run over: column, columns, width.
    let mut wide: Vec<(usize, usize, u16)> = Vec::new();
    for (skipped, cells) in rows {
        let mut filled = (0..cells.len()).filter(|cell| cells[*cell] > 0).peekable();
        while let Some(cell) = filled.next() {
            let column = skipped + cell;
            let next = filled.peek().map(|next| skipped + next);
            let width = if next.is_none() { cells[cell].min(last) } else { cells[cell] };
            match next.unwrap_or(count) - column {
                1 => widths[column] = widths[column].max(width),
                // A single cell across the table wraps.
                columns if next.is_none() => wide.push((column, columns, width.min(MIN_WRAPPED_CELLS))),
                columns => wide.push((column, columns, width)),
            }
        }
    }
    for (column, columns, width) in wide {
        // Each tab takes a cell at least.
        let needed = width.saturating_add(columns as u16 - 1);
        let spanned = widths[column..column + columns].iter().fold(0u16, |sum, width| sum.saturating_add(width + GAP_CELLS)) - GAP_CELLS;
        let last = &mut widths[column + columns - 1];
        *last = last.saturating_add(needed.saturating_sub(spanned));
    }
    widths
}

/// The widths of the cells of a row, after the number of empty ones before them.
fn cells_of(text: &CleanText, row: Span, ambiguous: AmbiguousWidth) -> (usize, Vec<u16>) {
    let width = |cell: &str| u16::try_from(text_width(cell.trim(), ambiguous)).unwrap_or(u16::MAX).min(MAX_CELL_WIDTH);
    (leading_cells(text, row), text.text(row).split('\t').take(MAX_COLUMNS + 1).map(width).collect())
}

/// Number of empty cells before the first cell of a row: its tabs at the start of the line.
fn leading_cells(text: &CleanText, row: Span) -> usize {
    (0..row.start.min(MAX_COLUMNS)).take_while(|before| text.source.char_at(row.start - 1 - before) == Some('\t')).count()
}

/// Lays out a segment of a table row, from [`super::segments`].
#[must_use]
pub fn lay_out_row(text: &CleanText, segment: Span, table: &TableColumns, style: &LayoutStyle) -> Vec<Row> {
    let style = LayoutStyle { width: style.width.max(MIN_WIDTH), ..*style };
    let shape = SegmentShape { first_indent: 0, centred: false, verbatim: true };
    let clusters = cluster::SegmentClusters::new(text, segment, style.ambiguous);
    let penalties = breaks::break_penalties(&clusters, style.kinsoku);
    let grid = CellGrid::new(&clusters, leading_cells(text, segment), table.starts(style.width));
    fill::rows(&clusters, &penalties, style, shape, Some(&grid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Hints, KindHint, parse};
    use crate::text::SourceText;

    /// The rows of a text that is a table.
    fn set(text: &str, width: u16) -> Vec<String> {
        let source = SourceText::from(text);
        let kinds = vec![KindHint { span: source.span(), kind: ParagraphKind::Verbatim }];
        let document = parse(source, &Hints { kinds, soft_breaks: Some(Vec::new()), ..Hints::default() });
        let style = LayoutStyle { width, ..LayoutStyle::default() };
        let tables = DocumentTables::find(&document, style.ambiguous);
        let rows = document.paragraphs.iter().flat_map(|row| lay_out_row(&document, row.span, tables.at(row.span.start).unwrap(), &style));
        rows.map(|row| row.text().trim_end().to_owned()).collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cells() {
        let table = "年份\t教师数\t学生数\n2031\t12\t340\n2032年春\t9\t1280\n";
        assert_eq!(set(table, 40), ["年份      教师数  学生数", "2031      12      340", "2032年春  9       1280"]);
    }

    #[test]
    fn empty_cells_keep_their_columns() {
        let table = "\t上年\t今年\n一村\t\t12\n合计（两个村）\t\t30\n二村\t7\n";
        assert_eq!(set(table, 40), ["      上年       今年", "一村             12", "合计（两个村）   30", "二村  7"]);
    }

    #[test]
    fn last_column_wraps_under_itself() {
        let table = "事项\t说明\n清淤\t一共清了三里路，淤泥就近堆放在渠边，没有占用秧田\n";
        assert_eq!(set(table, 30), ["事项  说明", "清淤  一共清了三里路，淤泥就近", "      堆放在渠边，没有占用秧田"]);
    }

    #[test]
    fn table_wider_than_the_measure_is_set_a_cell_a_row() {
        let table = "提灌站检修情况\t查看八台机器\t全部能用\n支渠\t\t淤泥就近堆放在渠边\n";
        let rows = ["提灌站检修情", "况", "  查看八台机", "  器", "  全部能用", "支渠", "  淤泥就近堆", "  放在渠边"];
        assert_eq!(set(table, 12), rows);
    }

    #[test]
    fn paragraphs_without_cells_are_no_table() {
        let document = parse(SourceText::from("| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n"), &Hints::default());
        assert!(DocumentTables::find(&document, AmbiguousWidth::Narrow).0.is_empty());
    }
}
