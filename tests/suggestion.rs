//! Suggestions against sections that were tagged by reading before there was a suggester:
//! `suggestion/evaluation.tsv` has file, start, end (in chars) and tags, `-` for none. One speech is
//! left out at a time; what was read in the others is what the user has tagged so far. What the
//! codebook alone gives, as on the first day, is measured besides.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pizhu_annotation::Codebook;
use pizhu_text::document::Document;
use pizhu_library::lessons::Lessons;
use pizhu_library::suggest::Example;
use pizhu_library::suggest::Excerpts;
use pizhu_library::suggest::Suggester;
use pizhu_library::source;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

struct Judged {
    file: String,
    example: Example,
}

/// The judged sections of the speeches that are here, and whether all are.
fn judged() -> (Vec<Judged>, bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents: BTreeMap<String, Option<Arc<Document>>> = BTreeMap::new();
    let (mut all, mut whole) = (Vec::new(), true);
    for line in include_str!("suggestion/evaluation.tsv").lines() {
        let [file, start, _, tags] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let document = documents.entry(file.to_owned()).or_insert_with(|| {
            let places: [PathBuf; 2] = [root.join("sample-data").join(file), root.join("../shared/real-speeches").join(file)];
            places.iter().find(|path| path.is_file()).map(|path| source::open(path, None).unwrap().document)
        });
        let Some(document) = document else {
            whole = false;
            continue;
        };
        let start: usize = start.parse().unwrap();
        let id = document.outline.iter().find(|(_, section)| section.span.start == start).map(|(id, _)| id);
        let Some(id) = id else {
            println!("{file}: no section begins at {start}");
            continue;
        };
        let tags: BTreeSet<String> = tags.split('、').filter(|tag| *tag != "-").map(str::to_owned).collect();
        all.push(Judged { file: file.to_owned(), example: Example { excerpt: Excerpts::new(document).of(id), tags } });
    }
    (all, whole)
}

#[test]
fn suggestions_agree_with_what_was_read() {
    let (judged, whole) = judged();
    if !whole {
        println!("skipped: not all speeches are here");
        return;
    }
    assert!(judged.len() >= 180, "{}", judged.len());
    let book = Codebook::starter();
    let files: BTreeSet<&str> = judged.iter().map(|judged| judged.file.as_str()).collect();
    let (mut tagged, mut first, mut three, mut ranked_first, mut ranked_three) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut base_first, mut base_three, mut none, mut silent) = (0.0, 0.0, 0.0, 0.0);
    let (mut new_first, mut new_three, mut new_silent) = (0.0, 0.0, 0.0);
    let untaught = Suggester::new(&book, &[], Lessons::default());
    for file in files {
        let examples: Vec<Example> = judged.iter().filter(|judged| judged.file != file).map(|judged| judged.example.clone()).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for tag in examples.iter().flat_map(|example| &example.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        let mut frequent: Vec<(&str, usize)> = counts.into_iter().collect();
        frequent.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let suggester = Suggester::new(&book, &examples, Lessons::default());
        for Judged { example: Example { excerpt, tags }, .. } in judged.iter().filter(|judged| judged.file == file) {
            let by = |suggester: &Suggester| -> Vec<String> {
                suggester.suggest(excerpt, &BTreeSet::new()).into_iter().map(|one| one.tag).collect()
            };
            let (told, new) = (by(&suggester), by(&untaught));
            let ranked: Vec<String> = suggester.rank(excerpt).into_iter().map(|one| one.tag).collect();
            let hit = |list: &[String], most: usize| f64::from(u8::from(list.iter().take(most).any(|tag| tags.contains(tag))));
            if tags.is_empty() {
                none += 1.0;
                silent += f64::from(u8::from(told.is_empty()));
                new_silent += f64::from(u8::from(new.is_empty()));
            } else {
                tagged += 1.0;
                first += hit(&told, 1);
                three += hit(&told, 3);
                new_first += hit(&new, 1);
                new_three += hit(&new, 3);
                ranked_first += hit(&ranked, 1);
                ranked_three += hit(&ranked, 3);
                let base: Vec<String> = frequent.iter().map(|(tag, _)| (*tag).to_owned()).collect();
                base_first += hit(&base, 1);
                base_three += hit(&base, 3);
            }
        }
    }
    println!(
        "{tagged} sections with tags, {none} with none\nfirst right {:.3}, among three {:.3} (silence counted as wrong)\n\
         ranked: {:.3}, {:.3}\nmost frequent tags: {:.3}, {:.3}\nsilent where none fits {:.3}\n\
         codebook alone: {:.3}, {:.3}, silent {:.3}",
        first / tagged,
        three / tagged,
        ranked_first / tagged,
        ranked_three / tagged,
        base_first / tagged,
        base_three / tagged,
        silent / none,
        new_first / tagged,
        new_three / tagged,
        new_silent / none
    );
    assert!(ranked_first / tagged >= 0.70 && ranked_three / tagged >= 0.90);
    assert!(three / tagged >= 0.90);
    assert!(first / tagged >= 0.70 && first > 4.0 * base_first);
    assert!(silent / none >= 0.70 && new_silent / none >= 0.70);
    assert!(new_first / tagged >= 0.65 && new_three / tagged >= 0.78);
}
