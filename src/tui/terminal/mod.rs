//! The terminal: entered and left safely, drawn on, listened to, and known by its width settings.
//!
//! - [`Guard`] enters raw mode and the alternate screen and leaves them on drop, panic and signal.
//! - [`listen`] starts the threads that turn input and signals into [`Event`]s.
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
//! listen(move |event| sender.send(event.into()).is_ok())?;
//! screen.draw(|buffer| view(&state, buffer))?;      // returns where the cursor stands
//! screen.probe()?;                                  // answered by Event::Measured
//! while let Ok(event) = receiver.recv() {           // then try_recv: held keys come in bursts
//!     …  Event::Resize → screen.resize(…)           Event::Resumed → guard.resume(), screen.invalidate()
//!        Event::Suspend, Ctrl-Z → guard.suspend(), screen.invalidate()
//!        Event::Measured(widths) → screen.set_widths(widths), lay out anew
//! }
//! ```

mod code;
pub mod color;
mod event;
pub mod examine;
mod guard;
mod input;
mod kept;
pub mod paint;
mod pause;
mod pen;
pub mod probe;
pub mod profile;
pub mod screen;
mod scroll;

pub use color::Colors;
pub use event::{Event, listen};
pub use guard::{Guard, TerminalError, size};
pub use kept::{Kept, Moved};
pub use pause::Pause;
pub use profile::Widths;
pub use screen::Screen;
