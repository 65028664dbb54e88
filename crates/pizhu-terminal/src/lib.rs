//! The terminal: its modes, drawing, input and character widths.
//!
//! - [`Guard`] enters raw mode and the alternate screen, and restores the terminal on drop, panic and
//!   signal.
//! - [`Listener`] turns input into [`TermEvent`]s, [`spawn_signal_thread`] signals; a [`Waker`] wakes
//!   the thread that waits for input.
//! - [`Screen`] draws frames: a view writes into a ratatui `Buffer`, with [`paint`] for all text, and
//!   the screen sends the difference to what the terminal shows, in one write a frame.
//! - [`Widths`] is the terminal's width of ambiguous characters: measured by [`probe`], remembered by
//!   [`profile`].
//!
//! Nothing else writes to the terminal while the guard lives, and no control character of a text
//! reaches it: see [`screen`].
//!
//! An event loop:
//!
//! ```text
//! let guard = Guard::enter()?;
//! let mut screen = Screen::new(guard.output()?, size()?, Colors::detect(), widths);
//! let (waker, receiver) = wake_channel()?;
//! let mut listener = Listener::new(receiver)?;
//! spawn_signal_thread(move |event| sender.send(event).map(|()| waker.wake()).is_ok())?;
//! screen.draw(|buffer| view(&state, buffer))?;      // `view` returns the cursor's position
//! screen.probe_widths()?;                           // answered by TermEvent::Measured
//! for event in listener.wait(None) {                // then drain the channel: events.try_iter()
//!     match event {
//!         TermEvent::Resize(size) => screen.resize(size),
//!         TermEvent::Resumed => { guard.resume()?; screen.invalidate() }
//!         TermEvent::Suspend => { guard.suspend()?; screen.invalidate() }   // and for Ctrl-Z
//!         TermEvent::Measured(widths) => screen.set_widths(widths),         // and lay out again
//!         …
//!     }
//! }
//! ```

mod background;
pub mod capabilities;
pub mod color;
mod erase;
mod event;
mod frame_damage;
mod guard;
mod input;
mod packed_cell;
pub mod paint;
mod pen;
pub mod probe;
pub mod profile;
mod runs;
pub mod screen;
mod scroll;
mod waker;

pub use background::BackgroundColor;
pub use color::Colors;
pub use event::{Listener, TermEvent, hang_up, spawn_signal_thread, stop_process, survive_file_size_limit};
pub use frame_damage::{AreaScroll, FrameDamage};
pub use guard::{Guard, TerminalError, size};
pub use input::{InputEvent, InputParser};
pub use profile::Widths;
pub use screen::Screen;
pub use waker::{WakeReceiver, Waker, wake_channel};
