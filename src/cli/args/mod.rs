//! The arguments of the program, and the enum of all commands.
//!
//! Commands import only [`common`], so that their modules do not depend on this one.

pub(super) mod common;

use super::{
    Preferences, agree, attr, basket, compare, completions, count, doctor, done, export, help, history, import, man, memo, merge, note,
    outline, output::OutputFormat, read, report, reuse, review, schema, search, section, store, suggest, tag, tags, text, untag,
};
use crate::locale::Language;
use crate::locale::Locale;
use clap::{CommandFactory, FromArgMatches as _, Parser, Subcommand};
use common::{GlobalArgs, OutputArgs};
use pizhu_text::text::visible::visible;
use std::{ffi::OsString, path::PathBuf};

/// Reads long Chinese speeches in a terminal, and annotates them (批注).
#[derive(Debug, Parser)]
#[command(name = "pizhu", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// Files or folders to open in the reader; `-` is standard input [default: the last library, at
    /// first the built-in samples].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Output options, unless the command has its own.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Cells of “ ” — … in the reader, for terminals that answer wrongly [default: from the
    /// settings, else as the terminal answers].
    #[arg(long, value_name = "WIDTH", value_parser = ["narrow", "wide", "auto"])]
    pub ambiguous: Option<String>,
    /// What to do; none opens the reader.
    #[command(subcommand)]
    pub command: Option<CliCommand>,
    // Last, because its heading holds for all options after it.
    /// Options of all commands.
    #[command(flatten)]
    pub global: GlobalArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Show the section trees of speeches.
    Outline(outline::OutlineArgs),
    /// Print the cleaned text of speeches, a paragraph a line, each behind its span.
    Text(text::TextArgs),
    /// Print a speech laid out in a column, one row per line.
    Read(read::ReadArgs),
    /// Tag a section or a passage; prints the annotation's id.
    Tag(tag::TagArgs),
    /// Write a note on a section or a passage; prints the annotation's id.
    Note(note::NoteArgs),
    /// Remove tags from a section or a passage.
    Untag(untag::UntagArgs),
    /// List and edit the codebook.
    Tags(tags::TagsArgs),
    /// Show, set, import and export attributes of speeches: speaker, place, date and your own.
    Attr(attr::AttrArgs),
    /// Gather passages from any speeches in baskets, with their sources; export them for Word.
    Basket(basket::BasketArgs),
    /// Write memos on tags and on the project, and list all memos and notes.
    Memo(memo::MemoArgs),
    /// Mend the outline of a speech by hand, or list what is mended.
    Section(section::SectionArgs),
    /// Search in speeches; exit status 1 if nothing is found.
    Search(search::SearchArgs),
    /// Suggest tags for the untagged sections of a speech, each with its reasons.
    Suggest(suggest::SuggestArgs),
    /// Compare two speeches section by section: what is the same, reworded, moved, new and dropped.
    Compare(compare::CompareArgs),
    /// Show passages that speeches share, in either script; exit status 1 if there are none.
    Reuse(reuse::ReuseArgs),
    /// Count tags by speech, year, section level, attribute or co-occurrence; exit status 1 if there are none.
    Count(count::CountArgs),
    /// Export annotations.
    Export(export::ExportArgs),
    /// Write a page with the speeches, codebook, quotations, pictures and agreement of a project.
    Report(report::ReportArgs),
    /// Import annotations or a codebook; exit status 1 if some could not be attached.
    Import(import::ImportArgs),
    /// Show annotations that are uncertain or orphaned, and decide about them.
    Review(review::ReviewArgs),
    /// Show the history of a speech's annotations; restore any state.
    History(history::HistoryArgs),
    /// Measure agreement between coders, by section, paragraph, sentence or character.
    Agree(agree::AgreeArgs),
    /// Say that you have coded speeches: until then, blind coding hides the marks of others.
    Done(done::DoneArgs),
    /// Merge three versions of a store's file into the second: git's merge driver.
    Merge(merge::MergeArgs),
    /// Create a store that a team shares; separate and join copies of a speech.
    Store(store::StoreArgs),
    /// Show what was detected of the terminal, with a ruler to check it.
    Doctor(doctor::DoctorArgs),
    /// Print a shell's completion script.
    Completions(completions::CompletionsArgs),
    /// Print the JSON Schema of a command's output.
    Schema(schema::SchemaArgs),
    /// Print the manual page, or write the pages of all commands into a folder.
    Man(man::ManArgs),
}

impl CliCommand {
    /// The output format given to the command.
    pub(super) fn output_format(&self) -> Option<OutputFormat> {
        match self {
            Self::Outline(args) => args.output.format,
            Self::Text(args) => args.output.format,
            Self::Tag(args) => args.output.format,
            Self::Note(args) => args.output.format,
            Self::Untag(args) => args.output.format,
            Self::Tags(args) => args.output.format,
            Self::Attr(args) => args.output_format(),
            Self::Basket(args) => args.output_format(),
            Self::Memo(args) => args.output_format(),
            Self::Section(args) => args.output.format,
            Self::Search(args) => args.output.format,
            Self::Suggest(args) => args.output.format,
            Self::Compare(args) => args.output.format,
            Self::Reuse(args) => args.output.format,
            Self::Import(args) => args.output.format,
            Self::Review(args) => args.output.format,
            Self::History(args) => args.output.format,
            Self::Agree(args) => args.output.format,
            Self::Done(args) => args.output.format,
            Self::Doctor(args) => args.output.format,
            Self::Store(args) => args.action.output_format(),
            Self::Merge(_)
            | Self::Count(_)
            | Self::Read(_)
            | Self::Export(_)
            | Self::Report(_)
            | Self::Completions(_)
            | Self::Schema(_)
            | Self::Man(_) => None,
        }
    }

    /// Whether the command uses the user's own folders, so that it cannot run without them.
    pub(super) fn needs_state(&self) -> bool {
        match self {
            Self::Review(args) => args.is_decision(),
            Self::Suggest(args) => args.refuse.is_some(),
            Self::Attr(args) => args.needs_state(),
            Self::Basket(args) => args.needs_state(),
            Self::Memo(args) => args.needs_state(),
            Self::Outline(_)
            | Self::Text(_)
            | Self::Read(_)
            | Self::Search(_)
            | Self::Compare(_)
            | Self::Reuse(_)
            | Self::Count(_)
            | Self::Export(_)
            | Self::Report(_)
            | Self::Completions(_)
            | Self::Schema(_)
            | Self::Man(_) => false,
            Self::Tag(_)
            | Self::Note(_)
            | Self::Untag(_)
            | Self::Tags(_)
            | Self::Section(_)
            | Self::Import(_)
            | Self::History(_)
            | Self::Agree(_)
            | Self::Done(_)
            | Self::Merge(_)
            | Self::Store(_)
            | Self::Doctor(_) => true,
        }
    }
}

/// The command line of the derive macros, with the texts of the doc comments.
pub(super) fn derived() -> clap::Command {
    Arguments::command()
}

/// The command line in English, for the manual pages.
#[must_use]
pub fn command() -> clap::Command {
    localized_command(Locale::new(Language::English))
}

/// The command line with localized texts, for help and completions.
#[must_use]
pub fn localized_command(locale: Locale) -> clap::Command {
    help::localize(derived(), locale)
}

impl Arguments {
    /// Parses the program's arguments, and loads the user's preferences unless the arguments say to
    /// leave the user's folders alone.
    ///
    /// # Errors
    /// Help is asked for, or the arguments are wrong; what is printed then shows control characters
    /// in an argument as visible signs.
    pub fn parse_with_preferences() -> Result<(Self, Preferences), clap::Error> {
        let given: Vec<OsString> = std::env::args_os().collect();
        // Texts are localized only if they are shown.
        let parsed = Self::try_parse_from(&given);
        let uses_state = parsed.as_ref().map_or_else(|_| !forgoes_state(&given), |arguments| arguments.global.uses_state());
        let preferences = if uses_state { Preferences::load() } else { Preferences::of_environment() };
        let arguments = parsed.or_else(|_| Self::parse_to_report(&given, preferences.locale()))?;
        Ok((arguments, preferences))
    }

    /// Parses wrong arguments again for the sake of the error.
    fn parse_to_report(given: &[OsString], locale: Locale) -> Result<Self, clap::Error> {
        let parse = |arguments: &[OsString]| Self::from_arg_matches(&localized_command(locale).try_get_matches_from(arguments)?);
        let shown: Vec<OsString> = given.iter().map(|argument| visible(&argument.to_string_lossy()).into_owned().into()).collect();
        // An argument may be wrong only as it was given, for example not UTF-8.
        parse(given).map_err(|error| parse(&shown).err().unwrap_or(error))
    }
}

/// Whether wrong arguments say `--state none`.
fn forgoes_state(given: &[OsString]) -> bool {
    let options = given.split(|argument| argument == "--").next().unwrap_or_default();
    options.iter().any(|argument| argument == "--state=none") || options.windows(2).any(|pair| pair[0] == "--state" && pair[1] == "none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_described_in_every_language() {
        let about = |language: Language| -> Vec<String> {
            let command = localized_command(Locale::new(language));
            command.get_subcommands().map(|subcommand| subcommand.get_about().map(ToString::to_string).unwrap_or_default()).collect()
        };
        assert!(about(Language::English).contains(&"Export annotations".to_owned()));
        assert!(about(Language::Simplified).contains(&"导出批注".to_owned()));
        assert!(about(Language::Traditional).contains(&"匯出批註".to_owned()));
    }

    /// Before, an unknown option and a wrong value were printed as they were given.
    #[test]
    fn errors_show_control_characters_as_signs() {
        let wrong = [
            ("outline", "--x\u{1B}]0;PWN\u{7}.txt"),
            ("outline", "--format=\u{9B}2J\n\u{202E}"),
            // It takes a single file.
            ("read", "outline\u{1B}\u{7F}\r"),
        ];
        for (command, wrong) in wrong {
            let given = ["pizhu", command, "a.txt", wrong].map(OsString::from);
            for language in Language::ALL {
                let text = Arguments::parse_to_report(&given, Locale::new(language)).unwrap_err().to_string();
                assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202E}'), "{text:?}");
                assert!(["␛", "<9B>"].iter().any(|sign| text.contains(sign)), "{text:?}");
            }
        }
    }
}
