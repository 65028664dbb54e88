//! Drawing the preview beside the library.

use crate::locale::id;
use crate::tui::message::{LibraryEntry, SpeechPreview};
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::view::RenderContext;
use crate::tui::widget::{Label, wrap_pieces};
use pizhu_terminal::paint;
use pizhu_text::layout::LayoutStyle;
use ratatui::{buffer::Buffer, layout::Rect};

/// Maximum rows of the first lines.
const MAX_LINE_ROWS: usize = 5;

/// Draws the preview of the selected speech in `area`, and the line left of it.
pub(in crate::tui) fn draw(state: &State, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    let gutter = ctx.styles.style(StyleRole::Gutter);
    for y in area.y..area.bottom() {
        paint::draw_grapheme(buffer, area.x.saturating_sub(2), y, "╎", 1, gutter);
    }
    let Some(entry) = state.library.selected() else { return };
    let preview = state.preview.of(entry);
    let lines = rows(entry, preview, usize::from(area.height), area.width, ctx);
    let plain = ctx.styles.style(StyleRole::Text);
    for (row, label) in area.rows().zip(lines) {
        label.draw(row, buffer, plain, ctx.styles.ambiguous);
    }
}

/// The rows: facts, first lines, outline. The facts are known without the preview.
fn rows<'a>(entry: &LibraryEntry, preview: Option<&SpeechPreview>, height: usize, width: u16, ctx: RenderContext<'_>) -> Vec<Label<'a>> {
    let styles = ctx.styles;
    let layout = LayoutStyle { width: width.saturating_sub(1).max(4), ambiguous: styles.ambiguous, ..LayoutStyle::default() };
    let wrapped = |text: &str, role: StyleRole| -> Vec<Label<'a>> {
        let rows = wrap_pieces(&[(text.to_owned(), role)], layout).into_iter();
        rows.map(|row| row.into_iter().fold(Label::default(), |label, (text, role)| label.and(text, styles.style(role)))).collect()
    };
    let mut rows = wrapped(&entry.title, StyleRole::Title);
    rows.truncate(2);
    let length =
        ctx.format(id::PREVIEW_LENGTH, &[("count", entry.chars.into()), ("minutes", entry.chars.div_ceil(super::CHARS_A_MINUTE).into())]);
    let mut facts: Vec<String> = [&entry.date, &entry.speaker].into_iter().filter(|fact| !fact.is_empty()).cloned().collect();
    facts.push(length);
    if let Some(preview) = preview.filter(|preview| preview.annotations > 0) {
        let counts = [("notes", preview.notes.into()), ("annotations", preview.annotations.into())];
        facts.push(ctx.format(id::PREVIEW_ANNOTATIONS, &counts));
    }
    rows.extend(wrapped(&facts.join(" · "), StyleRole::Dim));
    let Some(preview) = preview else { return rows };
    if !preview.error.is_empty() {
        rows.extend(wrapped(&preview.error, StyleRole::Error));
        return rows;
    }
    rows.push(Label::default());
    // The outline has what the first lines leave, which have at most a quarter.
    let most = MAX_LINE_ROWS.min(height / 4).max(1);
    let mut lines: Vec<Label<'a>> = preview.first_lines.iter().flat_map(|line| wrapped(line, StyleRole::Text)).collect();
    lines.truncate(most);
    rows.append(&mut lines);
    rows.push(Label::default());
    let left = height.saturating_sub(rows.len());
    let depth = shown_depth(preview, left);
    let shown: Vec<_> = preview.sections.iter().filter(|section| section.depth <= depth).collect();
    let cut = if shown.len() > left { left.saturating_sub(1) } else { shown.len() };
    for section in shown.iter().take(cut) {
        let role = if section.depth == 1 { StyleRole::Strong } else { StyleRole::Text };
        let indent = "  ".repeat(section.depth.saturating_sub(1).min(4));
        let mut label = Label::new(format!("{indent}{}", section.heading), styles.style(role));
        if !section.tags.is_empty() {
            let tags: Vec<&str> = section.tags.iter().take(3).map(|tag| tag.name.as_str()).collect();
            label = label.right(format!(" {} ", tags.join(" ")), styles.style(StyleRole::Badge));
        }
        rows.push(label);
    }
    if shown.len() > cut {
        rows.push(Label::new(format!("… {}", shown.len() - cut), styles.style(StyleRole::Dim)));
    }
    rows
}

/// The deepest level down to which the outline fits, at least the first.
fn shown_depth(preview: &SpeechPreview, rows: usize) -> usize {
    let count = |depth: usize| preview.sections.iter().filter(|section| section.depth <= depth).count();
    (1..=5).take_while(|depth| *depth == 1 || count(*depth) <= rows).last().unwrap_or(1)
}
