//! Standard output: text made safe for a terminal, JSON, colour.

use super::CliError;
use pizhu_library::exchange::Format;
use pizhu_text::text::visible::visible;
use pizhu_text::text::visible::visible_lines;
use clap::ValueEnum;
use serde::Serialize;
use std::{
    borrow::Cow,
    env,
    io::{self, BufWriter, IsTerminal as _, Write},
};

/// The shape of what a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Shape {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// What a stretch of coloured text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// A title.
    Title,
    /// A tag.
    Tag,
    /// A section's marker or path.
    Marker,
    /// The words that were searched for.
    Match,
    /// What stands back: dates, numbers, file names.
    Faint,
}

impl Ink {
    /// The parameters of the escape sequence: colours of the terminal's own palette.
    fn sgr(self) -> &'static str {
        match self {
            Self::Title => "1",
            Self::Tag => "33",
            Self::Marker => "36",
            Self::Match => "1;31",
            Self::Faint => "2",
        }
    }
}

/// Standard output, buffered.
pub struct Output {
    writer: BufWriter<io::Stdout>,
    surface: Surface,
}

/// How text is put out; for threads that make ready what another writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surface {
    /// It goes to a terminal.
    pub is_terminal: bool,
    is_coloured: bool,
}

impl Surface {
    /// Text from a file or a user, as it may be printed: in a terminal, control characters are
    /// shown as signs; into a pipe it goes as it is.
    pub(super) fn shown(self, text: &str) -> Cow<'_, str> {
        if self.is_terminal { visible(text) } else { Cow::Borrowed(text) }
    }

    /// [`Self::shown`] in the colour of `ink`.
    pub(super) fn inked(self, ink: Ink, text: &str) -> Cow<'_, str> {
        let text = self.shown(text);
        if self.is_coloured && !text.is_empty() { Cow::Owned(format!("\x1B[{}m{text}\x1B[0m", ink.sgr())) } else { text }
    }
}

impl Output {
    /// Standard output, coloured `always`, `never`, or else as the terminal and NO_COLOR have it.
    pub(super) fn new(when: &str) -> Self {
        let writer = BufWriter::with_capacity(64 * 1024, io::stdout());
        let is_terminal = writer.get_ref().is_terminal();
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_coloured = match when {
            "always" => true,
            "never" => false,
            _ => is_terminal && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        Self { writer, surface: Surface { is_terminal, is_coloured } }
    }

    /// How text is put out here.
    pub(super) fn surface(&self) -> Surface {
        self.surface
    }

    /// [`Surface::shown`] here.
    pub(super) fn shown<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.surface.shown(text)
    }

    /// [`Surface::inked`] here.
    pub(super) fn inked<'a>(&self, ink: Ink, text: &'a str) -> Cow<'a, str> {
        self.surface.inked(ink, text)
    }

    /// Writes `value` as one JSON document: on one line for programs, indented in a terminal.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        let written = if self.surface.is_terminal {
            serde_json::to_writer_pretty(&mut self.writer, value)
        } else {
            serde_json::to_writer(&mut self.writer, value)
        };
        written.map_err(io::Error::from)?;
        Ok(self.writer.write_all(b"\n")?)
    }

    /// Streams an export: as it is into a pipe; in a terminal, made safe, and not at all where the
    /// format is no text.
    pub(super) fn export(&mut self, format: &Format, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
        if !self.surface.is_terminal {
            return Ok(write(&mut self.writer)?);
        }
        if !format.is_text() {
            return Err(CliError::BinaryToTerminal);
        }
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        Ok(self.writer.write_all(visible_lines(&String::from_utf8_lossy(&bytes)).as_bytes())?)
    }
}

/// The width in cells of the terminal that standard output goes to; `None` where it goes elsewhere.
pub(super) fn terminal_width() -> Option<u16> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| width.0)
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
