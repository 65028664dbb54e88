//! Passages that speeches share, verbatim or nearly so, in either script.
//!
//! A text is reduced to its folded letters, digits and hanzi. Fingerprints are selected by
//! winnowing (S. Schleimer et al., "Winnowing: local algorithms for document fingerprinting",
//! 2003): the minimum of every `WINDOW` consecutive hashes of `GRAM` chars, so any `GRAM` +
//! `WINDOW` − 1 chars that two texts share have a fingerprint in common. Fingerprints with many
//! occurrences are set phrases and are ignored, which keeps the work linear in the size of the
//! library. Near-copies of a text are grouped first and count as one, so that many copies do not make
//! a set phrase of all they share; within a group each is compared with the others. Each common fingerprint is a seed that is extended in both directions over small
//! differences; long and similar passages are kept.

use crate::near_copies::{Sketch, group_near_copies};
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::Span;
use pizhu_text::text::diff::diff_chars;
use pizhu_text::text::fold::fold;
use std::collections::{BTreeSet, HashSet};

/// Chars of a fingerprint (n-gram), and hashes of a winnowing window.
const GRAM: usize = 4;
const WINDOW: usize = 3;
/// Maximum occurrences of a fingerprint; more make it a set phrase.
const MAX_OCCURRENCES: usize = 24;
/// Maximum copies in a group of which all pairs are compared; in a larger one each is compared with
/// the first.
const MAX_COMPARED_COPIES: usize = 64;
/// Minimum length of a passage, in compared chars.
const MIN_PASSAGE_CHARS: usize = 16;
/// Minimum similarity of a passage, from 0 to 1.
const MIN_SIMILARITY: f64 = 0.72;
/// Maximum length of a difference, and equal chars required after it.
const MAX_GAP: usize = 5;
const RESYNC_CHARS: usize = 3;
/// The alternative to `RESYNC_CHARS`: at least so many equal chars at once, and so many of the
/// following ones (5 of 8).
const MIN_RESYNC_CHARS: usize = 2;
const RESYNC_MAJORITY: (usize, usize) = (5, 8);

/// A text reduced to the chars that are compared.
#[derive(Debug, Clone, Default)]
pub struct ComparableText {
    chars: Vec<char>,
    /// Offset of each char in the cleaned text.
    offsets: Vec<u32>,
}

impl ComparableText {
    /// Reduces a text. Title, date, salutation and boilerplate, which any two speeches may share,
    /// are left out.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        let text = document.text(document.source.span());
        let mut ignored = document
            .paragraphs
            .iter()
            .filter(|paragraph| {
                use ParagraphKind::{Boilerplate, Metadata, Salutation, Title};
                matches!(paragraph.kind, Title | Metadata | Salutation | Boilerplate)
            })
            .map(|paragraph| Span::new(document.cleaning.to_clean(paragraph.span.start), document.cleaning.to_clean(paragraph.span.end)))
            .peekable();
        let mut comparable = Self::default();
        for (index, c) in text.chars().enumerate() {
            while ignored.next_if(|span| span.end <= index).is_some() {}
            if c.is_alphanumeric() && ignored.peek().is_none_or(|span| !span.contains(index)) {
                comparable.chars.push(fold(c));
                comparable.offsets.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
        comparable
    }

    /// Span of the source of a non-empty run of compared chars.
    fn source_span(&self, document: &Document, run: Span) -> Span {
        let clean = Span::new(self.offsets[run.start] as usize, self.offsets[run.end - 1] as usize + 1);
        document.cleaning.span_to_source(clean)
    }

    /// Share of the compared chars that lie in `spans` of the source, from 0 to 1.
    #[must_use]
    pub fn coverage(&self, document: &Document, spans: impl IntoIterator<Item = Span>) -> f64 {
        let at = |offset| {
            let clean = document.cleaning.to_clean(offset);
            self.offsets.partition_point(|offset| (*offset as usize) < clean)
        };
        let mut runs: Vec<(usize, usize)> = spans.into_iter().map(|span| (at(span.start), at(span.end))).collect();
        runs.sort_unstable();
        let (mut covered, mut covered_end) = (0, 0);
        for (start, end) in runs {
            covered += end.saturating_sub(start.max(covered_end));
            covered_end = covered_end.max(end);
        }
        covered as f64 / self.chars.len().max(1) as f64
    }

    /// The winnowed fingerprints, each with its index in `chars`.
    fn fingerprints(&self) -> Vec<(u64, u32)> {
        let hashes: Vec<u64> = self.chars.windows(GRAM).map(gram_hash).collect();
        let mut chosen: Vec<(u64, u32)> = Vec::new();
        for (from, window) in hashes.windows(WINDOW).enumerate() {
            let Some((at, minimum)) = window.iter().enumerate().rev().min_by_key(|(_, hash)| **hash) else { continue };
            let index = (from + at) as u32;
            if chosen.last().is_none_or(|(_, last)| *last != index) {
                chosen.push((*minimum, index));
            }
        }
        chosen
    }
}

/// Hash of an n-gram, stable between runs (FNV-1a over the code points, then mixed).
fn gram_hash(chars: &[char]) -> u64 {
    let hash = chars.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, c| (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// A passage that two texts share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharedPassage {
    /// Index of the first text, and the passage's span in its source.
    pub a: (usize, Span),
    /// The same for the second text, whose index is higher.
    pub b: (usize, Span),
    /// Dice coefficient of the two passages: twice the common chars over the chars of both.
    pub similarity: f64,
}

/// The passages that the texts share, sorted by first text, second text and position.
///
/// ```
/// use pizhu_library::reuse::{ComparableText, shared_passages};
/// use pizhu_text::document::Document;
/// use pizhu_text::text::SourceText;
///
/// let a = Document::from(SourceText::from("前面说别的事。栽下梧桐树，引来金凤凰，还要常浇水、勤施肥。"));
/// let b = Document::from(SourceText::from("他處另有開頭，栽下梧桐樹,引來金鳳凰,還要常澆水、勤施肥！"));
/// let found = shared_passages(&[(&a, ComparableText::new(&a)), (&b, ComparableText::new(&b))]);
/// assert_eq!(found.len(), 1);
/// assert!(found[0].similarity > 0.9);
/// ```
#[must_use]
pub fn shared_passages(texts: &[(&Document, ComparableText)]) -> Vec<SharedPassage> {
    let sketches: Vec<Sketch> =
        texts.iter().map(|(_, text)| Sketch::new(text.fingerprints().into_iter().map(|(hash, _)| hash).collect())).collect();
    let groups = group_near_copies(&sketches);
    let mut group_of = vec![0; texts.len()];
    for (group, members) in groups.iter().enumerate() {
        for member in members {
            group_of[*member] = group;
        }
    }
    let mut all = Vec::new();
    for members in groups.iter().filter(|members| members.len() > 1) {
        for (a, b) in copies_to_compare(members) {
            let seeds = common_fingerprints(&texts[a].1, &texts[b].1, &HashSet::new());
            compare(texts, (a, b), &seeds, &mut all);
        }
    }
    let occurrences = occurrences(texts, &groups);
    let by_hash = || occurrences.chunk_by(|one, other| one.0 == other.0);
    let mut seeds: Vec<(u32, u32, u32, u32)> = Vec::new();
    for list in by_hash().filter(|list| list.len() <= MAX_OCCURRENCES) {
        for (index, (_, a, at)) in list.iter().enumerate() {
            let others = list[index + 1..].iter().filter(|(_, b, _)| group_of[*a as usize] != group_of[*b as usize]);
            seeds.extend(others.map(|(_, b, bt)| (*a, *b, *at, *bt)));
        }
    }
    let phrases: HashSet<u64> = by_hash().filter(|list| list.len() > MAX_OCCURRENCES).map(|list| list[0].0).collect();
    drop(occurrences);
    seeds.sort_unstable();
    // Groups of a few copies are compared copy by copy.
    let mut small: BTreeSet<(usize, usize)> = BTreeSet::new();
    for pair in seeds.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let (a, b) = (pair[0].0 as usize, pair[0].1 as usize);
        let (one, other) = (group_of[a], group_of[b]);
        if matches!(groups[one].len() * groups[other].len(), 2..=MAX_OCCURRENCES) {
            small.insert((one.min(other), one.max(other)));
        } else {
            let seeds: Vec<(u32, u32)> = pair.iter().map(|(_, _, at, bt)| (*at, *bt)).collect();
            compare(texts, (a, b), &seeds, &mut all);
        }
    }
    for (one, other) in small {
        for (a, b) in groups[one].iter().flat_map(|a| groups[other].iter().map(|b| (*a.min(b), *a.max(b)))) {
            compare(texts, (a, b), &common_fingerprints(&texts[a].1, &texts[b].1, &phrases), &mut all);
        }
    }
    all.sort_by_key(|passage| (passage.a.0, passage.b.0, passage.a.1.start, passage.b.1.start));
    all
}

/// The pairs of a group of copies: all of them, or in a large group each copy with the first.
fn copies_to_compare(members: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let firsts = if members.len() <= MAX_COMPARED_COPIES { members.len() } else { 1 };
    (0..firsts).flat_map(move |first| members[first + 1..].iter().map(move |other| (members[first], *other)))
}

/// The fingerprints with text and index, sorted: of the first of each group of copies all, of the
/// others those that it lacks. So copies do not make a set phrase of what they share.
fn occurrences(texts: &[(&Document, ComparableText)], groups: &[Vec<usize>]) -> Vec<(u64, u32, u32)> {
    let mut occurrences = Vec::new();
    for members in groups {
        let mut known: HashSet<u64> = HashSet::new();
        for member in members {
            let fingerprints = texts[*member].1.fingerprints();
            let new = fingerprints.iter().filter(|(hash, _)| !known.contains(hash));
            occurrences.extend(new.map(|(hash, index)| (*hash, *member as u32, *index)));
            if members.len() > 1 && known.is_empty() {
                known = fingerprints.iter().map(|(hash, _)| *hash).collect();
            }
        }
    }
    occurrences.sort_unstable();
    occurrences
}

/// Where two texts have fingerprints in common that are no set phrases, in order.
fn common_fingerprints(a: &ComparableText, b: &ComparableText, phrases: &HashSet<u64>) -> Vec<(u32, u32)> {
    let [mut one, mut other] = [a, b].map(ComparableText::fingerprints);
    one.sort_unstable();
    other.sort_unstable();
    let mut seeds = Vec::new();
    let mut rest = other.as_slice();
    for list in one.chunk_by(|one, other| one.0 == other.0) {
        let hash = list[0].0;
        rest = &rest[rest.partition_point(|(other, _)| *other < hash)..];
        let same = &rest[..rest.partition_point(|(other, _)| *other == hash)];
        if list.len() * same.len() <= MAX_OCCURRENCES && !phrases.contains(&hash) {
            seeds.extend(list.iter().flat_map(|(_, at)| same.iter().map(|(_, bt)| (*at, *bt))));
        }
    }
    seeds.sort_unstable();
    seeds
}

/// Adds the passages of two texts that grow from the seeds.
fn compare(texts: &[(&Document, ComparableText)], (a, b): (usize, usize), seeds: &[(u32, u32)], all: &mut Vec<SharedPassage>) {
    let (one, other) = (&texts[a], &texts[b]);
    let mut found: Vec<(Span, Span, f64)> = Vec::new();
    for (at, bt) in seeds {
        let (at, bt) = (*at as usize, *bt as usize);
        if found.iter().rev().take(8).any(|(x, y, _)| x.contains(at) && y.contains(bt)) {
            continue;
        }
        if let Some(passage) = extend_seed(&one.1.chars, &other.1.chars, at, bt) {
            found.push(passage);
        }
    }
    drop_overlapping(&mut found);
    all.extend(found.into_iter().map(|(x, y, similarity)| SharedPassage {
        a: (a, one.1.source_span(one.0, x)),
        b: (b, other.1.source_span(other.0, y)),
        similarity,
    }));
}

/// Of passages that mostly overlap keeps the longest.
fn drop_overlapping(found: &mut Vec<(Span, Span, f64)>) {
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

/// Extends a seed in both directions; `None` if the result is too short or too dissimilar.
fn extend_seed(a: &[char], b: &[char], at: usize, bt: usize) -> Option<(Span, Span, f64)> {
    if a[at..at + GRAM] != b[bt..bt + GRAM] {
        return None;
    }
    let (ahead_a, ahead_b) = extend(a[at..].iter(), b[bt..].iter());
    let (back_a, back_b) = extend(a[..at].iter().rev(), b[..bt].iter().rev());
    let (x, y) = (Span::new(at - back_a, at + ahead_a), Span::new(bt - back_b, bt + ahead_b));
    if x.len().min(y.len()) < MIN_PASSAGE_CHARS {
        return None;
    }
    let equal: usize =
        diff_chars(&a[x.start..x.end], &b[y.start..y.end]).iter().filter(|segment| segment.equal).map(|segment| segment.old.len()).sum();
    let similarity = 2.0 * equal as f64 / (x.len() + y.len()) as f64;
    (similarity >= MIN_SIMILARITY).then_some((x, y, similarity))
}

/// Lengths to which two texts stay alike, bridging differences of at most [`MAX_GAP`] chars on
/// either side if [`RESYNC_CHARS`] equal chars follow, or most of those that follow are equal.
fn extend<'a>(a: impl Iterator<Item = &'a char> + Clone, b: impl Iterator<Item = &'a char> + Clone) -> (usize, usize) {
    let (mut a, mut b) = (a, b);
    let (mut x, mut y) = (0, 0);
    loop {
        let alike = a.clone().zip(b.clone()).take_while(|(one, other)| one == other).count();
        if alike > 0 {
            (x, y) = (x + alike, y + alike);
            a.nth(alike - 1);
            b.nth(alike - 1);
        }
        // The smallest difference first; a substitution before an insertion or deletion.
        let leap = (1..=2 * MAX_GAP)
            .flat_map(|sum| (sum.saturating_sub(MAX_GAP)..=sum.min(MAX_GAP)).map(move |da| (da, sum - da)))
            .filter(|(da, db)| {
                let alike = || a.clone().skip(*da).zip(b.clone().skip(*db)).map(|(one, other)| one == other);
                let at_once = alike().take_while(|alike| *alike).take(RESYNC_CHARS).count();
                at_once == RESYNC_CHARS
                    || (at_once >= MIN_RESYNC_CHARS && alike().take(RESYNC_MAJORITY.1).filter(|alike| *alike).count() >= RESYNC_MAJORITY.0)
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
        Document::from(SourceText::from(text))
    }

    fn shared_of(a: &Document, b: &Document) -> Vec<SharedPassage> {
        shared_passages(&[(a, ComparableText::new(a)), (b, ComparableText::new(b))])
    }

    #[test]
    fn passage_in_the_other_script_is_found_with_its_source_span() {
        let a = document("前面说别的事。栽下梧桐树，引来金凤凰，还要常浇水、勤施肥，才能留得住。后面又不同了。");
        let b = document("他處另有開頭文字，栽下梧桐樹,引來金鳳凰,還要常澆水、勤施肥,才能留得住！結尾完全兩樣。");
        let found = shared_of(&a, &b);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(a.quote(found[0].a.1), "栽下梧桐树，引来金凤凰，还要常浇水、勤施肥，才能留得住");
        assert_eq!(b.quote(found[0].b.1), "栽下梧桐樹,引來金鳳凰,還要常澆水、勤施肥,才能留得住");
        assert!((found[0].similarity - 1.0).abs() < 1e-9);
        let spans = [found[0].a.1, found[0].a.1];
        let (comparable, total) = (ComparableText::new(&a), a.source.chars_from(0).filter(|(_, c)| c.is_alphanumeric()).count());
        let common = "栽下梧桐树引来金凤凰还要常浇水勤施肥才能留得住".chars().count();
        assert!((comparable.coverage(&a, spans) - common as f64 / total as f64).abs() < 1e-9, "what overlaps counts once");
        assert!(comparable.coverage(&a, []).abs() < 1e-9 && (comparable.coverage(&a, [a.source.span()]) - 1.0).abs() < 1e-9);
        assert!(shared_of(&a, &document("没有相同之处的一段文字，说的是天气、雨水和收成，与上面无关。")).is_empty());
    }

    /// Random hanzi.
    fn text(random: &mut StdRng, length: usize) -> Vec<char> {
        (0..length).map(|_| char::from_u32(0x4E00 + random.random_range(0..600)).unwrap()).collect()
    }

    /// Passages of 20 to 120 chars planted in pairs of texts: verbatim, one char in ten edited, in
    /// the other script, in another order.
    #[test]
    fn planted_passages_have_high_recall_and_precision() {
        let mut random = StdRng::seed_from_u64(20);
        for variant in ["verbatim", "edited", "converted", "reordered"] {
            let (mut planted, mut recalled, mut reported, mut correct) = (0, 0, 0, 0);
            for _ in 0..40 {
                let passages: Vec<Vec<char>> = (0..5)
                    .map(|_| {
                        let length = random.random_range(20..=120);
                        text(&mut random, length)
                    })
                    .collect();
                let mut order: Vec<usize> = (0..passages.len()).collect();
                if variant == "reordered" {
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
                    match variant {
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
                reported += found.len();
                correct += found
                    .iter()
                    .filter(|found| (0..passages.len()).any(|n| found.a.1.overlaps(in_a[n]) && found.b.1.overlaps(in_b[n])))
                    .count();
            }
            let (recall, precision) = (f64::from(recalled as u32) / planted as f64, f64::from(correct as u32) / reported as f64);
            println!("{variant}: recall {recall:.3}, precision {precision:.3} of {planted}");
            assert!(recall >= 0.95 && precision >= 0.95, "{variant}: recall {recall:.3}, precision {precision:.3}");
        }
    }

    /// With 25 copies and more, everything that they share counted as a set phrase and nothing was
    /// found.
    #[test]
    fn many_copies_of_a_text_are_found_and_hide_nothing() {
        let mut random = StdRng::seed_from_u64(25);
        let passage = text(&mut random, 60);
        let mut all: Vec<Document> = Vec::new();
        for copies in [30, 80] {
            let original = text(&mut random, 900);
            for _ in 0..copies {
                // One char in a hundred differs, and a line of its own is added.
                let mut copy: Vec<char> = original.iter().map(|c| if random.random_range(0..100) == 0 { '改' } else { *c }).collect();
                copy.splice(300..300, passage.iter().copied());
                copy.extend(text(&mut random, 40));
                all.push(document(&copy.into_iter().collect::<String>()));
            }
        }
        all.push(document(&[text(&mut random, 400), passage.clone(), text(&mut random, 400)].concat().into_iter().collect::<String>()));
        all.extend((0..40).map(|_| document(&text(&mut random, 900).into_iter().collect::<String>())));
        let texts: Vec<(&Document, ComparableText)> = all.iter().map(|document| (document, ComparableText::new(document))).collect();
        let found = shared_passages(&texts);
        let pairs: BTreeSet<(usize, usize)> = found.iter().map(|passage| (passage.a.0, passage.b.0)).collect();
        let inside = |from: usize, to: usize| pairs.iter().filter(|(a, b)| (from..to).contains(a) && (from..to).contains(b)).count();
        assert_eq!(inside(0, 30), 30 * 29 / 2, "all pairs of a small group");
        assert_eq!(inside(30, 110), 79, "each of a large group with the first");
        assert!(pairs.contains(&(0, 30)) && pairs.contains(&(0, 110)) && pairs.contains(&(30, 110)), "the passage across groups");
        assert!(pairs.iter().all(|(a, b)| *a <= 110 && *b <= 110), "nothing is invented");
        assert!(found.is_sorted_by_key(|passage| (passage.a.0, passage.b.0, passage.a.1.start)));
        let longest = found.iter().filter(|passage| passage.b.0 < 30).map(|passage| passage.a.1.len()).max().unwrap();
        assert!(longest > 800, "a copy is found as a whole: {longest}");
    }
}
