//! Commands over many speeches of which some are bad: these are told by name, the rest is done, and
//! the status is 1.

use crate::program::{SPEECH, TestProgram};
use std::fs;

/// What a run that did its work in part prints, and what it tells.
#[track_caller]
fn partly(program: &TestProgram, arguments: &[&str]) -> (String, String) {
    let output = program.run(arguments);
    assert_eq!(output.status, 1, "{arguments:?}: {}", output.err);
    assert!(!output.err.contains("panicked") && output.err.lines().all(|line| line.starts_with("pizhu: ")), "{}", output.err);
    (output.out, output.err)
}

/// Two annotated speeches, and beside them what cannot be read.
fn with_bad_files() -> TestProgram {
    let program = TestProgram::with_speech();
    fs::create_dir(program.folder().join(".pizhu")).unwrap();
    program.write("b.txt", SPEECH.replace("青禾", "临江").replace("很重要", "十分重要"));
    for (file, author) in [("a.txt", "甲"), ("b.txt", "甲"), ("a.txt", "乙")] {
        program.run(&["tag", file, "--section", "一", "人才工作", "--author", author]).ok();
    }
    program.write("坏.docx", "PK\u{3}\u{4} but no archive");
    program.write("~$讲话.docx", "\u{5}Owner");
    program.write("密.pdf.txt", "%PDF-1.4\n");
    program
}

const COMMANDS: [&[&str]; 6] =
    [&["export", "--format", "csv"], &["count"], &["review", "--all"], &["agree"], &["search", "人才"], &["reuse"]];

/// One unreadable file ended export, count and review on a folder, and search went on with status 0.
/// Word's lock file did the same.
#[test]
fn bad_file_does_not_stop_the_run() {
    let program = with_bad_files();
    for command in COMMANDS {
        for paths in [&["."][..], &["b.txt", "a.txt", "坏.docx", "密.pdf.txt", "~$讲话.docx"]] {
            let (out, err) = partly(&program, &[command, paths].concat());
            assert!(err.contains("坏.docx") && err.contains("密.pdf.txt") && !err.contains("~$"), "{command:?}: {err}");
            assert_eq!(err.lines().count(), 2, "{command:?}: {err}");
            match command[0] {
                "export" => assert_eq!(out.matches(",人才工作,人才工作,").count(), 3, "{out}"),
                "count" => assert!(out.contains("青禾") && out.contains("临江"), "{out}"),
                "agree" => assert!(out.contains("甲"), "{out}"),
                "search" | "reuse" => assert!(out.contains("a.txt") && out.contains("b.txt"), "{out}"),
                _ => {}
            }
        }
        // Alone it is what was asked for.
        assert!(program.run(&[command, &["坏.docx"][..]].concat()).status >= 1);
    }
    assert!(program.run(&["export", "坏.docx"]).error(2).contains("坏.docx"));
    program.run(&["export", "没有.txt"]).error(2);
    assert_eq!(partly(&program, &["export", "没有.txt", "a.txt"]).1.lines().count(), 1);
}

/// A folder with nothing but Word's lock file has no speeches.
#[test]
fn lock_files_are_passed_over_in_silence() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    program.write("~$讲话.docx", "\u{5}Owner");
    for command in [&["export"][..], &["count"], &["review"], &["search", "人才"]] {
        program.run(&[command, &["."]].concat()).ok();
    }
    program.write("空/~$讲话.docx", "\u{5}Owner");
    program.run(&["export", "空"]).error(2);
}

/// Missing speeches were left out with status 0.
#[test]
fn missing_speeches_are_reported_with_status_1() {
    let program = with_bad_files();
    fs::remove_file(program.folder().join("b.txt")).unwrap();
    for command in [&["export", "--format", "csv"][..], &["count"], &["review"], &["agree"]] {
        let (out, err) = partly(&program, command);
        assert!(err.contains("b.txt") && err.lines().count() == 1, "{command:?}: {err}");
        assert!(command[0] == "review" || out.contains("人才工作"), "{command:?}: {out}");
    }
}

/// `suggest` learns from the store's other speeches; one that cannot be read is told.
#[test]
fn suggestions_tell_of_speeches_that_they_could_not_learn_from() {
    let program = with_bad_files();
    program.write("b.txt", "%PDF-1.4\n");
    let (out, err) = partly(&program, &["suggest", "a.txt"]);
    assert!(err.contains("b.txt") && err.lines().count() == 1 && !out.contains("pizhu: "), "{err}");
}

/// Linked folders were left out in silence.
#[cfg(unix)]
#[test]
fn linked_folders_are_reported() {
    let program = with_bad_files();
    program.write("别处/c.txt", SPEECH);
    fs::create_dir(program.folder().join("会议")).unwrap();
    program.write("会议/d.txt", SPEECH);
    std::os::unix::fs::symlink("../别处", program.folder().join("会议/链")).unwrap();
    let output = program.run(&["search", "人才", "会议"]);
    assert_eq!((output.status, output.err.lines().count()), (0, 1), "{}", output.err);
    assert!(output.err.contains("会议/链") && !output.out.contains("c.txt"), "{}", output.err);
    // Named, it is read.
    assert!(program.run(&["search", "人才", "会议/链"]).ok().contains("c.txt"));
}

/// A name in GBK bytes "is not there any more", status 0.
#[cfg(unix)]
#[test]
fn file_names_that_are_not_utf8_are_exported() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    for shared in [true, false] {
        let program = TestProgram::new();
        if shared {
            fs::create_dir(program.folder().join(".pizhu")).unwrap();
        }
        let name = OsStr::from_bytes(b"\xBD\xB2\xBB\xB0.txt");
        fs::write(program.folder().join(name), SPEECH).unwrap();
        let tagged = program.command(&["tag"]).arg(name).args(["--section", "一", "人才工作"]).output().unwrap();
        assert!(tagged.status.success(), "{}", String::from_utf8_lossy(&tagged.stderr));
        for command in [&["export", "--format", "csv"][..], &["export", "--format", "csv", "."], &["count"]] {
            assert!(program.run(command).ok().contains("人才工作"), "shared: {shared}, {command:?}");
        }
    }
}
