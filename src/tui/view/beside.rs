//! Two panes side by side, or one above the other where there is too little room.

use super::{Face, across::draw_row};
use crate::tui::state::Beside;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::draw_scroll_bar;
use crate::tui::widget::paint;
use ratatui::{buffer::Buffer, layout::Rect};

pub(super) fn draw(state: &State, beside: &Beside, face: Face<'_>, buffer: &mut Buffer) {
    let look = face.look;
    let area = state.size.full().intersection(buffer.area);
    let together = face.locale.text(if beside.together { "beside-going-together" } else { "beside-going-alone" });
    let title = face.locale.text("topic-beside");
    let mut label = Label::new(format!(" {title}"), look.style(Role::Title)).and(format!("  {together}"), look.style(Role::Dim));
    if beside.more {
        label = label.and("  …", look.style(Role::Pending));
    }
    label.draw(Rect { height: 1, ..area }, buffer, look.style(Role::Text), look.ambiguous);
    let hint = face.locale.text("beside-hint");
    face.put(buffer, Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 }, &hint, Role::Dim);
    let areas = beside.areas();
    for (pane, area) in areas.into_iter().enumerate() {
        draw_pane(beside, pane, area.intersection(buffer.area), face, buffer);
    }
    if areas[0].y == areas[1].y {
        for y in areas[0].y..areas[0].bottom().min(buffer.area.bottom()) {
            let style = look.style(Role::Text).patch(look.style(Role::Gutter));
            paint::put(buffer, areas[0].right(), y, areas[0].right() + 1, "▏", style, look.ambiguous);
        }
    }
}

fn draw_pane(beside: &Beside, pane: usize, area: Rect, face: Face<'_>, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let look = face.look;
    let here = beside.focus == pane;
    let own = &beside.panes[pane];
    let role = if here { Role::StatusMode } else { Role::Badge };
    let title = Label::new(format!(" {}", own.title), look.style(Role::Text).patch(look.style(role)));
    title.draw(Rect { height: 1, ..area }, buffer, look.style(Role::Text), look.ambiguous);
    let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let len = own.shown().len();
    if len == 0 && !beside.more {
        let words = face.locale.text("across-tagged-empty");
        face.put(buffer, Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body }, &words, Role::Dim);
        return;
    }
    let first = own.list.first_shown(len, body.height.max(1));
    let scrolls = len > usize::from(body.height);
    let width = body.width - u16::from(scrolls);
    for (line, index) in body.rows().zip(first..len) {
        let role = match (index == own.list.selected(), here) {
            (true, true) => Role::Selected,
            (true, false) => Role::Cursor,
            _ => Role::Text,
        };
        draw_row(&own.shown()[index], Rect { width, ..line }, look.style(Role::Text).patch(look.style(role)), face, buffer);
    }
    if scrolls {
        draw_scroll_bar(Rect { x: body.right() - 1, width: 1, ..body }, first, len, buffer, look);
    }
}
