//! Quick picks: states of the history, disagreements between coders, sharing with copies.

use crate::tui::widget::Picker;
use pizhu_annotation::CopyLink;
use uuid::Uuid;

/// Action of a quick pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum QuickPickAction {
    /// Restores the state after this action; `None` before the first. One per entry.
    RestoreStates(Vec<Option<Uuid>>),
    /// Goes to this char offset. One per entry.
    GoTo(Vec<usize>),
    /// The first entry changes the link to the copies; the second does nothing.
    LinkCopies(CopyLink),
}

/// A picker whose entries run an action.
#[derive(Debug)]
pub struct QuickPick {
    /// The entries.
    pub picker: Picker,
    /// Id of the title's message.
    pub title: &'static str,
    /// What choosing an entry does.
    pub(in crate::tui) action: QuickPickAction,
}
