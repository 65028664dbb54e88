//! The line at the bottom: searches, filters, commands.

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
}

impl PromptKind {
    /// What stands before the line.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Search { back: false } => "/",
            Self::Search { back: true } => "?",
            Self::Command => ":",
            Self::OutlineFilter | Self::LibraryFilter => "> ",
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
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What is asked for.
    pub kind: PromptKind,
    /// The line.
    pub input: LineInput,
    /// The cursor in the text when the prompt was opened, to come back to.
    pub place: usize,
}

impl Prompt {
    /// An empty prompt.
    #[must_use]
    pub fn new(kind: PromptKind, place: usize) -> Self {
        Self { kind, input: LineInput::default(), place }
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
