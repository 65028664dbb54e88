//! Drawing the basket screen: the entries in order, and the whole of the selected one with its source.

use super::screen::BasketScreen;
use crate::locale::{family, id};
use crate::tui::message::Size;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::view::RenderContext;
use crate::tui::widget::{Label, draw_list, fit_hint, wrap_pieces};
use pizhu_annotation::{AnchorStatus, BasketItem};
use pizhu_library::basket::{PassageState, ResolvedEntry, ResolvedPassage};
use pizhu_terminal::paint;
use pizhu_text::layout::LayoutStyle;
use ratatui::{buffer::Buffer, layout::Rect};

/// Minimum width of the list for the source at the edge.
const MIN_SOURCE_WIDTH: u16 = 60;

/// Maximum chars of the speech's title at the edge.
const MAX_TITLE_CHARS: usize = 7;

/// Draws the screen.
pub(in crate::tui) fn draw(state: &State, basket: &BasketScreen, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let area = state.size.above_status_line().intersection(buffer.area);
    let plain = styles.style(StyleRole::Text);
    let passages = basket.entries().iter().filter(|entry| entry.passage.is_some()).count();
    let count = ctx.format(id::BASKET_COUNT, &[("count", passages.into())]);
    let title = if basket.label().is_empty() { ctx.locale.text(id::BASKET_DEFAULT_NAME).into_owned() } else { basket.label().to_owned() };
    let mut head = Label::new(format!(" {title}"), styles.style(StyleRole::Title));
    if basket.all().all().len() > 1 {
        let others = basket.all().all().iter().filter(|other| Some(other.id) != basket.shown());
        let names: Vec<String> = others.map(|other| basket.all().label(other.id)).collect();
        head = head.and(format!("  b: {}", names.join("、")), styles.style(StyleRole::Dim));
    }
    head = head.and(format!("  {}", basket.store().display()), styles.style(StyleRole::Dim));
    head.right(format!("{count} "), styles.style(StyleRole::Dim)).draw(Rect { height: 1, ..area }, buffer, plain, styles.ambiguous);
    let second = Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 };
    let hint = ctx.locale.text(id::BASKET_HINT);
    ctx.draw_text(buffer, second, fit_hint(&hint, usize::from(second.width), styles), StyleRole::Dim);
    let (list, details) = areas(state.size, buffer.area);
    if basket.entries().is_empty() {
        if basket.loaded {
            draw_empty(list, ctx, buffer);
        }
        return;
    }
    draw_list(basket.list(), basket.entries().len(), list, buffer, styles, |index| {
        basket.entries().get(index).map(|entry| entry_label(basket, index, entry, list.width, ctx)).unwrap_or_default()
    });
    if let Some(entry) = basket.selected()
        && !details.is_empty()
    {
        draw_separator(list, details, ctx, buffer);
        draw_details(entry, details, ctx, buffer);
    }
}

fn areas(size: Size, whole: Rect) -> (Rect, Rect) {
    let (list, details) = size.tags_areas();
    (list.intersection(whole), details.intersection(whole))
}

/// What is said where there is nothing yet, on as many rows as it takes.
fn draw_empty(area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let pieces = [(ctx.locale.text(id::BASKET_EMPTY).into_owned(), StyleRole::Dim)];
    draw_lines(&pieces, area, ctx, buffer);
}

fn entry_label<'a>(basket: &BasketScreen, index: usize, entry: &ResolvedEntry, width: u16, ctx: RenderContext<'_>) -> Label<'a> {
    let styles = ctx.styles;
    let number = format!("{:>3} {}", index + 1, "  ".repeat(usize::from(basket.depth(index))));
    let label = Label::new(number, styles.style(StyleRole::Dim));
    match (&entry.item, &entry.passage) {
        (BasketItem::Heading { text, .. }, _) => label.and(text.clone(), styles.style(StyleRole::Title)),
        (BasketItem::Words { text }, _) => label.and(one_line(text), styles.style(StyleRole::Note)),
        (BasketItem::Passage(_), Some(passage)) => {
            let (sign, role) = sign_of(passage.state);
            let label = label.and(sign, styles.style(role)).and(one_line(&passage.text), styles.style(StyleRole::Text));
            if width < MIN_SOURCE_WIDTH {
                return label;
            }
            let title = passage.source.title.trim_start_matches('在');
            let source: String = title.chars().take(MAX_TITLE_CHARS).collect();
            let year: String = passage.source.date.chars().take(4).collect();
            label.right(format!("  {source} {year} "), styles.style(StyleRole::Dim))
        }
        (BasketItem::Passage(_), None) => label,
    }
}

/// The sign before a passage: that its words have changed, or that they were not found.
fn sign_of(state: PassageState) -> (&'static str, StyleRole) {
    match state {
        PassageState::Anchored(AnchorStatus::Exact | AnchorStatus::Moved) => ("", StyleRole::Text),
        PassageState::Anchored(AnchorStatus::Changed) => ("~ ", StyleRole::Notice),
        _ => ("? ", StyleRole::Error),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn draw_separator(list: Rect, details: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let style = ctx.styles.style(StyleRole::Gutter);
    if details.x > list.x {
        for y in list.y..list.bottom() {
            paint::draw_grapheme(buffer, list.right(), y, "╎", 1, style);
        }
    } else {
        for x in list.x..list.right() {
            paint::draw_grapheme(buffer, x, list.bottom(), "╌", 1, style);
        }
    }
}

/// The whole of an entry, as much of it as fits; of a passage its source first.
fn draw_details(entry: &ResolvedEntry, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let mut pieces: Vec<(String, StyleRole)> = Vec::new();
    match &entry.passage {
        Some(passage) => {
            pieces.push((source_line(passage), StyleRole::Dim));
            pieces.extend(doubt(passage.state, ctx).map(|words| (words, StyleRole::Warning)));
            pieces.extend(passage.text.lines().map(|line| (line.trim().to_owned(), StyleRole::Text)));
        }
        None => pieces.extend(entry.item.text().lines().map(|line| (line.to_owned(), StyleRole::Text))),
    }
    draw_lines(&pieces, area, ctx, buffer);
}

fn source_line(passage: &ResolvedPassage) -> String {
    passage.source.line()
}

/// What is said of a passage that is not as it was.
fn doubt(state: PassageState, ctx: RenderContext<'_>) -> Option<String> {
    let is_as_it_was = matches!(state, PassageState::Anchored(AnchorStatus::Exact | AnchorStatus::Moved));
    (!is_as_it_was).then(|| ctx.locale.text(family::BASKET_STATE.id(state.name())).into_owned())
}

/// Draws texts, each from a new row, as many rows as fit.
fn draw_lines(pieces: &[(String, StyleRole)], area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let layout = LayoutStyle { width: area.width.saturating_sub(1).max(4), ambiguous: styles.ambiguous, ..LayoutStyle::default() };
    let mut rows = area.rows();
    for piece in pieces {
        for line in wrap_pieces(std::slice::from_ref(piece), layout) {
            let Some(row) = rows.next() else { return };
            let label = line.into_iter().fold(Label::default(), |label, (text, role)| label.and(text, styles.style(role)));
            label.draw(row, buffer, styles.style(StyleRole::Text), styles.ambiguous);
        }
    }
}
