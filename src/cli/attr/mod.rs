//! `pizhu attr`: attributes of speeches, found in their texts and set by users.

mod assign;
mod report;
mod table;

use super::{CliContext, CliError, Status, args::common::OutputArgs, stage::ListArgs};
use clap::{Args, Subcommand, ValueEnum};
use pizhu_annotation::AttributeType;
use std::path::PathBuf;
use table::TableFormat;

/// `pizhu attr`
#[derive(Debug, Args)]
pub struct AttrArgs {
    /// What to do; none lists the attributes.
    #[command(subcommand)]
    pub action: Option<AttrAction>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What can be done with attributes.
#[derive(Debug, Subcommand)]
pub enum AttrAction {
    /// List the attributes of speeches: how many have each, and of which type they are.
    List {
        /// Speeches, or folders of speeches [default: all speeches annotated in the store].
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Output options.
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show the attributes of speeches.
    Get {
        /// Speeches, or folders of speeches [default: all speeches annotated in the store].
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Only this attribute; can be given several times.
        #[arg(long, value_name = "KEY")]
        key: Vec<String>,
        /// Output options.
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Set attributes of speeches, also over what was found in the text; an empty value says that there
    /// is none.
    Set {
        /// Speeches or folders, then `KEY=VALUE`, each as often as wanted.
        #[arg(value_name = "FILE|KEY=VALUE", required = true, num_args = 1.., value_hint = clap::ValueHint::AnyPath)]
        words: Vec<String>,
        /// Names from a list.
        #[command(flatten)]
        list: ListArgs,
    },
    /// Take back what was set; what was found in the text counts again.
    Unset {
        /// Speeches or folders, then the names of attributes.
        #[arg(value_name = "FILE|KEY", required = true, num_args = 1.., value_hint = clap::ValueHint::AnyPath)]
        words: Vec<String>,
        /// Names from a list.
        #[command(flatten)]
        list: ListArgs,
    },
    /// Fix the type of an attribute's values for the whole project.
    Type {
        /// The attribute.
        #[arg(value_name = "KEY")]
        key: String,
        /// The type; other values are then refused.
        #[arg(value_name = "TYPE")]
        values: TypeArg,
    },
    /// Set attributes from a table: a row a speech, a column an attribute; empty cells change nothing.
    Import {
        /// The table, CSV or XLSX, with a column `document`; `-` is standard input.
        file: PathBuf,
        /// Speeches, or folders of speeches, that the rows may mean [default: those beside the table, and
        /// those of the store].
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Output options.
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Write a table of the attributes.
    Export {
        /// Speeches, or folders of speeches [default: all speeches annotated in the store].
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Only this attribute; can be given several times.
        #[arg(long, value_name = "KEY")]
        key: Vec<String>,
        /// The format [default: from the file extension, else csv].
        #[arg(long, value_name = "FORMAT")]
        format: Option<TableFormat>,
        /// The file to write; `-` is standard output.
        #[arg(long, short, value_name = "FILE", default_value = pizhu_library::source::STDIN)]
        output: PathBuf,
        /// Replace an existing file.
        #[arg(long)]
        force: bool,
        /// CSV in the form that Excel expects.
        #[arg(long)]
        excel: bool,
    },
}

/// A type of values on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TypeArg {
    /// Any text.
    Text,
    /// A decimal number.
    Number,
    /// A day, month or year.
    Date,
}

impl From<TypeArg> for AttributeType {
    fn from(values: TypeArg) -> Self {
        match values {
            TypeArg::Text => Self::Text,
            TypeArg::Number => Self::Number,
            TypeArg::Date => Self::Date,
        }
    }
}

impl AttrArgs {
    /// The output format of the command or subcommand.
    pub(super) fn output_format(&self) -> Option<super::output::OutputFormat> {
        let own = match &self.action {
            Some(AttrAction::List { output, .. } | AttrAction::Get { output, .. } | AttrAction::Import { output, .. }) => output.format,
            _ => None,
        };
        own.or(self.output.format)
    }

    /// Whether the user's own folders are written.
    pub(super) fn needs_state(&self) -> bool {
        !matches!(self.action, None | Some(AttrAction::List { .. } | AttrAction::Get { .. } | AttrAction::Export { .. }))
    }
}

pub(super) fn run(context: &mut CliContext, args: AttrArgs) -> Result<Status, CliError> {
    match args.action {
        None => report::list(context, &[]),
        Some(AttrAction::List { paths, .. }) => report::list(context, &paths),
        Some(AttrAction::Get { paths, key, .. }) => report::get(context, &paths, &key),
        Some(AttrAction::Set { words, list }) => assign::set(context, &words, &list),
        Some(AttrAction::Unset { words, list }) => assign::unset(context, &words, &list),
        Some(AttrAction::Type { key, values }) => assign::fix_type(context, &key, values.into()),
        Some(AttrAction::Import { file, paths, .. }) => table::import(context, &file, &paths),
        Some(AttrAction::Export { paths, key, format, output, force, excel }) => {
            let options = table::ExportTableOptions { keys: &key, format, output: &output, force, excel };
            table::export(context, &paths, &options)
        }
    }
}
