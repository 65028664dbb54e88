//! Localized help texts.

use crate::program::TestProgram;
use std::collections::BTreeSet;

/// Words that are the same in every language: programs, formats, encodings, examples.
const UNTRANSLATED_WORDS: [&str; 27] = [
    "pizhu", "Word", "Markdown", "Excel", "Taguette", "git", "shell", "utf", "gb18030", "big5", "16le", "qdc", "qdpx", "codebook", "ron",
    "tag1", "tag12", "rrggbb", "zuzhi", "zzgz", "document", "and", "or", "not", "near", "within", "overlap",
];

/// Collects the paths of all commands and subcommands: `tags`, `tags add`, …
fn collect_commands(command: &clap::Command, parents: &[String], found: &mut Vec<Vec<String>>) {
    for subcommand in command.get_subcommands() {
        let path = [parents, &[subcommand.get_name().to_owned()]].concat();
        collect_commands(subcommand, &path, found);
        found.push(path);
    }
}

/// Collects the words that are typed literally: names of commands and options, option values.
fn collect_literal_words(command: &clap::Command, words: &mut BTreeSet<String>) {
    for arg in command.get_arguments() {
        words.extend(arg.get_long().into_iter().flat_map(|name| name.split('-')).map(str::to_owned));
        words.extend(arg.get_possible_values().iter().flat_map(|value| value.get_name().split('-')).map(str::to_owned));
    }
    for subcommand in command.get_subcommands() {
        words.insert(subcommand.get_name().to_owned());
        collect_literal_words(subcommand, words);
    }
}

#[test]
fn chinese_help_has_no_english_words() {
    let english = pizhu::harness::command();
    let mut known: BTreeSet<String> = UNTRANSLATED_WORDS.map(str::to_owned).into();
    known.extend(["help", "version", "gz"].map(str::to_owned));
    collect_literal_words(&english, &mut known);
    let mut all = vec![Vec::new()];
    collect_commands(&english, &[], &mut all);
    assert!(all.len() > 20);
    for (language, usage) in [("zh_CN.UTF-8", "用法: pizhu"), ("zh_TW.UTF-8", "用法: pizhu")] {
        let program = TestProgram::new().set_env("LANG", language);
        for path in &all {
            for flag in ["-h", "--help"] {
                let arguments: Vec<&str> = path.iter().map(String::as_str).chain([flag]).collect();
                let help = program.run(&arguments).ok();
                assert!(help.contains(usage), "{language} {arguments:?}\n{help}");
                let words = help.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.contains(|c: char| c.is_ascii_lowercase()));
                let foreign: BTreeSet<&str> = words.filter(|word| word.len() > 1 && !known.contains(*word)).collect();
                assert!(foreign.is_empty(), "{language} {arguments:?}: {foreign:?}\n{help}");
                let too_wide = |line: &&str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() > 100;
                assert_eq!(help.lines().find(too_wide), None, "{language} {arguments:?}");
            }
        }
    }
}

#[test]
fn help_lists_arguments_then_options_then_global_options() {
    for (language, headings) in [
        ("en_US.UTF-8", ["Usage:", "Arguments:", "Options:", "Global options:"]),
        ("zh_CN.UTF-8", ["用法:", "参数:", "选项:", "各命令通用的选项:"]),
        ("zh_TW.UTF-8", ["用法:", "參數:", "選項:", "各命令通用的選項:"]),
    ] {
        let program = TestProgram::new().set_env("LANG", language);
        for arguments in [&["--help"][..], &["search", "--help"], &["note", "-h"]] {
            let help = program.run(arguments).ok();
            let offsets: Vec<usize> = headings.iter().filter_map(|heading| help.find(&format!("\n{heading}"))).collect();
            assert_eq!(offsets.len(), headings.len(), "{language} {arguments:?}\n{help}");
            assert!(offsets.is_sorted(), "{language} {arguments:?}\n{help}");
        }
        let note = program.run(&["note", "--help"]).ok();
        let at = |name: &str| note.find(name).unwrap();
        assert!(at("\n  <FILE>") < at("\n  [TEXT]"), "{note}");
    }
}
