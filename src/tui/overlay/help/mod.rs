//! The help screen.

mod component;
mod view;

use crate::locale::Locale;
use crate::tui::command::keymap::Keymap;
use crate::tui::command::spec::CommandSpec;
use crate::tui::key::{name_sequence, parse_sequence};
use crate::tui::message::Context;
use pizhu_text::search::NameQuery;
use pizhu_text::text::fold::fold_text;

/// The help screen: the context it is about, its filter and scroll position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct Help {
    /// The context help was opened from; its commands are listed first.
    pub context: Context,
    rows: Vec<HelpRow>,
    filter: String,
    top: usize,
    height: u16,
}

/// A row of the help screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum HelpRow {
    /// The heading of a topic, by name.
    Topic(&'static str),
    /// A command, and whether it is available in the context.
    Entry(&'static CommandSpec, bool),
    /// A blank row.
    Blank,
}

impl Help {
    /// Help for a context, scrolled to the top.
    #[must_use]
    pub(in crate::tui) fn new(context: Context, keymap: &Keymap) -> Self {
        Self { context, rows: help_rows(context, keymap, |_| true), filter: String::new(), top: 0, height: 1 }
    }

    /// Index of the first row shown.
    #[must_use]
    pub(in crate::tui) fn top(&self) -> usize {
        self.top
    }

    /// The filter text.
    #[must_use]
    pub(in crate::tui) fn filter(&self) -> &str {
        &self.filter
    }

    /// The rows: commands of the context first, then the others, each by topic.
    #[must_use]
    pub(in crate::tui) fn rows(&self) -> &[HelpRow] {
        &self.rows
    }

    /// Sets the height in rows.
    pub(crate) fn set_height(&mut self, height: u16) {
        self.height = height.max(1);
        self.scroll(0);
    }

    /// Scrolls by rows; returns whether it moved.
    pub(in crate::tui) fn scroll(&mut self, by: isize) -> bool {
        let before = self.top;
        let last = self.rows.len().saturating_sub(usize::from(self.height));
        self.top = self.top.saturating_add_signed(by).min(last);
        self.top != before
    }

    /// Shows only commands whose keys, name or description contain `filter`.
    pub(crate) fn set_filter(&mut self, filter: &str, keymap: &Keymap, locale: Locale) {
        filter.clone_into(&mut self.filter);
        let needle = fold_text(filter.trim());
        let query = NameQuery::new(filter);
        self.rows = help_rows(self.context, keymap, |command| {
            needle.is_empty()
                || command.name.contains(&needle)
                || query.matches(&locale.text(command.description()))
                || command
                    .contexts
                    .iter()
                    .any(|context| keymap.keys_of(*context, command.name).iter().any(|keys| is_named_by(keys, filter.trim())))
        });
        self.top = 0;
    }
}

/// Whether `typed` names the sequence `keys`: by its displayed name (chords in any case,
/// `ctrl-p`) or in the notation of the settings (`<C-p>`).
fn is_named_by(keys: &str, typed: &str) -> bool {
    keys == typed
        || keys.contains('-') && keys.eq_ignore_ascii_case(typed)
        || parse_sequence(typed).is_ok_and(|typed| name_sequence(&typed) == keys)
}

fn help_rows(context: Context, keymap: &Keymap, shows: impl Fn(&CommandSpec) -> bool) -> Vec<HelpRow> {
    let mut rows = Vec::new();
    for here in [true, false] {
        for topic in keymap.topics() {
            let fits = |command: &&'static CommandSpec| command.contexts.contains(&context) == here && shows(command);
            let mut entries = topic.commands.iter().copied().filter(fits).peekable();
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
