//! The library: one row a speech, with its date, tags and reading progress.

use crate::tui::view::RenderContext;
use crate::locale::{counts::attribute_label, id};
use crate::tui::message::LibraryEntry;
use crate::tui::preview::CHARS_A_MINUTE;
use crate::tui::state::{LENGTH_WIDTH, LibraryScreen, MIN_HEADS_WIDTH, MINUTES_WIDTH, SortOrder, State};
use crate::tui::theme::StyleRole;
use crate::tui::widget::{Label, draw_list};
use pizhu_annotation::store::TagCounts;
use pizhu_terminal::paint;
use pizhu_text::text::width::AmbiguousWidth;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// Width of the date with the cells beside it.
const DATE_WIDTH: usize = 13;

pub(in crate::tui) fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let library = &state.library;
    let styles = ctx.styles;
    let area = Rect { height: state.size.height.saturating_sub(1), ..state.size.area() }.intersection(buffer.area);
    let head = Rect { height: 1, ..area };
    let title = match library.roots.as_slice() {
        _ if library.samples => ctx.locale.text(id::LIBRARY_SAMPLES).into_owned(),
        [one] => ctx.format(id::LIBRARY_TITLE, &[("path", one.display().to_string().into())]),
        several => ctx.format(id::LIBRARY_TITLE, &[("path", format!("({})", several.len()).into())]),
    };
    let count = ctx.format(id::LIBRARY_COUNT, &[("count", library.visible_entries().len().into())]);
    let mut label =
        Label::new(format!(" {title}"), styles.style(StyleRole::Title)).right(format!("{count} "), styles.style(StyleRole::Dim));
    if library.is_scanning() {
        let (count, read) = (library.entries().len(), library.read().unwrap_or(0));
        let words = ctx.format(id::STATUS_SCANNING, &[("count", count.into()), ("read", read.into())]);
        label = label.and(format!("  {words}"), styles.style(StyleRole::Dim));
    }
    label.draw(head, buffer, styles.style(StyleRole::Text), styles.ambiguous);
    draw_second_row(state, Rect { y: area.y + 1, ..head }.intersection(buffer.area), ctx, buffer);
    draw_heads(state, ctx, buffer);
    let (rows, preview) = state.size.library_areas();
    if !preview.is_empty() && library.visible_entries().len() > 0 {
        crate::tui::preview::view::draw(state, preview, ctx, buffer);
    }
    if library.visible_entries().len() == 0 {
        let words = match (library.filter(), library.is_scanning()) {
            (_, true) => return,
            ("", _) => ctx.locale.text(id::LIBRARY_EMPTY_HINT).into_owned(),
            (filter, _) => ctx.format(id::LIBRARY_NONE_FIT, &[("filter", filter.into())]),
        };
        let inside = Rect { x: rows.x + 1, width: rows.width.saturating_sub(2), ..rows };
        ctx.draw_text(buffer, inside, &words, StyleRole::Dim);
        return;
    }
    // Below the built-in samples a first-time user is shown the first steps.
    let used = rows.y + library.visible_entries().len() as u16 + 1;
    if library.samples && rows.bottom().saturating_sub(used) >= 6 {
        let steps = Rect { x: rows.x + 1, y: rows.bottom() - 6, width: rows.width.saturating_sub(2), height: 6 };
        crate::tui::overlay::welcome::view::draw_lines(steps, styles.style(StyleRole::Text), ctx, buffer);
    }
    draw_list(library.list(), library.visible_entries().len(), rows, buffer, styles, |row| {
        library
            .row(row)
            .map(|entry| entry_label(entry, library, library.copies_in_row(row), library.file_in_row(row), rows.width, ctx))
            .unwrap_or_default()
    });
}

/// The filter and the key that lifts it; without one, what was read last.
fn draw_second_row(state: &State, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let library = &state.library;
    let (words, role) = if library.filter().is_empty() {
        let Some(last) = library.recently_read().first().copied() else { return };
        let facts = [("title", last.title.as_str().into()), ("percent", usize::from(last.percent.unwrap_or(0)).into())];
        (ctx.format(id::LIBRARY_CONTINUE, &facts), StyleRole::Dim)
    } else {
        (ctx.format(id::FILTER_LIFTED_BY, &[("filter", library.filter().into())]), StyleRole::Notice)
    };
    Label::new(format!(" {words}"), ctx.styles.style(role)).draw(area, buffer, ctx.styles.style(StyleRole::Text), ctx.styles.ambiguous);
}

/// The heads of the columns, with a sign at the one that the list is sorted by.
fn draw_heads(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let library = &state.library;
    let area = state.size.library_heads().intersection(buffer.area);
    if area.is_empty() || library.visible_entries().len() == 0 {
        return;
    }
    let style = ctx.styles.style(StyleRole::Dim);
    let head = |order: SortOrder, words: &str| {
        let sign = match library.order() == order {
            true if library.is_descending() => "↓",
            true => "↑",
            false => "",
        };
        format!("{words}{sign}")
    };
    let ambiguous = ctx.styles.ambiguous;
    let date = head(SortOrder::Date, &ctx.locale.text(id::LIBRARY_HEAD_DATE));
    let title = head(SortOrder::Title, &ctx.locale.text(id::LIBRARY_HEAD_TITLE));
    let mut label = Label::new(format!(" {}", fitted(&date, DATE_WIDTH - 1, ambiguous)), style).and(title, style);
    for (order, width) in library.right_columns(area.width) {
        let words = match order {
            SortOrder::Attribute(column) => {
                capitalized(&attribute_label(library.columns().get(column).map_or("", String::as_str), ctx.locale))
            }
            SortOrder::Length if width > LENGTH_WIDTH => {
                let minutes = flush_right(&ctx.locale.text(id::LIBRARY_HEAD_MINUTES), MINUTES_WIDTH, ambiguous);
                let length = head(order, &ctx.locale.text(id::LIBRARY_HEAD_LENGTH));
                label = label.right(flush_right(&length, width - MINUTES_WIDTH, ambiguous), style).right(minutes, style);
                continue;
            }
            SortOrder::Length => ctx.locale.text(id::LIBRARY_HEAD_LENGTH).into_owned(),
            SortOrder::Progress => ctx.locale.text(id::LIBRARY_HEAD_READ).into_owned(),
            _ => ctx.locale.text(id::LIBRARY_HEAD_TAGS).into_owned(),
        };
        let words = head(order, &words);
        let words = match order {
            SortOrder::Length => flush_right(&words, width, ambiguous),
            SortOrder::Progress => flush_right(&format!("{words} "), width, ambiguous),
            _ => fitted(&words, width, ambiguous),
        };
        label = label.right(words, style);
    }
    label.draw(area, buffer, ctx.styles.style(StyleRole::Text), ambiguous);
}

/// The words with a capital letter first, as the other heads have it: `speaker` → `Speaker`.
fn capitalized(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn entry_label<'a>(
    entry: &'a LibraryEntry,
    library: &LibraryScreen,
    copies: usize,
    file: Option<String>,
    width: u16,
    ctx: RenderContext<'_>,
) -> Label<'a> {
    let styles = ctx.styles;
    let dim = styles.style(StyleRole::Dim);
    let mut label = Label::default();
    if width >= 50 {
        let date = if entry.date.is_empty() { " ".repeat(10) } else { entry.date.clone() };
        label = label.and(format!(" {date:<10}  "), dim);
    } else {
        label = label.and(" ", dim);
    }
    if entry.favourite {
        label = label.and("★ ", styles.style(StyleRole::Badge));
    }
    label = label.and(entry.title.as_str(), Style::new());
    if let Some(file) = file {
        label = label.and(format!("  {file}"), dim);
    }
    if copies > 1 {
        label = label.and(format!(" ×{copies}"), dim);
    }
    if !entry.error.is_empty() {
        return label.and(format!("  {}", entry.error), styles.style(StyleRole::Error));
    }
    for (order, width) in library.right_columns(width) {
        let (words, style) = match order {
            SortOrder::Attribute(column) => {
                let value = library.columns().get(column).and_then(|key| entry.attributes.get(key)).unwrap_or_default();
                (fitted(value, width, styles.ambiguous), dim)
            }
            SortOrder::Length => {
                let minutes = width - LENGTH_WIDTH;
                let length = format!("{:>LENGTH_WIDTH$}", entry.chars);
                (if minutes > 0 { format!("{length}{:>minutes$}", entry.chars.div_ceil(CHARS_A_MINUTE)) } else { length }, dim)
            }
            SortOrder::Progress => (entry.percent.map_or_else(|| format!("{:>5} ", "—"), |percent| format!("{percent:>5}% ")), dim),
            _ => (
                fitted(tags_within(&entry.tags, width, styles.ambiguous).trim_end(), width, styles.ambiguous),
                styles.style(StyleRole::Badge),
            ),
        };
        let words = flush_right(&words, width, styles.ambiguous);
        // Where there is nothing to tell, the title goes on.
        let words = if label.right.is_empty() { words.trim_start() } else { &words };
        if !words.is_empty() {
            label = label.right(words.to_owned(), style);
        }
    }
    match entry.percent {
        Some(percent) if width < MIN_HEADS_WIDTH => label.right(format!(" {percent:>3}% "), dim),
        _ => label,
    }
}

/// A text at the right edge of a column.
fn flush_right(text: &str, width: usize, ambiguous: AmbiguousWidth) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(paint::width(text, ambiguous))))
}

/// A text in a column: cut to leave a cell free, and filled up with blanks.
fn fitted(text: &str, width: usize, ambiguous: AmbiguousWidth) -> String {
    let text = paint::truncate(text, width.saturating_sub(1), ambiguous);
    let gap = width.saturating_sub(paint::width(&text, ambiguous));
    format!("{text}{}", " ".repeat(gap))
}

/// The tags with their counts, each followed by a space, in at most `room` cells; `…` if some are
/// left out.
fn tags_within(tags: &TagCounts, room: usize, ambiguous: AmbiguousWidth) -> String {
    let mut words = tags.iter().map(|(tag, count)| if *count > 1 { format!("{}×{count} ", tag.name) } else { format!("{} ", tag.name) });
    let all: String = words.clone().collect();
    if paint::width(&all, ambiguous) <= room {
        return all;
    }
    let rest = "… ";
    let room = room.saturating_sub(paint::width(rest, ambiguous));
    let mut shown = String::new();
    while let Some(more) = words.next()
        && paint::width(&shown, ambiguous) + paint::width(&more, ambiguous) <= room
    {
        shown.push_str(&more);
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_cut_by_cells() {
        let tag = pizhu_annotation::TagRef::derived;
        let tags = vec![(tag("人才工作"), 12), (tag("基层党建"), 2), (tag("AI"), 1)];
        let narrow = |room| tags_within(&tags, room, AmbiguousWidth::Narrow);
        assert_eq!(narrow(26), "人才工作×12 基层党建×2 AI ");
        assert_eq!(narrow(25), "人才工作×12 基层党建×2 … ");
        assert_eq!(narrow(24), "人才工作×12 … ");
        assert_eq!(narrow(13), "… ");
        assert_eq!(tags_within(&tags, 26, AmbiguousWidth::Wide), "人才工作×12 … ");
        assert_eq!(tags_within(&TagCounts::new(), 26, AmbiguousWidth::Wide), "");
    }
}
