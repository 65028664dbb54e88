//! Shared stores: `store init`, `merge` as git's merge driver and without it, `store part` and
//! `store join`, run as processes.

use crate::program;

use program::{CommandOutput, SPEECH, TestProgram};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A `PATH` with this program and the system's programs, for git.
fn search_path() -> String {
    let own = program::binary().parent().unwrap().display().to_string();
    format!("{own}:{}", std::env::var("PATH").unwrap_or_default())
}

fn program() -> TestProgram {
    TestProgram::new().set_env("PATH", &search_path()).set_env("GIT_CONFIG_NOSYSTEM", "1")
}

/// Runs git for `author` in `folder`; returns whether it succeeded, and its output.
fn git(program: &TestProgram, folder: &str, author: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("git")
        .args(["-c", &format!("user.name={author}"), "-c", "user.email=who@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(program.folder().join(folder))
        .env_clear()
        .env("PATH", search_path())
        .env("HOME", program.folder())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), printed)
}

#[track_caller]
fn git_ok(program: &TestProgram, folder: &str, author: &str, arguments: &[&str]) {
    let (succeeded, printed) = git(program, folder, author, arguments);
    assert!(succeeded, "git {arguments:?}: {printed}");
}

/// Runs the program in `folder`, relative to the program's folder.
fn run_in(program: &TestProgram, folder: &str, arguments: &[&str]) -> CommandOutput {
    let output = program.command(arguments).current_dir(program.folder().join(folder)).output().unwrap();
    CommandOutput {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The tags of a folder's annotations, each with its author.
fn tags_with_authors(program: &TestProgram, folder: &str) -> Vec<(String, String)> {
    let exported = run_in(program, folder, &["export", "--format", "json"]).json();
    let mut found = Vec::new();
    for entry in exported["annotations"].as_array().unwrap() {
        for tag in entry["tags"].as_array().unwrap() {
            found.push((tag.as_str().unwrap().to_owned(), entry["author"].as_str().unwrap().to_owned()));
        }
    }
    found.sort();
    found
}

/// Creates two clones of one repository. 甲 and 乙 have each committed a tag on one of two
/// neighbouring sections, and a note on the same existing annotation.
fn diverged_clones(program: &TestProgram, with_driver: bool) {
    fs::create_dir(program.folder().join("origin")).unwrap();
    git_ok(program, "origin", "甲", &["init", "-q"]);
    program.write("origin/讲话.txt", SPEECH);
    let made = run_in(program, "origin", &["store", "init", "--git", "--format", "json"]).json();
    assert_eq!((&made["git"], &made["driver"]), (&json!(true), &json!(true)));
    run_in(program, "origin", &["tag", "讲话.txt", "--section", "一", "起点"]).ok();
    git_ok(program, "origin", "甲", &["add", "-A"]);
    git_ok(program, "origin", "甲", &["commit", "-qm", "start"]);
    for name in ["first", "second"] {
        git_ok(program, "", "甲", &["clone", "-q", "origin", name]);
        if with_driver {
            run_in(program, name, &["store", "init", "--git"]).ok();
            let (_, printed) = git(program, name, "甲", &["status", "--porcelain"]);
            assert_eq!(printed, "", "a second init changes nothing");
        }
    }
    for (name, author, section) in [("first", "甲", "二/(一)"), ("second", "乙", "二/(二)")] {
        run_in(program, name, &["--author", author, "tag", "讲话.txt", "--section", section, "人才工作", author]).ok();
        let annotations = run_in(program, name, &["export", "--format", "json"]).json();
        let start = annotations["annotations"].as_array().unwrap().iter().find(|entry| entry["tags"] == json!(["起点"])).unwrap();
        run_in(program, name, &["note", "讲话.txt", "--id", start["id"].as_str().unwrap(), author]).ok();
        git_ok(program, name, author, &["add", "-A"]);
        git_ok(program, name, author, &["commit", "-qm", author]);
    }
}

fn notes_in(program: &TestProgram, folder: &str) -> Vec<String> {
    let exported = run_in(program, folder, &["export", "--format", "json"]).json();
    let all = exported["annotations"].as_array().unwrap().iter().map(|entry| entry["note"].as_str().unwrap().to_owned());
    all.filter(|note| !note.is_empty()).collect()
}

fn expected() -> Vec<(String, String)> {
    let own = |tag: &str, author: &str| (tag.to_owned(), author.to_owned());
    let mut all = vec![own("起点", "李工"), own("人才工作", "甲"), own("甲", "甲"), own("人才工作", "乙"), own("乙", "乙")];
    all.sort();
    all
}

#[test]
fn clones_merge_with_the_driver() {
    let program = program();
    diverged_clones(&program, true);
    git_ok(&program, "first", "甲", &["pull", "-q", "--no-rebase", "--no-edit", "../second", "main"]);
    assert_eq!(tags_with_authors(&program, "first"), expected());
    assert_eq!(notes_in(&program, "first"), ["乙\n\n※\n\n甲"], "both notes are kept");
    let speech_file = speech_file(&program.folder().join("first"));
    let text = fs::read_to_string(speech_file).unwrap();
    assert!(!text.contains("<<<<<<<") && text.matches("version: ").count() == 1, "the driver writes a valid file:\n{text}");
}

#[test]
fn clones_merge_by_union_without_the_driver() {
    let program = program();
    diverged_clones(&program, false);
    git_ok(&program, "first", "甲", &["pull", "-q", "--no-rebase", "--no-edit", "../second", "main"]);
    assert_eq!(tags_with_authors(&program, "first"), expected());
    let notes = notes_in(&program, "first");
    assert!(notes.len() == 1 && notes[0].contains('甲') && notes[0].contains('乙'), "{notes:?}");
    // The next edit rewrites the file.
    run_in(&program, "first", &["tag", "讲话.txt", "--span", "0:3", "收尾"]).ok();
    let text = fs::read_to_string(speech_file(&program.folder().join("first"))).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with("(id:")).count(), 4, "{text}");
}

#[test]
fn driver_falls_back_to_union_if_pizhu_is_missing() {
    let program = program();
    diverged_clones(&program, true);
    let pull = Command::new("git")
        .args(["-c", "user.name=甲", "-c", "user.email=who@example.org", "pull", "-q", "--no-rebase", "--no-edit", "../second", "main"])
        .current_dir(program.folder().join("first"))
        .env("HOME", program.folder())
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .output()
        .unwrap();
    assert!(pull.status.success(), "{}", String::from_utf8_lossy(&pull.stderr));
    assert_eq!(tags_with_authors(&program, "first"), expected());
}

/// The file of the only speech in the store of `folder`.
fn speech_file(folder: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join(".pizhu")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "ron") && !path.ends_with("codebook.ron"));
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

#[test]
fn merge_keeps_its_inputs_if_one_is_unreadable() {
    let program = program();
    program.write("讲话.txt", SPEECH);
    program.run(&["store", "init"]).ok();
    program.run(&["tag", "讲话.txt", "--section", "一", "起点"]).ok();
    let whole = fs::read_to_string(speech_file(&program.folder())).unwrap();
    let cut: String = whole.chars().take(whole.chars().count() - 120).collect();
    for (name, content) in
        [("whole", whole.as_str()), ("cut", &cut), ("empty", ""), ("other", "讲话"), ("newer", &whole.replace("version: 2", "version: 9"))]
    {
        program.write(name, content);
    }
    program.run(&["merge", "empty", "whole", "whole"]).ok();
    assert_eq!(program.read("whole"), whole);
    for (theirs, printed) in
        [("cut", "damaged"), ("other", "not a file of an annotation store"), ("newer", "newer"), ("gone", "no such file")]
    {
        assert!(program.run(&["merge", "empty", "whole", theirs]).error(2).contains(printed), "{theirs}");
        assert_eq!(program.read("whole"), whole);
    }
    assert!(program.run(&["merge", "empty", "cut", "whole"]).error(2).contains("cut: is damaged"));
    assert!(program.run(&["merge", "gone", "whole", "whole"]).error(2).contains("gone: there is no such file"));
    program.run(&["merge", "cut", "whole", "whole"]).ok();
    let program = program.set_env("LANG", "zh_TW.UTF-8");
    assert!(program.run(&["merge", "empty", "whole", "cut"]).error(2).contains("檔案已損壞"));
}

/// Two people have made a tag of the same name.
#[test]
fn united_tags_are_reported_by_merge_and_once_on_opening() {
    let program = program();
    let book = |id: &str| format!("(\nversion: 2,\ntags: [\n(id:\"{id}\",name:\"作风\"),\n],\ndeleted: [\n],\n)\n");
    program.write("base", "");
    program.write("ours", book("1732cm639x"));
    program.write("theirs", book("7k2m9q4x0c"));
    let is_told = |output: &CommandOutput| {
        assert_eq!(output.status, 0, "{}", output.err);
        output.err.lines().count() == 1 && output.err.contains("作风") && output.err.contains("pizhu tags split")
    };
    let merged = program.run(&["merge", "base", "ours", "theirs"]);
    assert!(is_told(&merged), "{}", merged.err);
    program.write("讲话.txt", SPEECH);
    program.run(&["store", "init"]).ok();
    program.write(".pizhu/codebook.ron", program.read("ours"));
    assert!(is_told(&program.run(&["tags"])));
    // Also as long as nothing writes the codebook.
    assert_eq!(program.run(&["tags"]).ok().matches("作风").count(), 1);
    assert_eq!(program.read(".pizhu/codebook.ron"), program.read("ours"));
}

#[test]
fn shared_store_adopts_annotations_of_the_user_store() {
    let program = program();
    program.write("组/讲话.txt", SPEECH);
    program.run(&["tag", "组/讲话.txt", "--section", "一", "起点"]).ok();
    let annotations = |program: &TestProgram| program.run(&["export", "组/讲话.txt", "--format", "json"]).json()["annotations"].clone();
    let before = annotations(&program);
    let printed = program.run(&["store", "init", "组", "--adopt"]).ok();
    assert!(printed.contains("Annotations of 1 speech"), "{printed}");
    let after = annotations(&program);
    assert_eq!((&after[0]["id"], &after[0]["document"]), (&before[0]["id"], &json!("讲话.txt")));
    assert!(program.run(&["store", "init", "没有"]).error(2).contains("no such"));
}

#[test]
fn copies_can_be_detached_and_attached() {
    let program = program();
    program.write("甲.txt", SPEECH);
    program.write("乙.txt", SPEECH);
    let tags_with_authors = |program: &TestProgram, file: &str| -> Vec<Value> {
        let entries = program.run(&["export", file, "--format", "json"]);
        assert_eq!(entries.status, 0, "{}", entries.err);
        let json: Value = serde_json::from_str(&entries.out).unwrap();
        json["annotations"].as_array().unwrap().iter().map(|entry| entry["tags"][0].clone()).collect()
    };
    program.run(&["tag", "甲.txt", "--section", "一", "一"]).ok();
    assert_eq!(tags_with_authors(&program, "乙.txt"), ["一"], "a copy shares annotations");
    let warning = program.run(&["export", "乙.txt", "--format", "json"]).err;
    assert!(warning.contains("乙.txt: is a copy of") && warning.contains("store part"), "{warning}");
    program.run(&["store", "part", "乙.txt"]).ok();
    program.run(&["tag", "乙.txt", "--section", "二", "二"]).ok();
    assert_eq!(
        (tags_with_authors(&program, "甲.txt"), tags_with_authors(&program, "乙.txt")),
        (vec![json!("一")], vec![json!("一"), json!("二")])
    );
    program.run(&["store", "join", "乙.txt"]).ok();
    assert_eq!(tags_with_authors(&program, "甲.txt"), ["一", "二"]);
    // A file that was moved and edited at the same time.
    fs::remove_file(program.folder().join("甲.txt")).unwrap();
    fs::remove_file(program.folder().join("乙.txt")).unwrap();
    program.write("新/讲话.txt", SPEECH.replace("三十人", "三十五人"));
    assert_eq!(tags_with_authors(&program, "新/讲话.txt").len(), 0);
    program.run(&["store", "join", "新/讲话.txt", "甲.txt"]).ok();
    assert_eq!(tags_with_authors(&program, "新/讲话.txt"), ["一", "二"]);
    assert!(program.run(&["store", "join", "新/讲话.txt", "丙.txt"]).error(2).contains("丙.txt: there are no annotations"));
}
