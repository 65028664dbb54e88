//! The list of all annotations of a speech.

use super::{Face, reader::tag_sign};
use pizhu_annotation::Anchor;
use pizhu_annotation::Scope;
use crate::tui::state::Listing;
use crate::tui::state::Mark;
use crate::tui::state::Reader;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::Popup;
use crate::tui::widget::draw_list;
use ratatui::buffer::Buffer;

pub(super) fn draw(state: &State, listing: &Listing, face: Face<'_>, buffer: &mut Buffer) {
    let Some(reader) = &state.reader else { return };
    let all = listing.marks(reader);
    let area = state.size.full();
    let id = if listing.notes_only { "notes-title" } else { "annotations-title" };
    let mut title = face.format(id, &[("count", all.len().into())]);
    if !listing.filter().is_empty() {
        title = format!("{title}  / {}", listing.filter());
    }
    let hint = face.locale.text("annotations-hint");
    let inside = Popup { title: &title, hint: &hint, bare: !face.frames }.draw(area, buffer, face.look);
    draw_list(&listing.list, all.len(), inside, buffer, face.look, |index| {
        all.get(index).map(|mark| label(reader, mark, listing.notes_only, face)).unwrap_or_default()
    });
}

pub(super) fn label<'a>(reader: &Reader, mark: &'a Mark, note_first: bool, face: Face<'_>) -> Label<'a> {
    let look = face.look;
    let annotation = &mark.annotation;
    let mut label = Label::default();
    let place = mark.span.or(mark.proposed).map_or(annotation.selector.start, |span| span.start);
    let path = match reader.document().outline.at(place) {
        Some(id) => reader.document().outline.path_text(id),
        None => annotation.selector.section.join("/"),
    };
    label = label.and(format!("{path:<8} "), look.style(Role::Dim));
    if note_first {
        label = label.and(format!("{} ", annotation.note.replace('\n', " ")), look.style(Role::Note));
    }
    for tag in reader.notes.tags(annotation) {
        let (sign, style) = tag_sign(reader, &tag, face);
        label = label.and(format!("{sign}{tag} "), style);
    }
    if !annotation.note.is_empty() && !note_first {
        label = label.and(format!("{} ", annotation.note.replace('\n', " ")), look.style(Role::Note));
    }
    let quote = one_line(annotation.selector.matched());
    let quote = if annotation.scope == Scope::Section { quote } else { format!("“{quote}”") };
    label = label.and(quote, look.style(Role::Dim));
    let anchor = match mark.anchor {
        Anchor::Exact => None,
        Anchor::Moved => Some(("anchor-moved", Role::Dim)),
        Anchor::Changed => Some(("anchor-changed", Role::Notice)),
        Anchor::Review => Some(("anchor-review", Role::Warning)),
        Anchor::Orphaned => Some(("anchor-orphaned", Role::Warning)),
    };
    match anchor {
        Some((id, role)) => label.right(face.locale.text(id), look.style(role)),
        None if reader.notes.is_pending(annotation.id) => label.right("…", look.style(Role::Pending)),
        None => label,
    }
}

/// The beginning of a quote, with one blank for each run of white space and line ends in it.
fn one_line(quote: &str) -> String {
    let head: String = quote.chars().take(240).collect();
    let words = head.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(60).collect()
}
