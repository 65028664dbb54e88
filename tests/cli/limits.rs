//! Bounds on work: what would take minutes or gigabytes is refused with a line that names the bound.

use crate::program::{CommandOutput, TestProgram};
use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
    process::{Command, Stdio},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Memory for data in KB that a command may use.
const MEMORY_KB: &str = "300000";
/// Ends a command that would compute for minutes.
const COMPUTING_SECONDS: &str = "30";

/// Runs a command with limits of memory and time. Panics if a signal ends it.
#[track_caller]
fn run_limited(program: &TestProgram, arguments: &[&str]) -> CommandOutput {
    let inner = program.command(arguments);
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -d {MEMORY_KB}; ulimit -t {COMPUTING_SECONDS}; exec \"$0\" \"$@\"")])
        .arg(inner.get_program())
        .args(inner.get_args());
    command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(program.folder());
    let output = command.stdin(Stdio::null()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    let Some(status) = output.status.code() else { panic!("{:.100?}: {}: {err}", arguments, output.status) };
    CommandOutput { status, out: String::from_utf8(output.stdout).unwrap(), err }
}

/// A pinyin query of 2,001 letters took 34 seconds, a regular expression of 2,000 dots over 60.
#[test]
fn long_queries_are_refused() {
    let program = TestProgram::with_speech();
    for (query, mode, bound) in [("z".repeat(2001), "pinyin", "256 characters"), (".".repeat(2000), "regex", "256 KB")] {
        let message = run_limited(&program, &["search", &query, "a.txt", "--mode", mode]).error(2);
        assert!(message.contains(bound), "{message}");
    }
}

/// A project of 10 KB with 2,000 selections over one source took 6 GB and was aborted.
#[test]
fn selections_that_repeat_a_long_source_are_refused() {
    let program = TestProgram::with_speech();
    let text = "青禾县要把人才工作抓紧抓实抓细。\n".repeat(75_000);
    let selection = format!("<PlainTextSelection startPosition='0' endPosition='{}'/>", text.chars().count());
    let xml = format!(
        "<Project><Sources><TextSource name='a' plainTextPath='internal://a.txt'>{}</TextSource></Sources></Project>",
        selection.repeat(2000)
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("project.qde", &xml), ("sources/a.txt", &text)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 100_000);
    program.write("项目.qdpx", bytes);
    let message = run_limited(&program, &["import", "项目.qdpx", "a.txt"]).error(2);
    assert!(message.contains("项目.qdpx") && message.contains("67108864 characters"), "{message}");
}

/// A table with a chain of 20,000 parents took over two minutes.
#[test]
fn codebooks_of_too_many_levels_are_refused() {
    let program = TestProgram::with_speech();
    let mut table = "name,parent\n".to_owned();
    for n in 0..20_000 {
        writeln!(table, "层{n},层{}", n + 1).unwrap();
    }
    program.write("链.csv", table);
    let message = run_limited(&program, &["tags", "import", "链.csv"]).error(2);
    assert!(message.contains("64 levels"), "{message}");
    assert!(!program.run(&["tags", "list"]).ok().contains("层19999"));
}
