//! Terminal input and signals, as events of one type.

use super::{
    Widths, guard,
    input::{self, InputEvent, InputParser},
    probe::CursorReports,
    waker::WakeReceiver,
};
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::{
    consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH},
    iterator::Signals,
};
use std::{
    fs::File,
    io::{self, Read as _},
    process, thread,
    time::{Duration, Instant},
};

/// After this time without further bytes a lone escape is the Escape key.
const ESCAPE_TIMEOUT: Duration = Duration::from_millis(40);

/// An event from the terminal or a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermEvent {
    /// A key was pressed.
    Key(KeyEvent),
    /// A mouse report, if reports are on.
    Mouse(MouseEvent),
    /// A bracketed paste.
    Paste(String),
    /// The terminal was resized (SIGWINCH).
    Resize(Size),
    /// The terminal's background colour: the answer to [`super::Screen::query_background`].
    Background {
        /// Whether its luminance is below one half.
        dark: bool,
    },
    /// The terminal's character widths: the answer to [`super::Screen::probe_widths`].
    Measured(Widths),
    /// The process is asked to stop (SIGTSTP from outside; Ctrl-Z arrives as a key).
    Suspend,
    /// The process was continued (SIGCONT); the terminal's modes must be entered again.
    Resumed,
    /// The process is asked to terminate, by this signal number. A second one ends it at once.
    Terminate(i32),
    /// The terminal is gone, or its input has ended.
    Closed,
}

/// Reads terminal input on the drawing thread, so that no other thread has to be woken between a key
/// and its frame.
#[derive(Debug)]
pub struct Listener {
    terminal: File,
    waker: WakeReceiver,
    parser: InputParser,
    reports: CursorReports,
    /// Since when an incomplete escape sequence has been pending.
    escape_since: Option<Instant>,
}

impl Listener {
    /// Listens to the terminal and to a waker.
    ///
    /// # Errors
    /// When there is no terminal to read from.
    pub fn new(waker: WakeReceiver) -> io::Result<Self> {
        Ok(Self {
            terminal: input::open_tty()?,
            waker,
            parser: InputParser::default(),
            reports: CursorReports::default(),
            escape_since: None,
        })
    }

    /// Blocks (unless `may_wait` is false) until there is input, a pending escape times out, or the
    /// waker fires. Returns the events read by then, possibly none.
    pub fn wait(&mut self, may_wait: bool) -> Vec<TermEvent> {
        let escape = self.escape_since.map(|since| ESCAPE_TIMEOUT.saturating_sub(since.elapsed()));
        let timeout = if may_wait { escape } else { Some(Duration::ZERO) };
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let mut sources = [PollFd::new(&self.terminal, PollFlags::IN), PollFd::new(&self.waker.reader, PollFlags::IN)];
        let ready = poll(&mut sources, timeout.as_ref());
        let [typed, woken] = sources.map(|source| !source.revents().is_empty());
        if ready.is_err() {
            // Interrupted by a signal: the next call polls again.
            return Vec::new();
        }
        if woken {
            self.waker.consume();
        }
        // Bytes that come after the timeout are no part of the sequence, also when this thread was
        // not scheduled in time to see the timeout alone.
        let mut events = if self.escape_since.is_some_and(|since| since.elapsed() >= ESCAPE_TIMEOUT) {
            let inputs = self.parser.flush_pending();
            self.convert(inputs)
        } else {
            Vec::new()
        };
        if typed {
            events.extend(self.read());
        }
        events
    }

    fn read(&mut self) -> Vec<TermEvent> {
        let mut buffer = [0; 4096];
        match self.terminal.read(&mut buffer) {
            Ok(count @ 1..) => {
                let inputs = self.parser.feed(&buffer[..count]);
                self.convert(inputs)
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => Vec::new(),
            Ok(0) | Err(_) => vec![TermEvent::Closed],
        }
    }

    fn convert(&mut self, inputs: Vec<InputEvent>) -> Vec<TermEvent> {
        self.escape_since = self.parser.has_pending_escape().then(Instant::now);
        let event = |input| match input {
            InputEvent::Key(key) => Some(TermEvent::Key(key)),
            InputEvent::Mouse(mouse) => Some(TermEvent::Mouse(mouse)),
            InputEvent::Paste(text) => Some(TermEvent::Paste(text)),
            InputEvent::Background { dark } => Some(TermEvent::Background { dark }),
            InputEvent::CursorPosition { column, .. } => self.reports.push(column).map(|measured| TermEvent::Measured(measured.widths())),
        };
        inputs.into_iter().filter_map(event).collect()
    }
}

/// Starts a thread that receives signals and passes each to `deliver` as an event; `deliver` returns
/// whether it wants more. The thread ends with the process.
///
/// # Errors
/// When the signal handlers cannot be installed.
pub fn spawn_signal_thread(deliver: impl Fn(TermEvent) -> bool + Send + 'static) -> io::Result<()> {
    let signals = Signals::new([SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".into()).spawn(move || forward_signals(signals, &deliver))?;
    Ok(())
}

fn forward_signals(mut signals: Signals, deliver: &dyn Fn(TermEvent) -> bool) {
    let mut asked_to_end = false;
    for signal in signals.forever() {
        let wanted = match signal {
            SIGWINCH => guard::size().map_or(true, |size| deliver(TermEvent::Resize(size))),
            SIGTSTP => deliver(TermEvent::Suspend),
            SIGCONT => deliver(TermEvent::Resumed),
            _ => {
                let delivered = deliver(TermEvent::Terminate(signal));
                if asked_to_end || !delivered {
                    guard::leave();
                    process::exit(128 + signal);
                }
                asked_to_end = true;
                true
            }
        };
        if !wanted {
            break;
        }
    }
}
