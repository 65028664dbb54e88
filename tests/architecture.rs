//! The layer rule: reads every `crate::` path of the sources against the table in `src/lib.rs`,
//! and refuses ratatui and crossterm outside `tui/` and `main.rs`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Longest file of the sources, in lines without its tests.
const LONGEST: usize = 600;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files under `folder`.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The part a file belongs to: the folder (or file) directly under `src/`.
fn part_of(path: &Path) -> String {
    let below = path.strip_prefix(root().join("src")).unwrap();
    below.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The table in the header of `src/lib.rs`: part → the parts it may use.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let header = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in header.lines().filter_map(|line| line.strip_prefix("//! | ")) {
        let (parts, uses) = row.split_once(" | ").unwrap();
        let uses = uses.trim_end_matches('|').trim();
        if parts == "part" {
            continue;
        }
        let names: BTreeSet<String> = match uses {
            "nothing of ours" => BTreeSet::new(),
            "all above" => table.keys().cloned().collect(),
            "everything" => table.keys().cloned().chain(parts.split(", ").map(str::to_owned)).collect(),
            list => list.split(';').next().unwrap().split(", ").map(str::to_owned).collect(),
        };
        for part in parts.split(", ") {
            table.insert(part.to_owned(), names.clone());
        }
    }
    assert!(table.len() >= 12, "the table in src/lib.rs was not read: {table:?}");
    table
}

/// The lines of code with their numbers, without `//` comments.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(n, line)| (n + 1, line.split("//").next().unwrap_or("")))
}

/// The parts that the code names as `crate::part`, `crate::{a, b::c}` or, in the binary,
/// `pizhu::part`, each with the byte at which it is named.
fn named_parts(code: &str) -> Vec<(usize, String)> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = Vec::new();
    for prefix in ["crate::", "pizhu::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                let mut depth = 0;
                let mut first = true;
                for (index, c) in group.char_indices() {
                    if depth == 0 && first && (c.is_alphanumeric() || c == '_') {
                        found.push((at, word(&group[index..])));
                        first = false;
                    }
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => first = true,
                        _ => {}
                    }
                }
            } else {
                found.push((at, word(rest)));
            }
        }
    }
    found
}

#[test]
fn parts_use_only_what_the_table_allows() {
    let table = allowed();
    let mut faults = Vec::new();
    for path in sources(&root().join("src")) {
        let part = part_of(&path);
        if part == "lib" {
            continue;
        }
        let Some(uses) = table.get(&part) else {
            faults.push(format!("{}: the part {part} is not in the table of src/lib.rs", path.display()));
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        let code: String = code_lines(&text).flat_map(|(_, line)| [line, "\n"]).collect();
        for (at, name) in named_parts(&code) {
            if name != part && table.contains_key(&name) && !uses.contains(&name) {
                let line = code[..at].matches('\n').count() + 1;
                faults.push(format!("{}:{line}: {part} may not use {name}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_reader_names_the_terminal_libraries() {
    let mut faults = Vec::new();
    for path in sources(&root().join("src")) {
        if ["tui", "main"].contains(&part_of(&path).as_str()) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in code_lines(&text) {
            if line.contains("ratatui") || line.contains("crossterm") {
                faults.push(format!("{}:{number}: {line}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_are_small_enough_to_hold_in_the_head() {
    let mut faults = Vec::new();
    for path in sources(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().count();
        if lines > LONGEST {
            faults.push(format!("{}: {lines} lines without its tests", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn groups_and_paths_are_read() {
    let names = |code: &str| named_parts(code).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    assert_eq!(names("use crate::text::Span;"), ["text"]);
    assert_eq!(names("use crate::{\n    document::{Document, Outline},\n    text::Span,\n};"), ["document", "text"]);
    assert_eq!(names("let x = crate::tui::run(pizhu::cli::args());"), ["tui", "cli"]);
    assert!(names("pub(crate) fn f() {}").is_empty());
}
