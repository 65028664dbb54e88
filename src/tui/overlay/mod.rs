//! Overlays: windows over the screen. Each is a folder with its state, its update, its view and its
//! [`Component`](component::Component), and a line in the [table](table).

#[macro_use]
mod table;

pub(in crate::tui) mod component;
mod dispatch;
mod picker_view;
mod stack;
mod target_label;
mod title;

pub(in crate::tui) use attributes::AttributeRow;
pub(in crate::tui) use name_picker::NamePurpose;
pub(in crate::tui) use note_editor::{DraftTarget, FoundDraft, NoteTarget};
pub(in crate::tui) use prompt::{BasketQuestion, PromptHistory, PromptKind, PromptLabel, TagQuestion, completion::PromptCompletion};
pub(in crate::tui) use quick_pick::{DisagreementList, OpenDisagreement, QuickPickAction};
pub(in crate::tui) use settings::SettingItem;
pub(in crate::tui) use tag_picker::TagTarget;
pub(in crate::tui) use target_label::TargetLabel;

/// Declares the modules of the overlays, and the enum of all.
macro_rules! declare {
    ($($(#[$doc:meta])* $name:ident: $module:ident::$component:ident,)*) => {
        $(
            pub(in crate::tui) mod $module;
            pub(in crate::tui) use $module::$component;
        )*

        /// An overlay.
        #[derive(Debug)]
        pub(in crate::tui) enum Overlay {
            $($(#[$doc])* $name($component),)*
        }

        $(impl From<$component> for Overlay {
            fn from(component: $component) -> Self {
                Self::$name(component)
            }
        })*
    };
}

overlay_table!(declare);
