//! Standard output: sanitized text, colour, JSON.
//!
//! Text that comes from a file, a name or the user passes [`OutputTarget::sanitized`] or
//! [`OutputTarget::styled`] on its way out, whether standard output is a terminal, a pipe or a file.
//! Formats that programs read (JSON, CSV and what `export` writes) are not text: they escape in
//! their own way.

use super::CliError;
use clap::ValueEnum;
use pizhu_library::exchange::Format;
use pizhu_library::source::STDIN;
use pizhu_text::text::visible::ClusterKind;
use pizhu_text::text::visible::kind_of;
use pizhu_text::text::visible::visible;
use pizhu_text::text::visible::visible_lines;
use serde::Serialize;
use std::{
    borrow::Cow,
    env,
    io::{self, BufWriter, IsTerminal as _, Write},
    path::Path,
};

/// The shape of what a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one document.
    Json,
    /// For programs: JSON lines, a record a line, where there may be many.
    Jsonl,
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
    /// Text that only the first of two speeches has.
    Removed,
    /// Text that only the second of two speeches has.
    Added,
    /// Text that stands elsewhere.
    Moved,
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
            Self::Removed => "31",
            Self::Added => "32",
            Self::Moved => "35",
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
    /// Text from a file or the user, safe to print, on one line: control characters become visible
    /// signs. A pipe gets the same: it may end in a terminal, as that of `less -R` does.
    #[expect(clippy::unused_self, reason = "one rule for every target; commands ask the one they write to")]
    pub(super) fn sanitized(self, text: &str) -> Cow<'_, str> {
        visible(text)
    }

    /// JSON as it is printed: in a terminal, the characters that it must not get are escaped as
    /// `\u009b`, which programs read as the same text.
    pub(super) fn json_text(self, json: String) -> String {
        if !self.is_terminal || json.chars().all(|c| c == '\n' || kind_of(c) != ClusterKind::Sign) {
            return json;
        }
        let mut escaped = String::with_capacity(json.len() + 16);
        for c in json.chars() {
            if c != '\n' && kind_of(c) == ClusterKind::Sign {
                let mut units = [0; 2];
                escaped.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
            } else {
                escaped.push(c);
            }
        }
        escaped
    }

    /// `value` as a JSON document that ends in a line feed: on one line into a pipe, indented in a
    /// terminal.
    pub(super) fn json_bytes(self, value: &impl Serialize) -> Result<Vec<u8>, CliError> {
        let mut bytes = if self.is_terminal {
            self.json_text(serde_json::to_string_pretty(value).map_err(io::Error::from)?).into_bytes()
        } else {
            serde_json::to_vec(value).map_err(io::Error::from)?
        };
        bytes.push(b'\n');
        Ok(bytes)
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
        let bytes = self.target.json_bytes(value)?;
        Ok(self.writer.write_all(&bytes)?)
    }

    /// Writes an export: unchanged into a pipe; sanitized in a terminal, which refuses binary
    /// formats.
    pub(super) fn export(&mut self, format: &Format, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
        self.export_bytes(format.is_text(), write)
    }

    /// Writes an export in a format that is text or not; only text goes to a terminal.
    pub(super) fn export_bytes(&mut self, is_text: bool, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
        if !self.target.is_terminal {
            return Ok(write(&mut self.writer)?);
        }
        if !is_text {
            return Err(CliError::BinaryToTerminal);
        }
        let mut bytes = Vec::new();
        write(&mut bytes)?;
        Ok(self.writer.write_all(visible_lines(&String::from_utf8_lossy(&bytes)).as_bytes())?)
    }
}

/// Whether a path names the program's own standard output: it is then written to as it stands, be
/// it a pipe, a terminal or a file that the shell opened.
pub(super) fn is_standard_output(path: &Path) -> bool {
    [STDIN, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
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
