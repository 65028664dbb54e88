//! What speeches have in common, word for word or nearly, whatever the script.
//!
//! A text is reduced to its letters, digits and hanzi, folded. Fingerprints are chosen by winnowing
//! (S. Schleimer and others, "Winnowing: local algorithms for document fingerprinting", 2003): of
//! every `WINDOW` hashes of `GRAM` chars the least, so that whatever two texts share of
//! `GRAM` + `WINDOW` − 1 chars has a fingerprint in common. Those that stand in many places
//! are set phrases and are left out, which keeps the work linear in the size of the library. What
//! is left is followed to both sides over small differences, and kept where it is long and alike.

use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;

/// Chars of a fingerprint, and fingerprints of which one is chosen.
const GRAM: usize = 4;
const WINDOW: usize = 3;
/// A fingerprint in more places than this is a set phrase.
const MOST_PLACES: usize = 24;
/// The least a passage has, in chars of the reduced text.
const LEAST: usize = 16;
/// The least likeness of a passage.
const LIKENESS: f64 = 0.72;
/// Chars that may differ in one place, and that must be alike behind it.
const SKIP: usize = 5;
const SURE: usize = 3;
/// Where fewer are alike than that: at least so many at once, and so many of the chars that follow.
const BEGUN: usize = 2;
const MOSTLY: (usize, usize) = (5, 8);

/// A text reduced to what is compared.
#[derive(Debug, Clone, Default)]
pub struct Reduced {
    chars: Vec<char>,
    /// The place of each char in the cleaned text.
    places: Vec<u32>,
}

impl Reduced {
    /// Reduces a text, without its title, date, salutation and what is about the page, which any
    /// two speeches share; linear in its length.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let text = document.text(document.source.span());
        let mut apart = document
            .paragraphs
            .iter()
            .filter(|paragraph| {
                use ParagraphKind::{Boilerplate, Metadata, Salutation, Title};
                matches!(paragraph.kind, Title | Metadata | Salutation | Boilerplate)
            })
            .map(|paragraph| Span::new(document.cleaning.to_clean(paragraph.span.start), document.cleaning.to_clean(paragraph.span.end)))
            .peekable();
        let mut reduced = Self::default();
        for (place, c) in text.chars().enumerate() {
            while apart.next_if(|span| span.end <= place).is_some() {}
            if c.is_alphanumeric() && apart.peek().is_none_or(|span| !span.contains(place)) {
                reduced.chars.push(fold(c));
                reduced.places.push(u32::try_from(place).unwrap_or(u32::MAX));
            }
        }
        reduced
    }

    /// The source chars of a run of the reduced text, which must not be empty.
    fn source(&self, document: &Document, run: Span) -> Span {
        let clean = Span::new(self.places[run.start] as usize, self.places[run.end - 1] as usize + 1);
        document.cleaning.span_to_source(clean)
    }

    /// How much of the text lies in `spans` of the source, from 0 to 1, by the chars that are
    /// compared.
    #[must_use]
    pub fn share(&self, document: &Document, spans: impl IntoIterator<Item = Span>) -> f64 {
        let at = |offset| {
            let clean = document.cleaning.to_clean(offset);
            self.places.partition_point(|place| (*place as usize) < clean)
        };
        let mut runs: Vec<(usize, usize)> = spans.into_iter().map(|span| (at(span.start), at(span.end))).collect();
        runs.sort_unstable();
        let (mut covered, mut behind) = (0, 0);
        for (start, end) in runs {
            covered += end.saturating_sub(start.max(behind));
            behind = behind.max(end);
        }
        covered as f64 / self.chars.len().max(1) as f64
    }

    /// The chosen fingerprints, each with its place.
    fn fingerprints(&self) -> Vec<(u64, u32)> {
        let hashes: Vec<u64> = self.chars.windows(GRAM).map(hash).collect();
        let mut chosen: Vec<(u64, u32)> = Vec::new();
        for (from, window) in hashes.windows(WINDOW).enumerate() {
            let Some((at, least)) = window.iter().enumerate().rev().min_by_key(|(_, hash)| **hash) else { continue };
            let place = (from + at) as u32;
            if chosen.last().is_none_or(|(_, last)| *last != place) {
                chosen.push((*least, place));
            }
        }
        chosen
    }
}

/// A hash of a few chars; the same on every run (FNV-1a over the code points, then mixed).
fn hash(chars: &[char]) -> u64 {
    let hash = chars.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, c| (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// A passage that two texts share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shared {
    /// The first text, by its number, and its chars in the source.
    pub a: (usize, Span),
    /// The second, whose number is higher.
    pub b: (usize, Span),
    /// Twice the chars in common over the chars of both, from 0 to 1.
    pub similarity: f64,
}

/// What the texts share, by the first text and the place in it.
#[must_use]
pub fn shared(texts: &[(&Document, Reduced)]) -> Vec<Shared> {
    let mut places: HashMap<u64, Vec<(u32, u32)>> = HashMap::new();
    for (number, (_, text)) in texts.iter().enumerate() {
        for (hash, place) in text.fingerprints() {
            let list = places.entry(hash).or_default();
            if list.len() <= MOST_PLACES {
                list.push((number as u32, place));
            }
        }
    }
    let mut seeds: Vec<(u32, u32, u32, u32)> = Vec::new();
    for list in places.values().filter(|list| list.len() <= MOST_PLACES) {
        for (index, (a, at)) in list.iter().enumerate() {
            seeds.extend(list[index + 1..].iter().filter(|(b, _)| b != a).map(|(b, bt)| (*a, *b, *at, *bt)));
        }
    }
    seeds.sort_unstable();
    let mut all = Vec::new();
    for pair in seeds.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let (a, b) = (pair[0].0 as usize, pair[0].1 as usize);
        let (one, other) = (&texts[a], &texts[b]);
        let mut found: Vec<(Span, Span, f64)> = Vec::new();
        for (_, _, at, bt) in pair {
            let (at, bt) = (*at as usize, *bt as usize);
            if found.iter().rev().take(8).any(|(x, y, _)| x.contains(at) && y.contains(bt)) {
                continue;
            }
            if let Some(passage) = grow(&one.1.chars, &other.1.chars, at, bt) {
                found.push(passage);
            }
        }
        keep_apart(&mut found);
        all.extend(found.into_iter().map(|(x, y, similarity)| Shared {
            a: (a, one.1.source(one.0, x)),
            b: (b, other.1.source(other.0, y)),
            similarity,
        }));
    }
    all
}

/// Of passages that lie mostly on one another the longest is kept.
fn keep_apart(found: &mut Vec<(Span, Span, f64)>) {
    found.sort_by_key(|(x, y, _)| (std::cmp::Reverse(x.len() + y.len()), x.start, y.start));
    let mut kept: Vec<(Span, Span, f64)> = Vec::new();
    for passage in found.drain(..) {
        let common = |a: Span, b: Span| a.end.min(b.end).saturating_sub(a.start.max(b.start)) * 2 > a.len().min(b.len());
        if !kept.iter().any(|(x, y, _)| common(*x, passage.0) && common(*y, passage.1)) {
            kept.push(passage);
        }
    }
    kept.sort_by_key(|(x, y, _)| (x.start, y.start));
    *found = kept;
}

/// Follows a fingerprint to both sides; `None` where that gives no passage.
fn grow(a: &[char], b: &[char], at: usize, bt: usize) -> Option<(Span, Span, f64)> {
    if a[at..at + GRAM] != b[bt..bt + GRAM] {
        return None;
    }
    let (ahead_a, ahead_b) = follow(a[at..].iter(), b[bt..].iter());
    let (back_a, back_b) = follow(a[..at].iter().rev(), b[..bt].iter().rev());
    let (x, y) = (Span::new(at - back_a, at + ahead_a), Span::new(bt - back_b, bt + ahead_b));
    if x.len().min(y.len()) < LEAST {
        return None;
    }
    let equal: usize = capture_diff_slices(Algorithm::Myers, &a[x.start..x.end], &b[y.start..y.end])
        .iter()
        .map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 })
        .sum();
    let similarity = 2.0 * equal as f64 / (x.len() + y.len()) as f64;
    (similarity >= LIKENESS).then_some((x, y, similarity))
}

/// How far two texts go on alike, over differences of at most [`SKIP`] chars on either side with
/// [`SURE`] chars alike behind each, or most of those that follow.
fn follow<'a>(a: impl Iterator<Item = &'a char> + Clone, b: impl Iterator<Item = &'a char> + Clone) -> (usize, usize) {
    let (mut a, mut b) = (a, b);
    let (mut x, mut y) = (0, 0);
    loop {
        let alike = a.clone().zip(b.clone()).take_while(|(one, other)| one == other).count();
        if alike > 0 {
            (x, y) = (x + alike, y + alike);
            a.nth(alike - 1);
            b.nth(alike - 1);
        }
        // The smallest difference first; a replaced char before one added or left out.
        let leap = (1..=2 * SKIP)
            .flat_map(|sum| (sum.saturating_sub(SKIP)..=sum.min(SKIP)).map(move |da| (da, sum - da)))
            .filter(|(da, db)| {
                let alike = || a.clone().skip(*da).zip(b.clone().skip(*db)).map(|(one, other)| one == other);
                let at_once = alike().take_while(|alike| *alike).take(SURE).count();
                at_once == SURE || (at_once >= BEGUN && alike().take(MOSTLY.1).filter(|alike| *alike).count() >= MOSTLY.0)
            })
            .min_by_key(|(da, db)| (da.max(db).to_owned(), da.abs_diff(*db)));
        let Some((da, db)) = leap else { return (x, y) };
        (x, y) = (x + da, y + db);
        if da > 0 {
            a.nth(da - 1);
        }
        if db > 0 {
            b.nth(db - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::SourceText;
    use pizhu_text::text::fold;
    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

    fn document(text: &str) -> Document {
        Document { source: SourceText::from(text), ..Document::default() }
    }

    fn shared_of(a: &Document, b: &Document) -> Vec<Shared> {
        shared(&[(a, Reduced::of(a)), (b, Reduced::of(b))])
    }

    #[test]
    fn a_passage_is_found_in_the_other_script_with_its_source_span() {
        let a = document("前面说别的事。栽下梧桐树，引来金凤凰，还要常浇水、勤施肥，才能留得住。后面又不同了。");
        let b = document("他處另有開頭文字，栽下梧桐樹,引來金鳳凰,還要常澆水、勤施肥,才能留得住！結尾完全兩樣。");
        let found = shared_of(&a, &b);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(a.quote(found[0].a.1), "栽下梧桐树，引来金凤凰，还要常浇水、勤施肥，才能留得住");
        assert_eq!(b.quote(found[0].b.1), "栽下梧桐樹,引來金鳳凰,還要常澆水、勤施肥,才能留得住");
        assert!((found[0].similarity - 1.0).abs() < 1e-9);
        let spans = [found[0].a.1, found[0].a.1];
        let (reduced, total) = (Reduced::of(&a), a.source.chars_from(0).filter(|(_, c)| c.is_alphanumeric()).count());
        let common = "栽下梧桐树引来金凤凰还要常浇水勤施肥才能留得住".chars().count();
        assert!((reduced.share(&a, spans) - common as f64 / total as f64).abs() < 1e-9, "what overlaps counts once");
        assert!(reduced.share(&a, []).abs() < 1e-9 && (reduced.share(&a, [a.source.span()]) - 1.0).abs() < 1e-9);
        assert!(shared_of(&a, &document("没有相同之处的一段文字，说的是天气、雨水和收成，与上面无关。")).is_empty());
    }

    /// Text of random hanzi, with a mark here and there.
    fn text(random: &mut StdRng, length: usize) -> Vec<char> {
        (0..length).map(|_| char::from_u32(0x4E00 + random.random_range(0..600)).unwrap()).collect()
    }

    /// Passages of 20 to 120 chars planted in pairs of texts: word for word, one char in ten
    /// edited, in the other script, in another order.
    #[test]
    fn planted_passages_are_found_and_nothing_else() {
        let mut random = StdRng::seed_from_u64(20);
        for way in ["verbatim", "edited", "converted", "reordered"] {
            let (mut planted, mut recalled, mut told, mut right) = (0, 0, 0, 0);
            for _ in 0..40 {
                let passages: Vec<Vec<char>> = (0..5)
                    .map(|_| {
                        let length = random.random_range(20..=120);
                        text(&mut random, length)
                    })
                    .collect();
                let mut order: Vec<usize> = (0..passages.len()).collect();
                if way == "reordered" {
                    order.shuffle(&mut random);
                }
                let lay = |passages: &[(usize, Vec<char>)], random: &mut StdRng| {
                    let (mut all, mut spans) = (text(random, 150), vec![Span::new(0, 0); passages.len()]);
                    for (number, passage) in passages {
                        spans[*number] = Span::new(all.len(), all.len() + passage.len());
                        all.extend(passage);
                        all.extend(text(random, 150));
                    }
                    (document(&all.into_iter().collect::<String>()), spans)
                };
                let change = |passage: &[char], random: &mut StdRng| -> Vec<char> {
                    match way {
                        "edited" => passage
                            .iter()
                            .flat_map(|c| match random.random_range(0..30) {
                                0 => vec![],
                                1 => vec![*c, '增'],
                                2 => vec!['改'],
                                _ => vec![*c],
                            })
                            .collect(),
                        "converted" => passage.iter().map(|c| *fold::variants(fold::fold(*c)).last().unwrap()).collect(),
                        _ => passage.to_vec(),
                    }
                };
                let one: Vec<_> = passages.iter().cloned().enumerate().collect();
                let other: Vec<_> = order.iter().map(|number| (*number, change(&passages[*number], &mut random))).collect();
                let (a, in_a) = lay(&one, &mut random);
                let (b, in_b) = lay(&other, &mut random);
                let found = shared_of(&a, &b);
                let mostly = |x: Span, y: Span| x.end.min(y.end).saturating_sub(x.start.max(y.start)) * 10 >= x.len().max(y.len()) * 7;
                planted += passages.len();
                recalled += (0..passages.len())
                    .filter(|n| found.iter().any(|found| mostly(found.a.1, in_a[*n]) && mostly(found.b.1, in_b[*n])))
                    .count();
                told += found.len();
                right += found
                    .iter()
                    .filter(|found| (0..passages.len()).any(|n| found.a.1.overlaps(in_a[n]) && found.b.1.overlaps(in_b[n])))
                    .count();
            }
            let (recall, precision) = (f64::from(recalled as u32) / planted as f64, f64::from(right as u32) / told as f64);
            println!("{way}: recall {recall:.3}, precision {precision:.3} of {planted}");
            assert!(recall >= 0.95 && precision >= 0.95, "{way}: recall {recall:.3}, precision {precision:.3}");
        }
    }
}
