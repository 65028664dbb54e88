//! Tables in XLSX workbooks: the first sheet, as texts.
//!
//! Source: ECMA-376 Part 1, 18.3 (worksheets), 18.4 (shared strings), 18.8.30 (number formats). A date
//! is a number whose cell has a date format; it is given as `YYYY-MM-DD`.

use super::{
    archive::{Archive, ArchiveInput},
    extract::ExtractError,
    xml::{StartTag, XmlEvent, XmlReader},
};
use jiff::{ToSpan as _, civil::Date};
use std::{
    collections::{HashMap, HashSet},
    io::{BufRead, Cursor},
};

/// Maximum columns of a sheet that is read; Excel has 16,384.
const MAX_COLUMNS: usize = 1024;
/// Maximum rows of a sheet that is read.
const MAX_ROWS: usize = 1_000_000;
/// Maximum cells of all rows, empty ones between others included.
const MAX_CELLS: usize = 4_000_000;

/// The rows of the first sheet of a workbook. Cells are texts: numbers as they are written, dates as
/// `YYYY-MM-DD`, formulas as their last values; empty rows are left out.
pub(crate) fn read_sheet(bytes: &[u8]) -> Result<Vec<Vec<String>>, ExtractError> {
    let mut archive = Archive::open(Cursor::new(bytes))?;
    let path = first_sheet(&mut archive)?;
    let strings = part(&mut archive, "xl/sharedStrings.xml", |xml| read_strings(xml))?.unwrap_or_default();
    let dates = part(&mut archive, "xl/styles.xml", |xml| read_date_styles(xml))?.unwrap_or_default();
    let rows = part(&mut archive, &path, |xml| read_rows(xml, &strings, &dates))?;
    rows.ok_or_else(|| ExtractError::Damaged("it has no sheet".into()))
}

/// Reads a part of the workbook; `None` if there is no such part.
fn part<R: ArchiveInput, T>(
    archive: &mut Archive<R>,
    name: &str,
    read: impl FnOnce(&mut XmlReader<&mut dyn BufRead>) -> Result<T, ExtractError>,
) -> Result<Option<T>, ExtractError> {
    let Some(mut entry) = archive.entry(name)? else { return Ok(None) };
    let input: &mut dyn BufRead = &mut entry;
    read(&mut XmlReader::new(input)).map(Some)
}

/// The path of the first sheet in the archive.
fn first_sheet<R: ArchiveInput>(archive: &mut Archive<R>) -> Result<String, ExtractError> {
    let first =
        part(archive, "xl/workbook.xml", |xml| find_tag(xml, |tag| (tag.name() == "sheet").then(|| tag.attribute("id")).flatten()))?;
    let first = first.flatten().ok_or_else(|| ExtractError::Damaged("it is no workbook".into()))?;
    let target = part(archive, "xl/_rels/workbook.xml.rels", |xml| {
        find_tag(xml, |tag| {
            let is_it = tag.name() == "Relationship" && tag.attribute("Id").as_ref() == Some(&first);
            is_it.then(|| tag.attribute("Target")).flatten()
        })
    })?;
    let target = target.flatten().ok_or_else(|| ExtractError::Damaged("it has no sheet".into()))?;
    Ok(target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned))
}

fn find_tag<T>(xml: &mut XmlReader<&mut dyn BufRead>, found: impl Fn(&StartTag) -> Option<T>) -> Result<Option<T>, ExtractError> {
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) => {
                if let Some(value) = found(&tag) {
                    return Ok(Some(value));
                }
            }
            XmlEvent::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// The shared strings: the texts `t` of each `si`, without those of phonetic runs.
fn read_strings(xml: &mut XmlReader<&mut dyn BufRead>) -> Result<Vec<String>, ExtractError> {
    let (mut strings, mut text) = (Vec::new(), String::new());
    let (mut in_text, mut phonetic) = (false, false);
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) => match tag.name() {
                "si" => text.clear(),
                "t" => in_text = true,
                "rPh" => phonetic = true,
                _ => {}
            },
            XmlEvent::End(name) => match name.as_str() {
                "si" => strings.push(std::mem::take(&mut text)),
                "t" => in_text = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            XmlEvent::Text(piece) if in_text && !phonetic => text.push_str(&piece),
            XmlEvent::Text(_) => {}
            XmlEvent::Eof => return Ok(strings),
        }
    }
}

/// The indices of the cell styles that show dates.
fn read_date_styles(xml: &mut XmlReader<&mut dyn BufRead>) -> Result<HashSet<usize>, ExtractError> {
    let mut formats: HashMap<u32, bool> = HashMap::new();
    let (mut styles, mut count, mut in_cells) = (HashSet::new(), 0, false);
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) => match tag.name() {
                "numFmt" => {
                    let code = tag.attribute("formatCode").unwrap_or_default();
                    formats.extend(tag.number("numFmtId").map(|id: u32| (id, is_date_format(&code))));
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id: u32 = tag.number("numFmtId").unwrap_or(0);
                    // Built-in formats of dates, those of Chinese and Japanese editions included.
                    let built_in = matches!(id, 14..=17 | 22 | 27..=31 | 34..=36 | 50..=58);
                    if formats.get(&id).copied().unwrap_or(built_in) {
                        styles.insert(count);
                    }
                    count += 1;
                }
                _ => {}
            },
            XmlEvent::End(name) if name == "cellXfs" => in_cells = false,
            XmlEvent::Eof => return Ok(styles),
            _ => {}
        }
    }
}

/// Whether a format shows a day: it has a `y` or `d` outside quotation marks and brackets.
fn is_date_format(code: &str) -> bool {
    let (mut quoted, mut bracketed) = (false, false);
    code.split(';').next().unwrap_or_default().chars().any(|c| {
        match c {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        !quoted && !bracketed && matches!(c.to_ascii_lowercase(), 'y' | 'd')
    })
}

/// The rows of a sheet.
fn read_rows(xml: &mut XmlReader<&mut dyn BufRead>, strings: &[String], dates: &HashSet<usize>) -> Result<Vec<Vec<String>>, ExtractError> {
    let (mut rows, mut row, mut cells): (Vec<Vec<String>>, Vec<String>, usize) = (Vec::new(), Vec::new(), 0);
    let (mut column, mut kind, mut is_date, mut text, mut in_value) = (0, String::new(), false, String::new(), false);
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) => match tag.name() {
                "row" => row = Vec::new(),
                "c" => {
                    column = tag.attribute("r").as_deref().and_then(column_of).unwrap_or(row.len());
                    kind = tag.attribute("t").unwrap_or_default();
                    is_date = tag.number("s").is_some_and(|style: usize| dates.contains(&style));
                    text.clear();
                }
                "v" | "t" => in_value = true,
                _ => {}
            },
            XmlEvent::Text(piece) if in_value => text.push_str(&piece),
            XmlEvent::End(name) => match name.as_str() {
                "v" | "t" => in_value = false,
                "c" if column < MAX_COLUMNS => {
                    let cell = match kind.as_str() {
                        "s" => text.trim().parse::<usize>().ok().and_then(|at| strings.get(at)).cloned().unwrap_or_default(),
                        "" | "n" if is_date => date_text(&text).unwrap_or_else(|| text.clone()),
                        "d" => text.get(..10).unwrap_or(&text).to_owned(),
                        _ => text.clone(),
                    };
                    if row.len() <= column {
                        cells += column + 1 - row.len();
                        row.resize(column + 1, String::new());
                    }
                    row[column] = cell;
                }
                "row" if row.iter().any(|cell| !cell.trim().is_empty()) => rows.push(std::mem::take(&mut row)),
                _ => {}
            },
            XmlEvent::Text(_) => {}
            XmlEvent::Eof => return Ok(rows),
        }
        if rows.len() > MAX_ROWS || cells > MAX_CELLS {
            return Err(ExtractError::TooLarge);
        }
    }
}

/// The column, from 0, of a cell: `B7` gives 1.
fn column_of(cell: &str) -> Option<usize> {
    let letters = cell.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0, |number, letter| number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// The day of a serial number: days since 1899-12-30 (Excel takes 1900 for a leap year).
fn date_text(serial: &str) -> Option<String> {
    let days = serial.trim().parse::<f64>().ok().filter(|days| (1.0..3_000_000.0).contains(days))?;
    let date = Date::new(1899, 12, 30).ok()?.checked_add((days.floor() as i64).days()).ok()?;
    Some(date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    #[test]
    fn texts_numbers_dates_and_gaps_are_read() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        sheet.write_string(0, 0, "document").unwrap().write_string(0, 2, "日期").unwrap();
        sheet.write_string(1, 0, "甲 & 乙").unwrap().write_number(1, 1, 230.5).unwrap();
        sheet.write_datetime_with_format(1, 2, ExcelDateTime::from_ymd(2024, 2, 29).unwrap(), &day).unwrap();
        sheet.write_formula(3, 0, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap().write_boolean(3, 3, true).unwrap();
        let rows = read_sheet(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(rows, [vec!["document", "", "日期"], vec!["甲 & 乙", "230.5", "2024-02-29"], vec!["2", "", "", "1"]]);
    }

    #[test]
    fn serial_numbers_and_cells_are_converted() {
        assert_eq!(
            ["45351", "45351.75", "1", "x"].map(date_text),
            [Some("2024-02-29"), Some("2024-02-29"), Some("1899-12-31"), None].map(|day| day.map(str::to_owned))
        );
        assert_eq!(["A1", "Z9", "AA10", "7"].map(column_of), [Some(0), Some(25), Some(26), None]);
        assert!(
            is_date_format("yyyy-mm-dd")
                && is_date_format("[$-804]d/m/yy;@")
                && !is_date_format("0.00")
                && !is_date_format("[red]0\"day\"")
        );
        assert!(read_sheet(b"PK").is_err());
    }
}
