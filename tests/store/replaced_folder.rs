//! The store's folder is unmounted, or another folder is put in its place, while the store is open:
//! edits wait in the journal, the reader says so, and they are written when the folder is back.

use crate::reader;

use pizhu_annotation::Edit;
use pizhu_annotation::SaveState;
use pizhu_annotation::SessionEvent;
use pizhu_annotation::Store;
use pizhu_annotation::StoreError;
use pizhu_annotation::StoreWarning;
use reader::{HeadlessReader, TIMEOUT, document, notes, store, target};
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// Puts an empty folder in place of the store's, as unmounting its disk does. Returns where the
/// store's own folder is.
fn replace_folder(dir: &Path) -> PathBuf {
    let away = dir.join("away");
    fs::rename(dir.join("store"), &away).unwrap();
    fs::create_dir(dir.join("store")).unwrap();
    away
}

fn put_back(dir: &Path, away: &Path) {
    fs::remove_dir_all(dir.join("store")).unwrap();
    fs::rename(away, dir.join("store")).unwrap();
}

/// The data files in the folder now at the store's path.
fn data_files(dir: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(dir.join("store")).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "ron")).collect()
}

fn is_replaced(event: &SessionEvent) -> bool {
    matches!(event, SessionEvent::CheckpointFailed(error) if matches!(**error, StoreError::FolderReplaced(_)))
}

/// Formerly the folder was known by its path only: the edits were written to the other folder and
/// shown as saved.
#[test]
fn edits_wait_while_another_folder_is_in_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut reader = HeadlessReader::start(store(dir), dir, "甲");
    reader.note(0, "之前");
    reader.writer.flush(TIMEOUT).unwrap();
    reader.wait(HeadlessReader::is_saved);
    let away = replace_folder(dir);
    reader.note(1, "其间");
    let mut events = Vec::new();
    reader.wait_collecting(
        |reader, events| reader.session.overall_save_state() == SaveState::Waiting && events.iter().any(is_replaced),
        &mut events,
    );
    let error = reader.writer.flush(TIMEOUT).unwrap_err();
    assert!(matches!(*error, StoreError::FolderReplaced(_)), "{error}");
    reader.writer.check_for_changes();
    assert!(matches!(reader.writer.edit_codebook(Box::new(|_| Ok(()))), Err(StoreError::FolderReplaced(_))));
    assert_eq!(reader.notes(), ["之前", "其间"], "what is shown is not emptied");
    assert!(data_files(dir).is_empty(), "nothing is written to the other folder");
    put_back(dir, &away);
    reader.writer.flush(TIMEOUT).unwrap();
    reader.quit();
    assert_eq!(notes(&store(dir), dir), ["之前", "其间"]);
}

/// Formerly the next process wrote the journal of the first to whatever folder was there.
#[test]
fn waiting_edits_of_a_dead_process_go_to_the_right_folder_only() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut reader = HeadlessReader::start(store(dir), dir, "甲");
    reader.note(0, "之前");
    reader.writer.flush(TIMEOUT).unwrap();
    let away = replace_folder(dir);
    reader.note(1, "其间");
    reader.wait(|reader| reader.session.overall_save_state() == SaveState::Waiting);
    let HeadlessReader { session, writer, .. } = reader;
    drop((session, writer));
    let end = Instant::now() + TIMEOUT;
    let waits = |store: &Store| store.take_warnings().iter().any(|warning| matches!(warning, StoreWarning::EditsWaiting { count: 1, .. }));
    loop {
        // The writer thread releases the journal some time after the last handle is dropped.
        let other = store(dir);
        assert_eq!(other.recover().unwrap(), 0, "the journal is not for this folder");
        if waits(&other) {
            break;
        }
        assert!(Instant::now() < end, "waiting edits are told");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(data_files(dir).is_empty());
    put_back(dir, &away);
    assert_eq!(notes(&store(dir), dir), ["之前", "其间"]);
}

/// Formerly a command wrote to the folder put in place between its reading and its writing.
#[test]
fn command_refuses_a_folder_replaced_since_it_was_opened() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let note = |n: usize, text: &str| vec![Edit::Note { target: target(n), note: text.to_owned() }];
    let opened = store(dir);
    opened.apply(&document(), &dir.join("讲话.txt"), "甲", note(0, "之前")).unwrap();
    let away = replace_folder(dir);
    let refused = opened.apply(&document(), &dir.join("讲话.txt"), "甲", note(1, "其间")).unwrap_err();
    assert!(matches!(refused, StoreError::FolderReplaced(_)), "{refused}");
    assert!(data_files(dir).is_empty());
    fs::remove_dir(dir.join("store")).unwrap_or_else(|_| fs::remove_dir_all(dir.join("store")).unwrap());
    let refused = opened.apply(&document(), &dir.join("讲话.txt"), "甲", note(1, "其间")).unwrap_err();
    assert!(matches!(refused, StoreError::FolderGone(_)), "{refused}");
    fs::rename(&away, dir.join("store")).unwrap();
    opened.apply(&document(), &dir.join("讲话.txt"), "甲", note(1, "之后")).unwrap();
    assert_eq!(notes(&store(dir), dir), ["之前", "之后"]);
}
