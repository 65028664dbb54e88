//! The basket as a screen.

use super::screen::BasketScreen;
use super::view;
use crate::locale::{MessageId, id};
use crate::tui::effect::Effect;
use crate::tui::message::Context;
use crate::tui::overlay::component::{Press, row_position};
use crate::tui::screens::component::Screen;
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use ratatui::{
    buffer::Buffer,
    layout::Position,
};
use std::path::Path;

impl Screen for BasketScreen {
    const MODE: MessageId = id::STATUS_MODE_BASKET;

    fn context(_: &State) -> Context {
        Context::Basket
    }

    fn arrange(state: &mut State) {
        state.arrange_basket();
    }

    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, state.basket.as_ref()?, ctx, buffer);
        None
    }

    fn reading_cursor(state: &State) -> Option<Position> {
        let basket = state.basket.as_ref()?;
        row_position(basket.list(), basket.entries().len(), state.size.tags_areas().0)
    }

    fn press(state: &mut State, press: Press, effects: &mut Vec<Effect>) {
        let Some(basket) = &mut state.basket else { return };
        let Some(row) = press.entry(basket.list(), basket.entries().len(), state.size.tags_areas().0) else { return };
        basket.select(row);
        if press.clicks == 2 {
            state.open_basket_entry(effects);
        }
    }

    fn wheel(state: &mut State, _: Position, rows: isize) {
        if let Some(basket) = &mut state.basket {
            basket.step(rows);
        }
    }

    fn leave(state: &mut State, _: &mut Vec<Effect>) {
        state.leave_basket();
    }

    fn store(state: &State) -> Option<&Path> {
        state.basket.as_ref().filter(|basket| basket.loaded).map(BasketScreen::store)
    }
}
