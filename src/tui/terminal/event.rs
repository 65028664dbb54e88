//! What comes from the terminal and from outside, as events of one kind.

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

/// After this long without more bytes an escape is the Escape key.
const ESCAPE_WAIT: Duration = Duration::from_millis(40);

/// Something that happened to the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse, if its reports are on.
    Mouse(MouseEvent),
    /// Text pasted as one.
    Paste(String),
    /// The terminal has another size.
    Resize(Size),
    /// The ground the terminal draws on, as it answered [`super::Screen::ask_ground`]: whether it
    /// is dark.
    Ground {
        /// Whether it is darker than half grey.
        dark: bool,
    },
    /// The terminal's widths, as it answered [`super::Screen::probe`].
    Measured(Widths),
    /// The process is asked to stop for now (SIGTSTP from outside; Ctrl-Z is a key).
    Suspend,
    /// The process was continued; the terminal must be taken again.
    Resumed,
    /// The process is asked to end, by this signal. A second one ends it at once.
    Terminate(i32),
    /// The terminal is gone, or no more input can come.
    Closed,
}

/// The terminal's input, read on the thread that draws: from a key to its frame no other thread
/// has to be woken.
#[derive(Debug)]
pub struct Listener {
    terminal: File,
    ear: Ear,
    parser: Parser,
    answers: Answers,
    /// Since when an escape has stood alone.
    escaped: Option<Instant>,
}

impl Listener {
    /// Listens to the terminal and to a bell.
    ///
    /// # Errors
    /// When there is no terminal to read from.
    pub fn new(ear: Ear) -> io::Result<Self> {
        Ok(Self { terminal: input::open()?, ear, parser: Parser::default(), answers: Answers::default(), escaped: None })
    }

    /// Waits, if it may, until there is input, an escape has stood alone for long enough, or the
    /// bell is rung; what has been typed by then. It may be nothing.
    pub fn wait(&mut self, may_wait: bool) -> Vec<Event> {
        let escape = self.escaped.map(|since| ESCAPE_WAIT.saturating_sub(since.elapsed()));
        let most = if may_wait { escape } else { Some(Duration::ZERO) };
        let most = most.and_then(|most| Timespec::try_from(most).ok());
        let mut sources = [PollFd::new(&self.terminal, PollFlags::IN), PollFd::new(&self.ear.end, PollFlags::IN)];
        let ready = poll(&mut sources, most.as_ref());
        let [typed, rung] = sources.map(|source| !source.revents().is_empty());
        if ready.is_err() {
            // Interrupted: what is there is asked for again.
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

/// Starts the thread that takes signals; each is handed to `deliver` as an event, which answers
/// whether it wants more. The thread sleeps until one comes, and ends with the process.
///
/// # Errors
/// When the signals cannot be taken.
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
