//! The first steps: how to read, tag and export, in six lines.

use super::Face;
use crate::tui::{
    command::Context,
    state::State,
    theme::Role,
    widget::{Label, Popup, paint},
};
use ratatui::{buffer::Buffer, layout::Rect};

/// An argument of a message, the command whose key it is, and where.
type Named = (&'static str, &'static str, Context);

/// The lines: a message each, and the commands whose keys it names, with where they are given.
const STEPS: [(&str, &[Named]); 6] = [
    ("steps-open", &[("open", "library-open", Context::Library), ("outline", "switch-pane", Context::Reader)]),
    (
        "steps-read",
        &[
            ("page", "page-down", Context::Reader),
            ("section", "next-section", Context::Reader),
            ("search", "search-forward", Context::Reader),
        ],
    ),
    ("steps-select", &[("sentence", "select-sentence", Context::Reader), ("more", "grow-selection", Context::Reader)]),
    ("steps-tag", &[("tag", "tag", Context::Reader), ("again", "repeat-tag", Context::Reader), ("note", "note", Context::Reader)]),
    ("steps-export", &[("list", "list-annotations", Context::Reader), ("export", "export", Context::Reader)]),
    ("steps-help", &[("help", "help", Context::Reader), ("palette", "palette", Context::Reader), ("quit", "back", Context::Reader)]),
];

/// Draws the steps in a frame; where there is no room for one, without.
pub(super) fn draw(area: Rect, state: &State, face: Face<'_>, buffer: &mut Buffer) {
    let (title, hint) = (face.locale.text("steps-title"), face.locale.text("steps-hint"));
    let inside = Popup { title: &title, hint: &hint, bare: !face.frames }.draw(area, buffer, face.look);
    let ground = face.look.style(Role::Text).patch(face.look.style(Role::Popup));
    let spare = inside.height.saturating_sub(STEPS.len() as u16);
    let rows = Rect { y: inside.y + spare / 2, height: inside.height - spare / 2, ..inside };
    lines(rows, ground, state, face, buffer);
}

/// Draws the six lines alone.
pub(super) fn lines(area: Rect, ground: ratatui::style::Style, state: &State, face: Face<'_>, buffer: &mut Buffer) {
    let mut steps = Vec::new();
    for (id, keys) in STEPS {
        let key = |(name, command, context): &Named| {
            let first = state.keymap.key_of(*context, command);
            (*name, crate::locale::Value::from(first.unwrap_or_else(|| "—".to_owned())))
        };
        let arguments: Vec<_> = keys.iter().map(key).collect();
        let words = face.format(id, &arguments);
        // What stands before the first colon is what the line is about.
        let (head, rest) = words.split_once(['：', ':']).unwrap_or(("", &words));
        steps.push((head.to_owned(), rest.trim().to_owned()));
    }
    let width = |text: &str| paint::width(text, face.look.ambiguous);
    let widest = steps.iter().map(|(head, _)| width(head)).max().unwrap_or(0);
    for (row, (head, rest)) in area.rows().zip(steps) {
        let gap = " ".repeat(widest + 2 - width(&head));
        let label = Label::new(head, face.look.style(Role::Key)).and(gap, ground).and(rest, ground);
        label.draw(row, buffer, ground, face.look.ambiguous);
    }
}
