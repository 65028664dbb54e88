//! Notes in the margin beside their lines.

use crate::tui::view::{
    RenderContext,
    tag_sign::{NOTE_SIGN, tag_sign},
};
use crate::tui::state::Panes;
use crate::tui::state::ReaderScreen;
use crate::tui::theme::StyleRole;
use crate::tui::widget::Label;
use crate::tui::widget::wrap_pieces;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_text::layout::LayoutStyle;
use ratatui::{buffer::Buffer, layout::Rect};

/// Maximum rows of a note; the rest is read in the editor or the list.
const MAX_NOTE_ROWS: usize = 6;

/// Draws the notes; returns whether there are any.
pub(in crate::tui) fn draw(reader: &ReaderScreen, panes: &Panes, ctx: RenderContext<'_>, buffer: &mut Buffer) -> bool {
    let margin = panes.margin;
    if margin.is_empty() {
        return false;
    }
    let mut free = margin.y;
    let mut any = false;
    for (index, row) in reader.viewport.rows().iter().enumerate() {
        let Some(text) = row.text() else { continue };
        let y = margin.y + index as u16;
        let marks = reader.annotations.all().overlapping(text.span);
        let starts = marks.filter(|mark| mark.span.is_some_and(|span| text.span.contains(span.start)));
        for mark in starts {
            any = true;
            free = draw_mark(reader, mark, Rect { y: free.max(y), ..margin }, margin.bottom(), ctx, buffer);
            if free >= margin.bottom() {
                return true;
            }
        }
    }
    any
}

/// Draws one annotation at the top of `area`; returns the row after it.
fn draw_mark(
    reader: &ReaderScreen,
    mark: &AnchoredAnnotation,
    area: Rect,
    bottom: u16,
    ctx: RenderContext<'_>,
    buffer: &mut Buffer,
) -> u16 {
    let styles = ctx.styles;
    let mut y = area.y;
    let mut label = Label::default();
    for tag in reader.annotations.tags(&mark.annotation) {
        let (sign, style) = tag_sign(reader, &tag, ctx);
        label = label.and(format!("{sign} {} ", tag.name), style);
    }
    if !label.left.is_empty() && y < bottom {
        label.draw(Rect { y, height: 1, ..area }, buffer, styles.style(StyleRole::Text), styles.ambiguous);
        y += 1;
    }
    let role = if reader.annotations.is_unsaved(mark.annotation.id) { StyleRole::Pending } else { StyleRole::Note };
    let layout = LayoutStyle { width: area.width.saturating_sub(2), ambiguous: styles.ambiguous, ..LayoutStyle::default() };
    let rows = wrap_pieces(&[(mark.annotation.note.clone(), ())], layout);
    for (index, row) in rows.iter().take(MAX_NOTE_ROWS).enumerate() {
        if y >= bottom {
            break;
        }
        let text: String = row.iter().map(|(text, ())| text.as_str()).collect();
        let sign = if index == 0 { NOTE_SIGN } else { " " };
        let more = if index + 1 == MAX_NOTE_ROWS && rows.len() > MAX_NOTE_ROWS { " …" } else { "" };
        ctx.draw_text(buffer, Rect { y, height: 1, ..area }, &format!("{sign} {text}{more}"), role);
        y += 1;
    }
    y
}
