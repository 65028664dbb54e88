//! Reference implementation of the break penalties, without tables and fast paths, for tests.

use super::{
    breaks::{BreakPenalty, break_penalty},
    char_props,
    cluster::SegmentClusters,
    kinsoku::{KinsokuStrictness, PunctClass},
    number,
};
use crate::text::visible::ClusterKind;
use proptest::prelude::*;
use unicode_linebreak::linebreaks;

/// Random text with everything that the rules distinguish, mostly hanzi.
pub(super) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[青禾县抓落实一二三十是要第年个亿]{1,6}",
        3 => "[，。、；：？！（）《》“”‘’「」…—·～％℃]{1,2}",
        2 => "[0-9]{1,4}([.,:/-][0-9]{1,2})?(年|亿元|个百分点|%|多名)?",
        2 => "[a-zA-Z.,:;!?'\"(){}/&$#@+=_-]{1,6}",
        2 => "[ \u{3000}\t\n]{1,2}",
        1 => "[０-９Ａ-Ｚａ-ｚ．＂＇，]{1,3}",
        1 => "(https?://|www\\.)[a-z0-9./?=-]{1,9}",
        1 => "[\u{301}\u{fe0f}\u{200d}\u{200b}\u{202e}👩👧🇨🇳😀\u{1f3fd}]{1,3}",
        1 => "[éαЯא־䷀ㄅ가①─│★々ーゃ\u{ad}\u{a0}\u{2003}\u{e000}]{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// The penalty of the boundary before each cluster; the first is `Allowed`.
pub(super) fn penalties(segment: &SegmentClusters, kinsoku: KinsokuStrictness) -> Vec<BreakPenalty> {
    let normalized = NormalizedLine::new(segment);
    let count = normalized.chars.len();
    let mut free = vec![false; count + 1];
    let mut index = 0;
    let mut byte = 0;
    for (at, _) in linebreaks(&normalized.text) {
        while byte < at {
            byte += normalized.chars[index].len_utf8();
            index += 1;
        }
        free[index] = true;
    }
    let mut penalties: Vec<BreakPenalty> = Vec::with_capacity(count);
    let mut last = PunctClass::Letter; // of the last cluster that is not a space
    let mut pair = 0; // equal dashes or ellipses directly before this cluster
    for (index, cluster) in segment.clusters.iter().enumerate() {
        let punct = normalized.puncts[index];
        let paired =
            matches!(punct, PunctClass::Dash | PunctClass::Ellipsis) && index > 0 && normalized.chars[index - 1] == normalized.chars[index];
        pair = if paired { pair + 1 } else { 0 };
        let penalty = if index == 0 {
            BreakPenalty::Allowed
        } else if paired {
            if pair % 2 == 1 { BreakPenalty::Pair } else { BreakPenalty::Forbidden }
        } else if cluster.kind == ClusterKind::Space || cluster.kind == ClusterKind::Tab {
            BreakPenalty::Forbidden
        } else {
            break_penalty(last, punct, free[index], kinsoku, (normalized.chars[index - 1], normalized.chars[index]))
        };
        penalties.push(penalty);
        match cluster.kind {
            ClusterKind::LineFeed => last = PunctClass::Letter,
            ClusterKind::Space | ClusterKind::Tab => {}
            ClusterKind::Plain | ClusterKind::Sign => last = punct,
        }
    }
    keep_numbers(segment, &mut penalties);
    if normalized.has_urls {
        keep_urls(&normalized, &mut penalties);
    }
    penalties
}

/// Forbids every break inside a URL.
fn keep_urls(normalized: &NormalizedLine, penalties: &mut [BreakPenalty]) {
    let chars = &normalized.chars;
    let mut i = 0;
    while i < chars.len() {
        let scheme = chars[i..].starts_with(&[':', '/', '/']);
        let www = chars[i..].starts_with(&['w', 'w', 'w', '.']);
        if !scheme && !www {
            i += 1;
            continue;
        }
        let mut start = i;
        while scheme && start > 0 && matches!(chars[start - 1], 'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.') {
            start -= 1;
        }
        let mut end = i;
        while end < chars.len() && chars[end].is_ascii_graphic() && !matches!(chars[end], '"' | '<' | '>') {
            end += 1;
        }
        while end > i && matches!(chars[end - 1], '.' | ',' | ';' | ':' | '!' | '?' | ')' | '\'') {
            end -= 1;
        }
        for penalty in penalties.get_mut(start + 1..end).unwrap_or_default() {
            if *penalty == BreakPenalty::Allowed {
                *penalty = BreakPenalty::Latin;
            }
        }
        i = end.max(i + 1);
    }
}

/// The text of a segment normalized for line breaking, one char for each cluster.
struct NormalizedLine {
    text: String,
    chars: Vec<char>,
    puncts: Vec<PunctClass>,
    has_urls: bool,
}

impl NormalizedLine {
    fn new(segment: &SegmentClusters) -> Self {
        let count = segment.clusters.len();
        let text = &segment.text[segment.byte_at(0) as usize..segment.end];
        let mut normalized = Self {
            text: String::with_capacity(text.len()),
            chars: Vec::with_capacity(count),
            puncts: Vec::with_capacity(count),
            has_urls: text.contains("://") || text.contains("www."),
        };
        // Whether the next double or single quote without direction closes a pair.
        let mut open = [false; 2];
        for (index, cluster) in segment.clusters.iter().enumerate() {
            if ('\u{3400}'..='\u{9FFF}').contains(&first_char(segment, index)) && cluster.kind == ClusterKind::Plain {
                normalized.push(first_char(segment, index), first_char(segment, index), PunctClass::Letter);
                continue;
            }
            let next = segment.clusters.get(index + 1).map_or(' ', |_| first_char(segment, index + 1));
            let before = index.checked_sub(1).map_or(' ', |before| first_char(segment, before));
            let c = match cluster.kind {
                ClusterKind::Sign => 'X',
                ClusterKind::Plain | ClusterKind::Space | ClusterKind::Tab | ClusterKind::LineFeed => first_char(segment, index),
            };
            let (c, uax14_char) = char_props::resolve_in_context(c, before, next, &mut open);
            let punct = PunctClass::from_char(c);
            normalized.push(c, uax14_char, punct);
        }
        normalized
    }

    fn push(&mut self, c: char, uax14_char: char, punct: PunctClass) {
        self.text.push(uax14_char);
        // The chars of `chars` and `text` must have the same lengths in bytes.
        self.chars.push(if c.len_utf8() == uax14_char.len_utf8() { c } else { uax14_char });
        self.puncts.push(punct);
    }
}

/// The first char of a cluster.
fn first_char(segment: &SegmentClusters, index: usize) -> char {
    segment.text[segment.clusters[index].byte as usize..].chars().next().unwrap_or(' ')
}

/// Forbids breaks in numbers with units and in run-in markers, by the rules of [`number`].
fn keep_numbers(segment: &SegmentClusters, penalties: &mut [BreakPenalty]) {
    let mut keep = |index: usize| {
        if penalties[index] == BreakPenalty::Allowed {
            penalties[index] = BreakPenalty::Unit;
        }
    };
    for index in 0..segment.clusters.len() {
        if let Some(marker) = number::run_in_marker(&segment.clusters, index) {
            (marker.start + 1..marker.end).for_each(&mut keep);
        }
    }
    number::glue_units(&segment.clusters, keep);
}
