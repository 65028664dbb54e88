//! Filling rows: units and ranks give rows of placed glyphs.

use super::{
    Glyph, Row, Shape, Style,
    breaks::Rank,
    justify,
    kinsoku::{self, Mark},
    unit::{Line, tab_width},
};
use crate::text::{Span, visible::UnitKind};

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
pub(super) fn rows(line: &Line<'_>, ranks: &[Rank], style: Style, shape: Shape) -> Vec<Row> {
    let fill = Fill { line, ranks, style, shape };
    let indent = fill.first_indent();
    let mut ranges: Vec<Range> = Vec::with_capacity(line.items.len() * 2 / usize::from(style.width) + 1);
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
    let mut rows = Vec::with_capacity(ranges.len());
    let mut from = line.segment.start;
    for (index, range) in ranges.iter().enumerate() {
        let to = ranges.get(index + 1).map_or(line.segment.end, |next| line.offset(&line.items[next.start]));
        let row = fill.place(*range, Span::new(from, to), if index == 0 { indent } else { 0 });
        rows.push(row);
        from = to;
    }
    if rows.is_empty() && !line.segment.is_empty() {
        rows.push(Row { span: line.segment, glyphs: Vec::new() });
    }
    rows
}

struct Fill<'a> {
    line: &'a Line<'a>,
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

    /// Gives the items of a row their columns.
    fn place(&self, range: Range, span: Span, indent: u16) -> Row {
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
        let mut glyphs = Vec::with_capacity(end - start);
        let mut column = indent;
        for (at, item) in items.iter().enumerate().take(end).skip(start) {
            let width = match item.kind {
                UnitKind::LineFeed => continue,
                UnitKind::Tab => tab_width(column),
                UnitKind::Plain | UnitKind::Space | UnitKind::Sign => item.width,
            };
            if is_space(at) && column + u16::from(width) > self.style.width {
                continue;
            }
            glyphs.push(Glyph {
                offset: self.line.offset(item),
                len: item.len,
                column,
                width,
                sign: item.kind == UnitKind::Sign,
                text: self.line.shown(at, width),
            });
            column += u16::from(width);
        }
        if self.shape.centred {
            let shift = self.style.width.saturating_sub(column) / 2;
            for glyph in &mut glyphs {
                glyph.column += shift;
            }
        } else if self.style.justify && range.soft && !self.shape.verbatim {
            justify::spread(&mut glyphs, &self.ranks[start..end], self.style.width.saturating_sub(column));
        }
        Row { span, glyphs }
    }
}
