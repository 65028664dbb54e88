//! The terminal entered and left: raw mode, alternate screen, bracketed paste.
//!
//! Invariant: whatever ends the program (the guard dropped, a panic in the guard's thread, a
//! signal that asks it to end) leaves the terminal as it was found, once. A panic in another
//! thread says nothing until then.

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::layout::Size;
use std::{
    fs::File,
    io::{self, IsTerminal as _, Write as _},
    os::fd::AsFd as _,
    panic,
    sync::{
        Mutex, Once, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, ThreadId},
};

/// Alternate screen, bracketed paste, no wrapping at the right edge.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?7l\x1b[2J";
/// Everything that is ever set, back, and the screen as it was.
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[r\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";
/// Mouse buttons, drags and wheel, in SGR coordinates.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// Why the terminal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Standard output is a file or a pipe.
    #[error("standard output is not a terminal")]
    OutputRedirected,
    /// There is no terminal to read keys from.
    #[error("there is no terminal to read keys from")]
    NoInput,
    /// The terminal refused.
    #[error("the terminal cannot be used: {0}")]
    Io(#[from] io::Error),
}

/// Whether the terminal is in our hands.
static ENTERED: AtomicBool = AtomicBool::new(false);
/// The thread that draws.
static OWNER: Mutex<Option<ThreadId>> = Mutex::new(None);
/// What panics of other threads had to say.
static UNSAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
static HOOK: Once = Once::new();

/// Holds the terminal; dropping it gives it back.
#[derive(Debug)]
pub struct Guard {
    output: File,
    mouse: bool,
}

impl Guard {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste. The calling thread is the
    /// one that draws.
    ///
    /// # Errors
    /// When standard output is not a terminal, or there is none to read keys from (standard input
    /// may be a pipe; keys then come from the controlling terminal).
    pub fn enter() -> Result<Self, TerminalError> {
        if !io::stdout().is_terminal() {
            return Err(TerminalError::OutputRedirected);
        }
        super::input::open().map_err(|_| TerminalError::NoInput)?;
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        *OWNER.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
        HOOK.call_once(|| {
            let inner = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                let owner = *OWNER.lock().unwrap_or_else(PoisonError::into_inner);
                if ENTERED.load(Ordering::SeqCst) && owner != Some(thread::current().id()) {
                    UNSAID.lock().unwrap_or_else(PoisonError::into_inner).push(info.to_string());
                    return;
                }
                leave();
                inner(info);
            }));
        });
        let mut guard = Self { output, mouse: false };
        guard.take()?;
        Ok(guard)
    }

    /// The terminal to write frames to, unbuffered.
    ///
    /// # Errors
    /// When the descriptor cannot be duplicated.
    pub fn output(&self) -> io::Result<File> {
        self.output.try_clone()
    }

    /// Turns mouse reports on or off. They are off at first, so that the terminal's own selection
    /// works.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        self.output.write_all(if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes())
    }

    /// Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again
    /// when it is continued. The screen must be drawn anew then.
    ///
    /// # Errors
    /// When the terminal cannot be taken again.
    pub fn suspend(&mut self) -> io::Result<()> {
        leave();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.take()
    }

    /// Gives the terminal back for a while; [`Self::resume`] takes it again.
    pub fn give_back(&mut self) {
        leave();
    }

    /// Takes the terminal again after the process was stopped and continued from outside.
    ///
    /// # Errors
    /// When the terminal refuses.
    pub fn resume(&mut self) -> io::Result<()> {
        // The shell has set modes of its own meanwhile: start from them.
        disable_raw_mode()?;
        self.take()
    }

    fn take(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        self.output.write_all(ENTER.as_bytes())?;
        if self.mouse {
            self.output.write_all(MOUSE_ON.as_bytes())?;
        }
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
        for message in UNSAID.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            eprintln!("{message}");
        }
    }
}

/// Gives the terminal back if it is in our hands.
pub(super) fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        // Nothing more can be done where the terminal is gone.
        let _ = out.write_all(LEAVE.as_bytes()).and_then(|()| out.flush());
        let _ = disable_raw_mode();
    }
}

/// The terminal's size in cells.
///
/// # Errors
/// When there is no terminal.
pub fn size() -> io::Result<Size> {
    let (width, height) = crossterm::terminal::size()?;
    Ok(Size::new(width, height))
}
