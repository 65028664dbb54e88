//! Finds the runs of cells that have to be drawn: those that the terminal does not show yet.

use super::{
    Widths, erase,
    packed_cell::{self, CellInterner, PackedCell},
    pen::Pen,
};
use pizhu_text::text::width;

/// A run of cells of one row and one pen that has to be drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CellRun {
    /// The pen, and its index in the interner.
    pub(crate) pen: Pen,
    pub(crate) pen_index: u16,
    pub(crate) y: u16,
    pub(crate) x: u16,
    pub(crate) end: u16,
    /// Whether the row is erased from `x` on.
    pub(crate) erases: bool,
    /// Whether it may be drawn out of order: no width in it is uncertain.
    pub(crate) reorderable: bool,
    /// The rank of its pen in the frame, for drawing pen by pen.
    pub(crate) pen_rank: usize,
}

/// What the terminal shows and what it is to show: rows of `width` cells each.
pub(crate) struct FrameDiff<'a> {
    pub(crate) interner: &'a CellInterner,
    pub(crate) shown: &'a [PackedCell],
    pub(crate) next: &'a [PackedCell],
    pub(crate) width: u16,
    pub(crate) widths: Widths,
    /// Whether erasing fills with the current background colour (terminfo's `bce`).
    pub(crate) bce: bool,
}

impl FrameDiff<'_> {
    /// Appends the runs of differing cells in reading order, each of one pen.
    pub(crate) fn find_runs(&self, runs: &mut Vec<CellRun>) {
        let width = self.width;
        let rows = self.shown.chunks_exact(usize::from(width.max(1))).zip(self.next.chunks_exact(usize::from(width.max(1))));
        for (y, (shown, next)) in rows.enumerate() {
            let Some(range) = packed_cell::diff_range(shown, next) else { continue };
            let y = y as u16;
            // A wide character begins one cell before its right half.
            let mut x = range.start as u16 - u16::from(next[range.start] == PackedCell::TAIL);
            let (mut last, trailing) = (range.end as u16, self.trailing_blank(next));
            let blank_from = trailing.map_or(width, |(cell, _)| width - next.iter().rev().take_while(|next| **next == cell).count() as u16);
            // The blank that an erased row holds before it is drawn.
            let mut erased = None;
            if let Some((cell, pen)) =
                trailing.filter(|(cell, _)| erase::is_cheaper(shown, next, usize::from(x)..range.end, *cell, usize::from(blank_from)))
            {
                runs.push(CellRun { pen, pen_index: cell.pen_index(), y, x, end: width, erases: true, reorderable: true, pen_rank: 0 });
                (erased, last) = (Some(cell), blank_from);
            }
            while x < last {
                let at = usize::from(x);
                let cell = next[at];
                let end = x + u16::from(cell.width().max(1));
                let is_shown = match erased {
                    Some(erased) => cell == erased,
                    None => shown[at] == cell && (cell.width() < 2 || shown.get(at + 1) == Some(&PackedCell::TAIL)),
                };
                // The right half of a cut wide character is unknown.
                if !is_shown && cell != PackedCell::UNKNOWN {
                    // Fast path: the cell mostly continues the last run.
                    if x < blank_from
                        && let Some(run) = runs.last_mut().filter(|run| run.y == y && run.end == x && run.pen_index == cell.pen_index())
                    {
                        run.end = end;
                        run.reorderable &= has_certain_width(cell, self.interner, self.widths);
                        x = end;
                        continue;
                    }
                    let pen = self.interner.pen(cell);
                    if x >= blank_from && width - x >= erase::MIN_ERASED_CELLS {
                        runs.push(CellRun {
                            pen,
                            pen_index: cell.pen_index(),
                            y,
                            x,
                            end: width,
                            erases: true,
                            reorderable: true,
                            pen_rank: 0,
                        });
                        break;
                    }
                    let reorderable = has_certain_width(cell, self.interner, self.widths);
                    match runs.last_mut() {
                        Some(run)
                            if run.y == y && run.end == x && (run.pen == pen || (cell.is_blank() && run.pen.for_blank(pen) == run.pen)) =>
                        {
                            run.end = end;
                            run.reorderable &= reorderable;
                        }
                        _ => runs.push(CellRun { pen, pen_index: cell.pen_index(), y, x, end, erases: false, reorderable, pen_rank: 0 }),
                    }
                }
                x = end;
            }
        }
    }

    /// The blank that fills the end of a row, with its pen, if the terminal can erase to it.
    fn trailing_blank(&self, row: &[PackedCell]) -> Option<(PackedCell, Pen)> {
        let cell = row.last().copied().filter(|cell| cell.is_blank())?;
        let pen = self.interner.pen(cell);
        (cell == PackedCell::BLANK || (self.bce && pen.is_background_only())).then_some((cell, pen))
    }
}

/// Whether the terminal surely gives the cell's text exactly its width.
pub(crate) fn has_certain_width(cell: PackedCell, interner: &CellInterner, widths: Widths) -> bool {
    if cell.is_ascii() || cell.is_wide_everywhere() {
        return true;
    }
    let mut room = [0; 4];
    let text = interner.text(cell, &mut room);
    width::is_certain(text) || (widths == Widths::Narrow && cell.width() == 1 && width::is_ambiguous(text))
}
