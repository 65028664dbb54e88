//! Stores of version 1, whose tags are known by name: read as they are, migrated at the first write.
//!
//! The files in `version1/` were written by the program of that version. There 引才 was renamed to
//! 引才聚才 and moved below 组织, 用才 merged into 育才, and 旧题 deleted, after they had been given.

use pizhu_annotation::{
    Edit, Selector, Store, StoreLocation, StoreWarning, Tag, TagId, TagRef, Target,
    store::{SpeechKey, merge_files, speech_file::SpeechFile},
};
use pizhu_text::{
    document::{Document, Hints, parse},
    text::SourceText,
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

const FILES: [&str; 2] = ["codebook.ron", "讲话-281e9361.ron"];

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::create_dir(folder.path(".pizhu")).unwrap();
        for name in FILES {
            fs::copy(fixture(name), folder.path(".pizhu").join(name)).unwrap();
        }
        fs::copy(fixture("讲话.txt"), folder.path("讲话.txt")).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn store(&self) -> Store {
        Store::new(StoreLocation::from_dir(&self.path(".pizhu")), self.path("state"))
    }

    fn document(&self) -> Document {
        parse(SourceText::from(fs::read_to_string(self.path("讲话.txt")).unwrap().as_str()), &Hints::default())
    }

    fn passage(&self, words: &str) -> Target {
        let text = fs::read_to_string(self.path("讲话.txt")).unwrap();
        let start = text[..text.find(words).unwrap()].chars().count();
        Target::Passage(pizhu_text::text::Span::new(start, start + words.chars().count()))
    }

    /// The quote of each annotation with its author, and its tags.
    fn tags(&self) -> BTreeMap<String, Vec<String>> {
        let (annotations, _) = self.store().annotations(&self.document(), &self.path("讲话.txt")).unwrap();
        let row = |one: &pizhu_annotation::AnchoredAnnotation| {
            let names = one.annotation.tags.names().into_iter().map(str::to_owned).collect();
            (format!("{}{}", one.annotation.selector.quote, one.annotation.author), names)
        };
        annotations.iter().map(row).collect()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(".pizhu").join(name)).unwrap()
    }

    fn files(&self) -> [String; 2] {
        FILES.map(|name| self.read(name))
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/version1").join(name)
}

fn expected(renamed: &str) -> BTreeMap<String, Vec<String>> {
    let rows: [(&str, &[&str]); 6] = [
        ("（一）提高认识甲", &[renamed]),
        ("抓好引才育才甲", &[renamed, "育才"]),
        ("转变作风甲", &[]),
        ("转变作风乙", &["作风"]),
        ("二、重点任务甲", &["基层党建"]),
        ("建强支部甲", &["育才"]),
    ];
    let names = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    rows.into_iter().map(|(quote, tags)| (quote.to_owned(), names(tags))).collect()
}

#[test]
fn store_of_version_1_is_read_as_it_is_and_migrated_at_the_first_write() {
    let folder = Folder::new();
    let before = folder.files();
    assert_eq!(folder.tags(), expected("引才聚才"));
    let book = folder.store().codebook().unwrap();
    assert_eq!(book.path(book.find("引才聚才").unwrap().id).unwrap(), "组织/引才聚才");
    assert_eq!(folder.files(), before, "reading writes nothing");

    let store = folder.store();
    let edit = |words: &str, tag: TagRef| vec![Edit::Tag { target: folder.passage(words), tags: vec![tag] }];
    let path = folder.path("讲话.txt");
    store.apply(&folder.document(), &path, "丙", edit("压实责任", TagRef::from(book.find("作风").unwrap()))).unwrap();
    let told = store.take_warnings();
    assert!(matches!(told.as_slice(), [StoreWarning::Migrated { backup, .. }] if backup.exists()), "said once: {told:?}");
    for (text, old) in folder.files().iter().zip(&before) {
        assert!(text.starts_with("(\nversion: 2,\n"));
        let kept = fs::read_dir(folder.path("state/backup")).unwrap().flat_map(|dir| fs::read_dir(dir.unwrap().path()).unwrap());
        assert!(kept.into_iter().any(|file| fs::read_to_string(file.unwrap().path()).unwrap() == *old), "a backup");
    }
    let mut with_edit = expected("引才聚才");
    with_edit.insert("压实责任丙".to_owned(), vec!["作风".to_owned()]);
    assert_eq!(folder.tags(), with_edit);
    let history = folder.store().history(&SpeechKey::from_document(store.location(), &folder.document(), &path)).unwrap();
    assert_eq!(history.len(), 1);

    // From now on names are only names.
    let store = folder.store();
    store
        .edit_codebook(|book| {
            book.rename(book.find("引才聚才")?.id, "聚才")?;
            book.add(Tag::new("引才聚才"))?;
            book.add(Tag::new("引才")).map(drop)
        })
        .unwrap();
    assert!(store.take_warnings().is_empty());
    let mut renamed = expected("聚才");
    renamed.insert("压实责任丙".to_owned(), vec!["作风".to_owned()]);
    assert_eq!(folder.tags(), renamed);
}

/// Only files that were written since had the present names; the others kept the former ones.
#[test]
fn files_of_version_1_follow_a_codebook_that_was_migrated_before_them() {
    let folder = Folder::new();
    let store = folder.store();
    store.edit_codebook(|book| book.rename(book.find("作风")?.id, "风气")).unwrap();
    assert!(folder.read(FILES[1]).starts_with("(\nversion: 1,"));
    let mut tags = expected("引才聚才");
    tags.insert("转变作风乙".to_owned(), vec!["风气".to_owned()]);
    assert_eq!(folder.tags(), tags);
    // A program of version 1 may still write the speech's file, with the names that it sees.
    let path = folder.path(".pizhu").join(FILES[1]);
    let text = folder.read(FILES[1]).replace("tags:[\"作风\"]", "tags:[\"风气\"]");
    fs::write(&path, text).unwrap();
    assert_eq!(folder.tags(), tags);
    let same = |words: &str| vec![Edit::Note { target: folder.passage(words), note: "记".to_owned() }];
    folder.store().apply(&folder.document(), &folder.path("讲话.txt"), "丙", same("责任")).unwrap();
    tags.insert("责任丙".to_owned(), Vec::new());
    assert_eq!(folder.tags(), tags);
    assert_eq!(folder.store().codebook().unwrap().named("风气").count(), 1);
}

#[test]
fn histories_of_version_1_are_read() {
    let folder = Folder::new();
    // The folder of a store's histories has the name of one that the program made.
    let note = vec![Edit::Note { target: folder.passage("责任"), note: "记".to_owned() }];
    folder.store().apply(&folder.document(), &folder.path("讲话.txt"), "丙", note).unwrap();
    let log = fs::read_dir(folder.path("state/history")).unwrap().next().unwrap().unwrap().path().join("讲话-281e9361.log");
    fs::copy(fixture("讲话-281e9361.log"), &log).unwrap();
    let store = folder.store();
    let key = SpeechKey::from_document(store.location(), &folder.document(), &folder.path("讲话.txt"));
    let history = store.history(&key).unwrap();
    assert_eq!(history.len(), 6);
    let first = history[0].changes[0].after.as_ref().unwrap();
    assert_eq!(first.tags.iter().map(|tag| (tag.id, tag.name.as_str())).collect::<Vec<_>>(), [(TagId::from_name("引才"), "引才")]);
    // Restoring a state of then gives the tags as they are now.
    store.restore(&key, Some(history[0].id), "丙", pizhu_annotation::RestoreScope::All).unwrap();
    let tags = folder.tags();
    assert_eq!(tags.get("（一）提高认识甲"), Some(&vec!["引才聚才".to_owned()]));
    assert!(!tags.contains_key("建强支部甲"));
}

#[test]
fn files_of_both_versions_are_merged() {
    let folder = Folder::new();
    let base = folder.files();
    folder
        .store()
        .edit_codebook(|book| {
            book.rename(book.find("育才")?.id, "育才用才")?;
            book.add(Tag::new("育才")).map(drop)
        })
        .unwrap();
    let new = TagRef::from(folder.store().codebook().unwrap().find("育才").unwrap());
    let edit = vec![Edit::Tag { target: folder.passage("压实责任"), tags: vec![new] }];
    folder.store().apply(&folder.document(), &folder.path("讲话.txt"), "丙", edit).unwrap();
    let ours = folder.files();
    // The others go on with version 1.
    let theirs = [
        base[0].replace("(name:\"作风\"),\n", "(name:\"作风\"),\n(name:\"青年\"),\n"),
        base[1]
            .replace("tags:[\"基层党建\"]", "tags:[\"基层党建\",\"青年\",\"育才\"]")
            .replace("modified:\"2026-11-29T14:12:44.65115Z\"", "modified:\"2026-11-29T15:12:44.65115Z\""),
    ];
    let write =
        |files: [String; 2]| FILES.iter().zip(files).for_each(|(name, text)| fs::write(folder.path(".pizhu").join(name), text).unwrap());
    let mut wanted = expected("引才聚才");
    wanted.insert("抓好引才育才甲".to_owned(), vec!["引才聚才".to_owned(), "育才用才".to_owned()]);
    wanted.insert("建强支部甲".to_owned(), vec!["育才用才".to_owned()]);
    wanted.insert("二、重点任务甲".to_owned(), vec!["基层党建".to_owned(), "育才用才".to_owned(), "青年".to_owned()]);
    wanted.insert("压实责任丙".to_owned(), vec!["育才".to_owned()]);
    let by_driver = |ours: &[String; 2], theirs: &[String; 2]| {
        [0, 1].map(|n| merge_files(base[n].as_bytes(), ours[n].as_bytes(), theirs[n].as_bytes()).unwrap())
    };
    assert_eq!(by_driver(&ours, &theirs), by_driver(&theirs, &ours));
    write(by_driver(&ours, &theirs));
    assert_eq!(folder.tags(), wanted);
    // And by git's union of the lines.
    let union = |ours: &str, theirs: &str, section: &str| {
        let rest: String = theirs
            .lines()
            .filter(|line| line.starts_with('(') && line.len() > 1 && !ours.contains(line))
            .flat_map(|line| [line, "\n"])
            .collect();
        ours.replacen(&format!("{section}: [\n"), &format!("{section}: [\n{rest}"), 1)
    };
    write([union(&ours[0], &theirs[0], "tags"), union(&ours[1], &theirs[1], "annotations")]);
    assert_eq!(folder.tags(), wanted);
}

/// The program of version 1, if `PIZHU_VERSION_1` names it: it reads a store of version 2, says that it
/// is newer, and leaves it as it is.
#[test]
fn a_program_of_version_1_leaves_the_store_alone() {
    let Some(program) = std::env::var_os("PIZHU_VERSION_1") else { return };
    let folder = Folder::new();
    let note = vec![Edit::Note { target: Target::Speech, note: "全篇".to_owned() }];
    folder.store().apply(&folder.document(), &folder.path("讲话.txt"), "丙", note).unwrap();
    let before = folder.files();
    assert!(before[1].contains("scope:speech"));
    let run = |arguments: &[&str]| {
        let output = Command::new(&program)
            .args(arguments)
            .current_dir(folder.0.path())
            .env("HOME", folder.path("home"))
            .env("XDG_STATE_HOME", folder.path("old"))
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    fs::create_dir(folder.path("home")).unwrap();
    for arguments in [
        &["tag", "讲话.txt", "--quote", "抓细抓实", "新题"][..],
        &["tag", "讲话.txt", "--quote", "抓细抓实", "作风"],
        &["tags", "rename", "作风", "风气"],
        &["tags", "add", "另一个"],
    ] {
        let (status, told) = run(arguments);
        assert!(status == Some(2) && told.contains("newer"), "{arguments:?}: {status:?} {told}");
    }
    assert_eq!(run(&["export", "讲话.txt"]).0, Some(0));
    assert_eq!(folder.files(), before);
}

#[test]
fn records_of_unknown_kinds_are_kept_through_edits_and_merges() {
    let folder = Folder::new();
    let note = |words: &str| vec![Edit::Note { target: folder.passage(words), note: "记".to_owned() }];
    let path = folder.path("讲话.txt");
    folder.store().apply(&folder.document(), &path, "丙", note("责任")).unwrap();
    let strange = "glossary(id:\"01\",terms:{\"甲\":[1,2]})";
    let text = folder.read(FILES[1]).replace("records: [\n", &format!("records: [\n{strange},\n"));
    fs::write(folder.path(".pizhu").join(FILES[1]), &text).unwrap();
    let base = text.clone();
    let (_, warnings) = folder.store().annotations(&folder.document(), &path).unwrap();
    assert!(warnings.is_empty(), "nothing is read-only: {warnings:?}");
    folder.store().apply(&folder.document(), &path, "丙", note("支部")).unwrap();
    let key = SpeechKey::from_document(folder.store().location(), &folder.document(), &path);
    let attribute = |value: &str| pizhu_annotation::Record::Attribute { key: "speaker".into(), value: value.into() };
    folder.store().edit_records(&key, "丙", |records| _ = records.add("丙", attribute("王某"))).unwrap();
    let ours = folder.read(FILES[1]);
    assert!(ours.contains(&format!("\n{strange},\n")) && ours.contains("\nattribute(id:"));
    let merged = merge_files(base.as_bytes(), ours.as_bytes(), text.as_bytes()).unwrap();
    assert_eq!(merged, ours);
    let read = SpeechFile::from_ron(merged.as_bytes());
    assert_eq!((read.records.records().len(), read.records.unknown_lines().count()), (1, 1));
    // A removed record leaves a tombstone, so that a copy that has it does not bring it back.
    let id = *read.records.records().keys().next().unwrap();
    folder.store().edit_records(&key, "丙", |records| _ = records.remove(id)).unwrap();
    let without = merge_files(&[], folder.read(FILES[1]).as_bytes(), ours.as_bytes()).unwrap();
    assert!(SpeechFile::from_ron(without.as_bytes()).records.records().is_empty());
    // Its whole text is the place of an annotation of the speech.
    folder.store().apply(&folder.document(), &path, "丙", vec![Edit::Note { target: Target::Speech, note: "全".to_owned() }]).unwrap();
    let (annotations, _) = folder.store().annotations(&folder.document(), &path).unwrap();
    let whole = annotations.at_target(Target::Speech).next().unwrap();
    assert_eq!(whole.span.unwrap().len(), folder.document().source.len());
    assert_eq!(whole.annotation.selector, Selector::for_speech(&folder.document()));
}
