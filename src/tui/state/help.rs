//! The help screen.

use crate::locale::Locale;
use pizhu_text::text::fold::fold_text;
use crate::tui::command::COMMANDS;
use crate::tui::command::Command;
use crate::tui::command::Context;
use crate::tui::command::key::name_sequence;
use crate::tui::command::key::parse_sequence;
use crate::tui::command::keymap::Keymap;

/// The help screen: what it is about, what is looked for, how far it is scrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// Where help was asked for: its keys come first.
    pub context: Context,
    rows: Vec<HelpRow>,
    filter: String,
    top: usize,
    height: u16,
}

/// One row of the help screen.
#[derive(Debug, Clone, Copy)]
pub enum HelpRow {
    /// The head of a topic, by its name.
    Topic(&'static str),
    /// A command; whether it can be given where help was asked for.
    Entry(&'static Command, bool),
    /// Nothing.
    Blank,
}

impl PartialEq for HelpRow {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Topic(one), Self::Topic(other)) => one == other,
            (Self::Entry(one, here), Self::Entry(other, there)) => one.name == other.name && here == there,
            (Self::Blank, Self::Blank) => true,
            _ => false,
        }
    }
}

impl Eq for HelpRow {}

impl Help {
    /// Help for a place, from the top.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { context, rows: rows(context, |_| true), filter: String::new(), top: 0, height: 1 }
    }

    /// The first row shown.
    #[must_use]
    pub fn top(&self) -> usize {
        self.top
    }

    /// What is looked for.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// The rows: the commands of the place first, then the others, by topic.
    #[must_use]
    pub fn rows(&self) -> &[HelpRow] {
        &self.rows
    }

    /// Takes the number of rows there are on the screen.
    pub fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.scroll(0);
    }

    /// Scrolls by rows; whether it went anywhere.
    pub fn scroll(&mut self, by: isize) -> bool {
        let before = self.top;
        let last = self.rows.len().saturating_sub(usize::from(self.height));
        self.top = self.top.saturating_add_signed(by).min(last);
        self.top != before
    }

    /// Shows only the commands whose keys, name or description hold `filter`.
    pub fn set_filter(&mut self, filter: &str, keymap: &Keymap, locale: Locale) {
        filter.clone_into(&mut self.filter);
        let wanted = fold_text(filter.trim());
        self.rows = rows(self.context, |command| {
            wanted.is_empty()
                || command.name.contains(&wanted)
                || fold_text(&locale.text(&command.doc())).contains(&wanted)
                || command
                    .contexts
                    .iter()
                    .any(|context| keymap.keys_of(*context, command.name).iter().any(|keys| is_called(keys, filter.trim())))
        });
        self.top = 0;
    }
}

/// Whether keys called `keys` are meant by what was typed: as they are called, or written as in the
/// settings (`<C-p>`); a chord in letters of any case.
fn is_called(keys: &str, typed: &str) -> bool {
    keys == typed
        || keys.contains('-') && keys.eq_ignore_ascii_case(typed)
        || parse_sequence(typed).is_ok_and(|typed| name_sequence(&typed) == keys)
}

fn rows(context: Context, shows: impl Fn(&Command) -> bool) -> Vec<HelpRow> {
    let mut rows = Vec::new();
    for here in [true, false] {
        for topic in COMMANDS {
            let fits = |command: &&'static Command| command.contexts.contains(&context) == here && shows(command);
            let mut entries = topic.commands.iter().filter(fits).peekable();
            if entries.peek().is_none() {
                continue;
            }
            if !rows.is_empty() {
                rows.push(HelpRow::Blank);
            }
            rows.push(HelpRow::Topic(topic.name));
            rows.extend(entries.map(|command| HelpRow::Entry(command, here)));
        }
    }
    rows
}
