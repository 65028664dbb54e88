//! Queries a terminal's capabilities outside the reader, for `pizhu doctor`.
//!
//! One write of queries and one wait: widths by cursor position reports, synchronized output by
//! DECRQM, the background by OSC 11, and last the primary device attributes (DA1), which every
//! terminal answers: what has not arrived by then is not supported.

use super::{
    background::BackgroundColor,
    input,
    probe::{CursorReports, SAMPLES, SampleWidths},
};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::{
    io::{self, IsTerminal as _, Read as _, Write as _},
    time::{Duration, Instant},
};

/// Maximum time to wait for the answers.
pub(crate) const QUERY_TIMEOUT: Duration = Duration::from_millis(500);

/// Maximum bytes of answers read.
const MAX_ANSWER_BYTES: usize = 4096;

/// What a terminal answered.
///
/// ```
/// use pizhu_terminal::{BackgroundColor, capabilities::Capabilities};
///
/// let paper = Capabilities { background: Some(BackgroundColor([0xffff, 0xffff, 0xfafa])), ..Capabilities::default() };
/// assert_eq!(paper.is_light(), Some(true));
/// assert_eq!(Capabilities::default().is_light(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// Whether anything was answered.
    pub answered: bool,
    /// Widths of the [`SAMPLES`] in cells.
    pub sample_widths: Option<SampleWidths>,
    /// Whether it supports synchronized output (mode 2026): a frame is shown once it is complete.
    pub synchronized_output: Option<bool>,
    /// The background colour.
    pub background: Option<BackgroundColor>,
    /// Whether it announces clipboard access (OSC 52). Many terminals support it without saying so.
    pub clipboard: bool,
}

impl Capabilities {
    /// Whether the background is light; `None` if it is unknown.
    #[must_use]
    pub fn is_light(&self) -> Option<bool> {
        self.background.map(|color| !color.is_dark())
    }
}

/// Queries the terminal. `None` if standard output is not a terminal or no terminal can be read from.
///
/// # Errors
/// When the terminal cannot be written to or read from.
pub fn query() -> io::Result<Option<Capabilities>> {
    if !io::stdout().is_terminal() {
        return Ok(None);
    }
    let Ok(mut terminal) = input::open_tty() else { return Ok(None) };
    enable_raw_mode()?;
    let answered = (|| {
        let mut out = io::stdout().lock();
        out.write_all(query_sequence().as_bytes())?;
        out.flush()?;
        let until = Instant::now() + QUERY_TIMEOUT;
        let mut bytes = Vec::new();
        while bytes.len() < MAX_ANSWER_BYTES && !is_complete(&bytes) {
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
    answered.map(|bytes| Some(parse_answers(&bytes)))
}

/// All queries; the samples are written invisibly at the start of the row, which is erased again.
fn query_sequence() -> String {
    let samples: String = SAMPLES.iter().flat_map(|sample| ["\r", sample, "\x1b[6n"]).collect();
    format!("\x1b[8m{samples}\r\x1b[0m\x1b[K\x1b[?2026$p\x1b]11;?\x1b\\\x1b[c")
}

/// Whether the device attributes, the last answer, have arrived.
fn is_complete(bytes: &[u8]) -> bool {
    sequences(bytes).any(|sequence| matches!(sequence, Sequence::Csi(parameters, b'c') if parameters.starts_with('?')))
}

/// Parses the answers received.
fn parse_answers(bytes: &[u8]) -> Capabilities {
    let mut found = Capabilities { answered: !bytes.is_empty(), ..Capabilities::default() };
    let mut reports = CursorReports::default();
    for sequence in sequences(bytes) {
        match sequence {
            Sequence::Csi(parameters, b'R') => {
                let column = parameters.split(';').nth(1).and_then(|column| column.parse().ok());
                found.sample_widths = column.and_then(|column| reports.push(column)).or(found.sample_widths);
            }
            Sequence::Csi(parameters, b'y') => {
                if let Some(state) = parameters.strip_prefix("?2026;") {
                    found.synchronized_output = Some(matches!(state.trim_end_matches('$'), "1" | "2" | "3"));
                }
            }
            Sequence::Csi(parameters, b'c') => {
                found.clipboard |= parameters.trim_start_matches('?').split(';').skip(1).any(|attribute| attribute == "52");
            }
            Sequence::Csi(..) => {}
            Sequence::Osc(text) => found.background = BackgroundColor::parse(text).or(found.background),
        }
    }
    found
}

enum Sequence<'a> {
    /// A control sequence (CSI): its parameter bytes and final byte.
    Csi(&'a str, u8),
    /// An operating system command (OSC): its text.
    Osc(&'a str),
}

/// The complete CSI and OSC sequences in `bytes`.
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
            // The ESC of an OSC's terminator may begin the next sequence.
            rest = &body[end + usize::from(!system || last == 0x07)..];
            let Ok(text) = text else { continue };
            return Some(if system { Sequence::Osc(text) } else { Sequence::Csi(text, last) });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_terminals_answers_are_parsed() {
        let bytes = b"\x1b[5;3R\x1b[5;3R\x1b[5;3R\x1b[5;3R\x1b[5;2R\x1b[?2026;2$y\x1b]11;rgb:ffff/ffff/fafa\x1b\\\x1b[?65;1;52c";
        let found = parse_answers(bytes);
        assert!(is_complete(bytes) && !is_complete(&bytes[..40]));
        assert_eq!(found.sample_widths, Some(SampleWidths([2, 2, 2, 2, 1])));
        assert_eq!((found.synchronized_output, found.clipboard), (Some(true), true));
        assert_eq!((found.background, found.is_light()), (Some(BackgroundColor([0xffff, 0xffff, 0xfafa])), Some(true)));
    }

    #[test]
    fn unanswered_queries_stay_unknown() {
        let found = parse_answers(b"\x1b[?6c");
        assert_eq!(found, Capabilities { answered: true, ..Capabilities::default() });
        assert_eq!(parse_answers(b"\x1b[?2026;0$y\x1b]11;rgb:1/2/3\x07").synchronized_output, Some(false));
        assert_eq!(parse_answers(b"\x1b]11;rgb:10/20/30\x07").is_light(), Some(false));
    }

    proptest! {
        #[test]
        fn any_answer_is_borne(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b']'), Just(b';'), Just(b'R')], 0..200)) {
            let _ = (parse_answers(&bytes), is_complete(&bytes));
        }
    }
}
