//! Segmentation of a segment's text into clusters with the properties that layout needs.

use super::{
    char_props::{self, CharProps, HANZI, RARE},
    kinsoku::PunctClass,
};
use crate::text::CleanText;
use crate::text::Span;
use crate::text::visible;
use crate::text::visible::ClusterKind;
use crate::text::visible::VisibleCluster;
use crate::text::width;
use crate::text::width::AmbiguousWidth;
use std::{ops::Range, sync::Arc};

/// Distance between tab stops in cells.
const TAB_CELLS: u8 = 4;

/// A cluster of a segment, before it has a row and a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cluster {
    /// Offset of its first char, in chars from the start of the segment.
    pub offset: u32,
    /// Offset of its text in [`SegmentClusters::text`], in bytes.
    pub byte: u32,
    /// Total width of the clusters before it, in cells.
    pub cells_before: u32,
    /// First char, normalized for the CJK rules: full-width digits as ASCII, quotes with direction.
    pub normalized: char,
    /// Length in chars of the source, removed ranges inside it included.
    pub len: u16,
    /// Width in cells; for a tab the maximum.
    pub width: u8,
    /// Kind.
    pub kind: ClusterKind,
    /// Punctuation class for kinsoku.
    pub punct: PunctClass,
    /// UAX #14 class, or [`RARE`].
    pub break_class: u8,
}

impl Cluster {
    /// First char, normalized for UAX #14.
    pub(super) fn uax14_char(&self) -> char {
        char_props::uax14_char(self.normalized)
    }
}

/// The clusters of the cleaned text of a segment.
#[derive(Debug)]
pub(super) struct SegmentClusters {
    /// The span of the segment in the source.
    pub span: Span,
    /// The cleaned text of the segment, or a longer text that holds it.
    pub text: Arc<str>,
    /// End of the segment in `text`, in bytes.
    pub end: usize,
    /// The clusters in order.
    pub clusters: Vec<Cluster>,
    /// Index of the first cluster of each run, in order. A run is a maximal sequence of contiguous
    /// clusters of one char each with the same kind, width and bytes; any other cluster, and each
    /// tab and line feed, is a run of its own.
    pub runs: Vec<u32>,
    /// Whether there is a digit.
    pub has_digits: bool,
    /// Whether there may be a URL: `//` or `w.`.
    pub has_urls: bool,
    /// Whether there is a tab or a line feed, for which sums of widths do not hold.
    pub has_tabs_or_line_feeds: bool,
}

impl SegmentClusters {
    /// Segments the cleaned text of a segment.
    pub(super) fn new(clean_text: &CleanText, segment: Span, ambiguous: AmbiguousWidth) -> Self {
        let (text, bytes) = kept_text(clean_text, segment);
        let mut builder = ClusterBuilder {
            kept_spans: clean_text.cleaning.kept_spans(segment),
            kept_span: Span::empty(segment.start),
            open_quotes: [false; 2],
            previous: ' ',
            ambiguous,
            run_key: 0,
            end: ClusterPosition { offset: 0, byte: bytes.start as u32, cells: 0 },
            segment: Self {
                span: segment,
                end: bytes.end,
                text: Arc::clone(&text),
                clusters: Vec::with_capacity(segment.len()),
                runs: Vec::with_capacity(segment.len() / 8 + 1),
                has_digits: false,
                has_urls: false,
                has_tabs_or_line_feeds: false,
            },
        };
        builder.build(text.get(..bytes.end).unwrap_or_default(), bytes.start);
        builder.segment
    }

    /// Source offset of the first char of a cluster.
    pub(super) fn offset(&self, cluster: &Cluster) -> usize {
        self.span.start + cluster.offset as usize
    }

    /// Byte offset in `text` of cluster `index`; the end of the text for the number of clusters.
    pub(super) fn byte_at(&self, index: usize) -> u32 {
        self.clusters.get(index).map_or(self.end as u32, |cluster| cluster.byte)
    }
}

/// The cleaned text of a segment as a byte range of a text, which is the source's if nothing is
/// removed.
fn kept_text(clean_text: &CleanText, segment: Span) -> (Arc<str>, Range<usize>) {
    let (whole, bytes) = clean_text.source.shared_slice(segment);
    if clean_text.cleaning.removed_in(segment).is_empty() {
        return (whole, bytes);
    }
    // One pass over the text is cheaper than an offset lookup for each kept span.
    let mut rest = whole.get(bytes).unwrap_or_default();
    let mut text = String::with_capacity(rest.len());
    let mut at = segment.start;
    for span in clean_text.cleaning.kept_spans(segment) {
        rest = skip_chars(rest, span.start - at);
        let left = skip_chars(rest, span.len());
        text.push_str(&rest[..rest.len() - left.len()]);
        rest = left;
        at = span.end;
    }
    let len = text.len();
    (text.into(), 0..len)
}

/// The text after its first `chars` chars.
fn skip_chars(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or("", |(byte, _)| &text[byte..])
}

/// The end of the clusters so far, in the three units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ClusterPosition {
    /// Chars from the start of the segment.
    offset: u32,
    /// Bytes of the text.
    byte: u32,
    /// Cells from the start of the segment.
    cells: u32,
}

/// Builder of [`SegmentClusters`].
struct ClusterBuilder<K> {
    /// The kept spans that follow.
    kept_spans: K,
    /// The rest of the current kept span, in the source.
    kept_span: Span,
    /// Whether the next double or single quote without direction closes a pair.
    open_quotes: [bool; 2],
    /// First char of the previous cluster.
    previous: char,
    ambiguous: AmbiguousWidth,
    /// Key of the current run; 0 if the next cluster begins a new run.
    run_key: u32,
    /// End of the last cluster.
    end: ClusterPosition,
    segment: SegmentClusters,
}

/// Key that the clusters of one run share; never 0.
fn run_key(bytes: u8, width: u8, kind: ClusterKind) -> u32 {
    1 << 24 | u32::from(bytes) << 16 | u32::from(width) << 8 | kind as u32
}

/// Number of common hanzi at the start of `bytes`, which begin at a char boundary.
fn leading_hanzi(bytes: &[u8]) -> usize {
    // The first two bytes in UTF-8 decide: U+3400 to U+4DBF, U+4E00 to U+9FFF.
    let is_hanzi = |char: &&[u8; 3]| matches!(u16::from_be_bytes([char[0], char[1]]), 0xE390..=0xE4B6 | 0xE4B8..=0xE9BF);
    bytes.as_chunks::<3>().0.iter().take_while(is_hanzi).count()
}

/// Decodes a char of three bytes in UTF-8.
fn decode_three_bytes([a, b, c]: [u8; 3]) -> char {
    let code = u32::from(a & 0xF) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

impl<K: Iterator<Item = Span>> ClusterBuilder<K> {
    /// Adds the clusters of `text` from byte `at` on.
    fn build(&mut self, text: &str, mut at: usize) {
        let table = char_props::table();
        let bytes = text.as_bytes();
        loop {
            let hanzi = leading_hanzi(&bytes[at..]);
            let hanzi_end = at + 3 * hanzi;
            let mut rest = text[hanzi_end..].chars();
            let mut next = rest.next();
            let mut props = next.and_then(|next| table.get(next));
            // A rare char may join the last hanzi to a larger cluster.
            let plain = if next.is_none() || props.is_some() { hanzi_end } else { hanzi_end.saturating_sub(3).max(at) };
            if plain > at {
                self.push_hanzi(&bytes[at..plain], &table.hanzi);
                at = plain;
            }
            if at == hanzi_end {
                // Common chars up to the next hanzi, each followed by a common char.
                while let (Some(c), Some(common)) = (next, props) {
                    if common.break_class == HANZI && char_props::is_hanzi(c) {
                        break;
                    }
                    next = rest.next();
                    props = next.and_then(|next| table.get(next));
                    if next.is_some() && props.is_none() {
                        break;
                    }
                    self.push_common(common, c, next.unwrap_or(' '));
                    at += c.len_utf8();
                }
                if props.is_some() {
                    continue;
                }
            }
            // A rare char, or a char before one, may be part of a larger cluster.
            let mut visible_clusters = visible::clusters_from(text, at);
            loop {
                let Some(visible_cluster) = visible_clusters.next() else { return };
                at += visible_cluster.source.len();
                let follows = text[at..].chars().next().unwrap_or(' ');
                self.push_rare(visible_cluster, follows);
                if !visible_clusters.is_within_grapheme() {
                    break;
                }
            }
        }
    }

    /// Advances over one kept char; returns its offset from the start of the segment.
    fn next_offset(&mut self) -> u32 {
        self.refill();
        let offset = self.kept_span.start;
        self.kept_span.start += 1;
        (offset - self.segment.span.start) as u32
    }

    /// Continues with the next kept span if the current one is used up.
    fn refill(&mut self) {
        if self.kept_span.start >= self.kept_span.end
            && let Some(next) = self.kept_spans.next()
        {
            self.kept_span = next;
        }
    }

    /// Adds a cluster for each of some hanzi, given as UTF-8.
    fn push_hanzi(&mut self, hanzi: &[u8], props: &CharProps) {
        let width = props.widths[usize::from(self.ambiguous == AmbiguousWidth::Wide)];
        let mut rest = hanzi.as_chunks::<3>().0;
        while !rest.is_empty() {
            self.refill();
            let left = self.kept_span.end.saturating_sub(self.kept_span.start).max(1);
            let (chars, others) = rest.split_at(rest.len().min(left));
            rest = others;
            let offset = (self.kept_span.start - self.segment.span.start) as u32;
            self.open_run(run_key(3, width, ClusterKind::Plain), offset);
            let ClusterPosition { byte: at, cells, .. } = self.end;
            let width = u32::from(width);
            self.segment.clusters.extend((0u32..).zip(chars).map(|(n, char)| Cluster {
                offset: offset + n,
                byte: at + 3 * n,
                cells_before: cells + n * width,
                normalized: decode_three_bytes(*char),
                len: 1,
                width: width as u8,
                kind: ClusterKind::Plain,
                punct: PunctClass::Letter,
                break_class: HANZI,
            }));
            let n = chars.len() as u32;
            self.kept_span.start += chars.len();
            self.end = ClusterPosition { offset: offset + n, byte: at + 3 * n, cells: cells + n * width };
        }
        if let Some(last) = self.segment.clusters.last() {
            self.previous = last.normalized;
        }
    }

    /// Begins a new run with the next cluster unless it belongs to the current one; `run_key` is 0
    /// for a cluster that is a run of its own.
    fn open_run(&mut self, run_key: u32, offset: u32) {
        if run_key == 0 || run_key != self.run_key || offset != self.end.offset {
            self.segment.runs.push(self.segment.clusters.len() as u32);
            self.run_key = run_key;
        }
    }

    /// Adds the cluster of a common char `c`, which the char `next` follows.
    fn push_common(&mut self, props: &CharProps, c: char, next: char) {
        let offset = self.next_offset();
        let width = props.widths[usize::from(self.ambiguous == AmbiguousWidth::Wide)];
        let normalized = if char_props::is_hanzi(c) { c } else { props.normalized };
        let ClusterPosition { byte: at, cells, .. } = self.end;
        let mut cluster = Cluster {
            offset,
            byte: at,
            cells_before: cells,
            normalized,
            len: 1,
            width,
            kind: props.kind,
            punct: props.punct,
            break_class: props.break_class,
        };
        if props.depends_on_context {
            self.normalize(&mut cluster, c, next);
        }
        let bytes = c.len_utf8() as u8;
        self.push(cluster, c, u32::from(bytes), run_key(bytes, width, props.kind));
    }

    /// Adds `cluster`, whose first char is `c`, of `bytes` bytes.
    fn push(&mut self, cluster: Cluster, c: char, bytes: u32, run_key: u32) {
        self.open_run(run_key, cluster.offset);
        if c < '\u{80}' {
            self.segment.has_urls |= (c == '/' && self.previous == '/') || (c == '.' && self.previous == 'w');
        }
        self.segment.has_digits |= cluster.normalized.is_ascii_digit();
        if matches!(cluster.kind, ClusterKind::Tab | ClusterKind::LineFeed) {
            self.segment.has_tabs_or_line_feeds = true;
            self.run_key = 0;
        }
        self.previous = c;
        self.end = ClusterPosition {
            offset: cluster.offset + u32::from(cluster.len),
            byte: cluster.byte + bytes,
            cells: cluster.cells_before + u32::from(cluster.width),
        };
        self.segment.clusters.push(cluster);
    }

    /// Adds a cluster that is not one common char, which the char `next` follows.
    fn push_rare(&mut self, visible_cluster: VisibleCluster<'_>, next: char) {
        let mut chars = visible_cluster.source.chars();
        let Some(c) = chars.next() else { return };
        let offset = self.next_offset();
        let mut end = offset + 1;
        for _ in chars {
            end = self.next_offset() + 1;
        }
        let len = u16::try_from(end - offset).unwrap_or(u16::MAX);
        let width = cluster_width(&visible_cluster, c, self.ambiguous);
        let ClusterPosition { byte: at, cells, .. } = self.end;
        let class = char_props::break_class('X');
        let mut cluster = Cluster {
            offset,
            byte: at,
            cells_before: cells,
            normalized: 'X',
            len,
            width,
            kind: visible_cluster.kind,
            punct: PunctClass::Letter,
            break_class: class,
        };
        // A sign breaks like a letter.
        if visible_cluster.kind != ClusterKind::Sign {
            self.normalize(&mut cluster, c, next);
        }
        let bytes = visible_cluster.source.len() as u32;
        let run_key = if len == 1 { run_key(bytes as u8, width, visible_cluster.kind) } else { 0 };
        self.push(cluster, c, bytes, run_key);
    }

    /// Sets the normalized char and the classes of `cluster`, whose first char is `c`, by the chars
    /// beside it.
    fn normalize(&mut self, cluster: &mut Cluster, c: char, next: char) {
        let (normalized, uax14_char) = char_props::resolve_in_context(c, self.previous, next, &mut self.open_quotes);
        cluster.punct = PunctClass::from_char(normalized);
        cluster.normalized = if normalized.len_utf8() == uax14_char.len_utf8() { normalized } else { uax14_char };
        cluster.break_class = if cluster.kind == ClusterKind::Plain { char_props::break_class(uax14_char) } else { RARE };
    }
}

/// Width in cells of a tab at `column`.
pub(super) fn tab_width(column: u16) -> u8 {
    TAB_CELLS - (column % u16::from(TAB_CELLS)) as u8
}

fn cluster_width(visible_cluster: &VisibleCluster<'_>, first: char, ambiguous: AmbiguousWidth) -> u8 {
    match visible_cluster.kind {
        ClusterKind::Plain if visible_cluster.source.len() == first.len_utf8() => width::char_width(first, ambiguous),
        ClusterKind::Plain | ClusterKind::Sign => width::grapheme_width(&visible_cluster.visible_text(), ambiguous),
        ClusterKind::Space => {
            if first == '\u{3000}' {
                2
            } else {
                1
            }
        }
        ClusterKind::Tab => TAB_CELLS,
        ClusterKind::LineFeed => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::layout::oracle;
    use crate::text::SourceText;
    use proptest::prelude::*;

    proptest! {
        /// The fast path gives the clusters of [`visible::clusters`], with their positions.
        #[test]
        fn clusters_equal_those_of_visible(text in oracle::text()) {
            let document = Document::from(SourceText::from(text.as_str()));
            for ambiguous in [AmbiguousWidth::Narrow, AmbiguousWidth::Wide] {
                let segment = SegmentClusters::new(&document, document.source.span(), ambiguous);
                let mut offset = 0;
                let mut at = 0;
                let mut clusters = segment.clusters.iter();
                for visible_cluster in visible::clusters(&text) {
                    let cluster = clusters.next().unwrap();
                    let len = visible_cluster.source.chars().count();
                    prop_assert_eq!((cluster.offset as usize, cluster.byte as usize, usize::from(cluster.len), cluster.kind), (offset, at, len, visible_cluster.kind));
                    let first = visible_cluster.source.chars().next().unwrap();
                    prop_assert_eq!(cluster.width, cluster_width(&visible_cluster, first, ambiguous));
                    offset += len;
                    at += visible_cluster.source.len();
                }
                prop_assert!(clusters.next().is_none());
                // Runs are maximal.
                let alone = |cluster: &Cluster| cluster.len != 1 || matches!(cluster.kind, ClusterKind::Tab | ClusterKind::LineFeed);
                let bytes = |index: usize| segment.byte_at(index + 1) - segment.clusters[index].byte;
                for (index, pair) in segment.clusters.windows(2).enumerate() {
                    let same_key = (pair[0].kind, pair[0].width, bytes(index)) == (pair[1].kind, pair[1].width, bytes(index + 1));
                    let is_new_run = !same_key || alone(&pair[0]) || alone(&pair[1]);
                    prop_assert_eq!(segment.runs.contains(&(index as u32 + 1)), is_new_run, "before cluster {}", index + 1);
                    prop_assert_eq!(pair[1].cells_before, pair[0].cells_before + u32::from(pair[0].width));
                }
            }
        }
    }
}
