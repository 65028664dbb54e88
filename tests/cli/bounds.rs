//! Bounds of what is read whole because the user names it: a file to import, the versions to merge, a
//! note on standard input. A pipe is read to its end.

use crate::program::TestProgram;
use std::{
    fs::{self, File},
    os::unix::fs::symlink,
    process::{Command, Stdio},
    thread,
};

/// A sparse file of 4 GB and a device were read until the memory was full.
#[test]
fn files_beyond_the_bound_are_refused_with_a_line_that_names_it() {
    let program = TestProgram::with_store();
    let folder = program.folder();
    for (name, size) in [("sparse.json", 4 << 30), ("sparse.qdpx", 4 << 30), ("long.json", 65 << 20)] {
        File::create(folder.join(name)).unwrap().set_len(size).unwrap();
    }
    symlink("/dev/zero", folder.join("zero.json")).unwrap();
    let store = folder.join(".pizhu/codebook.ron");
    fs::copy(&store, folder.join("whole")).unwrap();
    let before = fs::read(&store).unwrap();
    for (name, bound) in [("sparse.json", 256), ("sparse.qdpx", 256), ("zero.json", 256), ("long.json", 64)] {
        for arguments in [&["import", name, "a.txt"][..], &["tags", "import", name]] {
            let message = program.run(arguments).error(2);
            assert!(message.contains(&format!("{name}: larger than {bound} MB")), "{arguments:?}: {message}");
        }
        let versions = [[name, "whole", "whole"], ["whole", name, "whole"], ["whole", "whole", name]];
        for [base, ours, theirs] in versions {
            let message = program.run(&["merge", base, ours, theirs]).error(2);
            assert!(message.contains(&format!("{name}: larger than 64 MB")), "{message}");
        }
    }
    assert_eq!(fs::read(&store).unwrap(), before);
    assert_eq!(fs::read(folder.join("whole")).unwrap(), before);
}

#[test]
fn standard_input_without_end_is_refused() {
    let program = TestProgram::with_store();
    for (arguments, bound) in [
        (&["import", "-", "a.txt"][..], "-: larger than 256 MB"),
        (&["tags", "import", "-"], "-: larger than 256 MB"),
        (&["note", "a.txt", "--section", "一、", "-"], "-: larger than 1 MB"),
    ] {
        let output = program.command(arguments).stdin(File::open("/dev/zero").unwrap()).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), message.lines().count()), (Some(2), 1), "{message}");
        assert!(message.contains(bound), "{message}");
    }
}

#[test]
fn pipes_are_imported_and_merged() {
    let program = TestProgram::with_store();
    let folder = program.folder();
    let exported = program.run(&["export", "--format", "json"]).ok();
    let codebook = fs::read(folder.join(".pizhu/codebook.ron")).unwrap();
    for (name, content, arguments) in [
        ("in.json", exported.as_bytes(), &["import", "in.json", "a.txt"][..]),
        ("theirs", &codebook[..], &["merge", "ours", "ours", "theirs"]),
    ] {
        fs::write(folder.join("ours"), &codebook).unwrap();
        assert!(Command::new("mkfifo").arg(folder.join(name)).status().unwrap().success());
        thread::scope(|scope| {
            scope.spawn(|| fs::write(folder.join(name), content).unwrap());
            let output = program.command(arguments).stdin(Stdio::null()).output().unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        });
    }
}
