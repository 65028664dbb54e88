//! The terminal: entered and left safely, drawn on, listened to, and known by its width settings.
//!
//! - [`Guard`] enters raw mode and the alternate screen and leaves them on drop, panic and signal.
//! - [`Listener`] turns input into [`Event`]s, [`take_signals`] signals; a [`Bell`] wakes who waits
//!   for input.
//! - [`Screen`] draws frames: a view writes into a ratatui `Buffer`, with [`paint`] for all text,
//!   and the screen sends what differs from what the terminal shows, in one write a frame.
//! - [`Widths`] is what is known of the terminal's cells: remembered by [`profile`], measured by
//!   [`probe`].
//!
//! Nothing but this module writes to the terminal while the guard stands, and nothing that is
//! written holds a control character of a text's: see [`screen`].
//!
//! A loop looks like this:
//!
//! ```text
//! let guard = Guard::enter()?;
//! let mut screen = Screen::new(guard.output()?, size()?, Colors::detect(), widths);
//! let (bell, ear) = bell()?;
//! let mut listener = Listener::new(ear)?;
//! take_signals(move |event| sender.send(event).map(|()| bell.ring()).is_ok())?;
//! screen.draw(|buffer| view(&state, buffer))?;      // returns where the cursor stands
//! screen.probe()?;                                  // answered by Event::Measured
//! for event in listener.wait() {                    // held keys come in bursts; then receiver.try_iter()
//!     …  Event::Resize → screen.resize(…)           Event::Resumed → guard.resume(), screen.invalidate()
//!        Event::Suspend, Ctrl-Z → guard.suspend(), screen.invalidate()
//!        Event::Measured(widths) → screen.set_widths(widths), lay out anew
//! }
//! ```

mod bell;
mod code;
pub mod color;
mod erase;
mod event;
pub mod examine;
mod guard;
mod input;
mod kept;
pub mod paint;
mod pen;
pub mod probe;
pub mod profile;
mod runs;
pub mod screen;
mod scroll;

pub use bell::{Bell, Ear, bell};
pub use color::Colors;
pub use event::{Event, Listener, take_signals};
pub use guard::{Guard, TerminalError, size};
pub use kept::{Kept, Moved};
pub use profile::Widths;
pub use screen::Screen;
