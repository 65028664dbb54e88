//! Two speeches or two tags side by side: what each pane holds, and how they go together.
//!
//! Invariant: each pane's `shown` is its `rows` set for the pane's width, each row knowing the row
//! it comes from; its list is a place in it.

use super::{Inquiry, Notice, Row, Screen, Spot, State, Subject, across::set_rows};
use pizhu_text::layout::Style;
use pizhu_text::search::Mode;
use crate::tui::effect::Effect;
use crate::tui::widget::List;
use ratatui::layout::Rect;
use std::path::PathBuf;

/// From this width on the panes stand side by side; in narrower terminals one above the other.
pub const BESIDE_FROM: u16 = 64;

/// What a pane shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// All of a speech.
    Speech(PathBuf),
    /// All that has a tag or one below it, in the order of dates.
    Tag(String),
}

/// One of the two panes.
#[derive(Debug, Default)]
pub struct Pane {
    /// What it shows, in words.
    pub title: String,
    /// The position among the rows shown.
    pub list: List,
    rows: Vec<Row>,
    shown: Vec<Row>,
}

impl Pane {
    /// The rows as they are set.
    #[must_use]
    pub fn shown(&self) -> &[Row] {
        &self.shown
    }

    /// The names of the items up to a row, the last one first.
    fn item(&self, row: usize) -> Option<(usize, &str)> {
        let upto = &self.shown[..(row + 1).min(self.shown.len())];
        let heads = upto.iter().filter(|row| row.heads).count();
        let last = upto.iter().rfind(|row| row.heads)?;
        Some((heads - 1, last.item.as_str()))
    }

    /// The row of the item of that name, else of that number among the items.
    fn row_of(&self, number: usize, name: &str) -> Option<usize> {
        let mut heads = self.shown.iter().enumerate().filter(|(_, row)| row.heads);
        let named = (!name.is_empty()).then(|| heads.clone().find(|(_, row)| row.item == name)).flatten();
        named.or_else(|| heads.nth(number)).map(|(row, _)| row)
    }
}

/// Two panes.
#[derive(Debug)]
pub struct Beside {
    /// What they show.
    pub sides: [Side; 2],
    /// The panes.
    pub panes: [Pane; 2],
    /// Which one keys move in.
    pub focus: usize,
    /// Whether the other follows, item by item.
    pub together: bool,
    /// Whether the texts are on their way.
    pub more: bool,
    generation: u64,
    areas: [Rect; 2],
}

impl Beside {
    /// Where the panes lie, each with its title in the first row.
    #[must_use]
    pub fn areas(&self) -> [Rect; 2] {
        self.areas
    }

    fn height(&self, pane: usize) -> u16 {
        self.areas[pane].height.saturating_sub(1).max(1)
    }

    fn put(&mut self, pane: usize, row: usize) {
        let height = self.height(pane);
        let len = self.panes[pane].shown.len();
        self.panes[pane].list.select(row, len, height);
    }

    /// Has the other pane follow, where they go together: to the item of the same name (the same
    /// section), else of the same number.
    fn follow(&mut self) {
        if !self.together {
            return;
        }
        let (here, other) = (self.focus, 1 - self.focus);
        let found = self.panes[here].item(self.panes[here].list.selected());
        let row = found.and_then(|(number, name)| self.panes[other].row_of(number, name));
        if let Some(row) = row {
            let len = self.panes[other].shown.len();
            let height = self.height(other);
            self.panes[other].list.select(len, len, height);
            self.panes[other].list.select(row, len, height);
        }
    }

    /// Moves by rows; whether that leads elsewhere.
    pub fn step(&mut self, steps: isize) -> bool {
        let before = self.panes[self.focus].list.selected();
        self.put(self.focus, before.saturating_add_signed(steps));
        self.follow();
        self.panes[self.focus].list.selected() != before
    }

    /// Moves to a row.
    pub fn select(&mut self, row: usize) {
        self.put(self.focus, row);
        self.follow();
    }

    /// Moves by a screen.
    pub fn page(&mut self, direction: isize) {
        let rows = isize::from(self.height(self.focus).max(2).cast_signed()) - 1;
        self.step(direction.saturating_mul(rows));
    }

    /// Moves to the head of the next item or the one before; whether there is one.
    pub fn step_item(&mut self, back: bool) -> bool {
        let pane = &self.panes[self.focus];
        let at = pane.list.selected();
        let found = if back {
            pane.shown[..at.min(pane.shown.len())].iter().rposition(|row| row.heads)
        } else {
            pane.shown.iter().skip(at + 1).position(|row| row.heads).map(|ahead| at + 1 + ahead)
        };
        if let Some(row) = found {
            self.select(row);
        }
        found.is_some()
    }

    fn set(&mut self, style: Style) {
        for pane in 0..2 {
            let width = self.areas[pane].width;
            self.panes[pane].shown = set_rows(&self.panes[pane].rows, style, width);
            self.put(pane, self.panes[pane].list.selected());
        }
    }
}

impl State {
    /// Opens what was named, `a | b`, each a tag or part of a speech's title or file name.
    pub(super) fn open_beside(&mut self, typed: &str, effects: &mut Vec<Effect>) {
        let names: Vec<&str> = typed.split(['|', '｜']).map(str::trim).collect();
        let &[one, other] = names.as_slice() else {
            self.notice = Some(Notice::hint("beside-two"));
            return;
        };
        let sides = [self.side(one), self.side(other)];
        if one.is_empty() || other.is_empty() {
            self.notice = Some(Notice::hint("beside-two"));
            return;
        }
        let panes = [Pane { title: one.to_owned(), ..Pane::default() }, Pane { title: other.to_owned(), ..Pane::default() }];
        self.asked += 1;
        let generation = self.asked;
        self.beside =
            Some(Beside { sides: sides.clone(), panes, focus: 0, together: true, more: true, generation, areas: [Rect::default(); 2] });
        self.screen = Screen::Beside;
        self.overlay = None;
        self.arrange();
        let (files, stamps) = self.speeches();
        let inquiry = Inquiry {
            generation,
            subject: Subject::Beside { sides: Box::new(sides) },
            line: String::new(),
            mode: Mode::default(),
            files,
            stamps,
            said: Vec::new(),
        };
        effects.push(Effect::Inquire(Box::new(inquiry)));
    }

    /// The tag where `#` stands before it or a speech listed has it; else the speech whose title
    /// or file name holds these words; a tag where there is none.
    fn side(&self, words: &str) -> Side {
        if let Some(tag) = words.strip_prefix(['#', '＃']) {
            return Side::Tag(tag.trim().to_owned());
        }
        if self.library.entries().iter().any(|entry| entry.tags.iter().any(|(tag, _)| tag == words)) {
            return Side::Tag(words.to_owned());
        }
        let name = |path: &std::path::Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let known = self.library.entries().iter().find(|entry| entry.title.contains(words) || name(&entry.path).contains(words));
        let open = self.reader.as_ref().filter(|reader| {
            let title = reader.document().metadata.title.as_deref().unwrap_or_default();
            title.contains(words) || name(&reader.origin.path).contains(words)
        });
        match (known, open) {
            (Some(entry), _) => Side::Speech(entry.path.clone()),
            (None, Some(reader)) => Side::Speech(reader.origin.path.clone()),
            (None, None) => Side::Tag(words.to_owned()),
        }
    }

    /// Asks for the two to be set side by side; the speech one is at is the first.
    pub fn ask_beside(&mut self) {
        let here = match (&self.reader, self.screen) {
            (Some(reader), Screen::Reader) => reader.document().metadata.title.as_deref().map(|title| title.replace('\n', " ")),
            _ => self.library.selected().map(|entry| entry.title.clone()),
        };
        let mut prompt = super::Prompt::new(super::PromptKind::Beside, 0);
        if let Some(here) = here {
            prompt.input.set(&format!("{here} | "));
        }
        self.overlay = Some(super::Overlay::Prompt(prompt));
    }

    /// Takes the two texts, where they are what was asked for last.
    pub fn take_beside(&mut self, generation: u64, sides: [(String, Vec<Row>); 2]) {
        let style = Style { first_indent: 0, ..self.setting.style };
        let Some(beside) = self.beside.as_mut().filter(|beside| beside.generation == generation) else { return };
        for (pane, (title, rows)) in beside.panes.iter_mut().zip(sides) {
            if !title.is_empty() {
                pane.title = title;
            }
            pane.rows = rows;
        }
        beside.more = false;
        beside.set(style);
    }

    /// Fits the panes to the screen.
    pub(super) fn arrange_beside(&mut self) {
        let area = self.size.library();
        let style = Style { first_indent: 0, ..self.setting.style };
        let Some(beside) = &mut self.beside else { return };
        beside.areas = if area.width >= BESIDE_FROM {
            let left = area.width / 2;
            [Rect { width: left, ..area }, Rect { x: area.x + left + 1, width: area.width.saturating_sub(left + 1), ..area }]
        } else {
            let upper = area.height / 2;
            [Rect { height: upper, ..area }, Rect { y: area.y + upper, height: area.height - upper, ..area }]
        };
        beside.set(style);
    }

    /// Opens the source of the row one is at.
    pub fn open_beside_source(&mut self, effects: &mut Vec<Effect>) {
        let spot: Option<Spot> = self.beside.as_ref().and_then(|beside| {
            let pane = &beside.panes[beside.focus];
            pane.shown.get(pane.list.selected())?.spot.clone()
        });
        match spot {
            Some(spot) => self.go_to_spot(&spot, None, effects),
            None => self.notice = Some(Notice::hint("nothing-to-choose")),
        }
    }

    /// Leaves the panes: back to the open speech, or to the list of speeches.
    pub fn leave_beside(&mut self) {
        self.beside = None;
        self.screen = if self.reader.is_some() { Screen::Reader } else { Screen::Library };
        self.arrange();
    }
}
