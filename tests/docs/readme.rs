//! The READMEs: short, with the two commands first, the same chapters in both languages, and
//! nothing in them that does not exist.

use crate::markdown;

use markdown::broken_links;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Most lines of a README.
const MAX_LINES: usize = 150;

/// The two READMEs and their texts.
fn readmes() -> [(PathBuf, String); 2] {
    ["README.md", "README.zh.md"].map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    })
}

#[test]
fn a_readme_is_short_and_begins_with_the_two_commands() {
    for (path, text) in readmes() {
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() < MAX_LINES, "{}: {} lines", path.display(), lines.len());
        for command in ["    cargo run --release", "    cargo test"] {
            assert!(lines.iter().take(5).any(|line| line.starts_with(command)), "{}: {command}", path.display());
        }
    }
}

#[test]
fn both_languages_have_the_same_chapters() {
    let headings = readmes().map(|(_, text)| {
        let marks = text.lines().filter(|line| line.starts_with('#')).map(|line| line.len() - line.trim_start_matches('#').len());
        marks.collect::<Vec<_>>()
    });
    assert_eq!(headings[0], headings[1], "the levels of the headings, in order");
}

#[test]
fn every_link_leads_somewhere() {
    for (path, _) in readmes() {
        assert_eq!(broken_links(&path), Vec::<String>::new(), "{}", path.display());
    }
}

/// The words after each `pizhu` in code: `pizhu tags add 人才` gives `tags add 人才`.
fn calls(text: &str) -> Vec<String> {
    let indented = text.lines().filter(|line| line.starts_with("    ")).map(str::trim);
    let quoted = text.lines().filter(|line| !line.starts_with("    ")).flat_map(|line| line.split('`').skip(1).step_by(2));
    indented.chain(quoted).filter_map(|code| code.strip_prefix("pizhu ")).map(str::to_owned).collect()
}

/// Whether the first words of a call, so far as they are commands in form, are commands.
fn is_known(command: &clap::Command, call: &str) -> bool {
    let (first, rest) = call.split_once(' ').unwrap_or((call, ""));
    if !command.has_subcommands() || first.is_empty() || !first.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return true;
    }
    command.find_subcommand(first).is_some_and(|subcommand| is_known(subcommand, rest))
}

#[test]
fn every_command_named_is_one() {
    let command = pizhu::harness::command();
    for (path, text) in readmes() {
        let calls = calls(&text);
        assert!(calls.len() > 5, "{}: {calls:?}", path.display());
        let unknown: Vec<&String> = calls.iter().filter(|call| !is_known(&command, call)).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", path.display());
    }
    assert!(is_known(&command, "tags add 人才") && is_known(&command, "讲话.txt") && is_known(&command, "[PATH…]"));
    assert!(!is_known(&command, "paint a.txt") && !is_known(&command, "tags paint a"));
}
