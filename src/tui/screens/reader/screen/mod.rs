//! The reader screen: one open speech, with cursor, outline, search and annotations.

mod motion_targets;
mod outline;
mod reload;
mod selection;

use crate::tui::state::{OutlinePane, Selection, SpeechAnnotations, TextSearch};
use crate::locale::notice;
use crate::tui::effect::{OpenText, SpeechPosition};
use crate::tui::message::StatusMessage;
use crate::tui::viewport::Align;
use crate::tui::viewport::Viewport;
use crate::tui::viewport::flow::HiddenText;
use crate::tui::viewport::flow::Spacing;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Target;
use pizhu_text::document::DamagedHeading;
use pizhu_text::document::Document;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::text::RemovedKind;
use pizhu_text::text::Span;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

/// The focused pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The text.
    Text,
    /// The outline.
    Outline,
}

/// The file of a speech, and how it was decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Its file; empty for a built-in sample.
    pub path: PathBuf,
    /// Name of the encoding.
    pub encoding: &'static str,
    /// Whether the file starts with a byte order mark.
    pub bom: bool,
    /// Number of undecodable sequences replaced by U+FFFD.
    pub replaced: usize,
    /// Number of chapters that the file names but lacks.
    pub missing_parts: usize,
}

/// The jump list.
///
/// Invariant: `at <= offsets.len()`; entries from `at` on can be jumped forward to.
#[derive(Debug, Clone, Default)]
pub struct JumpList {
    offsets: Vec<usize>,
    at: usize,
}

/// Maximum length of the jump list.
const MAX_JUMPS: usize = 100;

impl JumpList {
    /// Adds an offset to jump back to; drops entries that could be jumped forward to.
    pub fn push(&mut self, offset: usize) {
        self.offsets.truncate(self.at);
        self.offsets.retain(|other| *other != offset);
        self.offsets.push(offset);
        if self.offsets.len() > MAX_JUMPS {
            self.offsets.remove(0);
        }
        self.at = self.offsets.len();
    }

    /// Maps all offsets.
    pub(crate) fn map_offsets(&mut self, map: impl Fn(usize) -> usize) {
        self.offsets.iter_mut().for_each(|offset| *offset = map(*offset));
    }

    /// Offset before the last jump, or of the next; `here` is the cursor.
    pub fn step(&mut self, here: usize, forward: bool) -> Option<usize> {
        if forward {
            let to = *self.offsets.get(self.at + 1)?;
            self.at += 1;
            return Some(to);
        }
        let before = self.at.checked_sub(1)?;
        let to = *self.offsets.get(before)?;
        if self.at == self.offsets.len() {
            self.offsets.push(here);
        }
        self.at = before;
        Some(to)
    }
}

/// The reader screen: the open speech.
#[derive(Debug)]
pub struct ReaderScreen {
    /// Number of the opening.
    pub opening: u64,
    /// Its file.
    pub origin: Origin,
    /// The rows on the screen, and the cursor.
    pub viewport: Viewport,
    /// The focused pane.
    pub focus: Focus,
    /// Whether the outline is shown beside the text, if there is room.
    pub outline_shown: bool,
    /// The outline.
    pub outline: OutlinePane,
    /// The selection; its head is the cursor.
    pub selection: Option<Selection>,
    /// The search.
    pub search: TextSearch,
    /// The jump list.
    pub jumps: JumpList,
    /// Marks and bookmarks by name, as char offsets.
    pub marks: BTreeMap<String, usize>,
    /// Tags and notes.
    pub annotations: SpeechAnnotations,
    /// The last char searched for in the text, and whether backwards.
    pub last_find: Option<(char, bool)>,
    /// Folded sections, by start offset.
    folded: BTreeSet<usize>,
    /// The reading place before a hit was opened: it stays the place until the user reads on from there.
    pub(crate) visited_from: Option<usize>,
    /// Offset to restore once that much is loaded.
    resume_offset: Option<usize>,
    /// What was read before the file was emptied: it may only be being written.
    emptied: Option<Box<SpeechPosition>>,
    /// The changed text that is being compared with this one, and shown then.
    pub(crate) awaited_text: Option<Arc<Document>>,
}

impl ReaderScreen {
    /// A speech at its start. Only one row is laid out until [`Self::arrange`] sets the height.
    #[must_use]
    pub fn new(opening: u64, origin: Origin, document: Arc<Document>, style: LayoutStyle, spacing: Spacing) -> Self {
        let outline = OutlinePane::new(&document);
        Self {
            opening,
            origin,
            viewport: Viewport::new(document, style, spacing, 1),
            focus: Focus::Text,
            outline_shown: true,
            outline,
            selection: None,
            search: TextSearch::default(),
            jumps: JumpList::default(),
            marks: BTreeMap::new(),
            annotations: SpeechAnnotations::default(),
            last_find: None,
            folded: BTreeSet::new(),
            visited_from: None,
            resume_offset: None,
            emptied: None,
            awaited_text: None,
        }
    }

    /// The speech's document.
    #[must_use]
    pub fn document(&self) -> &Arc<Document> {
        self.viewport.document()
    }

    /// The speech's title, else its file name.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.document().metadata.title {
            Some(title) if !title.trim().is_empty() => title.to_string(),
            _ => self.origin.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        }
    }

    /// Fits the speech into its panes.
    pub(crate) fn arrange(&mut self, style: LayoutStyle, spacing: Spacing, height: u16, outline_height: u16) {
        self.viewport.set_style(style, spacing);
        if self.viewport.height() != height.max(1) {
            self.viewport.set_height(height);
        }
        self.outline.set_height(outline_height);
        match self.resume_offset.take() {
            Some(offset) => self.resume_at(offset),
            None => self.sync_to_cursor(),
        }
    }

    /// Updates what depends on the cursor: the span of the selection, and the outline's selection while
    /// the text is focused.
    pub(crate) fn sync_to_cursor(&mut self) {
        let cursor = self.viewport.cursor();
        if let Some(mut selection) = self.selection.take().filter(|selection| selection.tagged_at.is_none_or(|at| at == cursor)) {
            let end = self.viewport.grapheme_end(cursor.max(selection.anchor));
            selection.span = Span::new(cursor.min(selection.anchor), end);
            self.selection = Some(selection);
        }
        if self.focus == Focus::Text {
            let document = Arc::clone(self.document());
            self.outline.select_section(document.outline.section_at(cursor));
        }
    }

    /// Takes the final document, or one that has grown or changed; folds, marks and cursor are kept.
    pub(crate) fn set_document(&mut self, document: Arc<Document>) {
        self.outline.set_document(&document);
        let length = document.source.len();
        self.marks.values_mut().for_each(|offset| *offset = (*offset).min(length));
        self.viewport.set_document(document);
        self.apply_folds();
        if let Some(offset) = self.resume_offset.take() {
            self.resume_at(offset);
        }
        self.sync_to_cursor();
    }

    /// Goes to an offset; if the text is not loaded that far, does so when it is.
    pub(crate) fn resume_at(&mut self, offset: usize) {
        let document = self.document();
        let read = document.paragraphs.last().map_or(0, |paragraph| paragraph.span.end);
        if offset < read || document.is_final {
            self.viewport.go_to(offset.min(document.source.len()));
            self.viewport.align(Align::Top);
        } else {
            self.resume_offset = Some(offset);
        }
        self.sync_to_cursor();
    }

    /// Goes to an offset when the speech is first laid out.
    pub(crate) fn resume_later(&mut self, offset: usize) {
        self.resume_offset = Some(offset);
    }

    /// The end of the text that is on the screen without a gap: what a fold hides, and what comes after
    /// it, is not read.
    fn read_end(&self) -> usize {
        let (top, end) = (self.viewport.anchor(), self.viewport.visible_end());
        let hidden = self.viewport.flow().hidden();
        hidden.folds.iter().filter(|fold| fold.end > top && fold.start < end).map(|fold| fold.start).min().unwrap_or(end)
    }

    /// The position to save.
    #[must_use]
    pub fn position(&self) -> SpeechPosition {
        if let Some(emptied) = &self.emptied {
            return (**emptied).clone();
        }
        let visible_end = if self.visited_from.is_some() { 0 } else { self.read_end() };
        SpeechPosition {
            path: self.origin.path.clone(),
            offset: self.visited_from.unwrap_or(self.viewport.cursor()).min(self.document().source.len()),
            visible_end,
            length: self.document().source.len(),
            marks: self.marks.clone(),
            text: OpenText(Arc::clone(self.document())),
        }
    }

    /// Focuses a pane.
    pub(crate) fn set_focus(&mut self, focus: Focus) {
        self.focus = focus;
        self.sync_to_cursor();
    }

    /// Moves the cursor without adding to the jump list, and unfolds what hides it. The outline follows
    /// even if focused, as the next section motion starts from its entry.
    pub(crate) fn reveal(&mut self, offset: usize) {
        self.unhide(offset);
        self.viewport.go_to(offset);
        self.sync_to_cursor();
        let document = Arc::clone(self.document());
        self.outline.select_section(document.outline.section_at(self.viewport.cursor()));
    }

    /// Moves the cursor and adds its old position to the jump list; returns whether it moved.
    pub(crate) fn jump_to(&mut self, offset: usize) -> bool {
        let from = self.viewport.cursor();
        self.reveal(offset);
        let moved = self.viewport.cursor() != from;
        if moved {
            self.jumps.push(from);
        }
        moved
    }

    /// Goes to a percentage of the text.
    pub(crate) fn jump_to_percent(&mut self, percent: usize) -> bool {
        let offset = (self.document().source.len() as u128 * percent.min(100) as u128 / 100) as usize;
        self.jump_to(offset)
    }

    /// Goes to a page, counted from 1: by the text's own page numbers, else in screenfuls. Returns
    /// whether there is such a page.
    pub(crate) fn jump_to_page(&mut self, page: usize) -> bool {
        let document = Arc::clone(self.document());
        let marks = document.cleaning.removed().iter().filter(|removed| removed.kind == RemovedKind::PageMark);
        // A page begins with the text after the page mark of the previous one.
        let text_after = |offset| document.source.chars_from(offset).find(|(_, c)| !c.is_whitespace()).map_or(offset, |(at, _)| at);
        let numbered: Vec<usize> = std::iter::once(0).chain(marks.map(|mark| text_after(mark.span.end))).collect();
        let offset = if numbered.len() == 1 { self.viewport.page_start(page) } else { numbered.get(page - 1).copied() };
        offset.is_some_and(|offset| {
            self.jump_to(offset);
            self.viewport.align(Align::Top);
            true
        })
    }

    /// Jumps back in the jump list, or forward again.
    pub(crate) fn jump_in_list(&mut self, forward: bool) -> bool {
        let here = self.viewport.cursor();
        match self.jumps.step(here, forward) {
            Some(offset) => {
                self.reveal(offset);
                true
            }
            None => false,
        }
    }

    /// Offset of a mark; `'` is the position before the last jump.
    #[must_use]
    pub fn mark(&self, name: char) -> Option<usize> {
        if name == '\'' || name == '`' {
            let mut jumps = self.jumps.clone();
            return jumps.step(self.viewport.cursor(), false);
        }
        self.marks.get(name.encode_utf8(&mut [0; 4]) as &str).copied()
    }

    /// Toggles the boilerplate lines; returns whether they are shown.
    pub(crate) fn toggle_boilerplate(&mut self) -> bool {
        let mut hidden = self.viewport.flow().hidden().clone();
        hidden.boilerplate_shown = !hidden.boilerplate_shown;
        let shown = hidden.boilerplate_shown;
        self.viewport.set_hidden(hidden);
        self.sync_to_cursor();
        shown
    }

    /// Makes an offset visible that is folded or in boilerplate.
    fn unhide(&mut self, offset: usize) {
        let document = Arc::clone(self.document());
        let mut folded = false;
        if let Some(id) = document.outline.section_at(offset) {
            for above in document.outline.ancestors(id) {
                let Some(section) = document.outline.get(above) else { continue };
                // The heading of a folded section is visible.
                if section.span.start != offset {
                    folded |= self.folded.remove(&section.span.start);
                }
            }
        }
        if folded {
            self.apply_folds();
        }
        let paragraph = document.paragraph_at(offset);
        let flow = self.viewport.flow();
        if !flow.hidden().boilerplate_shown
            && paragraph.is_some_and(|paragraph| !flow.is_shown(paragraph) && flow.hidden().fold_at(offset).is_none())
        {
            self.toggle_boilerplate();
        }
    }

    /// Folds, unfolds or (`None`) toggles the section at the cursor; returns whether it changed.
    pub fn fold_text(&mut self, fold: Option<bool>) -> bool {
        let document = Arc::clone(self.document());
        let cursor = self.viewport.cursor();
        let Some(id) = document.outline.section_at(cursor) else { return false };
        // A folded heading at the cursor is unfolded before the section around it is folded.
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
                self.viewport.go_to(start);
            }
            self.sync_to_cursor();
        }
        done
    }

    /// Folds all sections but their headings, or unfolds all.
    pub(crate) fn fold_all_text(&mut self, fold: bool) -> bool {
        let before = self.folded.clone();
        self.folded.clear();
        if fold {
            let document = Arc::clone(self.document());
            self.folded.extend(document.outline.sections().iter().map(|section| section.span.start));
        }
        let changed = self.folded != before;
        self.apply_folds();
        self.sync_to_cursor();
        changed
    }

    /// Maps the start offsets of the folded sections.
    fn map_folds(&mut self, map: impl Fn(usize) -> usize) {
        self.folded = self.folded.iter().map(|start| map(*start)).collect();
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
        self.viewport.set_hidden(HiddenText { boilerplate_shown, folds });
    }

    /// The target of tags and notes: the selection, else the current section; before the first one, the
    /// speech as a whole.
    ///
    /// # Errors
    /// With a status message if there is none.
    pub fn target(&self) -> Result<Target, StatusMessage> {
        if let Some(span) = self.selected()
            && self.focus == Focus::Text
        {
            return Ok(Target::Passage(span));
        }
        let section = match self.focus {
            Focus::Outline => self.outline.selected(),
            Focus::Text => self.document().outline.section_at(self.viewport.cursor()),
        };
        if self.document().source.is_empty() || (section.is_none() && self.focus == Focus::Outline) {
            return Err(StatusMessage::hint(notice::NOTHING_TO_ANNOTATE));
        }
        if !self.document().is_final {
            return Err(StatusMessage::hint(notice::STILL_READING));
        }
        Ok(section.map_or(Target::Speech, Target::Section))
    }

    /// Annotations at the cursor: those on passages that overlap the cursor or selection, plus those on
    /// the section if the cursor is in its heading. If there are none, those on the current section;
    /// before the first one, also those on the speech as a whole. With the outline focused, those on its
    /// selected section.
    #[must_use]
    pub(crate) fn annotations_here(&self) -> Vec<AnnotationId> {
        let document = self.document();
        if self.focus == Focus::Outline {
            return self
                .outline
                .selected()
                .map(|id| self.annotations.on_section(id).map(AnchoredAnnotation::id).collect())
                .unwrap_or_default();
        }
        let cursor = self.viewport.cursor();
        let span = self.selected().unwrap_or(Span::new(cursor, cursor + 1));
        let mut ids: Vec<AnnotationId> = self.annotations.passages_within(span).map(AnchoredAnnotation::id).collect();
        let section = document.outline.section_at(cursor);
        let on_heading = section.and_then(|id| document.outline.get(id)).is_some_and(|section| section.heading.contains(cursor));
        if let Some(id) = section
            && (on_heading || ids.is_empty())
        {
            ids.extend(self.annotations.on_section(id).map(AnchoredAnnotation::id));
        }
        if section.is_none() {
            ids.extend(self.annotations.all().at_target(Target::Speech).map(AnchoredAnnotation::id));
        }
        ids
    }

    /// A passage with its source, e.g. `……\n——《标题》，2021-03-04，一、/（二）抓好落实`.
    #[must_use]
    pub(crate) fn citation(&self, span: Span) -> String {
        let document = self.document();
        let mut source = format!("《{}》", self.title());
        if let Some(date) = &document.metadata.date {
            source = format!("{source}，{date}");
        }
        if let Some(id) = document.outline.section_at(span.start) {
            // An unnumbered heading has its title in the path.
            let title = document.outline.get(id).filter(|section| !section.marker_text.is_empty()).map_or("", |one| one.display_title());
            source = format!("{source}，{}{}", document.outline.path_text(id), title.trim());
        }
        format!("{}\n——{source}\n", document.quotation(span, DamagedHeading::Restored).trim_end())
    }

    /// Current file, line and offset, as a status message.
    #[must_use]
    pub(crate) fn position_message(&self) -> StatusMessage {
        let cursor = self.viewport.cursor();
        let source = &self.document().source;
        StatusMessage::done(notice::WHEREABOUTS)
            .with("path", self.origin.path.display())
            .with("line", source.char_to_line(cursor) + 1)
            .with("lines", source.len_lines())
            .with("offset", cursor)
            .with("length", source.len())
    }
}

/// The span hidden by folding a section: the paragraphs after the one with its start.
fn fold_span(document: &Document, section: Span) -> Option<Span> {
    let first = document.paragraph_at(section.start)? + 1;
    let start = document.paragraphs.get(first)?.span.start;
    (start < section.end).then(|| Span::new(start, section.end))
}
