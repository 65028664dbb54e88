//! `--state none`: the user's own folders are neither read nor written.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::json;
use std::{fs, path::Path, time::SystemTime};

/// A program whose home is full of what must not be touched: broken settings, which would be told, a
/// store, a state folder.
fn program_with_home() -> TestProgram {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一、", "人才工作"]).ok();
    let home = program.folder().parent().unwrap().to_owned();
    fs::create_dir_all(home.join("config/pizhu")).unwrap();
    fs::write(home.join("config/pizhu/settings.ron"), "(language: \"zh-Hans\", nonsense: 1").unwrap();
    program
}

/// Every file and folder beside the program's own folder, with the times of its last change and read.
fn listing(folder: &Path, found: &mut Vec<(String, SystemTime, Option<SystemTime>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("work") {
            continue;
        }
        let metadata = fs::symlink_metadata(&path).unwrap();
        found.push((path.display().to_string(), metadata.modified().unwrap(), metadata.accessed().ok().filter(|_| metadata.is_file())));
        if metadata.is_dir() {
            listing(&path, found);
        }
    }
    found.sort();
}

#[test]
fn nothing_of_the_user_is_read_or_written() {
    let program = program_with_home();
    let home = program.folder().parent().unwrap().to_owned();
    let mut before = Vec::new();
    listing(&home, &mut before);
    assert!(before.len() > 5, "{before:?}");
    let record = json!({ "id": 1, "text": SPEECH }).to_string();
    for arguments in [
        &["outline", "a.txt"] as &[&str],
        &["outline", "--input", "jsonl", "--format", "jsonl"],
        &["text", "a.txt"],
        &["read", "a.txt"],
        &["search", "工作站"],
        &["search", "工作站", ".", "--tag", "人才工作"],
        &["suggest", "a.txt"],
        &["suggest", "--input", "jsonl"],
        &["export", ".", "--format", "jsonl"],
        &["export", "--format", "csv"],
        &["review"],
        &["count", "."],
        &["schema", "outline"],
    ] {
        let with_option: Vec<&str> = arguments.iter().copied().chain(["--state", "none"]).collect();
        let run = program.run_with_stdin(&with_option, &record);
        assert!(run.status <= 1 && run.err.is_empty(), "{arguments:?}: {} {}", run.status, run.err);
        let text = run.out + &run.err;
        assert!(!text.contains("标签"), "in the language of the environment: {text}");
    }
    let mut after = Vec::new();
    listing(&home, &mut after);
    assert_eq!(before, after);
    // The annotations in the user's own store are not seen; without the option they are.
    assert_eq!(program.run(&["export", "a.txt", "--format", "jsonl", "--state", "none"]).ok(), "");
    assert!(program.run(&["export", "a.txt", "--format", "jsonl"]).out.contains("人才工作"));
}

/// As for a worker without a home of its own.
#[cfg(unix)]
#[test]
fn no_home_is_needed() {
    let program = TestProgram::with_speech();
    for home in ["/dev/null/none", ""] {
        let mut command = program.command(&["outline", "a.txt", "--format", "jsonl", "--state=none"]);
        for name in ["HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env(name, home);
        }
        let output = command.output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 6);
    }
}

#[test]
fn a_shared_store_is_read_and_not_written() {
    let program = program_with_home();
    program.run(&["store", "init", "."]);
    assert_eq!(program.run(&["tag", "a.txt", "--section", "二、", "作风建设"]).status, 0);
    let out = program.run(&["export", ".", "--format", "jsonl", "--state", "none"]).ok();
    assert!(out.contains("作风建设"), "{out}");
    let hits = program.run(&["search", "人才", ".", "--tag", "作风建设", "--state", "none", "--format", "jsonl"]).ok();
    assert!(hits.lines().count() >= 2, "{hits}");
}

#[test]
fn commands_that_need_the_folders_say_so() {
    let program = program_with_home();
    for arguments in [
        &["tag", "a.txt", "--section", "一、", "作风建设"] as &[&str],
        &["review", "a.txt", "--accept"],
        &["review", "a.txt", "--take"],
        &["suggest", "a.txt", "--refuse", "人才工作", "--section", "一、"],
        &["doctor"],
        &[],
    ] {
        let with_option: Vec<&str> = arguments.iter().copied().chain(["--state", "none"]).collect();
        assert!(program.run(&with_option).error(2).contains("--state none"), "{arguments:?}");
    }
    // Wrong arguments are told without the settings, too.
    let run = program.run(&["outline", "--no-such", "--state", "none"]);
    assert!(run.status == 2 && run.err.starts_with("error:"), "{}", run.err);
}
