//! Break opportunities: the [`BreakPenalty`] of every boundary between two clusters.
//!
//! UAX #14 (`unicode-linebreak`) runs on normalized text, in which quotes are replaced by opening
//! and closing brackets, full-width letters and digits by ASCII, and signs by letters. The CJK rules
//! then change its breaks: kinsoku, pairs, numbers with their units, run-in markers and URLs.

use super::{
    char_props::{self, HANZI, RARE},
    cluster::{Cluster, SegmentClusters},
    kinsoku::{KinsokuStrictness, PunctClass},
    number,
};
use crate::text::visible::ClusterKind;
use smallvec::SmallVec;
use std::ops::Range;
use unicode_linebreak::linebreaks;

/// Penalty of a row break at a boundary, best first. Any but [`BreakPenalty::Allowed`] is used only
/// inside text that has no allowed break and is wider than the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakPenalty {
    /// Break allowed.
    Allowed,
    /// Inside a Latin word or a URL.
    Latin,
    /// Between a number and its unit.
    Unit,
    /// Inside a number.
    Number,
    /// Before an opening mark, if the cluster before it forbids a break.
    BeforeOpening,
    /// After a closing mark or stop, if the cluster after it forbids a break.
    AfterClosing,
    /// At any other forbidden boundary.
    Forbidden,
    /// Inside a pair: —— or ……
    Pair,
}

impl BreakPenalty {
    /// All penalties, best first; indexed by `as usize`.
    pub const ALL: [Self; 8] =
        [Self::Allowed, Self::Latin, Self::Unit, Self::Number, Self::BeforeOpening, Self::AfterClosing, Self::Forbidden, Self::Pair];
}

/// The penalty of the boundary before each cluster; the first is `Allowed`.
pub(super) fn break_penalties(segment: &SegmentClusters, kinsoku: KinsokuStrictness) -> Vec<BreakPenalty> {
    let clusters = segment.clusters.as_slice();
    let mut penalties: Vec<BreakPenalty> = Vec::with_capacity(clusters.len());
    let mut uax14 = Uax14Breaks::new(clusters);
    let mut markers: SmallVec<[Range<usize>; 4]> = SmallVec::new();
    let mut last = PunctClass::Letter; // of the last cluster that is not a space
    let mut pair = 0; // equal dashes or ellipses directly before this cluster
    let mut class = RARE; // of the previous cluster
    let mut index = 0;
    while let Some(cluster) = clusters.get(index) {
        let class_before = std::mem::replace(&mut class, cluster.break_class);
        if class_before == HANZI && class == HANZI {
            // Fast path; here `last` is `Letter` and `pair` is 0.
            let hanzi = clusters[index..].iter().take_while(|cluster| cluster.break_class == HANZI).count();
            index += hanzi;
            penalties.resize(index, BreakPenalty::Allowed);
            continue;
        }
        let before = index.checked_sub(1).map_or(' ', |before| clusters[before].normalized);
        let paired = matches!(cluster.punct, PunctClass::Dash | PunctClass::Ellipsis) && index > 0 && before == cluster.normalized;
        pair = if paired { pair + 1 } else { 0 };
        let penalty = if index == 0 {
            BreakPenalty::Allowed
        } else if paired {
            if pair % 2 == 1 { BreakPenalty::Pair } else { BreakPenalty::Forbidden }
        } else if cluster.kind == ClusterKind::Space || cluster.kind == ClusterKind::Tab {
            BreakPenalty::Forbidden
        } else {
            break_penalty(last, cluster.punct, uax14.allows_break(index), kinsoku, (before, cluster.normalized))
        };
        penalties.push(penalty);
        if class == HANZI
            && number::can_begin_marker(cluster.normalized)
            && (last != PunctClass::Letter || class_before == RARE)
            && let Some(marker) = number::run_in_marker(clusters, index)
        {
            markers.push(marker);
        }
        match cluster.kind {
            ClusterKind::LineFeed => last = PunctClass::Letter,
            ClusterKind::Space | ClusterKind::Tab => {}
            ClusterKind::Plain | ClusterKind::Sign => last = cluster.punct,
        }
        index += 1;
    }
    let mut raise = |boundaries: Range<usize>, new_penalty: BreakPenalty| {
        for penalty in penalties.get_mut(boundaries).unwrap_or_default() {
            if *penalty == BreakPenalty::Allowed {
                *penalty = new_penalty;
            }
        }
    };
    for marker in markers {
        raise(marker.start + 1..marker.end, BreakPenalty::Unit);
    }
    if segment.has_digits {
        number::glue_units(clusters, |index| raise(index..index + 1, BreakPenalty::Unit));
    }
    if segment.has_urls {
        for_each_url(clusters, |url| raise(url.start + 1..url.end, BreakPenalty::Latin));
    }
    penalties
}

/// UAX #14 break opportunities of a segment. Between two common chars their classes decide, by a
/// pair table; a range with rare chars, from one hanzi to the next, goes through the full
/// algorithm.
struct Uax14Breaks<'a> {
    clusters: &'a [Cluster],
    /// The clusters of the last range that went through the full algorithm.
    range: Range<usize>,
    /// Whether a break is allowed before each of them.
    allowed: Vec<bool>,
    /// Their text, normalized for UAX #14.
    text: String,
}

impl<'a> Uax14Breaks<'a> {
    fn new(clusters: &'a [Cluster]) -> Self {
        Self { clusters, range: 0..0, allowed: Vec::new(), text: String::new() }
    }

    /// Whether UAX #14 allows a break before cluster `index`, which is not 0. Indexes must ascend.
    fn allows_break(&mut self, index: usize) -> bool {
        let (before, after) = (self.clusters[index - 1].break_class, self.clusters[index].break_class);
        if index >= self.range.end {
            if before != RARE && after != RARE {
                return char_props::table().allows_break(before, after);
            }
            self.run_uax14(index);
        }
        self.allowed[index - self.range.start]
    }

    /// Runs the full algorithm on the range around cluster `index`.
    fn run_uax14(&mut self, index: usize) {
        let is_hanzi = |cluster: &Cluster| cluster.break_class == HANZI;
        let from = self.clusters[self.range.end..index].iter().rposition(is_hanzi).map_or(self.range.end, |at| self.range.end + at);
        // The hanzi that ends one range begins the next.
        let start = if from == self.range.end { from.saturating_sub(1) } else { from };
        let end = self.clusters[index..].iter().position(is_hanzi).map_or(self.clusters.len(), |at| index + at + 1);
        self.text.clear();
        self.text.extend(self.clusters[start..end].iter().map(Cluster::uax14_char));
        self.allowed.clear();
        self.allowed.resize(end - start, false);
        let mut breaks = linebreaks(&self.text).map(|(at, _)| at).peekable();
        let mut byte = 0;
        for (cluster, allowed) in self.clusters[start..end].iter().zip(&mut self.allowed) {
            *allowed = breaks.next_if_eq(&byte).is_some();
            byte += cluster.uax14_char().len_utf8();
        }
        self.range = start..end;
    }
}

/// The penalty of one boundary.
///
/// `before` and `after` are the classes of the clusters on both sides, spaces left out; `chars` are
/// the normalized chars directly beside the boundary; `uax14_allows` is the verdict of UAX #14.
pub(super) fn break_penalty(
    before: PunctClass,
    after: PunctClass,
    uax14_allows: bool,
    kinsoku: KinsokuStrictness,
    chars: (char, char),
) -> BreakPenalty {
    let latin = |c: char| c < '\u{2E80}' && !c.is_whitespace();
    if after.forbids_row_start(kinsoku) || before.forbids_row_end() {
        return match (before, after) {
            (_, PunctClass::Opening) => BreakPenalty::BeforeOpening,
            (PunctClass::Closing | PunctClass::Stop | PunctClass::Ellipsis, _) => BreakPenalty::AfterClosing,
            _ => BreakPenalty::Forbidden,
        };
    }
    if uax14_allows {
        return BreakPenalty::Allowed;
    }
    // A break is allowed after a Chinese stop whatever follows (a list hyphen, a degree sign).
    if matches!(before, PunctClass::Stop | PunctClass::Closing) && chars.0 >= '\u{2E80}' {
        return BreakPenalty::Allowed;
    }
    // A break is allowed before a Chinese opening mark, even after Latin words and figures: GDP（年）.
    // UAX #14 allows it since version 13, depending on the width of the bracket.
    if after == PunctClass::Opening && (chars.1 >= '\u{2E80}' || matches!(chars.1, '“' | '‘')) {
        return BreakPenalty::Allowed;
    }
    // Looser than UAX #14, which forbids these marks at the start of a row.
    if after == PunctClass::Middle && kinsoku == KinsokuStrictness::Loose {
        return BreakPenalty::Allowed;
    }
    match (before, after) {
        _ if latin(chars.0) && latin(chars.1) => {
            let figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '-' | '/');
            if figure(chars.0) && figure(chars.1) { BreakPenalty::Number } else { BreakPenalty::Latin }
        }
        (_, PunctClass::Opening) => BreakPenalty::BeforeOpening,
        (PunctClass::Closing | PunctClass::Stop, _) => BreakPenalty::AfterClosing,
        _ => BreakPenalty::Forbidden,
    }
}

/// Calls `found` with the clusters of each URL: `https://…` or `www.…`, without trailing
/// punctuation.
fn for_each_url(clusters: &[Cluster], mut found: impl FnMut(Range<usize>)) {
    let normalized = |at: usize| clusters[at].normalized;
    let begins = |at: usize, word: [char; 3]| clusters.len() - at >= 3 && (0..3).all(|n| normalized(at + n) == word[n]);
    let mut i = 0;
    while i < clusters.len() {
        let scheme = begins(i, [':', '/', '/']);
        let www = begins(i, ['w', 'w', 'w']) && clusters.get(i + 3).is_some_and(|cluster| cluster.normalized == '.');
        if !scheme && !www {
            i += 1;
            continue;
        }
        let mut start = i;
        while scheme && start > 0 && matches!(normalized(start - 1), 'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.') {
            start -= 1;
        }
        let mut end = i;
        while end < clusters.len() && normalized(end).is_ascii_graphic() && !matches!(normalized(end), '"' | '<' | '>') {
            end += 1;
        }
        while end > i && matches!(normalized(end - 1), '.' | ',' | ';' | ':' | '!' | '?' | ')' | '\'') {
            end -= 1;
        }
        found(start..end);
        i = end.max(i + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::layout::oracle;
    use crate::text::SourceText;
    use crate::text::Span;
    use crate::text::visible::VisibleCluster;
    use crate::text::width::AmbiguousWidth;
    use proptest::prelude::*;

    /// The text with `|` at the allowed breaks.
    fn with_breaks(text: &str) -> String {
        let document = Document::from(SourceText::from(text));
        let segment = SegmentClusters::new(&document, Span::new(0, document.source.len()), AmbiguousWidth::Narrow);
        let penalties = break_penalties(&segment, KinsokuStrictness::Strict);
        let mut out = String::new();
        for (index, penalty) in penalties.iter().enumerate() {
            if index > 0 && *penalty == BreakPenalty::Allowed {
                out.push('|');
            }
            let unit = VisibleCluster {
                source: &segment.text[segment.clusters[index].byte as usize..segment.byte_at(index + 1) as usize],
                kind: segment.clusters[index].kind,
            };
            out.push_str(&unit.visible_text());
        }
        out
    }

    #[test]
    fn marks_stay_with_their_words() {
        assert_eq!(with_breaks("会议指出，要抓好。"), "会|议|指|出，|要|抓|好。");
        assert_eq!(with_breaks("见《规划》（试行）"), "见|《规|划》|（试|行）");
        assert_eq!(with_breaks("他说:你好,再见."), "他|说:|你|好,|再|见.");
        assert_eq!(with_breaks("全市(含县)共"), "全|市|(含|县)|共");
        assert_eq!(with_breaks("字 ，字"), "字 ，|字");
    }

    #[test]
    fn quotes_bind_by_direction() {
        assert_eq!(with_breaks("抓“三农”工作"), "抓|“三|农”|工|作");
        assert_eq!(with_breaks("抓\"三农\"工作"), "抓|\"三|农\"|工|作");
        assert_eq!(with_breaks("“‘甲’乙”"), "“‘甲’|乙”");
        assert_eq!(with_breaks("don’t go"), "don’t |go");
    }

    #[test]
    fn pairs_are_not_broken() {
        assert_eq!(with_breaks("目标——实现"), "目|标|——|实|现");
        assert_eq!(with_breaks("等等……还有"), "等|等……|还|有");
        assert_eq!(with_breaks("阿里·木"), "阿|里·|木");
        assert_eq!(with_breaks("甲～乙"), "甲～|乙");
    }

    #[test]
    fn numbers_with_units_and_latin_words_are_not_broken() {
        assert_eq!(with_breaks("到2025年增长5.5%左右"), "到|2025年|增|长|5.5%|左|右");
        assert_eq!(with_breaks("投资１００亿元"), "投|资|１００亿元");
        assert_eq!(with_breaks("推进GDP增长"), "推|进|GDP|增|长");
        assert_eq!(with_breaks("GDP（年）9“甲”"), "GDP|（年）|9|“甲”");
        assert_eq!(with_breaks("见https://a.cn/b-c?d=e。"), "见|https://a.cn/b-c?d=e。");
        assert_eq!(with_breaks("零下3℃时"), "零|下|3℃|时");
    }

    #[test]
    fn run_in_markers_are_not_broken() {
        assert_eq!(with_breaks("会。一是抓，二要促"), "会。|一是|抓，|二要|促");
        assert_eq!(with_breaks("十一是抓；第三，看"), "十一是|抓；|第三，|看");
        assert_eq!(with_breaks("坚持统一是要"), "坚|持|统|一|是|要");
    }

    proptest! {
        /// The fast path gives the penalties of the reference implementation.
        #[test]
        fn penalties_equal_those_of_the_oracle(text in oracle::text()) {
            let document = Document::from(SourceText::from(text.as_str()));
            let segment = SegmentClusters::new(&document, document.source.span(), AmbiguousWidth::Narrow);
            for kinsoku in [KinsokuStrictness::Strict, KinsokuStrictness::Loose] {
                prop_assert_eq!(break_penalties(&segment, kinsoku), oracle::penalties(&segment, kinsoku));
            }
        }
    }

    #[test]
    fn signs_break_like_letters() {
        assert_eq!(with_breaks("甲\u{202e}乙"), "甲|<202E>|乙");
    }
}
