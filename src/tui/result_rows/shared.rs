//! The rows of passages that speeches share, in two columns: the older speech on the left.

use super::hits::{date_prefix, diff_pieces, heading_row};
use crate::app::reuse::SharedTexts;
use crate::tui::message::{PieceStyle, ResultRow, SpeechSpan};
use pizhu_text::text::Span;

/// The rows of each pair of speeches: both with their dates and what share of each is in the other, then
/// the passages, with what differs marked.
pub(super) fn shared_rows(shared: &SharedTexts) -> Vec<ResultRow> {
    let mut rows = Vec::new();
    for pair in &shared.pairs {
        let speeches = pair.speeches.map(|index| &shared.speeches[index]);
        let source = |side: usize, span: Span| Some(SpeechSpan { path: speeches[side].0.clone(), span });
        let Some(first) = pair.passages.first() else { continue };
        let head = |side: usize, span| {
            let (path, document) = speeches[side];
            let mut row = heading_row(path, document, source(side, span), "");
            let share = format!("{}{:.0}%  ", date_prefix(document), 100.0 * pair.shares[side]);
            row.pieces.insert(0, (share, PieceStyle::Badge));
            row
        };
        let (left, right) = (head(0, first.a.1), head(1, first.b.1));
        rows.push(ResultRow { right_column: Some(right.pieces), right_source: right.source, ..left });
        for passage in &pair.passages {
            let (left, right) = diff_pieces(&speeches[0].1.text(passage.a.1), &speeches[1].1.text(passage.b.1));
            rows.push(ResultRow {
                right_column: Some(right),
                right_source: source(1, passage.b.1),
                wraps: true,
                is_head: true,
                ..ResultRow::line(left, source(0, passage.a.1))
            });
            rows.push(ResultRow::default());
        }
    }
    rows
}
