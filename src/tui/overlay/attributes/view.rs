//! The attributes of a speech, one row each: name, value, where it comes from.

use crate::locale::{counts::attribute_label, id};
use crate::tui::overlay::AttributesCard;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::view::RenderContext;
use crate::tui::widget::{Label, Popup, draw_list};
use pizhu_library::attributes::AttributeSource;
use pizhu_terminal::paint;
use ratatui::{buffer::Buffer, style::Style};

/// The most cells of a name.
const MAX_NAME: usize = 16;

pub(in crate::tui) fn draw(card: &AttributesCard, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let (title, hint) = (ctx.locale.text(id::ATTRIBUTES_TITLE), ctx.locale.text(id::ATTRIBUTES_HINT));
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(state.size.settings(), buffer, styles);
    let rows = state.attribute_rows(card);
    let names: Vec<String> =
        rows.iter()
            .map(|row| {
                if row.key.is_empty() {
                    ctx.locale.text(id::ATTRIBUTES_OF_TITLE).into_owned()
                } else {
                    attribute_label(&row.key, ctx.locale)
                }
            })
            .collect();
    let room = names.iter().map(|name| paint::width(name, styles.ambiguous)).max().unwrap_or(0).min(MAX_NAME);
    let mut list = card.list;
    list.select(list.selected(), rows.len(), inside.height);
    draw_list(&list, rows.len(), inside, buffer, styles, |index| {
        let (Some(row), Some(name)) = (rows.get(index), names.get(index)) else { return Label::default() };
        let name = paint::truncate(name, room, styles.ambiguous);
        let gap = " ".repeat(room.saturating_sub(paint::width(&name, styles.ambiguous)) + 2);
        let label = Label::new(format!("{name}{gap}"), styles.style(StyleRole::Dim));
        let label = match &row.attribute {
            None => label.and("–", styles.style(StyleRole::Dim)),
            Some(attribute) if attribute.value.is_empty() => label.and(ctx.locale.text(id::ATTRIBUTES_NONE), styles.style(StyleRole::Dim)),
            Some(attribute) => label.and(attribute.value.clone(), Style::new()),
        };
        match &row.attribute {
            Some(attribute) if attribute.source == AttributeSource::Set => {
                let words = if attribute.author.is_empty() {
                    ctx.locale.text(id::ATTRIBUTES_SET).into_owned()
                } else {
                    ctx.format(id::ATTRIBUTES_SET_BY, &[("author", attribute.author.clone().into())])
                };
                label.right(format!("{words} "), styles.style(StyleRole::Key))
            }
            Some(_) => label.right(format!("{} ", ctx.locale.text(id::ATTRIBUTES_FOUND)), styles.style(StyleRole::Dim)),
            None => label,
        }
    });
}
