//! The help screen.

use crate::tui::command::{COMMANDS, Command, Context};

/// The help screen: what it is about and how far it is scrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// Where help was asked for: its keys come first.
    pub context: Context,
    top: usize,
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

impl Help {
    /// Help for a place, from the top.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { context, top: 0 }
    }

    /// The first row shown.
    #[must_use]
    pub fn top(&self) -> usize {
        self.top
    }

    /// Scrolls by rows.
    pub fn scroll(&mut self, by: isize) {
        let last = self.rows().len().saturating_sub(1);
        self.top = self.top.saturating_add_signed(by).min(last);
    }

    /// All rows: the commands of the place first, then the others, by topic.
    #[must_use]
    pub fn rows(&self) -> Vec<HelpRow> {
        let mut rows = Vec::new();
        for here in [true, false] {
            for topic in COMMANDS {
                let mut entries = topic.commands.iter().filter(|command| command.contexts.contains(&self.context) == here).peekable();
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
}
