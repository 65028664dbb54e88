//! Drawing the memos screen: the list, and the whole text of the selected memo.

use super::{message::place_words, screen::MemosScreen};
use crate::locale::{family, id};
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::view::RenderContext;
use crate::tui::screens::tags::view::draw_separator;
use crate::tui::widget::{Label, draw_list, fit_hint, wrap_pieces};
use jiff::tz::TimeZone;
use pizhu_annotation::{MEMO_KINDS, Memo};
use pizhu_terminal::paint;
use pizhu_text::layout::LayoutStyle;
use ratatui::{buffer::Buffer, layout::Rect};

pub(crate) fn draw(state: &State, memos: &MemosScreen, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let area = state.size.above_status_line().intersection(buffer.area);
    let plain = styles.style(StyleRole::Text);
    let count = ctx.format(id::MEMOS_COUNT, &[("count", memos.len().into())]);
    let head = Label::new(format!(" {}", ctx.locale.text(family::TOPIC.id("memos"))), styles.style(StyleRole::Title))
        .and(format!("  {}", memos.report().store.display()), styles.style(StyleRole::Dim))
        .right(format!("{count} "), styles.style(StyleRole::Dim));
    head.draw(Rect { height: 1, ..area }, buffer, plain, styles.ambiguous);
    let second = Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 };
    let kind = memos.kind().map(|kind| ctx.locale.text(family::MEMO_KIND.id(kind)).into_owned());
    let shown: Vec<&str> = kind.iter().map(String::as_str).chain(Some(memos.filter()).filter(|filter| !filter.is_empty())).collect();
    if shown.is_empty() {
        let hint = ctx.locale.text(id::MEMOS_HINT);
        ctx.draw_text(buffer, second, fit_hint(&hint, usize::from(second.width), styles), StyleRole::Dim);
    } else {
        let words = ctx.format(id::FILTER_LIFTED_BY, &[("filter", shown.join(" · ").into())]);
        ctx.draw_text(buffer, second, &words, StyleRole::Notice);
    }
    let (list, details) = state.size.tags_areas();
    let (list, details) = (list.intersection(buffer.area), details.intersection(buffer.area));
    if memos.len() == 0 && memos.loaded {
        let words = if shown.is_empty() {
            ctx.locale.text(id::MEMOS_EMPTY).into_owned()
        } else {
            ctx.format(id::MEMOS_NONE_FIT, &[("filter", shown.join(" · ").into())])
        };
        ctx.draw_text(buffer, Rect { x: list.x + 1, width: list.width.saturating_sub(2), ..list }, &words, StyleRole::Dim);
    }
    draw_list(memos.list(), memos.len(), list, buffer, styles, |row| memos.memo(row).map(|memo| row_label(memo, ctx)).unwrap_or_default());
    if let Some(memo) = memos.selected()
        && !details.is_empty()
    {
        draw_separator(list, details, ctx, buffer);
        draw_memo(memo, details, ctx, buffer);
    }
}

/// Kind, first words, and at the right the author.
fn row_label<'a>(memo: &Memo, ctx: RenderContext<'_>) -> Label<'a> {
    let styles = ctx.styles;
    let name = |kind: &str| ctx.locale.text(family::MEMO_KIND.id(kind)).into_owned();
    let width = |kind: &str| paint::width(&name(kind), styles.ambiguous);
    // All kinds take the same room.
    let room = MEMO_KINDS.iter().map(|kind| width(kind)).max().unwrap_or(0);
    let kind = format!("{}{}", name(memo.kind()), " ".repeat(room.saturating_sub(width(memo.kind()))));
    let words: Vec<&str> = memo.text.split_whitespace().collect();
    let place = place_words(memo);
    let label = Label::new(format!(" {kind} "), styles.style(StyleRole::Badge)).and(words.join(" "), styles.style(StyleRole::Note));
    let label = if place.is_empty() { label } else { label.and(format!("  {place}"), styles.style(StyleRole::Dim)) };
    match memo.author.as_deref().filter(|author| !author.is_empty()) {
        Some(author) => label.right(format!(" {author} "), styles.style(StyleRole::Dim)),
        None => label,
    }
}

/// Place, author, date and the whole text, as much of it as fits.
fn draw_memo(memo: &Memo, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let layout = LayoutStyle { width: area.width.saturating_sub(1).max(4), ambiguous: styles.ambiguous, ..LayoutStyle::default() };
    let kind = ctx.locale.text(family::MEMO_KIND.id(memo.kind())).into_owned();
    let date = memo.modified.map(|time| time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string());
    let facts: Vec<String> = [Some(kind), memo.author.clone(), date].into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    let mut paragraphs = vec![(place_words(memo), StyleRole::Title), (facts.join(" · "), StyleRole::Dim)];
    paragraphs.retain(|(text, _)| !text.is_empty());
    paragraphs.extend(memo.text.lines().map(|line| (line.to_owned(), StyleRole::Text)));
    let mut rows = area.rows();
    for paragraph in paragraphs {
        for line in wrap_pieces(&[paragraph], layout) {
            let Some(row) = rows.next() else { return };
            let mut label = Label::default();
            for (text, role) in line {
                label = label.and(text, styles.style(role));
            }
            label.draw(row, buffer, styles.style(StyleRole::Text), styles.ambiguous);
        }
    }
}
