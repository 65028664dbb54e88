//! The JSON document around the output of a stage: one list, written as it grows.

use crate::cli::{
    CliError,
    output::{OutputFormat, OutputTarget},
};
use serde::Serialize;
use std::io;

/// What stands around the output of speeches in one JSON document, `{"version": 1, "hits": […]}`;
/// nothing in other formats.
#[derive(Clone, Copy)]
pub(in crate::cli) struct JsonFrame {
    /// The list's name; `None` if there is no frame.
    list: Option<&'static str>,
    /// Name of a list that stands behind it.
    second: Option<&'static str>,
    /// Indented, with each entry on lines of its own, for terminals.
    is_indented: bool,
    target: OutputTarget,
}

impl JsonFrame {
    /// A list of the given name, if the format is JSON.
    pub(in crate::cli) fn new(list: &'static str, format: OutputFormat, target: OutputTarget) -> Self {
        Self { list: (format == OutputFormat::Json).then_some(list), second: None, is_indented: target.is_terminal, target }
    }

    /// The frame with another list behind the first.
    pub(in crate::cli) fn with_second(self, list: &'static str) -> Self {
        Self { second: self.list.map(|_| list), ..self }
    }

    /// No frame.
    pub(in crate::cli) fn none(target: OutputTarget) -> Self {
        Self { list: None, second: None, is_indented: false, target }
    }

    /// An entry of the list, as it stands between the separators.
    pub(in crate::cli) fn entry(self, value: &impl Serialize) -> Result<Vec<u8>, CliError> {
        if !self.is_indented {
            return Ok(serde_json::to_vec(value).map_err(io::Error::from)?);
        }
        let shown = self.target.json_text(serde_json::to_string_pretty(value).map_err(io::Error::from)?);
        Ok(format!("    {}", shown.replace('\n', "\n    ")).into_bytes())
    }

    /// Entries of the list.
    pub(in crate::cli) fn entries<T: Serialize>(self, values: impl IntoIterator<Item = T>) -> Result<Vec<u8>, CliError> {
        let mut bytes = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                bytes.extend_from_slice(self.between().as_bytes());
            }
            bytes.extend_from_slice(&self.entry(&value)?);
        }
        Ok(bytes)
    }

    /// What stands before the first entry.
    pub(super) fn start(self) -> String {
        match self.list {
            None => String::new(),
            Some(list) if self.is_indented => format!("{{\n  \"version\": 1,\n  \"{list}\": [\n"),
            Some(list) => format!("{{\"version\":1,\"{list}\":["),
        }
    }

    /// What stands between two entries.
    pub(super) fn between(self) -> &'static str {
        match self.list {
            None => "",
            Some(_) if self.is_indented => ",\n",
            Some(_) => ",",
        }
    }

    /// What stands behind the last entry, with the entries of the second list.
    pub(super) fn end(self, second: &[Vec<u8>]) -> Vec<u8> {
        let mut end = Vec::new();
        if self.list.is_none() {
            return end;
        }
        let close: &[u8] = if self.is_indented { b"\n  ]" } else { b"]" };
        end.extend_from_slice(close);
        if let Some(list) = self.second {
            let open = if self.is_indented { format!(",\n  \"{list}\": [\n") } else { format!(",\"{list}\":[") };
            end.extend_from_slice(if second.is_empty() { open.trim_end() } else { &open }.as_bytes());
            end.extend_from_slice(&second.join(self.between().as_bytes()));
            end.extend_from_slice(if second.is_empty() { b"]" } else { close });
        }
        end.extend_from_slice(if self.is_indented { b"\n}\n" } else { b"}\n" });
        end
    }
}
