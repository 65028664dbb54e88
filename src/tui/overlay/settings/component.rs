//! The settings menu as a component.

use super::{SettingItem, SettingsMenu, view};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, Size};
use crate::tui::overlay::Overlay;
use crate::tui::overlay::component::{Component, Press, row_position};
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use crate::tui::widget::inner_area;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

impl Component for SettingsMenu {
    fn context(&self) -> Context {
        Context::Settings
    }

    fn area(&self, size: Size) -> Rect {
        size.settings()
    }

    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(&self.list, state, ctx, buffer);
        None
    }

    fn reading_cursor(&self, state: &State) -> Option<Position> {
        row_position(&self.list, SettingItem::ALL.len(), inner_area(state.size.settings()))
    }

    fn press(state: &mut State, _: &Keymap, press: Press, effects: &mut Vec<Effect>) {
        let frame = state.size.settings();
        let Some(Overlay::Settings(menu)) = &mut state.overlay else { return };
        if press.select(&mut menu.list, SettingItem::ALL.len(), inner_area(frame)) {
            if press.clicks >= 2 {
                state.change_setting(1, effects);
            }
        } else if !frame.contains(press.at) {
            state.close_overlay();
        }
    }

    fn wheel(state: &mut State, rows: isize) {
        state.select_setting_by(rows.signum());
    }
}
