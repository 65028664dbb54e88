//! The screen of counts: what tags are counted by, in which form, and the cell one is at.
//!
//! Invariant: `table` is the tally's table by `by`, turned and ordered as the flags say; the two
//! lists are places in its rows and columns.

use super::{Inquiry, Notice, Overlay, Prompt, PromptKind, Screen, State, Subject};
use crate::locale::counts::head_words;
use pizhu_library::count::By;
use pizhu_library::count::Head;
use pizhu_library::count::Key;
use pizhu_library::count::Table;
use pizhu_library::count::Tally;
use pizhu_library::count::by_total;
use crate::locale::Locale;
use pizhu_text::search::Mode;
use pizhu_text::text::width::Ambiguous;
use pizhu_text::text::width::text_width;
use crate::tui::effect::Effect;
use crate::tui::widget::List;
use std::path::PathBuf;

/// How figures are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// In columns, each with its shade.
    #[default]
    Heat,
    /// In columns.
    Table,
    /// A bar a row.
    Bars,
}

impl Form {
    /// Its message.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Heat => "count-form-heat",
            Self::Table => "count-form-table",
            Self::Bars => "count-form-bars",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Heat => Self::Table,
            Self::Table => Self::Bars,
            Self::Bars => Self::Heat,
        }
    }
}

/// The least and the most cells of a column with its gap.
const COLUMN: (usize, usize) = (8, 13);
/// Cells of a total with the gap before it.
const TOTAL: usize = 6;

/// The screen of counts.
#[derive(Debug, Default)]
pub struct Counts {
    /// What tags are counted by.
    pub by: By,
    /// How figures are shown.
    pub form: Form,
    /// The row one is at.
    pub row: List,
    /// The column one is at.
    pub column: List,
    /// Whether more speeches are being read.
    pub more: bool,
    turned: bool,
    most_first: bool,
    tally: Tally,
    table: Table,
    generation: u64,
    width: u16,
    height: u16,
}

impl Counts {
    /// The figures.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Annotations counted, and in how many speeches.
    #[must_use]
    pub fn counted(&self) -> (usize, usize) {
        (self.tally.count(), self.tally.speeches())
    }

    /// Rows for figures on the screen: one is the columns' heads.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height.saturating_sub(u16::from(self.form != Form::Bars)).max(1)
    }

    fn make(&mut self) {
        let table = self.tally.table(self.by);
        self.table = if self.turned { table.turned() } else { table };
        if self.most_first {
            by_total(&mut self.table);
        }
        self.row.select(self.row.selected(), self.table.rows.len(), self.height());
    }

    /// Cells of the names at the left, the total included.
    #[must_use]
    pub fn names_width(&self, locale: Locale, ambiguous: Ambiguous) -> u16 {
        let width = |row: &Head| text_width(&head_words(row, locale), ambiguous) + 2 * row.depth;
        let widest = self.table.rows.iter().map(width).max().unwrap_or(0) + 1;
        let room = usize::from(self.width) * 2 / 5;
        (widest.min(room.saturating_sub(TOTAL).max(8)) + TOTAL) as u16
    }

    /// Cells of a column, its gap included.
    #[must_use]
    pub fn column_width(&self, locale: Locale, ambiguous: Ambiguous) -> u16 {
        let widest = self.table.columns.iter().map(|head| text_width(&head_words(head, locale), ambiguous) + 1).max().unwrap_or(0);
        widest.clamp(COLUMN.0, COLUMN.1) as u16
    }

    /// How many columns are on the screen.
    #[must_use]
    pub fn columns_shown(&self, locale: Locale, ambiguous: Ambiguous) -> u16 {
        (self.width.saturating_sub(self.names_width(locale, ambiguous) + 1) / self.column_width(locale, ambiguous)).max(1)
    }

    /// Moves by rows; whether that leads elsewhere.
    pub fn step(&mut self, steps: isize) -> bool {
        let before = self.row.selected();
        self.row.step(steps, self.table.rows.len(), self.height());
        self.row.selected() != before
    }

    /// Moves to a row.
    pub fn select(&mut self, row: usize) {
        self.row.select(row, self.table.rows.len(), self.height());
    }
}

impl State {
    /// Opens the screen of counts and has everything counted.
    pub fn open_counts(&mut self, effects: &mut Vec<Effect>) {
        self.counts = Some(Counts::default());
        self.screen = Screen::Counts;
        self.overlay = None;
        self.arrange();
        self.count(effects);
    }

    /// Has everything counted anew.
    pub fn count(&mut self, effects: &mut Vec<Effect>) {
        let (files, stamps) = self.speeches();
        let Some(counts) = &mut self.counts else { return };
        self.asked += 1;
        counts.generation = self.asked;
        counts.more = true;
        let (line, mode) = (String::new(), Mode::default());
        effects.push(Effect::Inquire(Box::new(Inquiry {
            generation: self.asked,
            subject: Subject::Counts,
            line,
            mode,
            files,
            stamps,
            said: Vec::new(),
        })));
    }

    /// Takes what was counted, where it is what was asked last.
    pub fn take_tally(&mut self, generation: u64, tally: Tally, more: bool) {
        let Some(counts) = self.counts.as_mut().filter(|counts| counts.generation == generation) else { return };
        counts.tally = tally;
        counts.more = more;
        counts.make();
        self.step_column(0);
    }

    /// Fits the table to the screen.
    pub(super) fn arrange_counts(&mut self) {
        let area = self.size.library();
        let Some(counts) = &mut self.counts else { return };
        (counts.width, counts.height) = (area.width, area.height);
        counts.select(counts.row.selected());
        self.step_column(0);
    }

    /// Changes what is shown of the counts.
    pub fn change_counts(&mut self, change: impl FnOnce(&mut Counts)) {
        let Some(counts) = &mut self.counts else { return };
        change(counts);
        counts.make();
        self.step_column(0);
    }

    /// Counts by the next, or the one before.
    pub fn count_by_next(&mut self, back: bool) {
        self.change_counts(|counts| {
            counts.by = counts.by.next(back);
            (counts.row, counts.column) = (List::default(), List::default());
        });
    }

    /// Shows the figures in the next form.
    pub fn next_form(&mut self) {
        self.change_counts(|counts| counts.form = counts.form.next());
    }

    /// Puts columns for rows; one stays at the same figure.
    pub fn turn_counts(&mut self) {
        self.change_counts(|counts| {
            counts.turned = !counts.turned;
            std::mem::swap(&mut counts.row, &mut counts.column);
        });
    }

    /// Puts the fullest rows first, or all in their order; whether the fullest are first now.
    pub fn sort_counts(&mut self) -> bool {
        self.change_counts(|counts| counts.most_first = !counts.most_first);
        self.counts.as_ref().is_some_and(|counts| counts.most_first)
    }

    /// Moves by columns; whether that leads elsewhere.
    pub fn step_column(&mut self, steps: isize) -> bool {
        let (locale, ambiguous) = (self.locale, self.setting.style.ambiguous);
        let Some(counts) = &mut self.counts else { return false };
        let before = counts.column.selected();
        let shown = counts.columns_shown(locale, ambiguous);
        counts.column.step(steps, counts.table.columns.len(), shown);
        counts.column.selected() != before
    }

    /// Reads what the figure one is at counts; of bars, what the row does.
    pub fn open_figure(&mut self, effects: &mut Vec<Effect>) {
        let figure = self.counts.as_ref().and_then(|counts| {
            let row = counts.table.rows.get(counts.row.selected())?;
            if counts.form == Form::Bars {
                return (row.total > 0).then(|| (row.clone(), None));
            }
            let column = counts.table.columns.get(counts.column.selected())?;
            let figure = *counts.table.cells.get(counts.row.selected())?.get(counts.column.selected())?;
            figure.filter(|figure| *figure > 0).map(|_| (row.clone(), Some(column.clone())))
        });
        let Some((row, column)) = figure else {
            self.notice = Some(Notice::hint("nothing-to-choose"));
            return;
        };
        let names: Vec<String> = std::iter::once(&row)
            .chain(column.iter().filter(|column| column.key != row.key))
            .map(|head| head_words(head, self.locale))
            .collect();
        let within: (Key, Option<Key>) = (row.key, column.map(|column| column.key));
        self.open_across(Subject::Tagged { tag: names.join(" × "), within: Some(Box::new(within)), by_date: true }, effects);
    }

    /// Asks for the file that the table is written to.
    pub fn ask_export_counts(&mut self, path: Option<&str>, replaces: bool) {
        let Some(counts) = &self.counts else { return };
        if counts.table.rows.is_empty() {
            self.notice = Some(Notice::hint("nothing-to-export"));
            return;
        }
        let mut prompt = Prompt::new(PromptKind::ExportCounts, 0);
        prompt.input.set(&path.map_or_else(|| format!("tags-by-{}.csv", counts.by.name()), str::to_owned));
        prompt.replaces = replaces;
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    pub(super) fn export_counts(&mut self, path: &str, replaces: bool, effects: &mut Vec<Effect>) {
        let Some(counts) = &self.counts else { return };
        effects.push(Effect::ExportCounts {
            table: Box::new(counts.table.clone()),
            locale: self.locale,
            path: PathBuf::from(path),
            replaces,
        });
    }

    /// Leaves the counts: back to the open speech, or to the list of speeches.
    pub fn leave_counts(&mut self) {
        self.counts = None;
        self.screen = if self.reader.is_some() { Screen::Reader } else { Screen::Library };
        self.arrange();
    }
}
