//! The general rules, asked about every char and place: slow, and what the quick way is held
//! against.

use super::{
    breaks::{Rank, place},
    class,
    kinsoku::{Kinsoku, Mark},
    number,
    unit::Line,
};
use crate::text::visible::UnitKind;
use proptest::prelude::*;
use unicode_linebreak::linebreaks;

/// Text of all that the rules tell apart, hanzi most of all.
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

/// The ranks of the places before each item of `line`; the first is `Allowed`.
pub(super) fn ranks(line: &Line, kinsoku: Kinsoku) -> Vec<Rank> {
    let shadow = Shadow::new(line);
    let count = shadow.chars.len();
    let mut free = vec![false; count + 1];
    let mut index = 0;
    let mut byte = 0;
    for (at, _) in linebreaks(&shadow.text) {
        while byte < at {
            byte += shadow.chars[index].len_utf8();
            index += 1;
        }
        free[index] = true;
    }
    let mut ranks: Vec<Rank> = Vec::with_capacity(count);
    let mut last = Mark::Letter; // of the last unit that is no space
    let mut pair = 0; // signs alike before this one
    for (index, item) in line.items.iter().enumerate() {
        let mark = shadow.marks[index];
        let paired = matches!(mark, Mark::Dash | Mark::Ellipsis) && index > 0 && shadow.chars[index - 1] == shadow.chars[index];
        pair = if paired { pair + 1 } else { 0 };
        let rank = if index == 0 {
            Rank::Allowed
        } else if paired {
            if pair % 2 == 1 { Rank::Pair } else { Rank::Forbidden }
        } else if item.kind == UnitKind::Space || item.kind == UnitKind::Tab {
            Rank::Forbidden
        } else {
            place(last, mark, free[index], kinsoku, (shadow.chars[index - 1], shadow.chars[index]))
        };
        ranks.push(rank);
        match item.kind {
            UnitKind::LineFeed => last = Mark::Letter,
            UnitKind::Space | UnitKind::Tab => {}
            UnitKind::Plain | UnitKind::Sign => last = mark,
        }
    }
    keep_numbers(line, &mut ranks);
    if shadow.has_urls {
        keep_urls(&shadow, &mut ranks);
    }
    ranks
}

/// Forbids every break inside a URL.
fn keep_urls(shadow: &Shadow, ranks: &mut [Rank]) {
    let chars = &shadow.chars;
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
        for rank in ranks.get_mut(start + 1..end).unwrap_or_default() {
            if *rank == Rank::Allowed {
                *rank = Rank::Latin;
            }
        }
        i = end.max(i + 1);
    }
}

/// The text as the line breaking algorithm is to see it: one char a unit.
struct Shadow {
    text: String,
    chars: Vec<char>,
    marks: Vec<Mark>,
    has_urls: bool,
}

impl Shadow {
    fn new(line: &Line) -> Self {
        let count = line.items.len();
        let text = &line.text[line.at(0) as usize..line.end];
        let mut shadow = Self {
            text: String::with_capacity(text.len()),
            chars: Vec::with_capacity(count),
            marks: Vec::with_capacity(count),
            has_urls: text.contains("://") || text.contains("www."),
        };
        // Whether the next quote without direction closes one.
        let mut open = [false; 2];
        for (index, item) in line.items.iter().enumerate() {
            if ('\u{3400}'..='\u{9FFF}').contains(&raw(line, index)) && item.kind == UnitKind::Plain {
                shadow.push(raw(line, index), raw(line, index), Mark::Letter);
                continue;
            }
            let next = line.items.get(index + 1).map_or(' ', |_| raw(line, index + 1));
            let before = index.checked_sub(1).map_or(' ', |before| raw(line, before));
            let c = match item.kind {
                UnitKind::Sign => 'X',
                UnitKind::Plain | UnitKind::Space | UnitKind::Tab | UnitKind::LineFeed => raw(line, index),
            };
            let (c, seen) = class::in_context(c, before, next, &mut open);
            let mark = Mark::of(c);
            shadow.push(c, seen, mark);
        }
        shadow
    }

    fn push(&mut self, c: char, seen: char, mark: Mark) {
        self.text.push(seen);
        // `chars` is walked beside `text`, so the two must be of one length.
        self.chars.push(if c.len_utf8() == seen.len_utf8() { c } else { seen });
        self.marks.push(mark);
    }
}

/// The first char of a unit.
fn raw(line: &Line, index: usize) -> char {
    line.text[line.items[index].at as usize..].chars().next().unwrap_or(' ')
}

/// Numbers and markers, which the quick way asks about in the same way.
fn keep_numbers(line: &Line, ranks: &mut [Rank]) {
    let mut keep = |index: usize| {
        if ranks[index] == Rank::Allowed {
            ranks[index] = Rank::Unit;
        }
    };
    for index in 0..line.items.len() {
        if let Some(marker) = number::marker(&line.items, index) {
            (marker.start + 1..marker.end).for_each(&mut keep);
        }
    }
    number::keep_units(&line.items, keep);
}
