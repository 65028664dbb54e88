//! Where a row may end: each place between two units gets a [`Rank`].
//!
//! UAX #14 (`unicode-linebreak`) is asked about a shadow of the text, in which quotes stand as
//! brackets of their direction, full-width letters and digits as ASCII, and signs as letters; a
//! Chinese pass then forbids what it leaves open.

use super::{
    class::{self, HANZI, RARE},
    kinsoku::{Kinsoku, Mark},
    number,
    unit::{Item, Line},
};
use crate::text::visible::UnitKind;
use smallvec::SmallVec;
use std::ops::Range;
use unicode_linebreak::linebreaks;

/// How willingly a row ends at a place, best first. All but the first only inside a run that is
/// wider than the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Freely.
    Allowed,
    /// Inside a Latin word or a URL.
    Latin,
    /// Between a number and its unit.
    Unit,
    /// Inside a number.
    Number,
    /// Before an opening mark, where what stands before forbids it.
    BeforeOpening,
    /// Behind a closing mark or stop, where what follows forbids it.
    AfterClosing,
    /// Anywhere else that the rules forbid.
    Forbidden,
    /// Inside —— or ……
    Pair,
}

impl Rank {
    /// All ranks, best first.
    pub const ALL: [Self; 8] =
        [Self::Allowed, Self::Latin, Self::Unit, Self::Number, Self::BeforeOpening, Self::AfterClosing, Self::Forbidden, Self::Pair];
}

/// The ranks of the places before each item of `line`; the first is `Allowed`.
pub(super) fn ranks(line: &Line, kinsoku: Kinsoku) -> Vec<Rank> {
    let items = line.items.as_slice();
    let mut ranks: Vec<Rank> = Vec::with_capacity(items.len());
    let mut free = Free::new(items);
    let mut markers: SmallVec<[Range<usize>; 4]> = SmallVec::new();
    let mut last = Mark::Letter; // of the last unit that is no space
    let mut pair = 0; // signs alike before this one
    let mut class = RARE; // of the unit before
    let mut index = 0;
    while let Some(item) = items.get(index) {
        let class_before = std::mem::replace(&mut class, item.class);
        if class_before == HANZI && class == HANZI {
            // `last` is a letter then, and `pair` 0.
            let hanzi = items[index..].iter().take_while(|item| item.class == HANZI).count();
            index += hanzi;
            ranks.resize(index, Rank::Allowed);
            continue;
        }
        let before = index.checked_sub(1).map_or(' ', |before| items[before].shade);
        let paired = matches!(item.mark, Mark::Dash | Mark::Ellipsis) && index > 0 && before == item.shade;
        pair = if paired { pair + 1 } else { 0 };
        let rank = if index == 0 {
            Rank::Allowed
        } else if paired {
            if pair % 2 == 1 { Rank::Pair } else { Rank::Forbidden }
        } else if item.kind == UnitKind::Space || item.kind == UnitKind::Tab {
            Rank::Forbidden
        } else {
            place(last, item.mark, free.is_free(index), kinsoku, (before, item.shade))
        };
        ranks.push(rank);
        if class == HANZI
            && number::opens_marker(item.shade)
            && (last != Mark::Letter || class_before == RARE)
            && let Some(marker) = number::marker(items, index)
        {
            markers.push(marker);
        }
        match item.kind {
            UnitKind::LineFeed => last = Mark::Letter,
            UnitKind::Space | UnitKind::Tab => {}
            UnitKind::Plain | UnitKind::Sign => last = item.mark,
        }
        index += 1;
    }
    let mut keep = |places: Range<usize>, as_rank: Rank| {
        for rank in ranks.get_mut(places).unwrap_or_default() {
            if *rank == Rank::Allowed {
                *rank = as_rank;
            }
        }
    };
    for marker in markers {
        keep(marker.start + 1..marker.end, Rank::Unit);
    }
    if line.has_digits {
        number::keep_units(items, |index| keep(index..index + 1, Rank::Unit));
    }
    if line.has_urls {
        urls(items, |url| keep(url.start + 1..url.end, Rank::Latin));
    }
    ranks
}

/// What UAX #14 says of the places of a line. Between chars of the table the two classes decide;
/// a stretch with rare chars, from one hanzi to the next, is read by its state machine.
struct Free<'a> {
    items: &'a [Item],
    /// The items of the last stretch read.
    stretch: Range<usize>,
    /// Whether a row may end before each of them.
    may: Vec<bool>,
    text: String,
}

impl<'a> Free<'a> {
    fn new(items: &'a [Item]) -> Self {
        Self { items, stretch: 0..0, may: Vec::new(), text: String::new() }
    }

    /// Whether a row may end before item `index`, not the first.
    fn is_free(&mut self, index: usize) -> bool {
        let (before, after) = (self.items[index - 1].class, self.items[index].class);
        if index >= self.stretch.end {
            if before != RARE && after != RARE {
                return class::table().is_free(before, after);
            }
            self.read(index);
        }
        self.may[index - self.stretch.start]
    }

    /// Reads the stretch around item `index`.
    fn read(&mut self, index: usize) {
        let is_hanzi = |item: &Item| item.class == HANZI;
        let from = self.items[self.stretch.end..index].iter().rposition(is_hanzi).map_or(self.stretch.end, |at| self.stretch.end + at);
        // The hanzi that ends a stretch opens the next.
        let start = if from == self.stretch.end { from.saturating_sub(1) } else { from };
        let end = self.items[index..].iter().position(is_hanzi).map_or(self.items.len(), |at| index + at + 1);
        self.text.clear();
        self.text.extend(self.items[start..end].iter().map(Item::seen));
        self.may.clear();
        self.may.resize(end - start, false);
        let mut places = linebreaks(&self.text).map(|(at, _)| at).peekable();
        let mut byte = 0;
        for (item, free) in self.items[start..end].iter().zip(&mut self.may) {
            *free = places.next_if_eq(&byte).is_some();
            byte += item.seen().len_utf8();
        }
        self.stretch = start..end;
    }
}

/// The rank of one place by the marks on both sides (spaces between them left out).
pub(super) fn place(before: Mark, after: Mark, free: bool, kinsoku: Kinsoku, chars: (char, char)) -> Rank {
    let latin = |c: char| c < '\u{2E80}' && !c.is_whitespace();
    if after.begins_no_row(kinsoku) || before.ends_no_row() {
        return match (before, after) {
            (_, Mark::Opening) => Rank::BeforeOpening,
            (Mark::Closing | Mark::Stop | Mark::Ellipsis, _) => Rank::AfterClosing,
            _ => Rank::Forbidden,
        };
    }
    if free {
        return Rank::Allowed;
    }
    // Behind a Chinese stop a row may end whatever follows (a hyphen that opens an item, a unit sign).
    if matches!(before, Mark::Stop | Mark::Closing) && chars.0 >= '\u{2E80}' {
        return Rank::Allowed;
    }
    // Before a Chinese opening mark too, also behind Latin words and figures (which UAX #14 allows
    // since its version 13, by the width of the bracket).
    if after == Mark::Opening && (chars.1 >= '\u{2E80}' || matches!(chars.1, '“' | '‘')) {
        return Rank::Allowed;
    }
    // A looser rule than that of UAX #14, which forbids these signs at a row's beginning.
    if after == Mark::Middle && kinsoku == Kinsoku::Loose {
        return Rank::Allowed;
    }
    match (before, after) {
        _ if latin(chars.0) && latin(chars.1) => {
            let figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '-' | '/');
            if figure(chars.0) && figure(chars.1) { Rank::Number } else { Rank::Latin }
        }
        (_, Mark::Opening) => Rank::BeforeOpening,
        (Mark::Closing | Mark::Stop, _) => Rank::AfterClosing,
        _ => Rank::Forbidden,
    }
}

/// Calls `keep` for each URL.
fn urls(items: &[Item], mut keep: impl FnMut(Range<usize>)) {
    let shade = |at: usize| items[at].shade;
    let begins = |at: usize, word: [char; 3]| items.len() - at >= 3 && (0..3).all(|n| shade(at + n) == word[n]);
    let mut i = 0;
    while i < items.len() {
        let scheme = begins(i, [':', '/', '/']);
        let www = begins(i, ['w', 'w', 'w']) && items.get(i + 3).is_some_and(|item| item.shade == '.');
        if !scheme && !www {
            i += 1;
            continue;
        }
        let mut start = i;
        while scheme && start > 0 && matches!(shade(start - 1), 'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.') {
            start -= 1;
        }
        let mut end = i;
        while end < items.len() && shade(end).is_ascii_graphic() && !matches!(shade(end), '"' | '<' | '>') {
            end += 1;
        }
        while end > i && matches!(shade(end - 1), '.' | ',' | ';' | ':' | '!' | '?' | ')' | '\'') {
            end -= 1;
        }
        keep(start..end);
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
    use crate::text::visible::Unit;
    use crate::text::width::Ambiguous;
    use proptest::prelude::*;

    /// The text with `|` where a row may end.
    fn pieces(text: &str) -> String {
        let document = Document { source: SourceText::from(text), ..Document::default() };
        let line = Line::new(&document, Span::new(0, document.source.len()), Ambiguous::Narrow);
        let ranks = ranks(&line, Kinsoku::Strict);
        let mut out = String::new();
        for (index, rank) in ranks.iter().enumerate() {
            if index > 0 && *rank == Rank::Allowed {
                out.push('|');
            }
            let unit =
                Unit { source: &line.text[line.items[index].at as usize..line.at(index + 1) as usize], kind: line.items[index].kind };
            out.push_str(&unit.shown());
        }
        out
    }

    #[test]
    fn marks_keep_to_their_words() {
        assert_eq!(pieces("会议指出，要抓好。"), "会|议|指|出，|要|抓|好。");
        assert_eq!(pieces("见《规划》（试行）"), "见|《规|划》|（试|行）");
        assert_eq!(pieces("他说:你好,再见."), "他|说:|你|好,|再|见.");
        assert_eq!(pieces("全市(含县)共"), "全|市|(含|县)|共");
        assert_eq!(pieces("字 ，字"), "字 ，|字");
    }

    #[test]
    fn quotes_bind_by_their_direction() {
        assert_eq!(pieces("抓“三农”工作"), "抓|“三|农”|工|作");
        assert_eq!(pieces("抓\"三农\"工作"), "抓|\"三|农\"|工|作");
        assert_eq!(pieces("“‘甲’乙”"), "“‘甲’|乙”");
        assert_eq!(pieces("don’t go"), "don’t |go");
    }

    #[test]
    fn pairs_stay_whole() {
        assert_eq!(pieces("目标——实现"), "目|标|——|实|现");
        assert_eq!(pieces("等等……还有"), "等|等……|还|有");
        assert_eq!(pieces("阿里·木"), "阿|里·|木");
        assert_eq!(pieces("甲～乙"), "甲～|乙");
    }

    #[test]
    fn numbers_keep_their_units_and_words_stay_whole() {
        assert_eq!(pieces("到2025年增长5.5%左右"), "到|2025年|增|长|5.5%|左|右");
        assert_eq!(pieces("投资１００亿元"), "投|资|１００亿元");
        assert_eq!(pieces("推进GDP增长"), "推|进|GDP|增|长");
        assert_eq!(pieces("GDP（年）9“甲”"), "GDP|（年）|9|“甲”");
        assert_eq!(pieces("见https://a.cn/b-c?d=e。"), "见|https://a.cn/b-c?d=e。");
        assert_eq!(pieces("零下3℃时"), "零|下|3℃|时");
    }

    #[test]
    fn run_in_markers_hold_together() {
        assert_eq!(pieces("会。一是抓，二要促"), "会。|一是|抓，|二要|促");
        assert_eq!(pieces("十一是抓；第三，看"), "十一是|抓；|第三，|看");
        assert_eq!(pieces("坚持统一是要"), "坚|持|统|一|是|要");
    }

    proptest! {
        /// The quick way gives the ranks that the rules give, asked about every place.
        #[test]
        fn ranks_are_those_of_the_general_rules(text in oracle::text()) {
            let document = Document { source: SourceText::from(text.as_str()), ..Document::default() };
            let line = Line::new(&document, document.source.span(), Ambiguous::Narrow);
            for kinsoku in [Kinsoku::Strict, Kinsoku::Loose] {
                prop_assert_eq!(ranks(&line, kinsoku), oracle::ranks(&line, kinsoku));
            }
        }
    }

    #[test]
    fn a_sign_is_a_letter() {
        assert_eq!(pieces("甲\u{202e}乙"), "甲|<202E>|乙");
    }
}
