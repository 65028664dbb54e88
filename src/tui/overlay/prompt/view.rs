//! The candidates for the end of a prompt's line, above it.

use crate::tui::overlay::PromptCompletion;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::view::RenderContext;
use crate::tui::widget::{Label, ListState, draw_list};
use pizhu_terminal::paint;
use ratatui::{buffer::Buffer, layout::Rect};

/// Maximum number of candidates shown at once.
const MAX_ROWS: u16 = 8;
/// Width of the list in cells, if the screen has them.
const LEAST_WIDTH: u16 = 24;

/// The area of the candidates.
pub(in crate::tui) fn area(completion: &PromptCompletion, state: &State, ctx: RenderContext<'_>) -> Rect {
    let full = state.size.above_status_line();
    let width = |text: &str| paint::width(text, ctx.styles.ambiguous);
    let wanted = completion.candidates().iter().map(|one| width(&one.text) + width(&one.help) + 5).max().unwrap_or(0);
    let height = u16::try_from(completion.candidates().len()).unwrap_or(MAX_ROWS).min(MAX_ROWS).min(full.height);
    let width = u16::try_from(wanted).unwrap_or(full.width).max(LEAST_WIDTH).min(full.width);
    Rect { y: full.bottom() - height, width, height, ..full }
}

pub(in crate::tui) fn draw(completion: &PromptCompletion, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let area = area(completion, state, ctx);
    let styles = ctx.styles;
    paint::clear_cut_wide_chars(buffer, area, styles.ambiguous);
    paint::fill(buffer, area, styles.style(StyleRole::Text).patch(styles.style(StyleRole::Popup)));
    let mut list = ListState::default();
    list.select(completion.selected(), completion.candidates().len(), area.height);
    draw_list(&list, completion.candidates().len(), area, buffer, styles, |index| {
        let Some(one) = completion.candidates().get(index) else { return Label::default() };
        let label = Label::new(format!(" {}", one.text), ratatui::style::Style::new());
        if one.help.is_empty() { label } else { label.right(format!(" {} ", one.help), styles.style(StyleRole::Dim)) }
    });
}
