//! Drawing the introduction: six lines.

use crate::locale::{MessageId, id};
use crate::tui::message::Context;
use crate::tui::theme::StyleRole;
use crate::tui::view::RenderContext;
use crate::tui::widget::{Label, Popup, fit_hint};
use pizhu_terminal::paint;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
};

/// A message argument: its name, the command whose key it shows, and the context of that key.
type KeyArgument = (&'static str, &'static str, Context);

/// A step: its message, the shorter variant, and the keys both name.
type WelcomeStep = (MessageId, MessageId, &'static [KeyArgument]);

const STEPS: [WelcomeStep; 6] = [
    (id::STEPS_OPEN, id::STEPS_OPEN_BRIEF, &[("open", "library-open", Context::Library), ("outline", "switch-pane", Context::Reader)]),
    (
        id::STEPS_READ,
        id::STEPS_READ_BRIEF,
        &[
            ("page", "page-down", Context::Reader),
            ("section", "next-section", Context::Reader),
            ("search", "search-forward", Context::Reader),
        ],
    ),
    (
        id::STEPS_SELECT,
        id::STEPS_SELECT_BRIEF,
        &[("sentence", "select-sentence", Context::Reader), ("more", "grow-selection", Context::Reader)],
    ),
    (
        id::STEPS_TAG,
        id::STEPS_TAG_BRIEF,
        &[("tag", "tag", Context::Reader), ("again", "repeat-tag", Context::Reader), ("note", "note", Context::Reader)],
    ),
    (id::STEPS_EXPORT, id::STEPS_EXPORT_BRIEF, &[("list", "list-annotations", Context::Reader), ("export", "export", Context::Reader)]),
    (
        id::STEPS_HELP,
        id::STEPS_HELP_BRIEF,
        &[("help", "help", Context::Reader), ("palette", "palette", Context::Reader), ("quit", "back", Context::Reader)],
    ),
];

/// Draws the steps in a frame, or without one if there is no room.
pub(super) fn draw(area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    if area.height < STEPS.len() as u16 + 2 {
        let background = ctx.styles.style(StyleRole::Text);
        paint::fill(buffer, area, background);
        draw_lines(area, background, ctx, buffer);
        for row in area.rows().skip(STEPS.len()).take(1) {
            ctx.draw_text(buffer, row, fit_hint(&ctx.locale.text(id::STEPS_HINT), usize::from(row.width), ctx.styles), StyleRole::Dim);
        }
        return;
    }
    let (title, hint) = (ctx.locale.text(id::STEPS_TITLE), ctx.locale.text(id::STEPS_HINT));
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(area, buffer, ctx.styles);
    let background = ctx.styles.style(StyleRole::Text).patch(ctx.styles.style(StyleRole::Popup));
    let spare = inside.height.saturating_sub(STEPS.len() as u16);
    let rows = Rect { y: inside.y + spare / 2, height: inside.height - spare / 2, ..inside };
    draw_lines(rows, background, ctx, buffer);
}

/// Draws only the six lines, in the shorter variant if one of them does not fit.
pub(in crate::tui) fn draw_lines(area: Rect, background: ratatui::style::Style, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let width = |text: &str| paint::width(text, ctx.styles.ambiguous);
    let widest = |steps: &[(String, String)]| steps.iter().map(|(head, _)| width(head)).max().unwrap_or(0) + 2;
    let mut steps = STEPS.map(|(id, _, keys)| localize(id, keys, ctx));
    if steps.iter().any(|(_, rest)| widest(&steps) + width(rest) > usize::from(area.width)) {
        steps = STEPS.map(|(_, brief, keys)| localize(brief, keys, ctx));
    }
    let indent = widest(&steps);
    for (row, (head, rest)) in area.rows().zip(steps) {
        let gap = " ".repeat(indent - width(&head));
        let label = Label::new(head, ctx.styles.style(StyleRole::Key)).and(gap, background).and(rest, background);
        label.draw(row, buffer, background, ctx.styles.ambiguous);
    }
}

/// The localized step, split at the first colon into its topic and the rest.
fn localize(id: MessageId, keys: &[KeyArgument], ctx: RenderContext<'_>) -> (String, String) {
    let key = |(name, command, context): &KeyArgument| {
        let first = ctx.keymap.key_of(*context, command);
        (*name, crate::locale::Value::from(first.unwrap_or_else(|| "—".to_owned())))
    };
    let words = ctx.format(id, &keys.iter().map(key).collect::<Vec<_>>());
    let (head, rest) = words.split_once(['：', ':']).unwrap_or(("", &words));
    (head.to_owned(), rest.trim().to_owned())
}
