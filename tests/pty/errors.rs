//! What goes wrong at the start is said in one line that names the file, with exit status 2.

use crate::terminal::{Home, program};
use std::fs;

const SPEECH: &str = "青禾县组织工作会议讲话.txt";

/// The command fails with one line that holds `named`.
fn fails(home: &Home, arguments: &[&str], named: &str) {
    let output = home.run(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{arguments:?}: {said}");
    assert!(said.contains(named), "{arguments:?}: {said:?} names no {named}");
    assert!(!said.contains("panicked") && !said.contains("src/"), "{said}");
}

#[test]
fn a_missing_file() {
    let home = Home::with_speeches(&[]);
    fails(&home, &["outline", "没有.txt"], "没有.txt");
    fails(&home, &["export", "没有.txt", "--format", "json"], "没有.txt");
    fails(&home, &["search", "人才", "没有.txt"], "没有.txt");
    fails(&home, &["tag", "没有.txt", "--section", "一、", "人才工作"], "没有.txt");
    fails(&home, &["没有.txt"], "没有.txt");
}

#[test]
fn a_folder_without_speeches() {
    let home = Home::with_speeches(&[]);
    fails(&home, &["search", "人才", "speeches"], "speeches");
    fails(&home, &["speeches"], "speeches");
}

#[test]
fn a_file_that_is_no_text() {
    let home = Home::with_speeches(&[]);
    fs::copy(program(), home.speech("程序.txt")).unwrap();
    fails(&home, &["outline", "speeches/程序.txt"], "程序.txt");
    fails(&home, &["speeches/程序.txt"], "程序.txt");
}

#[test]
fn a_section_or_a_quote_that_is_not_there() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    fails(&home, &["tag", &speech, "--section", "九、", "人才工作"], "九、");
    fails(&home, &["tag", &speech, "--quote", "不在文中的话", "人才工作"], "不在文中的话");
    fails(&home, &["tag", &speech, "--quote", "干部", "人才工作"], "--nth");
}

#[test]
fn an_unreadable_store() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    fs::write(home.path().join("store"), "这是一个文件").unwrap();
    fails(&home, &["--store", "store", "tag", &speech, "--section", "一、", "人才工作"], "store");
    fails(&home, &["--store", "store", "export", &speech, "--format", "json"], "store");
    let mut terminal = home.open(80, 24, &["--store", "store", &speech]);
    assert_eq!(terminal.wait_exit().exit_code(), 2, "{}", terminal.screen());
    assert!(terminal.screen().contains("store") && terminal.is_restored(), "{}", terminal.screen());
}

#[test]
fn no_terminal() {
    let home = Home::with_speeches(&[SPEECH]);
    fails(&home, &["speeches"], "终端");
    fails(&home, &[], "终端");
}

#[test]
fn a_terminal_too_small() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = home.open(12, 3, &["speeches"]);
    let status = terminal.wait_exit();
    assert_eq!(status.exit_code(), 2, "{}", terminal.screen());
    assert!(terminal.is_restored());
}
