//! The setting of passages read by tag: in the reader's measure, with its indents, notes in the margin or,
//! on narrow screens, beneath.

use crate::tui::message::{PieceStyle, ResultRow};
use crate::tui::widget::{wrap_paragraph, wrap_pieces};
use pizhu_text::layout::{self, LayoutStyle};
use std::collections::VecDeque;

/// Minimum and maximum width of the margin, as in the reader.
const MARGIN_WIDTH: (u16, u16) = (20, 40);
/// Cells between text and margin, and before the text.
const GAP: u16 = 2;

/// Where the column and the margin are; both from the left edge of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PassageColumn {
    /// First cell of the column.
    pub(crate) left: u16,
    /// Cells of the column.
    pub(crate) measure: u16,
    /// Cells of the margin; 0 if notes stand beneath.
    pub(crate) margin: u16,
}

impl PassageColumn {
    /// Divides a list of `width` cells: the measure of the reader in the middle, a margin beside it if there
    /// are notes and room for them.
    #[must_use]
    pub(crate) fn new(width: u16, style: LayoutStyle, has_notes: bool) -> Self {
        // A blank before the text, and the scroll bar.
        let room = width.saturating_sub(GAP).max(layout::MIN_WIDTH);
        let measure = style.width.min(room).max(layout::MIN_WIDTH);
        let beside = room.saturating_sub(measure + GAP);
        let margin = if !has_notes || beside < MARGIN_WIDTH.0 { 0 } else { beside.min(MARGIN_WIDTH.1) };
        let used = measure + if margin > 0 { margin + GAP } else { 0 };
        Self { left: room.saturating_sub(used) / 2, measure, margin }
    }

    /// First cell of the margin.
    #[must_use]
    pub(crate) fn margin_left(self) -> u16 {
        // The rows begin with a blank.
        self.left + 1 + self.measure + GAP
    }
}

/// Sets rows in a column.
pub(in crate::tui) fn set_passages(rows: &[ResultRow], style: LayoutStyle, column: PassageColumn) -> Vec<ResultRow> {
    let style = LayoutStyle { width: column.measure, ..style };
    let mut set: Vec<ResultRow> = Vec::new();
    // The lines of notes that wait for a row to stand beside, or for the passage's end.
    let mut notes: VecDeque<String> = VecDeque::new();
    let mut passage: Option<ResultRow> = None;
    for row in rows {
        if !row.is_paragraph || !row.notes.is_empty() {
            end_passage(&mut set, &mut notes, passage.take(), style, column);
        }
        if !row.notes.is_empty() {
            let width = if column.margin > 0 { column.margin } else { column.measure };
            let note_style = LayoutStyle { width, first_indent: 0, ..style };
            let lines = row.notes.iter().flat_map(|note| wrap_pieces(&[(format!("※ {note}"), ())], note_style));
            notes.extend(lines.map(|line| line.into_iter().map(|(text, ())| text).collect::<String>()));
            passage = Some(row.clone());
        }
        if row.pieces.is_empty() && !row.notes.is_empty() {
            // A note on what was shown before.
            continue;
        }
        let wrapped = match (row.is_paragraph, row.wraps) {
            (true, _) => wrap_paragraph(&row.pieces, style),
            (false, true) => wrap_pieces(&row.pieces, LayoutStyle { first_indent: 0, ..style }),
            (false, false) => vec![row.pieces.clone()],
        };
        for (index, pieces) in wrapped.into_iter().enumerate() {
            let margin = if column.margin > 0 { notes.pop_front().unwrap_or_default() } else { String::new() };
            set.push(ResultRow {
                pieces,
                is_head: row.is_head && index == 0,
                right_label: if index == 0 { row.right_label.clone() } else { String::new() },
                margin,
                notes: Vec::new(),
                ..row.clone()
            });
        }
    }
    end_passage(&mut set, &mut notes, passage, style, column);
    set
}

/// Sets what is left of a passage's notes: beneath it, or in the margin beside blank rows.
fn end_passage(
    set: &mut Vec<ResultRow>,
    notes: &mut VecDeque<String>,
    passage: Option<ResultRow>,
    style: LayoutStyle,
    column: PassageColumn,
) {
    let source = passage.and_then(|row| row.source);
    let indent = " ".repeat(usize::from(style.first_indent.min(column.measure / 4)));
    for line in notes.drain(..) {
        let row = ResultRow { source: source.clone(), ..ResultRow::default() };
        set.push(if column.margin > 0 {
            ResultRow { margin: line, ..row }
        } else {
            ResultRow { pieces: vec![(indent.clone(), PieceStyle::Plain), (line, PieceStyle::Note)], ..row }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(text: &str, notes: &[&str]) -> ResultRow {
        ResultRow {
            is_paragraph: true,
            wraps: true,
            notes: notes.iter().map(|note| (*note).to_owned()).collect(),
            ..ResultRow::line(vec![(text.to_owned(), PieceStyle::Plain)], None)
        }
    }

    fn shown(rows: &[ResultRow], style: LayoutStyle, width: u16) -> Vec<String> {
        let column = PassageColumn::new(width, style, true);
        let text = |row: &ResultRow| {
            let text: String = row.pieces.iter().map(|(text, _)| text.as_str()).collect();
            if row.margin.is_empty() { text } else { format!("{text}|{}", row.margin) }
        };
        set_passages(rows, style, column).iter().map(text).collect()
    }

    #[test]
    fn passages_are_set_in_the_measure_with_indents_and_notes() {
        let style = LayoutStyle { width: 16, ..LayoutStyle::default() };
        let head = ResultRow { is_head: true, ..ResultRow::line(vec![("一、抓人才".to_owned(), PieceStyle::Dim)], None) };
        let rows = [head.clone(), passage("要抓好人才工作，把短板补起来。", &["可用", "再核一遍数字"]), passage("要实。", &[]), head];
        // Beneath the passage, after its last paragraph.
        assert_eq!(
            shown(&rows, style, 20),
            ["一、抓人才", "    要抓好人才工", "作，把短板补", "起来。", "    要实。", "    ※ 可用", "    ※ 再核一遍数字", "一、抓人才"]
        );
        // In the margin, from its first row on.
        assert_eq!(
            shown(&rows, style, 60),
            ["一、抓人才", "    要抓好人才工|※ 可用", "作，把短板补|※ 再核一遍数字", "起来。", "    要实。", "一、抓人才"]
        );
        // Longer than the passage.
        let rows = [passage("要实。", &["一", "二", "三"]), passage("要快。", &["四"])];
        assert_eq!(shown(&rows, style, 60), ["    要实。|※ 一", "|※ 二", "|※ 三", "    要快。|※ 四"]);
    }

    #[test]
    fn the_column_is_the_readers_and_in_the_middle() {
        let style = LayoutStyle { width: 80, ..LayoutStyle::default() };
        assert_eq!(PassageColumn::new(80, style, true), PassageColumn { left: 0, measure: 78, margin: 0 });
        assert_eq!(PassageColumn::new(100, style, true), PassageColumn { left: 9, measure: 80, margin: 0 });
        let wide = PassageColumn::new(160, style, true);
        assert_eq!((wide.measure, wide.margin), (80, 40));
        assert_eq!(PassageColumn::new(160, style, false), PassageColumn { left: 39, measure: 80, margin: 0 });
        assert!(wide.margin_left() + wide.margin <= 160);
    }
}
