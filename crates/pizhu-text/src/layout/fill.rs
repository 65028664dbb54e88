//! Filling rows: units and ranks give rows of placed glyphs.

use super::{
    Row, Shape, Style,
    breaks::Rank,
    justify,
    kinsoku::{self, Mark},
    row::{Run, Set},
    unit::{Item, Line, tab_width},
};
use crate::text::Span;
use crate::text::visible::UnitKind;
use smallvec::SmallVec;
use std::{ops, sync::Arc};

/// A last row is helped at the cost of the row before it, down to this share of the column.
const SHORTENED: u16 = 2;

/// Items that make one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    start: usize,
    end: usize,
    /// Whether text of the same line follows in the next row.
    soft: bool,
}

/// The rows of `line`.
pub(super) fn rows(line: &Line, ranks: &[Rank], style: Style, shape: Shape) -> Vec<Row> {
    let fill = Fill { line, ranks, style, shape };
    let indent = fill.first_indent();
    let mut ranges: SmallVec<[Range; 16]> = SmallVec::new();
    let mut start = 0;
    let mut opened = 0; // first range of the line at hand
    while start < line.items.len() {
        let range = fill.next(start, if start == 0 { indent } else { 0 });
        start = range.end;
        ranges.push(range);
        if !range.soft {
            if !shape.verbatim && ranges.len() - opened > 1 {
                fill.help_last(&mut ranges, indent);
            }
            opened = ranges.len();
        }
    }
    let mut placed = Placed { runs: Vec::with_capacity(line.runs.len() + ranges.len()), next: 0 };
    // Behind the last run of each row.
    let mut ends: SmallVec<[u32; 16]> = SmallVec::new();
    for range in &ranges {
        fill.place(*range, if range.start == 0 { indent } else { 0 }, &mut placed);
        ends.push(placed.runs.len() as u32);
    }
    let segment = line.segment;
    let set = Arc::new(Set { text: Arc::clone(&line.text), start: segment.start, runs: placed.runs });
    let mut rows = Vec::with_capacity(ranges.len().max(1));
    let (mut begin, mut from) = (0, segment.start);
    for (range, end) in ranges.iter().zip(ends) {
        // A row holds what is removed behind it, and the first what is removed before it.
        let to = line.items.get(range.end).map_or(segment.end, |item| line.offset(item));
        rows.push(Row::new(Span::new(from, to), Arc::clone(&set), begin..end));
        (begin, from) = (end, to);
    }
    if rows.is_empty() && !segment.is_empty() {
        rows.push(Row::blank(segment));
    }
    rows
}

/// The runs of the rows that are placed.
struct Placed {
    runs: Vec<Run>,
    /// The run of the line (its index in [`Line::runs`]) that holds the next item, or one before it.
    next: usize,
}

struct Fill<'a> {
    line: &'a Line,
    ranks: &'a [Rank],
    style: Style,
    shape: Shape,
}

impl Fill<'_> {
    /// The indent of the first row: less than asked for where the first run fits the column but
    /// not the indented row.
    fn first_indent(&self) -> u16 {
        let asked = self.shape.first_indent.min(self.style.width / 2);
        if asked == 0 {
            return 0;
        }
        let mut run = 0u16;
        for (index, item) in self.line.items.iter().enumerate() {
            if item.kind == UnitKind::LineFeed || (index > 0 && self.ranks[index] == Rank::Allowed) {
                break;
            }
            run = run.saturating_add(u16::from(item.width));
            if run > self.style.width {
                // It is broken in any case: the fewer cells it has, the worse.
                return if self.style.width >= 4 * asked { asked } else { 0 };
            }
        }
        asked.min((self.style.width - run) & !1)
    }

    /// The row that begins with item `start`.
    fn next(&self, start: usize, indent: u16) -> Range {
        self.next_by_sums(start, indent).unwrap_or_else(|| self.next_by_steps(start, indent))
    }

    /// The same by the sums of cells, without a look at each item; `None` where that is not
    /// enough: for tabs and line feeds, hanging marks, and white space at the row's end.
    fn next_by_sums(&self, start: usize, indent: u16) -> Option<Range> {
        if self.line.has_stops || self.style.hanging {
            return None;
        }
        let items = self.line.items.get(start..)?;
        let room = self.style.width.checked_sub(indent)?;
        let limit = items.first()?.cells + u32::from(room);
        // Each item has a cell or more.
        let window = items.get(..=usize::from(room)).unwrap_or(items);
        let fits = |item: &Item| item.cells + u32::from(item.width) <= limit;
        let count = window.partition_point(fits);
        if count == items.len() {
            return Some(Range { start, end: start + count, soft: false });
        }
        if window.get(count)?.kind == UnitKind::Space {
            return None;
        }
        let places = self.ranks.get(start + 1..=start + count)?;
        let best = match places.iter().rposition(|rank| *rank == Rank::Allowed) {
            Some(last) => Some(last),
            None => places.iter().min().and_then(|best| places.iter().rposition(|rank| rank == best)),
        };
        Some(Range { start, end: start + best.map_or(1, |best| best + 1), soft: true })
    }

    /// The same by each item in turn.
    fn next_by_steps(&self, start: usize, indent: u16) -> Range {
        let items = self.line.items.as_slice();
        let limit = self.style.width;
        // The last place of each rank; 0 for none, for no row ends there.
        let mut best = [0; Rank::ALL.len()];
        let mut column = indent;
        let mut hung = false;
        let mut at = start;
        while let Some(item) = items.get(at) {
            if item.kind == UnitKind::LineFeed {
                return Range { start, end: at + 1, soft: false };
            }
            let width = if item.kind == UnitKind::Tab { tab_width(column) } else { item.width };
            let fits = column + u16::from(width) <= limit;
            if fits {
                column += u16::from(width);
            } else if !matches!(item.kind, UnitKind::Space | UnitKind::Tab) {
                let hangs = self.style.hanging && !hung && column <= limit && at > start && kinsoku::hangs(item.shade);
                if !hangs {
                    break;
                }
                hung = true;
                column = limit;
            }
            at += 1;
            if let Some(rank) = self.ranks.get(at) {
                best[*rank as usize] = at;
            }
        }
        if at == items.len() {
            return Range { start, end: at, soft: false };
        }
        let end = best.into_iter().find(|place| *place > 0).unwrap_or(at).max(start + 1);
        Range { start, end, soft: true }
    }

    /// Keeps the last row from holding a single character: the row before it gives one more,
    /// where the rules allow a break there and it stays long enough.
    fn help_last(&self, ranges: &mut [Range], indent: u16) {
        let [.., before, last] = ranges else { return };
        if self.letters(last.start, last.end, 2) >= 2 {
            return;
        }
        let first_of_all = before.start == 0;
        let mut tail = self.cells(last.start, last.end);
        let mut head = self.cells(before.start, before.end) + if first_of_all { indent } else { 0 };
        for at in (before.start + 1..before.end).rev() {
            let width = u16::from(self.line.items[at].width);
            tail += width;
            head = head.saturating_sub(width);
            if tail > self.style.width || head < self.style.width / SHORTENED {
                return;
            }
            if self.ranks[at] == Rank::Allowed && self.letters(at, last.end, 2) >= 2 {
                before.end = at;
                last.start = at;
                return;
            }
        }
    }

    /// Letters among the items, counted up to `enough`.
    fn letters(&self, start: usize, end: usize, enough: usize) -> usize {
        let is_letter = |item: &&super::unit::Item| {
            matches!(item.kind, UnitKind::Plain | UnitKind::Sign) && item.mark == Mark::Letter && item.shade != '\''
        };
        self.line.items[start..end].iter().filter(is_letter).take(enough).count()
    }

    fn cells(&self, start: usize, end: usize) -> u16 {
        self.line.items[start..end].iter().fold(0u16, |sum, item| sum.saturating_add(u16::from(item.width)))
    }

    /// Gives the items of a row their columns, run by run. Rows are placed in order.
    fn place(&self, range: Range, indent: u16, placed: &mut Placed) {
        let items = &self.line.items;
        let is_space = |at: usize| matches!(items[at].kind, UnitKind::Space | UnitKind::Tab);
        let mut start = range.start;
        let mut end = range.end;
        if range.soft {
            while end > start && is_space(end - 1) {
                end -= 1;
            }
        }
        // Behind a soft break a row begins with text.
        if start > 0 && items[start - 1].kind != UnitKind::LineFeed {
            while start < end && is_space(start) {
                start += 1;
            }
        }
        let first = placed.runs.len();
        let mut column = indent;
        let mut at = start;
        while at < end {
            let next = &mut placed.next;
            while self.line.runs.get(*next).is_some_and(|run| *run as usize <= at) {
                *next += 1;
            }
            let to = self.line.runs.get(*next).map_or(end, |run| end.min(*run as usize));
            let item = &items[at];
            let width = if item.kind == UnitKind::Tab { tab_width(column) } else { item.width };
            let count = match item.kind {
                UnitKind::LineFeed => 0,
                // White space that does not fit is not drawn.
                UnitKind::Space | UnitKind::Tab => usize::from(self.style.width.saturating_sub(column) / u16::from(width)).min(to - at),
                UnitKind::Plain | UnitKind::Sign => to - at,
            };
            if count > 0 {
                placed.runs.push(self.run(at..at + count, column, width));
                column += count as u16 * u16::from(width);
            }
            at = to;
        }
        let slack = self.style.width.saturating_sub(column);
        let runs = &mut placed.runs;
        if self.shape.centred {
            runs[first..].iter_mut().for_each(|run| run.column += slack / 2);
        } else if self.style.justify && range.soft && !self.shape.verbatim {
            self.spread(start..end, runs, first, slack);
        }
    }

    /// The run of `items`, which are alike, at `column`, each of `cells` cells.
    fn run(&self, items: ops::Range<usize>, column: u16, cells: u8) -> Run {
        let first = &self.line.items[items.start];
        let end = self.line.at(items.end);
        let count = items.len() as u16;
        Run {
            at: first.at,
            end,
            offset: first.offset,
            column,
            count,
            len: first.len,
            bytes: ((end - first.at) / u32::from(count.max(1))).min(u32::from(u8::MAX)) as u8,
            cells,
            kind: first.kind,
        }
    }

    /// Widens the row of `items`, placed as the runs from `first` on, by `slack` cells.
    fn spread(&self, items: ops::Range<usize>, runs: &mut Vec<Run>, first: usize, slack: u16) {
        let width = self.style.width - slack;
        let glyphs: usize = runs[first..].iter().map(|run| usize::from(run.count)).sum();
        if glyphs != items.len() {
            return;
        }
        let Some(gaps) = justify::gaps(&self.line.items[items.clone()], &self.ranks[items.clone()], width, slack) else { return };
        let plain: Vec<Run> = runs.drain(first..).collect();
        let mut at = items.start;
        let mut shift = 0;
        for run in plain {
            let to = at + usize::from(run.count);
            let mut from = at;
            let mut column = run.column;
            for next in at + 1..=to {
                if next == to || gaps[next - items.start] > 0 {
                    shift += gaps[from - items.start];
                    runs.push(self.run(from..next, column + shift, run.cells));
                    column += (next - from) as u16 * u16::from(run.cells);
                    from = next;
                }
            }
            at = to;
        }
    }
}
