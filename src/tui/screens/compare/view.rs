//! Two panes side by side, or one above the other if the screen is narrow.

use crate::tui::screens::results::view::draw_row;
use crate::tui::view::RenderContext;
use crate::locale::{family, id};
use crate::tui::state::CompareScreen;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::widget::Label;
use crate::tui::widget::draw_scroll_bar;
use crate::tui::widget::fit_hint;
use pizhu_library::compare::percent;
use pizhu_terminal::paint;
use ratatui::{buffer::Buffer, layout::Rect};

pub(in crate::tui) fn draw(state: &State, screen: &CompareScreen, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let area = state.size.above_status_line().intersection(buffer.area);
    let together = ctx.locale.text(if screen.synchronized { id::BESIDE_GOING_TOGETHER } else { id::BESIDE_GOING_ALONE });
    let title = ctx.locale.text(family::TOPIC.id("beside"));
    let mut label =
        Label::new(format!(" {title}"), styles.style(StyleRole::Title)).and(format!("  {together}"), styles.style(StyleRole::Dim));
    if let Some(outline) = &screen.outline {
        let shares = outline.kept.map(percent);
        let words = ctx.format(id::COMPARE_KEPT, &[("a", shares[0].into()), ("b", shares[1].into())]);
        label = label.right(format!("{words} "), styles.style(StyleRole::Dim));
    }
    if screen.is_loading {
        label = label.and("  …", styles.style(StyleRole::Pending));
    }
    label.draw(Rect { height: 1, ..area }, buffer, styles.style(StyleRole::Text), styles.ambiguous);
    let hint = ctx.locale.text(if screen.outline.is_some() { id::BESIDE_SPEECHES_HINT } else { id::BESIDE_HINT });
    let inside = Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 };
    ctx.draw_text(buffer, inside, fit_hint(&hint, usize::from(inside.width), ctx.styles), StyleRole::Dim);
    let areas = screen.areas();
    for (pane, area) in areas.into_iter().enumerate() {
        draw_pane(screen, pane, area.intersection(buffer.area), ctx, buffer);
    }
    if areas[0].y == areas[1].y {
        for y in areas[0].y..areas[0].bottom().min(buffer.area.bottom()) {
            let style = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Gutter));
            paint::draw_text(buffer, areas[0].right(), y, areas[0].right() + 1, "▏", style, styles.ambiguous);
        }
    }
}

fn draw_pane(screen: &CompareScreen, pane: usize, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let styles = ctx.styles;
    let here = screen.focus == pane;
    let own = &screen.panes[pane];
    let role = if here { StyleRole::StatusMode } else { StyleRole::Badge };
    let sign = if screen.outline.is_some() { ["- ", "+ "][pane] } else { "" };
    let title = Label::new(format!(" {sign}{}", own.title), styles.style(StyleRole::Text).patch(styles.style(role)));
    title.draw(Rect { height: 1, ..area }, buffer, styles.style(StyleRole::Text), styles.ambiguous);
    let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let len = own.wrapped_rows().len();
    if len == 0 && !screen.is_loading {
        let words = ctx.locale.text(id::ACROSS_TAGGED_EMPTY);
        ctx.draw_text(buffer, Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body }, &words, StyleRole::Dim);
        return;
    }
    let first = own.list.first_shown(len, body.height.max(1));
    let scrolls = len > usize::from(body.height);
    let width = body.width - u16::from(scrolls);
    for (line, index) in body.rows().zip(first..len) {
        let role = match (index == own.list.selected(), here) {
            (true, true) => StyleRole::Selected,
            (true, false) => StyleRole::Cursor,
            _ => StyleRole::Text,
        };
        let base = styles.style(StyleRole::Text).patch(styles.style(role));
        let row = &own.wrapped_rows()[index];
        let signs = screen.sign_width().min(width);
        draw_row(row, Rect { x: line.x + signs, width: width - signs, ..line }, base, ctx, buffer);
        if signs > 0 {
            let ink = match row.sign {
                "-" => StyleRole::Error,
                "+" => StyleRole::Notice,
                "→" => StyleRole::Note,
                "~" => StyleRole::Key,
                _ => StyleRole::Dim,
            };
            let area = Rect { width: signs, ..line };
            let sign = Label::new(row.sign, styles.style(ink));
            let sign = if role == StyleRole::Text { sign } else { sign.over(base) };
            sign.draw(area, buffer, base, styles.ambiguous);
        }
    }
    if scrolls {
        draw_scroll_bar(Rect { x: body.right() - 1, width: 1, ..body }, first, len, buffer, styles);
    }
}
