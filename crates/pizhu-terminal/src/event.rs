//! Terminal input and signals, as events of one type.

use super::{
    Widths,
    bell::Ear,
    guard,
    input::{self, Input, Parser},
    probe::Answers,
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
const ESCAPE_WAIT: Duration = Duration::from_millis(40);

/// An event from the terminal or a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// A mouse report, if reports are on.
    Mouse(MouseEvent),
    /// A bracketed paste.
    Paste(String),
    /// The terminal was resized (SIGWINCH).
    Resize(Size),
    /// The terminal's background colour: the answer to [`super::Screen::query_background`].
    Ground {
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
    ear: Ear,
    parser: Parser,
    answers: Answers,
    /// Since when an incomplete escape sequence has been pending.
    escaped: Option<Instant>,
}

impl Listener {
    /// Listens to the terminal and to a waker.
    ///
    /// # Errors
    /// When there is no terminal to read from.
    pub fn new(ear: Ear) -> io::Result<Self> {
        Ok(Self { terminal: input::open()?, ear, parser: Parser::default(), answers: Answers::default(), escaped: None })
    }

    /// Blocks (unless `may_wait` is false) until there is input, a pending escape times out, or the
    /// waker fires. Returns the events read by then, possibly none.
    pub fn wait(&mut self, may_wait: bool) -> Vec<Event> {
        let escape = self.escaped.map(|since| ESCAPE_WAIT.saturating_sub(since.elapsed()));
        let most = if may_wait { escape } else { Some(Duration::ZERO) };
        let most = most.and_then(|most| Timespec::try_from(most).ok());
        let mut sources = [PollFd::new(&self.terminal, PollFlags::IN), PollFd::new(&self.ear.end, PollFlags::IN)];
        let ready = poll(&mut sources, most.as_ref());
        let [typed, rung] = sources.map(|source| !source.revents().is_empty());
        if ready.is_err() {
            // Interrupted by a signal: the next call polls again.
            return Vec::new();
        }
        if rung {
            self.ear.hear();
        }
        if typed {
            return self.read();
        }
        if self.escaped.is_some_and(|since| since.elapsed() >= ESCAPE_WAIT) {
            let inputs = self.parser.expire();
            return self.take(inputs);
        }
        Vec::new()
    }

    fn read(&mut self) -> Vec<Event> {
        let mut buffer = [0; 4096];
        match self.terminal.read(&mut buffer) {
            Ok(count @ 1..) => {
                let inputs = self.parser.feed(&buffer[..count]);
                self.take(inputs)
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => Vec::new(),
            Ok(0) | Err(_) => vec![Event::Closed],
        }
    }

    fn take(&mut self, inputs: Vec<Input>) -> Vec<Event> {
        self.escaped = self.parser.waits().then(Instant::now);
        let event = |input| match input {
            Input::Key(key) => Some(Event::Key(key)),
            Input::Mouse(mouse) => Some(Event::Mouse(mouse)),
            Input::Paste(text) => Some(Event::Paste(text)),
            Input::Ground { dark } => Some(Event::Ground { dark }),
            Input::Cursor { column, .. } => self.answers.take(column).map(|measured| Event::Measured(measured.widths())),
        };
        inputs.into_iter().filter_map(event).collect()
    }
}

/// Starts a thread that receives signals and passes each to `deliver` as an event; `deliver` returns
/// whether it wants more. The thread ends with the process.
///
/// # Errors
/// When the signal handlers cannot be installed.
pub fn take_signals(deliver: impl Fn(Event) -> bool + Send + 'static) -> io::Result<()> {
    let signals = Signals::new([SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".into()).spawn(move || hand_on(signals, &deliver))?;
    Ok(())
}

fn hand_on(mut signals: Signals, deliver: &dyn Fn(Event) -> bool) {
    let mut asked_to_end = false;
    for signal in signals.forever() {
        let wanted = match signal {
            SIGWINCH => guard::size().map_or(true, |size| deliver(Event::Resize(size))),
            SIGTSTP => deliver(Event::Suspend),
            SIGCONT => deliver(Event::Resumed),
            _ => {
                let delivered = deliver(Event::Terminate(signal));
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
