//! Bytes from the terminal to keys, mouse reports, pastes and answers.
//!
//! Read here and not through crossterm, whose own reader keeps the answers to cursor queries to
//! itself and takes an escape sequence that arrives in two parts for the Escape key. The types of
//! keys and mouse reports are crossterm's.
//!
//! Invariants: [`Parser::feed`] gives the same whatever pieces the bytes come in; no input makes
//! it panic; what it does not know it leaves out whole.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use std::{
    fs::File,
    io::{self, IsTerminal as _},
    os::fd::AsFd as _,
};

/// The longest sequence or paste that is kept; what is longer is left out.
const LONGEST: usize = 64 << 20;

const PASTE_END: &[u8] = b"\x1b[201~";

/// One piece of input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(KeyEvent),
    /// A mouse report.
    Mouse(MouseEvent),
    /// A bracketed paste, line ends as LF.
    Paste(String),
    /// The answer to what colour the ground is.
    Ground {
        /// Whether it is darker than half grey.
        dark: bool,
    },
    /// The answer to a cursor query; row and column from 1.
    Cursor {
        /// The row.
        row: u16,
        /// The column.
        column: u16,
    },
}

/// The terminal to read from: standard input, or where that is a pipe the controlling terminal.
///
/// # Errors
/// When there is neither.
pub fn open() -> io::Result<File> {
    let stdin = io::stdin();
    if stdin.is_terminal() { Ok(File::from(stdin.as_fd().try_clone_to_owned()?)) } else { File::open("/dev/tty") }
}

/// What the first bytes of the input are.
enum Step {
    /// More bytes are needed to tell.
    More,
    /// So many bytes are done with.
    Done(usize, Option<Input>),
}

/// Turns bytes into [`Input`]s.
#[derive(Debug, Default)]
pub struct Parser {
    bytes: Vec<u8>,
    /// Bytes of a paste that hold no end.
    searched: usize,
}

impl Parser {
    /// Takes bytes and gives what they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        self.bytes.extend_from_slice(bytes);
        self.take(false)
    }

    /// Whether an escape stands alone that may be a key or the start of a sequence.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.bytes.first() == Some(&0x1b) && !self.bytes.starts_with(b"\x1b[200~")
    }

    /// Time is up: what is there is all there is.
    pub fn expire(&mut self) -> Vec<Input> {
        self.take(true)
    }

    fn take(&mut self, expired: bool) -> Vec<Input> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.bytes.len() {
            match step(&self.bytes[at..], &mut self.searched, expired) {
                Step::Done(count, input) => {
                    at += count;
                    self.searched = 0;
                    found.extend(input);
                }
                Step::More if self.bytes.len() - at > LONGEST => {
                    at = self.bytes.len();
                    self.searched = 0;
                }
                Step::More => break,
            }
        }
        self.bytes.drain(..at);
        found
    }
}

#[expect(clippy::unnecessary_wraps, reason = "stands among functions that know no key for some bytes")]
fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Input> {
    Some(Input::Key(KeyEvent::new(code, modifiers)))
}

/// A typed character; a capital says so, as crossterm has it.
fn char_key(c: char, modifiers: KeyModifiers) -> Option<Input> {
    let shift = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    key(KeyCode::Char(c), modifiers | shift)
}

fn step(bytes: &[u8], searched: &mut usize, expired: bool) -> Step {
    match bytes {
        [0x1b] if expired => Step::Done(1, key(KeyCode::Esc, KeyModifiers::NONE)),
        [] | [0x1b] => Step::More,
        [0x1b, b'[', rest @ ..] => control_sequence(bytes, rest, searched, expired),
        [0x1b, b'O', rest @ ..] => match rest.first() {
            None if expired => Step::Done(2, char_key('O', KeyModifiers::ALT)),
            None => Step::More,
            Some(last) => Step::Done(3, final_key(*last).and_then(|code| key(code, KeyModifiers::NONE))),
        },
        // Strings: OSC, DCS, APC, PM, SOS; answers to nothing that is asked here, but for the
        // ground's colour.
        [0x1b, b']' | b'P' | b'_' | b'^' | b'X', rest @ ..] => {
            let end = rest.iter().position(|byte| *byte == 0x07 || *byte == 0x1b);
            match end {
                Some(end) if rest[end] == 0x07 => Step::Done(end + 3, ground(bytes[1], &rest[..end])),
                Some(end) if rest.get(end + 1) == Some(&b'\\') => Step::Done(end + 4, ground(bytes[1], &rest[..end])),
                Some(end) if end + 1 < rest.len() => Step::Done(end + 2, None),
                _ if expired && rest.is_empty() => Step::Done(2, char_key(char::from(bytes[1]), KeyModifiers::ALT)),
                _ if expired => Step::Done(bytes.len(), None),
                _ => Step::More,
            }
        }
        [0x1b, 0x1b, ..] => Step::Done(1, key(KeyCode::Esc, KeyModifiers::NONE)),
        [0x1b, rest @ ..] => match plain(rest, KeyModifiers::ALT) {
            Step::Done(count, input) => Step::Done(count + 1, input),
            Step::More if expired => Step::Done(bytes.len(), None),
            Step::More => Step::More,
        },
        _ => match plain(bytes, KeyModifiers::NONE) {
            Step::More if expired => Step::Done(bytes.len(), None),
            step => step,
        },
    }
}

/// What an OSC string says of the ground's colour: `11;rgb:R/G/B`, one to four hexadecimal digits
/// each.
fn ground(kind: u8, text: &[u8]) -> Option<Input> {
    let text = std::str::from_utf8(text).ok().filter(|_| kind == b']')?;
    let colors = text.strip_prefix("11;rgb:").or_else(|| text.strip_prefix("11;rgba:"))?;
    let mut levels = colors.split('/').map(|digits| {
        let most = (1_u32 << (4 * digits.len().clamp(1, 4))) - 1;
        u32::from_str_radix(digits, 16).ok().filter(|level| *level <= most).map(|level| f64::from(level) / f64::from(most))
    });
    let (red, green, blue) = (levels.next()??, levels.next()??, levels.next()??);
    // The eye's share of each, as in Rec. 709.
    Some(Input::Ground { dark: 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5 })
}

/// A control character or one char of UTF-8.
fn plain(bytes: &[u8], modifiers: KeyModifiers) -> Step {
    let Some(&first) = bytes.first() else { return Step::More };
    let one = |code, extra| Step::Done(1, key(code, modifiers | extra));
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
                _ => return Step::Done(1, None),
            };
            let Some(head) = bytes.get(..length) else {
                // Not complete, or never to be.
                let broken = bytes[1..].iter().any(|byte| byte & 0xc0 != 0x80);
                return if broken { Step::Done(1, None) } else { Step::More };
            };
            match std::str::from_utf8(head).ok().and_then(|text| text.chars().next()) {
                Some(c) => Step::Done(length, char_key(c, modifiers)),
                None => Step::Done(1, None),
            }
        }
    }
}

/// `ESC [` parameters final. `rest` is what follows the bracket.
fn control_sequence(bytes: &[u8], rest: &[u8], searched: &mut usize, expired: bool) -> Step {
    if rest.is_empty() && expired {
        return Step::Done(2, char_key('[', KeyModifiers::ALT));
    }
    if rest.starts_with(b"200~") {
        return paste(bytes, searched);
    }
    // The Linux console's F1 to F5.
    if let [b'[', last, ..] = rest {
        let code = matches!(last, b'A'..=b'E').then(|| KeyCode::F(last - b'A' + 1));
        return Step::Done(4, code.and_then(|code| key(code, KeyModifiers::NONE)));
    }
    let Some(end) = rest.iter().position(|byte| !(0x20..=0x3f).contains(byte)).filter(|_| rest != b"[") else {
        return if expired { Step::Done(bytes.len(), None) } else { Step::More };
    };
    let last = rest[end];
    if !(0x40..=0x7e).contains(&last) {
        // Broken off by something else, which stands for itself.
        return Step::Done(2 + end, None);
    }
    let parameters = &rest[..end];
    let done = 2 + end + 1;
    if last == b'M' && parameters.is_empty() {
        // A mouse report of the oldest kind, with three bytes behind: not asked for.
        return if bytes.len() >= done + 3 || expired { Step::Done((done + 3).min(bytes.len()), None) } else { Step::More };
    }
    Step::Done(done, sequence_input(parameters, last))
}

fn sequence_input(parameters: &[u8], last: u8) -> Option<Input> {
    if let [b'<', mouse @ ..] = parameters {
        return mouse_report(mouse, last == b'm').map(Input::Mouse).filter(|_| matches!(last, b'M' | b'm'));
    }
    if parameters.first().is_some_and(|byte| matches!(byte, b'?' | b'>' | b'=')) {
        return None;
    }
    let numbers = numbers(parameters);
    let number = |index: usize| numbers.get(index).copied().unwrap_or(0);
    let held = modifiers(number(1));
    match last {
        b'R' if numbers.len() == 2 && !(number(0) == 1 && number(1) <= 16) => Some(Input::Cursor { row: number(0), column: number(1) }),
        b'Z' => key(KeyCode::BackTab, held | KeyModifiers::SHIFT),
        b'~' => match number(0) {
            27 => char::from_u32(u32::from(number(2))).and_then(|c| code_key(c, held)),
            tilde => key(tilde_key(tilde)?, held),
        },
        b'u' => char::from_u32(u32::from(number(0))).and_then(|c| code_key(c, held)),
        _ => key(final_key(last)?, held),
    }
}

/// The parameters of a sequence; of sub-parameters (behind colons) the first.
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

/// A key given by its char code.
fn code_key(c: char, held: KeyModifiers) -> Option<Input> {
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

fn mouse_report(parameters: &[u8], released: bool) -> Option<MouseEvent> {
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

/// A bracketed paste, up to its end.
fn paste(bytes: &[u8], searched: &mut usize) -> Step {
    const HEAD: usize = b"\x1b[200~".len();
    let from = (*searched).max(HEAD);
    let Some(end) = memchr::memmem::find(&bytes[from..], PASTE_END) else {
        *searched = bytes.len().saturating_sub(PASTE_END.len()).max(HEAD);
        return Step::More;
    };
    let text = String::from_utf8_lossy(&bytes[HEAD..from + end]);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Step::Done(from + end + PASTE_END.len(), Some(Input::Paste(text)))
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
