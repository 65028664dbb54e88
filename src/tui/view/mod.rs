//! Drawing: one file a screen. Everything here reads the state and changes nothing.

mod across;
mod annotations;
mod beside;
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

use pizhu_terminal::{Kept, color};
use super::{
    command::Context,
    state::{About, Overlay, Reader, Screen, Size, State, size::LEAST},
    theme::{Role, Theme},
    widget::{Look, paint},
};
use crate::locale::Locale;
use crate::locale::Value;
use pizhu_text::text::width::Ambiguous;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Color, Style},
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

/// A style as numbers, which are quicker to hash.
fn inked(style: Style) -> (u64, u32) {
    let number = |color: Option<Color>| u64::from(color.map_or(0, color::number));
    let modifiers = u32::from(style.add_modifier.bits()) << 16 | u32::from(style.sub_modifier.bits());
    (number(style.fg) << 32 | number(style.bg), modifiers)
}

/// What a frame was drawn with.
struct Worn {
    theme: Theme,
    rest: (Ambiguous, Locale, bool),
}

impl Worn {
    fn of(face: Face<'_>) -> Self {
        Self { theme: face.look.theme.clone(), rest: (face.look.ambiguous, face.locale, face.frames) }
    }

    fn is(&self, face: Face<'_>) -> bool {
        self.rest == (face.look.ambiguous, face.locale, face.frames) && self.theme == *face.look.theme
    }
}

/// What the frame before left in the buffer and the next may leave there.
#[derive(Default)]
pub struct Standing {
    worn: Option<Worn>,
    outline: Option<outline::Print>,
    rows: Option<reader::RowsPrint>,
}

/// Draws the whole screen; where the hardware cursor belongs, for input methods draw there.
pub fn draw(state: &State, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    redraw(state, face, buffer, &mut Standing::default()).0
}

/// Draws the screen into a buffer that the frame before was drawn into, of which `standing` tells;
/// where the cursor belongs, and what is kept. Rows of text that are kept, and may have moved, are
/// not drawn: the buffer need not hold them.
pub fn redraw(state: &State, face: Face<'_>, buffer: &mut Buffer, standing: &mut Standing) -> (Option<Position>, Kept) {
    let size = Size { width: buffer.area.width, height: buffer.area.height };
    let mut before = std::mem::take(standing);
    if before.worn.as_ref().is_none_or(|worn| !worn.is(face)) {
        before = Standing { worn: Some(Worn::of(face)), ..Standing::default() };
    }
    standing.worn = before.worn.take();
    let covered = covered(state);
    if covered.is_some() || !state.pending.prefix().is_empty() {
        // What lies beside what covers the text is drawn with it.
        before.rows = None;
    }
    if !size.is_enough() {
        paint::fill(buffer, buffer.area, face.look.style(Role::Text));
        let words = face.format("too-small", &[("width", LEAST.width.into()), ("height", LEAST.height.into())]);
        face.put(buffer, buffer.area, &words, Role::Warning);
        return (None, Kept::default());
    }
    let (mut line, mut kept) = (None, Kept::default());
    match (state.screen, &state.reader, &state.across) {
        (Screen::Reader, Some(reader), _) => kept = draw_reader(state, reader, face, buffer, &before, standing),
        (Screen::Across, _, Some(across)) => {
            paint::fill(buffer, buffer.area, face.look.style(Role::Text));
            line = across::draw(state, across, face, buffer);
        }
        _ => {
            paint::fill(buffer, buffer.area, face.look.style(Role::Text));
            match (state.screen, &state.counts, &state.beside) {
                (Screen::Counts, Some(counts), _) => counts::draw(state, counts, face, buffer),
                (Screen::Beside, _, Some(beside)) => beside::draw(state, beside, face, buffer),
                _ => library::draw(state, face, buffer),
            }
        }
    }
    let cursor = status::draw(state, face, buffer).or(line);
    if let Some(area) = covered {
        free_edge(buffer, area, face);
    }
    let hinted = hints::draw(state, face, buffer);
    let cursor = draw_overlay(state.overlay.as_ref(), state, face, buffer).or(cursor);
    if covered.is_some() || hinted {
        (standing.outline, standing.rows) = (None, None);
        kept.areas.clear();
    }
    (cursor, kept)
}

/// Draws the reader where it is not as it was `before`, and notes what stands now.
fn draw_reader(state: &State, reader: &Reader, face: Face<'_>, buffer: &mut Buffer, before: &Standing, standing: &mut Standing) -> Kept {
    let ground = face.look.style(Role::Text);
    let mut kept = Kept::default();
    let whole = buffer.area;
    standing.outline = outline::Print::of(reader, state.panes().outline);
    if let Some(outline) = &standing.outline {
        let (area, shown) = (outline.area(whole), outline.shown_by(before.outline.as_ref()));
        if shown.contains(&false) {
            for (row, shown) in area.rows().zip(&shown) {
                if *shown {
                    kept.areas.push(row);
                } else {
                    paint::fill(buffer, row, ground);
                }
            }
            outline.draw(&shown, reader, face, buffer);
        } else {
            kept.areas.push(area);
        }
    }
    if let Some(rows) = reader::Rows::of(state, reader, face) {
        let print = rows.print(before.rows.as_ref());
        let shown = match &before.rows {
            Some(before) => {
                kept.moved = print.moved_since(before);
                print.shown_by(before, kept.moved)
            }
            None => vec![false; usize::from(print.area().height)],
        };
        for (row, shown) in print.area().rows().zip(&shown) {
            if *shown {
                kept.areas.push(row);
            } else {
                paint::fill(buffer, row, ground);
            }
        }
        // Notes in the margin are not of one row.
        if !rows.draw(&shown, buffer) {
            standing.rows = Some(print);
        }
    }
    kept
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

/// The message `title`, and behind it what the tags or the note are for.
fn titled(title: &str, state: &State, face: Face<'_>) -> String {
    let title = face.locale.text(title);
    let about = match state.about() {
        None => return title.into_owned(),
        Some(About::Section(title)) => face.format("about-section", &[("title", title.into())]),
        Some(About::Passage(quote)) => face.format("about-passage", &[("quote", quote.into())]),
        Some(About::Places(count)) => face.format("about-places", &[("count", count.into())]),
    };
    format!("{title} · {about}")
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
