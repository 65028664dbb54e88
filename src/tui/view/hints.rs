//! Hints for an unfinished key sequence: the keys that can follow, above the status line.

use super::context::RenderContext;
use crate::locale::id;
use crate::tui::key::name_sequence;
use crate::tui::overlay::Overlay;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::widget::{Label, Popup, inner_area};
use pizhu_terminal::paint;
use ratatui::{buffer::Buffer, layout::Rect};

/// Minimum width of an entry, in cells.
const MIN_ENTRY_WIDTH: u16 = 28;
/// Minimum screen height for a frame, in rows.
const MIN_FRAMED_HEIGHT: u16 = 16;
/// Chars of text shown at a mark.
const SNIPPET_CHARS: usize = 16;

/// Draws the hints; returns whether there are any.
pub(super) fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> bool {
    let entries = entries(state, ctx);
    let full = state.size.above_status_line();
    if entries.is_empty() || full.height < 4 || matches!(state.overlay, Some(Overlay::Prompt(_))) {
        return false;
    }
    let styles = ctx.styles;
    let keys = entries.iter().map(|(keys, _)| paint::width(keys, styles.ambiguous)).max().unwrap_or(0);
    let room = full.width.saturating_sub(4).max(1);
    let columns = (room / MIN_ENTRY_WIDTH).clamp(1, 4).min(entries.len() as u16);
    let wanted = (entries.len() as u16).div_ceil(columns);
    // A low screen has no rows to spare for a frame; part of the text stays visible.
    let framed = ctx.frames && full.height >= MIN_FRAMED_HEIGHT;
    let height = (wanted + if framed { 2 } else { 1 }).min(full.height - 1);
    let area = Rect { y: full.bottom() - height, height, ..full };
    paint::clear_cut_wide_chars(buffer, area, styles.ambiguous);
    let rows = if framed { inner_area(area).height } else { height - 1 }.max(1);
    let more = entries.len() > usize::from(rows * columns);
    let hint = if more { ctx.locale.text(id::HINTS_MORE) } else { "".into() };
    let background = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Popup));
    let room = if framed {
        Popup { title: &state.pending_keys.text(), hint: &hint, bare: false }.draw(area, buffer, styles)
    } else {
        paint::fill(buffer, area, background);
        let head = Label::new(format!("{} ", state.pending_keys.text()), styles.style(StyleRole::PopupTitle))
            .and(hint, styles.style(StyleRole::Dim));
        head.draw(Rect { height: 1, ..area }, buffer, background, styles.ambiguous);
        Rect { y: area.y + 1, height: height - 1, ..area }
    };
    let width = room.width / columns;
    for (index, (key, doc)) in entries.iter().take(usize::from(rows * columns)).enumerate() {
        let (column, row) = (index as u16 / rows, index as u16 % rows);
        let gap = " ".repeat(keys + 1 - paint::width(key, styles.ambiguous).min(keys));
        let label = Label::new(key.as_str(), styles.style(StyleRole::Key)).and(gap, background).and(doc.as_str(), background);
        let place = Rect { x: room.x + column * width, y: room.y + row, width: width.saturating_sub(1), height: 1 };
        label.draw(place, buffer, background, styles.ambiguous);
    }
    true
}

/// The keys that can follow, each with its command's description.
fn entries(state: &State, ctx: RenderContext<'_>) -> Vec<(String, String)> {
    let prefix = state.pending_keys.prefix();
    if prefix.is_empty() {
        return Vec::new();
    }
    let context = state.context();
    if state.pending_keys.waits_for_char() {
        return match ctx.keymap.command(context, prefix).map(|command| command.name) {
            Some("go-mark" | "set-mark") => marks(state),
            _ => Vec::new(),
        };
    }
    let bound = ctx.keymap.with_prefix(context, prefix);
    let mut entries: Vec<(String, String)> = Vec::new();
    for (keys, command) in bound {
        entries.push((name_sequence(&keys[prefix.len()..]), ctx.locale.text(command.description()).into_owned()));
    }
    entries
}

/// The marks set, each with the text there.
fn marks(state: &State) -> Vec<(String, String)> {
    let Some(reader) = &state.reader else { return Vec::new() };
    let source = &reader.document().source;
    let snippet = |place: usize| source.chars_from(place).map(|(_, c)| c).take_while(|c| *c != '\n').take(SNIPPET_CHARS).collect();
    let letters = reader.marks.iter().filter(|(name, _)| name.chars().count() == 1);
    letters.map(|(name, place)| (name.clone(), snippet(*place))).collect()
}
