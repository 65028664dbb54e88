//! What the command line takes.

use super::{
    agree, completions, count, doctor, export, history, import, man, merge, note, outline, output::Shape, read, reuse, review, search,
    store, suggest, tag, tags, untag,
};
use crate::locale::Locale;
use pizhu_text::text::Encoding;
use clap::{Args, CommandFactory, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Reads long Chinese speeches in a terminal, and annotates them (批注).
#[derive(Debug, Parser)]
#[command(name = "pizhu", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The shape of the output, where the command does not say it itself.
    #[command(flatten)]
    pub shape: ShapeArg,
    /// Cells of “ ” — … in the reader, where the terminal's answer is not to be trusted
    /// [default: by the settings, else as the terminal answers].
    #[arg(long, value_name = "WIDTH", value_parser = ["narrow", "wide", "auto"])]
    pub ambiguous: Option<String>,
    /// What to do; none opens the reader.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Files or folders to open in the reader; `-` is standard input. With none, the last
    /// library, else the built-in samples.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// The options that stand everywhere.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The annotations' store [default: .pizhu/ upward from the speech, else the user's own].
    #[arg(long, global = true, value_name = "DIR", env = "PIZHU_STORE", hide_env_values = true)]
    pub store: Option<PathBuf>,
    /// Who makes the annotations, or whose are meant [default: by the settings, else the user].
    #[arg(long, global = true, value_name = "NAME")]
    pub author: Option<String>,
    /// The encoding of the speeches (utf-8, gb18030, big5, utf-16le …) [default: detected].
    #[arg(long, global = true, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<Encoding>,
    /// Which side of a Word document's tracked changes is read [default: by the settings, else
    /// accepted].
    #[arg(long, global = true, value_name = "SIDE")]
    pub changes: Option<Changes>,
    /// When to colour the output.
    // A string, because `tags add` has a `--color` of its own, which stands for this one there.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_parser = ["auto", "always", "never"])]
    pub color: String,
}

/// A side of tracked changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Changes {
    /// As if every change had been accepted.
    Accepted,
    /// As it was before the changes.
    Original,
}

/// The shape of the output.
#[derive(Debug, Clone, Copy, Args)]
pub struct ShapeArg {
    /// The shape of the output.
    #[arg(long, value_name = "SHAPE")]
    pub format: Option<Shape>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show a speech's section tree.
    Outline(outline::OutlineArgs),
    /// Print a speech set in a column, one row a line.
    Read(read::ReadArgs),
    /// Tag a section or a passage; prints the annotation's id.
    Tag(tag::TagArgs),
    /// Write a note on a section or a passage; prints the annotation's id.
    Note(note::NoteArgs),
    /// Take tags off a section or a passage.
    Untag(untag::UntagArgs),
    /// List and edit the codebook.
    Tags(tags::TagsArgs),
    /// Search in speeches; exit status 1 where nothing is found.
    Search(search::SearchArgs),
    /// Suggest tags for the untagged sections of a speech, each with its reasons.
    Suggest(suggest::SuggestArgs),
    /// Show passages that speeches share, whatever script they are in; exit status 1 where there
    /// are none.
    Reuse(reuse::ReuseArgs),
    /// Count tags by speech, by year, by the level of sections, or those that stand together; exit
    /// status 1 where there are none.
    Count(count::CountArgs),
    /// Export annotations.
    Export(export::ExportArgs),
    /// Import annotations or a codebook; exit status 1 where some could not be placed.
    Import(import::ImportArgs),
    /// Show annotations whose place is not certain or gone, and decide about them.
    Review(review::ReviewArgs),
    /// Show what was done to a speech's annotations; bring any state back.
    History(history::HistoryArgs),
    /// Measure how far coders agree, by the presence of tags in sections.
    Agree(agree::AgreeArgs),
    /// Merge three versions of a store's file into the second: git's merge driver.
    Merge(merge::MergeArgs),
    /// Make a store that a team shares; part and join copies of a speech.
    Store(store::StoreArgs),
    /// Show what was found of the terminal, and a ruler to check it by.
    Doctor(doctor::DoctorArgs),
    /// Print a shell's completions.
    Completions(completions::CompletionsArgs),
    /// Print the manual page, or write those of all commands into a folder.
    Man(man::ManArgs),
}

impl Command {
    /// The shape of the output that the command was told.
    pub(super) fn shape(&self) -> Option<Shape> {
        match self {
            Self::Outline(args) => args.shape.format,
            Self::Tag(args) => args.shape.format,
            Self::Note(args) => args.shape.format,
            Self::Untag(args) => args.shape.format,
            Self::Tags(args) => args.shape.format,
            Self::Search(args) => args.shape.format,
            Self::Suggest(args) => args.shape.format,
            Self::Reuse(args) => args.shape.format,
            Self::Import(args) => args.shape.format,
            Self::Review(args) => args.shape.format,
            Self::History(args) => args.shape.format,
            Self::Agree(args) => args.shape.format,
            Self::Doctor(args) => args.shape.format,
            Self::Store(args) => args.action.shape(),
            Self::Merge(_) | Self::Count(_) | Self::Read(_) | Self::Export(_) | Self::Completions(_) | Self::Man(_) => None,
        }
    }
}

fn encoding(label: &str) -> Result<Encoding, String> {
    Encoding::from_label(label).ok_or_else(|| "no such encoding; try utf-8, gb18030, big5, utf-16le or utf-16be".to_owned())
}

/// A day as YYYY-MM-DD, or the beginning of one (2022, 2022-10), which compares with the dates
/// of speeches as a string.
pub(super) fn date(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let widths = [4, 2, 2];
    let fits =
        parts.len() <= 3 && parts.iter().zip(widths).all(|(part, width)| part.len() == width && part.bytes().all(|b| b.is_ascii_digit()));
    if fits { Ok(text.to_owned()) } else { Err("a day is written YYYY-MM-DD, a month YYYY-MM, a year YYYY".to_owned()) }
}

/// The command line's description, for completions and the man pages.
#[must_use]
pub fn command() -> clap::Command {
    Arguments::command()
}

/// The same with what each command does said in a language; the options' descriptions are English.
#[must_use]
pub fn command_in(words: Locale) -> clap::Command {
    command().mut_subcommands(|subcommand| {
        let about = format!("subcommand-{}", subcommand.get_name());
        if words.has(&about) { subcommand.about(words.text(&about).into_owned()) } else { subcommand }
    })
}

impl Arguments {
    /// The program's arguments; ends the program where they are wrong or help was asked for.
    #[must_use]
    pub fn read(words: Locale) -> Self {
        Self::from_arg_matches(&command_in(words).get_matches()).unwrap_or_else(|error| error.exit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    #[test]
    fn each_command_is_described_in_each_language() {
        for language in Language::ALL {
            let words = Locale::new(language);
            for subcommand in command().get_subcommands() {
                assert!(words.has(&format!("subcommand-{}", subcommand.get_name())), "{language:?}: {}", subcommand.get_name());
            }
        }
        // In English as the code says it.
        let about = |command: clap::Command| -> Vec<String> {
            command.get_subcommands().map(|subcommand| subcommand.get_about().map(ToString::to_string).unwrap_or_default()).collect()
        };
        assert_eq!(about(command_in(Locale::new(Language::English))), about(command()));
        assert!(about(command_in(Locale::new(Language::Simplified))).contains(&"导出批注".to_owned()));
    }
}
