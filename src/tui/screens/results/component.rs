//! The results as a screen.

use super::screen::ResultsScreen;
use super::view;
use crate::locale::{MessageId, id};
use crate::tui::effect::Effect;
use crate::tui::message::{Context, QuerySubject};
use crate::tui::overlay::component::{Press, row_position};
use crate::tui::screens::component::Screen;
use crate::tui::state::State;
use crate::tui::view::RenderContext;
use ratatui::{
    buffer::Buffer,
    layout::Position,
};

impl Screen for ResultsScreen {
    const MODE: MessageId = id::STATUS_MODE_ACROSS;

    fn context(state: &State) -> Context {
        if state.results.as_ref().is_some_and(|results| results.subject == QuerySubject::Search) {
            Context::Query
        } else {
            Context::Results
        }
    }

    fn arrange(state: &mut State) {
        state.arrange_results();
    }

    fn draw(state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        view::draw(state, state.results.as_ref()?, ctx, buffer)
    }

    fn reading_cursor(state: &State) -> Option<Position> {
        let results = state.results.as_ref()?;
        row_position(&results.list, results.wrapped_rows().len(), state.size.list_area())
    }

    fn press(state: &mut State, press: Press, effects: &mut Vec<Effect>) {
        let Some(results) = &mut state.results else { return };
        let Some(row) = press.entry(&results.list, results.wrapped_rows().len(), state.size.list_area()) else { return };
        results.select(row);
        if press.clicks == 2 {
            state.open_result(false, effects);
        }
    }

    fn wheel(state: &mut State, _: Position, rows: isize) {
        if let Some(results) = &mut state.results {
            results.step(rows);
        }
    }

    fn leave(state: &mut State, _: &mut Vec<Effect>) {
        state.leave_results();
    }

    fn library_changed(state: &mut State, effects: &mut Vec<Effect>) {
        state.run_query(effects);
    }
}
