//! The files that the program keeps in the user's folders: nobody else may read them.
#![cfg(unix)]

use crate::program;

use program::{SPEECH, TestProgram};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

/// All files and folders below `folder`, and itself, with their modes.
fn modes(folder: &Path, found: &mut Vec<(PathBuf, u32)>) {
    let Ok(metadata) = fs::symlink_metadata(folder) else { return };
    found.push((folder.to_owned(), metadata.permissions().mode() & 0o777));
    if metadata.is_dir() {
        for entry in fs::read_dir(folder).unwrap() {
            modes(&entry.unwrap().path(), found);
        }
    }
}

/// Runs the program with a umask of 000.
fn run_without_umask(program: &TestProgram, arguments: &[&str]) {
    let like = program.command(arguments);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "umask 000; exec \"$0\" \"$@\""]).arg(like.get_program()).args(like.get_args()).current_dir(program.folder());
    shell.env_clear().envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = shell.output().unwrap();
    assert!(output.status.code().is_some_and(|status| status < 2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Before, the cache and the reading places were 0644 in 0755 with the usual umask, and open to
/// writing with this one.
#[test]
fn files_of_the_user_are_private_whatever_the_umask() {
    let program = TestProgram::new();
    let home = program.folder().parent().unwrap().to_owned();
    let program = program.set_env("XDG_CACHE_HOME", &home.join("cache").display().to_string());
    for index in 0..40 {
        program.write(&format!("many/{index}.txt"), SPEECH);
    }
    program.write("a.txt", SPEECH);
    let folders = ["data", "state", "config", "cache"].map(|folder| home.join(folder).join("pizhu"));
    // An older version made them open to all.
    for folder in &folders[..2] {
        fs::create_dir_all(folder).unwrap();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
    }
    for arguments in [
        &["tag", "a.txt", "--section", "一、", "人才工作"][..],
        &["note", "a.txt", "--section", "二、", "记"],
        &["tags", "add", "新签"],
        &["search", "人才", "many"],
        &["search", "青禾", "many"],
        &["untag", "a.txt", "--section", "一、"],
        &["count"],
        &["history", "a.txt"],
    ] {
        run_without_umask(&program, arguments);
    }
    let mut found = Vec::new();
    for folder in &folders {
        modes(folder, &mut found);
    }
    let wide: Vec<String> =
        found.iter().filter(|(_, mode)| mode & 0o077 != 0).map(|(path, mode)| format!("{mode:o} {}", path.display())).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    assert!(found.iter().filter(|(path, _)| path.is_file()).count() >= 3, "{found:?}");
}
