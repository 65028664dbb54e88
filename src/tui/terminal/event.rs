//! What comes from the terminal and from outside, as events of one kind.

use super::{Pause, Widths, guard, input, pause, probe::Answers};
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::layout::Size;
use signal_hook::{
    consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH},
    iterator::Signals,
};
use std::{io, process, sync::Arc, thread};

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

/// Starts the threads that read input and take signals; each event is handed to `deliver`, which
/// answers whether it wants more. The threads sleep until something comes, and end with the
/// process. What is returned keeps the reading thread from the input while another program has it.
///
/// # Errors
/// When there is no terminal to read from, or the signals cannot be taken.
pub fn listen(deliver: impl Fn(Event) -> bool + Send + Sync + 'static) -> io::Result<Pause> {
    let deliver = Arc::new(deliver);
    let terminal = input::open()?;
    let (pause, mut waiter) = pause::pair()?;
    let signals = Signals::new([SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    let for_signals = Arc::clone(&deliver);
    thread::Builder::new().name("signals".into()).spawn(move || take_signals(signals, &*for_signals))?;
    thread::Builder::new().name("input".into()).spawn(move || {
        let mut answers = Answers::default();
        input::read(terminal, &mut waiter, |input| match input {
            input::Input::Key(key) => deliver(Event::Key(key)),
            input::Input::Mouse(mouse) => deliver(Event::Mouse(mouse)),
            input::Input::Paste(text) => deliver(Event::Paste(text)),
            input::Input::Ground { dark } => deliver(Event::Ground { dark }),
            input::Input::Cursor { column, .. } => answers.take(column).is_none_or(|measured| deliver(Event::Measured(measured.widths()))),
        });
        deliver(Event::Closed);
    })?;
    Ok(pause)
}

fn take_signals(mut signals: Signals, deliver: &dyn Fn(Event) -> bool) {
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
