//! Terminal input and signals, as events of one type.

use super::{
    Widths, guard,
    input::{self, InputEvent, InputParser},
    probe::CursorReports,
    waker::WakeReceiver,
};
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Size;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal, kill_process},
};
use signal_hook::{
    consts::{
        SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGIO, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGTSTP, SIGUSR1, SIGUSR2, SIGVTALRM,
        SIGWINCH, SIGXCPU, SIGXFSZ,
    },
    iterator::Signals,
};
use std::{
    fs::File,
    io::{self, Read as _},
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Signals whose default action ends the process. Not among them: those that tell of a fault in the
/// program (SEGV, BUS, ILL, FPE), after which nothing can be saved safely, and SIGPIPE and SIGXFSZ,
/// which come with a write that fails; its error is what is told.
const TERMINATING: [i32; 14] =
    [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGABRT, SIGTRAP, SIGSYS, SIGIO];

/// Signals within this time of the first are one request to terminate: a terminal that is closed sends
/// SIGHUP, and so does the shell in it.
const PATIENCE: Duration = Duration::from_secs(2);

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
    /// The process is asked to terminate, by this signal number. If it does not within
    /// two seconds, a further signal ends it at once.
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

    /// Blocks until there is input, a pending escape times out, the waker fires or, if `limit` is not
    /// `None`, so much time has passed. Returns the events read by then, possibly none.
    pub fn wait(&mut self, limit: Option<Duration>) -> Vec<TermEvent> {
        let escape = self.escape_since.map(|since| ESCAPE_TIMEOUT.saturating_sub(since.elapsed()));
        let timeout = [escape, limit].into_iter().flatten().min();
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
    let signals = Signals::new([SIGWINCH, SIGTSTP, SIGCONT].iter().chain(&TERMINATING))?;
    thread::Builder::new().name("signals".into()).spawn(move || forward_signals(signals, &deliver))?;
    Ok(())
}

fn forward_signals(mut signals: Signals, deliver: &dyn Fn(TermEvent) -> bool) {
    let mut asked_to_end: Option<Instant> = None;
    for signal in signals.forever() {
        let wanted = match signal {
            SIGWINCH => guard::size().map_or(true, |size| deliver(TermEvent::Resize(size))),
            SIGTSTP => deliver(TermEvent::Suspend),
            SIGCONT => deliver(TermEvent::Resumed),
            SIGINT | SIGQUIT if guard::LENT.load(Ordering::SeqCst) => true,
            _ => {
                let delivered = deliver(TermEvent::Terminate(signal));
                let is_impatient = asked_to_end.is_some_and(|since| since.elapsed() > PATIENCE && signal != SIGHUP);
                if is_impatient || !delivered {
                    guard::leave();
                    process::exit(128 + signal);
                }
                asked_to_end.get_or_insert_with(Instant::now);
                true
            }
        };
        if !wanted {
            break;
        }
    }
}

/// Makes a write beyond the limit of file sizes (`ulimit -f`) fail with an error, instead of SIGXFSZ
/// ending the process. A handler is set, not "ignore", which child processes would inherit.
pub fn survive_file_size_limit() {
    // If it cannot be set, the system's default remains.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// Stops this process as SIGTSTP does by default; returns when it is continued. For Ctrl-Z in a
/// program that the terminal is lent to: it stops the whole foreground group, of which this process
/// must be one, or the shell would not take the terminal back.
pub fn stop_process() {
    let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
}

/// Asks a child process to end, as a terminal that goes away does (SIGHUP): editors keep their text
/// aside then.
pub fn hang_up(process: u32) {
    if let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        // It may have ended already.
        let _ = kill_process(pid, Signal::HUP);
    }
}
