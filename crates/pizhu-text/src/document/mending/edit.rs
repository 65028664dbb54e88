//! An edit of an outline.

use crate::text::Span;
use serde::{Deserialize, Serialize};

/// What the user mends in an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutlineChange {
    /// One level up, with the sections below it.
    Promote,
    /// One level down, with the sections below it.
    Demote,
    /// It is no heading; or, of the title, it is none.
    NoHeading,
    /// It is a heading of this level, 1 for the topmost.
    Heading(u8),
    /// It is the title.
    Title,
}

impl OutlineChange {
    /// The name in JSON, such as `"no-heading"`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::Demote => "demote",
            Self::NoHeading => "no-heading",
            Self::Heading(_) => "heading",
            Self::Title => "title",
        }
    }
}

/// A change to the outline at a place of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutlineEdit {
    /// The heading, or the words that are to be one.
    pub at: Span,
    /// The change.
    pub change: OutlineChange,
    /// The level that the heading had before, 1 for the topmost. A heading that already stands where
    /// the change would move it stays: two people who mend it alike mend it once.
    pub level: Option<u16>,
    /// The section that it was when its heading was taken away; `None` for the one that is parsed.
    pub stretch: Option<Span>,
}

impl OutlineEdit {
    /// An edit of a heading at any level.
    #[must_use]
    pub fn new(at: Span, change: OutlineChange) -> Self {
        Self { at, change, level: None, stretch: None }
    }
}

/// The edits in order without those that were taken back: a promotion and the demotion of the same
/// words after it, with no other edit of them between.
pub(super) fn without_opposites(edits: &[OutlineEdit]) -> Vec<OutlineEdit> {
    let mut kept: Vec<OutlineEdit> = Vec::with_capacity(edits.len());
    for edit in edits {
        let opposite = match edit.change {
            OutlineChange::Promote => Some(OutlineChange::Demote),
            OutlineChange::Demote => Some(OutlineChange::Promote),
            _ => None,
        };
        let last = kept.iter().rposition(|other| other.at == edit.at);
        match last {
            Some(last) if opposite == Some(kept[last].change) && leads_back(&kept[last], edit) => drop(kept.remove(last)),
            _ => kept.push(*edit),
        }
    }
    kept
}

/// Whether the later edit starts at the level to which the earlier one led.
fn leads_back(earlier: &OutlineEdit, later: &OutlineEdit) -> bool {
    let (Some(before), Some(after)) = (earlier.level, later.level) else { return true };
    match earlier.change {
        OutlineChange::Promote => after + 1 == before,
        _ => after == before + 1,
    }
}
