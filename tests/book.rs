//! The book in `docs/` and the pages beside it: every page is in the table of contents, every link
//! inside the project leads somewhere, and what the book says of keys is so.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pizhu_library::exchange::FORMATS;
use pizhu::tui::command::COMMANDS;
use pizhu::tui::command::Context;
use pizhu::tui::command::key::parse_sequence;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> BTreeSet<PathBuf> {
    let all = fs::read_dir(root().join("docs/src")).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The targets of a page's links, outside code: `[…](target)`.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("    ")) {
        for (index, part) in line.split("](").enumerate() {
            if index > 0 {
                found.push(part.split(')').next().unwrap().to_owned());
            }
        }
    }
    found
}

/// The names that a page's headings have as link targets.
fn anchors(text: &str) -> BTreeSet<String> {
    let titles = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let slug = |title: &str| title.to_lowercase().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>();
    titles.map(|title| slug(title).replace(' ', "-")).collect()
}

/// What of a page's links leads nowhere.
fn broken(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let leads = |link: &String| {
        if link.starts_with("http") {
            return true;
        }
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
        target.exists() && (anchor.is_empty() || anchors(&fs::read_to_string(&target).unwrap()).contains(anchor))
    };
    links(&text).into_iter().filter(|link| !leads(link)).collect()
}

#[test]
fn every_page_is_in_the_table_of_contents_once() {
    let folder = root().join("docs/src");
    let listed: Vec<PathBuf> =
        links(&fs::read_to_string(folder.join("SUMMARY.md")).unwrap()).iter().map(|link| folder.join(link)).collect();
    let mut wanted = pages();
    wanted.remove(&folder.join("SUMMARY.md"));
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), wanted);
    assert_eq!(listed.len(), wanted.len(), "a page is listed twice");
}

#[test]
fn every_link_leads_somewhere() {
    let beside = ["README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name));
    let mut seen = 0;
    for page in pages().into_iter().chain(beside) {
        assert_eq!(broken(&page), Vec::<String>::new(), "{}", page.display());
        seen += links(&fs::read_to_string(page).unwrap()).len();
    }
    assert!(seen > 15, "{seen} links");
}

#[test]
fn links_and_anchors_are_told_apart() {
    assert_eq!(links("a [b](c.md) and ![d](e.svg#f)\n    code [x](y)"), ["c.md", "e.svg#f"]);
    assert_eq!(anchors("# The outline\n## 标签 A-b"), ["the-outline", "标签-a-b"].map(str::to_owned).into());
}

#[test]
fn the_page_on_exporting_names_the_formats_there_are() {
    let text = fs::read_to_string(root().join("docs/src/export.md")).unwrap();
    let names: Vec<String> = FORMATS.iter().map(|format| format!("`{}`", format.name)).collect();
    let (last, others) = names.split_last().unwrap();
    let sentence = format!("The formats are {} and {last}.", others.join(", "));
    assert!(text.contains(&sentence), "{sentence}");
    // The examples of all pages: the format is one, and the file is called as its files are.
    let mut seen = 0;
    for line in pages().iter().flat_map(|page| fs::read_to_string(page).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()) {
        let Some(rest) = line.strip_prefix("    pizhu export").and_then(|line| line.split("--format ").nth(1)) else { continue };
        let name = rest.split_whitespace().next().unwrap();
        let format = FORMATS.iter().find(|format| format.name == name);
        let file = rest.split("-o ").nth(1).map(str::trim);
        let fits = format.is_some_and(|format| file.is_none_or(|file| file.ends_with(&format!(".{}", format.extension))));
        assert!(fits, "{line}");
        seen += 1;
    }
    assert!(seen >= 2, "{seen} examples");
}

#[test]
fn the_page_on_keys_names_the_places_and_commands_there_are() {
    let text = fs::read_to_string(root().join("docs/src/keys.md")).unwrap();
    let places: Vec<String> = Context::ALL.iter().map(|context| format!("`{}`", context.name())).collect();
    let (last, others) = places.split_last().unwrap();
    let sentence = format!("The places are {} and {last}.", others.join(", "));
    assert!(text.contains(&sentence), "{sentence}");
    // The example: every command is one, every key is one.
    let example: String = text.lines().filter(|line| line.starts_with("    ")).map(|line| line.split("//").next().unwrap()).collect();
    let quoted: Vec<&str> = example.split('"').skip(1).step_by(2).collect();
    let commands: BTreeSet<&str> = COMMANDS.iter().flat_map(|topic| topic.commands).map(|command| command.name).collect();
    for word in quoted.iter().filter(|word| !word.is_empty()) {
        let known = commands.contains(word) || Context::ALL.iter().any(|context| context.name() == *word);
        assert!(known || parse_sequence(word).is_ok_and(|keys| keys.len() <= 2), "{word}");
    }
    assert!(quoted.contains(&"next-section"));
}
