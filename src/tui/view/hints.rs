//! What can follow the keys pressed so far: shown above the status line while a sequence is under
//! way.

use super::{Face, free_edge};
use crate::tui::command::key::name_sequence;
use crate::tui::state::Overlay;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::Popup;
use crate::tui::widget::inside;
use crate::tui::widget::paint;
use ratatui::{buffer::Buffer, layout::Rect};

/// Cells for one entry, at least.
const ENTRY: u16 = 28;
/// Under so many rows there is no frame.
const LOW: u16 = 16;
/// Chars shown of the text at a mark.
const SNIPPET: usize = 16;

/// Draws the hints; whether there are any.
pub(super) fn draw(state: &State, face: Face<'_>, buffer: &mut Buffer) -> bool {
    let entries = entries(state, face);
    let full = state.size.full();
    if entries.is_empty() || full.height < 4 || matches!(state.overlay, Some(Overlay::Prompt(_))) {
        return false;
    }
    let look = face.look;
    let keys = entries.iter().map(|(keys, _)| paint::width(keys, look.ambiguous)).max().unwrap_or(0);
    let room = full.width.saturating_sub(4).max(1);
    let columns = (room / ENTRY).clamp(1, 4).min(entries.len() as u16);
    let wanted = (entries.len() as u16).div_ceil(columns);
    // A low screen has no rows to spare for a frame; some of the text stays in sight.
    let framed = face.frames && full.height >= LOW;
    let height = (wanted + if framed { 2 } else { 1 }).min(full.height - 1);
    let area = Rect { y: full.bottom() - height, height, ..full };
    free_edge(buffer, area, face);
    let rows = if framed { inside(area).height } else { height - 1 }.max(1);
    let more = entries.len() > usize::from(rows * columns);
    let hint = if more { face.locale.text("hints-more") } else { "".into() };
    let ground = look.style(Role::Text).patch(look.style(Role::Popup));
    let room = if framed {
        Popup { title: &state.pending.shown(), hint: &hint, bare: false }.draw(area, buffer, look)
    } else {
        paint::fill(buffer, area, ground);
        let head = Label::new(format!("{} ", state.pending.shown()), look.style(Role::PopupTitle)).and(hint, look.style(Role::Dim));
        head.draw(Rect { height: 1, ..area }, buffer, ground, look.ambiguous);
        Rect { y: area.y + 1, height: height - 1, ..area }
    };
    let width = room.width / columns;
    for (index, (key, doc)) in entries.iter().take(usize::from(rows * columns)).enumerate() {
        let (column, row) = (index as u16 / rows, index as u16 % rows);
        let gap = " ".repeat(keys + 1 - paint::width(key, look.ambiguous).min(keys));
        let label = Label::new(key.as_str(), look.style(Role::Key)).and(gap, ground).and(doc.as_str(), ground);
        let place = Rect { x: room.x + column * width, y: room.y + row, width: width.saturating_sub(1), height: 1 };
        label.draw(place, buffer, ground, look.ambiguous);
    }
    true
}

/// The keys that can follow, each with what it then does.
fn entries(state: &State, face: Face<'_>) -> Vec<(String, String)> {
    let prefix = state.pending.prefix();
    if prefix.is_empty() {
        return Vec::new();
    }
    let context = state.context();
    if state.pending.waits_for_char() {
        return match state.keymap.command(context, prefix).map(|command| command.name) {
            Some("go-mark" | "set-mark") => marks(state),
            _ => Vec::new(),
        };
    }
    let bound = state.keymap.with_prefix(context, prefix);
    let mut entries: Vec<(String, String)> = Vec::new();
    for (keys, command) in bound {
        entries.push((name_sequence(&keys[prefix.len()..]), face.locale.text(&command.doc()).into_owned()));
    }
    entries
}

/// The marks there are, with the text at each.
fn marks(state: &State) -> Vec<(String, String)> {
    let Some(reader) = &state.reader else { return Vec::new() };
    let source = &reader.document().source;
    let snippet = |place: usize| source.chars_from(place).map(|(_, c)| c).take_while(|c| *c != '\n').take(SNIPPET).collect();
    let letters = reader.marks.iter().filter(|(name, _)| name.chars().count() == 1);
    letters.map(|(name, place)| (name.clone(), snippet(*place))).collect()
}
