//! Results from the whole library: a title, the input line, and rows of hits.

use crate::tui::view::RenderContext;
use crate::locale::{family, id, notice};
use crate::tui::message::PieceStyle;
use crate::tui::message::QuerySubject;
use crate::tui::message::ResultRow;
use crate::tui::state::PassageColumn;
use crate::tui::state::ResultsScreen;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::widget::Label;
use crate::tui::widget::StyleContext;
use crate::tui::widget::draw_scroll_bar;
use crate::tui::widget::fit_hint;
use pizhu_terminal::paint;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

pub(in crate::tui) fn draw(state: &State, screen: &ResultsScreen, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
    let styles = ctx.styles;
    let area = state.size.above_status_line().intersection(buffer.area);
    let head = Rect { height: 1, ..area };
    let tag = match &screen.subject {
        QuerySubject::Tagged { tag, .. } => tag.clone(),
        QuerySubject::Search
        | QuerySubject::Shared
        | QuerySubject::Suggestions { .. }
        | QuerySubject::Counts
        | QuerySubject::Compare { .. } => String::new(),
    };
    let title = ctx.format(screen.subject.message(), &[("tag", tag.into())]);
    let answer = screen.results();
    let mut label = Label::new(format!(" {title}"), styles.style(StyleRole::Title));
    // The query covers the speeches that the library's filter shows.
    if state.library.has_roots() && !state.library.filter().is_empty() && !matches!(screen.subject, QuerySubject::Suggestions { .. }) {
        let words = ctx.format(id::FILTER_LIFTED_BY_KEY, &[("filter", state.library.filter().into())]);
        label = label.and(format!("  {words}"), styles.style(StyleRole::Found));
    }
    // The speech of the selected row stays in sight when its title has scrolled away.
    if let Some(speech) = screen.selected_speech() {
        label = label.and(format!("  {speech}"), styles.style(StyleRole::Strong));
    }
    if answer.more {
        label = label.and("  …", styles.style(StyleRole::Pending));
    }
    let count = ctx.format(id::ACROSS_COUNT, &[("count", answer.count.into()), ("speeches", answer.speeches.into())]);
    label.right(format!("{count} "), styles.style(StyleRole::Dim)).draw(head, buffer, styles.style(StyleRole::Text), styles.ambiguous);
    let line = Rect { y: area.y + 1, height: 1, ..area };
    let cursor = draw_line(screen, line, ctx, buffer);
    let rows = state.size.list_area().intersection(buffer.area);
    if screen.wrapped_rows().is_empty() {
        let words = match (&answer.error, answer.more) {
            (Some(problem), _) => ctx.format(notice::BAD_QUERY, &[("problem", problem.as_str().into())]),
            (None, true) => return cursor,
            (None, false) if matches!(screen.subject, QuerySubject::Search) && !screen.input.text().trim().is_empty() => {
                ctx.format(notice::NOT_FOUND, &[("query", screen.input.text().into())])
            }
            (None, false) => ctx.locale.text(screen.subject.hints().1).into_owned(),
        };
        let role = if answer.error.is_some() { StyleRole::Error } else { StyleRole::Dim };
        ctx.draw_text(buffer, Rect { x: rows.x + 1, width: rows.width.saturating_sub(2), ..rows }, &words, role);
        return cursor;
    }
    let len = screen.wrapped_rows().len();
    let first = screen.list.first_shown(len, rows.height);
    let scrolls = len > usize::from(rows.height);
    let width = rows.width - u16::from(scrolls);
    for (line, index) in rows.rows().zip(first..len) {
        let text = styles.style(StyleRole::Text);
        let base = if index == screen.list.selected() { text.patch(styles.style(StyleRole::Selected)) } else { text };
        let row = &screen.wrapped_rows()[index];
        let line = Rect { width, ..line };
        match screen.column() {
            None => draw_row(row, line, base, ctx, buffer),
            Some(column) => draw_passage_row(row, column, line, base, ctx, buffer),
        }
    }
    if scrolls {
        draw_scroll_bar(Rect { x: rows.right() - 1, width: 1, ..rows }, first, len, buffer, styles);
    }
    cursor
}

/// Draws the input line, or the hint with the screen's keys.
fn draw_line(screen: &ResultsScreen, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
    let styles = ctx.styles;
    if screen.subject != QuerySubject::Search {
        let hint = ctx.locale.text(screen.subject.hints().0);
        let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        ctx.draw_text(buffer, inside, fit_hint(&hint, usize::from(inside.width), styles), StyleRole::Dim);
        return None;
    }
    let style = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Input));
    paint::fill(buffer, area, style);
    let mode = ctx.locale.text(family::SEARCH_MODE.id(screen.mode.name()));
    let width = paint::width(&mode, styles.ambiguous) as u16 + 1;
    let room = area.width.saturating_sub(width + 2);
    paint::draw_text(buffer, area.x, area.y, area.right(), " /", style.patch(styles.style(StyleRole::Key)), styles.ambiguous);
    if area.width > 40 {
        paint::draw_text(
            buffer,
            area.x + room + 2,
            area.y,
            area.right(),
            &mode,
            style.patch(styles.style(StyleRole::Dim)),
            styles.ambiguous,
        );
    }
    let input = Rect { x: area.x + 2, width: room, ..area };
    if screen.input.is_empty() {
        paint::draw_text(
            buffer,
            input.x + 1,
            input.y,
            input.right(),
            &ctx.locale.text(id::ACROSS_SEARCH_HINT),
            style.patch(styles.style(StyleRole::Placeholder)),
            styles.ambiguous,
        );
        return Some(Position::new(input.x, input.y));
    }
    screen.input.draw(input, buffer, styles)
}

/// Draws a row of a passage in its column, and what stands beside it in the margin.
fn draw_passage_row(row: &ResultRow, column: PassageColumn, line: Rect, base: Style, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    paint::fill(buffer, line, base);
    // One cell more for a mark that hangs.
    let text = Rect { x: line.x + column.left, width: (column.measure + 2).min(line.width.saturating_sub(column.left)), ..line };
    draw_row(row, text, base, ctx, buffer);
    if !row.margin.is_empty() {
        let x = line.x + column.margin_left();
        let margin = Rect { x, width: line.right().saturating_sub(x).min(column.margin), ..line };
        let note = Label::new(row.margin.as_str(), ctx.styles.style(StyleRole::Note));
        let note = if is_selected(base, ctx.styles) { note.over(base) } else { note };
        note.draw(margin, buffer, base, ctx.styles.ambiguous);
    }
}

/// Whether this is the style of the selected row.
fn is_selected(base: Style, styles: StyleContext<'_>) -> bool {
    let selected = styles.style(StyleRole::Selected);
    base == selected || base == styles.style(StyleRole::Text).patch(selected)
}

pub(in crate::tui) fn draw_row(row: &ResultRow, area: Rect, base: Style, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    paint::fill(buffer, area, base);
    let pieces = |pieces: &[(String, PieceStyle)]| {
        pieces.iter().fold(Label::new(" ", Style::new()), |label, (text, ink)| label.and(text.clone(), styles.style(ink_role(*ink))))
    };
    let is_selected = is_selected(base, styles);
    let shown = |label: Label<'_>, area: Rect, buffer: &mut Buffer| {
        let label = if is_selected { label.over(base) } else { label };
        label.draw(area, buffer, base, styles.ambiguous);
    };
    let Some(right_column) = &row.right_column else {
        let label = pieces(&row.pieces);
        let label =
            if row.right_label.is_empty() { label } else { label.right(format!("{} ", row.right_label), styles.style(StyleRole::Dim)) };
        shown(label, area, buffer);
        return;
    };
    let half = area.width.saturating_sub(1) / 2;
    shown(pieces(&row.pieces), Rect { width: half, ..area }, buffer);
    paint::draw_text(buffer, area.x + half, area.y, area.right(), "▏", base.patch(styles.style(StyleRole::Gutter)), styles.ambiguous);
    shown(pieces(right_column), Rect { x: area.x + half + 1, width: area.width - half - 1, ..area }, buffer);
}

pub(in crate::tui) fn ink_role(ink: PieceStyle) -> StyleRole {
    match ink {
        PieceStyle::Plain => StyleRole::Text,
        PieceStyle::Dim => StyleRole::Dim,
        PieceStyle::Title => StyleRole::Title,
        PieceStyle::Match => StyleRole::Match,
        PieceStyle::Note | PieceStyle::Moved => StyleRole::Note,
        PieceStyle::Badge => StyleRole::Badge,
        PieceStyle::Removed => StyleRole::Error,
        PieceStyle::Added => StyleRole::Notice,
    }
}
