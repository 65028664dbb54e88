//! The arguments of what can be done with baskets.

use super::choice::BasketChoice;
use crate::cli::address::Address;
use crate::cli::args::common::OutputArgs;
use clap::Subcommand;
use pizhu_annotation::AnnotationId;
use pizhu_library::basket::BASKET_FORMATS;
use std::{num::NonZeroUsize, path::PathBuf};

/// What can be done with baskets.
#[derive(Debug, Subcommand)]
pub enum BasketAction {
    /// List the baskets with their entries, numbered.
    List {
        /// The basket.
        #[command(flatten)]
        choice: BasketChoice,
        /// Output options.
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Put a passage or a section of a speech into a basket; prints its number.
    Add {
        /// The speech.
        file: PathBuf,
        /// The section or passage.
        #[command(flatten)]
        address: Address,
        /// The passage of an annotation, by its id.
        #[arg(long, value_name = "ID", conflicts_with_all = ["section", "quote", "span", "whole"])]
        id: Option<AnnotationId>,
        /// The number that it gets [default: after the last].
        #[arg(long, value_name = "N")]
        at: Option<NonZeroUsize>,
        /// The basket.
        #[command(flatten)]
        choice: BasketChoice,
    },
    /// Put a heading into a basket, or change one; prints its number.
    Heading {
        /// The heading.
        #[arg(value_name = "TEXT", allow_hyphen_values = true)]
        text: String,
        /// Its level, 1 for the topmost.
        #[arg(long, value_name = "LEVEL", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=6))]
        level: u8,
        /// The number that it gets [default: after the last].
        #[arg(long, value_name = "N", conflicts_with = "replace")]
        at: Option<NonZeroUsize>,
        /// The number of the heading or words that it replaces.
        #[arg(long, value_name = "N")]
        replace: Option<NonZeroUsize>,
        /// The basket.
        #[command(flatten)]
        choice: BasketChoice,
    },
    /// Put words of your own into a basket, or change them; prints their number.
    Text {
        /// The words; `-` reads them from standard input.
        #[arg(value_name = "TEXT", allow_hyphen_values = true)]
        text: String,
        /// The number that they get [default: after the last].
        #[arg(long, value_name = "N", conflicts_with = "replace")]
        at: Option<NonZeroUsize>,
        /// The number of the heading or words that they replace.
        #[arg(long, value_name = "N")]
        replace: Option<NonZeroUsize>,
        /// The basket.
        #[command(flatten)]
        choice: BasketChoice,
    },
    /// Move an entry to another place, or into another basket.
    Move {
        /// The entry's number.
        #[arg(value_name = "N")]
        from: NonZeroUsize,
        /// The number that it gets.
        #[arg(value_name = "N", required_unless_present = "into")]
        to: Option<NonZeroUsize>,
        /// The basket that it is moved into, at its end; made if there is none.
        #[arg(long, value_name = "NAME", conflicts_with = "to")]
        into: Option<String>,
        /// The basket.
        #[command(flatten)]
        choice: BasketChoice,
    },
    /// Remove entries from a basket.
    Remove {
        /// The entries' numbers.
        #[arg(value_name = "N", required = true)]
        entries: Vec<NonZeroUsize>,
        /// The basket.
        #[command(flatten)]
        choice: BasketChoice,
    },
    /// Rename a basket.
    Rename {
        /// The new name.
        new: String,
        /// The basket.
        #[command(flatten)]
        choice: BasketChoice,
    },
    /// Delete a basket with its entries.
    Delete {
        /// The basket's name.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Export a basket for Word or as Markdown, with the sources as footnotes.
    Export {
        /// The format [default: from the file extension, else markdown].
        #[arg(long, value_name = "FORMAT", value_parser = formats())]
        format: Option<String>,
        /// The file to write; `-` is standard output.
        #[arg(long, short, value_name = "FILE", default_value = pizhu_library::source::STDIN)]
        output: PathBuf,
        /// Replace an existing file.
        #[arg(long)]
        force: bool,
        /// The basket.
        #[command(flatten)]
        choice: BasketChoice,
    },
}

/// The formats, as values of `--format`.
fn formats() -> clap::builder::PossibleValuesParser {
    BASKET_FORMATS.iter().map(|format| clap::builder::PossibleValue::new(format.name).alias(format.extension)).into()
}
