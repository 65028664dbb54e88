//! The store as the commands use it: saved annotations can be read back, also from damaged, newer
//! and conflicting files.

use pizhu_annotation::Annotation;
use pizhu_annotation::Edit;
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::Target;
use pizhu_annotation::store::StoreWarning;
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{fs, path::Path};

const SPEECH: &str =
    "在青禾县组织工作推进会的讲话\n同志们：\n一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n要把支部建在网格上。\n";

fn document() -> Document {
    Document::from(SourceText::from(SPEECH))
}

fn store(dir: &Path) -> Store {
    Store::new(StoreLocation::from_dir(&dir.join("store")), dir.join("state"))
}

fn span_of(text: &str) -> Span {
    let at = SPEECH.find(text).unwrap();
    let start = SPEECH[..at].chars().count();
    Span::new(start, start + text.chars().count())
}

fn tag(text: &str, tags: &[&str]) -> Edit {
    Edit::Tag { target: Target::Passage(span_of(text)), tags: tags.iter().map(|tag| pizhu_annotation::TagRef::derived(tag)).collect() }
}

fn all_annotations(store: &Store, path: &Path) -> Vec<Annotation> {
    store.annotations(&document(), path).unwrap().0.iter().map(|placed| (*placed.annotation).clone()).collect()
}

fn speech_files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(dir.join("store")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "ron") && !path.ends_with("codebook.ron"));
    paths
}

#[test]
fn saved_annotations_can_be_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("讲话.txt");
    let first = store(dir.path()).apply(&document(), &path, "甲", vec![tag("要把人才放在心上", &["人才工作"])]).unwrap();
    let again = store(dir.path()).apply(&document(), &path, "甲", vec![tag("要把人才放在心上", &["制度建设"])]).unwrap();
    assert_eq!(first, again, "same passage and author: same annotation");
    let other = store(dir.path()).apply(&document(), &path, "乙", vec![tag("要把人才放在心上", &["新题目"])]).unwrap();
    assert_ne!(first, other);
    let annotations = all_annotations(&store(dir.path()), &path);
    assert_eq!(annotations.len(), 2);
    let own = annotations.iter().find(|annotation| annotation.id == first[0]).unwrap();
    assert_eq!(own.tags.names(), ["人才工作", "制度建设"]);
    assert!(store(dir.path()).codebook().unwrap().find("新题目").is_ok(), "a new tag joins the codebook");
    store(dir.path()).apply(&document(), &path, "甲", vec![Edit::Delete { id: first[0] }]).unwrap();
    assert_eq!(all_annotations(&store(dir.path()), &path).len(), 1);
    let text = fs::read_to_string(&speech_files(dir.path())[0]).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("(id:")).count(), 2, "one line per annotation, one for the tombstone:\n{text}");
}

#[test]
fn truncated_file_keeps_all_whole_lines() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("讲话.txt");
    let edits = vec![tag("抓好人才工作", &["人才工作"]), tag("要把人才放在心上", &["人才工作"]), tag("要把支部建在网格上", &["基层党建"])];
    store(dir.path()).apply(&document(), &path, "甲", edits).unwrap();
    let file = speech_files(dir.path()).remove(0);
    let whole = fs::read(&file).unwrap();
    for cut in (0..whole.len()).rev() {
        fs::write(&file, &whole[..cut]).unwrap();
        let remaining = &whole[..cut];
        let last_line_end = remaining.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let whole_lines = String::from_utf8_lossy(&remaining[..last_line_end])
            .lines()
            .filter(|line| line.starts_with("(id:") && line.ends_with("),"))
            .count();
        let (anchor_index, warnings) = store(dir.path()).annotations(&document(), &path).unwrap();
        assert!(anchor_index.len() >= whole_lines, "cut at {cut}");
        if cut + 1 < whole.len() {
            // Where not even the speech's record is left, the history is the way out.
            let is_lost = whole_lines == 0 && matches!(warnings.as_slice(), [StoreWarning::Lacking { .. }]);
            assert!(is_lost || matches!(warnings.as_slice(), [StoreWarning::Damaged { .. }]), "cut at {cut}: {warnings:?}");
        }
    }
    // The next write backs up the damaged file.
    let cut = whole.len() * 2 / 3;
    fs::write(&file, &whole[..cut]).unwrap();
    store(dir.path()).apply(&document(), &path, "甲", vec![tag("同志们", &["作风建设"])]).unwrap();
    let aside = fs::read_dir(dir.path().join("store/aside")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(fs::read(aside).unwrap(), &whole[..cut]);
}

#[test]
fn newer_version_file_is_read_but_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("讲话.txt");
    store(dir.path()).apply(&document(), &path, "甲", vec![tag("抓好人才工作", &["人才工作"])]).unwrap();
    let file = speech_files(dir.path()).remove(0);
    let text = fs::read_to_string(&file).unwrap();
    for newer in [text.replace("version: 2", "version: 3"), text.replace("tags:{", "weight:(a:[1,2],b:\"x\"),tags:{")] {
        assert_ne!(newer, text);
        fs::write(&file, &newer).unwrap();
        assert_eq!(all_annotations(&store(dir.path()), &path).len(), 1);
        assert!(store(dir.path()).apply(&document(), &path, "甲", vec![tag("同志们", &["作风建设"])]).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), newer);
    }
}

#[test]
fn conflict_copy_is_merged_by_id() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("讲话.txt");
    store(dir.path()).apply(&document(), &path, "甲", vec![tag("抓好人才工作", &["人才工作"])]).unwrap();
    let file = speech_files(dir.path()).remove(0);
    let old = fs::read(&file).unwrap();
    store(dir.path()).apply(&document(), &path, "甲", vec![tag("同志们", &["作风建设"])]).unwrap();
    let new = fs::read(&file).unwrap();
    fs::write(&file, old).unwrap();
    let copy = file.with_file_name(format!("{} (conflict).ron", file.file_stem().unwrap().to_string_lossy()));
    fs::write(&copy, new).unwrap();
    assert_eq!(all_annotations(&store(dir.path()), &path).len(), 2, "read together");
    store(dir.path()).apply(&document(), &path, "甲", vec![tag("要把人才放在心上", &["人才工作"])]).unwrap();
    assert!(!copy.exists());
    assert_eq!(all_annotations(&store(dir.path()), &path).len(), 3);
}

#[test]
fn moved_or_edited_speech_keeps_its_annotations() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("讲话.txt");
    store(dir.path()).apply(&document(), &path, "甲", vec![tag("抓好人才工作", &["人才工作"])]).unwrap();
    assert_eq!(all_annotations(&store(dir.path()), &dir.path().join("别处/改名.txt")).len(), 1, "moved");
    let edited = Document::from(SourceText::from(format!("{SPEECH}又及\n").as_str()));
    let (none, _) = store(dir.path()).annotations(&edited, &dir.path().join("别的.txt")).unwrap();
    assert!(none.is_empty(), "another text at another path");
    let (annotations, _) = store(dir.path()).annotations(&edited, &path).unwrap();
    assert_eq!(annotations.len(), 1, "edited");
    let (annotations, _) = store(dir.path()).annotations(&edited, &dir.path().join("再改名.txt")).unwrap();
    assert_eq!(annotations.len(), 1, "edited, opened, and moved");
}
