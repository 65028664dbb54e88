//! Every command that writes to a path, against every kind of target: the right thing, or one clear
//! line and nothing changed.

use crate::program::TestProgram;
use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    io::Read as _,
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink},
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// The formats of `export`, and those of `tags export`.
const EXPORTS: [&str; 14] = [
    "markdown",
    "html",
    "docx",
    "docx-comments",
    "csv",
    "xlsx",
    "json",
    "jsonl",
    "ron",
    "web-annotation",
    "qdpx",
    "brat",
    "qdc",
    "taguette",
];

/// What a file is, in words that tell whether it has changed.
fn describe(path: &Path) -> String {
    let metadata = fs::symlink_metadata(path).unwrap();
    let mode = metadata.permissions().mode() & 0o7777;
    let kind = metadata.file_type();
    if kind.is_symlink() {
        format!("link to {}", fs::read_link(path).unwrap().display())
    } else if kind.is_file() {
        format!("file {mode:o} {:?}", String::from_utf8_lossy(&fs::read(path).unwrap()))
    } else {
        format!(
            "{} {mode:o}",
            if kind.is_dir() {
                "folder"
            } else if kind.is_fifo() {
                "fifo"
            } else {
                "other"
            }
        )
    }
}

/// Everything below a folder.
fn snapshot(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_here) = open.pop() {
        for entry in fs::read_dir(&folder_here).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path.clone());
            }
            found.insert(path.strip_prefix(folder).unwrap().display().to_string(), describe(&path));
        }
    }
    found
}

fn make_fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Whether this process may write wherever it likes.
fn is_root() -> bool {
    let probe = tempfile::tempdir().unwrap();
    fs::set_permissions(probe.path(), Permissions::from_mode(0o500)).unwrap();
    fs::write(probe.path().join("x"), "").is_ok()
}

/// A program with an annotated speech in a shared store, and one target of each kind.
fn with_targets() -> TestProgram {
    let program = TestProgram::with_speech();
    fs::create_dir(program.folder().join(".pizhu")).unwrap();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    program.write("old", "旧");
    program.write("real", "旧");
    program.write("locked", "旧");
    let at = |name: &str| program.folder().join(name);
    fs::set_permissions(at("old"), Permissions::from_mode(0o640)).unwrap();
    fs::set_permissions(at("real"), Permissions::from_mode(0o604)).unwrap();
    fs::set_permissions(at("locked"), Permissions::from_mode(0o444)).unwrap();
    symlink("real", at("link")).unwrap();
    symlink("new-by-link", at("dangling")).unwrap();
    symlink("a.txt", at("speech-link")).unwrap();
    fs::hard_link(at("a.txt"), at("speech-hard")).unwrap();
    symlink("/dev/null", at("device-link")).unwrap();
    symlink("self", at("self")).unwrap();
    fs::create_dir(at("folder")).unwrap();
    fs::create_dir(at("closed")).unwrap();
    fs::set_permissions(at("closed"), Permissions::from_mode(0o555)).unwrap();
    make_fifo(&at("fifo"));
    program
}

/// The commands that write to the path behind them, without the path.
fn writers() -> Vec<Vec<&'static str>> {
    let exports = EXPORTS.iter().map(|format| vec!["export", "a.txt", "--format", format, "-o"]);
    let books = ["csv", "qdc", "taguette"].into_iter().map(|format| vec!["tags", "export", "--format", format, "-o"]);
    exports.chain(books).collect()
}

#[test]
fn forbidden_destinations_are_one_line_errors_and_stay_unchanged() {
    let program = with_targets();
    let mut refused: Vec<(&str, &str)> = vec![
        (".pizhu/codebook.ron", "store"),
        (".pizhu/new.md", "store"),
        ("folder", "folder"),
        ("locked", "locked"),
        ("self", "self"),
        ("none/x", "none/x"),
        ("/dev/full", "/dev/full"),
    ];
    if !is_root() {
        refused.push(("closed/x", "closed/x"));
    }
    let speech = ["a.txt", "./a.txt", "folder/../a.txt", "speech-link", "speech-hard"];
    let before = snapshot(&program.folder());
    for writer in writers() {
        for (target, word) in &refused {
            let line = program.run(&[&writer[..], &[target, "--force"]].concat()).error(2);
            assert!(line.contains(word) && line.contains(target), "{writer:?} {target}: {line}");
            assert_eq!(snapshot(&program.folder()), before, "{writer:?} {target}");
        }
        for target in ["old", "link", "locked"] {
            let line = program.run(&[&writer[..], &[target]].concat()).error(2);
            assert!(line.contains("--force") && line.contains(target), "{writer:?} {target}: {line}");
            assert_eq!(snapshot(&program.folder()), before, "{writer:?} {target}");
        }
        // The codebook is not made from the speech, which is a plain file to it.
        for target in speech.iter().filter(|_| writer[0] == "export") {
            for force in [&["--force"][..], &[]] {
                let line = program.run(&[&writer[..], &[target], force].concat()).error(2);
                assert!(line.contains("speech") && !line.contains("--force"), "{writer:?} {target}: {line}");
            }
            assert_eq!(snapshot(&program.folder()), before, "{writer:?} {target}");
        }
    }
}

#[test]
fn plain_files_links_pipes_and_devices_are_written() {
    for writer in writers() {
        let program = with_targets();
        let at = |name: &str| program.folder().join(name);
        let run = |target: &[&str]| program.run(&[&writer[..], target].concat()).ok();
        let expected = program.command(&[&writer[..], &["-"]].concat()).output().unwrap().stdout;
        let same = |name: &str| {
            let written = fs::read(at(name)).unwrap();
            // An XLSX file holds the time of writing.
            assert!(written == expected || writer.contains(&"xlsx") && written.starts_with(b"PK"), "{writer:?} {name}");
        };
        assert!(!expected.is_empty());
        for target in ["new", "dangling"] {
            run(&[target]);
        }
        for target in ["old", "link"] {
            run(&[target, "--force"]);
        }
        for name in ["new", "new-by-link", "old", "real"] {
            same(name);
        }
        // A link became a regular file of mode 0777.
        assert_eq!((describe(&at("link")), describe(&at("dangling"))), ("link to real".into(), "link to new-by-link".into()));
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("old"), mode("real")), (0o640, 0o604), "replacing keeps the mode");
        assert_eq!(mode("new"), mode("new-by-link"), "the umask decides");
        // FIFOs and devices became regular files with --force, and without it were refused.
        for force in [&[][..], &["--force"]] {
            let reader = thread::spawn({
                let fifo = at("fifo");
                move || fs::read(fifo).unwrap()
            });
            run(&[&["fifo"], force].concat());
            let written = reader.join().unwrap();
            assert!(written == expected || writer.contains(&"xlsx"), "{writer:?}");
            run(&[&["/dev/null"], force].concat());
            run(&[&["device-link"], force].concat());
        }
        assert!(describe(&at("fifo")).starts_with("fifo") && describe(&at("device-link")) == "link to /dev/null");
        assert!(fs::symlink_metadata("/dev/null").unwrap().file_type().is_char_device());
        for target in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            let output = program.command(&[&writer[..], &[target]].concat()).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{writer:?} {target}");
            assert!(output.stdout == expected || writer.contains(&"xlsx"), "{writer:?} {target}");
        }
        // Standard error is a pipe here.
        let mut command = program.command(&[&writer[..], &["/dev/stderr"]].concat());
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success() && (output.stderr == expected || writer.contains(&"xlsx")), "{writer:?}");
        let names = snapshot(&program.folder());
        assert!(names.keys().all(|name| !name.contains(".tmp")), "no temporary file is left: {names:?}");
    }
}

#[test]
fn standard_output_that_the_shell_sent_to_a_file_is_appended_to() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    let log = program.write("log", "头\n");
    let file = fs::File::options().append(true).open(&log).unwrap();
    let status = program.command(&["export", "-o", "/dev/stdout", "--format", "csv"]).stdout(file).status().unwrap();
    let text = fs::read_to_string(&log).unwrap();
    assert!(status.success() && text.starts_with("头\nid,scope,"), "{text}");
}

#[test]
fn a_full_device_behind_a_pipe_is_one_line() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut child = program.command(&["export", "-o", "-"]).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    child.stderr.take().unwrap().read_to_string(&mut line).unwrap();
    assert_eq!((child.wait().unwrap().code(), line.lines().count()), (Some(2), 1), "{line}");
}

#[test]
fn manual_pages_go_into_a_folder_and_onto_nothing_else() {
    let program = with_targets();
    let before = snapshot(&program.folder());
    let mut refused = vec!["a.txt", "fifo", "none", "/dev/null", "self", "dangling"];
    if !is_root() {
        refused.push("closed");
    }
    for target in refused {
        let line = program.run(&["man", target]).error(2);
        assert!(line.contains(target), "{line}");
        assert_eq!(snapshot(&program.folder()), before, "{target}");
    }
    // A page's name led to the speech, which became the page.
    symlink("../a.txt", program.folder().join("folder/pizhu-export.1")).unwrap();
    let before = snapshot(&program.folder());
    assert!(program.run(&["man", "folder"]).error(2).contains("pizhu-export.1"));
    assert_eq!(snapshot(&program.folder()), before);
    fs::remove_file(program.folder().join("folder/pizhu-export.1")).unwrap();
    for _ in 0..2 {
        program.run(&["man", "folder"]).ok();
    }
    let pages = fs::read_dir(program.folder().join("folder")).unwrap().count();
    assert!(pages > 20 && program.read("folder/pizhu-export.1").contains("pizhu"), "{pages}");
}
