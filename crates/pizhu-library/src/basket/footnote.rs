//! The footnote of a passage in an export.

use super::resolve::{PassageState, ResolvedPassage};
use pizhu_annotation::AnchorStatus;

/// Words of the user's language in the sources of passages.
#[derive(Debug, Clone, Default)]
pub struct SourceWords {
    /// That the words are not those of the time when the passage was put in.
    pub changed: String,
    /// That the words were not found in the present text.
    pub lost: String,
}

/// The footnote of a passage: its source, and whether its words are in doubt.
pub(super) fn footnote(passage: &ResolvedPassage, words: &SourceWords) -> String {
    let doubt = match passage.state {
        PassageState::Anchored(AnchorStatus::Exact | AnchorStatus::Moved) => "",
        PassageState::Anchored(AnchorStatus::Changed) => &words.changed,
        _ => &words.lost,
    };
    let line = passage.source.line();
    if doubt.is_empty() { line } else { format!("{line}（{doubt}）") }
}
