//! Queries a terminal's capabilities outside the reader, for `pizhu doctor`.
//!
//! One write of queries and one wait: widths by cursor position reports, synchronized output by
//! DECRQM, the background by OSC 11, and last the primary device attributes (DA1), which every
//! terminal answers: what has not arrived by then is not supported.

use super::{
    input,
    probe::{Answers, Measured, SAMPLES},
};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::{
    io::{self, IsTerminal as _, Read as _, Write as _},
    time::{Duration, Instant},
};

/// Maximum time to wait for the answers.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// Maximum bytes of answers read.
const MOST: usize = 4096;

/// What a terminal answered.
///
/// ```
/// use pizhu_terminal::capabilities::Capabilities;
///
/// let paper = Capabilities { background: Some([255, 255, 250]), ..Capabilities::default() };
/// assert_eq!(paper.is_light(), Some(true));
/// assert_eq!(Capabilities::default().is_light(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Found {
    /// Whether anything was answered.
    pub answered: bool,
    /// Widths of the [`SAMPLES`] in cells.
    pub cells: Option<Measured>,
    /// Whether it supports synchronized output (mode 2026): a frame is shown once it is complete.
    pub synchronised: Option<bool>,
    /// The background colour, as red, green and blue.
    pub background: Option<[u8; 3]>,
    /// Whether it announces clipboard access (OSC 52). Many terminals support it without saying so.
    pub clipboard: bool,
}

impl Found {
    /// Whether the background is light; `None` if it is unknown.
    #[must_use]
    pub fn is_light(&self) -> Option<bool> {
        // Luma by Rec. 601, weights in thousandths.
        self.background.map(|[r, g, b]| 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) > 127_500)
    }
}

/// Queries the terminal. `None` if standard output is not a terminal or no terminal can be read from.
///
/// # Errors
/// When the terminal cannot be written to or read from.
pub fn ask() -> io::Result<Option<Found>> {
    if !io::stdout().is_terminal() {
        return Ok(None);
    }
    let Ok(mut terminal) = input::open() else { return Ok(None) };
    enable_raw_mode()?;
    let answered = (|| {
        let mut out = io::stdout().lock();
        out.write_all(question().as_bytes())?;
        out.flush()?;
        let until = Instant::now() + PATIENCE;
        let mut bytes = Vec::new();
        while bytes.len() < MOST && !is_whole(&bytes) {
            let left = until.saturating_duration_since(Instant::now());
            let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(left.subsec_nanos()) };
            if left.is_zero() || poll(&mut [PollFd::new(&terminal, PollFlags::IN)], Some(&wait))? == 0 {
                break;
            }
            let mut buffer = [0; 512];
            let count = terminal.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            bytes.extend_from_slice(&buffer[..count]);
        }
        out.write_all(b"\r\x1b[K")?;
        out.flush()?;
        Ok(bytes)
    })();
    disable_raw_mode()?;
    answered.map(|bytes| Some(read(&bytes)))
}

/// The samples invisible at the row's start, then the rest.
fn question() -> String {
    let samples: String = SAMPLES.iter().flat_map(|sample| ["\r", sample, "\x1b[6n"]).collect();
    format!("\x1b[8m{samples}\r\x1b[0m\x1b[K\x1b[?2026$p\x1b]11;?\x1b\\\x1b[c")
}

/// Whether the device attributes, asked for last, are there.
fn is_whole(bytes: &[u8]) -> bool {
    sequences(bytes).any(|sequence| matches!(sequence, Sequence::Control(parameters, b'c') if parameters.starts_with('?')))
}

/// What the answers say.
fn read(bytes: &[u8]) -> Found {
    let mut found = Found { answered: !bytes.is_empty(), ..Found::default() };
    let mut answers = Answers::default();
    for sequence in sequences(bytes) {
        match sequence {
            Sequence::Control(parameters, b'R') => {
                let column = parameters.split(';').nth(1).and_then(|column| column.parse().ok());
                found.cells = column.and_then(|column| answers.take(column)).or(found.cells);
            }
            Sequence::Control(parameters, b'y') => {
                if let Some(state) = parameters.strip_prefix("?2026;") {
                    found.synchronised = Some(matches!(state.trim_end_matches('$'), "1" | "2" | "3"));
                }
            }
            Sequence::Control(parameters, b'c') => {
                found.clipboard |= parameters.trim_start_matches('?').split(';').skip(1).any(|attribute| attribute == "52");
            }
            Sequence::Control(..) => {}
            Sequence::System(text) => found.background = text.strip_prefix("11;").and_then(color).or(found.background),
        }
    }
    found
}

/// `rgb:RRRR/GGGG/BBBB`, one to four digits each.
fn color(text: &str) -> Option<[u8; 3]> {
    let (_, parts) = text.split_once(':')?;
    let mut color = [0; 3];
    let mut parts = parts.split('/');
    for channel in &mut color {
        let digits = parts.next()?;
        let most = (1u32 << (4 * u32::try_from(digits.len()).ok()?.clamp(1, 4))) - 1;
        *channel = u8::try_from(u32::from_str_radix(digits, 16).ok()?.min(most) * 255 / most).ok()?;
    }
    Some(color)
}

enum Sequence<'a> {
    /// A control sequence: what stands between CSI and the final byte, and that byte.
    Control(&'a str, u8),
    /// An operating system command.
    System(&'a str),
}

/// The escape sequences among `bytes` that are whole.
fn sequences(bytes: &[u8]) -> impl Iterator<Item = Sequence<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        loop {
            let at = rest.windows(2).position(|pair| matches!(pair, b"\x1b[" | b"\x1b]"))?;
            let system = rest[at + 1] == b']';
            let body = &rest[at + 2..];
            let ends = |byte: &u8| if system { matches!(byte, 0x07 | 0x1b) } else { (0x40..0x7f).contains(byte) };
            let end = body.iter().position(ends)?;
            let text = std::str::from_utf8(&body[..end]);
            let last = body[end];
            // The escape that ends a command may open the next.
            rest = &body[end + usize::from(!system || last == 0x07)..];
            let Ok(text) = text else { continue };
            return Some(if system { Sequence::System(text) } else { Sequence::Control(text, last) });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_answers_of_a_terminal_are_read() {
        let bytes = b"\x1b[5;3R\x1b[5;3R\x1b[5;3R\x1b[5;3R\x1b[5;2R\x1b[?2026;2$y\x1b]11;rgb:ffff/ffff/fafa\x1b\\\x1b[?65;1;52c";
        let found = read(bytes);
        assert!(is_whole(bytes) && !is_whole(&bytes[..40]));
        assert_eq!(found.cells, Some(Measured([2, 2, 2, 2, 1])));
        assert_eq!((found.synchronised, found.clipboard), (Some(true), true));
        assert_eq!((found.background, found.is_light()), (Some([255, 255, 250]), Some(true)));
    }

    #[test]
    fn what_is_not_answered_is_not_known() {
        let found = read(b"\x1b[?6c");
        assert_eq!(found, Found { answered: true, ..Found::default() });
        assert_eq!(read(b"\x1b[?2026;0$y\x1b]11;rgb:1/2/3\x07").synchronised, Some(false));
        assert_eq!(read(b"\x1b]11;rgb:10/20/30\x07").is_light(), Some(false));
    }

    proptest! {
        #[test]
        fn any_answer_is_borne(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b']'), Just(b';'), Just(b'R')], 0..200)) {
            let _ = (read(&bytes), is_whole(&bytes));
        }
    }
}
