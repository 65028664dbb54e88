//! The commands: one static table out of which the keymap, the help screen, the palette and the
//! README's key table are made.
//!
//! A key press goes keymap → command → `run` over the state, which hands on effects. Commands do
//! no input or output themselves and draw nothing.

pub mod key;
pub mod keymap;

mod across;
mod annotate;
mod application;
mod beside;
#[cfg(test)]
mod bindings;
mod counts;
mod entry;
mod library;
mod motion;
mod outline;
mod review;
mod search;
mod select;

pub use annotate::Act;

use super::{
    effect::Effect,
    state::{Notice, Reader, State},
};

/// Where a key is pressed: what has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// The list of speeches.
    Library,
    /// Searching in many speeches: the line typed and the hits.
    Query,
    /// Rows out of many speeches.
    Across,
    /// Tags counted.
    Counts,
    /// Two texts side by side.
    Beside,
    /// The text of a speech.
    Reader,
    /// The outline beside it.
    Outline,
    /// A list to choose from by typing.
    Picker,
    /// The note editor.
    Editor,
    /// The help screen.
    Help,
    /// The first steps.
    Steps,
    /// The settings.
    Settings,
    /// The list of all annotations of a speech.
    Annotations,
    /// The review of annotations that have lost their place.
    Review,
    /// The line at the bottom.
    Prompt,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 15] = [
        Self::Library,
        Self::Query,
        Self::Across,
        Self::Counts,
        Self::Beside,
        Self::Reader,
        Self::Outline,
        Self::Picker,
        Self::Editor,
        Self::Help,
        Self::Steps,
        Self::Settings,
        Self::Annotations,
        Self::Review,
        Self::Prompt,
    ];

    /// Whether keys that type go into a text.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Picker | Self::Editor | Self::Prompt | Self::Query)
    }

    /// Whether digits before a command are its count.
    #[must_use]
    pub fn takes_counts(self) -> bool {
        !self.takes_text()
    }

    /// Its name in the settings' file.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.message().trim_start_matches("context-")
    }

    /// The message that names it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Library => "context-library",
            Self::Query => "context-query",
            Self::Across => "context-across",
            Self::Counts => "context-counts",
            Self::Beside => "context-beside",
            Self::Reader => "context-reader",
            Self::Outline => "context-outline",
            Self::Picker => "context-picker",
            Self::Editor => "context-editor",
            Self::Help => "context-help",
            Self::Steps => "context-steps",
            Self::Settings => "context-settings",
            Self::Annotations => "context-annotations",
            Self::Review => "context-review",
            Self::Prompt => "context-prompt",
        }
    }
}

/// One entry of the table.
pub struct Command {
    /// Its name, by which settings and the palette know it; its doc is the message
    /// `command-<name>`.
    pub name: &'static str,
    /// Where it can be given.
    pub contexts: &'static [Context],
    /// The keys that give it unless the settings say otherwise; see [`key`] for the notation.
    pub keys: &'static [&'static str],
    /// Whether the key pressed after these is its argument.
    pub takes_char: bool,
    /// What it does.
    pub run: fn(&mut Invocation<'_>),
}

impl Command {
    /// An entry without an argument.
    const fn new(name: &'static str, contexts: &'static [Context], keys: &'static [&'static str], run: fn(&mut Invocation<'_>)) -> Self {
        Self { name, contexts, keys, takes_char: false, run }
    }

    /// An entry whose argument is the char typed next.
    const fn with_char(
        name: &'static str,
        contexts: &'static [Context],
        keys: &'static [&'static str],
        run: fn(&mut Invocation<'_>),
    ) -> Self {
        Self { name, contexts, keys, takes_char: true, run }
    }

    /// The message that says what it does.
    #[must_use]
    pub fn doc(&self) -> String {
        format!("command-{}", self.name)
    }
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The commands on one topic.
#[derive(Debug)]
pub struct Topic {
    /// Its message is `topic-<name>`.
    pub name: &'static str,
    /// In the order in which help lists them.
    pub commands: &'static [Command],
}

/// Every command of the program.
pub static COMMANDS: &[Topic] = &[
    Topic { name: "motion", commands: motion::COMMANDS },
    Topic { name: "outline", commands: outline::COMMANDS },
    Topic { name: "select", commands: select::COMMANDS },
    Topic { name: "annotate", commands: annotate::COMMANDS },
    Topic { name: "review", commands: review::COMMANDS },
    Topic { name: "search", commands: search::COMMANDS },
    Topic { name: "library", commands: library::COMMANDS },
    Topic { name: "across", commands: across::COMMANDS },
    Topic { name: "beside", commands: beside::COMMANDS },
    Topic { name: "counts", commands: counts::COMMANDS },
    Topic { name: "application", commands: application::COMMANDS },
    Topic { name: "entry", commands: entry::COMMANDS },
];

/// The command of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().flat_map(|topic| topic.commands).find(|command| command.name == name)
}

/// Runs a command, and brings in order what follows from it.
pub fn run(state: &mut State, command: &Command, count: Option<usize>, character: Option<char>, effects: &mut Vec<Effect>) {
    // A command given otherwise than by its keys ends those begun.
    state.pending = keymap::Pending::default();
    (command.run)(&mut Invocation { state, count, character, effects });
    if let Some(reader) = &mut state.reader {
        reader.settle();
    }
}

/// What a command runs on.
pub struct Invocation<'a> {
    /// The state it changes.
    pub state: &'a mut State,
    /// The count typed before it.
    pub count: Option<usize>,
    /// Its argument, where it takes one.
    pub character: Option<char>,
    /// What it hands on to be done off the drawing thread.
    pub effects: &'a mut Vec<Effect>,
}

impl Invocation<'_> {
    /// The count, or one.
    fn times(&self) -> usize {
        self.count.unwrap_or(1)
    }

    /// The count as steps on, or back where `back`.
    fn steps(&self, back: bool) -> isize {
        let steps = isize::try_from(self.times()).unwrap_or(isize::MAX);
        if back { -steps } else { steps }
    }

    /// Says something in the status line.
    fn say(&mut self, notice: Notice) {
        self.state.notice = Some(notice);
    }

    /// Runs `change` on the open speech, where one is open; says `otherwise` where it does
    /// nothing.
    fn reader_or(&mut self, otherwise: &'static str, change: impl FnOnce(&mut Reader) -> bool) {
        let done = self.state.reader.as_mut().is_some_and(change);
        if !done {
            self.say(Notice::hint(otherwise));
        }
    }
}

/// The key table of the README: every command with its keys, by topic. `text` words a message.
#[must_use]
pub fn table_markdown(text: &dyn Fn(&str) -> String) -> String {
    use std::fmt::Write as _;
    let mut table = String::new();
    for topic in COMMANDS {
        // Writing to a string does not fail.
        let _ = writeln!(
            table,
            "### {}\n\n| {} | {} | {} |\n|---|---|---|",
            text(&format!("topic-{}", topic.name)),
            text("table-keys"),
            text("table-where"),
            text("table-does")
        );
        for command in topic.commands {
            let keys: Vec<String> = command.keys.iter().map(|keys| code(&named(keys))).collect();
            let places: Vec<String> = command.contexts.iter().map(|context| text(context.message())).collect();
            let _ = writeln!(table, "| {} | {} | {} |", keys.join(" "), places.join(", "), text(&command.doc()));
        }
        table.push('\n');
    }
    table
}

/// What a sequence of the table is called.
fn named(keys: &str) -> String {
    key::parse_sequence(keys).map_or_else(|_| keys.to_owned(), |keys| key::name_sequence(&keys))
}

/// As code in a table of Markdown.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;
    use crate::locale::Locale;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_plain() {
        let mut seen = BTreeSet::new();
        for command in COMMANDS.iter().flat_map(|topic| topic.commands) {
            assert!(seen.insert(command.name), "{} twice", command.name);
            assert!(command.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", command.name);
            assert!(!command.contexts.is_empty(), "{} is nowhere", command.name);
        }
    }

    #[test]
    fn the_key_table_holds_every_command_and_key() {
        let table = table_markdown(&|id| id.to_owned());
        for command in COMMANDS.iter().flat_map(|topic| topic.commands) {
            let line = table.lines().find(|line| line.ends_with(&format!(" {} |", command.doc()))).unwrap();
            for keys in command.keys {
                assert!(line.contains(&code(&named(keys))), "{keys} of {}", command.name);
            }
        }
    }

    #[test]
    fn every_command_topic_and_place_is_worded_in_every_language() {
        let mut ids: Vec<String> = COMMANDS.iter().flat_map(|topic| topic.commands).map(Command::doc).collect();
        ids.extend(COMMANDS.iter().map(|topic| format!("topic-{}", topic.name)));
        ids.extend(Context::ALL.iter().map(|context| context.message().to_owned()));
        for language in Language::ALL {
            let missing: Vec<_> = ids.iter().filter(|id| !Locale::new(language).has(id)).collect();
            assert!(missing.is_empty(), "{language:?}: {missing:?}");
        }
    }

    #[test]
    fn every_notice_is_worded_in_every_language() {
        let mut sources = String::new();
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
                    sources.push_str(&std::fs::read_to_string(entry.path()).unwrap());
                }
            }
        }
        let quoted = regex::Regex::new(
            r#"(?:Notice::(?:hint|done|error)|reader_or|step|jump)\((?:on, )?(?:if \w+ \{ )?"([a-z-]+)"(?: \} else \{ "([a-z-]+)")?"#,
        )
        .unwrap();
        let ids: BTreeSet<&str> =
            quoted.captures_iter(&sources).flat_map(|found| [found.get(1), found.get(2)]).flatten().map(|id| id.as_str()).collect();
        assert!(ids.len() > 40);
        for language in Language::ALL {
            let missing: Vec<_> = ids.iter().filter(|id| !Locale::new(language).has(&format!("notice-{id}"))).collect();
            assert!(missing.is_empty(), "{language:?}: {missing:?}");
        }
    }
}
