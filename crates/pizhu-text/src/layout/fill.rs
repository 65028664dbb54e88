//! Row filling: breaks the clusters of a segment into rows and places their glyphs.
//!
//! Breaking is greedy: a row takes what fits and ends at its last boundary of the lowest penalty.

use super::{
    breaks::BreakPenalty,
    cluster::{Cluster, SegmentClusters, tab_width},
    justify,
    kinsoku::{self, PunctClass},
    row::Row,
    row::{GlyphRun, SegmentLayout},
    style::{LayoutStyle, SegmentShape},
};
use crate::text::Span;
use crate::text::visible::ClusterKind;
use smallvec::SmallVec;
use std::{ops::Range, sync::Arc};

/// To avoid a short last row, the previous one may shrink to 1/2 of the column.
const MIN_ROW_DIVISOR: u16 = 2;

/// The clusters of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RowRange {
    start: usize,
    end: usize,
    /// Whether it ends in a soft break: its line continues in the next row.
    soft: bool,
}

/// Breaks a segment into rows; `penalties` are those of the boundary before each cluster.
pub(super) fn rows(
    segment: &SegmentClusters,
    penalties: &[BreakPenalty],
    style: LayoutStyle,
    shape: SegmentShape,
    grid: Option<&CellGrid>,
) -> Vec<Row> {
    let filler = RowFiller { segment, penalties, style, shape, grid };
    let first_indent = filler.first_indent();
    let indent = |start: usize| match grid {
        Some(grid) => {
            // The first sign of a row always fits.
            let first = segment.clusters[start..].iter().find(|cluster| !matches!(cluster.kind, ClusterKind::Space | ClusterKind::Tab));
            let room = first.map_or(style.width, |cluster| style.width.saturating_sub(u16::from(cluster.width)));
            Some(grid.indent(start)).filter(|indent| *indent <= room).unwrap_or_default()
        }
        None if start == 0 => first_indent,
        None => 0,
    };
    let mut ranges: SmallVec<[RowRange; 16]> = SmallVec::new();
    let mut start = 0;
    let mut line_start = 0; // index of the first row of the current line
    while start < segment.clusters.len() {
        let range = filler.next_row(start, indent(start));
        start = range.end;
        ranges.push(range);
        if !range.soft {
            if !shape.verbatim && ranges.len() - line_start > 1 {
                filler.avoid_short_last_row(&mut ranges, first_indent);
            }
            line_start = ranges.len();
        }
    }
    let mut placed = PlacedRuns { runs: Vec::with_capacity(segment.runs.len() + ranges.len()), next_run: 0 };
    // Index after the last run of each row.
    let mut ends: SmallVec<[u32; 16]> = SmallVec::new();
    for range in &ranges {
        filler.place_row(*range, indent(range.start), &mut placed);
        ends.push(placed.runs.len() as u32);
    }
    let span = segment.span;
    let layout = Arc::new(SegmentLayout { text: Arc::clone(&segment.text), start: span.start, runs: placed.runs });
    let mut rows = Vec::with_capacity(ranges.len().max(1));
    let (mut begin, mut from) = (0, span.start);
    for (range, end) in ranges.iter().zip(ends) {
        // The span of a row includes removed text after it; that of the first row, also before it.
        let to = segment.clusters.get(range.end).map_or(span.end, |cluster| segment.offset(cluster));
        rows.push(Row::new(Span::new(from, to), Arc::clone(&layout), begin..end));
        (begin, from) = (end, to);
    }
    if rows.is_empty() && !span.is_empty() {
        rows.push(Row::blank(span));
    }
    rows
}

/// The glyph runs of the rows placed so far.
struct PlacedRuns {
    runs: Vec<GlyphRun>,
    /// Index in [`SegmentClusters::runs`] of a run not after the next cluster to place.
    next_run: usize,
}

/// Columns, in cells, by which the cells of a row are indented that stand on rows of their own.
const STACKED_INDENT: u16 = 2;

/// Where the cells of a table row begin.
#[derive(Debug)]
pub(super) struct CellGrid {
    /// Indices of the tabs among the clusters.
    tabs: Vec<usize>,
    /// Index of the table's column in which the row begins.
    first: usize,
    /// Column of the text where each column of the table begins; `None` if each cell is on a row of
    /// its own.
    starts: Option<Vec<u16>>,
}

impl CellGrid {
    pub(super) fn new(segment: &SegmentClusters, first: usize, starts: Option<Vec<u16>>) -> Self {
        let tabs = (0..segment.clusters.len()).filter(|at| segment.clusters[*at].kind == ClusterKind::Tab).collect();
        Self { tabs, first, starts }
    }

    /// Index of the table's column that cluster `at` is in.
    fn column_at(&self, at: usize) -> usize {
        self.first + self.tabs.partition_point(|tab| *tab < at)
    }

    /// Indent of a row that begins with cluster `start`.
    fn indent(&self, start: usize) -> u16 {
        let column = self.column_at(start);
        match &self.starts {
            Some(starts) => starts.get(column).or(starts.last()).copied().unwrap_or_default(),
            None if column > 0 => STACKED_INDENT,
            None => 0,
        }
    }

    /// Width of the tab at cluster `at` in this column of the text.
    fn tab_width(&self, at: usize, column: u16) -> u8 {
        let next = self.starts.as_ref().and_then(|starts| starts.get(self.column_at(at) + 1));
        next.map_or(1, |next| next.saturating_sub(column).clamp(1, u16::from(u8::MAX)) as u8)
    }

    /// Whether a row ends after the tab at cluster `at`.
    fn ends_row(&self, at: usize) -> bool {
        self.starts.is_none() && self.tabs.binary_search(&(at + 1)).is_err()
    }
}

/// Row filling of one segment.
struct RowFiller<'a> {
    segment: &'a SegmentClusters,
    penalties: &'a [BreakPenalty],
    style: LayoutStyle,
    shape: SegmentShape,
    /// The cells, if the segment is a table row.
    grid: Option<&'a CellGrid>,
}

impl RowFiller<'_> {
    /// Indent of the first row in cells: reduced if the text before the first allowed break fits the
    /// column but not the indented row.
    fn first_indent(&self) -> u16 {
        let wanted = self.shape.first_indent.min(self.style.width / 2);
        if wanted == 0 {
            return 0;
        }
        let mut unbreakable = 0u16; // cells before the first allowed break
        for (index, cluster) in self.segment.clusters.iter().enumerate() {
            if cluster.kind == ClusterKind::LineFeed || (index > 0 && self.penalties[index] == BreakPenalty::Allowed) {
                break;
            }
            unbreakable = unbreakable.saturating_add(u16::from(cluster.width));
            if unbreakable > self.style.width {
                // It is broken in any case; keep the indent unless the column is narrow.
                return if self.style.width >= 4 * wanted { wanted } else { 0 };
            }
        }
        wanted.min((self.style.width - unbreakable) & !1)
    }

    /// The row that begins with cluster `start`, indented by `indent` cells.
    fn next_row(&self, start: usize, indent: u16) -> RowRange {
        self.next_row_by_sums(start, indent).unwrap_or_else(|| self.next_row_by_scan(start, indent))
    }

    /// Fast path of [`Self::next_row`] by binary search over the sums of widths. `None` if these do
    /// not decide: tabs, line feeds, hanging punctuation, white space at the end of the row.
    fn next_row_by_sums(&self, start: usize, indent: u16) -> Option<RowRange> {
        if self.segment.has_tabs_or_line_feeds || self.style.hanging {
            return None;
        }
        let clusters = self.segment.clusters.get(start..)?;
        let room = self.style.width.checked_sub(indent)?;
        let limit = clusters.first()?.cells_before + u32::from(room);
        // Each cluster is at least one cell wide.
        let window = clusters.get(..=usize::from(room)).unwrap_or(clusters);
        let fits = |cluster: &Cluster| cluster.cells_before + u32::from(cluster.width) <= limit;
        let count = window.partition_point(fits);
        if count == clusters.len() {
            return Some(RowRange { start, end: start + count, soft: false });
        }
        if window.get(count)?.kind == ClusterKind::Space {
            return None;
        }
        let candidates = self.penalties.get(start + 1..=start + count)?;
        let best = match candidates.iter().rposition(|penalty| *penalty == BreakPenalty::Allowed) {
            Some(last) => Some(last),
            None => candidates.iter().min().and_then(|best| candidates.iter().rposition(|penalty| penalty == best)),
        };
        Some(RowRange { start, end: start + best.map_or(1, |best| best + 1), soft: true })
    }

    /// Slow path of [`Self::next_row`], cluster by cluster.
    fn next_row_by_scan(&self, start: usize, indent: u16) -> RowRange {
        let clusters = self.segment.clusters.as_slice();
        let limit = self.style.width;
        // The last boundary of each penalty; 0 for none, since no row ends there.
        let mut best = [0; BreakPenalty::ALL.len()];
        let mut column = indent;
        let mut hung = false;
        let mut at = start;
        while let Some(cluster) = clusters.get(at) {
            if cluster.kind == ClusterKind::LineFeed {
                return RowRange { start, end: at + 1, soft: false };
            }
            let width = self.width_at(at, column);
            let fits = column + u16::from(width) <= limit;
            if fits {
                column += u16::from(width);
            } else if !matches!(cluster.kind, ClusterKind::Space | ClusterKind::Tab) {
                let hangs = self.style.hanging && !hung && column <= limit && at > start && kinsoku::can_hang(cluster.normalized);
                if !hangs {
                    break;
                }
                hung = true;
                column = limit;
            }
            at += 1;
            if cluster.kind == ClusterKind::Tab && self.grid.is_some_and(|grid| grid.ends_row(at - 1)) {
                return RowRange { start, end: at, soft: true };
            }
            if let Some(penalty) = self.penalties.get(at) {
                best[*penalty as usize] = at;
            }
        }
        if at == clusters.len() {
            return RowRange { start, end: at, soft: false };
        }
        let end = best.into_iter().find(|boundary| *boundary > 0).unwrap_or(at).max(start + 1);
        RowRange { start, end, soft: true }
    }

    /// Width of cluster `at` in this column, in cells.
    fn width_at(&self, at: usize, column: u16) -> u8 {
        match (self.segment.clusters[at].kind, self.grid) {
            (ClusterKind::Tab, Some(grid)) => grid.tab_width(at, column),
            (ClusterKind::Tab, None) => tab_width(column),
            _ => self.segment.clusters[at].width,
        }
    }

    /// Avoids a last row with a single letter: moves the last allowed break of the previous row back
    /// if that row stays long enough.
    fn avoid_short_last_row(&self, ranges: &mut [RowRange], indent: u16) {
        let [.., before, last] = ranges else { return };
        if self.count_letters(last.start, last.end, 2) >= 2 {
            return;
        }
        let first_of_all = before.start == 0;
        let mut tail = self.sum_cells(last.start, last.end);
        let mut head = self.sum_cells(before.start, before.end) + if first_of_all { indent } else { 0 };
        for at in (before.start + 1..before.end).rev() {
            let width = u16::from(self.segment.clusters[at].width);
            tail += width;
            head = head.saturating_sub(width);
            if tail > self.style.width || head < self.style.width / MIN_ROW_DIVISOR {
                return;
            }
            if self.penalties[at] == BreakPenalty::Allowed && self.count_letters(at, last.end, 2) >= 2 {
                before.end = at;
                last.start = at;
                return;
            }
        }
    }

    /// Number of letters among the clusters, counted up to `max`.
    fn count_letters(&self, start: usize, end: usize, max: usize) -> usize {
        let is_letter = |cluster: &&Cluster| {
            matches!(cluster.kind, ClusterKind::Plain | ClusterKind::Sign)
                && cluster.punct == PunctClass::Letter
                && cluster.normalized != '\''
        };
        self.segment.clusters[start..end].iter().filter(is_letter).take(max).count()
    }

    /// Total width of the clusters in cells.
    fn sum_cells(&self, start: usize, end: usize) -> u16 {
        self.segment.clusters[start..end].iter().fold(0u16, |sum, cluster| sum.saturating_add(u16::from(cluster.width)))
    }

    /// Places the clusters of a row in columns, run by run. Rows must be placed in order.
    fn place_row(&self, range: RowRange, indent: u16, placed: &mut PlacedRuns) {
        let clusters = &self.segment.clusters;
        let is_space = |at: usize| matches!(clusters[at].kind, ClusterKind::Space | ClusterKind::Tab);
        let mut start = range.start;
        let mut end = range.end;
        if range.soft {
            while end > start && is_space(end - 1) {
                end -= 1;
            }
        }
        // After a soft break a row begins without white space.
        if start > 0 && clusters[start - 1].kind != ClusterKind::LineFeed {
            while start < end && is_space(start) {
                start += 1;
            }
        }
        let first = placed.runs.len();
        let mut column = indent;
        let mut at = start;
        while at < end {
            let next = &mut placed.next_run;
            while self.segment.runs.get(*next).is_some_and(|run| *run as usize <= at) {
                *next += 1;
            }
            let to = self.segment.runs.get(*next).map_or(end, |run| end.min(*run as usize));
            let cluster = &clusters[at];
            let width = self.width_at(at, column);
            let count = match cluster.kind {
                ClusterKind::LineFeed => 0,
                // White space that does not fit is not drawn.
                ClusterKind::Space | ClusterKind::Tab => {
                    usize::from(self.style.width.saturating_sub(column) / u16::from(width)).min(to - at)
                }
                ClusterKind::Plain | ClusterKind::Sign => to - at,
            };
            if count > 0 {
                placed.runs.push(self.glyph_run(at..at + count, column, width));
                column += count as u16 * u16::from(width);
            }
            at = to;
        }
        let slack = self.style.width.saturating_sub(column);
        let runs = &mut placed.runs;
        if self.shape.centred {
            runs[first..].iter_mut().for_each(|run| run.column += slack / 2);
        } else if self.style.justify && range.soft && !self.shape.verbatim {
            self.justify_row(start..end, runs, first, slack);
        }
    }

    /// The glyph run of clusters of one run, at `column`, each `cells` cells wide.
    fn glyph_run(&self, range: Range<usize>, column: u16, cells: u8) -> GlyphRun {
        let first = &self.segment.clusters[range.start];
        let end = self.segment.byte_at(range.end);
        let count = range.len() as u16;
        GlyphRun {
            byte: first.byte,
            end_byte: end,
            offset: first.offset,
            column,
            count,
            len: first.len,
            bytes: ((end - first.byte) / u32::from(count.max(1))).min(u32::from(u8::MAX)) as u8,
            cells,
            kind: first.kind,
        }
    }

    /// Justifies a row, placed as the runs from `first` on: widens it by `slack` cells.
    fn justify_row(&self, range: Range<usize>, runs: &mut Vec<GlyphRun>, first: usize, slack: u16) {
        let width = self.style.width - slack;
        let glyphs: usize = runs[first..].iter().map(|run| usize::from(run.count)).sum();
        if glyphs != range.len() {
            return;
        }
        let Some(gaps) = justify::gaps(&self.segment.clusters[range.clone()], &self.penalties[range.clone()], width, slack) else { return };
        let plain: Vec<GlyphRun> = runs.drain(first..).collect();
        let mut at = range.start;
        let mut shift = 0;
        for run in plain {
            let to = at + usize::from(run.count);
            let mut from = at;
            let mut column = run.column;
            for next in at + 1..=to {
                if next == to || gaps[next - range.start] > 0 {
                    shift += gaps[from - range.start];
                    runs.push(self.glyph_run(from..next, column + shift, run.cells));
                    column += (next - from) as u16 * u16::from(run.cells);
                    from = next;
                }
            }
            at = to;
        }
    }
}
