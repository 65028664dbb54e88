//! The pictures of the counts, each with its figures as a table below.

use super::{data::Report, writer::HtmlWriter};
use crate::count::{CountBy, CountKey, CountTable};
use crate::picture::{PictureKind, PictureTable, draw_inside_page};

/// The most rows and columns of a picture; what is beyond is in the table below it.
const MAX_ROWS: usize = 60;
const MAX_COLUMNS: usize = 40;
/// The most rows of a table below a picture; of more speeches `pizhu count` tells.
const MAX_TABLE_ROWS: usize = 500;

/// Writes the pictures that have something to show.
pub(super) fn write(report: &Report<'_>, page: &mut HtmlWriter) {
    let years = report.tally.table(CountBy::Year);
    write_picture(report, page, PictureKind::Bars, "report-bars", &years);
    let has_years = years.columns.iter().any(|column| matches!(column.key, CountKey::Year(Some(_))));
    if has_years {
        write_picture(report, page, PictureKind::Years, "report-years", &years);
    }
    write_picture(report, page, PictureKind::Heat, "count-by-speech", &report.tally.table(CountBy::Speech));
    if report.tally.table(CountBy::Level).rows.len() > 1 {
        write_picture(report, page, PictureKind::Heat, "count-by-together", &report.tally.table(CountBy::Cooccurrence));
    }
}

fn write_picture(report: &Report<'_>, page: &mut HtmlWriter, kind: PictureKind, title: &str, table: &CountTable) {
    let heading = report.word(title);
    let mut picture = PictureTable::new(table, &heading, report.label);
    if kind == PictureKind::Heat {
        picture.total_label = report.word("count-total");
    }
    let columns = if kind == PictureKind::Heat { MAX_COLUMNS } else { usize::MAX };
    if picture.rows.len() > MAX_ROWS || picture.columns.len() > columns {
        picture.truncate(MAX_ROWS, columns);
        picture.note = report.word("report-first-only");
    }
    page.raw("<figure>\n");
    page.raw(&draw_inside_page(kind, &picture));
    page.raw("<details><summary>");
    page.text(&report.word("report-figures"));
    page.raw("</summary>\n");
    write_table(report, page, table, kind == PictureKind::Bars);
    page.raw("</details>\n</figure>\n");
}

fn write_table(report: &Report<'_>, page: &mut HtmlWriter, table: &CountTable, only_totals: bool) {
    page.raw("<div class=\"wide\"><table>\n<thead><tr><th></th>");
    let columns = if only_totals { &[] } else { table.columns.as_slice() };
    for column in columns {
        page.element("th", "number", &(report.label)(column));
    }
    page.element("th", "number", &report.word("count-total"));
    page.raw("</tr></thead>\n<tbody>\n");
    for (row, cells) in table.rows.iter().zip(&table.cells).take(MAX_TABLE_ROWS) {
        page.raw("<tr>");
        page.raw(&format!("<th class=\"name d{}\">", row.depth.min(4)));
        page.text(&(report.label)(row));
        page.raw("</th>");
        for cell in cells.iter().take(columns.len()) {
            page.element("td", "number", &cell.map_or_else(|| "–".to_owned(), |figure| figure.to_string()));
        }
        page.element("td", "number", &row.total.to_string());
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>\n");
    if table.rows.len() > MAX_TABLE_ROWS {
        page.element("p", "note", &report.word("report-first-only"));
    }
}
