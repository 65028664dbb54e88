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
mod model;
mod training;

pub use features::{FeatureExtractor, SectionFeatures};
pub use model::{Example, Suggester, Suggestion};
pub use training::TrainingSet;

use super::feedback::{self, Feedback};
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::Codebook;
use pizhu_annotation::SpeechHash;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use std::{
    collections::{BTreeSet, HashSet},
    path::Path,
};

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
