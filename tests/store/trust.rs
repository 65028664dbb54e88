//! Trust: a folder from a stranger is harmless, and a store of another user is only read.

use crate::{
    hostile::{SECRET, STRANGER, is_root, listing},
    hostile_table::run_limited,
    program::{SPEECH, TestProgram},
};
use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, chown, symlink},
    process::Command,
};

/// R33: what stands in the place of a store's file is named once, and the rest goes on.
#[test]
fn special_files_in_a_store_are_skipped_and_reported() {
    let program = TestProgram::with_store();
    fs::remove_file(program.folder().join(".pizhu/codebook.ron")).unwrap();
    symlink("/etc/hostname", program.folder().join(".pizhu/codebook.ron")).unwrap();
    let told = program.run(&["export", "--format", "json"]);
    assert!(told.status == 0 && told.out.contains("人才工作"), "{}", told.err);
    assert_eq!(told.err.lines().count(), 1, "{}", told.err);
    assert!(told.err.contains("codebook.ron: passed over: it is a link"), "{}", told.err);
    // The tag is of the starter codebook: its file is not needed. A new tag would replace the link.
    assert_eq!(program.run(&["tag", "a.txt", "--section", "二、", "基层党建"]).status, 0);
    let message = program.run(&["tag", "a.txt", "--section", "二、", "新题目"]).error(2);
    assert!(message.contains("codebook.ron") && message.contains("it is a link"), "{message}");
    assert!(fs::symlink_metadata(program.folder().join(".pizhu/codebook.ron")).unwrap().is_symlink());
}

/// R37: `--store FOREIGN export` took in any file whose absolute path the store named.
#[test]
fn an_export_reads_no_file_only_because_a_store_names_it() {
    let program = TestProgram::with_store();
    let top = program.folder().parent().unwrap().to_owned();
    fs::create_dir_all(top.join("foreign")).unwrap();
    fs::create_dir_all(top.join("home")).unwrap();
    let secret = top.join("home/secret.txt");
    fs::write(&secret, SPEECH.replace("今天的会议很重要", SECRET)).unwrap();
    for entry in fs::read_dir(program.folder().join(".pizhu")).unwrap().flatten() {
        if entry.file_type().unwrap().is_file() {
            let text = fs::read_to_string(entry.path()).unwrap();
            let text = text.replace("\"a.txt\"", &format!("{:?}", secret.to_str().unwrap()));
            fs::write(top.join("foreign").join(entry.file_name()), text).unwrap();
        }
    }
    let export = |format: &str| program.run(&["--store", "../foreign", "export", "--format", format]);
    for format in ["html", "json", "markdown"] {
        let output = export(format);
        assert!(!output.out.contains(SECRET) && output.status == 1, "{format}: {}", output.err);
        assert_eq!(output.err.lines().count(), 1, "{}", output.err);
        assert!(output.err.contains("secret.txt"), "{}", output.err);
    }
    // The user gives its path …
    assert!(program.run(&["--store", "../foreign", "export", secret.to_str().unwrap(), "--format", "html"]).ok().contains(SECRET));
    // … or has annotated it.
    program.run(&["--store", "../foreign", "tag", secret.to_str().unwrap(), "--section", "一、", "人才工作"]).ok();
    assert!(export("html").ok().contains(SECRET));
    // A link in a folder is no way out of it either.
    symlink(&secret, program.folder().join("b.txt")).unwrap();
    fs::remove_file(top.join("state/pizhu/named-speeches")).unwrap();
    let output = program.run(&["export", ".", "--format", "html"]);
    assert!(output.status == 1 && output.out.contains("青禾县") && !output.out.contains(SECRET), "{}", output.err);
}

/// A store that anyone may write was written like any other.
#[test]
fn a_store_that_anyone_may_write_is_only_read() {
    let program = TestProgram::with_store();
    let mode = |name: &str, mode| fs::set_permissions(program.folder().join(name), Permissions::from_mode(mode)).unwrap();
    for name in [".pizhu", ""] {
        mode(name, 0o777);
        check_untrusted(&program);
        mode(name, 0o1777);
        program.run(&["export", "--format", "json"]).ok();
        mode(name, 0o755);
    }
    mode(".pizhu", 0o777);
    let root = program.folder().display().to_string();
    for list in ["*".to_owned(), root.clone(), format!("/none:{root}/.pizhu"), format!("{root}/..")] {
        let trusting = program.command(&["tag", "a.txt", "--section", "二、", "基层党建"]).env("PIZHU_TRUST", &list).output().unwrap();
        assert!(trusting.status.success() && trusting.stderr.is_empty(), "{list}: {trusting:?}");
    }
    for list in ["", "/none", &format!("{root}/.piz")] {
        let other = program.command(&["tag", "a.txt", "--section", "二、", "基层党建"]).env("PIZHU_TRUST", list).output().unwrap();
        assert_eq!(other.status.code(), Some(2), "{list}");
    }
}

/// Asserts that the store is read with one line that says how to trust it, and never written.
#[track_caller]
fn check_untrusted(program: &TestProgram) {
    let store = program.folder().join(".pizhu");
    let before = listing(&store);
    let read = program.run(&["export", "--format", "json"]);
    assert!(read.status == 0 && read.out.contains("人才工作"), "{}", read.err);
    assert_eq!((read.err.lines().count(), read.err.contains("PIZHU_TRUST=")), (1, true), "{}", read.err);
    let place = ["a.txt", "--section", "二、"];
    for arguments in [
        &[&["tag"], &place[..], &["人才工作"]].concat()[..],
        &[&["note"], &place[..], &["批语"]].concat(),
        &["untag", "a.txt", "--section", "一、"],
        &["tags", "add", "新题目"],
        &["tags", "rename", "人才工作", "人才"],
        &["store", "init", "--git"],
        &["store", "part", "a.txt"],
    ] {
        let message = program.run(arguments).error(2);
        assert!(message.contains("PIZHU_TRUST="), "{arguments:?}: {message}");
    }
    assert_eq!(listing(&store), before);
}

/// R33: there was no check of owners.
#[test]
fn a_store_of_another_user_is_only_read() {
    if !is_root("a_store_of_another_user_is_only_read") {
        return;
    }
    let program = TestProgram::with_store();
    for name in [".pizhu", ".pizhu/codebook.ron"] {
        chown(program.folder().join(name), Some(STRANGER), None).unwrap();
        check_untrusted(&program);
        chown(program.folder().join(name), Some(0), None).unwrap();
        program.run(&["export", "--format", "json"]).ok();
    }
}

/// A team's share is used as before: its folder belongs to a group of this user, which may write it.
#[test]
fn a_share_of_ones_own_group_is_trusted() {
    if !is_root("a_share_of_ones_own_group_is_trusted") {
        return;
    }
    let (me, team) = (65_532, 65_000);
    let program = TestProgram::with_store();
    let (top, root) = (program.folder().parent().unwrap().to_owned(), program.folder());
    for entry in fs::read_dir(&top).unwrap().flatten() {
        assert!(Command::new("chown").args(["-R", &me.to_string()]).arg(entry.path()).status().unwrap().success());
    }
    fs::set_permissions(&top, Permissions::from_mode(0o755)).unwrap();
    let as_me = |groups: &str, arguments: &[&str]| {
        let inner = program.command(arguments);
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={me}"), &format!("--regid={me}"), &format!("--groups={groups}")]);
        command.arg(inner.get_program()).args(inner.get_args()).current_dir(&root);
        command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.output().unwrap()
    };
    // A colleague owns the store and its files.
    assert!(Command::new("chown").args(["-R", &format!("{STRANGER}:{team}")]).arg(root.join(".pizhu")).status().unwrap().success());
    assert!(Command::new("chmod").args(["-R", "g+rwX"]).arg(root.join(".pizhu")).status().unwrap().success());
    let tag = ["tag", "a.txt", "--section", "二、", "基层党建"];
    let output = as_me(&team.to_string(), &tag);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let output = as_me("64999", &tag);
    assert_eq!(output.status.code(), Some(2), "in another group: {output:?}");
    fs::set_permissions(root.join(".pizhu"), Permissions::from_mode(0o755)).unwrap();
    assert_eq!(as_me(&team.to_string(), &tag).status.code(), Some(2), "the group may not write");
}

/// R35: the bound of what is read as a speech.
#[test]
fn a_speech_without_end_is_refused() {
    let program = TestProgram::with_speech();
    let file = fs::File::create(program.folder().join("b.txt")).unwrap();
    file.set_len(4 << 30).unwrap();
    let output = run_limited(&program, &["outline", "b.txt"]).unwrap();
    assert!(output.error(2).contains("b.txt"));
}
