//! The terminal: restored after signals, stops and panics; cursor position for input methods; long
//! pastes; late replies; phrases across row ends; `doctor`.

use crate::terminal::{Home, Terminal};
use pizhu::harness::Locale;
use pizhu_terminal::Colors;
use pizhu_terminal::Guard;
use pizhu_terminal::Screen;
use pizhu_terminal::Widths;
use std::{fs, process::Command};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
/// Backgrounds of the themes `dark` and `light`.
const DARK_BACKGROUND: (u8, u8, u8) = (0x1b, 0x1d, 0x23);
const LIGHT_BACKGROUND: (u8, u8, u8) = (0xfb, 0xfa, 0xf7);

fn open(home: &Home) -> Terminal {
    let mut terminal = home.open(100, 30, &[&format!("speeches/{SPEECH}")]);
    crate::annotate::go_to_talent(&mut terminal);
    assert!(!terminal.is_restored());
    terminal
}

fn send_signal(terminal: &Terminal, name: &str) {
    let done = Command::new("kill").args([&format!("-{name}"), &terminal.process_id().to_string()]).status().unwrap();
    assert!(done.success());
}

#[test]
fn termination_signals_restore_the_terminal() {
    for name in ["TERM", "HUP", "INT"] {
        let home = Home::with_speeches(&[SPEECH]);
        let mut terminal = open(&home);
        send_signal(&terminal, name);
        terminal.wait_exit();
        assert!(terminal.is_restored(), "after SIG{name}");
    }
}

#[test]
fn stop_restores_the_terminal_and_continue_reenters_it() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    terminal.press("<C-z>").wait("the terminal restored", Terminal::is_restored);
    let is_stopped = |terminal: &Terminal| {
        let state = fs::read_to_string(format!("/proc/{}/stat", terminal.process_id())).unwrap();
        state.rsplit(')').next().unwrap().trim_start().starts_with('T')
    };
    terminal.wait("a stopped process", is_stopped);
    send_signal(&terminal, "CONT");
    terminal.wait("the terminal set up again", |terminal| !terminal.is_restored()).wait_for("着眼人尽其才").settle();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn late_width_reply_relayouts_and_keeps_the_top_row() {
    let home = Home::with_speeches(&[SPEECH]);
    let file = format!("speeches/{SPEECH}");
    let row = |terminal: &Terminal| {
        let screen = terminal.screen();
        screen.lines().next().unwrap().chars().filter(|c| !c.is_whitespace()).collect::<String>()
    };
    let mut first = home.open(60, 16, &[&file]);
    first.settle();
    first.press("<C-d><C-d>").settle();
    while row(&first).chars().count() < 2 {
        first.press("<C-e>").settle();
    }
    first.press("Q");
    assert_eq!(first.wait_exit().exit_code(), 0);
    // The width is remembered as narrow; the terminal's reply comes after the first frame.
    let mut terminal = home.open_wide(60, 16, &[&file]);
    terminal.settle();
    let (narrow, top) = (terminal.screen(), row(&terminal));
    terminal.send_replies().wait("a second layout", |terminal| terminal.screen() != narrow).settle();
    let row_start: String = top.chars().take(2).collect();
    assert!(row_start.chars().count() == 2 && row(&terminal).contains(&row_start), "{narrow}\n{}", terminal.screen());
    // Rows break differently, because quotation marks are wider.
    let rows = |screen: &str| screen.lines().map(|row| row.split_whitespace().collect::<String>()).collect::<Vec<_>>();
    assert_ne!(rows(&narrow), rows(&terminal.screen()));
    terminal.assert_whole();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

/// Started by the next test in a terminal: sets the terminal up like the reader, then panics.
#[test]
#[ignore = "panics: run by the next test"]
fn panic_in_raw_mode() {
    let Some(folder) = std::env::var_os("XDG_STATE_HOME") else { return };
    if std::env::var_os("HOME").is_none_or(|home| !home.to_string_lossy().ends_with("/.")) {
        return; // not started by the next test
    }
    pizhu::harness::report_to(folder.into(), Locale::default());
    let mut guard = Guard::enter().unwrap();
    guard.set_mouse(true).unwrap();
    let mut screen = Screen::new(guard.output().unwrap(), (80, 24).into(), Colors::True, Widths::Narrow);
    screen.draw(|_| None).unwrap();
    panic!("青禾县 is out of order");
}

#[test]
fn panic_restores_the_terminal_and_names_the_report() {
    let home = Home::with_speeches(&[]);
    let child = ["--ignored", "--exact", "--nocapture", "--test-threads=1", "signals::panic_in_raw_mode"];
    let mut terminal = home.open_program(&std::env::current_exe().unwrap(), &child);
    assert_ne!(terminal.wait_exit().exit_code(), 0);
    assert!(terminal.is_restored());
    assert!(String::from_utf8_lossy(&terminal.bytes()).contains("\x1b[?1049h"), "the alternate screen was never entered");
    let reports: Vec<_> = fs::read_dir(home.path().join("state")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [report] = reports.as_slice() else { panic!("{reports:?}") };
    terminal.wait_for(&report.file_name().unwrap().to_string_lossy());
    let content = fs::read_to_string(report).unwrap();
    assert!(content.contains("青禾县 is out of order") && content.contains(env!("CARGO_PKG_VERSION")), "{content}");
    // The message is for users: it does not mention Rust.
    assert!(!terminal.screen_text().contains("RUST_BACKTRACE"), "{}", terminal.screen());
}

#[test]
fn cursor_is_at_the_input_position_of_a_note() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    terminal.press("a").settle();
    terminal.type_text("记在“青禾县”").wait_for("记在“青禾县”").settle();
    let check = |terminal: &Terminal, before: &str| {
        terminal.with_screen(|screen| {
            assert!(!screen.hide_cursor());
            let (row, column) = screen.cursor_position();
            let cell = (0..column).rev().find_map(|x| screen.cell(row, x).filter(|cell| !cell.is_wide_continuation()));
            assert_eq!(cell.map(|cell| cell.contents().to_owned()).as_deref(), Some(before), "{row} {column}");
        });
    };
    check(&terminal, "”");
    terminal.press("<Left><Left>").settle();
    check(&terminal, "禾");
    terminal.type_text("临江").settle();
    check(&terminal, "江");
}

#[test]
fn paste_of_10000_characters_is_kept() {
    let home = Home::with_speeches(&[SPEECH]);
    let note: String = "记在青禾县的第一页，".repeat(1000);
    assert_eq!(note.chars().count(), 10_000);
    let mut terminal = open(&home);
    terminal.press("a").settle();
    terminal.paste(&format!("{note}完")).wait_for("完").settle();
    terminal.press("<C-s>").wait_for("批语已保存");
    crate::annotate::wait_saved(&terminal);
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let json: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    assert_eq!(json["annotations"][0]["note"], format!("{note}完").as_str());
}

#[test]
fn changed_speech_is_reloaded_and_keeps_the_position() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    terminal.press("zt").settle();
    // The screen row of the heading.
    let row_of = |terminal: &Terminal| terminal.screen().lines().position(|row| row.contains("厚植近悦远来的创业沃土"));
    let before = row_of(&terminal);
    let path = home.speech(SPEECH);
    let text = fs::read_to_string(&path).unwrap();
    // Saves like an editor: new file, then rename. The insertion is before the reading position.
    let added = "\n\n临江市的经验也可以借鉴。\n\n玉带市的做法同样值得一看。\n\n";
    let (head, rest) = text.split_once("一、").unwrap();
    let changed = format!("{head}{added}一、{rest}").replace("县里已经决定", "县里刚刚决定");
    fs::write(path.with_extension("new"), changed).unwrap();
    fs::rename(path.with_extension("new"), &path).unwrap();
    terminal.wait_for("县里刚刚决定").wait_for("已重新读入").settle().assert_whole();
    assert_eq!(row_of(&terminal), before, "{}", terminal.screen());
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn light_background_is_remembered() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let backgrounds_sent = |terminal: &Terminal| -> (bool, bool) {
        let text = String::from_utf8_lossy(&terminal.bytes()).into_owned();
        let sent = |(r, g, b): (u8, u8, u8)| text.contains(&format!("48;2;{r};{g};{b}"));
        (sent(DARK_BACKGROUND), sent(LIGHT_BACKGROUND))
    };
    let mut first = home.open_with_background("rgb:ffff/ffff/fafa", 100, 30, &[&speech]);
    first.wait("the light theme", |terminal| backgrounds_sent(terminal).1).settle();
    assert_eq!(backgrounds_sent(&first), (true, true), "drawn dark until the terminal replies");
    first.press("Q");
    assert_eq!(first.wait_exit().exit_code(), 0);
    let mut second = home.open_with_background("rgb:ffff/ffff/fafa", 100, 30, &[&speech]);
    second.wait_for("同志们").settle();
    assert_eq!(backgrounds_sent(&second), (false, true), "light from the first frame");
    second.press("Q");
    assert_eq!(second.wait_exit().exit_code(), 0);
    // The terminal is queried each time; a dark reply overrides the remembered one.
    let mut third = home.open_with_background("rgb:1e1e/1e1e/2e2e", 100, 30, &[&speech]);
    third.wait("the dark theme", |terminal| backgrounds_sent(terminal).0);
    third.press("Q");
    assert_eq!(third.wait_exit().exit_code(), 0);
}

#[test]
fn phrase_across_row_ends_and_page_marks_is_found_and_copied() {
    const PHRASE: &str = "振兴乡村产业";
    // PHRASE in Base64, for OSC 52.
    const CODED: &str = "5oyv5YW05Lmh5p2R5Lqn5Lia";
    let home = Home::with_speeches(&[SPEECH]);
    let sentence = |count: usize| {
        "全县上下同心协力真抓实干"
            .chars()
            .cycle()
            .take(count)
            .chain("，努力".chars())
            .chain(PHRASE.chars())
            .chain(['。'])
            .collect::<String>()
    };
    let body: Vec<char> = [29, 34, 40, 33, 28, 37].into_iter().flat_map(|count| sentence(count).chars().collect::<Vec<_>>()).collect();
    // Lines of 26 chars, with a page mark after every second one: some occurrences of the phrase
    // cross a line end or a page mark.
    let mut text = "讲话\n\n同志们：\n\n".to_owned();
    for (index, line) in body.chunks(26).enumerate() {
        text.extend(line.iter().chain(&['\n']));
        if index % 2 == 1 {
            text.extend(["— ", &(index / 2 + 1).to_string(), " —\n"]);
        }
    }
    assert!(text.matches(PHRASE).count() < 6);
    fs::write(home.speeches().join("甲.txt"), text).unwrap();
    let mut terminal = home.open(40, 24, &["speeches/甲.txt"]);
    terminal.wait_for("同志们").settle();
    let plain = terminal.with_screen(|screen| screen.cell(2, 10).unwrap().bgcolor());
    terminal.press("/").type_text(PHRASE).press("<Enter>").settle();
    terminal.wait_for("/6");
    let highlighted_cells: usize = terminal.with_screen(|screen| {
        let cells = (0..23).flat_map(|y| (0..40).map(move |x| (y, x))).filter_map(|(y, x)| screen.cell(y, x));
        cells
            .filter(|cell| PHRASE.contains(cell.contents()) && !cell.contents().is_empty() && (cell.bgcolor() != plain || cell.inverse()))
            .count()
    });
    assert_eq!(highlighted_cells, 6 * 6, "{}", terminal.screen());
    // Selects and copies each match.
    for _ in 0..6 {
        terminal.press("vlllll").settle();
        terminal.press("y").settle();
        terminal.press("n").settle();
    }
    let sent = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert_eq!(sent.matches(&format!(";{CODED}")).count(), 6, "{}", terminal.screen());
    terminal.press("Q");
}

#[test]
fn doctor_shows_terminal_replies() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = home.open(80, 40, &["doctor"]);
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let screen = terminal.screen();
    for expected in ["有应答", "TERM", "（刚测得）：一格", "“”“”“”“”|", "--ambiguous"] {
        assert!(screen.contains(expected), "{expected}\n{screen}");
    }
    // Without a terminal, it reports that and the environment variables.
    let text = home.print(&["doctor"]);
    assert!(text.contains("没有终端") && !text.contains('|'), "{text}");
    let json: serde_json::Value = serde_json::from_str(&home.print(&["doctor", "--format", "json"])).unwrap();
    assert_eq!((&json["version"], &json["terminal"]), (&1.into(), &false.into()));
}
