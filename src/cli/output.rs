//! Standard output: sanitized text, colour, JSON.

use super::CliError;
use clap::ValueEnum;
use pizhu_library::exchange::Format;
use pizhu_text::text::visible::visible;
use pizhu_text::text::visible::visible_lines;
use serde::Serialize;
use std::{
    borrow::Cow,
    env,
    io::{self, BufWriter, IsTerminal as _, Write},
};

/// The shape of what a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Style of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutputStyle {
    /// A title.
    Title,
    /// A tag.
    Tag,
    /// A section's marker or path.
    Marker,
    /// The text of a hit.
    Match,
    /// Secondary text: dates, numbers, file names.
    Faint,
}

impl OutputStyle {
    /// SGR parameters, in the terminal's own palette.
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
pub(super) struct Output {
    writer: BufWriter<io::Stdout>,
    target: OutputTarget,
}

/// How text is written to standard output; `Copy`, so that threads can render in parallel.
#[derive(Debug, Clone, Copy)]
pub(super) struct OutputTarget {
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
    is_coloured: bool,
}

impl OutputTarget {
    /// Text from a file or the user, safe to print: control characters become visible signs in a
    /// terminal; a pipe gets the text unchanged.
    pub(super) fn sanitized(self, text: &str) -> Cow<'_, str> {
        if self.is_terminal { visible(text) } else { Cow::Borrowed(text) }
    }

    /// [`Self::sanitized`] text in a style.
    pub(super) fn styled(self, ink: OutputStyle, text: &str) -> Cow<'_, str> {
        let text = self.sanitized(text);
        if self.is_coloured && !text.is_empty() { Cow::Owned(format!("\x1B[{}m{text}\x1B[0m", ink.sgr())) } else { text }
    }
}

impl Output {
    /// Standard output with colours `always`, `never`, or else depending on terminal, `NO_COLOR`
    /// and `TERM`.
    pub(super) fn new(when: &str) -> Self {
        let writer = BufWriter::with_capacity(64 * 1024, io::stdout());
        let is_terminal = writer.get_ref().is_terminal();
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_coloured = match when {
            "always" => true,
            "never" => false,
            _ => is_terminal && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        Self { writer, target: OutputTarget { is_terminal, is_coloured } }
    }

    /// The output's properties, for rendering in other threads.
    pub(super) fn target(&self) -> OutputTarget {
        self.target
    }

    /// See [`OutputTarget::sanitized`].
    pub(super) fn sanitized<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.target.sanitized(text)
    }

    /// See [`OutputTarget::styled`].
    pub(super) fn styled<'a>(&self, ink: OutputStyle, text: &'a str) -> Cow<'a, str> {
        self.target.styled(ink, text)
    }

    /// Writes `value` as one JSON document: on one line into a pipe, indented in a terminal.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        let written = if self.target.is_terminal {
            serde_json::to_writer_pretty(&mut self.writer, value)
        } else {
            serde_json::to_writer(&mut self.writer, value)
        };
        written.map_err(io::Error::from)?;
        Ok(self.writer.write_all(b"\n")?)
    }

    /// Writes an export: unchanged into a pipe; sanitized in a terminal, which refuses binary
    /// formats.
    pub(super) fn export(&mut self, format: &Format, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
        if !self.target.is_terminal {
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

/// Width of the terminal in cells; `None` if standard output is not a terminal.
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
