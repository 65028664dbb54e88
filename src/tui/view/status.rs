//! The status line: position, messages and the prompt.

use super::context::RenderContext;
use crate::locale::{counts::attribute_label, family, id};
use crate::tui::message::{Severity, StatusMessage};
use crate::tui::overlay::{Overlay, Prompt, PromptKind, PromptLabel};
use crate::tui::state::{Focus, ReaderScreen, ScreenKind, State};
use crate::tui::theme::{StyleRole, legible_over};
use crate::tui::widget::StyleContext;
use pizhu_terminal::paint;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// Minimum free cells for the hint on how to get help.
const MIN_HELP_WIDTH: u16 = 40;
/// Minimum free cells for the encoding.
const MIN_ENCODING_WIDTH: u16 = 84;

pub(super) fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
    let area = state.panes().status.intersection(buffer.area);
    let background = ctx.styles.style(StyleRole::Text).patch(ctx.styles.style(StyleRole::Status));
    paint::fill(buffer, area, background);
    if let Some(Overlay::Prompt(prompt)) = &state.overlay {
        return draw_prompt(state, prompt, area, ctx, buffer);
    }
    let mut line = StatusLine { area, background, styles: ctx.styles };
    let pending = state.pending_keys.text();
    if !pending.is_empty() {
        line.right(buffer, &pending, StyleRole::Key);
    }
    if let (ScreenKind::Reader, Some(reader)) = (state.screen, &state.reader) {
        draw_reader(state, reader, &mut line, ctx, buffer);
    } else {
        let mode = state.screen.functions().mode;
        line.left(buffer, &format!(" {} ", ctx.locale.text(mode)), StyleRole::StatusMode);
        line.right(buffer, &format!("{} ", ctx.locale.text(id::STATUS_HELP)), StyleRole::StatusDim);
        draw_message(state, &mut line, ctx, buffer);
    }
    None
}

fn draw_reader(state: &State, reader: &ReaderScreen, line: &mut StatusLine<'_>, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let locale = ctx.locale;
    let mode = match (reader.focus, reader.selection.is_some()) {
        (Focus::Outline, _) => id::STATUS_MODE_OUTLINE,
        (Focus::Text, true) => id::STATUS_MODE_SELECT,
        (Focus::Text, false) => id::STATUS_MODE_READ,
    };
    let wide = line.area.width >= 60;
    let mode = locale.text(mode);
    line.left(buffer, &if wide { format!(" {mode} ") } else { mode.into_owned() }, StyleRole::StatusMode);
    if reader.annotations.hides_others() {
        line.left(buffer, &format!(" {}", locale.text(id::STATUS_BLIND)), StyleRole::Warning);
    }
    line.left(buffer, " ", StyleRole::Status);
    line.right(buffer, &format!(" {}% ", reader.viewport.percent()), StyleRole::Status);
    if let Some(span) = reader.selected() {
        let chars = reader.document().text(span).chars().count();
        line.right(buffer, &format!(" {}", ctx.format(id::STATUS_SELECTED, &[("count", chars.into())])), StyleRole::Status);
    }
    if reader.search.is_highlighted() {
        line.right(buffer, &format!(" {}", reader.search.position_label(reader.viewport.cursor())), StyleRole::Status);
    }
    if !reader.outline.filter().is_empty() {
        let words = ctx.format(id::STATUS_OUTLINE_FILTER, &[("filter", reader.outline.filter().into())]);
        line.right(buffer, &format!(" {words}"), StyleRole::Notice);
    }
    if !reader.document().is_final {
        line.right(buffer, &format!(" {}", locale.text(id::STATUS_READING)), StyleRole::StatusDim);
    }
    if reader.annotations.unsaved_count() > 0 {
        let words = ctx.format(id::STATUS_PENDING, &[("count", reader.annotations.unsaved_count().into())]);
        line.right(buffer, &format!(" {words}"), StyleRole::Pending);
    } else if !reader.annotations.all().is_empty() || reader.document().has_mendings() {
        let words = if wide { locale.text(id::STATUS_SAVED) } else { "✓".into() };
        line.right(buffer, &format!(" {words}"), StyleRole::StatusDim);
    }
    if reader.origin.replaced > 0 {
        let words = ctx.format(id::STATUS_REPLACED, &[("count", reader.origin.replaced.into())]);
        line.right(buffer, &format!(" {words}"), StyleRole::Warning);
    }
    if reader.origin.missing_parts > 0 {
        let words = ctx.format(id::STATUS_MISSING_PARTS, &[("count", reader.origin.missing_parts.into())]);
        line.right(buffer, &format!(" {words}"), StyleRole::Warning);
    }
    if line.area.width >= MIN_HELP_WIDTH {
        line.right(buffer, &format!(" {}", locale.text(id::STATUS_HELP)), StyleRole::StatusDim);
    }
    if line.area.width >= MIN_ENCODING_WIDTH && !reader.origin.encoding.is_empty() {
        let bom = if reader.origin.bom { "+BOM" } else { "" };
        line.right(buffer, &format!(" {}{bom}", reader.origin.encoding), StyleRole::StatusDim);
    }
    if !draw_message(state, line, ctx, buffer) {
        draw_path(reader, line, buffer);
    }
}

/// Draws the path of the current section from the top; before the first section the speech's title.
fn draw_path(reader: &ReaderScreen, line: &mut StatusLine<'_>, buffer: &mut Buffer) {
    let outline = &reader.document().outline;
    let place = match reader.focus {
        Focus::Outline => reader.outline.selected(),
        Focus::Text => outline.section_at(reader.viewport.cursor()),
    };
    let Some(id) = place else {
        line.left(buffer, &reader.title(), StyleRole::StatusDim);
        return;
    };
    let mut above: Vec<_> = outline.ancestors(id).filter_map(|id| outline.get(id)).collect();
    above.reverse();
    let last = above.pop();
    for section in &above {
        let name = if section.marker_text.is_empty() { section.display_title() } else { section.marker_text };
        line.left(buffer, name, StyleRole::StatusDim);
        line.left(buffer, " > ", StyleRole::StatusDim);
    }
    if let Some(section) = last {
        line.left(buffer, section.marker_text, StyleRole::Status);
        line.left(buffer, section.display_title(), StyleRole::Status);
    }
}

/// Draws the message, if any; returns whether there is one.
fn draw_message(state: &State, line: &mut StatusLine<'_>, ctx: RenderContext<'_>, buffer: &mut Buffer) -> bool {
    let Some(message) = &state.status else { return false };
    let role = match message.severity {
        Severity::Done | Severity::Hint => StyleRole::Notice,
        Severity::Error => StyleRole::Error,
    };
    line.left(buffer, " ", StyleRole::Status);
    line.left(buffer, &message_text(message, ctx), role);
    true
}

fn message_text(message: &StatusMessage, ctx: RenderContext<'_>) -> String {
    // An attribute is named as the user calls it.
    let shown = |name: &str, value: &String| if name == "attribute" { attribute_label(value, ctx.locale) } else { value.clone() };
    let mut arguments: Vec<_> = message.arguments.iter().map(|(name, value)| (*name, shown(name, value).into())).collect();
    arguments.extend(message.inner.iter().map(|(name, message)| (*name, message_text(message, ctx).into())));
    ctx.format(message.id, &arguments)
}

fn draw_prompt(state: &State, prompt: &Prompt, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
    let styles = ctx.styles;
    let mut line = StatusLine { area, background: styles.style(StyleRole::Text).patch(styles.style(StyleRole::Status)), styles };
    if let Some(reader) = state.reader.as_ref().filter(|reader| reader.search.is_highlighted()) {
        line.right(buffer, &format!(" {} ", reader.search.position_label(reader.viewport.cursor())), StyleRole::StatusDim);
    }
    if let (PromptKind::Search { .. }, Some(reader)) = (prompt.kind, &state.reader) {
        let mode = ctx.locale.text(family::SEARCH_MODE.id(reader.search.mode().name()));
        line.right(buffer, &format!(" {mode}"), StyleRole::StatusDim);
    }
    match prompt.kind.label() {
        PromptLabel::Sign(sign) => line.left(buffer, sign, StyleRole::Key),
        PromptLabel::Message(message) => line.left(buffer, &format!(" {} ", ctx.locale.text(message)), StyleRole::Key),
    }
    let cursor = prompt.input.draw(line.area, buffer, styles);
    if let Some(hint) = prompt.kind.hint().filter(|_| prompt.input.text().is_empty()) {
        // The cursor's cell stays free.
        line.left(buffer, " ", StyleRole::Input);
        line.left(buffer, &ctx.locale.text(hint), StyleRole::StatusDim);
    }
    cursor
}

/// A row that is filled from both ends.
struct StatusLine<'a> {
    /// The free part.
    area: Rect,
    background: Style,
    styles: StyleContext<'a>,
}

impl StatusLine<'_> {
    fn style(&self, role: StyleRole) -> Style {
        self.background.patch(legible_over(self.styles.style(role), self.background))
    }

    /// Draws a text at the left of the free part, truncated to it.
    fn left(&mut self, buffer: &mut Buffer, text: &str, role: StyleRole) {
        let cut = paint::truncate(text, usize::from(self.area.width), self.styles.ambiguous);
        let x = paint::draw_text(buffer, self.area.x, self.area.y, self.area.right(), &cut, self.style(role), self.styles.ambiguous);
        self.area.width -= x.saturating_sub(self.area.x).min(self.area.width);
        self.area.x = x;
    }

    /// Draws a text at the right of the free part; skips it if it would take more than half.
    fn right(&mut self, buffer: &mut Buffer, text: &str, role: StyleRole) {
        let width = paint::width(text, self.styles.ambiguous) as u16;
        if width > self.area.width / 2 {
            return;
        }
        let x = self.area.right() - width;
        paint::draw_text(buffer, x, self.area.y, self.area.right(), text, self.style(role), self.styles.ambiguous);
        self.area.width -= width;
    }
}
