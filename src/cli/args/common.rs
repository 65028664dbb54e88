//! Arguments that several commands share.

use crate::cli::output::OutputFormat;
use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use pizhu_annotation::attribute_type::is_date;
use pizhu_text::text::Encoding;
use std::path::PathBuf;

/// Options of all commands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// The annotation store [default: the nearest .pizhu/ in the speech's folder or above it, else
    /// your own store].
    #[arg(long, global = true, value_name = "DIR", env = "PIZHU_STORE", hide_env_values = true)]
    pub store: Option<PathBuf>,
    /// The author of the annotations that are made, or whose annotations are meant [default: from
    /// the settings, else the user name].
    #[arg(long, global = true, value_name = "NAME")]
    pub author: Option<String>,
    /// Encoding of the speeches (utf-8, gb18030, big5, utf-16le …) [default: detected].
    #[arg(long, global = true, value_name = "NAME", value_parser = parse_encoding)]
    pub encoding: Option<Encoding>,
    /// Which side of a Word document's tracked changes is read [default: from the settings, else
    /// accepted].
    #[arg(long, global = true, value_name = "SIDE")]
    pub changes: Option<RevisionSide>,
    /// Whether the user's own folders are used: `none` reads and writes none of them (settings, own
    /// store, caches, journals), for workers; a shared .pizhu/ is still read.
    #[arg(long, global = true, value_name = "USE", default_value = "user", hide_default_value = true)]
    pub state: StateUse,
    /// Codes blind: leaves out the annotations of others in speeches that you have not declared done
    /// with `pizhu done`.
    #[arg(long, global = true)]
    pub blind: bool,
    /// When to colour the output.
    // A string, because `tags add` has its own `--color`, which overrides this one there.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_parser = ["auto", "always", "never"])]
    pub color: String,
}

/// Use of the user's own folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StateUse {
    /// They are read and written.
    User,
    /// They are left alone.
    None,
}

impl GlobalArgs {
    /// Whether the user's own folders may be read and written.
    pub(in crate::cli) fn uses_state(&self) -> bool {
        self.state == StateUse::User
    }
}

/// A side of tracked changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RevisionSide {
    /// As if every change had been accepted.
    Accepted,
    /// As it was before the changes.
    Original,
}

/// Options of commands that print text or JSON.
#[derive(Debug, Clone, Copy, Args)]
pub struct OutputArgs {
    /// Output format.
    #[arg(long, value_name = "SHAPE", value_parser = without_records())]
    pub format: Option<OutputFormat>,
}

/// Options of commands whose output may be many records.
#[derive(Debug, Clone, Copy, Args)]
pub struct RecordOutputArgs {
    /// Output format; jsonl writes a record a line.
    #[arg(long, value_name = "SHAPE")]
    pub format: Option<OutputFormat>,
}

/// The output formats but JSON lines.
fn without_records() -> impl TypedValueParser<Value = OutputFormat> {
    PossibleValuesParser::new(["text", "json"]).map(|name| if name == "json" { OutputFormat::Json } else { OutputFormat::Text })
}

fn parse_encoding(label: &str) -> Result<Encoding, String> {
    Encoding::from_label(label).ok_or_else(|| "no such encoding; try utf-8, gb18030, big5, utf-16le or utf-16be".to_owned())
}

/// Parses a day, `YYYY-MM-DD`, or a prefix of one (`2022`, `2022-10`), which compares with the
/// dates of speeches as a string.
pub(in crate::cli) fn parse_date(text: &str) -> Result<String, String> {
    let fits = is_date(text);
    if fits { Ok(text.to_owned()) } else { Err("a day of the calendar is written YYYY-MM-DD, a month YYYY-MM, a year YYYY".to_owned()) }
}
