//! Progress of a run over many speeches: shown on a terminal, erased at the end, silent elsewhere.

use crate::terminal::{Home, program};
use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

const RECORD: &str = "{\"id\":1,\"text\":\"在青禾县会议上的讲话\\n\\n一、总体要求\\n\\n要稳。\\n\"}\n";

/// Feeds the FIFO with records until `is_done`, then closes it. Returns the number of records.
fn feed(fifo: &Path, mut is_done: impl FnMut() -> bool) -> usize {
    let mut input = OpenOptions::new().write(true).open(fifo).unwrap();
    let (start, mut count) = (Instant::now(), 0);
    while !is_done() {
        assert!(start.elapsed() < Duration::from_mins(1), "no progress after {count} records");
        input.write_all(RECORD.as_bytes()).unwrap();
        count += 1;
        thread::sleep(Duration::from_millis(20));
    }
    count
}

#[test]
fn progress_is_shown_and_erased() {
    let home = Home::with_speeches(&[]);
    let fifo = home.path().join("in");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let run = |rest: &str| {
        let line = format!("'{}' outline --input jsonl --format jsonl <in >out {rest}; echo 完了 $?", program().display());
        home.open_program(Path::new("/bin/sh"), &["-c", &line])
    };
    let mut terminal = run("");
    let count = feed(&fifo, || terminal.screen().contains("已处理"));
    assert!(terminal.wait_exit().success());
    let screen = terminal.screen();
    assert!(screen.contains("完了 0") && !screen.contains("已处理"), "{screen}");
    assert_eq!(fs::read_to_string(home.path().join("out")).unwrap().lines().count(), count);

    // With standard error elsewhere, nothing is shown, however long it takes.
    let mut terminal = run("2>err");
    let start = Instant::now();
    feed(&fifo, || start.elapsed() > Duration::from_millis(1500));
    assert!(terminal.wait_exit().success());
    assert_eq!((fs::read_to_string(home.path().join("err")).unwrap().as_str(), terminal.screen().trim()), ("", "完了 0"));
}

/// `count` and `import` write at their end only: their progress is shown although the output goes to
/// the terminal, too.
#[test]
fn count_and_import_show_how_much_is_left() {
    let home = Home::with_speeches(&[]);
    let fifo = home.path().join("a.txt");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    fs::write(home.path().join("b.txt"), "另一篇讲话\n\n一、总体要求\n要稳。\n").unwrap();
    let entry = |name: &str| format!("{{\"document\":\"{name}\",\"quote\":\"要稳\",\"tags\":[\"稳\"]}}");
    fs::write(home.path().join("in.json"), format!("{{\"annotations\":[{},{}]}}", entry("a.txt"), entry("b.txt"))).unwrap();
    for command in ["import in.json a.txt b.txt", "count a.txt b.txt"] {
        let line = format!("'{}' {command}; echo 完了", program().display());
        let mut terminal = home.open_program(Path::new("/bin/sh"), &["-c", &line]);
        let mut input = OpenOptions::new().write(true).open(&fifo).unwrap();
        // Shorter runs show nothing.
        thread::sleep(Duration::from_millis(1300));
        input.write_all("在青禾县会议上的讲话\n\n一、总体要求\n要稳。\n".as_bytes()).unwrap();
        drop(input);
        assert!(terminal.wait_exit().success());
        let shown = String::from_utf8_lossy(&terminal.bytes()).into_owned();
        assert!(shown.contains("已处理 1 / 2"), "{command}: {shown}");
        assert!(terminal.screen().contains("完了") && !terminal.screen().contains("已处理"), "{command}: {}", terminal.screen());
    }
}
