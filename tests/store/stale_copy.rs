//! An editor or sync program saves a stale copy of a speech's file over newer edits: they are brought
//! back and told, while what was deleted by hand in the newest state stays deleted.

use crate::other_programs::speech_file;
use crate::reader;

use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::SessionEvent;
use pizhu_annotation::StoreWarning;
use reader::{HeadlessReader, TIMEOUT, document, notes, store, target};
use std::{fs, path::Path};

/// One edit by a command.
fn apply(dir: &Path, edit: Edit) -> AnnotationId {
    store(dir).apply(&document(), &dir.join("讲话.txt"), "甲", vec![edit]).unwrap()[0]
}

fn note(n: usize, text: &str) -> Edit {
    Edit::Note { target: target(n), note: text.to_owned() }
}

/// Formerly the stale copy was taken for the newest state: its edits were lost.
#[test]
fn sixty_stale_copies_lose_no_edit() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    apply(dir, note(0, "起初"));
    let mut expected = vec!["起初".to_owned()];
    for round in 0..60 {
        let file = speech_file(dir);
        let copy = fs::read(&file).unwrap();
        apply(dir, note(round, &format!("先{round:02}")));
        if round % 3 == 0 {
            apply(dir, note(round + 1, &format!("又{round:02}")));
            expected.push(format!("又{round:02}"));
        }
        fs::write(&file, copy).unwrap();
        apply(dir, note(round + 2, &format!("后{round:02}")));
        expected.extend([format!("先{round:02}"), format!("后{round:02}")]);
    }
    expected.sort();
    assert_eq!(notes(&store(dir), dir), expected);
}

/// The same for changes and deletions, and with the editor's own changes kept.
#[test]
fn changes_and_deletions_overwritten_by_a_stale_copy_are_done_again() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let changed = apply(dir, note(0, "要改"));
    let deleted = apply(dir, note(1, "要删"));
    apply(dir, note(2, "编辑器要改"));
    let file = speech_file(dir);
    let copy = fs::read_to_string(&file).unwrap();
    apply(dir, Edit::SetNote { id: changed, note: "改好".to_owned() });
    apply(dir, Edit::Delete { id: deleted });
    fs::write(&file, copy.replace("编辑器要改", "编辑器改好")).unwrap();
    let opened = store(dir);
    opened.apply(&document(), &dir.join("讲话.txt"), "甲", vec![note(3, "新的")]).unwrap();
    assert_eq!(notes(&store(dir), dir), ["改好", "新的", "编辑器改好"]);
    let told = opened.take_warnings();
    assert!(matches!(told.as_slice(), [StoreWarning::BroughtBack { count: 2, .. }]), "{told:?}");
}

#[test]
fn entry_deleted_by_hand_in_the_newest_file_stays_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for (n, text) in ["要删", "留下", "最后"].iter().enumerate() {
        apply(dir, note(n, text));
    }
    let file = speech_file(dir);
    let text = fs::read_to_string(&file).unwrap();
    let without: Vec<&str> = text.lines().filter(|line| !line.contains("要删")).collect();
    fs::write(&file, without.join("\n") + "\n").unwrap();
    let opened = store(dir);
    opened.apply(&document(), &dir.join("讲话.txt"), "甲", vec![note(5, "新的")]).unwrap();
    assert_eq!(notes(&store(dir), dir), ["新的", "最后", "留下"]);
    assert!(opened.take_warnings().is_empty());
}

/// Formerly an open reader dropped the edits from its view.
#[test]
fn open_reader_brings_overwritten_edits_back_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut reader = HeadlessReader::start(store(dir), dir, "甲");
    reader.note(0, "起初");
    reader.writer.flush(TIMEOUT).unwrap();
    let file = speech_file(dir);
    let copy = fs::read(&file).unwrap();
    reader.note(1, "后来");
    reader.writer.flush(TIMEOUT).unwrap();
    reader.wait(HeadlessReader::is_saved);
    fs::write(&file, copy).unwrap();
    reader.writer.check_for_changes();
    let mut events = Vec::new();
    let is_told = |event: &SessionEvent| matches!(event, SessionEvent::Warning(StoreWarning::BroughtBack { count: 1, .. }));
    reader.wait_collecting(|_, events| events.iter().any(is_told), &mut events);
    assert_eq!(reader.notes(), ["后来", "起初"]);
    assert_eq!(notes(&store(dir), dir), ["后来", "起初"]);
    reader.quit();
}
