//! The line at the bottom: searches, filters, commands.

use super::{Notice, Overlay, State};
use crate::tui::effect::Effect;
use crate::tui::widget::LineInput;
use std::collections::HashMap;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PromptKind {
    /// Words to search for.
    Search {
        /// Whether towards the start.
        back: bool,
    },
    /// A percentage, a line, a section path or a command's name.
    Command,
    /// What the outline's entries must hold.
    OutlineFilter,
    /// What the library's entries must hold.
    LibraryFilter,
    /// What the help screen's entries must hold.
    HelpFilter,
    /// What the list of annotations is to hold.
    ListFilter,
    /// The file that the passages under a tag are exported to.
    ExportTag,
    /// The file that a table of counts is exported to.
    ExportCounts,
    /// Two speeches or tags to set side by side.
    Beside,
    /// The tag to read across speeches.
    ReadTag,
    /// The name of a bookmark.
    Bookmark,
    /// The file that annotations are exported to, in which of the formats.
    Export(usize),
}

/// What stands before the line of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptLabel {
    /// The sign that is known for it.
    Sign(&'static str),
    /// The message that says what to type.
    Message(&'static str),
}

impl PromptKind {
    /// What stands before the line.
    #[must_use]
    pub fn label(self) -> PromptLabel {
        PromptLabel::Message(match self {
            Self::Search { back: false } => return PromptLabel::Sign("/"),
            Self::Search { back: true } => return PromptLabel::Sign("?"),
            Self::Command => return PromptLabel::Sign(":"),
            Self::OutlineFilter | Self::LibraryFilter | Self::ListFilter => "prompt-filter",
            Self::HelpFilter => "prompt-help-filter",
            Self::Bookmark => "prompt-bookmark-name",
            Self::ReadTag => "prompt-read-tag",
            Self::Beside => "prompt-beside",
            Self::ExportTag | Self::ExportCounts | Self::Export(_) => "prompt-export-to",
        })
    }

    /// The message that stands in the line until something is typed.
    #[must_use]
    pub fn hint(self) -> Option<&'static str> {
        match self {
            Self::Search { .. } => Some("prompt-hint-search"),
            Self::Command => Some("prompt-hint-command"),
            Self::OutlineFilter => Some("prompt-hint-outline"),
            Self::LibraryFilter => Some("prompt-hint-library"),
            Self::ListFilter => Some("prompt-hint-list"),
            Self::HelpFilter => Some("prompt-hint-help"),
            Self::ReadTag => Some("prompt-hint-read-tag"),
            Self::Beside => Some("prompt-hint-beside"),
            Self::Bookmark | Self::ExportTag | Self::ExportCounts | Self::Export(_) => None,
        }
    }

    /// Prompts of one family share their history.
    fn family(self) -> Self {
        match self {
            Self::Search { .. } => Self::Search { back: false },
            other => other,
        }
    }
}

/// The line being typed.
#[derive(Debug)]
pub struct Prompt {
    /// What is asked for.
    pub kind: PromptKind,
    /// The line.
    pub input: LineInput,
    /// The cursor in the text when the prompt was opened, to come back to.
    pub place: usize,
    /// What lay over the screen before and is still shown.
    pub under: Option<Box<Overlay>>,
    /// Whether accepting replaces a file: it was said to be there.
    pub replaces: bool,
}

impl Prompt {
    /// An empty prompt.
    #[must_use]
    pub fn new(kind: PromptKind, place: usize) -> Self {
        Self { kind, input: LineInput::default(), place, under: None, replaces: false }
    }
}

/// The lines entered before; each kind's line keeps its own.
#[derive(Debug, Default)]
pub struct History {
    inputs: HashMap<PromptKind, LineInput>,
}

impl History {
    /// The line that goes on from what was entered before, holding `text`.
    #[must_use]
    pub fn line(&self, kind: PromptKind, text: &str) -> LineInput {
        let mut input = self.inputs.get(&kind.family()).cloned().unwrap_or_default();
        input.set(text);
        input
    }

    /// Takes a line as entered.
    pub fn enter(&mut self, kind: PromptKind, mut input: LineInput) -> String {
        let text = input.submit();
        self.inputs.insert(kind.family(), input);
        text
    }

    /// What was entered last.
    #[must_use]
    pub fn last(&self, kind: PromptKind) -> Option<String> {
        self.inputs.get(&kind.family())?.history().last().cloned()
    }
}

impl State {
    /// Does what follows from another text in the prompt: searches show their hits while typed.
    pub(super) fn prompt_changed(&mut self, effects: &mut Vec<Effect>) {
        let Some(Overlay::Prompt(prompt)) = &mut self.overlay else { return };
        prompt.replaces = false;
        let text = prompt.input.text().to_owned();
        let (kind, place) = (prompt.kind, prompt.place);
        match (kind, &mut self.reader) {
            (PromptKind::Search { back }, Some(reader)) => {
                if text.is_empty() {
                    reader.reveal(place);
                }
                let document = reader.viewport.document().clone();
                effects.extend(reader.search.begin(&text, back, place, true, &document));
            }
            (PromptKind::OutlineFilter, Some(reader)) => reader.filter_outline(&text),
            (PromptKind::LibraryFilter, _) => self.library.set_filter(&text),
            (PromptKind::ListFilter, Some(reader)) => {
                if let Some(Overlay::Annotations(listing)) = prompt.under.as_deref_mut() {
                    listing.set_filter(&text, reader);
                }
            }
            (PromptKind::HelpFilter, _) => {
                if let Some(Overlay::Help(help)) = prompt.under.as_deref_mut() {
                    help.set_filter(&text, &self.keymap, self.locale);
                }
            }
            _ => {}
        }
    }

    pub(super) fn accept_prompt(&mut self, prompt: Prompt, effects: &mut Vec<Effect>) {
        let typed = prompt.input.text().to_owned();
        let text = self.history.enter(prompt.kind, prompt.input);
        self.overlay = prompt.under.map(|under| *under);
        match (prompt.kind, &mut self.reader) {
            (PromptKind::Search { back }, Some(reader)) => {
                let document = reader.viewport.document().clone();
                if text.is_empty() {
                    // An empty search repeats the last, as in vim.
                    match self.history.last(prompt.kind) {
                        Some(last) => effects.extend(reader.search.begin(&last, back, prompt.place + 1, true, &document)),
                        None => self.notice = Some(Notice::hint("no-search-yet")),
                    }
                    return;
                }
                let at = reader.viewport.cursor();
                if at != prompt.place {
                    reader.jumps.leave(prompt.place);
                }
                if reader.search.query() != typed || reader.search.back() != back {
                    effects.extend(reader.search.begin(&text, back, prompt.place, true, &document));
                } else if reader.search.is_complete() && reader.search.hits().is_empty() {
                    self.notice = Some(Notice::hint("not-found").with("query", text));
                }
            }
            (PromptKind::ExportTag, _) => self.export_across(text.trim(), prompt.replaces, effects),
            (PromptKind::ExportCounts, _) => self.export_counts(text.trim(), prompt.replaces, effects),
            (PromptKind::Beside, _) => self.open_beside(text.trim(), effects),
            (PromptKind::ReadTag, _) => {
                let tag = text.trim();
                if tag.is_empty() {
                    self.notice = Some(Notice::hint("no-name"));
                } else {
                    self.open_across(super::Subject::Tagged { tag: tag.to_owned(), within: None, by_date: true }, effects);
                }
            }
            (PromptKind::Command, Some(_)) => self.run_line(&text, effects),
            (PromptKind::Bookmark, Some(reader)) => {
                let name = text.trim();
                if name.is_empty() {
                    self.notice = Some(Notice::hint("no-name"));
                } else {
                    reader.marks.insert(name.to_owned(), prompt.place);
                    self.notice = Some(Notice::done("bookmark-set").with("name", name));
                }
            }
            (PromptKind::Export(format), Some(_)) => self.export_to(format, &text, prompt.replaces, effects),
            _ => {}
        }
    }

    pub(super) fn cancel_prompt(&mut self, prompt: Prompt, effects: &mut Vec<Effect>) {
        self.overlay = prompt.under.map(|under| *under);
        match (prompt.kind, &mut self.reader) {
            (PromptKind::Search { .. }, Some(reader)) => {
                let document = reader.viewport.document().clone();
                effects.extend(reader.search.begin("", false, prompt.place, false, &document));
                reader.reveal(prompt.place);
            }
            (PromptKind::OutlineFilter, Some(reader)) => reader.filter_outline(""),
            (PromptKind::LibraryFilter, _) => self.library.set_filter(""),
            (PromptKind::ListFilter, Some(reader)) => {
                if let Some(Overlay::Annotations(listing)) = &mut self.overlay {
                    listing.set_filter("", reader);
                }
            }
            (PromptKind::HelpFilter, _) => {
                if let Some(Overlay::Help(help)) = &mut self.overlay {
                    help.set_filter("", &self.keymap, self.locale);
                }
            }
            _ => {}
        }
    }
}
