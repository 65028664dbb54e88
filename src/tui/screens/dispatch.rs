//! From the name of a screen to what it does.

use super::ScreenKind;
use super::component::Screen;
use crate::locale::MessageId;
use crate::tui::effect::Effect;
use crate::tui::message::Context;
use crate::tui::overlay::component::Press;
use crate::tui::state::State;
use crate::tui::view::{FrameCache, RenderContext};
use pizhu_terminal::FrameDamage;
use ratatui::{buffer::Buffer, layout::Position};
use std::path::Path;

/// Draws a screen over the frame before; see [`Screen::draw_incremental`].
type DrawScreen = fn(&State, RenderContext<'_>, &mut Buffer, &FrameCache, &mut FrameCache) -> (Option<Position>, FrameDamage);

/// The functions of a screen: see [`Screen`].
pub(in crate::tui) struct ScreenFunctions {
    pub(in crate::tui) mode: MessageId,
    pub(in crate::tui) context: fn(&State) -> Context,
    pub(in crate::tui) arrange: fn(&mut State),
    pub(in crate::tui) draw: DrawScreen,
    pub(in crate::tui) reading_cursor: fn(&State) -> Option<Position>,
    pub(in crate::tui) press: fn(&mut State, Press, &mut Vec<Effect>),
    pub(in crate::tui) wheel: fn(&mut State, Position, isize),
    pub(in crate::tui) leave: fn(&mut State, &mut Vec<Effect>),
    pub(in crate::tui) library_changed: fn(&mut State, &mut Vec<Effect>),
    pub(in crate::tui) store: fn(&State) -> Option<&Path>,
}

impl ScreenFunctions {
    const fn new<S: Screen>() -> Self {
        Self {
            mode: S::MODE,
            context: S::context,
            arrange: S::arrange,
            draw: S::draw_incremental,
            reading_cursor: S::reading_cursor,
            press: S::press,
            wheel: S::wheel,
            leave: S::leave,
            library_changed: S::library_changed,
            store: S::store,
        }
    }
}

macro_rules! dispatch {
    ($($(#[$doc:meta])* $name:ident: $module:ident::$screen:ident,)*) => {
        impl ScreenKind {
            /// All screens.
            pub(in crate::tui) const ALL: &[Self] = &[$(Self::$name),*];

            /// Its functions.
            pub(in crate::tui) fn functions(self) -> &'static ScreenFunctions {
                match self {
                    $(Self::$name => const { &ScreenFunctions::new::<super::$module::screen::$screen>() },)*
                }
            }
        }
    };
}

screen_table!(dispatch);
