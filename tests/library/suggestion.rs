//! Evaluation of tag suggestions against sections that were tagged by hand, without suggestions.
//! Fields of `suggestion/evaluation.tsv`: file, start and end (chars), tags (`-` for none).
//!
//! Leave-one-out by speech: the sections of all other speeches are the examples. Suggestions from
//! the codebook alone, without examples, are evaluated too.

use pizhu_annotation::Codebook;
use pizhu_library::feedback::Feedback;
use pizhu_library::source;
use pizhu_library::suggest::Example;
use pizhu_library::suggest::FeatureExtractor;
use pizhu_library::suggest::Suggester;
use pizhu_text::document::Document;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

struct TaggedSection {
    file: String,
    example: Example,
}

/// The hand-tagged sections of the available speeches, and whether all speeches are available.
fn tagged_sections() -> (Vec<TaggedSection>, bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents: BTreeMap<String, Option<Arc<Document>>> = BTreeMap::new();
    let (mut all, mut complete) = (Vec::new(), true);
    for line in include_str!("suggestion/evaluation.tsv").lines() {
        let [file, start, _, tags] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let document = documents.entry(file.to_owned()).or_insert_with(|| {
            let candidates: [PathBuf; 2] = [root.join("sample-data").join(file), root.join("../shared/real-speeches").join(file)];
            candidates.iter().find(|path| path.is_file()).map(|path| source::open(path, None).unwrap().document)
        });
        let Some(document) = document else {
            complete = false;
            continue;
        };
        let start: usize = start.parse().unwrap();
        let id = document.outline.iter().find(|(_, section)| section.span.start == start).map(|(id, _)| id);
        let Some(id) = id else {
            println!("{file}: no section begins at {start}");
            continue;
        };
        let tags: BTreeSet<String> = tags.split('、').filter(|tag| *tag != "-").map(str::to_owned).collect();
        all.push(TaggedSection { file: file.to_owned(), example: Example { features: FeatureExtractor::new(document).extract(id), tags } });
    }
    (all, complete)
}

#[test]
fn suggestions_match_hand_tagged_sections() {
    let (tagged_sections, complete) = tagged_sections();
    if !complete {
        println!("skipped: not all speeches are available");
        return;
    }
    assert!(tagged_sections.len() >= 180, "{}", tagged_sections.len());
    let book = Codebook::starter();
    let files: BTreeSet<&str> = tagged_sections.iter().map(|section| section.file.as_str()).collect();
    let (mut tagged, mut first, mut three, mut ranked_first, mut ranked_three) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut base_first, mut base_three, mut untagged, mut silent) = (0.0, 0.0, 0.0, 0.0);
    let (mut untrained_first, mut untrained_three, mut untrained_silent) = (0.0, 0.0, 0.0);
    let untrained_suggester = Suggester::new(&book, &[], Feedback::default());
    for file in files {
        let examples: Vec<Example> =
            tagged_sections.iter().filter(|section| section.file != file).map(|section| section.example.clone()).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for tag in examples.iter().flat_map(|example| &example.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        let mut frequent: Vec<(&str, usize)> = counts.into_iter().collect();
        frequent.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let suggester = Suggester::new(&book, &examples, Feedback::default());
        for TaggedSection { example: Example { features: excerpt, tags }, .. } in
            tagged_sections.iter().filter(|section| section.file == file)
        {
            let suggest = |suggester: &Suggester| -> Vec<String> {
                suggester.suggest(excerpt, &BTreeSet::new()).into_iter().map(|suggestion| suggestion.tag).collect()
            };
            let (proposed, untrained) = (suggest(&suggester), suggest(&untrained_suggester));
            let ranked: Vec<String> = suggester.rank(excerpt).into_iter().map(|suggestion| suggestion.tag).collect();
            let hit = |list: &[String], max: usize| f64::from(u8::from(list.iter().take(max).any(|tag| tags.contains(tag))));
            if tags.is_empty() {
                untagged += 1.0;
                silent += f64::from(u8::from(proposed.is_empty()));
                untrained_silent += f64::from(u8::from(untrained.is_empty()));
            } else {
                tagged += 1.0;
                first += hit(&proposed, 1);
                three += hit(&proposed, 3);
                untrained_first += hit(&untrained, 1);
                untrained_three += hit(&untrained, 3);
                ranked_first += hit(&ranked, 1);
                ranked_three += hit(&ranked, 3);
                let base: Vec<String> = frequent.iter().map(|(tag, _)| (*tag).to_owned()).collect();
                base_first += hit(&base, 1);
                base_three += hit(&base, 3);
            }
        }
    }
    println!(
        "{tagged} sections with tags, {untagged} with none\nfirst right {:.3}, among three {:.3} (silence counted as wrong)\n\
         ranked: {:.3}, {:.3}\nmost frequent tags: {:.3}, {:.3}\nsilent where none fits {:.3}\n\
         codebook alone: {:.3}, {:.3}, silent {:.3}",
        first / tagged,
        three / tagged,
        ranked_first / tagged,
        ranked_three / tagged,
        base_first / tagged,
        base_three / tagged,
        silent / untagged,
        untrained_first / tagged,
        untrained_three / tagged,
        untrained_silent / untagged
    );
    assert!(ranked_first / tagged >= 0.70 && ranked_three / tagged >= 0.90);
    assert!(three / tagged >= 0.90);
    assert!(first / tagged >= 0.70 && first > 4.0 * base_first);
    assert!(silent / untagged >= 0.70 && untrained_silent / untagged >= 0.70);
    assert!(untrained_first / tagged >= 0.65 && untrained_three / tagged >= 0.78);
}
