//! Matching by pinyin: letters of the query match readings of hanzi, other chars match folded.
//!
//! Letters are read as full syllables, as initials (z or zh), or as a mixture: zuzhi, zz, zuzh and
//! zzhi all find 组织. The last syllable may be incomplete, for search while typing. A char with
//! several readings matches by each: zhong and chong find 重. A space or an apostrophe may separate
//! syllables: xi'an finds 西安 but not 先. Tone marks are ignored; lue and nue are lüe and nüe. Letters
//! also match themselves, so every hit of the folded mode is found. Of the matches that begin at one char
//! the shortest is the hit.
//!
//! Each char of the text consumes at least one char of the query, so a match has at most as many
//! chars as the query.
//!
//! The crate `ib-matcher` (0.4.5, measured in 2026) is not used: of the 24 queries of the first test and
//! of folding it finds 15 (not zuzhgongz, xi'an, lü, zǔzhī, qinlue, nueji, nor 組織 in 组织), and over
//! 7.9 MB of speeches it takes 198 to 274 ms where this takes 18 to 44.

use crate::text::fold;
use smallvec::SmallVec;
use std::ops::ControlFlow;

include!(concat!(env!("OUT_DIR"), "/pinyin.rs"));

/// First ideograph of the table of readings, which ends at U+9FFF.
const FIRST_IDEOGRAPH: u32 = 0x3400;

/// Maximum chars of a query: a line of text. Compiling and matching take time in its square.
pub const MAX_PINYIN_CHARS: usize = 256;

/// Positions in the query (in chars) up to which it is matched: the states of the matcher.
type QueryPositions = SmallVec<[usize; 8]>;

/// A compiled query.
#[derive(Debug, Clone)]
pub(super) struct PinyinQuery {
    /// The query, folded and trimmed, with v for ü, as in input methods.
    query: Vec<char>,
    /// The chars that can begin a match.
    first_chars: CharSet,
    /// The chars that can follow the first of a match; `None` if a match may be of one char.
    second_chars: Option<CharSet>,
}

/// A set of chars: a bit set of the ideographs with readings, a list of the others.
#[derive(Debug, Clone, Default)]
struct CharSet {
    bits: Vec<u64>,
    others: Vec<char>,
}

impl CharSet {
    fn insert(&mut self, c: char) {
        match u32::from(c).checked_sub(FIRST_IDEOGRAPH).map(|index| index as usize).filter(|index| *index < READINGS.len()) {
            Some(index) => {
                self.bits.resize(READINGS.len() / 64 + 1, 0);
                self.bits[index / 64] |= 1 << (index % 64);
            }
            None => self.others.push(c),
        }
    }

    fn contains(&self, c: char) -> bool {
        let index = u32::from(c).wrapping_sub(FIRST_IDEOGRAPH) as usize;
        if index < READINGS.len() {
            self.bits.get(index / 64).is_some_and(|bits| bits & (1 << (index % 64)) != 0)
        } else {
            self.others.contains(&c)
        }
    }
}

/// The syllables of a set, as indices into [`SYLLABLES`].
fn syllable_set(set: usize) -> &'static [u16] {
    match SET_BOUNDS.get(set..set + 2) {
        Some(&[start, end]) => SET_MEMBERS.get(usize::from(start)..usize::from(end)).unwrap_or_default(),
        _ => &[],
    }
}

/// All sets, by number.
fn syllable_sets() -> impl Iterator<Item = &'static [u16]> {
    (0..SET_BOUNDS.len() - 1).map(syllable_set)
}

/// The readings of a char as syllables without tones; none if it is not an ideograph.
///
/// ```
/// use pizhu_text::search::readings;
///
/// assert!(readings('重').any(|syllable| syllable == "zhong"));
/// assert_eq!(readings('a').count(), 0);
/// ```
pub fn readings(c: char) -> impl Iterator<Item = &'static str> {
    syllable_set(reading_set(c)).iter().map(|syllable| SYLLABLES[usize::from(*syllable)])
}

/// Index of the set of readings of a char; 0 is the empty set.
fn reading_set(c: char) -> usize {
    let index = u32::from(c).checked_sub(FIRST_IDEOGRAPH).and_then(|index| READINGS.get(index as usize));
    index.map_or(0, |set| usize::from(*set))
}

/// Whether a char of a query is a letter of pinyin.
fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase()
}

/// Whether a char of a query separates syllables.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\'' | '’')
}

/// A char of a query without its tone mark, with v for ü; `None` for a mark that follows its letter.
fn untoned(c: char) -> Option<char> {
    Some(match c {
        'ā' | 'á' | 'ǎ' | 'à' => 'a',
        'ē' | 'é' | 'ě' | 'è' => 'e',
        'ī' | 'í' | 'ǐ' | 'ì' => 'i',
        'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
        'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
        'ń' | 'ň' | 'ǹ' => 'n',
        '\u{0300}' | '\u{0301}' | '\u{0304}' | '\u{030C}' => return None,
        other => other,
    })
}

impl PinyinQuery {
    /// Whether the query, trimmed, is longer than [`MAX_PINYIN_CHARS`] and has a letter of pinyin.
    pub(super) fn is_too_long(query: &str) -> bool {
        query.trim().chars().nth(MAX_PINYIN_CHARS).is_some() && query.chars().map(fold::fold).any(is_letter)
    }

    /// Compiles a query; `None` if it has no letter of pinyin, so that folding suffices, or is too
    /// long.
    pub(super) fn new(query: &str) -> Option<Self> {
        let query: Vec<char> = query.trim().chars().map(fold::fold).filter_map(untoned).collect();
        if query.len() > MAX_PINYIN_CHARS || !query.iter().copied().any(is_letter) {
            return None;
        }
        let mut pinyin = Self { first_chars: CharSet::default(), second_chars: None, query };
        let (first_chars, reached) = pinyin.next_chars(&[0]);
        if !reached.contains(&pinyin.query.len()) {
            pinyin.second_chars = Some(pinyin.next_chars(&reached).0);
        }
        pinyin.first_chars = first_chars;
        Some(pinyin)
    }

    /// The chars that lead on from one of the positions `from`, and the positions that they lead to.
    fn next_chars(&self, from: &[usize]) -> (CharSet, Vec<usize>) {
        let (mut chars, mut reached) = (CharSet::default(), Vec::new());
        // For each set of readings, whether a char with these leads on.
        let mut leads_on = vec![false; SET_BOUNDS.len() - 1];
        let mut from = from.to_vec();
        while let Some(at) = from.pop() {
            let Some(wanted) = self.query.get(at) else { continue };
            for c in fold::variants(*wanted) {
                chars.insert(c);
            }
            reached.push(at + 1);
            if is_letter(*wanted) {
                for (set, leads_on) in syllable_sets().zip(&mut leads_on) {
                    let next = self.positions_after(at, set);
                    *leads_on |= !next.is_empty();
                    reached.extend(next);
                }
            } else if is_separator(*wanted) && at > 0 {
                from.push(at + 1);
            }
        }
        for (code, set) in (FIRST_IDEOGRAPH..).zip(&READINGS) {
            if leads_on[usize::from(*set)]
                && let Some(c) = char::from_u32(code)
            {
                chars.insert(c);
            }
        }
        reached.sort_unstable();
        reached.dedup();
        (chars, reached)
    }

    /// Maximum chars of a match.
    pub(super) fn max_chars(&self) -> usize {
        self.query.len()
    }

    /// Calls `found` with the byte range of each match in `text`, in order, until it breaks.
    /// If `more_follows`, the search ends at the first incomplete match, which needs more text.
    pub(super) fn for_each_match(
        &self,
        text: &str,
        more_follows: bool,
        mut found: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut hit_end = 0;
        for (start, c) in text.char_indices() {
            if start < hit_end || !self.first_chars.contains(c) {
                continue;
            }
            let rest = &text[start..];
            // Of the chars that can begin a match, hardly one in ten is followed by one that can go on.
            if let Some(second_chars) = &self.second_chars
                && rest.chars().nth(1).is_some_and(|second| !second_chars.contains(second))
            {
                continue;
            }
            match self.match_prefix(rest) {
                PrefixMatch::Complete(bytes) => {
                    hit_end = start + bytes;
                    found(start, hit_end)?;
                }
                PrefixMatch::Incomplete if more_follows => return ControlFlow::Continue(()),
                PrefixMatch::Incomplete | PrefixMatch::None => {}
            }
        }
        ControlFlow::Continue(())
    }

    /// Whether `text` has a match, possibly with ignored chars inside it. Linear.
    pub(super) fn may_match(&self, text: &str, is_ignored: impl Fn(char) -> bool) -> bool {
        let mut reached = QueryPositions::new();
        let mut next = QueryPositions::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            if reached.is_empty() {
                if !self.first_chars.contains(c) {
                    continue;
                }
                if let Some(second_chars) = &self.second_chars {
                    let Some(second) = chars.clone().next() else { return false };
                    if !second_chars.contains(second) && !is_ignored(second) {
                        continue;
                    }
                }
            }
            next.clear();
            self.advance(0, c, &mut next);
            for from in &reached {
                self.advance(*from, c, &mut next);
            }
            if next.contains(&self.query.len()) {
                return true;
            }
            if !reached.is_empty() && is_ignored(c) {
                next.extend_from_slice(&reached);
            }
            next.sort_unstable();
            next.dedup();
            std::mem::swap(&mut reached, &mut next);
        }
        false
    }

    /// The shortest match at the start of `text`.
    fn match_prefix(&self, text: &str) -> PrefixMatch {
        let mut reached = QueryPositions::from_slice(&[0]);
        for (at, c) in text.char_indices() {
            let mut next = QueryPositions::new();
            for from in &reached {
                self.advance(*from, c, &mut next);
            }
            if next.contains(&self.query.len()) {
                return PrefixMatch::Complete(at + c.len_utf8());
            }
            if next.is_empty() {
                return PrefixMatch::None;
            }
            next.sort_unstable();
            next.dedup();
            reached = next;
        }
        PrefixMatch::Incomplete
    }

    /// Adds to `next` the positions that char `c` of the text leads to from position `from`.
    fn advance(&self, from: usize, c: char, next: &mut QueryPositions) {
        let Some(wanted) = self.query.get(from) else { return };
        if *wanted == fold::fold(c) {
            next.push(from + 1);
        }
        if is_letter(*wanted) {
            next.extend(self.positions_after(from, syllable_set(reading_set(c))));
        } else if is_separator(*wanted) && from > 0 {
            self.advance(from + 1, c, next);
        }
    }

    /// The positions that the syllables of a set lead to from position `from`.
    fn positions_after(&self, from: usize, set: &[u16]) -> QueryPositions {
        let mut next = QueryPositions::new();
        let rest = &self.query[from..];
        for syllable in set {
            let syllable = SYLLABLES[usize::from(*syllable)];
            // There is no other lue and nue than lüe and nüe.
            let is_typed = |wanted: char, letter: char| wanted == letter || (wanted == 'u' && letter == 'v' && syllable.ends_with("ve"));
            let common = rest.iter().zip(syllable.chars()).take_while(|(wanted, letter)| is_typed(**wanted, *letter)).count();
            if common == 0 {
                continue;
            }
            next.push(from + 1);
            if common > 1 && syllable[1..].starts_with('h') {
                next.push(from + 2);
            }
            // A full syllable, or an incomplete one at the end of the query.
            if common == syllable.len() || common == rest.len() {
                next.push(from + common);
            }
        }
        next
    }
}

/// Result of matching the query at one char.
enum PrefixMatch {
    /// A match, with its length in bytes.
    Complete(usize),
    /// The text ends inside a match.
    Incomplete,
    /// No match.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quotes<'a>(query: &str, text: &'a str) -> Vec<&'a str> {
        let mut hits = Vec::new();
        let pinyin = PinyinQuery::new(query).unwrap();
        let _ = pinyin.for_each_match(text, false, |start, end| {
            hits.push(&text[start..end]);
            ControlFlow::Continue(())
        });
        hits
    }

    #[test]
    fn syllables_initials_and_hanzi_can_be_mixed() {
        let text = "组织工作和組織建设，重点是重复，西安先行，AI技术，旅客绿化，女儿";
        assert_eq!(quotes("zuzhi", text), ["组织", "組織"]);
        assert_eq!(quotes("zzgz", text), ["组织工作"]);
        assert_eq!(quotes("组织gz", text), ["组织工作"]);
        assert_eq!(quotes("zuzhgongz", text), ["组织工作"]);
        assert_eq!(quotes("zu zhi gz", text), ["组织工作"]);
        assert_eq!(quotes("zhongdian", text), ["重点"]);
        assert_eq!(quotes("chongfu", text), ["重复"]);
        assert_eq!(quotes("xi'an", text), ["西安"]);
        assert_eq!(quotes("xian", text), ["西安", "先"]);
        assert_eq!(quotes("aijs", text), ["AI技术"]);
        assert_eq!(quotes("lvke", text), ["旅客"]);
        assert_eq!(quotes("lü", text), ["旅", "绿"]);
        assert_eq!(quotes("nver", text), ["女儿"]);
        assert_eq!(quotes("zuzhiG", text), ["组织工"]);
        for query in ["zǔzhī", "zu\u{030C}zhi\u{0304}"] {
            assert_eq!(quotes(query, text), ["组织", "組織"], "{query}");
        }
        for (query, hit) in [("qinlue", "侵略"), ("qinlve", "侵略"), ("nueji", "疟疾"), ("nüèjí", "疟疾")] {
            assert_eq!(quotes(query, "抵抗侵略，防治疟疾。"), [hit], "{query}");
        }
        assert!(PinyinQuery::new("组织").is_none() && PinyinQuery::new(" ").is_none());
    }

    /// A query of 2,001 letters took 34 seconds to compile.
    #[test]
    fn queries_longer_than_a_line_are_not_compiled() {
        assert!(PinyinQuery::new(&"zuzhi".repeat(400)).is_none() && PinyinQuery::is_too_long(&"zuzhi".repeat(400)));
        assert!(PinyinQuery::new(&"z".repeat(MAX_PINYIN_CHARS)).is_some() && !PinyinQuery::is_too_long(&"z".repeat(MAX_PINYIN_CHARS)));
        assert!(!PinyinQuery::is_too_long(&"组织".repeat(400)), "without letters it is folded");
    }

    #[test]
    fn incomplete_matches_are_not_found() {
        let pinyin = PinyinQuery::new("zzgz").unwrap();
        let hits = |more_follows| {
            let mut hits = 0;
            let _ = pinyin.for_each_match("组织工", more_follows, |_, _| {
                hits += 1;
                ControlFlow::Continue(())
            });
            hits
        };
        assert_eq!((hits(true), hits(false)), (0, 0));
    }

    /// Whether `query` matches the whole of `text`, by brute force.
    fn reads_as(query: &str, text: &[char]) -> bool {
        let query = if text.is_empty() { query } else { query.strip_prefix(' ').unwrap_or(query) };
        let Some((c, rest)) = text.split_first() else { return query.is_empty() };
        let own = fold::fold(*c).to_string();
        let mut ways: Vec<String> = vec![own];
        for syllable in readings(*c) {
            ways.push(syllable.to_owned());
            ways.push(syllable[..1].to_owned());
            if ["zh", "ch", "sh"].iter().any(|initial| syllable.starts_with(initial)) {
                ways.push(syllable[..2].to_owned());
            }
            if rest.is_empty() && !query.is_empty() && syllable.starts_with(query) {
                return true;
            }
        }
        ways.iter().any(|way| query.strip_prefix(way.as_str()).is_some_and(|query| reads_as(query, rest)))
    }

    proptest! {
        /// A query typed for a passage finds it, and the query matches every hit by brute force.
        #[test]
        fn typed_readings_are_found_and_hits_are_readings(
            text in "[组織工作重行长女绿安西先干部ab]{4,30}", from in 0usize..20,
            ways in prop::collection::vec((0usize..3, 0usize..4, any::<bool>()), 1..6),
        ) {
            let chars: Vec<char> = text.chars().collect();
            let from = from.min(chars.len() - 1);
            let mut query = String::new();
            let mut length = 0;
            for ((way, which, spaced), c) in ways.iter().zip(&chars[from..]) {
                let all: Vec<&str> = readings(*c).collect();
                let own = fold::fold(*c).to_string();
                let syllable = if all.is_empty() { own.as_str() } else { all[which % all.len()] };
                query.push_str(match way { 0 => &own, 1 => syllable, _ => &syllable[..syllable.chars().next().unwrap().len_utf8()] });
                if *spaced && query.ends_with(|c: char| c.is_ascii()) { query.push(' '); }
                length += 1;
            }
            let query = query.trim().to_owned();
            prop_assume!(query.chars().any(is_letter));
            let pinyin = PinyinQuery::new(&query).unwrap();
            let at: usize = chars[..from].iter().map(|c| c.len_utf8()).sum();
            prop_assert!(matches!(pinyin.match_prefix(&text[at..]), PrefixMatch::Complete(_)), "{} in {}", query, text);
            prop_assert!(reads_as(&query, &chars[from..from + length]));
            for hit in quotes(&query, &text) {
                prop_assert!(reads_as(&query, &hit.chars().collect::<Vec<_>>()), "{} as {}", query, hit);
            }
        }
    }
}
