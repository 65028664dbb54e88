//! Updates of the compare screen.

use crate::tui::effect::Effect;
use crate::tui::message::{CompareSide, LibraryQuery, QuerySubject, ResultRow, StatusMessage};
use crate::tui::state::{CompareScreen, Overlay, Prompt, PromptKind, ScreenKind, State};
use pizhu_text::layout::LayoutStyle;
use pizhu_text::search::MatchMode;

impl State {
    /// Compares what was typed as `a | b`, each a tag or part of a speech's title or file name.
    pub(super) fn open_compare(&mut self, typed: &str, effects: &mut Vec<Effect>) {
        let names: Vec<&str> = typed.split(['|', '｜']).map(str::trim).collect();
        let &[one, other] = names.as_slice() else {
            self.status = Some(StatusMessage::hint("beside-two"));
            return;
        };
        let sides = [self.resolve_side(one), self.resolve_side(other)];
        if one.is_empty() || other.is_empty() {
            self.status = Some(StatusMessage::hint("beside-two"));
            return;
        }
        self.last_query += 1;
        let generation = self.last_query;
        self.compare = Some(CompareScreen::new(sides.clone(), [one, other], generation));
        self.screen = ScreenKind::Compare;
        self.overlay = None;
        self.arrange();
        let (files, stamps) = self.query_files();
        let inquiry = LibraryQuery {
            generation,
            subject: QuerySubject::Compare { sides: Box::new(sides) },
            input: String::new(),
            mode: MatchMode::default(),
            files,
            fingerprints: stamps,
            feedback: Vec::new(),
        };
        effects.push(Effect::QueryLibrary(Box::new(inquiry)));
    }

    /// Resolves one side: a tag if it starts with `#` or a listed speech has that tag; else the speech
    /// whose title or file name contains `words`; else a tag.
    fn resolve_side(&self, words: &str) -> CompareSide {
        if let Some(tag) = words.strip_prefix(['#', '＃']) {
            return CompareSide::Tag(tag.trim().to_owned());
        }
        if self.library.entries().iter().any(|entry| entry.tags.iter().any(|(tag, _)| tag.name == words)) {
            return CompareSide::Tag(words.to_owned());
        }
        let name = |path: &std::path::Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let listed = self.library.entries().iter().find(|entry| entry.title.contains(words) || name(&entry.path).contains(words));
        let open = self.reader.as_ref().filter(|reader| {
            let title = reader.document().metadata.title.as_deref().unwrap_or_default();
            title.contains(words) || name(&reader.origin.path).contains(words)
        });
        match (listed, open) {
            (Some(entry), _) => CompareSide::Speech(entry.path.clone()),
            (None, Some(reader)) => CompareSide::Speech(reader.origin.path.clone()),
            (None, None) => CompareSide::Tag(words.to_owned()),
        }
    }

    /// Asks for two texts to compare; the current speech is preset as the first.
    pub(crate) fn prompt_compare(&mut self) {
        let here = match (&self.reader, self.screen) {
            (Some(reader), ScreenKind::Reader) => reader.document().metadata.title.as_deref().map(|title| title.replace('\n', " ")),
            _ => self.library.selected().map(|entry| entry.title.clone()),
        };
        let mut prompt = Prompt::new(PromptKind::Compare, 0);
        if let Some(here) = here {
            prompt.input.set(&format!("{here} | "));
        }
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Takes the two texts, unless they are of an older query.
    pub(crate) fn set_compare_texts(&mut self, generation: u64, sides: [(String, Vec<ResultRow>); 2]) {
        let style = LayoutStyle { first_indent: 0, ..self.display_options.style };
        if let Some(compare) = &mut self.compare {
            compare.set_texts(generation, sides, style);
        }
    }

    /// Fits the panes to the screen.
    pub(super) fn arrange_compare(&mut self) {
        let area = self.size.list_area();
        let style = LayoutStyle { first_indent: 0, ..self.display_options.style };
        if let Some(compare) = &mut self.compare {
            compare.arrange(area, style);
        }
    }

    /// Opens the source of the selected row.
    pub(crate) fn open_compare_source(&mut self, effects: &mut Vec<Effect>) {
        match self.compare.as_ref().and_then(CompareScreen::selected_source) {
            Some(spot) => self.open_at(&spot, None, effects),
            None => self.status = Some(StatusMessage::hint("nothing-to-choose")),
        }
    }

    /// Leaves the comparison for the open speech or the library.
    pub(crate) fn leave_compare(&mut self) {
        self.compare = None;
        self.screen = if self.reader.is_some() { ScreenKind::Reader } else { ScreenKind::Library };
        self.arrange();
    }
}
