//! Enters and leaves the terminal's modes: raw mode, alternate screen, bracketed paste.
//!
//! Invariant: however the program ends (guard dropped, panic in the guard's thread, terminating
//! signal), the terminal is restored exactly once. The message of a panic in another thread is held
//! back until then.

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::layout::Size;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
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

/// Enters the alternate screen, turns bracketed paste on and line wrapping off, clears the screen.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?7l\x1b[2J";
/// Resets every mode that is ever set, and returns to the normal screen.
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[r\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";
/// Reports of mouse buttons, drags and wheel, in SGR coordinates.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// Why the terminal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Standard output is a file or a pipe.
    #[error("standard output is not a terminal")]
    OutputRedirected,
    /// The terminal cannot address its cells (`TERM=dumb`).
    #[error("the terminal cannot show a screen")]
    Dumb,
    /// There is no terminal to read keys from.
    #[error("there is no terminal to read keys from")]
    NoInput,
    /// The terminal refused.
    #[error("the terminal cannot be used: {0}")]
    Io(#[from] io::Error),
}

/// Whether the modes are entered.
static ENTERED: AtomicBool = AtomicBool::new(false);
/// Whether the terminal is lent to another program, for which SIGINT and SIGQUIT then are.
pub(super) static LENT: AtomicBool = AtomicBool::new(false);
/// The drawing thread, which owns the guard.
static DRAWING_THREAD: Mutex<Option<ThreadId>> = Mutex::new(None);
/// Panic messages of other threads, printed when the terminal is restored.
static DEFERRED_PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static PANIC_HOOK: Once = Once::new();

/// Keeps the terminal's modes entered; restores the terminal when dropped.
#[derive(Debug)]
pub struct Guard {
    output: File,
    mouse: bool,
    /// The modes in which the terminal was lent to another program.
    lent_modes: Option<Termios>,
}

impl Guard {
    /// Enters raw mode, the alternate screen and bracketed paste. The calling thread becomes the drawing
    /// thread.
    ///
    /// # Errors
    /// When standard output is not a terminal, or one that cannot show a screen, or no terminal can be read
    /// from. Standard input may be a
    /// pipe; keys are then read from the controlling terminal.
    pub fn enter() -> Result<Self, TerminalError> {
        if !io::stdout().is_terminal() {
            return Err(TerminalError::OutputRedirected);
        }
        if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
            return Err(TerminalError::Dumb);
        }
        super::input::open_tty().map_err(|_| TerminalError::NoInput)?;
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        *DRAWING_THREAD.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
        PANIC_HOOK.call_once(|| {
            let inner = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                let owner = *DRAWING_THREAD.lock().unwrap_or_else(PoisonError::into_inner);
                if ENTERED.load(Ordering::SeqCst) && owner != Some(thread::current().id()) {
                    DEFERRED_PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(info.to_string());
                    return;
                }
                leave();
                inner(info);
            }));
        });
        let mut guard = Self { output, mouse: false, lent_modes: None };
        guard.enter_modes()?;
        Ok(guard)
    }

    /// The terminal to write frames to, unbuffered.
    ///
    /// # Errors
    /// When the file descriptor cannot be duplicated.
    pub fn output(&self) -> io::Result<File> {
        self.output.try_clone()
    }

    /// Turns mouse reports on or off. They start off, so that the terminal's own selection works.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        self.output.write_all(if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes())
    }

    /// Restores the terminal, stops the process as Ctrl-Z does, and enters the modes again once it is
    /// continued. The whole screen must be redrawn then.
    ///
    /// # Errors
    /// When the modes cannot be entered again.
    pub fn suspend(&mut self) -> io::Result<()> {
        leave();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.enter_modes()
    }

    /// Restores the terminal for a while, for another program in the foreground; [`Self::reclaim`]
    /// enters the modes again. Until then SIGINT and SIGQUIT, which the terminal sends to all
    /// programs in the foreground, are for that program alone.
    pub fn release(&mut self) {
        LENT.store(true, Ordering::SeqCst);
        leave();
        self.lent_modes = tcgetattr(&self.output).ok();
    }

    /// Takes the terminal back from the other program. A program that was killed in raw mode leaves
    /// it so; the modes in which it was lent are set first, or raw mode would be "restored" at the end.
    ///
    /// # Errors
    /// When the modes cannot be entered.
    pub fn reclaim(&mut self) -> io::Result<()> {
        LENT.store(false, Ordering::SeqCst);
        if let Some(modes) = self.lent_modes.take() {
            tcsetattr(&self.output, OptionalActions::Now, &modes)?;
        }
        self.enter_modes()
    }

    /// Enters the modes again after the process was stopped and continued from outside.
    ///
    /// # Errors
    /// When the modes cannot be entered.
    pub fn resume(&mut self) -> io::Result<()> {
        // The shell has changed the modes meanwhile: start from its settings.
        disable_raw_mode()?;
        self.enter_modes()
    }

    fn enter_modes(&mut self) -> io::Result<()> {
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
        for message in DEFERRED_PANICS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // The terminal may be gone; `eprintln!` would panic then.
            let _ = writeln!(io::stderr(), "{message}");
        }
    }
}

/// Restores the terminal, if its modes are entered.
pub(super) fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // Not through the buffer of standard output: bytes that a terminal which is gone does not take
        // would stay in it, and be an error of whoever flushes it. Nothing more can be done then.
        let _ = io::stdout().as_fd().try_clone_to_owned().and_then(|out| File::from(out).write_all(LEAVE.as_bytes()));
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
