//! The review: the original passage of an annotation or mended heading beside its proposed one.

use crate::app::review::{ComparedCase, UndecidedCase};
use crate::locale::{MessageId, id};
use crate::tui::overlay::Review;
use crate::tui::state::{ReaderScreen, State};
use crate::tui::theme::StyleRole;
use crate::tui::widget::{Label, Popup, draw_list, wrap_pieces};
use crate::tui::{
    overlay::annotation_list::view::{annotation_label, heading_label},
    view::RenderContext,
};
use pizhu_annotation::review::DiffOp;
use pizhu_annotation::review::QuoteInContext;
use pizhu_terminal::paint;
use pizhu_text::layout::LayoutStyle;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// Minimum width for showing the two sides next to each other, in cells.
const MIN_SIDE_BY_SIDE_WIDTH: u16 = 56;
/// Minimum height of a side for showing the lines before the passage, in rows.
const MIN_CONTEXT_HEIGHT: u16 = 5;

pub(in crate::tui) fn draw(state: &State, shown: &Review, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let Some(reader) = &state.reader else { return };
    let cases = reader.cases();
    let title = ctx.format(id::REVIEW_TITLE, &[("count", cases.len().into())]);
    let hint = ctx.locale.text(id::REVIEW_HINT);
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(state.size.above_status_line(), buffer, ctx.styles);
    let Some(case) = reader.case(shown) else {
        ctx.draw_text(buffer, inside, &ctx.locale.text(id::REVIEW_DONE), StyleRole::Notice);
        return;
    };
    let rows = Review::list_rows(inside.height, cases.len()).min(inside.height);
    let top = Rect { height: rows, ..inside };
    let mut list = shown.list;
    list.select(list.selected(), cases.len(), rows);
    draw_list(&list, cases.len(), top, buffer, ctx.styles, |index| match cases.get(index) {
        Some(UndecidedCase::Annotation(mark)) => annotation_label(reader, mark, false, ctx),
        Some(UndecidedCase::Heading(placed)) => heading_label(placed, ctx),
        None => Label::default(),
    });
    let below = Rect { y: inside.y + rows, height: inside.height - rows, ..inside };
    draw_case(reader, case, below, ctx, buffer);
}

fn draw_case(reader: &ReaderScreen, case: UndecidedCase<'_>, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    if area.height < 2 {
        return;
    }
    let ComparedCase { old: was, proposed: now, difference } = case.compared(reader.document());
    let side = |but: DiffOp, changed: StyleRole| -> Vec<(String, StyleRole)> {
        let kept = difference.iter().filter(|piece| piece.op != but);
        kept.map(|piece| (piece.text.clone(), if piece.op == DiffOp::Same { StyleRole::Strong } else { changed })).collect()
    };
    let old = if now.is_some() { side(DiffOp::Insert, StyleRole::Warning) } else { vec![(was.quote.clone(), StyleRole::Strong)] };
    let new = side(DiffOp::Delete, StyleRole::Match);
    let area = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let (left, right) = if area.width >= MIN_SIDE_BY_SIDE_WIDTH {
        let width = (area.width - 2) / 2;
        (Rect { width, ..area }, Rect { x: area.right() - width, width, ..area })
    } else {
        // A missing passage takes one row to say so.
        let height = if now.is_some() { area.height.div_ceil(2) } else { area.height.saturating_sub(1) };
        (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
    };
    draw_side(id::REVIEW_WAS, Some((&was, old)), left, ctx, buffer);
    draw_side(id::REVIEW_NOW, now.as_ref().map(|now| (now, new)), right, ctx, buffer);
}

/// Draws one side: its name and section, then the passage in its context.
fn draw_side(
    name: MessageId,
    side: Option<(&QuoteInContext, Vec<(String, StyleRole)>)>,
    area: Rect,
    ctx: RenderContext<'_>,
    buffer: &mut Buffer,
) {
    let styles = ctx.styles;
    if area.is_empty() {
        return;
    }
    let background = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Popup));
    let head = Label::new(format!("{} ", ctx.locale.text(name)), styles.style(StyleRole::Key));
    let Some((words, quote)) = side else {
        let nothing = ctx.locale.text(id::REVIEW_NOWHERE);
        head.and(nothing, styles.style(StyleRole::Dim)).draw(area, buffer, background, styles.ambiguous);
        return;
    };
    head.and(words.section.join("/"), styles.style(StyleRole::Dim)).draw(area, buffer, background, styles.ambiguous);
    let dim = |text: &str| (text.to_owned(), StyleRole::Dim);
    // If there is little room, it goes to the passage itself.
    let before = if area.height < MIN_CONTEXT_HEIGHT { words.before.rsplit('\n').next().unwrap_or_default() } else { &words.before };
    let pieces: Vec<(String, Style)> = std::iter::once(dim(before))
        .chain(quote)
        .chain([dim(&words.after)])
        .map(|(text, role)| (text, background.patch(styles.style(role))))
        .collect();
    let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let layout = LayoutStyle { width: area.width, ambiguous: styles.ambiguous, ..LayoutStyle::default() };
    let rows = wrap_pieces(&pieces, layout).into_iter().filter(|row| !row.is_empty());
    for (row, pieces) in below.rows().zip(rows) {
        let mut x = row.x;
        for (text, style) in pieces {
            x = paint::draw_text(buffer, x, row.y, row.right(), &text, style, styles.ambiguous);
        }
    }
}
