//! Localized help: texts of commands and options, headings and labels.
//!
//! clap's own labels (`Usage:`, `Options:`, `[default: …]`, `Print help`) are always English. For
//! other languages they are hidden, and their content is added to the text of each option.

use super::output;
use crate::locale::Locale;
use crate::locale::{Language, MessageId, family, id};
use clap::{
    Arg, ArgAction, Command,
    builder::{Resettable, StyledStr},
};
use pizhu_library::exchange::FORMATS;
use pizhu_text::text::width::{AmbiguousWidth, char_width};
use std::borrow::Cow;

/// Maximum width of help text, in cells.
pub(super) const MAX_WIDTH: u16 = 100;
/// Indent of an option's text below the option, in cells, as clap sets it.
const INDENT: u16 = 10;
/// Display order of `--help` and `--version`: after all other options.
const LAST_ORDER: usize = 1000;
/// Punctuation that may not start a line (kinsoku).
const NO_LINE_START: &str = "，。、；：？！）」》”…]";

/// Localizes all texts of the command line.
pub(super) fn localize(command: Command, locale: Locale) -> Command {
    describe(command, "", locale)
}

/// Localizes a command and its subcommands. `path` joins the names of its parents and its own
/// (`tags-add`); empty at the root.
fn describe(command: Command, path: &str, locale: Locale) -> Command {
    let root = path.is_empty();
    let about = locale.text(if root { id::ABOUT_PROGRAM } else { family::SUBCOMMAND.id(path) });
    let mut order = 0;
    let command = command.about(about.into_owned()).mut_args(|arg| {
        let text = option_text(path, arg.get_id().as_str(), locale);
        // Otherwise clap sorts positional arguments under a custom heading by name.
        order += 1;
        let arg = arg.long_help(Resettable::<StyledStr>::Reset).display_order(order);
        if locale.language() == Language::English { arg.help(text) } else { set_help(arg, &text, locale) }
    });
    let command = command.mut_subcommands(|subcommand| {
        let name = subcommand.get_name();
        let path = if root { name.to_owned() } else { format!("{path}-{name}") };
        describe(subcommand, &path, locale)
    });
    if locale.language() == Language::English { command } else { with_headings(command, root, locale) }
}

/// Message id of an option: that of the command if it exists (`option-search-tag`), else the common
/// one (`option-tag`).
fn message(path: &str, option: &str) -> MessageId {
    let option = option.replace('_', "-");
    let own = format!("{}-{option}", if path.is_empty() { "pizhu" } else { path });
    family::OPTION.find(&own).unwrap_or_else(|| family::OPTION.id(&option))
}

/// Help text of an option or argument, without values and default.
fn option_text(path: &str, id: &str, locale: Locale) -> String {
    let message = message(path, id);
    if message == family::OPTION.id("import-file") {
        let readable: Vec<&str> = FORMATS.iter().filter(|format| format.can_import()).map(|format| format.name).collect();
        return locale.format(message, &[("formats", readable.join(", ").into())]);
    }
    locale.text(message).into_owned()
}

/// Sets an option's help text, with the environment variable, values and default that clap would
/// label in English.
fn set_help(arg: Arg, text: &str, locale: Locale) -> Arg {
    let mut facts = Vec::new();
    if let Some(name) = arg.get_env() {
        facts.push(locale.format(id::HELP_VARIABLE, &[("name", name.to_string_lossy().as_ref().into())]));
    }
    let takes_values = arg.get_action().takes_values();
    let values: Vec<String> =
        arg.get_possible_values().iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name().to_owned()).collect();
    // A flag that is not built yet has the values true and false.
    if takes_values && !values.is_empty() {
        facts.push(locale.format(id::HELP_VALUES, &[("values", values.join(", ").into())]));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes_values && !defaults.is_empty() && !arg.is_hide_default_value_set() {
        facts.push(locale.format(id::HELP_DEFAULT, &[("value", defaults.join(" ").into())]));
    }
    let max_width = usize::from(output::terminal_width().unwrap_or(MAX_WIDTH).min(MAX_WIDTH).saturating_sub(INDENT).max(INDENT));
    let lines: Vec<String> = std::iter::once(text).chain(facts.iter().map(String::as_str)).map(|line| wrap(line, max_width)).collect();
    let heading = match arg.get_help_heading() {
        Some(_) => id::HELP_GLOBAL,
        None if arg.is_positional() => id::HELP_ARGUMENTS,
        None => id::HELP_OPTIONS,
    };
    // clap rejects these settings for options without a value.
    let arg = if takes_values { arg.hide_possible_values(true).hide_default_value(true).hide_env(true) } else { arg };
    arg.help(lines.join("\n")).help_heading(label(heading, locale)).next_line_help(true)
}

/// Localizes the headings of a command's help and the options that clap adds itself.
fn with_headings(command: Command, root: bool, locale: Locale) -> Command {
    let flag = |name: &'static str, short: char, action: ArgAction, id: MessageId| {
        let arg = Arg::new(name).long(name).short(short).action(action).display_order(LAST_ORDER).next_line_help(true);
        arg.help(label(id, locale)).help_heading(label(id::HELP_OPTIONS, locale))
    };
    let usage = label(id::HELP_USAGE, locale);
    let template = format!("{{before-help}}{{about-with-newline}}\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}");
    let command = command
        .help_template(template)
        .subcommand_help_heading(label(id::HELP_COMMANDS, locale))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(flag("help", 'h', ArgAction::Help, id::HELP_HELP));
    if root { command.arg(flag("version", 'V', ArgAction::Version, id::HELP_VERSION)) } else { command }
}

/// A message without arguments as a `'static` string, which clap requires for headings.
fn label(id: MessageId, locale: Locale) -> &'static str {
    match locale.text(id) {
        Cow::Borrowed(text) => text,
        Cow::Owned(_) => "",
    }
}

/// Wraps a text to `max_width` cells. clap wraps only at spaces, which Chinese text lacks.
///
/// At 4 cells `批注库` gives `批注` and `库`; Latin words and numbers are not broken.
fn wrap(text: &str, max_width: usize) -> String {
    let mut lines = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let width: usize = piece.chars().map(|c| usize::from(char_width(c, AmbiguousWidth::Wide))).sum();
        if used > 0 && used + width > max_width {
            lines.truncate(lines.trim_end_matches(' ').len());
            lines.push('\n');
            used = 0;
            if piece == " " {
                continue;
            }
        }
        lines.push_str(piece);
        used += width;
    }
    lines
}

/// Unbreakable pieces of a text: words, and single characters with the punctuation that sticks to
/// them.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        let joins = previous.is_some_and(|before| {
            NO_LINE_START.contains(c) || (c != ' ' && before != ' ' && c.is_ascii() && before.is_ascii()) || "（「《“[".contains(before)
        });
        if at > 0 && !joins {
            pieces.push(&text[start..at]);
            start = at;
        }
        previous = Some(c);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::localized_command;
    use std::{collections::BTreeSet, fs, path::Path};

    /// Collects the message ids of commands and options.
    fn collect_ids(command: &Command, path: &str, ids: &mut BTreeSet<&'static str>) {
        let about = if path.is_empty() { id::ABOUT_PROGRAM } else { family::SUBCOMMAND.id(path) };
        assert_ne!(about.as_str(), "", "no message for {path}");
        ids.insert(about.as_str());
        for arg in command.get_arguments() {
            let id = message(path, arg.get_id().as_str()).as_str();
            assert_ne!(id, "", "no message for {path} {}", arg.get_id());
            ids.insert(id);
        }
        for subcommand in command.get_subcommands() {
            let name = subcommand.get_name();
            collect_ids(subcommand, &if path.is_empty() { name.to_owned() } else { format!("{path}-{name}") }, ids);
        }
    }

    #[test]
    fn help_messages_are_complete_and_all_used() {
        let mut ids = BTreeSet::new();
        collect_ids(&super::super::args::derived(), "", &mut ids);
        let file = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/locale/en.ftl")).unwrap();
        let known = file.lines().filter_map(|line| line.split_once(" = ").map(|(id, _)| id));
        // The reader is no subcommand; the tables of the book use its message.
        let known = known.filter(|id| (id.starts_with("option-") || id.starts_with("subcommand-")) && *id != "subcommand-reader");
        let unused: Vec<&str> = known.filter(|id| !ids.contains(*id)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn localized_commands_are_valid() {
        for language in Language::ALL {
            localized_command(Locale::new(language)).debug_assert();
        }
    }

    #[test]
    fn wrap_breaks_between_hanzi_but_not_before_closing_punctuation() {
        assert_eq!(wrap("批注库", 4), "批注\n库");
        assert_eq!(wrap("批注，库", 4), "批\n注，\n库");
        assert_eq!(wrap("读 accepted 边", 8), "读\naccepted\n边");
        assert_eq!(wrap("读（甲）乙", 8), "读（甲）\n乙");
    }
}
