//! Tables: contiguous verbatim paragraphs, a row each, whose cells are separated by tabs.
//!
//! Rows are set in columns as wide as their widest cells where these fit the measure; the last cell of a
//! row may wrap. A row that does not fit alone has each cell on a row of its own, all but the first
//! indented. Where all rows of a table do not fit together, as in a form, runs of rows are set in
//! columns of their own.

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
/// The widths up to which the last cell of a row is measured: whole, or so that it wraps.
const WRAPPING: [u16; 2] = [u16::MAX, MIN_WRAPPED_CELLS];

/// Rows of a table that are set in the same columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumns {
    /// The chars of the whole table.
    pub table: Span,
    /// The chars of the rows.
    rows: Span,
    /// Where each column begins, in cells.
    starts: Vec<u16>,
    /// Offsets of the rows that do not fit, sorted.
    stacked: Vec<usize>,
}

/// The tables of a document, measured for one layout style.
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
/// let tables = DocumentTables::find(&document, &style);
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
    /// Finds the tables of a document and fits their columns into the style's width.
    #[must_use]
    pub fn find(document: &Document, style: &LayoutStyle) -> Self {
        let mut tables = Vec::new();
        let mut rows: Vec<Span> = Vec::new();
        let all = &document.paragraphs;
        for (index, paragraph) in all.iter().enumerate() {
            if paragraph.kind != ParagraphKind::Verbatim {
                continue;
            }
            rows.push(paragraph.span);
            let follows = |next: Span| {
                let gap = document.source.chars_from(paragraph.span.end).take_while(|(at, _)| *at < next.start);
                gap.filter(|(_, c)| *c == '\n').count() < 2
            };
            if !all.get(index + 1).is_some_and(|next| next.kind == ParagraphKind::Verbatim && follows(next.span)) {
                tables.append(&mut measure(document, &rows, *style));
                rows.clear();
            }
        }
        Self(tables)
    }

    /// The columns of the table row at `offset`.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<&TableColumns> {
        let next = self.0.partition_point(|table| table.rows.end <= offset);
        self.0.get(next).filter(|table| table.rows.contains(offset))
    }
}

/// A row with the widths of its cells.
struct MeasuredRow {
    span: Span,
    /// Number of empty cells before the first one.
    skipped: usize,
    cells: Vec<u16>,
}

/// Sets the rows of a table in columns; none if no row has two cells, or one too many.
fn measure(document: &Document, rows: &[Span], style: LayoutStyle) -> Vec<TableColumns> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Vec::new() };
    let table = first.hull(*last);
    let rows: Vec<MeasuredRow> = rows.iter().map(|row| cells_of(document, *row, style.ambiguous)).collect();
    let count = rows.iter().map(|row| row.skipped + row.cells.len()).max().unwrap_or_default();
    if !(2..=MAX_COLUMNS).contains(&count) {
        return Vec::new();
    }
    let width = style.width.max(MIN_WIDTH);
    let mut fitting: Vec<&MeasuredRow> = rows.iter().filter(|row| starts(&[row], count, width, &WRAPPING).is_some()).collect();
    // In a table of records the last column may wrap; the rows of a form have little in common.
    let is_regular = is_regular(&rows, count);
    let limits = if is_regular { &WRAPPING[..] } else { &WRAPPING[..1] };
    if is_regular && fitting.first().is_none_or(|first| first.span != rows[0].span) {
        // Records are not set in columns without their header.
        fitting.clear();
    }
    let mut made: Vec<TableColumns> = Vec::new();
    let mut rest = fitting.as_slice();
    while let [first, ..] = rest {
        // The longest run of rows that fit together: by doubling, then by halving.
        let fits = |run: usize| rest.get(..run).is_some_and(|rows| starts(rows, count, width, limits).is_some());
        let mut run = 1;
        while fits(run * 2) {
            run *= 2;
        }
        let mut step = run;
        while step > 0 {
            if fits(run + step) {
                run += step;
            }
            step /= 2;
        }
        let (rows, others) = rest.split_at(run);
        // A row that does not fit belongs to the run before it.
        let start = if made.is_empty() { table.start } else { first.span.start };
        let end = others.first().map_or(table.end, |next| next.span.start);
        let starts = starts(rows, count, width, if run == 1 { &WRAPPING } else { limits }).unwrap_or_default();
        made.push(TableColumns { table, rows: Span::new(start, end), starts, stacked: Vec::new() });
        rest = others;
    }
    if made.is_empty() {
        made.push(TableColumns { table, rows: table, starts: Vec::new(), stacked: Vec::new() });
    }
    let mut fitting = fitting.iter().map(|row| row.span.start).peekable();
    let mut at = 0;
    for row in &rows {
        if fitting.next_if_eq(&row.span.start).is_none() {
            at += made[at..].partition_point(|columns| columns.rows.end <= row.span.start);
            made[at].stacked.push(row.span.start);
        }
    }
    made
}

/// Whether most rows have the same number of filled cells.
fn is_regular(rows: &[MeasuredRow], count: usize) -> bool {
    let mut of_length = vec![0; count + 1];
    for row in rows {
        of_length[row.cells.iter().filter(|cells| **cells > 0).count()] += 1;
    }
    of_length.iter().max().is_some_and(|most: &usize| most * 4 >= rows.len() * 3)
}

/// Cells from the start of a column of this width to that of the next. A tab over an unused column takes
/// one.
fn advance(width: u16) -> u16 {
    if width == 0 { 1 } else { width.saturating_add(GAP_CELLS) }
}

/// Where each of `count` columns begins in text of this width, in cells; `None` if the rows do not fit.
/// `limits` are the widths up to which the last cell of a row is measured; the first that fits is taken.
fn starts(rows: &[&MeasuredRow], count: usize, width: u16, limits: &[u16]) -> Option<Vec<u16>> {
    limits.iter().find_map(|last| {
        let widths = column_widths(rows, count, *last);
        let mut column = 0u16;
        let mut starts = Vec::with_capacity(count);
        let mut end = 0;
        for cells in widths {
            starts.push(column);
            if cells > 0 {
                end = column.saturating_add(cells);
            }
            column = column.saturating_add(advance(cells));
        }
        (end <= width).then_some(starts)
    })
}

/// The widths of `count` columns. The last cell of a row takes at most `last`: it may wrap.
fn column_widths(rows: &[&MeasuredRow], count: usize, last: u16) -> Vec<u16> {
    let mut widths = vec![0; count];
    // Cells that empty ones follow, which they run over: column, columns, width.
    let mut wide: Vec<(usize, usize, u16)> = Vec::new();
    for MeasuredRow { skipped, cells, .. } in rows {
        let mut filled = (0..cells.len()).filter(|cell| cells[*cell] > 0).peekable();
        while let Some(cell) = filled.next() {
            let column = skipped + cell;
            let next = filled.peek().map(|next| skipped + next);
            let width = if next.is_none() { cells[cell].min(last) } else { cells[cell] };
            match next.unwrap_or(count) - column {
                1 => widths[column] = widths[column].max(width),
                columns => wide.push((column, columns, width)),
            }
        }
    }
    for (column, columns, width) in wide {
        let spanned = widths[column..column + columns].iter().fold(0u16, |sum, width| sum.saturating_add(advance(*width)));
        // Each tab takes a cell at least.
        let missing = width.saturating_add((columns as u16).max(GAP_CELLS)).saturating_sub(spanned);
        let last = &mut widths[column + columns - 1];
        if missing > 0 {
            *last = if *last == 0 { missing.saturating_sub(1).max(1) } else { last.saturating_add(missing) };
        }
    }
    widths
}

/// Measures the cells of a row.
fn cells_of(text: &CleanText, row: Span, ambiguous: AmbiguousWidth) -> MeasuredRow {
    let width = |cell: &str| u16::try_from(text_width(cell.trim(), ambiguous)).unwrap_or(u16::MAX).min(MAX_CELL_WIDTH);
    let cells = text.text(row).split('\t').take(MAX_COLUMNS + 1).map(width).collect();
    MeasuredRow { span: row, skipped: leading_cells(text, row), cells }
}

/// Number of empty cells before the first cell of a row: its tabs at the start of the line.
fn leading_cells(text: &CleanText, row: Span) -> usize {
    (0..row.start.min(MAX_COLUMNS)).take_while(|before| text.source.char_at(row.start - 1 - before) == Some('\t')).count()
}

/// Lays out a segment of a table row, from [`super::segments`], in the style that its table was measured
/// for.
#[must_use]
pub fn lay_out_row(text: &CleanText, segment: Span, columns: &TableColumns, style: &LayoutStyle) -> Vec<Row> {
    let style = LayoutStyle { width: style.width.max(MIN_WIDTH), ..*style };
    let shape = SegmentShape { first_indent: 0, centred: false, verbatim: true };
    let clusters = cluster::SegmentClusters::new(text, segment, style.ambiguous);
    let penalties = breaks::break_penalties(&clusters, style.kinsoku);
    let is_stacked = columns.starts.is_empty() || columns.stacked.binary_search(&segment.start).is_ok();
    let starts = (!is_stacked).then(|| columns.starts.clone());
    let grid = CellGrid::new(&clusters, leading_cells(text, segment), starts);
    fill::rows(&clusters, &penalties, style, shape, Some(&grid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Hints, KindHint, parse};
    use crate::text::SourceText;
    use proptest::prelude::*;

    /// The rows of a text that is a table.
    fn set(text: &str, width: u16) -> Vec<String> {
        let source = SourceText::from(text);
        let kinds = vec![KindHint { span: source.span(), kind: ParagraphKind::Verbatim }];
        let document = parse(source, &Hints { kinds, soft_breaks: Some(Vec::new()), ..Hints::default() });
        let style = LayoutStyle { width, ..LayoutStyle::default() };
        let tables = DocumentTables::find(&document, &style);
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
        assert_eq!(set(table, 40), ["      上年      今年", "一村            12", "合计（两个村）  30", "二村  7"]);
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
    fn rows_of_a_form_are_set_in_columns_of_their_own() {
        // Eight columns, of which no row fills all.
        let form = "姓名\t张某\t\t\t性别\t女\n身份证号码\t\t\t\t330000203101261234\n政治面貌\t党员\n";
        assert_eq!(set(form, 34), ["姓名  张某    性别  女", "身份证号码    330000203101261234", "政治面貌  党员"]);
    }

    #[test]
    fn row_too_wide_for_the_columns_does_not_change_them() {
        let table = "事项\t责任部门\t情况\n提灌站检修和支渠清淤\t水利站农机站\t进行中\n清淤\t水利站\t好\n";
        let rows = ["事项  责任部门  情况", "提灌站检修和支渠清淤", "  水利站农机站", "  进行中", "清淤  水利站    好"];
        assert_eq!(set(table, 24), rows);
    }

    proptest! {
        /// Rows are contiguous and cover the segment; glyphs are in order and within the width.
        #[test]
        fn rows_cover_the_table_and_stay_within_the_width(
            cells in prop::collection::vec("\\PC{0,3}|[要抓实a1，。 \u{1}\u{E0001}]{0,30}|\t{1,3}", 1..40), columns in 1usize..9, width in 8u16..90, hanging: bool,
        ) {
            let lines: Vec<String> = cells.chunks(columns).map(|row| row.join("\t")).collect();
            let source = SourceText::from(lines.join("\n").as_str());
            let kinds = vec![KindHint { span: source.span(), kind: ParagraphKind::Verbatim }];
            let document = parse(source, &Hints { kinds, soft_breaks: Some(Vec::new()), ..Hints::default() });
            let style = LayoutStyle { width, hanging, ..LayoutStyle::default() };
            let tables = DocumentTables::find(&document, &style);
            for paragraph in document.paragraphs.iter() {
                let Some(table) = tables.at(paragraph.span.start) else { continue };
                let rows = lay_out_row(&document, paragraph.span, table, &style);
                prop_assert_eq!(rows.first().map(|row| row.span.start), Some(paragraph.span.start));
                prop_assert_eq!(rows.last().map(|row| row.span.end), Some(paragraph.span.end));
                prop_assert!(rows.windows(2).all(|pair| pair[0].span.end == pair[1].span.start));
                for row in &rows {
                    let glyphs: Vec<_> = row.glyphs().collect();
                    prop_assert!(glyphs.windows(2).all(|pair| pair[0].end_column() <= pair[1].column));
                    let outside = glyphs.iter().filter(|glyph| glyph.end_column() > width).count();
                    prop_assert!(outside <= usize::from(hanging), "{} in {width}: {:?}", row.width(), row.text());
                }
            }
        }
    }

    #[test]
    fn paragraphs_without_cells_are_no_table() {
        let document = parse(SourceText::from("| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n"), &Hints::default());
        assert!(DocumentTables::find(&document, &LayoutStyle::default()).0.is_empty());
    }
}
