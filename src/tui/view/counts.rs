//! The counts: names and totals at the left, figures in columns or a bar a row.

use super::Face;
use pizhu_library::exchange::counts::SHADES;
use pizhu_library::exchange::counts::bar;
use crate::locale::counts::head_words;
use pizhu_library::exchange::counts::shade;
use pizhu_library::count::Head;
use crate::tui::state::Counts;
use crate::tui::state::Form;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::draw_scroll_bar;
use crate::tui::widget::paint;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

pub(super) fn draw(state: &State, counts: &Counts, face: Face<'_>, buffer: &mut Buffer) {
    let look = face.look;
    let area = state.size.full().intersection(buffer.area);
    let title = face.locale.text(&format!("count-by-{}", counts.by.name()));
    let form = face.locale.text(counts.form.message());
    let (count, speeches) = counts.counted();
    let count = face.format("across-count", &[("count", count.into()), ("speeches", speeches.into())]);
    let mut label = Label::new(format!(" {title}"), look.style(Role::Title)).and(format!("  {form}"), look.style(Role::Dim));
    if counts.more {
        label = label.and("  …", look.style(Role::Pending));
    }
    let head = Rect { height: 1, ..area };
    label.right(format!("{count} "), look.style(Role::Dim)).draw(head, buffer, look.style(Role::Text), look.ambiguous);
    let hint = face.locale.text("counts-hint");
    face.put(buffer, Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 }, &hint, Role::Dim);
    let rows = state.size.library().intersection(buffer.area);
    let table = counts.table();
    if table.rows.is_empty() {
        if !counts.more {
            let words = face.locale.text("counts-empty");
            face.put(buffer, Rect { x: rows.x + 1, width: rows.width.saturating_sub(2), ..rows }, &words, Role::Dim);
        }
        return;
    }
    let names = counts.names_width(face.locale, look.ambiguous).min(rows.width);
    let body = match counts.form {
        Form::Bars => rows,
        Form::Heat | Form::Table => {
            draw_heads(counts, Rect { height: 1, ..rows }, names, face, buffer);
            Rect { y: rows.y + 1, height: rows.height.saturating_sub(1), ..rows }
        }
    };
    let len = table.rows.len();
    let first = counts.row.first_shown(len, counts.height());
    let scrolls = len > usize::from(body.height);
    let width = body.width - u16::from(scrolls);
    for (line, row) in body.rows().zip(first..len) {
        let line = Rect { width, ..line };
        let here = row == counts.row.selected();
        let plain = look.style(Role::Text);
        let base = if here && counts.form == Form::Bars { look.style(Role::Selected) } else { plain };
        paint::fill(buffer, line, base);
        let name = Style::new().patch(if here { look.style(Role::Strong) } else { Style::new() });
        draw_name(&table.rows[row], Rect { width: names.min(width), ..line }, base.patch(name), face, buffer);
        if counts.form == Form::Bars {
            let room = usize::from(width.saturating_sub(names + 2));
            let most = table.rows.iter().map(|row| row.total).max().unwrap_or(0);
            let text = bar(table.rows[row].total, most, room);
            paint::put(buffer, line.x + names + 1, line.y, line.right(), &text, base.patch(look.style(Role::Key)), look.ambiguous);
        } else {
            draw_cells(counts, row, Rect { x: line.x + names, width: width.saturating_sub(names), ..line }, face, buffer);
        }
    }
    if scrolls {
        draw_scroll_bar(Rect { x: body.right() - 1, width: 1, ..body }, first, len, buffer, look);
    }
}

/// The columns on the screen with where each begins.
fn columns(counts: &Counts, area: Rect, face: Face<'_>) -> impl Iterator<Item = (usize, Rect)> {
    let ambiguous = face.look.ambiguous;
    let (width, shown) = (counts.column_width(face.locale, ambiguous), counts.columns_shown(face.locale, ambiguous));
    let len = counts.table().columns.len();
    let first = counts.column.first_shown(len, shown);
    (first..len)
        .zip(0..shown)
        .map(move |(column, at)| (column, Rect { x: area.x + at * width, width, height: 1, ..area }.intersection(area)))
}

/// The columns' names; at either edge `<` and `>` say that there are more.
fn draw_heads(counts: &Counts, area: Rect, names: u16, face: Face<'_>, buffer: &mut Buffer) {
    let look = face.look;
    let dim = look.style(Role::Text).patch(look.style(Role::Dim));
    paint::fill(buffer, area, dim);
    let total = face.locale.text("count-total");
    let at = area.x + names.saturating_sub(paint::width(&total, look.ambiguous) as u16);
    paint::put(buffer, at, area.y, area.right(), &total, dim, look.ambiguous);
    let inside = Rect { x: area.x + names, width: area.width.saturating_sub(names), ..area };
    let (mut first, mut last) = (None, 0);
    for (column, place) in columns(counts, inside, face) {
        first.get_or_insert(column);
        last = column;
        let words = head_words(&counts.table().columns[column], face.locale);
        let words = paint::truncate(&words, usize::from(place.width.saturating_sub(1)), look.ambiguous);
        let style = if column == counts.column.selected() { look.style(Role::Strong) } else { look.style(Role::Dim) };
        let gap = place.width.saturating_sub(paint::width(&words, look.ambiguous) as u16);
        paint::put(buffer, place.x + gap, place.y, place.right(), &words, look.style(Role::Text).patch(style), look.ambiguous);
    }
    if first.is_some_and(|first| first > 0) {
        paint::put(buffer, area.x, area.y, area.right(), "<", dim, look.ambiguous);
    }
    if last + 1 < counts.table().columns.len() {
        paint::put(buffer, area.right() - 1, area.y, area.right(), ">", dim, look.ambiguous);
    }
}

fn draw_name(row: &Head, area: Rect, style: Style, face: Face<'_>, buffer: &mut Buffer) {
    let look = face.look;
    let total = row.total.to_string();
    let room = usize::from(area.width).saturating_sub(total.len() + 2);
    let name = format!(" {}{}", "  ".repeat(row.depth), head_words(row, face.locale));
    let name = paint::truncate(&name, room, look.ambiguous);
    paint::put(buffer, area.x, area.y, area.right(), &name, style, look.ambiguous);
    let at = area.right().saturating_sub(total.len() as u16);
    paint::put(buffer, at, area.y, area.right(), &total, style.patch(look.style(Role::Badge)), look.ambiguous);
}

/// A row's figures with their shades; a point where a tag meets one above it.
fn draw_cells(counts: &Counts, row: usize, area: Rect, face: Face<'_>, buffer: &mut Buffer) {
    let look = face.look;
    let most = counts.table().most();
    for (column, place) in columns(counts, area, face) {
        let here = row == counts.row.selected() && column == counts.column.selected();
        let figure = counts.table().cells[row][column];
        let own = counts.table().rows[row].key == counts.table().columns[column].key;
        let darkness = figure.filter(|_| !own).map_or(0, |figure| shade(figure, most));
        let role = [Role::Dim, Role::Dim, Role::Text, Role::Strong, Role::Heading1][darkness];
        let mut style = look.style(Role::Text).patch(look.style(role));
        if darkness == 4 {
            style = style.add_modifier(Modifier::BOLD);
        }
        let text = match figure {
            None => "-".to_owned(),
            Some(0) => ".".to_owned(),
            Some(figure) if counts.form == Form::Heat => format!("{}{figure:>4}", SHADES[darkness]),
            Some(figure) => figure.to_string(),
        };
        let place = Rect { x: place.x + 1, width: place.width.saturating_sub(1), ..place };
        if here {
            style = look.style(Role::Text).patch(look.style(Role::Selected));
            paint::fill(buffer, place, style);
        }
        let gap = place.width.saturating_sub(paint::width(&text, look.ambiguous) as u16);
        paint::put(buffer, place.x + gap, place.y, place.right(), &text, style, look.ambiguous);
    }
}
