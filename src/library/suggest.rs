//! Which tags a section may deserve, out of the codebook's keywords and what has been tagged so
//! far; with the words that decided, and silence where nothing fits.
//!
//! Two voices speak for a tag. Its keywords (and its name) count where they stand as words in the
//! title, the section's text, the heading above and the speech's title, each by how rare it is.
//! What was learned is naive Bayes over pairs of Han characters, a tag against its complement
//! (J. Rennie and others, "Tackling the poor assumptions of naive Bayes text classifiers", 2003),
//! with weights by rarity and each text of the same length. The words of a tag's definition speak
//! softly besides. All on folded text, so that a tag learned from simplified text is suggested in a
//! traditional one.
//!
//! Whether anything is suggested is decided for the section as a whole, by the evidence of its
//! best tag, where keywords count more than what was learned. The evidence that is needed is
//! chosen on the sections of which every tag was refused, each scored by what was learned without
//! its own speech. Once something is suggested there are three candidates.

use super::lessons::{self, Lessons};
use crate::{
    annotation::{Codebook, Placed, SpeechHash},
    document::{Document, SectionId},
    text::{Span, fold::fold_text, segment},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::Path,
};

/// What a pair of characters in the title, in the heading above and in the speech's title weighs;
/// one in the text weighs the root of how often it stands there.
const TITLE_PAIR: f64 = 3.0;
const ABOVE_PAIR: f64 = 1.0;
const SPEECH_PAIR: f64 = 0.5;
/// What a keyword weighs in each of them.
const TITLE_WORD: f64 = 0.8;
const BODY_WORD: f64 = 0.4;
const ABOVE_WORD: f64 = 0.5;
const SPEECH_WORD: f64 = 0.3;
/// How often a keyword or a pair counts in one text.
const MOST_WORDS: usize = 4;
const MOST_PAIRS: usize = 6;
/// What the learned voice weighs against the keywords, the words of the definition, and how often
/// keywords stand in the text.
const LEARNED: f64 = 0.7;
const DEFINED: f64 = 0.1;
const OFTEN: f64 = 0.3;
/// The same in the evidence that anything fits, and what the best of keywords and half of what was
/// learned adds.
const DEFINED_EVIDENCE: f64 = 0.05;
const OFTEN_EVIDENCE: f64 = 0.1;
const BOTH_EVIDENCE: f64 = 0.3;
/// How often a keyword counts where it is counted in the text.
const MOST_OFTEN: usize = 9;
/// The mass of a pair that was never seen.
const SMOOTHING: f64 = 0.15;
/// The evidence needed where no section was refused; it stays in force as if so many had been
/// refused whose evidence reached just to it.
const NEEDED: f64 = 0.8;
const NEEDED_AS: f64 = 20.0;
/// The part of the refused sections that are to be left alone.
const SILENCE: f64 = 0.7;
/// The most speeches with refused sections that are scored without themselves.
const SCORED: usize = 16;
/// A word that stands in more definitions than this says nothing of a tag.
const MOST_DEFINITIONS: usize = 2;
/// The most tags for a section, and reasons for a tag.
const TAGS: usize = 3;
const REASONS: usize = 4;
/// Chars of a section that are looked at.
const REACH: usize = 4000;

/// A pair of characters that follow one another.
type Pair = (char, char);

/// What is looked at of a section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    title: String,
    above: String,
    speech: String,
    body: String,
    /// Keywords that stand here, by place, are looked up in these.
    words: HashMap<String, usize>,
    title_words: HashSet<String>,
    above_words: HashSet<String>,
    speech_words: HashSet<String>,
}

impl Excerpt {
    /// What is looked at of section `id`.
    #[must_use]
    pub fn of(document: &Document, id: SectionId) -> Self {
        let Some(section) = document.outline.get(id) else { return Self::default() };
        let above = section.parent.and_then(|parent| document.outline.get(parent)).map_or("", |parent| parent.shown_title());
        Self::new(document, section.span, section.shown_title(), above)
    }

    /// What is looked at of a passage: its text stands for a title too.
    #[must_use]
    pub fn of_passage(document: &Document, span: Span) -> Self {
        let section = document.outline.at(span.start).and_then(|id| document.outline.get(id));
        let text = document.text(span);
        let title: String = text.chars().take_while(|c| !matches!(c, '。' | '；' | '\n')).take(30).collect();
        Self::new(document, span, &title, section.map_or("", |section| section.shown_title()))
    }

    fn new(document: &Document, span: Span, title: &str, above: &str) -> Self {
        let span = Span::new(span.start, span.end.min(span.start + REACH));
        let speech = document.metadata.title.as_deref().unwrap_or_default();
        let [title, above, speech, body] = [title, above, speech, &document.text(span)].map(fold_text);
        let runs = |text: &str| runs_of(text, 4);
        let mut words = HashMap::new();
        for run in runs(&body) {
            *words.entry(run).or_default() += 1;
        }
        let set = |text: &str| runs(text).into_iter().collect();
        let (title_words, above_words, speech_words) = (set(&title), set(&above), set(&speech));
        Self { title, above, speech, body, words, title_words, above_words, speech_words }
    }

    fn pairs(&self) -> HashMap<Pair, f64> {
        let mut counts: HashMap<Pair, usize> = HashMap::new();
        for pair in pairs(&self.body) {
            *counts.entry(pair).or_default() += 1;
        }
        let mut all: HashMap<Pair, f64> = counts.into_iter().map(|(pair, count)| (pair, (count.min(MOST_PAIRS) as f64).sqrt())).collect();
        for (text, weight) in [(&self.title, TITLE_PAIR), (&self.above, ABOVE_PAIR), (&self.speech, SPEECH_PAIR)] {
            for pair in pairs(text).collect::<HashSet<_>>() {
                *all.entry(pair).or_default() += weight;
            }
        }
        all
    }

    /// What a keyword weighs here.
    fn weight(&self, word: &str) -> f64 {
        let mut weight = match (self.title_words.contains(word), self.words.get(word)) {
            (true, _) => TITLE_WORD,
            (false, Some(count)) => BODY_WORD * (*count).min(MOST_WORDS) as f64 / MOST_WORDS as f64,
            (false, None) => 0.0,
        };
        if self.above_words.contains(word) {
            weight += ABOVE_WORD;
        }
        if self.speech_words.contains(word) {
            weight += SPEECH_WORD;
        }
        weight
    }
}

/// All runs of up to `most` words of a text that follow one another, so that a keyword is found
/// where it begins and ends with words: 干部 does not stand in 老干部.
fn runs_of(text: &str, most: usize) -> Vec<String> {
    let words: Vec<&str> = segment::words(text);
    let mut runs = Vec::new();
    for from in 0..words.len() {
        let mut run = String::new();
        for word in words[from..].iter().take(most) {
            if !word.chars().all(char::is_alphanumeric) {
                break;
            }
            run.push_str(word);
            runs.push(run.clone());
        }
    }
    runs
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// The pairs of Han characters of a text.
fn pairs(text: &str) -> impl Iterator<Item = Pair> {
    text.chars().zip(text.chars().skip(1)).filter(|(a, b)| is_han(*a) && is_han(*b))
}

/// A section that the user has decided about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The section.
    pub excerpt: Excerpt,
    /// The tags it was given; none where all were refused.
    pub tags: BTreeSet<String>,
}

/// A tag that a section may deserve.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The tag.
    pub tag: String,
    /// How well it fits; comparable within one suggester.
    pub score: f64,
    /// The words that decided, the weightiest first.
    pub reasons: Vec<String>,
}

/// What was learned of one tag.
#[derive(Debug, Clone, Default)]
struct Learned {
    mass: HashMap<Pair, f64>,
    sum: f64,
}

/// Suggests tags. Made of a codebook and examples; making it is linear in their length.
#[derive(Debug, Clone)]
pub struct Suggester {
    /// The keywords of each tag with how rare they are.
    keywords: BTreeMap<String, Vec<(String, f64)>>,
    /// The words of each tag's definition with how rare they are.
    defined: BTreeMap<String, Vec<(String, f64)>>,
    learned: BTreeMap<String, Learned>,
    lessons: Lessons,
    /// The evidence a section needs for anything to be suggested.
    needed: f64,
    /// All examples together.
    all: Learned,
    /// In how many examples a pair stands.
    spread: HashMap<Pair, usize>,
    examples: usize,
}

impl Suggester {
    /// Learns from the codebook, the examples, and what was said to suggestions.
    #[must_use]
    pub fn new(codebook: &Codebook, examples: &[Example], lessons: Lessons) -> Self {
        let mut made = Self::taught(codebook, &examples.iter().collect::<Vec<_>>(), lessons);
        made.needed = needed(codebook, examples, &made.lessons);
        made
    }

    fn taught(codebook: &Codebook, examples: &[&Example], lessons: Lessons) -> Self {
        let mut made = Self {
            keywords: BTreeMap::new(),
            defined: BTreeMap::new(),
            learned: BTreeMap::new(),
            lessons,
            needed: NEEDED,
            all: Learned::default(),
            spread: HashMap::new(),
            examples: examples.len(),
        };
        let features: Vec<HashMap<Pair, f64>> = examples.iter().map(|example| example.excerpt.pairs()).collect();
        for pair in features.iter().flat_map(HashMap::keys) {
            *made.spread.entry(*pair).or_default() += 1;
        }
        for (example, features) in examples.iter().zip(features) {
            for (pair, weight) in made.scaled(features) {
                *made.all.mass.entry(pair).or_default() += weight;
                made.all.sum += weight;
                for tag in &example.tags {
                    let learned = made.learned.entry(tag.clone()).or_default();
                    *learned.mass.entry(pair).or_default() += weight;
                    learned.sum += weight;
                }
            }
        }
        for tag in codebook.tags() {
            // What is left of a name without the words that end so many of them.
            let stem = ["工作", "建设", "队伍"].iter().find_map(|end| tag.name.strip_suffix(end)).filter(|stem| stem.chars().count() > 1);
            let words: BTreeSet<String> =
                tag.keywords.iter().map(String::as_str).chain([tag.name.as_str()]).chain(stem).map(fold_text).collect();
            let words = words.into_iter().map(|word| (rarity(examples, &word), word)).map(|(rare, word)| (word, rare));
            made.keywords.insert(tag.name.clone(), words.collect());
        }
        let mut spread: BTreeMap<String, usize> = BTreeMap::new();
        let definitions: Vec<(String, BTreeSet<String>)> =
            codebook.tags().iter().map(|tag| (tag.name.clone(), words_of(&tag.definition))).collect();
        for word in definitions.iter().flat_map(|(_, words)| words) {
            *spread.entry(word.clone()).or_default() += 1;
        }
        for (tag, words) in definitions {
            let own = made.keywords.get(&tag).map(Vec::as_slice).unwrap_or_default();
            let words = words.into_iter().filter(|word| spread[word] <= MOST_DEFINITIONS && !own.iter().any(|(known, _)| known == word));
            let words: Vec<(String, f64)> = words.map(|word| (rarity(examples, &word), word)).map(|(rare, word)| (word, rare)).collect();
            made.defined.insert(tag, words);
        }
        made
    }

    /// Weights by rarity, of unit length.
    fn scaled(&self, features: HashMap<Pair, f64>) -> Vec<(Pair, f64)> {
        let rarity = |pair: &Pair| {
            let with = self.spread.get(pair)?;
            Some(((self.examples + 1) as f64 / (*with as f64 + 0.5)).ln())
        };
        let mut weights: Vec<(Pair, f64)> =
            features.into_iter().filter_map(|(pair, weight)| Some((pair, weight * rarity(&pair)?))).collect();
        // The same sums on every run.
        weights.sort_unstable_by_key(|(pair, _)| *pair);
        let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            for (_, weight) in &mut weights {
                *weight /= length;
            }
        }
        weights
    }

    /// How much more a pair speaks for a tag than against it.
    fn odds(&self, learned: &Learned, pair: Pair) -> f64 {
        let kinds = self.all.mass.len() as f64;
        let own = learned.mass.get(&pair).copied().unwrap_or(0.0);
        let other = self.all.mass.get(&pair).copied().unwrap_or(0.0) - own;
        let share = |mass: f64, sum: f64| (mass.max(0.0) + SMOOTHING) / (sum.max(0.0) + SMOOTHING * kinds);
        (share(own, learned.sum) / share(other, self.all.sum - learned.sum)).ln()
    }

    /// Every tag with its score and reasons, the best first.
    #[must_use]
    pub fn rank(&self, excerpt: &Excerpt) -> Vec<Suggestion> {
        self.weigh(excerpt).0
    }

    /// Every tag with its score and reasons, the best first; and the evidence that any fits.
    fn weigh(&self, excerpt: &Excerpt) -> (Vec<Suggestion>, f64) {
        let features = self.scaled(excerpt.pairs());
        let (mut named, mut both) = (f64::MIN, f64::MIN);
        let mut ranked: Vec<Suggestion> = self
            .keywords
            .iter()
            .map(|(tag, keywords)| {
                let mut reasons: Vec<(f64, String)> = keywords
                    .iter()
                    .map(|(word, rare)| (rare * excerpt.weight(word) * self.lessons.trust(tag, word), word.clone()))
                    .filter(|(weight, _)| *weight > 0.0)
                    .collect();
                let words: f64 = reasons.iter().map(|(weight, _)| weight).sum();
                let often = |(word, rare): &(String, f64)| {
                    let count = excerpt.words.get(word).copied().unwrap_or(0).min(MOST_OFTEN);
                    rare * (count as f64).sqrt() * self.lessons.trust(tag, word)
                };
                let often = keywords.iter().map(often).sum::<f64>().sqrt();
                let of_definition = self.defined.get(tag).map(Vec::as_slice).unwrap_or_default();
                let there = of_definition.iter().filter(|(word, _)| excerpt.words.contains_key(word));
                let there: Vec<(f64, String)> = there.map(|(word, rare)| (rare * self.lessons.trust(tag, word), word.clone())).collect();
                let defined: f64 = there.iter().map(|(weight, _)| weight).sum();
                reasons.extend(there.into_iter().map(|(weight, word)| (DEFINED * weight, word)));
                let mut learned_score = 0.0;
                if let Some(learned) = self.learned.get(tag) {
                    let odds = features.iter().map(|((a, b), weight)| {
                        let word = format!("{a}{b}");
                        let odds = weight * self.odds(learned, (*a, *b));
                        (if odds > 0.0 { odds * self.lessons.trust(tag, &word) } else { odds }, word)
                    });
                    let odds: Vec<(f64, String)> = odds.collect();
                    learned_score = odds.iter().map(|(weight, _)| weight).sum();
                    reasons.extend(odds.into_iter().map(|(weight, word)| (LEARNED * weight, word)));
                }
                let score = words + LEARNED * learned_score + DEFINED * defined + OFTEN * often;
                named = named.max(words + DEFINED_EVIDENCE * defined + OFTEN_EVIDENCE * often);
                both = both.max(words + learned_score / 2.0);
                reasons.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
                let mut words: Vec<String> = Vec::new();
                for (_, word) in reasons.into_iter().filter(|(weight, _)| *weight > 0.0) {
                    if words.len() < REASONS && !words.iter().any(|known| known.contains(&word)) {
                        words.push(word);
                    }
                }
                Suggestion { tag: tag.clone(), score, reasons: words }
            })
            .collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.tag.cmp(&b.tag)));
        let evidence = if ranked.is_empty() { f64::MIN } else { named + BOTH_EVIDENCE * both };
        (ranked, evidence)
    }

    /// The tags a section may deserve, the best first; none where none fits, and none of those
    /// that were refused for it.
    #[must_use]
    pub fn suggest(&self, excerpt: &Excerpt, refused: &BTreeSet<String>) -> Vec<Suggestion> {
        let (mut ranked, evidence) = self.weigh(excerpt);
        // What was refused as often as there are candidates is left alone, whatever is learned since.
        if evidence <= self.needed || refused.len() >= TAGS {
            return Vec::new();
        }
        ranked.truncate(TAGS);
        ranked.retain(|suggestion| !refused.contains(&suggestion.tag));
        ranked
    }
}

/// How rare a word is in the examples; with nothing to go by, all words are as rare.
fn rarity(examples: &[&Example], word: &str) -> f64 {
    if examples.len() < 8 {
        return 2.0;
    }
    let with = examples.iter().filter(|example| example.excerpt.words.contains_key(word)).count();
    ((examples.len() + 2) as f64 / (with + 1) as f64).ln().max(0.1)
}

/// The words of a definition, of two chars and more.
fn words_of(definition: &str) -> BTreeSet<String> {
    let folded = fold_text(definition);
    segment::words(&folded).into_iter().filter(|word| word.chars().count() > 1 && word.chars().all(is_han)).map(str::to_owned).collect()
}

/// The evidence that leaves the wanted part of the refused sections alone, each scored by what the
/// other speeches teach.
fn needed(codebook: &Codebook, examples: &[Example], lessons: &Lessons) -> f64 {
    let mut speeches: Vec<&str> = Vec::new();
    for example in examples.iter().filter(|example| example.tags.is_empty()) {
        if !speeches.contains(&example.excerpt.speech.as_str()) {
            speeches.push(&example.excerpt.speech);
        }
    }
    let mut evidence: Vec<f64> = Vec::new();
    for speech in speeches.iter().rev().take(SCORED) {
        let (own, others): (Vec<&Example>, Vec<&Example>) = examples.iter().partition(|example| example.excerpt.speech == *speech);
        let taught = Suggester::taught(codebook, &others, lessons.clone());
        evidence.extend(own.iter().filter(|example| example.tags.is_empty()).map(|example| taught.weigh(&example.excerpt).1));
    }
    evidence.sort_by(f64::total_cmp);
    let count = evidence.len() as f64;
    let at = (SILENCE * count).ceil() as usize;
    let Some(reached) = at.checked_sub(1).and_then(|at| evidence.get(at)) else { return NEEDED };
    (reached * count + NEEDED * NEEDED_AS) / (count + NEEDED_AS)
}

/// A section that has no tag, and the tags that were refused for it.
pub type Open = (SectionId, BTreeSet<String>);

/// The sections of the speech in `file` that have a tag, as examples, with those that have none
/// and for which something was refused; and all that have none.
#[must_use]
pub fn divide<'a>(
    document: &Document,
    file: &Path,
    placed: impl IntoIterator<Item = &'a Placed>,
    codebook: &Codebook,
    lessons: &Lessons,
) -> (Vec<Example>, Vec<Open>) {
    let mut examples = Vec::new();
    let mut tagged: HashSet<SectionId> = HashSet::new();
    for placed in placed {
        let tags = codebook.current(&placed.annotation.tags);
        let (false, Some(span)) = (tags.is_empty(), placed.span) else { continue };
        let excerpt = match placed.section {
            Some(id) => {
                tagged.insert(id);
                Excerpt::of(document, id)
            }
            None => Excerpt::of_passage(document, span),
        };
        examples.push(Example { excerpt, tags });
    }
    let open = document.outline.iter().map(|(id, _)| id).filter(|id| !tagged.contains(id));
    let open: Vec<Open> = if lessons.is_empty() {
        open.map(|id| (id, BTreeSet::new())).collect()
    } else {
        let hash = SpeechHash::of(&document.source);
        open.map(|id| (id, lessons.refused(&lessons::Place::with(hash, document, file, id)))).collect()
    };
    let refused = open.iter().filter(|(_, refused)| !refused.is_empty());
    examples.extend(refused.map(|(id, _)| Example { excerpt: Excerpt::of(document, *id), tags: BTreeSet::new() }));
    (examples, open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Hints, parse},
        text::SourceText,
    };

    fn speech() -> Document {
        let text = "在青禾县会议上的讲话\n同志们：\n一、抓人才引进\n要把高层次人才引进来，让人才安心。\n二、天气与收成\n今年雨水很好，麦子长得高。\n三、强支部堡垒\n党支部要建在一线，村党组织要有活动场所。\n";
        parse(SourceText::from(text), &Hints::default())
    }

    #[test]
    fn keywords_speak_and_silence_is_kept() {
        let document = speech();
        let suggester = Suggester::new(&Codebook::starter(), &[], Lessons::default());
        let best = |id| suggester.suggest(&Excerpt::of(&document, SectionId(id)), &BTreeSet::new()).into_iter().next();
        let talent = best(0).unwrap();
        assert_eq!(talent.tag, "人才工作");
        assert!(talent.reasons.iter().any(|word| word.contains("人才")), "{talent:?}");
        assert_eq!(best(1), None);
        assert_eq!(best(2).unwrap().tag, "基层党建");
    }

    #[test]
    fn what_was_tagged_is_learned_and_what_was_refused_too() {
        let document = speech();
        let mut book = Codebook::default();
        for name in ["农事", "其他"] {
            book.add(crate::annotation::Tag::new(name)).unwrap();
        }
        let example = |id, tag: &str| Example {
            excerpt: Excerpt::of(&document, SectionId(id)),
            tags: (!tag.is_empty()).then(|| tag.to_owned()).into_iter().collect(),
        };
        let suggester = Suggester::new(&book, &[example(0, "其他"), example(1, "农事"), example(2, "")], Lessons::default());
        let text = "在临江市会议上的讲话\n同志们：\n一、說收成\n雨水好，麥子長得好，收成就好。\n";
        let other = parse(SourceText::from(text), &Hints::default());
        let ranked = suggester.rank(&Excerpt::of(&other, SectionId(0)));
        assert_eq!(ranked[0].tag, "农事", "{ranked:?}");
        assert!(ranked[0].reasons.iter().any(|word| word == "收成"), "{ranked:?}");
    }
}
