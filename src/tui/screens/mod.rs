//! Screens: the full views below the overlays. Each is a folder with its state, its update, its view
//! and its [`Screen`](component::Screen), and a line in the [table](table).

#[macro_use]
mod table;

pub(in crate::tui) mod component;
mod dispatch;

/// Declares the modules of the screens, and the enum of all.
macro_rules! declare {
    ($($(#[$doc:meta])* $name:ident: $module:ident::$screen:ident,)*) => {
        $(pub(in crate::tui) mod $module;)*

        /// The screen shown below the overlays.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ScreenKind {
            $($(#[$doc])* $name,)*
        }
    };
}

screen_table!(declare);
