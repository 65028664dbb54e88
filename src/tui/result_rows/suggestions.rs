//! The rows of tags suggested for the sections of a speech.

use crate::app::suggest::SuggestedSection;
use crate::tui::message::{PieceStyle, ResultRow, SpeechSpan, SuggestedTag};
use std::path::Path;

/// A section, and a row for each of its suggested tags.
pub(super) fn section_rows(path: &Path, section: &SuggestedSection) -> Vec<ResultRow> {
    let source = Some(SpeechSpan { path: path.to_owned(), span: section.span });
    let title = format!("{} {}", section.path.join("/"), section.title);
    let head = ResultRow { is_head: true, ..ResultRow::line(vec![(title, PieceStyle::Title)], source.clone()) };
    let row = |one: &pizhu_library::suggest::Suggestion| {
        let pieces = vec![(format!("    {}  ", one.tag), PieceStyle::Badge), (one.reasons.join(" "), PieceStyle::Dim)];
        ResultRow {
            suggestion: Some(SuggestedTag { tag: one.tag.clone(), words: one.reasons.clone() }),
            right_label: format!("{:.2}", one.score),
            ..ResultRow::line(pieces, source.clone())
        }
    };
    std::iter::once(head).chain(section.tags.iter().map(row)).collect()
}
