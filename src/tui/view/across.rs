//! The screens across speeches: a head, the line typed, the rows.

use super::Face;
use crate::tui::state::Across;
use crate::tui::state::Ink;
use crate::tui::state::Row;
use crate::tui::state::State;
use crate::tui::state::Subject;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::draw_scroll_bar;
use crate::tui::widget::paint;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

pub(super) fn draw(state: &State, across: &Across, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    let look = face.look;
    let area = state.size.full().intersection(buffer.area);
    let head = Rect { height: 1, ..area };
    let tag = match &across.subject {
        Subject::Tagged { tag, .. } => tag.clone(),
        Subject::Search | Subject::Shared | Subject::Suggestions { .. } | Subject::Counts | Subject::Beside { .. } => String::new(),
    };
    let title = face.format(across.subject.message(), &[("tag", tag.into())]);
    let answer = across.answer();
    let mut label = Label::new(format!(" {title}"), look.style(Role::Title));
    // It is read in the speeches that the list shows.
    if state.library.is_there() && !state.library.filter().is_empty() && !matches!(across.subject, Subject::Suggestions { .. }) {
        label = label.and(format!("  / {}", state.library.filter()), look.style(Role::Found));
    }
    if answer.more {
        label = label.and("  …", look.style(Role::Pending));
    }
    let count = face.format("across-count", &[("count", answer.count.into()), ("speeches", answer.speeches.into())]);
    label.right(format!("{count} "), look.style(Role::Dim)).draw(head, buffer, look.style(Role::Text), look.ambiguous);
    let line = Rect { y: area.y + 1, height: 1, ..area };
    let cursor = draw_line(across, line, face, buffer);
    let rows = state.size.library().intersection(buffer.area);
    if across.shown().is_empty() {
        let words = match (&answer.problem, answer.more) {
            (Some(problem), _) => face.format("notice-bad-query", &[("problem", problem.as_str().into())]),
            (None, true) => return cursor,
            (None, false) if matches!(across.subject, Subject::Search) && !across.input.text().trim().is_empty() => {
                face.format("notice-not-found", &[("query", across.input.text().into())])
            }
            (None, false) => face.locale.text(across.subject.hints().1).into_owned(),
        };
        let role = if answer.problem.is_some() { Role::Error } else { Role::Dim };
        face.put(buffer, Rect { x: rows.x + 1, width: rows.width.saturating_sub(2), ..rows }, &words, role);
        return cursor;
    }
    let len = across.shown().len();
    let first = across.list.first_shown(len, rows.height);
    let scrolls = len > usize::from(rows.height);
    let width = rows.width - u16::from(scrolls);
    for (line, index) in rows.rows().zip(first..len) {
        let base = look.style(if index == across.list.selected() { Role::Selected } else { Role::Text });
        draw_row(&across.shown()[index], Rect { width, ..line }, base, face, buffer);
    }
    if scrolls {
        draw_scroll_bar(Rect { x: rows.right() - 1, width: 1, ..rows }, first, len, buffer, look);
    }
    cursor
}

/// The line that is typed into, or the keys that lead on.
fn draw_line(across: &Across, area: Rect, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    let look = face.look;
    if across.subject != Subject::Search {
        let hint = face.locale.text(across.subject.hints().0);
        face.put(buffer, Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area }, &hint, Role::Dim);
        return None;
    }
    let style = look.style(Role::Text).patch(look.style(Role::Input));
    paint::fill(buffer, area, style);
    let mode = face.locale.text(&format!("search-mode-{}", across.mode.name()));
    let width = paint::width(&mode, look.ambiguous) as u16 + 1;
    let room = area.width.saturating_sub(width + 2);
    paint::put(buffer, area.x, area.y, area.right(), " /", style.patch(look.style(Role::Key)), look.ambiguous);
    if area.width > 40 {
        paint::put(buffer, area.x + room + 2, area.y, area.right(), &mode, style.patch(look.style(Role::Dim)), look.ambiguous);
    }
    let input = Rect { x: area.x + 2, width: room, ..area };
    if across.input.is_empty() {
        paint::put(
            buffer,
            input.x + 1,
            input.y,
            input.right(),
            &face.locale.text("across-search-hint"),
            style.patch(look.style(Role::Placeholder)),
            look.ambiguous,
        );
        return Some(Position::new(input.x, input.y));
    }
    across.input.draw(input, buffer, look)
}

pub(super) fn draw_row(row: &Row, area: Rect, base: Style, face: Face<'_>, buffer: &mut Buffer) {
    let look = face.look;
    paint::fill(buffer, area, base);
    let pieces = |pieces: &[(String, Ink)]| {
        pieces.iter().fold(Label::new(" ", Style::new()), |label, (text, ink)| label.and(text.clone(), look.style(role(*ink))))
    };
    let Some(beside) = &row.beside else {
        let label = pieces(&row.pieces);
        let label = if row.right.is_empty() { label } else { label.right(format!("{} ", row.right), look.style(Role::Dim)) };
        label.draw(area, buffer, base, look.ambiguous);
        return;
    };
    let half = area.width.saturating_sub(1) / 2;
    pieces(&row.pieces).draw(Rect { width: half, ..area }, buffer, base, look.ambiguous);
    paint::put(buffer, area.x + half, area.y, area.right(), "▏", base.patch(look.style(Role::Gutter)), look.ambiguous);
    pieces(beside).draw(Rect { x: area.x + half + 1, width: area.width - half - 1, ..area }, buffer, base, look.ambiguous);
}

fn role(ink: Ink) -> Role {
    match ink {
        Ink::Plain => Role::Text,
        Ink::Dim => Role::Dim,
        Ink::Title => Role::Title,
        Ink::Match => Role::Match,
        Ink::Note => Role::Note,
        Ink::Badge => Role::Badge,
    }
}
