//! Copies of a speech, speeches that were moved and edited, and stores that lack what the history
//! holds: run as processes.

use crate::program::{SPEECH, TestProgram};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The annotations that an export lists.
fn exported(program: &TestProgram, arguments: &[&str]) -> usize {
    let output = program.run(&[&["export", "--format", "json"], arguments].concat());
    let exported: Value = serde_json::from_str(&output.out).unwrap();
    exported["annotations"].as_array().unwrap().len()
}

fn program(shared: bool) -> TestProgram {
    let program = TestProgram::with_speech();
    if shared {
        fs::create_dir(program.folder().join(".pizhu")).unwrap();
    }
    program
}

/// 20 copies were counted, exported and compared 20 times, with a warning for each, and twice.
#[test]
fn copies_are_counted_and_reported_once() {
    for shared in [false, true] {
        let program = program(shared);
        for author in ["甲", "乙"] {
            program.run(&["--author", author, "tag", "a.txt", "--section", "一", "人才工作"]).ok();
        }
        let single = program.run(&["agree", "."]).ok();
        for n in 0..19 {
            program.write(&format!("副本/{n}.txt"), SPEECH);
        }
        let first = program.run(&["count", "."]);
        assert_eq!((first.status, first.err.lines().count()), (0, 1), "{}", first.err);
        assert!(first.err.contains("19"), "{}", first.err);
        assert_eq!(first.out.lines().filter(|line| line.contains("青禾")).count(), 1, "{}", first.out);
        assert_eq!((exported(&program, &["."]), exported(&program, &[])), (2, 2));
        let agreement = program.run(&["agree", "."]);
        assert_eq!((agreement.out, agreement.err.lines().count()), (single, 1));
        // One of them, edited, is another speech.
        program.write("副本/3.txt", SPEECH.replace("三十人", "四十人"));
        assert_eq!(exported(&program, &["."]), 4);
    }
}

/// Until an edited copy was opened in the reader, the export of the whole store had either it or the
/// original.
#[test]
fn an_edited_copy_is_in_the_export_of_the_whole_store() {
    for shared in [false, true] {
        let program = program(shared);
        program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
        for name in ["b.txt", "c.txt", "z.txt"] {
            program.write(name, SPEECH);
        }
        program.run(&["count", "."]);
        assert_eq!(exported(&program, &[]), 1, "copies are one speech");
        let edited = SPEECH.replace("三十人", "四十人");
        program.write("b.txt", &edited);
        program.write("c.txt", &edited);
        let output = program.run(&["export", "--format", "json"]);
        let listed: Value = serde_json::from_str(&output.out).unwrap();
        let places: Vec<&str> = listed["annotations"].as_array().unwrap().iter().map(|one| one["document"].as_str().unwrap()).collect();
        assert_eq!(places.len(), 2, "{places:?} {}", output.err);
        let lines = program.run(&["export", "--format", "jsonl"]).out;
        assert_eq!(lines.lines().count(), 2, "{lines}");
        // Another speech at the place of a copy is none.
        program.write("z.txt", "在别处的讲话\n一、说别的事\n与前面的都不相干，从头到尾另写一篇，说的是修路架桥、挖渠引水、种树护坡，哪一天动土，哪一天完工，谁来出钱，谁来出力，都写在墙上。\n");
        assert_eq!(exported(&program, &[]), 2);
    }
}

/// The store's file of the only speech.
fn store_file(program: &TestProgram, shared: bool) -> PathBuf {
    let dir = if shared { program.folder().join(".pizhu") } else { program.folder().join("../data/pizhu/store") };
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "ron") && !path.ends_with("codebook.ron"));
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

/// "Brought back; annotations changed: 0", and nothing there.
#[test]
fn any_state_comes_back_whatever_happened_to_the_file() {
    type Damage = fn(&Path, &[u8]);
    let damages: [(&str, Damage); 4] = [
        ("emptied", |file, _| fs::write(file, "").unwrap()),
        ("an older copy", |file, older| fs::write(file, older).unwrap()),
        ("deleted", |file, _| fs::remove_file(file).unwrap()),
        ("cut", |file, older| fs::write(file, &older[..older.len() / 2]).unwrap()),
    ];
    for shared in [false, true] {
        for (what, damage) in damages {
            for edited in [false, true] {
                let program = program(shared);
                let cell = format!("shared {shared}, {what}, edited {edited}");
                program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
                let file = store_file(&program, shared);
                let older = fs::read(&file).unwrap();
                program.run(&["tag", "a.txt", "--section", "二", "作风"]).ok();
                program.run(&["note", "a.txt", "--section", "二", "记下"]).ok();
                damage(&file, &older);
                if edited {
                    program.write("a.txt", format!("{SPEECH}又及，补充几句。\n"));
                }
                let told = program.run(&["history", "a.txt"]);
                assert_eq!(told.status, 0, "{cell}");
                assert!(told.err.contains("lack") || what == "cut", "{cell}: {}", told.err);
                let restored = program.run(&["history", "a.txt", "--restore", "2"]);
                assert_eq!(restored.status, 0, "{cell}: {}", restored.err);
                assert_eq!(exported(&program, &["a.txt"]), 2, "{cell}");
                let text = program.run(&["export", "--format", "json", "a.txt"]).out;
                assert!(text.contains("人才工作") && text.contains("作风") && !text.contains("记下"), "{cell}: {text}");
                program.run(&["history", "a.txt", "--restore", "0"]).ok();
                assert_eq!(exported(&program, &["a.txt"]), 0, "{cell}");
                program.run(&["history", "a.txt", "--restore", "3"]).ok();
                assert!(program.run(&["export", "--format", "json", "a.txt"]).ok().contains("记下"), "{cell}");
            }
        }
    }
}

/// `review` said nothing of a speech that was moved and edited.
#[test]
fn a_speech_moved_and_edited_is_proposed_taken_or_refused() {
    for shared in [false, true] {
        let program = program(shared);
        program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
        fs::rename(program.folder().join("a.txt"), program.folder().join("b.txt")).unwrap();
        program.write("b.txt", format!("{SPEECH}又及，补充几句。\n"));
        // Without a path: the missing speech is told, and where it may be.
        let review = program.run(&["review"]);
        assert!(review.out.contains("b.txt") && review.out.contains("a.txt"), "{}{}", review.out, review.err);
        let listed: Value = serde_json::from_str(&program.run(&["review", "b.txt", "--format", "json"]).out).unwrap();
        assert_eq!(
            (listed["speeches"][0]["annotations"].as_u64(), listed["speeches"][0]["copied"].as_bool()),
            (Some(1), Some(false)),
            "{listed}"
        );
        let told = program.run(&["export", "--format", "json", "b.txt"]);
        assert!(told.err.contains("pizhu review") && told.err.lines().count() == 1, "{}", told.err);
        program.run(&["review", "b.txt", "--take"]).ok();
        assert_eq!((exported(&program, &["b.txt"]), exported(&program, &[])), (1, 1));
        assert_eq!(program.run(&["review", "b.txt", "--take"]).status, 1, "nothing is left to take");
        // A template is refused.
        program.write("c.txt", SPEECH.replace("三十人", "四十人"));
        assert!(!program.run(&["export", "c.txt"]).err.is_empty());
        program.run(&["review", "c.txt", "--refuse"]).ok();
        assert!(program.run(&["export", "c.txt"]).ok().is_empty() || exported(&program, &["c.txt"]) == 0);
        assert!(program.run(&["export", "--format", "json", "c.txt"]).err.is_empty());
    }
}

/// What comes on standard input next is another speech, however much of the last it repeats.
#[test]
fn standard_input_gets_no_annotations_of_earlier_input() {
    let program = TestProgram::with_speech();
    program.run(&["note", "a.txt", "--quote", "平台建起来了", "问一下"]).ok();
    let export = |text: &str| program.run_with_stdin(&["export", "-", "--format", "jsonl"], text);
    let same = export(SPEECH);
    assert_eq!((same.out.lines().count(), same.err.as_str()), (1, ""));
    let other = export(&SPEECH.replace("全县引进三十人", "请来了一大批"));
    assert_eq!((other.out.as_str(), other.err.as_str()), ("", ""));
    assert_eq!(export(SPEECH).out, same.out);
}
