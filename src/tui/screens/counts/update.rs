//! Updates of the counts screen.

use crate::locale::{counts::count_label, notice};
use crate::tui::effect::Effect;
use crate::tui::message::{LibraryQuery, PassageGroup, QuerySubject, StatusMessage};
use crate::tui::overlay::{Overlay, Prompt, PromptKind};
use crate::tui::state::{CountsScreen, ScreenKind, State};
use pizhu_library::count::{CountKey, Tally};
use pizhu_text::search::MatchMode;
use std::path::PathBuf;

impl State {
    /// Opens the counts screen and counts.
    pub(crate) fn open_counts(&mut self, effects: &mut Vec<Effect>) {
        self.counts = Some(CountsScreen::default());
        self.screen = ScreenKind::Counts;
        self.close_all_overlays();
        self.arrange();
        self.run_count(effects);
    }

    /// Counts again.
    pub(crate) fn run_count(&mut self, effects: &mut Vec<Effect>) {
        let (files, stamps) = self.query_files();
        let Some(counts) = &mut self.counts else { return };
        self.last_query += 1;
        counts.start_query(self.last_query);
        let (line, mode) = (String::new(), MatchMode::default());
        effects.push(Effect::QueryLibrary(Box::new(LibraryQuery {
            generation: self.last_query,
            subject: QuerySubject::Counts,
            input: line,
            mode,
            files,
            fingerprints: stamps,
            feedback: Vec::new(),
        })));
    }

    /// Takes counts, unless they are of an older query.
    pub(crate) fn set_tally(&mut self, generation: u64, tally: Tally, more: bool) {
        if self.counts.as_mut().is_some_and(|counts| counts.set_tally(generation, tally, more)) {
            self.step_column(0);
        }
    }

    /// Fits the table to the screen.
    pub(in crate::tui) fn arrange_counts(&mut self) {
        let area = self.size.list_area();
        self.update_counts(|counts| counts.resize(area.width, area.height));
    }

    /// Changes the counts screen and keeps the selected column in range.
    fn update_counts<T>(&mut self, change: impl FnOnce(&mut CountsScreen) -> T) -> Option<T> {
        let changed = change(self.counts.as_mut()?);
        self.step_column(0);
        Some(changed)
    }

    /// Counts by the next or previous grouping.
    pub(crate) fn next_grouping(&mut self, back: bool) {
        self.update_counts(|counts| counts.next_grouping(back));
    }

    /// Switches to the next display.
    pub(crate) fn next_display(&mut self) {
        self.update_counts(CountsScreen::next_display);
    }

    /// Transposes the table; the same figure stays selected.
    pub(crate) fn transpose_counts(&mut self) {
        self.update_counts(CountsScreen::transpose);
    }

    /// Toggles sorting by total; returns whether the rows are now sorted so.
    pub(crate) fn sort_counts(&mut self) -> bool {
        self.update_counts(CountsScreen::toggle_sort).unwrap_or(false)
    }

    /// Moves by columns; returns whether the selection changed.
    pub(crate) fn step_column(&mut self, steps: isize) -> bool {
        let (locale, ambiguous) = (self.locale, self.display_options.style.ambiguous);
        self.counts.as_mut().is_some_and(|counts| counts.step_column(steps, locale, ambiguous))
    }

    /// Opens the passages counted in the selected cell; in bars, in the selected row.
    pub(crate) fn open_cell(&mut self, effects: &mut Vec<Effect>) {
        let Some((row, column)) = self.counts.as_ref().and_then(CountsScreen::selected_cell) else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        let names: Vec<String> =
            std::iter::once(row).chain(column.filter(|column| column.key != row.key)).map(|head| count_label(head, self.locale)).collect();
        let within: (CountKey, Option<CountKey>) = (row.key.clone(), column.map(|column| column.key.clone()));
        self.open_results(
            QuerySubject::Tagged { tag: names.join(" × "), cell: Some(Box::new(within)), group: PassageGroup::Date },
            effects,
        );
    }

    /// Asks for the file to export the table to.
    pub(crate) fn prompt_export_counts(&mut self, path: Option<&str>) {
        let Some(counts) = &self.counts else { return };
        if counts.table().rows.is_empty() {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_EXPORT));
            return;
        }
        let mut prompt = Prompt::new(PromptKind::ExportCounts, 0);
        prompt.input.set(&path.map_or_else(|| format!("tags-by-{}.csv", counts.group_by.name()), str::to_owned));
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    pub(in crate::tui) fn export_counts(&mut self, path: &str, overwrite: bool, effects: &mut Vec<Effect>) {
        let (speeches, _) = self.query_files();
        let Some(counts) = &self.counts else { return };
        effects.push(Effect::ExportCounts {
            table: Box::new(counts.table().clone()),
            locale: self.locale,
            path: PathBuf::from(path),
            speeches,
            overwrite,
        });
    }

    /// Leaves the counts for the open speech or the library.
    pub(crate) fn leave_counts(&mut self) {
        self.counts = None;
        self.screen = if self.reader.is_some() { ScreenKind::Reader } else { ScreenKind::Library };
        self.arrange();
    }
}
