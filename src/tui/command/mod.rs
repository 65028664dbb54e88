//! The command table, from which the keymap, the help screen, the palette and the README's key table
//! are made.
//!
//! Data flow: key press → keymap → command → `run` on the state, which requests effects. Commands do
//! no input or output and draw nothing.

pub(crate) mod keymap;
pub(crate) mod spec;

mod annotate;
mod application;
mod attributes;
mod basket;
#[cfg(test)]
mod bindings;
mod card;
mod compare;
mod counts;
pub(in crate::tui) mod definition;
mod entry;
mod library;
mod library_results;
mod mend;
mod motion;
mod outline;
mod review;
mod search;
mod select;
mod tags;

pub(crate) use definition::{Command, Invocation};

use super::screens::memos;
use super::{
    effect::Effect,
    key::{self, PendingKeys},
    state::State,
};
use crate::locale::{MessageId, family, id};
use keymap::{Conflict, Keymap};
use spec::TopicSpec;

/// A topic of commands.
#[derive(Debug)]
pub struct Topic {
    /// The message `topic-<name>` names it.
    pub name: &'static str,
    /// Its commands, in the order of the help screen.
    pub commands: &'static [Command],
}

/// All commands.
pub static COMMANDS: &[Topic] = &[
    Topic { name: "motion", commands: motion::COMMANDS },
    Topic { name: "outline", commands: outline::COMMANDS },
    Topic { name: "mend", commands: mend::COMMANDS },
    Topic { name: "select", commands: select::COMMANDS },
    Topic { name: "annotate", commands: annotate::COMMANDS },
    Topic { name: "card", commands: card::COMMANDS },
    Topic { name: "attributes", commands: attributes::COMMANDS },
    Topic { name: "review", commands: review::COMMANDS },
    Topic { name: "search", commands: search::COMMANDS },
    Topic { name: "library", commands: library::COMMANDS },
    Topic { name: "across", commands: library_results::COMMANDS },
    Topic { name: "beside", commands: compare::COMMANDS },
    Topic { name: "counts", commands: counts::COMMANDS },
    Topic { name: "tags", commands: tags::COMMANDS },
    Topic { name: "memos", commands: memos::commands::COMMANDS },
    Topic { name: "basket", commands: basket::COMMANDS },
    Topic { name: "application", commands: application::COMMANDS },
    Topic { name: "entry", commands: entry::COMMANDS },
];

/// The keymap with the default bindings of the command table.
///
/// # Errors
/// If bindings conflict; a unit test prevents this.
pub fn default_keymap() -> Result<Keymap, Conflict> {
    let topic = |topic: &Topic| TopicSpec { name: topic.name, commands: topic.commands.iter().map(|command| &command.spec).collect() };
    Keymap::new(COMMANDS.iter().map(topic).collect())
}

/// Finds a command by name.
#[must_use]
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().flat_map(|topic| topic.commands).find(|command| command.spec.name == name)
}

/// Runs the command with that name, then one that it queued, and updates what depends on the cursor.
pub(crate) fn run(
    state: &mut State,
    keymap: &Keymap,
    name: &str,
    count: Option<usize>,
    character: Option<char>,
    effects: &mut Vec<Effect>,
) {
    // A command run other than by its keys cancels a key sequence in progress.
    state.pending_keys = PendingKeys::default();
    if let Some(command) = find(name) {
        (command.run)(&mut Invocation { state, keymap, count, character, effects });
    }
    run_queued(state, keymap, effects);
    if let Some(reader) = &mut state.reader {
        reader.sync_to_cursor();
    }
}

/// Runs the command chosen in the palette or the command line, if there is one.
pub(crate) fn run_queued(state: &mut State, keymap: &Keymap, effects: &mut Vec<Effect>) {
    if let Some(name) = state.queued_command.take() {
        run(state, keymap, name, None, None, effects);
        // After the command, which may have opened another overlay.
        state.restore_overlay_below();
    }
}

/// The README's key table in Markdown: all commands with their keys, by topic. `text` maps message
/// ids to texts.
#[must_use]
pub fn table_markdown(text: &dyn Fn(MessageId) -> String) -> String {
    use std::fmt::Write as _;
    let mut table = String::new();
    for topic in COMMANDS {
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "### {}\n\n| {} | {} | {} |\n|---|---|---|",
            text(family::TOPIC.id(topic.name)),
            text(id::TABLE_KEYS),
            text(id::TABLE_WHERE),
            text(id::TABLE_DOES)
        );
        for Command { spec: command, .. } in topic.commands {
            let keys: Vec<String> = command.keys.iter().map(|keys| inline_code(&sequence_name(keys))).collect();
            let contexts: Vec<String> = command.contexts.iter().map(|context| text(context.message())).collect();
            let _ = writeln!(table, "| {} | {} | {} |", keys.join(" "), contexts.join(", "), text(command.description()));
        }
        table.push('\n');
    }
    table
}

/// Name of a key sequence of the table.
fn sequence_name(keys: &str) -> String {
    key::parse_sequence(keys).map_or_else(|_| keys.to_owned(), |keys| key::name_sequence(&keys))
}

/// Formats a text as code in a Markdown table.
fn inline_code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_plain() {
        let mut seen = BTreeSet::new();
        for Command { spec: command, .. } in COMMANDS.iter().flat_map(|topic| topic.commands) {
            assert!(seen.insert(command.name), "{} twice", command.name);
            assert!(command.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", command.name);
            assert!(!command.contexts.is_empty(), "{} is nowhere", command.name);
        }
    }

    #[test]
    fn key_table_contains_every_command_and_key() {
        let table = table_markdown(&|id| id.as_str().to_owned());
        for Command { spec: command, .. } in COMMANDS.iter().flat_map(|topic| topic.commands) {
            let line = table.lines().find(|line| line.ends_with(&format!(" {} |", command.description().as_str()))).unwrap();
            for keys in command.keys {
                assert!(line.contains(&inline_code(&sequence_name(keys))), "{keys} of {}", command.name);
            }
        }
    }
}
