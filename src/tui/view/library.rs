//! The library: one row a speech, with its date, its tags, how far it was read.

use super::Face;
use pizhu_annotation::store::TagCounts;
use pizhu_text::text::width::Ambiguous;
use crate::tui::state::Entry;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::draw_list;
use crate::tui::widget::paint;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

pub(super) fn draw(state: &State, face: Face<'_>, buffer: &mut Buffer) {
    let library = &state.library;
    let look = face.look;
    let area = Rect { height: state.size.height.saturating_sub(1), ..state.size.area() }.intersection(buffer.area);
    let head = Rect { height: 1, ..area };
    let title = match library.roots.as_slice() {
        _ if library.samples => face.locale.text("library-samples").into_owned(),
        [one] => face.format("library-title", &[("path", one.display().to_string().into())]),
        several => face.format("library-title", &[("path", format!("({})", several.len()).into())]),
    };
    let count = face.format("library-count", &[("count", library.shown().len().into())]);
    let mut label = Label::new(format!(" {title}"), look.style(Role::Title)).right(format!("{count} "), look.style(Role::Dim));
    if !library.filter().is_empty() {
        label = label.and(format!("  / {}", library.filter()), look.style(Role::Found));
    }
    if library.is_scanning() {
        let (count, read) = (library.entries().len(), library.read().unwrap_or(0));
        let words = face.format("status-scanning", &[("count", count.into()), ("read", read.into())]);
        label = label.and(format!("  {words}"), look.style(Role::Dim));
    } else if let Some(indexed) = library.indexed() {
        let words = face.format("status-indexing", &[("count", library.entries().len().into()), ("read", indexed.into())]);
        label = label.and(format!("  {words}"), look.style(Role::Dim));
    }
    label.draw(head, buffer, look.style(Role::Text), look.ambiguous);
    let rows = state.size.library();
    if library.shown().len() == 0 {
        let words = match (library.filter(), library.is_scanning()) {
            (_, true) => return,
            ("", _) => face.locale.text("library-empty-hint").into_owned(),
            (filter, _) => face.format("library-none-fit", &[("filter", filter.into())]),
        };
        let inside = Rect { x: rows.x + 1, width: rows.width.saturating_sub(2), ..rows };
        face.put(buffer, inside, &words, Role::Dim);
        return;
    }
    // What the samples leave free is for whoever starts the program for the first time.
    let used = rows.y + library.shown().len() as u16 + 1;
    if library.samples && rows.bottom().saturating_sub(used) >= 6 {
        let steps = Rect { x: rows.x + 1, y: rows.bottom() - 6, width: rows.width.saturating_sub(2), height: 6 };
        super::steps::lines(steps, look.style(Role::Text), state, face, buffer);
    }
    draw_list(library.list(), library.shown().len(), rows, buffer, look, |row| {
        library.row(row).map(|entry| entry_label(entry, rows.width, face)).unwrap_or_default()
    });
}

fn entry_label<'a>(entry: &'a Entry, width: u16, face: Face<'_>) -> Label<'a> {
    let look = face.look;
    let dim = look.style(Role::Dim);
    let mut label = Label::default();
    if width >= 50 {
        let date = if entry.date.is_empty() { " ".repeat(10) } else { entry.date.clone() };
        label = label.and(format!(" {date:<10}  "), dim);
    } else {
        label = label.and(" ", dim);
    }
    label = label.and(entry.title.as_str(), Style::new());
    if !entry.problem.is_empty() {
        return label.and(format!("  {}", entry.problem), look.style(Role::Error));
    }
    if width >= 60 {
        let tags = tags_in(&entry.tags, usize::from(width) / 3, look.ambiguous);
        label = label.right(tags, look.style(Role::Badge));
    }
    let read = match entry.percent {
        Some(percent) => format!(" {percent:>3}% "),
        None if width >= 60 => format!(" {:>4} ", "—"),
        None => String::new(),
    };
    label.right(read, dim)
}

/// The tags with their counts in at most `room` cells, a space behind; `…` says that some were
/// left out.
fn tags_in(tags: &TagCounts, room: usize, ambiguous: Ambiguous) -> String {
    let mut words = tags.iter().map(|(tag, count)| if *count > 1 { format!("{tag}×{count} ") } else { format!("{tag} ") });
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
    fn tags_are_cut_to_the_column_by_cells() {
        let tags = vec![("人才工作".to_owned(), 12), ("基层党建".to_owned(), 2), ("AI".to_owned(), 1)];
        let narrow = |room| tags_in(&tags, room, Ambiguous::Narrow);
        assert_eq!(narrow(26), "人才工作×12 基层党建×2 AI ");
        assert_eq!(narrow(25), "人才工作×12 基层党建×2 … ");
        assert_eq!(narrow(24), "人才工作×12 … ");
        assert_eq!(narrow(13), "… ");
        assert_eq!(tags_in(&tags, 26, Ambiguous::Wide), "人才工作×12 … ");
        assert_eq!(tags_in(&TagCounts::new(), 26, Ambiguous::Wide), "");
    }
}
