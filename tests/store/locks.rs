//! The store's lock excludes others even while its file is being deleted.
//!
//! `PIZHU_LOCK_EDITS=12000 cargo test --test store locks` makes more edits.

use crate::kill;
use crate::reader;

use kill::env_number;
use pizhu_annotation::Edit;
use pizhu_annotation::storage::Disk;
use pizhu_annotation::storage::Storage;
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use reader::{SPEECH, store, target};
use std::{
    collections::BTreeSet,
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread::{self, ScopedJoinHandle},
    time::Duration,
};

/// Edits of each writer in one speech: rewriting a long file takes too long.
const EDITS_PER_SPEECH: usize = 50;

fn speech(number: usize) -> (Document, String) {
    let text = format!("{SPEECH}第{number}篇");
    (Document::from(SourceText::from(text.as_str())), format!("讲话{number}.txt"))
}

/// Formerly a writer that waited for a deleted lock file got it, beside the one that had created a
/// new file: 12 of 600 edits were overwritten.
#[test]
fn no_edit_is_lost_while_the_lock_file_is_deleted() {
    let names = ["甲", "乙", "丙"];
    let edits_each = env_number("PIZHU_LOCK_EDITS", 600) / names.len();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let done = AtomicBool::new(false);
    let deleted = thread::scope(|scope| {
        let deleter = scope.spawn(|| {
            let mut deleted = 0;
            while !done.load(Ordering::Relaxed) {
                deleted += usize::from(fs::remove_file(dir.join("store/.lock")).is_ok());
                thread::sleep(Duration::from_micros(100));
            }
            deleted
        });
        let writers = names.map(|name| {
            scope.spawn(move || {
                // Each with a handle of its own, as another process has.
                let store = store(dir);
                for n in 0..edits_each {
                    let (document, path) = speech(n / EDITS_PER_SPEECH);
                    let edit = Edit::Note { target: target(n), note: format!("{name}-{n}") };
                    store.apply(&document, &dir.join(path), name, vec![edit]).unwrap();
                }
            })
        });
        let finished = writers.map(ScopedJoinHandle::join);
        done.store(true, Ordering::Relaxed);
        for writer in finished {
            writer.unwrap();
        }
        deleter.join().unwrap()
    });
    println!("{} edits, lock file deleted {deleted} times", names.len() * edits_each);
    assert!(deleted > 10, "{deleted}");
    let mut stored = BTreeSet::new();
    for number in 0..edits_each.div_ceil(EDITS_PER_SPEECH) {
        let (document, path) = speech(number);
        let (anchors, warnings) = store(dir).annotations(&document, &dir.join(path)).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        stored.extend(anchors.iter().map(|placed| placed.annotation.note.clone()));
    }
    let expected = names.iter().flat_map(|name| (0..edits_each).map(move |n| format!("{name}-{n}")));
    let lost: Vec<String> = expected.filter(|note| !stored.contains(note)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// Formerly the lock on a deleted file was taken for the store's.
#[test]
fn lock_of_a_replaced_lock_file_is_acquired_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".lock");
    let first = Disk.lock(&path, Duration::ZERO, true).unwrap();
    let waiting = thread::spawn({
        let path = path.clone();
        move || Disk.lock(&path, Duration::from_mins(1), true).unwrap()
    });
    thread::sleep(Duration::from_millis(50));
    fs::remove_file(&path).unwrap();
    let second = Disk.lock(&path, Duration::ZERO, true).unwrap();
    drop(first);
    thread::sleep(Duration::from_millis(100));
    assert!(!waiting.is_finished(), "the file that is there now is locked by another");
    drop(second);
    drop(waiting.join().unwrap());
}

#[cfg(target_os = "linux")]
#[test]
fn folder_lock_excludes_others() {
    let dir = tempfile::tempdir().unwrap();
    let held = Disk.lock_folder(dir.path(), Duration::ZERO).unwrap();
    assert!(held.is_some(), "folders can be locked on Linux");
    let refused = Disk.lock_folder(dir.path(), Duration::from_millis(5)).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::WouldBlock);
    drop(held);
    assert!(Disk.lock_folder(dir.path(), Duration::ZERO).unwrap().is_some());
}
