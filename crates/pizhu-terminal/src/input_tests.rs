//! Decoding of input as terminals send it.

use super::*;
use proptest::prelude::*;

fn decode(bytes: &[u8]) -> Vec<InputEvent> {
    let mut parser = InputParser::default();
    let mut found = parser.feed(bytes);
    found.extend(parser.flush_pending());
    found
}

fn key_input(code: KeyCode, modifiers: KeyModifiers) -> InputEvent {
    InputEvent::Key(KeyEvent::new(code, modifiers))
}

#[test]
fn key_sequences_are_decoded() {
    use KeyCode::{BackTab, Backspace, Char, Delete, Down, Enter, Esc, F, Home, PageDown, Tab, Up};
    const NONE: KeyModifiers = KeyModifiers::NONE;
    let rows: &[(&[u8], KeyCode, KeyModifiers)] = &[
        (b"j", Char('j'), NONE),
        (b"J", Char('J'), KeyModifiers::SHIFT),
        ("青".as_bytes(), Char('青'), NONE),
        (b"\r", Enter, NONE),
        (b"\t", Tab, NONE),
        (b"\x7f", Backspace, NONE),
        (b"\x1b", Esc, NONE),
        (b"\x1bj", Char('j'), KeyModifiers::ALT),
        (b"\x04", Char('d'), KeyModifiers::CONTROL),
        (b"\x1a", Char('z'), KeyModifiers::CONTROL),
        (b"\0", Char(' '), KeyModifiers::CONTROL),
        (b"\x1b[A", Up, NONE),
        (b"\x1bOB", Down, NONE),
        (b"\x1b[1;5A", Up, KeyModifiers::CONTROL),
        (b"\x1b[6~", PageDown, NONE),
        (b"\x1b[3;2~", Delete, KeyModifiers::SHIFT),
        (b"\x1b[H", Home, NONE),
        (b"\x1bOP", F(1), NONE),
        (b"\x1b[15~", F(5), NONE),
        (b"\x1b[24~", F(12), NONE),
        (b"\x1b[[B", F(2), NONE),
        (b"\x1b[1;2R", F(3), KeyModifiers::SHIFT),
        (b"\x1b[Z", BackTab, KeyModifiers::SHIFT),
        (b"\x1b[106;5u", Char('j'), KeyModifiers::CONTROL),
        (b"\x1b[27;5;13~", Enter, KeyModifiers::CONTROL),
    ];
    for (bytes, code, modifiers) in rows {
        assert_eq!(decode(bytes), [key_input(*code, *modifiers)], "{:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(decode(b"\x1b\x1b[A"), [key_input(Esc, NONE), key_input(Up, NONE)]);
}

#[test]
fn replies_mouse_reports_and_pastes_are_decoded() {
    assert_eq!(decode(b"\x1b[24;3R"), [InputEvent::CursorPosition { row: 24, column: 3 }]);
    assert_eq!(decode(b"\x1b[?62;22c\x1b]10;rgb:00/00/00\x1b\\\x1bP>|xterm(1)\x1b\\\x1b[?1u"), []);
    let (dark, light) = (InputEvent::Background { dark: true }, InputEvent::Background { dark: false });
    assert_eq!(decode(b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07\x1b]11;rgb:ff/FF/dd\x1b\\"), [dark, light]);
    assert_eq!(decode(b"\x1b]11;rgb:zz/00/00\x07\x1b]11;rgb:\x07\x1b]11;red\x07\x1bP11;rgb:0/0/0\x1b\\"), []);
    let click = MouseEvent { kind: MouseEventKind::Down(MouseButton::Left), column: 9, row: 4, modifiers: KeyModifiers::CONTROL };
    assert_eq!(decode(b"\x1b[<16;10;5M"), [InputEvent::Mouse(click)]);
    assert_eq!(
        decode("\x1b[200~一\r\n二\x1b[A\r三\x1b[201~x".as_bytes()),
        [InputEvent::Paste("一\n二\x1b[A\n三".into()), key_input(KeyCode::Char('x'), KeyModifiers::NONE)]
    );
}

#[test]
fn a_lone_escape_is_held_until_its_sequence_completes() {
    let mut parser = InputParser::default();
    assert_eq!(parser.feed(b"\x1b"), []);
    assert!(parser.has_pending_escape());
    assert_eq!(parser.feed(b"[B"), [key_input(KeyCode::Down, KeyModifiers::NONE)]);
    assert!(!parser.has_pending_escape());
    assert_eq!(parser.feed(b"\x1b[200~long"), []);
    assert!(!parser.has_pending_escape(), "a paste is waited for without end");
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same(
        parts in prop::collection::vec(prop_oneof![
            "\\PC{0,4}".prop_map(String::into_bytes),
            Just(b"\x1b[200~a\x1b[201~".to_vec()),
            Just(b"\x1b[1;5C".to_vec()),
            Just(b"\x1b[12;7R".to_vec()),
            Just(b"\x1b]0;x\x07".to_vec()),
            Just(b"\x1b[<0;1;1m".to_vec()),
            prop::collection::vec(any::<u8>(), 0..6),
        ], 0..12),
        size in 1usize..7,
    ) {
        let bytes = parts.concat();
        let mut parser = InputParser::default();
        let mut found: Vec<InputEvent> = bytes.chunks(size).flat_map(|piece| parser.feed(piece)).collect();
        found.extend(parser.flush_pending());
        prop_assert_eq!(found, decode(&bytes));
    }
}
