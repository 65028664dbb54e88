//! The review: the words an annotation was on beside those it may be on now.

use super::{Face, annotations::label};
use pizhu_annotation::review;
use pizhu_annotation::review::Op;
use pizhu_annotation::review::Words;
use crate::tui::state::Mark;
use crate::tui::state::Reader;
use crate::tui::state::Review;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::Popup;
use crate::tui::widget::draw_list;
use crate::tui::widget::paint;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use unicode_segmentation::UnicodeSegmentation as _;

/// From this width on the two sides stand beside each other.
const BESIDE_FROM: u16 = 56;
/// Under so many rows a side leaves out the lines before the words.
const LOW: u16 = 5;

pub(super) fn draw(state: &State, shown: &Review, face: Face<'_>, buffer: &mut Buffer) {
    let Some(reader) = &state.reader else { return };
    let cases = reader.cases();
    let title = face.format("review-title", &[("count", cases.len().into())]);
    let hint = face.locale.text("review-hint");
    let inside = Popup { title: &title, hint: &hint, bare: !face.frames }.draw(state.size.full(), buffer, face.look);
    let Some(mark) = reader.case(shown) else {
        face.put(buffer, inside, &face.locale.text("review-done"), Role::Notice);
        return;
    };
    let rows = State::review_rows(inside.height, cases.len()).min(inside.height);
    let top = Rect { height: rows, ..inside };
    let mut list = shown.list;
    list.select(list.selected(), cases.len(), rows);
    draw_list(&list, cases.len(), top, buffer, face.look, |index| {
        cases.get(index).map(|mark| label(reader, mark, false, face)).unwrap_or_default()
    });
    let below = Rect { y: inside.y + rows, height: inside.height - rows, ..inside };
    draw_case(reader, mark, below, face, buffer);
}

fn draw_case(reader: &Reader, mark: &Mark, area: Rect, face: Face<'_>, buffer: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    let (was, now) = (review::was(mark), review::now(reader.document(), mark));
    let difference = now.as_ref().map(|now| review::difference(&was.quote, &now.quote)).unwrap_or_default();
    let side = |but: Op, changed: Role| -> Vec<(String, Role)> {
        let kept = difference.iter().filter(|piece| piece.op != but);
        kept.map(|piece| (piece.text.clone(), if piece.op == Op::Same { Role::Strong } else { changed })).collect()
    };
    let old = if now.is_some() { side(Op::Insert, Role::Warning) } else { vec![(was.quote.clone(), Role::Strong)] };
    let new = side(Op::Delete, Role::Match);
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let (left, right) = if area.width >= BESIDE_FROM {
        let width = (area.width - 2) / 2;
        (Rect { width, ..area }, Rect { x: area.right() - width, width, ..area })
    } else {
        // What is not there takes one row to say so.
        let height = if now.is_some() { area.height.div_ceil(2) } else { area.height.saturating_sub(1) };
        (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
    };
    draw_side("review-was", Some((&was, old)), left, face, buffer);
    draw_side("review-now", now.as_ref().map(|now| (now, new)), right, face, buffer);
}

/// One side: its name and section, then the words within their context.
fn draw_side(name: &str, side: Option<(&Words, Vec<(String, Role)>)>, area: Rect, face: Face<'_>, buffer: &mut Buffer) {
    let look = face.look;
    if area.is_empty() {
        return;
    }
    let ground = look.style(Role::Text).patch(look.style(Role::Popup));
    let head = Label::new(format!("{} ", face.locale.text(name)), look.style(Role::Key));
    let Some((words, quote)) = side else {
        let nothing = face.locale.text("review-nowhere");
        head.and(nothing, look.style(Role::Dim)).draw(area, buffer, ground, look.ambiguous);
        return;
    };
    head.and(words.section.join("/"), look.style(Role::Dim)).draw(area, buffer, ground, look.ambiguous);
    let dim = |text: &str| (text.to_owned(), Role::Dim);
    // Where there is little room it belongs to the words themselves.
    let before = if area.height < LOW { words.before.rsplit('\n').next().unwrap_or_default() } else { &words.before };
    let pieces: Vec<(String, Style)> = std::iter::once(dim(before))
        .chain(quote)
        .chain([dim(&words.after)])
        .map(|(text, role)| (text, ground.patch(look.style(role))))
        .collect();
    let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
    for (row, graphemes) in below.rows().zip(wrap(&pieces, usize::from(area.width), face)) {
        let mut x = row.x;
        for (grapheme, style) in graphemes {
            x = paint::put(buffer, x, row.y, row.right(), grapheme, style, look.ambiguous);
        }
    }
}

/// Pieces of text in rows of `width` cells; no row begins with a closing mark.
fn wrap<'a>(pieces: &'a [(String, Style)], width: usize, face: Face<'_>) -> Vec<Vec<(&'a str, Style)>> {
    let mut rows = Vec::new();
    let mut row: Vec<(&str, Style)> = Vec::new();
    let mut used = 0;
    for (grapheme, style) in pieces.iter().flat_map(|(text, style)| text.graphemes(true).map(|grapheme| (grapheme, *style))) {
        if grapheme.contains('\n') {
            if !row.is_empty() {
                rows.push(std::mem::take(&mut row));
                used = 0;
            }
            continue;
        }
        let cells = paint::width(grapheme, face.look.ambiguous);
        if used + cells > width && !row.is_empty() {
            let closes = grapheme.starts_with(['，', '。', '、', '；', '：', '！', '？', '”', '’', '）', '》', '」', '』', ',', ';', ')']);
            let carried = if closes && row.len() > 1 { row.pop() } else { None };
            rows.push(std::mem::take(&mut row));
            row.extend(carried);
            used = row.iter().map(|(text, _)| paint::width(text, face.look.ambiguous)).sum();
        }
        row.push((grapheme, style));
        used += cells;
    }
    rows.push(row);
    rows
}
