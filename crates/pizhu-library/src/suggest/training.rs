//! Training of the suggestions: what codebook and examples give is computed once, for any number of
//! models that learn from nearly the same examples.

use super::{
    features::{HanBigram, is_han},
    model::{BigramMass, Example, Keyword, Suggester},
};
use crate::feedback::Feedback;
use pizhu_annotation::Codebook;
use pizhu_text::text::fold::fold_text;
use pizhu_text::text::segmentation;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

/// Weight of a word inside a keyword, relative to the keyword.
const PART_WEIGHT: f64 = 0.25;
/// Maximum chars of a keyword whose parts are considered.
const MAX_KEYWORD_CHARS: usize = 16;
/// Prior threshold of the evidence, weighted as this many refused sections with exactly this
/// evidence.
const PRIOR_THRESHOLD: f64 = 0.8;
const PRIOR_THRESHOLD_COUNT: f64 = 20.0;
/// Quantile of the refused sections' evidence that the threshold is set to.
const REFUSED_QUANTILE: f64 = 0.7;
/// Maximum number of speeches that are held out to choose the threshold.
const MAX_HELD_OUT_SPEECHES: usize = 16;
/// Rarity of every word if there are fewer examples than `MIN_EXAMPLES`. Lower than typical, so
/// that chance words do not suffice without training data.
const DEFAULT_RARITY: f64 = 1.25;
const MIN_EXAMPLES: usize = 8;
/// Maximum number of definitions that contain a word; more make it uninformative.
const MAX_DEFINITIONS: usize = 2;

/// Keywords by tag; true if the word is only a part of a keyword.
pub(super) type TagKeywords = BTreeMap<String, BTreeMap<String, bool>>;

/// Examples to learn from, with what is the same for every model that learns from them.
///
/// ```
/// use pizhu_annotation::Codebook;
/// use pizhu_library::feedback::Feedback;
/// use pizhu_library::suggest::{Example, SectionFeatures, TrainingSet};
///
/// let set = TrainingSet::new(&Codebook::starter(), vec![Example { features: SectionFeatures::default(), tags: ["人才工作".to_owned()].into() }]);
/// let all = set.suggester(Feedback::default());
/// let none = set.suggester_with(&[], &[0..1], Feedback::default());
/// assert_eq!(all.rank(&SectionFeatures::default()).len(), none.rank(&SectionFeatures::default()).len());
/// ```
#[derive(Debug)]
pub struct TrainingSet {
    keywords: TagKeywords,
    /// For each tag, the words of its definition that few definitions have and that are no keywords.
    definitions: Vec<(String, BTreeSet<String>)>,
    examples: Vec<PreparedExample>,
    /// The number of examples that contain each word of keywords and definitions.
    containing: HashMap<String, usize>,
}

/// An example with the weights of its bigrams.
#[derive(Debug)]
struct PreparedExample {
    example: Example,
    /// Sorted by bigram.
    bigrams: Vec<(HanBigram, f64)>,
}

impl PreparedExample {
    fn new(example: Example) -> Self {
        Self { bigrams: example.features.sorted_bigram_weights(), example }
    }

    fn contains(&self, word: &str) -> bool {
        self.example.features.words.contains_key(word)
    }
}

/// What one model learns from.
struct Selection<'a> {
    examples: Vec<&'a PreparedExample>,
    /// Those of them that are not in the set.
    new: Vec<&'a PreparedExample>,
    /// Those of the set that are left out.
    left_out: Vec<&'a PreparedExample>,
}

impl Suggester {
    /// Trains on the codebook, the examples and the user's feedback.
    #[must_use]
    pub fn new(codebook: &Codebook, examples: &[Example], feedback: Feedback) -> Self {
        TrainingSet::new(codebook, examples.to_vec()).suggester(feedback)
    }
}

impl TrainingSet {
    /// Prepares the examples.
    #[must_use]
    pub fn new(codebook: &Codebook, examples: Vec<Example>) -> Self {
        let keywords = tag_keywords(codebook);
        let definitions = tag_definitions(codebook, &keywords);
        let examples: Vec<PreparedExample> = examples.into_iter().map(PreparedExample::new).collect();
        let words = keywords.values().flat_map(BTreeMap::keys).chain(definitions.iter().flat_map(|(_, words)| words));
        let count = |word: &String| examples.iter().filter(|example| example.contains(word)).count();
        let containing = words.map(|word| (word.clone(), count(word))).collect();
        Self { keywords, definitions, examples, containing }
    }

    /// The examples of a range, in the order they were given.
    #[must_use]
    pub fn examples(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = &Example> {
        self.examples.get(range).unwrap_or_default().iter().map(|prepared| &prepared.example)
    }

    /// The model that learns from all examples.
    #[must_use]
    pub fn suggester(&self, feedback: Feedback) -> Suggester {
        self.suggester_with(&[], &[], feedback)
    }

    /// The model that learns from `own` first, and then from the examples outside of `left_out`.
    #[must_use]
    pub fn suggester_with(&self, own: &[Example], left_out: &[Range<usize>], feedback: Feedback) -> Suggester {
        let own: Vec<PreparedExample> = own.iter().cloned().map(PreparedExample::new).collect();
        let mut selection = Selection { examples: own.iter().collect(), new: own.iter().collect(), left_out: Vec::new() };
        for (index, example) in self.examples.iter().enumerate() {
            let is_left_out = left_out.iter().any(|range| range.contains(&index));
            if is_left_out { &mut selection.left_out } else { &mut selection.examples }.push(example);
        }
        let mut model = self.train(&selection, feedback);
        model.threshold = self.evidence_threshold(&selection, &model.feedback);
        model
    }

    fn train(&self, selection: &Selection<'_>, feedback: Feedback) -> Suggester {
        let mut model = Suggester {
            keywords: BTreeMap::new(),
            definition_words: BTreeMap::new(),
            tag_mass: BTreeMap::new(),
            feedback,
            threshold: PRIOR_THRESHOLD,
            total_mass: BigramMass::default(),
            document_frequency: HashMap::new(),
            example_count: selection.examples.len(),
        };
        for (bigram, _) in selection.examples.iter().flat_map(|prepared| &prepared.bigrams) {
            *model.document_frequency.entry(*bigram).or_default() += 1;
        }
        for prepared in &selection.examples {
            for (bigram, weight) in model.tf_idf(&prepared.bigrams) {
                *model.total_mass.mass.entry(bigram).or_default() += weight;
                model.total_mass.sum += weight;
                for tag in &prepared.example.tags {
                    let tag_mass = model.tag_mass.entry(tag.clone()).or_default();
                    *tag_mass.mass.entry(bigram).or_default() += weight;
                    tag_mass.sum += weight;
                }
            }
        }
        for (tag, words) in &self.keywords {
            let words = words.iter().map(|(word, part)| {
                let rarity = self.rarity(selection, word) * if *part { PART_WEIGHT } else { 1.0 };
                Keyword { word: word.clone(), rarity, is_part: *part }
            });
            model.keywords.insert(tag.clone(), words.collect());
        }
        for (tag, words) in &self.definitions {
            let words = words.iter().map(|word| (word.clone(), self.rarity(selection, word)));
            model.definition_words.insert(tag.clone(), words.collect());
        }
        model
    }

    /// Inverse document frequency of a word in the selection; constant if there are few examples.
    fn rarity(&self, selection: &Selection<'_>, word: &str) -> f64 {
        let count = selection.examples.len();
        if count < MIN_EXAMPLES {
            return DEFAULT_RARITY;
        }
        let of = |examples: &[&PreparedExample]| examples.iter().filter(|example| example.contains(word)).count();
        let known = self.containing.get(word).copied().unwrap_or(0);
        let with = (known + of(&selection.new)).saturating_sub(of(&selection.left_out));
        ((count + 2) as f64 / (with + 1) as f64).ln().max(0.1)
    }

    /// The threshold: the `REFUSED_QUANTILE` of the refused sections' evidence, each scored by a model
    /// trained on the other speeches, and mixed with the prior.
    fn evidence_threshold(&self, selection: &Selection<'_>, feedback: &Feedback) -> f64 {
        let title = |prepared: &PreparedExample| prepared.example.features.speech_title.clone();
        let mut speeches: Vec<String> = Vec::new();
        for prepared in selection.examples.iter().filter(|prepared| prepared.example.tags.is_empty()) {
            if !speeches.contains(&title(prepared)) {
                speeches.push(title(prepared));
            }
        }
        let mut evidence: Vec<f64> = Vec::new();
        for speech in speeches.iter().rev().take(MAX_HELD_OUT_SPEECHES) {
            let is_own = |prepared: &&PreparedExample| prepared.example.features.speech_title == *speech;
            let (own, others): (Vec<&PreparedExample>, Vec<&PreparedExample>) = selection.examples.iter().copied().partition(is_own);
            let is_new = |prepared: &&PreparedExample| selection.new.iter().any(|new| std::ptr::eq(*new, *prepared));
            let mut left_out = selection.left_out.clone();
            left_out.extend(own.iter().copied().filter(|prepared| !is_new(prepared)));
            let new = others.iter().copied().filter(is_new).collect();
            let model = self.train(&Selection { examples: others, new, left_out }, feedback.clone());
            let refused = own.iter().filter(|prepared| prepared.example.tags.is_empty());
            evidence.extend(refused.map(|prepared| model.score_all(&prepared.example.features).1));
        }
        evidence.sort_by(f64::total_cmp);
        let count = evidence.len() as f64;
        let at = (REFUSED_QUANTILE * count).ceil() as usize;
        let Some(reached) = at.checked_sub(1).and_then(|at| evidence.get(at)) else { return PRIOR_THRESHOLD };
        (reached * count + PRIOR_THRESHOLD * PRIOR_THRESHOLD_COUNT) / (count + PRIOR_THRESHOLD_COUNT)
    }
}

/// Keywords of each tag: keywords, name, the name's stem, and the words inside these that no other
/// tag has.
pub(super) fn tag_keywords(codebook: &Codebook) -> TagKeywords {
    let mut keywords = TagKeywords::new();
    for tag in codebook.tags() {
        // The stem is the name without a common suffix: 人才 of 人才工作.
        let stem = ["工作", "建设", "队伍"].iter().find_map(|end| tag.name.strip_suffix(end)).filter(|stem| stem.chars().count() > 1);
        let words = tag.keywords.iter().map(String::as_str).chain([tag.name.as_str()]).chain(stem);
        keywords.insert(codebook.label(tag.id), words.map(|word| (fold_text(word), false)).collect());
    }
    // The only tag that has a substring in its keywords; `None` if several have.
    let mut owners: HashMap<String, Option<String>> = HashMap::new();
    for (tag, word) in keywords.iter().flat_map(|(tag, words)| words.keys().map(move |word| (tag, word))) {
        let chars: Vec<char> = word.chars().take(MAX_KEYWORD_CHARS).collect();
        for run in (0..chars.len()).flat_map(|from| (from + 2..=chars.len()).map(move |to| from..to)) {
            let owner = owners.entry(chars[run].iter().collect()).or_insert_with(|| Some(tag.clone()));
            if owner.as_ref() != Some(tag) {
                *owner = None;
            }
        }
    }
    for (tag, words) in &mut keywords {
        let wholes: Vec<String> = words.keys().cloned().collect();
        for part in wholes.iter().flat_map(|whole| segmentation::inner_words(whole)) {
            if part.chars().all(is_han) && owners.get(part).is_some_and(|owner| owner.as_ref() == Some(tag)) {
                words.entry(part.to_owned()).or_insert(true);
            }
        }
    }
    keywords
}

/// For each tag, the words of its definition that few definitions have and that are no keywords.
fn tag_definitions(codebook: &Codebook, keywords: &TagKeywords) -> Vec<(String, BTreeSet<String>)> {
    let mut definitions: Vec<(String, BTreeSet<String>)> =
        codebook.tags().iter().map(|tag| (codebook.label(tag.id), definition_words(&tag.definition))).collect();
    let mut count: HashMap<String, usize> = HashMap::new();
    for word in definitions.iter().flat_map(|(_, words)| words) {
        *count.entry(word.clone()).or_default() += 1;
    }
    for (tag, words) in &mut definitions {
        let own = |word: &String| keywords.get(tag).and_then(|words| words.get(word)) == Some(&false);
        words.retain(|word| count.get(word).is_some_and(|count| *count <= MAX_DEFINITIONS) && !own(word));
    }
    definitions
}

/// Words of a definition, of two chars or more.
fn definition_words(definition: &str) -> BTreeSet<String> {
    let folded = fold_text(definition);
    segmentation::words(&folded)
        .into_iter()
        .filter(|word| word.chars().count() > 1 && word.chars().all(is_han))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::SectionFeatures;
    use pizhu_text::document::{Hints, SectionId, parse};
    use pizhu_text::text::SourceText;

    fn example(number: usize, tags: &[&str]) -> Example {
        let topics = ["人才引进和培养", "基层党建述职", "干部队伍建设", "招商引资项目"];
        let topic = topics[number % topics.len()];
        let text = format!("第{number}次会议讲话\n同志们：\n一、抓{topic}\n要把{topic}第{number}项做好，让{topic}见效。\n");
        let document = parse(SourceText::from(text.as_str()), &Hints::default());
        Example {
            features: SectionFeatures::from_section(&document, SectionId(0)),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        }
    }

    /// A model from a shared set is the one that is trained on its examples alone.
    #[test]
    fn shared_training_gives_the_same_model() {
        let codebook = Codebook::starter();
        let tags: [&[&str]; 4] = [&["人才工作"], &["基层党建"], &["干部工作"], &[]];
        let known: Vec<Example> = (0..24).map(|number| example(number, tags[number % 4])).collect();
        let own = [example(30, &["人才工作"]), example(31, &[])];
        let set = TrainingSet::new(&codebook, known.clone());
        let (mid, last) = (4..6, 0..20);
        for left_out in [vec![], vec![mid], vec![0..3, 20..24], vec![last]] {
            let rest = known.iter().enumerate().filter(|(index, _)| !left_out.iter().any(|range: &Range<usize>| range.contains(index)));
            let alone: Vec<Example> = own.iter().chain(rest.map(|(_, example)| example)).cloned().collect();
            let shared = set.suggester_with(&own, &left_out, Feedback::default());
            let alone = Suggester::new(&codebook, &alone, Feedback::default());
            assert_eq!(shared.threshold.to_bits(), alone.threshold.to_bits());
            for number in 0..8 {
                assert_eq!(shared.rank(&example(number, &[]).features), alone.rank(&example(number, &[]).features));
            }
        }
    }
}
