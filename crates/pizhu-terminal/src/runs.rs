//! What of a frame is to be drawn: the stretches of cells that the terminal does not show.

use super::{
    Widths,
    code::{self, Code, Legend},
    erase,
    pen::Pen,
};
use pizhu_text::text::width;

/// A stretch of cells of one row and one look that is to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Its look, and the number of that.
    pub pen: Pen,
    pub look: u16,
    pub y: u16,
    pub x: u16,
    pub end: u16,
    /// Whether the row is erased from here on.
    pub erases: bool,
    /// Whether it may be drawn before or behind others: no width in it is uncertain.
    pub movable: bool,
    /// Which of the frame's looks its is, where it is drawn look by look.
    pub group: usize,
}

/// What the terminal shows and what it is to show, row by row, `width` codes each.
pub struct Frame<'a> {
    pub legend: &'a Legend,
    pub shown: &'a [Code],
    pub next: &'a [Code],
    pub width: u16,
    pub widths: Widths,
    /// Whether the terminal erases in the colour in hand.
    pub erases_in_colour: bool,
}

impl Frame<'_> {
    /// The stretches of cells that differ, each of one look, in order.
    pub fn find_runs(&self, runs: &mut Vec<Run>) {
        let width = self.width;
        let rows = self.shown.chunks_exact(usize::from(width.max(1))).zip(self.next.chunks_exact(usize::from(width.max(1))));
        for (y, (shown, next)) in rows.enumerate() {
            let Some(places) = code::differing(shown, next) else { continue };
            let y = y as u16;
            // A wide character begins before its tail.
            let mut x = places.start as u16 - u16::from(next[places.start] == Code::TAIL);
            let (mut last, ground) = (places.end as u16, self.ground(next));
            let blank_from = ground.map_or(width, |(code, _)| width - next.iter().rev().take_while(|next| **next == code).count() as u16);
            // What stands where a row was erased before it is drawn.
            let mut erased = None;
            if let Some((code, pen)) =
                ground.filter(|(code, _)| erase::gains(shown, next, usize::from(x)..places.end, *code, usize::from(blank_from)))
            {
                runs.push(Run { pen, look: code.look(), y, x, end: width, erases: true, movable: true, group: 0 });
                (erased, last) = (Some(code), blank_from);
            }
            while x < last {
                let at = usize::from(x);
                let code = next[at];
                let end = x + u16::from(code.width().max(1));
                let stands = match erased {
                    Some(erased) => code == erased,
                    None => shown[at] == code && (code.width() < 2 || shown.get(at + 1) == Some(&Code::TAIL)),
                };
                // A tail that was cut is unknown.
                if !stands && code != Code::UNKNOWN {
                    // Mostly the cell goes on what was begun.
                    if x < blank_from
                        && let Some(run) = runs.last_mut().filter(|run| run.y == y && run.end == x && run.look == code.look())
                    {
                        run.end = end;
                        run.movable &= is_plain(code, self.legend, self.widths);
                        x = end;
                        continue;
                    }
                    let pen = self.legend.pen(code);
                    if x >= blank_from && width - x >= erase::LEAST {
                        runs.push(Run { pen, look: code.look(), y, x, end: width, erases: true, movable: true, group: 0 });
                        break;
                    }
                    let movable = is_plain(code, self.legend, self.widths);
                    match runs.last_mut() {
                        Some(run)
                            if run.y == y && run.end == x && (run.pen == pen || (code.is_blank() && run.pen.for_blank(pen) == run.pen)) =>
                        {
                            run.end = end;
                            run.movable &= movable;
                        }
                        _ => runs.push(Run { pen, look: code.look(), y, x, end, erases: false, movable, group: 0 }),
                    }
                }
                x = end;
            }
        }
    }

    /// The blank that ends a row, with its look, where the terminal can erase to it.
    fn ground(&self, row: &[Code]) -> Option<(Code, Pen)> {
        let code = row.last().copied().filter(|code| code.is_blank())?;
        let pen = self.legend.pen(code);
        (code == Code::BLANK || (self.erases_in_colour && pen.is_ground())).then_some((code, pen))
    }
}

/// Whether the terminal is known to give a code's text just its width.
pub fn is_plain(code: Code, legend: &Legend, widths: Widths) -> bool {
    if code.is_ascii() || code.is_wide_everywhere() {
        return true;
    }
    let mut room = [0; 4];
    let text = legend.text(code, &mut room);
    width::is_certain(text) || (widths == Widths::Narrow && code.width() == 1 && width::is_ambiguous(text))
}
