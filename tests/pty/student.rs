//! The story of a student who reads a long speech over three days, in two terminals.

use crate::terminal::{Home, Terminal};
use std::{fmt::Write as _, fs};

/// An invented speech of some 55 KB: eight parts of six points, each sentence with its own number.
fn speech() -> String {
    let mut text = String::from("在青禾县教育工作会议上的讲话\n\n同志们：\n\n今天召开这次会议，主要任务是把明年的教育工作安排好。\n\n");
    let numbers = ["一", "二", "三", "四", "五", "六", "七", "八"];
    let mut sentence = 0;
    for part in numbers {
        let _ = write!(text, "{part}、办好第{part}件实事\n\n");
        for point in &numbers[..6] {
            let _ = write!(text, "（{point}）把第{point}项安排落到实处。");
            for _ in 0..10 {
                sentence += 1;
                let _ = write!(text, "第{sentence}句说的是乡村学校的校舍、教师和课桌要一件一件补齐，不留缺口，也不等不靠。");
            }
            text.push_str("\n\n");
        }
    }
    text + "同志们，让我们把这些实事一件一件办好！\n"
}

/// The number of the first sentence that begins on the screen.
fn first_sentence(terminal: &Terminal) -> usize {
    let screen = terminal.screen_text();
    let mut found = screen.split('第').skip(1).filter_map(|rest| rest.split_once("句").and_then(|(number, _)| number.parse().ok()));
    found.next().unwrap_or_else(|| panic!("no sentence on {screen}"))
}

/// The percentage in the status line.
fn percent(terminal: &Terminal) -> usize {
    let screen = terminal.screen();
    let line = screen.lines().last().unwrap();
    let number = line.trim_end().trim_end_matches('%').rsplit(' ').next().unwrap();
    number.parse().unwrap_or_else(|_| panic!("no percentage in {line}"))
}

#[test]
fn a_student_reads_a_long_speech_over_three_days() {
    let home = Home::with_speeches(&[]);
    let text = speech();
    assert!((54_000..60_000).contains(&text.len()), "{} bytes", text.len());
    fs::write(home.speech("教育.txt"), text).unwrap();
    let mut screens: Vec<String> = Vec::new();
    let mut keys = 0;
    let (mut place, mut share) = (0, 0);
    let sizes = [(80, 24), (40, 12), (80, 24)];
    for (day, (columns, rows)) in (1..).zip(sizes) {
        // From the list, as one who has several to read.
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("教育工作会议").settle().assert_whole();
        screens.push(format!("--- day {day}, the library ({columns}×{rows})\n{}", terminal.screen()));
        terminal.press("<Enter>").wait_for("%").settle().assert_whole();
        keys += 1;
        screens.push(format!("--- day {day}, opened\n{}", terminal.screen()));
        if day > 1 {
            // The place of the evening before is on the screen.
            let here = first_sentence(&terminal);
            assert!(here.abs_diff(place) <= 3, "day {day}: left at sentence {place}, resumed at {here}");
            assert!(percent(&terminal).abs_diff(share) <= 3, "day {day}: left at {share}%, resumed at {}%", percent(&terminal));
        }
        let pages = if columns == 40 { 40 } else { 12 };
        for _ in 0..pages {
            terminal.press("<Space>");
            keys += 1;
        }
        terminal.settle().assert_whole();
        assert!(percent(&terminal) > share);
        (place, share) = (first_sentence(&terminal), percent(&terminal));
        screens.push(format!("--- day {day}, at the end ({keys} keys so far)\n{}", terminal.screen()));
        // The window is closed as it is on the first day, left by the key on the others.
        if day == 1 {
            terminal.signal("HUP");
        } else {
            terminal.press("Q");
        }
        terminal.wait_exit();
    }
    // What was read is told in the list; to the end it is one key.
    let mut terminal = home.open(80, 24, &["speeches"]);
    terminal.wait_for(&format!("{share}%")).settle();
    terminal.press("<Enter>").wait_for("%").settle();
    terminal.press("G").wait_for("100%").settle();
    terminal.press("q").wait_for("100%").settle().assert_whole();
    screens.push(format!("--- read ({} keys)\n{}", keys + 3, terminal.screen()));
    terminal.press("Q");
    let folder = home.path().display().to_string();
    insta::assert_snapshot!("student_story", screens.join("\n").replace(&folder, "~"));
}
