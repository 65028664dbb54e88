//! Damage of the codebook is told, repaired from the last backup, and never overwritten without a
//! copy.

use crate::program;
use crate::reader;

use pizhu_annotation::SessionEvent;
use pizhu_annotation::StoreWarning;
use pizhu_annotation::Tag;
use program::TestProgram;
use reader::{HeadlessReader, store};
use std::{fs, path::Path};

/// Cuts the codebook right behind the `)` of its first tag.
fn cut_codebook(dir: &Path) -> String {
    let path = dir.join("store/codebook.ron");
    let text = fs::read_to_string(&path).unwrap();
    let end = text.find("),\n").unwrap() + 1;
    fs::write(&path, &text[..end]).unwrap();
    text[..end].to_owned()
}

fn copies_aside(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dir.join("store/aside")) else { return Vec::new() };
    entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

/// Formerly a codebook cut behind a `)` passed for complete and was overwritten without a copy.
#[test]
fn cut_codebook_is_copied_aside_and_completed_from_the_backup() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let add = |name: &str| _ = store(dir).edit_codebook(|book| book.add(Tag::new(name))).unwrap();
    add("一");
    // The backup is of the content before this edit.
    add("二");
    let cut = cut_codebook(dir);
    let damaged = store(dir);
    assert!(damaged.codebook().unwrap().find("一").is_ok(), "known from the backup");
    let told = damaged.take_warnings();
    assert!(matches!(told.as_slice(), [StoreWarning::Damaged { lost, .. }] if *lost > 1), "{told:?}");
    assert!(damaged.codebook().is_ok() && damaged.take_warnings().is_empty(), "told once");
    damaged.edit_codebook(|book| book.add(Tag::new("三"))).unwrap();
    assert_eq!(copies_aside(dir), [cut]);
    let told = damaged.take_warnings();
    assert!(matches!(told.as_slice(), [StoreWarning::PutAside { .. }]), "{told:?}");
    let book = store(dir).codebook().unwrap();
    assert!(["一", "三", "人才工作"].iter().all(|name| book.find(name).is_ok()));
}

/// Formerly an emptied codebook, or one with rubbish in it, lost its tags with the next edit.
#[test]
fn emptied_or_garbled_codebook_loses_no_tag() {
    for content in ["", "\0\0\0\0", "(\n", "rubbish"] {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let add = |name: &str| _ = store(dir).edit_codebook(|book| book.add(Tag::new(name))).unwrap();
        add("一");
        add("二");
        fs::write(dir.join("store/codebook.ron"), content).unwrap();
        add("三");
        assert_eq!(copies_aside(dir), [content]);
        let book = store(dir).codebook().unwrap();
        assert!(["一", "三", "人才工作"].iter().all(|name| book.find(name).is_ok()), "{content:?}");
    }
}

/// Formerly nobody noticed a whole codebook with fewer tags, as a stale copy has.
#[test]
fn codebook_with_fewer_tags_than_its_backup_is_copied_aside_once() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let add = |name: &str| _ = store(dir).edit_codebook(|book| book.add(Tag::new(name))).unwrap();
    add("一");
    add("二");
    let path = dir.join("store/codebook.ron");
    let text = fs::read_to_string(&path).unwrap();
    let without: Vec<&str> = text.lines().filter(|line| !line.contains("\"一\"")).collect();
    let without = without.join("\n") + "\n";
    fs::write(&path, &without).unwrap();
    add("三");
    add("四");
    assert_eq!(copies_aside(dir), [without]);
    assert!(store(dir).codebook().unwrap().find("一").is_err(), "what was deleted by hand stays deleted");
    store(dir).edit_codebook(|book| book.delete(book.find("四")?.id)).unwrap();
    add("五");
    assert_eq!(copies_aside(dir).len(), 1, "a deletion by the program is no loss");
}

/// Formerly none of the commands and no reader told of a damaged codebook, and commands set damaged
/// files aside without a word.
#[test]
fn damage_is_reported_by_commands_and_the_reader() {
    let program = TestProgram::with_speech();
    program.run(&["--store", "store", "tag", "a.txt", "--span", "0:3", "一"]).ok();
    program.run(&["--store", "store", "tag", "a.txt", "--span", "0:3", "二"]).ok();
    cut_codebook(&program.folder());
    for arguments in [
        &["tags", "list"][..],
        &["tags", "export"],
        &["count", "a.txt"],
        &["suggest", "a.txt"],
        &["search", "人才", "a.txt", "--tag", "一"],
        &["export", "a.txt"],
        &["review", "a.txt"],
    ] {
        let output = program.run(&[&["--store", "store"], arguments].concat());
        let told: Vec<&str> = output.err.lines().filter(|line| line.contains("codebook.ron")).collect();
        assert!(told.len() == 1 && told[0].contains("damaged"), "{arguments:?}: {}", output.err);
    }
    let output = program.run(&["--store", "store", "tags", "add", "三"]);
    assert!(output.status == 0 && output.err.contains("its old contents are kept in"), "{}", output.err);

    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    store(dir).edit_codebook(|book| book.add(Tag::new("一"))).unwrap();
    cut_codebook(dir);
    let mut reader = HeadlessReader::start(store(dir), dir, "甲");
    reader.writer.request_codebook();
    let mut events = Vec::new();
    let is_told =
        |event: &SessionEvent| matches!(event, SessionEvent::Warning(StoreWarning::Damaged { path, .. }) if path.ends_with("codebook.ron"));
    reader.wait_collecting(|_, events| events.iter().any(is_told), &mut events);
}

/// A speech's damaged file that a command puts aside is told, too.
#[test]
fn command_reports_the_damaged_file_it_put_aside() {
    let program = TestProgram::with_speech();
    for n in 0..3 {
        program.run(&["--store", "store", "note", "a.txt", "--span", &format!("{n}:9"), &format!("记{n}")]).ok();
    }
    let files = fs::read_dir(program.folder().join("store")).unwrap().map(|entry| entry.unwrap().path());
    let file =
        files.filter(|path| path.to_string_lossy().contains("a-")).find(|path| path.extension().is_some_and(|e| e == "ron")).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("记1", "记\"1", 1)).unwrap();
    let output = program.run(&["--store", "store", "note", "a.txt", "--span", "4:9", "记3"]);
    assert!(output.status == 0 && output.err.contains("its old contents are kept in"), "{}", output.err);
    assert!(output.err.contains("1 annotations made here since were brought back"), "{}", output.err);
    let exported = program.run(&["--store", "store", "export", "a.txt", "--format", "json"]).json();
    assert_eq!(exported["annotations"].as_array().unwrap().len(), 4, "the damaged line is known from the history");
}
