//! Drawing: one file a screen. Everything here reads the state and changes nothing.

mod across;
mod annotations;
mod counts;
mod editor;
mod help;
mod hints;
mod library;
mod margin;
mod outline;
mod picker;
mod reader;
mod review;
mod settings;
mod status;
mod steps;

use super::{
    command::Context,
    state::{Overlay, Screen, Size, State, size::LEAST},
    theme::Role,
    widget::{Look, paint},
};
use crate::locale::{Locale, Value};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// What drawing needs beside the state: the theme and widths, and the language.
#[derive(Debug, Clone, Copy)]
pub struct Face<'a> {
    /// Theme and widths.
    pub look: Look<'a>,
    /// The words.
    pub locale: Locale,
    /// Whether windows have frames.
    pub frames: bool,
}

impl Face<'_> {
    /// A message with arguments.
    fn format(&self, id: &str, arguments: &[(&str, Value)]) -> String {
        self.locale.format(id, arguments)
    }

    fn put(&self, buffer: &mut Buffer, area: Rect, text: &str, role: Role) -> u16 {
        let style = buffer.cell((area.x, area.y)).map(ratatui::buffer::Cell::style).unwrap_or_default();
        paint::put(buffer, area.x, area.y, area.right(), text, style.patch(self.look.style(role)), self.look.ambiguous)
    }
}

/// What the frame before left in the buffer and the next may leave there.
#[derive(Debug, Default)]
pub struct Standing {
    outline: Option<outline::Print>,
}

/// Draws the whole screen; where the hardware cursor belongs, for input methods draw there.
pub fn draw(state: &State, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    redraw(state, face, buffer, &mut Standing::default()).0
}

/// Draws the screen into a buffer that holds the frame before, of which `standing` tells; where
/// the cursor belongs, and the cells that were left as they were.
pub fn redraw(state: &State, face: Face<'_>, buffer: &mut Buffer, standing: &mut Standing) -> (Option<Position>, Rect) {
    let size = Size { width: buffer.area.width, height: buffer.area.height };
    let outline = match (state.screen, &state.reader) {
        (Screen::Reader, Some(reader)) if size.is_enough() => outline::Outline::of(reader, state.panes().outline, face),
        _ => None,
    };
    let print = outline.as_ref().map(outline::Outline::print);
    let stood = std::mem::take(&mut standing.outline);
    let kept = print.filter(|print| stood == Some(*print)).map_or(Rect::ZERO, |print| print.area().intersection(buffer.area));
    fill_around(buffer, kept, face.look.style(Role::Text));
    if let Some(outline) = outline.filter(|_| kept.is_empty()) {
        outline.draw(buffer);
    }
    if !size.is_enough() {
        let words = face.format("too-small", &[("width", LEAST.width.into()), ("height", LEAST.height.into())]);
        face.put(buffer, buffer.area, &words, Role::Warning);
        return (None, Rect::ZERO);
    }
    let line = match (state.screen, &state.reader, &state.across) {
        (Screen::Reader, Some(reader), _) => {
            reader::draw(state, reader, face, buffer);
            None
        }
        (Screen::Across, _, Some(across)) => across::draw(state, across, face, buffer),
        _ => {
            match state.counts.as_ref().filter(|_| state.screen == Screen::Counts) {
                Some(counts) => counts::draw(state, counts, face, buffer),
                None => library::draw(state, face, buffer),
            }
            None
        }
    };
    let cursor = status::draw(state, face, buffer).or(line);
    let covered = covered(state);
    if let Some(area) = covered {
        free_edge(buffer, area, face);
    }
    let hinted = hints::draw(state, face, buffer);
    let cursor = draw_overlay(state.overlay.as_ref(), state, face, buffer).or(cursor);
    if covered.is_some() || hinted {
        (cursor, Rect::ZERO)
    } else {
        standing.outline = print;
        (cursor, kept)
    }
}

/// Blanks all but the cells in `kept`.
fn fill_around(buffer: &mut Buffer, kept: Rect, style: Style) {
    let area = buffer.area;
    if kept.is_empty() {
        paint::fill(buffer, area, style);
        return;
    }
    let left = Rect { width: kept.left() - area.left(), ..kept };
    let right = Rect { x: kept.right(), width: area.right() - kept.right(), ..kept };
    let above = Rect { height: kept.top() - area.top(), ..area };
    let below = Rect { y: kept.bottom(), height: area.bottom() - kept.bottom(), ..area };
    for rest in [Rect { x: area.x, ..left }, right, above, below] {
        paint::fill(buffer, rest, style);
    }
}

fn draw_overlay(overlay: Option<&Overlay>, state: &State, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    match overlay {
        None => None,
        Some(Overlay::Prompt(prompt)) => {
            draw_overlay(prompt.under.as_deref(), state, face, buffer);
            None
        }
        Some(Overlay::Settings(list)) => {
            settings::draw(list, state, face, buffer);
            None
        }
        Some(Overlay::Steps) => {
            steps::draw(state.size.steps(), state, face, buffer);
            None
        }
        Some(Overlay::Bookmarks(bookmarks)) => picker::draw(&bookmarks.picker, "prompt-bookmark", "bookmarks-hint", state, face, buffer),
        Some(Overlay::Exporting(exporting)) => picker::draw(&exporting.picker, "prompt-export", "choose-hint", state, face, buffer),
        Some(Overlay::Help(help)) => {
            help::draw(state, help, face, buffer);
            None
        }
        Some(Overlay::Annotations(listing)) => {
            annotations::draw(state, listing, face, buffer);
            None
        }
        Some(Overlay::Review(review)) => {
            review::draw(state, review, face, buffer);
            None
        }
        Some(Overlay::Offering(offering)) => picker::draw(&offering.picker, offering.title, "choose-hint", state, face, buffer),
        Some(Overlay::Picking(picking)) => picker::draw(&picking.picker, "prompt-tag", "picker-hint", state, face, buffer),
        Some(Overlay::Choosing(choosing)) => picker::draw(&choosing.picker, "prompt-annotation", "choose-hint", state, face, buffer),
        Some(Overlay::Palette(palette)) => picker::draw(&palette.picker, "prompt-palette", "choose-hint", state, face, buffer),
        Some(Overlay::Editor(editor)) => editor::draw(editor, state, face, buffer),
    }
}

/// Where an overlay is going to be drawn.
fn covered(state: &State) -> Option<Rect> {
    let overlay = state.overlay.as_ref()?;
    if let Overlay::Prompt(prompt) = overlay {
        return prompt.under.as_ref().map(|_| state.size.full());
    }
    Some(match overlay.context() {
        Context::Steps => state.size.steps(),
        Context::Settings => state.size.settings(),
        Context::Picker => state.size.picker(),
        Context::Editor => state.size.editor(),
        _ => state.size.full(),
    })
}

/// Takes away the wide characters that would reach into `area` from the left and cover its edge.
fn free_edge(buffer: &mut Buffer, area: Rect, face: Face<'_>) {
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom().min(buffer.area.bottom()) {
        let cell = &mut buffer[(x, y)];
        if paint::width(cell.symbol(), face.look.ambiguous) > 1 {
            let style = cell.style();
            cell.reset();
            cell.set_style(style);
        }
    }
}

#[cfg(test)]
mod tests;
