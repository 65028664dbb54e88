//! The mouse, as SGR reports from the terminal: clicks, drags, wheel, outline, and the key that turns
//! mouse reporting off. Selections are checked by copying them.

use crate::terminal::{Home, Terminal};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
/// Column right of the outline, in cells.
const TEXT_COLUMN: usize = 36;
/// Button codes of SGR reports.
const LEFT_BUTTON: u16 = 0;
const LEFT_DRAG: u16 = 32;
const WHEEL_UP: u16 = 64;
const WHEEL_DOWN: u16 = 65;

fn open(home: &Home) -> Terminal {
    let mut terminal = home.open(120, 30, &[&format!("speeches/{SPEECH}")]);
    terminal.wait_for("看清来路").settle();
    terminal.press(":").type_text("二、/(三)").press("<Enter>").wait_for("着眼人尽其才").settle();
    terminal.press("zt").settle();
    assert!(terminal.reports_mouse());
    terminal
}

/// The cell (column, row) at which `text` starts, at column `from` or to the right of it.
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

/// Sends a mouse report: press or motion (`M`), or release (`m`).
fn report(terminal: &mut Terminal, button: u16, (column, row): (u16, u16), action: char) {
    terminal.type_text(&format!("\x1b[<{button};{};{}{action}", column + 1, row + 1));
}

fn click(terminal: &mut Terminal, at: (u16, u16)) {
    report(terminal, LEFT_BUTTON, at, 'M');
    report(terminal, LEFT_BUTTON, at, 'm');
}

/// Copies the selection; returns the text sent to the terminal's clipboard (OSC 52).
fn copy_selection(terminal: &mut Terminal) -> String {
    let before = terminal.bytes().len();
    terminal.press("y").wait("a copy", |terminal| String::from_utf8_lossy(&terminal.bytes()[before..]).contains("\x1b]52;"));
    terminal.settle();
    let sent = String::from_utf8_lossy(&terminal.bytes()[before..]).into_owned();
    let coded = sent.split("\x1b]52;").nth(1).unwrap().split(';').nth(1).unwrap();
    decode_base64(coded.split(['\x1b', '\x07']).next().unwrap())
}

/// Decodes Base64.
fn decode_base64(coded: &str) -> String {
    let value = |c: u8| "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".bytes().position(|known| known == c);
    let (mut bits, mut bit_count, mut bytes) = (0_usize, 0, Vec::new());
    for sextet in coded.bytes().map_while(value) {
        (bits, bit_count) = (bits << 6 | sextet, bit_count + 6);
        if bit_count >= 8 {
            bit_count -= 8;
            bytes.push((bits >> bit_count & 0xff) as u8);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn click_moves_cursor_double_click_selects_word_triple_click_sentence() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    let at = cell_of(&terminal, "人才发展专项资金", 30);
    click(&mut terminal, at);
    terminal.settle();
    // Extends a selection from the cursor by keys.
    terminal.press("vlll").settle();
    assert_eq!(copy_selection(&mut terminal), "人才发展");
    terminal.press("<Esc>").settle();
    // Near the top of the screen, where moving the cursor by keys would scroll.
    let at = cell_of(&terminal, "专项资金", 30);
    for expected in ["专项资金", "人才工作，我归纳为“三个一”：一个专班、一张清单、一笔专项资金。"] {
        // A click on another cell ends the multiple click of the last round.
        click(&mut terminal, (at.0, at.1 + 1));
        for _ in 0..if expected == "专项资金" { 2 } else { 3 } {
            click(&mut terminal, at);
        }
        terminal.wait(&format!("{expected} selected"), |terminal| terminal.screen_text().contains("已选")).settle();
        assert_eq!(copy_selection(&mut terminal), expected);
    }
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn drag_selects_text() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    let (column, row) = cell_of(&terminal, "设立人才发展", 30);
    report(&mut terminal, LEFT_BUTTON, (column, row), 'M');
    for step in 1..=5 {
        report(&mut terminal, LEFT_DRAG, (column + 2 * step, row), 'M');
    }
    report(&mut terminal, LEFT_BUTTON, (column + 10, row), 'm');
    terminal.settle();
    assert_eq!(copy_selection(&mut terminal), "设立人才发展");
    // A selection by mouse can be tagged.
    report(&mut terminal, LEFT_BUTTON, (column, row), 'M');
    report(&mut terminal, LEFT_DRAG, (column + 6, row), 'M');
    report(&mut terminal, LEFT_BUTTON, (column + 6, row), 'm');
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
fn wheel_scrolls_the_pane_under_it() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    let text = cell_of(&terminal, "着眼人尽其才", 30);
    let rows = |terminal: &Terminal| terminal.screen().lines().map(str::to_owned).collect::<Vec<_>>();
    let before = rows(&terminal);
    report(&mut terminal, WHEEL_DOWN, (text.0, 10), 'M');
    // The text scrolls by three rows, the outline does not.
    terminal.wait("the text scrolled", |terminal| row_text(&rows(terminal)[5], TEXT_COLUMN) == row_text(&before[8], TEXT_COLUMN));
    assert_eq!(rows(&terminal)[5].chars().take(8).collect::<String>(), before[5].chars().take(8).collect::<String>());
    report(&mut terminal, WHEEL_UP, (text.0, 10), 'M');
    terminal.wait("the text as it was", |terminal| row_text(&rows(terminal)[5], TEXT_COLUMN) == row_text(&before[5], TEXT_COLUMN));
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

/// The text of a screen row from a column on.
fn row_text(row: &str, from: usize) -> String {
    let mut column = 0;
    let rest = row.chars().skip_while(|c| {
        column += if c.is_ascii() || ('\u{2500}'..'\u{2600}').contains(c) { 1 } else { 2 };
        column <= from
    });
    rest.collect()
}

#[test]
fn click_in_outline_goes_to_the_section() {
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
fn key_toggles_mouse_reporting() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    terminal.press("gm").wait("mouse reporting off", |terminal| !terminal.reports_mouse());
    terminal.press("gm").wait("mouse reporting on", Terminal::reports_mouse);
    terminal.press("gm").wait("mouse reporting off", |terminal| !terminal.reports_mouse()).settle();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    // The choice is remembered.
    let mut reopened = home.open(120, 30, &[&format!("speeches/{SPEECH}")]);
    reopened.wait_for("着眼人尽其才").settle();
    assert!(!reopened.reports_mouse());
    reopened.press("Q");
    assert_eq!(reopened.wait_exit().exit_code(), 0);
    assert!(reopened.is_restored());
}
