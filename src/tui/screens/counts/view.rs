//! The counts screen: names and totals on the left; figures in columns, or a bar a row.

use crate::tui::view::RenderContext;
use crate::locale::{counts::count_label, family, id};
use crate::tui::state::CountsDisplay;
use crate::tui::state::CountsScreen;
use crate::tui::state::State;
use crate::tui::theme::{StyleRole, legible_over};
use crate::tui::widget::Label;
use crate::tui::widget::draw_scroll_bar;
use crate::tui::widget::fit_hint;
use pizhu_library::count::CountHeader;
use pizhu_library::exchange::counts::SHADE_TEXTS;
use pizhu_library::exchange::counts::bar;
use pizhu_library::exchange::counts::shade;
use pizhu_terminal::paint;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

pub(in crate::tui) fn draw(state: &State, counts: &CountsScreen, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let area = state.size.above_status_line().intersection(buffer.area);
    let title = ctx.locale.text(family::COUNT_BY.id(counts.group_by.name()));
    let form = ctx.locale.text(counts.display.message());
    let (count, speeches) = counts.counted_totals();
    let count = ctx.format(id::ACROSS_COUNT, &[("count", count.into()), ("speeches", speeches.into())]);
    let mut label = Label::new(format!(" {title}"), styles.style(StyleRole::Title)).and(format!("  {form}"), styles.style(StyleRole::Dim));
    if state.library.has_roots() && !state.library.filter().is_empty() {
        let words = ctx.format(id::FILTER_LIFTED_BY_KEY, &[("filter", state.library.filter().into())]);
        label = label.and(format!("  {words}"), styles.style(StyleRole::Found));
    }
    if counts.more {
        label = label.and("  …", styles.style(StyleRole::Pending));
    }
    let head = Rect { height: 1, ..area };
    label.right(format!("{count} "), styles.style(StyleRole::Dim)).draw(head, buffer, styles.style(StyleRole::Text), styles.ambiguous);
    let hint = ctx.locale.text(id::COUNTS_HINT);
    let inside = Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 };
    ctx.draw_text(buffer, inside, fit_hint(&hint, usize::from(inside.width), ctx.styles), StyleRole::Dim);
    let rows = state.size.list_area().intersection(buffer.area);
    let table = counts.table();
    if table.rows.is_empty() {
        if !counts.more {
            let words = ctx.locale.text(id::COUNTS_EMPTY);
            ctx.draw_text(buffer, Rect { x: rows.x + 1, width: rows.width.saturating_sub(2), ..rows }, &words, StyleRole::Dim);
        }
        return;
    }
    let names = counts.names_width(ctx.locale, styles.ambiguous).min(rows.width);
    let body = match counts.display {
        CountsDisplay::Bars => rows,
        CountsDisplay::Heat | CountsDisplay::Table => {
            draw_column_heads(counts, Rect { height: 1, ..rows }, names, ctx, buffer);
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
        let plain = styles.style(StyleRole::Text);
        let base = if here && counts.display == CountsDisplay::Bars { styles.style(StyleRole::Selected) } else { plain };
        paint::fill(buffer, line, base);
        let name = Style::new().patch(if here { styles.style(StyleRole::Strong) } else { Style::new() });
        draw_name(&table.rows[row], Rect { width: names.min(width), ..line }, base.patch(name), ctx, buffer);
        if counts.display == CountsDisplay::Bars {
            let room = usize::from(width.saturating_sub(names + 2));
            let most = table.rows.iter().map(|row| row.total).max().unwrap_or(0);
            let text = bar(table.rows[row].total, most, room);
            paint::draw_text(
                buffer,
                line.x + names + 1,
                line.y,
                line.right(),
                &text,
                base.patch(legible_over(styles.style(StyleRole::Key), base)),
                styles.ambiguous,
            );
        } else {
            draw_cells(counts, row, Rect { x: line.x + names, width: width.saturating_sub(names), ..line }, ctx, buffer);
        }
    }
    if scrolls {
        draw_scroll_bar(Rect { x: body.right() - 1, width: 1, ..body }, first, len, buffer, styles);
    }
}

/// The visible columns with their areas.
fn columns(counts: &CountsScreen, area: Rect, ctx: RenderContext<'_>) -> impl Iterator<Item = (usize, Rect)> {
    let ambiguous = ctx.styles.ambiguous;
    let (width, shown) = (counts.column_width(ctx.locale, ambiguous), counts.columns_shown(ctx.locale, ambiguous));
    let len = counts.table().columns.len();
    let first = counts.column.first_shown(len, shown);
    (first..len)
        .zip(0..shown)
        .map(move |(column, at)| (column, Rect { x: area.x + at * width, width, height: 1, ..area }.intersection(area)))
}

/// Draws the columns' names; `<` and `>` at the edges mean that there are more.
fn draw_column_heads(counts: &CountsScreen, area: Rect, names: u16, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let dim = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Dim));
    paint::fill(buffer, area, dim);
    let total = ctx.locale.text(id::COUNT_TOTAL);
    let at = area.x + names.saturating_sub(paint::width(&total, styles.ambiguous) as u16);
    paint::draw_text(buffer, at, area.y, area.right(), &total, dim, styles.ambiguous);
    let inside = Rect { x: area.x + names, width: area.width.saturating_sub(names), ..area };
    let (mut first, mut last) = (None, 0);
    for (column, place) in columns(counts, inside, ctx) {
        first.get_or_insert(column);
        last = column;
        let words = count_label(&counts.table().columns[column], ctx.locale);
        let words = paint::truncate(&words, usize::from(place.width.saturating_sub(1)), styles.ambiguous);
        let style = if column == counts.column.selected() { styles.style(StyleRole::Strong) } else { styles.style(StyleRole::Dim) };
        let gap = place.width.saturating_sub(paint::width(&words, styles.ambiguous) as u16);
        paint::draw_text(
            buffer,
            place.x + gap,
            place.y,
            place.right(),
            &words,
            styles.style(StyleRole::Text).patch(style),
            styles.ambiguous,
        );
    }
    if first.is_some_and(|first| first > 0) {
        paint::draw_text(buffer, area.x, area.y, area.right(), "<", dim, styles.ambiguous);
    }
    if last + 1 < counts.table().columns.len() {
        paint::draw_text(buffer, area.right() - 1, area.y, area.right(), ">", dim, styles.ambiguous);
    }
}

fn draw_name(row: &CountHeader, area: Rect, style: Style, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let total = row.total.to_string();
    let room = usize::from(area.width).saturating_sub(total.len() + 2);
    let name = format!(" {}{}", "  ".repeat(row.depth), count_label(row, ctx.locale));
    let name = paint::truncate(&name, room, styles.ambiguous);
    paint::draw_text(buffer, area.x, area.y, area.right(), &name, style, styles.ambiguous);
    let at = area.right().saturating_sub(total.len() as u16);
    paint::draw_text(buffer, at, area.y, area.right(), &total, style.patch(styles.style(StyleRole::Badge)), styles.ambiguous);
}

/// Draws a row's figures with their shades; `-` if a tag meets its own ancestor, `.` for 0.
fn draw_cells(counts: &CountsScreen, row: usize, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let most = counts.table().max_cell();
    for (column, place) in columns(counts, area, ctx) {
        let here = row == counts.row.selected() && column == counts.column.selected();
        let figure = counts.table().cells[row][column];
        let own = counts.table().rows[row].key == counts.table().columns[column].key;
        let darkness = figure.filter(|_| !own).map_or(0, |figure| shade(figure, most));
        let role = [StyleRole::Dim, StyleRole::Dim, StyleRole::Text, StyleRole::Strong, StyleRole::Heading1][darkness];
        let mut style = styles.style(StyleRole::Text).patch(styles.style(role));
        if darkness == 4 {
            style = style.add_modifier(Modifier::BOLD);
        }
        let text = match figure {
            None => "-".to_owned(),
            Some(0) => ".".to_owned(),
            Some(figure) if counts.display == CountsDisplay::Heat => format!("{}{figure:>4}", SHADE_TEXTS[darkness]),
            Some(figure) => figure.to_string(),
        };
        let place = Rect { x: place.x + 1, width: place.width.saturating_sub(1), ..place };
        if here {
            style = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Selected));
            paint::fill(buffer, place, style);
        }
        let gap = place.width.saturating_sub(paint::width(&text, styles.ambiguous) as u16);
        paint::draw_text(buffer, place.x + gap, place.y, place.right(), &text, style, styles.ambiguous);
    }
}
