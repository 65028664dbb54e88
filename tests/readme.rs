//! The READMEs' tables are those of the program: the keys from the command table, the commands
//! from the command line, the formats from their table. `README_UPDATE=1 cargo test --test readme` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pizhu::locale::Language;
use pizhu::locale::Locale;
use std::{fmt::Write as _, fs, path::Path};

/// The text between two marks replaced.
fn replaced(text: &str, from: &str, to: &str, table: &str) -> String {
    let start = text.find(from).unwrap() + from.len();
    let end = start + text[start..].find(to).unwrap();
    format!("{}\n\n{}\n\n{}", &text[..start], table.trim(), &text[end..])
}

/// The subcommands with what they do.
fn commands(language: Language) -> String {
    let words = Locale::new(language);
    let mut table = format!("| | |\n|---|---|\n| `pizhu [PATH…]` | {} |\n", words.text("subcommand-reader"));
    for command in pizhu::cli::command_in(words).get_subcommands() {
        let _ = writeln!(table, "| `pizhu {}` | {} |", command.get_name(), command.get_about().unwrap());
    }
    table
}

/// The formats: what to say on the command line, what the file is called, what it is good for,
/// whether it can be imported again.
fn formats(language: Language) -> String {
    let locale = Locale::new(language);
    let (head, yes) = match language {
        Language::English => ("| `--format` | File | | `import` reads it |", "yes"),
        _ => ("| `--format` | 文件 | | 可再导入 |", "是"),
    };
    let mut table = format!("{head}\n|---|---|---|---|\n");
    for format in pizhu_library::exchange::FORMATS {
        let doc = locale.text(&format!("format-{}", format.name));
        let _ = writeln!(table, "| `{}` | `.{}` | {doc} | {} |", format.name, format.extension, if format.reads { yes } else { "" });
    }
    table
}

fn keys(language: Language) -> String {
    let locale = Locale::new(language);
    pizhu::tui::command::table_markdown(&|id| locale.text(id).into())
}

#[test]
fn the_tables_are_those_of_the_program() {
    for (file, language) in [("README.md", Language::English), ("README.zh.md", Language::Simplified)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = fs::read_to_string(&path).unwrap();
        let made = replaced(&text, "<!-- commands -->", "<!-- end of commands -->", &commands(language));
        let made = replaced(&made, "<!-- formats -->", "<!-- end of formats -->", &formats(language));
        let made = replaced(&made, "<!-- keys -->", "<!-- end of keys -->", &keys(language));
        if std::env::var_os("README_UPDATE").is_some() {
            fs::write(&path, &made).unwrap();
        }
        assert!(fs::read_to_string(&path).unwrap() == made, "{file} is not up to date: README_UPDATE=1 cargo test --test readme");
    }
}
