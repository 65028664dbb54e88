//! The first steps: how to read, tag and export, in six lines.

use super::Face;
use crate::tui::command::Context;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::Popup;
use crate::tui::widget::fitting;
use crate::tui::widget::paint;
use ratatui::{buffer::Buffer, layout::Rect};

/// An argument of a message, the command whose key it is, and where.
type Named = (&'static str, &'static str, Context);

/// A step: its message, the one in fewer words, and the commands whose keys both name, with where
/// they are given.
type Step = (&'static str, &'static str, &'static [Named]);

const STEPS: [Step; 6] = [
    ("steps-open", "steps-open-brief", &[("open", "library-open", Context::Library), ("outline", "switch-pane", Context::Reader)]),
    (
        "steps-read",
        "steps-read-brief",
        &[
            ("page", "page-down", Context::Reader),
            ("section", "next-section", Context::Reader),
            ("search", "search-forward", Context::Reader),
        ],
    ),
    (
        "steps-select",
        "steps-select-brief",
        &[("sentence", "select-sentence", Context::Reader), ("more", "grow-selection", Context::Reader)],
    ),
    (
        "steps-tag",
        "steps-tag-brief",
        &[("tag", "tag", Context::Reader), ("again", "repeat-tag", Context::Reader), ("note", "note", Context::Reader)],
    ),
    ("steps-export", "steps-export-brief", &[("list", "list-annotations", Context::Reader), ("export", "export", Context::Reader)]),
    (
        "steps-help",
        "steps-help-brief",
        &[("help", "help", Context::Reader), ("palette", "palette", Context::Reader), ("quit", "back", Context::Reader)],
    ),
];

/// Draws the steps in a frame; where there is no room for one, without.
pub(super) fn draw(area: Rect, state: &State, face: Face<'_>, buffer: &mut Buffer) {
    if area.height < STEPS.len() as u16 + 2 {
        let ground = face.look.style(Role::Text);
        paint::fill(buffer, area, ground);
        lines(area, ground, state, face, buffer);
        for row in area.rows().skip(STEPS.len()).take(1) {
            face.put(buffer, row, fitting(&face.locale.text("steps-hint"), usize::from(row.width), face.look), Role::Dim);
        }
        return;
    }
    let (title, hint) = (face.locale.text("steps-title"), face.locale.text("steps-hint"));
    let inside = Popup { title: &title, hint: &hint, bare: !face.frames }.draw(area, buffer, face.look);
    let ground = face.look.style(Role::Text).patch(face.look.style(Role::Popup));
    let spare = inside.height.saturating_sub(STEPS.len() as u16);
    let rows = Rect { y: inside.y + spare / 2, height: inside.height - spare / 2, ..inside };
    lines(rows, ground, state, face, buffer);
}

/// Draws the six lines alone: in few words where not all of them have room in full.
pub(super) fn lines(area: Rect, ground: ratatui::style::Style, state: &State, face: Face<'_>, buffer: &mut Buffer) {
    let width = |text: &str| paint::width(text, face.look.ambiguous);
    let widest = |steps: &[(String, String)]| steps.iter().map(|(head, _)| width(head)).max().unwrap_or(0) + 2;
    let mut steps = STEPS.map(|(id, _, keys)| worded(id, keys, state, face));
    if steps.iter().any(|(_, rest)| widest(&steps) + width(rest) > usize::from(area.width)) {
        steps = STEPS.map(|(_, brief, keys)| worded(brief, keys, state, face));
    }
    let indent = widest(&steps);
    for (row, (head, rest)) in area.rows().zip(steps) {
        let gap = " ".repeat(indent - width(&head));
        let label = Label::new(head, face.look.style(Role::Key)).and(gap, ground).and(rest, ground);
        label.draw(row, buffer, ground, face.look.ambiguous);
    }
}

/// A step in words: what it is about (what stands before the first colon), and the rest.
fn worded(id: &str, keys: &[Named], state: &State, face: Face<'_>) -> (String, String) {
    let key = |(name, command, context): &Named| {
        let first = state.keymap.key_of(*context, command);
        (*name, crate::locale::Value::from(first.unwrap_or_else(|| "—".to_owned())))
    };
    let words = face.format(id, &keys.iter().map(key).collect::<Vec<_>>());
    let (head, rest) = words.split_once(['：', ':']).unwrap_or(("", &words));
    (head.to_owned(), rest.trim().to_owned())
}
