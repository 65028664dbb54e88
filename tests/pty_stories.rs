//! The program as its users meet it: in a real pty, keys in, screens out, and as commands.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "pty/across.rs"]
mod across;
#[path = "pty/annotate.rs"]
mod annotate;
#[path = "pty/errors.rs"]
mod errors;
#[path = "pty/library.rs"]
mod library;
#[path = "pty/mouse.rs"]
mod mouse;
#[path = "pty/picture.rs"]
mod picture;
#[path = "pty/real.rs"]
mod real;
#[path = "pty/review.rs"]
mod review;
#[path = "pty/screens.rs"]
mod screens;
#[path = "pty/signals.rs"]
mod signals;
#[path = "pty/speech.rs"]
mod speech;
#[path = "pty/terminal.rs"]
mod terminal;
