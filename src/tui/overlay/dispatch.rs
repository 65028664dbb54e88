//! From the enum of all overlays to the component that one is.

use super::Overlay;
use super::component::{Component, Press};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::state::State;

/// The reactions of an overlay that is in the state: see [`Component`].
#[derive(Debug, Clone, Copy)]
pub(in crate::tui) struct Reactions {
    pub(in crate::tui) typed: fn(&mut State, &Keymap, &mut Vec<Effect>),
    pub(in crate::tui) press: fn(&mut State, &Keymap, Press, &mut Vec<Effect>),
    pub(in crate::tui) wheel: fn(&mut State, isize),
}

macro_rules! dispatch {
    ($($(#[$doc:meta])* $name:ident: $module:ident::$component:ident,)*) => {
        impl Overlay {
            /// The overlay as a component.
            pub(in crate::tui) fn component(&self) -> &dyn Component {
                match self {
                    $(Self::$name(component) => component,)*
                }
            }

            /// The overlay as a component.
            pub(in crate::tui) fn component_mut(&mut self) -> &mut dyn Component {
                match self {
                    $(Self::$name(component) => component,)*
                }
            }

            /// Its reactions.
            pub(in crate::tui) fn reactions(&self) -> Reactions {
                match self {
                    $(Self::$name(_) => Reactions {
                        typed: super::$component::typed,
                        press: super::$component::press,
                        wheel: super::$component::wheel,
                    },)*
                }
            }

            /// See [`Component::accept`].
            pub(in crate::tui) fn accept(self, state: &mut State, keymap: &Keymap, effects: &mut Vec<Effect>) {
                match self {
                    $(Self::$name(component) => component.accept(state, keymap, effects),)*
                }
            }

            /// See [`Component::cancel`].
            pub(in crate::tui) fn cancel(self, state: &mut State, keymap: &Keymap, effects: &mut Vec<Effect>) {
                match self {
                    $(Self::$name(component) => component.cancel(state, keymap, effects),)*
                }
            }
        }
    };
}

overlay_table!(dispatch);
