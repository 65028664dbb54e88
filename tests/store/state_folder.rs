//! A state folder that cannot be written does not keep a writable store from being written.

use crate::kill::start_process_with;
use crate::program::TestProgram;
use crate::reader;

use reader::{notes, store};
use std::fs;

/// Formerly the store was refused, with a message that named the wrong cause, because no backup could
/// be made.
#[test]
fn command_writes_without_a_writable_state_folder_and_names_it() {
    let program = TestProgram::with_speech();
    let home = program.folder().parent().unwrap().to_owned();
    fs::create_dir(home.join("run")).unwrap();
    // A file in place of the folder: not even root can write there.
    fs::write(home.join("state"), "").unwrap();
    let program = program.set_env("XDG_RUNTIME_DIR", home.join("run").to_str().unwrap());
    for n in 0..3 {
        let output = program.run(&["--store", "store", "note", "a.txt", "--span", &format!("{n}:9"), &format!("记{n}")]);
        assert_eq!(output.status, 0, "{}", output.err);
        let told: Vec<&str> = output.err.lines().filter(|line| line.contains("cannot be written")).collect();
        let state = home.join("state");
        assert!(told.len() == 1 && told[0].contains(state.to_str().unwrap()), "said once, with the cause: {}", output.err);
    }
    let exported = program.run(&["--store", "store", "export", "a.txt", "--format", "json"]).json();
    assert_eq!(exported["annotations"].as_array().unwrap().len(), 3);
    let stand_in = home.join("run/pizhu");
    assert!(stand_in.join("history").is_dir(), "the history is kept there");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&stand_in).unwrap().permissions().mode() & 0o777, 0o700);
    }
    assert!(!program.folder().join("store/journal").exists(), "never in the store, which is synced");
    let history = program.run(&["--store", "store", "history", "a.txt"]);
    assert!(history.status == 0 && history.out.lines().count() >= 3, "{}", history.out);
}

/// Formerly the reader had no journal then, and could not save to the store either. A journal in the
/// stand-in is replayed like any other.
#[test]
fn journal_in_the_temporary_state_folder_is_replayed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fs::write(dir.join("state"), "").unwrap();
    fs::create_dir(dir.join("run")).unwrap();
    let environment = [("XDG_RUNTIME_DIR", dir.join("run"))];
    // Killed before its first checkpoint.
    let mut killed = start_process_with(dir, "甲", None, &environment);
    let saved = crate::kill::wait_for_saved_note(&mut killed);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(dir.join("run/pizhu/journal").is_dir());
    assert!(start_process_with(dir, "乙", Some(3), &environment).wait().unwrap().success());
    let stored = notes(&store(dir), dir);
    assert!(stored.contains(&saved) && (0..3).all(|n| stored.contains(&format!("乙-{n}"))), "{saved}: {stored:?}");
}

/// A folder of that name that others can enter is not used.
#[cfg(unix)]
#[test]
fn temporary_state_folder_open_to_others_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = TestProgram::with_speech();
    let home = program.folder().parent().unwrap().to_owned();
    fs::write(home.join("state"), "").unwrap();
    for folder in ["run/pizhu", "tmp"] {
        fs::create_dir_all(home.join(folder)).unwrap();
        fs::set_permissions(home.join(folder), fs::Permissions::from_mode(0o777)).unwrap();
    }
    let program = program.set_env("XDG_RUNTIME_DIR", home.join("run").to_str().unwrap());
    let program = program.set_env("TMPDIR", home.join("tmp").to_str().unwrap());
    let output = program.run(&["--store", "store", "note", "a.txt", "--span", "0:9", "记"]);
    assert_eq!(output.status, 0, "{}", output.err);
    assert!(!home.join("run/pizhu/history").exists());
    let temporary: Vec<_> = fs::read_dir(home.join("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(temporary.len() == 1 && temporary[0].join("history").is_dir(), "{temporary:?}");
}
