//! Updates of the compare screen.

use crate::locale::{id, notice};
use crate::tui::effect::Effect;
use crate::tui::message::{CompareSide, ComparedContent, ComparedEntry, ComparedTexts, LibraryQuery, QuerySubject, StatusMessage};
use crate::tui::overlay::QuickPickAction;
use crate::tui::state::{CompareScreen, ScreenKind, State};
use crate::tui::widget::PickerItem;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::search::MatchMode;

impl State {
    /// Compares what was typed as `a | b`, each a tag or part of a speech's title or file name.
    pub(in crate::tui) fn open_compare(&mut self, typed: &str, effects: &mut Vec<Effect>) {
        let names: Vec<&str> = typed.split(['|', '｜']).map(str::trim).collect();
        let &[one, other] = names.as_slice() else {
            self.status = Some(StatusMessage::hint(notice::BESIDE_TWO));
            return;
        };
        if one.is_empty() || other.is_empty() {
            self.status = Some(StatusMessage::hint(notice::BESIDE_TWO));
            return;
        }
        let sides = [self.resolve_side(one), self.resolve_side(other)];
        self.compare_sides(sides, effects);
    }

    /// Compares two speeches or tags.
    pub(in crate::tui) fn compare_sides(&mut self, sides: [CompareSide; 2], effects: &mut Vec<Effect>) {
        let titles = [self.side_title(&sides[0]), self.side_title(&sides[1])];
        self.last_query += 1;
        let generation = self.last_query;
        self.compare = Some(CompareScreen::new(sides.clone(), [&titles[0], &titles[1]], generation));
        self.screen = ScreenKind::Compare;
        self.close_all_overlays();
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

    /// The name of a side until its text is there.
    pub(in crate::tui) fn side_title(&self, side: &CompareSide) -> String {
        match side {
            CompareSide::Tag(tag) => tag.clone(),
            CompareSide::Speech(path) => {
                let listed = self.library.entries().iter().find(|entry| entry.path == *path).map(|entry| entry.title.clone());
                let name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                listed.unwrap_or_else(name)
            }
        }
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

    /// Takes the two texts that were read, unless they are of an older query.
    pub(crate) fn set_compared(&mut self, generation: u64, content: &ComparedContent) {
        self.set_compare_texts(generation, ComparedTexts::new(content));
    }

    /// Takes the rows of the two texts, unless they are of an older query.
    pub(crate) fn set_compare_texts(&mut self, generation: u64, texts: ComparedTexts) {
        let style = LayoutStyle { first_indent: 0, ..self.display_options.style };
        if let Some(compare) = &mut self.compare {
            compare.set_texts(generation, texts, style);
        }
    }

    /// Lists the compared sections, to go to one.
    pub(crate) fn pick_compared_section(&mut self) {
        let Some(compare) = &self.compare else { return };
        let Some(outline) = &compare.outline else {
            self.status = Some(StatusMessage::hint(notice::BESIDE_NO_SECTIONS));
            return;
        };
        let item = |entry: &ComparedEntry| {
            let name = if entry.name.is_empty() { self.locale.text(id::COMPARE_FRONT).into_owned() } else { entry.name.clone() };
            let detail = self.locale.compared_section(&entry.section, [&entry.paths[0], &entry.paths[1]]);
            // The sign of moved sections may be two cells wide: it is part of the name.
            let name = format!("{} {}{name}", entry.section.shown_state().sign(), "  ".repeat(entry.depth));
            PickerItem { name, detail, ..PickerItem::default() }
        };
        let items = outline.entries.iter().map(item).collect();
        let heads = (0..outline.entries.len()).collect();
        let here = compare.selected_entry();
        self.open_quick_pick(id::PROMPT_BESIDE_SECTIONS, items, QuickPickAction::GoToCompared(heads));
        if let (Some(here), Some(picker)) = (here, self.picker()) {
            picker.select_item(here);
        }
    }

    /// Fits the panes to the screen.
    pub(in crate::tui) fn arrange_compare(&mut self) {
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
            None => self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE)),
        }
    }

    /// Leaves the comparison for the open speech or the library.
    pub(crate) fn leave_compare(&mut self) {
        self.compare = None;
        self.screen = if self.reader.is_some() { ScreenKind::Reader } else { ScreenKind::Library };
        self.arrange();
    }
}
