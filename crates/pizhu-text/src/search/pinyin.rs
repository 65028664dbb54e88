//! Matching by pinyin: letters stand for readings, everything else for itself.
//!
//! A run of letters is read as syllables in full, as initials (z or zh), or as both mixed; the last
//! syllable may be begun only, so that hits show while one types. 重 is found by zhong and by chong.
//! A space or an apostrophe between syllables parts them and may be left out. Letters match the
//! same letters in the text too, and hanzi of the query match as folded: whatever the folded mode
//! finds is found. Of the matches that begin at a place the shortest is the hit.
//!
//! Each char of the text takes at least one char of the query, so a match is never longer than it.

use crate::text::fold;
use smallvec::SmallVec;
use std::ops::ControlFlow;

include!(concat!(env!("OUT_DIR"), "/pinyin.rs"));

/// The ideographs that have readings here: 3400 to 9FFF.
const READ_FROM: u32 = 0x3400;

/// The places in the query up to which it has been matched.
type Reached = SmallVec<[usize; 8]>;

/// A query compiled.
#[derive(Debug, Clone)]
pub(super) struct Pinyin {
    /// The query folded, without spaces around; ü is v, as input methods have it.
    query: Vec<char>,
    /// The chars that can begin a match.
    begins: CharSet,
}

/// A set of chars: a bit for each ideograph that has readings, a list of the others.
#[derive(Debug, Clone, Default)]
struct CharSet {
    bits: Vec<u64>,
    others: Vec<char>,
}

impl CharSet {
    fn insert(&mut self, c: char) {
        match u32::from(c).checked_sub(READ_FROM).map(|index| index as usize).filter(|index| *index < READINGS.len()) {
            Some(index) => {
                self.bits.resize(READINGS.len() / 64 + 1, 0);
                self.bits[index / 64] |= 1 << (index % 64);
            }
            None => self.others.push(c),
        }
    }

    fn chars(&self) -> impl Iterator<Item = char> {
        let ideographs =
            self.bits.iter().zip((READ_FROM..).step_by(64)).flat_map(|(bits, from)| {
                (0..64).filter(move |bit| bits & (1 << bit) != 0).filter_map(move |bit| char::from_u32(from + bit))
            });
        ideographs.chain(self.others.iter().copied())
    }

    fn contains(&self, c: char) -> bool {
        let index = u32::from(c).wrapping_sub(READ_FROM) as usize;
        if index < READINGS.len() {
            self.bits.get(index / 64).is_some_and(|bits| bits & (1 << (index % 64)) != 0)
        } else {
            self.others.contains(&c)
        }
    }
}

/// The syllables a char is read as, without tones; none for what is not an ideograph.
pub fn readings(c: char) -> impl Iterator<Item = &'static str> {
    SETS[reading_set(c)].iter().map(|syllable| SYLLABLES[usize::from(*syllable)])
}

/// The index of a char's set of readings; 0 is the empty set.
fn reading_set(c: char) -> usize {
    let index = u32::from(c).checked_sub(READ_FROM).and_then(|index| READINGS.get(index as usize));
    index.map_or(0, |set| usize::from(*set))
}

/// Whether `c` of a query is a letter of pinyin.
fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase()
}

/// Whether `c` of a query parts syllables.
fn parts(c: char) -> bool {
    matches!(c, ' ' | '\'' | '’')
}

impl Pinyin {
    /// Compiles a query; `None` where no letter of pinyin is in it, and folding is enough.
    pub(super) fn new(query: &str) -> Option<Self> {
        let query: Vec<char> =
            query.trim().chars().map(fold::fold).map(|c| if matches!(c, 'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ') { 'v' } else { c }).collect();
        if !query.iter().copied().any(is_letter) {
            return None;
        }
        let mut pinyin = Self { begins: CharSet::default(), query };
        // From which places of the query its end can be reached: sets whose letters lead nowhere
        // begin nothing.
        let mut live = vec![false; pinyin.query.len() + 1];
        live[pinyin.query.len()] = true;
        for from in (0..pinyin.query.len()).rev() {
            let wanted = pinyin.query[from];
            live[from] = live[from + 1] || (is_letter(wanted) && SETS.iter().any(|set| pinyin.read(from, set).iter().any(|to| live[*to])));
        }
        let begins: Vec<bool> =
            SETS.iter().map(|set| is_letter(pinyin.query[0]) && pinyin.read(0, set).iter().any(|to| live[*to])).collect();
        for (code, set) in (READ_FROM..).zip(&READINGS) {
            if begins[usize::from(*set)]
                && let Some(c) = char::from_u32(code)
            {
                pinyin.begins.insert(c);
            }
        }
        for c in fold::variants(pinyin.query[0]) {
            pinyin.begins.insert(c);
        }
        Some(pinyin)
    }

    /// How many chars a match can have.
    pub(super) fn longest(&self) -> usize {
        self.query.len()
    }

    /// Hands the byte ranges of the matches in `text` to `found`, in order, until that breaks.
    /// Where `goes_on`, what could still become a match with more text is left to a later call.
    pub(super) fn scan(&self, text: &str, goes_on: bool, mut found: impl FnMut(usize, usize) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut behind = 0;
        for (start, c) in text.char_indices() {
            if start < behind || !self.begins.contains(c) {
                continue;
            }
            match self.match_at(&text[start..]) {
                Match::Ends(bytes) => {
                    behind = start + bytes;
                    found(start, behind)?;
                }
                Match::Open if goes_on => return ControlFlow::Continue(()),
                Match::Open | Match::None => {}
            }
        }
        ControlFlow::Continue(())
    }

    /// Whether `text` holds a match, where chars that are `gap`s may stand inside it. Linear.
    pub(super) fn may_match(&self, text: &str, gap: impl Fn(char) -> bool) -> bool {
        let mut reached = Reached::new();
        let mut next = Reached::new();
        for c in text.chars() {
            if reached.is_empty() && !self.begins.contains(c) {
                continue;
            }
            next.clear();
            self.step(0, c, &mut next);
            for from in &reached {
                self.step(*from, c, &mut next);
            }
            if next.contains(&self.query.len()) {
                return true;
            }
            if !reached.is_empty() && gap(c) {
                next.extend_from_slice(&reached);
            }
            next.sort_unstable();
            next.dedup();
            std::mem::swap(&mut reached, &mut next);
        }
        false
    }

    /// The shortest match at the start of `text`.
    fn match_at(&self, text: &str) -> Match {
        let mut reached = Reached::from_slice(&[0]);
        for (at, c) in text.char_indices() {
            let mut next = Reached::new();
            for from in &reached {
                self.step(*from, c, &mut next);
            }
            if next.contains(&self.query.len()) {
                return Match::Ends(at + c.len_utf8());
            }
            if next.is_empty() {
                return Match::None;
            }
            next.sort_unstable();
            next.dedup();
            reached = next;
        }
        Match::Open
    }

    /// Adds the places that `c` of the text leads to from the place `from` of the query.
    fn step(&self, from: usize, c: char, next: &mut Reached) {
        let Some(wanted) = self.query.get(from) else { return };
        if *wanted == fold::fold(c) {
            next.push(from + 1);
        }
        if is_letter(*wanted) {
            next.extend(self.read(from, SETS[reading_set(c)]));
        } else if parts(*wanted) && from > 0 {
            self.step(from + 1, c, next);
        }
    }

    /// Where the syllables of a set lead from the place `from` of the query.
    fn read(&self, from: usize, set: &[u16]) -> Reached {
        let mut next = Reached::new();
        let rest = &self.query[from..];
        for syllable in set {
            let syllable = SYLLABLES[usize::from(*syllable)];
            let common = rest.iter().zip(syllable.chars()).take_while(|(wanted, letter)| **wanted == *letter).count();
            if common == 0 {
                continue;
            }
            next.push(from + 1);
            if common > 1 && syllable[1..].starts_with('h') {
                next.push(from + 2);
            }
            // In full, or begun where the query ends.
            if common == syllable.len() || common == rest.len() {
                next.push(from + common);
            }
        }
        next
    }
}

/// What a query in pinyin says of two chars that follow one another in a folded text.
#[derive(Debug)]
pub struct PinyinPairs {
    pinyin: Pinyin,
    first: Vec<FirstChar>,
    /// The query has chars that are neither letters, digits nor ideographs.
    odd: bool,
}

/// A folded char that can begin a match.
#[derive(Debug)]
pub struct FirstChar {
    /// The char.
    pub c: char,
    after: Reached,
}

impl PinyinPairs {
    /// Compiles a query; `None` where no letter of pinyin is in it, and folding is enough.
    #[must_use]
    pub fn new(query: &str) -> Option<Self> {
        let pinyin = Pinyin::new(query)?;
        // Readings are those of any char that folds to the one in the text.
        let mut chars: Vec<char> = pinyin.begins.chars().map(fold::fold).collect();
        chars.sort_unstable();
        chars.dedup();
        let first = chars.into_iter().map(|c| FirstChar { c, after: pinyin.after(&Reached::from_slice(&[0]), c) }).collect();
        let odd = pinyin.query.iter().any(|c| !c.is_alphanumeric());
        Some(Self { pinyin, first, odd })
    }

    /// The chars that can begin a match, ascending.
    #[must_use]
    pub fn first(&self) -> &[FirstChar] {
        &self.first
    }

    /// Whether a match can begin with `first` and `second` behind it; NUL stands for what is
    /// neither letter, digit nor ideograph.
    #[must_use]
    pub fn fits(&self, first: &FirstChar, second: char) -> bool {
        first.after.contains(&self.pinyin.query.len())
            || (second == '\0' && self.odd)
            || !self.pinyin.after(&first.after, second).is_empty()
    }
}

impl Pinyin {
    /// Where any char that folds to `folded` leads to from these places.
    fn after(&self, from: &Reached, folded: char) -> Reached {
        let mut next = Reached::new();
        for variant in fold::variants(folded) {
            for from in from {
                self.step(*from, variant, &mut next);
            }
        }
        next
    }
}

/// What a place came to.
enum Match {
    /// A match of this many bytes.
    Ends(usize),
    /// The text ended before the query.
    Open,
    /// No match.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quotes<'a>(query: &str, text: &'a str) -> Vec<&'a str> {
        let mut hits = Vec::new();
        let pinyin = Pinyin::new(query).unwrap();
        let _ = pinyin.scan(text, false, |start, end| {
            hits.push(&text[start..end]);
            ControlFlow::Continue(())
        });
        hits
    }

    #[test]
    fn syllables_initials_and_hanzi_mix() {
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
        assert!(Pinyin::new("组织").is_none() && Pinyin::new(" ").is_none());
    }

    #[test]
    fn what_may_go_on_is_left_for_more_text() {
        let pinyin = Pinyin::new("zzgz").unwrap();
        let hits = |goes_on| {
            let mut hits = 0;
            let _ = pinyin.scan("组织工", goes_on, |_, _| {
                hits += 1;
                ControlFlow::Continue(())
            });
            hits
        };
        assert_eq!((hits(true), hits(false)), (0, 0));
    }

    /// Whether `query` can be read as `text`, by trying everything.
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
        /// What is typed for a place of the text finds it, and every hit can be read as the query.
        #[test]
        fn typed_readings_find_their_place_and_hits_are_readings(
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
            let pinyin = Pinyin::new(&query).unwrap();
            let at: usize = chars[..from].iter().map(|c| c.len_utf8()).sum();
            prop_assert!(matches!(pinyin.match_at(&text[at..]), Match::Ends(_)), "{} in {}", query, text);
            prop_assert!(reads_as(&query, &chars[from..from + length]));
            for hit in quotes(&query, &text) {
                prop_assert!(reads_as(&query, &hit.chars().collect::<Vec<_>>()), "{} as {}", query, hit);
            }
        }
    }
}
