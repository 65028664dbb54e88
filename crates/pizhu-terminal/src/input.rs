//! Decodes the terminal's bytes into keys, mouse reports, pastes and query answers.
//!
//! crossterm's own reader is not used: it swallows cursor position reports, and takes an escape
//! sequence that arrives in two reads for the Escape key. Its key and mouse types are.
//!
//! Invariants: the result of [`InputParser::feed`] does not depend on how the bytes are split; no
//! input makes it panic; unknown sequences are dropped whole.

use super::background::BackgroundColor;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use std::{
    fs::File,
    io::{self, IsTerminal as _},
    os::fd::AsFd as _,
};

/// Maximum bytes of an incomplete sequence or paste; longer input is dropped.
const MAX_PENDING_BYTES: usize = 64 << 20;

const PASTE_END: &[u8] = b"\x1b[201~";

/// One decoded input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputEvent {
    /// A key.
    Key(KeyEvent),
    /// A mouse report.
    Mouse(MouseEvent),
    /// A bracketed paste, line breaks normalized to LF.
    Paste(String),
    /// The answer to a background query (OSC 11).
    Background {
        /// Whether its luminance is below one half.
        dark: bool,
    },
    /// A cursor position report (CPR), 1-based.
    CursorPosition {
        /// The row, from 1.
        row: u16,
        /// The column, from 1.
        column: u16,
    },
}

/// Opens the terminal to read from: standard input, or the controlling terminal if that is a pipe.
///
/// # Errors
/// When neither can be opened.
pub(crate) fn open_tty() -> io::Result<File> {
    let stdin = io::stdin();
    if stdin.is_terminal() { Ok(File::from(stdin.as_fd().try_clone_to_owned()?)) } else { File::open("/dev/tty") }
}

/// The result of parsing the first input in a buffer.
enum ParseStep {
    /// The bytes are an incomplete sequence.
    Incomplete,
    /// So many bytes were consumed; `None` if they are no known input.
    Consumed(usize, Option<InputEvent>),
}

/// Decodes bytes into [`InputEvent`]s.
///
/// ```
/// use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
/// use pizhu_terminal::{InputEvent, InputParser};
///
/// let mut parser = InputParser::default();
/// // A cursor key may arrive in two reads.
/// assert_eq!(parser.feed(b"\x1b"), []);
/// assert!(parser.has_pending_escape());
/// let up = KeyEvent::new(KeyCode::Up, KeyModifiers::NONE);
/// assert_eq!(parser.feed(b"[A"), [InputEvent::Key(up)]);
/// // The answer to a cursor position query.
/// assert_eq!(parser.feed(b"\x1b[24;3R"), [InputEvent::CursorPosition { row: 24, column: 3 }]);
/// // A lone escape is the Escape key once no more bytes have come for a while.
/// parser.feed(b"\x1b");
/// let escape = KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE);
/// assert_eq!(parser.flush_pending(), [InputEvent::Key(escape)]);
/// ```
#[derive(Debug, Default)]
pub struct InputParser {
    bytes: Vec<u8>,
    /// Bytes of a pending paste already searched for its end.
    paste_searched: usize,
}

impl InputParser {
    /// Adds bytes; returns the inputs they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<InputEvent> {
        self.bytes.extend_from_slice(bytes);
        self.parse_pending(false)
    }

    /// Whether an incomplete escape sequence is pending, which may turn out to be the Escape key. False
    /// within a paste, which has no timeout.
    #[must_use]
    pub fn has_pending_escape(&self) -> bool {
        self.bytes.first() == Some(&0x1b) && !self.bytes.starts_with(b"\x1b[200~")
    }

    /// Decodes what is pending as it is, after a timeout.
    pub fn flush_pending(&mut self) -> Vec<InputEvent> {
        self.parse_pending(true)
    }

    fn parse_pending(&mut self, expired: bool) -> Vec<InputEvent> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.bytes.len() {
            match parse_input(&self.bytes[at..], &mut self.paste_searched, expired) {
                ParseStep::Consumed(count, input) => {
                    at += count;
                    self.paste_searched = 0;
                    found.extend(input);
                }
                ParseStep::Incomplete if self.bytes.len() - at > MAX_PENDING_BYTES => {
                    at = self.bytes.len();
                    self.paste_searched = 0;
                }
                ParseStep::Incomplete => break,
            }
        }
        self.bytes.drain(..at);
        found
    }
}

#[expect(clippy::unnecessary_wraps, reason = "same signature as the functions that may find no key")]
fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<InputEvent> {
    Some(InputEvent::Key(KeyEvent::new(code, modifiers)))
}

/// A typed character; an upper-case one has SHIFT set, as in crossterm.
fn char_key(c: char, modifiers: KeyModifiers) -> Option<InputEvent> {
    let shift = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    key(KeyCode::Char(c), modifiers | shift)
}

fn parse_input(bytes: &[u8], searched: &mut usize, expired: bool) -> ParseStep {
    match bytes {
        [0x1b] if expired => ParseStep::Consumed(1, key(KeyCode::Esc, KeyModifiers::NONE)),
        [] | [0x1b] => ParseStep::Incomplete,
        [0x1b, b'[', rest @ ..] => parse_control_sequence(bytes, rest, searched, expired),
        [0x1b, b'O', rest @ ..] => match rest.first() {
            None if expired => ParseStep::Consumed(2, char_key('O', KeyModifiers::ALT)),
            None => ParseStep::Incomplete,
            Some(last) => ParseStep::Consumed(3, final_key(*last).and_then(|code| key(code, KeyModifiers::NONE))),
        },
        // Control strings (OSC, DCS, APC, PM, SOS). Only the background's colour is asked for.
        [0x1b, b']' | b'P' | b'_' | b'^' | b'X', rest @ ..] => {
            let end = rest.iter().position(|byte| *byte == 0x07 || *byte == 0x1b);
            match end {
                Some(end) if rest[end] == 0x07 => ParseStep::Consumed(end + 3, parse_background(bytes[1], &rest[..end])),
                Some(end) if rest.get(end + 1) == Some(&b'\\') => ParseStep::Consumed(end + 4, parse_background(bytes[1], &rest[..end])),
                Some(end) if end + 1 < rest.len() => ParseStep::Consumed(end + 2, None),
                _ if expired && rest.is_empty() => ParseStep::Consumed(2, char_key(char::from(bytes[1]), KeyModifiers::ALT)),
                _ if expired => ParseStep::Consumed(bytes.len(), None),
                _ => ParseStep::Incomplete,
            }
        }
        [0x1b, 0x1b, ..] => ParseStep::Consumed(1, key(KeyCode::Esc, KeyModifiers::NONE)),
        [0x1b, rest @ ..] => match parse_plain(rest, KeyModifiers::ALT) {
            ParseStep::Consumed(count, input) => ParseStep::Consumed(count + 1, input),
            ParseStep::Incomplete if expired => ParseStep::Consumed(bytes.len(), None),
            ParseStep::Incomplete => ParseStep::Incomplete,
        },
        _ => match parse_plain(bytes, KeyModifiers::NONE) {
            ParseStep::Incomplete if expired => ParseStep::Consumed(bytes.len(), None),
            step => step,
        },
    }
}

/// Parses a control string of the type `kind`; only the answer to OSC 11 is known.
fn parse_background(kind: u8, text: &[u8]) -> Option<InputEvent> {
    let text = std::str::from_utf8(text).ok().filter(|_| kind == b']')?;
    BackgroundColor::parse(text).map(|color| InputEvent::Background { dark: color.is_dark() })
}

/// Parses a control character or one UTF-8 char.
fn parse_plain(bytes: &[u8], modifiers: KeyModifiers) -> ParseStep {
    let Some(&first) = bytes.first() else { return ParseStep::Incomplete };
    let one = |code, extra| ParseStep::Consumed(1, key(code, modifiers | extra));
    match first {
        b'\r' => one(KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => one(KeyCode::Tab, KeyModifiers::NONE),
        0x7f => one(KeyCode::Backspace, KeyModifiers::NONE),
        0 => one(KeyCode::Char(' '), KeyModifiers::CONTROL),
        0x01..=0x1a => one(KeyCode::Char(char::from(first - 1 + b'a')), KeyModifiers::CONTROL),
        0x1c..=0x1f => one(KeyCode::Char(char::from(first - 0x1c + b'4')), KeyModifiers::CONTROL),
        _ => {
            let length = match first {
                0..0x80 => 1,
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return ParseStep::Consumed(1, None),
            };
            let Some(head) = bytes.get(..length) else {
                // Incomplete, unless the bytes present already break the encoding.
                let broken = bytes[1..].iter().any(|byte| byte & 0xc0 != 0x80);
                return if broken { ParseStep::Consumed(1, None) } else { ParseStep::Incomplete };
            };
            match std::str::from_utf8(head).ok().and_then(|text| text.chars().next()) {
                Some(c) => ParseStep::Consumed(length, char_key(c, modifiers)),
                None => ParseStep::Consumed(1, None),
            }
        }
    }
}

/// Parses a control sequence, `ESC [` parameters final byte. `rest` follows the bracket.
fn parse_control_sequence(bytes: &[u8], rest: &[u8], searched: &mut usize, expired: bool) -> ParseStep {
    if rest.is_empty() && expired {
        return ParseStep::Consumed(2, char_key('[', KeyModifiers::ALT));
    }
    if rest.starts_with(b"200~") {
        return parse_paste(bytes, searched);
    }
    // The Linux console sends F1 to F5 as `ESC [ [ A` to `ESC [ [ E`.
    if let [b'[', last, ..] = rest {
        let code = matches!(last, b'A'..=b'E').then(|| KeyCode::F(last - b'A' + 1));
        return ParseStep::Consumed(4, code.and_then(|code| key(code, KeyModifiers::NONE)));
    }
    let Some(end) = rest.iter().position(|byte| !(0x20..=0x3f).contains(byte)).filter(|_| rest != b"[") else {
        return if expired { ParseStep::Consumed(bytes.len(), None) } else { ParseStep::Incomplete };
    };
    let last = rest[end];
    if !(0x40..=0x7e).contains(&last) {
        // Interrupted by another input, which is parsed next.
        return ParseStep::Consumed(2 + end, None);
    }
    let parameters = &rest[..end];
    let done = 2 + end + 1;
    if last == b'M' && parameters.is_empty() {
        // An X10 mouse report, followed by three bytes: never enabled, so dropped.
        return if bytes.len() >= done + 3 || expired {
            ParseStep::Consumed((done + 3).min(bytes.len()), None)
        } else {
            ParseStep::Incomplete
        };
    }
    ParseStep::Consumed(done, sequence_input(parameters, last))
}

fn sequence_input(parameters: &[u8], last: u8) -> Option<InputEvent> {
    if let [b'<', mouse @ ..] = parameters {
        return parse_mouse_report(mouse, last == b'm').map(InputEvent::Mouse).filter(|_| matches!(last, b'M' | b'm'));
    }
    if parameters.first().is_some_and(|byte| matches!(byte, b'?' | b'>' | b'=')) {
        return None;
    }
    let numbers = numbers(parameters);
    let number = |index: usize| numbers.get(index).copied().unwrap_or(0);
    let held = modifiers(number(1));
    match last {
        b'R' if numbers.len() == 2 && !(number(0) == 1 && number(1) <= 16) => {
            Some(InputEvent::CursorPosition { row: number(0), column: number(1) })
        }
        b'Z' => key(KeyCode::BackTab, held | KeyModifiers::SHIFT),
        b'~' => match number(0) {
            27 => char::from_u32(u32::from(number(2))).and_then(|c| code_key(c, held)),
            tilde => key(tilde_key(tilde)?, held),
        },
        b'u' => char::from_u32(u32::from(number(0))).and_then(|c| code_key(c, held)),
        _ => key(final_key(last)?, held),
    }
}

/// The numeric parameters of a sequence; of sub-parameters (after colons) only the first.
fn numbers(parameters: &[u8]) -> Vec<u16> {
    let one = |part: &[u8]| {
        part.iter()
            .take_while(|byte| byte.is_ascii_digit())
            .fold(0u16, |n, byte| n.saturating_mul(10).saturating_add(u16::from(byte - b'0')))
    };
    if parameters.is_empty() { Vec::new() } else { parameters.split(|byte| *byte == b';').map(one).collect() }
}

fn modifiers(parameter: u16) -> KeyModifiers {
    let bits = parameter.saturating_sub(1);
    let mut held = KeyModifiers::NONE;
    for (bit, modifier) in [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL), (8, KeyModifiers::SUPER)] {
        if bits & bit != 0 {
            held |= modifier;
        }
    }
    held
}

/// A key encoded by its code point (`CSI u`, modifyOtherKeys).
fn code_key(c: char, held: KeyModifiers) -> Option<InputEvent> {
    match c {
        '\r' => key(KeyCode::Enter, held),
        '\t' if held.contains(KeyModifiers::SHIFT) => key(KeyCode::BackTab, held),
        '\t' => key(KeyCode::Tab, held),
        '\u{1b}' => key(KeyCode::Esc, held),
        '\u{7f}' | '\u{8}' => key(KeyCode::Backspace, held),
        c if c.is_control() => None,
        c => char_key(c, held),
    }
}

fn final_key(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'M' => KeyCode::Enter,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'R' => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

fn tilde_key(number: u16) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number as u8 - 10),
        17..=21 => KeyCode::F(number as u8 - 11),
        23..=26 => KeyCode::F(number as u8 - 12),
        _ => return None,
    })
}

fn parse_mouse_report(parameters: &[u8], released: bool) -> Option<MouseEvent> {
    let numbers = numbers(parameters);
    let &[code, column, row] = numbers.as_slice() else { return None };
    let button = match code & 3 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let kind = match (code & 0x40 != 0, code & 0x20 != 0, code & 3) {
        (true, _, 0) => MouseEventKind::ScrollUp,
        (true, _, 1) => MouseEventKind::ScrollDown,
        (true, _, 2) => MouseEventKind::ScrollLeft,
        (true, ..) => MouseEventKind::ScrollRight,
        (false, true, 3) => MouseEventKind::Moved,
        (false, true, _) => MouseEventKind::Drag(button),
        (false, false, _) if released => MouseEventKind::Up(button),
        (false, false, _) => MouseEventKind::Down(button),
    };
    let held = [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)];
    let modifiers = held.into_iter().filter(|(bit, _)| code & bit != 0).fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier);
    Some(MouseEvent { kind, column: column.saturating_sub(1), row: row.saturating_sub(1), modifiers })
}

/// Parses a bracketed paste up to its end.
fn parse_paste(bytes: &[u8], searched: &mut usize) -> ParseStep {
    const HEAD: usize = b"\x1b[200~".len();
    let from = (*searched).max(HEAD);
    let Some(end) = memchr::memmem::find(&bytes[from..], PASTE_END) else {
        *searched = bytes.len().saturating_sub(PASTE_END.len()).max(HEAD);
        return ParseStep::Incomplete;
    };
    let text = String::from_utf8_lossy(&bytes[HEAD..from + end]);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    ParseStep::Consumed(from + end + PASTE_END.len(), Some(InputEvent::Paste(text)))
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
