//! What an overlay is: the trait that every one implements, in its own folder.

use super::{Overlay, TargetLabel, picker_view};
use crate::locale::{MessageId, id};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, Size, StatusMessage};
use crate::tui::state::{DisplayOptions, State};
use crate::tui::view::RenderContext;
use crate::tui::widget::{ListState, Picker, TextEdit, inner_area};
use pizhu_text::document::Document;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use std::borrow::Cow;

/// A window over the screen, with its state, its update and its view.
///
/// The defaults are those of a list to pick from: such an overlay gives its picker, a title, and
/// what accepting does. Methods with `state` but without `self` are called while the overlay is in
/// `state`, so that they may close it or open another one.
pub(in crate::tui) trait Component {
    /// The keymap context.
    fn context(&self) -> Context {
        Context::Picker
    }

    /// The area covered, with the frame; empty if nothing is.
    fn area(&self, size: Size) -> Rect {
        size.picker()
    }

    /// The picker, if it is one.
    fn picker(&self) -> Option<&Picker> {
        None
    }

    /// The picker, if it is one.
    fn picker_mut(&mut self) -> Option<&mut Picker> {
        None
    }

    /// The title of a picker.
    fn title<'a>(&'a self, _: RenderContext<'a>) -> Cow<'a, str> {
        Cow::Borrowed("")
    }

    /// The key hints of a picker.
    fn hint(&self) -> MessageId {
        id::CHOOSE_HINT
    }

    /// Draws it; returns the position of the text cursor.
    fn draw(&self, state: &State, ctx: RenderContext<'_>, buffer: &mut Buffer) -> Option<Position> {
        let picker = self.picker()?;
        picker_view::draw(picker, &self.title(ctx), self.hint(), state, ctx, buffer)
    }

    /// The position of the hardware cursor while nothing is typed: at the selected entry.
    fn reading_cursor(&self, _: &State) -> Option<Position> {
        None
    }

    /// Fits it to the screen.
    fn fit(&mut self, size: Size, _: &DisplayOptions) {
        if let Some(picker) = self.picker_mut() {
            picker.resize(size.picker().height.saturating_sub(3));
        }
    }

    /// Inserts typed or pasted text.
    fn type_text(&mut self, text: &str) {
        if let Some(picker) = self.picker_mut() {
            picker.insert(text);
        }
    }

    /// Applies an editing command to the text input; returns whether the text may have changed.
    fn edit_text(&mut self, edit: TextEdit) -> bool {
        if let Some(picker) = self.picker_mut() {
            picker.apply(edit);
        }
        false
    }

    /// Marks the selected entry, or takes the mark away; returns `false` if only one can be chosen.
    fn toggle_mark(&mut self) -> bool {
        false
    }

    /// Follows a change of the speech's annotations; returns whether there is still something to show.
    fn follow(&mut self, _: &State) -> bool {
        true
    }

    /// Maps targets from the `old` text to the `new` one.
    ///
    /// # Errors
    /// With what to tell if the overlay has to close.
    fn reanchor(&mut self, _old: &Document, _new: &Document) -> Result<Option<StatusMessage>, StatusMessage> {
        Ok(None)
    }

    /// Label of the target that it tags or notes.
    fn target_label(&self, _: &State) -> Option<TargetLabel> {
        None
    }

    /// Reacts to text that was typed.
    fn typed(_: &mut State, _: &Keymap, _: &mut Vec<Effect>)
    where
        Self: Sized,
    {
    }

    /// Reacts to a press of the mouse.
    fn press(state: &mut State, keymap: &Keymap, press: Press, effects: &mut Vec<Effect>)
    where
        Self: Sized,
    {
        press_picker(state, keymap, press, effects);
    }

    /// Reacts to the wheel of the mouse.
    fn wheel(state: &mut State, rows: isize)
    where
        Self: Sized,
    {
        state.move_picker(rows.signum());
    }

    /// Accepts the choice or the text. It was taken out of `state` before: it closes unless it is put
    /// back.
    fn accept(self, state: &mut State, _: &Keymap, _: &mut Vec<Effect>)
    where
        Self: Sized + Into<Overlay>,
    {
        state.overlay = Some(self.into());
    }

    /// Cancels it. It was taken out of `state` before: it closes unless it is put back.
    fn cancel(self, _: &mut State, _: &Keymap, _: &mut Vec<Effect>)
    where
        Self: Sized + Into<Overlay>,
    {
    }
}

/// A press of the mouse button.
#[derive(Debug, Clone, Copy)]
pub(in crate::tui) struct Press {
    /// The cell.
    pub(in crate::tui) at: Position,
    /// 2 for a double click, 3 for a triple click.
    pub(in crate::tui) clicks: u8,
}

impl Press {
    /// The row of `area` that was pressed.
    pub(in crate::tui) fn row_in(self, area: Rect) -> Option<u16> {
        area.contains(self.at).then(|| self.at.y - area.y)
    }

    /// The pressed entry of a list of `count` in `area`.
    pub(in crate::tui) fn entry(self, list: &ListState, count: usize, area: Rect) -> Option<usize> {
        list.entry_at(self.row_in(area)?, count, area.height)
    }

    /// Selects the pressed entry of a list of `count` in `area`; returns whether there is one.
    pub(in crate::tui) fn select(self, list: &mut ListState, count: usize, area: Rect) -> bool {
        let Some(row) = self.entry(list, count, area) else { return false };
        list.select(row, count, area.height);
        true
    }
}

/// The start of the selected row of a list of `count` in `area`.
pub(in crate::tui) fn row_position(list: &ListState, count: usize, area: Rect) -> Option<Position> {
    let row = list.selected().checked_sub(list.first_shown(count, area.height))?;
    let row = u16::try_from(row).ok().filter(|row| *row < area.height && count > 0)?;
    Some(Position::new(area.x, area.y + row))
}

/// The area inside a frame that leaves only the status line.
pub(in crate::tui) fn full_inside(size: Size) -> Rect {
    inner_area(size.above_status_line())
}

/// Press on an entry: selects it; double click accepts it. Outside the picker: cancels it.
fn press_picker(state: &mut State, keymap: &Keymap, press: Press, effects: &mut Vec<Effect>) {
    let frame = state.size.picker();
    if !frame.contains(press.at) {
        return state.cancel(keymap, effects);
    }
    let area = inner_area(frame);
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let Some(row) = press.row_in(list) else { return };
    let is_entry = state.picker().is_some_and(|picker| picker.click(row));
    if is_entry && press.clicks == 2 {
        state.accept(keymap, effects);
    }
}
