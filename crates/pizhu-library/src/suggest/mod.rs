//! Which tags a section may deserve, out of the codebook's keywords and what has been tagged so
//! far; with the words that decided, and silence where nothing fits.
//!
//! Three voices speak for a tag. Its keywords (and its name) count where they stand as words in the
//! title, the section's text, the heading above and the speech's title, each by how rare it is; the
//! words they are made of, where no other tag's are made of them, count in part (入党 of
//! 入党积极分子). What was learned is naive Bayes over pairs of Han characters, a tag against its
//! complement (J. Rennie and others, "Tackling the poor assumptions of naive Bayes text
//! classifiers", 2003), with weights by rarity and each text of the same length. And the section
//! around speaks by the tag's share of all keywords in it, so that one of several points of which
//! each has but a few words is taken for what they are about together. The words of a tag's
//! definition speak softly besides. All on folded text, so that a tag learned from simplified text
//! is suggested in a traditional one.
//!
//! Whether anything is suggested is decided for the section as a whole, by the evidence of its
//! best tag, where keywords count more than what was learned, and parts of keywords only in the
//! title: in a text they stand by chance. The evidence that is needed is chosen on the sections of
//! which every tag was refused, each scored by what was learned without its own speech. Once
//! something is suggested there are three candidates.

mod excerpt;

pub use excerpt::{Excerpt, Excerpts};

use super::lessons::{self, Lessons};
use pizhu_annotation::Codebook;
use pizhu_annotation::Placed;
use pizhu_annotation::SpeechHash;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::fold::fold_text;
use pizhu_text::text::segment;
use excerpt::{Pair, TITLE_WORD, is_han};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::Path,
};

/// What a word that a keyword is made of weighs against the keyword.
const PART: f64 = 0.25;
/// What the learned voice weighs against the keywords, the words of the definition, how often
/// keywords stand in the text, and the tag's share of those in the section around.
const LEARNED: f64 = 0.7;
const DEFINED: f64 = 0.1;
const OFTEN: f64 = 0.3;
const AROUND: f64 = 0.5;
/// The same in the evidence that anything fits, and what the best of keywords and what was learned
/// together adds.
const DEFINED_EVIDENCE: f64 = 0.05;
const OFTEN_EVIDENCE: f64 = 0.1;
const AROUND_EVIDENCE: f64 = 0.2;
const BOTH_EVIDENCE: f64 = 0.3;
/// The weight of keywords of no tag that every section around is taken to have: a share of little
/// is little.
const AROUND_OTHER: f64 = 3.0;
/// Chars of a keyword of which parts are known.
const LONGEST_WHOLE: usize = 16;
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
/// How rare words are taken to be with fewer examples than this: less than most are, so that
/// chance words are not enough before anything is known.
const RARE: f64 = 1.25;
const FEWEST: usize = 8;
/// A word that stands in more definitions than this says nothing of a tag.
const MOST_DEFINITIONS: usize = 2;
/// The most tags for a section, and reasons for a tag.
const TAGS: usize = 3;
const REASONS: usize = 4;
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

/// A word that speaks for a tag.
#[derive(Debug, Clone)]
struct Keyword {
    word: String,
    /// How rare it is; less for a part.
    rare: f64,
    /// Whether it is only a part of one.
    part: bool,
}

/// The keywords of each tag, and whether each is only a part of one.
type Named = BTreeMap<String, BTreeMap<String, bool>>;

/// What speaks for a tag, and for its being any: without and with what was learned.
struct Heard {
    suggestion: Suggestion,
    named: f64,
    both: f64,
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
    keywords: BTreeMap<String, Vec<Keyword>>,
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
        let named = named(codebook);
        let mut made = Self::taught(codebook, &named, &examples.iter().collect::<Vec<_>>(), lessons);
        made.needed = needed(codebook, &named, examples, &made.lessons);
        made
    }

    fn taught(codebook: &Codebook, named: &Named, examples: &[&Example], lessons: Lessons) -> Self {
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
        for (tag, words) in named {
            let words = words.iter().map(|(word, part)| {
                let rare = rarity(examples, word) * if *part { PART } else { 1.0 };
                Keyword { word: word.clone(), rare, part: *part }
            });
            made.keywords.insert(tag.clone(), words.collect());
        }
        let mut spread: BTreeMap<String, usize> = BTreeMap::new();
        let definitions: Vec<(String, BTreeSet<String>)> =
            codebook.tags().iter().map(|tag| (tag.name.clone(), words_of(&tag.definition))).collect();
        for word in definitions.iter().flat_map(|(_, words)| words) {
            *spread.entry(word.clone()).or_default() += 1;
        }
        for (tag, words) in definitions {
            let own = |word: &String| named.get(&tag).and_then(|words| words.get(word)) == Some(&false);
            let words = words.into_iter().filter(|word| spread[word] <= MOST_DEFINITIONS && !own(word));
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
        let around: Vec<Vec<(f64, &str)>> = self.keywords.iter().map(|(tag, keywords)| self.around(excerpt, tag, keywords)).collect();
        let all = around.iter().flatten().map(|(weight, _)| weight).sum::<f64>() + AROUND_OTHER;
        let (mut ranked, mut named, mut both) = (Vec::new(), f64::MIN, f64::MIN);
        for (tag, mut around) in self.keywords.keys().zip(around) {
            for (weight, _) in &mut around {
                *weight /= all;
            }
            let heard = self.hear(excerpt, &features, tag, &around);
            (named, both) = (named.max(heard.named), both.max(heard.both));
            ranked.push(heard.suggestion);
        }
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.tag.cmp(&b.tag)));
        let evidence = if ranked.is_empty() { f64::MIN } else { named + BOTH_EVIDENCE * both };
        (ranked, evidence)
    }

    /// What speaks for one tag; `around` are its keywords in the section around, each with its
    /// share of all there.
    fn hear(&self, excerpt: &Excerpt, features: &[(Pair, f64)], tag: &str, around: &[(f64, &str)]) -> Heard {
        let (mut words, mut sure, mut often, mut often_whole) = (0.0, 0.0, 0.0, 0.0);
        let mut reasons: Vec<(f64, &str)> = Vec::new();
        for Keyword { word, rare, part } in self.keywords.get(tag).map(Vec::as_slice).unwrap_or_default() {
            let rare = rare * self.lessons.trust(tag, word);
            let weight = rare * excerpt.weight(word);
            let count = excerpt.words.get(word).copied().unwrap_or(0).min(MOST_OFTEN) as f64;
            words += weight;
            often += rare * count.sqrt();
            if !part {
                sure += weight;
                often_whole += rare * count.sqrt();
            } else if excerpt.title_words.contains(word) {
                sure += rare * TITLE_WORD;
            }
            reasons.push((weight, word));
        }
        let share: f64 = around.iter().map(|(share, _)| share).sum();
        reasons.extend(around.iter().map(|(share, word)| (AROUND * share, *word)));
        let mut defined = 0.0;
        let of_definition = self.defined.get(tag).map(Vec::as_slice).unwrap_or_default();
        for (word, rare) in of_definition.iter().filter(|(word, _)| excerpt.words.contains_key(word)) {
            let weight = rare * self.lessons.trust(tag, word);
            defined += weight;
            reasons.push((DEFINED * weight, word));
        }
        let recalled = self.learned.get(tag).map(|learned| self.recall(tag, learned, features)).unwrap_or_default();
        let learned: f64 = recalled.iter().map(|(weight, _)| weight).sum();
        let recalled = recalled.iter().map(|(weight, word)| (LEARNED * weight, word.as_str()));
        // A pair across two words tells a reader nothing.
        reasons.extend(recalled.clone().filter(|(_, pair)| excerpt.words.contains_key(*pair)));
        let mut told = weightiest(reasons);
        if told.is_empty() {
            told = weightiest(recalled.collect());
        }
        sure += AROUND_EVIDENCE * share;
        Heard {
            suggestion: Suggestion {
                tag: tag.to_owned(),
                score: words + LEARNED * learned + DEFINED * defined + OFTEN * often.sqrt() + AROUND * share,
                reasons: told,
            },
            named: sure + DEFINED_EVIDENCE * defined + OFTEN_EVIDENCE * often_whole.sqrt(),
            both: sure + LEARNED * learned,
        }
    }

    /// The keywords of a tag that stand in the section around, with their weights there.
    fn around<'a>(&self, excerpt: &Excerpt, tag: &str, keywords: &'a [Keyword]) -> Vec<(f64, &'a str)> {
        let there = keywords.iter().filter_map(|keyword| Some((keyword, *excerpt.around.get(&keyword.word)?)));
        there
            .map(|(Keyword { word, rare, .. }, count)| (rare * self.lessons.trust(tag, word) * (count as f64).sqrt(), word.as_str()))
            .collect()
    }

    /// How much each pair speaks for a tag by what was learned of it.
    fn recall(&self, tag: &str, learned: &Learned, features: &[(Pair, f64)]) -> Vec<(f64, String)> {
        let odds = features.iter().map(|((a, b), weight)| {
            let word = format!("{a}{b}");
            let odds = weight * self.odds(learned, (*a, *b));
            (if odds > 0.0 { odds * self.lessons.trust(tag, &word) } else { odds }, word)
        });
        odds.collect()
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

/// The words that decided, the weightiest first, none inside another.
fn weightiest(mut reasons: Vec<(f64, &str)>) -> Vec<String> {
    reasons.retain(|(weight, _)| *weight > 0.0);
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let mut words: Vec<String> = Vec::new();
    for (_, word) in reasons {
        if words.len() == REASONS {
            break;
        }
        if !words.iter().any(|known| known.contains(word)) {
            words.push(word.to_owned());
        }
    }
    words
}

/// The keywords of each tag, its name and the name's stem, and the words these are made of where
/// no other tag's are made of them.
fn named(codebook: &Codebook) -> Named {
    let mut named = Named::new();
    for tag in codebook.tags() {
        // What is left of a name without the words that end so many of them.
        let stem = ["工作", "建设", "队伍"].iter().find_map(|end| tag.name.strip_suffix(end)).filter(|stem| stem.chars().count() > 1);
        let words = tag.keywords.iter().map(String::as_str).chain([tag.name.as_str()]).chain(stem);
        named.insert(tag.name.clone(), words.map(|word| (fold_text(word), false)).collect());
    }
    // Whose keywords have a run of characters inside; nobody's where several tags' have.
    let mut owners: HashMap<String, Option<String>> = HashMap::new();
    for (tag, word) in named.iter().flat_map(|(tag, words)| words.keys().map(move |word| (tag, word))) {
        let chars: Vec<char> = word.chars().take(LONGEST_WHOLE).collect();
        for run in (0..chars.len()).flat_map(|from| (from + 2..=chars.len()).map(move |to| from..to)) {
            let owner = owners.entry(chars[run].iter().collect()).or_insert_with(|| Some(tag.clone()));
            if owner.as_ref() != Some(tag) {
                *owner = None;
            }
        }
    }
    for (tag, words) in &mut named {
        let wholes: Vec<String> = words.keys().cloned().collect();
        for part in wholes.iter().flat_map(|whole| segment::inner_words(whole)) {
            if part.chars().all(is_han) && owners.get(part).is_some_and(|owner| owner.as_ref() == Some(tag)) {
                words.entry(part.to_owned()).or_insert(true);
            }
        }
    }
    named
}

/// How rare a word is in the examples; with little to go by, all words are as rare.
fn rarity(examples: &[&Example], word: &str) -> f64 {
    if examples.len() < FEWEST {
        return RARE;
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
fn needed(codebook: &Codebook, named: &Named, examples: &[Example], lessons: &Lessons) -> f64 {
    let mut speeches: Vec<&str> = Vec::new();
    for example in examples.iter().filter(|example| example.tags.is_empty()) {
        if !speeches.contains(&example.excerpt.speech.as_str()) {
            speeches.push(&example.excerpt.speech);
        }
    }
    let mut evidence: Vec<f64> = Vec::new();
    for speech in speeches.iter().rev().take(SCORED) {
        let (own, others): (Vec<&Example>, Vec<&Example>) = examples.iter().partition(|example| example.excerpt.speech == *speech);
        let taught = Suggester::taught(codebook, named, &others, lessons.clone());
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
    let mut excerpts = Excerpts::new(document);
    let refused = open.iter().filter(|(_, refused)| !refused.is_empty());
    examples.extend(refused.map(|(id, _)| Example { excerpt: excerpts.of(*id), tags: BTreeSet::new() }));
    (examples, open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;

    const SPEECH: &str = "在青禾县会议上的讲话\n同志们：\n一、抓人才引进\n要把高层次人才引进来，让人才安心。\n二、天气与收成\n今年雨水很好，麦子长得高。\n三、强支部堡垒\n党支部要建在一线，村党组织要有活动场所。\n";

    fn speech(text: &str) -> Document {
        parse(SourceText::from(text), &Hints::default())
    }

    fn ranked(suggester: &Suggester, text: &str, path: &str) -> Suggestion {
        let document = speech(text);
        let id = document.outline.resolve(path).unwrap();
        suggester.rank(&Excerpts::new(&document).of(id)).swap_remove(0)
    }

    #[test]
    fn keywords_speak_and_silence_is_kept() {
        let document = speech(SPEECH);
        let suggester = Suggester::new(&Codebook::starter(), &[], Lessons::default());
        let mut excerpts = Excerpts::new(&document);
        let mut best = |id| suggester.suggest(&excerpts.of(SectionId(id)), &BTreeSet::new()).into_iter().next();
        let talent = best(0).unwrap();
        assert_eq!(talent.tag, "人才工作");
        assert!(talent.reasons.iter().any(|word| word.contains("人才")), "{talent:?}");
        assert_eq!(best(1), None);
        assert_eq!(best(2).unwrap().tag, "基层党建");
    }

    #[test]
    fn what_was_tagged_is_learned_and_what_was_refused_too() {
        let document = speech(SPEECH);
        let mut book = Codebook::default();
        for name in ["农事", "其他"] {
            book.add(pizhu_annotation::Tag::new(name)).unwrap();
        }
        let example = |id, tag: &str| Example {
            excerpt: Excerpt::of(&document, SectionId(id)),
            tags: (!tag.is_empty()).then(|| tag.to_owned()).into_iter().collect(),
        };
        let suggester = Suggester::new(&book, &[example(0, "其他"), example(1, "农事"), example(2, "")], Lessons::default());
        let text = "在临江市会议上的讲话\n同志们：\n一、說收成\n雨水好，麥子長得好，收成就好。\n";
        let best = ranked(&suggester, text, "一");
        assert_eq!(best.tag, "农事", "{best:?}");
        assert!(best.reasons.iter().any(|word| word == "收成"), "{best:?}");
        let folded = pizhu_text::text::fold::fold_text(text);
        assert!(best.reasons.iter().all(|reason| segment::words(&folded).contains(&reason.as_str())), "{best:?}");
    }

    #[test]
    fn parts_of_keywords_speak_where_they_are_of_one_tag() {
        let mut book = Codebook::default();
        for (name, keywords) in [("支书", "农村党支部 入党申请"), ("农田", "农村水利"), ("其他", "申请")] {
            let keywords = keywords.split(' ').map(str::to_owned).collect();
            book.add(pizhu_annotation::Tag { keywords, ..pizhu_annotation::Tag::new(name) }).unwrap();
        }
        let words = named(&book);
        let parts = |tag: &str| words[tag].iter().filter(|(_, part)| **part).map(|(word, _)| word.as_str()).collect::<Vec<_>>();
        assert_eq!([parts("支书"), parts("农田"), parts("其他")], [vec!["党支部", "入党", "支部"], vec!["水利"], vec![]]);
        let suggester = Suggester::new(&book, &[], Lessons::default());
        let best = ranked(&suggester, "在会上的讲话\n一、修好水利\n今年修。\n二、为什么入党\n说说。\n", "二");
        assert_eq!((best.tag.as_str(), best.reasons.as_slice()), ("支书", ["入党".to_owned()].as_slice()));
    }

    #[test]
    fn what_the_section_around_is_about_speaks_for_its_points() {
        let suggester = Suggester::new(&Codebook::starter(), &[], Lessons::default());
        let text = "在会上的讲话\n一、说三件事\n（一）建在一线\n党支部建到村里，村党组织换届。\n（二）把墙刷白\n院子扫干净。\n二、说天气\n雨下得好。\n";
        let best = ranked(&suggester, text, "一/（二）");
        assert_eq!(best.tag, "基层党建", "{best:?}");
        assert!(best.reasons.iter().any(|word| word == "党支部"), "{best:?}");
    }

    #[test]
    fn nothing_is_suggested_for_what_no_tag_is_about() {
        let taught = speech(SPEECH);
        let example = |id, tag: &str| Example { excerpt: Excerpt::of(&taught, SectionId(id)), tags: BTreeSet::from([tag.to_owned()]) };
        let examples = [example(0, "人才工作"), example(2, "基层党建")];
        let document = speech(
            "在校园开放日上的话\n一、操场上的活动\n跑步、跳绳和拔河都在上午，中午吃西瓜。\n二、怎样煮一碗面\n水开下面，三分钟捞起，加葱花和醋。\n三、夜里看星星\n望远镜架在楼顶，先看月亮，再看土星的光环。\n四、修自行车\n链条要上油，刹车要调紧，轮胎要打气。\n",
        );
        let mut excerpts = Excerpts::new(&document);
        for examples in [&[][..], &examples] {
            let suggester = Suggester::new(&Codebook::starter(), examples, Lessons::default());
            for (id, section) in document.outline.iter() {
                let told = suggester.suggest(&excerpts.of(id), &BTreeSet::new());
                assert!(told.is_empty(), "{}: {told:?}", section.shown_title());
            }
        }
        assert_eq!(document.outline.sections().len(), 4);
    }
}
