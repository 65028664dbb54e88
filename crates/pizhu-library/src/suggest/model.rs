//! The model: it ranks tags for sections, by the formula of [`super`].

use super::features::{HanBigram, SectionFeatures, TITLE_WORD};
use crate::feedback::Feedback;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Weights of B, D, F and P in the score (see the module's formula).
const BAYES_WEIGHT: f64 = 0.7;
const DEFINITION_WEIGHT: f64 = 0.1;
const FREQUENCY_WEIGHT: f64 = 0.3;
const PARENT_WEIGHT: f64 = 0.5;
/// Weights of D, F', P and of the combined maximum in the evidence.
const DEFINITION_EVIDENCE: f64 = 0.05;
const FREQUENCY_EVIDENCE: f64 = 0.1;
const PARENT_EVIDENCE: f64 = 0.2;
const COMBINED_EVIDENCE: f64 = 0.3;
/// Weight added to all keywords of a parent section, so that a share of few keywords stays small.
const PARENT_SMOOTHING: f64 = 3.0;
/// Maximum count of a keyword in F.
const MAX_KEYWORD_COUNT: usize = 9;
/// Additive smoothing of the Bayes model: mass of an unseen bigram.
const SMOOTHING: f64 = 0.15;
/// Maximum tags for a section, and words that support a tag.
const MAX_TAGS: usize = 3;
const MAX_REASONS: usize = 4;

/// A section with the user's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its features.
    pub features: SectionFeatures,
    /// The tags it has; none if all were refused.
    pub tags: BTreeSet<String>,
}

/// A suggested tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The tag.
    pub tag: String,
    /// Score; comparable within one suggester.
    pub score: f64,
    /// The words that support the tag, the heaviest first.
    pub reasons: Vec<String>,
}

/// A keyword of a tag, or a word inside one.
#[derive(Debug, Clone)]
pub(super) struct Keyword {
    pub(super) word: String,
    /// Inverse document frequency in the examples; scaled down for a part.
    pub(super) rarity: f64,
    /// Whether it is only a word inside a keyword.
    pub(super) is_part: bool,
}

/// A tag's score, and its two terms of the evidence: without and with the Bayes model.
struct TagScore {
    suggestion: Suggestion,
    keyword_evidence: f64,
    combined_evidence: f64,
}

/// Bigram mass of the examples of one tag.
#[derive(Debug, Clone, Default)]
pub(super) struct BigramMass {
    pub(super) mass: HashMap<HanBigram, f64>,
    pub(super) sum: f64,
}

/// Ranks tags for sections. Training is linear in the length of codebook and examples.
///
/// ```
/// use pizhu_annotation::Codebook;
/// use pizhu_library::feedback::Feedback;
/// use pizhu_library::suggest::{FeatureExtractor, Suggester};
/// use pizhu_text::document::{Hints, SectionId, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n同志们：\n一、抓人才引进\n要把高层次人才引进来，让人才安心。\n二、天气与收成\n今年雨水很好，麦子长得高。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let suggester = Suggester::new(&Codebook::starter(), &[], Feedback::default());
/// let mut extractor = FeatureExtractor::new(&document);
/// let first = suggester.suggest(&extractor.extract(SectionId(0)), &Default::default());
/// assert_eq!(first[0].tag, "人才工作");
/// let second = suggester.suggest(&extractor.extract(SectionId(1)), &Default::default());
/// assert!(second.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct Suggester {
    pub(super) keywords: BTreeMap<String, Vec<Keyword>>,
    /// Words of each tag's definition with their rarity.
    pub(super) definition_words: BTreeMap<String, Vec<(String, f64)>>,
    pub(super) tag_mass: BTreeMap<String, BigramMass>,
    pub(super) feedback: Feedback,
    /// Evidence that a section must exceed.
    pub(super) threshold: f64,
    /// Bigram mass of all examples.
    pub(super) total_mass: BigramMass,
    /// Document frequency of bigrams in the examples.
    pub(super) document_frequency: HashMap<HanBigram, usize>,
    pub(super) example_count: usize,
}

impl Suggester {
    /// IDF weights, normalized to unit length; `features` are sorted, so that floating-point sums are
    /// reproducible.
    pub(super) fn tf_idf(&self, features: &[(HanBigram, f64)]) -> Vec<(HanBigram, f64)> {
        let rarity = |bigram: &HanBigram| {
            let with = self.document_frequency.get(bigram)?;
            Some(((self.example_count + 1) as f64 / (*with as f64 + 0.5)).ln())
        };
        let mut weights: Vec<(HanBigram, f64)> =
            features.iter().filter_map(|(bigram, weight)| Some((*bigram, weight * rarity(bigram)?))).collect();
        let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            for (_, weight) in &mut weights {
                *weight /= length;
            }
        }
        weights
    }

    /// Log-odds of a bigram: the tag against its complement.
    fn log_odds(&self, tag_mass: &BigramMass, bigram: HanBigram) -> f64 {
        let kinds = self.total_mass.mass.len() as f64;
        let own = tag_mass.mass.get(&bigram).copied().unwrap_or(0.0);
        let other = self.total_mass.mass.get(&bigram).copied().unwrap_or(0.0) - own;
        let share = |mass: f64, sum: f64| (mass.max(0.0) + SMOOTHING) / (sum.max(0.0) + SMOOTHING * kinds);
        (share(own, tag_mass.sum) / share(other, self.total_mass.sum - tag_mass.sum)).ln()
    }

    /// All tags, by descending score.
    #[must_use]
    pub fn rank(&self, section: &SectionFeatures) -> Vec<Suggestion> {
        self.score_all(section).0
    }

    /// All tags, by descending score, and the evidence that any of them fits.
    pub(super) fn score_all(&self, section: &SectionFeatures) -> (Vec<Suggestion>, f64) {
        let features = self.tf_idf(&section.sorted_bigram_weights());
        let parents: Vec<Vec<(f64, &str)>> =
            self.keywords.iter().map(|(tag, keywords)| self.parent_keywords(section, tag, keywords)).collect();
        let all = parents.iter().flatten().map(|(weight, _)| weight).sum::<f64>() + PARENT_SMOOTHING;
        let (mut ranked, mut keyword_evidence, mut combined_evidence) = (Vec::new(), f64::MIN, f64::MIN);
        for (tag, mut parents) in self.keywords.keys().zip(parents) {
            for (weight, _) in &mut parents {
                *weight /= all;
            }
            let scored = self.score_tag(section, &features, tag, &parents);
            (keyword_evidence, combined_evidence) =
                (keyword_evidence.max(scored.keyword_evidence), combined_evidence.max(scored.combined_evidence));
            ranked.push(scored.suggestion);
        }
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.tag.cmp(&b.tag)));
        let evidence = if ranked.is_empty() { f64::MIN } else { keyword_evidence + COMBINED_EVIDENCE * combined_evidence };
        (ranked, evidence)
    }

    /// Scores one tag. `parent_keywords` are its keywords in the parent section with their shares.
    fn score_tag(&self, section: &SectionFeatures, features: &[(HanBigram, f64)], tag: &str, parent_keywords: &[(f64, &str)]) -> TagScore {
        let (mut keyword_score, mut evidence, mut frequency, mut whole_frequency) = (0.0, 0.0, 0.0, 0.0);
        let mut reasons: Vec<(f64, &str)> = Vec::new();
        for Keyword { word, rarity, is_part } in self.keywords.get(tag).map(Vec::as_slice).unwrap_or_default() {
            let rarity = rarity * self.feedback.reliability(tag, word);
            let weight = rarity * section.weight(word);
            let count = section.words.get(word).copied().unwrap_or(0).min(MAX_KEYWORD_COUNT) as f64;
            keyword_score += weight;
            frequency += rarity * count.sqrt();
            if !is_part {
                evidence += weight;
                whole_frequency += rarity * count.sqrt();
            } else if section.title_words.contains(word) {
                evidence += rarity * TITLE_WORD;
            }
            reasons.push((weight, word));
        }
        let share: f64 = parent_keywords.iter().map(|(share, _)| share).sum();
        reasons.extend(parent_keywords.iter().map(|(share, word)| (PARENT_WEIGHT * share, *word)));
        let mut definition_score = 0.0;
        let definition = self.definition_words.get(tag).map(Vec::as_slice).unwrap_or_default();
        for (word, rarity) in definition.iter().filter(|(word, _)| section.words.contains_key(word)) {
            let weight = rarity * self.feedback.reliability(tag, word);
            definition_score += weight;
            reasons.push((DEFINITION_WEIGHT * weight, word));
        }
        let bigrams = self.tag_mass.get(tag).map(|mass| self.bigram_log_odds(tag, mass, features)).unwrap_or_default();
        let bayes: f64 = bigrams.iter().map(|(weight, _)| weight).sum();
        let bigrams = bigrams.iter().map(|(weight, word)| (BAYES_WEIGHT * weight, word.as_str()));
        // A bigram that is no word would mean nothing to the user.
        reasons.extend(bigrams.clone().filter(|(_, bigram)| section.words.contains_key(*bigram)));
        let mut words = top_reasons(reasons);
        if words.is_empty() {
            words = top_reasons(bigrams.collect());
        }
        evidence += PARENT_EVIDENCE * share;
        TagScore {
            suggestion: Suggestion {
                tag: tag.to_owned(),
                score: keyword_score
                    + BAYES_WEIGHT * bayes
                    + DEFINITION_WEIGHT * definition_score
                    + FREQUENCY_WEIGHT * frequency.sqrt()
                    + PARENT_WEIGHT * share,
                reasons: words,
            },
            keyword_evidence: evidence + DEFINITION_EVIDENCE * definition_score + FREQUENCY_EVIDENCE * whole_frequency.sqrt(),
            combined_evidence: evidence + BAYES_WEIGHT * bayes,
        }
    }

    /// A tag's keywords that occur in the parent section, with their weights there.
    fn parent_keywords<'a>(&self, section: &SectionFeatures, tag: &str, keywords: &'a [Keyword]) -> Vec<(f64, &'a str)> {
        let found = keywords.iter().filter_map(|keyword| Some((keyword, *section.parent_words.get(&keyword.word)?)));
        found
            .map(|(Keyword { word, rarity, .. }, count)| {
                (rarity * self.feedback.reliability(tag, word) * (count as f64).sqrt(), word.as_str())
            })
            .collect()
    }

    /// Log-odds of each bigram for a tag.
    fn bigram_log_odds(&self, tag: &str, mass: &BigramMass, features: &[(HanBigram, f64)]) -> Vec<(f64, String)> {
        let odds = features.iter().map(|((a, b), weight)| {
            let word = format!("{a}{b}");
            let odds = weight * self.log_odds(mass, (*a, *b));
            (if odds > 0.0 { odds * self.feedback.reliability(tag, &word) } else { odds }, word)
        });
        odds.collect()
    }

    /// Tags for a section, best first, without those that were refused for it; none if the evidence
    /// is below the threshold.
    #[must_use]
    pub fn suggest(&self, section: &SectionFeatures, refused: &BTreeSet<String>) -> Vec<Suggestion> {
        let (mut ranked, evidence) = self.score_all(section);
        // A section with as many refusals as suggestions is never asked about again.
        if evidence <= self.threshold || refused.len() >= MAX_TAGS {
            return Vec::new();
        }
        ranked.truncate(MAX_TAGS);
        ranked.retain(|suggestion| !refused.contains(&suggestion.tag));
        ranked
    }
}

/// The heaviest words, none of them inside another.
fn top_reasons(mut reasons: Vec<(f64, &str)>) -> Vec<String> {
    reasons.retain(|(weight, _)| *weight > 0.0);
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let mut words: Vec<String> = Vec::new();
    for (_, word) in reasons {
        if words.len() == MAX_REASONS {
            break;
        }
        if !words.iter().any(|longer| longer.contains(word)) {
            words.push(word.to_owned());
        }
    }
    words
}
