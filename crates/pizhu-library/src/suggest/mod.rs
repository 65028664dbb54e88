//! Tag suggestions for a section, from the codebook's keywords and from tagged examples, with the
//! words that support each.
//!
//! All text is folded, so a tag learned from simplified text is suggested in traditional text. The
//! score of a tag is a weighted sum:
//!
//! ```text
//! score = K + 0.7·B + 0.1·D + 0.3·√F + 0.5·P
//! ```
//!
//! - K, keywords: the tag's keywords, its name and the name's stem, by where they occur (title,
//!   text, parent's title, speech's title) and by rarity. The words inside a keyword count a quarter
//!   if no other tag has them (入党 in 入党积极分子).
//! - B, learned: complement naive Bayes over bigrams of hanzi (J. Rennie et al., "Tackling the poor
//!   assumptions of naive Bayes text classifiers", 2003), with IDF weights and length normalization.
//! - D, definition: the words of the tag's definition that occur in the text.
//! - F, frequency: keywords again, by the square root of their count in the text.
//! - P, parent: the tag's share of all keywords in the parent section. A short point is taken to be
//!   about what its siblings are about.
//!
//! Whether anything is suggested is decided once per section, by the evidence of its best tags:
//!
//! ```text
//! evidence = max(K' + 0.2·P + 0.05·D + 0.1·√F') + 0.3·max(K' + 0.2·P + 0.7·B)
//! ```
//!
//! K' and F' count whole keywords; parts of keywords count only in the title, as in a text they
//! occur by chance. The threshold is chosen from the sections for which every tag was refused, each
//! scored by a model trained without its own speech. Above the threshold there are up to three
//! suggestions.

mod features;
mod training;

pub use features::{FeatureExtractor, SectionFeatures};
pub use training::TrainingSet;

use super::feedback::{self, Feedback};
use features::{HanBigram, TITLE_WORD};
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::Codebook;
use pizhu_annotation::SpeechHash;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::Path,
};

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
struct Keyword {
    word: String,
    /// Inverse document frequency in the examples; scaled down for a part.
    rarity: f64,
    /// Whether it is only a word inside a keyword.
    is_part: bool,
}

/// A tag's score, and its two terms of the evidence: without and with the Bayes model.
struct TagScore {
    suggestion: Suggestion,
    keyword_evidence: f64,
    combined_evidence: f64,
}

/// Bigram mass of the examples of one tag.
#[derive(Debug, Clone, Default)]
struct BigramMass {
    mass: HashMap<HanBigram, f64>,
    sum: f64,
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
    keywords: BTreeMap<String, Vec<Keyword>>,
    /// Words of each tag's definition with their rarity.
    definition_words: BTreeMap<String, Vec<(String, f64)>>,
    tag_mass: BTreeMap<String, BigramMass>,
    feedback: Feedback,
    /// Evidence that a section must exceed.
    threshold: f64,
    /// Bigram mass of all examples.
    total_mass: BigramMass,
    /// Document frequency of bigrams in the examples.
    document_frequency: HashMap<HanBigram, usize>,
    example_count: usize,
}

impl Suggester {
    /// Trains on the codebook, the examples and the user's feedback.
    #[must_use]
    pub fn new(codebook: &Codebook, examples: &[Example], feedback: Feedback) -> Self {
        TrainingSet::new(codebook, examples.to_vec()).suggester(feedback)
    }

    /// IDF weights, normalized to unit length; `features` are sorted, so that floating-point sums are
    /// reproducible.
    fn tf_idf(&self, features: &[(HanBigram, f64)]) -> Vec<(HanBigram, f64)> {
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
    fn score_all(&self, section: &SectionFeatures) -> (Vec<Suggestion>, f64) {
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

/// A section without a tag, and the tags that were refused for it.
pub type UntaggedSection = (SectionId, BTreeSet<String>);

/// Collects the examples of the speech in `file` (tagged sections, and untagged ones with a refused
/// tag), and all of its untagged sections.
#[must_use]
pub fn collect_examples<'a>(
    document: &Document,
    file: &Path,
    anchored: impl IntoIterator<Item = &'a AnchoredAnnotation>,
    codebook: &Codebook,
    feedback: &Feedback,
) -> (Vec<Example>, Vec<UntaggedSection>) {
    let mut examples = Vec::new();
    let mut tagged: HashSet<SectionId> = HashSet::new();
    for anchored in anchored {
        let tags: BTreeSet<String> = codebook.current_tags(&anchored.annotation.tags).iter().map(|tag| codebook.label_of(tag)).collect();
        let (false, Some(span)) = (tags.is_empty(), anchored.span) else { continue };
        let features = match anchored.section {
            Some(id) => {
                tagged.insert(id);
                SectionFeatures::from_section(document, id)
            }
            None => SectionFeatures::from_passage(document, span),
        };
        examples.push(Example { features, tags });
    }
    let untagged = document.outline.iter().map(|(id, _)| id).filter(|id| !tagged.contains(id));
    let untagged: Vec<UntaggedSection> = if feedback.is_empty() {
        untagged.map(|id| (id, BTreeSet::new())).collect()
    } else {
        let hash = SpeechHash::from_text(&document.source);
        untagged.map(|id| (id, feedback.refused(&feedback::SectionKey::with_hash(hash, document, file, id)))).collect()
    };
    let mut extractor = FeatureExtractor::new(document);
    let refused = untagged.iter().filter(|(_, refused)| !refused.is_empty());
    examples.extend(refused.map(|(id, _)| Example { features: extractor.extract(*id), tags: BTreeSet::new() }));
    (examples, untagged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;
    use pizhu_text::text::segmentation;

    const SPEECH: &str = "在青禾县会议上的讲话\n同志们：\n一、抓人才引进\n要把高层次人才引进来，让人才安心。\n二、天气与收成\n今年雨水很好，麦子长得高。\n三、强支部堡垒\n党支部要建在一线，村党组织要有活动场所。\n";

    fn speech(text: &str) -> Document {
        parse(SourceText::from(text), &Hints::default())
    }

    fn ranked(suggester: &Suggester, text: &str, path: &str) -> Suggestion {
        let document = speech(text);
        let id = document.outline.resolve(path).unwrap();
        suggester.rank(&FeatureExtractor::new(&document).extract(id)).swap_remove(0)
    }

    #[test]
    fn keywords_suggest_and_other_sections_get_nothing() {
        let document = speech(SPEECH);
        let suggester = Suggester::new(&Codebook::starter(), &[], Feedback::default());
        let mut extractor = FeatureExtractor::new(&document);
        let mut best = |id| suggester.suggest(&extractor.extract(SectionId(id)), &BTreeSet::new()).into_iter().next();
        let talent = best(0).unwrap();
        assert_eq!(talent.tag, "人才工作");
        assert!(talent.reasons.iter().any(|word| word.contains("人才")), "{talent:?}");
        assert_eq!(best(1), None);
        assert_eq!(best(2).unwrap().tag, "基层党建");
    }

    #[test]
    fn model_learns_from_tagged_and_refused_sections() {
        let document = speech(SPEECH);
        let mut book = Codebook::default();
        for name in ["农事", "其他"] {
            book.add(pizhu_annotation::Tag::new(name)).unwrap();
        }
        let example = |id, tag: &str| Example {
            features: SectionFeatures::from_section(&document, SectionId(id)),
            tags: (!tag.is_empty()).then(|| tag.to_owned()).into_iter().collect(),
        };
        let suggester = Suggester::new(&book, &[example(0, "其他"), example(1, "农事"), example(2, "")], Feedback::default());
        let text = "在临江市会议上的讲话\n同志们：\n一、說收成\n雨水好，麥子長得好，收成就好。\n";
        let best = ranked(&suggester, text, "一");
        assert_eq!(best.tag, "农事", "{best:?}");
        assert!(best.reasons.iter().any(|word| word == "收成"), "{best:?}");
        let folded = pizhu_text::text::fold::fold_text(text);
        assert!(best.reasons.iter().all(|reason| segmentation::words(&folded).contains(&reason.as_str())), "{best:?}");
    }

    #[test]
    fn unambiguous_parts_of_keywords_count() {
        let mut book = Codebook::default();
        for (name, keywords) in [("支书", "农村党支部 入党申请"), ("农田", "农村水利"), ("其他", "申请")] {
            let keywords = keywords.split(' ').map(str::to_owned).collect();
            book.add(pizhu_annotation::Tag { keywords, ..pizhu_annotation::Tag::new(name) }).unwrap();
        }
        let words = training::tag_keywords(&book);
        let parts = |tag: &str| words[tag].iter().filter(|(_, part)| **part).map(|(word, _)| word.as_str()).collect::<Vec<_>>();
        assert_eq!([parts("支书"), parts("农田"), parts("其他")], [vec!["党支部", "入党", "支部"], vec!["水利"], vec![]]);
        let suggester = Suggester::new(&book, &[], Feedback::default());
        let best = ranked(&suggester, "在会上的讲话\n一、修好水利\n今年修。\n二、为什么入党\n说说。\n", "二");
        assert_eq!((best.tag.as_str(), best.reasons.as_slice()), ("支书", ["入党".to_owned()].as_slice()));
    }

    #[test]
    fn parent_section_supports_its_subsections() {
        let suggester = Suggester::new(&Codebook::starter(), &[], Feedback::default());
        let text = "在会上的讲话\n一、说三件事\n（一）建在一线\n党支部建到村里，村党组织换届。\n（二）把墙刷白\n院子扫干净。\n二、说天气\n雨下得好。\n";
        let best = ranked(&suggester, text, "一/（二）");
        assert_eq!(best.tag, "基层党建", "{best:?}");
        assert!(best.reasons.iter().any(|word| word == "党支部"), "{best:?}");
    }

    #[test]
    fn unrelated_sections_get_no_suggestions() {
        let taught = speech(SPEECH);
        let example = |id, tag: &str| Example {
            features: SectionFeatures::from_section(&taught, SectionId(id)),
            tags: BTreeSet::from([tag.to_owned()]),
        };
        let examples = [example(0, "人才工作"), example(2, "基层党建")];
        let document = speech(
            "在校园开放日上的话\n一、操场上的活动\n跑步、跳绳和拔河都在上午，中午吃西瓜。\n二、怎样煮一碗面\n水开下面，三分钟捞起，加葱花和醋。\n三、夜里看星星\n望远镜架在楼顶，先看月亮，再看土星的光环。\n四、修自行车\n链条要上油，刹车要调紧，轮胎要打气。\n",
        );
        let mut extractor = FeatureExtractor::new(&document);
        for examples in [&[][..], &examples] {
            let suggester = Suggester::new(&Codebook::starter(), examples, Feedback::default());
            for (id, section) in document.outline.iter() {
                let suggestions = suggester.suggest(&extractor.extract(id), &BTreeSet::new());
                assert!(suggestions.is_empty(), "{}: {suggestions:?}", section.display_title());
            }
        }
        assert_eq!(document.outline.sections().len(), 4);
    }
}
