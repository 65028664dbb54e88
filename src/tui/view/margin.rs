//! Notes beside their lines, where there is room for them.

use super::{
    Face,
    reader::{NOTE_SIGN, tag_sign},
};
use crate::tui::state::Mark;
use crate::tui::state::Panes;
use crate::tui::state::Reader;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::paint;
use ratatui::{buffer::Buffer, layout::Rect};
use unicode_segmentation::UnicodeSegmentation as _;

/// Rows a note takes at most; the rest is read in the editor or the list.
const NOTE_ROWS: usize = 6;

/// Draws the notes; whether there are any.
pub(super) fn draw(reader: &Reader, panes: &Panes, face: Face<'_>, buffer: &mut Buffer) -> bool {
    let margin = panes.margin;
    if margin.is_empty() {
        return false;
    }
    let mut free = margin.y;
    let mut any = false;
    for (index, row) in reader.viewport.rows().iter().enumerate() {
        let Some(text) = row.text() else { continue };
        let y = margin.y + index as u16;
        let marks = reader.notes.all().overlapping(text.span);
        let starts = marks.filter(|mark| mark.span.is_some_and(|span| text.span.contains(span.start)));
        for mark in starts {
            any = true;
            free = draw_mark(reader, mark, Rect { y: free.max(y), ..margin }, margin.bottom(), face, buffer);
            if free >= margin.bottom() {
                return true;
            }
        }
    }
    any
}

/// Draws one annotation from the top of `area`; the row behind it.
fn draw_mark(reader: &Reader, mark: &Mark, area: Rect, bottom: u16, face: Face<'_>, buffer: &mut Buffer) -> u16 {
    let look = face.look;
    let mut y = area.y;
    let mut label = Label::default();
    for tag in reader.notes.tags(&mark.annotation) {
        let (sign, style) = tag_sign(reader, &tag, face);
        label = label.and(format!("{sign} {tag} "), style);
    }
    if !label.left.is_empty() && y < bottom {
        label.draw(Rect { y, height: 1, ..area }, buffer, look.style(Role::Text), look.ambiguous);
        y += 1;
    }
    let role = if reader.notes.is_pending(mark.annotation.id) { Role::Pending } else { Role::Note };
    let rows = wrap(&mark.annotation.note, usize::from(area.width.saturating_sub(2)), face);
    for (index, row) in rows.iter().take(NOTE_ROWS).enumerate() {
        if y >= bottom {
            break;
        }
        let sign = if index == 0 { NOTE_SIGN } else { " " };
        let more = if index + 1 == NOTE_ROWS && rows.len() > NOTE_ROWS { " …" } else { "" };
        face.put(buffer, Rect { y, height: 1, ..area }, &format!("{sign} {row}{more}"), role);
        y += 1;
    }
    y
}

/// A note in rows of `width` cells.
fn wrap(note: &str, width: usize, face: Face<'_>) -> Vec<String> {
    let mut rows = Vec::new();
    for line in note.lines() {
        let mut row = String::new();
        let mut used = 0;
        for grapheme in line.graphemes(true) {
            let cells = paint::width(grapheme, face.look.ambiguous);
            // A closing mark may stand a little outside, rather than at a row's start.
            let closes = grapheme.chars().all(|c| matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '”' | '）' | '》'));
            if used + cells > width && !closes && !row.is_empty() {
                rows.push(std::mem::take(&mut row));
                used = 0;
            }
            row.push_str(grapheme);
            used += cells;
        }
        rows.push(row);
    }
    rows
}
