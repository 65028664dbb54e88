//! The status line: where one is, what was said, what is being typed.

use super::Face;
use crate::tui::state::Focus;
use crate::tui::state::Notice;
use crate::tui::state::Overlay;
use crate::tui::state::Prompt;
use crate::tui::state::PromptKind;
use crate::tui::state::PromptLabel;
use crate::tui::state::Reader;
use crate::tui::state::Screen;
use crate::tui::state::State;
use crate::tui::state::Tone;
use crate::tui::theme::Role;
use crate::tui::widget::Look;
use crate::tui::widget::paint;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// The status line of the reader says how to get help where it has so many cells left.
const HELP_FROM: u16 = 84;

pub(super) fn draw(state: &State, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    let area = state.panes().status.intersection(buffer.area);
    let ground = face.look.style(Role::Text).patch(face.look.style(Role::Status));
    paint::fill(buffer, area, ground);
    if let Some(Overlay::Prompt(prompt)) = &state.overlay {
        return draw_prompt(state, prompt, area, face, buffer);
    }
    let mut line = Line { area, ground, look: face.look };
    let pending = state.pending.shown();
    if !pending.is_empty() {
        line.right(buffer, &pending, Role::Key);
    }
    if let (Screen::Reader, Some(reader)) = (state.screen, &state.reader) {
        draw_reader(state, reader, &mut line, face, buffer);
    } else {
        let mode = match state.screen {
            Screen::Across => "status-mode-across",
            Screen::Counts => "status-mode-counts",
            Screen::Beside => "status-mode-beside",
            Screen::Library | Screen::Reader => "status-mode-library",
        };
        line.left(buffer, &format!(" {} ", face.locale.text(mode)), Role::StatusMode);
        line.right(buffer, &format!("{} ", face.locale.text("status-help")), Role::StatusDim);
        draw_notice(state, &mut line, face, buffer);
    }
    None
}

fn draw_reader(state: &State, reader: &Reader, line: &mut Line<'_>, face: Face<'_>, buffer: &mut Buffer) {
    let locale = face.locale;
    let mode = match (reader.focus, reader.selection.is_some()) {
        (Focus::Outline, _) => "status-mode-outline",
        (Focus::Text, true) => "status-mode-select",
        (Focus::Text, false) => "status-mode-read",
    };
    let wide = line.area.width >= 60;
    let mode = locale.text(mode);
    line.left(buffer, &if wide { format!(" {mode} ") } else { mode.into_owned() }, Role::StatusMode);
    line.left(buffer, " ", Role::Status);
    line.right(buffer, &format!(" {}% ", reader.viewport.percent()), Role::Status);
    if let Some(span) = reader.selected() {
        let chars = reader.document().text(span).chars().count();
        line.right(buffer, &format!(" {}", face.format("status-selected", &[("count", chars.into())])), Role::Status);
    }
    if reader.search.is_shown() {
        line.right(buffer, &format!(" {}", reader.search.tally(reader.viewport.cursor())), Role::Status);
    }
    if !reader.document().is_final {
        line.right(buffer, &format!(" {}", locale.text("status-reading")), Role::StatusDim);
    }
    if reader.notes.pending() > 0 {
        let words = face.format("status-pending", &[("count", reader.notes.pending().into())]);
        line.right(buffer, &format!(" {words}"), Role::Pending);
    } else if !reader.notes.all().is_empty() {
        let words = if wide { locale.text("status-saved") } else { "✓".into() };
        line.right(buffer, &format!(" {words}"), Role::StatusDim);
    }
    if reader.notes.read_only {
        line.right(buffer, &format!(" {}", locale.text("status-read-only")), Role::Warning);
    }
    if reader.origin.replaced > 0 {
        let words = face.format("status-replaced", &[("count", reader.origin.replaced.into())]);
        line.right(buffer, &format!(" {words}"), Role::Warning);
    }
    if wide && !reader.origin.encoding.is_empty() {
        let bom = if reader.origin.bom { "+BOM" } else { "" };
        line.right(buffer, &format!(" {}{bom}", reader.origin.encoding), Role::StatusDim);
    }
    if line.area.width >= HELP_FROM {
        line.right(buffer, &format!(" {} ", locale.text("status-help")), Role::StatusDim);
    }
    if !draw_notice(state, line, face, buffer) {
        draw_path(reader, line, buffer);
    }
}

/// The sections one is in, from the top; the speech's title before the first.
fn draw_path(reader: &Reader, line: &mut Line<'_>, buffer: &mut Buffer) {
    let outline = &reader.document().outline;
    let place = match reader.focus {
        Focus::Outline => reader.outline.selected(),
        Focus::Text => outline.at(reader.viewport.cursor()),
    };
    let Some(id) = place else {
        line.left(buffer, &reader.title(), Role::StatusDim);
        return;
    };
    let mut above: Vec<_> = outline.ancestors(id).filter_map(|id| outline.get(id)).collect();
    above.reverse();
    let last = above.pop();
    for section in &above {
        let name = if section.marker_text.is_empty() { section.shown_title() } else { section.marker_text };
        line.left(buffer, name, Role::StatusDim);
        line.left(buffer, " > ", Role::StatusDim);
    }
    if let Some(section) = last {
        line.left(buffer, section.marker_text, Role::Status);
        line.left(buffer, section.shown_title(), Role::Status);
    }
}

/// Says what is to be said; whether there is anything.
fn draw_notice(state: &State, line: &mut Line<'_>, face: Face<'_>, buffer: &mut Buffer) -> bool {
    let Some(notice) = &state.notice else { return false };
    let role = match notice.tone {
        Tone::Done | Tone::Hint => Role::Notice,
        Tone::Error => Role::Error,
    };
    line.left(buffer, " ", Role::Status);
    line.left(buffer, &words(notice, face), role);
    true
}

fn words(notice: &Notice, face: Face<'_>) -> String {
    let arguments: Vec<_> = notice.arguments.iter().map(|(name, value)| (*name, value.clone().into())).collect();
    face.format(&format!("notice-{}", notice.id), &arguments)
}

fn draw_prompt(state: &State, prompt: &Prompt, area: Rect, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    let look = face.look;
    let mut line = Line { area, ground: look.style(Role::Text).patch(look.style(Role::Status)), look };
    if let Some(reader) = state.reader.as_ref().filter(|reader| reader.search.is_shown()) {
        line.right(buffer, &format!(" {} ", reader.search.tally(reader.viewport.cursor())), Role::StatusDim);
    }
    if let (PromptKind::Search { .. }, Some(reader)) = (prompt.kind, &state.reader) {
        let mode = face.locale.text(&format!("search-mode-{}", reader.search.mode().name()));
        line.right(buffer, &format!(" {mode}"), Role::StatusDim);
    }
    match prompt.kind.label() {
        PromptLabel::Sign(sign) => line.left(buffer, sign, Role::Key),
        PromptLabel::Message(message) => line.left(buffer, &format!(" {} ", face.locale.text(message)), Role::Key),
    }
    let cursor = prompt.input.draw(line.area, buffer, look);
    if let Some(hint) = prompt.kind.hint().filter(|_| prompt.input.text().is_empty()) {
        // The cell of the cursor stays free.
        line.left(buffer, " ", Role::Input);
        line.left(buffer, &face.locale.text(hint), Role::StatusDim);
    }
    cursor
}

/// A line that is filled from both ends.
struct Line<'a> {
    /// What is still free.
    area: Rect,
    ground: Style,
    look: Look<'a>,
}

impl Line<'_> {
    fn style(&self, role: Role) -> Style {
        self.ground.patch(self.look.style(role))
    }

    /// Puts a text at the left of what is free, cut where it does not fit.
    fn left(&mut self, buffer: &mut Buffer, text: &str, role: Role) {
        let cut = paint::truncate(text, usize::from(self.area.width), self.look.ambiguous);
        let x = paint::put(buffer, self.area.x, self.area.y, self.area.right(), &cut, self.style(role), self.look.ambiguous);
        self.area.width -= x.saturating_sub(self.area.x).min(self.area.width);
        self.area.x = x;
    }

    /// Puts a text at the right of what is free; leaves it out where it would take more than half
    /// of that.
    fn right(&mut self, buffer: &mut Buffer, text: &str, role: Role) {
        let width = paint::width(text, self.look.ambiguous) as u16;
        if width > self.area.width / 2 {
            return;
        }
        let x = self.area.right() - width;
        paint::put(buffer, x, self.area.y, self.area.right(), text, self.style(role), self.look.ambiguous);
        self.area.width -= width;
    }
}
