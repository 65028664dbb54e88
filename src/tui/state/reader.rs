//! One open speech: the text and where one is in it.

use super::{Notes, Notice, OutlinePane, Search, Selection};
use pizhu_annotation::Target;
use pizhu_text::document::Document;
use pizhu_text::layout::Style;
use pizhu_text::text::RemovedKind;
use pizhu_text::text::Span;
use crate::tui::effect::ReadingPlace;
use crate::tui::viewport::Viewport;
use crate::tui::viewport::flow::Hidden;
use crate::tui::viewport::flow::Spacing;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The text.
    Text,
    /// The outline.
    Outline,
}

/// Where a speech came from, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Its file; empty for a built-in sample.
    pub path: PathBuf,
    /// What the encoding is called.
    pub encoding: &'static str,
    /// Whether a byte order mark was there.
    pub bom: bool,
    /// How many undecodable sequences became U+FFFD.
    pub replaced: usize,
}

/// The places jumped from, to come back to.
///
/// Invariant: `at <= places.len()`; those from `at` on were come back from.
#[derive(Debug, Clone, Default)]
pub struct Jumps {
    places: Vec<usize>,
    at: usize,
}

/// Jumps remembered.
const JUMPS: usize = 100;

impl Jumps {
    /// Remembers a place that is jumped from; what was come back from is forgotten.
    pub fn leave(&mut self, place: usize) {
        self.places.truncate(self.at);
        self.places.retain(|other| *other != place);
        self.places.push(place);
        if self.places.len() > JUMPS {
            self.places.remove(0);
        }
        self.at = self.places.len();
    }

    /// Changes every place.
    pub fn change(&mut self, of: impl Fn(usize) -> usize) {
        self.places.iter_mut().for_each(|place| *place = of(*place));
    }

    /// The place before the last jump, or after the next; `here` is where one is.
    pub fn go(&mut self, here: usize, forward: bool) -> Option<usize> {
        if forward {
            let to = *self.places.get(self.at + 1)?;
            self.at += 1;
            return Some(to);
        }
        let before = self.at.checked_sub(1)?;
        let to = *self.places.get(before)?;
        if self.at == self.places.len() {
            self.places.push(here);
        }
        self.at = before;
        Some(to)
    }
}

/// The open speech.
#[derive(Debug)]
pub struct Reader {
    /// Which opening of a speech this is.
    pub number: u64,
    /// Where it came from.
    pub origin: Origin,
    /// The rows on the screen and the cursor.
    pub viewport: Viewport,
    /// Which pane has the keys.
    pub focus: Focus,
    /// Whether the outline stands beside the text where there is room.
    pub outline_shown: bool,
    /// The outline.
    pub outline: OutlinePane,
    /// What is selected; its head is the cursor.
    pub selection: Option<Selection>,
    /// The search.
    pub search: Search,
    /// The places jumped from.
    pub jumps: Jumps,
    /// Places marked with a letter, or by a name.
    pub marks: BTreeMap<String, usize>,
    /// Tags and notes.
    pub notes: Notes,
    /// The char searched for in the text by its key, and whether backwards.
    pub last_find: Option<(char, bool)>,
    /// The sections folded in the text, by the start of their headings.
    folded: BTreeSet<usize>,
    /// Where the reader was before, to be gone to when that much of the text is there.
    resume: Option<usize>,
}

impl Reader {
    /// A speech as opened, at its start. One row of it is laid out; [`Self::arrange`] gives it
    /// its height.
    #[must_use]
    pub fn new(number: u64, origin: Origin, document: Arc<Document>, style: Style, spacing: Spacing) -> Self {
        let outline = OutlinePane::new(&document);
        Self {
            number,
            origin,
            viewport: Viewport::new(document, style, spacing, 1),
            focus: Focus::Text,
            outline_shown: true,
            outline,
            selection: None,
            search: Search::default(),
            jumps: Jumps::default(),
            marks: BTreeMap::new(),
            notes: Notes::default(),
            last_find: None,
            folded: BTreeSet::new(),
            resume: None,
        }
    }

    /// The speech's text and tree.
    #[must_use]
    pub fn document(&self) -> &Arc<Document> {
        self.viewport.document()
    }

    /// What the speech is called: its title, else its file's name.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.document().metadata.title {
            Some(title) if !title.trim().is_empty() => title.to_string(),
            _ => self.origin.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        }
    }

    /// Fits the speech into its panes.
    pub fn arrange(&mut self, style: Style, spacing: Spacing, height: u16, outline_height: u16) {
        self.viewport.set_style(style, spacing);
        if self.viewport.height() != height.max(1) {
            self.viewport.set_height(height);
        }
        self.outline.set_height(outline_height);
        match self.resume.take() {
            Some(place) => self.resume_at(place),
            None => self.settle(),
        }
    }

    /// Brings in order what follows from the cursor: the end of the selection, and the outline's
    /// place while the text has the keys.
    pub fn settle(&mut self) {
        let cursor = self.viewport.cursor();
        if let Some(mut selection) = self.selection.take() {
            let end = self.viewport.grapheme_end(cursor.max(selection.anchor));
            selection.span = Span::new(cursor.min(selection.anchor), end);
            self.selection = Some(selection);
        }
        if self.focus == Focus::Text {
            let document = Arc::clone(self.document());
            self.outline.follow(document.outline.at(cursor));
        }
    }

    /// Takes the final tree, or the text grown or changed; folds, marks and the place stay.
    pub fn set_document(&mut self, document: Arc<Document>) {
        self.outline.replace(&document);
        let length = document.source.len();
        self.marks.values_mut().for_each(|place| *place = (*place).min(length));
        self.viewport.set_document(document);
        self.apply_folds();
        if let Some(place) = self.resume.take() {
            self.resume_at(place);
        }
        self.settle();
    }

    /// Goes to where the reader was before; where the text has not come that far yet, when it has.
    pub fn resume_at(&mut self, place: usize) {
        let document = self.document();
        let read = document.paragraphs.last().map_or(0, |paragraph| paragraph.span.end);
        if place < read || document.is_final {
            self.viewport.go(place.min(document.source.len()));
            self.viewport.align(crate::tui::viewport::Align::Top);
        } else {
            self.resume = Some(place);
        }
        self.settle();
    }

    /// Has the place gone to when the speech is first fitted to its pane.
    pub fn wait_for(&mut self, place: usize) {
        self.resume = Some(place);
    }

    /// Where the reader is, to be remembered.
    #[must_use]
    pub fn place(&self) -> ReadingPlace {
        ReadingPlace {
            path: self.origin.path.clone(),
            offset: self.viewport.cursor(),
            seen: self.viewport.seen(),
            length: self.document().source.len(),
            marks: self.marks.clone(),
        }
    }

    /// Gives the keys to a pane.
    pub fn set_focus(&mut self, focus: Focus) {
        self.focus = focus;
        self.settle();
    }

    /// Goes to a place, unfolding what hides it; without an entry in the jump list. The outline
    /// follows, also where it has the keys: the next motion by section starts from its entry.
    pub fn reveal(&mut self, place: usize) {
        self.unhide(place);
        self.viewport.go(place);
        self.settle();
        let document = Arc::clone(self.document());
        self.outline.follow(document.outline.at(self.viewport.cursor()));
    }

    /// Goes to a place and remembers the one left; whether it is another.
    pub fn jump_to(&mut self, place: usize) -> bool {
        let from = self.viewport.cursor();
        self.reveal(place);
        let moved = self.viewport.cursor() != from;
        if moved {
            self.jumps.leave(from);
        }
        moved
    }

    /// Goes to where a percentage of the text is.
    pub fn jump_to_percent(&mut self, percent: usize) -> bool {
        let place = (self.document().source.len() as u128 * percent.min(100) as u128 / 100) as usize;
        self.jump_to(place)
    }

    /// Goes to a page, from 1: of those the text itself numbers, else of as many rows as the screen
    /// has. Whether there is such a page.
    pub fn jump_to_page(&mut self, page: usize) -> bool {
        let document = Arc::clone(self.document());
        let marks = document.cleaning.removed().iter().filter(|removed| removed.kind == RemovedKind::PageMark);
        // A page begins with the text behind the mark of the one before.
        let behind = |place| document.source.chars_from(place).find(|(_, c)| !c.is_whitespace()).map_or(place, |(at, _)| at);
        let numbered: Vec<usize> = std::iter::once(0).chain(marks.map(|mark| behind(mark.span.end))).collect();
        let place = if numbered.len() == 1 { self.viewport.page_start(page) } else { numbered.get(page - 1).copied() };
        place.is_some_and(|place| {
            self.jump_to(place);
            self.viewport.align(crate::tui::viewport::Align::Top);
            true
        })
    }

    /// Back to where the last jump was made from, or forward again.
    pub fn jump_back(&mut self, forward: bool) -> bool {
        let here = self.viewport.cursor();
        match self.jumps.go(here, forward) {
            Some(place) => {
                self.reveal(place);
                true
            }
            None => false,
        }
    }

    /// A marked place: `'` is where the last jump was made from.
    #[must_use]
    pub fn mark(&self, name: char) -> Option<usize> {
        if name == '\'' || name == '`' {
            let mut jumps = self.jumps.clone();
            return jumps.go(self.viewport.cursor(), false);
        }
        self.marks.get(name.encode_utf8(&mut [0; 4]) as &str).copied()
    }

    /// Shows or hides the lines about the page; whether they are shown.
    pub fn toggle_boilerplate(&mut self) -> bool {
        let mut hidden = self.viewport.flow().hidden().clone();
        hidden.boilerplate_shown = !hidden.boilerplate_shown;
        let shown = hidden.boilerplate_shown;
        self.viewport.set_hidden(hidden);
        self.settle();
        shown
    }

    /// Shows a place that folding or its kind hides.
    fn unhide(&mut self, place: usize) {
        let document = Arc::clone(self.document());
        let mut folded = false;
        if let Some(id) = document.outline.at(place) {
            for above in document.outline.ancestors(id) {
                let Some(section) = document.outline.get(above) else { continue };
                // The heading of a folded section shows; only what is behind it is hidden.
                if section.span.start != place {
                    folded |= self.folded.remove(&section.span.start);
                }
            }
        }
        if folded {
            self.apply_folds();
        }
        let paragraph = document.paragraph_at(place);
        let flow = self.viewport.flow();
        if !flow.hidden().boilerplate_shown
            && paragraph.is_some_and(|paragraph| !flow.shows(paragraph) && flow.hidden().fold_at(place).is_none())
        {
            self.toggle_boilerplate();
        }
    }

    /// Folds or unfolds the section the cursor is in; `None` turns it round. Whether it changed.
    pub fn fold_text(&mut self, fold: Option<bool>) -> bool {
        let document = Arc::clone(self.document());
        let cursor = self.viewport.cursor();
        let Some(id) = document.outline.at(cursor) else { return false };
        // Unfolding the heading one stands on goes before folding the section around it.
        let starts: Vec<usize> =
            document.outline.ancestors(id).filter_map(|id| document.outline.get(id)).map(|section| section.span.start).collect();
        let folded = starts.iter().copied().find(|start| self.folded.contains(start));
        let done = match (fold, folded) {
            (Some(false) | None, Some(start)) => self.folded.remove(&start),
            (Some(false), None) => false,
            (Some(true) | None, _) => {
                let open = document
                    .outline
                    .ancestors(id)
                    .filter_map(|id| document.outline.get(id))
                    .find(|section| !self.folded.contains(&section.span.start) && fold_span(&document, section.span).is_some());
                open.is_some_and(|section| self.folded.insert(section.span.start))
            }
        };
        if done {
            let heading = starts.iter().copied().find(|start| self.folded.contains(start));
            self.apply_folds();
            if let Some(start) = heading {
                self.viewport.go(start);
            }
            self.settle();
        }
        done
    }

    /// Folds every section of the text but for their headings, or unfolds all.
    pub fn fold_all_text(&mut self, fold: bool) -> bool {
        let before = self.folded.clone();
        self.folded.clear();
        if fold {
            let document = Arc::clone(self.document());
            self.folded.extend(document.outline.sections().iter().map(|section| section.span.start));
        }
        let changed = self.folded != before;
        self.apply_folds();
        self.settle();
        changed
    }

    /// Changes where the folded sections begin.
    pub(super) fn change_folds(&mut self, of: impl Fn(usize) -> usize) {
        self.folded = self.folded.iter().map(|start| of(*start)).collect();
    }

    fn apply_folds(&mut self) {
        let document = Arc::clone(self.document());
        let mut folds: Vec<Span> = Vec::new();
        for section in document.outline.sections() {
            if self.folded.contains(&section.span.start)
                && folds.last().is_none_or(|last| last.end <= section.span.start)
                && let Some(span) = fold_span(&document, section.span)
            {
                folds.push(span);
            }
        }
        let boilerplate_shown = self.viewport.flow().hidden().boilerplate_shown;
        self.viewport.set_hidden(Hidden { boilerplate_shown, folds });
    }

    /// What tags and notes go on.
    ///
    /// # Errors
    /// What to say where there is nothing to put them on.
    pub fn target(&self) -> Result<Target, Notice> {
        if let Some(span) = self.selected()
            && self.focus == Focus::Text
        {
            return Ok(Target::Passage(span));
        }
        let section = match self.focus {
            Focus::Outline => self.outline.selected(),
            Focus::Text => self.document().outline.at(self.viewport.cursor()),
        };
        match section {
            None => Err(Notice::hint("nothing-to-annotate")),
            Some(_) if !self.document().is_final => Err(Notice::hint("still-reading")),
            Some(id) => Ok(Target::Section(id)),
        }
    }

    /// A passage with where it is from: speech, date, section path.
    #[must_use]
    pub fn citation(&self, span: Span) -> String {
        let document = self.document();
        let mut source = format!("《{}》", self.title());
        if let Some(date) = &document.metadata.date {
            source = format!("{source}，{date}");
        }
        if let Some(id) = document.outline.at(span.start) {
            source = format!("{source}，{}", document.outline.path_text(id));
        }
        format!("{}\n——{source}\n", document.text(span))
    }

    /// Where one is: file, line, char, encoding.
    #[must_use]
    pub fn whereabouts(&self) -> Notice {
        let cursor = self.viewport.cursor();
        let source = &self.document().source;
        Notice::done("whereabouts")
            .with("path", self.origin.path.display())
            .with("line", source.line_of(cursor) + 1)
            .with("lines", source.len_lines())
            .with("offset", cursor)
            .with("length", source.len())
    }
}

/// What folding a section hides: the paragraphs behind the one that holds its start.
fn fold_span(document: &Document, section: Span) -> Option<Span> {
    let first = document.paragraph_at(section.start)? + 1;
    let start = document.paragraphs.get(first)?.span.start;
    (start < section.end).then(|| Span::new(start, section.end))
}
