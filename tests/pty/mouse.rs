//! The mouse, by the bytes a terminal sends (SGR reports): clicks, drags, the wheel, the outline,
//! and the key that gives the mouse back. What is selected is seen by what is copied.

use crate::terminal::{Home, Terminal};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
/// Cells that the outline takes at most.
const TEXT: usize = 36;
const LEFT: u16 = 0;
const DRAG: u16 = 32;
const WHEEL_UP: u16 = 64;
const WHEEL_DOWN: u16 = 65;

fn open(home: &Home) -> Terminal {
    let mut terminal = home.open(120, 30, &[&format!("speeches/{SPEECH}")]);
    terminal.wait_for("看清来路").settle();
    terminal.press(":").type_text("二、/(三)").press("<Enter>").wait_for("着眼人尽其才").settle();
    terminal.press("zt").settle();
    assert!(terminal.hears_mouse());
    terminal
}

/// The cell (column, row) at which the text begins, right of the column `from`.
fn cell_of(terminal: &Terminal, text: &str, from: u16) -> (u16, u16) {
    terminal.with_screen(|screen| {
        let (rows, columns) = screen.size();
        let (rows, columns) = (rows.get(), columns.get());
        let begins = |x: u16, y: u16| {
            if screen.cell(y, x).is_none_or(vt100::Cell::is_wide_continuation) {
                return false;
            }
            let cells = (x..columns).filter_map(|x| screen.cell(y, x)).filter(|cell| !cell.is_wide_continuation());
            let row: String =
                cells.map(|cell| if cell.has_contents() { cell.contents() } else { " " }).take(text.chars().count()).collect();
            row == text
        };
        let all = (0..rows).flat_map(|y| (from..columns).map(move |x| (x, y)));
        all.into_iter().find(|(x, y)| begins(*x, *y)).unwrap_or_else(|| panic!("no {text}\n{}", screen.contents()))
    })
}

/// Reports a button at a cell: pressed or moved (`M`), or let go (`m`).
fn report(terminal: &mut Terminal, button: u16, (column, row): (u16, u16), last: char) {
    terminal.type_text(&format!("\x1b[<{button};{};{}{last}", column + 1, row + 1));
}

fn click(terminal: &mut Terminal, at: (u16, u16)) {
    report(terminal, LEFT, at, 'M');
    report(terminal, LEFT, at, 'm');
}

/// Copies what is selected, and says what was sent to the terminal's clipboard (OSC 52).
fn copied(terminal: &mut Terminal) -> String {
    let before = terminal.bytes().len();
    terminal.press("y").wait("a copy", |terminal| String::from_utf8_lossy(&terminal.bytes()[before..]).contains("\x1b]52;"));
    terminal.settle();
    let sent = String::from_utf8_lossy(&terminal.bytes()[before..]).into_owned();
    let coded = sent.split("\x1b]52;").nth(1).unwrap().split(';').nth(1).unwrap();
    decoded(coded.split(['\x1b', '\x07']).next().unwrap())
}

/// Base64 into text.
fn decoded(coded: &str) -> String {
    let value = |c: u8| "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".bytes().position(|known| known == c);
    let (mut bits, mut held, mut bytes) = (0_usize, 0, Vec::new());
    for sextet in coded.bytes().map_while(value) {
        (bits, held) = (bits << 6 | sextet, held + 6);
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_click_sets_the_cursor_a_second_takes_the_word_a_third_the_sentence() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    let at = cell_of(&terminal, "人才发展专项资金", 30);
    click(&mut terminal, at);
    terminal.settle();
    // From the cursor on, by keys.
    terminal.press("vlll").settle();
    assert_eq!(copied(&mut terminal), "人才发展");
    terminal.press("<Esc>").settle();
    // Near the top, where keys would scroll.
    let at = cell_of(&terminal, "专项资金", 30);
    for expected in ["专项资金", "人才工作，我归纳为“三个一”：一个专班、一张清单、一笔专项资金。"] {
        // A click right after the last ones counts on: let them pass.
        std::thread::sleep(std::time::Duration::from_millis(500));
        for _ in 0..if expected == "专项资金" { 2 } else { 3 } {
            click(&mut terminal, at);
        }
        terminal.wait(&format!("{expected} selected"), |terminal| terminal.screen_text().contains("已选")).settle();
        assert_eq!(copied(&mut terminal), expected);
    }
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn a_drag_selects_what_it_goes_over() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    let (column, row) = cell_of(&terminal, "设立人才发展", 30);
    report(&mut terminal, LEFT, (column, row), 'M');
    for step in 1..=5 {
        report(&mut terminal, DRAG, (column + 2 * step, row), 'M');
    }
    report(&mut terminal, LEFT, (column + 10, row), 'm');
    terminal.settle();
    assert_eq!(copied(&mut terminal), "设立人才发展");
    // What is selected is tagged as if keys had selected it.
    report(&mut terminal, LEFT, (column, row), 'M');
    report(&mut terminal, DRAG, (column + 6, row), 'M');
    report(&mut terminal, LEFT, (column + 6, row), 'm');
    terminal.settle();
    terminal.press("t").wait_for("Enter");
    terminal.type_text("人才工作").settle();
    terminal.press("<Enter>").wait_for("已贴标签");
    crate::annotate::wait_saved(&terminal);
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let json: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    assert_eq!((&json["annotations"][0]["quote"], &json["annotations"][0]["tags"][0]), (&"设立人才".into(), &"人才工作".into()));
}

#[test]
fn the_wheel_scrolls_what_it_is_over() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    let text = cell_of(&terminal, "着眼人尽其才", 30);
    let rows = |terminal: &Terminal| terminal.screen().lines().map(str::to_owned).collect::<Vec<_>>();
    let before = rows(&terminal);
    report(&mut terminal, WHEEL_DOWN, (text.0, 10), 'M');
    // Three rows on, and the outline as it was.
    terminal.wait("the text scrolled", |terminal| cells(&rows(terminal)[5], TEXT) == cells(&before[8], TEXT));
    assert_eq!(rows(&terminal)[5].chars().take(8).collect::<String>(), before[5].chars().take(8).collect::<String>());
    report(&mut terminal, WHEEL_UP, (text.0, 10), 'M');
    terminal.wait("the text as it was", |terminal| cells(&rows(terminal)[5], TEXT) == cells(&before[5], TEXT));
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

/// A screen row's text from a column on.
fn cells(row: &str, from: usize) -> String {
    let mut column = 0;
    let rest = row.chars().skip_while(|c| {
        column += if c.is_ascii() || ('\u{2500}'..'\u{2600}').contains(c) { 1 } else { 2 };
        column <= from
    });
    rest.collect()
}

#[test]
fn a_click_in_the_outline_goes_to_the_section() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    let at = cell_of(&terminal, "一、", 0);
    assert!(at.0 < 30);
    click(&mut terminal, (at.0 + 4, at.1));
    terminal.wait("the section's text", |terminal| terminal.screen_text().contains("过去的2022年"));
    terminal.settle().assert_whole();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn one_key_gives_the_mouse_back_and_takes_it_again() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    terminal.press("gm").wait("the mouse given back", |terminal| !terminal.hears_mouse());
    terminal.press("gm").wait("the mouse taken", Terminal::hears_mouse);
    terminal.press("gm").wait("the mouse given back", |terminal| !terminal.hears_mouse()).settle();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    // It stays so.
    let mut again = home.open(120, 30, &[&format!("speeches/{SPEECH}")]);
    again.wait_for("着眼人尽其才").settle();
    assert!(!again.hears_mouse());
    again.press("Q");
    assert_eq!(again.wait_exit().exit_code(), 0);
    assert!(again.is_restored());
}
