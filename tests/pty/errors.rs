//! Errors at startup: one line that names the file, exit status 2.

use crate::terminal::{Home, program};
use std::fs;

const SPEECH: &str = "青禾县组织工作会议讲话.txt";

/// Asserts that the command fails with one line that contains `named`.
fn assert_fails(home: &Home, arguments: &[&str], named: &str) {
    let output = home.run(arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert_eq!(message.trim_end().lines().count(), 1, "{arguments:?}: {message}");
    assert!(message.contains(named), "{arguments:?}: {message:?} does not contain {named}");
    assert!(!message.contains("panicked") && !message.contains("src/"), "{message}");
}

#[test]
fn missing_file() {
    let home = Home::with_speeches(&[]);
    assert_fails(&home, &["outline", "没有.txt"], "没有.txt");
    assert_fails(&home, &["export", "没有.txt", "--format", "json"], "没有.txt");
    assert_fails(&home, &["search", "人才", "没有.txt"], "没有.txt");
    assert_fails(&home, &["tag", "没有.txt", "--section", "一、", "人才工作"], "没有.txt");
    assert_fails(&home, &["没有.txt"], "没有.txt");
}

#[test]
fn folder_without_speeches() {
    let home = Home::with_speeches(&[]);
    assert_fails(&home, &["search", "人才", "speeches"], "speeches");
    assert_fails(&home, &["speeches"], "speeches");
}

#[test]
fn binary_file() {
    let home = Home::with_speeches(&[]);
    fs::copy(program(), home.speech("程序.txt")).unwrap();
    assert_fails(&home, &["outline", "speeches/程序.txt"], "程序.txt");
    assert_fails(&home, &["speeches/程序.txt"], "程序.txt");
}

#[test]
fn missing_section_or_quote() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    assert_fails(&home, &["tag", &speech, "--section", "九、", "人才工作"], "九、");
    assert_fails(&home, &["tag", &speech, "--quote", "不在文中的话", "人才工作"], "不在文中的话");
    assert_fails(&home, &["tag", &speech, "--quote", "干部", "人才工作"], "--nth");
}

#[test]
fn unreadable_store() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    fs::write(home.path().join("store"), "这是一个文件").unwrap();
    assert_fails(&home, &["--store", "store", "tag", &speech, "--section", "一、", "人才工作"], "store");
    assert_fails(&home, &["--store", "store", "export", &speech, "--format", "json"], "store");
    let mut terminal = home.open(80, 24, &["--store", "store", &speech]);
    assert_eq!(terminal.wait_exit().exit_code(), 2, "{}", terminal.screen());
    assert!(terminal.screen().contains("store") && terminal.is_restored(), "{}", terminal.screen());
}

#[test]
fn no_terminal() {
    let home = Home::with_speeches(&[SPEECH]);
    assert_fails(&home, &["speeches"], "终端");
    assert_fails(&home, &[], "终端");
}

#[test]
fn terminal_too_small() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = home.open(12, 3, &["speeches"]);
    let status = terminal.wait_exit();
    assert_eq!(status.exit_code(), 2, "{}", terminal.screen());
    assert!(terminal.is_restored());
}
