//! The book in `docs/`: every page is in the table of contents, every link inside the project
//! leads somewhere, its tables are made from the code, and its examples hold.
//! `BOOK_UPDATE=1 cargo test --test docs` writes the tables.

use crate::markdown;

use markdown::{anchors, broken_links, links};
use pizhu::harness::COMMANDS;
use pizhu::harness::Context;
use pizhu::harness::Language;
use pizhu::harness::Locale;
use pizhu::harness::parse_sequence;
use pizhu_library::exchange::FORMATS;
use std::{collections::BTreeSet, fmt::Write as _, fs, path::PathBuf};

/// The page with all tables in Chinese.
const CHINESE: &str = "reference-zh.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> BTreeSet<PathBuf> {
    let all = fs::read_dir(root().join("docs/src")).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The subcommands with what they do.
fn commands(language: Language) -> String {
    let locale = Locale::new(language);
    let mut table = format!("| | |\n|---|---|\n| `pizhu [PATH…]` | {} |\n", locale.about_reader());
    for command in pizhu::harness::localized_command(locale).get_subcommands() {
        let _ = writeln!(table, "| `pizhu {}` | {} |", command.get_name(), command.get_about().unwrap());
    }
    table
}

/// The export formats: name on the command line, file extension, purpose, and whether
/// `pizhu import` reads them.
fn formats(language: Language) -> String {
    let locale = Locale::new(language);
    let (head, yes) = match language {
        Language::English => ("| `--format` | File | | `import` reads it |", "yes"),
        _ => ("| `--format` | 文件 | | 可再导入 |", "是"),
    };
    let mut table = format!("{head}\n|---|---|---|---|\n");
    for format in FORMATS {
        let doc = locale.about_format(format.name);
        let _ = writeln!(table, "| `{}` | `.{}` | {doc} | {} |", format.name, format.extension, if format.can_import() { yes } else { "" });
    }
    table
}

/// The keys of the reader, topic by topic.
fn keys(language: Language) -> String {
    let locale = Locale::new(language);
    pizhu::harness::table_markdown(&|id| locale.text(id).into())
}

/// A page's text with the table between its markers (`<!-- keys -->`, `<!-- end of keys -->`)
/// replaced.
fn with_table(text: &str, name: &str, table: &str) -> String {
    let (from, to) = (format!("<!-- {name} -->"), format!("<!-- end of {name} -->"));
    let start = text.find(&from).unwrap() + from.len();
    let end = start + text[start..].find(&to).unwrap();
    format!("{}\n\n{}\n\n{}", &text[..start], table.trim(), &text[end..])
}

#[test]
fn the_tables_are_those_of_the_program() {
    type Table = fn(Language) -> String;
    let tables: [(&str, Table); 3] = [("commands", commands), ("formats", formats), ("keys", keys)];
    for (name, table) in tables {
        for (page, language) in [(format!("{name}.md"), Language::English), (CHINESE.to_owned(), Language::Simplified)] {
            let path = root().join("docs/src").join(&page);
            let text = fs::read_to_string(&path).unwrap();
            let made = with_table(&text, name, &table(language));
            if std::env::var_os("BOOK_UPDATE").is_some() {
                fs::write(&path, &made).unwrap();
            } else {
                assert!(text == made, "{page} is not up to date: BOOK_UPDATE=1 cargo test --test docs");
            }
        }
    }
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
        assert_eq!(broken_links(&page), Vec::<String>::new(), "{}", page.display());
        seen += links(&fs::read_to_string(page).unwrap()).len();
    }
    assert!(seen > 15, "{seen} links");
}

/// The page on what was reported names a test in each row, and each is there.
#[test]
fn every_report_is_held_by_a_test() {
    let mut sources = String::new();
    let mut folders = vec![root().join("src"), root().join("crates"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources += &fs::read_to_string(path).unwrap();
            }
        }
    }
    let page = fs::read_to_string(root().join("docs/src/reports.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| reported"));
    let mut count = 0;
    for row in rows {
        let held_by = row.trim_end_matches(['|', ' ']).rsplit(" | ").next().unwrap();
        let names: Vec<&str> = held_by.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row}");
        for name in names {
            assert!(sources.contains(&format!("#[test]\n    fn {name}()")) || sources.contains(&format!("#[test]\nfn {name}()")), "{name}");
            count += 1;
        }
    }
    assert!(count > 40, "{count} tests");
}

#[test]
fn links_and_anchors_are_found() {
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
fn the_page_on_keys_names_the_contexts_and_commands_there_are() {
    let text = fs::read_to_string(root().join("docs/src/keys.md")).unwrap();
    let contexts: Vec<String> = Context::ALL.iter().map(|context| format!("`{}`", context.name())).collect();
    let (last, others) = contexts.split_last().unwrap();
    let sentence = format!("The contexts are {} and {last}.", others.join(", "));
    assert!(text.contains(&sentence), "{sentence}");
    // The example: every command is one, every key is one.
    let example: String = text.lines().filter(|line| line.starts_with("    ")).map(|line| line.split("//").next().unwrap()).collect();
    let quoted: Vec<&str> = example.split('"').skip(1).step_by(2).collect();
    let commands: BTreeSet<&str> = COMMANDS.iter().flat_map(|topic| topic.commands).map(|command| command.spec.name).collect();
    for word in quoted.iter().filter(|word| !word.is_empty()) {
        let known = commands.contains(word) || Context::ALL.iter().any(|context| context.name() == *word);
        assert!(known || parse_sequence(word).is_ok_and(|keys| keys.len() <= 2), "{word}");
    }
    assert!(quoted.contains(&"next-section"));
}
