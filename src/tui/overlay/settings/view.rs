//! The settings overlay, one row a setting.

use crate::locale::id;
use crate::tui::overlay::SettingItem;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::view::RenderContext;
use crate::tui::widget::{Label, ListState, Popup, draw_list};
use ratatui::{buffer::Buffer, style::Style};

pub(in crate::tui) fn draw(list: &ListState, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let (title, hint) = (ctx.locale.text(id::SETTINGS_TITLE), ctx.locale.text(id::SETTINGS_HINT));
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(state.size.settings(), buffer, ctx.styles);
    draw_list(list, SettingItem::ALL.len(), inside, buffer, ctx.styles, |index| {
        let Some(item) = SettingItem::ALL.get(index) else { return Label::default() };
        let mut value = item.value(&state.settings, ctx.locale);
        if *item == SettingItem::Theme && state.settings.theme == "auto" && !state.theme_name.is_empty() {
            value = format!("{value} ({})", state.theme_name);
        }
        Label::new(ctx.locale.text(item.message()), Style::new()).right(format!("{value} "), ctx.styles.style(StyleRole::Key))
    });
}
